import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Item, KindSpec } from "@/api/types";
import type { Column } from "@/components/data-table";
import { useListState } from "@/components/use-list";
import { CreateDrawer } from "@/kind/create-drawer";
import { KindList } from "@/kind/kind-list";
import { OpenNow } from "./schedule-now";

/** The schedules, and which of them is open now. */
export function SchedulesList({ kind }: { kind: KindSpec }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const state = useListState();
  const now: Column<Item> = { name: "now", title: t("schedule.now"), render: (item) => <OpenNow id={item.id} /> };
  const open = (item: Item) => `/config/${kind.plural}/${item.id}`;
  return (
    <>
      <KindList kind={kind} href={open} extra={[now]} onCreate={() => state.set({ create: true })} />
      <CreateDrawer kind={kind} opened={state.search.create === true} onClose={() => state.set({ create: undefined })} onCreated={(item) => void navigate({ href: open(item) })} />
    </>
  );
}
