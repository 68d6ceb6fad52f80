import type { MetricName } from "./source.ts";
import { quantityText } from "./quantity.ts";

const KIB = 1024;

const LATENCY: { readonly [unit: string]: number } = {
  ns: 1e-6,
  nanoseconds: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  microseconds: 1e-3,
  ms: 1,
  millisecond: 1,
  milliseconds: 1,
  s: 1_000,
  sec: 1_000,
  second: 1_000,
  seconds: 1_000,
};

const MEMORY: { readonly [unit: string]: number } = {
  b: 1,
  byte: 1,
  bytes: 1,
  kb: 1e3,
  kilobytes: 1e3,
  mb: 1e6,
  megabytes: 1e6,
  gb: 1e9,
  gigabytes: 1e9,
  kib: KIB,
  mib: KIB ** 2,
  gib: KIB ** 3,
};

const CPU: { readonly [unit: string]: number } = {
  core: 1,
  cores: 1,
  cpu: 1,
  cpus: 1,
  vcpu: 1,
  unitless: 1,
  millicores: 1e-3,
  mcpu: 1e-3,
};

const COUNT: { readonly [unit: string]: number } = {
  unitless: 1,
  count: 1,
  requests: 1,
  connections: 1,
  instances: 1,
};

const UNITS: { readonly [name in MetricName]: { readonly [unit: string]: number } } = {
  cpu: CPU,
  memory: MEMORY,
  http_latency: LATENCY,
  http_requests: COUNT,
  active_connections: COUNT,
  instance_count: COUNT,
};

/**
 * What a number in that unit is multiplied with to be in ours: cores, bytes, ms, or a count. Render names the unit
 * in every answer and promises none (render-api.md 6); undefined for one that is not known.
 */
export function unitFactor(name: MetricName, unit: string): number | undefined {
  const factors = UNITS[name];
  const known = unit.trim().toLowerCase();
  return Object.hasOwn(factors, known) ? factors[known] : undefined;
}

/** A number of ours with its unit, for the reader: `0.42 cores`, `430 MB`, `120ms`, `17`. */
export function amountText(name: MetricName, value: number): string {
  switch (name) {
    case "cpu":
      return `${quantityText(value)} cores`;
    case "memory":
      return quantityText(value, "size");
    case "http_latency":
      return quantityText(value, "duration");
    case "http_requests":
    case "active_connections":
    case "instance_count":
      return quantityText(value);
  }
}
