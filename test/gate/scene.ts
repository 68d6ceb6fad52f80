import { busyWith } from "../stand-ins/busy.ts";
import { simulatedClock, type SimulatedClock } from "../stand-ins/clock.ts";
import { startGitHubStandIn, type GitHubStandIn } from "../stand-ins/github/stand-in.ts";
import { startRenderStandIn, type RenderStandIn } from "../stand-ins/render/server.ts";
import { startWebService, type WebService } from "../stand-ins/web-service.ts";
import "../stand-ins/loaded.ts";
import { readInputs } from "../../src/config/inputs.ts";
import { createEdges } from "../../src/edges.ts";
import { runGate, type Ending } from "../../src/gate.ts";
import { isResuming } from "../../src/gate/start.ts";
import type { Clock, Edges, Runner } from "../../src/ports.ts";

/** What a run of the gate printed, set and wrote. */
export interface Recorded {
  readonly lines: string[];
  readonly masks: string[];
  readonly outputs: Record<string, string>;
  readonly state: Record<string, string>;
  summary: string;
  readonly files: Record<string, string>;
}

/** A whole world in simulated time: Render, GitHub, and the service under watch. */
export interface Scene extends AsyncDisposable {
  readonly clock: SimulatedClock;
  /** For an edge of a test's own that takes long: sleeps beside the story. */
  readonly beside: Clock;
  readonly render: RenderStandIn;
  readonly github: GitHubStandIn;
  readonly web: WebService;
  /** Commits the config file together with `files` on main and gives the sha. */
  push(files: Readonly<Record<string, string | null>>, message?: string): Promise<string>;
  gate(options: GateOptions): Promise<GateResult>;
}

export interface GateOptions {
  readonly commit: string;
  readonly before?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly event?: { readonly name: string; readonly payload: unknown };
  readonly runSha?: string;
  /** Number of the workflow run; 1 by default. */
  readonly runNumber?: number;
  /** Later stages that end so long after live are watched in this run. */
  readonly inlineMs?: number;
  readonly signal?: AbortSignal;
  /** Real time of one attempt at Render or GitHub, for what is never answered. */
  readonly attemptTimeoutMs?: number;
  /** The runner's clock, out of the true one. */
  readonly clockOf?: (clock: Clock) => Clock;
  /** Changes the edges of this run. */
  readonly edges?: (edges: Edges) => Edges;
}

export interface GateResult extends Recorded {
  readonly ending: Ending;
  /** The parsed `report.json`. */
  readonly report: Report;
}

/** The fields of `report.json` that tests look at. */
export interface Report {
  readonly verdict: string;
  readonly mode?: string;
  readonly commit?: string;
  readonly reason?: string;
  readonly checks: readonly {
    readonly name: string;
    readonly verdict: string;
    readonly reason: string;
    readonly samples: number;
    readonly errors: number;
    readonly evidence: readonly unknown[];
    readonly findings: readonly { readonly condition: string; readonly baseline: unknown }[];
    readonly diagnosis: readonly { readonly text: string }[];
    readonly series: readonly { readonly subject: string }[];
  }[];
  readonly actions: readonly {
    readonly kind: string;
    readonly state: string;
    readonly url?: string;
    readonly reason?: string;
  }[];
  readonly notes: readonly string[];
  readonly stages: readonly { readonly name: string; readonly verdict: string }[];
  readonly coverage: readonly {
    readonly stage: string;
    readonly due: number;
    readonly seen: number;
    readonly gaps: readonly { readonly judgedAfterwards: boolean; readonly unseen: readonly string[] }[];
  }[];
  readonly requests: { readonly render: number; readonly github: number };
  readonly watch: { readonly stages: readonly string[] } | null;
  readonly deploy?: { readonly id: string; readonly status: string; readonly previousCommit?: string };
}

/** What is recorded at the start. */
export function nothingRecorded(): Recorded {
  return { lines: [], masks: [], outputs: {}, state: {}, summary: "", files: {} };
}

/** A runner that keeps what it is told. */
export function recordingRunner(into: Recorded): Runner {
  const print = (text: string): void => void into.lines.push(text);
  return {
    info: print,
    notice: (text) => print(`notice: ${text}`),
    warning: (text) => print(`warning: ${text}`),
    error: (text) => print(`error: ${text}`),
    startGroup: (title) => print(`group: ${title}`),
    endGroup: () => undefined,
    mask: (secret) => void into.masks.push(secret),
    output: (name, value) => void (into.outputs[name] = value),
    saveState: (name, value) => void (into.state[name] = value),
    async summary(markdown) {
      into.summary = markdown;
    },
    async file(name, content) {
      into.files[name] = content;
      return `/tmp/${name}`;
    },
  };
}

/** A scene with a repository, `acme/shop` unless named; nothing is deployed yet. */
export async function startScene(
  options: { readonly start?: number; readonly owner?: string; readonly repo?: string } = {},
): Promise<Scene> {
  const clock = simulatedClock(options);
  const busy = busyWith(clock);
  const render = await startRenderStandIn({ now: () => clock.now() });
  const github = await startGitHubStandIn({ ...options, now: () => clock.now() });
  const web = await startWebService({ now: () => clock.now() });
  clock.onAdvance(() => render.settle());
  clock.onAdvance(() => github.settle());

  async function gate(run: GateOptions): Promise<GateResult> {
    const recorded = nothingRecorded();
    const given: Record<string, string> = {
      "render-api-key": render.apiKey,
      "github-token": github.actionsToken,
      "render-api-url": render.url,
      ...run.inputs,
    };
    const { inputs, mistakes } = readInputs((name) => given[name] ?? "");
    const event = run.event ?? {
      name: "push",
      payload: { after: run.commit, ...(run.before === undefined ? {} : { before: run.before }) },
    };
    const environment = {
      GITHUB_API_URL: github.url,
      GITHUB_SERVER_URL: github.serverUrl,
      GITHUB_REPOSITORY: `${github.owner}/${github.repo}`,
      ...run.env,
    };
    const isLook = isResuming({ event, inputs });
    const { attemptTimeoutMs } = run;
    const timeout = attemptTimeoutMs === undefined ? {} : { attemptTimeoutMs };
    const { clockOf = (clock) => clock } = run;
    const clocks = { clock: clockOf(busy.clock), background: clockOf(busy.background) };
    const real = createEdges(inputs, environment, {
      ...clocks,
      isResuming: isLook,
      ...timeout,
    });
    // Log reads of a watch go on beside the story: when they wait for their turn, the story's time goes on. A look
    // waits for them itself.
    const beside = createEdges(inputs, environment, {
      clock: clocks.background,
      background: clockOf(clock.background),
      ...timeout,
    });
    const runner = recordingRunner(recorded);
    const plain: Edges = {
      ...real,
      clock: clocks.clock,
      logs: isLook ? real.logs : beside.logs,
      messenger: beside.messenger,
      requests: () => {
        const { render, github } = real.requests();
        return { render: render + beside.requests().render, github };
      },
      runner: {
        ...runner,
        mask(secret) {
          real.runner.mask(secret);
          beside.runner.mask(secret);
          runner.mask(secret);
        },
      },
    };
    const chosen = run.edges === undefined ? plain : run.edges(plain);
    const edges: Edges = {
      ...chosen,
      deploys: busy.watch(chosen.deploys),
      logs: busy.watch(chosen.logs),
      metrics: busy.watch(chosen.metrics),
      serviceEnv: busy.watch(chosen.serviceEnv),
      prober: busy.watch(chosen.prober),
      database: busy.watch(chosen.database),
      messenger: busy.watch(chosen.messenger),
      forge: busy.watch(chosen.forge),
    };
    try {
      const ending = await runGate(edges, {
        inputs,
        mistakes,
        event,
        runSha: run.runSha ?? run.commit,
        runUrl: `${github.webUrl}/actions/runs/${run.runNumber ?? 1}`,
        inlineMs: run.inlineMs ?? 0,
        env: (name) => run.env?.[name],
        signal: run.signal ?? new AbortController().signal,
      });
      return { ...recorded, ending, report: JSON.parse(recorded.files["report.json"] ?? "{}") as Report };
    } finally {
      await Promise.all([real.close(), beside.close()]);
    }
  }

  return {
    clock,
    beside: busy.background,
    render,
    github,
    web,
    gate,
    push: (files, message = "A change") => github.commit({ branch: "main", files, message }),
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([render.close(), github.close(), web.close()]);
    },
  };
}
