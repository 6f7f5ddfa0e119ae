// Zero-shot classification of the held-out pictures: into the groups and subgroups of emoji, by what these are called. No class was ever trained on.
import { type Tensor, tensor } from 'sconce';
import { classEmbeddings, zeroShotClassify } from 'sconce/multimodal';
import type { Catalogue, Emoji } from './data.ts';
import type { EmojiClip } from './model.ts';
import { splitWords } from './words.ts';

/** Classes and the texts that stand for each. */
export interface Classes {
  readonly names: readonly string[];
  readonly prompts: readonly (readonly string[])[];
}

const asText = (name: string): string => name.replaceAll('-', ' ');

/** The groups of emoji; prompts are their own names and those of their subgroups, as 'animals nature', 'animal bird', 'plant flower'. */
export const groupClasses = ({ groups }: Catalogue): Classes => ({
  names: groups.map(({ name }) => name),
  prompts: groups.map(({ name, subgroups }) => [name, ...subgroups].map(asText)),
});

/** The subgroups; the prompt of each is its name. */
export const subgroupClasses = ({ groups }: Catalogue): Classes => {
  const names = groups.flatMap(({ subgroups }) => subgroups);
  return { names, prompts: names.map((name) => [asText(name)]) };
};

export interface ZeroShotResult {
  /** The classes that some prompt has words for. */
  readonly names: readonly string[];
  /** Those that none has. */
  readonly unknown: readonly string[];
  readonly top1: number;
  readonly top5: number;
  /** How often pictures of a class (row) were taken for another (column). */
  readonly confusion: readonly (readonly number[])[];
}

/** Classifies pictures by the class whose prompts are nearest. Words that no caption has say nothing to the model and are left out; the pictures of a class
 *  without any other count as wrong.
 *  @param images - embeddings, [N, D].  @param classOf - of each picture. */
export function zeroShot(
  model: EmojiClip,
  { vocabulary }: Catalogue,
  { names: all, prompts }: Classes,
  { images, classOf }: { images: Tensor; classOf: readonly string[] },
): ZeroShotResult {
  const wordIndex = new Map(vocabulary.map((word, i) => [word, i]));
  const known = prompts.map((texts) =>
    texts
      .map((text) => splitWords(text).flatMap((word) => wordIndex.get(word) ?? []))
      .filter(({ length }) => length > 0),
  );
  const has = all.map((_, i) => known[i]!.length > 0);
  const names = all.filter((_, i) => has[i]);
  const ofClass = known.filter((_, i) => has[i]);
  const rows = ofClass.flat();
  const width = Math.max(...rows.map(({ length }) => length));
  const words = tensor(rows.map((row) => Array.from({ length: width }, (_, i) => BigInt(row[i] ?? 0)))); // [P, W]
  const classes = ofClass.flatMap((texts, i) => texts.map(() => i));
  const centres = classEmbeddings(model.embedText(words), { numClasses: names.length, classes }); // [C, D]
  const found = zeroShotClassify({ imageEmbeddings: images, classEmbeddings: centres });
  const truth = classOf.map((name) => names.indexOf(name));
  const nearest = found.scores.topk(Math.min(5, names.length))[1].toArray() as number[][]; // [N, 5]
  const confusion = names.map(() => names.map(() => 0));
  for (const [i, [first]] of nearest.entries()) if (truth[i]! >= 0) confusion[truth[i]!]![first!]! += 1;
  const share = (isRight: (places: readonly number[], right: number) => boolean): number =>
    nearest.filter((places, i) => isRight(places, truth[i]!)).length / nearest.length;
  return {
    names,
    unknown: all.filter((_, i) => !has[i]),
    top1: share(([first], right) => first === right),
    top5: share((places, right) => places.includes(right)),
    confusion,
  };
}

/** How many of the pictures are of the most frequent class: what a classifier reaches that always says the same. */
export function largestShare(emoji: readonly Emoji[], classOf: (emoji: Emoji) => string): number {
  const counts = new Map<string, number>();
  for (const each of emoji) counts.set(classOf(each), (counts.get(classOf(each)) ?? 0) + 1);
  return Math.max(...counts.values()) / emoji.length;
}
