import { Alert, Badge, Button, Group, Stack, Text } from "@mantine/core";
import { IconBulb } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { send } from "@/api/client";
import { adviceQuery } from "@/api/queries";
import type { Item, RegistrationAdvice } from "@/api/types";
import { useMay } from "@/app/session";
import { Loaded } from "@/components/loaded";
import { ago, dateTime, readable } from "@/i18n/format";
import { useSchema } from "@/kind/schema";
import { tellProblem, useUndo } from "@/kind/use-undo";
import { nameOf } from "@/kind/values";

export const STATE_COLORS: Record<RegistrationAdvice["state"], string> = {
  registered: "green", never: "gray", expired: "orange", refused: "red", disabled: "gray", fixed: "navy",
};

type Change = NonNullable<RegistrationAdvice["advice"][number]["change"]>;

/** A button that applies the change which an advice proposes. */
function Fix({ change }: { change: Change }) {
  const { t } = useTranslation();
  const may = useMay();
  const { kinds } = useSchema();
  const kind = kinds.find((each) => each.name === change.kind);
  const cache = useQueryClient();
  const undo = useUndo();
  const apply = useMutation({
    mutationFn: async () => (await send<Item>("patch", `/${kind?.plural ?? change.kind}/${change.id}`, { body: change.fields })).data,
    onSuccess: (item) => undo(t("saved.changed", { kind: kind?.title ?? "", name: kind ? nameOf(kind, item) : "" }), item.revision),
    onError: (error) => tellProblem(error),
    onSettled: () => Promise.all([cache.invalidateQueries({ queryKey: ["config"] }), cache.invalidateQueries({ queryKey: ["registrations"] })]),
  });
  if (!kind || !may(`${change.kind}:write`)) return null;
  return (
    <Button size="xs" loading={apply.isPending} onClick={() => apply.mutate()}>
      {t("lines.fix")}
    </Button>
  );
}

/** Whether a line is registered, and if not: why, and what to do. */
export function RegistrationState({ line, brief = false }: { line: number; brief?: boolean }) {
  const { t, i18n } = useTranslation();
  const query = useQuery({ ...adviceQuery(line, i18n.language), enabled: line > 0 });
  return (
    <Loaded query={query} rows={1}>
      {(state) => (
        <Stack gap="sm">
          <Group gap="sm" align="flex-start" wrap="nowrap">
            <Badge color={STATE_COLORS[state.state] ?? "gray"} variant="light" style={{ flexShrink: 0 }}>
              {t(`registration.${state.state}`)}
            </Badge>
            <Text size="sm">{readable(state.sentence)}</Text>
          </Group>
          {(brief ? state.advice.slice(0, 1) : state.advice).map((advice, index) => (
            <Alert key={index} color="orange" variant="light" icon={<IconBulb aria-hidden />} py="xs">
              <Group justify="space-between">
                <Text size="sm" style={{ flex: "1 1 200px" }}>{readable(advice.sentence)}</Text>
                {advice.change && <Fix change={advice.change} />}
              </Group>
            </Alert>
          ))}
          {!brief && <Contacts state={state} />}
        </Stack>
      )}
    </Loaded>
  );
}

function Contacts({ state }: { state: RegistrationAdvice }) {
  const { t } = useTranslation();
  return (
    <>
      {(state.contacts ?? []).map((contact) => (
        <Stack key={contact.contact} gap={0}>
          <Text size="sm" fw={600}>{contact.user_agent || t("lines.unknownPhone")}</Text>
          <Text size="sm" className="mono">{contact.contact}</Text>
          <Text size="sm" c="dimmed">
            {t("lines.contact", { transport: contact.transport.toUpperCase(), source: contact.source ?? "?", ago: ago(contact.registered) })}
          </Text>
        </Stack>
      ))}
      {(state.failures ?? []).length > 0 && (
        <Stack gap="xs">
          <Text size="sm" fw={700}>{t("lines.failures")}</Text>
          {(state.failures ?? []).slice(0, 10).map((failure, index) => (
            <Stack key={index} gap={0}>
              <Text size="sm">
                {failure.message}
                {failure.detail && ` (${failure.detail})`}
              </Text>
              <Text size="sm" c="dimmed" title={dateTime(failure.last, true)}>
                {t("lines.failure", { count: failure.count, ago: ago(failure.last), source: failure.source ?? "?", agent: failure.user_agent || t("lines.unknownPhone") })}
              </Text>
            </Stack>
          ))}
        </Stack>
      )}
    </>
  );
}
