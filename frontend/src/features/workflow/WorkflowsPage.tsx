import { Button, Pagination, SegmentedControl, Skeleton } from "@mantine/core";
import { IconAlertTriangle, IconBulb, IconFileText, IconFilterOff, IconMovie } from "@tabler/icons-react";
import { Link, useSearchParams } from "react-router";

import { PageMessage } from "@/shared/components/PageMessage";
import { useNow } from "@/shared/hooks/useNow";
import { WorkflowCard } from "./components/WorkflowCard";
import { useWorkflows } from "./hooks/useWorkflows";
import type { WorkflowList } from "./hooks/useWorkflows";
import type { WorkflowState } from "@callboard/client";
import css from "./WorkflowsPage.module.css";

const PAGE_SIZE = 25;
/** The filters by state; "Active" is every state that is not final. */
const FILTERS: { value: string; label: string; states: WorkflowState[] }[] = [
  { value: "all", label: "All", states: [] },
  { value: "active", label: "Active", states: ["pending", "running", "pausing", "paused", "cancelling"] },
  { value: "completed", label: "Completed", states: ["completed"] },
  { value: "failed", label: "Failed", states: ["failed"] },
  { value: "cancelled", label: "Cancelled", states: ["cancelled"] },
];
const ALL = FILTERS[0];

export function WorkflowsPage() {
  const [query, setQuery] = useSearchParams();
  const filter = FILTERS.find(({ value }) => value === query.get("show")) ?? ALL;
  const page = Math.max(1, Number(query.get("page")) || 1);
  const list = useWorkflows({ page, ...(filter?.states.length && { states: filter.states }) });
  const pages = Math.ceil(list.count / PAGE_SIZE);
  return (
    <>
      <title>Workflows – Callboard</title>
      <div className={css.head}>
        <h1>Workflows</h1>
        <div className={css.tools}>
          <StateFilter
            value={filter?.value ?? "all"}
            onChange={(show) => setQuery(show === "all" ? {} : { show })}
          />
        </div>
      </div>
      <Rows list={list} isFiltered={filter !== ALL} />
      {pages > 1 && (
        <Pagination
          total={pages}
          value={page}
          onChange={(next) => setQuery({ ...Object.fromEntries(query), page: String(next) })}
          getControlProps={(control) => ({ "aria-label": `${control} page` })}
        />
      )}
    </>
  );
}

function StateFilter({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <div className={css.filter}>
      <SegmentedControl
        aria-label="Show workflows that are"
        data={FILTERS}
        value={value}
        onChange={onChange}
      />
    </div>
  );
}

function Rows({ list, isFiltered }: { list: WorkflowList; isFiltered: boolean }) {
  const now = useNow(30_000);
  if (list.isLoading) return <Loading />;
  if (list.error && !list.rows.length) {
    return (
      <PageMessage
        Icon={IconAlertTriangle}
        title="The workflows could not be loaded"
        text={list.error.message}
      >
        <Button onClick={list.refetch}>Try again</Button>
      </PageMessage>
    );
  }
  if (!list.rows.length) return isFiltered ? <NoMatch /> : <EmptyList />;
  return (
    <ul className={css.grid}>
      {list.rows.map((row) => (
        <li key={row.id}>
          <WorkflowCard row={row} now={now} />
        </li>
      ))}
    </ul>
  );
}

function Loading() {
  return (
    <div className={css.grid} aria-busy="true" aria-label="Loading your workflows">
      {[1, 2, 3, 4, 5, 6].map((card) => (
        <Skeleton key={card} className={css.waiting ?? ""} />
      ))}
    </div>
  );
}

function EmptyList() {
  return (
    <PageMessage
      Icon={IconMovie}
      title="Make your first video"
      text="Type an idea, or bring a screenplay. You will see it being written, drawn and cut, frame by frame."
    >
      <Button component={Link} to="/idea2video" leftSection={<IconBulb size={18} aria-hidden />}>
        Start from an idea
      </Button>
      <Button
        component={Link}
        to="/script2video"
        variant="default"
        leftSection={<IconFileText size={18} aria-hidden />}
      >
        Start from a screenplay
      </Button>
    </PageMessage>
  );
}

function NoMatch() {
  return (
    <PageMessage
      Icon={IconFilterOff}
      title="None at the moment"
      text="No workflow of yours is in this state."
    >
      <Button component={Link} to="/workflows" variant="default">
        Show all
      </Button>
    </PageMessage>
  );
}
