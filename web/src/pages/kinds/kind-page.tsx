import { useNavigate, useParams } from "@tanstack/react-router";
import type { ComponentType } from "react";
import type { KindSpec } from "@/api/types";
import { NotFound } from "@/components/not-found";
import { useListState } from "@/components/use-list";
import { CreateDrawer } from "@/kind/create-drawer";
import { KindList } from "@/kind/kind-list";
import { useKind } from "@/kind/schema";
import { GuardsList } from "../guards/guards-list";
import { ScenariosList } from "../scenarios/scenarios-list";
import { SchedulesList } from "../schedules/schedules-list";
import { TrunksList } from "../trunks/trunks-list";
import { SingletonView } from "./singleton-view";

/** Kinds that have a state to show beside what was configured. */
const LISTS: Record<string, ComponentType<{ kind: KindSpec }>> = { trunk: TrunksList, schedule: SchedulesList, toll_guard: GuardsList, scenario: ScenariosList };

/** The list of a kind that has no page of its own; or its one object. */
export function KindPage() {
  const { plural = "" } = useParams({ strict: false });
  const kind = useKind(plural);
  const navigate = useNavigate();
  const state = useListState();
  if (!kind) return <NotFound />;
  if (kind.singleton) return <SingletonView kind={kind} />;
  const List = LISTS[kind.name];
  if (List) return <List key={kind.name} kind={kind} />;
  return (
    <>
      <KindList key={kind.name} kind={kind} href={(item) => `/config/${kind.plural}/${item.id}`} onCreate={() => state.set({ create: true })} />
      <CreateDrawer
        kind={kind}
        opened={state.search.create === true}
        onClose={() => state.set({ create: undefined })}
        onCreated={(item) => void navigate({ href: `/config/${kind.plural}/${item.id}` })}
      />
    </>
  );
}
