// `PretrainedTokenizer`: the tokenizer.json of a Hugging Face folder, and batches of tensors from it.

import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckpointError, ConfigError } from '../errors.ts';
import { readOptions } from '../tensor/arguments.ts';
import { tensor } from '../tensor/create.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type TokenizerLike, tokenizerClass } from './tokenizer-library.ts';
import { exists, readJsonObject } from './weight-files.ts';

// B batch, T tokens.

export interface EncodeOptions {
  /** A second text, as of a question and its answer. */
  textPair?: string;
  /** Add what the model expects around a text, as in [CLS] and [SEP]. Default true. */
  addSpecialTokens?: boolean;
}

export interface BatchOptions {
  /** Longest sequence; of longer ones the end is left out, special tokens stay. Default: as long as they are. */
  maxLength?: number;
  /** Fill every sequence up to `maxLength`, instead of to the longest. Default false. */
  padToMaxLength?: boolean;
  /** Where padding goes: 'left' is for generation. Default 'right'. */
  paddingSide?: 'left' | 'right';
  /** What padding is. Default: the folder's. */
  padTokenId?: number;
  /** Default true. */
  addSpecialTokens?: boolean;
}

/** A text in tokens. */
export interface Encoding {
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
  /** The text that a token belongs to, 0 or 1. */
  readonly tokenTypeIds: readonly number[];
}

/** Texts as models take them: `model.forward(inputIds, { attentionMask })`. All are int64 [B, T]. */
export interface TokenBatch {
  readonly inputIds: Tensor;
  readonly attentionMask: Tensor;
  readonly tokenTypeIds: Tensor;
}

const BATCH_OPTIONS = ['maxLength', 'padToMaxLength', 'paddingSide', 'padTokenId', 'addSpecialTokens'];
const FILES = ['tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json'];

/** Texts to tokens and back, as the folder's tokenizer.json says. Source: transformers.AutoTokenizer, by the package @huggingface/tokenizers.
 *  @example
 *  import { PretrainedTokenizer } from 'sconce/models';
 *  const model = { type: 'WordLevel', vocab: { '[PAD]': 0, '[UNK]': 1, to: 2, be: 3, or: 4, not: 5 }, unk_token: '[UNK]' };
 *  const tokenizer = await PretrainedTokenizer.fromJson({ model, pre_tokenizer: { type: 'Whitespace' } }, { pad_token: '[PAD]' });
 *  tokenizer.encode('to be or not').ids; // [2, 3, 4, 5]
 *  tokenizer.batch(['to be', 'or']).inputIds; // tensor([[2, 3], [4, 0]]) */
export class PretrainedTokenizer {
  readonly #tokenizer: TokenizerLike;
  readonly #folder: string | undefined;
  /** What padding is; undefined where the folder says nothing of it. */
  readonly padTokenId: number | undefined;

  readonly #facts: TokenizerFacts;

  private constructor(tokenizer: TokenizerLike, facts: TokenizerFacts, folder: string | undefined) {
    this.#tokenizer = tokenizer;
    this.#folder = folder;
    this.#facts = facts;
    this.padTokenId = facts.padding;
  }

  /** Reads tokenizer.json, and tokenizer_config.json where there is one.
   *  @throws {CheckpointError} where tokenizer.json is missing or damaged, or of a kind that is not known. */
  static async fromPretrained(folder: string): Promise<PretrainedTokenizer> {
    const path = join(folder, 'tokenizer.json');
    const file = await readJsonObject(path);
    const configPath = join(folder, 'tokenizer_config.json');
    const config = (await exists(configPath)) ? await readJsonObject(configPath) : {};
    try {
      return await make(file, config, folder);
    } catch (cause) {
      throw new CheckpointError(`Cannot read "${path}": ${(cause as Error).message}`, { cause, path });
    }
  }

  /** From the contents of tokenizer.json and tokenizer_config.json.
   *  @throws {ConfigError} for a kind of tokenizer that is not known. */
  static fromJson(file: object, config: object = {}): Promise<PretrainedTokenizer> {
    return make(file as Record<string, unknown>, config as Record<string, unknown>, undefined);
  }

  /** @internal */
  static wrap(tokenizer: TokenizerLike, facts: TokenizerFacts, folder: string | undefined): PretrainedTokenizer {
    return new PretrainedTokenizer(tokenizer, facts, folder);
  }

  /** Number of tokens, added ones included. */
  get vocabSize(): number {
    return this.#tokenizer.get_vocab(true).size;
  }

  tokenToId(token: string): number | undefined {
    return this.#tokenizer.token_to_id(token);
  }

  idToToken(id: number): string | undefined {
    return this.#tokenizer.id_to_token(id);
  }

  encode(text: string, options: EncodeOptions = {}): Encoding {
    readOptions('encode', ['textPair', 'addSpecialTokens'], options);
    const { textPair, addSpecialTokens = true } = options;
    const { ids, tokens, token_type_ids } = this.#tokenizer.encode(text, {
      text_pair: textPair ?? null,
      add_special_tokens: addSpecialTokens,
      return_token_type_ids: true,
    });
    return {
      ids: ids.map((id, i) => this.#known(id, tokens[i]!)),
      tokens,
      tokenTypeIds: token_type_ids ?? ids.map(() => 0),
    };
  }

  /** The package has no number for a token that is not in the vocabulary. */
  #known(id: number | undefined, token: string): number {
    const known = id ?? this.#facts.unknown;
    if (known !== undefined) return known;
    throw new RangeError(
      `Cannot encode: expected tokens of the vocabulary, got "${token}"; the folder names no unk_token`,
    );
  }

  /** @param ids - numbers, or a tensor of one dimension.  @param options.skipSpecialTokens - leave out [CLS] and the like. Default true. */
  decode(ids: Tensor | readonly number[], options: { skipSpecialTokens?: boolean } = {}): string {
    readOptions('decode', ['skipSpecialTokens'], options);
    const numbers = ids instanceof Tensor ? (ids.toArray() as number | readonly unknown[]) : ids;
    if (!Array.isArray(numbers) || !numbers.every(Number.isInteger))
      throw new TypeError('Cannot decode: expected token ids of one sequence, got others');
    if (numbers.length === 0) return '';
    return this.#tokenizer.decode(numbers as number[], {
      skip_special_tokens: options.skipSpecialTokens ?? true,
      clean_up_tokenization_spaces: this.#facts.cleansUp,
    });
  }

  /** Texts, or pairs of them, in one batch of tensors, filled up to the same length.
   *  @throws {ConfigError} where something has to be filled up and the folder has no padding.
   *  @throws {RangeError} for a pair that is longer than `maxLength`: which of the texts to shorten is not ours to say. */
  batch(texts: readonly (string | readonly [string, string])[], options: BatchOptions = {}): TokenBatch {
    readOptions('batch', BATCH_OPTIONS, options);
    const { maxLength, padToMaxLength = false, paddingSide = 'right', addSpecialTokens = true } = options;
    if (texts.length === 0) throw new RangeError('Cannot make a batch of tokens: expected texts, got none');
    if (padToMaxLength && maxLength === undefined)
      throw new TypeError('Cannot make a batch of tokens: expected maxLength with padToMaxLength, got none');
    if (paddingSide !== 'left' && paddingSide !== 'right')
      throw new RangeError(
        `Cannot make a batch of tokens: expected paddingSide "left" or "right", got "${String(paddingSide)}"`,
      );
    const rows = texts.map((text) => this.#row(text, addSpecialTokens, maxLength));
    const longest = Math.max(...rows.map(({ ids }) => ids.length));
    const length = padToMaxLength ? maxLength! : longest;
    const needsPadding = rows.some(({ ids }) => ids.length < length);
    const padding = options.padTokenId ?? this.padTokenId;
    if (needsPadding && padding === undefined)
      throw new ConfigError('make a batch of tokens', [
        'expected a pad_token in tokenizer_config.json, got none; give padTokenId',
      ]);
    const fill = (values: readonly number[], filler: number): number[] => {
      const gap = new Array<number>(length - values.length).fill(filler);
      return paddingSide === 'left' ? [...gap, ...values] : [...values, ...gap];
    };
    const matrix = (rowsOf: number[][]): Tensor => tensor(rowsOf, { dtype: 'int64' });
    return {
      inputIds: matrix(rows.map(({ ids }) => fill(ids, padding ?? 0))),
      attentionMask: matrix(
        rows.map(({ ids }) =>
          fill(
            ids.map(() => 1),
            0,
          ),
        ),
      ),
      tokenTypeIds: matrix(rows.map(({ tokenTypeIds }) => fill(tokenTypeIds, 0))),
    };
  }

  #row(
    text: string | readonly [string, string],
    addSpecialTokens: boolean,
    maxLength: number | undefined,
  ): Pick<Encoding, 'ids' | 'tokenTypeIds'> {
    const [first, textPair] = typeof text === 'string' ? [text] : text;
    const whole = this.encode(first, { addSpecialTokens, ...(textPair === undefined ? {} : { textPair }) });
    if (maxLength === undefined || whole.ids.length <= maxLength) return whole;
    if (textPair !== undefined)
      throw new RangeError(
        `Cannot make a batch of tokens: expected pairs of at most ${maxLength} tokens, got ${whole.ids.length}; shorten one of the texts`,
      );
    // Special tokens stand before and after the text's own: those in the middle are cut.
    const own = this.encode(first, { addSpecialTokens: false }).ids;
    const numSpecial = whole.ids.length - own.length;
    const numBefore = numSpecial === 0 ? 0 : startOf(own, whole.ids);
    if (numBefore < 0 || numSpecial >= maxLength)
      throw new RangeError(
        `Cannot make a batch of tokens: expected maxLength above the ${numSpecial} special tokens, got ${maxLength}`,
      );
    const end = numBefore + maxLength - numSpecial;
    const cut = (values: readonly number[]): number[] => [
      ...values.slice(0, end),
      ...values.slice(numBefore + own.length),
    ];
    return { ids: cut(whole.ids), tokenTypeIds: cut(whole.tokenTypeIds) };
  }

  /** Copies the files that this tokenizer came from to another folder, beside a model that `savePretrained` wrote.
   *  @throws {TypeError} for one that came from no folder. */
  async savePretrained(folder: string): Promise<void> {
    if (this.#folder === undefined)
      throw new TypeError('Cannot save a tokenizer: expected one that came from a folder, got one from JSON');
    await mkdir(folder, { recursive: true });
    for (const name of FILES) {
      const source = join(this.#folder, name);
      if (source !== join(folder, name) && (await exists(source))) await copyFile(source, join(folder, name));
    }
  }
}

/** Where `part` begins in `whole`; -1 where it is not in it. */
function startOf(part: readonly number[], whole: readonly number[]): number {
  for (let start = 0; start + part.length <= whole.length; start++)
    if (part.every((id, i) => whole[start + i] === id)) return start;
  return -1;
}

async function make(
  file: Readonly<Record<string, unknown>>,
  config: Readonly<Record<string, unknown>>,
  folder: string | undefined,
): Promise<PretrainedTokenizer> {
  const Library = await tokenizerClass();
  let tokenizer: TokenizerLike;
  try {
    tokenizer = new Library(complete(file), config);
  } catch (cause) {
    throw new ConfigError('make a tokenizer', [`expected one that is known, got "${(cause as Error).message}"`], {
      cause,
    });
  }
  return PretrainedTokenizer.wrap(tokenizer, factsOf(tokenizer, file, config), folder);
}

/** The parts that the package looks into, whether a file has them or not. */
function complete(file: Readonly<Record<string, unknown>>): object {
  return {
    ...{ normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, added_tokens: [] },
    ...file,
  };
}

interface TokenizerFacts {
  readonly padding: number | undefined;
  readonly unknown: number | undefined;
  /** Whether decoding takes out spaces before points and the like. */
  readonly cleansUp: boolean;
}

/** What tokenizer_config.json names, else what tokenizer.json says. */
function factsOf(
  tokenizer: TokenizerLike,
  file: Readonly<Record<string, unknown>>,
  config: Readonly<Record<string, unknown>>,
): TokenizerFacts {
  const idOf = (named: unknown): number | undefined => {
    const token = typeof named === 'object' && named !== null ? (named as { content?: unknown }).content : named;
    return typeof token === 'string' ? tokenizer.token_to_id(token) : undefined;
  };
  const { pad_id } = (file.padding ?? {}) as { pad_id?: number };
  const { unk_token } = (file.model ?? {}) as { unk_token?: unknown };
  const cleansUp = config.clean_up_tokenization_spaces === true;
  return { padding: idOf(config.pad_token) ?? pad_id, unknown: idOf(unk_token) ?? idOf(config.unk_token), cleansUp };
}
