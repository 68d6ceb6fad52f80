import { guardWorkflows, isProtected, REF_PERMISSIONS, syncPulls } from "./branches.ts";
import { isSha, listRefs, mergeBase, readCommit, updateRef } from "./repository.ts";
import { nodeId, repoUrl } from "./shapes.ts";
import type { Call, Route, Site } from "./site.ts";
import { forbidden, Refusal } from "./site.ts";

interface Ref {
  readonly ref: string;
  readonly sha: string;
  readonly type: string;
}

function refJson(site: Site, { ref, sha, type }: Ref): Readonly<Record<string, unknown>> {
  return {
    ref,
    node_id: nodeId("REF", ref),
    url: repoUrl(site, `/git/${ref}`),
    object: { type, sha, url: repoUrl(site, `/git/${type}s/${sha}`) },
  };
}

/** git check-ref-format. */
function isRefName(ref: string): boolean {
  return (
    !/[\u0000- \u007f~^:?*[\\]|\.\.|@\{|\/\/|\.$|\/$|\.lock(\/|$)|\/\./.test(ref) &&
    /^refs\/[^/]+\/.+/.test(ref)
  );
}

async function existing(site: Site, ref: string): Promise<Ref | undefined> {
  const found = isRefName(ref) ? await site.git.read(ref) : undefined;
  return found && { ref, sha: found.sha, type: found.type };
}

/** The full name behind a path parameter, which must not repeat `refs/`. */
function refOf(call: Call): string {
  const name = call.params["ref"]!;
  if (name.startsWith("refs/")) throw forbidden(`"${name}" in a path is written without refs/`);
  return `refs/${name}`;
}

/** References of the git data API. */
export const refRoutes: readonly Route[] = [
  {
    key: "POST /repos/{owner}/{repo}/git/refs",
    permissions: REF_PERMISSIONS,
    async handle(site, call) {
      const { ref, sha } = call.body as { readonly ref: string; readonly sha: string };
      if (!ref.startsWith("refs/") || ref.split("/").length < 3) {
        throw forbidden("Reference name must start with 'refs/' and contain at least one more slash.");
      }
      if (!isRefName(ref)) throw forbidden(`${ref} is not a valid ref name.`);
      const commit = isSha(sha) ? await readCommit(site.git, sha) : undefined;
      if (!commit) throw forbidden("Object does not exist");
      if (await existing(site, ref)) throw new Refusal(422, "Reference already exists");
      if (isProtected(site, ref, "create")) throw new Refusal(422, "Reference update failed");
      await guardWorkflows(site, call.token, { tree: commit.tree, how: "ref" });
      // git itself refuses a name that is a folder of another branch, or below one.
      if (!(await updateRef(site.git, ref, { to: sha }))) throw new Refusal(422, "Reference update failed");
      return { status: 201, body: refJson(site, { ref, sha, type: "commit" }) };
    },
  },
  {
    key: "PATCH /repos/{owner}/{repo}/git/refs/{ref}",
    permissions: REF_PERMISSIONS,
    async handle(site, call) {
      const ref = refOf(call);
      const { sha, force = false } = call.body as { readonly sha: string; readonly force?: boolean };
      const old = await existing(site, ref);
      if (!old) throw new Refusal(422, "Reference does not exist");
      const commit = isSha(sha) ? await readCommit(site.git, sha) : undefined;
      if (!commit) throw forbidden("Object does not exist");
      if (isProtected(site, ref, "update")) throw new Refusal(422, "Reference update failed");
      if (!force && (await mergeBase(site.git, old.sha, sha)) !== old.sha) {
        throw new Refusal(422, "Update is not a fast forward");
      }
      await guardWorkflows(site, call.token, { tree: commit.tree, how: "ref" });
      if (!(await updateRef(site.git, ref, { to: sha, from: old.sha }))) {
        throw new Refusal(422, "Reference update failed");
      }
      await syncPulls(site);
      return { status: 200, body: refJson(site, { ref, sha, type: "commit" }) };
    },
  },
  {
    key: "DELETE /repos/{owner}/{repo}/git/refs/{ref}",
    permissions: "contents=write",
    async handle(site, call) {
      const ref = refOf(call);
      const old = await existing(site, ref);
      if (!old) throw new Refusal(422, "Reference does not exist");
      if (ref === `refs/heads/${site.defaultBranch}` || isProtected(site, ref, "delete")) {
        throw new Refusal(422, "Reference update failed");
      }
      await updateRef(site.git, ref, { to: undefined, from: old.sha });
      await syncPulls(site);
      return { status: 204 };
    },
  },
  {
    key: "GET /repos/{owner}/{repo}/git/ref/{ref}",
    permissions: "contents=read",
    async handle(site, call) {
      const found = await existing(site, refOf(call));
      if (!found) throw new Refusal(404, "Not Found");
      return { status: 200, body: refJson(site, found) };
    },
  },
  {
    key: "GET /repos/{owner}/{repo}/git/matching-refs/{ref}",
    permissions: "contents=read",
    async handle(site, call) {
      const prefix = refOf(call);
      const found = (await listRefs(site.git)).filter(({ ref }) => ref.startsWith(prefix));
      return { status: 200, body: found.map((ref) => refJson(site, ref)) };
    },
  },
];
