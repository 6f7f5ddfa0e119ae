import { expect, test } from 'vitest';
import { fitText, textWidth, wrapText } from './text-fit.ts';

test('fitText() keeps what fits, at the start or at both ends, and never half of a sign', () => {
  expect(fitText('loss', 100, 12)).toBe('loss');
  const long = 'encoder.layers.11.attention.weight';
  for (const keep of ['start', 'ends'] as const) {
    const short = fitText(long, 90, 12, keep);
    expect(textWidth(short, 12)).toBeLessThanOrEqual(90);
    expect(short.startsWith('encod')).toBe(true);
    expect(short.endsWith(keep === 'ends' ? 'ght' : '…')).toBe(true);
  }
  expect(fitText('😀'.repeat(20), 60, 12)).toMatch(/^😀+…$/u);
  expect(fitText('x', 0, 12)).toBe('…');
});

test('wrapText() breaks at blanks and cuts the last line', () => {
  expect(wrapText('one two', 500, 12, 2)).toEqual(['one two']);
  const lines = wrapText('a title of many words that goes on and on and on', 110, 12, 2);
  expect(lines).toHaveLength(2);
  expect(lines[1]!.endsWith('…')).toBe(true);
  for (const line of lines) expect(textWidth(line, 12)).toBeLessThanOrEqual(110);
});
