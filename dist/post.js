import { D as getInput, O as getState } from "./vendor.js";
import { D as createEdges, j as readInputs, k as ServiceProblem, t as failureLine } from "./shared.js";
// src/gate/leave.ts
const TITLE = "Could not tell: the gate stopped before its verdict";
async function closeLeftOpen(edges, state) {
	const { forge, runner } = edges;
	const attempt = async (write) => {
		try {
			await write();
		} catch (error) {
			if (!(error instanceof ServiceProblem)) throw error;
			runner.warning(failureLine(error.failure));
		}
	};
	const id = Number(state.checkRun);
	if (state.checkRun !== "" && Number.isSafeInteger(id)) {
		runner.info("The main step ended without closing its check run; it is closed now.");
		await attempt(() => forge.updateCheckRun(id, {
			conclusion: "cancelled",
			output: {
				title: TITLE,
				summary: "The job was stopped or crashed. Run the job again: it finds this check run and the deploy again."
			}
		}));
	}
	const status = savedStatus(state.status);
	if (status !== void 0) await attempt(() => forge.setStatus(status.commit, {
		state: "error",
		context: status.context,
		description: TITLE
	}));
}
function savedStatus(text) {
	try {
		const value = JSON.parse(text);
		return typeof value.commit === "string" && typeof value.context === "string" ? {
			commit: value.commit,
			context: value.context
		} : void 0;
	} catch {
		return;
	}
}
// src/post.ts
if (getState("closed") !== "true") {
	const { inputs } = readInputs((name) => getInput(name));
	const edges = createEdges(inputs, process.env);
	await closeLeftOpen(edges, {
		checkRun: getState("check-run"),
		status: getState("status")
	});
	await edges.close();
}
export {};
