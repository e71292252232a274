import { Button, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconShieldCheck } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { get, post, remove } from "@/api/client";
import type { Ban, Page as PageOf } from "@/api/types";
import { useMay } from "@/app/session";
import { Card } from "@/components/card";
import { DataTable } from "@/components/data-table";
import { Empty } from "@/components/empty";
import { Page } from "@/components/page";
import { ProblemAlert } from "@/components/problem-alert";
import { PAGE_SIZE, useListState } from "@/components/use-list";
import { SearchBox } from "@/components/search-box";
import { dateTime } from "@/i18n/format";
import { tellProblem } from "@/kind/use-undo";

const DURATIONS = ["3600", "86400", "604800", ""];

/** Whom the SIP engine does not talk to, since when, and why. */
export function BansPage() {
  const { t } = useTranslation();
  const may = useMay();
  const cache = useQueryClient();
  const state = useListState();
  const [open, setOpen] = useState(false);
  const query = useQuery({
    queryKey: ["bans", state.q, state.page],
    queryFn: () => get<PageOf<Ban>>("/bans", { search: state.q || undefined, limit: PAGE_SIZE, offset: (state.page - 1) * PAGE_SIZE }),
  });
  const release = useMutation({
    mutationFn: (ban: Ban) => remove(`/bans/${ban.id}`),
    onError: (error) => tellProblem(error),
    onSettled: () => cache.invalidateQueries({ queryKey: ["bans"] }),
  });
  const writable = may("ban:write");
  const add = writable && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen(true)}>
      {t("bans.add")}
    </Button>
  );
  return (
    <Page title={t("nav.bans")} help={t("bans.help")} actions={add}>
      <Card flush>
        <Group p="md">
          <SearchBox label={t("bans.search")} value={state.q} onChange={(q) => state.set({ q, page: undefined })} />
        </Group>
        <DataTable
          label={t("nav.bans")}
          query={query}
          rowKey={(ban) => ban.id}
          page={state.page}
          onPage={(page) => state.set({ page })}
          columns={[
            { name: "network", title: t("bans.network"), render: (ban) => <span className="mono">{ban.network}</span> },
            { name: "message", title: t("bans.reason"), render: (ban) => <Text size="sm">{ban.message}{ban.detail && ` (${ban.detail})`}</Text> },
            { name: "since", title: t("bans.since"), minor: true, render: (ban) => dateTime(ban.since) },
            { name: "until", title: t("bans.until"), minor: true, render: (ban) => (ban.until ? dateTime(ban.until) : t("bans.released")) },
            { name: "author", title: t("bans.author"), minor: true, render: (ban) => ban.author || "XiVO" },
            ...(writable ? [{ name: "release", title: t("calls.action"), render: (ban: Ban) => <Button size="xs" variant="default" onClick={() => release.mutate(ban)}>{t("bans.release")}</Button> }] : []),
          ]}
          empty={<Empty icon={<IconShieldCheck />} title={t("bans.none")} help={t("bans.noneHelp")} />}
        />
      </Card>
      <Modal opened={open} onClose={() => setOpen(false)} title={t("bans.add")}>
        <BanForm onDone={() => setOpen(false)} />
      </Modal>
    </Page>
  );
}

function BanForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [network, setNetwork] = useState("");
  const [detail, setDetail] = useState("");
  const [seconds, setSeconds] = useState("86400");
  const ban = useMutation({
    mutationFn: () => post("/bans", { network, ...(detail ? { detail } : {}), ...(seconds ? { seconds: Number(seconds) } : {}) }),
    onSuccess: onDone,
    onSettled: () => cache.invalidateQueries({ queryKey: ["bans"] }),
  });
  const save = (event: FormEvent) => {
    event.preventDefault();
    ban.mutate();
  };
  return (
    <form onSubmit={save}>
      <Stack>
        {ban.error && <ProblemAlert error={ban.error} />}
        <TextInput label={t("bans.network")} placeholder="203.0.113.9" value={network} onChange={(event) => setNetwork(event.currentTarget.value)} required data-autofocus />
        <TextInput label={t("bans.why")} value={detail} onChange={(event) => setDetail(event.currentTarget.value)} maxLength={200} />
        <Select label={t("bans.duration")} value={seconds} onChange={(value) => setSeconds(value ?? "")} allowDeselect={false} data={DURATIONS.map((value) => ({ value, label: t(`bans.for.${value || "ever"}`) }))} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>{t("action.cancel")}</Button>
          <Button type="submit" color="red" loading={ban.isPending}>{t("bans.ban")}</Button>
        </Group>
      </Stack>
    </form>
  );
}
