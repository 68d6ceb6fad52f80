import { a as getState, i as getInput } from "./vendor.js";
import { P as failureLine, mt as ServiceProblem, vt as readInputs } from "./rules.js";
import { n as stateOnly, r as createEdges, t as createStateBook } from "./shared.js";
// src/gate/leave.ts
const OUTPUT = {
	title: "Could not tell: the gate stopped before its verdict",
	summary: "The job was stopped, or the gate crashed, before anything was decided. Run the job again: it finds this check run and the deploy again."
};
async function closeLeftOpen(edges, state) {
	const { forge, runner } = edges;
	const saved = savedOf(state);
	if (saved === void 0) return;
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
	if (checkRun !== void 0 && checkRun.status !== "completed") {
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
	if (!saved.hasStatus || mayStayPending(checkRun)) return;
	if ((await attempt(() => forge.status(commit, name)))?.state !== "pending") return;
	await attempt(() => forge.setStatus(commit, {
		state: "error",
		context: name,
		description: OUTPUT.title,
		...checkRun === void 0 ? {} : { url: checkRun.url }
	}));
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
// src/post.ts
if (getState("closed") !== "true" && getState("told") !== "") {
	const { inputs } = readInputs((name) => getInput(name));
	const edges = createEdges(inputs, process.env);
	await closeLeftOpen(edges, getState("told"));
	await edges.close();
}
export {};
