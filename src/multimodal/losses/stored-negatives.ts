// What SimCLRLoss keeps of samples that are not in the batch: the last ones, or each sample of the data set.

import type { Module } from '../../nn/module.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { arange, zeros } from '../../tensor/create.ts';
import { tensor } from '../../tensor/from-data.ts';
import { fullLike } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Pairs } from './pairs.ts';

// N places of a table, B rows of the batch, D features.

/** The id of a place whose row came without one: no match code is that. */
const NO_ID = -(2n ** 63n);

/** Negatives for both directions. */
export interface StoredNegatives {
  /** [N, D]. */
  readonly vision: Tensor;
  /** [N, D]. */
  readonly text: Tensor;
  /** Whether a place is a negative of a row, [B, N] bool. */
  readonly isNegative: Tensor;
  /** The share of places that are filled, []. */
  readonly fill: Tensor;
}

const idsOf = (size: number): Tensor => tensor(new BigInt64Array(size).fill(NO_ID));

function codesOf({ codes, vision, rows }: Pairs, ids: Tensor): Tensor {
  return (
    codes ??
    fullLike(ids.narrow(0, 0, 1), NO_ID)
      .expand([rows])
      .to({ device: vision.device })
  );
}

/** Whether a place is filled with what does not belong to the row, [B, N]. */
function negativesAmong(isFilled: Tensor, ids: Tensor, { rows, codes }: Pairs): Tensor {
  const filled = isFilled.unsqueeze(0).expand([rows, -1]);
  return codes ? filled.logicalAnd(codes.unsqueeze(1).ne(ids.unsqueeze(0))) : filled;
}

/** The last rows of both sides. */
export interface BankModule extends Module {
  vision_bank: Tensor;
  text_bank: Tensor;
  bank_ids: Tensor;
  bank_ptr: Tensor;
  bank_size: Tensor;
}

export function registerBank(module: Module, size: number, dim: number): void {
  module.registerBuffer('vision_bank', zeros([size, dim]));
  module.registerBuffer('text_bank', zeros([size, dim]));
  module.registerBuffer('bank_ids', idsOf(size));
  module.registerBuffer('bank_ptr', zeros([1], { dtype: 'int64' }));
  module.registerBuffer('bank_size', zeros([1], { dtype: 'int64' }));
}

export function bankNegatives(bank: BankModule, pairs: Pairs): StoredNegatives {
  const size = bank.bank_ids.size(0);
  const isFilled = arange(size, { dtype: 'int64', device: pairs.vision.device }).lt(bank.bank_size); // [N]
  const { dtype } = pairs.vision;
  return {
    vision: bank.vision_bank.to(dtype),
    text: bank.text_bank.to(dtype),
    isNegative: negativesAmong(isFilled, bank.bank_ids, pairs),
    fill: bank.bank_size.to('float32').div(size).reshape([]),
  };
}

/** Puts the batch in place of the oldest rows. New tensors, as the graph of this step still needs the old ones; where the next row goes stays on the device. */
export function fillBank(bank: BankModule, pairs: Pairs): void {
  noGrad(() => {
    const size = bank.bank_ids.size(0);
    const rows = Math.min(pairs.rows, size);
    const first = pairs.rows - rows; // of a batch larger than the bank the last rows stay
    const steps = arange(first, pairs.rows, { dtype: 'int64', device: pairs.vision.device });
    const places = steps.add(bank.bank_ptr).remainder(size); // [rows]
    const put = (table: Tensor, source: Tensor): Tensor =>
      table.indexCopy(0, places, source.detach().narrow(0, first, rows).to(table.dtype));
    bank.vision_bank = put(bank.vision_bank, pairs.vision);
    bank.text_bank = put(bank.text_bank, pairs.text);
    bank.bank_ids = put(bank.bank_ids, codesOf(pairs, bank.bank_ids));
    bank.bank_ptr = bank.bank_ptr.add(pairs.rows).remainder(size);
    bank.bank_size = bank.bank_size.add(pairs.rows).clampMax(size);
  });
}

/** A row of both sides for each sample of the data set. */
export interface GlobalModule extends Module {
  global_vision_embeddings: Tensor;
  global_text_embeddings: Tensor;
  global_ids: Tensor;
  global_filled: Tensor;
}

export function registerGlobal(module: Module, size: number, dim: number): void {
  module.registerBuffer('global_vision_embeddings', zeros([size, dim]));
  module.registerBuffer('global_text_embeddings', zeros([size, dim]));
  module.registerBuffer('global_ids', idsOf(size));
  module.registerBuffer('global_filled', zeros([size], { dtype: 'bool' }));
}

/** All samples that were seen, as they were then, but for those of the batch, which it has as they are now. */
export function globalNegatives(table: GlobalModule, pairs: Pairs, indices: Tensor): StoredNegatives {
  const { dtype } = pairs.vision;
  const isElsewhere = table.global_filled.indexFill(0, indices, 0);
  return {
    vision: table.global_vision_embeddings.to(dtype),
    text: table.global_text_embeddings.to(dtype),
    isNegative: negativesAmong(isElsewhere, table.global_ids, pairs),
    fill: table.global_filled.to('float32').mean(),
  };
}

/** Puts the batch's rows at their samples' places. */
export function fillGlobal(table: GlobalModule, pairs: Pairs, indices: Tensor): void {
  noGrad(() => {
    const put = (to: Tensor, source: Tensor): Tensor => to.indexCopy(0, indices, source.detach().to(to.dtype));
    table.global_vision_embeddings = put(table.global_vision_embeddings, pairs.vision);
    table.global_text_embeddings = put(table.global_text_embeddings, pairs.text);
    table.global_ids = put(table.global_ids, codesOf(pairs, table.global_ids));
    table.global_filled = table.global_filled.indexFill(0, indices, 1);
  });
}
