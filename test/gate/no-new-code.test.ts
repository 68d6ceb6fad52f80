import { describe, expect, it } from "vitest";
import { failures } from "../stand-ins/render/server.ts";
import { expectNoAct, gatePush, startShop, type Shop } from "./deploy-scene.ts";

const IMAGE = "ghcr.io/acme/shop@sha256:abc";
const DAY_MS = 24 * 3_600_000;

/** A shop whose pushed commit has served for a day already. */
async function establishedShop(): Promise<Shop> {
  const shop = await startShop();
  const { scene, service, bad } = shop;
  scene.render.story(service.id, bad, { at: scene.clock.now() - DAY_MS });
  return shop;
}

const held = (reason: string): object => ({
  verdict: "fail",
  actions: [{ kind: "revert_pr", state: "held", reason: expect.stringContaining(reason) }],
});

describe("a deploy that brought no code of this repository is not reverted", () => {
  it("a redeploy of the commit that served before, which fails to build", async () => {
    await using shop = await establishedShop();
    const { scene, service, bad } = shop;
    const { deployId } = scene.render.story(service.id, bad, { end: "build_failed", trigger: "manual" });
    const result = await gatePush(shop, { "deploy-id": deployId });
    expect(result.report).toMatchObject(held("brought no new code"));
    expectNoAct(shop);
  });

  it("a redeploy of the commit that served before, which goes live and answers 500", async () => {
    await using shop = await establishedShop();
    const { scene, service, bad } = shop;
    const { deployId, liveAt = 0 } = scene.render.story(service.id, bad, { trigger: "manual" });
    scene.web.answerWith(() => ({ status: scene.clock.now() >= liveAt ? 500 : 200, body: "" }));
    const result = await gatePush(shop, { "deploy-id": deployId });
    expect(result.report).toMatchObject(held("brought no new code"));
    expectNoAct(shop);
  });

  it("an image, when neither event nor input names a commit", async () => {
    await using shop = await startShop({ service: { image: IMAGE } });
    const { scene, service, bad } = shop;
    const { deployId } = scene.render.story(service.id, null, {
      image: IMAGE,
      end: "update_failed",
      failure: failures.exit(),
    });
    const result = await scene.gate({
      commit: bad,
      event: { name: "workflow_dispatch", payload: {} },
      inputs: { "deploy-id": deployId },
    });
    expect(result.report).toMatchObject(held("no commit is known to be the cause"));
    expectNoAct(shop);
  });
});
