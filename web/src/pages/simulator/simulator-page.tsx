import { Grid, Stack } from "@mantine/core";
import { IconRoute } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { simulationQuery } from "@/api/simulation";
import type { Question } from "@/api/simulation";
import { Card } from "@/components/card";
import { Empty } from "@/components/empty";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { questionOf } from "./question";
import type { SimulatorSearch } from "./question";
import { QuestionForm } from "./question-form";
import { SimulatedCall } from "./simulated-call";

/** "101 calls 0123456789 on 14 July at 19:00": where it would go, and why. The address holds the question. */
export function SimulatorPage() {
  const { t } = useTranslation();
  const raw = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const text = (name: string) => (raw[name] === undefined ? undefined : String(raw[name]));
  const search: SimulatorSearch = { from: text("from"), to: text("to"), at: text("at"), assume: text("assume") };
  const question = questionOf(search);
  const ask = (next: SimulatorSearch) =>
    void navigate({ to: ".", search: Object.fromEntries(Object.entries(next).filter(([, value]) => value)) as never, replace: true });
  return (
    <Page title={t("nav.simulator")} help={t("simulator.help")}>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Card title={t("simulator.question")}>
            <QuestionForm key={JSON.stringify(search)} search={search} onAsk={ask} />
          </Card>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 8 }}>
          {question ? <Answer question={question} /> : <Card><Empty icon={<IconRoute />} title={t("simulator.none")} help={t("simulator.noneHelp")} /></Card>}
        </Grid.Col>
      </Grid>
    </Page>
  );
}

function Answer({ question }: { question: Question }) {
  const { t, i18n } = useTranslation();
  const query = useQuery(simulationQuery(question, i18n.language));
  return (
    <Stack gap="lg" aria-live="polite" aria-busy={query.isFetching} component="section" aria-label={t("simulator.answer")}>
      <Loaded query={query} rows={6}>{(simulation) => <SimulatedCall simulation={simulation} />}</Loaded>
    </Stack>
  );
}
