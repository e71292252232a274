import { Stack, Text, ThemeIcon } from "@mantine/core";
import type { ReactNode } from "react";

/** Nothing here yet: says so, and what to do about it. */
export function Empty({ icon, title, help, action }: { icon?: ReactNode; title: string; help?: ReactNode; action?: ReactNode }) {
  return (
    <Stack align="center" gap="xs" py={40} px="md" role="status">
      {icon && (
        <ThemeIcon size={56} radius="xl" variant="light" color="navy" aria-hidden>
          {icon}
        </ThemeIcon>
      )}
      <Text fw={600} ta="center">
        {title}
      </Text>
      {help && (
        <Text c="dimmed" ta="center" maw={480} component="div">
          {help}
        </Text>
      )}
      {action}
    </Stack>
  );
}
