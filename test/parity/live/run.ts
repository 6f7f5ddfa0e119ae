// Runs programs of the live comparison against the library: steps one by one, until one throws.
import * as sconce from '../../../src/index.ts';
import { Tensor } from '../../../src/index.ts';
import { Module } from '../../../src/nn/index.ts';
import type {
  CallStep,
  Leaf,
  LiteralStep,
  Options,
  Outcome,
  Program,
  Shown,
  Step,
  TensorStep,
  Value,
} from './program.ts';

const { Generator, noGrad, randint, randn, rand, scope, stack, tensor } = sconce;
type Untyped = (...args: unknown[]) => unknown;
type Variables = Map<string, unknown>;
/** What an error begins with where a public name does not exist. */
export const NOT_THERE = 'Not there: ';
/** State dicts that changed sides, by '<program's id>.<variable>'. */
export type States = Record<string, unknown>;

/** A program under way, with its variables. */
export interface Run {
  readonly program: Program;
  readonly variables: Variables;
  readonly shared: States;
  readonly first: Outcome;
}

/** Runs the first steps. What they make lives as long as the run: no scope holds it. */
export function begin(program: Program): Run {
  const variables: Variables = new Map();
  const shared: States = {};
  return { program, variables, shared, first: runSteps(program, program.steps, variables, shared, {}) };
}

/** Runs the second steps, with what the other side has shared. */
export function finish({ program, variables }: Run, states: States): Outcome {
  return scope(() => runSteps(program, program.second, variables, {}, states));
}

function runSteps(
  program: Program,
  steps: readonly Step[],
  variables: Variables,
  shared: States,
  states: States,
): Outcome {
  const shown: Shown[] = [];
  for (const [index, step] of steps.entries()) {
    try {
      const leaves = runStep(program, step, variables, shared, states);
      if (leaves) shown.push({ step: index, leaves });
    } catch (error) {
      const { name, message } = error as Error;
      return { shown, error: { step: index, type: name, message } };
    }
  }
  return { shown };
}

function runStep(
  program: Program,
  step: Step,
  variables: Variables,
  shared: States,
  states: States,
): Shown['leaves'] | undefined {
  switch (step.kind) {
    case 'seed':
      sconce.manualSeed(step.seed);
      return undefined;
    case 'tensor':
      variables.set(step.out, makeTensor(step));
      return undefined;
    case 'literal':
      variables.set(step.out, makeLiteral(step));
      return undefined;
    case 'call': {
      const result = callStep(step, variables);
      if (step.out !== undefined) variables.set(step.out, result);
      return undefined;
    }
    case 'backward':
      backward(step.of.map((name) => variables.get(name)));
      return undefined;
    case 'grad':
      (variables.get(step.of) as Tensor).grad = step.from === null ? undefined : (variables.get(step.from) as Tensor);
      return undefined;
    case 'minimise':
      variables.set(
        step.out,
        minimise(
          variables.get(step.on),
          step.of.map((name) => variables.get(name) as Tensor),
        ),
      );
      return undefined;
    case 'show':
      return show(step.what, variables.get(step.of));
    case 'share':
      shared[`${program.id}.${step.of}`] = (variables.get(step.of) as { stateDict(): unknown }).stateDict();
      return undefined;
    case 'take': {
      const state = states[`${program.id}.${step.from}`];
      if (state === undefined) throw new Error(`Nothing was shared as ${step.from}`);
      (variables.get(step.on) as { loadStateDict(state: unknown): void }).loadStateDict(state);
      return undefined;
    }
  }
}

function draw(step: TensorStep): Tensor {
  const { shape, fill, scale = 1, shift = 0 } = step;
  const generator = new Generator(step.seed);
  const options = { dtype: 'float64', generator } as const;
  switch (fill) {
    case 'normal':
      return randn(shape, options).mul(scale).add(shift);
    case 'uniform':
      return rand(shape, options).mul(scale).add(shift);
    case 'positive':
      return randn(shape, options).abs().mul(scale).add(shift);
    case 'integers':
      return randint(step.low ?? 0, step.high!, shape, { generator });
    case 'bits':
      return randint(0, 2, shape, { generator });
    case 'signs':
      return randint(0, 2, shape, { generator }).mul(2).sub(1);
    case 'special': {
      // Infinities, nan and zeros of both signs among others.
      const choice = randint(0, 8, shape, { generator });
      const values = tensor([Infinity, -Infinity, NaN, 0, -0], { dtype: 'float64' });
      const special = values.take(choice.clamp({ max: 4 }));
      return sconce.where(choice.lt(5), special, randn(shape, options));
    }
  }
}

function layOut(values: Tensor, memory: TensorStep['memory']): Tensor {
  const reversed = [...values.shape.keys()].reverse();
  switch (memory) {
    case 'transposed':
      return values.permute(reversed).contiguous().permute(reversed);
    case 'strided':
      return stack([values, values], { dim: -1 }).select(-1, 0);
    case 'expanded':
      return values.narrow(0, 0, 1).expand(values.shape);
    case 'channels_last':
      return values.contiguous({ memoryFormat: values.ndim === 4 ? 'channels_last' : 'channels_last_3d' });
    default:
      return values;
  }
}

function makeTensor(step: TensorStep): Tensor {
  const made = layOut(draw(step).to(step.dtype as sconce.DType), step.memory).detach();
  return step.requiresGrad ? made.requiresGrad_() : made;
}

function makeLiteral({ values, dtype, requiresGrad }: LiteralStep): Tensor {
  const made = tensor(values as never, { dtype: dtype as sconce.DType });
  return requiresGrad ? made.requiresGrad_() : made;
}

/** A public name: 'nn.functional.relu'. */
function resolve(path: string): unknown {
  let home: unknown = sconce;
  for (const part of path.split('.')) {
    const next = (home as Readonly<Record<string, unknown>>)[part];
    if (next === undefined) throw new Error(`${NOT_THERE}${path}`);
    home = next;
  }
  return home;
}

function toOurs(value: Value, variables: Variables): unknown {
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map((each) => toOurs(each as Value, variables));
  if (typeof value !== 'object') return value;
  if ('var' in value) {
    if (!variables.has(value.var)) throw new Error(`Cannot find ${value.var}`);
    let found = variables.get(value.var);
    for (const index of value.at ?? []) found = (found as unknown[])[index];
    return found;
  }
  if ('dtype' in value) return value.dtype;
  if ('float' in value) return Number(value.float);
  if ('name' in value) return resolve(value.name);
  if ('dict' in value) return toOptions(value.dict, variables);
  if ('source' in value) return new Function('sconce', `return ${value.source}`)(sconce);
  if ('ours' in value) return toOurs(value.ours, variables);
  throw new Error(`Cannot read a value: ${JSON.stringify(value)}`);
}

function toOptions(options: Options, variables: Variables): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, toOurs(value, variables)]));
}

function callStep({ name, on, args, options }: CallStep, variables: Variables): unknown {
  const given = args.map((value) => toOurs(value, variables));
  if (Object.keys(options).length > 0) given.push(toOptions(options, variables));
  if (on !== undefined) {
    const receiver = variables.get(on) as Readonly<Record<string, Untyped>>;
    return receiver[name]!(...given);
  }
  const target = resolve(name) as Untyped & (new (...args: unknown[]) => unknown);
  return /(^|\.)[A-Z]\w*$/.test(name) ? new target(...given) : target(...given);
}

/** The tensors in a result, in order; the elements of dicts too. */
function tensorsIn(value: unknown): Tensor[] {
  if (value instanceof Tensor) return [value];
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  if (value !== null && typeof value === 'object' && 'data' in value) return tensorsIn(value.data);
  return [];
}

/** One pass from all outputs: sums of gradients are rounded in the order of the pass. */
function backward(values: readonly unknown[]): void {
  const outputs = tensorsIn(values).filter((output) => output.requiresGrad);
  let total: Tensor | undefined;
  for (const [i, output] of outputs.entries()) {
    const start = randn(output.shape, { dtype: 'float64', generator: new Generator(i) }).to(output.dtype);
    const product = output.mul(start).sum();
    total = total ? total.add(product) : product;
  }
  total?.backward();
}

function minimise(optimizer: unknown, parameters: readonly Tensor[]): unknown {
  const closure = (): Tensor => {
    for (const parameter of parameters) parameter.grad = undefined;
    const losses = parameters.map((p) => p.sub(0.5).pow(2).mul(p.add(1).pow(2)).sum());
    const loss = losses.reduce((sum, each) => sum.add(each));
    loss.backward();
    return loss;
  };
  return (optimizer as { step(closure: () => Tensor): unknown }).step(closure);
}

function leafOf(value: unknown): Leaf {
  if (value === undefined || value === null) return { none: true };
  if (typeof value === 'string') return { text: value };
  if (typeof value === 'boolean') return { number: Number(value) };
  if (typeof value === 'number' || typeof value === 'bigint')
    return { number: Number.isFinite(Number(value)) ? Number(value) : String(value) };
  if (value instanceof Tensor) {
    const { dtype, shape, stride } = value;
    return { dtype, shape, stride, bytes: Buffer.from(value.detach().toBytes()).toString('base64') };
  }
  throw new Error(`Cannot show ${typeof value}`);
}

function* flatten(value: unknown, path: string): Generator<[string, Leaf]> {
  const under = (key: unknown): string => (path === '' ? String(key) : `${path}.${String(key)}`);
  if (value instanceof Tensor || value === null || typeof value !== 'object') yield [path, leafOf(value)];
  else if (value instanceof Map) for (const [key, each] of value) yield* flatten(each, under(key));
  else if (Symbol.iterator in value)
    for (const [i, each] of [...(value as Iterable<unknown>)].entries()) yield* flatten(each, under(i));
  // What is a named tuple in Python.
  else if (Object.getPrototypeOf(value) !== Object.prototype)
    for (const [i, each] of Object.values(value).entries()) yield* flatten(each, under(i));
  else for (const [key, each] of Object.entries(value)) yield* flatten(each, under(key));
}

function show(what: string, value: unknown): Shown['leaves'] {
  switch (what) {
    case 'text':
      return [['', { text: String(value) }]];
    case 'state':
      return [...flatten((value as Module).stateDict(), '')];
    case 'sorted state':
      // Which kernel PyTorch was told to take, the room for numbers that its LBFGS keeps (`al`), and how a state lies in memory, is nothing to compare.
      return [...flatten((value as Module).stateDict(), '')]
        .filter(([path]) => !/(^|\.)(foreach|fused|al\.\d+)$/.test(path))
        .map(([path, leaf]) => [path, 'bytes' in leaf ? { ...leaf, stride: [] } : leaf] as const)
        .sort(([one], [other]) => (one < other ? -1 : 1));
    case 'gradients': {
      if (!(value instanceof Module)) return [['', leafOf((value as Tensor).grad)]];
      return Array.from(value.namedParameters(), ([name, { grad }]) => [name, leafOf(grad)] as const);
    }
    case 'next draw':
      return [['', leafOf(randn([3]))]];
    default:
      return [
        ...flatten(
          noGrad(() => value),
          '',
        ),
      ];
  }
}
