import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { renderContract } from "./contract.ts";
import { decider } from "./decision.ts";
import type { Decision, ReceivedRequest } from "./decision.ts";
import { createFaults, type ActiveFault } from "../fault-list.ts";
import type { FaultInput } from "./faults.ts";
import type { LimitQuirks, Limits } from "./limits.ts";
import { logStore } from "./logs.ts";
import type { LogInput, LogRecord } from "./logs.ts";
import type { DeployRecord, DeployStatus } from "./records.ts";
import { routes } from "./routes.ts";
import type { RouteQuirks } from "./routes.ts";
import { logSockets } from "./sockets.ts";
import { stories } from "./stories.ts";
import type { Stories } from "./stories.ts";
import { timeline } from "./timeline.ts";
import { moveDeploy } from "./transitions.ts";
import type { StatusDetail } from "./transitions.ts";
import { world } from "./world.ts";
import type { World } from "./world.ts";

export { failures, sha } from "./records.ts";
export type { DeployRecord, DeployStatus, Failure, ServiceInput, ServiceRecord } from "./records.ts";
export type { ReceivedRequest } from "./decision.ts";
export type { FaultInput } from "./faults.ts";
export type { LogInput } from "./logs.ts";
export type { MetricStory } from "./metrics.ts";
export type { Story, StoryOptions } from "./stories.ts";

/** A running stand-in; README.md tells how to use it. */
export interface RenderStandIn extends Stories {
  /** Ends in the base path, `/v1`. */
  readonly url: string;
  readonly apiKey: string;
  readonly requests: readonly ReceivedRequest[];
  /** TCP connections so far. */
  connections(): number;
  /** What the client did against the contract, and what we did. */
  readonly violations: readonly string[];
  readonly quirks: RouteQuirks & LimitQuirks;
  readonly limits: Limits;

  now(): number;
  at(time: number, step: () => void): void;
  after(ms: number, step: () => void): void;
  /** Runs every due step, and resolves when all socket frames have reached their clients. */
  settle(): Promise<void>;
  close(): Promise<void>;

  readonly service: World["service"];
  readonly serviceState: World["serviceState"];
  readonly customDomain: World["customDomain"];
  readonly env: World["env"];
  readonly envGroup: World["envGroup"];
  readonly metric: World["metric"];
  readonly postgres: World["postgres"];
  readonly instances: World["instances"];
  readonly event: World["event"];
  readonly crash: World["crash"];
  readonly deploy: World["deploy"];
  deployRecord(deployId: string): DeployRecord;
  status(deployId: string, status: DeployStatus, detail?: StatusDetail): void;
  /** What a trigger without a commit deploys. */
  head(serviceId: string, commit: string): void;
  log(serviceId: string, input: LogInput): void;

  fault(input: FaultInput): ActiveFault;
  sockets(): number;
  dropSockets(code?: number): void;
  /** The status to refuse new sockets with; undefined: accept them again. */
  refuseSockets(status?: number): void;
  muteSockets(isMuted: boolean): void;
  duplicateSocketLines(isDoubled: boolean): void;
  /** The frames that go out instead of a line; undefined: lines go as they are. */
  distortSocketLines(frames: ((line: LogRecord) => readonly string[]) | undefined): void;
  sendToSockets(frame: string): void;
}

export interface StandInOptions {
  /** ms; default real time, with a tick every 50 ms. */
  readonly now?: () => number;
  readonly apiKey?: string;
  /** Default `/v1`. */
  readonly basePath?: string;
}

const TICK_MS = 50;

/** Starts a stand-in for Render's API on a free port of 127.0.0.1. */
export async function startRenderStandIn(options: StandInOptions = {}): Promise<RenderStandIn> {
  const { apiKey = "rnd_StandInKey0123456789abcdefgh", basePath = "/v1" } = options;
  const clock = options.now ?? Date.now;
  const requests: ReceivedRequest[] = [];
  const violations: string[] = [];
  const quirks: RouteQuirks & LimitQuirks = {
    emptyTrigger: false,
    trigger: {},
    oldestFirst: false,
    keptDeploys: 5,
    groupCursors: true,
    metricLagMs: 30_000,
    units: {},
    workspacePlan: "professional",
    retryAfter: true,
    resetAsEpoch: false,
    doubledLimit: false,
  };
  const limits: Limits = { read: 400, write: 30, logs: 30, perService: 10 };
  const contract = renderContract();
  const time = timeline(clock);
  const state = world(time);
  const logs = logStore(state);
  const told = stories(state, logs);
  const serve = routes({ world: state, logs, stories: told, quirks });
  const sockets = logSockets({ logs, contract, violations });
  const faults = createFaults<FaultInput>();
  let refusal: number | undefined;

  const decide = decider({
    apiKey,
    basePath,
    contract,
    world: state,
    serve,
    faults,
    limits,
    quirks,
    violations,
    socketRefusal: () => refusal,
  });

  /** Runs due steps; a step that throws is reported like a violation, so that no test passes over it. */
  const runDue = (): void => {
    try {
      time.run();
    } catch (error) {
      violations.push(`a step of the story failed: ${String(error)}`);
    }
  };

  const receive = (request: IncomingMessage, body: string): ReceivedRequest => {
    const url = new URL(request.url ?? "/", "http://stand-in");
    const path = url.pathname.startsWith(`${basePath}/`) ? url.pathname.slice(basePath.length) : url.pathname;
    const method = request.method ?? "GET";
    const group = /^\/logs(\/|$)/.test(path) ? "logs" : method === "GET" ? "read" : "write";
    const received: ReceivedRequest = {
      at: time.now(),
      method,
      path,
      query: url.searchParams,
      body,
      group,
      status: 0,
    };
    requests.push(received);
    return received;
  };

  const requestId = (): string => `00000000-0000-4000-8000-${String(requests.length).padStart(12, "0")}`;

  const send = (response: ServerResponse, { reply, fault }: Decision): void => {
    for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value);
    response.setHeader("Render-Request-Id", requestId());
    response.setHeader("Date", new Date(time.now()).toUTCString());
    const bytes = Buffer.from(reply.text);
    if (fault?.kind === "reset") response.socket?.resetAndDestroy();
    if (fault?.kind === "reset" || fault?.kind === "hang") return;
    response.writeHead(reply.status, { "Content-Length": bytes.length });
    if (!fault) {
      response.end(bytes);
      return;
    }
    const half = Math.floor(bytes.length / 2);
    response.write(bytes.subarray(0, half), () => {
      if (fault.kind === "truncated") response.socket?.destroy();
    });
    if (fault.kind === "dribble") setTimeout(() => response.end(bytes.subarray(half)), fault.delayMs ?? 50);
    if (fault.kind === "slow-body") {
      time.at(time.now() + (fault.delayMs ?? 30_000), () => response.end(bytes.subarray(half)));
    }
  };

  const onRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    runDue();
    const received = receive(request, body);
    const decision = decide(request, received, { isUpgrade: false });
    const isSilent = decision.fault?.kind === "hang" || decision.fault?.kind === "reset";
    received.status = isSilent ? 0 : decision.reply.status;
    send(response, decision);
  };

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on("error", () => socket.destroy());
    runDue();
    const received = receive(request, "");
    const { reply, fault, subscription } = decide(request, received, { isUpgrade: true });
    if (fault?.kind === "hang" || fault?.kind === "slow-body" || fault?.kind === "dribble") return;
    if (fault) {
      socket.destroy();
      return;
    }
    received.status = reply.status;
    if (subscription) {
      sockets.open({ request, socket, head }, subscription);
      return;
    }
    const headers = Object.entries({ ...reply.headers, "Render-Request-Id": requestId() });
    const lines = headers.flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`));
    const length = `Content-Length: ${Buffer.byteLength(reply.text)}`;
    socket.end(
      [`HTTP/1.1 ${reply.status} Refused`, ...lines, length, "Connection: close", "", reply.text].join(
        "\r\n",
      ),
    );
  };

  const server = createServer((request, response) => {
    // A client that goes away while it sends is no matter of ours.
    onRequest(request, response).catch(() => response.destroy());
  });
  server.on("upgrade", onUpgrade);
  // Render keeps quiet connections for minutes, and says no number.
  server.keepAliveTimeout = 0;
  const upgraded = new Set<Duplex>();
  let connections = 0;
  server.on("connection", (socket) => {
    connections += 1;
    upgraded.add(socket);
    socket.on("close", () => upgraded.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const ticker = options.now ? undefined : setInterval(runDue, TICK_MS);
  ticker?.unref();

  return {
    ...told,
    url: `http://127.0.0.1:${port}${basePath}`,
    apiKey,
    requests,
    connections: () => connections,
    violations,
    quirks,
    limits,

    now: time.now,
    at: time.at,
    after: (ms, step) => time.at(time.now() + ms, step),
    async settle() {
      time.run();
      await sockets.settle();
    },
    async close() {
      clearInterval(ticker);
      sockets.close();
      for (const socket of upgraded) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },

    service: state.service,
    serviceState: state.serviceState,
    customDomain: state.customDomain,
    env: state.env,
    envGroup: state.envGroup,
    metric: state.metric,
    postgres: state.postgres,
    instances: state.instances,
    event: state.event,
    crash: state.crash,
    deploy: state.deploy,
    deployRecord: (deployId) => state.deployState(deployId).record,
    status: (deployId, status, detail = {}) => moveDeploy(state, deployId, { status, detail }),
    head(serviceId, commit) {
      state.serviceState(serviceId).head = commit;
    },
    log: logs.write,

    fault: faults.add,
    sockets: sockets.count,
    dropSockets: sockets.drop,
    refuseSockets(status) {
      refusal = status;
    },
    muteSockets: sockets.mute,
    duplicateSocketLines: sockets.duplicate,
    distortSocketLines: sockets.distort,
    sendToSockets: sockets.send,
  };
}
