// src/core/duration.ts
const UNITS = {
	ms: 1,
	s: 1e3,
	m: 6e4,
	h: 36e5,
	d: 864e5
};
const DURATION_PATTERN = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/;
function unitMs(unit) {
	return UNITS[unit];
}
function parseDuration(text) {
	const [, amount, unit] = DURATION_PATTERN.exec(text) ?? [];
	if (amount === void 0 || unit === void 0) return void 0;
	return Math.round(Number(amount) * UNITS[unit]);
}
function durationText(ms) {
	if (ms === 0) return "0s";
	const unit = [
		"d",
		"h",
		"m",
		"s"
	].find((unit) => ms % UNITS[unit] === 0) ?? "ms";
	return `${ms / UNITS[unit]}${unit}`;
}
// src/core/suggest.ts
function suggest(word, candidates) {
	if (word === "" || word.length > 60) return void 0;
	const written = plain(word);
	let best;
	let least = Math.max(1, Math.floor(written.length / 3)) + 1;
	for (const candidate of candidates) {
		const name = plain(candidate);
		const steps = written.length >= 3 && name.startsWith(written) ? 1 : distance(written, name);
		if (steps < least) [best, least] = [candidate, steps];
	}
	return best;
}
function didYouMean(word, candidates) {
	const near = suggest(word, candidates);
	return near === void 0 ? void 0 : `did you mean "${near}"?`;
}
function plain(word) {
	return word.toLowerCase().replaceAll(/[-\s]/g, "_");
}
function distance(from, to) {
	let before = [];
	let row = Array.from({ length: to.length + 1 }, (_, index) => index);
	for (let i = 1; i <= from.length; i++) {
		const next = [i];
		for (let j = 1; j <= to.length; j++) {
			const swap = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
			const turn = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1] ? (before[j - 2] ?? 0) + 1 : 1e400;
			next.push(Math.min(swap, turn, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
		}
		[before, row] = [row, next];
	}
	return row[to.length] ?? 0;
}
// src/core/quantity.ts
const SECOND = 1e3;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SIZES = [
	"B",
	"KB",
	"MB",
	"GB",
	"TB"
];
const MEBIBYTE = 1024 ** 2;
function quantityText(value, unit) {
	if (!Number.isFinite(value)) return String(value);
	switch (unit) {
		case "ratio": return `${numberText$1(Number((value * 100).toFixed(2)))}%`;
		case "duration": return durationWords(value);
		case "size": return sizeText(value);
		case void 0: return numberText$1(value);
	}
}
function comparedText(value, unit, limits) {
	const text = quantityText(value, unit);
	return limits.some((limit) => limit !== value && quantityText(limit, unit) === text) ? exactText(value, unit) : text;
}
function exactText(value, unit) {
	switch (unit) {
		case "ratio": return `${exactNumber(value * 100)}%`;
		case "duration": return Math.abs(value) < SECOND ? `${exactNumber(value)}ms` : `${exactNumber(value / SECOND)}s`;
		case "size": return `${exactNumber(value)} B`;
		case void 0: return exactNumber(value);
	}
}
function exactNumber(value) {
	return grouped(Number(value.toPrecision(15)));
}
function sizeText(bytes) {
	const isBinary = bytes !== 0 && bytes % MEBIBYTE === 0 && bytes % 1e6 !== 0;
	const base = isBinary ? 1024 : 1e3;
	const size = Math.log(Math.abs(bytes) || 1) / Math.log(base);
	const power = Math.min(SIZES.length - 1, Math.max(0, Math.floor(Number(size.toFixed(9)))));
	const unit = SIZES[power] ?? "B";
	return `${numberText$1(bytes / base ** power)} ${isBinary ? unit.replace("B", "iB") : unit}`;
}
function numberText$1(value) {
	if (Number.isInteger(value) || Math.abs(value) >= 0x38d7ea4c68000) return grouped(value);
	const digits = Math.abs(value) >= 1e3 ? 0 : Math.abs(value) >= 1 ? 2 : 4;
	const rounded = Number(value.toFixed(digits));
	return grouped(rounded === 0 ? Number(value.toPrecision(2)) : rounded);
}
function grouped(value) {
	const text = String(value);
	return Number.isInteger(value) && Math.abs(value) < 0x38d7ea4c68000 ? text.replace(/\B(?=(?:\d{3})+$)/gu, ",") : text;
}
function durationWords(ms) {
	if (!Number.isFinite(ms)) return "unknown";
	if (ms < 0) return `-${durationWords(-ms)}`;
	if (Math.round(ms) < SECOND) return ms === 0 ? "0s" : `${Math.round(ms)}ms`;
	const tenths = Math.round(ms / 100);
	if (tenths < 600) return `${tenths / 10}s`;
	const seconds = Math.round(ms / SECOND) * SECOND;
	if (seconds < HOUR) return pair([Math.floor(seconds / MINUTE), "m"], [seconds % MINUTE / SECOND, "s"]);
	if (seconds < DAY) return pair([Math.floor(seconds / HOUR), "h"], [Math.floor(seconds % HOUR / MINUTE), "m"]);
	return pair([Math.floor(seconds / DAY), "d"], [Math.floor(seconds % DAY / HOUR), "h"]);
}
function pair(large, small) {
	return small[0] === 0 ? large.join("") : `${large.join("")} ${small.join("")}`;
}
// src/report/text.ts
const REPLACEMENT = "�";
const TERMINAL_SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)|[PX^_][^\u001b\n]*\u001b\\|[ -/]*[0-~])?|\u009b(?:[0-?]*[ -/]*[@-~])?/gu;
const LINE_END = /\r\n?|[\u0085\u2028\u2029]/gu;
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;
const INVISIBLE = /\u00ad|\u034f|\u061c|[\u115f\u1160]|[\u17b4\u17b5]|[\u180b-\u180f]|[\u200b-\u200f]|[\u202a-\u202e]|[\u2060-\u206f]|\u3164|\ufeff|\uffa0|[\ufff0-\ufffb]|[\u{13430}-\u{1343f}]|[\u{1bca0}-\u{1bca3}]|[\u{1d173}-\u{1d17a}]|[\u{e0000}-\u{e0fff}]/gu;
function cleanText(text) {
	return text.toWellFormed().replace(LINE_END, "\n").replace(TERMINAL_SEQUENCE, "").replace(CONTROL, REPLACEMENT).replace(INVISIBLE, "");
}
function oneLine(text) {
	return cleanText(text).replace(/\s+/gu, " ").trim();
}
function capitalized(text) {
	return text.replace(/^[a-z-]+(?![\w-])/u, (word) => word.charAt(0).toUpperCase() + word.slice(1));
}
function countText(count) {
	return quantityText(count);
}
function amountText(count, noun, plural = `${noun}s`) {
	return `${countText(count)} ${count === 1 ? noun : plural}`;
}
function cutMark(missing, unit) {
	return ` … [${countText(missing)} ${unit} cut]`;
}
function startOf(text, length) {
	const last = text.charCodeAt(length - 1);
	const splits = length > 0 && length < text.length && last >= 55296 && last <= 56319;
	return text.slice(0, Math.max(0, splits ? length - 1 : length));
}
function cut(text, max) {
	if (text.length <= max) return text;
	const room = max - cutMark(text.length, "characters").length;
	if (room <= 0) return startOf(text, max);
	const head = startOf(text, room);
	return head + cutMark(text.length - head.length, "characters");
}
function excerpt(text, max) {
	return cut(oneLine(text), max);
}
function bytesOf(point) {
	return point < 128 ? 1 : point < 2048 ? 2 : point < 65536 ? 3 : 4;
}
function byteLength(text) {
	let bytes = 0;
	for (const character of text) bytes += bytesOf(character.codePointAt(0) ?? 0);
	return bytes;
}
function cutBytes(text, max) {
	if (text.length * 3 <= max) return text;
	const total = byteLength(text);
	if (total <= max) return text;
	const room = Math.max(0, max - byteLength(cutMark(total, "bytes")));
	let kept = 0;
	let end = 0;
	for (const character of text) {
		const bytes = bytesOf(character.codePointAt(0) ?? 0);
		if (kept + bytes > room) break;
		kept += bytes;
		end += character.length;
	}
	return room === 0 ? "" : text.slice(0, end) + cutMark(total - kept, "bytes");
}
function shortSha(sha) {
	return /^[0-9a-f]{7,64}$/iu.test(sha) ? sha.slice(0, 7) : excerpt(sha, 40);
}
function withoutStop(sentence) {
	return sentence.replace(/\.$/u, "");
}
function withStop(sentence) {
	return /[.?:…]$/u.test(sentence) ? sentence : `${sentence}.`;
}
// src/report/plain.ts
function logText(text) {
	return oneLine(text).replace(/^::/u, ": :").replaceAll("##[", "## [");
}
function labelText(text, max) {
	return cut(oneLine(text).replace(/[\u{10000}-\u{10ffff}]/gu, "�"), max);
}
// src/report/value.ts
const LONGEST = 120;
function valueText(value, unit) {
	if (typeof value === "number") return quantityText(value, unit);
	if (typeof value === "string") return `"${cut(oneLine(value.slice(0, 1200)), LONGEST)}"`;
	if (value === null || typeof value === "boolean") return String(value);
	return cut(oneLine(JSON.stringify(value)), LONGEST);
}
function lineValueText({ subject, value, unit, limits = [] }) {
	if (value === void 0) return void 0;
	const text = typeof value === "number" ? comparedText(value, unit, limits) : valueText(value);
	return `${cut(oneLine(subject), LONGEST)} ${text}`;
}
// src/core/shape.ts
var Misfit = class extends Error {
	name = "Misfit";
};
function misfit$1(name) {
	throw new Misfit(`"${name}" is missing or not what it should be`);
}
function fields(value, name) {
	return typeof value === "object" && value !== null && !Array.isArray(value) ? value : misfit$1(name);
}
function text(from, name) {
	return string(from[name], name);
}
function number(from, name) {
	return finite(from[name], name);
}
function count(from, name) {
	const value = number(from, name);
	return Number.isSafeInteger(value) && value >= 0 ? value : misfit$1(name);
}
function flag(from, name) {
	const value = from[name];
	return typeof value === "boolean" ? value : misfit$1(name);
}
function yes(from, name) {
	return from[name] === true ? true : misfit$1(name);
}
function oneOf$1(from, name, words) {
	return words.find((word) => word === from[name]) ?? misfit$1(name);
}
function list(from, name, item) {
	return items(from[name], name, item);
}
function items(value, name, item) {
	return Array.isArray(value) ? value.map((one) => item(one, name)) : misfit$1(name);
}
function strings(value, name) {
	return items(value, name, string);
}
function record(value, name, item) {
	return Object.fromEntries(Object.entries(fields(value, name)).flatMap(([key, one]) => key === "__proto__" ? [] : [[key, item(one, name)]]));
}
function optional(from, name, read) {
	if (from[name] === void 0) return {};
	return { [name]: read(from, name) };
}
function string(value, name) {
	return typeof value === "string" ? value : misfit$1(name);
}
function finite(value, name) {
	return typeof value === "number" && Number.isFinite(value) ? value : misfit$1(name);
}
function ownOf(all, name) {
	return all !== void 0 && Object.hasOwn(all, name) ? all[name] : void 0;
}
// src/core/cut.ts
function cutText(text, most) {
	return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}
// src/core/points.ts
function keptPoint({ at, value, count = 1 }) {
	return count === 1 ? [at, value] : [
		at,
		value,
		count
	];
}
function pointOf([at, value, count = 1]) {
	return count === 1 ? {
		at,
		value
	} : {
		at,
		value,
		count
	};
}
function keptPointsOf(value, name) {
	return items(value, name, (one) => {
		const [at, number, count = 1, ...more] = items(one, name, finite);
		if (at === void 0 || number === void 0 || more.length > 0 || !(count >= 1)) return misfit$1(name);
		return keptPoint({
			at,
			value: number,
			count
		});
	});
}
function merged(points, about) {
	const { most, isApart, join = meanOf$1 } = about;
	const left = [...points];
	while (left.length > Math.max(3, most)) {
		let nearest = 1;
		let least = 1e400;
		for (let index = 1; index < left.length - 2; index += 1) {
			const [a, b] = [left[index], left[index + 1]];
			if (a === void 0 || b === void 0) continue;
			const [of, and] = [a.count ?? 1, b.count ?? 1];
			const apart = of * and / (of + and) * isApart(a, b);
			if (apart < least) [nearest, least] = [index, apart];
		}
		const [a, b] = left.slice(nearest, nearest + 2);
		if (a === void 0 || b === void 0) break;
		left.splice(nearest, 2, join(a, b));
	}
	return left;
}
function meanOf$1(a, b) {
	const [of, and] = [a.count ?? 1, b.count ?? 1];
	const mean = (one, other) => one === other ? one : (one * of + other * and) / (of + and);
	return {
		at: Math.round(mean(a.at, b.at)),
		value: mean(a.value, b.value),
		count: of + and
	};
}
function digested(points, most) {
	return merged(different(points), {
		most,
		isApart: inValue
	});
}
function chosen(points, most) {
	const all = different(points);
	if (all.length <= most) return all;
	const join = (a, b) => {
		const [of, and] = [a.count ?? 1, b.count ?? 1];
		return {
			...of >= and ? a : b,
			count: of + and
		};
	};
	return merged(all.map((one) => (one.count ?? 1) > 1 ? one : {
		...one,
		value: fiveDigits(one.value)
	}), {
		most,
		isApart: inValue,
		join
	});
}
function fiveDigits(value) {
	return Number.isInteger(value) ? value : Number(value.toPrecision(5));
}
function inValue(a, b) {
	return (a.value - b.value) ** 2;
}
function different(points) {
	const all = [];
	for (const point of points.toSorted((a, b) => a.value - b.value)) {
		const before = all.at(-1);
		if (before?.value === point.value) all.splice(-1, 1, meanOf$1(before, point));
		else all.push(point);
	}
	return all;
}
function percentileOf(points, percent) {
	return ranked(points, (all) => Math.max(1, Math.ceil(percent / 100 * all)));
}
function middleOf(points) {
	const low = ranked(points, (all) => Math.floor((all + 1) / 2));
	const high = ranked(points, (all) => Math.floor(all / 2) + 1);
	return low === void 0 || high === void 0 ? void 0 : (low + high) / 2;
}
function ranked(points, rankOf) {
	let left = rankOf(points.reduce((sum, { count = 1 }) => sum + count, 0));
	for (const { value, count = 1 } of points.toSorted((a, b) => a.value - b.value)) {
		left -= count;
		if (left <= 0) return value;
	}
}
// src/core/condition-text.ts
function pathText(path) {
	return path.map((step, index) => typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`).join("");
}
function subjectText(subject) {
	if (subject.kind === "path") return pathText(subject.path);
	const window = subject.windowMs === void 0 ? "" : `, ${durationText(subject.windowMs)}`;
	return `${subject.name}(${pathText(subject.path)}${window})`;
}
function conditionText(condition) {
	return `${subjectText(condition.subject)} ${condition.operator} ${operandText(condition.operand)}`;
}
function operandText(operand) {
	switch (operand.kind) {
		case "number": return numberText(operand);
		case "text": return JSON.stringify(operand.value);
		case "pattern": return `/${operand.source}/${operand.flags}`;
		case "literal": return String(operand.value);
		case "list": return `[${operand.items.map(operandText).join(", ")}]`;
		case "range": return `${numberText(operand.from)} and ${numberText(operand.to)}`;
		case "relative":
			if (operand.by === "factor") return `${plainNumber(operand.value)}x`;
			return `${operand.value < 0 || Object.is(operand.value, -0) ? "" : "+"}${hundredths(operand.value)}${operand.by === "change" ? "%" : "pp"}`;
		case "deploy.sha": return "deploy.sha";
	}
}
function numberText(operand) {
	if (operand.unit === "ratio") return `${hundredths(operand.value)}%`;
	if (operand.unit === "duration" && Number.isInteger(operand.value)) return durationText(operand.value);
	const unit = operand.unit === "duration" ? "ms" : operand.unit === "size" ? "B" : "";
	return `${plainNumber(operand.value)}${unit}`;
}
function hundredths(value) {
	if (value === 0) return plainNumber(value);
	return plainNumber(Number((value * 100).toPrecision(15)));
}
function plainNumber(value) {
	const text = Object.is(value, -0) ? "-0" : String(value);
	return text.includes("e") ? value.toFixed(9).replace(/\.?0+$/, "") : text;
}
// src/core/regex-case.ts
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
// src/core/regex-needles.ts
const MOST = 16;
const NOTHING = {
	whole: [""],
	ends: [""]
};
const ANYTHING = { ends: [""] };
function oneOf(characters) {
	if (characters.some((one) => one.length !== 1 || one > "")) return ANYTHING;
	return ofWhole([...new Set(characters.map((one) => one.toLowerCase()))]);
}
function followedBy(part, next) {
	const { whole } = next;
	if (whole !== void 0 && part.ends.length * whole.length <= MOST) {
		const ends = part.ends.flatMap((end) => whole.map((text) => end + text));
		return {
			...part,
			ends,
			...part.whole === void 0 ? {} : { whole: ends }
		};
	}
	return {
		ends: next.ends,
		...withSome(best([
			part.some,
			part.ends,
			next.some
		]))
	};
}
function either(part, other) {
	if (part.whole !== void 0 && other.whole !== void 0) return ofWhole([...part.whole, ...other.whole]);
	const [one, two] = [needlesOf(part), needlesOf(other)];
	return {
		ends: few([...part.ends, ...other.ends]) ?? [""],
		...withSome(one && two && few([...one, ...two]))
	};
}
function repeatedFrom(part, from, to) {
	if (from === 1 && to === 1) return part;
	if (from === 0) return to === 1 ? either(part, NOTHING) : ANYTHING;
	return {
		ends: part.ends,
		...withSome(needlesOf(part))
	};
}
function needlesOf({ some, ends }) {
	return best([some, ends]);
}
function ofWhole(texts) {
	const whole = few(texts);
	return whole === void 0 ? ANYTHING : {
		whole,
		ends: whole
	};
}
function few(texts) {
	const all = [...new Set(texts)];
	return all.length <= MOST ? all : void 0;
}
function withSome(some) {
	return some === void 0 ? {} : { some };
}
function best(sets) {
	const shortest = (set) => Math.min(...set.map(({ length }) => length));
	return sets.flatMap((set) => set === void 0 || shortest(set) === 0 ? [] : [set]).toSorted((a, b) => shortest(b) - shortest(a) || a.length - b.length)[0];
}
// src/core/regex-shape.ts
const MOST_COPIES = 16;
const FREE = {
	degree: 0,
	choices: 1,
	variable: false
};
const EMPTY = {
	...FREE,
	needles: NOTHING
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
	const { needles, ...cost } = alternatives(reading, {
		copies: 1,
		top: true
	});
	const { linear, nested, anchored, out } = reading;
	return {
		...cost,
		linear,
		nested,
		anchored,
		bothCases: out,
		needles: needlesOf(needles)
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
			variable: true,
			needles: either(all.needles, next.needles)
		};
	}
	return all;
}
function sequence(reading, place) {
	if (place.top && reading.source[reading.at] !== "^") reading.anchored = false;
	let all = EMPTY;
	while (reading.at < reading.source.length && !"|)".includes(reading.source[reading.at] ?? "")) {
		const next = repeated(reading, place);
		all = {
			degree: all.degree + next.degree,
			choices: Math.min(all.choices * next.choices, 1e9),
			variable: all.variable || next.variable,
			needles: followedBy(all.needles, next.needles)
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
	const needles = repeatedFrom(cost.needles, from, to);
	if (to === from) return {
		...cost,
		needles
	};
	return to === 1 ? {
		...cost,
		choices: cost.choices + 1,
		variable: true,
		needles
	} : {
		degree: cost.degree + 1,
		choices: cost.choices,
		variable: true,
		needles
	};
}
function atom(reading, place) {
	const char = reading.source[reading.at] ?? "";
	if (char === "(") return group(reading, place);
	if (char === "[") return {
		...FREE,
		needles: characterClass(reading)
	};
	if (char === "\\") {
		if (/^\\(?:k<|[1-9])/.test(reading.source.slice(reading.at, reading.at + 3))) reading.linear = false;
		const name = /^\\k<[^>]*>/.exec(reading.source.slice(reading.at))?.[0];
		if (name !== void 0) {
			copy(reading, name.length);
			return {
				...FREE,
				needles: ANYTHING
			};
		}
	}
	const text = takeCharacter(reading);
	reading.out += letter(text, false);
	return {
		...FREE,
		needles: needlesOfCharacter(text)
	};
}
function needlesOfCharacter(text) {
	if (/^(?:[$^]|\\[bB])$/.test(text)) return NOTHING;
	return text === "." ? ANYTHING : oneOf([plainCharacter(text)]);
}
function plainCharacter(text) {
	return /^\\[^\w\s]$/.test(text) ? text.slice(1) : text;
}
function group(reading, { copies }) {
	const open = /^\((?:\?(?:<(?![=!])[^>]*>|<?[=!]|[a-z]*(?:-[a-z]*)?:))?/.exec(reading.source.slice(reading.at))?.[0] ?? "(";
	if (/[=!]$|^\(\?(?:[a-z]|-)/.test(open)) reading.linear = false;
	copy(reading, open.length);
	const inside = alternatives(reading, {
		copies,
		top: false
	});
	copy(reading, 1);
	return /[=!]$/.test(open) ? {
		...inside,
		needles: NOTHING
	} : inside;
}
function characterClass(reading) {
	let isOpen = reading.source[reading.at + 1] === "^";
	copy(reading, isOpen ? 2 : 1);
	const characters = [];
	while (reading.at < reading.source.length && reading.source[reading.at] !== "]") {
		const from = takeCharacter(reading);
		characters.push(plainCharacter(from));
		if (!(reading.source[reading.at] === "-" && !"]".includes(reading.source[reading.at + 1] ?? "]"))) {
			reading.out += letter(from, true);
			continue;
		}
		isOpen = true;
		reading.at++;
		const to = takeCharacter(reading);
		reading.out += `${from}-${to}${otherCaseRange(from, to)}`;
	}
	copy(reading, 1);
	return isOpen ? ANYTHING : oneOf(characters);
}
function takeCharacter(reading) {
	const rest = reading.source.slice(reading.at, reading.at + 12);
	const text = /^(?:\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|c[A-Za-z]|\d+|[^])|[^])/.exec(rest)?.[0] ?? rest.slice(0, 1);
	reading.at += Math.max(text.length, 1);
	return text;
}
function copy(reading, length) {
	reading.out += reading.source.slice(reading.at, reading.at + length);
	reading.at += length;
}
// src/core/regex.ts
const MOST_CHARACTERS = 16384;
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
			limits.set(plain, MOST_CHARACTERS);
			return plain;
		}
	}
	const degree = shape.degree + (shape.anchored && !flags.includes("m") ? 0 : 1);
	if (shape.nested || degree > MOST_DEGREE || shape.choices > MOST_CHOICES) return "the expression can take for ever on some texts; write it without lookaround, back references, the u flag and counts above 16, or with fewer repeats";
	limits.set(compiled, MOST_CHARACTERS_BACKTRACKING);
	return compiled;
}
function searchText(regex, text) {
	const limit = searchedLength(regex);
	return {
		found: regex.test(text.slice(0, limit)),
		cut: text.length > limit
	};
}
function searchedLength(regex) {
	return limits.get(regex) ?? MOST_CHARACTERS_BACKTRACKING;
}
function captureText(regex, text) {
	const found = regex.exec(text.slice(0, searchedLength(regex)));
	return found === null ? void 0 : found.groups ?? {};
}
function compile(source, flags) {
	try {
		return new RegExp(source, flags);
	} catch (error) {
		return `the expression does not parse: ${(error instanceof Error ? error.message.split(": ").at(-1) : void 0)?.toLowerCase() ?? "unknown reason"}`;
	}
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
// src/core/limit.ts
function relativeLimit({ by, value }, baseline) {
	if (by === "factor") return baseline * value;
	return by === "change" ? baseline + Math.abs(baseline) * value : baseline + value;
}
function limitsOf(operand, baseline) {
	switch (operand.kind) {
		case "number": return [operand.value];
		case "range": return [operand.from.value, operand.to.value];
		case "relative": return baseline === void 0 ? [] : [relativeLimit(operand, baseline)];
		case "list":
		case "text":
		case "pattern":
		case "literal":
		case "deploy.sha": return [];
	}
}
// src/core/series.ts
const HOUR_MS = 36e5;
const BEFORE = .5;
function seriesValue(name, series, span) {
	const from = span.windowMs === void 0 ? -1e400 : span.at - span.windowMs;
	const points = series.filter((point) => point.at >= from && point.at <= span.at && Number.isFinite(point.value));
	const values = points.map((point) => point.value);
	if (values.length === 0) return { why: "no number was sampled yet" };
	switch (name) {
		case "p50": return { value: percentileOf(points, 50) ?? NaN };
		case "p95": return { value: percentileOf(points, 95) ?? NaN };
		case "p99": return { value: percentileOf(points, 99) ?? NaN };
		case "avg": return { value: meanOf(points, ({ value }) => value) };
		case "sum": return { value: sumOf(points, ({ value }) => value) };
		case "max": return { value: values.reduce((most, value) => Math.max(most, value)) };
		case "min": return { value: values.reduce((least, value) => Math.min(least, value)) };
		case "trend": return span.at - span.since < (span.windowMs ?? 0) ? {
			why: "the window has not filled yet",
			cause: "open"
		} : trendOf(withBefore(points, {
			series,
			from,
			windowMs: span.windowMs ?? 0
		}), span.windowMs ?? 0);
	}
}
function sumOf(points, of) {
	return points.reduce((total, point) => total + of(point) * (point.count ?? 1), 0);
}
function meanOf(points, of) {
	return sumOf(points, of) / sumOf(points, () => 1);
}
function spanOf(points) {
	const times = points.map((point) => point.at);
	return Math.max(...times) - Math.min(...times);
}
function withBefore(points, about) {
	const { series, from, windowMs } = about;
	if (spanOf(points) >= windowMs / 2) return points;
	const before = series.findLast(({ at, value }) => at < from && at >= from - windowMs * .5 && Number.isFinite(value));
	return before === void 0 ? points : [before, ...points];
}
function trendOf(points, windowMs) {
	const spanMs = spanOf(points);
	if (points.length < 2 || spanMs >= windowMs / 2) return slopePerHour(points);
	return {
		why: `its samples are of ${durationText(Math.round(spanMs / 1e3) * 1e3)} only, and the trend is of ${durationText(windowMs)}`,
		cause: "open"
	};
}
function slopePerHour(points) {
	const meanAt = meanOf(points, ({ at }) => at);
	const meanValue = meanOf(points, ({ value }) => value);
	const spread = sumOf(points, ({ at }) => (at - meanAt) ** 2);
	if (spread === 0) return {
		why: "a trend needs samples of two moments",
		cause: "open"
	};
	return { value: sumOf(points, ({ at, value }) => (at - meanAt) * (value - meanValue)) / spread * HOUR_MS };
}
// src/core/evaluate.ts
function evaluateCondition(condition, tier, scope) {
	const { operand } = condition;
	const line = {
		condition: condition.text,
		subject: subjectText(condition.subject),
		tier
	};
	const read = readSubject(condition.subject, scope);
	if ("why" in read) return {
		...line,
		holds: null,
		...read
	};
	const seen = {
		...line,
		value: read.value
	};
	if (operand.kind === "relative") return relativeLine({
		...condition,
		operand
	}, seen, scope);
	const result = compare(read.value, condition, scope.sha);
	if (result.holds === null) return {
		...seen,
		...result
	};
	return {
		...seen,
		...inUnit(scope.unitOf?.(condition)),
		limits: limitsOf(operand),
		...result
	};
}
function relativeLine(condition, seen, scope) {
	const { subject: name, value } = seen;
	const unit = scope.unitOf?.(condition);
	const told = {
		...seen,
		...inUnit(unit)
	};
	const known = scope.baseline ?? {
		kind: "none",
		why: "the check has none",
		isYet: false
	};
	if (known.kind === "none") return {
		...told,
		holds: null,
		...withoutBaseline(known, name)
	};
	const baseline = Object.hasOwn(known.values, name) ? known.values[name] : void 0;
	if (baseline === void 0) return {
		...told,
		holds: null,
		why: `no baseline for ${name}: ${known.from} did not measure it`
	};
	const compared = {
		...told,
		baseline
	};
	if (typeof value !== "number") return {
		...compared,
		holds: null,
		why: `${name} is not a number`
	};
	if (scope.floor !== void 0 && Math.max(value, baseline) < scope.floor) {
		const floor = quantityText(scope.floor, unit);
		return {
			...compared,
			holds: null,
			why: `value and baseline are under the floor of ${floor}`
		};
	}
	const { operand } = condition;
	if (operand.by === "points" && !(isRatio(value) && isRatio(baseline))) return {
		...seen,
		baseline,
		holds: null,
		why: "percentage points compare ratios from 0 to 1 only"
	};
	if (operand.by === "factor" && baseline < 0) return {
		...compared,
		holds: null,
		why: `${operandText(operand)} of less than nothing is no limit`
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
		...compared,
		limits: [limit],
		...compare(value, {
			...condition,
			...absolute
		}, scope.sha)
	};
}
function inUnit(unit) {
	return unit === void 0 ? {} : { unit };
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
export { oneLine as $, list as A, yes as B, cutText as C, finite as D, fields as E, ownOf as F, amountText as G, valueText as H, record as I, cleanText as J, byteLength as K, string as L, number as M, oneOf$1 as N, flag as O, optional as P, excerpt as Q, strings as R, pointOf as S, count as T, labelText as U, lineValueText as V, logText as W, cut as X, countText as Y, cutBytes as Z, fiveDigits as _, limitsOf as a, durationWords as at, merged as b, searchText as c, DURATION_PATTERN as ct, conditionText as d, unitMs as dt, shortSha as et, operandText as f, digested as g, chosen as h, seriesValue as i, comparedText as it, misfit$1 as j, items as k, searchedLength as l, durationText as lt, subjectText as m, valueAt as n, withStop as nt, captureText as o, quantityText as ot, pathText as p, capitalized as q, BEFORE as r, withoutStop as rt, safeRegex as s, didYouMean as st, evaluateCondition as t, startOf as tt, regexShape as u, parseDuration as ut, keptPoint as v, Misfit as w, middleOf as x, keptPointsOf as y, text as z };
