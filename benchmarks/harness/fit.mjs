// Training steps by `GenericTrainer`: with what a run has by default (log, progress bar, checkpoint at the epoch's end), or with nothing.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { DataLoader } from 'sconce/data';
import { GenericTrainer, ProgressCallback, TrainingRun } from 'sconce/trainer';
import { piecesBetween } from './measure.mjs';
import { viewsOf } from './views.mjs';

const NEVER = 1_000_000_000;

/** Fits one epoch.
 *  @param isBare - no run, no callbacks, no log points.  @param onFirstStep - called when the first step is finished.
 *  @returns microseconds a step, of pieces of the epoch: from the beginning of one training step to that of a later one. */
export async function fitSteps(
  { model, batches, optimizer },
  { loss, warmSteps, stepsPerPiece, pieces },
  { isBare, onFirstStep },
) {
  const numSteps = warmSteps + stepsPerPiece * pieces + 1;
  const dataset = { length: numSteps, get: (i) => viewsOf(batches[i % batches.length]) };
  const loader = new DataLoader({ dataset, collate: ([batch]) => batch });
  const run = isBare ? undefined : await openRun();
  const trainer = new GenericTrainer({
    config: isBare ? { logEveryNSteps: NEVER } : {},
    model,
    optimizers: [optimizer],
    callbacks: [
      ...(isBare ? [] : [new ProgressCallback({ stream: terminal() })]),
      ...(onFirstStep ? [{ name: 'FirstStep', batchEnd: once(onFirstStep) }] : []),
    ],
    ...(run ? { run } : {}),
  });
  const marks = [];
  trainer.setTrainingStep((_trainer, [inputs, targets]) => {
    marks.push(performance.now());
    return { loss: loss(model, inputs, targets) };
  });
  await trainer.fit({ trainLoaders: [loader] });
  await run?.finish({ status: 'finished', exitCode: 0 });
  return piecesBetween(marks.slice(warmSteps), stepsPerPiece);
}

async function openRun() {
  const run = new TrainingRun(mkdtempSync(join(process.env.SCONCE_BENCH_FOLDER, 'run-')), { isResumed: false });
  await run.create({});
  return run;
}

/** A terminal to draw on, since Lightning's bar is drawn too. */
const terminal = () => ({ isTTY: true, columns: 120, write: (text) => process.stderr.write(text) });

function once(call) {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    call(true);
  };
}
