import { jsonOf } from "../../../src/io/json.ts";
import { deployReply, instanceReply } from "../../../src/io/render-deploy.ts";
import { eventReply } from "../../../src/io/render-event.ts";
import { linesOf, logMessageReply, logPageReply } from "../../../src/io/render-log.ts";
import { metricReply } from "../../../src/io/render-metric.ts";
import { serviceReply } from "../../../src/io/render-service.ts";
import { law, type FuzzTarget } from "../target.ts";

const at = "2026-11-23T10:00:00.123456789Z";
const SCHEMAS = {
  deployReply,
  instanceReply,
  eventReply,
  logPageReply,
  logMessageReply,
  metricReply,
  serviceReply,
};

/** Answers of Render as they come over the wire: each is read or refused, by every reader. */
export const renderReplies: FuzzTarget = {
  name: "render-replies",
  seeds: [
    {
      id: "dep-1",
      commit: { id: "a".repeat(40), message: "m" },
      image: { ref: "i" },
      status: "live",
      trigger: "api",
      createdAt: at,
      startedAt: at,
      finishedAt: null,
    },
    { id: "srv-1-abcde", createdAt: at },
    {
      id: "evt-1",
      type: "server_failed",
      timestamp: at,
      details: {
        deployId: "dep-1",
        deployStatus: "succeeded",
        instanceID: "srv-1-abcde",
        reason: {
          failure: { oomKilled: { memoryLimit: "512Mi" }, nonZeroExit: 1 },
          newDeploy: { id: "dep-2" },
        },
        trigger: { user: { name: "a@b.test" } },
      },
    },
    {
      hasMore: true,
      nextStartTime: at,
      nextEndTime: at,
      logs: [
        {
          id: "l",
          timestamp: at,
          message: "words",
          labels: [
            { name: "resource", value: "srv-1" },
            { name: "instance", value: "srv-1-abcde" },
          ],
        },
      ],
    },
    [
      {
        labels: [{ field: "resource", value: "srv-1" }],
        unit: "cpu",
        values: [{ timestamp: at, value: 0.5, unit: "cpu" }],
      },
    ],
    {
      id: "srv-1",
      name: "n",
      ownerId: "tea-1",
      type: "web_service",
      autoDeploy: "yes",
      suspended: "not_suspended",
      suspenders: [],
      buildFilter: { paths: ["a"], ignoredPaths: null },
      serviceDetails: { url: "https://x.test", numInstances: 1, maxShutdownDelaySeconds: 30 },
    },
  ].map((answer) => JSON.stringify(answer)),
  words: [
    '"__proto__":{"polluted":1},',
    '"constructor":{"prototype":{"polluted":1}},',
    '"toString":1,',
    '"then":1,',
    "1e999",
    "-0",
    "null",
    "[]",
    "{}",
    '"\\ud800"',
    "9999-99-99T99:99:99Z",
    "+275761-01-01T00:00:00Z",
    "[".repeat(300),
    "]".repeat(300),
  ],
  holds(text) {
    const content = jsonOf(text);
    if ("why" in content) return;
    for (const [name, schema] of Object.entries(SCHEMAS)) {
      const read = schema.safeParse(content.json);
      law(!JSON.stringify(read.data ?? {}).includes('"polluted":1'), `${name} lets unknown fields through`);
    }
    const lines = logMessageReply.safeParse(content.json);
    for (const line of lines.success ? linesOf(lines.data, "srv-1") : [])
      law(Number.isFinite(line.at), "a line without a time");
    law(!("polluted" in {}), "every object is changed");
  },
};
