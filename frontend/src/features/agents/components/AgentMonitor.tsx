/** All agents and the coordinator's metrics, with a search and a filter; failing agents come first. */
import { SegmentedControl, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";

import type { AgentState, AgentStatusBody, CoordinatorMetricsBody } from "@callboard/client";
import css from "./AgentMonitor.module.css";
import { AgentDetails } from "./AgentDetails";
import { AGENT_STATES, AgentStatusCard, isFailing } from "./AgentStatusCard";
import { MetricTiles } from "./MetricTiles";

interface Props {
  agents: readonly AgentStatusBody[];
  metrics: CoordinatorMetricsBody | undefined;
}

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
          {shown.map((agent) => (
            <li key={agent.agent_name}>
              <AgentStatusCard agent={agent} onOpen={() => setOpened(agent.agent_name)} />
            </li>
          ))}
        </ul>
      ) : (
        <p className={css.none}>
          {agents.length ? "No agent matches this search." : "No agents are registered."}
        </p>
      )}
      {opened && <AgentDetails agent={opened} onClose={() => setOpened("")} />}
    </>
  );
}

function filterLabel(value: Filter, agents: readonly AgentStatusBody[]): string {
  if (value === "all") return `All ${agents.length}`;
  const count = agents.filter((agent) => agent.status === value).length;
  return count ? `${AGENT_STATES[value].label} ${count}` : AGENT_STATES[value].label;
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
