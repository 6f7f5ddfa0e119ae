// Text from a language model, token by token, with the keys and values of what was seen kept.

import { ShapeError } from '../errors.ts';
import { readOptions } from '../tensor/arguments.ts';
import { noGrad } from '../tensor/autograd.ts';
import { zeros } from '../tensor/create.ts';
import { cat, onesLike } from '../tensor/ops.generated.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { GPT2LMHeadModel } from './gpt2-heads.ts';
import { KeyValueCache } from './key-value-cache.ts';
import { checkSampling, nextTokens, type SamplingOptions } from './sampling.ts';

// B batch, T tokens.

export interface GenerateOptions extends SamplingOptions {
  /** Default 20. */
  maxNewTokens?: number;
  /** 1 for tokens that count and 0 for padding, which has to come first. Shape: [B, T]. Default: every token counts. */
  attentionMask?: Tensor;
  /** A sequence ends after one of these; an empty list for none. Default: the configuration's. */
  eosTokenId?: number | readonly number[];
  /** What follows the end of a sequence. Default: the configuration's, else the first of `eosTokenId`. */
  padTokenId?: number;
}

const OPTIONS = [
  ...['maxNewTokens', 'attentionMask', 'eosTokenId', 'padTokenId'],
  ...['doSample', 'temperature', 'topK', 'topP', 'generator'],
];

interface Endings {
  readonly eos: readonly number[];
  readonly pad: number;
}

function endingsOf(model: GPT2LMHeadModel, options: GenerateOptions): Endings {
  const { eos_token_id, pad_token_id, vocab_size } = model.config;
  const eos = [options.eosTokenId ?? eos_token_id ?? []].flat() as number[];
  const pad = options.padTokenId ?? pad_token_id ?? eos[0] ?? 0;
  for (const [name, id] of [...eos.map((id) => ['eosTokenId', id] as const), ['padTokenId', pad] as const]) {
    const isGiven = name in options;
    if (isGiven && !(Number.isInteger(id) && id >= 0 && id < vocab_size))
      throw new RangeError(`Cannot generate: expected ${name} of a vocabulary of ${vocab_size}, got ${id}`);
  }
  return { eos, pad };
}

/** See `GPT2LMHeadModel.generate`. @internal */
export function generate(model: GPT2LMHeadModel, inputIds: Tensor, options: GenerateOptions): Tensor {
  readOptions('generate', OPTIONS, options);
  checkSampling(options);
  const { maxNewTokens = 20 } = options;
  if (!Number.isInteger(maxNewTokens) || maxNewTokens < 1)
    throw new RangeError(`Cannot generate: expected maxNewTokens of at least 1, got ${maxNewTokens}`);
  if (inputIds.ndim !== 2 || inputIds.numel === 0)
    throw new ShapeError(`Cannot generate: expected at least one token, [B, T], got [${inputIds.shape.join(', ')}]`);
  const { n_positions } = model.config;
  if (inputIds.size(1) + maxNewTokens > n_positions)
    throw new RangeError(
      `Cannot generate: expected at most ${n_positions} tokens, got ${inputIds.size(1)} and ${maxNewTokens} new ones`,
    );
  const endings = endingsOf(model, options);
  const mode = model.evalMode();
  try {
    return scope(() => noGrad(() => run(model, inputIds, endings, options)), 'generate()');
  } finally {
    mode.restore();
  }
}

/** Padding has no place: positions count tokens that count. */
function positionsOf(mask: Tensor): Tensor {
  return mask.to('int64').cumsum(-1).sub(1).clamp({ min: 0 }); // [B, T]
}

function run(model: GPT2LMHeadModel, inputIds: Tensor, { eos, pad }: Endings, options: GenerateOptions): Tensor {
  const cache = new KeyValueCache();
  const pieces = [inputIds];
  let mask = options.attentionMask;
  let isOpen = zeros([inputIds.size(0), 1], { dtype: 'bool', device: inputIds.device }).logicalNot(); // [B, 1]
  try {
    let given = inputIds;
    const { maxNewTokens = 20 } = options;
    for (let i = 0; i < maxNewTokens; i++) {
      const step = scope(() => {
        const newIds = given.size(1);
        const positionIds = mask && positionsOf(mask).narrow(1, mask.size(1) - newIds, newIds);
        const inputs = { attentionMask: mask, positionIds, cache, logitsToKeep: 1 };
        const { logits } = model.forward(given, inputs); // [B, 1, V]
        const chosen = nextTokens(logits.select(1, -1), options); // [B, 1]
        const next = eos.length === 0 ? chosen : chosen.maskedFill(isOpen.logicalNot(), pad);
        const stillOpen = eos.reduce((open, id) => open.logicalAnd(next.ne(id)), isOpen);
        const longer = mask && cat([mask, onesLike(mask.narrow(1, 0, 1))], { dim: 1 });
        return { next, isOpen: stillOpen, mask: longer };
      }, 'generate() token');
      pieces.push(step.next);
      ({ next: given, isOpen, mask } = step);
      // The one host read: without a token that ends there is none.
      if (eos.length > 0 && isOpen.any().item() === 0) break;
    }
  } finally {
    cache.dispose();
  }
  return cat(pieces, { dim: 1 });
}
