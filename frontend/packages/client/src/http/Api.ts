/** The HTTP API, a method per endpoint. All reject with ApiError; after a 401 the token is renewed and the request repeated once. */

import type {
  AgentStatusBody,
  ArtifactPage,
  CoordinatorMetricsBody,
  EventsPage,
  TaskPage,
  WorkflowSnapshot,
} from "../messages.gen";
import type { TokenSource } from "../TokenSource";
import { ApiError } from "./ApiError";
import { fetchBlob, upload } from "./files";
import { request, type Method, type RequestOptions } from "./request";
import type {
  AgentDetail,
  AgentHistory,
  AgentSwitch,
  AgentWork,
  Archive,
  Book,
  ControlAnswer,
  ControlBody,
  CreatedWorkflow,
  Exports,
  Forecast,
  NewWorkflow,
  NewWorkflowToken,
  Operations,
  Page,
  PasswordChange,
  PictureBody,
  Pipeline,
  RerunBody,
  SessionBody,
  StoredBytes,
  User,
  WorkflowFilter,
  WorkflowTokenBody,
} from "./types";

/** How long a long poll may take beyond the time that the server waits for events. */
const LONG_POLL_MARGIN_SECONDS = 10;

/** A book has some megabytes, and is read on the server. */
const BOOK_SECONDS = 120;

/** Where access tokens come from: the session. */
type AccessTokens = Pick<TokenSource, "token" | "renew">;

export class Api {
  private readonly tokens: AccessTokens;
  private readonly url: string;

  /** `url`: where the server is; "" for where the page comes from. */
  constructor(tokens: AccessTokens, url = "") {
    this.tokens = tokens;
    this.url = url;
  }

  readonly me = (signal?: AbortSignal): Promise<User> => this.get("/api/auth/me/", signal);

  readonly pipelines = (signal?: AbortSignal): Promise<Pipeline[]> => this.get("/api/pipelines/", signal);

  /**
   * The text of a book, from a file: plain text, Markdown or EPUB. Nothing is kept.
   * `onSent` is told what share of the file is under way (0–1), where the browser tells.
   */
  readonly readBook = (
    file: Blob,
    signal?: AbortSignal,
    onSent?: (fraction: number) => void,
  ): Promise<Book> =>
    this.send("POST", "/api/books/", {
      file,
      timeoutSeconds: BOOK_SECONDS,
      ...(signal && { signal }),
      ...(onSent && { onSent }),
    });

  /** Brings a picture along, for `pictures` of an input. One that no workflow uses within a day is deleted. */
  readonly addPicture = (
    file: Blob,
    onProgress: (fraction: number) => void,
    signal?: AbortSignal,
  ): Promise<PictureBody> =>
    this.signedIn((token) => upload(`${this.url}/api/pictures/`, file, { token, onProgress, signal }));

  /** A picture of one's own. */
  readonly picture = (id: string, signal?: AbortSignal): Promise<Blob> =>
    this.signedIn((token) => fetchBlob(this.url + picturePath(id), { token, signal }));

  /** Deletes a picture that no workflow uses. */
  readonly deletePicture = (id: string): Promise<void> => this.send("DELETE", picturePath(id));

  /** How many shots a workflow with this input would have, and how long it would take. Starts nothing. */
  readonly estimate = (pipeline: string, input: unknown, signal?: AbortSignal): Promise<Forecast> =>
    this.send("POST", `/api/pipelines/${encodeURIComponent(pipeline)}/estimate/`, {
      body: { input },
      ...(signal && { signal }),
    });

  readonly workflows = (filter: WorkflowFilter, signal?: AbortSignal): Promise<Page> => {
    const query = new URLSearchParams();
    filter.states?.forEach((state) => query.append("state", state));
    for (const name of ["search", "owner", "sort", "page"] as const) {
      if (filter[name]) query.set(name, String(filter[name]));
    }
    return this.get(`/api/workflows/?${query.toString()}`, signal);
  };

  readonly createWorkflow = (workflow: NewWorkflow): Promise<CreatedWorkflow> =>
    this.send("POST", "/api/workflows/", { body: workflow });

  readonly workflow = (id: string, signal?: AbortSignal): Promise<WorkflowSnapshot> =>
    this.get(workflowPath(id), signal);

  /** The snapshot before the first event: with the events applied, it is the workflow at any moment. */
  readonly beginning = (id: string, signal?: AbortSignal): Promise<WorkflowSnapshot> =>
    this.get(`${workflowPath(id)}beginning/`, signal);

  /** The tasks of a stage, page by page, also those that the snapshot leaves out. `cursor`: `next` of the page before. */
  readonly tasks = (id: string, stage: string, cursor: string | null): Promise<TaskPage> => {
    const query = new URLSearchParams({ stage, ...(cursor !== null && { cursor }) });
    return this.get(`${workflowPath(id)}tasks/?${query.toString()}`, undefined);
  };

  /** The artifacts, page by page, also those that the snapshot leaves out. */
  readonly artifacts = (id: string, cursor: string | null): Promise<ArtifactPage> => {
    const query = new URLSearchParams(cursor === null ? {} : { cursor });
    return this.get(`${workflowPath(id)}artifacts/?${query.toString()}`, undefined);
  };

  /** A link, good for an hour, to all files as one ZIP file. */
  readonly archive = (id: string): Promise<Archive> => this.get(`${workflowPath(id)}archive/`, undefined);

  /** What can be taken along, in which formats and of which episodes; each with a link, good for an hour. */
  readonly exports = (id: string): Promise<Exports> => this.get(`${workflowPath(id)}export/`, undefined);

  /** The events after seq `after`. When there are none, the server waits up to `waitSeconds` for the next (long poll). */
  readonly events = (
    id: string,
    after: number,
    waitSeconds: number,
    signal: AbortSignal,
  ): Promise<EventsPage> =>
    this.send("GET", `${workflowPath(id)}events/?after=${after}&wait=${waitSeconds}`, {
      signal,
      timeoutSeconds: waitSeconds + LONG_POLL_MARGIN_SECONDS,
    });

  readonly control = (id: string, body: ControlBody): Promise<ControlAnswer> =>
    this.send("POST", `${workflowPath(id)}control/`, { body });

  /** Makes a new workflow that does a task, and what depends on it, again, perhaps otherwise. */
  readonly rerun = (id: string, body: RerunBody): Promise<CreatedWorkflow> =>
    this.send("POST", `${workflowPath(id)}rerun/`, { body });

  /** A token that is good for this workflow only, and the link of its embed page. */
  readonly makeWorkflowToken = (id: string, body: NewWorkflowToken): Promise<WorkflowTokenBody> =>
    this.send("POST", `${workflowPath(id)}tokens/`, { body });

  /** Deletes a workflow that has ended, with its files. */
  readonly deleteWorkflow = (id: string): Promise<void> => this.send("DELETE", workflowPath(id));

  /** What the files of the user's workflows take, and may take. */
  readonly storedBytes = (signal?: AbortSignal): Promise<StoredBytes> =>
    this.get("/api/workflows/storage/", signal);

  /** What several agents, at most 50, did in the last hours, at most 6. */
  readonly activity = (
    names: readonly string[],
    hours: number,
    signal?: AbortSignal,
  ): Promise<AgentHistory[]> => {
    const query = new URLSearchParams({ hours: String(hours) });
    names.forEach((name) => query.append("agent", name));
    return this.get(`/api/activity/?${query.toString()}`, signal);
  };

  /** What an agent does now and has failed at lately, of what the user may see. */
  readonly agentWork = (name: string, signal?: AbortSignal): Promise<AgentWork> =>
    this.get(`${agentPath(name)}work/`, signal);

  readonly operations = (signal?: AbortSignal): Promise<Operations> => this.get("/api/operations/", signal);

  /** Where one is signed in, the last used first. */
  readonly sessions = (signal?: AbortSignal): Promise<SessionBody[]> => this.get("/api/sessions/", signal);

  /** Ends one of one's own sign-ins; "all" of them, also this one. */
  readonly endSession = (id: string): Promise<void> =>
    this.send("DELETE", `/api/sessions/${encodeURIComponent(id)}/`);

  /** Ends all other sign-ins. Rejects with ApiError, whose `fields` say what is wrong with "old" or "new". */
  readonly changePassword = (body: PasswordChange): Promise<void> =>
    this.send("POST", "/api/auth/password/", { body });

  readonly agents = (signal?: AbortSignal): Promise<AgentStatusBody[]> => this.get("/api/agents/", signal);

  /** With its skills, its jobs, its last hour, and what people changed of it. */
  readonly agent = (name: string, signal?: AbortSignal): Promise<AgentDetail> =>
    this.get(agentPath(name), signal);

  /** What the agent did in the last hours, at most 720. */
  readonly agentHistory = (name: string, hours: number, signal?: AbortSignal): Promise<AgentHistory> =>
    this.get(`${agentPath(name)}history/?hours=${hours}`, signal);

  readonly changeAgent = (name: string, body: AgentSwitch): Promise<AgentDetail> =>
    this.send("PATCH", agentPath(name), { body });

  readonly coordinatorMetrics = (signal?: AbortSignal): Promise<CoordinatorMetricsBody> =>
    this.get("/api/coordinator/metrics/", signal);

  private get<Answer>(path: string, signal: AbortSignal | undefined): Promise<Answer> {
    return this.send("GET", path, signal ? { signal } : {});
  }

  private async send<Answer>(method: Method, path: string, options: RequestOptions = {}): Promise<Answer> {
    return this.signedIn((token) => request<Answer>(method, this.url + path, { ...options, token }));
  }

  private async signedIn<Answer>(ask: (token: string) => Promise<Answer>): Promise<Answer> {
    try {
      return await ask(await this.tokens.token());
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error;
      return ask(await this.tokens.renew());
    }
  }
}

function agentPath(name: string): string {
  return `/api/agents/${encodeURIComponent(name)}/`;
}

function picturePath(id: string): string {
  return `/api/pictures/${encodeURIComponent(id)}/`;
}

function workflowPath(id: string): string {
  return `/api/workflows/${encodeURIComponent(id)}/`;
}
