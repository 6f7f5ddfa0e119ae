// A model of what data parallel training costs: its parameters are measured (cost/parameters.mjs), it predicts what runs of 1, 2 and 4 ranks on this machine show, which is measured in the same
// minutes, and only then says what 8, 64 and 1024 ranks would cost. docs/distributed-cost.md has a run of it.
//   --rounds <n>  default 9
//   --json <file> every number
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { allReduceMs, checkpoint, socketsOf, stepMs, storeLoad, trafficBytes } from './cost/model.mjs';
import { fitCheckpoint, fitRound, fitStore, hooksOf, measureReduces, SAVED, STACKS } from './cost/parameters.mjs';
import { Relay } from './cost/relay.mjs';
import { Team } from './distributed/team.mjs';
import { describeMachine } from './harness/machine.mjs';
import { printMachine, printTable } from './harness/report.mjs';
import { median } from './harness/statistics.mjs';

const LIMIT = 0.2;
const MODELS = ['mlp', 'gpt'];
const RANKS = [1, 2, 4];
/** Of these the store's load is learnt; what it is for others is told before it is measured. */
const LEARNT_RANKS = [2, 3, 5];
const TOLD_RANKS = [4, 8];
/** Saves in a row, behind some that do not count: in the first of all, code is compiled. */
const SAVES = { times: 5, warmTimes: 1 };
const FIRST_SAVES = { times: 1, warmTimes: 25 };
const BLOCK_MS = 400;
/** A common network between machines. */
const NETWORK = { latencyMs: 0.05, bytesPerMs: 1.25e6 };

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, json: { type: 'string' } },
});
const numRounds = Number(flags.rounds);
const machine = describeMachine();
printMachine(machine);
const worker = fileURLToPath(new URL('distributed/worker.mjs', import.meta.url));
const start = (name, ranks, relay) => Team.start(name, [process.execPath, worker, name, '25'], ranks, relay);
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of these, and of two, it is learnt how long ranks take to tell one another something. */
const gatherers = { 3: await start('mlp-small', 3), 5: await start('mlp-small', 5) };
const models = {};
for (const name of MODELS) models[name] = await measureModel(name);
for (const team of Object.values(gatherers)) await team.close();
const store = await measureStore();
const rows = compare();
printTable('Predicted and measured', ['', 'predicted', 'measured', 'off by'], rows.map(rowOf));
const farthest = Math.max(...rows.map(({ predicted, measured }) => Math.abs(predicted / measured - 1)));
console.log(`\nFarthest off: ${(100 * farthest).toFixed(0)} %, allowed ${100 * LIMIT} %`);
extrapolate();
if (flags.json) writeFileSync(flags.json, `${JSON.stringify({ machine, models, store, rows }, null, 1)}\n`);
if (farthest > LIMIT) process.exitCode = 1;

/** Parameters and runs of one model, taking turns. */
async function measureModel(name) {
  const teams = new Map();
  for (const ranks of RANKS) teams.set(ranks, await start(name, ranks));
  try {
    const [alone, pair] = [teams.get(1), teams.get(2)];
    const us = median((await alone.ask({ run: 'own', warmSteps: 20, stepsPerPiece: 1, pieces: 20 }))[0]);
    // The mean of a long piece: where ranks share cores, a short one is over before another rank has its turn.
    const plan = (run) => ({
      run,
      warmSteps: 2,
      stepsPerPiece: Math.max(4, Math.round((BLOCK_MS * 1000) / us)),
      pieces: 1,
    });
    const timeOf = async (team, run) => mean((await team.ask(plan(run))).map(([time]) => time)) / 1000;
    const rounds = [];
    for (let round = -1; round < numRounds; round++) {
      const saves = round < 0 ? FIRST_SAVES : SAVES;
      const now = {
        own: await timeOf(alone, 'own'),
        contended: await timeOf(pair, 'own'),
        reduces: await measureReduces(pair),
        hooks: await measureHooks(alone),
        steps: [],
        saves: [],
        layers: [await saveLayers(alone, saves), await saveLayers(pair, saves)],
        collects: await collectLayers(alone),
        gathers: await measureGathers({ 2: pair, ...gatherers }),
      };
      for (const team of teams.values()) {
        now.steps.push(await timeOf(team, 'steps'));
        now.saves.push(saveOf(await team.ask({ run: 'save', ...saves })));
      }
      if (round >= 0) rounds.push(now); // the first has everything to warm up
    }
    const middle = (of) => median(rounds.map(of));
    const medianOfSaves = (of) => ({ ...of(rounds[0]), ms: median(rounds.flatMap((round) => of(round).ms)) });
    const runs = [];
    for (const [i, ranks] of RANKS.entries()) {
      const traffic = await teams.get(ranks).ask({ run: 'bytes', numSteps: 20 });
      runs.push({
        ranks,
        ms: middle(({ steps }) => steps[i]),
        sent: mean(traffic.map(({ sent }) => sent)),
        saved: medianOfSaves(({ saves }) => saves[i]),
      });
    }
    const saves = [0, 1].map((team) => SAVED.map((_, i) => medianOfSaves(({ layers }) => layers[team][i])));
    const [{ gradients, buckets, parameters }] = await alone.ask({ run: 'bytes', numSteps: 1 });
    const own = middle((round) => round.own);
    return {
      parameters: {
        stepMs: own,
        hooksMs: hooksOf(
          rounds.map(({ hooks }) => hooks),
          { parameters: runs[0].saved.tensors / 3, bytes: gradients },
        ),
        contention: middle(({ contended }) => contended) / own,
        bucketBytes: buckets,
        gradients,
        round: fitRound(rounds.map(({ reduces }) => reduces)),
        saved: fitCheckpoint({
          saves: saves[0],
          pairSaves: saves[1],
          collects: SAVED.map((_, i) => ({
            ...rounds[0].collects[i],
            ms: middle(({ collects }) => collects[i].ms),
          })),
          gathers: rounds[0].gathers.map(({ ranks }, i) => ({
            ranks,
            ms: median(rounds.flatMap(({ gathers }) => gathers[i].ms)),
          })),
          cores: machine.cores,
        }),
        state: { tensors: runs[0].saved.tensors, tensorBytes: 12 * parameters },
      },
      runs,
    };
  } finally {
    for (const team of teams.values()) await team.close();
  }
}

function saveOf([first]) {
  return first;
}

async function collectLayers(alone) {
  const found = [];
  for (const plan of SAVED) found.push((await alone.ask({ run: 'collect', ...plan, times: 40 }))[0]);
  return found;
}

async function measureGathers(teams) {
  const found = [];
  for (const [ranks, team] of Object.entries(teams))
    found.push({ ranks: Number(ranks), ms: (await team.ask({ run: 'gather', times: 10 }))[0] });
  return found;
}

async function measureHooks(alone) {
  const found = [];
  for (const plan of STACKS) found.push((await alone.ask({ run: 'hooks', ...plan, times: 40 }))[0]);
  return found;
}

async function saveLayers(team, saves) {
  const saved = [];
  for (const plan of SAVED) {
    const tensorBytes = 12 * plan.layers * plan.width * (plan.width + 1);
    saved.push({ tensorBytes, ...saveOf(await team.ask({ run: 'save', ...plan, ...saves })) });
  }
  return saved;
}

/** A group that is joined by so many ranks. */
async function measureStore() {
  const found = [];
  let requestUs;
  for (const ranks of [...LEARNT_RANKS, ...TOLD_RANKS]) {
    const relay = new Relay();
    const team = await start('mlp-small', ranks, relay.listen);
    try {
      await team.ask({ run: 'losses', numSteps: 1 });
      const before = { requests: relay.requests, bytes: relay.bytes };
      const [{ keys, sockets, ms }] = await team.ask({ run: 'join' });
      const perRank = (key) => (relay[key] - before[key]) / (ranks - 1);
      found.push({ ranks, keys, sockets, ms, requests: perRank('requests'), bytes: perRank('bytes') });
      if (ranks === LEARNT_RANKS[0]) [requestUs] = await team.ask({ run: 'ask', times: 2000 });
    } finally {
      await team.close();
      relay.close();
    }
  }
  const learnt = found.filter(({ ranks }) => LEARNT_RANKS.includes(ranks));
  return { parameters: fitStore(learnt, requestUs), told: found.filter(({ ranks }) => TOLD_RANKS.includes(ranks)) };
}

function compare() {
  const rows = [];
  for (const [name, { parameters, runs }] of Object.entries(models)) {
    const here = { cores: machine.cores, round: parameters.round };
    for (const { ranks, ms, sent, saved } of runs) {
      const job = { ranks, ranksPerMachine: ranks };
      const add = (what, unit, predicted, measured) =>
        rows.push({ what: `${name}, ${ranks} ranks: ${what}`, unit, predicted, measured });
      add('step, ms', 'ms', stepMs(parameters, job, here), ms);
      if (ranks > 1) add('bytes sent a step, KiB', 'KiB', trafficBytes(parameters.gradients, job), sent);
      const predicted = checkpoint(parameters.state, job, parameters.saved, here);
      add('checkpoint, KiB', 'KiB', predicted.bytes, saved.bytes);
      add('checkpoint, ms', 'ms', predicted.ms, saved.ms);
    }
  }
  for (const { ranks, keys, sockets, requests, bytes } of store.told) {
    const predicted = storeLoad({ ranks }, store.parameters);
    const add = (what, unit, wanted, measured) =>
      rows.push({ what: `joining, ${ranks} ranks: ${what}`, unit, predicted: wanted, measured });
    add('keys', '', predicted.keys, keys);
    add('requests of a rank', '', predicted.requests / ranks, requests);
    add('bytes of a rank', '', predicted.bytes / ranks, bytes);
    add('sockets of a rank', '', socketsOf({ ranks }) - 1, sockets); // it has that to the store already
  }
  return rows;
}

function rowOf({ what, unit, predicted, measured }) {
  const scale = unit === 'KiB' ? 1024 : 1;
  const text = (value) => (value / scale).toFixed(value / scale < 10 ? 2 : 1);
  const off = 100 * (predicted / measured - 1);
  return [what, text(predicted), text(measured), `${off >= 0 ? '+' : ''}${off.toFixed(0)} %`];
}

function thereOf({ round }) {
  return { cores: 8, round, network: NETWORK };
}

function jobOf(ranks) {
  return { ranks, ranksPerMachine: Math.min(8, ranks) };
}

/** More ranks than there are here: machines of 8 ranks with a core each, on a network of 10 Gbit/s. */
function extrapolate() {
  for (const [name, { parameters }] of Object.entries(models)) {
    const there = thereOf(parameters);
    const header = ['', '8', '64', '1024'];
    const jobs = [8, 64, 1024].map(jobOf);
    const row = (what, value) => [what, ...jobs.map((job) => value(job))];
    const sum = (job) => parameters.bucketBytes.reduce((total, bytes) => total + allReduceMs(bytes, job, there), 0);
    printTable(`${name} at so many ranks, 8 a machine, ${(NETWORK.bytesPerMs * 8) / 1e6} Gbit/s`, header, [
      row('step, ms', (job) => stepMs(parameters, job, there).toFixed(1)),
      row('of it all-reduce, ms', (job) => sum(job).toFixed(1)),
      row('efficiency, %', (job) => ((100 * parameters.stepMs) / stepMs(parameters, job, there)).toFixed(0)),
      row('sent by a rank a step, KiB', (job) => (trafficBytes(parameters.gradients, job) / 1024).toFixed(0)),
      row('checkpoint, MiB', (job) =>
        (checkpoint(parameters.state, job, parameters.saved, there).bytes / 2 ** 20).toFixed(2),
      ),
      row('checkpoint, ms', (job) => checkpoint(parameters.state, job, parameters.saved, there).ms.toFixed(0)),
      row('sockets of a rank', (job) => String(socketsOf(job))),
      row('store: requests to join', (job) => storeLoad(job, store.parameters).requests.toFixed(0)),
      row('store: MiB to join', (job) => (storeLoad(job, store.parameters).bytes / 2 ** 20).toFixed(1)),
      row('store: seconds to join', (job) => (storeLoad(job, store.parameters).serverMs / 1000).toFixed(1)),
    ]);
  }
  const breaks = Object.entries(models).map(([name, { parameters }]) => [
    `${name}: more than half of a step is waiting`,
    firstOf((job) => stepMs(parameters, job, thereOf(parameters)) > 2 * parameters.stepMs),
  ]);
  printTable(
    'What breaks first, at how many ranks',
    ['', 'ranks'],
    [
      ...breaks,
      ['more than 1024 open files of a rank', firstOf((job) => filesOf(job) > 1024)],
      ['more than a minute to join', firstOf((job) => storeLoad(job, store.parameters).serverMs > 60_000)],
      ['more than 1 GiB through the store to join', firstOf((job) => storeLoad(job, store.parameters).bytes > 2 ** 30)],
    ],
  );
}

/** Of the rank that serves the store: those of every rank, and the store's. */
function filesOf(job) {
  return socketsOf(job) + storeLoad(job, store.parameters).connections;
}

/** The least number of ranks up to 65,536 for which it is so. */
function firstOf(isSo) {
  for (let ranks = 2; ranks <= 65_536; ranks++) if (isSo(jobOf(ranks))) return String(ranks);
  return '-';
}
