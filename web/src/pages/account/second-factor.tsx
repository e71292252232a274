import { Badge, Button, Code, Group, List, Stack, Text, TextInput } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { renderSVG } from "uqr";
import { post, put, remove } from "@/api/client";
import { useSession } from "@/app/session";
import { Card } from "@/components/card";
import { ProblemAlert } from "@/components/problem-alert";
import { tellProblem } from "@/kind/use-undo";

interface Start {
  secret: string;
  uri: string;
}

/** A code from a telephone beside the password (TOTP): turned on by scanning, off by asking. */
export function SecondFactor() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { totp } = useSession();
  const [codes, setCodes] = useState<string[]>([]);
  const refresh = () => cache.invalidateQueries({ queryKey: ["session"] });
  const start = useMutation({ mutationFn: () => post<Start>("/session/totp") });
  const stop = useMutation({ mutationFn: () => remove("/session/totp"), onError: (error) => tellProblem(error), onSettled: refresh });
  const ask = () =>
    modals.openConfirmModal({
      title: t("totp.offTitle"),
      children: <Text>{t("totp.offHelp")}</Text>,
      labels: { confirm: t("totp.off"), cancel: t("action.cancel") },
      confirmProps: { color: "red" },
      onConfirm: () => stop.mutate(),
    });
  return (
    <Card title={t("totp.title")} actions={<Badge variant="light" color={totp ? "green" : "gray"}>{totp ? t("totp.isOn") : t("totp.isOff")}</Badge>}>
      <Stack>
        <Text c="dimmed">{t("totp.help")}</Text>
        {start.error && <ProblemAlert error={start.error} />}
        {codes.length > 0 && <Recovery codes={codes} />}
        {totp ? (
          <Group>
            <Button variant="light" color="red" onClick={ask} loading={stop.isPending}>{t("totp.off")}</Button>
          </Group>
        ) : start.data ? (
          <Confirm start={start.data} onCancel={() => start.reset()} onDone={(given) => { setCodes(given); start.reset(); void refresh(); }} />
        ) : (
          <Group>
            <Button onClick={() => start.mutate()} loading={start.isPending}>{t("totp.on")}</Button>
          </Group>
        )}
      </Stack>
    </Card>
  );
}

function Confirm({ start, onCancel, onDone }: { start: Start; onCancel: () => void; onDone: (codes: string[]) => void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const picture = useMemo(() => `data:image/svg+xml;utf8,${encodeURIComponent(renderSVG(start.uri, { border: 2 }))}`, [start.uri]);
  const confirm = useMutation({
    mutationFn: () => put<{ recovery_codes?: string[] }>("/session/totp", { code: code.replaceAll(" ", "") }),
    onSuccess: (answer) => onDone(answer?.recovery_codes ?? []),
  });
  const save = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate();
  };
  return (
    <form onSubmit={save}>
      <Stack>
        <Text>{t("totp.scan")}</Text>
        <Group align="flex-start" gap="xl">
          <img src={picture} width={190} height={190} alt={t("totp.picture")} style={{ background: "#fff", borderRadius: 8 }} />
          <Stack gap="xs" style={{ flex: "1 1 220px" }}>
            <Text size="sm" c="dimmed">{t("totp.typed")}</Text>
            <Code fz="sm" className="wrap">{start.secret}</Code>
            <TextInput label={t("login.code")} value={code} onChange={(event) => setCode(event.currentTarget.value)} inputMode="numeric" autoComplete="one-time-code" required maw={220} />
            {confirm.error && <ProblemAlert error={confirm.error} />}
            <Group>
              <Button type="submit" loading={confirm.isPending}>{t("totp.confirm")}</Button>
              <Button variant="default" onClick={onCancel}>{t("action.cancel")}</Button>
            </Group>
          </Stack>
        </Group>
      </Stack>
    </form>
  );
}

function Recovery({ codes }: { codes: string[] }) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs" role="status">
      <Text fw={600}>{t("totp.recovery")}</Text>
      <Text size="sm">{t("totp.recoveryHelp")}</Text>
      <List className="mono">
        {codes.map((code) => (
          <List.Item key={code}>{code}</List.Item>
        ))}
      </List>
    </Stack>
  );
}
