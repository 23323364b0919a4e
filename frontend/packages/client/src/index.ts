/** `@callboard/client`: a server's workflows, live. Framework-free. */

export * from "./messages.gen";
export { addArtifacts, addTasks, applyMessage, taskCount, type SnapshotMessage } from "./applyMessage";
export { assertNever } from "./assertNever";
export type { BrowserEnvironment } from "./browserEnvironment";
export { wallClock, type Cancel, type Clock } from "./clock";
export { Client, createClient, type ClientOptions } from "./Client";
export { Connection, type ConnectionOptions, type HttpApi, type MessageListener } from "./Connection";
export { liveRows } from "./liveRows";
export type { ControlAck, ControlCall, ControlCommand, ControlResult } from "./Controls";
export type { ConnectionState, ConnectionStatus, DisconnectCause } from "./ReconnectingSocket";
export type { SingleMessage } from "./parseFrame";
export type { Problem, RoomView } from "./Room";
export { SharedSocket } from "./SharedSocket";
export type { RoomValues } from "./Subscriptions";
export type { LiveWorkflows } from "./WorkflowsRoom";
export { browserTabs, type TabChannel, type Tabs } from "./tabs";
export { randomId } from "./randomId";
export type { TokenSource } from "./TokenSource";
export { capitalize, humanize } from "./words/formatText";
export {
  formatDuration,
  formatElapsed,
  formatRange,
  formatTimeAgo,
  formatTimeLeft,
  formatTimeOfDay,
  secondsBetween,
} from "./words/formatTime";
export { formatFilmUsage, formatUsage } from "./words/formatUsage";
export {
  characterName,
  itemNames,
  namesOf,
  stepName,
  runningTasks,
  tasksOf,
  taskName,
  type ItemNames,
} from "./words/names";
export { besides, isMoving, rowSentence, sentenceOf } from "./words/sentence";
export { stateLabel } from "./words/states";
export { Api } from "./http/Api";
export { ApiError, refusalOf, retryAfterOf } from "./http/ApiError";
export { Session } from "./http/Session";
export type { Credentials, GivenToken } from "./http/tokens";
export type * from "./http/types";
