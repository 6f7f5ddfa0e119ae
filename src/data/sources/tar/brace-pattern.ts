// Brace patterns, as a shell expands them: `shard-{000..009}.tar` for ten names.

/** More names than that are a mistake in a pattern. */
const MAX_NAMES = 10_000_000;

/**
 * The names that `pattern` stands for, in order: `{a,b}` for each of a list, `{00..17}` for each integer of a range, both ends included, with as many digits
 * as the longer end where one begins with a zero. Several braces give every combination, the last one counting fastest. Other text stands for itself.
 * @throws {SyntaxError} for braces that are not closed, or hold neither a list nor a range.
 * @example
 * import { expandBraces } from 'sconce/data';
 * expandBraces('{train,val}-{08..10}.tar'); // ['train-08.tar', 'train-09.tar', 'train-10.tar', 'val-08.tar', 'val-09.tar', 'val-10.tar']
 */
export function expandBraces(pattern: string): string[] {
  const fail = (got: string): never => {
    throw new SyntaxError(`Cannot expand "${pattern}": expected a range as {000..009} or a list as {a,b}, got ${got}`);
  };
  const open = pattern.indexOf('{');
  if (open < 0) return pattern.includes('}') ? fail('"}" without "{"') : [pattern];
  const close = pattern.indexOf('}', open);
  if (close < 0) return fail('"{" without "}"');
  if (pattern.lastIndexOf('}', open) >= 0) return fail('"}" without "{"');
  const body = pattern.slice(open + 1, close);
  if (body.includes('{')) return fail('braces inside braces');
  const choices = rangeOf(body) ?? (body.includes(',') ? body.split(',') : fail(`{${body}}`));
  const rests = expandBraces(pattern.slice(close + 1));
  if (choices.length * rests.length > MAX_NAMES) return fail(`more than ${MAX_NAMES} names`);
  return choices.flatMap((choice) => rests.map((rest) => pattern.slice(0, open) + choice + rest));
}

function rangeOf(body: string): string[] | undefined {
  const match = /^(\d{1,15})\.\.(\d{1,15})$/.exec(body);
  if (!match) return undefined;
  const [, first, last] = match as unknown as [string, string, string];
  const isPadded = (first.startsWith('0') && first.length > 1) || (last.startsWith('0') && last.length > 1);
  const digits = isPadded ? Math.max(first.length, last.length) : 1;
  const [from, to] = [Number(first), Number(last)];
  const count = Math.abs(to - from) + 1;
  if (count > MAX_NAMES)
    throw new SyntaxError(`Cannot expand {${body}}: expected at most ${MAX_NAMES} names, got ${count}`);
  const step = to < from ? -1 : 1;
  return Array.from({ length: count }, (_, i) => String(from + step * i).padStart(digits, '0'));
}
