// Warm start: a model begins with the weights of a file, of which nothing else is used.

import { CheckpointError } from '../../errors.ts';
import type { Module, StateDict } from '../../nn/module.ts';
import { loadSafetensors } from '../../serial/safetensors.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { findWeights, type Weights } from './find-weights.ts';
import { readFrom } from './storage/open-storage.ts';

/** Gives the weights of a file that only the caller can read, by the model's names or by those that `rename` knows. */
export type WeightsLoader = (path: string) => Readonly<StateDict> | Promise<Readonly<StateDict>>;

export interface WarmStartOptions {
  /** Whether every weight of the model must be in the file, and none beside them. Default true. */
  readonly strict?: boolean | undefined;
  /** Names in the file, or the prefixes that their parts make, and what the model calls them: `{ 'module': '', 'encoder': 'backbone', 'fc.bias': 'head.bias' }`.
   *  The longest that fits a name is taken; '' fits every name. */
  readonly rename?: Readonly<Record<string, string>> | undefined;
  /** Where in the file the weights are, as in 'ema.model'. Default: where programs usually put them. */
  readonly key?: string | undefined;
  /** Reads the file in place of this library. */
  readonly loader?: WeightsLoader | undefined;
}

/** What became of the names. */
export interface WarmStartReport {
  readonly path: string;
  readonly loaded: readonly string[];
  /** Of the model, and not in the file. */
  readonly missing: readonly string[];
  /** In the file, by the names that it has there, and not of the model. */
  readonly unexpected: readonly string[];
  /** In both, with other shapes: the model keeps its own. */
  readonly mismatched: readonly {
    readonly name: string;
    readonly expected: readonly number[];
    readonly got: readonly number[];
  }[];
}

const OPTIONS = ['strict', 'rename', 'key', 'loader'];

/** Loads the weights of a file into a model, and nothing else: a checkpoint of ours or of another system, a state dict of PyTorch's (.pt, .pth, .ckpt),
 *  or safetensors; also from s3:// and gs://, but for safetensors. Nothing is changed unless it fits.
 *  @returns which names were loaded and which were not, for `strict: false`.
 *  @throws {CheckpointError} for a file without weights, weights that do not fit, or a file of which nothing at all fits. @throws {TypeError} for unknown options. */
export async function warmStart(model: Module, path: string, options: WarmStartOptions = {}): Promise<WarmStartReport> {
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`Cannot start from weights: expected options ${OPTIONS.join(', ')}, got "${unknown}"`);
  const { strict = true, rename = {} } = options;
  const weights = await readWeights(path, options);
  const named = renamed(weights, rename, path);
  const own = model.stateDict();
  const report = compare(path, own, named);
  const isWhole = report.missing.length + report.unexpected.length + report.mismatched.length === 0;
  if (report.loaded.length === 0 || (strict && !isWhole)) throw misfit(report, { strict });
  const state = Object.fromEntries(report.loaded.map((name) => [name, named.get(name)!.tensor]));
  model.loadStateDict(state, { strict: false });
  return report;
}

/** A line for a log; undefined where everything was loaded. */
export function describeWarmStart({ path, loaded, missing, unexpected, mismatched }: WarmStartReport): string {
  const parts = [
    ...(missing.length > 0 ? [`new in the model: ${some(missing)}`] : []),
    ...(unexpected.length > 0 ? [`only in the file: ${some(unexpected)}`] : []),
    ...(mismatched.length > 0 ? [`of another shape: ${some(mismatched.map(({ name }) => name))}`] : []),
  ];
  return `Started with ${loaded.length} weights of "${path}"${parts.length > 0 ? `; ${parts.join('; ')}` : ''}`;
}

async function readWeights(path: string, { loader, key }: WarmStartOptions): Promise<Readonly<Record<string, Tensor>>> {
  if (loader !== undefined) {
    const given: unknown = await loader(path);
    const found = findWeights(given, key);
    if (found === undefined)
      throw new CheckpointError(`Cannot start from "${path}": expected tensors by name from the loader, got none`, {
        path,
      });
    return found.weights;
  }
  if (/\.safetensors(\.index\.json)?$/.test(path)) return loadSafetensors(path);
  const { value } = await readFrom(path, { allowsPlaceholders: true });
  const found = findWeights(value, key);
  if (found !== undefined) return found.weights;
  const place = key === undefined ? 'somewhere in the file' : `at "${key}"`;
  throw new CheckpointError(`Cannot start from "${path}": expected tensors by name ${place}, got none`, { path });
}

interface Named {
  readonly original: string;
  readonly tensor: Tensor;
}

/** @throws {CheckpointError} for a rule that fits no name, or names that become one. */
function renamed(weights: Weights, rename: Readonly<Record<string, string>>, path: string): Map<string, Named> {
  const rules = Object.entries(rename).sort(([a], [b]) => b.length - a.length);
  const unused = new Set(Object.keys(rename));
  const named = new Map<string, Named>();
  for (const [original, tensor] of Object.entries(weights)) {
    const rule = rules.find(([prefix]) => fits(original, prefix));
    if (rule) unused.delete(rule[0]);
    const name = rule ? joined(rule[1], original.slice(rule[0].length)) : original;
    const taken = named.get(name);
    if (taken)
      throw new CheckpointError(
        `Cannot start from "${path}": expected names that stay apart, got "${taken.original}" and "${original}" for "${name}"`,
        { path },
      );
    named.set(name, { original, tensor });
  }
  if (unused.size > 0)
    throw new CheckpointError(
      `Cannot start from "${path}": expected rename to have prefixes of its names, as in ${some(Object.keys(weights).slice(0, 3))}, got ${some([...unused])}`,
      { path },
    );
  return named;
}

const fits = (name: string, prefix: string): boolean =>
  prefix === '' || prefix.endsWith('.') ? name.startsWith(prefix) : name === prefix || name.startsWith(`${prefix}.`);

/** A new prefix and the rest, with one dot between them and none at the ends. */
function joined(prefix: string, rest: string): string {
  const parts = [prefix.replace(/\.$/, ''), rest.replace(/^\./, '')];
  return parts.filter((part) => part !== '').join('.');
}

function compare(path: string, own: Readonly<StateDict>, named: ReadonlyMap<string, Named>): WarmStartReport {
  const loaded: string[] = [];
  const missing: string[] = [];
  const mismatched: { name: string; expected: readonly number[]; got: readonly number[] }[] = [];
  for (const [name, tensor] of Object.entries(own)) {
    const other = named.get(name)?.tensor;
    if (!(tensor instanceof Tensor)) continue; // a module's own state beside tensors
    if (other === undefined) missing.push(name);
    else if (other.shape.join() === tensor.shape.join()) loaded.push(name);
    else mismatched.push({ name, expected: tensor.shape, got: other.shape });
  }
  const unexpected = [...named].filter(([name]) => !(name in own)).map(([, { original }]) => original);
  return { path, loaded, missing, unexpected, mismatched };
}

function misfit(
  { path, loaded, missing, unexpected, mismatched }: WarmStartReport,
  { strict }: { strict: boolean },
): CheckpointError {
  const lines = [
    ...(missing.length > 0 ? [`not in the file: ${some(missing)}`] : []),
    ...(unexpected.length > 0 ? [`only in the file: ${some(unexpected)}`] : []),
    ...mismatched.map(
      ({ name, expected, got }) => `"${name}": expected shape [${expected.join(', ')}], got [${got.join(', ')}]`,
    ),
  ];
  const wanted = strict ? 'the weights of this model' : 'at least one weight of this model';
  const way = loaded.length > 0 ? 'strict: false takes those that fit' : 'rename says which names are which';
  return new CheckpointError(`Cannot start from "${path}": expected ${wanted}, got\n  ${lines.join('\n  ')}\n${way}`, {
    path,
  });
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => `"${name}"`);
  return names.length > 8 ? `${shown.join(', ')} and ${names.length - 8} more` : shown.join(', ');
}
