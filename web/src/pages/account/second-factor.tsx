import { Badge, Button, Code, Group, List, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { renderSVG } from "uqr";
import { post, put, send } from "@/api/client";
import { useSession } from "@/app/session";
import { Card } from "@/components/card";
import { ProblemAlert } from "@/components/problem-alert";

interface Start {
  secret: string;
  uri: string;
}

/** A code from a telephone beside the password (TOTP): turned on by scanning, off with the password. */
export function SecondFactor() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { totp } = useSession();
  const [codes, setCodes] = useState<string[]>([]);
  const refresh = () => cache.invalidateQueries({ queryKey: ["session"] });
  const start = useMutation({ mutationFn: () => post<Start>("/session/totp") });
  const [stopping, setStopping] = useState(false);
  return (
    <Card title={t("totp.title")} actions={<Badge variant="light" color={totp ? "green" : "gray"}>{totp ? t("totp.isOn") : t("totp.isOff")}</Badge>}>
      <Stack>
        <Text c="dimmed">{t("totp.help")}</Text>
        {start.error && <ProblemAlert error={start.error} />}
        {codes.length > 0 && <Recovery codes={codes} />}
        {totp && stopping ? (
          <TurnOff onCancel={() => setStopping(false)} onDone={() => { setStopping(false); setCodes([]); void refresh(); }} />
        ) : totp ? (
          <Group>
            <Button variant="light" color="red" onClick={() => setStopping(true)}>{t("totp.off")}</Button>
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

function TurnOff({ onCancel, onDone }: { onCancel: () => void; onDone: () => void }) {
  const { t } = useTranslation();
  const { account } = useSession();
  const [password, setPassword] = useState("");
  const stop = useMutation({
    mutationFn: () => send("delete", "/session/totp", { body: { password } }),
    onSuccess: onDone,
  });
  const save = (event: FormEvent) => {
    event.preventDefault();
    stop.mutate();
  };
  return (
    <form onSubmit={save} aria-label={t("totp.offTitle")}>
      <Stack maw={420}>
        <Text fw={600}>{t("totp.offTitle")}</Text>
        <Text size="sm">{t("totp.offHelp")}</Text>
        {stop.error && <ProblemAlert error={stop.error} />}
        <input type="text" name="username" autoComplete="username" value={account} readOnly hidden />
        <PasswordInput label={t("login.password")} value={password} onChange={(event) => setPassword(event.currentTarget.value)} autoComplete="current-password" required visibilityToggleButtonProps={{ "aria-label": t("login.showPassword") }} />
        <Group>
          <Button type="submit" color="red" loading={stop.isPending} disabled={!password}>{t("totp.off")}</Button>
          <Button variant="default" onClick={onCancel}>{t("action.cancel")}</Button>
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
