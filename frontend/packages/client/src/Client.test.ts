import { http, HttpResponse } from "msw";
import { describe, expect, it, onTestFinished } from "vitest";

import { Client, createClient, type ClientOptions } from "./Client";
import { startApiServer } from "@/testing/apiServer";
import { jwt } from "@/testing/tokens";

const URL = "https://callboard.example";
const agents = (tokens: (string | null)[], isValid: (token: string | null) => boolean = () => true) =>
  http.get(`${URL}/api/agents/`, ({ request }) => {
    const token = request.headers.get("Authorization");
    tokens.push(token);
    return isValid(token) ? HttpResponse.json([]) : HttpResponse.json({}, { status: 401 });
  });
const server = startApiServer();

function client(options: ClientOptions = {}): Client {
  const made = new Client({ url: `${URL}/`, ...options });
  onTestFinished(() => made.close());
  return made;
}

describe("a client", () => {
  it("speaks to the server that it is given, with a token that it is given", async () => {
    const tokens: (string | null)[] = [];
    server.use(agents(tokens));
    const given = client({ token: "t1" });
    await given.api.agents();
    expect(tokens).toEqual(["Bearer t1"]);
    expect(given.connection.url).toBe("wss://callboard.example/ws/");
    expect(given.connection.urlOf({ url: "/made/frame.png" })).toBe(
      "https://callboard.example/made/frame.png",
    );
  });

  it("asks for another token when one is no longer good", async () => {
    const tokens: (string | null)[] = [];
    server.use(agents(tokens, (token) => token !== "Bearer t1"));
    let number = 0;
    const given = client({ token: async () => `t${(number += 1)}` });
    await given.api.agents();
    await given.api.agents();
    expect(tokens).toEqual(["Bearer t1", "Bearer t2", "Bearer t2"]);
  });

  it("asks for another token before one expires", async () => {
    const tokens: (string | null)[] = [];
    server.use(agents(tokens));
    const short = jwt({ user_id: 1, exp: Date.now() / 1000 + 1 });
    const long = jwt({ user_id: 1, exp: Date.now() / 1000 + 900 });
    const left = [short, long];
    const given = client({ token: async () => left.shift() ?? "" });
    await given.api.agents();
    await given.api.agents();
    expect(tokens).toEqual([`Bearer ${short}`, `Bearer ${long}`]);
  });

  it("is signed out when a single token has expired", async () => {
    server.use(agents([], () => false));
    const given = client({ token: jwt({ user_id: 1 }) });
    await expect(given.api.agents()).rejects.toMatchObject({ type: "SignedOut" });
  });

  it("signs in with credentials, once for all that ask", async () => {
    const tokens: (string | null)[] = [];
    const signIns: unknown[] = [];
    const signIn = http.post(`${URL}/api/auth/token/`, async ({ request }) => {
      signIns.push(await request.json());
      return HttpResponse.json({ access: "t1", refresh: "r1" });
    });
    server.use(signIn, agents(tokens));
    const credentials = { username: "alice", password: "right" };
    const given = client({ credentials });
    await Promise.all([given.api.agents(), given.api.agents()]);
    expect(tokens).toEqual(["Bearer t1", "Bearer t1"]);
    expect(signIns).toEqual([credentials]);
    expect(localStorage).toHaveLength(0);
  });

  it("else has a session, apart for each server", async () => {
    const issued = { access: jwt({ user_id: 1 }), refresh: jwt({ user_id: 1 }) };
    server.use(http.post(`${URL}/api/auth/token/`, () => HttpResponse.json(issued)));
    const given = client();
    await given.session?.signIn("alice", "right");
    expect(given.session?.subject()).toBe("1");
    expect(client().session?.subject()).toBe("1");
    expect(client({ url: "https://other.example" }).session?.subject()).toBeNull();
  });

  it("of the page's own server needs no address", () => {
    const own = createClient();
    onTestFinished(() => own.close());
    expect(own.connection.url).toBe(`${location.origin.replace("http", "ws")}/ws/`);
    expect(own.connection.status().state).toBe("signed_out");
  });
});
