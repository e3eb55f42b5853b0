import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { UnbrokenError } from "@unbroken/errors";
import express, { type Express } from "express";
import { AlertCommands } from "./alerts/alert-commands.ts";
import { AlertShelf } from "./alerts/alert-shelf.ts";
import type { ApiDeps } from "./api-deps.ts";
import { Board } from "./board/board.ts";
import { CommitFollower } from "./board/follow-commits.ts";
import { Commands } from "./commands.ts";
import { FactBook } from "./fact-book.ts";
import { FactCommands } from "./fact-commands.ts";
import { FeedHub } from "./feed/feed-hub.ts";
import { FEED_PATH, mountFeed } from "./feed/feed-server.ts";
import { FeedTickets } from "./feed/feed-tickets.ts";
import { mountConsole } from "./http/console-files.ts";
import { Gatekeeper } from "./http/gatekeeper.ts";
import { Idempotency } from "./http/idempotency.ts";
import { crossOrigin, securityHeaders } from "./http/page-headers.ts";
import type { Route } from "./http/route.ts";
import { mountProblems, mountRoutes } from "./http/router.ts";
import { openApiDocument } from "./openapi.ts";
import { acknowledgeRoutes } from "./routes/acknowledge-routes.ts";
import { alertRoutes } from "./routes/alert-routes.ts";
import { deviceRoutes } from "./routes/device-routes.ts";
import { excursionRoutes } from "./routes/excursion-routes.ts";
import { factRoutes } from "./routes/fact-routes.ts";
import { placeRoutes } from "./routes/place-routes.ts";
import { profileRoutes } from "./routes/profile-routes.ts";
import { readingRoutes } from "./routes/reading-routes.ts";
import { recipientRoutes } from "./routes/recipient-routes.ts";
import { sessionRoutes } from "./routes/session-routes.ts";
import { systemRoutes } from "./routes/system-routes.ts";
import { timelineRoutes } from "./routes/timeline-routes.ts";
import { backtestRoutes } from "./routes/backtest-routes.ts";
import { verdictRoutes } from "./routes/verdict-routes.ts";
import { SaidIndex } from "./said/said-index.ts";
import { clockFindingsIn } from "./verdict/clock-findings.ts";
import { VerdictThread } from "./verdict/verdict-thread.ts";

export interface Api {
  /** Reads what is known so far, then listens. @throws UB_PORT_IN_USE, UB_START_FAILED */
  start(): Promise<{ readonly url: string; readonly feedUrl: string }>;
  /** Ends feeds and requests and lets go of the port. The log and the stores stay open: they are the caller's. */
  stop(): Promise<void>;
  /** All routes, as they are registered and documented. */
  readonly routes: readonly Route[];
}

/** How often silence and growing excursions are looked at again. */
const REFRESH_MS = 2_000;
const RETRY_MS = 1_000;
/** How often the index of what was said follows without being asked. */
const INDEX_MS = 10_000;

/** HTTP API, websocket feed and the web application of one installation. */
export function buildApi(deps: ApiDeps): Api {
  const { log, outputs, series, now, logger, metrics, settings } = deps;
  const { partitions } = log;
  const book = new FactBook(log, now);
  const shelf = new AlertShelf(deps.alerts);
  const board = new Board({ registry: book.registry, outputs, series, partitions, shelf, now });
  const commands = new Commands(book, now);
  const said = new SaidIndex(outputs, deps.said);
  const verdicts = new VerdictThread();
  const clocks = clockFindingsIn(outputs, partitions);
  const gatekeeper = new Gatekeeper(deps.adminTokenSha256, settings.origins, now);
  const tickets = new FeedTickets(now);
  const { alerts, notify } = deps;
  const alertCommands = new AlertCommands(book, now, notify.refuseChannel);
  const shared = { book, board, commands, said, outputs, partitions, series, now };
  const ofAlerts = { book, shelf, alerts, alertCommands, notify, now };
  const routes: Route[] = [
    ...sessionRoutes(gatekeeper, tickets),
    ...placeRoutes(shared),
    ...deviceRoutes(shared),
    ...readingRoutes(shared),
    ...excursionRoutes(shared),
    ...timelineRoutes(shared),
    ...verdictRoutes({ book, series, clocks, verdicts, now }),
    ...backtestRoutes({ book, series, clocks, verdicts, now }),
    ...alertRoutes(ofAlerts),
    ...recipientRoutes(ofAlerts),
    ...acknowledgeRoutes(ofAlerts),
    ...profileRoutes(shared),
    ...factRoutes({ book, factCommands: new FactCommands(book, now), now }),
    ...systemRoutes({ ...deps, document: () => document }),
  ];
  const document = openApiDocument(routes, deps.version);
  const app = appOf(deps, routes, gatekeeper);
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000 }, app);
  const hub = new FeedHub({ board, metrics, now });
  mountFeed(server, { hub, gatekeeper, tickets, clientsMax: settings.feedClientsMax });

  const stopping: (() => Promise<void> | void)[] = [];
  return {
    routes,
    async start() {
      book.onFacts((facts) => board.applyFacts(facts));
      stopping.push(
        log.onAppended(() => {
          book.catchUp().catch((error: unknown) => logger.error({ err: error }, "facts not read"));
        }),
      );
      await book.catchUp();
      stopping.push(
        shelf.follow((error) =>
          logger.error({ err: error }, "alerts not read; the next ones try again"),
        ),
      );
      await shelf.read();
      const next = await board.load();
      const follower: CommitFollower = new CommitFollower(
        outputs,
        next,
        (commit) => board.apply(commit),
        (error) => {
          logger.error({ err: error }, "commits not read; trying again");
          setTimeout(() => follower.wake(), RETRY_MS).unref();
        },
      );
      const refresh = setInterval(() => {
        board
          .refresh()
          .catch((error: unknown) => logger.error({ err: error }, "board not refreshed"));
      }, REFRESH_MS).unref();
      stopping.push(
        () => clearInterval(refresh),
        () => follower.stop(),
      );
      // So that who asks first need not wait for all of it.
      const index = setInterval(() => {
        said.catchUp().catch((error: unknown) => logger.error({ err: error }, "index not kept"));
      }, INDEX_MS).unref();
      stopping.push(() => {
        clearInterval(index);
        return said.catchUp().catch(() => undefined);
      });
      return listen(server, settings.listen);
    },
    async stop() {
      hub.stop();
      await verdicts.stop();
      for (const stop of stopping) await stop();
      await closed(server, hub);
    },
  };
}

function appOf(deps: ApiDeps, routes: readonly Route[], gatekeeper: Gatekeeper): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", "simple");
  app.set("case sensitive routing", true);
  app.use(securityHeaders, crossOrigin(gatekeeper));
  const { metrics, logger } = deps;
  mountRoutes(app, routes, {
    gatekeeper,
    idempotency: new Idempotency(deps.now),
    metrics,
    logger,
  });
  if (deps.consoleDir !== null) mountConsole(app, deps.consoleDir);
  mountProblems(app, { logger });
  return app;
}

function listen(
  server: Server,
  address: string,
): Promise<{ readonly url: string; readonly feedUrl: string }> {
  const at = address.lastIndexOf(":");
  const host = address.slice(0, at).replaceAll(/^\[|\]$/g, "");
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      const code = error.code === "EADDRINUSE" ? "UB_PORT_IN_USE" : "UB_START_FAILED";
      const message = `http ${address}: ${error.message}`;
      reject(new UnbrokenError(code, message, { address }, { cause: error }));
    };
    server.once("error", failed);
    server.listen(Number(address.slice(at + 1)), host, () => {
      server.off("error", failed);
      const { port } = server.address() as AddressInfo;
      // An address that means all of them is not one to go to.
      const shown = host === "0.0.0.0" || host === "::" ? "localhost" : host;
      const authority = `${shown.includes(":") ? `[${shown}]` : shown}:${port}`;
      resolve({ url: `http://${authority}`, feedUrl: `ws://${authority}${FEED_PATH}` });
    });
  });
}

/** Waits a second for clients to take leave, then cuts them. */
async function closed(server: Server, hub: FeedHub): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => {
    hub.terminate();
    server.closeAllConnections();
  }, 1_000);
  await done;
  clearTimeout(cut);
}
