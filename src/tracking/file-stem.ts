// The names of files that pictures get from the names of metrics.

/** A name as a file name that every system takes, in small letters. */
export function fileStem(name: string): string {
  return stemOf(name).toLowerCase();
}

/** Gives each name a stem of its own: one that is taken already, in whichever case, gets a number. */
export function fileStems({ keepsCase = false }: { readonly keepsCase?: boolean } = {}): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    const stem = keepsCase ? stemOf(name) : fileStem(name);
    let file = stem;
    for (let copy = 2; taken.has(file.toLowerCase()); copy += 1) file = `${stem}-${copy}`;
    taken.add(file.toLowerCase());
    return file;
  };
}

function stemOf(name: string): string {
  const stem = name.replace(/[^\p{L}\p{N}@_.]+/gu, '-').slice(0, 80);
  return stem.replace(/^[-.]+|[-.]+$/g, '') || 'picture';
}
