// Waits for what is being closed, and says so where that takes long enough to wonder about.

/** So long nobody wonders. */
const SILENT_MS = 1_000;

/** Something that is waited for. */
export interface Awaited {
  readonly name: string;
  /** How long it takes at most, if known. */
  readonly withinMs: number | undefined;
  readonly done: Promise<void>;
}

export interface AwaitAloudOptions {
  /** After how long it is said, in milliseconds. Default 1,000. */
  readonly silentMs?: number | undefined;
  /** Default: a warning of the process. */
  readonly say?: ((message: string) => void) | undefined;
}

/** Awaits all, and says once which take longer than a moment, as in `Waiting for wandb, 10 s at most`. */
export async function awaitAloud(waits: readonly Awaited[], options: AwaitAloudOptions = {}): Promise<void> {
  const { silentMs = SILENT_MS, say = (message) => process.emitWarning(message, 'SconceWarning') } = options;
  const open = new Set(waits);
  const all = Promise.all(waits.map((wait) => wait.done.finally(() => open.delete(wait))));
  const timer = setTimeout(() => say(`Waiting for ${[...open].map(described).join('; ')}`), silentMs).unref();
  try {
    await all;
  } finally {
    clearTimeout(timer);
  }
}

const described = ({ name, withinMs }: Awaited): string =>
  withinMs === undefined ? name : `${name}, ${Number((withinMs / 1000).toPrecision(2))} s at most`;
