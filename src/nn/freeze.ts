// Freezing by name: which parameters are trained, chosen by globs and regular expressions.

import { readOptions } from '../tensor/arguments.ts';
import { describeValue } from '../tensor/autograd/callback.ts';
import type { Module } from './module.ts';
import { registry } from './module-registry.ts';
import { namedParameters } from './module-tree.ts';
import type { Parameter } from './parameter.ts';
import { isLazy } from './uninitialized.ts';

/** Names of parameters. In a string, `*` stands for any characters (dots too), `?` for one, `[ab]` for one of several; a string is a whole name, or the
 *  name of a module for everything below it: 'encoder' is 'encoder.*', 'layers.[0-3]' are four blocks. A regular expression is searched for. */
export type NamePattern = string | RegExp | readonly (string | RegExp)[];

export interface FreezeOptions {
  /** Keep the modules that the pattern names in evaluation mode too, whatever `train()` says: their running statistics stay, and their dropout is off.
   *  Default false, as in PyTorch, where frozen batch norms go on averaging in training. */
  inEval?: boolean;
}

/** What `freeze` and `unfreeze` found. */
export interface FreezeReport {
  /** Names of the parameters, each under all its names. */
  readonly parameters: readonly string[];
  /** Elements of those parameters, a shared one counted once, one that waits for its shape not at all. */
  readonly numElements: number;
  /** Names of the modules concerned whose running statistics go on changing in training: batch norms, unless `inEval` keeps them. */
  readonly updating: readonly string[];
}

const SPECIAL = /[.+^${}()|\\]/g;

/** @throws {SyntaxError} for brackets without an end.  @internal */
export function globToRegExp(glob: string): RegExp {
  const source = glob.replaceAll(SPECIAL, '\\$&').replaceAll('*', '.*').replaceAll('?', '.').replaceAll('[!', '[^');
  try {
    return new RegExp(`^(?:${source})(?:$|\\.)`);
  } catch (cause) {
    throw new SyntaxError(
      `Cannot read the pattern "${glob}": expected a glob, got one that does not end its brackets`,
      { cause },
    );
  }
}

/** Whether a name fits one of the patterns.
 *  @throws {TypeError} for what is no pattern.  @internal */
export function matchesName(action: string, pattern: NamePattern): (name: string) => boolean {
  const list: readonly unknown[] = Array.isArray(pattern) ? pattern : [pattern];
  const expressions = list.map((each) => {
    if (each instanceof RegExp) return new RegExp(each.source, each.flags.replace(/[gy]/g, ''));
    if (typeof each === 'string') return globToRegExp(each);
    throw new TypeError(`Cannot ${action}: expected a string or a regular expression, got ${describeValue(each)}`);
  });
  return (name) => expressions.some((expression) => expression.test(name));
}

const show = (pattern: NamePattern): string =>
  (Array.isArray(pattern) ? pattern : [pattern])
    .map((each) => (typeof each === 'string' ? `"${each}"` : String(each)))
    .join(', ');

/** Whether its running statistics change in training. */
function isUpdating(module: Module): boolean {
  return module.training && module[registry].buffers.get('num_batches_tracked')?.tensor !== undefined;
}

/** @internal `Module.freeze`, `Module.unfreeze`. */
export function setFrozen(
  root: Module,
  pattern: NamePattern,
  isFrozen: boolean,
  options: FreezeOptions = {},
): FreezeReport {
  const action = `${isFrozen ? 'freeze' : 'unfreeze'} parts of ${root.constructor.name}`;
  readOptions(isFrozen ? 'freeze' : 'unfreeze', ['inEval'], options);
  const fits = matchesName(action, pattern);
  const named = [...namedParameters(root, { removeDuplicate: false })];
  const found = named.filter(([name]) => fits(name));
  const modules = [...root.namedModules({ removeDuplicate: false })].filter(([name]) => name !== '' && fits(name));
  if (found.length === 0 && !(options.inEval && modules.length > 0)) {
    const names = [...new Set(named.map(([name]) => name.split('.')[0]))].map((name) => `"${name}"`);
    throw new RangeError(
      `Cannot ${action}: expected names that match ${show(pattern)}, got none among ${named.length} parameters${names.length > 0 ? `; they begin with ${names.slice(0, 20).join(', ')}` : ''}`,
    );
  }
  const parameters = new Set(found.map(([, parameter]) => parameter));
  for (const parameter of parameters) freezeParameter(parameter, isFrozen);
  if (options.inEval || !isFrozen) for (const [, module] of modules) keepInEval(module, isFrozen);
  return {
    parameters: found.map(([name]) => name),
    numElements: [...parameters].reduce((sum, parameter) => sum + (isLazy(parameter) ? 0 : parameter.numel), 0),
    updating: updatingModules(
      root,
      found.map(([name]) => name),
      fits,
    ),
  };
}

/** Modules that match, or that own a parameter that does. */
function updatingModules(root: Module, found: readonly string[], fits: (name: string) => boolean): string[] {
  const owners = new Set(found.map((name) => name.slice(0, Math.max(name.lastIndexOf('.'), 0))));
  const isMeant = (name: string): boolean => owners.has(name) || (name !== '' && fits(name));
  return Array.from(root.namedModules(), ([name, module]) =>
    isMeant(name) && isUpdating(module) ? [name] : [],
  ).flat();
}

/** Without its gradient, which an optimizer would go on applying. */
function freezeParameter(parameter: Parameter, isFrozen: boolean): void {
  parameter.requiresGrad = !isFrozen;
  if (isFrozen && !isLazy(parameter)) parameter.grad = undefined;
}

function keepInEval(module: Module, isFrozen: boolean): void {
  const own = module[registry];
  if (own.staysInEval === isFrozen) return;
  own.staysInEval = isFrozen;
  if (isFrozen) module.training = false;
}
