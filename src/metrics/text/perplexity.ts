// `Perplexity`: between how many tokens a language model hesitates.

import { ShapeError } from '../../errors.ts';
import { full } from '../../tensor/create.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { numbersOf, requireFloating, requireIntegers, shapeOf, wrongShapes } from '../inputs.ts';
import { checkOptions, integer, text } from '../options.ts';
import { TensorMetric } from '../tensor-metric.ts';

export interface PerplexityOptions {
  /** A target with this value does not count. Default: all count. */
  readonly ignoreIndex?: number;
  /** The value's name. Default 'perplexity'. */
  readonly name?: string;
}

/** e to the mean over tokens of the negative log-likelihood; infinite without tokens.
 *  Sync: `update` and `updateLoss` never wait. Source: torchmetrics.text.Perplexity; infinity without tokens from multimodal_insight_engine.
 *  @example
 *  import { Perplexity } from 'sconce/metrics';
 *  const perplexity = new Perplexity({ ignoreIndex: -100 });
 *  perplexity.update(zeros([1, 3, 50]), tensor([[7n, 12n, -100n]]));
 *  perplexity.compute().perplexity!.toFixed(3); // '50.000' */
export class Perplexity extends TensorMetric {
  readonly #ignoreIndex: number | undefined;
  readonly #name: string;

  /** @throws {ConfigError} that lists every problem of the options. */
  constructor(options: PerplexityOptions = {}) {
    checkOptions('make Perplexity', options, { ignoreIndex: integer, name: text });
    super('Perplexity', {
      loss: { kind: 'sum', shape: [], dtype: 'float64' },
      count: { kind: 'sum', shape: [], dtype: 'int64' },
      outside: { kind: 'sum', shape: [], dtype: 'int64' },
    });
    this.#ignoreIndex = options.ignoreIndex;
    this.#name = options.name ?? 'perplexity';
  }

  /** Takes scores of every token of the vocabulary and the tokens that came. Shape: preds [N, T, V], target [N, T]; any number of dimensions before V. @throws {ShapeError} @throws {DTypeError} */
  update(preds: Tensor, target: Tensor): void {
    requireIntegers(this.label, 'target', target);
    if (preds.ndim === 0 || String(preds.shape.slice(0, -1)) !== String(target.shape))
      wrongShapes(this.label, 'scores [N, T, V] with targets [N, T]', preds, target);
    requireFloating(this.label, 'preds', preds);
    if (target.numel === 0) return;
    this.gather(preds.device, () => {
      const size = preds.size(-1);
      const truth = target.to('int64');
      const isInside = truth.ge(0).logicalAnd(truth.lt(size));
      const isCounted = this.#ignoreIndex === undefined ? isInside : isInside.logicalAnd(truth.ne(this.#ignoreIndex));
      const isOutside =
        this.#ignoreIndex === undefined
          ? isInside.logicalNot()
          : isInside.logicalOr(truth.eq(this.#ignoreIndex)).logicalNot();
      const dtype = preds.dtype === 'float64' ? 'float64' : 'float32';
      const token = truth.clamp({ min: 0, max: size - 1 }).unsqueeze(-1);
      const loss = preds
        .logSoftmax(-1, { dtype }) // [N, T, V]
        .gather(-1, token)
        .select(-1, 0)
        .neg();
      this.sum('loss').add_(loss.maskedFill(isCounted.logicalNot(), 0).sum({ dtype: 'float64' }));
      this.sum('count').add_(isCounted.sum());
      this.sum('outside').add_(isOutside.sum());
    });
  }

  /** Takes the mean loss of a batch, as the step has it anyway, and over how many tokens it is a mean.
   *  @param numTokens - those that count.  @throws {ShapeError} for a loss of several elements.  @throws {RangeError} for a number that is no count. */
  updateLoss(loss: Tensor, numTokens: number | Tensor): void {
    if (loss.numel !== 1)
      throw new ShapeError(`Cannot update ${this.label}: expected a loss of one element, got ${shapeOf(loss)}`);
    if (numTokens instanceof Tensor ? numTokens.numel !== 1 : !Number.isSafeInteger(numTokens) || numTokens < 0)
      throw new RangeError(
        `Cannot update ${this.label}: expected a number of tokens, got ${numTokens instanceof Tensor ? shapeOf(numTokens) : numTokens}`,
      );
    this.gather(loss.device, () => {
      const value = loss.detach().reshape([]).to('float64');
      const tokens =
        numTokens instanceof Tensor
          ? numTokens.reshape([])
          : full([], numTokens, { dtype: 'int64', device: loss.device });
      this.sum('loss').add_(value.mul(tokens).maskedFill(tokens.eq(0), 0)); // a mean over nothing is NaN
      this.sum('count').add_(tokens.to('int64'));
      this.sum('outside');
    });
  }

  /** @throws {RangeError} for targets that are no token. */
  compute(): Record<string, number> {
    if (this.isEmpty) return { [this.#name]: Number.POSITIVE_INFINITY };
    const [loss, count, outside] = this.reading(() =>
      ['loss', 'count', 'outside'].map((name) => numbersOf(this.read(name))[0]!),
    ) as [number, number, number];
    if (outside > 0)
      throw new RangeError(
        `Cannot compute ${this.label}: expected targets that are tokens of the vocabulary, got ${outside} outside of it; set ignoreIndex for targets that do not count`,
      );
    return { [this.#name]: count === 0 ? Number.POSITIVE_INFINITY : Math.exp(loss / count) };
  }
}
