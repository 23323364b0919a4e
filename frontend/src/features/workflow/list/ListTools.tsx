/** Search, state, owner and order of the list; all of it stands in the address, so that it can be shared and gone back to. */
import { NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { IconSearch, IconUser } from "@tabler/icons-react";
import { useEffect, useState } from "react";

import type { WorkflowFilter, WorkflowSort, WorkflowState } from "@callboard/client";
import css from "./ListTools.module.css";

/** The filters by state; "Active" is every state that is not final. */
const FILTERS: { value: string; label: string; states: WorkflowState[] }[] = [
  { value: "all", label: "All", states: [] },
  { value: "active", label: "Active", states: ["pending", "running", "pausing", "paused", "cancelling"] },
  { value: "completed", label: "Completed", states: ["completed"] },
  { value: "failed", label: "Failed", states: ["failed"] },
  { value: "cancelled", label: "Cancelled", states: ["cancelled"] },
];
const SORTS: { value: WorkflowSort; label: string }[] = [
  { value: "-created_at", label: "Newest first" },
  { value: "created_at", label: "Oldest first" },
  { value: "-finished_at", label: "Ended last first" },
  { value: "-progress", label: "Furthest first" },
  { value: "title", label: "By title" },
];
const SEARCH_LENGTH = 100;
const TYPING_MS = 250;

/** The filter that an address means. */
export function filterOf(query: URLSearchParams): WorkflowFilter {
  const states = FILTERS.find(({ value }) => value === query.get("show"))?.states ?? [];
  const sort = SORTS.find(({ value }) => value === query.get("sort"))?.value;
  return {
    page: Math.max(1, Math.floor(Number(query.get("page"))) || 1),
    ...(states.length > 0 && { states }),
    ...(sort && { sort }),
    ...wordsOf(query),
  };
}

function wordsOf(query: URLSearchParams): Pick<WorkflowFilter, "search" | "owner"> {
  const search = query.get("search")?.slice(0, SEARCH_LENGTH);
  const owner = query.get("owner");
  return { ...(search && { search }), ...(owner && { owner }) };
}

/** Whether an address leaves anything out of the list. */
export function isFiltered(query: URLSearchParams): boolean {
  return ["show", "search", "owner"].some((name) => query.get(name));
}

interface Props {
  query: URLSearchParams;
  showsOwner: boolean;
  /** "" takes a part out of the address. Back on the first page, whatever it was. */
  onChange: (part: Record<string, string>) => void;
}

export function ListTools({ query, showsOwner, onChange }: Props) {
  return (
    <search className={css.tools}>
      <Words
        label="Search workflows"
        placeholder="Title or idea"
        icon={<IconSearch size={16} aria-hidden />}
        value={query.get("search") ?? ""}
        onChange={(search) => onChange({ search })}
      />
      {showsOwner && (
        <Words
          label="Owner"
          placeholder="Owner"
          icon={<IconUser size={16} aria-hidden />}
          value={query.get("owner") ?? ""}
          onChange={(owner) => onChange({ owner })}
        />
      )}
      <div className={css.states}>
        <SegmentedControl
          aria-label="Show workflows that are"
          data={FILTERS}
          value={query.get("show") ?? "all"}
          onChange={(show) => onChange({ show: show === "all" ? "" : show })}
        />
      </div>
      <NativeSelect
        aria-label="Order"
        data={SORTS}
        value={query.get("sort") ?? "-created_at"}
        onChange={({ currentTarget: { value } }) => onChange({ sort: value === "-created_at" ? "" : value })}
      />
    </search>
  );
}

interface WordsProps {
  label: string;
  placeholder: string;
  icon: React.ReactNode;
  value: string;
  onChange: (value: string) => void;
}

/** Searches while it is typed, but not at every letter. */
function Words({ label, placeholder, icon, value, onChange }: WordsProps) {
  const [typed, setTyped] = useState(value);
  const [lastValue, setLastValue] = useState(value);
  if (value !== lastValue) {
    setLastValue(value); // the address has changed: by Back, or by a link
    setTyped(value);
  }
  useEffect(() => {
    if (typed.trim() === value) return undefined;
    const timer = setTimeout(() => onChange(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={placeholder}
      leftSection={icon}
      maxLength={SEARCH_LENGTH}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  );
}
