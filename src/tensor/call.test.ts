// Handles on their way to the addon: lists that share arrays must not meet inside one call.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { handles } from './call.ts';
import { tensor } from './create.ts';
import { cat } from './ops.generated.ts';

describe('handles()', () => {
  it('uses an array again, but not while a call may still read it', () => {
    const facts = JSON.parse(readFileSync(new URL('./operators.facts.json', import.meta.url), 'utf8')) as {
      schemas: Readonly<Record<string, string>>;
    };
    const listsOf = (schema: string): number =>
      schema.split(' -> ')[0]!.match(/Tensor(\([^)]*\))?\??\[\]/g)?.length ?? 0;
    const mostLists = Math.max(...Object.values(facts.schemas).map(listsOf));
    expect(mostLists).toBeGreaterThanOrEqual(6); // _fused_adamw_

    const list = [tensor(1), tensor(2)];
    const inOneCall = Array.from({ length: mostLists }, () => handles(list));
    expect(new Set(inOneCall).size).toBe(mostLists);
    expect(new Set(Array.from({ length: 100 }, () => handles(list))).size).toBeLessThan(100);
  });

  it('keeps lists of every length apart', () => {
    const numbers = Array.from({ length: 1100 }, (_, i) => tensor([i]));
    for (const length of [1, 2, 1023, 1024, 1025, 1100]) {
      const joined = cat(numbers.slice(0, length));
      expect(joined.toTypedArray()).toEqual(Float32Array.from({ length }, (_, i) => i));
    }
  });
});
