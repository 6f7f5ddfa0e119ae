// Names of experiments: golden ones, and that different parameters never have the same.
import { describe, expect, test } from 'vitest';
import { ABBREVIATIONS } from './abbreviations.ts';
import { unflatten } from './dot-paths.ts';
import {
  experimentName,
  experimentNames,
  MAX_NAME_LENGTH,
  sanitizeName,
  sortedJson,
  suggestExperimentName,
} from './naming.ts';

const name = (parameters: Record<string, unknown>): string => experimentName('x', parameters);

test('no two parameters have the same short form', () => {
  const short = [...ABBREVIATIONS.values()];
  expect(ABBREVIATIONS.size).toBeGreaterThanOrEqual(131);
  expect(new Set(short).size).toBe(short.length);
  for (const text of short) expect(text).toMatch(/^[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*$/);
});

describe('experimentName()', () => {
  test('shows numbers whole', () => {
    const values = [0, 1, 10, 100, 25, 2500, 1e10, 1e-4, 1.5e-7, 0.1 + 0.2, -3];
    expect(values.map((lr) => name({ lr }))).toEqual([
      ...['x_[lr_0]', 'x_[lr_1]', 'x_[lr_10]', 'x_[lr_100]', 'x_[lr_25]', 'x_[lr_2500]', 'x_[lr_1e10]', 'x_[lr_1e-4]'],
      ...['x_[lr_1.5e-7]', 'x_[lr_0.30000000000000004]', 'x_[lr_-3]'],
    ]);
  });

  test('abbreviates and sorts keys, nests dot paths, joins lists', () => {
    expect(
      name({
        gradient_accumulation_steps: 4,
        batchSize: 32,
        useAmp: true,
        seed: null,
        'optimizer.lr': 0.1,
        optimizer: { type: 'adam' },
      }),
    ).toBe('x_[batch_32][grad_accum_4][optim_{lr.0.1,type.adam}][seed_none][amp_T]');
    expect(name({ betas: [0.9, 0.999], milestones: [] })).toBe('x_[betas_0.9_0.999][miles_empty]');
    expect(name({})).toBe('x');
  });

  test('has a hash behind what is not exact', () => {
    const hashed = (text: string) =>
      expect.stringMatching(new RegExp(`^x_${text.replace(/[[\]]/g, '\\$&')}_[0-9a-f]{8}$`));
    expect(name({ sampling_strategy: 'round_robin' })).toEqual(hashed('[sampling_round_robin]'));
    expect(name({ note: 'a/b c' })).toEqual(hashed('[note_a_b_c]'));
    expect(name({ flag: 'T' })).toEqual(hashed('[flag_T]'));
  });

  test('keeps whole parts of what is too long', () => {
    const parameters = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`parameter_p${i}`, i]));
    const long = name(parameters);
    expect(long.length).toBeLessThanOrEqual(MAX_NAME_LENGTH);
    expect(long).toMatch(/^x_(\[parameter_p\d+_\d+\])+_[0-9a-f]{8}$/);
    expect(experimentName('y'.repeat(300), { lr: 1 }).length).toBeLessThanOrEqual(MAX_NAME_LENGTH);
  });

  test('by hash and by time', () => {
    const at = new Date('2026-11-26T10:15:00Z');
    expect(experimentName('x', { a: 1 }, { strategy: 'hash' })).toBe('x_015abd7f');
    expect(experimentName('x', { a: 1 }, { strategy: 'timestamp_based', at })).toBe('x_20261126_101500_015abd');
    expect(() => experimentName('x', {}, { strategy: 'other' as 'hash' })).toThrow(
      'Cannot name an experiment: strategy: expected one of hash, parameter, timestamp, got "other"',
    );
  });

  test('refuses paths that go through values, and what JSON lacks', () => {
    expect(() => name({ a: 1, 'a.b': 2 })).toThrow('a.b: expected an object before "b", got 1 set by another key');
    expect(() => name({ 'a.b': 2, a: 1 })).toThrow('Cannot name an experiment: a: expected it once, got it twice');
    expect(() => name({ a: Number.NaN, b: () => 1 })).toThrow(/2 problems/);
  });

  test('differs for different parameters', () => {
    let state = 12345;
    const draw = (below: number): number => {
      state = (state + 0x6d2b79f5) | 0; // mulberry32
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
    };
    const words = ['T', 'F', 'none', 'empty', 'a', 'a_b', '1', '1_2', 'b.c', 'x,y', '0', 'lr', 'a}', '-', '{}', ''];
    const keys = [
      'a',
      'b',
      'a_b',
      'a_1',
      'lr',
      'batch',
      'batch_size',
      'hidden_dim',
      'hidden_dims',
      'A',
      'a b',
      'a1',
      'n_1_2',
    ];
    const scalar = (): unknown =>
      [draw(3), 10 ** draw(12), 10 ** -draw(12), draw(2) === 0, null, words[draw(words.length)], -draw(3)][draw(7)];
    const value = (depth: number): unknown => {
      const kind = draw(depth > 1 ? 4 : 6);
      if (kind < 4) return scalar();
      if (kind === 4) return Array.from({ length: draw(4) }, scalar);
      return object(depth + 1);
    };
    const object = (depth: number): Record<string, unknown> =>
      Object.fromEntries(Array.from({ length: 1 + draw(2) }, () => [keys[draw(keys.length)], value(depth)]));
    const seen = new Map<string, string>();
    for (let i = 0; i < 20_000; i++) {
      const parameters = object(0);
      const named = name(parameters);
      const json = sortedJson(unflatten(parameters, 'test'));
      expect([named, seen.get(named) ?? json]).toEqual([named, json]);
      expect(named).toMatch(/^[^<>:"/\\|?*\s]{1,120}$/);
      seen.set(named, json);
    }
    expect(seen.size).toBeGreaterThan(2000);
  });
});

test('suggestExperimentName() goes on to the next strategy while names are taken', () => {
  const at = new Date('2026-11-26T10:15:00Z');
  const taken: string[] = [];
  for (let i = 0; i < 5; i++) taken.push(suggestExperimentName('x', taken, { a: 1 }, { at }));
  expect(taken).toEqual(['x_[a_1]', 'x_015abd7f', 'x_20261126_101500_015abd', 'x_015abd7f_1', 'x_015abd7f_2']);
});

test('experimentNames() tells equal names apart', () => {
  const names = experimentNames('x', [{ a: 1 }, { a: 1 }, { a: 2 }]);
  expect(new Set(names).size).toBe(3);
});

test('sanitizeName()', () => {
  expect(['a b', ' a//b? ', '..', '***', 'ok-1.2'].map(sanitizeName)).toEqual([
    'a_b',
    'a_b',
    'experiment',
    'experiment',
    'ok-1.2',
  ]);
});
