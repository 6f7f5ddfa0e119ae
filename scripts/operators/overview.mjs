// Writes docs/operators.md: every operator by family, with its sentence and where it is found.

const HEAD = `<!-- Made by scripts/generate-operators.mjs from src/tensor/operator-docs/; change those, then run \`npm run generate\`. -->

# The operators

What an operator does, and where it is: a method of \`Tensor\`, a function of \`sconce\`, or a function of one of its namespaces. A name with \`_\` works in
place. Arguments, shapes and an example of each stand at its declaration, where an editor shows them.
`;

const PLACES = {
  method: 'method',
  property: 'property',
  function: 'function',
  nn: '`nn.functional`',
  linalg: '`linalg`',
  fft: '`fft`',
  special: '`special`',
};

/** The text of docs/operators.md. */
export function writeOverview(plan, { families, entries }) {
  const places = placesOf(plan);
  const parts = families.map(({ title, entries: listed }) => {
    const rows = listed.map((entry) => {
      const names = namesIn(entry, places, entries);
      const where = [...new Set(names.flatMap((name) => places.get(name)))];
      return `| ${names.map((name) => `\`${name}\``).join(' ')} | ${entry.sentence.replaceAll('|', '\\|')} | ${where.join(', ')} |`;
    });
    return `## ${title}\n\n| name | what it does | where |\n|---|---|---|\n${rows.join('\n')}\n`;
  });
  const rest = Object.entries(plan.surfaces).flatMap(([surface, members]) => {
    const names = members.filter((member) => !member.doc).map((member) => `\`${member.name}\``);
    return names.length === 0 ? [] : [`- ${PLACES[surface]}: ${names.sort().join(' ')}`];
  });
  return [HEAD, ...parts, `## With their schema and PyTorch's page alone\n\n${rest.join('\n')}\n`].join('\n');
}

/** By name, with its namespace where a file may give one: the places where it is found. */
function placesOf({ surfaces }) {
  const places = new Map();
  const add = (name, place) => places.set(name, [...(places.get(name) ?? []), place]);
  for (const [surface, members] of Object.entries(surfaces)) {
    for (const { name } of members) {
      add(['linalg', 'fft', 'special'].includes(surface) ? `${surface}.${name}` : name, PLACES[surface]);
    }
  }
  for (const { name } of surfaces.special) if (places.has(name)) add(name, PLACES.special);
  return places;
}

/** An entry's name, its aliases, and the in-place forms that have no entry of their own. */
function namesIn(entry, places, entries) {
  const given = [entry.name, ...entry.aliases];
  const inPlace = given.map((name) => `${name}_`).filter((name) => places.has(name) && !entries.has(name));
  return [...given, ...inPlace];
}
