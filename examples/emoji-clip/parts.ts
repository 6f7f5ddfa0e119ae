// The parts of the example that its configuration files name: model, data, batches, and what the report shows.
import type { nn } from 'sconce';
import { CachedDataset, type Collate } from 'sconce/data';
import { defineParts, part } from 'sconce/trainer';
import { collate, collateAugmented, type EmojiBatch } from './batches.ts';
import { type Emoji, EmojiDataset, type EmojiSample, readCatalogue, type Vendor } from './data.ts';
import { EmojiClip } from './model.ts';
import { EmojiReport, type ReportedRun } from './report.ts';
import { LANGUAGES, type Language } from './words.ts';

/** Which emoji a dataset has. */
const SHARES: Readonly<Record<string, (emoji: Emoji) => boolean>> = {
  all: () => true,
  trained: ({ isHeldOut }) => !isHeldOut,
  held_out: ({ isHeldOut }) => isHeldOut,
};

export default defineParts({
  models: {
    emoji_clip: part({
      options: { dim: 192 },
      build: async ({ dim }) => new EmojiClip((await readCatalogue()).vocabulary.length, dim),
    }),
  },
  datasets: {
    emoji: part({
      options: { vendor: String, share: 'all', languages: ['en'], size: 48 },
      build: async ({ vendor, share, languages, size }) => {
        const { emoji } = await readCatalogue();
        const has = SHARES[oneOf('share', share, Object.keys(SHARES))]!;
        const options = {
          size,
          vendor: oneOf<Vendor>('vendor', vendor, ['google', 'twitter']),
          languages: languages.map((language) => oneOf<Language>('languages', language, LANGUAGES)),
        };
        return new CachedDataset(new EmojiDataset(emoji.filter(has), options));
      },
    }),
  },
  callbacks: {
    emoji_report: part({
      options: {},
      build: async (_options, { model, run }: { model: nn.Module; run: ReportedRun }) => {
        if (model instanceof EmojiClip) return new EmojiReport({ model, run, catalogue: await readCatalogue() });
        throw new TypeError('Cannot report on emoji: expected the model emoji_clip, got another one');
      },
    }),
  },
  collates: {
    emoji: part({ options: {}, build: () => asCollate(collate) }),
    augmented_emoji: part({
      options: { numLanguages: 1, degrees: 15, scale: 0.15, shift: 0.1, color: 0.2, wordDropout: 0.1 },
      build: (options) => asCollate(collateAugmented(options)),
    }),
  },
});

/** Of samples that only the file knows: it names this collate for datasets of this example. */
const asCollate = (of: Collate<EmojiSample, EmojiBatch>) => of as Collate<unknown, unknown>;

/** @throws {RangeError} for a value that is none of those wanted. */
function oneOf<T extends string>(option: string, value: unknown, wanted: readonly T[]): T {
  const found = wanted.find((each) => each === value);
  if (found !== undefined) return found;
  throw new RangeError(`Cannot read emoji: expected ${option} of ${wanted.join(', ')}, got ${JSON.stringify(value)}`);
}
