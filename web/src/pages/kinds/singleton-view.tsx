import { useQuery } from "@tanstack/react-query";
import { itemQuery } from "@/api/queries";
import type { KindSpec } from "@/api/types";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { ObjectEditor } from "@/kind/object-editor";
import { placeOf } from "@/kind/values";

/** A kind of which there is one object, such as the general settings: its form. */
export function SingletonView({ kind }: { kind: KindSpec }) {
  const query = useQuery(itemQuery(placeOf(kind), null));
  return (
    <Page title={kind.title} help={kind.help} narrow>
      <Loaded query={query} rows={8}>
        {(loaded) => <ObjectEditor kind={kind} loaded={loaded} id={null} />}
      </Loaded>
    </Page>
  );
}
