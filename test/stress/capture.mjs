// Captured steps: random programs played as they are written and captured, and one step replayed for as long as there is time, in which nothing may grow.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { buildSync } from 'esbuild';
import { capture, liveTensors, manualSeed, nn, optim, randint, randn, scope } from 'sconce';
import { residentBytes } from '../../benchmarks/memory/resident.mjs';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

const root = join(import.meta.dirname, '../..');
const MIB = 2 ** 20;
/** Resident memory after the first tenth of the replays, against its end. */
const GROWTH_MIB = 48;
const STEPS_PER_PROGRAM = 16;

/** The programs of the suite, with the sources that they are played by. Two levels below the package folder, as the loader of the addon expects. */
async function loadPrograms() {
  const folder = join(root, 'node_modules', '.sconce-test');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `capture-programs-${process.pid}.mjs`);
  buildSync({
    ...{ entryPoints: [join(root, 'test/capture/programs.ts')], outfile, bundle: true },
    ...{ platform: 'node', format: 'esm', target: 'node20', packages: 'external', sourcemap: 'inline' },
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}

async function playPrograms(seed, end) {
  const { playProgram } = await loadPrograms();
  let numPrograms = 0;
  let numRefused = 0;
  let numReplayed = 0;
  for (let i = 0; performance.now() < end; i++) {
    const own = (seed + i) % 2 ** 31;
    const written = playProgram(own, false, STEPS_PER_PROGRAM);
    const captured = playProgram(own, true, STEPS_PER_PROGRAM);
    assert.deepEqual(captured.results, written.results, `program ${own} of test/capture/programs.ts`);
    numPrograms += 1;
    numReplayed += captured.status.numReplayed;
    if (captured.status.refusal !== undefined) numRefused += 1;
  }
  console.log(`capture: ${numPrograms} programs, ${numReplayed} steps replayed, ${numRefused} programs refused`);
}

function replay(seed, end) {
  manualSeed(seed);
  const model = new nn.Sequential(
    ...[new nn.Linear(32, 64), new nn.LayerNorm(64), new nn.GELU(), new nn.Dropout(0.1), new nn.Linear(64, 10)],
  );
  const optimizer = new optim.AdamW(model.parameters());
  const step = capture((x, y) => {
    optimizer.zeroGrad();
    const loss = nn.functional.crossEntropy(model.forward(x), y);
    loss.backward();
    optimizer.step();
    return loss;
  });
  const batches = [8, 8, 8, 5].map((size) => [randn([size, 32]), randint(0, 10, [size])]);
  const play = (count) => {
    for (let i = 0; i < count; i++) scope(() => void step(...batches[i % batches.length]).item());
  };
  const settled = () => {
    for (let i = 0; i < 3; i++) {
      collectGarbage();
      liveTensors();
    }
    return liveTensors();
  };
  play(200);
  const before = settled();
  const started = performance.now();
  let baseline;
  while (performance.now() < end) {
    play(1000);
    if (baseline === undefined && performance.now() - started > (end - started) / 10) baseline = residentBytes();
  }
  const { numReplayed, numEager, refusal } = step.status;
  assert.equal(refusal, undefined);
  assert.equal(settled(), before, 'live tensors after the replays');
  const grown = (residentBytes() - (baseline ?? residentBytes())) / MIB;
  assert(grown < GROWTH_MIB, `resident memory has grown by ${grown.toFixed(1)} MiB over ${numReplayed} replays`);
  console.log(
    `capture: ${numReplayed} replays and ${numEager} steps as they are written, resident memory grown by ${grown.toFixed(1)} MiB`,
  );
}

export async function run({ seed, minutes }) {
  const started = performance.now();
  await playPrograms(seed, started + minutes * 30_000);
  replay(seed, started + minutes * 60_000);
}
