import { Anchor, Grid, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { itemQuery } from "@/api/queries";
import type { Loaded as LoadedItem } from "@/api/queries";
import type { Item, KindSpec } from "@/api/types";
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
import { ScheduleCalendar } from "../schedules/schedule-calendar";
import { ScheduleNow } from "../schedules/schedule-now";
import { TrunkStatus } from "../trunks/trunk-status";
import { AccountPassword } from "./account-password";
import { ContextNumbers } from "./context-numbers";

export function ObjectPage() {
  const { plural = "", id = "" } = useParams({ strict: false });
  const kind = useKind(plural);
  const at = useAt();
  if (kind && at) return <PastObject kind={kind} id={Number(id)} at={at} href={`/config/${plural}/${id}`} />;
  return kind && Number(id) > 0 ? <ObjectView key={`${plural}.${id}`} kind={kind} id={Number(id)} /> : <NotFound />;
}

/** Kinds of which there is more to see than what was configured. */
const LIVE = new Set(["schedule", "trunk"]);

function Beside({ kind, item }: { kind: KindSpec; item: Item }) {
  if (kind.name === "trunk") return <TrunkStatus id={item.id} />;
  return (
    <>
      <ScheduleNow kind={kind} item={item} />
      <ScheduleCalendar id={item.id} />
    </>
  );
}

/** The form, and beside it (above, where it is narrow) what holds now. */
function LiveObject({ kind, loaded, id }: { kind: KindSpec; loaded: LoadedItem; id: number }) {
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, lg: 6, xl: 7 }}>
        <Stack gap="lg">
          <ObjectEditor kind={kind} loaded={loaded} id={id} />
          <ObjectHistory kind={kind} id={id} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 6, xl: 5 }} order={{ base: -1, lg: 1 }}>
        <Stack gap="lg"><Beside kind={kind} item={loaded.item} /></Stack>
      </Grid.Col>
    </Grid>
  );
}

function ObjectView({ kind, id }: { kind: KindSpec; id: number }) {
  const navigate = useNavigate();
  const may = useMay();
  const query = useQuery(itemQuery(kind.plural, id));
  const item = query.data?.item;
  const list = `/config/${kind.plural}`;
  const live = LIVE.has(kind.name);
  return (
    <Page
      title={item ? nameOf(kind, item) : kind.title}
      trail={<Anchor component={Link} to={list}>{kind.plural_title}</Anchor>}
      help={kind.help}
      narrow={!live}
      actions={item && may(`${kind.name}:write`) && <RemoveButton kind={kind} item={item} onRemoved={() => void navigate({ href: list })} />}
    >
      <Loaded query={query} rows={8}>
        {(loaded) => live ? <LiveObject kind={kind} loaded={loaded} id={id} /> : (
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
