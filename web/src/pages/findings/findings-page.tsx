import { Badge, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconTool } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/client";
import { findingsQuery } from "@/api/simulation";
import type { Finding } from "@/api/simulation";
import type { Applied } from "@/api/types";
import { useMay } from "@/app/session";
import { Card } from "@/components/card";
import { Empty } from "@/components/empty";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { ProblemAlert } from "@/components/problem-alert";
import { Difference } from "@/kind/difference";
import { useUndo } from "@/kind/use-undo";
import { FindingLine } from "@/kind/finding-line";

const SHOWN_MAX = 200;

/** What is wrong with the numbering plan, the worst first; each with its cure where there is one. */
export function FindingsPage() {
  const { t, i18n } = useTranslation();
  const query = useQuery(findingsQuery(i18n.language));
  return (
    <Page title={t("nav.findings")} help={t("findings.help")}>
      <Loaded query={query} rows={6}>
        {({ items }) => (
          <Card>
            {items.length === 0 ? (
              <Empty icon={<IconCircleCheck />} title={t("findings.none")} help={t("findings.noneHelp")} />
            ) : (
              <Stack gap="lg">
                <Counts items={items} />
                <Stack component="ul" gap="md" p={0} m={0} style={{ listStyle: "none" }} aria-label={t("nav.findings")}>
                  {items.slice(0, SHOWN_MAX).map((finding, index) => (
                    <li key={index}><FindingLine finding={finding} action={<FixButton finding={finding} />} /></li>
                  ))}
                </Stack>
                {items.length > SHOWN_MAX && <Text c="dimmed">{t("difference.more", { count: items.length - SHOWN_MAX })}</Text>}
              </Stack>
            )}
          </Card>
        )}
      </Loaded>
    </Page>
  );
}

function Counts({ items }: { items: Finding[] }) {
  const { t } = useTranslation();
  return (
    <Group gap="xs" role="status">
      {(["block", "error", "warning", "hint"] as const).map((severity) => {
        const count = items.filter((each) => each.severity === severity).length;
        return count > 0 && <Badge key={severity} variant="default" size="lg" tt="none">{t(`findings.count.${severity}`, { count })}</Badge>;
      })}
    </Group>
  );
}

/** Shows what the cure would change, then does it. */
function FixButton({ finding }: { finding: Finding }) {
  const { t } = useTranslation();
  const may = useMay();
  const cache = useQueryClient();
  const undo = useUndo();
  const [open, setOpen] = useState(false);
  const body = { message: finding.fix?.sentence ?? "", changes: finding.fix?.changes ?? [] };
  const preview = useQuery({
    queryKey: ["config", "fix", body],
    queryFn: () => post<Applied>("/transaction", { ...body, dry_run: true }),
    enabled: open,
    retry: false,
  });
  const apply = useMutation({
    mutationFn: () => post<Applied>("/transaction", body),
    onSuccess: (applied) => {
      setOpen(false);
      undo(body.message, applied.revision);
    },
    onSettled: () => cache.invalidateQueries({ queryKey: ["config"] }),
  });
  if (!finding.fix || !finding.fix.changes.every((change) => may(`${change.kind}:write`))) return null;
  return (
    <>
      <Button size="xs" variant="light" leftSection={<IconTool size={14} aria-hidden />} onClick={() => setOpen(true)}>{t("findings.fix")}</Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={t("findings.fix")} size="lg">
        <Stack>
          <Text>{finding.fix.sentence}</Text>
          <Loaded query={preview} rows={2}>{(result) => <Difference changes={result.difference} limit={20} />}</Loaded>
          {apply.error && <ProblemAlert error={apply.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setOpen(false)}>{t("action.cancel")}</Button>
            <Button loading={apply.isPending} disabled={!preview.data} onClick={() => apply.mutate()}>{t("findings.apply")}</Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
