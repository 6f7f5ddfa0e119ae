// What MLflow takes as names and values: which characters, and how many.
import type { Entry, Metric } from './mlflow-client.ts';

/** In one request. */
export const MAX_ENTRIES = 100;
export const MAX_METRICS = 1000;

const MAX_KEY_BYTES = 250;
const MAX_PARAM_BYTES = 6000;
const MAX_TAG_BYTES = 5000;

/** Names as MLflow takes them: letters, digits, `_`, `-`, `.`, blanks and `/`, no path that another name has, 250 bytes. Two names never become one. */
export class MLflowNames {
  readonly #known = new Map<string, string>();
  readonly #taken = new Set<string>();

  of(name: string): string {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const parts = name.replace(/[^/\w.\- ]/g, '_').split('/');
    const path = parts.map((part) => (['', '.', '..'].includes(part) ? '_' : part)).join('/');
    const wanted = cut(path, MAX_KEY_BYTES).replace(/\/$/, '_');
    let free = wanted;
    for (let i = 2; this.#taken.has(free); i += 1) free = `${cut(wanted, MAX_KEY_BYTES - 8).replace(/\/$/, '_')}_${i}`;
    this.#taken.add(free);
    this.#known.set(name, free);
    return free;
  }
}

/** A number as it stands in a request. */
export function metricValue(value: number): Metric['value'] {
  return Number.isFinite(value) ? value : (String(value) as 'NaN' | 'Infinity' | '-Infinity');
}

/** A nested configuration as params: `optimizer.lr` is '0.1', lists are JSON, what is undefined is left out. */
export function paramsOf(config: unknown, names: MLflowNames): Entry[] {
  const params: Entry[] = [];
  const visit = (value: unknown, path: string): void => {
    const isNest =
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
    if (isNest) for (const [key, each] of Object.entries(value)) visit(each, path === '' ? key : `${path}.${key}`);
    else if (value !== undefined && path !== '')
      params.push({
        key: names.of(path),
        value: cut(typeof value === 'string' ? value : JSON.stringify(value), MAX_PARAM_BYTES),
      });
  };
  visit(config, '');
  return params;
}

/** A tag whose value fits. */
export const tag = (key: string, value: string): Entry => ({ key, value: cut(value, MAX_TAG_BYTES) });

/** The beginning of a text that has at most so many bytes, no character cut. */
function cut(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** Lists of at most so many. */
export function* chunked<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
