// Parameters by position and by name.

import type { DType } from '../../tensor/dtype.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';

/** Python's names of tensor types, which ParameterDict prints. */
const TYPE_NAMES: Readonly<Record<DType, string>> = {
  uint8: 'ByteTensor',
  int8: 'CharTensor',
  int16: 'ShortTensor',
  int32: 'IntTensor',
  int64: 'LongTensor',
  uint16: 'UInt16Tensor',
  uint32: 'UInt32Tensor',
  uint64: 'UInt64Tensor',
  bool: 'BoolTensor',
  float32: 'FloatTensor',
  float64: 'DoubleTensor',
  float16: 'HalfTensor',
  bfloat16: 'BFloat16Tensor',
  float8_e5m2: 'Float8_e5m2Tensor',
  float8_e4m3fn: 'Float8_e4m3fnTensor',
  float8_e5m2fnuz: 'Float8_e5m2fnuzTensor',
  float8_e4m3fnuz: 'Float8_e4m3fnuzTensor',
  float8_e8m0fnu: 'Float8_e8m0fnuTensor',
  complex32: 'ComplexHalfTensor',
  complex64: 'ComplexFloatTensor',
  complex128: 'ComplexDoubleTensor',
};

const asParameter = (value: Tensor): Parameter => (value instanceof Parameter ? value : new Parameter(value));

function describe(name: string | number, parameter: Parameter, type: string): string {
  const device = parameter.device === 'cpu' ? '' : ` (${parameter.device})`;
  return `  (${name}): Parameter containing: [${type} of size ${parameter.shape.join('x')}${device}]`;
}

/** Holds the names of a container's parameters in order; the parameters themselves are properties. A symbol, which is no name of a parameter, and no
 *  private field, which no copy would have. */
const names: unique symbol = Symbol('names');

function parameterOf(container: Module, name: string): Parameter {
  return (container as unknown as Readonly<Record<string, Parameter>>)[name]!;
}

/** A list of parameters that are trained. They are named '0', '1', …; a tensor becomes a parameter of the same memory.
 *  Source: torch.nn.ParameterList. */
export class ParameterList extends Module {
  private readonly [names]: string[] = [];

  constructor(values: Iterable<Tensor> = []) {
    super();
    for (const value of values) this.append(value);
  }

  get length(): number {
    return this[names].length;
  }

  override registerParameter(name: string, parameter: Parameter | undefined): void {
    super.registerParameter(name, parameter);
    if (parameter && !this[names].includes(name)) this[names].push(name);
  }

  append(value: Tensor): this {
    const name = String(this[names].length);
    Object.assign(this, { [name]: asParameter(value) });
    this[names].push(name);
    return this;
  }

  /** Negative indices count from the end. @throws {RangeError} for one that is not there. */
  at(index: number): Parameter {
    const name = this[names].at(index);
    if (name === undefined)
      throw new RangeError(`Cannot read parameter ${index}: expected an index of ${this[names].length} parameters`);
    return parameterOf(this, name);
  }

  *[Symbol.iterator](): Generator<Parameter, undefined> {
    for (const name of this[names]) yield parameterOf(this, name);
  }

  forward(): never {
    throw new TypeError('Cannot apply a ParameterList: expected its parameters to be used one by one');
  }

  override extraRepr(): string {
    return Array.from(this, (each, i) => describe(i, each, `torch.${each.dtype}`)).join('\n');
  }
}

/** Parameters by name that are trained; a tensor becomes a parameter of the same memory. An object's names are sorted, as PyTorch sorts a dict's;
 *  pairs keep their order. Names that are whole numbers come first.  Source: torch.nn.ParameterDict. */
export class ParameterDict extends Module {
  private readonly [names] = new Set<string>();

  constructor(values: Readonly<Record<string, Tensor>> | Iterable<readonly [string, Tensor]> = {}) {
    super();
    const entries =
      Symbol.iterator in values
        ? (values as Iterable<readonly [string, Tensor]>)
        : Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [name, value] of entries) this.set(name, value);
  }

  get length(): number {
    return this[names].size;
  }

  has(name: string): boolean {
    return this[names].has(name);
  }

  /** @throws {RangeError} for a name that is not there. */
  get(name: string): Parameter {
    if (!this[names].has(name))
      throw new RangeError(`Cannot read parameter "${name}": expected one of ${[...this[names]].join(', ')}`);
    return parameterOf(this, name);
  }

  override registerParameter(name: string, parameter: Parameter | undefined): void {
    super.registerParameter(name, parameter);
    if (parameter) this[names].add(name);
  }

  /** @throws {TypeError} for a name that cannot be one. */
  set(name: string, value: Tensor): this {
    if (name === '' || name.includes('.'))
      throw new TypeError(`Cannot add "${name}" to a ParameterDict: expected a name without dots`);
    if (name in this && !this[names].has(name))
      throw new TypeError(`Cannot add "${name}" to a ParameterDict: expected a free name, got one of its own members`);
    Object.assign(this, { [name]: asParameter(value) });
    this[names].add(name);
    return this;
  }

  /** @returns whether it was there. */
  delete(name: string): boolean {
    if (!this[names].delete(name)) return false;
    Reflect.deleteProperty(this, name);
    return true;
  }

  keys(): IterableIterator<string> {
    return this[names].keys();
  }

  *values(): Generator<Parameter, undefined> {
    for (const name of this[names]) yield parameterOf(this, name);
  }

  *[Symbol.iterator](): Generator<[name: string, parameter: Parameter], undefined> {
    for (const name of this[names]) yield [name, parameterOf(this, name)];
  }

  forward(): never {
    throw new TypeError('Cannot apply a ParameterDict: expected its parameters to be used one by one');
  }

  override extraRepr(): string {
    const typeOf = ({ device, dtype }: Parameter): string =>
      `torch.${device.startsWith('cuda') ? 'cuda.' : ''}${TYPE_NAMES[dtype]}`;
    return Array.from(this, ([name, each]) => describe(name, each, typeOf(each))).join('\n');
  }
}
