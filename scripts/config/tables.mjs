// Prints the tables of docs/configuration.md: every field of a file, and the keys of other systems that are none.
import { defaultOf } from './types.mjs';

const defOf = (schema) => schema._zod.def;
const unwrap = (schema) => (defOf(schema).innerType ? unwrap(defOf(schema).innerType) : schema);
const isSection = (schema) => defOf(unwrap(schema)).type === 'object';
const escaped = (text) => text.replaceAll('|', '\\|');

/** A table for each section, the file itself first. */
export function printFields(experimentSchema, snakeCased) {
  const tables = [];
  /** Names in backquotes as the table spells them. */
  const spelt = (text) => text.replaceAll(/`[a-z][A-Za-z.]*[`:]/g, snakeCased);
  const add = (path, schema) => {
    const fields = Object.entries(defOf(unwrap(schema)).shape);
    const rows = fields.map(([key, field]) => rowOf(snakeCased(key), field, spelt));
    const title = path === '' ? 'The file' : `\`${path}\``;
    tables.push(`### ${title}\n\n| field | takes | default | what it does |\n|---|---|---|---|\n${rows.join('\n')}`);
    for (const [key, field] of fields) {
      const inner = elementOf(field);
      if (isSection(inner)) add(`${path === '' ? '' : `${path}.`}${snakeCased(key)}`, inner);
    }
  };
  add('', experimentSchema);
  return tables.join('\n\n');
}

const elementOf = (schema) => (defOf(unwrap(schema)).type === 'array' ? defOf(unwrap(schema)).element : schema);

function rowOf(name, field, spelt) {
  const fallback = defaultOf(field);
  const cells = [
    `\`${name}\``,
    takesOf(field),
    fallback === undefined ? '' : `\`${fallback}\``,
    spelt(field.description ?? ''),
  ];
  return `| ${cells.map(escaped).join(' | ')} |`;
}

/** What a field takes, in words. */
function takesOf(schema) {
  const def = defOf(schema);
  switch (def.type) {
    case 'string':
      return 'text';
    case 'boolean':
      return '`true`, `false`';
    case 'number':
      return def.format || def.checks?.some((check) => check._zod.def.check === 'number_format') ? 'integer' : 'number';
    case 'enum':
      return Object.values(def.entries)
        .map((value) => `\`${value}\``)
        .join(', ');
    case 'literal':
      return `\`${def.values[0]}\``;
    case 'array':
      return isSection(def.element) ? 'list of objects' : `list: ${takesOf(def.element)}`;
    case 'union':
      return def.options.map(takesOf).join(', or ');
    case 'record':
      return 'object';
    case 'pipe':
      return takesOf(def.in);
    case 'custom':
      return 'see [parts](#parts)';
    case 'object':
      return 'section';
    default:
      return takesOf(def.innerType);
  }
}

/** Keys of other systems, with what stands in their place, or why nothing does. */
export function printFormerKeys(formerKeys, snakeCased) {
  const spelled = (text) =>
    text.replaceAll(
      /[a-z][A-Za-z]*(?:\.[a-z][A-Za-z]*)+/g,
      (path) => `\`${path.split('.').map(snakeCased).join('.')}\``,
    );
  const rows = Object.entries(formerKeys).map(([path, { instead, why }]) => {
    const key = path.split('.').map(snakeCased).join('.');
    return `| \`${key}\` | ${instead === undefined ? '' : spelled(instead.replace(/,$/, ''))} | ${why ?? ''} |`;
  });
  return `| key | in its place | why there is none |\n|---|---|---|\n${rows.join('\n')}`;
}

/** A page with the text between two marks replaced. */
export function withBlock(page, mark, text) {
  const [begin, end] = [`<!-- ${mark}: made by scripts/generate-config.mjs -->\n`, `\n<!-- ${mark} ends -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`Cannot write a page: expected the marks of "${mark}", got none`);
  return page.slice(0, from + begin.length) + text + page.slice(to);
}
