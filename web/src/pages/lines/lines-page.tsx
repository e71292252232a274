import { Anchor, Badge, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { registrationsQuery } from "@/api/queries";
import type { Item, Registration } from "@/api/types";
import { NotFound } from "@/components/not-found";
import type { Column } from "@/components/data-table";
import { useListState } from "@/components/use-list";
import { CreateDrawer } from "@/kind/create-drawer";
import { KindList } from "@/kind/kind-list";
import { useKind } from "@/kind/schema";

export function LinesPage() {
  const { t } = useTranslation();
  const kind = useKind("line");
  const navigate = useNavigate();
  const state = useListState();
  const registrations = useQuery(registrationsQuery());
  const byLine = useMemo(() => {
    const map = new Map<number, Registration>();
    for (const each of registrations.data?.items ?? []) if (each.line_id !== null) map.set(each.line_id, each);
    return map;
  }, [registrations.data]);
  if (!kind) return <NotFound />;
  const phone: Column<Item> = {
    name: "registration",
    title: t("lines.state"),
    render: (item) => {
      const registration = byLine.get(item.id);
      if (!registrations.data) return null;
      if (registration) {
        return (
          <>
            <Badge color="green" variant="light">{t("registration.registered")}</Badge>
            <Text size="xs" c="dimmed">{registration.user_agent}</Text>
          </>
        );
      }
      if (item.enabled === false) return <Text size="sm" c="dimmed">{t("registration.disabled")}</Text>;
      if (typeof item.host === "string" && item.host !== "dynamic") return <Badge color="navy" variant="light">{t("registration.fixed")}</Badge>;
      return (
        <Anchor component={Link} to={`/lines/${item.id}`} size="sm">
          {t("lines.why")}
        </Anchor>
      );
    },
  };
  return (
    <>
      <KindList kind={kind} href={(item) => `/lines/${item.id}`} extra={[phone]} onCreate={() => state.set({ create: true })} />
      <CreateDrawer kind={kind} opened={state.search.create === true} onClose={() => state.set({ create: undefined })} onCreated={(item) => void navigate({ href: `/lines/${item.id}` })} />
    </>
  );
}
