import { Box, Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTitle } from "./use-title";

interface Props {
  title: string;
  help?: ReactNode;
  /** Above the title: where this page is. */
  trail?: ReactNode;
  actions?: ReactNode;
  /** A form is easier to read narrow, a table wide. */
  narrow?: boolean;
  children: ReactNode;
}

export function Page({ title, help, trail, actions, narrow = false, children }: Props) {
  useTitle(title);
  return (
    <Box maw={narrow ? 980 : 2200} mx="auto" w="100%">
      <Stack gap="lg">
        <Group justify="space-between" align="flex-end" gap="md">
          <Stack gap={2} style={{ minWidth: 0 }}>
            {trail && <Text size="sm">{trail}</Text>}
            <Title order={1} size="h2" className="wrap">
              {title}
            </Title>
            {help && (
              <Text c="dimmed" maw={760}>
                {help}
              </Text>
            )}
          </Stack>
          {actions && <Group gap="sm">{actions}</Group>}
        </Group>
        {children}
      </Stack>
    </Box>
  );
}
