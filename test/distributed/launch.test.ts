// A launcher of ranks: what they are told and print, what happens where one fails, and machines that meet.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaunchNodes, type LaunchOptions, type LaunchResult, launch } from '../../src/distributed/index.ts';
import { checkLaunch } from '../../src/distributed/launch/launch-options.ts';
import { NodeMeeting } from '../../src/distributed/launch/node-meeting.ts';
import { bundle, isRunning } from '../child.ts';
import { freePort } from './ranks.ts';

let program: ReturnType<typeof bundle>;
let folder: string;
beforeAll(() => {
  program = bundle(new URL('./launch_rank.ts', import.meta.url));
  folder = mkdtempSync(join(tmpdir(), 'sconce-launch-test-'));
});
afterAll(() => {
  program.remove();
  rmSync(folder, { recursive: true });
});

type Played = LaunchResult & { stdout: string; stderr: string };

/** Launches, and reads what is printed. */
async function play(options: Partial<LaunchOptions>): Promise<Played> {
  const { output, ...rest } = options;
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const result = await launch({
    ...{ command: [process.execPath, '-e', ''], numRanks: 2, signals: [], graceMs: 1000, ...rest },
    output: { stdout, stderr, ...output },
  });
  const textOf = (stream: PassThrough): string => String(stream.read() ?? '');
  return { ...result, stdout: textOf(stdout), stderr: textOf(stderr) };
}

/** Ranks that run a little JavaScript, in which `rank`, `node` and `restart` are what they are. */
const script = (code: string): readonly string[] => [
  process.execPath,
  '-e',
  `const [rank, node, restart] = ['RANK', 'GROUP_RANK', 'TORCHELASTIC_RESTART_COUNT'].map((name) => Number(process.env[name])); ${code}`,
];
/** The same with `arrive()`, which is seen by `whenThere(count, body)`: the body runs when so many ranks have arrived. */
const meeting = (code: string): readonly string[] => {
  const place = JSON.stringify(mkdtempSync(join(folder, 'meeting-')));
  return script(`
    const { readdirSync, readFileSync, writeFileSync } = require('node:fs');
    const place = ${place};
    const arrive = () => writeFileSync(place + '/' + rank, '');
    const whenThere = (count, body) => {
      const timer = setInterval(() => {
        if (readdirSync(place).length < count) return;
        clearInterval(timer);
        body();
      }, 10);
    };
    ${code}`);
};
const ranksOf = (what: string): readonly string[] => [process.execPath, '--enable-source-maps', program.path, what];

/** Whole lines, in an order that does not depend on who is quicker. */
const linesOf = (text: string): string[] => text.trimEnd().split('\n').sort();

describe('launch()', () => {
  test('tells ranks their places, and labels what they print', async () => {
    const { OMP_NUM_THREADS: _, ...environment } = process.env;
    const saved = process.env;
    process.env = environment;
    const { exitCode, stdout, stderr } = await play({
      ...{ command: ranksOf('sum'), pinCores: process.platform === 'linux' },
      output: { logDir: join(folder, 'logs'), isPrimaryPlain: true },
    }).finally(() => (process.env = saved));
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/^\[launch\] 2 ranks on this machine/)]);
    const values = linesOf(stdout).map((line) => JSON.parse(line.replace('[rank 1] ', '')));
    values.sort((a, b) => a.RANK - b.RANK);
    expect(values).toMatchObject([
      { first: 3, second: 3, RANK: '0', LOCAL_RANK: '0', LOCAL_WORLD_SIZE: '2', GROUP_RANK: '0' },
      { first: 3, second: 3, RANK: '1', LOCAL_RANK: '1', LOCAL_WORLD_SIZE: '2', GROUP_RANK: '0' },
    ]);
    for (const { OMP_NUM_THREADS } of values) expect(Number(OMP_NUM_THREADS)).toBeGreaterThan(0);
    expect(readFileSync(join(folder, 'logs', 'rank-1.log'), 'utf8')).toContain('"RANK":"1"');
    expect(stdout.startsWith('{') || stdout.includes('\n{')).toBe(true); // rank 0 has no label
    expect(stdout).toContain('[rank 1] {');
  });

  test('shows the error of the rank that failed first, and ends the others', async () => {
    const { exitCode, failure, stderr } = await play({ command: ranksOf('fail') });
    expect(exitCode).toBe(1);
    expect(failure).toMatchObject({ rank: 1, code: 1, error: { name: 'TypeError', rank: 1 } });
    const [, shown] = stderr.split('[launch] Rank 1 failed first, with exit code 1:\n');
    expect(shown).toMatch(
      /^TypeError: Cannot read properties of undefined \(reading 'length'\)\n\s+at .*launch_rank\.ts:\d+/,
    );
    expect(stderr).toMatch(/\[launch\] Failed in [\d.]+ s, with exit code 1\n$/);
  });

  test('starts all ranks again after one was killed, and the store has nothing of the first start', async () => {
    const { exitCode, numRestarts, stdout, stderr } = await play({
      command: ranksOf('killed-once'),
      maxRestarts: 2,
      output: { logDir: join(folder, 'restarts') },
    });
    expect([exitCode, numRestarts]).toEqual([0, 1]);
    expect(linesOf(stdout)).toEqual([
      expect.stringContaining('[rank 0] {"first":23'),
      expect.stringContaining('[rank 1] {"first":23'),
    ]);
    expect(stderr).toContain('[launch] Rank 1 failed first, with SIGKILL, which the system sends');
    expect(stderr).toContain('[launch] Starting all ranks again, restart 1 of 2');
    expect(stderr).toMatch(/\[launch\] All 2 ranks finished in [\d.]+ s, after 1 restart\n$/);
    expect(readdirSync(join(folder, 'restarts')).sort()).toEqual([
      ...['rank-0.log', 'rank-0.restart-1.log', 'rank-1.log', 'rank-1.restart-1.log'],
    ]);
  });

  test('gives up after so many restarts, with the exit code of the failure', async () => {
    const result = await play({
      command: script('if (rank === 1) { console.error("no disk"); process.exit(7); } setTimeout(() => {}, 60_000);'),
      maxRestarts: 2,
    });
    expect(result).toMatchObject({ exitCode: 7, numRestarts: 2, failure: { rank: 1, code: 7, lastLines: 'no disk' } });
    expect(result.stderr).toContain(
      '[launch] Rank 1 failed first, with exit code 7\nThe last that it wrote:\nno disk\n',
    );
  });

  test('does not start again what every start would meet', async () => {
    const wrong = await play({ command: ranksOf('config'), maxRestarts: 3 });
    expect(wrong).toMatchObject({ exitCode: 1, numRestarts: 0, failure: { error: { code: 'ERR_SCONCE_CONFIG' } } });
    expect(wrong.stderr).toContain('[launch] Not starting the ranks again: it would end with the same error\n');
    const absent = await play({ command: ['/no/such/program'], maxRestarts: 3 });
    expect(absent).toMatchObject({ exitCode: 127, numRestarts: 0 });
    expect(absent.stderr).toContain('[launch] Not starting the ranks again: the program cannot be run\n');
  });

  test('waits for the reason where a rank says that it has lost another', async () => {
    const code = `
      const fail = (name) => {
        const error = { name, message: 'broken', stack: name + ': broken', timestamp: Date.now(), rank };
        require('node:fs').writeFileSync(process.env.TORCHELASTIC_ERROR_FILE, JSON.stringify(error));
        process.exit(rank + 3);
      };
      if (rank === 0) {
        writeFileSync(place + '/pid', String(process.pid));
        whenThere(2, () => fail('DistributedError'));
      } else {
        arrive();
        // Gone when the launcher has taken its end: this rank fails some time after that.
        const timer = setInterval(() => {
          try {
            process.kill(Number(readFileSync(place + '/pid', 'utf8')), 0);
          } catch (error) {
            if (error.code !== 'ESRCH') return;
            clearInterval(timer);
            setTimeout(() => fail('TypeError'), 300);
          }
        }, 10);
      }`;
    const { exitCode, failure } = await play({ command: meeting(code) });
    expect([exitCode, failure?.rank, failure?.error?.name]).toEqual([4, 1, 'TypeError']);
  });

  test('kills a rank that does not end, and what it has started', async () => {
    const code = `
      if (rank === 0) {
        process.on('SIGTERM', () => {});
        const { pid } = require('node:child_process').spawn('sleep', ['1000'], { stdio: 'ignore' });
        console.log(process.pid, pid);
        arrive();
        setInterval(() => {}, 1000);
      } else whenThere(1, () => process.exit(5));`;
    const { exitCode, failure, stdout } = await play({ command: meeting(code), graceMs: 300 });
    expect([exitCode, failure?.rank]).toEqual([5, 1]);
    const pids = /^\[rank 0\] (\d+) (\d+)\n$/.exec(stdout)!.slice(1).map(Number);
    expect(pids.filter(isRunning)).toEqual([]);
  });

  test('takes ranks that saved and stopped for no failure', async () => {
    const stopped = script('setTimeout(() => process.exit(143), rank * 300);');
    const { exitCode, numRestarts, stderr } = await play({ command: stopped, maxRestarts: 3 });
    expect([exitCode, numRestarts]).toEqual([143, 0]);
    expect(stderr).toContain('[launch] All 2 ranks stopped in');
  });

  test('says what cannot be started, and lists wrong options', async () => {
    const { exitCode, stderr } = await play({ command: ['/no/such/program'] });
    expect([exitCode, stderr]).toEqual([127, expect.stringContaining('spawn /no/such/program ENOENT')]);
    const wrong = {
      ...{ command: [], numRanks: 0, maxRestarts: 1.5, restarts: 2 },
      nodes: { count: 2, rank: 2, masterAddr: '' },
    };
    await expect(launch(wrong as unknown as LaunchOptions)).rejects.toThrow(
      /restarts: expected one of.*\n.*command: expected a program.*\n.*numRanks: expected a whole number of at least 1, got 0\n.*maxRestarts.*\n.*nodes\.rank: expected a whole number from 0 to 1, got 2\n.*nodes\.masterAddr/,
    );
  });
});

describe('launch() on two machines', () => {
  const both = async (options: (node: number) => Partial<LaunchOptions>, nodes: Partial<LaunchNodes> = {}) => {
    const masterPort = await freePort();
    const on = (rank: number): Promise<Played> =>
      play({
        ...{ numRanks: 1, ...options(rank) },
        nodes: { ...{ count: 2, rank, masterAddr: '127.0.0.1', masterPort, timeoutMs: 10_000 }, ...nodes },
      });
    return Promise.allSettled([on(0), on(1)]);
  };
  const messages = (results: PromiseSettledResult<unknown>[]): string[] =>
    results.map((result) => (result.status === 'rejected' ? String(result.reason.message) : 'none'));

  test('makes one job of them, and a failure on one starts all again', async () => {
    const [first, second] = await both(() => ({ command: ranksOf('killed-once'), maxRestarts: 1 }));
    expect(first).toMatchObject({ value: { exitCode: 0, numRestarts: 1 } });
    expect(second).toMatchObject({ value: { exitCode: 0, numRestarts: 1 } });
    const [a, b] = [first, second].map((result) => (result as PromiseFulfilledResult<Played>).value);
    expect(a!.stdout).toContain('"first":23,"second":23,"RANK":"0","LOCAL_RANK":"0","LOCAL_WORLD_SIZE":"1"');
    expect(b!.stdout).toContain('"first":23,"second":23,"RANK":"1","LOCAL_RANK":"0","LOCAL_WORLD_SIZE":"1"');
    for (const { stderr } of [a!, b!]) expect(stderr).toContain('Rank 1 on machine 1 (');
  });

  test('ends with the same exit code on both, and numbers ranks by what each machine has', async () => {
    const code = `
      console.log('rank', rank, 'on', node);
      arrive();
      if (rank === 2) whenThere(3, () => process.exit(9));
      else setTimeout(() => {}, 60_000);`;
    const command = meeting(code);
    const results = await both((node) => ({ command, numRanks: 2 - node }));
    expect(results).toMatchObject([{ value: { exitCode: 9 } }, { value: { exitCode: 9 } }]);
    const [first] = results as PromiseFulfilledResult<Played>[];
    expect(linesOf(first!.value.stdout)).toEqual(['[rank 0] rank 0 on 0', '[rank 1] rank 1 on 0']);
  });

  /** Machine 1 of two without its ranks: the test says what they do. */
  const meetAsSecond = (masterPort: number): Promise<NodeMeeting> => {
    const nodes = { count: 2, rank: 1, masterAddr: '127.0.0.1', masterPort };
    return NodeMeeting.join(checkLaunch({ command: ['true'], numRanks: 1, maxRestarts: 1, nodes }));
  };

  test('ends a start that another machine has seen fail before this one came to it', async () => {
    const masterPort = await freePort();
    const launched = play({
      ...{ command: script('setTimeout(() => {}, 60_000)'), numRanks: 1, maxRestarts: 1 },
      nodes: { count: 2, rank: 0, masterAddr: '127.0.0.1', masterPort },
    });
    const second = await meetAsSecond(masterPort);
    // Both are heard in one go, while the rank of the first start ends.
    for (const restart of [0, 1]) await second.tell({ kind: 'failure', node: 1, restart });
    const end = { rank: 1, node: 1, code: 9, endedAtMs: Date.now(), wasEnded: false, lastLines: '' };
    for (const restart of [0, 1]) await second.exchange(restart, { ends: [end] });
    await second.leave();
    expect(await launched).toMatchObject({ exitCode: 9, numRestarts: 1, failure: { rank: 1 } });
  });

  test('names a machine that does not come, and refuses commands that differ', async () => {
    const nodes = { count: 2, rank: 0, masterAddr: '127.0.0.1', masterPort: await freePort(), timeoutMs: 1000 };
    await expect(play({ nodes })).rejects.toThrow(
      'Cannot launch over several machines: expected 2 machines within 1000 ms, got none of machine 1; run the same command there',
    );
    const differ = await both((node) => ({ maxRestarts: node }));
    for (const message of messages(differ)) expect(message).toContain('maxRestarts: expected the same on all machines');
  });
});
