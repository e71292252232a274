import { Button, Code, CopyButton, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/client";
import { Card } from "@/components/card";
import { ProblemAlert } from "@/components/problem-alert";

/** Shows a line's password to who says why; both are kept in the audit log. */
export function RevealSecret({ line, name }: { line: number; name: string }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const [value, setValue] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  async function reveal(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      setValue((await post<{ value: string }>(`/lines/${line}/reveal`, { field: "secret", reason })).value);
    } catch (refusal) {
      setError(refusal);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Card title={t("lines.secret")}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">{t("lines.secretHelp")}</Text>
        {error !== null && <ProblemAlert error={error} />}
        {value === null ? (
          <form onSubmit={(event) => void reveal(event)}>
            <Group align="flex-end">
              <TextInput label={t("lines.reason")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} required style={{ flex: "1 1 180px" }} placeholder={t("lines.reasonExample")} />
              <Button type="submit" variant="default" loading={busy}>
                {t("lines.reveal")}
              </Button>
            </Group>
          </form>
        ) : (
          <Group>
            <Text size="sm">{name}</Text>
            <Code fz="md">{value}</Code>
            <CopyButton value={value}>
              {({ copied, copy }) => (
                <Button size="xs" variant="default" onClick={copy}>
                  {copied ? t("action.copied") : t("action.copy")}
                </Button>
              )}
            </CopyButton>
            <Button size="xs" variant="subtle" onClick={() => setValue(null)}>
              {t("action.hide")}
            </Button>
          </Group>
        )}
      </Stack>
    </Card>
  );
}
