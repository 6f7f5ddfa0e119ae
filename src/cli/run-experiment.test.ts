// What `sconce train` and `sconce resume` say to what cannot be run, how a run's folder gets its name, and what is left of a run that failed.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { resumeExperiment, trainExperiment } from './run-experiment.ts';

let folder: string;
let runs: string;
let said: string[];
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sconce-cli-')));
  runs = join(folder, 'runs');
  said = [];
  vi.spyOn(console, 'error').mockImplementation((text: string) => void said.push(text));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

/** Writes an experiment's file. */
function experiment(source: string, name = 'experiment.ts'): string {
  const path = join(folder, name);
  writeFileSync(path, source);
  return path;
}

/** An experiment that trains nothing. */
const plain = (body = '', name = 'plain') =>
  `export default { name: '${name}', options: { epochs: 3, title: 'a', isQuick: false }, async run(run: any, options: any) { ${body} } };`;

const train = (path: string, settings: string[] = []): Promise<void> => trainExperiment(path, settings, runs);
const runNames = (): string[] => (existsSync(runs) ? readdirSync(runs) : []);

describe('trainExperiment()', () => {
  test('names the run by the experiment, and writes what it was asked to do', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-22T10:15:00.400Z') });
    await train(experiment(plain('', 'my run')), ['epochs=5', 'title=x=y', 'isQuick=true']);
    expect(runNames()).toEqual(['my run-20261122-101500']);
    const config = JSON.parse(readFileSync(join(runs, 'my run-20261122-101500', 'config.json'), 'utf8'));
    expect(config).toMatchObject({ experiment: 'my run', options: { epochs: 5, title: 'x=y', isQuick: true } });
    expect(said.map((line) => line.replace(/ .*runs/, ' runs'))).toEqual([
      'Run: runs/my run-20261122-101500',
      'Finished runs/my run-20261122-101500',
    ]);
  });

  test('gives runs of one second folders of their own', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-22T10:15:00Z') });
    const path = experiment(plain());
    await Promise.all([train(path, ['epochs=1']), train(path, ['epochs=2']), train(path, ['epochs=4'])]);
    const name = 'plain-20261122-101500';
    expect(runNames().sort()).toEqual([name, `${name}-2`, `${name}-3`]);
    const epochs = runNames().map(
      (run) => JSON.parse(readFileSync(join(runs, run, 'config.json'), 'utf8')).options.epochs,
    );
    expect(epochs.sort()).toEqual([1, 2, 4]);
  });

  const refused: [name: string, source: string | undefined, settings: string[], message: RegExp][] = [
    [
      'a path that is not there',
      undefined,
      [],
      /^Cannot run ".*none\.ts": expected a file with an experiment, got none there$/,
    ],
    [
      'a module without a default export',
      'export const x = 1;',
      [],
      /^Cannot run ".*": expected an experiment as its default export, got none; export default defineExperiment\(\{ name, options, run \}\)$/,
    ],
    ['a default export that is something else', 'export default 3;', [], /default export, got something else/],
    [
      'a name that no folder can have',
      plain('', '../x'),
      [],
      /^Cannot run ".*": expected a name that a folder can have, got "\.\.\/x"$/,
    ],
    [
      'settings of unknown names and wrong types, all at once',
      plain(),
      ['epoch=3', 'epochs=many', 'isQuick=1', 'title'],
      /^Cannot set options: 4 problems\n {2}- epoch: expected one of epochs, title, isQuick\n {2}- epochs: expected a number, got "many"\n {2}- isQuick: expected true or false, got "1"\n {2}- "title": expected name=value$/,
    ],
    [
      'a syntax error, with its place',
      'const x: number = 1;\nconst = 2;\nexport default {};',
      [],
      /^Cannot run ".*experiment\.ts": expected a program without errors, got\n {2}.*experiment\.ts:2:7: Expected identifier but found "="\n {4}const = 2;$/,
    ],
    [
      'an import that is not there',
      `import ${JSON.stringify('./other.ts')};`,
      [],
      /experiment\.ts:1:8: Could not resolve "\.\/other\.ts"/,
    ],
    ['a package that is not there', "import 'no-such-package';", [], /no-such-package/],
    ['a module that throws', "throw new Error('at import');", [], /^at import$/],
  ];
  for (const [name, source, settings, message] of refused) {
    test(`refuses ${name}, and leaves nothing behind`, async () => {
      const path = source === undefined ? join(folder, 'none.ts') : experiment(source);
      await expect(train(path, settings)).rejects.toThrow(message);
      expect(runNames()).toEqual([]);
      expect(said).toEqual([]);
    });
  }

  test('marks a run as failed that throws, and passes the error on', async () => {
    await expect(train(experiment(plain("throw new RangeError('no data');")))).rejects.toThrow(
      new RangeError('no data'),
    );
    const summary = JSON.parse(readFileSync(join(runs, runNames()[0]!, 'summary.json'), 'utf8'));
    expect(summary).toMatchObject({ status: 'failed', exitCode: 1, message: 'no data' });
  });

  test('lets the program find files beside its source', async () => {
    writeFileSync(join(folder, 'words.txt'), 'some words');
    const body = `
      const { readFileSync } = await import('node:fs');
      const read = (place: any) => readFileSync(place, 'utf8');
      options.found(read(new URL('words.txt', import.meta.url)), read(import.meta.dirname + '/words.txt'), import.meta.filename);`;
    const path = experiment(plain(body.replace('options.found', 'console.error')));
    await train(path);
    expect(vi.mocked(console.error).mock.calls[1]).toEqual(['some words', 'some words', path]);
  });
});

describe('resumeExperiment()', () => {
  /** A run's folder without a program. */
  function runFolder(files: Record<string, string>): string {
    const run = join(runs, 'run');
    mkdirSync(run, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(run, name), text);
    return run;
  }

  test('says what is no run, and what a run lacks', async () => {
    await expect(resumeExperiment(join(folder, 'none'))).rejects.toThrow(
      /^Cannot resume ".*none": expected a run's folder with its config\.json, got none there; `sconce runs` lists the folders$/,
    );
    await expect(resumeExperiment(folder)).rejects.toThrow(/got none there/);
    await expect(resumeExperiment(runFolder({ 'config.json': '{"options": ' }))).rejects.toThrow(
      /expected a run's folder with its config\.json, got .*JSON/,
    );
    await expect(resumeExperiment(runFolder({ 'config.json': '{}' }))).rejects.toThrow(
      /^Cannot resume ".*run": expected the run's program at .*experiment\.mjs, got none there$/,
    );
  });

  test('leaves a run that is finished as it is, and says so', async () => {
    await train(experiment(plain("console.error('trains');")));
    const run = join(runs, runNames()[0]!);
    const before = readFileSync(join(run, 'summary.json'), 'utf8');
    said.length = 0;
    await resumeExperiment(run);
    expect(said).toEqual([expect.stringMatching(/^Finished already: .*plain-/)]);
    expect(readFileSync(join(run, 'summary.json'), 'utf8')).toBe(before);
  });

  test('runs the program that the run was started with, with its options', async () => {
    const path = experiment(
      plain("if (!run.isResumed) throw new Error('stop'); console.error('epochs ' + options.epochs);"),
    );
    await expect(train(path, ['epochs=7'])).rejects.toThrow('stop');
    writeFileSync(path, plain("console.error('another program');"));
    said.length = 0;
    await resumeExperiment(join(runs, runNames()[0]!));
    expect(said[0]).toBe('epochs 7');
  });
});
