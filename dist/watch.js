import { $ as NEVER_JUDGED, $t as stageVerdict, A as baseUrl, At as rollbackInEffect, B as headed, Bt as keptDrawing, C as createNotifier, Ct as ACTION_STATES, E as untold, En as problemText$1, Et as actionName, F as publishActions, Ft as partsOf$1, Gt as spanMemory, Ht as createLives, It as keptCheck, Jt as lengthOf, Kt as NO_PAIRS, L as publishVerdict, Lt as createSeries, M as isPath$1, Mt as plainWords, N as gateCheckRun, Nt as decodeState, P as keptTold, Pt as encodeState, Q as factsTable, Qt as stageReason, R as toldName, Rt as keptStanding, S as NOTHING_TOLD, T as transitionsOf, Tn as ServiceProblem, Tt as actionList, Ut as keptSpans, V as verdictPart, Vt as pointsOf, Wt as openIn, X as commitUrl, Xt as intervalsToKeep, Yt as pairsOf, Z as factsOf$1, Zt as windowOf, _n as folded$1, a as warnAboutOthers, an as samplesText, at as isSuperseded, b as MESSAGES_MS, bt as checksTable, cn as worstFirst, ct as settledStatus, d as newRemedyState, dn as isoText, dt as comingSentence, en as worstOf$1, et as VERDICT_TITLES, ft as coverageLines, gn as codeSpan, h as writerOf, hn as addressLink, ht as unseenLines, i as refuseUnwatchable, in as resultLine, j as hasInstances, jt as markdownWords, k as fileAtCommit, l as createLedger, lt as verdictSentence, mn as pageText, mt as linesList, n as readCommit, nn as isConcern, nt as checkRunTitle, on as evidenceFold, p as NOTHING_FOUND, pt as endedLines, qt as inTime, r as refuseDeadlock, rn as lineColumns, rt as decisionSentence, tn as findingLine, tt as adoptedStatus, un as dateTimeText, ut as verdictTitle, v as goOn, vn as inlineText, w as stillTold, wn as ConfigProblem, wt as BY_HAND, xt as concernsList, y as wait, yn as link, yt as CHECK_WORDS, z as pageWithState, zt as standingOf } from "./start.js";
import { $ as oneLine, C as cutText, F as ownOf$1, G as amountText$1, J as cleanText, Q as excerpt, U as labelText, W as logText, X as cut$1, Y as countText, Z as cutBytes, a as limitsOf$1, et as shortSha, h as chosen, i as seriesValue, it as comparedText, l as searchedLength, lt as durationText, m as subjectText, n as valueAt, nt as withStop, ot as quantityText, p as pathText, q as capitalized, rt as withoutStop, s as safeRegex, st as didYouMean, t as evaluateCondition, u as regexShape, x as middleOf } from "./words.js";
import { _ as parseTemplate, a as capturerOf, c as matcherOf, d as beatMs, f as checksOf, h as nextBeat, l as patternText, m as missedBeats, o as labelOf, p as dueChecks, s as levelOf, u as plainText, v as formulaSubjects } from "./config.js";
import { i as unitOf, r as listText$1 } from "./rules.js";
// src/core/following.ts
const FAILED = new Set([
	"build_failed",
	"pre_deploy_failed",
	"update_failed"
]);
const MOST_ENDED = 3;
const FINAL = new Set([
	...FAILED,
	"live",
	"deactivated",
	"canceled"
]);
function isRunning(deploy) {
	return !FINAL.has(deploy.status);
}
function ownDeploys(input) {
	const { deploys, commit, deployId } = input;
	if (deployId === void 0) return deploys.filter((deploy) => deploy.commit?.sha === commit);
	const named = deploys.find((deploy) => deploy.id === deployId);
	if (named === void 0) return [];
	const sha = named.commit?.sha;
	return deploys.filter((deploy) => deploy.id === deployId || sha !== void 0 && deploy.commit?.sha === sha && deploy.createdAt > named.createdAt);
}
function followingOf(input) {
	const own = ownDeploys(input);
	const current = own[0];
	const isOwn = (deploy) => own.some((mine) => mine.id === deploy.id);
	const rivals = input.deploys.filter((deploy) => !isOwn(deploy) && (deploy.status === "live" || isRunning(deploy)));
	if (current === void 0) return supersededOr({ kind: "absent" }, {
		input,
		rivals
	});
	const live = input.deploys.find((deploy) => deploy.status === "live");
	if (isRunning(current)) {
		const served = rivals.filter((rival) => rival.status === "live" && rival.createdAt > current.createdAt);
		return supersededOr({
			kind: "running",
			deploy: current
		}, {
			input,
			rivals: served
		});
	}
	if (live !== void 0 && isOwn(live)) return {
		kind: "live",
		deploy: live,
		...live.id === current.id ? {} : { passedOver: current }
	};
	const served = own.find(hasServed);
	if (served !== void 0 && (served === current || (live?.createdAt ?? 0) > current.createdAt)) return replacedBy$1(served, {
		input,
		live,
		rivals
	});
	if (FAILED.has(current.status)) return {
		kind: "failed",
		deploy: current
	};
	const isNewer = (deploy) => !isOwn(deploy) && deploy.createdAt >= current.createdAt;
	const canceled = {
		kind: "canceled",
		deploy: current
	};
	const following = supersededOr(canceled, {
		input,
		rivals: rivals.filter(isNewer)
	});
	if (following.kind !== "canceled") return following;
	return supersededOr(canceled, {
		input,
		rivals: input.deploys.filter((deploy) => isNewer(deploy) && hasServed(deploy)).slice(0, MOST_ENDED)
	});
}
function hasServed(deploy) {
	return deploy.status === "live" || deploy.status === "deactivated";
}
function relationOf$1(input, deploy) {
	if (deploy.commit === void 0) return "other";
	if (deploy.commit.sha === input.commit) return "same";
	return input.relations.get(deploy.commit.sha) ?? "unknown";
}
function questionOf(input, deploys) {
	const commits = new Set(deploys.flatMap((deploy) => relationOf$1(input, deploy) === "unknown" && deploy.commit !== void 0 ? [deploy.commit.sha] : []));
	return commits.size > 0 ? {
		kind: "ask",
		commits: [...commits]
	} : void 0;
}
function supersededOr(otherwise, facts) {
	const question = questionOf(facts.input, facts.rivals);
	if (question !== void 0) return question;
	const descendants = facts.rivals.filter((rival) => relationOf$1(facts.input, rival) === "descendant");
	const by = descendants.find((rival) => rival.status === "live") ?? descendants[0];
	if (by === void 0) return otherwise;
	return {
		kind: "superseded",
		by,
		..."deploy" in otherwise ? { deploy: otherwise.deploy } : {}
	};
}
function replacedBy$1(deploy, facts) {
	const { input, live } = facts;
	if (live === void 0) {
		const newer = facts.rivals.filter((rival) => rival.createdAt > deploy.createdAt);
		return supersededOr({
			kind: "displaced",
			deploy
		}, {
			input,
			rivals: newer
		});
	}
	const question = questionOf(input, [live]);
	if (question !== void 0) return question;
	const relation = relationOf$1(input, live);
	if (relation === "descendant") return {
		kind: "superseded",
		by: live,
		deploy
	};
	if (relation === "ancestor" || live.trigger === "rollback") return {
		kind: "taken-out",
		by: live,
		deploy
	};
	return {
		kind: "displaced",
		by: live,
		deploy
	};
}
function servedBefore(input) {
	const own = ownDeploys(input);
	const judged = own.find(hasServed) ?? own.at(-1);
	const served = input.deploys.filter((deploy) => hasServed(deploy) && deploy.commit?.sha !== input.commit && !own.includes(deploy));
	const now = served.find((deploy) => deploy.status === "live");
	if (judged === void 0 || now !== void 0 && !hasServed(judged)) return now;
	return served.find((deploy) => deploy.createdAt < judged.createdAt);
}
function servedCommits(input) {
	const own = ownDeploys(input);
	const since = own.find(hasServed)?.createdAt ?? 1e400;
	const commits = input.deploys.filter((deploy) => hasServed(deploy) && !own.includes(deploy) && deploy.createdAt < since).flatMap(({ commit }) => commit === void 0 ? [] : [commit.sha]);
	return [...new Set(commits)].filter((sha) => sha !== input.commit);
}
function servedAlready(input, { judged, since }) {
	return input.deploys.find((deploy) => deploy.id !== judged.id && deploy.commit?.sha === input.commit && hasServed(deploy) && deploy.createdAt < judged.createdAt && (deploy.finishedAt ?? deploy.createdAt) < since);
}
function soonestLiveMs(deploys) {
	const durations = deploys.flatMap((deploy) => (deploy.status === "live" || deploy.status === "deactivated") && deploy.startedAt !== void 0 && deploy.finishedAt !== void 0 ? [deploy.finishedAt - deploy.startedAt] : []);
	return durations.length === 0 ? 0 : Math.max(0, Math.min(...durations) / 2);
}
function pollMs(following, about) {
	if (following.kind === "absent") return BUILD_POLL_MS;
	if (following.kind !== "running") return LIVE_POLL_MS;
	const { deploy } = following;
	if (!BEFORE_UPDATE$2.has(deploy.status)) return LIVE_POLL_MS;
	if ((deploy.startedAt ?? about.now) + about.soonestMs - about.now > 3e4) return 1e4;
	return about.hasUpdate ? BUILD_POLL_MS : LIVE_POLL_MS;
}
const BEFORE_UPDATE$2 = new Set([
	"queued",
	"created",
	"build_in_progress",
	"pre_deploy_in_progress"
]);
const LIVE_POLL_MS = 3e3;
const BUILD_POLL_MS = 5e3;
// src/gate/acting.ts
function doneOf(step) {
	const url = step.actions.find((action) => action.kind === step.kind)?.url;
	return {
		actions: step.actions,
		...step.pull === void 0 || url === void 0 ? {} : { revert: {
			number: step.pull,
			url
		} },
		...step.deploy === void 0 || step.state !== "done" ? {} : { rollbackDeployId: step.deploy }
	};
}
function withDone(outcome, done) {
	return {
		...outcome,
		actions: [...outcome.actions, ...done.actions],
		...done.revert === void 0 ? {} : { revert: done.revert },
		...done.rollbackDeployId === void 0 ? {} : { rollbackDeployId: done.rollbackDeployId }
	};
}
function rollbackOf(acting) {
	const step = acting.ledger?.remedy.steps.find((one) => one.kind === "render_rollback" && one.deploy !== void 0);
	return step?.deploy === void 0 ? void 0 : {
		deploy: step.deploy,
		isDone: step.state === "done"
	};
}
function broughtNoCode(run, { outcome, list }) {
	const { deploy, commit } = outcome;
	if (deploy === void 0) return void 0;
	if (run.isAssumed === true && deploy.commit === void 0) return "the deploy names no commit, and neither does the event: no commit is known to be the cause";
	const before = servedAlready({
		deploys: list.deploys,
		commit
	}, {
		judged: deploy,
		since: run.startedAt
	});
	return before === void 0 ? void 0 : `${before.id} served the same commit before: ${deploy.id} brought no new code that could be taken back`;
}
// src/report/skip-phrase.ts
const SKIPPED = "render|deploy|deployment|cd|ci|actions|checks?|netlify|vercel|azp|travis|circleci|cf|pages";
const SPACE = "[\\s_-]*";
const PHRASE = new RegExp(`\\[\\s*(?:(?:skip|no)${SPACE}(?:${SKIPPED})|(?:${SKIPPED})${SPACE}skip)\\s*\\]|\\*\\*\\*no_ci\\*\\*\\*`, "giu");
const TRAILER$1 = /\bskip-checks\s*:\s*true\b/giu;
const MOST_ROUNDS = 10;
function withoutSkipPhrases(text) {
	let shown = text.replace(TRAILER$1, "skip-checks");
	for (let round = 0; round < MOST_ROUNDS; round += 1) {
		const next = shown.replace(PHRASE, "");
		if (next === shown) return shown;
		shown = next;
	}
	return shown.replaceAll("[", "(").replaceAll("***", "");
}
// src/report/message-text.ts
const BREAK = "​";
const CLOSES = new RegExp(`\\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\\s+(?=(?:[\\w.-]{1,100}/[\\w.-]{1,100})?#\\d|gh-\\d|https?:)`, "giu");
function withoutClosing(text) {
	return text.replace(CLOSES, (words) => `${words.trimEnd()} issue `);
}
function quotedMessageText(text) {
	return withoutClosing(withoutSkipPhrases(cleanText(text))).replace(/(?<!\w)@(?=\w)/gu, "@ ");
}
function messageText(text, max) {
	const clean = withoutClosing(withoutSkipPhrases(excerpt(text, 1e3)));
	const line = oneLine(clean).replace(/@(?=\w)/gu, `@${BREAK}`);
	return line === "" ? "(no subject)" : cut$1(line, max);
}
// src/core/act-guard.ts
function actGuard(input) {
	const { guards, holds, now, liveAt } = input;
	if (holds.length > 0) return `held by label "${guards.holdLabel}": ${holds.join(", ")}`;
	return liveAt !== void 0 && now - liveAt > guards.actWithinMs ? `live for longer than act_within (${durationText(guards.actWithinMs)}): advice only` : void 0;
}
// src/core/glob.ts
const MOST_ALTERNATIVES = 128;
const anything = () => true;
const notSlash = (character) => character !== "/";
function matchesGlob(pattern, path) {
	return globTest(pattern)(path);
}
function deploysFor(service, files) {
	const root = service.rootDir.replace(/^(?:\.?\/)+|^\.$/, "").replace(/\/+$/, "");
	const included = (service.buildFilter?.paths ?? []).map(globTest);
	const ignored = (service.buildFilter?.ignoredPaths ?? []).map(globTest);
	if (root === "" && included.length === 0 && ignored.length === 0) return true;
	return files.some((file) => {
		if (ignored.some((test) => test(file))) return false;
		if (included.length > 0) return included.some((test) => test(file));
		return root === "" || file.startsWith(`${root}/`);
	});
}
function globTest(pattern) {
	const rooted = pattern.replace(/^(?:\.?\/)+/, "");
	const whole = rooted.endsWith("/") ? `${rooted}**` : rooted;
	const programs = (alternativesOf(whole) ?? [whole]).map(stepsOf);
	return (path) => programs.some((steps) => isAccepted$1(steps, path));
}
function isAccepted$1(steps, path) {
	let reached = new Set();
	enter(steps, 0, reached);
	for (const character of path) {
		const next = new Set();
		for (const at of reached) {
			const step = steps[at];
			if (step === void 0 || step.kind === "fork" || !step.test(character)) continue;
			enter(steps, step.kind === "one" ? at + 1 : at, next);
		}
		if (next.size === 0) return false;
		reached = next;
	}
	return reached.has(steps.length);
}
function enter(steps, start, reached) {
	const waiting = [start];
	for (let at = waiting.pop(); at !== void 0; at = waiting.pop()) {
		if (reached.has(at)) continue;
		reached.add(at);
		const step = steps[at];
		if (step?.kind === "many") waiting.push(at + 1);
		if (step?.kind === "fork") waiting.push(at + 1, at + step.skip);
	}
}
function stepsOf(pattern) {
	const steps = [];
	const literal = (text) => ({
		kind: "one",
		test: (character) => character === text
	});
	const characters = Array.from(pattern);
	for (let at = 0; at < characters.length; at += 1) {
		const character = characters[at] ?? "";
		if (character === "*") {
			const isFolderStart = at === 0 || characters[at - 1] === "/";
			let end = at;
			while (characters[end + 1] === "*") end += 1;
			const isDeep = end > at;
			if (isDeep && isFolderStart && characters[end + 1] === "/") {
				steps.push({
					kind: "fork",
					skip: 3
				}, {
					kind: "many",
					test: anything
				}, literal("/"));
				end += 1;
			} else steps.push({
				kind: "many",
				test: isDeep ? anything : notSlash
			});
			at = end;
		} else if (character === "?") steps.push({
			kind: "one",
			test: notSlash
		});
		else if (character === "\\" && at + 1 < characters.length) {
			at += 1;
			steps.push(literal(characters[at] ?? ""));
		} else {
			const set = character === "[" ? setAt(characters, at) : void 0;
			steps.push(set === void 0 ? literal(character) : {
				kind: "one",
				test: set.test
			});
			at = set?.end ?? at;
		}
	}
	return steps;
}
function setAt(characters, start) {
	const isNegated = characters[start + 1] === "!" || characters[start + 1] === "^";
	const first = start + (isNegated ? 2 : 1);
	const end = characters.indexOf("]", first + 1);
	if (end < 0) return void 0;
	const ranges = [];
	for (let at = first; at < end; at += 1) {
		const from = characters[at] ?? "";
		const isRange = characters[at + 1] === "-" && at + 2 < end;
		ranges.push([from, isRange ? characters[at + 2] ?? "" : from]);
		if (isRange) at += 2;
	}
	return {
		end,
		test: (character) => character !== "/" && ranges.some(([from, to]) => from <= character && character <= to) !== isNegated
	};
}
function alternativesOf(pattern) {
	let open = [pattern];
	const done = [];
	while (open.length > 0) {
		if (open.length + done.length > MOST_ALTERNATIVES) return void 0;
		open = open.flatMap((each) => {
			const brace = firstBrace(each);
			if (brace !== void 0) return brace.choices.map((choice) => each.slice(0, brace.start) + choice + each.slice(brace.end + 1));
			done.push(each);
			return [];
		});
	}
	return done;
}
function firstBrace(pattern) {
	const open = [];
	let outermost;
	for (let at = 0; at < pattern.length; at += 1) {
		const character = pattern[at];
		if (character === "\\") at += 1;
		else if (character === "{") open.push({
			start: at,
			commas: []
		});
		else if (character === ",") open.at(-1)?.commas.push(at);
		else if (character === "}") {
			const closed = open.pop();
			if (closed === void 0) continue;
			if (outermost === void 0 || closed.start < outermost.start) outermost = {
				...closed,
				end: at
			};
			if (open.length === 0) break;
		}
	}
	if (outermost === void 0) return void 0;
	const { start, end, commas } = outermost;
	const edges = [
		start,
		...commas,
		end
	];
	return {
		start,
		end,
		choices: edges.slice(1).map((edge, index) => pattern.slice((edges[index] ?? 0) + 1, edge))
	};
}
// src/core/patch-branch.ts
const PATCH_TRAILER = "Deploy-Gate-Patch:";
const PATCH_BRANCH_PREFIX = "deploy-gate/patch-";
function patchBranch(commit, patch) {
	const slug = patch.replace(/\.(?:patch|diff)$/iu, "").toLowerCase().replaceAll(/[^a-z0-9]+/gu, "-").slice(-60).replaceAll(/^-+|-+$/gu, "");
	return `${PATCH_BRANCH_PREFIX}${commit.slice(0, 12)}-${slug === "" ? "file" : slug}`;
}
function isGatePatch(message) {
	return message.split("\n").some((line) => line.startsWith("Deploy-Gate-Patch:")) || /^Merge pull request #\d+ from [^\s/]+\/deploy-gate\/patch-/.test(message);
}
// src/core/revert-plan.ts
const REVERT_TRAILER = "Deploy-Gate-Revert:";
const REVERT_BRANCH_PREFIX = "deploy-gate/revert-";
const MAX_PULLS = 20;
const MAX_AGE_MS = 12096e5;
function isGateRevert(message) {
	return message.split("\n").some((line) => line.startsWith("Deploy-Gate-Revert:")) || /^Merge pull request #\d+ from [^\s/]+\/deploy-gate\/revert-/.test(message);
}
function revertBranch(base, commit) {
	return `${revertBranchPrefix(commit)}${base.slice(0, 12)}`;
}
function revertBranchPrefix(commit) {
	return `${REVERT_BRANCH_PREFIX}${commit.slice(0, 12)}-to-`;
}
function firstParents(commits, end) {
	const bySha = new Map(commits.map((commit) => [commit.sha, commit]));
	const chain = [];
	for (let at = bySha.get(end); at !== void 0 && !chain.includes(at);) {
		chain.push(at);
		const parent = at.parents[0];
		at = parent === void 0 ? void 0 : bySha.get(parent);
	}
	return chain.reverse();
}
function held(reason) {
	return {
		kind: "held",
		reason
	};
}
function revertPlan(input) {
	const hold = holdOf(input);
	if (hold !== void 0) return held(hold);
	const { commit, step } = input;
	const scope = scopeOf$1(input);
	const range = scope === "push" ? input.push : input.range;
	if (range === void 0) return held("the commit has no parent to go back to");
	const others = scope === "push" ? [] : otherPushes(input, range);
	const doubt = rangeHoldOf(range);
	if (doubt !== void 0) return held(doubt);
	const guard = guardOf(input, others);
	if (guard !== void 0) return {
		kind: "held",
		reason: guard,
		adviceBase: range.base
	};
	const draftReasons = draftReasonsOf(input, {
		range,
		others
	});
	return {
		kind: "go",
		base: range.base,
		scope,
		branch: revertBranch(range.base, commit.sha),
		draft: step.draft || draftReasons.length > 0,
		draftReasons,
		autoMerge: step.autoMerge && draftReasons.length === 0 && !step.draft,
		commits: range.commits,
		others,
		files: range.files
	};
}
function holdOf(input) {
	const { commit, service } = input;
	if (!input.isAncestorOfBranch) return `${commit.sha.slice(0, 7)} is no longer in ${service.branch ?? "the service's branch"}: nothing to revert there`;
	const own = ownText(commit, input);
	if (own !== void 0) return own;
	if (!input.isPreviousAncestor) return `the commit that served before${input.range === void 0 ? "" : ` (${input.range.base.slice(0, 7)})`} is not an ancestor of ${commit.sha.slice(0, 7)}`;
}
function ownText(commit, from = {}) {
	const short = commit.sha.slice(0, 7);
	if (from.isFromRevertBranch === true || isGateRevert(commit.message)) return `${short} is itself a revert by the gate; a failing revert needs a person and is never reverted`;
	return from.isFromPatchBranch === true || isGatePatch(commit.message) ? `${short} is itself a patch by the gate; a failing patch needs a person and is never reverted` : void 0;
}
function scopeOf$1({ step, range, others, service }) {
	if (step.scope === "push" || range === void 0) return "push";
	if (others === void 0) return "deploy";
	return others.filesCut || others.commitsCut || deploysFor(service, others.files) ? "deploy" : "push";
}
function otherPushes({ commit, push }, range) {
	const own = new Set([commit.sha, ...(push?.commits ?? []).map((one) => one.sha)]);
	return firstParents(range.commits, commit.sha).filter((one) => !own.has(one.sha));
}
function rangeHoldOf(range) {
	const own = range.commits.map((one) => ownText(one)).find((text) => text !== void 0);
	if (own !== void 0) return own;
	return range.commitsCut ? "the range since the previous deploy is longer than GitHub lists" : void 0;
}
function guardOf(input, others) {
	const guard = actGuard(input);
	if (guard !== void 0 || others.length === 0) return guard;
	if (others.length + 1 > MAX_PULLS) return `${others.length + 1} pushes since the previous deploy, at most ${MAX_PULLS} are taken back: advice only`;
	const oldest = Math.min(...others.map((one) => one.committedAt));
	return input.now - oldest > MAX_AGE_MS ? "the range since the previous deploy is older than 14 days: advice only" : void 0;
}
function draftReasonsOf(input, { range, others }) {
	const migrations = range.files.filter((file) => input.guards.migrations.some((glob) => matchesGlob(glob, file)));
	const pushes = others.length === 1 ? "1 other push" : `${others.length} other pushes`;
	const aboutMigrations = [
		...input.preDeployFailed ? ["the pre-deploy command failed: the database may be half migrated"] : [],
		...migrations.length > 0 ? [`it touches migrations (${migrations.slice(0, 3).join(", ")}): reverting code does not undo them`] : [],
		...range.filesCut ? ["GitHub did not list every file, so migrations may be among them"] : []
	];
	return [...others.length > 0 ? [`it takes back ${pushes} besides this one`] : [], ...input.step.despiteMigrations ? [] : aboutMigrations];
}
// src/report/service-section.ts
const BODY_MAX = 65536;
function markerName(service) {
	return encodeURIComponent(service.toWellFormed()).replaceAll("-", "%2D");
}
function markersOf(service) {
	const name = markerName(service);
	return {
		begin: `<!-- deploy-gate:service=${name} -->`,
		end: `<!-- /deploy-gate:service=${name} -->`
	};
}
const ANY_END = /^<!-- \/deploy-gate:service=[^\s]{1,1000} -->$/gmu;
const TRAILER = /^Deploy-Gate-Revert: /mu;
function lineOf(body, marker, from) {
	for (let at = body.indexOf(marker, from); at !== -1; at = body.indexOf(marker, at + 1)) {
		const after = body[at + marker.length];
		if ((at === 0 || body[at - 1] === "\n") && (after === void 0 || after === "\n" || after === "\r")) return at;
	}
	return -1;
}
function markedSection(service, section) {
	const { begin, end } = markersOf(service);
	return `${begin}\n${section}\n${end}`;
}
function hasServiceSection(body, service) {
	return lineOf(body, markersOf(service).begin, 0) !== -1;
}
function commentSection(service, section) {
	return cutBytes(`${markersOf(service).begin}\n${section}`, BODY_MAX);
}
function placeFor(body) {
	const last = [...body.matchAll(ANY_END)].at(-1);
	if (last !== void 0) return last.index + last[0].length;
	const trailer = body.search(TRAILER);
	return trailer === -1 ? body.length : trailer;
}
function isWithinLimit(body) {
	return body.length <= BODY_MAX;
}
function shortened$2(section) {
	const [lead = ""] = section.split("\n<details>");
	return `${cutBytes(lead.trimEnd(), 4e3)}\n\n_Evidence left out: this description is full._`;
}
function withServiceSection(existingBody, serviceName, section) {
	const { begin, end } = markersOf(serviceName);
	const from = lineOf(existingBody, begin, 0);
	const to = from === -1 ? -1 : lineOf(existingBody, end, from);
	const bodyWith = (text) => {
		const marked = markedSection(serviceName, text);
		if (to !== -1) return existingBody.slice(0, from) + marked + existingBody.slice(to + end.length);
		const place = placeFor(existingBody);
		const before = existingBody.slice(0, place);
		const after = existingBody.slice(place);
		const lead = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
		const tail = after === "" || after.startsWith("\n") ? "" : "\n\n";
		return before + lead + marked + tail + after;
	};
	return [bodyWith(section), bodyWith(shortened$2(section))].find(isWithinLimit) ?? existingBody;
}
// src/report/pull-request.ts
const TITLE_MAX$2 = 256;
const SUBJECT_MAX = 200;
const EVIDENCE_MAX = 12e3;
const MOST$1 = 50;
function bodyText(text, max) {
	return inlineText(excerpt(withoutSkipPhrases(cleanText(text)), max));
}
function bodyCode(text, max) {
	return codeSpan(excerpt(quotedMessageText(text), max));
}
function commitCode(sha) {
	return bodyCode(shortSha(sha), 40);
}
function subjectOf(text) {
	const [pull, ...otherPulls] = text.pulls;
	const [commit, ...otherCommits] = text.commits;
	if (commit !== void 0 && otherCommits.length === 0) return commit.subject;
	return pull !== void 0 && otherPulls.length === 0 && text.others.length === 0 ? pull.title : void 0;
}
function headline(text, max) {
	const subject = subjectOf(text);
	if (subject === void 0) return `Revert ${amountText$1(text.commits.length, "commit")} up to ${messageText(shortSha(text.bad), 40)}`;
	return `Revert "${messageText(subject, max - 9)}"`;
}
function pullRequestTitle(text) {
	return headline(text, TITLE_MAX$2);
}
function trailer(text) {
	const [good, bad] = [text.good, text.bad].map((sha) => sha.replace(/[^0-9a-z]/giu, "").slice(0, 64));
	return `${REVERT_TRAILER} ${good}..${bad}`;
}
function listText(items, lineOf) {
	const lines = items.slice(0, MOST$1).map((item) => `- ${lineOf(item)}`);
	const missing = items.length - lines.length;
	return [...lines, ...missing === 0 ? [] : [`- … and ${missing} more`]].join("\n");
}
function doneText(actions) {
	const list = actionList(actions.map(({ reason, ...action }) => reason === void 0 ? action : {
		...action,
		reason: withoutSkipPhrases(cleanText(reason))
	}));
	return list === "" ? "" : `### What the gate did\n\n${list}`;
}
function serviceSection(text, options = {}) {
	const [service = "the service"] = text.services;
	const evidence = text.evidence.map(({ at, from, text }) => ({
		...at === void 0 ? {} : { at },
		...from === void 0 ? {} : { from: quotedMessageText(from) },
		text: quotedMessageText(text)
	}));
	const links = [text.checkRunUrl === void 0 ? "" : link("Check run", text.checkRunUrl), text.runUrl === void 0 ? "" : link("Workflow run", text.runUrl)];
	return [
		`### What failed: ${bodyText(service, 100)}`,
		listText(text.reasons, (reason) => withStop(bodyText(reason, 600))),
		options.hasDoubts === true && text.draftReasons.length > 0 ? `Think twice before merging:\n\n${listText(text.draftReasons, (reason) => withStop(bodyText(capitalized(reason), 400)))}` : "",
		links.filter((part) => part !== "").join(" · "),
		evidenceFold("Evidence", evidence, { max: EVIDENCE_MAX }),
		doneText(text.actions ?? [])
	].filter((part) => part !== "").join("\n\n");
}
function serviceComment(text) {
	const [service = "the service"] = text.services;
	return commentSection(service, serviceSection(text));
}
function shellWord(text) {
	const clean = excerpt(text, 300);
	return /^[\w./-]+$/u.test(clean) ? clean : `'${clean.replaceAll("'", `'\\''`)}'`;
}
function revertByHand(range) {
	const [good, bad] = [range.good, range.bad].map((sha) => excerpt(sha, 40));
	return [
		"git fetch origin",
		`git switch -c ${shellWord(range.to)} ${shellWord(`origin/${range.branch}`)}`,
		`git cherry-pick $(git commit-tree -p ${bad} -m "Revert ${shortSha(range.good)}..${shortSha(range.bad)}" ${good}^{tree})`
	].join(" && ");
}
function pullLine(pull) {
	const author = pull.author === void 0 ? "" : ` by ${bodyText(pull.author, 60)}`;
	return `${link(`#${pull.number}`, pull.url)} ${bodyText(pull.title, SUBJECT_MAX)}${author}`;
}
function takenBack(text) {
	const commits = listText(text.commits, ({ sha, subject }) => {
		return `${commitCode(sha)} ${bodyText(subject, SUBJECT_MAX)}`;
	});
	const range = `${bodyCode(`${shortSha(text.good)}..${shortSha(text.bad)}`, 100)} on ${bodyCode(text.baseBranch, 200)}`;
	const count = amountText$1(text.commits.length, "commit");
	return [
		"### What this takes back",
		...text.pulls.length === 0 ? [] : [listText(text.pulls, pullLine)],
		text.commits.length > 10 ? folded$1(count, `${range}\n\n${commits}`) : `${count}, ${range}:\n\n${commits}`
	].join("\n\n");
}
function othersPart(text) {
	if (text.others.length === 0) return "";
	return `### Other pushes that it takes back as well\n\nThey went into production with the same deploy or before it, after the last good one.\n\n${listText(text.others, ({ sha, subject, fate }) => {
		return `${commitCode(sha)} ${bodyText(subject, SUBJECT_MAX)}: ${withStop(bodyText(fate, 300))}`;
	})}`;
}
function draftPart(text) {
	if (text.draftReasons.length === 0) return "";
	return `### Why this is a draft\n\n${listText(text.draftReasons, (reason) => withStop(bodyText(capitalized(reason), 400)))}`;
}
const AGAIN = `### To land the change again

Revert the commit that this pull request makes, add the fix, and merge that. Merging the old branch again brings nothing back: git already counts its commits as merged.

Closing this pull request without merging it is a no: the gate will not open another one for the same range.`;
function pullRequestBody(text) {
	const [service = "the service", ...others] = text.services;
	const also = others.length === 0 ? "" : ` It is also what ${others.map((name) => bodyCode(name, 100)).join(", ")} deployed.`;
	const intro = `The deploy of ${commitCode(text.bad)} to ${bodyCode(service, 100)} failed its gate. This takes back what came after ${commitCode(text.good)}, up to and with that commit; later commits stay.${also}`;
	const end = trailer(text);
	return `${pageText([
		intro,
		draftPart(text),
		markedSection(service, serviceSection(text)),
		takenBack(text),
		othersPart(text),
		AGAIN
	], BODY_MAX - end.length - 2)}\n\n${end}`;
}
function revertCommitMessage(text) {
	const commits = listText(text.commits, ({ sha, subject }) => {
		return `${messageText(shortSha(sha), 40)} ${messageText(subject, 120)}`;
	});
	const reasons = listText(text.reasons, (reason) => messageText(reason, 300));
	const service = messageText(text.services[0] ?? "the service", 100);
	return [
		headline(text, 120),
		`The deploy of ${messageText(shortSha(text.bad), 40)} to ${service} failed its gate:\n${reasons}`,
		`This takes back:\n${commits}`,
		trailer(text)
	].join("\n\n");
}
// src/report/issue.ts
const ISSUE_LABEL = "deploy-gate";
const TITLE_MAX$1 = 256;
function serviceOf$1(text) {
	return text.services[0] ?? "the service";
}
function issueTitle(text) {
	if (text.title !== void 0) return messageText(text.title, TITLE_MAX$1);
	const what = text.failedCheck ?? text.reasons[0] ?? "the deploy itself";
	return messageText(`Deploy of ${serviceOf$1(text)} at ${shortSha(text.bad)} failed: ${what}`, TITLE_MAX$1);
}
function issueMarker(service, commit, what = "issue") {
	return `<!-- deploy-gate:${what}=${encodeURIComponent(service.toWellFormed()).replaceAll("-", "%2D")}:${commit.replace(/[^0-9a-z]/giu, "").slice(0, 64)} -->`;
}
function hasMarker(body, marker) {
	return body.startsWith(marker) && /^(?:\r?\n|$)/u.test(body.slice(marker.length));
}
function isIssueAbout(body, service, commit) {
	return hasMarker(body, issueMarker(service, commit));
}
const NO = "Close this issue when the failure is dealt with: the gate opens no other one about the same deploy.";
function issueBody(text) {
	const service = serviceOf$1(text);
	const intro = `The deploy of ${link(shortSha(text.bad), text.commitUrl)} to ${bodyCode(service, 100)} failed its gate.`;
	const marker = issueMarker(service, text.bad);
	return `${marker}\n${pageText([
		intro,
		markedSection(service, serviceSection(text)),
		NO
	], BODY_MAX - marker.length - 1)}`;
}
function updatedIssueBody(body, text) {
	const service = serviceOf$1(text);
	return hasServiceSection(body, service) ? withServiceSection(body, service, serviceSection(text)) : body;
}
// src/gate/pull.ts
const MOST_REWRITES = 3;
async function pullOf(run, branch) {
	return openFirst(await run.edges.forge.pullsFrom(branch));
}
function openFirst(pulls) {
	return pulls.find((pull) => pull.state === "open") ?? pulls[0];
}
async function addSection(run, pull, section) {
	const { forge } = run.edges;
	let { body } = pull;
	for (let writes = 0; writes < MOST_REWRITES; writes += 1) {
		const wanted = withServiceSection(body, run.service.name, section);
		if (wanted === body) return;
		await forge.updatePull(pull.number, { body: wanted });
		const now = (await forge.pullsFrom(pull.headRef)).find((one) => one.number === pull.number);
		if (now === void 0) return;
		body = now.body;
	}
}
async function createPull(run, wish) {
	const { forge } = run.edges;
	const { sha, ...asked } = wish;
	let pull;
	try {
		pull = await forge.createPull(asked);
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		if (wish.draft && /draft pull requests are not supported/i.test(error.message)) return createPull(run, {
			...wish,
			draft: false
		});
		const met = await pullOf(run, wish.head);
		if (met !== void 0) return {
			kind: "met",
			pull: met
		};
		const hint = error.failure.hint === void 0 ? "" : `. ${error.failure.hint}`;
		return {
			kind: "refused",
			reason: `the branch ${wish.head} is ready, but its pull request could not be opened: ${error.message}${hint}`,
			url: `${forge.webUrl}/compare/${encodeURIComponent(wish.base)}...${wish.head}?expand=1`
		};
	}
	if (pull.headSha !== sha) await forge.moveBranch(wish.head, sha);
	return {
		kind: "opened",
		pull
	};
}
async function decorate(run, pull, step) {
	for (const sentence of await run.edges.forge.decorate(pull.number, step)) run.teller.note(sentence);
}
function lacksLabels(pull, labels) {
	const own = new Set(pull.labels.map((label) => label.toLowerCase()));
	return labels.some((label) => !own.has(label.toLowerCase()));
}
function openedText(pull, wanted) {
	const isNone = wanted.isDraft && !pull.draft;
	const reasons = [...wanted.reasons, ...isNone ? ["this repository has no drafts, so do not merge it unread"] : []];
	return `opened ${pull.draft ? "draft " : ""}#${pull.number}${reasons.length === 0 ? "" : `: ${reasons.join("; ")}`}`;
}
// src/gate/marked-issue.ts
async function oldest(forge, marker) {
	return (await forge.issuesWithLabel(ISSUE_LABEL)).filter(({ body }) => hasMarker(body, marker)).toSorted((a, b) => a.number - b.number)[0];
}
async function openMarked(forge, wish) {
	const known = await oldest(forge, wish.marker);
	if (known !== void 0) return {
		issue: known,
		isNew: false
	};
	const body = `${wish.marker}\n${wish.body}`;
	const issue = await forge.createIssue({
		title: wish.title,
		body,
		labels: [ISSUE_LABEL]
	});
	const first = await oldest(forge, wish.marker);
	if (first === void 0 || first.number >= issue.number) return {
		issue,
		isNew: true
	};
	await forge.updateIssue(issue.number, {
		body: `Opened at the same moment as #${first.number}, which goes on.`,
		state: "closed"
	});
	return {
		issue: first,
		isNew: false
	};
}
async function decorateIssue(run, issue, { labels, assignees }) {
	const isAssigned = new Set(issue.assignees.map((name) => name.toLowerCase()));
	const wishes = {
		labels: labels.filter((label) => lacksLabels(issue, [label])),
		assignees: assignees.filter((name) => !isAssigned.has(name.replace(/^@/, "").toLowerCase()))
	};
	for (const sentence of await run.edges.forge.decorateIssue(issue.number, wishes)) run.teller.note(sentence);
}
// src/core/log-facts.ts
const NOT_THINNED = {
	value: [],
	rate: []
};
const START_SLACK_MS = 1e3;
function requestsFrom(facts) {
	return facts.liveAt === void 0 ? void 0 : facts.liveAt + 6e4 + facts.shutdownDelayMs;
}
function withWindow(windows, window) {
	const isApart = ({ from, to }) => to < window.from || from > window.to;
	const joined = [...windows.filter((one) => !isApart(one)), window];
	return [...windows.filter(isApart), {
		from: Math.min(...joined.map(({ from }) => from)),
		to: Math.max(...joined.map(({ to }) => to))
	}];
}
function withoutWindow(windows, window) {
	return windows.flatMap(({ from, to }) => [{
		from,
		to: Math.min(to, window.from)
	}, {
		from: Math.max(from, window.to),
		to
	}]).filter(({ from, to }) => from < to);
}
const LEAST_LAG_MS = 15e3;
const MOST_LAG_MS = 6e4;
function settledAt(facts, { at, lagMs = 0 }) {
	return Math.min(at, facts.knownTo ?? at) - Math.min(MOST_LAG_MS, Math.max(LEAST_LAG_MS, lagMs));
}
function belongs(line, facts) {
	const isSinceStart = line.at >= facts.startedAt - START_SLACK_MS;
	switch (line.type) {
		case "build": return isSinceStart && (facts.liveAt === void 0 || line.at <= facts.liveAt);
		case "request": return line.at >= (requestsFrom(facts) ?? 1e400);
		case "app":
			if (!facts.hasInstances) return isSinceStart;
			if (line.instance === void 0) return false;
			return facts.isNew(line.instance, line.at) ?? (line.at >= (requestsFrom(facts) ?? 1e400) && line.at <= (facts.checkedAt ?? 1e400) ? true : void 0);
		default: return false;
	}
}
// src/core/log-line.ts
function originOf(line) {
	return {
		at: line.at,
		from: line.instance ?? line.type
	};
}
function nanosBelowMs(line) {
	return Number(/\.\d{3}(\d{1,6})/.exec(line.timestamp)?.[1]?.padEnd(6, "0") ?? 0);
}
function shortened$1(text, most) {
	return JSON.parse(JSON.stringify(text.slice(0, most)));
}
function idOf(line) {
	return line.id === "" ? `${line.timestamp} ${line.instance ?? ""} ${line.message}` : line.id;
}
// src/core/log-shape.ts
const MOST_CHARACTERS$6 = 1e3;
const PLACEHOLDERS = [
	[/\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gi, "<uuid>"],
	[/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?/g, "<time>"],
	[/\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b/g, "<time>"],
	[/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, "<ip>"],
	[/(?<![\w:])(?=[\da-f:]*\d)(?:[\da-f]{0,4}:){2,7}[\da-f]{0,4}(?![\w:])/gi, "<ip>"],
	[/"[^"]*"|(?<!\w)'[^']*'|`[^`]*`/g, "<text>"],
	[/\b(?:0x[\da-f]+|(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{4,7}|[\da-f]{8,})\b/gi, "<n>"],
	[/\d+(?:[.,]\d+)*/g, "<n>"]
];
function shapeOf(message) {
	return PLACEHOLDERS.reduce((text, [pattern, placeholder]) => text.replace(pattern, placeholder), shortened$1(message, MOST_CHARACTERS$6));
}
// src/core/row-fingerprint.ts
function canonical(value) {
	if (typeof value !== "object" || value === null) return JSON.stringify(value);
	if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
	return `{${Object.entries(value).toSorted(([a], [b]) => a < b ? -1 : a > b ? 1 : 0).map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(",")}}`;
}
function rowFingerprint(row) {
	const text = canonical(row);
	let [high, low] = [3735928559, 1103547991];
	for (let index = 0; index < text.length; index += 1) {
		const code = text.charCodeAt(index);
		high = Math.imul(high ^ code, 2654435761);
		low = Math.imul(low ^ code, 1597334677);
	}
	high = Math.imul(high ^ high >>> 16, 2246822507) ^ Math.imul(low ^ low >>> 13, 3266489909);
	low = Math.imul(low ^ low >>> 16, 2246822507) ^ Math.imul(high ^ high >>> 13, 3266489909);
	return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36).padStart(11, "0");
}
// src/core/log-new.ts
const MOST_EXAMPLES = 200;
const MOST_KEPT$2 = 50;
const MOST_OLD = 60;
function createNewMatches(kept = {}) {
	const hits = new Map();
	const before = new Map(kept.shapes?.map(({ shape, count }) => [shape, count]));
	const examples = new Map(kept.shapes?.map(({ shape, at, from, text }) => [shape, {
		at,
		from,
		text
	}]));
	let more = kept.more ?? 0;
	const knownOld = new Set(kept.old);
	let old = kept.isOldWhole === true ? { shapes: knownOld } : void 0;
	const isNew = (shape) => old?.shapes.has(shape) === false && !knownOld.has(shape);
	function counts(until) {
		const all = new Map(before);
		for (const { at, shape } of hits.values()) if (at <= until) all.set(shape, (all.get(shape) ?? 0) + 1);
		return all;
	}
	return {
		add({ id, message, shown }) {
			const shape = rowFingerprint(shapeOf(message));
			const line = shown();
			hits.set(id, {
				at: line.at,
				from: line.from,
				shape
			});
			const known = examples.get(shape);
			if (known === void 0 ? examples.size < MOST_EXAMPLES : line.at < known.at) examples.set(shape, line);
		},
		drop(isForeign) {
			for (const [id, hit] of hits) if (isForeign(hit)) hits.delete(id);
			for (const [shape, line] of examples) if (isForeign(line)) examples.delete(shape);
			before.clear();
			more = 0;
		},
		isOldKnown: () => old !== void 0,
		setOld({ shapes, ...known }) {
			if (old !== void 0 && old.why === void 0 && known.why !== void 0) return;
			old = {
				...known,
				shapes: new Set([...shapes].map(rowFingerprint))
			};
		},
		count() {
			const all = [...counts(1e400)];
			if (all.length === 0 && more === 0) return {
				kind: "known",
				count: 0
			};
			if (old === void 0) return { kind: "open" };
			const count = all.reduce((sum, [shape, lines]) => sum + (isNew(shape) ? lines : 0), 0);
			return count > 0 && old.why !== void 0 ? {
				kind: "unknown",
				why: old.why
			} : {
				kind: "known",
				count
			};
		},
		isPartial: () => more > 0,
		examples: () => old?.why !== void 0 ? [] : [...examples].flatMap(([shape, line]) => isNew(shape) ? [{
			...line,
			text: `new: ${line.text}`
		}] : []),
		kept(until) {
			const seen = counts(until);
			const isOld = (shape) => knownOld.has(shape) || old?.shapes.has(shape) === true;
			const few = [...seen].flatMap(([shape, count]) => {
				const line = examples.get(shape);
				if (line === void 0 || isOld(shape)) return [];
				return [{
					shape,
					count,
					...line,
					text: cutText(line.text, 160)
				}];
			}).slice(0, MOST_KEPT$2);
			const names = new Set(few.map(({ shape }) => shape));
			let left = more;
			for (const [shape, count] of seen) if (!names.has(shape) && !isOld(shape)) left += count;
			const all = new Set([...knownOld, ...old?.shapes ?? []]);
			const isOldWhole = old !== void 0 && old.why === void 0 && all.size <= MOST_OLD;
			const olds = [...isOldWhole ? all : [...all].filter((shape) => knownOld.has(shape) || seen.has(shape))].slice(0, MOST_OLD);
			return {
				...few.length === 0 ? {} : { shapes: few },
				...left === 0 ? {} : { more: left },
				...olds.length === 0 ? {} : { old: olds },
				...isOldWhole ? { isOldWhole } : {}
			};
		}
	};
}
function asksNewMatches(check, checks) {
	return [
		check.need,
		...check.pass,
		...check.warn,
		...check.fail
	].some((condition) => condition?.subject.path[0] === NAME) || checks.some(({ onlyIf, source }) => isOf(check.name, onlyIf?.subject.path) || source.kind === "derive" && Object.values(source.formulas).some((formula) => isIn(check.name, formula)));
}
const NAME = "new_matches";
function isOf(check, path) {
	return path?.[0] === check && path[1] === NAME;
}
function isIn(check, formula) {
	switch (formula.kind) {
		case "number": return false;
		case "subject": return formula.check === check && formula.path[0] === NAME;
		case "operation": return isIn(check, formula.left) || isIn(check, formula.right);
	}
}
// src/core/needle-scan.ts
const MOST_CHARACTERS$5 = 16;
const MOST_CELLS = 4e6;
function createNeedleScan(needles) {
	const classes = classesOf(needles);
	let most = MOST_CHARACTERS$5;
	let trie = trieOf(needles, {
		...classes,
		most
	});
	while (trie.length > MOST_CELLS && most > 1) {
		most = Math.ceil(most / 2);
		trie = trieOf(needles, {
			...classes,
			most
		});
	}
	return scanOf(trie, classes);
}
function classesOf(needles) {
	const classOf = new Uint16Array(65536);
	let width = 1;
	for (const needle of needles) for (let at = 0; at < needle.length; at += 1) {
		const code = folded(needle.charCodeAt(at));
		if (classOf[code] === 0) classOf[code] = width++;
	}
	for (let upper = 65; upper <= 90; upper += 1) classOf[upper] = classOf[upper + 32] ?? 0;
	return {
		classOf,
		width
	};
}
function folded(code) {
	return code >= 65 && code <= 90 ? code + 32 : code;
}
function trieOf(needles, { classOf, width, most }) {
	const root = {
		next: new Map(),
		ends: []
	};
	const states = [root];
	for (const [number, needle] of needles.entries()) {
		let state = root;
		for (let at = 0; at < Math.min(most, needle.length); at += 1) {
			const symbol = classOf[needle.charCodeAt(at)] ?? 0;
			const known = states[state.next.get(symbol) ?? 0];
			if (known !== void 0 && known !== root) state = known;
			else {
				state.next.set(symbol, states.length);
				state = {
					next: new Map(),
					ends: []
				};
				states.push(state);
			}
		}
		if (state !== root) state.ends.push(number);
	}
	return {
		states,
		classOf,
		width,
		length: states.length * width
	};
}
function scanOf({ states, length }, { classOf, width }) {
	const table = new Int32Array(length);
	const fallback = new Int32Array(states.length);
	const ends = states.map((state) => [...state.ends]);
	const queue = [0];
	for (let place = 0; place < queue.length; place += 1) {
		const state = queue[place] ?? 0;
		const back = fallback[state] ?? 0;
		if (state !== 0) {
			table.copyWithin(state * width, back * width, (back + 1) * width);
			ends[state]?.push(...ends[back] ?? []);
		}
		for (const [symbol, next] of states[state]?.next ?? []) {
			fallback[next] = state === 0 ? 0 : table[back * width + symbol] ?? 0;
			table[state * width + symbol] = next;
			queue.push(next);
		}
	}
	const quiet = queue.filter((state) => ends[state]?.length === 0);
	const telling = queue.filter((state) => ends[state]?.length !== 0);
	const rowOf = new Int32Array(states.length);
	for (const [row, state] of [...quiet, ...telling].entries()) rowOf[state] = row * width;
	const rows = new Int32Array(length);
	for (let state = 0; state < states.length; state += 1) for (let symbol = 0; symbol < width; symbol += 1) rows[(rowOf[state] ?? 0) + symbol] = rowOf[table[state * width + symbol] ?? 0] ?? 0;
	const firstTelling = quiet.length * width;
	const told = telling.map((state) => ends[state] ?? []);
	return (text, found) => {
		let row = 0;
		for (let at = 0; at < text.length; at += 1) {
			row = rows[row + (classOf[text.charCodeAt(at)] ?? 0)] ?? 0;
			if (row >= firstTelling) for (const needle of told[(row - firstTelling) / width] ?? []) found(needle);
		}
	};
}
// src/core/log-patterns.ts
const NOT_FOUND = {
	found: false,
	cut: false
};
const CUT = {
	found: false,
	cut: true
};
function createLogPatterns() {
	const entries = new Map();
	let scan;
	let owners = [];
	let current;
	let texts = 0;
	let searches = 0;
	function entryOf(pattern) {
		const name = `${pattern.kind} ${patternText(pattern)}`;
		const known = entries.get(name);
		if (known !== void 0) return known;
		const entry = {
			...limitsOf(pattern),
			search: matcherOf(pattern, "").search,
			listeners: [],
			possibleIn: 0,
			searchedIn: 0,
			last: NOT_FOUND
		};
		entries.set(name, entry);
		scan = void 0;
		return entry;
	}
	function build() {
		const all = [...entries.values()].flatMap((entry) => (entry.needles ?? []).map((needle) => ({
			needle,
			entry
		})));
		owners = all.map(({ entry }) => entry);
		return createNeedleScan(all.map(({ needle }) => needle));
	}
	function meet(needle) {
		const entry = owners[needle];
		if (entry === void 0 || entry.possibleIn === texts) return;
		entry.possibleIn = texts;
		for (const listener of entry.listeners) listener.possibleIn = texts;
	}
	function look(text) {
		if (text === current && scan !== void 0) return;
		current = text;
		texts += 1;
		scan ??= build();
		scan(text, meet);
	}
	function searchIn(entry, text) {
		look(text);
		if (entry.needles !== void 0 && entry.possibleIn !== texts) return text.length > entry.longest ? CUT : NOT_FOUND;
		if (entry.searchedIn !== texts) {
			entry.searchedIn = texts;
			entry.last = entry.search(text);
			searches += 1;
		}
		return entry.last;
	}
	return {
		matcherOf(pattern, group) {
			const entry = entryOf(pattern);
			return {
				label: labelOf(pattern, group),
				search: (text) => searchIn(entry, text)
			};
		},
		silenceOf(patterns) {
			const own = patterns.map(entryOf);
			const listener = { possibleIn: 0 };
			for (const entry of own) entry.listeners.push(listener);
			const isEverywhere = own.some(({ needles }) => needles === void 0);
			const longest = Math.min(...own.map((entry) => entry.longest));
			return (text) => {
				look(text);
				return !isEverywhere && listener.possibleIn !== texts && text.length <= longest;
			};
		},
		effort: () => ({
			texts,
			searches
		})
	};
}
function limitsOf(pattern) {
	if (pattern.kind === "text") return {
		needles: pattern.text === "" ? void 0 : [pattern.text],
		longest: 1e400
	};
	const regex = safeRegex(pattern.source, pattern.flags);
	if (typeof regex === "string") return {
		needles: void 0,
		longest: 0
	};
	return {
		needles: pattern.flags.includes("u") ? void 0 : regexShape(pattern.source).needles,
		longest: searchedLength(regex)
	};
}
// src/core/partial.ts
function evaluateKnown(condition, tier, scope) {
	const line = evaluateCondition(condition, tier, scope);
	const [name] = condition.subject.path;
	if (line.holds === null || !scope.partial?.includes(String(name)) || isSure(condition, line)) return line;
	return {
		...line,
		holds: null,
		why: `only a part of ${name} was read`
	};
}
function isSure({ subject, operator, operand }, { value, holds }) {
	if (subject.kind !== "path" || subject.path.length !== 1) return false;
	if (typeof value === "number") return numbersOf(operand).every((limit) => limit < value);
	return holds === true && isFound(value, operator, operand);
}
function isFound(value, operator, operand) {
	if (typeof value !== "string") return false;
	if (operator === "contains") return true;
	return operator === "matches" && operand.kind === "pattern" && !/\$|\\[bBzZ]/.test(operand.source);
}
function numbersOf(operand) {
	switch (operand.kind) {
		case "number": return [operand.value];
		case "list": return operand.items.flatMap(numbersOf);
		case "range": return [operand.from.value, operand.to.value];
		default: return [1e400];
	}
}
// src/core/finding.ts
function scopeOf(at, subjects, context) {
	const { since, series, sha, baseline } = context;
	return {
		at,
		since,
		subjects,
		series,
		sha,
		...baseline === void 0 ? {} : { baseline }
	};
}
function appliesAt(check, at, context) {
	if (check.onlyIf === void 0) return true;
	const line = evaluateCondition(check.onlyIf, "pass", scopeOf(at, context.latest, context));
	if (line.holds !== null) return line.holds;
	return `only_if ${check.onlyIf.text} could not be read: ${line.why ?? "no value"}`;
}
function linesOf$1(check, scope) {
	const tier = (conditions, name) => conditions.map((condition) => evaluateKnown(condition, name, scope));
	return [
		...tier(check.fail, "fail"),
		...tier(check.warn, "warn"),
		...tier(check.pass, "pass")
	];
}
function outcomeOf(lines) {
	const of = (tier) => lines.filter((line) => line.tier === tier);
	if (of("fail").some((line) => line.holds === true)) return "fail";
	if (lines.length === 0 || lines.some((line) => line.holds === null && line.cause === void 0)) return "unknown";
	const judged = lines.filter((line) => line.holds !== null);
	const isCompared = lines.every((line) => line.cause !== "no baseline yet");
	if (judged.length === 0) return isCompared ? "open" : "warn";
	if (of("warn").some((line) => line.holds === true)) return "warn";
	if (judged.some((line) => line.tier === "pass" && line.holds === false)) return of("fail").length > 0 ? "warn" : "fail";
	return isCompared ? "pass" : "warn";
}
function reasonOf(outcome, lines) {
	return lines.filter((line) => {
		if (outcome === "unknown") return line.holds === null && line.cause === void 0;
		if (outcome === "pass" || outcome === "open") return true;
		if (line.cause !== void 0) return outcome === "warn";
		return line.tier === "pass" ? line.holds === false : line.holds === true;
	}).map(lineText).join("; ");
}
function lineText(line) {
	const { condition, tier, holds, why = "no value" } = line;
	const value = line.value === void 0 ? "no value" : shownValue(line.value, line);
	const baseline = line.baseline === void 0 ? "" : `baseline ${shownValue(line.baseline, { unit: line.unit })}`;
	const seen = baseline === "" ? value : `${value}, ${baseline}`;
	if (line.cause === "no baseline yet") return `${condition} not compared: ${why}`;
	if (line.cause === "open") return `${condition} not judged yet: ${why}`;
	if (holds === null) return `${condition} not evaluated: ${why}${baseline === "" ? "" : ` (${seen})`}`;
	if (holds !== (tier === "pass")) {
		const got = baseline === "" ? value : `${value} (${baseline})`;
		return tier === "pass" ? `wanted ${condition}, got ${got}` : `${tier}s on ${condition}, got ${got}`;
	}
	return tier === "pass" ? `${condition} (${seen})` : `${condition} does not hold (${seen})`;
}
function keptLine$1(line, keep) {
	return {
		...line,
		...line.value === void 0 ? {} : { value: keptValue(line.value, keep) },
		...line.why === void 0 ? {} : { why: keep(line.why) }
	};
}
function keptValue(value, keep) {
	if (typeof value === "string") return keep(value);
	const text = JSON.stringify(value);
	const kept = keep(text);
	if (kept === text) return value;
	try {
		return JSON.parse(kept);
	} catch {
		return kept;
	}
}
function shownValue(value, { unit, limits = [] }) {
	if (typeof value === "number") return comparedText(value, unit, limits);
	const text = JSON.stringify(value);
	return text.length > 120 ? `${text.slice(0, 120)}… [cut]` : text;
}
function findingOf(check, sample, context) {
	const plain = (outcome, reason) => ({
		at: sample.at,
		outcome,
		reason,
		lines: [],
		evidence: sample.kind === "ok" || sample.kind === "failing" ? sample.evidence : []
	});
	if (sample.at < context.liveAt + check.graceMs) return {
		...plain("open", sample.kind === "error" ? `in grace: ${sample.reason}` : "in grace"),
		isInGrace: true
	};
	if (sample.kind === "error") return plain("error", sample.reason);
	if (sample.kind === "none") return plain("open", sample.reason);
	const { partial = [], open = [] } = sample.kind === "ok" ? sample : {};
	const floor = check.floor === void 0 ? {} : { floor: check.floor };
	const scope = {
		...scopeOf(sample.at, sample.subjects, context),
		partial,
		open,
		...floor,
		unitOf: (condition) => unitOf(check, condition)
	};
	const keptLines = () => linesOf$1(check, scope).map((line) => keptLine$1(line, context.keep));
	if (sample.kind === "failing") {
		const lines = keptLines();
		return {
			...plain("fail", [sample.reason, reasonOf("fail", lines)].filter((text) => text !== "").join("; ")),
			lines
		};
	}
	if (check.need !== void 0) {
		const need = evaluateKnown(check.need, "pass", scope);
		if (need.holds !== true) return plain(need.cause === "open" ? "open" : "none", `need ${check.need.text} not met${need.why ? `: ${need.why}` : ""}`);
	}
	const lines = keptLines();
	const outcome = outcomeOf(lines);
	if (sample.pending !== void 0 && outcome !== "fail") return plain(sample.at < (sample.pendingUntil ?? -1e400) ? "open" : "none", sample.pending);
	const reason = reasonOf(outcome, lines);
	if (sample.note === void 0) return {
		...plain(outcome, reason),
		lines
	};
	const [first, second] = check.source.kind === "logs" ? [sample.note, reason] : [reason, sample.note];
	return {
		...plain(outcome, `${first} (${second})`),
		lines
	};
}
// src/core/log-meter.ts
const NO_READING = {
	subjects: {},
	open: [],
	partial: [],
	evidence: [],
	notes: []
};
// src/core/log-interval.ts
const MOST_COUNTED = 1e5;
const MOST_INTERVALS = 2e3;
const MOST_SHOWN$3 = 5;
const MOST_CHARACTERS$4 = 500;
function fullIntervals(from, about) {
	const { perMs, until, toldTo } = about;
	const full = Math.floor((until - from) / perMs);
	if (!(full >= 1)) return [];
	const told = Math.floor((toldTo - from) / perMs);
	const first = Math.min(Math.max(0, told, full - MOST_INTERVALS), full - 1);
	return Array.from({ length: full - first }, (_, index) => ({
		from: from + (first + index) * perMs,
		to: from + (first + index + 1) * perMs
	}));
}
function createIntervalMeter(about, { keep, has, patterns }) {
	const { perMs, pattern, kept = {} } = about;
	const matcher = pattern && patterns.matcherOf(pattern, "");
	const [name, subject] = matcher === void 0 ? ["rate", "rate"] : ["count", "value"];
	const quarterMs = perMs / 4;
	const counted = new Map();
	const shown = new Map();
	let before = kept;
	let forgottenTo = kept.from ?? -1e400;
	let toldTo = kept.toldTo ?? -1e400;
	let newest = -1e400;
	let lost = kept.lost && {
		from: kept.lost[0],
		to: kept.lost[1]
	};
	const keptFrom = (start) => start - 2 * perMs - MOST_LAG_MS;
	function forget(to) {
		if (to <= forgottenTo) return;
		forgottenTo = to;
		for (const [id, { at }] of counted) if (at < to) counted.delete(id);
		for (const quarter of shown.keys()) if ((quarter + 1) * quarterMs <= to) shown.delete(quarter);
	}
	function show(one, { id, message }) {
		const quarter = Math.floor(one.at / quarterMs);
		const lines = shown.get(quarter) ?? [];
		const place = lines.findIndex((other) => byTime(one.at, id, other) < 0);
		if (place === -1 && lines.length >= MOST_SHOWN$3) return;
		lines.splice(place === -1 ? lines.length : place, 0, {
			...one,
			id,
			text: shortened$1(keep(message), MOST_CHARACTERS$4)
		});
		shown.set(quarter, lines.slice(0, MOST_SHOWN$3));
	}
	function shownIn({ from, to }) {
		return [...shown.values()].flat().filter(({ at }) => at >= from && at < to).toSorted((a, b) => byTime(a.at, a.id, b)).map(({ at, from, text }) => ({
			at,
			from,
			text
		}));
	}
	function lose(window) {
		if (window === void 0) return;
		lost = {
			from: Math.min(lost?.from ?? 1e400, window.from),
			to: Math.max(lost?.to ?? 0, window.to)
		};
	}
	function countsIn(intervals, until) {
		const from = intervals[0]?.from ?? 0;
		const shift = (from - (before.from ?? from)) / perMs;
		if (!Number.isInteger(shift)) {
			if (before.counts?.some((count) => count > 0) === true) lose(windowOf(before, perMs));
			before = {};
		}
		const counts = intervals.map((_, index) => before.counts?.[shift + index] ?? 0);
		for (const { at } of counted.values()) {
			const index = Math.floor((at - from) / perMs);
			if (counts[index] !== void 0 && at <= until) counts[index] += 1;
		}
		return counts;
	}
	return {
		wanted: [],
		counted: {
			...pattern === void 0 ? {} : { pattern },
			backMs: 3 * perMs + MOST_LAG_MS
		},
		isCounted: ({ message }) => matcher === void 0 || matcher.search(message).found,
		add(plain) {
			const one = originOf(plain.line);
			const { at } = one;
			if (at < forgottenTo || counted.has(plain.id)) return;
			if (matcher !== void 0 && !has(matcher, plain)) return;
			newest = Math.max(newest, at);
			if (counted.size >= MOST_COUNTED && keptFrom(newest) - perMs >= forgottenTo + perMs) forget(keptFrom(newest) - perMs);
			if (counted.size >= MOST_COUNTED) {
				lose({
					from: at,
					to: at + 1
				});
				return;
			}
			counted.set(plain.id, one);
			show(one, plain);
		},
		drop(isForeign) {
			for (const [id, one] of counted) if (isForeign(one)) counted.delete(id);
			for (const [quarter, lines] of shown) shown.set(quarter, lines.filter((one) => !isForeign(one)));
			toldTo = -1e400;
			if (before.from !== void 0) forgottenTo = -1e400;
			before = {};
		},
		kept({ until, from, thinned }) {
			const told = toldTo === -1e400 ? {} : { toldTo };
			const intervals = (from === void 0 ? [] : intervalsToKeep({
				from,
				perMs,
				until,
				toldTo
			})).filter((interval) => interval.from >= forgottenTo);
			const [first] = intervals;
			if (first === void 0) return { [name]: told };
			const counts = countsIn(intervals, until);
			const window = {
				from: first.from,
				to: until + 1
			};
			const gaps = [...lost === void 0 ? [] : [lost], ...thinned[subject]].filter((gap) => isTouching(gap, window));
			return { [name]: {
				...told,
				from: first.from,
				counts,
				...gaps.length === 0 ? {} : { lost: [Math.min(...gaps.map((gap) => gap.from)), Math.max(...gaps.map((gap) => gap.to))] }
			} };
		},
		problem: () => void 0,
		read({ from, until, liveAt, thinned, worstOf }) {
			const full = from === void 0 ? [] : fullIntervals(from, {
				perMs,
				until,
				toldTo
			});
			const intervals = full.filter((interval) => interval.from >= forgottenTo);
			const [first] = intervals;
			if (first === void 0) return {
				...NO_READING,
				open: [subject]
			};
			const counts = countsIn(intervals, 1e400);
			const worst = worstOf(subject, counts);
			const { [worst]: interval = first } = intervals;
			toldTo = intervals.at(-1)?.to ?? toldTo;
			const evidence = shownIn(interval);
			forget(keptFrom(toldTo - perMs));
			const isThin = thinned[subject].some((one) => isTouching(one, interval));
			const isLost = lost !== void 0 && isTouching(lost, interval);
			const isPassed = full.length > intervals.length;
			const place = liveAt === void 0 ? "" : ` from live ${signed(interval.from - liveAt)}`;
			return {
				...NO_READING,
				subjects: { [subject]: counts[worst] ?? 0 },
				partial: isThin || isLost || isPassed ? [subject] : [],
				evidence,
				notes: [
					`${subject} of the ${durationText(perMs)}${place}`,
					...isPassed ? [`${full.length - intervals.length} intervals before held more lines than are kept`] : [],
					...isThin ? ["more lines were written then than are read"] : [],
					...isLost && !isThin ? ["more lines were counted then than are kept"] : []
				]
			};
		}
	};
}
function byTime(at, id, other) {
	return at - other.at || (id < other.id ? -1 : 1);
}
function isTouching(a, b) {
	return a.from < b.to && b.from < a.to;
}
function signed(ms) {
	return `${ms < 0 ? "-" : "+"} ${durationText(Math.abs(Math.round(ms / 1e3)) * 1e3)}`;
}
// src/core/log-span.ts
const MOST_EDGES = 4e4;
const MOST_CAPTURES = 5e3;
const MOST_CHARACTERS$3 = 300;
const MOST_UNSURE$1 = 40;
const LAST_WORDS_MS$1 = 3e5;
function createSpanMeter(about, { keep, has, patterns }) {
	const { span, inside, kept = {} } = about;
	const start = patterns.matcherOf(span.start, "");
	const end = patterns.matcherOf(span.end, "");
	const capturers = inside.map((pattern) => ({
		...capturerOf(pattern),
		matcher: patterns.matcherOf(pattern, "")
	}));
	const names = [...new Set(capturers.flatMap((capturer) => capturer.names))];
	const known = spanMemory(kept);
	const edges = new Map(known.edges.map((edge) => [edge.id, edge]));
	const captures = new Map(known.captures.map((capture) => [capture.id, capture]));
	let before = known.pairs;
	let { isFull = false, isUnsure = false } = kept;
	const edgesTo = (until) => [...edges.values()].filter(({ at }) => at <= until);
	function valuesOf(message) {
		const found = capturers.flatMap(({ matcher, read }) => matcher.search(message).found ? Object.entries(read(message) ?? {}) : []);
		return Object.fromEntries(found.flatMap(([name, text]) => text === void 0 ? [] : [[name, valueOf(keep(text))]]));
	}
	return {
		wanted: [
			span.start,
			span.end,
			...inside
		],
		isCounted: ({ message }) => start.search(message).found || end.search(message).found,
		add(plain) {
			const { id, message } = plain;
			const shown = () => ({
				...originOf(plain.line),
				id,
				nanos: nanosBelowMs(plain.line),
				text: shortened$1(keep(message), MOST_CHARACTERS$3)
			});
			if (!edges.has(id)) {
				const [isStart, isEnd] = [has(start, plain), has(end, plain)];
				const isEdge = isStart || isEnd;
				if (isEdge && edges.size >= MOST_EDGES) isFull = true;
				else if (isEdge) edges.set(id, {
					...shown(),
					isStart,
					isEnd
				});
			}
			if (captures.has(id)) return;
			const values = valuesOf(message);
			if (Object.keys(values).length === 0) return;
			captures.set(id, {
				...shown(),
				values
			});
			if (captures.size >= 2 * MOST_CAPTURES) for (const old of [...captures.keys()].slice(0, MOST_CAPTURES)) captures.delete(old);
		},
		drop(isForeign) {
			for (const [id, one] of edges) if (isForeign(one)) edges.delete(id);
			for (const [id, one] of captures) if (isForeign(one)) captures.delete(id);
			isFull &&= edges.size > 0;
			before = NO_PAIRS;
			isUnsure = false;
		},
		problem: () => isFull ? "more lines begin or end a span than are kept; narrow its patterns" : void 0,
		read(moment) {
			const pairs = pairsOf(edgesTo(moment.until), {
				lifeOf: moment.lifeOf,
				before
			});
			const filling = pairs.last === void 0 ? [] : fillingOf(pairs.last, captures.values());
			const captured = Object.assign({}, ...filling.map(({ values }) => values));
			const gap = gapOf(pairs, moment);
			const { last, overlaps, unfinished, never } = pairs;
			return {
				...NO_READING,
				subjects: {
					...captured,
					...gap === void 0 ? {} : { gap },
					...last === void 0 ? {} : { duration: lengthOf(last) },
					overlap: overlaps,
					unfinished: unfinished.length + never
				},
				open: [...gap === void 0 ? ["gap"] : [], ...last === void 0 ? ["duration", ...names] : []],
				partial: isUnsure ? ["overlap"] : [],
				evidence: evidenceOf$2(pairs, filling),
				notes: [`${pairs.finished} ${pairs.finished === 1 ? "span" : "spans"} finished, ${pairs.open.length + never} open`]
			};
		},
		kept({ until, lifeOf }) {
			const all = edgesTo(until);
			const living = pairsOf(all, {
				lifeOf,
				before
			}).open.map(({ from }) => lifeOf(from)).filter(({ to, isGone }) => !isGone || to > until - LAST_WORDS_MS$1);
			const isUnsureAt = (at) => living.some(({ to }) => at > to);
			const unsure = all.filter(({ at }) => isUnsureAt(at));
			const seen = [...captures.values()].filter(({ at }) => at <= until);
			const later = unsure.length === 0 ? [] : seen.filter(({ at }) => isUnsureAt(at));
			const isCut = unsure.length + later.length > MOST_UNSURE$1;
			const [edgesLeft, capturesLeft] = isCut ? [[], []] : [unsure, later];
			const pairs = pairsOf(without(all, edgesLeft), {
				lifeOf,
				before
			});
			const needed = capturesNeeded(without(seen, capturesLeft), pairs);
			return { span: {
				...keptSpans({
					pairs,
					edges: edgesLeft,
					captures: [...needed, ...capturesLeft]
				}),
				...isFull ? { isFull: true } : {},
				...isUnsure || isCut ? { isUnsure: true } : {}
			} };
		}
	};
}
function valueOf(text) {
	return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i.test(text) && Number.isFinite(Number(text)) ? Number(text) : shortened$1(text, MOST_CHARACTERS$3);
}
function fillingOf({ start, end }, captures) {
	return [...captures].filter((one) => one.from === start.from && inTime(start, one) <= 0 && inTime(one, end) <= 0).toSorted(inTime);
}
function without(all, some) {
	const left = new Set(all);
	for (const one of some) left.delete(one);
	return [...left];
}
function capturesNeeded(captures, { last, open }) {
	const oldest = new Map(open.toReversed().map((edge) => [edge.from, edge]));
	const parts = [...last === void 0 ? [] : [fillingOf(last, captures)], ...[...oldest.values()].map((start) => captures.filter((one) => one.from === start.from && inTime(start, one) <= 0).toSorted(inTime))];
	return [...new Set(parts.flatMap(lastOfEachName))].toSorted(inTime);
}
function lastOfEachName(captures) {
	const named = captures.flatMap((one) => Object.keys(one.values).map((name) => [name, one]));
	return [...new Map(named).values()];
}
function gapOf({ starts }, { until, liveAt }) {
	const [before, latest] = starts.length > 1 ? starts : [void 0, starts[0]];
	if (latest !== void 0) return Math.max(until - latest.at, latest.at - (before ?? latest).at);
	return liveAt === void 0 || until < liveAt ? void 0 : until - liveAt;
}
const MOST_SHOWN$2 = 20;
function evidenceOf$2(pairs, filling) {
	const { overlapping, unfinished, longest, last, starts } = pairs;
	const lines = [
		...overlapping.flatMap(({ began, during }) => [during, began]),
		...unfinished.slice(-5),
		...[longest, last].flatMap((span) => span === void 0 ? [] : [span.start, span.end]),
		...filling.slice(-5),
		...starts
	];
	return [...new Map(lines.map((line) => [`${line.at}.${line.nanos} ${line.from} ${line.text}`, line])).values()].slice(0, MOST_SHOWN$2).toSorted(inTime).map(({ at, from, text }) => ({
		at,
		from,
		text
	}));
}
const MAX_EVIDENCE_LENGTH = 2e3;
const MAX_COUNTED = 1e5;
const MOST_KEPT$1 = 3;
function createTally(check, source, options) {
	const { keep, lives, patterns } = options;
	const matchers = (groups) => groups.flatMap((group) => group.patterns.map((pattern) => patterns.matcherOf(pattern, group.name)));
	const forbidden = matchers(source.forbid);
	const required = matchers(source.require);
	const isFit = isFitting(options.kept, source, {
		required: required.length,
		asksNew: options.asksNew
	});
	let isLost = options.isLater === true && (!isFit || options.kept?.isLost === true);
	let before = isFit ? options.kept ?? {} : {};
	const found = required.map(({ label }, index) => {
		const at = before.found?.[index] ?? void 0;
		return at === void 0 ? void 0 : {
			at,
			text: keep(label),
			from: source.type
		};
	});
	const hits = new Map();
	const cut = new Map();
	let evidence = before.evidence ?? [];
	let { first } = before;
	const has = (matcher, { message, id, line }) => {
		const search = matcher.search(message);
		if (!search.found && search.cut && cut.size < MAX_COUNTED) cut.set(id, line.at);
		return search.found;
	};
	const matches = () => (before.matches ?? 0) + hits.size;
	const meters = metersOf(source, {
		keep,
		has,
		patterns
	}, before);
	const newMatches = options.asksNew ? createNewMatches(before.news) : void 0;
	const isSilent = patterns.silenceOf(patternsOf(source));
	const isWanted = ({ line, message }) => (source.rate !== void 0 || !isSilent(message)) && (source.levels.length === 0 || source.levels.includes(levelOf(line.level)));
	return {
		check,
		source,
		meters,
		lives,
		...newMatches === void 0 ? {} : { newMatches },
		isCounted: (plain) => isWanted(plain) && (forbidden.some((matcher) => matcher.search(plain.message).found) || meters.some((meter) => meter.isCounted(plain))),
		isRequired: (plain) => isWanted(plain) && required.some((matcher) => matcher.search(plain.message).found),
		add(plain) {
			if (!isWanted(plain)) return false;
			const { line, message, id } = plain;
			const { at, from } = originOf(line);
			for (const meter of meters) meter.add(plain);
			let kept;
			const shown = () => kept ??= {
				at,
				text: keep(message).slice(0, MAX_EVIDENCE_LENGTH),
				from
			};
			for (const [index, matcher] of required.entries()) {
				const known = found[index];
				if ((known === void 0 || at < known.at) && has(matcher, plain)) found[index] = shown();
			}
			if (hits.has(id) || matches() >= MAX_COUNTED || !forbidden.some((matcher) => has(matcher, plain))) return false;
			hits.set(id, {
				at,
				from
			});
			if (first === void 0 || at < first.at) first = {
				at,
				from
			};
			if (evidence.length < 20) evidence = [...evidence, shown()];
			newMatches?.add({
				id,
				message,
				shown
			});
			return true;
		},
		drop(isForeign) {
			for (const [id, hit] of hits) if (isForeign(hit)) hits.delete(id);
			for (const [index, one] of found.entries()) if (one !== void 0 && isForeign(one)) found[index] = void 0;
			evidence = evidence.filter((one) => !isForeign(one));
			if (first !== void 0 && isForeign(first)) first = void 0;
			before = {};
			isLost = false;
			for (const part of [...meters, ...newMatches === void 0 ? [] : [newMatches]]) part.drop(isForeign);
		},
		matches,
		isFull: () => before.isFull === true || matches() >= MAX_COUNTED,
		cutLines: () => (before.cut ?? 0) + cut.size,
		required: () => required.map(({ label }, index) => {
			const one = found[index];
			return one === void 0 ? { label } : {
				label,
				first: one
			};
		}),
		evidence() {
			const news = newMatches?.examples() ?? [];
			const rest = evidence.filter(({ at, text }) => !news.some((one) => one.at === at && one.text === `new: ${text}`));
			return [...news, ...rest].slice(0, 20).toSorted((a, b) => a.at - b.at);
		},
		first: () => first,
		problem: () => isLost ? "what it had seen by the last look was not kept" : meters.map((meter) => meter.problem()).find((problem) => problem !== void 0),
		kept(moment) {
			const { until } = moment;
			const isIn = ({ at }) => at <= until;
			const seen = { matches: (before.matches ?? 0) + [...hits.values()].filter(isIn).length };
			const cuts = (before.cut ?? 0) + [...cut.values()].filter((at) => at <= until).length;
			const news = newMatches?.kept(until);
			const examples = news?.isOldWhole === true ? news.shapes ?? [] : [];
			const lines = evidence.filter((one) => isIn(one) && !examples.some(({ at, from }) => at === one.at && from === one.from)).slice(0, MOST_KEPT$1).map(keptLine);
			return {
				...seen.matches === 0 ? {} : seen,
				...before.isFull === true || matches() >= MAX_COUNTED ? { isFull: true } : {},
				...isLost ? { isLost } : {},
				...first !== void 0 && isIn(first) ? { first } : {},
				...lines.length === 0 ? {} : { evidence: lines },
				...found.length === 0 ? {} : { found: found.map((one) => one === void 0 || !isIn(one) ? null : one.at) },
				...cuts === 0 ? {} : { cut: cuts },
				...news === void 0 ? {} : { news },
				...Object.assign({}, ...meters.map((meter) => meter.kept(moment)))
			};
		}
	};
}
function keptLine({ at, from, text }) {
	return {
		at,
		from,
		text: cutText(text, 160)
	};
}
function isFitting(kept, source, { required, asksNew }) {
	return kept !== void 0 && (kept.found?.length ?? 0) === required && kept.count === void 0 === (source.count === void 0) && kept.rate === void 0 === (source.rate === void 0) && kept.span === void 0 === (source.span === void 0) && kept.news === void 0 === !asksNew;
}
function patternsOf({ forbid, require, count, span, inside }) {
	return [
		...[...forbid, ...require].flatMap((group) => group.patterns),
		...count === void 0 ? [] : [count.pattern],
		...span === void 0 ? [] : [span.start, span.end],
		...inside
	];
}
function metersOf({ count, rate, span, inside }, tools, kept) {
	return [
		...count === void 0 ? [] : [createIntervalMeter({
			...count,
			kept: kept.count
		}, tools)],
		...rate === void 0 ? [] : [createIntervalMeter({
			perMs: rate.perMs,
			kept: kept.rate
		}, tools)],
		...span === void 0 ? [] : [createSpanMeter({
			span,
			inside,
			kept: kept.span
		}, tools)]
	];
}
// src/core/log-sample.ts
function logSample(tally, about) {
	const { at, facts, hasOwn, unsure = [], keep } = about;
	if (tally.source.type === "request" && at < (requestsFrom(facts) ?? 1e400)) return {
		kind: "none",
		at,
		reason: "request lines count once the old version has stopped"
	};
	const awaited = awaitedOf(tally, at, facts);
	const doubt = unmeasured(tally, {
		facts,
		hasOwn
	}) ?? (awaited.kind === "unmeasured" ? awaited.reason : void 0) ?? tally.problem() ?? unsureText(tally, unsure);
	if (doubt !== void 0 && !failsAnyway(tally, at)) return {
		kind: "error",
		at,
		reason: doubt
	};
	const moment = momentOf(tally, {
		at,
		facts,
		lagMs: about.lagMs
	});
	return okSample(tally, {
		at,
		awaited,
		doubt,
		keep,
		readings: doubt === void 0 ? tally.meters.map((meter) => meter.read(moment)) : []
	});
}
function momentOf(tally, about) {
	const { facts } = about;
	const { liveAt } = facts;
	return {
		until: settledAt(facts, about),
		from: tally.source.type === "request" ? requestsFrom(facts) : tally.lives.firstAt() ?? liveAt,
		liveAt,
		thinned: facts.thinned ?? NOT_THINNED,
		worstOf: (subject, values) => worstOf(tally, {
			at: about.at,
			subject,
			values
		}),
		lifeOf: (from) => facts.lifeOf?.(from, tally.lives.lastAt(from) ?? -1e400) ?? {
			to: 1e400,
			isGone: false
		}
	};
}
const BADNESS = {
	pass: 0,
	open: 0,
	unknown: 1,
	warn: 2,
	fail: 3
};
function worstOf({ check }, about) {
	const { at, subject, values } = about;
	const own = (conditions) => conditions.filter((one) => one.subject.kind === "path" && one.subject.path[0] === subject);
	const lines = {
		pass: own(check.pass),
		warn: own(check.warn),
		fail: own(check.fail)
	};
	const scope = {
		at,
		since: at,
		series: () => [],
		sha: ""
	};
	const badness = values.map((value) => BADNESS[outcomeOf(linesOf$1(lines, {
		...scope,
		subjects: { [subject]: value }
	}))]);
	return badness.lastIndexOf(Math.max(...badness));
}
function unmeasured(tally, { facts, hasOwn }) {
	const { source } = tally;
	if (facts.gap !== void 0) return facts.gap;
	if (!hasOwn) return "no log line of this deploy was read";
	if (source.type === "app" && facts.hasInstances && !facts.knowsNewInstances) return "the new version's instances are not known";
	if (source.type === "request" && tally.lives.firstAt() === void 0) return "no request line was read; only workspaces of the Professional plan and above have them";
}
function unsureText({ meters }, instances) {
	if (instances.length === 0) return void 0;
	const what = meters.length === 0 ? "forbidden line" : "line that counts";
	return `instance ${[...new Set(instances)].join(", ")} wrote a ${what}, and whether it is old or new cannot be said`;
}
function failsAnyway(tally, at) {
	const matches = tally.matches();
	const scope = {
		at,
		since: at,
		series: () => [],
		sha: ""
	};
	const news = tally.newMatches?.count();
	const least = {
		matches,
		...news?.kind === "known" ? { new_matches: news.count } : {}
	};
	const most = Object.fromEntries(Object.keys(least).map((name) => [name, Number.MAX_SAFE_INTEGER]));
	return matches > 0 && [least, most].every((subjects) => outcomeOf(linesOf$1(tally.check, {
		...scope,
		subjects
	})) === "fail");
}
function awaitedOf(tally, at, facts) {
	const required = tally.required();
	const deadline = facts.liveAt === void 0 ? 1e400 : facts.liveAt + tally.source.withinMs;
	const inTime = required.flatMap(({ first }) => first !== void 0 && first.at <= deadline ? [first] : []);
	const missing = required.flatMap(({ label, first }) => {
		if (first === void 0) return [label];
		return first.at <= deadline ? [] : [`${label} (came ${(first.at - deadline) / 1e3}s late)`];
	});
	const wanted = `${inTime.length}/${required.length} lines found`;
	const awaited = {
		found: inTime,
		missing,
		groups: groupsOf(tally, (at) => at <= deadline),
		reason: wanted,
		deadline
	};
	if (required.length === 0) return {
		...awaited,
		kind: "none"
	};
	if (missing.length === 0) return {
		...awaited,
		kind: "known"
	};
	if (facts.liveAt === void 0 || at < deadline) return {
		...awaited,
		kind: "open",
		reason: `${wanted}, waiting until live + ${tally.source.withinMs / 1e3}s`
	};
	if (facts.rereadTo === void 0 || facts.rereadTo < deadline) return {
		...awaited,
		kind: "open",
		reason: `${wanted}, the window is being read once more`
	};
	if (tally.lives.firstAt() === void 0) {
		const whose = tally.source.type === "app" ? "app line of the new instances" : `${tally.source.type} line`;
		return {
			...awaited,
			kind: "unmeasured",
			reason: `${wanted}, but no other ${whose} was read`
		};
	}
	return {
		...awaited,
		kind: "known"
	};
}
function groupsOf(tally, isInTime) {
	const required = tally.required();
	let from = 0;
	const named = tally.source.require.flatMap(({ name, patterns }) => {
		const lines = required.slice(from, from += patterns.length);
		return name === "" ? [] : [lines.every(({ first }) => first !== void 0 && isInTime(first.at))];
	});
	return named.length === 0 ? {} : { groups: `${named.filter(Boolean).length}/${named.length}` };
}
function okSample(tally, about) {
	const { at, awaited, doubt, keep, readings } = about;
	const { found, missing } = awaited;
	const isKnown = awaited.kind === "known";
	const measured = readings.flatMap((reading) => reading.evidence);
	const forbidden = tally.evidence().slice(0, Math.max(0, 20 - measured.length));
	const counted = matchesOf(tally);
	const cut = tally.cutLines();
	const note = [
		...awaited.kind === "none" ? [] : [`${found.length}/${found.length + missing.length} lines found`],
		...missing.length > 0 ? [`missing: ${keep(missing.join(" | "))}`] : [],
		...readings.flatMap((reading) => reading.notes),
		...counted.notes,
		...cut > 0 ? [`${cut} long lines were searched in their beginning only`] : [],
		...doubt === void 0 ? [] : [doubt]
	].join("; ");
	const evidence = [
		...forbidden,
		...isKnown ? missing.map((label) => ({ text: keep(`missing: ${label}`) })) : [],
		...measured.slice(0, 20)
	];
	const partial = [...counted.partial, ...readings.flatMap((reading) => reading.partial)];
	const open = [...counted.open, ...readings.flatMap((reading) => reading.open)];
	return {
		kind: "ok",
		at,
		subjects: Object.assign({}, ...readings.map((reading) => reading.subjects), counted.subjects, isKnown ? {
			found: found.length,
			missing: missing.length,
			...awaited.groups
		} : {}),
		evidence: evidence.length === 0 && missing.length === 0 ? found.slice(0, 20) : evidence,
		...note === "" ? {} : { note },
		...partial.length === 0 ? {} : { partial },
		...open.length === 0 ? {} : { open },
		...awaited.kind === "open" ? {
			pending: awaited.reason,
			pendingUntil: awaited.deadline
		} : {},
		...tally.newMatches?.count().kind === "open" ? {
			pending: "what the previous deploy printed is still being read",
			pendingUntil: -1e400
		} : {}
	};
}
function matchesOf(tally) {
	const { forbid, require } = tally.source;
	if (forbid.length === 0 && require.length === 0 && tally.meters.length > 0) return NO_READING;
	const news = tally.newMatches?.count();
	const isKnown = news?.kind === "known";
	return {
		subjects: {
			matches: tally.matches(),
			...isKnown ? { new_matches: news.count } : {}
		},
		open: [],
		partial: [...tally.isFull() ? ["matches"] : [], ...isKnown && (tally.isFull() || tally.newMatches?.isPartial() === true) ? ["new_matches"] : []],
		notes: news?.kind === "unknown" ? [`new_matches is not known: ${news.why}`] : []
	};
}
// src/core/log-traces.ts
const MAX_TRACE_LINES = 200;
const LINES_AFTER_MATCH = 40;
function createTraces() {
	const traces = new Map();
	const following = new Map();
	return {
		begin(check, { line, message }) {
			const trace = traces.get(check) ?? [];
			traces.set(check, trace);
			extend(trace, message);
			const { at, from } = originOf(line);
			following.set(from, {
				trace,
				from: at,
				left: LINES_AFTER_MATCH
			});
		},
		follow({ line, message }) {
			if (following.size === 0) return;
			const { at, from } = originOf(line);
			const watch = following.get(from);
			if (watch === void 0 || at < watch.from) return;
			watch.left -= 1;
			extend(watch.trace, message);
			if (watch.left <= 0) following.delete(from);
		},
		of: (check) => traces.get(check) ?? []
	};
}
function extend(trace, message) {
	if (trace.length < MAX_TRACE_LINES && trace.at(-1) !== message) trace.push(message);
}
// src/core/log-unplaced.ts
const MAX_LINES = 2e3;
const MAX_CHARACTERS = 8e6;
function createUnplaced(tallies) {
	let kept = new Map();
	let characters = 0;
	let hasLost = false;
	return {
		keep(line) {
			const id = idOf(line);
			if (kept.has(id)) return;
			if (kept.size >= MAX_LINES || characters + line.message.length > MAX_CHARACTERS) {
				hasLost = true;
				return;
			}
			const plain = {
				line,
				id,
				message: plainText(line.message)
			};
			const own = tallies.filter(({ source }) => source.type === line.type);
			kept.set(id, {
				line,
				countedBy: own.filter((tally) => tally.isCounted(plain)),
				isRequired: own.some((tally) => tally.isRequired(plain))
			});
			characters += line.message.length;
		},
		take() {
			const taken = [...kept.values()].map(({ line }) => line);
			kept = new Map();
			characters = 0;
			return taken;
		},
		instancesOf: (tally) => [...kept.values()].flatMap(({ line, countedBy }) => line.instance !== void 0 && countedBy.includes(tally) ? [line.instance] : []),
		firstAt: () => [...kept.values()].filter(({ countedBy, isRequired }) => isRequired || countedBy.length > 0).reduce((first, { line }) => Math.min(first, line.at), 1e400),
		hasLost: () => hasLost
	};
}
// src/core/log-wanted.ts
function wantedPatterns(tallies, liveAt = 1e400) {
	return tallies.flatMap((tally) => {
		const { forbid, require, withinMs } = tally.source;
		const required = tally.required();
		return [
			...forbid.flatMap((group) => group.patterns),
			...tally.meters.flatMap((meter) => meter.wanted),
			...require.flatMap((group) => group.patterns).filter((_pattern, index) => (required[index]?.first?.at ?? 1e400) > liveAt + withinMs)
		];
	});
}
function countedOf(tallies) {
	const all = tallies.flatMap(({ source, meters }) => meters.flatMap(({ counted }) => counted === void 0 ? [] : [{
		...counted,
		levels: source.levels
	}]));
	const rates = all.filter(({ pattern }) => pattern === void 0);
	const isAny = rates.some(({ levels }) => levels.length === 0 || levels.includes("info"));
	return all.length === 0 ? void 0 : {
		patterns: all.flatMap(({ pattern }) => pattern === void 0 ? [] : [pattern]),
		levels: isAny ? void 0 : [...new Set(rates.flatMap(({ levels }) => levels))],
		backMs: Math.max(...all.map(({ backMs }) => backMs))
	};
}
// src/core/log-book.ts
const MAX_LINE_LENGTH = 65536;
function createLogBook(options) {
	const { keep, kept } = options;
	const types = options.checks.flatMap(({ source }) => source.kind === "logs" ? [source.type] : []);
	const lives = new Map([...new Set(types)].map((type) => [type, createLives(ownOf$1(kept?.book.lives, type))]));
	const patterns = createLogPatterns();
	const tallies = new Map(options.checks.flatMap((check) => {
		const { name, source } = check;
		const own = source.kind === "logs" ? lives.get(source.type) : void 0;
		if (source.kind !== "logs" || own === void 0) return [];
		return [[name, createTally(check, source, {
			keep,
			patterns,
			lives: own,
			asksNew: asksNewMatches(check, options.checks),
			kept: ownOf$1(kept?.checks, name),
			isLater: kept !== void 0
		})]];
	}));
	const traces = createTraces();
	const unplaced = createUnplaced([...tallies.values()]);
	let { to: keptTo = -1e400, startedAt = -1e400, newestOwn = -1e400, linesRead = 0, hasLost = false, lagMs } = kept?.book ?? {};
	function currentFacts() {
		const facts = options.facts();
		if (facts.startedAt > startedAt) {
			const start = facts.startedAt - START_SLACK_MS;
			for (const [type, own] of lives) {
				const hasInstances = type === "app" && facts.hasInstances;
				const isForeign = ({ at, from }) => at < start || hasInstances && facts.isNew(from, at) !== true;
				own.drop(isForeign);
				for (const tally of tallies.values()) if (tally.source.type === type) tally.drop(isForeign);
			}
			keptTo = -1e400;
			hasLost = false;
		}
		({startedAt} = facts);
		return facts;
	}
	function readOwn(line) {
		linesRead += 1;
		newestOwn = Math.max(newestOwn, line.at);
	}
	function count(plain) {
		lives.get(plain.line.type)?.add(originOf(plain.line));
		for (const tally of tallies.values()) {
			if (tally.source.type !== plain.line.type || !tally.add(plain)) continue;
			traces.begin(tally.check.name, plain);
		}
	}
	function place(line, facts) {
		const isNew = belongs(line, facts);
		if (isNew !== true) return isNew === false;
		const message = plainText(line.message);
		const id = idOf(line);
		if (line.instance !== void 0 || line.type === "request") readOwn(line);
		traces.follow({
			line,
			message,
			id
		});
		count({
			line,
			message,
			id
		});
		return true;
	}
	function countedTo(facts, at) {
		const settled = settledAt(facts, {
			at,
			lagMs: MOST_LAG_MS
		});
		const first = facts.startedAt - START_SLACK_MS - 1;
		return Math.max(keptTo, first, Math.min(settled, unplaced.firstAt() - 1));
	}
	return {
		add(full, arrivedAt) {
			if (arrivedAt !== void 0) lagMs = Math.max(lagMs ?? 0, arrivedAt - full.at);
			const line = full.message.length > MAX_LINE_LENGTH ? {
				...full,
				message: full.message.slice(0, MAX_LINE_LENGTH)
			} : full;
			const facts = currentFacts();
			if (line.at <= keptTo) return;
			if (line.instance === void 0 && line.type !== "request" && line.at >= facts.startedAt - 1e3) readOwn(line);
			if (!place(line, facts)) unplaced.keep(line);
		},
		reclassify() {
			const facts = currentFacts();
			for (const line of unplaced.take()) if (!place(line, facts)) unplaced.keep(line);
		},
		sample(check, at) {
			const tally = tallies.get(check.name);
			if (tally === void 0) return {
				kind: "error",
				at,
				reason: "not a log check"
			};
			const facts = currentFacts();
			const hasOwn = newestOwn >= facts.startedAt - START_SLACK_MS;
			const gap = (hasLost || unplaced.hasLost()) && tally.source.type === "app" ? { gap: facts.gap ?? LOST } : {};
			const unsure = unplaced.instancesOf(tally);
			return logSample(tally, {
				at,
				facts: {
					...facts,
					...gap
				},
				keep,
				hasOwn,
				unsure,
				lagMs
			});
		},
		unsure: () => [...new Set([...tallies.values()].flatMap(unplaced.instancesOf))],
		wanted: () => wantedPatterns([...tallies.values()], currentFacts().liveAt),
		counted: () => countedOf([...tallies.values()]),
		asksNew: () => [...tallies.values()].flatMap(({ check, newMatches }) => newMatches?.isOldKnown() === false ? [check] : []),
		setOldShapes: (check, old) => tallies.get(check)?.newMatches?.setOld(old),
		lagMs: () => lagMs,
		linesRead: () => linesRead,
		traceOf: traces.of,
		firstMatch(check) {
			const tally = tallies.get(check);
			const first = tally?.first();
			if (tally === void 0 || first === void 0) return void 0;
			const { type } = tally.source;
			return {
				at: first.at,
				type,
				...first.from === type ? {} : { instance: first.from }
			};
		},
		kept(at) {
			const facts = currentFacts();
			const until = countedTo(facts, at);
			const checks = [...tallies].map(([name, tally]) => {
				const moment = momentOf(tally, {
					at,
					facts,
					lagMs
				});
				return [name, tally.kept({
					...moment,
					until
				})];
			});
			const open = new Set(checks.flatMap(([, { span }]) => span === void 0 ? [] : openIn(span)));
			return {
				book: {
					to: until,
					startedAt,
					...newestOwn === -1e400 ? {} : { newestOwn },
					...linesRead === 0 ? {} : { linesRead },
					...lagMs === void 0 ? {} : { lagMs },
					...hasLost || unplaced.hasLost() ? { hasLost: true } : {},
					lives: Object.fromEntries([...lives].flatMap(([type, own]) => {
						const known = own.kept(open);
						return known === void 0 ? [] : [[type, known]];
					}))
				},
				checks: Object.fromEntries(checks)
			};
		},
		keptTo() {
			currentFacts();
			return keptTo === -1e400 ? void 0 : keptTo;
		}
	};
}
const LOST = "instances that are not known to be old or new wrote more lines than could be kept";
// src/core/new-instances.ts
const SLACK_MS$2 = 1e4;
const LAST_WORDS_MS = 3e5;
const NO_INSTANCES = { seen: new Map() };
function withInstances(book, instances, isBeforeUpdate) {
	const seen = new Map(book.seen);
	const present = new Set(instances.map(({ suffix }) => suffix));
	for (const instance of instances) seen.set(instance.suffix, instance.createdAt);
	if (isBeforeUpdate) return {
		...book,
		seen,
		present,
		before: new Set([...book.before ?? [], ...present])
	};
	return {
		...book,
		seen,
		present
	};
}
function isNewInstance(book, suffix, deploy) {
	const { before, old } = book;
	if (before?.has(suffix) === true || old?.has(suffix) === true) return false;
	const createdAt = book.seen.get(suffix);
	if (createdAt !== void 0 && createdAt <= (book.oldUntil ?? -1e400) - SLACK_MS$2) return false;
	if (isOfNewer(book, {
		suffix,
		at: 1e400
	})) return false;
	if (before !== void 0) return true;
	return createdAt === void 0 ? void 0 : createdAt >= (deploy.startedAt ?? deploy.createdAt);
}
function isOfNewer({ seen, newer = [] }, heard) {
	const createdAt = seen.get(heard.suffix);
	return newer.some(({ from, to }) => createdAt === void 0 ? heard.at >= from && heard.at <= to + LAST_WORDS_MS : createdAt >= from && createdAt <= to);
}
function isNewAt(book, heard, deploy) {
	const { listedAt = 1e400, checkedAt = 1e400 } = book;
	if (isOfNewer(book, heard)) return false;
	const isNew = isNewInstance(book, heard.suffix, deploy) ?? (heard.at >= listedAt + SLACK_MS$2 ? true : void 0);
	if (isNew === true && book.listedAt === void 0 && !book.seen.has(heard.suffix)) return void 0;
	const isUnchecked = (book.seen.get(heard.suffix) ?? heard.at) > checkedAt;
	return isNew === true && isUnchecked ? void 0 : isNew;
}
function lifeOf(book, last) {
	const { present, presentAt = -1e400 } = book;
	const isPresent = present?.has(last.suffix);
	return {
		to: isPresent === true ? Math.max(last.at, presentAt) : last.at,
		isGone: isPresent === false && last.at < presentAt
	};
}
function newInstances(book, deploy) {
	return [...book.seen.keys()].filter((suffix) => isNewInstance(book, suffix, deploy) === true);
}
// src/core/old-conditions.ts
function only(check, isKept) {
	const { pass, warn, fail } = check;
	return {
		...check,
		pass: pass.filter(isKept),
		warn: warn.filter(isKept),
		fail: fail.filter(isKept)
	};
}
const namesNewCommit = ({ operand }) => operand.kind === "deploy.sha";
function withoutNewCommit(check) {
	return only(check, (condition) => !namesNewCommit(condition));
}
function askedAlone(check) {
	return only(check, (condition) => !namesNewCommit(condition) && condition.operand.kind !== "relative" && condition.subject.path[0] !== "new_rows");
}
// src/core/broken-before.ts
function decidingLines({ lines }) {
	return lines.filter((line) => line.tier === "pass" ? line.holds === false : line.tier === "fail" && line.holds === true);
}
function brokenBefore(old, now) {
	if (old?.outcome !== "fail" || now?.outcome !== "fail") return false;
	const deciding = (finding) => decidingLines(finding).map((line) => `${line.tier} ${line.condition}`).sort().join("\n");
	return deciding(old) === deciding(now);
}
// src/core/deploy-verdict.ts
function deployText(deploy) {
	return deploy.commit === void 0 ? deploy.id : `${deploy.id} (${deploy.commit.sha.slice(0, 7)})`;
}
function supersededBy(by, when) {
	const sha = by.commit?.sha;
	return {
		verdict: "superseded",
		reason: `${deployText(by)} took over ${when}`,
		...sha === void 0 ? {} : { coveredBy: sha }
	};
}
function takenOutBy(by) {
	const trigger = by.trigger === void 0 ? "" : `, trigger ${by.trigger}`;
	return {
		verdict: "fail",
		reason: `taken out of production by ${deployText(by)}${trigger}`
	};
}
function deployVerdict(ending) {
	switch (ending.kind) {
		case "failed": return failedVerdict(ending.deploy, ending.failure);
		case "slow": return {
			verdict: "fail",
			reason: `deploy ${ending.deploy.id} is ${ending.reason}`,
			calls: false,
			held: "Render is still at work on the deploy"
		};
		case "superseded": return {
			...supersededBy(ending.by, "before this deploy was judged"),
			calls: false
		};
		case "taken-out": return {
			...takenOutBy(ending.by),
			calls: false
		};
		case "canceled": return {
			verdict: "unknown",
			reason: ending.failure.reason,
			calls: false
		};
		case "skipped": return {
			verdict: "skipped",
			reason: ending.reason,
			calls: false
		};
		case "displaced":
		case "absent":
		case "frozen": return {
			verdict: "unknown",
			reason: ending.reason,
			calls: false
		};
	}
}
function failedVerdict(deploy, failure) {
	const reason = `deploy ${deploy.id} ended as ${deploy.status}: ${failure.reason}`;
	if (failure.blame === "code") return {
		verdict: "fail",
		reason,
		calls: true
	};
	if (failure.blame === "platform") return {
		verdict: "unknown",
		reason: `${reason}, which is not the code's doing`,
		calls: false
	};
	return {
		verdict: "fail",
		reason,
		calls: false,
		held: "Render's reason is not known, so the code is not blamed"
	};
}
// src/core/watch-verdict.ts
function watchVerdict(ending, results) {
	const checks = {
		verdict: stageVerdict(results),
		reason: stageReason(results)
	};
	if (ending.kind === "unsure") return checks.verdict === "fail" ? checks : {
		verdict: "unknown",
		reason: ending.reason
	};
	if (ending.kind !== "replaced") return checks;
	const decision = replacedVerdict(ending.following);
	if (checks.verdict !== "fail") return decision;
	return {
		...decision,
		reason: `${decision.reason}; failed before that: ${checks.reason}`
	};
}
function replacedVerdict(following) {
	if (following.kind === "superseded") return supersededBy(following.by, "before the watch was finished");
	if (following.kind === "taken-out") return takenOutBy(following.by);
	return {
		verdict: "unknown",
		reason: `the deploy is no longer live and nothing explains it (${following.kind})`
	};
}
function remedyFor(ending, results, old) {
	if (ending.kind === "replaced") return { held: [] };
	const failed = results.filter((result) => result.verdict === "fail" && result.onFail !== "alert");
	const isOld = (result) => brokenBefore(old.get(result.name), result.finding);
	const held = (list, why) => list.map((result) => ({
		kind: result.onFail,
		state: "held",
		reason: why(result)
	}));
	if (ending.kind === "unsure") return { held: held(failed.slice(0, 1), () => ending.reason) };
	const name = failed.find((result) => !isOld(result))?.onFail;
	if (name !== void 0) return {
		name,
		held: []
	};
	return { held: held(failed, (result) => `"${result.name}" was already failing before`) };
}
// src/gate/custom-domains.ts
async function customDomains(run) {
	const { plan, service, edges, teller } = run;
	const urls = plan.checks.flatMap((check) => check.source.kind === "http" ? [check.source.url] : []);
	const needsThem = urls.some((url) => /^https?:/i.test(url)) || service.subdomainPolicy === "disabled";
	if (urls.length === 0 || !needsThem) return [];
	try {
		return await edges.deploys.customDomains(service.id);
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		teller.note(`The custom domains could not be read: ${error.message}`);
		return [];
	}
}
// src/gate/deploy-list.ts
const HOUR_MS$1 = 36e5;
const DAY_MS$3 = 24 * HOUR_MS$1;
const FULL_PAGE = 100;
const SECOND_LOOKS = 2;
const SECOND_LOOK_MS = 3e3;
function createDeployList(run, commit) {
	const { edges, service } = run;
	const { clock } = edges;
	const relations = new Map(commit.parents.map((sha) => [sha, "ancestor"]));
	const reads = [];
	const start = Math.min(commit.committedAt, run.startedAt) - DAY_MS$3;
	const about = {
		commit: run.commit,
		...run.deployId === void 0 ? {} : { deployId: run.deployId }
	};
	let known = [];
	let createdAfter = start;
	let isFirst = true;
	async function pages(query) {
		reads.push(clock.now());
		return edges.deploys.deploys(service.id, {
			...query,
			allPages: true
		});
	}
	async function withPast(fresh) {
		let found = fresh;
		for (const query of [{ createdAfter: start - 30 * DAY_MS$3 }, {}]) {
			if (servedBefore({
				...about,
				deploys: found
			}) !== void 0) return found;
			found = newestFirst([...found, ...await pages(query)]);
		}
		return found;
	}
	async function read() {
		const page = await pages({ createdAfter });
		const fresh = isFirst ? await withPast(page) : page;
		if (isFirst && page.length > FULL_PAGE) createdAfter = run.startedAt - HOUR_MS$1;
		isFirst = false;
		let deploys = newestFirst([...fresh, ...known]);
		const own = run.deployId ?? ownDeploys({
			...about,
			deploys
		})[0]?.id;
		if (own !== void 0 && !fresh.some((deploy) => deploy.id === own)) {
			reads.push(clock.now());
			const named = await edges.deploys.deploy(service.id, own);
			if (named !== void 0) deploys = newestFirst([named, ...deploys]);
		}
		known = withoutGhosts(deploys, new Set(fresh.map((deploy) => deploy.id)));
		for (;;) {
			const following = followingOf({
				...about,
				deploys: known,
				relations
			});
			if (following.kind !== "ask") return following;
			for (const sha of following.commits) relations.set(sha, await relationOf(run, sha));
		}
	}
	return {
		reads,
		get deploys() {
			return known;
		},
		async look() {
			for (let looks = 0;; looks += 1) {
				const following = await read();
				if (!isBetween(following) || looks === SECOND_LOOKS) return following;
				await wait(run, SECOND_LOOK_MS);
			}
		}
	};
}
function isBetween(following) {
	return following.kind === "canceled" || following.kind === "displaced" && following.by === void 0;
}
function newestFirst(deploys) {
	return [...new Map(deploys.toReversed().map((deploy) => [deploy.id, deploy])).values()].sort((a, b) => b.createdAt - a.createdAt);
}
function withoutGhosts(deploys, fresh) {
	const served = deploys.find((deploy) => deploy.status === "live" || deploy.status === "deactivated");
	return deploys.map((deploy) => deploy.status === "live" && deploy !== served && !fresh.has(deploy.id) ? {
		...deploy,
		status: "deactivated"
	} : deploy);
}
async function relationOf(run, sha) {
	switch ((await run.edges.forge.compare(run.commit, sha))?.relation) {
		case "identical": return "same";
		case "ahead": return "descendant";
		case "behind": return "ancestor";
		default: return "other";
	}
}
// src/gate/wait-for.ts
const STEP_MS$1 = 1e3;
async function waitFor(run, work, ms) {
	const { clock } = run.edges;
	const until = clock.now() + ms;
	const ended = new AbortController();
	let end;
	const isOver = () => end !== void 0 || clock.now() >= until;
	work.then((value) => end = () => value, (error) => {
		const reason = error instanceof Error ? error : new Error(String(error));
		end = () => {
			throw reason;
		};
	}).then(() => ended.abort());
	while (!isOver()) await wait(run, Math.min(STEP_MS$1, until - clock.now()), ended.signal);
	return end?.();
}
// src/gate/diagnose.ts
const MOST_ROWS$1 = 20;
const LONGEST_ROW = 2e3;
const PATIENCE_MS$1 = 3e3;
function createDiagnoses(run) {
	const asked = new Map();
	const found = new Map();
	async function ask({ query, database }, moment) {
		const { clock, redact } = run.edges;
		const settings = run.plan.databases[database];
		const from = `diagnose, database ${database}`;
		const said = (text) => ({
			at: clock.now(),
			text: redact(text).slice(0, LONGEST_ROW),
			from
		});
		if (settings === void 0) return [said(`no database "${database}" is configured`)];
		const title = said(query.replaceAll(/\s+/g, " ").trim());
		try {
			const { rows, cut } = await run.edges.database.query({
				url: settings.url,
				query,
				bind: {
					...moment,
					sha: run.commit
				},
				timeoutMs: settings.timeoutMs,
				maxRows: MOST_ROWS$1
			});
			const more = cut ? [said(`… more than ${rows.length} rows`)] : [];
			const none = rows.length === 0 ? [said("no rows")] : [];
			return [
				title,
				...rows.map((row) => said(JSON.stringify(row))),
				...none,
				...more
			];
		} catch (error) {
			if (!(error instanceof ServiceProblem)) throw error;
			return [title, said(`could not be asked: ${error.message}`)];
		}
	}
	return {
		start(check, moment) {
			if (asked.has(check.name) || check.diagnose.length === 0) return;
			const all = Promise.all(check.diagnose.map((diagnosis) => ask(diagnosis, moment))).then((parts) => {
				const evidence = parts.flat();
				if (asked.get(check.name) === all) found.set(check.name, evidence);
				return evidence;
			});
			all.catch(() => void 0);
			asked.set(check.name, all);
		},
		async results() {
			await waitFor(run, Promise.all(asked.values()), PATIENCE_MS$1);
			const missing = [...asked.keys()].filter((name) => !found.has(name)).map((name) => [name, [{ text: "the queries of diagnose did not answer in time" }]]);
			return new Map([...found, ...missing]);
		},
		forget() {
			asked.clear();
			found.clear();
		}
	};
}
// src/core/derive-sample.ts
function deriveSample(source, { at, ...measured }) {
	const results = Object.entries(source.formulas).map(([name, formula]) => ({
		name,
		result: resultOf$2(formula, measured)
	}));
	const reasons = (kind) => [...new Set(results.flatMap(({ result }) => result.kind === kind ? [result.reason] : []))];
	const errors = reasons("error");
	if (errors.length > 0) return {
		kind: "error",
		at,
		reason: errors.join("; ")
	};
	const known = results.flatMap(({ name, result }) => result.kind === "value" ? [{
		name,
		value: result.value,
		text: result.text
	}] : []);
	const waits = reasons("none");
	if (known.length === 0) return {
		kind: "none",
		at,
		reason: waits.join("; ")
	};
	const open = results.filter(({ result }) => result.kind === "none").map(({ name }) => name);
	return {
		kind: "ok",
		at,
		subjects: Object.fromEntries(known.map(({ name, value }) => [name, value])),
		evidence: [],
		note: [...known.map(({ name, text }) => `${name} = ${text}`), ...waits].join("; "),
		...open.length > 0 ? { open } : {}
	};
}
function resultOf$2(formula, measured) {
	switch (formula.kind) {
		case "number": return {
			kind: "value",
			value: formula.value,
			text: String(formula.value)
		};
		case "subject": return subjectResult(formula, measured);
		case "operation": return operationResult(formula, measured);
	}
}
function subjectResult({ check, path }, measured) {
	const name = pathText([check, ...path]);
	if (Object.hasOwn(measured.failed, check)) return {
		kind: "error",
		reason: `"${check}" could not be read: ${measured.failed[check]}`
	};
	const subjects = Object.hasOwn(measured.latest, check) ? measured.latest[check] : void 0;
	const value = subjects === void 0 ? void 0 : valueAt(subjects, path);
	if (value === void 0) return {
		kind: "none",
		reason: `${name} has no value yet`
	};
	if (typeof value !== "number") return {
		kind: "error",
		reason: `${name} is not a number`
	};
	return {
		kind: "value",
		value,
		text: `${name} (${rounded(value)})`
	};
}
function operationResult(formula, measured) {
	const { operator } = formula;
	const left = resultOf$2(formula.left, measured);
	const right = resultOf$2(formula.right, measured);
	if (left.kind !== "value") return left.kind === "none" && right.kind === "error" ? right : left;
	if (right.kind !== "value") return right;
	if (operator === "/" && right.value === 0) return {
		kind: "none",
		reason: `nothing to divide by: ${zeroText(formula.right, right.text)}`
	};
	const value = calculated(operator, left.value, right.value);
	const text = `${inParentheses(formula.left, left.text)} ${operator} ${inParentheses(formula.right, right.text)}`;
	if (!Number.isFinite(value)) return {
		kind: "error",
		reason: `${text} is no number`
	};
	return {
		kind: "value",
		value,
		text
	};
}
function zeroText(formula, text) {
	return formula.kind === "subject" ? `${pathText([formula.check, ...formula.path])} is 0` : `${text} is 0`;
}
function calculated(operator, left, right) {
	switch (operator) {
		case "+": return left + right;
		case "-": return left - right;
		case "*": return left * right;
		case "/": return left / right;
	}
}
function inParentheses(formula, text) {
	return formula.kind === "operation" ? `(${text})` : text;
}
function rounded(value) {
	return String(Number(value.toPrecision(6)));
}
// src/core/metric-window.ts
const MINUTE_MS$1 = 6e4;
const HOUR_MS = 60 * MINUTE_MS$1;
const STALE_MS = 5 * MINUTE_MS$1;
const FIRST_POINT_MS = 2 * MINUTE_MS$1;
const LADDER_MS = [
	5,
	15,
	30,
	60,
	120,
	240,
	480,
	720,
	1440
].map((minutes) => minutes * MINUTE_MS$1);
const MOST_POINTS$1 = 240;
const SHORTEST_COUNT_MS = MINUTE_MS$1;
const NO_POINTS = {
	kind: "none",
	reason: "no data points yet; they come a minute or two late"
};
function metricQueryOf(source, about) {
	const isCount = source.name === "http_requests";
	const sinceCounted = isCount && about.countedTo !== void 0 ? about.at - about.countedTo : 0;
	const wanted = Math.max((source.agg?.windowMs ?? 0) + MINUTE_MS$1, sinceCounted, STALE_MS);
	const backMs = LADDER_MS.find((rung) => rung >= wanted) ?? Math.ceil(wanted / HOUR_MS) * HOUR_MS;
	if (!isCount && backMs <= 30 * MINUTE_MS$1) return {
		backMs,
		stepMs: 3e4
	};
	return {
		backMs,
		stepMs: Math.max(1, Math.ceil(backMs / MOST_POINTS$1 / MINUTE_MS$1)) * MINUTE_MS$1
	};
}
function pointsIn({ points }, { at, since }) {
	return points.filter((point) => point.at >= since && point.at <= at && Number.isFinite(point.value));
}
function staleBefore({ at, stepMs }) {
	return at - Math.max(STALE_MS, 3 * stepMs);
}
function missingPoints(newestAt, context) {
	const { at, since, stepMs } = context;
	if (newestAt !== void 0 && newestAt >= staleBefore(context)) return void 0;
	if (newestAt === void 0 && at < since + 2 * stepMs + FIRST_POINT_MS) return NO_POINTS;
	const age = newestAt === void 0 ? at - since : at - newestAt;
	return {
		kind: "error",
		reason: `no data points ${Number.isFinite(age) ? `in the last ${secondsText(age)}` : "at all"}: no traffic, or not collected yet`
	};
}
function usedPoints(points, { agg }, context) {
	if (agg !== void 0) return points.filter((point) => point.at > context.at - agg.windowMs);
	return points.slice(-1).filter((point) => point.at >= staleBefore(context));
}
function unfilledWindow(windowMs, end, { since }) {
	if (end - windowMs >= since) return void 0;
	return {
		kind: "none",
		reason: `the window of ${durationText(windowMs)} has not filled: ${secondsText(Math.max(0, end - since))} so far`
	};
}
function aggregated(values, name = "max") {
	const sum = values.reduce((total, value) => total + value, 0);
	switch (name) {
		case "sum": return sum;
		case "avg": return sum / values.length;
		case "min": return values.reduce((least, value) => Math.min(least, value));
		case "max": return values.reduce((most, value) => Math.max(most, value));
	}
}
function windowText(used, { agg }, at) {
	if (agg !== void 0) return `${agg.name} of ${used.length} ${used.length === 1 ? "point" : "points"} in ${durationText(agg.windowMs)}`;
	return `newest point, ${secondsText(at - (used.at(-1)?.at ?? at))} old`;
}
function secondsText(ms) {
	return durationText(Math.round(ms / 1e3) * 1e3);
}
// src/gate/metric-resource.ts
const MOST_SHOWN$1 = 10;
async function findMetricResource(run, source) {
	const { service, edges } = run;
	const { of, name } = source;
	const isOfDatabases = name === "active_connections";
	if (of === void 0 && isOfDatabases) return { why: `${name} needs "of": the database it is about` };
	if (of === void 0 || of === service.id) return isOfDatabases ? { why: `${name} is of a database, and "${of}" is a service` } : {
		id: service.id,
		text: `service ${service.name}`
	};
	if (/^red-[0-9a-z]+$/.test(of)) return {
		id: of,
		text: of
	};
	const mayBeService = !isOfDatabases && !of.startsWith("dpg-");
	const mayBeDatabase = (isOfDatabases || name === "cpu" || name === "memory") && !/^(?:srv|crn)-/.test(of);
	const isMeant = (one) => one.id === of || one.name === of;
	const asCandidate = (kind) => (one) => ({
		...one,
		kind
	});
	const databases = mayBeDatabase ? (await edges.metrics.databases(service.ownerId)).map(asCandidate("database")) : [];
	const found = [...mayBeService ? (await servicesMeant(run, of)).map(asCandidate("service")) : [], ...databases].filter(isMeant);
	const [first, second] = found;
	if (first !== void 0 && second === void 0) return {
		id: first.id,
		text: candidateText(first)
	};
	if (first !== void 0) return { why: `"${of}" names ${found.map(candidateText).join(" and ")}; name one by its id` };
	const all = [...mayBeService ? (await edges.deploys.servicesOf(service.ownerId)).map(asCandidate("service")) : [], ...databases];
	const kinds = [...mayBeService ? ["service"] : [], ...mayBeDatabase ? ["database"] : []].join(" or ");
	if (all.length === 0) return { why: `the workspace has no ${kinds}, so none named "${of}"` };
	const shown = all.slice(0, MOST_SHOWN$1).map((one) => one.name);
	const more = all.length > shown.length ? ` and ${all.length - shown.length} more` : "";
	return { why: `the workspace has no ${kinds} "${of}"; there are ${shown.join(", ")}${more}` };
}
async function servicesMeant({ edges, service }, of) {
	if (!/^(?:srv|crn)-[0-9a-z]{20}$/.test(of)) return (await edges.deploys.servicesNamed(of)).filter(({ ownerId }) => ownerId === service.ownerId);
	const found = await edges.deploys.service(of);
	return found === void 0 || found.ownerId !== service.ownerId ? [] : [found];
}
function candidateText({ kind, name, id, region }) {
	return `${kind} ${name} (${[id, ...region === void 0 ? [] : [region]].join(", ")})`;
}
// src/gate/shared-reads.ts
function createSharedReads(clock) {
	const kept = new Map();
	return ({ key, freshMs }, read) => {
		const now = clock.now();
		for (const [each, { until }] of kept) if (now > until) kept.delete(each);
		const known = kept.get(key);
		if (known !== void 0) return known.value;
		const own = {
			until: now + freshMs,
			value: read()
		};
		kept.set(key, own);
		own.value.catch(() => {
			if (kept.get(key) === own) kept.delete(key);
		});
		return own.value;
	};
}
// src/gate/metric-reader.ts
const SLACK_MS$1 = 1e3;
function createMetricReader(run) {
	const { edges, plan, teller, signal } = run;
	const { clock, metrics } = edges;
	const shared = createSharedReads(clock);
	const resources = createSharedReads(clock);
	const sources = plan.checks.flatMap(({ source }) => source.kind === "metric" ? [source] : []);
	let isPlanTold = false;
	function widestOf(source, { backMs, stepMs }) {
		const windows = sources.filter(({ name, of, quantile }) => name === source.name && of === source.of && quantile === source.quantile).map((one) => metricQueryOf(one, { at: 0 }));
		return Math.max(backMs, ...windows.flatMap((one) => one.stepMs === stepMs ? [one.backMs] : []));
	}
	function refusalOf(problem, source, resource) {
		const said = `Render answered ${problem.status}: ${problem.message}`;
		switch (problem.status) {
			case 400:
				if (source.name !== "http_latency") return `${source.name} of ${resource.text} was refused; ${said}`;
				if (!isPlanTold) teller.note("Latency is not measured: Render gives it from the Professional workspace plan on");
				isPlanTold = true;
				return `Render gives latency from the Professional workspace plan on; ${said}`;
			case 403: return `the key may not read metrics; ${said}`;
			case 404:
			case 410: return `Render knows no metrics of ${resource.text}, or the key does not see it; ${said}`;
			default: return;
		}
	}
	return { async read(source, { stepMs, to, ...window }) {
		const backMs = to === void 0 ? widestOf(source, {
			...window,
			stepMs
		}) : window.backMs;
		const named = {
			key: JSON.stringify([source.of ?? "", source.name]),
			freshMs: 1e400
		};
		const resource = await resources(named, () => findMetricResource(run, source));
		if ("why" in resource) return resource;
		const quantile = source.quantile === void 0 ? {} : { quantile: source.quantile };
		const one = (metric) => {
			const query = {
				metric,
				resourceId: resource.id,
				stepMs,
				...quantile
			};
			const wanted = {
				key: JSON.stringify([
					query,
					backMs,
					to
				]),
				freshMs: stepMs - SLACK_MS$1
			};
			return shared(wanted, async () => {
				const until = to ?? clock.now();
				return {
					series: await metrics.read({
						...query,
						from: until - backMs,
						to: until,
						signal
					}),
					to: until
				};
			});
		};
		try {
			const isLimited = source.name === "cpu" || source.name === "memory";
			const [answer, limits] = await Promise.all([one(source.name), source.ofLimit && isLimited ? one(`${source.name}_limit`) : void 0]);
			return {
				...answer,
				...limits === void 0 ? {} : { limits: limits.series }
			};
		} catch (error) {
			const why = error instanceof ServiceProblem ? refusalOf(error, source, resource) : void 0;
			if (why === void 0) throw error;
			return { why };
		}
	} };
}
// src/core/failure.ts
const PHASE = {
	build_failed: "the build failed",
	pre_deploy_failed: "the pre-deploy command failed",
	update_failed: "the new version did not come up",
	canceled: "the deploy was canceled"
};
function failureText(failure) {
	if (failure.evicted) return "evicted by Render";
	if (failure.oomKilled !== void 0) return failure.oomKilled === "" ? "out of memory" : `out of memory (limit ${failure.oomKilled})`;
	if (failure.nonZeroExit !== void 0) return `exited with status ${failure.nonZeroExit}`;
	if (failure.earlyExit) return "exited early";
	if (failure.unhealthy !== void 0) return failure.unhealthy === "" ? "the health check failed" : `unhealthy: ${failure.unhealthy}`;
	if (failure.timedOutSeconds !== void 0 || failure.timedOutReason !== void 0) return `timed out${failure.timedOutSeconds === void 0 ? "" : ` after ${failure.timedOutSeconds} s`}${failure.timedOutReason ? `: ${failure.timedOutReason}` : ""}`;
}
const PHASE_END = {
	build_failed: "build_ended",
	pre_deploy_failed: "pre_deploy_ended"
};
const EXCUSES = [
	{
		type: "pipeline_minutes_exhausted",
		reason: "pipeline minutes exhausted"
	},
	{
		type: "image_pull_failed",
		reason: "the image could not be pulled"
	},
	{
		type: "server_hardware_failure",
		reason: "hardware failure at Render",
		statuses: "update_failed"
	}
];
function failureOf$1(deploy, events) {
	const phase = PHASE[deploy.status] ?? `the deploy ended as ${deploy.status}`;
	if (events === void 0) return {
		blame: "unknown",
		reason: `${phase}; Render's events could not be read`
	};
	const ended = endsOf(deploy, events);
	if (deploy.status === "canceled") return cancellation(phase, ended);
	const since = events.filter((event) => event.at >= deploy.createdAt - 1e3);
	const excuse = EXCUSES.find(({ type, statuses }) => (statuses === void 0 || statuses === deploy.status) && since.some((event) => event.type === type));
	if (excuse !== void 0) return {
		blame: "platform",
		reason: `${phase}: ${excuse.reason}`
	};
	const failure = ended.map((event) => event.failure).find((shape) => shape !== void 0 && failureText(shape) !== void 0);
	if (failure !== void 0) return {
		blame: blameOf(deploy, failure),
		reason: `${phase}: ${failureText(failure) ?? ""}`
	};
	if (deploy.status === "build_failed" && ended.some((event) => event.buildFailed)) return {
		blame: "code",
		reason: phase
	};
	return {
		blame: "unknown",
		reason: `${phase}; Render gave no reason`
	};
}
function endsOf(deploy, events) {
	const isMine = (event) => event.deployId === deploy.id || event.deployId === void 0 && event.at >= (deploy.startedAt ?? deploy.createdAt) - 1e3;
	const phaseEnd = PHASE_END[deploy.status];
	return [...events.filter((event) => event.type === "deploy_ended" && isMine(event)), ...events.filter((event) => event.type === phaseEnd && event.status !== "succeeded" && isMine(event))];
}
function cancellation(phase, ended) {
	const newer = ended.find((event) => event.newDeployId !== void 0)?.newDeployId;
	if (newer !== void 0) return {
		blame: "platform",
		reason: `${phase} for the newer deploy ${newer}`,
		newDeployId: newer
	};
	const user = ended.find((event) => event.user !== void 0)?.user;
	return {
		blame: "person",
		reason: user ? `${phase} by ${user}` : phase
	};
}
function blameOf(deploy, failure) {
	if (failure.evicted) return "platform";
	return failure.nonZeroExit !== void 0 || failure.earlyExit === true || failure.oomKilled !== void 0 || failure.unhealthy !== void 0 || deploy.status === "update_failed" ? "code" : "unknown";
}
// src/core/event-sample.ts
const EXCUSING_EVENTS = [
	"maintenance_started",
	"maintenance_ended",
	"server_hardware_failure"
];
function isDuringMaintenance(event, events) {
	return events.findLast(({ type, at }) => at <= event.at && (type === "maintenance_started" || type === "maintenance_ended"))?.type === "maintenance_started";
}
function isHardware(event, events) {
	return events.some((other) => other.type === "server_hardware_failure" && Math.abs(other.at - event.at) < 6e4);
}
function eventText(event) {
	const instance = event.instanceId === void 0 ? "" : ` ${event.instanceId}`;
	const failure = event.failure === void 0 ? void 0 : failureText(event.failure);
	return `${event.type}${instance}${failure === void 0 ? "" : `: ${failure}`}`;
}
const SWITCH_MS$1 = 6e4;
const LONGEST_SHUTDOWN_MS = 3e5;
const RESTART_MS = 6e4;
const SLACK_MS = 2e3;
function excuseOf(event, context) {
	if (event.failure?.evicted === true) return "evicted";
	if (event.user !== void 0) return "by a person";
	if (isHardware(event, context.events)) return "hardware";
	if (isDuringMaintenance(event, context.events)) return "maintenance";
	return (event.instanceId === void 0 ? void 0 : context.isNew(event.instanceId, event.at)) === false ? "old instance" : void 0;
}
function switchedAt({ liveAt, shutdownDelayMs = LONGEST_SHUTDOWN_MS }) {
	return liveAt + SWITCH_MS$1 + shutdownDelayMs;
}
function maybeOld(context) {
	const found = new Set();
	for (const event of context.events) {
		const { at, instanceId, type } = event;
		if (type !== "server_failed" || instanceId === void 0 || at >= switchedAt(context)) continue;
		const born = context.bornAt?.(instanceId);
		const replaces = [...found].some((other) => other.instanceId !== instanceId && (born === void 0 || born >= other.at - SLACK_MS && born <= other.at + RESTART_MS));
		if (context.isNew(instanceId, at) !== true || replaces) found.add(event);
	}
	return found;
}
function isUnsure(event, context) {
	const { checkedAt = 1e400 } = context;
	if (event.at >= switchedAt(context) && event.at <= checkedAt) return false;
	if (event.instanceId === void 0) return event.type === "server_failed";
	return context.isNew(event.instanceId, event.at) === void 0;
}
function eventSample(context) {
	const { at, keep } = context;
	const mine = context.events.filter((event) => context.types.includes(event.type) && event.at >= context.liveAt);
	const excused = mine.flatMap((event) => excuseOf(event, context) ?? []);
	const relevant = mine.filter((event) => excuseOf(event, context) === void 0);
	const old = maybeOld(context);
	const unsure = relevant.filter((event) => old.has(event) || isUnsure(event, context));
	const counted = relevant.filter((event) => !unsure.includes(event));
	const [first] = unsure;
	if (first !== void 0 && counted.length === 0) return {
		kind: "error",
		at,
		reason: `${keep(eventText(first))}: whether an old or a new instance cannot be said`
	};
	const reasons = [...excused, ...unsure.map(() => "instance unknown")];
	const evidence = counted.slice(-20).map((event) => ({
		at: event.at,
		text: keep(eventText(event)),
		from: "Render events"
	}));
	const note = reasons.length === 0 ? {} : { note: `${reasons.length} not counted: ${[...new Set(reasons)].join(", ")}` };
	return {
		kind: "ok",
		at,
		subjects: { count: counted.length },
		evidence,
		...note
	};
}
// src/gate/recent-events.ts
const FRESH_MS$3 = 5e3;
const BACK_MS = 864e5;
function createRecentEvents({ edges, service, plan }) {
	const { clock, deploys } = edges;
	const types = [...new Set(plan.checks.flatMap((check) => check.source.kind === "events" ? check.source.types : []).concat(EXCUSING_EVENTS))];
	const shared = createSharedReads(clock);
	let earliestLiveAt = 1e400;
	return { read(liveAt) {
		earliestLiveAt = Math.min(earliestLiveAt, liveAt);
		return shared({
			key: "events",
			freshMs: FRESH_MS$3
		}, () => deploys.events(service.id, {
			from: Math.min(clock.now(), earliestLiveAt) - BACK_MS,
			to: clock.now() + 6e4,
			types
		}));
	} };
}
// src/core/env-sample.ts
const SET_BY_RENDER = /^(?:RENDER(?:_.*)?|IS_PULL_REQUEST)$/;
function envSample({ expected }, about) {
	const { at } = about;
	const { values, ambiguous } = about.variables;
	const names = Object.keys(expected).toSorted((a, b) => a < b ? -1 : 1);
	const unclear = names.filter((name) => ambiguous.has(name));
	const unlisted = names.filter((name) => !values.has(name) && !ambiguous.has(name) && SET_BY_RENDER.test(name));
	const reasons = [...unclear.length > 0 ? [`linked groups set ${unclear.join(", ")} to different values, and which one holds cannot be said`] : [], ...unlisted.length > 0 ? [`${unlisted.join(", ")}: set by Render itself, which does not list it`] : []];
	if (reasons.length > 0) return {
		kind: "error",
		at,
		reason: reasons.join("; ")
	};
	const absent = names.filter((name) => !values.has(name));
	const different = names.filter((name) => values.has(name) && values.get(name) !== expected[name]);
	const wrong = new Set([...absent, ...different]);
	return {
		kind: "ok",
		at,
		subjects: {
			equal: names.length - wrong.size,
			different: different.length,
			absent: absent.length
		},
		evidence: names.filter((name) => wrong.has(name)).map((name) => ({
			text: `${name}: ${values.has(name) ? "different" : "absent"}`,
			from: "environment"
		}))
	};
}
// src/gate/sample-env.ts
const FRESH_MS$2 = 59e3;
function createEnvSamples({ edges, service }) {
	const { clock, serviceEnv } = edges;
	const shared = createSharedReads(clock);
	return async (source) => {
		const at = clock.now();
		const reading = (key) => shared({
			key,
			freshMs: FRESH_MS$2
		}, () => serviceEnv.read(service));
		const variables = await reading("variables");
		if (Object.keys(source.expected).every((name) => variables.values.has(name))) return envSample(source, {
			at,
			variables
		});
		return envSample(source, {
			at,
			variables: both(variables, await reading("variables, once more"))
		});
	};
}
function both(one, two) {
	return {
		values: new Map([...one.values, ...two.values]),
		ambiguous: new Set([...one.ambiguous, ...two.ambiguous])
	};
}
// src/gate/sample-events.ts
function createEventSamples({ edges, service }, recent) {
	return async (source, moment) => {
		const at = edges.clock.now();
		const events = await recent.read(moment.liveAt);
		return eventSample({
			at,
			liveAt: moment.liveAt,
			types: source.types,
			events,
			isNew: moment.isNew,
			...moment.bornAt === void 0 ? {} : { bornAt: moment.bornAt },
			...moment.checkedAt === void 0 ? {} : { checkedAt: moment.checkedAt },
			shutdownDelayMs: service.shutdownDelayMs,
			keep: edges.redact
		});
	};
}
// src/core/http-sample.ts
const MAX_BODY_SHOWN = 600;
const MAX_HEADER_SHOWN = 100;
const NETWORK_FINE = "Render's API was reached at that time, so the runner's own network was fine";
function cutBody(body, keep) {
	return keep(body).slice(0, MAX_BODY_SHOWN);
}
function bodyValue(body) {
	try {
		return JSON.parse(body);
	} catch {
		return body;
	}
}
function edgeReason(answer, keep) {
	if (answer.status === 429) return "the edge answered 429: too many requests";
	const mitigated = answer.headers["cf-mitigated"];
	if (mitigated !== void 0) return `the edge challenged the request (cf-mitigated: ${cutText(keep(mitigated), MAX_HEADER_SHOWN)})`;
}
function allowsStatus(check, at, status) {
	const about = (conditions) => conditions.filter(({ subject }) => subject.kind === "path" && subject.path[0] === "status");
	const outcome = outcomeOf(linesOf$1({
		pass: about(check.pass),
		warn: about(check.warn),
		fail: about(check.fail)
	}, {
		at,
		since: at,
		subjects: { status },
		series: () => [],
		sha: ""
	}));
	return outcome === "pass" || outcome === "warn";
}
function httpSample(check, answer, context) {
	const { at, what, keep } = context;
	if (answer.kind === "silence") {
		const reason = keep(`${what}: ${answer.reason}`);
		if (context.excuse !== void 0) return {
			kind: "error",
			at,
			reason: `${reason} (${context.excuse})`
		};
		const isFailure = answer.cause === "refused" || answer.cause === "timeout";
		if (!context.isOwnHost || !isFailure) return {
			kind: "error",
			at,
			reason
		};
		return {
			kind: "failing",
			at,
			reason,
			subjects: {},
			evidence: [{
				at,
				text: `${reason}\n${NETWORK_FINE}`,
				from: "http"
			}]
		};
	}
	const edge = edgeReason(answer, keep);
	if (edge !== void 0) return {
		kind: "error",
		at,
		reason: `${what}: ${edge}`
	};
	const requestId = answer.headers["rndr-id"];
	const evidence = [{
		at,
		from: "http",
		text: keep(`${what}: ${answer.status} in ${Math.round(answer.latencyMs)} ms${requestId === void 0 ? "" : ` (rndr-id ${cutText(keep(requestId), MAX_HEADER_SHOWN)})`}${answer.body === "" ? "" : `\n${cutBody(answer.body, keep)}`}`)
	}];
	const subjects = {
		status: answer.status,
		latency: answer.latencyMs,
		body: answer.bodyCut ? answer.body : bodyValue(answer.body),
		headers: answer.headers
	};
	if (answer.status >= 500) {
		const reason = `${what} answered ${answer.status}`;
		if (context.excuse !== void 0) return {
			kind: "error",
			at,
			reason: `${reason} (${context.excuse})`
		};
		if (!context.isOwnHost) return {
			kind: "error",
			at,
			reason: `${reason}, and it is not the service's own host`
		};
		if (!allowsStatus(check, at, answer.status)) return {
			kind: "failing",
			at,
			reason,
			subjects,
			evidence
		};
	}
	return {
		kind: "ok",
		at,
		subjects,
		evidence,
		...answer.bodyCut ? {
			note: "body cut",
			partial: ["body"]
		} : {}
	};
}
// src/gate/excuses.ts
const NETWORK_FRESH_MS = 1e3;
const EXCUSE_FRESH_MS = 5e3;
function createExcuses({ edges, service }, recent) {
	const { clock, deploys } = edges;
	const looks = createSharedReads(clock);
	const shared = createSharedReads(clock);
	async function look() {
		try {
			return {
				isReached: true,
				service: await deploys.service(service.id, { isOnce: true })
			};
		} catch (error) {
			if (!(error instanceof ServiceProblem)) throw error;
			return { isReached: error.status !== void 0 };
		}
	}
	const lookNow = () => looks({
		key: "network",
		freshMs: NETWORK_FRESH_MS
	}, look);
	async function readExcuse(liveAt, known) {
		try {
			const fresh = known ?? await deploys.service(service.id);
			if (fresh?.suspended) return "the service is suspended";
			if (fresh?.maintenanceMode) return "maintenance mode is on";
			return (await recent.read(liveAt)).findLast(({ type }) => type === "maintenance_started" || type === "maintenance_ended")?.type === "maintenance_started" ? "Render's maintenance is in progress" : void 0;
		} catch (error) {
			if (!(error instanceof ServiceProblem)) throw error;
			return "Render's API does not say whether the service is suspended or under maintenance";
		}
	}
	return {
		isReached: async () => (await lookNow()).isReached,
		async of(answer, { liveAt, meanwhile }) {
			let known;
			if (answer.kind === "silence") {
				if (await meanwhile === false) return "Render's API was not reached while this was waited for, so the runner's own network may be the cause";
				const now = await lookNow();
				if (!now.isReached) return "Render's API did not answer either, so the runner's own network may be the cause";
				known = now.service;
			}
			return shared({
				key: "excuse",
				freshMs: EXCUSE_FRESH_MS
			}, () => readExcuse(liveAt, known));
		}
	};
}
// src/gate/sample-http.ts
const FIRST_FREE_ANSWER_MS = 15e4;
const SLEEPS_AFTER_MS = 84e4;
function createHttpSamples(run, options) {
	const { edges, service, signal } = run;
	const { clock, prober, redact } = edges;
	const { recent, customDomains } = options;
	const base = baseUrl(service, customDomains);
	const ownHosts = new Set([service.url, base].flatMap((url) => url !== void 0 && URL.canParse(url) ? [new URL(url).host] : []).concat(customDomains));
	const excuses = createExcuses(run, recent);
	let answeredAt = -1e400;
	return async (check, source, moment) => {
		let at = clock.now();
		if (isPath$1(source.url) && base === void 0) return {
			kind: "error",
			at,
			reason: "the service has no public address to ask"
		};
		const url = isPath$1(source.url) ? new URL(source.url, base) : new URL(source.url);
		const isOwnHost = ownHosts.has(url.host);
		const isAsleep = isOwnHost && service.plan === "free" && at - answeredAt > SLEEPS_AFTER_MS;
		const timeoutMs = isAsleep ? Math.max(source.timeoutMs, FIRST_FREE_ANSWER_MS) : source.timeoutMs;
		let meanwhile;
		const request = {
			method: source.method,
			url: url.href,
			headers: source.headers,
			timeoutMs,
			signal: moment.signal === void 0 ? signal : AbortSignal.any([signal, moment.signal]),
			...isOwnHost ? { onSlow: () => void (meanwhile = excuses.isReached()) } : {},
			...source.body === void 0 ? {} : { body: source.body }
		};
		let answer = await prober.probe(request);
		if (isAsleep && answer.kind === "answer") {
			at = clock.now();
			answer = await prober.probe({
				...request,
				timeoutMs: source.timeoutMs
			});
		}
		if (isOwnHost && answer.kind === "answer") answeredAt = clock.now();
		const reason = (answer.kind === "silence" || answer.status >= 500) && isOwnHost ? await excuses.of(answer, {
			liveAt: moment.liveAt,
			meanwhile
		}) : void 0;
		return httpSample(check, answer, {
			at,
			what: `${source.method} ${isPath$1(source.url) ? source.url : `${url.origin}${url.pathname}`}`,
			isOwnHost,
			keep: redact,
			...reason === void 0 ? {} : { excuse: reason }
		});
	};
}
// src/core/metric-unit.ts
const KIB = 1024;
const LATENCY = {
	ns: 1e-6,
	nanoseconds: 1e-6,
	us: .001,
	µs: .001,
	microseconds: .001,
	ms: 1,
	millisecond: 1,
	milliseconds: 1,
	s: 1e3,
	sec: 1e3,
	second: 1e3,
	seconds: 1e3
};
const MEMORY = {
	b: 1,
	byte: 1,
	bytes: 1,
	kb: 1e3,
	kilobytes: 1e3,
	mb: 1e6,
	megabytes: 1e6,
	gb: 1e9,
	gigabytes: 1e9,
	kib: KIB,
	mib: KIB ** 2,
	gib: KIB ** 3
};
const CPU = {
	core: 1,
	cores: 1,
	cpu: 1,
	cpus: 1,
	vcpu: 1,
	unitless: 1,
	millicores: .001,
	mcpu: .001
};
const COUNT = {
	unitless: 1,
	count: 1,
	requests: 1,
	connections: 1,
	instances: 1
};
const UNITS = {
	cpu: CPU,
	memory: MEMORY,
	http_latency: LATENCY,
	http_requests: COUNT,
	active_connections: COUNT,
	instance_count: COUNT
};
function unitFactor(name, unit) {
	const factors = UNITS[name];
	const known = unit.trim().toLowerCase();
	return Object.hasOwn(factors, known) ? factors[known] : void 0;
}
function amountText(name, value) {
	switch (name) {
		case "cpu": return `${quantityText(value)} cores`;
		case "memory": return quantityText(value, "size");
		case "http_latency": return quantityText(value, "duration");
		case "http_requests":
		case "active_connections":
		case "instance_count": return quantityText(value);
	}
}
// src/core/metric-requests.ts
const MOST_SHOWN = 10;
function requestsReading(source, context) {
	const { at, since, stepMs } = context;
	const all = context.series.map((series) => ({
		...series,
		points: pointsIn(series, context).filter((point) => point.at <= at - stepMs)
	}));
	const picked = pickedSeries(source.where, all);
	if ("kind" in picked) return picked;
	const times = [...new Set(all.flatMap(({ points }) => points.map((point) => point.at)))];
	const newestAt = times.length === 0 ? void 0 : aggregated(times);
	const missing = missingPoints(newestAt, context);
	if (missing !== void 0 || newestAt === void 0) return missing ?? NO_POINTS;
	const { agg } = source;
	const unfilled = agg && unfilledWindow(agg.windowMs, newestAt + stepMs, context);
	if (unfilled !== void 0) return unfilled;
	const from = agg === void 0 ? Math.min(context.countedTo ?? 1e400, newestAt - SHORTEST_COUNT_MS) : newestAt - agg.windowMs;
	const total = sumOf(all, (time) => time > from);
	const number = sumOf(picked.series, (time) => time > from);
	const span = secondsText(newestAt - Math.max(from, since - stepMs));
	const counts = [number, total].map((count) => amountText(source.name, count));
	const of = `${source.where === void 0 ? counts[1] : counts.join(" of ")} requests in ${span}`;
	const known = {
		kind: "value",
		total,
		countedTo: newestAt,
		evidence: evidenceOf$1(picked.series, from)
	};
	if (source.asRatio && total === 0) return {
		kind: "error",
		reason: `no requests in ${span}, so there is no share of them`
	};
	if (source.asRatio) return {
		...known,
		value: number / total,
		note: of
	};
	if (agg === void 0 || agg.name === "sum") return {
		...known,
		value: number,
		note: of
	};
	const perMinute = times.filter((time) => time > from).map((time) => sumOf(picked.series, (each) => each === time) * 6e4 / stepMs);
	return {
		...known,
		value: aggregated(perMinute, agg.name),
		note: `${agg.name} a minute; ${of}`
	};
}
function sumOf(series, counts) {
	return aggregated(series.flatMap(({ points }) => points.filter((point) => counts(point.at)).map((point) => point.value)), "sum");
}
function pickedSeries(where, all) {
	if (where === void 0) return { series: all };
	const series = [];
	for (const one of all) {
		const label = one.labels["statuscode"] ?? one.labels["status"];
		const answers = statusesOf(label).map((status) => {
			return evaluateCondition(where, "pass", {
				at: 0,
				since: 0,
				subjects: { status },
				series: () => [],
				sha: ""
			}).holds;
		});
		const [answer = null] = answers;
		if (answer === null || answers.some((each) => each !== answer)) {
			const what = label === void 0 ? "requests without a status" : `requests of status "${label}"`;
			return {
				kind: "error",
				reason: `whether ${where.text} holds cannot be said of ${what}`
			};
		}
		if (answer) series.push(one);
	}
	return { series };
}
function statusesOf(label) {
	const [, hundreds, rest] = /^([1-9])(\d\d|xx)$/i.exec(label?.trim() ?? "") ?? [];
	if (hundreds === void 0 || rest === void 0) return [];
	if (rest.toLowerCase() !== "xx") return [Number(`${hundreds}${rest}`)];
	return Array.from({ length: 100 }, (_, index) => Number(hundreds) * 100 + index);
}
function evidenceOf$1(series, from) {
	return series.map((one) => ({
		status: one.labels["statuscode"] ?? one.labels["status"],
		count: sumOf([one], (time) => time > from)
	})).filter(({ status, count }) => status !== void 0 && count > 0).toSorted((a, b) => b.count - a.count).slice(0, MOST_SHOWN).map(({ status, count }) => `status ${status}: ${amountText("http_requests", count)} requests`);
}
// src/core/metric-series.ts
function suffixOf(instanceId) {
	return instanceId.slice(instanceId.lastIndexOf("-") + 1);
}
// src/core/metric-reading.ts
const HELD_MS = 3e5;
function metricReading(source, context) {
	if (source.name === "http_requests") return requestsReading(source, context);
	const found = tracksOf(source, context);
	if ("kind" in found) return found;
	const { tracks, notes = [] } = found;
	const unknown = unknownUnits(source, context);
	if (!source.ofLimit && [
		"cpu",
		"memory",
		"http_latency"
	].includes(source.name) && tracks.length > 0 && unknown.length > 0) return {
		kind: "error",
		reason: `${source.name} cannot be compared: ${unknown.join("; ")}`
	};
	const times = tracks.flatMap(({ points }) => points.slice(-1).map((point) => point.at));
	const missing = missingPoints(times.length === 0 ? void 0 : aggregated(times), context);
	if (missing !== void 0) return missing;
	const unfilled = source.agg && unfilledWindow(source.agg.windowMs, context.at, context);
	if (unfilled !== void 0) return unfilled;
	const shown = [];
	for (const { name, points } of tracks) {
		const used = usedPoints(points, source, context);
		if (used.length === 0) continue;
		const shares = source.ofLimit ? ofLimit(source, {
			name,
			used,
			context
		}) : used;
		if ("kind" in shares) return shares;
		const values = shares.map((point) => point.value);
		shown.push({
			name,
			used,
			value: aggregated(values, source.agg?.name)
		});
	}
	const [worst] = shown.toSorted((a, b) => b.value - a.value);
	if (worst === void 0) return NO_POINTS;
	const isShare = source.ofLimit;
	const text = (value) => isShare ? `${quantityText(value, "ratio")} of the limit` : amountText(source.name, value);
	const many = shown.length > 1 ? `, the highest of ${shown.length}` : "";
	return {
		kind: "value",
		value: worst.value,
		countedTo: aggregated(times),
		note: [
			`${worst.name === "" ? "" : `${worst.name}${many}, `}${windowText(worst.used, source, context.at)}`,
			...notes,
			...unknown
		].join("; "),
		evidence: shown.map(({ name, value }) => `${name === "" ? source.name : name}: ${text(value)}`)
	};
}
function tracksOf(source, context) {
	const { name } = source;
	if (name === "cpu" || name === "memory") return instanceTracks(source, context);
	const until = name === "http_latency" ? context.at - context.stepMs : context.at;
	const tracks = quantileSeries(source, context.series).map((series) => ({
		name: "",
		points: convertedPoints(source, series, context).filter((point) => point.at <= until)
	}));
	return { tracks: name === "http_latency" || tracks.length < 2 ? tracks : [summed(tracks)] };
}
function quantileSeries(source, all) {
	const asked = all.filter(({ labels }) => Number(labels["quantile"]) === source.quantile);
	return asked.length > 0 ? asked : all;
}
function instanceTracks(source, context) {
	const { isCounted, settledAt } = context;
	const unsure = new Set();
	const counted = context.series.map((series) => {
		const instance = series.labels["instance"];
		const points = convertedPoints(source, series, context).filter((point) => {
			if (isCounted === void 0) return true;
			if (instance === void 0) return point.at >= settledAt;
			const counts = isCounted(instance, point.at);
			if (counts === void 0) unsure.add(suffixOf(instance));
			return counts === true;
		});
		return {
			name: instance === void 0 ? "" : `instance ${suffixOf(instance)}`,
			points
		};
	}).filter(({ points }) => points.length > 0);
	const doubt = [...unsure].map((suffix) => `whether instance ${suffix} is old or new cannot be said`);
	if (counted.length === 0 && doubt.length > 0) return {
		kind: "error",
		reason: doubt.join("; ")
	};
	return {
		tracks: counted,
		notes: doubt
	};
}
function ofLimit(source, about) {
	const { name, used, context } = about;
	const { limits = [] } = context;
	const own = limits.filter(({ labels }) => labels["instance"] !== void 0 && `instance ${suffixOf(labels["instance"])}` === name);
	const points = (own.length > 0 ? own : limits.filter(({ labels }) => labels["instance"] === void 0)).flatMap((series) => inOurUnit(source, series)).toSorted((a, b) => a.at - b.at);
	const shares = used.map((point) => {
		const limit = points.findLast(({ at }) => at <= point.at);
		return {
			at: point.at,
			value: limit === void 0 ? NaN : point.value / limit.value
		};
	});
	if (shares.every(({ value }) => Number.isFinite(value))) return shares;
	const whose = name === "" ? "" : ` of ${name}`;
	return {
		kind: "error",
		reason: `Render gave no ${source.name} limit${whose} for that time`
	};
}
function summed(tracks) {
	const points = [...new Set(tracks.flatMap(({ points }) => points.map((point) => point.at)))].toSorted((a, b) => a - b).map((at) => {
		return {
			at,
			value: aggregated(tracks.flatMap(({ points }) => {
				const last = points.findLast((point) => point.at <= at && point.at > at - HELD_MS);
				return last === void 0 ? [] : [last.value];
			}), "sum")
		};
	});
	return {
		name: `sum of ${tracks.length} series`,
		points
	};
}
function convertedPoints(source, series, context) {
	return inOurUnit(source, {
		...series,
		points: pointsIn(series, context)
	});
}
function inOurUnit({ name }, { unit, points }) {
	const factor = unitFactor(name, unit) ?? 1;
	return factor === 1 ? points : points.map(({ at, value }) => ({
		at,
		value: value * factor
	}));
}
function unknownUnits({ name }, { series, limits = [] }) {
	return [...new Set([...series, ...limits].map(({ unit }) => unit).filter((unit) => unitFactor(name, unit) === void 0))].map((unit) => unit === "" ? "Render names no unit" : `unit "${unit}" is not known: the number is as Render gives it`);
}
// src/core/metric-sample.ts
const SWITCH_MS = 6e4;
const MAX_SHOWN$1 = 2e3;
function isMixed(source) {
	return source.of !== void 0 || source.name !== "cpu" && source.name !== "memory";
}
function namesInstances({ source }) {
	return source.kind === "metric" && !isMixed(source);
}
function settledTime(liveAt, shutdownDelayMs) {
	return liveAt + SWITCH_MS + shutdownDelayMs;
}
function metricSample(reading, { at, keep }) {
	const safe = (text) => keep(text).slice(0, MAX_SHOWN$1);
	if (reading.kind !== "value") return {
		kind: reading.kind,
		at,
		reason: safe(reading.reason)
	};
	const { value, total, note, evidence } = reading;
	return {
		kind: "ok",
		at,
		subjects: {
			value,
			...total === void 0 ? {} : { total }
		},
		evidence: evidence.map((text) => ({
			at,
			text: safe(text),
			from: "Render metrics"
		})),
		note: safe(note)
	};
}
// src/gate/sample-metric.ts
function createMetricSamples({ edges, service }, reader, countedTo) {
	const { clock, redact } = edges;
	return async (check, source, moment) => {
		const at = clock.now();
		const { liveAt, isNew } = moment;
		const settledAt = settledTime(liveAt, service.shutdownDelayMs);
		const since = isMixed(source) ? settledAt : liveAt;
		if (at < since) return {
			kind: "none",
			at,
			reason: `old and new are mixed until live + ${secondsText(settledAt - liveAt)}`
		};
		const counted = countedTo.get(check.name);
		const last = counted === void 0 ? {} : { countedTo: counted };
		const { backMs, stepMs } = metricQueryOf(source, {
			at,
			...last
		});
		const answer = await reader.read(source, {
			backMs,
			stepMs
		});
		if ("why" in answer) return {
			kind: "error",
			at,
			reason: redact(answer.why)
		};
		const reading = metricReading(source, {
			at: answer.to,
			since,
			settledAt,
			stepMs,
			series: answer.series,
			...answer.limits === void 0 ? {} : { limits: answer.limits },
			...isMixed(source) ? {} : { isCounted: isNew },
			...last
		});
		if (reading.kind === "value") {
			if (counted !== void 0 && reading.countedTo <= counted) return {
				kind: "none",
				at,
				reason: "no new data point since the last sample"
			};
			countedTo.set(check.name, reading.countedTo);
		}
		return metricSample(reading, {
			at,
			keep: redact
		});
	};
}
async function readMetricWindow(reader, window) {
	const { source, from, to, everyMs, isCounted } = window;
	const windowMs = to - from + (source.agg?.windowMs ?? everyMs);
	const { backMs, stepMs } = metricQueryOf({
		name: source.name,
		agg: {
			name: "max",
			windowMs
		}
	}, { at: to });
	const answer = await reader.read(source, {
		backMs,
		stepMs,
		to
	});
	if ("why" in answer) return {
		kind: "none",
		why: answer.why
	};
	const points = [];
	let countedTo = from - everyMs - stepMs;
	let why = "no data points";
	for (let at = from; at <= to; at += everyMs) {
		const reading = metricReading(source, {
			at,
			since: to - backMs,
			settledAt: to - backMs,
			stepMs,
			series: answer.series,
			countedTo,
			...answer.limits === void 0 ? {} : { limits: answer.limits },
			...isCounted === void 0 || isMixed(source) ? {} : { isCounted }
		});
		if (reading.kind !== "value") {
			why = reading.reason;
			continue;
		}
		const { value, total } = reading;
		countedTo = reading.countedTo;
		points.push({
			at,
			value,
			...total === void 0 ? {} : { total }
		});
	}
	return points.length === 0 ? {
		kind: "none",
		why
	} : {
		kind: "known",
		points
	};
}
// src/core/source-sample.ts
const MAX_EVIDENCE = 20;
const MAX_SHOWN = 500;
function sourceSample(source, about) {
	const { at, files, isCut, keep } = about;
	const matchers = (groups) => groups.flatMap((group) => group.patterns.map((pattern) => matcherOf(pattern, group.name)));
	const search = searchFiles(files, {
		forbidden: matchers(source.forbid),
		required: matchers(source.require),
		keep
	});
	const { matches, found, missing } = search;
	if (files.length === 0 && source.require.length === 0 && !isCut) return {
		kind: "error",
		at,
		reason: `no file of the commit fits ${keep(source.glob)}`
	};
	if (isCut && matches === 0 && (files.length === 0 || missing.length > 0)) return {
		kind: "error",
		at,
		reason: "GitHub lists only a part of the files of this commit"
	};
	const isPart = isCut || search.cut > 0;
	const isKnown = missing.length === 0 || !isPart;
	const note = [
		`${files.length} ${files.length === 1 ? "file" : "files"}`,
		...missing.length > 0 ? [`missing: ${keep(missing.join(" | "))}`] : [],
		...isCut ? ["GitHub lists only a part of the files of this commit"] : [],
		...search.cut > 0 ? [`${search.cut} long lines were searched in their beginning only`] : []
	].join("; ");
	return {
		kind: "ok",
		at,
		subjects: {
			files: files.length,
			matches,
			...isKnown && source.require.length > 0 ? {
				found: found.length,
				missing: missing.length
			} : {}
		},
		evidence: [
			...search.evidence,
			...missing.map((label) => ({
				text: keep(`missing: ${label}`),
				from: "source"
			})),
			...search.evidence.length === 0 && missing.length === 0 ? found.slice(0, MAX_EVIDENCE) : []
		],
		note,
		...isPart ? { partial: [...isCut ? ["files"] : [], "matches"] } : {}
	};
}
function searchFiles(files, about) {
	const { forbidden, required, keep } = about;
	const found = new Map();
	const evidence = [];
	let matches = 0;
	let cut = 0;
	for (const { path, text } of files) for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
		const shown = () => ({
			text: keep(`${path}:${index + 1}: ${line.trim()}`).slice(0, MAX_SHOWN),
			from: "source"
		});
		let isCutLine = false;
		const has = (matcher) => {
			const search = matcher.search(line);
			isCutLine ||= search.cut && !search.found;
			return search.found;
		};
		for (const matcher of required) if (!found.has(matcher) && has(matcher)) found.set(matcher, shown());
		if (forbidden.some(has)) {
			matches += 1;
			if (evidence.length < MAX_EVIDENCE) evidence.push(shown());
		}
		if (isCutLine) cut += 1;
	}
	return {
		matches,
		cut,
		evidence,
		found: [...found.values()],
		missing: required.filter((matcher) => !found.has(matcher)).map(({ label }) => label)
	};
}
// src/gate/sample-source.ts
const MAX_FILES = 50;
const MAX_BYTES = 1048576;
function createSourceSamples(run) {
	const { edges, commit } = run;
	const { clock, forge, redact } = edges;
	const trees = createSharedReads(clock);
	const files = createSharedReads(clock);
	const known = new Map();
	async function read(path) {
		try {
			const text = await files({
				key: path,
				freshMs: 1e400
			}, () => fileAtCommit(edges, {
				path,
				commit
			}));
			if (text === void 0) return `${path} could not be read`;
			return Buffer.byteLength(text) > MAX_BYTES ? `${path} is larger than 1 MiB` : {
				path,
				text
			};
		} catch (error) {
			if (!(error instanceof ConfigProblem)) throw error;
			return error.message;
		}
	}
	async function take(source) {
		const at = clock.now();
		const { paths, cut } = await trees({
			key: "tree",
			freshMs: 1e400
		}, () => forge.tree(commit));
		const fitting = paths.filter((path) => matchesGlob(source.glob, path));
		const error = (reason) => ({
			kind: "error",
			at,
			reason: redact(reason)
		});
		if (fitting.length > MAX_FILES) return error(`${fitting.length} files fit ${source.glob}; ${MAX_FILES} at most are read`);
		const found = await Promise.all(fitting.map(read));
		const unread = found.filter((file) => typeof file === "string");
		if (unread.length > 0) return error(unread.join("; "));
		return sourceSample(source, {
			at,
			files: found.filter((file) => typeof file !== "string"),
			isCut: cut,
			keep: redact
		});
	}
	return async (check, source) => {
		const sample = known.get(check.name) ?? await take(source);
		if (sample.kind === "ok") known.set(check.name, sample);
		return {
			...sample,
			at: clock.now()
		};
	};
}
// src/gate/sample-sql.ts
const MAX_ROWS = 1e3;
const MAX_ROWS_SHOWN = 10;
const MAX_ROW_SHOWN = 2e3;
function asksNewRows(check) {
	return [
		...check.pass,
		...check.warn,
		...check.fail,
		...check.need === void 0 ? [] : [check.need]
	].some(({ subject }) => subject.path[0] === "new_rows");
}
function createSqlSamples({ edges, plan, commit }) {
	const { clock, database, redact } = edges;
	return async (check, source, moment) => {
		const at = clock.now();
		const settings = plan.databases[source.database];
		if (settings === void 0) return {
			kind: "error",
			at,
			reason: `no database "${source.database}" is configured`
		};
		const { rows, cut } = await database.query({
			url: settings.url,
			query: source.query,
			bind: {
				since: moment.stageStart,
				liveAt: moment.liveAt,
				sha: commit
			},
			timeoutMs: settings.timeoutMs,
			maxRows: MAX_ROWS
		});
		const prints = asksNewRows(check) ? rows.map(rowFingerprint) : void 0;
		const known = prints && moment.knownRows && new Set(moment.knownRows);
		const isNew = rows.map((_row, index) => known !== void 0 && !known.has(prints?.[index] ?? ""));
		const shown = (mark, isShown) => rows.flatMap((row, index) => {
			const text = mark + redact(JSON.stringify(row)).slice(0, MAX_ROW_SHOWN);
			return isShown(index) ? [{
				at,
				text,
				from: `database ${source.database}`
			}] : [];
		});
		const evidence = known === void 0 ? shown("", () => true) : [...shown("new: ", (index) => isNew[index] === true), ...shown("", (index) => isNew[index] !== true)];
		const counts = {
			rows: rows.length,
			...known === void 0 ? {} : { new_rows: isNew.filter(Boolean).length }
		};
		const more = cut ? {
			note: `at least ${rows.length} rows`,
			partial: Object.keys(counts)
		} : {};
		return {
			kind: "ok",
			at,
			subjects: {
				...rows[0],
				...counts
			},
			evidence: evidence.slice(0, MAX_ROWS_SHOWN),
			...more,
			...prints === void 0 || cut ? {} : { rows: prints }
		};
	};
}
// src/gate/sample.ts
function createSampler(run, options) {
	const { clock } = run.edges;
	const { book, customDomains, metrics = createMetricReader(run), counted = new Map() } = options;
	const recent = createRecentEvents(run);
	const takeHttp = createHttpSamples(run, {
		customDomains,
		recent
	});
	const takeSql = createSqlSamples(run);
	const takeEvents = createEventSamples(run, recent);
	const takeMetric = createMetricSamples(run, metrics, counted);
	const takeEnv = createEnvSamples(run);
	const takeSource = createSourceSamples(run);
	function sampleOf(check, moment) {
		const { source } = check;
		const at = clock.now();
		switch (source.kind) {
			case "http": return takeHttp(check, source, moment);
			case "sql": return takeSql(check, source, moment);
			case "events": return takeEvents(source, moment);
			case "logs": return book?.sample(check, at) ?? {
				kind: "error",
				at,
				reason: "no log reader"
			};
			case "metric": return takeMetric(check, source, moment);
			case "env": return takeEnv(source);
			case "source": return takeSource(check, source);
			case "derive": {
				const { latest = {}, lastErrors: failed = {} } = moment;
				return deriveSample(source, {
					at,
					latest,
					failed
				});
			}
		}
	}
	return { async take(check, moment) {
		try {
			return await sampleOf(check, moment);
		} catch (error) {
			if (!(error instanceof ServiceProblem)) throw error;
			return {
				kind: "error",
				at: clock.now(),
				reason: problemText$1(error)
			};
		}
	} };
}
// src/core/measured.ts
const MOST_POINTS = 400;
function written(check) {
	return [
		"fail",
		"warn",
		"pass"
	].flatMap((tier) => check[tier].map((condition) => ({
		tier,
		condition
	})));
}
function createMeasured(check, kept = {
	samples: 0,
	drawn: {},
	values: {}
}) {
	const conditions = written(check);
	const points = new Map(Object.entries(kept.drawn).map(([name, list]) => [name, pointsOf(list)]));
	const whole = new Map(Object.entries(kept.values).map(([name, list]) => [name, list.map(([value, count = 1]) => ({
		at: 0,
		value,
		count
	}))]));
	const headOf = new Map(conditions.map(({ condition: { subject } }) => [subjectText(subject), String(subject.path[0])]));
	const isFunction = new Set(conditions.flatMap(({ condition: { subject } }) => subject.kind === "call" ? [subjectText(subject)] : []));
	let { samples } = kept;
	return {
		add({ at, lines }, partial = []) {
			const seen = new Set();
			for (const { subject, value } of lines) {
				if (typeof value !== "number" || !Number.isFinite(value) || seen.has(subject)) continue;
				seen.add(subject);
				keep(points, subject, {
					point: {
						at,
						value
					},
					shorter: thinned
				});
				if (partial.includes(headOf.get(subject) ?? subject)) continue;
				if (isFunction.has(subject)) whole.set(subject, [{
					at: 0,
					value
				}]);
				else keep(whole, subject, {
					point: {
						at: 0,
						value
					},
					shorter: chosen
				});
			}
			if (seen.size > 0) samples += 1;
		},
		series(baseline) {
			return [...points].map(([subject, list]) => {
				const known = baseline?.kind === "known" ? baseline.values[subject] : void 0;
				const own = conditions.filter(({ condition }) => subjectText(condition.subject) === subject);
				return {
					subject,
					unit: own.flatMap(({ condition }) => unitOf(check, condition) ?? []).at(0) ?? "number",
					points: thinned(list, MOST_POINTS),
					...known === void 0 ? {} : { baseline: known },
					limits: own.flatMap(({ tier, condition }) => limitsOf$1(condition.operand, known).map((value) => ({
						tier,
						text: condition.text,
						value
					})))
				};
			});
		},
		values: () => Object.fromEntries([...whole].flatMap(([subject, list]) => {
			const value = middleOf(list);
			return value === void 0 ? [] : [[subject, value]];
		})),
		samples: () => samples,
		kept: (cap) => ({
			samples,
			drawn: Object.fromEntries([...points].map(([name, list]) => [name, keptDrawing(thinned(list, cap))])),
			values: Object.fromEntries([...whole].map(([name, list]) => [name, chosen(list, cap * 3 / 4).map(({ value, count = 1 }) => count === 1 ? [value] : [value, count])]))
		})
	};
}
function keep(all, subject, about) {
	const list = all.get(subject) ?? [];
	all.set(subject, list);
	list.push(about.point);
	if (list.length > 2 * MOST_POINTS) list.splice(0, list.length, ...about.shorter(list, MOST_POINTS));
}
function medianOf(values) {
	return middleOf(values.map((value) => ({
		at: 0,
		value
	})));
}
function thinned(points, most) {
	if (points.length <= most) return points;
	const [first, last] = [points[0], points.at(-1)];
	if (first !== void 0 && last !== void 0 && points.every(({ value }) => value === first.value)) return [first, last];
	const stretches = Math.max(1, Math.floor(most / 2));
	const from = points[0]?.at ?? 0;
	const width = ((points.at(-1)?.at ?? from) - from) / stretches || 1;
	const kept = new Map();
	for (const point of points) {
		const stretch = Math.min(stretches - 1, Math.floor((point.at - from) / width));
		const { low, high } = kept.get(stretch) ?? {
			low: point,
			high: point
		};
		kept.set(stretch, {
			low: point.value < low.value ? point : low,
			high: point.value > high.value ? point : high
		});
	}
	return [...kept.values()].flatMap(({ low, high }) => low === high ? [low] : low.at < high.at ? [low, high] : [high, low]);
}
// src/gate/watch-memory.ts
const CAPS = {
	series: 40,
	measured: 12
};
function createWatchMemory(before = {}) {
	const memories = new Map();
	const known = Object.entries(before);
	let isForgotten = false;
	const latest = Object.fromEntries(known.flatMap(([name, { latest: last }]) => last === void 0 ? [] : [[name, last]]));
	const lastErrors = Object.fromEntries(known.flatMap(([name, { lastError }]) => lastError === void 0 ? [] : [[name, lastError]]));
	return {
		latest,
		lastErrors,
		of(check) {
			const memory = memories.get(check.name);
			if (memory !== void 0) return memory;
			const kept = isForgotten || !Object.hasOwn(before, check.name) ? void 0 : before[check.name];
			const fresh = {
				series: createSeries(check, kept?.series),
				measured: createMeasured(check, kept?.measured),
				firstAt: kept?.firstAt,
				lastSample: void 0,
				rows: kept?.rows
			};
			memories.set(check.name, fresh);
			return fresh;
		},
		saw(check, subjects) {
			latest[check.name] = subjects;
			delete lastErrors[check.name];
		},
		lost(check, reason) {
			delete latest[check.name];
			lastErrors[check.name] = reason;
		},
		measured() {
			const all = [...memories].map(([name, { measured, rows }]) => ({
				name,
				values: measured.values(),
				rows
			}));
			return {
				values: Object.fromEntries(all.flatMap(({ name, values }) => Object.keys(values).length === 0 ? [] : [[name, values]])),
				rows: Object.fromEntries(all.flatMap(({ name, rows }) => rows === void 0 ? [] : [[name, rows]]))
			};
		},
		kept({ keep, isAsked }) {
			const names = [...new Set([...Object.keys(isForgotten ? {} : before), ...memories.keys()])];
			return Object.fromEntries(names.map((name) => {
				const memory = memories.get(name);
				if (memory === void 0) return [name, before[name] ?? {}];
				const last = isAsked(name) ? {
					latest: latest[name],
					lastError: lastErrors[name]
				} : {};
				const seen = {
					...memory,
					...last
				};
				return [name, keptCheck(seen, {
					...CAPS,
					keep
				})];
			}));
		},
		forget() {
			isForgotten = true;
			memories.clear();
			for (const name of Object.keys(latest)) delete latest[name];
			for (const name of Object.keys(lastErrors)) delete lastErrors[name];
		}
	};
}
// src/core/dependencies.ts
function dependenciesOf(check) {
	const { source, onlyIf } = check;
	const asked = onlyIf === void 0 ? [] : [String(onlyIf.subject.path[0])];
	const derived = source.kind === "derive" ? Object.values(source.formulas).flatMap(formulaSubjects) : [];
	return [...new Set([...asked, ...derived.map((subject) => subject.check)])];
}
function inOrder(checks) {
	const ordered = new Set();
	const visiting = new Set();
	const visit = (check) => {
		if (ordered.has(check) || visiting.has(check)) return;
		visiting.add(check);
		for (const name of dependenciesOf(check)) {
			const other = checks.find((one) => one.name === name);
			if (other !== void 0) visit(other);
		}
		ordered.add(check);
	};
	for (const check of checks) visit(check);
	return [...ordered];
}
function dependentsOf(names, checks) {
	const found = new Set();
	for (const check of inOrder(checks)) if (dependenciesOf(check).some((name) => names.has(name) || found.has(name))) found.add(check.name);
	return found;
}
// src/core/standing.ts
const NEW_STANDING = {
	due: 0,
	taken: 0,
	starved: 0,
	judged: 0,
	errors: 0,
	unapplied: 0,
	open: 0,
	graced: 0,
	lastTwo: [],
	recent: [],
	failingRun: 0,
	failingSamples: 0,
	passingRun: 0,
	current: "unknown"
};
function isEnough(failAfter, standing, at) {
	switch (failAfter.kind) {
		case "consecutive": return standing.failingRun >= failAfter.count;
		case "of": return standing.recent.slice(-failAfter.of).filter(Boolean).length >= failAfter.count;
		case "duration": return standing.failingSince !== void 0 && at - standing.failingSince >= failAfter.ms && standing.failingRun >= (failAfter.least ?? 1);
	}
}
function withFinding(standing, check, finding) {
	const { outcome } = finding;
	if (outcome === "not-applied") return {
		...standing,
		unapplied: standing.unapplied + 1,
		last: finding
	};
	if (outcome === "open") {
		const { isInGrace, ...last } = finding;
		const graced = standing.graced + (isInGrace === true ? 1 : 0);
		return {
			...standing,
			taken: standing.taken + 1,
			open: standing.open + 1,
			graced,
			last
		};
	}
	if (outcome === "none") return {
		...standing,
		taken: standing.taken + 1,
		starved: standing.starved + 1,
		last: finding
	};
	const isJudged = outcome === "pass" || outcome === "warn" || outcome === "fail";
	const counted = {
		...standing,
		due: standing.due + 1,
		taken: standing.taken + (outcome === "error" ? 0 : 1),
		judged: standing.judged + (isJudged ? 1 : 0),
		errors: standing.errors + (outcome === "error" ? 1 : 0),
		lastTwo: [...standing.lastTwo, isJudged].slice(-2),
		last: finding,
		...isJudged ? { lastJudged: finding } : {}
	};
	if (!isJudged) return outcome === "unknown" ? {
		...counted,
		current: "unknown",
		passingRun: 0
	} : counted;
	const window = check.failAfter.kind === "of" ? check.failAfter.of : 1;
	const recent = [...standing.recent, outcome === "fail"].slice(-window);
	if (outcome === "fail") {
		const failing = {
			...counted,
			recent,
			failingRun: standing.failingRun + 1,
			failingSince: standing.failingSince ?? finding.at,
			failingSamples: standing.failingSamples + 1,
			passingRun: 0,
			lastFailing: finding
		};
		if (failing.failed === void 0 && isEnough(check.failAfter, failing, finding.at)) return {
			...failing,
			failed: finding
		};
		return failing;
	}
	const { failingSince: _ended, ...rest } = counted;
	const passingRun = standing.passingRun + 1;
	const current = passingRun >= check.passAfter ? outcome : standing.current;
	return {
		...rest,
		recent,
		failingRun: 0,
		passingRun,
		current
	};
}
function withMissed(standing, count) {
	const missed = Array.from({ length: Math.min(count, 2) }, () => false);
	return {
		...standing,
		lastTwo: [...standing.lastTwo, ...missed].slice(-2)
	};
}
function isUndecided(standing) {
	return standing.failed === void 0 && standing.failingRun > 0;
}
const METRIC_STEP_MS = 6e4;
function extensionMs(check, beat) {
	const everyMs = check.source.kind === "metric" ? Math.max(beat, METRIC_STEP_MS) : beat;
	switch (check.failAfter.kind) {
		case "consecutive": return check.failAfter.count * everyMs * 2;
		case "of": return check.failAfter.of * everyMs * 2;
		case "duration": return check.failAfter.ms + 2 * everyMs;
	}
}
function resultOf$1(check, standing, end) {
	const { verdict, measured, reason } = verdictAndReason(check, standing, end);
	const finding = standing.failed ?? decidingFinding(verdict, standing);
	return {
		name: check.name,
		source: check.source.kind,
		verdict,
		measured,
		reason,
		samples: standing.taken,
		errors: standing.errors,
		...finding === void 0 ? {} : { finding },
		evidence: finding?.evidence ?? [],
		onFail: check.onFail,
		series: [],
		diagnosis: [],
		...check.hint === void 0 ? {} : { hint: check.hint },
		...check.line === void 0 ? {} : { line: check.line }
	};
}
function decidingFinding(verdict, standing) {
	if (verdict === "pass") return standing.lastJudged;
	if (verdict === "warn") return standing.lastFailing ?? standing.lastJudged ?? standing.last;
	return standing.last;
}
function verdictAndReason(check, standing, { expected, isLast }) {
	const last = standing.last?.reason ?? "no sample was taken";
	if (standing.failed !== void 0) {
		const later = standing.current === "pass" && standing.failingRun === 0 ? ", later samples passed" : "";
		return {
			verdict: "fail",
			measured: true,
			reason: `${standing.failed.reason}; ${failedText(standing)} (${limitText(check.failAfter)})${later}`
		};
	}
	if (standing.due === 0 && standing.taken === standing.graced && standing.unapplied > 0) return {
		verdict: "not-applied",
		measured: false,
		reason: standing.graced === 0 ? "only_if never held" : "only_if held in grace only"
	};
	if (standing.due === 0 && standing.last?.outcome === "open" && !isLast) return {
		verdict: "not-applied",
		measured: false,
		reason: last
	};
	const due = Math.max(standing.due, expected - standing.unapplied - standing.starved - standing.open);
	const measured = standing.judged > 0 && standing.judged * 2 >= due && standing.lastTwo.includes(true);
	if (!measured) {
		const count = `${standing.judged} of ${due} due samples judged, ${standing.errors} errors`;
		return {
			verdict: check.ifUnknown,
			measured,
			reason: `not measured: ${count}; last: ${last}`
		};
	}
	const short = `${failedText(standing)}, short of ${limitText(check.failAfter)}`;
	if (standing.current === "unknown") {
		const passes = `${standing.passingRun} of ${check.passAfter} passes in a row`;
		const failing = standing.failingSamples > 0 ? `; ${short}` : "";
		return {
			verdict: check.ifUnknown,
			measured,
			reason: `${standing.last?.outcome === "unknown" ? last : `not settled: ${passes}; last: ${last}`}${failing}`
		};
	}
	if (standing.failingSamples > 0) return {
		verdict: "warn",
		measured,
		reason: `${standing.lastFailing?.reason ?? last}; ${short}`
	};
	return {
		verdict: standing.current,
		measured,
		reason: standing.lastJudged?.reason ?? last
	};
}
function limitText(failAfter) {
	switch (failAfter.kind) {
		case "consecutive": return `fail_after ${failAfter.count}`;
		case "of": return `fail_after ${failAfter.count} of ${failAfter.of}`;
		case "duration": return `fail_after ${durationText(failAfter.ms)}${failAfter.least === void 0 ? "" : `, ${failAfter.least} samples at least`}`;
	}
}
function failedText({ failingSamples, judged }) {
	return `${failingSamples} of ${judged} ${judged === 1 ? "sample" : "samples"} failed`;
}
// src/core/standing-change.ts
function isNews(before, after) {
	if (after.failed !== void 0 && before.failed === void 0) return true;
	return before.last?.outcome !== after.last?.outcome;
}
function standingWord(standing) {
	if (standing.failed !== void 0) return "fail";
	if (standing.failingRun > 0) return "failing";
	if (standing.due === 0 && standing.taken === 0 && standing.unapplied > 0) return "not applied";
	return standing.current;
}
// src/core/status-values.ts
const MOST_CHARACTERS$2 = 200;
function hasGroups({ source }) {
	return source.kind === "logs" && source.require.some(({ name }) => name !== "");
}
function toldSubjects(check, about) {
	const { lines } = parseTemplate(about.template ?? "", about.checks.map(({ name }) => name));
	const asked = lines.flat().flatMap((piece) => piece.kind === "value" && piece.check === check.name ? [piece.subject] : []);
	return [...new Set([...asked, ...hasGroups(check) ? ["groups"] : []])];
}
function toldValues(check, about) {
	const { told, latest, keep } = about;
	if (latest === void 0) return [];
	return told.flatMap((subject) => {
		const path = subject.split(".");
		const value = valueAt(latest, path);
		if (typeof value === "string") return [{
			subject,
			value: keep(value).slice(0, MOST_CHARACTERS$2)
		}];
		if (typeof value === "boolean") return [{
			subject,
			value
		}];
		if (typeof value !== "number") return [];
		const unit = unitAt(check, path);
		return [{
			subject,
			value,
			...unit === void 0 ? {} : { unit }
		}];
	});
}
function unitAt(check, path) {
	return unitOf(check, {
		text: "",
		subject: {
			kind: "path",
			path
		},
		operator: "==",
		operand: {
			kind: "literal",
			value: null
		}
	});
}
// src/gate/board.ts
function isBackwards(check) {
	return check.source.kind === "logs" || check.source.kind === "events";
}
function createBoard(run, options) {
	const { clock } = run.edges;
	const { stage, checks, sampler, facts, memory, since } = options;
	const standings = new Map(options.standings);
	const missed = new Map();
	const baselines = new Map();
	let closing = new AbortController();
	const standing = (check) => standings.get(check.name) ?? NEW_STANDING;
	const liveAt = () => facts.liveAt ?? since;
	const contextOf = (check) => {
		const { series, firstAt } = memory.of(check);
		const baseline = baselines.get(check.name);
		return {
			liveAt: liveAt(),
			since: firstAt ?? clock.now(),
			sha: run.commit,
			series: (path) => series.of(path),
			latest: memory.latest,
			keep: run.edges.redact,
			...baseline === void 0 ? {} : { baseline }
		};
	};
	const isLast = (check) => {
		const { stages } = run.plan;
		return stages.slice(stages.findIndex(({ name }) => name === stage.name) + 1).every((one) => checksOf([check], one).length === 0);
	};
	const suffixOf = (instanceId) => instanceId.slice(instanceId.lastIndexOf("-") + 1);
	const isNew = (instanceId, at) => facts.deploy && isNewAt(facts.instances, {
		suffix: suffixOf(instanceId),
		at
	}, facts.deploy);
	const bornAt = (instanceId) => facts.instances.seen.get(suffixOf(instanceId));
	function judge(check, sample) {
		const own = memory.of(check);
		const isKnown = own.lastSample === sample;
		own.lastSample = sample;
		if (!isKnown && (sample.kind === "ok" || sample.kind === "failing")) {
			memory.saw(check, wholeOf(sample));
			own.firstAt ??= sample.at;
			if (sample.at >= liveAt() + check.graceMs) own.series.add(sample.at, sample.subjects);
		}
		if (sample.kind === "ok" && sample.rows !== void 0) own.rows = sample.rows;
		if (sample.kind === "error") memory.lost(check, sample.reason);
		const finding = findingOf(check, sample, contextOf(check));
		if (!isKnown) own.measured.add(finding, sample.kind === "ok" ? sample.partial : []);
		note(check, finding);
	}
	function note(check, finding) {
		const before = standing(check);
		const after = withFinding(before, check, finding);
		standings.set(check.name, after);
		if (after.failed !== void 0 && before.failed === void 0) options.onFail(check);
		if (isNews(before, after)) run.teller.line(findingLine(check.name, {
			finding,
			samples: after.taken,
			errors: after.errors,
			hint: check.hint
		}));
		run.teller.standings(checks.map((one) => ({
			name: one.name,
			standing: standingWord(standing(one))
		})));
	}
	return {
		standing,
		async take(check) {
			const at = clock.now();
			const applies = appliesAt(check, at, contextOf(check));
			if (applies === true) {
				const { signal } = closing;
				const { checkedAt } = facts.instances;
				const { latest, lastErrors } = memory;
				const baseline = await options.baselineOf(check);
				if (baseline !== void 0) baselines.set(check.name, baseline);
				const sample = await sampler.take(check, {
					liveAt: liveAt(),
					stageStart: since,
					isNew,
					bornAt,
					signal,
					latest,
					lastErrors,
					...checkedAt === void 0 ? {} : { checkedAt },
					...baseline?.kind === "known" && baseline.rows !== void 0 ? { knownRows: baseline.rows } : {}
				});
				if (!signal.aborted) judge(check, sample);
				return;
			}
			const reason = `only_if ${check.onlyIf?.text ?? ""} is false`;
			if (applies === false) note(check, {
				at,
				outcome: "not-applied",
				reason,
				lines: [],
				evidence: []
			});
			else judge(check, {
				kind: "error",
				at,
				reason: applies
			});
		},
		miss(check, count) {
			standings.set(check.name, withMissed(standing(check), count));
			missed.set(check.name, (missed.get(check.name) ?? 0) + count);
		},
		results: () => checks.map((check) => {
			const { due, unapplied, starved, open } = standing(check);
			const expected = due + unapplied + starved + open + (missed.get(check.name) ?? 0);
			const series = memory.of(check).measured.series(baselines.get(check.name));
			const end = {
				expected,
				isLast: isLast(check)
			};
			const told = toldValues(check, {
				told: toldSubjects(check, {
					template: run.plan.report.template,
					checks: run.plan.checks
				}),
				latest: memory.latest[check.name],
				keep: run.edges.redact
			});
			return {
				...resultOf$1(check, standing(check), end),
				series,
				...told.length === 0 ? {} : { told },
				stage: stage.name
			};
		}),
		close: () => closing.abort(),
		restart() {
			closing.abort();
			closing = new AbortController();
			standings.clear();
			missed.clear();
			memory.forget();
		}
	};
}
function wholeOf(sample) {
	const partial = sample.kind === "ok" ? sample.partial ?? [] : [];
	if (partial.length === 0) return sample.subjects;
	return Object.fromEntries(Object.entries(sample.subjects).filter(([name]) => !partial.includes(name)));
}
// src/gate/aside.ts
const EVENT_TRIES = 4;
const EVENT_PAUSE_MS = 3e3;
async function orTold(run, what, asking) {
	try {
		return await asking;
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		if (!run.teller.notes.some((note) => note.startsWith(what))) run.teller.note(`${what}: ${error.message}`);
		return;
	}
}
async function lookAtInstances(run, book, isBeforeUpdate) {
	const { service, edges } = run;
	if (service.type === "static_site" || service.type === "cron_job") return void 0;
	const found = await orTold(run, "The service's instances could not be read", edges.deploys.instances(service.id));
	return found === void 0 ? void 0 : withInstances(book, found, isBeforeUpdate);
}
function readEvents(run, from) {
	const { service, edges } = run;
	const to = edges.clock.now() + 6e4;
	return orTold(run, "Render's events could not be read", edges.deploys.events(service.id, {
		from,
		to
	}));
}
async function readFailure(run, deploy) {
	for (let tries = 1;; tries += 1) {
		const failure = failureOf$1(deploy, await readEvents(run, deploy.createdAt - 1e3));
		if (failure.blame !== "unknown" || tries === EVENT_TRIES) return failure;
		await wait(run, EVENT_PAUSE_MS);
	}
}
// src/gate/live-look.ts
const INSTANCES_MS = 1e4;
const KNOWN_INSTANCES_MS = 6e4;
const WITHOUT_INSTANCES = new Set([
	"queued",
	"created",
	"build_in_progress",
	"pre_deploy_in_progress",
	"build_failed",
	"pre_deploy_failed"
]);
function liveTime(deploy, now) {
	return deploy.finishedAt === void 0 ? now : Math.min(deploy.finishedAt, now);
}
function createLiveLook(run, options) {
	const { clock } = run.edges;
	const { list, facts, onInstances } = options;
	let { deploy } = options;
	let lookedAt = clock.now();
	let listedAt = -1e400;
	let instancesAt = -1e400;
	const newer = new Map();
	let replaced;
	let problem;
	function follow(next) {
		run.teller.moment(`Deploy ${next.id} of the same commit went live; it is watched now, grace anew`);
		deploy = next;
		facts.deploy = next;
		facts.liveAt = liveTime(next, clock.now());
		facts.instances = {
			seen: facts.instances.seen,
			checkedAt: lookedAt
		};
		newer.clear();
		instancesAt = -1e400;
		options.onRedeploy();
		onInstances();
	}
	function noteNewer(at) {
		for (const one of list.deploys) {
			if (one.createdAt <= deploy.createdAt) continue;
			const known = newer.get(one.id);
			if (known === void 0 && !mayHaveInstances(one)) continue;
			const from = known?.from ?? Math.max(one.startedAt ?? one.createdAt, listedAt);
			const isOver = !isRunning(one) && !hasServed(one);
			newer.set(one.id, {
				from,
				to: isOver ? one.finishedAt ?? at : 1e400
			});
		}
		facts.instances = {
			...facts.instances,
			newer: [...newer.values()],
			checkedAt: at
		};
		listedAt = at;
		onInstances();
	}
	function mayHaveInstances(one) {
		if (one.commit !== void 0 && one.commit.sha === deploy.commit?.sha && (isRunning(one) || hasServed(one))) return false;
		if (one.status === "canceled") return listedAt === -1e400 && one.startedAt !== void 0;
		return !WITHOUT_INSTANCES.has(one.status);
	}
	return {
		get lookedAt() {
			return lookedAt;
		},
		get replaced() {
			return replaced;
		},
		get problem() {
			return problem;
		},
		async look() {
			lookedAt = clock.now();
			const at = lookedAt;
			try {
				const following = await list.look();
				problem = void 0;
				if (following.kind === "live" && following.deploy.id !== deploy.id) follow(following.deploy);
				noteNewer(at);
				if (following.kind === "live") return;
				if (following.kind !== "running") {
					replaced = following;
					return;
				}
				if (!list.deploys.some((one) => one.id === deploy.id && one.status === "live")) problem = `${deploy.id} serves no more, and ${following.deploy.id} of the same commit is only ${following.deploy.status}`;
			} catch (error) {
				if (!(error instanceof ServiceProblem)) throw error;
				problem = error.message;
				run.teller.line(logText(`What is live could not be read: ${error.message}`));
			}
		},
		async lookAtInstances() {
			const at = clock.now();
			instancesAt = at;
			const seen = await lookAtInstances(run, facts.instances, false);
			if (seen?.present !== void 0) {
				const { listedAt = at } = facts.instances;
				facts.instances = {
					...facts.instances,
					seen: seen.seen,
					present: seen.present,
					presentAt: at,
					listedAt
				};
			}
			onInstances();
		},
		instancesDueAt(hasUnplaced) {
			const isKnown = newInstances(facts.instances, deploy).length > 0 && !hasUnplaced;
			return instancesAt + (isKnown ? KNOWN_INSTANCES_MS : INSTANCES_MS);
		}
	};
}
// src/gate/last-read.ts
const MAX_SETTLE_MS = 6e4;
const UNSEEN_LAG_MS = 15e3;
const RETRY_MS = 1e4;
const MOST_UNSURE = 5;
const LATE_MS$1 = 3e5;
const PART_MS = 18e5;
const MAX_READ_MS = 36e4;
function settleMs({ stage, book }) {
	return Math.min(MAX_SETTLE_MS, Math.max(stage.everyMs, 2 * (book.lagMs() ?? UNSEEN_LAG_MS)));
}
function windowStart({ deploy }) {
	return (deploy?.startedAt ?? deploy?.createdAt ?? 0) - 1e3;
}
function rereadFrom(facts) {
	return Math.max(windowStart(facts), (facts.rereadTo ?? -1e400) - LATE_MS$1);
}
function createRereads(run, input) {
	const { facts, reader, tasks } = input;
	const { clock } = run.edges;
	const startedAt = clock.now();
	const hasLogs = input.checks.some(({ source }) => source.kind === "logs");
	let triedAt = -1e400;
	function isWaited(liveAt, now) {
		return input.checks.some(({ source }) => {
			if (source.kind !== "logs" || source.require.length === 0) return false;
			const deadline = liveAt + source.withinMs;
			return now >= deadline + settleMs(input) && (facts.rereadTo ?? 0) < deadline;
		});
	}
	return () => {
		const { liveAt } = facts;
		const now = clock.now();
		if (liveAt === void 0 || reader === void 0 || !hasLogs) return;
		if (!(now - Math.max(startedAt, triedAt, facts.rereadTo ?? 0) >= PART_MS) && (now - triedAt < RETRY_MS || !isWaited(liveAt, now))) return;
		triedAt = now;
		const work = async () => {
			if (await reader.reread(rereadFrom(facts), now)) facts.rereadTo = now;
		};
		tasks.start("reread", work, { isQuiet: true });
	};
}
async function readOnceMore(run, input) {
	const { facts, reader, live, book } = input;
	const { clock } = run.edges;
	if (input.checks.some(isBackwards) && reader === void 0) await live.lookAtInstances();
	if (reader === void 0 || !input.checks.some((check) => check.source.kind === "logs")) return true;
	const until = clock.now() + settleMs(input);
	run.teller.phase({
		phase: `watching ${input.stage.name}`,
		waitingFor: "late log lines",
		until
	});
	await wait(run, until - clock.now());
	await live.lookAtInstances();
	const to = clock.now();
	const isWhole = await waitFor(run, reader.reread(rereadFrom(facts), to), MAX_READ_MS) ?? false;
	if (isWhole) facts.rereadTo = to;
	await tellOld(run, {
		facts,
		reader,
		book
	});
	return isWhole;
}
async function tellOld(run, input) {
	const { facts, reader, book } = input;
	const unsure = book.unsure().slice(0, MOST_UNSURE);
	if (reader === void 0 || unsure.length === 0) return;
	try {
		const old = await waitFor(run, reader.wroteBefore(unsure, windowStart(facts)), MAX_READ_MS) ?? [];
		facts.instances = {
			...facts.instances,
			old: new Set([...facts.instances.old ?? [], ...old])
		};
		book.reclassify();
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		run.teller.note(`Whose log lines these are could not be read: ${error.message}`);
	}
}
function withDoubt(results, about) {
	return results.map((result) => {
		const check = about.checks.find(({ name }) => name === result.name);
		if (check === void 0 || result.verdict !== "pass" && result.verdict !== "warn") return result;
		const { last } = about.board.standing(check);
		if (isBackwards(check) && last?.outcome === "error") return {
			...result,
			verdict: check.ifUnknown,
			measured: false,
			reason: last?.reason ?? ""
		};
		if (check.source.kind !== "logs" || about.isWhole) return result;
		const reason = "the log window could not be read once more at the end";
		return {
			...result,
			verdict: check.ifUnknown,
			measured: false,
			reason
		};
	});
}
// src/gate/tasks.ts
function createTasks() {
	const running = new Map();
	const thrown = [];
	let wake = new AbortController();
	async function go(kind, work, isQuiet) {
		try {
			await work();
		} catch (error) {
			thrown.push(error);
		}
		running.delete(kind);
		if (!isQuiet || thrown.length > 0) wake.abort();
	}
	return {
		start(kind, work, { isQuiet = false } = {}) {
			if (!running.has(kind)) running.set(kind, go(kind, work, isQuiet));
		},
		isRunning: (kind) => running.has(kind),
		settled: (kind) => running.get(kind) ?? Promise.resolve(),
		turn() {
			if (thrown.length > 0) throw thrown[0];
			if (wake.signal.aborted) wake = new AbortController();
		},
		wakeSignal: () => wake.signal
	};
}
// src/gate/watch.ts
const LOOK_MS$1 = 1e4;
const SLOW_LOOK_MS = 6e4;
async function watchStage(run, options) {
	const { teller } = run;
	const { clock } = run.edges;
	const { stage, facts, book, reader, diagnoses } = options;
	const checks = inOrder(options.checks);
	const from = clock.now();
	facts.deploy = options.deploy;
	facts.liveAt = liveTime(options.deploy, from);
	const board = createBoard(run, {
		...options,
		since: from,
		onFail: (check) => diagnoses.start(check, {
			since: from,
			liveAt: facts.liveAt ?? from
		})
	});
	const live = createLiveLook(run, {
		...options,
		onInstances: () => book.reclassify(),
		onRedeploy() {
			board.restart();
			diagnoses.forget();
		}
	});
	const tasks = createTasks();
	const lookMs = Math.min(SLOW_LOOK_MS, Math.max(LOOK_MS$1, stage.everyMs / 2));
	const due = new Map(checks.map((check) => [check.name, from]));
	let end = endOf(options, {
		from,
		liveAt: facts.liveAt
	});
	const reread = createRereads(run, {
		checks,
		facts,
		stage,
		book,
		reader,
		tasks
	});
	const needsInstances = checks.some((check) => isBackwards(check) || namesInstances(check));
	let isReady = !needsInstances;
	async function getReady() {
		await Promise.all([live.lookAtInstances(), reader?.settled()]);
		await tellOld(run, {
			facts,
			book,
			reader
		});
		isReady = true;
	}
	function missedSince(check, span) {
		const judgedFrom = (facts.liveAt ?? from) + check.graceMs;
		return missedBeats({
			...span,
			everyMs: beatMs(check, stage),
			judgedFrom,
			isTaken: true
		});
	}
	async function takeInTurn(check) {
		const before = checks.slice(0, checks.indexOf(check)).map(({ name }) => name);
		for (const name of dependenciesOf(check)) if (before.includes(name)) await tasks.settled(name);
		const began = clock.now();
		const isFirst = board.standing(check).last === void 0;
		await board.take(check);
		if (!isBackwards(check) && board.standing(check).last?.outcome === "error") board.miss(check, missedSince(check, {
			wasDue: began,
			now: Math.min(clock.now(), lastMoment())
		}));
		if (isFirst && run.service.plan === "free" && check.source.kind === "http" && clock.now() - began > stage.everyMs) end = Math.max(end, clock.now() + stage.forMs);
	}
	function startDue(now) {
		for (const check of dueChecks(checks, Object.fromEntries(due), now)) {
			if (isBackwards(check) && !isReady) continue;
			const everyMs = beatMs(check, stage);
			const wasDue = due.get(check.name) ?? now;
			if (!isBackwards(check) && !tasks.isRunning(check.name)) board.miss(check, missedSince(check, {
				wasDue,
				now
			}));
			due.set(check.name, nextBeat(wasDue, everyMs, now));
			tasks.start(check.name, () => takeInTurn(check));
		}
	}
	function startReads(now) {
		if (now - live.lookedAt >= lookMs) tasks.start("look", () => live.look());
		if (needsInstances && isReady && now >= live.instancesDueAt(book.unsure().length > 0)) tasks.start("instances", () => live.lookAtInstances(), { isQuiet: true });
		reader?.turn();
		if (!isReady) tasks.start("instances", getReady);
		reread();
	}
	const failedForRemedy = () => checks.some((check) => {
		const { failed } = board.standing(check);
		return failed !== void 0 && options.hasRemedy(check, failed);
	});
	const undecided = () => checks.filter((check) => isUndecided(board.standing(check)));
	const lastMoment = () => Math.max(end, ...undecided().map((check) => end + extensionMs(check, beatMs(check, stage))));
	const isSampling = () => checks.some((check) => tasks.isRunning(check.name));
	async function watched(ending) {
		const { deploy = options.deploy, liveAt = from } = facts;
		const found = await diagnoses.results();
		return {
			ending,
			results: board.results().map((result) => ({
				...result,
				diagnosis: found.get(result.name) ?? []
			})),
			from,
			to: clock.now(),
			deploy,
			liveAt
		};
	}
	async function ended(kind) {
		board.close();
		await Promise.all([tasks.settled("look"), tasks.settled("progress")]);
		if (live.replaced === void 0) await live.look();
		tasks.turn();
		if (live.replaced !== void 0) return watched({
			kind: "replaced",
			following: live.replaced
		});
		if (live.problem !== void 0) return watched({
			kind: "unsure",
			reason: `what is live could not be read: ${live.problem}`
		});
		return watched({ kind });
	}
	function tellWhere(now) {
		const names = undecided().map((check) => `"${check.name}"`);
		const waitingFor = now >= end && names.length > 0 ? `${names.join(", ")} to be decided` : `the end of stage ${stage.name}`;
		teller.phase({
			phase: `watching ${stage.name}`,
			waitingFor,
			until: lastMoment()
		});
	}
	while (checks.length > 0) {
		goOn(run);
		tasks.turn();
		const now = clock.now();
		if (live.replaced !== void 0 || failedForRemedy()) {
			const measured = facts.deploy?.id;
			const early = await ended("failed");
			if (facts.deploy?.id === measured || early.ending.kind !== "failed") return early;
			continue;
		}
		if (now <= lastMoment()) startDue(now);
		if (now >= lastMoment() && !isSampling()) break;
		startReads(now);
		tellWhere(now);
		tasks.start("progress", () => teller.beat(), { isQuiet: true });
		const times = [
			...due.values(),
			live.lookedAt + lookMs,
			now + lookMs,
			end,
			lastMoment()
		].filter((at) => at > now);
		await wait(run, Math.min(...times) - now, tasks.wakeSignal());
	}
	const isWhole = await readOnceMore(run, {
		checks,
		facts,
		stage,
		book,
		live,
		reader
	});
	for (const check of checks.filter(isBackwards)) await board.take(check);
	const last = await ended(failedForRemedy() ? "failed" : "finished");
	return {
		...last,
		results: withDoubt(last.results, {
			checks,
			isWhole,
			board
		})
	};
}
function endOf({ stage, isFirst, freshMs }, { from, liveAt }) {
	if (isFirst) return (from - liveAt > stage.everyMs ? from : liveAt) + stage.forMs;
	return from < liveAt + stage.forMs ? liveAt + stage.forMs : from + freshMs;
}
// src/core/freeze.ts
function isStanding(freeze, service) {
	return freeze !== void 0 && freeze.lifted === void 0 && !service.autoDeploy;
}
function formerSetting(service) {
	if (!service.autoDeploy) return void 0;
	const { autoDeployTrigger: trigger } = service;
	if (trigger === void 0) return "yes";
	return trigger === "checksPass" ? "checksPass" : "commit";
}
function offSetting(service) {
	return service.autoDeployTrigger === void 0 ? { autoDeploy: "no" } : { autoDeployTrigger: "off" };
}
function formerOf({ former }) {
	return former === "yes" ? { autoDeploy: "yes" } : { autoDeployTrigger: former };
}
function takenBackBy(commit) {
	const trailers = commit.message.split("\n").flatMap((line) => line.startsWith("Deploy-Gate-Revert:") ? [line.split("..").at(-1)?.trim() ?? ""] : []);
	const words = [...commit.message.matchAll(/\bThis reverts commit ([0-9a-f]{7,64})\b/gu)];
	return [...trailers, ...words.map(([, sha = ""]) => sha)].filter((sha) => sha.length >= 7);
}
function pullsTakenBackBy(commit) {
	return [...commit.message.matchAll(/\bReverts (?:[\w.-]+\/[\w.-]+)?#(\d{1,9})\b/gu)].map(([, number]) => Number(number));
}
function takesBack(commits, about) {
	const kinds = new Map();
	let isTakenBack = false;
	for (const commit of commits) {
		const said = takenBackBy(commit);
		const isOf = (sha) => said.some((start) => sha.startsWith(start));
		const undone = about.pull !== void 0 && pullsTakenBackBy(commit).includes(about.pull) ? "revert" : [...kinds].find(([sha]) => isOf(sha))?.[1];
		if (undone !== void 0) {
			isTakenBack = undone === "again";
			kinds.set(commit.sha, isTakenBack ? "revert" : "again");
		} else if (isOf(about.bad) || commit.sha === about.merged) {
			isTakenBack = true;
			kinds.set(commit.sha, "revert");
		}
	}
	return isTakenBack;
}
// src/gate/freeze-order.ts
const NOT_KEPT = "the gate's state could not be written to the check run, and a rollback that nobody remembers could never be finished";
function told(state, reason) {
	return {
		kind: "freeze",
		state,
		reason
	};
}
async function freezeService(run, ledger, { freezeAutoDeploy }) {
	const begun = ledger.freeze?.lifted === void 0 ? ledger.freeze : void 0;
	const service = freezeAutoDeploy ? await run.edges.deploys.service(run.service.id) : void 0;
	const former = service === void 0 ? void 0 : formerSetting(service) ?? begun?.former;
	if (service === void 0 || former === void 0) {
		const actions = service === void 0 ? [] : [told("skipped", "auto-deploy is off already")];
		return await ledger.save() ? { actions } : {
			held: NOT_KEPT,
			actions
		};
	}
	const now = run.edges.clock.now();
	const freeze = {
		by: run.runUrl,
		at: now,
		commit: run.commit,
		...begun,
		former
	};
	ledger.noteFreeze(freeze);
	if (!await ledger.save()) {
		ledger.noteFreeze(void 0);
		return {
			held: NOT_KEPT,
			actions: [told("held", NOT_KEPT)]
		};
	}
	return switchOff(run, {
		service,
		freeze
	});
}
async function switchOff(run, { service, freeze }) {
	const failed = (reason) => ({
		held: "auto-deploy could not be switched off, so nothing was rolled back",
		actions: [told("failed", reason)]
	});
	if (!service.autoDeploy) return { actions: [frozenAction(freeze)] };
	goOn(run);
	try {
		if ((await run.edges.deploys.setAutoDeploy(service.id, offSetting(service))).autoDeploy) return failed("Render took the order to switch auto-deploy off, and it is still on");
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		return failed(`Render did not switch auto-deploy off: ${problemText$1(error)}`);
	}
	return { actions: [frozenAction(freeze)] };
}
function frozenAction(freeze) {
	return told("done", `auto-deploy is off (it was ${settingText(freeze)}) until the deploy that takes ${freeze.commit.slice(0, 7)} back has passed its gate`);
}
function settingText({ former }) {
	return former === "yes" ? "on" : former;
}
async function liftFreeze(run, book, why) {
	const { freeze } = book;
	if (freeze === void 0 || freeze.lifted !== void 0) return [];
	const { deploys, clock } = run.edges;
	const lifted = (how) => book.noteFreeze({
		...freeze,
		lifted: {
			at: clock.now(),
			why: how
		}
	});
	try {
		if ((await deploys.service(run.service.id))?.autoDeploy === true) {
			lifted("auto-deploy was switched on");
			return [];
		}
		goOn(run);
		if (!(await deploys.setAutoDeploy(run.service.id, formerOf(freeze))).autoDeploy) return stillOff(run, "Render took the order, and it is still off");
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		return stillOff(run, problemText$1(error));
	}
	lifted(why);
	const reason = `auto-deploy is on again (${settingText(freeze)}): ${why}`;
	run.teller.moment(`Freeze lifted: ${reason}`);
	return [{
		kind: "unfreeze",
		state: "done",
		reason
	}];
}
function stillOff(run, why) {
	const url = `${run.service.dashboardUrl}/settings`;
	const reason = `auto-deploy is still off and could not be switched on again: ${why}. Switch it on in Render`;
	run.teller.note(`Nothing deploys to ${run.service.name}: ${reason}: ${url}`);
	return [{
		kind: "unfreeze",
		state: "failed",
		reason,
		url
	}];
}
function withThawed(outcome, thawed) {
	const done = {
		...outcome,
		actions: [...outcome.actions, ...thawed]
	};
	return outcome.verdict === "pass" && thawed.some(({ state }) => state === "failed") ? {
		...done,
		verdict: "warn",
		reason: `${outcome.reason}, but auto-deploy is still off`
	} : done;
}
// src/gate/ask-deploy.ts
const LOOK_MS = 3e3;
function isRefusal({ failure }) {
	const { status, code } = failure;
	if (status === void 0 || code === "rate-limited" || code === "garbled") return false;
	return status >= 400 && status < 500 && status !== 408 && status !== 429;
}
async function ask(run, kind, reason) {
	try {
		await run.edges.deploys.trigger(run.service.id, run.commit);
		return {
			kind,
			state: "done",
			reason
		};
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		if (isRefusal(error)) return {
			kind,
			state: "failed",
			reason: `Render refused to deploy the commit: ${error.message}`
		};
		run.teller.note(`Render was asked for a deploy, its answer was lost: ${error.message}`);
		return {
			kind,
			state: "done",
			reason: `${reason}; the answer was lost`
		};
	}
}
async function triggerDeploy(run) {
	const { service, mode, commit, teller } = run;
	if (service.autoDeploy && service.autoDeployTrigger !== "off") return {
		kind: "trigger",
		state: "skipped",
		reason: "auto-deploy is on: Render deploys the commit by itself"
	};
	if (mode !== "enforce") return {
		kind: "trigger",
		state: "advised",
		reason: `mode ${mode} triggers nothing`
	};
	const action = await ask(run, "trigger", "asked Render to deploy the commit");
	teller.moment(action.state === "done" ? `Asked Render to deploy ${commit.slice(0, 7)}` : action.reason ?? "");
	return action;
}
function mayRebuild(run, deploys, failed) {
	const { plan, mode, service, commit, deployId } = run;
	if (failed.status !== "build_failed" || mode !== "enforce" || deployId !== void 0) return false;
	if (service.type === "cron_job") return false;
	const tries = ownDeploys({
		deploys,
		commit
	}).filter((deploy) => deploy.status === "build_failed");
	const hasNewer = deploys.some((deploy) => deploy.createdAt > failed.createdAt && (deploy.status === "live" || isRunning(deploy)));
	return tries.length <= plan.deploy.retry && !hasNewer;
}
async function rebuild(run, list, about) {
	const { failed, failure } = about;
	const tries = ownDeploys({
		deploys: list.deploys,
		commit: run.commit
	}).filter((deploy) => deploy.status === "build_failed").length;
	run.teller.moment(`Deploy ${failed.id} failed to build (${failure.reason}); asking Render to build it again, ${tries} of ${run.plan.deploy.retry}`);
	const action = await ask(run, "retry", `rebuild ${tries} of ${run.plan.deploy.retry} after: ${failure.reason}`);
	if (action.state !== "done") return action;
	const until = run.edges.clock.now() + run.plan.deploy.appearWithinMs;
	while (run.edges.clock.now() < until) {
		await wait(run, LOOK_MS);
		await list.look();
		const newest = ownDeploys({
			deploys: list.deploys,
			commit: run.commit
		})[0];
		if (newest !== void 0 && newest.id !== failed.id) return action;
	}
	return {
		...action,
		state: "failed",
		reason: "the rebuild that was asked for did not appear"
	};
}
// src/core/clean-up.ts
function afterKey({ stage, verdict }) {
	return `${stage} ${verdict}`;
}
function hitRules(rules, { stages, after }) {
	return rules.filter((rule) => !after.includes(afterKey(rule)) && stages.some(({ name, verdict }) => name === rule.stage && verdict === rule.verdict));
}
function cleanUpGuard(input) {
	const { rule, outcome, frozen, holdLabel, holds } = input;
	if (rule.verdict === "pass" && outcome.verdict === "fail") return `the deploy failed all the same: ${outcome.reason}`;
	if (frozen !== void 0) return frozen;
	return holds.length === 0 ? void 0 : `held by label "${holdLabel}": ${holds.join(", ")}`;
}
function cleanUpBranch(about) {
	const slug = `${about.service} ${about.key}`.toLowerCase().replaceAll(/[^a-z0-9]+/gu, "-").slice(-60).replaceAll(/^-+|-+$/gu, "");
	const nth = about.step === 0 ? "" : `-${about.step + 1}`;
	return `deploy-gate/cleanup-${about.commit.slice(0, 12)}-${slug}${nth}`;
}
// src/gate/told-state.ts
function toldSoFar({ book }) {
	return book.current?.told ?? NOTHING_TOLD;
}
function keepTold(run, { book }, news) {
	if (book.current === void 0 && book.earlier.kind === "damaged") return;
	const known = book.current?.told ?? NOTHING_TOLD;
	const both = (key) => [...new Set([...known[key], ...news[key] ?? []])];
	book.change({
		service: run.service.id,
		told: {
			...known,
			...news,
			transitions: both("transitions"),
			updates: both("updates"),
			after: both("after")
		}
	});
}
// src/core/watch-ending.ts
const DAY_MS$2 = 864e5;
const ANSWERS_MS = 3 * DAY_MS$2;
const OWED_MS = 7 * DAY_MS$2;
function isWaiting({ over, isOwed }, about) {
	if (over === void 0) return true;
	const { verdict, mode, now } = about;
	if (isOwed === true && now <= over + OWED_MS) return true;
	return verdict === "fail" && mode === "enforce" && now <= over + ANSWERS_MS;
}
// src/core/claim.ts
const CLAIM_MS = 18e4;
function claimBy(by, at) {
	return {
		by: by.slice(-90).replaceAll(/[^!-~]/g, "_") || "_",
		at: Math.floor(at)
	};
}
function claimText(verb, { by, at }) {
	return `${verb} ${by} ${at}`;
}
function claimOf(description) {
	const [, verb, by, at] = /^(claim|release) ([!-~]{1,100}) (\d{1,15})$/.exec(description) ?? [];
	if (verb === void 0 || by === void 0) return void 0;
	return {
		verb,
		by,
		at: Number(at)
	};
}
function claimAnswer(own, log) {
	let holder;
	let last = {
		by: "a run that is not to be seen",
		at: own.at,
		since: own.at
	};
	for (const line of [...log].sort((one, two) => one.id - two.id)) {
		if (line.closed !== void 0) return {
			kind: "closed",
			line: {
				...line,
				closed: line.closed
			}
		};
		const told = claimOf(line.description);
		if (told === void 0) continue;
		const isHolders = holder !== void 0 && isSame(told, holder);
		if (told.verb === "release") {
			if (isHolders) holder = void 0;
		} else if (holder === void 0 || isHolders || line.at - holder.since >= 18e4) {
			holder = {
				by: told.by,
				at: told.at,
				since: line.at
			};
			last = holder;
		}
	}
	if (holder !== void 0 && isSame(own, holder)) return {
		kind: "mine",
		until: holder.since + CLAIM_MS
	};
	return {
		kind: "taken",
		by: last.by,
		until: last.since + CLAIM_MS
	};
}
function isSame(one, two) {
	return one.by === two.by && one.at === two.at;
}
// src/gate/watch-claim.ts
const PAUSE_MS$1 = 1e3;
function newClaim(run) {
	const { clock, redact } = run.edges;
	return claimBy(redact(run.runUrl), clock.now());
}
async function claimWatch(edges, id, claim) {
	const { forge, clock } = edges;
	const description = claimText("claim", claim);
	await forge.setWatch(id, {
		state: "in_progress",
		description
	});
	const logAfter = async (pause) => {
		await clock.sleep(pause);
		return forge.watchStatuses(id);
	};
	let log = await logAfter(PAUSE_MS$1);
	if (!log.some((line) => line.description === description)) log = await logAfter(PAUSE_MS$1);
	const answer = claimAnswer(claim, log);
	if (answer.kind === "closed") {
		const { closed: state, ...line } = answer.line;
		await forge.setWatch(id, {
			state,
			description: line.description,
			...line.url === void 0 ? {} : { url: line.url }
		});
	}
	return answer;
}
async function releaseWatch(edges, id, claim) {
	await edges.forge.setWatch(id, {
		state: "in_progress",
		description: claimText("release", claim)
	});
}
// src/core/deeds.ts
const MOST_REASON$1 = 300;
function withDeeds(before, now) {
	const isRetold = (old) => now.some(({ kind, url }) => kind === old.kind && (old.state !== "done" || url === old.url));
	return [...before.filter((old) => !isRetold(old)), ...now];
}
function keptDeeds(deeds) {
	return deeds.slice(-20).map(({ reason, ...deed }) => reason === void 0 ? deed : {
		...deed,
		reason: cutText(reason, MOST_REASON$1)
	});
}
function revertAmong(deeds) {
	const url = deeds.findLast(({ kind, state }) => kind === "revert_pr" && state === "done")?.url;
	const number = Number(/\/pull\/(\d{1,9})$/.exec(url ?? "")?.[1]);
	return url === void 0 || Number.isNaN(number) ? void 0 : {
		number,
		url
	};
}
// src/core/ordered-remedy.ts
function orderedRemedy(answers, remedy) {
	const order = answers.find(isOrder);
	if (order === void 0) return void 0;
	const { remedy: name, by, url } = order;
	const earlier = remedy === void 0 || remedy.name !== name ? {} : { earlier: reopened(remedy, order) };
	return {
		name,
		by,
		url,
		isApproved: order.kind === "approve",
		...earlier
	};
}
function isOrder(answer) {
	return answer.kind === "approve" || answer.kind === "run";
}
function reopened(remedy, { kind, by, at }) {
	const { approvedBy: _, ...rest } = remedy;
	const steps = remedy.steps.map((step) => step.state === "held" ? {
		kind: step.kind,
		actions: []
	} : step);
	const approval = kind === "approve" ? { approvedBy: by } : {};
	return {
		...rest,
		...approval,
		at,
		steps,
		finished: false
	};
}
function approvedPlan(plan) {
	const remedies = Object.entries(plan.remedies).map(([name, remedy]) => {
		const steps = remedy.steps.map((step) => step.kind === "render_rollback" ? {
			...step,
			despiteMigrations: true
		} : step);
		return [name, {
			...remedy,
			steps
		}];
	});
	const maxActions = {
		...plan.guards.maxActions,
		count: 1e400
	};
	return {
		...plan,
		guards: {
			...plan.guards,
			actWithinMs: 1e400,
			maxActions,
			holdLabel: ""
		},
		remedies: Object.fromEntries(remedies)
	};
}
// src/gate/judged-outcome.ts
function deployFacts(run, deploy) {
	return deploy === void 0 ? {} : {
		deploy,
		deployUrl: `${run.service.dashboardUrl}/deploys/${deploy.id}`
	};
}
function newOutcome(run) {
	return {
		...NOTHING_FOUND,
		verdict: "unknown",
		reason: "",
		mode: run.mode,
		serviceName: run.service.name,
		service: run.service,
		commit: run.commit,
		timeline: run.teller.timeline,
		notes: run.teller.notes,
		requests: run.edges.requests(),
		startedAt: run.startedAt,
		endedAt: run.edges.clock.now(),
		...run.plan.file === void 0 ? {} : { configFile: run.plan.file }
	};
}
function baseOutcome(run, followed) {
	const { ending, previous } = followed;
	return {
		...newOutcome(run),
		actions: followed.actions,
		...deployFacts(run, "deploy" in ending ? ending.deploy : void 0),
		...previous?.commit === void 0 ? {} : { previousCommit: previous.commit.sha }
	};
}
function watchedOutcome(run, watched) {
	const { decision, stages, results, last } = watched;
	return {
		...decision,
		...deployFacts(run, last.deploy),
		liveAt: last.liveAt,
		checks: results,
		stages,
		requests: run.edges.requests(),
		endedAt: run.edges.clock.now()
	};
}
// src/core/max-actions.ts
const PREFIX = 12;
function tooManyActions(others, about) {
	const { count, perMs } = about.limit;
	const recent = others.filter(({ at, commit }) => at > about.now - perMs && commit.slice(0, PREFIX) !== about.own.slice(0, PREFIX));
	const byCommit = new Map(recent.map((action) => [action.commit.slice(0, PREFIX), action]));
	if (byCommit.size < count) return void 0;
	const done = [...byCommit.values()].map(({ what, commit }) => `${what} (${commit.slice(0, 7)})`);
	const list = done.length === 0 ? "" : `; done already: ${done.slice(0, 5).join(", ")}`;
	return `guards.max_actions allows ${count} per ${durationText(perMs)}${list}`;
}
// src/gate/max-actions.ts
const BRANCH = /^deploy-gate\/[a-z]+-([0-9a-f]{12})/;
const FRESH_MS$1 = 1e4;
const SKEW_MS = 36e5;
const MOST_BACK_MS = 6048e5;
function createMaxActions(run, { list, commit }) {
	const { clock, forge } = run.edges;
	const { maxActions: limit } = run.plan.guards;
	let asked;
	let read;
	async function tooMany() {
		const now = clock.now();
		const window = now - limit.perMs;
		const born = commit.committedAt - SKEW_MS;
		const since = born > now - MOST_BACK_MS ? Math.min(window, born) : window;
		try {
			const { pulls, cut } = await forge.pullsSince(since);
			if (cut) throw unreadable("GitHub lists more pull requests than can be looked through");
			read = {
				at: now,
				since,
				pulls
			};
			return tooManyActions([...pullActions(run, pulls), ...await rollbacksOf(run, list, window)], {
				now,
				own: run.commit,
				limit
			});
		} catch (error) {
			if (!(error instanceof ServiceProblem)) throw error;
			return `what other gates did could not be read, so guards.max_actions holds this back: ${error.message}`;
		}
	}
	return {
		tooMany: () => asked ??= tooMany(),
		pullsFrom(branch) {
			if (read === void 0 || clock.now() - read.at > FRESH_MS$1) return void 0;
			if (read.since > commit.committedAt - SKEW_MS) return void 0;
			return read.pulls.filter((pull) => pull.headRef === branch);
		}
	};
}
function pullActions(run, pulls) {
	return pulls.flatMap((pull) => pull.headRef.startsWith("deploy-gate/") && hasServiceSection(pull.body, run.service.name) ? [{
		commit: BRANCH.exec(pull.headRef)?.[1] ?? pull.headRef,
		at: pull.createdAt,
		what: `#${pull.number}`
	}] : []);
}
async function rollbacksOf(run, list, since) {
	const { deploys } = run.edges;
	const { id } = run.service;
	const recent = await deploys.deploys(id, {
		createdAfter: since,
		allPages: true
	});
	const all = [...recent, ...list.deploys].sort((a, b) => b.createdAt - a.createdAt);
	const found = [];
	for (const rollback of recent.filter((deploy) => deploy.trigger === "rollback")) {
		const commit = replacedBy(rollback, all);
		if (commit === void 0 || commit === run.commit) continue;
		const checkRun = await gateCheckRun(run, commit);
		const decoded = decodeState(checkRun?.text ?? "");
		if (decoded.kind === "damaged") throw unreadable(`the state of the gate of ${commit.slice(0, 7)} cannot be read, ${decoded.why}`);
		if ((decoded.kind === "state" ? decoded.state.remedy?.steps ?? [] : []).some((step) => step.deploy === rollback.id)) found.push({
			commit,
			at: rollback.createdAt,
			what: `rollback ${rollback.id}`
		});
	}
	return found;
}
function replacedBy(rollback, deploys) {
	return deploys.find((one) => one.createdAt < rollback.createdAt && (one.status === "deactivated" || one.status === "live"))?.commit?.sha;
}
function unreadable(message) {
	return new ServiceProblem({
		service: "GitHub",
		message
	});
}
// src/gate/prepare-remedy.ts
const MOST_KEPT = 12;
const LONGEST_KEPT = 300;
function prepareRemedy(run, about) {
	const { called, commit, told } = about;
	const { outcome, list, range, preDeployFailed, earlier } = called;
	const remedy = run.plan.remedies[called.remedy];
	if (remedy === void 0) return outcome;
	const hold = earlier === void 0 ? broughtNoCode(run, called) : earlier.hold;
	const url = told.checkRun?.url;
	const ledger = run.mode === "enforce" ? ledgerOf(run, {
		...about,
		remedy,
		hold
	}) : void 0;
	return {
		remedy,
		commit,
		outcome,
		list,
		preDeployFailed,
		passedOnOld: called.passedOnOld,
		reasons: reasonsOf(outcome),
		evidence: evidenceOf(outcome),
		...createMaxActions(run, {
			list,
			commit
		}),
		...hold === void 0 ? {} : { hold },
		...range === void 0 ? {} : { range },
		...url === void 0 ? {} : { checkRunUrl: url },
		...ledger === void 0 ? {} : { ledger }
	};
}
async function carryOut(run, prepared) {
	if (!("remedy" in prepared)) return prepared;
	const { act } = await import("./act.js");
	return act(run, prepared);
}
function soFar$1(outcome, ledger) {
	return ledger.remedy.steps.reduce((sum, step) => withDone(sum, doneOf(step)), outcome);
}
function ledgerOf(run, about) {
	const { called, told, remedy, hold } = about;
	const { clock, redact } = run.edges;
	const state = called.earlier ?? newRemedyState(remedy, {
		...kept(called),
		...hold === void 0 ? {} : { hold },
		at: clock.now(),
		by: run.runUrl
	});
	const ledger = createLedger({
		remedy: state,
		service: run.service.id,
		book: told.book,
		runUrl: run.runUrl,
		now: () => clock.now(),
		redact,
		write: () => about.write(soFar$1(called.outcome, ledger))
	});
	if (ledger.step(0).state === void 0) ledger.note(0, { state: "begun" });
	return ledger;
}
function kept({ outcome, preDeployFailed, passedOnOld }) {
	const { deploy, liveAt, previousCommit } = outcome;
	return {
		reason: outcome.reason,
		failed: outcome.checks.filter((check) => check.verdict === "fail").slice(0, MOST_KEPT).map(({ name, source, reason, hint, onFail, samples, errors }) => ({
			name,
			source,
			reason,
			onFail,
			samples,
			errors,
			...hint === void 0 ? {} : { hint }
		})),
		evidence: evidenceOf(outcome).slice(0, MOST_KEPT).map((one) => ({
			...one,
			text: one.text.slice(0, LONGEST_KEPT).toWellFormed()
		})),
		preDeployFailed,
		passedOnOld: [...passedOnOld],
		...deploy === void 0 ? {} : { deploy: deploy.id },
		...liveAt === void 0 ? {} : { liveAt },
		...previousCommit === void 0 ? {} : { previousCommit }
	};
}
function evidenceOf(outcome) {
	return [...outcome.checks.filter((check) => check.verdict === "fail").flatMap(({ evidence, diagnosis }) => [...evidence, ...diagnosis]), ...outcome.deployEvidence].slice(0, 60);
}
function reasonsOf(outcome) {
	const failed = outcome.checks.filter((check) => check.verdict === "fail");
	return failed.length === 0 ? [outcome.reason] : failed.map((check) => `"${check.name}": ${check.reason}${check.hint === void 0 ? "" : `. Hint: ${check.hint}`}`);
}
// src/gate/resume-remedy.ts
const ASK_MS = 6e4;
const REPEATABLE = new Set([
	"revert_pr",
	"patch_pr",
	"issue"
]);
function isRolledBack(step) {
	return step.kind === "render_rollback" && step.state === "done";
}
async function judgedBefore(run, told, left) {
	const { teller } = run;
	const remedy = run.plan.remedies[left.name];
	const kinds = left.steps.map((step) => step.kind).join(", ");
	if (remedy === void 0 || remedy.steps.map((step) => step.kind).join(", ") !== kinds) {
		teller.note(`The remedy "${left.name}" of ${told.commit.slice(0, 7)} was left unfinished, and the config file has no remedy of that name with the steps ${kinds}: finish it by hand, see ${told.checkRun?.url ?? left.by}`);
		return;
	}
	const earlier = await waitForOther(run, told, left);
	const list = createDeployList(run, await run.edges.forge.commit(told.commit) ?? {
		committedAt: left.at,
		parents: []
	});
	await list.look();
	const live = list.deploys.find((deploy) => deploy.status === "live")?.id;
	if (left.finished && !earlier.steps.some((step) => isRolledBack(step) && step.deploy === live)) return void 0;
	if (!earlier.finished) teller.moment(`Finishing the remedy "${left.name}" of ${told.commit.slice(0, 7)} that ${left.by} began`);
	teller.note(`The verdict is that of an earlier run (${left.by}), whose remedy ${earlier.finished ? "is done" : "was left unfinished"}; nothing was judged anew.`);
	const range = await rangeOf$1(run, earlier);
	const deploy = list.deploys.find((one) => one.id === earlier.deploy);
	return {
		outcome: {
			...newOutcome(run),
			verdict: "fail",
			reason: earlier.reason,
			checks: resultsOf(run, earlier),
			deployEvidence: earlier.failed.length === 0 ? earlier.evidence : [],
			...deployFacts(run, deploy),
			...earlier.liveAt === void 0 ? {} : { liveAt: earlier.liveAt },
			...earlier.previousCommit === void 0 ? {} : { previousCommit: earlier.previousCommit }
		},
		remedy: left.name,
		earlier,
		list,
		preDeployFailed: earlier.preDeployFailed,
		passedOnOld: new Set(earlier.passedOnOld),
		...range === void 0 ? {} : { range }
	};
}
function withFailedAgain(called) {
	const { earlier } = called;
	if (earlier?.finished !== true) return called;
	const isFailed = ({ kind, state }) => state === "failed" && REPEATABLE.has(kind);
	if (!earlier.steps.some(isFailed)) return called;
	const steps = earlier.steps.map((step) => isFailed(step) ? {
		...step,
		state: "begun",
		actions: []
	} : step);
	return {
		...called,
		earlier: {
			...earlier,
			steps,
			finished: false
		}
	};
}
async function begunMeanwhile(run, told) {
	try {
		const checkRun = await gateCheckRun(run, told.commit);
		const decoded = decodeState(checkRun?.text ?? "");
		if (decoded.kind !== "state" || decoded.state.remedy === void 0) return void 0;
		if (decoded.state.remedy.at === told.book.current?.remedy?.at) return void 0;
		told.book.adopt(decoded.state);
		return decoded.state.remedy;
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		return;
	}
}
async function finishOther(run, other) {
	const { told, state } = other;
	const { edges, teller } = run;
	const commit = await edges.forge.commit(state.commit);
	if (commit === void 0 || state.remedy === void 0) return;
	const { before: _before, deployId: _deployId, ...rest } = run;
	const plan = state.remedy.approvedBy !== void 0 ? approvedPlan(run.plan) : run.plan;
	const there = {
		...rest,
		plan,
		commit: state.commit
	};
	const called = await judgedBefore(there, told, state.remedy);
	if (called === void 0 || called.earlier?.finished === true) return;
	const writer = {
		forge: edges.forge,
		runner: edges.runner,
		note: (text) => teller.note(text)
	};
	const write = (outcome) => publishActions(writer, told, outcome);
	const acting = prepareRemedy(there, {
		called,
		commit,
		told,
		write
	});
	if ("remedy" in acting) await write(await carryOut(there, acting));
}
function resultsOf({ plan }, { failed, evidence }) {
	return failed.map((check, at) => {
		const line = plan.checks.find(({ name }) => name === check.name)?.line;
		return {
			...check,
			verdict: "fail",
			measured: true,
			evidence: at === 0 ? evidence : [],
			series: [],
			diagnosis: [],
			...line === void 0 ? {} : { line }
		};
	});
}
async function rangeOf$1(run, { previousCommit }) {
	if (previousCommit === void 0) return void 0;
	try {
		return await run.edges.forge.compare(previousCommit, run.commit);
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		run.teller.note(`The range since the previous deploy could not be read: ${error.message}`);
		return;
	}
}
async function waitForOther(run, told, left) {
	const { clock } = run.edges;
	let seen = left;
	while (!seen.finished && seen.by !== run.runUrl && (seen.busyUntil ?? 0) > clock.now()) {
		const until = seen.busyUntil ?? 0;
		run.teller.phase({
			phase: "waiting for another run",
			waitingFor: `${seen.by}, which may be at work on the remedy`,
			until
		});
		await wait(run, Math.min(ASK_MS, until - clock.now()));
		await run.teller.beat();
		const checkRun = await gateCheckRun(run, told.commit);
		const decoded = decodeState(checkRun?.text ?? "");
		if (decoded.kind !== "state" || decoded.state.remedy === void 0) continue;
		told.book.adopt(decoded.state);
		seen = decoded.state.remedy;
	}
	return seen;
}
// src/core/stage-results.ts
const RANK = {
	fail: 4,
	unknown: 3,
	warn: 2,
	pass: 1,
	"not-applied": 0
};
function inlineStages(stages, inlineMs) {
	const later = stages.findIndex((stage, index) => index > 0 && stage.forMs > inlineMs);
	return later === -1 ? stages : stages.slice(0, later);
}
function mergedResults(stages) {
	const merged = new Map();
	for (const result of stages.flat()) {
		const known = merged.get(result.name);
		const { told: _, ...rest } = known === void 0 || RANK[result.verdict] >= RANK[known.verdict] ? result : known;
		merged.set(result.name, {
			...rest,
			samples: (known?.samples ?? 0) + result.samples,
			errors: (known?.errors ?? 0) + result.errors,
			series: result.series,
			...result.told === void 0 ? {} : { told: result.told }
		});
	}
	return [...merged.values()];
}
function soFar(results) {
	return results.filter(({ verdict, measured }) => verdict === "fail" || measured && verdict !== "unknown" && verdict !== "not-applied");
}
function stagesVerdict(finished, cutShort) {
	const worst = worstOf$1(finished.map(({ decision }) => decision.verdict));
	const isAlone = finished.length + (cutShort === void 0 ? 0 : 1) === 1;
	const deciding = finished.filter(({ decision }) => decision.verdict === worst);
	const told = {
		verdict: worst,
		reason: [...Map.groupBy(deciding, ({ decision }) => decision.reason)].map(([reason, alike]) => {
			const names = alike.map(({ stage }) => stage.name).join(", ");
			return isAlone ? reason : `${alike.length === 1 ? "stage" : "stages"} ${names}: ${reason}`;
		}).join("; ") || "no stage was watched"
	};
	if (cutShort === void 0) return told;
	const cut = watchVerdict(cutShort.ending, cutShort.results);
	if (finished.length === 0) return cut;
	if (cut.verdict !== "superseded" && worstOf$1([cut.verdict, worst]) === cut.verdict) return {
		...cut,
		reason: `stage ${cutShort.name}: ${cut.reason}`
	};
	return {
		...told,
		reason: `${told.reason}; in stage ${cutShort.name} ${cut.reason}`
	};
}
// src/core/stage-window.ts
function stageWindows(stages, liveAt) {
	return stages.map((stage, index) => ({
		stage,
		from: liveAt + (stages[index - 1]?.forMs ?? 0),
		to: liveAt + stage.forMs
	}));
}
function beatAfter({ from }, everyMs, after) {
	return after < from ? from : from + (Math.floor((after - from) / everyMs) + 1) * everyMs;
}
function beatOf({ from }, everyMs, at) {
	return Math.floor((at - from) / everyMs);
}
const LEAST_LOOKS = 3;
function asLooked(checks) {
	return checks.map((check) => check.failAfter.kind !== "duration" || isRetained(check, checks) ? check : {
		...check,
		failAfter: {
			...check.failAfter,
			least: LEAST_LOOKS
		}
	});
}
const RETAINED = new Set([
	"logs",
	"metric",
	"events",
	"source"
]);
function isRetained(check, checks, above = []) {
	if (above.includes(check.name)) return true;
	if (check.source.kind !== "derive" && !RETAINED.has(check.source.kind)) return false;
	return dependenciesOf(check).every((name) => {
		const other = checks.find((one) => one.name === name);
		return other === void 0 || isRetained(other, checks, [...above, check.name]);
	});
}
// src/gate/windows-left.ts
const SETTLE_MS$1 = 12e4;
function windowsLeft(run, state) {
	const ended = new Set(state.ended.map(({ name }) => name));
	return stageWindows(run.plan.stages, state.anchor).filter(({ stage }) => !ended.has(stage.name) && checksOf(run.plan.checks, stage).length > 0);
}
// src/gate/look-outcome.ts
function keptOutcome(run, state) {
	const empty = newOutcome(run);
	const { deeds = [] } = state;
	const revert = revertAmong(deeds);
	return {
		...empty,
		stages: state.ended.map(({ name, from, to, verdict }) => ({
			name,
			from,
			to,
			verdict
		})),
		checks: keptResultsOf(run.plan.checks, state),
		timeline: [...state.moments, ...empty.timeline],
		liveAt: state.liveAt,
		coverage: state.coverage,
		...state.previousCommit === void 0 ? {} : { previousCommit: state.previousCommit },
		actions: deeds,
		...revert === void 0 ? {} : { revert },
		...state.hold === void 0 ? {} : { held: holdText(state.hold) }
	};
}
function lookOutcome(run, state, found) {
	const { looked, decision, watch, ending } = found;
	const base = keptOutcome(run, state);
	const failing = looked.open.filter(({ results }) => results.some(({ verdict }) => verdict === "fail"));
	const now = run.edges.clock.now();
	const checks = mergedResults([
		base.checks,
		...looked.ended.map(({ results }) => results),
		...looked.open.map(({ results }) => soFar(results))
	]);
	const order = run.plan.checks.map(({ name }) => name);
	const isOpen = ending.kind === "open";
	return {
		...base,
		...decision,
		...deployFacts(run, watch.facts.deploy),
		...watch.facts.liveAt === void 0 ? {} : { liveAt: watch.facts.liveAt },
		checks: checks.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name)),
		stages: [
			...base.stages,
			...looked.ended.map(({ stage }) => stage),
			...(isOpen ? [] : failing).map(({ window }) => ({
				name: window.stage.name,
				from: window.from,
				to: Math.min(now, window.to),
				verdict: "fail"
			}))
		],
		coverage: [
			...state.coverage,
			...looked.ended.map(({ coverage }) => coverage),
			...looked.open.map(({ coverage }) => coverage)
		],
		...isOpen ? {
			laterStages: windowsOpen(run, state, found).map(({ stage }) => stage.name),
			...openTimes(windowsOpen(run, state, found), now)
		} : {}
	};
}
function overdueOutcome(run, state, why) {
	const [current] = windowsLeft(run, state);
	const stage = current?.stage.name ?? "the last";
	const failed = state.ended.find(({ verdict }) => verdict === "fail");
	if (failed !== void 0) return {
		...keptOutcome(run, state),
		verdict: "fail",
		reason: failed.reason
	};
	const ended = current === void 0 ? "" : `, which ended ${dateTimeText(current.to)}`;
	return {
		...keptOutcome(run, state),
		verdict: "unknown",
		reason: `stage ${stage}${ended}, could not be judged: ${why}; last look ${dateTimeText(state.at)}`
	};
}
function openTimes(windows, now) {
	const next = windows.map((window) => now >= window.to ? now + window.stage.everyMs : beatAfter(window, window.stage.everyMs, now));
	const until = windows.map(({ to }) => to);
	return windows.length === 0 ? {} : {
		nextLookAt: Math.min(...next),
		watchedUntil: Math.max(...until)
	};
}
function windowsOpen(run, state, { looked }) {
	const ended = new Set(looked.ended.map(({ stage }) => stage.name));
	return windowsLeft(run, state).filter(({ stage }) => !ended.has(stage.name));
}
function keptResultsOf(checks, state) {
	return checks.flatMap((check) => {
		const kept = Object.hasOwn(state.results, check.name) ? state.results[check.name] : void 0;
		return kept === void 0 ? [] : [resultOf(check, kept)];
	});
}
function resultOf(check, kept) {
	return {
		...kept,
		name: check.name,
		source: check.source.kind,
		evidence: [],
		onFail: check.onFail,
		series: [],
		diagnosis: [],
		...check.hint === void 0 ? {} : { hint: check.hint },
		...check.line === void 0 ? {} : { line: check.line }
	};
}
function holdText({ by, reason }) {
	return `held by @${by}${reason === void 0 ? "" : `: ${reason}`}`;
}
// src/gate/watch-keeping.ts
const MOST_INSTANCES = 60;
function factsOf(state) {
	return {
		deploy: deployOf(state.deploy),
		liveAt: state.liveAt,
		instances: instancesOf(state.instances),
		rereadTo: void 0
	};
}
function withoutPast(run, state, { deploy, liveAt = state.liveAt }) {
	const { lines: _, ...rest } = state;
	return {
		...rest,
		deploy: keptDeploy(deploy),
		liveAt,
		judgedTo: Object.fromEntries(run.plan.checks.map(({ name }) => [name, liveAt])),
		open: state.open.map((stage) => ({
			...stage,
			standings: {}
		})),
		checks: {},
		counted: {}
	};
}
function restoredWatch(run, state, about) {
	const windows = stageWindows(run.plan.stages, state.anchor);
	return {
		...about,
		memory: createWatchMemory(state.checks),
		lines: linesOf(state),
		counted: new Map(Object.entries(state.counted)),
		begun: state.open.flatMap((kept) => {
			const window = windows.find(({ stage }) => stage.name === kept.name);
			return window === void 0 ? [] : [progressOf(kept, window)];
		}),
		judgedTo: new Map(Object.entries(state.judgedTo)),
		old: new Map(Object.entries(state.failedBefore).map(([name, kept]) => [name, failureOf(kept, state.liveAt)])),
		baselineOf: (check) => check.baseline === void 0 ? void 0 : own(state.baselines, check.name) ?? {
			kind: "none",
			why: "what it compares with was not kept",
			isYet: false
		}
	};
}
function linesOf({ lines, checks }) {
	if (lines === void 0) return void 0;
	const known = Object.entries(checks);
	return {
		book: lines,
		checks: Object.fromEntries(known.flatMap(([name, { log }]) => log === void 0 ? [] : [[name, log]]))
	};
}
function keptStage({ window, standings, seen, gaps, lateFrom }) {
	return {
		name: window.stage.name,
		standings: Object.fromEntries([...standings].map(([name, standing]) => [name, keptStanding(standing)])),
		seen: Object.fromEntries(seen),
		gaps,
		...lateFrom === void 0 ? {} : { lateFrom }
	};
}
function keptDeploy({ id, commit, createdAt, startedAt, finishedAt }) {
	return {
		id,
		createdAt,
		...commit === void 0 ? {} : { sha: commit.sha },
		...startedAt === void 0 ? {} : { startedAt },
		...finishedAt === void 0 ? {} : { finishedAt }
	};
}
function keptInstances(book) {
	const { present, presentAt, listedAt, oldUntil } = book;
	const newest = [...book.seen].toSorted(([, a], [, b]) => b - a).slice(0, MOST_INSTANCES);
	const list = (suffixes) => [...suffixes].slice(-60);
	return {
		seen: Object.fromEntries(newest),
		...book.before === void 0 ? {} : { before: list(book.before) },
		...book.old === void 0 ? {} : { old: list(book.old) },
		...present === void 0 ? {} : { present: list(present) },
		...presentAt === void 0 ? {} : { presentAt },
		...listedAt === void 0 ? {} : { listedAt },
		...oldUntil === void 0 ? {} : { oldUntil }
	};
}
function own(from, name) {
	return Object.hasOwn(from, name) ? from[name] : void 0;
}
function progressOf(kept, window) {
	return {
		window,
		standings: new Map(Object.entries(kept.standings).map(([name, one]) => [name, standingOf(one)])),
		seen: new Map(Object.entries(kept.seen)),
		gaps: kept.gaps,
		...kept.lateFrom === void 0 ? {} : { lateFrom: kept.lateFrom }
	};
}
function deployOf({ sha, ...deploy }) {
	return {
		...deploy,
		status: "live",
		...sha === void 0 ? {} : { commit: {
			sha,
			message: ""
		} }
	};
}
function instancesOf(kept) {
	const { seen, before, old, present, ...times } = kept;
	return {
		seen: new Map(Object.entries(seen)),
		...before === void 0 ? {} : { before: new Set(before) },
		...old === void 0 ? {} : { old: new Set(old) },
		...present === void 0 ? {} : { present: new Set(present) },
		...times
	};
}
function failureOf({ reason, lines }, at) {
	return {
		at,
		outcome: "fail",
		reason,
		lines: lines.map(({ tier, condition }) => ({
			tier,
			condition,
			subject: "",
			holds: tier !== "pass"
		})),
		evidence: []
	};
}
// src/gate/left-watch.ts
const MOST_MOMENTS = 30;
const MOST_REASON = 160;
const MOST_EVENT = 200;
async function leftWatch(run, about) {
	const { first, watched, facts, memory, old, previousCommit } = about;
	const { deploy, liveAt } = watched.last;
	const now = run.edges.clock.now();
	const baselines = {};
	for (const check of run.plan.checks) {
		const baseline = await about.baselines.of(check);
		if (baseline !== void 0) baselines[check.name] = baseline;
	}
	const before = [...old.findings];
	return {
		deploy: keptDeploy(deploy),
		liveAt,
		anchor: liveTime(first, now),
		startedAt: run.startedAt,
		committedAt: about.commit.committedAt,
		mode: run.mode,
		...run.plan.file === void 0 ? {} : { config: run.plan.file },
		...run.deployId === void 0 ? {} : { deployId: run.deployId },
		...run.isAssumed === void 0 ? {} : { isAssumed: run.isAssumed },
		...previousCommit === void 0 ? {} : { previousCommit },
		at: now,
		looks: 0,
		by: run.runUrl,
		judgedTo: {},
		ended: watched.ended.map(({ stage, decision }) => ({
			...stage,
			reason: cutText(decision.reason, MOST_REASON)
		})),
		results: keptResults(watched.results),
		coverage: [],
		open: [],
		...keptChecks(run, memory, about.book.kept(now)),
		baselines,
		failedBefore: Object.fromEntries(before.flatMap(([name, finding]) => finding.outcome === "fail" ? [[name, {
			reason: cutText(finding.reason, MOST_REASON),
			lines: decidingLines(finding).map(({ tier, condition }) => ({
				tier,
				condition
			}))
		}]] : [])),
		passedBefore: before.flatMap(([name, { outcome }]) => outcome === "pass" ? [name] : []),
		instances: keptInstances(facts.instances),
		counted: Object.fromEntries(about.counted),
		moments: keptMoments(run.teller.timeline)
	};
}
function watchAfter(run, state, found) {
	const { watch, looked, next } = found;
	const { deploy, instances, liveAt = state.liveAt } = watch.facts;
	const now = run.edges.clock.now();
	const results = mergedResults([keptResultsOf(run.plan.checks, state), ...looked.ended.map((one) => one.results)]);
	const { lines: _, ...rest } = state;
	return {
		...rest,
		deploy: keptDeploy(deploy),
		liveAt,
		at: now,
		looks: state.looks + 1,
		by: run.runUrl,
		judgedTo: Object.fromEntries(looked.judgedTo),
		ended: [...state.ended, ...looked.ended.map(({ stage, decision }) => ({
			...stage,
			reason: cutText(decision.reason, MOST_REASON)
		}))],
		results: keptResults(results),
		coverage: [...state.coverage, ...looked.ended.map(({ coverage }) => coverage)],
		open: looked.open.map(keptStage),
		moments: keptMoments([...state.moments, ...run.teller.timeline]),
		...next === void 0 ? {
			...keptChecks(run, watch.memory, found.lines),
			instances: keptInstances(instances),
			counted: Object.fromEntries(watch.counted)
		} : followed(looked.judgedTo, next, now)
	};
}
function keptChecks(run, memory, lines) {
	const asked = new Set(run.plan.checks.flatMap(dependenciesOf));
	const checks = memory.kept({
		keep: run.edges.redact,
		isAsked: (name) => asked.has(name)
	});
	const logs = Object.entries(lines?.checks ?? {}).map(([name, log]) => [name, {
		...checks[name],
		log
	}]);
	return {
		checks: {
			...checks,
			...Object.fromEntries(logs)
		},
		...lines === void 0 || logs.length === 0 ? {} : { lines: lines.book }
	};
}
function followed(judgedTo, next, now) {
	const liveAt = liveTime(next, now);
	return {
		deploy: keptDeploy(next),
		liveAt,
		judgedTo: Object.fromEntries([...judgedTo].map(([name, at]) => [name, Math.max(at, liveAt)])),
		checks: {},
		counted: {},
		instances: { seen: {} },
		...next.commit === void 0 ? {} : { follows: next.commit.sha }
	};
}
function keptResults(results) {
	return Object.fromEntries(results.map(({ name, verdict, measured, reason, samples, errors, stage, told }) => [name, {
		verdict,
		measured,
		reason: cutText(reason, MOST_REASON),
		samples,
		errors,
		...stage === void 0 ? {} : { stage },
		...told === void 0 ? {} : { told }
	}]));
}
function keptMoments(moments) {
	const short = moments.map(({ at, event }) => ({
		at,
		event: cutText(event, MOST_EVENT)
	}));
	const half = MOST_MOMENTS / 2;
	return short.length <= MOST_MOMENTS ? short : [...short.slice(0, half), ...short.slice(-15)];
}
// src/gate/freeze-keeper.ts
const MOST_COMMITS = 4;
const MOST_RECENT = 5;
function replacedAll(rollbacks, deploys) {
	const shas = rollbacks.filter((deploy) => deploy.trigger === "rollback").map((rollback) => replacedBy(rollback, deploys));
	return [...new Set(shas.filter((sha) => sha !== void 0))];
}
function suspects(deploys) {
	const served = deploys.filter(hasServed);
	const shas = served.flatMap((deploy) => deploy.commit?.sha ?? []);
	return [...new Set([...replacedAll(served.slice(0, MOST_RECENT), deploys), ...shas])].slice(0, MOST_COMMITS);
}
async function olderSuspects(run, asked) {
	const deploys = await run.edges.deploys.deploys(run.service.id, {});
	return replacedAll(deploys, deploys).filter((sha) => !asked.includes(sha)).slice(0, MOST_COMMITS);
}
async function findKeeper(run, deploys, about) {
	const { name } = run.service;
	const recent = deploys.filter(hasServed).slice(0, MOST_RECENT);
	if (!about.isOff && !recent.some((deploy) => deploy.trigger === "rollback")) return void 0;
	const near = suspects(deploys);
	try {
		const found = await keeperAmong(run, near, about);
		if (found !== void 0 || !about.isOff) return found;
		return await keeperAmong(run, await olderSuspects(run, near), about);
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		if (error.status === 403) return void 0;
		const reason = `whether a gate has frozen ${name} could not be read: ${error.message}`;
		run.teller.note(reason);
		return {
			kind: "unreadable",
			reason
		};
	}
}
async function keeperAmong(run, commits, { own, seen }) {
	const { id } = run.service;
	for (const commit of commits.filter((sha) => !seen.includes(sha))) {
		const isOwn = commit === run.commit;
		const checkRun = isOwn ? void 0 : await gateCheckRun(run, commit);
		const decoded = isOwn ? own.state : decodeState(checkRun?.text ?? "");
		if (decoded.kind === "damaged") return {
			kind: "unreadable",
			reason: `auto-deploy may be frozen: what the gate of ${commit.slice(0, 7)} kept in its check run cannot be read, ${decoded.why}`
		};
		if (decoded.kind === "none" || decoded.state.service !== id) continue;
		const { state } = decoded;
		if (!(state.freeze !== void 0 && state.freeze.lifted === void 0) && state.remedy?.finished !== false) continue;
		return {
			kind: "known",
			state,
			...checkRun === void 0 ? {} : { checkRun },
			...isOwn ? { own } : {}
		};
	}
}
function toldOf(run, keeper) {
	if (keeper.own !== void 0) return keeper.own;
	const { mode, runUrl, service } = run;
	const { checkRun, state } = keeper;
	return keptTold({
		checkRun,
		service: service.name,
		commit: state.commit,
		mode,
		runUrl
	});
}
async function keepState(run, keeper, state) {
	if (keeper.own !== void 0) keeper.own.book.adopt(state);
	const { checkRun } = keeper;
	if (checkRun === void 0) return true;
	const { title, summary, text, conclusion } = checkRun;
	const block = encodeState(state);
	try {
		await run.edges.forge.updateCheckRun(checkRun.id, {
			output: {
				title,
				summary,
				text: pageWithState(partsOf$1(text).page, block)
			},
			...conclusion === void 0 ? {} : { conclusion }
		});
		return true;
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		const { message } = error;
		run.teller.note(`What is kept in the check run of ${state.commit.slice(0, 7)} could not be written: ${message}`);
		return false;
	}
}
// src/core/checklist.ts
function checklistOf(plan, outcome) {
	const order = plan.stages.map(({ name }) => name);
	const results = new Map(outcome.checks.map((result) => [result.name, result]));
	return plan.stages.map((stage) => {
		const result = outcome.stages.find(({ name }) => name === stage.name);
		const isLater = (other) => order.indexOf(other ?? stage.name) > order.indexOf(stage.name);
		return {
			stage,
			state: stageState(result),
			...result === void 0 ? {} : { result },
			checks: checksOf(plan.checks, stage).map(({ name }) => {
				const own = results.get(name);
				const where = own === void 0 || own.stage === stage.name ? "here" : isLater(own.stage) ? "later" : "earlier";
				return {
					name,
					...boxOf(result, own, where)
				};
			})
		};
	});
}
function stageState(result) {
	switch (result?.verdict) {
		case "pass":
		case "warn": return "done";
		case "fail":
		case "unknown": return "failed";
		default: return "open";
	}
}
function boxOf(stage, result, where) {
	const isBad = result?.verdict === "fail" || result?.verdict === "unknown";
	const why = result === void 0 ? {} : { why: result.verdict === "fail" ? result.reason : `${result.verdict}: ${result.reason}` };
	if (stage === void 0 || stageState(stage) === "open") return where === "here" && result?.verdict === "fail" ? {
		state: "failed",
		...why
	} : { state: "open" };
	if (result === void 0) return stage.verdict === "pass" ? { state: "done" } : { state: "unsettled" };
	if (where === "here") {
		if (isBad) return {
			state: "failed",
			...why
		};
		return result.verdict === "pass" ? { state: "done" } : {
			state: "done",
			...why
		};
	}
	if (stage.verdict === "pass" || result.verdict === "pass" || result.verdict === "not-applied") return { state: "done" };
	if (stage.verdict === "warn" || where === "earlier" && result.verdict === "warn") return { state: "done" };
	return { state: "unsettled" };
}
// src/report/tracking-issue.ts
const TITLE_MAX = 256;
const SECTION_MAX = 61536;
const MOST_CHECKS = 80;
const WHY_MAX = 240;
const FACTS = [
	"Service",
	"Commit",
	"Commit message",
	"Commit before it (G)",
	"Deploy",
	"Image",
	"Live",
	"Mode"
];
function serviceOf({ service, serviceName }) {
	return service?.name ?? serviceName;
}
function trackingTitle(outcome) {
	return messageText(`Deploy ${shortSha(outcome.commit)} of ${serviceOf(outcome)}`, TITLE_MAX);
}
function trackingMarker(outcome) {
	return issueMarker(serviceOf(outcome), outcome.commit, "deploy");
}
const NOTE = "The boxes tick themselves; what is written outside this list stays. The issue is closed when the watch ends with pass, or when a newer deploy takes over; else it stays open for a person.";
function trackingBody(deploy) {
	return `${markedSection(serviceOf(deploy.outcome), section(deploy))}\n\n${NOTE}`;
}
function updatedTrackingBody(body, deploy) {
	const service = serviceOf(deploy.outcome);
	return hasServiceSection(body, service) ? withServiceSection(body, service, section(deploy)) : body;
}
function section(deploy) {
	const { outcome, plan } = deploy;
	const sentence = withStop(inlineText(excerpt(decisionSentence(outcome), 1e3)));
	const facts = factsOf$1(outcome).filter(({ label }) => FACTS.includes(label));
	return pageText([
		`**${inlineText(verdictTitle(outcome))}**: ${sentence}`,
		factsTable(outcome, facts),
		headed("Checklist", liveBox(outcome)),
		...checklistOf(plan, outcome).map((boxes) => stagePart(boxes, deploy)),
		headed("What was done", outcome.actions.slice(0, 50).map(actionBox).join("\n")),
		headed("What follows", plan.after.flatMap((rule) => followBoxes(rule, deploy)).join("\n")),
		headed("How much was seen", linesList(endedLines(outcome)))
	], SECTION_MAX);
}
function liveBox(outcome) {
	const { deploy, deployUrl, liveAt } = outcome;
	const name = deploy === void 0 ? "The deploy" : `Deploy ${link(excerpt(deploy.id, 100), deployUrl)}`;
	if (liveAt !== void 0) return `- [x] ${name} is live since ${dateTimeText(liveAt)} UTC`;
	return `- [ ] ${name} is live${outcome.verdict === "fail" ? ", **failed**" : ""}`;
}
const TICKS = {
	done: "[x]",
	failed: "[ ] **failed**",
	open: "[ ]",
	unsettled: "[ ]"
};
function stagePart({ stage, result, state, checks }, { checkRunUrl }) {
	const name = `stage ${inlineText(excerpt(stage.name, 60))}, until live + ${durationText(stage.forMs)}`;
	const ended = result === void 0 ? "" : `, ended with ${result.verdict} (${link("check run", checkRunUrl)})`;
	const shown = checks.slice(0, MOST_CHECKS).map(checkBox);
	const more = checks.length - shown.length;
	return [
		`- ${TICKS[state]} ${name}${ended}`,
		...shown,
		...more === 0 ? [] : [`  - … and ${countText(more)} more`]
	].join("\n");
}
function checkBox({ name, state, why }) {
	const remark = state === "unsettled" ? "see the check run" : why;
	const because = remark === void 0 ? "" : `: ${inlineText(withoutStop(excerpt(remark, WHY_MAX)))}`;
	return `  - ${TICKS[state]} ${inlineText(excerpt(name, 100))}${because}`;
}
function actionBox(action) {
	const { state, reason = "", url } = action;
	const [why = ""] = reason.split(BY_HAND);
	const because = why === "" ? "" : `, ${inlineText(withoutStop(excerpt(why, WHY_MAX)))}`;
	const tick = state === "done" ? TICKS.done : state === "failed" ? TICKS.failed : TICKS.open;
	const where = url === void 0 ? "" : ` ${addressLink(url)}`;
	return `- ${tick} ${inlineText(actionName(action))}: ${ACTION_STATES[state]}${because}${where}`;
}
function followBoxes({ stage, verdict, steps }, { after }) {
	const key = `${stage} ${verdict}`;
	if (after.includes(key)) return [];
	return steps.map(({ kind, title }) => {
		const what = kind === "issue" ? "issue" : "pull request";
		return `- [ ] after ${inlineText(key)}: ${what} ${inlineText(`"${excerpt(title, 100)}"`)}`;
	});
}
function lostComment(outcome, checkRunUrl) {
	const sentence = withStop(inlineText(excerpt(verdictSentence(outcome), 1e3)));
	const where = checkRunUrl === void 0 ? "" : ` ${link("Check run", checkRunUrl)}`;
	return `${issueMarker(serviceOf(outcome), outcome.commit, "lost")}\n**${sentence}**${where}`;
}
// src/core/watch-entry.ts
const MOST_CHARACTERS$1 = 1e4;
const MOST_LAYERS = 3;
const damaged = (why) => ({
	kind: "damaged",
	why,
	isNewer: false
});
function isText(value, most) {
	return typeof value === "string" && value !== "" && value.length <= most && !/\p{Cc}/u.test(value);
}
function isPath(value) {
	return isText(value, 300) && !/^[/\\~]|^[A-Za-z]:/.test(value) && !value.split(/[/\\]/).includes("..");
}
function isCount(value) {
	return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}
function parsed(payload) {
	let value = payload;
	for (let layer = 0; layer < MOST_LAYERS && typeof value === "string"; layer += 1) {
		if (value.length > MOST_CHARACTERS$1) return void 0;
		try {
			value = JSON.parse(value);
		} catch {
			return;
		}
	}
	return value;
}
function readWatchEntry(payload) {
	const value = parsed(payload);
	if (typeof value !== "object" || value === null || Array.isArray(value)) return damaged("its payload is no JSON object");
	const { version, service, name, config, checkRun, until } = value;
	if (version !== 1) {
		const isNewer = isCount(version);
		return {
			kind: "damaged",
			why: `it has ${isNewer ? `version ${version}` : "no version"}, and this gate reads version 1`,
			isNewer
		};
	}
	const wrong = (field) => damaged(`its "${field}" is missing or not what it should be`);
	if (typeof service !== "string" || !/^[a-z]{2,10}-[\w-]{1,60}$/.test(service)) return wrong("service");
	if (!isText(name, 200)) return wrong("name");
	if (config !== void 0 && !isPath(config)) return wrong("config");
	if (!isCount(checkRun)) return wrong("checkRun");
	if (!isCount(until)) return wrong("until");
	return {
		kind: "entry",
		entry: {
			version: 1,
			service,
			name,
			...config === void 0 ? {} : { config },
			checkRun,
			until
		}
	};
}
// src/gate/watch-index.ts
const DESCRIPTION_MAX = 140;
const NEAR_MS = 36e5;
const ENDS = {
	pass: "success",
	warn: "success",
	fail: "failure",
	unknown: "error",
	superseded: "inactive",
	skipped: "inactive"
};
async function openIndex(run, told, about) {
	const { service, config, stages, until } = about;
	const lost = `${stages.length === 1 ? "Stage" : "Stages"} ${listText$1(stages, "and")} will not be watched`;
	if (told.checkRun === void 0) {
		run.note(`${lost}: without a check run there is nowhere to keep what they need.`);
		return;
	}
	const entry = {
		version: 1,
		service: service.id,
		name: service.name.slice(0, 200),
		...config === void 0 ? {} : { config },
		checkRun: told.checkRun.id,
		until: Math.round(until)
	};
	try {
		const { known, stale } = told.state.kind === "none" ? NONE : await earlier(run, told.commit, entry);
		const watch = known ?? await open(run, told.commit, entry);
		for (const record of stale) await close$1(run, record, {
			state: "inactive",
			description: "The gate of this commit ran again"
		});
		return watch;
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		run.note(`${lost}: ${problemText(error)}`);
		return;
	}
}
const NONE = {
	known: void 0,
	stale: []
};
async function earlier(run, commit, wanted) {
	const entryOf = (payload) => {
		const read = readWatchEntry(payload);
		return read.kind === "entry" && read.entry.service === wanted.service ? read.entry : void 0;
	};
	const isSame = (entry) => entry?.checkRun === wanted.checkRun && entry.config === wanted.config && Math.abs(entry.until - wanted.until) <= NEAR_MS;
	const records = await run.forge.watchesOf(commit, (payload) => entryOf(payload) !== void 0);
	const oldest = records.toSorted(byAge).find((record) => isSame(entryOf(record.payload)));
	const entry = entryOf(oldest?.payload);
	return {
		known: oldest === void 0 || entry === void 0 ? void 0 : {
			record: oldest,
			entry
		},
		stale: records.filter((record) => record !== oldest)
	};
}
async function open(run, commit, entry) {
	const text = `Watching ${entry.name} at ${commit.slice(0, 7)} until ${isoText(entry.until).slice(0, 16)}Z`;
	const description = labelText(text, DESCRIPTION_MAX);
	return {
		record: await run.forge.openWatch({
			sha: commit,
			payload: entry,
			description
		}),
		entry
	};
}
async function listIndex(run) {
	const { open: records, cut } = await run.forge.watches();
	const watches = new Map();
	for (const record of records.toSorted(byAge)) {
		const read = readWatchEntry(record.payload);
		if (read.kind === "damaged") {
			run.note(`The index entry ${record.id} of a watch of ${record.sha.slice(0, 7)} is of no use: ${read.why}.`);
			if (!read.isNewer) await close$1(run, record, {
				state: "error",
				description: `Not readable: ${read.why}`
			});
			continue;
		}
		const key = `${record.sha} ${read.entry.service}`;
		const older = watches.get(key);
		if (older === void 0) watches.set(key, {
			record,
			entry: read.entry
		});
		else await close$1(run, record, {
			state: "inactive",
			description: `Doubled: ${older.record.id} counts`
		});
	}
	if (cut) run.note(`The list of open watches was cut after ${amountText$1(records.length, "open one")}.`);
	return {
		watches: [...watches.values()],
		cut
	};
}
async function closeIndex(run, watch, end) {
	const { verdict, sentence, url } = end;
	return close$1(run, watch.record, {
		state: ENDS[verdict],
		description: sentence,
		...url === void 0 ? {} : { url }
	});
}
async function renewIndex(run, watch) {
	const { record, entry } = watch;
	if (!record.isDeep) return watch;
	try {
		const renewed = await open(run, record.sha, entry);
		await close$1(run, record, {
			state: "inactive",
			description: `Goes on as ${renewed.record.id}`
		});
		return renewed;
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		run.note(`The watch of ${entry.name} lies far back in the index and could not be renewed: ${problemText(error)}`);
		return watch;
	}
}
async function close$1(run, record, end) {
	try {
		await run.forge.setWatch(record.id, {
			...end,
			description: labelText(end.description, DESCRIPTION_MAX)
		});
		return true;
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		run.note(`The index entry ${record.id} of a watch stays open: ${problemText(error)}`);
		return false;
	}
}
function problemText({ message, failure }) {
	return failure.hint === void 0 ? message : `${message} ${failure.hint}`;
}
function byAge(one, two) {
	return one.id - two.id;
}
// src/gate/lost-watch.ts
function lostOutcome(edges, { entry, record }) {
	const now = edges.clock.now();
	return {
		...NOTHING_FOUND,
		verdict: "unknown",
		reason: "",
		mode: "enforce",
		serviceName: entry.name,
		commit: record.sha,
		requests: edges.requests(),
		startedAt: now,
		endedAt: now
	};
}
function isOfAnother({ service, commit }, { entry, record }) {
	return service !== entry.service || commit !== record.sha;
}
async function closeLost(edges, start, lost) {
	const { indexed, why, checkRun, isForeign = false } = lost;
	const { entry, record } = indexed;
	const { forge, runner } = edges;
	const note = (text) => runner.warning(logText(text));
	const isObserving = checkRun?.conclusion === "neutral";
	const outcome = {
		...lostOutcome(edges, indexed),
		...isObserving ? { mode: "observe" } : {},
		reason: `the stages that were left are not watched any more: ${why}`
	};
	const sentence = verdictSentence(outcome);
	const attempt = async (what, write) => {
		try {
			await write();
		} catch (error) {
			if (!(error instanceof ServiceProblem)) throw error;
			note(`${what}: ${error.message}`);
		}
	};
	if (checkRun !== void 0) {
		const { summary, text } = checkRun;
		const { page, block } = partsOf$1(text);
		await attempt("The end of the watch could not be written to the check run", () => forge.updateCheckRun(checkRun.id, {
			conclusion: isObserving ? "neutral" : "action_required",
			output: {
				title: checkRunTitle(outcome),
				summary: cutBytes(`**${inlineText(excerpt(sentence, 500))}**\n\n${summary}`, 6e4),
				text: pageWithState(page, block)
			}
		}));
	}
	if (!isObserving && !isForeign) await attempt("The commit status could not be written", () => forge.setStatus(record.sha, {
		state: "error",
		context: toldName(entry.name),
		description: labelText(sentence, 140),
		url: checkRun?.url ?? start.runUrl
	}));
	const kept = decodeState(checkRun?.text ?? "");
	const issue = kept.kind === "state" ? kept.state.told?.issue : void 0;
	if (issue !== void 0) await attempt("The end of the watch could not be told in its tracking issue", () => forge.commentIssue(issue, lostComment(outcome, checkRun?.url)));
	await closeIndex({
		forge,
		note
	}, indexed, {
		verdict: "unknown",
		sentence
	});
	return outcome;
}
function tellLost(edges, about) {
	const { outcome, checkRun, runUrl } = about;
	const notifier = createNotifier(edges, about);
	const { serviceName: service, commit, mode } = outcome;
	notifier.tell(outcome, { told: keptTold({
		checkRun,
		service,
		commit,
		mode,
		runUrl
	}) });
	return async () => void await notifier.settled(MESSAGES_MS);
}
// src/gate/tracking-issue.ts
function createTrackingIssue(run, told) {
	const { forge } = run.edges;
	const isAsked = run.plan.report.issue;
	let known;
	const url = (number) => `${forge.webUrl}/issues/${number}`;
	const number = () => known?.number ?? toldSoFar(told).issue;
	const trackedBy = (outcome) => ({
		outcome,
		plan: run.plan,
		after: toldSoFar(told).after,
		checkRunUrl: told.checkRun?.url
	});
	async function attempt(what, act, isSaid = true) {
		if (!isAsked) return;
		try {
			await act();
		} catch (error) {
			if (!(error instanceof ServiceProblem)) throw error;
			if (isSaid) run.teller.note(`${what}: ${error.message}${hintText(error)}`);
		}
	}
	async function current() {
		const own = number();
		known ??= own === void 0 ? void 0 : await forge.issue(own);
		return known?.state === "open" ? known : void 0;
	}
	async function write(outcome, state) {
		const issue = await current();
		if (issue === void 0) return;
		const body = updatedTrackingBody(issue.body, trackedBy(outcome));
		if (body === issue.body && state === void 0) return;
		const change = {
			...body === issue.body ? {} : { body },
			...state === void 0 ? {} : { state }
		};
		await forge.updateIssue(issue.number, change);
		known = {
			...issue,
			...change
		};
	}
	async function open(outcome, isFirst) {
		await attempt("The tracking issue could not be opened, so there is no checklist that ticks itself and no status update in it", async () => {
			const body = trackingBody(trackedBy(outcome));
			const opened = await openMarked(forge, {
				marker: trackingMarker(outcome),
				title: trackingTitle(outcome),
				body
			});
			known = opened.issue;
			keepTold(run, told, { issue: opened.issue.number });
			if (!opened.isNew) await write(outcome);
		}, isFirst);
	}
	return {
		get known() {
			const own = number();
			return own === void 0 ? void 0 : {
				number: own,
				url: known?.url ?? url(own)
			};
		},
		open: (outcome) => open(outcome, true),
		async update(outcome) {
			if (number() === void 0) await open(outcome, false);
			else await attempt("The tracking issue could not be brought up to date", () => write(outcome));
		},
		comment: (text) => attempt("The tracking issue could not be commented on", async () => {
			const issue = await current();
			if (issue !== void 0) await forge.commentIssue(issue.number, text);
		}),
		close: (outcome) => attempt("The tracking issue could not be closed", () => write(outcome, endsWell(outcome) ? "closed" : void 0))
	};
}
function endsWell({ verdict }) {
	return verdict === "pass" || verdict === "superseded" || verdict === "skipped";
}
function hintText({ status, failure }) {
	if (status === 410) return ". Switch issues on under Settings > General > Features";
	if (status === 403) return ". Give the job issues: write";
	return failure.hint === void 0 ? "" : `. ${failure.hint}`;
}
// src/core/re2.ts
const UNSURE = [
	/\(\?[=!<]/,
	/\\(?![dDwWsSbBnrtfv\W_]|x[0-9a-fA-F]{2})/,
	/\[\^?\]/,
	/\[\^?\[[:.=]/,
	/\{\d*,?\d{4,}/
];
function re2Of(pattern) {
	if (pattern.kind === "text") return `/${pattern.text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}/`;
	if (UNSURE.some((unsure) => unsure.test(pattern.source))) return void 0;
	const flags = [
		"i",
		"m",
		"s"
	].filter((flag) => pattern.flags.includes(flag)).join("");
	return flags === "" ? `/${pattern.source}/` : `/(?${flags})${pattern.source}/`;
}
// src/core/log-filter.ts
const COLOUR = "(?:\\x1b\\[[\\d;]*m)*";
const COLOURED = "/\\x1b/";
const MOST_CHARACTERS = 2e3;
function filterTexts(patterns) {
	const texts = patterns.map(textOf);
	const known = texts.flatMap((text) => text === void 0 ? [] : [text]);
	if (known.length < texts.length) return void 0;
	const isWide = patterns.some((pattern) => pattern.kind === "pattern" && !/^[\w|()?:]+$/.test(pattern.source));
	return grouped([...new Set([...known, ...isWide ? [COLOURED] : []])]);
}
function textOf(pattern) {
	if (pattern.kind === "pattern") return re2Of({
		...pattern,
		source: unnamed(pattern.source)
	});
	return `/${(pattern.text.match(/\w+|\W/gu) ?? []).map((text) => re2Of({
		kind: "text",
		text
	})?.slice(1, -1)).join(COLOUR)}/`;
}
function unnamed(source) {
	return source.replace(/\\[^]|\[(?:\\[^]|[^\]\\])*\]|\(\?<[A-Za-z_$][\w$]*>/g, (part) => part.startsWith("(") ? "(" : part);
}
function grouped(texts) {
	const groups = [];
	let length = 1e400;
	for (const text of texts) {
		if (length + text.length > MOST_CHARACTERS) {
			groups.push([]);
			length = 0;
		}
		groups.at(-1)?.push(text);
		length += text.length;
	}
	return groups;
}
// src/gate/log-windows.ts
const FEW_LINES$1 = 100;
const MOST_LINES$3 = 2e3;
const SLOW_MS$1 = 1e4;
function createLogWindows(run, book, queryOf) {
	const { clock, logs } = run.edges;
	let isScarce = false;
	let thinned = NOT_THINNED;
	async function readAll(query) {
		const found = await logs.read({
			...query,
			maxLines: MOST_LINES$3,
			direction: "forward"
		});
		for (const line of found.lines) book.add(line);
		return found.complete;
	}
	async function read(window, { most, whole = 0, newFrom }) {
		const { from, to } = window;
		const asked = clock.now();
		const maxLines = isScarce ? FEW_LINES$1 : most;
		const newest = await logs.read({
			...queryOf(from, to),
			maxLines,
			direction: "backward"
		});
		isScarce = clock.now() - asked > SLOW_MS$1;
		for (const line of newest.lines) book.add(line);
		const texts = newest.complete || expectedIn(window, newest.lines) <= whole ? void 0 : filterTexts(book.wanted());
		if (texts === void 0) {
			if (!newest.complete && !await readAll(queryOf(from, to))) return false;
			thinned = {
				value: withoutWindow(thinned.value, window),
				rate: withoutWindow(thinned.rate, window)
			};
			return true;
		}
		for (const group of texts) if (!await readAll({
			...queryOf(from, to),
			texts: group
		})) return false;
		await readCounted({
			from,
			to: newest.lines[0]?.at ?? to
		}, newFrom);
		return true;
	}
	async function readCounted(window, newFrom) {
		const counted = book.counted();
		if (counted === void 0) return;
		const from = Math.max(window.from, Math.min(newFrom, window.to - counted.backMs));
		if (from >= window.to) return;
		const fresh = {
			from: newFrom,
			to: window.to
		};
		const after = (windows, isWhole) => isWhole || fresh.from >= fresh.to ? windows : withWindow(windows, fresh);
		const { levels, patterns } = counted;
		const query = queryOf(from, window.to);
		const texts = filterTexts(patterns);
		const reads = await Promise.all((texts ?? []).map((group) => readAll({
			...query,
			texts: group
		})));
		const value = after(thinned.value, texts !== void 0 && !reads.includes(false));
		const isRated = levels !== void 0 && (levels.length === 0 || await readAll({
			...query,
			levels
		}));
		thinned = {
			value,
			rate: after(thinned.rate, isRated)
		};
	}
	return {
		read,
		thinned: () => thinned
	};
}
function expectedIn({ from, to }, newest) {
	const oldest = newest[0]?.at ?? to;
	return oldest >= to ? 1e400 : newest.length * (to - from) / (to - oldest);
}
// src/core/log-history.ts
function intervalValues(lines, about) {
	const { from, to } = about;
	const own = ownOf(lines, about);
	const countsOf = (of, perMs) => {
		const counts = Array.from({ length: Math.max(0, Math.floor((to - from) / perMs)) }, () => 0);
		for (const { at } of of) {
			const index = Math.floor((at - from) / perMs);
			if (counts[index] !== void 0) counts[index] += 1;
		}
		return counts;
	};
	const { count, rate } = about.source;
	const matcher = count && matcherOf(count.pattern, "");
	const matching = own.filter(({ message }) => matcher?.search(plainText(message)).found === true);
	return {
		...count === void 0 ? {} : { value: countsOf(matching, count.perMs) },
		...rate === void 0 ? {} : { rate: countsOf(own, rate.perMs) }
	};
}
function forbiddenShapes(lines, about) {
	const matchers = about.source.forbid.flatMap(({ name, patterns }) => patterns.map((pattern) => matcherOf(pattern, name)));
	return new Set(ownOf(lines, about).flatMap((line) => {
		const message = plainText(line.message);
		return matchers.some((matcher) => matcher.search(message).found) ? [shapeOf(message)] : [];
	}));
}
function ownOf(lines, { source, hasInstances }) {
	return [...new Map(lines.map((line) => [line.id, line])).values()].filter((line) => line.type === source.type && (line.type !== "app" || !hasInstances || line.instance !== void 0) && (source.levels.length === 0 || source.levels.includes(levelOf(line.level))));
}
// src/core/log-old.ts
const DAY_MS$1 = 864e5;
const START_UP_MS = 6e5;
function oldWindows(previous, before) {
	const start = Math.min(previous.startedAt ?? previous.createdAt, before);
	const started = (previous.finishedAt ?? start) + START_UP_MS;
	const lastDay = before - DAY_MS$1;
	return started >= lastDay ? [{
		from: start,
		to: before
	}] : [{
		from: start,
		to: started
	}, {
		from: lastDay,
		to: before
	}];
}
// src/gate/old-logs.ts
const PAUSE_MS = 15e3;
const SLOW_MS = 1e4;
const SCARCE_PAUSE_MS = 6e4;
const PAGE = 100;
const MOST_PAGES = 20;
const MOST_TRIES = 3;
function createOldLogs(run, book, { isPatient = true } = {}) {
	const { edges, service, signal } = run;
	const { clock, logs } = edges;
	const checks = book.asksNew().flatMap(withSource);
	const shapes = new Map(checks.map(({ name }) => [name, new Set()]));
	const types = [...new Set(checks.map(({ source }) => source.type))];
	let hasBegun = checks.length === 0;
	let dueAt = 1e400;
	let goOn;
	let pages = 0;
	let broken;
	async function page(window, more) {
		for (let tries = 1;; tries += 1) {
			if (isPatient) await new Promise((resolve) => {
				goOn = resolve;
			});
			const asked = clock.now();
			try {
				return await logs.read({
					ownerId: service.ownerId,
					serviceId: service.id,
					types,
					...window,
					maxLines: PAGE,
					direction: "backward",
					signal,
					...more
				});
			} catch (error) {
				if (!(error instanceof ServiceProblem) || tries === MOST_TRIES) throw error;
			} finally {
				dueAt = clock.now() + (clock.now() - asked > SLOW_MS ? SCARCE_PAUSE_MS : PAUSE_MS);
			}
		}
	}
	function take(lines) {
		for (const { name, source } of checks) {
			const found = forbiddenShapes(lines, {
				source,
				hasInstances: hasInstances(service)
			});
			for (const shape of found) shapes.get(name)?.add(shape);
		}
	}
	async function readBack(window, texts) {
		let { to } = window;
		let count = 0;
		for (;;) {
			if (pages === MOST_PAGES) return "the previous deploy printed more such lines than are read";
			pages += 1;
			const { lines, complete } = await page({
				...window,
				to
			}, texts === void 0 ? {} : { texts });
			take(lines);
			count += lines.length;
			const [oldest] = lines;
			if (complete || oldest === void 0) return count;
			if (oldest.at >= to) return "the previous deploy printed more such lines at once than are read";
			to = oldest.at;
		}
	}
	async function readAll(windows) {
		const patterns = checks.flatMap(({ source }) => source.forbid.flatMap((group) => group.patterns));
		for (const [index, window] of windows.entries()) {
			let count = 0;
			for (const texts of filterTexts(patterns) ?? [void 0]) {
				const read = await readBack(window, texts);
				if (typeof read === "string") return read;
				count += read;
			}
			if (index > 0 || count > 0) continue;
			const { lines } = await page(window, { types: ["app", "build"] });
			if (lines.length === 0) return "the lines of the previous deploy's start are not kept any more";
		}
	}
	async function read(deploy, deploys) {
		const { commit, deployId } = run;
		const about = {
			deploys,
			commit,
			...deployId === void 0 ? {} : { deployId }
		};
		const previous = servedBefore(about);
		if (previous === void 0) return "no deploy served before this one";
		const own = ownDeploys(about).filter(({ createdAt }) => createdAt > previous.createdAt);
		const before = Math.min(...[deploy, ...own].map(({ startedAt, createdAt }) => startedAt ?? createdAt));
		try {
			return await readAll(oldWindows(previous, before));
		} catch (error) {
			if (!(error instanceof ServiceProblem)) throw error;
			return error.message;
		}
	}
	return {
		async begin(deploy, deploys) {
			if (hasBegun) return;
			hasBegun = true;
			dueAt = clock.now() + PAUSE_MS;
			await read(deploy, deploys).then((why) => {
				for (const [name, own] of shapes) book.setOldShapes(name, {
					shapes: own,
					...why === void 0 ? {} : { why }
				});
			}, (error) => {
				broken = { error };
			});
		},
		turn() {
			if (broken !== void 0) throw broken.error;
			if (goOn === void 0 || clock.now() < dueAt) return;
			const next = goOn;
			goOn = void 0;
			next();
		}
	};
}
function withSource({ name, source }) {
	return source.kind === "logs" ? [{
		name,
		source
	}] : [];
}
// src/gate/log-reader.ts
const POLL_MS = 1e4;
const OVERLAP_MS = 3e4;
const PROBE_MS = 6e4;
const LATE_MS = 15e3;
const FEW_LINES = 100;
const SOME_LINES = 300;
const HISTORY_MS = 864e5;
function createLogReader(run, book, checks) {
	const { edges, service, signal, teller } = run;
	const { clock, logs } = edges;
	const types = [...new Set(["app", ...checks.flatMap(({ source }) => source.kind === "logs" ? [source.type] : [])])];
	const stopping = new AbortController();
	const isOver = AbortSignal.any([signal, stopping.signal]);
	let wake = new AbortController();
	let isStarted = false;
	let upSince;
	let heardUpTo = -1e400;
	let readUpTo = -1e400;
	let downs = 0;
	let missingFrom;
	let lastPoll = -1e400;
	let lastProbe = -1e400;
	let problem;
	let reading;
	let broken;
	const queryOf = (from, to) => ({
		ownerId: service.ownerId,
		serviceId: service.id,
		types,
		from,
		to,
		signal: isOver
	});
	const windows = createLogWindows(run, book, queryOf);
	const isDue = (last, everyMs) => clock.now() - last >= everyMs;
	function lost(since, reason) {
		upSince = void 0;
		downs += 1;
		missingFrom = Math.min(missingFrom ?? since, since);
		teller.line(logText(`Log stream ${reason}; polling instead`));
	}
	async function attempt(read) {
		try {
			const isWhole = await read();
			problem = isWhole ? void 0 : "more lines matched than are read";
			return isWhole;
		} catch (error) {
			if (!(error instanceof ServiceProblem)) throw error;
			problem = error.message;
			return false;
		}
	}
	async function poll(since) {
		const now = clock.now();
		const seenDowns = downs;
		const isUp = upSince !== void 0;
		lastPoll = now;
		const from = isUp ? since : since - OVERLAP_MS;
		const most = isUp ? SOME_LINES : FEW_LINES;
		if (!await attempt(() => windows.read({
			from,
			to: now
		}, {
			most,
			newFrom: from
		})) || seenDowns !== downs) return;
		readUpTo = Math.max(readUpTo, now);
		missingFrom = isUp ? void 0 : now;
		lastProbe = now;
	}
	async function probe(since) {
		const now = clock.now();
		lastProbe = now;
		const from = Math.max(since, now - PROBE_MS - OVERLAP_MS);
		try {
			const { lines } = await logs.read({
				...queryOf(from, now),
				maxLines: FEW_LINES,
				direction: "backward"
			});
			for (const line of lines) book.add(line);
			const known = Math.max(since, heardUpTo);
			if (lines.some((line) => line.at > known && line.at < now - LATE_MS) && upSince === since) lost(known, "is open but silent");
			else readUpTo = Math.max(readUpTo, now);
		} catch (error) {
			if (!(error instanceof ServiceProblem)) throw error;
		}
	}
	function nextRead() {
		const [missing, up] = [missingFrom, upSince];
		if (missing !== void 0) return isDue(lastPoll, POLL_MS) ? () => poll(missing) : void 0;
		return up !== void 0 && isDue(lastProbe, PROBE_MS) ? () => probe(up) : void 0;
	}
	async function beside(work) {
		try {
			await work();
		} catch (error) {
			broken ??= error instanceof Error ? error : new Error(String(error));
		}
		reading = void 0;
	}
	return {
		start(from) {
			if (isStarted) return;
			isStarted = true;
			missingFrom = from;
			logs.follow({
				ownerId: service.ownerId,
				serviceId: service.id,
				signal: isOver,
				onLine(line) {
					const now = clock.now();
					heardUpTo = Math.max(heardUpTo, line.at);
					upSince ??= now;
					book.add(line, now);
					if (line.instance === void 0 && line.type === "app") wake.abort();
				},
				onUp(at) {
					upSince = at;
					if (downs > 0) teller.line("Log stream open again; what it missed is read from the log API");
				},
				onDown: (since, reason) => lost(since, `down: ${reason}`)
			});
		},
		turn() {
			if (broken !== void 0) throw broken;
			if (reading !== void 0) return;
			const work = nextRead();
			if (work !== void 0) reading = beside(work);
		},
		settled: () => reading ?? Promise.resolve(),
		async reread(from, to) {
			for (;;) {
				if (reading === void 0) break;
				await reading;
			}
			const seenDowns = downs;
			let whole = false;
			reading = beside(async () => {
				const newFrom = missingFrom ?? 1e400;
				whole = await attempt(() => windows.read({
					from,
					to
				}, {
					most: SOME_LINES,
					newFrom
				}));
			});
			await reading;
			if (broken !== void 0) throw broken;
			if (whole && seenDowns === downs) {
				missingFrom = upSince === void 0 ? to : void 0;
				readUpTo = Math.max(readUpTo, to);
			}
			if (!whole) {
				teller.note(`The log window could not be read once more: ${problem ?? "no reason is known"}`);
				if (upSince !== void 0 && missingFrom === void 0) problem = void 0;
			}
			return whole;
		},
		async wroteBefore(suffixes, time) {
			return (await Promise.all(suffixes.map(async (suffix) => {
				const query = {
					...queryOf(time - HISTORY_MS, time),
					instances: [`${service.id}-${suffix}`]
				};
				const { lines } = await logs.read({
					...query,
					maxLines: 1,
					direction: "backward"
				});
				return lines.some((line) => line.instance === suffix && line.at < time) ? [suffix] : [];
			}))).flat();
		},
		knownTo: () => missingFrom ?? Math.max(readUpTo, heardUpTo),
		thinned: windows.thinned,
		gap: () => problem === void 0 ? void 0 : `log lines could not be read: ${problem}`,
		stop: () => stopping.abort(),
		wakeSignal() {
			if (wake.signal.aborted) wake = new AbortController();
			return wake.signal;
		}
	};
}
// src/gate/watch-logs.ts
function logFactsOf(run, { deploy, liveAt, rereadTo, instances }, reading) {
	const { service } = run;
	const gap = reading?.gap;
	return {
		startedAt: deploy?.startedAt ?? deploy?.createdAt ?? run.startedAt,
		shutdownDelayMs: service.shutdownDelayMs,
		hasInstances: hasInstances(service),
		knowsNewInstances: deploy !== void 0 && newInstances(instances, deploy).length > 0,
		isNew: (suffix, at) => deploy && isNewAt(instances, {
			suffix,
			at
		}, deploy),
		...hasInstances(service) ? { lifeOf: (suffix, at) => lifeOf(instances, {
			suffix,
			at
		}) } : {},
		...reading === void 0 ? {} : {
			knownTo: reading.knownTo,
			thinned: reading.thinned
		},
		...instances.checkedAt === void 0 ? {} : { checkedAt: instances.checkedAt },
		...liveAt === void 0 ? {} : { liveAt },
		...rereadTo === void 0 ? {} : { rereadTo },
		...gap === void 0 ? {} : { gap }
	};
}
function createWatchLogs(run, facts) {
	const { edges, plan } = run;
	const isLogs = (check) => check.source.kind === "logs";
	const book = createLogBook({
		checks: plan.checks,
		keep: edges.redact,
		facts: () => logFactsOf(run, facts, reader && {
			knownTo: reader.knownTo(),
			thinned: reader.thinned(),
			gap: reader.gap()
		})
	});
	const oldLogs = createOldLogs(run, book);
	const reader = plan.checks.some(isLogs) ? createLogReader(run, book, plan.checks) : void 0;
	if (reader === void 0) return {
		book,
		oldLogs
	};
	const turn = () => {
		reader.turn();
		oldLogs.turn();
	};
	return {
		book,
		oldLogs,
		reader: {
			...reader,
			turn
		}
	};
}
// src/core/stage-closing.ts
function stillOpen(window, about) {
	const { now, checks, freshMs, lateFrom } = about;
	if (now < window.to) return `the end of stage ${window.stage.name}`;
	const names = (of) => of.map(({ check }) => `"${check.name}"`).join(", ");
	const unread = checks.filter((one) => one.isRetained && one.judgedTo < window.to);
	if (unread.length > 0) return `the rest of the window to be read for ${names(unread)}`;
	const undecided = checks.filter((one) => !isDecided(window, one) || now < (lateFrom ?? now) + one.thinMs);
	if (undecided.length > 0) return `${names(undecided)} to be decided`;
	if (!wantsFreshWindow(window, checks, freshMs)) return void 0;
	return lateFrom !== void 0 && now >= lateFrom + freshMs ? void 0 : `a second look at what nobody saw at the end of stage ${window.stage.name}`;
}
function wantsFreshWindow(window, checks, freshMs) {
	return checks.some(({ check, isRetained, seenTo = -1e400 }) => {
		const slack = Math.max(2 * beatMs(check, window.stage), freshMs);
		return !isRetained && seenTo < window.to - slack;
	});
}
function isDecided(window, { check, standing, isRetained, judgedTo, late }) {
	if (!isUndecided(standing)) return true;
	const extension = extensionMs(check, beatMs(check, window.stage));
	const { failAfter } = check;
	if (isRetained) return judgedTo >= window.to + extension;
	if (failAfter.kind === "duration") return judgedTo >= window.to + extension && late >= 2 * (failAfter.least ?? 1);
	return late >= 2 * (failAfter.kind === "of" ? failAfter.of : failAfter.count);
}
const OVERDUE_MS$1 = 864e5;
// src/gate/earlier-gates.ts
const MOST_ASKED = 5;
const MONTH_MS = 2592e6;
async function stateOf(run, commit) {
	const { id } = run.service;
	const checkRun = await gateCheckRun(run, commit);
	const read = checkRun === void 0 ? void 0 : decodeState(checkRun.text);
	if (read?.kind === "damaged") throw new ServiceProblem({
		service: "GitHub",
		message: `the state of the gate of ${commit.slice(0, 7)}: ${read.why}`
	});
	return read?.kind === "state" && read.state.service === id ? read.state : void 0;
}
const isGood = ({ verdict }) => verdict === "pass" || verdict === "warn";
async function orMissing(asking) {
	try {
		return await asking;
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		return {
			why: `what earlier gates said could not be read: ${error.message}`,
			isYet: false
		};
	}
}
function readEarlierGates(run, commits) {
	async function read() {
		if (commits.length === 0) return {
			why: "nothing served before this deploy",
			isYet: true
		};
		let judged = 0;
		for (const commit of commits.slice(0, MOST_ASKED)) {
			const state = await stateOf(run, commit);
			if (state?.verdict === void 0) continue;
			judged += 1;
			if (isGood(state) && state.measured !== void 0) return state.measured;
		}
		return judged === 0 ? {
			why: "no gate has measured an earlier deploy yet",
			isYet: true
		} : {
			why: `none of the ${judged} gates before this one went well`,
			isYet: false
		};
	}
	return orMissing(read());
}
async function verdictOf(run, commit) {
	return (await stateOf(run, commit))?.verdict ?? "undecided";
}
function hasFailed$1(run, commit) {
	return orMissing(commit === void 0 ? Promise.resolve(false) : stateOf(run, commit).then((state) => state?.verdict === "fail"));
}
function blemishOf(run, { from, to }) {
	const { edges, service } = run;
	async function read() {
		const served = (await edges.deploys.deploys(service.id, {
			createdAfter: from - MONTH_MS,
			allPages: true
		})).filter(({ status, createdAt, finishedAt = createdAt }) => (status === "live" || status === "deactivated") && finishedAt <= to);
		const first = served.findIndex(({ createdAt, finishedAt = createdAt }) => finishedAt <= from);
		if (first === -1) return {
			why: "Render lists no deploy that served a week ago",
			isYet: true
		};
		for (const sha of new Set(served.slice(0, first + 1).map(({ commit }) => commit?.sha))) {
			if (sha === void 0) return {
				why: "a deploy without a commit served a week ago",
				isYet: true
			};
			const state = await stateOf(run, sha);
			const which = `${sha.slice(0, 7)}, which served a week ago`;
			if (state?.verdict === void 0) return {
				why: `no gate judged ${which}`,
				isYet: true
			};
			if (!isGood(state)) return {
				why: `the gate of ${which}, ended as ${state.verdict}`,
				isYet: false
			};
		}
	}
	return orMissing(read());
}
// src/core/status.ts
const DAY_MS = 864e5;
function deploymentWord(verdict) {
	switch (verdict) {
		case "pass": return "STABLE";
		case "fail": return "CRITICAL";
		case "warn":
		case "unknown":
		case "superseded":
		case "skipped": return "ISSUES";
	}
}
function dayOf(now, watch) {
	const days = Math.ceil(Math.max(0, ...watch.stages.map(({ forMs }) => forMs)) / DAY_MS);
	const day = Math.floor((now - watch.liveAt) / DAY_MS) + 1;
	return Math.max(1, Math.min(day, days));
}
// src/core/status-moments.ts
function dueUpdate(at, watch) {
	const { stages, stagesEnded, told } = watch;
	const asked = at.flatMap((moment) => moment.kind === "stage end" ? [moment.stage] : []);
	const ended = stages.filter(({ name }) => asked.includes(name) && stagesEnded.includes(name)).map(({ name }) => `${name} end`).filter((key) => !told.includes(key));
	const day = dayOf(watch.now, watch);
	const days = at.some(({ kind }) => kind === "daily") && day > newestDay(told) ? [`day ${day}`] : [];
	const key = ended.at(-1) ?? days[0];
	return key === void 0 ? void 0 : {
		key,
		keys: [...ended, ...days],
		day
	};
}
function newestDay(told) {
	return Math.max(0, ...told.map((key) => Number(/^day (\d{1,4})$/.exec(key)?.[1] ?? 0)));
}
// src/report/status-parts.ts
const NOT_MEASURED = "not measured";
const MOST = 40;
const NAME_MAX = 100;
const REASON_MAX$1 = 400;
function some(items) {
	const more = items.length - MOST;
	return more <= 0 ? items : [...items.slice(0, MOST), [`… and ${countText(more)} more`]];
}
function textWords(text) {
	return [{ text }];
}
function isMetric({ source }, { subject, value }) {
	if (typeof value !== "number") return false;
	switch (source) {
		case "events":
		case "env":
		case "source": return false;
		case "logs": return ![
			"matches",
			"new_matches",
			"found",
			"missing"
		].includes(subject);
		case "http": return subject !== "status";
		default: return true;
	}
}
function metricItems({ checks }) {
	const items = checks.flatMap((check) => {
		const lines = (check.finding?.lines ?? []).flatMap((line) => isMetric(check, line) ? [{
			...line,
			...newest(check, line)
		}] : []);
		if (lines.length === 0) return [];
		const { values, conditions } = lineColumns(lines);
		const text = `${values.join(", ")} (${conditions.join("; ")})`;
		return [[{ text: `${excerpt(check.name, NAME_MAX)}: ${excerpt(text, REASON_MAX$1)}` }]];
	});
	return items.length === 0 ? [[NOT_MEASURED]] : some(items);
}
function newest({ series }, { subject }) {
	const last = series.find((one) => one.subject === subject)?.points.at(-1);
	return last === void 0 ? {} : { value: last.value };
}
function groupItems({ checks }) {
	return checks.flatMap(({ name, told = [] }) => told.flatMap(({ subject, value }) => subject === "groups" ? [[{ text: `${capitalized(excerpt(name, NAME_MAX))}: ${value} active` }]] : []));
}
function issueItems(outcome) {
	const { verdict, held } = outcome;
	const checks = worstFirst(outcome.checks).filter(isConcern).map((check) => {
		const stage = check.stage === void 0 ? "" : ` in ${excerpt(check.stage, 60)}`;
		return `${excerpt(check.name, NAME_MAX)} (${CHECK_WORDS[check.verdict]}${stage}): ${excerpt(check.reason, REASON_MAX$1)}`;
	});
	const texts = [
		...verdict === "pass" || checks.length > 0 && verdict !== "superseded" ? [] : [`${verdict}: ${excerpt(outcome.reason, REASON_MAX$1)}`],
		...checks,
		...held === void 0 ? [] : [`held: ${excerpt(held, REASON_MAX$1)}`],
		...unseenLines(outcome)
	];
	return texts.length === 0 ? [["None"]] : some(texts.map(withoutStop).map(textWords));
}
function actionItems({ actions }) {
	const items = actions.filter(({ state }) => state !== "skipped").map((action) => {
		const [why = ""] = (action.reason ?? "").split(BY_HAND);
		const reason = why === "" ? "" : `, ${withoutStop(excerpt(why, REASON_MAX$1))}`;
		const text = { text: `${actionName(action)}: ${ACTION_STATES[action.state]}${reason}` };
		const { url } = action;
		return url === void 0 ? [text] : [
			text,
			" ",
			{
				link: url.replace(/^https?:\/\//u, ""),
				url
			}
		];
	});
	return items.length === 0 ? [["None"]] : some(items);
}
function uptimeText(outcome, now) {
	if (outcome.liveAt === void 0) return "not live";
	if (rollbackInEffect(outcome) !== void 0) return "not live any more, rolled back";
	if (outcome.coveredBy !== void 0) return "not live any more, a newer deploy took over";
	const minutes = Math.max(0, Math.floor((now - outcome.liveAt) / 6e4));
	return minutes < 60 ? amountText$1(minutes, "minute") : amountText$1(Math.floor(minutes / 60), "hour");
}
function toldText(checks, asked) {
	const check = checks.find(({ name }) => name === asked.check);
	const told = check?.told?.find(({ subject }) => subject === asked.subject);
	if (told === void 0) return NOT_MEASURED;
	const { value, unit } = told;
	if (typeof value === "string") return excerpt(value, 200);
	if (typeof value === "boolean") return String(value);
	const line = check?.finding?.lines.find(({ subject }) => subject === asked.subject);
	return comparedText(value, unit, line?.limits ?? []);
}
// src/report/status-update.ts
const MOST_BYTES = 64536;
function statusUpdateText(outcome, about) {
	return cutBytes(filled(outcome, about).map(plainWords).join("\n"), MOST_BYTES);
}
function statusUpdateMarkdown(outcome, about) {
	return cutBytes(filled(outcome, about).map(markdownWords).join("\n"), MOST_BYTES);
}
function filled(outcome, about) {
	const { lines } = parseTemplate((about.template ?? "{service} Deployment Status - Day {day}\n\nDeployment: {deployment}\nUptime: {uptime}\n{groups}\n\nMetrics:\n{metrics}\n\nIssues:\n{issues}\n\nActions:\n{actions}\n\nNext check: {next check}").trimEnd(), about.checks);
	return lines.flatMap((line) => filledLine(line, {
		outcome,
		about
	}));
}
function filledLine(line, filling) {
	const [first, second, ...more] = line;
	const before = first?.kind === "text" && /^\s*(?:[-*+] )?$/.test(first.text) ? first.text : void 0;
	const alone = before === void 0 ? first : second;
	if ((before === void 0 ? second === void 0 : more.length === 0) && alone?.kind === "placeholder") {
		const items = itemsOf(alone.name, filling.outcome);
		const bullet = before?.trim() ? before : `${before ?? ""}${alone.name === "groups" ? "" : "- "}`;
		if (items !== void 0) return items.map((item) => [bullet, ...item]);
	}
	return [line.flatMap((piece) => filledPiece(piece, filling))];
}
function itemsOf(name, outcome) {
	switch (name) {
		case "groups": return groupItems(outcome);
		case "metrics": return metricItems(outcome);
		case "issues": return issueItems(outcome);
		case "actions": return actionItems(outcome);
		default: return;
	}
}
function filledPiece(piece, { outcome, about }) {
	if (piece.kind === "text") return [piece.text];
	if (piece.kind === "value") return [{ text: toldText(outcome.checks, piece) }];
	const items = itemsOf(piece.name, outcome);
	if (items !== void 0) return items.flatMap((item, index) => index === 0 ? item : ["; ", ...item]);
	return [wordOf(piece.name, {
		outcome,
		about
	})];
}
function wordOf(name, { outcome, about }) {
	switch (name) {
		case "service": return { text: excerpt(outcome.service?.name ?? outcome.serviceName, 100) };
		case "commit": {
			const url = commitUrl(outcome, outcome.commit);
			const link = shortSha(outcome.commit);
			return url === void 0 ? { text: link } : {
				link,
				url
			};
		}
		case "day": return String(about.day);
		case "deployment": return deploymentWord(outcome.verdict);
		case "uptime": return uptimeText(outcome, about.now);
		case "next check": {
			const at = outcome.nextLookAt;
			return at === void 0 ? "none, the watch is over" : `${dateTimeText(at).slice(0, 16)} UTC`;
		}
		default: return "";
	}
}
// src/gate/status-updates.ts
const MOST_PULLS = 3;
async function tellStatus(run, told, about) {
	const { report, checks } = run.plan;
	const { outcome, issue } = about;
	const due = updateDue(run, told, outcome);
	if (due === void 0) return void 0;
	const now = run.edges.clock.now();
	const filling = {
		now,
		day: due.day,
		checks: checks.map(({ name }) => name),
		template: report.template
	};
	const comment = `${issueMarker(run.service.name, run.commit, `update-${due.key.replaceAll(/[^\w]+/g, "-")}`)}\n${statusUpdateMarkdown(outcome, filling)}`;
	if (report.issue) await issue.comment(comment);
	if (report.comment) await commentPulls(run, comment);
	keepTold(run, told, { updates: due.keys });
	run.teller.moment(`Status update told: ${due.key}`);
	const text = statusUpdateText(outcome, filling);
	const [title = "", ...lines] = text.split("\n");
	const transition = {
		kind: "report",
		key: `report ${due.key}`,
		occasion: "report",
		at: now
	};
	return {
		...due,
		text,
		transition: {
			...transition,
			title,
			lines
		}
	};
}
function updateDue(run, told, outcome) {
	const { report, stages } = run.plan;
	if (outcome.liveAt === void 0) return void 0;
	return dueUpdate(report.at, {
		liveAt: outcome.liveAt,
		now: run.edges.clock.now(),
		stages,
		stagesEnded: outcome.stages.map(({ name }) => name),
		told: toldSoFar(told).updates
	});
}
async function commentPulls(run, comment) {
	const { forge } = run.edges;
	try {
		const base = run.service.branch ?? "main";
		const pulls = (await forge.pullsOfCommit(run.commit)).filter((pull) => pull.merged && pull.baseRef === base);
		if (pulls.length === 0) run.teller.line(logText(`No merged pull request brought ${run.commit.slice(0, 7)}, so none is commented on`));
		for (const { number } of pulls.slice(0, MOST_PULLS)) await forge.comment(number, comment);
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		const hint = error.failure.hint === void 0 ? "" : `. ${error.failure.hint}`;
		run.teller.note(`The merged pull request could not be commented on: ${error.message}${hint}`);
	}
}
// src/gate/communicate.ts
async function communicate(run, told, about) {
	const { issue, notifier, isOver } = about;
	const cleanedUp = await cleaned(run, told, about.outcome);
	const actions = withDeeds(about.outcome.actions, cleanedUp);
	let outcome = {
		...about.outcome,
		actions
	};
	await issue.update(outcome);
	if (issue.known !== void 0) outcome = {
		...outcome,
		issue: issue.known
	};
	const update = await tellStatus(run, told, {
		outcome,
		issue
	});
	notifier?.tell(outcome, {
		told,
		updates: update === void 0 ? [] : [update.transition]
	});
	if (isOver && !isCleanUpDue(run, told, outcome)) await issue.close(outcome);
	keepDeeds(run, told, actions);
	return outcome;
}
function tellsPeople(run, told, outcome) {
	return isCleanUpDue(run, told, outcome) || updateDue(run, told, outcome) !== void 0 || hasUntold(run, outcome, stillTold(outcome, toldSoFar(told).transitions));
}
function isCleanUpDue({ plan, mode }, told, { stages }) {
	const { after } = toldSoFar(told);
	return mode !== "observe" && hitRules(plan.after, {
		stages,
		after
	}).length > 0;
}
function hasUntold({ plan }, outcome, keys) {
	const wanted = new Set(plan.notify.flatMap(({ when }) => when));
	return untold(transitionsOf(outcome), keys).some(({ occasion }) => wanted.has(occasion));
}
function keepDeeds(run, { book }, actions) {
	const { watch } = book.current ?? {};
	if (watch === void 0 || actions.length === 0 && watch.deeds === void 0) return;
	book.change({
		service: run.service.id,
		watch: {
			...watch,
			deeds: keptDeeds(actions)
		}
	});
}
async function cleaned(run, told, outcome) {
	if (!isCleanUpDue(run, told, outcome)) return [];
	try {
		const commit = await run.edges.forge.commit(run.commit);
		const freeze = told.book.current?.freeze;
		const frozen = freeze === void 0 || !isStanding(freeze, { autoDeploy: run.service.autoDeploy }) ? {} : { frozen: `auto-deploy of ${run.service.name} is frozen` };
		if (commit === void 0) return [];
		const { cleanUp } = await import("./clean-up.js");
		return await cleanUp(run, told, {
			outcome,
			commit,
			...frozen
		});
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		run.teller.note(`The clean-up could not be begun: ${error.message}`);
		return [];
	}
}
// src/gate/settle.ts
const MOST_BETWEEN = 10;
const MOST_SETTLED = 3;
const MOST_BEHIND = 20;
const OVERDUE_MS = 864e5;
async function settleAncestors(run, settlement) {
	const { range, wasLive } = settlement;
	if (range === void 0 || range.relation !== "ahead") return;
	for (const sha of between(run, range)) await settle$1(run, sha, settlement);
	if (wasLive) await settleBehind(run, range.mergeBase, settlement);
}
function between(run, range) {
	const older = firstParents(range.commits, run.commit).map((commit) => commit.sha).filter((sha) => sha !== run.commit);
	return (run.before === range.mergeBase ? [] : older.slice(0, older.indexOf(run.before ?? "") + 1 || older.length)).toReversed().slice(0, MOST_BETWEEN);
}
async function settleBehind(run, good, settlement) {
	let sha = good;
	let hasSettled = false;
	let quiet = 0;
	for (let steps = 0; sha !== void 0 && steps < MOST_BEHIND; steps += 1) {
		if (await settle$1(run, sha, settlement)) {
			hasSettled = true;
			quiet = 0;
		} else quiet += 1;
		if (!hasSettled || quiet === MOST_SETTLED) return;
		sha = await parentOf(run, sha);
	}
}
async function parentOf(run, sha) {
	try {
		return (await run.edges.forge.commit(sha))?.parents[0];
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		return;
	}
}
async function settle$1(run, sha, settlement) {
	const { forge, clock } = run.edges;
	const { context, verdict, wasLive, url } = settlement;
	try {
		const status = await forge.status(sha, context);
		if (status?.state !== "pending") return false;
		const isOverdue = status.at !== void 0 && clock.now() - status.at > OVERDUE_MS;
		if (!isOverdue && !wasLive && !isSuperseded(status.description)) return false;
		const settled = isOverdue ? NEVER_JUDGED : settledStatus(verdict, run.commit);
		await forge.setStatus(sha, {
			...settled,
			context,
			url
		});
		run.teller.moment(`Settled the pending status of ${sha.slice(0, 7)}: ${settled.state}`);
		return true;
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		run.teller.note(`The status of ${sha.slice(0, 7)} could not be settled: ${error.message}`);
		return false;
	}
}
async function adoptVerdict(run, options) {
	const { forge } = run.edges;
	const { context, coveredBy } = options;
	try {
		const status = await forge.status(coveredBy, context);
		if (status === void 0 || status.state === "pending") return;
		await forge.setStatus(run.commit, {
			...adoptedStatus(status, coveredBy),
			context,
			...status.url === void 0 ? {} : { url: status.url }
		});
		run.teller.moment(`Took over the verdict of ${coveredBy.slice(0, 7)}: ${status.state}`);
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		run.teller.note(`The verdict of ${coveredBy.slice(0, 7)} could not be taken over: ${error.message}`);
	}
}
// src/gate/conclude.ts
async function conclude(run, about) {
	const { judged, commit, told, course, freeze } = about;
	const { edges, teller } = run;
	let { outcome } = judged;
	teller.moment(verdictSentence(outcome));
	goOn(run);
	const acting = judged.remedy === void 0 ? void 0 : prepareRemedy(run, {
		called: {
			...judged,
			remedy: judged.remedy
		},
		commit,
		told,
		write: (done) => {
			course.decided = done;
			return publishActions(writerOf(edges, course), told, done);
		}
	});
	course.decided = outcome;
	course.closing = publishVerdict(writerOf(about.publisher, course), told, outcome);
	await course.closing;
	course.notifier?.tell(outcome, { told });
	if (acting !== void 0) {
		if (judged.remedy !== void 0) course.remedy = judged.remedy;
		outcome = await carryOut(run, acting);
		course.decided = outcome;
		delete course.remedy;
	}
	const thawed = await freeze.settle(outcome);
	outcome = withThawed(outcome, thawed);
	course.decided = outcome;
	if (acting !== void 0 || thawed.length > 0) await publishActions(writerOf(edges, course), told, outcome);
	await settle(run, {
		outcome,
		told,
		range: judged.range
	});
	return outcome;
}
async function settle(run, about) {
	const { outcome, told, range } = about;
	if (run.mode === "observe") return;
	if (outcome.verdict === "superseded" && outcome.coveredBy !== void 0) await adoptVerdict(run, {
		context: told.name,
		coveredBy: outcome.coveredBy
	});
	else if (outcome.verdict !== "skipped") await settleAncestors(run, {
		context: told.name,
		verdict: outcome.verdict,
		wasLive: outcome.liveAt !== void 0,
		range,
		url: told.checkRun?.url ?? run.runUrl
	});
}
// src/core/trace-node.ts
const POSITION = /:(\d{1,7})(?::\d{1,7})?$/;
const ERROR = /(?:^|[\s:])((?:[A-Za-z_$][\w$]{0,99}\.){0,20}[A-Za-z_$]?[\w$]{0,99}(?:Error|Exception)(?: \[[^\]]{1,99}\])?(?::.*)?)$/;
const MOST_MESSAGE_LINES = 10;
function nodeFrameAt(text) {
	if (!/^[\s|]*at \S/.test(text)) return void 0;
	const trimmed = text.trimEnd().replace(/(?: \{|,)$/, "");
	const rest = trimmed.slice(trimmed.indexOf("at ") + 3);
	const open = rest.endsWith(")") ? rest.indexOf(" (") : -1;
	const place = open >= 0 ? rest.slice(open + 2, -1) : rest.replace(/^async /, "");
	const position = POSITION.exec(place);
	if (!(position !== null && /^(?:[\w.-]+:|\.{0,2}\/|[\w.@-]+(?:\/|\.[cm]?[jt]sx?:))/.test(place)) || position === null) return open >= 0 ? {
		file: "",
		line: 0
	} : void 0;
	return {
		file: fileOf(place.slice(0, position.index)),
		line: Number(position[1])
	};
}
function nodeMessage(texts, firstFrame) {
	const above = texts.slice(Math.max(0, firstFrame - MOST_MESSAGE_LINES), firstFrame).toReversed();
	const end = above.findIndex((text) => nodeFrameAt(text) !== void 0);
	const own = end < 0 ? above : above.slice(0, end);
	for (const text of own) {
		const found = ERROR.exec(text.trimEnd())?.[1];
		if (found !== void 0) return found.replace(/ \{$/, "");
	}
	return own[0]?.trim() ?? "";
}
function fileOf(place) {
	if (!place.startsWith("file://")) return place.replace(/^webpack(?:-internal)?:\/\/\/?(?:\([\w-]{1,40}\)\/)?/, "");
	const path = place.slice(7).replace(/[?#].*$/, "");
	try {
		return decodeURIComponent(path);
	} catch {
		return path;
	}
}
// src/core/trace-python.ts
const FRAME = /File "([^"]{1,1024})", line (\d{1,7})/;
const EXCEPTION = /(?:^|[\s|])((?:[A-Za-z_]\w{0,99}\.){0,20}[A-Za-z_]\w{0,99}(?:Error|Exception|Exit|Interrupt|Warning|Group)(?::.*)?)$/;
function pythonFrameAt(text) {
	if (!text.includes("File \"")) return void 0;
	const found = FRAME.exec(text);
	if (found === null || found[2] === "0") return void 0;
	const margin = text.slice(0, found.index).replace(/ {1,2}$/, "");
	return {
		file: found[1] ?? "",
		line: Number(found[2]),
		margin
	};
}
function pythonMessage(text, margin) {
	if (text.startsWith(margin)) {
		const rest = text.slice(margin.length);
		return /^[A-Za-z_]/.test(rest) ? rest.trimEnd() : void 0;
	}
	return EXCEPTION.exec(text.trimEnd())?.[1];
}
// src/core/trace.ts
const MOST_LINES$2 = 5e3;
const LONGEST_LINE = 2e3;
const MOST_FRAMES = 500;
const LONGEST_MESSAGE = 500;
const CHAINED = /^[\s|]*(?:The above exception was the direct cause of|During handling of the above exception, another)/;
function framesOf(lines) {
	const texts = lines.slice(0, MOST_LINES$2).flatMap(split).slice(0, MOST_LINES$2);
	const frames = [];
	let chain = [];
	let isChained = false;
	const add = (trace) => {
		if (!isChained) close();
		chain = [...chain, trace];
		isChained = false;
	};
	const close = () => {
		frames.push(...chain.toReversed().flat());
		chain = [];
	};
	let seen = 0;
	for (let at = 0; at < texts.length && seen < MOST_FRAMES;) {
		const text = texts[at] ?? "";
		const trace = pythonTraceAt(texts, at) ?? nodeTraceAt(texts, at);
		if (trace === void 0) {
			if (CHAINED.test(text)) isChained = true;
			at += 1;
		} else {
			add(trace.frames);
			seen += trace.frames.length;
			at = trace.end;
		}
	}
	close();
	return frames.slice(0, MOST_FRAMES);
}
function pythonTraceAt(texts, start) {
	const first = pythonFrameAt(texts[start] ?? "");
	if (first === void 0) return void 0;
	const found = [first];
	let end = start + 1;
	let message = "";
	for (; end < texts.length && found.length < MOST_FRAMES; end += 1) {
		const text = texts[end] ?? "";
		const next = pythonFrameAt(text);
		if (next !== void 0) {
			found.push(next);
			continue;
		}
		if (nodeFrameAt(text) !== void 0 || text.includes("Traceback (most recent call last)")) break;
		const last = pythonMessage(text, first.margin);
		if (last !== void 0) {
			message = last;
			end += 1;
			break;
		}
	}
	return {
		frames: found.toReversed().map(({ file, line }) => ({
			file,
			line,
			language: "python",
			message: cut(message)
		})),
		end
	};
}
function nodeTraceAt(texts, start) {
	if (nodeFrameAt(texts[start] ?? "") === void 0) return void 0;
	const message = cut(nodeMessage(texts, start));
	const frames = [];
	let end = start;
	for (; end < texts.length && frames.length < MOST_FRAMES; end += 1) {
		const frame = nodeFrameAt(texts[end] ?? "");
		if (frame === void 0) break;
		if (frame.file !== "") frames.push({
			file: frame.file,
			line: frame.line,
			language: "node",
			message
		});
	}
	return {
		frames,
		end
	};
}
function split(line) {
	const short = line.slice(0, LONGEST_LINE * 10);
	return (/\\n\s*(?:at |File \\")/.test(short) ? short.replace(/\\(.)|"/g, (_all, escaped) => escaped === void 0 || escaped === "n" ? "\n" : escaped) : short.replaceAll("\\n  File \"", "\n  File \"")).split(/\r?\n/).map((text) => text.slice(0, LONGEST_LINE));
}
function cut(message) {
	return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}… (cut)`;
}
const FOREIGN = new Set([
	"node_modules",
	"site-packages",
	"dist-packages",
	"venv",
	".venv",
	"virtualenv",
	".pyenv",
	".yarn"
]);
function spotOf(frames, paths) {
	const own = frames.map((frame) => ({
		frame,
		parts: partsOf(frame.file)
	})).filter(({ parts }) => parts.length > 0 && !isForeign(parts));
	const wanted = new Set(own.map(({ parts }) => parts.at(-1)));
	const named = new Map();
	for (const path of paths) {
		const name = path.slice(path.lastIndexOf("/") + 1);
		if (!wanted.has(name)) continue;
		const known = named.get(name);
		if (known === void 0) named.set(name, [path]);
		else known.push(path);
	}
	for (const { frame, parts } of own) {
		const candidates = named.get(parts.at(-1) ?? "") ?? [];
		if (candidates.length === 0) continue;
		const path = closest(parts, candidates);
		return path === void 0 ? void 0 : {
			path,
			line: frame.line,
			message: frame.message
		};
	}
}
function closest(parts, candidates) {
	const rated = candidates.map((path) => {
		const own = path.split("/");
		const shared = own.toReversed().findIndex((part, index) => part !== parts[parts.length - 1 - index]);
		return {
			path,
			rate: shared < 0 ? own.length + parts.length : shared
		};
	});
	const best = Math.max(...rated.map(({ rate }) => rate));
	const [only, ...others] = rated.filter(({ rate }) => rate === best);
	return others.length === 0 ? only?.path : void 0;
}
function partsOf(file) {
	if (/^(?:node:|internal\/|<)/.test(file)) return [];
	return file.split(/[\\/]/).filter((part) => part !== "" && part !== ".");
}
function isForeign(parts) {
	return parts.some((part, index) => FOREIGN.has(part) || parts[index - 1] === "lib" && /^python\d/.test(part));
}
// src/gate/evidence.ts
const READ_LINES = 300;
const LAST_LINES_MS = 6e4;
const AROUND_MS = 3e3;
async function failureEvidence(run, { deploy, instances }) {
	const { edges, service } = run;
	try {
		const { lines = [] } = await waitFor(run, edges.logs.read({
			ownerId: service.ownerId,
			serviceId: service.id,
			from: deploy.startedAt ?? deploy.createdAt,
			to: edges.clock.now(),
			types: deploy.status === "build_failed" ? ["build"] : ["build", "app"],
			maxLines: READ_LINES,
			direction: "backward"
		}), LAST_LINES_MS) ?? {};
		const isOld = ({ instance }) => instance !== void 0 && isNewInstance(instances, instance, deploy) === false;
		return lines.filter((line) => !isOld(line)).slice(-40).map((line) => ({
			at: line.at,
			text: edges.redact(plainText(line.message)).slice(0, 2e3),
			from: line.instance ?? line.type
		}));
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		run.teller.note(`The last log lines could not be read: ${error.message}`);
		return [];
	}
}
async function spotsOf(run, seen) {
	const failed = seen.results.filter((result) => result.verdict === "fail" && result.source === "logs");
	const found = (await Promise.all(failed.map(async (result) => {
		const known = framesOf(seen.book.traceOf(result.name).map(run.edges.redact));
		return {
			check: result.name,
			frames: known.length > 0 ? known : framesOf(await linesAround(run, seen.book, result.name))
		};
	}))).filter((trace) => trace.frames.length > 0);
	if (found.length === 0) return [];
	try {
		const { paths } = await run.edges.forge.tree(run.commit);
		return found.flatMap((trace) => {
			const spot = spotOf(trace.frames, paths);
			return spot === void 0 ? [] : [{
				path: spot.path,
				line: spot.line,
				message: run.edges.redact(spot.message),
				check: trace.check
			}];
		});
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		run.teller.note(`The repository's files could not be listed, so stack traces are not matched: ${error.message}`);
		return [];
	}
}
async function linesAround(run, book, check) {
	const match = book.firstMatch(check);
	if (match === void 0) return [];
	const { service, edges } = run;
	try {
		const { lines = [] } = await waitFor(run, edges.logs.read({
			ownerId: service.ownerId,
			serviceId: service.id,
			from: match.at - 1e3,
			to: match.at + 5e3,
			types: [match.type],
			maxLines: 100,
			direction: "forward",
			...match.instance === void 0 ? {} : { instances: [`${service.id}-${match.instance}`] }
		}), AROUND_MS) ?? {};
		return lines.filter((line) => line.instance === match.instance).map((line) => edges.redact(plainText(line.message)));
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		return [];
	}
}
// src/core/command.ts
const WORDS = [
	"why",
	"hold",
	"resume",
	"approve",
	"run",
	"unfreeze"
];
const COMMAND_LIST = "/gate why, /gate hold [reason], /gate resume, /gate approve, /gate run <remedy>, /gate unfreeze";
const MOST_LINES$1 = 10;
const LONGEST = 160;
function commandOf(rest) {
	const [word = "", ...others] = rest.split(/\s+/u);
	const kind = WORDS.find((one) => one === word.toLowerCase());
	if (kind === void 0) return { unclear: `${withSuggestion(word === "" ? "no command was named" : `there is no command "${shortened(word)}"`, {
		word,
		among: WORDS
	})} There are ${COMMAND_LIST}` };
	const after = rest.slice(word.length).trim();
	if (kind === "hold") return { command: after === "" ? { kind } : {
		kind,
		reason: shortened(after)
	} };
	if (kind === "run") {
		const [remedy, ...more] = others;
		if (remedy === void 0) return { unclear: "run needs the name of a remedy: /gate run <remedy>" };
		return more.length === 0 ? { command: {
			kind,
			remedy
		} } : { unclear: "run takes one name, and nothing may follow it on its line" };
	}
	return after === "" ? { command: { kind } } : { unclear: `nothing may follow ${kind} on its line, in case it is the middle of a sentence` };
}
function withSuggestion(sentence, { word, among }) {
	const near = didYouMean(word, among);
	return near === void 0 ? `${sentence}.` : `${sentence}, ${near}`;
}
function shortened(text) {
	return text.length <= LONGEST ? text : `${text.slice(0, LONGEST).toWellFormed()}…`;
}
function commandLines(body) {
	const found = [];
	let place = {
		kind: "open",
		isQuote: false
	};
	for (const line of body.split(/\r\n?|\n/u)) {
		const here = leaving(place, line);
		const isCommand = here.kind === "open" && /^\/gate(?=\s|$)/u.test(line);
		if (isCommand && found.length === MOST_LINES$1) {
			const unclear = `a comment may hold ${MOST_LINES$1} commands: this one and those after it were not read`;
			return [...found, {
				text: shortened(line.trim()),
				unclear
			}];
		}
		if (isCommand) {
			const read = here.isQuote ? { unclear: "GitHub shows it as part of the quote above: put an empty line before it" } : commandOf(line.slice(5).trim());
			found.push({
				text: shortened(line.trim()),
				...read
			});
		}
		place = after(here, line);
	}
	return found;
}
const OPEN = {
	kind: "open",
	isQuote: false
};
const FENCE = /^( {0,3}(?:(?:[-+*]|\d{1,9}[.)]) {1,4})*)(`{3,}(?=[^`]*$)|~{3,})/u;
function indentOf(line) {
	return line.length - line.trimStart().length;
}
function leaving(place, line) {
	const isEmpty = line.trim() === "";
	if (place.kind === "fence" && !isEmpty && indentOf(line) < place.indent) return OPEN;
	if (isEmpty && (place.kind === "open" || place.kind === "comment" && !place.isBlock)) return OPEN;
	return place;
}
function after(place, line) {
	if (place.kind === "fence") {
		const bare = line.trim();
		return bare.startsWith(place.mark) && bare === (bare[0] ?? "").repeat(bare.length) && indentOf(line) < place.indent + 4 ? OPEN : place;
	}
	if (place.kind === "comment" && !line.includes("-->")) return place;
	const fence = place.kind === "open" ? FENCE.exec(line) : null;
	if (fence !== null) {
		const [, before = "", mark = ""] = fence;
		return {
			kind: "fence",
			mark,
			indent: before.trim() === "" ? 0 : before.length
		};
	}
	if (line.lastIndexOf("<!--") > line.lastIndexOf("-->")) return {
		kind: "comment",
		isBlock: place.kind === "comment" ? place.isBlock : /^[ >]*</u.test(line)
	};
	if (place.kind === "comment") return OPEN;
	const quoted = /^ {0,3}>(.*)$/u.exec(line)?.[1];
	return quoted === void 0 ? place : {
		kind: "open",
		isQuote: quoted.replaceAll(/[>\s]/gu, "") !== ""
	};
}
// src/core/answers.ts
function commandFacts(state, known) {
	const { remedy, freeze } = state ?? {};
	return {
		...known,
		isFrozen: freeze !== void 0 && freeze.lifted === void 0,
		...remedy === void 0 ? {} : { remedy }
	};
}
function isAccepted(answer) {
	return answer.kind !== "refused";
}
function answersOf(said, facts) {
	let now = {
		...facts,
		isActing: false
	};
	return {
		answers: said.map(({ line, isTrusted, ...given }) => {
			const refused = (reason) => ({
				...given,
				kind: "refused",
				text: line.text,
				reason
			});
			if (!isTrusted) return refused("only people who may write to this repository are followed");
			if (line.command === void 0) return refused(line.unclear ?? "it is no command");
			const no = refusalOf(line.command, now);
			if (no !== void 0) return refused(no);
			const answer = acceptedAs(line.command, now, given);
			now = standingAfter(answer, now);
			return answer;
		}),
		...now.hold === void 0 ? {} : { hold: now.hold }
	};
}
function refusalOf(command, now) {
	switch (command.kind) {
		case "why": return;
		case "hold": return now.hold === void 0 ? void 0 : `@${now.hold.by} holds it already`;
		case "resume": return now.hold === void 0 ? "nobody holds it" : void 0;
		case "approve": return actingRefusal(now) ?? approvalRefusal(now);
		case "run": return actingRefusal(now) ?? runRefusal(command.remedy, now);
		case "unfreeze": return now.isFrozen ? modeRefusal(now) : "no freeze stands";
	}
}
function modeRefusal({ mode }) {
	return mode === "enforce" ? void 0 : `mode ${mode} never acts`;
}
function actingRefusal(now) {
	const no = modeRefusal(now);
	if (no !== void 0) return no;
	if (now.hold !== void 0) return `@${now.hold.by} holds the watch: /gate resume comes first`;
	if (now.isActing) return "one remedy at a time, and a command before this one has ordered one";
	if (now.remedy?.finished === false) return `the remedy ${now.remedy.name} is still being carried out`;
	return now.gone === void 0 ? void 0 : `the watched commit is not live any more: ${now.gone}`;
}
function isHeldBack({ remedy }) {
	return remedy?.finished === true && remedy.steps.some(({ state }) => state === "held");
}
function approvalRefusal(now) {
	if (now.remedy?.hold !== void 0) return `no guard holds it back: ${now.remedy.hold}`;
	if (isHeldBack(now)) return void 0;
	return now.remedy === void 0 ? "nothing is held back: no verdict has called for a remedy" : `nothing is held back: no guard has stopped the remedy ${now.remedy.name}`;
}
function runRefusal(name, now) {
	if (!now.remedies.includes(name)) return `${withSuggestion(`there is no remedy "${name.slice(0, 60).toWellFormed()}"`, {
		word: name,
		among: now.remedies
	})} There are ${now.remedies.slice(0, 20).join(", ")}`;
	return now.remedy?.name === name && !isHeldBack(now) ? `the remedy ${name} has been carried out already` : void 0;
}
function acceptedAs(command, now, given) {
	switch (command.kind) {
		case "approve": return {
			...given,
			kind: "approve",
			remedy: now.remedy?.name ?? ""
		};
		case "hold":
		case "run": return {
			...given,
			...command
		};
		default: return {
			...given,
			kind: command.kind
		};
	}
}
function standingAfter(answer, now) {
	const { hold: _, ...rest } = now;
	const { by, at } = answer;
	switch (answer.kind) {
		case "why": return now;
		case "hold": return {
			...rest,
			hold: {
				by,
				at,
				...answer.reason === void 0 ? {} : { reason: answer.reason }
			}
		};
		case "resume": return rest;
		case "unfreeze": return {
			...now,
			isFrozen: false
		};
		case "approve":
		case "run": return {
			...now,
			isActing: true
		};
	}
}
// src/report/command-reply.ts
const OWN = "<!-- deploy-gate:";
const REASON_MAX = 400;
function markerOf(service, comment) {
	const name = encodeURIComponent(service.toWellFormed()).replaceAll("-", "%2D");
	return `${OWN}answer=${comment}:${name} -->`;
}
function isOwnComment(body) {
	return body.startsWith(OWN);
}
function answeredComment(body, service) {
	const id = Number(/^<!-- deploy-gate:answer=(\d{1,16}):/u.exec(body)?.[1]);
	return body.startsWith(markerOf(service, id)) ? id : void 0;
}
function commandText(answer) {
	if (answer.kind === "refused") return answer.text;
	return `/gate ${answer.kind}${answer.kind === "run" ? ` ${answer.remedy}` : ""}`;
}
function effectText(answer) {
	const outcome = "what comes of it is told in the check run";
	switch (answer.kind) {
		case "refused": return `not followed: ${excerpt(answer.reason, REASON_MAX)}`;
		case "why": return "answered below";
		case "hold": return `held from this look on, nothing is judged or done until /gate resume, and a watch that is held to its end ends so${answer.reason === void 0 ? "" : `. Because: ${answer.reason}`}`;
		case "resume": return "the watch goes on with this look, and judges what Render has kept of the time in between";
		case "approve": return `the remedy ${answer.remedy} is carried out in this look although a guard held it back, if the commit still serves; ${outcome}`;
		case "run": return `the remedy ${answer.remedy} is carried out in this look, if the commit still serves; ${outcome}`;
		case "unfreeze": return "the freeze is lifted, and auto-deploy set as it was before";
	}
}
function answerSentence(answer) {
	return excerpt(`@${answer.by} said ${commandText(answer)}: ${effectText(answer)}`, 600);
}
function replyText(reply) {
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
	return `${marker}\n${pageText([`${about}, in answer to ${to}:\n\n${lines.join("\n")}`, ...why], BODY_MAX - marker.length - 1)}`;
}
// src/report/why.ts
function linksLine(known) {
	return known.flatMap(([text, url]) => url === void 0 ? [] : [link(text, url)]).join(" · ");
}
function whyOutcome(outcome, { checkRunUrl }) {
	const concerns = outcome.checks.filter(isConcern);
	const { held, revert, issue } = outcome;
	return [
		verdictPart(outcome, verdictSentence(outcome)),
		held === void 0 ? "" : withStop(`Held by a person: ${inlineText(excerpt(held, 300))}`),
		headed("What was done and held back", actionList(outcome.actions)),
		headed("What the checks found", concernsList(outcome.checks)),
		headed("Checks", checksTable(concerns.length === 0 ? outcome.checks : concerns, { marks: false })),
		headed("How much was seen", linesList(coverageLines(outcome))),
		inlineText(comingSentence(outcome)),
		linksLine([
			["Check run", checkRunUrl],
			["Deploy", outcome.deployUrl],
			[`Revert #${revert?.number ?? ""}`, revert?.url],
			[`Issue #${issue?.number ?? ""}`, issue?.url]
		])
	];
}
function whyKept(state, { checkRunUrl }) {
	const { verdict, remedy, freeze, measured } = state ?? {};
	const title = verdict === void 0 ? "No verdict yet" : VERDICT_TITLES[verdict];
	const reason = remedy === void 0 ? "" : `: ${inlineText(excerpt(remedy.reason, 1e3))}`;
	const failed = (remedy?.failed ?? []).map((check) => {
		const found = withStop(inlineText(excerpt(check.reason, 600)));
		const hint = check.hint === void 0 ? "" : ` Hint: ${inlineText(excerpt(check.hint, 500))}`;
		return `- **${inlineText(excerpt(check.name, 100))}** (${samplesText(check)}): ${found}${hint}`;
	});
	const numbers = Object.entries(measured?.values ?? {}).slice(0, 50).map(([name, subjects]) => {
		const values = Object.entries(subjects).map(([subject, value]) => `${subject} ${value}`);
		return `- ${inlineText(excerpt(`${name}: ${values.join(", ")}`, 300))}`;
	});
	const isFrozen = freeze !== void 0 && freeze.lifted === void 0;
	return [
		`**${withStop(title + reason)}**`,
		remedy?.hold === void 0 ? "" : withStop(`Held back: ${inlineText(excerpt(remedy.hold, 600))}`),
		isFrozen ? `Auto-deploy is off since ${dateTimeText(freeze.at)} UTC, because of ${shortSha(freeze.commit)}.` : "",
		headed("What was done and held back", actionList(remedy?.steps.flatMap(({ actions }) => actions) ?? [])),
		headed("What failed", failed.join("\n")),
		headed("Measured last, in each subject's unit", numbers.join("\n")),
		linksLine([["Check run, with everything", checkRunUrl]])
	];
}
// src/gate/said-commands.ts
const TRUSTED = [
	"admin",
	"maintain",
	"write"
];
const MOST_AUTHORS = 20;
const FRESH_MS = 12e4;
async function readCommands(run, about) {
	try {
		return await sorted(run, about, await newComments(run, about));
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		const { message, hint } = error.failure;
		run.teller.note(`Comments could not be read, so no command of theirs is followed: ${message}${hint === void 0 ? "" : ` ${hint}`}`);
		return;
	}
}
async function newComments({ edges: { forge, clock } }, { places, since, after }) {
	const numbers = [...new Set(places)];
	const from = Math.floor(since / 1e3) * 1e3;
	const read = async () => {
		const found = [];
		for (const place of numbers) {
			const those = {
				since,
				...after === void 0 ? {} : { afterId: after }
			};
			for (const comment of await forge.commentsOf(place, those)) found.push({
				...comment,
				place
			});
		}
		return found.filter(({ createdAt }) => createdAt >= from).toSorted((one, other) => one.id - other.id);
	};
	const first = await read();
	const newest = first.at(-1);
	if (newest === void 0 || numbers.length < 2 || clock.now() - newest.createdAt > FRESH_MS) return first;
	return (await read()).filter(({ id }) => id <= newest.id);
}
async function sorted({ edges: { forge, redact }, service }, { after }, comments) {
	const said = [];
	const answered = new Set();
	const authors = new Map();
	let lastId = after;
	for (const { id, author, authorType, place, url, createdAt, body } of comments) {
		const isOwn = isOwnComment(body);
		const answers = isOwn ? answeredComment(body, service.name) : void 0;
		const lines = isOwn || authorType !== "User" ? [] : commandLines(redact(body));
		const isClaim = answers !== void 0 && authorType !== "Bot";
		if (lines.length > 0 || isClaim) {
			const isNew = !authors.has(author);
			if (isNew && authors.size === MOST_AUTHORS) break;
			const isTrusted = TRUSTED.includes(await forge.permissionOf(author));
			authors.set(author, isTrusted);
			const given = {
				by: author,
				at: createdAt,
				comment: id,
				place,
				url,
				isTrusted
			};
			const heard = isTrusted ? lines : lines.slice(0, isNew ? 1 : 0);
			said.push(...heard.map((line) => ({
				...given,
				line
			})));
		}
		if (answers !== void 0 && (!isClaim || authors.get(author) === true)) answered.add(answers);
		lastId = id;
	}
	return {
		said,
		answered,
		...lastId === void 0 ? {} : { lastId }
	};
}
// src/gate/comment-commands.ts
async function readAnswers(run, about) {
	const { after, facts } = about;
	const found = await readCommands(run, about);
	if (found === void 0) return {
		answers: [],
		refusals: [],
		unanswered: [],
		...facts.hold === void 0 ? {} : { hold: facts.hold },
		...after === void 0 ? {} : { lastId: after }
	};
	return {
		...weighed(run, found, facts),
		...found.lastId === void 0 ? {} : { lastId: found.lastId }
	};
}
function weighed(run, { said, answered }, facts) {
	const { answers, hold } = answersOf(said, facts);
	const open = answers.filter((answer) => isAccepted(answer) || !answered.has(answer.comment));
	for (const answer of open) run.teller.moment(answerSentence(answer));
	return {
		answers: open.filter(isAccepted),
		refusals: open.filter((answer) => !isAccepted(answer)),
		unanswered: open.filter(({ comment }) => !answered.has(comment)),
		...hold === void 0 ? {} : { hold }
	};
}
async function tellAnswers(run, unanswered, about) {
	const { commit, outcome, state, checkRunUrl } = about;
	const { forge } = run.edges;
	const links = checkRunUrl === void 0 ? {} : { checkRunUrl };
	for (const answers of Map.groupBy(unanswered, ({ comment }) => comment).values()) {
		const place = answers[0]?.place;
		if (place === void 0) continue;
		const text = replyText({
			service: run.service.name,
			commit,
			commitUrl: `${forge.webUrl}/commit/${commit}`,
			answers,
			why: outcome === void 0 ? whyKept(state, links) : whyOutcome(outcome, links)
		});
		try {
			await forge.comment(place, text);
		} catch (error) {
			if (!(error instanceof ServiceProblem)) throw error;
			const { message, hint } = error.failure;
			run.teller.note(`A command on #${place} could not be answered: ${message}${hint === void 0 ? "" : ` ${hint}`}`);
		}
	}
}
// src/report/freeze.ts
function endText(freeze, revert) {
	const byHand = "switching auto-deploy on by hand";
	if (revert === void 0) return `It ends when a deploy that takes ${shortSha(freeze.commit)} back has passed its gate, or by ${byHand}`;
	const command = `the comment "/gate unfreeze" on #${revert.number}`;
	if (revert.state === "closed without being merged") return `Its revert #${revert.number} was closed without being merged, so only ${command}, ${byHand} or another revert ends it`;
	return `It ends when the deploy of revert #${revert.number} (${revert.state}) has passed its gate, by ${command}, or by ${byHand}`;
}
function freezeText(service, freeze, revert) {
	return `auto-deploy of ${service} is frozen by the gate of ${shortSha(freeze.commit)} since ${dateTimeText(freeze.at)} UTC (${freeze.by}). ${endText(freeze, revert)}`;
}
// src/gate/unfreeze.ts
async function freezeOrder(run, kept) {
	const { state, checkRunUrl } = kept;
	const places = [...(state.remedy?.steps ?? []).flatMap(({ pull }) => pull ?? []), ...state.told?.issue === void 0 ? [] : [state.told.issue]];
	if (run.mode !== "enforce" || state.freeze === void 0 || places.length === 0) return void 0;
	const found = await readCommands(run, {
		places,
		since: state.freeze.at
	});
	if (found === void 0) return void 0;
	const said = found.said.filter(({ comment, line: { command } }) => !found.answered.has(comment) && (command?.kind === "unfreeze" || command?.kind === "why"));
	const facts = commandFacts(state, {
		mode: run.mode,
		remedies: []
	});
	const { answers, unanswered } = weighed(run, {
		said,
		answered: found.answered
	}, facts);
	if (unanswered.length === 0) return void 0;
	const order = answers.find(({ kind }) => kind === "unfreeze");
	return {
		tell: () => tellAnswers(run, unanswered, {
			commit: state.commit,
			state,
			checkRunUrl
		}),
		...order === void 0 ? {} : { why: `/gate unfreeze by @${order.by}` }
	};
}
// src/gate/freeze.ts
function createFreezeWatch(run, options) {
	const { edges, teller, service } = run;
	let hasMet = false;
	let isRevert = false;
	let hasActed = false;
	let hasLooked = false;
	let keeper;
	async function meet(list, isOff, seen = []) {
		hasMet ||= isOff;
		keeper = await findKeeper(run, list.deploys, {
			own: options.own,
			isOff,
			seen
		});
		if (keeper === void 0) return void 0;
		if (keeper.kind === "unreadable") return isOff ? {
			kind: "frozen",
			reason: keeper.reason
		} : void 0;
		if (isUnfinished(keeper) && keeper.state.commit !== run.commit && run.mode === "enforce") {
			const told = toldOf(run, keeper);
			await options.finishOther(told, keeper.state);
			hasActed = true;
			keeper = {
				...keeper,
				state: told.book.current ?? keeper.state
			};
			await list.look();
		}
		const { freeze } = keeper.state;
		if (freeze === void 0 || freeze.lifted !== void 0) return meet(list, isOff, [...seen, keeper.state.commit]);
		if (!isOff) {
			if (isStanding(freeze, { autoDeploy: (await edges.deploys.service(service.id))?.autoDeploy !== false })) hasMet = true;
			else return forget(keeper, freeze);
		}
		const left = await leftOver(list, keeper);
		if (left !== void 0) return left;
		const isOver = await liftedByOrder(keeper);
		return frozen(list, keeper, {
			freeze,
			isOver
		});
	}
	async function liftedByOrder(known) {
		const checkRunUrl = (known.own ?? known).checkRun?.url;
		const order = await freezeOrder(run, {
			state: known.state,
			checkRunUrl
		});
		const hasFailed = (order?.why === void 0 ? [] : await lift(known, order.why)).some(({ state }) => state === "failed");
		if (!hasFailed) await order?.tell();
		return order?.why !== void 0 && !hasFailed;
	}
	async function leftOver(list, known) {
		const { remedy } = known.state;
		const step = remedy?.steps.find(({ kind }) => kind === "render_rollback");
		const mayServe = step?.deploy !== void 0 && !hasFailed(list, step.deploy);
		if (remedy?.finished !== true || step?.state === "done" || mayServe || run.mode !== "enforce") return void 0;
		return (await lift(known, "nothing is rolled back")).some((action) => action.state === "failed") ? void 0 : thawed(known);
	}
	function thawed({ state }) {
		return {
			kind: "frozen",
			reason: `auto-deploy of ${service.name} was frozen until now by the gate of ${state.commit.slice(0, 7)}, so Render did not deploy what was pushed meanwhile: deploy it by hand, or push again`
		};
	}
	async function lift(known, why) {
		let { state } = known;
		const actions = await liftFreeze(run, {
			freeze: state.freeze,
			noteFreeze(freeze) {
				if (freeze !== void 0) state = {
					...state,
					freeze
				};
			}
		}, why);
		if (state !== known.state) await keepState(run, known, state);
		keeper = {
			...known,
			state
		};
		return actions;
	}
	async function forget(known, freeze) {
		const why = "auto-deploy was switched on by hand";
		teller.moment(`The freeze of ${service.name} is over: ${why}`);
		if (run.mode !== "enforce") return;
		await keepState(run, known, {
			...known.state,
			freeze: {
				...freeze,
				lifted: {
					at: edges.clock.now(),
					why
				}
			}
		});
	}
	async function frozen(list, known, { freeze, isOver }) {
		const rollback = known.state.remedy?.steps.find((step) => step.deploy !== void 0)?.deploy;
		const live = list.deploys.find((deploy) => deploy.status === "live");
		if (freeze.commit === run.commit && live !== void 0 && live.id === rollback) return void 0;
		const number = known.state.remedy?.steps.find((step) => step.kind === "revert_pr")?.pull;
		const range = freeze.commit === run.commit ? void 0 : await edges.forge.compare(freeze.commit, run.commit);
		const commits = range?.relation === "ahead" ? range.commits : [];
		const pull = number === void 0 ? void 0 : await edges.forge.pull(number);
		const merged = pull?.merged === true ? pull.mergeCommit : void 0;
		isRevert = takesBack(commits, {
			bad: freeze.commit,
			...number === void 0 ? {} : { pull: number },
			...merged === void 0 ? {} : { merged }
		});
		const own = ownDeploys({
			deploys: list.deploys,
			commit: run.commit,
			...deployIdOf(run)
		});
		if (isOver) return isRevert || own.length > 0 || run.plan.deploy.trigger ? void 0 : thawed(known);
		const fate = number === void 0 ? void 0 : fateOf(number, pull);
		const text = freezeText(service.name, freeze, fate);
		if (fate?.state === "closed without being merged" && !isRevert) teller.note(`The revert #${fate.number} was closed without being merged, and ${text}`);
		if (!isRevert) return {
			kind: "frozen",
			reason: text
		};
		if (run.mode === "enforce" || own.length > 0) return void 0;
		return {
			kind: "frozen",
			reason: `${`mode ${run.mode} does not ask for the deploy of this commit, which takes ${freeze.commit.slice(0, 7)} back: deploy it by hand`}; ${text}`
		};
	}
	return {
		get isRevert() {
			return isRevert;
		},
		async look(list) {
			const following = await list.look();
			if (hasLooked) return { following };
			const frozen = await meet(list, !service.autoDeploy);
			hasLooked = true;
			if (frozen !== void 0) return {
				following,
				frozen
			};
			return { following: hasActed ? await list.look() : following };
		},
		async meetLate(list) {
			if (hasMet) return void 0;
			return (await edges.deploys.service(service.id))?.autoDeploy === false ? meet(list, true) : void 0;
		},
		async settle(outcome) {
			if (!isRevert || keeper?.kind !== "known") return [];
			const known = keeper;
			const { freeze } = known.state;
			if (freeze === void 0 || freeze.lifted !== void 0) return [];
			const bad = freeze.commit.slice(0, 7);
			if (outcome.verdict !== "pass") {
				const reason = `auto-deploy of ${service.name} stays off: the deploy that takes ${bad} back did not pass (${outcome.verdict}). It ends when a later one passes, or when auto-deploy is switched on by hand`;
				teller.note(reason);
				return [{
					kind: "unfreeze",
					state: "held",
					reason
				}];
			}
			if (run.mode !== "enforce") return [{
				kind: "unfreeze",
				state: "advised",
				reason: `would set auto-deploy back to ${freeze.former === "yes" ? "on" : freeze.former}; mode ${run.mode} changes nothing`
			}];
			return lift(known, `the deploy that takes ${bad} back has passed`);
		}
	};
}
function hasFailed({ deploys }, id) {
	const deploy = deploys.find((one) => one.id === id);
	return deploy !== void 0 && !isRunning(deploy) && !hasServed(deploy);
}
function isUnfinished(keeper) {
	return keeper.kind === "known" && keeper.state.remedy?.finished === false;
}
function deployIdOf({ deployId }) {
	return deployId === void 0 ? {} : { deployId };
}
function fateOf(number, pull) {
	if (pull === void 0) return {
		number,
		state: "not readable"
	};
	if (pull.merged) return {
		number,
		state: "merged"
	};
	return {
		number,
		state: pull.state === "open" ? "open" : "closed without being merged"
	};
}
// src/core/earlier-gates.ts
const MOST_GATES = 5;
const MOST_ROWS = 300;
function gateMemory(now, before) {
	const { rows, ...numbers } = now;
	const kept = Object.entries(rows).filter(([, list]) => list.length <= MOST_ROWS);
	const earlier = before === void 0 ? [] : [withoutMemory(before), ...before.earlier];
	return {
		...numbers,
		...kept.length === 0 ? {} : { rows: Object.fromEntries(kept) },
		earlier: earlier.filter((gate) => gate.commit !== now.commit).slice(0, 4)
	};
}
function withoutMemory({ commit, at, values }) {
	return {
		commit,
		at,
		values
	};
}
function earlierBaseline(check, kind, memory) {
	if (!("values" in memory)) return {
		kind: "none",
		...memory
	};
	const own = [withoutMemory(memory), ...memory.earlier].slice(0, kind === "previous deploy" ? 1 : MOST_GATES).flatMap(({ values }) => Object.hasOwn(values, check) ? [values[check] ?? {}] : []);
	if (own.length === 0) return {
		kind: "none",
		why: "the check is new: no earlier gate measured it",
		isYet: true
	};
	const subjects = [...new Set(own.flatMap((values) => Object.keys(values)))];
	const rows = kind === "previous deploy" ? memory.rows?.[check] : void 0;
	return {
		kind: "known",
		values: Object.fromEntries(subjects.map((subject) => {
			return [subject, medianOf(own.flatMap((values) => Object.hasOwn(values, subject) ? [values[subject] ?? 0] : [])) ?? 0];
		})),
		from: kind === "previous deploy" ? `the deploy of ${memory.commit.slice(0, 7)}` : `the last ${own.length} good ${own.length === 1 ? "deploy" : "deploys"}`,
		...rows === void 0 ? {} : { rows }
	};
}
// src/core/pace.ts
const READS_PER_MINUTE = 20;
const WINDOW_MS = 6e4;
const STEP_MS = 100;
const LONGEST_MS = 1e4;
function spreadMs(wantedMs, about) {
	for (let interval = wantedMs; interval < LONGEST_MS; interval += STEP_MS) if (fits(interval, about)) return interval;
	return Math.max(wantedMs, LONGEST_MS);
}
function fits(interval, { reads, now }) {
	for (let count = 1; count * interval <= WINDOW_MS; count += 1) {
		const at = now + count * interval;
		if (reads.filter((time) => time > at - WINDOW_MS).length + count > READS_PER_MINUTE) return false;
	}
	return true;
}
// src/core/skip-reason.ts
const SKIP_PHRASE = /\[(?:skip (?:render|deploy|cd)|(?:render|deploy|cd) skip)\]/i;
function isIgnored(input) {
	return !input.triggered && input.events.some((event) => event.type === "commit_ignored" && event.commit === input.commit);
}
function skipReason(input) {
	if (isIgnored(input)) return "Render ignored the commit (event commit_ignored)";
	if (input.triggered) return void 0;
	const phrase = SKIP_PHRASE.exec(input.message);
	if (phrase !== null) return `the commit message says ${phrase[0]}`;
	if (!input.service.autoDeploy || input.service.autoDeployTrigger === "off") return "auto-deploy is off";
	if (input.files !== void 0 && input.files.length > 0 && !deploysFor(input.service, input.files)) return "no changed file is under the service's root directory and build filter";
}
// src/gate/absence.ts
const EVENTS_MS = 3e4;
const BEFORE_MS$1 = 6e5;
const SETTLE_MS = 12e4;
function createAbsence(run, options) {
	const { service, plan, startedAt } = run;
	const { clock } = run.edges;
	const until = startedAt + plan.deploy.appearWithinMs;
	let events = [];
	let readAt = -1e400;
	let files;
	async function readFiles() {
		try {
			files ??= await options.changedFiles();
		} catch (error) {
			if (!(error instanceof ServiceProblem)) throw error;
		}
	}
	return {
		until,
		async ending({ isTriggered }) {
			if (clock.now() - readAt >= EVENTS_MS) {
				readAt = clock.now();
				options.onRead(readAt);
				events = await readEvents(run, startedAt - BEFORE_MS$1) ?? events;
			}
			const facts = {
				service,
				commit: run.commit,
				message: options.commit.message,
				events,
				triggered: isTriggered
			};
			const now = clock.now();
			if (isIgnored(facts) || now >= Math.min(until, startedAt + SETTLE_MS)) {
				await readFiles();
				const reason = skipReason({
					...facts,
					...files === void 0 ? {} : { files }
				});
				if (reason !== void 0 && (now >= until || service.autoDeploy)) return {
					kind: "skipped",
					reason
				};
			}
			if (now < until) return void 0;
			const seconds = Math.round(plan.deploy.appearWithinMs / 1e3);
			return {
				kind: "absent",
				reason: `no deploy of ${run.commit.slice(0, 7)} appeared within ${seconds}s`
			};
		}
	};
}
// src/gate/follow-deploy.ts
const PHASES = {
	queued: "Render to start the queued deploy",
	created: "Render to start the deploy",
	build_in_progress: "the build",
	pre_deploy_in_progress: "the pre-deploy command",
	update_in_progress: "the new version to come up"
};
const BEFORE_UPDATE$1 = new Set([
	"queued",
	"created",
	"build_in_progress",
	"pre_deploy_in_progress"
]);
const ASIDE_MS = 3e4;
const FIRST_READS = 2;
const PATIENCE_MS = 6e5;
const QUEUE_MS = 36e5;
async function followDeploy(run, options) {
	const { service, plan, teller } = run;
	const { clock } = run.edges;
	const { list, freeze } = options;
	const actions = [];
	const asideReads = Array.from({ length: FIRST_READS }, () => run.startedAt);
	const rebuilt = new Set();
	let instances = NO_INSTANCES;
	let unconfirmed;
	let lastInstanceLook = -1e400;
	let lastStatus = "";
	let unreadableSince;
	let waitingSince;
	const previous = () => servedBefore({
		deploys: list.deploys,
		commit: run.commit,
		...run.deployId === void 0 ? {} : { deployId: run.deployId }
	});
	const absence = createAbsence(run, {
		commit: options.commit,
		changedFiles: () => options.changedFiles(previous()?.commit?.sha),
		onRead: (at) => void asideReads.push(at)
	});
	const done = (ending) => {
		const before = previous();
		return {
			ending,
			deploys: list.deploys,
			instances,
			actions,
			...before === void 0 ? {} : { previous: before }
		};
	};
	async function patientLook() {
		const asked = clock.now();
		try {
			const looked = await freeze.look(list);
			unreadableSince = void 0;
			return looked;
		} catch (error) {
			if (!(error instanceof ServiceProblem) || isRefusal(error)) throw error;
			unreadableSince ??= asked;
			if (clock.now() - unreadableSince >= PATIENCE_MS) throw error;
			teller.line(logText(`Nothing is known of the deploy right now, asking again: ${error.message}`));
			return;
		}
	}
	async function lookAside(deploy) {
		if (!BEFORE_UPDATE$1.has(deploy.status)) {
			unconfirmed = void 0;
			return;
		}
		instances = {
			...unconfirmed ?? instances,
			oldUntil: list.reads.at(-1) ?? run.startedAt
		};
		unconfirmed = void 0;
		if (service.type === "static_site" || service.type === "cron_job") return;
		if (clock.now() - lastInstanceLook < ASIDE_MS) return;
		lastInstanceLook = clock.now();
		asideReads.push(lastInstanceLook);
		unconfirmed = await lookAtInstances(run, instances, true);
	}
	function tooSlow(deploy) {
		const now = clock.now();
		if (deploy.startedAt !== void 0) {
			if (now - deploy.startedAt <= plan.deploy.liveWithinMs) return void 0;
			return {
				kind: "slow",
				deploy,
				reason: `not live ${Math.round(plan.deploy.liveWithinMs / 6e4)} min after it started (live_within), still ${deploy.status}`
			};
		}
		waitingSince = list.deploys.some((other) => other.id !== deploy.id && isRunning(other)) ? void 0 : waitingSince ?? now;
		if (waitingSince === void 0 || now - waitingSince <= QUEUE_MS) return void 0;
		return {
			kind: "displaced",
			deploy,
			reason: `${deploy.id} is still ${deploy.status}, although no other deploy of the service has been at work for ${QUEUE_MS / 6e4} min`
		};
	}
	for (;;) {
		goOn(run);
		const lookedAt = clock.now();
		const { following, frozen } = await patientLook() ?? {};
		if (frozen !== void 0) return done(frozen);
		const deploy = following !== void 0 && "deploy" in following ? following.deploy : void 0;
		if (deploy !== void 0 && `${deploy.id} ${deploy.status}` !== lastStatus) {
			lastStatus = `${deploy.id} ${deploy.status}`;
			teller.moment(`Deploy ${deploy.id}: ${deploy.status}`);
		}
		switch (following?.kind) {
			case "live":
				if (following.passedOver !== void 0) teller.note(`A newer deploy of the same commit (${following.passedOver.id}) ended as ${following.passedOver.status}; ${following.deploy.id} still serves and is watched.`);
				options.onTurn(following.deploy, instances);
				return done(following);
			case "superseded":
			case "taken-out": return done(following);
			case "displaced": return done({
				kind: "displaced",
				deploy: following.deploy,
				reason: displacedReason(following.deploy, following.by)
			});
			case "failed": {
				const failed = following.deploy;
				const failure = await readFailure(run, failed);
				if (rebuilt.has(failed.id) || !mayRebuild(run, list.deploys, failed)) return done({
					kind: "failed",
					deploy: failed,
					failure
				});
				rebuilt.add(failed.id);
				actions.push(await rebuild(run, list, {
					failed,
					failure
				}));
				continue;
			}
			case "canceled": return done(await canceledEnding(run, list, following.deploy));
			case "absent": {
				if ((plan.deploy.trigger || freeze.isRevert) && !actions.some((action) => action.kind === "trigger")) {
					const asked = await triggerDeploy(run);
					actions.push(asked);
					if (asked.state === "failed") return done({
						kind: "absent",
						reason: asked.reason ?? ""
					});
					if (asked.state === "done") continue;
				}
				teller.phase({
					phase: "finding the deploy",
					waitingFor: `a deploy of ${run.commit.slice(0, 7)} to appear`,
					until: absence.until
				});
				const isTriggered = actions.some(({ kind, state }) => kind === "trigger" && state === "done");
				const ending = await absence.ending({ isTriggered });
				if (ending !== void 0) return done(await freeze.meetLate(list) ?? ending);
				break;
			}
			case "running": {
				teller.phase({
					phase: "following the deploy",
					waitingFor: PHASES[following.deploy.status] ?? `the deploy (${following.deploy.status})`,
					...following.deploy.startedAt === void 0 ? {} : { until: following.deploy.startedAt + plan.deploy.liveWithinMs }
				});
				await lookAside(following.deploy);
				const ending = tooSlow(following.deploy);
				if (ending !== void 0) return done(ending);
				break;
			}
			case "ask":
			case void 0:
		}
		options.onTurn(deploy, instances);
		await teller.beat();
		const now = clock.now();
		const next = lookedAt + spreadMs(pollMs(following ?? { kind: "absent" }, {
			now,
			soonestMs: soonestLiveMs(list.deploys),
			hasUpdate: service.type !== "static_site" && service.type !== "cron_job"
		}), {
			reads: [...asideReads, ...list.reads].sort((a, b) => a - b),
			now: lookedAt
		});
		const deadline = following?.kind === "absent" ? Math.max(absence.until, now + 1e3) : 1e400;
		await wait(run, Math.max(0, Math.min(next, deadline) - now), options.wakeSignal());
	}
}
async function canceledEnding(run, list, deploy) {
	const failure = await readFailure(run, deploy);
	const heir = list.deploys.find((one) => one.id === failure.newDeployId);
	const relation = heir?.commit && (await run.edges.forge.compare(run.commit, heir.commit.sha))?.relation;
	if (heir !== void 0 && relation === "ahead") return {
		kind: "superseded",
		by: heir,
		deploy
	};
	return {
		kind: "canceled",
		deploy,
		failure
	};
}
function displacedReason(deploy, by) {
	if (by === void 0) return `${deploy.id} is ${deploy.status} and no deploy is live`;
	const commit = by.commit === void 0 ? "an image" : by.commit.sha.slice(0, 7);
	return `${by.id} (${commit}), which does not contain this commit, is live instead of ${deploy.id}`;
}
// src/gate/old-version.ts
const BEFORE_UPDATE = new Set([
	"queued",
	"created",
	"build_in_progress",
	"pre_deploy_in_progress"
]);
function createOldVersion(run, { sampler, liveSince }) {
	const { plan, edges, teller, commit } = run;
	const { clock } = edges;
	const [stage] = plan.stages;
	const findings = new Map();
	const measured = new Map();
	const rows = new Map();
	const series = new Map(plan.checks.map((check) => [check.name, createSeries(check)]));
	const checks = inOrder(plan.checks.filter((check) => check.source.kind === "http" || check.source.kind === "sql")).map(withoutNewCommit);
	const latest = {};
	const due = new Map();
	const tasks = createTasks();
	let isOld = true;
	let taken = 0;
	let isTold = checks.length === 0;
	let seenUntil;
	async function take(check) {
		for (const name of dependenciesOf(check)) if (name !== check.name) await tasks.settled(name);
		const now = clock.now();
		const liveAt = Math.min(now, liveSince() ?? now);
		const own = series.get(check.name);
		const moment = {
			liveAt,
			since: liveAt,
			sha: commit,
			series: own?.of ?? (() => []),
			latest,
			keep: edges.redact
		};
		if (appliesAt(check, now, moment) !== true) return;
		const stageStart = Math.max(liveAt, now - (stage?.forMs ?? 0));
		const sample = await sampler.take(check, {
			liveAt,
			stageStart,
			isNew: () => void 0
		});
		if (!isOld) return;
		if (sample.kind === "ok" || sample.kind === "failing") {
			latest[check.name] = sample.subjects;
			own?.add(sample.at, sample.subjects);
		}
		const finding = findingOf({
			...check,
			graceMs: 0
		}, sample, moment);
		if (!hasAnswered(check)) findings.set(check.name, finding);
		if (sample.kind !== "ok") return;
		const numbers = measured.get(check.name) ?? createMeasured(check);
		measured.set(check.name, numbers);
		numbers.add(finding, sample.partial);
		if (sample.rows === void 0) return;
		const known = rows.get(check.name) ?? new Set();
		rows.set(check.name, known);
		for (const row of sample.rows) known.add(row);
	}
	const hasAnswered = ({ name }) => (findings.get(name)?.outcome ?? "error") !== "error";
	function tell() {
		taken += 1;
		if (isTold || run.signal.aborted || taken < checks.length || findings.size === 0) return;
		isTold = true;
		const failing = [...findings].flatMap(([name, finding]) => finding.outcome === "fail" ? [`"${name}"`] : []);
		teller.moment(failing.length === 0 ? `Looked at the old version: ${findings.size} http and sql checks taken once` : `The old version already fails ${failing.join(", ")}`);
	}
	return {
		findings,
		measured: (check) => measured.get(check.name),
		rows(check) {
			const known = rows.get(check.name);
			return known === void 0 ? void 0 : [...known];
		},
		get seenUntil() {
			return seenUntil;
		},
		look(deploy) {
			if (deploy === void 0) return;
			isOld &&= BEFORE_UPDATE.has(deploy.status);
			tasks.turn();
			if (!isOld || stage === void 0) return;
			const now = clock.now();
			seenUntil = now;
			for (const check of checks) {
				const wasDue = due.get(check.name);
				const isWanted = check.baseline === "while-building" || !hasAnswered(check);
				if (wasDue !== void 0 && (!isWanted || now < wasDue)) continue;
				due.set(check.name, nextBeat(wasDue ?? now, beatMs(check, stage), now));
				tasks.start(check.name, () => take(check).then(tell));
			}
		}
	};
}
// src/gate/baselines.ts
const WEEK_MS = 6048e5;
const BEFORE_MS = 6e5;
const HALF_HOUR_MS = 18e5;
function createBaselines(sources) {
	const known = new Map();
	let earlier;
	let hasOldFailed;
	async function ofOld(check) {
		if (!sources.hasPrevious()) return {
			kind: "none",
			why: "nothing served before this deploy",
			isYet: true
		};
		const hasFailed = await (hasOldFailed ??= sources.hasOldFailed());
		if (typeof hasFailed === "object") return {
			kind: "none",
			...hasFailed
		};
		if (!hasFailed) return whileBuilding(check, sources);
		const last = earlierBaseline(check.name, "previous deploy", await (earlier ??= sources.earlier()));
		const rows = sources.old.rows(check);
		if (last.kind === "known") return {
			...last,
			from: `${last.from}, as the old version's gate failed`,
			...rows && { rows }
		};
		const why = `the old version's gate failed, and ${last.why}`;
		return rows === void 0 ? {
			...last,
			why
		} : {
			kind: "known",
			values: {},
			from: why,
			rows
		};
	}
	async function read(check) {
		if (check.baseline === void 0) return void 0;
		switch (check.baseline) {
			case "previous deploy":
			case "last 5 good deploys": return earlierBaseline(check.name, check.baseline, await (earlier ??= sources.earlier()));
			case "while-building": return ofOld(check);
			case "same hour last week": return lastWeek(check, sources);
		}
	}
	return {
		of(check) {
			const asked = known.get(check.name) ?? read(check);
			known.set(check.name, asked);
			return asked;
		},
		async earlier() {
			const memory = await earlier;
			return memory === void 0 || "why" in memory ? void 0 : memory;
		}
	};
}
async function whileBuilding(check, sources) {
	const { old, startedAt } = sources;
	if (check.source.kind === "metric" || check.source.kind === "logs") {
		const to = old.seenUntil ?? startedAt();
		const from = Math.min(startedAt(), to - BEFORE_MS);
		return ofPast(check, await sources.past(check, {
			from,
			to
		}), "the old version while building");
	}
	const measured = old.measured(check);
	const rows = old.rows(check);
	if (measured === void 0 && rows === void 0) return {
		kind: "none",
		why: old.seenUntil === void 0 ? "the gate came when the old version was no longer alone" : "the old version could not be measured while the new one was built",
		isYet: false
	};
	const samples = measured?.samples() ?? 0;
	return {
		kind: "known",
		values: measured?.values() ?? {},
		from: `the old version while building, ${samples} ${samples === 1 ? "sample" : "samples"}`,
		...rows === void 0 ? {} : { rows }
	};
}
async function lastWeek(check, sources) {
	const at = sources.liveAt() - WEEK_MS;
	const window = {
		from: at - HALF_HOUR_MS,
		to: at + HALF_HOUR_MS
	};
	const blemish = await sources.blemish(window);
	if (blemish !== void 0) return {
		kind: "none",
		...blemish
	};
	return ofPast(check, await sources.past(check, window), "the same hour last week");
}
function ofPast(check, past, from) {
	if ("why" in past) return {
		kind: "none",
		why: `${from}: ${past.why}`,
		isYet: false
	};
	const amount = Math.max(0, ...Object.values(past.values).map((numbers) => numbers.length));
	const values = [
		...check.pass,
		...check.warn,
		...check.fail
	].flatMap(({ subject }) => {
		const name = String(subject.path[0]);
		const numbers = Object.hasOwn(past.values, name) ? past.values[name] ?? [] : [];
		const value = subject.kind === "path" ? medianOf(numbers) : callOf(subject, numbers);
		return value === void 0 ? [] : [[subjectText(subject), value]];
	});
	if (values.length === 0) return {
		kind: "none",
		why: `${from} has no number`,
		isYet: false
	};
	return {
		kind: "known",
		values: Object.fromEntries(values),
		from: `${from}, ${amount} ${amount === 1 ? "value" : "values"}`
	};
}
function callOf({ name }, numbers) {
	if (name === "len" || name === "has" || name === "trend") return void 0;
	const read = seriesValue(name, numbers.map((value) => ({
		at: 0,
		value
	})), {
		at: 0,
		since: 0
	});
	return "value" in read ? read.value : void 0;
}
// src/gate/old-intervals.ts
const MOST_LINES = 1e3;
async function readOldIntervals(run, check, window) {
	const { source } = check;
	const { service, edges, signal } = run;
	if (source.kind !== "logs" || (source.count ?? source.rate) === void 0) return {
		kind: "none",
		why: "the check counts no lines by interval"
	};
	const levels = source.levels.includes("info") ? [] : source.levels;
	const patterns = source.count === void 0 || source.rate !== void 0 ? [] : [source.count.pattern];
	const query = {
		ownerId: service.ownerId,
		serviceId: service.id,
		types: [source.type],
		...window,
		signal
	};
	const texts = patterns.length === 0 ? void 0 : filterTexts(patterns)?.[0];
	try {
		const found = await edges.logs.read({
			...query,
			...levels.length === 0 ? {} : { levels },
			...texts === void 0 ? {} : { texts },
			maxLines: MOST_LINES,
			direction: "forward"
		});
		if (!found.complete) return {
			kind: "none",
			why: `more than ${MOST_LINES} lines were written then`
		};
		if (found.lines.length === 0) {
			if ((await edges.logs.read({
				...query,
				types: ["app", source.type],
				maxLines: 1
			})).lines.length === 0) return {
				kind: "none",
				why: "no log line of that time is kept"
			};
		}
		const values = intervalValues(found.lines, {
			source,
			...window,
			hasInstances: hasInstances(service)
		});
		return Object.values(values).every((numbers) => numbers.length > 0) ? {
			kind: "known",
			values
		} : {
			kind: "none",
			why: "no interval is full in that time"
		};
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		return {
			kind: "none",
			why: error.message
		};
	}
}
// src/gate/watch-baselines.ts
const MINUTE_MS = 6e4;
function createWatchBaselines(run, about) {
	const { facts, list, metrics, old } = about;
	const [stage] = run.plan.stages;
	const served = () => servedCommits({
		deploys: list.deploys,
		commit: run.commit,
		...run.deployId === void 0 ? {} : { deployId: run.deployId }
	});
	const startedAt = () => facts.deploy?.startedAt ?? facts.deploy?.createdAt ?? run.startedAt;
	function isOldInstance(instanceId, at) {
		const suffix = instanceId.slice(instanceId.lastIndexOf("-") + 1);
		const isNew = facts.deploy && isNewAt(facts.instances, {
			suffix,
			at
		}, facts.deploy);
		return isNew === void 0 ? at < startedAt() : !isNew;
	}
	async function past(check, window) {
		const { source } = check;
		if (source.kind !== "metric") {
			const found = await readOldIntervals(run, check, window);
			return found.kind === "known" ? { values: found.values } : { why: found.why };
		}
		try {
			const everyMs = Math.max(MINUTE_MS, stage === void 0 ? 0 : beatMs(check, stage));
			const isCounted = window.to <= startedAt() ? {} : { isCounted: isOldInstance };
			const found = await readMetricWindow(metrics, {
				source,
				...window,
				everyMs,
				...isCounted
			});
			if (found.kind === "none") return { why: found.why };
			const totals = found.points.flatMap(({ total }) => total === void 0 ? [] : [total]);
			return { values: {
				value: found.points.map(({ value }) => value),
				total: totals
			} };
		} catch (error) {
			if (!(error instanceof ServiceProblem)) throw error;
			return { why: error.message };
		}
	}
	return createBaselines({
		old,
		hasPrevious: () => served().length > 0,
		startedAt,
		liveAt: () => facts.liveAt ?? run.edges.clock.now(),
		past,
		blemish: (window) => blemishOf(run, window),
		earlier: () => readEarlierGates(run, served()),
		hasOldFailed: () => hasFailed$1(run, served()[0])
	});
}
// src/gate/watch-stages.ts
async function watchStages(run, options) {
	const [first, ...more] = options.stages;
	const own = (stage) => checksOf(run.plan.checks, stage);
	const withChecks = [first, ...more].filter((stage) => own(stage).length > 0);
	const finished = [];
	const results = [];
	let last;
	let cutShort;
	for (const stage of withChecks.length === 0 ? [first] : withChecks) {
		const { deploy = options.deploy } = options.facts;
		last = await watchStage(run, {
			...options,
			deploy,
			stage,
			checks: own(stage),
			isFirst: last === void 0,
			freshMs: first.forMs
		});
		results.push(last.results);
		if (last.ending.kind === "replaced" || last.ending.kind === "unsure") {
			cutShort = {
				name: stage.name,
				ending: last.ending,
				results: last.results
			};
			break;
		}
		const decision = watchVerdict(last.ending, last.results);
		finished.push({
			stage: {
				name: stage.name,
				from: last.from,
				to: last.to,
				verdict: decision.verdict
			},
			decision
		});
		if (decision.verdict === "fail") break;
	}
	if (last === void 0) throw new Error("a watch has a stage");
	const decision = stagesVerdict(finished, cutShort);
	const unsure = last.ending.kind === "unsure" && cutShort !== void 0 ? [{
		name: cutShort.name,
		from: last.from,
		to: last.to,
		verdict: watchVerdict(last.ending, last.results).verdict
	}] : [];
	const order = run.plan.checks.map(({ name }) => name);
	return {
		decision,
		stages: [...finished.map(({ stage }) => stage), ...unsure],
		ended: finished,
		results: mergedResults(results).toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name)),
		last
	};
}
// src/gate/judge.ts
async function judge(run, about) {
	const facts = {
		deploy: void 0,
		liveAt: void 0,
		instances: NO_INSTANCES,
		rereadTo: void 0
	};
	const logs = createWatchLogs(run, facts);
	try {
		return await followAndWatch(run, {
			...about,
			facts,
			...logs
		});
	} finally {
		logs.reader?.stop();
	}
}
async function followAndWatch(run, tools) {
	const { plan } = run;
	const { commit, freeze, facts, book, oldLogs, reader } = tools;
	const list = createDeployList(run, commit);
	const metrics = createMetricReader(run);
	const counted = new Map();
	const sampler = createSampler(run, {
		book,
		customDomains: await customDomains(run),
		metrics,
		counted
	});
	const old = createOldVersion(run, {
		sampler,
		liveSince: () => liveSince(run, list)
	});
	const baselines = createWatchBaselines(run, {
		old,
		list,
		facts,
		metrics
	});
	const followed = await followDeploy(run, {
		list,
		commit,
		freeze,
		changedFiles: (servedBefore) => changedFiles(run, servedBefore),
		onTurn(deploy, instances) {
			facts.deploy = deploy ?? facts.deploy;
			facts.instances = instances;
			book.reclassify();
			if (deploy !== void 0) {
				reader?.start(deploy.startedAt ?? deploy.createdAt);
				oldLogs.begin(deploy, list.deploys);
			}
			reader?.turn();
			old.look(deploy);
		},
		wakeSignal: () => reader?.wakeSignal() ?? new AbortController().signal
	});
	facts.instances = followed.instances;
	const { ending } = followed;
	const reading = rangeOf(run, followed);
	const judged = async (outcome, remedy) => {
		const range = await reading;
		return {
			outcome,
			list,
			preDeployFailed: "deploy" in ending && ending.deploy?.status === "pre_deploy_failed",
			passedOnOld: new Set([...old.findings].flatMap(([name, { outcome: found }]) => found === "pass" ? [name] : [])),
			...remedy === void 0 ? {} : { remedy },
			...range === void 0 ? {} : { range }
		};
	};
	const stepOf = (remedy) => plan.remedies[remedy]?.steps[0]?.kind ?? remedy;
	const base = baseOutcome(run, followed);
	if (ending.kind !== "live") {
		const { calls, held, ...decision } = deployVerdict(ending);
		const { onFail } = plan.deploy;
		const heldBack = held === void 0 || onFail === "alert" ? [] : [{
			kind: stepOf(onFail),
			state: "held",
			reason: held
		}];
		const deployEvidence = ending.kind === "failed" ? await failureEvidence(run, {
			deploy: ending.deploy,
			instances: facts.instances
		}) : [];
		return judged({
			...base,
			...decision,
			deployEvidence,
			actions: [...base.actions, ...heldBack]
		}, calls && onFail !== "alert" ? onFail : void 0);
	}
	const [first, ...more] = inlineStages(plan.stages, run.inlineMs);
	const later = plan.stages.slice(1 + more.length).filter((stage) => checksOf(plan.checks, stage).length > 0);
	if (first === void 0) return judged({
		...base,
		reason: "no stage is configured"
	});
	const memory = createWatchMemory();
	const watched = await watchStages(run, {
		stages: [first, ...more],
		deploy: ending.deploy,
		list,
		facts,
		sampler,
		book,
		memory,
		diagnoses: createDiagnoses(run),
		baselineOf: (check) => baselines.of(check),
		hasRemedy: (check, finding) => check.onFail !== "alert" && !brokenBefore(old.findings.get(check.name), finding),
		...reader === void 0 ? {} : { reader }
	});
	const { last } = watched;
	const spots = await spotsOf(run, {
		book,
		results: last.results
	});
	const remedy = remedyFor(last.ending, last.results, old.findings);
	const hasFailed = watched.results.some(({ verdict }) => verdict === "fail");
	const numbers = {
		commit: run.commit,
		at: run.edges.clock.now(),
		...memory.measured()
	};
	const measured = hasFailed ? void 0 : gateMemory(numbers, await baselines.earlier());
	const isOpen = later.length > 0 && !hasFailed && last.ending.kind !== "replaced";
	const heldBack = remedy.held.map((action) => ({
		...action,
		kind: stepOf(action.kind)
	}));
	const found = await judged({
		...base,
		...watchedOutcome(run, watched),
		spots,
		actions: [...base.actions, ...heldBack],
		...measured === void 0 ? {} : { measured },
		...isOpen ? { laterStages: later.map(({ name }) => name) } : {}
	}, remedy.name);
	if (!isOpen) return found;
	const left = {
		first: ending.deploy,
		watched,
		commit,
		previousCommit: base.previousCommit,
		facts,
		memory,
		book,
		counted,
		baselines,
		old
	};
	return {
		...found,
		watch: () => leftWatch(run, left)
	};
}
async function changedFiles(run, servedBefore) {
	const before = run.before ?? servedBefore;
	if (before === void 0) return void 0;
	const comparison = await run.edges.forge.compare(before, run.commit);
	if (comparison === void 0 || comparison.filesCut || comparison.relation !== "ahead") return void 0;
	return comparison.files.flatMap((file) => file.previousPath === void 0 ? [file.path] : [file.path, file.previousPath]);
}
async function rangeOf(run, followed) {
	const sha = followed.previous?.commit?.sha;
	if (sha === void 0) return void 0;
	try {
		return await run.edges.forge.compare(sha, run.commit);
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		run.teller.note(`The range since the previous deploy could not be read: ${error.message}`);
		return;
	}
}
function liveSince(run, { deploys }) {
	const id = run.deployId === void 0 ? {} : { deployId: run.deployId };
	const previous = servedBefore({
		deploys,
		commit: run.commit,
		...id
	});
	return previous?.finishedAt ?? previous?.createdAt;
}
// src/gate/leaving.ts
async function startLeaving(run, told) {
	const { plan, edges, teller, service } = run;
	const inline = inlineStages(plan.stages, run.inlineMs).length;
	const later = plan.stages.slice(inline).filter((stage) => checksOf(plan.checks, stage).length > 0);
	const last = later.at(-1);
	if (last === void 0) return {
		keep: ({ outcome }) => Promise.resolve(outcome),
		leave: () => Promise.resolve()
	};
	const indexing = {
		forge: edges.forge,
		note: (text) => teller.note(text)
	};
	const { appearWithinMs, liveWithinMs } = plan.deploy;
	const index = await openIndex(indexing, told, {
		service,
		...plan.file === void 0 ? {} : { config: plan.file },
		stages: later.map(({ name }) => name),
		until: edges.clock.now() + appearWithinMs + liveWithinMs + last.forMs
	});
	let isLeft = false;
	return {
		async keep({ outcome, watch }) {
			const { watch: earlier } = told.book.current ?? {};
			if (index === void 0 || watch === void 0) {
				if (earlier !== void 0) told.book.change({
					service: service.id,
					watch: void 0
				});
				const { laterStages: _, ...rest } = outcome;
				return rest;
			}
			const state = goingOn(await watch(), earlier);
			const windows = windowsLeft(run, state);
			const now = edges.clock.now();
			if (isRepeated(told, outcome) && windows.every(({ to }) => to < now)) {
				teller.note("The stages after this job's were over before it ran again, and are not watched twice");
				const { laterStages: _, ...rest } = outcome;
				return rest;
			}
			told.book.change({
				service: service.id,
				watch: state
			});
			isLeft = true;
			return {
				...outcome,
				laterStages: windows.map(({ stage }) => stage.name),
				...openTimes(windows, now)
			};
		},
		async leave(outcome) {
			if (index === void 0 || isLeft) return;
			const url = told.checkRun?.url;
			await closeIndex(indexing, index, {
				verdict: outcome.verdict,
				sentence: verdictSentence(outcome),
				...url === void 0 ? {} : { url }
			});
		}
	};
}
function goingOn(own, earlier) {
	if (earlier === void 0 || earlier.over !== void 0 || earlier.deploy.id !== own.deploy.id) return own;
	const isOwn = (name) => own.ended.some((stage) => stage.name === name);
	return {
		...earlier,
		ended: [...own.ended, ...earlier.ended.filter(({ name }) => !isOwn(name))]
	};
}
function isRepeated({ state }, { deploy }) {
	if (state.kind !== "state" || state.state.watch !== void 0) return false;
	return state.state.verdict !== void 0 && state.state.deploy === deploy?.id;
}
// src/gate/overdue.ts
const MOST_CLOSED = 5;
async function closeOverdue(run) {
	const { forge, clock } = run.edges;
	const settling = [];
	const indexing = {
		forge,
		note: (text) => run.teller.note(text)
	};
	try {
		const { watches } = await listIndex(indexing);
		const overdue = watches.filter(({ entry }) => clock.now() > entry.until + OVERDUE_MS$1);
		for (const watch of overdue.slice(0, MOST_CLOSED)) settling.push(await close(run, watch));
		for (const watch of watches.filter((one) => !overdue.includes(one))) await renewIndex(indexing, watch);
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
	}
	return async () => void await Promise.all(settling.map((settle) => settle()));
}
const QUIET = () => Promise.resolve();
async function close(run, watch) {
	const { forge } = run.edges;
	const { entry, record } = watch;
	const checkRun = await gateCheckRun({
		edges: run.edges,
		service: entry
	}, record.sha);
	const kept = decodeState(checkRun?.text ?? "");
	const state = kept.kind === "state" ? kept.state : void 0;
	if (state !== void 0 && isOfAnother(state, watch)) {
		await closeLost(run.edges, run, {
			indexed: watch,
			why: "its check run is that of another watch",
			isForeign: true
		});
		return QUIET;
	}
	const { verdict, watch: left } = state ?? {};
	const isOpen = left !== void 0 && left.over === void 0;
	if (verdict !== void 0 && !isOpen) {
		const now = run.edges.clock.now();
		if (left !== void 0 && isWaiting(left, {
			verdict,
			mode: left.mode,
			now
		})) return QUIET;
		await closeIndex({
			forge,
			note: (text) => run.teller.note(text)
		}, watch, {
			verdict,
			sentence: `Ended as ${verdict}`
		});
		return QUIET;
	}
	const claim = newClaim(run);
	if ((await claimWatch(run.edges, record.id, claim)).kind !== "mine") return QUIET;
	const why = `nobody has looked since ${dateTimeText(state?.watch?.at ?? record.createdAt)} UTC, and its last stage was over by ${dateTimeText(entry.until)} UTC`;
	const lost = {
		indexed: watch,
		why,
		...checkRun === void 0 ? {} : { checkRun }
	};
	const outcome = await closeLost(run.edges, run, lost);
	run.teller.moment(`Closed the overdue watch of ${entry.name} at ${record.sha.slice(0, 7)}: ${why}`);
	if (entry.service !== run.service.id) return QUIET;
	const note = (text) => run.teller.note(text);
	return tellLost(run.edges, {
		plan: run.plan,
		runUrl: run.runUrl,
		note,
		outcome,
		checkRun
	});
}
// src/gate/story.ts
async function earlierCall(run, told, left) {
	if (left === void 0 || run.mode !== "enforce") return void 0;
	if (left.finished && !left.steps.some(isRolledBack)) return void 0;
	const called = await judgedBefore(run, told, left);
	return called === void 0 ? void 0 : withFailedAgain(called);
}
async function judgeAlone(run, told, about) {
	const judged = await judge(run, about);
	const { verdict } = judged.outcome;
	if (verdict !== "fail" && verdict !== "unknown") return judged;
	return await earlierCall(run, told, await begunMeanwhile(run, told)) ?? judged;
}
async function story(run, told, at) {
	const { edges, teller, service } = run;
	const { course } = at;
	teller.moment(`Gating ${run.commit.slice(0, 7)} of ${service.name} (${service.id}), mode ${run.mode}`);
	await refuseUnwatchable(run, run.plan.checks);
	const commit = await readCommit(run, run.commit);
	if (service.autoDeployTrigger === "checksPass") {
		const list = createDeployList(run, commit);
		await list.look();
		refuseDeadlock(run, ownDeploys({
			deploys: list.deploys,
			commit: run.commit,
			...run.deployId === void 0 ? {} : { deployId: run.deployId }
		}));
	}
	const warned = warnAboutOthers(run, told.name);
	warned.catch(() => void 0);
	const closed = closeOverdue(run);
	closed.catch(() => void 0);
	const freeze = createFreezeWatch(run, {
		own: told,
		finishOther: (other, state) => finishOther(run, {
			told: other,
			state
		})
	});
	const left = told.state.kind === "state" ? told.state.state.remedy : void 0;
	const leaving = await startLeaving(run, told);
	const issue = createTrackingIssue(run, told);
	const opened = issue.open({
		...newOutcome(run),
		reason: "the deploy is being watched"
	});
	opened.catch(() => void 0);
	const judged = await earlierCall(run, told, left) ?? await judgeAlone(run, told, {
		commit,
		freeze
	});
	const [, lostTold] = await Promise.all([warned, closed]);
	teller.stop();
	for (const result of judged.outcome.checks) teller.line(resultLine(result));
	const concluded = await conclude(run, {
		judged: {
			...judged,
			outcome: await leaving.keep(judged)
		},
		commit,
		told,
		course,
		publisher: at.publisher,
		freeze
	});
	await opened;
	const before = JSON.stringify(told.book.current);
	const outcome = await communicate(run, told, {
		outcome: concluded,
		issue,
		notifier: course.notifier,
		isOver: concluded.nextLookAt === void 0
	});
	if (JSON.stringify(told.book.current) !== before) await publishActions(writerOf(edges, course), told, outcome);
	await leaving.leave(outcome);
	await lostTold();
	return {
		...outcome,
		endedAt: edges.clock.now(),
		requests: edges.requests(),
		notes: teller.notes,
		timeline: teller.timeline
	};
}
export { orderedRemedy as $, isIssueAbout as $t, watchAfter as A, withoutSkipPhrases as An, createDiagnoses as At, windowsLeft as B, idOf as Bt, tellLost as C, revertPlan as Cn, isUndecided as Ct, keepState as D, matchesGlob as Dn, createWatchMemory as Dt, renewIndex as E, patchBranch as En, inOrder as Et, keptOutcome as F, hasServed as Fn, watchVerdict as Ft, stagesVerdict as G, addSection as Gt, beatAfter as H, START_SLACK_MS as Ht, lookOutcome as I, isRunning as In, brokenBefore as It, judgedBefore as J, lacksLabels as Jt, finishOther as K, createPull as Kt, openTimes as L, ownDeploys as Ln, askedAlone as Lt, restoredWatch as M, doneOf as Mn, relationOf as Mt, withoutPast as N, rollbackOf as Nn, customDomains as Nt, keptMoments as O, actGuard as On, createSampler as Ot, holdText as P, withDone as Pn, remedyFor as Pt, approvedPlan as Q, ISSUE_LABEL as Qt, overdueOutcome as R, NO_INSTANCES as Rt, lostOutcome as S, revertBranchPrefix as Sn, extensionMs as St, listIndex as T, PATCH_TRAILER as Tn, dependentsOf as Tt, beatOf as U, decorateIssue as Ut, asLooked as V, NOT_THINNED as Vt, isRetained as W, openMarked as Wt, prepareRemedy as X, openedText as Xt, carryOut as Y, openFirst as Yt, deployFacts as Z, pullOf as Zt, createOldLogs as _, markedSection as _n, watchStage as _t, spotsOf as a, bodyText as an, keepTold as at, closeLost as b, isGateRevert as bn, createBoard as bt, hasUntold as c, pullRequestBody as cn, cleanUpBranch as ct, dueUpdate as d, revertCommitMessage as dn, isRefusal as dt, issueBody as en, withDeeds as et, verdictOf as f, serviceComment as fn, freezeService as ft, logFactsOf as g, hasServiceSection as gn, offSetting as gt, wantsFreshWindow as h, BODY_MAX as hn, formerSetting as ht, commandFacts as i, bodyCode as in, isWaiting as it, factsOf as j, broughtNoCode as jn, createDeployList as jt, keptResults as k, messageText as kn, EXCUSING_EVENTS as kt, isCleanUpDue as l, pullRequestTitle as ln, cleanUpGuard as lt, stillOpen as m, shellWord as mn, liftFreeze as mt, readAnswers as n, issueTitle as nn, newClaim as nt, conclude as o, commitCode as on, toldSoFar as ot, OVERDUE_MS$1 as p, serviceSection as pn, frozenAction as pt, isRolledBack as q, decorate as qt, tellAnswers as r, updatedIssueBody as rn, releaseWatch as rt, communicate as s, listText as sn, afterKey as st, story as t, issueMarker as tn, claimWatch as tt, tellsPeople as u, revertByHand as un, hitRules as ut, createLogWindows as v, REVERT_BRANCH_PREFIX as vn, createLiveLook as vt, closeIndex as w, PATCH_BRANCH_PREFIX as wn, dependenciesOf as wt, isOfAnother as x, revertBranch as xn, isBackwards as xt, createTrackingIssue as y, firstParents as yn, liveTime as yt, SETTLE_MS$1 as z, createLogBook as zt };
