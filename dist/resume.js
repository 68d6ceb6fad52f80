import { C as createNotifier, D as completedPlan, Dn as effectivePlan, F as publishActions, I as publishStatus, L as publishVerdict, N as gateCheckRun, Nt as decodeState, O as loadPlan, P as keptTold, Pt as encodeState, S as NOTHING_TOLD, Tn as ServiceProblem, _ as Canceled, _t as backFilled, b as MESSAGES_MS, c as isPassing, en as worstOf, f as publishJob, fn as failureLine, g as reportJson, gn as codeSpan, gt as SURELY_KEPT_MS, h as writerOf, ln as clockText, lt as verdictSentence, m as untilCanceled, n as readCommit, o as createTeller, pn as mistakeLine, s as guardedForge, st as resultSentence, u as letGo, un as dateTimeText, v as goOn, vn as inlineText, vt as withGap, wn as ConfigProblem, x as tellPeople } from "./start.js";
import { C as cutText, G as amountText, Q as excerpt, W as logText, et as shortSha, i as seriesValue } from "./words.js";
import { $ as orderedRemedy, A as watchAfter, At as createDiagnoses, B as windowsLeft, Bt as idOf, C as tellLost, Ct as isUndecided, D as keepState, E as renewIndex, Et as inOrder, F as keptOutcome, Fn as hasServed, Ft as watchVerdict, G as stagesVerdict, H as beatAfter, I as lookOutcome, It as brokenBefore, J as judgedBefore, K as finishOther, L as openTimes, Ln as ownDeploys, M as restoredWatch, Mt as relationOf, N as withoutPast, Nt as customDomains, O as keptMoments, Ot as createSampler, P as holdText, Pt as remedyFor, Q as approvedPlan, R as overdueOutcome, S as lostOutcome, St as extensionMs, T as listIndex, Tt as dependentsOf, U as beatOf, V as asLooked, Vt as NOT_THINNED, W as isRetained, X as prepareRemedy, Y as carryOut, Z as deployFacts, _ as createOldLogs, a as spotsOf, at as keepTold, b as closeLost, bt as createBoard, c as hasUntold, d as dueUpdate, et as withDeeds, f as verdictOf, g as logFactsOf, h as wantsFreshWindow, i as commandFacts, it as isWaiting, j as factsOf, jn as broughtNoCode, jt as createDeployList, k as keptResults, kt as EXCUSING_EVENTS, l as isCleanUpDue, m as stillOpen, mt as liftFreeze, n as readAnswers, nt as newClaim, o as conclude, ot as toldSoFar, p as OVERDUE_MS, q as isRolledBack, r as tellAnswers, rt as releaseWatch, s as communicate, tt as claimWatch, u as tellsPeople, v as createLogWindows, vt as createLiveLook, w as closeIndex, wt as dependenciesOf, x as isOfAnother, xt as isBackwards, y as createTrackingIssue, yt as liveTime, z as SETTLE_MS, zt as createLogBook } from "./watch.js";
import { c as matcherOf, d as beatMs, f as checksOf, u as plainText } from "./config.js";
// src/report/watches.ts
function watchesSummary(lines) {
	if (lines.length === 0) return "## No watch is open\n\nNothing was looked at.";
	const rows = lines.map(({ service, commit, what, nextLookAt }) => `| ${inlineText(excerpt(service, 100))} | ${codeSpan(shortSha(commit))} | ${inlineText(excerpt(what, 300))} | ${nextLookAt === void 0 ? "" : `${dateTimeText(nextLookAt)} UTC`} |`);
	return [
		`## ${lines.length === 1 ? "1 open watch" : `${lines.length} open watches`}`,
		"",
		"| service | commit | this look | next look |",
		"| --- | --- | --- | --- |",
		...rows
	].join("\n");
}
// src/gate/look-queue.ts
const LONGEST_RUN_MS = 6e5;
const SHARE_OF_GATES = .1;
function whyStop(edges, startedAt) {
	const now = edges.clock.now();
	const { limit, remaining, resetAt } = edges.githubHour();
	if (limit !== void 0 && remaining !== void 0 && (resetAt ?? 1e400) > now && remaining <= limit * SHARE_OF_GATES) return `of the ${limit} GitHub requests an hour that this token has, only ${remaining} are left${resetAt === void 0 ? "" : ` until ${clockText(resetAt)} UTC`}, and those are for gates`;
	return now - startedAt >= LONGEST_RUN_MS ? `this run has been at work for ${LONGEST_RUN_MS / 6e4} minutes` : void 0;
}
async function lookQueue(edges, watches, mayGoOn) {
	const queue = [];
	for (const indexed of watches) {
		const checkRun = watches.length > 1 && mayGoOn() ? await readCheckRun(edges, indexed) : void 0;
		const decoded = decodeState(checkRun?.text ?? "");
		const at = decoded.kind === "state" ? decoded.state.watch?.at ?? 0 : 0;
		queue.push({
			watch: {
				indexed,
				...checkRun === void 0 ? {} : { checkRun }
			},
			at
		});
	}
	return queue.toSorted((a, b) => a.at - b.at).map(({ watch }) => watch);
}
async function readCheckRun(edges, { entry, record }) {
	try {
		return await gateCheckRun({
			edges,
			service: entry
		}, record.sha);
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		return;
	}
}
// src/gate/read-once.ts
function once(read, isKept = () => true) {
	const known = new Map();
	return (...given) => {
		if (!isKept(...given)) return read(...given);
		const key = JSON.stringify(given);
		const answer = known.get(key) ?? read(...given);
		known.set(key, answer);
		answer.catch(() => known.delete(key));
		return answer;
	};
}
const isSha = (ref) => /^[0-9a-f]{40}$/.test(ref);
function readingOnce(edges) {
	const { forge } = edges;
	return {
		...edges,
		forge: {
			...forge,
			file: once(forge.file, (_path, ref) => isSha(ref)),
			commit: once(forge.commit, isSha),
			tree: once(forge.tree, isSha),
			pullsOfCommit: once(forge.pullsOfCommit),
			compare: once(forge.compare, (base, head) => isSha(base) && isSha(head))
		}
	};
}
// src/gate/alone.ts
async function alone({ run, indexed, told, state }, isExclusive, work) {
	const { edges } = run;
	const { id } = indexed.record;
	const claim = isExclusive ? newClaim(run) : void 0;
	const release = async () => {
		try {
			if (claim !== void 0) await releaseWatch(edges, id, claim);
		} catch (error) {
			if (!(error instanceof ServiceProblem || error instanceof Canceled)) throw error;
		}
	};
	if (claim !== void 0) {
		const answer = await claimWatch(edges, id, claim);
		if (answer.kind === "taken") return {
			kind: "left",
			why: `${answer.by} is at work on it`
		};
		if (answer.kind === "closed") return {
			kind: "left",
			why: "another run has closed it"
		};
	}
	if (await hasMoved(run, state)) {
		await release();
		return {
			kind: "left",
			why: "another run has written meanwhile"
		};
	}
	goOn(run);
	const done = await work();
	if (done.kind === "told" && told.book.current?.watch?.isOwed === true) return {
		...done,
		release
	};
	await release();
	return done;
}
async function hasMoved(run, state) {
	const written = decodeState((await gateCheckRun(run, run.commit))?.text ?? "");
	return JSON.stringify(written) !== JSON.stringify(decodeState(encodeState(state)));
}
// src/gate/ended-watch.ts
const MOST_REASON = 300;
function endedWatch(watch, outcome, now) {
	const { lines: _lines, hold: _hold, ...rest } = watch;
	const reasons = new Map(watch.ended.map(({ name, reason }) => [name, reason]));
	const reason = cutText(outcome.reason, MOST_REASON);
	return {
		...rest,
		over: now,
		reason,
		isOwed: true,
		ended: outcome.stages.map((stage) => ({
			...stage,
			reason: reasons.get(stage.name) ?? reason
		})),
		results: keptResults(outcome.checks),
		coverage: outcome.coverage ?? [],
		open: [],
		judgedTo: {},
		checks: {},
		baselines: {},
		counted: {}
	};
}
function standingOutcome({ run, told, state }, watch) {
	const { verdict = "unknown", remedy } = told.book.current ?? state;
	const kept = keptOutcome(run, watch);
	const isOpen = watch.over === void 0;
	const windows = isOpen ? windowsLeft(run, watch) : [];
	const { deploy, deployUrl } = deployFacts(run, factsOf(watch).deploy);
	return {
		...kept,
		...deployUrl === void 0 ? {} : { deployUrl },
		...deploy === void 0 ? {} : { deploy: isOpen ? deploy : {
			...deploy,
			status: ""
		} },
		verdict,
		reason: watch.reason ?? watch.ended.findLast((stage) => stage.verdict === verdict)?.reason ?? "",
		checks: withFailed(kept.checks, verdict === "fail" ? remedy : void 0),
		laterStages: windows.map(({ stage }) => stage.name),
		...openTimes(windows, run.edges.clock.now()),
		...rolledBack(remedy)
	};
}
function withFailed(checks, remedy) {
	return checks.map((check) => {
		const at = remedy?.failed.findIndex(({ name }) => name === check.name) ?? -1;
		const failed = remedy?.failed[at];
		return failed === void 0 ? check : {
			...check,
			...failed,
			verdict: "fail",
			evidence: at === 0 ? remedy?.evidence ?? [] : []
		};
	});
}
function rolledBack(remedy) {
	const deploy = remedy?.steps.find(isRolledBack)?.deploy;
	return deploy === void 0 ? {} : { rollbackDeployId: deploy };
}
function withRemedy(watch, remedy) {
	const done = (remedy?.steps ?? []).flatMap(({ actions }) => actions);
	return done.length === 0 ? watch : {
		...watch,
		deeds: withDeeds(watch.deeds ?? [], done)
	};
}
// src/gate/open-watch.ts
const LONGEST_JOB_MS = 216e5;
const CAUTION = [
	"observe",
	"advise",
	"enforce"
];
async function openWatch(edges, start, about) {
	const { indexed, course, publisher } = about;
	const { entry, record } = indexed;
	const commit = record.sha;
	course.commit = commit;
	course.serviceName = entry.name;
	const checkRun = about.checkRun ?? await gateCheckRun({
		edges,
		service: entry
	}, commit);
	const lost = (why) => ({
		indexed,
		why,
		isLost: true,
		...checkRun === void 0 ? {} : { checkRun }
	});
	if (checkRun === void 0) return lost("its check run is gone");
	const told = keptTold({
		checkRun,
		service: entry.name,
		commit,
		mode: "enforce",
		runUrl: start.runUrl
	});
	if (told.state.kind === "damaged") return {
		...lost(`what it kept cannot be read: ${told.state.why}`),
		isLost: told.state.isNewer !== true
	};
	const kept = told.state.kind === "state" ? told.state : void 0;
	if (kept !== void 0 && kept.state.commit !== commit) return lost(`what it kept is of another commit, ${kept.state.commit.slice(0, 7)}`);
	if (kept !== void 0 && isOfAnother(kept.state, indexed)) return {
		indexed,
		why: `its check run is that of ${kept.state.service}`,
		isLost: true,
		isForeign: true
	};
	const { watch, verdict } = kept?.state ?? {};
	if (checkRun.status !== "completed" && edges.clock.now() - Math.max(record.createdAt, watch?.at ?? 0) < 216e5) return {
		indexed,
		checkRun,
		why: "its own job is still at work",
		isLost: false
	};
	if (kept === void 0 || watch === void 0 && verdict === void 0) return lost("the job that began it ended before it had left anything");
	const { state } = kept;
	const service = await serviceOf(edges, indexed);
	const config = watch === void 0 ? entry.config : watch.config;
	const plan = await completedPlan(await planOf(edges, start, {
		indexed,
		config
	}), service);
	const mode = moreCareful(plan.mode, state.watch?.mode ?? plan.mode);
	course.mode = mode;
	course.service = service;
	const teller = createTeller(edges, {
		serviceName: service.name,
		commit
	});
	course.teller = teller;
	course.notifier = createNotifier({
		...edges,
		forge: publisher.forge
	}, {
		plan,
		runUrl: start.runUrl,
		note: (text) => teller.note(text)
	});
	const run = {
		edges,
		plan,
		mode,
		commit,
		service,
		runSha: start.runSha,
		runUrl: start.runUrl,
		startedAt: watch?.startedAt ?? course.startedAt,
		inlineMs: start.inlineMs,
		signal: start.signal,
		teller,
		...watch?.isAssumed === void 0 ? {} : { isAssumed: watch.isAssumed },
		...watch?.deployId === void 0 ? {} : { deployId: watch.deployId }
	};
	const own = {
		...told,
		mode
	};
	course.opening = Promise.resolve(own);
	return {
		indexed,
		told: own,
		course,
		state,
		checkRun,
		run,
		issue: createTrackingIssue(run, own)
	};
}
async function serviceOf(edges, { entry }) {
	const service = await edges.deploys.service(entry.service);
	if (service !== void 0) return service;
	throw new ConfigProblem([{
		message: `The service "${entry.name}" (${entry.service}), of which a watch is open, does not exist, or the Render API key cannot see it.`,
		hint: `Resume it with a key of its workspace, or narrow this step with the input "service".`
	}]);
}
async function planOf(edges, start, { indexed, config }) {
	const { env, inputs } = start;
	const { entry, record } = indexed;
	const loaded = await loadPlan(edges, {
		path: config,
		commit: record.sha,
		env
	});
	for (const secret of loaded.plan?.secrets ?? []) edges.runner.mask(secret);
	for (const warning of loaded.warnings ?? []) edges.runner.warning(mistakeLine(warning));
	const { mode } = inputs;
	const merged = loaded.plan && effectivePlan(loaded.plan, {
		service: entry.service,
		...mode === void 0 ? {} : { mode }
	});
	const mistakes = [...loaded.mistakes, ...merged?.ok === false ? merged.mistakes : []];
	if (mistakes.length > 0 || merged?.ok !== true) throw new ConfigProblem(mistakes);
	return merged.plan;
}
function moreCareful(one, other) {
	return CAUTION.find((mode) => mode === one || mode === other) ?? "observe";
}
// src/gate/log-replay.ts
const FEW_LINES = 100;
const WHOLE_LINES = 900;
const SHORTEST_MS = 3e5;
const MOST_WINDOWS = 24;
async function readLogs(run, book, window) {
	const { service, signal, plan } = run;
	const types = [...new Set(["app", ...plan.checks.flatMap(({ source }) => source.kind === "logs" ? [source.type] : [])])];
	const lines = new Map();
	const buffer = {
		...book,
		add(line) {
			lines.set(idOf(line), line);
		}
	};
	const windows = createLogWindows(run, buffer, (from, to) => ({
		ownerId: service.ownerId,
		serviceId: service.id,
		types,
		from,
		to,
		signal
	}));
	const waiting = [window];
	let why;
	for (let reads = 0; waiting.length > 0; reads += 1) {
		const next = waiting.pop();
		if (next === void 0) break;
		if (reads === MOST_WINDOWS) {
			why = "more log lines matched than a look reads";
			break;
		}
		try {
			if (await windows.read(next, {
				most: FEW_LINES,
				whole: WHOLE_LINES,
				newFrom: next.from
			})) continue;
		} catch (error) {
			if (!(error instanceof ServiceProblem)) throw error;
			why = error.message;
			break;
		}
		const middle = Math.round((next.from + next.to) / 2);
		if (next.to - next.from <= SHORTEST_MS) {
			why = "more log lines matched at once than are read";
			break;
		}
		waiting.push({
			from: middle,
			to: next.to
		}, {
			from: next.from,
			to: middle
		});
	}
	const inOrder = [...lines.values()].toSorted((a, b) => a.at - b.at);
	let given = 0;
	return {
		thinned: windows.thinned(),
		lines: inOrder,
		...why === void 0 ? {} : { why },
		goTo(at) {
			for (;;) {
				const line = inOrder[given];
				if (line === void 0 || line.at > at) return;
				book.add(line);
				given += 1;
			}
		}
	};
}
// src/gate/look-logs.ts
const SHORTEST_KEPT_MS = 6048e5;
function createLookLogs(run, facts, kept) {
	const { plan, edges } = run;
	const hasLogs = plan.checks.some(({ source }) => source.kind === "logs");
	let replay;
	let thinned = NOT_THINNED;
	let gap;
	const createBook = () => createLogBook({
		checks: plan.checks,
		keep: edges.redact,
		facts: () => logFactsOf(run, facts, {
			knownTo: edges.clock.now(),
			thinned,
			gap
		}),
		...kept === void 0 ? {} : { kept }
	});
	const book = createBook();
	const oldLogs = createOldLogs(run, book, { isPatient: false });
	function failingBy(lines, to) {
		const trial = createBook();
		for (const line of lines) trial.add(line);
		const failing = plan.checks.filter((check) => check.source.kind === "logs" && trial.sample(check, to).kind === "ok");
		return new Set(failing.map(({ name }) => name));
	}
	return {
		book,
		async read(to, list) {
			const { deploy } = facts;
			if (!hasLogs || deploy === void 0) return void 0;
			const from = book.keptTo() ?? (deploy.startedAt ?? deploy.createdAt) - 1e3;
			if (from >= to) return void 0;
			const found = await readLogs(run, book, {
				from,
				to
			});
			replay = found;
			({thinned} = found);
			const keptFrom = edges.clock.now() - SHORTEST_KEPT_MS;
			gap = found.why;
			if (from < keptFrom && !found.lines.some(({ at }) => at < keptFrom)) gap ??= "no line of more than 7 days ago was found, and Render may have kept none";
			if (gap !== void 0) return {
				why: gap,
				failing: failingBy(found.lines, to)
			};
			const isKept = book.asksNew().some(({ name }) => book.firstMatch(name) !== void 0);
			const matchers = book.asksNew().flatMap(({ source }) => source.kind === "logs" ? source.forbid : []).flatMap(({ patterns }) => patterns.map((pattern) => matcherOf(pattern, "")));
			if (isKept || found.lines.some(({ message }) => {
				const plain = plainText(message);
				return matchers.some((matcher) => matcher.search(plain).found);
			})) await oldLogs.begin(deploy, list.deploys);
		},
		goTo: (at) => replay?.goTo(at)
	};
}
// src/core/thin-trend.ts
function thinWindowMs(check, about) {
	const { series, since = 1e400, to, now } = about;
	const windows = [
		...check.pass,
		...check.warn,
		...check.fail
	].flatMap(({ subject }) => {
		if (subject.kind !== "call" || subject.name !== "trend") return [];
		const { path, windowMs = 0 } = subject;
		const hasValue = (at) => "value" in seriesValue("trend", series(path), {
			at,
			since,
			windowMs
		});
		return to - since >= windowMs && !hasValue(to) && !hasValue(now) ? [windowMs] : [];
	});
	return Math.max(0, ...windows);
}
// src/gate/retained-edges.ts
var Unread = class extends Error {
	name = "Unread";
};
const MOST_POINTS = 240;
function createRetainedEdges(edges, { until }) {
	let at;
	const stretches = new Map();
	const lost = new Map();
	let events;
	let eventsFrom = 1e400;
	async function read(key, asking) {
		if (at === void 0) return asking();
		const known = lost.get(key);
		if (known !== void 0) throw known;
		try {
			return await asking();
		} catch (error) {
			if (!(error instanceof ServiceProblem) || !mayPass(error)) throw error;
			const unread = new Unread(error.message, { cause: error });
			lost.set(key, unread);
			throw unread;
		}
	}
	async function extended(stretch, query) {
		const spanMs = MOST_POINTS * query.stepMs;
		while (stretch.to < query.to) {
			const from = stretch.to;
			const to = Math.min(until, Math.max(query.to, from + spanMs));
			const upTo = Math.min(to, from + spanMs);
			stretch.parts.push(await edges.metrics.read({
				...query,
				from,
				to: upTo
			}));
			stretch.to = upTo;
		}
		return stretch;
	}
	async function metricsOf(query) {
		const { from, to, signal: _, ...kind } = query;
		const key = JSON.stringify(kind);
		const known = await (stretches.get(key) ?? Promise.resolve(void 0));
		const next = extended(known !== void 0 && known.from <= from && from <= known.to ? known : {
			from,
			to: from,
			parts: []
		}, {
			...query,
			to: Math.min(to, until)
		});
		stretches.set(key, next);
		next.catch(() => stretches.delete(key));
		return slicesOf(await next, {
			from,
			to
		});
	}
	async function eventsOf(serviceId, query) {
		if (events === void 0 || query.from < eventsFrom) {
			eventsFrom = query.from;
			events = edges.deploys.events(serviceId, {
				...query,
				to: until
			});
		}
		return (await events).filter((event) => event.at <= (at ?? 1e400) || EXCUSING_EVENTS.includes(event.type));
	}
	return {
		goTo(moment) {
			at = moment;
		},
		edges: {
			...edges,
			clock: {
				now: () => at ?? edges.clock.now(),
				sleep: (ms, signal) => edges.clock.sleep(ms, signal)
			},
			metrics: {
				read: (query) => read(`metric ${query.resourceId} ${query.metric}`, () => at === void 0 ? edges.metrics.read(query) : metricsOf(query)),
				databases: (ownerId) => read("databases", () => edges.metrics.databases(ownerId))
			},
			deploys: {
				...edges.deploys,
				events: (serviceId, query) => at === void 0 ? edges.deploys.events(serviceId, query) : read("events", () => eventsOf(serviceId, query)),
				servicesOf: (ownerId) => read("services", () => edges.deploys.servicesOf(ownerId))
			},
			forge: {
				...edges.forge,
				tree: (sha) => read("tree", () => edges.forge.tree(sha)),
				file: (path, ref) => read(`file ${path}`, () => edges.forge.file(path, ref))
			}
		}
	};
}
function mayPass({ status }) {
	return status === void 0 || status === 429 || status >= 500;
}
function slicesOf({ parts }, { from, to }) {
	const byLabels = new Map();
	for (const series of parts.flat()) {
		const { points, ...rest } = series;
		const key = JSON.stringify(rest);
		const known = byLabels.get(key) ?? {
			series,
			points: new Map()
		};
		byLabels.set(key, known);
		for (const point of points) if (point.at >= from && point.at <= to) known.points.set(point.at, point);
	}
	return [...byLabels.values()].flatMap(({ series, points }) => points.size === 0 ? [] : [{
		...series,
		points: [...points.values()].toSorted((a, b) => a.at - b.at)
	}]);
}
// src/gate/look-back.ts
function nextBeat(window, check, after) {
	const next = beatAfter(window, beatMs(check, window.stage), after);
	return isBackwards(check) && after < window.to ? Math.min(next, window.to) : next;
}
async function lookBack(stages, about) {
	const { until, goTo } = about;
	const judgedTo = new Map(about.judgedTo);
	const unread = new Map();
	const all = inOrder([...new Set(stages.flatMap(({ checks }) => checks))]);
	const pairs = all.flatMap((check) => stages.flatMap((stage) => {
		if (!stage.checks.includes(check)) return [];
		return [{
			stage,
			check,
			next: nextBeat(stage.window, check, judgedTo.get(check.name) ?? -1e400)
		}];
	}));
	function lose(check, why) {
		if (unread.has(check.name)) return;
		unread.set(check.name, why);
		for (const other of all) if (dependenciesOf(other).includes(check.name)) lose(other, why);
	}
	const isDue = ({ stage, check, next }) => {
		const { window, board } = stage;
		if (next > until || unread.has(check.name)) return false;
		if (next <= window.to) return true;
		const extension = extensionMs(check, beatMs(check, window.stage));
		return isUndecided(board.standing(check)) && next <= window.to + extension;
	};
	const { logsUnread } = about;
	if (logsUnread !== void 0) {
		for (const check of all) if (check.source.kind === "logs" && !logsUnread.failing.has(check.name)) lose(check, logsUnread.why);
	}
	while (!about.isOver()) {
		const due = pairs.filter(isDue);
		const at = Math.min(...due.map(({ next }) => next));
		if (due.length === 0) break;
		goTo(at);
		for (const pair of due.filter(({ next }) => next === at)) {
			const { stage, check } = pair;
			if (unread.has(check.name)) continue;
			try {
				await stage.board.take(check);
				judgedTo.set(check.name, at);
				pair.next = nextBeat(stage.window, check, at);
			} catch (error) {
				if (!(error instanceof Unread)) throw error;
				lose(check, error.message);
			}
		}
	}
	if (!about.isOver()) {
		for (const { name } of all) if (!unread.has(name)) judgedTo.set(name, Math.max(until, judgedTo.get(name) ?? -1e400));
	}
	return {
		judgedTo,
		unread
	};
}
// src/gate/stage-progress.ts
const UNSEEN = {
	count: 0,
	late: 0
};
function newProgress(window) {
	return {
		window,
		standings: new Map(),
		seen: new Map(),
		gaps: []
	};
}
function lookBeatMs(check, { stage }) {
	return Math.max(check.everyMs ?? 0, stage.everyMs);
}
// src/gate/look-coverage.ts
function gapsOf({ window, progress, kept, momentary }, about) {
	const { now, lookedAt, unread, unjudged } = about;
	const { everyMs } = window.stage;
	const sources = (checks) => [...new Set(checks.map(({ source }) => source.kind))];
	let gaps = unread.size === 0 ? backFilled(progress.gaps, sources(kept)) : progress.gaps;
	function add(stretch, gap) {
		const from = Math.max(window.from, stretch.from);
		const to = Math.min(window.to, stretch.to);
		const missed = beatOf(window, everyMs, to) - beatOf(window, everyMs, from) - 1;
		if (to > from && missed >= 1) gaps = withGap(gaps, {
			from,
			to,
			...gap
		});
	}
	const lost = {
		backFilled: false,
		unseen: sources([...kept, ...momentary])
	};
	const keptFrom = Math.max(lookedAt, now - SURELY_KEPT_MS);
	add({
		from: lookedAt,
		to: keptFrom
	}, lost);
	if (unjudged !== void 0) add(unjudged, lost);
	add({
		from: Math.max(keptFrom, unjudged?.to ?? keptFrom),
		to: now
	}, {
		backFilled: unread.size === 0,
		unseen: sources(momentary)
	});
	return gaps;
}
function coverageOf(progress, { kept, momentary }, { now, judgedTo }) {
	const { window, seen, gaps } = progress;
	const to = Math.min(now, window.to);
	const beats = (everyMs, upTo) => Math.max(0, beatOf(window, everyMs, upTo) + 1);
	const counts = [...kept.map((check) => {
		const everyMs = beatMs(check, window.stage);
		const known = Math.min(to, judgedTo.get(check.name) ?? -1e400);
		const lost = gaps.filter((gap) => gap.to <= known && gap.unseen.includes(check.source.kind)).reduce((sum, gap) => sum + beats(everyMs, gap.to) - beats(everyMs, gap.from), 0);
		return {
			due: beats(everyMs, to),
			seen: Math.max(0, beats(everyMs, known) - lost)
		};
	}), ...momentary.map((check) => ({
		due: beats(lookBeatMs(check, window), to),
		seen: seen.get(check.name)?.count ?? 0
	}))];
	return {
		stage: window.stage.name,
		from: window.from,
		to,
		due: counts.reduce((sum, one) => sum + one.due, 0),
		seen: counts.reduce((sum, one) => sum + one.seen, 0),
		gaps
	};
}
// src/gate/look-now.ts
function isDueNow(stage, check, now) {
	const { window, seen, board } = stage;
	if (now < window.from) return false;
	if (now > window.to) return stage.isFresh || isUndecided(board.standing(check)) || stage.thinMs(check) > 0;
	const { lastAt } = seen.get(check.name) ?? UNSEEN;
	const everyMs = lookBeatMs(check, window);
	return lastAt === void 0 || beatOf(window, everyMs, now) > beatOf(window, everyMs, lastAt);
}
async function lookNow(stages, now) {
	const due = stages.map((stage) => stage.checks.filter((check) => isDueNow(stage, check, now)));
	const under = new Map();
	for (const check of inOrder([...new Set(due.flat())])) {
		const before = dependenciesOf(check).flatMap((name) => under.get(name) ?? []);
		const take = async () => {
			await Promise.all(before);
			for (const [index, { board }] of stages.entries()) if (due[index]?.includes(check) === true) await board.take(check);
		};
		under.set(check.name, take());
	}
	await Promise.all(under.values());
	return stages.map(({ window, seen }, index) => {
		const after = new Map(seen);
		for (const { name } of due[index] ?? []) {
			const known = after.get(name) ?? UNSEEN;
			after.set(name, now > window.to ? {
				...known,
				late: known.late + 1
			} : {
				...known,
				count: known.count + 1,
				lastAt: now
			});
		}
		return after;
	});
}
// src/gate/look-stages.ts
async function lookAtStages(run, options) {
	const { clock } = run.edges;
	const { until, diagnoses, facts, lookedAt } = options;
	options.goTo(void 0);
	const now = clock.now();
	const checks = asLooked(run.plan.checks);
	const last = options.isReplaced ? until : now;
	const stages = options.windows.filter(({ from }) => from <= last).map((window) => {
		const progress = options.begun.find((one) => one.window.stage.name === window.stage.name) ?? newProgress(window);
		const own = checksOf(checks, window.stage);
		const kept = own.filter((check) => isRetained(check, checks));
		return {
			window,
			progress,
			board: createBoard(run, {
				...options,
				stage: window.stage,
				checks: own,
				since: window.from,
				standings: progress.standings,
				onFail: (check) => diagnoses.start(check, {
					since: window.from,
					liveAt: facts.liveAt ?? window.from
				})
			}),
			own,
			kept,
			momentary: own.filter((check) => !kept.includes(check))
		};
	});
	const hasFailed = () => stages.some(({ board, own }) => own.some((check) => {
		const { failed } = board.standing(check);
		return failed !== void 0 && options.hasRemedy(check, failed);
	}));
	const { judgedTo: backTo, unread } = await lookBack(stages.map(({ window, kept, board }) => ({
		window,
		checks: kept,
		board
	})), {
		until,
		judgedTo: options.judgedTo,
		goTo: options.goTo,
		logsUnread: options.logsUnread,
		isOver: hasFailed
	});
	options.goTo(void 0);
	const judgedTo = new Map(backTo);
	const thinMs = ({ window }, check) => {
		const { series, firstAt } = options.memory.of(check);
		return thinWindowMs(check, {
			series: series.of,
			since: firstAt,
			to: window.to,
			now
		});
	};
	const progressOf = (stage, seen) => stage.own.map((check) => {
		const { lastAt, late } = seen.get(check.name) ?? UNSEEN;
		return {
			check,
			standing: stage.board.standing(check),
			isRetained: stage.kept.includes(check),
			judgedTo: judgedTo.get(check.name) ?? -1e400,
			late,
			thinMs: stage.momentary.includes(check) ? thinMs(stage, check) : 0,
			...lastAt === void 0 ? {} : { seenTo: lastAt }
		};
	});
	const isFresh = (stage) => now > stage.window.to && wantsFreshWindow(stage.window, progressOf(stage, stage.progress.seen), options.freshMs);
	const fresh = stages.map(isFresh);
	const blind = dependentsOf(new Set(unread.keys()), checks);
	const seen = options.isReplaced || hasFailed() ? stages.map(({ progress }) => progress.seen) : await lookNow(stages.map((stage, index) => ({
		window: stage.window,
		checks: stage.momentary.filter(({ name }) => !blind.has(name)),
		board: stage.board,
		seen: stage.progress.seen,
		isFresh: fresh[index] === true,
		thinMs: (check) => thinMs(stage, check)
	})), now);
	for (const [index, stage] of stages.entries()) for (const { name } of stage.momentary) if (seen[index] !== stage.progress.seen && seen[index]?.get(name) !== stage.progress.seen.get(name)) judgedTo.set(name, now);
	const found = await diagnoses.results();
	const ended = [];
	const open = [];
	let waitingFor;
	for (const [index, stage] of stages.entries()) {
		const { window, progress, board } = stage;
		const after = {
			window,
			standings: new Map(stage.own.map((check) => [check.name, board.standing(check)])),
			seen: seen[index] ?? progress.seen,
			gaps: gapsOf(stage, {
				now,
				lookedAt,
				unread,
				unjudged: options.unjudged
			}),
			...now > window.to && !options.isReplaced ? { lateFrom: progress.lateFrom ?? now } : {}
		};
		const results = board.results().map((result) => ({
			...result,
			diagnosis: found.get(result.name) ?? []
		}));
		const coverage = coverageOf(after, stage, {
			now,
			judgedTo
		});
		const why = stillOpen(window, {
			now: last,
			checks: progressOf(stage, after.seen),
			freshMs: options.freshMs,
			lateFrom: after.lateFrom
		});
		if (why === void 0 && waitingFor === void 0 && !hasFailed()) {
			const decision = watchVerdict({ kind: "finished" }, results);
			const { name } = window.stage;
			ended.push({
				stage: {
					name,
					from: window.from,
					to: Math.min(now, window.to),
					verdict: decision.verdict
				},
				decision,
				results,
				coverage
			});
		} else {
			waitingFor ??= why;
			open.push({
				...after,
				results,
				coverage
			});
		}
	}
	return {
		ended,
		open,
		judgedTo,
		unread,
		hasFailed: hasFailed(),
		...waitingFor === void 0 ? {} : { waitingFor }
	};
}
// src/gate/replacement.ts
const MOST_ASKED = 10;
async function firstReplacement(run, about) {
	const { list, deploy, now } = about;
	const { commit, deployId } = run;
	const { deploys } = list;
	const own = ownDeploys({
		deploys,
		commit,
		...deployId === void 0 ? {} : { deployId }
	});
	const served = deploys.filter((one) => hasServed(one) && one.createdAt > deploy.createdAt && !own.includes(one)).toReversed();
	const [first, ...later] = served;
	const at = first?.finishedAt ?? run.edges.clock.now();
	if (first === void 0 || later.length === 0) return {
		by: now,
		at,
		served
	};
	const relation = first.commit === void 0 ? "other" : await relationOf(run, first.commit.sha);
	const isRollback = relation === "ancestor" || first.trigger === "rollback";
	return {
		by: {
			kind: relation === "descendant" ? "superseded" : isRollback ? "taken-out" : "displaced",
			by: first,
			deploy
		},
		at,
		served
	};
}
async function followedNext(run, { by, served }) {
	if (by.kind !== "superseded") return void 0;
	const next = served.at(-1) ?? by.by;
	for (const { commit, trigger } of served.slice(0, -1).slice(0, MOST_ASKED)) {
		if (commit === void 0 || trigger === "rollback") return void 0;
		const verdict = await verdictOf(run, commit.sha);
		if (verdict === "fail" || verdict === "unknown") return void 0;
	}
	const sha = next.commit?.sha;
	if (sha === void 0) return void 0;
	const verdict = next.status === "live" ? await verdictOf(run, sha) : "undecided";
	const { clock } = run.edges;
	const isUngated = clock.now() - liveTime(next, clock.now()) > LONGEST_JOB_MS;
	if (verdict === "undecided") return isUngated ? void 0 : "undecided";
	return verdict === "pass" || verdict === "warn" ? next : void 0;
}
// src/gate/shared-sampler.ts
function sharedSampler(sampler, clock) {
	const taken = new Map();
	return { take(check, moment) {
		const at = clock.now();
		const known = taken.get(check.name);
		if (known?.at === at) return known.sample;
		const sample = sampler.take(check, moment);
		taken.set(check.name, {
			at,
			sample
		});
		return sample;
	} };
}
// src/gate/look.ts
async function lookAtWatch(run, state) {
	const { clock } = run.edges;
	const now = clock.now();
	const list = watchList(run, state);
	const served = await whatServes(run, state, list);
	if ("why" in served) {
		run.edges.runner.warning(logText(`${served.why}. The watch stays open; the next run goes on.`));
		return {
			kind: "postponed",
			why: served.why
		};
	}
	const { watch } = served;
	const left = windowsLeft(run, state);
	const replaced = served.replaced && await firstReplacement(run, {
		list,
		deploy: watch.facts.deploy,
		now: served.replaced
	});
	const goesOn = left.find(({ to }) => to > (replaced?.at ?? now))?.stage.acrossDeploys === true;
	const next = replaced !== void 0 && goesOn ? await followedNext(run, replaced) : void 0;
	if (next === "undecided") return {
		kind: "postponed",
		why: "the gate of the deploy that serves now has not decided yet"
	};
	const until = Math.min(now - SETTLE_MS, replaced?.at ?? 1e400);
	const retained = createRetainedEdges(run.edges, { until });
	const past = {
		...run,
		edges: retained.edges
	};
	const logs = createLookLogs(past, watch.facts, watch.lines);
	watch.facts.rereadTo = until;
	const logsUnread = await logs.read(until, list);
	const sampler = createSampler(past, {
		book: logs.book,
		customDomains: await customDomains(run),
		counted: watch.counted
	});
	const { instances } = watch.facts;
	const before = {
		...instances,
		...watch.presence
	};
	const looked = await lookAtStages(past, {
		windows: left,
		begun: watch.begun,
		judgedTo: watch.judgedTo,
		lookedAt: state.at,
		until,
		freshMs: run.plan.stages[0]?.forMs ?? 0,
		isReplaced: replaced !== void 0,
		facts: watch.facts,
		sampler: sharedSampler(sampler, retained.edges.clock),
		memory: watch.memory,
		diagnoses: createDiagnoses(run),
		baselineOf: (check) => Promise.resolve(watch.baselineOf(check)),
		hasRemedy: (check, finding) => check.onFail !== "alert" && !brokenBefore(watch.old.get(check.name), finding),
		goTo(at) {
			retained.goTo(at);
			watch.facts.instances = at === void 0 ? instances : before;
			if (at !== void 0) logs.goTo(at);
		},
		logsUnread,
		unjudged: served.unjudged ?? (next && replaced && {
			from: replaced.at,
			to: liveTime(next, now)
		})
	});
	for (const [name, why] of looked.unread) run.teller.note(`"${name}" could not be judged up to now: ${why}. The next look goes on where it stopped`);
	if (next !== void 0 && looked.unread.size > 0 && !looked.hasFailed) return {
		kind: "postponed",
		why: `the time before ${next.id} took over could not be read`
	};
	logs.goTo(until);
	if ((looked.ended.length > 0 || looked.hasFailed) && replaced === void 0) {
		const following = await list.look();
		if (following.kind !== "live" || following.deploy.id !== watch.facts.deploy?.id) return {
			kind: "postponed",
			why: "another deploy took over while this look was taken"
		};
	}
	const ending = endingOf({
		replaced: replaced?.by,
		next,
		looked,
		left
	});
	return {
		kind: "looked",
		watch,
		lines: logsUnread === void 0 ? logs.book.kept(until) : watch.lines,
		book: logs.book,
		looked,
		ending,
		decision: decisionOf(state, {
			looked,
			left,
			ending,
			now
		}),
		list,
		...next === void 0 ? {} : { next }
	};
}
function watchList(run, { committedAt, previousCommit }) {
	return createDeployList(run, {
		committedAt,
		parents: previousCommit === void 0 ? [] : [previousCommit]
	});
}
async function whatServes(run, state, list) {
	const facts = factsOf(state);
	const { present, presentAt } = facts.instances;
	let isRedeployed = false;
	const live = createLiveLook(run, {
		list,
		facts,
		deploy: facts.deploy,
		onInstances: () => void 0,
		onRedeploy: () => isRedeployed = true
	});
	await live.look();
	if (live.problem !== void 0) return { why: live.problem };
	facts.deploy = list.deploys.find(({ id }) => id === facts.deploy.id) ?? facts.deploy;
	await live.lookAtInstances();
	const presence = {
		...present === void 0 ? {} : { present },
		...presentAt === void 0 ? {} : { presentAt }
	};
	return {
		watch: restoredWatch(run, isRedeployed ? withoutPast(run, state, facts) : state, {
			facts,
			presence
		}),
		...live.replaced === void 0 ? {} : { replaced: live.replaced },
		...isRedeployed ? { unjudged: {
			from: state.at,
			to: facts.liveAt ?? state.at
		} } : {}
	};
}
function endingOf(about) {
	const { replaced, next, looked, left } = about;
	if (looked.hasFailed && (replaced === void 0 || next !== void 0)) return { kind: "failed" };
	if (looked.ended.some(({ decision }) => decision.verdict === "fail")) return { kind: "finished" };
	if (left.length === looked.ended.length) return { kind: "finished" };
	if (replaced !== void 0 && next === void 0) return {
		kind: "replaced",
		following: replaced
	};
	return { kind: "open" };
}
function decisionOf(state, about) {
	const { looked, left, ending, now } = about;
	const ended = [...state.ended.map(({ reason, ...stage }) => ({
		stage,
		decision: {
			verdict: stage.verdict,
			reason
		}
	})), ...looked.ended];
	const hasFailed = ({ results }) => results.some(({ verdict }) => verdict === "fail");
	if (ending.kind === "replaced") {
		const current = looked.open.find(hasFailed) ?? looked.open[0];
		const stage = current?.window.stage ?? left[looked.ended.length]?.stage;
		if (stage !== void 0) return stagesVerdict(ended, {
			name: stage.name,
			ending,
			results: current?.results ?? []
		});
	}
	const failing = looked.open.filter(hasFailed).map(({ window, results }) => {
		const decision = watchVerdict({ kind: "failed" }, results);
		return {
			stage: {
				name: window.stage.name,
				from: window.from,
				to: now,
				verdict: decision.verdict
			},
			decision
		};
	});
	return stagesVerdict([...ended, ...failing], void 0);
}
// src/gate/tell-look.ts
async function tellLook(open, before, found) {
	const { run, told, issue, course } = open;
	const { book } = told;
	const isOver = book.current?.watch?.over !== void 0;
	const outcome = await communicate(run, told, {
		outcome: found,
		issue,
		notifier: course.notifier,
		isOver
	});
	const timeline = [...before.moments, ...run.teller.timeline];
	const { watch } = book.current ?? {};
	if (watch !== void 0) book.change({
		service: run.service.id,
		watch: {
			...watch,
			moments: keptMoments(timeline)
		}
	});
	return {
		...outcome,
		timeline,
		requests: run.edges.requests(),
		endedAt: run.edges.clock.now()
	};
}
// src/gate/resumed-look.ts
const JUST_NOW_MS = 6e4;
async function resumedLook(watch, state, publisher) {
	const { run } = watch;
	const agoMs = run.edges.clock.now() - state.at;
	if (state.looks > 0 && agoMs >= 0 && agoMs < JUST_NOW_MS) return {
		kind: "left",
		why: `${state.by} has looked just now`
	};
	const found = await lookAtWatch(state.follows === void 0 ? run : {
		...run,
		commit: state.follows
	}, state);
	const waits = overdueWait(run, state, found);
	if (waits !== void 0) return settled(watch, state, {
		...overdue(run, state, waits),
		publisher
	});
	if (found.kind === "postponed") return {
		kind: "left",
		why: found.why
	};
	return settled(watch, state, {
		...await judgedBy(watch, state, found),
		publisher
	});
}
function overdue(run, state, why) {
	return {
		judged: {
			outcome: overdueOutcome(run, state, why),
			list: watchList(run, state),
			preDeployFailed: false,
			passedOnOld: new Set(state.passedBefore)
		},
		after: {
			...state,
			at: run.edges.clock.now(),
			looks: state.looks + 1,
			by: run.runUrl
		},
		isOver: true
	};
}
function overdueWait(run, state, found) {
	const before = run.edges.clock.now() - OVERDUE_MS;
	if (found.kind === "postponed") return windowsLeft(run, state).every(({ to }) => to < before) ? found.why : void 0;
	const { open, unread, waitingFor = "a look" } = found.looked;
	const isLate = unread.size > 0 && open.some(({ lateFrom = 1e400 }) => lateFrom < before);
	return found.ending.kind === "open" && isLate ? `it waits for ${waitingFor}` : void 0;
}
async function judgedBy({ run, state: gate }, state, found) {
	const { ending, looked, watch, list, book, next } = found;
	const outcome = lookOutcome(run, state, found);
	const after = watchAfter(run, state, found);
	const isOver = ending.kind !== "open";
	const judged = {
		list,
		preDeployFailed: false,
		passedOnOld: new Set(state.passedBefore)
	};
	const hasFailed = outcome.checks.some(({ verdict }) => verdict === "fail");
	const kept = gate.measured === void 0 || hasFailed ? {} : { measured: gate.measured };
	if (outcome.verdict !== "fail" || ending.kind === "open") return {
		judged: {
			...judged,
			outcome: {
				...outcome,
				...kept
			}
		},
		after,
		isOver
	};
	const results = [...looked.ended, ...looked.open].flatMap((stage) => stage.results);
	const remedy = remedyFor(ending, results, watch.old);
	const held = remedy.held.map((action) => ({
		...action,
		kind: stepOf(run, action.kind)
	}));
	const foreign = foreignCause(run, state, {
		outcome,
		list,
		next
	});
	const heldBack = remedy.name === void 0 || foreign === void 0 ? held : [...held, {
		kind: stepOf(run, remedy.name),
		state: "held",
		reason: foreign
	}];
	const range = await rangeOf(run, state);
	const spots = await spotsOf(run, {
		book,
		results
	});
	return {
		judged: {
			...judged,
			outcome: {
				...outcome,
				spots,
				actions: [...outcome.actions, ...heldBack]
			},
			...remedy.name === void 0 || foreign !== void 0 ? {} : { remedy: remedy.name },
			...range === void 0 ? {} : { range }
		},
		after,
		isOver
	};
}
function foreignCause(run, state, about) {
	const { outcome, list, next } = about;
	const later = next?.commit?.sha;
	if (state.follows === void 0 && later !== void 0) return `a later deploy, of ${later.slice(0, 7)}, serves by now`;
	if (state.follows !== void 0) return `it was measured while ${state.follows.slice(0, 7)} served, a later deploy: which of them is to blame is not known`;
	const firstEnd = state.anchor + (run.plan.stages[0]?.forMs ?? 0);
	if (outcome.deploy === void 0 || outcome.deploy.createdAt < firstEnd) return void 0;
	return broughtNoCode({
		...run,
		startedAt: firstEnd
	}, {
		outcome,
		list
	});
}
function stepOf(run, remedy) {
	return run.plan.remedies[remedy]?.steps[0]?.kind ?? remedy;
}
async function rangeOf(run, { previousCommit }) {
	return previousCommit === void 0 ? void 0 : run.edges.forge.compare(previousCommit, run.commit);
}
async function settled(watch, state, about) {
	const { run, told, course } = watch;
	const { judged, after, isOver, publisher } = about;
	const { outcome } = judged;
	const isNews = isOver || outcome.verdict !== watch.state.verdict || after.ended.length !== state.ended.length;
	const kept = isOver ? endedWatch(after, outcome, run.edges.clock.now()) : after;
	return alone(watch, isNews || tellsPeople(run, told, outcome), async () => {
		told.book.change({
			service: run.service.id,
			watch: kept
		});
		const written = isNews ? await conclude(run, {
			judged,
			commit: await readCommit(run, run.commit),
			told,
			course,
			publisher,
			freeze: { settle: () => Promise.resolve([]) }
		}) : outcome;
		const before = isNews ? told.book.block() : void 0;
		const done = await tellLook(watch, state, written);
		if (told.book.block() !== before) await publishActions(writerOf(publisher, course), told, done);
		return {
			kind: "told",
			outcome: done
		};
	});
}
// src/gate/heard-watch.ts
async function heldVisit(open, heard, publisher) {
	const { run, told, course } = open;
	const { watch, isNews } = heard;
	const { hold } = watch;
	if (hold === void 0) throw new Error("nobody holds the watch");
	const windows = windowsLeft(run, watch);
	const now = run.edges.clock.now();
	const isOver = windows.every(({ to }) => now > to);
	const names = windows.map(({ stage }) => stage.name).join(", ");
	const rest = isOver ? `it was held to its end, and ${names} not judged` : "nothing is judged until /gate resume";
	const reason = `${holdText(hold)}; ${rest}`;
	const standing = {
		...standingOutcome(open, watch),
		reason
	};
	const outcome = isOver ? withoutRest(standing) : standing;
	if (!isNews && !isOver) {
		await heard.answer(outcome);
		return {
			kind: "left",
			why: reason
		};
	}
	return alone(open, true, async () => {
		told.book.change({
			service: run.service.id,
			watch: isOver ? endedWatch(watch, outcome, now) : watch
		});
		await heard.answer(outcome);
		const writer = writerOf(publisher, course);
		await publishVerdict(writer, told, outcome);
		const before = told.book.block();
		const done = await tellLook(open, watch, outcome);
		if (told.book.block() !== before) await publishActions(writer, told, done);
		return {
			kind: "told",
			outcome: done
		};
	});
}
async function overVisit(open, heard, publisher) {
	const { run, told, course } = open;
	const { watch } = heard;
	const standing = standingOutcome(open, watch);
	if (watch.isOwed !== true) {
		await heard.answer(standing);
		if (heard.isNews) await keepHeard(open, heard);
		return {
			kind: "left",
			why: "it has ended, and people may still answer"
		};
	}
	return alone(open, true, async () => {
		const read = told.book.block();
		await heard.answer(standing);
		told.book.change({
			service: run.service.id,
			watch
		});
		const writer = writerOf(publisher, course);
		await publishStatus(writer, told, standing);
		const done = await tellLook(open, watch, standing);
		const isSame = JSON.stringify(done.actions) === JSON.stringify(open.state.watch?.deeds ?? []);
		const { current } = told.book;
		if (!isSame) await publishActions(writer, told, done);
		else if (current !== void 0 && told.book.block() !== read) await keepState(run, {
			kind: "known",
			state: current,
			checkRun: open.checkRun
		}, current);
		return {
			kind: "told",
			outcome: done,
			isAgain: true
		};
	});
}
async function keepHeard({ run, told, checkRun, state: read }, { watch }) {
	if (await hasMoved(run, read)) return;
	told.book.change({
		service: run.service.id,
		watch
	});
	const { current: state } = told.book;
	if (state !== void 0) await keepState(run, {
		kind: "known",
		state,
		checkRun
	}, state);
}
async function orderedVisit(open, about) {
	const { told, course, state } = open;
	const { heard, order, publisher } = about;
	const { watch } = heard;
	const plan = order.isApproved ? approvedPlan(open.run.plan) : open.run.plan;
	const run = {
		...open.run,
		plan
	};
	return alone(open, true, async () => {
		await heard.answer();
		const called = await calledBy(open, {
			watch,
			order
		});
		if (called === void 0) return {
			kind: "left",
			why: `the remedy "${order.name}" cannot be carried out`
		};
		const now = run.edges.clock.now();
		told.book.change({
			service: run.service.id,
			watch: {
				...watch,
				isOwed: true
			}
		});
		const writer = writerOf(publisher, course);
		const write = (done) => {
			course.decided = done;
			return publishActions(writer, told, done);
		};
		const acting = prepareRemedy(run, {
			called,
			commit: await readCommit(run, run.commit),
			told,
			write
		});
		course.decided = called.outcome;
		course.remedy = order.name;
		const done = await carryOut(run, acting);
		delete course.remedy;
		const all = {
			...done,
			actions: withDeeds(watch.deeds ?? [], done.actions)
		};
		const outcome = all.rollbackDeployId === void 0 ? all : {
			...withoutRest(all),
			verdict: "fail"
		};
		const isOver = outcome.verdict === "fail";
		told.book.change({
			service: run.service.id,
			verdict: outcome.verdict,
			watch: isOver && watch.over === void 0 ? endedWatch(watch, outcome, now) : {
				...watch,
				isOwed: true
			}
		});
		if (outcome.verdict !== state.verdict) await publishVerdict(writer, told, outcome);
		const final = await tellLook(open, watch, outcome);
		await publishActions(writer, told, final);
		return {
			kind: "told",
			outcome: final
		};
	});
}
function withoutRest({ nextLookAt: _next, watchedUntil: _until, ...outcome }) {
	return {
		...outcome,
		laterStages: []
	};
}
async function calledBy(open, about) {
	const { run, told } = open;
	const { watch, order } = about;
	const standing = standingOutcome(open, watch);
	if (order.earlier !== void 0) {
		const called = await judgedBefore(run, told, order.earlier);
		if (called === void 0) return void 0;
		const { reason, deploy, deployUrl } = called.outcome;
		const known = deploy === void 0 || deployUrl === void 0 ? {} : {
			deploy,
			deployUrl
		};
		return {
			...called,
			outcome: {
				...standing,
				reason,
				...known,
				actions: []
			}
		};
	}
	const list = watchList(run, watch);
	await list.look();
	const range = await rangeOf(run, watch);
	return {
		outcome: {
			...standing,
			reason: `asked for by @${order.by} with /gate run ${order.name}`,
			actions: []
		},
		remedy: order.name,
		list,
		preDeployFailed: false,
		passedOnOld: new Set(watch.passedBefore),
		...range === void 0 ? {} : { range }
	};
}
// src/gate/hearing.ts
const MOST_PULLS = 2;
async function hear(open, state) {
	const { run, told } = open;
	const gate = told.book.current;
	const pulls = state.pulls ?? await pullsOf(run);
	const reverts = (gate?.remedy?.steps ?? []).flatMap(({ pull }) => pull ?? []);
	const issue = gate?.told?.issue;
	const read = await readAnswers(run, {
		places: [
			...issue === void 0 ? [] : [issue],
			...pulls ?? [],
			...reverts
		],
		since: state.startedAt,
		after: gate?.told?.comment,
		facts: commandFacts(gate, {
			mode: run.mode,
			remedies: Object.keys(run.plan.remedies),
			...state.hold === void 0 ? {} : { hold: state.hold }
		})
	});
	if (read.lastId !== void 0 && read.lastId !== gate?.told?.comment) keepTold(run, told, { comment: read.lastId });
	const unanswered = await unfreeze(open, read);
	const order = orderedRemedy(read.answers, gate?.remedy);
	const watch = held({
		...state,
		...pulls === void 0 ? {} : { pulls }
	}, read.hold);
	return {
		watch,
		isNews: read.answers.length > 0 || isOther(read.hold, state.hold),
		answer: (outcome = standingOutcome(open, watch)) => tellAnswers(run, unanswered, {
			commit: run.commit,
			outcome,
			checkRunUrl: told.checkRun?.url
		}),
		...order === void 0 ? {} : { order }
	};
}
async function unfreeze({ run, told }, { answers, unanswered }) {
	const order = answers.find(({ kind }) => kind === "unfreeze");
	if (order === void 0) return unanswered;
	const { book } = told;
	const failed = (await liftFreeze(run, {
		freeze: book.current?.freeze,
		noteFreeze: (freeze) => book.change({
			service: run.service.id,
			freeze
		})
	}, `/gate unfreeze by @${order.by}`)).find(({ state }) => state === "failed");
	if (failed === void 0) return unanswered;
	const { by, at, comment, place, url } = order;
	const refusal = {
		by,
		at,
		comment,
		place,
		url,
		kind: "refused",
		text: "/gate unfreeze",
		reason: failed.reason ?? ""
	};
	return unanswered.map((answer) => answer === order ? refusal : answer);
}
function held(state, hold) {
	const { hold: _, ...rest } = state;
	return hold === void 0 ? rest : {
		...rest,
		hold
	};
}
function isOther(one, other) {
	return one?.at !== other?.at || one?.by !== other?.by;
}
async function pullsOf(run) {
	try {
		return (await run.edges.forge.pullsOfCommit(run.commit)).filter(({ merged }) => merged).slice(0, MOST_PULLS).map(({ number }) => number);
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		run.teller.note(`Commands on the merged pull request are not read: ${error.message}`);
		return;
	}
}
// src/gate/settle-watch.ts
async function settleWatch(looked, visit, publisher) {
	const run = {
		...looked.run,
		edges: {
			...looked.run.edges,
			forge: publisher.forge
		}
	};
	const open = {
		...looked,
		run
	};
	const { told, course, indexed } = open;
	const { book } = told;
	const read = book.current;
	if (read === void 0) return;
	const at = {
		told,
		maxMs: MESSAGES_MS,
		until: run.signal
	};
	const { outcome, keys } = await tellPeople(course.notifier, visit.outcome, at);
	const after = watchSettled(open, visit, keys);
	const known = read.told?.transitions ?? [];
	const transitions = course.notifier === void 0 ? known : keys;
	let isKept = true;
	if (after !== read.watch || transitions.join("\n") !== known.join("\n")) {
		isKept = !await hasMoved(run, read);
		if (isKept) {
			const before = read.told ?? NOTHING_TOLD;
			book.change({
				service: run.service.id,
				watch: after,
				told: {
					...before,
					transitions
				}
			});
			isKept = await written(open, {
				...visit,
				outcome
			}, publisher);
		} else await keepTransitions(open, transitions);
	}
	if (isKept && after === void 0) {
		const note = (text) => run.teller.note(text);
		const url = told.checkRun === void 0 ? {} : { url: told.checkRun.url };
		const sentence = verdictSentence(outcome);
		await closeIndex({
			forge: run.edges.forge,
			note
		}, indexed, {
			verdict: outcome.verdict,
			sentence,
			...url
		});
	} else await visit.release?.();
}
function watchSettled({ run, told }, { outcome }, keys) {
	const { watch } = told.book.current ?? {};
	if (watch?.isOwed !== true) return watch;
	const { mode, edges } = run;
	const { isOwed: _, ...paid } = watch;
	const after = (isCleanUpDue(run, told, outcome) || hasUntold(run, outcome, keys)) && watch.over !== void 0 ? watch : paid;
	return isWaiting(after, {
		verdict: outcome.verdict,
		mode,
		now: edges.clock.now()
	}) ? after : void 0;
}
async function written({ run, told, course }, { outcome, isAgain }, publisher) {
	const state = told.book.current;
	if (isAgain !== true || state === void 0) return publishActions(writerOf(publisher, course), told, outcome);
	const checkRun = await gateCheckRun(run, run.commit);
	return checkRun !== void 0 && keepState(run, {
		kind: "known",
		state,
		checkRun
	}, state);
}
async function keepTransitions({ run, told }, transitions) {
	const checkRun = await gateCheckRun(run, run.commit);
	const decoded = decodeState(checkRun?.text ?? "");
	if (checkRun === void 0 || decoded.kind !== "state") return;
	told.book.adopt(decoded.state);
	keepTold(run, told, { transitions });
	const { current: state } = told.book;
	if (state !== void 0) await keepState(run, {
		kind: "known",
		state,
		checkRun
	}, state);
}
// src/gate/watch-due.ts
function dueAt(run, state, told) {
	const windows = windowsLeft(run, state);
	if (windows.length === 0 || state.isOwed === true) return -1e400;
	if (dueUpdate(run.plan.report.at, {
		liveAt: state.liveAt,
		now: run.edges.clock.now(),
		stages: run.plan.stages,
		stagesEnded: state.ended.map(({ name }) => name),
		told: toldSoFar(told).updates
	}) !== void 0) return -1e400;
	return Math.min(...windows.flatMap((window) => [window.to + SETTLE_MS, ...beatsOf(run, state, window)]));
}
async function isServing({ edges, service }, { deploy }) {
	return (await edges.deploys.deploy(service.id, deploy.id))?.status === "live";
}
function beatsOf(run, state, window) {
	const { checks } = run.plan;
	const seen = state.open.find(({ name }) => name === window.stage.name)?.seen ?? {};
	return checksOf(checks, window.stage).map((check) => {
		if (isRetained(check, checks)) {
			const judgedTo = state.judgedTo[check.name] ?? -1e400;
			return beatAfter(window, beatMs(check, window.stage), judgedTo) + SETTLE_MS;
		}
		return beatAfter(window, lookBeatMs(check, window), seen[check.name]?.lastAt ?? -1e400);
	});
}
// src/gate/resume-watch.ts
async function resumeWatch(edges, start, about) {
	const { indexed } = about;
	const { runner } = edges;
	const left = (why, isBroken) => ({
		line: lineOf(indexed, why),
		isBroken
	});
	runner.startGroup(logText(`${indexed.entry.name} at ${indexed.record.sha.slice(0, 7)}`));
	try {
		const watch = await openWatch(edges, start, about);
		if ("why" in watch) {
			if (!watch.isLost) return left(`left open: ${watch.why}`, false);
			return await lostWatch(edges, start, {
				about,
				watch
			});
		}
		return await visited(watch, about);
	} catch (error) {
		if (error instanceof Canceled) throw error;
		if (error instanceof ConfigProblem) {
			for (const mistake of error.mistakes) runner.error(mistakeLine(mistake));
			return left(`left open: ${error.mistakes[0]?.message ?? "a mistake"}`, true);
		}
		if (error instanceof ServiceProblem) {
			runner.warning(logText(`${failureLine(error.failure)} The watch stays open; the next run goes on.`));
			return left(`left open: ${error.message}`, false);
		}
		await brokenLook(edges, about, error);
		return left("the gate itself failed; the watch stays open", true);
	} finally {
		runner.endGroup();
	}
}
async function lostWatch(edges, start, { about, watch }) {
	const { indexed } = about;
	const outcome = await closeLost(edges, start, watch);
	const resumed = {
		line: lineOf(indexed, verdictSentence(outcome)),
		outcome,
		isBroken: false
	};
	if (watch.isForeign === true) return resumed;
	try {
		const plan = await planOf(edges, start, {
			indexed,
			config: indexed.entry.config
		});
		const note = (text) => edges.runner.warning(logText(text));
		const { runUrl } = start;
		const to = {
			...edges,
			forge: about.publisher.forge
		};
		return {
			...resumed,
			settle: tellLost(to, {
				plan,
				runUrl,
				note,
				outcome,
				checkRun: watch.checkRun
			})
		};
	} catch (error) {
		if (!(error instanceof ConfigProblem || error instanceof ServiceProblem)) throw error;
		return resumed;
	}
}
async function visited(found, about) {
	const { run, told } = found;
	const indexing = {
		forge: run.edges.forge,
		note: (text) => run.teller.note(text)
	};
	const indexed = await renewIndex(indexing, found.indexed);
	const { remedy } = found.state;
	if (remedy !== void 0 && !remedy.finished) {
		if ((remedy.busyUntil ?? 0) > run.edges.clock.now()) return {
			line: lineOf(indexed, `left open: ${remedy.by} is at work on its remedy`),
			isBroken: false
		};
		const finished = await alone({
			...found,
			indexed
		}, true, async () => {
			await finishOther(run, {
				told,
				state: found.state
			});
			return { kind: "finished" };
		});
		if (finished.kind === "left") return {
			line: lineOf(indexed, `left open: ${finished.why}`),
			isBroken: false
		};
	}
	const open = {
		...found,
		indexed,
		state: told.book.current ?? found.state
	};
	const visit = await visitOf(open, about);
	run.teller.stop();
	if (visit.kind === "over") {
		const verdict = open.state.verdict ?? "unknown";
		await closeIndex(indexing, indexed, {
			verdict,
			sentence: `Ended as ${verdict}`,
			...urlOf(told)
		});
		return {
			line: lineOf(indexed, "over"),
			isBroken: false
		};
	}
	if (visit.kind === "left") return {
		line: lineOf(indexed, `left open: ${visit.why}`),
		isBroken: false
	};
	const { outcome } = visit;
	const settle = () => settleWatch(open, visit, about.publisher);
	if (visit.isAgain === true) return {
		line: lineOf(indexed, "it has ended; what was owed is made good"),
		isBroken: false,
		settle
	};
	return {
		line: lineOf(indexed, verdictSentence(outcome), outcome),
		outcome,
		told,
		isBroken: false,
		settle
	};
}
async function visitOf(open, { publisher }) {
	const { verdict, remedy } = open.state;
	if (open.state.watch === void 0) return { kind: "over" };
	const watch = withRemedy(open.state.watch, remedy);
	const heard = await hear(open, watch);
	const { order } = heard;
	if (order !== void 0) return orderedVisit(open, {
		heard,
		order,
		publisher
	});
	if (watch.over !== void 0) {
		const { mode, edges } = open.run;
		return heard.isNews || isWaiting(watch, {
			verdict,
			mode,
			now: edges.clock.now()
		}) ? overVisit(open, heard, publisher) : { kind: "over" };
	}
	if (heard.watch.hold !== void 0) return heldVisit(open, heard, publisher);
	const { run, told } = open;
	const due = dueAt(run, heard.watch, told);
	if (!heard.isNews && due > run.edges.clock.now() && await isServing(run, heard.watch)) {
		await heard.answer();
		return {
			kind: "left",
			why: `nothing is due before ${dateTimeText(due)} UTC`
		};
	}
	const visit = await resumedLook(open, heard.watch, publisher);
	await heard.answer(visit.kind === "told" ? visit.outcome : void 0);
	if (visit.kind === "left" && heard.isNews) await keepHeard(open, heard);
	return visit;
}
function urlOf({ checkRun }) {
	return checkRun === void 0 ? {} : { url: checkRun.url };
}
async function brokenLook(edges, { course, indexed }, error) {
	const { runner } = edges;
	const reason = `the gate itself failed: ${error instanceof Error ? error.message : String(error)}`;
	runner.error(logText(`${reason}; the watch stays open`));
	const lines = error instanceof Error ? (error.stack ?? "").split("\n").slice(1) : [];
	for (const line of lines) runner.info(`    ${line.trim()}`);
	const told = await course.opening?.catch(() => void 0);
	const { service, notifier, teller, decided } = course;
	if (told === void 0 || service === void 0 || teller === void 0) return;
	if (decided !== void 0 && course.remedy !== void 0) {
		letGo(told.book);
		await publishActions(writerOf(edges, course), told, decided);
	}
	const commit = indexed.record.sha;
	const outcome = {
		...lostOutcome(edges, indexed),
		service,
		reason
	};
	const { keys } = await tellPeople(notifier, outcome, {
		told,
		maxMs: MESSAGES_MS
	});
	const checkRun = await gateCheckRun({
		edges,
		service
	}, commit);
	const kept = decodeState(checkRun?.text ?? "");
	if (checkRun === void 0 || kept.kind !== "state" || notifier === void 0) return;
	const before = kept.state.told ?? NOTHING_TOLD;
	const transitions = [...new Set([...before.transitions, ...keys])];
	const state = {
		...kept.state,
		told: {
			...before,
			transitions
		}
	};
	await keepState({
		edges,
		teller
	}, {
		kind: "known",
		state,
		checkRun
	}, state);
}
function unvisited({ indexed }, why) {
	return {
		line: lineOf(indexed, `left open, not looked at: ${why}`),
		isBroken: false
	};
}
function lineOf({ entry, record }, what, outcome) {
	return {
		service: entry.name,
		commit: record.sha,
		what,
		...outcome === void 0 ? {} : { verdict: outcome.verdict },
		...outcome?.nextLookAt === void 0 ? {} : { nextLookAt: outcome.nextLookAt }
	};
}
// src/gate/resume.ts
async function resumeWatches(edges, start) {
	const { runner } = edges;
	if (start.mistakes.length > 0) return mistakesEnd(edges, start.mistakes);
	const guarded = guardedForge(edges.forge, start.signal);
	const resuming = {
		...edges,
		forge: guarded.forge
	};
	const resumed = [];
	try {
		await untilCanceled(start.signal, lookAtAll(resuming, start, {
			resumed,
			publisher: edges
		}));
	} catch (error) {
		if (error instanceof Canceled) {
			await Promise.race([guarded.settled(), edges.clock.sleep(LAST_WORDS_MS)]);
			runner.warning("The job was canceled; watches that were not looked at stay open for the next run.");
		} else if (error instanceof ServiceProblem) return mistakesEnd(edges, [listMistake(error)]);
		else throw error;
	}
	return finishResumed(edges, resumed, start.signal.aborted);
}
const LAST_WORDS_MS = 2500;
async function lookAtAll(edges, start, about) {
	const { runner, clock } = edges;
	const note = (text) => runner.warning(logText(text));
	const { watches } = await listIndex({
		forge: edges.forge,
		note
	});
	const wanted = watches.filter((watch) => isWanted(watch, start));
	const others = watches.length - wanted.length;
	runner.info(`${wanted.length === 1 ? "1 watch is" : `${wanted.length} watches are`} open${others === 0 ? "" : `; ${others} more are left to other steps`}`);
	const startedAt = clock.now();
	const why = () => whyStop(edges, startedAt);
	const queue = await lookQueue(edges, wanted, () => why() === void 0);
	const reading = readingOnce(edges);
	for (const [index, queued] of queue.entries()) {
		const stopped = why();
		if (stopped !== void 0) {
			const left = queue.slice(index);
			note(`Looks end early: ${stopped}. Of ${amountText(queue.length, "open watch", "open watches")} ${left.length} stay for the next run, which begins there.`);
			about.resumed.push(...left.map((one) => unvisited(one, stopped)));
			return;
		}
		const course = { startedAt: clock.now() };
		about.resumed.push(await resumeWatch(reading, start, {
			...queued,
			course,
			publisher: about.publisher
		}));
	}
}
function isWanted({ entry }, { inputs }) {
	const { service, config } = inputs;
	return (service === void 0 || service === entry.name || service === entry.service) && (config === void 0 || config === entry.config);
}
function listMistake(problem) {
	return {
		message: `The open watches could not be listed: ${problem.message}`,
		hint: problem.failure.hint ?? (problem.failure.code === "rate-limited" ? "They stay open, and the next run looks at them. An App's token has an hour of its own." : `Grant the job "deployments: write".`)
	};
}
function mistakesEnd(edges, mistakes) {
	for (const mistake of mistakes) edges.runner.error(mistakeLine(mistake));
	edges.runner.output("verdict", "unknown");
	return {
		verdict: "unknown",
		exitCode: 1
	};
}
async function finishResumed(edges, resumed, isCanceled) {
	const { runner } = edges;
	const settling = resumed.flatMap(({ settle }) => settle === void 0 ? [] : [settle()]);
	const broken = (await Promise.allSettled(settling)).flatMap((one) => one.status === "rejected" ? [one.reason] : []);
	for (const error of broken) runner.error(logText(`the gate itself failed: ${String(error)}`));
	const told = resumed.flatMap(({ outcome, told: where }) => outcome === void 0 ? [] : [{
		outcome,
		told: where
	}]);
	const verdict = told.length === 0 ? "skipped" : worstOf(told.map(({ outcome }) => outcome.verdict));
	const worst = told.find(({ outcome }) => outcome.verdict === verdict);
	const intro = watchesSummary(resumed.map(({ line }) => line));
	if (worst === void 0) {
		runner.output("verdict", verdict);
		await runner.summary(intro);
	} else await publishJob(edges, worst.outcome, {
		told: worst.told,
		intro
	});
	if (told.length > 1) for (const { outcome } of told) await runner.file(reportName(outcome), `${JSON.stringify(reportJson(outcome), void 0, 2)}\n`);
	for (const { outcome, line } of resumed) if (outcome === void 0) runner.info(logText(`${line.service}: ${line.what}`));
	else say(edges, outcome);
	const hasTrouble = isCanceled || broken.length > 0 || resumed.some(({ isBroken }) => isBroken);
	return {
		verdict,
		exitCode: told.every(({ outcome }) => outcome.mode === "observe" || isPassing(outcome.verdict)) && !hasTrouble ? 0 : 1
	};
}
function reportName({ service, serviceName, commit }) {
	return `report-${service?.id ?? serviceName.replaceAll(/\W+/g, "-")}-${commit.slice(0, 7)}.json`;
}
function say({ runner }, outcome) {
	const sentence = logText(`${outcome.service?.name ?? outcome.serviceName}: ${resultSentence(outcome)}`);
	if (outcome.mode !== "observe" && !isPassing(outcome.verdict)) runner.error(sentence);
	else if (outcome.verdict !== "pass") runner.warning(sentence);
	else runner.notice(sentence);
}
export { resumeWatches };
