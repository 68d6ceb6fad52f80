import { _ as saveState, b as startGroup, d as endGroup, f as error, g as notice, h as info, m as getState, n as getOctokit, p as getInput, r as require_undici, v as setOutput, x as warning, y as setSecret } from "./vendor.js";
import { $ as oneLine$2, A as list, B as yes, C as cutText$1, D as finite, E as fields, F as ownOf, G as amountText, H as valueText, I as record, J as cleanText, K as byteLength, L as string, M as number$1, N as oneOf, O as flag, P as optional$1, Q as excerpt, R as strings, S as pointOf, T as count, U as labelText, V as lineValueText, W as logText, X as cut$2, Y as countText, Z as cutBytes$1, _ as fiveDigits, at as durationWords, b as merged$1, et as shortSha, g as digested, j as misfit, k as items, n as valueAt, nt as withStop, p as pathText$1, q as capitalized, r as BEFORE, rt as withoutStop, st as didYouMean, tt as startOf, ut as parseDuration, v as keptPoint, w as Misfit, y as keptPointsOf, z as text$4 } from "./words.js";
import { C as NEVER, S as unknown, _ as object, b as string$1, d as array, f as boolean$1, g as number$2, h as looseObject, l as _enum, m as literal, u as _undefined, x as union } from "./zod.js";
import { Socket, isIP } from "node:net";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, realpath, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join, relative, resolve } from "node:path";
// src/config/inputs.ts
const MODES = [
	"observe",
	"advise",
	"enforce"
];
const DEFAULT_API_URL = "https://api.render.com/v1";
const SECRET = {
	isValid: (value) => /^[\x21-\x7e]+$/.test(value),
	use: "use a key or token without spaces and line breaks",
	isSecret: true
};
const RULES = {
	"render-api-key": SECRET,
	service: {
		isValid: (value) => !/[\p{Cc}]/u.test(value),
		use: "use one line"
	},
	config: {
		isValid: isRepositoryPath,
		use: "use a path inside the repository, such as .github/deploy-gate.yml"
	},
	mode: {
		isValid: (value) => MODES.some((mode) => mode === value),
		use: "use observe, advise or enforce",
		hint: (value) => didYouMean(value, MODES)
	},
	commit: {
		isValid: (value) => /^[\da-f]{7,40}$/i.test(value),
		use: "use the SHA of a commit"
	},
	"deploy-id": {
		isValid: (value) => /^dep-[\w-]+$/.test(value),
		use: "use the id of a deploy, such as dep-abcd0123456789efghij"
	},
	"github-token": SECRET,
	"pr-token": SECRET,
	"render-api-url": {
		isValid: isHttpUrl,
		use: `use an address such as ${DEFAULT_API_URL}`
	}
};
function readInputs(get) {
	const mistakes = [];
	const read = (name) => {
		const value = get(name).trim();
		const rule = RULES[name];
		if (value === "" || rule === void 0 || rule.isValid(value)) return value === "" ? void 0 : value;
		const holds = rule.isSecret === true ? "holds a space, a line break or a character that no key has" : `is "${value.slice(0, 80)}"`;
		const hint = rule.hint?.(value);
		mistakes.push({
			message: `Input "${name}" ${holds}; ${rule.use}.`,
			...hint === void 0 ? {} : { hint }
		});
	};
	const renderApiKey = read("render-api-key");
	if (renderApiKey === void 0 && mistakes.length === 0) mistakes.push({
		message: "Input \"render-api-key\" is empty.",
		hint: "Set it to a secret of the repository. Secrets are not passed to workflows that a fork or Dependabot started."
	});
	const [service, config, mode, commit, deployId] = [
		"service",
		"config",
		"mode",
		"commit",
		"deploy-id"
	].map(read);
	const githubToken = read("github-token");
	if (githubToken === void 0 && get("github-token").trim() === "") mistakes.push({
		message: "Input \"github-token\" is empty.",
		hint: "Leave it out: its default is the job's own token."
	});
	const prToken = read("pr-token");
	const renderApiUrl = (read("render-api-url") ?? DEFAULT_API_URL).replace(/\/+$/, "");
	const known = MODES.find((one) => one === mode);
	return {
		inputs: {
			...renderApiKey === void 0 ? {} : { renderApiKey },
			...service === void 0 ? {} : { service },
			...config === void 0 ? {} : { config: config.replace(/^(?:\.\/)+/, "") },
			...known === void 0 ? {} : { mode: known },
			...commit === void 0 ? {} : { commit: commit.toLowerCase() },
			...deployId === void 0 ? {} : { deployId },
			...githubToken === void 0 ? {} : { githubToken },
			...prToken === void 0 ? {} : { prToken },
			renderApiUrl
		},
		mistakes
	};
}
const INLINE_VARIABLE = "DEPLOY_GATE_INLINE";
function readInline(text) {
	const written = text.trim();
	const inlineMs = written === "" ? 0 : parseDuration(written);
	if (inlineMs !== void 0) return {
		inlineMs,
		mistakes: []
	};
	return {
		inlineMs: 0,
		mistakes: [{ message: `The variable ${INLINE_VARIABLE} is "${written.slice(0, 80)}"; use a duration such as 1h.` }]
	};
}
function effectivePlan(plan, inputs) {
	const service = inputs.service ?? plan.service;
	const mistakes = [];
	if (service === void 0) {
		const place = plan.file === void 0 ? "" : `, or "service" in ${plan.file}`;
		mistakes.push({
			message: "No service is named.",
			hint: `Set the input "service"${place} to the name or id of a Render service.`
		});
	}
	if (inputs.deployId !== void 0 && plan.deploy.trigger) mistakes.push({
		message: "Input \"deploy-id\" names a deploy that exists, and \"deploy.trigger\" asks for a new one.",
		hint: "Set one of them only."
	});
	if (service === void 0 || mistakes.length > 0) return {
		ok: false,
		mistakes
	};
	return {
		ok: true,
		plan: {
			...plan,
			service,
			mode: inputs.mode ?? plan.mode
		}
	};
}
function isRepositoryPath(path) {
	return !/^[/\\~]|^[A-Za-z]:|[\p{Cc}]/u.test(path) && !path.split(/[/\\]/).includes("..");
}
function isHttpUrl(url) {
	return /^https?:\/\/[^/]/i.test(url) && URL.canParse(url) && !/[?#]/.test(url);
}
// src/io/clock.ts
const LONGEST_TIMER_MS = 2 ** 31 - 1;
function steadyTime(wall, elapsed) {
	const from = wall() - elapsed();
	return () => Math.round(from + elapsed());
}
function createClock() {
	return {
		now: steadyTime(Date.now, () => performance.now()),
		sleep: async (ms, signal) => {
			for (let left = ms; left > 0; left -= LONGEST_TIMER_MS) {
				if (signal?.aborted === true) return;
				await sleepOnce(Math.min(left, LONGEST_TIMER_MS), signal);
			}
		}
	};
}
function sleepOnce(ms, signal) {
	return new Promise((resolve) => {
		const end = () => {
			clearTimeout(timer);
			signal?.removeEventListener("abort", end);
			resolve();
		};
		const timer = setTimeout(end, ms);
		signal?.addEventListener("abort", end, { once: true });
	});
}
// src/problem.ts
var ConfigProblem = class extends Error {
	name = "ConfigProblem";
	mistakes;
	constructor(mistakes, options) {
		super(mistakes.map((mistake) => mistake.message).join("\n"), options);
		this.mistakes = mistakes;
	}
};
var ServiceProblem = class extends Error {
	name = "ServiceProblem";
	failure;
	constructor(failure, options) {
		super(failure.message, options);
		this.failure = failure;
	}
	get status() {
		return this.failure.status;
	}
};
function problemText({ message, failure }) {
	return failure.hint === void 0 ? message : `${message}. ${failure.hint}`;
}
// src/io/address.ts
function pathPart(id) {
	return encodeURIComponent(id.toWellFormed());
}
function urlOf(base, path, query) {
	const url = new URL(base);
	url.pathname = `${base.pathname.replace(/\/$/, "")}${path}`;
	for (const [key, value] of Object.entries(query)) {
		if (value === void 0) continue;
		for (const each of typeof value === "object" ? value : [value]) url.searchParams.append(key, String(each));
	}
	return url;
}
function expectPlainPath(service, path) {
	const [parts = ""] = path.split(/[?#]/u, 1);
	if (!parts.split("/").slice(1).some((part) => /^(?:\.|%2e){0,2}$/iu.test(part))) return;
	throw new ServiceProblem({
		service,
		message: `A request to the ${service} API was not sent: "${parts.slice(0, 200)}" has a part that is empty or only dots, so it would ask for something else`,
		code: "bad-address"
	});
}
// src/io/instant.ts
const instant = string$1().transform((text, context) => {
	const ms = instantOf$1(text);
	if (!Number.isNaN(ms)) return ms;
	context.addIssue({
		code: "custom",
		message: "not a time"
	});
	return NEVER;
});
function instantOf$1(text) {
	const parts = /^(\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2})(?:\.(\d+))?(Z|z|[+-]\d{2}:\d{2})$/.exec(text);
	if (parts === null) return NaN;
	const [, seconds = "", fraction = "", zone = ""] = parts;
	return Date.parse(`${seconds.replace(/[t ]/, "T")}.${fraction.slice(0, 3).padEnd(3, "0")}${zone.toUpperCase()}`);
}
function belowMs(text) {
	return (/\.(\d+)/.exec(text)?.[1] ?? "").slice(3).padEnd(9, "0");
}
function rfc3339(ms) {
	return new Date(ms).toISOString();
}
// src/io/render-deploy.ts
const text$3 = string$1().nullish();
const deployReply = object({
	id: string$1(),
	commit: object({
		id: text$3,
		message: text$3
	}).nullish(),
	image: object({ ref: text$3 }).nullish(),
	status: string$1(),
	trigger: text$3,
	createdAt: instant,
	startedAt: instant.nullish(),
	finishedAt: instant.nullish()
}).transform((deploy) => {
	const { id, commit, image, status, trigger, createdAt, startedAt, finishedAt } = deploy;
	return {
		id,
		...commit?.id ? { commit: {
			sha: commit.id,
			message: commit.message ?? ""
		} } : {},
		...image?.ref ? { image: image.ref } : {},
		status,
		...trigger ? { trigger } : {},
		createdAt,
		...typeof startedAt === "number" ? { startedAt } : {},
		...typeof finishedAt === "number" ? { finishedAt } : {}
	};
});
const instanceReply = object({
	id: string$1(),
	createdAt: instant
}).transform(({ id, createdAt }) => ({
	id,
	suffix: suffixOf(id),
	createdAt
}));
function suffixOf(instanceId) {
	return instanceId.slice(instanceId.lastIndexOf("-") + 1);
}
// src/io/render-service.ts
const DEFAULT_SHUTDOWN_SECONDS = 30;
const text$2 = string$1().nullish();
const details$1 = object({
	url: text$2,
	healthCheckPath: text$2,
	plan: text$2,
	numInstances: number$2().nullish(),
	maintenanceMode: object({ enabled: boolean$1().nullish() }).nullish(),
	renderSubdomainPolicy: text$2,
	maxShutdownDelaySeconds: number$2().nullish(),
	parentServer: object({ id: text$2 }).nullish()
});
const reply$1 = object({
	id: string$1(),
	name: string$1(),
	ownerId: string$1(),
	type: string$1(),
	autoDeploy: text$2,
	autoDeployTrigger: text$2,
	suspended: text$2,
	suspenders: array(string$1()).nullish(),
	repo: text$2,
	branch: text$2,
	rootDir: text$2,
	buildFilter: object({
		paths: array(string$1()).nullish(),
		ignoredPaths: array(string$1()).nullish()
	}).nullish(),
	dashboardUrl: text$2,
	serviceDetails: details$1.nullish()
});
function servicePath(serviceId) {
	return `/services/${pathPart(serviceId)}`;
}
const serviceReply = reply$1.transform((service) => ({
	id: service.id,
	service: serviceOf(service),
	isPreview: Boolean(service.serviceDetails?.parentServer?.id)
}));
function serviceOf(answer) {
	const about = answer.serviceDetails ?? {};
	return {
		id: answer.id,
		name: answer.name,
		ownerId: answer.ownerId,
		type: answer.type,
		autoDeploy: answer.autoDeploy !== "no" && answer.autoDeployTrigger !== "off",
		...filled("autoDeployTrigger", answer.autoDeployTrigger),
		suspended: answer.suspended === "suspended",
		suspenders: answer.suspenders ?? [],
		...filled("repo", answer.repo),
		...filled("branch", answer.branch),
		rootDir: answer.rootDir ?? "",
		...answer.buildFilter ? { buildFilter: {
			paths: answer.buildFilter.paths ?? [],
			ignoredPaths: answer.buildFilter.ignoredPaths ?? []
		} } : {},
		dashboardUrl: answer.dashboardUrl ?? "",
		...filled("url", about.url),
		...filled("healthCheckPath", about.healthCheckPath),
		...filled("plan", about.plan),
		...typeof about.numInstances === "number" ? { numInstances: about.numInstances } : {},
		maintenanceMode: about.maintenanceMode?.enabled === true,
		...filled("subdomainPolicy", about.renderSubdomainPolicy),
		shutdownDelayMs: (about.maxShutdownDelaySeconds ?? DEFAULT_SHUTDOWN_SECONDS) * 1e3
	};
}
function filled(name, value) {
	return value ? { [name]: value } : {};
}
// src/io/orders.ts
function createOrders(api) {
	return {
		trigger: (serviceId, commit) => api.json({
			method: "POST",
			path: `${servicePath(serviceId)}/deploys`,
			body: { commitId: commit },
			retry: "refused-only",
			schema: deployReply.optional()
		}),
		rollback: (serviceId, deployId) => api.json({
			method: "POST",
			path: `${servicePath(serviceId)}/rollback`,
			body: { deployId },
			retry: "refused-only",
			schema: deployReply
		}),
		async setAutoDeploy(serviceId, setting) {
			return (await api.json({
				method: "PATCH",
				path: servicePath(serviceId),
				body: setting,
				retry: "safe",
				schema: serviceReply
			})).service;
		}
	};
}
// src/io/render-event.ts
const text$1 = string$1().optional().catch(void 0);
const number = number$2().optional().catch(void 0);
const boolean = boolean$1().optional().catch(void 0);
const reference = object({ id: text$1 }).optional().catch(void 0);
const failure = object({
	evicted: boolean,
	nonZeroExit: number,
	earlyExit: boolean,
	oomKilled: object({ memoryLimit: text$1 }).optional().catch(void 0),
	timedOutSeconds: number,
	timedOutReason: text$1,
	unhealthy: text$1
});
const reason = failure.extend({
	newDeploy: reference,
	newBuild: reference,
	buildFailed: reference,
	failure: failure.optional().catch(void 0)
});
const user = union([string$1(), object({ name: text$1 })]).nullish().catch(void 0);
const details = object({
	deployId: text$1,
	deployStatus: text$1,
	buildStatus: text$1,
	preDeployStatus: text$1,
	instanceID: text$1,
	id: text$1,
	reason: reason.optional().catch(void 0),
	triggeredByUser: user,
	user,
	trigger: object({ user }).optional().catch(void 0)
});
const eventReply = object({
	id: string$1(),
	type: string$1(),
	timestamp: instant,
	details: unknown().optional()
}).transform(({ id, type, timestamp, details: given }) => {
	const parsed = details.safeParse(given);
	return {
		id,
		type,
		at: timestamp,
		...parsed.success ? flat(type, parsed.data) : {}
	};
});
function flat(type, about) {
	const status = about.deployStatus ?? about.buildStatus ?? about.preDeployStatus;
	const failed = failureOf$1(about.reason?.failure ?? about.reason);
	const newDeployId = about.reason?.newDeploy?.id;
	const newBuildId = about.reason?.newBuild?.id;
	const person = personOf(about.triggeredByUser) ?? personOf(about.user) ?? personOf(about.trigger?.user);
	return {
		...about.deployId === void 0 ? {} : { deployId: about.deployId },
		...status === void 0 ? {} : { status },
		...about.instanceID === void 0 ? {} : { instanceId: about.instanceID },
		...failed === void 0 ? {} : { failure: failed },
		...newDeployId === void 0 ? {} : { newDeployId },
		...newBuildId === void 0 ? {} : { newBuildId },
		...about.reason?.buildFailed === void 0 ? {} : { buildFailed: true },
		...type === "commit_ignored" && about.id !== void 0 ? { commit: about.id } : {},
		...person === void 0 ? {} : { user: person }
	};
}
function failureOf$1(given) {
	if (given === void 0) return void 0;
	const { evicted, nonZeroExit, earlyExit, oomKilled, timedOutSeconds, timedOutReason, unhealthy } = given;
	const found = {
		...evicted === void 0 ? {} : { evicted },
		...nonZeroExit === void 0 ? {} : { nonZeroExit },
		...earlyExit === void 0 ? {} : { earlyExit },
		...oomKilled === void 0 ? {} : { oomKilled: oomKilled.memoryLimit ?? "" },
		...timedOutSeconds === void 0 ? {} : { timedOutSeconds },
		...timedOutReason === void 0 ? {} : { timedOutReason },
		...unhealthy === void 0 ? {} : { unhealthy }
	};
	return Object.keys(found).length === 0 ? void 0 : found;
}
function personOf(given) {
	if (given === null || given === void 0 || given === "") return void 0;
	return (typeof given === "string" ? given : given.name ?? "").split("@", 1)[0] ?? "";
}
// src/io/deploys.ts
const domainReply = object({
	id: string$1().nullish(),
	name: string$1(),
	verificationStatus: string$1().nullish()
}).transform(({ id, name, verificationStatus }) => ({
	id: id ?? name,
	name,
	verificationStatus
}));
function createDeploys(api) {
	return {
		...createOrders(api),
		async servicesNamed(name) {
			return (await api.list({
				path: "/services",
				query: {
					name,
					includePreviews: false
				},
				key: "service",
				item: serviceReply,
				allPages: true
			})).filter((each) => each.service.name === name && !each.isPreview).map((each) => each.service);
		},
		async service(serviceId, { isOnce = false } = {}) {
			const path = servicePath(serviceId);
			return (await api.json({
				method: "GET",
				path,
				retry: isOnce ? "once" : "safe",
				schema: serviceReply,
				notFoundIsUndefined: true
			}))?.service;
		},
		async servicesOf(ownerId) {
			return (await api.list({
				path: "/services",
				query: {
					ownerId,
					includePreviews: false
				},
				key: "service",
				item: serviceReply,
				allPages: true
			})).filter((each) => !each.isPreview).map((each) => each.service);
		},
		async customDomains(serviceId) {
			return (await api.list({
				path: `${servicePath(serviceId)}/custom-domains`,
				query: { verificationStatus: "verified" },
				key: "customDomain",
				item: domainReply,
				allPages: true
			})).filter((each) => each.verificationStatus === "verified").map((each) => each.name);
		},
		async deploys(serviceId, { createdAfter, allPages = false }) {
			return (await api.list({
				path: `${servicePath(serviceId)}/deploys`,
				query: createdAfter === void 0 ? {} : { createdAfter: rfc3339(createdAfter - 1) },
				key: "deploy",
				item: deployReply,
				allPages
			})).filter((deploy) => deploy.createdAt >= (createdAfter ?? -1e400)).toSorted((a, b) => b.createdAt - a.createdAt);
		},
		deploy: (serviceId, deployId) => api.json({
			method: "GET",
			path: `${servicePath(serviceId)}/deploys/${pathPart(deployId)}`,
			retry: "safe",
			schema: deployReply,
			notFoundIsUndefined: true
		}),
		instances: (serviceId) => api.json({
			method: "GET",
			path: `${servicePath(serviceId)}/instances`,
			retry: "safe",
			schema: array(instanceReply)
		}),
		async events(serviceId, { from, to, types }) {
			return (await api.list({
				path: `${servicePath(serviceId)}/events`,
				query: {
					startTime: rfc3339(from),
					endTime: rfc3339(to + 1),
					type: types?.length === 1 ? types[0] : void 0
				},
				key: "event",
				item: eventReply,
				allPages: true,
				isEnough: (page) => page.every((event) => event.at < from)
			})).filter((event) => event.at >= from && event.at <= to).filter((event) => types === void 0 || types.includes(event.type)).toSorted((a, b) => a.at - b.at);
		}
	};
}
// src/io/network-error.ts
var import_undici = require_undici();
const TLS_CODE = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA)/;
const UNKNOWN_AUTHORITY = /^(UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT)/;
function codesOf(error, depth = 0) {
	if (!(error instanceof Error) || depth > 4) return [];
	const { code, cause, errors } = error;
	const inner = [...Array.isArray(errors) ? errors : [], cause];
	const own = typeof code === "string" ? code : error.name === "HTTPParserError" ? "HPE" : void 0;
	return [...own === void 0 ? [] : [own], ...inner.flatMap((each) => codesOf(each, depth + 1))];
}
function authorityHint(code) {
	return UNKNOWN_AUTHORITY.test(code) ? "Set NODE_EXTRA_CA_CERTS in the step's env to a PEM file of the certificate authority that signed it." : void 0;
}
// src/io/tunnel.ts
var TunnelFailure = class extends Error {
	name = "TunnelFailure";
	code;
	hint;
	permanent;
	constructor(what, about) {
		super(what, { cause: about.cause });
		this.code = `proxy-${about.code}`;
		this.hint = about.hint ?? "Look at the proxy that HTTPS_PROXY or HTTP_PROXY names, or leave the host out with NO_PROXY.";
		this.permanent = about.permanent ?? false;
	}
};
function tunnelFailureOf(error, depth = 0) {
	if (error instanceof TunnelFailure || !(error instanceof Error) || depth > 4) return error instanceof TunnelFailure ? error : void 0;
	return tunnelFailureOf(error.cause, depth + 1);
}
function proxyClient(origin, options, timeoutMs) {
	const pool = new import_undici.Pool(origin.origin, {
		...options,
		allowH2: false
	});
	const ask = pool.connect.bind(pool);
	const names = isIP(origin.hostname.replace(/^\[(.+)\]$/, "$1")) === 0 ? {} : { servername: void 0 };
	const connect = async (asked) => {
		const signal = AbortSignal.timeout(timeoutMs);
		const answer = await ask({
			...asked,
			signal,
			...names
		}).catch((cause) => {
			throw silentProxy(cause, signal.aborted ? timeoutMs : void 0);
		});
		if (answer.statusCode === 200) return answer;
		answer.socket.on("error", () => void 0).destroy();
		const isSigned = Object.hasOwn(asked.headers ?? {}, "proxy-authorization");
		throw refusal(answer.statusCode, asked.path, isSigned);
	};
	return Object.assign(pool, { connect });
}
function refusal(status, target, isSigned) {
	const what = `the proxy answered ${status} to CONNECT ${target}`;
	if (status !== 407) return new TunnelFailure(what, { code: String(status) });
	return new TunnelFailure(what, {
		code: "407",
		hint: isSigned ? "The proxy does not accept the user and password in HTTPS_PROXY or HTTP_PROXY; special characters in them are percent-encoded." : "The proxy asks for a user and password: write HTTPS_PROXY as http://user:password@host:port, special characters percent-encoded.",
		permanent: true
	});
}
function silentProxy(cause, timeoutMs) {
	if (timeoutMs !== void 0) return new TunnelFailure(`the proxy opened no tunnel within ${timeoutMs} ms`, {
		code: "timeout",
		cause
	});
	const codes = codesOf(cause);
	const code = codes.find((each) => !each.startsWith("UND_ERR")) ?? codes[0] ?? "failed";
	if (TLS_CODE.test(code)) return new TunnelFailure(`the TLS connection to the proxy failed (${code})`, {
		code,
		hint: authorityHint(code),
		permanent: true,
		cause
	});
	if (code.startsWith("HPE")) return new TunnelFailure("the proxy's answer is not HTTP", {
		code,
		cause
	});
	return new TunnelFailure(code === "UND_ERR_SOCKET" || code === "ECONNRESET" ? `the proxy closed the connection before the tunnel stood (${code})` : `the proxy cannot be reached (${code})`, {
		code,
		cause
	});
}
// src/io/dispatcher.ts
const CONNECT_SHARE = 2 / 3;
const IDLE_MS = 3e4;
function valueOf$2(env, name) {
	return (env[name] || env[name.toUpperCase()] || "").trim();
}
function proxyOf(env, name) {
	const text = valueOf$2(env, name);
	if (text === "") return void 0;
	const url = new URL(text.includes("://") ? text : `http://${text}`);
	if (url.protocol !== "http:" && url.protocol !== "https:") throw new TypeError("no HTTP proxy");
	decodeURIComponent(url.username + url.password);
	return url;
}
function proxiesOf(env) {
	try {
		return {
			http: proxyOf(env, "http_proxy"),
			https: proxyOf(env, "https_proxy")
		};
	} catch {
		throw new ConfigProblem([{
			message: "The environment variable HTTPS_PROXY or HTTP_PROXY holds no address of an HTTP proxy",
			hint: "Write it as http://host:port or http://user:password@host:port, special characters percent-encoded."
		}]);
	}
}
function hasProxy(env) {
	return valueOf$2(env, "http_proxy") !== "" || valueOf$2(env, "https_proxy") !== "";
}
function proxySecrets(env) {
	const { http, https } = proxiesOf(env);
	return [http, https].flatMap((url) => {
		if (url === void 0) return [];
		const { username, password } = url;
		const secret = password === "" ? username : password;
		if (secret === "") return [];
		const sent = decodeURIComponent(`${username}:${password}`);
		return [
			secret,
			decodeURIComponent(secret),
			Buffer.from(sent).toString("base64")
		];
	});
}
function createDispatcher(env, options) {
	const { attemptMs, ...agent } = options;
	const { http, https } = proxiesOf(env);
	const connectMs = Math.ceil(attemptMs * CONNECT_SHARE);
	return new import_undici.EnvHttpProxyAgent({
		...agent,
		connectTimeout: connectMs,
		keepAliveTimeout: IDLE_MS,
		httpProxy: http?.href ?? "",
		httpsProxy: https?.href ?? "",
		noProxy: valueOf$2(env, "no_proxy"),
		proxyTunnel: true,
		clientFactory: (origin, pool) => proxyClient(origin, pool, connectMs)
	});
}
// src/io/github-retry.ts
const REPEATABLE = [
	/^(?:PATCH|DELETE) .*\/git\/refs\/[^/]+$/,
	/^PATCH .*\/(?:pulls|issues)\/\d+$/,
	/^POST .*\/statuses\/[^/]+$/,
	/^POST .*\/deployments\/\d+\/statuses$/,
	/^POST .*\/git\/(?:commits|trees)$/,
	/^POST .*\/issues\/\d+\/(?:labels|assignees)$/,
	/^POST .*\/pulls\/\d+\/requested_reviewers$/
];
function githubRetryOf(method, url) {
	if (method === "GET" || method === "HEAD") return "safe";
	const request = `${method} ${url.pathname}`;
	return REPEATABLE.some((pattern) => pattern.test(request)) ? "safe" : "refused-only";
}
function isDoubtful(error) {
	if (!(error instanceof ServiceProblem)) return false;
	const { status, code } = error.failure;
	if (status === void 0) return code !== "aborted";
	return status >= 500 || status === 408 || code === "garbled";
}
async function createOnce(create, look) {
	try {
		return await create();
	} catch (error) {
		const found = await foundAfter(error, look);
		if (found !== void 0) return found;
	}
	try {
		return await create();
	} catch (error) {
		const found = await foundAfter(error, look);
		if (found !== void 0) return found;
		throw error;
	}
}
async function foundAfter(error, look) {
	if (!isDoubtful(error)) throw error;
	try {
		return await look();
	} catch (second) {
		if (second instanceof ServiceProblem) throw error;
		throw second;
	}
}
// src/io/github-graphql.ts
function graphqlErrors(error) {
	if (!(error instanceof Error) || !("errors" in error)) return void 0;
	const errors = array(object({ message: string$1() })).safeParse(error.errors);
	if (!errors.success) return "without a reason";
	return errors.data.map((one) => one.message.replaceAll(/\s+/g, " ")).join("; ").slice(0, 300);
}
// src/io/github-auto-merge.ts
const ENABLE = `mutation ($input: EnablePullRequestAutoMergeInput!) {
  enablePullRequestAutoMerge(input: $input) { pullRequest { number } }
}`;
const METHODS = [
	"MERGE",
	"SQUASH",
	"REBASE"
];
const PAUSES_MS$3 = [
	1e3,
	2e3,
	4e3
];
const REFUSALS = [
	[/auto.?merge is not allowed/i, "the repository's setting \"Allow auto-merge\" is off"],
	[/clean status/i, "the base branch requires nothing that is still open, so there is nothing to wait for; it was not merged"],
	[/unstable status/i, "one of its checks has failed or still runs, and the base branch does not require it; it was not merged"],
	[/protected branch rules not configured/i, "the base branch requires nothing, so there is nothing to wait for; it was not merged"],
	[/not authorized for this protected branch/i, "the token's user may not merge into this protected branch"],
	[/draft/i, "a draft is never merged automatically"],
	[/is closed/i, "the pull request is closed"],
	[/head branch was modified/i, "somebody else has changed its branch since"],
	[/resource not accessible/i, "the token in \"pr-token\" needs contents: write and pull-requests: write for it"]
];
const autoMerge = object({ auto_merge: looseObject({}).nullish() });
function createAutoMerge(client) {
	const { at, job, pr } = client;
	const isEnabled = async (number) => {
		const found = await job.read(autoMerge, () => job.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
			...at,
			pull_number: number
		}));
		return Boolean(found.auto_merge);
	};
	return async (pull) => {
		const refused = (reason) => ({
			kind: "refused",
			reason: client.redact(reason)
		});
		let pauses = PAUSES_MS$3;
		let methods = METHODS;
		let looked = false;
		for (;;) {
			const [mergeMethod, ...others] = methods;
			try {
				const input = {
					pullRequestId: pull.nodeId,
					expectedHeadOid: pull.headSha,
					mergeMethod
				};
				const words = await refusalOf(pr, input);
				if (words === void 0) return { kind: "enabled" };
				const [pause, ...later] = pauses;
				if (/could not resolve to a node/i.test(words) && pause !== void 0) {
					pauses = later;
					await client.sleep(pause);
				} else if (/(?:merge method|merge commits|squash merges|rebase merges).*not allowed/i.test(words) && others.length > 0) methods = others;
				else return refused(REFUSALS.find(([pattern]) => pattern.test(words))?.[1] ?? `GitHub refused: ${words}`);
			} catch (error) {
				if (!(error instanceof ServiceProblem)) throw error;
				if (looked || !isDoubtful(error)) return refused(error.message);
				looked = true;
				try {
					if (await isEnabled(pull.number)) return { kind: "enabled" };
				} catch (second) {
					if (!(second instanceof ServiceProblem)) throw second;
					return refused(error.message);
				}
			}
		}
	};
}
async function refusalOf(pr, input) {
	try {
		await pr.write(unknown(), async () => ({
			data: await pr.graphql(ENABLE, { input }),
			url: ""
		}));
		return;
	} catch (error) {
		const words = graphqlErrors(error);
		if (words === void 0) throw error;
		return words;
	}
}
// src/io/github-branches.ts
const HEADS = "refs/heads/";
const sha$1 = object({ sha: string$1() });
const ref$1 = object({
	ref: string$1(),
	object: sha$1
});
const merge = union([
	object({
		sha: string$1(),
		parents: array(sha$1),
		commit: object({ tree: sha$1 })
	}),
	literal("").transform(() => void 0),
	_undefined()
]);
function createBranches(client, reads) {
	const { at, job, pr } = client;
	return {
		async createTree(base, changes) {
			return (await pr.write(sha$1, () => pr.request("POST /repos/{owner}/{repo}/git/trees", {
				...at,
				base_tree: base,
				tree: changes.map(({ path, mode, text }) => ({
					path,
					mode,
					type: "blob",
					...text === void 0 ? { sha: null } : { content: text }
				}))
			}))).sha;
		},
		async createCommit(commit) {
			return (await pr.write(sha$1, () => pr.request("POST /repos/{owner}/{repo}/git/commits", {
				...at,
				message: client.redact(commit.message),
				tree: commit.tree,
				parents: [...commit.parents]
			}))).sha;
		},
		createBranch(branch, to) {
			return createOnce(async () => {
				try {
					await pr.write(ref$1, () => pr.request("POST /repos/{owner}/{repo}/git/refs", {
						...at,
						ref: HEADS + branch,
						sha: to
					}));
					return "created";
				} catch (error) {
					if (isRefusal(error, 422, /Reference already exists/i)) return "exists";
					throw error;
				}
			}, async () => {
				const head = await reads.branchHead(branch);
				return head === void 0 ? void 0 : head === to ? "created" : "exists";
			});
		},
		async branchesStartingWith(prefix) {
			return (await job.read(array(ref$1), () => job.request("GET /repos/{owner}/{repo}/git/matching-refs/{ref}", {
				...at,
				ref: `heads/${prefix}`
			}))).map((one) => one.ref.slice(11));
		},
		async moveBranch(branch, to) {
			await pr.write(ref$1, () => pr.request("PATCH /repos/{owner}/{repo}/git/refs/{ref}", {
				...at,
				ref: `heads/${branch}`,
				sha: to,
				force: true
			}));
		},
		async deleteBranch(branch) {
			try {
				await pr.write(unknown(), () => pr.request("DELETE /repos/{owner}/{repo}/git/refs/{ref}", {
					...at,
					ref: `heads/${branch}`
				}));
			} catch (error) {
				if (!isRefusal(error, 422, /Reference does not exist/i)) throw error;
			}
		},
		async merge(branch, head, message) {
			const look = async () => {
				const now = await reads.branchHead(branch);
				const commit = now === void 0 ? void 0 : await reads.commit(now);
				return commit !== void 0 && commit.parents.slice(1).includes(head) ? {
					kind: "merged",
					sha: commit.sha,
					tree: commit.tree
				} : void 0;
			};
			let attempts = 0;
			const merged = await createOnce(async () => {
				attempts += 1;
				try {
					const made = await pr.write(merge, () => pr.request("POST /repos/{owner}/{repo}/merges", {
						...at,
						base: branch,
						head,
						commit_message: client.redact(message)
					}));
					if (made === void 0) return { kind: "nothing" };
					return {
						kind: "merged",
						sha: made.sha,
						tree: made.commit.tree.sha
					};
				} catch (error) {
					if (error instanceof ServiceProblem && error.status === 409) return { kind: "conflict" };
					throw error;
				}
			}, look);
			return merged.kind === "nothing" && attempts > 1 ? await look() ?? merged : merged;
		}
	};
}
function isRefusal(error, status, words) {
	return error instanceof ServiceProblem && error.status === status && words.test(error.failure.body ?? error.message);
}
// src/io/github-problem.ts
const BODY_LIMIT$1 = 4e3;
const QUOTE_LIMIT$1 = 500;
function problemOf$1(error, told) {
	if (error instanceof URIError) return new ServiceProblem({
		service: "GitHub",
		message: "A request to GitHub was not sent: a name in its address has half a character in it",
		code: "bad-address"
	});
	if (!isRequestError(error)) return error;
	if (error.cause instanceof ServiceProblem) return error.cause;
	const asked = `${error.request.method} ${pathText(error.request.url, told)}`;
	if (error.response === void 0) return silence$1(error, asked, told);
	const { headers, data } = error.response;
	const permissions = textOf$1(headers["x-accepted-github-permissions"]);
	const requestId = textOf$1(headers["x-github-request-id"]);
	const words = wordsOf$1(data);
	const notes = [...error.status === 403 && permissions !== void 0 ? [`needs ${permissionsText(permissions)}`] : [], ...requestId === void 0 ? [] : [`request id ${requestId.slice(0, 80)}`]];
	const hint = hintOf$1(error.status, {
		words,
		permissions,
		token: told.token
	});
	const body = typeof data === "string" ? data : JSON.stringify(data, (_key, value) => plain$1(value));
	return new ServiceProblem({
		service: "GitHub",
		message: told.redact(`GitHub answered ${error.status} to ${asked}${words === "" ? "" : `: ${words}`}${notes.length === 0 ? "" : ` (${notes.join("; ")})`}`),
		status: error.status,
		body: told.redact(body ?? "").slice(0, BODY_LIMIT$1),
		...permissions === void 0 ? {} : { acceptedPermissions: told.redact(permissions) },
		...hint === void 0 ? {} : { hint }
	}, { cause: error });
}
function garbled(url, at, told) {
	return new ServiceProblem({
		service: "GitHub",
		message: told.redact(`GitHub answered unreadably for ${pathText(url, told)} (${oneLine$1(at)})`),
		status: 200,
		code: "garbled"
	});
}
function explained(problem, words) {
	return new ServiceProblem({
		...problem.failure,
		message: `${words}: ${problem.message}`
	}, { cause: problem });
}
function isRequestError(error) {
	return error instanceof Error && error.name === "HttpError" && "status" in error && "request" in error;
}
function silence$1(error, asked, told) {
	const cause = error.cause instanceof Error ? error.cause : void 0;
	const inner = cause?.cause ?? cause;
	const code = inner instanceof Error && "code" in inner ? inner.code : void 0;
	return new ServiceProblem({
		service: "GitHub",
		message: told.redact(`GitHub gave no answer to ${asked}: ${oneLine$1(error.message)}`),
		code: typeof code === "string" ? code : "failed"
	}, { cause: error });
}
function pathText(url, told) {
	const path = URL.canParse(url) ? new URL(url).pathname : url;
	return path.startsWith(`${told.repositoryPath}/`) ? `…${path.slice(told.repositoryPath.length)}` : path;
}
function wordsOf$1(data) {
	if (typeof data !== "object" || data === null) return "";
	const { message, errors } = data;
	const details = (Array.isArray(errors) ? errors : []).slice(0, 5).map(detailText);
	const text = oneLine$1([typeof message === "string" ? message : "", details.filter((text) => text !== "").join("; ")].filter((each) => each !== "").join(": "));
	return text.length <= QUOTE_LIMIT$1 ? text : `${text.slice(0, QUOTE_LIMIT$1)}… (cut)`;
}
function detailText(detail) {
	if (typeof detail === "string") return detail;
	if (typeof detail !== "object" || detail === null) return "";
	const { message, field, code } = detail;
	if (typeof message === "string") return message;
	return [field, code].filter((each) => typeof each === "string").join(" ");
}
function permissionsText(header) {
	return header.split(";").map((set) => set.split(",").map((one) => one.trim()).join(" and ")).join(", or ");
}
function hintOf$1(status, about) {
	const { words, permissions, token } = about;
	if (status === 401) return `Give the input "${token}" a valid token.`;
	if (status !== 403) return void 0;
	if (/not permitted to create or approve pull requests/i.test(words)) return "Allow it under Settings > Actions > General > Workflow permissions, or pass an App token or PAT as \"pr-token\".";
	if (/without `workflows?`/i.test(words) || (permissions?.includes("workflows=write") ?? false)) return "Where workflow files differ from the default branch, only an App token or PAT with the workflows permission may push: pass one as \"pr-token\".";
	if (!/^Resource not accessible/i.test(words) || permissions === void 0) return void 0;
	const wanted = (permissions.split(";")[0] ?? "").split(",").map((one) => one.trim().replace("=", ": ").replaceAll("_", "-"));
	return token === "github-token" ? `Add to the job's permissions: ${wanted.join(", ")}.` : `Give the token in "pr-token" these permissions: ${wanted.join(", ")}.`;
}
function plain$1(value) {
	return typeof value === "bigint" ? String(value) : value;
}
function textOf$1(value) {
	return value === void 0 ? void 0 : String(value);
}
function oneLine$1(text) {
	return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();
}
const MOST_PAGES$4 = 10;
const PAUSES_MS$2 = [1e3, 4e3];
function createGitHubApi(options) {
	const { owner, repo, redact, sleep, token, prToken } = options;
	return {
		at: {
			owner,
			repo
		},
		job: lineOf$2(options, "github-token", token),
		pr: lineOf$2(options, prToken === void 0 ? "github-token" : "pr-token", prToken ?? token),
		redact,
		sleep
	};
}
function lineOf$2(options, input, token) {
	const { owner, repo, redact, sleep, onRequest } = options;
	const baseUrl = options.apiUrl.replace(/\/+$/, "");
	const fetch = (url, init) => {
		onRequest?.();
		return options.fetch(url, init);
	};
	const silent = () => void 0;
	const octokit = getOctokit(token === "" ? "none" : token, {
		baseUrl,
		userAgent: "render-deploy-gate",
		request: {
			fetch,
			log: {
				debug: silent,
				info: silent,
				warn: silent,
				error: silent
			}
		}
	});
	octokit.hook.before("request", ({ url, ...given }) => {
		const empty = [...url.matchAll(/\{(\w+)\}/gu)].map(([, name = ""]) => name).find((name) => given[name] === "");
		if (empty === void 0) return;
		throw new ServiceProblem({
			service: "GitHub",
			message: `A request to GitHub was not sent: its ${empty} is empty`,
			code: "bad-address"
		});
	});
	const told = {
		token: input,
		repositoryPath: `${new URL(baseUrl).pathname.replace(/\/$/, "")}/repos/${owner}/${repo}`,
		redact
	};
	const ask = async (schema, send) => {
		let reply;
		try {
			reply = await send();
		} catch (error) {
			throw problemOf$1(error, told);
		}
		const result = schema.safeParse(reply.data);
		if (result.success) return { value: result.data };
		const issue = result.error.issues[0];
		const place = issue?.path.map(String).join(".") ?? "";
		const at = `at ${place === "" ? "the top" : place}: ${issue?.message ?? "mismatch"}`;
		return garbled(reply.url, at, told);
	};
	const write = async (schema, send) => {
		const answer = await ask(schema, send);
		if (answer instanceof ServiceProblem) throw answer;
		return answer.value;
	};
	const read = async (schema, send) => {
		for (const pause of PAUSES_MS$2) {
			const answer = await ask(schema, send);
			if (!(answer instanceof ServiceProblem)) return answer.value;
			await sleep(pause);
		}
		return write(schema, send);
	};
	return {
		request: octokit.request,
		graphql: octokit.graphql,
		write,
		read,
		async find(schema, send, absent = [404]) {
			try {
				return await read(schema, send);
			} catch (error) {
				if (error instanceof ServiceProblem && absent.includes(error.status ?? 0)) return void 0;
				throw error;
			}
		},
		async list(schema, send, mostPages = MOST_PAGES$4) {
			const items = [];
			for (let page = 1; page <= mostPages; page += 1) {
				const found = await read(schema, () => send(page));
				items.push(...found);
				if (found.length < 100) break;
			}
			return items;
		}
	};
}
// src/io/github-text.ts
const MARK$1 = "… (cut)";
const LIMITS = {
	checkText: 65535,
	annotationTitle: 255,
	annotationBytes: 65536,
	title: 256,
	body: 65536,
	description: 140
};
function cutText(text, limit) {
	if (text.length <= limit) return text;
	return `${text.slice(0, limit - 7).replace(/[\uD800-\uDBFF]$/, "")}${MARK$1}`;
}
function cutBytes(text, limit) {
	const bytes = Buffer.from(text);
	if (bytes.length <= limit) return text;
	return `${bytes.subarray(0, limit - Buffer.byteLength(MARK$1)).toString("utf8").replace(/\uFFFD{1,3}$/, "")}${MARK$1}`;
}
// src/io/github-checks.ts
const MOST_ANNOTATIONS = 50;
const PAUSES_MS$1 = [1e3, 5e3];
const checkRun = object({
	id: number$2(),
	html_url: string$1().nullish(),
	external_id: string$1().nullish(),
	status: string$1(),
	conclusion: string$1().nullish(),
	output: object({
		title: string$1().nullish(),
		summary: string$1().nullish(),
		text: string$1().nullish(),
		annotations_count: number$2().nullish()
	}).nullish()
}).transform((run) => ({
	id: run.id,
	url: run.html_url ?? "",
	externalId: run.external_id ?? "",
	status: run.status,
	...run.conclusion ? { conclusion: run.conclusion } : {},
	title: run.output?.title ?? "",
	summary: run.output?.summary ?? "",
	text: run.output?.text ?? "",
	annotationsCount: run.output?.annotations_count ?? 0
}));
const checkRuns = object({ check_runs: array(checkRun) }).transform((page) => page.check_runs);
const annotation = object({
	path: string$1(),
	start_line: number$2(),
	annotation_level: string$1().nullish(),
	title: string$1().nullish(),
	message: string$1().nullish(),
	raw_details: string$1().nullish()
}).transform((one) => ({
	path: one.path,
	line: one.start_line,
	level: one.annotation_level === "warning" || one.annotation_level === "failure" ? one.annotation_level : "notice",
	title: one.title ?? "",
	message: one.message ?? "",
	...one.raw_details ? { detail: one.raw_details } : {}
}));
function createChecks(client) {
	const { at, job } = client;
	const annotations = (id) => job.list(array(annotation), (page) => job.request("GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations", {
		...at,
		check_run_id: id,
		per_page: 100,
		page
	}));
	const findCheckRun = async (sha, name, externalId) => {
		return (await job.list(checkRuns, (page) => job.request("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", {
			...at,
			ref: sha,
			check_name: name,
			filter: "all",
			per_page: 100,
			page
		}))).filter((run) => run.externalId === externalId).toSorted((one, two) => one.id - two.id).at(-1);
	};
	const patch = async (id, change, given) => {
		let left = given;
		for (const pause of [...PAUSES_MS$1, void 0]) try {
			await job.write(object({ id: number$2() }), () => job.request("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", {
				...at,
				check_run_id: id,
				...change.conclusion === void 0 ? { status: "in_progress" } : {
					status: "completed",
					conclusion: change.conclusion
				},
				output: {
					...outputOf(change.output, client.redact),
					...left.length === 0 ? {} : { annotations: left.map((one) => annotationBody(one, client.redact)) }
				}
			}));
			return;
		} catch (error) {
			if (pause === void 0 || !isDoubtful(error)) throw error;
			await client.sleep(pause);
			if (left.length === 0) continue;
			const there = new Set((await annotations(id)).map(annotationKey));
			left = left.filter((one) => !there.has(annotationKey(sentForm(one, client.redact))));
			if (left.length === 0) return;
		}
	};
	return {
		annotations,
		findCheckRun,
		createCheckRun(run) {
			return createOnce(() => job.write(checkRun, () => job.request("POST /repos/{owner}/{repo}/check-runs", {
				...at,
				name: run.name,
				head_sha: run.sha,
				external_id: run.externalId,
				status: "in_progress",
				output: outputOf(run.output, client.redact)
			})), () => findCheckRun(run.sha, run.name, run.externalId));
		},
		async updateCheckRun(id, change) {
			const [first = [], ...others] = chunksOf(change.annotations ?? [], MOST_ANNOTATIONS);
			try {
				await patch(id, change, first);
			} catch (error) {
				if (first.length === 0 || !(error instanceof ServiceProblem) || error.status !== 422) throw error;
				await patch(id, change, []);
				throw explained(error, "The check run was written, but without its annotations");
			}
			for (const chunk of others) await patch(id, change, chunk);
		}
	};
}
function outputOf(output, redact) {
	return {
		title: cutText(redact(output.title), LIMITS.title),
		summary: cutText(redact(output.summary), LIMITS.checkText),
		...output.text === void 0 ? {} : { text: cutText(redact(output.text), LIMITS.checkText) }
	};
}
function sentForm(one, redact) {
	return {
		path: one.path,
		line: one.line,
		level: one.level,
		title: cutText(redact(one.title), LIMITS.annotationTitle),
		message: cutBytes(redact(one.message), LIMITS.annotationBytes),
		...one.detail === void 0 ? {} : { detail: cutBytes(redact(one.detail), LIMITS.annotationBytes) }
	};
}
function annotationBody(one, redact) {
	const { path, line, level, title, message, detail } = sentForm(one, redact);
	return {
		path,
		start_line: line,
		end_line: line,
		annotation_level: level,
		title,
		message,
		...detail === void 0 ? {} : { raw_details: detail }
	};
}
function annotationKey(one) {
	return JSON.stringify([
		one.path,
		one.line,
		one.level,
		one.title,
		one.message
	]);
}
function chunksOf(items, size) {
	const count = Math.ceil(items.length / size);
	return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
// src/io/github-deployment.ts
const OWN = "deploy-gate";
const DEEP = 200;
const LOOKED_MS = 1728e5;
const ENDS = [
	"success",
	"failure",
	"error",
	"inactive"
];
const QUERY = `query ($owner: String!, $repo: String!, $after: String) {
  repository(owner: $owner, name: $repo) {
    deployments(first: 100, after: $after, environments: ["${OWN}"], orderBy: {field: CREATED_AT, direction: DESC}) {
      nodes { databaseId commitOid task payload createdAt latestStatus { state description createdAt logUrl } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;
const described = string$1().nullish().transform((text) => text ?? "");
const node = object({
	databaseId: number$2(),
	commitOid: string$1(),
	task: string$1().nullish(),
	payload: unknown(),
	createdAt: instant,
	latestStatus: object({
		state: string$1(),
		description: described,
		createdAt: instant,
		logUrl: string$1().nullish()
	}).nullish()
}).transform((one) => ({
	id: one.databaseId,
	sha: one.commitOid,
	task: one.task ?? "",
	payload: one.payload,
	createdAt: one.createdAt,
	...one.latestStatus ? { status: statusOf({
		...one.latestStatus,
		at: one.latestStatus.createdAt
	}) } : {}
}));
const page = object({ repository: object({ deployments: object({
	nodes: array(node),
	pageInfo: object({
		hasNextPage: boolean$1(),
		endCursor: string$1().nullish()
	})
}) }) }).transform(({ repository }) => repository.deployments);
const deployment = object({
	id: number$2(),
	sha: string$1(),
	task: string$1(),
	payload: unknown(),
	created_at: instant
}).transform(({ created_at: createdAt, ...one }) => ({
	...one,
	createdAt
}));
const status = object({
	id: number$2(),
	state: string$1(),
	description: described,
	created_at: instant,
	log_url: string$1().nullish()
}).transform((one) => ({
	id: one.id,
	...statusOf({
		...one,
		at: one.created_at,
		logUrl: one.log_url
	})
}));
function statusOf(one) {
	const closed = ENDS.find((end) => end === one.state.toLowerCase());
	return {
		...closed === void 0 ? {} : { closed },
		description: one.description,
		...one.logUrl ? { url: one.logUrl } : {},
		at: one.at
	};
}
function isOpen({ task, status }) {
	return task === "deploy-gate" && status?.closed === void 0;
}
function recordOf(listed, position) {
	const { task: _, ...one } = listed;
	return {
		...one,
		isDeep: position >= DEEP
	};
}
function openOf(listed) {
	return listed.map((one, position) => isOpen(one) ? [recordOf(one, position)] : []).flat();
}
function isAll(listed) {
	const [newest] = listed;
	if (newest === void 0) return true;
	if (listed.slice(-100).some(isOpen)) return false;
	const young = listed.filter((one) => newest.createdAt - one.createdAt < LOOKED_MS).length;
	return listed.length >= DEEP + young;
}
// src/io/github-deployments.ts
const MOST_PAGES$3 = 10;
const AT_ONCE = 10;
const PAUSE_MS = 2e3;
function limited$1(words, cause) {
	return new ServiceProblem({
		service: "GitHub",
		message: `GitHub answered POST /graphql with a refusal: ${words}`,
		status: 200,
		code: "rate-limited"
	}, { cause });
}
function createDeployments(client) {
	const { at, job, redact } = client;
	const statuses = (id, count) => job.read(array(status), () => job.request("GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", {
		...at,
		deployment_id: id,
		per_page: count
	}));
	const list = (sha) => job.read(array(deployment), () => job.request("GET /repos/{owner}/{repo}/deployments", {
		...at,
		environment: OWN,
		task: OWN,
		...sha === void 0 ? {} : { sha },
		per_page: 100
	}));
	const withStatus = async (listed) => {
		const known = [];
		for (let from = 0; from < listed.length; from += AT_ONCE) {
			const some = listed.slice(from, from + AT_ONCE).map(async (one) => {
				const [newest] = await statuses(one.id, 1);
				return newest === void 0 ? one : {
					...one,
					status: newest
				};
			});
			known.push(...await Promise.all(some));
		}
		return known;
	};
	const pageAfter = async (after) => {
		const ask = () => job.write(page, async () => ({
			data: await job.graphql(QUERY, {
				...at,
				after: after ?? null
			}),
			url: "/graphql"
		}));
		try {
			return await ask();
		} catch (error) {
			if (!isDoubtful(error)) throw error;
			await client.sleep(PAUSE_MS);
			return ask();
		}
	};
	const byGraphql = async () => {
		const listed = [];
		let after;
		for (let count = 0; count < MOST_PAGES$3; count += 1) {
			const { nodes, pageInfo } = await pageAfter(after);
			listed.push(...nodes);
			after = pageInfo.endCursor ?? void 0;
			if (!pageInfo.hasNextPage || after === void 0 || isAll(listed)) return {
				open: openOf(listed),
				cut: false
			};
		}
		return {
			open: openOf(listed),
			cut: true
		};
	};
	const byRest = async () => {
		const listed = await withStatus(await list());
		return {
			open: openOf(listed),
			cut: listed.length === 100 && !isAll(listed)
		};
	};
	const watchesOf = async (sha, isWanted) => openOf(await withStatus((await list(sha)).filter((one) => isWanted(one.payload))));
	return {
		openWatch(watch) {
			const wanted = Object.entries(watch.payload);
			const isSame = (payload) => wanted.every(([name, value]) => payload?.[name] === value);
			return createOnce(async () => recordOf(await job.write(deployment, () => job.request("POST /repos/{owner}/{repo}/deployments", {
				...at,
				ref: watch.sha,
				environment: OWN,
				task: OWN,
				auto_merge: false,
				required_contexts: [],
				production_environment: false,
				transient_environment: true,
				payload: { ...watch.payload },
				description: cutText(redact(watch.description), LIMITS.description)
			})), 0), async () => (await watchesOf(watch.sha, isSame))[0]);
		},
		async setWatch(id, { state, description, url }) {
			await job.write(object({ id: number$2() }), () => job.request("POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", {
				...at,
				deployment_id: id,
				state,
				auto_inactive: false,
				description: cutText(redact(description), LIMITS.description),
				...url === void 0 ? {} : { log_url: redact(url) }
			}));
		},
		watchStatuses: (id) => statuses(id, 100),
		async watches() {
			try {
				return await byGraphql();
			} catch (error) {
				const words = graphqlErrors(error);
				if (words === void 0 && !(error instanceof ServiceProblem)) throw error;
				if (words !== void 0 && /rate limit/i.test(words)) throw limited$1(redact(words), error);
				if (error instanceof ServiceProblem && error.failure.code === "rate-limited") throw error;
				return byRest();
			}
		},
		watchesOf
	};
}
// src/io/github-commit-comments.ts
const comment$2 = object({ body: string$1().nullish() });
function createCommitComments(client) {
	const { at, job, redact } = client;
	return { async commentOnCommit(sha, text) {
		const body = cutText(redact(text), LIMITS.body);
		const all = () => job.list(array(comment$2), (page) => job.request("GET /repos/{owner}/{repo}/commits/{commit_sha}/comments", {
			...at,
			commit_sha: sha,
			per_page: 100,
			page
		}));
		const mark = /^<!-- [^\n]* -->\n/.exec(body)?.[0];
		if (mark !== void 0 && (await all()).some((one) => one.body?.startsWith(mark))) return;
		await createOnce(() => job.write(comment$2, () => job.request("POST /repos/{owner}/{repo}/commits/{commit_sha}/comments", {
			...at,
			commit_sha: sha,
			body
		})), async () => (await all()).find((one) => one.body?.trim() === body.trim()));
	} };
}
// src/io/github-comments.ts
const MOST_PAGES$2 = 26;
const NO_ISSUE = [404, 410];
const comment$1 = object({
	id: number$2(),
	html_url: string$1(),
	body: string$1().nullish(),
	created_at: instant,
	user: object({
		login: string$1(),
		type: string$1()
	}).nullish(),
	author_association: string$1().nullish()
}).transform((one) => {
	const association = one.author_association ?? void 0;
	return {
		id: one.id,
		author: one.user?.login ?? "",
		authorType: one.user?.type ?? "",
		body: one.body ?? "",
		createdAt: one.created_at,
		url: one.html_url,
		...association === void 0 ? {} : { authorAssociation: association }
	};
});
const level = object({
	permission: string$1(),
	role_name: string$1().nullish()
}).transform(({ permission, role_name: role }) => {
	if (permission === "admin") return "admin";
	if (permission === "write") return role === "maintain" ? "maintain" : "write";
	if (permission === "read") return role === "triage" ? "triage" : "read";
	return "none";
});
function createComments({ at, job }) {
	const permissions = new Map();
	async function askPermission(login) {
		try {
			return await job.find(level, () => job.request("GET /repos/{owner}/{repo}/collaborators/{username}/permission", {
				...at,
				username: login
			})) ?? "none";
		} catch (error) {
			if (!(error instanceof ServiceProblem) || error.status !== 403) throw error;
			if (error.failure.code === "rate-limited") throw error;
			throw new ServiceProblem({
				hint: "Give the token in \"github-token\" access to the repository's metadata (a job's own token has it), or push access where it is a PAT.",
				...error.failure
			}, { cause: error });
		}
	}
	return {
		async commentsOf(number, { since, afterId = 0 }) {
			try {
				return (await job.list(array(comment$1), (page) => job.request("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
					...at,
					issue_number: number,
					per_page: 100,
					page,
					...since === void 0 ? {} : { since: rfc3339(Math.floor(since / 1e3) * 1e3) }
				}), MOST_PAGES$2)).filter(({ id }) => id > afterId).toSorted((one, other) => one.id - other.id);
			} catch (error) {
				if (error instanceof ServiceProblem && NO_ISSUE.includes(error.status ?? 0)) return [];
				throw error;
			}
		},
		async permissionOf(login) {
			if (!/^[\w-]{1,100}$/.test(login)) return "none";
			const permission = permissions.get(login) ?? await askPermission(login);
			permissions.set(login, permission);
			return permission;
		}
	};
}
// src/io/github-decorate.ts
const PAUSES_MS = [
	1e3,
	2e3,
	4e3
];
const MOST_ASSIGNEES = 10;
const assigned = object({ assignees: array(object({ login: string$1() })).nullish() });
function createDecorator(client, line) {
	const { at } = client;
	const label = (number, labels) => line.write(unknown(), () => line.request("POST /repos/{owner}/{repo}/issues/{issue_number}/labels", {
		...at,
		issue_number: number,
		labels: [...labels]
	}));
	const assign = async (number, assignees) => {
		const after = await line.write(assigned, () => line.request("POST /repos/{owner}/{repo}/issues/{issue_number}/assignees", {
			...at,
			issue_number: number,
			assignees: [...assignees]
		}));
		const now = new Set((after.assignees ?? []).map((one) => one.login.toLowerCase()));
		return assignees.filter((name) => !now.has(name.toLowerCase()));
	};
	const request = (number, names) => {
		const teams = names.filter((name) => name.includes("/")).map((name) => name.slice(name.indexOf("/") + 1));
		const reviewers = names.filter((name) => !name.includes("/"));
		return line.write(unknown(), () => line.request("POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers", {
			...at,
			pull_number: number,
			...reviewers.length === 0 ? {} : { reviewers },
			...teams.length === 0 ? {} : { team_reviewers: teams }
		}));
	};
	const review = async (number, names) => {
		const [failed] = await attempt$2(client, reviewText(names), () => request(number, names));
		if (failed === void 0 || names.length === 1) return failed === void 0 ? [] : [failed];
		const sentences = [];
		for (const name of names) sentences.push(...await attempt$2(client, reviewText([name]), () => request(number, [name])));
		return sentences;
	};
	return async (number, wishes) => {
		const labels = named(wishes.labels);
		const assignees = named(wishes.assignees).map(bare);
		const reviewers = named(wishes.reviewers).map(bare);
		const sentences = [];
		if (labels.length > 0) {
			const what = `The labels ${labels.join(", ")} could not be added`;
			sentences.push(...await attempt$2(client, what, () => label(number, labels)));
		}
		for (let from = 0; from < assignees.length; from += MOST_ASSIGNEES) {
			const some = assignees.slice(from, from + MOST_ASSIGNEES);
			let ignored = [];
			const what = `${some.join(", ")} could not be assigned`;
			sentences.push(...await attempt$2(client, what, async () => {
				ignored = await assign(number, some);
			}));
			if (ignored.length > 0) sentences.push(`${ignored.join(", ")} could not be assigned: GitHub takes only people with access to the repository`);
		}
		if (reviewers.length > 0) sentences.push(...await review(number, reviewers));
		return sentences;
	};
}
async function attempt$2(client, what, act) {
	for (const pause of [...PAUSES_MS, void 0]) try {
		await act();
		return [];
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		if (!(error.status === 422 && /Could not resolve to a node/i.test(error.failure.body ?? error.message)) || pause === void 0) return [`${what}: ${error.message}`];
		await client.sleep(pause);
	}
	return [];
}
function reviewText(names) {
	return `${names.join(", ")} could not be asked for a review`;
}
function named(names) {
	return [...new Set(names.map((name) => name.trim()).filter((name) => name !== ""))];
}
function bare(name) {
	return name.replace(/^@/, "");
}
// src/io/github-git.ts
const MOST_COMPARED = 1e3;
const MOST_FILES = 300;
const sha = object({ sha: string$1() });
const person = object({ date: string$1().nullish() }).nullish();
const gitCommit = object({
	message: string$1(),
	tree: sha,
	author: person,
	committer: person
});
const plainCommit = gitCommit.extend({
	sha: string$1(),
	parents: array(sha)
}).transform((one) => commitOf$1(one, one));
const repositoryCommit = object({
	sha: string$1(),
	parents: array(sha),
	commit: gitCommit
}).transform((one) => commitOf$1(one, one.commit));
const comparison = object({
	status: _enum([
		"identical",
		"ahead",
		"behind",
		"diverged"
	]),
	merge_base_commit: union([repositoryCommit, sha]),
	total_commits: number$2(),
	commits: array(repositoryCommit),
	files: array(object({
		filename: string$1(),
		previous_filename: string$1().nullish(),
		status: string$1()
	})).nullish()
});
const ref = object({
	ref: string$1(),
	object: sha
});
const content = union([array(object({
	path: string$1(),
	type: string$1()
})), object({
	type: string$1(),
	encoding: string$1().nullish(),
	content: string$1().nullish()
})]);
const trees = object({
	tree: array(object({
		path: string$1(),
		type: string$1()
	})),
	truncated: boolean$1().nullish()
});
const folder = object({
	tree: array(object({
		path: string$1(),
		type: string$1(),
		mode: string$1(),
		sha: string$1()
	})),
	truncated: boolean$1().nullish()
});
const rules = array(object({
	type: string$1(),
	parameters: object({ required_status_checks: array(object({ context: string$1() })).nullish() }).nullish()
}));
function createGitReads(client) {
	const { at, job } = client;
	const seen = new Map();
	const keep = (commits) => {
		for (const one of commits) seen.set(one.sha, one);
	};
	return {
		async commit(name) {
			if (/^[0-9a-f]{40}$/.test(name)) {
				const known = seen.get(name);
				if (known !== void 0) return known;
				const found = await job.find(plainCommit, () => job.request("GET /repos/{owner}/{repo}/git/commits/{commit_sha}", {
					...at,
					commit_sha: name
				}));
				if (found !== void 0) keep([found]);
				return found;
			}
			const send = () => job.request("GET /repos/{owner}/{repo}/commits/{ref}", {
				...at,
				ref: name,
				per_page: 1
			});
			return job.find(repositoryCommit, send, [
				404,
				409,
				422
			]);
		},
		async file(path, name) {
			const found = await job.find(content, () => job.request("GET /repos/{owner}/{repo}/contents/{path}", {
				...at,
				path,
				ref: name
			}));
			if (found === void 0 || !("encoding" in found) || found.type !== "file") return void 0;
			if (found.encoding === "base64") return Buffer.from(found.content ?? "", "base64").toString("utf8");
			throw new ServiceProblem({
				service: "GitHub",
				message: `GitHub does not hand out ${path}, which is larger than 1 MB`,
				code: "too-large"
			});
		},
		async compare(base, head) {
			const page = (number) => job.find(comparison, () => job.request("GET /repos/{owner}/{repo}/compare/{basehead}", {
				...at,
				basehead: `${base}...${head}`,
				per_page: 100,
				page: number
			}));
			const first = await page(1);
			if (first === void 0) return void 0;
			let commits = first.commits;
			const wanted = Math.min(first.total_commits, MOST_COMPARED);
			for (let number = 2; commits.length < wanted; number += 1) {
				const next = await page(number);
				if (next === void 0 || next.commits.length === 0) break;
				commits = [...commits, ...next.commits];
			}
			const fork = first.merge_base_commit;
			keep("tree" in fork ? [fork, ...commits] : commits);
			return comparisonOf(first, commits);
		},
		async tree(name) {
			const found = await job.read(trees, () => job.request("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", {
				...at,
				tree_sha: name,
				recursive: "1"
			}));
			return {
				paths: found.tree.filter((entry) => entry.type === "blob").map((entry) => entry.path),
				cut: found.truncated ?? false
			};
		},
		async folder(tree) {
			const found = await job.read(folder, () => job.request("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", {
				...at,
				tree_sha: tree
			}));
			if (found.truncated === true) throw new ServiceProblem({
				service: "GitHub",
				message: `GitHub does not list everything in the folder ${tree.slice(0, 7)}`,
				code: "too-large"
			});
			return found.tree.map(({ path, ...entry }) => ({
				...entry,
				name: path
			}));
		},
		async branchHead(branch) {
			return (await job.find(ref, () => job.request("GET /repos/{owner}/{repo}/git/ref/{ref}", {
				...at,
				ref: `heads/${branch}`
			})))?.object.sha;
		},
		async branchRules(branch) {
			const found = await job.find(rules, () => job.request("GET /repos/{owner}/{repo}/rules/branches/{branch}", {
				...at,
				branch,
				per_page: 100
			}), [404, 403]);
			const checks = (found ?? []).flatMap((rule) => rule.type === "required_status_checks" ? rule.parameters?.required_status_checks ?? [] : []);
			return {
				types: [...new Set((found ?? []).map((rule) => rule.type))],
				requiredChecks: [...new Set(checks.map((check) => check.context))]
			};
		}
	};
}
function commitOf$1(named, told) {
	const date = Date.parse(told.committer?.date ?? told.author?.date ?? "");
	return {
		sha: named.sha,
		message: told.message,
		tree: told.tree.sha,
		parents: named.parents.map((parent) => parent.sha),
		committedAt: Number.isNaN(date) ? 0 : date
	};
}
function comparisonOf(first, commits) {
	const files = first.files ?? [];
	const isEmpty = first.status === "identical" || first.status === "behind";
	return {
		relation: first.status,
		mergeBase: first.merge_base_commit.sha,
		commits,
		commitsCut: commits.length < first.total_commits,
		files: files.map((file) => ({
			path: file.filename,
			status: file.status,
			...file.previous_filename ? { previousPath: file.previous_filename } : {}
		})),
		filesCut: files.length >= MOST_FILES || !first.files && !isEmpty
	};
}
// src/io/github-commenter.ts
const comment = object({
	id: number$2(),
	body: string$1().nullish()
});
function createCommenter(client, line) {
	const { at, job, redact } = client;
	return async (number, text) => {
		const body = cutText(redact(text), LIMITS.body);
		const all = () => job.list(array(comment), (page) => job.request("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
			...at,
			issue_number: number,
			per_page: 100,
			page
		}));
		const mark = /^<!-- [^\n]* -->(?=\n)/.exec(body)?.[0];
		const earlier = mark === void 0 ? void 0 : (await all()).find((one) => one.body?.startsWith(`${mark}\n`));
		if (earlier !== void 0) {
			await line.write(comment, () => line.request("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
				...at,
				comment_id: earlier.id,
				body
			}));
			return;
		}
		await createOnce(() => line.write(comment, () => line.request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
			...at,
			issue_number: number,
			body
		})), async () => (await all()).find((one) => one.body?.trim() === body.trim()));
	};
}
// src/io/github-issues.ts
const issue = object({
	number: number$2(),
	html_url: string$1(),
	title: string$1(),
	body: string$1().nullish(),
	state: _enum(["open", "closed"]),
	labels: array(union([string$1(), object({ name: string$1().nullish() })])),
	assignees: array(object({ login: string$1() })).nullish(),
	pull_request: object({}).nullish()
}).transform((one) => ({
	number: one.number,
	url: one.html_url,
	title: one.title,
	body: one.body ?? "",
	state: one.state,
	labels: one.labels.flatMap((label) => typeof label === "string" ? label : label.name ?? []),
	assignees: (one.assignees ?? []).map(({ login }) => login),
	isPull: one.pull_request !== void 0 && one.pull_request !== null
}));
function createIssues(client) {
	const { at, job, redact } = client;
	const decorate = createDecorator(client, job);
	const issuesWithLabel = async (label) => {
		return (await job.read(array(issue), () => job.request("GET /repos/{owner}/{repo}/issues", {
			...at,
			labels: label,
			state: "all",
			direction: "desc",
			per_page: 100
		}))).filter((one) => !one.isPull);
	};
	return {
		issuesWithLabel,
		issue: (number) => job.find(issue, () => job.request("GET /repos/{owner}/{repo}/issues/{issue_number}", {
			...at,
			issue_number: number
		}), [404, 410]),
		createIssue(wish) {
			const body = cutText(redact(wish.body), LIMITS.body);
			const [label] = wish.labels;
			return createOnce(() => job.write(issue, () => job.request("POST /repos/{owner}/{repo}/issues", {
				...at,
				title: cutText(redact(wish.title), LIMITS.title),
				body,
				labels: [...wish.labels]
			})), async () => label === void 0 ? void 0 : (await issuesWithLabel(label)).find((one) => one.body === body));
		},
		async updateIssue(number, change) {
			await job.write(object({ number: number$2() }), () => job.request("PATCH /repos/{owner}/{repo}/issues/{issue_number}", {
				...at,
				issue_number: number,
				...change.body === void 0 ? {} : { body: cutText(redact(change.body), LIMITS.body) },
				...change.state === void 0 ? {} : { state: change.state }
			}));
		},
		commentIssue: createCommenter(client, job),
		decorateIssue: (number, wishes) => decorate(number, {
			...wishes,
			reviewers: []
		})
	};
}
// src/io/github-pulls.ts
const MOST_PAGES$1 = 5;
const pull = object({
	number: number$2(),
	node_id: string$1(),
	html_url: string$1(),
	title: string$1(),
	body: string$1().nullish(),
	state: _enum(["open", "closed"]),
	created_at: string$1().nullish(),
	merged_at: string$1().nullish(),
	merge_commit_sha: string$1().nullish(),
	draft: boolean$1().nullish(),
	labels: array(object({ name: string$1().nullish() })).nullish(),
	head: object({
		ref: string$1(),
		sha: string$1(),
		repo: object({ full_name: string$1() }).nullish()
	}),
	base: object({
		ref: string$1(),
		repo: object({ full_name: string$1() })
	}),
	user: object({ login: string$1() }).nullish()
}).transform((one) => ({
	isFromFork: one.head.repo?.full_name !== one.base.repo.full_name,
	number: one.number,
	nodeId: one.node_id,
	url: one.html_url,
	title: one.title,
	body: one.body ?? "",
	state: one.state,
	merged: Boolean(one.merged_at),
	draft: one.draft ?? false,
	labels: (one.labels ?? []).flatMap((label) => label.name ? [label.name] : []),
	headRef: one.head.ref,
	headSha: one.head.sha,
	baseRef: one.base.ref,
	author: one.user?.login ?? "ghost",
	createdAt: Date.parse(one.created_at ?? "") || 0,
	...one.merged_at && one.merge_commit_sha ? { mergeCommit: one.merge_commit_sha } : {}
}));
const numbered = object({
	number: number$2(),
	html_url: string$1()
});
function createPulls(client) {
	const { at, job, pr } = client;
	const pullsFrom = async (branch) => {
		return (await job.list(array(pull), (page) => job.request("GET /repos/{owner}/{repo}/pulls", {
			...at,
			state: "all",
			head: `${at.owner}:${branch}`,
			sort: "created",
			direction: "desc",
			per_page: 100,
			page
		}))).filter((one) => one.headRef === branch && !one.isFromFork).toSorted((one, two) => two.number - one.number);
	};
	return {
		pullsFrom,
		pullsOfCommit: (sha) => job.list(array(pull), (page) => job.request("GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", {
			...at,
			commit_sha: sha,
			per_page: 100,
			page
		})),
		pull: (number) => job.find(pull, () => job.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
			...at,
			pull_number: number
		})),
		async pullsSince(since) {
			const pulls = [];
			for (let page = 1; page <= MOST_PAGES$1; page += 1) {
				const recent = (await job.read(array(pull), () => job.request("GET /repos/{owner}/{repo}/pulls", {
					...at,
					state: "all",
					sort: "created",
					direction: "desc",
					per_page: 100,
					page
				}))).filter((one) => one.createdAt > since);
				pulls.push(...recent.filter((one) => !one.isFromFork));
				if (recent.length < 100) return {
					pulls,
					cut: false
				};
			}
			return {
				pulls,
				cut: true
			};
		},
		createPull(wish) {
			return createOnce(() => pr.write(pull, () => pr.request("POST /repos/{owner}/{repo}/pulls", {
				...at,
				title: titleOf(client, wish.title),
				body: bodyOf$2(client, wish.body),
				head: wish.head,
				base: wish.base,
				draft: wish.draft
			})), async () => (await pullsFrom(wish.head)).find((one) => one.state === "open" && one.baseRef === wish.base));
		},
		async updatePull(number, change) {
			await pr.write(object({ number: number$2() }), () => pr.request("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", {
				...at,
				pull_number: number,
				...change.title === void 0 ? {} : { title: titleOf(client, change.title) },
				...change.body === void 0 ? {} : { body: bodyOf$2(client, change.body) }
			}));
		},
		comment: createCommenter(client, pr),
		async openWithLabel(label) {
			return (await job.list(array(numbered), (page) => job.request("GET /repos/{owner}/{repo}/issues", {
				...at,
				labels: label,
				state: "open",
				per_page: 100,
				page
			}))).map((one) => ({
				number: one.number,
				url: one.html_url
			}));
		}
	};
}
function titleOf(client, title) {
	return cutText(client.redact(title), LIMITS.title);
}
function bodyOf$2(client, body) {
	return cutText(client.redact(body), LIMITS.body);
}
// src/io/github-statuses.ts
const statuses = object({ statuses: array(object({
	state: _enum([
		"error",
		"failure",
		"pending",
		"success"
	]),
	context: string$1(),
	description: string$1().nullish(),
	target_url: string$1().nullish(),
	updated_at: instant.nullish().catch(void 0)
})) }).transform((page) => page.statuses);
function createStatuses(client) {
	const { at, job } = client;
	return {
		async setStatus(sha, status) {
			await job.write(object({ state: string$1() }), () => job.request("POST /repos/{owner}/{repo}/statuses/{sha}", {
				...at,
				sha,
				state: status.state,
				context: status.context,
				description: cutText(client.redact(status.description), LIMITS.description),
				...status.url === void 0 ? {} : { target_url: client.redact(status.url) }
			}));
		},
		async status(sha, context) {
			const own = (await job.list(statuses, (page) => job.request("GET /repos/{owner}/{repo}/commits/{ref}/status", {
				...at,
				ref: sha,
				per_page: 100,
				page
			}))).find((one) => one.context.toLowerCase() === context.toLowerCase());
			if (own === void 0) return void 0;
			return {
				state: own.state,
				description: own.description ?? "",
				...own.target_url ? { url: own.target_url } : {},
				...typeof own.updated_at === "number" ? { at: own.updated_at } : {}
			};
		}
	};
}
// src/io/github.ts
function createForge(options) {
	const client = createGitHubApi(options);
	const reads = createGitReads(client);
	return {
		...client.at,
		webUrl: `${options.serverUrl.replace(/\/+$/, "")}/${options.owner}/${options.repo}`,
		hasPrToken: options.prToken !== void 0,
		...reads,
		...createChecks(client),
		...createStatuses(client),
		...createDeployments(client),
		...createBranches(client, reads),
		...createPulls(client),
		...createCommitComments(client),
		decorate: createDecorator(client, client.pr),
		...createIssues(client),
		...createComments(client),
		enableAutoMerge: createAutoMerge(client)
	};
}
// src/io/http-problem.ts
const BODY_LIMIT = 4e3;
const QUOTE_LIMIT = 300;
const REQUEST_IDS = ["render-request-id", "x-github-request-id"];
function problemOf(asked, failures, end) {
	const last = failures[failures.length - 1];
	const same = failures.filter((failure) => failure.kind === last.kind).length;
	const over = failures.length === 1 ? "" : ` ${timesText$1(same)} over ${Math.round(end.overMs / 1e3)}s`;
	const others = otherKindsText(failures, last);
	const because = end.because === void 0 ? "" : `; ${end.because}`;
	const quote = wordsOf(last);
	const message = `${whatText(asked, last)}${over}${others}${because}${requestIdText(last)}${quote === "" ? "" : `: ${quote}`}`;
	const hint = last.status === void 0 ? silenceHint(asked, last) : asked.hint?.(last.status);
	const permissions = last.headers["x-accepted-github-permissions"];
	return new ServiceProblem({
		service: asked.service,
		message: cut$1(oneLine(asked.redact(message)), 1e3),
		...last.status === void 0 ? {} : { status: last.status },
		...last.code === void 0 ? {} : { code: last.code },
		...last.text === "" ? {} : { body: cut$1(asked.redact(last.text), BODY_LIMIT) },
		...hint === void 0 ? {} : { hint },
		...permissions === void 0 ? {} : { acceptedPermissions: asked.redact(permissions) }
	});
}
function silenceHint(asked, last) {
	const isOurs = !asked.hasProxy || last.kind === "aborted" || last.kind === "too-large";
	return last.hint ?? (isOurs ? void 0 : "Unless NO_PROXY leaves the host out, the proxy may be the cause.");
}
function whatText(asked, last) {
	const request = `${asked.method} ${asked.path}`;
	const api = `${asked.service} API`;
	if (last.kind === "aborted") return `${request} to the ${api} was canceled`;
	if (last.kind === "garbled") return `${api} answered ${last.status ?? ""} to ${request}, but unreadably (${last.reason ?? ""})`;
	if (last.status !== void 0) return `${api} answered ${last.status} to ${request}`;
	return `${api} gave no usable answer to ${request} (${last.kind}: ${last.reason ?? ""})`;
}
function otherKindsText(failures, last) {
	const kinds = new Set(failures.map((failure) => failure.kind));
	kinds.delete(last.kind);
	const texts = [...kinds].map((kind) => {
		const count = failures.filter((failure) => failure.kind === kind).length;
		return `${kind} ${timesText$1(count)}`;
	});
	return texts.length === 0 ? "" : `, besides ${texts.join(", ")}`;
}
function timesText$1(count) {
	return count === 1 ? "once" : `${count} times`;
}
function requestIdText(failure) {
	const id = REQUEST_IDS.map((name) => failure.headers[name]).find((value) => value !== void 0);
	return id === void 0 ? "" : ` (request id ${cut$1(id, 80)})`;
}
function wordsOf(failure) {
	if (failure.kind === "garbled") return "";
	try {
		const { message } = JSON.parse(failure.text);
		return typeof message === "string" ? cut$1(oneLine(message), QUOTE_LIMIT) : "";
	} catch {
		return "";
	}
}
function oneLine(text) {
	return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();
}
function cut$1(text, limit) {
	return text.length <= limit ? text : `${text.slice(0, limit)}… (cut)`;
}
// src/io/rate.ts
const LONGEST_HOLD_MS = 6e4;
const WINDOW_MS = 6e4;
function remainingOf(headers, now) {
	const number = (name) => {
		const digits = /^\s*(\d+)/.exec(headers[name] ?? headers[`x-${name}`] ?? "")?.[1];
		return digits === void 0 ? void 0 : Number(digits);
	};
	const limit = number("ratelimit-limit");
	const remaining = number("ratelimit-remaining");
	const reset = number("ratelimit-reset");
	return {
		...limit === void 0 ? {} : { limit },
		...remaining === void 0 ? {} : { remaining },
		...reset === void 0 ? {} : { resetAt: reset < 1e9 ? now + reset * 1e3 : reset * 1e3 }
	};
}
function createLimiter(clock, perMinute) {
	let booked = [];
	let departed = [];
	let told = {};
	const spread = (now, last) => {
		const { limit, remaining, resetAt } = told;
		if (limit === void 0 || remaining === void 0 || resetAt === void 0) return now;
		if (remaining >= limit / 10 || resetAt <= now) return now;
		const toReset = Math.min(resetAt - now, LONGEST_HOLD_MS);
		return remaining === 0 ? now + toReset : last + toReset / remaining;
	};
	return {
		reserve() {
			const now = clock.now();
			booked = booked.filter((at) => at > now - WINDOW_MS);
			const oldest = booked.at(-perMinute);
			const last = booked.at(-1) ?? -1e400;
			const at = Math.max(now, last, spread(now, last), oldest === void 0 ? now : oldest + WINDOW_MS);
			booked = [...booked, at];
			return at - now;
		},
		depart() {
			const now = clock.now();
			departed = departed.filter((at) => at > now - WINDOW_MS);
			const oldest = departed.at(-perMinute);
			if (oldest !== void 0) return oldest + WINDOW_MS - now;
			departed = [...departed, now];
			return 0;
		},
		learn(next) {
			told = next;
		}
	};
}
// src/io/retry.ts
const BACKOFF_FIRST_MS = 1e3;
const BACKOFF_LONGEST_MS = 3e4;
const SHORTEST_WAIT_MS = 100;
function isLimited(status, headers, text) {
	if (status === 429) return true;
	if (status !== 403) return false;
	return headers["retry-after"] !== void 0 || headers["x-ratelimit-remaining"] === "0" || /secondary rate limit|rate limit exceeded|abuse detection/i.test(text);
}
function failedAnswer(answer) {
	const { status, headers } = answer;
	const text = answer.body.toString("utf8");
	const limited = isLimited(status, headers, text);
	return {
		kind: String(status),
		status,
		...limited ? { code: "rate-limited" } : {},
		headers,
		text,
		unsent: false,
		turnedAway: limited || status === 503 && headers["retry-after"] !== void 0,
		transient: limited || status === 408 || status >= 500 && status !== 501
	};
}
function garbledAnswer(answer, reason) {
	const { status, headers, body } = answer;
	return {
		kind: "garbled",
		code: "garbled",
		unsent: false,
		turnedAway: false,
		transient: true,
		status,
		reason,
		headers,
		text: body.toString("utf8")
	};
}
function doubtedAnswer(answer, doubt) {
	const { headers } = answer;
	return {
		kind: "clock",
		code: "clock",
		unsent: false,
		turnedAway: false,
		transient: false,
		...doubt,
		headers,
		text: ""
	};
}
function silentFailure(silence) {
	const { code, reason, unsent, permanent, hint } = silence;
	return {
		kind: code,
		code,
		reason,
		...hint === void 0 ? {} : { hint },
		headers: {},
		text: "",
		unsent,
		turnedAway: false,
		transient: !permanent
	};
}
function isWorthRepeating(failure, mode) {
	if (!failure.transient || mode === "once") return false;
	if (mode === "safe") return true;
	return failure.unsent || mode === "refused-only" && failure.turnedAway;
}
function askedWaitMs(failure, now) {
	const after = failure.headers["retry-after"]?.trim();
	if (after !== void 0 && after !== "") {
		const ms = /^\d+(\.\d+)?$/.test(after) ? Number(after) * 1e3 : Date.parse(after) - now;
		if (!Number.isNaN(ms)) return Math.max(0, ms);
	}
	if (failure.code !== "rate-limited") return void 0;
	const { resetAt } = remainingOf(failure.headers, now);
	const isGitHub = failure.headers["x-ratelimit-limit"] !== void 0;
	const isUsedUp = !isGitHub || failure.headers["x-ratelimit-remaining"] === "0";
	if (resetAt !== void 0 && isUsedUp) return Math.max(0, resetAt - now);
	return isGitHub || /secondary rate limit/i.test(failure.text) ? 6e4 : void 0;
}
function waitMs(tries, options) {
	const { asked, random } = options;
	if (asked !== void 0) return Math.max(asked, BACKOFF_FIRST_MS) + random() * 1e3;
	const ceiling = Math.min(BACKOFF_FIRST_MS * 2 ** (tries - 1), BACKOFF_LONGEST_MS);
	return Math.max(SHORTEST_WAIT_MS, random() * ceiling);
}
// src/io/transport.ts
const UNSENT = /^(ECONNREFUSED|ENOTFOUND|EAI_|E(NET|HOST)UNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT)/;
const OUR_MISTAKE = /^(UND_ERR_INVALID_ARG|UND_ERR_NOT_SUPPORTED|ERR_INVALID_)/;
var TooLarge = class extends Error {};
async function exchange(dispatcher, outgoing) {
	const abort = new AbortController();
	const cancel = () => abort.abort();
	const timer = setTimeout(cancel, outgoing.timeoutMs);
	outgoing.signal?.addEventListener("abort", cancel, { once: true });
	if (outgoing.signal?.aborted === true) cancel();
	try {
		const sent = (0, import_undici.request)(outgoing.url, {
			dispatcher,
			method: outgoing.method,
			headers: outgoing.headers,
			...outgoing.body === void 0 ? {} : { body: outgoing.body },
			signal: abort.signal,
			headersTimeout: 0,
			bodyTimeout: 0
		});
		const answer = await untilAborted(abort.signal, sent);
		const body = await bodyOf$1(answer.body, outgoing.maxBytes);
		return {
			kind: "answer",
			status: answer.statusCode,
			headers: joined$2(answer.headers),
			body
		};
	} catch (error) {
		if (outgoing.signal?.aborted === true) return silence("aborted", "canceled", { permanent: true });
		if (abort.signal.aborted) return silence("timeout", `nothing complete within ${outgoing.timeoutMs} ms`, {});
		if (error instanceof TooLarge) return silence("too-large", error.message, { permanent: true });
		return silenceOf$1(error);
	} finally {
		clearTimeout(timer);
		outgoing.signal?.removeEventListener("abort", cancel);
	}
}
function untilAborted(signal, work) {
	return new Promise((resolve, reject) => {
		work.then(resolve, reject);
		const stop = () => reject(new Error("aborted"));
		if (signal.aborted) stop();
		else signal.addEventListener("abort", stop, { once: true });
	});
}
function silence(code, reason, flags) {
	const { unsent = false, permanent = false } = flags;
	return {
		kind: "silence",
		code,
		reason,
		unsent,
		permanent
	};
}
function silenceOf$1(error) {
	const tunnel = tunnelFailureOf(error);
	if (tunnel !== void 0) {
		const { code, message, permanent, hint } = tunnel;
		return {
			kind: "silence",
			code,
			reason: message,
			unsent: true,
			permanent,
			hint
		};
	}
	const code = codesOf(error)[0] ?? "failed";
	const reason = error instanceof Error ? error.message.split("\n", 1)[0] ?? "" : String(error);
	const isTls = TLS_CODE.test(code);
	const isOurs = OUR_MISTAKE.test(code);
	const hint = authorityHint(code);
	return {
		kind: "silence",
		code,
		reason: reason === "" ? code : reason,
		unsent: isTls || isOurs || UNSENT.test(code),
		permanent: isTls || isOurs,
		...hint === void 0 ? {} : { hint }
	};
}
async function bodyOf$1(stream, maxBytes) {
	const chunks = [];
	let size = 0;
	for await (const chunk of stream) {
		size += chunk.length;
		if (size > maxBytes) throw new TooLarge(`the answer is larger than ${maxBytes} bytes`);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}
function joined$2(headers) {
	const pairs = Object.entries(headers).flatMap(([name, value]) => value === void 0 ? [] : [[name.toLowerCase(), typeof value === "string" ? value : value.join(", ")]]);
	return Object.fromEntries(pairs);
}
// src/io/attempts.ts
const MOST_REDIRECTS = 5;
async function attempt$1(edge, call, asked) {
	const { clock } = edge;
	const failures = [];
	const startedAt = clock.now();
	let deadline = startedAt + call.overallMs;
	let patience = edge.patienceMs;
	const giveUp = (failure, because) => problemOf(asked, [...failures, failure], {
		overMs: clock.now() - startedAt,
		...because === void 0 ? {} : { because }
	});
	for (;;) {
		let pause = edge.pace(call.method, call.url);
		for (;;) {
			if (pause > 0) await clock.sleep(pause, call.signal);
			deadline += pause;
			pause = call.signal?.aborted === true ? 0 : edge.depart(call.method, call.url);
			if (pause <= 0) break;
		}
		const left = Math.max(deadline - clock.now(), 1e3);
		const outcome = await once(edge, call, Math.min(edge.attemptTimeoutMs, left));
		if (outcome.kind === "value") return outcome.value;
		const { failure } = outcome;
		if (!isWorthRepeating(failure, call.retry)) throw giveUp(failure);
		const now = clock.now();
		const asksFor = askedWaitMs(failure, now);
		const wait = waitMs(failures.length + 1, {
			asked: asksFor,
			random: edge.random
		});
		if (asksFor !== void 0 && wait <= patience) {
			patience -= wait;
			deadline += wait;
		} else if (wait >= deadline - now) throw giveUp(failure, asksFor === void 0 ? void 0 : tooLong(asksFor));
		failures.push(failure);
		await clock.sleep(wait, call.signal);
	}
}
function tooLong(asksFor) {
	return `it asks to wait ${Math.ceil(asksFor / 1e3)}s, longer than this call may take`;
}
async function once(edge, call, timeoutMs) {
	let outgoing = {
		...call,
		timeoutMs,
		maxBytes: edge.maxBytes
	};
	for (let redirects = 0;; redirects += 1) {
		if (call.signal?.aborted !== true) edge.onRequest();
		const sentAt = edge.clock.now();
		const answer = await exchange(edge.dispatcher, outgoing);
		if (answer.kind === "silence") return {
			kind: "failure",
			failure: silentFailure(answer)
		};
		edge.onRemaining(remainingOf(answer.headers, edge.clock.now()), call.method, call.url);
		const next = redirectOf(outgoing, answer);
		if (next !== void 0 && redirects < MOST_REDIRECTS) {
			outgoing = {
				...outgoing,
				url: next
			};
			continue;
		}
		const doubt = call.method === "GET" ? edge.doubt(answer, sentAt) : void 0;
		if (doubt !== void 0) return {
			kind: "failure",
			failure: doubtedAnswer(answer, doubt)
		};
		const reading = call.read(answer);
		if (reading.kind === "value") return reading;
		return {
			kind: "failure",
			failure: reading.kind === "garbled" ? garbledAnswer(answer, reading.reason) : failedAnswer(answer)
		};
	}
}
function redirectOf(outgoing, answer) {
	const isRead = outgoing.method === "GET" || outgoing.method === "HEAD";
	const isRedirect = answer.status === 307 || answer.status === 308 || isRead && [
		301,
		302,
		303
	].includes(answer.status);
	const location = answer.headers["location"];
	if (!isRedirect || location === void 0 || !URL.canParse(location, outgoing.url.href)) return void 0;
	const next = new URL(location, outgoing.url);
	return next.origin === outgoing.url.origin ? next : void 0;
}
// src/io/json.ts
const MOST_ENTRIES = 2e5;
const DEEPEST = 200;
function jsonOf$1(text) {
	if (text.trim() === "") return { json: void 0 };
	try {
		const json = JSON.parse(text);
		const why = excessOf(json);
		return why === void 0 ? { json } : { why };
	} catch {
		return { why: "not JSON" };
	}
}
function excessOf(json) {
	let level = isObject(json) ? [json] : [];
	let entries = 0;
	for (let depth = 1; level.length > 0; depth += 1) {
		if (depth > DEEPEST) return `nested more than ${DEEPEST} levels deep`;
		const next = [];
		for (const value of level) {
			if (Array.isArray(value)) entries += value.length;
			if (entries > MOST_ENTRIES) return `more than ${MOST_ENTRIES} entries`;
			for (const inner of Object.values(value)) if (isObject(inner)) next.push(inner);
		}
		level = next;
	}
}
function isObject(value) {
	return typeof value === "object" && value !== null;
}
// src/io/http.ts
function createHttp(options) {
	const base = new URL(options.baseUrl.replace(/\/+$/, ""));
	const basePath = base.pathname.replace(/\/$/, "");
	const attemptTimeoutMs = options.attemptTimeoutMs ?? 15e3;
	const env = options.proxyEnv ?? process.env;
	const dispatcher = createDispatcher(env, {
		attemptMs: attemptTimeoutMs,
		webSocket: { maxPayloadSize: 4194304 }
	});
	const overallMs = options.overallMs ?? 6e4;
	let remaining = {};
	const edge = {
		clock: options.clock,
		dispatcher,
		attemptTimeoutMs,
		patienceMs: options.patienceMs ?? 0,
		maxBytes: options.maxBytes ?? 16777216,
		random: options.random ?? Math.random,
		onRequest: options.onRequest ?? (() => void 0),
		pace: options.pace ?? (() => 0),
		depart: options.depart ?? (() => 0),
		doubt: options.doubt ?? (() => void 0),
		onRemaining(told, method, url) {
			remaining = told;
			options.onRemaining?.(told, method, url);
		}
	};
	const askedOf = (method, url) => {
		const path = url.origin === base.origin && url.pathname.startsWith(`${basePath}/`) ? url.pathname.slice(basePath.length) : `${url.origin}${url.pathname}`;
		return {
			service: options.service,
			method,
			path,
			redact: options.redact,
			hint: options.hint,
			hasProxy: hasProxy(env)
		};
	};
	return {
		dispatcher,
		remaining: () => remaining,
		close: () => dispatcher.destroy(),
		async json(request) {
			expectPlainPath(options.service, request.path);
			const url = urlOf(base, request.path, request.query ?? {});
			const body = request.body === void 0 ? void 0 : JSON.stringify(request.body);
			return attempt$1(edge, {
				method: request.method,
				url,
				headers: {
					...options.headers,
					...body === void 0 ? {} : { "content-type": "application/json" }
				},
				body,
				retry: request.retry,
				signal: request.signal,
				overallMs: request.overallMs ?? overallMs,
				read: (answer) => readJson(answer, request)
			}, askedOf(request.method, url));
		},
		async fetch(input, init = {}) {
			expectPlainPath(options.service, String(input).replace(/^\w+:\/\/[^/?#]*/u, ""));
			const url = new URL(input);
			const method = (init.method ?? "GET").toUpperCase();
			const own = url.origin === base.origin ? options.headers : {};
			const given = Object.fromEntries(new Headers(init.headers ?? {}));
			const retry = options.retryOf?.(method, url) ?? (/^(GET|HEAD)$/.test(method) ? "safe" : "never");
			return attempt$1(edge, {
				method,
				url,
				headers: {
					...own,
					...given
				},
				body: init.body ?? void 0,
				retry,
				signal: init.signal ?? void 0,
				overallMs,
				read: (answer) => readResponse(answer, url)
			}, askedOf(method, url));
		}
	};
}
function readJson(answer, request) {
	if ((answer.status === 404 || answer.status === 410) && request.notFoundIsUndefined === true) return {
		kind: "value",
		value: void 0
	};
	if (answer.status < 200 || answer.status > 299) return { kind: "failed" };
	const content = jsonOf$1(answer.body.toString("utf8"));
	if ("why" in content) return {
		kind: "garbled",
		reason: content.why
	};
	const result = request.schema.safeParse(content.json);
	if (result.success) return {
		kind: "value",
		value: result.data
	};
	const issue = result.error.issues[0];
	return {
		kind: "garbled",
		reason: `at ${issue?.path.join(".") || "the top"}: ${issue?.message ?? "mismatch"}`
	};
}
function readResponse(answer, url) {
	const isSuccess = answer.status >= 200 && answer.status <= 299;
	const content = /\bjson\b/i.test(answer.headers["content-type"] ?? "") ? jsonOf$1(answer.body.toString("utf8")) : { json: void 0 };
	if (isSuccess && "why" in content) return {
		kind: "garbled",
		reason: content.why
	};
	if (failedAnswer(answer).transient) return { kind: "failed" };
	const isBodiless = [
		101,
		204,
		205,
		304
	].includes(answer.status) || "why" in content;
	const init = {
		status: answer.status,
		headers: headersOf(answer)
	};
	const response = new Response(isBodiless ? null : new Uint8Array(answer.body), init);
	Object.defineProperty(response, "url", { value: url.href });
	return {
		kind: "value",
		value: response
	};
}
function headersOf(answer) {
	const headers = new Headers();
	for (const [name, value] of Object.entries(answer.headers)) try {
		headers.set(name, value);
	} catch {
		continue;
	}
	return headers;
}
// src/io/render-log.ts
const text = string$1().nullish();
const logReply = object({
	id: text,
	timestamp: string$1(),
	message: text,
	labels: array(object({
		name: text,
		value: text
	})).nullish()
}).transform((entry, context) => {
	const at = instantOf$1(entry.timestamp);
	if (Number.isNaN(at)) {
		context.addIssue({
			code: "custom",
			message: "not a time",
			path: ["timestamp"]
		});
		return NEVER;
	}
	const label = (name) => entry.labels?.find((each) => each.name === name)?.value ?? "";
	const message = entry.message ?? "";
	const instance = suffixOf(label("instance"));
	return {
		id: entry.id || JSON.stringify([
			entry.timestamp,
			instance,
			message
		]),
		at,
		timestamp: entry.timestamp,
		message,
		resource: label("resource"),
		type: label("type"),
		level: label("level"),
		...instance === "" ? {} : { instance }
	};
});
const logPageReply = object({
	hasMore: boolean$1().nullish(),
	nextStartTime: text,
	nextEndTime: text,
	logs: array(logReply).nullish()
});
const logMessageReply = union([object({ logs: array(logReply) }).transform(({ logs }) => logs), logReply.transform((line) => [line])]);
function linesOf$4(lines, serviceId) {
	return lines.flatMap(({ resource, ...line }) => resource === "" || resource === serviceId ? [line] : []);
}
function byTime(a, b) {
	return a.at - b.at || belowMs(a.timestamp).localeCompare(belowMs(b.timestamp), "en");
}
// src/io/logs.ts
const FULL_PAGE$2 = 100;
const MOST_EMPTY_PAGES = 10;
function createLogs(api, options = {}) {
	return {
		read: (query) => read(api, query),
		follow(following) {
			const clock = options.background ?? api.clock;
			import("./log-stream.js").then(({ followLogs }) => followLogs(api, {
				clock,
				openTimeoutMs: options.openTimeoutMs ?? 1e4
			}, following));
		}
	};
}
async function read(api, query) {
	const direction = query.direction ?? "forward";
	const found = new Map();
	const windows = new Set();
	let startTime = rfc3339(query.from);
	let endTime = rfc3339(query.to);
	let emptyPages = 0;
	let complete = false;
	for (;;) {
		windows.add(`${startTime} ${endTime}`);
		const page = await api.json({
			method: "GET",
			path: "/logs",
			query: {
				...filterOf(query),
				startTime,
				endTime,
				direction,
				limit: Math.min(FULL_PAGE$2, query.maxLines)
			},
			retry: "safe",
			schema: logPageReply,
			...query.signal === void 0 ? {} : { signal: query.signal }
		});
		const before = found.size;
		for (const line of linesOf$4(page.logs ?? [], query.serviceId)) if (!found.has(line.id)) found.set(line.id, line);
		complete = page.hasMore !== true;
		if (complete || found.size >= query.maxLines) break;
		emptyPages = found.size === before ? emptyPages + 1 : 0;
		const { nextStartTime, nextEndTime } = page;
		if (!nextStartTime || !nextEndTime || emptyPages >= MOST_EMPTY_PAGES) break;
		if (windows.has(`${nextStartTime} ${nextEndTime}`)) break;
		startTime = nextStartTime;
		endTime = nextEndTime;
	}
	const given = [...found.values()];
	const sorted = (direction === "backward" ? given.toReversed() : given).toSorted(byTime);
	const isOver = sorted.length > query.maxLines;
	const kept = direction === "backward" ? sorted.slice(-query.maxLines) : sorted.slice(0, query.maxLines);
	return {
		lines: isOver ? kept : sorted,
		complete: complete && !isOver
	};
}
function filterOf(query) {
	return {
		ownerId: query.ownerId,
		resource: [query.serviceId],
		type: query.types,
		level: query.levels,
		text: query.texts,
		instance: query.instances
	};
}
// src/io/messenger.ts
const OVERALL_MS = 2e4;
const TRY_MS = 5e3;
const LONGEST_WAIT_MS = 4e3;
const MAX_BYTES$1 = 262144;
const QUOTE_MAX = 120;
function createMessenger(options) {
	let dispatcher;
	return {
		send(message) {
			dispatcher ??= createDispatcher(options.proxyEnv, { attemptMs: options.tryMs ?? TRY_MS });
			return send$1(message, {
				...options,
				dispatcher
			});
		},
		close: async () => dispatcher?.destroy()
	};
}
async function send$1(message, options) {
	const { clock, dispatcher, overallMs = OVERALL_MS, tryMs = TRY_MS, random = Math.random } = options;
	const { body, signal } = message;
	const startedAt = clock.now();
	const { url, headers } = addressOf$2(message.url);
	for (let tries = 1;; tries += 1) {
		const answer = await exchange(dispatcher, {
			method: "POST",
			url,
			headers: {
				"content-type": "application/json",
				"user-agent": "render-deploy-gate",
				...headers
			},
			body,
			timeoutMs: Math.min(tryMs, Math.max(1e3, startedAt + overallMs - clock.now())),
			maxBytes: MAX_BYTES$1,
			signal
		});
		if (answer.kind === "answer" && answer.status >= 200 && answer.status <= 299) return { ok: true };
		const failure = answer.kind === "answer" ? failedAnswer(answer) : silentFailure(answer);
		const now = clock.now();
		const asked = askedWaitMs(failure, now);
		const backOff = waitMs(tries, {
			asked,
			random
		});
		const wait = asked === void 0 ? Math.min(backOff, LONGEST_WAIT_MS) : backOff;
		if (!isWorthRepeating(failure, "safe") || wait >= startedAt + overallMs - now) return {
			ok: false,
			why: options.redact(whyOf(failure, {
				tries,
				overMs: now - startedAt,
				asked
			}))
		};
		await clock.sleep(wait, signal);
	}
}
function addressOf$2(text) {
	const url = new URL(text);
	const { username, password } = url;
	if (username === "" && password === "") return {
		url,
		headers: {}
	};
	url.username = "";
	url.password = "";
	const credentials = `${decoded(username)}:${decoded(password)}`;
	return {
		url,
		headers: { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` }
	};
}
function decoded(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
function whyOf(failure, { tries, overMs, asked }) {
	return `${failure.status === void 0 ? `it gave no answer (${failure.kind})` : `it answered ${failure.status}${wordOf(failure.text)}`}${tries === 1 ? "" : `, the last of ${tries} tries over ${Math.round(overMs / 1e3)}s`}${asked === void 0 ? "" : `, and asks to wait ${Math.ceil(asked / 1e3)}s`}${failure.hint === void 0 ? "" : `. ${failure.hint}`}`;
}
function wordOf(text) {
	const word = text.trim();
	return word.length <= QUOTE_MAX && /^[a-z]+(?:_[a-z]+)+$/.test(word) ? ` (${word})` : "";
}
// src/io/render-metric.ts
const reply = object({
	labels: array(object({
		field: string$1(),
		value: string$1()
	})).nullish(),
	unit: string$1().nullish(),
	values: array(object({
		timestamp: instant,
		value: number$2().nullish(),
		unit: string$1().nullish()
	})).nullish()
});
const metricReply = array(reply.transform(seriesOf$1)).nullish().transform((series) => series ?? []);
function seriesOf$1({ labels, unit, values }) {
	const points = (values ?? []).flatMap(({ timestamp, value }) => typeof value === "number" ? [{
		at: timestamp,
		value
	}] : []);
	return {
		labels: Object.fromEntries((labels ?? []).map(({ field, value }) => [field.toLowerCase(), value])),
		unit: unit || values?.find((each) => each.unit)?.unit || "",
		points: points.toSorted((a, b) => a.at - b.at)
	};
}
// src/io/metrics.ts
const databaseReply = object({
	id: string$1(),
	name: string$1(),
	region: string$1().nullish()
}).transform(({ id, name, region }) => ({
	id,
	name,
	...region ? { region } : {}
}));
function createMetrics(api) {
	return {
		read: ({ metric, resourceId, from, to, stepMs, quantile, signal }) => api.json({
			method: "GET",
			path: `/metrics/${metric.replaceAll("_", "-")}`,
			query: {
				resource: resourceId,
				startTime: rfc3339(from),
				endTime: rfc3339(to),
				resolutionSeconds: Math.max(30, Math.round(stepMs / 1e3)),
				...quantile === void 0 ? {} : { quantile },
				...metric === "http_requests" ? { aggregateBy: "statusCode" } : {}
			},
			retry: "safe",
			schema: metricReply,
			...signal === void 0 ? {} : { signal }
		}),
		databases: (ownerId) => api.list({
			path: "/postgres",
			query: { ownerId },
			key: "postgres",
			item: databaseReply,
			allPages: true
		})
	};
}
// src/io/postgres-failure.ts
const SENTENCES = [
	{
		code: /^ECONNREFUSED$/,
		text: () => "database refused the connection"
	},
	{
		code: /^(ECONNRESET|EPIPE|closed)$/,
		text: () => "database closed the connection"
	},
	{
		code: /^ENOTFOUND$/,
		text: () => "the host name of the database does not exist"
	},
	{
		code: /^EAI_/,
		text: () => "the host name of the database could not be looked up"
	},
	{
		code: /^(ENETUNREACH|EHOSTUNREACH|ENETDOWN|ETIMEDOUT)$/,
		text: () => "database cannot be reached"
	},
	{
		code: /^ENOENT$/,
		text: () => "database has no socket at its path"
	},
	{
		code: /^no-tls$/,
		text: () => "database offers no TLS, but its url asks for it"
	},
	{
		code: TLS_CODE,
		text: () => "the TLS connection to the database failed",
		quote: true
	},
	{
		code: /^EPROTO$/,
		text: () => "the TLS connection to the database failed",
		quote: true
	},
	{
		code: /^57014$/,
		text: ({ timeoutMs }) => `database stopped the statement after ${span(timeoutMs)}`
	},
	{
		code: /^55P03$/,
		text: ({ lockTimeoutMs }) => `database waited ${span(lockTimeoutMs)} for a lock`
	},
	{
		code: /^25006$|^25001$/,
		text: () => "database refused the statement",
		quote: true,
		hint: "A sql check runs in a read-only transaction."
	},
	{
		code: /^28|^3D000$/,
		text: () => "database refused the login",
		quote: true
	},
	{
		code: /^(57P|53|58|08|XX)/,
		text: () => "database is not available",
		quote: true
	},
	{
		code: /^[0-9A-Z]{5}$/,
		text: () => "database rejected the query",
		quote: true
	}
];
const UNREACHED = /^(E[A-Z_]+|closed|timeout)$/;
function databaseProblem(error, context) {
	if (error instanceof ServiceProblem) return error;
	const code = codeOf(error);
	const found = SENTENCES.find((row) => row.code.test(code));
	const said = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, " ").replace(/; if the root CA .*/, "").trim();
	const quoted = found === void 0 || found.quote === true ? `: ${said.slice(0, 300)}` : "";
	const message = `${found?.text(context) ?? "database failed"}${quoted} (${code})`;
	const hint = found?.hint ?? authorityHint(code) ?? addressHint(code, context.host);
	return new ServiceProblem({
		service: "database",
		message: context.redact(message),
		code,
		...hint === void 0 ? {} : { hint }
	}, { cause: error });
}
function silentDatabase(doing, ms, host) {
	const hint = addressHint("timeout", host);
	return new ServiceProblem({
		service: "database",
		message: `database did not ${doing} within ${span(ms)} (timeout)`,
		code: "timeout",
		...hint === void 0 ? {} : { hint }
	});
}
function unreachedDatabase(problem, hasProxy) {
	const { failure } = problem;
	if (!hasProxy || !UNREACHED.test(failure.code ?? "")) return problem;
	const direct = "Databases are reached directly, never through the proxy of HTTPS_PROXY: the runner needs a way of its own to this one.";
	const hint = failure.hint === void 0 ? direct : `${direct} ${failure.hint}`;
	return new ServiceProblem({
		...failure,
		hint
	}, { cause: problem.cause });
}
function codeOf(error) {
	if (!(error instanceof Error)) return "unknown";
	const { code, errors } = error;
	if (typeof code === "string" && code !== "") return code;
	if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
	if (error.message.includes("does not support SSL")) return "no-tls";
	if (error.message.includes("Connection terminated")) return "closed";
	return "garbled";
}
function addressHint(code, host) {
	if (/^(ENOTFOUND|EAI_)/.test(code) && /^dpg-[a-z0-9-]+$/.test(host)) return "This is Render's internal address; a runner elsewhere needs the external database url.";
	if (/^(ECONN|closed|timeout|ETIMEDOUT|28000)/.test(code) && host.endsWith(".render.com")) return "Render's databases admit only the addresses of their access list; the runner's must be on it.";
}
function span(ms) {
	return ms % 1e3 === 0 ? `${ms / 1e3}s` : `${ms}ms`;
}
// src/io/postgres-address.ts
function addressOf$1(url) {
	try {
		const parsed = new URL(url);
		if (parsed.protocol !== "postgres:" && parsed.protocol !== "postgresql:") throw new Error("scheme");
		const get = (name) => parsed.searchParams.get(name) ?? "";
		const host = decodeURIComponent(parsed.hostname).replace(/^\[(.+)\]$/, "$1") || get("host") || "localhost";
		return {
			host,
			port: Number(parsed.port || get("port") || 5432),
			...optional("user", decodeURIComponent(parsed.username) || get("user")),
			...optional("password", decodeURIComponent(parsed.password) || get("password")),
			...optional("database", decodeURIComponent(parsed.pathname.slice(1)) || get("dbname")),
			...optional("options", get("options")),
			applicationName: get("application_name") || "render-deploy-gate",
			ways: waysOf(host, parsed.searchParams)
		};
	} catch (cause) {
		if (cause instanceof ServiceProblem) throw cause;
		throw problem$1("the database url is not a postgres:// url", "Characters such as @ : / # in the password are written as %40 %3A %2F %23.");
	}
}
function waysOf(host, query) {
	if (host.startsWith("/")) return [false];
	const asked = query.get("ssl") === "true" ? "require" : isLoopback(host) ? "allow" : "prefer";
	const mode = query.get("sslmode") ?? asked;
	const unchecked = {
		...files(query),
		rejectUnauthorized: false
	};
	switch (mode) {
		case "disable": return [false];
		case "allow": return [false, unchecked];
		case "prefer": return [unchecked, false];
		case "no-verify": return [unchecked];
		case "require": return [unchecked.ca === void 0 ? unchecked : checked(query, false)];
		case "verify-ca": return [checked(query, false)];
		case "verify-full": return [checked(query, true)];
		default: throw problem$1(`the database url has sslmode=${mode.slice(0, 20)}, which does not exist`, "Use disable, allow, prefer, require, verify-ca or verify-full.");
	}
}
function checked(query, name) {
	const options = {
		...files(query),
		rejectUnauthorized: true
	};
	return name ? options : {
		...options,
		checkServerIdentity: () => void 0
	};
}
function files(query) {
	const read = (name) => {
		const path = query.get(name) ?? "";
		if (path === "" || path === "system") return "";
		try {
			return readFileSync(path, "utf8");
		} catch (cause) {
			throw problem$1(`the file of ${name} in the database url cannot be read`, `It says ${path}.`, cause);
		}
	};
	return {
		...optional("ca", read("sslrootcert")),
		...optional("cert", read("sslcert")),
		...optional("key", read("sslkey"))
	};
}
function isLoopback(host) {
	return host === "localhost" || host === "::1" || isIP(host) === 4 && host.startsWith("127.");
}
function optional(name, value) {
	return value === "" ? {} : { [name]: value };
}
function problem$1(message, hint, cause) {
	return new ServiceProblem({
		service: "database",
		message,
		hint,
		code: "url"
	}, { cause });
}
// src/io/postgres-link.ts
async function openLink(url, options) {
	const address = addressOf$1(url);
	const [first, second] = address.ways;
	try {
		return await openBy(address, first, options);
	} catch (error) {
		const other = first === false ? isPlainRefused(error) : isTlsRefused(error);
		if (second === void 0 || !other) throw failed(error);
	}
	try {
		return await openBy(address, second, options);
	} catch (error) {
		throw failed(error);
	}
	function failed(error) {
		const { timeoutMs, redact, hasProxy } = options;
		return unreachedDatabase(databaseProblem(error, {
			host: address.host,
			timeoutMs,
			lockTimeoutMs: timeoutMs,
			redact
		}), hasProxy);
	}
}
async function openBy(address, way, options) {
	const { Client } = await import("./esm.js");
	const { ways: _, applicationName, ...place } = address;
	const socket = new Socket();
	const client = new Client({
		...place,
		application_name: applicationName,
		ssl: way ?? false,
		stream: () => socket,
		keepAlive: true,
		keepAliveInitialDelayMillis: 3e4
	});
	let alive = true;
	const current = () => client.connection.stream;
	const link = {
		client,
		host: address.host,
		isAlive: () => alive,
		within: (ms, doing, work) => new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				link.destroy();
				reject(silentDatabase(doing, ms, address.host));
			}, ms);
			work.then(resolve, reject).finally(() => clearTimeout(timer));
		}),
		hold: () => void current().ref(),
		release: () => void current().unref(),
		destroy: () => {
			alive = false;
			options.links.delete(link);
			current().destroy();
			socket.destroy();
		}
	};
	client.on("error", () => link.destroy());
	client.on("end", () => link.destroy());
	options.links.add(link);
	try {
		await link.within(options.timeoutMs, "accept the connection", client.connect());
		return link;
	} catch (error) {
		link.destroy();
		throw error;
	}
}
function isPlainRefused(error) {
	return codeOf(error) === "28000" || error instanceof Error && /\b(SSL|TLS)\b/.test(error.message);
}
function isTlsRefused(error) {
	return codeOf(error) === "no-tls" || codeOf(error) === "28000";
}
// src/io/sql-value.ts
const MAX_TEXT = 4096;
const SCALARS = new Map([
	[16, (text) => text === "t"],
	[17, hexText],
	...[
		20,
		21,
		23,
		26,
		700,
		701,
		1700
	].map((oid) => [oid, numberOf]),
	...[114, 3802].map((oid) => [oid, jsonOf]),
	[1114, (text) => text.replace(" ", "T")],
	[1184, instantOf],
	[1186, durationOf]
]);
const ARRAYS = new Map([
	[199, 114],
	[1e3, 16],
	[1001, 17],
	[1005, 21],
	[1007, 23],
	[1016, 20],
	[1021, 700],
	[1022, 701],
	[1028, 26],
	[1115, 1114],
	[1182, 0],
	[1185, 1184],
	[1187, 1186],
	[1231, 1700],
	[3807, 3802],
	...[
		1002,
		1003,
		1009,
		1014,
		1015,
		2951,
		1041,
		1183
	].map((oid) => [oid, 0])
]);
function valueOf$1(text, typeId) {
	if (text === null) return null;
	const elementId = ARRAYS.get(typeId);
	if (elementId !== void 0) return listOf(text, (item) => valueOf$1(item, elementId));
	return cut(SCALARS.get(typeId)?.(text) ?? text);
}
function numberOf(text) {
	const value = Number(text);
	return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : text;
}
function hexText(text) {
	return text.replace(/^\\x/, "");
}
function jsonOf(text) {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
function instantOf(text) {
	const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)?([+-]\d\d)(:\d\d)?$/.exec(text);
	if (match === null) return text;
	const [, day, time, fraction, hours, minutes] = match;
	const seconds = new Date(`${day}T${time}${hours}${minutes ?? ":00"}`);
	if (Number.isNaN(seconds.getTime())) return text;
	return seconds.toISOString().replace(".000Z", `${fraction ?? ""}Z`);
}
function durationOf(text) {
	const match = /^(?:([+-]?\d+) days?)?(?:(?:^| )([+-]?)(\d+):(\d\d):(\d\d(?:\.\d+)?))?$/.exec(text);
	if (match === null || text === "") return text;
	const [, days, sign, hours, minutes, seconds] = match;
	const clock = Number(hours ?? 0) * 36e5 + Number(minutes ?? 0) * 6e4 + Number(seconds ?? 0) * 1e3;
	const rounded = Math.round(clock * 1e3) / 1e3;
	return Number(days ?? 0) * 864e5 + (sign === "-" ? -rounded : rounded);
}
function listOf(text, itemOf) {
	const token = /"((?:[^"\\]+|\\[^])*)"|[{},]|[^{},"]+/g;
	token.lastIndex = text.indexOf("{");
	const root = [];
	const open = [root];
	for (const match of text.matchAll(token)) {
		const [all, quoted] = match;
		if (all === "{") {
			const list = [];
			open.at(-1)?.push(list);
			open.push(list);
		} else if (all === "}") open.pop();
		else if (all !== ",") {
			const bare = all === "NULL" ? null : all;
			open.at(-1)?.push(itemOf(quoted === void 0 ? bare : quoted.replaceAll(/\\([^])/g, "$1")));
		}
	}
	return root[0] ?? text;
}
function cut(value) {
	if (typeof value === "string") return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT).toWellFormed()}… [cut]` : value;
	if (value === null || typeof value !== "object") return value;
	if (Array.isArray(value)) return value.map(cut);
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cut(item)]));
}
// src/io/postgres-statement.ts
const MAX_BYTES = 8388608;
function cappedStatement(text, options) {
	const rows = [];
	let columns;
	let bytes = 0;
	let cut = false;
	const end = (error) => options.onEnd(error, {
		rows,
		cut,
		columns: columns !== void 0
	});
	return {
		submit: (connection) => {
			const wire = connection;
			wire.parse({
				text,
				types: options.parameters.map((parameter) => parameter.typeId)
			});
			wire.bind({ values: options.parameters.map((parameter) => parameter.text) });
			wire.describe({
				type: "P",
				name: ""
			});
			wire.execute({
				portal: "",
				rows: options.maxRows + 1
			});
			wire.sync();
		},
		handleRowDescription: (message) => {
			columns = message.fields;
		},
		handleDataRow: (message) => {
			bytes += message.fields.reduce((sum, field) => sum + (field?.length ?? 0), 0);
			if (bytes > MAX_BYTES) {
				rows.length = 0;
				return;
			}
			if (rows.length >= options.maxRows) {
				cut = true;
				return;
			}
			const names = columns ?? [];
			rows.push(Object.fromEntries(message.fields.map((field, index) => [names[index]?.name ?? String(index + 1), valueOf$1(field, names[index]?.dataTypeID ?? 0)])));
		},
		handlePortalSuspended: () => {},
		handleCommandComplete: () => {},
		handleEmptyQuery: () => {},
		handleCopyInResponse: (connection) => {
			const wire = connection;
			wire.sendCopyFail("a check only reads");
			wire.sync();
		},
		handleCopyData: () => {},
		handleReadyForQuery: () => end(bytes > MAX_BYTES ? tooLarge() : void 0),
		handleError: (error) => end(error)
	};
}
function tooLarge() {
	return new ServiceProblem({
		service: "database",
		message: `database sent more than ${MAX_BYTES / 1024 / 1024} MiB of rows`,
		hint: "Select fewer columns or rows.",
		code: "too-large"
	});
}
// src/io/sql-binding.ts
const TOKEN = new RegExp([
	/--[^\n\r]*/,
	/[eE]'(?:[^'\\]+|\\[^]|'')*'?/,
	/'[^']*'?/,
	/"[^"]*"?/,
	/\$(?<tag>(?:[A-Za-z_\x80-\uffff][\w\x80-\uffff]*)?)\$(?:[^]*?\$\k<tag>\$|[^]*)/,
	/(?<word>[A-Za-z_\x80-\uffff][\w$\x80-\uffff]*)/,
	/::|:=/,
	/:(?<name>[A-Za-z_\x80-\uffff][\w$\x80-\uffff]*)/,
	/(?<space>\s+)/,
	/[^]/
].map((part) => part.source).join("|"), "y");
function bindNames(query) {
	const names = [];
	const brackets = [];
	let text = "";
	let last = "";
	let before = "";
	let at = 0;
	while (at < query.length) {
		const token = query.startsWith("/*", at) ? commentAt(query, at) : tokenAt(query, at);
		at += token.text.length;
		const { name } = token;
		let piece = token.text;
		if (name !== void 0 && brackets.at(-1) !== "subscript") {
			if (!names.includes(name)) names.push(name);
			piece = `${/[\w$\x80-\uffff]/.test(last) ? " " : ""}$${names.indexOf(name) + 1}`;
		}
		text += piece;
		last = piece.at(-1) ?? last;
		if (token.text === "(") brackets.push("(");
		if (token.text === "[") {
			const nested = brackets.at(-1) === "array" && (before === "[" || before === ",");
			brackets.push(before.toLowerCase() === "array" || nested ? "array" : "subscript");
		}
		if (token.text === ")" || token.text === "]") brackets.pop();
		if (!token.blank) before = token.text;
	}
	return {
		text,
		names
	};
}
function tokenAt(query, at) {
	TOKEN.lastIndex = at;
	const match = TOKEN.exec(query);
	const text = match?.[0] ?? query.slice(at);
	const name = match?.groups?.["name"];
	const blank = match?.groups?.["space"] !== void 0 || text.startsWith("--");
	return name === "since" || name === "live_at" || name === "sha" ? {
		text,
		name,
		blank
	} : {
		text,
		blank
	};
}
function commentAt(query, at) {
	const edge = /\/\*|\*\//g;
	edge.lastIndex = at;
	let depth = 0;
	for (let match = edge.exec(query); match !== null; match = edge.exec(query)) {
		depth += match[0] === "/*" ? 1 : -1;
		if (depth === 0) return {
			text: query.slice(at, edge.lastIndex),
			blank: true
		};
	}
	return {
		text: query.slice(at),
		blank: true
	};
}
// src/io/postgres.ts
function createDatabase(options) {
	const links = new Set();
	const places = new Map();
	const graceMs = options.hangGraceMs ?? 2e3;
	let closed = false;
	return {
		query: (request) => {
			const place = places.get(request.url) ?? { tail: Promise.resolve() };
			places.set(request.url, place);
			const run = place.tail.then(() => ask(place, request));
			place.tail = run.catch(() => void 0);
			return run;
		},
		close: async () => {
			closed = true;
			await Promise.all([...links].map((link) => farewell(link)));
		}
	};
	async function ask(place, request) {
		const limitMs = request.timeoutMs + graceMs;
		const limits = {
			timeoutMs: request.timeoutMs,
			lockTimeoutMs: Math.ceil(request.timeoutMs / 2)
		};
		const statement = statementOf(request);
		const link = await begun(place, request.url, beginText({
			...limits,
			idleMs: limitMs
		}), limitMs);
		try {
			const result = await link.within(limitMs, "answer", run(link, request, statement));
			if (!result.columns) throw problem("the statement gives no rows; a sql check needs a query", "no-rows");
			return {
				rows: result.rows,
				cut: result.cut
			};
		} catch (error) {
			throw closed ? closedProblem() : databaseProblem(error, {
				...limits,
				host: link.host,
				redact: options.redact
			});
		} finally {
			await rollBack(link);
		}
	}
	async function begun(place, url, begin, limitMs) {
		const kept = place.link;
		if (kept?.isAlive() === true) {
			kept.hold();
			try {
				await kept.within(graceMs, "answer", kept.client.query(begin));
				return kept;
			} catch {
				kept.destroy();
			}
		}
		if (closed) throw closedProblem();
		const link = await openLink(url, {
			timeoutMs: options.connectTimeoutMs ?? 1e4,
			links,
			redact: options.redact,
			hasProxy: options.hasProxy ?? false
		});
		place.link = link;
		try {
			await link.within(limitMs, "answer", link.client.query(begin));
			return link;
		} catch (error) {
			link.destroy();
			if (closed) throw closedProblem();
			throw databaseProblem(error, {
				host: link.host,
				timeoutMs: limitMs,
				lockTimeoutMs: limitMs,
				redact: options.redact
			});
		}
	}
	async function rollBack(link) {
		try {
			if (link.isAlive()) await link.within(graceMs, "roll back", link.client.query("ROLLBACK"));
			link.release();
		} catch {
			link.destroy();
		}
	}
}
function beginText(limits) {
	const settings = {
		statement_timeout: limits.timeoutMs,
		lock_timeout: limits.lockTimeoutMs,
		idle_in_transaction_session_timeout: limits.idleMs,
		client_encoding: "UTF8",
		datestyle: "ISO",
		intervalstyle: "postgres",
		bytea_output: "hex",
		extra_float_digits: 1
	};
	return `BEGIN READ ONLY; SELECT ${Object.entries(settings).map(([name, value]) => `set_config('${name}', '${value}', true)`).join(", ")}`;
}
function statementOf(request) {
	if (request.query.includes("\0")) throw problem("the query contains a NUL character", "query");
	const { since, liveAt, sha } = request.bind;
	const values = {
		since: {
			typeId: 1184,
			text: new Date(since).toISOString()
		},
		live_at: {
			typeId: 1184,
			text: new Date(liveAt).toISOString()
		},
		sha: {
			typeId: 25,
			text: sha
		}
	};
	const bound = bindNames(request.query);
	return {
		text: bound.text,
		parameters: bound.names.map((name) => values[name])
	};
}
function run(link, request, statement) {
	return new Promise((resolve, reject) => {
		link.client.query(cappedStatement(statement.text, {
			parameters: statement.parameters,
			maxRows: request.maxRows,
			onEnd: (error, result) => error === void 0 ? resolve(result) : reject(error)
		}));
	});
}
async function farewell(link) {
	await link.within(500, "close", link.client.end()).catch(() => void 0);
	link.destroy();
}
function closedProblem() {
	return problem("the connection to the database was closed by the gate", "closed");
}
function problem(message, code) {
	return new ServiceProblem({
		service: "database",
		message,
		code
	});
}
// src/io/probe-silence.ts
const CAUSES$1 = [
	{
		cause: "tls",
		code: TLS_CODE,
		words: "the TLS connection failed"
	},
	{
		cause: "tls",
		code: /^EPROTO$/,
		words: "the TLS connection failed"
	},
	{
		cause: "refused",
		code: /^ECONNREFUSED$/,
		words: "connection refused"
	},
	{
		cause: "refused",
		code: /^HPE|^UND_ERR_HEADERS_OVERFLOW$/,
		words: "the answer is not HTTP"
	},
	{
		cause: "refused",
		code: /^(ECONNRESET|EPIPE|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)$/,
		words: "connection closed before the end of the answer"
	},
	{
		cause: "timeout",
		code: /^(ETIMEDOUT|ESOCKETTIMEDOUT|UND_ERR_\w+_TIMEOUT)$/,
		words: "no connection in time"
	},
	{
		cause: "unresolved",
		code: /^ENOTFOUND$/,
		words: "the host name does not exist"
	},
	{
		cause: "network",
		code: /^EAI_/,
		words: "the host name could not be looked up"
	},
	{
		cause: "network",
		code: /^E(NETUNREACH|HOSTUNREACH|NETDOWN|ADDRNOTAVAIL)$/,
		words: "the network is unreachable"
	},
	{
		cause: "refused",
		code: /^UND_ERR_SOCKET$/,
		words: "connection closed before the end of the answer"
	}
];
function silenceOf(error, about) {
	const tunnel = tunnelFailureOf(error);
	if (tunnel !== void 0) return {
		cause: "network",
		reason: `${tunnel.message}. ${tunnel.hint}`
	};
	const { cause, reason } = ownSilence(error, about);
	if (!about.proxied) return {
		cause,
		reason
	};
	return {
		cause: cause === "tls" ? cause : "network",
		reason: `through the proxy: ${reason}`
	};
}
function ownSilence(error, about) {
	const answered = about.status === void 0 ? "" : ` after status ${about.status}`;
	if (about.timeoutMs !== void 0) return {
		cause: "timeout",
		reason: `${about.status === void 0 ? "no answer" : "the body did not end"} within ${about.timeoutMs} ms${answered}`
	};
	const codes = codesOf(error);
	const found = CAUSES$1.find((row) => codes.some((code) => row.code.test(code)));
	const code = codes.find((each) => found?.code.test(each) ?? true);
	const hint = code === void 0 ? void 0 : authorityHint(code);
	const words = `${found?.words ?? firstLine(error)}${answered}${code === void 0 ? "" : ` (${code})`}`;
	return {
		cause: found?.cause ?? "network",
		reason: hint === void 0 ? words : `${words}. ${hint}`
	};
}
function firstLine(error) {
	return ((error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "").slice(0, 200);
}
// src/io/probe.ts
const MAX_BODY_BYTES = 262144;
function createProber(env = process.env) {
	return { probe: (request) => probe(request, env) };
}
async function probe(request, env) {
	const started = performance.now();
	const abort = new AbortController();
	const cancel = () => abort.abort();
	const timer = setTimeout(cancel, request.timeoutMs);
	const slow = setTimeout(() => request.onSlow?.(), request.timeoutMs / 2);
	request.signal?.addEventListener("abort", cancel, { once: true });
	if (request.signal?.aborted === true) cancel();
	let route;
	let status;
	try {
		route = routeOf(env, request.timeoutMs);
		const sent = (0, import_undici.request)(request.url, {
			dispatcher: route.dispatcher,
			method: request.method,
			headers: {
				"user-agent": "render-deploy-gate",
				"accept-encoding": "identity",
				...lowerCased(request.headers)
			},
			...request.body === void 0 ? {} : { body: request.body },
			signal: abort.signal,
			headersTimeout: 0,
			bodyTimeout: 0
		});
		const answer = await untilAborted(abort.signal, sent);
		const latencyMs = performance.now() - started;
		clearTimeout(slow);
		status = answer.statusCode;
		const { body, bodyCut } = await bodyOf(answer.body);
		return {
			kind: "answer",
			status,
			latencyMs,
			headers: joined$1(answer.headers),
			body,
			bodyCut
		};
	} catch (error) {
		const latencyMs = performance.now() - started;
		if (request.signal?.aborted === true) return {
			kind: "silence",
			latencyMs,
			cause: "network",
			reason: "canceled"
		};
		const timeoutMs = abort.signal.aborted ? request.timeoutMs : void 0;
		return {
			kind: "silence",
			latencyMs,
			...silenceOf(error, {
				proxied: route?.isProxied() ?? false,
				timeoutMs,
				status
			})
		};
	} finally {
		clearTimeout(timer);
		clearTimeout(slow);
		request.signal?.removeEventListener("abort", cancel);
		await route?.dispatcher.destroy().catch(() => void 0);
	}
}
function routeOf(env, timeoutMs) {
	let direct = !hasProxy(env);
	const connector = (0, import_undici.buildConnector)({
		timeout: timeoutMs,
		allowH2: false
	});
	return {
		dispatcher: createDispatcher(env, {
			attemptMs: timeoutMs,
			pipelining: 0,
			allowH2: false,
			connect: (target, callback) => {
				direct = true;
				connector(target, callback);
			}
		}),
		isProxied: () => !direct
	};
}
async function bodyOf(stream) {
	const decoder = new TextDecoder();
	let body = "";
	let left = MAX_BODY_BYTES;
	for await (const chunk of stream) {
		const bytes = chunk;
		if (bytes.length > left) return {
			body: body + decoder.decode(bytes.subarray(0, left), { stream: true }),
			bodyCut: true
		};
		body += decoder.decode(bytes, { stream: true });
		left -= bytes.length;
	}
	return {
		body: body + decoder.decode(),
		bodyCut: false
	};
}
function lowerCased(headers) {
	return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
function joined$1(headers) {
	return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(", ") : value ?? ""]));
}
// src/io/render-api.ts
const LOG_CALLS_PER_MINUTE = 10;
const READS_PER_MINUTE = 20;
const LOGS_OVERALL_MS = 15e4;
const LOGS_LEAST_MS = 65e3;
const CLOCK_SLACK_MS = 1e4;
const FULL_PAGE$1 = 100;
const FIRST_PAGE = 20;
function createRenderApi(options) {
	const { clock, redact, random = Math.random } = options;
	const baseUrl = (options.baseUrl ?? "https://api.render.com/v1").replace(/\/+$/, "");
	const headers = {
		authorization: `Bearer ${options.apiKey}`,
		"user-agent": "render-deploy-gate"
	};
	const logs = createLimiter(clock, LOG_CALLS_PER_MINUTE);
	const reads = createLimiter(clock, options.readsPerMinute ?? READS_PER_MINUTE);
	const logsPath = `${new URL(baseUrl).pathname.replace(/\/$/, "")}/logs`;
	const withoutKey = (text) => options.apiKey === "" ? text : text.replaceAll(options.apiKey, "***");
	let requests = 0;
	const limiterOf = (method, url) => {
		if (url.pathname === logsPath || url.pathname.startsWith(`${logsPath}/`)) return logs;
		return method === "GET" ? reads : void 0;
	};
	const http = createHttp({
		...options,
		service: "Render",
		baseUrl,
		random,
		headers: {
			...headers,
			accept: "application/json"
		},
		redact: (text) => redact(withoutKey(text)),
		onRequest: () => {
			requests += 1;
		},
		pace: (method, url) => limiterOf(method, url)?.reserve() ?? 0,
		depart: (method, url) => limiterOf(method, url)?.depart() ?? 0,
		onRemaining: (told, method, url) => limiterOf(method, url)?.learn(told),
		doubt: (answer, sentAt) => wrongClock(answer.headers["date"], {
			sentAt,
			receivedAt: clock.now()
		}),
		hint: hintOf
	});
	const json = (request) => http.json(request.path.startsWith("/logs") && request.overallMs === void 0 ? {
		...request,
		overallMs: Math.max(options.overallMs ?? LOGS_OVERALL_MS, LOGS_LEAST_MS)
	} : request);
	return {
		clock,
		json,
		list: (listing) => allItems(json, listing),
		reserveStream() {
			requests += 1;
			return logs.reserve();
		},
		stream: (path, query) => ({
			url: socketUrl(urlOf(new URL(baseUrl), path, query)),
			headers,
			dispatcher: http.dispatcher
		}),
		redact: (text) => redact(withoutKey(text)),
		requests: () => requests,
		close: () => http.close()
	};
}
async function allItems(json, { path, query, key, item, allPages, isEnough }) {
	const row = object({
		cursor: string$1().nullish(),
		[key]: item
	});
	const schema = array(row.transform((each) => ({
		cursor: each["cursor"],
		item: each[key]
	})));
	const limit = allPages ? FULL_PAGE$1 : FIRST_PAGE;
	const found = new Map();
	let cursor;
	for (let page = 1;; page += 1) {
		const rows = await json({
			method: "GET",
			path,
			query: {
				...query,
				limit,
				cursor
			},
			retry: "safe",
			schema
		});
		const items = rows.map((each) => each.item);
		const before = found.size;
		for (const each of items) if (!found.has(each.id)) found.set(each.id, each);
		const next = rows.at(-1)?.cursor;
		const isLast = rows.length < limit || found.size === before || !next || next === cursor;
		if (!allPages || isLast || isEnough?.(items) === true) return [...found.values()];
		if (page === 100) throw new ServiceProblem({
			service: "Render",
			message: `Render's list ${path} does not end: 100 pages of it were read`
		});
		cursor = next;
	}
}
function socketUrl(url) {
	const socket = new URL(url);
	socket.protocol = url.protocol === "http:" ? "ws:" : "wss:";
	return socket;
}
function wrongClock(date, span) {
	const at = Date.parse(date ?? "");
	const aheadMs = span.sentAt - (at + 1e3);
	const behindMs = at - span.receivedAt;
	const ms = Math.max(aheadMs, behindMs);
	if (Number.isNaN(at) || ms <= CLOCK_SLACK_MS) return void 0;
	const where = aheadMs > behindMs ? "ahead of" : "behind";
	return {
		reason: `this machine's clock is ${Math.round(ms / 1e3)} s ${where} Render's`,
		hint: "Set the runner's clock, by NTP for example."
	};
}
function hintOf(status) {
	if (status === 401) return "Set the input \"render-api-key\" to a valid key of Render.";
	if (status === 403) return "Give the key of \"render-api-key\" access to this service.";
}
// src/io/runner.ts
const SUMMARY_LIMIT_BYTES = 1048576;
const SUMMARY_MARK = "\n\n_The rest was cut: GitHub shows 1 MiB._\n";
function createRunner(options) {
	const clean = (text) => inert(options.redact(plain(text)));
	const oneLine = (text) => clean(text).replaceAll(/\s*\n\s*/g, " ");
	const attempt = (what, act) => {
		try {
			act();
		} catch (error) {
			warning(clean(`${what} could not be written: ${messageOf$1(error)}`));
		}
	};
	let folder;
	return {
		info: (line) => info(clean(line)),
		notice: (message) => notice(clean(message)),
		warning: (message) => warning(clean(message)),
		error: (message) => error(clean(message)),
		startGroup: (title) => startGroup(oneLine(title)),
		endGroup: () => endGroup(),
		mask: (secret) => {
			if (secret.trim() === "") return;
			setSecret(secret);
			const lines = secret.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
			if (lines.length > 1) lines.forEach((line) => setSecret(line));
		},
		output: (name, value) => attempt(`Output "${name}"`, () => setOutput(name, options.redact(value))),
		saveState: (name, value) => attempt(`State "${name}"`, () => saveState(name, options.redact(value))),
		summary: async (markdown) => {
			const path = process.env["GITHUB_STEP_SUMMARY"] ?? "";
			if (path === "") return;
			try {
				await writeFile(path, cutSummary(options.redact(markdown)));
			} catch (error) {
				warning(clean(`The job summary could not be written: ${messageOf$1(error)}`));
			}
		},
		file: async (name, content) => {
			folder ??= mkdtemp(join(process.env["RUNNER_TEMP"] || tmpdir(), "deploy-gate-"));
			const path = join(await folder, safeName(name));
			await writeFile(path, options.redact(content));
			return path;
		}
	};
}
function runUrlOf(env) {
	return `${(env["GITHUB_SERVER_URL"] ?? "https://github.com").replace(/\/+$/, "")}/${env["GITHUB_REPOSITORY"] ?? ""}/actions/runs/${env["GITHUB_RUN_ID"] ?? ""}`;
}
function plain(text) {
	return text.replaceAll(/\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?/g, "").replaceAll(/(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?/g, "").replaceAll(/\u001b[ -/]*[0-~]?/g, "").replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, "\n").replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
}
function inert(text) {
	return text.replaceAll(/^(\s*):(?=:)/gm, "$1: ").replaceAll("##[", "## [");
}
function cutSummary(markdown) {
	const bytes = Buffer.from(markdown);
	if (bytes.length < SUMMARY_LIMIT_BYTES) return markdown;
	const room = SUMMARY_LIMIT_BYTES - Buffer.byteLength(SUMMARY_MARK) - 4;
	const lineEnd = bytes.lastIndexOf("\n", room);
	const end = lineEnd > 0 ? lineEnd : room;
	return bytes.subarray(0, end).toString() + SUMMARY_MARK;
}
function safeName(name) {
	return name.replaceAll(/[^\w.-]+/g, "-").replace(/^[.-]+/, "").slice(0, 100) || "file";
}
function messageOf$1(error) {
	return error instanceof Error ? error.message : String(error);
}
// src/io/service-env.ts
const FULL_PAGE = 100;
const variable = object({
	key: string$1(),
	value: string$1()
});
const variableItem = variable.transform(({ key, value }) => ({
	id: key,
	value
}));
const group = object({
	id: string$1(),
	serviceLinks: array(object({ id: string$1() })).nullish()
});
const cursor = string$1().nullish();
const groupPage = array(union([object({
	cursor,
	envGroup: group
}), group.extend({ cursor }).transform((bare) => ({
	cursor: bare.cursor,
	envGroup: bare
}))]));
const wholeGroup = object({ envVars: array(variable).nullish() });
function createServiceEnv(api) {
	return { async read({ id, ownerId }) {
		try {
			const own = await api.list({
				path: `${servicePath(id)}/env-vars`,
				query: {},
				key: "envVar",
				item: variableItem,
				allPages: true
			});
			const linked = await linkedGroups(api, {
				id,
				ownerId
			});
			const groups = await Promise.all(linked.map((groupId) => groupVariables(api, groupId)));
			return merged(new Map(own.map((each) => [each.id, each.value])), groups);
		} catch (error) {
			throw error instanceof ServiceProblem ? withoutValues(error) : error;
		}
	} };
}
async function linkedGroups(api, service) {
	const linked = new Set();
	const seen = new Set();
	let next;
	for (let page = 1;; page += 1) {
		const rows = await api.json({
			method: "GET",
			path: "/env-groups",
			query: {
				ownerId: service.ownerId,
				limit: FULL_PAGE,
				cursor: next
			},
			retry: "safe",
			schema: groupPage
		});
		const before = seen.size;
		for (const { envGroup } of rows) {
			seen.add(envGroup.id);
			if ((envGroup.serviceLinks ?? []).some((link) => link.id === service.id)) linked.add(envGroup.id);
		}
		const last = rows.at(-1)?.cursor;
		if (rows.length < FULL_PAGE || seen.size === before) return [...linked];
		if (!last || last === next || page === 100) throw new ServiceProblem({
			service: "Render",
			message: `Render's list of environment groups could not be read beyond the first ${seen.size}`
		});
		next = last;
	}
}
async function groupVariables(api, groupId) {
	const found = await api.json({
		method: "GET",
		path: `/env-groups/${pathPart(groupId)}`,
		retry: "safe",
		schema: wholeGroup
	});
	return new Map((found.envVars ?? []).map(({ key, value }) => [key, value]));
}
function merged(own, groups) {
	const values = new Map(own);
	const ambiguous = new Set();
	for (const [name, value] of groups.flatMap((group) => [...group])) {
		if (own.has(name)) continue;
		if (values.has(name) && values.get(name) !== value) ambiguous.add(name);
		values.set(name, value);
	}
	return {
		values,
		ambiguous
	};
}
function withoutValues({ failure }) {
	const { body: _body, ...rest } = failure;
	return new ServiceProblem(rest);
}
// src/io/workspace.ts
const MAX_FILE_BYTES = 5242880;
function createWorkspace(root) {
	const top = root === void 0 || root === "" ? void 0 : resolve(root);
	return {
		head: async () => top === void 0 ? void 0 : headOf(join(top, ".git")),
		read: async (path) => {
			if (top === void 0) return void 0;
			if (isOutside(top, resolve(top, path))) throw refused$1(path, "leaves the workspace");
			const real = await orUndefined(realpath(join(top, path)));
			if (real === void 0) return void 0;
			if (isOutside(await realpath(top), real)) throw refused$1(path, "is a link that leaves the workspace");
			const kind = await stat(real);
			if (!kind.isFile()) return void 0;
			if (kind.size > MAX_FILE_BYTES) throw refused$1(path, "is larger than 5 MiB");
			return readFile(real, "utf8");
		}
	};
}
function isOutside(top, path) {
	const way = relative(top, path);
	return way === ".." || way.startsWith("../") || way.startsWith("..\\") || isAbsolute(way);
}
function refused$1(path, why) {
	return new ConfigProblem([{ message: `The path "${path}" ${why}.` }]);
}
async function headOf(dotGit) {
	const folder = await gitFolder(dotGit) ?? dotGit;
	const common = resolve(folder, (await textOf(join(folder, "commondir")))?.trim() ?? ".");
	let name = "HEAD";
	for (let hops = 0; hops < 5; hops++) {
		const value = (await textOf(join(folder, name)) ?? await textOf(join(common, name)))?.trim() ?? await packed(common, name);
		if (value === void 0) return void 0;
		if (isSha(value)) return value;
		const target = /^ref: (refs\/\S+)$/.exec(value)?.[1];
		if (target === void 0 || target.split("/").includes("..")) return void 0;
		name = target;
	}
}
async function gitFolder(dotGit) {
	const pointer = /^gitdir: (.+?)\s*$/.exec(await textOf(dotGit) ?? "")?.[1];
	return pointer === void 0 ? void 0 : resolve(dotGit, "..", pointer);
}
async function packed(common, name) {
	return ((await textOf(join(common, "packed-refs")))?.split("\n") ?? []).find((each) => each.endsWith(` ${name}`))?.split(" ", 1)[0];
}
function isSha(text) {
	return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}
function textOf(path) {
	return orUndefined(readFile(path, "utf8"));
}
async function orUndefined(work) {
	try {
		return await work;
	} catch {
		return;
	}
}
const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/gu;
const KEY_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/gu;
const SHAPES = [
	[/\brnd_[A-Za-z0-9]{8,}/gu, "***"],
	[/(\/deploy\/srv-[a-z0-9]{1,64}\?key=)[\w-]{1,256}/gu, `$1***`],
	[/\bgh[pousr]_[\w.-]{16,}/gu, "***"],
	[/\bgithub_pat_\w{16,}/gu, "***"],
	[/\b(bearer)\s{1,8}[\w.~+/=-]{8,}/giu, `$1 ***`],
	[/\b(authorization["']?\s{0,8}[:=]\s{0,8}["']?(?:basic|token)\s{1,8})[\w.~+/=-]{4,}/giu, `$1***`],
	[/(:\/\/[^\s:/?#@"'<>]{0,256}:)[^\s/?#"'<>]{1,512}@/gu, `$1***@`],
	[/\b(password|passwd|pwd|secret_?access_?key)(["']?\s{0,8}[=:]\s{0,8})(?:"[^"\n]{1,512}"|'[^'\n]{1,512}'|[^\s&;,"']{4,512})/giu, `$1$2***`],
	[/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/gu, "***"],
	[/(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]{1,512}/gu, `$1***`],
	[/\bxox[a-z]-[\w-]{8,}/gu, "***"],
	[/\b[rs]k_(?:live|test)_\w{8,}/gu, "***"],
	[/(?<![\w-])eyJ[\w-]{8,4096}\.eyJ[\w-]{8,4096}\.[\w-]{0,1024}/gu, "***"]
];
const LONGEST_KEY = 16384;
const KEY_BODY = /(?:[A-Za-z0-9+/=\s]|\\[nr])*/uy;
function keyEnd(text, begin) {
	KEY_BODY.lastIndex = begin;
	KEY_BODY.exec(text);
	return KEY_BODY.lastIndex;
}
function withoutKeys(text) {
	let kept = "";
	let done = 0;
	let mark = {
		from: -1,
		to: 0
	};
	for (;;) {
		KEY_BEGIN.lastIndex = done;
		const begin = KEY_BEGIN.exec(text);
		if (begin === null) return kept + text.slice(done);
		const body = KEY_BEGIN.lastIndex;
		if (mark !== void 0 && mark.from < body) {
			KEY_END.lastIndex = body;
			const found = KEY_END.exec(text);
			mark = found === null ? void 0 : {
				from: found.index,
				to: KEY_END.lastIndex
			};
		}
		kept += text.slice(done, begin.index) + "***";
		done = mark !== void 0 && mark.from - body <= LONGEST_KEY ? mark.to : keyEnd(text, body);
	}
}
function knownShapesRedacted(text) {
	return SHAPES.reduce((shown, [shape, replacement]) => shown.replace(shape, replacement), withoutKeys(text));
}
// src/report/redact.ts
const LEAST = 4;
const LEAST_FRAGMENT = 8;
function bytesAsText(text) {
	return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}
function base64Forms(secret) {
	const bytes = bytesAsText(secret);
	const cores = [
		0,
		1,
		2
	].map((before) => {
		const start = Math.ceil(before * 8 / 6);
		const end = Math.floor((before + bytes.length) * 8 / 6);
		return btoa("\0".repeat(before) + bytes).slice(start, end);
	});
	const urlSafe = cores.map((core) => core.replaceAll("+", "-").replaceAll("/", "_"));
	return [...cores, ...urlSafe].filter((form) => form.length >= LEAST_FRAGMENT);
}
const HTML = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	"\"": "&quot;",
	"'": "&#39;"
};
const OTHER_QUOTES = {
	...HTML,
	"\"": "&#34;",
	"'": "&#x27;"
};
function jsonForms(secret) {
	const json = JSON.stringify(secret).slice(1, -1);
	const coded = (text, which) => text.replace(which, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
	const all = [
		json,
		coded(json, /[<>&]/g),
		coded(json, /[\u0080-\uffff]/g),
		coded(json, /[<>&'\u0080-\uffff]/g)
	];
	return [...all, ...all.map((form) => form.replaceAll("/", "\\/"))];
}
function formsOf(secret) {
	const wellFormed = secret.toWellFormed();
	const percent = encodeURIComponent(wellFormed);
	const lines = secret.split(/\r?\n/u).filter((line) => line.length >= LEAST_FRAGMENT);
	return [
		secret,
		cleanText(secret),
		oneLine$2(secret),
		...lines,
		percent,
		percent.replaceAll("%20", "+"),
		percent.replace(/%[0-9A-F]{2}/gu, (code) => code.toLowerCase()),
		encodeURI(wellFormed),
		secret.replace(/[&<>"']/g, (mark) => HTML[mark] ?? mark),
		secret.replace(/[&<>"']/g, (mark) => OTHER_QUOTES[mark] ?? mark),
		secret.replace(/[&<>]/g, (mark) => HTML[mark] ?? mark),
		...jsonForms(secret),
		...base64Forms(secret)
	];
}
function placesOf(form, text) {
	const places = [];
	for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1)) {
		const last = places.at(-1);
		if (last !== void 0 && at < last[1]) places[places.length - 1] = [last[0], at + form.length];
		else places.push([at, at + form.length]);
	}
	return places;
}
function createRedactor(secrets) {
	const long = secrets.flatMap((secret) => [secret, secret.trim()]).filter((secret) => secret.length >= LEAST);
	const forms = [...new Set(long.flatMap(formsOf))].filter((form) => form.length >= LEAST);
	const redacted = (text) => {
		const places = forms.flatMap((form) => placesOf(form, text)).sort(([a], [b]) => a - b);
		let kept = "";
		let end = 0;
		for (const [from, to] of places) {
			if (from >= end) kept += text.slice(end, from) + "***";
			end = Math.max(end, to);
		}
		return knownShapesRedacted(kept + text.slice(end));
	};
	return (text) => {
		const shown = redacted(text);
		const clean = cleanText(shown);
		if (clean === shown) return shown;
		const again = redacted(clean);
		return again === clean ? shown : again;
	};
}
// src/edges.ts
const RESUMED_READS_PER_MINUTE = 60;
const RESUMED_OVERALL_MS = 1e4;
const GITHUB_PATIENCE_MS = 13e4;
function learningRedactor() {
	const secrets = new Set();
	let current = createRedactor([]);
	return {
		redact: (text) => current(text),
		learn(secret) {
			if (secret === "" || secrets.has(secret)) return;
			secrets.add(secret);
			current = createRedactor([...secrets]);
		}
	};
}
function createEdges(inputs, env, options = {}) {
	const clock = options.clock ?? createClock();
	const { redact, learn } = learningRedactor();
	const base = createRunner({ redact });
	const runner = {
		...base,
		mask(secret) {
			learn(secret);
			base.mask(secret);
		}
	};
	for (const secret of [
		inputs.renderApiKey,
		inputs.githubToken,
		inputs.prToken,
		...proxySecrets(env)
	]) if (secret !== void 0) runner.mask(secret);
	let githubRequests = 0;
	let githubHour = {};
	const random = options.random ?? Math.random;
	const { attemptTimeoutMs } = options;
	const attemptTimeout = attemptTimeoutMs === void 0 ? {} : { attemptTimeoutMs };
	const api = createRenderApi({
		clock,
		apiKey: inputs.renderApiKey ?? "",
		redact,
		proxyEnv: env,
		random,
		...options.isResuming === true ? {
			readsPerMinute: RESUMED_READS_PER_MINUTE,
			overallMs: RESUMED_OVERALL_MS
		} : {},
		...inputs.renderApiUrl === void 0 ? {} : { baseUrl: inputs.renderApiUrl },
		...options.overallMs === void 0 ? {} : { overallMs: options.overallMs },
		...attemptTimeout
	});
	const [owner = "", repo = ""] = (env["GITHUB_REPOSITORY"] ?? "").split("/");
	const apiUrl = env["GITHUB_API_URL"] ?? "https://api.github.com";
	const github = createHttp({
		clock,
		service: "GitHub",
		retryOf: githubRetryOf,
		patienceMs: GITHUB_PATIENCE_MS,
		baseUrl: apiUrl,
		headers: {},
		redact,
		proxyEnv: env,
		random,
		...attemptTimeout,
		onRequest: () => githubRequests += 1,
		onRemaining(told, _method, url) {
			if (told.remaining !== void 0 && !url.pathname.endsWith("/graphql")) githubHour = told;
		}
	});
	const forge = createForge({
		owner,
		repo,
		apiUrl,
		serverUrl: env["GITHUB_SERVER_URL"] ?? "https://github.com",
		token: inputs.githubToken ?? "none",
		redact,
		sleep: (ms) => clock.sleep(ms),
		fetch: github.fetch,
		...inputs.prToken === void 0 ? {} : { prToken: inputs.prToken }
	});
	const database = createDatabase({
		redact,
		hasProxy: hasProxy(env)
	});
	const messenger = createMessenger({
		clock,
		redact,
		proxyEnv: env
	});
	return {
		clock,
		deploys: createDeploys(api),
		logs: createLogs(api, options.background === void 0 ? {} : { background: options.background }),
		metrics: createMetrics(api),
		serviceEnv: createServiceEnv(api),
		prober: createProber(env),
		database,
		messenger,
		forge,
		runner,
		workspace: createWorkspace(env["GITHUB_WORKSPACE"]),
		requests: () => ({
			render: api.requests(),
			github: githubRequests
		}),
		githubHour: () => githubHour,
		redact,
		async close() {
			await Promise.allSettled([
				api.close(),
				github.close(),
				database.close(),
				messenger.close()
			]);
		}
	};
}
// src/report/markdown.ts
const BREAK = "​";
const BREAK_MARKUP = "&#8203;";
const SPECIAL = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	"|": "&#124;",
	$: "<span>$</span>"
};
function unlinked(text) {
	return oneLine$2(text).replaceAll("@", `@${BREAK}`).replace(/#(?=\d)/gu, `#${BREAK}`).replace(/(?<![a-z\d])(gh)-(?=\d)/giu, `$1-${BREAK}`).replaceAll("://", `:${BREAK}//`).replace(/(www)\./giu, `$1${BREAK}.`);
}
function htmlText(text) {
	return unlinked(text).replace(/[&<>"'|]/gu, (mark) => SPECIAL[mark] ?? `&#${mark.charCodeAt(0)};`).replaceAll(BREAK, BREAK_MARKUP);
}
function inlineText(text) {
	return unlinked(text).replace(/[&<>|$\\`*_[\]~]/gu, (mark) => SPECIAL[mark] ?? `\\${mark}`).replace(/^(\d{1,9})([.)])/u, "$1\\$2").replace(/^[-+=:#]/u, "\\$&").replaceAll(BREAK, BREAK_MARKUP);
}
function longestRun(text, mark) {
	let longest = 0;
	let run = 0;
	for (let at = 0; at < text.length; at += 1) {
		run = text[at] === mark ? run + 1 : 0;
		if (run > longest) longest = run;
	}
	return longest;
}
function withoutMarkers(text) {
	return text.replaceAll("<!--", "<! --");
}
function codeSpan(text) {
	const line = withoutMarkers(oneLine$2(text));
	if (line === "") return "(empty)";
	const fence = "`".repeat(longestRun(line, "`") + 1);
	const space = line.startsWith("`") || line.endsWith("`") ? " " : "";
	return `${fence}${space}${line}${space}${fence}`;
}
function codeCell(text) {
	return text.includes("|") ? `<code>${inlineText(text)}</code>` : codeSpan(text);
}
function fencedBlock(text, max) {
	const body = cut$2(withoutMarkers(cleanText(text)), max);
	const fence = "`".repeat(Math.max(3, longestRun(body, "`") + 1));
	return `${fence}text\n${body}\n${fence}`;
}
function link(text, url) {
	const label = inlineText(text);
	if (url === void 0 || !/^https?:\/\/[!-~]{1,2000}$/u.test(url)) return label;
	return `[${label}](${url.replace(/[<>()[\]|\\`*_"'{}]/gu, (mark) => `%${mark.charCodeAt(0).toString(16)}`)})`;
}
function addressLink(url) {
	const shown = oneLine$2(url).replace(/^https?:\/\//u, "");
	return link(cut$2(shown, 200), url);
}
function tableText({ head, rows }) {
	const row = (cells) => `| ${head.map((_, at) => cells[at] ?? "").join(" | ")} |`;
	return [
		row(head),
		`|${head.map(() => " --- |").join("")}`,
		...rows.map(row)
	].join("\n");
}
function folded(title, body) {
	return `<details><summary>${htmlText(title)}</summary>\n\n${body}\n\n</details>`;
}
// src/report/page.ts
const NOTE_BYTES = 200;
function pageText(parts, maxBytes) {
	const [first = "", ...others] = parts.filter((part) => part !== "");
	const room = maxBytes - NOTE_BYTES;
	const kept = [cutBytes$1(first, room)];
	let bytes = byteLength(kept[0] ?? "");
	let missing = 0;
	for (const part of others) {
		const more = byteLength(part) + 2;
		if (bytes + more > room) missing += 1;
		else {
			kept.push(part);
			bytes += more;
		}
	}
	if (missing === 0) return kept.join("\n\n");
	const note = `_${amountText(missing, "part")} left out: GitHub takes at most ${countText(maxBytes)} bytes here; the run's report.json has everything._`;
	return [...kept, note].join("\n\n");
}
// src/report/problem.ts
const LONGEST$2 = 1e3;
const MOST$5 = 100;
function mistakeText(problem) {
	const hint = problem.hint === void 0 || problem.hint.trim() === "" ? "" : ` ${withStop(oneLine$2(problem.hint))}`;
	return cut$2(withStop(oneLine$2(problem.message)) + hint, LONGEST$2);
}
function mistakeLine(mistake) {
	const { at } = mistake;
	const place = at === void 0 ? "" : `${excerpt(at.file, 200)}:${at.line}:${at.column} `;
	return logText(place + mistakeText(mistake));
}
function failureLine(failure) {
	return logText(mistakeText(failure));
}
function problemCheckRun(mistakes) {
	const [first] = mistakes;
	const title = mistakes.length === 1 && first !== void 0 ? `Configuration: ${mistakeText(first)}` : `Configuration: ${amountText(mistakes.length, "mistake")}`;
	const lines = mistakes.slice(0, MOST$5).map((mistake) => `- ${inlineText(mistakeLine(mistake))}`);
	const missing = mistakes.length - lines.length;
	const more = missing === 0 ? [] : [`- … and ${missing} more`];
	const summary = pageText(["**Nothing was watched and nothing was touched: the gate cannot start like this.**", [...lines, ...more].join("\n")], 65535);
	return {
		title: labelText(title, 250),
		summary
	};
}
function problemDescription(mistakes) {
	return labelText(problemCheckRun(mistakes).title, 140);
}
// src/report/time.ts
const FIRST = -621355968e5;
const LAST = 0xe677d21fdbff;
let format;
function partsOf$1(ms) {
	format ??= new Intl.DateTimeFormat("en-US-u-ca-iso8601-nu-latn", {
		timeZone: "UTC",
		hourCycle: "h23",
		year: "numeric",
		month: "2-digit",
		day: "2-digit",
		hour: "2-digit",
		minute: "2-digit",
		second: "2-digit",
		fractionalSecondDigits: 3
	});
	return Object.fromEntries(format.formatToParts(ms).map((part) => [part.type, part.value]));
}
function isTime(ms) {
	return ms >= FIRST && ms <= LAST;
}
function isoText(ms) {
	if (!isTime(ms)) return "unknown time";
	const { year = "", month, day, hour, minute, second, fractionalSecond } = partsOf$1(Math.floor(ms));
	return `${year.padStart(4, "0")}-${month}-${day}T${hour}:${minute}:${second}.${fractionalSecond}Z`;
}
function clockText(ms) {
	return isTime(ms) ? isoText(ms).slice(11, 19) : "--:--:--";
}
function dateTimeText(ms) {
	return isTime(ms) ? isoText(ms).slice(0, 19).replace("T", " ") : "unknown time";
}
// src/report/evidence.ts
const MOST$4 = 50;
const LONGEST$1 = 2e3;
function evidenceText(evidence, timeText = clockText) {
	const pieces = evidence.slice(0, MOST$4).map(({ at, from, text }) => {
		return (at === void 0 ? "" : `${timeText(at)} `) + (from === void 0 || from === "" ? "" : `[${excerpt(from, 80)}] `) + cut$2(cleanText(text).trimEnd(), LONGEST$1);
	});
	const missing = evidence.length - pieces.length;
	return [...pieces, ...missing === 0 ? [] : [`… and ${missing} more`]].join("\n");
}
function evidenceFold(title, evidence, { max, timeText = clockText }) {
	if (evidence.length === 0) return "";
	return folded(`${title} (${amountText(evidence.length, "piece")})`, fencedBlock(evidenceText(evidence, timeText), max));
}
const ORDER = [
	"fail",
	"unknown",
	"warn",
	"pass",
	"not-applied"
];
function worstFirst(checks) {
	return ORDER.flatMap((verdict) => checks.filter((check) => check.verdict === verdict));
}
function evidenceTime({ coverage }) {
	return coverage === void 0 ? clockText : dateTimeText;
}
function evidenceParts(outcome, max) {
	const options = {
		max,
		timeText: evidenceTime(outcome)
	};
	return [evidenceFold("What Render said about the deploy", outcome.deployEvidence, options), ...worstFirst(outcome.checks).flatMap((check) => {
		const name = `"${excerpt(check.name, 100)}"`;
		return [evidenceFold(`Evidence of ${name}`, check.evidence, options), evidenceFold(`Diagnosis of ${name}`, check.diagnosis, options)];
	})].filter((part) => part !== "");
}
// src/report/line.ts
const LONGEST = 1e3;
const OUTCOME_WORDS = {
	pass: "passed",
	warn: "warned",
	fail: "failed",
	unknown: "could not be judged",
	error: "could not be measured",
	none: "is not judged yet",
	open: "is not judged yet",
	"not-applied": "does not apply now"
};
const VERDICT_WORDS = {
	pass: "passed",
	warn: "warned",
	fail: "failed",
	unknown: "is unknown",
	"not-applied": "was not judged"
};
function conditionText(line) {
	const baseline = line.baseline === void 0 ? [] : [`baseline ${valueText(line.baseline, line.unit)}`];
	const what = line.cause === "no baseline yet" ? "not compared" : "not evaluated";
	const why = withoutStop(oneLine$2(line.why ?? "no reason given"));
	const remarks = [...baseline, ...line.holds === null ? [`${what}: ${why}`] : []];
	const remark = remarks.length === 0 ? "" : ` (${remarks.join("; ")})`;
	return `${line.tier}: ${oneLine$2(line.condition)}${remark}`;
}
function lineColumns(lines) {
	const values = lines.map(lineValueText).filter((value) => value !== void 0);
	return {
		values: [...new Set(values)],
		conditions: lines.map(conditionText)
	};
}
function linesText(lines) {
	const { values, conditions } = lineColumns(lines);
	return [...values, ...conditions].join("; ");
}
function samplesText(counts) {
	const samples = amountText(counts.samples, "sample");
	return counts.errors === 0 ? samples : `${samples}, ${amountText(counts.errors, "error")}`;
}
function measuredText(check) {
	const lines = linesText(check.finding?.lines ?? []);
	const measured = lines === "" ? withoutStop(oneLine$2(check.reason)) : lines;
	return cut$2([measured, samplesText(check)].filter((part) => part !== "").join("; "), LONGEST);
}
function findingDetail(finding) {
	const lines = linesText(finding.lines);
	const reason = withoutStop(oneLine$2(finding.reason));
	if (lines === "" || reason === "") return lines === "" ? reason : lines;
	return finding.lines.some((line) => reason.includes(oneLine$2(line.condition))) ? lines : `${reason}; ${lines}`;
}
function isConcern({ verdict }) {
	return verdict !== "pass" && verdict !== "not-applied";
}
function hintText$1(hint) {
	const text = oneLine$2(hint ?? "");
	return text === "" ? "" : `. Hint: ${text}`;
}
function findingLine(name, found) {
	const { finding } = found;
	const detail = findingDetail(finding);
	const text = `${clockText(finding.at)} check "${name}" ${OUTCOME_WORDS[finding.outcome]}`;
	const hint = finding.outcome === "fail" || finding.outcome === "warn" ? hintText$1(found.hint) : "";
	return cut$2(logText(`${text}${detail === "" ? "" : `: ${detail}`} (${samplesText(found)})${hint}`), LONGEST);
}
function resultLine(check) {
	const reason = withoutStop(oneLine$2(check.reason));
	const text = `check "${check.name}" ${VERDICT_WORDS[check.verdict]}${reason === "" ? "" : `: ${reason}`}`;
	const hint = isConcern(check) ? hintText$1(check.hint) : "";
	return cut$2(logText(`${text} (${samplesText(check)})${hint}`), LONGEST);
}
function eventLine(at, event) {
	return cut$2(logText(`${clockText(at)} ${event}`), LONGEST);
}
// src/report/annotation.ts
const DEFAULT_CONFIG_FILE = ".github/deploy-gate.yml";
const TITLE_MAX$1 = 255;
const MESSAGE_MAX_BYTES = 64e3;
const MOST$3 = 50;
function repositoryPath(path) {
	const clean = oneLine$2(path).replaceAll("\\", "/").replace(/^(?:\.?\/)+/u, "");
	return clean === "" || clean.length > 500 || clean.split("/").includes("..") ? void 0 : clean;
}
function lineNumber(line) {
	return line !== void 0 && Number.isSafeInteger(line) && line >= 1 ? line : 1;
}
function messageText(text) {
	const clean = cleanText(text).trim();
	return cutBytes$1(clean === "" ? "no details" : clean, MESSAGE_MAX_BYTES);
}
function levelOf(verdict, outcome) {
	return verdict === "fail" && outcome.mode !== "observe" ? "failure" : "warning";
}
const WORDS = {
	fail: "failed",
	warn: "warned",
	unknown: "is unknown"
};
function checkAnnotation(check, outcome) {
	const hint = oneLine$2(check.hint ?? "");
	const diagnosis = check.diagnosis.length === 0 ? [] : ["Diagnosis:", evidenceText(check.diagnosis)];
	const kept = [...check.evidence.length === 0 ? [] : [evidenceText(check.evidence)], ...diagnosis];
	return {
		path: repositoryPath(outcome.configFile ?? "") ?? ".github/deploy-gate.yml",
		line: lineNumber(check.line),
		level: levelOf(check.verdict, outcome),
		title: excerpt(`Check "${check.name}" ${WORDS[check.verdict] ?? check.verdict}`, TITLE_MAX$1),
		message: messageText([
			withStop(oneLine$2(check.reason)),
			`Measured: ${measuredText(check)}.`,
			...hint === "" ? [] : [`Hint: ${hint}`]
		].join("\n")),
		...kept.length === 0 ? {} : { detail: messageText(kept.join("\n")) }
	};
}
function spotAnnotation(spot, outcome) {
	const path = repositoryPath(spot.path);
	if (path === void 0) return [];
	const verdict = outcome.checks.find((check) => check.name === spot.check)?.verdict ?? "fail";
	return [{
		path,
		line: lineNumber(spot.line),
		level: levelOf(verdict, outcome),
		title: excerpt(`Named by check "${spot.check}"`, TITLE_MAX$1),
		message: messageText(spot.message)
	}];
}
function limited(annotations) {
	if (annotations.length <= MOST$3) return annotations;
	const kept = annotations.slice(0, 49);
	const message = `${annotations.length - kept.length} more remarks are in the job summary.`;
	return [...kept, {
		path: DEFAULT_CONFIG_FILE,
		line: 1,
		level: "notice",
		title: "More remarks",
		message
	}];
}
function outcomeAnnotations(outcome) {
	return limited([...[
		"fail",
		"unknown",
		"warn"
	].flatMap((verdict) => {
		return outcome.checks.filter((check) => check.verdict === verdict);
	}).map((check) => checkAnnotation(check, outcome)), ...outcome.spots.flatMap((spot) => spotAnnotation(spot, outcome))]);
}
function mistakeAnnotations(mistakes, configFile) {
	return limited(mistakes.map((mistake) => ({
		path: repositoryPath(mistake.at?.file ?? configFile ?? "") ?? ".github/deploy-gate.yml",
		line: lineNumber(mistake.at?.line),
		level: "failure",
		title: "Deploy gate configuration",
		message: messageText(mistakeText(mistake))
	})));
}
// src/core/action-shape.ts
const ACTION_STATES$1 = [
	"done",
	"held",
	"failed",
	"advised",
	"skipped"
];
function actionOf(value) {
	const from = fields(value, "actions");
	return {
		kind: text$4(from, "kind"),
		state: oneOf(from, "state", ACTION_STATES$1),
		...optional$1(from, "reason", text$4),
		...optional$1(from, "url", text$4)
	};
}
// src/core/kept-standing-shape.ts
const COUNTS = [
	"due",
	"taken",
	"judged",
	"errors",
	"starved",
	"unapplied",
	"open",
	"graced",
	"failingRun",
	"failingSamples",
	"passingRun"
];
const OUTCOMES = [
	"pass",
	"warn",
	"fail",
	"unknown",
	"error",
	"none",
	"open",
	"not-applied"
];
const TIERS$1 = [
	"pass",
	"warn",
	"fail"
];
const UNITS$1 = [
	"ratio",
	"duration",
	"size"
];
const CAUSES = ["open", "no baseline yet"];
function asFlags(flags) {
	return flags.map((one) => one ? "1" : "0").join("");
}
function flagsOf(flags) {
	return Array.from(flags, (one) => one === "1");
}
function keptStandingOf(value, name) {
	const from = fields(value, name);
	return {
		...Object.assign({}, ...COUNTS.map((one) => optional$1(from, one, count))),
		...optional$1(from, "failingSince", number$1),
		...optional$1(from, "current", (of, current) => oneOf(of, current, [
			"unknown",
			"pass",
			"warn"
		])),
		...optional$1(from, "recent", flagText),
		...optional$1(from, "lastTwo", flagText),
		...optional$1(from, "failed", findingOf$2),
		...optional$1(from, "lastFailing", findingOf$2),
		...optional$1(from, "lastJudged", findingOf$2),
		...optional$1(from, "last", findingOf$2)
	};
}
function flagText(from, name) {
	const flags = text$4(from, name);
	return /^[01]*$/.test(flags) ? flags : misfit(name);
}
function findingOf$2(of, name) {
	const from = fields(of[name], name);
	return {
		at: number$1(from, "at"),
		...optional$1(from, "outcome", (one, outcome) => oneOf(one, outcome, OUTCOMES)),
		reason: text$4(from, "reason"),
		...optional$1(from, "lines", (one, lines) => list(one, lines, lineOf$1)),
		...optional$1(from, "evidence", (one, evidence) => list(one, evidence, evidenceOf$1))
	};
}
function evidenceOf$1(value) {
	const from = fields(value, "evidence");
	return {
		text: text$4(from, "text"),
		...optional$1(from, "at", number$1),
		...optional$1(from, "from", text$4)
	};
}
function lineOf$1(value) {
	const from = fields(value, "lines");
	const { holds } = from;
	return {
		condition: text$4(from, "condition"),
		subject: text$4(from, "subject"),
		tier: oneOf(from, "tier", TIERS$1),
		holds: typeof holds === "boolean" || holds === null ? holds : misfit("holds"),
		...optional$1(from, "value", plainValue),
		...optional$1(from, "baseline", plainValue),
		...optional$1(from, "unit", (of, unit) => oneOf(of, unit, UNITS$1)),
		...optional$1(from, "limits", (of, limits) => list(of, limits, finite)),
		...optional$1(from, "why", text$4),
		...optional$1(from, "cause", (of, cause) => oneOf(of, cause, CAUSES))
	};
}
function plainValue(from, name) {
	const value = from[name];
	if (value === null || typeof value === "string" || typeof value === "boolean") return value;
	return finite(value, name);
}
// src/core/verdict.ts
const RANK = {
	fail: 5,
	unknown: 4,
	warn: 3,
	pass: 2,
	superseded: 1,
	skipped: 0
};
const VERDICTS = [
	"fail",
	"unknown",
	"warn",
	"pass",
	"superseded",
	"skipped"
];
function worstOf(verdicts) {
	return verdicts.reduce((worst, verdict) => worst === void 0 || RANK[verdict] > RANK[worst] ? verdict : worst, void 0) ?? "unknown";
}
function stageVerdict(results) {
	if (!results.some((result) => result.measured)) return "unknown";
	return worstOf(results.flatMap((result) => result.verdict === "not-applied" ? [] : [result.verdict]));
}
function stageReason(results) {
	const verdict = stageVerdict(results);
	const counted = results.filter((result) => result.verdict !== "not-applied");
	if (counted.length === 0) return "no check was evaluated";
	const isMeasured = counted.some((result) => result.measured);
	const deciding = counted.filter((result) => !isMeasured || result.verdict === verdict);
	if (verdict === "pass") return `${deciding.length} ${deciding.length === 1 ? "check" : "checks"} measured and passed`;
	return deciding.map((result) => `"${result.name}": ${result.reason}`).join("; ");
}
// src/core/kept-intervals.ts
function keptIntervalsOf(value, name) {
	const from = fields(value, name);
	return {
		...optional$1(from, "toldTo", number$1),
		...optional$1(from, "from", number$1),
		...optional$1(from, "counts", (of, counts) => list(of, counts, (one, each) => count({ [each]: one }, each))),
		...optional$1(from, "lost", (of, lost) => {
			const [start, end, ...more] = items(of[lost], lost, finite);
			return start === void 0 || end === void 0 || more.length > 0 ? misfit(lost) : [start, end];
		})
	};
}
const MOST_COUNTS = 120;
function intervalsToKeep(about) {
	const { from, perMs, until, toldTo } = about;
	const end = Math.floor((until - from) / perMs) + 1;
	const begin = Math.max(0, Math.floor((toldTo - from) / perMs) - 1, end - MOST_COUNTS);
	return Array.from({ length: Math.max(0, end - begin) }, (_, index) => ({
		from: from + (begin + index) * perMs,
		to: from + (begin + index + 1) * perMs
	}));
}
function windowOf({ from, counts = [] }, perMs) {
	return from === void 0 || counts.length === 0 ? void 0 : {
		from,
		to: from + counts.length * perMs
	};
}
// src/core/log-pairs.ts
const NO_PAIRS = {
	finished: 0,
	overlaps: 0,
	overlapping: [],
	unfinished: [],
	open: [],
	newest: [],
	never: 0,
	starts: []
};
function inTime(a, b) {
	return a.at - b.at || a.nanos - b.nanos || compared(a.from, b.from) || compared(a.id, b.id);
}
function pairsOf(edges, { lifeOf, before = NO_PAIRS }) {
	const open = new Map();
	for (const edge of before.open) open.set(edge.from, [...open.get(edge.from) ?? [], edge]);
	const newest = new Map(before.newest.map((edge) => [edge.from, edge]));
	let { starts, finished, overlaps, last, longest, overlapping } = before;
	const openAt = (at) => [...open].flatMap(([from, stack]) => lifeOf(from).to < at ? [] : stack).at(-1);
	function end(edge) {
		const start = open.get(edge.from)?.pop();
		if (start === void 0) return;
		finished += 1;
		last = {
			start,
			end: edge
		};
		if (longest === void 0 || lengthOf$1(last) > lengthOf$1(longest)) longest = last;
	}
	function begin(edge) {
		const during = openAt(edge.at);
		if (during !== void 0) {
			overlaps += 1;
			overlapping = [...overlapping.slice(-4), {
				began: edge,
				during
			}];
		}
		const stack = open.get(edge.from) ?? [];
		stack.push(edge);
		open.set(edge.from, stack);
		newest.set(edge.from, edge);
		starts = [...starts.slice(-1), edge];
	}
	for (const moment of moments(edges)) {
		const waiting = [...moment];
		while (waiting.length > 0) {
			const ending = waiting.findIndex(({ isEnd, from }) => isEnd && (open.get(from)?.length ?? 0) > 0);
			const next = ending === -1 ? waiting.findIndex(({ isStart }) => isStart) : ending;
			const [edge] = waiting.splice(Math.max(next, 0), 1);
			if (next === -1 || edge === void 0) break;
			if (ending !== -1) end(edge);
			if (edge.isStart) begin(edge);
		}
	}
	const left = [...open.values()].flat().toSorted(inTime);
	return {
		finished,
		overlaps,
		overlapping,
		starts,
		never: before.never,
		open: left,
		newest: left.filter((edge) => newest.get(edge.from) === edge),
		unfinished: left.filter((edge) => lifeOf(edge.from).isGone || newest.get(edge.from) !== edge),
		...last === void 0 ? {} : { last },
		...longest === void 0 ? {} : { longest }
	};
}
function lengthOf$1({ start, end }) {
	return end.at - start.at;
}
function moments(edges) {
	const all = [];
	for (const edge of edges.toSorted(inTime)) {
		const before = all.at(-1)?.[0];
		if (before?.at === edge.at && before.nanos === edge.nanos) all.at(-1)?.push(edge);
		else all.push([edge]);
	}
	return all;
}
function compared(a, b) {
	return a < b ? -1 : a > b ? 1 : 0;
}
// src/core/kept-spans.ts
const MOST_CHARACTERS = 100;
function keptSpans({ pairs, edges, captures }) {
	const { finished, overlaps, starts } = pairs;
	const open = pairs.open.slice(-20);
	const newest = pairs.newest.filter((edge) => open.includes(edge));
	const never = pairs.never + pairs.open.length - open.length;
	const last = pairs.last === void 0 ? [] : [pairs.last.start, pairs.last.end];
	const overlapping = pairs.overlapping.slice(-2).map(({ began, during }) => [began, during]);
	const lines = [...new Set([
		...last,
		...starts,
		...open,
		...edges,
		...overlapping.flat()
	])].toSorted(inTime);
	const places = (of) => of.map((edge) => lines.indexOf(edge));
	const kept = {
		finished,
		overlaps,
		never,
		overlapping: overlapping.map(places),
		last: places(last),
		starts: places(starts),
		open: places(open),
		newest: places(newest),
		edges: places(edges),
		lines: lines.map(keptEdge),
		captures: captures.map((one) => keptCapture(one, lines))
	};
	return Object.fromEntries(Object.entries(kept).filter(([, value]) => typeof value === "number" ? value > 0 : value.length > 0));
}
function spanMemory(kept) {
	const { finished = 0, overlaps = 0, never = 0, starts = [], open = [], newest = [], edges = [] } = kept;
	const all = (kept.lines ?? []).map(edgeOf);
	const at = (places) => places.flatMap((place) => all[place] ?? []);
	const overlapping = (kept.overlapping ?? []).flatMap((places) => {
		const [began, during] = at(places);
		return began === void 0 || during === void 0 ? [] : [{
			began,
			during
		}];
	});
	const [start, end] = at(kept.last ?? []);
	return {
		pairs: {
			...NO_PAIRS,
			finished,
			overlaps,
			overlapping,
			never,
			starts: at(starts),
			open: at(open),
			newest: at(newest),
			...start === void 0 || end === void 0 ? {} : { last: {
				start,
				end
			} }
		},
		edges: at(edges),
		captures: (kept.captures ?? []).map(({ after, nanos = 0, ...one }, index) => ({
			...one,
			nanos,
			id: `kept ${padded(after)} ${padded(index)}`
		}))
	};
}
function openIn({ lines = [], open = [], edges = [] }) {
	return [...open, ...edges].flatMap((place) => lines[place]?.from ?? []);
}
function keptEdge({ isStart, isEnd, ...line }) {
	const is = isStart ? "both" : "end";
	return {
		...keptLine$1(line),
		...isEnd ? { is } : {}
	};
}
function edgeOf({ is, nanos = 0, ...line }, index) {
	return {
		...line,
		nanos,
		id: `kept ${padded(index + 1)}`,
		isStart: is !== "end",
		isEnd: is !== void 0
	};
}
function keptCapture({ values, ...line }, lines) {
	const after = lines.filter((edge) => inTime(edge, line) < 0).length;
	return {
		...keptLine$1(line),
		values,
		after
	};
}
function keptLine$1({ at, nanos, from, text }) {
	return {
		at,
		...nanos === 0 ? {} : { nanos },
		from,
		text: cutText$1(text, MOST_CHARACTERS)
	};
}
function padded(index) {
	return String(index).padStart(4, "0");
}
function keptSpansOf(value, name) {
	const from = fields(value, name);
	const { lines = [] } = optional$1(from, "lines", (of, key) => list(of, key, keptEdgeOf));
	const place = (one, of) => {
		const index = finite(one, of);
		return lines[index] === void 0 ? misfit(of) : index;
	};
	const places = (of, key) => list(of, key, place);
	const pair = (one, key) => {
		const two = items(one, key, place);
		return two.length === 2 ? two : misfit(key);
	};
	return {
		...lines.length === 0 ? {} : { lines },
		...optional$1(from, "finished", count),
		...optional$1(from, "overlaps", count),
		...optional$1(from, "never", count),
		...optional$1(from, "overlapping", (of, pairs) => list(of, pairs, pair)),
		...optional$1(from, "last", (of, last) => pair(of[last], last)),
		...optional$1(from, "starts", places),
		...optional$1(from, "open", places),
		...optional$1(from, "newest", places),
		...optional$1(from, "edges", places),
		...optional$1(from, "captures", (of, captures) => list(of, captures, keptCaptureOf)),
		...optional$1(from, "isFull", yes),
		...optional$1(from, "isUnsure", yes)
	};
}
function lineOf(from) {
	return {
		at: number$1(from, "at"),
		...optional$1(from, "nanos", count),
		from: text$4(from, "from"),
		text: text$4(from, "text")
	};
}
function keptEdgeOf(value) {
	const from = fields(value, "lines");
	return {
		...lineOf(from),
		...optional$1(from, "is", (of, is) => oneOf(of, is, ["end", "both"]))
	};
}
function keptCaptureOf(value) {
	const from = fields(value, "captures");
	const values = record(from["values"], "values", (one, name) => plainValue({ [name]: one }, name));
	return {
		...lineOf(from),
		after: count(from, "after"),
		values
	};
}
// src/core/log-lives.ts
function keptLivesOf(value, name) {
	const from = fields(value, name);
	return {
		first: number$1(from, "first"),
		last: record(from["last"], "last", finite)
	};
}
const MOST_KEPT = 20;
function createLives(kept) {
	const lives = new Map(Object.entries(kept?.last ?? {}).map(([from, at]) => [from, {
		first: at,
		last: at
	}]));
	let keptFirst = kept?.first;
	const firstAt = () => {
		const all = [...keptFirst === void 0 ? [] : [keptFirst], ...[...lives.values()].map(({ first }) => first)];
		return all.length === 0 ? void 0 : Math.min(...all);
	};
	return {
		add({ at, from }) {
			const life = lives.get(from);
			if (life === void 0) lives.set(from, {
				first: at,
				last: at
			});
			else Object.assign(life, {
				first: Math.min(life.first, at),
				last: Math.max(life.last, at)
			});
		},
		drop(isForeign) {
			keptFirst = void 0;
			for (const [from, life] of lives) if (isForeign({
				at: life.last,
				from
			})) lives.delete(from);
			else if (isForeign({
				at: life.first,
				from
			})) life.first = life.last;
		},
		firstAt,
		lastAt: (from) => lives.get(from)?.last,
		kept(others) {
			const first = firstAt();
			if (first === void 0) return void 0;
			const few = [...lives].toSorted(([, a], [, b]) => b.last - a.last).filter(([from], index) => index < MOST_KEPT || others.has(from));
			return {
				first,
				last: Object.fromEntries(few.map(([from, { last }]) => [from, last]))
			};
		}
	};
}
// src/core/kept-log.ts
function keptBookOf(value, name) {
	const from = fields(value, name);
	return {
		to: number$1(from, "to"),
		startedAt: number$1(from, "startedAt"),
		...optional$1(from, "newestOwn", number$1),
		...optional$1(from, "linesRead", count),
		...optional$1(from, "lagMs", number$1),
		...optional$1(from, "hasLost", yes),
		lives: record(from["lives"], "lives", keptLivesOf)
	};
}
function keptLogOf(value, name) {
	const from = fields(value, name);
	return {
		...optional$1(from, "matches", count),
		...optional$1(from, "isFull", yes),
		...optional$1(from, "isLost", yes),
		...optional$1(from, "first", (of, first) => originOf(of[first], first)),
		...optional$1(from, "evidence", (of, lines) => list(of, lines, keptLineOf)),
		...optional$1(from, "found", (of, found) => list(of, found, (one, each) => one === null ? null : finite(one, each))),
		...optional$1(from, "cut", count),
		...optional$1(from, "count", (of, intervals) => keptIntervalsOf(of[intervals], intervals)),
		...optional$1(from, "rate", (of, intervals) => keptIntervalsOf(of[intervals], intervals)),
		...optional$1(from, "span", (of, spans) => keptSpansOf(of[spans], spans)),
		...optional$1(from, "news", (of, news) => keptNewsOf(of[news], news))
	};
}
function keptNewsOf(value, name) {
	const from = fields(value, name);
	return {
		...optional$1(from, "shapes", (of, shapes) => list(of, shapes, (one, each) => {
			const shape = fields(one, each);
			return {
				...keptLineOf(one, each),
				shape: text$4(shape, "shape"),
				count: count(shape, "count")
			};
		})),
		...optional$1(from, "more", count),
		...optional$1(from, "old", (of, old) => strings(of[old], old)),
		...optional$1(from, "isOldWhole", yes)
	};
}
function originOf(value, name) {
	const from = fields(value, name);
	return {
		at: number$1(from, "at"),
		from: text$4(from, "from")
	};
}
function keptLineOf(value, name) {
	return {
		...originOf(value, name),
		text: text$4(fields(value, name), "text")
	};
}
// src/core/kept-measured.ts
function keptDrawing(points) {
	const from = points[0]?.at ?? 0;
	return {
		from,
		points: points.flatMap(({ at, value }) => [Math.round((at - from) / 1e3), fiveDigits(value)])
	};
}
function pointsOf({ from, points }) {
	return points.flatMap((seconds, index) => {
		const value = points[index + 1];
		return index % 2 === 1 || value === void 0 ? [] : [{
			at: from + seconds * 1e3,
			value
		}];
	});
}
function keptMeasuredOf(value, name) {
	const from = fields(value, name);
	return {
		samples: count(from, "samples"),
		drawn: record(from["drawn"], "drawn", keptDrawingOf),
		values: record(from["values"], "values", (all) => items(all, "values", keptValueOf))
	};
}
function keptDrawingOf(value, name) {
	const from = fields(value, name);
	const points = list(from, "points", finite);
	return {
		from: number$1(from, "from"),
		points: points.length % 2 === 0 ? points : misfit("points")
	};
}
function keptValueOf(value, name) {
	const [of, amount = 1, ...more] = items(value, name, finite);
	if (of === void 0 || more.length > 0) return misfit(name);
	const samples = count({ [name]: amount }, name);
	return samples === 1 ? [of] : [of, samples];
}
// src/core/kept-standing.ts
const MOST_REASON$1 = 160;
const MOST_EVIDENCE = 2;
const MOST_LINES = 12;
const MOST_VALUE = 80;
function keptStanding(standing) {
	const { due, judged, failed, lastFailing, lastJudged, last } = standing;
	const other = (name, usual) => standing[name] === usual ? {} : { [name]: standing[name] };
	const found = (name, finding, before) => finding === void 0 || finding === before ? {} : { [name]: keptFinding(finding, name === "failed") };
	const [recent, lastTwo] = [asFlags(standing.recent), asFlags(standing.lastTwo)];
	const usual = usualFlags(standing);
	return {
		...other("due", 0),
		...other("taken", due),
		...other("judged", due),
		...other("errors", 0),
		...other("starved", 0),
		...other("unapplied", 0),
		...other("open", 0),
		...other("graced", 0),
		...other("failingRun", 0),
		...other("failingSamples", 0),
		...other("passingRun", judged),
		...other("current", "pass"),
		...other("failingSince", void 0),
		...recent === usual.recent ? {} : { recent },
		...lastTwo === usual.lastTwo ? {} : { lastTwo },
		...found("failed", failed),
		...found("lastFailing", lastFailing, failed),
		...found("lastJudged", lastJudged, lastFailing),
		...found("last", last, lastJudged)
	};
}
function standingOf(kept) {
	const { due = 0, failingSamples = 0, failingSince, recent, lastTwo } = kept;
	const judged = kept.judged ?? due;
	const usual = usualFlags({
		due,
		judged,
		failingSamples
	});
	const failed = kept.failed && findingOf$1(kept.failed);
	const lastFailing = kept.lastFailing === void 0 ? failed : findingOf$1(kept.lastFailing);
	const lastJudged = kept.lastJudged === void 0 ? lastFailing : findingOf$1(kept.lastJudged);
	const last = kept.last === void 0 ? lastJudged : findingOf$1(kept.last);
	return {
		due,
		taken: kept.taken ?? due,
		judged,
		errors: kept.errors ?? 0,
		starved: kept.starved ?? 0,
		unapplied: kept.unapplied ?? 0,
		open: kept.open ?? 0,
		graced: kept.graced ?? 0,
		failingRun: kept.failingRun ?? 0,
		failingSamples,
		passingRun: kept.passingRun ?? judged,
		current: kept.current ?? "pass",
		recent: flagsOf(recent ?? usual.recent),
		lastTwo: flagsOf(lastTwo ?? usual.lastTwo),
		...failingSince === void 0 ? {} : { failingSince },
		...failed === void 0 ? {} : { failed },
		...lastFailing === void 0 ? {} : { lastFailing },
		...lastJudged === void 0 ? {} : { lastJudged },
		...last === void 0 ? {} : { last }
	};
}
function usualFlags({ due, judged, failingSamples }) {
	return {
		recent: failingSamples === 0 && judged > 0 ? "0" : "",
		lastTwo: due === judged ? "1".repeat(Math.min(2, due)) : ""
	};
}
function keptFinding(finding, hasLines) {
	const { at, outcome, reason, lines, evidence } = finding;
	const shown = outcome === "fail" ? evidence.slice(0, MOST_EVIDENCE).map(keptEvidence) : [];
	return {
		at,
		...outcome === "pass" ? {} : { outcome },
		reason: cutText$1(reason, MOST_REASON$1),
		...hasLines && lines.length > 0 ? { lines: lines.slice(0, MOST_LINES).map(keptLine) } : {},
		...shown.length === 0 ? {} : { evidence: shown }
	};
}
function findingOf$1({ at, outcome = "pass", reason, lines = [], evidence = [] }) {
	return {
		at,
		outcome,
		reason,
		lines,
		evidence
	};
}
function keptEvidence({ at, text, from }) {
	return {
		...at === void 0 ? {} : { at },
		text: cutText$1(text, MOST_REASON$1),
		...from === void 0 ? {} : { from: cutText$1(from, MOST_VALUE) }
	};
}
function keptLine(line) {
	const { value, baseline, limits, why, ...rest } = line;
	return {
		...rest,
		...value === void 0 ? {} : { value: keptValue(value) },
		...baseline === void 0 ? {} : { baseline: keptValue(baseline) },
		...limits === void 0 ? {} : { limits: limits.filter(Number.isFinite).slice(0, MOST_LINES) },
		...why === void 0 ? {} : { why: cutText$1(why, MOST_REASON$1) }
	};
}
function keptValue(value) {
	if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
	if (typeof value === "boolean" || value === null) return value;
	return cutText$1(typeof value === "string" ? value : JSON.stringify(value), MOST_VALUE);
}
// src/core/series-book.ts
function keptSeriesOf(value, name) {
	return record(value, name, keptPointsOf);
}
function createSeries(check, kept = {}) {
	const books = new Map();
	const conditions = [
		...check.pass,
		...check.warn,
		...check.fail,
		check.need
	];
	for (const { path, windowMs } of conditions.flatMap(lookedBackOn)) {
		const name = pathText$1(path);
		const points = (ownOf(kept, name) ?? []).map(pointOf);
		const book = books.get(name) ?? {
			path,
			points,
			windowMs: 0,
			isEndless: false
		};
		books.set(name, book);
		book.windowMs = Math.max(book.windowMs, windowMs ?? 0);
		book.isEndless ||= windowMs === void 0;
	}
	return {
		add(at, subjects) {
			for (const { path, points } of books.values()) {
				const value = valueAt(subjects, path);
				if (typeof value === "number" && Number.isFinite(value)) points.push({
					at,
					value
				});
			}
		},
		of: (path) => books.get(pathText$1(path))?.points ?? [],
		kept: (cap) => Object.fromEntries([...books].flatMap(([name, book]) => book.points.length === 0 ? [] : [[name, thinned$1(book, cap).map(keptPoint)]]))
	};
}
function lookedBackOn(condition) {
	const subject = condition?.subject;
	if (subject?.kind !== "call" || subject.name === "len" || subject.name === "has") return [];
	const { path, name, windowMs } = subject;
	if (windowMs === void 0) return [{ path }];
	return [{
		path,
		windowMs: name === "trend" ? windowMs * (1 + BEFORE) : windowMs
	}];
}
function thinned$1({ points, windowMs, isEndless }, cap) {
	const newest = Math.max(...points.map(({ at }) => at));
	const isOld = ({ at }) => at < newest - windowMs;
	const recent = points.filter((point) => !isOld(point));
	const old = isEndless ? points.filter(isOld) : [];
	if (recent.length + old.length <= cap) return [...old, ...recent];
	const lasting = shortenedInTime(recent, old.length === 0 ? cap : Math.ceil(cap * 3 / 4));
	return [...digested(old, cap - lasting.length), ...lasting];
}
function shortenedInTime(points, most) {
	if (points.length <= most) return points;
	const whole = points.slice(-Math.floor(most / 2));
	const older = points.slice(0, -whole.length);
	const [from, to] = [older[0]?.at ?? 0, older.at(-1)?.at ?? 0];
	const values = older.map(({ value }) => value);
	const range = Math.max(...values) - Math.min(...values) || 1;
	const isApart = (a, b) => ((a.value - b.value) / range) ** 2 + ((a.at - b.at) / (to - from || 1)) ** 2;
	return [...merged$1(older, {
		most: most - whole.length,
		isApart
	}), ...whole];
}
// src/core/check-memory.ts
const MOST_ROWS = 300;
const MOST_SUBJECTS = 20;
const MOST_TEXT = 100;
const MOST_REASON = 160;
function keptCheck(seen, caps) {
	const { standing, measured, log, firstAt, rows, lastError } = seen;
	const series = seen.series?.kept(caps.series) ?? {};
	const latest = keptSubjects(seen.latest ?? {}, caps.keep);
	return {
		...standing === void 0 ? {} : { standing: keptStanding(standing) },
		...Object.keys(series).length === 0 ? {} : { series },
		...measured === void 0 || measured.samples() === 0 ? {} : { measured: measured.kept(caps.measured) },
		...log === void 0 ? {} : { log },
		...firstAt === void 0 ? {} : { firstAt },
		...rows === void 0 || rows.length > MOST_ROWS ? {} : { rows },
		...Object.keys(latest).length === 0 ? {} : { latest },
		...lastError === void 0 ? {} : { lastError: cutText$1(caps.keep(lastError), MOST_REASON) }
	};
}
function keptSubjects(subjects, keep) {
	const isShort = (value) => {
		if (typeof value === "string") return value.length <= MOST_TEXT && keep(value) === value;
		return typeof value === "number" ? Number.isFinite(value) : typeof value === "boolean" || value === null;
	};
	const short = Object.entries(subjects).filter(([name, value]) => isShort(name) && isShort(value));
	return Object.fromEntries(short.slice(0, MOST_SUBJECTS));
}
function keptCheckOf(value, name) {
	const from = fields(value, name);
	return {
		...optional$1(from, "standing", (of, key) => keptStandingOf(of[key], key)),
		...optional$1(from, "series", (of, key) => keptSeriesOf(of[key], key)),
		...optional$1(from, "measured", (of, key) => keptMeasuredOf(of[key], key)),
		...optional$1(from, "log", (of, key) => keptLogOf(of[key], key)),
		...optional$1(from, "firstAt", number$1),
		...optional$1(from, "rows", (of, key) => strings(of[key], key)),
		...optional$1(from, "latest", (of, key) => record(of[key], key, (one, subject) => plainValue({ [subject]: one }, subject))),
		...optional$1(from, "lastError", text$4)
	};
}
// src/core/watch-state-shape.ts
const RESULTS = [
	"pass",
	"warn",
	"fail",
	"unknown",
	"not-applied"
];
const UNITS = [
	"ratio",
	"duration",
	"size"
];
const TIERS = [
	"pass",
	"warn",
	"fail"
];
const each = (item) => (of, name) => record(of[name], name, item);
const texts = (of, name) => strings(of[name], name);
function deployOf$1(value) {
	const from = fields(value, "deploy");
	return {
		id: text$4(from, "id"),
		...optional$1(from, "sha", text$4),
		createdAt: number$1(from, "createdAt"),
		...optional$1(from, "startedAt", number$1),
		...optional$1(from, "finishedAt", number$1)
	};
}
function gapOf(value) {
	const from = fields(value, "gaps");
	return {
		from: number$1(from, "from"),
		to: number$1(from, "to"),
		backFilled: flag(from, "backFilled"),
		unseen: texts(from, "unseen"),
		...optional$1(from, "looks", count)
	};
}
function coverageOf(value) {
	const from = fields(value, "coverage");
	return {
		stage: text$4(from, "stage"),
		from: number$1(from, "from"),
		to: number$1(from, "to"),
		due: count(from, "due"),
		seen: count(from, "seen"),
		gaps: list(from, "gaps", gapOf)
	};
}
function seenOf(value) {
	const from = fields(value, "seen");
	return {
		count: count(from, "count"),
		...optional$1(from, "lastAt", number$1),
		late: count(from, "late")
	};
}
function stageOf(value) {
	const from = fields(value, "open");
	return {
		name: text$4(from, "name"),
		standings: each(keptStandingOf)(from, "standings"),
		seen: each(seenOf)(from, "seen"),
		gaps: list(from, "gaps", gapOf),
		...optional$1(from, "lateFrom", number$1)
	};
}
function endedOf(value) {
	const from = fields(value, "ended");
	return {
		name: text$4(from, "name"),
		from: number$1(from, "from"),
		to: number$1(from, "to"),
		verdict: oneOf(from, "verdict", VERDICTS),
		reason: text$4(from, "reason")
	};
}
function resultOf(value) {
	const from = fields(value, "results");
	return {
		verdict: oneOf(from, "verdict", RESULTS),
		measured: flag(from, "measured"),
		reason: text$4(from, "reason"),
		samples: count(from, "samples"),
		errors: count(from, "errors"),
		...optional$1(from, "stage", text$4),
		...optional$1(from, "told", (of, told) => list(of, told, toldOf$1))
	};
}
function toldOf$1(value) {
	const from = fields(value, "told");
	const { value: what } = from;
	return {
		subject: text$4(from, "subject"),
		value: typeof what === "string" || typeof what === "boolean" ? what : number$1(from, "value"),
		...optional$1(from, "unit", (of, unit) => oneOf(of, unit, UNITS))
	};
}
function baselineOf(value) {
	const from = fields(value, "baselines");
	if (oneOf(from, "kind", ["known", "none"]) === "none") return {
		kind: "none",
		why: text$4(from, "why"),
		isYet: flag(from, "isYet")
	};
	return {
		kind: "known",
		values: each(finite)(from, "values"),
		from: text$4(from, "from"),
		...optional$1(from, "rows", texts)
	};
}
function failureOf(value) {
	const from = fields(value, "failedBefore");
	return {
		reason: text$4(from, "reason"),
		lines: list(from, "lines", (one) => {
			const line = fields(one, "lines");
			return {
				tier: oneOf(line, "tier", TIERS),
				condition: text$4(line, "condition")
			};
		})
	};
}
function instancesOf(value) {
	const from = fields(value, "instances");
	return {
		seen: each(finite)(from, "seen"),
		...optional$1(from, "before", texts),
		...optional$1(from, "old", texts),
		...optional$1(from, "present", texts),
		...optional$1(from, "presentAt", number$1),
		...optional$1(from, "listedAt", number$1),
		...optional$1(from, "oldUntil", number$1)
	};
}
function momentOf(value) {
	const from = fields(value, "moments");
	return {
		at: number$1(from, "at"),
		event: text$4(from, "event")
	};
}
function holdOf(of, name) {
	const from = fields(of[name], name);
	return {
		by: text$4(from, "by"),
		at: number$1(from, "at"),
		...optional$1(from, "reason", text$4)
	};
}
function watchStateOf(of, name) {
	const from = fields(of[name], name);
	return {
		deploy: deployOf$1(from["deploy"]),
		liveAt: number$1(from, "liveAt"),
		anchor: number$1(from, "anchor"),
		startedAt: number$1(from, "startedAt"),
		committedAt: number$1(from, "committedAt"),
		mode: oneOf(from, "mode", [
			"observe",
			"advise",
			"enforce"
		]),
		...optional$1(from, "config", text$4),
		...optional$1(from, "deployId", text$4),
		...optional$1(from, "isAssumed", flag),
		...optional$1(from, "follows", text$4),
		...optional$1(from, "previousCommit", text$4),
		at: number$1(from, "at"),
		looks: count(from, "looks"),
		by: text$4(from, "by"),
		...optional$1(from, "lines", (one, lines) => keptBookOf(one[lines], lines)),
		judgedTo: each(finite)(from, "judgedTo"),
		ended: list(from, "ended", endedOf),
		results: each(resultOf)(from, "results"),
		coverage: list(from, "coverage", coverageOf),
		open: list(from, "open", stageOf),
		checks: each(keptCheckOf)(from, "checks"),
		baselines: each(baselineOf)(from, "baselines"),
		failedBefore: each(failureOf)(from, "failedBefore"),
		passedBefore: texts(from, "passedBefore"),
		instances: instancesOf(from["instances"]),
		counted: each(finite)(from, "counted"),
		moments: list(from, "moments", momentOf),
		...optional$1(from, "over", number$1),
		...optional$1(from, "reason", text$4),
		...optional$1(from, "isOwed", yes),
		...optional$1(from, "deeds", (of, deeds) => list(of, deeds, actionOf)),
		...optional$1(from, "pulls", (of, pulls) => list(of, pulls, finite)),
		...optional$1(from, "hold", holdOf)
	};
}
// src/core/gate-state-shape.ts
const STEP_STATES = ["begun", ...ACTION_STATES$1];
function numbersOf(from) {
	const value = fields(from, "measured");
	return {
		commit: text$4(value, "commit"),
		at: number$1(value, "at"),
		values: record(value["values"], "values", (subjects) => record(subjects, "values", finite))
	};
}
function measuredOf(from, name) {
	const value = fields(from[name], name);
	return {
		...numbersOf(value),
		earlier: list(value, "earlier", numbersOf),
		...optional$1(value, "rows", (of, rows) => record(of[rows], rows, strings))
	};
}
function stepOf(value) {
	const from = fields(value, "steps");
	return {
		kind: text$4(from, "kind"),
		...optional$1(from, "state", (of, name) => oneOf(of, name, STEP_STATES)),
		...optional$1(from, "deploy", text$4),
		...optional$1(from, "target", text$4),
		...optional$1(from, "pull", number$1),
		actions: list(from, "actions", actionOf)
	};
}
function failedOf$1(value) {
	const from = fields(value, "failed");
	return {
		name: text$4(from, "name"),
		source: text$4(from, "source"),
		reason: text$4(from, "reason"),
		...optional$1(from, "hint", text$4),
		onFail: text$4(from, "onFail"),
		samples: number$1(from, "samples"),
		errors: number$1(from, "errors")
	};
}
function remedyOf(of, name) {
	const from = fields(of[name], name);
	return {
		name: text$4(from, "name"),
		at: number$1(from, "at"),
		by: text$4(from, "by"),
		...optional$1(from, "busyUntil", number$1),
		reason: text$4(from, "reason"),
		failed: list(from, "failed", failedOf$1),
		evidence: list(from, "evidence", evidenceOf$1),
		...optional$1(from, "deploy", text$4),
		...optional$1(from, "liveAt", number$1),
		...optional$1(from, "previousCommit", text$4),
		preDeployFailed: flag(from, "preDeployFailed"),
		...optional$1(from, "hold", text$4),
		...optional$1(from, "approvedBy", text$4),
		passedOnOld: list(from, "passedOnOld", string),
		steps: list(from, "steps", stepOf),
		finished: flag(from, "finished")
	};
}
function freezeOf(of, name) {
	const from = fields(of[name], name);
	return {
		by: text$4(from, "by"),
		at: number$1(from, "at"),
		commit: text$4(from, "commit"),
		former: oneOf(from, "former", [
			"commit",
			"checksPass",
			"yes"
		]),
		...optional$1(from, "lifted", (inner, lifted) => {
			const told = fields(inner[lifted], lifted);
			return {
				at: number$1(told, "at"),
				why: text$4(told, "why")
			};
		})
	};
}
function toldOf(of, name) {
	const from = fields(of[name], name);
	return {
		transitions: list(from, "transitions", string),
		updates: list(from, "updates", string),
		after: list(from, "after", string),
		...optional$1(from, "issue", number$1),
		...optional$1(from, "comment", number$1)
	};
}
function asGateState(value) {
	try {
		const from = fields(value, "state");
		const { version: written } = from;
		if (written !== 1) {
			const version = JSON.stringify(written)?.slice(0, 20) ?? "none";
			const isNewer = typeof written === "number" && written > 1 ? { isNewer: true } : {};
			return {
				kind: "damaged",
				why: `it has version ${version}, and this gate reads version 1`,
				...isNewer
			};
		}
		return {
			kind: "state",
			state: {
				version: 1,
				service: text$4(from, "service"),
				commit: text$4(from, "commit"),
				...optional$1(from, "deploy", text$4),
				...optional$1(from, "verdict", (of, name) => oneOf(of, name, VERDICTS)),
				...optional$1(from, "measured", measuredOf),
				...optional$1(from, "remedy", remedyOf),
				...optional$1(from, "freeze", freezeOf),
				...optional$1(from, "told", toldOf),
				...optional$1(from, "watch", watchStateOf)
			}
		};
	} catch (error) {
		if (!(error instanceof Misfit)) throw error;
		return {
			kind: "damaged",
			why: error.message
		};
	}
}
// src/core/gate-state-weight.ts
const SHORT = 120;
const LIGHTEN = [
	(state) => ofWatch(state, withoutDrawings),
	withoutRows,
	(state) => ofWatch(state, withoutTales),
	withoutMeasured,
	shortened,
	(state) => ofWatch(state, withoutBaselineRows),
	(state) => ofWatch(state, (watch) => ({
		...watch,
		checks: {}
	})),
	(state) => ofWatch(state, anew),
	(state) => ofWatch(state, advising)
];
function* lighterStates(state) {
	let light = state;
	yield light;
	for (const lighten of LIGHTEN) {
		light = lighten(light);
		yield light;
	}
}
function ofWatch(state, lighten) {
	return state.watch === void 0 ? state : {
		...state,
		watch: lighten(state.watch)
	};
}
function withoutDrawings(watch) {
	const checks = Object.entries(watch.checks).map(([name, kept]) => {
		const { measured: _, ...check } = kept;
		return [name, check];
	});
	return {
		...watch,
		checks: Object.fromEntries(checks)
	};
}
function withoutTales(watch) {
	const results = Object.entries(watch.results).map(([name, result]) => [name, {
		...result,
		reason: cutText$1(result.reason, SHORT / 2)
	}]);
	return {
		...watch,
		moments: watch.moments.slice(-6),
		results: Object.fromEntries(results)
	};
}
function anew(state) {
	const { lines: _, ...watch } = state;
	const nothing = {
		results: {},
		baselines: {},
		judgedTo: {},
		checks: {},
		counted: {}
	};
	const failedBefore = Object.entries(watch.failedBefore).map(([name, { lines, reason }]) => [name, {
		lines,
		reason: cutText$1(reason, SHORT / 2)
	}]);
	return {
		...watch,
		...nothing,
		failedBefore: Object.fromEntries(failedBefore),
		passedBefore: [],
		open: watch.open.map((stage) => ({
			...stage,
			standings: failedOf(stage),
			seen: {}
		})),
		moments: []
	};
}
function advising(watch) {
	const open = watch.open.map((stage) => ({
		...stage,
		standings: failedOf(stage, { hasLines: false })
	}));
	return {
		...watch,
		mode: watch.mode === "observe" ? "observe" : "advise",
		failedBefore: {},
		open
	};
}
function failedOf({ standings }, { hasLines = true } = {}) {
	const failed = Object.entries(standings).flatMap(([name, standing]) => {
		if (standing.failed === void 0) return [];
		const { recent: _r, lastTwo: _t, lastFailing: _f, lastJudged: _j, last: _l, ...counts } = standing;
		const { at, outcome, reason, lines } = standing.failed;
		const short = {
			at,
			...outcome === void 0 ? {} : { outcome },
			reason: cutText$1(reason, SHORT / 2),
			...lines === void 0 || !hasLines ? {} : { lines }
		};
		return [[name, {
			...counts,
			failed: short
		}]];
	});
	return Object.fromEntries(failed);
}
function withoutBaselineRows(watch) {
	const baselines = Object.entries(watch.baselines).map(([name, baseline]) => {
		if (baseline.kind !== "known") return [name, baseline];
		const { rows: _, ...numbers } = baseline;
		return [name, numbers];
	});
	return {
		...watch,
		baselines: Object.fromEntries(baselines)
	};
}
function withoutRows({ measured, ...rest }) {
	if (measured === void 0) return rest;
	const { rows: _, ...numbers } = measured;
	return {
		...rest,
		measured: numbers
	};
}
function withoutMeasured(state) {
	const { measured: _, ...rest } = state;
	return rest;
}
function shortened(state) {
	const { remedy } = state;
	if (remedy === void 0) return state;
	const short = (told) => told.reason === void 0 ? told : {
		...told,
		reason: cutText$1(told.reason, SHORT)
	};
	const failed = remedy.failed.slice(0, 10).map(({ hint, ...check }) => short({
		...check,
		...hint === void 0 ? {} : { hint: cutText$1(hint, SHORT) }
	}));
	const steps = remedy.steps.map((step) => ({
		...step,
		actions: step.actions.slice(0, 4).map(short)
	}));
	return {
		...state,
		remedy: {
			...short(remedy),
			failed,
			evidence: [],
			passedOnOld: remedy.passedOnOld.slice(0, 100),
			steps
		}
	};
}
// src/core/gate-state-text.ts
const WORD = "deploy-gate-state";
const FOLD = "<details><summary>What this gate keeps for the next one</summary>";
const MARK = `<!-- ${WORD} -->`;
const JSON_OPEN = "```json\n";
const OPEN = `${FOLD}\n\n${MARK}\n\n${JSON_OPEN}`;
const CLOSE = "\n```\n\n</details>";
const MOST_BYTES = 4e4;
const LINES_DEPTH = 3;
function layered(value, depth) {
	if (depth === 0 || typeof value !== "object" || value === null) return JSON.stringify(value);
	const isList = Array.isArray(value);
	const parts = Object.entries(value).flatMap(([name, part]) => {
		if (part === void 0) return [];
		const text = layered(part, depth - 1);
		return [isList ? text : `${JSON.stringify(name)}: ${text}`];
	});
	const [open, close] = isList ? ["[", "]"] : ["{", "}"];
	if (parts.length === 0) return open + close;
	const indent = " ".repeat(LINES_DEPTH - depth + 1);
	return `${open}\n${parts.map((part) => indent + part).join(",\n")}\n${indent.slice(1)}${close}`;
}
function jsonText(state) {
	return layered(state, LINES_DEPTH).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).replaceAll(new RegExp(WORD, "giu"), (word) => word.replaceAll("-", "\\u002d"));
}
function encodeState(state) {
	for (const lighter of lighterStates(state)) {
		const text = jsonText(lighter);
		if (OPEN.length + text.length + 16 <= MOST_BYTES) return OPEN + text + CLOSE;
	}
	throw new Error("the lightest state is small");
}
function decodeState(text) {
	const body = text.replaceAll("\r\n", "\n").trimEnd();
	const at = body.lastIndexOf(MARK);
	if (at === -1) return { kind: "none" };
	const begin = body.indexOf(JSON_OPEN, at);
	if (begin === -1 || !body.endsWith(CLOSE)) return {
		kind: "damaged",
		why: "it does not end as it should"
	};
	let value;
	try {
		value = JSON.parse(body.slice(begin + 8, -16));
	} catch {
		return {
			kind: "damaged",
			why: "it is not JSON"
		};
	}
	return asGateState(value);
}
function withState(page, block) {
	return [page.replaceAll(new RegExp(WORD, "giu"), (word) => word.replaceAll("-", " ")), block].filter((part) => part !== "").join("\n\n");
}
function partsOf(text) {
	const body = text.replaceAll("\r\n", "\n").trimEnd();
	const mark = body.lastIndexOf(MARK);
	if (mark === -1) return {
		page: body,
		block: ""
	};
	const fold = body.lastIndexOf(FOLD, mark);
	const begin = fold === -1 ? mark : fold;
	return {
		page: body.slice(0, begin).trimEnd(),
		block: body.slice(begin)
	};
}
// src/report/words.ts
function markdownWords(words) {
	return words.map((piece) => {
		if (typeof piece === "string") return piece;
		if ("code" in piece) return codeSpan(piece.code);
		return "link" in piece ? link(piece.link, piece.url) : inlineText(piece.text);
	}).join("");
}
function plainWords(words) {
	return words.map((piece) => {
		if (typeof piece === "string") return piece;
		if ("code" in piece) return oneLine$2(piece.code);
		if ("text" in piece) return oneLine$2(piece.text);
		const [label, url] = [oneLine$2(piece.link), oneLine$2(piece.url)];
		return url.endsWith(label) ? url : `${label} (${url})`;
	}).join("");
}
// src/report/action-list.ts
const KINDS = {
	revert_pr: "Revert pull request",
	render_rollback: "Rollback on Render",
	recheck: "Recheck",
	patch_pr: "Patch pull request",
	issue: "Issue",
	cleanup_pr: "Clean-up pull request",
	cleanup_issue: "Clean-up issue",
	freeze: "Auto-deploy freeze",
	unfreeze: "Auto-deploy on again",
	auto_merge: "Auto-merge",
	retry: "Rebuild",
	trigger: "Deploy request"
};
const BY_HAND = " By hand: ";
const ACTION_STATES = {
	done: "done",
	held: "held back",
	failed: "did not work",
	advised: "advised, not done",
	skipped: "nothing to do"
};
function actionName(action) {
	return KINDS[action.kind] ?? excerpt(action.kind, 60);
}
function actionLine(action) {
	const reason = action.reason === void 0 ? "" : ` ${markdownWords(reasonWords(action.reason))}`;
	const where = action.url === void 0 ? "" : ` ${addressLink(action.url)}`;
	return `- **${inlineText(actionName(action))}**: ${ACTION_STATES[action.state]}.${reason}${where}`;
}
function reasonWords(reason) {
	const sentence = capitalized(reason);
	const at = sentence.lastIndexOf(BY_HAND);
	if (at === -1) return [{ text: withStop(excerpt(sentence, 600)) }];
	const command = excerpt(sentence.slice(at + 10), 1e3);
	return [
		{ text: excerpt(sentence.slice(0, at), 600) },
		BY_HAND,
		{ code: command }
	];
}
function actionSentence(action) {
	const reason = action.reason === void 0 ? "" : `, ${action.reason}`;
	const url = action.url === void 0 ? "" : ` ${action.url}`;
	return `${KINDS[action.kind] ?? action.kind}: ${ACTION_STATES[action.state]}${reason}${url}`;
}
function actionList(actions) {
	return actions.slice(0, 50).map(actionLine).join("\n");
}
function isDone(outcome, kind) {
	return outcome.actions.some((action) => action.kind === kind && action.state === "done");
}
function rollbackInEffect(outcome) {
	return isDone(outcome, "render_rollback") ? outcome.rollbackDeployId : void 0;
}
function whereItIs(outcome) {
	const rollback = rollbackInEffect(outcome);
	if (rollback !== void 0) {
		const freeze = isDone(outcome, "freeze") && !isDone(outcome, "unfreeze") ? "; auto-deploy is off until the revert has passed" : "";
		return [
			"The version before is live again, by rollback ",
			{ code: excerpt(rollback, 100) },
			`${freeze}.`
		];
	}
	return outcome.liveAt === void 0 ? ["The failed deploy never went live: production still runs what it ran before."] : ["The failed version is still live."];
}
function effectOf(outcome) {
	if (rollbackInEffect(outcome) !== void 0) return "take the change out of the branch";
	return outcome.liveAt === void 0 ? "make the branch deploy again" : "put the previous version back";
}
function afterFailure(outcome) {
	const where = whereItIs(outcome);
	if (outcome.revert !== void 0) {
		const pull = {
			link: `pull request #${outcome.revert.number}`,
			url: outcome.revert.url
		};
		const end = ` to ${effectOf(outcome)}, or fix forward and close it. To land the change again later, revert the revert.`;
		return [
			...where,
			" Merge ",
			pull,
			end
		];
	}
	const patch = outcome.actions.find(({ kind, state }) => kind === "patch_pr" && state === "done");
	if (patch?.url !== void 0) {
		const pull = {
			link: "the patch pull request",
			url: patch.url
		};
		return [
			...where,
			" Merge ",
			pull,
			" to apply the patch, or fix forward and close it."
		];
	}
	if (outcome.actions.some((action) => action.state === "advised")) {
		const advice = " This gate only advises: do what is listed above by hand, or set ";
		return [
			...where,
			advice,
			{ code: "mode: enforce" },
			"."
		];
	}
	if (outcome.actions.some((action) => action.state === "held" || action.state === "failed")) {
		const kept = " See above for what kept the gate from acting, then revert by hand or fix forward.";
		return [...where, kept];
	}
	return outcome.actions.some((action) => action.state === "done") ? [...where, " No revert was opened: fix forward, or revert by hand."] : [
		...where,
		" Nothing was reverted: none of what failed has a remedy (",
		{ code: "on_fail: revert" },
		"). Fix forward, or revert by hand."
	];
}
const NEXT = {
	pass: [],
	superseded: [],
	warn: ["The job succeeds. Look at the warnings before the next deploy."],
	unknown: ["Nothing was acted on. Re-run this job to look again: it finds the same deploy and triggers nothing twice."],
	skipped: ["Nothing was watched. Production still runs what it ran before."]
};
function nextWords(outcome) {
	if (outcome.mode === "observe") return [
		"This gate only observes: it reports, never fails the job and never acts. Set ",
		{ code: "mode: advise" },
		" or ",
		{ code: "mode: enforce" },
		" when its verdicts have earned trust."
	];
	if (outcome.verdict === "unknown" && outcome.coverage !== void 0) return outcome.watchedUntil === void 0 ? ["Nothing was acted on, and the watch is over: look at the service by hand."] : ["Nothing was acted on. The stages that are left are still watched."];
	return outcome.verdict === "fail" ? afterFailure(outcome) : NEXT[outcome.verdict];
}
// src/report/checks-table.ts
const MOST$2 = 200;
const CHECK_WORDS = {
	pass: "pass",
	warn: "warn",
	fail: "fail",
	unknown: "unknown",
	"not-applied": "not judged"
};
const MARKS$2 = {
	pass: "✅ pass",
	warn: "⚠️ warn",
	fail: "❌ fail",
	unknown: "❔ unknown",
	"not-applied": "➖ not judged"
};
function hasStages(checks) {
	return new Set(checks.map((check) => check.stage)).size > 1;
}
function rowOf(check, options) {
	const { values, conditions } = lineColumns(check.finding?.lines ?? []);
	const shown = values.length === 0 ? inlineText(excerpt(withoutStop(check.reason), 300)) : codeCell(excerpt(values.join("; "), 300));
	return [
		options.words[check.verdict],
		inlineText(excerpt(check.name, 100)),
		...options.withStage ? [inlineText(excerpt(check.stage ?? "", 60))] : [],
		shown,
		conditions.length === 0 ? "" : codeCell(excerpt(conditions.join("; "), 300)),
		samplesText(check)
	];
}
function checksTable(checks, options) {
	if (checks.length === 0) return "";
	const words = options.marks ? MARKS$2 : CHECK_WORDS;
	const withStage = hasStages(checks);
	const shown = worstFirst(checks).slice(0, MOST$2);
	const table = tableText({
		head: [
			"",
			"Check",
			...withStage ? ["Stage"] : [],
			"Value",
			"Condition",
			"Samples"
		],
		rows: shown.map((check) => rowOf(check, {
			words,
			withStage
		}))
	});
	const missing = checks.length - shown.length;
	return missing === 0 ? table : `${table}\n\n… and ${amountText(missing, "more check")}.`;
}
function hintText(hint) {
	const text = hint.trim();
	return /^https?:\/\/\S+$/u.test(text) ? addressLink(text) : inlineText(excerpt(text, 500));
}
function concernsList(checks) {
	const withStage = hasStages(checks);
	return worstFirst(checks).filter(isConcern).slice(0, MOST$2).map((check) => {
		const stage = withStage && check.stage !== void 0 ? `, stage ${inlineText(excerpt(check.stage, 60))}` : "";
		const hint = check.hint === void 0 || check.hint.trim() === "" ? "" : ` Hint: ${hintText(check.hint)}`;
		const reason = withStop(inlineText(excerpt(check.reason, 600)));
		return `- **${inlineText(excerpt(check.name, 100))}** (${CHECK_WORDS[check.verdict]}${stage}): ${reason}${hint}`;
	}).join("\n");
}
// src/core/coverage.ts
const SURELY_KEPT_MS = 6048e5;
function backFilled(gaps, kept) {
	return gaps.map((gap) => gap.unseen.some((source) => kept.includes(source)) ? gap : {
		...gap,
		backFilled: true
	});
}
function seenShare({ due, seen }) {
	return due === 0 ? 1 : Math.min(1, seen / due);
}
const MOST_GAPS = 12;
function withGap(gaps, gap) {
	const last = gaps.at(-1);
	const isAlike = last?.backFilled === gap.backFilled && last.unseen.join() === gap.unseen.join() && last.to >= gap.from;
	const both = (last?.looks ?? 0) + (gap.looks ?? 0) + 1;
	const all = isAlike ? [...gaps.slice(0, -1), {
		...last,
		to: gap.to,
		looks: both
	}] : [...gaps, gap];
	const [first, second, ...rest] = all;
	if (all.length <= MOST_GAPS || first === void 0 || second === void 0) return all;
	return [joined(first, second), ...rest];
}
function joined(first, second) {
	return {
		looks: (first.looks ?? 0) + (second.looks ?? 0) + 1,
		from: first.from,
		to: second.to,
		backFilled: first.backFilled && second.backFilled,
		unseen: [...new Set([...first.unseen, ...second.unseen])]
	};
}
// src/report/coverage.ts
function coverageLines(outcome) {
	return linesOf$3(outcome, outcome.coverage ?? []);
}
function endedLines(outcome) {
	const ended = new Set(outcome.stages.map(({ name }) => name));
	return linesOf$3(outcome, (outcome.coverage ?? []).filter(({ stage }) => ended.has(stage)));
}
function unseenLines(outcome) {
	return linesOf$3(outcome, (outcome.coverage ?? []).filter(({ gaps }) => gaps.length > 0));
}
function comingSentence({ watchedUntil, nextLookAt, laterStages = [] }) {
	if (watchedUntil === void 0) return "";
	const names = laterStages.slice(0, 10).map((name) => excerpt(name, 60));
	const stages = names.length === 0 ? "" : `; still to come: ${names.join(", ")}`;
	const next = nextLookAt === void 0 ? "" : ` The next look is due ${dateTimeText(nextLookAt)} UTC.`;
	return `Watched until ${dateTimeText(watchedUntil)} UTC${stages}.${next}`;
}
function linesList(lines) {
	return lines.map((line) => `- ${inlineText(line)}`).join("\n");
}
function linesOf$3({ stages }, coverage) {
	return coverage.map((stage) => {
		const isOver = stages.some(({ name }) => name === stage.stage);
		const beats = `${countText(Math.min(stage.seen, stage.due))} of ${amountText(stage.due, "beat")}`;
		const { gaps } = stage;
		const amount = gaps.length === 1 ? "one gap" : `${countText(gaps.length)} gaps`;
		const rest = gaps.length === 0 ? "" : `, ${amount}: ${gaps.slice(-10).map(gapText).join("; ")}`;
		return `${excerpt(stage.stage, 60)}: watched ${shareText(stage)}${isOver ? "" : " so far"} (${beats})${rest}`;
	});
}
function shareText(stage) {
	const tenths = Math.floor(seenShare(stage) * 1e3) / 10;
	return `${tenths === 100 ? "100" : tenths.toFixed(1)} %`;
}
function gapText({ from, to, backFilled, unseen, looks = 0 }) {
	const begin = dateTimeText(from).slice(0, 16);
	const end = dateTimeText(to).slice(0, 16);
	const stretch = begin.slice(0, 10) === end.slice(0, 10) ? `${begin}-${end.slice(11)}` : `${begin} to ${end}`;
	const except = unseen.length === 0 ? "" : ` except ${unseen.join(", ")}`;
	return `${stretch} UTC${looks === 0 ? "" : ` with only ${amountText(looks, "look")} in it`}, ${backFilled ? `judged afterwards${except}` : "not judged"}`;
}
// src/report/title.ts
const STATUS_MAX = 140;
const TITLE_MAX = 250;
const DEFAULTS_ONLY = "no config file: defaults only";
const VERDICT_TITLES = {
	pass: "Passed",
	warn: "Passed with warnings",
	fail: "Failed",
	unknown: "Could not tell",
	superseded: "Superseded",
	skipped: "Nothing to deploy"
};
function verdictTitle(outcome) {
	const title = VERDICT_TITLES[outcome.verdict];
	if (!(outcome.verdict === "pass" || outcome.verdict === "warn") || (outcome.laterStages ?? []).length === 0) return title;
	return `${title} so far (${outcome.stages.map(({ name }) => excerpt(name, 30)).join(", ")})`;
}
function checksThat(outcome, verdict) {
	return outcome.checks.filter((check) => check.verdict === verdict);
}
function namesText(checks) {
	const names = checks.slice(0, 3).map((check) => `"${excerpt(check.name, 60)}"`);
	const more = checks.length - names.length;
	return names.join(", ") + (more === 0 ? "" : ` and ${more} more`);
}
function reasonText(outcome) {
	const reason = withoutStop(oneLine$2(outcome.reason));
	if (reason !== "") return reason;
	return `${countText(checksThat(outcome, "pass").length)} of ${amountText(outcome.checks.length, "check")} passed`;
}
function supersededText(outcome) {
	const by = outcome.coveredBy === void 0 ? "a newer deploy" : shortSha(outcome.coveredBy);
	const failed = checksThat(outcome, "fail");
	return `by ${by}, whose gate covers this commit${failed.length === 0 ? "" : `; failed before that: ${namesText(failed)}`}`;
}
function decisionSentence(outcome) {
	return outcome.verdict === "superseded" ? verdictSentence(outcome) : capitalized(reasonText(outcome));
}
function verdictSentence(outcome) {
	const title = verdictTitle(outcome);
	if (outcome.verdict === "superseded") return `${title} ${supersededText(outcome)}`;
	return `${title}: ${reasonText(outcome)}`;
}
function isDefaultsOnly(outcome) {
	return outcome.notes.some((note) => note.startsWith(DEFAULTS_ONLY));
}
function otherNotes(outcome) {
	return outcome.notes.filter((note) => note !== DEFAULTS_ONLY);
}
function deedText(outcome) {
	const isDone = (kind) => outcome.actions.some((action) => action.kind === kind && action.state === "done");
	const rolledBack = rollbackInEffect(outcome) === void 0 ? "" : "; rolled back";
	const patched = isDone("patch_pr") ? "; patch opened" : "";
	if (outcome.revert === void 0) return `${rolledBack}${patched}`;
	return `${rolledBack}${patched}; revert #${outcome.revert.number}${isDone("revert_pr") ? " opened" : ""}`;
}
function resultSentence(outcome) {
	return `${verdictSentence(outcome)}${untilText(outcome)}`;
}
function untilText({ watchedUntil }) {
	return watchedUntil === void 0 ? "" : `; watched until ${dateTimeText(watchedUntil).slice(0, 16)} UTC`;
}
function checkRunTitle(outcome) {
	const prefix = outcome.mode === "observe" ? "Observing only: " : "";
	const suffix = deedText(outcome) + untilText(outcome) + (isDefaultsOnly(outcome) ? ` (${DEFAULTS_ONLY})` : "");
	return prefix + labelText(verdictSentence(outcome), TITLE_MAX - prefix.length - suffix.length) + suffix;
}
const CONCLUSIONS = {
	pass: "success",
	warn: "success",
	fail: "failure",
	unknown: "action_required",
	superseded: "neutral",
	skipped: "skipped"
};
function conclusionOf(outcome) {
	return outcome.mode === "observe" ? "neutral" : CONCLUSIONS[outcome.verdict];
}
const STATUS_STATES = {
	pass: "success",
	warn: "success",
	fail: "failure",
	unknown: "error",
	superseded: "pending",
	skipped: "success"
};
function statusText(outcome) {
	if (outcome.mode === "observe") return void 0;
	const suffix = deedText(outcome) + untilText(outcome);
	const description = labelText(verdictSentence(outcome), STATUS_MAX - suffix.length) + suffix;
	return {
		state: STATUS_STATES[outcome.verdict],
		description
	};
}
function settledStatus(verdict, coveredBy) {
	const state = verdict === "skipped" ? "pending" : STATUS_STATES[verdict];
	const description = `Covered by ${shortSha(coveredBy)}: ${VERDICT_TITLES[verdict].toLowerCase()}`;
	return {
		state,
		description: labelText(description, STATUS_MAX)
	};
}
function adoptedStatus(status, coveredBy) {
	const description = `Covered by ${shortSha(coveredBy)}: ${oneLine$2(status.description)}`;
	return {
		state: status.state,
		description: labelText(description, STATUS_MAX)
	};
}
function isSuperseded(description) {
	return description.startsWith(`${VERDICT_TITLES.superseded} by `) || description.startsWith("Covered by ");
}
const NEVER_JUDGED = {
	state: "error",
	description: "Never judged: no gate finished for this commit within 24 hours"
};
// src/report/facts.ts
function commitUrl(outcome, sha) {
	const repo = outcome.service?.repo?.replace(/(?:\.git)?\/?$/u, "");
	return repo !== void 0 && /^https:\/\/[\w.-]+(?::\d+)?(?:\/[\w.-]+){2,}$/u.test(repo) && /^[0-9a-f]{7,64}$/iu.test(sha) ? `${repo}/commit/${sha}` : void 0;
}
function commitLink(outcome, sha) {
	return link(shortSha(sha), commitUrl(outcome, sha));
}
function timeFact(label, ms) {
	return {
		label,
		text: ms === void 0 ? "" : `${dateTimeText(ms)} UTC`
	};
}
function factsOf(outcome) {
	const { deploy, service, previousCommit, requests } = outcome;
	return [
		{
			label: "Service",
			text: excerpt(service?.name ?? outcome.serviceName, 100),
			url: service?.dashboardUrl
		},
		{
			label: "Service id",
			text: excerpt(service?.id ?? "", 100),
			isCode: true
		},
		{
			label: "Commit",
			text: shortSha(outcome.commit),
			url: commitUrl(outcome, outcome.commit)
		},
		{
			label: "Commit message",
			text: excerpt(deploy?.commit?.message.split("\n")[0] ?? "", 200)
		},
		{
			label: "Commit before it (G)",
			text: previousCommit === void 0 ? "" : shortSha(previousCommit),
			url: commitUrl(outcome, previousCommit ?? "")
		},
		{
			label: "Deploy",
			text: excerpt(deploy?.id ?? "", 100),
			url: outcome.deployUrl
		},
		{
			label: "Image",
			text: excerpt(deploy?.image ?? "", 200)
		},
		{
			label: "Status",
			text: excerpt(deploy?.status ?? "", 60)
		},
		{
			label: "Trigger",
			text: excerpt(deploy?.trigger ?? "", 60)
		},
		timeFact("Created", deploy?.createdAt),
		timeFact("Started", deploy?.startedAt),
		timeFact("Live", outcome.liveAt),
		timeFact("Finished", deploy?.finishedAt),
		{
			label: "Rollback deploy",
			text: excerpt(outcome.rollbackDeployId ?? "", 100)
		},
		{
			label: "Mode",
			text: outcome.mode
		},
		outcome.coverage === void 0 ? {
			label: "Gate ran for",
			text: durationWords(outcome.endedAt - outcome.startedAt)
		} : timeFact("Watched since", outcome.startedAt),
		{
			label: "Requests",
			text: `${countText(requests.render)} to Render, ${countText(requests.github)} to GitHub`
		}
	].filter(({ text }) => text !== "");
}
function factsTable(outcome, facts = factsOf(outcome)) {
	return tableText({
		head: ["Deploy facts", ""],
		rows: facts.map(({ label, text, url, isCode }) => {
			return [label, isCode === true ? codeCell(text) : link(text, url)];
		})
	});
}
function notesList(outcome) {
	return otherNotes(outcome).slice(0, 50).map((note) => `- ${inlineText(excerpt(note, 600))}`).join("\n");
}
// src/report/chart.ts
const MOST_MOMENTS = 30;
const DAY = 864e5;
function mermaidText(text, max) {
	const line = oneLine$2(text);
	return (line.length <= max ? line : `${startOf(line, max - 1).trimEnd()}…`).replace(/[^\p{L}\p{M}\p{N} .,()/+=-]|\ufb02/gu, (mark) => `#${mark.codePointAt(0)};`);
}
function taskLine({ name, tag, from, to }) {
	const end = tag === "milestone" ? "0s" : dateTimeText(Math.max(to, from + 1e3));
	return `    ${name} :${tag === void 0 ? "" : `${tag}, `}${dateTimeText(from)}, ${end}`;
}
function deployTasks(outcome) {
	const { deploy, liveAt } = outcome;
	if (deploy === void 0) return [];
	const started = deploy.startedAt ?? deploy.createdAt;
	const end = liveAt ?? deploy.finishedAt ?? outcome.endedAt;
	const queued = {
		name: "deploy queued",
		from: deploy.createdAt,
		to: started
	};
	const built = {
		name: liveAt === void 0 ? `deploy ${mermaidText(deploy.status, 40)}` : "deploy until live",
		tag: liveAt === void 0 ? "crit" : "done",
		from: started,
		to: end
	};
	return started - deploy.createdAt >= 1e3 ? [queued, built] : [built];
}
function stageTask(stage) {
	const bad = stage.verdict === "fail" || stage.verdict === "unknown";
	return {
		name: `stage ${mermaidText(stage.name, 40)} ${stage.verdict}`,
		tag: bad ? "crit" : "done",
		from: stage.from,
		to: stage.to
	};
}
function momentTask({ at, event }) {
	return {
		name: `${mermaidText(clockText(at), 8)} ${mermaidText(event, 70)}`,
		tag: "milestone",
		from: at,
		to: at
	};
}
function shownMoments(timeline) {
	if (timeline.length <= MOST_MOMENTS) return timeline;
	return [...timeline.slice(0, MOST_MOMENTS / 2), ...timeline.slice(-15)];
}
function sectionText(title, tasks) {
	return tasks.length === 0 ? [] : [`    section ${title}`, ...tasks.map(taskLine)];
}
function timelineChart(outcome) {
	const tasks = [...deployTasks(outcome), ...outcome.stages.map(stageTask)];
	const moments = shownMoments(outcome.timeline);
	if (tasks.length + moments.length === 0) return "";
	const times = [...tasks.flatMap(({ from, to }) => [from, to]), ...moments.map(({ at }) => at)];
	return [
		"```mermaid",
		"gantt",
		"    dateFormat YYYY-MM-DD HH:mm:ss",
		`    axisFormat ${Math.max(...times) - Math.min(...times) > DAY ? "%m-%d %H:%M" : "%H:%M:%S"}`,
		"    todayMarker off",
		...sectionText("Deploy", deployTasks(outcome)),
		...sectionText("Watch", outcome.stages.map(stageTask)),
		...sectionText("Events", moments.map(momentTask)),
		"```"
	].join("\n");
}
// src/report/axis.ts
const VALUE_STEPS = {
	ratio: [[
		1e400,
		.01,
		"%"
	]],
	duration: [
		[
			5e3,
			1,
			"ms"
		],
		[
			3e5,
			1e3,
			"s"
		],
		[
			108e5,
			6e4,
			"min"
		],
		[
			1e400,
			36e5,
			"h"
		]
	],
	size: [
		[
			2e3,
			1,
			"B"
		],
		[
			1e6,
			1e3,
			"KB"
		],
		[
			1e9,
			1e6,
			"MB"
		],
		[
			1e400,
			1e9,
			"GB"
		]
	],
	number: [
		[
			1e5,
			1,
			""
		],
		[
			1e8,
			1e3,
			"thousand"
		],
		[
			1e400,
			1e6,
			"million"
		]
	]
};
const TIME_STEPS = [
	[
		18e4,
		1e3,
		"s"
	],
	[
		108e5,
		6e4,
		"min"
	],
	[
		2592e5,
		36e5,
		"h"
	],
	[
		1e400,
		864e5,
		"d"
	]
];
const TIME_MARKS = {
	s: [
		1,
		2,
		5,
		10,
		15,
		30,
		60
	],
	min: [
		.5,
		1,
		2,
		5,
		10,
		15,
		30,
		60
	],
	h: [
		.5,
		1,
		2,
		3,
		6,
		12,
		24
	]
};
function scaleOf(most, steps) {
	const [, divisor, unit] = steps.find(([upTo]) => most <= upTo) ?? [
		0,
		1,
		""
	];
	return {
		divisor,
		unit
	};
}
function roundStep(least) {
	const power = 10 ** Math.floor(Math.log10(least));
	return ([
		1,
		2,
		5
	].find((one) => one * power >= least * .999) ?? 10) * power;
}
function clean(value) {
	return Number(value.toPrecision(12));
}
function marksOf(low, high, step) {
	const first = Math.ceil(clean(low / step));
	const count = Math.floor(clean(high / step)) - first + 1;
	return Array.from({ length: Math.max(0, count) }, (_, index) => clean((first + index) * step));
}
function isDrawable({ points, limits, baseline = 0 }) {
	const values = [
		...points.map(({ value }) => value),
		...limits.map(({ value }) => value),
		baseline
	];
	const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
	return last > first && values.every((value) => Math.abs(value) < 0x38d7ea4c68000);
}
function valueAxis({ unit, points, limits, baseline }) {
	const values = [...points, ...limits].map(({ value }) => value);
	if (baseline !== void 0) values.push(baseline);
	const least = values.reduce((low, value) => Math.min(low, value));
	const most = values.reduce((high, value) => Math.max(high, value));
	const scale = scaleOf(Math.max(Math.abs(least), Math.abs(most)), VALUE_STEPS[unit]);
	const isFlat = least === most;
	const from = least >= 0 && (isFlat || least <= most * .6) ? 0 : least;
	const to = isFlat && from === most ? most + (Math.abs(most) || 1) : most;
	const step = roundStep((to - from) / scale.divisor / 4);
	const low = clean(Math.floor(clean(from / scale.divisor / step)) * step);
	const high = clean(Math.ceil(clean(to / scale.divisor / step)) * step);
	return {
		...scale,
		low,
		high,
		marks: marksOf(low, high, step)
	};
}
function timeAxis(from, to) {
	const scale = scaleOf(Math.max(Math.abs(from), Math.abs(to)), TIME_STEPS);
	const [low, high] = [from / scale.divisor, to / scale.divisor];
	const least = (high - low) / 4;
	const step = TIME_MARKS[scale.unit]?.find((one) => one >= least) ?? roundStep(least);
	return {
		...scale,
		low,
		high,
		marks: marksOf(low, high, step)
	};
}
function plainNumber(value) {
	const rounded = Number(value.toPrecision(6));
	const text = String(rounded);
	return text.includes("e") ? rounded.toFixed(9).replace(/\.?0+$/u, "") || "0" : text;
}
// src/report/thin.ts
function extremes(points) {
	const [first] = points;
	if (first === void 0) return [];
	const low = points.reduce((least, point) => point.value < least.value ? point : least, first);
	const high = points.reduce((most, point) => point.value > most.value ? point : most, first);
	if (low === high) return [low];
	return low.at <= high.at ? [low, high] : [high, low];
}
function stretches(points, count) {
	const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
	const length = (last - first) / count;
	const parts = Array.from({ length: count }, () => []);
	for (const point of points) parts[length === 0 ? 0 : Math.min(count - 1, Math.floor((point.at - first) / length))]?.push(point);
	return parts;
}
function thinned(points, most) {
	if (points.length <= most) return points;
	return stretches(points, Math.floor(most / 2)).flatMap(extremes);
}
function isRegular(points) {
	const first = points[0]?.at ?? 0;
	const beat = ((points.at(-1)?.at ?? 0) - first) / Math.max(1, points.length - 1);
	return points.every((point, index) => Math.abs(point.at - (first + index * beat)) <= beat / 2);
}
function evenValues(points, most) {
	if (points.length <= most && isRegular(points)) return points.map(({ value }) => value);
	const slots = stretches(points, Math.floor(most / 2)).map((stretch) => extremes(stretch)).flatMap(([one, other = one]) => [one?.value, other?.value]);
	return slots.map((value, index) => value ?? between(slots, index));
}
function between(slots, index) {
	const before = slots.findLastIndex((value, at) => at < index && value !== void 0);
	const after = slots.findIndex((value, at) => at > index && value !== void 0);
	const from = slots[before] ?? 0;
	if (after === -1) return from;
	return from + ((slots[after] ?? from) - from) * (index - before) / (after - before);
}
// src/report/series-chart.ts
const MOST_CHARTS = 8;
const MOST_VALUES = 30;
const MOST_NAMES = 20;
const FONTS = {
	labelFontSize: 11,
	titleFontSize: 13
};
const SETTINGS = { xyChart: {
	width: 700,
	height: 290,
	titleFontSize: 15,
	titlePadding: 6,
	xAxis: FONTS,
	yAxis: FONTS
} };
const COLOURS = {
	measured: ["#3b82f6", "blue"],
	fail: ["#e5484d", "red"],
	warn: ["#d97706", "orange"],
	pass: ["#2e9e5b", "green"],
	baseline: ["#8b8f98", "grey"]
};
function drawnSeries(outcome) {
	return worstFirst(outcome.checks).flatMap((check) => {
		return check.series.filter(isDrawable).map((series) => ({
			check,
			series
		}));
	});
}
function isUneventful({ check, series: { points } }) {
	return check.verdict !== "fail" && check.verdict !== "warn" && points.every(({ value }) => value === points[0]?.value);
}
function unitOfSeries({ unit }) {
	return unit === "number" ? void 0 : unit;
}
function linesOf$2(series, measured) {
	const unit = unitOfSeries(series);
	const flat = (value) => [value, value];
	const limits = series.limits.map(({ tier, text, value }) => {
		return {
			kind: tier,
			values: flat(value),
			words: `${tier}: ${excerpt(text, 100)} at ${valueText(value, unit)}`
		};
	});
	const { baseline } = series;
	const before = baseline === void 0 ? [] : [{
		kind: "baseline",
		values: flat(baseline),
		words: `baseline ${valueText(baseline, unit)}`
	}];
	return [
		...limits,
		...before,
		{
			kind: "measured",
			values: measured,
			words: "measured"
		}
	];
}
function seriesFacts(series) {
	const { points } = series;
	const values = points.map(({ value }) => value);
	const shown = (value) => valueText(value, unitOfSeries(series));
	const low = shown(values.reduce((least, value) => Math.min(least, value)));
	const high = shown(values.reduce((most, value) => Math.max(most, value)));
	const [from, to] = [clockText(points[0]?.at ?? 0), clockText(points.at(-1)?.at ?? 0)];
	const last = shown(values.at(-1) ?? 0);
	return `${amountText(points.length, "point")} from ${from} to ${to} UTC, lowest ${low}, highest ${high}, last ${last}`;
}
function captionText(series, lines) {
	const legend = lines.map(({ words, kind }) => `${words} (${COLOURS[kind][1]})`).join("; ");
	return inlineText(`${seriesFacts(series)}. Lines: ${legend}.`);
}
function rangeText(low, high, values) {
	const from = Math.floor(low * 1024) / 1024;
	return `${from} --> ${from + Math.ceil((high - from) / (values - 1) * 1024) / 1024 * (values - 1)}`;
}
function chartText({ check, series }, liveAt) {
	const { points } = series;
	const zero = liveAt ?? points[0]?.at ?? 0;
	const time = timeAxis((points[0]?.at ?? 0) - zero, (points.at(-1)?.at ?? 0) - zero);
	const axis = valueAxis(series);
	const values = evenValues(points, MOST_VALUES);
	const lines = linesOf$2(series, values);
	const palette = lines.map(({ kind }) => COLOURS[kind][0]).join(", ");
	const settings = {
		...SETTINGS,
		themeVariables: { xyChart: { plotColorPalette: palette } }
	};
	const unit = axis.unit === "" ? "" : ` (${mermaidText(axis.unit, 10)})`;
	const since = liveAt === void 0 ? "the first sample" : "live";
	return [
		"```mermaid",
		`%%{init: ${JSON.stringify(settings)}}%%`,
		"xychart-beta",
		`    title "${mermaidText(check.name, 60)}"`,
		`    x-axis "${time.unit} after ${since}" ${rangeText(time.low, time.high, values.length)}`,
		`    y-axis "${mermaidText(series.subject, 40)}${unit}" ${plainNumber(axis.low)} --> ${plainNumber(axis.high)}`,
		...lines.map(({ values }) => {
			return `    line [${values.map((value) => plainNumber(value / axis.divisor)).join(", ")}]`;
		}),
		"```",
		"",
		captionText(series, lines)
	].join("\n");
}
function seriesCharts(outcome) {
	const all = drawnSeries(outcome);
	const drawn = all.filter((one) => !isUneventful(one));
	const charts = drawn.slice(0, MOST_CHARTS).map((one) => chartText(one, outcome.liveAt));
	const others = drawn.slice(MOST_CHARTS).map(nameOf);
	const same = all.filter(isUneventful).map((one) => {
		const [first] = one.series.points;
		return `${nameOf(one)} ${inlineText(valueText(first?.value ?? 0, unitOfSeries(one.series)))}`;
	});
	return [
		...charts,
		...others.length === 0 ? [] : [`Also measured, see the HTML report: ${listText(others)}.`],
		...same.length === 0 ? [] : [`The same throughout: ${listText(same)}.`]
	];
}
function nameOf({ check, series }) {
	return codeSpan(`${excerpt(check.name, 60)}: ${excerpt(series.subject, 60)}`);
}
function listText(names) {
	const more = names.length - MOST_NAMES;
	return names.slice(0, MOST_NAMES).join(", ") + (more <= 0 ? "" : ` and ${more} more`);
}
// src/report/summary.ts
const SUMMARY_MAX_BYTES = 921600;
const EVIDENCE_MAX$1 = 16e3;
const MARKS$1 = {
	pass: "✅",
	warn: "⚠️",
	fail: "❌",
	unknown: "❔",
	superseded: "⏭️",
	skipped: "➖"
};
function verdictPart(outcome, sentence) {
	const lines = [`**${withStop(inlineText(excerpt(sentence, 1e3)))}**`];
	if (outcome.mode === "observe") lines.push("Observing only: this verdict has no effect.");
	if (isDefaultsOnly(outcome)) lines.push("no config file: defaults only. Add `.github/deploy-gate.yml` to check what matters to you.");
	return lines.join("\n\n");
}
function headed(title, body) {
	return body === "" ? "" : `### ${title}\n\n${body}`;
}
function reportLine({ htmlReport }) {
	if (htmlReport === void 0) return "";
	return `Everything in one page, for a browser: ${codeSpan(htmlReport)} on the runner. Keep it with \`actions/upload-artifact\`.`;
}
function linksLine(links) {
	return [links.checkRunUrl === void 0 ? "" : link("Check run", links.checkRunUrl), links.runUrl === void 0 ? "" : link("Workflow run", links.runUrl)].filter((part) => part !== "").join(" · ");
}
function jobSummary(outcome, links = {}) {
	const name = inlineText(excerpt(outcome.service?.name ?? outcome.serviceName, 100));
	const title = `## ${MARKS$1[outcome.verdict]} ${verdictTitle(outcome)}: ${name} at ${commitLink(outcome, outcome.commit)}`;
	const [firstChart = "", ...otherCharts] = seriesCharts(outcome);
	const next = markdownWords(nextWords(outcome));
	return pageText([
		`${title}\n\n${verdictPart(outcome, decisionSentence(outcome))}`,
		inlineText(comingSentence(outcome)),
		headed("What was done", actionList(outcome.actions)),
		next === "" ? "" : `**Next**: ${next}`,
		headed("What the checks found", concernsList(outcome.checks)),
		headed("Checks", checksTable(outcome.checks, { marks: true })),
		headed("How much was seen", linesList(coverageLines(outcome))),
		headed("Notes", notesList(outcome)),
		headed("Measured over the watch", firstChart),
		...otherCharts,
		headed("Timeline (UTC)", timelineChart(outcome)),
		...evidenceParts(outcome, EVIDENCE_MAX$1),
		factsTable(outcome),
		reportLine(links),
		linksLine(links)
	], SUMMARY_MAX_BYTES);
}
// src/report/check-run.ts
const CHECK_RUN_MAX_BYTES = 65535;
const EVIDENCE_MAX = 8e3;
function momentsList(timeline) {
	const shown = timeline.slice(-100);
	const missing = timeline.length - shown.length;
	const timeText = new Set(shown.map(({ at }) => dateTimeText(at).slice(0, 10))).size > 1 ? dateTimeText : clockText;
	const lines = shown.map(({ at, event }) => `- ${timeText(at)} ${inlineText(excerpt(event, 300))}`);
	return [...missing === 0 ? [] : [`- … ${missing} earlier`], ...lines].join("\n");
}
function finalCheckRun(outcome, state = "") {
	const next = markdownWords(nextWords(outcome));
	const summary = pageText([
		verdictPart(outcome, verdictSentence(outcome)),
		inlineText(comingSentence(outcome)),
		headed("What was done", actionList(outcome.actions)),
		next === "" ? "" : `**Next**: ${next}`,
		headed("What the checks found", concernsList(outcome.checks)),
		headed("Checks", checksTable(outcome.checks, { marks: false })),
		headed("How much was seen", linesList(coverageLines(outcome))),
		headed("Notes", notesList(outcome))
	], CHECK_RUN_MAX_BYTES);
	const text = pageText([
		factsTable(outcome),
		headed("Timeline (UTC)", momentsList(outcome.timeline)),
		...evidenceParts(outcome, EVIDENCE_MAX)
	], CHECK_RUN_MAX_BYTES - byteLength(state) - 2);
	return {
		title: checkRunTitle(outcome),
		summary,
		text: withState(text, state)
	};
}
function pageWithState(page, state) {
	return withState(cutBytes$1(page, CHECK_RUN_MAX_BYTES - byteLength(state) - 2), state);
}
// src/gate/state-book.ts
function createStateBook(commit, text) {
	const earlier = decodeState(text);
	let current = earlier.kind === "state" ? earlier.state : void 0;
	let unread = earlier.kind === "damaged" ? partsOf(text).block : "";
	return {
		earlier,
		get current() {
			return current;
		},
		change(fields) {
			const known = Object.entries({
				...current,
				...fields
			}).filter(([, value]) => value !== void 0);
			current = {
				...Object.fromEntries(known),
				service: fields.service,
				version: 1,
				commit
			};
			unread = "";
		},
		adopt(state) {
			current = state;
			unread = "";
		},
		block: () => current === void 0 ? unread : encodeState(current)
	};
}
function stateOnly(book) {
	const block = book.block();
	return block === "" ? {} : { text: withState("", block) };
}
// src/gate/publish.ts
function externalIdOf(service, commit) {
	return `deploy-gate:${service}:${commit}`.slice(0, 190);
}
function toldName(service) {
	return `deploy-gate / ${service}`;
}
function gateCheckRun(run, commit) {
	const { name } = run.service;
	return run.edges.forge.findCheckRun(commit, toldName(name), externalIdOf(name, commit));
}
function keptTold(about) {
	const { checkRun, service, commit, mode, runUrl } = about;
	const book = createStateBook(commit, checkRun?.text ?? "");
	return {
		name: toldName(service),
		commit,
		mode,
		runUrl,
		annotated: [],
		state: book.earlier,
		book,
		...checkRun === void 0 ? {} : { checkRun: {
			id: checkRun.id,
			url: checkRun.url
		} }
	};
}
async function attempt(run, what, write) {
	try {
		await write();
		return true;
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		run.note(`${what}: ${error.message}${error.failure.hint === void 0 ? "" : ` ${error.failure.hint}`}`);
		return false;
	}
}
async function openTold(run, about) {
	const { forge, runner } = run;
	const { commit, mode, output } = about;
	const name = toldName(about.service);
	const externalId = externalIdOf(about.service, commit);
	runner.saveState("told", JSON.stringify({
		commit,
		name,
		externalId,
		hasStatus: mode !== "observe"
	}));
	let told = keptTold({
		...about,
		checkRun: void 0
	});
	await attempt(run, "The check run could not be opened, so the verdict is told by the job only", async () => {
		const known = await forge.findCheckRun(commit, name, externalId);
		if (known === void 0) {
			const { id, url } = await forge.createCheckRun({
				sha: commit,
				name,
				externalId,
				output
			});
			told = {
				...told,
				checkRun: {
					id,
					url
				}
			};
		} else {
			told = keptTold({
				...about,
				checkRun: known
			});
			if (known.annotationsCount > 0) told = {
				...told,
				annotated: await forge.annotations(known.id)
			};
			await forge.updateCheckRun(known.id, { output: {
				...output,
				...stateOnly(told.book)
			} });
		}
	});
	if (told.checkRun !== void 0) runner.output("check-run-url", told.checkRun.url);
	await writeStatus(run, told, {
		state: "pending",
		description: output.title
	});
	return told;
}
async function writeStatus(run, told, status) {
	if (told.mode === "observe") return;
	await attempt(run, "The commit status could not be written", () => run.forge.setStatus(told.commit, {
		...status,
		context: told.name,
		url: told.checkRun?.url ?? told.runUrl
	}));
}
async function closeCheckRun(run, told, close) {
	const { checkRun } = told;
	if (checkRun === void 0) return false;
	const isKnown = (annotation) => told.annotated.some((known) => known.path === annotation.path && known.line === annotation.line && known.title === annotation.title);
	const annotations = close.annotations.filter((annotation) => !isKnown(annotation));
	return attempt(run, "The verdict could not be written to the check run", () => run.forge.updateCheckRun(checkRun.id, {
		conclusion: close.conclusion,
		output: close.output,
		...annotations.length === 0 ? {} : { annotations }
	}));
}
async function publishVerdict(run, told, outcome) {
	const { service, deploy, verdict, measured } = outcome;
	if (service !== void 0 && told.state.kind !== "damaged") told.book.change({
		service: service.id,
		verdict,
		...deploy === void 0 ? {} : { deploy: deploy.id },
		measured
	});
	await publishStatus(run, told, outcome);
	await closeCheckRun(run, told, {
		conclusion: conclusionOf(outcome),
		output: finalCheckRun(outcome, told.book.block()),
		annotations: outcomeAnnotations(outcome)
	});
}
async function publishStatus(run, told, outcome) {
	const status = statusText(outcome);
	if (status !== void 0) await writeStatus(run, told, status);
}
async function publishActions(run, told, outcome) {
	return closeCheckRun(run, told, {
		conclusion: conclusionOf(outcome),
		output: finalCheckRun(outcome, told.book.block()),
		annotations: []
	});
}
async function publishMistakes(run, told, mistakes, configFile) {
	await closeCheckRun(run, told, {
		conclusion: "action_required",
		output: {
			...problemCheckRun(mistakes),
			...stateOnly(told.book)
		},
		annotations: mistakeAnnotations(mistakes, configFile)
	});
	await writeStatus(run, told, {
		state: "error",
		description: problemDescription(mistakes)
	});
}
async function publishCanceled(run, told, outcome) {
	await Promise.all([closeCheckRun(run, told, {
		conclusion: "cancelled",
		output: finalCheckRun(outcome, told.book.block()),
		annotations: []
	}), writeStatus(run, told, statusText(outcome) ?? {
		state: "error",
		description: outcome.reason
	})]);
}
// src/gate/leave.ts
const OUTPUT = {
	title: "Could not tell: the gate stopped before its verdict",
	summary: "The job was stopped, or the gate crashed, before anything was decided. Run the job again: it finds this check run and the deploy again."
};
async function closeLeftOpen(edges, state) {
	const { forge, runner } = edges;
	const saved = savedOf(state);
	if (saved === void 0) return void 0;
	const { commit, name, externalId } = saved;
	const attempt = async (act) => {
		try {
			return await act();
		} catch (error) {
			if (!(error instanceof ServiceProblem)) throw error;
			runner.warning(failureLine(error.failure));
			return;
		}
	};
	const checkRun = await attempt(() => forge.findCheckRun(commit, name, externalId));
	const left = checkRun === void 0 || checkRun.status === "completed" ? void 0 : {
		commit,
		serviceName: name.slice(toldName("").length),
		checkRun
	};
	if (checkRun !== void 0 && left !== void 0) {
		runner.info(`The main step ended without closing the check run "${name}"; it is closed now.`);
		const output = {
			...OUTPUT,
			...stateOnly(createStateBook(commit, checkRun.text))
		};
		await attempt(() => forge.updateCheckRun(checkRun.id, {
			conclusion: "cancelled",
			output
		}));
	}
	if (!saved.hasStatus || mayStayPending(checkRun)) return left;
	if ((await attempt(() => forge.status(commit, name)))?.state !== "pending") return left;
	await attempt(() => forge.setStatus(commit, {
		state: "error",
		context: name,
		description: OUTPUT.title,
		...checkRun === void 0 ? {} : { url: checkRun.url }
	}));
	return left;
}
function mayStayPending(checkRun) {
	return checkRun?.status === "completed" && checkRun.conclusion === "neutral";
}
function savedOf(text) {
	try {
		const { commit, name, externalId, hasStatus } = JSON.parse(text);
		return typeof commit === "string" && typeof name === "string" && typeof externalId === "string" ? {
			commit,
			name,
			externalId,
			hasStatus: hasStatus === true
		} : void 0;
	} catch {
		return;
	}
}
// src/core/service-type.ts
function isPath(url) {
	return !/^https?:\/\//i.test(url);
}
const NAMES = {
	static_site: "a static site",
	web_service: "a web service",
	private_service: "a private service",
	background_worker: "a background worker",
	cron_job: "a cron job"
};
function unsupportedBy(service, check) {
	const { source } = check;
	const what = NAMES[service.type] ?? `a service of type ${service.type}`;
	switch (source.kind) {
		case "http":
			if (!isPath(source.url)) return void 0;
			if (service.type === "private_service") return `${what} cannot be reached from outside Render, so a path cannot be asked for`;
			if (service.type !== "web_service" && service.type !== "static_site" && service.url === void 0) return `${what} has no URL; give an absolute one`;
			return;
		case "logs":
			if (service.type === "static_site" && source.type !== "build") return `${what} has no ${source.type} logs`;
			if (source.type === "request" && service.type !== "web_service") return `${what} has no request logs`;
			return;
		case "events":
			if ((service.type === "static_site" || service.type === "cron_job") && source.types.some((type) => type.startsWith("server_"))) return `${what} runs no server, so there are no server events`;
			return;
		case "metric": return unmeasuredBy(service.type, source, what);
		case "source": return service.repo === void 0 ? "the service runs an image and has no repository whose files could be read" : void 0;
		case "sql":
		case "env":
		case "derive": return;
	}
}
function unmeasuredBy(type, source, what) {
	if (source.of !== void 0) return void 0;
	if (type === "static_site" || type === "cron_job") return `${what} has no metrics`;
	if ((source.name === "http_requests" || source.name === "http_latency") && (type === "private_service" || type === "background_worker")) return `${what} has no ${source.name}, because Render counts requests of public services only`;
	return source.name === "active_connections" ? "active_connections belong to a database; name it with of inside metric" : void 0;
}
function baseUrl(service, customDomains) {
	if (service.subdomainPolicy !== "disabled" && service.url !== void 0) return service.url;
	const domain = customDomains[0];
	return domain === void 0 ? void 0 : `https://${domain}`;
}
function defaultHealthPath(service) {
	if (service.type === "static_site") return "/";
	if (service.type !== "web_service") return void 0;
	return service.healthCheckPath === void 0 || service.healthCheckPath === "" ? void 0 : service.healthCheckPath;
}
function hasInstances(service) {
	return service.type !== "cron_job" && service.type !== "static_site";
}
// src/gate/file-at-commit.ts
async function fileAtCommit(edges, { path, commit }) {
	return (await edges.workspace.head() === commit ? await edges.workspace.read(path) : void 0) ?? edges.forge.file(path, commit);
}
async function loadPlan(edges, options) {
	const { commit, env } = options;
	const path = options.path ?? ".github/deploy-gate.yml";
	try {
		const text = await fileAtCommit(edges, {
			path,
			commit
		});
		if (text !== void 0) {
			const { readConfig } = await import("./file.js");
			const read = readConfig({
				text,
				file: path,
				env
			});
			const hint = /^service:[ \t]*["']?([\w.-]+)/m.exec(text)?.[1];
			return {
				mistakes: read.ok ? [] : read.mistakes,
				warnings: read.warnings,
				hasFile: true,
				...read.ok ? { plan: read.plan } : {},
				...hint === void 0 ? {} : { serviceHint: hint }
			};
		}
		if (path !== ".github/deploy-gate.yml") return {
			mistakes: [{
				message: `The config file "${path}" does not exist at ${commit.slice(0, 7)}.`,
				hint: `Commit it, or correct the input "config".`
			}],
			hasFile: false
		};
		if (await edges.forge.commit(commit) === void 0) return {
			mistakes: [{
				message: `Neither "${path}" nor the commit ${commit} can be read with the token.`,
				hint: `Grant the job "contents: read", or check the repository out before the gate.`
			}],
			hasFile: false
		};
		const { defaultPlan } = await import("./default-plan.js");
		return {
			plan: defaultPlan(),
			mistakes: [],
			hasFile: false
		};
	} catch (error) {
		if (error instanceof ConfigProblem) return {
			mistakes: error.mistakes,
			hasFile: false
		};
		if (!(error instanceof ServiceProblem) || error.status !== 403) throw error;
		return {
			mistakes: [{
				message: `The config file "${path}" cannot be read: ${error.message}`,
				hint: `Grant the job "contents: read", or check the repository out before the gate.`
			}],
			hasFile: false
		};
	}
}
async function completedPlan(plan, service) {
	if (plan.file !== void 0) return plan;
	const { crashCheck, healthCheck } = await import("./default-plan.js");
	const path = defaultHealthPath(service);
	const runsServers = service.type !== "static_site" && service.type !== "cron_job";
	const checks = [...path === void 0 ? [] : [healthCheck(path)], ...runsServers ? [crashCheck()] : []];
	return {
		...plan,
		checks
	};
}
// src/core/transition.ts
const KEY_MAX = 200;
const ORDERS = new Set(["trigger", "retry"]);
const TOLD_STATES = new Set([
	"done",
	"failed",
	"held"
]);
function transitionsOf(outcome) {
	const { verdict, endedAt } = outcome;
	const isSoFar = (verdict === "pass" || verdict === "warn") && outcome.laterStages !== void 0 && outcome.laterStages.length > 0;
	const stages = outcome.stages.map((stage) => ({
		kind: "stage",
		key: `stage ${stage.name} ${stage.verdict}`,
		occasion: "stage",
		at: stage.to,
		stage
	}));
	const actions = outcome.actions.filter(({ kind, state }) => TOLD_STATES.has(state) && !ORDERS.has(kind)).map((action) => ({
		kind: "action",
		key: actionKey(action),
		occasion: "action",
		action
	}));
	return [
		...isSoFar ? [] : [{
			kind: "verdict",
			key: `verdict ${verdict}`,
			occasion: verdict,
			at: endedAt
		}],
		...stages,
		...actions
	];
}
function actionKey({ kind, state, url }) {
	return `action ${kind} ${state}${url === void 0 ? "" : ` ${url}`}`.slice(0, KEY_MAX).toWellFormed();
}
function keyOfWay(way, key) {
	return `${way}: ${key}`;
}
function untold(transitions, told, way) {
	return transitions.filter(({ key }) => !told.includes(key) && (way === void 0 || !told.includes(keyOfWay(way, key))));
}
function stillTold(outcome, told) {
	const { verdict, stages } = outcome;
	return told.filter((kept) => {
		const [, kind, what = ""] = /^(?:[\w-]+ [a-z]+: )?(verdict|stage) (.*)$/su.exec(kept) ?? [];
		if (kind === "verdict") return what === verdict;
		const stage = kind === "stage" ? stages.find(({ name }) => what.startsWith(`${name} `)) : void 0;
		return stage === void 0 || what === `${stage.name} ${stage.verdict}`;
	});
}
function toldAfter(told, wanted) {
	const kept = new Set(told);
	for (const { key, ways } of wanted) {
		const own = ways.map((way) => keyOfWay(way, key));
		if (!kept.has(key) && !own.every((one) => kept.has(one))) continue;
		for (const one of own) kept.delete(one);
		kept.add(key);
	}
	return [...kept].slice(-60);
}
// src/report/message-comment.ts
const COMMENT_MAX = 6e4;
function mentionComment({ title, lines, links }, { mention, about }) {
	const mark = about.map((part) => encodeURIComponent(part.toWellFormed()).replaceAll("-", "%2D")).join(":");
	const last = links.map(({ name, url }) => link(name, url)).join(" · ");
	const list = lines.map((line) => `- ${markdownWords(line)}`).join("\n");
	return `<!-- deploy-gate:told=${mark} -->\n${pageText([
		`${mention} **${markdownWords(title)}**`,
		list,
		last
	], COMMENT_MAX)}`;
}
// src/report/message-slack.ts
const FALLBACK_MAX = 3e3;
const MARKS = {
	"*": "∗",
	_: "ˍ",
	"~": "∼",
	"`": "ˋ"
};
function slackText(text) {
	return escaped(oneLine$2(text).replace(/[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (mark) => MARKS[mark] ?? mark).replaceAll("@", "@​").replaceAll("://", ":​//").replace(/(www)\./giu, "$1​."));
}
function escaped(text) {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
function addressOf(url) {
	return /^https?:\/\/[!-~]{1,2000}$/u.test(url) ? url.replace(/[<>|"'`\\^{}]/gu, (mark) => `%${mark.charCodeAt(0).toString(16)}`) : void 0;
}
function elementsOf(words, bold = false) {
	return words.flatMap((piece) => {
		const style = bold ? { style: { bold: true } } : {};
		if (typeof piece === "string") return piece === "" ? [] : [{
			type: "text",
			text: piece,
			...style
		}];
		if ("code" in piece) return [{
			type: "text",
			text: oneLine$2(piece.code) || "(empty)",
			style: { code: true }
		}];
		const text = oneLine$2("link" in piece ? piece.link : piece.text);
		const url = "link" in piece ? addressOf(piece.url) : void 0;
		if (text === "") return [];
		return [url === void 0 ? {
			type: "text",
			text,
			...style
		} : {
			type: "link",
			url,
			text
		}];
	});
}
function mrkdwn(words) {
	return words.map((piece) => {
		if (typeof piece === "string") return escaped(piece);
		if ("code" in piece) return slackText(piece.code);
		if ("text" in piece) return slackText(piece.text);
		const url = addressOf(piece.url);
		return url === void 0 ? slackText(piece.link) : `<${escaped(url)}|${slackText(piece.link)}>`;
	}).join("");
}
function slackBody({ title, lines, links }) {
	const last = links.flatMap(({ name, url }, at) => [...at === 0 ? [] : [" · "], {
		link: name,
		url
	}]);
	const all = [...lines, ...last.length === 0 ? [] : [last]];
	const elements = [...elementsOf(title, true), ...all.flatMap((line) => [{
		type: "text",
		text: "\n"
	}, ...elementsOf(line)])];
	return JSON.stringify({
		text: fallback([title, ...lines].map(mrkdwn)),
		blocks: [{
			type: "rich_text",
			elements: [{
				type: "rich_text_section",
				elements
			}]
		}],
		unfurl_links: false,
		unfurl_media: false
	});
}
function fallback([title = "", ...lines]) {
	let text = title;
	for (const line of lines) {
		if (text.length + 1 + line.length > FALLBACK_MAX) break;
		text += `\n${line}`;
	}
	return text;
}
// src/report/message-webhook.ts
const REASON_MAX = 1e3;
const MOST$1 = 20;
function webhookBody(outcome, transitions, about) {
	const { keep, role } = about;
	const { service, deploy, verdict, commit, revert, issue } = outcome;
	const line = (text, max = REASON_MAX) => excerpt(keep(text), max);
	const keys = transitions.map(({ key }) => keep(key));
	const actions = transitions.flatMap((one) => one.kind === "action" ? [one.action] : []);
	const updates = transitions.flatMap((one) => one.kind === "report" ? [one] : []);
	const stage = transitions.findLast((one) => one.kind === "stage")?.stage ?? outcome.stages.at(-1);
	const name = line(service?.name ?? outcome.serviceName, 200);
	return JSON.stringify({
		version: 1,
		id: [
			service?.id ?? name,
			commit,
			role,
			keys.join(",")
		].join("/").slice(0, 1e3).toWellFormed(),
		event: eventOf(transitions),
		keys,
		role,
		mode: outcome.mode,
		verdict,
		reason: line(outcome.reason),
		service: {
			...service === void 0 ? {} : { id: service.id },
			name
		},
		commit,
		deploy: deploy === void 0 ? null : {
			id: deploy.id,
			status: deploy.status,
			...outcome.deployUrl === void 0 ? {} : { url: outcome.deployUrl },
			...outcome.liveAt === void 0 ? {} : { liveAt: isoText(outcome.liveAt) }
		},
		stage: stage === void 0 ? null : {
			name: stage.name,
			verdict: stage.verdict
		},
		laterStages: outcome.laterStages ?? [],
		failed: checksThat(outcome, "fail").slice(0, MOST$1).map((check) => ({
			check: line(check.name, 200),
			reason: line(check.reason),
			...check.hint === void 0 ? {} : { hint: line(check.hint) }
		})),
		actions: actions.slice(0, MOST$1).map(({ kind, state, reason, url }) => ({
			kind,
			state,
			...reason === void 0 ? {} : { reason: line(reason) },
			...url === void 0 ? {} : { url: keep(url) }
		})),
		updates: updates.map(({ title, lines }) => ({
			title: line(title),
			lines: lines.slice(0, 100).map((one) => line(one))
		})),
		revert: revert ?? null,
		issue: issue ?? null,
		url: about.checkRunUrl ?? about.runUrl,
		at: isoText(about.at)
	});
}
function eventOf(transitions) {
	const kind = [
		"verdict",
		"action",
		"stage",
		"report"
	].find((one) => transitions.some((transition) => transition.kind === one));
	return transitions.find((one) => one.kind === kind)?.occasion ?? "report";
}
// src/report/message.ts
const TEXT_MAX = 600;
const LINES_MAX = 7e3;
const MOST_HINTS = 3;
const STAGE_WORDS = {
	pass: "passed",
	warn: "passed with warnings",
	fail: "failed",
	unknown: "could not be judged",
	superseded: "was ended by a newer deploy",
	skipped: "had nothing to watch"
};
function messageOf(outcome, transitions, places) {
	const { keep } = places;
	const isObserving = outcome.mode === "observe";
	const lines = [
		...transitions.flatMap((transition) => linesOf$1(transition, outcome, keep)),
		...laterLines(outcome, transitions),
		...isObserving ? [["This gate only observes: it never acts."]] : []
	];
	return {
		title: [
			...isObserving ? ["Observing only: "] : [],
			{ text: excerpt(keep(outcome.service?.name ?? outcome.serviceName), 100) },
			" at ",
			{ code: shortSha(outcome.commit) },
			": ",
			...headline(outcome, transitions, keep)
		],
		lines: fitting(lines),
		links: linksOf(outcome, places)
	};
}
function lengthOf(words) {
	return words.reduce((sum, piece) => {
		if (typeof piece === "string") return sum + piece.length;
		if ("link" in piece) return sum + piece.link.length + piece.url.length;
		return sum + ("code" in piece ? piece.code : piece.text).length;
	}, 0);
}
function fitting(lines) {
	let room = LINES_MAX;
	const end = lines.findIndex((line) => (room -= lengthOf(line) + 20) < 0);
	return end === -1 ? lines : [...lines.slice(0, end), [`And ${lines.length - end} more.`]];
}
function headline(outcome, transitions, keep) {
	if (transitions.find(({ kind }) => kind === "verdict") !== void 0) return [{ text: verdictTitle(outcome) }];
	const [first] = transitions.toSorted((one, two) => rankOf(one) - rankOf(two));
	switch (first?.kind) {
		case "action": return [{ text: actionName(first.action) }, ` ${ACTION_STATES[first.action.state]}`];
		case "stage": return stageWords(first.stage);
		case "report": return [{ text: excerpt(keep(first.title), 150) }];
		default: return [{ text: verdictTitle(outcome) }];
	}
}
function rankOf(transition) {
	if (transition.kind === "action") return -1;
	return transition.kind === "stage" ? 1 / (1 + Math.max(0, transition.stage.to)) : 2;
}
function stageWords({ name, verdict }) {
	return [
		"stage ",
		{ text: excerpt(name, 60) },
		` ${STAGE_WORDS[verdict]}`
	];
}
function linesOf$1(transition, outcome, keep) {
	switch (transition.kind) {
		case "verdict": return verdictLines(outcome, keep);
		case "stage": {
			const { from, to } = transition.stage;
			const [, ...rest] = stageWords(transition.stage);
			const until = dateTimeText(from).slice(0, 10) === dateTimeText(to).slice(0, 10) ? clockText(to) : dateTimeText(to);
			return [[
				"Stage ",
				...rest,
				`, ${dateTimeText(from)} to ${until} UTC.`
			]];
		}
		case "action": return [actionWords(transition.action, keep)];
		case "report": return transition.lines.map((line) => [{ text: excerpt(keep(line), TEXT_MAX) }]);
	}
}
function verdictLines(outcome, keep) {
	const failed = checksThat(outcome, outcome.verdict === "warn" ? "warn" : "fail");
	const reason = keep(decisionSentence({
		...outcome,
		reason: keep(outcome.reason)
	}));
	const stage = failed[0]?.stage ?? outcome.stages.at(-1)?.name;
	const where = [
		...stage === void 0 ? [] : [`stage ${excerpt(stage, 60)}`],
		...outcome.deploy === void 0 ? [] : [`deploy ${excerpt(outcome.deploy.id, 60)}`],
		...outcome.liveAt === void 0 ? [] : [`live since ${dateTimeText(outcome.liveAt)} UTC`]
	];
	const hints = failed.flatMap(({ name, hint }) => hint === void 0 ? [] : [[
		"Hint for ",
		{ text: excerpt(keep(name), 60) },
		": ",
		{ text: excerpt(keep(hint), 300) }
	]]);
	return [
		[{ text: withStop(excerpt(reason, TEXT_MAX)) }],
		...hints.slice(0, MOST_HINTS),
		...where.length === 0 ? [] : [[{ text: `In ${where.join(", ")}.` }]]
	];
}
function actionWords(action, keep) {
	const { state, reason, url } = action;
	return [
		{ text: actionName(action) },
		`: ${ACTION_STATES[state]}.`,
		...reason === void 0 ? [] : [" ", ...reasonWords(keep(reason))],
		...url === void 0 ? [] : [" ", {
			link: shownUrl(keep(url)),
			url: keep(url)
		}]
	];
}
function shownUrl(url) {
	return excerpt(url.replace(/^https?:\/\//u, ""), 200);
}
function laterLines(outcome, transitions) {
	const later = outcome.laterStages ?? [];
	if (later.length === 0 || !transitions.some(({ kind }) => kind === "stage")) return [];
	const names = later.slice(0, 10).map((name) => excerpt(name, 60));
	const next = outcome.nextLookAt === void 0 ? "" : `; next look at ${dateTimeText(outcome.nextLookAt)} UTC`;
	return [[{ text: `Still to be watched: ${names.join(", ")}${next}.` }]];
}
function linksOf(outcome, { checkRunUrl, runUrl }) {
	const { deployUrl, revert, issue } = outcome;
	return [
		...checkRunUrl === void 0 ? [] : [{
			name: "Check run",
			url: checkRunUrl
		}],
		...deployUrl === void 0 ? [] : [{
			name: "Deploy",
			url: deployUrl
		}],
		...revert === void 0 ? [] : [{
			name: `Revert #${revert.number}`,
			url: revert.url
		}],
		...issue === void 0 ? [] : [{
			name: `Issue #${issue.number}`,
			url: issue.url
		}],
		{
			name: "Job",
			url: runUrl
		}
	];
}
// src/gate/mention.ts
async function commentOn(forge, commit, body) {
	try {
		const merged = (await forge.pullsOfCommit(commit)).filter((pull) => pull.merged);
		const pull = merged.find((one) => one.mergeCommit === commit) ?? merged[0];
		if (pull === void 0 || !await isCommented(forge, pull.number, body)) await forge.commentOnCommit(commit, body);
		return { ok: true };
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		return {
			ok: false,
			why: error.message
		};
	}
}
async function isCommented(forge, pull, body) {
	try {
		await forge.comment(pull, body);
		return true;
	} catch (error) {
		if (error instanceof ServiceProblem && error.status === 403) return false;
		throw error;
	}
}
// src/gate/notifier.ts
const GIVEN_UP = "it was still under way when the job ended";
function linesOf(roles) {
	return roles.flatMap((role) => [
		"slack",
		"webhook",
		"mention"
	].filter((way) => role[way] !== void 0).map((way) => ({
		role,
		way,
		name: `${role.name} ${way}`,
		sending: new Set(),
		last: Promise.resolve()
	})));
}
function createNotifier(edges, about) {
	const { clock, forge, messenger, redact: keep } = edges;
	const lines = linesOf(about.plan.notify);
	const notes = [];
	const givenUp = new AbortController();
	const wanted = new Map();
	let told = [];
	function note(text) {
		notes.push(text);
		about.note(text);
	}
	async function post(line, message) {
		const { outcome, transitions, places, at } = message;
		const { slack, webhook, mention, name: role } = line.role;
		const { signal } = givenUp;
		if (line.way === "slack" && slack !== void 0) return messenger.send({
			url: slack,
			body: slackBody(messageOf(outcome, transitions, places)),
			signal
		});
		if (line.way === "webhook" && webhook !== void 0) return messenger.send({
			url: webhook,
			body: webhookBody(outcome, transitions, {
				...places,
				role,
				at
			}),
			signal
		});
		const service = outcome.service?.id ?? outcome.serviceName;
		const keys = transitions.map(({ key }) => keep(key));
		return commentOn(forge, outcome.commit, mentionComment(messageOf(outcome, transitions, places), {
			mention: mention ?? "",
			about: [
				service,
				outcome.commit.slice(0, 12),
				role,
				...keys
			]
		}));
	}
	async function deliver(line, message) {
		const keys = message.transitions.map(({ key }) => key);
		const result = givenUp.signal.aborted ? {
			ok: false,
			why: GIVEN_UP
		} : await post(line, message).catch((error) => ({
			ok: false,
			why: keep(String(error))
		}));
		for (const key of keys) line.sending.delete(key);
		if (result.ok) told = [...told, ...keys.map((key) => keyOfWay(line.name, key))];
		else if (!givenUp.signal.aborted) note(lostText(line, keys, result.why));
	}
	function tell(outcome, at) {
		const transitions = [...transitionsOf(outcome), ...at?.updates ?? []];
		const kept = at?.told?.book.current?.told?.transitions ?? [];
		told = stillTold(outcome, [...new Set([...kept, ...told])]);
		for (const { key, occasion } of transitions) {
			const ways = lines.filter(({ role }) => role.when.includes(occasion)).map(({ name }) => name);
			if (ways.length > 0) wanted.set(key, ways);
		}
		const places = {
			checkRunUrl: at?.told?.checkRun?.url,
			runUrl: about.runUrl,
			keep
		};
		for (const line of lines) {
			const news = untold(transitions, told, line.name).filter(({ key, occasion }) => line.role.when.includes(occasion) && !line.sending.has(key));
			if (news.length === 0) continue;
			for (const { key } of news) line.sending.add(key);
			const message = {
				outcome,
				transitions: news,
				places,
				at: clock.now()
			};
			line.last = line.last.then(() => deliver(line, message));
		}
	}
	return {
		notes,
		tell(outcome, at) {
			if (lines.length === 0) return;
			try {
				tell(outcome, at);
			} catch (error) {
				note(`Nobody could be told by notify: ${keep(String(error))}.`);
			}
		},
		async settled(maxMs, until) {
			const isWaiting = () => lines.filter(({ sending }) => sending.size > 0);
			if (isWaiting().length > 0) {
				const rest = new AbortController();
				const all = Promise.all(lines.map(({ last }) => last)).then(() => rest.abort());
				const enough = until === void 0 ? rest.signal : AbortSignal.any([rest.signal, until]);
				await Promise.race([all, clock.sleep(maxMs, enough)]);
			}
			for (const line of isWaiting()) note(lostText(line, [...line.sending], GIVEN_UP));
			givenUp.abort();
			return toldAfter(told, [...wanted].map(([key, ways]) => ({
				key,
				ways
			})));
		}
	};
}
const WAYS = {
	slack: "Slack",
	webhook: "the webhook",
	mention: "a comment"
};
function lostText({ role, way }, keys, why) {
	const then = keys.every((key) => key.startsWith("report ")) ? "" : " A later run of this commit tries again.";
	return `The role "${role.name}" could not be told of ${keys.join(", ")} by ${WAYS[way]}: ${why}.${then}`;
}
// src/core/gate-state.ts
const NOTHING_TOLD = {
	transitions: [],
	updates: [],
	after: []
};
// src/gate/tell-people.ts
const MESSAGES_MS = 1e4;
async function tellPeople(notifier, outcome, at) {
	if (notifier === void 0) return {
		outcome,
		keys: []
	};
	notifier.tell(outcome, at);
	const keys = await notifier.settled(at.maxMs, at.until);
	return {
		outcome: {
			...outcome,
			notes: [...new Set([...outcome.notes, ...notifier.notes])]
		},
		keys
	};
}
async function tellAndKeep(run, notifier, at) {
	const { outcome, keys } = await tellPeople(notifier, at.outcome, at);
	const { told } = at;
	const known = told?.book.current?.told ?? NOTHING_TOLD;
	const isUnread = told?.book.earlier.kind === "damaged" && told.book.current === void 0;
	const isNews = notifier !== void 0 && known.transitions.join("\n") !== keys.join("\n");
	if (told === void 0 || outcome.service === void 0 || isUnread || !isNews) return outcome;
	told.book.change({
		service: outcome.service.id,
		told: {
			...known,
			transitions: keys
		}
	});
	await publishActions(run, told, outcome);
	return outcome;
}
// src/gate/tell-left.ts
async function tellLeft(edges, left, at) {
	const { clock, runner } = edges;
	const { commit, serviceName, checkRun } = left;
	const { inputs, env, runUrl } = at;
	const now = clock.now();
	try {
		const { plan } = await loadPlan(edges, {
			path: inputs.config,
			commit,
			env
		});
		if (plan === void 0) return;
		for (const secret of plan.secrets) runner.mask(secret);
		const outcome = {
			verdict: "unknown",
			reason: "the gate stopped before its verdict; nothing was decided",
			mode: inputs.mode ?? plan.mode,
			serviceName,
			commit,
			stages: [],
			checks: [],
			actions: [],
			timeline: [],
			notes: [],
			deployEvidence: [],
			spots: [],
			requests: edges.requests(),
			startedAt: now,
			endedAt: now
		};
		const notifier = createNotifier(edges, {
			plan,
			runUrl,
			note: (text) => runner.warning(text)
		});
		notifier.tell(outcome, { told: {
			checkRun,
			book: createStateBook(commit, checkRun.text)
		} });
		await notifier.settled(MESSAGES_MS);
	} catch (error) {
		if (!(error instanceof ServiceProblem) && !(error instanceof ConfigProblem)) throw error;
		runner.warning(`Nobody could be told that the gate stopped: ${error.message}`);
	}
}
// src/post.ts
if (getState("closed") !== "true" && getState("told") !== "") {
	const { env } = process;
	const { inputs } = readInputs((name) => getInput(name));
	const edges = createEdges(inputs, env);
	const left = await closeLeftOpen(edges, getState("told"));
	if (left !== void 0) await tellLeft(edges, left, {
		inputs,
		env: (name) => env[name],
		runUrl: runUrlOf(env)
	});
	await edges.close();
}
// src/gate/run.ts
var Canceled = class extends Error {
	name = "Canceled";
};
function goOn(run) {
	if (run.signal.aborted) throw new Canceled("the job was canceled");
}
async function wait(run, ms, wake) {
	goOn(run);
	await run.edges.clock.sleep(ms, wake === void 0 ? run.signal : AbortSignal.any([run.signal, wake]));
	goOn(run);
}
// src/report/report-watch.ts
function watchReport({ watchedUntil, nextLookAt, laterStages, held }) {
	if (watchedUntil === void 0) return null;
	const until = isoText(watchedUntil);
	const next = nextLookAt === void 0 ? null : isoText(nextLookAt);
	return {
		stages: laterStages ?? [],
		until,
		nextLookAt: next,
		held: held ?? null
	};
}
function coverageReport({ stage, from, to, due, seen, gaps }) {
	return {
		stage,
		from: isoText(from),
		to: isoText(to),
		due,
		seen,
		gaps: gaps.map((gap) => ({
			from: isoText(gap.from),
			to: isoText(gap.to),
			judgedAfterwards: gap.backFilled,
			unseen: gap.unseen
		}))
	};
}
// src/report/report-json.ts
const LONGEST_VALUE = 4e3;
function timeOrNull(ms) {
	return ms === void 0 ? null : isoText(ms);
}
function valueOf(value) {
	if (value === void 0 || typeof value === "number" && !Number.isFinite(value)) return null;
	const json = JSON.stringify(value);
	if (json.length <= LONGEST_VALUE) return value;
	return cut$2(typeof value === "string" ? value : json, LONGEST_VALUE);
}
function evidenceOf({ at, from, text }) {
	return {
		at: timeOrNull(at),
		from: from ?? null,
		text
	};
}
function findingOf(line) {
	const { condition, tier, holds } = line;
	return {
		condition,
		tier,
		value: valueOf(line.value),
		baseline: valueOf(line.baseline),
		holds,
		why: line.why ?? null
	};
}
function seriesOf(series) {
	const { subject, unit, points, baseline, limits } = series;
	return {
		subject,
		unit,
		points: points.map(({ at, value }) => [isoText(at), value]),
		baseline: baseline ?? null,
		limits
	};
}
function checkOf(check) {
	const { name, source, verdict, reason, samples, errors } = check;
	return {
		name,
		source,
		verdict,
		reason,
		samples,
		errors,
		findings: (check.finding?.lines ?? []).map(findingOf),
		evidence: check.evidence.map(evidenceOf),
		on_fail: check.onFail,
		hint: check.hint ?? null,
		line: check.line ?? null,
		stage: check.stage ?? null,
		diagnosis: check.diagnosis.map(evidenceOf),
		series: check.series.map(seriesOf)
	};
}
function deployOf(outcome) {
	const { deploy } = outcome;
	if (deploy === void 0) return null;
	return {
		id: deploy.id,
		status: deploy.status,
		trigger: deploy.trigger ?? null,
		createdAt: isoText(deploy.createdAt),
		startedAt: timeOrNull(deploy.startedAt),
		liveAt: timeOrNull(outcome.liveAt),
		finishedAt: timeOrNull(deploy.finishedAt),
		previousCommit: outcome.previousCommit ?? null,
		image: deploy.image ?? null,
		url: outcome.deployUrl ?? null,
		evidence: outcome.deployEvidence.map(evidenceOf)
	};
}
function reportJson(outcome) {
	const { verdict, reason, mode, commit, actions, notes, requests } = outcome;
	return {
		version: 1,
		verdict,
		reason,
		mode,
		service: {
			id: outcome.service?.id ?? null,
			name: outcome.service?.name ?? outcome.serviceName
		},
		commit,
		deploy: deployOf(outcome),
		stages: outcome.stages.map(({ name, from, to, verdict }) => {
			return {
				name,
				from: isoText(from),
				to: isoText(to),
				verdict
			};
		}),
		watch: watchReport(outcome),
		coverage: (outcome.coverage ?? []).map(coverageReport),
		checks: outcome.checks.map(checkOf),
		actions,
		revert: outcome.revert ?? null,
		issue: outcome.issue ?? null,
		rollback: outcome.rollbackDeployId === void 0 ? null : { deployId: outcome.rollbackDeployId },
		coveredBy: outcome.coveredBy ?? null,
		timeline: outcome.timeline.map(({ at, event }) => ({
			at: isoText(at),
			event
		})),
		notes,
		spots: outcome.spots,
		configFile: outcome.configFile ?? null,
		requests: {
			render: requests.render,
			github: requests.github
		},
		startedAt: isoText(outcome.startedAt),
		endedAt: isoText(outcome.endedAt)
	};
}
// src/gate/course.ts
function writerOf(edges, course) {
	return {
		forge: edges.forge,
		runner: edges.runner,
		note: (text) => course.teller === void 0 ? edges.runner.warning(text) : course.teller.note(text)
	};
}
async function untilCanceled(signal, work) {
	const canceled = new Promise((_resolve, reject) => {
		const stop = () => {
			const reason = signal.reason;
			reject(reason instanceof Error && reason.name !== "AbortError" ? reason : new Canceled("the job was canceled"));
		};
		if (signal.aborted) stop();
		else signal.addEventListener("abort", stop, { once: true });
	});
	canceled.catch(() => void 0);
	work.catch(() => void 0);
	return Promise.race([work, canceled]);
}
// src/core/outcome.ts
const NOTHING_FOUND = {
	stages: [],
	checks: [],
	actions: [],
	timeline: [],
	notes: [],
	deployEvidence: [],
	spots: []
};
// src/gate/publish-job.ts
async function publishJob({ runner }, outcome, { told, intro = "" }) {
	const stage = outcome.stages.at(-1)?.name;
	const report = await runner.file("report.json", `${JSON.stringify(reportJson(outcome), void 0, 2)}\n`);
	const outputs = {
		verdict: outcome.verdict,
		stage,
		"service-id": outcome.service?.id,
		"deploy-id": outcome.deploy?.id,
		"deploy-status": outcome.deploy?.status,
		commit: outcome.commit,
		"check-run-url": told?.checkRun?.url,
		"revert-pr-url": outcome.revert?.url,
		"rollback-deploy-id": outcome.rollbackDeployId,
		"revert-pr-number": outcome.revert === void 0 ? void 0 : String(outcome.revert.number),
		report
	};
	for (const [name, value] of Object.entries(outputs)) if (value !== void 0) runner.output(name, value);
	const { htmlReportText } = await import("./page.js");
	const htmlReport = await runner.file("report.html", htmlReportText(outcome));
	const checkRunUrl = told?.checkRun?.url;
	const summary = jobSummary(outcome, {
		htmlReport,
		...checkRunUrl === void 0 ? {} : { checkRunUrl },
		...told === void 0 ? {} : { runUrl: told.runUrl }
	});
	await runner.summary(intro === "" ? summary : `${intro}\n\n${summary}`);
}
// src/gate/remedy-ledger.ts
const SILENCE_MS = 36e4;
const BEAT_MS = 24e4;
function newRemedyState(remedy, about) {
	const steps = remedy.steps.map(({ kind }) => ({
		kind,
		actions: []
	}));
	return {
		...about,
		name: remedy.name,
		steps,
		finished: false
	};
}
function createLedger(options) {
	const { book, service, now, redact, write } = options;
	let remedy = options.remedy.finished ? options.remedy : {
		...options.remedy,
		by: options.runUrl
	};
	let savedAt = now();
	const change = (fields, more = {}) => {
		remedy = {
			...remedy,
			...fields
		};
		book.change({
			service,
			remedy,
			...more
		});
	};
	const withoutBusy = () => {
		const { busyUntil: _, ...rest } = remedy;
		return rest;
	};
	const stepAt = (at) => remedy.steps[at] ?? {
		kind: "",
		actions: []
	};
	async function save() {
		savedAt = now();
		if (!remedy.finished) change({ busyUntil: savedAt + SILENCE_MS });
		const { current } = book;
		const isWhole = current !== void 0 && decodeState(redact(encodeState(current))).kind === "state";
		return await write() && isWhole;
	}
	change(remedy.finished ? {} : { busyUntil: savedAt + SILENCE_MS });
	return {
		get remedy() {
			return remedy;
		},
		get freeze() {
			return book.current?.freeze;
		},
		step: stepAt,
		note(at, fields) {
			change({ steps: remedy.steps.map((step, index) => index === at ? {
				...step,
				...fields
			} : step) });
		},
		noteFreeze: (freeze) => change({}, { freeze }),
		actions: () => remedy.steps.flatMap((step) => step.actions),
		finish() {
			remedy = {
				...withoutBusy(),
				finished: true
			};
			change({});
		},
		save,
		async beat() {
			if (now() - savedAt >= BEAT_MS) await save();
		}
	};
}
function letGo(book) {
	const { current } = book;
	if (current?.remedy?.busyUntil === void 0) return;
	const { busyUntil: _, ...remedy } = current.remedy;
	book.change({
		service: current.service,
		remedy
	});
}
// src/gate/end.ts
const PASSING = new Set([
	"pass",
	"warn",
	"superseded",
	"skipped"
]);
const LAST_WORDS_MS = 2500;
function isPassing(verdict) {
	return PASSING.has(verdict);
}
async function finish(edges, told, outcome) {
	await publishJob(edges, outcome, { told });
	const exitCode = outcome.mode === "observe" || PASSING.has(outcome.verdict) ? 0 : 1;
	const sentence = `${outcome.service?.name ?? outcome.serviceName}: ${resultSentence(outcome)}`;
	if (exitCode === 1) edges.runner.error(sentence);
	else if (outcome.verdict === "warn" || !PASSING.has(outcome.verdict)) edges.runner.warning(sentence);
	else edges.runner.notice(sentence);
	return {
		verdict: outcome.verdict,
		exitCode
	};
}
async function otherEnd(edges, start, at) {
	const { error, course } = at;
	course.teller?.stop();
	if (start.signal.aborted) await Promise.race([at.settled(), edges.clock.sleep(LAST_WORDS_MS)]);
	const maxMs = start.signal.aborted ? LAST_WORDS_MS : MESSAGES_MS;
	if (course.decided !== void 0) return decidedEnd(edges, course, {
		error,
		decided: course.decided,
		maxMs
	});
	if (error instanceof Canceled) return canceledEnd(edges, start, course);
	const told = await toldOrOpened(edges, start, {
		course,
		error
	});
	const mistakes = mistakesOf(error, course);
	if (mistakes !== void 0) return mistakesEnd(edges, start, {
		course,
		told,
		mistakes,
		maxMs
	});
	const reason = troubleText(error);
	printStack(edges, error);
	const outcome = emptyOutcome(edges, start, {
		course,
		told,
		reason
	});
	const writer = writerOf(edges, course);
	if (told !== void 0) await publishVerdict(writer, told, outcome);
	return finish(edges, told, await tellAndKeep(writer, course.notifier, {
		told,
		outcome,
		maxMs
	}));
}
function mistakesOf(error, course) {
	if (error instanceof ConfigProblem) return error.mistakes;
	if (course.service !== void 0 || !(error instanceof ServiceProblem)) return void 0;
	const { service, status } = error.failure;
	if (status !== 401 && !(service === "Render" && status === 403)) return void 0;
	const { message, hint } = error.failure;
	return [{
		message,
		...hint === void 0 ? {} : { hint }
	}];
}
async function mistakesEnd(edges, start, at) {
	const { course, told, mistakes } = at;
	for (const mistake of mistakes) edges.runner.error(mistakeLine(mistake));
	if (told !== void 0) await publishMistakes(writerOf(edges, course), told, mistakes, start.inputs.config);
	const [first] = mistakes;
	const empty = emptyOutcome(edges, start, {
		course,
		told,
		reason: mistakes.length === 1 && first !== void 0 ? first.message : `${mistakes.length} mistakes in inputs, config or service`
	});
	const { outcome } = await tellPeople(course.notifier, empty, at);
	await publishJob(edges, {
		...outcome,
		notes: [...outcome.notes, ...mistakes.map(mistakeLine)]
	}, { told });
	return {
		verdict: "unknown",
		exitCode: 1
	};
}
async function canceledEnd(edges, start, course) {
	const told = await Promise.race([course.opening?.catch(() => void 0), edges.clock.sleep(LAST_WORDS_MS).then(() => void 0)]);
	const outcome = emptyOutcome(edges, start, {
		course,
		told,
		reason: `canceled while waiting for ${course.teller?.current().waitingFor ?? "the start"}; nothing was decided`
	});
	edges.runner.warning(outcome.reason);
	if (told !== void 0) await publishCanceled(writerOf(edges, course), told, outcome);
	await publishJob(edges, (await tellPeople(course.notifier, outcome, {
		told,
		maxMs: LAST_WORDS_MS
	})).outcome, { told });
	return {
		verdict: "unknown",
		exitCode: 1
	};
}
async function decidedEnd(edges, course, at) {
	const { error, decided, maxMs } = at;
	const told = await course.opening;
	await course.closing?.catch(() => void 0);
	const why = error instanceof Canceled ? "the job was canceled" : troubleText(error);
	if (!(error instanceof Canceled)) printStack(edges, error);
	const { remedy } = course;
	if (told !== void 0 && remedy !== void 0) letGo(told.book);
	const outcome = {
		...decided,
		endedAt: edges.clock.now(),
		requests: edges.requests(),
		actions: remedy === void 0 ? decided.actions : [...decided.actions, {
			kind: remedy,
			state: "failed",
			reason: `${why} before it was finished; run the job again`
		}],
		notes: [...decided.notes, `After the verdict ${why}.`]
	};
	const writer = writerOf(edges, course);
	if (told !== void 0) await publishActions(writer, told, outcome);
	const ending = await finish(edges, told, await tellAndKeep(writer, course.notifier, {
		told,
		outcome,
		maxMs
	}));
	return error instanceof Canceled ? ending : {
		...ending,
		exitCode: 1
	};
}
async function toldOrOpened(edges, start, at) {
	const { course, error } = at;
	if (course.opening !== void 0) return course.opening.catch(() => void 0);
	if (course.commit === void 0 || start.inputs.githubToken === void 0 || isRefusedToken(error)) return void 0;
	return openTold(writerOf(edges, course), {
		service: course.serviceName ?? "unknown service",
		commit: course.commit,
		mode: course.mode ?? "enforce",
		runUrl: start.runUrl,
		output: {
			title: "Starting",
			summary: "The gate has started."
		}
	});
}
function isRefusedToken(error) {
	return error instanceof ServiceProblem && error.failure.service === "GitHub" && error.status === 401;
}
function troubleText(error) {
	if (error instanceof ServiceProblem) return failureLine(error.failure);
	return `the gate itself failed: ${error instanceof Error ? error.message : String(error)}`;
}
function printStack(edges, error) {
	if (error instanceof ServiceProblem) return;
	const lines = error instanceof Error ? (error.stack ?? "").split("\n").slice(1) : [];
	for (const line of lines) edges.runner.info(`    ${line.trim()}`);
}
function emptyOutcome(edges, start, at) {
	const { course, told, reason } = at;
	return {
		...NOTHING_FOUND,
		verdict: "unknown",
		reason,
		mode: told?.mode ?? course.mode ?? start.inputs.mode ?? "enforce",
		serviceName: course.serviceName ?? start.inputs.service ?? "unknown service",
		...course.service === void 0 ? {} : { service: course.service },
		commit: course.commit ?? start.runSha,
		timeline: course.teller?.timeline ?? [],
		notes: course.teller?.notes ?? [],
		requests: edges.requests(),
		startedAt: course.startedAt,
		endedAt: edges.clock.now()
	};
}
// src/gate/guarded-forge.ts
function guardedForge(forge, signal) {
	const onTheirWay = new Set();
	const guarded = (write) => async (...given) => {
		goOn({ signal });
		const writing = write(...given);
		onTheirWay.add(writing);
		try {
			return await writing;
		} finally {
			onTheirWay.delete(writing);
		}
	};
	return {
		forge: {
			...forge,
			createCheckRun: guarded((run) => forge.createCheckRun(run)),
			updateCheckRun: guarded((id, change) => forge.updateCheckRun(id, change)),
			setStatus: guarded((sha, status) => forge.setStatus(sha, status)),
			openWatch: guarded((watch) => forge.openWatch(watch)),
			setWatch: guarded((id, status) => forge.setWatch(id, status)),
			createTree: guarded((base, changes) => forge.createTree(base, changes)),
			createCommit: guarded((commit) => forge.createCommit(commit)),
			createBranch: guarded((branch, sha) => forge.createBranch(branch, sha)),
			moveBranch: guarded((branch, sha) => forge.moveBranch(branch, sha)),
			deleteBranch: guarded((branch) => forge.deleteBranch(branch)),
			merge: guarded((branch, head, message) => forge.merge(branch, head, message)),
			createPull: guarded((pull) => forge.createPull(pull)),
			updatePull: guarded((number, change) => forge.updatePull(number, change)),
			comment: guarded((number, body) => forge.comment(number, body)),
			commentOnCommit: guarded((sha, body) => forge.commentOnCommit(sha, body)),
			decorate: guarded((number, wishes) => forge.decorate(number, wishes)),
			createIssue: guarded((issue) => forge.createIssue(issue)),
			updateIssue: guarded((number, change) => forge.updateIssue(number, change)),
			commentIssue: guarded((number, body) => forge.commentIssue(number, body)),
			decorateIssue: guarded((number, wishes) => forge.decorateIssue(number, wishes)),
			enableAutoMerge: guarded((pull) => forge.enableAutoMerge(pull))
		},
		settled: async () => {
			await Promise.allSettled(onTheirWay);
		}
	};
}
// src/report/progress.ts
const MOST = 200;
function standingsText(standings) {
	const counts = new Map();
	for (const { standing } of standings) counts.set(standing, (counts.get(standing) ?? 0) + 1);
	return [...counts].map(([standing, count]) => `${count} ${oneLine$2(standing)}`).join(", ");
}
function timesText(progress) {
	const elapsed = `${durationWords(progress.at - progress.startedAt)} so far`;
	if (progress.until === void 0) return elapsed;
	return `${elapsed}, ${durationWords(Math.max(0, progress.until - progress.at))} left at most`;
}
function heartbeatLine(progress) {
	const { phase, waitingFor, standings = [] } = progress;
	const checks = standings.length === 0 ? "" : `; checks: ${standingsText(standings)}`;
	const text = `${clockText(progress.at)} ${phase}: waiting for ${waitingFor} (${timesText(progress)})${checks}`;
	return cut$2(logText(text), 1e3);
}
function progressCheckRun(progress) {
	const { standings = [] } = progress;
	const elapsed = durationWords(progress.at - progress.startedAt);
	const shown = standings.slice(0, MOST).map(({ name, standing }) => {
		return `- ${codeSpan(excerpt(name, 100))}: ${inlineText(excerpt(standing, 100))}`;
	});
	const missing = standings.length - shown.length;
	const service = codeSpan(excerpt(progress.serviceName, 100));
	const phase = inlineText(excerpt(withoutStop(progress.phase), 300));
	const waitingFor = inlineText(excerpt(withoutStop(progress.waitingFor), 300));
	const lines = [
		`The gate of ${service} is at work on ${codeSpan(shortSha(progress.commit))}.`,
		`**Now**: ${phase}, waiting for ${waitingFor}.`,
		`**Time**: ${timesText(progress)}, as of ${clockText(progress.at)} UTC.`,
		...shown.length === 0 ? [] : [`**Checks so far**\n\n${shown.join("\n")}`],
		...missing === 0 ? [] : [`… and ${amountText(missing, "more check")}.`]
	];
	return {
		title: `${labelText(progress.phase, 100)} (${elapsed} so far)`,
		summary: lines.join("\n\n")
	};
}
// src/gate/teller.ts
const HEARTBEAT_MS = 3e4;
const UPDATE_MS = 3e5;
function createTeller(edges, about) {
	const { clock, runner, forge } = edges;
	const startedAt = clock.now();
	const timeline = [];
	const notes = [];
	let phase = {
		phase: "starting",
		waitingFor: "the service"
	};
	let standings;
	let lastPrinted = startedAt;
	let lastUpdate = startedAt;
	let checkRun;
	let isGroupOpen = false;
	const progress = () => ({
		...about,
		...phase,
		at: clock.now(),
		startedAt,
		...standings === void 0 ? {} : { standings }
	});
	const print = (text) => {
		runner.info(text);
		lastPrinted = clock.now();
	};
	function endPhase() {
		if (isGroupOpen) runner.endGroup();
		isGroupOpen = false;
	}
	async function update() {
		if (checkRun === void 0) return;
		lastUpdate = clock.now();
		const { id, book } = checkRun;
		try {
			await forge.updateCheckRun(id, { output: {
				...progressCheckRun(progress()),
				...stateOnly(book)
			} });
		} catch (error) {
			if (!(error instanceof ServiceProblem)) throw error;
			print(logText(`Progress could not be written to the check run: ${error.message}`));
		}
	}
	return {
		timeline,
		notes,
		moment(event) {
			timeline.push({
				at: clock.now(),
				event
			});
			print(eventLine(clock.now(), event));
		},
		line: print,
		note(text) {
			if (notes.includes(text)) return;
			notes.push(text);
			runner.warning(logText(text));
		},
		phase(next) {
			const isNew = next.phase !== phase.phase || !isGroupOpen;
			const isSame = !isNew && next.waitingFor === phase.waitingFor;
			phase = next;
			if (isSame) return;
			if (isNew) {
				endPhase();
				runner.startGroup(logText(next.phase));
				isGroupOpen = true;
			}
			print(heartbeatLine(progress()));
		},
		standings(list) {
			standings = list;
		},
		async beat() {
			const now = clock.now();
			if (now - lastPrinted >= HEARTBEAT_MS) print(heartbeatLine(progress()));
			if (now - lastUpdate >= UPDATE_MS) await update();
		},
		attach(id, book) {
			checkRun = {
				id,
				book
			};
		},
		endPhase,
		stop() {
			checkRun = void 0;
			endPhase();
		},
		current: () => phase
	};
}
// src/gate/find-service.ts
function refuse(message, hint) {
	throw new ConfigProblem([{
		message,
		hint
	}]);
}
async function findService(run, wanted) {
	const { deploys } = run.edges;
	if (SERVICE_ID.test(wanted)) {
		const service = await deploys.service(wanted);
		if (service !== void 0) return service;
		return refuse(`The service "${wanted}" does not exist, or the Render API key cannot see it.`, "Check the id, and that the key belongs to the service's workspace.");
	}
	const found = await deploys.servicesNamed(wanted);
	const [only, ...more] = found;
	if (only === void 0) return refuse(`No service named "${wanted}" is visible to the Render API key.`, "Check the spelling, and that the key belongs to the service's workspace; a srv-… id works too.");
	if (more.length === 0) return only;
	const candidates = found.map((service) => `${service.id} (${service.type}, ${service.branch ?? "no branch"}, workspace ${service.ownerId})`);
	return refuse(`${found.length} services are named "${wanted}": ${candidates.join(", ")}.`, `Set "service" to one of these ids.`);
}
const SERVICE_ID = /^(?:srv|crn)-[0-9a-z]{20}$/;
function repositoryOf(url) {
	const parts = url.toLowerCase().replace(/\/$/, "").replace(/\.git$/, "").split(/[/:@]+/);
	const host = parts.find((part) => part === "gitlab.com" || part === "bitbucket.org");
	const path = parts.slice(-2).join("/");
	return host === void 0 ? path : `${host}/${path}`;
}
async function refuseUnwatchable(run, checks) {
	const { service, edges, commit, deployId } = run;
	const mistakes = [];
	if (service.suspended) {
		const by = service.suspenders.length === 0 ? "" : ` (by ${service.suspenders.join(", ")})`;
		mistakes.push({
			message: `The service "${service.name}" is suspended${by}: Render deploys nothing to it.`,
			hint: "Resume it in the Render dashboard, then run the gate again."
		});
	}
	const here = `${edges.forge.owner}/${edges.forge.repo}`.toLowerCase();
	if (service.repo === void 0) {
		if (deployId === void 0) mistakes.push({
			message: `The service "${service.name}" deploys an image, so no deploy can be found by commit.`,
			hint: `Trigger the deploy in the workflow and pass its id as input "deploy-id".`
		});
	} else if (repositoryOf(service.repo) !== here) mistakes.push({
		message: `The service "${service.name}" deploys ${repositoryOf(service.repo)}, not ${here}.`,
		hint: `Set "service" to a service of this repository.`
	});
	else if (service.branch !== void 0) {
		if (await branchContains(run, service.branch) === "no" && deployId === void 0) mistakes.push({
			message: `The service "${service.name}" deploys the branch ${service.branch}, which does not hold ${commit.slice(0, 7)}.`,
			hint: `Start the gate only for pushes to ${service.branch}, or set "service" to the one that deploys this branch.`
		});
	}
	if (run.plan.deploy.trigger && service.type === "cron_job" && !service.autoDeploy) mistakes.push({
		message: `The cron job "${service.name}" cannot be asked to deploy a given commit, so "deploy: { trigger: true }" cannot work.`,
		hint: `Set Auto-Deploy to "On Commit" in Render, or trigger the deploy in the workflow and pass its id as input "deploy-id".`
	});
	for (const check of checks) {
		const reason = unsupportedBy(service, check);
		if (reason === void 0) continue;
		const at = check.line === void 0 || run.plan.file === void 0 ? {} : { at: {
			file: run.plan.file,
			line: check.line,
			column: 1
		} };
		mistakes.push({
			message: `Check "${check.name}": ${reason}`,
			hint: "Remove the check, or watch it through another source.",
			...at
		});
	}
	if (mistakes.length > 0) throw new ConfigProblem(mistakes);
}
async function branchContains(run, branch) {
	const comparison = await run.edges.forge.compare(run.commit, branch);
	return comparison?.relation === "ahead" || comparison?.relation === "identical" ? "yes" : "no";
}
function refuseDeadlock(run, own) {
	const { service } = run;
	if (service.autoDeployTrigger !== "checksPass" || own.length > 0) return;
	const because = run.runSha === run.commit ? "this run is itself one of them" : "the gate's own check run is one of them";
	refuse(`Deadlock: "${service.name}" deploys only after all checks of ${run.commit.slice(0, 7)} have passed, and ${because}, so neither would ever go on.`, `Set Auto-Deploy to "On Commit" in Render; or set it to "Off" and let the gate ask for the deploy (deploy: { trigger: true }); or start the gate when the deploy exists (on: deployment_status, or with the input "deploy-id").`);
}
async function warnAboutOthers(run, checkName) {
	const { service, edges, teller } = run;
	try {
		const { requiredChecks } = await edges.forge.branchRules(service.branch ?? "main");
		if (requiredChecks.includes(checkName)) teller.note(`Branch rules of ${service.branch} require "${checkName}", which exists only after the merge: pull requests can never meet it. Remove it from the rule.`);
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
	}
	try {
		const here = `${edges.forge.owner}/${edges.forge.repo}`.toLowerCase();
		const waiting = (await edges.deploys.servicesOf(service.ownerId)).filter((other) => other.id !== service.id && other.autoDeployTrigger === "checksPass" && other.branch === service.branch && other.repo !== void 0 && repositoryOf(other.repo) === here);
		if (waiting.length > 0) teller.note(`${waiting.map((other) => `"${other.name}"`).join(", ")} of this repository deploys only after all checks pass, so this gate delays it until its verdict.`);
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
	}
}
async function readCommit(run, sha) {
	const commit = await run.edges.forge.commit(sha);
	if (commit !== void 0) return commit;
	return refuse(`The commit ${sha} does not exist in ${run.edges.forge.owner}/${run.edges.forge.repo}, or the token cannot read it.`, `Check the input "commit", and grant the job "contents: read".`);
}
// src/core/gated-commit.ts
const SHA = /^[0-9a-f]{40}$/;
const NO_COMMIT = "0".repeat(40);
function field(value, ...path) {
	return path.reduce((at, key) => typeof at === "object" && at !== null && Object.hasOwn(at, key) ? at[key] : void 0, value);
}
function commitOf(value, before) {
	if (typeof value !== "string" || !SHA.test(value) || value === NO_COMMIT) return void 0;
	return {
		kind: "commit",
		sha: value,
		...typeof before === "string" && SHA.test(before) && before !== NO_COMMIT ? { before } : {}
	};
}
function refused(message, hint) {
	return {
		kind: "refused",
		message,
		hint
	};
}
const SET_COMMIT = `Set the input "commit", or start the gate on push to the deployed branch.`;
function gatedCommit(event) {
	const { name, payload } = event;
	switch (name) {
		case "push": return commitOf(field(payload, "after"), field(payload, "before")) ?? refused("This push deleted a branch; Render deploys nothing for it.", "Exclude branch deletions from the workflow's trigger.");
		case "workflow_run": return commitOf(field(payload, "workflow_run", "head_sha")) ?? refused("The workflow_run event names no head_sha.", SET_COMMIT);
		case "deployment_status": return commitOf(field(payload, "deployment", "sha")) ?? refused("The deployment_status event names no commit.", SET_COMMIT);
		case "pull_request":
		case "pull_request_target": return (field(payload, "action") === "closed" && field(payload, "pull_request", "merged") === true ? commitOf(field(payload, "pull_request", "merge_commit_sha")) : void 0) ?? refused(`Render deploys nothing for this ${name} event: the pull request was not merged by it.`, "Start the gate on push to the deployed branch.");
		case "merge_group": return refused("Render deploys nothing for a merge_group event.", "Start the gate on push to the deployed branch.");
		case "schedule":
		case "workflow_dispatch":
		case "repository_dispatch":
		case "issue_comment": return { kind: "resume" };
		default: return refused(`The event "${name}" names no commit that Render deploys.`, SET_COMMIT);
	}
}
// src/gate/start.ts
function isResuming({ event, inputs }) {
	return inputs.commit === void 0 && inputs.deployId === void 0 && gatedCommit(event).kind === "resume";
}
// src/gate/take-aim.ts
async function takeAim(edges, start, course) {
	if (start.inputs.githubToken === void 0) throw new ConfigProblem(start.mistakes);
	const aim = await planAt(edges, start, {
		course,
		...await targetOf(edges, start)
	});
	const { deployId } = start.inputs;
	return deployId === void 0 ? aim : aimAtDeploy(edges, start, {
		aim,
		course,
		deployId
	});
}
async function planAt(edges, start, at) {
	const { inputs, env } = start;
	const { course, ...target } = at;
	course.commit = target.commit;
	if (inputs.mode !== void 0) course.mode = inputs.mode;
	if (inputs.service !== void 0) course.serviceName = inputs.service;
	const loaded = await loadPlan(edges, {
		path: inputs.config,
		commit: target.commit,
		env
	});
	for (const secret of loaded.plan?.secrets ?? []) edges.runner.mask(secret);
	for (const warning of loaded.warnings ?? []) edges.runner.warning(mistakeLine(warning));
	const merged = loaded.plan === void 0 ? void 0 : effectivePlan(loaded.plan, inputs);
	const mode = inputs.mode ?? loaded.plan?.mode ?? "enforce";
	const serviceName = inputs.service ?? loaded.plan?.service ?? loaded.serviceHint ?? "unknown service";
	Object.assign(course, {
		mode,
		serviceName
	});
	const mistakes = [
		...start.mistakes,
		...loaded.mistakes,
		...merged?.ok === false ? merged.mistakes : []
	];
	if (mistakes.length > 0 || merged?.ok !== true) throw new ConfigProblem(mistakes);
	return {
		...target,
		plan: merged.plan,
		serviceName
	};
}
async function targetOf(edges, start) {
	const { inputs, event } = start;
	if (inputs.commit !== void 0) return { commit: (await readCommit({ edges }, inputs.commit)).sha };
	const gated = gatedCommit(event);
	if (gated.kind === "commit") return {
		commit: gated.sha,
		...gated.before === void 0 ? {} : { before: gated.before }
	};
	if (inputs.deployId !== void 0) return {
		commit: start.runSha,
		isAssumed: true
	};
	if (gated.kind === "refused") throw new ConfigProblem([{
		message: gated.message,
		hint: gated.hint
	}, ...start.mistakes]);
	throw new Error("a run that resumes watches aims at no commit");
}
async function aimAtDeploy(edges, start, at) {
	const { aim, course, deployId } = at;
	const service = await findService({ edges }, aim.serviceName);
	course.serviceName = service.name;
	const deploy = await edges.deploys.deploy(service.id, deployId);
	if (deploy === void 0) throw new ConfigProblem([{
		message: `The deploy "${deployId}" does not belong to the service "${service.name}" (${service.id}).`,
		hint: `Pass the id that Render gave when this service's deploy was triggered.`
	}]);
	const sha = deploy.commit?.sha;
	if (sha === void 0 || sha === aim.commit) return {
		...aim,
		service
	};
	if (start.inputs.commit !== void 0) throw new ConfigProblem([{
		message: `The inputs "commit" (${aim.commit.slice(0, 7)}) and "deploy-id" (a deploy of ${sha.slice(0, 7)}) contradict each other.`,
		hint: "Set one of them only."
	}]);
	const there = await planAt(edges, start, {
		course,
		commit: sha
	});
	course.serviceName = service.name;
	return {
		...there,
		serviceName: service.name,
		service
	};
}
// src/gate.ts
async function runGate(edges, start) {
	if (isResuming(start)) {
		const { resumeWatches } = await import("./resume.js");
		return resumeWatches(edges, start);
	}
	const course = { startedAt: edges.clock.now() };
	const guarded = guardedForge(edges.forge, start.signal);
	let ending;
	try {
		const story = tellStory(edges, start, {
			course,
			forge: guarded.forge
		});
		const { told, outcome } = await untilCanceled(start.signal, story);
		const maxMs = MESSAGES_MS;
		const { notifier } = course;
		const at = {
			told,
			outcome,
			maxMs,
			until: start.signal
		};
		ending = await finish(edges, told, await tellAndKeep(writerOf(edges, course), notifier, at));
	} catch (error) {
		ending = await otherEnd(edges, start, {
			error,
			course,
			settled: guarded.settled
		});
	}
	edges.runner.saveState("closed", "true");
	return ending;
}
async function tellStory(edges, start, at) {
	const { course } = at;
	const guarded = {
		...edges,
		forge: at.forge
	};
	const aim = await takeAim(guarded, start, course);
	const { plan, commit } = aim;
	const teller = createTeller(guarded, {
		serviceName: aim.serviceName,
		commit
	});
	course.teller = teller;
	course.notifier = createNotifier(edges, {
		plan,
		runUrl: start.runUrl,
		note: (text) => writerOf(edges, course).note(text)
	});
	const run = {
		edges: guarded,
		plan,
		mode: plan.mode,
		commit,
		runSha: start.runSha,
		runUrl: start.runUrl,
		startedAt: course.startedAt,
		inlineMs: start.inlineMs,
		signal: start.signal,
		teller,
		...aim.before === void 0 ? {} : { before: aim.before },
		...aim.isAssumed === void 0 ? {} : { isAssumed: aim.isAssumed },
		...start.inputs.deployId === void 0 ? {} : { deployId: start.inputs.deployId }
	};
	const open = (service) => {
		goOn(run);
		course.opening ??= openTold(writerOf(edges, course), {
			service,
			commit,
			mode: plan.mode,
			runUrl: start.runUrl,
			output: {
				title: "Starting",
				summary: "The gate has started."
			}
		});
		return course.opening;
	};
	if (aim.service === void 0 && !isServiceId(aim.serviceName)) await open(aim.serviceName);
	const service = aim.service ?? await findService(run, aim.serviceName);
	course.service = service;
	course.serviceName = service.name;
	const told = await open(service.name);
	if (told.checkRun !== void 0) teller.attach(told.checkRun.id, told.book);
	if (plan.file === void 0) teller.note("no config file: defaults only");
	const { story } = await import("./story.js");
	return {
		told,
		outcome: await story({
			...run,
			service,
			plan: await completedPlan(plan, service)
		}, told, {
			course,
			publisher: edges
		})
	};
}
function isServiceId(name) {
	return /^(srv|crn)-/.test(name);
}
// src/job.ts
async function runJob(env, signal) {
	const { inputs, mistakes: inputMistakes } = readInputs((name) => getInput(name));
	const inline = readInline(env["DEPLOY_GATE_INLINE"] ?? "");
	const mistakes = [...inputMistakes, ...inline.mistakes];
	const event = {
		name: env["GITHUB_EVENT_NAME"] ?? "",
		payload: await eventPayload(env["GITHUB_EVENT_PATH"])
	};
	const edges = edgesOrMistakes(inputs, env, {
		mistakes,
		isResuming: isResuming({
			event,
			inputs
		})
	});
	if (edges === void 0) return 1;
	const { exitCode } = await runGate(edges, {
		inputs,
		mistakes,
		event,
		runSha: env["GITHUB_SHA"] ?? "",
		runUrl: runUrlOf(env),
		inlineMs: inline.inlineMs,
		env: (name) => env[name],
		signal
	});
	await edges.close();
	return exitCode;
}
function edgesOrMistakes(inputs, env, about) {
	try {
		return createEdges(inputs, env, about);
	} catch (error) {
		if (!(error instanceof ConfigProblem)) throw error;
		const runner = createRunner({ redact: createRedactor([
			inputs.renderApiKey,
			inputs.githubToken,
			inputs.prToken
		].filter((secret) => secret !== void 0)) });
		for (const mistake of [...about.mistakes, ...error.mistakes]) runner.error(mistakeLine(mistake));
		return;
	}
}
async function eventPayload(path) {
	if (path === void 0 || path === "") return {};
	try {
		return JSON.parse(await readFile(path, "utf8"));
	} catch {
		return {};
	}
}
export { NEVER_JUDGED as $, stageVerdict as $t, baseUrl as A, rollbackInEffect as At, headed as B, keptDrawing as Bt, createNotifier as C, silenceOf$1 as Cn, ACTION_STATES as Ct, completedPlan as D, effectivePlan as Dn, actionSentence as Dt, untold as E, problemText as En, actionName as Et, publishActions as F, partsOf as Ft, thinned as G, spanMemory as Gt, isUneventful as H, createLives as Ht, publishStatus as I, keptCheck as It, timeAxis as J, lengthOf$1 as Jt, isDrawable as K, NO_PAIRS as Kt, publishVerdict as L, createSeries as Lt, isPath as M, plainWords as Mt, gateCheckRun as N, decodeState as Nt, loadPlan as O, nextWords as Ot, keptTold as P, encodeState as Pt, factsTable as Q, stageReason as Qt, toldName as R, keptStanding as Rt, NOTHING_TOLD as S, jsonOf$1 as Sn, hasStages as St, transitionsOf as T, ServiceProblem as Tn, actionList as Tt, seriesFacts as U, keptSpans as Ut, verdictPart as V, pointsOf as Vt, unitOfSeries as W, openIn as Wt, commitUrl as X, intervalsToKeep as Xt, valueAxis as Y, pairsOf as Yt, factsOf as Z, windowOf as Zt, Canceled as _, folded as _n, backFilled as _t, warnAboutOthers as a, samplesText as an, isSuperseded as at, MESSAGES_MS as b, linesOf$4 as bn, checksTable as bt, isPassing as c, worstFirst as cn, settledStatus as ct, newRemedyState as d, isoText as dn, comingSentence as dt, worstOf as en, VERDICT_TITLES as et, publishJob as f, failureLine as fn, coverageLines as ft, reportJson as g, codeSpan as gn, SURELY_KEPT_MS as gt, writerOf as h, addressLink as hn, unseenLines as ht, refuseUnwatchable as i, resultLine as in, isDefaultsOnly as it, hasInstances as j, markdownWords as jt, fileAtCommit as k, reasonWords as kt, createLedger as l, clockText as ln, verdictSentence as lt, untilCanceled as m, pageText as mn, linesList as mt, readCommit as n, isConcern as nn, checkRunTitle as nt, createTeller as o, evidenceFold as on, otherNotes as ot, NOTHING_FOUND as p, mistakeLine as pn, endedLines as pt, plainNumber as q, inTime as qt, refuseDeadlock as r, lineColumns as rn, decisionSentence as rt, guardedForge as s, evidenceTime as sn, resultSentence as st, runJob as t, findingLine as tn, adoptedStatus as tt, letGo as u, dateTimeText as un, verdictTitle as ut, goOn as v, inlineText as vn, withGap as vt, stillTold as w, ConfigProblem as wn, BY_HAND as wt, tellPeople as x, logMessageReply as xn, concernsList as xt, wait as y, link as yn, CHECK_WORDS as yt, pageWithState as z, standingOf as zt };
