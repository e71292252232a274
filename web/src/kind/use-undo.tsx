import { Button, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get, post } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { Applied, Revision } from "@/api/types";
import { useMay } from "@/app/session";
import type { ScenarioRun } from "@/api/plan";
import type { Finding } from "@/api/simulation";
import { Review } from "./review";

const SHOWN_MS = 10_000;

/** Says that something failed, in words. */
export function tellProblem(error: unknown, title?: string) {
  const problem = problemOf(error);
  notifications.show({ color: "red", title: title ?? problem.document.title, message: problem.message, autoClose: SHOWN_MS, role: "alert" });
}

/** The revision that changed an object last; undefined where the history cannot be read. */
export async function lastRevisionOf(kind: string, id: number): Promise<number | undefined> {
  const page = await get<{ items: Revision[] }>("/revisions", { kind, object: id, limit: 1 }).catch(() => null);
  return page?.items[0]?.number;
}

/** What the answer to a change tells of the plan. */
export interface Told {
  [member: string]: unknown;
  findings?: unknown;
  broken_scenarios?: unknown;
}

/** Tells what was done, with a button that takes it back (the roll back of that revision alone), and what it did to the plan. */
export function useUndo() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const may = useMay();

  async function undo(revision: number, id: string) {
    notifications.hide(id);
    try {
      await post<Applied>(`/revisions/${revision}/rollback`, { mode: "undo" });
      notifications.show({ color: "green", message: t("undo.done") });
    } catch (error) {
      tellProblem(error, t("undo.failed"));
    }
    await cache.invalidateQueries({ queryKey: ["config"] });
  }

  return (message: string, revision?: number, told: Told = {}) => {
    const id = `undo-${revision ?? message}`;
    const findings = (told.findings ?? []) as Finding[];
    const broken = (told.broken_scenarios ?? []) as ScenarioRun[];
    const troubled = findings.length + broken.length > 0;
    notifications.show({
      id,
      color: troubled ? "orange" : "green",
      autoClose: troubled ? false : SHOWN_MS,
      message: (
        <Stack gap="sm" role="status">
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm">{message}</Text>
            {revision !== undefined && may("history:rollback") && (
              <Button size="compact-sm" variant="light" style={{ flexShrink: 0 }} onClick={() => void undo(revision, id)}>
                {t("undo.action")}
              </Button>
            )}
          </Group>
          <Review findings={findings} broken={broken} />
        </Stack>
      ),
    });
  };
}
