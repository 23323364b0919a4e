import { useEffect, useState } from "react";

/** For a dialog that is mounted only while it is open: when it goes, what had the focus has it again, or else the heading. */
export function useFocusBack(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (document.activeElement !== document.body) return; // it has gone elsewhere already
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
      if (document.activeElement === document.body) document.querySelector("h1")?.focus();
    },
    [opener],
  );
}
