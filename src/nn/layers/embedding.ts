// Tables of vectors, looked up one by one or in bags.

import { noGrad } from '../../tensor/autograd.ts';
import { randn } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { embedding, embeddingBag, paddingRow } from '../functional/embedding.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';

export interface EmbeddingOptions {
  /** A row that starts as zeros and gets no gradient; negative ones count from the end. */
  paddingIdx?: number;
}

function paddingOf(options: EmbeddingOptions, numEmbeddings: number): number | undefined {
  return options.paddingIdx === undefined ? undefined : paddingRow(options.paddingIdx, numEmbeddings);
}

const showPadding = (row: number | undefined): string => (row === undefined ? '' : `, padding_idx=${row}`);

function normalTable(numEmbeddings: number, embeddingDim: number, paddingIdx: number | undefined): Parameter {
  const table = randn([numEmbeddings, embeddingDim]);
  if (paddingIdx !== undefined) noGrad(() => table.select(0, paddingIdx).zero_());
  return new Parameter(table);
}

/** Rows by index. Shape: [...] int64 -> [..., embeddingDim]. Rows start in N(0, 1). Source: torch.nn.Embedding. */
export class Embedding extends Module {
  readonly weight: Parameter;
  readonly paddingIdx: number | undefined;

  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingOptions = {}) {
    super();
    this.paddingIdx = paddingOf(options, numEmbeddings);
    this.weight = normalTable(numEmbeddings, embeddingDim, this.paddingIdx);
  }

  forward(input: Tensor): Tensor {
    return embedding(input, this.weight, this.paddingIdx === undefined ? {} : { paddingIdx: this.paddingIdx });
  }

  override extraRepr(): string {
    return `${this.weight.shape.join(', ')}${showPadding(this.paddingIdx)}`;
  }
}

/** The sum, mean or maximum of rows. Shape: input [M] int64, offsets [B] int64 -> [B, embeddingDim]. Source: torch.nn.EmbeddingBag. */
export class EmbeddingBag extends Module {
  readonly weight: Parameter;
  readonly mode: 'sum' | 'mean' | 'max';
  readonly paddingIdx: number | undefined;

  /** @param options.mode - default 'mean'. */
  constructor(
    numEmbeddings: number,
    embeddingDim: number,
    options: EmbeddingOptions & { mode?: 'sum' | 'mean' | 'max' } = {},
  ) {
    super();
    this.mode = options.mode ?? 'mean';
    this.paddingIdx = paddingOf(options, numEmbeddings);
    this.weight = normalTable(numEmbeddings, embeddingDim, this.paddingIdx);
  }

  forward(input: Tensor, offsets: Tensor): Tensor {
    const padding = this.paddingIdx === undefined ? {} : { paddingIdx: this.paddingIdx };
    return embeddingBag(input, this.weight, offsets, { mode: this.mode, ...padding }); // [B, D]
  }

  override extraRepr(): string {
    return `${this.weight.shape.join(', ')}, mode='${this.mode}'${showPadding(this.paddingIdx)}`;
  }
}
