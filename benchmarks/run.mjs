// `npm run bench`: Sconce beside PyTorch and Lightning, in one run on one machine, the two languages taking turns.
//   --quick        3 rounds and fewer contenders, under a minute on a machine that is not busy
//   --only <name>  one of calls, mlp-small, mlp, cnn, gpt, start, precision
//   --json <file>  every measured number, for comparisons between commits
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describeMachine, hasCores } from './harness/machine.mjs';
import { findJax, findPython } from './harness/python.mjs';
import { printMachine, printPromises } from './harness/report.mjs';
import { measureCalls } from './harness/sections/calls.mjs';
import { measurePrecision } from './harness/sections/precision.mjs';
import { measureStart } from './harness/sections/start.mjs';
import { measureTraining } from './harness/sections/training.mjs';

const SECTIONS = {
  calls: measureCalls,
  'mlp-small': measureTraining,
  mlp: measureTraining,
  cnn: measureTraining,
  gpt: measureTraining,
  start: measureStart,
  precision: measurePrecision,
};

function readFlags() {
  try {
    const { values } = parseArgs({
      options: { quick: { type: 'boolean', default: false }, only: { type: 'string' }, json: { type: 'string' } },
    });
    if (values.only === undefined || Object.hasOwn(SECTIONS, values.only)) return values;
    throw new TypeError(`expected --only with one of ${Object.keys(SECTIONS).join(', ')}, got "${values.only}"`);
  } catch (error) {
    console.error(`Cannot run the benchmark: ${error.message}`);
    process.exit(2);
  }
}

const flags = readFlags();
const machine = describeMachine();
const { python, versions, reason } = findPython();
printMachine(machine, versions);
if (!python) console.log(`No Python to compare with, so only our own numbers: ${reason}`);

const jax = python && !flags.quick ? findJax(python) : {};
if (jax.reason) console.log(`Without JAX: ${jax.reason}`);

const results = {};
const promises = [];
let isEqual = true;
for (const name of flags.only ? [flags.only] : Object.keys(SECTIONS)) {
  // One thread gives the verdict; two tell how it scales.
  for (const numThreads of flags.quick || name === 'start' || !hasCores(2) ? [1] : [1, 2]) {
    const section = await SECTIONS[name]({ name, numThreads, python, jax: jax.folder, versions, isQuick: flags.quick });
    results[`${name}/${numThreads}`] = section.results;
    if (numThreads === 1) promises.push(...section.promises);
    if (section.hasWrongLosses) isEqual = false;
  }
}
printPromises(promises);
if (flags.json) writeFileSync(flags.json, `${JSON.stringify({ machine, versions, promises, results }, null, 1)}\n`);
if (!isEqual) {
  console.error('\nCannot trust the comparison: expected the losses of both loops to be equal, got others');
  process.exitCode = 1;
}
