import { c as saveState, d as startGroup, f as warning, l as setOutput, n as endGroup, o as info, p as require_undici, r as error, s as notice, t as getOctokit, u as setSecret } from "./vendor.js";
import { C as readConfig, Ft as decodeState, It as encodeState, L as finalCheckRun, Lt as partsOf, Mn as problemCheckRun, Nn as problemDescription, Rt as withState, S as healthCheck, a as NOTHING_TOLD, ar as ServiceProblem, b as crashCheck, c as slackBody, d as stillTold, f as toldAfter, g as defaultHealthPath, gn as outcomeAnnotations, hn as mistakeAnnotations, ir as ConfigProblem, l as mentionComment, m as untold, o as messageOf$1, p as transitionsOf, rr as createRedactor, rt as conclusionOf, s as webhookBody, u as keyOfWay, ut as statusText, x as defaultPlan } from "./rules.js";
import { C as unknown, S as union, _ as number$1, d as _undefined, f as array, g as looseObject, h as literal, p as boolean$1, u as _enum, v as object, w as NEVER, x as string } from "./language.js";
import { Socket, isIP } from "node:net";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, realpath, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join, relative, resolve } from "node:path";
// src/io/clock.ts
const LONGEST_TIMER_MS = 2 ** 31 - 1;
function createClock() {
	return {
		now: () => Date.now(),
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
// src/io/instant.ts
const instant = string().transform((text, context) => {
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
const text$3 = string().nullish();
const deployReply = object({
	id: string(),
	commit: object({
		id: text$3,
		message: text$3
	}).nullish(),
	image: object({ ref: text$3 }).nullish(),
	status: string(),
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
	id: string(),
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
const text$2 = string().nullish();
const details$1 = object({
	url: text$2,
	healthCheckPath: text$2,
	plan: text$2,
	numInstances: number$1().nullish(),
	maintenanceMode: object({ enabled: boolean$1().nullish() }).nullish(),
	renderSubdomainPolicy: text$2,
	maxShutdownDelaySeconds: number$1().nullish(),
	parentServer: object({ id: text$2 }).nullish()
});
const reply$1 = object({
	id: string(),
	name: string(),
	ownerId: string(),
	type: string(),
	autoDeploy: text$2,
	autoDeployTrigger: text$2,
	suspended: text$2,
	suspenders: array(string()).nullish(),
	repo: text$2,
	branch: text$2,
	rootDir: text$2,
	buildFilter: object({
		paths: array(string()).nullish(),
		ignoredPaths: array(string()).nullish()
	}).nullish(),
	dashboardUrl: text$2,
	serviceDetails: details$1.nullish()
});
function servicePath(serviceId) {
	return `/services/${encodeURIComponent(serviceId)}`;
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
const text$1 = string().optional().catch(void 0);
const number = number$1().optional().catch(void 0);
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
const user = union([string(), object({ name: text$1 })]).nullish().catch(void 0);
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
	id: string(),
	type: string(),
	timestamp: instant,
	details: unknown()
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
	const failed = failureOf(about.reason?.failure ?? about.reason);
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
function failureOf(given) {
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
	id: string().nullish(),
	name: string(),
	verificationStatus: string().nullish()
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
			path: `${servicePath(serviceId)}/deploys/${encodeURIComponent(deployId)}`,
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
	const errors = array(object({ message: string() })).safeParse(error.errors);
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
const sha$1 = object({ sha: string() });
const ref$1 = object({
	ref: string(),
	object: sha$1
});
const merge = union([
	object({
		sha: string(),
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
const MOST_PAGES$3 = 10;
const PAUSES_MS$2 = [1e3, 4e3];
function createGitHubApi(options) {
	const { owner, repo, redact, sleep, token, prToken } = options;
	return {
		at: {
			owner,
			repo
		},
		job: lineOf(options, "github-token", token),
		pr: lineOf(options, prToken === void 0 ? "github-token" : "pr-token", prToken ?? token),
		redact,
		sleep
	};
}
function lineOf(options, input, token) {
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
		async list(schema, send, mostPages = MOST_PAGES$3) {
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
const MARK = "… (cut)";
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
	return `${text.slice(0, limit - 7).replace(/[\uD800-\uDBFF]$/, "")}${MARK}`;
}
function cutBytes(text, limit) {
	const bytes = Buffer.from(text);
	if (bytes.length <= limit) return text;
	return `${bytes.subarray(0, limit - Buffer.byteLength(MARK)).toString("utf8").replace(/\uFFFD{1,3}$/, "")}${MARK}`;
}
// src/io/github-checks.ts
const MOST_ANNOTATIONS = 50;
const PAUSES_MS$1 = [1e3, 5e3];
const checkRun = object({
	id: number$1(),
	html_url: string().nullish(),
	external_id: string().nullish(),
	status: string(),
	conclusion: string().nullish(),
	output: object({
		title: string().nullish(),
		summary: string().nullish(),
		text: string().nullish(),
		annotations_count: number$1().nullish()
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
	path: string(),
	start_line: number$1(),
	annotation_level: string().nullish(),
	title: string().nullish(),
	message: string().nullish(),
	raw_details: string().nullish()
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
			await job.write(object({ id: number$1() }), () => job.request("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", {
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
const described = string().nullish().transform((text) => text ?? "");
const node = object({
	databaseId: number$1(),
	commitOid: string(),
	task: string().nullish(),
	payload: unknown(),
	createdAt: instant,
	latestStatus: object({
		state: string(),
		description: described,
		createdAt: instant,
		logUrl: string().nullish()
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
		endCursor: string().nullish()
	})
}) }) }).transform(({ repository }) => repository.deployments);
const deployment = object({
	id: number$1(),
	sha: string(),
	task: string(),
	payload: unknown(),
	created_at: instant
}).transform(({ created_at: createdAt, ...one }) => ({
	...one,
	createdAt
}));
const status = object({
	id: number$1(),
	state: string(),
	description: described,
	created_at: instant,
	log_url: string().nullish()
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
const MOST_PAGES$2 = 10;
const AT_ONCE = 10;
const PAUSE_MS = 2e3;
function limited(words, cause) {
	const message = `GitHub answered POST /graphql with a refusal: ${words}`;
	return new ServiceProblem({
		service: "GitHub",
		message,
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
		for (let count = 0; count < MOST_PAGES$2; count += 1) {
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
			await job.write(object({ id: number$1() }), () => job.request("POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", {
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
				if (words !== void 0 && /rate limit/i.test(words)) throw limited(redact(words), error);
				if (error instanceof ServiceProblem && error.failure.code === "rate-limited") throw error;
				return byRest();
			}
		},
		watchesOf
	};
}
// src/io/github-commit-comments.ts
const comment$2 = object({ body: string().nullish() });
function createCommitComments(client) {
	const { at, job, redact } = client;
	return { async commentOnCommit(sha, text) {
		const body = cutText(redact(text), LIMITS.body);
		await createOnce(() => job.write(comment$2, () => job.request("POST /repos/{owner}/{repo}/commits/{commit_sha}/comments", {
			...at,
			commit_sha: sha,
			body
		})), async () => (await job.list(array(comment$2), (page) => job.request("GET /repos/{owner}/{repo}/commits/{commit_sha}/comments", {
			...at,
			commit_sha: sha,
			per_page: 100,
			page
		}))).find((one) => one.body?.trim() === body.trim()));
	} };
}
// src/io/github-comments.ts
const MOST_PAGES$1 = 26;
const NO_ISSUE = [404, 410];
const comment$1 = object({
	id: number$1(),
	html_url: string(),
	body: string().nullish(),
	created_at: instant,
	user: object({
		login: string(),
		type: string()
	}).nullish(),
	author_association: string().nullish()
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
	permission: string(),
	role_name: string().nullish()
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
				}), MOST_PAGES$1)).filter(({ id }) => id > afterId).toSorted((one, other) => one.id - other.id);
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
const assigned = object({ assignees: array(object({ login: string() })).nullish() });
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
const sha = object({ sha: string() });
const person = object({ date: string().nullish() }).nullish();
const gitCommit = object({
	message: string(),
	tree: sha,
	author: person,
	committer: person
});
const plainCommit = gitCommit.extend({
	sha: string(),
	parents: array(sha)
}).transform((one) => commitOf(one, one));
const repositoryCommit = object({
	sha: string(),
	parents: array(sha),
	commit: gitCommit
}).transform((one) => commitOf(one, one.commit));
const comparison = object({
	status: _enum([
		"identical",
		"ahead",
		"behind",
		"diverged"
	]),
	merge_base_commit: union([repositoryCommit, sha]),
	total_commits: number$1(),
	commits: array(repositoryCommit),
	files: array(object({
		filename: string(),
		previous_filename: string().nullish(),
		status: string()
	})).nullish()
});
const ref = object({
	ref: string(),
	object: sha
});
const content = union([array(object({
	path: string(),
	type: string()
})), object({
	type: string(),
	encoding: string().nullish(),
	content: string().nullish()
})]);
const trees = object({
	tree: array(object({
		path: string(),
		type: string()
	})),
	truncated: boolean$1().nullish()
});
const folder = object({
	tree: array(object({
		path: string(),
		type: string(),
		mode: string(),
		sha: string()
	})),
	truncated: boolean$1().nullish()
});
const rules = array(object({
	type: string(),
	parameters: object({ required_status_checks: array(object({ context: string() })).nullish() }).nullish()
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
function commitOf(named, told) {
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
	id: number$1(),
	body: string().nullish()
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
	number: number$1(),
	html_url: string(),
	title: string(),
	body: string().nullish(),
	state: _enum(["open", "closed"]),
	labels: array(union([string(), object({ name: string().nullish() })])),
	assignees: array(object({ login: string() })).nullish(),
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
			await job.write(object({ number: number$1() }), () => job.request("PATCH /repos/{owner}/{repo}/issues/{issue_number}", {
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
const MOST_PAGES = 5;
const pull = object({
	number: number$1(),
	node_id: string(),
	html_url: string(),
	title: string(),
	body: string().nullish(),
	state: _enum(["open", "closed"]),
	created_at: string().nullish(),
	merged_at: string().nullish(),
	merge_commit_sha: string().nullish(),
	draft: boolean$1().nullish(),
	labels: array(object({ name: string().nullish() })).nullish(),
	head: object({
		ref: string(),
		sha: string(),
		repo: object({ full_name: string() }).nullish()
	}),
	base: object({
		ref: string(),
		repo: object({ full_name: string() })
	}),
	user: object({ login: string() }).nullish()
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
	number: number$1(),
	html_url: string()
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
			for (let page = 1; page <= MOST_PAGES; page += 1) {
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
			await pr.write(object({ number: number$1() }), () => pr.request("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", {
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
	context: string(),
	description: string().nullish(),
	target_url: string().nullish(),
	updated_at: instant.nullish().catch(void 0)
})) }).transform((page) => page.statuses);
function createStatuses(client) {
	const { at, job } = client;
	return {
		async setStatus(sha, status) {
			await job.write(object({ state: string() }), () => job.request("POST /repos/{owner}/{repo}/statuses/{sha}", {
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
	const over = failures.length === 1 ? "" : ` ${timesText(same)} over ${Math.round(end.overMs / 1e3)}s`;
	const others = otherKindsText(failures, last);
	const because = end.because === void 0 ? "" : `; ${end.because}`;
	const quote = wordsOf(last);
	const message = `${whatText(asked, last)}${over}${others}${because}${requestIdText(last)}${quote === "" ? "" : `: ${quote}`}`;
	const hint = last.status === void 0 ? void 0 : asked.hint?.(last.status);
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
		return `${kind} ${timesText(count)}`;
	});
	return texts.length === 0 ? "" : `, besides ${texts.join(", ")}`;
}
function timesText(count) {
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
function silentFailure(silence) {
	const { code, reason, unsent, permanent } = silence;
	return {
		kind: code,
		code,
		reason,
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
var import_undici = require_undici();
const UNSENT = /^(ECONNREFUSED|ENOTFOUND|EAI_|E(NET|HOST)UNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT|UND_ERR_PRX)/;
const TLS = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA)/;
const OUR_MISTAKE = /^(UND_ERR_INVALID_ARG|UND_ERR_NOT_SUPPORTED|ERR_INVALID_)/;
var TooLarge = class extends Error {};
function createDispatcher(env) {
	try {
		return new import_undici.EnvHttpProxyAgent({
			httpProxy: env["http_proxy"] ?? env["HTTP_PROXY"] ?? "",
			httpsProxy: env["https_proxy"] ?? env["HTTPS_PROXY"] ?? "",
			noProxy: env["no_proxy"] ?? env["NO_PROXY"] ?? "",
			webSocket: { maxPayloadSize: 4194304 }
		});
	} catch (cause) {
		throw new ConfigProblem([{
			message: "The environment variable HTTPS_PROXY or HTTP_PROXY holds no proxy address",
			hint: "Write it as http://host:port."
		}], { cause });
	}
}
async function exchange(dispatcher, outgoing) {
	const abort = new AbortController();
	const cancel = () => abort.abort();
	const timer = setTimeout(cancel, outgoing.timeoutMs);
	outgoing.signal?.addEventListener("abort", cancel, { once: true });
	if (outgoing.signal?.aborted === true) cancel();
	try {
		const answer = await (0, import_undici.request)(outgoing.url, {
			dispatcher,
			method: outgoing.method,
			headers: outgoing.headers,
			...outgoing.body === void 0 ? {} : { body: outgoing.body },
			signal: abort.signal,
			headersTimeout: 0,
			bodyTimeout: 0
		});
		const body = await bodyOf$1(answer.body, outgoing.maxBytes);
		return {
			kind: "answer",
			status: answer.statusCode,
			headers: joined$1(answer.headers),
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
	const code = codeOf$1(error) ?? "failed";
	const reason = error instanceof Error ? error.message.split("\n", 1)[0] ?? "" : String(error);
	const isTls = TLS.test(code);
	const isOurs = OUR_MISTAKE.test(code);
	const isTunnel = /HTTP Tunneling|Proxy connection/i.test(reason);
	return silence(code, reason === "" ? code : reason, {
		unsent: isTls || isOurs || isTunnel || UNSENT.test(code),
		permanent: isTls || isOurs
	});
}
function codeOf$1(error, depth = 0) {
	if (!(error instanceof Error) || depth > 4) return void 0;
	const { code, cause, errors } = error;
	if (typeof code === "string") return code;
	return [...Array.isArray(errors) ? errors : [], cause].map((each) => codeOf$1(each, depth + 1)).find((each) => each !== void 0);
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
function joined$1(headers) {
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
// src/io/http.ts
function createHttp(options) {
	const base = new URL(options.baseUrl.replace(/\/+$/, ""));
	const basePath = base.pathname.replace(/\/$/, "");
	const dispatcher = createDispatcher(options.proxyEnv ?? process.env);
	const overallMs = options.overallMs ?? 6e4;
	let remaining = {};
	const edge = {
		clock: options.clock,
		dispatcher,
		attemptTimeoutMs: options.attemptTimeoutMs ?? 15e3,
		patienceMs: options.patienceMs ?? 0,
		maxBytes: options.maxBytes ?? 16777216,
		random: options.random ?? Math.random,
		onRequest: options.onRequest ?? (() => void 0),
		pace: options.pace ?? (() => 0),
		depart: options.depart ?? (() => 0),
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
			hint: options.hint
		};
	};
	return {
		dispatcher,
		remaining: () => remaining,
		close: () => dispatcher.destroy(),
		json(request) {
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
		fetch(input, init = {}) {
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
function urlOf(base, path, query) {
	const url = new URL(base);
	url.pathname = `${base.pathname.replace(/\/$/, "")}${path}`;
	for (const [key, value] of Object.entries(query)) {
		if (value === void 0) continue;
		for (const each of typeof value === "object" ? value : [value]) url.searchParams.append(key, String(each));
	}
	return url;
}
function readJson(answer, request) {
	if ((answer.status === 404 || answer.status === 410) && request.notFoundIsUndefined === true) return {
		kind: "value",
		value: void 0
	};
	if (answer.status < 200 || answer.status > 299) return { kind: "failed" };
	const content = parsed(answer.body);
	if (content === void 0) return {
		kind: "garbled",
		reason: "not JSON"
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
	const isJson = /\bjson\b/i.test(answer.headers["content-type"] ?? "");
	if (isSuccess && isJson && parsed(answer.body) === void 0) return {
		kind: "garbled",
		reason: "not JSON"
	};
	if (failedAnswer(answer).transient) return { kind: "failed" };
	const isBodiless = [
		101,
		204,
		205,
		304
	].includes(answer.status);
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
function parsed(body) {
	const text = body.toString("utf8");
	if (text.trim() === "") return { json: void 0 };
	try {
		return { json: JSON.parse(text) };
	} catch {
		return;
	}
}
// src/io/render-log.ts
const text = string().nullish();
const logReply = object({
	id: text,
	timestamp: string(),
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
function byTime(a, b) {
	return a.at - b.at || belowMs(a.timestamp).localeCompare(belowMs(b.timestamp), "en");
}
// src/io/log-stream.ts
const FIRST_WAIT_MS = 1e3;
const LONGEST_WAIT_MS$1 = 3e4;
const LONGEST_REFUSED_WAIT_MS = 3e5;
const MOST_UNREADABLE = 5;
function followLogs(api, options, following) {
	const { clock } = options;
	const { signal } = following;
	const state = {
		soundUntil: clock.now(),
		isDown: false
	};
	const keepOpen = async () => {
		let wait = FIRST_WAIT_MS;
		while (!signal.aborted) {
			const turn = api.reserveStream();
			if (turn > 0) await clock.sleep(turn, signal);
			if (signal.aborted) return;
			const ended = await connect(api, {
				...options,
				state
			}, following);
			if (signal.aborted) return;
			if (!state.isDown) following.onDown(state.soundUntil, api.redact(ended.reason));
			state.isDown = true;
			if (ended.broughtLines) wait = FIRST_WAIT_MS;
			await clock.sleep(wait, signal);
			wait = Math.min(wait * 2, ended.opened ? LONGEST_WAIT_MS$1 : LONGEST_REFUSED_WAIT_MS);
		}
	};
	keepOpen().catch((error) => {
		if (!signal.aborted) following.onDown(state.soundUntil, api.redact(`log stream ended: ${String(error)}`));
	});
}
async function connect(api, options, following) {
	const { clock, state } = options;
	const { signal } = following;
	const access = api.stream("/logs/subscribe", {
		ownerId: following.ownerId,
		resource: [following.serviceId]
	});
	const watched = watch(access.dispatcher);
	let socket;
	try {
		socket = new import_undici.WebSocket(access.url, {
			dispatcher: watched.dispatcher,
			headers: access.headers
		});
	} catch (error) {
		return {
			opened: false,
			broughtLines: false,
			reason: `cannot be opened: ${String(error)}`
		};
	}
	socket.binaryType = "arraybuffer";
	return new Promise((resolve) => {
		let opened = false;
		let broughtLines = false;
		let unreadable = 0;
		const finish = (reason) => {
			clearTimeout(openTimer);
			signal.removeEventListener("abort", onAbort);
			socket.onopen = null;
			socket.onmessage = null;
			socket.onclose = null;
			socket.close();
			watched.cut();
			resolve({
				opened,
				broughtLines,
				reason
			});
		};
		const onAbort = () => finish("canceled");
		const openTimer = setTimeout(() => finish(`not open within ${options.openTimeoutMs} ms`), options.openTimeoutMs);
		signal.addEventListener("abort", onAbort, { once: true });
		const up = () => {
			state.soundUntil = clock.now();
			state.isDown = false;
			following.onUp(state.soundUntil);
		};
		socket.onopen = () => {
			clearTimeout(openTimer);
			opened = true;
			up();
		};
		socket.onmessage = ({ data }) => {
			const lines = linesOf$1(data);
			if (lines === void 0) {
				unreadable += 1;
				following.onDown(state.soundUntil, "a message could not be read");
				if (unreadable >= MOST_UNREADABLE) {
					state.isDown = true;
					finish("messages cannot be read");
				} else up();
				return;
			}
			state.soundUntil = clock.now();
			unreadable = 0;
			broughtLines ||= lines.length > 0;
			for (const line of lines) following.onLine(line);
		};
		socket.onerror = () => void 0;
		socket.onclose = ({ code }) => {
			const status = watched.status();
			const why = status === void 0 || status === 101 ? `code ${code}` : `status ${status}`;
			finish(opened ? `closed (${why})` : `cannot be opened (${why})`);
		};
	});
}
function linesOf$1(data) {
	try {
		const text = data instanceof ArrayBuffer ? new TextDecoder().decode(data) : String(data);
		const parsed = logMessageReply.safeParse(JSON.parse(text));
		return parsed.success ? parsed.data : void 0;
	} catch {
		return;
	}
}
function watch(dispatcher) {
	let status;
	let upgraded;
	const dispatch = (next) => (options, handler) => {
		return next(options, {
			onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
			onRequestUpgrade: (controller, code, headers, socket) => {
				status = code;
				upgraded = socket;
				handler.onRequestUpgrade?.(controller, code, headers, socket);
			},
			onResponseStart: (controller, code, headers, message) => {
				status = code;
				handler.onResponseStart?.(controller, code, headers, message);
			},
			onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
			onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
			onResponseError: (controller, error) => handler.onResponseError?.(controller, error)
		});
	};
	return {
		dispatcher: dispatcher.compose(dispatch),
		status: () => status,
		cut: () => upgraded?.destroy()
	};
}
// src/io/logs.ts
const FULL_PAGE$2 = 100;
const MOST_EMPTY_PAGES = 10;
function createLogs(api, options = {}) {
	return {
		read: (query) => read(api, query),
		follow(following) {
			followLogs(api, {
				clock: options.background ?? api.clock,
				openTimeoutMs: options.openTimeoutMs ?? 1e4
			}, following);
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
		for (const line of page.logs ?? []) if (!found.has(line.id)) found.set(line.id, line);
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
			dispatcher ??= createDispatcher(options.proxyEnv);
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
	const { url, headers } = addressOf$1(message.url);
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
function addressOf$1(text) {
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
	return `${failure.status === void 0 ? `it gave no answer (${failure.kind})` : `it answered ${failure.status}${wordOf(failure.text)}`}${tries === 1 ? "" : `, the last of ${tries} tries over ${Math.round(overMs / 1e3)}s`}${asked === void 0 ? "" : `, and asks to wait ${Math.ceil(asked / 1e3)}s`}`;
}
function wordOf(text) {
	const word = text.trim();
	return word.length <= QUOTE_MAX && /^[a-z]+(?:_[a-z]+)+$/.test(word) ? ` (${word})` : "";
}
// src/io/render-metric.ts
const reply = object({
	labels: array(object({
		field: string(),
		value: string()
	})).nullish(),
	unit: string().nullish(),
	values: array(object({
		timestamp: instant,
		value: number$1().nullish(),
		unit: string().nullish()
	})).nullish()
});
const metricReply = array(reply.transform(seriesOf)).nullish().transform((series) => series ?? []);
function seriesOf({ labels, unit, values }) {
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
	id: string(),
	name: string(),
	region: string().nullish()
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
		code: /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|EPROTO)/,
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
function databaseProblem(error, context) {
	if (error instanceof ServiceProblem) return error;
	const code = codeOf(error);
	const found = SENTENCES.find((row) => row.code.test(code));
	const said = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, " ").replace(/; if the root CA .*/, "").trim();
	const quoted = found === void 0 || found.quote === true ? `: ${said.slice(0, 300)}` : "";
	const message = `${found?.text(context) ?? "database failed"}${quoted} (${code})`;
	const hint = found?.hint ?? addressHint(code, context.host);
	return new ServiceProblem({
		service: "database",
		message: context.redact(message),
		code,
		...hint === void 0 ? {} : { hint }
	}, { cause: error });
}
function silentDatabase(doing, ms, host) {
	const hint = addressHint("timeout", host);
	const message = `database did not ${doing} within ${span(ms)} (timeout)`;
	return new ServiceProblem({
		service: "database",
		message,
		code: "timeout",
		...hint === void 0 ? {} : { hint }
	});
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
function addressOf(url) {
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
	const address = addressOf(url);
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
		const { timeoutMs, redact } = options;
		return databaseProblem(error, {
			host: address.host,
			timeoutMs,
			lockTimeoutMs: timeoutMs,
			redact
		});
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
function valueOf(text, typeId) {
	if (text === null) return null;
	const elementId = ARRAYS.get(typeId);
	if (elementId !== void 0) return listOf(text, (item) => valueOf(item, elementId));
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
			rows.push(Object.fromEntries(message.fields.map((field, index) => [names[index]?.name ?? String(index + 1), valueOf(field, names[index]?.dataTypeID ?? 0)])));
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
	let before = "";
	let at = 0;
	while (at < query.length) {
		const token = query.startsWith("/*", at) ? commentAt(query, at) : tokenAt(query, at);
		at += token.text.length;
		const { name } = token;
		if (name !== void 0 && brackets.at(-1) !== "subscript") {
			if (!names.includes(name)) names.push(name);
			text += `${/[\w$\x80-\uffff]$/.test(text) ? " " : ""}$${names.indexOf(name) + 1}`;
		} else text += token.text;
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
			redact: options.redact
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
const CAUSES = [
	{
		cause: "tls",
		code: /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/,
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
	const answered = about.status === void 0 ? "" : ` after status ${about.status}`;
	if (about.timeoutMs !== void 0) return {
		cause: "timeout",
		reason: `${about.status === void 0 ? "no answer" : "the body did not end"} within ${about.timeoutMs} ms${answered}`
	};
	const codes = codesOf(error);
	const found = CAUSES.find((row) => codes.some((code) => row.code.test(code)));
	const code = codes.find((each) => found?.code.test(each) ?? true);
	const words = `${found?.words ?? firstLine(error)}${answered}${code === void 0 ? "" : ` (${code})`}`;
	return about.proxied && found?.cause !== "timeout" && found?.cause !== "tls" ? {
		cause: "network",
		reason: `through the proxy: ${words}`
	} : {
		cause: found?.cause ?? "network",
		reason: words
	};
}
function codesOf(error, depth = 0) {
	if (!(error instanceof Error) || depth > 4) return [];
	const { code, cause, errors } = error;
	const inner = [...Array.isArray(errors) ? errors : [], cause];
	const own = typeof code === "string" ? code : error.name === "HTTPParserError" ? "HPE" : void 0;
	return [...own === void 0 ? [] : [own], ...inner.flatMap((each) => codesOf(each, depth + 1))];
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
		const answer = await (0, import_undici.request)(request.url, {
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
		const latencyMs = performance.now() - started;
		clearTimeout(slow);
		status = answer.statusCode;
		const { body, bodyCut } = await bodyOf(answer.body);
		return {
			kind: "answer",
			status,
			latencyMs,
			headers: joined(answer.headers),
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
	const first = (name) => env[name] || env[name.toUpperCase()] || "";
	const httpProxy = first("http_proxy");
	const httpsProxy = first("https_proxy");
	let direct = false;
	const connector = (0, import_undici.buildConnector)({
		timeout: timeoutMs,
		allowH2: false
	});
	const options = {
		pipelining: 0,
		connect: (target, callback) => {
			direct = true;
			connector(target, callback);
		}
	};
	if (httpProxy === "" && httpsProxy === "") return {
		dispatcher: new import_undici.Agent(options),
		isProxied: () => false
	};
	return {
		dispatcher: new import_undici.EnvHttpProxyAgent({
			...options,
			httpProxy,
			httpsProxy,
			noProxy: first("no_proxy")
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
function joined(headers) {
	return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(", ") : value ?? ""]));
}
// src/io/render-api.ts
const LOG_CALLS_PER_MINUTE = 10;
const READS_PER_MINUTE = 20;
const LOGS_OVERALL_MS = 15e4;
const LOGS_LEAST_MS = 65e3;
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
		cursor: string().nullish(),
		[key]: item
	});
	const schema = array(row.transform((each) => ({
		cursor: each["cursor"],
		item: each[key]
	})));
	const limit = allPages ? FULL_PAGE$1 : FIRST_PAGE;
	const found = new Map();
	let cursor;
	for (;;) {
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
		cursor = next;
	}
}
function socketUrl(url) {
	const socket = new URL(url);
	socket.protocol = url.protocol === "http:" ? "ws:" : "wss:";
	return socket;
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
			warning(clean(`${what} could not be written: ${messageOf(error)}`));
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
				warning(clean(`The job summary could not be written: ${messageOf(error)}`));
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
function messageOf(error) {
	return error instanceof Error ? error.message : String(error);
}
// src/io/service-env.ts
const FULL_PAGE = 100;
const variable = object({
	key: string(),
	value: string()
});
const variableItem = variable.transform(({ key, value }) => ({
	id: key,
	value
}));
const group = object({
	id: string(),
	serviceLinks: array(object({ id: string() })).nullish()
});
const cursor = string().nullish();
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
				path: `/services/${encodeURIComponent(id)}/env-vars`,
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
	for (;;) {
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
		if (!last || last === next) throw new ServiceProblem({
			service: "Render",
			message: `Render's list of environment groups could not be read beyond the first ${seen.size}`
		});
		next = last;
	}
}
async function groupVariables(api, groupId) {
	const found = await api.json({
		method: "GET",
		path: `/env-groups/${encodeURIComponent(groupId)}`,
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
			if (isOutside(top, resolve(top, path))) throw refused(path, "leaves the workspace");
			const real = await orUndefined(realpath(join(top, path)));
			if (real === void 0) return void 0;
			if (isOutside(await realpath(top), real)) throw refused(path, "is a link that leaves the workspace");
			const kind = await stat(real);
			if (!kind.isFile()) return void 0;
			if (kind.size > MAX_FILE_BYTES) throw refused(path, "is larger than 5 MiB");
			return readFile(real, "utf8");
		}
	};
}
function isOutside(top, path) {
	const way = relative(top, path);
	return way === ".." || way.startsWith("../") || way.startsWith("..\\") || isAbsolute(way);
}
function refused(path, why) {
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
		inputs.prToken
	]) if (secret !== void 0) runner.mask(secret);
	let githubRequests = 0;
	let githubHour = {};
	const random = options.random ?? Math.random;
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
		...options.overallMs === void 0 ? {} : { overallMs: options.overallMs }
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
	const database = createDatabase({ redact });
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
function completedPlan(plan, service) {
	if (plan.file !== void 0) return plan;
	const path = defaultHealthPath(service);
	const runsServers = service.type !== "static_site" && service.type !== "cron_job";
	const checks = [...path === void 0 ? [] : [healthCheck(path)], ...runsServers ? [crashCheck()] : []];
	return {
		...plan,
		checks
	};
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
			body: slackBody(messageOf$1(outcome, transitions, places)),
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
		return commentOn(forge, outcome.commit, mentionComment(messageOf$1(outcome, transitions, places), {
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
export { createStateBook as _, completedPlan as a, createRunner as b, gateCheckRun as c, publishActions as d, publishCanceled as f, toldName as g, publishVerdict as h, createNotifier as i, keptTold as l, publishStatus as m, tellAndKeep as n, loadPlan as o, publishMistakes as p, tellPeople as r, fileAtCommit as s, MESSAGES_MS as t, openTold as u, stateOnly as v, createEdges as y };
