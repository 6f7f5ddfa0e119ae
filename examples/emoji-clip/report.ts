// What the report of a run shows of the held-out emoji when the training has ended: look-ups, similarities, a map, classes that were never trained on, recall
// in each language, and whose work all of it is.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Tensor, tensor } from 'sconce';
import { RetrievalRecall } from 'sconce/metrics';
import type { GallerySection, ReportSection, TableCell } from 'sconce/tracking';
import type { LoopContext, RunReport } from 'sconce/trainer';
import { ATTRIBUTION, type Catalogue, type Emoji, matchesOf } from './data.ts';
import { type Embeddings, embed } from './embed.ts';
import type { EmojiClip } from './model.ts';
import { mapOf, similarityPictures } from './pictures.ts';
import { LANGUAGES, type Language } from './words.ts';
import { groupClasses, largestShare, subgroupClasses, type ZeroShotResult, zeroShot } from './zero-shot.ts';

const NUM_QUERIES = 12;
const NUM_RESULTS = 5;
const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  ...{ en: 'English', de: 'German', fr: 'French', es: 'Spanish', ja: 'Japanese' },
};

/** What is shown, and from what. */
interface Shown {
  readonly catalogue: Catalogue;
  readonly heldOut: readonly Emoji[];
  /** The Twitter pictures' files. */
  readonly files: readonly Uint8Array[];
  readonly embeddings: Embeddings;
}

/** A run, as builders of callbacks are given it. */
export interface ReportedRun {
  readonly folder: string;
  addToReport(report: RunReport): void;
}

/** A callback that fills the run's report at the end of the fit, and writes `embeddings.pt` into the run's folder. */
export class EmojiReport {
  readonly name = 'EmojiReport';
  readonly #model: EmojiClip;
  readonly #catalogue: Catalogue;
  readonly #run: ReportedRun;

  constructor({ model, catalogue, run }: { model: EmojiClip; catalogue: Catalogue; run: ReportedRun }) {
    this.#model = model;
    this.#catalogue = catalogue;
    this.#run = run;
  }

  async fitEnd({ logger }: Pick<LoopContext, 'logger'>): Promise<void> {
    const catalogue = this.#catalogue;
    const heldOut = catalogue.emoji.filter(({ isHeldOut }) => isHeldOut);
    const files = await Promise.all(heldOut.map(({ pictures }) => readFile(pictures.twitter)));
    const mode = this.#model.evalMode();
    try {
      const embeddings = await embed(this.#model, heldOut, join(this.#run.folder, 'embeddings.pt'));
      const shown = { catalogue, heldOut, files, embeddings };
      const zeroShots = classify(this.#model, shown);
      logger.logMetrics({
        'zero_shot/groups_top1': zeroShots.groups.top1,
        'zero_shot/subgroups_top1': zeroShots.subgroups.top1,
        'zero_shot/subgroups_top5': zeroShots.subgroups.top5,
      });
      this.#run.addToReport({
        title: 'Emoji and their words',
        headline: [
          ...['val/dl_en/image_to_text_r1', 'val/dl_en/image_to_text_r10', 'val/dl_en/text_to_image_r1'],
          ...['val/dl_ja/image_to_text_r1', 'zero_shot/groups_top1', 'zero_shot/subgroups_top1'],
        ],
        counts: {
          parameters: this.#model.parameters().reduce((sum, { numel }) => sum + numel, 0),
          emoji: catalogue.emoji.length,
          heldOut: heldOut.length,
          words: catalogue.vocabulary.length - 1,
        },
        sections: sectionsOf(shown, zeroShots, [
          { kind: 'plot', title: 'Similarities', pictures: await similarityPictures(shown, zeroShots.groups) },
          { kind: 'plot', title: 'Map', caption: MAP_CAPTION, pictures: [await mapOf(shown)] },
        ]),
      });
    } finally {
      mode.restore();
    }
  }
}

const MAP_CAPTION =
  'Held-out pictures and their English captions in the two directions in which embeddings differ most, each side less its own mean. A line joins a picture to its caption.';

interface ZeroShots {
  readonly groups: ZeroShotResult;
  readonly subgroups: ZeroShotResult;
}

function classify(model: EmojiClip, { catalogue, heldOut, embeddings: { image: images } }: Shown): ZeroShots {
  return {
    groups: zeroShot(model, catalogue, groupClasses(catalogue), { images, classOf: heldOut.map(({ group }) => group) }),
    subgroups: zeroShot(model, catalogue, subgroupClasses(catalogue), {
      images,
      classOf: heldOut.map(({ subgroup }) => subgroup),
    }),
  };
}

function sectionsOf(shown: Shown, zeroShots: ZeroShots, pictures: readonly ReportSection[]): ReportSection[] {
  return [
    picturesByName(shown),
    namesByPicture(shown),
    recallTable(shown),
    ...pictures,
    zeroShotTable(shown, zeroShots),
    { kind: 'text', title: 'Whose pictures and names', text: ATTRIBUTION.join('\n\n') },
  ];
}

/** Some of the held-out emoji, spread over the list, which is sorted by kind. */
export const spread = (count: number, of: number): number[] =>
  Array.from({ length: Math.min(count, of) }, (_, i) => Math.floor(((i + 0.5) * of) / Math.min(count, of)));

/** Those most similar to `query`, best first. */
function best(scores: Tensor, query: number): [index: number, score: number][] {
  const [values, indices] = scores.select(0, query).topk(Math.min(NUM_RESULTS, scores.size(1)));
  const fits = values.toArray() as number[];
  return (indices.toArray() as number[]).map((index, rank) => [index, fits[rank]!]);
}

/** Pictures looked up by what they are called, in each language in turn. */
function picturesByName({ heldOut, files, embeddings: { image, text } }: Shown): GallerySection {
  const rows = spread(NUM_QUERIES, heldOut.length).map((query, i) => {
    const language = LANGUAGES[i % LANGUAGES.length]!;
    const matches = matchesOf(heldOut, [language]);
    const results = best(text[language].matmul(image.t()), query).map(([index, score]) => ({
      ...{ picture: files[index]!, text: heldOut[index]!.label, score },
      isRight: matches[index] === matches[query],
    }));
    return { query: { text: heldOut[query]!.labels[language] }, results };
  });
  return { kind: 'gallery', title: 'Pictures found by name, in five languages', rows };
}

function namesByPicture({ heldOut, files, embeddings: { image, text } }: Shown): GallerySection {
  const matches = matchesOf(heldOut, ['en']);
  const scores = image.matmul(text.en.t());
  const rows = spread(NUM_QUERIES, heldOut.length).map((query) => ({
    query: { picture: files[query]! },
    results: best(scores, query).map(([index, score]) => ({
      ...{ text: heldOut[index]!.label, score },
      isRight: matches[index] === matches[query],
    })),
  }));
  return { kind: 'gallery', title: 'Names found by picture', rows };
}

function recallTable({ heldOut, embeddings: { image, text } }: Shown): ReportSection {
  const columns = [
    'image_to_text_r1',
    'image_to_text_r5',
    'image_to_text_r10',
    'text_to_image_r1',
    'text_to_image_r10',
  ];
  const rows = LANGUAGES.map((language): TableCell[] => {
    const recall = new RetrievalRecall();
    const matches = BigInt64Array.from(matchesOf(heldOut, [language]), BigInt);
    recall.update(image, text[language], tensor(matches));
    const values = recall.compute();
    return [LANGUAGE_NAMES[language], ...columns.map((key) => ({ share: values[key]! }))];
  });
  return {
    kind: 'table',
    title: 'Recall in each language',
    columns: ['captions', 'R@1, words of a picture', 'R@5', 'R@10', 'R@1, picture of words', 'R@10'],
    rows,
  };
}

function zeroShotTable({ heldOut }: Shown, { groups, subgroups }: ZeroShots): ReportSection {
  const row = (what: string, { names, top1, top5 }: ZeroShotResult, largest: number): TableCell[] => {
    return [what, names.length, { share: top1 }, { share: top5 }, { share: largest }];
  };
  const unknown = [...groups.unknown, ...subgroups.unknown];
  return {
    kind: 'table',
    title: 'Classes that were never trained on',
    caption:
      'Each held-out picture goes to the group of emoji whose names are nearest to it; the model has learned words of captions alone.' +
      (unknown.length === 0 ? '' : ` No caption has a word of ${unknown.join(', ')}: those pictures count as wrong.`),
    columns: ['classes', 'how many', 'right', 'among the first five', 'the most frequent class'],
    rows: [
      row(
        'groups',
        groups,
        largestShare(heldOut, ({ group }) => group),
      ),
      row(
        'subgroups',
        subgroups,
        largestShare(heldOut, ({ subgroup }) => subgroup),
      ),
    ],
  };
}
