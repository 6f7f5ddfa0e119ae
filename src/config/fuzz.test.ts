// No text crashes or hangs the reader, whatever is printed reads as the same again, and no field is ignored.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables as configurations have them

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { ConfigError } from '../errors.ts';
import { shapeOf } from '../trainer/config/schema-keys.ts';
import { composeText, parseDocument } from './document.ts';
import { experimentFields, experimentSchema, PART_FIELDS } from './experiment-schema.ts';
import { readFields } from './fields-of-document.ts';
import type { MapNode } from './node.ts';
import { nodeOf } from './override.ts';
import { printConfig } from './print-config.ts';
import { experimentOf } from './read-experiment.ts';

/** What a reader makes of a text: the message of a ConfigError, or nothing. Everything else is thrown. */
async function readAnything(text: string, format: 'yaml' | 'json'): Promise<string> {
  try {
    const { document, problems } = await composeText(text, { format, environment: { A: '1' } });
    const { problems: found } = experimentOf(document);
    return found.length + problems.length === 0 ? '' : document.error(found, problems).message;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

/** Keys and marks that mean something, in any order. */
const pieces = fc.constantFrom(
  ...[
    'seed',
    'performance',
    'clip_grad_norm',
    'data',
    'training',
    'model',
    'extends',
    '__proto__',
    'constructor',
    '<<',
  ],
  ...[':', ': ', '\n', '\n  ', '- ', '[', ']', '{', '}', ',', '"', "'", '&a ', '*a', '!!', '|', '>', '#', '\t', '? '],
  ...[
    '1',
    '-0',
    '1e999',
    '.nan',
    'null',
    'true',
    '${A}',
    '${',
    '$$',
    '%YAML',
    '---',
    '\u0000',
    '\uFEFF',
    'é',
    '\\',
    '/',
  ],
);
const soup = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));
/** Plain data without integers that a number does not keep. */
const values = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) =>
    JSON.parse(JSON.stringify(value), (_, inner) =>
      Number.isInteger(inner) && !Number.isSafeInteger(inner) ? 1 : inner,
    ),
  );
const keys = fc.constantFrom(...Object.keys(experimentSchema.shape), '__proto__', 'toString', 'x.y', 'a: b');

describe('the reader', () => {
  it('takes or refuses every text, in little time', { timeout: 60_000 }, async () => {
    const texts = fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 60 }));
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom('yaml' as const, 'json' as const), async (text, format) => {
        const startMs = performance.now();
        await readAnything(text, format);
        expect(performance.now() - startMs).toBeLessThan(2_000);
      }),
      { numRuns: 400 },
    );
  });

  it('takes or refuses every value of every field', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(keys, values, { maxKeys: 4 }), async (value) => {
        await readAnything(JSON.stringify(value), 'json');
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['brackets', `a: ${'['.repeat(50_000)}`],
    ['braces', `a: ${'{'.repeat(50_000)}`],
    ['dashes', `${'- '.repeat(20_000)}a`],
    ['question marks', `${'? '.repeat(20_000)}a`],
    ['quotes', `a: ${'"'.repeat(50_001)}`],
    ['spaces', `a: b${' '.repeat(100_000)}c\n`],
    ['anchors', `k: &a 1\n${Array.from({ length: 5_000 }, (_, i) => `k${i}: *a`).join('\n')}`],
    ['dollars', `a: ${'${'.repeat(50_000)}`],
    ['keys', Array.from({ length: 5_000 }, (_, i) => `k${i}: 1`).join('\n')],
  ])('is through with many %s', { timeout: 30_000 }, async (_, text) => {
    await readAnything(text, 'yaml');
    await readAnything(text, 'json');
  });
});

/** A value that a field takes, from its schema. */
function arbitraryOf(schema: z.core.$ZodType, key: string): fc.Arbitrary<unknown> {
  const def = schema._zod.def as {
    type: string;
    innerType?: z.core.$ZodType;
    element?: z.core.$ZodType;
    entries?: Record<string, string>;
    values?: readonly unknown[];
    options?: readonly z.core.$ZodType[];
    in?: z.core.$ZodType;
  };
  switch (def.type) {
    case 'string': {
      const texts = fc
        .string({ unit: 'binary', minLength: 1, maxLength: 12 })
        .filter((text) => !/[/\0\r]|^\.+$/.test(text));
      if (key === 'streamTo') return texts.map((text) => `s3://${text}`);
      return key === 'consoleLogFormat' ? texts.map((text) => `%(message)s ${text.replaceAll('%', '%%')}`) : texts;
    }
    case 'number':
      // 0.5 fits only where 1 does.
      return fc.constantFrom(1, 2, 0.5, 7).filter((value) => (schema as z.ZodType).safeParse(value).success);
    case 'boolean':
      return fc.boolean();
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries!));
    case 'literal':
      return fc.constantFrom(...def.values!);
    case 'array':
      return fc.array(arbitraryOf(def.element!, key), { minLength: 1, maxLength: 3 });
    case 'union':
      return fc
        .oneof(...def.options!.map((option) => arbitraryOf(option, key)))
        .filter((value) => (schema as z.ZodType).safeParse(value).success);
    case 'record':
      return fc.dictionary(
        fc.string({ maxLength: 5 }).filter((name) => name !== '__proto__'),
        { rename: fc.string(), extraArgs: fc.oneof(fc.string(), fc.integer(), fc.boolean()) }[key] ?? values,
        { maxKeys: 3 },
      );
    case 'pipe':
      return fc.constantFrom(90, '1h30m', '2d');
    case 'custom':
      return fc.record({ type: fc.constantFrom('a', '$b', '${c}'), option: values });
    case 'object': {
      const fields = Object.entries(shapeOf(schema)!).map(([name, field]) => [name, arbitraryOf(field, name)] as const);
      return fc.record(Object.fromEntries(fields), {
        requiredKeys: Object.keys(shapeOf(schema)!).filter(
          (name) =>
            !(experimentSchema.shape as object as Record<string, unknown>)[name] &&
            ['kind', 'batch', 'weights', 'points'].includes(name),
        ),
      });
    }
    default:
      return arbitraryOf(def.innerType!, key);
  }
}

describe('printConfig()', () => {
  it('writes whatever the schema takes so that it reads as the same', { timeout: 60_000 }, async () => {
    const given = arbitraryOf(experimentSchema, '') as fc.Arbitrary<Record<string, unknown>>;
    await fc.assert(
      fc.asyncProperty(
        given,
        fc.constantFrom('yaml' as const, 'json' as const),
        fc.constantFrom('snake_case' as const, 'camelCase' as const),
        async (config, format, spelling) => {
          const text = await printConfig(config, { format, spelling });
          const document = await parseDocument(text, { format, environment: {} });
          expect(experimentSchema.parse(camel(document.value))).toEqual(experimentSchema.parse(config));
          const again = await printConfig(camel(document.value), { format, spelling });
          expect(again).toBe(text);
        },
      ),
      { numRuns: 60, examples: [[{ optimizers: { type: 'a', option: { '<<': 0 } } }, 'yaml', 'snake_case']] },
    );
  });
});

/** Fields as `experimentOf` reads them. */
function camel(value: Record<string, unknown>): Record<string, unknown> {
  const root = nodeOf(value, { source: 'test' }) as MapNode; // an object gives a map
  return { ...readFields(root, experimentSchema).value };
}

describe('every field of a file', () => {
  const names = Object.keys(experimentSchema.shape).filter((name) => !Object.hasOwn(PART_FIELDS, name));

  it('is refused where it is of another kind', async () => {
    const taken: string[] = [];
    const tryAll = async (schema: z.core.$ZodType, path: readonly string[]): Promise<void> => {
      for (const [name, field] of Object.entries(shapeOf(schema) ?? {})) {
        if (path.length === 0 && !names.includes(name)) continue;
        const wrong = [...path, name].reduceRight<unknown>((inner, key) => ({ [key]: inner }), [[['wrong']]]);
        if ((await readAnything(JSON.stringify(wrong), 'json')) === '') taken.push([...path, name].join('.'));
        await tryAll(field, [...path, name]);
      }
    };
    await tryAll(experimentSchema, []);
    expect(taken).toEqual([]);
    expect(Object.keys(experimentFields.shape).length).toBeGreaterThan(15);
  });
});
