// Which callback threw an error, noted beside the error: it stays the object that the callback threw.

const failures = new WeakMap<Error, string>();

/** Notes it, unless a callback further in has been noted. */
export function noteCallbackFailure(error: unknown, name: string, event: string): void {
  if (error instanceof Error && !failures.has(error)) failures.set(error, `Callback "${name}" failed in ${event}`);
}

/** `Callback "mine" failed in epochEnd`; undefined for an error that no callback threw. */
export function callbackFailure(error: Error): string | undefined {
  return failures.get(error);
}
