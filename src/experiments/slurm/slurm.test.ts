// What is said of and to SLURM, against what its commands print; test/distributed/slurm has a real one.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { slurmDefaults } from '../../config/index.ts';
import { makeCheckout } from './checkout.ts';
import { clusterOf, limitSeconds, megabytesOf, resourceProblems } from './cluster.ts';
import { addToHistory, noteEnds, readEnds, readHistory } from './history.ts';
import { directivesOf, fillTemplate, shellQuoted, TEMPLATE_VARIABLES, type TemplateVariable } from './job-script.ts';
import { accountsOf, isFinal, queueOf } from './job-states.ts';
import { submitExperiment } from './submit.ts';

// As SLURM 22.05 and 23.11 print them, shortened.
const PARTITIONS = `PartitionName=main AllowGroups=ALL Default=YES QoS=N/A MaxNodes=UNLIMITED MaxTime=01:00:00 MinNodes=0 Nodes=n[1-2] State=UP TotalCPUs=24 TotalNodes=3 TRES=cpu=2,mem=8000M
PartitionName=ckpt-all AllowGroups=ALL Default=NO MaxNodes=1 MaxTime=UNLIMITED Nodes=g[1-2] State=DOWN TotalCPUs=64 TotalNodes=2
`;
const NODES = `NodeName=n1 Arch=x86_64 CPUTot=8 AvailableFeatures=(null) Gres=(null) RealMemory=4000 State=IDLE Partitions=main
NodeName=n2 Arch=x86_64 CPUTot=8 AvailableFeatures=ib,fast Gres=gpu:2 RealMemory=16000 OS=Linux 6.1 #1 SMP State=IDLE Partitions=main
NodeName=n3 Arch=x86_64 CPUTot=8 AvailableFeatures=a40 Gres=gpu:2080ti:4(S:0-1),gpu:2,tmp:9 RealMemory=16000 State=MIXED Partitions=main,ckpt-all
`;
const CONFIG = `Configuration data as of 2026-11-27T18:20:53
MaxArraySize            = 1001
MaxDBDMsgs              = 20016
`;
const cluster = clusterOf(PARTITIONS, NODES, CONFIG);

describe('a cluster', () => {
  test('is read from what scontrol prints', () => {
    expect(cluster.partitions).toEqual([
      { name: 'main', isDefault: true, isUp: true, maxSeconds: 3600, maxNodes: 3 },
      { name: 'ckpt-all', isDefault: false, isUp: false, maxSeconds: Number.POSITIVE_INFINITY, maxNodes: 1 },
    ]);
    expect(
      cluster.nodes.map(({ name, cpus, memoryMb, gpus, features, partitions }) => [
        name,
        cpus,
        memoryMb,
        gpus,
        features,
        partitions,
      ]),
    ).toEqual([
      ['n1', 8, 4000, 0, [], ['main']],
      ['n2', 8, 16000, 2, ['ib', 'fast'], ['main']],
      ['n3', 8, 16000, 6, ['a40'], ['main', 'ckpt-all']],
    ]);
  });

  test.each([
    [{}, []],
    [{ nodes: 2, ntasksPerNode: 4, cpusPerTask: 2, mem: '12G', gpusPerNode: 2 }, []],
    [{ constraint: 'a40|h100', gpusPerNode: 6, time: '00:59:00' }, []],
    [{ constraint: 'ib&fast' }, []],
    [{ partition: 'gpu' }, ['partition: expected one of main, ckpt-all, got "gpu"']],
    [{ partition: 'ckpt-all' }, ['partition: expected one that is up, got "ckpt-all", which is not']],
    [{ time: '1-00:00:00' }, ['time: expected at most 3600 s, the limit of partition "main", got 1-00:00:00']],
    [
      { time: '00:02:00' },
      ['signalSec: expected less than the time limit, 120 s, or ranks would be stopped at their start, got 120'],
    ],
    [{ time: 'soon' }, ['time: expected a limit as "02:00:00" or "1-00:00:00", got "soon"']],
    [{ constraint: 'v100' }, ['constraint: expected features of machines in "main" (a40, fast, ib), got "v100"']],
    [{ constraint: 'ib&a40' }, ['constraint: expected features of machines in "main" (a40, fast, ib), got "ib&a40"']],
    [
      { ntasksPerNode: 3, cpusPerTask: 3 },
      ['cpusPerTask: expected at most 8 cores on a machine in "main", got 3 ranks of 3'],
    ],
    [{ mem: '1T' }, ['mem: expected at most 16000M on a machine in "main", got 1T']],
    [{ mem: 'much' }, ['mem: expected a size as "64G", got "much"']],
    [{ gpusPerNode: 5, constraint: 'ib' }, ['gpusPerNode: expected at most 2 on a machine in "main" with ib, got 5']],
    [{ nodes: 3, mem: '8G' }, ['nodes: expected at most 2 of this kind in "main", got 3']],
  ])('says why %j would wait for ever', (settings, problems) => {
    expect(resourceProblems({ ...slurmDefaults(), ...settings }, cluster)).toEqual(problems);
  });

  test('has machines that are not up, on which nothing is counted', () => {
    const states = [
      'IDLE',
      'MIXED+DRAIN',
      'DOWN*+DRAIN',
      'IDLE*',
      'IDLE+POWERED_DOWN',
      'ALLOCATED+PLANNED',
      'IDLE+FAIL',
    ];
    const nodes = states.map(
      (state, i) =>
        `NodeName=n${i} CPUTot=8 Gres=(null) RealMemory=4000 State=${state} Partitions=main${/DRAIN/.test(state) ? ' Reason=fan is loud [root@2026-11-27T18:20:53]' : ''}\n`,
    );
    const read = clusterOf(PARTITIONS.replace('TotalNodes=3', 'TotalNodes=7'), nodes.join(''), CONFIG);
    expect(read.nodes.map(({ isUp }) => isUp)).toEqual([true, false, false, true, true, true, false]);
    const settings = (numNodes: number) => ({ ...slurmDefaults(), nodes: numNodes });
    expect(resourceProblems(settings(4), read)).toEqual([]);
    expect(resourceProblems(settings(5), read)).toEqual([
      'nodes: expected at most 4 of this kind in "main", since 3 are not up: n1 MIXED+DRAIN (fan is loud), n2 DOWN*+DRAIN (fan is loud), n6 IDLE+FAIL, got 5; wait until they are back, or leave the check out (--no-check), and the job waits for them',
    ]);
    expect(resourceProblems(settings(8), read)).toEqual(['nodes: expected at most 7 of this kind in "main", got 8']);
  });

  test('says how many tasks an array may have, if it does', () => {
    expect(cluster.maxArraySize).toBe(1001);
    expect(clusterOf(PARTITIONS, NODES, '').maxArraySize).toBe(Number.POSITIVE_INFINITY);
  });

  test('has limits as SLURM writes them', () => {
    const texts = ['60', '10:30', '02:00:00', '1-12', '1-12:30', '1-00:00:01', 'UNLIMITED', '1h30m', ''];
    expect(texts.map(limitSeconds)).toEqual([
      3600,
      630,
      7200,
      129600,
      131400,
      86401,
      Number.POSITIVE_INFINITY,
      undefined,
      undefined,
    ]);
  });

  test('has sizes in several units', () => {
    expect(['64G', '4000', '4000M', '1.5T', '2048K', '12GB', 'x'].map(megabytesOf)).toEqual([
      65536,
      4000,
      4000,
      1572864,
      2,
      12288,
      undefined,
    ]);
  });
});

describe('the script of a job', () => {
  const values = Object.fromEntries(TEMPLATE_VARIABLES.map((name) => [name, `<${name}>`])) as Record<
    TemplateVariable,
    string
  >;
  const head = '#!/bin/bash\n#SBATCH --job-name={{JOB_NAME}}\n';

  test('has names in two spellings, and leaves what is the shell alone', () => {
    const template = `${head}echo {{ NODES }} {MEM} \${TIME} {other} "$\{{HOME}" {{COMMAND}}`;
    expect(fillTemplate(template, values, 't')).toBe(
      `#!/bin/bash\n#SBATCH --job-name=<JOB_NAME>\necho <NODES> <MEM> \${TIME} {other} "$\{{HOME}" <COMMAND>`,
    );
  });

  test.each([
    ['echo {{COMMAND}}', 't: expected a first line as "#!/bin/bash", got "echo {{COMMAND}}"'],
    [`${head}{% if x %}{{COMMAND}}{% endif %}`, 't: expected names in {{…}} alone, got a block of Jinja'],
    ['#!/bin/sh\n{{COMMAND}}', 't: expected {{DIRECTIVES}} or a line "#SBATCH --job-name=…", got neither'],
    [head, 't: expected {{COMMAND}}, which is what trains, got none'],
    [`${head}{{COMMAND}} {{JOBNAME}}`, '{{JOBNAME}}: expected'],
  ])('refuses %j', (template, message) => {
    expect(() => fillTemplate(template, values, 't')).toThrow(message);
  });

  test('quotes for the shell, and has directives that SLURM reads', () => {
    expect(["it's", 'a b', 'x=1,2', '$(rm)'].map(shellQuoted)).toEqual([`'it'\\''s'`, "'a b'", 'x=1,2', "'$(rm)'"]);
    expect(
      directivesOf({ 'job-name': 'a', comment: 'two words', requeue: true, exclusive: false, mem: undefined, nice: 5 }),
    ).toBe('#SBATCH --job-name=a\n#SBATCH --comment="two words"\n#SBATCH --requeue\n#SBATCH --nice=5');
    expect(() => directivesOf({ comment: 'a\n#SBATCH --uid=0' })).toThrow('comment: expected a text without quotes');
    expect(() => directivesOf({ 'job name': 'a' })).toThrow('job name: expected a long option of sbatch');
  });

  test('of an experiment asks for what its section slurm and the flags say', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sconce-slurm-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "it's.yaml");
    writeFileSync(
      file,
      'experiment_name: one\nslurm: { nodes: 2, mem: 8G, setup: [module load x], extra_args: { qos: high } }\n',
    );
    const { job, script } = await submitExperiment(file, {
      isDryRun: true,
      jobsFolder: folder,
      settings: ['optimizer.lr=0.1'],
      slurm: { time: '01:00:00', cpusPerTask: 3 },
    });
    expect(job).toBeUndefined();
    const directives = script.split('\n').filter((line) => line.startsWith('#SBATCH'));
    expect(directives).toEqual(
      [
        ...['job-name=one', 'nodes=2', 'ntasks-per-node=1', 'cpus-per-task=3', 'mem=8G', 'time=01:00:00'],
        ...[`output=${folder}/one/output-%j.log`, 'open-mode=append', 'requeue', 'signal=USR1@120', 'qos=high'],
      ].map((each) => `#SBATCH --${each}`),
    );
    expect(script).toContain(
      '\nexport OMP_NUM_THREADS=3\nmodule load x\nexec srun --kill-on-bad-exit=0 --cpus-per-task=3 ',
    );
    expect(script).toContain(` train '${folder}/it'\\''s.yaml' --runs ${folder}/one/runs --set optimizer.lr=0.1\n`);
    await expect(submitExperiment(join(folder, 'none.yaml'), { isDryRun: true })).rejects.toThrow(
      'expected a file that sconce train runs',
    );
    writeFileSync(file, 'slurm: { node: 2 }\n');
    await expect(submitExperiment(file, { isDryRun: true })).rejects.toThrow('did you mean nodes?');
  });
});

test('states are read from the queue, and tell what has ended', () => {
  const states = queueOf(
    '3|PENDING|BeginTime|0:00|\n4_0|COMPLETED|None|1-02:03:04|n[1-2]\n5|CANCELLED by 0|None|0:01|n1\n',
  );
  expect(states).toEqual([
    { id: '3', state: 'PENDING', reason: 'BeginTime', elapsed: '0:00', nodes: '' },
    { id: '4_0', state: 'COMPLETED', reason: '', elapsed: '1-02:03:04', nodes: 'n[1-2]' },
    { id: '5', state: 'CANCELLED', reason: '', elapsed: '0:01', nodes: 'n1' },
  ]);
  expect(states.map(isFinal)).toEqual([false, true, true]);
});

test('accounts say why a job ended, and not why it had waited', () => {
  const printed =
    '6|COMPLETED|0:0|00:00:01|one\n7|FAILED|3:0|00:00:00|one\n8_1|OUT_OF_MEMORY|0:9|00:01:00|two\n8_2|CANCELLED by 0|0:15|00:00:00|None assigned\n9_[1-3%1]|PENDING|0:0|00:00:00|None assigned\n';
  expect(accountsOf(printed).map(({ id, state, reason, nodes }) => [id, state, reason, nodes])).toEqual([
    ['6', 'COMPLETED', '', 'one'],
    ['7', 'FAILED', 'exit code 3', 'one'],
    ['8_1', 'OUT_OF_MEMORY', 'signal 9', 'two'],
    ['8_2', 'CANCELLED', 'signal 15', ''],
  ]);
});

test('ends of jobs are kept once, and again where a job was started again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-slurm-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const end = { id: '3', state: 'FAILED', reason: 'NonZeroExitCode', elapsed: '0:03', nodes: 'n1' };
  expect(await readEnds(folder)).toEqual(new Map());
  for (const each of [end, end, { ...end, state: 'COMPLETED' }, { ...end, id: '4_0' }])
    await noteEnds(folder, [each], await readEnds(folder));
  expect(readFileSync(join(folder, 'ends.jsonl'), 'utf8').split('\n')).toHaveLength(4);
  writeFileSync(join(folder, 'ends.jsonl'), `${readFileSync(join(folder, 'ends.jsonl'), 'utf8')}{"id": "5`);
  const ends = await readEnds(folder);
  expect([...ends.values()].map(({ id, state }) => [id, state])).toEqual([
    ['3', 'COMPLETED'],
    ['4_0', 'FAILED'],
  ]);
});

test('a history survives a killed process, and says where it is damaged', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-slurm-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  expect(await readHistory(folder)).toEqual([]);
  const line = JSON.stringify({ id: '3', name: 'a', experiment: 'a.yaml', folder: 'slurm/a', submittedAt: 'now' });
  const path = join(folder, 'history.jsonl');
  writeFileSync(path, `${line}\n{"id": "4`);
  expect((await readHistory(folder)).map(({ id }) => id)).toEqual(['3']);
  await addToHistory(folder, JSON.parse(line.replace('"3"', '"5"')));
  expect((await readHistory(folder)).map(({ id }) => id)).toEqual(['3', '5']);
  writeFileSync(path, `${line}\n${line}\n{}\n`);
  await expect(readHistory(folder)).rejects.toThrow('expected a job in line 3');
});

test('a checkout of its own has the commit and the installed packages, and nothing that is not committed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-checkout-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const root = join(folder, 'project');
  const inside = join(root, 'app');
  mkdirSync(join(inside, 'node_modules'), { recursive: true });
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: root, encoding: 'utf8' }).trim();
  await expect(makeCheckout(inside, join(folder, 'job'))).rejects.toThrow(
    'isolated: expected a folder in a git repository',
  );
  git('init', '-q');
  writeFileSync(join(root, '.gitignore'), 'node_modules\n');
  writeFileSync(join(inside, 'train.ts'), 'one');
  await expect(makeCheckout(inside, join(folder, 'job'))).rejects.toThrow(
    'expected everything to be committed, got changes in .gitignore, app/',
  );
  git('add', '.');
  git('commit', '-qm', 'one');
  const checkout = await makeCheckout(inside, join(folder, 'job'));
  writeFileSync(join(inside, 'train.ts'), 'two');
  expect(checkout).toEqual({ folder: join(folder, 'job', 'app'), commit: git('rev-parse', 'HEAD') });
  expect(readFileSync(join(checkout.folder, 'train.ts'), 'utf8')).toBe('one');
  expect(realpathSync(join(checkout.folder, 'node_modules'))).toBe(realpathSync(join(inside, 'node_modules')));
});
