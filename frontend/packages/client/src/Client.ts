/** A server's workflows for a program: who one is, the HTTP API, and the one connection. */

import { browserEnvironment } from "./browserEnvironment";
import { wallClock } from "./clock";
import { Connection } from "./Connection";
import type { ControlCall, ControlCommand } from "./Controls";
import { Api } from "./http/Api";
import { refusalOf, retryAfterOf } from "./http/ApiError";
import { Session } from "./http/Session";
import { GivenTokens, PasswordTokens, type Credentials, type GivenToken } from "./http/tokens";
import type { WorkflowSnapshot } from "./messages.gen";
import type { RoomView } from "./Room";
import { SharedSocket } from "./SharedSocket";
import { browserTabs } from "./tabs";
import type { TokenSource } from "./TokenSource";

export interface ClientOptions {
  /** Where the server is, such as "https://callboard.example.org". Default: where the page comes from. */
  url?: string;
  /** An access token, or a function that gets one: it is called again when that one expires. */
  token?: GivenToken;
  /** Who signs in. Without this and a token, somebody signs in by `session`, which outlives the page. */
  credentials?: Credentials;
  /** False: this page has a socket of its own. Default: all tabs of one person share one, where the browser can do that. */
  share?: boolean;
}

export class Client {
  /** "" for where the page comes from. */
  readonly url: string;
  readonly api: Api;
  readonly connection: Connection;
  /** The sign-in; null with a token or credentials. */
  readonly session: Session | null;
  private stop: () => void = () => undefined;

  constructor({ url = "", token, credentials, share = true }: ClientOptions = {}) {
    this.url = url.replace(/\/+$/, "");
    this.session = token === undefined && !credentials ? new Session(this.url) : null;
    const tokens = this.session ?? tokensOf(this.url, token, credentials);
    this.api = new Api(tokens, this.url);
    this.connection = new Connection({
      tokens,
      api: this.api,
      refusalOf,
      retryAfterOf,
      url: () => this.socketUrl(),
      environment: browserEnvironment,
      sharing: share ? sharedSocket() : null,
    });
  }

  /** Connects; `close` ends it. */
  start(): this {
    this.stop = this.connection.start();
    return this;
  }

  /** Disconnects. In the other tabs everything goes on. */
  close(): void {
    this.stop();
    this.session?.close();
  }

  /** Calls `onChange` with the workflow as it is now, and at each change. Returns a function that stops it. */
  watchWorkflow(id: string, onChange: (view: RoomView<WorkflowSnapshot>) => void): () => void {
    return this.connection.watch("workflow", id, () => onChange(this.connection.view("workflow", id)));
  }

  /** Pause, resume, cancel or retry; or an answer. */
  control(command: ControlCommand): ControlCall {
    return this.connection.control(command);
  }

  private socketUrl(): string {
    return `${(this.url || location.origin).replace(/^http/, "ws")}/ws/`;
  }
}

/** A client that connects at once. End it with `close()`. */
export function createClient(options: ClientOptions = {}): Client {
  return new Client(options).start();
}

function tokensOf(url: string, token?: GivenToken, credentials?: Credentials): TokenSource {
  if (credentials) return new PasswordTokens(url, credentials);
  return new GivenTokens(token ?? "");
}

function sharedSocket(): SharedSocket | null {
  const tabs = browserTabs();
  const open = (url: string, protocols: string[]) => new WebSocket(url, protocols);
  return tabs && new SharedSocket({ tabs, open, clock: wallClock });
}
