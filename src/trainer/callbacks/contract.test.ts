// What every callback that comes with the trainer has to do, whatever else it does. A new one adds a line to the list; one without a line fails here.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as exported from '../index.ts';
import { type Callback, CallbackList, eventNames } from '../loop/events.ts';
import { temporaryFolder, tinyLoader, tinyTrainer, weightsOf } from '../testing/tiny.ts';

const { Checkpointing, EarlyStopping, EMA, Freezing, ProgressCallback, SWA } = exported;
const { EpochHeartbeat, Heartbeat, LoggingCallback } = exported;

interface Case {
  readonly make: () => Callback;
  /** What it is for is to change the weights. */
  readonly changesWeights?: boolean;
}

const silent = { write: () => true };
const CASES: Readonly<Record<string, Case>> = {
  Checkpointing: { make: () => new Checkpointing({ filepath: join(temporaryFolder(), 'model_{epoch}.ckpt') }) },
  EarlyStopping: { make: () => new EarlyStopping({ restoreBest: true }), changesWeights: true },
  'EarlyStopping, without weights': { make: () => new EarlyStopping() },
  EMA: { make: () => new EMA({ decay: 0.5 }) },
  'EMA, at the end': { make: () => new EMA({ decay: 0.5, applyAtEnd: true }), changesWeights: true },
  SWA: { make: () => new SWA() },
  Freezing: { make: () => new Freezing({ parameters: 'first' }), changesWeights: true },
  LoggingCallback: { make: () => new LoggingCallback({ stream: silent }) },
  Heartbeat: { make: () => new Heartbeat({ stream: silent }) },
  EpochHeartbeat: { make: () => new EpochHeartbeat({ stream: silent }) },
  ProgressCallback: { make: () => new ProgressCallback({ stream: silent }) },
};

/** Classes of other parts with tests of their own. */
const OTHERS = ['WeightAveraging'];

const loaders = () => ({ trainLoaders: [tinyLoader(8)], valLoaders: [tinyLoader(4)] });

async function trained(callbacks: readonly Callback[], maxEpochs: readonly number[] = [2]): Promise<number[]> {
  const { trainer, model } = tinyTrainer({ callbacks });
  for (const epochs of maxEpochs) await trainer.fit({ ...loaders(), maxEpochs: epochs });
  return weightsOf(model);
}

test('every callback that is exported is in the list', () => {
  const isCallback = ([name, value]: [string, unknown]): boolean =>
    typeof value === 'function' &&
    name !== 'CallbackList' &&
    eventNames.some((event) => typeof (value.prototype as Partial<Callback> | undefined)?.[event] === 'function');
  const names = Object.entries(exported)
    .filter(isCallback)
    .map(([name]) => name);
  expect(names.filter((name) => !OTHERS.includes(name) && !(name in CASES))).toEqual([]);
});

describe.each(Object.entries(CASES))('%s', (_, { make, changesWeights = false }) => {
  test('leaves the weights alone, unless that is what it is for', async () => {
    const isSame = String(await trained([make()])) === String(await trained([]));
    expect(isSame || changesWeights).toBe(true);
  });

  test('goes through two fits of one trainer, and a fit of another one', async () => {
    const callback = make();
    await trained([callback], [1, 2]);
    await trained([callback], [1]);
  });

  test('gives a state that a new one takes and gives again', async () => {
    const callback = make();
    expect(typeof callback.state).toBe(typeof callback.loadState);
    await trained([callback]);
    if (!callback.state) return;
    const rootDir = temporaryFolder();
    const folder = callback instanceof Checkpointing ? {} : { config: { checkpoint: { rootDir } } };
    await tinyTrainer({ ...folder, callbacks: [make()] }).trainer.fit({ ...loaders(), maxEpochs: 2 });
    const other = make();
    // A run that is over: what is loaded is what there is.
    await tinyTrainer({ ...folder, callbacks: [other] }).trainer.fit({ ...loaders(), maxEpochs: 2 });
    expect(plain(other.state!())).toEqual(plain(callback.state()));
  });

  test('leaves a run in order whose other callback throws, at any event', async () => {
    for (const event of eventNames) {
      const callback = make();
      const heard: string[] = [];
      const failing: Callback = {
        name: 'failing',
        [event]: () => {
          throw new Error(`no ${event}`);
        },
      };
      const last: Callback = {
        name: 'last',
        exception: () => void heard.push('exception'),
        close: () => void heard.push('close'),
      };
      const { trainer, model } = tinyTrainer({ callbacks: [callback, failing, last] });
      const error = await trainer.fit(loaders()).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error === undefined) continue; // an event that this run does not have
      expect(String(error)).toContain(`no ${event}`);
      expect(heard.at(-1)).toBe('close');
      expect(weightsOf(model).every(Number.isFinite)).toBe(true);
    }
  });

  test('can be ordered among others', () => {
    const callback = make();
    const other: Callback = { name: 'other', before: [callback.name] };
    expect(new CallbackList([callback, other]).callbacks.map(({ name }) => name)).toEqual(['other', callback.name]);
  });
});

/** A state without its tensors' handles. */
function plain(value: unknown): unknown {
  if (value instanceof Object && 'toTypedArray' in value)
    return Array.from((value as { toTypedArray(): ArrayLike<number> }).toTypedArray(), Number);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, plain(entry)]));
}
