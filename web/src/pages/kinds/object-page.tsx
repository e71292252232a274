import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { itemQuery } from "@/api/queries";
import type { KindSpec } from "@/api/types";
import { useMay } from "@/app/session";
import { Loaded } from "@/components/loaded";
import { NotFound } from "@/components/not-found";
import { Page } from "@/components/page";
import { ObjectEditor } from "@/kind/object-editor";
import { ObjectHistory } from "@/kind/object-history";
import { PastObject, useAt } from "@/kind/past-object";
import { RemoveButton } from "@/kind/remove-button";
import { useKind } from "@/kind/schema";
import { nameOf } from "@/kind/values";
import { AccountPassword } from "./account-password";
import { ContextNumbers } from "./context-numbers";

export function ObjectPage() {
  const { plural = "", id = "" } = useParams({ strict: false });
  const kind = useKind(plural);
  const at = useAt();
  if (kind && at) return <PastObject kind={kind} id={Number(id)} at={at} href={`/config/${plural}/${id}`} />;
  return kind && Number(id) > 0 ? <ObjectView key={`${plural}.${id}`} kind={kind} id={Number(id)} /> : <NotFound />;
}

function ObjectView({ kind, id }: { kind: KindSpec; id: number }) {
  const navigate = useNavigate();
  const may = useMay();
  const query = useQuery(itemQuery(kind.plural, id));
  const item = query.data?.item;
  const list = `/config/${kind.plural}`;
  return (
    <Page
      title={item ? nameOf(kind, item) : kind.title}
      trail={<Anchor component={Link} to={list}>{kind.plural_title}</Anchor>}
      help={kind.help}
      narrow
      actions={item && may(`${kind.name}:write`) && <RemoveButton kind={kind} item={item} onRemoved={() => void navigate({ href: list })} />}
    >
      <Loaded query={query} rows={8}>
        {(loaded) => (
          <>
            <ObjectEditor kind={kind} loaded={loaded} id={id} />
            {kind.name === "context" && <ContextNumbers context={id} />}
            {kind.name === "account" && may("account:write") && <AccountPassword account={id} />}
            <ObjectHistory kind={kind} id={id} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
