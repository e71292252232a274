import { Button, Group, PasswordInput, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/client";
import { Card } from "@/components/card";
import { ProblemAlert } from "@/components/problem-alert";
import { useSession } from "@/app/session";

export function OwnPassword() {
  const { t } = useTranslation();
  const { account } = useSession();
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [again, setAgain] = useState("");
  const change = useMutation({
    mutationFn: () => post("/session/password", { old, new: fresh }),
    onSuccess: () => {
      setOld("");
      setFresh("");
      setAgain("");
      notifications.show({ color: "green", message: t("account.passwordChanged") });
    },
  });
  const differs = again !== "" && again !== fresh;
  const show = { "aria-label": t("login.showPassword") };
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!differs) change.mutate();
  };
  return (
    <Card title={t("account.password")}>
      <form onSubmit={save}>
        <Stack maw={420}>
          {change.error && <ProblemAlert error={change.error} />}
          <input type="text" name="username" autoComplete="username" value={account} readOnly hidden />
          <PasswordInput label={t("account.oldPassword")} value={old} onChange={(event) => setOld(event.currentTarget.value)} autoComplete="current-password" required visibilityToggleButtonProps={show} />
          <PasswordInput label={t("account.newPassword")} value={fresh} onChange={(event) => setFresh(event.currentTarget.value)} autoComplete="new-password" required visibilityToggleButtonProps={show} />
          <PasswordInput label={t("account.repeatPassword")} value={again} onChange={(event) => setAgain(event.currentTarget.value)} autoComplete="new-password" required error={differs ? t("account.differs") : undefined} visibilityToggleButtonProps={show} />
          <Group>
            <Button type="submit" loading={change.isPending} disabled={!old || !fresh || differs || !again}>{t("account.changePassword")}</Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}
