import { $ as oneLine, X as cut, at as durationWords, p as pathText } from "./words.js";
// src/core/unit.ts
function unitOf(check, condition) {
	const { subject } = condition;
	const path = pathText(subject.path);
	return [condition, ...[
		...check.fail,
		...check.warn,
		...check.pass
	].filter((other) => isCount(other.subject) === isCount(subject) && pathText(other.subject.path) === path)].map(({ operand }) => operandUnit(operand)).find((unit) => unit !== void 0) ?? (isCount(subject) ? void 0 : sourceUnit(check.source, path));
}
function isCount(subject) {
	return subject.kind === "call" && (subject.name === "len" || subject.name === "has");
}
function operandUnit(operand) {
	switch (operand.kind) {
		case "number": return operand.unit;
		case "range": return operand.from.unit ?? operand.to.unit;
		case "list": return operand.items.map(operandUnit).find((unit) => unit !== void 0);
		case "relative": return operand.by === "points" ? "ratio" : void 0;
		case "text":
		case "pattern":
		case "literal":
		case "deploy.sha": return;
	}
}
function sourceUnit(source, path) {
	switch (source.kind) {
		case "http": return path === "latency" ? "duration" : void 0;
		case "logs": return path === "gap" || path === "duration" ? "duration" : void 0;
		case "metric":
			if (path !== "value") return void 0;
			if (source.ofLimit || source.asRatio) return "ratio";
			if (source.name === "http_latency") return "duration";
			return source.name === "memory" ? "size" : void 0;
		case "sql":
		case "events":
		case "env":
		case "source":
		case "derive": return;
	}
}
// src/report/explain-condition.ts
const LONGEST = 160;
function codeText(text) {
	return `\`${cut(oneLine(text), LONGEST).replaceAll("`", "'")}\``;
}
function listText(items, word) {
	const last = items.at(-1) ?? "";
	return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} ${word} ${last}`;
}
function conditionWords(condition) {
	const meaning = meaningOf(condition);
	return `${codeText(condition.text)}${meaning === void 0 ? "" : ` (${meaning})`}`;
}
function meaningOf({ operand, subject }) {
	if (subject.kind === "call" && subject.name === "trend") return `change per hour${subject.windowMs === void 0 ? "" : `, over the last ${durationWords(subject.windowMs)}`}`;
	if (operand.kind === "deploy.sha") return "the commit of this deploy";
	if (operand.kind !== "relative") return void 0;
	const { by, value } = operand;
	const amount = Number((Math.abs(value) * 100).toPrecision(12));
	const side = value < 0 ? "below" : "above";
	switch (by) {
		case "factor": return value === 1 ? "the baseline" : `${value} times the baseline`;
		case "change": return `${amount}% ${side} the baseline`;
		case "points": return `${amount} percentage points ${side} the baseline`;
	}
}
export { unitOf as i, conditionWords as n, listText as r, codeText as t };
