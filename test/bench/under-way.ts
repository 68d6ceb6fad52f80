import { deploy, type World } from "../bundle/world.ts";
import type { Story } from "../stand-ins/render/server.ts";

const AGO_MS = 300_000;
const LINES_MS = 60_000;

/**
 * A deploy that began some minutes ago, as long as those before it took, and is live in five seconds; until a minute after
 * live the new instance writes a line each second.
 */
export function underWay(world: World): Story & { readonly liveAt: number; readonly instance: string } {
  const story = deploy(world, {
    at: Date.now() - AGO_MS,
    createdMs: 0,
    buildMs: AGO_MS + 2_000,
    updateMs: 3_000,
  });
  const { liveAt = 0, suffixes } = story;
  const [instance = ""] = suffixes;
  for (let at = liveAt - 500; at < liveAt + LINES_MS; at += 1_000)
    world.render.log(world.serviceId, { message: "INFO at work", instance, at });
  return { ...story, liveAt, instance };
}
