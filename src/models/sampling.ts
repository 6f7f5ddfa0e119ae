// How the next token is chosen from logits: the most likely one, or a draw from a distribution that is sharpened and cut.

import type { Generator } from '../tensor/generator.ts';
import { multinomial, sort, topk } from '../tensor/ops.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';

// B batch, V vocabulary.

export interface SamplingOptions {
  /** Draw tokens by their probabilities; false takes the most likely one. Default false. */
  doSample?: boolean;
  /** Divides the logits: below 1 sharper, above 1 flatter. With `doSample`. Default 1. */
  temperature?: number;
  /** Draw from so many of the most likely tokens alone. With `doSample`. Default: all. */
  topK?: number;
  /** Draw from the most likely tokens alone that together have this probability. With `doSample`. Default: all. */
  topP?: number;
  /** For the draws. Default: the process's own, seeded by `manualSeed`. */
  generator?: Generator;
}

/** @throws {RangeError} for numbers outside their range.  @throws {TypeError} for what has no effect without `doSample`. */
export function checkSampling(options: SamplingOptions): void {
  const { doSample = false, temperature, topK, topP } = options;
  const check = (isFine: boolean, wanted: string, got: unknown): void => {
    if (!isFine) throw new RangeError(`Cannot generate: expected ${wanted}, got ${String(got)}`);
  };
  if (temperature !== undefined) check(temperature > 0, 'temperature above 0', temperature);
  if (topK !== undefined) check(Number.isInteger(topK) && topK > 0, 'topK of at least 1', topK);
  if (topP !== undefined) check(topP > 0 && topP <= 1, 'topP above 0 and up to 1', topP);
  const idle = (['temperature', 'topK', 'topP', 'generator'] as const).find((name) => options[name] !== undefined);
  if (!doSample && idle)
    throw new TypeError(`Cannot generate: expected doSample with ${idle}, got none; the most likely token is no draw`);
}

/** One token a row, in float32 whatever the model's dtype. Shape: logits [B, V] -> [B, 1] int64. Source: transformers' generate. */
export function nextTokens(logits: Tensor, options: SamplingOptions): Tensor {
  const scores = logits.to('float32');
  if (!options.doSample) return scores.argmax({ dim: -1, keepdim: true });
  const { temperature = 1, topK, topP, generator } = options;
  let cut = temperature === 1 ? scores : scores.div(temperature);
  if (topK !== undefined) {
    const [most] = topk(cut, Math.min(topK, cut.size(-1)));
    cut = cut.maskedFill(cut.lt(most.narrow(-1, most.size(-1) - 1, 1)), Number.NEGATIVE_INFINITY);
  }
  if (topP !== undefined && topP < 1) cut = cutTail(cut, topP);
  return multinomial(cut.softmax(-1), 1, { generator });
}

/** Refuses the least likely tokens that together have at most 1 - topP; the most likely one stays. */
function cutTail(scores: Tensor, topP: number): Tensor {
  const [ascending, order] = sort(scores, { dim: -1, descending: false });
  const isTail = ascending
    .softmax(-1)
    .cumsum(-1)
    .le(1 - topP); // [B, V]
  isTail.narrow(-1, isTail.size(-1) - 1, 1).fill_(false);
  return scores.maskedFill(isTail.scatter(1, order, isTail), Number.NEGATIVE_INFINITY);
}
