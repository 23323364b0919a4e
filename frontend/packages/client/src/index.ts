/** `@callboard/client`: a server's workflows, live. Framework-free. */

export * from "./messages.gen";
export { addArtifacts, addTasks, applyMessage, taskCount, type SnapshotMessage } from "./applyMessage";
export { assertNever } from "./assertNever";
export type { BrowserEnvironment } from "./browserEnvironment";
export { wallClock, type Cancel, type Clock } from "./clock";
export { Connection, type ConnectionOptions, type HttpApi } from "./Connection";
export type { ControlAck, ControlCall, ControlCommand, ControlResult } from "./Controls";
export type { ConnectionState, ConnectionStatus, DisconnectCause } from "./ReconnectingSocket";
export type { Problem, RoomView } from "./Room";
export type { RoomValues } from "./Subscriptions";
export type { TokenSource } from "./TokenSource";
export { Api } from "./http/Api";
export { ApiError, refusalOf, retryAfterOf } from "./http/ApiError";
export { Session } from "./http/Session";
export type * from "./http/types";
