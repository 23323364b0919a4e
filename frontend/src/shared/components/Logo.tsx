/** The logo, a clapperboard in the colours of the theme. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden focusable="false">
      <path d="M9 27h46v22a7 7 0 0 1-7 7H16a7 7 0 0 1-7-7z" fill="currentColor" />
      <path
        d="M8 20.500 52.600 7.200a2 2 0 0 1 2.500 1.400l1.700 5.900L10.400 28.300z"
        fill="var(--accent)"
      />
      <path
        d="m19.600 17 6.900-2 6 6.700-6.900 2.100zm17-5 6.900-2.100 6 6.700-6.900 2.100z"
        fill="var(--mantine-color-body)"
      />
      <path
        d="M27 34.200a1.500 1.500 0 0 1 2.300-1.300l12 7.300a1.500 1.500 0 0 1 0 2.600l-12 7.300a1.500 1.500 0 0 1-2.300-1.300z"
        fill="var(--mantine-color-body)"
      />
    </svg>
  );
}
