import { S as union$1, _ as number$1, a as ZodOptional, b as strictObject, c as ZodRecord, f as array, h as literal, i as ZodObject, l as ZodUnion, m as int, n as ZodArray, o as ZodPipe, p as boolean, r as ZodDefault, s as ZodPrefault, t as require_dist, u as _enum, w as NEVER$1, x as string$1, y as record$1 } from "./language.js";
// src/core/duration.ts
const UNITS$3 = {
	ms: 1,
	s: 1e3,
	m: 6e4,
	h: 36e5,
	d: 864e5
};
const DURATION_PATTERN = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/;
function unitMs(unit) {
	return UNITS$3[unit];
}
function parseDuration(text) {
	const [, amount, unit] = DURATION_PATTERN.exec(text) ?? [];
	if (amount === void 0 || unit === void 0) return void 0;
	return Math.round(Number(amount) * UNITS$3[unit]);
}
function durationText(ms) {
	if (ms === 0) return "0s";
	const unit = [
		"d",
		"h",
		"m",
		"s"
	].find((unit) => ms % UNITS$3[unit] === 0) ?? "ms";
	return `${ms / UNITS$3[unit]}${unit}`;
}
// src/core/suggest.ts
function suggest(word, candidates) {
	if (word === "" || word.length > 60) return void 0;
	const written = plain$1(word);
	let best;
	let least = Math.max(1, Math.floor(written.length / 3)) + 1;
	for (const candidate of candidates) {
		const name = plain$1(candidate);
		const steps = written.length >= 3 && name.startsWith(written) ? 1 : distance(written, name);
		if (steps < least) [best, least] = [candidate, steps];
	}
	return best;
}
function didYouMean(word, candidates) {
	const near = suggest(word, candidates);
	return near === void 0 ? void 0 : `did you mean "${near}"?`;
}
function plain$1(word) {
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
// src/config/inputs.ts
const MODES = [
	"observe",
	"advise",
	"enforce"
];
const DEFAULT_API_URL = "https://api.render.com/v1";
const SECRET = {
	isValid: (value) => /^[\x21-\x7e]+$/.test(value),
	use: "use a key or token without spaces and line breaks",
	isSecret: true
};
const RULES = {
	"render-api-key": SECRET,
	service: {
		isValid: (value) => !/[\p{Cc}]/u.test(value),
		use: "use one line"
	},
	config: {
		isValid: isRepositoryPath,
		use: "use a path inside the repository, such as .github/deploy-gate.yml"
	},
	mode: {
		isValid: (value) => MODES.some((mode) => mode === value),
		use: "use observe, advise or enforce",
		hint: (value) => didYouMean(value, MODES)
	},
	commit: {
		isValid: (value) => /^[\da-f]{7,40}$/i.test(value),
		use: "use the SHA of a commit"
	},
	"deploy-id": {
		isValid: (value) => /^dep-[\w-]+$/.test(value),
		use: "use the id of a deploy, such as dep-abcd0123456789efghij"
	},
	"github-token": SECRET,
	"pr-token": SECRET,
	"render-api-url": {
		isValid: isHttpUrl,
		use: `use an address such as ${DEFAULT_API_URL}`
	}
};
function readInputs(get) {
	const mistakes = [];
	const read = (name) => {
		const value = get(name).trim();
		const rule = RULES[name];
		if (value === "" || rule === void 0 || rule.isValid(value)) return value === "" ? void 0 : value;
		const holds = rule.isSecret === true ? "holds a space, a line break or a character that no key has" : `is "${value.slice(0, 80)}"`;
		const hint = rule.hint?.(value);
		mistakes.push({
			message: `Input "${name}" ${holds}; ${rule.use}.`,
			...hint === void 0 ? {} : { hint }
		});
	};
	const renderApiKey = read("render-api-key");
	if (renderApiKey === void 0 && mistakes.length === 0) mistakes.push({
		message: "Input \"render-api-key\" is empty.",
		hint: "Set it to a secret of the repository. Secrets are not passed to workflows that a fork or Dependabot started."
	});
	const [service, config, mode, commit, deployId] = [
		"service",
		"config",
		"mode",
		"commit",
		"deploy-id"
	].map(read);
	const githubToken = read("github-token");
	if (githubToken === void 0 && get("github-token").trim() === "") mistakes.push({
		message: "Input \"github-token\" is empty.",
		hint: "Leave it out: its default is the job's own token."
	});
	const prToken = read("pr-token");
	const renderApiUrl = (read("render-api-url") ?? DEFAULT_API_URL).replace(/\/+$/, "");
	const known = MODES.find((one) => one === mode);
	return {
		inputs: {
			...renderApiKey === void 0 ? {} : { renderApiKey },
			...service === void 0 ? {} : { service },
			...config === void 0 ? {} : { config: config.replace(/^(?:\.\/)+/, "") },
			...known === void 0 ? {} : { mode: known },
			...commit === void 0 ? {} : { commit: commit.toLowerCase() },
			...deployId === void 0 ? {} : { deployId },
			...githubToken === void 0 ? {} : { githubToken },
			...prToken === void 0 ? {} : { prToken },
			renderApiUrl
		},
		mistakes
	};
}
const INLINE_VARIABLE = "DEPLOY_GATE_INLINE";
function readInline(text) {
	const written = text.trim();
	const inlineMs = written === "" ? 0 : parseDuration(written);
	if (inlineMs !== void 0) return {
		inlineMs,
		mistakes: []
	};
	return {
		inlineMs: 0,
		mistakes: [{ message: `The variable ${INLINE_VARIABLE} is "${written.slice(0, 80)}"; use a duration such as 1h.` }]
	};
}
function effectivePlan(plan, inputs) {
	const service = inputs.service ?? plan.service;
	const mistakes = [];
	if (service === void 0) {
		const place = plan.file === void 0 ? "" : `, or "service" in ${plan.file}`;
		mistakes.push({
			message: "No service is named.",
			hint: `Set the input "service"${place} to the name or id of a Render service.`
		});
	}
	if (inputs.deployId !== void 0 && plan.deploy.trigger) mistakes.push({
		message: "Input \"deploy-id\" names a deploy that exists, and \"deploy.trigger\" asks for a new one.",
		hint: "Set one of them only."
	});
	if (service === void 0 || mistakes.length > 0) return {
		ok: false,
		mistakes
	};
	return {
		ok: true,
		plan: {
			...plan,
			service,
			mode: inputs.mode ?? plan.mode
		}
	};
}
function isRepositoryPath(path) {
	return !/^[/\\~]|^[A-Za-z]:|[\p{Cc}]/u.test(path) && !path.split(/[/\\]/).includes("..");
}
function isHttpUrl(url) {
	return /^https?:\/\/[^/]/i.test(url) && URL.canParse(url) && !/[?#]/.test(url);
}
// src/problem.ts
var ConfigProblem = class extends Error {
	name = "ConfigProblem";
	mistakes;
	constructor(mistakes, options) {
		super(mistakes.map((mistake) => mistake.message).join("\n"), options);
		this.mistakes = mistakes;
	}
};
var ServiceProblem = class extends Error {
	name = "ServiceProblem";
	failure;
	constructor(failure, options) {
		super(failure.message, options);
		this.failure = failure;
	}
	get status() {
		return this.failure.status;
	}
};
const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/gu;
const KEY_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/gu;
const SHAPES = [
	[/\brnd_[A-Za-z0-9]{8,}/gu, "***"],
	[/(\/deploy\/srv-[a-z0-9]{1,64}\?key=)[\w-]{1,256}/gu, `$1***`],
	[/\bgh[pousr]_[\w.-]{16,}/gu, "***"],
	[/\bgithub_pat_\w{16,}/gu, "***"],
	[/\b(bearer)\s{1,8}[\w.~+/=-]{8,}/giu, `$1 ***`],
	[/\b(authorization["']?\s{0,8}[:=]\s{0,8}["']?(?:basic|token)\s{1,8})[\w.~+/=-]{4,}/giu, `$1***`],
	[/(:\/\/[^\s:/?#@"'<>]{0,256}:)[^\s/?#"'<>]{1,512}@/gu, `$1***@`],
	[/\b(password|passwd|pwd|secret_?access_?key)(["']?\s{0,8}[=:]\s{0,8})(?:"[^"\n]{1,512}"|'[^'\n]{1,512}'|[^\s&;,"']{4,512})/giu, `$1$2***`],
	[/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/gu, "***"],
	[/(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]{1,512}/gu, `$1***`],
	[/\bxox[a-z]-[\w-]{8,}/gu, "***"],
	[/\b[rs]k_(?:live|test)_\w{8,}/gu, "***"],
	[/(?<![\w-])eyJ[\w-]{8,4096}\.eyJ[\w-]{8,4096}\.[\w-]{0,1024}/gu, "***"]
];
const LONGEST_KEY = 16384;
const KEY_BODY = /(?:[A-Za-z0-9+/=\s]|\\[nr])*/uy;
function keyEnd(text, begin) {
	KEY_BODY.lastIndex = begin;
	KEY_BODY.exec(text);
	return KEY_BODY.lastIndex;
}
function withoutKeys(text) {
	let kept = "";
	let done = 0;
	let mark = {
		from: -1,
		to: 0
	};
	for (;;) {
		KEY_BEGIN.lastIndex = done;
		const begin = KEY_BEGIN.exec(text);
		if (begin === null) return kept + text.slice(done);
		const body = KEY_BEGIN.lastIndex;
		if (mark !== void 0 && mark.from < body) {
			KEY_END.lastIndex = body;
			const found = KEY_END.exec(text);
			mark = found === null ? void 0 : {
				from: found.index,
				to: KEY_END.lastIndex
			};
		}
		kept += text.slice(done, begin.index) + "***";
		done = mark !== void 0 && mark.from - body <= LONGEST_KEY ? mark.to : keyEnd(text, body);
	}
}
function knownShapesRedacted(text) {
	return SHAPES.reduce((shown, [shape, replacement]) => shown.replace(shape, replacement), withoutKeys(text));
}
// src/report/redact.ts
const LEAST = 4;
const LEAST_FRAGMENT = 8;
function bytesAsText(text) {
	return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}
function base64Forms(secret) {
	const bytes = bytesAsText(secret);
	const cores = [
		0,
		1,
		2
	].map((before) => {
		const start = Math.ceil(before * 8 / 6);
		const end = Math.floor((before + bytes.length) * 8 / 6);
		return btoa("\0".repeat(before) + bytes).slice(start, end);
	});
	const urlSafe = cores.map((core) => core.replaceAll("+", "-").replaceAll("/", "_"));
	return [...cores, ...urlSafe].filter((form) => form.length >= LEAST_FRAGMENT);
}
function formsOf(secret) {
	const wellFormed = secret.toWellFormed();
	const percent = encodeURIComponent(wellFormed);
	return [
		secret,
		...secret.split(/\r?\n/u).filter((line) => line.length >= LEAST_FRAGMENT),
		percent,
		percent.replaceAll("%20", "+"),
		percent.replace(/%[0-9A-F]{2}/gu, (code) => code.toLowerCase()),
		encodeURI(wellFormed),
		JSON.stringify(secret).slice(1, -1),
		...base64Forms(secret)
	];
}
function placesOf(form, text) {
	const places = [];
	for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1)) {
		const last = places.at(-1);
		if (last !== void 0 && at < last[1]) places[places.length - 1] = [last[0], at + form.length];
		else places.push([at, at + form.length]);
	}
	return places;
}
function createRedactor(secrets) {
	const long = secrets.flatMap((secret) => [secret, secret.trim()]).filter((secret) => secret.length >= LEAST);
	const forms = [...new Set(long.flatMap(formsOf))].filter((form) => form.length >= LEAST);
	return (text) => {
		const places = forms.flatMap((form) => placesOf(form, text)).sort(([a], [b]) => a - b);
		let redacted = "";
		let end = 0;
		for (const [from, to] of places) {
			if (from >= end) redacted += text.slice(end, from) + "***";
			end = Math.max(end, to);
		}
		return knownShapesRedacted(redacted + text.slice(end));
	};
}
// src/core/quantity.ts
const SECOND = 1e3;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY$1 = 24 * HOUR;
const SIZES$1 = [
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
	const power = Math.min(SIZES$1.length - 1, Math.max(0, Math.floor(Number(size.toFixed(9)))));
	const unit = SIZES$1[power] ?? "B";
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
	if (seconds < DAY$1) return pair([Math.floor(seconds / HOUR), "h"], [Math.floor(seconds % HOUR / MINUTE), "m"]);
	return pair([Math.floor(seconds / DAY$1), "d"], [Math.floor(seconds % DAY$1 / HOUR), "h"]);
}
function pair(large, small) {
	return small[0] === 0 ? large.join("") : `${large.join("")} ${small.join("")}`;
}
// src/report/text.ts
const REPLACEMENT = "�";
const TERMINAL_SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)|[PX^_][^\u001b\n]*\u001b\\|[ -/]*[0-~])?|\u009b(?:[0-?]*[ -/]*[@-~])?/gu;
const LINE_END = /\r\n?|[\u0085\u2028\u2029]/gu;
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;
const INVISIBLE = /\u00ad|\u034f|\u061c|[\u115f\u1160]|[\u17b4\u17b5]|[\u180b-\u180f]|[\u200b-\u200f]|[\u202a-\u202e]|[\u2060-\u206f]|\u3164|\ufeff|\uffa0|[\ufff0-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;
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
// src/report/markdown.ts
const BREAK = "​";
const BREAK_MARKUP = "&#8203;";
const SPECIAL = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	"|": "&#124;",
	$: "<span>$</span>"
};
function unlinked(text) {
	return oneLine(text).replaceAll("@", `@${BREAK}`).replace(/#(?=\d)/gu, `#${BREAK}`).replace(/(?<![a-z\d])(gh)-(?=\d)/giu, `$1-${BREAK}`).replaceAll("://", `:${BREAK}//`).replace(/(www)\./giu, `$1${BREAK}.`);
}
function htmlText(text) {
	return unlinked(text).replace(/[&<>"'|]/gu, (mark) => SPECIAL[mark] ?? `&#${mark.charCodeAt(0)};`).replaceAll(BREAK, BREAK_MARKUP);
}
function inlineText(text) {
	return unlinked(text).replace(/[&<>|$\\`*_[\]~]/gu, (mark) => SPECIAL[mark] ?? `\\${mark}`).replace(/^(\d{1,9})([.)])/u, "$1\\$2").replace(/^[-+=:#]/u, "\\$&").replaceAll(BREAK, BREAK_MARKUP);
}
function longestRun(text, mark) {
	let longest = 0;
	let run = 0;
	for (let at = 0; at < text.length; at += 1) {
		run = text[at] === mark ? run + 1 : 0;
		if (run > longest) longest = run;
	}
	return longest;
}
function withoutMarkers(text) {
	return text.replaceAll("<!--", "<! --");
}
function codeSpan(text) {
	const line = withoutMarkers(oneLine(text));
	if (line === "") return "(empty)";
	const fence = "`".repeat(longestRun(line, "`") + 1);
	const space = line.startsWith("`") || line.endsWith("`") ? " " : "";
	return `${fence}${space}${line}${space}${fence}`;
}
function codeCell(text) {
	return text.includes("|") ? `<code>${inlineText(text)}</code>` : codeSpan(text);
}
function fencedBlock(text, max) {
	const body = cut(withoutMarkers(cleanText(text)), max);
	const fence = "`".repeat(Math.max(3, longestRun(body, "`") + 1));
	return `${fence}text\n${body}\n${fence}`;
}
function link(text, url) {
	const label = inlineText(text);
	if (url === void 0 || !/^https?:\/\/[!-~]{1,2000}$/u.test(url)) return label;
	return `[${label}](${url.replace(/[<>()[\]|\\`*_"'{}]/gu, (mark) => `%${mark.charCodeAt(0).toString(16)}`)})`;
}
function addressLink(url) {
	return link(cut(oneLine(url).replace(/^https?:\/\//u, ""), 200), url);
}
function tableText({ head, rows }) {
	const row = (cells) => `| ${head.map((_, at) => cells[at] ?? "").join(" | ")} |`;
	return [
		row(head),
		`|${head.map(() => " --- |").join("")}`,
		...rows.map(row)
	].join("\n");
}
function folded(title, body) {
	return `<details><summary>${htmlText(title)}</summary>\n\n${body}\n\n</details>`;
}
// src/report/page.ts
const NOTE_BYTES = 200;
function pageText(parts, maxBytes) {
	const [first = "", ...others] = parts.filter((part) => part !== "");
	const room = maxBytes - NOTE_BYTES;
	const kept = [cutBytes(first, room)];
	let bytes = byteLength(kept[0] ?? "");
	let missing = 0;
	for (const part of others) {
		const more = byteLength(part) + 2;
		if (bytes + more > room) missing += 1;
		else {
			kept.push(part);
			bytes += more;
		}
	}
	if (missing === 0) return kept.join("\n\n");
	const note = `_${amountText(missing, "part")} left out: GitHub takes at most ${countText(maxBytes)} bytes here; the run's report.json has everything._`;
	return [...kept, note].join("\n\n");
}
// src/report/plain.ts
function logText(text) {
	return oneLine(text).replace(/^::/u, ": :").replaceAll("##[", "## [");
}
function labelText(text, max) {
	return cut(oneLine(text).replace(/[\u{10000}-\u{10ffff}]/gu, "�"), max);
}
// src/report/problem.ts
const LONGEST$4 = 1e3;
const MOST$4 = 100;
function mistakeText(problem) {
	const hint = problem.hint === void 0 || problem.hint.trim() === "" ? "" : ` ${withStop(oneLine(problem.hint))}`;
	return cut(withStop(oneLine(problem.message)) + hint, LONGEST$4);
}
function mistakeLine(mistake) {
	const { at } = mistake;
	return logText((at === void 0 ? "" : `${excerpt(at.file, 200)}:${at.line}:${at.column} `) + mistakeText(mistake));
}
function failureLine(failure) {
	return logText(mistakeText(failure));
}
function problemCheckRun(mistakes) {
	const [first] = mistakes;
	const title = mistakes.length === 1 && first !== void 0 ? `Configuration: ${mistakeText(first)}` : `Configuration: ${amountText(mistakes.length, "mistake")}`;
	const lines = mistakes.slice(0, MOST$4).map((mistake) => `- ${inlineText(mistakeLine(mistake))}`);
	const missing = mistakes.length - lines.length;
	const more = missing === 0 ? [] : [`- … and ${missing} more`];
	const summary = pageText(["**Nothing was watched and nothing was touched: the gate cannot start like this.**", [...lines, ...more].join("\n")], 65535);
	return {
		title: labelText(title, 250),
		summary
	};
}
function problemDescription(mistakes) {
	return labelText(problemCheckRun(mistakes).title, 140);
}
// src/report/time.ts
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
// src/report/evidence.ts
const MOST$3 = 50;
const LONGEST$3 = 2e3;
function evidenceText(evidence, timeText = clockText) {
	const pieces = evidence.slice(0, MOST$3).map(({ at, from, text }) => {
		return (at === void 0 ? "" : `${timeText(at)} `) + (from === void 0 || from === "" ? "" : `[${excerpt(from, 80)}] `) + cut(cleanText(text).trimEnd(), LONGEST$3);
	});
	const missing = evidence.length - pieces.length;
	return [...pieces, ...missing === 0 ? [] : [`… and ${missing} more`]].join("\n");
}
function evidenceFold(title, evidence, { max, timeText = clockText }) {
	if (evidence.length === 0) return "";
	return folded(`${title} (${amountText(evidence.length, "piece")})`, fencedBlock(evidenceText(evidence, timeText), max));
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
function evidenceTime({ coverage }) {
	return coverage === void 0 ? clockText : dateTimeText;
}
function evidenceParts(outcome, max) {
	const options = {
		max,
		timeText: evidenceTime(outcome)
	};
	return [evidenceFold("What Render said about the deploy", outcome.deployEvidence, options), ...worstFirst(outcome.checks).flatMap((check) => {
		const name = `"${excerpt(check.name, 100)}"`;
		return [evidenceFold(`Evidence of ${name}`, check.evidence, options), evidenceFold(`Diagnosis of ${name}`, check.diagnosis, options)];
	})].filter((part) => part !== "");
}
// src/report/value.ts
const LONGEST$2 = 120;
function valueText(value, unit) {
	if (typeof value === "number") return quantityText(value, unit);
	if (typeof value === "string") return `"${cut(oneLine(value.slice(0, 1200)), LONGEST$2)}"`;
	if (value === null || typeof value === "boolean") return String(value);
	return cut(oneLine(JSON.stringify(value)), LONGEST$2);
}
function lineValueText({ subject, value, unit, limits = [] }) {
	if (value === void 0) return void 0;
	const text = typeof value === "number" ? comparedText(value, unit, limits) : valueText(value);
	return `${cut(oneLine(subject), LONGEST$2)} ${text}`;
}
// src/report/line.ts
const LONGEST$1 = 1e3;
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
	"not-applied": "was not judged"
};
function conditionText$1(line) {
	const baseline = line.baseline === void 0 ? [] : [`baseline ${valueText(line.baseline, line.unit)}`];
	const what = line.cause === "no baseline yet" ? "not compared" : "not evaluated";
	const why = withoutStop(oneLine(line.why ?? "no reason given"));
	const remarks = [...baseline, ...line.holds === null ? [`${what}: ${why}`] : []];
	const remark = remarks.length === 0 ? "" : ` (${remarks.join("; ")})`;
	return `${line.tier}: ${oneLine(line.condition)}${remark}`;
}
function lineColumns(lines) {
	const values = lines.map(lineValueText).filter((value) => value !== void 0);
	return {
		values: [...new Set(values)],
		conditions: lines.map(conditionText$1)
	};
}
function linesText(lines) {
	const { values, conditions } = lineColumns(lines);
	return [...values, ...conditions].join("; ");
}
function samplesText(counts) {
	const samples = amountText(counts.samples, "sample");
	return counts.errors === 0 ? samples : `${samples}, ${amountText(counts.errors, "error")}`;
}
function measuredText(check) {
	const lines = linesText(check.finding?.lines ?? []);
	return cut([lines === "" ? withoutStop(oneLine(check.reason)) : lines, samplesText(check)].filter((part) => part !== "").join("; "), LONGEST$1);
}
function findingDetail(finding) {
	const lines = linesText(finding.lines);
	const reason = withoutStop(oneLine(finding.reason));
	if (lines === "" || reason === "") return lines === "" ? reason : lines;
	return finding.lines.some((line) => reason.includes(oneLine(line.condition))) ? lines : `${reason}; ${lines}`;
}
function isConcern({ verdict }) {
	return verdict !== "pass" && verdict !== "not-applied";
}
function hintText$1(hint) {
	const text = oneLine(hint ?? "");
	return text === "" ? "" : `. Hint: ${text}`;
}
function findingLine(name, found) {
	const { finding } = found;
	const detail = findingDetail(finding);
	const text = `${clockText(finding.at)} check "${name}" ${OUTCOME_WORDS[finding.outcome]}`;
	const hint = finding.outcome === "fail" || finding.outcome === "warn" ? hintText$1(found.hint) : "";
	return cut(logText(`${text}${detail === "" ? "" : `: ${detail}`} (${samplesText(found)})${hint}`), LONGEST$1);
}
function resultLine(check) {
	const reason = withoutStop(oneLine(check.reason));
	const text = `check "${check.name}" ${VERDICT_WORDS[check.verdict]}${reason === "" ? "" : `: ${reason}`}`;
	const hint = isConcern(check) ? hintText$1(check.hint) : "";
	return cut(logText(`${text} (${samplesText(check)})${hint}`), LONGEST$1);
}
function eventLine(at, event) {
	return cut(logText(`${clockText(at)} ${event}`), LONGEST$1);
}
// src/report/annotation.ts
const DEFAULT_CONFIG_FILE = ".github/deploy-gate.yml";
const TITLE_MAX$1 = 255;
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
const WORDS = {
	fail: "failed",
	warn: "warned",
	unknown: "is unknown"
};
function checkAnnotation(check, outcome) {
	const hint = oneLine(check.hint ?? "");
	const diagnosis = check.diagnosis.length === 0 ? [] : ["Diagnosis:", evidenceText(check.diagnosis)];
	const kept = [...check.evidence.length === 0 ? [] : [evidenceText(check.evidence)], ...diagnosis];
	return {
		path: repositoryPath(outcome.configFile ?? "") ?? ".github/deploy-gate.yml",
		line: lineNumber(check.line),
		level: levelOf$1(check.verdict, outcome),
		title: excerpt(`Check "${check.name}" ${WORDS[check.verdict] ?? check.verdict}`, TITLE_MAX$1),
		message: messageText([
			withStop(oneLine(check.reason)),
			`Measured: ${measuredText(check)}.`,
			...hint === "" ? [] : [`Hint: ${hint}`]
		].join("\n")),
		...kept.length === 0 ? {} : { detail: messageText(kept.join("\n")) }
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
		title: excerpt(`Named by check "${spot.check}"`, TITLE_MAX$1),
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
function text$1(from, name) {
	return string(from[name], name);
}
function number(from, name) {
	return finite(from[name], name);
}
function count(from, name) {
	const value = number(from, name);
	return Number.isSafeInteger(value) && value >= 0 ? value : misfit$1(name);
}
function flag$1(from, name) {
	const value = from[name];
	return typeof value === "boolean" ? value : misfit$1(name);
}
function yes(from, name) {
	return from[name] === true ? true : misfit$1(name);
}
function oneOf(from, name, words) {
	return words.find((word) => word === from[name]) ?? misfit$1(name);
}
function list$1(from, name, item) {
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
// src/core/action-shape.ts
const ACTION_STATES$1 = [
	"done",
	"held",
	"failed",
	"advised",
	"skipped"
];
function actionOf(value) {
	const from = fields(value, "actions");
	return {
		kind: text$1(from, "kind"),
		state: oneOf(from, "state", ACTION_STATES$1),
		...optional(from, "reason", text$1),
		...optional(from, "url", text$1)
	};
}
// src/core/kept-standing-shape.ts
const COUNTS = [
	"due",
	"taken",
	"judged",
	"errors",
	"starved",
	"unapplied",
	"open",
	"failingRun",
	"failingSamples",
	"passingRun"
];
const OUTCOMES = [
	"pass",
	"warn",
	"fail",
	"unknown",
	"error",
	"none",
	"open",
	"not-applied"
];
const TIERS$2 = [
	"pass",
	"warn",
	"fail"
];
const UNITS$2 = [
	"ratio",
	"duration",
	"size"
];
const CAUSES = ["open", "no baseline yet"];
function asFlags(flags) {
	return flags.map((one) => one ? "1" : "0").join("");
}
function flagsOf(flags) {
	return Array.from(flags, (one) => one === "1");
}
function keptStandingOf(value, name) {
	const from = fields(value, name);
	return {
		...Object.assign({}, ...COUNTS.map((one) => optional(from, one, count))),
		...optional(from, "failingSince", number),
		...optional(from, "current", (of, current) => oneOf(of, current, [
			"unknown",
			"pass",
			"warn"
		])),
		...optional(from, "recent", flagText),
		...optional(from, "lastTwo", flagText),
		...optional(from, "failed", findingOf$1),
		...optional(from, "lastFailing", findingOf$1),
		...optional(from, "lastJudged", findingOf$1),
		...optional(from, "last", findingOf$1)
	};
}
function flagText(from, name) {
	const flags = text$1(from, name);
	return /^[01]*$/.test(flags) ? flags : misfit$1(name);
}
function findingOf$1(of, name) {
	const from = fields(of[name], name);
	return {
		at: number(from, "at"),
		...optional(from, "outcome", (one, outcome) => oneOf(one, outcome, OUTCOMES)),
		reason: text$1(from, "reason"),
		...optional(from, "lines", (one, lines) => list$1(one, lines, lineOf$1)),
		...optional(from, "evidence", (one, evidence) => list$1(one, evidence, evidenceOf))
	};
}
function evidenceOf(value) {
	const from = fields(value, "evidence");
	return {
		text: text$1(from, "text"),
		...optional(from, "at", number),
		...optional(from, "from", text$1)
	};
}
function lineOf$1(value) {
	const from = fields(value, "lines");
	const { holds } = from;
	return {
		condition: text$1(from, "condition"),
		subject: text$1(from, "subject"),
		tier: oneOf(from, "tier", TIERS$2),
		holds: typeof holds === "boolean" || holds === null ? holds : misfit$1("holds"),
		...optional(from, "value", plainValue$1),
		...optional(from, "baseline", plainValue$1),
		...optional(from, "unit", (of, unit) => oneOf(of, unit, UNITS$2)),
		...optional(from, "limits", (of, limits) => list$1(of, limits, finite)),
		...optional(from, "why", text$1),
		...optional(from, "cause", (of, cause) => oneOf(of, cause, CAUSES))
	};
}
function plainValue$1(from, name) {
	const value = from[name];
	if (value === null || typeof value === "string" || typeof value === "boolean") return value;
	return finite(value, name);
}
// src/core/verdict.ts
const RANK = {
	fail: 5,
	unknown: 4,
	warn: 3,
	pass: 2,
	superseded: 1,
	skipped: 0
};
const VERDICTS = [
	"fail",
	"unknown",
	"warn",
	"pass",
	"superseded",
	"skipped"
];
function worstOf(verdicts) {
	return verdicts.reduce((worst, verdict) => worst === void 0 || RANK[verdict] > RANK[worst] ? verdict : worst, void 0) ?? "unknown";
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
// src/core/cut.ts
function cutText(text, most) {
	return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}
// src/core/kept-intervals.ts
function keptIntervalsOf(value, name) {
	const from = fields(value, name);
	return {
		...optional(from, "toldTo", number),
		...optional(from, "from", number),
		...optional(from, "counts", (of, counts) => list$1(of, counts, (one, each) => count({ [each]: one }, each))),
		...optional(from, "lost", (of, lost) => {
			const [start, end, ...more] = items(of[lost], lost, finite);
			return start === void 0 || end === void 0 || more.length > 0 ? misfit$1(lost) : [start, end];
		})
	};
}
const MOST_COUNTS = 120;
function intervalsToKeep(about) {
	const { from, perMs, until, toldTo } = about;
	const end = Math.floor((until - from) / perMs) + 1;
	const begin = Math.max(0, Math.floor((toldTo - from) / perMs) - 1, end - MOST_COUNTS);
	return Array.from({ length: Math.max(0, end - begin) }, (_, index) => ({
		from: from + (begin + index) * perMs,
		to: from + (begin + index + 1) * perMs
	}));
}
function windowOf({ from, counts = [] }, perMs) {
	return from === void 0 || counts.length === 0 ? void 0 : {
		from,
		to: from + counts.length * perMs
	};
}
// src/core/log-pairs.ts
const NO_PAIRS = {
	finished: 0,
	overlaps: 0,
	overlapping: [],
	unfinished: [],
	open: [],
	newest: [],
	never: 0,
	starts: []
};
function inTime(a, b) {
	return a.at - b.at || a.nanos - b.nanos || compared(a.from, b.from) || compared(a.id, b.id);
}
function pairsOf(edges, { lifeOf, before = NO_PAIRS }) {
	const open = new Map();
	for (const edge of before.open) open.set(edge.from, [...open.get(edge.from) ?? [], edge]);
	const newest = new Map(before.newest.map((edge) => [edge.from, edge]));
	let { starts, finished, overlaps, last, longest, overlapping } = before;
	const openAt = (at) => [...open].flatMap(([from, stack]) => lifeOf(from).to < at ? [] : stack).at(-1);
	function end(edge) {
		const start = open.get(edge.from)?.pop();
		if (start === void 0) return;
		finished += 1;
		last = {
			start,
			end: edge
		};
		if (longest === void 0 || lengthOf$1(last) > lengthOf$1(longest)) longest = last;
	}
	function begin(edge) {
		const during = openAt(edge.at);
		if (during !== void 0) {
			overlaps += 1;
			overlapping = [...overlapping.slice(-4), {
				began: edge,
				during
			}];
		}
		const stack = open.get(edge.from) ?? [];
		stack.push(edge);
		open.set(edge.from, stack);
		newest.set(edge.from, edge);
		starts = [...starts.slice(-1), edge];
	}
	for (const moment of moments(edges)) {
		const waiting = [...moment];
		while (waiting.length > 0) {
			const ending = waiting.findIndex(({ isEnd, from }) => isEnd && (open.get(from)?.length ?? 0) > 0);
			const next = ending === -1 ? waiting.findIndex(({ isStart }) => isStart) : ending;
			const [edge] = waiting.splice(Math.max(next, 0), 1);
			if (next === -1 || edge === void 0) break;
			if (ending !== -1) end(edge);
			if (edge.isStart) begin(edge);
		}
	}
	const left = [...open.values()].flat().toSorted(inTime);
	return {
		finished,
		overlaps,
		overlapping,
		starts,
		never: before.never,
		open: left,
		newest: left.filter((edge) => newest.get(edge.from) === edge),
		unfinished: left.filter((edge) => lifeOf(edge.from).isGone || newest.get(edge.from) !== edge),
		...last === void 0 ? {} : { last },
		...longest === void 0 ? {} : { longest }
	};
}
function lengthOf$1({ start, end }) {
	return end.at - start.at;
}
function moments(edges) {
	const all = [];
	for (const edge of edges.toSorted(inTime)) {
		const before = all.at(-1)?.[0];
		if (before?.at === edge.at && before.nanos === edge.nanos) all.at(-1)?.push(edge);
		else all.push([edge]);
	}
	return all;
}
function compared(a, b) {
	return a < b ? -1 : a > b ? 1 : 0;
}
// src/core/kept-spans.ts
const MOST_CHARACTERS$5 = 100;
function keptSpans({ pairs, edges, captures }) {
	const { finished, overlaps, starts } = pairs;
	const open = pairs.open.slice(-20);
	const newest = pairs.newest.filter((edge) => open.includes(edge));
	const never = pairs.never + pairs.open.length - open.length;
	const last = pairs.last === void 0 ? [] : [pairs.last.start, pairs.last.end];
	const overlapping = pairs.overlapping.slice(-2).map(({ began, during }) => [began, during]);
	const lines = [...new Set([
		...last,
		...starts,
		...open,
		...edges,
		...overlapping.flat()
	])].toSorted(inTime);
	const places = (of) => of.map((edge) => lines.indexOf(edge));
	const kept = {
		finished,
		overlaps,
		never,
		overlapping: overlapping.map(places),
		last: places(last),
		starts: places(starts),
		open: places(open),
		newest: places(newest),
		edges: places(edges),
		lines: lines.map(keptEdge),
		captures: captures.map((one) => keptCapture(one, lines))
	};
	return Object.fromEntries(Object.entries(kept).filter(([, value]) => typeof value === "number" ? value > 0 : value.length > 0));
}
function spanMemory(kept) {
	const { finished = 0, overlaps = 0, never = 0, starts = [], open = [], newest = [], edges = [] } = kept;
	const all = (kept.lines ?? []).map(edgeOf);
	const at = (places) => places.flatMap((place) => all[place] ?? []);
	const overlapping = (kept.overlapping ?? []).flatMap((places) => {
		const [began, during] = at(places);
		return began === void 0 || during === void 0 ? [] : [{
			began,
			during
		}];
	});
	const [start, end] = at(kept.last ?? []);
	return {
		pairs: {
			...NO_PAIRS,
			finished,
			overlaps,
			overlapping,
			never,
			starts: at(starts),
			open: at(open),
			newest: at(newest),
			...start === void 0 || end === void 0 ? {} : { last: {
				start,
				end
			} }
		},
		edges: at(edges),
		captures: (kept.captures ?? []).map(({ after, nanos = 0, ...one }, index) => ({
			...one,
			nanos,
			id: `kept ${padded(after)} ${padded(index)}`
		}))
	};
}
function openIn({ lines = [], open = [], edges = [] }) {
	return [...open, ...edges].flatMap((place) => lines[place]?.from ?? []);
}
function keptEdge({ isStart, isEnd, ...line }) {
	const is = isStart ? "both" : "end";
	return {
		...keptLine$1(line),
		...isEnd ? { is } : {}
	};
}
function edgeOf({ is, nanos = 0, ...line }, index) {
	return {
		...line,
		nanos,
		id: `kept ${padded(index + 1)}`,
		isStart: is !== "end",
		isEnd: is !== void 0
	};
}
function keptCapture({ values, ...line }, lines) {
	const after = lines.filter((edge) => inTime(edge, line) < 0).length;
	return {
		...keptLine$1(line),
		values,
		after
	};
}
function keptLine$1({ at, nanos, from, text }) {
	return {
		at,
		...nanos === 0 ? {} : { nanos },
		from,
		text: cutText(text, MOST_CHARACTERS$5)
	};
}
function padded(index) {
	return String(index).padStart(4, "0");
}
function keptSpansOf(value, name) {
	const from = fields(value, name);
	const { lines = [] } = optional(from, "lines", (of, key) => list$1(of, key, keptEdgeOf));
	const place = (one, of) => {
		const index = finite(one, of);
		return lines[index] === void 0 ? misfit$1(of) : index;
	};
	const places = (of, key) => list$1(of, key, place);
	const pair = (one, key) => {
		const two = items(one, key, place);
		return two.length === 2 ? two : misfit$1(key);
	};
	return {
		...lines.length === 0 ? {} : { lines },
		...optional(from, "finished", count),
		...optional(from, "overlaps", count),
		...optional(from, "never", count),
		...optional(from, "overlapping", (of, pairs) => list$1(of, pairs, pair)),
		...optional(from, "last", (of, last) => pair(of[last], last)),
		...optional(from, "starts", places),
		...optional(from, "open", places),
		...optional(from, "newest", places),
		...optional(from, "edges", places),
		...optional(from, "captures", (of, captures) => list$1(of, captures, keptCaptureOf)),
		...optional(from, "isFull", yes),
		...optional(from, "isUnsure", yes)
	};
}
function lineOf(from) {
	return {
		at: number(from, "at"),
		...optional(from, "nanos", count),
		from: text$1(from, "from"),
		text: text$1(from, "text")
	};
}
function keptEdgeOf(value) {
	const from = fields(value, "lines");
	return {
		...lineOf(from),
		...optional(from, "is", (of, is) => oneOf(of, is, ["end", "both"]))
	};
}
function keptCaptureOf(value) {
	const from = fields(value, "captures");
	const values = record(from["values"], "values", (one, name) => plainValue$1({ [name]: one }, name));
	return {
		...lineOf(from),
		after: count(from, "after"),
		values
	};
}
// src/core/log-lives.ts
function keptLivesOf(value, name) {
	const from = fields(value, name);
	return {
		first: number(from, "first"),
		last: record(from["last"], "last", finite)
	};
}
const MOST_KEPT = 20;
function createLives(kept) {
	const lives = new Map(Object.entries(kept?.last ?? {}).map(([from, at]) => [from, {
		first: at,
		last: at
	}]));
	let keptFirst = kept?.first;
	const firstAt = () => {
		const all = [...keptFirst === void 0 ? [] : [keptFirst], ...[...lives.values()].map(({ first }) => first)];
		return all.length === 0 ? void 0 : Math.min(...all);
	};
	return {
		add({ at, from }) {
			const life = lives.get(from);
			if (life === void 0) lives.set(from, {
				first: at,
				last: at
			});
			else Object.assign(life, {
				first: Math.min(life.first, at),
				last: Math.max(life.last, at)
			});
		},
		drop(isForeign) {
			keptFirst = void 0;
			for (const [from, life] of lives) if (isForeign({
				at: life.last,
				from
			})) lives.delete(from);
			else if (isForeign({
				at: life.first,
				from
			})) life.first = life.last;
		},
		firstAt,
		lastAt: (from) => lives.get(from)?.last,
		kept(others) {
			const first = firstAt();
			if (first === void 0) return void 0;
			const few = [...lives].toSorted(([, a], [, b]) => b.last - a.last).filter(([from], index) => index < MOST_KEPT || others.has(from));
			return {
				first,
				last: Object.fromEntries(few.map(([from, { last }]) => [from, last]))
			};
		}
	};
}
// src/core/kept-log.ts
function keptBookOf(value, name) {
	const from = fields(value, name);
	return {
		to: number(from, "to"),
		startedAt: number(from, "startedAt"),
		...optional(from, "newestOwn", number),
		...optional(from, "linesRead", count),
		...optional(from, "lagMs", number),
		...optional(from, "hasLost", yes),
		lives: record(from["lives"], "lives", keptLivesOf)
	};
}
function keptLogOf(value, name) {
	const from = fields(value, name);
	return {
		...optional(from, "matches", count),
		...optional(from, "isFull", yes),
		...optional(from, "isLost", yes),
		...optional(from, "first", (of, first) => originOf(of[first], first)),
		...optional(from, "evidence", (of, lines) => list$1(of, lines, keptLineOf)),
		...optional(from, "found", (of, found) => list$1(of, found, (one, each) => one === null ? null : finite(one, each))),
		...optional(from, "cut", count),
		...optional(from, "count", (of, intervals) => keptIntervalsOf(of[intervals], intervals)),
		...optional(from, "rate", (of, intervals) => keptIntervalsOf(of[intervals], intervals)),
		...optional(from, "span", (of, spans) => keptSpansOf(of[spans], spans)),
		...optional(from, "news", (of, news) => keptNewsOf(of[news], news))
	};
}
function keptNewsOf(value, name) {
	const from = fields(value, name);
	return {
		...optional(from, "shapes", (of, shapes) => list$1(of, shapes, (one, each) => {
			const shape = fields(one, each);
			return {
				...keptLineOf(one, each),
				shape: text$1(shape, "shape"),
				count: count(shape, "count")
			};
		})),
		...optional(from, "more", count),
		...optional(from, "old", (of, old) => strings(of[old], old)),
		...optional(from, "isOldWhole", yes)
	};
}
function originOf(value, name) {
	const from = fields(value, name);
	return {
		at: number(from, "at"),
		from: text$1(from, "from")
	};
}
function keptLineOf(value, name) {
	return {
		...originOf(value, name),
		text: text$1(fields(value, name), "text")
	};
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
// src/core/kept-measured.ts
function keptDrawing(points) {
	const from = points[0]?.at ?? 0;
	return {
		from,
		points: points.flatMap(({ at, value }) => [Math.round((at - from) / 1e3), fiveDigits(value)])
	};
}
function pointsOf({ from, points }) {
	return points.flatMap((seconds, index) => {
		const value = points[index + 1];
		return index % 2 === 1 || value === void 0 ? [] : [{
			at: from + seconds * 1e3,
			value
		}];
	});
}
function keptMeasuredOf(value, name) {
	const from = fields(value, name);
	return {
		samples: count(from, "samples"),
		drawn: record(from["drawn"], "drawn", keptDrawingOf),
		values: record(from["values"], "values", (all) => items(all, "values", keptValueOf))
	};
}
function keptDrawingOf(value, name) {
	const from = fields(value, name);
	const points = list$1(from, "points", finite);
	return {
		from: number(from, "from"),
		points: points.length % 2 === 0 ? points : misfit$1("points")
	};
}
function keptValueOf(value, name) {
	const [of, amount = 1, ...more] = items(value, name, finite);
	if (of === void 0 || more.length > 0) return misfit$1(name);
	const samples = count({ [name]: amount }, name);
	return samples === 1 ? [of] : [of, samples];
}
// src/core/kept-standing.ts
const MOST_REASON$1 = 160;
const MOST_EVIDENCE = 2;
const MOST_LINES = 12;
const MOST_VALUE = 80;
function keptStanding(standing) {
	const { due, judged, failed, lastFailing, lastJudged, last } = standing;
	const other = (name, usual) => standing[name] === usual ? {} : { [name]: standing[name] };
	const found = (name, finding, before) => finding === void 0 || finding === before ? {} : { [name]: keptFinding(finding, name === "failed") };
	const [recent, lastTwo] = [asFlags(standing.recent), asFlags(standing.lastTwo)];
	const usual = usualFlags(standing);
	return {
		...other("due", 0),
		...other("taken", due),
		...other("judged", due),
		...other("errors", 0),
		...other("starved", 0),
		...other("unapplied", 0),
		...other("open", 0),
		...other("failingRun", 0),
		...other("failingSamples", 0),
		...other("passingRun", judged),
		...other("current", "pass"),
		...other("failingSince", void 0),
		...recent === usual.recent ? {} : { recent },
		...lastTwo === usual.lastTwo ? {} : { lastTwo },
		...found("failed", failed),
		...found("lastFailing", lastFailing, failed),
		...found("lastJudged", lastJudged, lastFailing),
		...found("last", last, lastJudged)
	};
}
function standingOf(kept) {
	const { due = 0, failingSamples = 0, failingSince, recent, lastTwo } = kept;
	const judged = kept.judged ?? due;
	const usual = usualFlags({
		due,
		judged,
		failingSamples
	});
	const failed = kept.failed && findingOf(kept.failed);
	const lastFailing = kept.lastFailing === void 0 ? failed : findingOf(kept.lastFailing);
	const lastJudged = kept.lastJudged === void 0 ? lastFailing : findingOf(kept.lastJudged);
	const last = kept.last === void 0 ? lastJudged : findingOf(kept.last);
	return {
		due,
		taken: kept.taken ?? due,
		judged,
		errors: kept.errors ?? 0,
		starved: kept.starved ?? 0,
		unapplied: kept.unapplied ?? 0,
		open: kept.open ?? 0,
		failingRun: kept.failingRun ?? 0,
		failingSamples,
		passingRun: kept.passingRun ?? judged,
		current: kept.current ?? "pass",
		recent: flagsOf(recent ?? usual.recent),
		lastTwo: flagsOf(lastTwo ?? usual.lastTwo),
		...failingSince === void 0 ? {} : { failingSince },
		...failed === void 0 ? {} : { failed },
		...lastFailing === void 0 ? {} : { lastFailing },
		...lastJudged === void 0 ? {} : { lastJudged },
		...last === void 0 ? {} : { last }
	};
}
function usualFlags({ due, judged, failingSamples }) {
	return {
		recent: failingSamples === 0 && judged > 0 ? "0" : "",
		lastTwo: due === judged ? "1".repeat(Math.min(2, due)) : ""
	};
}
function keptFinding(finding, hasLines) {
	const { at, outcome, reason, lines, evidence } = finding;
	const shown = outcome === "fail" ? evidence.slice(0, MOST_EVIDENCE).map(keptEvidence) : [];
	return {
		at,
		...outcome === "pass" ? {} : { outcome },
		reason: cutText(reason, MOST_REASON$1),
		...hasLines && lines.length > 0 ? { lines: lines.slice(0, MOST_LINES).map(keptLine) } : {},
		...shown.length === 0 ? {} : { evidence: shown }
	};
}
function findingOf({ at, outcome = "pass", reason, lines = [], evidence = [] }) {
	return {
		at,
		outcome,
		reason,
		lines,
		evidence
	};
}
function keptEvidence({ at, text, from }) {
	return {
		...at === void 0 ? {} : { at },
		text: cutText(text, MOST_REASON$1),
		...from === void 0 ? {} : { from: cutText(from, MOST_VALUE) }
	};
}
function keptLine(line) {
	const { value, baseline, limits, why, ...rest } = line;
	return {
		...rest,
		...value === void 0 ? {} : { value: keptValue(value) },
		...baseline === void 0 ? {} : { baseline: keptValue(baseline) },
		...limits === void 0 ? {} : { limits: limits.filter(Number.isFinite).slice(0, MOST_LINES) },
		...why === void 0 ? {} : { why: cutText(why, MOST_REASON$1) }
	};
}
function keptValue(value) {
	if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
	if (typeof value === "boolean" || value === null) return value;
	return cutText(typeof value === "string" ? value : JSON.stringify(value), MOST_VALUE);
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
			if (operand.by === "factor") return `${plainNumber$2(operand.value)}x`;
			return `${operand.value < 0 || Object.is(operand.value, -0) ? "" : "+"}${hundredths(operand.value)}${operand.by === "change" ? "%" : "pp"}`;
		case "deploy.sha": return "deploy.sha";
	}
}
function numberText(operand) {
	if (operand.unit === "ratio") return `${hundredths(operand.value)}%`;
	if (operand.unit === "duration" && Number.isInteger(operand.value)) return durationText(operand.value);
	const unit = operand.unit === "duration" ? "ms" : operand.unit === "size" ? "B" : "";
	return `${plainNumber$2(operand.value)}${unit}`;
}
function hundredths(value) {
	return plainNumber$2(Number((value * 100).toPrecision(15)));
}
function plainNumber$2(value) {
	const text = Object.is(value, -0) ? "-0" : String(value);
	return text.includes("e") ? value.toFixed(9).replace(/\.?0+$/, "") : text;
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
	const cost = alternatives$1(reading, {
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
function alternatives$1(reading, place) {
	let all = sequence$1(reading, place);
	while (reading.source[reading.at] === "|") {
		copy(reading, 1);
		const next = sequence$1(reading, place);
		all = {
			degree: Math.max(all.degree, next.degree),
			choices: all.choices + next.choices,
			variable: true
		};
	}
	return all;
}
function sequence$1(reading, place) {
	if (place.top && reading.source[reading.at] !== "^") reading.anchored = false;
	let all = FREE;
	while (reading.at < reading.source.length && !"|)".includes(reading.source[reading.at] ?? "")) {
		const next = repeated$1(reading, place);
		all = {
			degree: all.degree + next.degree,
			choices: Math.min(all.choices * next.choices, 1e9),
			variable: all.variable || next.variable
		};
	}
	return all;
}
function repeated$1(reading, place) {
	const { at, out } = reading;
	let cost = atom$1(reading, place);
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
		cost = atom$1(reading, {
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
function atom$1(reading, place) {
	const char = reading.source[reading.at] ?? "";
	if (char === "(") return group$1(reading, place);
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
function group$1(reading, { copies }) {
	const open = /^\((?:\?(?:<(?![=!])[^>]*>|<?[=!]|[a-z]*(?:-[a-z]*)?:))?/.exec(reading.source.slice(reading.at))?.[0] ?? "(";
	if (/[=!]$|^\(\?(?:[a-z]|-)/.test(open)) reading.linear = false;
	copy(reading, open.length);
	const cost = alternatives$1(reading, {
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
const MOST_CHARACTERS$4 = 16384;
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
			limits.set(plain, MOST_CHARACTERS$4);
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
function captureText(regex, text) {
	const limit = limits.get(regex) ?? MOST_CHARACTERS_BACKTRACKING;
	const found = regex.exec(text.slice(0, limit));
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
		...inUnit$1(scope.unitOf?.(condition)),
		limits: limitsOf(operand),
		...result
	};
}
function relativeLine(condition, seen, scope) {
	const { subject: name, value } = seen;
	const unit = scope.unitOf?.(condition);
	const told = {
		...seen,
		...inUnit$1(unit)
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
function inUnit$1(unit) {
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
// src/core/series-book.ts
function keptSeriesOf(value, name) {
	return record(value, name, keptPointsOf);
}
function createSeries(check, kept = {}) {
	const books = new Map();
	const conditions = [
		...check.pass,
		...check.warn,
		...check.fail,
		check.need
	];
	for (const { path, windowMs } of conditions.flatMap(lookedBackOn)) {
		const name = pathText(path);
		const points = (ownOf(kept, name) ?? []).map(pointOf);
		const book = books.get(name) ?? {
			path,
			points,
			windowMs: 0,
			isEndless: false
		};
		books.set(name, book);
		book.windowMs = Math.max(book.windowMs, windowMs ?? 0);
		book.isEndless ||= windowMs === void 0;
	}
	return {
		add(at, subjects) {
			for (const { path, points } of books.values()) {
				const value = valueAt(subjects, path);
				if (typeof value === "number" && Number.isFinite(value)) points.push({
					at,
					value
				});
			}
		},
		of: (path) => books.get(pathText(path))?.points ?? [],
		kept: (cap) => Object.fromEntries([...books].flatMap(([name, book]) => book.points.length === 0 ? [] : [[name, thinned$1(book, cap).map(keptPoint)]]))
	};
}
function lookedBackOn(condition) {
	const subject = condition?.subject;
	if (subject?.kind !== "call" || subject.name === "len" || subject.name === "has") return [];
	const { path, name, windowMs } = subject;
	if (windowMs === void 0) return [{ path }];
	return [{
		path,
		windowMs: name === "trend" ? windowMs * 1.5 : windowMs
	}];
}
function thinned$1({ points, windowMs, isEndless }, cap) {
	const newest = Math.max(...points.map(({ at }) => at));
	const isOld = ({ at }) => at < newest - windowMs;
	const recent = points.filter((point) => !isOld(point));
	const old = isEndless ? points.filter(isOld) : [];
	if (recent.length + old.length <= cap) return [...old, ...recent];
	const lasting = shortenedInTime(recent, old.length === 0 ? cap : Math.ceil(cap * 3 / 4));
	return [...digested(old, cap - lasting.length), ...lasting];
}
function shortenedInTime(points, most) {
	if (points.length <= most) return points;
	const whole = points.slice(-Math.floor(most / 2));
	const older = points.slice(0, -whole.length);
	const [from, to] = [older[0]?.at ?? 0, older.at(-1)?.at ?? 0];
	const values = older.map(({ value }) => value);
	const range = Math.max(...values) - Math.min(...values) || 1;
	const isApart = (a, b) => ((a.value - b.value) / range) ** 2 + ((a.at - b.at) / (to - from || 1)) ** 2;
	return [...merged(older, {
		most: most - whole.length,
		isApart
	}), ...whole];
}
// src/core/check-memory.ts
const MOST_ROWS = 300;
const MOST_SUBJECTS = 20;
const MOST_TEXT = 100;
const MOST_REASON = 160;
function keptCheck(seen, caps) {
	const { standing, measured, log, firstAt, rows, lastError } = seen;
	const series = seen.series?.kept(caps.series) ?? {};
	const latest = keptSubjects(seen.latest ?? {}, caps.keep);
	return {
		...standing === void 0 ? {} : { standing: keptStanding(standing) },
		...Object.keys(series).length === 0 ? {} : { series },
		...measured === void 0 || measured.samples() === 0 ? {} : { measured: measured.kept(caps.measured) },
		...log === void 0 ? {} : { log },
		...firstAt === void 0 ? {} : { firstAt },
		...rows === void 0 || rows.length > MOST_ROWS ? {} : { rows },
		...Object.keys(latest).length === 0 ? {} : { latest },
		...lastError === void 0 ? {} : { lastError: cutText(caps.keep(lastError), MOST_REASON) }
	};
}
function keptSubjects(subjects, keep) {
	const isShort = (value) => {
		if (typeof value === "string") return value.length <= MOST_TEXT && keep(value) === value;
		return typeof value === "number" ? Number.isFinite(value) : typeof value === "boolean" || value === null;
	};
	const short = Object.entries(subjects).filter(([name, value]) => isShort(name) && isShort(value));
	return Object.fromEntries(short.slice(0, MOST_SUBJECTS));
}
function keptCheckOf(value, name) {
	const from = fields(value, name);
	return {
		...optional(from, "standing", (of, key) => keptStandingOf(of[key], key)),
		...optional(from, "series", (of, key) => keptSeriesOf(of[key], key)),
		...optional(from, "measured", (of, key) => keptMeasuredOf(of[key], key)),
		...optional(from, "log", (of, key) => keptLogOf(of[key], key)),
		...optional(from, "firstAt", number),
		...optional(from, "rows", (of, key) => strings(of[key], key)),
		...optional(from, "latest", (of, key) => record(of[key], key, (one, subject) => plainValue$1({ [subject]: one }, subject))),
		...optional(from, "lastError", text$1)
	};
}
// src/core/watch-state-shape.ts
const RESULTS = [
	"pass",
	"warn",
	"fail",
	"unknown",
	"not-applied"
];
const UNITS$1 = [
	"ratio",
	"duration",
	"size"
];
const TIERS$1 = [
	"pass",
	"warn",
	"fail"
];
const each = (item) => (of, name) => record(of[name], name, item);
const texts = (of, name) => strings(of[name], name);
function deployOf(value) {
	const from = fields(value, "deploy");
	return {
		id: text$1(from, "id"),
		...optional(from, "sha", text$1),
		createdAt: number(from, "createdAt"),
		...optional(from, "startedAt", number),
		...optional(from, "finishedAt", number)
	};
}
function gapOf(value) {
	const from = fields(value, "gaps");
	return {
		from: number(from, "from"),
		to: number(from, "to"),
		backFilled: flag$1(from, "backFilled"),
		unseen: texts(from, "unseen"),
		...optional(from, "looks", count)
	};
}
function coverageOf(value) {
	const from = fields(value, "coverage");
	return {
		stage: text$1(from, "stage"),
		from: number(from, "from"),
		to: number(from, "to"),
		due: count(from, "due"),
		seen: count(from, "seen"),
		gaps: list$1(from, "gaps", gapOf)
	};
}
function seenOf(value) {
	const from = fields(value, "seen");
	return {
		count: count(from, "count"),
		...optional(from, "lastAt", number),
		late: count(from, "late")
	};
}
function stageOf(value) {
	const from = fields(value, "open");
	return {
		name: text$1(from, "name"),
		standings: each(keptStandingOf)(from, "standings"),
		seen: each(seenOf)(from, "seen"),
		gaps: list$1(from, "gaps", gapOf),
		...optional(from, "lateFrom", number)
	};
}
function endedOf(value) {
	const from = fields(value, "ended");
	return {
		name: text$1(from, "name"),
		from: number(from, "from"),
		to: number(from, "to"),
		verdict: oneOf(from, "verdict", VERDICTS),
		reason: text$1(from, "reason")
	};
}
function resultOf(value) {
	const from = fields(value, "results");
	return {
		verdict: oneOf(from, "verdict", RESULTS),
		measured: flag$1(from, "measured"),
		reason: text$1(from, "reason"),
		samples: count(from, "samples"),
		errors: count(from, "errors"),
		...optional(from, "stage", text$1),
		...optional(from, "told", (of, told) => list$1(of, told, toldOf$1))
	};
}
function toldOf$1(value) {
	const from = fields(value, "told");
	const { value: what } = from;
	return {
		subject: text$1(from, "subject"),
		value: typeof what === "string" || typeof what === "boolean" ? what : number(from, "value"),
		...optional(from, "unit", (of, unit) => oneOf(of, unit, UNITS$1))
	};
}
function baselineOf(value) {
	const from = fields(value, "baselines");
	if (oneOf(from, "kind", ["known", "none"]) === "none") return {
		kind: "none",
		why: text$1(from, "why"),
		isYet: flag$1(from, "isYet")
	};
	return {
		kind: "known",
		values: each(finite)(from, "values"),
		from: text$1(from, "from"),
		...optional(from, "rows", texts)
	};
}
function failureOf(value) {
	const from = fields(value, "failedBefore");
	return {
		reason: text$1(from, "reason"),
		lines: list$1(from, "lines", (one) => {
			const line = fields(one, "lines");
			return {
				tier: oneOf(line, "tier", TIERS$1),
				condition: text$1(line, "condition")
			};
		})
	};
}
function instancesOf(value) {
	const from = fields(value, "instances");
	return {
		seen: each(finite)(from, "seen"),
		...optional(from, "before", texts),
		...optional(from, "old", texts),
		...optional(from, "present", texts),
		...optional(from, "presentAt", number),
		...optional(from, "listedAt", number),
		...optional(from, "oldUntil", number)
	};
}
function momentOf$1(value) {
	const from = fields(value, "moments");
	return {
		at: number(from, "at"),
		event: text$1(from, "event")
	};
}
function holdOf(of, name) {
	const from = fields(of[name], name);
	return {
		by: text$1(from, "by"),
		at: number(from, "at"),
		...optional(from, "reason", text$1)
	};
}
function watchStateOf(of, name) {
	const from = fields(of[name], name);
	return {
		deploy: deployOf(from["deploy"]),
		liveAt: number(from, "liveAt"),
		anchor: number(from, "anchor"),
		startedAt: number(from, "startedAt"),
		committedAt: number(from, "committedAt"),
		mode: oneOf(from, "mode", [
			"observe",
			"advise",
			"enforce"
		]),
		...optional(from, "config", text$1),
		...optional(from, "deployId", text$1),
		...optional(from, "isAssumed", flag$1),
		...optional(from, "follows", text$1),
		...optional(from, "previousCommit", text$1),
		at: number(from, "at"),
		looks: count(from, "looks"),
		by: text$1(from, "by"),
		...optional(from, "lines", (one, lines) => keptBookOf(one[lines], lines)),
		judgedTo: each(finite)(from, "judgedTo"),
		ended: list$1(from, "ended", endedOf),
		results: each(resultOf)(from, "results"),
		coverage: list$1(from, "coverage", coverageOf),
		open: list$1(from, "open", stageOf),
		checks: each(keptCheckOf)(from, "checks"),
		baselines: each(baselineOf)(from, "baselines"),
		failedBefore: each(failureOf)(from, "failedBefore"),
		passedBefore: texts(from, "passedBefore"),
		instances: instancesOf(from["instances"]),
		counted: each(finite)(from, "counted"),
		moments: list$1(from, "moments", momentOf$1),
		...optional(from, "over", number),
		...optional(from, "reason", text$1),
		...optional(from, "isOwed", yes),
		...optional(from, "deeds", (of, deeds) => list$1(of, deeds, actionOf)),
		...optional(from, "pulls", (of, pulls) => list$1(of, pulls, finite)),
		...optional(from, "hold", holdOf)
	};
}
// src/core/gate-state-shape.ts
const STEP_STATES = ["begun", ...ACTION_STATES$1];
function numbersOf(from) {
	const value = fields(from, "measured");
	return {
		commit: text$1(value, "commit"),
		at: number(value, "at"),
		values: record(value["values"], "values", (subjects) => record(subjects, "values", finite))
	};
}
function measuredOf(from, name) {
	const value = fields(from[name], name);
	return {
		...numbersOf(value),
		earlier: list$1(value, "earlier", numbersOf),
		...optional(value, "rows", (of, rows) => record(of[rows], rows, strings))
	};
}
function stepOf$2(value) {
	const from = fields(value, "steps");
	return {
		kind: text$1(from, "kind"),
		...optional(from, "state", (of, name) => oneOf(of, name, STEP_STATES)),
		...optional(from, "deploy", text$1),
		...optional(from, "target", text$1),
		...optional(from, "pull", number),
		actions: list$1(from, "actions", actionOf)
	};
}
function failedOf$1(value) {
	const from = fields(value, "failed");
	return {
		name: text$1(from, "name"),
		source: text$1(from, "source"),
		reason: text$1(from, "reason"),
		...optional(from, "hint", text$1),
		onFail: text$1(from, "onFail"),
		samples: number(from, "samples"),
		errors: number(from, "errors")
	};
}
function remedyOf$1(of, name) {
	const from = fields(of[name], name);
	return {
		name: text$1(from, "name"),
		at: number(from, "at"),
		by: text$1(from, "by"),
		...optional(from, "busyUntil", number),
		reason: text$1(from, "reason"),
		failed: list$1(from, "failed", failedOf$1),
		evidence: list$1(from, "evidence", evidenceOf),
		...optional(from, "deploy", text$1),
		...optional(from, "liveAt", number),
		...optional(from, "previousCommit", text$1),
		preDeployFailed: flag$1(from, "preDeployFailed"),
		...optional(from, "hold", text$1),
		...optional(from, "approvedBy", text$1),
		passedOnOld: list$1(from, "passedOnOld", string),
		steps: list$1(from, "steps", stepOf$2),
		finished: flag$1(from, "finished")
	};
}
function freezeOf(of, name) {
	const from = fields(of[name], name);
	return {
		by: text$1(from, "by"),
		at: number(from, "at"),
		commit: text$1(from, "commit"),
		former: oneOf(from, "former", [
			"commit",
			"checksPass",
			"yes"
		]),
		...optional(from, "lifted", (inner, lifted) => {
			const told = fields(inner[lifted], lifted);
			return {
				at: number(told, "at"),
				why: text$1(told, "why")
			};
		})
	};
}
function toldOf(of, name) {
	const from = fields(of[name], name);
	return {
		transitions: list$1(from, "transitions", string),
		updates: list$1(from, "updates", string),
		after: list$1(from, "after", string),
		...optional(from, "issue", number),
		...optional(from, "comment", number)
	};
}
function asGateState(value) {
	try {
		const from = fields(value, "state");
		const { version: written } = from;
		if (written !== 1) {
			const version = JSON.stringify(written)?.slice(0, 20) ?? "none";
			const isNewer = typeof written === "number" && written > 1 ? { isNewer: true } : {};
			return {
				kind: "damaged",
				why: `it has version ${version}, and this gate reads version 1`,
				...isNewer
			};
		}
		return {
			kind: "state",
			state: {
				version: 1,
				service: text$1(from, "service"),
				commit: text$1(from, "commit"),
				...optional(from, "deploy", text$1),
				...optional(from, "verdict", (of, name) => oneOf(of, name, VERDICTS)),
				...optional(from, "measured", measuredOf),
				...optional(from, "remedy", remedyOf$1),
				...optional(from, "freeze", freezeOf),
				...optional(from, "told", toldOf),
				...optional(from, "watch", watchStateOf)
			}
		};
	} catch (error) {
		if (!(error instanceof Misfit)) throw error;
		return {
			kind: "damaged",
			why: error.message
		};
	}
}
// src/core/gate-state-weight.ts
const SHORT = 120;
const LIGHTEN = [
	(state) => ofWatch(state, withoutDrawings),
	withoutRows,
	(state) => ofWatch(state, withoutTales),
	withoutMeasured,
	shortened,
	(state) => ofWatch(state, withoutBaselineRows),
	(state) => ofWatch(state, (watch) => ({
		...watch,
		checks: {}
	})),
	(state) => ofWatch(state, anew),
	(state) => ofWatch(state, advising)
];
function* lighterStates(state) {
	let light = state;
	yield light;
	for (const lighten of LIGHTEN) {
		light = lighten(light);
		yield light;
	}
}
function ofWatch(state, lighten) {
	return state.watch === void 0 ? state : {
		...state,
		watch: lighten(state.watch)
	};
}
function withoutDrawings(watch) {
	const checks = Object.entries(watch.checks).map(([name, kept]) => {
		const { measured: _, ...check } = kept;
		return [name, check];
	});
	return {
		...watch,
		checks: Object.fromEntries(checks)
	};
}
function withoutTales(watch) {
	const results = Object.entries(watch.results).map(([name, result]) => [name, {
		...result,
		reason: cutText(result.reason, SHORT / 2)
	}]);
	return {
		...watch,
		moments: watch.moments.slice(-6),
		results: Object.fromEntries(results)
	};
}
function anew(state) {
	const { lines: _, ...watch } = state;
	const nothing = {
		results: {},
		baselines: {},
		judgedTo: {},
		checks: {},
		counted: {}
	};
	const failedBefore = Object.entries(watch.failedBefore).map(([name, { lines, reason }]) => [name, {
		lines,
		reason: cutText(reason, SHORT / 2)
	}]);
	return {
		...watch,
		...nothing,
		failedBefore: Object.fromEntries(failedBefore),
		passedBefore: [],
		open: watch.open.map((stage) => ({
			...stage,
			standings: failedOf(stage),
			seen: {}
		})),
		moments: []
	};
}
function advising(watch) {
	const open = watch.open.map((stage) => ({
		...stage,
		standings: failedOf(stage, { hasLines: false })
	}));
	return {
		...watch,
		mode: watch.mode === "observe" ? "observe" : "advise",
		failedBefore: {},
		open
	};
}
function failedOf({ standings }, { hasLines = true } = {}) {
	const failed = Object.entries(standings).flatMap(([name, standing]) => {
		if (standing.failed === void 0) return [];
		const { recent: _r, lastTwo: _t, lastFailing: _f, lastJudged: _j, last: _l, ...counts } = standing;
		const { at, outcome, reason, lines } = standing.failed;
		const short = {
			at,
			...outcome === void 0 ? {} : { outcome },
			reason: cutText(reason, SHORT / 2),
			...lines === void 0 || !hasLines ? {} : { lines }
		};
		return [[name, {
			...counts,
			failed: short
		}]];
	});
	return Object.fromEntries(failed);
}
function withoutBaselineRows(watch) {
	const baselines = Object.entries(watch.baselines).map(([name, baseline]) => {
		if (baseline.kind !== "known") return [name, baseline];
		const { rows: _, ...numbers } = baseline;
		return [name, numbers];
	});
	return {
		...watch,
		baselines: Object.fromEntries(baselines)
	};
}
function withoutRows({ measured, ...rest }) {
	if (measured === void 0) return rest;
	const { rows: _, ...numbers } = measured;
	return {
		...rest,
		measured: numbers
	};
}
function withoutMeasured(state) {
	const { measured: _, ...rest } = state;
	return rest;
}
function shortened(state) {
	const { remedy } = state;
	if (remedy === void 0) return state;
	const short = (told) => told.reason === void 0 ? told : {
		...told,
		reason: cutText(told.reason, SHORT)
	};
	const failed = remedy.failed.slice(0, 10).map(({ hint, ...check }) => short({
		...check,
		...hint === void 0 ? {} : { hint: cutText(hint, SHORT) }
	}));
	const steps = remedy.steps.map((step) => ({
		...step,
		actions: step.actions.slice(0, 4).map(short)
	}));
	return {
		...state,
		remedy: {
			...short(remedy),
			failed,
			evidence: [],
			passedOnOld: remedy.passedOnOld.slice(0, 100),
			steps
		}
	};
}
// src/core/gate-state-text.ts
const WORD = "deploy-gate-state";
const FOLD = "<details><summary>What this gate keeps for the next one</summary>";
const MARK = `<!-- ${WORD} -->`;
const JSON_OPEN = "```json\n";
const OPEN = `${FOLD}\n\n${MARK}\n\n${JSON_OPEN}`;
const CLOSE = "\n```\n\n</details>";
const MOST_BYTES = 4e4;
const LINES_DEPTH = 3;
function layered(value, depth) {
	if (depth === 0 || typeof value !== "object" || value === null) return JSON.stringify(value);
	const isList = Array.isArray(value);
	const parts = Object.entries(value).flatMap(([name, part]) => {
		if (part === void 0) return [];
		const text = layered(part, depth - 1);
		return [isList ? text : `${JSON.stringify(name)}: ${text}`];
	});
	const [open, close] = isList ? ["[", "]"] : ["{", "}"];
	if (parts.length === 0) return open + close;
	const indent = " ".repeat(LINES_DEPTH - depth + 1);
	return `${open}\n${parts.map((part) => indent + part).join(",\n")}\n${indent.slice(1)}${close}`;
}
function jsonText(state) {
	return layered(state, LINES_DEPTH).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).replaceAll(new RegExp(WORD, "giu"), (word) => word.replaceAll("-", "\\u002d"));
}
function encodeState(state) {
	for (const lighter of lighterStates(state)) {
		const text = jsonText(lighter);
		if (OPEN.length + text.length + 16 <= MOST_BYTES) return OPEN + text + CLOSE;
	}
	throw new Error("the lightest state is small");
}
function decodeState(text) {
	const body = text.replaceAll("\r\n", "\n").trimEnd();
	const at = body.lastIndexOf(MARK);
	if (at === -1) return { kind: "none" };
	const begin = body.indexOf(JSON_OPEN, at);
	if (begin === -1 || !body.endsWith(CLOSE)) return {
		kind: "damaged",
		why: "it does not end as it should"
	};
	let value;
	try {
		value = JSON.parse(body.slice(begin + 8, -16));
	} catch {
		return {
			kind: "damaged",
			why: "it is not JSON"
		};
	}
	return asGateState(value);
}
function withState(page, block) {
	return [page.replaceAll(new RegExp(WORD, "giu"), (word) => word.replaceAll("-", " ")), block].filter((part) => part !== "").join("\n\n");
}
function partsOf(text) {
	const body = text.replaceAll("\r\n", "\n").trimEnd();
	const mark = body.lastIndexOf(MARK);
	if (mark === -1) return {
		page: body,
		block: ""
	};
	const fold = body.lastIndexOf(FOLD, mark);
	const begin = fold === -1 ? mark : fold;
	return {
		page: body.slice(0, begin).trimEnd(),
		block: body.slice(begin)
	};
}
// src/report/words.ts
function markdownWords(words) {
	return words.map((piece) => {
		if (typeof piece === "string") return piece;
		if ("code" in piece) return codeSpan(piece.code);
		return "link" in piece ? link(piece.link, piece.url) : inlineText(piece.text);
	}).join("");
}
function plainWords(words) {
	return words.map((piece) => {
		if (typeof piece === "string") return piece;
		if ("code" in piece) return oneLine(piece.code);
		if ("text" in piece) return oneLine(piece.text);
		const [label, url] = [oneLine(piece.link), oneLine(piece.url)];
		return url.endsWith(label) ? url : `${label} (${url})`;
	}).join("");
}
// src/report/action-list.ts
const KINDS = {
	revert_pr: "Revert pull request",
	render_rollback: "Rollback on Render",
	recheck: "Recheck",
	patch_pr: "Patch pull request",
	issue: "Issue",
	cleanup_pr: "Clean-up pull request",
	cleanup_issue: "Clean-up issue",
	freeze: "Auto-deploy freeze",
	unfreeze: "Auto-deploy on again",
	auto_merge: "Auto-merge",
	retry: "Rebuild",
	trigger: "Deploy request"
};
const BY_HAND = " By hand: ";
const ACTION_STATES = {
	done: "done",
	held: "held back",
	failed: "did not work",
	advised: "advised, not done",
	skipped: "nothing to do"
};
function actionName(action) {
	return KINDS[action.kind] ?? excerpt(action.kind, 60);
}
function actionLine(action) {
	const reason = action.reason === void 0 ? "" : ` ${markdownWords(reasonWords(action.reason))}`;
	const where = action.url === void 0 ? "" : ` ${addressLink(action.url)}`;
	return `- **${inlineText(actionName(action))}**: ${ACTION_STATES[action.state]}.${reason}${where}`;
}
function reasonWords(reason) {
	const sentence = capitalized(reason);
	const at = sentence.lastIndexOf(BY_HAND);
	if (at === -1) return [{ text: withStop(excerpt(sentence, 600)) }];
	const command = excerpt(sentence.slice(at + 10), 1e3);
	return [
		{ text: excerpt(sentence.slice(0, at), 600) },
		BY_HAND,
		{ code: command }
	];
}
function actionSentence(action) {
	const reason = action.reason === void 0 ? "" : `, ${action.reason}`;
	const url = action.url === void 0 ? "" : ` ${action.url}`;
	return `${KINDS[action.kind] ?? action.kind}: ${ACTION_STATES[action.state]}${reason}${url}`;
}
function actionList(actions) {
	return actions.slice(0, 50).map(actionLine).join("\n");
}
function isDone(outcome, kind) {
	return outcome.actions.some((action) => action.kind === kind && action.state === "done");
}
function rollbackInEffect(outcome) {
	return isDone(outcome, "render_rollback") ? outcome.rollbackDeployId : void 0;
}
function whereItIs(outcome) {
	const rollback = rollbackInEffect(outcome);
	if (rollback !== void 0) {
		const freeze = isDone(outcome, "freeze") && !isDone(outcome, "unfreeze") ? "; auto-deploy is off until the revert has passed" : "";
		return [
			"The version before is live again, by rollback ",
			{ code: excerpt(rollback, 100) },
			`${freeze}.`
		];
	}
	return outcome.liveAt === void 0 ? ["The failed deploy never went live: production still runs what it ran before."] : ["The failed version is still live."];
}
function effectOf(outcome) {
	if (rollbackInEffect(outcome) !== void 0) return "take the change out of the branch";
	return outcome.liveAt === void 0 ? "make the branch deploy again" : "put the previous version back";
}
function afterFailure(outcome) {
	const where = whereItIs(outcome);
	if (outcome.revert !== void 0) {
		const pull = {
			link: `pull request #${outcome.revert.number}`,
			url: outcome.revert.url
		};
		const end = ` to ${effectOf(outcome)}, or fix forward and close it. To land the change again later, revert the revert.`;
		return [
			...where,
			" Merge ",
			pull,
			end
		];
	}
	const patch = outcome.actions.find(({ kind, state }) => kind === "patch_pr" && state === "done");
	if (patch?.url !== void 0) {
		const pull = {
			link: "the patch pull request",
			url: patch.url
		};
		return [
			...where,
			" Merge ",
			pull,
			" to apply the patch, or fix forward and close it."
		];
	}
	if (outcome.actions.some((action) => action.state === "advised")) {
		const advice = " This gate only advises: do what is listed above by hand, or set ";
		return [
			...where,
			advice,
			{ code: "mode: enforce" },
			"."
		];
	}
	if (outcome.actions.some((action) => action.state === "held" || action.state === "failed")) {
		const kept = " See above for what kept the gate from acting, then revert by hand or fix forward.";
		return [...where, kept];
	}
	return outcome.actions.some((action) => action.state === "done") ? [...where, " No revert was opened: fix forward, or revert by hand."] : [
		...where,
		" Nothing was reverted: none of what failed has a remedy (",
		{ code: "on_fail: revert" },
		"). Fix forward, or revert by hand."
	];
}
const NEXT = {
	pass: [],
	superseded: [],
	warn: ["The job succeeds. Look at the warnings before the next deploy."],
	unknown: ["Nothing was acted on. Re-run this job to look again: it finds the same deploy and triggers nothing twice."],
	skipped: ["Nothing was watched. Production still runs what it ran before."]
};
function nextWords(outcome) {
	if (outcome.mode === "observe") return [
		"This gate only observes: it reports, never fails the job and never acts. Set ",
		{ code: "mode: advise" },
		" or ",
		{ code: "mode: enforce" },
		" when its verdicts have earned trust."
	];
	if (outcome.verdict === "unknown" && outcome.coverage !== void 0) return outcome.watchedUntil === void 0 ? ["Nothing was acted on, and the watch is over: look at the service by hand."] : ["Nothing was acted on. The stages that are left are still watched."];
	return outcome.verdict === "fail" ? afterFailure(outcome) : NEXT[outcome.verdict];
}
// src/report/checks-table.ts
const MOST$1 = 200;
const CHECK_WORDS = {
	pass: "pass",
	warn: "warn",
	fail: "fail",
	unknown: "unknown",
	"not-applied": "not judged"
};
const MARKS$2 = {
	pass: "✅ pass",
	warn: "⚠️ warn",
	fail: "❌ fail",
	unknown: "❔ unknown",
	"not-applied": "➖ not judged"
};
function hasStages(checks) {
	return new Set(checks.map((check) => check.stage)).size > 1;
}
function rowOf(check, options) {
	const { values, conditions } = lineColumns(check.finding?.lines ?? []);
	const shown = values.length === 0 ? inlineText(excerpt(withoutStop(check.reason), 300)) : codeCell(excerpt(values.join("; "), 300));
	return [
		options.words[check.verdict],
		inlineText(excerpt(check.name, 100)),
		...options.withStage ? [inlineText(excerpt(check.stage ?? "", 60))] : [],
		shown,
		conditions.length === 0 ? "" : codeCell(excerpt(conditions.join("; "), 300)),
		samplesText(check)
	];
}
function checksTable(checks, options) {
	if (checks.length === 0) return "";
	const words = options.marks ? MARKS$2 : CHECK_WORDS;
	const withStage = hasStages(checks);
	const shown = worstFirst(checks).slice(0, MOST$1);
	const table = tableText({
		head: [
			"",
			"Check",
			...withStage ? ["Stage"] : [],
			"Value",
			"Condition",
			"Samples"
		],
		rows: shown.map((check) => rowOf(check, {
			words,
			withStage
		}))
	});
	const missing = checks.length - shown.length;
	return missing === 0 ? table : `${table}\n\n… and ${amountText(missing, "more check")}.`;
}
function hintText(hint) {
	const text = hint.trim();
	return /^https?:\/\/\S+$/u.test(text) ? addressLink(text) : inlineText(excerpt(text, 500));
}
function concernsList(checks) {
	const withStage = hasStages(checks);
	return worstFirst(checks).filter(isConcern).slice(0, MOST$1).map((check) => {
		const stage = withStage && check.stage !== void 0 ? `, stage ${inlineText(excerpt(check.stage, 60))}` : "";
		const hint = check.hint === void 0 || check.hint.trim() === "" ? "" : ` Hint: ${hintText(check.hint)}`;
		const reason = withStop(inlineText(excerpt(check.reason, 600)));
		return `- **${inlineText(excerpt(check.name, 100))}** (${CHECK_WORDS[check.verdict]}${stage}): ${reason}${hint}`;
	}).join("\n");
}
// src/core/coverage.ts
const SURELY_KEPT_MS = 6048e5;
function backFilled(gaps, kept) {
	return gaps.map((gap) => gap.unseen.some((source) => kept.includes(source)) ? gap : {
		...gap,
		backFilled: true
	});
}
function seenShare({ due, seen }) {
	return due === 0 ? 1 : Math.min(1, seen / due);
}
const MOST_GAPS = 12;
function withGap(gaps, gap) {
	const last = gaps.at(-1);
	const isAlike = last?.backFilled === gap.backFilled && last.unseen.join() === gap.unseen.join() && last.to >= gap.from;
	const both = (last?.looks ?? 0) + (gap.looks ?? 0) + 1;
	const all = isAlike ? [...gaps.slice(0, -1), {
		...last,
		to: gap.to,
		looks: both
	}] : [...gaps, gap];
	const [first, second, ...rest] = all;
	if (all.length <= MOST_GAPS || first === void 0 || second === void 0) return all;
	return [joined(first, second), ...rest];
}
function joined(first, second) {
	return {
		looks: (first.looks ?? 0) + (second.looks ?? 0) + 1,
		from: first.from,
		to: second.to,
		backFilled: first.backFilled && second.backFilled,
		unseen: [...new Set([...first.unseen, ...second.unseen])]
	};
}
// src/report/coverage.ts
function coverageLines(outcome) {
	return linesOf$3(outcome, outcome.coverage ?? []);
}
function endedLines(outcome) {
	const ended = new Set(outcome.stages.map(({ name }) => name));
	return linesOf$3(outcome, (outcome.coverage ?? []).filter(({ stage }) => ended.has(stage)));
}
function unseenLines(outcome) {
	return linesOf$3(outcome, (outcome.coverage ?? []).filter(({ gaps }) => gaps.length > 0));
}
function comingSentence({ watchedUntil, nextLookAt, laterStages = [] }) {
	if (watchedUntil === void 0) return "";
	const names = laterStages.slice(0, 10).map((name) => excerpt(name, 60));
	const stages = names.length === 0 ? "" : `; still to come: ${names.join(", ")}`;
	const next = nextLookAt === void 0 ? "" : ` The next look is due ${dateTimeText(nextLookAt)} UTC.`;
	return `Watched until ${dateTimeText(watchedUntil)} UTC${stages}.${next}`;
}
function linesList(lines) {
	return lines.map((line) => `- ${inlineText(line)}`).join("\n");
}
function linesOf$3({ stages }, coverage) {
	return coverage.map((stage) => {
		const isOver = stages.some(({ name }) => name === stage.stage);
		const beats = `${countText(Math.min(stage.seen, stage.due))} of ${amountText(stage.due, "beat")}`;
		const { gaps } = stage;
		const amount = gaps.length === 1 ? "one gap" : `${countText(gaps.length)} gaps`;
		const rest = gaps.length === 0 ? "" : `, ${amount}: ${gaps.slice(-10).map(gapText).join("; ")}`;
		return `${excerpt(stage.stage, 60)}: watched ${shareText(stage)}${isOver ? "" : " so far"} (${beats})${rest}`;
	});
}
function shareText(stage) {
	const tenths = Math.floor(seenShare(stage) * 1e3) / 10;
	return `${tenths === 100 ? "100" : tenths.toFixed(1)} %`;
}
function gapText({ from, to, backFilled, unseen, looks = 0 }) {
	const begin = dateTimeText(from).slice(0, 16);
	const end = dateTimeText(to).slice(0, 16);
	const stretch = begin.slice(0, 10) === end.slice(0, 10) ? `${begin}-${end.slice(11)}` : `${begin} to ${end}`;
	const except = unseen.length === 0 ? "" : ` except ${unseen.join(", ")}`;
	return `${stretch} UTC${looks === 0 ? "" : ` with only ${amountText(looks, "look")} in it`}, ${backFilled ? `judged afterwards${except}` : "not judged"}`;
}
// src/report/title.ts
const STATUS_MAX = 140;
const TITLE_MAX = 250;
const DEFAULTS_ONLY = "no config file: defaults only";
const VERDICT_TITLES = {
	pass: "Passed",
	warn: "Passed with warnings",
	fail: "Failed",
	unknown: "Could not tell",
	superseded: "Superseded",
	skipped: "Nothing to deploy"
};
function verdictTitle(outcome) {
	const title = VERDICT_TITLES[outcome.verdict];
	if (!(outcome.verdict === "pass" || outcome.verdict === "warn") || (outcome.laterStages ?? []).length === 0) return title;
	return `${title} so far (${outcome.stages.map(({ name }) => excerpt(name, 30)).join(", ")})`;
}
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
	return outcome.verdict === "superseded" ? verdictSentence(outcome) : capitalized(reasonText(outcome));
}
function verdictSentence(outcome) {
	const title = verdictTitle(outcome);
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
	const isDone = (kind) => outcome.actions.some((action) => action.kind === kind && action.state === "done");
	const rolledBack = rollbackInEffect(outcome) === void 0 ? "" : "; rolled back";
	const patched = isDone("patch_pr") ? "; patch opened" : "";
	if (outcome.revert === void 0) return `${rolledBack}${patched}`;
	return `${rolledBack}${patched}; revert #${outcome.revert.number}${isDone("revert_pr") ? " opened" : ""}`;
}
function resultSentence(outcome) {
	return `${verdictSentence(outcome)}${untilText(outcome)}`;
}
function untilText({ watchedUntil }) {
	return watchedUntil === void 0 ? "" : `; watched until ${dateTimeText(watchedUntil).slice(0, 16)} UTC`;
}
function checkRunTitle(outcome) {
	const prefix = outcome.mode === "observe" ? "Observing only: " : "";
	const suffix = deedText(outcome) + untilText(outcome) + (isDefaultsOnly(outcome) ? ` (${DEFAULTS_ONLY})` : "");
	return prefix + labelText(verdictSentence(outcome), TITLE_MAX - prefix.length - suffix.length) + suffix;
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
	const suffix = deedText(outcome) + untilText(outcome);
	const description = labelText(verdictSentence(outcome), STATUS_MAX - suffix.length) + suffix;
	return {
		state: STATUS_STATES[outcome.verdict],
		description
	};
}
function settledStatus(verdict, coveredBy) {
	return {
		state: verdict === "skipped" ? "pending" : STATUS_STATES[verdict],
		description: labelText(`Covered by ${shortSha(coveredBy)}: ${VERDICT_TITLES[verdict].toLowerCase()}`, STATUS_MAX)
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
// src/report/facts.ts
function commitUrl(outcome, sha) {
	const repo = outcome.service?.repo?.replace(/(?:\.git)?\/?$/u, "");
	return repo !== void 0 && /^https:\/\/[\w.-]+\/[\w.-]+\/[\w.-]+$/u.test(repo) && /^[0-9a-f]{7,64}$/iu.test(sha) ? `${repo}/commit/${sha}` : void 0;
}
function commitLink(outcome, sha) {
	return link(shortSha(sha), commitUrl(outcome, sha));
}
function timeFact(label, ms) {
	return {
		label,
		text: ms === void 0 ? "" : `${dateTimeText(ms)} UTC`
	};
}
function factsOf(outcome) {
	const { deploy, service, previousCommit, requests } = outcome;
	return [
		{
			label: "Service",
			text: excerpt(service?.name ?? outcome.serviceName, 100),
			url: service?.dashboardUrl
		},
		{
			label: "Service id",
			text: excerpt(service?.id ?? "", 100),
			isCode: true
		},
		{
			label: "Commit",
			text: shortSha(outcome.commit),
			url: commitUrl(outcome, outcome.commit)
		},
		{
			label: "Commit message",
			text: excerpt(deploy?.commit?.message.split("\n")[0] ?? "", 200)
		},
		{
			label: "Commit before it (G)",
			text: previousCommit === void 0 ? "" : shortSha(previousCommit),
			url: commitUrl(outcome, previousCommit ?? "")
		},
		{
			label: "Deploy",
			text: excerpt(deploy?.id ?? "", 100),
			url: outcome.deployUrl
		},
		{
			label: "Image",
			text: excerpt(deploy?.image ?? "", 200)
		},
		{
			label: "Status",
			text: excerpt(deploy?.status ?? "", 60)
		},
		{
			label: "Trigger",
			text: excerpt(deploy?.trigger ?? "", 60)
		},
		timeFact("Created", deploy?.createdAt),
		timeFact("Started", deploy?.startedAt),
		timeFact("Live", outcome.liveAt),
		timeFact("Finished", deploy?.finishedAt),
		{
			label: "Rollback deploy",
			text: excerpt(outcome.rollbackDeployId ?? "", 100)
		},
		{
			label: "Mode",
			text: outcome.mode
		},
		outcome.coverage === void 0 ? {
			label: "Gate ran for",
			text: durationWords(outcome.endedAt - outcome.startedAt)
		} : timeFact("Watched since", outcome.startedAt),
		{
			label: "Requests",
			text: `${countText(requests.render)} to Render, ${countText(requests.github)} to GitHub`
		}
	].filter(({ text }) => text !== "");
}
function factsTable(outcome, facts = factsOf(outcome)) {
	return tableText({
		head: ["Deploy facts", ""],
		rows: facts.map(({ label, text, url, isCode }) => {
			return [label, isCode === true ? codeCell(text) : link(text, url)];
		})
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
// src/report/axis.ts
const VALUE_STEPS = {
	ratio: [[
		1e400,
		.01,
		"%"
	]],
	duration: [
		[
			5e3,
			1,
			"ms"
		],
		[
			3e5,
			1e3,
			"s"
		],
		[
			108e5,
			6e4,
			"min"
		],
		[
			1e400,
			36e5,
			"h"
		]
	],
	size: [
		[
			2e3,
			1,
			"B"
		],
		[
			1e6,
			1e3,
			"KB"
		],
		[
			1e9,
			1e6,
			"MB"
		],
		[
			1e400,
			1e9,
			"GB"
		]
	],
	number: [
		[
			1e5,
			1,
			""
		],
		[
			1e8,
			1e3,
			"thousand"
		],
		[
			1e400,
			1e6,
			"million"
		]
	]
};
const TIME_STEPS = [
	[
		18e4,
		1e3,
		"s"
	],
	[
		108e5,
		6e4,
		"min"
	],
	[
		2592e5,
		36e5,
		"h"
	],
	[
		1e400,
		864e5,
		"d"
	]
];
const TIME_MARKS = {
	s: [
		1,
		2,
		5,
		10,
		15,
		30,
		60
	],
	min: [
		.5,
		1,
		2,
		5,
		10,
		15,
		30,
		60
	],
	h: [
		.5,
		1,
		2,
		3,
		6,
		12,
		24
	]
};
function scaleOf(most, steps) {
	const [, divisor, unit] = steps.find(([upTo]) => most <= upTo) ?? [
		0,
		1,
		""
	];
	return {
		divisor,
		unit
	};
}
function roundStep(least) {
	const power = 10 ** Math.floor(Math.log10(least));
	return ([
		1,
		2,
		5
	].find((one) => one * power >= least * .999) ?? 10) * power;
}
function clean(value) {
	return Number(value.toPrecision(12));
}
function marksOf(low, high, step) {
	const first = Math.ceil(clean(low / step));
	const count = Math.floor(clean(high / step)) - first + 1;
	return Array.from({ length: Math.max(0, count) }, (_, index) => clean((first + index) * step));
}
function isDrawable({ points, limits, baseline = 0 }) {
	const values = [
		...points.map(({ value }) => value),
		...limits.map(({ value }) => value),
		baseline
	];
	const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
	return last > first && values.every((value) => Math.abs(value) < 0x38d7ea4c68000);
}
function valueAxis({ unit, points, limits, baseline }) {
	const values = [...points, ...limits].map(({ value }) => value);
	if (baseline !== void 0) values.push(baseline);
	const least = values.reduce((low, value) => Math.min(low, value));
	const most = values.reduce((high, value) => Math.max(high, value));
	const scale = scaleOf(Math.max(Math.abs(least), Math.abs(most)), VALUE_STEPS[unit]);
	const isFlat = least === most;
	const from = least >= 0 && (isFlat || least <= most * .6) ? 0 : least;
	const to = isFlat && from === most ? most + (Math.abs(most) || 1) : most;
	const step = roundStep((to - from) / scale.divisor / 4);
	const low = clean(Math.floor(clean(from / scale.divisor / step)) * step);
	const high = clean(Math.ceil(clean(to / scale.divisor / step)) * step);
	return {
		...scale,
		low,
		high,
		marks: marksOf(low, high, step)
	};
}
function timeAxis(from, to) {
	const scale = scaleOf(Math.max(Math.abs(from), Math.abs(to)), TIME_STEPS);
	const [low, high] = [from / scale.divisor, to / scale.divisor];
	const least = (high - low) / 4;
	const step = TIME_MARKS[scale.unit]?.find((one) => one >= least) ?? roundStep(least);
	return {
		...scale,
		low,
		high,
		marks: marksOf(low, high, step)
	};
}
function plainNumber$1(value) {
	const rounded = Number(value.toPrecision(6));
	const text = String(rounded);
	return text.includes("e") ? rounded.toFixed(9).replace(/\.?0+$/u, "") || "0" : text;
}
// src/report/thin.ts
function extremes(points) {
	const [first] = points;
	if (first === void 0) return [];
	const low = points.reduce((least, point) => point.value < least.value ? point : least, first);
	const high = points.reduce((most, point) => point.value > most.value ? point : most, first);
	if (low === high) return [low];
	return low.at <= high.at ? [low, high] : [high, low];
}
function stretches(points, count) {
	const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
	const length = (last - first) / count;
	const parts = Array.from({ length: count }, () => []);
	for (const point of points) parts[length === 0 ? 0 : Math.min(count - 1, Math.floor((point.at - first) / length))]?.push(point);
	return parts;
}
function thinned(points, most) {
	if (points.length <= most) return points;
	return stretches(points, Math.floor(most / 2)).flatMap(extremes);
}
function isRegular(points) {
	const first = points[0]?.at ?? 0;
	const beat = ((points.at(-1)?.at ?? 0) - first) / Math.max(1, points.length - 1);
	return points.every((point, index) => Math.abs(point.at - (first + index * beat)) <= beat / 2);
}
function evenValues(points, most) {
	if (points.length <= most && isRegular(points)) return points.map(({ value }) => value);
	const slots = stretches(points, Math.floor(most / 2)).map((stretch) => extremes(stretch)).flatMap(([one, other = one]) => [one?.value, other?.value]);
	return slots.map((value, index) => value ?? between(slots, index));
}
function between(slots, index) {
	const before = slots.findLastIndex((value, at) => at < index && value !== void 0);
	const after = slots.findIndex((value, at) => at > index && value !== void 0);
	const from = slots[before] ?? 0;
	if (after === -1) return from;
	return from + ((slots[after] ?? from) - from) * (index - before) / (after - before);
}
// src/report/series-chart.ts
const MOST_CHARTS = 8;
const MOST_VALUES = 30;
const MOST_NAMES = 20;
const FONTS = {
	labelFontSize: 11,
	titleFontSize: 13
};
const SETTINGS = { xyChart: {
	width: 700,
	height: 290,
	titleFontSize: 15,
	titlePadding: 6,
	xAxis: FONTS,
	yAxis: FONTS
} };
const COLOURS = {
	measured: ["#3b82f6", "blue"],
	fail: ["#e5484d", "red"],
	warn: ["#d97706", "orange"],
	pass: ["#2e9e5b", "green"],
	baseline: ["#8b8f98", "grey"]
};
function drawnSeries(outcome) {
	return worstFirst(outcome.checks).flatMap((check) => {
		return check.series.filter(isDrawable).map((series) => ({
			check,
			series
		}));
	});
}
function isUneventful({ check, series: { points } }) {
	return check.verdict !== "fail" && check.verdict !== "warn" && points.every(({ value }) => value === points[0]?.value);
}
function unitOfSeries({ unit }) {
	return unit === "number" ? void 0 : unit;
}
function linesOf$2(series, measured) {
	const unit = unitOfSeries(series);
	const flat = (value) => [value, value];
	const limits = series.limits.map(({ tier, text, value }) => {
		return {
			kind: tier,
			values: flat(value),
			words: `${tier}: ${excerpt(text, 100)} at ${valueText(value, unit)}`
		};
	});
	const { baseline } = series;
	const before = baseline === void 0 ? [] : [{
		kind: "baseline",
		values: flat(baseline),
		words: `baseline ${valueText(baseline, unit)}`
	}];
	return [
		...limits,
		...before,
		{
			kind: "measured",
			values: measured,
			words: "measured"
		}
	];
}
function seriesFacts(series) {
	const { points } = series;
	const values = points.map(({ value }) => value);
	const shown = (value) => valueText(value, unitOfSeries(series));
	const low = shown(values.reduce((least, value) => Math.min(least, value)));
	const high = shown(values.reduce((most, value) => Math.max(most, value)));
	const [from, to] = [clockText(points[0]?.at ?? 0), clockText(points.at(-1)?.at ?? 0)];
	const last = shown(values.at(-1) ?? 0);
	return `${amountText(points.length, "point")} from ${from} to ${to} UTC, lowest ${low}, highest ${high}, last ${last}`;
}
function captionText(series, lines) {
	const legend = lines.map(({ words, kind }) => `${words} (${COLOURS[kind][1]})`).join("; ");
	return inlineText(`${seriesFacts(series)}. Lines: ${legend}.`);
}
function rangeText(low, high, values) {
	const from = Math.floor(low * 1024) / 1024;
	return `${from} --> ${from + Math.ceil((high - from) / (values - 1) * 1024) / 1024 * (values - 1)}`;
}
function chartText({ check, series }, liveAt) {
	const { points } = series;
	const zero = liveAt ?? points[0]?.at ?? 0;
	const time = timeAxis((points[0]?.at ?? 0) - zero, (points.at(-1)?.at ?? 0) - zero);
	const axis = valueAxis(series);
	const values = evenValues(points, MOST_VALUES);
	const lines = linesOf$2(series, values);
	const palette = lines.map(({ kind }) => COLOURS[kind][0]).join(", ");
	const settings = {
		...SETTINGS,
		themeVariables: { xyChart: { plotColorPalette: palette } }
	};
	const unit = axis.unit === "" ? "" : ` (${mermaidText(axis.unit, 10)})`;
	const since = liveAt === void 0 ? "the first sample" : "live";
	return [
		"```mermaid",
		`%%{init: ${JSON.stringify(settings)}}%%`,
		"xychart-beta",
		`    title "${mermaidText(check.name, 60)}"`,
		`    x-axis "${time.unit} after ${since}" ${rangeText(time.low, time.high, values.length)}`,
		`    y-axis "${mermaidText(series.subject, 40)}${unit}" ${plainNumber$1(axis.low)} --> ${plainNumber$1(axis.high)}`,
		...lines.map(({ values }) => {
			return `    line [${values.map((value) => plainNumber$1(value / axis.divisor)).join(", ")}]`;
		}),
		"```",
		"",
		captionText(series, lines)
	].join("\n");
}
function seriesCharts(outcome) {
	const all = drawnSeries(outcome);
	const drawn = all.filter((one) => !isUneventful(one));
	const charts = drawn.slice(0, MOST_CHARTS).map((one) => chartText(one, outcome.liveAt));
	const others = drawn.slice(MOST_CHARTS).map(nameOf$1);
	const same = all.filter(isUneventful).map((one) => {
		const [first] = one.series.points;
		return `${nameOf$1(one)} ${inlineText(valueText(first?.value ?? 0, unitOfSeries(one.series)))}`;
	});
	return [
		...charts,
		...others.length === 0 ? [] : [`Also measured, see the HTML report: ${listText$1(others)}.`],
		...same.length === 0 ? [] : [`The same throughout: ${listText$1(same)}.`]
	];
}
function nameOf$1({ check, series }) {
	return codeSpan(`${excerpt(check.name, 60)}: ${excerpt(series.subject, 60)}`);
}
function listText$1(names) {
	const more = names.length - MOST_NAMES;
	return names.slice(0, MOST_NAMES).join(", ") + (more <= 0 ? "" : ` and ${more} more`);
}
// src/report/summary.ts
const SUMMARY_MAX_BYTES = 921600;
const EVIDENCE_MAX$1 = 16e3;
const MARKS$1 = {
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
function reportLine({ htmlReport }) {
	if (htmlReport === void 0) return "";
	return `Everything in one page, for a browser: ${codeSpan(htmlReport)} on the runner. Keep it with \`actions/upload-artifact\`.`;
}
function linksLine(links) {
	return [links.checkRunUrl === void 0 ? "" : link("Check run", links.checkRunUrl), links.runUrl === void 0 ? "" : link("Workflow run", links.runUrl)].filter((part) => part !== "").join(" · ");
}
function jobSummary(outcome, links = {}) {
	const name = inlineText(excerpt(outcome.service?.name ?? outcome.serviceName, 100));
	const title = `## ${MARKS$1[outcome.verdict]} ${verdictTitle(outcome)}: ${name} at ${commitLink(outcome, outcome.commit)}`;
	const [firstChart = "", ...otherCharts] = seriesCharts(outcome);
	const next = markdownWords(nextWords(outcome));
	return pageText([
		`${title}\n\n${verdictPart(outcome, decisionSentence(outcome))}`,
		inlineText(comingSentence(outcome)),
		headed("What was done", actionList(outcome.actions)),
		next === "" ? "" : `**Next**: ${next}`,
		headed("What the checks found", concernsList(outcome.checks)),
		headed("Checks", checksTable(outcome.checks, { marks: true })),
		headed("How much was seen", linesList(coverageLines(outcome))),
		headed("Notes", notesList(outcome)),
		headed("Measured over the watch", firstChart),
		...otherCharts,
		headed("Timeline (UTC)", timelineChart(outcome)),
		...evidenceParts(outcome, EVIDENCE_MAX$1),
		factsTable(outcome),
		reportLine(links),
		linksLine(links)
	], SUMMARY_MAX_BYTES);
}
// src/report/check-run.ts
const CHECK_RUN_MAX_BYTES = 65535;
const EVIDENCE_MAX = 8e3;
function momentsList(timeline) {
	const shown = timeline.slice(-100);
	const missing = timeline.length - shown.length;
	const timeText = new Set(shown.map(({ at }) => dateTimeText(at).slice(0, 10))).size > 1 ? dateTimeText : clockText;
	const lines = shown.map(({ at, event }) => `- ${timeText(at)} ${inlineText(excerpt(event, 300))}`);
	return [...missing === 0 ? [] : [`- … ${missing} earlier`], ...lines].join("\n");
}
function finalCheckRun(outcome, state = "") {
	const next = markdownWords(nextWords(outcome));
	const summary = pageText([
		verdictPart(outcome, verdictSentence(outcome)),
		inlineText(comingSentence(outcome)),
		headed("What was done", actionList(outcome.actions)),
		next === "" ? "" : `**Next**: ${next}`,
		headed("What the checks found", concernsList(outcome.checks)),
		headed("Checks", checksTable(outcome.checks, { marks: false })),
		headed("How much was seen", linesList(coverageLines(outcome))),
		headed("Notes", notesList(outcome))
	], CHECK_RUN_MAX_BYTES);
	const text = pageText([
		factsTable(outcome),
		headed("Timeline (UTC)", momentsList(outcome.timeline)),
		...evidenceParts(outcome, EVIDENCE_MAX)
	], CHECK_RUN_MAX_BYTES - byteLength(state) - 2);
	return {
		title: checkRunTitle(outcome),
		summary,
		text: withState(text, state)
	};
}
function pageWithState(page, state) {
	return withState(cutBytes(page, CHECK_RUN_MAX_BYTES - byteLength(state) - 2), state);
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
			else if (!Object.hasOwn(object, name)) object[name] = visit(value, [...path, name], depth + 1);
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
	"DUPLICATE_KEY",
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
function createFindings(document) {
	const mistakes = [];
	return {
		mistakes,
		say(path, message, { hint, isKey, column, needsWhole } = {}) {
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
	const windowMs = parseDuration(take(scan, /[\w.]+/y));
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
const duration = string$1({ error: USE_DURATION }).regex(DURATION_PATTERN, { error: USE_DURATION }).transform((text) => parseDuration(text) ?? 0).refine((ms) => ms <= YEAR_MS, { error: "use at most 366d" });
const positiveDuration = duration.refine((ms) => ms >= 100, { error: "use at least 100ms" });
function text(use) {
	return string$1({ error: use }).trim().min(1, { error: use });
}
const line = text("use one line of text").regex(/^[^\u0000-\u001f\u007f]*$/, { error: "use one line of text" });
function choice(options) {
	return _enum(options, { error: `use ${choiceText(options)}` });
}
const flag = boolean({ error: "use true or false" });
const wholeNumber = int({ error: "use a whole number" });
const names = array(text("use text"), { error: "use a list, such as [first, second]" });
const ident = /^[A-Za-z_][\w-]{0,59}$/;
const condition = string$1({ error: "use a condition, such as status == 200" }).transform((text, context) => {
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
const pattern = string$1({ error: USE_PATTERN }).min(1, { error: USE_PATTERN }).transform((text, context) => {
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
const patterns = union$1([list, record$1(string$1(), list, { error: USE_PATTERNS })], { error: USE_PATTERNS }).transform((value) => Array.isArray(value) ? [{
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
})), string$1({ error: USE_FAIL_AFTER }).regex(/^(?:\d{1,9} of \d{1,9}|\d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h|d))$/, { error: USE_FAIL_AFTER }).transform((text, context) => {
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
const interval = string$1({ error: USE_INTERVAL }).regex(/^(?:minute|hour|\d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h|d))$/, { error: USE_INTERVAL }).transform((text) => INTERVALS[text] ?? parseDuration(text) ?? 0).refine((ms) => ms >= 1e3 && ms <= 316224e5, { error: "use at least 1s and at most 366d" });
const USE_AGGREGATE = "use avg, max, min or sum with a duration, such as max 5m";
const aggregate = string$1({ error: USE_AGGREGATE }).regex(/^(?:avg|max|min|sum) \d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h|d)$/, { error: USE_AGGREGATE }).transform((text) => {
	const [name = "", window = ""] = text.split(" ");
	return {
		name,
		windowMs: parseDuration(window) ?? 0
	};
}).refine(({ windowMs }) => windowMs >= 6e4, { error: "use at least 1m, because Render keeps a point a minute" });
const quantile = number$1({ error: useQuantile }).gt(0, { error: useQuantile }).lte(1, { error: useQuantile });
function useQuantile({ input }) {
	const percent = Number(/^p?(\d{1,2}(?:\.\d{1,3})?)%?$/.exec(String(input))?.[1]);
	return percent > 1 ? `use a quantile from 0 to 1: write ${Number((percent / 100).toPrecision(6))}` : "use a quantile from 0 to 1, such as 0.95";
}
const USE_FLOOR = "use a number above 0, with a unit if its subject has one, such as 200ms, 1GB or 5%";
const floor = union$1([number$1(), string$1()], { error: USE_FLOOR }).transform((written, context) => {
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
const maxActions = string$1({ error: USE_MAX_ACTIONS }).regex(/^[1-9]\d{0,2} per \d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h|d)$/, { error: USE_MAX_ACTIONS }).transform((text) => {
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
	headers: record$1(string$1(), string$1({ error: "use text; quote numbers" }), MAPPING).default({}),
	body: string$1({ error: "use text" }).optional(),
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
const env = record$1(string$1(), string$1({ error: "use the text that is expected, \"\" for an empty one" }).meta({ type: [
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
const formula = string$1({ error: "use arithmetic over other checks, such as wf2.duration / wf2.found" }).transform((text, context) => {
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
const derive = record$1(string$1(), formula, { error: "use a mapping of names, such as { per_item: wf2.duration / wf2.found }" });
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
const mention = string$1({ error: USE_MENTION }).regex(/^@[A-Za-z\d](?:[-_]?[A-Za-z\d]){0,60}(?:\/[A-Za-z\d][\w.-]{0,99})?$/, { error: USE_MENTION });
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
const notifySchema = record$1(string$1(), role, { error: "use a mapping of roles, such as dev: { slack: $SLACK_URL }" });
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
const bareStep = string$1().transform((word, context) => {
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
const afterSchema = record$1(string$1(), steps, { error: "use a mapping such as { week pass: [issue: {}] }" });
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
	stages: record$1(string$1(), stage, MAPPING).prefault({ boot: {} }),
	databases: record$1(string$1(), database, MAPPING).default({}),
	defaults: strictObject({
		on_fail: onFail.default("alert"),
		fail_after: failAfter.optional()
	}, MAPPING).prefault({}),
	checks: record$1(string$1(), checkSchema, { error: "use a mapping of check names, each with a source" }),
	remedies: record$1(string$1(), remedySchema, MAPPING).default({}),
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
const NAMES$1 = {
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
			message: `len counts text, lists and objects; ${name} is ${NAMES$1[type]}`,
			part
		};
		default: return [
			"number",
			"duration",
			"size",
			"ratio",
			"any"
		].includes(type) ? type : {
			message: `${subject.name} takes numbers; ${name} is ${NAMES$1[type]}`,
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
			message: `${head} is ${NAMES$1[type]} and has no ${typeof step === "number" ? `[${step}]` : `"${step}"`}`,
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
			message: `${operator} looks into text and lists; ${name} is ${NAMES$1[type]}`,
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
		message: `${name} is ${NAMES$1[type]} and cannot be compared with ${nameOf(operand)}`,
		part
	};
	switch (operand.kind) {
		case "number": return numberMisfit(operand, comparand, name) ?? (isNumeric(type) ? void 0 : cannot);
		case "range": return misfitWith(operand.from, comparand, name) ?? misfitWith(operand.to, comparand, name);
		case "relative":
			if (!isNumeric(type)) return cannot;
			return operand.by === "points" && type !== "ratio" ? {
				message: `${written} compares ratios only; ${name} is ${NAMES$1[type]}`,
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
	const message = `${name} is ${NAMES$1[type]} and cannot be compared with ${nameOf(operand)}`;
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
	if (Object.keys(checks).length > MOST_CHECKS) findings.say(["checks"], `${Object.keys(checks).length} checks, at most ${MOST_CHECKS} fit in one gate`, { isKey: true });
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
	for (const name of Object.keys(checks)) checkCheck(name, file);
	checkCircles(checks, findings);
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
		return isSame(linesOf$1(one), linesOf$1(check)) || isSame(settingsOf(one), settingsOf(check));
	});
	if (twin === void 0) return;
	const isEqual = isSame(linesOf$1(twin), linesOf$1(check));
	findings.say(["checks", check.name], `check "${check.name}" ${isEqual ? "judges" : "asks"} the same as check "${twin.name}"`, {
		hint: isEqual ? "remove one of them" : "one check may hold the conditions of both",
		isKey: true
	});
}
function linesOf$1({ pass, warn, fail, need, onlyIf }) {
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
			warnings: lintConfig(document, plan)
		};
	}
	return {
		ok: false,
		mistakes: inOrder(mistakes),
		warnings: lintConfig(document)
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
// src/core/service-type.ts
function isPath(url) {
	return !/^https?:\/\//i.test(url);
}
const NAMES = {
	static_site: "a static site",
	web_service: "a web service",
	private_service: "a private service",
	background_worker: "a background worker",
	cron_job: "a cron job"
};
function unsupportedBy(service, check) {
	const { source } = check;
	const what = NAMES[service.type] ?? `a service of type ${service.type}`;
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
		case "metric": return unmeasuredBy(service.type, source, what);
		case "source": return service.repo === void 0 ? "the service runs an image and has no repository whose files could be read" : void 0;
		case "sql":
		case "env":
		case "derive": return;
	}
}
function unmeasuredBy(type, source, what) {
	if (source.of !== void 0) return void 0;
	if (type === "static_site" || type === "cron_job") return `${what} has no metrics`;
	if ((source.name === "http_requests" || source.name === "http_latency") && (type === "private_service" || type === "background_worker")) return `${what} has no ${source.name}, because Render counts requests of public services only`;
	return source.name === "active_connections" ? "active_connections belong to a database; name it with of inside metric" : void 0;
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
function hasInstances(service) {
	return service.type !== "cron_job" && service.type !== "static_site";
}
// src/core/transition.ts
const KEY_MAX = 200;
const ORDERS = new Set(["trigger", "retry"]);
const TOLD_STATES = new Set([
	"done",
	"failed",
	"held"
]);
function transitionsOf(outcome) {
	const { verdict, endedAt } = outcome;
	const isSoFar = (verdict === "pass" || verdict === "warn") && outcome.laterStages !== void 0 && outcome.laterStages.length > 0;
	const stages = outcome.stages.map((stage) => ({
		kind: "stage",
		key: `stage ${stage.name} ${stage.verdict}`,
		occasion: "stage",
		at: stage.to,
		stage
	}));
	const actions = outcome.actions.filter(({ kind, state }) => TOLD_STATES.has(state) && !ORDERS.has(kind)).map((action) => ({
		kind: "action",
		key: actionKey(action),
		occasion: "action",
		action
	}));
	return [
		...isSoFar ? [] : [{
			kind: "verdict",
			key: `verdict ${verdict}`,
			occasion: verdict,
			at: endedAt
		}],
		...stages,
		...actions
	];
}
function actionKey({ kind, state, url }) {
	return `action ${kind} ${state}${url === void 0 ? "" : ` ${url}`}`.slice(0, KEY_MAX).toWellFormed();
}
function keyOfWay(way, key) {
	return `${way}: ${key}`;
}
function untold(transitions, told, way) {
	return transitions.filter(({ key }) => !told.includes(key) && (way === void 0 || !told.includes(keyOfWay(way, key))));
}
function stillTold(outcome, told) {
	const { verdict, stages } = outcome;
	return told.filter((kept) => {
		const [, kind, what = ""] = /^(?:[\w-]+ [a-z]+: )?(verdict|stage) (.*)$/su.exec(kept) ?? [];
		if (kind === "verdict") return what === verdict;
		const stage = kind === "stage" ? stages.find(({ name }) => what.startsWith(`${name} `)) : void 0;
		return stage === void 0 || what === `${stage.name} ${stage.verdict}`;
	});
}
function toldAfter(told, wanted) {
	const kept = new Set(told);
	for (const { key, ways } of wanted) {
		const own = ways.map((way) => keyOfWay(way, key));
		if (!kept.has(key) && !own.every((one) => kept.has(one))) continue;
		for (const one of own) kept.delete(one);
		kept.add(key);
	}
	return [...kept].slice(-60);
}
// src/report/message-comment.ts
const COMMENT_MAX = 6e4;
function mentionComment({ title, lines, links }, { mention, about }) {
	const mark = about.map((part) => encodeURIComponent(part.toWellFormed()).replaceAll("-", "%2D")).join(":");
	const last = links.map(({ name, url }) => link(name, url)).join(" · ");
	const list = lines.map((line) => `- ${markdownWords(line)}`).join("\n");
	return `<!-- deploy-gate:told=${mark} -->\n${pageText([
		`${mention} **${markdownWords(title)}**`,
		list,
		last
	], COMMENT_MAX)}`;
}
// src/report/message-slack.ts
const FALLBACK_MAX = 3e3;
const MARKS = {
	"*": "∗",
	_: "ˍ",
	"~": "∼",
	"`": "ˋ"
};
function slackText(text) {
	return escaped(oneLine(text).replace(/[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (mark) => MARKS[mark] ?? mark).replaceAll("@", "@​").replaceAll("://", ":​//").replace(/(www)\./giu, "$1​."));
}
function escaped(text) {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
function addressOf(url) {
	return /^https?:\/\/[!-~]{1,2000}$/u.test(url) ? url.replace(/[<>|"'`\\^{}]/gu, (mark) => `%${mark.charCodeAt(0).toString(16)}`) : void 0;
}
function elementsOf(words, bold = false) {
	return words.flatMap((piece) => {
		const style = bold ? { style: { bold: true } } : {};
		if (typeof piece === "string") return piece === "" ? [] : [{
			type: "text",
			text: piece,
			...style
		}];
		if ("code" in piece) return [{
			type: "text",
			text: oneLine(piece.code) || "(empty)",
			style: { code: true }
		}];
		const text = oneLine("link" in piece ? piece.link : piece.text);
		const url = "link" in piece ? addressOf(piece.url) : void 0;
		if (text === "") return [];
		return [url === void 0 ? {
			type: "text",
			text,
			...style
		} : {
			type: "link",
			url,
			text
		}];
	});
}
function mrkdwn(words) {
	return words.map((piece) => {
		if (typeof piece === "string") return escaped(piece);
		if ("code" in piece) return slackText(piece.code);
		if ("text" in piece) return slackText(piece.text);
		const url = addressOf(piece.url);
		return url === void 0 ? slackText(piece.link) : `<${escaped(url)}|${slackText(piece.link)}>`;
	}).join("");
}
function slackBody({ title, lines, links }) {
	const last = links.flatMap(({ name, url }, at) => [...at === 0 ? [] : [" · "], {
		link: name,
		url
	}]);
	const all = [...lines, ...last.length === 0 ? [] : [last]];
	const elements = [...elementsOf(title, true), ...all.flatMap((line) => [{
		type: "text",
		text: "\n"
	}, ...elementsOf(line)])];
	return JSON.stringify({
		text: fallback([title, ...lines].map(mrkdwn)),
		blocks: [{
			type: "rich_text",
			elements: [{
				type: "rich_text_section",
				elements
			}]
		}],
		unfurl_links: false,
		unfurl_media: false
	});
}
function fallback([title = "", ...lines]) {
	let text = title;
	for (const line of lines) {
		if (text.length + 1 + line.length > FALLBACK_MAX) break;
		text += `\n${line}`;
	}
	return text;
}
// src/report/message-webhook.ts
const REASON_MAX = 1e3;
const MOST = 20;
function webhookBody(outcome, transitions, about) {
	const { keep, role } = about;
	const { service, deploy, verdict, commit, revert, issue } = outcome;
	const line = (text, max = REASON_MAX) => excerpt(keep(text), max);
	const keys = transitions.map(({ key }) => keep(key));
	const actions = transitions.flatMap((one) => one.kind === "action" ? [one.action] : []);
	const updates = transitions.flatMap((one) => one.kind === "report" ? [one] : []);
	const stage = transitions.findLast((one) => one.kind === "stage")?.stage ?? outcome.stages.at(-1);
	const name = line(service?.name ?? outcome.serviceName, 200);
	return JSON.stringify({
		version: 1,
		id: [
			service?.id ?? name,
			commit,
			role,
			keys.join(",")
		].join("/").slice(0, 1e3).toWellFormed(),
		event: eventOf(transitions),
		keys,
		role,
		mode: outcome.mode,
		verdict,
		reason: line(outcome.reason),
		service: {
			...service === void 0 ? {} : { id: service.id },
			name
		},
		commit,
		deploy: deploy === void 0 ? null : {
			id: deploy.id,
			status: deploy.status,
			...outcome.deployUrl === void 0 ? {} : { url: outcome.deployUrl },
			...outcome.liveAt === void 0 ? {} : { liveAt: isoText(outcome.liveAt) }
		},
		stage: stage === void 0 ? null : {
			name: stage.name,
			verdict: stage.verdict
		},
		laterStages: outcome.laterStages ?? [],
		failed: checksThat(outcome, "fail").slice(0, MOST).map((check) => ({
			check: line(check.name, 200),
			reason: line(check.reason),
			...check.hint === void 0 ? {} : { hint: line(check.hint) }
		})),
		actions: actions.slice(0, MOST).map(({ kind, state, reason, url }) => ({
			kind,
			state,
			...reason === void 0 ? {} : { reason: line(reason) },
			...url === void 0 ? {} : { url: keep(url) }
		})),
		updates: updates.map(({ title, lines }) => ({
			title: line(title),
			lines: lines.slice(0, 100).map((one) => line(one))
		})),
		revert: revert ?? null,
		issue: issue ?? null,
		url: about.checkRunUrl ?? about.runUrl,
		at: isoText(about.at)
	});
}
function eventOf(transitions) {
	const kind = [
		"verdict",
		"action",
		"stage",
		"report"
	].find((one) => transitions.some((transition) => transition.kind === one));
	return transitions.find((one) => one.kind === kind)?.occasion ?? "report";
}
// src/report/message.ts
const TEXT_MAX = 600;
const LINES_MAX = 7e3;
const MOST_HINTS = 3;
const STAGE_WORDS = {
	pass: "passed",
	warn: "passed with warnings",
	fail: "failed",
	unknown: "could not be judged",
	superseded: "was ended by a newer deploy",
	skipped: "had nothing to watch"
};
function messageOf(outcome, transitions, places) {
	const { keep } = places;
	const isObserving = outcome.mode === "observe";
	const lines = [
		...transitions.flatMap((transition) => linesOf(transition, outcome, keep)),
		...laterLines(outcome, transitions),
		...isObserving ? [["This gate only observes: it never acts."]] : []
	];
	return {
		title: [
			...isObserving ? ["Observing only: "] : [],
			{ text: excerpt(keep(outcome.service?.name ?? outcome.serviceName), 100) },
			" at ",
			{ code: shortSha(outcome.commit) },
			": ",
			...headline(outcome, transitions, keep)
		],
		lines: fitting(lines),
		links: linksOf(outcome, places)
	};
}
function lengthOf(words) {
	return words.reduce((sum, piece) => {
		if (typeof piece === "string") return sum + piece.length;
		if ("link" in piece) return sum + piece.link.length + piece.url.length;
		return sum + ("code" in piece ? piece.code : piece.text).length;
	}, 0);
}
function fitting(lines) {
	let room = LINES_MAX;
	const end = lines.findIndex((line) => (room -= lengthOf(line) + 20) < 0);
	return end === -1 ? lines : [...lines.slice(0, end), [`And ${lines.length - end} more.`]];
}
function headline(outcome, transitions, keep) {
	if (transitions.find(({ kind }) => kind === "verdict") !== void 0) return [{ text: verdictTitle(outcome) }];
	const [first] = transitions.toSorted((one, two) => rankOf(one) - rankOf(two));
	switch (first?.kind) {
		case "action": return [{ text: actionName(first.action) }, ` ${ACTION_STATES[first.action.state]}`];
		case "stage": return stageWords(first.stage);
		case "report": return [{ text: excerpt(keep(first.title), 150) }];
		default: return [{ text: verdictTitle(outcome) }];
	}
}
function rankOf(transition) {
	if (transition.kind === "action") return -1;
	return transition.kind === "stage" ? 1 / (1 + Math.max(0, transition.stage.to)) : 2;
}
function stageWords({ name, verdict }) {
	return [
		"stage ",
		{ text: excerpt(name, 60) },
		` ${STAGE_WORDS[verdict]}`
	];
}
function linesOf(transition, outcome, keep) {
	switch (transition.kind) {
		case "verdict": return verdictLines(outcome, keep);
		case "stage": {
			const { from, to } = transition.stage;
			const [, ...rest] = stageWords(transition.stage);
			const until = dateTimeText(from).slice(0, 10) === dateTimeText(to).slice(0, 10) ? clockText(to) : dateTimeText(to);
			return [[
				"Stage ",
				...rest,
				`, ${dateTimeText(from)} to ${until} UTC.`
			]];
		}
		case "action": return [actionWords(transition.action, keep)];
		case "report": return transition.lines.map((line) => [{ text: excerpt(keep(line), TEXT_MAX) }]);
	}
}
function verdictLines(outcome, keep) {
	const failed = checksThat(outcome, outcome.verdict === "warn" ? "warn" : "fail");
	const reason = keep(decisionSentence({
		...outcome,
		reason: keep(outcome.reason)
	}));
	const stage = failed[0]?.stage ?? outcome.stages.at(-1)?.name;
	const where = [
		...stage === void 0 ? [] : [`stage ${excerpt(stage, 60)}`],
		...outcome.deploy === void 0 ? [] : [`deploy ${excerpt(outcome.deploy.id, 60)}`],
		...outcome.liveAt === void 0 ? [] : [`live since ${dateTimeText(outcome.liveAt)} UTC`]
	];
	const hints = failed.flatMap(({ name, hint }) => hint === void 0 ? [] : [[
		"Hint for ",
		{ text: excerpt(keep(name), 60) },
		": ",
		{ text: excerpt(keep(hint), 300) }
	]]);
	return [
		[{ text: withStop(excerpt(reason, TEXT_MAX)) }],
		...hints.slice(0, MOST_HINTS),
		...where.length === 0 ? [] : [[{ text: `In ${where.join(", ")}.` }]]
	];
}
function actionWords(action, keep) {
	const { state, reason, url } = action;
	return [
		{ text: actionName(action) },
		`: ${ACTION_STATES[state]}.`,
		...reason === void 0 ? [] : [" ", ...reasonWords(keep(reason))],
		...url === void 0 ? [] : [" ", {
			link: shownUrl(keep(url)),
			url: keep(url)
		}]
	];
}
function shownUrl(url) {
	return excerpt(url.replace(/^https?:\/\//u, ""), 200);
}
function laterLines(outcome, transitions) {
	const later = outcome.laterStages ?? [];
	if (later.length === 0 || !transitions.some(({ kind }) => kind === "stage")) return [];
	const names = later.slice(0, 10).map((name) => excerpt(name, 60));
	const next = outcome.nextLookAt === void 0 ? "" : `; next look at ${dateTimeText(outcome.nextLookAt)} UTC`;
	return [[{ text: `Still to be watched: ${names.join(", ")}${next}.` }]];
}
function linksOf(outcome, { checkRunUrl, runUrl }) {
	const { deployUrl, revert, issue } = outcome;
	return [
		...checkRunUrl === void 0 ? [] : [{
			name: "Check run",
			url: checkRunUrl
		}],
		...deployUrl === void 0 ? [] : [{
			name: "Deploy",
			url: deployUrl
		}],
		...revert === void 0 ? [] : [{
			name: `Revert #${revert.number}`,
			url: revert.url
		}],
		...issue === void 0 ? [] : [{
			name: `Issue #${issue.number}`,
			url: issue.url
		}],
		{
			name: "Job",
			url: runUrl
		}
	];
}
// src/core/gate-state.ts
const NOTHING_TOLD = {
	transitions: [],
	updates: [],
	after: []
};
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
export { NEVER_JUDGED as $, withoutStop as $n, middleOf as $t, checksOf as A, failureLine as An, nextWords as At, jobSummary as B, inlineText as Bn, createSeries as Bt, readConfig as C, valueText as Cn, concernsList as Ct, patternText as D, clockText as Dn, actionList as Dt, matcherOf as E, worstFirst as En, BY_HAND as Et, parseTemplate as F, logText as Fn, decodeState as Ft, thinned as G, cleanText as Gn, conditionText as Gt, isUneventful as H, amountText as Hn, valueAt as Ht, formulaSubjects as I, pageText as In, encodeState as It, timeAxis as J, cutBytes as Jn, keptStanding as Jt, isDrawable as K, countText as Kn, pathText as Kt, finalCheckRun as L, addressLink as Ln, partsOf as Lt, missedBeats as M, problemCheckRun as Mn, rollbackInEffect as Mt, nextBeat as N, problemDescription as Nn, markdownWords as Nt, plainText as O, dateTimeText as On, actionName as Ot, BUILT_IN_TEMPLATE as P, labelText as Pn, plainWords as Pt, factsTable as Q, withStop as Qn, chosen as Qt, pageWithState as R, codeSpan as Rn, withState as Rt, healthCheck as S, samplesText as Sn, checksTable as St, levelOf as T, evidenceTime as Tn, ACTION_STATES as Tt, seriesFacts as U, byteLength as Un, seriesValue as Ut, verdictPart as V, link as Vn, evaluateCondition as Vt, unitOfSeries as W, capitalized as Wn, limitsOf as Wt, commitUrl as X, oneLine as Xn, keptDrawing as Xt, valueAxis as Y, excerpt as Yn, standingOf as Yt, factsOf as Z, shortSha as Zn, pointsOf as Zt, hasInstances as _, eventLine as _n, unseenLines as _t, NOTHING_TOLD as a, inTime as an, ServiceProblem as ar, isDefaultsOnly as at, crashCheck as b, lineColumns as bn, withGap as bt, slackBody as c, intervalsToKeep as cn, readInline as cr, resultSentence as ct, stillTold as d, stageReason as dn, durationText as dr, verdictSentence as dt, createLives as en, comparedText as er, VERDICT_TITLES as et, toldAfter as f, stageVerdict as fn, verdictTitle as ft, defaultHealthPath as g, outcomeAnnotations as gn, linesList as gt, baseUrl as h, mistakeAnnotations as hn, endedLines as ht, unitOf as i, NO_PAIRS as in, ConfigProblem as ir, decisionSentence as it, dueChecks as j, mistakeLine as jn, reasonWords as jt, beatMs as k, isoText as kn, actionSentence as kt, mentionComment as l, windowOf as ln, readInputs as lr, settledStatus as lt, untold as m, ownOf as mn, coverageLines as mt, conditionWords as n, openIn as nn, quantityText as nr, checkRunTitle as nt, messageOf as o, lengthOf$1 as on, INLINE_VARIABLE as or, isSuperseded as ot, transitionsOf as p, worstOf as pn, comingSentence as pt, plainNumber$1 as q, cut as qn, subjectText as qt, listText as r, spanMemory as rn, createRedactor as rr, conclusionOf as rt, webhookBody as s, pairsOf as sn, effectivePlan as sr, otherNotes as st, codeText as t, keptSpans as tn, durationWords as tr, adoptedStatus as tt, keyOfWay as u, cutText as un, didYouMean as ur, statusText as ut, isPath as v, findingLine as vn, SURELY_KEPT_MS as vt, capturerOf as w, evidenceFold as wn, hasStages as wt, defaultPlan as x, resultLine as xn, CHECK_WORDS as xt, unsupportedBy as y, isConcern as yn, backFilled as yt, headed as z, folded as zn, keptCheck as zt };
