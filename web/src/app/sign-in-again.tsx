import { Modal, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { whenExpired } from "@/api/client";
import { SignInForm } from "@/pages/login/sign-in-form";
import { useSession } from "./session";

/** When the session ends while somebody works: asks for the password above the page, so that nothing typed is lost. */
export function SignInAgain() {
  const { t } = useTranslation();
  const { account } = useSession();
  const cache = useQueryClient();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    whenExpired(() => setOpen(true));
    return () => whenExpired(() => undefined);
  }, []);
  return (
    <Modal opened={open} onClose={() => setOpen(false)} title={t("login.again")} closeOnClickOutside={false}>
      <Text mb="md">{t("login.againHelp")}</Text>
      <SignInForm
        account={account}
        onSignedIn={() => {
          setOpen(false);
          void cache.invalidateQueries();
        }}
      />
    </Modal>
  );
}
