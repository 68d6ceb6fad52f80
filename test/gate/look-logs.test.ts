import { describe, expect, it } from "vitest";
import type { LogLine } from "../../src/core/log-line.ts";
import type { DeployList } from "../../src/gate/deploy-list.ts";
import { createLookLogs, type LogsUnread } from "../../src/gate/look-logs.ts";
import type { ServiceRun } from "../../src/gate/run.ts";
import type { Logs } from "../../src/ports.ts";
import { DAY, givenDeploy, givenLogCheck, givenService, HOUR, MINUTE, T0 } from "../core/given.ts";

const REQUIRED = [{ name: "", patterns: [{ kind: "text" as const, text: "Uvicorn running" }] }];

const lineAt = (at: number, message = "tick"): LogLine => ({
  id: String(at),
  at,
  timestamp: new Date(at).toISOString(),
  type: "app",
  instance: "new",
  level: "info",
  message,
});

/** What a look says that comes so long after a deploy, and finds these lines or is answered so. */
async function readAfter(
  afterMs: number,
  lines: readonly LogLine[] | Logs["read"],
  complete = true,
): Promise<LogsUnread | undefined> {
  const run = {
    plan: {
      checks: [givenLogCheck(), givenLogCheck({ require: REQUIRED, forbid: [] }, { name: "started" })],
    },
    edges: {
      clock: { now: () => T0 + afterMs },
      redact: (text: string) => text,
      logs: { read: typeof lines === "function" ? lines : () => Promise.resolve({ lines, complete }) },
    },
    service: givenService(),
    signal: new AbortController().signal,
  };
  const instances = { seen: new Map([["new", T0 + MINUTE]]), listedAt: T0 + MINUTE };
  const facts = { deploy: givenDeploy("B"), liveAt: T0, instances, rereadTo: undefined };
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
      "no line of more than 7 days ago was found, and Render may have kept none",
    ],
    ["nothing where one is", 8 * DAY, [lineAt(T0 + HOUR)], undefined],
  ])("%s", async (_rule, afterMs, lines, why) => {
    expect((await readAfter(afterMs, lines))?.why).toBe(why);
  });
});

describe("a window that holds more lines than are read", () => {
  it.each([
    ["is left to the next look", [lineAt(T0 + HOUR)], []],
    ["fails what fails by those that were read", [lineAt(T0 + HOUR, "FATAL: no disk")], ["errors"]],
  ])("%s", async (_rule, lines, failing) => {
    const unread = await readAfter(2 * HOUR, lines, false);
    expect(unread).toEqual({
      why: "more log lines matched at once than are read",
      failing: new Set(failing),
    });
  });
});

it.each([
  ["is read whole where one page tells that it holds few lines", 8 * 60_000, "whole"],
  ["is read for what the checks look for where it holds many", 60_000, "filtered"],
])("a window of an hour %s", async (_rule, pageMs, how) => {
  const read: string[] = [];
  await readAfter(HOUR, ({ direction, maxLines, texts, to }) => {
    read.push(texts === undefined ? `${direction} ${maxLines}` : "filtered");
    if (direction === "forward") return Promise.resolve({ lines: [], complete: true });
    const page = Array.from({ length: 100 }, (_, nth) => lineAt(to - pageMs + (nth * pageMs) / 100));
    return Promise.resolve({ lines: page, complete: false });
  });
  expect(read).toEqual(["backward 100", how === "whole" ? "forward 2000" : "filtered"]);
});
