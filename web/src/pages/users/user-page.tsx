import { Anchor, Grid, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { itemQuery } from "@/api/queries";
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
import { UserCalls } from "./user-calls";
import { UserLines } from "./user-lines";
import { UserExtensions } from "./user-extensions";

/** Everything about one person on one page. */
export function UserPage() {
  const { id = "" } = useParams({ strict: false });
  const kind = useKind("user");
  const navigate = useNavigate();
  const may = useMay();
  const at = useAt();
  const query = useQuery(itemQuery("users", Number(id)));
  if (!kind || !(Number(id) > 0)) return <NotFound />;
  if (at) return <PastObject kind={kind} id={Number(id)} at={at} href={`/users/${id}`} />;
  const item = query.data?.item;
  return (
    <Page
      title={item ? nameOf(kind, item) : kind.title}
      trail={<Anchor component={Link} to="/users">{kind.plural_title}</Anchor>}
      actions={item && may("user:write") && <RemoveButton kind={kind} item={item} onRemoved={() => void navigate({ to: "/users" })} />}
    >
      <Loaded query={query} rows={8}>
        {(loaded) => (
          <Grid gap="lg">
            <Grid.Col span={{ base: 12, lg: 7, xl: 8 }}>
              <ObjectEditor key={id} kind={kind} loaded={loaded} id={Number(id)} without={["lines", "extensions"]} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 5, xl: 4 }} order={{ base: -1, lg: 1 }}>
              <Stack gap="lg">
                <UserExtensions user={loaded.item} />
                <UserLines user={loaded.item} />
                <UserCalls user={loaded.item} />
                <ObjectHistory kind={kind} id={Number(id)} />
              </Stack>
            </Grid.Col>
          </Grid>
        )}
      </Loaded>
    </Page>
  );
}
