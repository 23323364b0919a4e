import { Api, Connection, Session, refusalOf, retryAfterOf } from "@callboard/client";
import type { Services } from "@/shared/services";

/** The session, the API and the connection of this page; sends no request. `Session` listens to other tabs until it is closed. */
export function createServices(): Services {
  const session = new Session();
  const api = new Api(session);
  const tokens = {
    subject: session.subject,
    subscribe: session.subscribe,
    token: () => session.token(),
    renew: () => session.renew(),
  };
  return { session, api, connection: new Connection({ tokens, api, refusalOf, retryAfterOf }) };
}
