// Augmentations of batches beside torchvision's of samples: node benchmarks/transforms.mjs [--rounds 7] [--only ColorJitter], after a build.
// SCONCE_PYTHON names a Python with torch; SCONCE_PYTHON_MODELS the folder of a torchvision that lies apart. Both sides start from the same samples (uint8) and
// end with a batch: ours stacks and transforms, torchvision transforms each and stacks, as a DataLoader's collate does. The languages take turns. Processor time is measured:
// what else runs on the machine then adds little.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine, pinned, threadVariables } from './harness/machine.mjs';
import { Peer } from './harness/peer.mjs';
import { findPython } from './harness/python.mjs';
import { median, ratioOf } from './harness/statistics.mjs';

/** Rows of the table; transforms/worker.mjs and python/transforms.py have a pipeline of each name. */
const NAMES = [
  'flip',
  'crop, flip, scale, normalize',
  'RandomResizedCrop',
  'RandomRotation',
  'RandomAffine, bilinear',
  'RandomPerspective',
  'ColorJitter',
  'RandomGrayscale',
  'GaussianBlur',
  'RandomErasing',
  'RandAugment',
  'TrivialAugmentWide',
  'MixUp',
  'CutMix',
];
const SIZES = [
  { edge: 32, count: 128, repeats: 20 },
  { edge: 224, count: 32, repeats: 4 },
];

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, only: { type: 'string' } },
});
const found = findPython();
if (found.reason !== undefined) {
  console.error(`Cannot measure transforms: expected a Python with torch and torchvision, got none: ${found.reason}`);
  process.exit(1);
}
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const numThreads = 1;
const peers = {
  ours: [process.execPath, here('transforms/worker.mjs')],
  theirs: [found.python, here('python/transforms.py')],
};
const machine = describeMachine();
console.log(
  `${machine.cpu}, load ${machine.load.toFixed(1)}, Node ${machine.node}, torch ${found.versions.torch}; 1 thread, ${flags.rounds} rounds, medians\n`,
);
console.log(
  '| | pictures | Sconce, CPU ms a batch | torchvision, CPU ms | torchvision / Sconce |\n|---|---|---|---|---|',
);
const started = Object.entries(peers).map(([name, command]) => [
  name,
  new Peer(name, pinned(command, numThreads), threadVariables(numThreads)),
]);
try {
  for (const { edge, count, repeats } of SIZES) {
    for (const name of NAMES.filter((one) => flags.only === undefined || one === flags.only)) {
      const times = { ours: [], theirs: [] };
      for (let round = 0; round <= Number(flags.rounds); round++) {
        for (const [language, peer] of round % 2 === 0 ? started : [...started].reverse()) {
          const { ms } = await peer.ask({ name, edge, count, repeats });
          if (round > 0) times[language].push(ms); // the first one warms up
        }
      }
      const [ours, theirs] = [median(times.ours), median(times.theirs)].map((ms) => ms.toFixed(2));
      console.log(
        `| ${name} | ${count} of 3x${edge}x${edge} | ${ours} | ${theirs} | ${ratioOf(times.theirs, times.ours).toFixed(1)} |`,
      );
    }
  }
} finally {
  for (const [, peer] of started) await peer.close();
}
