import { Alert, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { impactQuery } from "@/api/plan";
import type { Impact } from "@/api/plan";
import { Loaded } from "@/components/loaded";
import { ObjectLink } from "./object-link";
import { Review } from "./review";

const SHOWN_MAX = 8;

/** What can no longer be reached once an object is gone. */
export function ImpactOf({ kind, id }: { kind: string; id: number }) {
  const { i18n } = useTranslation();
  const query = useQuery(impactQuery(kind, id, i18n.language));
  return <Loaded query={query} rows={2}>{(impact) => <Lost impact={impact} />}</Loaded>;
}

function Lost({ impact }: { impact: Impact }) {
  const { t } = useTranslation();
  const nothing = impact.references.length + impact.numbers.length + impact.callers.length + impact.scenarios.length + impact.findings.length === 0;
  return (
    <Alert color={nothing ? "green" : "orange"} variant="light" icon={nothing ? <IconCircleCheck aria-hidden /> : <IconAlertTriangle aria-hidden />} title={impact.sentence}>
      <Stack gap="sm">
        <Sentences title={t("impact.numbers")} sentences={impact.numbers.map((each) => each.sentence)} />
        <Sentences title={t("impact.callers")} sentences={impact.callers.map((each) => each.sentence)} />
        {impact.references.length > 0 && (
          <div>
            <Text size="sm" fw={600}>{t("impact.references")}</Text>
            {impact.references.slice(0, SHOWN_MAX).map((each, index) => (
              <Text key={index} size="sm"><ObjectLink object={each} size="sm" /> ({each.title})</Text>
            ))}
            <More count={impact.references.length - SHOWN_MAX} />
          </div>
        )}
        <Review findings={impact.findings.slice(0, SHOWN_MAX)} broken={impact.scenarios.slice(0, SHOWN_MAX)} />
      </Stack>
    </Alert>
  );
}

function Sentences({ title, sentences }: { title: string; sentences: string[] }) {
  if (sentences.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={600}>{title}</Text>
      {sentences.slice(0, SHOWN_MAX).map((sentence, index) => <Text key={index} size="sm">{sentence}</Text>)}
      <More count={sentences.length - SHOWN_MAX} />
    </div>
  );
}

function More({ count }: { count: number }) {
  const { t } = useTranslation();
  return count > 0 ? <Text size="sm" c="dimmed">{t("difference.more", { count })}</Text> : null;
}
