// How a run stands, in the words of `sconce runs`.

/** `killed` runs have no process and no summary of their end; one from before they were resumed does not count. */
export const STATUSES = ['running', 'finished', 'interrupted', 'failed', 'killed'] as const;
export type RunStatus = (typeof STATUSES)[number];
