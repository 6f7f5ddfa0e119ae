// How often each loader played beside how often it should have.

/** One loader's part of the batches. */
export interface LoaderShare {
  readonly name: string;
  /** Batches that it gave. */
  readonly batches: number;
  /** Its part of all batches; 0 where there are none. */
  readonly share: number;
  /** The part that the schedule's shares give it, over the same batches. */
  readonly wanted: number;
  /** |share - wanted|. */
  readonly divergence: number;
}

/** Batches and summed wanted shares of every loader. */
export interface PlayedCounts {
  readonly batches: ArrayLike<number>;
  readonly wanted: ArrayLike<number>;
}

/** What {@link MultiDataLoader.proportions} gives; `String(…)` makes a table of it. */
export class LoaderProportions {
  /** The epoch that is being played, or the last one. */
  readonly epoch: readonly LoaderShare[];
  /** Since the loader began, resumes included. */
  readonly run: readonly LoaderShare[];

  constructor(names: readonly string[], { epoch, run }: { readonly epoch: PlayedCounts; readonly run: PlayedCounts }) {
    this.epoch = sharesOf(names, epoch);
    this.run = sharesOf(names, run);
  }

  toString(): string {
    return table(this.epoch, this.run);
  }
}

/** What sums of shares are off by: no difference. */
const ROUNDING = 1e-12;

function sharesOf(names: readonly string[], { batches, wanted }: PlayedCounts): LoaderShare[] {
  const total = Array.from(batches).reduce((sum, count) => sum + count, 0);
  return names.map((name, i) => {
    const share = total === 0 ? 0 : batches[i]! / total;
    const due = total === 0 ? 0 : wanted[i]! / total;
    const gap = Math.abs(share - due);
    return { name, batches: batches[i]!, share, wanted: due, divergence: gap < ROUNDING ? 0 : gap };
  });
}

/** Columns set apart by two spaces, numbers to the right. */
function table(epoch: readonly LoaderShare[], run: readonly LoaderShare[]): string {
  const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
  const cells = ({ batches, share, wanted }: LoaderShare): string[] => [
    String(batches),
    percent(share),
    percent(wanted),
  ];
  const rows = [
    ['loader', 'epoch', 'share', 'wanted', 'run', 'share', 'wanted'],
    ...epoch.map((shares, i) => [shares.name, ...cells(shares), ...cells(run[i]!)]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '))
    .join('\n');
}
