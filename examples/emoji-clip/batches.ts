// How samples become batches: as they are, or drawn anew from the batch's seed.
import { Generator, scope, type Tensor } from 'sconce';
import { type BatchContext, defaultCollate } from 'sconce/data';
import { type AugmentOptions, augmentPictures, dropLanguages, dropWords } from './augment.ts';
import type { EmojiSample } from './data.ts';
import type { EmojiInputs } from './model.ts';

/** A batch as the loaders make it. */
export interface EmojiBatch extends EmojiInputs {
  /** [B] int64; equal for what cannot be told apart by captions. */
  readonly matchIds: Tensor;
}

/** Pictures and captions as tensors, of datasets in `numLanguages` languages. Shape of textData: [B, L, W]. */
export function stackSamples(samples: readonly EmojiSample[], numLanguages: number): EmojiBatch {
  const { image, words, match } = defaultCollate(samples);
  const size = Math.sqrt(image.size(1) / 3);
  return {
    images: image.view([samples.length, 3, size, size]).to('float32').div(255),
    textData: words.view([samples.length, numLanguages, -1]).to('int64'),
    matchIds: match.to('int64'),
  };
}

/** Batches as they are, of captions in one language. */
export function collate(samples: readonly EmojiSample[]): EmojiBatch {
  const { textData, ...rest } = stackSamples(samples, 1);
  return { ...rest, textData: textData.select(1, 0) };
}

/** Batches that are drawn anew. What is drawn depends on the batch's seed alone: the same batch after a resume, and under any number of decoders. */
export const collateAugmented =
  (options: AugmentOptions & { readonly numLanguages: number }) =>
  (samples: readonly EmojiSample[], { seed }: BatchContext): EmojiBatch =>
    scope(() => {
      const generator = new Generator(seed);
      const { images, textData, matchIds } = stackSamples(samples, options.numLanguages);
      return {
        images: augmentPictures(images, options, generator),
        textData: dropWords(dropLanguages(textData, generator), options.wordDropout, generator),
        matchIds,
      };
    }, 'augmentation');
