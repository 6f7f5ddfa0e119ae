// What to do about where a run's time went: rules from the facts of a profile to findings. They decide by shares and counts, never by times alone.

import type { Finding } from '../diagnosis/finding.ts';
import { formatNumber } from '../number-format.ts';
import { formatMs } from './format-ms.ts';
import { partMs, type RunProfile } from './run-profile.ts';

/** Below this nothing is said: caches and compilers are still warming up. */
const MIN_BATCHES = 8;
const MAX_DATA_SHARE = 0.2;
const MAX_SAVE_SHARE = 0.15;
/** One save at the end of a short run is no stall. */
const MIN_SAVES = 3;
/** Of a forward pass, for calling operators. */
const MAX_CALL_SHARE = 0.25;
const MAX_CALLBACK_SHARE = 0.25;

/** What the rules find in a profile, in the order of the step. None for a healthy run. */
export function profileFindings(profile: RunProfile): Finding[] {
  const rules = [slowLoader, hostRead, tinyBatch, slowCallbacks, checkpointStall, oversubscribed, busyMachine];
  if (profile.numBatches < MIN_BATCHES) return [];
  return rules.flatMap((rule) => rule(profile) ?? []);
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Time of training: without validation and checkpoints. */
function trainingMs({ parts, totalMs }: RunProfile): number {
  return totalMs - partMs(parts, 'validation') - partMs(parts, 'checkpoint');
}

function slowLoader(profile: RunProfile): Finding | undefined {
  // Where the first batch comes late, workers start: that happens once.
  const waits = profile.loaders.map(({ name, parts, longestWaitMs, numWorkers }) => {
    return { name, numWorkers, ms: partMs(parts, 'data') - longestWaitMs };
  });
  const waitedMs = waits.reduce((sum, { ms }) => sum + ms, 0);
  const share = waitedMs / trainingMs(profile);
  if (!(share > MAX_DATA_SHARE)) return undefined;
  const worst = waits.reduce((a, b) => (b.ms > a.ms ? b : a));
  const which = waits.length > 1 ? `, most of it for loader "${worst.name}"` : '';
  const { numWorkers } = worst;
  const { cores } = profile.machine;
  const workers =
    numWorkers === undefined
      ? 'have more batches made beside the step'
      : numWorkers < cores
        ? `raise numWorkers of loader "${worst.name}" from ${numWorkers}, up to the ${cores} cores`
        : `loader "${worst.name}" has ${numWorkers} workers on ${cores} cores already`;
  return {
    rule: 'slow-loader',
    severity: 'warning',
    message: `training waits for data ${percent(share)} of its time, ${formatMs(waitedMs / profile.numBatches)} a batch${which}`,
    advice: `${workers}; do once what is done to a sample every time it is read (decode, resize, tokenize: CachedDataset), read fewer and larger files`,
  };
}

function hostRead({ stepReads, readPlace, device }: RunProfile): Finding | undefined {
  if (stepReads < 0.5) return undefined;
  const times = stepReads < 1.5 ? 'once' : `${Number(stepReads.toPrecision(2))} times`;
  const isHost = device === 'cpu';
  return {
    rule: 'host-read',
    severity: isHost ? 'note' : 'warning',
    message: `the training step reads elements out of tensors ${times} a batch${readPlace === undefined ? '' : `, at ${readPlace}`}${isHost ? ', for which a GPU would have to be waited for' : ', and waits for the device each time'}`,
    advice:
      'return the tensor from the step: its mean is read at log points alone; decide on the device (where, clamp) what depends on values',
  };
}

function tinyBatch({ stepOperators, operatorMs, quickForwardMs, device }: RunProfile): Finding | undefined {
  if (operatorMs === undefined || quickForwardMs === undefined || device !== 'cpu') return undefined;
  const share = Math.min(1, (stepOperators * operatorMs) / quickForwardMs);
  if (!(share > MAX_CALL_SHARE)) return undefined;
  const us = (ms: number): string => `${formatNumber(Math.round(ms * 1000))} us`;
  return {
    rule: 'tiny-batch',
    severity: 'note',
    message: `a forward pass takes ${us(quickForwardMs)} for ${formatNumber(Math.round(stepOperators))} operators, of which ${percent(share)} is the cost of calling them (${us(operatorMs)} each): batches are tiny`,
    advice:
      'raise the batch size (trainer.findBatchSize says how far) and with it the learning rate, or call fewer and larger operators',
  };
}

function slowCallbacks(profile: RunProfile): Finding | undefined {
  const share = partMs(profile.parts, 'callbacks') / profile.totalMs;
  const worst = profile.callbacks[0];
  if (!(share > MAX_CALLBACK_SHARE) || !worst) return undefined;
  return {
    rule: 'slow-callbacks',
    severity: 'note',
    message: `callbacks take ${percent(share)} of the time, most of it "${worst.name}"`,
    advice: "do at log points or at an epoch's end what need not be done in every batch",
  };
}

function checkpointStall(profile: RunProfile): Finding | undefined {
  const { parts, totalMs, numSaves, saveWaitMs, savesInBackground } = profile;
  const ms = partMs(parts, 'checkpoint');
  const share = ms / totalMs;
  if (numSaves < MIN_SAVES || !(share > MAX_SAVE_SHARE)) return undefined;
  const waits = saveWaitMs > ms / 2 ? `, ${percent(saveWaitMs / ms)} of that for the one before to be written` : '';
  const background = savesInBackground ? '' : 'set checkpoint.asynchronous, which writes beside the loop; ';
  return {
    rule: 'checkpoint-stall',
    severity: 'warning',
    message: `the loop stands still ${percent(share)} of the time for ${numSaves} checkpoints, ${formatMs(ms / numSaves)} each${waits}`,
    advice: `${background}save less often (checkpoint.saveEveryNSteps, saveEveryNEpochs), or to a faster disk`,
  };
}

function oversubscribed({ machine: { threads, cores } }: RunProfile): Finding | undefined {
  if (threads <= cores) return undefined;
  return {
    rule: 'thread-oversubscription',
    severity: 'warning',
    message: `operators use ${threads} threads on ${cores === 1 ? 'the one core' : `the ${cores} cores`} that this process may use: they wait for each other`,
    advice: `set OMP_NUM_THREADS=${cores}, or call setNumThreads(${cores}), and fewer where data workers compute too`,
  };
}

/** The load of the last minute less what the process itself has kept busy. */
function busyMachine({ machine: { load, busyCores, cores, threads } }: RunProfile): Finding | undefined {
  const others = load - busyCores;
  if (!(others > Math.max(1, cores - threads / 2))) return undefined;
  return {
    rule: 'busy-machine',
    severity: 'note',
    message: `other processes keep about ${formatNumber(Number(others.toPrecision(2)))} cores of this machine busy, of the ${cores} that this run may use: all times are longer for it`,
    advice: 'run it alone before you compare times',
  };
}
