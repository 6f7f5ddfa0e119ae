// What a loss of two modalities is given and gives, and what all of them can do: the base that the trainer and the other losses know.

import { Module } from '../../nn/module.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { gatherFeatures } from './gather-features.ts';

/** What belongs together in a batch: rows with equal ids are pairs of each other. A tensor [B] of int64, or one id a row. */
export type MatchIds = Tensor | readonly (string | number | bigint)[];

/** What a loss may be given; each says which of it it needs, and fails with the name of what is missing. */
export interface LossInputs {
  /** Shape: [B, D]. */
  readonly visionFeatures?: Tensor | undefined;
  /** Shape: [B, D]. */
  readonly textFeatures?: Tensor | undefined;
  /** Default: row i of one side belongs to row i of the other alone. */
  readonly matchIds?: MatchIds | undefined;
  /** Classes, [B] of int64, or several a row, [B, C] of 0 and 1. */
  readonly labels?: Tensor | undefined;
  /** Scores of classes, [B, C]. */
  readonly logits?: Tensor | undefined;
  /** Where a model's fusion has looked, as the model gives it. */
  readonly attentionWeights?: unknown;
  /** Places of the samples in their data set, [B] of int64: for losses that keep something of each sample. */
  readonly indices?: Tensor | undefined;
  /** Similarities in place of features, [B, B], over the temperature: what a model computed itself. Of several ranks each has its own. */
  readonly similarityMatrix?: Tensor | undefined;
  /** How alike samples are in meaning, [B, B], of the rows of all ranks in training: in place of labels. */
  readonly similarityScores?: Tensor | undefined;
  /** A penalty that the model computed itself, of one element. */
  readonly decorLoss?: Tensor | undefined;
  /** What the model was given, for losses that look at it themselves; what a `DataHandler` made of the batch. */
  readonly inputs?: Readonly<Record<string, unknown>> | undefined;
}

/** The loss, and by name what else is measured: tensors of one element, numbers, objects of such (`recalls`), and texts, which are told and not averaged (`current_phase`). Names are those of the log. */
export type LossOutput = Readonly<Record<string, unknown>> & { readonly loss: Tensor };

/** A loss. What it learns (a temperature, a projection) are parameters, what it keeps (a queue) buffers, so that a checkpoint has both. */
export abstract class MultimodalLoss extends Module {
  abstract override forward(inputs: LossInputs): LossOutput;

  /** Whether features come as the model gives them, and not with length 1: for losses that ask for a spread, which rows of length 1 cannot have. */
  get takesRawFeatures(): boolean {
    return false;
  }

  /** In training the rows of all ranks, in evaluation those of this one: see `gatherFeatures`. Shape: [B, ...] -> [rows, ...]. */
  protected gather(rows: Tensor): Tensor {
    return this.training ? gatherFeatures(rows) : rows;
  }

  /** Told when an epoch begins. @param _epoch - from 0. */
  updateEpoch(_epoch: number): void {}

  /** Told before the forward of each optimizer step. @param _step - optimizer steps done so far. @param _totalSteps - of the whole run; undefined where nobody knows. */
  updateStep(_step: number, _totalSteps?: number): void {}
}

/** Whether any of some losses takes features as the model gives them. */
export const takesRawFeatures = (...losses: readonly unknown[]): boolean =>
  losses.some((loss) => loss instanceof MultimodalLoss && loss.takesRawFeatures);
