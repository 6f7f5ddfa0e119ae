// Draws programs at random: shapes, dtypes, options and layouts in memory, the odd ones often.
import { type Random, randomFrom } from '../../fuzz/random.ts';
import type { CallStep, Options, Program, Step, TensorStep, Value } from './program.ts';

/** Options as drawn: those that are `undefined` are left out, on both sides. */
export type Drawn = Readonly<Record<string, Value | undefined>>;

/** What a layer is made of and given. */
export interface LayerCall {
  readonly args?: readonly Value[];
  readonly options?: Drawn;
  readonly inputs: readonly Value[];
  readonly callOptions?: Drawn;
  /** Makes the layer in the dtype drawn by its option `dtype`, and not as it comes. */
  readonly isTyped?: boolean;
  /** The layer on the other side is this one again: what it is made of is a step of its own. */
  readonly isShared?: boolean;
  /** The factory, where it is not the spec's own name. */
  readonly name?: string;
}

export type TensorOptions = Partial<Omit<TensorStep, 'kind' | 'out' | 'shape' | 'seed'>> & {
  /** Of the shape asked for in any case. */
  readonly isFit?: boolean;
};

const FLOATS = ['float32', 'float32', 'float32', 'float32', 'float32', 'float64', 'float64', 'bfloat16', 'float16'];

export class Draw {
  readonly steps: Step[] = [];
  readonly second: Step[] = [];
  readonly random: Random;
  /** Sizes are small, for a case to read. */
  readonly isSmall: boolean;
  /** The floating dtype of this case. */
  readonly dtype: string;
  readonly spec: string;
  #count = 0;
  #isSecond = false;

  constructor(spec: string, seed: number, isSmall: boolean) {
    this.spec = spec;
    this.random = randomFrom(seed);
    this.isSmall = isSmall;
    this.dtype = isSmall ? 'float32' : this.random.pick(FLOATS);
  }

  /** The public name that the spec is for: what stands before a comma. */
  get target(): string {
    return this.spec.split(',')[0]!;
  }

  chance(probability: number): boolean {
    return this.random.chance(probability);
  }

  pick<T>(values: readonly T[]): T {
    return this.random.pick(values);
  }

  int(low: number, high: number): number {
    return this.random.int(low, high);
  }

  /** A value, or more often than not none: the option is left out. */
  maybe<T>(values: readonly T[], probability = 0.5): T | undefined {
    return this.chance(probability) ? this.pick(values) : undefined;
  }

  /** A number that Python holds as a float, with few digits. */
  float(low: number, high: number): Value {
    return { float: Math.round((low + this.random.next() * (high - low)) * 1000) / 1000 };
  }

  maybeFloat(low: number, high: number, probability = 0.5): Value | undefined {
    return this.chance(probability) ? this.float(low, high) : undefined;
  }

  flag(probability = 0.5): boolean | undefined {
    return this.maybe([true, true, false], probability);
  }

  /** A number of features: 1 often, 0 never. */
  size(high = 6): number {
    return this.chance(0.15) ? 1 : this.int(1, this.isSmall ? 3 : high);
  }

  /** A size of a batch: 0 and 1 often. */
  batch(): number {
    return this.chance(0.06) ? 0 : this.chance(0.15) ? 1 : this.int(1, this.isSmall ? 2 : 4);
  }

  /** Leading dimensions of any number, none included. */
  lead(most = 3): number[] {
    return Array.from({ length: this.int(0, this.isSmall ? 1 : most) }, () => this.batch());
  }

  /** [batch, channels], or [channels] alone. */
  channels(count: number, unbatched = 0.2): number[] {
    return this.chance(unbatched) ? [count] : [this.batch(), count];
  }

  /** Sizes of pictures, in as many dimensions. */
  space(dims: number, low = 1, high = 8): number[] {
    return Array.from({ length: dims }, () =>
      this.int(low, this.isSmall ? Math.max(low, Math.min(high, low + 2)) : high),
    );
  }

  /** One number, or one a dimension. */
  sizes(dims: number, low: number, high: number): number | number[] {
    return this.chance(0.5) ? this.int(low, high) : Array.from({ length: dims }, () => this.int(low, high));
  }

  name(prefix: string): string {
    return `${prefix}${this.#count++}`;
  }

  add(step: Step): void {
    (this.#isSecond ? this.second : this.steps).push(step);
  }

  /** What `body` adds comes after the states have changed sides. */
  after(body: () => void): void {
    this.#isSecond = true;
    body();
    this.#isSecond = false;
  }

  /** A tensor of the case's dtype, that wants a gradient where it is floating. Now and then of another shape than asked for. */
  tensor(shape: readonly number[], options: TensorOptions = {}): Value {
    const out = this.name('x');
    const { fill = 'normal', dtype = fill === 'integers' || fill === 'bits' ? 'int64' : this.dtype } = options;
    const { isFit = false, ...given } = options;
    const wanted = !this.isSmall && !isFit && this.chance(0.03) ? this.spoil(shape) : shape;
    const isFloating = /float/.test(dtype);
    this.add({
      kind: 'tensor',
      out,
      shape: wanted,
      dtype,
      seed: this.random.int(0, 1_000_000),
      fill,
      requiresGrad: isFloating,
      ...this.memory(wanted, isFloating),
      ...given,
    });
    return { var: out };
  }

  /** The shape of a tensor that was drawn. */
  shapeOf(value: Value): readonly number[] {
    const name = (value as { var: string }).var;
    const step = this.steps.find((each) => each.kind === 'tensor' && each.out === name);
    if (step?.kind !== 'tensor') throw new Error(`internal: ${name} is not a tensor that was drawn`);
    return step.shape;
  }

  integers(high: number, shape: readonly number[], options: TensorOptions = {}): Value {
    return this.tensor(shape, { fill: 'integers', high, ...options });
  }

  /** Elements given, as int64 or another dtype. */
  literal(values: unknown, dtype = 'int64'): Value {
    const out = this.name('x');
    this.add({ kind: 'literal', out, values, dtype });
    return { var: out };
  }

  private spoil(shape: readonly number[]): number[] {
    const spoiled = [...shape];
    const at = this.int(0, Math.max(0, shape.length - 1));
    const way = this.int(0, 3);
    if (way === 0) spoiled.splice(at, 1);
    else if (way === 1) spoiled.splice(at, 0, this.int(0, 3));
    else if (shape.length > 0) spoiled[at] = this.int(0, 5);
    return spoiled;
  }

  private memory(shape: readonly number[], isFloating: boolean): Pick<TensorStep, 'memory'> {
    if (this.isSmall || !isFloating || !this.chance(0.35)) return {};
    const ways = ['transposed', 'strided', 'strided'] as TensorStep['memory'][];
    if (shape.length === 4 || shape.length === 5) ways.push('channels_last', 'channels_last');
    if (shape.length > 0 && shape[0]! > 0) ways.push('expanded');
    return { memory: this.pick(ways) } as Pick<TensorStep, 'memory'>;
  }

  /** Sets the default generator's seed. */
  seed(): void {
    this.add({ kind: 'seed', seed: this.random.int(0, 1_000_000) });
  }

  call(name: string, args: readonly Value[], options: Drawn = {}, extra: Partial<CallStep> = {}): string {
    const out = this.name('y');
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    this.add({ kind: 'call', out, name, args, options: Object.fromEntries(given) as Options, ...extra });
    return out;
  }

  show(of: string | Value, what: Extract<Step, { kind: 'show' }>['what'] = 'value'): void {
    this.add({ kind: 'show', what, of: typeof of === 'string' ? of : (of as { var: string }).var });
  }

  private variables(values: readonly Value[]): string[] {
    return values.flatMap((value) => {
      if (Array.isArray(value)) return this.variables(value);
      return typeof value === 'object' && value !== null && 'var' in value ? [value.var] : [];
    });
  }

  /** Gradients of everything floating among the inputs. */
  showGradients(inputs: readonly Value[]): void {
    const floating = new Set(
      this.steps.flatMap((step) => (step.kind === 'tensor' && step.requiresGrad ? [step.out] : [])),
    );
    for (const name of this.variables(inputs)) if (floating.has(name)) this.show(name, 'gradients');
  }

  /** A function: its value, gradients, and what it leaves of the default generator. */
  function(
    args: readonly Value[],
    options: Drawn = {},
    { name = this.target, extra = {} as Partial<CallStep> } = {},
  ): void {
    this.seed();
    const out = this.call(name, args, options, extra);
    this.show(out);
    this.add({ kind: 'backward', of: [out] });
    this.showGradients([...args, ...Object.values(options).filter((value) => value !== undefined)]);
  }

  /** A layer: weights from the seed, how it prints, a training step, evaluation, and its state on the other side. */
  layer({
    args = [],
    options = {},
    inputs,
    callOptions = {},
    isTyped = true,
    isShared = false,
    name = this.target,
  }: LayerCall): void {
    const given: Drawn = isTyped && this.dtype !== 'float32' ? { ...options, dtype: { dtype: this.dtype } } : options;
    this.seed();
    const module = this.call(name, args, given);
    this.show(module, 'text');
    this.show(module, 'state');
    this.seed();
    const forward = (on: string): string => this.call('forward', inputs, callOptions, { on });
    const out = forward(module);
    this.show(out);
    this.add({ kind: 'backward', of: [out] });
    this.show(module, 'gradients');
    this.showGradients([...inputs, ...Object.values(callOptions).filter((value) => value !== undefined)]);
    this.call('eval', [], {}, { on: module });
    this.show(forward(module));
    this.show(module, 'state');
    this.add({ kind: 'share', of: module });
    this.after(() => {
      this.seed();
      const other = isShared ? module : this.call(name, args, given);
      this.add({ kind: 'take', on: other, from: module });
      this.call('eval', [], {}, { on: other });
      this.show(other, 'state');
      this.seed();
      this.show(forward(other));
    });
  }

  program(id: number): Program {
    return { id, spec: this.spec, steps: this.steps, second: this.second };
  }
}

export interface Spec {
  draw(draw: Draw): void;
  /** Absolute and relative, of floating values by dtype; every bit has to agree where there is none. */
  readonly tolerance?: Readonly<Partial<Record<string, number>>>;
  /** Why not to the bit. */
  readonly because?: string;
  /** What is not alike and left out of the draws, for the table of docs/parity.md. */
  readonly differs?: string;
  /** What we refuse and PyTorch does not, by our message, with the reason. */
  readonly refuses?: readonly (readonly [message: RegExp, reason: string])[];
  /** Which tensors may have other values, since libtorch's kernel makes them of memory that nobody wrote, with the reason. */
  readonly unsettled?: readonly [
    isSuch: (tensor: { dtype: string; shape: readonly number[] }) => boolean,
    reason: string,
  ];
}

/** A spec with what it leaves out. */
export function differing(spec: Spec | Spec['draw'], differs: string): Spec {
  return { ...(typeof spec === 'function' ? { draw: spec } : spec), differs };
}

export type Specs = Readonly<Record<string, Spec | Spec['draw']>>;

export function drawProgram(
  name: string,
  spec: Spec | Spec['draw'],
  seed: number,
  id: number,
  isSmall = false,
): Program {
  const draw = new Draw(name, seed, isSmall);
  (typeof spec === 'function' ? spec : spec.draw)(draw);
  return draw.program(id);
}
