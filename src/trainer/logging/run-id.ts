// The name by which loggers know a run in all of its processes.

import { randomBytes } from 'node:crypto';

/** Eight letters and digits. Nothing that the training draws from is touched. */
export function newRunId(): string {
  return Array.from(randomBytes(8), (byte) => (byte % 36).toString(36)).join('');
}
