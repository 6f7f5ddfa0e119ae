import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { collectEnvironment } from './environment.ts';
import { JsonlLogger } from './loggers/jsonl.ts';
import type { RunProfile } from './profile/run-profile.ts';
import { readRun } from './read-run.ts';
import { writeReport } from './report.ts';
import { bestMetrics, finalMetrics, type RunSummary, writeSummary } from './summary.ts';

const hostile = `<script>alert('1')</script>"><img src=x onerror=alert(1)>`;
/** The smallest picture: one transparent pixel. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-report-'));
  const log = new JsonlLogger(join(folder, 'metrics.jsonl'), { now: () => Date.UTC(2026, 0, 2, 3, 4) });
  log.open({ id: 'run', resumedFrom: undefined });
  for (let step = 1; step <= 30; step += 1) {
    const clocks = { step, microStep: step, epoch: 0 };
    log.logMetrics({ 'train/loss': 1 / step, 'train/dl_a/loss': 2 / step, 'train/lr': 0.1, [hostile]: step }, clocks);
    if (step % 10 === 0) log.logMetrics({ 'val/loss': (step - 20) ** 2 + 0.5 }, clocks);
  }
  log.logEvent({ event: 'warning', message: hostile }, { step: 30, microStep: 30, epoch: 0 });
  log.close();
});
afterEach(() => rmSync(folder, { recursive: true }));

const page = (): string => readFileSync(join(folder, 'report.html'), 'utf8');
/** What a reader sees of a piece of HTML, markup taken away. */
const words = (html: string): string =>
  html
    .replace(/<style>.*?<\/style>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

async function summarise(more: Partial<RunSummary> = {}): Promise<void> {
  const { metrics } = await readRun(folder);
  const summary: RunSummary = {
    status: 'finished',
    exitCode: 0,
    startedAt: '2026-01-02T03:04:05.000Z',
    endedAt: '2026-01-02T03:05:05.000Z',
    clocks: { step: 30, microStep: 30, epoch: 1 },
    final: finalMetrics(metrics),
    best: bestMetrics(metrics, { 'val/loss': 'min' }),
    durations: { totalMs: 60_000, setupMs: 6_000, trainMs: 45_000, dataWaitMs: 15_000, epochsMs: [50_000] },
    counts: { parameters: 1234 },
    environment: collectEnvironment({ libtorch: { version: '2.13.0', source: hostile, threads: 2 } }),
    ...more,
  };
  await writeSummary(folder, summary);
}

test('writeReport() escapes every text that comes from outside, and lets nothing run or load', async () => {
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({ [hostile]: { list: [hostile], deep: { [hostile]: hostile } } }),
  );
  await summarise();
  const item = { text: hostile, picture: pixel, isRight: true, score: 0.5 };
  await writeReport(folder, {
    title: hostile,
    headline: [hostile],
    sections: [
      { kind: 'gallery', title: hostile, caption: hostile, rows: [{ query: item, results: [item] }] },
      { kind: 'table', title: hostile, caption: hostile, columns: [hostile], rows: [[hostile]] },
      { kind: 'tree', title: hostile, value: hostile },
      { kind: 'text', title: hostile, text: hostile },
    ],
  });
  const html = page();
  expect(html).not.toMatch(/<script/i);
  expect(html).not.toMatch(/<img src=x/);
  expect(html.match(/<img /g)).toHaveLength(2); // those of the gallery, whose `alt` is the hostile text
  expect(html).not.toMatch(/<img [^>]*onerror=(?!alert\(1\)&gt;)/);
  expect(html).toContain(`content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"`);
  const addresses = html.match(/\b(?:https?:)?\/\/[^\s"'<)]+/g) ?? [];
  expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org/2000/svg'])); // a name, not a place
});

test('writeReport() shows best values, curves, timing and events as they were', async () => {
  await summarise();
  expect(await writeReport(folder, { title: 'A run' })).toBe(join(folder, 'report.html'));
  const text = words(page());
  expect(text).toContain('A run finished 2026-01-02 03:04 UTC 1 min 00 s 30 steps');
  expect(text).toContain('val/loss 0.5000 best, step 20');
  expect(text).toContain('training steps 30.0 s 50.0%');
  expect(text).toContain('waiting for data 15.0 s 25.0%');
  expect(text).toContain('everything else 9.0 s 15.0%');
  expect(text).toContain('0.6667 steps/s while training');
  expect(text).toContain('warning: &lt;script&gt;');
  // One picture of the losses of training, over all loaders and of one, and of validation; one of the learning rate; one of the odd metric.
  expect(text).toContain(' loss all a train val ');
  expect(readdirSync(join(folder, 'plots')).sort()).toEqual([
    'loss.svg',
    'lr.svg',
    'script-alert-1-script-img-src-x-onerror-alert-1.svg',
  ]);
});

test('writeReport() has one table of where the time went, with set-up, the parts of the training, and what is beside both', async () => {
  const part = (name: string, ms: number, count: number) => ({ name, ms, count });
  const parts = [part('data', 12_000, 60), part('forward', 30_000, 60), part('validation', 3_000, 2)];
  const loader = { numBatches: 30, parts: [part('data', 6_000, 30)], longestWaitMs: 300 };
  const profile: RunProfile = {
    ...{ totalMs: 45_000, numBatches: 60, numSteps: 30, device: 'cpu', parts, callbacks: [] },
    loaders: [
      { ...loader, name: 'a' },
      { ...loader, name: 'b' },
    ],
    ...{ stepOperators: 10, stepReads: 0, numSaves: 0, saveWaitMs: 0, savesInBackground: true },
    machine: { threads: 2, cores: 2, busyCores: 1, load: 1 },
  };
  await summarise({ profile });
  await writeReport(folder, { title: 't' });
  const text = words(page());
  expect(page().match(/<h2>[^<]*(?:[Tt]ime|Timing)[^<]*<\/h2>/g)).toEqual(['<h2>Where the time went</h2>']);
  expect(text).toContain(
    'Where the time went 0.6667 steps/s while training · 1 epoch of 50.0 s on average (50.0 s to 50.0 s) · parameters 1,234 · 60 batches, 30 steps in this process',
  );
  expect(text).toContain(
    'part time each share set-up 6.0 s 10.0% waiting for data 12.0 s 200 ms 20.0% forward 30.0 s 500 ms 50.0% validation 3.0 s 1.5 s 5.0% before and after training 9.0 s 15.0% whole run 1 min 00 s 100.0% loader &quot;a&quot;, 100 % of it data 6.0 s 200 ms 10.0%',
  );
  expect(text).toContain('What to do about it');
});

test('writeReport() draws pictures of the same name to files of their own', async () => {
  const pictures = ['../a b', 'A/b', '…'].map((name) => ({ name, svg: `<svg xmlns="http://www.w3.org/2000/svg"/>` }));
  await writeReport(folder, { title: 't', sections: [{ kind: 'plot', title: 'p', pictures }] });
  expect(readdirSync(join(folder, 'plots'))).toEqual(expect.arrayContaining(['a-b.svg', 'a-b-2.svg', 'picture.svg']));
});

test('writeReport() gives a wide picture a row for itself', async () => {
  const pictures = [900, 901].map((width) => ({
    name: `w${width}`,
    svg: `<svg viewBox="0 0 ${width} 90" id="w${width}"/>`,
  }));
  await writeReport(folder, { title: 't', sections: [{ kind: 'plot', title: 'p', pictures }] });
  const page = readFileSync(join(folder, 'report.html'), 'utf8');
  expect(page).toContain('<figure class="card"><svg viewBox="0 0 900 90"');
  expect(page).toContain('<figure class="card wide-picture"><svg viewBox="0 0 901 90"');
});

test('writeReport() holds the pictures of a gallery byte for byte and marks the right ones', async () => {
  const results = [
    { picture: pixel, isRight: false },
    { picture: pixel, isRight: true, text: 'found' },
  ];
  await writeReport(folder, {
    title: 't',
    sections: [{ kind: 'gallery', title: 'Found', rows: [{ query: { text: 'a cat' }, results }] }],
  });
  const html = page();
  const sources = [...html.matchAll(/<img [^>]*src="data:image\/png;base64,([^"]+)"/g)].map((match) => match[1]!);
  expect(sources.map((source) => Buffer.from(source, 'base64'))).toEqual([pixel, pixel]);
  expect(html.match(/class="item right"/g)).toHaveLength(1);
  expect(html.match(/class="item wrong"/g)).toHaveLength(1);
  expect(words(html)).toContain('query a cat 1 2 ✓ found');
});

test('writeReport() shows the last picture of each key that was logged, and nothing in it runs', async () => {
  const path = join(folder, 'run', 'metrics.jsonl');
  const log = new JsonlLogger(path);
  log.open({ id: 'x', resumedFrom: undefined });
  const clocks = (step: number) => ({ step, microStep: step, epoch: 0 });
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  log.logFigure('roc', '<svg xmlns="http://www.w3.org/2000/svg"/>', clocks(1));
  log.logFigure('roc', svg, clocks(2));
  log.logImage('samples', { bytes: pixel, format: 'png', width: 1, height: 1, caption: hostile }, clocks(2));
  await log.close();
  await writeReport(join(folder, 'run'), { title: 't' });
  const html = readFileSync(join(folder, 'run', 'report.html'), 'utf8');
  const found = [...html.matchAll(/<img [^>]*src="data:([^;]+);base64,([^"]+)"/g)].map((match) => match.slice(1));
  expect(found).toEqual([
    ['image/svg+xml', Buffer.from(svg).toString('base64')],
    ['image/png', pixel.toString('base64')],
  ]);
  expect(html).not.toMatch(/<script/i);
  expect(words(html)).toContain('Logged pictures roc, step 2 samples, step 2: &lt;script&gt;');
});

test('writeReport() says what it got instead of a picture', async () => {
  const row = { query: { picture: Buffer.from('hello') }, results: [] };
  const sections = [{ kind: 'gallery' as const, title: 'x', rows: [row] }];
  await expect(writeReport(folder, { title: 't', sections })).rejects.toThrow('got bytes that start with 68656c6c');
});

test('writeReport() works on a run that was killed, and refuses a folder that is none', async () => {
  await writeReport(folder, { title: 'Killed', headline: ['val/loss', 'val/none'] });
  const text = words(page());
  expect(text).toContain('Killed unfinished 2026-01-02 03:04 UTC 30 steps');
  expect(text).toContain('val/loss 100.5 last, step 30 val/none – not measured');
  await expect(writeReport(tmpdir(), { title: 't' })).rejects.toThrow('expected a file metrics.jsonl, got none');
});

test('writeReport() draws a bounded number of pictures, those of the run first, and says so', async () => {
  const log = new JsonlLogger(join(folder, 'metrics.jsonl'));
  log.open({ id: 'run', resumedFrom: { step: 30, microStep: 30, epoch: 0 } });
  const many = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`many/${i}`, i]));
  log.logMetrics({ ...many, 'val/last': 1 }, { step: 31, microStep: 31, epoch: 0 });
  log.close();
  await writeReport(folder, { title: 'Run' });
  expect(words(page())).toContain('The first 100 of 123 pictures; sconce plot --metrics draws others.');
  const names = readdirSync(join(folder, 'plots'));
  expect(names).toHaveLength(101); // and lr
  expect(names).toEqual(expect.arrayContaining(['loss.svg', 'last.svg']));
});
