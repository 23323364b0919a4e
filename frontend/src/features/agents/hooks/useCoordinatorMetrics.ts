import type { CoordinatorMetricsBody, Problem } from "@callboard/client";
import { useRoom } from "@/shared/hooks/useRoom";

export interface LiveCoordinatorMetrics {
  metrics: CoordinatorMetricsBody | null;
  error: Problem | null;
  isStale: boolean;
}

/** The coordinator's metrics, live. Needs `agents.view_agent`. */
export function useCoordinatorMetrics(): LiveCoordinatorMetrics {
  const { value, problem, isCurrent } = useRoom("coordinator", "");
  return { metrics: value, error: problem, isStale: value !== null && !isCurrent };
}
