// The loggers that a configuration asks for.

import type { Logger } from '../../tracking/logger.ts';
import type { ResolvedConfig } from '../config/types.generated.ts';

/** In the order in which they are told. */
export function configuredLoggers(_config: ResolvedConfig): Logger[] {
  return [];
}
