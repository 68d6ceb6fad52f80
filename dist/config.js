import { C as cutText, c as searchText, ct as DURATION_PATTERN, dt as unitMs, f as operandText, lt as durationText, m as subjectText, o as captureText, p as pathText, s as safeRegex, st as didYouMean, t as evaluateCondition, ut as parseDuration } from "./words.js";
import { C as NEVER$1, a as ZodPipe, b as string, c as ZodUnion, d as array, f as boolean, g as number, i as ZodOptional, l as _enum, m as literal, n as ZodDefault, o as ZodPrefault, p as int, r as ZodObject, s as ZodRecord, t as ZodArray, v as record, x as union$1, y as strictObject } from "./zod.js";
import { t as require_dist } from "./yaml.js";
// src/config/plain-value.ts
var import_dist = require_dist();
const MOST_NODES = 2e4;
const MOST_DEPTH = 20;
const MOST_ALIASES = 100;
const RESERVED = [
	"__proto__",
	"constructor",
	"prototype"
];
function plainValue(document, isAsWritten) {
	const refusals = [];
	let nodes = 0;
	let aliases = 0;
	let isTooMuch = false;
	const refuse = (node, message, hint) => {
		refusals.push({
			message,
			hint,
			offset: node?.range?.[0] ?? 0
		});
	};
	const visit = (node, path, depth = path.length) => {
		nodes++;
		if (isTooMuch) return void 0;
		if (nodes > MOST_NODES || depth > MOST_DEPTH) {
			isTooMuch = true;
			return nodes > MOST_NODES ? refuse(node, `the file unfolds to more than ${MOST_NODES} values`, "write less, or use fewer aliases") : refuse(node, `the file is nested more than ${MOST_DEPTH} levels deep`, "nothing in it needs so many levels");
		}
		if ((0, import_dist.isAlias)(node)) {
			if (++aliases > MOST_ALIASES) {
				isTooMuch = true;
				return refuse(node, `the file uses more than ${MOST_ALIASES} aliases`, "write values out");
			}
			const target = node.resolve(document);
			return target === void 0 ? refuse(node, `*${node.source} is an alias of nothing`, "quote it if it is meant as text") : visit(target, path, depth + 1);
		}
		if ((0, import_dist.isSeq)(node)) return node.items.map((item, index) => visit(item, [...path, index], depth + 1));
		if (!(0, import_dist.isMap)(node)) return scalarValue(node, isAsWritten(path));
		const object = {};
		for (const { key, value } of node.items) {
			const name = (0, import_dist.isScalar)(key) ? String(key.value ?? "") : void 0;
			if (name === void 0 || name === "") refuse(key, "a key must be a single word or text", "quote the key");
			else if (RESERVED.includes(name)) refuse(key, `"${name}" cannot be used as a name`, "choose another name");
			else if (Object.hasOwn(object, name)) refuse(key, `"${name.slice(0, 100)}" stands twice in the same mapping`, "keep one of them");
			else object[name] = visit(value, [...path, name], depth + 1);
		}
		return object;
	};
	return {
		value: visit(document.contents, []),
		refusals
	};
}
function scalarValue(node, asWritten) {
	if (!(0, import_dist.isScalar)(node)) return null;
	const isEmpty = node.type === "PLAIN" && node.source === "";
	return asWritten && node.source !== void 0 && !isEmpty ? node.source : node.value;
}
// src/config/syntax.ts
const QUOTE = "quote the whole value: inside {} and [] YAML splits at , [ ] { } and elsewhere at \": \" and \" #\"";
const HARMLESS = [
	"TAG_RESOLVE_FAILED",
	"MULTIPLE_DOCS",
	"BAD_SCALAR_START"
];
function isHarmless(error) {
	return HARMLESS.includes(error.code);
}
function syntaxMistake(error, source) {
	const mistake = mistakeOf$1(error, source);
	return {
		mistake,
		isSplit: mistake.hint === QUOTE
	};
}
function mistakeOf$1(error, source) {
	const [at] = error.pos;
	const line = source.slice(source.lastIndexOf("\n", at - 1) + 1, at);
	const here = source[at] ?? "";
	switch (error.code) {
		case "UNEXPECTED_TOKEN":
		case "MISSING_CHAR":
		case "BAD_INDENT":
			if (/[[{]/.test(line) && here !== "" && here !== "\n") return {
				message: `YAML splits this value at "${here}"`,
				hint: QUOTE
			};
			return {
				message: error.message.startsWith("Flow ") ? "a [ or { above is not closed" : `YAML: ${sentence(error.message)}`,
				hint: "check the brackets, quotes and indentation here and on the line above"
			};
		case "BLOCK_AS_IMPLICIT_KEY":
		case "BLOCK_IN_FLOW": return {
			message: "YAML reads the \": \" in this value as a mapping",
			hint: QUOTE
		};
		case "BAD_SCALAR_START": return {
			message: `a value cannot start with ${here}`,
			hint: QUOTE
		};
		case "TAB_AS_INDENT": return {
			message: "YAML does not take tabs as indentation",
			hint: "indent with spaces"
		};
		case "MULTIPLE_DOCS": return {
			message: "the file holds more than one document (\"---\")",
			hint: "keep one"
		};
		case "RESOURCE_EXHAUSTION": return {
			message: "the file is nested too deeply to be read",
			hint: "nothing in it needs so many levels"
		};
		default: return { message: `YAML: ${sentence(error.message)}` };
	}
}
function sentence(message) {
	return message.replaceAll(/\s+/g, " ").slice(0, 160).trim();
}
// src/config/vocabulary.ts
const LOG_LEVELS = [
	"debug",
	"info",
	"notice",
	"warning",
	"error",
	"critical",
	"alert",
	"emergency"
];
const WATCHED_EVENTS = [
	"server_failed",
	"server_restarted",
	"server_available",
	"instance_count_changed",
	"autoscaling_started",
	"autoscaling_ended",
	"image_pull_failed",
	"cron_job_run_started",
	"cron_job_run_ended",
	"job_run_ended",
	"zero_downtime_redeploy_started",
	"zero_downtime_redeploy_ended"
];
const OTHER_EVENTS = [
	"autoscaling_config_changed",
	"branch_deleted",
	"build_ended",
	"build_started",
	"commit_ignored",
	"deploy_ended",
	"deploy_started",
	"disk_created",
	"disk_updated",
	"disk_deleted",
	"initial_deploy_hook_ended",
	"initial_deploy_hook_started",
	"maintenance_mode_enabled",
	"maintenance_mode_uri_updated",
	"maintenance_ended",
	"maintenance_started",
	"pipeline_minutes_exhausted",
	"plan_changed",
	"pre_deploy_ended",
	"pre_deploy_started",
	"server_hardware_failure",
	"service_resumed",
	"service_suspended",
	"suspender_added",
	"suspender_removed"
];
const SOURCES = [
	"http",
	"logs",
	"sql",
	"metric",
	"events",
	"env",
	"source",
	"derive"
];
const METRICS = [
	"cpu",
	"memory",
	"http_requests",
	"http_latency",
	"active_connections",
	"instance_count"
];
const BASELINES = [
	"while-building",
	"previous deploy",
	"same hour last week",
	"last 5 good deploys"
];
function isAsWritten(path) {
	return path.length === 4 && path[0] === "checks" && path[2] === "env";
}
// src/config/document.ts
const MOST_REPAIRS = 50;
function parseConfigDocument({ text, file }) {
	const lines = text.split("\n");
	const broken = new Map();
	let isCut = false;
	for (let repairs = 0;; repairs++) {
		const counter = new import_dist.LineCounter();
		const source = lines.join("\n");
		const document = (0, import_dist.parseDocument)(source, {
			lineCounter: counter,
			prettyErrors: false,
			uniqueKeys: false
		});
		const problems = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
		const severe = problems.find((problem) => !isHarmless(problem));
		if (severe === void 0 || repairs === MOST_REPAIRS) return documentOf({
			document,
			source,
			counter,
			file,
			problems: problems.filter(isHarmless),
			broken,
			isCut
		});
		const { line, col } = counter.linePos(severe.pos[0]);
		const { mistake, isSplit } = syntaxMistake(severe, source);
		const repaired = isSplit && !broken.has(line) ? repairOf(lines[line - 1] ?? "") : void 0;
		if (!isCut && !broken.has(line)) broken.set(line, {
			...mistake,
			at: {
				file,
				line,
				column: col
			}
		});
		if (repaired !== void 0) lines[line - 1] = repaired;
		else {
			lines.length = Math.max(0, Math.min(line - 1, lines.length - 1));
			isCut = true;
		}
	}
}
function repairOf(line) {
	return (/^\s*(?:-\s+)?[\w-]+:(?=\s)/.exec(line) ?? /^\s*-(?=\s)/.exec(line))?.[0];
}
function documentOf({ document, source, counter, file, problems, broken, isCut }) {
	const place = (offset) => {
		const { line, col } = counter.linePos(offset);
		return {
			file,
			line: Math.max(line, 1),
			column: Math.max(col, 1)
		};
	};
	const { value, refusals } = plainValue(document, isAsWritten);
	const start = (path) => offsetOf(find(document, path));
	return {
		value,
		mistakes: [
			...broken.values(),
			...problems.map((problem) => ({
				...syntaxMistake(problem, source).mistake,
				at: place(problem.pos[0])
			})),
			...refusals.map(({ offset, ...mistake }) => ({
				...mistake,
				at: place(offset)
			}))
		],
		isReliable: ({ at, needsWhole }) => !broken.has(at.line) && !(isCut && needsWhole === true),
		placeOf: (path) => place(start(path)),
		placeOfKey: (path) => {
			const found = find(document, path);
			return place(found.exact && found.key !== void 0 ? offsetOf({ node: found.key }) : offsetOf(found));
		},
		placeInside: (path, column) => {
			const { node } = find(document, path);
			const offset = offsetOf({ node });
			if (!(0, import_dist.isScalar)(node) || typeof node.value !== "string") return place(offset);
			if (node.type === "BLOCK_LITERAL") return place(insideBlock(source, {
				offset,
				text: node.value,
				column
			}));
			const first = offset + (node.type === "PLAIN" ? 0 : 1);
			return place(source.startsWith(node.value, first) ? first + column - 1 : offset);
		},
		isInFlow: (path) => {
			const { node, parent } = find(document, path);
			return (0, import_dist.isCollection)(parent) && parent.flow === true && (0, import_dist.isScalar)(node) && node.type === "PLAIN";
		},
		plainAt: (path) => {
			const { node, exact } = find(document, path);
			if (!exact || !(0, import_dist.isScalar)(node) || node.type !== "PLAIN" || !node.range) return void 0;
			const [from, to] = node.range;
			const [, comment] = /^[ \t]+#([^\r\n]*)/.exec(source.slice(to)) ?? [];
			return {
				text: node.source ?? "",
				lines: source.slice(from, to).split("\n").length,
				...comment === void 0 ? {} : { comment: comment.trimEnd() }
			};
		}
	};
}
function insideBlock(source, { offset, text, column }) {
	const above = text.slice(0, column - 1).split("\n");
	const rows = source.slice(offset).split("\n");
	const [row = "", written = ""] = [rows[above.length], text.split("\n")[above.length - 1]];
	return rows.slice(0, above.length).reduce((sum, { length }) => sum + length + 1, offset) + Math.max(0, row.indexOf(written)) + (above.at(-1) ?? "").length;
}
function find(document, path) {
	let here = {
		node: document.contents,
		exact: true
	};
	for (const step of path) {
		const node = (0, import_dist.isAlias)(here.node) ? here.node.resolve(document) : here.node;
		const next = (0, import_dist.isMap)(node) ? pairOf(node, step) : (0, import_dist.isSeq)(node) ? memberOf(node, step) : void 0;
		if (next === void 0) return {
			...here,
			exact: false
		};
		here = {
			...next,
			parent: node,
			exact: true
		};
	}
	return here;
}
function pairOf(map, step) {
	const pair = map.items.find((pair) => (0, import_dist.isScalar)(pair.key) && String(pair.key.value) === String(step));
	return pair === void 0 ? void 0 : {
		node: pair.value ?? pair.key,
		key: pair.key
	};
}
function memberOf(list, step) {
	const node = typeof step === "symbol" ? void 0 : list.items[Number(step)];
	return node === void 0 ? void 0 : { node };
}
function offsetOf({ node, key }) {
	const range = node?.range;
	if ((0, import_dist.isScalar)(node) && node.value === null && range?.[0] === range?.[1] && key !== void 0) return offsetOf({ node: key });
	return range?.[0] ?? 0;
}
// src/config/raw.ts
function mapping(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
function rawAt(value, path) {
	let here = value;
	for (const step of path) {
		if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return void 0;
		here = here[step];
	}
	return here;
}
function valid(schema, value) {
	const result = schema.safeParse(value);
	return result.success ? result.data : void 0;
}
function keyText(path) {
	return path.map((step, index) => typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${String(step)}`).join("");
}
function choiceText(words) {
	const last = words.at(-1) ?? "";
	return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}
function shown$1(value) {
	if (value === null || value === void 0) return "nothing";
	if (Array.isArray(value)) return "a list";
	if (typeof value === "object") return "a mapping";
	if (typeof value === "number" || typeof value === "boolean") return String(value);
	if (typeof value !== "string") return "something else";
	const text = value.replaceAll(/\s+/g, " ");
	return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}
const MOST_KEPT = 1e3;
function createFindings(document) {
	const mistakes = [];
	return {
		mistakes,
		isFull: () => mistakes.length >= MOST_KEPT,
		say(path, message, { hint, isKey, column, needsWhole } = {}) {
			if (mistakes.length >= MOST_KEPT) return;
			const at = isKey === true ? document.placeOfKey(path) : column === void 0 ? document.placeOf(path) : document.placeInside(path, column);
			if (mistakes.some((one) => one.message === message && one.at.line === at.line && one.at.column === at.column)) return;
			const mistake = {
				message,
				...hint === void 0 ? {} : { hint }
			};
			mistakes.push({
				...mistake,
				at,
				...needsWhole === true ? { needsWhole } : {}
			});
		}
	};
}
// src/core/condition-scan.ts
var Refusal = class extends Error {
	name = "Refusal";
	column;
	hint;
	constructor(message, place) {
		super(inOneLine$1(message));
		this.column = place.column;
		this.hint = place.hint === void 0 ? void 0 : inOneLine$1(place.hint);
	}
};
function inOneLine$1(sentence) {
	return sentence.replaceAll(/[\n\r\u2028\u2029]+/g, " ");
}
function isAtEnd(scan) {
	return scan.at >= scan.text.length;
}
function skipSpace(scan) {
	take(scan, /\s*/y);
}
function take(scan, pattern) {
	pattern.lastIndex = scan.at;
	const found = pattern.exec(scan.text)?.[0] ?? "";
	scan.at += found.length;
	return found;
}
function takeText(scan, text) {
	const stands = scan.text.startsWith(text, scan.at);
	if (stands) scan.at += text.length;
	return stands;
}
function restText(scan) {
	if (isAtEnd(scan)) return "the end";
	const rest = scan.text.slice(scan.at).replaceAll(/\s+/g, " ");
	return `"${rest.length > 40 ? `${rest.slice(0, 40)}…` : rest}"`;
}
function refuse(scan, message, more = {}) {
	throw new Refusal(message, {
		column: (more.at ?? scan.at) + 1,
		hint: more.hint
	});
}
// src/core/condition-operand.ts
const DURATIONS = [
	"ms",
	"s",
	"m",
	"h",
	"d"
];
const SIZES = {
	B: 1,
	KB: 1e3,
	MB: 1e6,
	GB: 1e9,
	KiB: 1024,
	MiB: 2 ** 20,
	GiB: 2 ** 30
};
const UNITS = [
	...DURATIONS,
	...Object.keys(SIZES),
	"%"
];
function parseOperand$1(scan) {
	const first = scan.text[scan.at] ?? "";
	if (first === "\"") return {
		kind: "text",
		value: parseText(scan)
	};
	if (first === "/") return parsePattern(scan);
	if (first === "[") return parseList(scan);
	if (/[-+\d.]/.test(first)) return parseAmount(scan);
	if (first === "'") return refuse(scan, "text stands in double quotes here, not in single ones");
	const start = scan.at;
	const word = take(scan, /[A-Za-z_][\w.-]*/y);
	if (word === "deploy.sha") return { kind: "deploy.sha" };
	if (word === "true" || word === "false") return {
		kind: "literal",
		value: word === "true"
	};
	if (word === "null") return {
		kind: "literal",
		value: null
	};
	scan.at = start;
	const hint = word === "" ? void 0 : `text stands in double quotes: "${word}"`;
	return refuse(scan, `a number, "text", /pattern/, [list], true, false, null or deploy.sha is expected, not ${restText(scan)}`, { hint });
}
function parseRange(scan) {
	const start = scan.at;
	const from = parseEnd(scan);
	skipSpace(scan);
	if (take(scan, /and(?![\w.-])/y) === "") refuse(scan, `"between" takes two numbers with "and", such as between 200 and 299; "and" is expected, not ${restText(scan)}`);
	skipSpace(scan);
	const to = parseEnd(scan);
	if (from.unit !== to.unit && from.value !== 0 && to.value !== 0) refuse(scan, "the two ends of \"between\" have different units", {
		at: start,
		hint: "give both ends the same unit"
	});
	if (from.value > to.value) refuse(scan, "the first end of \"between\" is larger than the second", { at: start });
	return {
		kind: "range",
		from,
		to
	};
}
function parseEnd(scan) {
	const start = scan.at;
	if (!/[-+\d.]/.test(scan.text[scan.at] ?? "")) refuse(scan, `a number is expected, not ${restText(scan)}`);
	const end = parseAmount(scan);
	return end.kind === "number" ? end : refuse(scan, "\"between\" takes plain numbers, not relative ones", { at: start });
}
function parseText(scan) {
	const start = scan.at;
	const written = take(scan, /"(?:[^"\\]|\\[^])*"/y);
	if (written === "") return refuse(scan, "the text has no closing double quote", { hint: "quote the whole condition if it holds \" #\" or \": \"" });
	return written.slice(1, -1).replaceAll(/\\(u[\da-fA-F]{4}|[^])/g, (escape, code, index) => {
		const plain = {
			n: "\n",
			t: "	",
			r: "\r",
			b: "\b",
			f: "\f",
			"\"": "\"",
			"\\": "\\",
			"/": "/"
		};
		if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
		return Object.entries(plain).find(([key]) => key === code)?.[1] ?? refuse(scan, `${escape} is no escape of a text`, {
			at: start + 1 + index,
			hint: "use \\\" \\\\ \\n \\t or \\u0000"
		});
	});
}
function parsePattern(scan) {
	const start = scan.at;
	const body = take(scan, /\/(?:[^/\\[]|\\[^]|\[(?:[^\]\\]|\\[^])*\])*\//y);
	if (body === "") return refuse(scan, "the pattern has no closing /", { hint: "write / inside a pattern as \\/" });
	const flags = take(scan, /[A-Za-z]*/y);
	const source = body.slice(1, -1);
	const regex = safeRegex(source, flags);
	return typeof regex === "string" ? refuse(scan, `${body}${flags}: ${regex}`, { at: start }) : {
		kind: "pattern",
		source,
		flags
	};
}
function parseList(scan) {
	const start = scan.at;
	takeText(scan, "[");
	const items = [];
	for (;;) {
		skipSpace(scan);
		const at = scan.at;
		const item = parseOperand$1(scan);
		if (item.kind !== "number" && item.kind !== "text" && item.kind !== "literal") refuse(scan, "a list holds numbers, \"text\", true, false and null only", { at });
		items.push(item);
		skipSpace(scan);
		if (takeText(scan, "]")) return {
			kind: "list",
			items
		};
		if (!takeText(scan, ",")) refuse(scan, `"," or "]" is expected in the list, not ${restText(scan)}`, { hint: scan.at >= scan.text.length ? `the list that starts in column ${start + 1} is not closed` : void 0 });
	}
}
function parseAmount(scan) {
	const start = scan.at;
	const written = take(scan, /[-+]?\d{1,15}(?:\.\d{1,9})?/y);
	if (written === "") return refuse(scan, `a number is expected, not ${restText(scan)}`, { hint: "write 0.5, not .5" });
	const sign = written.startsWith("+") || written.startsWith("-") ? written.charAt(0) : "";
	const value = Number(written);
	const unitAt = scan.at;
	const unit = take(scan, /[\w.%]+/y);
	if (unit === "" && /^\s+(?:%|pp|x|[kMG]?i?B|ms|[smhd])(?![\w.-])/.test(scan.text.slice(scan.at, scan.at + 20))) return refuse(scan, "a unit follows its number without a space", { at: unitAt });
	if (unit === "pp" || unit === "x") {
		if (unit === "pp" === (sign === "")) return refuse(scan, unit === "pp" ? `${written}pp needs a sign` : `${written}x takes no sign`, {
			at: start,
			hint: unit === "pp" ? `+${written}pp or -${written}pp` : `write ${written.slice(1)}x, or +50% for half as much again`
		});
		return unit === "pp" ? {
			kind: "relative",
			by: "points",
			value: value / 100
		} : {
			kind: "relative",
			by: "factor",
			value
		};
	}
	if (unit === "%" && sign !== "") return {
		kind: "relative",
		by: "change",
		value: value / 100
	};
	if (sign === "+") return refuse(scan, `${written}${unit} has a plus sign, which only relative numbers such as +50% and +2pp have`, { at: start });
	return inUnit(scan, {
		value,
		unit,
		at: unitAt,
		start
	});
}
function inUnit(scan, { value, unit, at, start }) {
	const operand = numberIn(value, unit);
	if (operand === void 0) return refuse(scan, `"${unit}" is no unit`, {
		at,
		hint: didYouMean(unit, UNITS) ?? `units are ${UNITS.join(" ")}`
	});
	if (Math.abs(operand.value) > Number.MAX_SAFE_INTEGER) return refuse(scan, "the number is too large to compare exactly", { at: start });
	return operand;
}
function numberIn(value, unit) {
	if (unit === "") return {
		kind: "number",
		value: plainZero(value)
	};
	if (unit === "%") return {
		kind: "number",
		value: value / 100,
		unit: "ratio"
	};
	const duration = DURATIONS.find((known) => known === unit);
	if (duration !== void 0) return {
		kind: "number",
		value: times(value, unitMs(duration)),
		unit: "duration"
	};
	const size = Object.entries(SIZES).find(([known]) => known === unit)?.[1];
	return size === void 0 ? void 0 : {
		kind: "number",
		value: times(value, size),
		unit: "size"
	};
}
function times(value, factor) {
	return plainZero(Number((value * factor).toPrecision(15)));
}
function plainZero(value) {
	return value + 0;
}
// src/core/condition-parser.ts
const FUNCTIONS = [
	"trend",
	"p50",
	"p95",
	"p99",
	"avg",
	"max",
	"min",
	"sum",
	"len",
	"has"
];
const OPERATORS = [
	"<=",
	">=",
	"==",
	"!=",
	"<",
	">",
	"contains",
	"matches",
	"in",
	"between"
];
const MOST_CHARACTERS$3 = 2e3;
function parseCondition(text) {
	try {
		return parse(text);
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		const { message, hint, column } = error;
		return {
			ok: false,
			message,
			...hint === void 0 ? {} : { hint },
			column
		};
	}
}
function parse(text) {
	const scan = {
		text,
		at: 0
	};
	if (text.length > MOST_CHARACTERS$3) refuse(scan, `a condition has at most ${MOST_CHARACTERS$3} characters, this one has ${text.length}`);
	skipSpace(scan);
	const subjectAt = scan.at;
	const subject = parseSubject(scan);
	skipSpace(scan);
	const operatorAt = scan.at;
	const operator = parseOperator(scan, subject);
	skipSpace(scan);
	const operandAt = scan.at;
	const operand = operator === "between" ? parseRange(scan) : parseOperand$1(scan);
	const misfit = misfitOf$1(operator, operand);
	if (misfit !== void 0) refuse(scan, misfit.message, {
		at: operandAt,
		hint: misfit.hint
	});
	skipSpace(scan);
	if (!isAtEnd(scan)) {
		const isJoined = /^(?:and\b|or\b|&&|\|\||,)/.test(text.slice(scan.at));
		refuse(scan, `the condition ends before ${restText(scan)}`, { hint: isJoined ? "write one condition per list item: all of pass must hold, any of warn or fail" : void 0 });
	}
	return {
		ok: true,
		condition: {
			text,
			subject,
			operator,
			operand
		},
		columns: {
			subject: subjectAt + 1,
			operator: operatorAt + 1,
			operand: operandAt + 1
		}
	};
}
function parseSubject(scan) {
	const start = scan.at;
	const path = parsePath(scan);
	if (!takeText(scan, "(")) return {
		kind: "path",
		path
	};
	const written = scan.text.slice(start, scan.at - 1);
	const name = FUNCTIONS.find((known) => known === written);
	if (name === void 0) return refuse(scan, `"${written}" is no function`, {
		at: start,
		hint: didYouMean(written, FUNCTIONS) ?? `functions are ${FUNCTIONS.join(" ")}`
	});
	skipSpace(scan);
	const argument = parsePath(scan);
	skipSpace(scan);
	const windowMs = takeText(scan, ",") ? parseWindow(scan, name) : void 0;
	skipSpace(scan);
	if (!takeText(scan, ")")) refuse(scan, `")" is expected, not ${restText(scan)}`);
	if (name === "trend" && windowMs === void 0) refuse(scan, "trend needs a window", {
		at: start,
		hint: `trend(${pathText(argument)}, 6h)`
	});
	return {
		kind: "call",
		name,
		path: argument,
		...windowMs === void 0 ? {} : { windowMs }
	};
}
function parseWindow(scan, name) {
	skipSpace(scan);
	const start = scan.at;
	if (name === "len" || name === "has") return refuse(scan, `${name} looks at one sample and takes no window`);
	const text = take(scan, /[\w.]+/y);
	const windowMs = parseDuration(text);
	if (windowMs === void 0 || windowMs === 0) {
		scan.at = start;
		return refuse(scan, `the window is a duration such as 5m, not ${restText(scan)}`);
	}
	return windowMs;
}
function parsePath(scan) {
	const steps = [parseName(scan)];
	for (;;) if (takeText(scan, ".")) steps.push(parseName(scan));
	else if (takeText(scan, "[")) {
		const index = take(scan, /\d{1,9}/y);
		if (index === "" || !takeText(scan, "]")) refuse(scan, `a whole number and "]" are expected after "[", not ${restText(scan)}`);
		steps.push(Number(index));
	} else return steps;
}
function parseName(scan) {
	const name = take(scan, /[A-Za-z_][\w-]*/y);
	if (name !== "") return name;
	return refuse(scan, isAtEnd(scan) && scan.at === 0 ? "the condition is empty" : `a name such as status is expected, not ${restText(scan)}`, { hint: scan.at === 0 && !isAtEnd(scan) ? "the subject comes first: status == 200" : void 0 });
}
function parseOperator(scan, subject) {
	const found = OPERATORS.find((operator) => scan.text.startsWith(operator, scan.at));
	const isWord = found !== void 0 && /^[a-z]/.test(found);
	const next = found === void 0 ? "" : scan.text.charAt(scan.at + found.length);
	if (found !== void 0 && !(isWord ? /[\w.-]/ : /[<>=!~]/).test(next)) {
		scan.at += found.length;
		return found;
	}
	const word = /^(?:[A-Za-z_-]+|[^\w\s"'/[]+)/.exec(scan.text.slice(scan.at, scan.at + 30))?.[0] ?? "";
	const meant = {
		"=": "==",
		"===": "==",
		"!==": "!=",
		"<>": "!=",
		"=~": "matches",
		"~": "matches",
		is: "==",
		"=>": ">=",
		"=<": "<="
	};
	const instead = Object.hasOwn(meant, word) ? meant[word] : void 0;
	const call = subject.kind === "call" && subject.name === "has" ? "write has(…) == true" : void 0;
	return refuse(scan, `after the subject comes one of ${OPERATORS.join(" ")}, not ${restText(scan)}`, { hint: instead === void 0 ? call ?? didYouMean(word, OPERATORS) : `write ${instead}` });
}
function misfitOf$1(operator, operand) {
	const { kind } = operand;
	switch (operator) {
		case "<":
		case "<=":
		case ">":
		case ">=": return kind === "number" || kind === "relative" ? void 0 : { message: `${operator} compares numbers only` };
		case "==":
		case "!=":
			if (kind === "pattern") return {
				message: `${operator} takes no pattern`,
				hint: "write matches /…/"
			};
			return kind === "list" ? {
				message: `${operator} takes no list`,
				hint: "write in […]"
			} : void 0;
		case "contains":
			if (kind === "pattern") return {
				message: "contains takes no pattern",
				hint: "write matches /…/"
			};
			return kind === "text" || kind === "number" || kind === "literal" ? void 0 : { message: "contains takes \"text\" or one member of a list" };
		case "matches": return kind === "pattern" ? void 0 : {
			message: "matches takes a pattern",
			hint: "write matches /…/, or contains \"…\""
		};
		case "in": return kind === "list" ? void 0 : {
			message: "in takes a list",
			hint: "write in [200, 204]"
		};
		case "between": return;
	}
}
// src/config/fields.ts
const MAPPING = { error: "use a mapping of keys and values" };
const YEAR_MS = 316224e5;
const USE_DURATION = "use a number with a unit, such as 30s";
const duration = string({ error: USE_DURATION }).regex(DURATION_PATTERN, { error: USE_DURATION }).transform((text) => parseDuration(text) ?? 0).refine((ms) => ms <= YEAR_MS, { error: "use at most 366d" });
const positiveDuration = duration.refine((ms) => ms >= 100, { error: "use at least 100ms" });
function text(use) {
	return string({ error: use }).trim().min(1, { error: use });
}
const line = text("use one line of text").regex(/^[^\u0000-\u001f\u007f]*$/, { error: "use one line of text" });
function choice(options) {
	return _enum(options, { error: `use ${choiceText(options)}` });
}
const flag = boolean({ error: "use true or false" });
const wholeNumber = int({ error: "use a whole number" });
const names = array(text("use text"), { error: "use a list, such as [first, second]" });
const ident = /^[A-Za-z_][\w-]{0,59}$/;
const condition = string({ error: "use a condition, such as status == 200" }).transform((text, context) => {
	const parsed = parseCondition(text);
	if (parsed.ok) return parsed.condition;
	const params = {
		column: parsed.column,
		...parsed.hint === void 0 ? {} : { hint: parsed.hint }
	};
	context.issues.push({
		code: "custom",
		message: parsed.message,
		input: text,
		params: { ...params }
	});
	return NEVER$1;
});
const USE_CONDITIONS = "use a condition such as status == 200, or a list of conditions";
const conditions = union$1([condition, array(condition, { error: USE_CONDITIONS }).min(1, { error: USE_CONDITIONS })], { error: USE_CONDITIONS }).transform((value) => Array.isArray(value) ? value : [value]);
const USE_PATTERN = "use text, or a regular expression such as /ERROR .* timeout/i";
const pattern = string({ error: USE_PATTERN }).min(1, { error: USE_PATTERN }).transform((text, context) => {
	const [, source, flags = ""] = /^\/(.+)\/([A-Za-z]{0,8})$/s.exec(text) ?? [];
	if (source === void 0) return {
		kind: "text",
		text
	};
	const regex = safeRegex(source, flags);
	if (typeof regex !== "string") return {
		kind: "pattern",
		source,
		flags
	};
	const params = regex.startsWith("the flag") ? { hint: `to look for the text itself, write /${source.replaceAll("/", "\\/")}\\/${flags}/` } : {};
	context.issues.push({
		code: "custom",
		message: regex,
		input: text,
		params
	});
	return NEVER$1;
});
const USE_PATTERNS = "use a list such as [Traceback, /FATAL .*/], or named lists";
const list = array(pattern, { error: USE_PATTERNS }).min(1, { error: "name at least one pattern" });
const patterns = union$1([list, record(string(), list, { error: USE_PATTERNS })], { error: USE_PATTERNS }).transform((value) => Array.isArray(value) ? [{
	name: "",
	patterns: value
}] : Object.entries(value).map(([name, patterns]) => ({
	name,
	patterns
})));
// src/config/amounts.ts
const USE_FAIL_AFTER = "use a number of samples such as 3, \"5 of 10\", or a duration such as 5m";
const failAfter = union$1([wholeNumber.min(1, { error: "use 1 or more" }).transform((count) => ({
	kind: "consecutive",
	count
})), string({ error: USE_FAIL_AFTER }).regex(/^(?:\d{1,9} of \d{1,9}|\d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h|d))$/, { error: USE_FAIL_AFTER }).transform((text, context) => {
	const [, count, of] = /^(\d+) of (\d+)$/.exec(text) ?? [];
	const ms = parseDuration(text);
	if (ms !== void 0 && ms > 0) return {
		kind: "duration",
		ms
	};
	if (Number(count) >= 1 && Number(of) >= Number(count)) return {
		kind: "of",
		count: Number(count),
		of: Number(of)
	};
	context.issues.push({
		code: "custom",
		message: USE_FAIL_AFTER,
		input: text
	});
	return NEVER$1;
})], { error: USE_FAIL_AFTER });
const USE_INTERVAL = "use minute, hour or a duration such as 5m";
const INTERVALS = {
	minute: 6e4,
	hour: 36e5
};
const interval = string({ error: USE_INTERVAL }).regex(/^(?:minute|hour|\d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h|d))$/, { error: USE_INTERVAL }).transform((text) => INTERVALS[text] ?? parseDuration(text) ?? 0).refine((ms) => ms >= 1e3 && ms <= 316224e5, { error: "use at least 1s and at most 366d" });
const USE_AGGREGATE = "use avg, max, min or sum with a duration, such as max 5m";
const aggregate = string({ error: USE_AGGREGATE }).regex(/^(?:avg|max|min|sum) \d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h|d)$/, { error: USE_AGGREGATE }).transform((text) => {
	const [name = "", window = ""] = text.split(" ");
	return {
		name,
		windowMs: parseDuration(window) ?? 0
	};
}).refine(({ windowMs }) => windowMs >= 6e4, { error: "use at least 1m, because Render keeps a point a minute" });
const quantile = number({ error: useQuantile }).gt(0, { error: useQuantile }).lte(1, { error: useQuantile });
function useQuantile({ input }) {
	const percent = Number(/^p?(\d{1,2}(?:\.\d{1,3})?)%?$/.exec(String(input))?.[1]);
	return percent > 1 ? `use a quantile from 0 to 1: write ${Number((percent / 100).toPrecision(6))}` : "use a quantile from 0 to 1, such as 0.95";
}
const USE_FLOOR = "use a number above 0, with a unit if its subject has one, such as 200ms, 1GB or 5%";
const floor = union$1([number(), string()], { error: USE_FLOOR }).transform((written, context) => {
	const parsed = parseCondition(`floor >= ${written}`);
	const operand = parsed.ok ? parsed.condition.operand : void 0;
	if (operand?.kind === "number" && operand.value > 0) return operand;
	context.issues.push({
		code: "custom",
		message: USE_FLOOR,
		input: written
	});
	return NEVER$1;
});
const USE_MAX_ACTIONS = "use a number of remedies per time, such as 1 per 24h";
const maxActions = string({ error: USE_MAX_ACTIONS }).regex(/^[1-9]\d{0,2} per \d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h|d)$/, { error: USE_MAX_ACTIONS }).transform((text) => {
	const [count, , time = ""] = text.split(" ");
	return {
		count: Number(count),
		perMs: parseDuration(time) ?? 0
	};
}).refine(({ perMs }) => perMs > 0, { error: USE_MAX_ACTIONS });
// src/core/formula-parser.ts
const MOST_CHARACTERS$2 = 500;
function parseFormula(text) {
	const scan = {
		text,
		at: 0
	};
	try {
		if (text.length > MOST_CHARACTERS$2) refuse(scan, `a formula has at most ${MOST_CHARACTERS$2} characters, this one has ${text.length}`);
		const formula = parseSum(scan);
		if (!isAtEnd(scan)) refuse(scan, `an operator + - * / is expected, not ${restText(scan)}`);
		if (formulaSubjects(formula).length === 0) refuse(scan, "the formula looks at no check", {
			at: 0,
			hint: "name a check and its subject, such as wf2.duration / wf2.found"
		});
		return {
			ok: true,
			formula
		};
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		const { message, hint, column } = error;
		return {
			ok: false,
			message,
			...hint === void 0 ? {} : { hint },
			column
		};
	}
}
function formulaSubjects(formula) {
	switch (formula.kind) {
		case "number": return [];
		case "subject": return [{
			check: formula.check,
			path: formula.path
		}];
		case "operation": return [...formulaSubjects(formula.left), ...formulaSubjects(formula.right)];
	}
}
function parseSum(scan) {
	let left = parseProduct(scan);
	for (;;) {
		const operator = takeOperator(scan, "+-");
		if (operator === void 0) return left;
		left = {
			kind: "operation",
			operator,
			left,
			right: parseProduct(scan)
		};
	}
}
function parseProduct(scan) {
	let left = parseOperand(scan);
	for (;;) {
		const operator = takeOperator(scan, "*/");
		if (operator === void 0) return left;
		left = {
			kind: "operation",
			operator,
			left,
			right: parseOperand(scan)
		};
	}
}
function takeOperator(scan, operators) {
	skipSpace(scan);
	const operator = [
		"+",
		"-",
		"*",
		"/"
	].find((one) => one === scan.text[scan.at]);
	if (operator === void 0 || !operators.includes(operator)) return void 0;
	if (operator === "-" && !/^\s-\s/.test(scan.text.slice(scan.at - 1, scan.at + 2))) refuse(scan, "a minus has a space on each side", { hint: "names may hold a -, so write a.x - b.y" });
	scan.at++;
	return operator;
}
function parseOperand(scan) {
	skipSpace(scan);
	if (takeText(scan, "(")) {
		const inside = parseSum(scan);
		if (!takeText(scan, ")")) refuse(scan, `")" is expected, not ${restText(scan)}`);
		skipSpace(scan);
		return inside;
	}
	const number = take(scan, /\d{1,15}(?:\.\d{1,9})?/y);
	if (number !== "") return plainNumber(scan, number);
	const start = scan.at;
	if (!/[A-Za-z_]/.test(scan.text[start] ?? "")) refuse(scan, `a number or a subject such as wf2.duration is expected, not ${restText(scan)}`);
	const [check, ...path] = parsePath(scan);
	if (typeof check !== "string" || path.length === 0) return refuse(scan, `${String(check)} is a check; name one of its subjects`, {
		at: start,
		hint: `such as ${String(check)}.value`
	});
	return {
		kind: "subject",
		check,
		path
	};
}
function plainNumber(scan, number) {
	if (/[\w.%]/.test(scan.text[scan.at] ?? "")) refuse(scan, `a number of a formula has no unit; ${number} is followed by ${restText(scan)}`);
	return {
		kind: "number",
		value: Number(number)
	};
}
// src/config/source-schema.ts
const USE_URL = "use a path such as /health, or an address such as https://example.com/health";
const httpUrl = text(USE_URL).refine(isPathOrUrl, { error: USE_URL });
const http = union$1([httpUrl, strictObject({
	url: httpUrl,
	method: choice([
		"GET",
		"HEAD",
		"POST",
		"PUT",
		"PATCH",
		"DELETE",
		"OPTIONS"
	]).default("GET"),
	headers: record(string(), string({ error: "use text; quote numbers" }), MAPPING).default({}),
	body: string({ error: "use text" }).optional(),
	timeout: positiveDuration.prefault("10s")
})], { error: "use a path such as /health, or a mapping with url" });
const USE_SPAN = "use two patterns, how it begins and how it ends, such as [\"Starting\", \"Finished\"]";
const logs = strictObject({
	type: choice([
		"app",
		"build",
		"request"
	]).default("app"),
	level: array(choice(LOG_LEVELS), { error: "use a list, such as [error]" }).min(1, { error: "name at least one level" }).optional(),
	require: patterns.optional(),
	within: positiveDuration.optional(),
	forbid: patterns.optional(),
	count: pattern.optional(),
	per: interval.optional(),
	span: array(pattern, { error: USE_SPAN }).length(2, { error: USE_SPAN }).optional(),
	inside: array(pattern, { error: "use a list of regular expressions, such as ['/Found (?<found>\\d+)/']" }).min(1, { error: "name at least one regular expression" }).optional()
}, { error: "use a mapping with require, forbid, count or span" });
const query = text("use an SQL statement, such as SELECT count(*) AS total FROM orders");
const statement = union$1([query, strictObject({
	query,
	database: text("use the name of a database").optional()
})], { error: "use an SQL statement, or a mapping with query and database" });
const metric = union$1([choice(METRICS), strictObject({
	name: choice(METRICS),
	of: text("use the name or id of a service or database").optional(),
	of_limit: flag.default(false),
	where: condition.optional(),
	as: choice(["ratio"]).optional(),
	quantile: quantile.optional(),
	agg: aggregate.optional()
})], { error: "use a metric such as cpu, or a mapping with name" });
const events = array(_enum(WATCHED_EVENTS, { error: "use an event such as server_failed or server_restarted" }), { error: "use a list, such as [server_failed]" }).min(1, { error: "name at least one event" });
const env = record(string(), string({ error: "use the text that is expected, \"\" for an empty one" }).meta({ type: [
	"string",
	"number",
	"boolean",
	"null"
] }), { error: "use a mapping of variables, such as { BATCH_SIZE: \"10\" }" });
const source = strictObject({
	glob: text("use a path or glob of the repository, such as src/**/*.py"),
	require: patterns.optional(),
	forbid: patterns.optional()
}, { error: "use a mapping with glob, and require or forbid" });
const formula = string({ error: "use arithmetic over other checks, such as wf2.duration / wf2.found" }).transform((text, context) => {
	const parsed = parseFormula(text);
	if (parsed.ok) return parsed.formula;
	const { message, hint, column } = parsed;
	const params = {
		column,
		...hint === void 0 ? {} : { hint }
	};
	context.issues.push({
		code: "custom",
		message,
		input: text,
		params: { ...params }
	});
	return NEVER$1;
});
const derive = record(string(), formula, { error: "use a mapping of names, such as { per_item: wf2.duration / wf2.found }" });
const sources = {
	http: http.optional(),
	logs: logs.optional(),
	sql: statement.optional(),
	metric: metric.optional(),
	events: events.optional(),
	env: env.optional(),
	source: source.optional(),
	derive: derive.optional()
};
function isPathOrUrl(url) {
	if (/[\s\\]/.test(url)) return false;
	if (url.startsWith("/")) return !url.startsWith("//");
	return /^https?:\/\/[^/]/.test(url) && URL.canParse(url);
}
// src/config/check-schema.ts
const onFail = text("use alert or the name of a remedy");
const checkSchema = strictObject({
	...sources,
	pass: conditions.optional(),
	warn: conditions.optional(),
	fail: conditions.optional(),
	every: positiveDuration.optional(),
	grace: duration.prefault("0s"),
	fail_after: failAfter.optional(),
	pass_after: wholeNumber.min(1, { error: "use 1 or more" }).default(1),
	need: condition.optional(),
	only_if: condition.optional(),
	if_unknown: choice(["unknown", "warn"]).default("unknown"),
	baseline: choice(BASELINES).optional(),
	floor: floor.optional(),
	stage: names.min(1, { error: "name at least one stage, or leave it out" }).optional(),
	on_fail: onFail.optional(),
	hint: text("use text or a link").optional(),
	diagnose: array(statement, { error: "use a list of SQL statements, such as [SELECT error FROM jobs LIMIT 5]" }).min(1, { error: "name at least one SQL statement" }).optional()
}, { error: "use a mapping with a source, such as { http: /health }" });
// src/config/notify-schema.ts
const address = text("use $NAME, a variable of the step's environment").optional();
const USE_MENTION = "use @user or @org/team";
const mention = string({ error: USE_MENTION }).regex(/^@[A-Za-z\d](?:[-_]?[A-Za-z\d]){0,60}(?:\/[A-Za-z\d][\w.-]{0,99})?$/, { error: USE_MENTION });
const occasion = choice([
	"pass",
	"warn",
	"fail",
	"unknown",
	"superseded",
	"skipped",
	"stage",
	"action",
	"report"
]);
const role = strictObject({
	slack: address,
	webhook: address,
	mention: mention.optional(),
	when: array(occasion, { error: "use a list, such as [fail, action]" }).min(1, { error: "name at least one occasion" }).default([
		"fail",
		"unknown",
		"action"
	])
}, { error: "use a mapping such as { slack: $SLACK_URL }" });
const notifySchema = record(string(), role, { error: "use a mapping of roles, such as dev: { slack: $SLACK_URL }" });
// src/config/remedy-schema.ts
const OPTIONS$2 = { error: "use a mapping of options, {} for none" };
const people = {
	reviewers: names.default([]),
	assignees: names.default([])
};
const revertPr = strictObject({
	labels: names.default([]),
	...people,
	draft: flag.default(false),
	auto_merge: flag.default(false),
	scope: choice(["deploy", "push"]).default("deploy"),
	despite_migrations: flag.default(false)
}, OPTIONS$2);
const rollback = strictObject({
	freeze_auto_deploy: flag.default(false),
	despite_migrations: flag.default(false)
}, OPTIONS$2);
const patchPr = strictObject({
	patch: text("use the path of a patch file in the repository"),
	title: line.optional(),
	labels: names.default([]),
	...people,
	draft: flag.default(false)
}, { error: "use a mapping with patch, such as { patch: .github/gate/old.patch }" });
const issue = strictObject({
	title: line.optional(),
	labels: names.default([]),
	assignees: names.default([])
}, OPTIONS$2);
const step = strictObject({
	revert_pr: revertPr.optional(),
	render_rollback: rollback.optional(),
	recheck: text("use the name of a stage").optional(),
	patch_pr: patchPr.optional(),
	issue: issue.optional()
}, { error: "use a step such as revert_pr: {}" });
const remedySchema = array(step, { error: "use a list of steps, such as [revert_pr: {}]" }).min(1, { error: "name at least one step" });
// src/config/report-schema.ts
const reportSchema = strictObject({
	issue: flag.default(false),
	comment: flag.default(false),
	at: array(text("use text"), { error: "use a list, such as [boot end, daily]" }).optional(),
	template: text("use text with placeholders, such as {deployment}").optional()
}, { error: "use a mapping such as { issue: true }" });
const OPTIONS$1 = { error: "use a mapping of options, {} for none" };
const cleanUpPull = strictObject({
	delete: array(text("use text"), { error: "use a list of paths and globs, such as [src/old.py]" }).min(1, { error: "name at least one file" }),
	title: line.optional(),
	list: names.default([]),
	labels: names.default([]),
	reviewers: names.default([]),
	assignees: names.default([]),
	draft: flag.default(false)
}, { error: "use a mapping with the files to delete, such as { delete: [src/old.py] }" });
const cleanUpIssue = strictObject({
	title: line.optional(),
	list: names.default([]),
	labels: names.default([]),
	assignees: names.default([])
}, OPTIONS$1);
const cleanUpStep = strictObject({
	cleanup_pr: cleanUpPull.optional(),
	issue: cleanUpIssue.optional()
}, { error: "use a step such as issue: {}" });
const bareStep = string().transform((word, context) => {
	if (word.trim() === "issue") return cleanUpStep.parse({ issue: {} });
	const hint = word.trim() === "cleanup_pr" ? "name the files to delete: cleanup_pr: { delete: [src/old.py] }" : void 0;
	const params = hint === void 0 ? {} : { hint };
	context.issues.push({
		code: "custom",
		message: "use issue, or a step such as cleanup_pr: { delete: [src/old.py] }",
		input: word,
		params: { ...params }
	});
	return NEVER$1;
});
const USE_STEPS = "use a list of steps, as in [issue: {}]";
const steps = union$1([bareStep, array(union$1([bareStep, cleanUpStep], { error: "use a step such as issue: {}" }), { error: USE_STEPS }).min(1, { error: "name at least one step" })], { error: USE_STEPS }).transform((value) => Array.isArray(value) ? value : [value]);
const afterSchema = record(string(), steps, { error: "use a mapping such as { week pass: [issue: {}] }" });
// src/config/schema.ts
const deploy = strictObject({
	trigger: flag.default(false),
	appear_within: positiveDuration.prefault("10m"),
	live_within: positiveDuration.prefault("30m"),
	retry: wholeNumber.min(0, { error: "use 0 or more" }).max(5, { error: "use at most 5" }).default(0),
	on_fail: onFail.optional()
}, MAPPING);
const stage = strictObject({
	for: positiveDuration.prefault("5m"),
	every: positiveDuration.prefault("15s"),
	across_deploys: flag.default(false)
}, { error: "use a mapping such as { for: 5m, every: 15s }" });
const database = strictObject({
	url: text("use $NAME, a variable of the step's environment"),
	timeout: positiveDuration.prefault("10s")
}, { error: "use a mapping such as { url: $DATABASE_URL }" });
const guards = strictObject({
	act_within: positiveDuration.prefault("24h"),
	max_actions: maxActions.prefault("1 per 24h"),
	hold_label: text("use the name of a label").default("gate:hold"),
	migrations: names.default([
		"**/migrations/**",
		"**/alembic/versions/**",
		"prisma/migrations/**"
	])
}, MAPPING);
const fileSchema = strictObject({
	version: literal(1, { error: "use 1" }),
	service: text("use the name of a Render service, or its id").optional(),
	mode: choice([
		"observe",
		"advise",
		"enforce"
	]).default("enforce"),
	deploy: deploy.prefault({}),
	stages: record(string(), stage, MAPPING).prefault({ boot: {} }),
	databases: record(string(), database, MAPPING).default({}),
	defaults: strictObject({
		on_fail: onFail.default("alert"),
		fail_after: failAfter.optional()
	}, MAPPING).prefault({}),
	checks: record(string(), checkSchema, { error: "use a mapping of check names, each with a source" }),
	remedies: record(string(), remedySchema, MAPPING).default({}),
	guards: guards.prefault({}),
	notify: notifySchema.default({}),
	report: reportSchema.optional(),
	after: afterSchema.default({})
}, { error: "use a mapping that starts with version: 1" }).meta({
	title: "Render Deploy Gate",
	description: "What a gate watches after a deploy, and what it does when that fails."
});
// src/config/schema-walk.ts
function keysAt(schema, path) {
	let here = [schema];
	for (const step of path) here = here.flatMap(plain).flatMap((one) => childOf(one, step));
	return here.flatMap(plain).flatMap((one) => one instanceof ZodObject ? Object.keys(one.shape) : []);
}
function plain(schema) {
	if (schema instanceof ZodUnion) return schema.options.flatMap(plain);
	if (schema instanceof ZodPipe) return plain(schema.in);
	if (schema instanceof ZodOptional || schema instanceof ZodDefault || schema instanceof ZodPrefault) return plain(schema.unwrap());
	return [schema];
}
function childOf(schema, step) {
	if (schema instanceof ZodArray) return [schema.element];
	if (schema instanceof ZodRecord) return [schema.valueType];
	const shape = schema instanceof ZodObject ? schema.shape : {};
	const child = Object.hasOwn(shape, step) ? shape[step] : void 0;
	return child === void 0 ? [] : [child];
}
// src/config/split.ts
function openBrackets(text) {
	let open = 0;
	for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"|[()[\]{}"]/g)) {
		if (part.length > 1) continue;
		open += part === "\"" || "([{".includes(part) ? 1 : -1;
	}
	return open;
}
function isOpenPattern(text) {
	return /^\/[^/]*$/.test(text);
}
function isSplitByYaml(document, path) {
	const text = rawAt(document.value, path);
	return typeof text === "string" && document.isInFlow(path) && openBrackets(text) !== 0;
}
function headOfSplit(document, path) {
	const last = path.at(-1);
	const above = path.slice(0, -1);
	if (typeof last === "number") {
		const head = [...above, last - 1];
		const tail = rawAt(document.value, path);
		return typeof tail === "string" && isHead(document, head, tail) ? head : void 0;
	}
	const key = String(last);
	const parent = mapping(rawAt(document.value, above));
	if (parent[key] !== null) return void 0;
	const keys = Object.keys(parent);
	const before = keys.slice(0, keys.indexOf(key)).findLast((one) => parent[one] !== null);
	const head = [...above, before ?? key];
	const isWords = /\s/.test(key) && document.isInFlow(head);
	return before !== void 0 && (isWords || isHead(document, head, key)) ? head : void 0;
}
function isHead(document, path, tail) {
	const text = rawAt(document.value, path);
	if (typeof text !== "string" || !document.isInFlow(path)) return false;
	return openBrackets(text) > 0 || isOpenPattern(text) && /\/[a-z]*$/.test(tail);
}
function saySplit(path, { document, findings }) {
	const text = shown$1(rawAt(document.value, path));
	findings.say(path, `"${keyText(path)}" holds ${text}, which YAML split or which has unbalanced brackets`, { hint: "quote this: inside {} and [] YAML splits at , [ ] { }" });
}
function splitPatterns(document, path) {
	const list = rawAt(document.value, path);
	if (!Array.isArray(list)) return [];
	return list.flatMap((item, index) => {
		const next = list[index + 1];
		if (typeof item !== "string" || typeof next !== "string" || !document.isInFlow([...path, index])) return [];
		const isPattern = isOpenPattern(item) && !next.startsWith("/") && /\/[a-z]*$/.test(next);
		const isBracket = openBrackets(item) > 0 && openBrackets(next) < 0;
		return isPattern || isBracket ? [index] : [];
	});
}
// src/config/explain.ts
const NOTHING$1 = "without a check nothing would be watched";
function explainIssues(issues, { document, findings }) {
	for (const issue of issues.flatMap((issue) => leaves(issue, []))) for (const key of issue.code === "unrecognized_keys" ? issue.keys : [void 0]) {
		if (findings.isFull()) return;
		if (key === void 0) explainValue(issue, {
			document,
			findings
		});
		else explainKey(key, issue.path, {
			document,
			findings
		});
	}
}
function leaves(issue, above) {
	const path = [...above, ...issue.path];
	if (issue.code !== "invalid_union") return [{
		...issue,
		path
	}];
	const meant = issue.errors.filter((branch) => !branch.some(({ code, path }) => code === "invalid_type" && path.length === 0));
	const kind = meant.filter((branch) => !branch.some(({ code, path }) => code === "invalid_value" && path.length === 0));
	const [branch, ...others] = kind.length > 0 ? kind : meant;
	if (branch === void 0 || others.length > 0) return [{
		...issue,
		path
	}];
	return branch.flatMap((inner) => leaves(inner, path));
}
function explainValue(issue, { document, findings }) {
	const { path, message } = issue;
	const value = rawAt(document.value, path);
	const name = path.length === 0 ? "the file" : `"${keyText(path)}"`;
	if (value === void 0 && path.length > 0) {
		const hint = path.join() === "checks" ? NOTHING$1 : void 0;
		findings.say(path, `${name} is missing; ${message}`, {
			hint,
			needsWhole: true
		});
		return;
	}
	const head = headOfSplit(document, path);
	if (head !== void 0) return saySplit(head, {
		document,
		findings
	});
	const params = issue.code === "custom" ? issue.params ?? {} : {};
	if (isSplitByYaml(document, path)) return saySplit(path, {
		document,
		findings
	});
	if (!/^(?:use|name) /.test(message)) {
		findings.say(path, `${name}: ${message}`, {
			hint: params.hint,
			column: params.column
		});
		return;
	}
	findings.say(path, `${name} holds ${isSecret$1(path) ? "the wrong kind of value" : shown$1(value)}; ${message}`, {
		hint: params.hint ?? (path.join() === "checks" ? NOTHING$1 : hintFor(issue, value)),
		column: params.column,
		needsWhole: value === null
	});
}
function hintFor(issue, value) {
	const words = keyText(issue.path);
	if (issue.code === "invalid_value" && typeof value === "string") {
		if (/\.events\[\d+\]$/.test(words) && OTHER_EVENTS.includes(value)) return `Render has the event ${value}, but it says nothing about the version that is live`;
		const values = issue.values.map(String);
		const listed = issue.message.includes(values.at(-1) ?? "");
		return didYouMean(value, values) ?? (listed ? void 0 : `one of ${values.join(", ")}`);
	}
	const wantsText = /text|condition|pattern|such as|statement/.test(issue.message);
	const wantsPlainText = issue.code === "invalid_type" && issue.expected === "string" && /\b(?:text|names?|label)\b/.test(issue.message);
	if (typeof value === "number" && wantsPlainText && !isSecret$1(issue.path)) return `quote it: "${value}"`;
	const [pair, ...more] = Object.entries(mapping(value));
	if (pair !== void 0 && more.length === 0 && wantsText) {
		const [key, rest] = pair;
		return isSecret$1(issue.path) ? "if the \": \" belongs to a text, quote the whole value" : `quote this: YAML made a mapping of it, ${shown$1(key)} with ${shown$1(rest)}`;
	}
}
const INSIDE = {
	http: [
		"url",
		"method",
		"headers",
		"body",
		"timeout"
	],
	logs: [
		"type",
		"level",
		"require",
		"within",
		"forbid",
		"count",
		"per",
		"span",
		"inside"
	],
	sql: ["query", "database"],
	metric: [
		"name",
		"of",
		"of_limit",
		"where",
		"as",
		"quantile",
		"agg"
	],
	source: [
		"glob",
		"require",
		"forbid"
	]
};
const MAIN = {
	http: "url",
	sql: "query",
	metric: "name"
};
function explainKey(key, path, { document, findings }) {
	const whole = [...path, key];
	const say = (message, hint) => findings.say(whole, message, {
		hint,
		isKey: true
	});
	const head = headOfSplit(document, whole);
	if (head !== void 0) return saySplit(head, {
		document,
		findings
	});
	const parent = mapping(rawAt(document.value, path));
	if (path[0] === "checks" && path.length === 2) {
		const source = Object.keys(INSIDE).find((source) => INSIDE[source]?.includes(key) && Object.hasOwn(parent, source));
		if (source !== void 0) {
			const main = typeof parent[source] === "string" ? MAIN[source] : void 0;
			const first = main === void 0 ? "" : `${main}: …, `;
			return say(`"${key}" belongs inside "${source}", not beside it`, `write ${source}: { ${first}${key}: … }`);
		}
	}
	const checkKeys = keysAt(fileSchema, ["checks", ""]);
	if (path[0] === "checks" && path.length === 3 && checkKeys.includes(key)) return say(`"${key}" belongs beside "${String(path[2])}", not inside it`);
	const known = keysAt(fileSchema, path);
	say(`unknown key "${key}"${path.length === 0 ? "" : ` in "${keyText(path)}"`}`, didYouMean(key, known) ?? `keys here: ${known.join(", ")}`);
}
function isSecret$1(path) {
	if (path[0] === "databases" || path[0] === "notify") return [
		"url",
		"slack",
		"webhook"
	].includes(String(path[2]));
	return path.includes("headers") || path[2] === "env";
}
// src/core/condition-check.ts
const NAMES = {
	number: "a number",
	duration: "a duration",
	size: "a size",
	ratio: "a ratio from 0 to 1",
	text: "text",
	list: "a list",
	object: "an object",
	boolean: "true or false",
	any: "anything"
};
function checkCondition(condition, subjects, options) {
	const type = subjectType(condition.subject, subjects);
	if (typeof type === "object") return [type];
	const mistake = misfitOf(condition, {
		type,
		asRatio: subjects.asRatio,
		...options
	});
	if (mistake !== void 0) return [mistake];
	const trial = trialOf(condition);
	return trial === void 0 ? [] : [{
		message: `cannot be evaluated: ${trial}`,
		part: "subject"
	}];
}
function subjectType(subject, table) {
	const part = "subject";
	const type = typeOfPath(subject.path, table);
	if (typeof type === "object" || subject.kind === "path") return type;
	const name = pathText(subject.path);
	switch (subject.name) {
		case "has": return "boolean";
		case "len": return [
			"text",
			"list",
			"object",
			"any"
		].includes(type) ? "number" : {
			message: `len counts text, lists and objects; ${name} is ${NAMES[type]}`,
			part
		};
		default: return [
			"number",
			"duration",
			"size",
			"ratio",
			"any"
		].includes(type) ? type : {
			message: `${subject.name} takes numbers; ${name} is ${NAMES[type]}`,
			part
		};
	}
}
function typeOfPath(path, { types, open }) {
	const part = "subject";
	const head = String(path[0]);
	const known = Object.keys(types).filter((name) => !name.endsWith(".*"));
	let type = known.includes(head) ? types[head] : void 0;
	if (type === void 0) {
		if (open) return "any";
		const hint = didYouMean(head, known) ?? `subjects here: ${known.join(", ")}`;
		return {
			message: `"${head}" is no subject of this source`,
			hint,
			part
		};
	}
	for (const step of path.slice(1)) {
		const parts = Object.hasOwn(types, `${head}.*`) ? types[`${head}.*`] : "any";
		if (type === "any") return "any";
		if (type !== (typeof step === "number" ? "list" : "object")) return {
			message: `${head} is ${NAMES[type]} and has no ${typeof step === "number" ? `[${step}]` : `"${step}"`}`,
			part
		};
		type = parts ?? "any";
	}
	return type;
}
function misfitOf(condition, comparand) {
	const { operator, operand, subject } = condition;
	const { type, hasBaseline, who = "this check", hint = "compare with an absolute number" } = comparand;
	const name = subjectText(subject);
	if (operand.kind === "relative" && !hasBaseline) return {
		message: `${operandText(operand)} compares with a baseline, and ${who} has none`,
		hint,
		part: "operand"
	};
	if (type === "any") return void 0;
	if (operator === "contains" || operator === "matches") {
		if (type === "list") return void 0;
		if (type !== "text") return {
			message: `${operator} looks into text and lists; ${name} is ${NAMES[type]}`,
			part: "operator"
		};
	}
	if (operator === "in" && operand.kind === "list") return operand.items.map((item) => misfitWith(item, comparand, name)).find((mistake) => mistake !== void 0);
	return misfitWith(operand, comparand, name);
}
function misfitWith(operand, comparand, name) {
	const { type } = comparand;
	const part = "operand";
	const written = operandText(operand);
	const cannot = {
		message: `${name} is ${NAMES[type]} and cannot be compared with ${nameOf(operand)}`,
		part
	};
	switch (operand.kind) {
		case "number": return numberMisfit(operand, comparand, name) ?? (isNumeric(type) ? void 0 : cannot);
		case "range": return misfitWith(operand.from, comparand, name) ?? misfitWith(operand.to, comparand, name);
		case "relative":
			if (!isNumeric(type)) return cannot;
			return operand.by === "points" && type !== "ratio" ? {
				message: `${written} compares ratios only; ${name} is ${NAMES[type]}`,
				...comparand.asRatio === void 0 ? {} : { hint: comparand.asRatio },
				part
			} : void 0;
		case "text":
		case "pattern":
		case "deploy.sha": return type === "text" ? void 0 : cannot;
		case "literal": return type === "boolean" && operand.value !== null ? void 0 : cannot;
		case "list": return;
	}
}
function numberMisfit(operand, { type, asRatio }, name) {
	const written = operandText(operand);
	if (!isNumeric(type) || operand.unit === void 0 || operand.unit === type) return void 0;
	const message = `${name} is ${NAMES[type]} and cannot be compared with ${nameOf(operand)}`;
	if (operand.unit !== "ratio") return {
		message,
		part: "operand"
	};
	return {
		message,
		hint: `${asRatio ?? `if the value is already a percentage, write ${written.slice(0, -1)}`}; if a change against a baseline was meant, write +${written}`,
		part: "operand"
	};
}
function isNumeric(type) {
	return type === "number" || type === "duration" || type === "size" || type === "ratio";
}
function nameOf(operand) {
	const written = operandText(operand);
	switch (operand.kind) {
		case "text": return `the text ${written}`;
		case "number": return operand.unit === void 0 ? `the number ${written}` : `the ${operand.unit} ${written}`;
		case "pattern": return `the pattern ${written}`;
		default: return written;
	}
}
function trialOf(condition) {
	try {
		evaluateCondition(condition, "pass", {
			at: 0,
			since: 0,
			subjects: {},
			series: () => [],
			sha: ""
		});
		return;
	} catch (error) {
		return error instanceof Error ? error.message : "unknown reason";
	}
}
// src/config/subjects.ts
function subjectsOf(kind, source) {
	const written = mapping(source);
	switch (kind) {
		case "http": return closed$1({
			status: "number",
			latency: "duration",
			body: "any",
			headers: "object",
			"headers.*": "text"
		});
		case "logs": return closed$1(logSubjects(written));
		case "sql": return {
			open: true,
			types: {
				rows: "number",
				new_rows: "number"
			}
		};
		case "metric": return metricSubjects(typeof source === "string" ? { name: source } : written);
		case "events": return closed$1({ count: "number" });
		case "env": return closed$1({
			equal: "number",
			different: "number",
			absent: "number"
		});
		case "source": return closed$1({
			files: "number",
			...patternSubjects(written)
		});
		case "derive": return closed$1(typesOf(Object.keys(written), "any"));
	}
}
function closed$1(types) {
	return {
		open: false,
		types
	};
}
function typesOf(names, type) {
	return Object.fromEntries(names.map((name) => [name, type]));
}
const SPAN_SUBJECTS = {
	gap: "duration",
	duration: "duration",
	overlap: "number",
	unfinished: "number"
};
function logSubjects(logs) {
	return {
		...patternSubjects(logs),
		...logs["forbid"] === void 0 ? {} : { new_matches: "number" },
		...logs["count"] === void 0 ? {} : { value: "number" },
		...logs["per"] === void 0 || logs["count"] !== void 0 ? {} : { rate: "number" },
		...logs["span"] === void 0 ? {} : {
			...typesOf(capturesOf(logs["inside"]), "any"),
			...SPAN_SUBJECTS
		}
	};
}
function patternSubjects({ require, forbid }) {
	return {
		...forbid === void 0 ? {} : { matches: "number" },
		...require === void 0 ? {} : {
			found: "number",
			missing: "number"
		}
	};
}
function capturesOf(inside) {
	return (Array.isArray(inside) ? inside : []).flatMap((text) => {
		const [, source = ""] = typeof text === "string" ? /^\/(.+)\/[A-Za-z]*$/s.exec(text) ?? [] : [];
		return [...source.matchAll(/\\[^]|\[(?:\\[^]|[^\]\\])*\]|\(\?<(?<name>[A-Za-z_$][\w$]*)>/g)].flatMap((part) => part.groups?.["name"] ?? []);
	});
}
function metricSubjects(metric) {
	switch (metric["name"]) {
		case "cpu":
		case "memory": {
			if ((metric["of_limit"] ?? false) !== false) return closed$1({ value: "ratio" });
			const asRatio = "write of_limit: true inside metric for the share of the plan's limit";
			return {
				...closed$1({ value: metric["name"] === "memory" ? "size" : "number" }),
				asRatio
			};
		}
		case "http_requests": {
			const asRatio = "write where and as: ratio inside metric for a share of all requests";
			return metric["as"] !== void 0 ? closed$1({
				value: "ratio",
				total: "number"
			}) : {
				...closed$1({
					value: "number",
					total: "number"
				}),
				asRatio
			};
		}
		case "http_latency": return closed$1({ value: "duration" });
		default: return closed$1({ value: "number" });
	}
}
// src/config/other-check.ts
function askedOf([name, ...path], { self, checks, example }) {
	const mistake = (message, hint) => ({
		kind: "mistake",
		message,
		hint
	});
	const others = Object.keys(checks).filter((other) => other !== self);
	if (name === self) return mistake("a check cannot ask itself", "name another check");
	if (typeof name !== "string" || !others.includes(name)) {
		const hint = didYouMean(String(name), others) ?? `start with the name of another check, such as ${example}`;
		return mistake(`there is no other check "${name}"`, hint);
	}
	const other = mapping(checks[name]);
	const kind = SOURCES.find((source) => Object.hasOwn(other, source));
	if (kind === void 0) return { kind: "unknown" };
	const table = subjectsOf(kind, other[kind]);
	if (path.length === 0) {
		const first = Object.keys(table.types)[0] ?? "value";
		return mistake(`${name} is a check; name one of its subjects`, `such as ${name}.${first}`);
	}
	if (kind === "sql" && path[0] === "new_rows" && other["baseline"] === void 0) return mistake(`${name}.new_rows needs a baseline, and ${name} has none`, `give ${name} a baseline`);
	return {
		kind: "known",
		path,
		table
	};
}
// src/config/condition-rules.ts
const TIERS = [
	"pass",
	"warn",
	"fail"
];
function conditionsAt(check, { path, keys }) {
	return keys.flatMap((key) => {
		const written = check[key];
		return (Array.isArray(written) ? written : [written]).flatMap((text, index) => {
			const parsed = typeof text === "string" ? parseCondition(text) : void 0;
			if (parsed?.ok !== true) return [];
			const place = Array.isArray(written) ? [
				...path,
				key,
				index
			] : [...path, key];
			return [{
				condition: parsed.condition,
				columns: parsed.columns,
				place
			}];
		});
	});
}
function checkConditions(check, { path, table, lastEndMs, baselineHint, findings }) {
	const hasBaseline = check["baseline"] !== void 0;
	for (const written of conditionsAt(check, {
		path,
		keys: TIERS
	})) {
		sayMisfits(written, {
			table,
			findings,
			baseline: {
				hasBaseline,
				...baselineHint === void 0 ? {} : { hint: baselineHint }
			}
		});
		checkSubject(written, {
			lastEndMs,
			findings
		});
	}
	for (const written of conditionsAt(check, {
		path,
		keys: ["need"]
	})) {
		sayMisfits(written, {
			table,
			findings,
			baseline: {
				hasBaseline: false,
				who: "need"
			}
		});
		checkSubject(written, {
			lastEndMs,
			findings
		});
	}
}
function sayMisfits({ condition, columns, place }, { table, findings, baseline }) {
	for (const { message, hint, part } of checkCondition(condition, table, baseline)) findings.say(place, `"${keyText(place)}": ${message}`, {
		hint,
		column: columns[part]
	});
}
function checkSubject({ condition: { subject }, columns, place }, { lastEndMs, findings }) {
	const column = columns.subject;
	const header = subject.path[0] === "headers" ? subject.path[1] : void 0;
	if (typeof header === "string" && header !== header.toLowerCase()) findings.say(place, `"${keyText(place)}": header names are in lower case`, {
		hint: `headers.${header.toLowerCase()}`,
		column
	});
	const windowMs = subject.kind === "call" ? subject.windowMs ?? 0 : 0;
	if (lastEndMs === 0 || windowMs <= lastEndMs) return;
	const never = `the window of ${durationText(windowMs)} never fills`;
	findings.say(place, `"${keyText(place)}": ${never}: ${endText(lastEndMs)}`, {
		hint: "use a shorter window or a longer stage",
		column
	});
}
function endText(lastEndMs) {
	return `its last stage ends ${durationText(lastEndMs)} after live`;
}
function checkOnlyIf(check, { path, checks, findings }) {
	for (const { condition, columns, place } of conditionsAt(check, {
		path,
		keys: ["only_if"]
	})) {
		const { subject } = condition;
		const say = (message, hint) => findings.say(place, `"${keyText(place)}": ${message}`, {
			hint,
			column: columns.subject,
			needsWhole: true
		});
		const asked = askedOf(subject.path, {
			self: path[1],
			checks,
			example: "queue.depth > 10"
		});
		if (asked.kind === "mistake") say(asked.message, asked.hint);
		if (asked.kind !== "known") continue;
		if (subject.kind === "call" && subject.name !== "has" && subject.name !== "len") {
			const name = subject.path.join(".");
			say(`${subject.name}() looks back over samples, and only_if asks for the latest one`, `compare the value itself, such as ${name} > 10`);
			continue;
		}
		sayMisfits({
			condition: {
				...condition,
				subject: {
					...subject,
					path: asked.path
				}
			},
			columns,
			place
		}, {
			table: asked.table,
			findings,
			baseline: {
				hasBaseline: false,
				who: "only_if"
			}
		});
	}
}
// src/config/baseline-rules.ts
const OF_OLD_VERSION = [
	"http",
	"sql",
	"metric",
	"logs"
];
const KEPT_A_WEEK = ["metric", "logs"];
function baselinesOf(kind, source) {
	if (kind === "env" || kind === "source") return [];
	const isCounted = kind !== "logs" || mapping(source)["per"] !== void 0;
	return BASELINES.filter((baseline) => {
		if (baseline === "while-building") return OF_OLD_VERSION.includes(kind) && isCounted;
		return baseline !== "same hour last week" || KEPT_A_WEEK.includes(kind) && isCounted;
	});
}
function baselineHint(kind, source) {
	const [first, ...others] = baselinesOf(kind, source);
	return first === void 0 ? void 0 : `write baseline: ${first} beside ${kind}${others.length === 0 ? "" : ` (or ${others.join(", ")})`}`;
}
function checkBaseline(check, { path, checks, kind, table, findings }) {
	const conditions = conditionsAt(check, {
		path,
		keys: TIERS
	});
	const written = TIERS.flatMap((tier) => check[tier] ?? []);
	const relative = conditions.filter(({ condition }) => condition.operand.kind === "relative");
	const isUnused = relative.length === 0 && written.length === conditions.length;
	checkFloor(check, {
		path,
		relative,
		isUnused,
		table,
		findings
	});
	const asksNewRows = conditionsAt(check, {
		path,
		keys: [...TIERS, "need"]
	}).filter(({ condition }) => kind === "sql" && condition.subject.path[0] === "new_rows");
	if (check["baseline"] === void 0) for (const { place, columns } of asksNewRows) findings.say(place, `"${keyText(place)}": new_rows are the rows that the baseline did not have, and this check has none`, {
		hint: baselineHint(kind, check[kind]),
		column: columns.subject
	});
	const baseline = valid(checkSchema.shape.baseline, check["baseline"]);
	if (baseline === void 0) return;
	const place = [...path, "baseline"];
	const possible = baselinesOf(kind, check[kind]);
	if (!possible.includes(baseline)) findings.say(place, whyNone(baseline, kind), { hint: possible.length === 0 ? "remove baseline" : `use ${choiceText(possible)}` });
	else if (isUnused && asksNewRows.length === 0 && !isAskedFor(`${path[1]}.new_rows`, checks)) findings.say(place, `no condition compares with the baseline "${baseline}"`, {
		hint: `compare with it, such as fail: ${exampleOf$1(kind, table)}, or remove baseline`,
		isKey: true,
		needsWhole: true
	});
	else if (kind === "logs") checkCounted(relative, {
		baseline,
		findings
	});
	else if (kind === "metric") checkRequests(check["metric"], {
		relative,
		findings
	});
}
function isAskedFor(subject, checks) {
	return Object.values(checks).flatMap((check) => {
		const { only_if: onlyIf, derive } = mapping(check);
		return [onlyIf, ...Object.values(mapping(derive))];
	}).some((text) => typeof text === "string" && text.includes(subject));
}
function exampleOf$1(kind, { types }) {
	if (kind === "sql") return "new_rows > 0";
	const names = Object.keys(types);
	return `${names.find((name) => types[name] === "duration") ?? names[0] ?? "value"} > +50%`;
}
function whyNone(baseline, kind) {
	if (kind === "env" || kind === "source") return `${kind} takes no baseline: what it compares with is written in the file`;
	return baseline === "while-building" ? `"${baseline}" cannot be a baseline here: of the old version only http, sql, metric and counted log lines are measured` : `"${baseline}" cannot be a baseline here: of last week only metrics and counted log lines are known`;
}
function checkCounted(relative, { baseline, findings }) {
	if (baseline !== "while-building" && baseline !== "same hour last week") return;
	for (const { condition, columns, place } of relative) {
		const head = String(condition.subject.path[0]);
		if (head === "value" || head === "rate") continue;
		findings.say(place, `"${keyText(place)}": ${head} has no baseline "${baseline}", only counted lines have`, {
			hint: "use previous deploy or last 5 good deploys",
			column: columns.subject
		});
	}
}
function checkRequests(metric, { relative, findings }) {
	const { name = metric, agg, as } = mapping(metric);
	if (name !== "http_requests" || agg !== void 0) return;
	for (const { condition, columns, place } of relative) {
		const head = String(condition.subject.path[0]);
		if (as !== void 0 && head === "value") continue;
		findings.say(place, `"${keyText(place)}": ${head} counts the requests since the last sample, which compare only where as much time lies between`, {
			hint: "count over a window, such as agg: sum 5m inside metric",
			column: columns.subject
		});
	}
}
function checkFloor(check, { path, relative, isUnused, table, findings }) {
	const floor = check["floor"] === void 0 ? void 0 : valid(checkSchema.shape.floor, check["floor"]);
	if (floor === void 0) return;
	const place = [...path, "floor"];
	if (isUnused) findings.say(place, "floor belongs to relative conditions, and there is none", {
		hint: "write a condition such as value > +50%, or remove floor",
		isKey: true,
		needsWhole: true
	});
	for (const { condition } of relative) {
		const type = subjectType(condition.subject, table);
		if (!(type === "number" || type === "duration" || type === "size" || type === "ratio") || floor.unit === void 0 || floor.unit === type) continue;
		const name = subjectText(condition.subject);
		findings.say(place, `the floor ${String(check["floor"])} is a ${floor.unit}, and ${name} is a ${type}`, { hint: "write floor in the unit of the subject, or as a bare number" });
		return;
	}
}
// src/config/derive-rules.ts
const NUMBERS = [
	"number",
	"duration",
	"size",
	"ratio",
	"any"
];
function checkFormulas(formulas, { path, file }) {
	const { findings, checks } = file;
	const place = [...path, "derive"];
	if (Object.keys(formulas).length === 0) findings.say(place, "derive names no formula", {
		hint: "write such as { per_item: wf2.duration / wf2.found }",
		isKey: true
	});
	for (const [name, text] of Object.entries(formulas)) {
		const here = [...place, name];
		if (!ident.test(name)) findings.say(here, `"${name.slice(0, 60)}" cannot be the name of a subject`, {
			hint: "use letters, digits, _ and -, a letter first",
			isKey: true
		});
		const parsed = typeof text === "string" ? parseFormula(text) : void 0;
		if (parsed?.ok !== true) continue;
		for (const { check, path: subject } of formulaSubjects(parsed.formula)) {
			const mistake = mistakeOf([check, ...subject], {
				self: path[1],
				checks
			});
			if (mistake === void 0) continue;
			findings.say(here, `"${keyText(here)}": ${mistake.message}`, {
				hint: mistake.hint,
				column: String(text).indexOf(pathText([check, ...subject])) + 1,
				needsWhole: true
			});
		}
	}
}
function mistakeOf(path, { self, checks }) {
	const written = pathText(path);
	const joined = Object.keys(checks).find((name) => pathText(path.slice(1)).includes(`-${name}.`));
	if (joined !== void 0) {
		const hint = `a minus has a space on each side: ${written.replace(`-${joined}.`, ` - ${joined}.`)}`;
		return {
			message: `${written} is read as one name`,
			hint
		};
	}
	const asked = askedOf(path, {
		self,
		checks,
		example: "wf2.duration"
	});
	if (asked.kind !== "known") return asked.kind === "mistake" ? asked : void 0;
	const type = subjectType({
		kind: "path",
		path: asked.path
	}, asked.table);
	if (typeof type === "object") return type;
	return NUMBERS.includes(type) ? void 0 : {
		message: `${written} is no number`,
		hint: "derive computes with numbers only"
	};
}
// src/config/env-rules.ts
function checkVariables(env, { path, file }) {
	const { findings } = file;
	const names = Object.keys(mapping(env));
	const place = [...path, "env"];
	if (mapping(env) === env && names.length === 0) findings.say(place, "env names no variable", {
		hint: "write such as { BATCH_SIZE: \"10\" }",
		isKey: true
	});
	for (const name of names) {
		if (/^[A-Za-z_.-][\w.-]*$/.test(name)) continue;
		findings.say([...place, name], `"${name.slice(0, 60)}" cannot be the name of a variable`, {
			hint: "use letters, digits, _, - and ., no digit first",
			isKey: true
		});
	}
}
// src/config/environment.ts
function expand(text, env) {
	const missing = [];
	const secrets = [];
	return {
		text: text.replaceAll(/\$([A-Za-z_]\w*)/g, (_, name) => {
			const value = env(name)?.trim() ?? "";
			(value === "" ? missing : secrets).push(value === "" ? name : value);
			return value;
		}),
		missing: [...new Set(missing)],
		secrets: [...new Set(secrets)]
	};
}
function isDatabaseUrl(text) {
	if (!/^postgres(?:ql)?:\/\//.test(text) || !URL.canParse(text)) return false;
	return new URL(text).hostname !== "";
}
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
function isMessageUrl(text) {
	if (!URL.canParse(text)) return false;
	const { protocol, hostname } = new URL(text);
	return hostname !== "" && (protocol === "https:" || protocol === "http:" && LOOPBACK.test(hostname));
}
function keysOf(address) {
	const { password, pathname, search } = new URL(address);
	return [password, ...`${pathname}${search}`.split(/[/?&=]/)].filter((part) => part.length >= 16);
}
function passwordOf(address) {
	const { password } = URL.canParse(address) ? new URL(address) : { password: "" };
	try {
		return password === "" ? void 0 : decodeURIComponent(password);
	} catch {
		return password;
	}
}
function sayUnset(variable, place, findings) {
	findings.say(place, `"${keyText(place)}" uses $${variable}, which is not set`, { hint: `set it in the step's env, such as ${variable}: \${{ secrets.${variable} }}` });
}
// src/config/http-rules.ts
function checkHttp(http, { path, file }) {
	const { findings, env } = file;
	const method = http["method"] ?? "GET";
	if (http["body"] !== void 0 && (method === "GET" || method === "HEAD")) findings.say([
		...path,
		"http",
		"body"
	], `a ${method} request has no body`, {
		hint: "set method: POST",
		isKey: true
	});
	for (const [name, value] of Object.entries(mapping(http["headers"]))) {
		const place = [
			...path,
			"http",
			"headers",
			name
		];
		if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) findings.say(place, `"${name}" is no name of a header`, { isKey: true });
		if (typeof value !== "string") continue;
		const { text, missing } = expand(value, env);
		for (const variable of missing) sayUnset(variable, place, findings);
		if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text)) findings.say(place, `the value of header "${name}" holds a line break or control character`, { hint: "check the variable or the quotes" });
	}
}
// src/config/pattern-rules.ts
function checkVerbs(source, place, file) {
	for (const verb of ["require", "forbid"]) {
		const value = source[verb];
		const names = Object.keys(mapping(value));
		if (value !== null && typeof value === "object" && !Array.isArray(value) && names.length === 0) file.findings.say([...place, verb], `"${keyText([...place, verb])}" names no pattern`, { hint: "use a list such as [Traceback]" });
		checkSplits([...place, verb], file);
		for (const name of names) checkSplits([
			...place,
			verb,
			name
		], file);
	}
}
function checkSplits(list, file) {
	for (const index of splitPatterns(file.document, list)) saySplit([...list, index], file);
}
function checkFiles(check, { path, file }) {
	const source = mapping(check["source"]);
	const place = [...path, "source"];
	checkVerbs(source, place, file);
	const isSeen = [
		...TIERS,
		"require",
		"forbid"
	].some((key) => (source[key] ?? check[key]) !== void 0);
	if (source === check["source"] && !isSeen) file.findings.say(place, `"${keyText(place)}" looks for nothing`, {
		hint: "give it require or forbid, such as require: [skip_locked], or a condition such as pass: files > 0",
		isKey: true,
		needsWhole: true
	});
	const { glob } = source;
	if (typeof glob === "string" && !isInRepository(glob)) file.findings.say([...place, "glob"], `"${glob}" fits no file of the repository`, { hint: "write it from the repository's root, such as src/**/*.py" });
}
function isInRepository(path) {
	return !/^[/~]|^[A-Za-z]:|\\|^\w+:\/\/|[\u0000-\u001f]/.test(path) && !path.split("/").includes("..");
}
// src/config/log-rules.ts
const VERBS = [
	"require",
	"forbid",
	"count",
	"per",
	"span",
	"inside"
];
function checkLogs(check, { path, file }) {
	const { findings } = file;
	const logs = mapping(check["logs"]);
	const place = [...path, "logs"];
	const isSeen = VERBS.some((verb) => (logs[verb] ?? check[verb]) !== void 0);
	if (logs === check["logs"] && !isSeen) findings.say(place, `"${keyText(place)}" looks for nothing`, {
		hint: "give it require, forbid, count or span, such as { forbid: [Traceback] }",
		isKey: true,
		needsWhole: true
	});
	if (logs["within"] !== void 0 && logs["require"] === void 0) findings.say([...place, "within"], "within belongs to require, and there is none", { isKey: true });
	checkVerbs(logs, place, file);
	checkCount(logs, {
		path,
		file
	});
	checkSpan(logs, {
		path,
		file
	});
}
function checkCount({ count, per, level, type }, { path, file }) {
	const { findings } = file;
	const place = [...path, "logs"];
	if (count !== void 0 && per === void 0) findings.say([...place, "count"], "count does not say in which time", {
		hint: "write per beside it, such as per: 5m",
		isKey: true,
		needsWhole: true
	});
	if (per !== void 0 && count === void 0 && level === void 0) findings.say([...place, "per"], "per does not say what is counted", {
		hint: "write count: with a pattern, or level: with levels such as [error]",
		isKey: true,
		needsWhole: true
	});
	if (type === "build" && per !== void 0) findings.say([...place, "per"], "per counts while the service runs, and build logs end before that", {
		hint: "use require or forbid for build logs",
		isKey: true
	});
}
function checkSpan({ span, inside, type }, { path, file }) {
	const { findings } = file;
	const place = [...path, "logs"];
	checkSplits([...place, "span"], file);
	checkSplits([...place, "inside"], file);
	if (span !== void 0 && (type === "build" || type === "request")) findings.say([...place, "span"], `span follows the app lines of each instance, not ${type} lines`, {
		hint: "leave type out",
		isKey: true
	});
	const patterns = Array.isArray(span) ? span : [];
	if (patterns.length === 2 && patterns[0] === patterns[1]) findings.say([
		...place,
		"span",
		1
	], "the two patterns of span are the same", { hint: "name the line that begins and the line that ends" });
	if (inside === void 0) return;
	if (span === void 0) findings.say([...place, "inside"], "inside looks between the two lines of span, and there is none", {
		hint: "write span: [how it begins, how it ends]",
		isKey: true,
		needsWhole: true
	});
	for (const [index, text] of (Array.isArray(inside) ? inside : []).entries()) {
		const here = [
			...place,
			"inside",
			index
		];
		if (typeof text === "string" && capturesOf([text]).length === 0) findings.say(here, `"${keyText(here)}" captures nothing: it has no named group`, { hint: "write a regular expression such as '/Found (?<found>\\d+)/'" });
		for (const name of capturesOf([text]).filter((name) => Object.hasOwn(SPAN_SUBJECTS, name))) findings.say(here, `the group "${name}" has the name of a subject of span`, { hint: "choose another name" });
	}
}
// src/config/metric-rules.ts
const STATUS = {
	open: false,
	types: { status: "number" }
};
const OPTIONS = [
	{
		option: "of_limit",
		metrics: ["cpu", "memory"],
		why: "only cpu and memory have a limit"
	},
	{
		option: "where",
		metrics: ["http_requests"],
		why: "only http_requests are told apart by status"
	},
	{
		option: "as",
		metrics: ["http_requests"],
		why: "only http_requests can be a share of all"
	},
	{
		option: "quantile",
		metrics: ["http_latency"],
		why: "only http_latency has quantiles"
	}
];
function checkMetric(written, { path, file }) {
	const { findings } = file;
	const metric = typeof written === "string" ? { name: written } : mapping(written);
	const place = [...path, "metric"];
	const { name } = metric;
	if (name === "active_connections" && metric["of"] === void 0) findings.say(place, "active_connections belong to a database, and none is named", {
		hint: "write metric: { name: active_connections, of: … } with the name or id of a Render database",
		needsWhole: true
	});
	const isKnown = METRICS.some((one) => one === name);
	for (const { option, metrics, why } of OPTIONS) {
		const isWritten = metric[option] !== void 0 && metric[option] !== false;
		if (!isKnown || !isWritten || metrics.includes(String(name))) continue;
		findings.say([...place, option], `${String(name)} takes no ${option}: ${why}`, {
			hint: `remove ${option}`,
			isKey: true
		});
	}
	if (metric["as"] !== void 0 && metric["where"] === void 0) findings.say([...place, "as"], "as: ratio does not say which requests are the share", {
		hint: "write where beside it, such as where: status >= 500",
		isKey: true,
		needsWhole: true
	});
	for (const condition of conditionsAt(metric, {
		path: place,
		keys: ["where"]
	})) sayMisfits(condition, {
		table: STATUS,
		findings,
		baseline: {
			hasBaseline: false,
			who: "where"
		}
	});
}
// src/config/sql-rules.ts
function checkStatements(statements, { path, check, file }) {
	if (!Array.isArray(statements)) return;
	for (const [index, statement] of statements.entries()) if (!(typeof statement !== "string" || START.test(statement)) && index > 0 && file.document.isInFlow([...path, index])) saySplit([...path, index - 1], file);
	else checkStatement(statement, {
		path: [...path, index],
		check,
		file
	});
}
const START = /^\s*(?:\(|--|\/\*|select|with|values|table|show|explain)/i;
function checkStatement(statement, { path, check, file }) {
	const { findings, databases } = file;
	const known = Object.keys(databases);
	const [first] = known;
	const written = mapping(statement)["database"];
	if (written === void 0 && first === void 0) findings.say(path, `check "${check}" asks a database, and none is configured`, {
		hint: "add databases: { main: { url: $DATABASE_URL } }",
		needsWhole: true
	});
	else if (written === void 0 && known.length > 1) {
		const isList = typeof path.at(-1) === "number";
		findings.say(path, `check "${check}" does not say which database`, {
			hint: `write ${isList ? "-" : "sql:"} { database: ${first}, query: … }`,
			needsWhole: true
		});
	} else if (typeof written === "string" && !known.includes(written)) findings.say([...path, "database"], `there is no database "${written}"`, {
		hint: didYouMean(written, known) ?? (first === void 0 ? "add it under databases" : `databases here: ${known.join(", ")}`),
		needsWhole: true
	});
}
// src/config/source-rules.ts
function checkSource(raw, { path, kind, file }) {
	const place = {
		path,
		file
	};
	const written = mapping(raw[kind]);
	checkFailAfter(raw, {
		...place,
		kind
	});
	checkHasCondition(raw, {
		...place,
		kind
	});
	switch (kind) {
		case "http": return checkHttp(written, place);
		case "logs": return checkLogs(raw, place);
		case "sql": return checkStatement(raw["sql"], {
			path: [...path, "sql"],
			check: path[1],
			file
		});
		case "metric": return checkMetric(raw["metric"], place);
		case "env": return checkVariables(raw["env"], place);
		case "source": return checkFiles(raw, place);
		case "derive": return checkFormulas(written, place);
		case "events": return;
	}
}
function checkFailAfter(raw, { path, kind, file }) {
	if (raw["fail_after"] === void 0) return;
	const place = [...path, "fail_after"];
	const logs = mapping(raw["logs"]);
	if (kind === "events") file.findings.say(place, "events take no fail_after: their counts accumulate since the deploy", {
		hint: "set the number in a condition, such as fail: count >= 3",
		isKey: true
	});
	else if (kind === "source") file.findings.say(place, "source takes no fail_after: the files of a commit do not change", {
		hint: "set the number in a condition, such as fail: matches > 3",
		isKey: true
	});
	else if (kind === "logs" && (logs["require"] !== void 0 || logs["forbid"] !== void 0)) file.findings.say(place, "logs take no fail_after: their counts accumulate since the deploy", {
		hint: logs["per"] === void 0 && logs["span"] === void 0 ? "set the number in a condition, such as fail: matches > 3" : "make what require and forbid look for a check of its own",
		isKey: true
	});
}
function exampleOf(raw, kind) {
	if (kind === "http" || kind === "events" || kind === "env" || kind === "source") return void 0;
	const source = mapping(raw[kind]);
	if (kind === "logs" && (source["require"] !== void 0 || source["forbid"] !== void 0)) return void 0;
	const [name, type] = Object.entries(subjectsOf(kind, raw[kind]).types)[0] ?? [];
	if (name === void 0 || type === void 0) return void 0;
	return `${name} > ${kind === "sql" ? "0" : {
		duration: kind === "logs" ? "10m" : "1s",
		size: "1GB",
		ratio: "80%"
	}[type] ?? "5"}`;
}
function checkHasCondition(raw, { path, kind, file }) {
	const example = exampleOf(raw, kind);
	if (example === void 0 || TIERS.some((tier) => raw[tier] !== void 0)) return;
	file.findings.say(path, `check "${path[1]}" has no condition`, {
		hint: `write pass, warn or fail, such as fail: ${example}`,
		isKey: true,
		needsWhole: true
	});
}
// src/config/timing.ts
function windowsIn(stages, { stages: named, everyMs, graceMs }) {
	return stages.flatMap(({ name, forMs, everyMs: beat }, index) => {
		const fromMs = index === 0 ? 0 : stages[index - 1]?.forMs ?? 0;
		if (named?.includes(name) === false || forMs <= fromMs) return [];
		return [{
			fromMs,
			forMs: forMs - fromMs,
			everyMs: everyMs ?? beat,
			graceMs: Math.max(0, graceMs - fromMs)
		}];
	});
}
function lastEnd(stages, { stages: named }) {
	const own = stages.filter(({ name }) => named?.includes(name) !== false);
	return Math.max(0, ...own.map((stage) => stage.forMs));
}
function judgedSamples({ forMs, everyMs, graceMs }) {
	const first = Math.ceil(graceMs / everyMs) * everyMs;
	return first > forMs ? 0 : Math.floor((forMs - first) / everyMs) + 1;
}
function isPossible(failAfter, window) {
	return failAfter.kind === "duration" ? failAfter.ms <= (judgedSamples(window) - 1) * window.everyMs : failAfter.count <= judgedSamples(window);
}
function defaultFailAfter(kind) {
	return {
		kind: "consecutive",
		count: kind === "http" ? 3 : kind === "sql" || kind === "metric" || kind === "derive" ? 2 : 1
	};
}
function shrunk(failAfter, windows) {
	if (windows.some((window) => isPossible(failAfter, window))) return failAfter;
	const most = Math.max(1, ...windows.map(judgedSamples));
	switch (failAfter.kind) {
		case "consecutive": return {
			kind: "consecutive",
			count: Math.min(failAfter.count, most)
		};
		case "of": return {
			kind: "of",
			count: Math.min(failAfter.count, most),
			of: failAfter.of
		};
		case "duration": return {
			kind: "duration",
			ms: Math.max(0, ...windows.map((window) => (judgedSamples(window) - 1) * window.everyMs))
		};
	}
}
function accumulates(source) {
	if (source.kind === "logs") return source.require.length > 0 || source.forbid.length > 0;
	return source.kind === "events" || source.kind === "source";
}
// src/config/time-rules.ts
function beatOf(check) {
	const { stage, every, grace } = checkSchema.shape;
	return {
		stages: valid(stage, check["stage"]),
		everyMs: valid(every, check["every"]),
		graceMs: valid(grace, check["grace"]) ?? 0
	};
}
function checkTimes(check, { path, stages, findings }) {
	const beat = beatOf(check);
	const windows = windowsIn(stages, beat);
	if (windows.length === 0) return;
	const endMs = lastEnd(stages, beat);
	if (windows.every((window) => judgedSamples(window) === 0)) {
		const grace = durationText(beat.graceMs);
		findings.say([...path, "grace"], `with a grace of ${grace} nothing is judged: ${endText(endMs)}`, { hint: "shorten grace, or lengthen the stage" });
		return;
	}
	checkLogTimes(check, {
		path,
		endMs,
		findings
	});
	const samples = Math.max(...windows.map(judgedSamples));
	const judged = `at most ${samples} ${samples === 1 ? "sample is" : "samples are"} judged there`;
	const never = `can never be reached: ${lengthText(windows)} and ${judged}`;
	const { fail_after, pass_after } = checkSchema.shape;
	const failAfter = check["fail_after"] === void 0 ? void 0 : valid(fail_after, check["fail_after"]);
	if (failAfter !== void 0 && !windows.some((window) => isPossible(failAfter, window))) findings.say([...path, "fail_after"], `fail_after ${String(check["fail_after"])} ${never}`, { hint: "lower fail_after, sample more often with every, or lengthen the stage" });
	const passAfter = check["pass_after"] === void 0 ? void 0 : valid(pass_after, check["pass_after"]);
	if (passAfter !== void 0 && passAfter > samples) findings.say([...path, "pass_after"], `pass_after ${passAfter} ${never}`, { hint: "lower pass_after, sample more often with every, or lengthen the stage" });
}
function lengthText(windows) {
	const { fromMs, forMs } = windows.reduce((longest, one) => one.forMs > longest.forMs ? one : longest);
	const stage = windows.length === 1 ? "its stage" : "its longest stage";
	return fromMs === 0 ? `${stage} lasts ${durationText(forMs)}` : `${stage} goes from ${durationText(fromMs)} to ${durationText(fromMs + forMs)} after live`;
}
function checkLogTimes(check, { path, endMs, findings }) {
	const { logs, metric } = checkSchema.shape;
	const counted = valid(logs, check["logs"]);
	if (counted?.within !== void 0 && counted.within > endMs) {
		const within = durationText(counted.within);
		findings.say([
			...path,
			"logs",
			"within"
		], `within ${within} cannot be decided: ${endText(endMs)}`, { hint: "shorten within, or lengthen the stage" });
	}
	if (counted?.per !== void 0 && counted.per > endMs) {
		const interval = durationText(counted.per);
		findings.say([
			...path,
			"logs",
			"per"
		], `an interval of ${interval} is never full: ${endText(endMs)}`, { hint: "use a shorter interval or a longer stage" });
	}
	const measured = valid(metric, mapping(check["metric"]));
	const windowMs = typeof measured === "object" ? measured.agg?.windowMs : void 0;
	if (windowMs !== void 0 && windowMs > endMs) {
		const window = durationText(windowMs);
		findings.say([
			...path,
			"metric",
			"agg"
		], `the window of ${window} never fills: ${endText(endMs)}`, { hint: "use a shorter window or a longer stage" });
	}
}
// src/config/check-rules.ts
function checkCheck(name, file) {
	const { findings, stages } = file;
	const raw = mapping(file.checks[name]);
	const path = ["checks", name];
	const sources = SOURCES.filter((source) => Object.hasOwn(raw, source));
	const [kind] = sources;
	if (raw === file.checks[name] && kind === void 0) findings.say(path, `check "${name}" has no source`, {
		hint: `give it one of ${SOURCES.join(", ")}`,
		isKey: true,
		needsWhole: true
	});
	if (sources.length > 1) findings.say(path, `check "${name}" has ${sources.length} sources: ${sources.join(", ")}`, {
		hint: "make each a check of its own",
		isKey: true
	});
	checkOnFail(raw["on_fail"], {
		path: [...path, "on_fail"],
		file
	});
	checkStages(raw, name, file);
	checkOnlyIf(raw, {
		path,
		checks: file.checks,
		findings
	});
	checkTimes(raw, {
		path,
		stages,
		findings
	});
	checkStatements(raw["diagnose"], {
		path: [...path, "diagnose"],
		file,
		check: name
	});
	if (kind === void 0 || sources.length > 1) return;
	checkSource(raw, {
		path,
		kind,
		file
	});
	const table = subjectsOf(kind, raw[kind]);
	checkConditions(raw, {
		path,
		table,
		lastEndMs: lastEnd(stages, beatOf(raw)),
		baselineHint: baselineHint(kind, raw[kind]),
		findings
	});
	checkBaseline(raw, {
		path,
		checks: file.checks,
		kind,
		table,
		findings
	});
}
function checkOnFail(value, { path, file }) {
	if (typeof value !== "string" || value === "alert" || file.remedies.includes(value)) return;
	const known = ["alert", ...file.remedies];
	file.findings.say(path, `there is no remedy "${value}"`, {
		hint: didYouMean(value, known) ?? `use ${choiceText(known)}`,
		needsWhole: true
	});
}
function checkStages(raw, name, file) {
	for (const [index, stage] of (valid(checkSchema.shape.stage, raw["stage"]) ?? []).entries()) checkStageName(stage, {
		path: [
			"checks",
			name,
			"stage",
			index
		],
		file
	});
}
function checkStageName(stage, { path, file }) {
	const { findings, stageNames } = file;
	if (stageNames.includes(stage)) return;
	findings.say(path, `there is no stage "${stage}"`, {
		hint: didYouMean(stage, stageNames) ?? `stages here: ${stageNames.join(", ")}`,
		needsWhole: true
	});
}
// src/config/dependency-rules.ts
function checkCircles(checks, findings) {
	const said = new Set();
	for (const name of Object.keys(checks)) {
		const circle = circleFrom(name, checks);
		if (circle === void 0 || circle.some((one) => said.has(one))) continue;
		for (const one of circle) said.add(one);
		const chain = circle.map((one) => `"${one}"`).join(" asks ");
		findings.say(["checks", name], `checks wait for one another: ${chain} asks "${name}"`, {
			hint: "take one of them out of only_if or derive",
			isKey: true
		});
	}
}
function circleFrom(start, checks) {
	const seen = new Set([start]);
	let ways = [[start]];
	while (ways.length > 0) {
		const longer = [];
		for (const way of ways) for (const next of askedBy(mapping(checks[way.at(-1) ?? start]))) {
			if (next === start && way.length > 1) return way;
			if (seen.has(next) || !Object.hasOwn(checks, next)) continue;
			seen.add(next);
			longer.push([...way, next]);
		}
		ways = longer;
	}
}
function askedBy(check) {
	const onlyIf = typeof check["only_if"] === "string" ? parseCondition(check["only_if"]) : void 0;
	const formulas = Object.values(mapping(check["derive"])).flatMap((text) => {
		const parsed = typeof text === "string" ? parseFormula(text) : void 0;
		return parsed?.ok === true ? formulaSubjects(parsed.formula) : [];
	});
	return [...onlyIf?.ok === true ? [String(onlyIf.condition.subject.path[0])] : [], ...formulas.map((subject) => subject.check)];
}
// src/config/notify-rules.ts
const ADDRESSES = ["slack", "webhook"];
function checkNotify(roles, file) {
	const { findings, env } = file;
	for (const [name, written] of Object.entries(roles)) {
		const role = mapping(written);
		if (role === written && ![...ADDRESSES, "mention"].some((key) => Object.hasOwn(role, key))) findings.say(["notify", name], `the role "${name.slice(0, 60)}" has no way to be told`, {
			hint: "give it one of slack, webhook, mention",
			isKey: true,
			needsWhole: true
		});
		for (const key of ADDRESSES) {
			const url = role[key];
			const place = [
				"notify",
				name,
				key
			];
			if (typeof url !== "string" || url.trim() === "") continue;
			const { text, missing } = expand(url.trim(), env);
			for (const variable of missing) sayUnset(variable, place, findings);
			if (missing.length > 0 || isMessageUrl(text)) continue;
			const [variable] = /\$[A-Za-z_]\w*/.exec(url) ?? [];
			findings.say(place, `"${place.join(".")}" is no address that messages can be sent to`, { hint: `${variable === void 0 ? "it" : `the value of ${variable}`} must look like https://host/path` });
		}
	}
}
// src/config/remedy-plan.ts
const BUILT_IN = ["revert", "rollback"];
function builtInRemedies(stages) {
	const steps = (written) => remedySchema.parse(written);
	return {
		revert: remedyOf("revert", steps([{ revert_pr: {} }])),
		rollback: remedyOf("rollback", steps([
			{ render_rollback: { freeze_auto_deploy: true } },
			{ recheck: stages[0]?.name ?? "boot" },
			{ revert_pr: {} }
		]))
	};
}
function remedyOf(name, steps) {
	return {
		name,
		steps: steps.flatMap(stepOf$1)
	};
}
function stepOf$1(step) {
	const { revert_pr: revert, render_rollback: rollback, recheck, patch_pr: patch, issue } = step;
	if (revert !== void 0) {
		const { labels, reviewers, assignees, draft, scope } = revert;
		return [{
			kind: "revert_pr",
			labels,
			reviewers,
			assignees,
			draft,
			scope,
			autoMerge: revert.auto_merge,
			despiteMigrations: revert.despite_migrations
		}];
	}
	if (rollback !== void 0) {
		const { freeze_auto_deploy: freezeAutoDeploy, despite_migrations: despiteMigrations } = rollback;
		return [{
			kind: "render_rollback",
			freezeAutoDeploy,
			despiteMigrations
		}];
	}
	if (recheck !== void 0) return [{
		kind: "recheck",
		stage: recheck
	}];
	if (patch !== void 0) {
		const path = patch.patch.replace(/^(?:\.\/)+/, "");
		return [{
			kind: "patch_pr",
			...patch,
			patch: path,
			title: patch.title ?? `Apply ${path}`
		}];
	}
	if (issue === void 0) return [];
	const { title, labels, assignees } = issue;
	return [{
		kind: "issue",
		...title === void 0 ? {} : { title },
		labels,
		assignees
	}];
}
// src/config/remedy-rules.ts
function checkRemedies(remedies, file) {
	const { findings } = file;
	for (const [name, written] of Object.entries(remedies)) {
		const steps = Array.isArray(written) ? written : [];
		for (const [index, step] of steps.entries()) {
			const path = [
				"remedies",
				name,
				index
			];
			const keys = Object.keys(mapping(step));
			if (mapping(step) === step && keys.length === 0) findings.say(path, `step ${index + 1} of remedy "${name}" does nothing`, { hint: "write revert_pr: {}" });
			if (keys.length > 1) findings.say(path, `step ${index + 1} of remedy "${name}" is ${keys.length} steps: ${keys.join(", ")}`, { hint: "make each an item of the list" });
			checkOrder(steps, {
				path,
				file
			});
			checkPatch(step, {
				path,
				file
			});
		}
	}
}
function checkOrder(steps, { path, file }) {
	const index = path[2];
	const step = mapping(steps[index]);
	const before = steps.slice(0, index).flatMap((one) => Object.keys(mapping(one)));
	const upToHere = [...before, ...Object.keys(step)];
	if (typeof step["recheck"] === "string") checkStageName(step["recheck"], {
		path: [...path, "recheck"],
		file
	});
	if (Object.hasOwn(step, "recheck") && !upToHere.includes("render_rollback")) file.findings.say([...path, "recheck"], "recheck looks at what a rollback brought back, and none comes before it", {
		hint: "put render_rollback: {} before it",
		isKey: true,
		needsWhole: true
	});
	for (const once of ["render_rollback", "revert_pr"]) {
		if (!Object.hasOwn(step, once) || !before.includes(once)) continue;
		file.findings.say([...path, once], `${once} stands twice in remedy "${path[1]}"`, {
			hint: "keep the first",
			isKey: true
		});
	}
}
function checkPatch(step, { path, file }) {
	const { patch } = mapping(mapping(step)["patch_pr"]);
	if (typeof patch !== "string" || isInRepository(patch)) return;
	const place = [
		...path,
		"patch_pr",
		"patch"
	];
	file.findings.say(place, `"${keyText(place)}" holds "${patch.slice(0, 60)}", which leaves the repository`, { hint: "write it from the repository's root, such as .github/gate/old.patch" });
}
// src/core/status-template.ts
const PLACEHOLDERS = [
	"service",
	"commit",
	"day",
	"deployment",
	"uptime",
	"groups",
	"metrics",
	"issues",
	"actions",
	"next check"
];
const BUILT_IN_TEMPLATE = `{service} Deployment Status - Day {day}

Deployment: {deployment}
Uptime: {uptime}
{groups}

Metrics:
{metrics}

Issues:
{issues}

Actions:
{actions}

Next check: {next check}`;
const PARTS = /\{\{|\}\}|\{([^{}\n]*)(\}?)/g;
const BRACE = "write {{ for a brace that is only a brace";
function parseTemplate(text, checks) {
	const mistakes = [];
	let start = 1;
	return {
		lines: text.split("\n").map((line) => {
			const pieces = [];
			let end = 0;
			for (const part of line.matchAll(PARTS)) {
				const [whole, name, closing] = part;
				pieces.push({
					kind: "text",
					text: line.slice(end, part.index)
				});
				end = part.index + whole.length;
				if (name === void 0) {
					pieces.push({
						kind: "text",
						text: whole.charAt(0)
					});
					continue;
				}
				const piece = closing === "" ? notClosed(whole) : pieceOf(name.trim(), checks);
				const column = start + part.index;
				if (!("kind" in piece)) mistakes.push({
					...piece,
					column
				});
				else pieces.push(piece.kind === "value" ? {
					...piece,
					column
				} : piece);
			}
			pieces.push({
				kind: "text",
				text: line.slice(end)
			});
			start += line.length + 1;
			return pieces.filter((piece) => piece.kind !== "text" || piece.text !== "");
		}),
		mistakes
	};
}
function notClosed(start) {
	return {
		message: `"${start.slice(0, 60).trimEnd()}" is not closed`,
		hint: `add }, or ${BRACE}`
	};
}
function pieceOf(name, checks) {
	const known = PLACEHOLDERS.find((one) => one === name);
	if (known !== void 0) return {
		kind: "placeholder",
		name: known
	};
	const [, rest] = /^check\.(.*)$/.exec(name) ?? [];
	if (rest !== void 0) return valueOf(rest, checks);
	const all = `use ${PLACEHOLDERS.map((one) => `{${one}}`).join(", ")} or {check.<name>.<subject>}; ${BRACE}`;
	return {
		message: `a status update has nothing called {${name.slice(0, 60)}}`,
		hint: didYouMean(name, PLACEHOLDERS) ?? all
	};
}
function valueOf(rest, checks) {
	const [check] = checks.filter((one) => rest === one || rest.startsWith(`${one}.`)).toSorted((a, b) => b.length - a.length);
	if (check === void 0) {
		const name = rest.split(".")[0] ?? rest;
		return {
			message: `there is no check "${name.slice(0, 60)}" to tell of`,
			hint: didYouMean(name, checks) ?? `checks here: ${checks.slice(0, 20).join(", ")}`
		};
	}
	const subject = rest.slice(check.length + 1);
	if (subject === "") return {
		message: `{check.${check}} names no subject`,
		hint: `write {check.${check}.<subject>}, with a subject of the check`
	};
	return {
		kind: "value",
		check,
		subject
	};
}
// src/config/report-plan.ts
const STAGE_VERDICTS = [
	"pass",
	"warn",
	"fail",
	"unknown"
];
function momentOf(text) {
	const words = text.trim();
	if (words === "daily") return { kind: "daily" };
	const [, stage] = /^(\S+)\s+end$/.exec(words) ?? [];
	return stage === void 0 ? void 0 : {
		kind: "stage end",
		stage
	};
}
function reportOf(report, stages) {
	const { issue, comment, at, template } = report;
	const usual = [...stages.map(({ name }) => ({
		kind: "stage end",
		stage: name
	})), { kind: "daily" }];
	return {
		issue,
		comment,
		at: at?.flatMap((text) => momentOf(text) ?? []) ?? usual,
		...template === void 0 ? {} : { template }
	};
}
function occasionOf(key) {
	const [stage = "", verdict = "", ...more] = key.trim().split(/\s+/);
	return {
		stage,
		verdict: [verdict, ...more].join(" ")
	};
}
function afterOf(after) {
	return Object.entries(after).flatMap(([key, steps]) => {
		const { stage, verdict: word } = occasionOf(key);
		const verdict = STAGE_VERDICTS.find((one) => one === word);
		return verdict === void 0 ? [] : [{
			stage,
			verdict,
			steps: steps.flatMap((step) => stepOf(step, `${stage} ${verdict}`))
		}];
	});
}
function stepOf({ cleanup_pr: pull, issue }, occasion) {
	if (pull !== void 0) {
		const globs = pull.delete.map((glob) => glob.replace(/^(?:\.\/)+/, ""));
		const title = pull.title ?? `Clean up: delete ${globs.length === 1 ? globs[0] : `${globs.length} files or globs`}`;
		return [{
			kind: "cleanup_pr",
			...pull,
			delete: globs,
			title
		}];
	}
	return issue === void 0 ? [] : [{
		kind: "issue",
		...issue,
		title: issue.title ?? `Clean up after ${occasion}`
	}];
}
// src/config/report-rules.ts
const MOST_CHARACTERS$1 = 1e4;
function checkReport(file, whole) {
	const { findings } = file;
	const report = mapping(whole.report);
	if (report !== whole.report) return;
	const isTold = report["issue"] === true || report["comment"] === true || whole.notify !== void 0;
	const isValid = [report["issue"], report["comment"]].every((flag) => flag === void 0 || typeof flag === "boolean");
	if (!isTold && isValid) findings.say(["report"], "the status updates reach nobody", {
		hint: "write issue: true, comment: true or both",
		isKey: true,
		needsWhole: true
	});
	const moments = Array.isArray(report["at"]) ? report["at"] : [];
	for (const [index, text] of moments.entries()) if (typeof text === "string") checkMoment(text, {
		path: [
			"report",
			"at",
			index
		],
		file
	});
	if (typeof report["template"] === "string") checkTemplate(report["template"], file);
}
function checkMoment(text, { path, file }) {
	const moment = momentOf(text);
	if (moment?.kind === "stage end") checkStageName(moment.stage, {
		path,
		file
	});
	if (moment !== void 0) return;
	const known = ["daily", ...file.stageNames.map((name) => `${name} end`)];
	file.findings.say(path, `${shown$1(text)} is no moment of a watch`, {
		hint: didYouMean(text.trim(), known) ?? `use ${choiceText(known)}`,
		needsWhole: true
	});
}
function checkTemplate(text, { checks, findings }) {
	const path = ["report", "template"];
	if (text.length > MOST_CHARACTERS$1) {
		findings.say(path, `the template has ${text.length} characters, at most ${MOST_CHARACTERS$1} are filled`);
		return;
	}
	const { lines, mistakes } = parseTemplate(text, Object.keys(checks));
	for (const { column, message, hint } of mistakes) findings.say(path, message, {
		hint,
		column,
		needsWhole: true
	});
	for (const piece of lines.flat()) {
		if (piece.kind !== "value") continue;
		const { check, subject, column } = piece;
		const known = subjectsAt(checks[check]);
		const [head = ""] = subject.split(".");
		if (known === void 0 || known.includes(head)) continue;
		findings.say(path, `check "${check}" has no subject "${head}"`, {
			hint: didYouMean(head, known) ?? (known.length === 0 ? void 0 : `its subjects: ${known.join(", ")}`),
			column
		});
	}
}
function subjectsAt(check) {
	const raw = mapping(check);
	const [kind, ...more] = SOURCES.filter((source) => Object.hasOwn(raw, source));
	if (kind === void 0 || more.length > 0) return void 0;
	const { open, types } = subjectsOf(kind, raw[kind]);
	const { require } = mapping(raw[kind]);
	const groups = kind === "logs" && Object.keys(mapping(require)).length > 0 ? ["groups"] : [];
	return open ? void 0 : [...Object.keys(types).filter((name) => !name.includes("*")), ...groups];
}
function checkAfter(after, file) {
	for (const [key, written] of Object.entries(mapping(after))) {
		checkOccasion(key, file);
		const steps = Array.isArray(written) ? written : [];
		for (const [index, step] of steps.entries()) checkStep(step, {
			path: [
				"after",
				key,
				index
			],
			file
		});
	}
}
function checkOccasion(key, file) {
	const { findings } = file;
	const path = ["after", key];
	const { stage, verdict } = occasionOf(key);
	if (!file.stageNames.includes(stage)) {
		const stages = file.stageNames;
		findings.say(path, `there is no stage "${stage.slice(0, 60)}"`, {
			hint: didYouMean(stage, stages) ?? `stages here: ${stages.join(", ")}`,
			isKey: true,
			needsWhole: true
		});
	}
	if (STAGE_VERDICTS.some((one) => one === verdict)) return;
	const message = verdict === "" ? `"${key.slice(0, 60)}" does not say how the stage ends` : `a stage does not end as ${shown$1(verdict)}`;
	findings.say(path, message, {
		hint: didYouMean(verdict, STAGE_VERDICTS) ?? `write ${choiceText(STAGE_VERDICTS.map((one) => `${stage} ${one}`))}`,
		isKey: true
	});
}
function checkStep(step, { path, file }) {
	const { findings } = file;
	const keys = Object.keys(mapping(step));
	if (mapping(step) === step && keys.length === 0) findings.say(path, `"${keyText(path)}" does nothing`, { hint: "write issue: {}" });
	if (keys.length > 1) findings.say(path, `"${keyText(path)}" is ${keys.length} steps: ${keys.join(", ")}`, { hint: "make each an item of the list" });
	const globs = mapping(mapping(step)["cleanup_pr"])["delete"];
	for (const [index, glob] of (Array.isArray(globs) ? globs : []).entries()) {
		if (typeof glob !== "string") continue;
		const place = [
			...path,
			"cleanup_pr",
			"delete",
			index
		];
		if (!isInRepository(glob)) findings.say(place, `"${glob.slice(0, 60)}" fits no file of the repository`, { hint: "write it from the repository's root, such as src/old.py" });
		else if (/^(?:\.?\/)*[*/]*$/.test(glob)) findings.say(place, `"${glob.slice(0, 60)}" would delete every file`, { hint: "name the files that are not needed any more" });
	}
}
// src/config/stage-rules.ts
function stageNamesOf(stages) {
	const names = Object.keys(mapping(stages));
	return names.length === 0 ? ["boot"] : names;
}
function stageTimesOf(stages) {
	const raw = {
		boot: {},
		...mapping(stages)
	};
	return stageNamesOf(stages).flatMap((name) => {
		const times = valid(fileSchema.shape.stages, { [name]: raw[name] })?.[name];
		return times === void 0 ? [] : [{
			name,
			forMs: times.for,
			everyMs: times.every
		}];
	});
}
function checkStageOrder(stages, { findings }) {
	for (const [index, { name, forMs }] of stages.entries()) {
		const before = stages[index - 1];
		if (before === void 0 || forMs > before.forMs) continue;
		const ends = `it ends ${durationText(forMs)} after live, and "${before.name}" before it ${durationText(before.forMs)} after live`;
		findings.say(["stages", name], `stage "${name}" has no time: ${ends}`, {
			hint: "for is counted from live; give each stage a longer one than the stage before",
			isKey: true
		});
	}
}
// src/config/file-rules.ts
const MOST_CHECKS = 200;
function checkFile(document, { findings, env }) {
	const raw = mapping(document.value);
	const checks = mapping(raw["checks"]);
	const databases = mapping(raw["databases"]);
	const remedies = mapping(raw["remedies"]);
	const file = {
		document,
		findings,
		checks,
		databases,
		remedies: [...new Set([...BUILT_IN, ...Object.keys(remedies)])],
		stageNames: stageNamesOf(raw["stages"]),
		stages: stageTimesOf(raw["stages"]),
		env
	};
	checkNames(raw, findings);
	if (raw["checks"] === checks && Object.keys(checks).length === 0) findings.say(["checks"], "no check is selected: nothing would be watched", {
		hint: "add one, such as health: { http: /health }",
		isKey: true,
		needsWhole: true
	});
	const names = Object.keys(checks);
	if (names.length > MOST_CHECKS) findings.say(["checks"], `${names.length} checks, at most ${MOST_CHECKS} fit in one gate`, { isKey: true });
	checkStageOrder(file.stages, file);
	checkRemedies(remedies, file);
	checkDatabases(databases, file);
	checkNotify(mapping(raw["notify"]), file);
	checkOnFail(mapping(raw["defaults"])["on_fail"], {
		path: ["defaults", "on_fail"],
		file
	});
	checkOnFail(mapping(raw["deploy"])["on_fail"], {
		path: ["deploy", "on_fail"],
		file
	});
	const taken = names.slice(0, MOST_CHECKS);
	for (const name of taken) checkCheck(name, file);
	checkCircles(Object.fromEntries(taken.map((name) => [name, checks[name]])), findings);
	checkReport(file, {
		report: raw["report"],
		notify: raw["notify"]
	});
	checkAfter(raw["after"], file);
}
function checkNames(raw, findings) {
	for (const place of [
		"stages",
		"databases",
		"remedies",
		"notify"
	]) for (const name of Object.keys(mapping(raw[place]))) {
		if (ident.test(name)) continue;
		findings.say([place, name], `"${name.slice(0, 60)}" cannot be a name here`, {
			hint: "use letters, digits, _ and -, a letter first",
			isKey: true
		});
	}
	for (const name of Object.keys(mapping(raw["checks"]))) {
		if (/^[^\p{C}\p{Z}](?:[^\p{C}]{0,58}[^\p{C}\p{Z}])?$/u.test(name)) continue;
		findings.say(["checks", name], `"${name.slice(0, 60)}" cannot be the name of a check`, {
			hint: "use one line of at most 60 characters",
			isKey: true
		});
	}
	const stages = Object.keys(mapping(raw["stages"]));
	if (raw["stages"] !== void 0 && typeof raw["stages"] === "object" && stages.length === 0) findings.say(["stages"], "no stage is named", {
		hint: "write boot: { for: 5m }, or leave stages out",
		isKey: true
	});
	if (Object.hasOwn(mapping(raw["remedies"]), "alert")) findings.say(["remedies", "alert"], "\"alert\" is what happens without a remedy", {
		hint: "choose another name",
		isKey: true
	});
}
function checkDatabases(databases, file) {
	for (const name of Object.keys(databases)) {
		const url = mapping(databases[name])["url"];
		const place = [
			"databases",
			name,
			"url"
		];
		if (typeof url !== "string" || url.trim() === "") continue;
		const { text, missing } = expand(url, file.env);
		for (const variable of missing) sayUnset(variable, place, file.findings);
		if (missing.length === 0 && !isDatabaseUrl(text)) {
			const [variable] = /\$[A-Za-z_]\w*/.exec(url) ?? [];
			file.findings.say(place, `"${place.join(".")}" is no address of a PostgreSQL database`, { hint: `${variable === void 0 ? "it" : `the value of ${variable}`} must look like postgres://user:password@host/name` });
		}
	}
}
// src/core/schedule.ts
function beatMs(check, stage) {
	return check.everyMs ?? stage.everyMs;
}
function checksOf(checks, stage) {
	return checks.filter((check) => check.stages === void 0 || check.stages.includes(stage.name));
}
function dueChecks(checks, due, now) {
	return checks.filter((check) => (due[check.name] ?? now) <= now);
}
function nextBeat(wasDue, everyMs, now) {
	return wasDue + (Math.max(0, Math.floor((now - wasDue) / everyMs)) + 1) * everyMs;
}
function missedBeats(input) {
	const { wasDue, everyMs, now, judgedFrom, isTaken } = input;
	const all = Math.floor((now - wasDue) / everyMs) + 1;
	const inGrace = Math.min(all, Math.max(0, Math.ceil((judgedFrom - wasDue) / everyMs)));
	return Math.max(0, all - inGrace - (isTaken ? 1 : 0));
}
// src/config/lint-checks.ts
function lintChecks(plan, { value, findings }) {
	for (const [index, check] of plan.checks.entries()) {
		lintStages(check, {
			stages: plan.stages,
			findings
		});
		lintAsked(check, {
			plan,
			findings
		});
		lintTwice(check, {
			before: plan.checks.slice(0, index),
			plan,
			findings
		});
	}
	lintUnused(plan, {
		value,
		findings
	});
	lintAllWarn(plan, findings);
}
const CONSTANT = ["env", "source"];
function lintStages(check, { stages, findings }) {
	const path = ["checks", check.name];
	const beat = {
		everyMs: check.everyMs,
		graceMs: check.graceMs
	};
	for (const stage of stages) {
		const [window] = windowsIn(stages, {
			...beat,
			stages: [stage.name]
		});
		if (window === void 0 || !checksOf([check], stage).includes(check)) continue;
		const samples = judgedSamples(window);
		const where = `in stage ${stage.name}`;
		const only = `only ${samples === 1 ? "1 sample is" : `${samples} samples are`} judged ${where}`;
		if (samples < 2 && !CONSTANT.includes(check.source.kind)) findings.say(path, samples === 0 ? `nothing is judged ${where}` : only, {
			hint: "sample more often with every, lengthen the stage, or leave it out with stage",
			isKey: true
		});
		else if (!isPossible(check.failAfter, window)) findings.say([...path, "fail_after"], `the check can never fail ${where}: fail_after is more than fits, and ${only}`, {
			hint: "lower fail_after, or sample more often with every",
			isKey: true
		});
		else if (check.passAfter > samples) findings.say([...path, "pass_after"], `the check can never pass ${where}: pass_after is ${check.passAfter}, and ${only}`, {
			hint: "lower pass_after, or sample more often with every",
			isKey: true
		});
	}
}
function lintAsked(check, { plan, findings }) {
	const asked = [...check.onlyIf === void 0 ? [] : [{
		name: String(check.onlyIf.subject.path[0]),
		key: "only_if"
	}], ...check.source.kind === "derive" ? Object.values(check.source.formulas).flatMap((formula) => checksIn(formula).map((name) => ({
		name,
		key: "derive"
	}))) : []];
	for (const { name, key } of asked) {
		const other = plan.checks.find((one) => one.name === name);
		if (other === void 0) continue;
		const alone = plan.stages.filter((stage) => checksOf([check], stage).length > 0 && checksOf([other], stage).length === 0);
		if (alone.length === 0) continue;
		const names = alone.map((stage) => stage.name).join(", ");
		findings.say([
			"checks",
			check.name,
			key
		], `${name} is not sampled in stage ${names}, where this check asks it`, { hint: `let both run in the same stages, with stage` });
	}
}
function checksIn(formula) {
	switch (formula.kind) {
		case "number": return [];
		case "subject": return [formula.check];
		case "operation": return [...checksIn(formula.left), ...checksIn(formula.right)];
	}
}
function lintTwice(check, { before, plan, findings }) {
	const twin = before.find((one) => {
		if (!plan.stages.some((stage) => checksOf([one, check], stage).length === 2) || !isSame(one.source, check.source)) return false;
		return isSame(linesOf(one), linesOf(check)) || isSame(settingsOf(one), settingsOf(check));
	});
	if (twin === void 0) return;
	const isEqual = isSame(linesOf(twin), linesOf(check));
	findings.say(["checks", check.name], `check "${check.name}" ${isEqual ? "judges" : "asks"} the same as check "${twin.name}"`, {
		hint: isEqual ? "remove one of them" : "one check may hold the conditions of both",
		isKey: true
	});
}
function linesOf({ pass, warn, fail, need, onlyIf }) {
	return {
		pass,
		warn,
		fail,
		need,
		onlyIf
	};
}
function settingsOf(check) {
	const { everyMs, graceMs, failAfter, passAfter, need, onlyIf, ifUnknown } = check;
	const { baseline, floor, diagnose, stages, onFail, hint } = check;
	return {
		everyMs,
		graceMs,
		failAfter,
		passAfter,
		need,
		onlyIf,
		ifUnknown,
		baseline,
		floor,
		diagnose,
		stages,
		onFail,
		hint
	};
}
function isSame(one, other) {
	return JSON.stringify(one) === JSON.stringify(other);
}
function lintUnused(plan, { value, findings }) {
	const remedies = new Set([plan.deploy.onFail, ...plan.checks.map((check) => check.onFail)]);
	const databases = new Set(plan.checks.flatMap(({ source, diagnose }) => [...source.kind === "sql" ? [source.database] : [], ...diagnose.map((one) => one.database)]));
	for (const [part, noun, used] of [[
		"remedies",
		"remedy",
		remedies
	], [
		"databases",
		"database",
		databases
	]]) for (const name of Object.keys(mapping(rawAt(value, [part])))) {
		if (used.has(name)) continue;
		findings.say([part, name], `nothing uses the ${noun} "${name}"`, {
			hint: noun === "remedy" ? `name it, such as on_fail: ${name}` : "remove it, or ask it with an sql check",
			isKey: true
		});
	}
}
function lintAllWarn({ checks }, findings) {
	const acting = checks.filter((check) => check.onFail !== "alert");
	const [first] = acting;
	if (first === void 0 || !acting.every((check) => check.ifUnknown === "warn")) return;
	findings.say([
		"checks",
		first.name,
		"if_unknown"
	], "every check with a remedy has if_unknown: warn, so a deploy of which they measured nothing ends well", {
		hint: "leave if_unknown out of one that can always be measured",
		isKey: true
	});
}
// src/core/condition-range.ts
const ALL_NUMBERS = [{
	from: -1e400,
	to: 1e400,
	withFrom: false,
	withTo: false
}];
function closed(from, to) {
	return [{
		from,
		to,
		withFrom: from !== -1e400,
		withTo: to !== 1e400
	}];
}
function intersection(one, other) {
	return one.flatMap((a) => other.map((b) => overlap(a, b))).filter(({ from, to, withFrom, withTo }) => from < to || from === to && withFrom && withTo);
}
function overlap(a, b) {
	const [from, to] = [Math.max(a.from, b.from), Math.min(a.to, b.to)];
	return {
		from,
		to,
		withFrom: (a.from < from || a.withFrom) && (b.from < from || b.withFrom),
		withTo: (a.to > to || a.withTo) && (b.to > to || b.withTo)
	};
}
function complement(set) {
	return set.reduce((rest, { from, to, withFrom, withTo }) => intersection(rest, [...from === -1e400 ? [] : [{
		from: -1e400,
		to: from,
		withFrom: false,
		withTo: !withFrom
	}], ...to === 1e400 ? [] : [{
		from: to,
		to: 1e400,
		withFrom: !withTo,
		withTo: false
	}]]), ALL_NUMBERS);
}
function union(sets) {
	return complement(sets.map(complement).reduce(intersection, ALL_NUMBERS));
}
function without(set, removed) {
	return intersection(set, complement(removed));
}
function admissionOf({ operator, operand }) {
	switch (operator) {
		case "<": return operand.kind === "number" ? among(operand, below(operand.value, false)) : void 0;
		case "<=": return operand.kind === "number" ? among(operand, below(operand.value, true)) : void 0;
		case ">": return operand.kind === "number" ? among(operand, complement(below(operand.value, true))) : void 0;
		case ">=": return operand.kind === "number" ? among(operand, complement(below(operand.value, false))) : void 0;
		case "==": return operand.kind === "number" ? among(operand, closed(operand.value, operand.value)) : void 0;
		case "!=": return operand.kind === "number" ? among(operand, complement(closed(operand.value, operand.value))) : void 0;
		case "between": return operand.kind === "range" ? among(operand.from.unit === "ratio" ? operand.from : operand.to, closed(operand.from.value, operand.to.value)) : void 0;
		case "in": return operand.kind === "list" ? inList(operand.items) : void 0;
		case "contains":
		case "matches": return;
	}
}
function below(value, withValue) {
	return [{
		from: -1e400,
		to: value,
		withFrom: false,
		withTo: withValue
	}];
}
function among({ unit }, numbers) {
	const comparable = unit === "ratio" ? closed(0, 1) : ALL_NUMBERS;
	return {
		holds: intersection(comparable, numbers),
		fails: without(comparable, numbers)
	};
}
function inList(items) {
	const numbers = items.filter((item) => item.kind === "number");
	if (numbers.length === 0 || numbers.length < items.length) return void 0;
	const each = numbers.map((number) => among(number, closed(number.value, number.value)));
	const holds = union(each.map((one) => one.holds));
	return {
		holds,
		fails: without(union(each.map((one) => one.fails)), holds)
	};
}
// src/config/lint-domain.ts
function domainOf(source, subject) {
	const domain = domainOfPath(source, subject.path);
	if (subject.kind === "path") return domain;
	switch (subject.name) {
		case "p50":
		case "p95":
		case "p99":
		case "avg":
		case "max":
		case "min": return domain;
		case "sum": return (domain[0]?.from ?? -1e400) >= 0 ? FROM_ZERO : ALL_NUMBERS;
		case "len": return FROM_ZERO;
		case "trend":
		case "has": return ALL_NUMBERS;
	}
}
const FROM_ZERO = closed(0, 1e400);
function domainOfPath(source, path) {
	if (path.length !== 1) return ALL_NUMBERS;
	const name = String(path[0]);
	switch (source.kind) {
		case "http":
			if (name === "status") return closed(100, 599);
			return name === "latency" ? FROM_ZERO : ALL_NUMBERS;
		case "logs":
			if (name === "found" || name === "missing") return closed(0, sizeOf(source.require));
			return [
				"matches",
				"new_matches",
				"value",
				"rate",
				"gap",
				"duration",
				"overlap",
				"unfinished"
			].includes(name) ? FROM_ZERO : ALL_NUMBERS;
		case "sql": return name === "rows" || name === "new_rows" ? FROM_ZERO : ALL_NUMBERS;
		case "metric": return name === "value" && source.asRatio ? closed(0, 1) : FROM_ZERO;
		case "events": return FROM_ZERO;
		case "env": return closed(0, Object.keys(source.expected).length);
		case "source":
			if (name === "found" || name === "missing") return closed(0, sizeOf(source.require));
			return FROM_ZERO;
		case "derive": return ALL_NUMBERS;
	}
}
function sizeOf(groups) {
	return groups.reduce((sum, group) => sum + group.patterns.length, 0);
}
// src/config/lint-conditions.ts
function lintConditions(check, { raw, findings }) {
	const lines = writtenLines(check, raw);
	const alone = new Set(lines.filter((line) => sayAlone(line, findings)));
	const rest = lines.filter((line) => !alone.has(line));
	for (const subject of new Set(rest.map(({ condition }) => subjectText(condition.subject)))) sayTogether(rest.filter(({ condition }) => subjectText(condition.subject) === subject), findings);
	lintFloor(check, {
		lines,
		findings
	});
}
function writtenLines(check, raw) {
	const tiers = {
		pass: check.pass,
		warn: check.warn,
		fail: check.fail,
		need: check.need === void 0 ? [] : [check.need]
	};
	return [
		"pass",
		"warn",
		"fail",
		"need"
	].flatMap((tier) => tiers[tier].map((condition, index) => {
		const path = [
			"checks",
			check.name,
			tier
		];
		const domain = domainOf(check.source, condition.subject);
		const admission = admissionOf(condition);
		return {
			tier,
			condition,
			place: Array.isArray(mapping(raw)[tier]) ? [...path, index] : path,
			domain,
			holds: admission === void 0 ? void 0 : intersection(domain, admission.holds)
		};
	}));
}
const NEVER = {
	pass: "so the check never passes",
	warn: "so it never warns",
	fail: "so it never fails",
	need: "so no sample counts"
};
const ALWAYS = {
	pass: "so it asks for nothing",
	warn: "so every sample warns",
	fail: "so every sample fails",
	need: "so every sample counts"
};
function sayAlone({ tier, condition, place, domain, holds }, findings) {
	if (holds === void 0) return false;
	const name = subjectText(condition.subject);
	if (holds.length === 0) {
		findings.say(place, `${condition.text} can never hold, ${NEVER[tier]}: ${whyNever(condition, {
			name,
			domain
		})}`);
		return true;
	}
	if (without(domain, holds).length > 0) return false;
	findings.say(place, `${condition.text} always holds, ${ALWAYS[tier]}: ${domainWords(name, domain)}`);
	return true;
}
function whyNever(condition, { name, domain }) {
	return admissionOf(condition)?.holds.length === 0 ? `${operandText(condition.operand)} compares with a ratio from 0 to 1` : domainWords(name, domain);
}
function domainWords(name, [domain]) {
	const { from = 0, to = 1e400 } = domain ?? {};
	return to === 1e400 ? `${name} is never below ${from}` : `${name} is from ${from} to ${to}`;
}
function sayTogether(lines, findings) {
	const of = (tier) => lines.filter((line) => line.tier === tier && line.holds !== void 0);
	const needed = all(of("need"));
	const passing = all(of("pass"));
	const failing = union(of("fail").map(({ holds = [] }) => holds));
	const [firstPass] = of("pass");
	const texts = (tier) => of(tier).map(({ condition }) => condition.text).join(" and ");
	sayTexts(lines, findings);
	if (firstPass !== void 0 && passing.length === 0) {
		findings.say(firstPass.place, `${texts("pass")} can never hold together, so the check never passes`, { hint: "write one line for what is wanted, with in or between" });
		return;
	}
	if (firstPass !== void 0 && without(passing, failing).length === 0) {
		findings.say(firstPass.place, `whatever has ${texts("pass")} also has ${texts("fail")}, which is tested first, so the check never passes`);
		return;
	}
	for (const warn of of("warn")) {
		if (without(warn.holds ?? [], failing).length > 0) continue;
		findings.say(warn.place, `${warn.condition.text} never warns: fail is tested first, and ${texts("fail")} holds too`);
	}
	for (const line of lines) {
		if (line.tier === "need" || line.holds === void 0 || intersection(line.holds, needed).length > 0) continue;
		findings.say(line.place, `${line.condition.text} is never judged: a sample counts only if ${texts("need")}`);
	}
}
function all(lines) {
	return lines.map(({ holds = [] }) => holds).reduce((one, other) => intersection(one, other), ALL_NUMBERS);
}
function sayTexts(lines, findings) {
	const [first, ...others] = lines.filter(({ tier, condition }) => {
		const { operator, operand } = condition;
		return tier === "pass" && operator === "==" && (operand.kind === "text" || operand.kind === "literal");
	});
	const other = others.find(({ condition }) => operandText(condition.operand) !== operandText(first?.condition.operand ?? condition.operand));
	if (first === void 0 || other === void 0) return;
	findings.say(other.place, `${first.condition.text} and ${other.condition.text} can never hold together, so the check never passes`, { hint: `write one line, such as ${subjectText(first.condition.subject)} in [${[first, other].map(({ condition }) => operandText(condition.operand)).join(", ")}]` });
}
function lintFloor(check, { lines, findings }) {
	if (check.floor !== void 0) return;
	const first = lines.find(({ condition: { operand } }) => operand.kind === "relative" && operand.by !== "points");
	if (first === void 0) return;
	findings.say(first.place, `${first.condition.text} has no floor: small numbers make large ratios`, { hint: "add floor, the number from which on the comparison counts, such as floor: 10" });
}
// src/core/log-match.ts
const ANSI = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b(?:\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]+[0-~]|[0-Z\\-_])/g;
function plainText(message) {
	return message.includes("\x1B") || message.includes("") ? message.replace(ANSI, "") : message;
}
function patternText(pattern) {
	return pattern.kind === "text" ? pattern.text : `/${pattern.source}/${pattern.flags}`;
}
function labelOf(pattern, group) {
	return group === "" ? patternText(pattern) : `${group}: ${patternText(pattern)}`;
}
function matcherOf(pattern, group) {
	const label = labelOf(pattern, group);
	if (pattern.kind === "text") return {
		label,
		search: (message) => ({
			found: message.includes(pattern.text),
			cut: false
		})
	};
	const regex = safeRegex(pattern.source, pattern.flags);
	if (typeof regex === "string") return {
		label,
		search: () => ({
			found: false,
			cut: true
		})
	};
	return {
		label,
		search: (message) => searchText(regex, message)
	};
}
function capturerOf(pattern) {
	const regex = pattern.kind === "text" ? "" : safeRegex(pattern.source, pattern.flags);
	if (pattern.kind === "text" || typeof regex === "string") return {
		names: [],
		read: () => void 0
	};
	const groups = new RegExp(`${pattern.source}|`, pattern.flags).exec("")?.groups ?? {};
	return {
		names: Object.keys(groups),
		read: (message) => captureText(regex, message)
	};
}
const LEVELS = new Set([
	"debug",
	"info",
	"notice",
	"warning",
	"error",
	"critical",
	"alert",
	"emergency"
]);
function levelOf(level) {
	const lower = level.toLowerCase();
	return LEVELS.has(lower) ? lower : "info";
}
// src/config/lint-regex.ts
const NOTHING = {
	least: 0,
	atStart: false,
	atEnd: false
};
const CHARACTER = {
	...NOTHING,
	least: 1
};
const LINE_BREAK = {
	...CHARACTER,
	dead: "it wants a line break, and a line holds none"
};
function deadReason(source) {
	const reading = {
		source,
		at: 0,
		deadParts: []
	};
	const { dead } = alternatives(reading);
	if (dead !== void 0) return {
		reason: dead,
		isWhole: true
	};
	const [part] = reading.deadParts;
	return part === void 0 ? void 0 : {
		reason: part,
		isWhole: false
	};
}
function alternatives(reading) {
	const all = [sequence(reading)];
	while (reading.source[reading.at] === "|") {
		reading.at++;
		all.push(sequence(reading));
	}
	const alive = all.filter((one) => one.dead === void 0);
	const [first] = all;
	if (alive.length === 0) return first ?? NOTHING;
	reading.deadParts.push(...all.flatMap(({ dead }) => dead === void 0 ? [] : [dead]));
	return {
		least: Math.min(...alive.map((one) => one.least)),
		atStart: alive.every((one) => one.atStart),
		atEnd: alive.every((one) => one.atEnd)
	};
}
function sequence(reading) {
	let all = NOTHING;
	while (reading.at < reading.source.length && !"|)".includes(reading.source[reading.at] ?? "")) {
		const next = repeated(reading);
		const dead = all.dead ?? next.dead ?? (all.atEnd && next.least > 0 ? "there is text after $" : next.atStart && all.least > 0 ? "there is text before ^" : void 0);
		all = {
			least: all.least + next.least,
			atStart: all.atStart || next.atStart,
			atEnd: all.atEnd || next.atEnd,
			...dead === void 0 ? {} : { dead }
		};
	}
	return all;
}
function repeated(reading) {
	const one = atom(reading);
	const [text, low] = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(reading.source.slice(reading.at)) ?? [];
	if (text === void 0) return one;
	reading.at += text.length;
	const from = low === void 0 ? text.startsWith("+") ? 1 : 0 : Number(low);
	return from === 0 ? NOTHING : {
		...one,
		least: one.least * from
	};
}
function atom(reading) {
	const rest = reading.source.slice(reading.at);
	if (rest.startsWith("(")) return group(reading, rest);
	const set = /^\[\^?(?:\\[^]|[^\]\\])*\]/.exec(rest)?.[0];
	if (set !== void 0) {
		reading.at += set.length;
		return /^\[(?:\\[nr]|[\n\r])+\]$/.test(set) ? LINE_BREAK : CHARACTER;
	}
	const [text = ""] = /^(?:\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|u\{[\da-fA-F]+\}|c[A-Za-z]|k<[^>]*>|[pP]\{[^}]*\}|\d+|[^])|[^])/u.exec(rest) ?? [];
	reading.at += Math.max(text.length, 1);
	if (text === "^") return {
		...NOTHING,
		atStart: true
	};
	if (text === "$") return {
		...NOTHING,
		atEnd: true
	};
	if (/^\\(?:[bB]|k<|[1-9])/.test(text)) return NOTHING;
	return /^(?:\\[nr]|\n|\r|\\x0[aAdD]|\\u000[aAdD])$/.test(text) ? LINE_BREAK : CHARACTER;
}
function group(reading, rest) {
	const [open = "("] = /^\((?:\?(?:<?[=!]|<[^>]*>|[a-z]*(?:-[a-z]*)?:))?/.exec(rest) ?? [];
	reading.at += open.length;
	const isLook = /[=!]$/.test(open);
	const inner = isLook ? {
		...reading,
		deadParts: []
	} : reading;
	const reach = alternatives(inner);
	reading.at = inner.at + 1;
	return isLook ? NOTHING : reach;
}
// src/config/lint-patterns.ts
function patternsOf({ name, source }, value) {
	if (source.kind !== "logs" && source.kind !== "source") return [];
	const path = [
		"checks",
		name,
		source.kind
	];
	const listed = ["require", "forbid"].flatMap((verb) => {
		const isList = Array.isArray(rawAt(value, [...path, verb]));
		return source[verb].flatMap((group) => group.patterns.map((pattern, index) => ({
			pattern,
			place: [
				...path,
				verb,
				...isList ? [] : [group.name],
				index
			],
			verb
		})));
	});
	return source.kind === "source" ? listed : [...listed, ...furtherOf(source, path)];
}
function furtherOf({ count, span, inside }, path) {
	return [
		...count === void 0 ? [] : [{
			pattern: count.pattern,
			place: [...path, "count"],
			verb: "count"
		}],
		...span === void 0 ? [] : [span.start, span.end].map((pattern, index) => ({
			pattern,
			place: [
				...path,
				"span",
				index
			],
			verb: "span"
		})),
		...inside.map((pattern, index) => ({
			pattern,
			place: [
				...path,
				"inside",
				index
			],
			verb: "inside"
		}))
	];
}
function lintPatterns(check, { value, findings }) {
	const seen = new Set();
	for (const { pattern, place, verb } of patternsOf(check, value)) {
		const text = `${verb} ${patternText(pattern)}`;
		if ((verb === "require" || verb === "forbid") && seen.has(text)) findings.say(place, `${shown(pattern)} stands twice under ${verb}`);
		seen.add(text);
		const isOfLines = check.source.kind === "logs";
		if (pattern.kind === "text") lintText(pattern.text, {
			place,
			isOfLines,
			findings
		});
		else if (isOfLines) lintExpression(pattern, {
			place,
			verb,
			findings
		});
	}
}
function shown(pattern) {
	const text = patternText(pattern).replaceAll(/\s+/g, " ");
	return pattern.kind === "text" ? `"${text}"` : text;
}
function lintText(text, { place, isOfLines, findings }) {
	if (isOfLines && /[\r\n]/.test(text)) {
		findings.say(place, `"${text.replaceAll(/\s+/g, " ")}" can match no line: it holds a line break`, { hint: "write it in quotes on one line, or one pattern for each line" });
		return;
	}
	if (/^\^\w|\.[*+]|\\[dws](?![a-z])|\[[^\]]*\][*+]/i.test(text)) findings.say(place, `"${text}" is looked for as it stands, though it looks like a regular expression`, { hint: `if it is one, write "/${text}/"` });
}
const ANY_LINES = [
	"~",
	"Q",
	"7",
	" ",
	"é"
];
function lintExpression(pattern, { place, verb, findings }) {
	const dead = deadReason(pattern.source);
	if (dead !== void 0) {
		const what = dead.isWhole ? "can match no line" : "has an alternative that can match no line";
		findings.say(place, `${shown(pattern)} ${what}: ${dead.reason}`, { hint: dead.reason.includes("$") ? "write \\$ for the character itself" : void 0 });
		return;
	}
	const { search } = matcherOf(pattern, "");
	if (!ANY_LINES.every((line) => search(line).found)) return;
	const effect = verb === "forbid" ? "every line is a match" : "any line will do";
	findings.say(place, `${shown(pattern)} matches every line of text, so ${effect}`, { hint: /\|\||\|$|^\||\|\)|\(\|/.test(pattern.source) ? "one of its alternatives is empty" : void 0 });
}
const MOST_PAIRS = 1e5;
function lintAgainst(checks, { value, findings }) {
	const placed = checks.flatMap((check) => patternsOf(check, value).map((one) => ({
		...one,
		check,
		source: check.source
	})));
	const wanted = placed.filter(({ verb, pattern }) => verb === "require" && pattern.kind === "text");
	const forbidden = placed.filter(({ verb }) => verb === "forbid");
	if (wanted.length * forbidden.length > MOST_PAIRS) return;
	for (const { pattern, check, source, place } of forbidden) {
		const { search } = matcherOf(pattern, "");
		const hit = wanted.find((one) => readsSame(one.source, source) && search(patternText(one.pattern)).found && search(`x ${patternText(one.pattern)} x`).found);
		if (hit === void 0) continue;
		const whose = hit.check.name === check.name ? "it" : `check "${hit.check.name}"`;
		findings.say(place, `${shown(pattern)} forbids what ${whose} requires: ${shown(hit.pattern)}`, { hint: `see ${keyText(hit.place)}` });
	}
}
function readsSame(one, other) {
	if (one.kind === "source" && other.kind === "source") return one.glob === other.glob;
	if (one.kind !== "logs" || other.kind !== "logs" || one.type !== other.type) return false;
	return other.levels.length === 0 || one.levels.length > 0 && one.levels.every((level) => other.levels.includes(level));
}
// src/config/lint-text.ts
const TEXTS = [
	"require",
	"forbid",
	"count",
	"span",
	"inside",
	"sql",
	"diagnose",
	"query",
	"body",
	"headers",
	"env",
	"hint",
	"title"
];
const LISTED = [
	"require",
	"forbid",
	"span",
	"inside"
];
function lintTexts(document, findings) {
	for (const path of textPaths(document.value, [])) {
		const plain = document.plainAt(path);
		if (plain === void 0) continue;
		const { text, comment, lines } = plain;
		if (comment !== void 0 && isPartOfText(text, comment)) {
			const what = isSecret(path) ? `what follows " #"` : shown$1(`#${comment}`);
			const left = isSecret(path) ? "" : ` and left ${shown$1(text)}`;
			findings.say(path, `YAML took ${what} for a comment${left}`, { hint: "quote the text if that belongs to it; a comment has a space after its #" });
		}
		if (lines > 1 && path.slice(2).some((step) => LISTED.includes(String(step)))) findings.say(path, `YAML made one pattern of ${lines} lines: ${shown$1(text)}`, { hint: "start each pattern with its own -, or write it on one line" });
	}
}
function isSecret(path) {
	return [
		"env",
		"headers",
		"body"
	].includes(String(path[2] === "http" ? path[3] : path[2]));
}
function textPaths(value, path) {
	if (typeof value === "string") return path.slice(2).some((step) => TEXTS.includes(String(step))) ? [path] : [];
	if (Array.isArray(value)) return value.flatMap((item, index) => textPaths(item, [...path, index]));
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) => textPaths(inner, [...path, key]));
}
const PAIRS = [
	["(", ")"],
	["[", "]"],
	["{", "}"]
];
function isPartOfText(text, comment) {
	if (/^[\w>({&-]/.test(comment) && !/^-{2}/.test(comment)) return true;
	const count = (part, of) => of.split(part).length - 1;
	return /^\/[^/]*$/.test(text) && comment.includes("/") || count("\"", text) % 2 === 1 && count("\"", comment) % 2 === 1 || PAIRS.some(([open, close]) => count(open, text) > count(close, text) && count(close, comment) > count(open, comment));
}
// src/config/lint.ts
function lintConfig(document, plan) {
	const findings = createFindings(document);
	const { value } = document;
	lintTexts(document, findings);
	for (const check of plan?.checks ?? []) {
		lintConditions(check, {
			raw: rawAt(value, ["checks", check.name]),
			findings
		});
		lintPatterns(check, {
			value,
			findings
		});
	}
	if (plan !== void 0) {
		lintAgainst(plan.checks, {
			value,
			findings
		});
		lintChecks(plan, {
			value,
			findings
		});
	}
	return [...new Map(findings.mistakes.map((one) => [`${one.at.line}:${one.at.column} ${one.message}`, one])).values()].sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
}
// src/core/communication.ts
const QUIET = {
	notify: [],
	report: {
		issue: false,
		comment: false,
		at: []
	},
	after: []
};
// src/config/source-plan.ts
const DEFAULT_WITHIN_MS = 12e4;
const DEFAULT_QUANTILE = .95;
function sourceOf(check, { databases, secret, lastEndMs }) {
	if (check.http !== void 0) return httpOf(check.http, secret);
	if (check.logs !== void 0) return logsOf(check.logs, lastEndMs);
	if (check.sql !== void 0) return {
		kind: "sql",
		...statementOf(check.sql, databases)
	};
	if (check.metric !== void 0) return metricOf(check.metric);
	if (check.env !== void 0) return {
		kind: "env",
		expected: check.env
	};
	if (check.source !== void 0) {
		const { glob, require = [], forbid = [] } = check.source;
		return {
			kind: "source",
			glob,
			require,
			forbid
		};
	}
	if (check.derive !== void 0) return {
		kind: "derive",
		formulas: check.derive
	};
	return {
		kind: "events",
		types: check.events ?? []
	};
}
function statementOf(written, databases) {
	const { query, database } = typeof written === "string" ? { query: written } : written;
	return {
		query,
		database: database ?? Object.keys(databases)[0] ?? ""
	};
}
function httpOf(written, secret) {
	const http = typeof written === "string" ? sources.http.parse({ url: written }) : written;
	if (typeof http !== "object") throw new Error("an http mapping stays a mapping");
	const headers = Object.entries(http.headers).map(([name, value]) => [name, secret(value)]);
	return {
		kind: "http",
		url: http.url,
		method: http.method,
		headers: Object.fromEntries(headers),
		...http.body === void 0 ? {} : { body: http.body },
		timeoutMs: http.timeout
	};
}
function logsOf(logs, lastEndMs) {
	const { type, level = [], require = [], within, forbid = [], count, per, span, inside = [] } = logs;
	const [start, end] = span ?? [];
	return {
		kind: "logs",
		type,
		levels: level,
		require,
		withinMs: within ?? Math.min(DEFAULT_WITHIN_MS, lastEndMs),
		forbid,
		...count === void 0 || per === void 0 ? {} : { count: {
			pattern: count,
			perMs: per
		} },
		...count === void 0 && per !== void 0 ? { rate: { perMs: per } } : {},
		...start === void 0 || end === void 0 ? {} : { span: {
			start,
			end
		} },
		inside
	};
}
function metricOf(written) {
	const metric = typeof written === "string" ? {
		name: written,
		of_limit: false
	} : written;
	const quantile = metric.quantile ?? (metric.name === "http_latency" ? DEFAULT_QUANTILE : void 0);
	return {
		kind: "metric",
		name: metric.name,
		...metric.of === void 0 ? {} : { of: metric.of },
		ofLimit: metric.of_limit,
		...metric.where === void 0 ? {} : { where: metric.where },
		asRatio: metric.as === "ratio",
		...quantile === void 0 ? {} : { quantile },
		...metric.agg === void 0 ? {} : { agg: metric.agg }
	};
}
// src/config/tiers.ts
function conditionOf(text) {
	const parsed = parseCondition(text);
	if (!parsed.ok) throw new Error(`built-in condition ${text}: ${parsed.message}`);
	return parsed.condition;
}
function tiersOf({ pass, warn, fail }, source) {
	if (source.kind === "http") return {
		pass: pass.length > 0 ? pass : [conditionOf("status between 200 and 299")],
		warn,
		fail
	};
	const written = [
		...pass,
		...warn,
		...fail
	];
	const unseen = countedBy(source).filter((names) => !written.some(({ subject }) => names.includes(String(subject.path[0]))));
	if (pass.length > 0 && fail.length === 0) return {
		pass: [...pass, ...unseen.map(([name]) => conditionOf(`${name} == 0`))],
		warn,
		fail
	};
	return {
		pass,
		warn,
		fail: [...fail, ...unseen.map(([name]) => conditionOf(name === "count" ? "count >= 1" : `${name} > 0`))]
	};
}
function countedBy(source) {
	switch (source.kind) {
		case "events": return [["count"]];
		case "env": return [["different", "equal"], ["absent", "equal"]];
		case "logs":
		case "source": return [...hasPatterns(source.forbid) ? [["matches", "new_matches"]] : [], ...hasPatterns(source.require) ? [["missing", "found"]] : []];
		default: return [];
	}
}
function hasPatterns(groups) {
	return groups.some((group) => group.patterns.length > 0);
}
// src/config/plan.ts
function planOf(file, { env, path, lineOf }) {
	const secrets = new Set();
	const secret = (text) => {
		const expansion = expand(text, env);
		for (const value of expansion.secrets) secrets.add(value);
		return expansion.text;
	};
	const stages = stagesOf(file);
	const databases = Object.entries(file.databases).map(([name, { url, timeout }]) => {
		const address = secret(url);
		for (const part of [address, passwordOf(address)]) if (part !== void 0) secrets.add(part);
		return [name, {
			url: address,
			timeoutMs: timeout
		}];
	});
	const notify = Object.entries(file.notify).map(([name, role]) => roleOf(name, role, secret));
	for (const address of notify.flatMap(({ slack, webhook }) => [slack, webhook])) for (const part of address === void 0 ? [] : [address, ...keysOf(address)]) secrets.add(part);
	const checks = Object.entries(file.checks).map(([name, check]) => ({
		...checkOf(name, check, {
			file,
			stages,
			secret
		}),
		line: lineOf(name)
	}));
	const remedies = Object.entries(file.remedies).map(([name, steps]) => [name, remedyOf(name, steps)]);
	return {
		...file.service === void 0 ? {} : { service: file.service },
		mode: file.mode,
		deploy: {
			trigger: file.deploy.trigger,
			appearWithinMs: file.deploy.appear_within,
			liveWithinMs: file.deploy.live_within,
			retry: file.deploy.retry,
			onFail: file.deploy.on_fail ?? file.defaults.on_fail
		},
		stages,
		databases: Object.fromEntries(databases),
		checks,
		remedies: {
			...builtInRemedies(stages),
			...Object.fromEntries(remedies)
		},
		guards: guardsOf(file),
		...QUIET,
		notify,
		...file.report === void 0 ? {} : { report: reportOf(file.report, stages) },
		after: afterOf(file.after),
		file: path,
		secrets: [...secrets]
	};
}
function roleOf(name, { slack, webhook, mention, when }, secret) {
	return {
		name,
		...slack === void 0 ? {} : { slack: secret(slack) },
		...webhook === void 0 ? {} : { webhook: secret(webhook) },
		...mention === void 0 ? {} : { mention },
		when: [...new Set(when)]
	};
}
function stagesOf(file) {
	return Object.entries(file.stages).map(([name, stage]) => ({
		name,
		forMs: stage.for,
		everyMs: stage.every,
		acrossDeploys: stage.across_deploys
	}));
}
function guardsOf({ guards }) {
	return {
		actWithinMs: guards.act_within,
		maxActions: guards.max_actions,
		holdLabel: guards.hold_label,
		migrations: guards.migrations
	};
}
function checkOf(name, check, { file, stages, secret }) {
	const { databases } = file;
	const beat = {
		stages: check.stage,
		everyMs: check.every,
		graceMs: check.grace
	};
	const source = sourceOf(check, {
		databases,
		secret,
		lastEndMs: lastEnd(stages, beat)
	});
	const { pass = [], warn = [], fail = [] } = check;
	const usual = (accumulates(source) ? void 0 : file.defaults.fail_after) ?? defaultFailAfter(source.kind);
	return {
		name,
		source,
		...tiersOf({
			pass,
			warn,
			fail
		}, source),
		...check.every === void 0 ? {} : { everyMs: check.every },
		graceMs: check.grace,
		failAfter: check.fail_after ?? shrunk(usual, windowsIn(stages, beat)),
		passAfter: check.pass_after,
		...check.need === void 0 ? {} : { need: check.need },
		...check.only_if === void 0 ? {} : { onlyIf: check.only_if },
		ifUnknown: check.if_unknown,
		...check.baseline === void 0 ? {} : { baseline: check.baseline },
		...check.floor === void 0 ? {} : { floor: check.floor.value },
		diagnose: (check.diagnose ?? []).map((written) => statementOf(written, databases)),
		...check.stage === void 0 ? {} : { stages: check.stage },
		onFail: check.on_fail ?? file.defaults.on_fail,
		...check.hint === void 0 ? {} : { hint: check.hint }
	};
}
// src/config/file.ts
const MOST_CHARACTERS = 262144;
const MOST_MISTAKES = 100;
const LONGEST_SENTENCE = 2e3;
function readConfig({ text, file, env }) {
	if (text.length > MOST_CHARACTERS) return {
		ok: false,
		mistakes: [{
			message: `the config file has ${text.length} characters, at most ${MOST_CHARACTERS} are read`,
			at: {
				file,
				line: 1,
				column: 1
			}
		}],
		warnings: []
	};
	const document = parseConfigDocument({
		text: text.replace(/^\uFEFF/, ""),
		file
	});
	const findings = createFindings(document);
	const result = fileSchema.safeParse(document.value);
	if (!result.success) explainIssues(result.error.issues, {
		document,
		findings
	});
	checkFile(document, {
		findings,
		env
	});
	const places = new Set(document.mistakes.map(placeText));
	const further = findings.mistakes.filter((mistake) => document.isReliable(mistake) && !places.has(placeText(mistake)));
	const mistakes = [...document.mistakes, ...further];
	if (result.success && mistakes.length === 0) {
		const lineOf = (check) => document.placeOfKey(["checks", check]).line;
		const plan = planOf(result.data, {
			env,
			path: file,
			lineOf
		});
		return {
			ok: true,
			plan,
			warnings: limited(lintConfig(document, plan), "warnings")
		};
	}
	return {
		ok: false,
		mistakes: limited([...mistakes].sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column), "mistakes"),
		warnings: limited(lintConfig(document), "warnings")
	};
}
function limited(all, what) {
	const left = all.length - MOST_MISTAKES;
	const kept = all.slice(0, MOST_MISTAKES).map(inOneLine);
	return left > 0 ? [...kept, { message: `and ${left} more ${what}` }] : kept;
}
function inOneLine({ message, hint, at }) {
	return {
		message: lineOf(message),
		...hint === void 0 ? {} : { hint: lineOf(hint) },
		...at === void 0 ? {} : { at }
	};
}
function lineOf(text) {
	return cutText(text.toWellFormed(), LONGEST_SENTENCE).replaceAll(/[\n\v\f\r\u0085\u2028\u2029]+/g, " ");
}
function placeText({ at }) {
	return `${at.line}:${at.column}`;
}
// src/config/default-plan.ts
const EMPTY = fileSchema.parse({
	version: 1,
	checks: {}
});
function defaultPlan({ service } = {}) {
	return {
		...service === void 0 ? {} : { service },
		mode: EMPTY.mode,
		deploy: {
			trigger: EMPTY.deploy.trigger,
			appearWithinMs: EMPTY.deploy.appear_within,
			liveWithinMs: EMPTY.deploy.live_within,
			retry: EMPTY.deploy.retry,
			onFail: EMPTY.defaults.on_fail
		},
		stages: stagesOf(EMPTY),
		databases: {},
		checks: [crashCheck()],
		remedies: builtInRemedies(stagesOf(EMPTY)),
		guards: guardsOf(EMPTY),
		...QUIET,
		secrets: []
	};
}
function healthCheck(path, name = "health") {
	return builtIn(name, {
		http: path,
		pass: "status between 200 and 399"
	});
}
function crashCheck() {
	return builtIn("crashes", { events: ["server_failed", "server_restarted"] });
}
function builtIn(name, written) {
	return checkOf(name, checkSchema.parse(written), {
		file: EMPTY,
		stages: stagesOf(EMPTY),
		secret: (text) => text
	});
}
export { parseTemplate as _, capturerOf as a, matcherOf as c, beatMs as d, checksOf as f, BUILT_IN_TEMPLATE as g, nextBeat as h, readConfig as i, patternText as l, missedBeats as m, defaultPlan as n, labelOf as o, dueChecks as p, healthCheck as r, levelOf as s, crashCheck as t, plainText as u, formulaSubjects as v };
