import { Badge, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import type { Finding, Severity } from "@/api/simulation";
import { ObjectLink } from "@/kind/object-link";

const COLORS: Record<Severity, string> = { block: "red", error: "red", warning: "orange", hint: "blue" };

/** One finding in words, both of its sides, and what may be done. */
export function FindingLine({ finding, action }: { finding: Finding; action?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Group gap="xs" align="flex-start" justify="space-between">
      <Stack gap={4} style={{ minWidth: 0, flex: "1 1 240px" }} align="flex-start">
        <Badge color={COLORS[finding.severity]} variant={finding.severity === "block" ? "filled" : "light"} autoContrast>{t(`findings.severity.${finding.severity}`)}</Badge>
        <Text className="wrap">{finding.sentence}</Text>
        {finding.objects.length > 0 && (
          <Text size="sm" c="dimmed">
            {finding.objects.map((object, index) => (
              <Fragment key={index}>
                {index > 0 && " · "}
                <ObjectLink object={object} size="sm" />
              </Fragment>
            ))}
          </Text>
        )}
        {finding.fix && <Text size="sm" c="dimmed">{t("findings.cure", { cure: finding.fix.sentence })}</Text>}
      </Stack>
      {action}
    </Group>
  );
}
