import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createClock, steadyTime } from "../../src/io/clock.ts";

describe("the system's clock", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] }));
  afterEach(() => void vi.useRealTimers());

  it("tells the time in ms", () => {
    vi.setSystemTime(1_790_000_000_123);
    expect(createClock().now()).toBe(1_790_000_000_123);
  });

  it("goes on steadily although the machine's is set meanwhile", () => {
    let [wall, elapsed] = [1_790_000_000_000, 5_000];
    const now = steadyTime(
      () => wall,
      () => elapsed,
    );
    for (const set of [3_600_000, -7_200_000]) {
      wall += set;
      elapsed += 1_500;
    }
    expect(now()).toBe(1_790_000_003_000);
  });

  it.each([
    { ms: 1, what: "a short sleep" },
    { ms: 2 ** 31 + 5, what: "a sleep longer than one timer can hold" },
    { ms: 3 * 2 ** 31, what: "a sleep of several timers" },
  ])("$what ends when its time has passed and not before", async ({ ms }) => {
    let awake = false;
    const sleep = createClock()
      .sleep(ms)
      .then(() => {
        awake = true;
      });
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(awake).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(awake).toBe(true);
    await sleep;
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([60_000, 2 ** 33])(
    "a sleep of %i ms ends at once on abort and leaves nothing behind",
    async (ms) => {
      const abort = new AbortController();
      const sleep = createClock().sleep(ms, abort.signal);
      expect(vi.getTimerCount()).toBe(1);
      abort.abort();
      await expect(sleep).resolves.toBeUndefined();
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it("does not start when aborted before", async () => {
    await createClock().sleep(60_000, AbortSignal.abort());
    expect(vi.getTimerCount()).toBe(0);
  });

  it("takes its listener off the signal", async () => {
    const abort = new AbortController();
    const sleep = createClock().sleep(10, abort.signal);
    await vi.advanceTimersByTimeAsync(10);
    await sleep;
    expect(getEventListeners(abort.signal, "abort")).toHaveLength(0);
  });
});
