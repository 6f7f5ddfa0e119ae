// Writes a configuration as a file.

import { PART_FIELDS } from './experiment-schema.ts';
import type { ExperimentConfig } from './experiment-types.generated.ts';
import { isFreeForm } from './merge.ts';
import { camelCased, snakeCased } from './spelling.ts';

export interface PrintOptions {
  /** Default 'yaml'. */
  readonly format?: 'yaml' | 'json';
  /** How fields are spelt; keys of parts and values of yours stay as they are. Default 'snake_case'. */
  readonly spelling?: 'snake_case' | 'camelCase';
}

/** The text of a file that reads as `config` again. Dollar signs are doubled, so that no text becomes a variable.
 *  @example
 *  import { printConfig } from 'sconce/config';
 *  (await printConfig({ performance: { clipGradNorm: 0.5 } })).split('\n'); // ['performance:', '  clip_grad_norm: 0.5', ''] */
export async function printConfig(config: ExperimentConfig, options: PrintOptions = {}): Promise<string> {
  const { format = 'yaml', spelling = 'snake_case' } = options;
  const plain = spelled(config, [], spelling === 'snake_case' ? snakeCased : (key) => key);
  if (format === 'json') return `${JSON.stringify(plain, undefined, 2)}\n`;
  const { Document, isScalar, Scalar, visit } = await import('yaml');
  const document = new Document(plain, { aliasDuplicateObjects: false, version: '1.2' });
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value === '<<') key.type = Scalar.QUOTE_DOUBLE; // unquoted it takes over another object
    },
  });
  return document.toString({ lineWidth: 0 });
}

function spelled(value: unknown, path: readonly string[], spell: (key: string) => string): unknown {
  if (typeof value === 'string') return withoutVariables(value);
  if (Array.isArray(value)) return value.map((item) => spelled(item, path, spell));
  if (typeof value !== 'object' || value === null) return value;
  const isOwn = isFreeForm(path) || Object.hasOwn(PART_FIELDS, path[0] ?? '');
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => [isOwn ? key : spell(key), spelled(inner, [...path, camelCased(key)], spell)] as const);
  return Object.fromEntries(entries);
}

/** A text that says itself when variables are put in. */
export const withoutVariables = (text: string): string => (isRead(text) ? text.replaceAll('$', () => '$$') : text);
/** Whether something of a text would be taken for a variable. */
const isRead = (text: string): boolean => /\$\$|\$\{|^\$[A-Za-z_][A-Za-z0-9_]*$/.test(text);
