import { Anchor, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useTitle } from "./use-title";

export function NotFound() {
  const { t } = useTranslation();
  useTitle(t("notFound.title"));
  return (
    <Stack align="center" py={80} px="md" component="main">
      <Title order={1}>{t("notFound.title")}</Title>
      <Text c="dimmed">{t("notFound.help")}</Text>
      <Anchor component={Link} to="/">
        {t("nav.dashboard")}
      </Anchor>
    </Stack>
  );
}
