// Reads the lines of a run's log, whole or torn, and decides what of it stays when the run resumes from a checkpoint.
import { type Clocks, decodeHeader, decodeRecord, type HeaderRecord, type LogRecord } from './run-format.ts';

/** A log line by line; `records[i]` was read from `lines[i]`. */
export interface RunLog {
  readonly header: HeaderRecord;
  readonly records: readonly LogRecord[];
  readonly lines: readonly string[];
  /** What follows the last whole record: the start of a line whose writer was killed. Empty in a log that ended well. */
  readonly torn: string;
}

/** The checkpoint that a run resumes from: its path relative to the run's folder, and the clocks it was saved at; none, and clocks at 0, where a run that
 *  had saved nothing yet begins again. */
export interface ResumePoint extends Clocks {
  readonly checkpoint?: string | undefined;
  /** Which save wrote it, where the log may know it: its `clocks.savedAtSeconds`. */
  readonly save?: number | undefined;
}

/** Reads a log's text.
 *  Rule: the last line may be cut off anywhere; any other line that cannot be read is an error that names it.
 *  @param path - the file that the text comes from, for messages.
 *  @throws {SyntaxError} if the header or a line before the last cannot be read. */
export function parseLog(text: string, path: string): RunLog {
  const [headerLine = '', ...rest] = text.split('\n');
  const header = readLine(path, 1, () => decodeHeader(headerLine));
  const isTerminated = rest.at(-1) === '';
  if (isTerminated) rest.pop();
  const records: LogRecord[] = [];
  const lines: string[] = [];
  for (const [index, line] of rest.entries()) {
    try {
      records.push(decodeRecord(line));
      lines.push(line);
    } catch (cause) {
      if (index === rest.length - 1 && !isTerminated) return { header, records, lines, torn: line };
      throw lineError(path, index + 2, cause);
    }
  }
  return { header, records, lines, torn: '' };
}

/** Parts a log at a checkpoint into the lines that stay and the records that the resumed run will measure again.
 *  Rule: a record is dropped if its clocks are beyond the checkpoint's; what was measured also if it stands after the line with which this checkpoint was begun, or, in
 *  a log of version 1, saved (a validation at the same step, for example). */
export function cutAtCheckpoint(log: RunLog, at: ResumePoint): { kept: string[]; dropped: LogRecord[] } {
  const begunIndex = log.records.findLastIndex(
    (record) => record.kind === 'event' && record.event === 'checkpointStarted' && record.save === at.save,
  );
  const savedIndex = begunIndex >= 0 ? begunIndex : indexOfSaved(log, at);
  const kept: string[] = [];
  const dropped: LogRecord[] = [];
  for (const [index, record] of log.records.entries()) {
    const isAfterSave = savedIndex >= 0 && index > savedIndex && record.kind !== 'event';
    if (isBeyond(record, at) || isAfterSave) dropped.push(record);
    else kept.push(log.lines[index]!);
  }
  return { kept, dropped };
}

function indexOfSaved(log: RunLog, at: ResumePoint): number {
  return log.records.findLastIndex(
    (record) =>
      record.kind === 'event' &&
      record.event === 'checkpointSaved' &&
      record.path === at.checkpoint &&
      record.microStep === at.microStep &&
      record.step === at.step,
  );
}

const isBeyond = (a: Clocks, b: Clocks): boolean => a.step > b.step || (a.step === b.step && a.microStep > b.microStep);

function readLine<T>(path: string, lineNumber: number, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    throw lineError(path, lineNumber, cause);
  }
}

function lineError(path: string, lineNumber: number, cause: unknown): SyntaxError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SyntaxError(`Cannot read ${path}, line ${lineNumber}: ${reason}`, { cause });
}
