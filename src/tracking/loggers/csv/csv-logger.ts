// Writes a run's values as a table: a row a moment, a column a metric.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkOptions, type OptionNames } from '../../../nn/layer-options.ts';
import type { Logger, RunInfo } from '../../logger.ts';
import type { Clocks, MetricValues } from '../../run-format.ts';
import { BufferedFile } from '../buffered-file.ts';
import { openLog } from '../open-error.ts';
import { placeOf } from '../run-place.ts';
import { Columns } from './columns.ts';
import { numberCell } from './csv-text.ts';
import { HeaderChange } from './header-change.ts';
import { createCsv, freePath, numberedPath, type OpenCsv, resumeCsv } from './open-csv.ts';

export interface CSVLoggerOptions {
  /** Default: `metrics.csv` in the run's folder; without one, `csv_logs/{name}-{id}/metrics.csv`. */
  readonly path?: string;
  /** In place of `path`, a folder for the tables of all runs, as in `{logDir}/{name}/metrics.csv`. */
  readonly logDir?: string;
  /** The wall clock, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** The row that may still grow. */
interface Row {
  readonly clocks: Clocks;
  /** By column; the first four are the clocks and the time. */
  readonly cells: (number | undefined)[];
  /** Columns of an earlier process, whose values come again. */
  readonly inherited: Set<number>;
}

/** Writes `step,micro_step,epoch,time,train/loss,…`, which `pandas.read_csv` opens as it is.
 *  Rule: what is logged at the same moment stands in one row, unless a metric comes twice. A metric that appears later gets a column, and rows before have
 *  nothing there. Numbers stand as they are, others as NaN, inf and -inf; `time` is in milliseconds since 1970. What was logged half a second ago is
 *  in the file. A run that goes on cuts off what an earlier process logged beyond; a file of another run stays, and the new one gets a name beside it, as
 *  does the second one of two that write to one place.
 *  @throws {TypeError} for an unknown option, and for both places.
 *  @example
 *  import { CSVLogger } from 'sconce/tracking';
 *  const logger = new CSVLogger({ path: 'tables/metrics.csv' });
 *  logger.name; // 'csv' */
export class CSVLogger implements Logger {
  readonly name = 'csv';
  readonly #options: CSVLoggerOptions;
  readonly #now: () => number;
  /** Of files that this logger began: they go on when it is opened again. */
  readonly #own = new Map<string, string>();
  #file: BufferedFile | undefined;
  #path = '';
  #columns = new Columns();
  /** Columns that the file's header has, and where its rows begin. */
  #numHeaded = 0;
  #start = 0;
  #change: HeaderChange | undefined;
  #row: Row | undefined;

  constructor(options: CSVLoggerOptions = {}) {
    const known = { path: true, logDir: true, now: true } satisfies OptionNames<CSVLoggerOptions>;
    checkOptions(this, known, options);
    if (options.path !== undefined && options.logDir !== undefined)
      throw new TypeError('Cannot make CSVLogger: expected path or logDir, got both');
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Where the table lies, once it is open. */
  get path(): string {
    return this.#path;
  }

  open(run: RunInfo): void {
    this.close();
    const { logDir } = this.#options;
    const wanted = claimed(
      this.#options.path ?? join(placeOf(run, { logDir, otherwise: 'csv_logs' }), 'metrics.csv'),
      run,
    );
    const { resumedFrom } = run;
    const isOwn = this.#own.has(wanted);
    const { path, fd, columns, start, end, lastRow } = openLog(wanted, () => this.#openFile(wanted, run));
    const row = isOwn ? undefined : lastRow;
    this.#path = path;
    this.#columns = new Columns(columns);
    this.#numHeaded = columns.length;
    this.#start = start;
    this.#row = row && {
      clocks: { ...resumedFrom! }, // whose row it is
      cells: [...row.cells],
      inherited: new Set(row.cells.keys()),
    };
    this.#file = new BufferedFile({
      ...{ path, fd, position: row?.start ?? end, warn: run.warn },
      tail: () => this.#rowText(),
      prepare: () => this.#extendHeader(),
    });
    this.#file.expect();
  }

  logMetrics(values: MetricValues, clocks: Clocks): void {
    const file = this.#requireOpen();
    for (const key in values) {
      const value: unknown = values[key];
      if (typeof value !== 'number')
        throw new TypeError(
          `Cannot log metric "${key}": expected a number, got ${value === null ? 'null' : typeof value}`,
        );
      const column = this.#columns.indexOf(key);
      this.#rowFor(column, clocks, file).cells[column] = value;
    }
    file.expect();
  }

  flush(): void {
    this.#file?.flush();
  }

  close(): void {
    this.#file?.close();
    this.#change?.cancel();
    this.#file = undefined;
    this.#change = undefined;
    this.#row = undefined;
  }

  #requireOpen(): BufferedFile {
    if (this.#file) return this.#file;
    throw new Error(`Cannot log to ${this.#path || 'a CSV file'}: expected an open logger, got a closed one`);
  }

  /** The row that takes a value: the last one, where it is of the same moment and has none of this metric. */
  #rowFor(column: number, { step, microStep, epoch }: Clocks, file: BufferedFile): Row {
    const last = this.#row;
    const isSameMoment =
      last !== undefined &&
      last.clocks.step === step &&
      last.clocks.microStep === microStep &&
      last.clocks.epoch === epoch;
    if (isSameMoment && (last.cells[column] === undefined || last.inherited.delete(column))) return last;
    file.appendText(this.#rowText());
    const cells = [step, microStep, epoch, this.#now()];
    this.#row = { clocks: { step, microStep, epoch }, cells, inherited: NONE };
    return this.#row;
  }

  #openFile(wanted: string, run: RunInfo): OpenCsv {
    const path = this.#own.get(wanted) ?? wanted;
    const isThere = existsSync(path) && statSync(path).size > 0;
    const goesOn = this.#own.has(wanted) || run.resumedFrom !== undefined;
    if (isThere && goesOn) {
      const resumed = resumeCsv(path, run.resumedFrom ?? END);
      if (resumed) return resumed;
    }
    const free = existsSync(path) ? freePath(path) : path;
    if (free !== path) run.claim?.(free);
    if (free !== path) run.warn(`The table ${path} is of another run: this one writes ${free}`);
    this.#own.set(wanted, free);
    return createCsv(free);
  }

  #rowText(): string {
    const { cells } = this.#row ?? {};
    if (!cells) return '';
    let text = numberCell(cells[0]!);
    for (let i = 1; i < this.#columns.names.length; i += 1) {
      const cell = cells[i];
      text += cell === undefined ? ',' : `,${numberCell(cell)}`;
    }
    return `${text}\n`;
  }

  /** Before rows are written that have columns which the header does not name. @returns whether it names them all. */
  #extendHeader(): boolean {
    const { names } = this.#columns;
    const file = this.#requireOpen();
    if (this.#change === undefined) {
      if (names.length === this.#numHeaded) return true;
      const rows = { start: this.#start, end: file.position };
      this.#change = new HeaderChange({ ...{ path: this.#path, fd: file.fd, ...rows, columns: [...names] } });
    }
    const { numColumns } = this.#change;
    const changed = this.#stepChange(this.#change);
    if (!changed) return false;
    file.moveTo(changed.fd, changed.position);
    this.#start = changed.start;
    this.#numHeaded = numColumns;
    this.#change = undefined;
    return names.length === numColumns;
  }

  #stepChange(change: HeaderChange): ReturnType<HeaderChange['step']> {
    try {
      return change.step();
    } catch (error) {
      this.#change = undefined; // the file is as it was; begun again later
      throw error;
    }
  }
}

/** The table's place, or one beside it where another logger of the run writes there: the same one in each process of the run. */
function claimed(wanted: string, run: RunInfo): string {
  let path = wanted;
  for (let number = 1; run.claim?.(path) === false; number += 1) path = numberedPath(wanted, number);
  if (path !== wanted)
    run.warn(
      `Two loggers write the table ${wanted}: one of them writes ${path}; leave it out, or give it a path of its own`,
    );
  return path;
}

/** Beyond every moment. */
const END: Clocks = { step: Number.POSITIVE_INFINITY, microStep: 0, epoch: 0 };

const NONE = new Set<number>();
