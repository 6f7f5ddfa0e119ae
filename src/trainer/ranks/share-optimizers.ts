// Optimizers of a run become those whose state lies in parts on the ranks.

import { getProcessGroup, ZeroRedundancyOptimizer } from '../../distributed/index.ts';
import { ConfigError } from '../../errors.ts';
import { LBFGS } from '../../optim/lbfgs.ts';
import { type AnyOptimizer, Optimizer } from '../../optim/optimizer.ts';

/** An optimizer is shared out once, whichever trainers step it. */
const shared = new WeakMap<AnyOptimizer, ZeroRedundancyOptimizer<{ lr: number }>>();

/** Each optimizer around which there is now a `ZeroRedundancyOptimizer`; one that is one stays. Schedules of the optimizer itself go on. All ranks call it.
 *  @throws {ConfigError} for optimizers that need all parameters at once, that are no `Optimizer`, or were shared by a process group that has ended. */
export function shareOptimizers(optimizers: readonly AnyOptimizer[]): AnyOptimizer[] {
  const problems: string[] = [];
  const made = optimizers.map((optimizer, i): AnyOptimizer => {
    if (optimizer instanceof ZeroRedundancyOptimizer) return optimizer;
    const before = shared.get(optimizer);
    if (before?.group === getProcessGroup()) return before;
    const refuse = (wanted: string, got: string): void => {
      problems.push(`ddp.zero: expected ${wanted}, got ${got} as optimizer ${i}`);
    };
    if (before) refuse('the process group by which the optimizer was shared out', 'another');
    else if (optimizer instanceof LBFGS) refuse('optimizers that update each parameter by itself', 'LBFGS');
    else if (!(optimizer instanceof Optimizer))
      refuse('optimizers of sconce, or a ZeroRedundancyOptimizer of yours', optimizer.constructor.name);
    return optimizer;
  });
  if (problems.length > 0) throw new ConfigError('share optimizers out to ranks', problems);
  return made.map((optimizer) => {
    if (!isPlain(optimizer)) return optimizer;
    const own = new ZeroRedundancyOptimizer<{ lr: number }>(optimizer.paramGroups, { optimizer });
    shared.set(optimizer, own);
    return own;
  });
}

const isPlain = (optimizer: AnyOptimizer): optimizer is Optimizer<{ lr: number }> => optimizer instanceof Optimizer;
