// Takes the loaders that a `MultiDataLoader` was given, each with its name.
import type { BatchLoader } from '../loader/batch-loader.ts';
import type { OptionProblems } from '../option-problems.ts';
import { trainLoaderNames } from './names.ts';

/** A loader with a name. */
export interface NamedLoader<B> {
  readonly name: string;
  readonly loader: BatchLoader<B>;
}

/** Loaders by name, or a list of loaders, of which those without a name are called dl0, dl1, … by their place. */
export type LoaderCollection<B> =
  | Readonly<Record<string, BatchLoader<B>>>
  | readonly (BatchLoader<B> | NamedLoader<B>)[];

/** Gives every loader its name, and notes what is wrong with names and loaders. */
export function nameLoaders<B>(loaders: LoaderCollection<B>, problems: OptionProblems): NamedLoader<B>[] {
  const isList = (value: typeof loaders): value is readonly (BatchLoader<B> | NamedLoader<B>)[] => Array.isArray(value);
  const isNamed = (entry: BatchLoader<B> | NamedLoader<B>): entry is NamedLoader<B> =>
    typeof entry === 'object' && 'loader' in entry;
  const defaults = trainLoaderNames(isList(loaders) ? loaders.length : 0);
  const entries = isList(loaders)
    ? loaders.map((entry, i) => (isNamed(entry) ? entry : { name: defaults[i]!, loader: entry }))
    : Object.entries(loaders ?? {}).map(([name, loader]) => ({ name, loader }));
  problems.expect(entries.length > 0, 'loaders', { wanted: 'at least one loader', got: 'none' });
  entries.forEach(({ name, loader }, i) => {
    const isLoader = typeof loader?.[Symbol.asyncIterator] === 'function' && typeof loader.setEpoch === 'function';
    problems.expect(isLoader, `loaders.${name}`, {
      wanted: 'a DataLoader, or what else plays batches by epoch',
      got: typeof loader,
    });
    const twin = entries.findIndex((other) => other.name === name);
    problems.expect(twin === i, `loaders.${name}`, { wanted: 'a name of its own', got: `that of loader ${twin}` });
    const same = entries.findIndex((other) => other.loader === loader);
    problems.expect(same === i, `loaders.${name}`, {
      wanted: 'a loader of its own',
      got: `that of "${entries[same]!.name}"`,
    });
    // JavaScript puts keys like "10" before all others: the order of the loaders would not be the written one.
    const isOrdered = isList(loaders) || !/^(0|[1-9]\d*)$/.test(name);
    problems.expect(isOrdered, `loaders.${name}`, {
      wanted: 'a name that is no number, or a list of { name, loader }',
      got: name,
    });
  });
  return entries;
}
