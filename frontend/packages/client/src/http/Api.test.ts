import { delay, http, HttpResponse } from "msw";
import { describe, expect, it } from "vitest";

import { startApiServer } from "@/testing/apiServer";
import { Api } from "./Api";
import { ApiError } from "./ApiError";
import { request } from "./request";

const server = startApiServer();

/** Hands out tokens; counts how often a new one was asked for. */
class Tokens {
  renewals = 0;
  readonly token = () => Promise.resolve(`token-${this.renewals}`);
  readonly renew = () => {
    this.renewals += 1;
    return this.token();
  };
}

function api() {
  const tokens = new Tokens();
  return { tokens, api: new Api(tokens) };
}

describe("a request", () => {
  it("says who asks", async () => {
    server.use(
      http.get("/api/auth/me/", ({ request: { headers } }) =>
        HttpResponse.json({ username: headers.get("Authorization") }),
      ),
    );
    expect(await api().api.me()).toEqual({ username: "Bearer token-0" });
  });

  it("is repeated once with a new token when the old one is not accepted", async () => {
    server.use(
      http.get("/api/pipelines/", ({ request: { headers } }) =>
        headers.get("Authorization") === "Bearer token-1"
          ? HttpResponse.json([])
          : new HttpResponse(null, { status: 401 }),
      ),
    );
    const { tokens, api: client } = api();
    expect(await client.pipelines()).toEqual([]);
    expect(tokens.renewals).toBe(1);
  });

  it("is not repeated again when the new one is not accepted, either", async () => {
    let requests = 0;
    server.use(
      http.get("/api/pipelines/", () => {
        requests += 1;
        return new HttpResponse(null, { status: 401 });
      }),
    );
    await expect(api().api.pipelines()).rejects.toMatchObject({ status: 401 });
    expect(requests).toBe(2);
  });
});

describe("an error", () => {
  it("carries what the server says of it", async () => {
    const fields = { idea: "At most 4,000 characters.", scenes: "From 1 to 12." };
    const error = { type: "InvalidInput", message: "The input does not fit.", retryable: false, fields };
    server.use(http.post("/api/workflows/", () => HttpResponse.json({ error }, { status: 400 })));
    const failure = await api()
      .api.createWorkflow({ pipeline: "idea2video", input: { idea: "" } })
      .catch((reason: unknown) => reason);
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject({
      status: 400,
      type: "InvalidInput",
      message: "The input does not fit.",
      retryable: false,
      fields: { idea: "At most 4,000 characters.", scenes: "From 1 to 12." },
    });
  });

  it.each([
    ["12", 12],
    ["Mon, 23 Nov 2026 08:00:00 GMT", null],
    [null, null],
  ])("carries for how long to wait: Retry-After %s", async (header, retryAfterSeconds) => {
    const error = { type: "RateLimitExceeded", message: "Wait a little.", retryable: true };
    const headers = header === null ? {} : { "Retry-After": header };
    server.use(http.get("/api/agents/", () => HttpResponse.json({ error }, { status: 429, headers })));
    await expect(api().api.agents()).rejects.toMatchObject({ status: 429, retryAfterSeconds });
  });

  it.each([
    ["not JSON", new HttpResponse("<h1>Bad gateway</h1>", { status: 502 }), true],
    ["null", HttpResponse.json(null, { status: 500 }), true],
    ["another shape", HttpResponse.json({ detail: "No." }, { status: 404 }), false],
    ["another error", HttpResponse.json({ error: "No." }, { status: 404 }), false],
  ])("names the status when the answer is %s", async (_, response, retryable) => {
    server.use(http.get("/api/agents/", () => response.clone()));
    const { status } = response;
    await expect(api().api.agents()).rejects.toMatchObject({
      status,
      retryable,
      message: `The server answered ${status}.`,
    });
  });

  it("says that the server cannot be reached", async () => {
    server.use(http.get("/api/workflows/:id/", () => HttpResponse.error()));
    await expect(api().api.workflow("w1")).rejects.toMatchObject({
      type: "Unreachable",
      retryable: true,
    });
  });

  it("says that the server took too long", async () => {
    server.use(http.get("/api/slow/", () => delay("infinite")));
    const slow = request("GET", "/api/slow/", { timeoutSeconds: 0.05 });
    await expect(slow).rejects.toMatchObject({ type: "TimedOut", retryable: true });
  });

  it("is none of the server's when the caller gave up", async () => {
    server.use(http.get("/api/coordinator/metrics/", () => delay("infinite")));
    const controller = new AbortController();
    const asking = api().api.coordinatorMetrics(controller.signal);
    controller.abort();
    await expect(asking).rejects.not.toBeInstanceOf(ApiError);
  });
});

describe("the endpoints", () => {
  it("ask for what they are given", async () => {
    const asked: string[] = [];
    server.use(
      http.all("/api/*", ({ request: { method, url } }) => {
        asked.push(`${method} ${url.replace(location.origin, "")}`);
        return HttpResponse.json({});
      }),
    );
    const { api: client } = api();
    const { signal } = new AbortController();
    await client.workflows({ states: ["running", "paused"], page: 2 });
    await client.workflows({});
    await client.workflow("a b");
    await client.events("w1", 12, 25, signal);
    await client.control("w1", { action: "pause", request_id: "r1" });
    expect(asked).toEqual([
      "GET /api/workflows/?state=running&state=paused&page=2",
      "GET /api/workflows/?",
      "GET /api/workflows/a%20b/",
      "GET /api/workflows/w1/events/?after=12&wait=25",
      "POST /api/workflows/w1/control/",
    ]);
  });
});

describe("a file", () => {
  it("is sent as it is, tells how much of it has gone, and can be stopped", async () => {
    server.use(
      http.post("/api/books/", ({ request: sent }) => {
        if (sent.headers.get("Authorization") === "Bearer token-0")
          return new HttpResponse(null, { status: 401 });
        return HttpResponse.json({
          title: sent.headers.get("Content-Type"),
          author: "",
          text: "",
          chapters: 1,
        });
      }),
    );
    const shares: number[] = [];
    const note = (share: number) => shares.push(share);
    const file = new Blob(["Once upon a time"]);
    const book = await api().api.readBook(file, undefined, note);
    expect(book.title).toBe("application/octet-stream");
    expect(shares.at(-1)).toBe(1);

    server.use(http.post("/api/books/", () => HttpResponse.json({}, { status: 413 })));
    await expect(api().api.readBook(file, undefined, note)).rejects.toMatchObject({ status: 413 });
    server.use(http.post("/api/books/", () => HttpResponse.error()));
    await expect(api().api.readBook(file, undefined, note)).rejects.toMatchObject({ type: "Unreachable" });

    server.use(http.post("/api/books/", () => delay("infinite")));
    const stop = new AbortController();
    const reading = api().api.readBook(file, stop.signal, note);
    stop.abort();
    await expect(reading).rejects.toMatchObject({ name: "AbortError" });
  });
});
