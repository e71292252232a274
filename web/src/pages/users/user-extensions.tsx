import { ActionIcon, Anchor, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { itemQuery, listQuery, numbersQuery } from "@/api/queries";
import type { Item } from "@/api/types";
import { useMay } from "@/app/session";
import { Card } from "@/components/card";
import { Empty } from "@/components/empty";
import { ProblemAlert } from "@/components/problem-alert";
import { useKind } from "@/kind/schema";
import { useCreate, useRemove } from "@/kind/use-save";
import { ReferenceName } from "@/kind/value-view";

const ids = (value: unknown) => (Array.isArray(value) ? value.filter((each): each is number => typeof each === "number") : []);

/** The numbers that ring a person. */
export function UserExtensions({ user }: { user: Item }) {
  const { t } = useTranslation();
  const may = useMay();
  const kind = useKind("extension");
  const [adding, setAdding] = useState(false);
  const numbers = useQueries({ queries: ids(user.extensions).map((id) => itemQuery("extensions", id)) });
  if (!kind) return null;
  const items = numbers.flatMap((query) => query.data?.item ?? []);
  const writable = may("extension:write");
  return (
    <Card title={t("users.numbers")} actions={writable && !adding && <Button size="xs" variant="default" onClick={() => setAdding(true)}>{t("users.addNumber")}</Button>}>
      <Stack gap="xs">
        {items.map((item) => (
          <NumberRow key={item.id} item={item} writable={writable} />
        ))}
        {numbers.length === 0 && !adding && <Empty title={t("users.noNumber")} help={t("users.noNumberHelp")} />}
        {adding && <AddNumber user={user} onDone={() => setAdding(false)} />}
      </Stack>
    </Card>
  );
}

function NumberRow({ item, writable }: { item: Item; writable: boolean }) {
  const { t } = useTranslation();
  const kind = useKind("extension");
  const remove = useRemove(kind ?? { name: "extension", plural: "extensions", title: "", plural_title: "", fields: [] });
  return (
    <Stack gap={4}>
      <Group justify="space-between">
        <Group gap="sm">
          <Anchor component={Link} to={`/config/extensions/${item.id}`} fw={700}>
            {String(item.exten)}
          </Anchor>
          <Text size="sm" c="dimmed">
            {typeof item.context === "number" ? <ReferenceName kind="context" id={item.context} /> : String(item.context ?? "")}
          </Text>
        </Group>
        {writable && (
          <ActionIcon variant="subtle" color="red" loading={remove.isPending} onClick={() => remove.mutate({ item })} aria-label={t("users.removeNumber", { exten: String(item.exten) })}>
            <IconTrash size={16} />
          </ActionIcon>
        )}
      </Group>
      {remove.error && <ProblemAlert error={remove.error} />}
    </Stack>
  );
}

function AddNumber({ user, onDone }: { user: Item; onDone: () => void }) {
  const { t } = useTranslation();
  const kind = useKind("extension");
  const create = useCreate(kind ?? { name: "extension", plural: "extensions", title: "", plural_title: "", fields: [] });
  const contexts = useQuery(listQuery("contexts", { limit: 200, order: "id" }));
  const zone = contexts.data?.items.find((context) => context.type === "internal")?.id;
  const numbers = useQuery({ ...numbersQuery(zone ?? 0, "user"), enabled: zone !== undefined });
  const [typed, setTyped] = useState<string | null>(null);
  const exten = typed ?? numbers.data?.next ?? "";

  function save(event: FormEvent) {
    event.preventDefault();
    create.mutate({ exten, context: zone, destination: { type: "user", user: user.id } }, { onSuccess: onDone });
  }

  return (
    <form onSubmit={save}>
      <Stack gap="xs">
        {create.error && <ProblemAlert error={create.error} />}
        <Group align="flex-end">
          <TextInput label={t("users.number")} value={exten} onChange={(event) => setTyped(event.currentTarget.value)} inputMode="tel" autoComplete="off" required style={{ flex: 1 }} />
          <Button type="submit" loading={create.isPending}>
            {t("action.add")}
          </Button>
          <Button variant="default" onClick={onDone}>
            {t("action.cancel")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
