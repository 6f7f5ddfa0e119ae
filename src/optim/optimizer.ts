// `Optimizer`: parameter groups, state by parameter, and state dicts that PyTorch's optimizers load.

import { CheckpointError } from '../errors.ts';
import { Parameter } from '../nn/parameter.ts';
import { noGrad } from '../tensor/autograd.ts';
import { getNative, handles, wrap } from '../tensor/call.ts';
import { zerosLike } from '../tensor/ops.generated.ts';
import { Tensor } from '../tensor/tensor.ts';

/** A hyperparameter's value in a state dict. */
export type Hyperparameter = number | boolean | undefined | readonly number[];

/** How PyTorch spells a hyperparameter, and what Python holds: JavaScript cannot tell 1.0 from 1, files must. */
export interface HyperparameterSpec {
  readonly key: string;
  readonly kind: 'float' | 'floats' | 'bool';
}

/** Parameters with hyperparameters of their own. */
export type ParamGroup<H> = { params: Parameter[] } & H;

/** A group as given: what it leaves out comes from the optimizer's options. */
export type ParamGroupInput<H> = { params: Iterable<Parameter> } & Partial<H>;

/** PyTorch's form: parameters by their index in the order of the groups. */
export interface OptimizerStateDict {
  readonly state: ReadonlyMap<number, Readonly<Record<string, Tensor>>>;
  readonly param_groups: readonly Readonly<Record<string, unknown>>[];
}

/** Base of every optimizer. Source: torch.optim.Optimizer.
 *  @typeParam H - the hyperparameters of a group, camelCased. */
export abstract class Optimizer<H extends { lr: number } = { lr: number }> {
  readonly paramGroups: ParamGroup<H>[] = [];
  /** Made at the first step that a parameter has a gradient; kept beyond any scope. */
  protected readonly state = new Map<Parameter, Record<string, Tensor>>();

  /** Spelling and kind of each hyperparameter in files. */
  protected abstract readonly specs: { readonly [K in keyof H]-?: HyperparameterSpec };
  /** Entries of a group that PyTorch has and Sconce has no use for. */
  protected readonly fixedEntries: Readonly<Record<string, Hyperparameter>> = {};

  constructor(params: Iterable<Parameter> | Iterable<ParamGroupInput<H>>, defaults: H) {
    const given = [...params] as (Parameter | ParamGroupInput<H>)[];
    const bare = given.filter((entry) => entry instanceof Parameter);
    const groups = bare.length === given.length ? [{ params: bare, ...defaults }] : (given as ParamGroupInput<H>[]);
    const seen = new Set<Parameter>();
    for (const group of groups) {
      const parameters = [...(group.params ?? [])];
      if (parameters.length === 0)
        throw new RangeError('Cannot make an optimizer: expected parameters, got an empty list');
      for (const parameter of parameters) {
        if (!(parameter instanceof Parameter)) {
          throw new TypeError(
            `Cannot make an optimizer: expected parameters, got ${parameter === null ? 'null' : typeof parameter}; pass model.parameters()`,
          );
        }
        if (seen.has(parameter))
          throw new TypeError('Cannot make an optimizer: expected every parameter in one group, got one twice');
        seen.add(parameter);
      }
      this.paramGroups.push({ ...defaults, ...group, params: parameters });
    }
  }

  /** Updates a group's parameters, of which every one has a gradient. */
  protected abstract update(group: ParamGroup<H>, params: readonly Parameter[], grads: readonly Tensor[]): void;

  /** Updates every parameter that has a gradient. */
  step(): void {
    noGrad(() => {
      for (const group of this.paramGroups) {
        const gradients = getNative().gradsOf(handles(group.params));
        const params: Parameter[] = [];
        const grads: Tensor[] = [];
        for (let i = 0; i < gradients.length; i++) {
          if (gradients[i] === 0) continue;
          params.push(group.params[i]!);
          grads.push(wrap(gradients[i]!));
        }
        if (params.length > 0) this.update(group, params, grads);
      }
    });
  }

  /** Forgets the gradients. */
  zeroGrad(): void {
    for (const group of this.paramGroups) getNative().clearGrads(handles(group.params));
  }

  /** All parameters, in the order of the groups. */
  parameters(): Parameter[] {
    return this.paramGroups.flatMap((group) => group.params);
  }

  /** What `torch.optim`'s load_state_dict takes; tensors are shared, not copied. */
  stateDict(): OptimizerStateDict {
    const index = new Map(this.parameters().map((parameter, i) => [parameter, i]));
    const state = new Map<number, Readonly<Record<string, Tensor>>>();
    for (const [parameter, i] of index) {
      const entries = this.state.get(parameter);
      if (entries) state.set(i, entries);
    }
    const param_groups = this.paramGroups.map((group) => {
      const entries: Record<string, unknown> = {};
      for (const [name, spec] of this.#specs()) entries[spec.key] = group[name as keyof typeof group];
      return { ...entries, ...this.fixedEntries, params: group.params.map((parameter) => index.get(parameter)!) };
    });
    return { state, param_groups };
  }

  /** Kinds of the entries of `param_groups`, for writers that must tell floats from integers. */
  get hyperparameterKinds(): Readonly<Record<string, HyperparameterSpec['kind']>> {
    return Object.fromEntries(this.#specs().map(([, spec]) => [spec.key, spec.kind]));
  }

  #specs(): [string, HyperparameterSpec][] {
    return Object.entries(this.specs);
  }

  /** Takes over a state dict of this class or of PyTorch's, hyperparameters included.
   *  @throws {CheckpointError} where groups, parameters or shapes differ. */
  loadStateDict(stateDict: OptimizerStateDict): void {
    const fail = (expected: string, got: string): never => {
      throw new CheckpointError(`Cannot load a state into ${this.constructor.name}: expected ${expected}, got ${got}`);
    };
    const groups = stateDict.param_groups;
    if (groups.length !== this.paramGroups.length)
      fail(`${this.paramGroups.length} parameter groups`, String(groups.length));
    const loaded: { parameter: Parameter; entries: Readonly<Record<string, Tensor>> }[] = [];
    this.paramGroups.forEach((group, position) => {
      const indices = groups[position]!.params as readonly number[];
      if (indices.length !== group.params.length)
        fail(`${group.params.length} parameters in group ${position}`, String(indices.length));
      group.params.forEach((parameter, i) => {
        const entries = stateDict.state.get(indices[i]!);
        if (!entries) return;
        for (const [name, value] of Object.entries(entries)) {
          if (!(value instanceof Tensor)) fail(`a tensor for "${name}" of parameter ${indices[i]}`, typeof value);
          if (value.ndim > 0 && String(value.shape) !== String(parameter.shape)) {
            fail(
              `"${name}" of parameter ${indices[i]} in shape [${parameter.shape.join(', ')}]`,
              `[${value.shape.join(', ')}]`,
            );
          }
        }
        loaded.push({ parameter, entries });
      });
    });
    this.paramGroups.forEach((group, position) => {
      for (const [name, spec] of this.#specs()) {
        const value = groups[position]![spec.key];
        if (value !== undefined && value !== null) Object.assign(group, { [name]: value });
      }
    });
    this.state.clear();
    for (const { parameter, entries } of loaded) {
      // In the parameter's own memory format, which the kernels expect.
      const adopted = (value: Tensor): Tensor =>
        value.ndim === 0 ? value.clone() : zerosLike(parameter, { dtype: value.dtype }).copy_(value);
      const copies = noGrad(() =>
        Object.entries(entries).map(([name, value]) => [name, adopted(value).keep()] as const),
      );
      this.state.set(parameter, Object.fromEntries(copies));
    }
  }
}

/** Any optimizer, whatever its hyperparameters: what trainers and checkpoints work with. */
export type AnyOptimizer = Pick<
  Optimizer,
  'step' | 'zeroGrad' | 'parameters' | 'stateDict' | 'loadStateDict' | 'hyperparameterKinds'
> & {
  readonly paramGroups: readonly { params: Parameter[]; lr: number }[];
};
