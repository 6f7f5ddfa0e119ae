// The parts of a micro-step that are captured, with JavaScript between them: forward and backward, the norm of the gradients, and the update.

import * as layers from '../../nn/index.ts';
import { clipGradsWithNorm_, clipGradValue_, getTotalNorm } from '../../optim/clip.ts';
import * as optimizers from '../../optim/index.ts';
import { holdsWhile, isRecording, refuseCapture } from '../../tensor/capture/notes.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { PREDICTION } from '../parts/standard-step.ts';
import { CapturedPart, type CapturedPartStatus, type CaptureMode, type ExplainedPart } from './captured-part.ts';
import type { StepOptions } from './loop-options.ts';
import { allModules } from './modules-of-run.ts';
import { ModuleSettings, whyForeign } from './own-modules.ts';
import type { StepOutput } from './step.ts';
import type { StepInParts } from './step-facts.ts';

/** Runs forward and backward of a batch, and pauses between them. */
export type ForwardAndBackward = (batch: unknown) => void;

/** What of a run decides whether its steps are captured. */
export interface CaptureWish {
  readonly mode: CaptureMode;
  /** Whether the training step is one that Sconce wrote. */
  readonly isStandard: boolean;
  /** Whether it is told where its batch stands. */
  readonly takesPlace: boolean;
  /** Replays of each part, timed, after which the fit ends and shows them. Undefined: it goes on. */
  readonly replays?: number | undefined;
  /** Whether it updates metrics of training. */
  readonly hasTrainMetrics: boolean;
  /** A form of it that updates them beside what is captured. */
  readonly inParts: StepInParts | undefined;
}

/** Why the steps of a run are not captured, whatever they do; undefined where they may be. */
export function whyWritten(options: StepOptions, wish: CaptureWish): string | undefined {
  const { callbacks, context, data, detectAnomaly, exchange, followers } = options;
  if (exchange) {
    if (wish.replays !== undefined) return 'several processes train: what their steps are is shown of one';
    const modules = allModules(options.context).flatMap((module) => [...module.modules()]);
    if (modules.some((module) => module instanceof layers.SyncBatchNorm))
      return 'SyncBatchNorm waits for the other ranks in the step';
    const { numMessages } = exchange;
    if (wish.mode === 'auto' && numMessages > 1)
      return `gradients go to the other ranks in ${numMessages} messages, the first while backward goes on`;
  }
  if (data.target.device !== 'cpu' && (wish.mode === 'auto' || exchange))
    return `tensors are on ${data.target.device}, where captured steps are untested`;
  if (detectAnomaly) return 'detectAnomaly looks at each operator';
  if (!followers.isEmpty) return 'a module is told the step or the epoch, and may compute with it';
  if (wish.hasTrainMetrics && !wish.inParts) return 'metrics of training are updated in the step';
  if (wish.takesPlace) return 'the step takes batchIdx, which is another number each time';
  if (wish.mode !== 'auto') return undefined;
  // From here on: what may count in JavaScript, or change what a replay does not look at.
  if (!wish.isStandard) return 'the step, or its loss, is a function of its own';
  if (callbacks.hears('forwardEnd'))
    return 'a callback listens between forward and backward, and may change what it hears';
  const known = new Set<unknown>(Object.values(optimizers));
  const foreign = context.optimizers.find((optimizer) => !known.has(optimizer.constructor));
  if (foreign) return `the class ${foreign.constructor.name} is not Sconce's own`;
  return whyForeign(allModules(context));
}

/** A part for each loader, and two for each optimizer: each has its own shapes and gradients. */
export class CapturedSteps {
  readonly #options: StepOptions;
  readonly #how: { readonly warn: ((message: string) => void) | undefined; readonly isRaced: boolean };
  readonly #isAuto: boolean;
  readonly #backward: CapturedPart<[batch: unknown], void>[];
  readonly #norms: CapturedPart<[], Tensor>[];
  readonly #updates: CapturedPart<[norm: Tensor | undefined], void>[];

  /** @param forwardAndBackward - of each loader. */
  constructor(
    options: StepOptions,
    mode: CaptureMode,
    forwardAndBackward: (loaderIndex: number) => ForwardAndBackward,
  ) {
    const { context, data } = options;
    this.#options = options;
    const warn = mode === 'auto' ? undefined : (message: string): void => context.warn(message);
    this.#how = { warn, isRaced: mode === 'auto' };
    this.#isAuto = mode === 'auto';
    this.#backward = data.train.names.map((name, loaderIndex) => {
      const run = forwardAndBackward(loaderIndex);
      return this.#part(`the forward and backward pass of loader "${name}"`, (batch: unknown) => {
        if (isRecording()) this.#noteSettings();
        run(batch);
      });
    });
    const ofOptimizer = (i: number): string => (context.optimizers.length === 1 ? '' : ` of optimizer ${i}`);
    this.#norms = context.optimizers.map((optimizer, i) =>
      this.#part(`the norm of the gradients${ofOptimizer(i)}`, () =>
        getTotalNorm(optimizer.parameters().flatMap(({ grad }) => (grad ? [grad] : []))),
      ),
    );
    this.#updates = context.optimizers.map((optimizer, i) =>
      this.#part(`the update${ofOptimizer(i)}`, (norm: Tensor | undefined) => {
        this.clip(i, norm);
        optimizer.step();
      }),
    );
  }

  #part<Args extends readonly unknown[], Result>(name: string, step: (...args: Args) => Result) {
    return new CapturedPart(name, step, this.#how);
  }

  /** Whether forward and backward of any loader are captured or may still be. */
  get isForwardOpen(): boolean {
    return this.#backward.some(({ status }) => status.refusal === undefined);
  }

  /** A recording holds as long as the settings of the library's modules are what they were. */
  #noteSettings(): void {
    const modules = allModules(this.#options.context);
    const foreign = this.#isAuto ? whyForeign(modules) : undefined;
    if (foreign !== undefined) refuseCapture(foreign);
    const settings = new ModuleSettings(modules);
    holdsWhile(() => settings.areSame());
  }

  /** Forward and backward of a batch. */
  play(loaderIndex: number, batch: unknown): void {
    this.#backward[loaderIndex]!.run(batch);
  }

  norm(optimizerIndex: number): Tensor {
    return this.#norms[optimizerIndex]!.run();
  }

  /** Clips the gradients and steps the optimizer. @param norm - of the gradients, where they are clipped by it. */
  update(optimizerIndex: number, norm: Tensor | undefined): void {
    this.#updates[optimizerIndex]!.run(norm);
  }

  clip(optimizerIndex: number, norm: Tensor | undefined): void {
    const { context, clipGradNorm, clipGradValue } = this.#options;
    const parameters = context.optimizers[optimizerIndex]!.parameters();
    if (clipGradNorm !== undefined && norm) clipGradsWithNorm_(parameters, clipGradNorm, norm);
    if (clipGradValue !== undefined) clipGradValue_(parameters, clipGradValue);
  }

  get statuses(): readonly CapturedPartStatus[] {
    return [...this.#backward, ...this.#norms, ...this.#updates]
      .map(({ status }) => status)
      .filter(({ numEager, numReplayed }) => numEager + numReplayed > 0);
  }

  get #active(): CapturedPart<never, unknown>[] {
    return [...this.#backward, ...this.#norms, ...this.#updates].filter(
      ({ status: { numEager, numReplayed } }) => numEager + numReplayed > 0,
    ) as readonly unknown[] as CapturedPart<never, unknown>[]; // of whatever arguments
  }

  /** Whether each part that has run was replayed so often, or cannot be captured. */
  areReplayed(count: number): boolean {
    return this.#active.every(({ status: { numReplayed, refusal } }) => refusal !== undefined || numReplayed >= count);
  }

  time(): void {
    for (const part of [...this.#backward, ...this.#norms, ...this.#updates]) part.time();
  }

  explain(): ExplainedPart[] {
    return this.#active.map((part) => part.explain());
  }

  end(): void {
    for (const part of [...this.#backward, ...this.#norms, ...this.#updates]) part.end();
  }
}

/** What a step gave, without what only validation hands on. A replay would give any number or text again as it was. */
export function onlyTensors<T extends StepOutput>(output: T): T {
  const { [PREDICTION]: _, ...values } = output as StepOutput & { [PREDICTION]?: unknown };
  const name = plainValueIn(values);
  if (name !== undefined)
    refuseCapture(`the step gives "${name}", which is no tensor; give a tensor, or measure it in a callback`);
  return values as T;
}

function plainValueIn(values: object): string | undefined {
  for (const [name, value] of Object.entries(values)) {
    if (value instanceof Tensor || value === undefined || value === null) continue;
    if (typeof value !== 'object') return name;
    if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) continue;
    const inside = plainValueIn(value);
    if (inside !== undefined) return `${name}.${inside}`;
  }
  return undefined;
}
