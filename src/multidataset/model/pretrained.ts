// Weights of another training: what lies in a file, under which names, and what a network takes of it.

import { CheckpointError } from '../../errors.ts';
import { checkOptions, flag, show } from '../../metrics/options.ts';
import type { Module, StateDict } from '../../nn/index.ts';
import { loadSafetensors } from '../../serial/safetensors.ts';
import { findWeights } from '../../trainer/checkpoint/find-weights.ts';
import { readFrom } from '../../trainer/checkpoint/storage/open-storage.ts';
import { type WarmStartReport, warmStart } from '../../trainer/checkpoint/warm-start.ts';
import type { ModularNetwork } from '../network/modular-network.ts';

/** Options of `MultiDatasetModel.loadPretrained`. */
export interface LoadPretrainedOptions {
  /** Do not train adapters, frontend and convnet. Running statistics of norms go on changing, as in VisionCore. Default false. */
  readonly freezeVision?: boolean;
}

/** What became of weights. Names are the network's, as `convnet.layers.0.weight`. */
export interface PretrainedReport extends WarmStartReport {
  /** Of adapters, frontend and convnet, and not in the file: they keep what they have. */
  readonly missing: readonly string[];
  /** In the file, and not in the network, as the adapters of further data sets. */
  readonly unexpected: readonly string[];
  /** How many were loaded of each part. */
  readonly breakdown: Readonly<Record<string, number>>;
  /** Names that are not trained any more. */
  readonly frozen: readonly string[];
}

/** Parts that see. Source: VisionCore. */
export const VISION = ['adapters', 'frontend', 'convnet'] as const;

/** Loads the parts that see. @throws {CheckpointError} for a file of which nothing fits. */
export async function loadPretrained(
  network: ModularNetwork,
  path: string,
  options: LoadPretrainedOptions,
): Promise<PretrainedReport> {
  checkOptions('load pretrained weights', options, { freezeVision: flag });
  const report = await loadParts(network, path, VISION);
  if (!options.freezeVision) return report;
  return { ...report, frozen: freezeParts(network, VISION) };
}

/** Loads some parts of a network. */
export async function loadParts(
  network: ModularNetwork,
  path: string,
  parts: readonly string[],
): Promise<PretrainedReport> {
  const isOwn = (name: string): boolean => parts.some((part) => name.startsWith(`${part}.`));
  const weights = networkWeights(weightsOf(await readCheckpoint(path), path));
  const own = Object.fromEntries(Object.entries(weights).filter(([name]) => isOwn(name)));
  if (Object.keys(own).length === 0)
    throw new CheckpointError(
      `Cannot load pretrained weights of "${path}": expected weights of ${parts.join(', ')}, got ${Object.keys(weights).slice(0, 5).join(', ')}`,
      { path },
    );
  const { loaded, missing, unexpected, mismatched } = await warmStart(network as Module, path, {
    strict: false,
    loader: () => own,
  });
  const breakdown = parts.map((part) => [part, loaded.filter((name) => name.startsWith(`${part}.`)).length] as const);
  return {
    ...{ path, loaded, unexpected, mismatched, frozen: [] },
    missing: missing.filter(isOwn),
    breakdown: Object.fromEntries(breakdown),
  };
}

/** Freezes some parts of a network: those that have parameters. @returns their names. */
export function freezeParts(
  network: ModularNetwork,
  parts: readonly string[],
  options: { readonly inEval?: boolean } = {},
): readonly string[] {
  const names = Array.from(network.namedParameters(), ([name]) => name);
  const own = parts.filter((part) => names.some((name) => name.startsWith(`${part}.`)));
  return own.length === 0 ? [] : network.freeze(own, options).parameters;
}

/** What a file holds. */
export async function readCheckpoint(path: string): Promise<unknown> {
  if (typeof path !== 'string' || path === '')
    throw new TypeError(`Cannot read a checkpoint: expected a path, got ${show(path)}`);
  if (path.endsWith('.safetensors')) return loadSafetensors(path);
  return (await readFrom(path, { allowsPlaceholders: true })).value;
}

/** The weights in it. @throws {CheckpointError} where there are none. */
export function weightsOf(value: unknown, path: string): StateDict {
  const found = findWeights(value);
  if (found) return found.weights;
  throw new CheckpointError(`Cannot load "${path}": expected tensors by name, got none`, { path });
}

/** Weights by the names that a `ModularNetwork` has for them: without what a module around it and `torch.compile` put in front. Weights of objectives are left out. */
export function networkWeights(weights: Readonly<StateDict>): StateDict {
  const entries = Object.entries(weights).filter(([name]) => !name.startsWith('loss_fn.'));
  return Object.fromEntries(entries.map(([name, tensor]) => [networkName(name), tensor]));
}

function networkName(name: string): string {
  return name
    .replace(/^model\./, '')
    .replace(/^_orig_mod\./, '')
    .replaceAll('._orig_mod.', '.');
}
