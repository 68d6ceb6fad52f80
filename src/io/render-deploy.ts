import * as z from "zod";
import type { Deploy, Instance } from "../core/deploy.ts";
import { instant } from "./instant.ts";

const text = z.string().nullish();

/** `deploy` of Render's API: `commit` is null or absent for image-backed services, `finishedAt` while it runs. */
export const deployReply = z
  .object({
    id: z.string(),
    commit: z.object({ id: text, message: text }).nullish(),
    image: z.object({ ref: text }).nullish(),
    status: z.string(),
    trigger: text,
    createdAt: instant,
    startedAt: instant.nullish(),
    finishedAt: instant.nullish(),
  })
  .transform((deploy): Deploy => {
    const { id, commit, image, status, trigger, createdAt, startedAt, finishedAt } = deploy;
    return {
      id,
      ...(commit?.id ? { commit: { sha: commit.id, message: commit.message ?? "" } } : {}),
      ...(image?.ref ? { image: image.ref } : {}),
      status,
      ...(trigger ? { trigger } : {}),
      createdAt,
      ...(typeof startedAt === "number" ? { startedAt } : {}),
      ...(typeof finishedAt === "number" ? { finishedAt } : {}),
    };
  });

/** `<serviceId>-<suffix>`: https://render.com/docs/metrics-streams-reference */
export const instanceReply = z
  .object({ id: z.string(), createdAt: instant })
  .transform(({ id, createdAt }): Instance => ({ id, suffix: suffixOf(id), createdAt }));

/** What follows the last hyphen of an instance's id: short and long forms of the id share it. */
export function suffixOf(instanceId: string): string {
  return instanceId.slice(instanceId.lastIndexOf("-") + 1);
}
