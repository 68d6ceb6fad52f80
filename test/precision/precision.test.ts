import { describe, expect, it } from "vitest";
import { missedAims, precisionOf } from "./aims.ts";
import { FAULTS } from "./faults.ts";
import { runJob } from "./job.ts";
import { judged, type Result } from "./judge.ts";
import { play } from "./trial.ts";

const critical = FAULTS.filter(({ isCritical, onset }) => isCritical && onset !== "hours");
/** What both files have is played once. */
const kinds = [...new Map(critical.map((kind) => [kind.name, kind])).values()];

describe("clean deploys", () => {
  it.each([1, 3, 10, 13])("the %ith is not acted on", async (nth) => {
    const result = await runJob({ seed: 1, kind: "clean", nth });
    expect(result.acts).toEqual([]);
    expect(["pass", "warn", "superseded"]).toContain(result.verdict);
  });
});

describe("critical faults", () => {
  it.each(kinds.map((kind) => [`${kind.config}: ${kind.name}`, kind] as const))(
    "%s: fails",
    async (_name, kind) => {
      const bad = kind.make("suite", { weekHour: 34 });
      const played = await play(bad.world, looks(bad.world.liveAt));
      const { fault } = judged(played, { seed: "suite", group: kind.name, kind, bad });
      expect(fault).toMatchObject({ isFailed: true, isTooEarly: false });
    },
  );
});

/** Two looks in the first hour; no more are needed once a verdict has fallen. */
function looks(liveAt: number | undefined): readonly number[] {
  return liveAt === undefined ? [] : [20, 50].map((minutes) => liveAt + minutes * 60_000);
}

describe("the judge", () => {
  const duplicates = FAULTS.find(({ name }) => name.startsWith("duplicates"));
  const crash = FAULTS.find(({ name }) => name === "crash loop");
  if (duplicates === undefined || crash === undefined) throw new Error("there are such kinds");
  const bad = crash.make("suite", { weekHour: 34 });
  const crashed = play(bad.world, []).then((played) => ({ bad, played }));

  it("counts no fault as seen that is switched off", async () => {
    const bad = duplicates.make("suite", { weekHour: 34, isOff: true });
    const played = await play(bad.world, []);
    const { fault, acts } = judged(played, { seed: "suite", group: "off", kind: duplicates, bad });
    expect(fault).toMatchObject({ isSeen: false, isFailed: false, isActed: false });
    expect(acts).toEqual([]);
  });

  it("counts no fault as seen by a check that is not there for it", async () => {
    const { bad, played } = await crashed;
    const asAnother = judged(played, { seed: "suite", group: "other", kind: duplicates, bad });
    expect(asAnother).toMatchObject({ verdict: "fail", fault: { isFailed: false } });
  });

  it("counts an act before the fault as too early", async () => {
    const { bad, played } = await crashed;
    const late = { ...bad, onset: bad.onset + 3_600_000 };
    const { fault } = judged(played, { seed: "suite", group: "late", kind: crash, bad: late });
    expect(fault).toMatchObject({ isTooEarly: true, isFailed: false });
  });
});

describe("the aims", () => {
  const clean: Result = { seed: "", group: "", verdict: "pass", acts: [], notPassed: [], watchedMs: 0 };
  const fault = {
    isCritical: true,
    isSeen: true,
    isFailed: true,
    isWarned: true,
    isActed: true,
    isTooEarly: false,
    beats: 1,
  };
  const all = (changed: Partial<Result>, bad: Partial<typeof fault> = {}): readonly Result[] => [
    { ...clean, ...changed },
    ...Array.from({ length: 99 }, () => ({ ...clean, fault })),
    { ...clean, fault: { ...fault, ...bad } },
  ];
  const missed = (results: readonly Result[]): string => missedAims(precisionOf(results)).join("; ");

  it.each([
    ["all reached", all({}), ""],
    ["a clean deploy is acted on", all({ acts: ["freeze"] }), "1 of 1 clean deploys were acted on"],
    ["a clean deploy fails, and nothing is done", all({ verdict: "fail" }), ""],
    ["one in a hundred is missed", all({}, { isFailed: false }), ""],
    [
      "two in a hundred are missed",
      [...all({}, { isFailed: false }), { ...clean, fault: { ...fault, isFailed: false } }],
      "99 of 101 critical faults failed, less than 99 %",
    ],
    [
      "other faults are no aim",
      [...all({}), { ...clean, fault: { ...fault, isCritical: false, isFailed: false } }],
      "",
    ],
    [
      "it acts before anything is wrong",
      all({}, { isTooEarly: true }),
      "1 deploys were acted on before anything was wrong",
    ],
    [
      "verdicts come late",
      all({}).map((one) => (one.fault === undefined ? one : { ...one, fault: { ...fault, beats: 2.5 } })),
      "half of the critical faults took longer than 2.5 beats, more than two",
    ],
    ["nothing was played", [], "nothing was played"],
  ])("%s", (_what, results, sentence) => {
    expect(missed(results)).toBe(sentence);
  });
});
