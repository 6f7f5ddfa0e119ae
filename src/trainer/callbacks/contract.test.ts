// What every callback that comes with the trainer has to do, whatever else it does. A new one adds a line to the list; one without a line fails here.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { load, save } from '../../serial/tensors.ts';
import { ones } from '../../tensor/index.ts';
import * as exported from '../index.ts';
import { type Callback, CallbackList, eventNames } from '../loop/events.ts';
import { temporaryFolder, tinyLoader, tinyTrainer, weightsOf } from '../testing/tiny.ts';

const { Checkpointing, EarlyStopping, EMA, Freezing, ProfilingCallback, profile, ProgressCallback, SWA } = exported;
const {
  CurriculumCallback,
  EpochHeartbeat,
  Heartbeat,
  LearningRateMonitor,
  LoggingCallback,
  ModelSummary,
  PredictionWriter,
  TimeBudget,
} = exported;

const { DeviceStatsMonitor, DiagnosisCallback, GradientMonitor, ParameterMonitor, ThroughputMonitor } = exported;

interface Case {
  readonly make: () => Callback;
  /** What it is for is to change the weights. */
  readonly changesWeights?: boolean;
  /** Its state has times in it, which no two runs have the same. */
  readonly readsClock?: boolean;
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
  LearningRateMonitor: { make: () => new LearningRateMonitor({ everyNSteps: 1, logMomentum: true }) },
  TimeBudget: { make: () => new TimeBudget({ budget: '1h' }), readsClock: true },
  CurriculumCallback: { make: () => new CurriculumCallback({ apply: () => {} }) },
  ModelSummary: { make: () => new ModelSummary({ inputSize: [1, 3], stream: silent }) },
  PredictionWriter: {
    make: () =>
      new PredictionWriter({
        path: join(temporaryFolder(), 'out.csv'),
        of: 'validate',
        select: (_, { batchSize }) => ones([batchSize]),
      }),
  },
  GradientMonitor: { make: () => new GradientMonitor({ logFrequency: 1, histograms: true, warn: false }) },
  ParameterMonitor: { make: () => new ParameterMonitor({ everySteps: 1, histograms: true }) },
  ThroughputMonitor: { make: () => new ThroughputMonitor({ peakFlops: 1e9 }) },
  DeviceStatsMonitor: { make: () => new DeviceStatsMonitor() },
  DiagnosisCallback: { make: () => new DiagnosisCallback({ onlyWhereLogged: true }) },
  ProfilingCallback: { make: () => new ProfilingCallback({ stream: silent }) },
  TraceCallback: {
    make: () => profile({ wait: 0, warmup: 1, steps: 1, path: join(temporaryFolder(), 'trace.json'), stream: silent }),
  },
  ProgressCallback: { make: () => new ProgressCallback({ stream: silent }) },
};

/** Classes of other parts with tests of their own. */
const OTHERS = ['WeightAveraging'];

const quiet: Callback = { name: 'quiet', warning: () => {} };

const loaders = () => ({ trainLoaders: [tinyLoader(8)], valLoaders: [tinyLoader(4)] });

const oneStep = () => ({ trainLoaders: [tinyLoader(2)], valLoaders: [tinyLoader(2)] });
const CONFIG = { logEveryNSteps: 1, performance: { clipGradNorm: 1 } };
const runEvents = eventNames.filter((event) => !event.startsWith('prediction'));

/** Whether a fit of `oneStep` under `CONFIG` has an event. */
function happens(event: string, callbacks: readonly Callback[]): boolean {
  if (event === 'checkpointSaved') return callbacks.some((each) => each instanceof Checkpointing);
  return !['checkpointLoaded', 'warning', 'preempted', 'exception'].includes(event);
}

async function trained(callbacks: readonly Callback[], maxEpochs: readonly number[] = [2]): Promise<number[]> {
  const { trainer, model } = tinyTrainer({ callbacks });
  for (const epochs of maxEpochs) await trainer.fit({ ...loaders(), maxEpochs: epochs });
  return weightsOf(model);
}

test('every callback that is exported is in the list', () => {
  const isCallback = ([name, value]: [string, unknown]): boolean =>
    typeof value === 'function' &&
    name !== 'CallbackList' &&
    !('logMetrics' in (value.prototype ?? {})) && // a logger has `close` too
    eventNames.some((event) => typeof (value.prototype as Partial<Callback> | undefined)?.[event] === 'function');
  const names = Object.entries(exported)
    .filter(isCallback)
    .map(([name]) => name);
  expect(names.filter((name) => !OTHERS.includes(name) && !(name in CASES))).toEqual([]);
});

describe.each(Object.entries(CASES))('%s', (_, { make, changesWeights = false, readsClock = false }) => {
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
    const other = make();
    if (readsClock) {
      const path = join(temporaryFolder(), 'state.pt');
      await save(callback.state(), path);
      other.loadState!((await load(path)) as Record<string, unknown>); // what state() gave
    } else {
      const rootDir = temporaryFolder();
      const folder = callback instanceof Checkpointing ? {} : { config: { checkpoint: { rootDir } } };
      await tinyTrainer({ ...folder, callbacks: [make()] }).trainer.fit({ ...loaders(), maxEpochs: 2 });
      // A run that is over: what is loaded is what there is.
      await tinyTrainer({ ...folder, callbacks: [other, quiet] }).trainer.fit({ ...loaders(), maxEpochs: 2 });
    }
    expect(plain(other.state!())).toEqual(plain(callback.state()));
  });

  test('is in a run that is stopped inside an epoch and resumed what it is in one that goes through', async () => {
    const rootDir = temporaryFolder();
    const folder = make() instanceof Checkpointing ? {} : { checkpoint: { rootDir } };
    const filepath = join(rootDir, 'model_{epoch}.ckpt');
    const again = (): Callback => (make() instanceof Checkpointing ? new Checkpointing({ filepath }) : make());
    const first = tinyTrainer({ config: { ...folder, maxSteps: 2 }, callbacks: [again(), quiet] });
    await first.trainer.fit({ ...loaders(), maxEpochs: 2 });
    const second = tinyTrainer({ config: folder, callbacks: [again(), quiet] });
    await second.trainer.fit({ ...loaders(), maxEpochs: 2 });
    expect(second.trainer.globalStep).toBe(8);
    expect(weightsOf(second.model)).toEqual(await trained([make()]));
  });

  test('leaves a run in order whose other callback throws, at any event that it hears itself, and in between', async () => {
    const own = runEvents.filter((event) => make()[event]);
    for (const event of new Set([...own, 'fitStart', 'batchEnd', 'validationStart', 'fitEnd'])) {
      const failing: Callback = {
        name: 'failing',
        [event]: () => {
          throw new Error(`no ${event}`);
        },
      };
      await expectOrder([make(), failing], event);
    }
  });

  test('ends a run in order where a method of its own throws, or the run goes on without it', async () => {
    for (const event of runEvents.filter((each) => make()[each])) {
      await expectOrder([failingIn(event, make(), 'raise')], event);
      const heard: string[] = [];
      const listener: Callback = { name: 'listener', warning: (_, message) => void heard.push(message) };
      const callbacks = [failingIn(event, make(), 'log'), listener];
      const { trainer, model } = tinyTrainer({ config: CONFIG, callbacks });
      await trainer.fit(oneStep());
      expect(trainer.globalStep).toBe(1);
      expect(weightsOf(model).every(Number.isFinite)).toBe(true);
      const told = heard.filter((message) => message.endsWith(` failed in ${event}: no ${event}`)).length;
      expect(told).toBe(happens(event, callbacks) ? 1 : 0);
    }
  });

  test('can be ordered among others', () => {
    const callback = make();
    const other: Callback = { name: 'other', before: [callback.name] };
    expect(new CallbackList([callback, other]).callbacks.map(({ name }) => name)).toEqual(['other', callback.name]);
  });
});

/** A fit whose callback throws at `event` ends with that error, and the other ones hear it; one without that event is completed. */
async function expectOrder(callbacks: readonly Callback[], event: string): Promise<void> {
  const heard: string[] = [];
  const last: Callback = {
    name: 'last',
    exception: () => void heard.push('exception'),
    close: () => void heard.push('close'),
  };
  const { trainer, model } = tinyTrainer({ config: CONFIG, callbacks: [...callbacks, last] });
  const error: unknown = await trainer.fit(oneStep()).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (happens(event, callbacks)) expect(String(error)).toContain(`no ${event}`);
  else expect(error).toBeUndefined();
  const isTold = error !== undefined && event !== 'close'; // the end of a run that has ended well
  expect(heard).toEqual(isTold ? ['exception', 'close'] : ['close']);
  expect(weightsOf(model).every(Number.isFinite)).toBe(true);
}

function failingIn(event: string, callback: Callback, onError: 'raise' | 'log'): Callback {
  const fail = (): never => {
    throw new Error(`no ${event}`);
  };
  return Object.defineProperties(callback, { [event]: { value: fail }, onError: { value: onError } });
}

/** A state without its tensors' handles. */
function plain(value: unknown): unknown {
  if (value instanceof Object && 'toTypedArray' in value)
    return Array.from((value as { toTypedArray(): ArrayLike<number> }).toTypedArray(), Number);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, plain(entry)]));
}
