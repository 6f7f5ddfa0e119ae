// One batch: forward, backward, and the update where a window is full. Everything that it makes is freed at its end.

import { apart } from '../../distributed/index.ts';
import type { Parameter } from '../../nn/parameter.ts';
import { clipGradsWithNorm_, clipGradValue_, getTotalNorm } from '../../optim/clip.ts';
import type { GradScaler } from '../../optim/grad-scaler.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { detectAnomaly } from '../../tensor/autograd/anomaly.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { pauseStep } from '../../tensor/capture/notes.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { PART } from '../profiling/run-times.ts';
import { RankBatch } from '../ranks/ranked-loader.ts';
import { CaptureEnd } from '../run/run.ts';
import type { CapturedPartStatus, ExplainedPart } from './captured-part.ts';
import { CapturedSteps, onlyTensors, whyWritten } from './captured-steps.ts';
import type { LoaderBatch } from './data-handler.ts';
import { HiddenParameters } from './hidden-parameters.ts';
import type { StepOptions } from './loop-options.ts';
import { lossOf, outputOf, type StepOutput, type TrainingOutput } from './step.ts';
import type { StepInParts } from './step-facts.ts';

/** Replays before those that are timed, and batches after which a fit that shows its steps ends in any case. */
const NUM_WARM = 10;
const LONGEST_WARMING = 500;

const refusedWhole = (refusal: string): ExplainedPart => ({
  name: 'the step',
  status: { numEager: 0, numReplayed: 0, numRecordings: 0, refusal },
});

/** Plays micro-steps. */
export class MicroStep {
  readonly #options: StepOptions;
  readonly #hidden = new HiddenParameters();
  /** Whether a loss lies in the host's memory, and is read in its own step. */
  readonly #readsLoss: boolean;
  #item: LoaderBatch<unknown> | undefined;
  /** The loss of the batch that is played, where it is read. */
  #loss: number | undefined;
  #output: StepOutput | undefined;
  /** Whether its loss is not left out. */
  #goesOn = false;
  #captured: CapturedSteps | undefined;
  #numShown = 0;
  #isTimed = false;

  constructor(options: StepOptions) {
    this.#options = options;
    this.#readsLoss = options.data.target.device === 'cpu';
  }

  /** Before the first step of a fit: sees whether its steps are captured, and says so where they cannot be. */
  begin(): void {
    const { capture, context } = this.#options;
    if (capture === undefined) return;
    const reason = whyWritten(this.#options, capture);
    if (reason === undefined)
      this.#captured = new CapturedSteps(this.#options, capture.mode, (loaderIndex) => (batch) => {
        const { loss, goesOn } = capture.inParts
          ? this.#forwardInParts(capture.inParts, batch)
          : this.#forwardAndPause(batch);
        if (goesOn) this.#backward(loss, loaderIndex);
      });
    else if (capture.replays !== undefined) throw new CaptureEnd([refusedWhole(reason)]);
    else if (capture.mode === true) context.warn(`captureSteps changes nothing: ${reason}`);
  }

  /** Whether forward and backward are captured or may still be, for the sake of which ranks average gradients behind them. */
  get isForwardOpen(): boolean {
    return this.#captured?.isForwardOpen ?? false;
  }

  /** Where the fit is to show how its steps are captured: times them once they are warm, and ends it when there were enough. */
  #showCaptured(captured: CapturedSteps, replays: number): void {
    this.#numShown += 1;
    if (this.#options.clocks.step === 0) return;
    const isLong = this.#numShown >= replays + LONGEST_WARMING;
    if (!this.#isTimed && (captured.areReplayed(NUM_WARM) || isLong)) {
      captured.time();
      this.#isTimed = true;
    }
    if (this.#isTimed && (captured.areReplayed(NUM_WARM + replays) || isLong)) throw new CaptureEnd(captured.explain());
  }

  /** Behind the last one: frees what was recorded. */
  end(): void {
    this.#captured?.end();
  }

  /** How the parts of steps that are captured fare. */
  get captured(): readonly CapturedPartStatus[] {
    return this.#captured?.statuses ?? [];
  }

  /** @param arrived - when the batch came. */
  play(item: LoaderBatch<unknown>, arrived: number): void {
    const { profiler, detectAnomaly: isDetecting } = this.#options;
    profiler?.times.batchArrived(item.loaderIndex, arrived);
    this.#item = item;
    this.#inScope(isDetecting ? this.#playWatched : this.#playBatch);
    profiler?.times.batchEnded();
    const replays = this.#options.capture?.replays;
    if (replays !== undefined && this.#captured) this.#showCaptured(this.#captured, replays);
  }

  /** A window that the epoch's end cut short: its losses were divided by more micro-batches than it has. */
  updateTail(optimizerIndex: number): void {
    const { context, accumulation, pending, exchange } = this.#options;
    this.#inScope(() => {
      exchange?.averageNow(optimizerIndex);
      noGrad(() => {
        for (const parameter of context.optimizers[optimizerIndex]!.parameters())
          parameter.grad?.mul_(accumulation / pending[optimizerIndex]!);
      });
      context.optimizerIndex = optimizerIndex;
      this.#update(optimizerIndex);
    });
  }

  /** Frees what `body` makes, and takes it out of the context. */
  #inScope(body: () => void): void {
    const { context } = this.#options;
    try {
      scope(body, 'step');
    } finally {
      this.#item = undefined;
      this.#output = undefined;
      context.batch = undefined;
      context.loss = undefined;
      context.output = undefined;
      context.gradientNorm = undefined;
    }
  }

  readonly #playWatched = (): void => {
    detectAnomaly(this.#playBatch);
  };

  readonly #playBatch = (): void => {
    const { context, pending, callbacks, data, metrics, routes, accumulation, profiler, followers } = this.#options;
    const { exchange } = this.#options;
    const times = profiler?.times;
    const { loaderIndex, loaderName, batchIndex, batch: given } = this.#item!; // set by play
    const optimizerIndex = routes[loaderIndex]!;
    const part = given instanceof RankBatch ? given : undefined;
    if (part?.share === 0) {
      this.#playNothing(part, optimizerIndex);
      return;
    }
    const { batch, batchSize } = data.prepare(part ? part.batch : given);
    const isAveraged = pending[optimizerIndex]! + 1 >= accumulation;
    context.batch = batch;
    context.batchSize = batchSize;
    context.loaderIndex = loaderIndex;
    context.loaderName = loaderName;
    context.batchIndex = batchIndex;
    context.optimizerIndex = optimizerIndex;
    callbacks.tell('batchStart', context);
    followers.tellStep();
    times?.begin(PART.forward);
    exchange?.times.begin();
    exchange?.beforeForward(optimizerIndex, isAveraged);
    const isOverlapped = exchange !== undefined && isAveraged && !exchange.isSeparate(optimizerIndex);
    // A loss that is weighted by its samples, and one of this rank's rows alone, are other steps.
    const isUsual = !isOverlapped && (part === undefined || (part.share === 1 && part.isEveryones));
    if (this.#captured && isUsual) this.#captured.play(loaderIndex, batch);
    else {
      const output = part?.isEveryones === false ? apart(() => this.#forward(batch)) : this.#forward(batch);
      const loss = lossOf(output);
      if (this.#between(output as TrainingOutput))
        this.#backward(loss, loaderIndex, { share: part?.share ?? 1, isOverlapped });
    }
    if (this.#goesOn) {
      exchange?.afterBackward(optimizerIndex, isAveraged);
      times?.enter(PART.rest);
      metrics.add(loaderName, this.#output!, batchSize, this.#loss);
      callbacks.tell('backwardEnd', context);
      pending[optimizerIndex]! += 1;
      if (isAveraged) this.#update(optimizerIndex);
    }
    callbacks.tell('batchEnd', context);
  };

  /** Between forward and backward. @returns whether there is a backward: whether the batch is not left out. */
  readonly #between = (output: TrainingOutput): boolean => {
    const { context, clocks, callbacks, nonFinite, profiler, exchange, noted } = this.#options;
    const { loaderName, batchIndex, batch: given } = this.#item!; // set by play
    const { loss } = output;
    noted(output);
    this.#output = output;
    context.output = output;
    context.loss = loss;
    const read = this.#readsLoss ? (loss.item() as number) : undefined;
    const value = exchange && read !== undefined && nonFinite.policy === 'skip' ? exchange.worstLoss(read) : read;
    this.#loss = value;
    profiler?.times.forwardEnded();
    callbacks.tell('forwardEnd', context);
    clocks.microStep += 1;
    clocks.batchInEpoch += 1;
    clocks.samples += given instanceof RankBatch ? given.numSamples : context.batchSize;
    this.#goesOn =
      value === undefined || !nonFinite.leavesOutLoss(value, { loaderName, batchIndex, step: clocks.step });
    if (this.#goesOn) profiler?.times.begin(PART.backward);
    return this.#goesOn;
  };

  /** This rank has no batch where others have one: what is done together is done, and all clocks go on. */
  #playNothing(part: RankBatch, optimizerIndex: number): void {
    const { context, clocks, pending, nonFinite, accumulation, exchange, followers } = this.#options;
    context.optimizerIndex = optimizerIndex;
    followers.tellStep();
    const isAveraged = pending[optimizerIndex]! + 1 >= accumulation;
    const isSkipping = this.#readsLoss && nonFinite.policy === 'skip';
    clocks.microStep += 1;
    clocks.batchInEpoch += 1;
    clocks.samples += part.numSamples;
    if (isSkipping && Number.isNaN(exchange!.worstLoss(0))) return;
    exchange!.backwardOfNothing(optimizerIndex, isAveraged);
    pending[optimizerIndex]! += 1;
    if (isAveraged) this.#update(optimizerIndex);
  }

  #forward(batch: unknown): StepOutput {
    const { context, precision, step, profiler } = this.#options;
    const { batchIndex, loaderIndex, loaderName } = context;
    profiler?.counts.begin();
    const output = precision.run(() => step(batch, batchIndex, loaderIndex, loaderName));
    profiler?.counts.end();
    return outputOf(output, 'training');
  }

  #forwardAndPause(batch: unknown): { loss: Tensor; goesOn: boolean } {
    const output = this.#forward(batch);
    const loss = lossOf(output);
    return { loss, goesOn: pauseStep(onlyTensors(output) as TrainingOutput, this.#between) };
  }

  /** The same of a step whose metrics are updated where it pauses. */
  #forwardInParts({ run, measure }: StepInParts, batch: unknown): { loss: Tensor; goesOn: boolean } {
    const { precision, profiler } = this.#options;
    profiler?.counts.begin();
    const { values, seen } = precision.run(() => run(batch));
    profiler?.counts.end();
    const loss = lossOf(values);
    const goesOn = pauseStep({ values: onlyTensors(values), seen }, (given) =>
      this.#between({ ...given.values, ...precision.run(() => measure(given.seen as never)) }),
    );
    return { loss, goesOn };
  }

  #backward(loss: Tensor, loaderIndex: number, { share = 1, isOverlapped = false } = {}): void {
    const { context, scalers, lossWeights, accumulation, exchange, routes } = this.#options;
    const optimizerIndex = routes[loaderIndex]!;
    const factor = (lossWeights[loaderIndex]! / accumulation) * share;
    const weighted = factor === 1 ? loss : loss.mul(factor);
    const root = scalers ? scalers[optimizerIndex]!.scale(weighted) : weighted;
    if (isOverlapped) exchange!.beforeBackward(optimizerIndex, root);
    // With several optimizers a loader's gradients must not pile up in the parameters of the others.
    if (context.optimizers.length === 1) root.backward();
    else root.backward(undefined, { inputs: trainable(context.optimizers[optimizerIndex]!.parameters()) });
  }

  #update(optimizerIndex: number): void {
    const { context, clocks, pending, callbacks, schedulers, profiler } = this.#options;
    const optimizer = context.optimizers[optimizerIndex]!;
    profiler?.times.begin(PART.optimizer);
    this.#hidden.refuse(context, context.optimizers);
    const scaler = this.#options.scalers?.[optimizerIndex];
    scaler?.unscale_(optimizer);
    callbacks.tell('optimizerStepStart', context);
    const isUpdated = this.#isUpdateCaptured(scaler, optimizer)
      ? this.#updateCaptured(this.#captured!, optimizerIndex, scaler)
      : this.#clip(optimizer, scaler) && steppedWith(scaler, optimizer);
    optimizer.zeroGrad();
    pending[optimizerIndex] = 0;
    clocks.step += 1;
    for (const entry of schedulers)
      if (isUpdated && entry.interval === 'step' && entry.optimizerIndex === optimizerIndex) entry.scheduler.step();
    callbacks.tell('optimizerStepEnd', context);
    profiler?.times.enter(PART.rest);
  }

  /** An update that a scaler leaves out is none. */
  #isUpdateCaptured(scaler: GradScaler | undefined, optimizer: AnyOptimizer): boolean {
    return this.#captured !== undefined && (!scaler || scaler.hasFiniteGradients(optimizer) === true);
  }

  /** What `#clip` and the step do. */
  #updateCaptured(captured: CapturedSteps, optimizerIndex: number, scaler: GradScaler | undefined): boolean {
    const { context, clocks, callbacks, nonFinite, clipGradNorm } = this.#options;
    const optimizer = context.optimizers[optimizerIndex]!;
    const step = (norm?: Tensor): boolean =>
      steppedWith(scaler, optimizer, () => captured.update(optimizerIndex, norm));
    const isSkipping = nonFinite.policy === 'skip' && !scaler;
    if (clipGradNorm === undefined && !isSkipping) return step();
    const norm = captured.norm(optimizerIndex);
    context.gradientNorm = norm;
    if (!scaler && nonFinite.leavesOutGradients(norm.item() as number, context, clocks.step)) return false;
    if (clipGradNorm === undefined || !callbacks.hears('gradientsClipped'))
      return step(clipGradNorm === undefined ? undefined : norm);
    clipGradsWithNorm_(optimizer.parameters(), clipGradNorm, norm);
    callbacks.tell('gradientsClipped', context);
    return step();
  }

  /** Clips the gradients of a window. @returns whether it is to be stepped: its gradients are finite, or nobody minds. */
  #clip(optimizer: AnyOptimizer, scaler: GradScaler | undefined): boolean {
    const { context, clocks, callbacks, nonFinite, clipGradNorm, clipGradValue } = this.#options;
    const isSkipping = nonFinite.policy === 'skip' && !scaler; // a scaler looks itself
    if (clipGradNorm === undefined && clipGradValue === undefined && !isSkipping) return true;
    const parameters = optimizer.parameters();
    if (clipGradNorm !== undefined || isSkipping) {
      const norm = getTotalNorm(parameters.flatMap(({ grad }) => (grad ? [grad] : [])));
      context.gradientNorm = norm;
      // Before they are scaled: by a bad norm every gradient becomes bad.
      const isRead = !scaler && (this.#readsLoss || isSkipping);
      if (isRead && nonFinite.leavesOutGradients(norm.item(), context, clocks.step)) return false;
      if (clipGradNorm !== undefined) {
        clipGradsWithNorm_(parameters, clipGradNorm, norm);
        callbacks.tell('gradientsClipped', context);
      }
    }
    if (clipGradValue !== undefined) clipGradValue_(parameters, clipGradValue);
    return true;
  }
}

/** Steps, unless a gradient overflowed, and sets the next scale.
 *  @returns whether the parameters were updated.
 *  @throws {RangeError} where the scale has become so small that it is not what overflows. */
function steppedWith(
  scaler: GradScaler | undefined,
  optimizer: AnyOptimizer,
  update: () => void = () => void optimizer.step(),
): boolean {
  if (!scaler) {
    update();
    return true;
  }
  const isUpdated = scaler.step(optimizer, update);
  scaler.update();
  if (scaler.getScale() >= SMALLEST_LOSS_SCALE) return isUpdated;
  throw new RangeError(
    `Cannot go on training: expected finite gradients, got inf or nan down to a loss scale of ${scaler.getScale()}; lower the learning rate, look at the data, or use precision "bf16-mixed"`,
  );
}

/** Float16 goes down to 2^-24: with a smaller scale gradients vanish that were finite without one. */
const SMALLEST_LOSS_SCALE = 2 ** -24;

/** The parameters that are not frozen: backward refuses the others. */
function trainable(parameters: readonly Parameter[]): Parameter[] {
  return parameters.filter(({ requiresGrad }) => requiresGrad);
}
