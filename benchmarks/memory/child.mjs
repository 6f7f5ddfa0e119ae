// Plays one scenario in this process and prints, as JSON, what was looked at: step, resident bytes and live tensors.
import { liveTensors, manualSeed, setNumThreads } from 'sconce';
import { ownBytes, residentBytes } from './resident.mjs';
import { scenarios } from './scenarios.mjs';

const [name, count] = process.argv.slice(2);
const numSteps = Number(count);
const { play, collects } = scenarios[name];
// V8 lets garbage that has survived two small collections lie until its heap has grown by a good part: where a scenario makes such garbage, it is
// collected before every look, so that it is not taken for a leak.
const NUM_LOOKS = collects ? 200 : 2000;
const every = Math.max(1, Math.floor(numSteps / NUM_LOOKS));
// Made at once, so that nothing grows while it is looked at.
const steps = new Float64Array(NUM_LOOKS * 2);
const resident = new Float64Array(steps.length);
const own = new Float64Array(steps.length);
const live = new Float64Array(steps.length);
let numLooks = 0;
function look(step) {
  if (step % every !== 0 || numLooks === steps.length) return;
  if (collects) globalThis.gc();
  steps[numLooks] = step;
  resident[numLooks] = residentBytes();
  own[numLooks] = ownBytes();
  live[numLooks++] = liveTensors();
}

setNumThreads(1);
manualSeed(0);
const started = performance.now();
await play({ numSteps, look });
const seconds = (performance.now() - started) / 1000;
const cut = (values) => [...values.subarray(0, numLooks)];
console.log(JSON.stringify({ seconds, steps: cut(steps), resident: cut(resident), own: cut(own), live: cut(live) }));
