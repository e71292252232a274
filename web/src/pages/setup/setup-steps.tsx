import { Group, Radio, Select, Stack, Switch, Table, Text, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ScrollBox } from "@/components/scroll-box";
import type { Language } from "@/i18n";
import { rangeProblem } from "./plan";
import type { Answers, Person } from "./plan";

interface Props {
  answers: Answers;
  set: (change: Partial<Answers>) => void;
}

const COUNTRIES = ["FR", "BE", "CH", "CA", "LU", "GB", "IE", "US", "DE", "ES", "IT", "NL", "PT", "MA", "TN", "SN"];

export function LanguageStep({ answers, onChange }: { answers: Answers; onChange: (language: Language) => void }) {
  const { t } = useTranslation();
  return (
    <Radio.Group value={answers.language} onChange={(value) => onChange(value as Language)} label={t("setup.language")} description={t("setup.languageHelp")}>
      <Stack mt="md">
        <Radio value="fr" label="Français" lang="fr" />
        <Radio value="en" label="English" lang="en" />
      </Stack>
    </Radio.Group>
  );
}

export function CompanyStep({ answers, set }: Props) {
  const { t, i18n } = useTranslation();
  const names = new Intl.DisplayNames([i18n.language], { type: "region" });
  const zones = [...new Set([answers.timezone, ...Intl.supportedValuesOf("timeZone")])];
  return (
    <Stack maw={520}>
      <TextInput label={t("setup.company")} description={t("setup.companyHelp")} value={answers.company} onChange={(event) => set({ company: event.currentTarget.value })} required autoFocus maxLength={128} />
      <Select label={t("setup.country")} data={COUNTRIES.map((value) => ({ value, label: names.of(value) ?? value }))} value={answers.country} onChange={(value) => set({ country: value ?? "FR" })} allowDeselect={false} searchable />
      <Select label={t("setup.timezone")} data={zones} value={answers.timezone} onChange={(value) => set({ timezone: value ?? "Europe/Paris" })} allowDeselect={false} searchable limit={50} />
    </Stack>
  );
}

export function PlanStep({ answers, set }: Props) {
  const { t } = useTranslation();
  const change = (index: number, side: "start" | "end", text: string) =>
    set({ ranges: answers.ranges.map((range, each) => (each === index ? { ...range, [side]: text.trim() } : range)) });
  return (
    <Stack>
      <Text c="dimmed">{t("setup.planHelp")}</Text>
      {answers.ranges.map((range, index) => {
        const problem = rangeProblem(range, answers.ranges);
        const name = t(`setup.use.${range.use}`);
        return (
          <Group key={range.use} align="flex-start" wrap="wrap" role="group" aria-label={name}>
            <Text w={170} pt={8} fw={500}>{name}</Text>
            <TextInput aria-label={t("setup.start", { name })} value={range.start} onChange={(event) => change(index, "start", event.currentTarget.value)} inputMode="numeric" w={110} error={problem !== ""} />
            <Text pt={8} aria-hidden>–</Text>
            <TextInput aria-label={t("setup.end", { name })} value={range.end} onChange={(event) => change(index, "end", event.currentTarget.value)} inputMode="numeric" w={110} error={problem !== ""} />
            {problem && <Text c="var(--mantine-color-error)" size="sm" pt={8} role="alert">{t(problem)}</Text>}
          </Group>
        );
      })}
    </Stack>
  );
}

export function PeopleStep({ answers, set, people }: Props & { people: Person[] }) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Textarea label={t("setup.people")} description={t("setup.peopleHelp")} placeholder={"Alice Martin\nBruno Lefèvre 102 bruno@example.com"} autosize minRows={5} maxRows={14} value={answers.people} onChange={(event) => set({ people: event.currentTarget.value })} autoFocus spellCheck={false} />
      <Switch checked={answers.phones} onChange={(event) => set({ phones: event.currentTarget.checked })} label={t("setup.phones")} description={t("setup.phonesHelp")} />
      {people.length > 0 && (
        <ScrollBox label={t("setup.step.people")} minWidth={420}>
          <Table aria-label={t("setup.step.people")}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t("users.number")}</Table.Th>
                <Table.Th scope="col">{t("users.firstname")}</Table.Th>
                <Table.Th scope="col">{t("users.lastname")}</Table.Th>
                <Table.Th scope="col">{t("users.email")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {people.map((person, index) => (
                <Table.Tr key={index}>
                  <Table.Td fw={600}>{person.exten || "—"}</Table.Td>
                  <Table.Td>{person.firstname}</Table.Td>
                  <Table.Td>{person.lastname}</Table.Td>
                  <Table.Td>{person.email}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollBox>
      )}
    </Stack>
  );
}
