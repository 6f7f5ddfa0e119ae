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
  readonly time: Date;
}

const FIELDS: Readonly<Record<string, (line: LogLine) => string>> = {
  asctime: ({ time }) => localTime(time),
  levelname: ({ level }) => level,
  message: ({ message }) => message,
  name: () => 'sconce',
  process: () => String(process.pid),
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
  return (line) =>
    format.replaceAll(PART, (part: string, name: string | undefined, left: string, width: string) => {
      if (name === undefined) return part === '%%' ? '%' : part;
      const text = FIELDS[name]!(line); // checked when the logger was made
      return left === '-' ? text.padEnd(Number(width)) : text.padStart(Number(width));
    });
}

/** `2026-11-27 10:04:05,123`, in the machine's own time zone. */
function localTime(time: Date): string {
  const pad = (value: number, length = 2): string => String(value).padStart(length, '0');
  const day = `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
  const clock = `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}`;
  return `${day} ${clock},${pad(time.getMilliseconds(), 3)}`;
}
