/** The trailer every patch of the gate carries. */
export const PATCH_TRAILER = "Deploy-Gate-Patch:";
/** The branches of patches start so. */
export const PATCH_BRANCH_PREFIX = "deploy-gate/patch-";

const MOST_CHARACTERS = 60;

/**
 * One branch per failed commit and patch file, whose whole path is told in it: several services of one repository may
 * each have a `rollback.patch`.
 */
export function patchBranch(commit: string, patch: string): string {
  const slug = patch
    .replace(/\.(?:patch|diff)$/iu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .slice(-MOST_CHARACTERS)
    .replaceAll(/^-+|-+$/gu, "");
  return `${PATCH_BRANCH_PREFIX}${commit.slice(0, 12)}-${slug === "" ? "file" : slug}`;
}

/** Whether a commit is a patch applied by a gate. */
export function isGatePatch(message: string): boolean {
  return (
    message.split("\n").some((line) => line.startsWith(PATCH_TRAILER)) ||
    /^Merge pull request #\d+ from [^\s/]+\/deploy-gate\/patch-/.test(message)
  );
}
