import { AppShell, Burger, Button, Group, Kbd, NavLink, ScrollArea, Text, Tooltip, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useConnected, useEventStream } from "@/api/events";
import { Logo } from "@/components/logo";
import { SchemeSwitch } from "@/components/preferences";
import { AccountMenu } from "./account-menu";
import { CommandPalette } from "./command-palette";
import { SetupInvitation } from "./setup-invitation";
import { palette } from "./palette-store";
import { usePlaces } from "./navigation";

function Navigation({ onFollow }: { onFollow: () => void }) {
  const { pathname } = useLocation();
  const groups = usePlaces();
  return (
    <ScrollArea type="hover" h="100%">
      {groups.map((group) => (
        <div key={group.title} role="group" aria-label={group.title}>
          <Text size="xs" fw={700} c="dimmed" px="sm" pt="sm" pb={2} aria-hidden>
            {group.title}
          </Text>
          {group.places.map(({ href, title, icon: Icon }) => {
            const active = href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
            return (
              <NavLink
                key={href}
                component={Link}
                to={href}
                label={title}
                leftSection={<Icon size={20} stroke={1.7} />}
                active={active}
                className="nav-link"
                aria-current={active ? "page" : undefined}
                onClick={onFollow}
                py={6}
                style={{ borderRadius: 8 }}
              />
            );
          })}
        </div>
      ))}
    </ScrollArea>
  );
}

function LiveState() {
  const { t } = useTranslation();
  const live = useConnected();
  const label = live ? t("live.on") : t("live.off");
  return (
    <Tooltip label={live ? t("live.onHelp") : t("live.offHelp")}>
      <Group gap={6} wrap="nowrap" role="status" tabIndex={0}>
        <span className="live-dot" style={{ background: live ? "#2f9e44" : "#e67700" }} aria-hidden />
        <Text size="sm" className="hide-narrow">
          {label}
        </Text>
        <Text size="sm" hiddenFrom="sm" style={{ position: "absolute", width: 1, height: 1, overflow: "hidden", clipPath: "inset(50%)" }}>
          {label}
        </Text>
      </Group>
    </Tooltip>
  );
}

export function Shell() {
  const { t } = useTranslation();
  const [open, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  const main = useRef<HTMLDivElement>(null);
  const first = useRef(true);
  useEventStream();
  // A reader hears the new page's title instead of staying on a link that is gone.
  useEffect(() => {
    if (first.current) first.current = false;
    else main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <AppShell header={{ height: 60 }} navbar={{ width: 264, breakpoint: "md", collapsed: { mobile: !open } }} padding={{ base: "md", sm: "lg" }}>
      <a className="skip-link" href="#content">
        {t("nav.skip")}
      </a>
      <AppShell.Header px="md" component="div" role="region" aria-label={t("nav.bar")}>
        <Group h="100%" justify="space-between" wrap="nowrap" gap="sm">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={open} onClick={toggle} hiddenFrom="md" size="sm" aria-label={open ? t("nav.close") : t("nav.open")} aria-expanded={open} />
            <UnstyledButton component={Link} to="/" aria-label={t("nav.home")}>
              <Group gap={8} wrap="nowrap">
                <Logo size={30} />
                <Text fw={750} size="lg" visibleFrom="xs">
                  XiVO
                </Text>
              </Group>
            </UnstyledButton>
          </Group>
          <Button
            variant="default"
            onClick={palette.open}
            leftSection={<IconSearch size={16} aria-hidden />}
            rightSection={<Kbd size="xs" visibleFrom="sm">Ctrl K</Kbd>}
            styles={{ root: { flex: "0 1 380px" }, label: { flex: 1 } }}
          >
            <Text size="sm" c="dimmed" truncate>
              {t("search.prompt")}
            </Text>
          </Button>
          <Group gap="sm" wrap="nowrap">
            <LiveState />
            <Group visibleFrom="sm">
              <SchemeSwitch />
            </Group>
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t("nav.label")}>
        <Navigation onFollow={close} />
      </AppShell.Navbar>
      <AppShell.Main id="content" ref={main} tabIndex={-1} style={{ outline: "none" }}>
        <SetupInvitation />
        <Outlet />
      </AppShell.Main>
      <CommandPalette />
    </AppShell>
  );
}
