import { createTheme } from "@mantine/core";
import type { CSSVariablesResolver, MantineColorsTuple } from "@mantine/core";

const navy: MantineColorsTuple = [
  "#eef4ff", "#dce6f8", "#b6caee", "#8cabe4", "#6a91dc", "#5480d6", "#4073c9", "#2f5fae", "#21498a", "#17366b",
];

export const theme = createTheme({
  primaryColor: "navy",
  primaryShade: { light: 7, dark: 6 },
  colors: { navy },
  autoContrast: true,
  defaultRadius: "md",
  cursorType: "pointer",
  fontFamily: '"Inter", system-ui, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", "Liberation Mono", monospace',
  headings: { fontWeight: "650" },
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { events: { hover: true, focus: true, touch: true }, openDelay: 250 } },
    Modal: { defaultProps: { centered: true }, styles: { title: { fontWeight: 650, fontSize: "1.1rem" } } },
    Badge: { defaultProps: { tt: "none", size: "lg", fw: 600 }, styles: { root: { flexShrink: 0, minWidth: "max-content", fontSize: "0.8rem" } } },
    Drawer: { styles: { title: { fontWeight: 650, fontSize: "1.15rem" } } },
    Anchor: { defaultProps: { underline: "hover" } },
  },
});

/** Mantine's grey for secondary text and its errors are too pale to be read (WCAG AA wants 4.5). */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#566070",
    "--mantine-color-error": "#c02626",
    "--mantine-color-placeholder": "#6b7482",
    "--mantine-color-body": "#ffffff",
    "--xivo-page": "#f5f7fa",
    "--mantine-color-green-light-color": "#1d6130",
    "--mantine-color-orange-light-color": "#9c3a04",
    "--mantine-color-red-light-color": "#a51d1d",
    "--mantine-color-gray-light-color": "#454c55",
    "--mantine-color-grape-light-color": "#7d2391",
    "--mantine-color-anchor": "#21498a",
  },
  dark: {
    "--mantine-color-green-light-color": "#9fe3af",
    "--mantine-color-orange-light-color": "#ffcb94",
    "--mantine-color-red-light-color": "#ffb3b3",
    "--mantine-color-navy-light-color": "#b6caee",
    "--mantine-color-gray-light-color": "#ced4da",
    "--mantine-color-dimmed": "#a5adba",
    "--mantine-color-error": "#ff8787",
    "--mantine-color-placeholder": "#8b94a3",
    "--mantine-color-body": "#1b1f27",
    "--xivo-page": "#14171d",
    "--mantine-color-anchor": "#8cabe4",
  },
});
