// The regularisers of a model: penalties for the loss, and what is done to weights behind each step of an optimizer.

import type { Parameter } from '../../nn/parameter.ts';
import type { AnyOptimizer } from '../../optim/index.ts';
import { autocast, isAutocastEnabled } from '../../tensor/autocast.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { PENALTIES } from './penalties.ts';
import { PROXIMAL_STEPS } from './proximal.ts';
import { isPenalty, matchesAny, type RegularizerSpec, readSpecs } from './regularizer-spec.ts';
import { strengthAt } from './schedule.ts';
import { effectiveStepSize, stepSizeProblem } from './step-size.ts';

/** One regulariser and the parameters that it is for. */
export interface Regularizer extends RegularizerSpec {
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Its strength in an epoch; undefined where it does not act. @throws {RangeError} unless the epoch is an integer from 0 on. */
  strengthAt(epoch: number): number | undefined;
}

/** Of these types a penalty does what weight decay does. */
const DECAYING: readonly string[] = ['l2', 'group_lasso'];

/** What `createRegularizers` makes. */
export class Regularizers {
  /** In the order of the list. */
  readonly terms: readonly Regularizer[];
  readonly #penalties: readonly Regularizer[];
  readonly #proximal: readonly Regularizer[];

  /** @internal */
  constructor(terms: readonly Regularizer[]) {
    this.terms = terms;
    this.#penalties = terms.filter(({ type }) => isPenalty(type));
    this.#proximal = terms.filter(({ type }) => !isPenalty(type));
  }

  /** Names of the parameters that an `l2` or `group_lasso` is for, whatever its lambda and its epochs: an optimizer's weight decay would shrink them twice. */
  get excludedFromWeightDecay(): Set<string> {
    return new Set(
      this.terms.flatMap(({ type, parameters }) => (DECAYING.includes(type) ? [...parameters.keys()] : [])),
    );
  }

  /** Whether some of them are added to the loss, in whatever epoch. */
  get hasPenalties(): boolean {
    return this.#penalties.length > 0;
  }

  /** Whether something is to be done behind steps. */
  get hasProximal(): boolean {
    return this.#proximal.length > 0;
  }

  /** What is to be added to the loss of a micro-batch, by the name of the regulariser: those that act in this epoch, with a lambda above 0. Frozen parameters have no part.
   *  A loop that divides losses by the micro-batches of a step divides these too, so that a step has each of them once.
   *  @param epoch - from 0.  @returns 0-d tensors in the parameters' own precision, under autocast too. */
  penalties(epoch: number): Record<string, Tensor> {
    const penalties: Record<string, Tensor> = {};
    for (const { name, type, parameters, strengthAt: strength } of this.#penalties) {
      const lambda = strength(epoch);
      const trained = [...parameters.values()].filter(({ requiresGrad }) => requiresGrad);
      if (lambda === undefined || lambda === 0 || trained.length === 0) continue;
      const penalty = PENALTIES[type as keyof typeof PENALTIES];
      penalties[name] = inFullPrecision(trained[0]!, () => penalty(trained).mul(lambda));
    }
    return penalties;
  }

  /** Changes the weights of an optimizer: soft thresholds and clamps that act in this epoch. To be called behind each of its steps, once, which `Regularization` does.
   *  Those that are frozen or that it does not have stay as they are; those that had no gradient in this step take part.
   *  @param epoch - from 0.  @throws {TypeError} for a soft threshold and an optimizer whose step sizes are not known: see `effectiveStepSize`. */
  proximal(optimizer: AnyOptimizer, epoch: number): void {
    if (!this.hasProximal) return;
    const own = new Set(optimizer.parameters());
    scope(() => {
      noGrad(() => {
        for (const { type, parameters, strengthAt: strength } of this.#proximal) {
          const lambda = strength(epoch);
          if (lambda === undefined) continue;
          const step = PROXIMAL_STEPS[type as keyof typeof PROXIMAL_STEPS];
          for (const parameter of parameters.values())
            if (parameter.requiresGrad && own.has(parameter))
              step(parameter, lambda, () => effectiveStepSize(optimizer, parameter));
        }
      });
    }, 'Regularizers.proximal()');
  }

  /** What is wrong with optimizers for these regularisers, one line a problem: so that it is known before the first step. */
  problemsWith(optimizers: readonly AnyOptimizer[]): string[] {
    const thresholds = this.#proximal.filter(({ type }) => type === 'proximal_l1');
    return optimizers.flatMap((optimizer, i) => {
      const problem = stepSizeProblem(optimizer);
      const own = new Set(optimizer.parameters());
      return thresholds.flatMap(({ name, parameters }) =>
        problem && [...parameters.values()].some((parameter) => own.has(parameter))
          ? [`optimizers.${i}: ${problem} (regulariser "${name}", proximal_l1)`]
          : [],
      );
    });
  }
}

function inFullPrecision(on: Tensor, body: () => Tensor): Tensor {
  return isAutocastEnabled(on.device) ? autocast(on.device, body, { enabled: false }) : body();
}

/** Reads the list `regularization` of a model's configuration, and finds the parameters that each is for. With λ of the epoch, and η the optimizer's effective step size:
 *
 *  - penalties, added to the loss: `l1` λ Σ|p| · `l2` λ Σp² · `group_lasso` λ Σ ‖parameter‖₂ · `ortho` λ Σ (Ŵ Ŵᵀ - I)², rows (filters) of length 1;
 *  - done behind each step: `proximal_l1` sign(p) max(|p| - λη, 0) · `proximal_clamp` to [-λ, λ] · `proximal_clamp_positive` to [0, λ] · `proximal_clamp_min` to at least λ.
 *
 *  Names of parameters are the caller's: those of `model.namedParameters()` are what `excludedFromWeightDecay` has. A regulariser that no parameter fits is a warning of the process.
 *  @param specs - none where the configuration has none.
 *  @throws {ConfigError} that lists every problem of every entry.
 *  Source: VisionCore, training regularizers.
 *  @example
 *  import { nn, optim } from 'sconce';
 *  import { createRegularizers } from 'sconce/multidataset';
 *  const model = new nn.Linear(4, 2);
 *  const sparsity = { name: 'sparsity', type: 'l1', lambda: 1e-3, apply_to: ['weight'], schedule: { kind: 'warmup', start_epoch: 5 } } as const;
 *  const bound = { name: 'bound', type: 'proximal_clamp', lambda: 0.25, apply_to: ['weight'] } as const;
 *  const regularizers = createRegularizers([sparsity, bound], model.namedParameters());
 *  Object.keys(regularizers.penalties(4)); // []
 *  Object.keys(regularizers.penalties(5)); // ['sparsity']
 *  const optimizer = new optim.AdamW(model.parameters());
 *  optimizer.step();
 *  regularizers.proximal(optimizer, 5);
 *  model.weight.abs().max().item() <= 0.25; // true */
export function createRegularizers(
  specs: readonly RegularizerSpec[] | undefined,
  namedParameters: Iterable<readonly [name: string, parameter: Parameter]>,
): Regularizers {
  const named = [...namedParameters];
  const terms = readSpecs(specs ?? []).map((spec): Regularizer => {
    const { apply_to: patterns = [], schedule = { kind: 'constant' }, lambda } = spec;
    const parameters = new Map(named.filter(([name]) => matchesAny(patterns, name)));
    if (parameters.size === 0)
      process.emitWarning(
        `Regularizer "${spec.name}" does nothing: none of ${named.length} parameters fits ${patterns.length === 0 ? 'no patterns' : patterns.map((pattern) => `"${pattern}"`).join(', ')}`,
        'SconceWarning',
      );
    return { ...spec, parameters, strengthAt: (epoch) => strengthAt(schedule, lambda, epoch) };
  });
  return new Regularizers(terms);
}
