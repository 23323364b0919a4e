import { useCallback, useMemo, useState } from "react";

export interface Selection {
  /** The chosen ids that are on the page, in its order. */
  chosen: string[];
  has: (id: string) => boolean;
  /** Chooses one more, or takes it back; the next range begins here. */
  toggle: (id: string) => void;
  /** Chooses everything from where the last choice was made up to here. */
  extendTo: (id: string) => void;
  chooseAll: () => void;
  clear: () => void;
}

/** What is chosen of `ids`, which are the rows of the page in their order. What leaves the page is not chosen any more. */
export function useSelection(ids: readonly string[]): Selection {
  const [marked, setMarked] = useState<ReadonlySet<string>>(NONE);
  const [anchor, setAnchor] = useState("");
  const chosen = useMemo(() => ids.filter((id) => marked.has(id)), [ids, marked]);

  const toggle = useCallback((id: string) => {
    setAnchor(id);
    setMarked((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }, []);
  const extendTo = useCallback(
    (id: string) => {
      const [from, to] = [Math.max(0, ids.indexOf(anchor)), ids.indexOf(id)].toSorted((a, b) => a - b);
      setMarked((before) => new Set([...before, ...ids.slice(from, (to ?? 0) + 1)]));
    },
    [ids, anchor],
  );
  const chooseAll = useCallback(() => setMarked(new Set(ids)), [ids]);
  const clear = useCallback(() => setMarked(NONE), []);
  const has = useCallback((id: string) => marked.has(id), [marked]);
  return { chosen, has, toggle, extendTo, chooseAll, clear };
}

const NONE: ReadonlySet<string> = new Set();
