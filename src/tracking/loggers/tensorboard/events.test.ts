// Holds every record to the bytes that TensorBoard's own library makes of the same content.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { maskedCrc32c } from './crc32c.ts';
import {
  fileVersionEvent,
  histogramEvent,
  imageEvent,
  sessionEndEvent,
  sessionInfoEvent,
  sessionStartEvent,
  textEvent,
} from './events.ts';
import { flatHyperparameters } from './hyperparameters.ts';
import { matrixMarkdown } from './matrix-markdown.ts';
import { ScalarEncoder } from './scalar-encoder.ts';

const recorded: { events: Record<string, string>; maskedCrcs: Record<string, number> } = JSON.parse(
  readFileSync(new URL('../../../../test/fixtures/tracking/tensorboard.json', import.meta.url), 'utf8'),
);
const place = { seconds: 1234.5, step: 300 };
const bytes = Uint8Array.from({ length: 200 }, (_, i) => i);
const histogram = {
  ...{ edges: [-1, 0, 1, 2.5], counts: [1, 2, 3], min: -1, max: 2.5, sum: 3.25, sumOfSquares: 9.5 },
  ...{ count: 6, numNonFinite: 0 },
};
const image = { bytes, format: 'png', width: 300, height: 2, caption: 'what it is' } as const;
const values = { 'train/loss': 0.1, 'größe/\u{1f600}': Number.POSITIVE_INFINITY };

test.each([
  ['fileVersion', () => fileVersionEvent(1234.5)],
  ['sessionStart', () => sessionStartEvent(place)],
  ['scalars', () => new ScalarEncoder().encode(values, place)],
  ['histogram', () => histogramEvent('weights', histogram, place)],
  ['image', () => imageEvent('picture', image, 3, place)],
  ['text', () => textEvent('notes', 'two\nlines ü', place)],
  ['sessionInfo', () => sessionInfoEvent({ lr: 0.5 }, 'g', place)],
  ['sessionEnd', () => sessionEndEvent(true, place)],
])('an event of kind %s has the bytes of TensorBoard’s', (name, encode) => {
  expect(Buffer.from(encode()).toString('hex')).toBe(recorded.events[name]);
});

test('maskedCrc32c() has the values of TensorBoard’s', () => {
  for (const [text, crc] of Object.entries(recorded.maskedCrcs)) expect(maskedCrc32c(Buffer.from(text))).toBe(crc);
});

test('ScalarEncoder refuses what is no number, and writes the same for a key each time', () => {
  const encoder = new ScalarEncoder();
  expect(() => encoder.encode({ a: null } as never, place)).toThrow('metric "a": expected a number, got null');
  const first = Buffer.from(encoder.encode(values, place));
  encoder.encode({ other: 1 }, place);
  expect(Buffer.from(encoder.encode(values, place)).equals(first)).toBe(true);
});

test('flatHyperparameters() has a plain value under each name', () => {
  const config = { seed: 1, trainer: { lr: 0.1, name: 'a', isOn: false, none: null, betas: [0.9, 0.999], empty: {} } };
  expect(flatHyperparameters(config)).toEqual({
    seed: 1,
    'trainer.lr': 0.1,
    'trainer.name': 'a',
    'trainer.isOn': false,
    'trainer.betas': '[0.9,0.999]',
  });
});

test('matrixMarkdown() is a table, whatever names there are', () => {
  const matrix = { rows: ['a|b', 'c'], columns: ['x\ny'], values: [[1], [0.5]], rowLabel: 'true', columnLabel: 'said' };
  expect(matrixMarkdown(matrix).split('\n')).toEqual([
    '| true \\\\ said | x y |',
    '| --- | ---: |',
    '| a\\|b | 1 |',
    '| c | 0.5 |',
  ]);
});
