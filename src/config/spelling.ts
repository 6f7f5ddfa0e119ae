// Keys in snake_case and camelCase: which of both a file writes, and names in messages as that file writes them.

/** `max_checkpoints` is `maxCheckpoints`. Other keys stay as they are. */
export function camelCased(key: string): string {
  return /^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$/.test(key)
    ? key.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    : key;
}

/** `maxCheckpoints` is `max_checkpoints`. */
export function snakeCased(key: string): string {
  return key.replaceAll(/(?<=[a-z0-9])([A-Z])|(?<=[A-Z])([A-Z])(?=[a-z])/g, '_$&').toLowerCase();
}

/** Writes the names of fields in a message in snake_case; what is quoted stays.
 *  @param names - in camelCase. */
export function inSnakeCase(text: string, names: ReadonlySet<string>): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|\b[a-z][A-Za-z0-9]*\b/g, (word) =>
    names.has(word) && word !== word.toLowerCase() ? snakeCased(word) : word,
  );
}
