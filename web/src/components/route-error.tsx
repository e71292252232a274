import { Container } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { ProblemAlert } from "./problem-alert";

/** A page that broke: the others still work. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  return (
    <Container py="xl" component="main">
      <ProblemAlert error={error} retry={reset} />
    </Container>
  );
}
