// The JavaScript SDK's client at an agent of ours: node client.mjs URL BINDING, the token in A2A_TOKEN.
// Prints one JSON object: what came of a stream, of a task that was fetched, and of one that was cancelled.
import { randomUUID } from "node:crypto";

import { SendMessageRequest, TaskState } from "@a2a-js/sdk";
import {
    ClientFactory,
    ClientFactoryOptions,
    DefaultAgentCardResolver,
    JsonRpcTransportFactory,
    RestTransportFactory,
} from "@a2a-js/sdk/client";

const [url, binding] = process.argv.slice(2);
const fetchImpl = (resource, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set("Authorization", `Bearer ${process.env.A2A_TOKEN}`);
    return fetch(resource, { ...init, headers });
};
const factory = new ClientFactory(
    ClientFactoryOptions.createFrom(ClientFactoryOptions.default, {
        transports: [new JsonRpcTransportFactory({ fetchImpl }), new RestTransportFactory({ fetchImpl })],
        preferredTransports: [binding],
        cardResolver: new DefaultAgentCardResolver({ fetchImpl }),
    }),
);
const client = await factory.createFromUrl(`${url}/.well-known/agent-card.json`, "");

const asking = (text, configuration) =>
    SendMessageRequest.fromJSON({
        message: { messageId: randomUUID(), role: "ROLE_USER", parts: [{ text }] },
        configuration,
    });
const nameOf = (state) => TaskState[state] ?? state;
// What a part of the stream tells: an artifact, or a state; a task that was done before the stream began brings both.
const namesIn = ({ $case, value }) =>
    $case === "artifactUpdate"
        ? [value.artifact.name]
        : [...(value.artifacts ?? []).map(({ name }) => name), nameOf(value.status.state)];

const streamed = [];
let task;
for await (const { payload } of client.sendMessageStream(asking("Bonjour"))) {
    task ??= payload.value;
    streamed.push(...namesIn(payload));
}
const fetched = await client.getTask({ id: task.id });
const begun = await client.sendMessage(asking("wait", { returnImmediately: true }));
const cancelled = await client.cancelTask({ id: begun.id });

console.log(
    JSON.stringify({
        protocol: client.protocolVersion,
        streamed,
        fetched: { state: nameOf(fetched.status.state), artifacts: fetched.artifacts.map(({ name }) => name) },
        output: fetched.artifacts.at(-1).parts[0].content.value,
        cancelled: nameOf(cancelled.status.state),
    }),
);
