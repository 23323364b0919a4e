import { describe, expect, it, test } from "vitest";

import type { Connection } from "./Connection";
import { CloseCode } from "./messages.gen";
import { connect, advance } from "@/testing/testConnection";
import { errorMessage, TIMESTAMP } from "@/testing/FakeServer";

function secondsUntilRetry(connection: Connection): number {
  return ((connection.status().retryAt ?? NaN) - Date.now()) / 1000;
}

describe("connecting", () => {
  it("offers the protocol and the token, and is live when welcome", async () => {
    const { connection, server } = connect();
    expect(connection.status().state).toBe("connecting");
    await advance(0.1);
    expect(connection.status()).toEqual({ state: "live", retryAt: null, cause: null, problem: null });
    expect(server.tokens).toEqual(["token-0"]);
  });

  it("does not connect while nobody is signed in, and connects after the sign-in", async () => {
    const { connection, tokens, server } = connect({ prepare: (_, t) => t.become(null) });
    await advance(60);
    expect(connection.status().state).toBe("signed_out");
    expect(server.tokens).toEqual([]);
    tokens.become("alice");
    await advance(0.1);
    expect(connection.status().state).toBe("live");
  });

  it("gives up on a server that does not say welcome within 10 s", async () => {
    const { connection, server } = connect({ prepare: (s) => (s.sendsWelcome = false) });
    await advance(9.9);
    expect(connection.status().cause).toBeNull();
    server.sendsWelcome = true;
    await advance(0.2);
    expect(server.tokens).toHaveLength(2);
    expect(connection.status().state).toBe("live");
  });

  it("disconnects when it is stopped, and stays so", async () => {
    const { connection, server } = connect();
    await advance(0.1);
    const stopAgain = connection.start();
    await advance(0.1);
    stopAgain();
    expect(server.connectionCount).toBe(0);
    await advance(120);
    expect(server.connectionCount).toBe(0);
  });

  it("closes the socket at sign-out", async () => {
    const { connection, tokens, server } = connect();
    await advance(0.1);
    tokens.become(null);
    expect(connection.status().state).toBe("signed_out");
    expect(server.connectionCount).toBe(0);
  });

  it("is cancelled by a sign-out while the token is being fetched", async () => {
    const { connection, tokens, server } = connect();
    tokens.become(null);
    await advance(60);
    expect(connection.status().state).toBe("signed_out");
    expect(server.tokens).toEqual([]);
  });
});

describe("backing off", () => {
  it("waits 1, 2, 4, 8 and 16 s at most, then tries every 30 s", async () => {
    const { connection, server } = connect({ prepare: (s) => (s.isSocketReachable = false) });
    await advance(0.01); // the first attempt fails
    for (const seconds of [1, 2, 4, 8, 16, 30, 30, 30]) {
      expect(secondsUntilRetry(connection)).toBeCloseTo(seconds, 1);
      const attempts = server.tokens.length;
      await advance(secondsUntilRetry(connection) - 0.01);
      expect(server.tokens).toHaveLength(attempts);
      await advance(0.02);
      expect(server.tokens).toHaveLength(attempts + 1);
    }
  });

  it("waits half of that at least, so that not all clients come at once", async () => {
    const { connection } = connect({ random: () => 0, prepare: (s) => (s.isSocketReachable = false) });
    await advance(0.01);
    expect(secondsUntilRetry(connection)).toBeCloseTo(0.5, 1);
  });

  it("forgets the failures once the connection has held for 10 s, not before", async () => {
    const { connection, server } = connect();
    await advance(1);
    server.close(1006);
    expect(secondsUntilRetry(connection)).toBeCloseTo(1, 1);
    await advance(1.1);
    server.close(1006);
    expect(secondsUntilRetry(connection)).toBeCloseTo(2, 1);
    await advance(2.1 + 10);
    server.close(1006);
    expect(secondsUntilRetry(connection)).toBeCloseTo(1, 1);
  });

  it("tries at once when the network comes back", async () => {
    const { connection, server, environment } = connect();
    await advance(1);
    server.isSocketReachable = false;
    environment.setNetwork(false);
    server.close(1006);
    expect(connection.status().state).toBe("offline");
    await advance(5);
    server.isSocketReachable = true;
    environment.setNetwork(true);
    await advance(0.001);
    expect(connection.status().state).toBe("live");
  });

  it("reconnects at once when the page becomes visible, and on request", async () => {
    const { connection, server, environment } = connect();
    await advance(1);
    server.close(1006);
    environment.show();
    await advance(0.001);
    expect(connection.status().state).toBe("live");
    server.close(1006);
    connection.retryNow();
    await advance(0.001);
    expect(connection.status().state).toBe("live");
  });

  it("keeps trying without a network: the server may be on this very machine", async () => {
    const { connection, environment, server } = connect();
    await advance(1);
    environment.setNetwork(false);
    server.close(1006);
    await advance(1.1);
    expect(connection.status().state).toBe("live");
  });

  it("does not try twice at once", async () => {
    const { server, environment } = connect({ prepare: (s) => (s.sendsWelcome = false) });
    await advance(1);
    environment.show();
    environment.setNetwork(true);
    await advance(1);
    expect(server.tokens).toHaveLength(1);
  });

  it("counts a token that cannot be renewed for lack of a connection as a failure", async () => {
    const { connection, tokens, server } = connect();
    await advance(1);
    tokens.failures.push("unreachable", "unreachable");
    server.close(CloseCode.TOKEN_EXPIRED);
    await advance(0.001);
    expect(connection.status().state).toBe("reconnecting");
    expect(secondsUntilRetry(connection)).toBeCloseTo(2, 1);
    await advance(2 + 4 + 0.1);
    expect(connection.status().state).toBe("live");
    expect(server.tokens).toEqual(["token-0", "token-1"]);
  });
});

describe("close codes", () => {
  test.each([
    ["4101 too slow", CloseCode.TOO_SLOW],
    ["4102 not authenticated", CloseCode.NOT_AUTHENTICATED],
    ["4129 rate abuse", CloseCode.RATE_ABUSE],
    ["1009 frame too big", CloseCode.TOO_BIG],
    ["1006 broken", 1006],
    ["1011 unknown to us", 1011],
  ])("%s: backs off, then reconnects with the same token", async (_, code) => {
    const { connection, server } = connect();
    await advance(1);
    server.close(code);
    expect(connection.status().state).toBe("reconnecting");
    expect(secondsUntilRetry(connection)).toBeCloseTo(1, 1);
    await advance(1.01);
    expect(connection.status().state).toBe("live");
    expect(server.tokens).toEqual(["token-0", "token-0"]);
  });

  test.each([
    ["4003 forbidden", CloseCode.FORBIDDEN],
    ["4007 unsupported protocol", CloseCode.UNSUPPORTED_PROTOCOL],
  ])("%s: never reconnects, and says why", async (_, code) => {
    const { connection, server, environment } = connect({ prepare: (s) => s.rejections.push(code) });
    await advance(120);
    environment.show();
    environment.setNetwork(true);
    await advance(120);
    expect(connection.status()).toEqual({
      state: "refused",
      retryAt: null,
      cause: "lost",
      problem: expect.any(String),
    });
    expect(server.tokens).toHaveLength(1);
  });

  describe("4129 too many connections of this account", () => {
    const refusal = errorMessage("ConnectionLimitExceeded", { retryable: true, retry_after: 10 });
    const crowded = (times: number, random = () => 1) =>
      connect({
        random,
        prepare: (server) => {
          server.rejections.push(...Array<number>(times).fill(CloseCode.RATE_ABUSE));
          server.errorBeforeClose = refusal;
        },
      });

    it("says what to do, polls at once, and reconnects when there is a free slot", async () => {
      const { connection, server } = crowded(1);
      await advance(0.01);
      expect(connection.status()).toMatchObject({
        state: "polling",
        problem: expect.stringMatching(/Close some of them/),
      });
      expect(secondsUntilRetry(connection)).toBeCloseTo(16, 1);
      await advance(16.1);
      expect(connection.status()).toEqual({ state: "live", retryAt: null, cause: null, problem: null });
      expect(server.tokens).toHaveLength(2);
    });

    it("reconnects no sooner than the server's retry_after", async () => {
      const { connection } = crowded(1, () => 0);
      await advance(0.01);
      expect(secondsUntilRetry(connection)).toBeCloseTo(10, 1);
    });

    it("says so for as long as it lasts", async () => {
      const { connection, server } = crowded(3);
      await advance(60);
      expect(connection.status()).toMatchObject({
        state: "polling",
        problem: expect.stringMatching(/Close some of them/),
      });
      await advance(60);
      expect(connection.status().state).toBe("live");
      server.close(1006);
      expect(connection.status()).toMatchObject({ state: "reconnecting", problem: null });
    });

    it("is not said when a connection ends for another reason", async () => {
      const { connection, server } = connect();
      await advance(1);
      server.sendAll(refusal);
      server.close(CloseCode.TOO_SLOW);
      expect(connection.status()).toMatchObject({ state: "reconnecting", problem: null });
    });
  });

  test("4003 forbidden: another user may sign in and connect", async () => {
    const { connection, tokens } = connect({ prepare: (s) => s.rejections.push(CloseCode.FORBIDDEN) });
    await advance(1);
    tokens.become("bob");
    await advance(0.1);
    expect(connection.status().state).toBe("live");
  });

  test("4001 token invalid: reconnects only with a new token", async () => {
    const { connection, server } = connect({ prepare: (s) => s.rejections.push(CloseCode.TOKEN_INVALID) });
    await advance(0.1);
    expect(server.tokens).toEqual(["token-0", "token-1"]);
    expect(connection.status().state).toBe("live");
  });

  test("4001 token invalid, again with the new one: does not reconnect", async () => {
    const { connection, server } = connect({
      prepare: (s) => s.rejections.push(CloseCode.TOKEN_INVALID, CloseCode.TOKEN_INVALID),
    });
    await advance(120);
    expect(connection.status().state).toBe("signed_out");
    expect(server.tokens).toEqual(["token-0", "token-1"]);
  });

  test("4001 token invalid, after other failures: a new token is still worth trying", async () => {
    const { connection, server } = connect({
      prepare: (s) => s.rejections.push(1006, CloseCode.TOKEN_INVALID),
    });
    await advance(4);
    expect(server.tokens).toEqual(["token-0", "token-0", "token-1"]);
    expect(connection.status().state).toBe("live");
  });

  test("4001 token invalid, and no new one to be had: does not reconnect", async () => {
    const { connection, server } = connect({
      prepare: (s, t) => {
        s.rejections.push(CloseCode.TOKEN_INVALID);
        t.failures.push("signed_out");
      },
    });
    await advance(120);
    expect(connection.status().state).toBe("signed_out");
    expect(server.tokens).toEqual(["token-0"]);
  });

  test("4201 heartbeat lost: reconnects now", async () => {
    const { connection, server } = connect();
    await advance(1);
    server.close(CloseCode.HEARTBEAT_LOST);
    await advance(0.001);
    expect(connection.status().state).toBe("live");
  });

  test("4202 shutting down: reconnects now, with jitter", async () => {
    const { connection, server } = connect({ random: () => 0.4 });
    await advance(1);
    server.close(CloseCode.SHUTTING_DOWN);
    await advance(0.39);
    expect(server.tokens).toHaveLength(1);
    await advance(0.02);
    expect(connection.status().state).toBe("live");
  });

  test("4203 token expired: renews it and reconnects now", async () => {
    const { connection, server } = connect();
    await advance(1);
    server.close(CloseCode.TOKEN_EXPIRED);
    await advance(0.001);
    expect(server.tokens).toEqual(["token-0", "token-1"]);
    expect(connection.status().state).toBe("live");
  });

  test.each([CloseCode.HEARTBEAT_LOST, CloseCode.SHUTTING_DOWN, CloseCode.TOKEN_EXPIRED])(
    "%i: a server that does it again and again is not stormed",
    async (code) => {
      const { server } = connect({ prepare: (s) => s.rejections.push(...Array<number>(100).fill(code)) });
      await advance(60);
      expect(server.tokens.length).toBeLessThan(8);
    },
  );
});

describe("renewing the token in place", () => {
  const expiring = { type: "token_expiring", expires_in: 60, timestamp: TIMESTAMP } as const;

  it("sends a new one when the server says that it expires", async () => {
    const { server } = connect();
    await advance(1);
    server.sendAll(expiring);
    await advance(0.001);
    expect(server.receivedOf("authenticate")).toEqual([{ type: "authenticate", token: "token-1" }]);
    expect(server.tokens).toHaveLength(1);
  });

  it("waits for the server's 4203 when the token cannot be renewed", async () => {
    const { server, tokens, connection } = connect();
    await advance(1);
    tokens.failures.push("unreachable");
    server.sendAll(expiring);
    await advance(0.001);
    expect(server.receivedOf("authenticate")).toEqual([]);
    expect(connection.status().state).toBe("live");
  });
});

describe("liveness", () => {
  it("notices a frozen server within 12 s, and says that it is silent", async () => {
    const { server, connection } = connect();
    await advance(1);
    server.isAnswering = server.sendsWelcome = server.isHttpReachable = false;
    await advance(12);
    expect(connection.status()).toMatchObject({ state: "reconnecting", cause: "silent" });
    await advance(60);
    expect(connection.status()).toMatchObject({ state: "reconnecting", cause: "silent" });
    server.isAnswering = server.sendsWelcome = server.isHttpReachable = true;
    await advance(41);
    expect(connection.status()).toMatchObject({ state: "live", cause: null });
  });

  it("pings a server that is silent, no more than needed; an answer is enough", async () => {
    const { server, connection } = connect();
    await advance(6.9);
    expect(server.receivedOf("ping")).toEqual([]);
    await advance(60);
    expect(server.receivedOf("ping")).toHaveLength(9);
    expect(connection.status().state).toBe("live");
    expect(connection.lastMessageAt).toBeCloseTo(63_000, -2);
  });

  describe("in a hidden page", () => {
    const hidden = async () => {
      const connected = connect();
      connected.environment.isSeen = false;
      await advance(0.001);
      return connected;
    };

    it("answers the server's ping, and sends none while messages arrive", async () => {
      const { server, connection } = await hidden();
      for (let minute = 0; minute < 5; minute += 1) {
        await advance(30);
        server.ping();
      }
      expect(server.received.map(({ type }) => type)).toEqual(Array(5).fill("pong"));
      expect(connection.status().state).toBe("live");
    });

    it("pings only when the server's ping is late", async () => {
      const { server, connection } = await hidden();
      await advance(39);
      expect(server.received).toEqual([]);
      await advance(2);
      expect(server.received).toEqual([{ type: "ping" }]);
      await advance(20);
      expect(connection.status().state).toBe("live");
    });

    it("reconnects at once when the connection turns out to be dead", async () => {
      const { server, connection } = await hidden();
      server.isAnswering = false;
      await advance(43.9);
      expect(server.tokens).toHaveLength(1);
      await advance(0.2);
      expect(server.tokens).toHaveLength(2);
      expect(connection.status().state).toBe("live");
      expect(server.connectionCount).toBe(1);
    });
  });

  it("checks the connection when the laptop opens again", async () => {
    const { server, environment } = connect();
    await advance(1);
    server.isAnswering = false;
    environment.show();
    await advance(4.1);
    expect(server.received).toEqual([{ type: "ping" }]);
    expect(server.tokens).toHaveLength(2);
  });

  it("checks the connection when the network goes", async () => {
    const { connection, server, environment } = connect();
    await advance(1);
    server.isAnswering = false;
    server.isSocketReachable = false;
    environment.setNetwork(false);
    expect(connection.status().state).toBe("live");
    await advance(5.1);
    expect(connection.status().state).toBe("offline");
  });

  it("ignores what is not of the protocol", async () => {
    const { server, connection } = connect();
    await advance(1);
    server.sendText("<html>");
    server.sendText("null");
    server.sendText('{"type":"fanfare"}');
    server.sendText(
      '{"type":"batch","messages":[{"type":"fanfare"},null,{"type":"ping","tops":{},"timestamp":""}]}',
    );
    expect(server.conversation).toEqual(["pong"]);
    expect(connection.status().state).toBe("live");
  });
});
