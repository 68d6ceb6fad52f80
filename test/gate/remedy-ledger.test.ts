import { describe, expect, it } from "vitest";
import { decodeState } from "../../src/core/gate-state-text.ts";
import { createLedger, letGo, newRemedyState, SILENCE_MS } from "../../src/gate/remedy-ledger.ts";
import { createStateBook } from "../../src/gate/state-book.ts";

const SHA = "b".repeat(40);

function ledger(options: { readonly redact?: (text: string) => string; readonly writes?: boolean } = {}) {
  const book = createStateBook(SHA, "");
  let now = 1_000_000;
  const written: string[] = [];
  const remedy = newRemedyState(
    { name: "back", steps: [{ kind: "recheck", stage: "boot" }] },
    { at: now, by: "runs/1", reason: "x", failed: [], evidence: [], preDeployFailed: false, passedOnOld: [] },
  );
  const made = createLedger({
    remedy,
    service: "srv-1",
    book,
    runUrl: "runs/1",
    now: () => now,
    redact: options.redact ?? ((text) => text),
    async write() {
      written.push(book.block());
      return options.writes ?? true;
    },
  });
  return { made, book, written, pass: (ms: number) => void (now += ms), now: () => now };
}

describe("the ledger of a remedy", () => {
  it("says until when its run may be at work, and tells others in time", async () => {
    const { made, written, pass, now } = ledger();
    expect(await made.save()).toBe(true);
    expect(made.remedy.busyUntil).toBe(now() + SILENCE_MS);
    pass(3 * 60_000);
    await made.beat();
    expect(written).toHaveLength(1);
    pass(2 * 60_000);
    await made.beat();
    expect(written).toHaveLength(2);
    expect(made.remedy.busyUntil).toBe(now() + SILENCE_MS);
  });

  it("is done when it is finished, or let go", async () => {
    const { made, book } = ledger();
    await made.save();
    letGo(book);
    expect(book.current?.remedy).not.toHaveProperty("busyUntil");
    made.finish();
    expect(decodeState(book.block())).toMatchObject({ kind: "state", state: { remedy: { finished: true } } });
    expect(book.current?.remedy).not.toHaveProperty("busyUntil");
  });

  it.each([
    { name: "it could not be written", options: { writes: false } },
    {
      name: "what is written cannot be read again",
      options: { redact: (text: string) => text.replace('"version"', "***") },
    },
  ])("is not safely kept when $name", async ({ options }) => {
    expect(await ledger(options).made.save()).toBe(false);
  });
});
