// Where a value of a configuration comes from, as messages show it.

/** A line of a file, or an argument of the command. */
export interface Place {
  /** The file as messages name it, or `--set a.b=1`. */
  readonly source: string;
  /** From 1; undefined outside files. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
}

/** Something that is wrong, and where. */
export interface PlacedProblem {
  readonly place: Place;
  /** `performance.clip_grad_norm: expected a number above 0, got -1`. */
  readonly text: string;
}

/** `experiment.yaml:3:5`, as editors and terminals follow it. */
export function showPlace({ source, line, column }: Place): string {
  return line === undefined ? source : `${source}:${line}:${column}`;
}

/** Problems that one message lists; a file of another kind has thousands. */
const MAX_LINES = 100;

/** One line a problem, those of one file in the order of its lines; files in the order in which they come first. */
export function problemLines(problems: readonly PlacedProblem[]): string[] {
  const sources = [...new Set(problems.map(({ place }) => place.source))];
  const sorted = [...problems].sort(
    (a, b) =>
      sources.indexOf(a.place.source) - sources.indexOf(b.place.source) ||
      (a.place.line ?? 0) - (b.place.line ?? 0) ||
      (a.place.column ?? 0) - (b.place.column ?? 0),
  );
  const lines = [...new Set(sorted.map(({ place, text }) => `${showPlace(place)}: ${text}`))];
  return lines.length <= MAX_LINES ? lines : [...lines.slice(0, MAX_LINES), `and ${lines.length - MAX_LINES} more`];
}

/** Finds line and column of offsets in a text. */
export class LineTable {
  readonly #source: string;
  readonly #starts: number[] = [0];

  constructor(source: string, text: string) {
    this.#source = source;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  at(offset: number): Place {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { source: this.#source, line: low + 1, column: offset - this.#starts[low]! + 1 };
  }
}
