// Environment variables in a configuration: `${NAME}` and `${NAME:-default}`, as a whole value or inside a text.

import type { ConfigNode, ScalarNode } from './node.ts';
import type { PlacedProblem } from './place.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$\$|\$\{([^{}]*)\}|\$\{/g;
const VARIABLE = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;
/** A whole value as model-training-framework writes it too. */
const BARE = /^\$([A-Za-z_][A-Za-z0-9_]*)$/;

/** Puts in variables. A value that is one variable alone may become a number, true, false or null; `$$` is a dollar sign.
 *  @param problems - takes variables that are not set, and references that are none. */
export function withEnvironment(node: ConfigNode, environment: Environment, problems: PlacedProblem[]): ConfigNode {
  if (node.kind === 'list')
    return { ...node, items: node.items.map((item) => withEnvironment(item, environment, problems)) };
  if (node.kind === 'map') {
    const entries = [...node.entries].map(
      ([key, entry]) => [key, { ...entry, node: withEnvironment(entry.node, environment, problems) }] as const,
    );
    return { ...node, entries: new Map(entries) };
  }
  if (typeof node.value !== 'string' || !node.value.includes('$')) return node;
  return { ...node, value: expand(node.value, environment, (text) => problems.push({ place: node.place, text })) };
}

function expand(text: string, environment: Environment, report: (problem: string) => void): ScalarNode['value'] {
  const bare = BARE.exec(text)?.[1];
  const whole = bare === undefined ? text : `\${${bare}}`;
  const isAlone = /^\$\{[^{}]*\}$/.test(whole);
  const filled = whole.replaceAll(REFERENCE, (match, inside: string | undefined) => {
    if (match === '$$') return '$';
    const [, name, fallback] = VARIABLE.exec(inside ?? '') ?? [];
    if (name === undefined) {
      report(
        `expected a variable as \${NAME} or \${NAME:-default}, got ${JSON.stringify(match)}; write $$ for a dollar sign`,
      );
      return '';
    }
    const value = environment[name];
    if (fallback !== undefined) return value === undefined || value === '' ? fallback : value;
    if (value === undefined)
      report(`expected the environment variable ${name} to be set, got none; set it, or write \${${name}:-default}`);
    return value ?? '';
  });
  return isAlone ? scalarOf(filled) : filled;
}

/** What a text means as a whole value: numbers and words as YAML reads them. */
export function scalarOf(text: string): ScalarNode['value'] {
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text)) {
    const value = Number(text);
    // Long digits are a name, as a job's.
    return /^[-+]?\d+$/.test(text) && !Number.isSafeInteger(value) ? text : value;
  }
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  return /^(?:null|~)$/.test(text) ? null : text;
}
