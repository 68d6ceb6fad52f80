import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markedSection, withServiceSection } from "../../src/report/service-section.ts";

const TRAILER = "Deploy-Gate-Revert: aaa..bbb";

describe("a service's section", () => {
  it("goes behind the last section", () => {
    const body = `intro\n\n${markedSection("api", "A")}\n\nrest\n\n${TRAILER}`;
    expect(withServiceSection(body, "web", "W")).toBe(
      `intro\n\n${markedSection("api", "A")}\n\n${markedSection("web", "W")}\n\nrest\n\n${TRAILER}`,
    );
  });

  it("goes before the trailer when there is no section", () => {
    expect(withServiceSection(`by hand\n\n${TRAILER}`, "web", "W")).toBe(
      `by hand\n\n${markedSection("web", "W")}\n\n${TRAILER}`,
    );
  });

  it.each([
    ["", markedSection("web", "W")],
    ["text", `text\n\n${markedSection("web", "W")}`],
  ])("goes to the end of %j", (body, expected) => {
    expect(withServiceSection(body, "web", "W")).toBe(expected);
  });

  it("takes the place of its former self only", () => {
    const body = `a\r\n${markedSection("api", "old")}\r\nb ${markedSection("api", "quoted in a line")} c`;
    expect(withServiceSection(body, "api", "new")).toBe(body.replace("old", "new"));
  });

  it("is added again when a person broke its markers", () => {
    const body = markedSection("api", "old").replace("<!-- /deploy-gate", "<!-- deploy");
    expect(withServiceSection(body, "api", "new")).toBe(`${body}\n\n${markedSection("api", "new")}`);
  });

  it("loses its evidence when the body is full, and is left out when even that is too long", () => {
    const section = `short\n<details>${"x".repeat(1000)}</details>`;
    const body = withServiceSection("y".repeat(65_000), "api", section);
    expect(body).toContain("short\n\n_Evidence left out: this description is full._");
    expect(body.length).toBeLessThanOrEqual(65_536);
    const full = "y".repeat(65_500);
    expect(withServiceSection(full, "api", section)).toBe(full);
  });

  it("changes nothing else, whatever names, sections and bodies hold", () => {
    const text = fc
      .array(fc.oneof(fc.constantFrom("-->", "<!--", "--", "\n", "$&", "$1", TRAILER, "a"), fc.string()))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, text, text, text, (body, name, first, second) => {
        const once = withServiceSection(body, name, first);
        expect(once.replace(markedSection(name, first), () => "").replaceAll(/\s/gu, "")).toBe(
          body.replaceAll(/\s/gu, ""),
        );
        expect(withServiceSection(once, name, second)).toBe(
          once.replace(markedSection(name, first), () => markedSection(name, second)),
        );
        expect(markedSection(name, "").split("\n")[0]).toMatch(
          /^<!-- deploy-gate:service=(?:(?!--)[^\s>])* -->$/u,
        );
      }),
    );
  });
});
