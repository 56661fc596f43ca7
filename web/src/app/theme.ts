import {
  Alert,
  Badge,
  Button,
  Card,
  createTheme,
  Drawer,
  type MantineColorsTuple,
  Menu,
  Modal,
  Skeleton,
  Table,
  Tooltip,
} from "@mantine/core";

const sky: MantineColorsTuple = [
  "#e9f5fb",
  "#d3e8f4",
  "#a6d2e9",
  "#76bbde",
  "#55a9d6",
  "#3a97c9",
  "#2487bb",
  "#1779a6",
  "#0a6b96",
  "#055a80",
];

/** Slate instead of Mantine's neutral greys: calmer beside the blue. */
const dark: MantineColorsTuple = [
  "#cdd5de",
  "#b4bec9",
  "#8e9aa9",
  "#6a7788",
  "#364151",
  "#2a3442",
  "#1e2732",
  "#161d26",
  "#10161d",
  "#0a0e13",
];

const gray: MantineColorsTuple = [
  "#f6f8fa",
  "#eef1f5",
  "#e3e8ee",
  "#d3dae3",
  "#c1cad5",
  "#9aa6b5",
  "#6b7889",
  "#4a5665",
  "#323c49",
  "#1d242d",
];

export const theme = createTheme({
  primaryColor: "sky",
  primaryShade: { light: 8, dark: 7 },
  colors: { sky, dark, gray },
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: "12px", sm: "13.5px", md: "15px", lg: "17px", xl: "20px" },
  headings: { fontWeight: "650" },
  defaultRadius: "md",
  radius: { xs: "3px", sm: "5px", md: "7px", lg: "10px", xl: "32px" },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Alert: Alert.extend({
      defaultProps: { p: "sm" },
      styles: { wrapper: { minWidth: 0 }, body: { minWidth: 0 } },
    }),
    Badge: Badge.extend({ defaultProps: { tt: "none", variant: "light" } }),
    Button: Button.extend({ defaultProps: { size: "sm" } }),
    Card: Card.extend({ defaultProps: { padding: "md" } }),
    Drawer: Drawer.extend({ defaultProps: { closeButtonProps: { "aria-label": "Close" } } }),
    Menu: Menu.extend({ defaultProps: { shadow: "md", position: "bottom-end" } }),
    Modal: Modal.extend({
      defaultProps: { closeButtonProps: { "aria-label": "Close" } },
      styles: { title: { fontWeight: 650 } },
    }),
    Skeleton: Skeleton.extend({ defaultProps: { radius: "sm" } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 7, horizontalSpacing: "md" } }),
    Tooltip: Tooltip.extend({
      defaultProps: { withArrow: true, events: { hover: true, focus: true, touch: true } },
    }),
  },
});
