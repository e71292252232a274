import { Box, Center, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { sessionQuery } from "@/api/queries";
import { LanguageSwitch, SchemeSwitch } from "@/components/preferences";
import { Logo } from "@/components/logo";
import { useTitle } from "@/components/use-title";
import { SignInForm } from "./sign-in-form";

export function LoginPage() {
  const { t } = useTranslation();
  const { to } = useSearch({ from: "/login" });
  const navigate = useNavigate();
  const cache = useQueryClient();
  useTitle(t("login.title"));

  async function enter() {
    cache.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
    await cache.fetchQuery({ ...sessionQuery, staleTime: 0 });
    await navigate({ href: to ?? "/", replace: true });
  }

  return (
    <Box mih="100dvh" component="main" id="content">
      <Group justify="flex-end" p="md">
        <LanguageSwitch />
        <SchemeSwitch />
      </Group>
      <Center px="md" pb="xl" mih="calc(100dvh - 140px)">
        <Stack w="100%" maw={400} gap="lg">
          <Stack gap={6} align="center">
            <Logo size={56} />
            <Title order={1} size="h2" ta="center">
              {t("login.title")}
            </Title>
            <Text c="dimmed" ta="center">
              {t("login.subtitle")}
            </Text>
          </Stack>
          <Paper p="xl" radius="lg" withBorder shadow="sm">
            <SignInForm onSignedIn={() => void enter()} />
          </Paper>
          <Text size="sm" c="dimmed" ta="center">
            {t("login.forgotten")}
          </Text>
        </Stack>
      </Center>
    </Box>
  );
}
