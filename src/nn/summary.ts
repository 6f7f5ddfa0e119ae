// `summary`: what a model is made of, layer by layer, with shapes, parameters, memory and multiply-adds.

import { readOptions } from '../tensor/arguments.ts';
import { noGrad } from '../tensor/autograd.ts';
import { getNative, h } from '../tensor/call.ts';
import { zeros } from '../tensor/create.ts';
import { dtypeBytes, isFloatingDType } from '../tensor/dtype.ts';
import { getRngState, setRngState } from '../tensor/generator.ts';
import { inspectCustom, inspected } from '../tensor/inspect.ts';
import { collectTensors, scope } from '../tensor/scope.ts';
import { refuseLater } from '../tensor/synchronous.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Module } from './module.ts';
import type { RemovableHandle } from './module-hooks.ts';
import { isModule, registry } from './module-registry.ts';
import { joinName, namedBuffers, namedParameters, ownProperties } from './module-tree.ts';
import { multiplyAdds } from './multiply-adds.ts';
import { formatSummary } from './summary-table.ts';

export interface SummaryOptions {
  /** What `forward` is called with, for the shapes: its arguments, or a tensor alone. Without inputs there are no shapes. */
  inputs?: Tensor | readonly unknown[];
  /** The shape of a floating-point input, or the shapes of several: in place of `inputs`. */
  inputSize?: readonly number[] | readonly (readonly number[])[];
  /** How many levels below the model are shown; what lies deeper is counted in the rows above. Default all. */
  depth?: number;
}

/** One module in a summary. */
export interface SummaryRow {
  /** Its name in the model; '' for the model itself. */
  readonly name: string;
  /** Its class. */
  readonly kind: string;
  /** Modules above it. */
  readonly depth: number;
  /** Where the same module is listed before. */
  readonly sameAs: string | undefined;
  /** Of the tensors that its last call gave; empty if it was not called. */
  readonly outputShapes: readonly (readonly number[])[];
  readonly numCalls: number;
  /** Elements of its parameters and of those below it, each once. */
  readonly numParameters: number;
  readonly numTrainable: number;
  /** Elements among them that rows above have too. */
  readonly numShared: number;
  /** Elements of the parameters that it has itself. */
  readonly numOwn: number;
  /** Memory of the parameters and buffers that this row shows and no row above has: all rows together are the total. */
  readonly addedBytes: number;
  /** Of it and what is below; undefined where there are no matrix products. */
  readonly multiplyAdds: number | undefined;
  /** Of it without what is below. */
  readonly ownMultiplyAdds: number | undefined;
  /** Whether rows of modules below it follow. */
  readonly isOpen: boolean;
}

/** The numbers of a model as a whole. */
export interface SummaryTotals {
  readonly rows: readonly SummaryRow[];
  /** Elements, a shared parameter once. */
  readonly numParameters: number;
  readonly numTrainable: number;
  readonly numBufferElements: number;
  readonly parameterBytes: number;
  readonly bufferBytes: number;
  /** Undefined without inputs, as what follows. */
  readonly inputBytes: number | undefined;
  /** Memory that the outputs of layers take up together in one forward pass, each storage once: what training keeps for backward is about that. */
  readonly activationBytes: number | undefined;
  /** Of matrix products in linear, bilinear, convolution, recurrent and attention layers; what a `forward` computes besides is not seen. */
  readonly multiplyAdds: number | undefined;
}

/** What a model is made of. Prints as a table. */
export class ModuleSummary implements SummaryTotals {
  readonly rows: readonly SummaryRow[];
  readonly numParameters: number;
  readonly numTrainable: number;
  readonly numBufferElements: number;
  readonly parameterBytes: number;
  readonly bufferBytes: number;
  readonly inputBytes: number | undefined;
  readonly activationBytes: number | undefined;
  readonly multiplyAdds: number | undefined;

  /** @internal */
  constructor(parts: SummaryTotals) {
    this.rows = parts.rows;
    this.numParameters = parts.numParameters;
    this.numTrainable = parts.numTrainable;
    this.numBufferElements = parts.numBufferElements;
    this.parameterBytes = parts.parameterBytes;
    this.bufferBytes = parts.bufferBytes;
    this.inputBytes = parts.inputBytes;
    this.activationBytes = parts.activationBytes;
    this.multiplyAdds = parts.multiplyAdds;
  }

  /** The table. */
  toString(): string {
    return formatSummary(this);
  }

  /** What `console.log` shows. */
  [inspectCustom](depth: number, options: { depth?: number | null | undefined }): string | object {
    return inspected(this.toString(), depth, options);
  }
}

/** What was seen of a module while forward ran. */
interface Seen {
  numCalls: number;
  shapes: readonly (readonly number[])[];
  products: number | undefined;
}

interface Run {
  readonly seen: ReadonlyMap<Module, Seen>;
  readonly inputBytes: number;
  readonly activationBytes: number;
}

const bytesOf = (tensor: Tensor): number => tensor.numel * dtypeBytes(tensor.dtype);
const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

/** Counts memory by storage, so that views and results in place take up none. */
class Storages {
  readonly #counted = new Set<number>();
  bytes = 0;

  add(tensors: readonly Tensor[]): void {
    for (const tensor of tensors) {
      const isPlain = tensor.layout === 'strided' && tensor.device !== 'meta';
      const [address, bytes] = isPlain ? getNative().storage(h(tensor)) : [0, bytesOf(tensor)];
      if (address !== 0 && this.#counted.has(address)) continue;
      this.#counted.add(address);
      this.bytes += bytes;
    }
  }
}

/** Copies all buffers: a forward may count its calls in one. @returns what puts them back, the same tensors where they still live. */
function keepBuffers(root: Module): () => void {
  const kept = Array.from(root.modules()).flatMap((module) =>
    Array.from(module[registry].buffers, ([name, entry]) => ({
      name,
      entry,
      tensor: entry.tensor,
      copy: entry.tensor?.clone(),
    })),
  );
  return () => {
    for (const { name, entry, tensor, copy } of kept) {
      if (tensor && copy && !tensor.isDisposed) tensor.copy_(copy);
      const before = tensor?.isDisposed ? copy : tensor;
      if (entry.tensor !== before) entry.assign(name, before);
    }
  };
}

/** Calls forward once, without gradients, in evaluation mode, and looks on.
 *  @throws {Error} that names the layer in which it failed. */
function observe(root: Module, inputs: readonly unknown[]): Run {
  const names = new Map([...root.namedModules()].map(([name, module]) => [module, name]));
  const seen = new Map<Module, Seen>();
  const running: { module: Module; numBelow: number }[] = [];
  const storages = new Storages();
  storages.add([...root.parameters(), ...root.buffers(), ...collectTensors(inputs)]);
  const before = storages.bytes;
  const handles: RemovableHandle[] = [];
  for (const module of names.keys()) {
    handles.push(
      module.registerForwardPreHook(() => void running.push({ module, numBelow: 0 }), { prepend: true }),
      module.registerForwardHook((_, given: readonly unknown[], output: unknown) => {
        const { numBelow } = running.pop()!;
        const parent = running.at(-1);
        if (parent) parent.numBelow += 1;
        const tensors = collectTensors(output);
        if (numBelow === 0) storages.add(tensors);
        const known = seen.get(module) ?? { numCalls: 0, shapes: [], products: undefined };
        const products = multiplyAdds(module, given, output);
        if (products !== undefined) known.products = (known.products ?? 0) + products;
        seen.set(module, { ...known, numCalls: known.numCalls + 1, shapes: tensors.map(({ shape }) => shape) });
      }),
    );
  }
  const mode = root.evalMode();
  const restoreBuffers = keepBuffers(root);
  const draws = getRngState();
  try {
    const result = (root.forward as (...args: unknown[]) => unknown)(...inputs);
    refuseLater(result, `summarise ${root.constructor.name}`, 'outside of it');
  } catch (cause) {
    const at = running.at(-1)?.module;
    const where = at === undefined || at === root ? 'its forward' : `"${names.get(at)}" (${at.constructor.name})`;
    throw new Error(
      `Cannot summarise ${root.constructor.name}: expected inputs that it takes, got an error in ${where}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  } finally {
    setRngState(draws);
    restoreBuffers();
    mode.restore();
    for (const handle of handles) handle.remove();
  }
  return { seen, inputBytes: sum(collectTensors(inputs).map(bytesOf)), activationBytes: storages.bytes - before };
}

/** The arguments of forward, or undefined where none are given. */
function inputsOf(root: Module, { inputs, inputSize }: SummaryOptions): readonly unknown[] | undefined {
  if (inputs !== undefined && inputSize !== undefined)
    throw new TypeError('Cannot summarise a model: expected inputs or inputSize, got both');
  if (inputs instanceof Tensor) return [inputs];
  if (inputs !== undefined && !Array.isArray(inputs))
    throw new TypeError(`Cannot summarise a model: expected inputs in an array, got ${typeof inputs}`);
  if (inputs !== undefined) return inputs;
  if (inputSize === undefined) return undefined;
  const sizes = (inputSize.length === 0 || typeof inputSize[0] === 'number' ? [inputSize] : inputSize) as number[][];
  const parameter = root.parameters().find(({ dtype }) => isFloatingDType(dtype));
  const { dtype = 'float32', device = 'cpu' } = parameter ?? {};
  return sizes.map((size) => zeros(size, { dtype, device }));
}

/** The rows of a module and what is below it, in the order in which they are printed. */
function* rowsOf(
  module: Module,
  name: string,
  depth: number,
  context: {
    readonly maxDepth: number;
    readonly seen: ReadonlyMap<Module, Seen>;
    readonly listed: Map<Module, string>;
    readonly counted: Set<Tensor>;
  },
): Generator<SummaryRow> {
  const { maxDepth, seen, listed, counted } = context;
  const children = [...ownProperties(module)].flatMap(([key, value]) =>
    isModule(value) ? [[key, value] as const] : [],
  );
  const isOpen = children.length > 0 && depth < maxDepth && !listed.has(module);
  const below = Array.from(namedParameters(module, {}), ([, parameter]) => parameter);
  const own = module.parameters({ recurse: false });
  const shown = isOpen ? own : below;
  const buffers = Array.from(namedBuffers(module, { recurse: !isOpen }), ([, buffer]) => buffer);
  const shared = shown.filter((parameter) => counted.has(parameter));
  const products = Array.from(module.modules(), (each) => seen.get(each)?.products).filter(
    (each) => each !== undefined,
  );
  const found = seen.get(module);
  const sameAs = listed.get(module);
  if (sameAs === undefined) listed.set(module, name);
  yield {
    name,
    kind: module.constructor.name,
    depth,
    sameAs,
    outputShapes: found?.shapes ?? [],
    numCalls: found?.numCalls ?? 0,
    numParameters: sum(below.map(({ numel }) => numel)),
    numTrainable: sum(below.map(({ numel, requiresGrad }) => (requiresGrad ? numel : 0))),
    numShared: sum(shared.map(({ numel }) => numel)),
    numOwn: sum(own.map(({ numel }) => numel)),
    addedBytes: sum([...shown, ...buffers].filter((tensor) => !counted.has(tensor)).map(bytesOf)),
    multiplyAdds: products.length === 0 ? undefined : sum(products),
    ownMultiplyAdds: found?.products,
    isOpen,
  };
  for (const tensor of [...shown, ...buffers]) counted.add(tensor);
  if (isOpen) for (const [key, child] of children) yield* rowsOf(child, joinName(name, key), depth + 1, context);
}

/** What a model is made of: a row for each module with the shapes of its output, parameters and multiply-adds, and the totals. With `inputs` or
 *  `inputSize`, `forward` runs once: without gradients, in evaluation mode; afterwards modes, hooks and random numbers are as before. A model on device
 *  'meta' needs no memory, where libtorch knows its operators on that device.
 *  @returns data that prints as a table.  @throws {Error} that names the layer, where forward fails.
 *  Source: none in PyTorch; in the way of torchinfo.
 *  @example
 *  const model = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 2));
 *  const { numParameters, multiplyAdds, rows } = nn.summary(model, { inputSize: [3, 4] });
 *  [numParameters, multiplyAdds, rows[2]!.outputShapes]; // [58, 144, [[3, 8]]] */
export function summary(model: Module, options: SummaryOptions = {}): ModuleSummary {
  if (!isModule(model)) throw new TypeError(`Cannot summarise a model: expected a module, got ${typeof model}`);
  readOptions('summary', ['inputs', 'inputSize', 'depth'], options);
  const maxDepth = options.depth ?? Number.POSITIVE_INFINITY;
  if (!(maxDepth >= 0)) throw new RangeError(`Cannot summarise a model: expected depth of at least 0, got ${maxDepth}`);
  return scope(() => {
    const inputs = inputsOf(model, options);
    const run = inputs && noGrad(() => observe(model, inputs));
    const seen = run?.seen ?? new Map<Module, Seen>();
    const rows = [...rowsOf(model, '', 0, { maxDepth, seen, listed: new Map(), counted: new Set() })];
    const parameters = model.parameters();
    const buffers = Array.from(namedBuffers(model, {}), ([, buffer]) => buffer);
    return new ModuleSummary({
      rows,
      numParameters: sum(parameters.map(({ numel }) => numel)),
      numTrainable: sum(parameters.map(({ numel, requiresGrad }) => (requiresGrad ? numel : 0))),
      numBufferElements: sum(buffers.map(({ numel }) => numel)),
      parameterBytes: sum(parameters.map(bytesOf)),
      bufferBytes: sum(buffers.map(bytesOf)),
      inputBytes: run?.inputBytes,
      activationBytes: run?.activationBytes,
      multiplyAdds: run && (rows[0]!.multiplyAdds ?? 0),
    });
  }, 'summary()');
}
