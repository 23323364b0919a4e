import { Api } from "@/shared/api/Api";
import { refusalOf, retryAfterOf } from "@/shared/api/ApiError";
import { Session } from "@/shared/api/Session";
import type { Services } from "@/shared/services";
import { Connection } from "@/realtime/Connection";

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
