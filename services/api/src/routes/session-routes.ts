import type { FeedTickets } from "../feed/feed-tickets.ts";
import { SESSION_COOKIE, isHttps, sessionSecretOf, type Gatekeeper } from "../http/gatekeeper.ts";
import { RequestRefused } from "../http/problem.ts";
import { route, type Route } from "../http/route.ts";
import { iso, isoOrNull } from "../views.ts";
import { FeedTicketView, Login, SessionView } from "./api-schemas.ts";

export function sessionRoutes(gatekeeper: Gatekeeper, tickets: FeedTickets): readonly Route[] {
  return [
    route({
      id: "openSession",
      method: "post",
      path: "/api/v1/session",
      tag: "session",
      summary: "Log in with the administrator's token; sets a session cookie for 12 hours",
      access: "open",
      body: Login,
      status: 201,
      answer: SessionView,
      refusals: ["UB_AUTH_FAILED"],
      handle({ body, http }) {
        gatekeeper.login(body.token, http);
        const { secret, expiresAt, lifeMs } = gatekeeper.sessions.open();
        const attributes = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${lifeMs / 1_000}`;
        const secure = isHttps(http) ? "; Secure" : "";
        return {
          body: { name: "admin", by: "session" as const, expires_at: iso(expiresAt) },
          headers: { "Set-Cookie": `${SESSION_COOKIE}=${secret}; ${attributes}${secure}` },
        };
      },
    }),
    route({
      id: "getSession",
      method: "get",
      path: "/api/v1/session",
      tag: "session",
      summary: "Who is asking",
      answer: SessionView,
      handle({ principal }) {
        if (principal === null) throw new RequestRefused("UB_AUTH_REQUIRED");
        const { name, by, expiresAt } = principal;
        return { body: { name, by, expires_at: isoOrNull(expiresAt) } };
      },
    }),
    route({
      id: "closeSession",
      method: "delete",
      path: "/api/v1/session",
      tag: "session",
      summary: "Log out; feeds that the session opened end too",
      status: 204,
      answer: null,
      handle({ http }) {
        const secret = sessionSecretOf(http);
        if (secret !== null) gatekeeper.sessions.close(secret);
        const gone = `${SESSION_COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`;
        return { body: null, headers: { "Set-Cookie": gone } };
      },
    }),
    route({
      id: "openFeedTicket",
      method: "post",
      path: "/api/v1/feed-tickets",
      tag: "session",
      summary:
        "A ticket that opens one feed within 30 seconds, where neither cookie nor header can",
      status: 201,
      answer: FeedTicketView,
      handle({ principal }) {
        if (principal === null) throw new RequestRefused("UB_AUTH_REQUIRED");
        const { ticket, expiresAt } = tickets.issue(principal);
        return { body: { ticket, expires_at: iso(expiresAt) } };
      },
    }),
  ];
}
