import { type RefObject, useEffect, useRef } from "react";
import { useLocation } from "react-router";

/**
 * Moves the focus to the heading of a page that was navigated to, as soon as it is there: a screen reader reads it then.
 * `atFirst`: also to that of the first page, since another one (the sign-in) was here before it.
 */
export function useFocusHeading(main: RefObject<HTMLElement | null>, atFirst: boolean): void {
  const { pathname } = useLocation();
  const seen = useRef(atFirst ? null : pathname);
  useEffect(() => {
    if (seen.current === pathname) return undefined;
    seen.current = pathname;
    if (!main.current || focusHeading(main.current)) return undefined;
    // It is still being loaded. Whoever goes elsewhere meanwhile stays there.
    const page = main.current;
    const observer = new MutationObserver(() => {
      if (focusHeading(page)) observer.disconnect();
    });
    const give = () => observer.disconnect();
    observer.observe(page, { childList: true, subtree: true });
    document.addEventListener("focusin", give);
    return () => {
      observer.disconnect();
      document.removeEventListener("focusin", give);
    };
  }, [pathname, main]);
}

function focusHeading(page: HTMLElement): boolean {
  const heading = page.querySelector("h1");
  if (!heading) return false;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  return true;
}
