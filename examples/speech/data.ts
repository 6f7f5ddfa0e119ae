// Five data sets of one machinery: the clips of each language as spectrograms, with the letters of what is said.
import { hannWindow, type Tensor } from 'sconce';
import {
  ArrayDataset,
  BucketByLengthSampler,
  ConcatDataset,
  DataLoader,
  groupCollateBy,
  padCollate,
  readWav,
  TaggedDataset,
} from 'sconce/data';
import { Alphabet, type Clip, isHeldOut, readClips } from './clips.ts';
import { COLUMN_RATE, logMel, melFilters, SAMPLE_RATE } from './spectrogram.ts';

/** Longer clips are left out: one of them would make a whole batch as long. */
const MAX_SECONDS = 8;

export interface SpeechSample {
  /** [columns, bands] */
  readonly spectrogram: Tensor;
  /** Numbers of the alphabet. */
  readonly letters: readonly number[];
  readonly text: string;
}

export interface SpeechDataOptions {
  readonly languages: readonly string[];
  /** Debian's `/usr/share`. */
  readonly share: string;
  readonly batchSize: number;
  readonly seed: number;
  /** Most clips of a language, for trials. */
  readonly maxClips?: number;
}

const collateGroup = padCollate({
  spectrogram: { lengths: 'columns' },
  letters: { dtype: 'int64', lengths: 'numLetters' },
});

/** What a batch has of one language: B clips. */
export interface SpeechGroup {
  readonly [name: string]: unknown;
  readonly datasetIdx: number;
  /** [B, 1, columns, bands, 1] */
  readonly stim: Tensor;
  /** Of each clip, without padding: int64 [B]. */
  readonly columns: Tensor;
  /** Numbers of the alphabet, 0 behind: int64 [B, most letters]. */
  readonly letters: Tensor;
  /** int64 [B] */
  readonly numLetters: Tensor;
  readonly text: readonly string[];
}

const collate = groupCollateBy((samples: (SpeechSample & { datasetIdx: number })[]): SpeechGroup => {
  const { spectrogram, datasetIdx: _datasetIdx, ...rest } = collateGroup(samples);
  return { ...rest, stim: spectrogram.unsqueeze(1).unsqueeze(-1), datasetIdx: samples[0]!.datasetIdx };
});

/** Clips of several languages, read once and kept in memory. */
export class SpeechData {
  readonly names: readonly string[];
  readonly alphabets: readonly Alphabet[];
  readonly #options: SpeechDataOptions;
  readonly #train: readonly Clips[];
  readonly #val: readonly Clips[];

  private constructor(options: SpeechDataOptions, languages: readonly Language[]) {
    this.names = options.languages;
    this.alphabets = languages.map(({ alphabet }) => alphabet);
    this.#options = options;
    this.#train = languages.map(({ train }) => ({ samples: train }));
    this.#val = languages.map(({ val }) => ({ samples: val }));
  }

  static async read(options: SpeechDataOptions): Promise<SpeechData> {
    const languages: Language[] = [];
    for (const language of options.languages) languages.push(await readLanguage(language, options));
    return new SpeechData(options, languages);
  }

  /** What a model's readouts need to know of each language. */
  get configs(): readonly { readonly session: string; readonly cids: readonly number[] }[] {
    return this.names.map((session, i) => ({
      session,
      cids: Array.from({ length: this.alphabets[i]!.size }, (_, letter) => letter),
    }));
  }

  /** Batches of clips that are about equally long, of all languages: little of them is padding. */
  trainDataloader() {
    const { batchSize, seed } = this.#options;
    const lengths = this.#train.flatMap(({ samples }) => samples.map(({ spectrogram }) => spectrogram.size(0)));
    const batchSampler = new BucketByLengthSampler(lengths, { batchSize, seed });
    return new DataLoader({ dataset: tagged(this.#train), batchSampler, collate });
  }

  valDataloader() {
    return new DataLoader({ dataset: tagged(this.#val), batchSize: this.#options.batchSize, collate });
  }
}

/** The clips of each language one after the other, with its number. */
const tagged = (parts: readonly Clips[]) =>
  new ConcatDataset(parts.map(({ samples }, i) => new TaggedDataset(new ArrayDataset(samples), i)));

interface Clips {
  readonly samples: readonly SpeechSample[];
}

interface Language {
  readonly alphabet: Alphabet;
  readonly train: readonly SpeechSample[];
  readonly val: readonly SpeechSample[];
}

async function readLanguage(language: string, { share, maxClips }: SpeechDataOptions): Promise<Language> {
  const clips = (await readClips(language, share)).slice(0, maxClips);
  const alphabet = new Alphabet(clips.filter((clip) => !isHeldOut(clip)).map(({ text }) => text));
  const [filters, window] = [melFilters(), hannWindow(256)];
  const read = async (wanted: readonly Clip[]): Promise<SpeechSample[]> => {
    const samples: SpeechSample[] = [];
    for (const { path, text } of wanted) {
      const { waveform, sampleRate } = await readWav(path);
      if (sampleRate !== SAMPLE_RATE)
        throw new RangeError(`Cannot read ${path}: expected ${SAMPLE_RATE} frames a second, got ${sampleRate}`);
      const spectrogram = logMel(waveform.squeeze({ dim: 0 }), filters, window);
      const letters = alphabet.encode(text);
      // CTC needs a frame for each letter, and one more between two that are alike.
      const isUsable = spectrogram.size(0) <= MAX_SECONDS * COLUMN_RATE && letters.length * 4 < spectrogram.size(0);
      if (isUsable) samples.push({ spectrogram, letters, text });
    }
    return samples;
  };
  return {
    alphabet,
    train: await read(clips.filter((clip) => !isHeldOut(clip))),
    val: await read(clips.filter(isHeldOut)),
  };
}
