// The names of files that pictures and other things get from the names of metrics.

/** A name as a file name that every system takes. */
export function fileStem(name: string): string {
  const stem = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}@_]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return stem === '' ? 'picture' : stem.slice(0, 80);
}

/** Gives each name a stem of its own: one that is taken already gets a number. */
export function fileStems(): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    const stem = fileStem(name);
    let file = stem;
    for (let copy = 2; taken.has(file); copy += 1) file = `${stem}-${copy}`;
    taken.add(file);
    return file;
  };
}
