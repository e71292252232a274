import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { itemQuery } from "@/api/queries";
import type { Item } from "@/api/types";

function Exten({ id }: { id: number }) {
  const { data } = useQuery({ ...itemQuery("extensions", id), staleTime: 60_000 });
  return <span>{data ? String(data.item.exten) : "…"}</span>;
}

/** The numbers that ring a user. The list gives their ids, or (when it is kind) the digits. */
export function UserNumbers({ item }: { item: Item }) {
  const numbers = Array.isArray(item.extensions) ? (item.extensions as unknown[]) : [];
  if (numbers.length === 0) return <Text size="sm" c="dimmed">—</Text>;
  return (
    <Group gap={8} fw={600} fz="sm">
      {numbers.slice(0, 3).map((each) =>
        typeof each === "number" ? <Exten key={each} id={each} /> : <span key={String(each)}>{String((each as { exten?: string }).exten ?? each)}</span>,
      )}
      {numbers.length > 3 && <span>+{numbers.length - 3}</span>}
    </Group>
  );
}
