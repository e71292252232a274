import { Anchor, Grid, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { itemQuery } from "@/api/queries";
import { useMay } from "@/app/session";
import { Card } from "@/components/card";
import { Loaded } from "@/components/loaded";
import { NotFound } from "@/components/not-found";
import { Page } from "@/components/page";
import { ObjectEditor } from "@/kind/object-editor";
import { ObjectHistory } from "@/kind/object-history";
import { PastObject, useAt } from "@/kind/past-object";
import { RemoveButton } from "@/kind/remove-button";
import { useKind } from "@/kind/schema";
import { nameOf } from "@/kind/values";
import { RegistrationState } from "./registration-state";
import { RevealSecret } from "./reveal-secret";

export function LinePage() {
  const { t } = useTranslation();
  const { id = "" } = useParams({ strict: false });
  const kind = useKind("line");
  const navigate = useNavigate();
  const may = useMay();
  const at = useAt();
  const line = Number(id);
  const query = useQuery(itemQuery("lines", line));
  if (!kind || !(line > 0)) return <NotFound />;
  if (at) return <PastObject kind={kind} id={line} at={at} href={`/lines/${id}`} />;
  const item = query.data?.item;
  return (
    <Page
      title={item ? nameOf(kind, item) : kind.title}
      trail={<Anchor component={Link} to="/lines">{kind.plural_title}</Anchor>}
      help={kind.help}
      actions={item && may("line:write") && <RemoveButton kind={kind} item={item} onRemoved={() => void navigate({ to: "/lines" })} />}
    >
      <Loaded query={query} rows={8}>
        {(loaded) => (
          <Grid gap="lg">
            <Grid.Col span={{ base: 12, lg: 7, xl: 8 }}>
              <ObjectEditor key={id} kind={kind} loaded={loaded} id={line} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 5, xl: 4 }} order={{ base: -1, lg: 1 }}>
              <Stack gap="lg">
                <Card title={t("lines.registration")}>
                  <RegistrationState line={line} />
                </Card>
                {may("secret:reveal") && <RevealSecret line={line} name={String(loaded.item.name)} />}
                <ObjectHistory kind={kind} id={line} />
              </Stack>
            </Grid.Col>
          </Grid>
        )}
      </Loaded>
    </Page>
  );
}
