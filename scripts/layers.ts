import type { OutputOptions, Plugin } from "rolldown";

/**
 * Files of our own code, in the order in which a gate loads them: what can be reached from these modules without a
 * dynamic import, and is in no earlier file. `also` narrows a file to what these reach, too.
 */
const layers: readonly { readonly name: string; readonly from: readonly string[]; readonly also?: string }[] =
  [
    { name: "words", from: ["job.ts"], also: "cli.ts" },
    { name: "start", from: ["job.ts", "post.ts"] },
    { name: "config", from: ["config/file.ts", "config/default-plan.ts"] },
    { name: "rules", from: ["gate/story.ts"], also: "cli.ts" },
    { name: "watch", from: ["gate/story.ts"] },
    { name: "remedy", from: ["gate/act.ts", "gate/clean-up.ts"] },
  ];

const isModule = (id: string, path: string): boolean => id.replaceAll("\\", "/").endsWith(`/src/${path}`);

type Groups = Extract<OutputOptions["codeSplitting"], object>["groups"];

/** Sorts our own modules into `layers` once all are known; `groups` are then the files to make of them. */
export function ownLayers(): { readonly plugin: Plugin; readonly groups: NonNullable<Groups> } {
  const found = new Map<string, string>();
  return {
    plugin: {
      name: "own-layers",
      buildEnd() {
        const ids = [...this.getModuleIds()];
        const reached = (from: string): ReadonlySet<string> => {
          const seen = new Set(ids.filter((id) => isModule(id, from)));
          for (const id of seen) this.getModuleInfo(id)?.importedIds.forEach((next) => seen.add(next));
          return seen;
        };
        for (const { name, from, also } of layers) {
          const too = also === undefined ? undefined : reached(also);
          for (const begin of from)
            for (const id of reached(begin))
              if (!found.has(id) && (too?.has(id) ?? true)) found.set(id, name);
        }
      },
    },
    // A file takes along what its modules need, unless an earlier one has it.
    groups: layers.map(({ name }, at) => ({
      name,
      test: (id) => found.get(id) === name,
      priority: layers.length - at,
    })),
  };
}
