import { Badge, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ScenarioRun } from "@/api/plan";
import type { Finding } from "@/api/simulation";
import { FindingLine } from "./finding-line";
import { ObjectLink } from "./object-link";

/** Scenarios with what they want and what happened instead. */
export function BrokenScenarios({ runs }: { runs: ScenarioRun[] }) {
  const { t } = useTranslation();
  if (runs.length === 0) return null;
  return (
    <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: "none" }} aria-label={t("review.broken")}>
      {runs.map((run) => (
        <li key={run.scenario}>
          <Group gap="xs">
            <ObjectLink object={{ kind: "scenario", id: run.scenario, label: run.name }} size="sm" fw={600} />
            {run.hold && <Badge size="sm" variant="light" color="red">{t("review.holds")}</Badge>}
          </Group>
          <Text size="sm">{t("review.expected", { expected: run.expected })}</Text>
          <Text size="sm">{t("review.happened", { happened: run.happened })}</Text>
        </li>
      ))}
    </Stack>
  );
}

/** What a change does to the plan: what it introduces, and which scenarios it breaks. */
export function Review({ findings = [], broken = [] }: { findings?: Finding[]; broken?: ScenarioRun[] }) {
  if (findings.length + broken.length === 0) return null;
  return (
    <Stack gap="sm">
      {findings.map((finding, index) => <FindingLine key={index} finding={finding} />)}
      <BrokenScenarios runs={broken} />
    </Stack>
  );
}
