// Every reader of files, with files that it reads, and how to make files that it should not.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataLoader, TensorDataset } from '../../../src/data/index.ts';
import { load, loadSafetensors, manualSeed, nn, optim, save, type Tensor } from '../../../src/index.ts';
import * as torch from '../../../src/tensor/index.ts';
import { GenericTrainer } from '../../../src/trainer/index.ts';
import type { Random } from '../random.ts';
import { changeTar, changeZip, entriesOf } from './archives.ts';
import { damage, edgeNumber } from './bytes.ts';
import { changePickleSequence } from './pickles.ts';
import { pictureReaders } from './pictures.ts';
import { makeSafetensors } from './safetensors-headers.ts';

/** One reader. What it reads is a single file; a folder is written from one (`unpack`). */
export interface FileReader {
  readonly name: string;
  /** Files that it reads, for changes to begin with. */
  bases(): Promise<Buffer[]>;
  /** A change that knows the format. @param marker - a file that appears if something in the file is run. */
  change(bytes: Buffer, marker: string, random: Random): Buffer;
  /** Whether the format has checksums, so that plain damage is an error or does no harm. */
  readonly isChecked: boolean;
  /** @param path - the file; beside it is room for more. */
  read(path: string): Promise<unknown>;
}

export interface Places {
  /** The folder of fixtures that Python wrote. */
  readonly fixtures: string;
  /** Files that nobody else writes. */
  readonly work: string;
}

/** All readers by name. */
export function fileReaders({ fixtures, work }: Places): readonly FileReader[] {
  const fixture = (name: string): Buffer => readFileSync(join(fixtures, name));
  const named = (pattern: RegExp): Buffer[] =>
    readdirSync(fixtures)
      .filter((name) => pattern.test(name))
      .map(fixture);
  const zip = { change: changeZip, isChecked: true, read: (path: string) => load(path) };
  return [
    {
      ...zip,
      name: 'zip',
      bases: async () => [
        ...named(/\.(?:pt|pth)$/).filter((file) => entriesOf(file) !== undefined),
        await ownFile(work),
      ],
    },
    { ...zip, name: 'lightning', bases: async () => [fixture('lightning.ckpt')] },
    {
      name: 'legacy',
      bases: async () => named(/^legacy.*\.pt$/).filter((file) => !isTar(file)),
      change: changePickleSequence,
      isChecked: false,
      read: (path) => load(path),
    },
    {
      name: 'tar',
      bases: async () => named(/\.(?:pt|tar)$/).filter(isTar),
      change: changeTar,
      isChecked: false,
      read: (path) => load(path),
    },
    {
      name: 'safetensors',
      bases: async () => named(/\.safetensors$/),
      change: changeSafetensors,
      isChecked: false,
      read: (path) => loadSafetensors(path),
    },
    {
      name: 'shards',
      bases: async () => [
        pack(
          readdirSync(join(fixtures, 'sharded'))
            .sort()
            .map((name) => fixture(join('sharded', name))),
        ),
      ],
      change: changeShards,
      isChecked: false,
      read: (path) => loadSafetensors(unpack(path)),
    },
    { ...zip, name: 'checkpoint', bases: async () => [await ownCheckpoint(work)], read: resume },
    ...pictureReaders(join(fixtures, '../images')),
  ];
}

const isTar = (file: Buffer): boolean =>
  file.toString('latin1', 257, 262) === 'ustar' || file.toString('latin1', 0, 8) === 'sys_info';

/** A file of ours, large enough for doubling it to show. */
async function ownFile(work: string): Promise<Buffer> {
  const path = join(work, 'own.pt');
  const base = torch.arange(0, 50_000);
  await save(
    { base, view: base.narrow(0, 5, 10), nested: [{ a: [1, 2.5, 'x', null, true] }, new Map([[1, 2]])] },
    path,
  );
  return readFileSync(path);
}

/** A trainer like the one whose checkpoint is read. */
function makeTrainer(folder: string) {
  manualSeed(7);
  const model = new nn.Sequential(new nn.Linear(3, 4), new nn.Tanh(), new nn.Linear(4, 1));
  const optimizer = new optim.AdamW(model.parameters(), { lr: 0.05 });
  const trainer = new GenericTrainer({
    config: { checkpoint: { rootDir: folder } },
    model,
    optimizers: [optimizer],
    schedulers: [{ scheduler: new optim.LambdaLR(optimizer, (step) => 1 / (1 + step)) }],
  });
  const mse = new nn.MSELoss();
  trainer.setTrainingStep((_trainer, { x, y }: { x: Tensor; y: Tensor }) => ({
    loss: mse.forward(model.forward(x), y),
  }));
  return { trainer, model, optimizer };
}

function makeLoader() {
  const x = torch.arange(0, 12).to('float32').view([4, 3]);
  return new DataLoader({ batchSize: 2, dataset: new TensorDataset({ x, y: x.narrow(1, 0, 1).sin() }) });
}

/** A checkpoint after one epoch, with nothing in it that is another the next time. */
async function ownCheckpoint(work: string): Promise<Buffer> {
  const folder = mkdtempSync(join(work, 'run-'));
  const { trainer } = makeTrainer(folder);
  await trainer.fit({ trainLoaders: [makeLoader()], maxEpochs: 1 });
  const [name] = readdirSync(join(folder, 'experiment')).filter((file) => /^epoch.*\.ckpt$/.test(file));
  const value = (await load(join(folder, 'experiment', name!), { keepFloats: true })) as Record<string, unknown>;
  const path = join(work, 'own.ckpt');
  await save({ ...value, environment: {}, hyper_parameters: {} }, path);
  return readFileSync(path);
}

/** What a run is after it resumed from the file; it has nothing more to train. */
async function resume(path: string): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-resume-'));
  try {
    const { trainer, model, optimizer } = makeTrainer(folder);
    const history = await trainer.fit({ trainLoaders: [makeLoader()], maxEpochs: 1, resumeFromCheckpoint: path });
    return { model: model.stateDict(), optimizer: optimizer.stateDict(), numEpochs: history.length };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Another header over the same bytes, or a file that was made up. */
function changeSafetensors(bytes: Buffer, _marker: string, random: Random): Buffer {
  if (random.chance(0.4)) return Buffer.from(makeSafetensors(random));
  if (bytes.length < 8) return bytes;
  const length = Math.min(Number(bytes.readBigUInt64LE() & 0xffff_ffffn), bytes.length - 8);
  const header = Buffer.from(changeJson(bytes.toString('utf8', 8, 8 + length), random));
  const first = Buffer.alloc(8);
  first.writeBigUInt64LE(BigInt(random.chance(0.95) ? header.length : edgeNumber(random)));
  return Buffer.concat([first, header, bytes.subarray(8 + length)]);
}

const VALUES = [
  ...[
    '0',
    '-1',
    '1.5',
    '1e400',
    '9007199254740993',
    '18446744073709551616',
    'null',
    'true',
    '[]',
    '{}',
    '""',
    '"F32"',
    '"F4"',
  ],
  ...[
    '"../x.safetensors"',
    '"/dev/zero"',
    '"model-00002-of-00002.safetensors"',
    '"x.safetensors"',
    '".safetensors"',
    '"\\ud800"',
  ],
  ...[
    '"a\\u0000.safetensors"',
    '"__proto__"',
    '"__metadata__"',
    '[0,0]',
    '[[[[]]]]',
    `${'['.repeat(5000)}`,
    '{"a":1,"a":2}',
  ],
];

/** One value of a JSON text replaced, or a piece of the text. */
export function changeJson(text: string, random: Random): string {
  const values = [...text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d+|\[[^[\]]*\]/g)];
  if (values.length === 0 || random.chance(0.15)) {
    const at = random.int(0, text.length);
    return (
      text.slice(0, at) + random.pick(['', ',', '}', '"', '\\', '\u0000', ' ', '0']) + text.slice(at + random.int(0, 2))
    );
  }
  const { 0: found, index } = random.pick(values);
  const value = random.chance(0.3) ? random.pick(values)[0] : random.pick(VALUES);
  return text.slice(0, index) + value + text.slice(index + found.length);
}

/** Files of a folder in one. */
function pack(files: readonly Buffer[]): Buffer {
  return Buffer.concat(
    files.flatMap((file) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(file.length);
      return [length, file];
    }),
  );
}

function partsOf(packed: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at + 4 <= packed.length && parts.length < 3; ) {
    const length = packed.readUInt32LE(at);
    parts.push(packed.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return parts;
}

function changeShards(packed: Buffer, marker: string, random: Random): Buffer {
  const parts = partsOf(packed);
  const chosen = random.int(0, parts.length - 1);
  const part = parts[chosen];
  if (part === undefined) return packed;
  // Sorted by name, the index comes last.
  if (chosen < 2) parts[chosen] = changeSafetensors(part, marker, random);
  else
    parts[chosen] = random.chance(0.9)
      ? Buffer.from(changeJson(part.toString('utf8'), random))
      : damage(part, packed, random);
  return pack(parts);
}

const shardNames = [
  'model-00001-of-00002.safetensors',
  'model-00002-of-00002.safetensors',
  'model.safetensors.index.json',
];

/** The folder that a packed file stands for, beside it. */
function unpack(path: string): string {
  const folder = `${path}.d`;
  mkdirSync(folder, { recursive: true });
  const parts = partsOf(readFileSync(path));
  shardNames.forEach((name, index) => {
    rmSync(join(folder, name), { force: true });
    if (parts[index] !== undefined) writeFileSync(join(folder, name), parts[index]);
  });
  return folder;
}
