import { Skeleton } from "@mantine/core";

import { AgentMonitor } from "./components/AgentMonitor";
import { OperatorsOnly } from "@/shared/components/OperatorsOnly";
import { useAgents, useCoordinator } from "@callboard/react";
import { useSession } from "@/shared/hooks/useSession";

/** For operators: every agent and the coordinator, live. */
export function AgentsPage() {
  const { user } = useSession();
  if (user && !user.can_view_agents) return <OperatorsOnly what="watch the agents" />;
  return <AgentsContent />;
}

function AgentsContent() {
  const { agents, isLoading, error } = useAgents();
  const { metrics } = useCoordinator();
  if (error?.type === "PermissionDenied") return <OperatorsOnly what="watch the agents" />;
  return (
    <>
      <title>Agents – Callboard</title>
      <h1 style={{ margin: "0 0 18px" }}>Agents</h1>
      {isLoading ? (
        <Skeleton height={420} aria-label="Loading the agents" />
      ) : (
        <AgentMonitor agents={agents} metrics={metrics ?? undefined} />
      )}
    </>
  );
}
