/** The list of workflows, live: found, sorted, and paused, cancelled or deleted several at once. */
import { Button, Pagination, Skeleton } from "@mantine/core";
import { IconAlertTriangle, IconBulb, IconFileText, IconFilterOff, IconMovie } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { Link, useSearchParams } from "react-router";

import { PageMessage } from "@/shared/components/PageMessage";
import { formatBytes } from "@/shared/formatBytes";
import { useSession } from "@/shared/hooks/useSession";
import { useServices } from "@/shared/services";
import { PAGE_SIZE, useWorkflows, type WorkflowList } from "@callboard/react";
import { BulkBar, DeleteDialog } from "./list/BulkBar";
import { filterOf, isFiltered, ListTools } from "./list/ListTools";
import { useBulk } from "./list/useBulk";
import { useSelection } from "./list/useSelection";
import { WorkflowGrid } from "./list/WorkflowGrid";
import css from "./WorkflowsPage.module.css";

export function WorkflowsPage() {
  const [query, setQuery] = useSearchParams();
  const { user } = useSession();
  const filter = useMemo(() => filterOf(query), [query]);
  const list = useWorkflows(filter);
  const showsOwner = user?.can_view_workflows ?? false;
  const change = useCallback(
    (part: Record<string, string>) =>
      setQuery((before) => {
        const { page: _, ...rest } = { ...Object.fromEntries(before), ...part };
        return Object.fromEntries(
          Object.entries({ ...rest, page: part["page"] ?? "" }).filter(([, text]) => text),
        );
      }),
    [setQuery],
  );
  const pages = Math.ceil(list.count / PAGE_SIZE);
  return (
    <>
      <title>Workflows – Callboard</title>
      <div className={css.head}>
        <h1>Workflows</h1>
        <Sums count={list.count} isKnown={!list.isLoading && !list.error} />
      </div>
      <ListTools query={query} showsOwner={showsOwner} onChange={change} />
      <Content list={list} isFiltered={isFiltered(query)} showsOwner={showsOwner} />
      {pages > 1 && (
        <Pagination
          total={pages}
          value={filter.page ?? 1}
          onChange={(page) => change({ page: page === 1 ? "" : String(page) })}
          getControlProps={(control) => ({ "aria-label": `${control} page` })}
        />
      )}
    </>
  );
}

const SUMS_MS = 60_000;

/** How many there are, and what one's own files take. */
function Sums({ count, isKnown }: { count: number; isKnown: boolean }) {
  const { api } = useServices();
  const { data } = useQuery({
    queryKey: ["stored bytes", count],
    queryFn: ({ signal }) => api.storedBytes(signal),
    placeholderData: (before) => before,
    refetchInterval: SUMS_MS,
  });
  if (!isKnown) return null;
  const stored =
    data && ` · your files take ${formatBytes(data.stored_bytes)} of ${formatBytes(data.limit_bytes)}`;
  return (
    <p className={css.sums}>
      {count === 1 ? "1 workflow" : `${count.toLocaleString()} workflows`}
      {stored}
    </p>
  );
}

interface ContentProps {
  list: WorkflowList;
  isFiltered: boolean;
  showsOwner: boolean;
}

function Content({ list, isFiltered: hasFilter, showsOwner }: ContentProps) {
  const selection = useSelection(useMemo(() => list.rows.map(({ id }) => id), [list.rows]));
  const bulk = useBulk();
  const [isDeleting, setDeleting] = useState(false);
  const chosen = list.rows.filter(({ id }) => selection.has(id));
  if (list.isLoading) return <Loading />;
  if (list.error && !list.rows.length) return <Failed list={list} />;
  if (!list.rows.length) return hasFilter ? <NoMatch /> : <EmptyList />;
  return (
    <>
      <WorkflowGrid
        rows={list.rows}
        selection={selection}
        outcomes={bulk.outcomes}
        showsOwner={showsOwner}
        isOutdated={list.isOutdated}
        onDelete={() => setDeleting(chosen.length > 0)}
      />
      <BulkBar
        rows={chosen}
        isRunning={bulk.isRunning}
        onAct={(action) => void bulk.run(action, chosen)}
        onDelete={() => setDeleting(true)}
        onClear={() => {
          selection.clear();
          bulk.forget();
        }}
      />
      {isDeleting && (
        <DeleteDialog
          rows={chosen}
          onConfirm={(rows) => {
            setDeleting(false);
            void bulk.run("delete", rows);
          }}
          onClose={() => setDeleting(false)}
        />
      )}
    </>
  );
}

function Failed({ list }: { list: WorkflowList }) {
  return (
    <PageMessage
      isPart
      Icon={IconAlertTriangle}
      title="The workflows could not be loaded"
      text={list.error?.message ?? ""}
    >
      <Button onClick={list.refetch}>Try again</Button>
    </PageMessage>
  );
}

function Loading() {
  return (
    <section className={css.waiting} aria-busy="true" aria-label="Loading your workflows">
      {[1, 2, 3, 4, 5, 6].map((row) => (
        <Skeleton key={row} height={92} radius={12} />
      ))}
    </section>
  );
}

function EmptyList() {
  return (
    <PageMessage
      isPart
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
      isPart
      Icon={IconFilterOff}
      title="None at the moment"
      text="No workflow fits what you are looking for. A search looks at the newest 10,000."
    >
      <Button component={Link} to="/workflows" variant="default">
        Show all
      </Button>
    </PageMessage>
  );
}
