// Composition: bases, variables, overrides, aliases, and where everything comes from.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables as configurations have them

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type DocumentOptions, parseDocument, readDocument } from './document.ts';

const folder = mkdtempSync(join(tmpdir(), 'sconce-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes files, and gives the folder that they lie in. */
function write(files: Readonly<Record<string, string>>): string {
  const own = mkdtempSync(join(folder, 'case-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(own, name)), { recursive: true });
    writeFileSync(join(own, name), text);
  }
  return own;
}

const read = async (
  files: Readonly<Record<string, string>>,
  options: DocumentOptions = {},
): Promise<Record<string, unknown>> =>
  (await readDocument(Object.keys(files)[0]!, { cwd: write(files), environment: {}, ...options })).value;

const parsed = async (text: string, options: DocumentOptions = {}): Promise<Record<string, unknown>> =>
  (await parseDocument(text, { environment: {}, ...options })).value;

describe('extends', () => {
  it('merges objects, replaces lists, and lets later files win', async () => {
    const value = await read({
      'a.yaml': 'extends: [one.yaml, sub/two.json]\nperformance: { use_amp: true }\ntags: [mine]\n',
      'one.yaml': 'seed: 1\nperformance: { clip_grad_norm: 1, use_amp: false }\ntags: [x, y]\n',
      'sub/two.json': '{ "extends": "three", "seed": 2 }',
      'sub/three.yml': 'seed: 3\nversion: "3"\n',
    });
    expect(value).toEqual({
      seed: 2,
      performance: { clip_grad_norm: 1, use_amp: true },
      tags: ['mine'],
      version: '3',
    });
  });

  it('knows a field in both spellings, but not where keys are the user’s own', async () => {
    const value = await read({
      'a.yaml': 'extends: b.yaml\ncheckpoint: { maxCheckpoints: 2 }\ncustom_params: { aB: 1 }\n',
      'b.yaml': 'checkpoint: { max_checkpoints: 9, save_rng: true }\ncustom_params: { a_b: 2 }\n',
    });
    expect(value).toEqual({ checkpoint: { save_rng: true, maxCheckpoints: 2 }, custom_params: { a_b: 2, aB: 1 } });
  });

  it('replaces an object whose type is another', async () => {
    const value = await read({
      'a.yaml': 'extends: b.yaml\nmodel: { type: cnn, channels: 3 }\noptimizer: { lr: 1 }\n',
      'b.yaml': 'model: { type: mlp, hidden: 8 }\noptimizer: { type: sgd, momentum: 0.9 }\n',
    });
    expect(value).toEqual({
      model: { type: 'cnn', channels: 3 },
      optimizer: { type: 'sgd', momentum: 0.9, lr: 1 },
    });
  });

  it('reads a file once that several extend', async () => {
    const files: Record<string, string> = { 'f0.yaml': 'seed: 5\n' };
    for (let i = 1; i < 40; i++) files[`f${i}.yaml`] = `extends: [f${i - 1}.yaml, f${Math.max(0, i - 2)}.yaml]\n`;
    const document = await readDocument('f39.yaml', { cwd: write(files) });
    expect(document.value).toEqual({ seed: 5 });
    expect(document.files).toHaveLength(40);
  });

  it('gives no two readers the same objects', async () => {
    const document = await parseDocument('a: &a { b: [1] }\nc: *a\n');
    const { value } = document;
    (value.a as { b: number[] }).b.push(2);
    expect(value.c).toEqual({ b: [1] });
    expect(document.value).toEqual({ a: { b: [1] }, c: { b: [1] } });
  });
});

describe('environment variables', () => {
  const environment = { N: '3', ON: 'true', RATE: '1e-3', NAME: 'x', EMPTY: '', JOB: '12345678901234567890' };

  it('are values of their kind as a whole value, and text inside one', async () => {
    const text = 'a: ${N}\nb: "${ON}"\nc: ${RATE}\nd: ${NAME}-${N}\ne: $N\nf: [{ g: "${NAME}" }]\nh: ${JOB}\n';
    expect(await parsed(text, { environment })).toEqual({
      a: 3,
      b: true,
      c: 0.001,
      d: 'x-3',
      e: 3,
      f: [{ g: 'x' }],
      h: '12345678901234567890',
    });
  });

  it('have defaults, which take the place of empty ones too', async () => {
    const text = 'a: ${NONE:-5}\nb: ${EMPTY:-x}\nc: "${EMPTY}"\nd: pre-${NONE:-a b}\ne: "${NONE:-}"\n';
    expect(await parsed(text, { environment })).toEqual({ a: 5, b: 'x', c: '', d: 'pre-a b', e: '' });
  });

  it('do not come from what a variable says, and a doubled dollar sign is one', async () => {
    expect(await parsed('a: ${A}\nb: $${N}\nc: costs $5\nd: $$N\n', { environment: { A: '${N}', N: '3' } })).toEqual({
      a: '${N}',
      b: '${N}',
      c: 'costs $5',
      d: '$N',
    });
  });

  it('that are not set are told with their places', async () => {
    await expect(parsed('a:\n  b: ${NONE}\n')).rejects.toThrow(
      'configuration:2:6: expected the environment variable NONE to be set, got none',
    );
  });
});

describe('overrides', () => {
  it('set values of all kinds over files, in the spelling that is there', async () => {
    const overrides = ['performance.clipGradNorm=0.5', 'tags=[a, b]', 'new.deep.er={ x: 1 }', 'tags.1=c', 'name="5"'];
    expect(await parsed('performance: { clip_grad_norm: 1 }\nname: x\n', { overrides })).toEqual({
      performance: { clip_grad_norm: 0.5 },
      name: '5',
      tags: ['a', 'c'],
      new: { deep: { er: { x: 1 } } },
    });
  });

  it('come after parameters, which change nothing of their values', async () => {
    const parameters = { 'optimizer.lr': 0.1, 'optimizer.betas': [0.9, 0.99], seed: 1 };
    const value = await parsed('seed: 0\n', { parameters, overrides: ['seed=2'] });
    expect(value).toEqual({ seed: 2, optimizer: { lr: 0.1, betas: [0.9, 0.99] } });
    (value.optimizer as { betas: number[] }).betas.push(1);
    expect(parameters['optimizer.betas']).toEqual([0.9, 0.99]);
  });
});

describe('YAML', () => {
  it('has anchors and merge keys, own keys before merged ones, first before second', async () => {
    const text = 'a: &a { x: 1, y: 1 }\nb: &b { y: 2, z: 2 }\nc: { <<: [*a, *b], z: 3 }\nd: { "<<": text }\n';
    expect(await parsed(text)).toMatchObject({ c: { x: 1, y: 1, z: 3 }, d: { '<<': 'text' } });
  });

  it('is version 1.2: no and on are texts, numbers have no leading sixties', async () => {
    expect(await parsed('a: no\nb: 1:30\nc: 0x10\nd: 3e-4\ne: ~\nf: .inf\n')).toEqual({
      a: 'no',
      b: '1:30',
      c: 16,
      d: 3e-4,
      e: null,
      f: Number.POSITIVE_INFINITY,
    });
  });

  it('refuses an alias inside its own anchor, and levels without end', async () => {
    await expect(parsed('a: &a { b: *a }\n')).rejects.toThrow(
      'configuration:1:12: expected an alias of an anchor above it, got one inside its own anchor',
    );
    await expect(parsed(`a: ${'['.repeat(80)}${']'.repeat(80)}\n`)).rejects.toThrow('expected at most 64 levels');
    await expect(parsed(`a: ${'['.repeat(100_000)}`)).rejects.toThrow(/levels|ends what began/);
  });

  it('has no keys that are made of a prototype', async () => {
    const value = await parsed('__proto__: { polluted: true }\nconstructor: { prototype: { polluted: true } }\n');
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('files', () => {
  it('are looked for in the working directory, the project, and its folder of configurations', async () => {
    const root = write({
      'package.json': '{}',
      'sub/keep.txt': '',
      'a.yaml': 'seed: 1\n',
      'configs/a.yaml': 'seed: 2\n',
      'configs/b.json': '{ "seed": 3 }',
    });
    const cwd = join(root, 'sub');
    expect((await readDocument('a', { cwd })).value).toEqual({ seed: 1 });
    expect((await readDocument('b', { cwd })).value).toEqual({ seed: 3 });
    writeFileSync(join(cwd, 'a.yml'), 'seed: 4\n');
    expect((await readDocument('a', { cwd })).value).toEqual({ seed: 4 });
    await expect(readDocument('c.yaml', { cwd })).rejects.toThrow(
      `Cannot read "c.yaml": expected a configuration file, got none at ${join(cwd, 'c.yaml')}, ${join(root, 'c.yaml')}, ${join(root, 'configs/c.yaml')}`,
    );
  });

  it('of other endings, other bytes and other sizes are refused', async () => {
    const cwd = write({ 'a.toml': 'x = 1\n', 'big.yaml': '#'.repeat((1 << 20) + 1) });
    writeFileSync(join(cwd, 'bytes.yaml'), Buffer.from([0x61, 0x3a, 0xff]));
    await expect(readDocument('a.toml', { cwd })).rejects.toThrow('expected a file that ends in .yaml, .yml, .json');
    await expect(readDocument('big.yaml', { cwd })).rejects.toThrow('expected at most 1048576 bytes, got 1048577');
    await expect(readDocument('bytes.yaml', { cwd })).rejects.toThrow('expected text in UTF-8, got other bytes');
  });

  it('say where everything stands', async () => {
    const cwd = write({ 'a.yaml': 'extends: b.yaml\nseed: 1\n', 'b.yaml': 'tags:\n  - x\n' });
    const document = await readDocument('a.yaml', { cwd, overrides: ['version=2'] });
    expect(document.place(['seed'])).toBe('a.yaml:2:1');
    expect(document.place(['tags', 0])).toBe('b.yaml:2:5');
    expect(document.place(['version'])).toBe('--set version=2');
    expect(document.place(['nothing', 'there'])).toBe('a.yaml:1:1');
  });
});
