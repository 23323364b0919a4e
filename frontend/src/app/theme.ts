/** The Mantine theme: warm accents on a neutral grey, so that the pages do not tint the frames. */
import { createTheme } from "@mantine/core";
import type { CSSVariablesResolver, MantineColorsTuple } from "@mantine/core";

// Colours of light in film: tungsten is warm (running), daylight is cool (waiting).
const tungsten: MantineColorsTuple = [
  "#fff4e6",
  "#ffe5c4",
  "#ffd095",
  "#ffba66",
  "#ffa640",
  "#ff9a2b",
  "#e67e14",
  "#b85f06",
  "#924a03",
  "#6b3602",
];
const daylight: MantineColorsTuple = [
  "#eaf4ff",
  "#d2e6ff",
  "#a9cfff",
  "#8fc0ff",
  "#7db7ff",
  "#5a9ff5",
  "#3a80da",
  "#1f60b5",
  "#164a8e",
  "#0f3566",
];
const dark: MantineColorsTuple = [
  "#edebe7",
  "#cbc8c3",
  "#a7a49e",
  "#716f6a",
  "#3b3a37",
  "#2b2a28",
  "#1f1e1d",
  "#141413",
  "#0e0e0d",
  "#080807",
];
const gray: MantineColorsTuple = [
  "#f8f7f5",
  "#f0eeeb",
  "#e5e3df",
  "#d4d1cc",
  "#b9b5af",
  "#8d8983",
  "#65625d",
  "#494744",
  "#2e2d2b",
  "#1a1918",
];

const SANS = "'Archivo Variable', system-ui, sans-serif";
const SCREENPLAY = "'Courier Prime', 'Courier New', monospace";

// Their headers are no banners of the page.
const DIALOG = {
  closeButtonProps: { "aria-label": "Close" },
  attributes: { header: { role: "presentation" } },
};

export const theme = createTheme({
  colors: { tungsten, daylight, dark, gray },
  primaryColor: "tungsten",
  primaryShade: 4,
  autoContrast: true,
  black: "#141413",
  fontFamily: SANS,
  fontFamilyMonospace: SCREENPLAY,
  headings: { fontFamily: SANS, fontWeight: "640", textWrap: "balance" },
  defaultRadius: "md",
  radius: { xs: "3px", sm: "5px", md: "8px", lg: "12px", xl: "18px" },
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    // By their names: the components themselves are loaded with the pages that need them.
    Button: { defaultProps: { fw: 600 } },
    Modal: { defaultProps: { ...DIALOG, centered: true, overlayProps: { backgroundOpacity: 0.7 } } },
    Drawer: { defaultProps: DIALOG },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true } },
  },
});

/** Overrides the colours that Mantine derives from one shade, for contrast on both backgrounds. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  dark: {
    "--mantine-color-body": "#141413",
    "--mantine-color-dimmed": "#a7a49e",
    "--mantine-color-placeholder": "#8a8781",
    "--mantine-color-error": "#ff8291",
    "--mantine-color-anchor": "#ffba66",
    "--mantine-color-tungsten-text": "#ffba66",
    "--mantine-color-tungsten-light-color": "#ffc98a",
    "--mantine-color-tungsten-outline": "#ffba66",
  },
  light: {
    "--mantine-color-body": "#f8f7f5",
    "--mantine-color-dimmed": "#65625d",
    "--mantine-color-placeholder": "#76726c",
    "--mantine-color-error": "#b9203a",
    "--mantine-color-anchor": "#924a03",
    "--mantine-color-tungsten-text": "#924a03",
    "--mantine-color-tungsten-light-color": "#7d3f03",
    "--mantine-color-tungsten-outline": "#924a03",
  },
});
