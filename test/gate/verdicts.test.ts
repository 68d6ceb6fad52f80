import { describe, expect, it } from "vitest";
import { startScene } from "./scene.ts";

const CONFIG = `version: 1
service: shop-api
stages:
  boot: { for: 1m, every: 10s }
checks:
  health: { http: /health, on_fail: revert }
  errors: { logs: { forbid: [Traceback, FATAL] }, on_fail: revert }
  crashes: { events: [server_failed] }
`;

const APP = { "app.py": "print('one')\n", ".github/deploy-gate.yml": CONFIG };

async function served() {
  const scene = await startScene();
  const service = scene.render.service({
    name: "shop-api",
    repo: "https://github.com/acme/shop",
    branch: "main",
    serviceDetails: { url: scene.web.url, healthCheckPath: "/health" },
  });
  const good = await scene.push(APP, "First");
  scene.render.serving(service.id, good);
  const bad = await scene.push({ "app.py": "print('two')\n" }, "Second (#2)");
  return { scene, service, good, bad };
}

describe("a whole gate", () => {
  it("passes a quiet deploy", async () => {
    const { scene, service, bad } = await served();
    await using _scene = scene;
    const story = scene.render.story(service.id, bad, {
      buildMs: 60_000,
      updateMs: 20_000,
      instances: ["bbbbb"],
    });
    scene.render.log(service.id, { message: "INFO: started", instance: "bbbbb", at: story.liveAt! - 2_000 });
    const result = await scene.gate({ commit: bad });
    expect(result.lines.filter((line) => /^(warning|error):/.test(line))).toEqual([]);
    expect(result.report).toMatchObject({ verdict: "pass" });
    expect(result.ending).toEqual({ verdict: "pass", exitCode: 0 });
    expect(scene.github.checkRuns).toMatchObject([{ name: "deploy-gate / shop-api", conclusion: "success" }]);
    expect(scene.render.violations).toEqual([]);
    expect(scene.github.violations).toEqual([]);
  });

  it("opens the revert when a forbidden line appears", async () => {
    const { scene, service, good, bad } = await served();
    await using _scene = scene;
    const story = scene.render.story(service.id, bad, {
      buildMs: 60_000,
      updateMs: 20_000,
      instances: ["bbbbb"],
    });
    scene.render.log(service.id, {
      message: "Traceback (most recent call last):",
      instance: "bbbbb",
      at: story.liveAt! + 15_000,
    });
    const result = await scene.gate({ commit: bad });
    expect(result.report).toMatchObject({ verdict: "fail", actions: [{ kind: "revert_pr", state: "done" }] });
    const [pull] = scene.github.pulls;
    expect(pull).toBeDefined();
    expect(await scene.github.treeOf(pull!.headSha)).toBe(await scene.github.treeOf(good));
    expect(scene.render.violations).toEqual([]);
    expect(scene.github.violations).toEqual([]);
  });
});
