import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Outcome } from "../../src/core/outcome.ts";
import { htmlReportText } from "../../src/report/html/page.ts";
import * as sample from "../report/sample-outcomes.ts";
import { lookForFaint } from "./contrast.ts";
import { BROWSER_FLAGS, findBrowser } from "./find-browser.ts";

const executablePath = findBrowser();
const isRequired = process.env["REQUIRE_BROWSER"] === "1";
if (executablePath === undefined && !isRequired) {
  console.log("The HTML report was not looked at: no chromium here. Install one, or set CHROMIUM_PATH.");
}

const SCREENS = [
  { name: "a phone, light", width: 360, height: 740, colorScheme: "light" },
  { name: "a phone, dark", width: 360, height: 740, colorScheme: "dark" },
  { name: "a desk, light", width: 1280, height: 900, colorScheme: "light" },
  { name: "a desk, dark", width: 1280, height: 900, colorScheme: "dark" },
] as const;

const ATTACK = `<script>document.title = "taken over"</script><img src="https://evil.example/x" onerror="document.title = 'taken over'">" onclick="x' </pre></style>`;

let browser: Browser;
let folder: string;

/** Opens the report as a file, as its reader does, and hears what it says and asks for. */
async function open(outcome: Outcome, screen: (typeof SCREENS)[number] = SCREENS[0]) {
  const url = pathToFileURL(join(folder, `${screen.width}-${screen.colorScheme}.html`));
  await writeFile(url, htmlReportText(outcome));
  const { width, height, colorScheme } = screen;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  const said: string[] = [];
  const asked: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  page.on("dialog", (dialog) => said.push(dialog.message()));
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(url.href);
  return { page, said, others: () => asked.filter((one) => one !== url.href) };
}

/** What sticks out of the screen, except inside a box of its own that scrolls. */
function sticksOut(page: Page): Promise<readonly string[]> {
  return page.evaluate<string[]>(`(() => {
    const clips = (element) => ["auto", "scroll", "hidden"].includes(getComputedStyle(element).overflowX);
    const isBoxed = (element) => {
      for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) if (clips(at)) return true;
      return false;
    };
    const wide = [...document.body.querySelectorAll("*")].filter(
      (element) => element.checkVisibility() && element.getBoundingClientRect().right > innerWidth + 1 && !isBoxed(element),
    );
    const { scrollWidth, clientWidth } = document.documentElement;
    return [...wide.map((element) => element.outerHTML.slice(0, 100)), ...(scrollWidth > clientWidth ? ["the page"] : [])];
  })()`);
}

describe.skipIf(executablePath === undefined && !isRequired)("the HTML report in a browser", () => {
  beforeAll(async () => {
    if (executablePath === undefined) throw new Error("REQUIRE_BROWSER is 1, but there is no chromium here.");
    folder = await mkdtemp(join(tmpdir(), "deploy-gate-report-"));
    browser = await chromium.launch({ executablePath, args: [...BROWSER_FLAGS] });
  });
  afterAll(async () => {
    await browser?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  it.each(SCREENS)("reads well on $name", async (screen) => {
    const { page, said, others } = await open(sample.measuredRun, screen);
    for (const summary of await page.locator("summary").all()) await summary.click();
    expect(await sticksOut(page)).toEqual([]);
    const { seen, faint } = await lookForFaint(page);
    expect(seen).toBeGreaterThan(200);
    expect(faint).toEqual([]);
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe(
      screen.colorScheme === "dark" ? "rgb(14, 17, 22)" : "rgb(246, 247, 249)",
    );
    expect(said).toEqual([]);
    expect(others()).toEqual([]);
    await page.close();
  });

  it.each(SCREENS)("bears the longest words on $name", async (screen) => {
    const { page } = await open(sample.hostileOutcome("unbroken".repeat(100)), screen);
    for (const summary of await page.locator("summary").all()) await summary.click();
    expect(await sticksOut(page)).toEqual([]);
    await page.close();
  });

  it("folds its evidence, and unfolds it", async () => {
    const { page } = await open(sample.measuredRun);
    const evidence = page.locator("details", { hasText: "Evidence of deep scan success" });
    const line = evidence.getByText("KeyError: 'status'");
    expect(await line.isVisible()).toBe(false);
    await evidence.locator("summary").click();
    expect(await line.isVisible()).toBe(true);
    await evidence.locator("summary").click();
    expect(await line.isVisible()).toBe(false);
    await page.close();
  });

  it("draws each series with a line for each limit and its baseline, between its axes", async () => {
    const { page } = await open(sample.measuredRun, SCREENS[2]);
    const drawn = await page.evaluate<[string, number, number, boolean][]>(`
      [...document.querySelectorAll("figure")].map((figure) => {
        const plot = figure.querySelector(".plot > svg").getBoundingClientRect();
        const line = figure.querySelector("path.measured").getBoundingClientRect();
        const isInside = line.width > plot.width / 2 && line.left >= plot.left - 1 && line.right <= plot.right + 1
          && line.top >= plot.top - 1 && line.bottom <= plot.bottom + 1;
        const levels = [...figure.querySelectorAll(".plot line.level")];
        return [figure.querySelector("h3").firstChild.data.trim(), levels.length,
          figure.querySelectorAll(".legend li").length - 1, isInside];
      })`);
    const expected = sample.measuredRun.checks
      .flatMap((check) => check.series.map((series) => ({ ...series, name: check.name })))
      .filter(({ points }) => points.length > 1)
      .map(({ name, limits, baseline }) => {
        const lines = limits.length + (baseline === undefined ? 0 : 1);
        return [name, lines, lines, true];
      });
    expect(drawn).toEqual(expect.arrayContaining(expected));
    expect([drawn.length, expected.length]).toEqual([5, 5]);
    await page.close();
  });

  it("tells a picture to those who do not see it, and its table stays one on a phone", async () => {
    const { page } = await open(sample.measuredRun);
    const picture = page.getByRole("img", { name: "success of deep scan success over the watch 28 points" });
    expect(await picture.count()).toBe(1);
    expect(await page.getByRole("row").count()).toBeGreaterThan(sample.measuredRun.checks.length);
    expect(await page.getByRole("rowheader", { name: "deep scan success" }).isVisible()).toBe(true);
    await page.close();
  });

  it("shows hostile text as text", async () => {
    const { page, said, others } = await open(sample.hostileOutcome(ATTACK));
    const service = ATTACK.slice(0, 20);
    expect(await page.title()).toContain(service);
    expect(await page.locator("header b").textContent()).toContain(service);
    expect(
      await page.evaluate("document.querySelectorAll('script, img, iframe, object, embed, form').length"),
    ).toBe(0);
    expect(await page.evaluate("document.querySelectorAll('[onclick], [onerror], [onload]').length")).toBe(0);
    expect(said).toEqual([]);
    expect(others()).toEqual([]);
    await page.close();
  });

  it("links lead where they say", async () => {
    const { page } = await open(sample.measuredRun);
    const targets = await page.evaluate<string[]>(
      "[...document.querySelectorAll('nav a')].filter((a) => !document.querySelector(a.hash)).map((a) => a.hash)",
    );
    expect(targets).toEqual([]);
    expect(await page.locator("nav a").count()).toBe(8);
    await page.close();
  });
});
