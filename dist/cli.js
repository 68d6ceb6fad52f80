import { d as beatMs, i as readConfig, l as patternText } from "./config.js";
import { $ as oneLine, G as amountText, H as valueText, Q as excerpt, W as logText, X as cut, at as durationWords, d as conditionText, p as pathText, rt as withoutStop } from "./words.js";
import { i as unitOf, n as conditionWords, r as listText, t as codeText } from "./rules.js";
import { setFlagsFromString } from "node:v8";
import { createReadStream } from "node:fs";
// package.json
var version = "0.1.0";
// src/cli/arguments.ts
const DEFAULT_FILE = ".github/deploy-gate.yml";
const HELP = `Usage: node dist/cli.js lint [file]

Checks a config file as the action would, and says in plain words what each check measures,
when it fails and what happens then. Reads nothing but the file. Without a file: ${DEFAULT_FILE}

  --help       this text
  --version    the version

$NAME comes from your shell's environment; what is not set there is listed, not a mistake.

Exit code: 0 no mistakes (warnings are none), 1 mistakes, 2 wrong usage or no such file.
`;
const SEE_HELP = "see \"node dist/cli.js --help\"";
function commandOf(words) {
	const wrong = (message) => ({
		kind: "wrong",
		message: `${message}; ${SEE_HELP}`
	});
	if (words.includes("--help") || words.includes("-h")) return { kind: "help" };
	if (words.includes("--version")) return { kind: "version" };
	const [name, file = DEFAULT_FILE, more] = words;
	if (name === void 0) return wrong("no command is given");
	if (name !== "lint") return wrong(`there is no command "${name}"`);
	if (more !== void 0) return wrong("lint takes one file");
	if (file.startsWith("-")) return wrong(`there is no option "${file}"`);
	return file === "" ? wrong("the name of the file is empty") : {
		kind: "lint",
		file
	};
}
// src/report/explain-remedy.ts
function consequenceWords(onFail, remedies) {
	if (onFail === "alert") return "it only alerts";
	const steps = Object.hasOwn(remedies, onFail) ? remedies[onFail]?.steps ?? [] : [];
	return `the remedy "${onFail}" ${listText(steps.map(shortStep), "and")}`;
}
function shortStep(step) {
	switch (step.kind) {
		case "revert_pr": return "opens a revert pull request";
		case "render_rollback": return "rolls Render back";
		case "recheck": return "checks the old version again";
		case "patch_pr": return "opens a patch pull request";
		case "issue": return "opens an issue";
	}
}
function remedyLines(remedy) {
	return remedy.steps.map((step) => `${oneLine(stepText(step))}.`);
}
function stepText(step) {
	switch (step.kind) {
		case "revert_pr": return revertText(step);
		case "render_rollback": return `${step.freezeAutoDeploy ? "switches auto-deploy off until the revert's own deploy has passed, then rolls Render back" : "rolls Render back"} to what served before${step.despiteMigrations ? ", even if migrations are among the changes" : "; held if migrations are among the changes"}`;
		case "recheck": return `checks the old version again for as long as stage ${step.stage} lasts, with what it passed before`;
		case "patch_pr": return `opens ${pullText("a pull request", step)} titled ${codeText(step.title)} with the patch ${codeText(step.patch)}`;
		case "issue": return `opens an issue${step.title === void 0 ? "" : ` titled ${codeText(step.title)}`} with the evidence${peopleText({
			...step,
			reviewers: []
		})}`;
	}
}
function revertText(step) {
	const scope = step.scope === "deploy" ? "everything this deploy put in production" : "the last push alone";
	const merge = step.autoMerge ? "; GitHub merges it when its checks pass" : "";
	const draft = step.despiteMigrations || step.draft ? "" : "; a draft if migrations are among the changes";
	return `opens ${pullText("a pull request", step)} that takes back ${scope}${merge}${draft}`;
}
function pullText(what, step) {
	return `${step.draft ? "a draft pull request" : what}${peopleText(step)}`;
}
function peopleText({ labels, reviewers, assignees }) {
	const parts = [
		...labels.length === 0 ? [] : [`labelled ${listText(labels, "and")}`],
		...reviewers.length === 0 ? [] : [`for ${listText(reviewers, "and")} to review`],
		...assignees.length === 0 ? [] : [`assigned to ${listText(assignees, "and")}`]
	];
	return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}
function guardLines(guards) {
	const { actWithinMs, maxActions, holdLabel, migrations } = guards;
	return [
		`Remedies act until live + ${durationWords(actWithinMs)}; later the gate only advises.`,
		`At most ${amountText(maxActions.count, "remedy", "remedies")} in ${durationWords(maxActions.perMs)}.`,
		`The label ${codeText(holdLabel)} on an open issue or the merged pull request holds them back.`,
		migrations.length === 0 ? "No file counts as a migration." : `A change to ${listText(migrations.map(codeText), "or")} counts as a migration: no rollback, and the revert is a draft.`
	];
}
// src/report/explain-source.ts
const MOST_SHOWN = 3;
function sourceWords(source) {
	switch (source.kind) {
		case "http": return httpWords(source);
		case "logs": return logsWords(source);
		case "sql": return `asks database ${source.database}: ${codeText(source.query)}`;
		case "metric": return metricWords(source);
		case "events": return `counts the new instances' events since live: ${listText(source.types, "and")}`;
		case "env": return `compares ${someOf(Object.keys(source.expected), "variable")} of the service's environment with the file`;
		case "source": return filesWords(source);
		case "derive": return `computes ${listText(Object.entries(source.formulas).map(([name, formula]) => codeText(`${name} = ${formulaText(formula)}`)), "and")}`;
	}
}
function httpWords({ method, url, headers, body, timeoutMs }) {
	const count = Object.keys(headers).length;
	const with_ = [...count === 0 ? [] : [amountText(count, "header")], ...body === void 0 ? [] : ["a body"]];
	const also = with_.length === 0 ? "" : ` with ${listText(with_, "and")}`;
	return `asks ${method} ${url.replace(/^(https?:\/\/)[^/?#]*@/iu, "$1…@")}${also} (${durationWords(timeoutMs)} for an answer)`;
}
const LOG_LINES = {
	app: "log lines of the new instances",
	build: "lines of the build log",
	request: "request log lines"
};
function logsWords(source) {
	const { type, levels, require, withinMs, forbid, count, rate, span, inside } = source;
	const level = levels.length === 0 ? "" : ` of level ${listText(levels, "or")}`;
	const verbs = [
		...require.length === 0 ? [] : [`wants ${groupsWords(require)} by live + ${durationWords(withinMs)}`],
		...forbid.length === 0 ? [] : [`forbids ${groupsWords(forbid)}`],
		...count === void 0 ? [] : [`counts those with ${patternWords(count.pattern)} per ${durationWords(count.perMs)}`],
		...rate === void 0 ? [] : [`counts them per ${durationWords(rate.perMs)}`],
		...span === void 0 ? [] : [`times what begins with ${patternWords(span.start)} and ends with ${patternWords(span.end)}`],
		...inside.length === 0 ? [] : [`reads ${listText(inside.map(patternWords), "and")} in between`]
	];
	return `reads ${LOG_LINES[type]}${level} and ${listText(verbs, "and")}`;
}
function patternWords(pattern) {
	return codeText(patternText(pattern));
}
function groupsWords(groups) {
	const patterns = groups.flatMap((group) => group.patterns);
	const names = groups.map((group) => group.name);
	if (names.every((name) => name === "")) return someOf(patterns.map(patternText), "pattern", codeText);
	return `${`${amountText(patterns.length, "pattern")} of ${amountText(groups.length, "group")}`} (${listText(names, "and")})`;
}
function someOf(things, noun, shown = String) {
	if (things.length <= MOST_SHOWN) return listText(things.map(shown), "and");
	const first = things.slice(0, MOST_SHOWN).map(shown).join(", ");
	return `${amountText(things.length, noun)} (${first}, …)`;
}
const METRICS = {
	cpu: "the CPU of the new instances",
	memory: "the memory of the new instances",
	http_requests: "the number of requests",
	http_latency: "the latency of requests",
	active_connections: "the connections to the database",
	instance_count: "the number of instances"
};
const AGGREGATES = {
	avg: "average",
	max: "largest",
	min: "smallest",
	sum: "sum"
};
function metricWords({ name, of, ofLimit, where, asRatio, quantile, agg }) {
	const only = where === void 0 ? "" : ` with ${conditionWords(where)}`;
	return [
		`reads ${agg === void 0 ? "the newest point" : `the ${AGGREGATES[agg.name]} of the last ${durationWords(agg.windowMs)}`} of Render's metric ${name} (${METRICS[name]}${of === void 0 ? "" : `, of ${of}`})${only}`,
		...quantile === void 0 ? [] : [`at quantile ${quantile}`],
		...ofLimit ? ["as a share of the plan's limit"] : [],
		...asRatio ? ["as a share of all"] : []
	].join(", ");
}
function filesWords({ glob, require, forbid }) {
	const verbs = [...require.length === 0 ? [] : [`wants ${groupsWords(require)}`], ...forbid.length === 0 ? [] : [`forbids ${groupsWords(forbid)}`]];
	return `reads the files ${codeText(glob)} at the deployed commit and ${listText(verbs, "and")}`;
}
function formulaText(formula) {
	switch (formula.kind) {
		case "number": return String(formula.value);
		case "subject": return `${formula.check}.${pathText(formula.path)}`;
		case "operation": {
			const { operator, left, right } = formula;
			return `${operandText(left, operator, false)} ${operator} ${operandText(right, operator, true)}`;
		}
	}
}
function operandText(formula, around, isRight) {
	const text = formulaText(formula);
	if (formula.kind !== "operation") return text;
	const strength = (operator) => operator === "*" || operator === "/" ? 2 : 1;
	const [inner, outer] = [strength(formula.operator), strength(around)];
	return inner < outer || inner === outer && isRight && (around === "-" || around === "/") ? `(${text})` : text;
}
// src/report/explain-check.ts
function explainCheck(check, plan) {
	const parts = [
		`${check.name}: ${sourceWords(check.source)}, ${beatWords(check, plan.stages)}`,
		...settingWords(check),
		...baselineWords(check),
		...judgingWords(check, plan.remedies),
		...check.ifUnknown === "warn" ? ["what cannot be measured is a warning"] : [],
		...helpWords(check)
	];
	return `${oneLine(parts.join("; "))}.`;
}
function beatWords(check, stages) {
	const beats = stages.flatMap((stage, index) => {
		if (check.stages !== void 0 && !check.stages.includes(stage.name)) return [];
		const everyMs = beatMs(check, stage);
		const lengthMs = Math.max(0, stage.forMs - (stages[index - 1]?.forMs ?? 0));
		const samples = Math.floor(lengthMs / everyMs) + 1;
		return [`every ${durationWords(everyMs)} in ${stage.name} (${amountText(samples, "sample")})`];
	});
	return beats.length === 0 ? "in no stage" : listText(beats, "and");
}
function settingWords({ graceMs, onlyIf, need }) {
	return [
		...graceMs === 0 ? [] : [`nothing is judged before live + ${durationWords(graceMs)}`],
		...onlyIf === void 0 ? [] : [`applies only while ${conditionWords(onlyIf)}`],
		...need === void 0 ? [] : [`a sample counts only if ${conditionWords(need)}`]
	];
}
function canFail({ pass, fail, source }) {
	return pass.length > 0 || fail.length > 0 || source.kind === "http";
}
function judgingWords(check, remedies) {
	const { pass, warn, fail, passAfter } = check;
	const wanted = listText(pass.map(conditionWords), "and");
	return [
		...pass.length > 0 && fail.length > 0 ? [`passes with ${wanted}`] : [],
		...canFail(check) ? [`fails ${failureWords(check)}`, `then ${consequenceWords(check.onFail, remedies)}`] : [],
		...warn.length > 0 ? [`warns when ${listText(warn.map(conditionWords), "or")}`] : [],
		...pass.length > 0 && fail.length > 0 ? ["warns between the two"] : [],
		...canFail(check) ? [] : ["it never fails"],
		...passAfter > 1 ? [`stands as passed after ${passAfter} passes in a row`] : []
	];
}
function failureWords({ pass, fail, source, failAfter }) {
	const said = fail.map((condition) => knownFailure(source.kind, condition)).filter((words) => words !== void 0);
	if (failAfter.kind === "consecutive" && failAfter.count === 1 && fail.length > 0 && said.length === fail.length) return `when ${listText(said, "or")}`;
	const reasons = [...fail.length > 0 ? [`${verb(failAfter)} ${listText(fail.map(conditionWords), "or")}`] : pass.length > 0 ? [`${verb(failAfter)} not ${pass.length > 1 ? "all of " : ""}${listText(pass.map(conditionWords), "and")}`] : [], ...source.kind === "http" ? [`${verb(failAfter) === "is" ? "gets" : "get"} no answer`] : []];
	return `${run(failAfter)} ${listText(reasons, "or")}`;
}
function knownFailure(kind, condition) {
	const text = conditionText(condition);
	switch (kind) {
		case "logs":
		case "source":
			if (text === "matches > 0") return "a forbidden one appears";
			return text === "missing > 0" ? "a wanted one is missing" : void 0;
		case "events": return text === "count >= 1" ? "one happens" : void 0;
		case "env":
			if (text === "different > 0") return "one is different";
			return text === "absent > 0" ? "one is absent" : void 0;
		case "http":
		case "sql":
		case "metric":
		case "derive": return;
	}
}
function run(failAfter) {
	switch (failAfter.kind) {
		case "consecutive": return failAfter.count === 1 ? "at the first sample that" : `when ${failAfter.count} in a row`;
		case "of": return `when ${failAfter.count} of ${failAfter.of}`;
		case "duration": return `when all samples of ${durationWords(failAfter.ms)}`;
	}
}
function verb(failAfter) {
	return failAfter.kind === "consecutive" && failAfter.count === 1 ? "is" : "are";
}
const BASELINES = {
	"while-building": "the old version while this one was building",
	"previous deploy": "what the gate of the previous deploy measured",
	"same hour last week": "the same hour of last week",
	"last 5 good deploys": "what the gates of the last 5 good deploys measured"
};
function baselineWords(check) {
	const { baseline, floor, pass, warn, fail } = check;
	if (baseline === void 0) return [];
	const relative = [
		...pass,
		...warn,
		...fail
	].find(({ operand }) => operand.kind === "relative");
	const unit = relative === void 0 ? void 0 : unitOf(check, relative);
	const under = floor === void 0 ? "" : `, skipped while both are below ${valueText(floor, unit)}`;
	return [`compared with ${BASELINES[baseline]}${under}`];
}
function helpWords({ hint, diagnose }) {
	const databases = [...new Set(diagnose.map((one) => one.database))];
	return [...diagnose.length === 0 ? [] : [`runs ${amountText(diagnose.length, "query", "queries")} on ${listText(databases, "and")} for the reader`], ...hint === void 0 ? [] : [`the hint is ${codeText(excerpt(hint, 120))}`]];
}
// src/report/explain-plan.ts
const MODES = {
	observe: "measures and reports, exits 0 and never acts",
	advise: "fails the step and says what it would do, but never acts",
	enforce: "fails the step, and remedies act"
};
function explainPlan(plan) {
	return [
		{
			name: "service",
			sentences: [oneLine(plan.service ?? "named by the action's input")]
		},
		{
			name: "mode",
			sentences: [`${plan.mode}: ${MODES[plan.mode]}.`]
		},
		{
			name: "deploy",
			sentences: [oneLine(deployText(plan))]
		},
		{
			name: "stages",
			sentences: stageTexts(plan)
		},
		...plan.notify.length === 0 ? [] : [{
			name: "notify",
			sentences: plan.notify.map(roleText)
		}]
	];
}
function deployText({ deploy, remedies }) {
	const { trigger, appearWithinMs, liveWithinMs, retry, onFail } = deploy;
	const appear = `waits ${durationWords(appearWithinMs)} for the deploy of the commit to appear`;
	return [
		`${trigger ? "asks Render for the deploy, " : ""}${appear} and ${durationWords(liveWithinMs)} from its start to live`,
		...retry === 0 ? [] : [`a failed build is started again ${amountText(retry, "time")} at most`],
		`if it fails for the code's own reason, ${consequenceWords(onFail, remedies)}.`
	].join("; ");
}
function stageTexts({ stages }) {
	return stages.map(({ name, forMs, everyMs, acrossDeploys }, index) => {
		const before = stages[index - 1];
		const from = before === void 0 ? "live" : `live + ${durationWords(before.forMs)}`;
		const further = acrossDeploys ? ", going on over newer deploys whose gates passed" : "";
		return `${name}: from ${from} to live + ${durationWords(forMs)}, every ${durationWords(everyMs)}${further}.`;
	});
}
const OCCASIONS = {
	pass: "it passed",
	warn: "it passed with warnings",
	fail: "it failed",
	unknown: "nobody could tell",
	superseded: "a newer deploy took over",
	skipped: "there was nothing to deploy",
	stage: "a stage has ended",
	action: "a remedy did something or could not",
	report: "a status update is due"
};
function roleText({ name, slack, webhook, mention, when }) {
	const ways = [
		...slack === void 0 ? [] : ["on Slack"],
		...webhook === void 0 ? [] : ["by webhook"],
		...mention === void 0 ? [] : [`by a comment that mentions ${mention}`]
	];
	const occasions = listText(when.map((occasion) => OCCASIONS[occasion]), "or");
	return oneLine(`${name}: is told ${listText(ways, "and")} once when ${occasions}.`);
}
function usedRemedies({ checks, deploy }) {
	const named = new Set([deploy.onFail, ...checks.map((check) => check.onFail)]);
	named.delete("alert");
	return [...named];
}
// src/report/explain-report.ts
function reportLines({ report, notify }) {
	const { issue, comment, at, template } = report;
	const isAsked = notify.some(({ when }) => when.includes("report"));
	const places = [
		...issue ? ["as comments of a tracking issue"] : [],
		...comment ? ["as comments of the merged pull request"] : [],
		...isAsked ? ["to those of notify who asked for it"] : []
	];
	if (places.length === 0 || at.length === 0) return issue ? [ISSUE] : [];
	const whose = template === void 0 ? "" : ", in the team's own words";
	return [`A status update ${listText(at.map(momentWords), "and")}, ${listText(places, "and")}${whose}; what a late run missed is told once.`, ...issue ? [ISSUE] : []];
}
const ISSUE = "One tracking issue per deploy, whose checklist ticks itself; closed when the watch ends with pass, superseded or skipped.";
function momentWords(moment) {
	return moment.kind === "daily" ? "once a day" : `at the end of ${moment.stage}`;
}
function afterLines(after) {
	return after.flatMap(({ stage, verdict, steps }) => steps.map((step) => `after ${stage} ended with ${verdict}: ${oneLine(stepWords(step))}, once.`));
}
function stepWords(step) {
	const { title, list } = step;
	const count = amountText(list.length, "thing");
	const byHand = list.length === 0 ? "" : `, with a list of ${count} to do by hand`;
	if (step.kind === "issue") return `opens an issue${peopleText({
		...step,
		reviewers: []
	})} titled ${codeText(title)}${byHand}`;
	const what = step.draft ? "a draft pull request" : "a pull request";
	const globs = listText(step.delete.map(codeText), "and");
	return `opens ${what}${peopleText(step)} titled ${codeText(title)} that deletes ${globs}${byHand}`;
}
// src/cli/stand-ins.ts
const DATABASE = /\burl["']?:\s*["']?\$(?<name>[A-Za-z_]\w*)/g;
const MESSAGES = /\b(?:slack|webhook)["']?:\s*["']?\$(?<name>[A-Za-z_]\w*)/g;
function standInsFor(text, shell) {
	const namesOf = (place) => new Set([...text.matchAll(place)].map((match) => match.groups?.["name"] ?? ""));
	const databases = namesOf(DATABASE);
	const messages = namesOf(MESSAGES);
	const asked = new Map();
	return {
		asked,
		env(name) {
			const value = shell(name);
			const isSet = value !== void 0 && value.trim() !== "";
			asked.set(name, isSet);
			if (isSet) return value;
			if (messages.has(name)) return "https://messages.invalid/";
			return databases.has(name) ? "postgres://reader@database.invalid/database" : "stand-in";
		}
	};
}
// src/cli/lint-report.ts
const LONGEST = 2e3;
function lintReport(text, { file, shell }) {
	const { env, asked } = standInsFor(text, shell);
	const read = readConfig({
		text,
		file,
		env
	});
	const mistakes = read.ok ? [] : read.mistakes;
	const { warnings } = read;
	const counts = [mistakes.length === 0 ? "no mistakes" : amountText(mistakes.length, "mistake"), ...warnings.length === 0 ? [] : [amountText(warnings.length, "warning")]];
	return {
		mistakes: mistakes.length,
		lines: [
			...mistakes.map((mistake) => placedLine(mistake, "error")),
			...warnings.map((warning) => placedLine(warning, "warning")),
			line(`${file}: ${counts.join(", ")}`, { tone: "heading" }),
			...read.ok ? planLines(read.plan) : [],
			...variableLines(asked)
		]
	};
}
function line(text, { indent = 0, tone } = {}) {
	return {
		indent,
		text: cut(logText(text), LONGEST),
		...tone === void 0 ? {} : { tone }
	};
}
function placedLine({ message, hint, at }, tone) {
	return line(`${at === void 0 ? "" : `${at.file}:${at.line}:${at.column}: `}${tone}: ${[withoutStop(message), ...hint === void 0 ? [] : [hint]].join("; ")}`, { tone });
}
function planLines(plan) {
	const part = (name, sentences) => [
		line(""),
		line(name, { tone: "heading" }),
		...sentences.map((sentence) => line(sentence, { indent: 2 }))
	];
	const told = (name, sentences) => sentences.length === 0 ? [] : part(name, sentences);
	const used = usedRemedies(plan);
	const steps = used.flatMap((name) => (plan.remedies[name] === void 0 ? [] : remedyLines(plan.remedies[name])).map((step) => `${name}: ${step}`));
	return [
		...explainPlan(plan).flatMap(({ name, sentences }) => part(name, sentences)),
		...part("checks", plan.checks.map((check) => explainCheck(check, plan))),
		...part("remedies", used.length === 0 ? ["none: every failure only alerts."] : steps),
		...used.length === 0 ? [] : part("guards", guardLines(plan.guards)),
		...told("report", reportLines(plan)),
		...told("after", afterLines(plan.after))
	];
}
function variableLines(asked) {
	if (asked.size === 0) return [];
	const unset = [...asked].filter(([, isSet]) => !isSet).map(([name]) => name);
	const stood = unset.length === 0 ? "" : ` (not set here, so a stand-in was used: ${unset.join(", ")})`;
	return [line(""), line(`needs in the step's env: ${[...asked.keys()].join(", ")}${stood}`)];
}
// src/cli/output-line.ts
const TONES = {
	error: "\x1B[31m",
	warning: "\x1B[33m",
	heading: "\x1B[1m"
};
function shownLine({ indent, text, tone }, { isColoured }) {
	const spaces = " ".repeat(indent);
	return tone === void 0 || !isColoured ? spaces + text : `${spaces}${TONES[tone]}${text}\u001b[0m`;
}
// src/cli.ts
setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");
const MOST_BYTES = 2 ** 20;
const isColoured = process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "";
function refuse(message) {
	process.stderr.write(`${logText(message)}\n`);
	return 2;
}
async function textOf(file) {
	const parts = [];
	for await (const part of createReadStream(file, { end: MOST_BYTES })) parts.push(part);
	return Buffer.concat(parts).toString("utf8");
}
const READ_FAILURES = {
	ENOENT: "it does not exist",
	EISDIR: "it is a folder",
	EACCES: "you may not read it",
	ENOTDIR: "it does not exist"
};
async function lint(file) {
	let text;
	try {
		text = await textOf(file);
	} catch (error) {
		const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
		return refuse(`"${file}" cannot be read: ${READ_FAILURES[code] ?? code}; name the config file: node dist/cli.js lint <file>`);
	}
	const { lines, mistakes } = lintReport(text, {
		file,
		shell: (name) => process.env[name]
	});
	process.stdout.write(`${lines.map((line) => shownLine(line, { isColoured })).join("\n")}\n`);
	return mistakes === 0 ? 0 : 1;
}
process.stdout.on("error", () => process.exit());
const command = commandOf(process.argv.slice(2));
switch (command.kind) {
	case "lint":
		process.exitCode = await lint(command.file);
		break;
	case "help":
		process.stdout.write(HELP);
		break;
	case "version":
		process.stdout.write(`${version}\n`);
		break;
	case "wrong": process.exitCode = refuse(command.message);
}
export {};
