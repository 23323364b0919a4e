import type { CoordinatorMetricsBody, Problem } from "@callboard/client";
import { useRoom } from "./useRoom";

export interface LiveCoordinator {
  metrics: CoordinatorMetricsBody | null;
  error: Problem | null;
  isStale: boolean;
}

/** The coordinator's metrics, live. Needs `agents.view_agent`. */
export function useCoordinator(): LiveCoordinator {
  const { value, problem, isCurrent } = useRoom("coordinator", "");
  return { metrics: value, error: problem, isStale: value !== null && !isCurrent };
}
