import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get, remove } from "@/api/client";
import { Card } from "@/components/card";
import { Loaded } from "@/components/loaded";
import { dateTime } from "@/i18n/format";
import { tellProblem } from "@/kind/use-undo";

interface OpenSession {
  id: number | string;
  created?: string;
  seen?: string;
  expires?: string;
  source?: string | null;
  agent?: string;
  current?: boolean;
}

/** "Chromium, Linux" of a long User-Agent. */
export function browserOf(agent: string | undefined): string {
  if (!agent) return "";
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\/\d+/.exec(agent)?.[1] ?? "";
  const names: Record<string, string> = { Edg: "Edge", OPR: "Opera", Chrome: "Chrome" };
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(agent)?.[1] ?? "";
  return [names[browser] ?? browser, system].filter(Boolean).join(", ") || agent.slice(0, 60);
}

export function Sessions() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const query = useQuery({ queryKey: ["sessions"], queryFn: () => get<{ items: OpenSession[] }>("/sessions") });
  const end = useMutation({
    mutationFn: (id: OpenSession["id"] | null) => remove(id === null ? "/sessions" : `/sessions/${id}`),
    onError: (error) => tellProblem(error),
    onSettled: () => cache.invalidateQueries({ queryKey: ["sessions"] }),
  });
  const others = (query.data?.items ?? []).filter((session) => !session.current);
  return (
    <Card title={t("sessions.title")} actions={others.length > 0 && <Button size="xs" variant="default" onClick={() => end.mutate(null)}>{t("sessions.endOthers")}</Button>}>
      <Loaded query={query}>
        {({ items }) => (
          <Stack>
            {items.map((session) => (
              <Group key={session.id} justify="space-between">
                <Stack gap={0}>
                  <Group gap="xs">
                    <Text size="sm" fw={600}>{browserOf(session.agent) || t("sessions.program")}</Text>
                    {session.current && <Badge color="green" variant="light">{t("sessions.current")}</Badge>}
                  </Group>
                  <Text size="sm" c="dimmed">
                    {[session.source, session.created && t("sessions.since", { at: dateTime(session.created) }), session.expires && t("sessions.until", { at: dateTime(session.expires) })].filter(Boolean).join(" · ")}
                  </Text>
                </Stack>
                {!session.current && <Button size="xs" variant="light" color="red" onClick={() => end.mutate(session.id)}>{t("sessions.end")}</Button>}
              </Group>
            ))}
          </Stack>
        )}
      </Loaded>
    </Card>
  );
}
