// How `console.log` and Node's `util.inspect` show an object whose text may have several lines.

/** By this name they ask an object how it looks. Not imported: the declarations would need Node's (docs/decisions/0006). */
export const inspectCustom: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** What to answer. Inside of another object, text of several lines begins on a line of its own: its rows stay one below the other.
 *  @param depth - how many levels are left.  @param options - how many there were, among others. */
export function inspected(
  text: string,
  depth: number,
  options: { depth?: number | null | undefined },
): string | object {
  if (!text.includes('\n')) return text;
  const isInside = typeof options.depth === 'number' && depth < options.depth;
  // Node indents what an object gives, and not what a string says.
  return { [inspectCustom]: () => (isInside ? `\n${text}`.replaceAll('\n', '\n  ') : text) };
}
