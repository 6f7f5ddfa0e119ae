// What loaders are called where nobody names them, and how their names are written into profiling keys.

/** Names of training loaders: dl0, dl1, … */
export function trainLoaderNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `dl${i}`);
}

/** Names of validation loaders: `val_` and the name of the training loader at the same place; val_dl0, val_dl1, … where there are more of them than
 *  training loaders. */
export function valLoaderNames(count: number, trainNames: readonly string[]): string[] {
  return Array.from({ length: count }, (_, i) => (count <= trainNames.length ? `val_${trainNames[i]}` : `val_dl${i}`));
}

/** Names as they stand in profiling keys: whatever is no letter of ASCII, digit, "_" or "-" becomes one "_", none stays at the ends, and nothing becomes
 *  "loader". Names that become equal get their place: `a b` and `a_b` are a_b and a_b_1. */
export function profilingNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, i) => {
    let key = name.replace(/[^\w-]+/g, '_').replace(/^_+|_+$/g, '') || 'loader';
    while (taken.has(key)) key = `${key}_${i}`;
    taken.add(key);
    return key;
  });
}
