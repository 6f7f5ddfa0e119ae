// `ZeroRedundancyOptimizer`: an optimizer whose state lies in parts on the ranks.
import { CheckpointError } from '../../errors.ts';
import type { Parameter } from '../../nn/parameter.ts';
import type { HyperparameterKind } from '../../optim/hyperparameters.ts';
import { LBFGS } from '../../optim/lbfgs.ts';
import type { AnyOptimizer, Closure, Optimizer, StepPostHook, StepPreHook } from '../../optim/optimizer.ts';
import { HookList, type OptimizerHookHandle } from '../../optim/optimizer-hooks.ts';
import type { OptimizerParams, ParamGroup, ParamGroupInput } from '../../optim/param-groups.ts';
import type { OptimizerStateDict } from '../../optim/state-dict.ts';
import type { StateValue } from '../../optim/state-kinds.ts';
import { getNative, h } from '../../tensor/call.ts';
import { refuseCapture } from '../../tensor/capture/notes.ts';
import { isComplexDType } from '../../tensor/dtype.ts';
import { viewAsReal } from '../../tensor/ops.generated.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { gatherObject } from '../group/objects.ts';
import { groupOf, type ProcessGroup } from '../group/process-group.ts';
import { broadcastTensors } from '../parallel/distributed-data-parallel.ts';
import { distributedError } from '../store/told.ts';
import { Partition } from './partition.ts';

/** What updates the parameters, and among whom its state is divided. */
export interface ZeroRedundancyOptimizerOptions<H extends { lr: number }> {
  /** Its class, as `optim.AdamW`. It has to update each parameter by its own gradient and state: all but LBFGS do. */
  readonly optimizerClass?: new (
    params: OptimizerParams<H>,
    options?: Readonly<Partial<H>>,
  ) => Optimizer<H>;
  /** Instead of a class: an optimizer of these parameters that is there, with its groups, hyperparameters and state; schedules of it go on. From now on it is stepped through this one alone. */
  readonly optimizer?: Optimizer<H> | undefined;
  /** Hyperparameters for all groups. Default: those of the class. */
  readonly defaults?: Readonly<Partial<H>>;
  /** Default: the group of all ranks. */
  readonly group?: ProcessGroup | undefined;
}

const KNOWN = ['optimizerClass', 'optimizer', 'defaults', 'group'];
const ACTION = 'make ZeroRedundancyOptimizer';

type State = OptimizerStateDict['state'];

/** An optimizer whose state lies in parts on the ranks of a group (stage 1 of ZeRO): each keeps that of about as many elements, updates these, and gives the new values to the others. Parameters
 *  become what the optimizer of that class alone would make of them, to the last bit; of two moments a rank has 2 / ranks of the memory, and each step sends all parameters once more.
 *  Gradients have to be the same on all ranks, as `DistributedDataParallel` or `GradientReducer` leave them, and all ranks step together.
 *
 *  A state dict is that of the optimizer alone, so that it can be loaded by one, or on another number of ranks. It takes two steps: `consolidateStateDict` on all ranks, then `stateDict` on one.
 *  Source: Rajbhandari et al. 2020, arXiv:1910.02054; torch.distributed.optim.ZeroRedundancyOptimizer, whose `parameters_as_bucket_view` and `overlap_with_ddp` are not there.
 *  Example: `docs/distributed.md`. */
export class ZeroRedundancyOptimizer<H extends { lr: number }> implements AnyOptimizer {
  readonly group: ProcessGroup;
  readonly #inner: Optimizer<H>;
  readonly #partition: Partition;
  readonly #preHooks = new HookList<StepPreHook>();
  readonly #postHooks = new HookList<StepPostHook>();
  /** Of all ranks, where `consolidateStateDict` brought it here. */
  #consolidated: State | undefined;
  /** The parameters of each group, while the optimizer sees its own alone. */
  #all: Parameter[][] | undefined;

  /** Every rank gives the same parameters in the same groups.
   *  @throws {TypeError} for an option that is none, for LBFGS, and as the optimizer's class does.  @throws {DistributedError} where the parameters of a rank differ from those of the first. */
  constructor(params: OptimizerParams<H>, options: ZeroRedundancyOptimizerOptions<H>) {
    const { optimizerClass, optimizer, defaults, group } = options;
    const stray = Object.keys(options).find((name) => !KNOWN.includes(name));
    const refuse = (expected: string, got: string): never => {
      throw new TypeError(`Cannot ${ACTION}: expected ${expected}, got ${got}`);
    };
    if (stray !== undefined)
      refuse(`options of { ${KNOWN.join(', ')} }`, `${JSON.stringify(stray)}; hyperparameters stand in defaults`);
    if (optimizer !== undefined && (optimizerClass ?? defaults) !== undefined)
      refuse('neither optimizerClass nor defaults beside optimizer, which has its own', 'one');
    if (optimizer === undefined && typeof optimizerClass !== 'function')
      refuse('a class for optimizerClass', String(optimizerClass));
    this.group = groupOf(group);
    this.#inner = optimizer ?? new optimizerClass!(params, defaults);
    if (this.#inner instanceof LBFGS)
      refuse('an optimizer that updates each parameter by itself', 'LBFGS, which needs all of them at once');
    this.#partition = new Partition(this.group.size);
    for (const each of this.paramGroups) this.#partition.add(each.params);
    this.#verify();
    this.#forgetOthers();
    // Behind the hooks of the class, which may look at all gradients.
    this.#inner.registerStepPreHook((_, closure) => {
      this.#showOwn();
      return closure && (() => this.#evaluate(closure));
    });
  }

  #verify(): void {
    const handles = Float64Array.from(this.parameters(), (parameter) => h(parameter));
    try {
      getNative().verifyParameters(this.group.held, handles);
    } catch (error) {
      throw distributedError(ACTION, error);
    }
  }

  get paramGroups(): ParamGroup<H>[] {
    return this.#inner.paramGroups;
  }

  get defaults(): Readonly<H> {
    return this.#inner.defaults;
  }

  get hyperparameterKinds(): Readonly<Record<string, HyperparameterKind>> {
    return this.#inner.hyperparameterKinds;
  }

  get floatStates(): readonly string[] {
    return this.#inner.floatStates;
  }

  /** All parameters, in the order of the groups. */
  parameters(): Parameter[] {
    return this.#inner.parameters();
  }

  /** The rank of the group that keeps the state of a parameter, and updates it.
   *  @throws {RangeError} for one that is in no group. */
  ownerOf(parameter: Parameter): number {
    const owner = this.#partition.ownerOf(parameter);
    if (owner !== undefined) return owner;
    throw new RangeError('Cannot tell which rank owns a parameter: expected one of this optimizer, got another');
  }

  /** How many elements of parameters each rank of the group updates. */
  get numElements(): readonly number[] {
    return this.#partition.numElements;
  }

  /** What is remembered of a parameter; undefined before its first step, and where another rank keeps it. */
  stateOf(parameter: Parameter): Readonly<Record<string, StateValue>> | undefined {
    return this.#inner.stateOf(parameter);
  }

  /** Adds parameters that are trained from now on. Every rank adds the same.
   *  @throws as the optimizer's class does; nothing is added then. */
  addParamGroup(group: ParamGroupInput<H>): void {
    this.#inner.addParamGroup(group);
    this.#partition.add(this.paramGroups.at(-1)!.params);
    this.#consolidated = undefined;
    this.#verify();
    this.#forgetOthers();
  }

  readonly #isOwn = (parameter: Parameter): boolean => this.#partition.ownerOf(parameter) === this.group.rank;

  /** Adagrad makes its state before the first step. */
  #forgetOthers(): void {
    const hasOthers = this.parameters().some((each) => !this.#isOwn(each) && this.#inner.stateOf(each) !== undefined);
    if (hasOthers) this.#inner.loadStateDict(this.#inner.stateDict(), this.#isOwn);
  }

  /** Updates the parameters that are this rank's, and takes over the others from their ranks. All ranks call it.
   *  @param closure - called first: evaluates the model again, calls backward, and gives the loss.  @returns what the closure gave.
   *  @throws {DistributedError} where a rank has ended or does not come. */
  step(): void;
  step<T>(closure: Closure<T>): T;
  step(closure?: Closure): unknown {
    refuseCapture('each rank updates its part of the parameters and waits for the others');
    let chosen = closure;
    for (const hook of this.#preHooks) chosen = hook(this, chosen) ?? chosen;
    this.#consolidated = undefined;
    let loss: unknown;
    try {
      loss = chosen === undefined ? this.#inner.step() : this.#inner.step(chosen);
    } finally {
      this.#showAll();
    }
    this.#share();
    for (const hook of this.#postHooks) hook(this);
    return loss;
  }

  /** The closure sees all parameters. */
  #evaluate(closure: Closure): unknown {
    this.#showAll();
    try {
      return closure();
    } finally {
      this.#showOwn();
    }
  }

  #showOwn(): void {
    this.#all = this.paramGroups.map(({ params }) => params);
    for (const group of this.paramGroups) group.params = group.params.filter(this.#isOwn);
  }

  #showAll(): void {
    if (this.#all === undefined) return;
    for (const [i, params] of this.#all.entries()) this.paramGroups[i]!.params = params;
    this.#all = undefined;
  }

  #share(): void {
    if (this.group.size === 1) return;
    const trained = this.parameters().filter(({ requiresGrad }) => requiresGrad);
    for (let owner = 0; owner < this.group.size; owner++) {
      const own = trained.filter((parameter) => this.#partition.ownerOf(parameter) === owner);
      // Gloo has no complex numbers.
      const sent = own.map((each) => (isComplexDType(each.dtype) ? viewAsReal(each.detach()) : each));
      broadcastTensors(sent, this.group, owner);
    }
  }

  /** As `Optimizer.registerStepPreHook`; the hook sees this optimizer with all parameters. */
  registerStepPreHook(hook: StepPreHook): OptimizerHookHandle {
    return this.#preHooks.add(hook, 'register a hook');
  }

  /** As `Optimizer.registerStepPostHook`; called when all ranks have all new values. */
  registerStepPostHook(hook: StepPostHook): OptimizerHookHandle {
    return this.#postHooks.add(hook, 'register a hook');
  }

  /** As `Optimizer.zeroGrad`. */
  zeroGrad(options: { setToNone?: boolean } = {}): void {
    this.#inner.zeroGrad(options);
  }

  /** Brings the state of all ranks to one, on the CPU, for `stateDict`: it lies there until the next step. All ranks call it.
   *  @param to - a rank of the default group. Default: the first of this group. Source: torch.distributed.optim.ZeroRedundancyOptimizer.consolidate_state_dict. */
  consolidateStateDict(to: number = this.group.ranks[0]!): void {
    this.#consolidated = undefined;
    if (this.group.size === 1) return;
    const own = this.#inner.stateDict().state;
    const all = gatherObject(own, { dst: to, group: this.group });
    if (all === undefined) return;
    const entries = all.flatMap((part, rank) => [...(rank === this.group.rank ? own : part)]);
    for (const [, values] of entries)
      for (const value of Object.values(values)) if (value instanceof Tensor) value.keep();
    this.#consolidated = new Map(entries.sort(([a], [b]) => a - b));
  }

  /** What `stateDict` of the optimizer alone would give, on the rank that `consolidateStateDict` brought it to.
   *  @throws {CheckpointError} elsewhere, and after another step. */
  stateDict(): OptimizerStateDict {
    const own = this.#inner.stateDict();
    if (this.group.size === 1) return own;
    if (this.#consolidated === undefined)
      throw new CheckpointError(
        `Cannot give the state of ZeroRedundancyOptimizer: expected that of ${this.group.size} ranks on this one, got its own part; call consolidateStateDict(${this.group.ranks[this.group.rank]}) on all ranks behind the last step, or ownStateDict() for the part`,
      );
    const state = Array.from(this.#consolidated, ([i, entries]) => {
      const shared = Object.entries(entries).map(([name, value]) => [name, sharedOf(value)]);
      return [i, Object.fromEntries(shared) as Readonly<Record<string, Tensor>>] as const;
    });
    return { ...own, state: new Map(state) };
  }

  /** As `stateDict`, with the state that this rank keeps alone; `loadStateDict` takes it on this rank. */
  ownStateDict(): OptimizerStateDict {
    return this.#inner.stateDict();
  }

  /** Takes over a state dict of the optimizer's class, from any number of ranks or of PyTorch's: the hyperparameters, and the state of this rank's parameters. Every rank loads the same. Nothing is
   *  taken unless everything fits.
   *  @throws {CheckpointError} as the optimizer's class does. */
  loadStateDict(stateDict: OptimizerStateDict): void {
    this.#inner.loadStateDict(stateDict, this.#isOwn);
    this.#consolidated = undefined;
  }

  toString(): string {
    return `ZeroRedundancyOptimizer of ${String(this.#inner)}`;
  }
}

/** A tensor of its own on the same memory; numbers as they are. */
function sharedOf(value: unknown): unknown {
  return value instanceof Tensor ? value.detach() : value;
}
