import { Alert, Button, Group, Progress, Stack, Stepper, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/client";
import { emergencyNumbersQuery } from "@/api/plan";
import { itemQuery, listQuery } from "@/api/queries";
import type { Applied } from "@/api/types";
import { useChooseLanguage } from "@/app/preferences";
import { Card } from "@/components/card";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { ProblemAlert } from "@/components/problem-alert";
import { currentLanguage } from "@/i18n";
import { Difference } from "@/kind/difference";
import { changesOf, PROPOSAL, rangeProblem, readPeople } from "./plan";
import type { Answers } from "./plan";
import { CompanyStep, LanguageStep, PeopleStep, PlanStep } from "./setup-steps";
import { SetupDone } from "./setup-done";

const STEPS = ["language", "company", "plan", "people", "summary"];
const LAST = STEPS.length - 1;

function firstAnswers(): Answers {
  return {
    language: currentLanguage(),
    company: "",
    country: currentLanguage() === "fr" ? "FR" : "GB",
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone || "Europe/Paris",
    ranges: PROPOSAL.map((range) => ({ ...range })),
    people: "",
    phones: true,
  };
}

/** From an empty system to phones that can register, in five steps and one transaction. */
export function SetupPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const chooseLanguage = useChooseLanguage();
  const narrow = useMediaQuery("(max-width: 48em)");
  const [step, setStep] = useState(0);
  const [answers, setAnswers] = useState(firstAnswers);
  const [done, setDone] = useState<Applied | null>(null);
  const general = useQuery(itemQuery("general", null));
  const contexts = useQuery(listQuery("contexts", { limit: 200, order: "id" }));
  const context = contexts.data?.items.find((each) => each.name === "default") ?? contexts.data?.items.find((each) => each.type === "internal");
  const emergency = useQuery(emergencyNumbersQuery(answers.country));
  const people = readPeople(answers.people, answers.ranges.find((range) => range.use === "user"), emergency.data?.numbers);
  const set = (change: Partial<Answers>) => setAnswers((before) => ({ ...before, ...change }));
  const [changes, setChanges] = useState<ReturnType<typeof changesOf>>([]);
  const send = (dry: boolean, all = changes) => post<Applied>("/transaction", { message: "@first-run-wizard", dry_run: dry, changes: all });
  const preview = useMutation({ mutationFn: (all: typeof changes) => send(true, all) });
  const apply = useMutation({
    mutationFn: () => send(false),
    onSuccess: (applied) => setDone(applied),
    onSettled: () => cache.invalidateQueries({ queryKey: ["config"] }),
  });
  const { mutate } = preview;
  useEffect(() => {
    if (step !== LAST || !context) return;
    const all = changesOf(answers, context, people);
    setChanges(all);
    mutate(all);
    // The answers cannot change while the summary is shown.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [step, context === undefined]);

  const wrong = (step === 1 && answers.company.trim() === "") || (step === 2 && answers.ranges.some((range) => rangeProblem(range, answers.ranges) !== ""));

  function later() {
    sessionStorage.setItem("xivo.setup", "later");
    void navigate({ to: "/" });
  }

  if (done) return <SetupDone changes={changes} />;
  return (
    <Page title={t("setup.title")} help={t("setup.help")} narrow actions={<Button variant="subtle" onClick={later}>{t("setup.later")}</Button>}>
      {general.data?.item.setup_done === true && <Alert color="orange" title={t("setup.already")}>{t("setup.alreadyHelp")}</Alert>}
      {narrow ? (
        <Progress value={(100 * (step + 1)) / STEPS.length} aria-label={t("setup.progress", { step: step + 1, steps: STEPS.length })} />
      ) : (
        <Stepper active={step} onStepClick={(next) => next < step && setStep(next)} size="sm" allowNextStepsSelect={false}>
          {STEPS.map((name) => (
            <Stepper.Step key={name} label={t(`setup.step.${name}`)} />
          ))}
        </Stepper>
      )}
      <Card title={`${narrow ? `${t("setup.progress", { step: step + 1, steps: STEPS.length })} : ` : ""}${t(`setup.step.${STEPS[step] ?? "summary"}`)}`}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (step < LAST) setStep(step + 1);
            else apply.mutate();
          }}
        >
          <Stack gap="lg">
            {step === 0 && <LanguageStep answers={answers} onChange={(language) => { chooseLanguage(language); set({ language, country: language === "fr" ? "FR" : "GB" }); }} />}
            {step === 1 && <CompanyStep answers={answers} set={set} />}
            {step === 2 && <PlanStep answers={answers} set={set} />}
            {step === 3 && <PeopleStep answers={answers} set={set} people={people} />}
            {step === LAST && (
              <>
                <Text>{t("setup.summaryHelp")}</Text>
                <Loaded query={contexts}>
                  {() => (
                    <>
                      {!context && <Alert color="red">{t("setup.noContext")}</Alert>}
                      {preview.error && <ProblemAlert error={preview.error} />}
                      {preview.isPending && <Text role="status">{t("state.loading")}</Text>}
                      {preview.data && <Difference changes={preview.data.difference} />}
                      {apply.error && <ProblemAlert error={apply.error} />}
                    </>
                  )}
                </Loaded>
              </>
            )}
            <Group justify="space-between">
              <Button variant="default" onClick={() => setStep(step - 1)} disabled={step === 0}>{t("action.back")}</Button>
              {step < LAST ? (
                <Button type="submit" disabled={wrong}>{t("action.next")}</Button>
              ) : (
                <Button type="submit" loading={apply.isPending} disabled={!preview.data}>{t("setup.apply")}</Button>
              )}
            </Group>
          </Stack>
        </form>
      </Card>
    </Page>
  );
}
