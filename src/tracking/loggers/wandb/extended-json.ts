// JSON as W&B's clients and server speak it: with NaN, Infinity and -Infinity as bare words.

/** As `JSON.stringify`, but with non-finite numbers as themselves. */
export function toExtendedJson(value: unknown): string {
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(toExtendedJson).join(',')}]`;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${toExtendedJson(entry)}`).join(',')}}`;
}

/** Holds the place of a word that JSON does not have. */
const MARK = '\u0000number ';

/** @throws {SyntaxError} if the text is neither JSON nor JSON with such words. */
export function parseExtendedJson(text: string): unknown {
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token) =>
    token.startsWith('"') ? token : JSON.stringify(MARK + token),
  );
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === 'string' && value.startsWith(MARK) ? Number(value.slice(MARK.length)) : value,
  );
}
