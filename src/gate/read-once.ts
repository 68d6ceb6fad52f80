import type { Edges } from "../ports.ts";

type Read<Given extends readonly unknown[], Result> = (...given: Given) => Promise<Result>;

/** Asks once for each different question. An answer that did not come is asked for again. */
function once<Given extends readonly unknown[], Result>(
  read: Read<Given, Result>,
  isKept: (...given: Given) => boolean = () => true,
): Read<Given, Result> {
  const known = new Map<string, Promise<Result>>();
  return (...given) => {
    if (!isKept(...given)) return read(...given);
    const key = JSON.stringify(given);
    const answer = known.get(key) ?? read(...given);
    known.set(key, answer);
    answer.catch(() => known.delete(key));
    return answer;
  };
}

const isSha = (ref: string): boolean => /^[0-9a-f]{40}$/.test(ref);

/** Edges for a run that looks at many watches: what a commit holds and came from is read once for all of them. */
export function readingOnce(edges: Edges): Edges {
  const { forge } = edges;
  return {
    ...edges,
    forge: {
      ...forge,
      file: once(forge.file, (_path, ref) => isSha(ref)),
      commit: once(forge.commit, isSha),
      tree: once(forge.tree, isSha),
      pullsOfCommit: once(forge.pullsOfCommit),
      compare: once(forge.compare, (base, head) => isSha(base) && isSha(head)),
    },
  };
}
