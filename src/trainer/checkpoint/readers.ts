// Checkpoints of other systems: recognised by their keys, converted into our parts, with a word on what has no place here.

import { CheckpointError } from '../../errors.ts';
import { fromAdaptive, isAdaptive } from './foreign/adaptive.ts';
import { fromFramework, isFramework } from './foreign/framework.ts';
import { fromInsightEngine, isInsightEngine } from './foreign/insight-engine.ts';
import { asCheckpoint, type Checkpoint, FORMAT } from './format.ts';
import { type ConvertedCheckpoint, fromLightning, isLightningCheckpoint } from './lightning.ts';
import { isDict, type StoredDict } from './stored.ts';

interface Reader {
  /** As it is called in messages. */
  readonly system: string;
  recognises(value: StoredDict): boolean;
  /** @throws {CheckpointError} where it is that system's and cannot be read. */
  convert(value: StoredDict, path: string): ConvertedCheckpoint;
}

/** Most telling keys first. */
const READERS: readonly Reader[] = [
  { system: 'PyTorch Lightning', recognises: isLightningCheckpoint, convert: fromLightning },
  { system: 'model-training-framework', recognises: isFramework, convert: fromFramework },
  { system: 'multimodal_insight_engine', recognises: isInsightEngine, convert: fromInsightEngine },
  { system: 'adaptiveneuralnetwork', recognises: isAdaptive, convert: fromAdaptive },
];

/** A checkpoint in our parts. */
export interface ReadCheckpoint {
  readonly checkpoint: Checkpoint;
  /** Whose file it was; undefined for ours. */
  readonly system: string | undefined;
  /** Keys of the file that have no place here. */
  readonly dropped: readonly string[];
}

/** What a file means for a run that goes on from it.
 *  @throws {CheckpointError} for a file of nobody's whom we know, of a newer version, or without its keys. */
export function readCheckpoint(value: unknown, path: string): ReadCheckpoint {
  const own = ownOf(value);
  if (own !== undefined) return { checkpoint: asCheckpoint(own, path), system: undefined, dropped: [] };
  const foreign = convertForeign(value, path);
  if (foreign === undefined) {
    const systems = READERS.map(({ system }) => system).join(', ');
    throw new CheckpointError(
      `Cannot resume from "${path}": expected a checkpoint of Sconce, ${systems}, got a file without their keys; warmStart() takes its weights`,
      { path },
    );
  }
  const { system, dropped } = foreign;
  return { checkpoint: asCheckpoint(foreign.value, path), system, dropped };
}

/** Our checkpoint in a file: all of it, or under `sconce` where the file has the keys of another system for its readers. */
function ownOf(value: unknown): StoredDict | undefined {
  if (!isDict(value)) return undefined;
  return [value, value.sconce].filter(isDict).find(({ format }) => format === FORMAT);
}

/** A checkpoint of another system in our parts; undefined for what is none.
 *  @throws {CheckpointError} where it is that system's and cannot be read. */
export function convertForeign(
  value: unknown,
  path: string,
): (ConvertedCheckpoint & { readonly system: string }) | undefined {
  if (!isDict(value)) return undefined;
  const own = ownOf(value);
  if (own !== undefined) return { value: { ...own }, dropped: [], system: 'Sconce' };
  const reader = READERS.find(({ recognises }) => recognises(value));
  return reader && { ...reader.convert(value, path), system: reader.system };
}
