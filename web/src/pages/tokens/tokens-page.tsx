import { Alert, Badge, Button, Code, CopyButton, Drawer, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { get, post, remove } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { Page as PageOf, Token } from "@/api/types";
import { Card } from "@/components/card";
import { DataTable } from "@/components/data-table";
import { Empty } from "@/components/empty";
import { Page } from "@/components/page";
import { ProblemAlert } from "@/components/problem-alert";
import { dateTime } from "@/i18n/format";
import { RightsInput } from "@/kind/rights-input";
import { tellProblem } from "@/kind/use-undo";

const DAY_MS = 86_400_000;
const LIFETIMES = ["30", "90", "365", ""];

const tokensQuery = { queryKey: ["tokens"], queryFn: () => get<PageOf<Token>>("/tokens") };

/** Keys for programs: what each may do, and until when. */
export function TokensPage() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const query = useQuery(tokensQuery);
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<Token | null>(null);
  const revoke = useMutation({
    mutationFn: (token: Token) => remove(`/tokens/${token.id}`),
    onError: (error) => tellProblem(error),
    onSettled: () => cache.invalidateQueries({ queryKey: ["tokens"] }),
  });
  const ask = (token: Token) =>
    modals.openConfirmModal({
      title: t("tokens.revokeTitle", { label: token.label }),
      children: <Text>{t("tokens.revokeHelp")}</Text>,
      labels: { confirm: t("tokens.revoke"), cancel: t("action.cancel") },
      confirmProps: { color: "red" },
      onConfirm: () => revoke.mutate(token),
    });
  const create = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen(true)}>
      {t("tokens.create")}
    </Button>
  );
  return (
    <Page title={t("nav.tokens")} help={t("tokens.help")} actions={create}>
      {made?.token && (
        <Alert color="green" title={t("tokens.made", { label: made.label })} withCloseButton onClose={() => setMade(null)} closeButtonLabel={t("action.close")}>
          <Stack gap="sm">
            <Text size="sm">{t("tokens.once")}</Text>
            <Group>
              <Code fz="md" className="wrap">{made.token}</Code>
              <CopyButton value={made.token}>
                {({ copied, copy }) => <Button size="xs" variant="default" onClick={copy}>{copied ? t("action.copied") : t("action.copy")}</Button>}
              </CopyButton>
            </Group>
          </Stack>
        </Alert>
      )}
      <Card flush>
        <DataTable
          label={t("nav.tokens")}
          query={query}
          rowKey={(token) => token.id}
          pageSize={1000}
          columns={[
            { name: "label", title: t("tokens.label"), render: (token) => <Text fw={600} size="sm">{token.label}</Text> },
            { name: "scopes", title: t("tokens.scopes"), render: (token) => <Group gap={4}>{token.scopes.map((scope) => <Badge key={scope} variant="default" radius="sm">{scope}</Badge>)}</Group> },
            { name: "expires", title: t("tokens.expires"), render: (token) => (token.expires ? dateTime(token.expires) : t("tokens.never")) },
            { name: "used", title: t("tokens.used"), minor: true, render: (token) => dateTime(token.last_used) || "—" },
            { name: "revoke", title: t("calls.action"), render: (token) => <Button size="xs" variant="light" color="red" onClick={() => ask(token)}>{t("tokens.revoke")}</Button> },
          ]}
          empty={<Empty icon={<IconKey />} title={t("tokens.none")} help={t("tokens.noneHelp")} action={create} />}
        />
      </Card>
      <Drawer opened={open} onClose={() => setOpen(false)} position="right" size="xl" title={t("tokens.create")} closeButtonProps={{ "aria-label": t("action.close") }}>
        {open && <TokenForm onCancel={() => setOpen(false)} onMade={(token) => { setMade(token); setOpen(false); }} />}
      </Drawer>
    </Page>
  );
}

function TokenForm({ onCancel, onMade }: { onCancel: () => void; onMade: (token: Token) => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [label, setLabel] = useState("");
  const [scopes, setScopes] = useState<string[]>([]);
  const [days, setDays] = useState("90");
  const create = useMutation({
    mutationFn: () => post<Token>("/tokens", { label, scopes, ...(days ? { expires: new Date(Date.now() + Number(days) * DAY_MS).toISOString() } : {}) }),
    onSuccess: (token) => onMade({ ...token, label }),
    onSettled: () => cache.invalidateQueries({ queryKey: ["tokens"] }),
  });
  const problems = create.error ? problemOf(create.error).byField() : {};
  const save = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form onSubmit={save}>
      <Stack>
        {create.error && <ProblemAlert error={create.error} />}
        <TextInput label={t("tokens.label")} description={t("tokens.labelHelp")} required value={label} error={problems.label} onChange={(event) => setLabel(event.currentTarget.value)} data-autofocus maxLength={128} />
        <Select label={t("tokens.expires")} value={days} onChange={(value) => setDays(value ?? "")} allowDeselect={false}
          data={LIFETIMES.map((value) => ({ value, label: value ? t("tokens.days", { count: Number(value) }) : t("tokens.never") }))} />
        <RightsInput field={{ name: "scopes", type: "text_list", title: t("tokens.scopes"), help: t("tokens.scopesHelp") }} value={scopes} onChange={(value) => setScopes(value as string[])} error={problems.scopes} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>{t("action.cancel")}</Button>
          <Button type="submit" loading={create.isPending} disabled={scopes.length === 0}>{t("action.create")}</Button>
        </Group>
      </Stack>
    </form>
  );
}
