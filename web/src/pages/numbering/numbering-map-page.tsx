import { SimpleGrid, Stack, Tabs, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { numberingMapQuery } from "@/api/plan";
import type { NumberingMap } from "@/api/plan";
import { Card } from "@/components/card";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { PageLink } from "@/components/page-link";
import { useListState } from "@/components/use-list";
import { number } from "@/i18n/format";
import { ContextMap } from "./context-map";
import { HelpProofs } from "./help-proofs";
import { MapNumbers } from "./map-numbers";

const VIEWS = ["ranges", "numbers", "help"] as const;

/** The whole plan at a glance: which ranges there are, what in them is taken, what hides what, and whether help is reached. */
export function NumberingMapPage() {
  const { t, i18n } = useTranslation();
  const state = useListState();
  const query = useQuery(numberingMapQuery(i18n.language));
  const view = VIEWS.find((each) => each === state.search.view) ?? "ranges";
  return (
    <Page title={t("nav.map")} help={t("map.help")}>
      <Loaded query={query} rows={8}>
        {(map) => (
          <Stack gap="lg">
            <Totals map={map} />
            <Tabs value={view} onChange={(next) => state.set({ view: next === "ranges" ? undefined : (next ?? undefined), q: undefined, page: undefined, state: undefined, proven: undefined, context: undefined })} keepMounted={false}>
              <Tabs.List mb="lg">
                {VIEWS.map((each) => <Tabs.Tab key={each} value={each}>{t(`map.view.${each}`)}</Tabs.Tab>)}
              </Tabs.List>
              <Tabs.Panel value="ranges">
                <Stack gap="lg">{map.contexts.map((context) => <ContextMap key={context.id} context={context} />)}</Stack>
              </Tabs.Panel>
              <Tabs.Panel value="numbers"><MapNumbers contexts={map.contexts} /></Tabs.Panel>
              <Tabs.Panel value="help"><HelpProofs /></Tabs.Panel>
            </Tabs>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Totals({ map }: { map: NumberingMap }) {
  const { t } = useTranslation();
  const { numbers, phones, without_help, findings } = map.totals;
  const figures = [
    { name: "numbers", value: numbers, href: "/numbering-map?view=numbers" },
    { name: "phones", value: phones, href: "/lines" },
    { name: "withoutHelp", value: without_help, href: "/numbering-map?view=help&proven=false" },
    { name: "findings", value: findings, href: "/findings" },
  ];
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }}>
      {figures.map((figure) => (
        <Card key={figure.name}>
          <Text size="xl" fw={700}>{number(figure.value)}</Text>
          <PageLink href={figure.href} size="sm">{t(`map.total.${figure.name}`)}</PageLink>
        </Card>
      ))}
    </SimpleGrid>
  );
}
