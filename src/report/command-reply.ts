import type { Answer, Refusal } from "../core/answers.ts";
import { codeSpan, inlineText, link } from "./markdown.ts";
import { pageText } from "./page.ts";
import { BODY_MAX } from "./service-section.ts";
import { capitalized, excerpt, shortSha, withStop } from "./text.ts";

const OWN = "<!-- deploy-gate:";
const REASON_MAX = 400;

function markerOf(service: string, comment: number): string {
  const name = encodeURIComponent(service.toWellFormed()).replaceAll("-", "%2D");
  return `${OWN}answer=${comment}:${name} -->`;
}

/** Whether the gate wrote it, as it marks what it writes. Anybody can write the mark, too. */
export function isOwnComment(body: string): boolean {
  return body.startsWith(OWN);
}

/** Id of the comment that this one answers for that service. */
export function answeredComment(body: string, service: string): number | undefined {
  const id = Number(/^<!-- deploy-gate:answer=(\d{1,16}):/u.exec(body)?.[1]);
  return body.startsWith(markerOf(service, id)) ? id : undefined;
}

/** A command as it was understood: `/gate run back`. */
export function commandText(answer: Answer | Refusal): string {
  if (answer.kind === "refused") return answer.text;
  return `/gate ${answer.kind}${answer.kind === "run" ? ` ${answer.remedy}` : ""}`;
}

/** What becomes of a command and when, in plain words without a full stop. */
function effectText(answer: Answer | Refusal): string {
  const outcome = "what comes of it is told in the check run";
  switch (answer.kind) {
    case "refused":
      return `not followed: ${excerpt(answer.reason, REASON_MAX)}`;
    case "why":
      return "answered below";
    case "hold":
      return `held from this look on, nothing is judged or done until /gate resume, and a watch that is held to its end ends so${answer.reason === undefined ? "" : `. Because: ${answer.reason}`}`;
    case "resume":
      return "the watch goes on with this look, and judges what Render has kept of the time in between";
    case "approve":
      return `the remedy ${answer.remedy} is carried out in this look although a guard held it back, if the commit still serves; ${outcome}`;
    case "run":
      return `the remedy ${answer.remedy} is carried out in this look, if the commit still serves; ${outcome}`;
    case "unfreeze":
      return "the freeze is lifted, and auto-deploy set as it was before";
  }
}

/** One command for the timeline and the job log: `@ada said /gate why: answered below`. */
export function answerSentence(answer: Answer | Refusal): string {
  return excerpt(`@${answer.by} said ${commandText(answer)}: ${effectText(answer)}`, 600);
}

/** The comment that answers all commands of one comment; `why` is Markdown. At most 65,536 characters. */
export function replyText(reply: {
  readonly service: string;
  readonly commit: string;
  readonly commitUrl: string;
  readonly answers: readonly (Answer | Refusal)[];
  readonly why: readonly string[];
}): string {
  const { service, commit, answers } = reply;
  const [first] = answers;
  const marker = markerOf(service, first?.comment ?? 0);
  const to = link(`@${excerpt(first?.by ?? "", 100)}`, first?.url);
  const about = `${inlineText(excerpt(service, 100))} at ${link(shortSha(commit), reply.commitUrl)}`;
  const lines = answers.map((answer) => {
    const effect = withStop(inlineText(capitalized(effectText(answer))));
    return `- ${codeSpan(excerpt(commandText(answer), 200))}: ${effect}`;
  });
  const why = answers.some(({ kind }) => kind === "why") ? reply.why : [];
  const page = pageText(
    [`${about}, in answer to ${to}:\n\n${lines.join("\n")}`, ...why],
    BODY_MAX - marker.length - 1,
  );
  return `${marker}\n${page}`;
}
