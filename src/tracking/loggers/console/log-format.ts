// The form of a console's lines, in the spelling of Python's logging: `[%(asctime)s] %(levelname)s: %(message)s`.

/** From the least to the most severe. */
export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** As model-training-framework has it. */
export const DEFAULT_LOG_FORMAT = '[%(asctime)s] %(levelname)s: %(message)s';

/** What a line is made of. */
interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

const FIELDS: Readonly<Record<string, () => (line: LogLine) => string>> = {
  asctime: localTimes,
  levelname: () => (line) => line.level,
  message: () => (line) => line.message,
  name: () => () => 'sconce',
  process: () => () => String(process.pid),
};

/** The names that a format may have between `%(` and `)s`. */
export const LOG_FORMAT_FIELDS: readonly string[] = Object.keys(FIELDS);

const PART = /%%|%\((\w*)\)(-?)(\d*)[sd]/g;

/** What is wrong with a format, after "expected"; undefined for one that is right. */
export function logFormatProblem(format: string): string | undefined {
  const names = [...format.matchAll(PART)].flatMap(([, name]) => (name === undefined ? [] : [name]));
  const isKnown = names.every((name) => Object.hasOwn(FIELDS, name));
  const hasStrayPercent = format.replaceAll(PART, '').includes('%');
  if (isKnown && !hasStrayPercent && names.includes('message')) return undefined;
  return `a text with %(message)s, and of ${LOG_FORMAT_FIELDS.map((name) => `%(${name})s`).join(', ')} what else it needs`;
}

/** A function that writes lines in this form; a width, as in `%(levelname)-8s`, is padded. */
export function logFormatter(format: string): (line: LogLine) => string {
  const parts: (string | ((line: LogLine) => string))[] = [];
  let end = 0;
  for (const match of format.matchAll(PART)) {
    const [part, name, left, width] = match;
    parts.push(
      format.slice(end, match.index),
      name === undefined ? '%' : field(FIELDS[name]!(), left === '-', Number(width)),
    );
    end = match.index + part.length;
  }
  parts.push(format.slice(end));
  return (line) => {
    let text = '';
    for (const part of parts) text += typeof part === 'string' ? part : part(line);
    return text;
  };
}

function field(write: (line: LogLine) => string, isLeft: boolean, width: number): (line: LogLine) => string {
  if (width === 0) return write;
  return (line) => (isLeft ? write(line).padEnd(width) : write(line).padStart(width));
}

/** Writes `2026-11-27 10:04:05,123`, in the machine's own time zone. Many lines are of the same second. */
function localTimes(): (line: LogLine) => string {
  let lastSecond = Number.NaN;
  let lastText = '';
  return ({ time: milliseconds }) => {
    const second = Math.floor(milliseconds / 1000);
    if (second !== lastSecond) {
      const time = new Date(milliseconds);
      const day = `${time.getFullYear()}-${padded(time.getMonth() + 1)}-${padded(time.getDate())}`;
      lastText = `${day} ${padded(time.getHours())}:${padded(time.getMinutes())}:${padded(time.getSeconds())}`;
      lastSecond = second;
    }
    return `${lastText},${padded(milliseconds - 1000 * second, 3)}`;
  };
}

const padded = (value: number, length = 2): string => String(value).padStart(length, '0');
