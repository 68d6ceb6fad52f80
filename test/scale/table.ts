import type { Job, Measured } from "./simulation.ts";
import { mostPerMinute, type Budget } from "./usage.ts";
import { BUILD_MS, UPDATE_MS } from "./world.ts";

/** What the platforms allow: in an hour, or in a minute. */
const LIMITS: { readonly [budget in Budget]: { readonly most: number; readonly per: "hour" | "minute" } } = {
  "GitHub REST": { most: 1_000, per: "hour" },
  "GitHub GraphQL": { most: 1_000, per: "hour" },
  "Render reads": { most: 400, per: "minute" },
  "Render log calls": { most: 30, per: "minute" },
};
/** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const TOKENS = {
  "the jobs' own token": 1_000,
  "the token of an App": 5_000,
  "the token of an App, largest": 12_500,
  "the jobs' own token, Enterprise Cloud": 15_000,
};
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Between the merge and live at Render, and the stage that a gate watches. */
const LIVE_MS = 2_000 + BUILD_MS + UPDATE_MS;
const BOOT_MS = 5 * MINUTE_MS;
/** What a runner needs around the step itself. */
const SETUP_MS = 15_000;

/** The figures of the hours [from, to), as Markdown. */
export function figures(
  measured: Measured,
  { from, to }: { readonly from: number; readonly to: number },
): string {
  const isWithin = (at: number): boolean => at >= from * HOUR_MS && at < to * HOUR_MS;
  const used = measured.used.filter(({ at }) => isWithin(at));
  const jobs = measured.jobs.filter(({ startedAt }) => isWithin(startedAt));
  const perHour = (count: number): number => Math.round(count / (to - from));
  const rows = (Object.keys(LIMITS) as Budget[]).map((budget) => {
    const own = used.filter((one) => one.budget === budget);
    const accepted = own.filter(({ isRefused }) => !isRefused);
    const by = (kind: Job["kind"]): number => perHour(accepted.filter((one) => one.by === kind).length);
    const most = mostPerMinute(accepted.map(({ at }) => at));
    const limit = LIMITS[budget];
    const share = (limit.per === "hour" ? perHour(accepted.length) : most) / limit.most;
    const cells = [
      budget,
      by("gate"),
      by("look"),
      perHour(accepted.length),
      perHour(own.length - accepted.length),
      most,
      `${count(limit.most)} a${limit.per === "hour" ? "n" : ""} ${limit.per}`,
      percent(share),
    ];
    return `| ${cells.map((cell) => (typeof cell === "number" ? count(cell) : cell)).join(" | ")} |`;
  });
  const rest = perHour(used.filter((one) => one.budget === "GitHub REST" && !one.isRefused).length);
  const contents = used.filter(({ isContent }) => isContent);
  return [
    "| calls an hour | gates | looks | together | refused, asked again | most in a minute | limit | share |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
    `GitHub requests that create something: ${perHour(contents.length)} an hour, at most ${mostPerMinute(contents.map(({ at }) => at))} in a minute (limit about 80, and 500 an hour).`,
    "",
    "| token | REST requests an hour | share |",
    "| --- | --- | --- |",
    ...Object.entries(TOKENS).map(([name, most]) => `| ${name} | ${count(most)} | ${percent(rest / most)} |`),
    "",
    jobsText("gate", jobs, perHour),
    jobsText("look", jobs, perHour),
    verdictsText(jobs),
  ].join("\n");
}

function jobsText(kind: Job["kind"], all: readonly Job[], perHour: (count: number) => number): string {
  const jobs = all.filter((job) => job.kind === kind);
  const minutes = jobs.map(({ startedAt, endedAt }) =>
    Math.ceil((endedAt - startedAt + SETUP_MS) / MINUTE_MS),
  );
  const longest = Math.max(0, ...jobs.map(({ startedAt, endedAt }) => endedAt - startedAt));
  const held = Math.max(0, ...jobs.map(({ heldMs }) => heldMs));
  const sum = minutes.reduce((total, one) => total + one, 0);
  return `- ${kind}s: ${perHour(jobs.length)} an hour, ${perHour(sum)} runner minutes, the longest ${minutesText(longest)}; longest wait of a call for a limit ${secondsText(held)}`;
}

function verdictsText(jobs: readonly Job[]): string {
  const lags = jobs
    .flatMap(({ mergedAt, endedAt }) =>
      mergedAt === undefined ? [] : [endedAt - mergedAt - LIVE_MS - BOOT_MS],
    )
    .toSorted((a, b) => a - b);
  const counts = new Map<string, number>();
  for (const { verdict } of jobs.filter(({ kind }) => kind === "gate"))
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const verdicts = [...counts].map(([verdict, times]) => `${times} ${verdict}`).join(", ");
  const median = lags[Math.floor(lags.length / 2)] ?? 0;
  const ends = jobs.flatMap(({ lines }) => lines.filter((line) => line.includes("Looks end early")));
  return [
    `- verdicts of gates: ${verdicts}; after the end of their stage ${secondsText(median)} in the middle, ${secondsText(lags.at(-1) ?? 0)} at most`,
    ...ends.map((line) => `- a look said: ${line.replace(/^warning: /, "")}`),
  ].join("\n");
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function secondsText(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

function minutesText(ms: number): string {
  return `${(ms / MINUTE_MS).toFixed(1)} min`;
}
