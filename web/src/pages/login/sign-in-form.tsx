import { Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/client";
import { problemOf } from "@/api/problem";
import { ProblemAlert } from "@/components/problem-alert";

/** Account and password; then, when the account has one, the code of its second factor. */
export function SignInForm({ account: known = "", onSignedIn }: { account?: string; onSignedIn: () => void }) {
  const { t } = useTranslation();
  const [account, setAccount] = useState(known);
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [second, setSecond] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await post("/login", { account, password, ...(second ? { totp: code.replaceAll(" ", "") } : {}) });
      onSignedIn();
    } catch (refusal) {
      if (problemOf(refusal).has("totp-required") && !second) setSecond(true);
      else setError(refusal);
      setCode("");
    } finally {
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate={false}>
      <Stack>
        {error !== null && <ProblemAlert error={error} />}
        {second ? (
          <>
            <Text>{t("login.codeHelp")}</Text>
            <TextInput
              label={t("login.code")}
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
              autoComplete="one-time-code"
              inputMode="text"
              required
              data-autofocus
              autoFocus
            />
          </>
        ) : (
          <>
            <TextInput
              label={t("login.account")}
              value={account}
              onChange={(event) => setAccount(event.currentTarget.value)}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              readOnly={known !== ""}
              autoFocus={known === ""}
            />
            <PasswordInput
              label={t("login.password")}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              autoComplete="current-password"
              required
              autoFocus={known !== ""}
              visibilityToggleButtonProps={{ "aria-label": t("login.showPassword") }}
            />
          </>
        )}
        <Button type="submit" loading={busy} fullWidth>
          {second ? t("login.check") : t("login.submit")}
        </Button>
        {second && (
          <Button variant="subtle" onClick={() => setSecond(false)}>
            {t("action.back")}
          </Button>
        )}
      </Stack>
    </form>
  );
}
