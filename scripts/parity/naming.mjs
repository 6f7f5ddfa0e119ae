// What docs/naming.md says of PyTorch's names: which have another name here, and which are not here and why.

/** Rows of the tables under each heading: names in the first cell, text of the second. */
function readTables(text) {
  const tables = new Map();
  for (const section of text.split(/^## /m).slice(1)) {
    const rows = section
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => {
        const [first, ...rest] = line.slice(2, -2).split(' | ');
        return { names: [...first.matchAll(/`([\w.]+)`/g)].map(([, name]) => name), text: rest.join(' | ') };
      });
    tables.set(section.slice(0, section.indexOf('\n')), rows);
  }
  return tables;
}

/** @returns what a name of a surface is called here (a path), and why it is not here. */
export function readNaming(text) {
  const tables = readTables(text);
  const find = (table, name) => tables.get(table)?.find(({ names }) => names.includes(name))?.text;
  return {
    renamed: (name) => find('Another name', name)?.match(/`([\w.]+)`/)?.[1],
    whyAbsent: (surface, name) => find(`Absent from ${surface}`, name),
    /** Names that are listed as absent from a surface. */
    absent: (surface) => (tables.get(`Absent from ${surface}`) ?? []).flatMap(({ names }) => names),
  };
}
