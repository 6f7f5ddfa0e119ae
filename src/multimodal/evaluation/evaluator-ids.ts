// Which rows of an evaluation belong together: the ids that a batch carries, under the names that datasets have for them.

import type { Device } from '../../tensor/device.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { matchCodes } from '../losses/match-ids.ts';
import type { MatchIds } from '../losses/multimodal-loss.ts';

/** Names of the ids of both sides, the first that is there counts. */
const BOTH = ['originalIdx', 'original_idx', 'idx', 'matchIds', 'match_ids', 'matchId', 'match_id'];
/** Of texts, where there is another number of them than of pictures. */
const OF_TEXTS = ['textOriginalIdx', 'text_original_idx', 'textIdx', 'text_idx', 'textMatchIds', 'text_match_ids'];

/** Codes of the ids of both sides, [B] of int64; undefined where the batch has none. */
export interface RowIds {
  readonly image: Tensor | undefined;
  readonly text: Tensor | undefined;
}

/** @param rows - features of pictures and of texts in the batch.
 *  @throws {ShapeError} unless there is one id a row.  @throws {TypeError} for ids that are none. */
export function idsOf(batch: unknown, rows: readonly [image: number, text: number], device: Device): RowIds {
  const image = named(batch, BOTH);
  const text = named(batch, OF_TEXTS);
  return {
    image: image && matchCodes(`retrieval by "${image[0]}"`, image[1], rows[0], device),
    text: text && matchCodes(`retrieval by "${text[0]}"`, text[1], rows[1], device),
  };
}

function named(batch: unknown, names: readonly string[]): [name: string, ids: MatchIds] | undefined {
  if (typeof batch !== 'object' || batch === null || batch instanceof Tensor) return undefined;
  const name = names.find((each) => Reflect.get(batch, each) !== undefined && Reflect.get(batch, each) !== null);
  if (name === undefined) return undefined;
  const ids: unknown = Reflect.get(batch, name);
  // A dataset's column may be [B, 1].
  if (ids instanceof Tensor) return [name, ids.ndim > 1 && ids.numel === ids.size(0) ? ids.flatten() : ids];
  return [name, ids as MatchIds]; // what is no list is refused with the codes
}
