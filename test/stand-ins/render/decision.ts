import type { IncomingMessage } from "node:http";
import type { Contract, Json, Operation, Query } from "./contract.ts";
import { faultAnswer } from "./faults.ts";
import type { Faults } from "../fault-list.ts";
import type { FaultInput } from "./faults.ts";
import { limitHeaders, rateLimiter } from "./limits.ts";
import type { LimitQuirks, Limits } from "./limits.ts";
import { checkResources } from "./routes.ts";
import type { Answer, Routes } from "./routes.ts";
import type { World } from "./world.ts";

/** One request as it came in. `status` 0: it was never answered; 101: a socket was opened. */
export interface ReceivedRequest {
  /** ms, by the stand-in's clock. */
  readonly at: number;
  readonly method: string;
  /** Without base and query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly group: "logs" | "read" | "write";
  status: number;
}

/** What goes over the wire. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
}

/** What was decided about a request. `fault`: how the reply is spoilt. `subscription`: the socket may be opened. */
export interface Decision {
  readonly reply: Reply;
  readonly fault?: FaultInput;
  readonly subscription?: { readonly operation: Operation; readonly query: Query };
}

/** Judges requests: base, key, Accept, route, rate limit, contract, faults, and only then the answer. */
export type Decide = (
  request: IncomingMessage,
  received: ReceivedRequest,
  about: { readonly isUpgrade: boolean },
) => Decision;

// Endpoints that Render limits per service (render-api.md 1.4).
const PER_SERVICE =
  /^(PATCH \/services\/\{serviceId\}|POST \/services\/\{serviceId\}\/(deploys|rollback|deploys\/.*cancel))$/;

function jsonReply(answer: Answer, headers: Reply["headers"] = {}): Reply {
  if (answer.body === undefined) return { status: answer.status, text: "", headers };
  const type = { "Content-Type": "application/json; charset=utf-8" };
  return { status: answer.status, text: JSON.stringify(answer.body), headers: { ...type, ...headers } };
}

/** A judge that writes what is wrong into `violations`. */
export function decider(parts: {
  readonly apiKey: string;
  readonly basePath: string;
  readonly contract: Contract;
  readonly world: World;
  readonly serve: Routes;
  readonly faults: Faults<FaultInput>;
  readonly limits: Limits;
  readonly quirks: LimitQuirks;
  readonly violations: string[];
  /** Status to refuse sockets with. */
  readonly socketRefusal: () => number | undefined;
}): Decide {
  const { apiKey, basePath, contract, world, serve, faults, limits, quirks, violations } = parts;
  const limiter = rateLimiter(limits);

  const answerOf = (
    operation: Operation,
    asked: { readonly query: Query; readonly body: Json | undefined },
  ): Answer => {
    let answer: Answer | undefined;
    try {
      answer = serve(operation, asked);
    } catch (error) {
      violations.push(`the stand-in failed: ${String(error)}`);
      return { status: 500, body: { message: String(error) } };
    }
    if (!answer) {
      violations.push(`${operation.method} ${operation.template}: not served by the stand-in`);
      return { status: 501, body: { message: "not served by the stand-in" } };
    }
    if (answer.violation !== undefined) {
      violations.push(`${operation.method} ${operation.template}: ${answer.violation}`);
    }
    const shown =
      answer.body === undefined ? undefined : (JSON.parse(JSON.stringify(answer.body)) as unknown);
    const problems = contract.checkAnswer(operation, answer.status, shown);
    if (problems.length === 0) return answer;
    violations.push(...problems.map((problem) => `our own answer to ${operation.template}: ${problem}`));
    return { status: 500, body: { message: problems.join("; ") } };
  };

  return (request, received, { isUpgrade }) => {
    const { method, path } = received;
    const { headers } = request;
    const refuse = (status: number, message: string, isViolation = true): Decision => {
      if (isViolation) violations.push(`${method} ${path}: ${message}`);
      return { reply: jsonReply({ status, body: { message } }) };
    };
    if (!(request.url ?? "").startsWith(`${basePath}/`)) return refuse(404, "outside of the base path");
    if (headers.authorization !== `Bearer ${apiKey}`) return refuse(401, "Unauthorized", false);
    const accept = headers.accept ?? "";
    if (!isUpgrade && !/application\/json|application\/\*|\*\/\*/.test(accept)) {
      return refuse(406, `Accept "${accept}" does not take JSON`);
    }
    const operation = contract.find(method, path);
    if (operation === undefined) return refuse(404, "no such route");
    if (operation === "wrong-method") return refuse(405, "no such method on this route");

    const now = world.timeline.now();
    const isPerService = PER_SERVICE.test(`${method} ${operation.template}`);
    const bucket = isPerService
      ? ({ kind: "perService", key: `service ${operation.params["serviceId"]}`, now } as const)
      : { kind: received.group, key: received.group, now };
    const allowance = limiter.take(bucket);
    const shown = limitHeaders(allowance, { quirks, now });
    if (!allowance.isAllowed) {
      const retryAfter = String(Math.ceil(allowance.resetInMs / 1000));
      const more: Reply["headers"] = quirks.retryAfter ? { ...shown, "Retry-After": retryAfter } : shown;
      return { reply: jsonReply({ status: 429, body: { message: "rate limit exceeded" } }, more) };
    }
    const checked = contract.checkRequest(operation, {
      query: received.query,
      contentType: headers["content-type"],
      body: received.body,
    });
    const problems = [...checked.problems];
    if ((operation.template === "/logs/subscribe") !== isUpgrade) {
      problems.push(isUpgrade ? "no socket can be opened here" : "answers only to a WebSocket upgrade");
    }
    if (problems.length > 0) {
      violations.push(...problems.map((problem) => `${method} ${path}: ${problem}`));
      return { reply: jsonReply({ status: 400, body: { message: problems.join("; ") } }, shown) };
    }
    const fault = faults.take(`${method} ${path}`, now);
    if (fault) {
      const own = faultAnswer(fault);
      if (own) {
        if (fault.takesEffect === true) answerOf(operation, checked);
        return { reply: { ...own, headers: { ...shown, ...own.headers } } };
      }
      // No answer at all is decided before anything is done unless asked for; half an answer means that it was done.
      const isSilent = fault.kind === "hang" || fault.kind === "reset" || isUpgrade;
      const isUndone = isUpgrade || (isSilent && fault.takesEffect !== true);
      const answer = isUndone ? { status: 200 } : answerOf(operation, checked);
      return { reply: jsonReply(answer, shown), fault };
    }
    if (!isUpgrade) return { reply: jsonReply(answerOf(operation, checked), shown) };
    const refusal = parts.socketRefusal();
    const denied =
      refusal === undefined
        ? checkResources(world, checked.query)
        : { status: refusal, body: { message: "refused" } };
    if (denied?.violation !== undefined) violations.push(`${method} ${path}: ${denied.violation}`);
    if (denied) return { reply: jsonReply(denied, shown) };
    return { reply: jsonReply({ status: 101 }, shown), subscription: { operation, query: checked.query } };
  };
}
