// What the fuzzer found stays found: every call that once killed the process is made again in a child, and ends with its error or its result.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { getNative } from '../../src/tensor/call.ts';
import { libtorchVersion } from '../../src/tensor/process.ts';
import { readChild } from '../child.ts';
import { FOUND } from '../fuzz/found.ts';

describe('a call that once killed the process', () => {
  const ends = readChild(new URL('children/fuzzed.ts', import.meta.url)) as (string | null)[];

  it.each(FOUND.map((found, i) => [`${found.operator} ${JSON.stringify(found.args)}`.slice(0, 200), i] as const))(
    'ends with an error or a result: %s',
    (_, i) => {
      const { error, isOfProcessor = false } = FOUND[i]!;
      if (isOfProcessor && ends[i] === null) return;
      if (libtorchVersion().startsWith('2.13')) expect(ends[i]).toBe(error ?? null);
      else expect(ends[i] ?? FOUND[i]!.error ?? '').toMatch(/^$|^\w*Error: Cannot /);
    },
  );
});

describe('docs/guarded-operators.md', () => {
  it('lists the table of native/guards.cc', () => {
    const page = readFileSync(new URL('../../docs/guarded-operators.md', import.meta.url), 'utf8');
    const rows = getNative()
      .guardedOperators()
      .map(([operators, input, outcome]) => `| ${operators.replace(/\S+/g, '`$&`')} | ${input} | ${outcome} |`);
    expect(page.match(/^\| `.*$/gm)).toEqual(rows);
  });

  it('names operators that exist', () => {
    for (const [operators] of getNative().guardedOperators()) expect(operators).toMatch(/^\S+(?: \S+)*$/);
  });
});
