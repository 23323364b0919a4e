/** All agents and the coordinator's metrics, with a search and a filter; failing agents come first. */
import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";

import {
  type AgentState,
  type AgentStatusBody,
  capitalize,
  type CoordinatorMetricsBody,
} from "@callboard/client";
import { useNow } from "@/shared/hooks/useNow";
import { useActivity } from "../hooks/useActivity";
import css from "./AgentMonitor.module.css";
import { AgentDetails } from "./AgentDetails";
import { AgentStatusCard, isFailing } from "./AgentStatusCard";
import { MetricTiles } from "./MetricTiles";

interface Props {
  agents: readonly AgentStatusBody[];
  metrics: CoordinatorMetricsBody | undefined;
}

/** At once; there may be a thousand. */
const SHOWN = 50;

type Filter = AgentState | "all";
const FILTERS: Filter[] = ["all", "busy", "idle", "error", "offline"];

export function AgentMonitor({ agents, metrics }: Props) {
  const [filter, setFilter] = useState<Filter>("all");
  const [words, setWords] = useState("");
  const [openedName, setOpened] = useState("");
  const opened = agents.find((agent) => agent.agent_name === openedName);
  const shown = agents
    .filter((agent) => (filter === "all" || agent.status === filter) && matches(agent, words))
    .toSorted((a, b) => concern(a) - concern(b) || a.agent_name.localeCompare(b.agent_name));
  const [most, setMost] = useState(SHOWN);
  const visible = shown.slice(0, most);
  const history = useActivity(useNames(visible));
  const now = useNow(30_000);
  return (
    <>
      <MetricTiles metrics={metrics} />
      <div className={css.tools}>
        <SegmentedControl
          aria-label="Show agents that are"
          size="sm"
          value={filter}
          onChange={(value) => setFilter(value)}
          data={FILTERS.map((value) => ({ value, label: filterLabel(value, agents) }))}
        />
        <TextInput
          aria-label="Search agents"
          placeholder="Name or skill"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      </div>
      {shown.length ? (
        <ul className={css.grid}>
          {visible.map((agent) => (
            <li key={agent.agent_name}>
              <AgentStatusCard
                agent={agent}
                history={history[agent.agent_name]}
                now={now}
                onOpen={() => setOpened(agent.agent_name)}
              />
            </li>
          ))}
        </ul>
      ) : (
        <p className={css.none}>
          {agents.length ? "No agent matches this search." : "No agents are registered."}
        </p>
      )}
      {shown.length > most && (
        <Button variant="default" mt={16} onClick={() => setMost(most + SHOWN)}>
          Show {Math.min(SHOWN, shown.length - most)} more of {shown.length}
        </Button>
      )}
      {opened && <AgentDetails agent={opened} onClose={() => setOpened("")} />}
    </>
  );
}

/** The same array as long as it has the same names, however often the agents change. */
function useNames(agents: readonly AgentStatusBody[]): readonly string[] {
  const joined = agents.map(({ agent_name }) => agent_name).join();
  return useMemo(() => (joined === "" ? [] : joined.split(",")), [joined]);
}

function filterLabel(value: Filter, agents: readonly AgentStatusBody[]): string {
  if (value === "all") return `All ${agents.length}`;
  const count = agents.filter((agent) => agent.status === value).length;
  return count ? `${capitalize(value)} ${count}` : capitalize(value);
}

/** The sort key: failing 0, working 1, offline 2. Busy and idle are equal, so that cards do not move with every job. */
function concern(agent: AgentStatusBody): number {
  if (isFailing(agent)) return 0;
  return agent.status === "offline" ? 2 : 1;
}

function matches(agent: AgentStatusBody, words: string): boolean {
  const text = [
    agent.agent_name.replaceAll(/[_-]/g, " "),
    agent.description,
    ...agent.skills.map((skill) => skill.name),
  ];
  return text.join(" ").toLowerCase().includes(words.trim().toLowerCase().replaceAll(/[_-]/g, " "));
}
