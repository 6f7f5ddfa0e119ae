// Tables of vectors, looked up one by one or in bags.

import { ShapeError } from '../../errors.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { empty } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type FactoryOptions, factoryOf } from '../factory.ts';
import { embedding, embeddingBag, type LookupOptions, paddingRow } from '../functional/embedding.ts';
import { normal_ } from '../init.ts';
import { checkOptions, type KnownOptions, type OptionNames } from '../layer-options.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import { pythonFloat } from '../python-repr.ts';

/** A row of padding starts as zeros. */
export interface EmbeddingOptions extends LookupOptions, FactoryOptions {}

export interface EmbeddingBagOptions extends EmbeddingOptions {
  /** Default 'mean'. */
  mode?: 'sum' | 'mean' | 'max';
  /** The last offset is the end of the last bag, not the start of another. Default false. */
  includeLastOffset?: boolean;
}

/** How a pretrained table is taken over. */
export interface PretrainedOptions {
  /** Leave the table as it is in training. Default true. */
  freeze?: boolean;
}

const OPTIONS = {
  paddingIdx: true,
  maxNorm: true,
  normType: true,
  scaleGradByFreq: true,
  sparse: true,
  dtype: true,
  device: true,
} satisfies OptionNames<EmbeddingOptions>;

/** Rows start in N(0, 1). */
abstract class Table extends Module {
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly weight: Parameter;
  readonly paddingIdx: number | undefined;
  readonly maxNorm: number | undefined;
  readonly normType: number;
  readonly scaleGradByFreq: boolean;
  readonly sparse: boolean;

  constructor(
    numEmbeddings: number,
    embeddingDim: number,
    options: EmbeddingOptions,
    pretrained?: Tensor,
    more: KnownOptions = {},
  ) {
    super();
    checkOptions(this, { ...OPTIONS, ...more }, options);
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    const { paddingIdx, maxNorm, normType = 2, scaleGradByFreq = false, sparse = false } = options;
    this.paddingIdx = paddingIdx === undefined ? undefined : paddingRow(paddingIdx, numEmbeddings);
    this.maxNorm = maxNorm;
    this.normType = normType;
    this.scaleGradByFreq = scaleGradByFreq;
    this.sparse = sparse;
    this.weight = new Parameter(pretrained ?? empty([numEmbeddings, embeddingDim], factoryOf(options)));
    if (!pretrained) this.resetParameters();
  }

  resetParameters(): void {
    normal_(this.weight);
    const { paddingIdx } = this;
    if (paddingIdx !== undefined) noGrad(() => this.weight.select(0, paddingIdx).zero_());
  }

  protected get lookup(): LookupOptions {
    const { paddingIdx, maxNorm, normType, scaleGradByFreq, sparse } = this;
    return {
      normType,
      scaleGradByFreq,
      sparse,
      ...(paddingIdx === undefined ? {} : { paddingIdx }),
      ...(maxNorm === undefined ? {} : { maxNorm }),
    };
  }

  /** The table's size and what was said of norms and frequencies, with what a subclass has to say before and after that. */
  protected describe(before: readonly string[], after: readonly string[]): string {
    const parts = [`${this.numEmbeddings}, ${this.embeddingDim}`, ...before];
    if (this.maxNorm !== undefined) parts.push(`max_norm=${pythonFloat(this.maxNorm)}`);
    if (this.normType !== 2) parts.push(`norm_type=${pythonFloat(this.normType)}`);
    if (this.scaleGradByFreq) parts.push('scale_grad_by_freq=True');
    return [...parts, ...after].join(', ');
  }
}

function sizesOf(layer: string, table: Tensor): [rows: number, columns: number] {
  if (table.ndim === 2) return [table.size(0), table.size(1)];
  throw new ShapeError(`Cannot make ${layer}: expected a table of 2 dimensions, got [${table.shape.join(', ')}]`);
}

/** Rows by index. Shape: [...] int64 -> [..., embeddingDim]. Rows start in N(0, 1). Source: torch.nn.Embedding. */
export class Embedding extends Table {
  /** @param pretrained - for `fromPretrained`. */
  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingOptions = {}, pretrained?: Tensor) {
    super(numEmbeddings, embeddingDim, options, pretrained);
  }

  /** A layer of the table's memory. Shape: [numEmbeddings, embeddingDim]. */
  static fromPretrained(table: Tensor, options: LookupOptions & PretrainedOptions = {}): Embedding {
    const { freeze = true, ...rest } = options;
    const layer = new Embedding(...sizesOf('Embedding', table), rest, table);
    layer.weight.requiresGrad = !freeze;
    return layer;
  }

  forward(input: Tensor): Tensor {
    return embedding(input, this.weight, this.lookup);
  }

  override extraRepr(): string {
    const padding = this.paddingIdx === undefined ? [] : [`padding_idx=${this.paddingIdx}`];
    return this.describe(padding, this.sparse ? ['sparse=True'] : []);
  }
}

/** The sum, mean or maximum of rows. Shape: input [M] int64, offsets [B] int64 -> [B, embeddingDim]; or input [B, L] without offsets.
 *  Rows start in N(0, 1). Source: torch.nn.EmbeddingBag. */
export class EmbeddingBag extends Table {
  readonly mode: 'sum' | 'mean' | 'max';
  readonly includeLastOffset: boolean;

  /** @param pretrained - for `fromPretrained`. */
  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingBagOptions = {}, pretrained?: Tensor) {
    super(numEmbeddings, embeddingDim, options, pretrained, {
      mode: true,
      includeLastOffset: true,
    } satisfies OptionNames<Omit<EmbeddingBagOptions, keyof EmbeddingOptions>>);
    this.mode = options.mode ?? 'mean';
    this.includeLastOffset = options.includeLastOffset ?? false;
  }

  /** A layer of the table's memory. Shape: [numEmbeddings, embeddingDim]. */
  static fromPretrained(
    table: Tensor,
    options: Omit<EmbeddingBagOptions, keyof FactoryOptions> & PretrainedOptions = {},
  ): EmbeddingBag {
    const { freeze = true, ...rest } = options;
    const layer = new EmbeddingBag(...sizesOf('EmbeddingBag', table), rest, table);
    layer.weight.requiresGrad = !freeze;
    return layer;
  }

  /** @param options.perSampleWeights - a factor for each row, for mode 'sum'. Shape: as the input. */
  forward(input: Tensor, offsets?: Tensor, options: { perSampleWeights?: Tensor } = {}): Tensor {
    const { mode, includeLastOffset } = this;
    return embeddingBag(input, this.weight, offsets, { ...this.lookup, ...options, mode, includeLastOffset }); // [B, D]
  }

  override extraRepr(): string {
    const padding = this.paddingIdx === undefined ? [] : [`padding_idx=${this.paddingIdx}`];
    return this.describe([], [`mode='${this.mode}'`, ...padding]);
  }
}
