export { useCoordinator as useCoordinatorMetrics } from "@callboard/react";
