// Merges the overloads of one public name into one TypeScript signature: positional arguments, options, and which overload a call means.

import { camelCase, kindsOf, typeOf } from './types.mjs';

/** A creation function's schema ends with PyTorch's tensor options; Python adds `requires_grad` to them. */
const REQUIRES_GRAD = {
  name: 'requires_grad',
  type: 'bool',
  isNullable: true,
  fallback: 'None',
  isKeyword: true,
  isTracking: true,
};

/** The arguments that a caller writes: without a method's `self`, with `self` of a function called `input` as in Python. */
function visibleArgs(schema, isMethod, wrapped) {
  const hasInput = schema.args.some((arg) => arg.name === 'input');
  const args = [];
  for (const arg of schema.args) {
    if (isMethod && arg.name === 'self') continue;
    const publicName = arg.name === 'self' && !hasInput ? 'input' : arg.name;
    args.push({ ...arg, publicName: camelCase(publicName), takesNumber: wrapped.includes(arg.name) });
  }
  if (schema.args.some((arg) => arg.name === 'pin_memory')) args.push({ ...REQUIRES_GRAD, publicName: 'requiresGrad' });
  return args;
}

/** How many leading arguments every overload has and requires. They are positional; all others are options. */
function countPositional(argLists) {
  const limits = argLists.map((args) => {
    const end = args.findIndex((arg) => arg.isKeyword || arg.fallback !== undefined);
    return end < 0 ? args.length : end;
  });
  return Math.min(...limits);
}

/** One public name.
 *  @param overloads - `{ schema, index, wrapped }` in PyTorch's order; `index` is the place in the operator table.
 *  @returns `overloads` with `positional` and `options` each, `optionNames` of all, and `candidates`: what a call is tried against, in order.
 *  @throws {Error} if a call can never reach one of the overloads. */
export function mergeOverloads(name, overloads, isMethod) {
  const argLists = overloads.map(({ schema, wrapped }) => visibleArgs(schema, isMethod, wrapped ?? []));
  const positionalCount = countPositional(argLists);
  const merged = overloads.map((overload, i) => ({
    ...overload,
    positional: argLists[i].slice(0, positionalCount),
    options: argLists[i].slice(positionalCount),
  }));
  const optionNames = [...new Set(merged.flatMap((overload) => overload.options.map((option) => option.publicName)))];
  if (optionNames.length > 31) {
    throw new Error(`Cannot merge ${name}: expected at most 31 options, got ${optionNames.length}`);
  }
  return { name, isMethod, overloads: merged, optionNames, candidates: listCandidates(name, merged) };
}

/** Every overload as it stands; after them, those with a nullable option that has no default (as `dim` of `sum.dim_IntList`) once more, with the option
 *  absent: in Python such a call has to write `None`. */
function listCandidates(name, overloads) {
  const candidates = [];
  for (const overload of overloads) {
    const candidate = { overload, required: requiredOptions(overload) };
    const before = candidates.find((earlier) => covers(earlier, candidate));
    if (before) {
      throw new Error(
        `Cannot merge ${name}: every call of ${overload.schema.key} is one of ${before.overload.schema.key}; settle it in scripts/operators/policy.mjs`,
      );
    }
    candidates.push(candidate);
  }
  for (const overload of overloads) {
    const absent = overload.options.filter((option) => option.fallback === undefined && option.isNullable);
    if (absent.length === 0) continue;
    const required = overload.options.filter(isRequired).map((option) => option.publicName);
    // With its only such option present, a call fits the overload as it stands.
    const rest =
      absent.length === 1
        ? { ...overload, options: overload.options.filter((option) => option !== absent[0]) }
        : overload;
    if (candidates.some((earlier) => covers(earlier, { overload: rest, required }))) continue;
    if (candidates.at(-1).overload === overload) candidates.pop();
    candidates.push({ overload, required });
  }
  return candidates;
}

/** Whether an option must be written. One that Python wants written as `None` is simply left out here. */
export const isRequired = (option) => option.fallback === undefined && !option.isNullable;

function requiredOptions(overload) {
  return overload.options.filter((option) => option.fallback === undefined).map((option) => option.publicName);
}

const isSubset = (part, whole) => [...part].every((element) => whole.has(element));

/** Whether every call that fits `late` fits `early` as well. */
function covers(early, late) {
  const earlyOptions = new Map(early.overload.options.map((option) => [option.publicName, option]));
  return (
    late.overload.positional.every((arg, i) => isSubset(kindsOf(arg), kindsOf(early.overload.positional[i]))) &&
    late.overload.options.every((option) => {
      const other = earlyOptions.get(option.publicName);
      return other !== undefined && isSubset(withoutAbsent(option), kindsOf(other));
    }) &&
    early.required.every((name) => late.required.includes(name))
  );
}

/** An absent option is told by the set of names, not by its kind. */
export function withoutAbsent(option) {
  const kinds = kindsOf(option);
  kinds.delete('undefined');
  return kinds;
}

/** The signatures that TypeScript shows, as few as give every call its exact result type.
 *  Each is `{ positional: [{ name, type }], options: [{ name: { type, isOptional } }…], result }`; `options` are alternatives. */
export function showSignatures(member, resultOf) {
  const shown = member.overloads.map((overload) => {
    const options = {};
    for (const option of overload.options) {
      options[option.publicName] = { type: typeOf(option), isOptional: !isRequired(option) };
    }
    return {
      positional: overload.positional.map((arg) => ({
        name: arg.publicName,
        type: typeOf(arg) + (arg.isNullable ? ' | undefined' : ''),
      })),
      options: [options],
      result: resultOf(overload.schema),
    };
  });
  return joinAll(shown, joinSignatures);
}

/** Joins any two elements that `join` makes one of, until there are none. */
function joinAll(elements, join) {
  const rest = [...elements];
  for (let i = 0; i < rest.length; i++) {
    for (let j = i + 1; j < rest.length; j++) {
      const both = join(rest[i], rest[j]);
      if (both === undefined) continue;
      rest[i] = both;
      rest.splice(j, 1);
      return joinAll(rest, join); // what was kept apart may join the wider one
    }
  }
  return rest;
}

/** Two signatures as one, where the one admits just what the two do; undefined otherwise. */
function joinSignatures(a, b) {
  if (a.result !== b.result) return undefined;
  const differing = a.positional.flatMap((arg, i) => (arg.type === b.positional[i].type ? [] : [i]));
  const hasSameOptions = JSON.stringify(a.options) === JSON.stringify(b.options);
  if (hasSameOptions && differing.length <= 1) {
    const positional = a.positional.map((arg, i) => ({
      name: joinNames(arg.name, b.positional[i].name),
      type: joinTypes(arg.type, b.positional[i].type),
    }));
    return { ...a, positional };
  }
  if (differing.length > 0 || a.positional.some((arg, i) => arg.name !== b.positional[i].name)) return undefined;
  const alternatives = joinAll([...a.options, ...b.options], joinOptions);
  return { ...a, options: alternatives.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)) };
}

/** Two alternative sets of options as one: the wider one, or where they differ in one option alone, both types of it. */
function joinOptions(a, b) {
  if (includesOptions(a, b)) return a;
  if (includesOptions(b, a)) return b;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length || names.some((name) => !(name in b))) return undefined;
  const differing = names.filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
  if (differing.length !== 1) return undefined;
  const [name] = differing;
  const option = { type: joinTypes(a[name].type, b[name].type), isOptional: a[name].isOptional || b[name].isOptional };
  return { ...a, [name]: option };
}

/** Whether every object of type `part` is one of type `whole`. */
function includesOptions(whole, part) {
  return (
    Object.entries(part).every(
      ([name, { type }]) => name in whole && joinTypes(whole[name].type, type) === whole[name].type,
    ) && Object.entries(whole).every(([name, { isOptional }]) => isOptional || part[name]?.isOptional === false)
  );
}

/** `size` and `dtype` as `sizeOrDtype`; of `indices` and `tensorIndices` the shorter stands for both. */
export function joinNames(...names) {
  if (new Set(names).size === 1) return names[0];
  const parts = names.flatMap((name) => name.split(/Or(?=[A-Z])/)).map(lowerFirst);
  const kept = [...new Set(parts)].filter(
    (part, _, all) => !all.some((other) => part !== other && part.endsWith(upperFirst(other))),
  );
  return kept.map((part, i) => (i === 0 ? part : `Or${upperFirst(part)}`)).join('');
}

const lowerFirst = (name) => name[0].toLowerCase() + name.slice(1);
const upperFirst = (name) => name[0].toUpperCase() + name.slice(1);

/** The union of two types, each written once. */
export function joinTypes(...types) {
  return [...new Set(types.flatMap((type) => splitUnion(type)))].join(' | ');
}

function splitUnion(type) {
  return type.split(/ \| (?![^(]*\))/);
}
