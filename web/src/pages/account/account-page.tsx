import { SegmentedControl, SimpleGrid, Stack, Text, useMantineColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useChooseLanguage } from "@/app/preferences";
import { useSession } from "@/app/session";
import { Card } from "@/components/card";
import { Page } from "@/components/page";
import { currentLanguage } from "@/i18n";
import type { Language } from "@/i18n";
import { OwnPassword } from "./own-password";
import { SecondFactor } from "./second-factor";
import { Sessions } from "./sessions";

/** What everybody may change about the own account. */
export function AccountPage() {
  const { t } = useTranslation();
  const session = useSession();
  const chooseLanguage = useChooseLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Page title={t("nav.account")} help={t("account.signedInAs", { account: session.account, role: session.role_label || session.role || "" })} narrow>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Card title={t("preference.language")}>
          <SegmentedControl fullWidth aria-label={t("preference.language")} value={currentLanguage()} onChange={(value) => chooseLanguage(value as Language)}
            data={[{ value: "fr", label: "Français" }, { value: "en", label: "English" }]} />
        </Card>
        <Card title={t("preference.theme")}>
          <SegmentedControl fullWidth aria-label={t("preference.theme")} value={colorScheme} onChange={(value) => setColorScheme(value as typeof colorScheme)}
            data={[{ value: "light", label: t("preference.isLight") }, { value: "dark", label: t("preference.isDark") }, { value: "auto", label: t("preference.isAuto") }]} />
        </Card>
      </SimpleGrid>
      <OwnPassword />
      <SecondFactor />
      <Sessions />
      <Stack gap={4}>
        <Text size="sm" c="dimmed">{t("account.keys")}</Text>
      </Stack>
    </Page>
  );
}
