import { useState, type FormEvent } from "react";

import { ApiError, createClient, type Client } from "@callboard/client";

interface Props {
  /** `workflowId`: the one that a token is for; null: somebody signed in. */
  onEnter: (client: Client, workflowId: string | null) => void;
}

/** The way in: with a name and password, or with a token for one workflow, which an embedding site gives out. */
export function Door({ onEnter }: Props) {
  const [hasToken, setHasToken] = useState(false);
  const [problem, setProblem] = useState("");

  const enter = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const field = (name: string) => String(form.get(name) ?? "").trim();
    const url = field("server");
    const workflowId = hasToken ? field("workflow") : null;
    const client = hasToken
      ? createClient({ url, token: field("token") })
      : createClient({
          url,
          credentials: {
            username: field("username"),
            password: String(form.get("password")),
          },
        });
    try {
      // So that a wrong password or address is said here.
      await (workflowId === null
        ? client.api.me()
        : client.api.workflow(workflowId));
      onEnter(client, workflowId);
    } catch (error) {
      client.close();
      setProblem(error instanceof ApiError ? error.message : String(error));
    }
  };

  return (
    <main>
      <form onSubmit={(event) => void enter(event)}>
        <h1>Screening room</h1>
        <label>
          Server
          <input
            name="server"
            type="url"
            defaultValue="http://127.0.0.1:8000"
            required
          />
        </label>
        {hasToken ? (
          <>
            <label>
              Workflow
              <input name="workflow" required />
            </label>
            <label>
              Token
              <input name="token" type="password" autoComplete="off" required />
            </label>
          </>
        ) : (
          <>
            <label>
              Username
              <input name="username" autoComplete="username" required />
            </label>
            <label>
              Password
              <input
                name="password"
                type="password"
                autoComplete="current-password"
                required
              />
            </label>
          </>
        )}
        {problem && <p role="alert">{problem}</p>}
        <button type="submit" className="main">
          Enter
        </button>
        <button type="button" onClick={() => setHasToken(!hasToken)}>
          {hasToken ? "I have a username" : "I have a token"}
        </button>
      </form>
    </main>
  );
}
