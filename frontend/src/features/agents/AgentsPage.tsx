import { Button, Skeleton } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { Link } from "react-router";

import { AgentMonitor } from "./components/AgentMonitor";
import { PageMessage } from "@/shared/components/PageMessage";
import { useAgents, useCoordinator } from "@callboard/react";
import { useSession } from "@/shared/hooks/useSession";

/** For operators: every agent and the coordinator, live. */
export function AgentsPage() {
  const { user } = useSession();
  if (user && !user.can_view_agents) return <NoPermission />;
  return <AgentsContent />;
}

function AgentsContent() {
  const { agents, isLoading, error } = useAgents();
  const { metrics } = useCoordinator();
  if (error?.type === "PermissionDenied") return <NoPermission />;
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

function NoPermission() {
  return (
    <PageMessage
      Icon={IconLock}
      title="This page is for operators"
      text="Your account may not watch the agents. Ask an administrator for the permission “Can view agent”."
    >
      <Button component={Link} to="/workflows">
        To your workflows
      </Button>
    </PageMessage>
  );
}
