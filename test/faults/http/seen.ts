import { renderContract } from "../../stand-ins/render/contract.ts";
import { matchOperation } from "../../stand-ins/github/contract.ts";
import type { Scene } from "../../gate/scene.ts";

const render = renderContract();

/** Routes that the stand-ins saw after so many requests and from a time on, such as `Render GET /services/{serviceId}`. */
export function routesSeen(
  scene: Scene,
  since: { readonly render: number; readonly github: number; readonly from: number },
): ReadonlySet<string> {
  const seen = new Set<string>();
  for (const { method, path, at } of scene.render.requests.slice(since.render)) {
    if (at < since.from) continue;
    const operation = render.find(method, path);
    if (operation !== undefined && operation !== "wrong-method")
      seen.add(`Render ${method} ${operation.template.replace(/^\/metrics\/.*/, "/metrics/{metric}")}`);
  }
  for (const { method, path, at } of scene.github.requests.slice(since.github))
    if (at >= since.from)
      seen.add(`GitHub ${matchOperation(method, path)?.operation.key ?? `${method} ${path}`}`);
  return seen;
}
