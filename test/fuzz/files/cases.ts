// One case of the campaign over files: a file made from a seed, read, and the outcome judged.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { NativeError } from '../../../src/errors.ts';
import { hash, type Random, randomFrom } from '../random.ts';
import { damage } from './bytes.ts';
import { fingerprint } from './fingerprint.ts';
import type { FileReader } from './readers.ts';

/** A reader with its files, ready for cases. */
export interface Player {
  readonly reader: FileReader;
  readonly bases: readonly Buffer[];
  /** What the reader makes of each base. */
  readonly expected: readonly string[];
  readonly path: string;
  readonly marker: string;
}

export interface Outcome {
  readonly end: 'error' | 'same value' | 'other value';
  /** What must not be; undefined where all is well. */
  readonly problem: string | undefined;
  readonly ms: number;
  /** Bytes above what there was before. */
  readonly growth: number;
}

/** Beyond these a case is a finding. */
const allowedGrowth = (fileBytes: number): number => 64 * 2 ** 20 + 2 * fileBytes;
/** Half of these machines' slowness is other work on them. */
const MAX_MS = 10_000;

/** Reads every base, so that a case knows what it should be. */
export async function makePlayer(reader: FileReader, path: string, marker: string): Promise<Player> {
  const bases: Buffer[] = [];
  const expected: string[] = [];
  const refused: string[] = [];
  for (const base of await reader.bases()) {
    writeFileSync(path, base);
    try {
      expected.push(finish(await reader.read(path)));
      bases.push(base);
    } catch (error) {
      refused.push(String(error)); // some fixtures are there to be refused
    }
  }
  if (bases.length === 0) {
    throw new Error(
      `Cannot change files for ${reader.name}: expected some that it reads, got none: ${refused.join(', ')}`,
    );
  }
  return { reader, bases, expected, path, marker };
}

/** The text of a value, whose tensors are freed. */
function finish(value: unknown): string {
  const { text, tensors } = fingerprint(value);
  for (const tensor of tensors) tensor.dispose();
  return text;
}

/** What a case does to which base: seeds of single changes. Without some of them it is a smaller case. */
export interface Recipe {
  readonly base: number;
  readonly changes: readonly number[];
}

export function recipeOf(player: Player, seed: number, number: number): Recipe {
  const random = randomFrom(hash(seed, player.reader.name, number));
  const numChanges = random.pick([1, 1, 1, 1, 2, 2, 3, 5]);
  const base = random.int(0, player.bases.length - 1);
  return { base, changes: Array.from({ length: numChanges }, () => random.fork()) };
}

/** @returns the file, and whether nothing but plain damage was done to it. */
export function makeFile(
  { reader, bases, marker }: Player,
  { base, changes }: Recipe,
): { bytes: Buffer; isDamage: boolean } {
  let bytes = bases[base]!;
  let isDamage = true;
  for (const seed of changes) {
    const random: Random = randomFrom(seed);
    const isKnowing = random.chance(0.55);
    isDamage &&= !isKnowing;
    bytes = isKnowing ? reader.change(bytes, marker, random) : damage(bytes, random.pick(bases), random);
  }
  return { bytes, isDamage };
}

/** Makes the file of a recipe, reads it and judges what came of it. */
export async function play(
  player: Player,
  recipe: Recipe,
  { measuresMemory = true }: { measuresMemory?: boolean } = {},
): Promise<Outcome> {
  const { reader, path, expected, marker } = player;
  const { bytes, isDamage } = makeFile(player, recipe);
  writeFileSync(path, bytes);
  const before = measuresMemory ? startMeasuring() : 0;
  const startMs = performance.now();
  let end: Outcome['end'] = 'error';
  let problem: string | undefined;
  try {
    const text = finish(await reader.read(path));
    end = text === expected[recipe.base] ? 'same value' : 'other value';
    if (end === 'other value' && reader.isChecked && isDamage) problem = 'another value, where only bytes were damaged';
  } catch (error) {
    problem = judgeError(error);
  }
  const ms = performance.now() - startMs;
  const growth = measuresMemory ? measureGrowth(before) : 0;
  if (growth > allowedGrowth(bytes.length))
    problem ??= `${Math.round(growth / 2 ** 20)} MiB for a file of ${bytes.length} bytes`;
  if (ms > MAX_MS) problem ??= `${Math.round(ms)} ms`;
  if (existsSync(marker)) {
    rmSync(marker);
    problem = 'something in the file was run';
  }
  return { end, problem, ms, growth };
}

/** What JavaScript says when a program has not looked at what it uses. */
const INTERNAL =
  /Cannot (?:read|set) propert|is not (?:a function|iterable|a constructor|defined|an object)|Maximum call stack|Invalid (?:array|string|typed array|count|regular)|Array buffer allocation|internal:|expected undefined|\[object |Assignment to|out of bounds/;

/** What is wrong with an error; undefined where it says what was expected. */
function judgeError(error: unknown): string | undefined {
  if (!(error instanceof Error)) return `${String(error)} was thrown, which is no error`;
  const { message, name } = error;
  const says = /^Cannot [^\n]*(?:expected [\s\S]*|: E[A-Z]{3,}:)/.test(message);
  // What libtorch says of a value that only it looks at has no "expected" in it.
  const isNative = error instanceof NativeError || error.cause instanceof NativeError;
  if ((says || (isNative && message.startsWith('Cannot '))) && !INTERNAL.test(message)) return undefined;
  return `${name}: ${message.slice(0, 500)}\n${(error.cause instanceof Error ? error.cause.stack : error.stack)?.slice(0, 1200)}`;
}

const canMeasure = existsSync('/proc/self/clear_refs');

/** Resets the kernel's high-water mark of memory. @returns what is in use. */
function startMeasuring(): number {
  if (!canMeasure) return 0;
  writeFileSync('/proc/self/clear_refs', '5');
  return statusOf('VmRSS');
}

function measureGrowth(before: number): number {
  return canMeasure ? statusOf('VmHWM') - before : 0;
}

function statusOf(field: string): number {
  const status = readFileSync('/proc/self/status', 'latin1');
  return 1024 * Number(new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0);
}

/** The recipe without the changes that it does not need for its problem. */
export async function shrink(player: Player, recipe: Recipe): Promise<Recipe> {
  let smallest = recipe;
  for (let index = smallest.changes.length - 1; index >= 0 && smallest.changes.length > 1; index--) {
    const smaller = { ...smallest, changes: smallest.changes.filter((_, place) => place !== index) };
    if ((await play(player, smaller)).problem !== undefined) smallest = smaller;
  }
  return smallest;
}
