import { Box } from "@mantine/core";
import type { ReactNode } from "react";

/** Something wide, such as a table, that scrolls by itself on a narrow screen; the keyboard can scroll it, too. */
export function ScrollBox({ label, minWidth, children }: { label: string; minWidth?: number; children: ReactNode }) {
  return (
    <Box style={{ overflowX: "auto" }} tabIndex={0} role="group" aria-label={label}>
      <div style={{ minWidth }}>{children}</div>
    </Box>
  );
}
