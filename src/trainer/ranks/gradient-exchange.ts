// `GradientExchange`: the gradients of a run, averaged over ranks while backward goes on, or behind it where steps are captured. One reducer for each optimizer, over its own parameters.

import { allReduceCoalesced, broadcastTensors, GradientReducer } from '../../distributed/index.ts';
import type { Parameter } from '../../nn/parameter.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { zerosLike } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { ResolvedConfig } from '../config/types.generated.ts';
import { allModules, type ModulesOfRun, namedParametersOf } from '../loop/modules-of-run.ts';
import type { RankTimes } from './rank-times.ts';
import type { Ranks } from './ranks.ts';

interface Reduced {
  /** Those that need a gradient. */
  readonly parameters: readonly Parameter[];
  readonly reducer: GradientReducer | undefined;
  /** How often it still has to average while backward goes on: by the order in which gradients come then, it sorts them into messages for good. */
  numToLearn: number;
}

/** All ranks call its methods at the same places. */
export class GradientExchange {
  /** What this rank takes for its own part of a step. */
  readonly times: RankTimes;
  readonly #run: ModulesOfRun;
  readonly #optimizers: readonly AnyOptimizer[];
  readonly #ddp: ResolvedConfig['ddp'];
  readonly #ranks: Ranks;
  readonly #buffers: readonly Tensor[];
  readonly #reduced: Reduced[];
  #isSeparate = false;

  constructor(
    run: ModulesOfRun & { readonly optimizers: readonly AnyOptimizer[] },
    { ddp, ranks, times }: { readonly ddp: ResolvedConfig['ddp']; readonly ranks: Ranks; readonly times: RankTimes },
  ) {
    this.#run = run;
    this.times = times;
    this.#optimizers = run.optimizers;
    this.#ddp = ddp;
    this.#ranks = ranks;
    const modules = allModules(run);
    this.#buffers = ddp.broadcastBuffers ? modules.flatMap((module) => [...module.buffers()]) : [];
    broadcastTensors(modules.flatMap((module) => [...module.parameters(), ...module.buffers()]));
    this.#reduced = this.#optimizers.map((optimizer) => this.#reduce(optimizer));
  }

  /** Looks again which parameters need a gradient: callbacks freeze and unfreeze. */
  #refresh(optimizerIndex: number): void {
    const optimizer = this.#optimizers[optimizerIndex]!;
    const before = this.#reduced[optimizerIndex]!;
    const now = trainableOf(optimizer);
    if (now.length === before.parameters.length && now.every((each, at) => each === before.parameters[at])) return;
    before.reducer?.destroy();
    this.#reduced[optimizerIndex] = this.#reduce(optimizer);
  }

  /** Before a forward pass. @param isAveraged - whether the window ends with it: only then gradients are averaged. */
  beforeForward(optimizerIndex: number, isAveraged: boolean): void {
    if (!isAveraged) return;
    this.#refresh(optimizerIndex);
    this.#reduced[optimizerIndex]!.reducer?.prepareForForward();
    this.times.wait(() => this.shareBuffers());
  }

  /** Buffers become the first rank's, as before each step: what is measured and saved is one model. */
  shareBuffers(): void {
    if (this.#buffers.length > 0) broadcastTensors(this.#buffers);
  }

  /** Whether gradients are averaged behind the backward pass from now on, not while it goes on. Messages are the same either way; but those that the step itself sends come before them all in
   *  the one case, and between them in the other: so that all ranks do alike. @param isSeparate - whether any rank captures. */
  setSeparate(isSeparate: boolean): void {
    this.#isSeparate = isSeparate;
  }

  /** Whether this step's gradients are averaged behind the backward pass, on all ranks. Asked behind `beforeForward`. */
  isSeparate(optimizerIndex: number): boolean {
    return this.#isSeparate && this.#reduced[optimizerIndex]!.numToLearn === 0;
  }

  /** Messages in which gradients go: with more than one the first are on their way while backward goes on. */
  get numMessages(): number {
    return Math.max(0, ...this.#reduced.map(({ reducer }) => reducer?.bucketBytes.length ?? 0));
  }

  /** Where gradients are averaged while backward goes on. */
  beforeBackward(optimizerIndex: number, loss: Tensor): void {
    const { reducer } = this.#reduced[optimizerIndex]!;
    reducer?.timeBackward(loss);
    reducer?.prepareForBackward([loss]);
  }

  /** Behind each backward pass. @param isAveraged - whether the window ends with it. */
  afterBackward(optimizerIndex: number, isAveraged: boolean): void {
    const reduced = this.#reduced[optimizerIndex]!;
    const { reducer } = reduced;
    if (isAveraged && reducer !== undefined) {
      if (this.isSeparate(optimizerIndex)) this.times.wait(() => reducer.average());
      else this.times.waited(reducer.waitedMs);
    }
    this.times.end();
    if (isAveraged) learn(reduced);
  }

  /** The backward pass of a rank that has no batch, where others have one: it adds zeros. */
  backwardOfNothing(optimizerIndex: number, isAveraged: boolean): void {
    this.beforeForward(optimizerIndex, isAveraged);
    const reduced = this.#reduced[optimizerIndex]!;
    const { parameters } = reduced;
    if (!isAveraged || parameters.length === 0) return;
    const loss = parameters.map((each) => each.sum().mul(0)).reduce((sum, each) => sum.add(each));
    this.beforeBackward(optimizerIndex, loss);
    loss.backward(undefined, { inputs: [...parameters] });
    learn(reduced);
  }

  /** Averages what a window that the epoch's end cut short has gathered. */
  averageNow(optimizerIndex: number): void {
    const { parameters } = this.#reduced[optimizerIndex]!;
    const isUsed = this.#ranks.sum(parameters.map(({ grad }) => Number(grad !== undefined)));
    const used = parameters.filter((_, i) => isUsed[i]! > 0);
    noGrad(() => {
      for (const parameter of used) parameter.grad ??= zerosLike(parameter);
      const gradients = used.map(({ grad }) => grad!);
      for (const group of byDType(gradients)) allReduceCoalesced(group, { op: 'avg' });
    });
  }

  /** The loss, or NaN where that of any rank is not finite. */
  worstLoss(loss: number): number {
    return this.times.wait(() => this.#ranks.anyTrue(!Number.isFinite(loss))) ? Number.NaN : loss;
  }

  /** Gradients are this process's own from now on. */
  end(): void {
    for (const { reducer } of this.#reduced) reducer?.destroy();
  }

  #reduce(optimizer: AnyOptimizer): Reduced {
    const parameters = trainableOf(optimizer);
    if (parameters.length === 0) return { parameters, reducer: undefined, numToLearn: 0 };
    const names = new Map(Array.from(namedParametersOf(this.#run), ([name, parameter]) => [parameter, name]));
    const named = parameters.map((each, i) => [names.get(each) ?? `parameter ${i}`, each] as const);
    const { findUnusedParameters, gradientAsBucketView, staticGraph, bucketCapMb, compress } = this.#ddp;
    const options = { findUnusedParameters, gradientAsBucketView, staticGraph, bucketCapMb };
    const reducer = new GradientReducer(named, { ...options, ...(compress && { compress }) });
    // A static graph is learnt before the order is.
    return { parameters, reducer, numToLearn: staticGraph ? 2 : 1 };
  }
}

function learn(reduced: Reduced): void {
  if (reduced.numToLearn > 0) reduced.numToLearn -= 1;
}

const trainableOf = (optimizer: AnyOptimizer): Parameter[] =>
  optimizer.parameters().filter(({ requiresGrad }) => requiresGrad);

function byDType(tensors: readonly Tensor[]): Tensor[][] {
  const groups = new Map<string, Tensor[]>();
  for (const each of tensors) groups.set(each.dtype, [...(groups.get(each.dtype) ?? []), each]);
  return [...groups.values()];
}
