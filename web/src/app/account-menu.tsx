import { Avatar, Menu, UnstyledButton } from "@mantine/core";
import { IconLanguage, IconLogout, IconMoon, IconUserCircle } from "@tabler/icons-react";
import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { post } from "@/api/client";
import { currentLanguage } from "@/i18n";
import { useChooseLanguage } from "./preferences";
import { useSession } from "./session";

export function AccountMenu() {
  const { t } = useTranslation();
  const { account } = useSession();
  const cache = useQueryClient();
  const chooseLanguage = useChooseLanguage();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme("light") === "dark";

  async function leave() {
    await post("/logout").catch(() => undefined);
    cache.clear();
    location.assign("/login");
  }

  const other = currentLanguage() === "fr" ? "en" : "fr";
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton aria-label={t("account.menu", { account })}>
          <Avatar color="navy" variant="filled" radius="xl" size={36} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{account}</Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<IconUserCircle size={16} />}>
          {t("nav.account")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLanguage size={16} />} lang={other} onClick={() => chooseLanguage(other)}>
          {other === "fr" ? "Français" : "English"}
        </Menu.Item>
        <Menu.Item leftSection={<IconMoon size={16} />} onClick={() => setColorScheme(dark ? "light" : "dark")}>
          {dark ? t("preference.light") : t("preference.dark")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave()}>
          {t("login.leave")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
