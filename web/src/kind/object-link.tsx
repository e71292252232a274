import type { AnchorProps } from "@mantine/core";
import { PageLink } from "@/components/page-link";
import { useKind } from "./schema";
import { placeOf } from "./values";

const OWN_PAGES = new Set(["user", "line"]);

interface Props extends AnchorProps {
  object: { kind: string; id: number; label: string };
}

/** An object's name that opens its page; the name alone when the kind has no page. */
export function ObjectLink({ object, ...rest }: Props) {
  const kind = useKind(object.kind);
  const label = object.label || `#${object.id}`;
  if (!kind) return <>{label}</>;
  const href = OWN_PAGES.has(kind.name) ? `/${kind.plural}/${object.id}` : kind.singleton ? `/config/${kind.name}` : `/config/${placeOf(kind)}/${object.id}`;
  return <PageLink href={href} underline="always" {...rest}>{label}</PageLink>;
}
