import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useState } from "react";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "@/api/problem";
import type { ProblemDocument } from "@/api/problem";
import { BrokenScenarios } from "./review";

/** What a change says of itself when it is made although it breaks scenarios. */
export interface Forced {
  force?: true;
  reason?: string;
}

/**
 * Tries a change. When it is held back by a scenario, shows which one and asks whether to make it all the same, and why; the reason
 * stays in the history. Who does not want to gets the refusal.
 */
export function useForce() {
  const { t } = useTranslation();
  return async <T,>(attempt: (query: Forced) => Promise<T>): Promise<T> => {
    try {
      return await attempt({});
    } catch (refusal) {
      const problem = problemOf(refusal);
      if (problem.rule !== "scenario-broken") throw refusal;
      const reason = await askReason(t("force.title"), problem.document);
      if (reason === null) throw refusal;
      return attempt({ force: true, reason });
    }
  };
}

function askReason(title: string, refusal: ProblemDocument): Promise<string | null> {
  return new Promise((resolve) => {
    const id = modals.open({
      title,
      size: "lg",
      closeOnClickOutside: false,
      onClose: () => resolve(null), // once resolved, it stays what it was
      children: <Question refusal={refusal} onAnswer={(reason) => { resolve(reason); modals.close(id); }} />,
    });
  });
}

function Question({ refusal, onAnswer }: { refusal: ProblemDocument; onAnswer: (reason: string | null) => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation(); // React hands it on to the form that the dialog was opened from
    if (reason.trim()) onAnswer(reason.trim());
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{t("force.help")}</Text>
        <BrokenScenarios runs={refusal.broken_scenarios ?? []} />
        <TextInput label={t("force.reason")} description={t("force.reasonHelp")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} maxLength={200} required data-autofocus />
        <Group justify="flex-end">
          <Button variant="default" onClick={() => onAnswer(null)}>{t("action.cancel")}</Button>
          <Button type="submit" color="red" disabled={!reason.trim()}>{t("force.anyway")}</Button>
        </Group>
      </Stack>
    </form>
  );
}
