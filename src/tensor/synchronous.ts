// What is open while a function runs (a scope, a gradient mode, autocast) must not stay open while other code runs: bodies are synchronous.

/** What a body returned that runs only later, and what to do with it elsewhere; undefined for a value that is there. */
function findLater(result: unknown): readonly [what: string, remedy: string] | undefined {
  if (typeof result !== 'object' || result === null) return undefined;
  if (typeof (result as { then?: unknown }).then === 'function') return ['a Promise', 'await'];
  const tag = (result as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  if (tag === 'Generator' || tag === 'AsyncGenerator') return ['a generator, of which nothing has run yet', 'iterate'];
  return undefined;
}

/** Refuses what goes on after the end of the body that returned it.
 *  @param action - what is being ended, as in 'end the scope "step"'.  @param place - where to do it instead, as in 'outside the scope'.
 *  @throws {TypeError} for a Promise (or anything with a `then`) and for a generator. */
export function refuseLater(result: unknown, action: string, place: string): void {
  const later = findLater(result);
  if (later === undefined) return;
  // The rejection, if any, is told by the error below.
  if (result instanceof Promise) result.catch(() => {});
  const [what, remedy] = later;
  throw new TypeError(
    `Cannot ${action}: expected a synchronous body, got one that returns ${what}; ${remedy} ${place}`,
  );
}
