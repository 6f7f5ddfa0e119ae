// Fields that the schema has and no part carries out yet: `readConfig` refuses them. Whoever carries one out deletes its line; when the list is empty,
// this file goes.

/** A path stands for everything below it. */
export const UNWIRED: readonly string[] = [
  // preemption
  'preemption.maxCheckpointSec',
];
