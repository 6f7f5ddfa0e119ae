// The pages of parity cannot rot: every name of ours in them exists, every option is taken, and so does every test that they name.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as sconce from 'sconce';
import * as adaptive from 'sconce/adaptive';
import * as data from 'sconce/data';
import * as metrics from 'sconce/metrics';
import * as multidataset from 'sconce/multidataset';
import * as multimodal from 'sconce/multimodal';
import * as registry from 'sconce/registry';
import * as tracking from 'sconce/tracking';
import * as trainer from 'sconce/trainer';
import { afterAll, describe, expect, test } from 'vitest';
import { workflowFlags } from '../../src/cli/adaptive/flags.ts';
import { frozenCoreFlags, trainFlags } from '../../src/cli/multidataset/flags.ts';
import { camelCased } from '../../src/config/spelling.ts';
import { smallModel } from '../../src/multidataset/model/testing/small-model.ts';
import { readConfig } from '../../src/trainer/config/schema.ts';
import { loaderOf, TwoTowers } from './multimodal.ts';

type Exported = Readonly<Record<string, unknown>>;
type Row = readonly [theirs: string, ours: string, status: string, test: string];

const root = fileURLToPath(new URL('../../', import.meta.url));
const general: Exported = { ...sconce, ...sconce.optim, ...data, ...metrics, ...registry, ...tracking, ...trainer };

const rowsOf = (page: string): Row[] =>
  readFileSync(`${root}${page}`, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| theirs'))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| ?| ?\|$/g, '').trim()))
    .filter((cells) => cells.length === 4) as unknown as Row[];

const model = new sconce.nn.Linear(1, 1);
const optimizer = new sconce.optim.AdamW(model.parameters());
const towers = new TwoTowers();
const place = mkdtempSync(join(tmpdir(), 'sconce-parity-'));
afterAll(() => rmSync(place, { recursive: true }));

/** What is a property of an instance and not of its class. */
const instances: Readonly<Record<string, object>> = {
  GenericTrainer: new trainer.GenericTrainer({ model, optimizers: [optimizer] }),
  Trainer: new trainer.Trainer({ model, optimizer, criterion: new sconce.nn.MSELoss() }),
};

/** Those of classes that two subpaths have under one name, too. */
const ofMultimodal: Readonly<Record<string, object>> = {
  ...instances,
  CheckpointManager: new multimodal.CheckpointManager({ model, optimizer, checkpointDir: place }),
  MetricsCollector: new multimodal.MetricsCollector(),
  MultimodalTrainer: new multimodal.MultimodalTrainer({
    ...{ model: towers, trainDataloader: loaderOf(4), lossFn: new multimodal.CLIPLoss() },
    ...{ checkpointDir: place, logDir: place },
  }),
};

const ofMultidataset: Readonly<Record<string, object>> = {
  ...instances,
  MultiDatasetModel: smallModel(),
  MultiDatasetDM: new multidataset.MultiDatasetDM({ cfgDir: 'configs/datasets' }),
};

const small = new adaptive.AdaptiveConfig({ numNodes: 2, hiddenDim: 2, inputDim: 2 });
const nodes = new adaptive.AdaptiveModel(small);
const ofAdaptive: Readonly<Record<string, object>> = {
  ...instances,
  AdaptiveModel: nodes,
  NodeState: nodes.nodeState,
  AdaptiveDynamics: nodes.dynamics,
  CallbackList: new adaptive.CallbackList(),
  LoggingCallback: new adaptive.LoggingCallback(),
  Phase: adaptive.Phase,
  ModelBuilder: new adaptive.ModelBuilder(),
  TrainingLoop: new adaptive.TrainingLoop(nodes, small),
  WorkflowConfig: new adaptive.WorkflowConfig(),
};

interface Page {
  readonly path: string;
  /** Where a name is looked up. */
  readonly exported: Exported;
  readonly instances: Readonly<Record<string, object>>;
  /** Of the command that is its own. */
  readonly flags?: readonly { readonly name: string }[];
  readonly least: number;
}

const pages: readonly Page[] = [
  { path: 'PARITY.md', exported: { ...general, ...multimodal, ...trainer }, instances, least: 200 },
  { path: 'src/multimodal/PARITY.md', exported: { ...general, ...multimodal }, instances: ofMultimodal, least: 150 },
  {
    path: 'src/multidataset/PARITY.md',
    exported: { ...general, ...multidataset },
    instances: ofMultidataset,
    flags: [...trainFlags, ...frozenCoreFlags],
    least: 200,
  },
  {
    path: 'src/adaptive/PARITY.md',
    exported: { ...general, ...adaptive },
    instances: ofAdaptive,
    flags: workflowFlags,
    least: 120,
  },
];

/** Whether `config.a.b` is a field: one that is not is refused as unknown, one that is refuses this value or takes it. */
function isField(path: string): boolean {
  const value = path.split('.').reduceRight<unknown>(
    (inner, key) => ({ [key]: inner }),
    () => {},
  );
  const { problems } = readConfig(value as object);
  return !problems.some((problem) => /unknown key| in its place/.test(problem));
}

/** Whether `workflow.section.field` is a field, by the same rule. */
function isWorkflowField(path: string): boolean {
  const [section = '', field = ''] = path.split('.');
  try {
    void new adaptive.WorkflowConfig({ [section]: { [field]: () => {} } });
    return true;
  } catch (error) {
    return !(error as Error).message.includes('unknown key');
  }
}

/** What stands before the options. */
const subjects: Readonly<Record<string, object>> = { model, optimizer };

/** What a class or function says of one option alone, whose value nobody could want. */
function said(owner: unknown, subject: string | undefined, option: string): string {
  const make = owner as (new (...args: object[]) => unknown) & ((...args: object[]) => unknown);
  try {
    const given = { [option]: Symbol('of no kind') };
    const args = subject === undefined ? [given] : [subjects[subject]!, given];
    void (/^class/.test(String(owner)) ? new make(...args) : make(...args));
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

/** Whether an option is known: others are refused as unknown. */
function isOption(owner: unknown, subject: string | undefined, option: string): boolean {
  const refuses = (name: string): boolean =>
    said(owner, subject, name)
      .split('\n')
      .some((line) => line.includes(`got "${name}"`) || (line.includes(name) && line.includes('unknown')));
  return refuses('noSuchOption') && !refuses(option);
}

function exists(name: string, { exported, instances, flags = [] }: Omit<Page, 'path' | 'least'>): boolean {
  if (name.startsWith('--')) return flags.some((flag) => flag.name === name.slice(2));
  if (name.startsWith('workflow.')) return isWorkflowField(name.slice('workflow.'.length));
  if (name.startsWith('config.')) return isField(name.slice('config.'.length));
  const [, taker, subject, option] = /^(\w+)\((?:(\w+), )?\{ (\w+) \}\)$/.exec(name) ?? [];
  if (taker !== undefined) return taker in exported && isOption(exported[taker], subject, option!);
  const [owner, member] = name.split('.') as [string, string | undefined];
  if (!(owner in exported)) return false;
  if (member === undefined) return true;
  const prototype = (exported[owner] as { prototype: object }).prototype;
  return member in (instances[owner] ?? prototype) || Object.hasOwn(exported[owner] as object, member);
}

const codeIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);

test('a name that does not exist is found out', () => {
  const [first, second, third] = pages as [Page, Page, Page];
  expect(exists('GenericTrainer.fly', first)).toBe(false);
  expect(exists('config.checkpoint.rotDir', first)).toBe(false);
  expect(exists('Missing', first)).toBe(false);
  expect(exists('CLIPLoss({ fly })', second)).toBe(false);
  expect(exists('CLIPLoss({ temperature })', second)).toBe(true);
  expect(exists('CheckpointManager.getLatestCheckpoint', first)).toBe(false); // sconce/trainer's
  expect(exists('CheckpointManager.getLatestCheckpoint', second)).toBe(true);
  expect(['MultiDatasetModel.fly', 'datasetConfig({ fly })', '--fly'].filter((name) => exists(name, third))).toEqual(
    [],
  );
});

test('every field of a workflow and every flag of its command has a row', () => {
  const page = pages.at(-1)!;
  const named = new Set(rowsOf(page.path).flatMap(([, ours]) => codeIn(ours)));
  const fields = Object.entries(new adaptive.WorkflowConfig().toDict()).flatMap(([section, keys]) =>
    Object.keys(keys).map((key) => `workflow.${section}.${camelCased(key)}`),
  );
  const flags = page.flags!.map(({ name }) => `--${name}`);
  expect([...fields, ...flags].filter((name) => !named.has(name))).toEqual([]);
  expect(['workflow.training.fly', 'workflow.fly.epochs', '--max_epochs'].filter((name) => exists(name, page))).toEqual(
    [],
  );
});

describe.each(pages)('$path', (page) => {
  const rows = rowsOf(page.path);

  test('has a row for each of the names that it is about', () => {
    expect(rows.length).toBeGreaterThan(page.least);
  });

  test('names nothing of ours that does not exist', () => {
    const names = rows.flatMap(([, ours]) => codeIn(ours));
    expect(names.filter((name) => !exists(name, page))).toEqual([]);
  });

  test('says of every row what works where, or why nothing does', () => {
    const wrong = rows.filter(([, ours, status]) => status === '' || (ours === '' && status.startsWith('works')));
    expect(wrong).toEqual([]);
    const missing = rows.flatMap(([, , , cell]) => codeIn(cell)).filter((path) => !existsSync(`${root}${path}`));
    expect([...new Set(missing)]).toEqual([]);
  });
});

test.each(pages.slice(1))('what $path has in code in its first column stands in a test of the row', ({ path }) => {
  const texts = new Map<string, string>();
  const textOf = (path: string): string => {
    if (!texts.has(path)) texts.set(path, readFileSync(`${root}${path}`, 'utf8'));
    return texts.get(path)!;
  };
  const unheld = rowsOf(path).flatMap(([theirs, , , cell]) => {
    const tests = codeIn(cell).map(textOf);
    return codeIn(theirs).filter((code) => !tests.some((text) => text.includes(code)));
  });
  expect(unheld).toEqual([]);
});
