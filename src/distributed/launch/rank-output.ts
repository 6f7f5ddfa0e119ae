// What ranks print, as whole lines with a label, and into files.
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { OutputStream } from './launch-options.ts';

const COLOURS = [36, 33, 35, 32, 34, 31];
/** A line that does not end goes out in pieces of this length. */
const MAX_LINE = 1 << 16;
const NUM_LAST_LINES = 20;

/** Cuts text into whole lines, and puts a label before each. @internal */
export class LineLabel {
  readonly #label: string;
  #rest = '';

  constructor(label: string) {
    this.#label = label;
  }

  /** The lines that are whole now, each with its label and end. */
  take(text: string): string {
    this.#rest += text;
    let end = this.#rest.lastIndexOf('\n') + 1;
    if (end === 0 && this.#rest.length >= MAX_LINE) {
      this.#rest += '\n';
      end = this.#rest.length;
    }
    const whole = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end);
    return this.#labelled(whole);
  }

  /** What is left when no more comes. */
  finish(): string {
    const whole = this.#rest === '' ? '' : `${this.#rest}\n`;
    this.#rest = '';
    return this.#labelled(whole);
  }

  #labelled(whole: string): string {
    if (whole === '' || this.#label === '') return whole;
    return `${whole
      .slice(0, -1)
      .split('\n')
      .map((line) => this.#label + line)
      .join('\n')}\n`;
  }
}

/** Where a rank's output goes. @internal */
export interface RankOutputPlace {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly logDir?: string | undefined;
  readonly isPrimaryPlain: boolean;
}

/** The output of one rank. @internal */
export class RankOutput {
  readonly #rank: number;
  readonly #worldSize: number;
  readonly #place: RankOutputPlace;
  readonly #log: WriteStream | undefined;
  #last = '';

  constructor(
    place: RankOutputPlace,
    { rank, worldSize, restart }: { rank: number; worldSize: number; restart: number },
  ) {
    this.#rank = rank;
    this.#worldSize = worldSize;
    this.#place = place;
    const name = restart === 0 ? `rank-${rank}.log` : `rank-${rank}.restart-${restart}.log`;
    if (place.logDir !== undefined) this.#log = createWriteStream(join(place.logDir, name));
    // A full disk takes the file, not the training.
    this.#log?.on('error', (error) => place.stderr.write(`Cannot write ${name}: ${error.message}\n`));
  }

  /** The last lines that the rank wrote to its standard error. */
  get lastLines(): string {
    return this.#last.trimEnd().split('\n').slice(-NUM_LAST_LINES).join('\n');
  }

  /** Passes on what comes, until it ends. */
  read(source: Readable, name: 'stdout' | 'stderr'): void {
    const target = this.#place[name];
    const lines = new LineLabel(this.#labelFor(target));
    source.setEncoding('utf8'); // a character may come in two pieces
    source.on('data', (text: string) => {
      this.#log?.write(text);
      if (name === 'stderr') this.#last = (this.#last + text).slice(-4 * MAX_LINE);
      this.#write(target, lines.take(text), source);
    });
    source.on('end', () => this.#write(target, lines.finish(), source));
  }

  close(): void {
    this.#log?.end();
  }

  /** Whoever reads slowly slows the rank down, as without a launcher. */
  #write(target: OutputStream, text: string, source: Readable): void {
    if (text === '' || target.destroyed || target.write(text)) return;
    source.pause();
    target.once('drain', () => source.resume());
  }

  #labelFor(target: OutputStream): string {
    if (this.#place.isPrimaryPlain && this.#rank === 0) return '';
    const label = `[rank ${`${this.#rank}`.padStart(`${this.#worldSize - 1}`.length)}]`;
    const hasColours = 'isTTY' in target && target.isTTY === true && process.env.NO_COLOR === undefined;
    return hasColours ? `\x1b[${COLOURS[this.#rank % COLOURS.length]}m${label}\x1b[0m ` : `${label} `;
  }
}
