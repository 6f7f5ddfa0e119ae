// Reads the pseudocode at the top of loop.ts and plays it: what a run's events must be, according to the text alone.

import { readFileSync } from 'node:fs';
import { eventNames } from '../loop/events.ts';

/** A statement, or what stands before a colon with the statements after it. */
interface Line {
  readonly text: string;
  readonly body: Line[] | undefined;
}

/** The named blocks of the text: `fit`, `epoch`, … */
export type Pseudocode = ReadonlyMap<string, readonly Line[]>;

/** Reads the comment that a file opens with. Two spaces are one level; `condition: a; b` is a block in one line. */
export function readPseudocode(path: string): Pseudocode {
  const [, ...rest] = readFileSync(path, 'utf8').split('\n');
  const comment = rest
    .slice(
      0,
      rest.findIndex((line) => !line.startsWith('//')),
    )
    .map((line) => line.slice(3));
  const blocks = new Map<string, Line[]>();
  const open: { indent: number; lines: Line[] }[] = [];
  for (const line of comment.filter((line) => line.trim() !== '')) {
    const indent = line.search(/\S/);
    while (open.length > 0 && open.at(-1)!.indent >= indent) open.pop();
    const [, header, inline] = /^\s*([^:]*):\s*(.*)$/.exec(line) ?? [];
    const body = header === undefined ? undefined : statements(inline!);
    const siblings = open.at(-1)?.lines;
    if (siblings === undefined) blocks.set(header!, body!);
    else if (body) siblings.push({ text: header!, body });
    else siblings.push(...statements(line));
    if (body) open.push({ indent, lines: body });
  }
  return blocks;
}

function statements(text: string): Line[] {
  const parts = text.split(';').map((part) => part.trim());
  return parts.filter((part) => part !== '').map((part) => ({ text: part, body: undefined }));
}

/** A run to play: what its conditions say and what its statements do, by their text. A text that is not here is an error: the pseudocode says something
 *  that the test does not know. */
export interface Play {
  /** What stands before a colon: runs the body as often as it should. */
  readonly conditions: Readonly<Record<string, (body: () => void) => void>>;
  readonly statements: Readonly<Record<string, () => void>>;
  readonly onEvent: (event: string) => void;
  /** Everything but what follows in any case is over. */
  readonly onEnd: (error: unknown) => void;
}

const FINALLY = 'whatever ended it';

/** Plays the block `fit`. */
export function playFit(code: Pseudocode, play: Play): void {
  const known: readonly string[] = eventNames;
  const run = (lines: readonly Line[]): void => {
    for (const { text, body } of lines) {
      const [word = ''] = text.split(',');
      if (body) conditionOf(text)(() => run(body));
      else if (known.includes(word)) play.onEvent(word);
      else if (code.has(text)) run(code.get(text)!);
      else statementOf(text)();
    }
  };
  const conditionOf = (text: string) => play.conditions[text] ?? unknown('the condition', text);
  const statementOf = (text: string) => play.statements[text] ?? unknown('the statement', text);
  const lines = code.get('fit')!;
  const last = lines.find(({ text }) => text === FINALLY);
  if (last?.body === undefined || lines.at(-1) !== last) unknown('a fit without', FINALLY);
  try {
    run(lines.slice(0, -1));
    play.onEnd(undefined);
  } catch (error) {
    play.onEnd(error);
  }
  run(last!.body!);
}

function unknown(what: string, text: string): never {
  throw new Error(`Cannot play loop.ts: the test does not know ${what} "${text}"`);
}
