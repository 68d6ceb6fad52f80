/** A Render deploy. Statuses that Render may add later arrive as their own string and count as running. */
export interface Deploy {
  readonly id: string;
  /** Absent for image-backed services. */
  readonly commit?: { readonly sha: string; readonly message: string };
  readonly image?: string;
  readonly status: string;
  readonly trigger?: string;
  /** ms since the epoch, as all times here. */
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly finishedAt?: number;
}

/** One running copy of the service; `suffix` is what follows the last hyphen of its id. */
export interface Instance {
  readonly id: string;
  readonly suffix: string;
  readonly createdAt: number;
}
