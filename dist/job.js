import { C as union, O as getInput, S as string, T as NEVER, a as ZodObject, b as record, c as ZodPrefault, d as _enum, g as literal, h as int, i as ZodDefault, l as ZodRecord, m as boolean, o as ZodOptional, p as array, r as ZodArray, s as ZodPipe, t as require_dist, u as ZodUnion, x as strictObject } from "./vendor.js";
import { A as createRunner, B as parseDuration, C as oneLine, D as withoutStop, E as withStop, F as readInline, I as readInputs, L as didYouMean, M as ServiceProblem, O as createEdges, P as effectivePlan, R as DURATION_PATTERN, S as excerpt, T as startOf, V as unitMs, _ as amountText, a as problemDescription, b as cut$1, c as pageText, d as codeSpan, f as fencedBlock, g as tableText, h as link, i as problemCheckRun, j as ConfigProblem, k as createRedactor, l as addressLink, m as inlineText, n as mistakeLine, o as labelText, p as folded, r as mistakeText, s as logText, t as failureLine, u as codeCell, v as cleanText, w as shortSha, x as cutBytes, y as countText, z as durationText$1 } from "./shared.js";
import { readFile } from "node:fs/promises";
// src/core/condition-scan.ts
var Refusal = class extends Error {
	name = "Refusal";
	column;
	hint;
	constructor(message, place) {
		super(message);
		this.column = place.column;
		this.hint = place.hint;
	}
};
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
function refuse$1(scan, message, more = {}) {
	throw new Refusal(message, {
		column: (more.at ?? scan.at) + 1,
		hint: more.hint
	});
}
// src/core/regex-shape.ts
const MOST_COPIES = 16;
const FREE = {
	degree: 0,
	choices: 1,
	variable: false
};
function regexShape(source) {
	const reading = {
		source,
		at: 0,
		linear: true,
		nested: false,
		anchored: true,
		out: ""
	};
	const cost = alternatives(reading, {
		copies: 1,
		top: true
	});
	const { linear, nested, anchored, out } = reading;
	return {
		...cost,
		linear,
		nested,
		anchored,
		bothCases: out
	};
}
function alternatives(reading, place) {
	let all = sequence(reading, place);
	while (reading.source[reading.at] === "|") {
		copy(reading, 1);
		const next = sequence(reading, place);
		all = {
			degree: Math.max(all.degree, next.degree),
			choices: all.choices + next.choices,
			variable: true
		};
	}
	return all;
}
function sequence(reading, place) {
	if (place.top && reading.source[reading.at] !== "^") reading.anchored = false;
	let all = FREE;
	while (reading.at < reading.source.length && !"|)".includes(reading.source[reading.at] ?? "")) {
		const next = repeated(reading, place);
		all = {
			degree: all.degree + next.degree,
			choices: Math.min(all.choices * next.choices, 1e9),
			variable: all.variable || next.variable
		};
	}
	return all;
}
function repeated(reading, place) {
	const { at, out } = reading;
	let cost = atom(reading, place);
	const counts = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(reading.source.slice(reading.at, reading.at + 40));
	if (counts === null) return cost;
	const [text, low, comma, high] = counts;
	const sign = text[0];
	const from = sign === "{" ? Number(low) : sign === "+" ? 1 : 0;
	const to = sign === "{" ? comma === "" ? from : high === "" ? 1e400 : Number(high) : sign === "?" ? 1 : 1e400;
	const copies = place.copies * Math.max(1, to === 1e400 ? from : to);
	if (copies > MOST_COPIES) reading.linear = false;
	else if (copies > place.copies) {
		Object.assign(reading, {
			at,
			out
		});
		cost = atom(reading, {
			...place,
			copies
		});
	}
	copy(reading, text.length);
	if (to > 1 && cost.variable) reading.nested = true;
	if (to === from) return cost;
	return to === 1 ? {
		...cost,
		choices: cost.choices + 1,
		variable: true
	} : {
		degree: cost.degree + 1,
		choices: cost.choices,
		variable: true
	};
}
function atom(reading, place) {
	const char = reading.source[reading.at] ?? "";
	if (char === "(") return group(reading, place);
	if (char === "[") {
		characterClass(reading);
		return FREE;
	}
	if (char === "\\") {
		if (/^\\(?:k<|[1-9])/.test(reading.source.slice(reading.at, reading.at + 3))) reading.linear = false;
		const name = /^\\k<[^>]*>/.exec(reading.source.slice(reading.at))?.[0];
		if (name === void 0) reading.out += letter(takeCharacter(reading), false);
		else copy(reading, name.length);
		return FREE;
	}
	reading.out += letter(takeCharacter(reading), false);
	return FREE;
}
function group(reading, { copies }) {
	const open = /^\((?:\?(?:<(?![=!])[^>]*>|<?[=!]|[a-z]*(?:-[a-z]*)?:))?/.exec(reading.source.slice(reading.at))?.[0] ?? "(";
	if (/[=!]$|^\(\?(?:[a-z]|-)/.test(open)) reading.linear = false;
	copy(reading, open.length);
	const cost = alternatives(reading, {
		copies,
		top: false
	});
	copy(reading, 1);
	return cost;
}
function characterClass(reading) {
	copy(reading, reading.source[reading.at + 1] === "^" ? 2 : 1);
	while (reading.at < reading.source.length && reading.source[reading.at] !== "]") {
		const from = takeCharacter(reading);
		if (!(reading.source[reading.at] === "-" && !"]".includes(reading.source[reading.at + 1] ?? "]"))) {
			reading.out += letter(from, true);
			continue;
		}
		reading.at++;
		const to = takeCharacter(reading);
		reading.out += `${from}-${to}${otherCaseRange(from, to)}`;
	}
	copy(reading, 1);
}
function takeCharacter(reading) {
	const rest = reading.source.slice(reading.at, reading.at + 12);
	const text = /^(?:\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|c[A-Za-z]|[^])|[^])/.exec(rest)?.[0] ?? rest.slice(0, 1);
	reading.at += Math.max(text.length, 1);
	return text;
}
function copy(reading, length) {
	reading.out += reading.source.slice(reading.at, reading.at + length);
	reading.at += length;
}
function characterOf(text) {
	if (text.length === 1) return text;
	return /^\\[xu]/.test(text) && text.length > 2 ? String.fromCharCode(Number.parseInt(text.slice(2), 16)) : void 0;
}
function otherCase(character) {
	const upper = character.toUpperCase();
	const other = upper === character ? character.toLowerCase() : upper;
	return other.length === 1 ? other : character;
}
function letter(text, insideClass) {
	const character = characterOf(text);
	const other = character === void 0 ? void 0 : otherCase(character);
	if (other === void 0 || other === character) return text;
	return insideClass ? text + other : `[${text}${other}]`;
}
function otherCaseRange(from, to) {
	const [low, high] = [characterOf(from)?.charCodeAt(0), characterOf(to)?.charCodeAt(0)];
	if (low === void 0 || high === void 0) return "";
	const part = (first, last, shift) => {
		const start = Math.max(low, first.charCodeAt(0));
		const end = Math.min(high, last.charCodeAt(0));
		return start > end ? "" : `${String.fromCharCode(start + shift)}-${String.fromCharCode(end + shift)}`;
	};
	return part("a", "z", -32) + part("A", "Z", 32);
}
// src/core/regex.ts
const MOST_CHARACTERS$3 = 16384;
const MOST_CHARACTERS_BACKTRACKING = 2048;
const MOST_DEGREE = 2;
const MOST_CHOICES = 32;
const limits = new WeakMap();
function safeRegex(source, flags) {
	const stray = /[^imsu]/.exec(flags)?.[0];
	if (stray !== void 0) return `the flag "${stray}" is not one of i, m, s, u`;
	if (source === "") return "the expression is empty";
	if (source.length > 1e3) return `the expression has ${source.length} characters, at most 1000 are taken`;
	const compiled = compile(source, flags);
	if (typeof compiled === "string") return compiled;
	const shape = regexShape(source);
	if (shape.linear && !flags.includes("u")) {
		const plain = flags.includes("i") ? compile(shape.bothCases, flags.replace("i", "")) : compiled;
		if (typeof plain !== "string") {
			limits.set(plain, MOST_CHARACTERS$3);
			return plain;
		}
	}
	const degree = shape.degree + (shape.anchored && !flags.includes("m") ? 0 : 1);
	if (shape.nested || degree > MOST_DEGREE || shape.choices > MOST_CHOICES) return "the expression can take for ever on some texts; write it without lookaround, back references, the u flag and counts above 16, or with fewer repeats";
	limits.set(compiled, MOST_CHARACTERS_BACKTRACKING);
	return compiled;
}
function searchText(regex, text) {
	const limit = limits.get(regex) ?? MOST_CHARACTERS_BACKTRACKING;
	return {
		found: regex.test(text.slice(0, limit)),
		cut: text.length > limit
	};
}
function compile(source, flags) {
	try {
		return new RegExp(source, flags);
	} catch (error) {
		return `the expression does not parse: ${(error instanceof Error ? error.message.split(": ").at(-1) : void 0)?.toLowerCase() ?? "unknown reason"}`;
	}
}
// src/core/condition-operand.ts
const DURATIONS = [
	"ms",
	"s",
	"m",
	"h",
	"d"
];
const SIZES$1 = {
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
	...Object.keys(SIZES$1),
	"%"
];
function parseOperand(scan) {
	const first = scan.text[scan.at] ?? "";
	if (first === "\"") return {
		kind: "text",
		value: parseText(scan)
	};
	if (first === "/") return parsePattern(scan);
	if (first === "[") return parseList(scan);
	if (/[-+\d.]/.test(first)) return parseAmount(scan);
	if (first === "'") return refuse$1(scan, "text stands in double quotes here, not in single ones");
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
	return refuse$1(scan, `a number, "text", /pattern/, [list], true, false, null or deploy.sha is expected, not ${restText(scan)}`, { hint });
}
function parseRange(scan) {
	const start = scan.at;
	const from = parseEnd(scan);
	skipSpace(scan);
	if (take(scan, /and(?![\w.-])/y) === "") refuse$1(scan, `"between" takes two numbers with "and", such as between 200 and 299; "and" is expected, not ${restText(scan)}`);
	skipSpace(scan);
	const to = parseEnd(scan);
	if (from.unit !== to.unit && from.value !== 0 && to.value !== 0) refuse$1(scan, "the two ends of \"between\" have different units", {
		at: start,
		hint: "give both ends the same unit"
	});
	if (from.value > to.value) refuse$1(scan, "the first end of \"between\" is larger than the second", { at: start });
	return {
		kind: "range",
		from,
		to
	};
}
function parseEnd(scan) {
	const start = scan.at;
	if (!/[-+\d.]/.test(scan.text[scan.at] ?? "")) refuse$1(scan, `a number is expected, not ${restText(scan)}`);
	const end = parseAmount(scan);
	return end.kind === "number" ? end : refuse$1(scan, "\"between\" takes plain numbers, not relative ones", { at: start });
}
function parseText(scan) {
	const start = scan.at;
	const written = take(scan, /"(?:[^"\\]|\\[^])*"/y);
	if (written === "") return refuse$1(scan, "the text has no closing double quote", { hint: "quote the whole condition if it holds \" #\" or \": \"" });
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
		return Object.entries(plain).find(([key]) => key === code)?.[1] ?? refuse$1(scan, `${escape} is no escape of a text`, {
			at: start + 1 + index,
			hint: "use \\\" \\\\ \\n \\t or \\u0000"
		});
	});
}
function parsePattern(scan) {
	const start = scan.at;
	const body = take(scan, /\/(?:[^/\\[]|\\[^]|\[(?:[^\]\\]|\\[^])*\])*\//y);
	if (body === "") return refuse$1(scan, "the pattern has no closing /", { hint: "write / inside a pattern as \\/" });
	const flags = take(scan, /[A-Za-z]*/y);
	const source = body.slice(1, -1);
	const regex = safeRegex(source, flags);
	return typeof regex === "string" ? refuse$1(scan, `${body}${flags}: ${regex}`, { at: start }) : {
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
		const item = parseOperand(scan);
		if (item.kind !== "number" && item.kind !== "text" && item.kind !== "literal") refuse$1(scan, "a list holds numbers, \"text\", true, false and null only", { at });
		items.push(item);
		skipSpace(scan);
		if (takeText(scan, "]")) return {
			kind: "list",
			items
		};
		if (!takeText(scan, ",")) refuse$1(scan, `"," or "]" is expected in the list, not ${restText(scan)}`, { hint: scan.at >= scan.text.length ? `the list that starts in column ${start + 1} is not closed` : void 0 });
	}
}
function parseAmount(scan) {
	const start = scan.at;
	const written = take(scan, /[-+]?\d{1,15}(?:\.\d{1,9})?/y);
	if (written === "") return refuse$1(scan, `a number is expected, not ${restText(scan)}`, { hint: "write 0.5, not .5" });
	const sign = written.startsWith("+") || written.startsWith("-") ? written.charAt(0) : "";
	const value = Number(written);
	const unitAt = scan.at;
	const unit = take(scan, /[\w.%]+/y);
	if (unit === "" && /^\s+(?:%|pp|x|[kMG]?i?B|ms|[smhd])(?![\w.-])/.test(scan.text.slice(scan.at, scan.at + 20))) return refuse$1(scan, "a unit follows its number without a space", { at: unitAt });
	if (unit === "pp" || unit === "x") {
		if (unit === "pp" === (sign === "")) return refuse$1(scan, unit === "pp" ? `${written}pp needs a sign` : `${written}x takes no sign`, {
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
	if (sign === "+") return refuse$1(scan, `${written}${unit} has a plus sign, which only relative numbers such as +50% and +2pp have`, { at: start });
	return inUnit(scan, {
		value,
		unit,
		at: unitAt,
		start
	});
}
function inUnit(scan, { value, unit, at, start }) {
	const operand = numberIn(value, unit);
	if (operand === void 0) return refuse$1(scan, `"${unit}" is no unit`, {
		at,
		hint: didYouMean(unit, UNITS) ?? `units are ${UNITS.join(" ")}`
	});
	if (Math.abs(operand.value) > Number.MAX_SAFE_INTEGER) return refuse$1(scan, "the number is too large to compare exactly", { at: start });
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
	const size = Object.entries(SIZES$1).find(([known]) => known === unit)?.[1];
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
// src/core/condition-text.ts
function pathText(path) {
	return path.map((step, index) => typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`).join("");
}
function subjectText$1(subject) {
	if (subject.kind === "path") return pathText(subject.path);
	const window = subject.windowMs === void 0 ? "" : `, ${durationText$1(subject.windowMs)}`;
	return `${subject.name}(${pathText(subject.path)}${window})`;
}
function operandText(operand) {
	switch (operand.kind) {
		case "number": return numberText$1(operand);
		case "text": return JSON.stringify(operand.value);
		case "pattern": return `/${operand.source}/${operand.flags}`;
		case "literal": return String(operand.value);
		case "list": return `[${operand.items.map(operandText).join(", ")}]`;
		case "range": return `${numberText$1(operand.from)} and ${numberText$1(operand.to)}`;
		case "relative":
			if (operand.by === "factor") return `${plainNumber(operand.value)}x`;
			return `${operand.value < 0 || Object.is(operand.value, -0) ? "" : "+"}${hundredths(operand.value)}${operand.by === "change" ? "%" : "pp"}`;
		case "deploy.sha": return "deploy.sha";
	}
}
function numberText$1(operand) {
	if (operand.unit === "ratio") return `${hundredths(operand.value)}%`;
	if (operand.unit === "duration" && Number.isInteger(operand.value)) return durationText$1(operand.value);
	const unit = operand.unit === "duration" ? "ms" : operand.unit === "size" ? "B" : "";
	return `${plainNumber(operand.value)}${unit}`;
}
function hundredths(value) {
	return plainNumber(Number((value * 100).toPrecision(15)));
}
function plainNumber(value) {
	const text = Object.is(value, -0) ? "-0" : String(value);
	return text.includes("e") ? value.toFixed(9).replace(/\.?0+$/, "") : text;
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
const MOST_CHARACTERS$2 = 2e3;
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
	if (text.length > MOST_CHARACTERS$2) refuse$1(scan, `a condition has at most ${MOST_CHARACTERS$2} characters, this one has ${text.length}`);
	skipSpace(scan);
	const subjectAt = scan.at;
	const subject = parseSubject(scan);
	skipSpace(scan);
	const operatorAt = scan.at;
	const operator = parseOperator(scan, subject);
	skipSpace(scan);
	const operandAt = scan.at;
	const operand = operator === "between" ? parseRange(scan) : parseOperand(scan);
	const misfit = misfitOf$1(operator, operand);
	if (misfit !== void 0) refuse$1(scan, misfit.message, {
		at: operandAt,
		hint: misfit.hint
	});
	skipSpace(scan);
	if (!isAtEnd(scan)) {
		const isJoined = /^(?:and\b|or\b|&&|\|\||,)/.test(text.slice(scan.at));
		refuse$1(scan, `the condition ends before ${restText(scan)}`, { hint: isJoined ? "write one condition per list item: all of pass must hold, any of warn or fail" : void 0 });
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
	if (name === void 0) return refuse$1(scan, `"${written}" is no function`, {
		at: start,
		hint: didYouMean(written, FUNCTIONS) ?? `functions are ${FUNCTIONS.join(" ")}`
	});
	skipSpace(scan);
	const argument = parsePath(scan);
	skipSpace(scan);
	const windowMs = takeText(scan, ",") ? parseWindow(scan, name) : void 0;
	skipSpace(scan);
	if (!takeText(scan, ")")) refuse$1(scan, `")" is expected, not ${restText(scan)}`);
	if (name === "trend" && windowMs === void 0) refuse$1(scan, "trend needs a window", {
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
	if (name === "len" || name === "has") return refuse$1(scan, `${name} looks at one sample and takes no window`);
	const text = take(scan, /[\w.]+/y);
	const windowMs = parseDuration(text);
	if (windowMs === void 0 || windowMs === 0) {
		scan.at = start;
		return refuse$1(scan, `the window is a duration such as 5m, not ${restText(scan)}`);
	}
	return windowMs;
}
function parsePath(scan) {
	const steps = [parseName(scan)];
	for (;;) if (takeText(scan, ".")) steps.push(parseName(scan));
	else if (takeText(scan, "[")) {
		const index = take(scan, /\d{1,9}/y);
		if (index === "" || !takeText(scan, "]")) refuse$1(scan, `a whole number and "]" are expected after "[", not ${restText(scan)}`);
		steps.push(Number(index));
	} else return steps;
}
function parseName(scan) {
	const name = take(scan, /[A-Za-z_][\w-]*/y);
	if (name !== "") return name;
	return refuse$1(scan, isAtEnd(scan) && scan.at === 0 ? "the condition is empty" : `a name such as status is expected, not ${restText(scan)}`, { hint: scan.at === 0 && !isAtEnd(scan) ? "the subject comes first: status == 200" : void 0 });
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
	return refuse$1(scan, `after the subject comes one of ${OPERATORS.join(" ")}, not ${restText(scan)}`, { hint: instead === void 0 ? call ?? didYouMean(word, OPERATORS) : `write ${instead}` });
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
function passwordOf(address) {
	const { password } = URL.canParse(address) ? new URL(address) : { password: "" };
	try {
		return password === "" ? void 0 : decodeURIComponent(password);
	} catch {
		return password;
	}
}
// src/config/fields.ts
const YEAR_MS = 316224e5;
const USE_DURATION = "use a number with a unit, such as 30s";
const USE_FAIL_AFTER = "use a number of samples such as 3, \"5 of 10\", or a duration such as 5m";
const duration = string({ error: USE_DURATION }).regex(DURATION_PATTERN, { error: USE_DURATION }).transform((text) => parseDuration(text) ?? 0).refine((ms) => ms <= YEAR_MS, { error: "use at most 366d" });
const positiveDuration = duration.refine((ms) => ms >= 100, { error: "use at least 100ms" });
function text(use) {
	return string({ error: use }).trim().min(1, { error: use });
}
function choice(options) {
	return _enum(options, { error: `use ${options.length === 1 ? "" : `${options.slice(0, -1).join(", ")} or `}${options.at(-1)}` });
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
	return NEVER;
});
const USE_CONDITIONS = "use a condition such as status == 200, or a list of conditions";
const conditions = union([condition, array(condition, { error: USE_CONDITIONS }).min(1, { error: USE_CONDITIONS })], { error: USE_CONDITIONS }).transform((value) => Array.isArray(value) ? value : [value]);
const failAfter = union([wholeNumber.min(1, { error: "use 1 or more" }).transform((count) => ({
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
	return NEVER;
})], { error: USE_FAIL_AFTER });
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
	return NEVER;
});
const USE_PATTERNS = "use a list such as [Traceback, /FATAL .*/], or named lists";
const list = array(pattern, { error: USE_PATTERNS }).min(1, { error: "name at least one pattern" });
const patterns = union([list, record(string(), list, { error: USE_PATTERNS })], { error: USE_PATTERNS }).transform((value) => Array.isArray(value) ? [{
	name: "",
	patterns: value
}] : Object.entries(value).map(([name, patterns]) => ({
	name,
	patterns
})));
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
	"events"
];
const LATER_SOURCES = [
	"metric",
	"env",
	"source",
	"derive"
];
const LATER_KEYS = [
	["", [
		"notify",
		"report",
		"after"
	]],
	["checks.*", [
		...LATER_SOURCES,
		"baseline",
		"floor",
		"diagnose"
	]],
	["checks.*.logs", [
		"count",
		"per",
		"span",
		"inside"
	]],
	["stages.*", ["across_deploys"]],
	["guards", ["max_actions"]],
	["remedies.*.*", [
		"render_rollback",
		"recheck",
		"patch_pr",
		"issue"
	]]
];
function isLater(path, key) {
	return LATER_KEYS.some(([place, keys]) => {
		const steps = place === "" ? [] : place.split(".");
		return steps.length === path.length && steps.every((step, index) => step === "*" || step === path[index]) && keys.includes(key);
	});
}
// src/config/schema.ts
const MAPPING = { error: "use a mapping of keys and values" };
const httpUrl = text("use a path such as /health, or an address such as https://example.com/health").refine(isPathOrUrl, { error: "use a path such as /health, or an address such as https://example.com/health" });
const http = union([httpUrl, strictObject({
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
})], { error: "use a path such as /health, or a mapping with url" }).meta({ description: "A path of the service or an absolute address, or url with method, headers, body and timeout." });
const logs = strictObject({
	type: choice([
		"app",
		"build",
		"request"
	]).default("app"),
	level: array(choice(LOG_LEVELS), { error: "use a list, such as [error]" }).min(1, { error: "name at least one level" }).optional(),
	require: patterns.optional(),
	within: positiveDuration.optional(),
	forbid: patterns.optional()
}, { error: "use a mapping with require or forbid" });
const query = text("use an SQL statement, such as SELECT count(*) AS total FROM orders");
const sql = union([query, strictObject({
	query,
	database: text("use the name of a database").optional()
})], { error: "use an SQL statement, or a mapping with query and database" });
const events = array(_enum(WATCHED_EVENTS, { error: "use an event such as server_failed or server_restarted" }), { error: "use a list, such as [server_failed]" }).min(1, { error: "name at least one event" });
const onFail = text("use alert or the name of a remedy");
const checkSchema = strictObject({
	http: http.optional(),
	logs: logs.optional(),
	sql: sql.optional(),
	events: events.optional(),
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
	stage: names.min(1, { error: "name at least one stage, or leave it out" }).optional(),
	on_fail: onFail.optional(),
	hint: text("use text or a link").optional()
}, { error: "use a mapping with a source, such as { http: /health }" });
const revertPr = strictObject({
	labels: names.default([]),
	reviewers: names.default([]),
	assignees: names.default([]),
	draft: flag.default(false),
	auto_merge: flag.default(false),
	scope: choice(["deploy", "push"]).default("deploy"),
	despite_migrations: flag.default(false)
}, { error: "use a mapping of options, {} for none" });
const remedy = array(strictObject({ revert_pr: revertPr.optional() }, { error: "use a step such as revert_pr: {}" }), { error: "use a list of steps, such as [revert_pr: {}]" }).min(1, { error: "name at least one step" });
const fileSchema = strictObject({
	version: literal(1, { error: "use 1" }),
	service: text("use the name of a Render service, or its id").optional(),
	mode: choice([
		"observe",
		"advise",
		"enforce"
	]).default("enforce"),
	deploy: strictObject({
		trigger: flag.default(false),
		appear_within: positiveDuration.prefault("10m"),
		live_within: positiveDuration.prefault("30m"),
		retry: wholeNumber.min(0, { error: "use 0 or more" }).max(5, { error: "use at most 5" }).default(0),
		on_fail: onFail.optional()
	}, MAPPING).prefault({}),
	stages: record(string(), strictObject({
		for: positiveDuration.prefault("5m"),
		every: positiveDuration.prefault("15s")
	}, { error: "use a mapping such as { for: 5m, every: 15s }" }), MAPPING).prefault({ boot: {} }),
	databases: record(string(), strictObject({
		url: text("use $NAME, a variable of the step's environment"),
		timeout: positiveDuration.prefault("10s")
	}, { error: "use a mapping such as { url: $DATABASE_URL }" }), MAPPING).default({}),
	defaults: strictObject({
		on_fail: onFail.default("alert"),
		fail_after: failAfter.optional()
	}, MAPPING).prefault({}),
	checks: record(string(), checkSchema, { error: "use a mapping of check names, each with a source" }),
	remedies: record(string(), remedy, MAPPING).default({}),
	guards: strictObject({
		act_within: positiveDuration.prefault("24h"),
		hold_label: text("use the name of a label").default("gate:hold"),
		migrations: names.default([
			"**/migrations/**",
			"**/alembic/versions/**",
			"prisma/migrations/**"
		])
	}, MAPPING).prefault({})
}, { error: "use a mapping that starts with version: 1" }).meta({
	title: "Render Deploy Gate",
	description: "What a gate watches after a deploy, and what it does when that fails."
});
function isPathOrUrl(url) {
	if (/[\s\\]/.test(url)) return false;
	if (url.startsWith("/")) return !url.startsWith("//");
	return /^https?:\/\/[^/]/.test(url) && URL.canParse(url);
}
// src/config/timing.ts
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
// src/config/plan.ts
const DEFAULT_WITHIN_MS = 12e4;
function conditionOf(text) {
	const parsed = parseCondition(text);
	if (!parsed.ok) throw new Error(`built-in condition ${text}: ${parsed.message}`);
	return parsed.condition;
}
function builtInRemedies() {
	const { remedies } = fileSchema.parse({
		version: 1,
		checks: {},
		remedies: { revert: [{ revert_pr: {} }] }
	});
	return Object.fromEntries(Object.entries(remedies).map(([name, steps]) => [name, remedyOf(name, steps)]));
}
function planOf(file, { env, path, lineOf }) {
	const secrets = new Set();
	const secret = (text) => {
		const expansion = expand(text, env);
		for (const value of expansion.secrets) secrets.add(value);
		return expansion.text;
	};
	const stages = stagesOf$1(file);
	const databases = Object.entries(file.databases).map(([name, { url, timeout }]) => {
		const address = secret(url);
		for (const part of [address, passwordOf(address)]) if (part !== void 0) secrets.add(part);
		return [name, {
			url: address,
			timeoutMs: timeout
		}];
	});
	const checks = Object.entries(file.checks).map(([name, check]) => ({
		...checkOf$1(name, check, {
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
			...builtInRemedies(),
			...Object.fromEntries(remedies)
		},
		guards: guardsOf(file),
		file: path,
		secrets: [...secrets]
	};
}
function stagesOf$1(file) {
	return Object.entries(file.stages).map(([name, stage]) => ({
		name,
		forMs: stage.for,
		everyMs: stage.every,
		acrossDeploys: false
	}));
}
function guardsOf({ guards }) {
	return {
		actWithinMs: guards.act_within,
		maxActions: {
			count: 1,
			perMs: 864e5
		},
		holdLabel: guards.hold_label,
		migrations: guards.migrations
	};
}
function remedyOf(name, steps) {
	return {
		name,
		steps: steps.flatMap(({ revert_pr: step }) => step === void 0 ? [] : [revertOf(step)])
	};
}
function revertOf(step) {
	return {
		kind: "revert_pr",
		labels: step.labels,
		reviewers: step.reviewers,
		assignees: step.assignees,
		draft: step.draft,
		autoMerge: step.auto_merge,
		scope: step.scope,
		despiteMigrations: step.despite_migrations
	};
}
function checkOf$1(name, check, { file, stages, secret }) {
	const own = stages.filter((stage) => check.stage === void 0 || check.stage.includes(stage.name));
	const windows = own.map((stage) => ({
		forMs: stage.forMs,
		everyMs: check.every ?? stage.everyMs,
		graceMs: check.grace
	}));
	const longestMs = Math.max(0, ...own.map((stage) => stage.forMs));
	const source = sourceOf$1(check, {
		databases: file.databases,
		secret,
		longestMs
	});
	const usual = (source.kind === "logs" || source.kind === "events" ? void 0 : file.defaults.fail_after) ?? defaultFailAfter(source.kind);
	return {
		name,
		source,
		...tiersOf(check, source),
		...check.every === void 0 ? {} : { everyMs: check.every },
		graceMs: check.grace,
		failAfter: check.fail_after ?? shrunk(usual, windows),
		passAfter: check.pass_after,
		...check.need === void 0 ? {} : { need: check.need },
		...check.only_if === void 0 ? {} : { onlyIf: check.only_if },
		ifUnknown: check.if_unknown,
		diagnose: [],
		...check.stage === void 0 ? {} : { stages: check.stage },
		onFail: check.on_fail ?? file.defaults.on_fail,
		...check.hint === void 0 ? {} : { hint: check.hint }
	};
}
function sourceOf$1(check, { databases, secret, longestMs }) {
	if (check.http !== void 0) {
		const http = typeof check.http === "string" ? {
			...HTTP_DEFAULTS,
			url: check.http
		} : check.http;
		const headers = Object.entries(http.headers).map(([name, value]) => [name, secret(value)]);
		const body = http.body === void 0 ? {} : { body: http.body };
		return {
			kind: "http",
			url: http.url,
			method: http.method,
			headers: Object.fromEntries(headers),
			...body,
			timeoutMs: http.timeout
		};
	}
	if (check.logs !== void 0) {
		const { type, level = [], require = [], within, forbid = [] } = check.logs;
		return {
			kind: "logs",
			type,
			levels: level,
			require,
			withinMs: within ?? Math.min(DEFAULT_WITHIN_MS, longestMs),
			forbid,
			inside: []
		};
	}
	if (check.sql !== void 0) {
		const { query, database } = typeof check.sql === "string" ? { query: check.sql } : check.sql;
		return {
			kind: "sql",
			query,
			database: database ?? Object.keys(databases)[0] ?? ""
		};
	}
	return {
		kind: "events",
		types: check.events ?? []
	};
}
const HTTP_DEFAULTS = valuesOf({ url: "/" });
function valuesOf(http) {
	const { checks } = fileSchema.parse({
		version: 1,
		checks: { any: { http } }
	});
	const parsed = checks["any"]?.http;
	if (parsed === void 0 || typeof parsed === "string") throw new Error("an http mapping stays a mapping");
	return parsed;
}
function tiersOf({ pass = [], warn = [], fail = [], http }, source) {
	if (http !== void 0) return {
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
	if (source.kind === "events") return [["count"]];
	if (source.kind !== "logs") return [];
	const has = (groups) => groups.some((group) => group.patterns.length > 0);
	return [...has(source.forbid) ? [["matches"]] : [], ...has(source.require) ? [["missing", "found"]] : []];
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
		stages: stagesOf$1(EMPTY),
		databases: {},
		checks: [crashCheck()],
		remedies: builtInRemedies(),
		guards: guardsOf(EMPTY),
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
	return checkOf$1(name, checkSchema.parse(written), {
		file: EMPTY,
		stages: stagesOf$1(EMPTY),
		secret: (text) => text
	});
}
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
	if (served !== void 0 && (served === current || (live?.createdAt ?? 0) > current.createdAt)) return replacedBy(served, {
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
function replacedBy(deploy, facts) {
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
// src/core/service-type.ts
function isPath(url) {
	return !/^https?:\/\//i.test(url);
}
const NAMES$1 = {
	static_site: "a static site",
	web_service: "a web service",
	private_service: "a private service",
	background_worker: "a background worker",
	cron_job: "a cron job"
};
function unsupportedBy(service, check) {
	const { source } = check;
	const what = NAMES$1[service.type] ?? `a service of type ${service.type}`;
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
		default: return;
	}
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
// src/report/action-list.ts
const KINDS = {
	revert_pr: "Revert pull request",
	render_rollback: "Rollback on Render",
	auto_merge: "Auto-merge",
	retry: "Rebuild",
	trigger: "Deploy request"
};
const BY_HAND = " By hand: ";
const STATES = {
	done: "done",
	held: "held back",
	failed: "did not work",
	advised: "advised, not done",
	skipped: "nothing to do"
};
function actionLine(action) {
	const kind = inlineText(KINDS[action.kind] ?? excerpt(action.kind, 60));
	const reason = action.reason === void 0 ? "" : ` ${reasonText$1(action.reason)}`;
	const where = action.url === void 0 ? "" : ` ${addressLink(action.url)}`;
	return `- **${kind}**: ${STATES[action.state]}.${reason}${where}`;
}
function reasonText$1(reason) {
	const sentence = reason.charAt(0).toUpperCase() + reason.slice(1);
	const at = sentence.lastIndexOf(BY_HAND);
	if (at === -1) return withStop(inlineText(excerpt(sentence, 600)));
	const command = codeSpan(excerpt(sentence.slice(at + 10), 1e3));
	return `${inlineText(excerpt(sentence.slice(0, at), 600))}${BY_HAND}${command}`;
}
function actionSentence(action) {
	const reason = action.reason === void 0 ? "" : `, ${action.reason}`;
	const url = action.url === void 0 ? "" : ` ${action.url}`;
	return `${KINDS[action.kind] ?? action.kind}: ${STATES[action.state]}${reason}${url}`;
}
function actionList(actions) {
	return actions.slice(0, 50).map(actionLine).join("\n");
}
function whereItIs(outcome) {
	return outcome.liveAt === void 0 ? "The failed deploy never went live: production still runs what it ran before." : "The failed version is still live.";
}
function afterFailure(outcome) {
	if (outcome.revert !== void 0) {
		const pull = link(`pull request #${outcome.revert.number}`, outcome.revert.url);
		const effect = outcome.liveAt === void 0 ? "make the branch deploy again" : "put the previous version back";
		return `${whereItIs(outcome)} Merge ${pull} to ${effect}, or fix forward and close it. To land the change again later, revert the revert.`;
	}
	if (outcome.actions.some((action) => action.state === "advised")) return `${whereItIs(outcome)} This gate only advises: do what is listed above by hand, or set \`mode: enforce\`.`;
	if (outcome.actions.some((action) => action.state === "held" || action.state === "failed")) return `${whereItIs(outcome)} See above for what kept the gate from acting, then revert by hand or fix forward.`;
	return `${whereItIs(outcome)} Nothing was reverted: none of what failed has a remedy (\`on_fail: revert\`). Fix forward, or revert by hand.`;
}
const NEXT = {
	pass: "",
	superseded: "",
	warn: "The job succeeds. Look at the warnings before the next deploy.",
	unknown: "Nothing was acted on. Re-run this job to look again: it finds the same deploy and triggers nothing twice.",
	skipped: "Nothing was watched. Production still runs what it ran before."
};
function nextText(outcome) {
	if (outcome.mode === "observe") return "This gate only observes: it reports, never fails the job and never acts. Set `mode: advise` or `mode: enforce` when its verdicts have earned trust.";
	return outcome.verdict === "fail" ? afterFailure(outcome) : NEXT[outcome.verdict];
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
	return (path) => programs.some((steps) => isAccepted(steps, path));
}
function isAccepted(steps, path) {
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
	if (input.isFromRevertBranch === true || isGateRevert(commit.message)) return gateRevertText(commit);
	if (!input.isPreviousAncestor) return `the commit that served before${input.range === void 0 ? "" : ` (${input.range.base.slice(0, 7)})`} is not an ancestor of ${commit.sha.slice(0, 7)}`;
}
function gateRevertText(revert) {
	return `${revert.sha.slice(0, 7)} is itself a revert by the gate; a failing revert needs a person and is never reverted`;
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
	const revert = range.commits.find((one) => isGateRevert(one.message));
	if (revert !== void 0) return gateRevertText(revert);
	return range.commitsCut ? "the range since the previous deploy is longer than GitHub lists" : void 0;
}
function guardOf(input, others) {
	const { guards, liveAt } = input;
	if (input.holds.length > 0) return `held by label "${guards.holdLabel}": ${input.holds.join(", ")}`;
	if (liveAt !== void 0 && input.now - liveAt > guards.actWithinMs) return `live for longer than act_within (${durationText$1(guards.actWithinMs)}): advice only`;
	if (others.length === 0) return void 0;
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
// src/report/time.ts
const SECOND = 1e3;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY$1 = 24 * HOUR;
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
function durationText(ms) {
	if (!Number.isFinite(ms)) return "unknown";
	if (ms < 0) return `-${durationText(-ms)}`;
	if (Math.round(ms) < SECOND) return ms === 0 ? "0s" : `${Math.round(ms)}ms`;
	const tenths = Math.round(ms / 100);
	if (tenths < 600) return `${tenths / 10}s`;
	const seconds = Math.round(ms / SECOND) * SECOND;
	if (seconds < HOUR) return pair([Math.floor(seconds / MINUTE), "m"], [seconds % MINUTE / SECOND, "s"]);
	if (seconds < DAY$1) return pair([Math.floor(seconds / HOUR), "h"], [Math.floor(seconds % HOUR / MINUTE), "m"]);
	return pair([Math.floor(seconds / DAY$1), "d"], [Math.floor(seconds % DAY$1 / HOUR), "h"]);
}
function pair(large, small) {
	return small[0] === 0 ? large.join("") : `${large.join("")} ${small.join("")}`;
}
// src/report/evidence.ts
const MOST$4 = 50;
const LONGEST$2 = 2e3;
function evidenceText(evidence) {
	const pieces = evidence.slice(0, MOST$4).map(({ at, from, text }) => {
		return (at === void 0 ? "" : `${clockText(at)} `) + (from === void 0 || from === "" ? "" : `[${excerpt(from, 80)}] `) + cut$1(cleanText(text).trimEnd(), LONGEST$2);
	});
	const missing = evidence.length - pieces.length;
	return [...pieces, ...missing === 0 ? [] : [`… and ${missing} more`]].join("\n");
}
function evidenceFold(title, evidence, max) {
	if (evidence.length === 0) return "";
	return folded(`${title} (${amountText(evidence.length, "piece")})`, fencedBlock(evidenceText(evidence), max));
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
function evidenceParts(outcome, max) {
	return [evidenceFold("What Render said about the deploy", outcome.deployEvidence, max), ...worstFirst(outcome.checks).map((check) => {
		return evidenceFold(`Evidence of "${excerpt(check.name, 100)}"`, check.evidence, max);
	})].filter((part) => part !== "");
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
function messageText$1(text, max) {
	const clean = withoutClosing(withoutSkipPhrases(excerpt(text, 1e3)));
	const line = oneLine(clean).replace(/@(?=\w)/gu, `@${BREAK}`);
	return line === "" ? "(no subject)" : cut$1(line, max);
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
function shortened(section) {
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
	return [bodyWith(section), bodyWith(shortened(section))].find(isWithinLimit) ?? existingBody;
}
// src/report/pull-request.ts
const TITLE_MAX$2 = 256;
const SUBJECT_MAX = 200;
const EVIDENCE_MAX$2 = 12e3;
const MOST$3 = 50;
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
	if (subject === void 0) return `Revert ${amountText(text.commits.length, "commit")} up to ${messageText$1(shortSha(text.bad), 40)}`;
	return `Revert "${messageText$1(subject, max - 9)}"`;
}
function pullRequestTitle(text) {
	return headline(text, TITLE_MAX$2);
}
function trailer(text) {
	const [good, bad] = [text.good, text.bad].map((sha) => sha.replace(/[^0-9a-z]/giu, "").slice(0, 64));
	return `${REVERT_TRAILER} ${good}..${bad}`;
}
function listText(items, lineOf) {
	const lines = items.slice(0, MOST$3).map((item) => `- ${lineOf(item)}`);
	const missing = items.length - lines.length;
	return [...lines, ...missing === 0 ? [] : [`- … and ${missing} more`]].join("\n");
}
function capital(text) {
	return text.charAt(0).toUpperCase() + text.slice(1);
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
		options.hasDoubts === true && text.draftReasons.length > 0 ? `Think twice before merging:\n\n${listText(text.draftReasons, (reason) => withStop(bodyText(capital(reason), 400)))}` : "",
		links.filter((part) => part !== "").join(" · "),
		evidenceFold("Evidence", evidence, EVIDENCE_MAX$2)
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
	const count = amountText(text.commits.length, "commit");
	return [
		"### What this takes back",
		...text.pulls.length === 0 ? [] : [listText(text.pulls, pullLine)],
		text.commits.length > 10 ? folded(count, `${range}\n\n${commits}`) : `${count}, ${range}:\n\n${commits}`
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
	return `### Why this is a draft\n\n${listText(text.draftReasons, (reason) => withStop(bodyText(capital(reason), 400)))}`;
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
		return `${messageText$1(shortSha(sha), 40)} ${messageText$1(subject, 120)}`;
	});
	const reasons = listText(text.reasons, (reason) => messageText$1(reason, 300));
	const service = messageText$1(text.services[0] ?? "the service", 100);
	return [
		headline(text, 120),
		`The deploy of ${messageText$1(shortSha(text.bad), 40)} to ${service} failed its gate:\n${reasons}`,
		`This takes back:\n${commits}`,
		trailer(text)
	].join("\n\n");
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
// src/gate/revert-branch.ts
const LOOKS_MS = [
	2e3,
	3e3,
	5e3
];
async function makeBranch(run, input) {
	const { forge } = run.edges;
	const { plan, head } = input.prepared;
	const message = revertCommitMessage(input.text);
	const isHead = head.sha === run.commit;
	if (isHead && input.goodTree === head.tree) return { kind: "nothing" };
	const undone = await forge.createCommit({
		message,
		tree: input.goodTree,
		parents: [run.commit]
	});
	const start = isHead ? undone : head.sha;
	if (await forge.createBranch(plan.branch, start) === "exists") {
		for (const pause of LOOKS_MS) {
			await wait(run, pause);
			if (await input.isMet()) return { kind: "met" };
		}
		run.teller.note(`The branch ${plan.branch} existed without a pull request, left by a run that was stopped; it is finished now.`);
		await forge.moveBranch(plan.branch, start);
	}
	return isHead ? {
		kind: "ready",
		sha: undone
	} : mergeOnto(run, {
		plan,
		head,
		undone,
		message
	});
}
async function mergeOnto(run, made) {
	const { forge } = run.edges;
	const { plan, head, message } = made;
	try {
		const [subject = "Revert"] = message.split("\n");
		const merged = await forge.merge(plan.branch, made.undone, `${subject} [skip ci]`);
		const headTree = head.tree ?? (await forge.commit(head.sha))?.tree;
		if (merged.kind !== "merged" || merged.tree === headTree) {
			await removeBranch(run, plan.branch);
			return { kind: merged.kind === "conflict" ? "conflict" : "nothing" };
		}
		const sha = await forge.createCommit({
			message,
			tree: merged.tree,
			parents: [head.sha]
		});
		await forge.moveBranch(plan.branch, sha);
		return {
			kind: "ready",
			sha
		};
	} catch (error) {
		if (error instanceof ServiceProblem) await removeBranch(run, plan.branch);
		throw error;
	}
}
async function removeBranch(run, branch) {
	try {
		await run.edges.forge.deleteBranch(branch);
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		run.teller.note(`The branch ${branch} could not be removed: ${error.message}`);
	}
}
// src/gate/revert-pull.ts
const MOST_REWRITES = 3;
async function existingPull(run, branch) {
	const { forge } = run.edges;
	const own = await pullOf(run, branch);
	if (own !== void 0) return own;
	const names = await forge.branchesStartingWith(revertBranchPrefix(run.commit));
	for (const name of names.filter((one) => one !== branch)) {
		const open = (await forge.pullsFrom(name)).find((pull) => pull.state === "open");
		if (open !== void 0) return open;
	}
}
async function pullOf(run, branch) {
	const pulls = await run.edges.forge.pullsFrom(branch);
	return pulls.find((pull) => pull.state === "open") ?? pulls[0];
}
async function joinPull(run, pull, given) {
	const { forge } = run.edges;
	const { plan, text } = given;
	const told = (state, reason, more = []) => ({
		actions: [{
			kind: "revert_pr",
			state,
			reason,
			url: pull.url
		}, ...more],
		revert: {
			number: pull.number,
			url: pull.url
		}
	});
	if (pull.merged) return told("skipped", `#${pull.number} has taken it back already`);
	if (pull.state === "closed") return told("held", `#${pull.number} was closed without being merged, which is a no`);
	const service = run.service.name;
	if (pull.headRef !== plan.branch) {
		await forge.comment(pull.number, serviceComment(text));
		return told("done", `#${pull.number} already takes this commit back over another range; the evidence was added there as a comment, the range stays as it is`);
	}
	const isOurs = hasServiceSection(pull.body, service);
	await addSection(run, pull, text);
	const more = isOurs ? await finishing(run, pull, given) : [];
	return told("done", isOurs ? `#${pull.number} was opened by an earlier attempt; its evidence is up to date` : `added the evidence to #${pull.number}, which takes back the same range`, more);
}
async function addSection(run, pull, text) {
	const { forge } = run.edges;
	const section = pull.draft ? serviceSection(text) : serviceSection(text, { hasDoubts: true });
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
async function finishing(run, pull, given) {
	const { step, plan } = given;
	const labels = new Set(pull.labels.map((label) => label.toLowerCase()));
	if (step.labels.some((label) => !labels.has(label.toLowerCase()))) await decorate(run, pull, step);
	return step.autoMerge ? [await autoMerge(run, pull, plan)] : [];
}
async function openPull(run, input) {
	const { forge } = run.edges;
	const { plan, step, sha } = input;
	const opened = await createPull(run, input);
	if (opened.kind === "refused") return opened.told;
	const { pull } = opened;
	if (opened.kind === "met") return joinPull(run, pull, input);
	if (pull.headSha !== sha) await forge.moveBranch(plan.branch, sha);
	const undrafted = plan.draft && !pull.draft ? ["this repository has no drafts, so do not merge it unread"] : [];
	const reasons = [...plan.draftReasons, ...undrafted];
	const actions = [{
		kind: "revert_pr",
		state: "done",
		reason: `opened ${pull.draft ? "draft " : ""}#${pull.number}${reasons.length === 0 ? "" : `: ${reasons.join("; ")}`}`,
		url: pull.url
	}];
	await decorate(run, pull, step);
	if (step.autoMerge) actions.push(await autoMerge(run, pull, plan));
	return {
		actions,
		revert: {
			number: pull.number,
			url: pull.url
		}
	};
}
async function createPull(run, input) {
	const { forge } = run.edges;
	const { plan, text, branch } = input;
	const wish = {
		title: pullRequestTitle(text),
		body: pullRequestBody(text),
		head: plan.branch,
		base: branch
	};
	try {
		return {
			kind: "opened",
			pull: await forge.createPull({
				...wish,
				draft: plan.draft
			})
		};
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		if (plan.draft && /draft pull requests are not supported/i.test(error.message)) return createPull(run, {
			...input,
			plan: {
				...plan,
				draft: false
			}
		});
		const met = await pullOf(run, plan.branch);
		if (met !== void 0) return {
			kind: "met",
			pull: met
		};
		const hint = error.failure.hint === void 0 ? "" : `. ${error.failure.hint}`;
		return {
			kind: "refused",
			told: { actions: [{
				kind: "revert_pr",
				state: "failed",
				reason: `the branch ${plan.branch} is ready, but its pull request could not be opened: ${error.message}${hint}`,
				url: `${forge.webUrl}/compare/${encodeURIComponent(branch)}...${plan.branch}?expand=1`
			}] }
		};
	}
}
async function decorate(run, pull, step) {
	for (const sentence of await run.edges.forge.decorate(pull.number, step)) run.teller.note(sentence);
}
async function autoMerge(run, pull, plan) {
	const { forge } = run.edges;
	const action = (state, reason) => ({
		kind: "auto_merge",
		state,
		reason,
		url: pull.url
	});
	if (!plan.autoMerge || pull.draft) return action("held", `a draft is never merged automatically (${plan.draftReasons.join("; ") || "draft: true"})`);
	if (!forge.hasPrToken) return action("held", `auto_merge needs "pr-token": a merge by the job's token starts no workflow, so nobody would watch the revert's deploy`);
	const answer = await forge.enableAutoMerge(pull);
	return answer.kind === "enabled" ? action("done", "GitHub merges it once its requirements are met") : action("failed", answer.reason);
}
// src/gate/revert-range.ts
const MOST_WALKED = 12;
async function prepareRevert(run, wish) {
	const { forge } = run.edges;
	const { commit, previousCommit } = wish;
	const compare = comparer(run, wish);
	const branch = run.service.branch ?? "main";
	const later = await compare(commit.sha, branch);
	const isAncestorOfBranch = later?.relation === "identical" || later?.relation === "ahead";
	const last = later?.commits.at(-1);
	const head = later?.relation === "ahead" && last !== void 0 && !later.commitsCut ? {
		sha: last.sha,
		tree: last.tree
	} : later?.relation === "ahead" ? { sha: await forge.branchHead(branch) ?? "" } : {
		sha: commit.sha,
		tree: commit.tree
	};
	const whole = previousCommit === void 0 ? void 0 : await compare(previousCommit, commit.sha);
	const merged = (await forge.pullsOfCommit(commit.sha)).filter((pull) => pull.merged);
	const pushed = await pushOf(run, commit, {
		merged,
		whole,
		previousCommit,
		compare
	});
	const plan = revertPlan({
		now: run.edges.clock.now(),
		service: run.service,
		commit,
		step: wish.step,
		guards: run.plan.guards,
		holds: await holdsOf(run, merged),
		isAncestorOfBranch,
		isPreviousAncestor: previousCommit === void 0 || whole?.relation === "ahead",
		isFromRevertBranch: merged.some((pull) => pull.headRef.startsWith(REVERT_BRANCH_PREFIX)),
		preDeployFailed: wish.preDeployFailed,
		...wish.liveAt === void 0 ? {} : { liveAt: wish.liveAt },
		...previousCommit === void 0 ? {} : { range: rangeOf$1(previousCommit, whole) },
		...pushed
	});
	const base = plan.kind === "go" ? plan.base : previousCommit ?? pushed.pushBase;
	return {
		plan,
		branch,
		head,
		merged,
		...base === void 0 ? {} : { base }
	};
}
function comparer(run, wish) {
	const known = new Map();
	if (wish.range !== void 0 && wish.previousCommit !== void 0) known.set(`${wish.previousCommit}...${wish.commit.sha}`, Promise.resolve(wish.range));
	return (base, head) => {
		const key = `${base}...${head}`;
		const asked = known.get(key) ?? run.edges.forge.compare(base, head);
		known.set(key, asked);
		return asked;
	};
}
function rangeOf$1(base, comparison) {
	return {
		base,
		commits: comparison?.commits ?? [],
		commitsCut: comparison?.commitsCut ?? false,
		files: (comparison?.files ?? []).flatMap((file) => file.previousPath === void 0 ? [file.path] : [file.path, file.previousPath]),
		filesCut: comparison?.filesCut ?? false
	};
}
async function pushOf(run, commit, found) {
	const { whole, previousCommit, compare } = found;
	const pushBase = await pushBaseOf(run, commit, found);
	if (pushBase === void 0) return {};
	if (pushBase === previousCommit) return {
		pushBase,
		push: rangeOf$1(pushBase, whole)
	};
	const between = previousCommit === void 0 ? void 0 : await compare(previousCommit, pushBase);
	if (between?.relation === "behind" && previousCommit !== void 0) return {
		pushBase: previousCommit,
		push: rangeOf$1(previousCommit, whole)
	};
	const comparison = await compare(pushBase, commit.sha);
	if (comparison === void 0) return { pushBase };
	const input = {
		pushBase,
		push: rangeOf$1(pushBase, comparison)
	};
	if (whole === void 0 || previousCommit === void 0) return input;
	if (between?.relation === "ahead") return {
		...input,
		others: rangeOf$1(previousCommit, between)
	};
	const own = new Set(comparison.commits.map((one) => one.sha));
	const range = rangeOf$1(previousCommit, whole);
	const others = range.commits.filter((one) => !own.has(one.sha));
	return {
		...input,
		others: {
			...range,
			commits: others,
			filesCut: true
		}
	};
}
async function pushBaseOf(run, commit, found) {
	const [parent] = commit.parents;
	const { forge } = run.edges;
	if (run.before !== void 0) {
		if (run.before === parent) return parent;
		if ((await found.compare(run.before, commit.sha))?.relation === "ahead") return run.before;
	}
	const [pull] = found.merged;
	if (pull === void 0 || parent === void 0 || commit.parents.length > 1) return parent;
	const isOfPull = async (sha) => (await forge.pullsOfCommit(sha)).some((one) => one.merged && one.number === pull.number);
	const older = firstParents(found.whole?.commits ?? [], commit.sha).filter((one) => one.sha !== commit.sha).toReversed();
	return older.length > 0 ? beforePull(older, isOfPull, parent) : walkBack(run, parent, isOfPull);
}
async function beforePull(older, isOfPull, parent) {
	const [first] = older;
	if (first === void 0 || !await isOfPull(first.sha)) return parent;
	let inside = 0;
	let outside = older.length;
	while (outside - inside > 1) {
		const middle = Math.floor((inside + outside) / 2);
		if (await isOfPull(older[middle]?.sha ?? "")) inside = middle;
		else outside = middle;
	}
	return older[inside]?.parents[0] ?? parent;
}
async function walkBack(run, parent, isOfPull) {
	let base = parent;
	for (let steps = 0; steps < MOST_WALKED; steps += 1) {
		if (!await isOfPull(base)) return base;
		const next = (await run.edges.forge.commit(base))?.parents[0];
		if (next === void 0) return void 0;
		base = next;
	}
}
async function holdsOf(run, merged) {
	const label = run.plan.guards.holdLabel;
	if (label === "") return [];
	const own = merged.filter((pull) => pull.labels.some((name) => name.toLowerCase() === label.toLowerCase())).map((pull) => pull.url);
	const open = (await run.edges.forge.openWithLabel(label)).map((issue) => issue.url);
	return [...new Set([...own, ...open])];
}
// src/gate/revert.ts
async function revert(run, request) {
	let base = request.previousCommit ?? request.commit.parents[0];
	try {
		const prepared = await prepareRevert(run, request);
		base = prepared.base ?? base;
		const { plan } = prepared;
		if (plan.kind === "held") {
			const { adviceBase } = plan;
			const reason = adviceBase === void 0 ? plan.reason : `${plan.reason}.${BY_HAND}${command(run, adviceBase, prepared.branch)}`;
			return single(run, adviceBase ?? base, {
				state: "held",
				reason
			});
		}
		const doubt = await request.stillOurs();
		if (doubt !== void 0) return single(run, base, {
			state: "held",
			reason: doubt
		});
		if (run.mode !== "enforce") return single(run, base, {
			state: "advised",
			reason: advice(run, prepared, plan)
		});
		goOn(run);
		return await open(run, request, {
			...prepared,
			plan
		});
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		return single(run, base, {
			state: "failed",
			reason: problemText(error)
		});
	}
}
function problemText(problem) {
	const { message, hint } = problem.failure;
	return `${message}${/Reference update failed/i.test(message) ? ". A rule of the repository forbids this branch: let the gate create branches below deploy-gate/" : ""}${hint === void 0 ? "" : `. ${hint}`}`;
}
function single(run, base, told) {
	const { webUrl } = run.edges.forge;
	const url = base === void 0 ? `${webUrl}/commit/${run.commit}` : `${webUrl}/compare/${base}...${run.commit}`;
	return { actions: [{
		kind: "revert_pr",
		...told,
		url
	}] };
}
function command(run, good, branch) {
	return revertByHand({
		branch,
		good,
		bad: run.commit,
		to: revertBranch(good, run.commit)
	});
}
function advice(run, prepared, plan) {
	const { branch } = prepared;
	const range = `${shortSha(plan.base)}..${shortSha(run.commit)}`;
	return `would open ${plan.draft ? `a draft pull request (${plan.draftReasons.join("; ") || "draft: true"})` : "a pull request"} onto ${branch} that takes back ${range} (${amountText(plan.commits.length, "commit")}).${BY_HAND}${command(run, plan.base, branch)}`;
}
async function open(run, request, prepared) {
	const { forge } = run.edges;
	const { plan, branch } = prepared;
	const { step } = request;
	const text = revertText(run, request, prepared);
	const told = (state, reason) => single(run, plan.base, {
		state,
		reason
	});
	const known = await existingPull(run, plan.branch);
	if (known !== void 0) return joinPull(run, known, {
		plan,
		step,
		text
	});
	if (!forge.hasPrToken && plan.files.some((file) => file.startsWith(".github/workflows/"))) return told("failed", `the revert changes workflow files, which the job's token may never push; pass an App token or PAT with the workflows permission as "pr-token"`);
	const goodTree = (await forge.commit(plan.base))?.tree;
	if (goodTree === void 0) return told("held", `the commit ${shortSha(plan.base)} can no longer be read`);
	const isMet = async () => await pullOf(run, plan.branch) !== void 0;
	const made = await makeBranch(run, {
		prepared,
		goodTree,
		text,
		isMet
	});
	switch (made.kind) {
		case "nothing": return told("skipped", `nothing to revert: ${branch} has none of these changes any more`);
		case "conflict": return told("failed", `later commits conflict with the revert, so it has to be made by a person.${BY_HAND}${command(run, plan.base, branch)}`);
		case "met": {
			const pull = await pullOf(run, plan.branch);
			if (pull !== void 0) return joinPull(run, pull, {
				plan,
				step,
				text
			});
			return told("failed", `the pull request of ${plan.branch} vanished while it was looked at`);
		}
		case "ready": {
			const doubt = await request.stillOurs();
			if (doubt === void 0) return openPull(run, {
				plan,
				step,
				text,
				branch,
				sha: made.sha
			});
			await removeBranch(run, plan.branch);
			return told("held", doubt);
		}
	}
}
function revertText(run, request, prepared) {
	const { plan, branch, merged } = prepared;
	const subject = (message) => message.split("\n", 1)[0] ?? "";
	const shas = new Set(plan.commits.map((one) => one.sha));
	return {
		services: [run.service.name],
		good: plan.base,
		bad: run.commit,
		baseBranch: branch,
		commits: plan.commits.map((one) => ({
			sha: one.sha,
			subject: subject(one.message)
		})),
		pulls: merged.filter((pull) => pull.mergeCommit === void 0 || shas.has(pull.mergeCommit)).map((pull) => ({
			number: pull.number,
			title: pull.title,
			url: pull.url,
			author: pull.author
		})),
		others: plan.others.map((one) => ({
			sha: one.sha,
			subject: subject(one.message),
			fate: fateOf(request.deploys, one.sha)
		})),
		reasons: request.reasons,
		evidence: request.evidence,
		draftReasons: plan.draftReasons,
		runUrl: run.runUrl,
		...request.checkRunUrl === void 0 ? {} : { checkRunUrl: request.checkRunUrl }
	};
}
function fateOf(deploys, sha) {
	const own = deploys.find((deploy) => deploy.commit?.sha === sha);
	return own === void 0 ? "no deploy of its own; it went out with this one" : `its own deploy ${own.id} ended as ${own.status}`;
}
// src/gate/act.ts
async function act(run, commit, judged, checkRunUrl) {
	const { outcome, remedy: name } = judged;
	const remedy = run.plan.remedies[name];
	if (remedy === void 0) return outcome;
	if (run.mode === "observe") return withActions(outcome, [{
		kind: name,
		state: "advised",
		reason: "mode observe never acts"
	}]);
	const noCode = broughtNoCode(run, judged);
	if (noCode !== void 0) return withActions(outcome, remedy.steps.map((step) => ({
		kind: step.kind,
		state: "held",
		reason: noCode
	})));
	let current = outcome;
	for (const step of remedy.steps) {
		if (step.kind !== "revert_pr") continue;
		run.teller.moment(`Remedy "${name}" begins`);
		const done = await revert(run, {
			step,
			commit,
			deploys: judged.list.deploys,
			preDeployFailed: judged.preDeployFailed,
			reasons: reasonsOf(outcome),
			evidence: [...outcome.checks.filter((check) => check.verdict === "fail").flatMap((check) => check.evidence), ...outcome.deployEvidence].slice(0, 60),
			stillOurs: () => stillOurs(judged),
			...outcome.previousCommit === void 0 ? {} : { previousCommit: outcome.previousCommit },
			...judged.range === void 0 ? {} : { range: judged.range },
			...outcome.liveAt === void 0 ? {} : { liveAt: outcome.liveAt },
			...checkRunUrl === void 0 ? {} : { checkRunUrl }
		});
		for (const action of done.actions) run.teller.moment(actionSentence(action));
		current = {
			...withActions(current, done.actions),
			...done.revert === void 0 ? {} : { revert: done.revert }
		};
	}
	return current;
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
function withActions(outcome, actions) {
	return {
		...outcome,
		actions: [...outcome.actions, ...actions]
	};
}
function reasonsOf(outcome) {
	const failed = outcome.checks.filter((check) => check.verdict === "fail");
	return failed.length === 0 ? [outcome.reason] : failed.map((check) => `"${check.name}": ${check.reason}${check.hint === void 0 ? "" : `. Hint: ${check.hint}`}`);
}
function changeText(following) {
	switch (following.kind) {
		case "superseded":
		case "taken-out": return `${following.by.id}${following.by.commit === void 0 ? "" : ` of ${following.by.commit.sha.slice(0, 7)}`} has taken over`;
		case "displaced": return following.by === void 0 ? "no deploy is live" : `${following.by.id} is live`;
		case "running":
		case "live":
		case "failed":
		case "canceled": return `${following.deploy.id} is ${following.deploy.status}`;
		default: return "Render lists none of its deploys any more";
	}
}
async function stillOurs(judged) {
	const { deploy, liveAt } = judged.outcome;
	try {
		const following = await judged.list.look();
		if (liveAt !== void 0) {
			if (following.kind === "live" && following.deploy.id === deploy?.id) return void 0;
			if (following.kind === "live") return `${following.deploy.id}, a newer deploy of the same commit, is live by now; nothing is reverted for a deploy that no longer serves`;
			const isStillLive = judged.list.deploys.some((one) => one.id === deploy?.id && one.status === "live");
			if (following.kind === "running" && isStillLive) return void 0;
			return `what is live has changed (${changeText(following)}); nothing is reverted for a deploy that no longer serves`;
		}
		if (following.kind !== "failed" || following.deploy.id !== deploy?.id) return `the failed deploy is no longer the newest of its commit (${changeText(following)})`;
		const newer = judged.list.deploys.find((one) => deploy !== void 0 && one.createdAt > deploy.createdAt && one.id !== deploy.id);
		return newer === void 0 ? void 0 : `a newer deploy of the service exists (${newer.id}, ${newer.status})`;
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		return `what is live could not be read: ${error.message}`;
	}
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
// src/report/title.ts
const STATUS_MAX = 140;
const TITLE_MAX$1 = 250;
const DEFAULTS_ONLY = "no config file: defaults only";
const VERDICT_TITLES = {
	pass: "Passed",
	warn: "Passed with warnings",
	fail: "Failed",
	unknown: "Could not tell",
	superseded: "Superseded",
	skipped: "Nothing to deploy"
};
function checksThat(outcome, verdict) {
	return outcome.checks.filter((check) => check.verdict === verdict);
}
function namesText(checks) {
	const names = checks.slice(0, 3).map((check) => `"${excerpt(check.name, 60)}"`);
	const more = checks.length - names.length;
	return names.join(", ") + (more === 0 ? "" : ` and ${more} more`);
}
function reasonText(outcome) {
	const reason = withoutStop(oneLine(outcome.reason));
	if (reason !== "") return reason;
	return `${countText(checksThat(outcome, "pass").length)} of ${amountText(outcome.checks.length, "check")} passed`;
}
function supersededText(outcome) {
	const by = outcome.coveredBy === void 0 ? "a newer deploy" : shortSha(outcome.coveredBy);
	const failed = checksThat(outcome, "fail");
	return `by ${by}, whose gate covers this commit${failed.length === 0 ? "" : `; failed before that: ${namesText(failed)}`}`;
}
function decisionSentence(outcome) {
	return outcome.verdict === "superseded" ? verdictSentence(outcome) : reasonText(outcome);
}
function verdictSentence(outcome) {
	const title = VERDICT_TITLES[outcome.verdict];
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
	if (outcome.revert === void 0) return "";
	const opened = outcome.actions.some((action) => action.kind === "revert_pr" && action.state === "done");
	return `; revert #${outcome.revert.number}${opened ? " opened" : ""}`;
}
function checkRunTitle(outcome) {
	const prefix = outcome.mode === "observe" ? "Observing only: " : "";
	const suffix = deedText(outcome) + (isDefaultsOnly(outcome) ? ` (${DEFAULTS_ONLY})` : "");
	return prefix + labelText(verdictSentence(outcome), TITLE_MAX$1 - prefix.length - suffix.length) + suffix;
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
	const suffix = deedText(outcome);
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
	const description = `Covered by ${shortSha(coveredBy)}: ${oneLine(status.description)}`;
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
// src/report/value.ts
const LONGEST$1 = 120;
const SIZES = [
	"B",
	"KiB",
	"MiB",
	"GiB"
];
function sizeText(bytes) {
	const power = Math.min(SIZES.length - 1, Math.max(0, Math.floor(Math.log2(Math.abs(bytes) || 1) / 10)));
	return `${numberText(bytes / 1024 ** power)} ${SIZES[power]}`;
}
function numberText(value) {
	if (!Number.isFinite(value) || Math.abs(value) >= 0x38d7ea4c68000) return String(value);
	if (Number.isInteger(value)) return value < 0 ? `-${countText(-value)}` : countText(value);
	const digits = Math.abs(value) >= 1e3 ? 0 : Math.abs(value) >= 1 ? 2 : 4;
	const rounded = Number(value.toFixed(digits));
	return String(rounded === 0 ? Number(value.toPrecision(2)) : rounded);
}
function valueText(value, unit) {
	if (typeof value === "number") {
		if (!Number.isFinite(value)) return String(value);
		if (unit === "ratio") return `${numberText(Number((value * 100).toFixed(2)))}%`;
		if (unit === "duration") return durationText(value);
		return unit === "size" ? sizeText(value) : numberText(value);
	}
	if (typeof value === "string") return `"${cut$1(oneLine(value.slice(0, 1200)), LONGEST$1)}"`;
	if (value === null || typeof value === "boolean") return String(value);
	return cut$1(oneLine(JSON.stringify(value)), LONGEST$1);
}
const OPERATOR = /\s*(?:<=|>=|==|!=|<|>)\s*|\s+(?:contains|matches|in|between)\s+/u;
function subjectText(condition) {
	const at = condition.search(OPERATOR);
	return at <= 0 ? condition : condition.slice(0, at);
}
function unitOf$1(condition) {
	const limit = condition.slice(subjectText(condition).length);
	const unit = /^\s*(?:<=|>=|==|!=|<|>|between\s|in\s*\[)\s*-?[\d._]+\s*(%|[a-z]+)/iu.exec(limit)?.[1];
	if (unit === "%") return "ratio";
	if (unit !== void 0 && /^(?:ms|s|m|h|d)$/u.test(unit)) return "duration";
	return unit !== void 0 && /^(?:B|[KMG]i?B)$/u.test(unit) ? "size" : void 0;
}
function lineValueText(line, unit) {
	if (line.value === void 0) return void 0;
	const name = cut$1(oneLine(subjectText(line.condition)), LONGEST$1);
	const known = unit ?? unitOf$1(line.condition);
	const baseline = line.baseline === void 0 ? "" : ` (baseline ${valueText(line.baseline, known)})`;
	return `${name} ${valueText(line.value, known)}${baseline}`;
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
	"not-applied": "did not apply"
};
function valuesText(lines) {
	const units = new Map();
	for (const line of lines) {
		const unit = unitOf$1(line.condition);
		if (unit !== void 0) units.set(subjectText(line.condition), unit);
	}
	const values = lines.map((line) => lineValueText(line, units.get(subjectText(line.condition))));
	return [...new Set(values.filter((value) => value !== void 0))];
}
function conditionText(line) {
	const text = `${line.tier}: ${oneLine(line.condition)}`;
	return line.holds === null ? `${text} (not evaluated: ${withoutStop(oneLine(line.why ?? "no reason given"))})` : text;
}
function linesText(lines) {
	return [...valuesText(lines), ...lines.map(conditionText)].join("; ");
}
function lineColumns(lines) {
	return {
		value: valuesText(lines).join("; "),
		condition: lines.map(conditionText).join("; ")
	};
}
function samplesText(counts) {
	const samples = amountText(counts.samples, "sample");
	return counts.errors === 0 ? samples : `${samples}, ${amountText(counts.errors, "error")}`;
}
function measuredText(check) {
	const lines = linesText(check.finding?.lines ?? []);
	const measured = lines === "" ? withoutStop(oneLine(check.reason)) : lines;
	return cut$1([measured, samplesText(check)].filter((part) => part !== "").join("; "), LONGEST);
}
function findingDetail(finding) {
	const lines = linesText(finding.lines);
	const reason = withoutStop(oneLine(finding.reason));
	if (lines === "" || reason === "") return lines === "" ? reason : lines;
	return finding.lines.some((line) => reason.includes(oneLine(line.condition))) ? lines : `${reason}; ${lines}`;
}
function findingLine(name, found) {
	const { finding } = found;
	const detail = findingDetail(finding);
	const text = `${clockText(finding.at)} check "${name}" ${OUTCOME_WORDS[finding.outcome]}`;
	return cut$1(logText(`${text}${detail === "" ? "" : `: ${detail}`} (${samplesText(found)})`), LONGEST);
}
function resultLine(check) {
	const reason = withoutStop(oneLine(check.reason));
	const text = `check "${check.name}" ${VERDICT_WORDS[check.verdict]}${reason === "" ? "" : `: ${reason}`}`;
	return cut$1(logText(`${text} (${samplesText(check)})`), LONGEST);
}
function eventLine(at, event) {
	return cut$1(logText(`${clockText(at)} ${event}`), LONGEST);
}
// src/report/annotation.ts
const DEFAULT_CONFIG_FILE = ".github/deploy-gate.yml";
const TITLE_MAX = 255;
const MESSAGE_MAX_BYTES = 64e3;
const MOST$2 = 50;
function repositoryPath(path) {
	const clean = oneLine(path).replaceAll("\\", "/").replace(/^(?:\.?\/)+/u, "");
	return clean === "" || clean.length > 500 || clean.split("/").includes("..") ? void 0 : clean;
}
function lineNumber(line) {
	return line !== void 0 && Number.isSafeInteger(line) && line >= 1 ? line : 1;
}
function messageText(text) {
	const clean = cleanText(text).trim();
	return cutBytes(clean === "" ? "no details" : clean, MESSAGE_MAX_BYTES);
}
function levelOf$1(verdict, outcome) {
	return verdict === "fail" && outcome.mode !== "observe" ? "failure" : "warning";
}
const WORDS$1 = {
	fail: "failed",
	warn: "warned",
	unknown: "is unknown"
};
function checkAnnotation(check, outcome) {
	const hint = check.hint === void 0 ? [] : [`Hint: ${oneLine(check.hint)}`];
	const detail = check.evidence.length === 0 ? {} : { detail: messageText(evidenceText(check.evidence)) };
	return {
		path: repositoryPath(outcome.configFile ?? "") ?? ".github/deploy-gate.yml",
		line: lineNumber(check.line),
		level: levelOf$1(check.verdict, outcome),
		title: excerpt(`Check "${check.name}" ${WORDS$1[check.verdict] ?? check.verdict}`, TITLE_MAX),
		message: messageText([
			withStop(oneLine(check.reason)),
			`Measured: ${measuredText(check)}.`,
			...hint
		].join("\n")),
		...detail
	};
}
function spotAnnotation(spot, outcome) {
	const path = repositoryPath(spot.path);
	if (path === void 0) return [];
	const verdict = outcome.checks.find((check) => check.name === spot.check)?.verdict ?? "fail";
	return [{
		path,
		line: lineNumber(spot.line),
		level: levelOf$1(verdict, outcome),
		title: excerpt(`Named by check "${spot.check}"`, TITLE_MAX),
		message: messageText(spot.message)
	}];
}
function limited(annotations) {
	if (annotations.length <= MOST$2) return annotations;
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
// src/report/checks-table.ts
const MOST$1 = 200;
const WORDS = {
	pass: "pass",
	warn: "warn",
	fail: "fail",
	unknown: "unknown",
	"not-applied": "did not apply"
};
const MARKS$1 = {
	pass: "✅ pass",
	warn: "⚠️ warn",
	fail: "❌ fail",
	unknown: "❔ unknown",
	"not-applied": "➖ did not apply"
};
function rowOf(check, words) {
	const { value, condition } = lineColumns(check.finding?.lines ?? []);
	const shown = value === "" ? inlineText(excerpt(withoutStop(check.reason), 300)) : codeCell(excerpt(value, 300));
	return [
		words[check.verdict],
		inlineText(excerpt(check.name, 100)),
		shown,
		condition === "" ? "" : codeCell(excerpt(condition, 300)),
		samplesText(check)
	];
}
function checksTable(checks, options) {
	if (checks.length === 0) return "";
	const words = options.marks ? MARKS$1 : WORDS;
	const shown = worstFirst(checks).slice(0, MOST$1);
	const table = tableText({
		head: [
			"",
			"Check",
			"Value",
			"Condition",
			"Samples"
		],
		rows: shown.map((check) => rowOf(check, words))
	});
	const missing = checks.length - shown.length;
	return missing === 0 ? table : `${table}\n\n… and ${amountText(missing, "more check")}.`;
}
function hintText(hint) {
	const text = hint.trim();
	return /^https?:\/\/\S+$/u.test(text) ? addressLink(text) : inlineText(excerpt(text, 500));
}
function concernsList(checks) {
	return worstFirst(checks).filter(({ verdict }) => verdict !== "pass" && verdict !== "not-applied").slice(0, MOST$1).map((check) => {
		const hint = check.hint === void 0 || check.hint.trim() === "" ? "" : ` Hint: ${hintText(check.hint)}`;
		const reason = withStop(inlineText(excerpt(check.reason, 600)));
		return `- **${inlineText(excerpt(check.name, 100))}** (${WORDS[check.verdict]}): ${reason}${hint}`;
	}).join("\n");
}
// src/report/facts.ts
function commitUrl(outcome, sha) {
	const repo = outcome.service?.repo?.replace(/(?:\.git)?\/?$/u, "");
	return repo !== void 0 && /^https:\/\/[\w.-]+\/[\w.-]+\/[\w.-]+$/u.test(repo) && /^[0-9a-f]{7,64}$/iu.test(sha) ? `${repo}/commit/${sha}` : void 0;
}
function commitLink(outcome, sha) {
	return link(shortSha(sha), commitUrl(outcome, sha));
}
function timeCell(ms) {
	return ms === void 0 ? "" : `${dateTimeText(ms)} UTC`;
}
function factsTable(outcome) {
	const { deploy, service } = outcome;
	const rows = [
		["Service", link(excerpt(service?.name ?? outcome.serviceName, 100), service?.dashboardUrl)],
		["Service id", service === void 0 ? "" : codeCell(excerpt(service.id, 100))],
		["Commit", commitLink(outcome, outcome.commit)],
		["Commit message", inlineText(excerpt(deploy?.commit?.message.split("\n")[0] ?? "", 200))],
		["Commit before it (G)", outcome.previousCommit === void 0 ? "" : commitLink(outcome, outcome.previousCommit)],
		["Deploy", deploy === void 0 ? "" : link(excerpt(deploy.id, 100), outcome.deployUrl)],
		["Image", inlineText(excerpt(deploy?.image ?? "", 200))],
		["Status", inlineText(excerpt(deploy?.status ?? "", 60))],
		["Trigger", inlineText(excerpt(deploy?.trigger ?? "", 60))],
		["Created", timeCell(deploy?.createdAt)],
		["Started", timeCell(deploy?.startedAt)],
		["Live", timeCell(outcome.liveAt)],
		["Finished", timeCell(deploy?.finishedAt)],
		["Mode", outcome.mode],
		["Gate ran for", durationText(outcome.endedAt - outcome.startedAt)],
		["Requests", `${amountText(outcome.requests.render, "to Render", "to Render")}, ${amountText(outcome.requests.github, "to GitHub", "to GitHub")}`]
	];
	return tableText({
		head: ["Deploy facts", ""],
		rows: rows.filter(([, value]) => value !== "")
	});
}
function notesList(outcome) {
	return otherNotes(outcome).slice(0, 50).map((note) => `- ${inlineText(excerpt(note, 600))}`).join("\n");
}
// src/report/chart.ts
const MOST_MOMENTS = 30;
const DAY = 864e5;
function mermaidText(text, max) {
	const line = oneLine(text);
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
// src/report/summary.ts
const SUMMARY_MAX_BYTES = 921600;
const EVIDENCE_MAX$1 = 16e3;
const MARKS = {
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
function linksLine(links) {
	return [links.checkRunUrl === void 0 ? "" : link("Check run", links.checkRunUrl), links.runUrl === void 0 ? "" : link("Workflow run", links.runUrl)].filter((part) => part !== "").join(" · ");
}
function jobSummary(outcome, links = {}) {
	const name = inlineText(excerpt(outcome.service?.name ?? outcome.serviceName, 100));
	const title = `## ${MARKS[outcome.verdict]} ${VERDICT_TITLES[outcome.verdict]}: ${name} at ${commitLink(outcome, outcome.commit)}`;
	const next = nextText(outcome);
	return pageText([
		`${title}\n\n${verdictPart(outcome, decisionSentence(outcome))}`,
		headed("What was done", actionList(outcome.actions)),
		next === "" ? "" : `**Next**: ${next}`,
		headed("What the checks found", concernsList(outcome.checks)),
		headed("Checks", checksTable(outcome.checks, { marks: true })),
		headed("Notes", notesList(outcome)),
		headed("Timeline (UTC)", timelineChart(outcome)),
		...evidenceParts(outcome, EVIDENCE_MAX$1),
		factsTable(outcome),
		linksLine(links)
	], SUMMARY_MAX_BYTES);
}
// src/report/check-run.ts
const CHECK_RUN_MAX_BYTES = 65535;
const EVIDENCE_MAX = 8e3;
function momentsList(timeline) {
	const shown = timeline.slice(-100);
	const missing = timeline.length - shown.length;
	const lines = shown.map(({ at, event }) => `- ${clockText(at)} ${inlineText(excerpt(event, 300))}`);
	return [...missing === 0 ? [] : [`- … ${missing} earlier`], ...lines].join("\n");
}
function finalCheckRun(outcome) {
	const next = nextText(outcome);
	const summary = pageText([
		verdictPart(outcome, verdictSentence(outcome)),
		headed("What was done", actionList(outcome.actions)),
		next === "" ? "" : `**Next**: ${next}`,
		headed("What the checks found", concernsList(outcome.checks)),
		headed("Checks", checksTable(outcome.checks, { marks: false })),
		headed("Notes", notesList(outcome))
	], CHECK_RUN_MAX_BYTES);
	const text = pageText([
		factsTable(outcome),
		headed("Timeline (UTC)", momentsList(outcome.timeline)),
		...evidenceParts(outcome, EVIDENCE_MAX)
	], CHECK_RUN_MAX_BYTES);
	return {
		title: checkRunTitle(outcome),
		summary,
		text
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
	return cut$1(typeof value === "string" ? value : json, LONGEST_VALUE);
}
function evidenceOf({ at, from, text }) {
	return {
		at: timeOrNull(at),
		from: from ?? null,
		text
	};
}
function findingOf$1(line) {
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
function checkOf(check) {
	const { name, source, verdict, reason, samples, errors } = check;
	return {
		name,
		source,
		verdict,
		reason,
		samples,
		errors,
		findings: (check.finding?.lines ?? []).map(findingOf$1),
		evidence: check.evidence.map(evidenceOf),
		on_fail: check.onFail,
		hint: check.hint ?? null,
		line: check.line ?? null
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
		checks: outcome.checks.map(checkOf),
		actions,
		revert: outcome.revert ?? null,
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
// src/gate/publish.ts
function toldName(service) {
	return `deploy-gate / ${service}`;
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
	const { commit, mode, runUrl, output } = about;
	const name = toldName(about.service);
	const externalId = `deploy-gate:${about.service}:${commit}`.slice(0, 190);
	runner.saveState("told", JSON.stringify({
		commit,
		name,
		externalId,
		hasStatus: mode !== "observe"
	}));
	let checkRun;
	let annotated = [];
	await attempt(run, "The check run could not be opened, so the verdict is told by the job only", async () => {
		const known = await forge.findCheckRun(commit, name, externalId);
		if (known === void 0) checkRun = await forge.createCheckRun({
			sha: commit,
			name,
			externalId,
			output
		});
		else {
			checkRun = known;
			annotated = known.annotationsCount > 0 ? await forge.annotations(known.id) : [];
			await forge.updateCheckRun(known.id, { output });
		}
	});
	if (checkRun !== void 0) runner.output("check-run-url", checkRun.url);
	const told = {
		name,
		commit,
		mode,
		runUrl,
		annotated,
		...checkRun === void 0 ? {} : { checkRun: {
			id: checkRun.id,
			url: checkRun.url
		} }
	};
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
	if (checkRun === void 0) return;
	const isKnown = (annotation) => told.annotated.some((known) => known.path === annotation.path && known.line === annotation.line && known.title === annotation.title);
	const annotations = close.annotations.filter((annotation) => !isKnown(annotation));
	await attempt(run, "The verdict could not be written to the check run", () => run.forge.updateCheckRun(checkRun.id, {
		conclusion: close.conclusion,
		output: close.output,
		...annotations.length === 0 ? {} : { annotations }
	}));
}
async function publishVerdict(run, told, outcome) {
	await closeCheckRun(run, told, {
		conclusion: conclusionOf(outcome),
		output: finalCheckRun(outcome),
		annotations: outcomeAnnotations(outcome)
	});
	const status = statusText(outcome);
	if (status !== void 0) await writeStatus(run, told, status);
}
async function publishActions(run, told, outcome) {
	await closeCheckRun(run, told, {
		conclusion: conclusionOf(outcome),
		output: finalCheckRun(outcome),
		annotations: []
	});
}
async function publishMistakes(run, told, mistakes, configFile) {
	await closeCheckRun(run, told, {
		conclusion: "action_required",
		output: problemCheckRun(mistakes),
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
		output: finalCheckRun(outcome),
		annotations: []
	}), writeStatus(run, told, statusText(outcome) ?? {
		state: "error",
		description: outcome.reason
	})]);
}
async function publishJob(run, told, outcome) {
	const { runner } = run;
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
		"revert-pr-number": outcome.revert === void 0 ? void 0 : String(outcome.revert.number),
		report
	};
	for (const [name, value] of Object.entries(outputs)) if (value !== void 0) runner.output(name, value);
	const checkRunUrl = told?.checkRun?.url;
	await runner.summary(jobSummary(outcome, {
		...checkRunUrl === void 0 ? {} : { checkRunUrl },
		...told === void 0 ? {} : { runUrl: told.runUrl }
	}));
}
// src/gate/end.ts
const PASSING = new Set([
	"pass",
	"warn",
	"superseded",
	"skipped"
]);
const LAST_WORDS_MS = 2500;
async function finish(edges, told, outcome) {
	await publishJob(edges, told, outcome);
	const exitCode = outcome.mode === "observe" || PASSING.has(outcome.verdict) ? 0 : 1;
	const sentence = `${outcome.service?.name ?? outcome.serviceName}: ${verdictSentence(outcome)}`;
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
	if (course.decided !== void 0) return decidedEnd(edges, course, {
		error,
		decided: course.decided
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
		mistakes
	});
	const reason = troubleText(error);
	printStack(edges, error);
	const outcome = emptyOutcome(edges, start, {
		course,
		told,
		reason
	});
	if (told !== void 0) await publishVerdict(writerOf(edges, course), told, outcome);
	return finish(edges, told, outcome);
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
	const outcome = emptyOutcome(edges, start, {
		course,
		told,
		reason: mistakes.length === 1 && first !== void 0 ? first.message : `${mistakes.length} mistakes in inputs, config or service`
	});
	await publishJob(edges, told, {
		...outcome,
		notes: [...outcome.notes, ...mistakes.map(mistakeLine)]
	});
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
	await publishJob(edges, told, outcome);
	return {
		verdict: "unknown",
		exitCode: 1
	};
}
async function decidedEnd(edges, course, at) {
	const { error, decided } = at;
	const told = await course.opening;
	await course.closing?.catch(() => void 0);
	const why = error instanceof Canceled ? "the job was canceled" : troubleText(error);
	if (!(error instanceof Canceled)) printStack(edges, error);
	const { remedy } = course;
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
	if (told !== void 0) await publishActions(writerOf(edges, course), told, outcome);
	const ending = await finish(edges, told, outcome);
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
		verdict: "unknown",
		reason,
		mode: told?.mode ?? course.mode ?? start.inputs.mode ?? "enforce",
		serviceName: course.serviceName ?? start.inputs.service ?? "unknown service",
		...course.service === void 0 ? {} : { service: course.service },
		commit: course.commit ?? start.runSha,
		stages: [],
		checks: [],
		actions: [],
		timeline: course.teller?.timeline ?? [],
		notes: course.teller?.notes ?? [],
		deployEvidence: [],
		spots: [],
		requests: edges.requests(),
		startedAt: course.startedAt,
		endedAt: edges.clock.now()
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
// src/gate/deploy-list.ts
const HOUR_MS$1 = 36e5;
const DAY_MS = 24 * HOUR_MS$1;
const FULL_PAGE = 100;
const SECOND_LOOKS = 2;
const SECOND_LOOK_MS = 3e3;
function createDeployList(run, commit) {
	const { edges, service } = run;
	const { clock } = edges;
	const relations = new Map(commit.parents.map((sha) => [sha, "ancestor"]));
	const reads = [];
	const start = Math.min(commit.committedAt, run.startedAt) - DAY_MS;
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
		for (const query of [{ createdAfter: start - 30 * DAY_MS }, {}]) {
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
			createCommit: guarded((commit) => forge.createCommit(commit)),
			createBranch: guarded((branch, sha) => forge.createBranch(branch, sha)),
			moveBranch: guarded((branch, sha) => forge.moveBranch(branch, sha)),
			deleteBranch: guarded((branch) => forge.deleteBranch(branch)),
			merge: guarded((branch, head, message) => forge.merge(branch, head, message)),
			createPull: guarded((pull) => forge.createPull(pull)),
			updatePull: guarded((number, change) => forge.updatePull(number, change)),
			comment: guarded((number, body) => forge.comment(number, body)),
			decorate: guarded((number, wishes) => forge.decorate(number, wishes)),
			enableAutoMerge: guarded((pull) => forge.enableAutoMerge(pull))
		},
		settled: async () => {
			await Promise.allSettled(onTheirWay);
		}
	};
}
// src/core/broken-before.ts
function brokenBefore(old, now) {
	if (old?.outcome !== "fail" || now?.outcome !== "fail") return false;
	const deciding = (finding) => finding.lines.filter((line) => line.tier === "pass" ? line.holds === false : line.tier === "fail" && line.holds === true).map((line) => `${line.tier} ${line.condition}`).sort().join("\n");
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
		case "absent": return {
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
// src/core/log-facts.ts
const START_SLACK_MS = 1e3;
function requestsFrom(facts) {
	return facts.liveAt === void 0 ? void 0 : facts.liveAt + 6e4 + facts.shutdownDelayMs;
}
// src/core/log-match.ts
const ANSI = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b(?:\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]+[0-~]|[0-Z\\-_])/g;
function plainText(message) {
	return /[\u001b\u009b]/.test(message) ? message.replace(ANSI, "") : message;
}
function patternText(pattern) {
	return pattern.kind === "text" ? pattern.text : `/${pattern.source}/${pattern.flags}`;
}
function matcherOf(pattern, group) {
	const label = group === "" ? patternText(pattern) : `${group}: ${patternText(pattern)}`;
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
// src/core/compare.ts
function compare(value, condition, sha) {
	const { operator, operand } = condition;
	const name = pathText(condition.subject.path);
	const no = (why) => ({
		holds: null,
		why
	});
	switch (operator) {
		case "<":
		case "<=":
		case ">":
		case ">=": {
			if (operand.kind !== "number") return no(`${operator} compares numbers only`);
			const number = comparable(value, [operand], name);
			return typeof number === "string" ? no(number) : { holds: ordered(number, operator, operand.value) };
		}
		case "between": {
			if (operand.kind !== "range") return no("between takes two numbers");
			const { from, to } = operand;
			const number = comparable(value, [from, to], name);
			return typeof number === "string" ? no(number) : { holds: number >= from.value && number <= to.value };
		}
		case "==":
		case "!=": {
			const same = operand.kind === "deploy.sha" ? sameCommit(value, sha, name) : equal(value, operand, name);
			return same.holds === null || operator === "==" ? same : { holds: !same.holds };
		}
		case "in": return operand.kind === "list" ? anyOf(operand.items.map((item) => equal(value, item, name))) : no("in takes a list");
		case "contains": return contains(value, operand, name);
		case "matches": return operand.kind === "pattern" ? matches(value, operand, name) : no("matches takes a pattern");
	}
}
function ordered(value, operator, limit) {
	if (operator === "<") return value < limit;
	if (operator === "<=") return value <= limit;
	return operator === ">" ? value > limit : value >= limit;
}
function comparable(value, operands, name) {
	if (typeof value !== "number") return misfit(value, operands[0], name);
	if (Number.isNaN(value)) return `${name} is not a number`;
	const ratio = operands.find((operand) => operand.unit === "ratio");
	if (ratio === void 0 || value >= 0 && value <= 1) return value;
	const percent = operandText(ratio);
	return `${name} is ${value} and ${percent} compares with a ratio from 0 to 1 only: is it already a percentage (then compare with ${percent.slice(0, -1)}), or was +${percent} meant?`;
}
function misfit(value, operand, name) {
	return `${name} is ${kindOf(value)} and does not compare with ${operandText(operand)}`;
}
function kindOf(value) {
	if (value === null) return "null";
	if (Array.isArray(value)) return "a list";
	return {
		string: "text",
		number: "a number",
		boolean: "true or false"
	}[typeof value] ?? "an object";
}
function equal(value, operand, name) {
	if (operand.kind === "literal" && operand.value === null) return { holds: value === null };
	if (operand.kind === "number") {
		const number = comparable(value, [operand], name);
		return typeof number === "string" ? {
			holds: null,
			why: number
		} : { holds: number === operand.value };
	}
	if ((operand.kind === "text" || operand.kind === "literal") && typeof value === typeof operand.value) return { holds: value === operand.value };
	return {
		holds: null,
		why: misfit(value, operand, name)
	};
}
function anyOf(all) {
	return all.find((one) => one.holds === true) ?? all.find((one) => one.holds === false) ?? all[0] ?? { holds: false };
}
function sameCommit(value, sha, name) {
	if (typeof value !== "string") return {
		holds: null,
		why: `${name} is ${kindOf(value)}, not a commit`
	};
	if (sha === "") return {
		holds: null,
		why: "this deploy has no commit"
	};
	const written = value.trim().toLowerCase();
	return { holds: written.length >= 7 && sha.toLowerCase().startsWith(written) };
}
function contains(value, operand, name) {
	if (Array.isArray(value)) return { holds: value.map((member) => equal(member, operand, name)).some((member) => member.holds === true) };
	if (typeof value === "string" && operand.kind === "text") return { holds: value.includes(operand.value) };
	return {
		holds: null,
		why: misfit(value, operand, name)
	};
}
function matches(value, operand, name) {
	const texts = Array.isArray(value) ? value : [value];
	const regex = safeRegex(operand.source, operand.flags);
	if (typeof regex === "string") return {
		holds: null,
		why: regex
	};
	const text = texts.filter((text) => typeof text === "string");
	if (text.length === 0 && !Array.isArray(value)) return {
		holds: null,
		why: misfit(value, operand, name)
	};
	const searched = text.map((one) => searchText(regex, one));
	if (searched.some((search) => search.found)) return { holds: true };
	return searched.some((search) => search.cut) ? {
		holds: null,
		why: `${name} is too long to be searched whole, and its beginning does not match`
	} : { holds: false };
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
function createMeasured(check) {
	const conditions = written(check);
	const points = new Map();
	const isFunction = new Set(conditions.flatMap(({ condition: { subject } }) => subject.kind === "call" ? [subjectText$1(subject)] : []));
	let samples = 0;
	return {
		add({ at, lines }) {
			const seen = new Set();
			for (const [index, { value }] of lines.entries()) {
				const condition = conditions[index]?.condition;
				if (condition === void 0 || typeof value !== "number" || !Number.isFinite(value)) continue;
				const subject = subjectText$1(condition.subject);
				if (seen.has(subject)) continue;
				seen.add(subject);
				const list = points.get(subject) ?? [];
				points.set(subject, list);
				list.push({
					at,
					value
				});
				if (list.length > 2 * MOST_POINTS) list.splice(0, list.length, ...thinned(list));
			}
			if (seen.size > 0) samples += 1;
		},
		series(baseline) {
			return [...points].map(([subject, list]) => {
				const known = baseline?.kind === "known" ? baseline.values[subject] : void 0;
				const own = conditions.filter(({ condition }) => subjectText$1(condition.subject) === subject);
				return {
					subject,
					unit: unitOf(check, own),
					points: thinned(list),
					...known === void 0 ? {} : { baseline: known },
					limits: own.flatMap(({ tier, condition }) => limitsOf(condition, known).map((value) => ({
						tier,
						text: condition.text,
						value
					})))
				};
			});
		},
		values: () => Object.fromEntries([...points].flatMap(([subject, list]) => {
			const value = isFunction.has(subject) ? list.at(-1)?.value : medianOf(list.map((point) => point.value));
			return value === void 0 ? [] : [[subject, value]];
		})),
		samples: () => samples
	};
}
function medianOf(values) {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.length >> 1;
	const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
	return low === void 0 || high === void 0 ? void 0 : (low + high) / 2;
}
function thinned(points) {
	if (points.length <= MOST_POINTS) return points;
	const stretch = Math.ceil(2 * points.length / MOST_POINTS);
	const kept = [];
	for (let from = 0; from < points.length; from += stretch) {
		const part = points.slice(from, from + stretch);
		const low = part.reduce((least, point) => point.value < least.value ? point : least);
		const high = part.reduce((most, point) => point.value > most.value ? point : most);
		kept.push(...low === high ? [low] : low.at < high.at ? [low, high] : [high, low]);
	}
	return kept;
}
function limitsOf({ operand }, baseline) {
	switch (operand.kind) {
		case "number": return [operand.value];
		case "range": return [operand.from.value, operand.to.value];
		case "relative": return baseline === void 0 ? [] : [relativeLimit(operand, baseline)];
		default: return [];
	}
}
function relativeLimit({ by, value }, baseline) {
	if (by === "factor") return baseline * value;
	return by === "change" ? baseline + Math.abs(baseline) * value : baseline + value;
}
function unitOf({ source }, own) {
	const told = own.flatMap(({ condition: { operand } }) => operand.kind === "number" ? [operand] : operand.kind === "range" ? [operand.from, operand.to] : []).find(({ unit }) => unit !== void 0)?.unit;
	if (told !== void 0) return told;
	const head = String(own[0]?.condition.subject.path[0] ?? "");
	if (own.some(({ condition: { operand } }) => operandText(operand).endsWith("pp"))) return "ratio";
	if (source.kind === "http" && head === "latency") return "duration";
	if (source.kind === "logs" && (head === "gap" || head === "duration")) return "duration";
	if (source.kind !== "metric" || head !== "value") return "number";
	if (source.ofLimit || source.asRatio) return "ratio";
	if (source.name === "http_latency") return "duration";
	return source.name === "memory" ? "size" : "number";
}
// src/core/series.ts
const HOUR_MS = 36e5;
function seriesValue(name, series, span) {
	const from = span.windowMs === void 0 ? -1e400 : span.at - span.windowMs;
	const points = series.filter((point) => point.at >= from && point.at <= span.at && Number.isFinite(point.value));
	const values = points.map((point) => point.value);
	if (values.length === 0) return { why: "no number was sampled yet" };
	switch (name) {
		case "p50": return { value: percentile(values, 50) };
		case "p95": return { value: percentile(values, 95) };
		case "p99": return { value: percentile(values, 99) };
		case "avg": return { value: sum(values) / values.length };
		case "sum": return { value: sum(values) };
		case "max": return { value: values.reduce((most, value) => Math.max(most, value)) };
		case "min": return { value: values.reduce((least, value) => Math.min(least, value)) };
		case "trend": return span.at - span.since < (span.windowMs ?? 0) ? {
			why: "the window has not filled yet",
			cause: "open"
		} : slopePerHour(points);
	}
}
function sum(values) {
	return values.reduce((total, value) => total + value, 0);
}
function percentile(values, percent) {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.max(1, Math.ceil(percent / 100 * sorted.length)) - 1] ?? NaN;
}
function slopePerHour(points) {
	const meanAt = sum(points.map((point) => point.at)) / points.length;
	const meanValue = sum(points.map((point) => point.value)) / points.length;
	const spread = sum(points.map((point) => (point.at - meanAt) ** 2));
	if (spread === 0) return { why: "a trend needs samples of two moments" };
	return { value: sum(points.map((point) => (point.at - meanAt) * (point.value - meanValue))) / spread * HOUR_MS };
}
// src/core/evaluate.ts
function evaluateCondition(condition, tier, scope) {
	const line = {
		condition: condition.text,
		tier
	};
	const read = readSubject(condition.subject, scope);
	if ("why" in read) return {
		...line,
		holds: null,
		...read
	};
	const { value } = read;
	const { operand } = condition;
	if (operand.kind !== "relative") {
		const result = compare(value, condition, scope.sha);
		return {
			...line,
			value,
			...result
		};
	}
	const name = subjectText$1(condition.subject);
	const known = scope.baseline ?? {
		kind: "none",
		why: "the check has none",
		isYet: false
	};
	if (known.kind === "none") return {
		...line,
		value,
		holds: null,
		...withoutBaseline(known, name)
	};
	const baseline = Object.hasOwn(known.values, name) ? known.values[name] : void 0;
	if (baseline === void 0) return {
		...line,
		value,
		holds: null,
		why: `no baseline for ${name}: ${known.from} did not measure it`
	};
	const seen = {
		...line,
		value,
		baseline
	};
	if (typeof value !== "number") return {
		...seen,
		holds: null,
		why: `${name} is not a number`
	};
	if (scope.floor !== void 0 && Math.max(value, baseline) < scope.floor) return {
		...seen,
		holds: null,
		why: `value and baseline are under the floor of ${scope.floor}`
	};
	if (operand.by === "points" && !(isRatio(value) && isRatio(baseline))) return {
		...seen,
		holds: null,
		why: `percentage points compare ratios from 0 to 1 only`
	};
	const limit = relativeLimit(operand, baseline);
	const absolute = {
		operator: condition.operator,
		operand: {
			kind: "number",
			value: limit
		}
	};
	return {
		...seen,
		...compare(value, {
			...condition,
			...absolute
		}, scope.sha)
	};
}
function valueAt(subjects, path) {
	let here = subjects;
	for (const step of path) {
		if (typeof here !== "object" || here === null) return void 0;
		if (isList(here) !== (typeof step === "number") || !Object.hasOwn(here, step)) return void 0;
		here = here[step];
	}
	return here;
}
function readSubject(subject, scope) {
	const name = pathText(subject.path);
	if (subject.kind === "call" && subject.name !== "len" && subject.name !== "has") {
		const { name, path, windowMs } = subject;
		const span = {
			at: scope.at,
			since: scope.since,
			...windowMs === void 0 ? {} : { windowMs }
		};
		return seriesValue(name, scope.series(path), span);
	}
	const value = valueAt(scope.subjects, subject.path);
	if (subject.kind === "call" && subject.name === "has") return { value: value !== void 0 };
	if (value === void 0) {
		const { baseline } = scope;
		if (subject.path[0] === "new_rows" && baseline?.kind === "none") return withoutBaseline(baseline, name);
		return scope.open?.includes(String(subject.path[0])) === true ? {
			why: `${name} has no value yet: its window has not filled`,
			cause: "open"
		} : { why: `${name} is missing` };
	}
	if (subject.kind === "path") return { value };
	if (typeof value === "string" || isList(value)) return { value: value.length };
	if (typeof value === "object" && value !== null) return { value: Object.keys(value).length };
	return { why: `${name} is neither text nor a list nor an object, so it has no length` };
}
function withoutBaseline({ why, isYet }, name) {
	const cause = isYet ? { cause: "no baseline yet" } : {};
	return {
		why: `no baseline for ${name}: ${why}`,
		...cause
	};
}
function isList(value) {
	return Array.isArray(value);
}
function isRatio(value) {
	return value >= 0 && value <= 1;
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
function linesOf(check, scope) {
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
	const why = line.why ?? "no value";
	if (line.cause === "no baseline yet") return `${line.condition} not compared: ${why}`;
	if (line.cause === "open") return `${line.condition} not judged yet: ${why}`;
	if (line.holds === null) return `${line.condition} not evaluated: ${why}`;
	const value = line.value === void 0 ? "no value" : shownValue(line.value);
	if (line.tier === "pass" && !line.holds) return `wanted ${line.condition}, got ${value}`;
	if (line.tier !== "pass" && !line.holds) return `${line.condition} does not hold (${value})`;
	if (line.tier !== "pass") return `${line.tier}s on ${line.condition}, got ${value}`;
	return `${line.condition} (${value})`;
}
function keptLine(line, keep) {
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
function shownValue(value) {
	const text = typeof value === "number" ? String(Math.round(value * 1e3) / 1e3) : JSON.stringify(value);
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
	if (sample.at < context.liveAt + check.graceMs) return plain("none", sample.kind === "error" ? `in grace: ${sample.reason}` : "in grace");
	if (sample.kind === "error" || sample.kind === "none") return plain(sample.kind, sample.reason);
	const { partial = [], open = [] } = sample.kind === "ok" ? sample : {};
	const floor = check.floor === void 0 ? {} : { floor: check.floor };
	const scope = {
		...scopeOf(sample.at, sample.subjects, context),
		partial,
		open,
		...floor
	};
	const keptLines = () => linesOf(check, scope).map((line) => keptLine(line, context.keep));
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
	if (sample.pending !== void 0 && outcome !== "fail") return plain("none", sample.pending);
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
const MAX_EVIDENCE_LENGTH = 2e3;
const MAX_COUNTED = 1e5;
function createTally(check, source, keep) {
	const matchers = (groups) => groups.flatMap((group) => group.patterns.map((pattern) => matcherOf(pattern, group.name)));
	const forbidden = matchers(source.forbid);
	const required = matchers(source.require);
	const found = required.map(() => void 0);
	const hits = new Map();
	const cut = new Set();
	let evidence = [];
	let first;
	let newest;
	const isWanted = (line) => source.levels.length === 0 || source.levels.includes(levelOf(line.level));
	return {
		check,
		source,
		isForbidden: ({ line, message }) => isWanted(line) && forbidden.some((matcher) => matcher.search(message).found),
		add({ line, message, id }) {
			if (newest === void 0 || line.at > newest.at) newest = {
				at: line.at,
				from: line.instance ?? line.type
			};
			if (!isWanted(line)) return false;
			let kept;
			const shown = () => kept ??= {
				at: line.at,
				text: keep(message).slice(0, MAX_EVIDENCE_LENGTH),
				from: line.instance ?? line.type
			};
			const has = (matcher) => {
				const search = matcher.search(message);
				if (!search.found && search.cut && cut.size < MAX_COUNTED) cut.add(id);
				return search.found;
			};
			for (const [index, matcher] of required.entries()) {
				const known = found[index];
				if ((known === void 0 || line.at < known.at) && has(matcher)) found[index] = shown();
			}
			if (hits.has(id) || hits.size >= MAX_COUNTED || !forbidden.some(has)) return false;
			hits.set(id, {
				at: line.at,
				from: line.instance ?? line.type
			});
			if (first === void 0 || line.at < first.at) first = line;
			if (evidence.length < 20) evidence.push(shown());
			return true;
		},
		drop(isForeign) {
			for (const [id, hit] of hits) if (isForeign(hit)) hits.delete(id);
			for (const [index, one] of found.entries()) if (one !== void 0 && isForeign(one)) found[index] = void 0;
			evidence = evidence.filter((one) => !isForeign(one));
			if (first !== void 0 && isForeign({
				at: first.at,
				from: first.instance ?? first.type
			})) first = void 0;
			if (newest !== void 0 && isForeign(newest)) newest = void 0;
		},
		hasLines: () => newest !== void 0,
		matches: () => hits.size,
		cutLines: () => cut.size,
		required: () => required.map(({ label }, index) => {
			const one = found[index];
			return one === void 0 ? { label } : {
				label,
				first: one
			};
		}),
		evidence: () => evidence.toSorted((a, b) => a.at - b.at),
		first: () => first
	};
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
	}) ?? (awaited.kind === "unmeasured" ? awaited.reason : void 0) ?? unsureText(unsure);
	if (doubt !== void 0 && !failsAnyway(tally, at)) return {
		kind: "error",
		at,
		reason: doubt
	};
	return okSample(tally, {
		at,
		awaited,
		doubt,
		keep
	});
}
function unmeasured(tally, { facts, hasOwn }) {
	const { source } = tally;
	if (facts.gap !== void 0) return facts.gap;
	if (!hasOwn) return "no log line of this deploy was read";
	if (source.type === "app" && facts.hasInstances && !facts.knowsNewInstances) return "the new version's instances are not known";
	if (source.type === "request" && !tally.hasLines()) return "no request line was read; only workspaces of the Professional plan and above have them";
}
function unsureText(instances) {
	if (instances.length === 0) return void 0;
	return `instance ${[...new Set(instances)].join(", ")} wrote a forbidden line, and whether it is old or new cannot be said`;
}
function failsAnyway(tally, at) {
	const matches = tally.matches();
	const scope = {
		at,
		since: at,
		series: () => [],
		sha: ""
	};
	return matches > 0 && [matches, Number.MAX_SAFE_INTEGER].every((count) => outcomeOf(linesOf(tally.check, {
		...scope,
		subjects: { matches: count }
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
		reason: wanted
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
	if (!tally.hasLines()) {
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
function okSample(tally, about) {
	const { at, awaited, doubt, keep } = about;
	const { found, missing } = awaited;
	const isKnown = awaited.kind === "known";
	const evidence = tally.evidence();
	const cut = tally.cutLines();
	const note = [
		...awaited.kind === "none" ? [] : [`${found.length}/${found.length + missing.length} lines found`],
		...missing.length > 0 ? [`missing: ${keep(missing.join(" | "))}`] : [],
		...cut > 0 ? [`${cut} long lines were searched in their beginning only`] : [],
		...doubt === void 0 ? [] : [doubt]
	].join("; ");
	return {
		kind: "ok",
		at,
		subjects: {
			matches: tally.matches(),
			...isKnown ? {
				found: found.length,
				missing: missing.length
			} : {}
		},
		evidence: [
			...evidence,
			...isKnown ? missing.map((label) => ({ text: keep(`missing: ${label}`) })) : [],
			...evidence.length === 0 && missing.length === 0 ? found.slice(0, 20) : []
		],
		...note === "" ? {} : { note },
		...awaited.kind === "open" ? { pending: awaited.reason } : {}
	};
}
// src/core/log-book.ts
const MAX_TRACE_LINES = 200;
const LINES_AFTER_MATCH = 40;
const MAX_UNPLACED = 2e3;
const MAX_UNPLACED_CHARACTERS = 8e6;
const MAX_LINE_LENGTH = 65536;
function createLogBook(options) {
	const { keep } = options;
	const tallies = new Map(options.checks.flatMap((check) => check.source.kind === "logs" ? [[check.name, createTally(check, check.source, keep)]] : []));
	const traces = new Map();
	const following = new Map();
	let unplaced = new Map();
	let unplacedCharacters = 0;
	let linesRead = 0;
	let newestOwn = -1e400;
	let startedAt = -1e400;
	let lagMs;
	let hasLost = false;
	function currentFacts() {
		const facts = options.facts();
		if (facts.startedAt > startedAt) {
			const start = facts.startedAt - START_SLACK_MS;
			for (const tally of tallies.values()) {
				const hasInstances = tally.source.type === "app" && facts.hasInstances;
				tally.drop(({ at, from }) => at < start || hasInstances && facts.isNew(from, at) !== true);
			}
		}
		({startedAt} = facts);
		return facts;
	}
	function readOwn(line) {
		linesRead += 1;
		newestOwn = Math.max(newestOwn, line.at);
	}
	function count(plain) {
		for (const tally of tallies.values()) {
			if (tally.source.type !== plain.line.type || !tally.add(plain)) continue;
			const trace = traces.get(tally.check.name) ?? [];
			traces.set(tally.check.name, trace);
			extend(trace, plain.message);
			following.set(sourceOf(plain.line), {
				trace,
				from: plain.line.at,
				left: LINES_AFTER_MATCH
			});
		}
	}
	function follow({ line, message }) {
		const watch = following.get(sourceOf(line));
		if (watch === void 0 || line.at < watch.from) return;
		watch.left -= 1;
		extend(watch.trace, message);
		if (watch.left <= 0) following.delete(sourceOf(line));
	}
	function place(line, facts) {
		const isNew = belongs(line, facts);
		if (isNew !== true) return isNew === false;
		const message = plainText(line.message);
		const id = idOf(line);
		if (line.instance !== void 0 || line.type === "request") readOwn(line);
		follow({
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
	function keepUnplaced(line) {
		const id = idOf(line);
		const isFull = unplaced.size >= MAX_UNPLACED || unplacedCharacters + line.message.length > MAX_UNPLACED_CHARACTERS;
		if (unplaced.has(id)) return;
		if (isFull) {
			hasLost = true;
			return;
		}
		unplaced.set(id, line);
		unplacedCharacters += line.message.length;
	}
	function unsureOf(tally) {
		return [...unplaced.values()].flatMap((line) => {
			if (line.instance === void 0 || line.type !== tally.source.type) return [];
			const message = plainText(line.message);
			return tally.isForbidden({
				line,
				message,
				id: line.id
			}) ? [line.instance] : [];
		});
	}
	return {
		add(full, arrivedAt) {
			const line = full.message.length > MAX_LINE_LENGTH ? {
				...full,
				message: full.message.slice(0, MAX_LINE_LENGTH)
			} : full;
			const facts = currentFacts();
			if (line.instance === void 0 && line.type !== "request" && line.at >= facts.startedAt - 1e3) readOwn(line);
			if (arrivedAt !== void 0) lagMs = Math.max(lagMs ?? 0, arrivedAt - line.at);
			if (!place(line, facts)) keepUnplaced(line);
		},
		reclassify() {
			const facts = currentFacts();
			const waiting = unplaced;
			unplaced = new Map();
			unplacedCharacters = 0;
			for (const line of waiting.values()) if (!place(line, facts)) keepUnplaced(line);
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
			const gap = hasLost && tally.source.type === "app" ? { gap: facts.gap ?? LOST } : {};
			return logSample(tally, {
				at,
				facts: {
					...facts,
					...gap
				},
				keep,
				hasOwn,
				unsure: unsureOf(tally)
			});
		},
		unsure: () => [...new Set([...tallies.values()].flatMap(unsureOf))],
		wanted() {
			const { liveAt = 1e400 } = currentFacts();
			return [...tallies.values()].flatMap((tally) => {
				const { forbid, require, withinMs } = tally.source;
				const deadline = liveAt + withinMs;
				const required = tally.required();
				return [...forbid.flatMap((group) => group.patterns), ...require.flatMap((group) => group.patterns).filter((_pattern, index) => (required[index]?.first?.at ?? 1e400) > deadline)];
			});
		},
		lagMs: () => lagMs,
		linesRead: () => linesRead,
		traceOf: (check) => traces.get(check) ?? [],
		firstMatch: (check) => tallies.get(check)?.first()
	};
}
const LOST = "instances that are not known to be old or new wrote more lines than could be kept";
function idOf(line) {
	return line.id === "" ? `${line.timestamp} ${line.instance ?? ""} ${line.message}` : line.id;
}
function sourceOf(line) {
	return line.instance ?? line.type;
}
function extend(trace, message) {
	if (trace.length < MAX_TRACE_LINES && trace.at(-1) !== message) trace.push(message);
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
// src/core/new-instances.ts
const SLACK_MS = 1e4;
const NO_INSTANCES = { seen: new Map() };
function withInstances(book, instances, isBeforeUpdate) {
	const seen = new Map(book.seen);
	for (const instance of instances) seen.set(instance.suffix, instance.createdAt);
	if (isBeforeUpdate) return {
		...book,
		seen,
		before: new Set([...book.before ?? [], ...instances.map(({ suffix }) => suffix)])
	};
	return {
		...book,
		seen
	};
}
function isNewInstance(book, suffix, deploy) {
	const { before, old, newerFrom = 1e400 } = book;
	if (before?.has(suffix) === true || old?.has(suffix) === true) return false;
	const createdAt = book.seen.get(suffix);
	if (createdAt !== void 0 && createdAt <= (book.oldUntil ?? -1e400) - SLACK_MS) return false;
	if (newerFrom < 1e400 && (createdAt ?? 1e400) >= newerFrom) return false;
	if (before !== void 0) return true;
	return createdAt === void 0 ? void 0 : createdAt >= (deploy.startedAt ?? deploy.createdAt);
}
function isNewAt(book, heard, deploy) {
	const { listedAt = 1e400, checkedAt = 1e400 } = book;
	const isNew = isNewInstance(book, heard.suffix, deploy) ?? (heard.at >= listedAt + SLACK_MS ? true : void 0);
	if (isNew === true && book.listedAt === void 0 && !book.seen.has(heard.suffix)) return void 0;
	const isUnchecked = (book.seen.get(heard.suffix) ?? heard.at) > checkedAt;
	return isNew === true && isUnchecked ? void 0 : isNew;
}
function newInstances(book, deploy) {
	return [...book.seen.keys()].filter((suffix) => isNewInstance(book, suffix, deploy) === true);
}
// src/core/verdict.ts
const RANK$1 = {
	fail: 5,
	unknown: 4,
	warn: 3,
	pass: 2,
	superseded: 1,
	skipped: 0
};
function worstOf(verdicts) {
	return verdicts.reduce((worst, verdict) => worst === void 0 || RANK$1[verdict] > RANK$1[worst] ? verdict : worst, void 0) ?? "unknown";
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
		const worst = known === void 0 || RANK[result.verdict] >= RANK[known.verdict] ? result : known;
		merged.set(result.name, {
			...worst,
			samples: (known?.samples ?? 0) + result.samples,
			errors: (known?.errors ?? 0) + result.errors,
			series: result.series
		});
	}
	return [...merged.values()];
}
function stagesVerdict(finished, cutShort) {
	const worst = worstOf(finished.map(({ decision }) => decision.verdict));
	const deciding = finished.find(({ decision }) => decision.verdict === worst);
	const isAlone = finished.length + (cutShort === void 0 ? 0 : 1) === 1;
	const told = ({ stage, decision }) => isAlone ? decision : {
		...decision,
		reason: `stage ${stage.name}: ${decision.reason}`
	};
	if (cutShort === void 0) return deciding === void 0 ? {
		verdict: "unknown",
		reason: "no stage was watched"
	} : told(deciding);
	const cut = watchVerdict(cutShort.ending, cutShort.results);
	if (deciding === void 0) return cut;
	if (cut.verdict !== "superseded" && worstOf([cut.verdict, worst]) === cut.verdict) return {
		...cut,
		reason: `stage ${cutShort.name}: ${cut.reason}`
	};
	return {
		...told(deciding),
		reason: `${told(deciding).reason}; in stage ${cutShort.name} ${cut.reason}`
	};
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
const MOST_ROWS = 20;
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
				maxRows: MOST_ROWS
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
				found.set(check.name, evidence);
				return evidence;
			});
			all.catch(() => void 0);
			asked.set(check.name, all);
		},
		async results() {
			await waitFor(run, Promise.all(asked.values()), PATIENCE_MS$1);
			const missing = [...asked.keys()].filter((name) => !found.has(name)).map((name) => [name, [{ text: "the queries of diagnose did not answer in time" }]]);
			return new Map([...found, ...missing]);
		}
	};
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
const MOST_LINES$1 = 5e3;
const LONGEST_LINE = 2e3;
const MOST_FRAMES = 500;
const LONGEST_MESSAGE = 500;
const CHAINED = /^[\s|]*(?:The above exception was the direct cause of|During handling of the above exception, another)/;
function framesOf(lines) {
	const texts = lines.slice(0, MOST_LINES$1).flatMap(split).slice(0, MOST_LINES$1);
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
const LAST_LINES = 40;
const LAST_LINES_MS = 6e4;
const AROUND_MS = 3e3;
async function failureEvidence(run, deploy) {
	const { edges, service } = run;
	try {
		const { lines = [] } = await waitFor(run, edges.logs.read({
			ownerId: service.ownerId,
			serviceId: service.id,
			from: deploy.startedAt ?? deploy.createdAt,
			to: edges.clock.now(),
			types: deploy.status === "build_failed" ? ["build"] : ["build", "app"],
			maxLines: LAST_LINES,
			direction: "backward"
		}), LAST_LINES_MS) ?? {};
		return lines.slice(-40).map((line) => ({
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
function failureOf(deploy, events) {
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
		const failure = failureOf(deploy, await readEvents(run, deploy.createdAt - 1e3));
		if (failure.blame !== "unknown" || tries === EVENT_TRIES) return failure;
		await wait(run, EVENT_PAUSE_MS);
	}
}
// src/gate/absence.ts
const EVENTS_MS = 3e4;
const BEFORE_MS = 6e5;
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
				events = await readEvents(run, startedAt - BEFORE_MS) ?? events;
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
// src/gate/ask-deploy.ts
const LOOK_MS$1 = 3e3;
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
		await wait(run, LOOK_MS$1);
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
	const { list } = options;
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
			const following = await list.look();
			unreadableSince = void 0;
			return following;
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
		const following = await patientLook();
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
				if (plan.deploy.trigger && !actions.some((action) => action.kind === "trigger")) {
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
				if (ending !== void 0) return done(ending);
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
const MOST_CHARACTERS$1 = 2e3;
function filterTexts(patterns) {
	const texts = patterns.map(textOf);
	const known = texts.flatMap((text) => text === void 0 ? [] : [text]);
	if (known.length < texts.length) return void 0;
	const isWide = patterns.some((pattern) => pattern.kind === "pattern" && !/^[\w|()?:]+$/.test(pattern.source));
	return grouped([...new Set([...known, ...isWide ? [COLOURED] : []])]);
}
function textOf(pattern) {
	if (pattern.kind === "pattern") return re2Of(pattern);
	return `/${(pattern.text.match(/\w+|\W/gu) ?? []).map((text) => re2Of({
		kind: "text",
		text
	})?.slice(1, -1)).join(COLOUR)}/`;
}
function grouped(texts) {
	const groups = [];
	let length = 1e400;
	for (const text of texts) {
		if (length + text.length > MOST_CHARACTERS$1) {
			groups.push([]);
			length = 0;
		}
		groups.at(-1)?.push(text);
		length += text.length;
	}
	return groups;
}
// src/gate/log-reader.ts
const POLL_MS = 1e4;
const OVERLAP_MS = 3e4;
const PROBE_MS = 6e4;
const LATE_MS = 15e3;
const FEW_LINES = 100;
const SOME_LINES = 300;
const MOST_LINES = 2e3;
const SLOW_MS = 1e4;
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
	let downs = 0;
	let missingFrom;
	let lastPoll = -1e400;
	let lastProbe = -1e400;
	let problem;
	let isScarce = false;
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
	const isDue = (last, everyMs) => clock.now() - last >= everyMs;
	function lost(since, reason) {
		upSince = void 0;
		downs += 1;
		missingFrom = Math.min(missingFrom ?? since, since);
		teller.line(logText(`Log stream ${reason}; polling instead`));
	}
	async function readWindow(from, to, most) {
		const asked = clock.now();
		const maxLines = isScarce ? FEW_LINES : most;
		const newest = await logs.read({
			...queryOf(from, to),
			maxLines,
			direction: "backward"
		});
		isScarce = clock.now() - asked > SLOW_MS;
		for (const line of newest.lines) book.add(line);
		if (newest.complete) return true;
		for (const texts of filterTexts(book.wanted()) ?? [void 0]) {
			const query = texts === void 0 ? queryOf(from, to) : {
				...queryOf(from, to),
				texts
			};
			const found = await logs.read({
				...query,
				maxLines: MOST_LINES,
				direction: "forward"
			});
			for (const line of found.lines) book.add(line);
			if (!found.complete) return false;
		}
		return true;
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
		if (!await attempt(() => readWindow(isUp ? since : since - OVERLAP_MS, now, isUp ? SOME_LINES : FEW_LINES)) || seenDowns !== downs) return;
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
				whole = await attempt(() => readWindow(from, to, SOME_LINES));
			});
			await reading;
			if (broken !== void 0) throw broken;
			if (whole && seenDowns === downs) missingFrom = upSince === void 0 ? to : void 0;
			if (!whole) teller.note(`The log window could not be read once more: ${problem ?? "no reason is known"}`);
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
		gap: () => problem === void 0 ? void 0 : `log lines could not be read: ${problem}`,
		stop: () => stopping.abort(),
		wakeSignal() {
			if (wake.signal.aborted) wake = new AbortController();
			return wake.signal;
		}
	};
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
// src/core/series-book.ts
function createSeries(check) {
	const conditions = [
		...check.pass,
		...check.warn,
		...check.fail,
		...check.need === void 0 ? [] : [check.need]
	];
	const points = new Map();
	for (const { subject } of conditions) if (subject.kind === "call") points.set(JSON.stringify(subject.path), {
		path: subject.path,
		list: []
	});
	return {
		add(at, subjects) {
			for (const { path, list } of points.values()) {
				const value = valueAt(subjects, path);
				if (typeof value === "number" && Number.isFinite(value)) list.push({
					at,
					value
				});
			}
		},
		of: (path) => points.get(JSON.stringify(path))?.list ?? []
	};
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
// src/gate/old-version.ts
const BEFORE_UPDATE = new Set([
	"queued",
	"created",
	"build_in_progress",
	"pre_deploy_in_progress"
]);
function createOldVersion(run, sampler) {
	const { plan, edges, teller, commit } = run;
	const { clock } = edges;
	const [stage] = plan.stages;
	const findings = new Map();
	const measured = new Map();
	const rows = new Map();
	const series = new Map(plan.checks.map((check) => [check.name, createSeries(check)]));
	const checks = plan.checks.filter((check) => check.source.kind === "http" || check.source.kind === "sql");
	const due = new Map();
	const tasks = createTasks();
	let isOld = true;
	let isTold = checks.length === 0;
	let seenUntil;
	async function take(check) {
		const now = clock.now();
		const sample = await sampler.take(check, {
			liveAt: now,
			stageStart: now,
			isNew: () => void 0
		});
		if (!isOld) return;
		const own = series.get(check.name);
		if (sample.kind === "ok" || sample.kind === "failing") own?.add(sample.at, sample.subjects);
		const moment = {
			liveAt: now,
			since: now,
			sha: commit,
			series: own?.of ?? (() => []),
			latest: {},
			keep: edges.redact
		};
		const finding = findingOf({
			...check,
			graceMs: 0
		}, sample, moment);
		if (!findings.has(check.name)) findings.set(check.name, finding);
		if (sample.kind !== "ok") return;
		const numbers = measured.get(check.name) ?? createMeasured(check);
		measured.set(check.name, numbers);
		numbers.add(finding);
		if (sample.rows === void 0) return;
		const known = rows.get(check.name) ?? new Set();
		rows.set(check.name, known);
		for (const row of sample.rows) known.add(row);
	}
	function tell() {
		if (isTold || run.signal.aborted || findings.size < checks.length) return;
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
				const isCompared = check.baseline === "while-building";
				if (wasDue !== void 0 && (!isCompared || now < wasDue)) continue;
				due.set(check.name, nextBeat(wasDue ?? now, beatMs(check, stage), now));
				tasks.start(check.name, () => take(check).then(tell));
			}
		}
	};
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
const SWITCH_MS = 6e4;
const LONGEST_SHUTDOWN_MS = 3e5;
function excuseOf(event, context) {
	if (event.failure?.evicted === true) return "evicted";
	if (event.user !== void 0) return "by a person";
	if (isHardware(event, context.events)) return "hardware";
	if (isDuringMaintenance(event, context.events)) return "maintenance";
	return (event.instanceId === void 0 ? void 0 : context.isNew(event.instanceId, event.at)) === false ? "old instance" : void 0;
}
function isUnsure(event, context) {
	const { liveAt, shutdownDelayMs = LONGEST_SHUTDOWN_MS, checkedAt = 1e400 } = context;
	if (event.at >= liveAt + SWITCH_MS + shutdownDelayMs && event.at <= checkedAt) return false;
	if (event.instanceId === void 0) return event.type === "server_failed";
	return context.isNew(event.instanceId, event.at) === void 0;
}
function eventSample(context) {
	const { at, keep } = context;
	const mine = context.events.filter((event) => context.types.includes(event.type) && event.at >= context.liveAt);
	const excused = mine.flatMap((event) => excuseOf(event, context) ?? []);
	const relevant = mine.filter((event) => excuseOf(event, context) === void 0);
	const unsure = relevant.filter((event) => isUnsure(event, context));
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
// src/core/http-sample.ts
const MAX_BODY_SHOWN = 600;
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
function edgeReason(answer) {
	if (answer.status === 429) return "the edge answered 429: too many requests";
	if (answer.headers["cf-mitigated"] !== void 0) return `the edge challenged the request (cf-mitigated: ${answer.headers["cf-mitigated"]})`;
}
function allowsStatus(check, at, status) {
	const about = (conditions) => conditions.filter(({ subject }) => subject.kind === "path" && subject.path[0] === "status");
	const outcome = outcomeOf(linesOf({
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
				text: reason,
				from: "http"
			}]
		};
	}
	const edge = edgeReason(answer);
	if (edge !== void 0) return {
		kind: "error",
		at,
		reason: `${what}: ${edge}`
	};
	const requestId = answer.headers["rndr-id"];
	const evidence = [{
		at,
		from: "http",
		text: keep(`${what}: ${answer.status} in ${Math.round(answer.latencyMs)} ms${requestId === void 0 ? "" : ` (rndr-id ${requestId})`}${answer.body === "" ? "" : `\n${cutBody(answer.body, keep)}`}`)
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
// src/gate/sample.ts
const MAX_ROWS = 1e3;
const MAX_ROWS_SHOWN = 10;
const MAX_ROW_SHOWN = 2e3;
const FIRST_FREE_ANSWER_MS = 15e4;
const EVENTS_FRESH_MS = 5e3;
const EVENTS_BACK_MS = 864e5;
const SLEEPS_AFTER_MS = 84e4;
function createSampler(run, options) {
	const { edges, service, plan, commit, signal } = run;
	const { clock, prober, database, deploys, redact } = edges;
	const base = baseUrl(service, options.customDomains);
	const ownHosts = new Set([service.url, base].flatMap((url) => url !== void 0 && URL.canParse(url) ? [new URL(url).host] : []).concat(options.customDomains));
	const eventTypes = [...new Set(plan.checks.flatMap((check) => check.source.kind === "events" ? check.source.types : []).concat(EXCUSING_EVENTS))];
	let earliestLiveAt = 1e400;
	const recentEvents = shared(clock, () => deploys.events(service.id, {
		from: Math.min(clock.now(), earliestLiveAt) - EVENTS_BACK_MS,
		to: clock.now() + 6e4,
		types: eventTypes
	}));
	const currentExcuse = shared(clock, readExcuse);
	let answeredAt = -1e400;
	async function takeHttp(check, source, moment) {
		let at = clock.now();
		if (isPath(source.url) && base === void 0) return {
			kind: "error",
			at,
			reason: "the service has no public address to ask"
		};
		const url = isPath(source.url) ? new URL(source.url, base) : new URL(source.url);
		const isOwnHost = ownHosts.has(url.host);
		const isAsleep = isOwnHost && service.plan === "free" && at - answeredAt > SLEEPS_AFTER_MS;
		const timeoutMs = isAsleep ? Math.max(source.timeoutMs, FIRST_FREE_ANSWER_MS) : source.timeoutMs;
		const request = {
			method: source.method,
			url: url.href,
			headers: source.headers,
			timeoutMs,
			signal: moment.signal === void 0 ? signal : AbortSignal.any([signal, moment.signal]),
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
		const reason = (answer.kind === "silence" || answer.status >= 500) && isOwnHost ? await currentExcuse() : void 0;
		return httpSample(check, answer, {
			at,
			what: `${source.method} ${isPath(source.url) ? source.url : `${url.origin}${url.pathname}`}`,
			isOwnHost,
			keep: redact,
			...reason === void 0 ? {} : { excuse: reason }
		});
	}
	async function readExcuse() {
		try {
			const fresh = await deploys.service(service.id);
			if (fresh?.suspended) return "the service is suspended";
			if (fresh?.maintenanceMode) return "maintenance mode is on";
			return (await recentEvents()).findLast(({ type }) => type === "maintenance_started" || type === "maintenance_ended")?.type === "maintenance_started" ? "Render's maintenance is in progress" : void 0;
		} catch (error) {
			if (!(error instanceof ServiceProblem)) throw error;
			return "Render's API did not answer either, so the runner's own network may be the cause";
		}
	}
	async function takeSql(source, moment) {
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
		const evidence = rows.slice(0, MAX_ROWS_SHOWN).map((row) => ({
			at,
			text: redact(JSON.stringify(row)).slice(0, MAX_ROW_SHOWN),
			from: `database ${source.database}`
		}));
		return {
			kind: "ok",
			at,
			subjects: {
				...rows[0],
				rows: rows.length
			},
			evidence,
			...cut ? {
				note: `at least ${rows.length} rows`,
				partial: ["rows"]
			} : {}
		};
	}
	async function takeEvents(source, moment) {
		const at = clock.now();
		const events = await recentEvents();
		return eventSample({
			at,
			liveAt: moment.liveAt,
			types: source.types,
			events,
			isNew: moment.isNew,
			...moment.checkedAt === void 0 ? {} : { checkedAt: moment.checkedAt },
			shutdownDelayMs: service.shutdownDelayMs,
			keep: redact
		});
	}
	return { async take(check, moment) {
		const { source } = check;
		earliestLiveAt = Math.min(earliestLiveAt, moment.liveAt);
		try {
			switch (source.kind) {
				case "http": return await takeHttp(check, source, moment);
				case "sql": return await takeSql(source, moment);
				case "events": return await takeEvents(source, moment);
				case "logs": return options.book?.sample(check, clock.now()) ?? {
					kind: "error",
					at: clock.now(),
					reason: "no log reader"
				};
				default: return {
					kind: "error",
					at: clock.now(),
					reason: `no source ${source.kind} yet`
				};
			}
		} catch (error) {
			if (!(error instanceof ServiceProblem)) throw error;
			return {
				kind: "error",
				at: clock.now(),
				reason: error.message
			};
		}
	} };
}
function shared(clock, read) {
	let last;
	return () => {
		const now = clock.now();
		if (last === void 0 || now - last.at > EVENTS_FRESH_MS) {
			const value = read();
			const own = {
				at: now,
				value
			};
			last = own;
			value.catch(() => {
				if (last === own) last = void 0;
			});
		}
		return last.value;
	};
}
// src/gate/watch-memory.ts
function createWatchMemory() {
	const memories = new Map();
	const latest = {};
	const lastErrors = {};
	return {
		latest,
		lastErrors,
		of(check) {
			const known = memories.get(check.name);
			if (known !== void 0) return known;
			const fresh = {
				series: createSeries(check),
				measured: createMeasured(check),
				firstAt: void 0
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
		forget() {
			memories.clear();
			for (const name of Object.keys(latest)) delete latest[name];
			for (const name of Object.keys(lastErrors)) delete lastErrors[name];
		}
	};
}
// src/core/dependencies.ts
function checksIn(formula) {
	switch (formula.kind) {
		case "number": return [];
		case "subject": return [formula.check];
		case "operation": return [...new Set([...checksIn(formula.left), ...checksIn(formula.right)])];
	}
}
function dependenciesOf(check) {
	const asked = check.onlyIf?.subject.path[0];
	const formulas = check.source.kind === "derive" ? Object.values(check.source.formulas) : [];
	return [...new Set([...asked === void 0 ? [] : [String(asked)], ...formulas.flatMap(checksIn)])];
}
function inOrder$1(checks) {
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
// src/core/standing.ts
const NEW_STANDING = {
	due: 0,
	taken: 0,
	starved: 0,
	judged: 0,
	errors: 0,
	unapplied: 0,
	open: 0,
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
		case "duration": return standing.failingSince !== void 0 && at - standing.failingSince >= failAfter.ms;
	}
}
function withFinding(standing, check, finding) {
	const { outcome } = finding;
	if (outcome === "not-applied") return {
		...standing,
		unapplied: standing.unapplied + 1,
		last: finding
	};
	if (outcome === "open") return {
		...standing,
		taken: standing.taken + 1,
		open: standing.open + 1,
		last: finding
	};
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
function isUndecided(standing) {
	return standing.failed === void 0 && standing.failingRun > 0;
}
function extensionMs(check, everyMs) {
	switch (check.failAfter.kind) {
		case "consecutive": return check.failAfter.count * everyMs * 2;
		case "of": return check.failAfter.of * everyMs * 2;
		case "duration": return check.failAfter.ms + 2 * everyMs;
	}
}
function resultOf(check, standing, expected) {
	const { verdict, measured, reason } = verdictAndReason(check, standing, expected);
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
function verdictAndReason(check, standing, expected) {
	const last = standing.last?.reason ?? "no sample was taken";
	if (standing.failed !== void 0) {
		const later = standing.current === "pass" && standing.failingRun === 0 ? ", later samples passed" : "";
		return {
			verdict: "fail",
			measured: true,
			reason: `${standing.failed.reason}; ${failedText(standing)} (${limitText(check.failAfter)})${later}`
		};
	}
	if (standing.due === 0 && standing.taken === 0 && standing.unapplied > 0) return {
		verdict: "not-applied",
		measured: false,
		reason: "only_if never held"
	};
	if (standing.due === 0 && standing.last?.outcome === "open") return {
		verdict: "not-applied",
		measured: false,
		reason: `not judged yet: ${last}`
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
		case "duration": return `fail_after ${durationText$1(failAfter.ms)}`;
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
// src/gate/board.ts
function isBackwards(check) {
	return check.source.kind === "logs" || check.source.kind === "events";
}
function createBoard(run, options) {
	const { clock } = run.edges;
	const { stage, checks, sampler, facts, memory, since } = options;
	const standings = new Map();
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
	const isNew = (instanceId, at) => {
		const suffix = instanceId.slice(instanceId.lastIndexOf("-") + 1);
		return facts.deploy && isNewAt(facts.instances, {
			suffix,
			at
		}, facts.deploy);
	};
	function judge(check, sample) {
		const own = memory.of(check);
		if (sample.kind === "ok" || sample.kind === "failing") {
			memory.saw(check, sample.subjects);
			own.firstAt ??= sample.at;
			if (sample.at >= liveAt() + check.graceMs) own.series.add(sample.at, sample.subjects);
		}
		if (sample.kind === "error") memory.lost(check, sample.reason);
		const finding = findingOf(check, sample, contextOf(check));
		own.measured.add(finding);
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
			errors: after.errors
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
				const moment = {
					liveAt: liveAt(),
					stageStart: since,
					isNew,
					signal
				};
				const [sample, baseline] = await Promise.all([sampler.take(check, {
					...moment,
					...checkedAt === void 0 ? {} : { checkedAt }
				}), options.baselineOf(check)]);
				if (baseline !== void 0) baselines.set(check.name, baseline);
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
			missed.set(check.name, (missed.get(check.name) ?? 0) + count);
		},
		results: () => checks.map((check) => {
			const { due, unapplied, starved, open } = standing(check);
			const expected = due + unapplied + starved + open + (missed.get(check.name) ?? 0);
			const series = memory.of(check).measured.series(baselines.get(check.name));
			return {
				...resultOf(check, standing(check), expected),
				series,
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
// src/gate/live-look.ts
const INSTANCES_MS = 1e4;
const KNOWN_INSTANCES_MS = 6e4;
const WITHOUT_INSTANCES = new Set([
	"queued",
	"created",
	"build_in_progress",
	"pre_deploy_in_progress",
	"build_failed",
	"pre_deploy_failed",
	"canceled"
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
		instancesAt = -1e400;
		options.onRedeploy();
		onInstances();
	}
	function noteNewer(at) {
		const newer = list.deploys.filter((one) => one.createdAt > deploy.createdAt && (one.commit === void 0 || one.commit.sha !== deploy.commit?.sha) && !WITHOUT_INSTANCES.has(one.status));
		const { newerFrom = 1e400 } = facts.instances;
		const first = Math.min(...newer.map((one) => Math.max(one.startedAt ?? one.createdAt, listedAt)));
		if (newer.length > 0 && newerFrom === 1e400) facts.instances = {
			...facts.instances,
			newerFrom: first
		};
		facts.instances = {
			...facts.instances,
			checkedAt: at
		};
		listedAt = at;
		onInstances();
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
				noteNewer(at);
				if (following.kind === "live") {
					if (following.deploy.id !== deploy.id) follow(following.deploy);
					return;
				}
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
			if (seen !== void 0) facts.instances = {
				...facts.instances,
				seen: seen.seen,
				listedAt: facts.instances.listedAt ?? at
			};
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
const MAX_READ_MS = 36e4;
function settleMs({ stage, book }) {
	return Math.min(MAX_SETTLE_MS, Math.max(stage.everyMs, 2 * (book.lagMs() ?? UNSEEN_LAG_MS)));
}
function windowStart({ deploy }) {
	return (deploy?.startedAt ?? deploy?.createdAt ?? 0) - 1e3;
}
function createRequiredReread(run, input) {
	const { facts, reader, tasks } = input;
	const { clock } = run.edges;
	let triedAt = -1e400;
	return () => {
		const { liveAt } = facts;
		const now = clock.now();
		if (liveAt === void 0 || reader === void 0 || now - triedAt < RETRY_MS) return;
		if (!input.checks.some(({ source }) => {
			if (source.kind !== "logs" || source.require.length === 0) return false;
			const deadline = liveAt + source.withinMs;
			return now >= deadline + settleMs(input) && (facts.rereadTo ?? 0) < deadline;
		})) return;
		triedAt = now;
		const work = async () => {
			if (await reader.reread(windowStart(facts), now)) facts.rereadTo = now;
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
	const isWhole = await waitFor(run, reader.reread(windowStart(facts), to), MAX_READ_MS) ?? false;
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
// src/gate/watch.ts
const LOOK_MS = 1e4;
async function watchStage(run, options) {
	const { teller } = run;
	const { clock } = run.edges;
	const { stage, facts, book, reader, diagnoses } = options;
	const checks = inOrder$1(options.checks);
	const from = clock.now();
	facts.deploy = options.deploy;
	facts.liveAt = liveTime(options.deploy, from);
	const board = createBoard(run, {
		...options,
		checks,
		since: from,
		onFail: (check) => diagnoses.start(check, {
			since: from,
			liveAt: facts.liveAt ?? from
		})
	});
	const live = createLiveLook(run, {
		...options,
		onInstances: () => book.reclassify(),
		onRedeploy: () => board.restart()
	});
	const tasks = createTasks();
	const due = new Map(checks.map((check) => [check.name, from]));
	let end = endOf(options, {
		from,
		liveAt: facts.liveAt
	});
	const rereadForRequired = createRequiredReread(run, {
		checks,
		facts,
		stage,
		book,
		reader,
		tasks
	});
	const needsInstances = checks.some(isBackwards);
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
	async function takeInTurn(check) {
		const before = checks.slice(0, checks.indexOf(check)).map(({ name }) => name);
		for (const name of dependenciesOf(check)) if (before.includes(name)) await tasks.settled(name);
		const began = clock.now();
		const isFirst = board.standing(check).last === void 0;
		await board.take(check);
		if (isFirst && run.service.plan === "free" && check.source.kind === "http" && clock.now() - began > stage.everyMs) end = Math.max(end, clock.now() + stage.forMs);
	}
	function startDue(now) {
		for (const check of dueChecks(checks, Object.fromEntries(due), now)) {
			if (isBackwards(check) && !isReady) continue;
			const everyMs = beatMs(check, stage);
			const wasDue = due.get(check.name) ?? now;
			const judgedFrom = (facts.liveAt ?? from) + check.graceMs;
			if (!isBackwards(check) && !tasks.isRunning(check.name)) board.miss(check, missedBeats({
				wasDue,
				everyMs,
				now,
				judgedFrom,
				isTaken: true
			}));
			due.set(check.name, nextBeat(wasDue, everyMs, now));
			tasks.start(check.name, () => takeInTurn(check));
		}
	}
	function startReads(now) {
		if (now - live.lookedAt >= LOOK_MS) tasks.start("look", () => live.look());
		if (needsInstances && isReady && now >= live.instancesDueAt(book.unsure().length > 0)) tasks.start("instances", () => live.lookAtInstances(), { isQuiet: true });
		reader?.turn();
		if (!isReady) tasks.start("instances", getReady);
		rereadForRequired();
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
			live.lookedAt + LOOK_MS,
			now + LOOK_MS,
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
	return {
		decision,
		stages: [...finished.map(({ stage }) => stage), ...unsure],
		results: mergedResults(results),
		last
	};
}
// src/gate/judge.ts
async function judge(run, commit) {
	const facts = {
		deploy: void 0,
		liveAt: void 0,
		instances: NO_INSTANCES,
		rereadTo: void 0
	};
	const logs = createLogs(run, facts);
	try {
		return await followAndWatch(run, {
			commit,
			facts,
			...logs
		});
	} finally {
		logs.reader?.stop();
	}
}
async function followAndWatch(run, tools) {
	const { plan } = run;
	const { commit, facts, book, reader } = tools;
	const list = createDeployList(run, commit);
	const sampler = createSampler(run, {
		book,
		customDomains: await customDomains(run)
	});
	const old = createOldVersion(run, sampler);
	const followed = await followDeploy(run, {
		list,
		commit,
		changedFiles: (servedBefore) => changedFiles(run, servedBefore),
		onTurn(deploy, instances) {
			facts.deploy = deploy ?? facts.deploy;
			facts.instances = instances;
			book.reclassify();
			if (deploy !== void 0) reader?.start(deploy.startedAt ?? deploy.createdAt);
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
		const deployEvidence = ending.kind === "failed" ? await failureEvidence(run, ending.deploy) : [];
		return judged({
			...base,
			...decision,
			deployEvidence,
			actions: [...base.actions, ...heldBack]
		}, calls && onFail !== "alert" ? onFail : void 0);
	}
	const [first, ...more] = inlineStages(plan.stages, run.inlineMs);
	if (first === void 0) return judged({
		...base,
		reason: "no stage is configured"
	});
	const watched = await watchStages(run, {
		stages: [first, ...more],
		deploy: ending.deploy,
		list,
		facts,
		sampler,
		book,
		memory: createWatchMemory(),
		diagnoses: createDiagnoses(run),
		baselineOf: async () => void 0,
		hasRemedy: (check, finding) => check.onFail !== "alert" && !brokenBefore(old.findings.get(check.name), finding),
		...reader === void 0 ? {} : { reader }
	});
	const { last } = watched;
	const spots = await spotsOf(run, {
		book,
		results: last.results
	});
	const remedy = remedyFor(last.ending, last.results, old.findings);
	const outcome = {
		...base,
		...watchedOutcome(run, watched),
		spots
	};
	const heldBack = remedy.held.map((action) => ({
		...action,
		kind: stepOf(action.kind)
	}));
	return judged({
		...outcome,
		actions: [...base.actions, ...heldBack]
	}, remedy.name);
}
function createLogs(run, facts) {
	const { edges, plan, service } = run;
	const isLogs = (check) => check.source.kind === "logs";
	const book = createLogBook({
		checks: plan.checks,
		keep: edges.redact,
		facts() {
			const { deploy, liveAt, rereadTo, instances } = facts;
			const gap = reader?.gap();
			return {
				startedAt: deploy?.startedAt ?? deploy?.createdAt ?? run.startedAt,
				shutdownDelayMs: service.shutdownDelayMs,
				hasInstances: service.type !== "cron_job" && service.type !== "static_site",
				knowsNewInstances: deploy !== void 0 && newInstances(instances, deploy).length > 0,
				isNew: (suffix, at) => deploy && isNewAt(instances, {
					suffix,
					at
				}, deploy),
				...instances.checkedAt === void 0 ? {} : { checkedAt: instances.checkedAt },
				...liveAt === void 0 ? {} : { liveAt },
				...rereadTo === void 0 ? {} : { rereadTo },
				...gap === void 0 ? {} : { gap }
			};
		}
	});
	const reader = plan.checks.some(isLogs) ? createLogReader(run, book, plan.checks) : void 0;
	return {
		book,
		...reader === void 0 ? {} : { reader }
	};
}
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
function deployFacts(run, deploy) {
	return deploy === void 0 ? {} : {
		deploy,
		deployUrl: `${run.service.dashboardUrl}/deploys/${deploy.id}`
	};
}
function baseOutcome(run, followed) {
	const { ending, previous } = followed;
	return {
		verdict: "unknown",
		reason: "",
		mode: run.mode,
		serviceName: run.service.name,
		service: run.service,
		commit: run.commit,
		stages: [],
		checks: [],
		actions: followed.actions,
		timeline: run.teller.timeline,
		notes: run.teller.notes,
		deployEvidence: [],
		spots: [],
		requests: run.edges.requests(),
		startedAt: run.startedAt,
		endedAt: run.edges.clock.now(),
		...deployFacts(run, "deploy" in ending ? ending.deploy : void 0),
		...previous?.commit === void 0 ? {} : { previousCommit: previous.commit.sha },
		...run.plan.file === void 0 ? {} : { configFile: run.plan.file }
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
// src/gate/settle.ts
const MOST_BETWEEN = 10;
const MOST_SETTLED = 3;
const MOST_BEHIND = 20;
const OVERDUE_MS = 864e5;
async function settleAncestors(run, settlement) {
	const { range, wasLive } = settlement;
	if (range === void 0 || range.relation !== "ahead") return;
	for (const sha of between(run, range)) await settle(run, sha, settlement);
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
		if (await settle(run, sha, settlement)) {
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
async function settle(run, sha, settlement) {
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
		case "repository_dispatch": return { kind: "resume" };
		default: return refused(`The event "${name}" names no commit that Render deploys.`, SET_COMMIT);
	}
}
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
function plainValue(document) {
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
	const visit = (node, depth) => {
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
			return target === void 0 ? refuse(node, `*${node.source} is an alias of nothing`, "quote it if it is meant as text") : visit(target, depth + 1);
		}
		if ((0, import_dist.isSeq)(node)) return node.items.map((item) => visit(item, depth + 1));
		if (!(0, import_dist.isMap)(node)) return (0, import_dist.isScalar)(node) ? node.value : null;
		const object = {};
		for (const { key, value } of node.items) {
			const name = (0, import_dist.isScalar)(key) ? String(key.value ?? "") : void 0;
			if (name === void 0 || name === "") refuse(key, "a key must be a single word or text", "quote the key");
			else if (RESERVED.includes(name)) refuse(key, `"${name}" cannot be used as a name`, "choose another name");
			else if (!Object.hasOwn(object, name)) object[name] = visit(value, depth + 1);
		}
		return object;
	};
	return {
		value: visit(document.contents, 0),
		refusals
	};
}
// src/config/syntax.ts
const QUOTE = "quote the whole value: inside {} and [] YAML splits at , [ ] { } and elsewhere at \": \" and \" #\"";
const HARMLESS = [
	"DUPLICATE_KEY",
	"TAG_RESOLVE_FAILED",
	"MULTIPLE_DOCS",
	"BAD_SCALAR_START"
];
function isHarmless(error) {
	return HARMLESS.includes(error.code);
}
function syntaxMistake(error, source) {
	const mistake = mistakeOf(error, source);
	return {
		mistake,
		isSplit: mistake.hint === QUOTE
	};
}
function mistakeOf(error, source) {
	const [at] = error.pos;
	const line = source.slice(source.lastIndexOf("\n", at - 1) + 1, at);
	const here = source[at] ?? "";
	switch (error.code) {
		case "DUPLICATE_KEY": return {
			message: `"${/^["']?([^\n"':]*)/.exec(source.slice(at, at + 100))?.[1] ?? ""}" stands twice in the same mapping`,
			hint: "keep one of them"
		};
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
		case "BLOCK_AS_IMPLICIT_KEY": return {
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
			prettyErrors: false
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
	const { value, refusals } = plainValue(document);
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
			const first = offset + (node.type === "PLAIN" ? 0 : 1);
			return place(source.startsWith(node.value, first) ? first + column - 1 : offset);
		},
		isInFlow: (path) => {
			const { node, parent } = find(document, path);
			return (0, import_dist.isCollection)(parent) && parent.flow === true && (0, import_dist.isScalar)(node) && node.type === "PLAIN";
		}
	};
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
function shown(value) {
	if (value === null || value === void 0) return "nothing";
	if (Array.isArray(value)) return "a list";
	if (typeof value === "object") return "a mapping";
	if (typeof value === "number" || typeof value === "boolean") return String(value);
	if (typeof value !== "string") return "something else";
	const text = value.replaceAll(/\s+/g, " ");
	return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}
function createFindings(document) {
	const mistakes = [];
	return {
		mistakes,
		say(path, message, { hint, isKey, column, needsWhole } = {}) {
			const at = isKey === true ? document.placeOfKey(path) : column === void 0 ? document.placeOf(path) : document.placeInside(path, column);
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
function isUnfinished(text) {
	return typeof text === "string" && (openBrackets(text) > 0 || isOpenPattern(text));
}
function isOpenPattern(text) {
	return /^\/[^/]*$/.test(text);
}
function isSplitByYaml(document, path) {
	const text = rawAt(document.value, path);
	return typeof text === "string" && document.isInFlow(path) && openBrackets(text) !== 0;
}
function isTailOfSplit(document, path) {
	const last = path.at(-1);
	const above = path.slice(0, -1);
	if (typeof last === "number") {
		const before = [...above, last - 1];
		return last > 0 && document.isInFlow(before) && isUnfinished(rawAt(document.value, before));
	}
	const parent = mapping(rawAt(document.value, above));
	if (parent[String(last)] !== null) return false;
	const keys = Object.keys(parent);
	const before = keys[keys.indexOf(String(last)) - 1];
	return before !== void 0 && document.isInFlow([...above, before]) && isUnfinished(parent[before]);
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
const NOTHING = "without a check nothing would be watched";
function explainIssues(issues, { document, findings }) {
	for (const issue of issues.flatMap((issue) => leaves(issue, []))) if (issue.code === "unrecognized_keys") for (const key of issue.keys) explainKey(key, issue.path, {
		document,
		findings
	});
	else explainValue(issue, {
		document,
		findings
	});
}
function leaves(issue, above) {
	const path = [...above, ...issue.path];
	if (issue.code !== "invalid_union") return [{
		...issue,
		path
	}];
	const meant = issue.errors.filter((branch) => !branch.some(({ code, path }) => code === "invalid_type" && path.length === 0));
	const [branch] = meant;
	if (branch === void 0 || meant.length > 1) return [{
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
		const hint = path.join() === "checks" ? NOTHING : void 0;
		findings.say(path, `${name} is missing; ${message}`, {
			hint,
			needsWhole: true
		});
		return;
	}
	if (isTailOfSplit(document, path)) return;
	const params = issue.code === "custom" ? issue.params ?? {} : {};
	if (typeof value === "string" && isSplitByYaml(document, path)) {
		findings.say(path, `${name} holds ${shown(value)}, which YAML split or which has unbalanced brackets`, { hint: "quote this: inside {} and [] YAML splits at , [ ] { }" });
		return;
	}
	if (!/^(?:use|name) /.test(message)) {
		findings.say(path, `${name}: ${message}`, {
			hint: params.hint,
			column: params.column
		});
		return;
	}
	findings.say(path, `${name} holds ${isSecret(path) ? "the wrong kind of value" : shown(value)}; ${message}`, {
		hint: params.hint ?? (path.join() === "checks" ? NOTHING : hintFor(issue, value)),
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
	const wantsPlainText = issue.code === "invalid_type" && issue.expected === "string" && !/unit|condition/.test(issue.message);
	if (typeof value === "number" && wantsPlainText && !isSecret(issue.path)) return `quote it: "${value}"`;
	if (typeof value === "object" && value !== null && !Array.isArray(value) && wantsText && Object.keys(value).length === 1) return "if the \": \" belongs to a text, quote the whole value";
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
	sql: ["query", "database"]
};
function explainKey(key, path, { document, findings }) {
	const whole = [...path, key];
	const say = (message, hint) => findings.say(whole, message, {
		hint,
		isKey: true
	});
	if (isTailOfSplit(document, whole)) return;
	if (isLater(path, key)) return say(`"${key}" is not supported by this version; remove it`);
	const parent = mapping(rawAt(document.value, path));
	if (path[0] === "checks" && path.length === 2) {
		const source = Object.keys(INSIDE).find((source) => INSIDE[source]?.includes(key) && Object.hasOwn(parent, source));
		if (source !== void 0) {
			const first = typeof parent[source] !== "string" ? "" : source === "http" ? "url: …, " : "query: …, ";
			return say(`"${key}" belongs inside "${source}", not beside it`, `write ${source}: { ${first}${key}: … }`);
		}
	}
	const checkKeys = keysAt(fileSchema, ["checks", ""]);
	if (path[0] === "checks" && path.length === 3 && checkKeys.includes(key)) return say(`"${key}" belongs beside "${String(path[2])}", not inside it`);
	const known = keysAt(fileSchema, path);
	say(`unknown key "${key}"${path.length === 0 ? "" : ` in "${keyText(path)}"`}`, didYouMean(key, known) ?? `keys here: ${known.join(", ")}`);
}
function isSecret(path) {
	return path[0] === "databases" && path.at(-1) === "url" || path.includes("headers");
}
// src/core/condition-check.ts
const LATER = ["new_matches", "new_rows"];
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
	const type = typeOf(condition, subjects);
	if (typeof type === "object") return [type];
	const mistake = misfitOf(condition, type, options.hasBaseline);
	if (mistake !== void 0) return [mistake];
	const trial = trialOf(condition);
	return trial === void 0 ? [] : [{
		message: `cannot be evaluated: ${trial}`,
		part: "subject"
	}];
}
function typeOf({ subject }, table) {
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
	if (LATER.includes(head)) return {
		message: `subject "${head}" is not supported by this version`,
		part
	};
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
function misfitOf(condition, type, hasBaseline) {
	const { operator, operand, subject } = condition;
	const name = subjectText$1(subject);
	const part = "operand";
	if (operand.kind === "relative" && !hasBaseline) return {
		message: `${operandText(operand)} compares with a baseline, and this check has none`,
		hint: "baselines are not supported by this version; compare with an absolute number",
		part
	};
	if (type === "any") return void 0;
	if (operator === "contains" || operator === "matches") {
		if (type === "list") return void 0;
		if (type !== "text") return {
			message: `${operator} looks into text and lists; ${name} is ${NAMES[type]}`,
			part: "operator"
		};
	}
	if (operator === "in" && operand.kind === "list") return operand.items.map((item) => misfitWith(item, type, name)).find((mistake) => mistake !== void 0);
	return misfitWith(operand, type, name);
}
function misfitWith(operand, type, name) {
	const part = "operand";
	const written = operandText(operand);
	const cannot = {
		message: `${name} is ${NAMES[type]} and cannot be compared with ${nameOf(operand)}`,
		part
	};
	switch (operand.kind) {
		case "number": return numberMisfit(operand, type, name) ?? (isNumeric(type) ? void 0 : cannot);
		case "range": return misfitWith(operand.from, type, name) ?? misfitWith(operand.to, type, name);
		case "relative":
			if (!isNumeric(type)) return cannot;
			return operand.by === "points" && type !== "ratio" ? {
				message: `${written} compares ratios only; ${name} is ${NAMES[type]}`,
				part
			} : void 0;
		case "text":
		case "pattern":
		case "deploy.sha": return type === "text" ? void 0 : cannot;
		case "literal": return type === "boolean" && operand.value !== null ? void 0 : cannot;
		case "list": return;
	}
}
function numberMisfit(operand, type, name) {
	const written = operandText(operand);
	if (!isNumeric(type) || operand.unit === void 0 || operand.unit === type) return void 0;
	const message = `${name} is ${NAMES[type]} and cannot be compared with ${nameOf(operand)}`;
	if (operand.unit !== "ratio") return {
		message,
		part: "operand"
	};
	return {
		message,
		hint: `if the value is already a percentage, write ${written.slice(0, -1)}; if a change against a baseline was meant, write +${written}`,
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
	switch (kind) {
		case "http": return {
			open: false,
			types: {
				status: "number",
				latency: "duration",
				body: "any",
				headers: "object",
				"headers.*": "text"
			}
		};
		case "logs": {
			const logs = mapping(source);
			const hasRequire = logs["require"] !== void 0;
			return {
				open: false,
				types: {
					...logs["forbid"] !== void 0 || !hasRequire ? { matches: "number" } : {},
					...hasRequire ? {
						found: "number",
						missing: "number"
					} : {}
				}
			};
		}
		case "sql": return {
			open: true,
			types: { rows: "number" }
		};
		case "events": return {
			open: false,
			types: { count: "number" }
		};
	}
}
// src/config/condition-rules.ts
function checkConditions(check, { path, kind, longestStageMs, findings }) {
	const table = subjectsOf(kind, check[kind]);
	for (const tier of [
		"pass",
		"warn",
		"fail",
		"need"
	]) {
		const written = check[tier];
		const texts = Array.isArray(written) ? written : [written];
		for (const [index, text] of texts.entries()) {
			const place = Array.isArray(written) ? [
				...path,
				tier,
				index
			] : [...path, tier];
			if (typeof text === "string") checkOne(text, {
				place,
				table,
				longestStageMs,
				findings
			});
		}
	}
}
function checkOne(text, { place, table, longestStageMs, findings }) {
	const parsed = parseCondition(text);
	if (!parsed.ok) return;
	const { subject } = parsed.condition;
	const name = keyText(place);
	for (const { message, hint, part } of checkCondition(parsed.condition, table, { hasBaseline: false })) findings.say(place, `"${name}": ${message}`, {
		hint,
		column: parsed.columns[part]
	});
	const column = parsed.columns.subject;
	const header = subject.path[0] === "headers" ? subject.path[1] : void 0;
	if (typeof header === "string" && header !== header.toLowerCase()) findings.say(place, `"${name}": header names are in lower case`, {
		hint: `headers.${header.toLowerCase()}`,
		column
	});
	if (subject.kind !== "call" || subject.name !== "trend" || longestStageMs === void 0) return;
	if ((subject.windowMs ?? 0) > longestStageMs) {
		const window = durationText$1(subject.windowMs ?? 0);
		findings.say(place, `"${name}": the window of ${window} never fills in a stage of ${durationText$1(longestStageMs)}`, {
			hint: "use a shorter window or a longer stage",
			column
		});
	}
}
function checkOnlyIf(text, { path, checks, findings }) {
	const parsed = typeof text === "string" ? parseCondition(text) : void 0;
	if (parsed?.ok !== true) return;
	const { condition, columns } = parsed;
	const place = [...path, "only_if"];
	const say = (message, hint) => findings.say(place, `"${keyText(place)}": ${message}`, {
		hint,
		column: columns.subject,
		needsWhole: true
	});
	const [name, ...rest] = condition.subject.path;
	const others = Object.keys(checks).filter((other) => other !== path[1]);
	if (name === path[1]) return say("a check cannot ask itself", "name another check");
	if (typeof name !== "string" || !others.includes(name)) {
		const hint = didYouMean(String(name), others) ?? "start with the name of another check, such as queue.depth > 10";
		return say(`there is no other check "${name}"`, hint);
	}
	if (rest.length === 0) return say(`${name} is a check; name one of its subjects`, `such as ${name}.status`);
	const { subject } = condition;
	if (subject.kind === "call" && subject.name !== "has" && subject.name !== "len") return say(`${subject.name}() looks back over samples, and only_if asks for the latest one`, `compare the value itself, such as ${name}.${rest.join(".")} > 10`);
	const other = mapping(checks[name]);
	const kind = SOURCES.find((source) => Object.hasOwn(other, source));
	if (kind === void 0) return;
	const asked = {
		...condition,
		subject: {
			...condition.subject,
			path: rest
		}
	};
	for (const { message, hint, part } of checkCondition(asked, subjectsOf(kind, other[kind]), { hasBaseline: false })) findings.say(place, `"${keyText(place)}": ${message}`, {
		hint,
		column: columns[part]
	});
}
// src/config/source-rules.ts
function checkSource(raw, { path, kind, file }) {
	const { findings } = file;
	if ((kind === "logs" || kind === "events") && raw["fail_after"] !== void 0) findings.say([...path, "fail_after"], `${kind} take no fail_after: their counts accumulate since the deploy`, {
		hint: kind === "logs" ? "set the number in a condition, such as fail: matches > 3" : "set the number in a condition, such as fail: count >= 3",
		isKey: true
	});
	if (kind === "http") checkHttp(mapping(raw["http"]), {
		path,
		file
	});
	if (kind === "logs") checkLogs(mapping(raw["logs"]), {
		path,
		file
	});
	if (kind === "sql") checkSql(raw, {
		path,
		file
	});
}
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
		for (const variable of missing) sayUnset(variable, place, file);
		if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text)) findings.say(place, `the value of header "${name}" holds a line break or control character`, { hint: "check the variable or the quotes" });
	}
}
function sayUnset(variable, place, { findings }) {
	findings.say(place, `"${keyText(place)}" uses $${variable}, which is not set`, { hint: `set it in the step's env, such as ${variable}: \${{ secrets.${variable} }}` });
}
function checkLogs(logs, { path, file }) {
	const { document, findings } = file;
	const place = [...path, "logs"];
	const isEmpty = (verb) => Object.hasOwn(logs, verb) && Object.keys(mapping(logs[verb])).length === 0 && !Array.isArray(logs[verb]);
	const hasLater = Object.keys(logs).some((key) => isLater(place, key));
	if (logs["require"] === void 0 && logs["forbid"] === void 0 && !hasLater) findings.say(place, `"${keyText(place)}" looks for nothing`, {
		hint: "give it require or forbid, such as { forbid: [Traceback] }",
		isKey: true,
		needsWhole: true
	});
	if (logs["within"] !== void 0 && logs["require"] === void 0) findings.say([...place, "within"], "within belongs to require, and there is none", { isKey: true });
	for (const verb of ["require", "forbid"]) {
		const value = logs[verb];
		const groups = Array.isArray(value) ? [[...place, verb]] : Object.keys(mapping(value)).map((name) => [
			...place,
			verb,
			name
		]);
		if (value !== null && typeof value === "object" && isEmpty(verb)) findings.say([...place, verb], `"${keyText([...place, verb])}" names no pattern`, { hint: "use a list such as [Traceback]" });
		for (const group of groups) for (const index of splitPatterns(document, group)) findings.say([...group, index], "YAML split this pattern at a comma", { hint: "quote this: inside {} and [] YAML splits at , [ ] { }" });
	}
}
function checkSql(raw, { path, file }) {
	const { findings, databases } = file;
	const known = Object.keys(databases);
	const place = [...path, "sql"];
	const written = mapping(raw["sql"])["database"];
	if (written === void 0) {
		if (known.length === 0) findings.say(place, `check "${path[1]}" asks a database, and none is configured`, {
			hint: "add databases: { main: { url: $DATABASE_URL } }",
			needsWhole: true
		});
		else if (known.length > 1) findings.say(place, `check "${path[1]}" does not say which database`, {
			hint: `write sql: { database: ${known[0] ?? ""}, query: … }`,
			needsWhole: true
		});
	} else if (typeof written === "string" && !known.includes(written)) findings.say([...place, "database"], `there is no database "${written}"`, {
		hint: didYouMean(written, known) ?? (known.length === 0 ? "add it under databases" : `databases here: ${known.join(", ")}`),
		needsWhole: true
	});
	if ([
		"pass",
		"warn",
		"fail"
	].every((tier) => raw[tier] === void 0)) findings.say(path, `check "${path[1]}" has no condition`, {
		hint: "sql needs pass, warn or fail, such as pass: rows == 0",
		isKey: true,
		needsWhole: true
	});
}
// src/config/check-rules.ts
function checkCheck(name, file) {
	const { findings } = file;
	const raw = mapping(file.checks[name]);
	const path = ["checks", name];
	const sources = [...SOURCES, ...LATER_SOURCES].filter((source) => Object.hasOwn(raw, source));
	const [kind] = SOURCES.filter((source) => Object.hasOwn(raw, source));
	if (raw === file.checks[name] && sources.length === 0) findings.say(path, `check "${name}" has no source`, {
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
	checkOnlyIf(raw["only_if"], {
		path,
		checks: file.checks,
		findings
	});
	const windows = windowsOf(raw, file.stages);
	checkTimes(raw, {
		path,
		windows,
		findings
	});
	if (kind === void 0 || sources.length > 1) return;
	checkSource(raw, {
		path,
		kind,
		file
	});
	checkConditions(raw, {
		path,
		kind,
		longestStageMs: windows.length === 0 ? void 0 : Math.max(...windows.map((window) => window.forMs)),
		findings
	});
}
function checkOnFail(value, { path, file }) {
	if (typeof value !== "string" || value === "alert" || file.remedies.includes(value)) return;
	if (value === "rollback") {
		file.findings.say(path, "on_fail: rollback is not supported by this version; use revert or alert");
		return;
	}
	file.findings.say(path, `there is no remedy "${value}"`, {
		hint: didYouMean(value, ["alert", ...file.remedies]) ?? `use ${["alert", ...file.remedies].join(" or ")}`,
		needsWhole: true
	});
}
function checkStages(raw, name, { findings, stages }) {
	for (const [index, stage] of (valid(checkSchema.shape.stage, raw["stage"]) ?? []).entries()) {
		if (Object.hasOwn(stages, stage)) continue;
		const known = Object.keys(stages);
		findings.say([
			"checks",
			name,
			"stage",
			index
		], `there is no stage "${stage}"`, {
			hint: didYouMean(stage, known) ?? `stages here: ${known.join(", ")}`,
			needsWhole: true
		});
	}
}
function windowsOf(raw, stages) {
	const named = valid(checkSchema.shape.stage, raw["stage"]);
	const every = valid(checkSchema.shape.every, raw["every"]);
	const graceMs = valid(checkSchema.shape.grace, raw["grace"]) ?? 0;
	return Object.entries(stages).filter(([name]) => named === void 0 || named.includes(name)).flatMap(([, stage]) => stage === void 0 ? [] : [{
		forMs: stage.forMs,
		everyMs: every ?? stage.everyMs,
		graceMs
	}]);
}
function checkTimes(raw, { path, windows, findings }) {
	if (windows.length === 0) return;
	const longest = Math.max(...windows.map((window) => window.forMs));
	const stage = `its stage lasts ${durationText$1(longest)}`;
	const grace = valid(checkSchema.shape.grace, raw["grace"]) ?? 0;
	if (windows.every((window) => judgedSamples(window) === 0)) {
		findings.say([...path, "grace"], `with a grace of ${durationText$1(grace)} nothing is judged: ${stage}`, { hint: "shorten grace, or lengthen the stage" });
		return;
	}
	const within = valid(checkSchema.shape.logs, raw["logs"])?.within;
	if (within !== void 0 && within > longest) findings.say([
		...path,
		"logs",
		"within"
	], `within ${durationText$1(within)} cannot be decided: ${stage}`, { hint: "shorten within, or lengthen the stage" });
	const samples = Math.max(...windows.map(judgedSamples));
	const judged = `at most ${samples} ${samples === 1 ? "sample is" : "samples are"} judged there`;
	const failAfter = raw["fail_after"] === void 0 ? void 0 : valid(checkSchema.shape.fail_after, raw["fail_after"]);
	if (failAfter !== void 0 && !windows.some((window) => isPossible(failAfter, window))) findings.say([...path, "fail_after"], `fail_after ${String(raw["fail_after"])} can never be reached: ${stage} and ${judged}`, { hint: "lower fail_after, sample more often with every, or lengthen the stage" });
	const passAfter = raw["pass_after"] === void 0 ? void 0 : valid(checkSchema.shape.pass_after, raw["pass_after"]);
	if (passAfter !== void 0 && passAfter > samples) findings.say([...path, "pass_after"], `pass_after ${passAfter} can never be reached: ${stage} and ${judged}`, { hint: "lower pass_after, sample more often with every, or lengthen the stage" });
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
		remedies: [...new Set(["revert", ...Object.keys(remedies)])],
		stages: stagesOf(raw["stages"]),
		env
	};
	checkNames(raw, findings);
	if (raw["checks"] === checks && Object.keys(checks).length === 0) findings.say(["checks"], "no check is selected: nothing would be watched", {
		hint: "add one, such as health: { http: /health }",
		isKey: true,
		needsWhole: true
	});
	if (Object.keys(checks).length > MOST_CHECKS) findings.say(["checks"], `${Object.keys(checks).length} checks, at most ${MOST_CHECKS} fit in one gate`, { isKey: true });
	checkSteps(remedies, findings);
	checkDatabases(databases, file);
	checkOnFail(mapping(raw["defaults"])["on_fail"], {
		path: ["defaults", "on_fail"],
		file
	});
	checkOnFail(mapping(raw["deploy"])["on_fail"], {
		path: ["deploy", "on_fail"],
		file
	});
	for (const name of Object.keys(checks)) checkCheck(name, file);
}
function stagesOf(value) {
	const raw = mapping(value);
	const written = Object.keys(raw).length === 0 ? { boot: {} } : raw;
	return Object.fromEntries(Object.entries(written).map(([name, stage]) => {
		const times = valid(fileSchema.shape.stages, { [name]: stage })?.[name];
		return [name, times === void 0 ? void 0 : {
			forMs: times.for,
			everyMs: times.every
		}];
	}));
}
function checkNames(raw, findings) {
	for (const place of [
		"stages",
		"databases",
		"remedies"
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
	for (const name of stages.slice(1)) findings.say(["stages", name], "more than one stage is not supported by this version; keep one", { isKey: true });
	if (Object.hasOwn(mapping(raw["remedies"]), "alert")) findings.say(["remedies", "alert"], "\"alert\" is what happens without a remedy", {
		hint: "choose another name",
		isKey: true
	});
}
function checkSteps(remedies, findings) {
	for (const [name, steps] of Object.entries(remedies)) {
		if (!Array.isArray(steps)) continue;
		for (const [index, step] of steps.entries()) {
			if (mapping(step) !== step || Object.keys(step).length > 0) continue;
			findings.say([
				"remedies",
				name,
				index
			], `step ${index + 1} of remedy "${name}" does nothing`, { hint: "write revert_pr: {}" });
		}
	}
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
		for (const variable of missing) sayUnset(variable, place, file);
		if (missing.length === 0 && !isDatabaseUrl(text)) {
			const [variable] = /\$[A-Za-z_]\w*/.exec(url) ?? [];
			file.findings.say(place, `"${place.join(".")}" is no address of a PostgreSQL database`, { hint: `${variable === void 0 ? "it" : `the value of ${variable}`} must look like postgres://user:password@host/name` });
		}
	}
}
// src/config/file.ts
const MOST_CHARACTERS = 262144;
const MOST_MISTAKES = 100;
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
		}]
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
		return {
			ok: true,
			plan: planOf(result.data, {
				env,
				path: file,
				lineOf
			})
		};
	}
	return {
		ok: false,
		mistakes: inOrder(mistakes)
	};
}
function inOrder(mistakes) {
	const sorted = [...mistakes].sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
	const kept = sorted.slice(0, MOST_MISTAKES).map(withoutNote);
	const left = sorted.length - kept.length;
	return left > 0 ? [...kept, { message: `and ${left} more mistakes` }] : kept;
}
function withoutNote({ message, hint, at }) {
	return {
		message,
		...hint === void 0 ? {} : { hint },
		at
	};
}
function placeText({ at }) {
	return `${at.line}:${at.column}`;
}
async function loadPlan(edges, options) {
	const { commit, env } = options;
	const path = options.path ?? ".github/deploy-gate.yml";
	try {
		const text = await readText(edges, path, commit);
		if (text !== void 0) {
			const read = readConfig({
				text,
				file: path,
				env
			});
			const hint = /^service:[ \t]*["']?([\w.-]+)/m.exec(text)?.[1];
			return {
				mistakes: read.ok ? [] : read.mistakes,
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
async function readText(edges, path, commit) {
	return (await edges.workspace.head() === commit ? await edges.workspace.read(path) : void 0) ?? edges.forge.file(path, commit);
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
	throw new ConfigProblem([{
		message: `A ${event.name} run has no commit of its own, and this version keeps no open watches to resume.`,
		hint: `Set the input "commit" or "deploy-id".`
	}, ...start.mistakes]);
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
// src/report/progress.ts
const MOST = 200;
function standingsText(standings) {
	const counts = new Map();
	for (const { standing } of standings) counts.set(standing, (counts.get(standing) ?? 0) + 1);
	return [...counts].map(([standing, count]) => `${count} ${oneLine(standing)}`).join(", ");
}
function timesText(progress) {
	const elapsed = `${durationText(progress.at - progress.startedAt)} so far`;
	if (progress.until === void 0) return elapsed;
	return `${elapsed}, ${durationText(Math.max(0, progress.until - progress.at))} left at most`;
}
function heartbeatLine(progress) {
	const { phase, waitingFor, standings = [] } = progress;
	const checks = standings.length === 0 ? "" : `; checks: ${standingsText(standings)}`;
	const text = `${clockText(progress.at)} ${phase}: waiting for ${waitingFor} (${timesText(progress)})${checks}`;
	return cut$1(logText(text), 1e3);
}
function progressCheckRun(progress) {
	const { standings = [] } = progress;
	const elapsed = durationText(progress.at - progress.startedAt);
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
	let checkRunId;
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
	async function update() {
		if (checkRunId === void 0) return;
		lastUpdate = clock.now();
		try {
			await forge.updateCheckRun(checkRunId, { output: progressCheckRun(progress()) });
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
			const isNew = next.phase !== phase.phase;
			const isSame = !isNew && next.waitingFor === phase.waitingFor;
			phase = next;
			if (isSame) return;
			if (isNew) {
				if (isGroupOpen) runner.endGroup();
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
		attach(id) {
			checkRunId = id;
		},
		stop() {
			checkRunId = void 0;
			if (isGroupOpen) runner.endGroup();
			isGroupOpen = false;
		},
		current: () => phase
	};
}
// src/gate.ts
async function runGate(edges, start) {
	const course = { startedAt: edges.clock.now() };
	const guarded = guardedForge(edges.forge, start.signal);
	let ending;
	try {
		const story = tellStory(edges, start, {
			course,
			forge: guarded.forge
		});
		const { told, outcome } = await untilCanceled(start.signal, story);
		ending = await finish(edges, told, outcome);
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
	if (told.checkRun !== void 0) teller.attach(told.checkRun.id);
	if (plan.file === void 0) teller.note("no config file: defaults only");
	return {
		told,
		outcome: await gate({
			...run,
			service,
			plan: completed(plan, service)
		}, told, {
			course,
			publisher: edges
		})
	};
}
function isServiceId(name) {
	return /^(srv|crn)-/.test(name);
}
function completed(plan, service) {
	if (plan.file !== void 0) return plan;
	const path = defaultHealthPath(service);
	const runsServers = service.type !== "static_site" && service.type !== "cron_job";
	const checks = [...path === void 0 ? [] : [healthCheck(path)], ...runsServers ? [crashCheck()] : []];
	return {
		...plan,
		checks
	};
}
async function gate(run, told, at) {
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
	const judged = await judge(run, commit);
	await warned;
	teller.stop();
	let { outcome } = judged;
	for (const result of outcome.checks) teller.line(resultLine(result));
	teller.moment(verdictSentence(outcome));
	goOn(run);
	course.decided = outcome;
	course.closing = publishVerdict(writerOf(at.publisher, course), told, outcome);
	await course.closing;
	if (judged.remedy !== void 0) {
		course.remedy = judged.remedy;
		outcome = await act(run, commit, {
			...judged,
			remedy: judged.remedy
		}, told.checkRun?.url);
		course.decided = outcome;
		delete course.remedy;
		await publishActions(writerOf(edges, course), told, outcome);
	}
	if (run.mode !== "observe") {
		if (outcome.verdict === "superseded" && outcome.coveredBy !== void 0) await adoptVerdict(run, {
			context: told.name,
			coveredBy: outcome.coveredBy
		});
		else if (outcome.verdict !== "skipped") await settleAncestors(run, {
			context: told.name,
			verdict: outcome.verdict,
			wasLive: outcome.liveAt !== void 0,
			range: judged.range,
			url: told.checkRun?.url ?? run.runUrl
		});
	}
	return {
		...outcome,
		endedAt: edges.clock.now(),
		requests: edges.requests(),
		notes: teller.notes,
		timeline: teller.timeline
	};
}
// src/job.ts
async function runJob(env, signal) {
	const { inputs, mistakes: inputMistakes } = readInputs((name) => getInput(name));
	const inline = readInline(env["DEPLOY_GATE_INLINE"] ?? "");
	const mistakes = [...inputMistakes, ...inline.mistakes];
	const edges = edgesOrMistakes(inputs, env, mistakes);
	if (edges === void 0) return 1;
	const serverUrl = env["GITHUB_SERVER_URL"] ?? "https://github.com";
	const { exitCode } = await runGate(edges, {
		inputs,
		mistakes,
		event: {
			name: env["GITHUB_EVENT_NAME"] ?? "",
			payload: await eventPayload(env["GITHUB_EVENT_PATH"])
		},
		runSha: env["GITHUB_SHA"] ?? "",
		runUrl: `${serverUrl}/${env["GITHUB_REPOSITORY"] ?? ""}/actions/runs/${env["GITHUB_RUN_ID"] ?? ""}`,
		inlineMs: inline.inlineMs,
		env: (name) => env[name],
		signal
	});
	await edges.close();
	return exitCode;
}
function edgesOrMistakes(inputs, env, known) {
	try {
		return createEdges(inputs, env);
	} catch (error) {
		if (!(error instanceof ConfigProblem)) throw error;
		const secrets = [
			inputs.renderApiKey,
			inputs.githubToken,
			inputs.prToken
		];
		const redact = createRedactor(secrets.filter((secret) => secret !== void 0));
		const runner = createRunner({ redact });
		for (const mistake of [...known, ...error.mistakes]) runner.error(mistakeLine(mistake));
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
export { runJob };
