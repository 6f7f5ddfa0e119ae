// The fuzzer's child: makes calls by their numbers, notes each before it is made, and dies of what is found. test/stress/operators.mjs is its parent.

import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import * as torch from '../../src/index.ts';
import { getNative, open, wrap } from '../../src/tensor/call.ts';
import * as nnOps from '../../src/tensor/nn-ops.generated.ts';
import { argumentsFor, isGiven, type Schema } from './arguments.ts';
import { hash, type Random, randomFrom } from './random.ts';
import { runScenario } from './scenarios.ts';
import { Maker, type Spec } from './specs.ts';

/** One overload of a public name. */
interface SurfaceOverload {
  readonly schema: Schema;
  /** Schema names of the positional arguments, in order. */
  readonly positional: readonly string[];
  /** Schema name and public name of each option. */
  readonly options: readonly (readonly [string, string])[];
}

/** What the parent wants called: an operator by its index, a public name, or a scenario. */
export type Target =
  | { readonly id: string; readonly kind: 'addon'; readonly index: number; readonly schema: Schema }
  | {
      readonly id: string;
      readonly kind: 'surface';
      readonly surface: string;
      readonly name: string;
      readonly overloads: readonly SurfaceOverload[];
    }
  | { readonly id: string; readonly kind: 'scenario'; readonly name: string };

export interface Task {
  readonly seed: number;
  /** Numbers of the first case and the one after the last; a case's target is its number modulo their count. */
  readonly from: number;
  readonly to: number;
  readonly targets: readonly Target[];
  /** Targets that are passed over. */
  readonly skip: readonly string[];
  /** By the clock of `Date.now()`: no case is begun later. */
  readonly untilMs?: number;
  /** A file: 8 bytes with the number of the case under way, then a byte a target that is 1 after a success. */
  readonly progress: string;
  /** Print the arguments of the cases and make no call. */
  readonly isDry?: boolean;
  /** Print the outcome of each case. */
  readonly isLoud?: boolean;
}

type Call = { readonly specs: readonly (readonly [string, Spec])[]; run(maker: Maker): unknown };
type Untyped = (...args: unknown[]) => unknown;

const native = getNative() as unknown as Readonly<Record<string, Untyped>>;
const surfaces: Readonly<Record<string, unknown>> = {
  function: torch,
  nn: nnOps,
  linalg: torch.linalg,
  fft: torch.fft,
  special: torch.special,
};

function prepare(target: Target, random: Random): Call {
  if (target.kind === 'scenario') return { specs: [], run: () => runScenario(target.name, random) };
  if (target.kind === 'addon') {
    const specs = [...argumentsFor(target.schema, random)];
    return {
      specs,
      run: (maker) => native.call!(target.index, ...specs.map(([name, spec]) => maker.make(spec, 'addon', name))),
    };
  }
  const overload = random.pick(target.overloads);
  const specs = argumentsFor(overload.schema, random);
  const isMethod = target.surface === 'method' || target.surface === 'property';
  const run = (maker: Maker): unknown => {
    const make = (name: string): unknown => maker.make(specs.get(name)!, 'surface', name);
    const receiver = isMethod ? make('self') : undefined;
    if (target.surface === 'property') return Reflect.get(torch.Tensor.prototype, target.name, Object(receiver));
    const args = overload.positional.map(make);
    const options: Record<string, unknown> = {};
    for (const [name, publicName] of overload.options) {
      if (isGiven(specs.get(name))) options[publicName] = make(name);
    }
    if (Object.keys(options).length > 0) args.push(options);
    const functions = isMethod ? torch.Tensor.prototype : surfaces[target.surface];
    return (functions as Readonly<Record<string, Untyped>>)[target.name]!.apply(receiver, args);
  };
  return { specs: [...specs], run };
}

const MAX_READ = 100_000;

/** The tensors among results, read to their last byte: a kernel that gave one a wrong extent is found out here. */
function resultsOf(result: unknown, side: Target['kind']): torch.Tensor[] {
  if (Array.isArray(result)) return result.flatMap((element: unknown) => resultsOf(element, side));
  if (result instanceof torch.Tensor) return [result];
  const isHandle = side === 'addon' && typeof result === 'number' && native.isLive!(result) === true;
  return isHandle ? [wrap(result)] : [];
}

function use(tensors: readonly torch.Tensor[], maker: Maker, random: Random): void {
  for (const tensor of tensors) {
    attempt(() => tensor.numel <= MAX_READ && tensor.device === 'cpu' && tensor.toBytes());
  }
  const roots = tensors.filter((tensor) => !tensor.isDisposed && tensor.requiresGrad);
  const root = roots[0];
  if (root === undefined || random.chance(0.3)) return;
  attempt(() => {
    if (random.chance(0.05)) [...maker.made.values()].at(0)?.setData(torch.ones([1]));
    if (random.chance(0.05)) torch.noGrad(() => [...maker.made.values()].at(-1)?.resize_([1]));
    const isTwice = random.chance(0.2);
    const gradient = random.chance(0.8)
      ? torch.onesLike(root)
      : torch.ones([1], { dtype: root.dtype }).expand(root.shape as number[]);
    if (!isTwice) {
      root.backward(gradient);
      return;
    }
    const leaves = [...maker.made.values()].filter((tensor) => tensor.requiresGrad);
    const gradients = torch.grad([root], leaves, { gradOutputs: [gradient], createGraph: true, allowUnused: true });
    for (const first of gradients) if (first?.requiresGrad) first.sum().backward();
  });
  for (const tensor of maker.made.values()) {
    attempt(() => {
      const grad = tensor.isLeaf ? tensor.grad : undefined;
      if (grad && grad.numel <= MAX_READ && grad.device === 'cpu') grad.toBytes();
    });
  }
}

/** Any JavaScript error is a good end. */
function attempt(run: () => unknown): { readonly value: unknown } | { readonly error: unknown } {
  try {
    return { value: run() };
  } catch (error) {
    return { error };
  }
}

/** What a call must leave as it was, whatever happened in it. */
function describeLeftOpen(): string | undefined {
  if (!torch.isGradEnabled()) return 'gradients are off';
  if (torch.isInferenceMode()) return 'inference mode is on';
  if (open.scope !== undefined) return `${open.scope.label} is open`;
  return undefined;
}

const task = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Task;
const skipped = new Set(task.skip);
const file = openSync(task.progress, 'r+');
const position = new Float64Array(1);
const bytes = new Uint8Array(position.buffer);
const succeeded = new Set<number>();

const parent = process.ppid;

for (let i = task.from; i < task.to; i++) {
  if (task.untilMs !== undefined && Date.now() >= task.untilMs) break;
  // The parent is gone: nobody reads what is found.
  if (i % 64 === 0 && process.ppid !== parent) break;
  const place = i % task.targets.length;
  const target = task.targets[place]!;
  if (skipped.has(target.id)) continue;
  const random = randomFrom(hash(task.seed, target.id, Math.floor(i / task.targets.length)));
  const call = prepare(target, random);
  if (task.isDry || task.isLoud) console.log(JSON.stringify({ number: i, target: target.id, specs: call.specs }));
  if (task.isDry) continue;
  position[0] = i;
  writeSync(file, bytes, 0, 8, 0);
  let outcome: unknown;
  attempt(() =>
    torch.scope(() => {
      const maker = new Maker();
      const before = attempt(() => call.run(maker));
      outcome = before;
      // An operator that failed halfway must leave its arguments whole.
      for (const tensor of maker.made.values()) attempt(() => tensor.numel <= MAX_READ && tensor.toBytes());
      if ('error' in before) return;
      if (!succeeded.has(place)) {
        succeeded.add(place);
        writeSync(file, Uint8Array.of(1), 0, 1, 8 + place);
      }
      use(resultsOf(before.value, target.kind), maker, random);
    }),
  );
  const left = describeLeftOpen();
  if (left !== undefined) throw new Error(`Cannot go on after case ${i}: expected the modes of before, got: ${left}`);
  if (task.isLoud) {
    const error = (outcome as { error?: unknown }).error;
    console.log(
      error === undefined ? 'a result' : `an error: ${String((error as Error).stack ?? error).slice(0, 400)}`,
    );
  }
}
closeSync(file);
