import { $ as oneLine, G as amountText, J as cleanText, Q as excerpt, X as cut, Y as countText, et as shortSha, lt as durationText } from "./words.js";
import { B as headed, Dt as actionSentence, N as gateCheckRun, Nt as decodeState, Tn as ServiceProblem, k as fileAtCommit, mn as pageText, v as goOn, wn as ConfigProblem, wt as BY_HAND, y as wait, yn as link } from "./start.js";
import { f as checksOf } from "./config.js";
import { $t as isIssueAbout, An as withoutSkipPhrases, At as createDiagnoses, Cn as revertPlan, Dn as matchesGlob, Dt as createWatchMemory, En as patchBranch, Fn as hasServed, Ft as watchVerdict, Gt as addSection, In as isRunning, Jt as lacksLabels, Kt as createPull, Lt as askedAlone, Mn as doneOf, Nn as rollbackOf, Nt as customDomains, On as actGuard, Ot as createSampler, Pn as withDone, Qt as ISSUE_LABEL, Rt as NO_INSTANCES, Sn as revertBranchPrefix, Tn as PATCH_TRAILER, Ut as decorateIssue, Wt as openMarked, Xt as openedText, Yt as openFirst, Zt as pullOf, _n as markedSection, _t as watchStage, an as bodyText, at as keepTold, bn as isGateRevert, cn as pullRequestBody, ct as cleanUpBranch, dn as revertCommitMessage, dt as isRefusal, en as issueBody, fn as serviceComment, ft as freezeService, gn as hasServiceSection, gt as offSetting, hn as BODY_MAX, ht as formerSetting, in as bodyCode, jt as createDeployList, kn as messageText, ln as pullRequestTitle, lt as cleanUpGuard, mn as shellWord, mt as liftFreeze, nn as issueTitle, on as commitCode, ot as toldSoFar, pn as serviceSection, pt as frozenAction, qt as decorate, rn as updatedIssueBody, sn as listText, st as afterKey, tn as issueMarker, un as revertByHand, ut as hitRules, vn as REVERT_BRANCH_PREFIX, wn as PATCH_BRANCH_PREFIX, xn as revertBranch, yn as firstParents, zt as createLogBook } from "./watch.js";
// src/gate/live-expected.ts
async function liveDoubt(acting, { isAlone = false } = {}) {
	const { list, outcome } = acting;
	try {
		const doubt = doubtOf$1(acting, await list.look());
		if (doubt !== void 0 || !isAlone) return doubt;
		const other = list.deploys.find((one) => isRunning(one) && one.id !== outcome.deploy?.id);
		return other === void 0 ? void 0 : `a newer deploy is on its way (${other.id}, ${other.status}), and nothing is rolled back under it`;
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		return `what is live could not be read: ${error.message}`;
	}
}
function doubtOf$1(acting, following) {
	const rollback = rollbackOf(acting);
	if (rollback === void 0) return judgedDoubt(acting, following);
	const live = acting.list.deploys.find((one) => one.status === "live");
	if (live?.id === rollback.deploy) return void 0;
	if (!rollback.isDone) return judgedDoubt(acting, following);
	return `${live === void 0 ? "no deploy is live" : `${live.id} is live`} instead of ${rollback.deploy}, which the rollback of this remedy made`;
}
function judgedDoubt({ list, outcome }, following) {
	const { deploy, liveAt } = outcome;
	if (liveAt !== void 0) {
		if (following.kind === "live" && following.deploy.id === deploy?.id) return void 0;
		if (following.kind === "live") return `${following.deploy.id}, a newer deploy of the same commit, is live by now; nothing is done about a deploy that no longer serves`;
		const isStillLive = list.deploys.some((one) => one.id === deploy?.id && one.status === "live");
		if (following.kind === "running" && isStillLive) return void 0;
		return `what is live has changed (${changeText(following)}); nothing is done about a deploy that no longer serves`;
	}
	if (following.kind !== "failed" || following.deploy.id !== deploy?.id) return `the failed deploy is no longer the newest of its commit (${changeText(following)})`;
	const newer = list.deploys.find((one) => one.createdAt > following.deploy.createdAt);
	return newer === void 0 ? void 0 : `a newer deploy of the service exists (${newer.id}, ${newer.status})`;
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
// src/gate/step-issue.ts
async function openIssue(run, request) {
	const url = `${run.edges.forge.webUrl}/commit/${run.commit}`;
	return { actions: [{
		kind: "issue",
		url,
		...await issued(run, request, url).catch((error) => {
			if (!(error instanceof ServiceProblem)) throw error;
			return {
				state: "failed",
				reason: refusal(error)
			};
		})
	}] };
}
function issueStep(run, acting, step) {
	const { outcome, reasons, evidence, checkRunUrl } = acting;
	const failed = outcome.checks.find(({ verdict }) => verdict === "fail");
	return openIssue(run, {
		step,
		reasons,
		evidence,
		actions: outcome.actions,
		...failed === void 0 ? {} : { failedCheck: failed.name },
		...checkRunUrl === void 0 ? {} : { checkRunUrl }
	});
}
function refusal(problem) {
	const { message, hint } = problem.failure;
	if (problem.status === 410) return `${message}. Switch issues on under Settings > General > Features, or take the step out of the remedy`;
	return hint === void 0 ? message : `${message}. ${hint}`;
}
async function issued(run, request, commitUrl) {
	if (run.mode === "observe") return {
		state: "advised",
		reason: "mode observe never acts"
	};
	const { forge } = run.edges;
	const { step } = request;
	const text = issueText(run, request, commitUrl);
	if (run.mode === "advise") return {
		state: "advised",
		reason: `would open the issue "${issueTitle(text)}"${whomText(step)}`
	};
	const about = (await forge.issuesWithLabel(ISSUE_LABEL)).filter((one) => isIssueAbout(one.body, run.service.name, run.commit));
	const known = about.find((one) => one.state === "open") ?? about[0];
	goOn(run);
	if (known !== void 0) return updated(run, known, {
		step,
		text
	});
	const issue = await forge.createIssue({
		title: issueTitle(text),
		body: issueBody(text),
		labels: [ISSUE_LABEL]
	});
	if (lacksLabels(issue, ["deploy-gate"])) run.teller.note(`The label ${ISSUE_LABEL} could not be set on #${issue.number}, so a re-run of this job will not find the issue again.`);
	await decorateIssue(run, issue, step);
	return {
		state: "done",
		reason: `opened #${issue.number}${whomText(step)}`,
		url: issue.url
	};
}
async function updated(run, issue, { step, text }) {
	const { number, url } = issue;
	if (issue.state === "closed") return {
		state: "skipped",
		reason: `#${number} about this deploy was closed already`,
		url
	};
	const body = updatedIssueBody(issue.body, text);
	if (body !== issue.body) await run.edges.forge.updateIssue(number, { body });
	await decorateIssue(run, issue, step);
	return {
		state: "done",
		reason: `#${number} was opened by an earlier attempt; it is up to date`,
		url
	};
}
function whomText({ assignees }) {
	return assignees.length === 0 ? "" : ` for ${assignees.join(", ")}`;
}
function issueText(run, request, commitUrl) {
	const { step, checkRunUrl, failedCheck } = request;
	return {
		services: [run.service.name],
		bad: run.commit,
		commitUrl,
		reasons: request.reasons,
		evidence: request.evidence,
		actions: request.actions ?? [],
		draftReasons: [],
		runUrl: run.runUrl,
		...step.title === void 0 ? {} : { title: step.title },
		...checkRunUrl === void 0 ? {} : { checkRunUrl },
		...failedCheck === void 0 ? {} : { failedCheck }
	};
}
// src/core/patch-place.ts
const TAKEN = -1;
function linesOf(text) {
	return text.split(/(?<=\n)/u).filter((line) => line !== "");
}
function patchedText(text, hunks) {
	const lines = linesOf(text);
	const numbers = new Map();
	const image = lines.map((line) => {
		const number = numbers.get(line) ?? numbers.size;
		numbers.set(line, number);
		return number;
	});
	const done = [];
	for (const [index, hunk] of hunks.entries()) {
		const before = hunk.lines.filter((line) => line.mark !== "+").map((line) => line.text);
		const place = placeOf(hunk, {
			image,
			wanted: before.map((line) => numbers.get(line) ?? -2),
			own: ownPlace(hunk, done)
		});
		if (typeof place !== "number") return {
			ok: false,
			hunk: index,
			misfit: misfitAt(place, lines, before)
		};
		const by = hunk.lines.filter((line) => line.mark !== "-").map((line) => line.text);
		const next = done.findLastIndex((one) => one.at < place) + 1;
		done.splice(next, 0, {
			at: place,
			count: before.length,
			by
		});
		image.fill(TAKEN, place, place + before.length);
	}
	return {
		ok: true,
		text: joined(lines, done)
	};
}
function joined(lines, done) {
	const parts = [];
	let at = 0;
	for (const one of done) {
		parts.push(textBetween(lines, at, one.at), one.by.join(""));
		at = one.at + one.count;
	}
	return parts.join("") + textBetween(lines, at, lines.length);
}
function textBetween(lines, from, to) {
	return lines.slice(from, to).join("");
}
function ownPlace(hunk, done) {
	const place = Math.max(0, hunk.newStart - 1);
	let shift = 0;
	for (const { at, count, by } of done) {
		if (place < at + shift) break;
		if (place < at + shift + by.length) return at;
		shift += by.length - count;
	}
	return place - shift;
}
function placeOf(hunk, file) {
	const { image, wanted, own } = file;
	const end = image.length - wanted.length;
	const fitsAt = (at) => at >= 0 && at <= end && wanted.every((number, index) => image[at + index] === number);
	const isFirst = hunk.oldStart <= 1;
	const isLast = hunk.lines.at(-1)?.mark !== " ";
	if (isFirst || isLast) {
		const at = isFirst ? 0 : end;
		if (wanted.length === 0 && own !== at) return {
			at: own,
			why: "no-context"
		};
		return fitsAt(at) && !(isFirst && isLast && end !== 0) ? at : {
			at: Math.max(0, at),
			why: "differs"
		};
	}
	if (fitsAt(own)) return own;
	const [fit, ...others] = occurrences(image, wanted);
	if (fit === void 0) return {
		at: own,
		why: "differs"
	};
	return others.length === 0 ? fit : {
		at: own,
		why: "several",
		fits: [fit, ...others].slice(0, 3).map((at) => at + 1)
	};
}
function occurrences(image, wanted) {
	const border = [0];
	for (let at = 1, length = 0; at < wanted.length;) if (wanted[at] === wanted[length]) border[at++] = ++length;
	else if (length > 0) length = border[length - 1] ?? 0;
	else border[at++] = 0;
	const found = [];
	for (let at = 0, length = 0; at < image.length;) if (image[at] === wanted[length]) {
		at += 1;
		length += 1;
		if (length < wanted.length) continue;
		found.push(at - length);
		length = border[length - 1] ?? 0;
	} else if (length > 0) length = border[length - 1] ?? 0;
	else at += 1;
	return found;
}
function misfitAt(nowhere, lines, before) {
	const { at, why, fits } = nowhere;
	const index = before.findIndex((line, offset) => lines[at + offset] !== line);
	const [expected, found] = [before[index], lines[at + Math.max(0, index)]];
	if (why !== "differs" || expected === void 0) return {
		why,
		line: at + 1,
		...fits === void 0 ? {} : { fits }
	};
	return {
		why,
		line: at + index + 1,
		expected,
		...found === void 0 ? {} : { found }
	};
}
// src/core/patch-apply.ts
function applyPatch(patch, readFile) {
	const forward = filesAfter(patch.files, readFile);
	if (!("misfit" in forward)) {
		const changed = [...forward.files].filter(([path, file]) => {
			const before = readFile(path);
			return before?.text !== file?.text || before?.mode !== file?.mode;
		});
		return changed.length === 0 ? { kind: "already" } : {
			kind: "applied",
			files: new Map(changed)
		};
	}
	if (!("misfit" in filesAfter(patch.files.map(reversed).toReversed(), readFile))) return { kind: "already" };
	const { misfit } = forward;
	return {
		kind: "misfit",
		misfit: isApplied(patch, readFile, misfit) ? {
			...misfit,
			isApplied: true
		} : misfit
	};
}
function isApplied(patch, readFile, { path, hunk }) {
	const part = patch.files.find((file) => file.from === path || file.to === path);
	const own = part?.hunks[(hunk ?? 1) - 1];
	const now = part === void 0 ? void 0 : readFile(part.to);
	if (part?.kind === "delete") return now === void 0;
	return now !== void 0 && own !== void 0 && patchedText(now.text, [reversedHunk(own)]).ok;
}
function filesAfter(parts, readFile) {
	const files = new Map();
	const now = (path) => files.has(path) ? files.get(path) : readFile(path);
	for (const part of parts) {
		const { kind, from, to, newMode } = part;
		if (kind === "rename" && files.has(from)) return { misfit: {
			path: from,
			why: "twice"
		} };
		const before = kind === "create" ? {
			text: "",
			mode: newMode ?? "100644"
		} : now(from);
		if (before === void 0) return { misfit: {
			path: from,
			why: "missing"
		} };
		if ((kind === "create" || kind === "rename") && now(to) !== void 0) return { misfit: {
			path: to,
			why: "exists"
		} };
		const patched = patchedText(before.text, part.hunks);
		if (!patched.ok) return { misfit: {
			path: from,
			hunk: patched.hunk + 1,
			...patched.misfit
		} };
		if (kind === "delete" && patched.text !== "") return { misfit: {
			path: from,
			why: "rest"
		} };
		if (kind === "delete" || kind === "rename") files.set(from, void 0);
		if (kind !== "delete") files.set(to, {
			text: patched.text,
			mode: newMode ?? before.mode
		});
	}
	return { files };
}
const REVERSE = {
	change: "change",
	create: "delete",
	delete: "create",
	rename: "rename"
};
const REVERSE_MARK = {
	" ": " ",
	"+": "-",
	"-": "+"
};
function reversed(part) {
	const { kind, from, to, oldMode, newMode, hunks } = part;
	return {
		kind: REVERSE[kind],
		from: to,
		to: from,
		hunks: hunks.map(reversedHunk),
		...newMode === void 0 ? {} : { oldMode: newMode },
		...oldMode === void 0 ? {} : { newMode: oldMode }
	};
}
function reversedHunk({ oldStart, newStart, lines }) {
	return {
		oldStart: newStart,
		newStart: oldStart,
		lines: lines.map(({ mark, text }) => ({
			mark: REVERSE_MARK[mark],
			text
		}))
	};
}
// src/core/patch-name.ts
const MOST_CHARACTERS$1 = 1e3;
const PREFIX = /^[abciow12]\//;
const ESCAPES = {
	a: 7,
	b: 8,
	t: 9,
	n: 10,
	v: 11,
	f: 12,
	r: 13,
	"\"": 34,
	"\\": 92
};
function quotedName(text) {
	const [whole, inner] = /^"((?:[^"\\]|\\.)*)"/su.exec(text) ?? [];
	if (whole === void 0 || inner === void 0) return void 0;
	const bytes = [];
	const encoder = new TextEncoder();
	for (const [part, octal, letter] of inner.matchAll(/\\([0-3][0-7]{2})|\\(.)|[^\\]+/gsu)) if (octal !== void 0) bytes.push(Number.parseInt(octal, 8));
	else if (letter === void 0) bytes.push(...encoder.encode(part));
	else {
		const byte = ESCAPES[letter];
		if (byte === void 0) return void 0;
		bytes.push(byte);
	}
	try {
		return {
			name: new TextDecoder("utf-8", {
				fatal: true,
				ignoreBOM: true
			}).decode(new Uint8Array(bytes)),
			rest: text.slice(whole.length)
		};
	} catch {
		return;
	}
}
function withoutPrefix(name) {
	return PREFIX.test(name) ? name.slice(2) : void 0;
}
function commonName(names) {
	const first = quotedName(names);
	if (first !== void 0) {
		const second = first.rest.startsWith(" ") ? quotedName(first.rest.slice(1)) : void 0;
		const [one, two] = [first.name, second?.name ?? ""].map(withoutPrefix);
		return one === two ? one : void 0;
	}
	const middle = (names.length - 1) / 2;
	if (names[middle] !== " ") return void 0;
	const [one, two] = [names.slice(0, middle), names.slice(middle + 1)].map(withoutPrefix);
	return one === two ? one : void 0;
}
function pathFault(path) {
	if (path === "" || path.length > MOST_CHARACTERS$1) return "is empty or longer than any path";
	if (/[\u0000-\u001f\u007f]/u.test(path)) return "holds control characters";
	if (path.startsWith("/") || /^[a-z]:/iu.test(path)) return "is not relative to the repository";
	const segments = path.split(/[/\\]/u);
	if (segments.includes("..")) return "leaves the repository";
	if (segments.some((one) => one === "" || one === ".")) return "is not a plain path";
	return segments.some((one) => /^(?:\.git|git~1)[. ]*$/iu.test(one.replaceAll(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/gu, ""))) ? "lies in .git" : void 0;
}
// src/core/patch-scan.ts
var Unreadable = class extends Error {
	name = "Unreadable";
	at;
	constructor(why, at) {
		super(why);
		this.at = at;
	}
};
function lineAt(scan) {
	return scan.lines[scan.at] ?? "";
}
// src/core/patch-header.ts
function headerOf(scan) {
	const first = lineAt(scan);
	if (first.endsWith("\r")) throw new Unreadable(`the patch file itself was changed to CRLF line ends: keep it as git wrote it ("*.patch -text" in .gitattributes)`, scan.at);
	const header = {
		begins: scan.at,
		name: commonName(first.slice(11))
	};
	for (scan.at += 1; readHeaderLine(scan, header);) scan.at += 1;
	return header;
}
function readHeaderLine(scan, header) {
	const line = lineAt(scan);
	const [, key = "", value = ""] = /^(---|\+\+\+|old mode|new mode|deleted file mode|new file mode|rename from|rename to|copy from|copy to|similarity index|dissimilarity index|index) (.*)$/su.exec(line) ?? [];
	switch (key) {
		case "": return false;
		case "---":
			header.before = sideOf(scan, value);
			return true;
		case "+++":
			header.after = sideOf(scan, value);
			return true;
		case "old mode":
			header.oldMode = modeOf(scan, value);
			return true;
		case "new mode":
			header.newMode = modeOf(scan, value);
			return true;
		case "new file mode":
			header.isNew = true;
			header.newMode = modeOf(scan, value);
			return true;
		case "deleted file mode":
			header.isDeleted = true;
			header.oldMode = modeOf(scan, value);
			return true;
		case "rename from":
			header.renamedFrom = quotedName(value)?.name ?? value;
			return true;
		case "rename to":
			header.renamedTo = quotedName(value)?.name ?? value;
			return true;
		case "copy from":
		case "copy to": throw new Unreadable("copied files are not understood: make the patch with --no-renames", scan.at);
		case "index": {
			const mode = value.split(" ")[1];
			if (mode !== void 0) modeOf(scan, mode);
			return true;
		}
		default: return true;
	}
}
function sideOf(scan, value) {
	const name = quotedName(value)?.name ?? value.split("	", 1)[0] ?? "";
	if (name === "/dev/null") return null;
	const path = withoutPrefix(name);
	if (path !== void 0) return path;
	const fault = pathFault(name);
	const why = fault === void 0 ? "has no prefix a/ or b/: make the patch with git diff --src-prefix=a/ --dst-prefix=b/" : fault;
	throw new Unreadable(`the path "${name.slice(0, 200)}" ${why}`, scan.at);
}
function modeOf(scan, value) {
	const mode = value.trim();
	if (mode === "120000") throw new Unreadable("symbolic links cannot be patched", scan.at);
	if (mode === "160000") throw new Unreadable("submodules cannot be patched", scan.at);
	if (!/^100[0-7]{3}$/u.test(mode)) throw new Unreadable(`the file mode "${mode.slice(0, 20)}"`, scan.at);
	return (Number.parseInt(mode, 8) & 64) === 0 ? "100644" : "100755";
}
function patchOf(header, hunks) {
	const { begins, name, isNew = false, isDeleted = false } = header;
	const { renamedFrom, renamedTo, before = name, after = name } = header;
	const isRename = renamedFrom !== void 0 || renamedTo !== void 0;
	const from = isRename ? renamedFrom : isNew ? after : before;
	const to = isRename ? renamedTo : isDeleted ? before : after;
	if (typeof from !== "string" || typeof to !== "string") throw new Unreadable("the header does not say which file it is about", begins);
	const isTold = (told, expected) => told === void 0 || told === expected;
	if (!(isTold(header.before, isNew ? null : from) && isTold(header.after, isDeleted ? null : to) && !(isNew && isDeleted) && (isRename ? !isNew && !isDeleted : from === to))) throw new Unreadable("the lines of the header speak of different files", begins);
	for (const path of new Set([from, to])) {
		const fault = pathFault(path);
		if (fault !== void 0) throw new Unreadable(`the path "${path.slice(0, 200)}" ${fault}`, begins);
	}
	const { oldMode, newMode } = header;
	if (hunks.length === 0 && !isNew && !isDeleted && !isRename && newMode === void 0) throw new Unreadable("the header has no change below it", begins);
	return {
		kind: isNew ? "create" : isDeleted ? "delete" : isRename ? "rename" : "change",
		from,
		to,
		hunks,
		...oldMode === void 0 ? {} : { oldMode },
		...newMode === void 0 ? {} : { newMode }
	};
}
// src/core/patch-parser.ts
const MOST_CHARACTERS = 1048576;
const MOST_FILES$1 = 100;
const MOST_HUNKS = 2e3;
const HUNK = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/u;
function parsePatch(text) {
	try {
		return {
			ok: true,
			patch: parse(text)
		};
	} catch (error) {
		if (!(error instanceof Unreadable)) throw error;
		return {
			ok: false,
			why: error.message,
			line: error.at + 1
		};
	}
}
function parse(text) {
	if (text.length > MOST_CHARACTERS) throw new Unreadable("the patch is larger than 1 MiB", 0);
	if (text.startsWith("﻿")) throw new Unreadable("the patch begins with a byte order mark", 0);
	const scan = {
		lines: text.split("\n"),
		at: 0,
		hunks: 0
	};
	const garbled = scan.lines.findIndex((line) => line.includes("�"));
	if (garbled !== -1) throw new Unreadable("the patch is not UTF-8 text", garbled);
	const files = [];
	for (; scan.at < scan.lines.length;) {
		const line = lineAt(scan);
		if (line.startsWith("diff --git ")) files.push(fileOf(scan));
		else {
			refuseOther(scan, line);
			scan.at += 1;
		}
		if (files.length > MOST_FILES$1) throw new Unreadable(`the patch changes more than ${MOST_FILES$1} files`, scan.at);
	}
	if (files.length === 0) throw new Unreadable(`no line begins with "diff --git": make it with git diff or git format-patch`, 0);
	return { files };
}
function refuseOther(scan, line) {
	if (/^diff --(?:cc|combined) /u.test(line)) throw new Unreadable("the diff of a merge cannot be applied: make it with git diff", scan.at);
	if (HUNK.test(line)) throw new Unreadable("a hunk without a file", scan.at);
	const [next = "", after = ""] = scan.lines.slice(scan.at + 1, scan.at + 3);
	if (line.startsWith("--- ") && next.startsWith("+++ ") && HUNK.test(after)) throw new Unreadable(`a file without "diff --git": make it with git diff or git format-patch`, scan.at);
}
function fileOf(scan) {
	const header = headerOf(scan);
	const hunks = [];
	while (HUNK.test(lineAt(scan))) {
		hunks.push(hunkOf(scan));
		scan.hunks += 1;
		if (scan.hunks > MOST_HUNKS) throw new Unreadable(`the patch has more than ${MOST_HUNKS} hunks`, scan.at);
	}
	const line = lineAt(scan);
	if (line.startsWith("GIT binary patch") || /^(?:Binary files|Files) .* differ$/u.test(line)) throw new Unreadable("binary files cannot be patched", scan.at);
	const isSignature = /^--\s*$/u.test(line);
	if (hunks.length > 0 && /^[-+ ]/u.test(line) && !isSignature) throw new Unreadable("the hunk before has more lines than its @@ line counts", scan.at);
	return patchOf(header, hunks);
}
function hunkOf(scan) {
	const begins = scan.at;
	const [, oldStart, oldCount = "1", newStart, newCount = "1"] = HUNK.exec(lineAt(scan)) ?? [];
	let [old, fresh] = [Number(oldCount), Number(newCount)];
	const lines = [];
	for (scan.at += 1; old > 0 || fresh > 0; scan.at += 1) {
		if (scan.at >= scan.lines.length - 1) throw new Unreadable("the patch ends inside a hunk", begins);
		const line = lineAt(scan);
		if (line.startsWith("\\ ")) {
			cutLineEnd(lines);
			continue;
		}
		const mark = line === "" ? " " : line.charAt(0);
		if (mark !== " " && mark !== "-" && mark !== "+") throw new Unreadable("the hunk has fewer lines than its @@ line counts", scan.at);
		if (mark !== "+") old -= 1;
		if (mark !== "-") fresh -= 1;
		if (old < 0 || fresh < 0) throw new Unreadable("the hunk has other lines than its @@ line counts", scan.at);
		lines.push({
			mark,
			text: `${line.slice(1)}\n`
		});
	}
	if (lineAt(scan).startsWith("\\ ")) {
		cutLineEnd(lines);
		scan.at += 1;
	}
	if (lines.every((line) => line.mark === " ")) throw new Unreadable("the hunk changes nothing", begins);
	return {
		oldStart: Number(oldStart),
		newStart: Number(newStart),
		lines
	};
}
function cutLineEnd(lines) {
	const last = lines.pop();
	if (last !== void 0) lines.push({
		...last,
		text: last.text.replace(/\n$/u, "")
	});
}
// src/core/patch.ts
function pathsOf(patch) {
	return [...new Set(patch.files.flatMap((file) => [file.from, file.to]))];
}
// src/report/patch-pull.ts
const TITLE_MAX$1 = 256;
const PATH_MAX$1 = 200;
function patchTitle(text) {
	return messageText(text.title, TITLE_MAX$1);
}
function fileLine({ path, from, added, removed }) {
	const moved = from === void 0 ? "" : `, was ${bodyCode(from, PATH_MAX$1)}`;
	return `${bodyCode(path, PATH_MAX$1)} (+${countText(added)} −${countText(removed)}${moved})`;
}
const NO = `Closing this pull request without merging it is a no: the gate will not open another one for the same deploy and patch. To undo it after the merge, revert the commit that it makes.`;
function patchBody(text) {
	const [service = "the service"] = text.services;
	const patch = bodyCode(text.patch, PATH_MAX$1);
	const intro = `The deploy of ${commitCode(text.bad)} to ${bodyCode(service, 100)} failed its gate. This applies ${patch}, as it is in that commit, to ${bodyCode(text.baseBranch, 200)}; the failed commit itself stays.`;
	return pageText([
		intro,
		markedSection(service, serviceSection(text)),
		`### What this changes\n\n${listText(text.files, fileLine)}`,
		NO
	], BODY_MAX);
}
function patchCommitMessage(text) {
	const reasons = listText(text.reasons, (reason) => messageText(reason, 300));
	const service = messageText(text.services[0] ?? "the service", 100);
	const bad = messageText(shortSha(text.bad), 40);
	return [
		messageText(text.title, 120),
		`The deploy of ${bad} to ${service} failed its gate:\n${reasons}`,
		`This applies ${messageText(text.patch, PATH_MAX$1)} as it is in ${bad}.`,
		`${PATCH_TRAILER} ${text.bad.replace(/[^0-9a-z]/giu, "").slice(0, 64)}`
	].join("\n\n");
}
function patchByHand(wish) {
	return [
		"git fetch origin",
		`git switch -c ${shellWord(wish.to)} ${shellWord(`origin/${wish.branch}`)}`,
		`git show ${shellWord(`${excerpt(wish.commit, 40)}:${wish.patch}`)} | git apply ${wish.isOff ? "--3way" : "--index"}`,
		...wish.isOff ? [] : [`git commit -m ${shellWord(messageText(wish.title, 120))}`]
	].join(" && ");
}
function lineText(line) {
	const shown = JSON.stringify(cut(line.replace(/\n$/u, ""), 100));
	return `${cleanText(shown)}${line.endsWith("\n") ? "" : " without a line end"}`;
}
function misfitText(misfit) {
	const { expected, found, fits = [] } = misfit;
	const path = excerpt(misfit.path, PATH_MAX$1);
	const hunk = `hunk ${misfit.hunk ?? 1} of ${path}`;
	const line = misfit.line ?? 1;
	const part = misfit.isApplied === true ? "; this part is there already, another one is not" : "";
	switch (misfit.why) {
		case "missing": return `${path} is not there${part}`;
		case "exists": return `${path} is there already, with other content`;
		case "rest": return `${path} holds more than the patch takes away`;
		case "twice": return `${path} is changed by one part of the patch and renamed by another`;
		case "no-context": return `${hunk} has no lines around it that tell where it goes`;
		case "several": return `${hunk} is no longer at its line ${line} and fits in several places (lines ${fits.join(", ")})`;
		case "differs": {
			const there = found === void 0 ? "the file ends there" : `it is ${lineText(found)}`;
			return `${hunk} does not apply at line ${line}: ${expected === void 0 ? "the file holds more than it knows" : `expected ${lineText(expected)}, ${there}`}${part}`;
		}
	}
}
// src/gate/branch-stand.ts
async function branchStand(run, commit, compare) {
	const branch = run.service.branch ?? "main";
	const later = await compare(commit.sha, branch);
	if (later?.relation !== "ahead") return {
		branch,
		head: {
			sha: commit.sha,
			tree: commit.tree
		},
		holdsCommit: later?.relation === "identical"
	};
	const last = later.commits.at(-1);
	return {
		branch,
		head: last !== void 0 && !later.commitsCut ? {
			sha: last.sha,
			tree: last.tree
		} : { sha: await run.edges.forge.branchHead(branch) ?? "" },
		holdsCommit: true
	};
}
// src/gate/holds.ts
async function holdsOf(run, commit, merged) {
	const { forge } = run.edges;
	const label = run.plan.guards.holdLabel;
	if (label === "") return [];
	const own = (merged ?? (await forge.pullsOfCommit(commit)).filter((pull) => pull.merged)).filter((pull) => pull.labels.some((name) => name.toLowerCase() === label.toLowerCase())).map((pull) => pull.url);
	const open = (await forge.openWithLabel(label)).map((issue) => issue.url);
	return [...new Set([...own, ...open])];
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
	if (await claimBranch(run, {
		branch: plan.branch,
		start,
		isMet: input.isMet
	}) === "met") return { kind: "met" };
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
async function claimBranch(run, input) {
	const { branch, start } = input;
	const { forge } = run.edges;
	if (await forge.createBranch(branch, start) === "created") return "ours";
	for (const pause of LOOKS_MS) {
		await wait(run, pause);
		if (await input.isMet()) return "met";
	}
	run.teller.note(`The branch ${branch} existed without a pull request, left by a run that was stopped; it is finished now.`);
	await forge.moveBranch(branch, start);
	return "ours";
}
async function removeBranch(run, branch) {
	try {
		await run.edges.forge.deleteBranch(branch);
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		run.teller.note(`The branch ${branch} could not be removed: ${error.message}`);
	}
}
// src/gate/own-pull.ts
async function openOwnPull(run, wish) {
	const { forge } = run.edges;
	const { branch, base, title, body, draft } = wish;
	const known = await pullOf(run, branch);
	if (known !== void 0) return {
		kind: "known",
		pull: known
	};
	const made = await wish.make();
	if ("state" in made) return made;
	const tree = await forge.createTree(made.head.tree, made.changes);
	const sha = await forge.createCommit({
		message: wish.message,
		tree,
		parents: [made.head.sha]
	});
	const isMet = async () => await pullOf(run, branch) !== void 0;
	if (await claimBranch(run, {
		branch,
		start: sha,
		isMet
	}) === "met") {
		const met = await pullOf(run, branch);
		if (met !== void 0) return {
			kind: "known",
			pull: met
		};
		return {
			state: "failed",
			reason: `the pull request of ${branch} vanished while it was looked at`
		};
	}
	const doubt = await wish.stillOurs();
	if (doubt !== void 0) {
		await removeBranch(run, branch);
		return {
			state: "held",
			reason: doubt
		};
	}
	const opened = await createPull(run, {
		title,
		body,
		head: branch,
		sha,
		base,
		draft
	});
	if (opened.kind === "refused") return {
		state: "failed",
		reason: opened.reason,
		url: opened.url
	};
	return {
		kind: opened.kind === "met" ? "known" : "opened",
		pull: opened.pull
	};
}
// src/gate/patch-pull.ts
async function openPatch(run, wish) {
	const { step, text, branch, base, stillOurs } = wish;
	const own = await openOwnPull(run, {
		branch,
		base,
		title: patchTitle(text),
		body: patchBody(text),
		message: patchCommitMessage(text),
		draft: step.draft,
		stillOurs,
		async make() {
			const made = await wish.make();
			if ("state" in made) return made;
			return {
				changes: [...made.files].map(([path, file]) => file === void 0 ? {
					path,
					mode: "100644"
				} : {
					path,
					...file
				}),
				head: made.head
			};
		}
	});
	if ("state" in own) return own;
	const { pull } = own;
	if (own.kind === "known") return joinPatch(run, pull, wish);
	await decorate(run, pull, step);
	return {
		state: "done",
		reason: openedText(pull, {
			isDraft: step.draft,
			reasons: []
		}),
		url: pull.url
	};
}
async function joinPatch(run, pull, { step, text }) {
	const { url, number } = pull;
	if (pull.merged) return {
		state: "skipped",
		reason: `#${number} has applied it already`,
		url
	};
	if (pull.state === "closed") return {
		state: "held",
		reason: `#${number} was closed without being merged, which is a no`,
		url
	};
	const isOurs = hasServiceSection(pull.body, run.service.name);
	await addSection(run, pull, serviceSection(text));
	if (isOurs && lacksLabels(pull, step.labels)) await decorate(run, pull, step);
	return {
		state: "done",
		reason: isOurs ? `#${number} was opened by an earlier attempt; its evidence is up to date` : `added the evidence to #${number}, which applies the same patch`,
		url
	};
}
// src/gate/patch-targets.ts
async function readTargets(run, paths, at) {
	const { forge } = run.edges;
	const folders = new Map();
	const folder = (tree) => {
		const asked = folders.get(tree) ?? forge.folder(tree);
		folders.set(tree, asked);
		return asked;
	};
	const files = new Map();
	for (const path of paths) {
		const found = await entryAt(path, at.tree, folder);
		if (found === void 0) continue;
		if (typeof found === "string") return {
			ok: false,
			why: found
		};
		const text = await forge.file(path, at.sha);
		if (text === void 0) return {
			ok: false,
			why: `${path} cannot be read`
		};
		if (text.includes("�")) return {
			ok: false,
			why: `${path} is not UTF-8 text`
		};
		files.set(path, {
			text,
			mode: found.mode
		});
	}
	return {
		ok: true,
		files
	};
}
async function entryAt(path, top, folder) {
	const names = path.split("/");
	let tree = top;
	for (const [depth, name] of names.entries()) {
		const entry = (await folder(tree)).find((one) => one.name === name);
		if (entry === void 0) return void 0;
		const isLast = depth === names.length - 1;
		if (!isLast && entry.type === "tree") {
			tree = entry.sha;
			continue;
		}
		const here = names.slice(0, depth + 1).join("/");
		if (entry.type === "tree") return `${here} is a folder`;
		if (entry.type === "commit") return `${here} is a submodule`;
		if (entry.mode === "120000") return `${here} is a symbolic link`;
		if (!isLast) return `${here} is a file, not a folder`;
		return { mode: entry.mode === "100755" ? "100755" : "100644" };
	}
}
// src/gate/refusal.ts
function refusalText$1(problem) {
	const { message, hint } = problem.failure;
	return `${message}${/Reference update failed/i.test(message) ? ". A rule of the repository forbids this branch: let the gate create branches below deploy-gate/" : ""}${hint === void 0 ? "" : `. ${hint}`}`;
}
// src/gate/step-patch.ts
async function patchPull(run, request) {
	const { step, commit } = request;
	const path = step.patch.split("/").map(encodeURIComponent).join("/");
	return { actions: [{
		kind: "patch_pr",
		url: `${run.edges.forge.webUrl}/blob/${commit.sha}/${path}`,
		...await patched(run, request).catch((error) => {
			if (!(error instanceof ServiceProblem)) throw error;
			return {
				state: "failed",
				reason: refusalText$1(error)
			};
		})
	}] };
}
function patchStep(run, acting, step) {
	const { outcome, commit, reasons, evidence, checkRunUrl } = acting;
	return patchPull(run, {
		step,
		commit,
		reasons,
		evidence,
		actions: outcome.actions,
		stillOurs: async () => await liveDoubt(acting) ?? acting.tooMany(),
		...outcome.liveAt === void 0 ? {} : { liveAt: outcome.liveAt },
		...checkRunUrl === void 0 ? {} : { checkRunUrl }
	});
}
async function patched(run, request) {
	if (run.mode === "observe") return {
		state: "advised",
		reason: "mode observe never acts"
	};
	const { forge, clock } = run.edges;
	const { step, commit, liveAt } = request;
	const stand = await branchStand(run, commit, (base, head) => forge.compare(base, head));
	const byHand = handCommand(request, stand.branch);
	if (!stand.holdsCommit) return {
		state: "held",
		reason: `${shortSha(commit.sha)} is no longer in ${stand.branch}: nothing to patch there`
	};
	const guard = actGuard({
		guards: run.plan.guards,
		holds: await holdsOf(run, commit.sha),
		now: clock.now(),
		...liveAt === void 0 ? {} : { liveAt }
	});
	if (guard !== void 0) return {
		state: "held",
		reason: `${guard}.${BY_HAND}${byHand(false)}`
	};
	const read = await readPatch(run, step.patch, commit.sha);
	if ("state" in read) return read;
	const doubt = await request.stillOurs();
	if (doubt !== void 0) return {
		state: "held",
		reason: doubt
	};
	const branch = patchBranch(commit.sha, step.patch);
	const text = patchText(run, request, {
		patch: read.patch,
		branch: stand.branch
	});
	const make = () => changesOf(run, read.patch, {
		stand,
		byHand
	});
	if (run.mode === "advise") {
		const made = await make();
		if ("state" in made) return made;
		return {
			state: "advised",
			reason: `would open ${step.draft ? "a draft pull request" : "a pull request"} onto ${stand.branch} that applies ${step.patch} (${amountText(made.files.size, "file")}).${BY_HAND}${byHand(false)}`
		};
	}
	goOn(run);
	return openPatch(run, {
		step,
		text,
		branch,
		base: stand.branch,
		stillOurs: request.stillOurs,
		make
	});
}
async function readPatch(run, path, sha) {
	const failed = (reason) => ({
		state: "failed",
		reason
	});
	let text;
	try {
		text = await fileAtCommit(run.edges, {
			path,
			commit: sha
		});
	} catch (error) {
		if (!(error instanceof ConfigProblem)) throw error;
		return failed(error.message);
	}
	if (text === void 0) return failed(`the patch file ${path} does not exist at ${shortSha(sha)}: commit it`);
	const parsed = parsePatch(text);
	return parsed.ok ? { patch: parsed.patch } : failed(`${path}:${parsed.line}: ${parsed.why}`);
}
async function changesOf(run, patch, about) {
	const { forge } = run.edges;
	const { stand, byHand } = about;
	const off = (why) => ({
		state: "failed",
		reason: `the patch does not apply to ${stand.branch}: ${why}.${BY_HAND}${byHand(true)}`
	});
	const { sha } = stand.head;
	const tree = stand.head.tree ?? (await forge.commit(sha))?.tree;
	if (tree === void 0) return {
		state: "held",
		reason: `the head of ${stand.branch} can no longer be read`
	};
	const targets = await readTargets(run, pathsOf(patch), {
		sha,
		tree
	});
	if (!targets.ok) return off(targets.why);
	const applied = applyPatch(patch, (path) => targets.files.get(path));
	switch (applied.kind) {
		case "already": return {
			state: "skipped",
			reason: `${stand.branch} has everything that the patch brings already`
		};
		case "misfit": return off(misfitText(redacted(run, applied.misfit)));
	}
	if ([...applied.files.keys()].some((path) => path.startsWith(".github/workflows/")) && !forge.hasPrToken) return {
		state: "failed",
		reason: `the patch changes workflow files, which the job's token may never push; pass an App token or PAT with the workflows permission as "pr-token"`
	};
	return {
		files: applied.files,
		head: {
			sha,
			tree
		}
	};
}
function redacted(run, misfit) {
	const { redact } = run.edges;
	const { expected, found } = misfit;
	return {
		...misfit,
		...expected === void 0 ? {} : { expected: redact(expected) },
		...found === void 0 ? {} : { found: redact(found) }
	};
}
function handCommand(request, branch) {
	const { step, commit } = request;
	const to = patchBranch(commit.sha, step.patch);
	return (isOff) => patchByHand({
		branch,
		commit: commit.sha,
		patch: step.patch,
		to,
		title: step.title,
		isOff
	});
}
function patchText(run, request, about) {
	const { step, commit, checkRunUrl } = request;
	return {
		services: [run.service.name],
		title: step.title,
		patch: step.patch,
		bad: commit.sha,
		baseBranch: about.branch,
		files: about.patch.files.map(({ from, to, hunks }) => {
			const lines = hunks.flatMap((hunk) => hunk.lines);
			return {
				path: to,
				...from === to ? {} : { from },
				added: lines.filter((line) => line.mark === "+").length,
				removed: lines.filter((line) => line.mark === "-").length
			};
		}),
		reasons: request.reasons,
		evidence: request.evidence,
		actions: request.actions ?? [],
		draftReasons: [],
		runUrl: run.runUrl,
		...checkRunUrl === void 0 ? {} : { checkRunUrl }
	};
}
// src/gate/step-recheck.ts
async function recheckStep(run, acting, step) {
	const told = (state, reason) => ({ actions: [{
		kind: "recheck",
		state,
		reason
	}] });
	const rollback = rollbackOf(acting);
	const deploy = acting.list.deploys.find((one) => one.id === rollback?.deploy);
	if (acting.ledger === void 0) return told("advised", `would watch stage ${step.stage} again after the rollback`);
	if (rollback?.isDone !== true || deploy === void 0) return told("skipped", "nothing was rolled back, so there is no old version to check again");
	const stage = run.plan.stages.find((one) => one.name === step.stage);
	if (stage === void 0) return told("skipped", `there is no stage "${step.stage}"`);
	const checks = recheckable(run.plan.checks, {
		stage,
		passedOnOld: acting.passedOnOld
	});
	if (checks.length === 0) return told("skipped", "no http, sql or events check is known to have passed on the old version");
	run.teller.moment(`Checking ${deploy.id} again for stage ${stage.name}: ${checks.map((check) => `"${check.name}"`).join(", ")}`);
	const watched = await watchAgain(run, {
		acting,
		deploy,
		stage,
		checks
	});
	const { verdict, reason } = watchVerdict(watched.ending, watched.results);
	if (verdict === "pass" || verdict === "warn") return told("done", `${deploy.id} passes ${checks.length} of ${checks.length} checks that it passed before`);
	const what = verdict === "fail" ? "fails as well" : "could not be judged";
	run.teller.note(`The version that was rolled back to ${what}: ${reason}. Production needs a person now; the rest of the remedy goes on.`);
	return told("failed", `${deploy.id} ${what}: ${reason}`);
}
function recheckable(checks, about) {
	return checksOf(checks, about.stage).flatMap((check) => {
		const { kind } = check.source;
		if (!(kind === "events" || about.passedOnOld.has(check.name)) || kind !== "http" && kind !== "sql" && kind !== "events") return [];
		const { onlyIf: _, ...rest } = askedAlone(check);
		const asked = {
			...rest,
			onFail: "alert"
		};
		return asked.pass.length + asked.warn.length + asked.fail.length === 0 ? [] : [asked];
	});
}
async function watchAgain(run, about) {
	const { acting, deploy, stage, checks } = about;
	const commit = deploy.commit?.sha ?? run.commit;
	const { before: _, ...rest } = run;
	const again = {
		...rest,
		commit,
		deployId: deploy.id,
		plan: {
			...run.plan,
			checks
		}
	};
	const facts = {
		deploy,
		liveAt: void 0,
		instances: NO_INSTANCES,
		rereadTo: void 0
	};
	const book = createLogBook({
		checks: [],
		keep: run.edges.redact,
		facts: () => ({
			startedAt: deploy.startedAt ?? deploy.createdAt,
			shutdownDelayMs: run.service.shutdownDelayMs,
			hasInstances: true,
			knowsNewInstances: false,
			isNew: () => void 0
		})
	});
	const teller = {
		...run.teller,
		beat: () => Promise.all([run.teller.beat(), acting.ledger?.beat()]).then(() => void 0)
	};
	return watchStage({
		...again,
		teller
	}, {
		stage,
		checks,
		isFirst: true,
		freshMs: stage.forMs,
		deploy,
		list: createDeployList(again, {
			committedAt: deploy.createdAt,
			parents: []
		}),
		facts,
		sampler: createSampler(again, { customDomains: await customDomains(again) }),
		book,
		memory: createWatchMemory(),
		diagnoses: createDiagnoses(again),
		baselineOf: async () => void 0,
		hasRemedy: () => false
	});
}
// src/gate/revert-pull.ts
async function existingPull(run, branch, known) {
	const { forge } = run.edges;
	const own = known === void 0 ? await pullOf(run, branch) : openFirst(known);
	if (own !== void 0) return own;
	const names = await forge.branchesStartingWith(revertBranchPrefix(run.commit));
	for (const name of names.filter((one) => one !== branch)) {
		const open = (await forge.pullsFrom(name)).find((pull) => pull.state === "open");
		if (open !== void 0) return open;
	}
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
	const section = pull.draft ? serviceSection(text) : serviceSection(text, { hasDoubts: true });
	await addSection(run, pull, section);
	const more = isOurs ? await finishing(run, pull, given) : [];
	return told("done", isOurs ? `#${pull.number} was opened by an earlier attempt; its evidence is up to date` : `added the evidence to #${pull.number}, which takes back the same range`, more);
}
async function finishing(run, pull, given) {
	const { step, plan } = given;
	if (lacksLabels(pull, step.labels)) await decorate(run, pull, step);
	return step.autoMerge ? [await autoMerge(run, pull, plan)] : [];
}
async function openPull(run, input) {
	const { plan, step, text } = input;
	const opened = await createPull(run, {
		title: pullRequestTitle(text),
		body: pullRequestBody(text),
		head: plan.branch,
		sha: input.sha,
		base: input.branch,
		draft: plan.draft
	});
	if (opened.kind === "refused") {
		const { reason, url } = opened;
		return { actions: [{
			kind: "revert_pr",
			state: "failed",
			reason,
			url
		}] };
	}
	const { pull } = opened;
	if (opened.kind === "met") return joinPull(run, pull, input);
	const actions = [{
		kind: "revert_pr",
		state: "done",
		reason: openedText(pull, {
			isDraft: plan.draft,
			reasons: plan.draftReasons
		}),
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
	const { branch, head, holdsCommit } = await branchStand(run, commit, compare);
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
		holds: await holdsOf(run, commit.sha, merged),
		isAncestorOfBranch: holdsCommit,
		isPreviousAncestor: previousCommit === void 0 || whole?.relation === "ahead",
		isFromRevertBranch: merged.some((pull) => pull.headRef.startsWith(REVERT_BRANCH_PREFIX)),
		isFromPatchBranch: merged.some((pull) => pull.headRef.startsWith(PATCH_BRANCH_PREFIX)),
		preDeployFailed: wish.preDeployFailed,
		...wish.liveAt === void 0 ? {} : { liveAt: wish.liveAt },
		...previousCommit === void 0 ? {} : { range: rangeOf(previousCommit, whole) },
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
function rangeOf(base, comparison) {
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
		push: rangeOf(pushBase, whole)
	};
	const between = previousCommit === void 0 ? void 0 : await compare(previousCommit, pushBase);
	if (between?.relation === "behind" && previousCommit !== void 0) return {
		pushBase: previousCommit,
		push: rangeOf(previousCommit, whole)
	};
	const comparison = await compare(pushBase, commit.sha);
	if (comparison === void 0) return { pushBase };
	const input = {
		pushBase,
		push: rangeOf(pushBase, comparison)
	};
	if (whole === void 0 || previousCommit === void 0) return input;
	if (between?.relation === "ahead") return {
		...input,
		others: rangeOf(previousCommit, between)
	};
	const own = new Set(comparison.commits.map((one) => one.sha));
	const range = rangeOf(previousCommit, whole);
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
			reason: advice$1(run, prepared, plan)
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
			reason: refusalText$1(error)
		});
	}
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
function advice$1(run, prepared, plan) {
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
	const known = await existingPull(run, plan.branch, request.pullsFrom(plan.branch));
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
		actions: request.actions ?? [],
		draftReasons: plan.draftReasons,
		runUrl: run.runUrl,
		...request.checkRunUrl === void 0 ? {} : { checkRunUrl: request.checkRunUrl }
	};
}
function fateOf(deploys, sha) {
	const own = deploys.find((deploy) => deploy.commit?.sha === sha);
	return own === void 0 ? "no deploy of its own; it went out with this one" : `its own deploy ${own.id} ended as ${own.status}`;
}
// src/gate/step-revert.ts
function revertStep(run, acting, step) {
	const { outcome, list, range } = acting;
	return revert(run, {
		step,
		commit: acting.commit,
		deploys: list.deploys,
		preDeployFailed: acting.preDeployFailed,
		reasons: acting.reasons,
		evidence: acting.evidence,
		actions: outcome.actions,
		stillOurs: async () => await liveDoubt(acting) ?? acting.tooMany(),
		pullsFrom: acting.pullsFrom,
		...outcome.previousCommit === void 0 ? {} : { previousCommit: outcome.previousCommit },
		...range === void 0 ? {} : { range },
		...outcome.liveAt === void 0 ? {} : { liveAt: outcome.liveAt },
		...acting.checkRunUrl === void 0 ? {} : { checkRunUrl: acting.checkRunUrl }
	});
}
// src/core/rollback-guard.ts
function rollbackGuard(input) {
	const { guards, range } = input;
	const guard = actGuard(input);
	if (guard !== void 0) return guard;
	if (input.despiteMigrations) return void 0;
	const way = "set despite_migrations: true on the step where that does no harm";
	if (input.preDeployFailed) return `the pre-deploy command failed, so the database may be half migrated; ${way}`;
	if (range === void 0) return `the files since the previous deploy could not be read, so migrations may be among them; ${way}`;
	const migrations = range.files.filter((file) => guards.migrations.some((glob) => matchesGlob(glob, file)));
	if (migrations.length > 0) return `it would take back migrations (${migrations.slice(0, 3).join(", ")}), which a rollback does not undo; ${way}`;
	return range.filesCut ? `GitHub did not list every file since the previous deploy, so migrations may be among them; ${way}` : void 0;
}
// src/report/rollback.ts
function rollbackByHand(call) {
	const path = `https://api.render.com/v1/services/${excerpt(call.serviceId, 60)}`;
	const send = (method, url, body) => `curl -fsS -X ${method} ${url} -H "Authorization: Bearer $RENDER_API_KEY" -H "Content-Type: application/json" -d '${JSON.stringify(body)}'`;
	return [...call.freeze === void 0 ? [] : [send("PATCH", path, call.freeze)], send("POST", `${path}/rollback`, { deployId: excerpt(call.deployId, 60) })].join(" && ");
}
const ROLLBACK_WARNING = "the environment values of that deploy came back with it, data and migrations did not";
// src/core/rollback-target.ts
const MOST_CANDIDATES = 12;
const MOST_SAID = 3;
function rollbackTarget(input) {
	const refused = [];
	const candidates = input.deploys.filter((deploy) => deploy.status === "deactivated");
	for (const deploy of candidates.slice(0, MOST_CANDIDATES)) {
		const sha = deploy.commit?.sha;
		if (sha === void 0 || sha !== input.good && input.ancestors.get(sha) === false) continue;
		const doubt = doubtOf(deploy, input);
		if (doubt !== void 0) refused.push(`${deploy.id} (${sha.slice(0, 7)}) ${doubt}`);
		else if (sha !== input.good && !input.ancestors.has(sha)) return {
			kind: "ask",
			about: "ancestor",
			commit: sha
		};
		else if (!input.gates.has(sha)) return {
			kind: "ask",
			about: "gate",
			commit: sha
		};
		else if (input.gates.get(sha) === "failure") refused.push(`the gate of ${deploy.id} (${sha.slice(0, 7)}) failed`);
		else return {
			kind: "target",
			deploy,
			commit: sha
		};
	}
	const why = refused.slice(0, MOST_SAID).join("; ");
	const reason = `no earlier deploy of ${input.good.slice(0, 7)} or of an ancestor is fit to be rolled back to`;
	return {
		kind: "none",
		reason: why === "" ? reason : `${reason}: ${why}`
	};
}
function doubtOf(deploy, input) {
	if (deploy.image !== void 0 && !deploy.image.includes("@sha256:")) return "is an image without a digest, which may be another one by now";
	const served = servedMs(deploy, input.deploys);
	if (served === void 0) return "served for an unknown time";
	return served < input.leastMs ? `served ${durationText(Math.floor(served / 1e3) * 1e3)} only, less than the first stage (${durationText(input.leastMs)})` : void 0;
}
function servedMs(deploy, deploys) {
	const from = deploy.finishedAt;
	if (from === void 0) return void 0;
	const later = deploys.flatMap((other) => {
		const at = other.finishedAt ?? other.createdAt;
		return hasServed(other) && other.id !== deploy.id && at >= from ? [at] : [];
	});
	return later.length === 0 ? void 0 : Math.min(...later) - from;
}
// src/gate/rollback-target.ts
async function findTarget(run, acting, good) {
	const asked = {
		ancestors: new Map(),
		gates: new Map()
	};
	const near = await among(run, acting.list.deploys, {
		...asked,
		good
	});
	if (near.kind === "target") return near;
	const older = await run.edges.deploys.deploys(run.service.id, {});
	const known = new Set(acting.list.deploys.map((deploy) => deploy.id));
	const more = older.filter((deploy) => !known.has(deploy.id));
	return more.length === 0 ? near : among(run, [...acting.list.deploys, ...more].sort((a, b) => b.createdAt - a.createdAt), {
		...asked,
		good
	});
}
async function among(run, deploys, about) {
	const { forge } = run.edges;
	const leastMs = run.plan.stages[0]?.forMs ?? 0;
	for (;;) {
		const target = rollbackTarget({
			...about,
			deploys,
			leastMs
		});
		if (target.kind !== "ask") return target;
		const { commit } = target;
		if (target.about === "ancestor") {
			const relation = (await forge.compare(about.good, commit))?.relation;
			about.ancestors.set(commit, relation === "behind" || relation === "identical");
		} else {
			const found = await gateCheckRun(run, commit);
			const kept = decodeState(found?.text ?? "");
			const hasFailed = kept.kind === "state" && kept.state.verdict === "fail";
			about.gates.set(commit, hasFailed ? "failure" : found?.conclusion);
		}
	}
}
// src/gate/rollback-order.ts
const LOOK_MS = 3e3;
const APPEAR_MS = 6e4;
function told(state, reason) {
	return {
		kind: "render_rollback",
		state,
		reason
	};
}
async function orderRollback(run, acting, order) {
	const { ledger, target } = order;
	const { deploys } = run.edges;
	ledger.note(order.at, {
		state: "begun",
		target: target.deploy.id
	});
	const frozen = await freezeService(run, ledger, order);
	const done = (...actions) => ({ actions: [...frozen.actions, ...actions] });
	if (frozen.held !== void 0) return done(told("held", frozen.held));
	const doubt = await liveDoubt(acting, { isAlone: true });
	if (doubt !== void 0) return done(told("held", doubt));
	goOn(run);
	try {
		run.teller.moment(`Asking Render to roll back to ${target.deploy.id} (${target.commit.slice(0, 7)})`);
		const made = await deploys.rollback(run.service.id, target.deploy.id);
		if (acting.list.deploys.some((known) => known.id === made.id)) throw new ServiceProblem({
			service: "Render",
			message: `Render named ${made.id}, which is an older deploy`
		});
		return await follow(run, {
			...order,
			made,
			before: frozen.actions
		});
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		if (isRefusal(error)) return done(told("failed", refusalText(error, target.deploy)));
		run.teller.note(`Render was asked for a rollback, its answer was lost: ${error.message}`);
		const made = await lookFor(run, acting, order.target);
		if (made !== void 0) return follow(run, {
			...order,
			made,
			before: frozen.actions
		});
		return done(told("failed", `Render was asked to roll back to ${target.deploy.id}, its answer was lost (${error.message}), and no rollback has appeared within ${APPEAR_MS / 1e3}s`));
	}
}
function refusalText({ failure, message }, target) {
	const hint = failure.hint === void 0 ? "" : ` ${failure.hint}`;
	const what = `Render refused to roll back to ${target.id}: ${message}`;
	if (failure.status === 403) return `${what}. The key may read this service but not change it.${hint}`;
	if (failure.status === 400 || failure.status === 404) return `${what}. It keeps only some earlier deploys, fewer on smaller plans.${hint}`;
	return `${what}.${hint}`;
}
async function resumeRollback(run, acting, at) {
	const { ledger } = acting;
	const step = ledger?.step(at);
	if (ledger === void 0 || step?.target === void 0) return void 0;
	await acting.list.look();
	const target = acting.list.deploys.find((one) => one.id === step.target);
	const made = step.deploy === void 0 ? rollbacksSince(acting, target?.commit?.sha).at(-1) : await run.edges.deploys.deploy(run.service.id, step.deploy);
	if (made === void 0 || target?.commit === void 0) return void 0;
	run.teller.moment(`An earlier run rolled back to ${target.id}: ${made.id}`);
	const { sha } = target.commit;
	return follow(run, {
		at,
		ledger,
		target: {
			deploy: target,
			commit: sha
		},
		made,
		before: frozenBefore(ledger)
	});
}
function frozenBefore({ freeze }) {
	return freeze === void 0 || freeze.lifted !== void 0 ? [] : [frozenAction(freeze)];
}
function rollbacksSince({ list, outcome }, commit) {
	const since = outcome.deploy?.createdAt;
	return list.deploys.filter((one) => one.trigger === "rollback" && since !== void 0 && one.createdAt > since && commit !== void 0 && one.commit?.sha === commit);
}
async function lookFor(run, acting, target) {
	const { clock } = run.edges;
	const until = clock.now() + APPEAR_MS;
	for (;;) {
		try {
			await acting.list.look();
			const [made] = rollbacksSince(acting, target.commit);
			if (made !== void 0) return made;
		} catch (error) {
			if (!(error instanceof ServiceProblem)) throw error;
		}
		if (clock.now() >= until) return void 0;
		await wait(run, LOOK_MS);
	}
}
async function rollbackNow({ edges, service }, id) {
	try {
		return await edges.deploys.deploy(service.id, id);
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		return (await edges.deploys.deploys(service.id, {})).find((one) => one.id === id);
	}
}
async function follow(run, order) {
	const { ledger, target, at, made, before } = order;
	const { clock } = run.edges;
	ledger.note(at, { deploy: made.id });
	await ledger.save();
	const until = clock.now() + run.plan.deploy.liveWithinMs;
	let last = made;
	let problem = "";
	run.teller.moment(`Rollback ${made.id}: ${made.status}`);
	while (isRunning(last) && clock.now() < until) {
		run.teller.phase({
			phase: "rolling back",
			waitingFor: `the rollback ${made.id} to serve`,
			until
		});
		await wait(run, LOOK_MS);
		try {
			const seen = await rollbackNow(run, made.id) ?? last;
			if (seen.status !== last.status) run.teller.moment(`Rollback ${made.id}: ${seen.status}`);
			last = seen;
			problem = "";
		} catch (error) {
			if (!(error instanceof ServiceProblem)) throw error;
			problem = `; Render's last answer: ${error.message}`;
		}
		await Promise.all([run.teller.beat(), ledger.beat()]);
	}
	const rolledBack = { rollbackDeployId: made.id };
	const what = `${made.id}, the rollback to ${target.deploy.id} (${target.commit.slice(0, 7)}),`;
	if (last.status === "live") return {
		actions: [...before, told("done", `${what} serves; ${ROLLBACK_WARNING}`)],
		...rolledBack
	};
	if (last.status === "deactivated") return {
		actions: [...before, told("failed", `${what} has served, and was replaced since`)],
		...rolledBack
	};
	if (isRunning(last)) {
		const reason = `${what} is not live after ${Math.round(run.plan.deploy.liveWithinMs / 6e4)} min (live_within), still ${last.status}${problem}`;
		run.teller.note(`${reason}. Production needs a person now.`);
		return {
			actions: [...before, told("failed", reason)],
			...rolledBack
		};
	}
	const reason = `${what} ended as ${last.status}: the failed version may still serve`;
	run.teller.note(`${reason}. Production needs a person now.`);
	return { actions: [...before, told("failed", reason)] };
}
// src/gate/step-rollback.ts
async function rollbackStep(run, acting, step) {
	const told = (state, reason) => ({ actions: [{
		kind: "render_rollback",
		state,
		reason
	}] });
	const done = await attempted(run, acting, {
		...step,
		told
	});
	if (acting.ledger === void 0 || done.rollbackDeployId !== void 0) return done;
	const lifted = await liftFreeze(run, acting.ledger, "nothing is rolled back");
	return {
		...done,
		actions: [...done.actions, ...lifted]
	};
}
async function attempted(run, acting, step) {
	try {
		return await resumeRollback(run, acting, step.at) ?? await rollBack(run, acting, step);
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		return step.told("held", `what the rollback depends on could not be read: ${error.message}`);
	}
}
async function rollBack(run, acting, step) {
	const { told } = step;
	const { outcome, commit } = acting;
	const { liveAt, previousCommit: good } = outcome;
	if (liveAt === void 0) return told("skipped", "the deploy never went live, so production still runs what it ran before");
	if (run.service.type === "cron_job") return told("held", "cron jobs cannot be rolled back");
	if (good === void 0) return told("skipped", "no commit is known that served before, so there is nothing to roll back to");
	const merged = (await run.edges.forge.pullsOfCommit(commit.sha)).filter((pull) => pull.merged);
	if ([commit, ...acting.range?.commits ?? []].some((one) => isGateRevert(one.message)) || merged.some((pull) => pull.headRef.startsWith("deploy-gate/revert-"))) return told("held", "the deploy brought a revert by the gate; a failing revert needs a person");
	const target = await findTarget(run, acting, good);
	if (target.kind === "none") return told("skipped", target.reason);
	const { deploy } = target;
	const range = target.commit === good ? acting.range : await run.edges.forge.compare(target.commit, commit.sha);
	const freezes = step.freezeAutoDeploy && formerSetting(run.service) !== void 0;
	const byHand = rollbackByHand({
		serviceId: run.service.id,
		deployId: deploy.id,
		...freezes ? { freeze: offSetting(run.service) } : {}
	});
	const what = `${deploy.id} (${target.commit.slice(0, 7)})`;
	const hold = rollbackGuard({
		now: run.edges.clock.now(),
		liveAt,
		guards: run.plan.guards,
		despiteMigrations: step.despiteMigrations,
		preDeployFailed: acting.preDeployFailed,
		range: takenBack(range),
		holds: await holdsOf(run, commit.sha, merged)
	});
	if (hold !== void 0) return told("held", `${hold}. It would go back to ${what}.${BY_HAND}${byHand}`);
	const doubt = await liveDoubt(acting, { isAlone: true }) ?? await acting.tooMany();
	if (doubt !== void 0) return told("held", doubt);
	if (run.mode !== "enforce" || acting.ledger === void 0) return told("advised", `would roll ${run.service.name} back to ${what}.${BY_HAND}${byHand}`);
	return orderRollback(run, acting, {
		...step,
		ledger: acting.ledger,
		target
	});
}
function takenBack(range) {
	if (range === void 0) return void 0;
	return {
		files: range.files.flatMap(({ path, previousPath }) => previousPath === void 0 ? [path] : [path, previousPath]),
		filesCut: range.filesCut
	};
}
// src/gate/act.ts
async function act(run, acting) {
	const { remedy, ledger } = acting;
	let outcome = acting.outcome;
	run.teller.moment(`Remedy "${remedy.name}" begins`);
	for (const [at, step] of remedy.steps.entries()) {
		const known = ledger?.step(at);
		if (known?.state !== void 0 && known.state !== "begun") {
			outcome = withDone(outcome, doneOf(known));
			continue;
		}
		if (known?.state === void 0) ledger?.note(at, { state: "begun" });
		const done = await takeStep(run, {
			...acting,
			outcome
		}, {
			...step,
			at
		});
		run.teller.endPhase();
		for (const action of done.actions) run.teller.moment(actionSentence(action));
		outcome = withDone(outcome, done);
		ledger?.note(at, {
			state: stateOf(step, done),
			actions: done.actions,
			...done.rollbackDeployId === void 0 ? {} : { deploy: done.rollbackDeployId },
			...done.revert === void 0 ? {} : { pull: done.revert.number }
		});
		if (remedy.steps[at + 1] === void 0) continue;
		if (ledger?.step(at + 1).state === void 0) ledger?.note(at + 1, { state: "begun" });
		await ledger?.save();
	}
	ledger?.finish();
	return outcome;
}
async function takeStep(run, acting, step) {
	if (acting.hold !== void 0 && step.kind !== "issue") return { actions: [{
		kind: step.kind,
		state: "held",
		reason: acting.hold
	}] };
	const doubt = step.kind !== "render_rollback" && step.kind !== "issue" && rollbackOf(acting)?.isDone === true ? await liveDoubt(acting) : void 0;
	if (doubt !== void 0) return { actions: [{
		kind: step.kind,
		state: "held",
		reason: doubt
	}] };
	if (run.mode === "observe" && step.kind !== "render_rollback") return { actions: [{
		kind: step.kind,
		state: "advised",
		reason: "mode observe never acts"
	}] };
	switch (step.kind) {
		case "render_rollback": return rollbackStep(run, acting, step);
		case "recheck": return recheckStep(run, acting, step);
		case "revert_pr": return revertStep(run, acting, step);
		case "patch_pr": return patchStep(run, acting, step);
		case "issue": return issueStep(run, acting, step);
	}
}
function stateOf(step, done) {
	return (done.actions.find((action) => action.kind === step.kind) ?? done.actions.at(-1))?.state ?? "skipped";
}
// src/report/clean-up.ts
const TITLE_MAX = 256;
const PATH_MAX = 200;
const ITEM_MAX = 500;
function cleanUpTitle({ step }) {
	return messageText(step.title, TITLE_MAX);
}
function boxes(list) {
	return list.map((item) => oneLine(withoutSkipPhrases(excerpt(item, ITEM_MAX))).replaceAll("<!--", "<! --")).map((item) => `- [ ] ${item}`).join("\n");
}
function introOf({ service, commit, key }) {
	const [stage = "", verdict = ""] = key.split(" ");
	return `Stage ${bodyCode(stage, 60)} of the deploy of ${commitCode(commit)} to ${bodyCode(service, 100)} ended with ${bodyCode(verdict, 20)}.`;
}
function cleanUpPullBody(text) {
	const what = `This deletes ${amountText(text.files.length, "file")} of ${bodyCode(text.base, 200)} that ${text.files.length === 1 ? "is" : "are"} not needed any more.`;
	return pageText([
		`${introOf(text)} ${what}`,
		headed("What this deletes", listText(text.files, (path) => bodyCode(path, PATH_MAX))),
		headed("What is left to do by hand", boxes(text.step.list)),
		"Closing this pull request without merging it is a no: the gate will not open another one for the same deploy.",
		link("Workflow run", text.runUrl)
	], BODY_MAX);
}
function cleanUpIssueBody(text) {
	const { step, instead } = text;
	const globs = step.kind === "cleanup_pr" ? step.delete : [];
	const why = instead === void 0 ? "" : ` There is no pull request, because ${bodyText(instead, 300)}.`;
	return pageText([
		`${introOf(text)} Now it can be cleaned up.${why}`,
		headed("Files that were to be deleted", listText(globs, (glob) => bodyCode(glob, PATH_MAX))),
		headed("What is to be done", boxes(step.list)),
		link("Workflow run", text.runUrl)
	], BODY_MAX - 500);
}
function cleanUpMessage(text) {
	const { step, service, commit, key } = text;
	const why = `Stage ${key.split(" ").join(" ended with ")} after ${shortSha(commit)} was deployed to ${service}.`;
	return `${messageText(step.title, 120)}\n\n${messageText(why, 300)}`;
}
function cleanUpByHand(text, branch) {
	const { step, base } = text;
	const globs = step.kind === "cleanup_pr" ? step.delete : [];
	return [
		"git fetch origin",
		`git switch -c ${shellWord(branch)} ${shellWord(`origin/${base}`)}`,
		`git rm ${globs.map((glob) => shellWord(`:(glob)${oneLine(glob.endsWith("/") ? `${glob}**` : glob)}`)).join(" ")}`,
		`git commit -m ${shellWord(messageText(step.title, 120))}`
	].join(" && ");
}
// src/gate/clean-up-issue.ts
function cleanUpText(run, { step, rule }) {
	const { service, commit, runUrl } = run;
	const base = service.branch ?? "main";
	return {
		step,
		service: service.name,
		commit,
		key: afterKey(rule),
		base,
		files: [],
		runUrl
	};
}
async function cleanUpIssue(run, wish, instead) {
	const { forge } = run.edges;
	const kind = "cleanup_issue";
	const text = {
		...cleanUpText(run, wish),
		instead
	};
	const title = cleanUpTitle(text);
	if (run.mode !== "enforce") return {
		kind,
		state: "advised",
		reason: `would open the issue "${title}"`
	};
	goOn(run);
	const what = `cleanup-${text.key.replaceAll(/[^\w]+/g, "-")}-${wish.nth + 1}`;
	const marker = issueMarker(text.service, text.commit, what);
	const { issue, isNew } = await openMarked(forge, {
		marker,
		title,
		body: cleanUpIssueBody(text)
	});
	const { number, url } = issue;
	if (issue.state === "open") await decorateIssue(run, issue, wish.step);
	if (!isNew) return {
		kind,
		state: "done",
		reason: `#${number} was opened by an earlier attempt`,
		url
	};
	return {
		kind,
		state: "done",
		reason: `opened #${number}`,
		url
	};
}
// src/gate/clean-up-pull.ts
const MOST_FILES = 1e3;
async function cleanUpPull(run, commit, wish) {
	const told = await opened(run, commit, wish);
	const pull = {
		kind: "cleanup_pr",
		...told
	};
	if (told.state !== "skipped" || told.url !== void 0 || wish.step.list.length === 0) return [pull];
	return [pull, await cleanUpIssue(run, wish, told.reason)];
}
async function opened(run, commit, wish) {
	const { forge } = run.edges;
	const { step, nth } = wish;
	const text = cleanUpText(run, wish);
	const stand = await branchStand(run, commit, (base, head) => forge.compare(base, head));
	if (!stand.holdsCommit) return {
		state: "held",
		reason: `${shortSha(commit.sha)} is no longer in ${stand.branch}`
	};
	const gone = await goneFrom(run, stand, step);
	const branch = cleanUpBranch({
		commit: commit.sha,
		service: text.service,
		key: text.key,
		step: nth
	});
	if (run.mode !== "enforce") return advice(gone, text, branch);
	goOn(run);
	const full = {
		...text,
		files: "state" in gone ? [] : gone.files
	};
	const own = await openOwnPull(run, {
		branch,
		base: stand.branch,
		title: cleanUpTitle(full),
		body: cleanUpPullBody(full),
		message: cleanUpMessage(full),
		draft: step.draft,
		stillOurs: () => Promise.resolve(void 0),
		make: () => Promise.resolve("state" in gone ? gone : gone.changes)
	});
	if ("state" in own) return own;
	const { pull } = own;
	const { number, url } = pull;
	if (own.kind === "opened") {
		await decorate(run, pull, step);
		return {
			state: "done",
			reason: openedText(pull, {
				isDraft: step.draft,
				reasons: []
			}),
			url
		};
	}
	if (pull.merged) return {
		state: "skipped",
		reason: `#${number} has deleted it already`,
		url
	};
	if (pull.state === "closed") return {
		state: "skipped",
		reason: `#${number} was closed without being merged, which is a no`,
		url
	};
	if (lacksLabels(pull, step.labels)) await decorate(run, pull, step);
	return {
		state: "done",
		reason: `#${number} was opened by an earlier attempt`,
		url
	};
}
function advice(gone, text, branch) {
	if ("state" in gone) return gone;
	return {
		state: "advised",
		reason: `would open ${text.step.kind === "cleanup_pr" && text.step.draft ? "a draft pull request" : "a pull request"} onto ${text.base} that deletes ${amountText(gone.files.length, "file")}.${BY_HAND}${cleanUpByHand(text, branch)}`
	};
}
async function goneFrom(run, stand, step) {
	const { forge } = run.edges;
	const { branch } = stand;
	const { sha } = stand.head;
	const tree = stand.head.tree ?? (await forge.commit(sha))?.tree;
	if (tree === void 0) return {
		state: "held",
		reason: `the head of ${branch} can no longer be read`
	};
	const { paths, cut } = await forge.tree(tree);
	const files = paths.filter((path) => step.delete.some((glob) => matchesGlob(glob, path)));
	const globs = step.delete.join(", ");
	if (cut) return {
		state: "failed",
		reason: `GitHub does not list all files of ${branch}, so ${globs} may fit more`
	};
	if (files.length === 0) return {
		state: "skipped",
		reason: `no file of ${branch} fits ${globs}`
	};
	if (files.length > MOST_FILES || files.length === paths.length) return {
		state: "failed",
		reason: `${globs} fits ${amountText(files.length, "file")} of ${paths.length}, at most ${MOST_FILES} and not all are deleted`
	};
	if (!forge.hasPrToken && files.some((path) => path.startsWith(".github/workflows/"))) return {
		state: "failed",
		reason: "workflow files go, which the job's token may never push; pass an App token or PAT with the workflows permission as \"pr-token\""
	};
	return {
		changes: {
			changes: files.map((path) => ({
				path,
				mode: "100644"
			})),
			head: {
				sha,
				tree
			}
		},
		files
	};
}
// src/gate/clean-up.ts
async function cleanUp(run, told, request) {
	if (run.mode === "observe") return [];
	const { stages } = request.outcome;
	const actions = [];
	for (const rule of hitRules(run.plan.after, {
		stages,
		after: toldSoFar(told).after
	})) {
		const done = [];
		for (const [nth, step] of rule.steps.entries()) done.push(...await followed(run, request, {
			step,
			rule,
			nth
		}));
		actions.push(...done);
		if (done.every(({ state }) => state !== "held")) keepTold(run, told, { after: [afterKey(rule)] });
	}
	return actions;
}
async function followed(run, request, { step, rule, nth }) {
	const kind = step.kind === "issue" ? "cleanup_issue" : "cleanup_pr";
	try {
		const guard = await guardOf(run, request, rule);
		if (guard !== void 0) return [{
			kind,
			state: "held",
			reason: guard
		}];
		return step.kind === "issue" ? [await cleanUpIssue(run, {
			step,
			rule,
			nth
		})] : await cleanUpPull(run, request.commit, {
			step,
			rule,
			nth
		});
	} catch (error) {
		if (!(error instanceof ServiceProblem)) throw error;
		return [{
			kind,
			state: "failed",
			reason: refusalText$1(error)
		}];
	}
}
async function guardOf(run, { outcome, commit, frozen }, rule) {
	const { holdLabel } = run.plan.guards;
	return cleanUpGuard({
		rule,
		outcome,
		frozen,
		holdLabel,
		holds: await holdsOf(run, commit.sha)
	});
}
export { act as n, cleanUp as t };
