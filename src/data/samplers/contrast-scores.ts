// The scores of a curriculum, brought into the order of a concatenation's samples.
import { ConfigError } from '../../errors.ts';
import { type NumberColumn, readNumbers } from './numbers.ts';

/** What a sampler needs of a `ConcatDataset`: the datasets in order, each with the number that its tag gives it (without a tag, its place). */
export interface TaggedParts {
  readonly datasets: readonly { readonly length: number; readonly datasetIdx?: number | undefined }[];
}

/** The datasets of a concatenation by name, and the scores of their samples. */
export interface NamedParts {
  readonly dataset: TaggedParts;
  /** The `datasetIdx` of each dataset by its name. */
  readonly datasetNameToIdx: Readonly<Record<string, number>>;
}

/**
 * What happens where scores and datasets do not fit. `'error'`: it is refused. `'pad'`, as VisionCore: scores that lack are 1, also for a whole dataset; scores
 * beyond a dataset's last sample are left out.
 */
export type ScoreMismatch = 'error' | 'pad';

export interface ScoreOptions extends NamedParts {
  readonly scores: Readonly<Record<string, NumberColumn>>;
  readonly onMismatch: ScoreMismatch;
}

/** The names of the datasets, in the order of the concatenation.  @throws {ConfigError} where a dataset has no name, or a name has no dataset. */
export function partNames({ dataset, datasetNameToIdx }: NamedParts, action: string): string[] {
  const names = new Map(Object.entries(datasetNameToIdx).map(([name, idx]) => [idx, name]));
  const numbers = dataset.datasets.map(({ datasetIdx }, place) => datasetIdx ?? place);
  const problems = [
    ...numbers
      .filter((idx) => !names.has(idx))
      .map((idx) => `datasetNameToIdx: expected a name for datasetIdx ${idx}, got none`),
    ...Object.entries(datasetNameToIdx)
      .filter(([, idx]) => !numbers.includes(idx))
      .map(
        ([name, idx]) =>
          `datasetNameToIdx: expected "${name}" to be one of the datasets ${numbers.join(', ')}, got ${idx}`,
      ),
    ...Object.entries(datasetNameToIdx)
      .filter(([name, idx]) => names.get(idx) !== name)
      .map(
        ([name, idx]) =>
          `datasetNameToIdx: expected one name a dataset, got "${name}" and "${names.get(idx)}" for ${idx}`,
      ),
  ];
  if (problems.length > 0) throw new ConfigError(action, problems);
  return numbers.map((idx) => names.get(idx)!);
}

/** The scores of all samples of a concatenation, in float32 as VisionCore's tensors have them.
 *  @throws {ConfigError} where they do not fit.  @throws {RangeError} for one that is negative, NaN or infinite. */
export function readScores(options: ScoreOptions, action: string): Float32Array {
  const { dataset, scores, onMismatch } = options;
  const names = partNames(options, action);
  const problems = Object.keys(scores)
    .filter((name) => !names.includes(name))
    .map((name) => `contrast scores: expected scores of the datasets ${names.join(', ')}, got some of "${name}"`);
  const columns = names.map((name) => {
    const column = Object.hasOwn(scores, name) ? scores[name] : undefined;
    return column === undefined ? undefined : readNumbers(column, action, `contrast scores of "${name}"`);
  });
  if (onMismatch === 'error') problems.push(...mismatches(dataset, names, columns));
  if (problems.length > 0) throw new ConfigError(action, problems);
  const all = new Float32Array(dataset.datasets.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  dataset.datasets.forEach(({ length }, place) => {
    const column = columns[place] ?? [];
    for (let i = 0; i < length; i++)
      all[start + i] = i < column.length ? checkScore(column[i]!, i, names[place]!, action) : 1;
    start += length;
  });
  return all;
}

function mismatches(
  { datasets }: TaggedParts,
  names: readonly string[],
  columns: readonly (ArrayLike<number> | undefined)[],
): string[] {
  return columns.flatMap((column, place) => {
    const { length } = datasets[place]!;
    if (column?.length === length) return [];
    return `contrast scores: expected ${length} for "${names[place]}", one a sample, got ${column?.length ?? 'none'}; onMismatch: 'pad' fills up with 1 and leaves out what is too much`;
  });
}

function checkScore(value: number, sample: number, name: string, action: string): number {
  const score = Math.fround(value);
  if (Number.isFinite(score) && score >= 0) return score + 0; // -0 becomes 0
  throw new RangeError(
    `Cannot ${action}: expected contrast scores that are finite and not negative, got ${value} for sample ${sample} of "${name}"`,
  );
}
