import { a as getState, i as getInput } from "./vendor.js";
import { An as failureLine, ar as ServiceProblem, ir as ConfigProblem, lr as readInputs } from "./rules.js";
import { _ as createStateBook, g as toldName, i as createNotifier, o as loadPlan, t as MESSAGES_MS, v as stateOnly, y as createEdges } from "./shared.js";
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
	const runUrl = `${env["GITHUB_SERVER_URL"] ?? "https://github.com"}/${env["GITHUB_REPOSITORY"] ?? ""}/actions/runs/${env["GITHUB_RUN_ID"] ?? ""}`;
	if (left !== void 0) await tellLeft(edges, left, {
		inputs,
		env: (name) => env[name],
		runUrl
	});
	await edges.close();
}
export {};
