import { Anchor, Badge, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { registrationsQuery } from "@/api/queries";
import type { Item } from "@/api/types";
import type { Column } from "@/components/data-table";
import { NotFound } from "@/components/not-found";
import { useListState } from "@/components/use-list";
import { KindList } from "@/kind/kind-list";
import { useKind } from "@/kind/schema";
import { ValueView } from "@/kind/value-view";
import { nameOf } from "@/kind/values";
import { CreateUser } from "./create-user";
import { UserNumbers } from "./user-numbers";

const REGISTRATIONS_MAX = 500;

export function UsersPage() {
  const { t } = useTranslation();
  const kind = useKind("user");
  const navigate = useNavigate();
  const state = useListState();
  const registrations = useQuery(registrationsQuery("", REGISTRATIONS_MAX));
  const registered = useMemo(() => new Set((registrations.data?.items ?? []).map((each) => each.user_id)), [registrations.data]);
  const all = (registrations.data?.total ?? 0) <= REGISTRATIONS_MAX;
  if (!kind) return <NotFound />;
  const field = (name: string) => kind.fields.find((each) => each.name === name);
  const columns: Column<Item>[] = [
    {
      name: "lastname",
      title: t("users.name"),
      sortable: true,
      render: (item) => (
        <Group gap={8}>
          <Anchor component={Link} to={`/users/${item.id}`} fw={600} size="sm">
            {nameOf(kind, item)}
          </Anchor>
          {item.enabled === false && (
            <Badge color="gray" variant="light">
              {t("users.disabled")}
            </Badge>
          )}
        </Group>
      ),
    },
    { name: "exten", title: t("users.numbers"), render: (item) => <UserNumbers item={item} /> },
    {
      name: "phone",
      title: t("users.phone"),
      minor: true,
      render: (item) =>
        !registrations.data || (!registered.has(item.id) && !all) ? null : registered.has(item.id) ? (
          <Badge color="green" variant="light">{t("users.registered")}</Badge>
        ) : (
          <Text size="sm" c="dimmed">{t("users.notRegistered")}</Text>
        ),
    },
    ...["email", "language"].flatMap((name): Column<Item>[] => {
      const spec = field(name);
      return spec ? [{ name, title: spec.title, sortable: true, minor: true, render: (item) => <ValueView field={spec} value={item[name]} /> }] : [];
    }),
  ];
  return (
    <>
      <KindList kind={kind} columns={columns} href={(item) => `/users/${item.id}`} onCreate={() => state.set({ create: true })} />
      <CreateUser
        opened={state.search.create === true}
        onClose={() => state.set({ create: undefined })}
        onCreated={(item) => void navigate({ href: `/users/${item.id}` })}
      />
    </>
  );
}
