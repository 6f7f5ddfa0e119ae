// A turn of the event loop between steps, so that timers, signals and servers work while training runs. Costs under a microsecond.

/** Lets the event loop turn once. */
export function breathe(): Promise<void> {
  return new Promise(setImmediate);
}
