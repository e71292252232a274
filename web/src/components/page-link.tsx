import { Anchor } from "@mantine/core";
import type { AnchorProps } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

interface Props extends AnchorProps {
  /** A page's address, with what comes after "?". */
  href: string;
  children: ReactNode;
  "aria-label"?: string;
}

/** A link within the pages whose address is made at run time. */
export function PageLink({ href, children, ...rest }: Props) {
  const [path, query = ""] = href.split("?");
  return (
    <Anchor component={Link} to={path} search={Object.fromEntries(new URLSearchParams(query)) as never} {...rest}>
      {children}
    </Anchor>
  );
}
