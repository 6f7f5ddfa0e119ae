// The names of files that pictures and other things get from the names of metrics.

/** A name as a file name that every system takes. */
export function fileStem(name: string): string {
  const stem = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}@_]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return stem === '' ? 'picture' : stem.slice(0, 80);
}

/** For each name a stem of its own: names that would make the same file get a number. */
export function fileStems(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const stem = fileStem(name);
    let file = stem;
    for (let copy = 2; taken.has(file); copy += 1) file = `${stem}-${copy}`;
    taken.add(file);
    return file;
  });
}
