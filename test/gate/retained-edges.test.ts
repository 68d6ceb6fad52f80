import { describe, expect, it } from "vitest";
import type { RenderEvent } from "../../src/core/event.ts";
import { createRetainedEdges } from "../../src/gate/retained-edges.ts";
import type { Edges } from "../../src/ports.ts";
import { MINUTE, T0 } from "../core/given.ts";

const event = (type: string, minutes: number): RenderEvent => ({
  id: `evt-${minutes}`,
  type,
  at: T0 + minutes * MINUTE,
});

describe("events of the past", () => {
  const all = [event("server_failed", 1), event("server_hardware_failure", 2), event("server_failed", 3)];
  const edges = { deploys: { events: () => Promise.resolve(all) }, clock: { now: () => T0 + 9 * MINUTE } };
  const retained = createRetainedEdges(edges as unknown as Edges, { until: T0 + 5 * MINUTE });
  const typesAt = async (minutes: number): Promise<readonly string[]> => {
    retained.goTo(T0 + minutes * MINUTE);
    const found = await retained.edges.deploys.events("srv-1", { from: T0, to: T0 + 9 * MINUTE, types: [] });
    return found.map(({ id }) => id);
  };
  it("are those that had come by then, and what explains one although it came after it", async () => {
    expect(await typesAt(1.5)).toEqual(["evt-1", "evt-2"]);
    expect(await typesAt(4)).toEqual(["evt-1", "evt-2", "evt-3"]);
  });
});
