/** `@callboard/react`: workflows and agents as hooks and components. Import "@callboard/react/styles.css" for their look. */

export { CallboardProvider, useCallboard, type CallboardClient } from "./CallboardProvider";
export { useAgents, type LiveAgents } from "./useAgents";
export { useConnection, type ConnectionHook } from "./useConnection";
export { useControl, type Control, type ControlOptions, type ControlReport } from "./useControl";
export { useCoordinator, type LiveCoordinator } from "./useCoordinator";
export { useNow } from "./useNow";
export { useRoom } from "./useRoom";
export { useThrottledText } from "./useThrottledText";
export { useWebSocket, type MessageOf, type WebSocketHook, type WebSocketOptions } from "./useWebSocket";
export { useWorkflow, type LiveWorkflow } from "./useWorkflow";
export { PAGE_SIZE, useWorkflows, type WorkflowList } from "./useWorkflows";
export { AgentStatusCard, agentStatus } from "./AgentStatusCard";
export { percent, ProgressBar } from "./ProgressBar";
export { stateTone, type Tone } from "./tones";
export { WorkflowProgress } from "./WorkflowProgress";
