import type { Occasion } from "../core/communication.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Transition } from "../core/transition.ts";
import type { MessagePlaces } from "./message.ts";
import { excerpt } from "./text.ts";
import { isoText } from "./time.ts";
import { checksThat } from "./title.ts";

const REASON_MAX = 1_000;
const MOST = 20;

/** The body for a generic webhook, JSON; `schema/message.schema.json` describes it. */
export function webhookBody(
  outcome: Outcome,
  transitions: readonly Transition[],
  about: MessagePlaces & { readonly role: string; readonly at: number },
): string {
  const { keep, role } = about;
  const { service, deploy, verdict, commit, revert, issue } = outcome;
  const line = (text: string, max = REASON_MAX): string => excerpt(keep(text), max);
  const keys = transitions.map(({ key }) => keep(key));
  const actions = transitions.flatMap((one) => (one.kind === "action" ? [one.action] : []));
  const updates = transitions.flatMap((one) => (one.kind === "report" ? [one] : []));
  const stage = transitions.findLast((one) => one.kind === "stage")?.stage ?? outcome.stages.at(-1);
  const name = line(service?.name ?? outcome.serviceName, 200);
  return JSON.stringify({
    version: 1,
    id: [service?.id ?? name, commit, role, keys.join(",")].join("/").slice(0, 1_000).toWellFormed(),
    event: eventOf(transitions),
    keys,
    role,
    mode: outcome.mode,
    verdict,
    reason: line(outcome.reason),
    service: { ...(service === undefined ? {} : { id: service.id }), name },
    commit,
    deploy:
      deploy === undefined
        ? null
        : {
            id: deploy.id,
            status: deploy.status,
            ...(outcome.deployUrl === undefined ? {} : { url: outcome.deployUrl }),
            ...(outcome.liveAt === undefined ? {} : { liveAt: isoText(outcome.liveAt) }),
          },
    stage: stage === undefined ? null : { name: stage.name, verdict: stage.verdict },
    laterStages: outcome.laterStages ?? [],
    failed: checksThat(outcome, "fail")
      .slice(0, MOST)
      .map((check) => ({
        check: line(check.name, 200),
        reason: line(check.reason),
        ...(check.hint === undefined ? {} : { hint: line(check.hint) }),
      })),
    actions: actions.slice(0, MOST).map(({ kind, state, reason, url }) => ({
      kind,
      state,
      ...(reason === undefined ? {} : { reason: line(reason) }),
      ...(url === undefined ? {} : { url: keep(url) }),
    })),
    updates: updates.map(({ title, lines }) => ({
      title: line(title),
      lines: lines.slice(0, 100).map((one) => line(one)),
    })),
    revert: revert ?? null,
    issue: issue ?? null,
    url: about.checkRunUrl ?? about.runUrl,
    at: isoText(about.at),
  });
}

/** The weightiest of the occasions: the verdict, what a remedy did, a stage's end, an update. */
function eventOf(transitions: readonly Transition[]): Occasion {
  const order = ["verdict", "action", "stage", "report"] as const;
  const kind = order.find((one) => transitions.some((transition) => transition.kind === one));
  return transitions.find((one) => one.kind === kind)?.occasion ?? "report";
}
