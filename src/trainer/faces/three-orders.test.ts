// One run as the loop, adaptiveneuralnetwork and model-training-framework tell it, side by side: the table of docs/callbacks.md.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EpochHeartbeat, Heartbeat } from '../callbacks/heartbeat.ts';
import { LearningRateMonitor } from '../callbacks/learning-rate-monitor.ts';
import { LoggingCallback } from '../callbacks/logging.ts';
import { ModelSummary } from '../callbacks/model-summary.ts';
import { TimeBudget } from '../callbacks/time-budget.ts';
import { type Callback, eventNames } from '../loop/events.ts';
import { recorder, temporaryFolder, tinyLoader, tinyTrainer } from '../testing/tiny.ts';
import type { Trainer } from '../trainer.ts';
import { POSITIONAL_EVENTS, type PositionalCallback } from './positional-callback.ts';
import { TrainerCallbacks } from './trainer-callbacks.ts';
import { HOOK_NAMES, TrainerHooks } from './trainer-hooks.ts';

type Row = [event: string, nine: string, nineteen: string];

/** Every row of a run of one step, with all callbacks that print or log beside. */
async function played(rootDir: string, maxEpochs: number): Promise<Row[]> {
  const rows: Row[] = [];
  const add = (column: 1 | 2, name: string): void => {
    const row = rows.at(-1)!;
    row[column] = row[column] === '' ? name : `${row[column]}, ${name}`;
  };
  const heard: string[] = [];
  const core = recorder(heard);
  for (const event of eventNames)
    Object.defineProperty(core, event, { value: () => void rows.push([event, '', '']), enumerable: true });
  const stream = { write: () => true };
  const printing: Callback[] = [
    ...[new LoggingCallback({ stream }), new Heartbeat({ stream }), new EpochHeartbeat({ stream })],
    ...[new LearningRateMonitor(), new ModelSummary({ stream }), new TimeBudget({ budget: '1h' })],
  ];
  const { trainer } = tinyTrainer({
    config: { logEveryNSteps: 1, performance: { clipGradNorm: 1 }, checkpoint: { rootDir } },
    callbacks: [core, ...printing],
  });
  const nine = Object.fromEntries(POSITIONAL_EVENTS.map((name) => [name, () => add(1, name)])) as PositionalCallback;
  // What the nine are given beside their names is the matter of nine-events.test.ts.
  const host = { trainer: trainer as unknown as Trainer, recordOf: () => ({}), output: () => ({}) };
  new TrainerCallbacks(trainer.callbacks, host).append(Object.assign(nine, { name: 'nine' }));
  class Nineteen extends TrainerHooks {}
  for (const name of HOOK_NAMES) Object.defineProperty(Nineteen.prototype, name, { value: () => add(2, name) });
  trainer.hookManager.registerHook(new Nineteen());
  await trainer.fit({ trainLoaders: [tinyLoader(2)], valLoaders: [tinyLoader(2)], maxEpochs });
  return rows;
}

test('the events of a run, the nine and the nineteen come side by side as docs/callbacks.md has them', async () => {
  const rootDir = temporaryFolder();
  const rows = await played(rootDir, 1);
  const resumed = await played(rootDir, 2);
  const guide = readFileSync(new URL('../../../docs/callbacks.md', import.meta.url), 'utf8');
  const table = [...guide.matchAll(/^\| `(\w+)` \| ([^|]*) \| ([^|]*) \|$/gm)].map(([, event, nine, nineteen]): Row => {
    const plain = (cell: string): string => (cell === '–' ? '' : cell.replaceAll('`', ''));
    return [event!, plain(nine!), plain(nineteen!)];
  });
  // A row that only some runs have: the guide says which.
  const [loaded] = table.splice(
    table.findIndex(([event]) => event === 'checkpointLoaded'),
    1,
  );
  expect(rows.filter(([event]) => event !== 'warning')).toEqual(table);
  expect(resumed.find(([event]) => event === 'checkpointLoaded')).toEqual(loaded);
  expect(new Set([...rows, loaded!].flatMap(([, nine]) => nine.split(', '))).size).toBe(POSITIONAL_EVENTS.length + 1);
  expect(new Set([...rows, loaded!].flatMap(([, , names]) => names.split(', '))).size).toBe(HOOK_NAMES.length + 1);
});
