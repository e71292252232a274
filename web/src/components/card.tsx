import { Group, Paper, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useId } from "react";

interface Props {
  title?: string;
  actions?: ReactNode;
  children: ReactNode;
  flush?: boolean;
}

/** A part of a page with a heading of its own. */
export function Card({ title, actions, children, flush = false }: Props) {
  const id = useId();
  return (
    <Paper withBorder radius="lg" p={flush ? 0 : "lg"} component="section" aria-labelledby={title ? id : undefined} style={{ overflow: "hidden" }}>
      {(title ?? actions) && (
        <Group justify="space-between" mb={flush ? 0 : "md"} p={flush ? "lg" : 0} pb={flush ? "sm" : 0}>
          {title && (
            <Title order={2} size="h4" id={id}>
              {title}
            </Title>
          )}
          {actions}
        </Group>
      )}
      {children}
    </Paper>
  );
}
