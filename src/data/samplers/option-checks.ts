// What the options of several samplers have in common, and how they are checked.
import { isPositiveInteger, OptionProblems } from '../option-problems.ts';
import type { TaggedParts } from './contrast-scores.ts';
import type { Sampler } from './sampler.ts';

/** Which part of an epoch a process plays, of several that train together. */
export interface RankOptions {
  /** Processes that share an epoch. Default 1. */
  readonly numReplicas?: number;
  /** Which of them this is, from 0. Default 0. */
  readonly rank?: number;
}

export const RANK_OPTIONS = ['numReplicas', 'rank'];

/** Problems of a sampler's options; what is called `wanted` here is what messages say. */
export class SamplerProblems extends OptionProblems {
  expectSeed(seed: unknown): void {
    const isSeed = Number.isSafeInteger(seed) && (seed as number) >= 0;
    this.expect(isSeed, 'seed', { wanted: 'an integer from 0 to 2^53 - 1', got: seed });
  }

  expectCount(option: string, count: unknown): void {
    this.expect(isPositiveInteger(count), option, { wanted: 'an integer above 0', got: count });
  }

  /** Notes a problem unless `count` is an integer from 0 on. */
  expectCountOrNone(option: string, count: unknown): void {
    this.expect(count === 0 || isPositiveInteger(count), option, { wanted: 'an integer from 0 on', got: count });
  }

  expectChoice(option: string, choice: unknown, choices: readonly string[]): void {
    const wanted = choices.map((one) => `'${one}'`).join(' or ');
    this.expect(choices.includes(choice as string), option, { wanted, got: choice });
  }

  expectRecord(option: string, record: unknown): void {
    const isRecord = typeof record === 'object' && record !== null && !Array.isArray(record);
    this.expect(isRecord, option, { wanted: 'an object with an entry for each dataset', got: record });
  }

  /** Notes a problem unless `parts` is a concatenation of datasets. */
  expectParts(option: string, parts: unknown): void {
    const datasets: unknown = (parts as Partial<TaggedParts> | null | undefined)?.datasets;
    const hasDatasets = Array.isArray(datasets) && datasets.every((one) => Number.isSafeInteger(one?.length));
    this.expect(hasDatasets, option, { wanted: 'a ConcatDataset, or another object with datasets', got: parts });
  }

  expectFlag(option: string, flag: unknown): void {
    this.expect(typeof flag === 'boolean', option, { wanted: 'true or false', got: flag });
  }

  expectSampler(sampler: unknown): void {
    const isSampler =
      typeof (sampler as Sampler | null)?.order === 'function' && typeof (sampler as Sampler).length === 'number';
    this.expect(isSampler, 'sampler', { wanted: 'an object with length and order', got: sampler });
  }

  expectRank({ numReplicas = 1, rank = 0 }: RankOptions): void {
    this.expectCount('numReplicas', numReplicas);
    const isRank = Number.isInteger(rank) && rank >= 0 && rank < numReplicas;
    this.expect(isRank, 'rank', { wanted: `an integer from 0 to numReplicas - 1 (${numReplicas - 1})`, got: rank });
  }
}
