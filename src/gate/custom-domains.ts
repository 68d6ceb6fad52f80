import { ServiceProblem } from "../problem.ts";
import type { ServiceRun } from "./run.ts";

/** Verified custom domains, read only where a check needs to know which hosts are the service's own. */
export async function customDomains(run: ServiceRun): Promise<readonly string[]> {
  const { plan, service, edges, teller } = run;
  const urls = plan.checks.flatMap((check) => (check.source.kind === "http" ? [check.source.url] : []));
  const needsThem = urls.some((url) => /^https?:/i.test(url)) || service.subdomainPolicy === "disabled";
  if (urls.length === 0 || !needsThem) return [];
  try {
    return await edges.deploys.customDomains(service.id);
  } catch (error) {
    if (!(error instanceof ServiceProblem)) throw error;
    teller.note(`The custom domains could not be read: ${error.message}`);
    return [];
  }
}
