import type { MetricSource } from "../core/source.ts";
import type { ServiceRun } from "./run.ts";

/** What a metric is read of, and how it is called for the reader. */
export interface MetricResource {
  readonly id: string;
  readonly text: string;
}

interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly kind: "service" | "database";
  readonly region?: string;
}

const MOST_SHOWN = 10;

/**
 * What `of` names (a service or a database of the same workspace, by name or id), or why that cannot be said. Costs
 * one request for each kind that may be meant, and as many again to name candidates. Throws ServiceProblem.
 */
export async function findMetricResource(
  run: ServiceRun,
  source: Pick<MetricSource, "name" | "of">,
): Promise<MetricResource | { readonly why: string }> {
  const { service, edges } = run;
  const { of, name } = source;
  const isOfDatabases = name === "active_connections";
  if (of === undefined && isOfDatabases) return { why: `${name} needs "of": the database it is about` };
  if (of === undefined || of === service.id)
    return isOfDatabases
      ? { why: `${name} is of a database, and "${of}" is a service` }
      : { id: service.id, text: `service ${service.name}` };
  // A key value store: only named by its id.
  if (/^red-[0-9a-z]+$/.test(of)) return { id: of, text: of };

  const mayBeService = !isOfDatabases && !of.startsWith("dpg-");
  const mayBeDatabase = (isOfDatabases || name === "cpu" || name === "memory") && !/^(?:srv|crn)-/.test(of);
  const isMeant = (one: { readonly id: string; readonly name: string }): boolean =>
    one.id === of || one.name === of;
  const asCandidate =
    (kind: Candidate["kind"]) =>
    (one: Omit<Candidate, "kind">): Candidate => ({ ...one, kind });
  const databases = mayBeDatabase
    ? (await edges.metrics.databases(service.ownerId)).map(asCandidate("database"))
    : [];
  const services = mayBeService ? (await servicesMeant(run, of)).map(asCandidate("service")) : [];
  const found = [...services, ...databases].filter(isMeant);
  const [first, second] = found;
  if (first !== undefined && second === undefined) return { id: first.id, text: candidateText(first) };
  if (first !== undefined)
    return { why: `"${of}" names ${found.map(candidateText).join(" and ")}; name one by its id` };
  const others = mayBeService
    ? (await edges.deploys.servicesOf(service.ownerId)).map(asCandidate("service"))
    : [];
  const all = [...others, ...databases];
  const kinds = [...(mayBeService ? ["service"] : []), ...(mayBeDatabase ? ["database"] : [])].join(" or ");
  if (all.length === 0) return { why: `the workspace has no ${kinds}, so none named "${of}"` };
  const shown = all.slice(0, MOST_SHOWN).map((one) => one.name);
  const more = all.length > shown.length ? ` and ${all.length - shown.length} more` : "";
  return { why: `the workspace has no ${kinds} "${of}"; there are ${shown.join(", ")}${more}` };
}

async function servicesMeant(
  { edges, service }: ServiceRun,
  of: string,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  if (!/^(?:srv|crn)-[0-9a-z]{20}$/.test(of))
    return (await edges.deploys.servicesNamed(of)).filter(({ ownerId }) => ownerId === service.ownerId);
  const found = await edges.deploys.service(of);
  return found === undefined || found.ownerId !== service.ownerId ? [] : [found];
}

function candidateText({ kind, name, id, region }: Candidate): string {
  return `${kind} ${name} (${[id, ...(region === undefined ? [] : [region])].join(", ")})`;
}
