// What the generator makes of `operator-docs/`: entries, their aliases and in-place forms, and the refusal of entries that are wrong.

import { describe, expect, it } from 'vitest';

interface Doc {
  readonly sentence: string;
  readonly example?: readonly string[];
}
interface Member {
  readonly name: string;
  doc?: Doc;
  shape?: string;
}
interface Plan {
  readonly surfaces: Readonly<Record<string, readonly Member[]>>;
}
// The generator is plain JavaScript outside `src/`; these are the parts that are used here.
interface Generator {
  readDocs(texts: Readonly<Record<string, string>>): object;
  attachDocs(plan: Plan, docs: object, shapes?: object): void;
  writeOverview(plan: Plan, docs: object): string;
}
const folder = new URL('../../scripts/operators/', import.meta.url);
const modules: object[] = await Promise.all(
  ['docs', 'overview'].map((name) => import(new URL(`${name}.mjs`, folder).href)),
);
const { readDocs, attachDocs, writeOverview } = Object.assign({}, ...modules) as Generator;

const TEXT = `# Arithmetic

## double, twice
Adds each element to itself.

    tensor([1]).double(); // tensor([2.])

## linalg.double
Doubles a matrix.

    linalg.double(eye(1)); // tensor([[2.]])

## eq
Whether each element equals \`other\`.

    tensor([1]).eq(1); // tensor([True])
`;
const SHAPES = { double: { text: 'any.', inPlace: 'this.' } };

/** The documents of surfaces that have these names. */
function attach(text: string, surfaces: Readonly<Record<string, readonly string[]>>): Record<string, Member> {
  const plan = {
    surfaces: Object.fromEntries(
      Object.entries(surfaces).map(([surface, names]) => [surface, names.map((name) => ({ name }))]),
    ),
  };
  attachDocs(plan, readDocs({ 'a.md': text }), SHAPES);
  return Object.fromEntries(
    Object.entries(plan.surfaces).flatMap(([surface, members]) =>
      members.map((member) => [`${surface} ${member.name}`, member]),
    ),
  );
}

const ALL = { method: ['double', 'double_', 'twice', 'eq', 'eq_', 'other'], linalg: ['double'], special: ['double'] };

describe('attachDocs()', () => {
  const members = attach(TEXT, ALL);

  it('gives an operator its sentence, example and shape', () => {
    expect(members['method double']).toEqual({
      name: 'double',
      doc: { sentence: 'Adds each element to itself.', example: ['tensor([1]).double(); // tensor([2.])'] },
      shape: 'any.',
    });
    expect(members['method other']).toEqual({ name: 'other', doc: undefined, shape: undefined });
  });

  it('tells an alias as one, with its own name in the example', () => {
    expect(members['method twice']?.doc).toEqual({
      sentence: 'Another name of `double`. Adds each element to itself.',
      example: ['tensor([1]).twice(); // tensor([2.])'],
    });
    expect(members['method twice']?.shape).toBe('any.');
  });

  it('derives an in-place form, without an example where the result has another dtype', () => {
    expect(members['method double_']?.doc?.sentence).toMatch(/^Adds each element to itself\. In place: /);
    expect(members['method double_']?.doc?.example).toEqual(['tensor([1]).double_(); // tensor([2.])']);
    expect(members['method double_']?.shape).toBe('this.');
    expect(members['method eq_']?.doc?.example).toBeUndefined();
  });

  it('keeps the operators of linalg apart from those of one name in torch, but not those of special', () => {
    expect(members['linalg double']?.doc?.sentence).toBe('Doubles a matrix.');
    expect(members['linalg double']?.shape).toBeUndefined();
    expect(members['special double']).toEqual(members['method double']);
  });

  it('refuses an entry of what is not generated', () => {
    expect(() => attach(TEXT, { ...ALL, linalg: [] })).toThrow(
      'Cannot document linalg.double: expected names that are generated',
    );
  });

  it('refuses to derive an example that does not call the operator', () => {
    const text = '# A\n\n## double, twice\nDoubles.\n\n    tensor([1]).mul(2); // tensor([2.])\n';
    expect(() => attach(text, { method: ['double', 'twice'] })).toThrow(
      'expected a call of "double" in its example, got none',
    );
  });
});

describe('readDocs()', () => {
  it.each([
    ['## a\nA.\n\n    a(); // 1\n', 'expected "# Title" in line 1'],
    ['# T\n\n## a\nno capital\n\n    a(); // 1\n', 'expected a sentence with a full stop, got no capital'],
    ['# T\n\n## a\nA.\n', 'expected an example, got none'],
    ['# T\n\n## a\nA.\n\n    a(); // 1\n\n## a\nB.\n\n    a(); // 1\n', 'expected one entry of "a", got two'],
  ])('refuses %j', (text, message) => {
    expect(() => readDocs({ 'a.md': text })).toThrow(message);
  });
});

describe('writeOverview()', () => {
  it('lists operators by family with their other names and places, and the rest', () => {
    const docs = readDocs({ 'a.md': TEXT });
    const surfaces = Object.fromEntries(
      Object.entries(ALL).map(([surface, names]) => [surface, names.map((name): Member => ({ name }))]),
    );
    attachDocs({ surfaces }, docs, SHAPES);
    const text = writeOverview({ surfaces }, docs);
    expect(text).toContain('## Arithmetic\n\n| name | what it does | where |');
    expect(text).toContain('| `double` `twice` `double_` | Adds each element to itself. | method, `special` |');
    expect(text).toContain('| `linalg.double` | Doubles a matrix. | `linalg` |');
    expect(text).toContain('- method: `other`\n');
  });
});
