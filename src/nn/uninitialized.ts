// Parameters and buffers whose shape is not known yet: what lazy layers have until their first forward.

import { getNative, getScope, h } from '../tensor/call.ts';
import { empty } from '../tensor/create.ts';
import type { Device } from '../tensor/device.ts';
import type { DType } from '../tensor/dtype.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type FactoryOptions, factoryOf } from './factory.ts';
import { Parameter } from './parameter.ts';

/** The place of the tensor without elements that knows dtype, device and whether a gradient is wanted. */
const known: unique symbol = Symbol('sconce.uninitialized');

interface Waiting extends Tensor {
  readonly [known]: Tensor;
}

/** Whether a tensor waits for its shape. Source: torch.nn.parameter.is_lazy. */
export function isLazy(value: unknown): value is UninitializedParameter | UninitializedBuffer {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, known);
}

/** Hides the handle, so that every operator and property but the ones below is refused.
 *  @param like - the tensor without elements: made outside of any scope. */
function hide(tensor: Tensor, kind: string, like: Tensor): void {
  const { handle } = tensor;
  Object.defineProperty(tensor, known, { configurable: true, value: like });
  Object.defineProperty(tensor, 'handle', {
    configurable: true,
    get() {
      throw new TypeError(
        `Cannot use an uninitialized ${kind}: expected one whose shape is known, got one that waits for its layer's first forward; call forward once, or load a state`,
      );
    },
    set() {
      Object.defineProperty(tensor, 'handle', { configurable: true, writable: true, enumerable: true, value: handle });
    },
  });
}

/** Makes a tensor what it was to become. */
function reveal(tensor: Waiting, prototype: object, shape: readonly number[]): void {
  const like = tensor[known];
  Reflect.set(tensor, 'handle', undefined); // shows it again
  Reflect.deleteProperty(tensor, known);
  Object.setPrototypeOf(tensor, prototype);
  const { dtype, device, requiresGrad } = like;
  tensor.setData(empty(shape, { dtype, device }));
  if (tensor.requiresGrad !== requiresGrad) tensor.requiresGrad = requiresGrad;
  like.dispose();
}

/** What can be asked of both kinds. */
const shared = {
  get dtype(): DType {
    return (this as unknown as Waiting)[known].dtype;
  },
  get device(): Device {
    return (this as unknown as Waiting)[known].device;
  },
  get requiresGrad(): boolean {
    return (this as unknown as Waiting)[known].requiresGrad;
  },
  set requiresGrad(value: boolean) {
    (this as unknown as Waiting)[known].requiresGrad = value;
  },
  get grad(): undefined {
    return undefined;
  },
  get isLeaf(): boolean {
    return true;
  },
  get isDisposed(): boolean {
    return (this as unknown as Waiting)[known].isDisposed;
  },
  /** As it stands in a state dict. */
  detach(): unknown {
    return this;
  },
  /** Another one. Source: torch.nn.Module.to of a lazy layer. */
  to(options: FactoryOptions): unknown {
    const own = this as unknown as Waiting & { likeThis(options: FactoryOptions): Tensor };
    const [dtype, device] = [options.dtype ?? own.dtype, options.device ?? own.device];
    return dtype === own.dtype && device === own.device ? own : own.likeThis({ dtype, device });
  },
  setData(data: Tensor): void {
    if (!isLazy(data))
      throw new TypeError('Cannot set the data of an uninitialized tensor: expected another one, got a tensor');
    const own = this as unknown as Waiting;
    const { requiresGrad } = own;
    own[known].setData((data as unknown as Waiting)[known].detach());
    own[known].requiresGrad = requiresGrad;
  },
  toString(): string {
    return `<${this.constructor.name}>`;
  },
};

/** A parameter without a shape. It becomes a `Parameter`, the same object, when its layer is first applied; until then only its dtype, its device and
 *  whether it wants a gradient can be asked and changed. Source: torch.nn.UninitializedParameter. */
export class UninitializedParameter extends Parameter {
  /** @param options.requiresGrad - default true. */
  constructor(options: FactoryOptions & { requiresGrad?: boolean } = {}) {
    const like = empty([0], factoryOf(options)).keep();
    super(like, false);
    like.requiresGrad = options.requiresGrad ?? true;
    hide(this, 'parameter', like);
  }

  /** Gives it a shape, and memory with whatever is in it. */
  materialize(shape: readonly number[]): void {
    reveal(this as unknown as Waiting, Parameter.prototype, shape);
  }

  /** For `deepCopy`. */
  emptyCopy(): UninitializedParameter {
    return this.likeThis({});
  }

  private likeThis(options: FactoryOptions): UninitializedParameter {
    const { dtype, device, requiresGrad } = this;
    return new UninitializedParameter({ dtype, device, requiresGrad, ...factoryOf(options) });
  }
}

/** A buffer without a shape. It becomes a plain tensor, the same object, when its layer is first applied. Source: torch.nn.UninitializedBuffer. */
export class UninitializedBuffer extends Tensor {
  constructor(options: FactoryOptions = {}) {
    const like = empty([0], factoryOf(options)).keep();
    super(getNative().alias(h(like)), getScope());
    this.keep();
    hide(this, 'buffer', like);
  }

  /** Gives it a shape, and memory with whatever is in it. */
  materialize(shape: readonly number[]): void {
    reveal(this as unknown as Waiting, Tensor.prototype, shape);
  }

  /** For `deepCopy`. */
  emptyCopy(): UninitializedBuffer {
    return this.likeThis({});
  }

  private likeThis(options: FactoryOptions): UninitializedBuffer {
    const { dtype, device } = this;
    return new UninitializedBuffer({ dtype, device, ...factoryOf(options) });
  }
}

for (const Class of [UninitializedParameter, UninitializedBuffer])
  Object.defineProperties(Class.prototype, Object.getOwnPropertyDescriptors(shared));
