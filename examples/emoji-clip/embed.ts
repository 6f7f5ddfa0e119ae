// Embeddings of the held-out pictures and of their captions in every language, and two directions in which they differ most.
import { cat, linalg, noGrad, save, type Tensor } from 'sconce';
import { stackSamples } from './batches.ts';
import { type Emoji, EmojiDataset } from './data.ts';
import type { EmojiClip } from './model.ts';
import { LANGUAGES, type Language } from './words.ts';

/** Of length 1. Shape: [N, D] each. */
export interface Embeddings {
  readonly image: Tensor;
  readonly text: Readonly<Record<Language, Tensor>>;
}

/** Embeds the Twitter pictures of `emoji` and their captions, and writes pixels and embeddings to a file that Python opens; `text` there is English.
 *  The model is to be in evaluation mode. */
export async function embed(model: EmojiClip, emoji: readonly Emoji[], path: string): Promise<Embeddings> {
  const dataset = new EmojiDataset(emoji, { vendor: 'twitter', languages: LANGUAGES });
  const samples = await Promise.all(emoji.map((_, i) => dataset.get(i)));
  const { images, textData } = stackSamples(samples, LANGUAGES.length); // [N, 3, S, S], [N, L, W]
  const image = noGrad(() => model.embedImage(images));
  const text = Object.fromEntries(
    LANGUAGES.map((language, i) => [language, noGrad(() => model.embedText(textData.select(1, i)))]),
  ) as Record<Language, Tensor>; // every language
  const labels = emoji.map(({ label }) => label);
  await save({ pixels: images.mul(255).round().to('uint8'), image, text: text.en, labels }, path);
  return { image, text };
}

/** Places on a plane. Rule: each side less its own mean, since a contrastive model keeps its two sides in places of their own; of both together the first
 *  two principal components.
 *  Shape: image and text [N, D] -> places [2 N, 2], those of the pictures first.
 *  @returns shares - the part of the variance that lies in each direction. */
export function twoComponents(image: Tensor, text: Tensor): { places: number[][]; shares: number[] } {
  return noGrad(() => {
    const centred = cat([image, text].map((side) => side.sub(side.mean({ dim: [0] })))); // [2 N, D]
    const [, values, directions] = linalg.svd(centred, { fullMatrices: false });
    const variance = values.square();
    const places = centred.matmul(directions.narrow(0, 0, 2).t()); // [2 N, 2]
    return { places: places.toArray() as number[][], shares: variance.div(variance.sum()).toArray() as number[] };
  });
}
