import { Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { put } from "@/api/client";
import { Card } from "@/components/card";
import { ProblemAlert } from "@/components/problem-alert";

/** Gives somebody else's account a new password. */
export function AccountPassword({ account }: { account: number }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  async function save(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await put(`/accounts/${account}/password`, { password });
      setPassword("");
      notifications.show({ color: "green", message: t("account.passwordChanged") });
    } catch (refusal) {
      setError(refusal);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Card title={t("account.setPassword")}>
      <form onSubmit={(event) => void save(event)}>
        <Stack>
          <Text c="dimmed">{t("account.setPasswordHelp")}</Text>
          {error !== null && <ProblemAlert error={error} />}
          <Group align="flex-end">
            <PasswordInput label={t("account.newPassword")} value={password} onChange={(event) => setPassword(event.currentTarget.value)} required
              autoComplete="new-password" style={{ flex: "1 1 240px", maxWidth: 420 }} visibilityToggleButtonProps={{ "aria-label": t("login.showPassword") }} />
            <Button type="submit" loading={busy} disabled={password === ""}>
              {t("action.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}
