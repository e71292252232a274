import { useNavigate, useParams } from "@tanstack/react-router";
import { NotFound } from "@/components/not-found";
import { useListState } from "@/components/use-list";
import { CreateDrawer } from "@/kind/create-drawer";
import { KindList } from "@/kind/kind-list";
import { useKind } from "@/kind/schema";
import { SingletonView } from "./singleton-view";

/** The list of a kind that has no page of its own; or its one object. */
export function KindPage() {
  const { plural = "" } = useParams({ strict: false });
  const kind = useKind(plural);
  const navigate = useNavigate();
  const state = useListState();
  if (!kind) return <NotFound />;
  if (kind.singleton) return <SingletonView kind={kind} />;
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
