// Modules that hold modules.

import type { Tensor } from '../../tensor/tensor.ts';
import { Module, type UnaryModule } from '../module.ts';

/** Applies modules one after the other. They are named '0', '1', …  Source: torch.nn.Sequential. */
export class Sequential extends Module {
  readonly #layers: readonly UnaryModule[];

  constructor(...layers: UnaryModule[]) {
    super();
    this.#layers = layers;
    layers.forEach((layer, i) => {
      Object.assign(this, { [i]: layer });
    });
  }

  get length(): number {
    return this.#layers.length;
  }

  forward(input: Tensor): Tensor {
    let output = input;
    for (const layer of this.#layers) output = layer.forward(output);
    return output;
  }

  [Symbol.iterator](): Iterator<UnaryModule> {
    return this.#layers[Symbol.iterator]();
  }
}

/** A list of modules that are trained; the parent says how they are applied. They are named '0', '1', …  Source: torch.nn.ModuleList. */
export class ModuleList<M extends Module = UnaryModule> extends Module {
  readonly #modules: M[] = [];

  constructor(modules: Iterable<M> = []) {
    super();
    for (const module of modules) this.append(module);
  }

  get length(): number {
    return this.#modules.length;
  }

  append(module: M): this {
    Object.assign(this, { [this.#modules.length]: module });
    this.#modules.push(module);
    return this;
  }

  /** Negative indices count from the end. @throws {RangeError} for one that is not there. */
  at(index: number): M {
    const module = this.#modules.at(index);
    if (!module)
      throw new RangeError(`Cannot read module ${index}: expected an index of ${this.#modules.length} modules`);
    return module;
  }

  forward(): never {
    throw new TypeError(
      'Cannot apply a ModuleList: expected its modules to be called one by one; use Sequential for a chain',
    );
  }

  [Symbol.iterator](): Iterator<M> {
    return this.#modules[Symbol.iterator]();
  }

  /** As PyTorch prints it: neighbours that look alike in one line, as in `(0-2): 3 x Linear(…)`. */
  override toString(): string {
    const runs: { first: number; last: number; text: string }[] = [];
    this.#modules.forEach((module, i) => {
      const text = module.toString();
      const run = runs.at(-1);
      if (run?.text === text) run.last = i;
      else runs.push({ first: i, last: i, text });
    });
    if (runs.length === 0) return 'ModuleList()';
    const lines = runs.map(({ first, last, text }) => {
      const line = first === last ? `(${first}): ${text}` : `(${first}-${last}): ${last - first + 1} x ${text}`;
      return `\n  ${line.replaceAll('\n', '\n  ')}`;
    });
    return `ModuleList(${lines.join('')}\n)`;
  }
}

/** Gives its input. Source: torch.nn.Identity. */
export class Identity extends Module {
  forward(input: Tensor): Tensor {
    return input;
  }
}

/** Joins dimensions. Shape: [N, a, b, …] -> [N, a * b * …] by default. Source: torch.nn.Flatten. */
export class Flatten extends Module {
  readonly startDim: number;
  readonly endDim: number;

  constructor(options: { startDim?: number; endDim?: number } = {}) {
    super();
    this.startDim = options.startDim ?? 1;
    this.endDim = options.endDim ?? -1;
  }

  forward(input: Tensor): Tensor {
    return input.flatten({ startDim: this.startDim, endDim: this.endDim });
  }

  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}
