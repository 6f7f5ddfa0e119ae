// Reads what is written about operators in src/tensor/operator-docs/*.md, and finds what belongs to each public name.
//
// A file is a family: `# Title`, then an entry each. `## abs, absolute` names an operator and the other names it goes by; below it are its sentences,
// and in lines indented by four spaces its example, which `scripts/check-docs.mjs` runs. Operators of linalg, fft and special are written with their
// namespace where it differs from the operator of that name in torch: `## linalg.norm`. In-place forms are derived, unless they have an entry.

import { SHAPES } from './shapes.mjs';

const NAMESPACES = ['linalg', 'fft', 'special'];

/** Results of these are bool, which an in-place form turns into the input's dtype: the example of one does not hold for the other. */
const GIVES_BOOL =
  /^(eq|ne|notEqual|lt|less|le|lessEqual|gt|greater|ge|greaterEqual|logical(And|Or|Xor|Not)|floatPower)$/;

/** @param texts - the files' texts by name.
 *  @returns `families` (`{ title, entries }` in the files' order) and `entries`, by name with its namespace.
 *  @throws {Error} where a file is not in the form above, or a name has two entries. */
export function readDocs(texts) {
  const families = Object.entries(texts).map(([file, text]) => readFamily(file, text));
  const entries = new Map();
  for (const entry of families.flatMap((family) => family.entries)) {
    for (const name of [entry.name, ...entry.aliases]) {
      if (entries.has(name)) throw new Error(`Cannot read operator docs: expected one entry of "${name}", got two`);
      entries.set(name, entry);
    }
  }
  return { families, entries };
}

function readFamily(file, text) {
  const [head, ...sections] = text.split(/^## /m);
  const title = /^# (.+)\n/.exec(head)?.[1];
  if (!title) throw new Error(`Cannot read ${file}: expected "# Title" in line 1`);
  return { title, entries: sections.map((section) => readEntry(file, section)) };
}

function readEntry(file, section) {
  const [heading, ...lines] = section.trimEnd().split('\n');
  const [name, ...aliases] = heading.split(', ');
  const sentence = lines.filter((line) => line !== '' && !line.startsWith('    ')).join(' ');
  const example = lines.filter((line) => line.startsWith('    ')).map((line) => line.slice(4));
  if (!/^[A-Z0-9`-].*[.]$/.test(sentence)) {
    throw new Error(`Cannot read "${name}" in ${file}: expected a sentence with a full stop, got ${sentence}`);
  }
  if (example.length === 0) throw new Error(`Cannot read "${name}" in ${file}: expected an example, got none`);
  return { name, aliases, sentence, example };
}

/** Gives each member of a plan's surfaces its `doc` (`{ sentence, example }`) and the text on its `shape`, where there are such.
 *  @throws {Error} where an entry or a shape belongs to no operator. */
export function attachDocs(plan, docs, shapes = SHAPES) {
  const used = new Set();
  for (const [surface, members] of Object.entries(plan.surfaces)) {
    for (const member of members) {
      const names = namesOf(surface, member.name);
      member.doc = findDoc(docs, names, used);
      member.shape = findShape(docs, shapes, names, used);
    }
  }
  const names = [...docs.entries.keys(), ...Object.keys(shapes)];
  const foreign = names.filter((name) => !used.has(name));
  if (foreign.length > 0) {
    throw new Error(`Cannot document ${foreign.join(', ')}: expected names that are generated; remove or rename these`);
  }
}

/** What a member may be called in the files, the most special first. An operator of torch.special that torch has as well is the same one. */
function namesOf(surface, name) {
  if (!NAMESPACES.includes(surface)) return [name];
  return surface === 'special' ? [`special.${name}`, name] : [`${surface}.${name}`];
}

function findDoc({ entries }, names, used) {
  for (const name of names) {
    if (!entries.has(name)) continue;
    used.add(name);
    return ownDoc(entries.get(name), name);
  }
  const [name] = names;
  const base = name.endsWith('_') ? entries.get(name.slice(0, -1)) : undefined;
  return base && inPlaceDoc(base, name);
}

function ownDoc(entry, name) {
  if (name === entry.name) return { sentence: entry.sentence, example: entry.example };
  return {
    sentence: `Another name of \`${entry.name}\`. ${entry.sentence}`,
    // In another namespace it is called in another form: as a function, where the example has a method.
    example: name.includes('.') ? entry.example : renameCalls(entry, name),
  };
}

function inPlaceDoc(entry, name) {
  return {
    sentence: `${entry.sentence} In place: the tensor itself changes, and is returned.`,
    example: GIVES_BOOL.test(name.slice(0, -1)) ? undefined : renameCalls(entry, name),
  };
}

/** An entry's example with the operator called by another name. */
function renameCalls({ name, example }, other) {
  const call = new RegExp(`(?<!\\w)${name.replace('.', '\\.')}(?=\\()`, 'g');
  if (!call.test(example.join('\n'))) {
    throw new Error(`Cannot write the example of "${other}": expected a call of "${name}" in its example, got none`);
  }
  return example.map((line) => line.replace(call, other));
}

/** The text on the shape of a name. An alias has that of its operator; an in-place form too, where it has no entry of its own. */
function findShape({ entries }, shapes, names, used) {
  const original = (name) => entries.get(name)?.name ?? name;
  for (const name of names.flatMap((name) => [name, original(name)])) {
    if (!Object.hasOwn(shapes, name)) continue;
    used.add(name);
    return shapes[name].text;
  }
  const base = names.filter((name) => name.endsWith('_')).map((name) => original(original(name).replace(/_$/, '')));
  return base.map((name) => shapes[name]?.inPlace).find((text) => text !== undefined);
}
