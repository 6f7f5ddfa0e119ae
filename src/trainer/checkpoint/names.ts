// Names of checkpoint files: made from a template, and read back from it, since a folder is listed by the moments that its names tell.

import type { Clocks } from '../loop/clocks.ts';
import { findMetric } from '../loop/find-metric.ts';
import type { StoredCheckpoint } from './retention.ts';

/** As model-training-framework names its files. */
export const DEFAULT_TEMPLATE = 'epoch_{epoch:03d}_step_{step:06d}.ckpt';
export const LATEST = 'latest.ckpt';
export const BEST = 'best.ckpt';
const ENDING = '.ckpt';
const PLACEHOLDER = /\{(\w*)(?::([^{}]*))?\}/g;
const FIELDS = ['epoch', 'step', 'timestamp'] as const;
type Field = (typeof FIELDS)[number];

/** A piece of a template: text that stands as it is, a number of at least so many digits, or what was measured with so many places. */
type Piece =
  | string
  | { readonly field: Field; readonly digits: number }
  | { readonly metric: string; readonly places: number };

/** What a name may tell beside the clocks. */
export interface NameContext {
  /** What was measured at the moment of the save. Default: nothing. */
  readonly values?: Readonly<Record<string, number>>;
  /** Default: now. */
  readonly date?: Date;
}

/** Names of checkpoints, and what they tell. */
export interface CheckpointNaming {
  /** The name of a checkpoint that is saved now. */
  nameOf(clocks: Readonly<Clocks>, isInsideWindow: boolean, context?: NameContext): string;
  /** The moment that a name tells; undefined for a name that is none of ours. */
  parse(name: string): StoredCheckpoint | undefined;
  /** Whether a name is that of a temporary file, as a process leaves it that is killed inside a save. */
  isLeftover(name: string): boolean;
}

/** What a temporary file was to be called; undefined for a name that is not that of one. */
export function leftoverOf(name: string): string | undefined {
  return /^\.(.+)\.[0-9a-f]+\.tmp$/.exec(name)?.[1];
}

/** Names by a template such as `epoch_{epoch:03d}_step_{step:06d}.ckpt`, the default. `{timestamp}` is the second of the save, `{val_loss:.4f}` what was measured
 *  at that moment under such a name, `unknown` where nothing was, `nan` for no finite number.  Inside an accumulation window, where one step has several moments, `_micro_000483` comes before the ending.
 *  @throws {RangeError} for a template whose names could not be read back. */
export class CheckpointNames implements CheckpointNaming {
  readonly #pieces: readonly Piece[];
  readonly #patterns: readonly RegExp[];

  constructor(template: string = DEFAULT_TEMPLATE) {
    const problem = templateProblem(template);
    if (problem !== undefined) throw new RangeError(`Cannot name checkpoints: ${problem}`);
    this.#pieces = piecesOf(template);
    // A run whose template was changed still knows its older files.
    this.#patterns = [this.#pieces, piecesOf(DEFAULT_TEMPLATE)].map(patternOf);
  }

  nameOf(
    { epoch, step, microStep }: Readonly<Clocks>,
    isInsideWindow: boolean,
    { values = {}, date = new Date() }: NameContext = {},
  ): string {
    const numbers = { epoch, step, timestamp: Math.floor(date.getTime() / 1000) };
    const text = this.#pieces.map((piece) => {
      if (typeof piece === 'string') return piece;
      if ('field' in piece) return String(numbers[piece.field]).padStart(piece.digits, '0');
      return measuredText(findMetric(values, piece.metric), piece.places);
    });
    const stem = text.join('').slice(0, -ENDING.length);
    return `${stem}${isInsideWindow ? `_micro_${String(microStep).padStart(6, '0')}` : ''}${ENDING}`;
  }

  /** The moment that a name tells; undefined for a name that is none of ours. */
  parse(name: string): StoredCheckpoint | undefined {
    for (const pattern of this.#patterns) {
      const { epoch, step, micro } = pattern.exec(name)?.groups ?? {};
      if (epoch === undefined) continue;
      const moment = { name, epoch: Number(epoch), step: Number(step) };
      return micro === undefined ? moment : { ...moment, microStep: Number(micro) };
    }
    return undefined;
  }

  isLeftover(name: string): boolean {
    const inner = leftoverOf(name);
    return inner !== undefined && this.parse(inner) !== undefined;
  }
}

/** What is wrong with a template, as `expected …, got …`; undefined where nothing is. */
export function templateProblem(template: string): string | undefined {
  const wanted = (what: string): string => `expected ${what}, got "${template}"`;
  if (!template.endsWith(ENDING)) return wanted(`a name that ends in "${ENDING}"`);
  if (/^\.|[/\\\0]/.test(template)) return wanted('a file name without folders and without a dot in front');
  const fields = [...template.matchAll(PLACEHOLDER)];
  for (const [text, field, format] of fields) {
    const isKnown = FIELDS.includes(field as Field) && (format === undefined || /^0?[1-9]?d$/.test(format));
    if (!isKnown && !isMetric(field!, format))
      return wanted(`placeholders like {epoch:03d}, {step:06d}, {timestamp} and {val_loss:.4f}, not ${text},`);
  }
  for (const field of ['epoch', 'step']) {
    const count = fields.filter(([, name]) => name === field).length;
    if (count !== 1) return wanted(`{${field}} once, by which the files are told apart and ordered`);
  }
  const rest = template.replaceAll(PLACEHOLDER, '');
  if (/[{}]/.test(rest)) return wanted('braces around placeholders only');
  if (/\}\d*\{/.test(template)) return wanted('something that is no digit between two numbers');
  return undefined;
}

function piecesOf(template: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of template.matchAll(PLACEHOLDER)) {
    const [text, field = '', format = 'd'] = match;
    pieces.push(template.slice(end, match.index));
    if (isMetric(field, format)) pieces.push({ metric: field, places: Number(format.slice(1, -1)) });
    else pieces.push({ field: field as Field, digits: Number(format.slice(0, -1)) });
    end = match.index + text.length;
  }
  return [...pieces, template.slice(end)];
}

const isMetric = (field: string, format: string | undefined): boolean =>
  field !== '' && !FIELDS.includes(field as Field) && /^\.\d+f$/.test(format ?? '');

function measuredText(value: number | undefined, places: number): string {
  if (value === undefined) return 'unknown'; // as where a run is stopped before its first validation
  return Number.isFinite(value) ? value.toFixed(places) : 'nan';
}

function patternOf(pieces: readonly Piece[]): RegExp {
  const source = pieces.map((piece) => {
    if (typeof piece === 'string') return escaped(piece);
    return 'field' in piece ? `(?<${piece.field}>\\d+)` : '(?:unknown|nan|-?\\d+(?:\\.\\d+)?(?:e\\+\\d+)?)';
  });
  const stem = source.join('').slice(0, -escaped(ENDING).length);
  return new RegExp(`^${stem}(?:_micro_(?<micro>\\d+))?${escaped(ENDING)}$`);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
