import { t as require_websocket } from "./socket.js";
import { Cn as silenceOf, Sn as jsonOf, bn as linesOf, xn as logMessageReply } from "./start.js";
// src/io/log-stream.ts
var import_websocket = require_websocket();
const FIRST_WAIT_MS = 1e3;
const LONGEST_WAIT_MS = 3e4;
const LONGEST_REFUSED_WAIT_MS = 3e5;
const MOST_UNREADABLE = 5;
function followLogs(api, options, following) {
	const { clock } = options;
	const { signal } = following;
	const state = {
		soundUntil: clock.now(),
		isDown: false
	};
	const keepOpen = async () => {
		let wait = FIRST_WAIT_MS;
		while (!signal.aborted) {
			const turn = api.reserveStream();
			if (turn > 0) await clock.sleep(turn, signal);
			if (signal.aborted) return;
			const ended = await connect(api, {
				...options,
				state
			}, following);
			if (signal.aborted) return;
			if (!state.isDown) following.onDown(state.soundUntil, api.redact(ended.reason));
			state.isDown = true;
			if (ended.broughtLines) wait = FIRST_WAIT_MS;
			await clock.sleep(wait, signal);
			wait = Math.min(wait * 2, ended.opened ? LONGEST_WAIT_MS : LONGEST_REFUSED_WAIT_MS);
		}
	};
	keepOpen().catch((error) => {
		if (!signal.aborted) following.onDown(state.soundUntil, api.redact(`log stream ended: ${String(error)}`));
	});
}
async function connect(api, options, following) {
	const { clock, state } = options;
	const { signal } = following;
	const access = api.stream("/logs/subscribe", {
		ownerId: following.ownerId,
		resource: [following.serviceId]
	});
	const watched = watch(access.dispatcher);
	let socket;
	try {
		socket = new import_websocket.WebSocket(access.url, {
			dispatcher: watched.dispatcher,
			headers: access.headers
		});
	} catch (error) {
		return {
			opened: false,
			broughtLines: false,
			reason: `cannot be opened: ${String(error)}`
		};
	}
	socket.binaryType = "arraybuffer";
	return new Promise((resolve) => {
		let opened = false;
		let broughtLines = false;
		let unreadable = 0;
		const finish = (reason) => {
			clearTimeout(openTimer);
			signal.removeEventListener("abort", onAbort);
			socket.onopen = null;
			socket.onmessage = null;
			socket.onclose = null;
			socket.close();
			watched.cut();
			resolve({
				opened,
				broughtLines,
				reason
			});
		};
		const onAbort = () => finish("canceled");
		const openTimer = setTimeout(() => finish(`not open within ${options.openTimeoutMs} ms`), options.openTimeoutMs);
		signal.addEventListener("abort", onAbort, { once: true });
		const up = () => {
			state.soundUntil = clock.now();
			state.isDown = false;
			following.onUp(state.soundUntil);
		};
		socket.onopen = () => {
			clearTimeout(openTimer);
			opened = true;
			up();
		};
		socket.onmessage = ({ data }) => {
			const lines = linesIn(data, following.serviceId);
			if (lines === void 0) {
				unreadable += 1;
				following.onDown(state.soundUntil, "a message could not be read");
				if (unreadable >= MOST_UNREADABLE) {
					state.isDown = true;
					finish("messages cannot be read");
				} else up();
				return;
			}
			state.soundUntil = clock.now();
			unreadable = 0;
			broughtLines ||= lines.length > 0;
			for (const line of lines) following.onLine(line);
		};
		socket.onerror = () => void 0;
		socket.onclose = ({ code }) => {
			const status = watched.status();
			const why = status === void 0 || status === 101 ? watched.trouble() ?? `code ${code}` : `status ${status}`;
			finish(opened ? `closed (${why})` : `cannot be opened (${why})`);
		};
	});
}
function linesIn(data, serviceId) {
	const content = jsonOf(data instanceof ArrayBuffer ? new TextDecoder().decode(data) : String(data));
	if ("why" in content) return void 0;
	const parsed = logMessageReply.safeParse(content.json);
	return parsed.success ? linesOf(parsed.data, serviceId) : void 0;
}
function watch(dispatcher) {
	let status;
	let trouble;
	let upgraded;
	const dispatch = (next) => (options, handler) => {
		return next(options, {
			onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
			onRequestUpgrade: (controller, code, headers, socket) => {
				status = code;
				upgraded = socket;
				handler.onRequestUpgrade?.(controller, code, headers, socket);
			},
			onResponseStart: (controller, code, headers, message) => {
				status = code;
				handler.onResponseStart?.(controller, code, headers, message);
			},
			onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
			onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
			onResponseError: (controller, error) => {
				const { reason, hint } = silenceOf(error);
				trouble = hint === void 0 ? reason : `${reason}. ${hint}`;
				handler.onResponseError?.(controller, error);
			}
		});
	};
	return {
		dispatcher: dispatcher.compose(dispatch),
		status: () => status,
		trouble: () => trouble,
		cut: () => upgraded?.destroy()
	};
}
export { followLogs };
