// Socket.IO as its documentation shows it: a room per room, one emit per message, without compression.
// Takes the commands that benchmarks/fanout/publisher.py describes.
const { Server } = require("socket.io");
const http = require("node:http");
const net = require("node:net");
const readline = require("node:readline");
const { setImmediate: nextTurn, setTimeout: after } = require("node:timers/promises");

const TIMESTAMP = "2026-11-23T08:00:00.000Z";
const server = http.createServer();
const io = new Server(server, {
  transports: ["websocket"],
  perMessageDeflate: false,
  pingInterval: 300_000,
});
io.on("connection", (socket) => socket.join(socket.handshake.auth.room));

let rooms = [];
const seqs = new Map();

const stamp = () => `stamp=${process.hrtime.bigint()};`;

function event(room, seq, message) {
  const data = { task: "frames/1.2", agent: "camera", attempt: 1, started_at: TIMESTAMP };
  if (message) data.message = message;
  return { type: "event", workflow_id: room, seq, kind: "task_started", data, timestamp: TIMESTAMP };
}

function progress(room, seq, message) {
  return {
    type: "progress",
    workflow_id: room,
    state: "running",
    progress: 0.42,
    stage: "Frames",
    message,
    eta: { p50: 31.0, p90: 44.0 },
    seq,
    tasks: { "frames/1.2": 0.4 },
    timestamp: TIMESTAMP,
    merged: 0,
  };
}

const publish = (room, message) => io.to(room).emit("event", message);

function countUp(room) {
  seqs.set(room, seqs.get(room) + 1);
  return seqs.get(room);
}

async function publishUpTo(last) {
  while (seqs.get(rooms[0]) < last) {
    for (const room of rooms) publish(room, event(room, countUp(room)));
    await nextTurn();
  }
}

async function publishAt(rate, seconds, roomsOf) {
  const started = performance.now();
  const count = Math.round(rate * seconds);
  for (let number = 0; number < count; number++) {
    const wait = started + (1000 * number) / rate - performance.now();
    if (wait > 0) await after(wait);
    for (const room of roomsOf(number)) {
      const isProgress = number % 2 === 1;
      publish(room, isProgress ? progress(room, seqs.get(room), stamp()) : event(room, countUp(room), stamp()));
    }
  }
  return { sent: count, seconds: (performance.now() - started) / 1000 };
}

async function execute([verb, ...words]) {
  if (verb === "rooms") {
    rooms = words;
    seqs.clear();
    for (const room of rooms) seqs.set(room, 0);
    return {};
  }
  const [rate, seconds] = words.map(Number);
  if (verb === "up_to") return publishUpTo(rate);
  if (verb === "rate") return publishAt(rate, seconds, () => rooms);
  if (verb === "round_robin") return publishAt(rate, seconds, (number) => [rooms[number % rooms.length]]);
}

async function main() {
  const control = new net.Socket({ fd: Number(process.env.CONTROL_FD) });
  for await (const line of readline.createInterface({ input: control })) {
    const answer = await execute(line.split(" "));
    if (answer) control.write(JSON.stringify(answer) + "\n");
  }
  process.exit(0);
}

server.listen({ port: Number(process.env.PORT), host: "127.0.0.1", backlog: 2048 });
main();
