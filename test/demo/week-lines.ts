import type { GateResult } from "../gate/scene.ts";
import type { ArrivedMessage } from "../stand-ins/webhook.ts";

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

/** `Mon 10:37`, in UTC. */
export function timeText(ms: number): string {
  const date = new Date(ms);
  return `${DAYS[date.getUTCDay()] ?? ""} ${date.toISOString().slice(11, 16)}`;
}

/** What one run found: the stages that ended with it, else the one under way. `ended` are those before. */
export function foundText({ report, summary }: GateResult, ended: readonly string[]): string {
  if (report.stages === undefined) return leftText(summary);
  const { stages, checks, coverage, watch } = report;
  const named = (wanted: string): readonly string[] =>
    checks.filter(({ verdict }) => verdict === wanted).map(({ name }) => name);
  const shareOf = (stage: string): string => {
    const { due, seen } = coverage.find((one) => one.stage === stage) ?? { due: 0, seen: 0 };
    return due === 0 ? "" : `, watched ${String(Math.floor((1000 * seen) / due) / 10)} %`;
  };
  if (named("fail").length > 0) return `${named("fail").join(", ")} failed`;
  const others = [...named("warn"), ...named("unknown")];
  const checked = `${String(named("pass").length)} checks pass${others.length === 0 ? "" : `, not ${others.join(", ")}`}`;
  const fresh = stages.filter(({ name }) => !ended.includes(name));
  return fresh.length === 0
    ? `stage ${watch?.stages[0] ?? "to come"} so far: ${checked}`
    : fresh
        .map(({ name, verdict }) => `stage ${name} ends: ${verdict}, ${checked}${shareOf(name)}`)
        .join("; ");
}

/** Why a run left the watch alone, as its summary says it. */
function leftText(summary: string): string {
  const row = /^\| \S+ \| `\w+` \| (?<what>.*?) \|/m.exec(summary)?.groups?.["what"];
  return plain(row ?? "no watch is open").replace(/https:\S+\/runs\/(\d+)/, "run $1");
}

/** What a person reads of a message; of a status update, the words and numbers that change. */
export function messageLines({ to, body, text }: ArrivedMessage): readonly string[] {
  if (to === "webhook") {
    const { event, verdict, keys } = body;
    return [
      `{"event": "${String(event)}", "verdict": "${String(verdict)}", "keys": ${JSON.stringify(keys)}, …}`,
    ];
  }
  const [title = "", ...lines] = text.replace(/^\S+ at \w+: /, "").split("\n");
  if (!isUpdate(text)) {
    const said = lines.filter((line) => !/^(?:\[|Still to be watched|$)/.test(line)).map(plain);
    return /^[Ss]tage|done$/.test(title) ? said : [`${title}: ${said[0] ?? ""}`, ...said.slice(1)];
  }
  const values = ["Deployment", "Uptime", "Schedulers", "Success rate"].map(
    (name) => new RegExp(`^(?:- )?${name}: (.*)`, "m").exec(text)?.[1] ?? "",
  );
  return [`${title}: ${values.filter(Boolean).join(", ")}`];
}

export function isUpdate(text: string): boolean {
  return /Deployment Status - Day \d+/.test(text.split("\n")[0] ?? "");
}

/** What a person reads of a Markdown list of boxes: each top one, with how many of those below it are ticked. */
export function checklistLines(body: string): readonly string[] {
  const shown: { text: string; ticked: number; open: number }[] = [];
  for (const line of body.split("\n")) {
    const { indent, tick, text } = /^(?<indent> *)- \[(?<tick>[ x])\] (?<text>.*)$/.exec(line)?.groups ?? {};
    if (text === undefined) continue;
    const last = shown.at(-1);
    if (indent === "") shown.push({ text: `[${tick ?? ""}] ${plain(text)}`, ticked: 0, open: 0 });
    else if (last !== undefined && tick === "x") last.ticked += 1;
    else if (last !== undefined) last.open += 1;
  }
  return shown.map(({ text, ticked, open }) =>
    ticked + open === 0 ? text : `${text}: ${String(ticked)} of ${String(ticked + open)} boxes ticked`,
  );
}

/** Markdown without its links and backslashes. */
export function plain(markdown: string): string {
  return markdown
    .replaceAll(/ ?\(\[check run\]\([^)]*\)\)/g, "")
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .replaceAll("&#8203;", "")
    .replaceAll(/\\([^\w\s]|_)/g, "$1");
}
