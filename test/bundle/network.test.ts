import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { describe, expect, it } from "vitest";
import { CONFIG, deploy, MAIN, openWorld } from "./world.ts";

interface Proxy extends AsyncDisposable {
  readonly url: string;
  /** Every target that went through, as `host:port`. */
  readonly targets: readonly string[];
}

/** An HTTP proxy on loopback: forwards requests with absolute addresses, upgrades too, and opens tunnels. */
async function startProxy(): Promise<Proxy> {
  const targets: string[] = [];
  const open = new Set<Duplex>();
  const server = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { host, port, pathname, search } = new URL(incoming.url ?? "");
    targets.push(host);
    const options = { host: "127.0.0.1", port, path: `${pathname}${search}`, method: incoming.method };
    const passed = request({ ...options, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on("error", () => outgoing.destroy());
    incoming.pipe(passed);
  });
  const joined = (client: Duplex, port: number, begin: (target: Duplex) => void): void => {
    const target = connect(port, "127.0.0.1", () => {
      begin(target);
      target.pipe(client);
      client.pipe(target);
    });
    for (const stream of [client, target]) {
      open.add(stream);
      stream.on("error", () => undefined).on("close", () => open.delete(stream));
    }
  };
  server.on("connect", (incoming: IncomingMessage, client: Duplex) => {
    targets.push(incoming.url ?? "");
    joined(client, Number(incoming.url?.split(":")[1]), () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    });
  });
  server.on("upgrade", (incoming: IncomingMessage, client: Duplex) => {
    const { host, port, pathname, search } = new URL(incoming.url ?? "");
    targets.push(host);
    const headers = Object.entries(incoming.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
    joined(client, Number(port), (target) => {
      target.write(`GET ${pathname}${search} HTTP/1.1\r\n${headers.join("")}\r\n`);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    targets,
    async [Symbol.asyncDispose]() {
      for (const stream of open) stream.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

const hostOf = (url: string): string => new URL(url).host;
const WITH_LOGS = `${CONFIG}  errors: { logs: { forbid: [Traceback] } }\n`;

describe.concurrent("the way to the services", () => {
  it("is GITHUB_API_URL with its path on GitHub Enterprise Server, up to the revert", async () => {
    await using world = await openWorld({
      basePath: "/api/v3",
      config: `${CONFIG}remedies:\n  revert: [{ revert_pr: { auto_merge: true } }]\n`,
    });
    expect(world.github.url).toMatch(/\/api\/v3$/);
    const parameters = {
      required_status_checks: [{ context: "ci" }],
      strict_required_status_checks_policy: false,
    };
    world.github.settings.branchRules = { main: [{ type: "required_status_checks", parameters }] };
    deploy(world);
    world.web.answerWith(() => ({ status: 503 }));
    const pr = world.github.token("bot", {
      kind: "app",
      permissions: { contents: "write", "pull-requests": "write" },
    });
    const step = await (await world.job({ inputs: { "pr-token": pr } })).run(MAIN);
    expect(step.outputs["verdict"], step.lines.join("\n")).toBe("fail");
    expect(world.github.pulls).toHaveLength(1);
    expect(world.github.requests.some(({ path }) => path === "/graphql")).toBe(true);
    expect(world.violations()).toEqual([]);
  });

  it("may end with a slash", async () => {
    await using world = await openWorld();
    deploy(world);
    const job = await world.job({
      inputs: { "render-api-url": `${world.render.url}/` },
      env: { GITHUB_API_URL: `${world.github.url}/`, GITHUB_SERVER_URL: `${world.github.serverUrl}/` },
    });
    const step = await job.run(MAIN);
    expect(step.outputs["verdict"], step.lines.join("\n")).toBe("pass");
    expect(world.violations()).toEqual([]);
  });

  it.each(["HTTP_PROXY", "http_proxy"])("goes through %s, the log stream included", async (name) => {
    await using world = await openWorld({ config: WITH_LOGS });
    await using proxy = await startProxy();
    const { suffixes, liveAt = 0 } = deploy(world, { updateMs: 1_500 });
    // Whenever the stream opens, it brings lines.
    for (let at = liveAt - 200; at < liveAt + 20_000; at += 250) {
      world.render.log(world.serviceId, { message: "INFO at work", instance: suffixes[0] ?? "", at });
    }
    // Names that only the proxy knows.
    const [renderUrl, githubUrl] = [world.render.url, world.github.url].map((url) =>
      url.replace("127.0.0.1", "api.invalid"),
    ) as [string, string];
    const env = { [name]: proxy.url, GITHUB_API_URL: githubUrl };
    const step = await (await world.job({ inputs: { "render-api-url": renderUrl }, env })).run(MAIN);
    expect(step.outputs["verdict"], step.lines.join("\n")).toBe("pass");
    expect(new Set(proxy.targets)).toEqual(new Set([renderUrl, githubUrl, world.web.url].map(hostOf)));
    expect(world.render.requests.some(({ path }) => path === "/logs/subscribe")).toBe(true);
    expect(step.lines.join("\n")).not.toMatch(/stream.*(?:down|cannot be opened)/);
    expect(world.violations()).toEqual([]);
  });

  it("leaves out what NO_PROXY names", async () => {
    await using world = await openWorld();
    await using proxy = await startProxy();
    deploy(world);
    const env = { HTTP_PROXY: proxy.url, NO_PROXY: `${hostOf(world.render.url)},${hostOf(world.web.url)}` };
    const step = await (await world.job({ env })).run(MAIN);
    expect(step.outputs["verdict"], step.lines.join("\n")).toBe("pass");
    expect(new Set(proxy.targets)).toEqual(new Set([hostOf(world.github.url)]));
    expect(world.violations()).toEqual([]);
  });

  it("a proxy that is none is a mistake, and its value stays secret", async () => {
    await using world = await openWorld();
    const step = await (await world.job({ env: { HTTPS_PROXY: "ftp:hunter2@nowhere:x" } })).run(MAIN);
    expect(step.exitCode).toBe(1);
    const errors = step.lines.filter((line) => line.startsWith("::error::"));
    expect(errors).toEqual([expect.stringMatching(/HTTPS_PROXY.*http:\/\/host:port/)]);
    expect(step.lines.join("\n")).not.toContain("hunter2");
  });
});
