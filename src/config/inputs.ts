import type { Mode, Plan } from "../core/check.ts";
import { parseDuration } from "../core/duration.ts";
import { didYouMean } from "../core/suggest.ts";
import type { Mistake } from "../problem.ts";

/** One input as `action.yml` declares it. */
export interface InputDeclaration {
  readonly name: string;
  readonly required: boolean;
  readonly default?: string;
}

/** Every input, in the order of `action.yml`. */
export const INPUTS: readonly InputDeclaration[] = [
  { name: "render-api-key", required: true },
  { name: "service", required: false },
  { name: "config", required: false, default: ".github/deploy-gate.yml" },
  { name: "mode", required: false },
  { name: "commit", required: false },
  { name: "deploy-id", required: false },
  { name: "github-token", required: false, default: "${{ github.token }}" },
  { name: "pr-token", required: false },
  { name: "render-api-url", required: false, default: "https://api.render.com/v1" },
];

/** The inputs, trimmed; what was empty or wrong is absent. */
export interface Inputs {
  readonly renderApiKey?: string;
  readonly service?: string;
  /** Repository path of the config file. The default path is not told from its absence. */
  readonly config?: string;
  readonly mode?: Mode;
  /** 7 to 40 hexadecimal digits, in lower case. */
  readonly commit?: string;
  readonly deployId?: string;
  readonly githubToken?: string;
  readonly prToken?: string;
  /** Without a slash at its end. */
  readonly renderApiUrl: string;
}

const MODES = ["observe", "advise", "enforce"] as const;
const DEFAULT_API_URL = "https://api.render.com/v1";

interface Rule {
  readonly isValid: (value: string) => boolean;
  readonly use: string;
  /** Its value is never shown. */
  readonly isSecret?: boolean;
  readonly hint?: (value: string) => string | undefined;
}

const SECRET: Rule = {
  isValid: (value) => /^[\x21-\x7e]+$/.test(value),
  use: "use a key or token without spaces and line breaks",
  isSecret: true,
};

const RULES: Readonly<Record<string, Rule>> = {
  "render-api-key": SECRET,
  service: { isValid: (value) => !/[\p{Cc}]/u.test(value), use: "use one line" },
  config: {
    isValid: isRepositoryPath,
    use: "use a path inside the repository, such as .github/deploy-gate.yml",
  },
  mode: {
    isValid: (value) => MODES.some((mode) => mode === value),
    use: "use observe, advise or enforce",
    hint: (value) => didYouMean(value, MODES),
  },
  commit: { isValid: (value) => /^[\da-f]{7,40}$/i.test(value), use: "use the SHA of a commit" },
  "deploy-id": {
    isValid: (value) => /^dep-[\w-]+$/.test(value),
    use: "use the id of a deploy, such as dep-abcd0123456789efghij",
  },
  "github-token": SECRET,
  "pr-token": SECRET,
  "render-api-url": { isValid: isHttpUrl, use: `use an address such as ${DEFAULT_API_URL}` },
};

/**
 * Reads all inputs through `get` (an unset input is ""). A wrong input is a mistake and absent from the result;
 * all mistakes come at once, in the order of `action.yml`.
 */
export function readInputs(get: (name: string) => string): {
  readonly inputs: Inputs;
  readonly mistakes: readonly Mistake[];
} {
  const mistakes: Mistake[] = [];
  const read = (name: string): string | undefined => {
    const value = get(name).trim();
    const rule = RULES[name];
    if (value === "" || rule === undefined || rule.isValid(value)) return value === "" ? undefined : value;
    const holds =
      rule.isSecret === true
        ? "holds a space, a line break or a character that no key has"
        : `is "${value.slice(0, 80)}"`;
    const hint = rule.hint?.(value);
    mistakes.push({
      message: `Input "${name}" ${holds}; ${rule.use}.`,
      ...(hint === undefined ? {} : { hint }),
    });
    return undefined;
  };
  const renderApiKey = read("render-api-key");
  if (renderApiKey === undefined && mistakes.length === 0) {
    const hint =
      "Set it to a secret of the repository. Secrets are not passed to workflows that a fork or Dependabot started.";
    mistakes.push({ message: 'Input "render-api-key" is empty.', hint });
  }
  const [service, config, mode, commit, deployId] = ["service", "config", "mode", "commit", "deploy-id"].map(
    read,
  );
  const githubToken = read("github-token");
  if (githubToken === undefined && get("github-token").trim() === "") {
    mistakes.push({
      message: 'Input "github-token" is empty.',
      hint: "Leave it out: its default is the job's own token.",
    });
  }
  const prToken = read("pr-token");
  const renderApiUrl = (read("render-api-url") ?? DEFAULT_API_URL).replace(/\/+$/, "");
  const known = MODES.find((one) => one === mode);
  const inputs: Inputs = {
    ...(renderApiKey === undefined ? {} : { renderApiKey }),
    ...(service === undefined ? {} : { service }),
    ...(config === undefined ? {} : { config: config.replace(/^(?:\.\/)+/, "") }),
    ...(known === undefined ? {} : { mode: known }),
    ...(commit === undefined ? {} : { commit: commit.toLowerCase() }),
    ...(deployId === undefined ? {} : { deployId }),
    ...(githubToken === undefined ? {} : { githubToken }),
    ...(prToken === undefined ? {} : { prToken }),
    renderApiUrl,
  };
  return { inputs, mistakes };
}

/** Of the step's environment: how long after live this job watches inline; without it only the first stage. */
export const INLINE_VARIABLE = "DEPLOY_GATE_INLINE";

/** How long after live (ms) stages are watched by the job itself; a text that is no duration is a mistake. */
export function readInline(text: string): {
  readonly inlineMs: number;
  readonly mistakes: readonly Mistake[];
} {
  const written = text.trim();
  const inlineMs = written === "" ? 0 : parseDuration(written);
  if (inlineMs !== undefined) return { inlineMs, mistakes: [] };
  const message = `The variable ${INLINE_VARIABLE} is "${written.slice(0, 80)}"; use a duration such as 1h.`;
  return { inlineMs: 0, mistakes: [{ message }] };
}

export type EffectivePlan =
  | { readonly ok: true; readonly plan: Plan & { readonly service: string } }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/** The plan with the inputs over it: `mode` and `service` of the inputs win. A service must be named somewhere. */
export function effectivePlan(
  plan: Plan,
  inputs: Pick<Inputs, "service" | "mode" | "deployId">,
): EffectivePlan {
  const service = inputs.service ?? plan.service;
  const mistakes: Mistake[] = [];
  if (service === undefined) {
    const place = plan.file === undefined ? "" : `, or "service" in ${plan.file}`;
    mistakes.push({
      message: "No service is named.",
      hint: `Set the input "service"${place} to the name or id of a Render service.`,
    });
  }
  if (inputs.deployId !== undefined && plan.deploy.trigger) {
    mistakes.push({
      message: 'Input "deploy-id" names a deploy that exists, and "deploy.trigger" asks for a new one.',
      hint: "Set one of them only.",
    });
  }
  if (service === undefined || mistakes.length > 0) return { ok: false, mistakes };
  return { ok: true, plan: { ...plan, service, mode: inputs.mode ?? plan.mode } };
}

function isRepositoryPath(path: string): boolean {
  const isRelative = !/^[/\\~]|^[A-Za-z]:|[\p{Cc}]/u.test(path);
  return isRelative && !path.split(/[/\\]/).includes("..");
}

function isHttpUrl(url: string): boolean {
  return /^https?:\/\/[^/]/i.test(url) && URL.canParse(url) && !/[?#]/.test(url);
}
