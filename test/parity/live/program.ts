// A case of the live comparison: a little program that runs here and in PyTorch, as data. What it shows on both sides is compared.

/** What a call is given. Names are ours; `toPython` spells them as PyTorch does. */
export type Value =
  | number
  | string
  | boolean
  /** `undefined` here, `None` there. */
  | null
  | readonly Value[]
  /** What an earlier step made; `at` walks into tuples. */
  | { readonly var: string; readonly at?: readonly number[] }
  | { readonly dtype: string }
  /** What Python holds as a float, whatever its value; also infinities, as text. */
  | { readonly float: number | 'Infinity' | '-Infinity' | 'NaN' }
  /** A public function or class itself. */
  | { readonly name: string }
  /** An object here, a dict there; its keys are names of options unless they are `isVerbatim`. */
  | { readonly dict: Readonly<Record<string, Value>>; readonly isVerbatim?: boolean }
  /** Spelled differently. */
  | { readonly ours: Value; readonly python: Value }
  /** Source text, for functions: one expression in each language. */
  | { readonly source: string; readonly python: string };

export type Options = Readonly<Record<string, Value>>;

export type Fill = 'normal' | 'uniform' | 'positive' | 'integers' | 'signs' | 'bits' | 'special';
export type Memory = 'contiguous' | 'transposed' | 'strided' | 'expanded' | 'channels_last';

export interface TensorStep {
  readonly kind: 'tensor';
  readonly out: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  /** Of the generator that draws the elements. */
  readonly seed: number;
  readonly fill: Fill;
  /** Of integers, the last excluded. */
  readonly low?: number;
  readonly high?: number;
  /** Times this, plus `shift`. */
  readonly scale?: number;
  readonly shift?: number;
  readonly memory?: Memory;
  readonly requiresGrad?: boolean;
}

/** Elements as they are. */
export interface LiteralStep {
  readonly kind: 'literal';
  readonly out: string;
  readonly values: unknown;
  readonly dtype: string;
  readonly requiresGrad?: boolean;
}

/** Calls a public function or constructs a class, or calls a method `on` what an earlier step made. */
export interface CallStep {
  readonly kind: 'call';
  readonly out?: string;
  /** 'nn.Conv2d', 'nn.functional.relu'; of a method, its name alone. */
  readonly name: string;
  readonly on?: string;
  readonly args: readonly Value[];
  readonly options: Options;
  /** What PyTorch is given, where it is not the same in its spelling. */
  readonly python?: { readonly name?: string; readonly args?: readonly Value[]; readonly options?: Options };
}

export type Step =
  | TensorStep
  | LiteralStep
  | CallStep
  | { readonly kind: 'seed'; readonly seed: number }
  /** From all floating tensors in what these are, at once, starting from drawn numbers. */
  | { readonly kind: 'backward'; readonly of: readonly string[] }
  /** Sets a leaf's gradient to a drawn tensor, or to none. */
  | { readonly kind: 'grad'; readonly of: string; readonly from: string | null }
  /** A step of an optimizer with a closure: the sum of (p - 0.5)^2 (p + 1)^2 over the parameters. */
  | { readonly kind: 'minimise'; readonly on: string; readonly of: readonly string[]; readonly out: string }
  | {
      readonly kind: 'show';
      readonly what: 'value' | 'text' | 'state' | 'gradients' | 'sorted state' | 'next draw';
      readonly of: string;
    }
  /** Hands the state dict to the other side. */
  | { readonly kind: 'share'; readonly of: string }
  /** Loads what the other side has shared under that name. */
  | { readonly kind: 'take'; readonly on: string; readonly from: string };

export interface Program {
  readonly id: number;
  /** The name in SPECS. */
  readonly spec: string;
  readonly steps: readonly Step[];
  /** Run after the states of the first steps have changed sides; variables live on. */
  readonly second: readonly Step[];
}

/** What a step shows: a leaf by its path. */
export type Leaf =
  | {
      readonly dtype: string;
      readonly shape: readonly number[];
      readonly stride: readonly number[];
      readonly bytes: string;
    }
  | { readonly number: number | string }
  | { readonly text: string }
  | { readonly none: true };

export interface Shown {
  readonly step: number;
  readonly leaves: readonly (readonly [path: string, leaf: Leaf])[];
}

export interface Outcome {
  readonly shown: readonly Shown[];
  /** Where the program ended before its end, and why. */
  readonly error?: { readonly step: number; readonly type: string; readonly message: string };
}

/** Names that the rule of `snakeCase` does not give. */
const PYTHON_NAMES: Readonly<Record<string, string>> = {
  forward: '__call__',
  logSigmoid: 'logsigmoid',
  nonlinearity: 'nonlinearity',
  tMax: 'T_max',
  tMult: 'T_mult',
};

const isClass = (name: string): boolean => /^[A-Z]/.test(name);

/** `scaleGradByFreq` is `scale_grad_by_freq`; classes and what stands in PYTHON_NAMES aside. */
export function snakeCase(name: string): string {
  return PYTHON_NAMES[name] ?? (isClass(name) ? name : name.replace(/[A-Z]/g, (char) => `_${char.toLowerCase()}`));
}

/** A path below `torch`: 'nn.functional.logSoftmax' is 'nn.functional.log_softmax'. */
export function pythonPath(path: string): string {
  return path.split('.').map(snakeCase).join('.');
}

export function toPythonValue(value: Value): unknown {
  if (Array.isArray(value)) return value.map(toPythonValue);
  if (typeof value !== 'object' || value === null) return value;
  if ('source' in value) return { python: value.python };
  if ('ours' in value) return toPythonValue(value.python);
  if ('name' in value) return { name: pythonPath(value.name) };
  if ('dict' in value) {
    if (!value.isVerbatim) return { dict: toPythonOptions(value.dict) };
    return { dict: Object.fromEntries(Object.entries(value.dict).map(([key, each]) => [key, toPythonValue(each)])) };
  }
  return value;
}

export function toPythonOptions(options: Options, owner = ''): Record<string, unknown> {
  // ASGD has a `t0`, warm restarts have a `T_0`.
  const rename = (name: string): string => (name === 't0' && owner.endsWith('Restarts') ? 'T_0' : snakeCase(name));
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [rename(name), toPythonValue(value)]));
}

/** The step as the peer takes it: a call by PyTorch's names. */
export function toPython(step: Step): unknown {
  if (step.kind !== 'call') return step;
  const { name, on, out, args, options, python = {} } = step;
  return {
    kind: 'call',
    out,
    on,
    name: python.name ?? (on === undefined ? pythonPath(name) : snakeCase(name)),
    args: (python.args ?? args).map(toPythonValue),
    options: toPythonOptions(python.options ?? options, name),
  };
}
