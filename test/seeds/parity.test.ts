// PARITY.md cannot rot: every name of ours in it exists, and so does every test that it names.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as sconce from 'sconce';
import * as data from 'sconce/data';
import * as multimodal from 'sconce/multimodal';
import * as registry from 'sconce/registry';
import * as tracking from 'sconce/tracking';
import * as trainer from 'sconce/trainer';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/trainer/config/schema.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const exported: Readonly<Record<string, unknown>> = {
  ...sconce,
  ...data,
  ...multimodal,
  ...registry,
  ...tracking,
  ...trainer,
};
const rows = readFileSync(`${root}PARITY.md`, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| theirs'))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| ?| ?\|$/g, '').trim()))
  .filter((cells) => cells.length === 4) as [theirs: string, ours: string, status: string, test: string][];

const model = new sconce.nn.Linear(1, 1);
const optimizer = new sconce.optim.AdamW(model.parameters());
/** What is a property of an instance and not of its class. */
const instances: Readonly<Record<string, object>> = {
  GenericTrainer: new trainer.GenericTrainer({ model, optimizers: [optimizer] }),
  Trainer: new trainer.Trainer({ model, optimizer, criterion: new sconce.nn.MSELoss() }),
};

/** Whether `config.a.b` is a field: one that is not is refused as unknown, one that is refuses this value or takes it. */
function isField(path: string): boolean {
  const value = path.split('.').reduceRight<unknown>(
    (inner, key) => ({ [key]: inner }),
    () => {},
  );
  const { problems } = readConfig(value as object);
  return !problems.some((problem) => /unknown key| in its place/.test(problem));
}

function exists(name: string): boolean {
  if (name.startsWith('config.')) return isField(name.slice('config.'.length));
  const [owner, member] = name.split('.') as [string, string | undefined];
  if (!(owner in exported)) return false;
  if (member === undefined) return true;
  const prototype = (exported[owner] as { prototype: object }).prototype;
  return member in (instances[owner] ?? prototype);
}

const namesIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);

describe('PARITY.md', () => {
  test('has a row for each of the names that it is about', () => {
    expect(rows.length).toBeGreaterThan(200);
    expect(exists('GenericTrainer.fly')).toBe(false);
    expect(exists('config.checkpoint.rotDir')).toBe(false);
    expect(exists('Missing')).toBe(false);
  });

  test('names nothing of ours that does not exist', () => {
    const names = rows.flatMap(([, ours]) => namesIn(ours));
    expect(names.filter((name) => !exists(name))).toEqual([]);
  });

  test('says of every row what works where, or why nothing does', () => {
    const wrong = rows.filter(([, ours, status]) => status === '' || (ours === '' && status.startsWith('works')));
    expect(wrong).toEqual([]);
    const missing = rows.flatMap(([, , , cell]) => namesIn(cell)).filter((path) => !existsSync(`${root}${path}`));
    expect([...new Set(missing)]).toEqual([]);
  });
});
