import { describe, expect, it } from "vitest";
import type { LogLine } from "../../src/core/log-line.ts";
import { NO_INSTANCES } from "../../src/core/new-instances.ts";
import type { DeployList } from "../../src/gate/deploy-list.ts";
import { createLookLogs } from "../../src/gate/look-logs.ts";
import type { ServiceRun } from "../../src/gate/run.ts";
import { DAY, givenDeploy, givenLogCheck, givenService, HOUR, T0 } from "../core/given.ts";

const lineAt = (at: number): LogLine => ({
  id: String(at),
  at,
  timestamp: new Date(at).toISOString(),
  type: "app",
  instance: "new",
  level: "info",
  message: "tick",
});

/** What a look says that comes so long after a deploy, and finds these lines. */
async function readAfter(afterMs: number, lines: readonly LogLine[]): Promise<string | undefined> {
  const run = {
    plan: { checks: [givenLogCheck()] },
    edges: {
      clock: { now: () => T0 + afterMs },
      redact: (text: string) => text,
      logs: { read: () => Promise.resolve({ lines, complete: true }) },
    },
    service: givenService(),
    signal: new AbortController().signal,
  };
  const facts = { deploy: givenDeploy("B"), liveAt: T0, instances: NO_INSTANCES, rereadTo: undefined };
  const logs = createLookLogs(run as unknown as ServiceRun, facts, undefined);
  return logs.read(T0 + afterMs, { deploys: [] } as unknown as DeployList);
}

describe("what a look says of lines that Render may not have kept", () => {
  it.each([
    ["nothing in time, though there was none", 6 * DAY, [], undefined],
    [
      "that they could not be read, where none is so old",
      8 * DAY,
      [lineAt(T0 + 3 * DAY)],
      /no line of more than 7 days ago/,
    ],
    ["nothing where one is", 8 * DAY, [lineAt(T0 + HOUR)], undefined],
  ])("%s", async (_rule, afterMs, lines, why) => {
    const said = await readAfter(afterMs, lines);
    if (why === undefined) expect(said).toBeUndefined();
    else expect(said).toMatch(why);
  });
});
