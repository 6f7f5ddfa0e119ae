// Holds docs/naming.md against the public names of PyTorch 2.13.0: each is found here in camelCase, or listed with where it is or why it is not.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as sconce from '../../src/index.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const publicNames = JSON.parse(read('test/fixtures/tensor/public-names.json')) as Record<string, string[]>;

/** What a class may define, and the base does not. */
class Whole extends sconce.nn.Module {
  forward(): void {}
  override getExtraState(): undefined {
    return undefined;
  }
  override setExtraState(): void {}
}

const surfaces: Readonly<Record<string, readonly object[]>> = {
  torch: [sconce],
  'torch.Tensor': [sconce.Tensor.prototype],
  'torch.nn.functional': [sconce.nn.functional, sconce],
  'torch.nn.Module': [new Whole()],
  'torch.linalg': [sconce.linalg],
  'torch.fft': [sconce.fft],
  'torch.special': [sconce.special],
};

const camelCase = (name: string): string => name.replace(/(?<=[^_])_+([^_])/g, (_, char: string) => char.toUpperCase());

/** The names in the first column of the table under each heading of the document. */
function readTables(text: string): Map<string, string[]> {
  const tables = new Map<string, string[]>();
  for (const section of text.split(/^## /m).slice(1)) {
    const rows = section.split('\n').filter((line) => line.startsWith('| `'));
    const names = rows.flatMap((row) => [...row.split(' | ')[0]!.matchAll(/`(\w+)`/g)].map(([, name]) => name!));
    tables.set(section.slice(0, section.indexOf('\n')), names);
  }
  return tables;
}

describe('docs/naming.md', () => {
  const tables = readTables(read('docs/naming.md'));
  const renamed = tables.get('Another name')!;
  const isFound = (surface: string, name: string): boolean =>
    surfaces[surface]!.some((home) => camelCase(name) in home);

  it.each(Object.keys(surfaces))('accounts for every public name of %s', (surface) => {
    const listed = new Set([...renamed, ...(tables.get(`Absent from ${surface}`) ?? [])]);
    expect(publicNames[surface]!.length).toBeGreaterThan(20);
    expect(publicNames[surface]!.filter((name) => !isFound(surface, name) && !listed.has(name))).toEqual([]);
  });

  it.each(['torch', 'torch.Tensor', 'torch.nn.functional', 'torch.nn.Module'])(
    'lists as absent from %s nothing that is here',
    (surface) => {
      expect(tables.get(`Absent from ${surface}`)!.filter((name) => isFound(surface, name))).toEqual([]);
    },
  );

  it.each(['torch', 'torch.Tensor', 'torch.nn.functional', 'torch.nn.Module'])(
    'lists as absent from %s only what PyTorch has',
    (surface) => {
      const known = new Set(publicNames[surface]);
      expect(tables.get(`Absent from ${surface}`)!.filter((name) => !known.has(name))).toEqual([]);
    },
  );
});

/** What scripts/generate-parity.mjs has of docs/parity.md's rows. */
interface Listing {
  listRows(from: object): {
    readonly rows: readonly { readonly ours?: string }[];
    readonly problems: readonly string[];
  };
  readNaming(text: string): object;
}

describe('docs/parity.md', () => {
  it('has a row for every name of torch.nn and torch.optim, which is here or listed with the reason why not', async () => {
    const load = async (file: string): Promise<Listing> =>
      (await import(new URL(`../../scripts/parity/${file}.mjs`, import.meta.url).href)) as Listing;
    const [{ listRows }, { readNaming }] = [await load('surfaces'), await load('naming')];
    const api = JSON.parse(read('test/fixtures/tensor/public-api.json')) as object;
    const { rows, problems } = listRows({ api, library: sconce, naming: readNaming(read('docs/naming.md')) });
    expect(problems).toEqual([]);
    expect(rows.length).toBeGreaterThan(400);
    expect(rows.filter(({ ours }) => ours !== undefined).length / rows.length).toBeGreaterThan(0.88);
  });
});
