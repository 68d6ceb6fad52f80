import { describe, expect, it } from "vitest";
import { CONFIG, deploy, MAIN, openWorld, otherWrites, POST, reportOf, type World } from "./world.ts";

interface Row {
  readonly verdict: string;
  readonly config?: string;
  readonly mode?: string;
  readonly message?: string;
  readonly tell: (world: World) => void | Promise<void>;
  readonly exitCode: 0 | 1;
  readonly conclusion: string;
  /** State of the commit status; none in observe mode. */
  readonly status?: string;
  /** Outputs besides those that every run has. */
  readonly outputs: readonly string[];
  /** What the last line of the job log is made as. */
  readonly line: "error" | "warning" | "notice";
}

const DEPLOYED = ["service-id", "deploy-id", "deploy-status"];
const broken = (world: World): void => {
  world.web.answerWith(() => ({ status: 503 }));
};

const ROWS: readonly Row[] = [
  {
    verdict: "pass",
    tell: (world) => void deploy(world),
    exitCode: 0,
    conclusion: "success",
    status: "success",
    outputs: [...DEPLOYED, "stage"],
    line: "notice",
  },
  {
    verdict: "warn",
    config: `${CONFIG}  slow: { http: /, warn: status == 200 }\n`,
    tell: (world) => void deploy(world),
    exitCode: 0,
    conclusion: "success",
    status: "success",
    outputs: [...DEPLOYED, "stage"],
    line: "warning",
  },
  {
    verdict: "fail",
    tell: (world) => {
      deploy(world);
      broken(world);
    },
    exitCode: 1,
    conclusion: "failure",
    status: "failure",
    outputs: [...DEPLOYED, "stage", "revert-pr-url", "revert-pr-number"],
    line: "error",
  },
  {
    verdict: "fail",
    mode: "observe",
    tell: (world) => {
      deploy(world);
      broken(world);
    },
    exitCode: 0,
    conclusion: "neutral",
    outputs: [...DEPLOYED, "stage"],
    line: "warning",
  },
  {
    verdict: "unknown",
    tell: (world) => void deploy(world, { buildMs: 100, end: "canceled" }),
    exitCode: 1,
    conclusion: "action_required",
    status: "error",
    outputs: DEPLOYED,
    line: "error",
  },
  {
    verdict: "superseded",
    tell: async (world) => {
      const newer = await world.github.commit({ files: { "app.py": "print('three')\n" }, message: "Third" });
      const quick = { createdMs: 50, buildMs: 150, updateMs: 50 };
      const { sha: older, serviceId } = world;
      world.render.overridden(serviceId, { older, newer, afterMs: 100, options: quick });
    },
    exitCode: 0,
    conclusion: "neutral",
    status: "pending",
    outputs: [...DEPLOYED],
    line: "notice",
  },
  {
    verdict: "skipped",
    config: `${CONFIG}deploy: { appear_within: 2s }\n`,
    message: "[skip render] Words only",
    tell: () => undefined,
    exitCode: 0,
    conclusion: "skipped",
    status: "success",
    outputs: ["service-id"],
    line: "notice",
  },
];

describe.concurrent("the bundle, as the runner runs it", () => {
  it.each(ROWS)("$verdict, mode $mode", async (row) => {
    await using world = await openWorld({
      ...(row.config === undefined ? {} : { config: row.config }),
      ...(row.message === undefined ? {} : { message: row.message }),
    });
    await row.tell(world);
    const job = await world.job(row.mode === undefined ? {} : { inputs: { mode: row.mode } });
    const step = await job.run(MAIN);
    expect(step.outputs["verdict"], step.lines.join("\n")).toBe(row.verdict);
    expect(step.exitCode).toBe(row.exitCode);
    expect(step.signal).toBeNull();
    expect(step.lines[0]).toBe("Render Deploy Gate: push in acme/shop");
    expect(step.lines.findLast((line) => line.startsWith("::"))).toMatch(
      new RegExp(`^::${row.line}::shop-api: `),
    );
    expect(Object.keys(step.outputs).toSorted()).toEqual(
      ["verdict", "commit", "check-run-url", "report", ...row.outputs].toSorted(),
    );
    expect(step.outputs["commit"]).toBe(world.sha);
    expect(step.outputs["check-run-url"]).toMatch(/\/runs\/\d+$/);
    expect(await reportOf(step.outputs)).toMatchObject({ version: 1, verdict: row.verdict });
    expect(step.summary).not.toBe("");
    expect(world.github.checkRuns).toMatchObject([{ status: "completed", conclusion: row.conclusion }]);
    expect(world.github.statuses.at(-1)?.state).toBe(row.status);
    const [pull] = world.github.pulls;
    expect(step.outputs["revert-pr-number"]).toBe(pull === undefined ? undefined : String(pull.number));
    if (pull === undefined) expect(otherWrites(world.github)).toEqual([]);
    expect(world.render.requests.filter(({ method }) => method !== "GET")).toEqual([]);

    const before = world.github.requests.length;
    const post = await job.run(POST);
    expect(post).toMatchObject({ exitCode: 0, lines: [] });
    expect(world.github.requests).toHaveLength(before);
    expect(world.violations()).toEqual([]);
  });
});
