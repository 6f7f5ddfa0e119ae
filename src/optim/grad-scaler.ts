// `GradScaler`: losses scaled up so that float16 gradients do not vanish, and updates left out where they overflow.

import { CheckpointError } from '../errors.ts';
import { noGrad } from '../tensor/autograd.ts';
import { numberOf, type Reading, refuseCapture } from '../tensor/capture/notes.ts';
import { full } from '../tensor/create.ts';
import type { Device } from '../tensor/device.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { AnyOptimizer } from './optimizer.ts';
import { unscaleGradients } from './unscale-gradients.ts';

export interface GradScalerOptions {
  /** The first scale, above 0. Default 65536. */
  readonly initScale?: number;
  /** Factor on the scale after `growthInterval` updates without an overflow, above 1. Default 2. */
  readonly growthFactor?: number;
  /** Factor on the scale after an overflow, between 0 and 1. Default 0.5. */
  readonly backoffFactor?: number;
  /** Updates in a row without an overflow after which the scale grows. Default 2000. */
  readonly growthInterval?: number;
  /** False makes `scale`, `unscale_` and `update` do nothing, and `step` the optimizer's. Default true. */
  readonly enabled?: boolean;
}

/** What `torch.amp.GradScaler` saves and loads; empty for one that is not enabled. */
export interface GradScalerStateDict {
  readonly scale: number;
  readonly growth_factor: number;
  readonly backoff_factor: number;
  readonly growth_interval: number;
  readonly _growth_tracker: number;
}

const DEFAULTS = { initScale: 2 ** 16, growthFactor: 2, backoffFactor: 0.5, growthInterval: 2000, enabled: true };

/** Keeps float16 gradients from vanishing: the loss is multiplied by a scale, gradients are divided by it before the update, and an update whose gradients
 *  are not finite is left out. The scale is the largest that does not overflow: it halves after an overflow and doubles after `growthInterval` updates
 *  without one.
 *  Sync: `step` waits for the device once. Bfloat16 has the range of float32 and needs none of this. Source: torch.amp.GradScaler.
 *  @example
 *  const layer = new nn.Linear(2, 1);
 *  const optimizer = new optim.SGD(layer.parameters(), { lr: 0.1 });
 *  const scaler = new optim.GradScaler();
 *  const loss = autocast('cpu', () => layer.forward(ones([3, 2])).mean(), { dtype: 'float16' });
 *  scaler.scale(loss).backward();
 *  scaler.step(optimizer); // false
 *  scaler.update();
 *  scaler.getScale(); // 32768 */
export class GradScaler {
  readonly isEnabled: boolean;
  #scale: number;
  #growthFactor: number;
  #backoffFactor: number;
  #growthInterval: number;
  #growthTracker = 0;
  /** Of each optimizer since the last `update`: whether its gradients were finite, and whether it has stepped. */
  readonly #optimizers = new Map<AnyOptimizer, { foundInf: boolean; hasStepped: boolean }>();

  /** @throws {RangeError} for factors outside their range.  @throws {TypeError} for an unknown option. */
  constructor(options: GradScalerOptions = {}) {
    const unknown = Object.keys(options).find((name) => !(name in DEFAULTS));
    if (unknown !== undefined)
      throw new TypeError(
        `Cannot make GradScaler: expected options of { ${Object.keys(DEFAULTS).join(', ')} }, got "${unknown}"`,
      );
    const { initScale, growthFactor, backoffFactor, growthInterval, enabled } = { ...DEFAULTS, ...options };
    requireRange(initScale > 0 && Number.isFinite(initScale), 'initScale above 0', initScale);
    this.isEnabled = enabled;
    this.#scale = Math.fround(initScale);
    this.#growthFactor = checkedGrowth(growthFactor);
    this.#backoffFactor = checkedBackoff(backoffFactor);
    this.#growthInterval = checkedInterval(growthInterval);
  }

  /** Multiplies a loss, or each of several, by the scale. */
  scale(loss: Tensor): Tensor;
  scale(losses: readonly Tensor[]): Tensor[];
  scale(losses: Tensor | readonly Tensor[]): Tensor | Tensor[] {
    // A tensor of float32 and no number: a loss in float16 would overflow in its own dtype.
    const apply = (loss: Tensor): Tensor => loss.mul(scalar(() => this.#scale, loss.device));
    if (Array.isArray(losses)) return this.isEnabled ? losses.map(apply) : [...losses];
    return this.isEnabled ? apply(losses as Tensor) : (losses as Tensor);
  }

  /** Divides the gradients of an optimizer's parameters by the scale, in place, and looks whether all are finite. Clip after it; `step` does it where it was not done.
   *  @throws {TypeError} for the second time since `update`, and for float16 gradients, which the division would flush to zero. */
  unscale_(optimizer: AnyOptimizer): void {
    if (!this.isEnabled) return;
    refuseCapture(
      'GradScaler looks whether gradients are finite; call its unscale_, step and update outside of the step',
    );
    const known = this.#optimizers.get(optimizer);
    if (known) {
      throw new TypeError(
        `Cannot unscale gradients: expected the first time for this optimizer since update(), got the second${known.hasStepped ? ', after step()' : ''}`,
      );
    }
    const inverse = Math.fround(1 / this.#scale);
    const foundInf = scope(() => noGrad(() => unscaleGradients(optimizer.parameters(), inverse)), 'unscale_()');
    this.#optimizers.set(optimizer, { foundInf, hasStepped: false });
  }

  /** Updates the parameters, unless a gradient is not finite.
   *  @param update - in place of the optimizer's `step`: a captured step that ends with it.
   *  @returns whether it did.
   *  @throws {TypeError} for the second time since `update`. */
  step(optimizer: AnyOptimizer, update: () => void = () => void optimizer.step()): boolean {
    if (!this.isEnabled) {
      update();
      return true;
    }
    if (this.#optimizers.get(optimizer)?.hasStepped === true)
      throw new TypeError('Cannot step: expected the first time for this optimizer since update(), got the second');
    if (!this.#optimizers.has(optimizer)) this.unscale_(optimizer);
    const state = this.#optimizers.get(optimizer)!;
    state.hasStepped = true;
    if (!state.foundInf) update();
    return !state.foundInf;
  }

  /** Sets the scale of the next iteration, by what was found in this one or to `newScale`. Call it once, after every optimizer's step.
   *  @throws {TypeError} where no gradients were looked at. */
  update(newScale?: number): void {
    if (!this.isEnabled) return;
    refuseCapture('GradScaler adapts its scale in it; call update() outside of the step');
    if (newScale !== undefined) {
      requireRange(newScale > 0 && Number.isFinite(newScale), 'a scale above 0', newScale);
      this.#scale = Math.fround(newScale);
    } else {
      if (this.#optimizers.size === 0)
        throw new TypeError('Cannot update the loss scale: expected step() or unscale_() before it, got neither');
      this.#adapt([...this.#optimizers.values()].some(({ foundInf }) => foundInf));
    }
    this.#optimizers.clear();
  }

  /** In float32, as libtorch's kernel does. */
  #adapt(foundInf: boolean): void {
    if (foundInf) {
      this.#scale = Math.fround(this.#scale * this.#backoffFactor);
      this.#growthTracker = 0;
      return;
    }
    this.#growthTracker += 1;
    if (this.#growthTracker < this.#growthInterval) return;
    const grown = Math.fround(this.#scale * this.#growthFactor);
    if (Number.isFinite(grown)) this.#scale = grown;
    this.#growthTracker = 0;
  }

  /** Whether the last gradients of this optimizer were finite: false means that its update was left out. Undefined before they were looked at. */
  hasFiniteGradients(optimizer: AnyOptimizer): boolean | undefined {
    const state = this.#optimizers.get(optimizer);
    return state && !state.foundInf;
  }

  /** The scale of the next loss; 1 for a scaler that is not enabled. */
  getScale(): number {
    return this.isEnabled ? this.#scale : 1;
  }

  getGrowthFactor(): number {
    return this.#growthFactor;
  }

  setGrowthFactor(growthFactor: number): void {
    this.#growthFactor = checkedGrowth(growthFactor);
  }

  getBackoffFactor(): number {
    return this.#backoffFactor;
  }

  setBackoffFactor(backoffFactor: number): void {
    this.#backoffFactor = checkedBackoff(backoffFactor);
  }

  getGrowthInterval(): number {
    return this.#growthInterval;
  }

  setGrowthInterval(growthInterval: number): void {
    this.#growthInterval = checkedInterval(growthInterval);
  }

  /** What `torch.amp.GradScaler` loads. */
  stateDict(): GradScalerStateDict | Record<string, never> {
    if (!this.isEnabled) return {};
    return {
      scale: this.#scale,
      growth_factor: this.#growthFactor,
      backoff_factor: this.#backoffFactor,
      growth_interval: this.#growthInterval,
      _growth_tracker: this.#growthTracker,
    };
  }

  /** @throws {CheckpointError} for a state without scale, or with values outside their range; nothing is changed. */
  loadStateDict(state: GradScalerStateDict | Record<string, never>): void {
    if (!this.isEnabled) return;
    const read = (key: keyof GradScalerStateDict, isFine: (value: number) => boolean): number => {
      const value = Number((state as Record<string, unknown>)[key] ?? Number.NaN);
      if (isFine(value)) return value;
      const got = key in state ? String(state[key as never]) : 'none';
      throw new CheckpointError(`Cannot load a state into GradScaler: expected a number for "${key}", got ${got}`);
    };
    const scale = read('scale', (value) => value > 0 && Number.isFinite(value));
    const growthFactor = read('growth_factor', (value) => value > 1);
    const backoffFactor = read('backoff_factor', (value) => value > 0 && value < 1);
    const growthInterval = read('growth_interval', (value) => Number.isSafeInteger(value) && value > 0);
    this.#growthTracker = read('_growth_tracker', (value) => Number.isSafeInteger(value) && value >= 0);
    [this.#scale, this.#growthFactor] = [Math.fround(scale), growthFactor];
    [this.#backoffFactor, this.#growthInterval] = [backoffFactor, growthInterval];
  }
}

const scalar = (value: Reading, device: Device): Tensor => full([], numberOf(value), { dtype: 'float32', device });

function requireRange(isFine: boolean, expected: string, got: unknown): void {
  if (!isFine) throw new RangeError(`Cannot set a GradScaler: expected ${expected}, got ${String(got)}`);
}

function checkedGrowth(growthFactor: number): number {
  requireRange(growthFactor > 1, 'growthFactor above 1', growthFactor);
  return growthFactor;
}

function checkedBackoff(backoffFactor: number): number {
  requireRange(backoffFactor > 0 && backoffFactor < 1, 'backoffFactor between 0 and 1', backoffFactor);
  return backoffFactor;
}

function checkedInterval(growthInterval: number): number {
  requireRange(
    Number.isSafeInteger(growthInterval) && growthInterval > 0,
    'growthInterval of at least 1',
    growthInterval,
  );
  return growthInterval;
}
