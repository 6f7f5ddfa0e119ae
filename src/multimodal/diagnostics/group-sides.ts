// Which groups of an optimizer belong to which part of a model: by the name of the group, or by the names of its parameters.

import type { Module } from '../../nn/module.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { isNamed } from './components.ts';

/** The groups of each word, by their numbers: those whose name has the word in it, and of those without a name the ones of whose parameters all have.
 *  @param words - as 'vision_model'; a group belongs to the first that fits.
 *  @returns the groups, and the numbers of those that hold parameters of several words and cannot have a rate for each. */
export function groupsByWord(
  optimizer: AnyOptimizer,
  model: Module,
  words: readonly string[],
): { groups: ReadonlyMap<string, readonly number[]>; mixed: readonly number[] } {
  const names = new Map(Array.from(model.namedParameters(), ([name, parameter]) => [parameter, name]));
  const wordOf = (name: string): string | undefined => words.find((word) => isNamed(name, word));
  const groups = new Map<string, number[]>(words.map((word) => [word, []]));
  const mixed: number[] = [];
  for (const [i, { name, params }] of optimizer.paramGroups.entries()) {
    const own = name === undefined ? undefined : wordOf(name);
    const found = new Set(own === undefined ? params.map((each) => wordOf(names.get(each) ?? '')) : [own]);
    const [first] = found;
    if (found.size === 1 && first !== undefined) groups.get(first)!.push(i);
    else if ([...found].some((word) => word !== undefined)) mixed.push(i);
  }
  return { groups, mixed };
}

/** What keeps an optimizer from being balanced, one line a problem. */
export function groupProblems(optimizer: AnyOptimizer, model: Module, words: readonly string[]): string[] {
  const { groups, mixed } = groupsByWord(optimizer, model, words);
  const missing = words.filter((word) => groups.get(word)!.length === 0);
  if (missing.length === 0) return [];
  const got =
    mixed.length > 0 ? `group ${mixed.join(', ')} with parameters of several` : `none of ${missing.join(', ')}`;
  return [
    `optimizer: expected a parameter group each of ${words.join(', ')}, got ${got}; make it of componentGroups(model)`,
  ];
}
