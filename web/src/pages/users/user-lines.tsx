import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { itemQuery } from "@/api/queries";
import type { Item } from "@/api/types";
import { useMay } from "@/app/session";
import { Card } from "@/components/card";
import { Empty } from "@/components/empty";
import { ProblemAlert } from "@/components/problem-alert";
import { useKind } from "@/kind/schema";
import { useCreate } from "@/kind/use-save";
import { RegistrationState } from "../lines/registration-state";

/** The phones of a person, and whether each is reachable. */
export function UserLines({ user }: { user: Item }) {
  const { t } = useTranslation();
  const may = useMay();
  const kind = useKind("line");
  const create = useCreate(kind ?? { name: "line", plural: "lines", title: "", plural_title: "", fields: [] });
  const ids = Array.isArray(user.lines) ? user.lines.filter((each): each is number => typeof each === "number") : [];
  const lines = useQueries({ queries: ids.map((id) => itemQuery("lines", id)) });
  const [error, setError] = useState<unknown>(null);
  if (!kind) return null;

  async function add() {
    setError(null);
    const used = lines.flatMap((line) => line.data?.item.name ?? []);
    const base = String(user.firstname ?? "line").normalize("NFD").replace(/[^A-Za-z0-9]/g, "").toLowerCase() || "line";
    const secret = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => "abcdefghijkmnpqrstuvwxyz23456789"[byte % 32]).join("");
    try {
      await create.mutateAsync({ name: `${base}-${user.id}-${used.length + 1}`, secret, user: user.id });
    } catch (refusal) {
      setError(refusal);
    }
  }

  const button = may("line:write") && (
    <Button size="xs" variant="default" onClick={() => void add()} loading={create.isPending}>
      {t("users.addLine")}
    </Button>
  );
  return (
    <Card title={t("users.lines")} actions={button}>
      <Stack>
        {error !== null && <ProblemAlert error={error} />}
        {lines.map(({ data }, index) => (
          <Stack key={ids[index]} gap={4}>
            <Group gap="sm">
              <Anchor component={Link} to={`/lines/${ids[index]}`} fw={600}>
                {data ? String(data.item.name) : "…"}
              </Anchor>
              {data && <Text size="sm" c="dimmed">{String(data.item.profile ?? "")}</Text>}
            </Group>
            <RegistrationState line={ids[index] ?? 0} brief />
          </Stack>
        ))}
        {lines.length === 0 && <Empty title={t("users.noLine")} help={t("users.noLineHelp")} />}
      </Stack>
    </Card>
  );
}
