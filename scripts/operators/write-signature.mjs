// Writes what a reader sees of a public name: its comment and its TypeScript signatures.

import { joinNames, joinTypes, showSignatures } from './signature.mjs';
import { resultType, typeOf } from './types.mjs';

const PAGES = 'https://docs.pytorch.org/docs/2.13';
const RESERVED = new Set([
  'arguments',
  'default',
  'delete',
  'eval',
  'function',
  'in',
  'new',
  'switch',
  'this',
  'var',
  'with',
]);

/** A name that may be declared: a reserved word gets an underscore. */
export function declarable(name) {
  return RESERVED.has(name) ? `${name}_` : name;
}

/** The name of a positional argument; where overloads call it differently, of all of them. */
export function positionalName(member, i) {
  return declarable(joinNames(...member.overloads.map((overload) => overload.positional[i].publicName)));
}

/** The comment of a name: what it does and its shape where they are known, its schemas, PyTorch's page, an example. */
export function writeComment(member, indent) {
  const lines = member.doc ? [member.doc.sentence] : [];
  if (member.shape) lines.push(`Shape: ${member.shape}`);
  if (lines.length > 0) lines.push('');
  lines.push(...member.overloads.map(({ schema }) => `\`${schema.text}\``));
  if (member.page) {
    const isOnePage = member.page.startsWith('torch.special.');
    lines.push(`Source: ${PAGES}/${isOnePage ? `special.html#${member.page}` : `generated/${member.page}.html`}`);
  }
  if (member.doc?.example) lines.push('@example', ...member.doc.example);
  return `${indent}/** ${lines.join(`\n${indent} *  `)} */`.replace(/ +$/gm, '');
}

function writeOptions(options) {
  const members = Object.entries(options).map(([name, { type, isOptional }]) =>
    isOptional ? `${name}?: ${type} | undefined` : `${name}: ${type}`,
  );
  return `{ ${members.join('; ')} }`;
}

/** A parameter list and its result, as in `(dim: number, options?: { dtype?: DType | undefined }): Tensor`. */
function writeSignature({ positional, options, result, isOptional }) {
  const parameters = positional.map(({ name, type }) => `${declarable(name)}: ${type}`);
  const alternatives = options.filter((names) => Object.keys(names).length > 0);
  if (alternatives.length > 0) {
    parameters.push(`options${isOptional ? '?' : ''}: ${[...new Set(alternatives.map(writeOptions))].join(' | ')}`);
  }
  return `(${parameters.join(', ')}): ${result}`;
}

/** What the implementation declares where TypeScript shows several signatures: everything that any overload takes. */
function widest(member, resultOf) {
  const positional = member.overloads[0].positional.map((_, i) => {
    const args = member.overloads.map((overload) => overload.positional[i]);
    const absent = args.some((arg) => arg.isNullable) ? ['undefined'] : [];
    return { name: positionalName(member, i), type: joinTypes(...args.map(typeOf), ...absent) };
  });
  const options = {};
  for (const name of member.optionNames) {
    const same = member.overloads.flatMap((overload) =>
      overload.options.filter((option) => option.publicName === name),
    );
    options[name] = { type: joinTypes(...same.map(typeOf)), isOptional: true };
  }
  const isOptional = member.candidates.some((candidate) => candidate.required.length === 0);
  const result = joinTypes(...member.overloads.map(({ schema }) => resultOf(schema)));
  return { positional, options: [options], result, isOptional };
}

/** The signatures that are declared before the body, if there is more than one, and the one that the body has. */
export function writeSignatures(member) {
  const resultOf = (schema) => resultType(schema, member.isMethod ? 'this' : 'Tensor');
  const shown = showSignatures(member, resultOf).map((signature) => ({
    ...signature,
    isOptional: signature.options.some((names) => Object.values(names).every(({ isOptional }) => isOptional)),
  }));
  const [only] = shown;
  if (shown.length === 1 && only.options.filter((names) => Object.keys(names).length > 0).length <= 1) {
    return { declared: [], implemented: writeSignature(only) };
  }
  return { declared: shown.map(writeSignature), implemented: writeSignature(widest(member, resultOf)) };
}
