import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Progress, type ProgressStream } from './progress.ts';
import { barLine, colorPaint, displayWidth, type ProgressFacts, plainPaint } from './progress-line.ts';

/** A terminal or a file that keeps what is written to it. */
class Screen implements ProgressStream {
  readonly isTTY: boolean;
  columns: number | undefined;
  text = '';

  constructor(isTTY: boolean, columns?: number) {
    this.isTTY = isTTY;
    this.columns = columns;
  }

  write(text: string): void {
    this.text += text;
  }

  /** The lines that a reader sees in the end: what was erased is gone. */
  get lines(): string[] {
    const last = (line: string): string => stripVTControlCharacters(line.split('\r').at(-1) ?? '');
    return this.text.split('\n').map(last);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const numSteps = 100;

/** Runs an epoch of 100 steps, 50 ms each, on the fake clock. */
function playEpoch(progress: Progress, epoch: number, steps = numSteps): void {
  progress.beginPhase({ name: 'train', epoch, numEpochs: 4, numSteps });
  for (let step = 1; step <= steps; step += 1) {
    vi.advanceTimersByTime(50);
    progress.advance(step, { 'train/loss': 1 / step, 'train/lr': 0.001 });
  }
}

test('Progress leaves out one loader’s value where it is there over all loaders, unless it is asked for', () => {
  const shownOf = (values: Record<string, number>, metrics?: string[]): string => {
    const screen = new Screen(false);
    const progress = new Progress({ stream: screen, env: {}, ...(metrics ? { metrics } : {}) });
    progress.beginPhase({ name: 'train', epoch: 0, numEpochs: 1, numSteps: 1 });
    progress.endEpoch(values);
    progress.close();
    return screen.text.replace(/^epoch 1\/1 +0 ms +/, '').trim();
  };
  const values = { 'train/loss': 1, 'train/dl_a/loss': 2, 'train/dl_a/seen': 3 };
  expect(shownOf(values)).toMatch(/^train\/loss \S+ +train\/dl_a\/seen \S+$/);
  expect(shownOf(values, ['train/dl_a/loss'])).toMatch(/^train\/dl_a\/loss \S+$/);
});

test('Progress redraws at most ten times a second, and not at all for advance()', () => {
  const screen = new Screen(true, 100);
  const progress = new Progress({ stream: screen, env: {} });
  playEpoch(progress, 0); // 5 seconds
  const draws = screen.text.split('\r').length - 1;
  expect(draws).toBeGreaterThan(40);
  expect(draws).toBeLessThanOrEqual(50);
  const before = screen.text;
  for (let call = 0; call < 1000; call += 1) progress.advance(call);
  expect(screen.text).toBe(before);
  progress.close();
});

test('Progress shows epoch, count, rate, time left and metrics', () => {
  const screen = new Screen(true, 120);
  const progress = new Progress({ stream: screen, env: {} });
  playEpoch(progress, 0, 50);
  progress.draw();
  // 20 steps a second: 2.5 s to the end of this epoch, and three more of 5 s.
  expect(screen.lines.at(-1)).toMatch(
    /^epoch 1\/4 {2}━+─+ {2} 50\/100 {3}0:1[78] left {2}20\.\d steps\/s {2}train\/loss 0\.02000 {2}/,
  );
  progress.close();
});

test('Progress keeps one line an epoch and leaves the cursor on a new line', () => {
  const screen = new Screen(true, 100);
  const progress = new Progress({ stream: screen, env: {}, metrics: ['val/loss'] });
  playEpoch(progress, 0);
  progress.beginPhase({ name: 'validate', epoch: 0, numEpochs: 4, numSteps: 3 });
  vi.advanceTimersByTime(1000);
  progress.note('saved \u001b[31mcheckpoints/a.pt');
  progress.endEpoch({ 'train/loss': 0.5, 'val/loss': 0.25 });
  playEpoch(progress, 1, 30);
  progress.close();
  expect(screen.lines[0]).toBe('saved ?[31mcheckpoints/a.pt');
  expect(screen.lines[1]).toBe('epoch 1/4  6.0 s  val/loss 0.2500');
  expect(screen.lines[2]).toContain(' 30/100');
  expect(screen.lines.slice(3)).toEqual(['']);
  expect(screen.text).not.toContain('\u001b[?25'); // the cursor is never hidden
  const length = screen.text.length;
  vi.advanceTimersByTime(1000);
  expect(screen.text.length).toBe(length);
});

test('Progress estimates the rest from whole epochs, validation included', () => {
  const screen = new Screen(true, 120);
  const progress = new Progress({ stream: screen, env: {} });
  playEpoch(progress, 0);
  progress.beginPhase({ name: 'validate', epoch: 0, numEpochs: 4, numSteps: 1 });
  vi.advanceTimersByTime(5000);
  progress.endEpoch({});
  playEpoch(progress, 1, 50);
  progress.draw();
  // 2.5 s into an epoch of 10 s, two more to come.
  expect(screen.lines.at(-1)).toMatch(/ 0:2[78] left/);
  progress.close();
});

test('Progress writes plain lines at intervals and at an epoch’s end where there is no terminal', () => {
  const screen = new Screen(false);
  const progress = new Progress({ stream: screen, plainEverySeconds: 2, env: {} });
  playEpoch(progress, 0);
  progress.endEpoch({ 'val/loss': Number.NaN });
  progress.close();
  expect(screen.text).toBe(stripVTControlCharacters(screen.text));
  expect(screen.text).not.toContain('\r');
  expect(screen.lines.map((line) => line.split('  ')[0])).toEqual(['epoch 1/4', 'epoch 1/4', 'epoch 1/4', '']);
  expect(screen.lines[0]).toMatch(
    /^epoch 1\/4 {2} 39\/100 {3}0:19 left {2}19\.5 steps\/s {2}train\/loss 0\.02564 {2}train\/lr 0\.001000$/,
  );
  expect(screen.lines[2]).toBe('epoch 1/4  5.0 s  val/loss NaN');
});

test.each([
  [{ NO_COLOR: '1' }, false, true],
  [{ NO_COLOR: '' }, true, true],
  [{ TERM: 'dumb' }, false, false],
])('Progress with %o: colour %s, live %s', (env, hasColor, isLive) => {
  const screen = new Screen(true, 80);
  const progress = new Progress({ stream: screen, env, plainEverySeconds: 1 });
  playEpoch(progress, 0);
  progress.close();
  expect(screen.text.includes('\u001b[36m')).toBe(hasColor);
  expect(screen.text.includes('\r')).toBe(isLive);
});

test('barLine() never exceeds the width and shows what matters most, whatever the width', () => {
  const facts: ProgressFacts = {
    label: 'epoch 3/10',
    done: 45,
    total: 120,
    stepsPerSecond: 23.4,
    leftMs: 83_000,
    values: { 'train/loss': 1.2345, 損失: 2, 'train/lr': 3e-5 },
  };
  for (let width = 10; width <= 200; width += 1) {
    const plain = barLine(facts, width, plainPaint);
    expect(displayWidth(plain)).toBeLessThanOrEqual(width);
    expect(stripVTControlCharacters(barLine(facts, width, colorPaint))).toBe(plain);
    if (width >= 20) expect(plain).toContain(' 45/120');
  }
  expect(barLine(facts, 30, plainPaint)).toBe('epoch 3/10  ━━━╸─────   45/120');
  expect(barLine(facts, 44, plainPaint)).toBe('epoch 3/10   45/120  train/loss 1.234');
  expect(barLine(facts, 60, plainPaint)).toBe('epoch 3/10  ━━━─────   45/120   1:23 left  train/loss 1.234');
});
