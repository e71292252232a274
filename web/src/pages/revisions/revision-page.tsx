import { Alert, Anchor, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { IconArrowBackUp, IconHistoryToggle } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { get, post } from "@/api/client";
import { revisionQuery } from "@/api/queries";
import type { Applied, ObjectChange, Revision } from "@/api/types";
import { useMay } from "@/app/session";
import { Card } from "@/components/card";
import { Loaded } from "@/components/loaded";
import { NotFound } from "@/components/not-found";
import { Page } from "@/components/page";
import { ProblemAlert } from "@/components/problem-alert";
import { dateTime } from "@/i18n/format";
import { Difference } from "@/kind/difference";
import { useUndo } from "@/kind/use-undo";

type Mode = "undo" | "return";

/** One revision: what it changed, what has changed since, and the ways back. */
export function RevisionPage() {
  const { t } = useTranslation();
  const { number: text = "" } = useParams({ strict: false });
  const number = Number(text);
  const may = useMay();
  const query = useQuery(revisionQuery(number));
  const [mode, setMode] = useState<Mode | null>(null);
  if (!(number > 0)) return <NotFound />;
  return (
    <Page
      title={t("history.revision", { number })}
      trail={<Anchor component={Link} to="/revisions">{t("nav.revisions")}</Anchor>}
      narrow
      actions={
        query.data && may("history:rollback") && (
          <>
            <Button variant="default" leftSection={<IconArrowBackUp size={16} aria-hidden />} onClick={() => setMode("undo")}>{t("history.undo")}</Button>
            <Button variant="default" leftSection={<IconHistoryToggle size={16} aria-hidden />} onClick={() => setMode("return")}>{t("history.return")}</Button>
          </>
        )
      }
    >
      <Loaded query={query} rows={6}>
        {(revision) => (
          <>
            <Card title={revision.message || t("history.noMessage")}>
              <Stack>
                <Text c="dimmed">
                  {revision.author} · {dateTime(revision.at, true)}
                </Text>
                <Difference changes={revision.difference ?? []} />
              </Stack>
            </Card>
            <Group justify="space-between">
              <Anchor component={Link} to={`/revisions/${number - 1}`} style={{ visibility: number > 1 ? "visible" : "hidden" }}>
                ← {t("history.revision", { number: number - 1 })}
              </Anchor>
              <Anchor component={Link} to={`/revisions/${number + 1}`}>{t("history.revision", { number: number + 1 })} →</Anchor>
            </Group>
            <Since number={number} />
            <GoBack revision={revision} mode={mode} onClose={() => setMode(null)} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** What would be different if the system went back to this revision. */
function Since({ number }: { number: number }) {
  const { t } = useTranslation();
  const last = useQuery({ queryKey: ["config", "revisions", "last"], queryFn: () => get<{ items: Revision[] }>("/revisions", { limit: 1 }) });
  const newest = last.data?.items[0]?.number ?? 0;
  const query = useQuery({
    queryKey: ["config", "revisions", "difference", number, newest],
    queryFn: () => get<{ difference: ObjectChange[] }>(`/revisions/${number}/difference`, { to: newest }),
    enabled: newest > number,
  });
  if (newest <= number) return <Text c="dimmed">{t("history.newest")}</Text>;
  return (
    <Card title={t("history.since", { from: number, to: newest })}>
      <Loaded query={query}>{(data) => <Difference changes={Array.isArray(data) ? (data as ObjectChange[]) : (data.difference ?? [])} limit={20} />}</Loaded>
    </Card>
  );
}

function GoBack({ revision, mode, onClose }: { revision: Revision; mode: Mode | null; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const undo = useUndo();
  const [message, setMessage] = useState("");
  const path = `/revisions/${revision.number}/rollback`;
  const preview = useMutation({ mutationFn: (chosen: Mode) => post<Applied>(path, { mode: chosen, message: "", dry_run: true }) });
  const { mutate, reset } = preview;
  const apply = useMutation({
    mutationFn: () => post<Applied>(path, { mode, message }),
    onSuccess: async (applied) => {
      onClose();
      undo(t("history.done", { number: applied.revision }), applied.revision);
      await cache.invalidateQueries({ queryKey: ["config"] });
      await navigate({ href: `/revisions/${applied.revision}` });
    },
  });
  useEffect(() => {
    reset();
    if (mode) mutate(mode);
  }, [mode, mutate, reset]);
  const nothing = preview.data && preview.data.difference.length === 0;
  return (
    <Modal opened={mode !== null} onClose={onClose} size="xl" title={t(mode === "return" ? "history.returnTitle" : "history.undoTitle", { number: revision.number })}>
      <Stack>
        <Text>{t(mode === "return" ? "history.returnHelp" : "history.undoHelp", { number: revision.number })}</Text>
        {preview.error && <ProblemAlert error={preview.error} />}
        {preview.isPending && <Text c="dimmed" role="status">{t("state.loading")}</Text>}
        {nothing && <Alert color="navy">{t("history.nothingToDo")}</Alert>}
        {preview.data && !nothing && <Difference changes={preview.data.difference} />}
        <TextInput label={t("history.message")} value={message} onChange={(event) => setMessage(event.currentTarget.value)} maxLength={200} />
        {apply.error && <ProblemAlert error={apply.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{t("action.cancel")}</Button>
          <Button onClick={() => apply.mutate()} loading={apply.isPending} disabled={!preview.data || nothing}>{t("history.apply")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
