import type { Page } from "playwright-core";

/** Text that is hard to read: what it says, its contrast with its ground, and its two colours. */
export interface Faint {
  readonly text: string;
  readonly contrast: number;
  readonly colours: string;
}

/** Runs in the page: every visible text whose contrast (WCAG 2.2, 1.4.3) is under 4.5, and how many were looked at. */
const LOOK = `(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const groundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if ((parts(colour)[3] ?? 1) > 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const faint = [];
  let seen = 0;
  for (const element of document.body.querySelectorAll("*")) {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join("");
    if (text === "" || !element.checkVisibility() || element.closest("title, desc")) continue;
    const style = getComputedStyle(element);
    const colour = element instanceof SVGElement ? style.fill : style.color;
    const ground = groundOf(element);
    const [a, b] = [light(parts(colour)), light(parts(ground))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    seen += 1;
    if (contrast < 4.5) faint.push({ text: text.slice(0, 60), contrast, colours: colour + " on " + ground });
  }
  return { seen, faint };
})()`;

/** Every visible text of the page that is hard to read, and how many texts were looked at. */
export function lookForFaint(
  page: Page,
): Promise<{ readonly seen: number; readonly faint: readonly Faint[] }> {
  return page.evaluate<{ seen: number; faint: Faint[] }>(LOOK);
}
