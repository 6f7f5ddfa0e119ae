// `LossAnomalies`: losses that no training should have, told once a kind with what they are made of.

import { noGrad } from '../../tensor/autograd.ts';
import type { Device } from '../../tensor/device.ts';
import { stack } from '../../tensor/ops.generated.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { formatNumber } from '../../tracking/number-format.ts';
import { OptionChecks } from '../../trainer/callbacks/option-checks.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import type { LoopContext } from '../../trainer/loop/loop-context.ts';

export interface LossAnomaliesOptions {
  /** A loss above this is unusually high. Default 8, which is the loss of guessing among 3000. */
  readonly highLoss?: number;
  /** A loss above 0 and below this is unusually low. Default 1e-6. */
  readonly lowLoss?: number;
  /** With a high loss, an `accuracy` below this says that nothing is learned. Default 0.01. */
  readonly minAccuracy?: number;
  /** Its name among the callbacks. Default 'LossAnomalies'. */
  readonly name?: string;
}

const OPTIONS = ['highLoss', 'lowLoss', 'minAccuracy', 'name'] as const;

/** As they are counted under `loss_anomalies/`. */
const KINDS = ['nan', 'infinite', 'high', 'near_zero_accuracy', 'low'] as const;
type Kind = (typeof KINDS)[number];

/** Where a loss was. */
interface Place {
  readonly loaderName: string;
  readonly batchIndex: number;
  readonly step: number;
}

/** A batch whose loss lies on a device that nobody waits for. */
interface Pending {
  readonly place: Place;
  readonly names: readonly string[];
  /** The loss, and the values of these names. Kept beyond the step. */
  readonly values: Tensor;
  readonly numbers: Readonly<Record<string, number>>;
}

/** Looks at the loss of each training batch: NaN, infinite, above 8 (with an accuracy below 0.01 also that), or above 0 and below 1e-6. Each kind is told once in a fit, as a `warning` with the batch
 *  and the values that stand beside the loss, and counted in the log under `loss_anomalies/{nan, infinite, high, near_zero_accuracy, low}` at log points that have any; the rule `loss-anomalies` of
 *  the diagnosis reads it there. Training goes on unless `nonFinite` of the configuration says otherwise. A loss in the host's memory is told in its own step; where a device works beside the host, nobody waits
 *  for it: it is read at the next log point.
 *  @throws {ConfigError} that lists every option that is wrong.
 *  Source: multimodal_insight_engine, TrainingLoop.
 *  @example
 *  import { LossAnomalies } from 'sconce/multimodal';
 *  new LossAnomalies({ highLoss: 12 }).counts.high; // 0 */
export class LossAnomalies implements Callback {
  readonly name: string;
  readonly #bounds: { readonly highLoss: number; readonly lowLoss: number; readonly minAccuracy: number };
  readonly #pending: Pending[] = [];
  #counts = noCounts();
  /** Since the last log point. */
  #news = noCounts();

  readonly #isBesideHost: (device: Device) => boolean;

  /** @param isBesideHost - whether reading a tensor of a device would wait for it. Default: of all but the CPU. */
  constructor(options: LossAnomaliesOptions = {}, isBesideHost = (device: Device): boolean => device !== 'cpu') {
    const { highLoss = 8, lowLoss = 1e-6, minAccuracy = 0.01, name = 'LossAnomalies' } = options;
    new OptionChecks(options, OPTIONS)
      .expect('highLoss', Number.isFinite(highLoss), 'a finite number')
      .expect('lowLoss', Number.isFinite(lowLoss) && lowLoss < highLoss, 'a finite number below highLoss')
      .expect('minAccuracy', Number.isFinite(minAccuracy), 'a finite number')
      .text('name')
      .throwIfAny('LossAnomalies');
    this.name = name;
    this.#isBesideHost = isBesideHost;
    this.#bounds = { highLoss, lowLoss, minAccuracy };
  }

  /** Batches of each kind in this fit, as far as they were read. */
  get counts(): Readonly<Record<Kind, number>> {
    return { ...this.#counts };
  }

  fitStart(): void {
    this.#counts = noCounts();
    this.#news = noCounts();
    this.close();
  }

  forwardEnd(context: LoopContext): void {
    const { loss, output, loaderName, batchIndex, clocks } = context;
    const place = { loaderName, batchIndex, step: clocks.step };
    const values = (typeof output === 'object' && output !== null ? output : {}) as Readonly<Record<string, unknown>>;
    if (!this.#isBesideHost(loss!.device)) {
      this.#judge(context, place, loss!.item() as number, () => valuesOf(values));
      return;
    }
    const tensors = Object.entries(values).filter(isScalarBeside);
    const all = [loss!, ...tensors.map(([, value]) => value)];
    this.#pending.push({
      place,
      names: tensors.map(([name]) => name),
      values: noGrad(() => stack(all.map((value) => value.detach().reshape([]).to(loss!.device).to('float32'))).keep()),
      numbers: numbersOf(values),
    });
  }

  logged(context: LoopContext): void {
    this.#report(context);
  }

  measured(context: LoopContext): void {
    this.#report(context);
  }

  fitEnd(context: LoopContext): void {
    this.#report(context);
  }

  /** The loss that ended a run is among those that are read. */
  exception(context: LoopContext): void {
    this.#report(context);
  }

  close(): void {
    for (const { values } of this.#pending.splice(0)) values.dispose();
  }

  #report(context: LoopContext): void {
    for (const { place, names, values, numbers } of this.#pending.splice(0)) {
      const [loss, ...others] = values.toArray() as number[];
      values.dispose();
      const named = Object.fromEntries(names.map((name, i) => [name, others[i]!]));
      this.#judge(context, place, loss!, () => ({ ...numbers, ...named }));
    }
    const found = KINDS.filter((kind) => this.#news[kind] > 0);
    if (found.length === 0) return;
    const counted = found.map((kind) => [`loss_anomalies/${kind}`, this.#news[kind]]);
    context.logger.logMetrics(Object.fromEntries(counted), context.clocks);
    this.#news = noCounts();
  }

  #judge(context: LoopContext, place: Place, loss: number, read: () => Readonly<Record<string, number>>): void {
    const { highLoss, lowLoss, minAccuracy } = this.#bounds;
    if (Number.isFinite(loss) && loss <= highLoss && !(loss > 0 && loss < lowLoss)) return;
    const beside = read();
    const { accuracy } = beside;
    const shown = Object.entries(beside).map(([name, value]) => `${name} ${formatNumber(value)}`);
    const where = `at batch ${place.batchIndex} of loader "${place.loaderName}" in step ${place.step + 1}${shown.length > 0 ? ` (${shown.join(', ')})` : ''}`;
    const tell = (kind: Kind, text: string): void => {
      if (this.#counts[kind] === 0) context.warn(`Loss: ${text} ${where}`);
      this.#counts[kind] += 1;
      this.#news[kind] += 1;
    };
    if (Number.isNaN(loss)) tell('nan', 'NaN');
    else if (!Number.isFinite(loss)) tell('infinite', 'infinite');
    else if (loss <= highLoss) tell('low', `unusually low, ${formatNumber(loss)},`);
    else {
      tell('high', `unusually high, ${formatNumber(loss)},`);
      if (accuracy !== undefined && accuracy < minAccuracy)
        tell('near_zero_accuracy', 'NEAR-ZERO ACCURACY DETECTED, the model is likely not learning,');
    }
  }
}

const noCounts = (): Record<Kind, number> => ({ nan: 0, infinite: 0, high: 0, near_zero_accuracy: 0, low: 0 });

const isScalarBeside = (entry: [string, unknown]): entry is [string, Tensor] =>
  entry[0] !== 'loss' && entry[1] instanceof Tensor && entry[1].numel === 1;

const numbersOf = (values: Readonly<Record<string, unknown>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, number] => entry[0] !== 'loss' && typeof entry[1] === 'number',
    ),
  );

/** What stands beside the loss, read. */
function valuesOf(values: Readonly<Record<string, unknown>>): Record<string, number> {
  const tensors = Object.entries(values).filter(isScalarBeside);
  return { ...Object.fromEntries(tensors.map(([name, value]) => [name, Number(value.item())])), ...numbersOf(values) };
}
