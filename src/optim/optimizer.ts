// `Optimizer`: parameter groups, state by parameter, and state dicts that PyTorch's optimizers load.

import { CheckpointError } from '../errors.ts';
import { Parameter } from '../nn/parameter.ts';
import { noGrad } from '../tensor/autograd.ts';
import { getNative, handles, wrap } from '../tensor/call.ts';
import { full } from '../tensor/create.ts';
import { zerosLike } from '../tensor/ops.generated.ts';
import { scope } from '../tensor/scope.ts';
import { Tensor } from '../tensor/tensor.ts';
import { OptimizerState } from './optimizer-state.ts';

/** A hyperparameter's value in a state dict. */
export type Hyperparameter = number | boolean | null | readonly number[];

/** How PyTorch spells a hyperparameter, and what Python holds: JavaScript cannot tell 1.0 from 1, files must. */
export interface HyperparameterSpec {
  readonly key: string;
  readonly kind: 'float' | 'floats' | 'bool';
}

/** What schedules note in a group, and leave in its state: where its learning rate comes from and goes to. */
export interface ScheduleEntries {
  /** Learning rate that factors refer to. */
  initialLr?: number;
  maxLr?: number;
  minLr?: number;
  swaLr?: number;
  maxMomentum?: number;
  baseMomentum?: number;
}

const SCHEDULE_ENTRIES: { readonly [K in keyof ScheduleEntries]-?: HyperparameterSpec } = {
  initialLr: { key: 'initial_lr', kind: 'float' },
  maxLr: { key: 'max_lr', kind: 'float' },
  minLr: { key: 'min_lr', kind: 'float' },
  swaLr: { key: 'swa_lr', kind: 'float' },
  maxMomentum: { key: 'max_momentum', kind: 'float' },
  baseMomentum: { key: 'base_momentum', kind: 'float' },
};

/** Parameters with hyperparameters of their own. */
export type ParamGroup<H> = { params: Parameter[] } & H & ScheduleEntries;

/** A group as given: what it leaves out comes from the optimizer's options. */
export type ParamGroupInput<H> = { params: Iterable<Parameter> } & Partial<H> & ScheduleEntries;

/** PyTorch's form: parameters by their index in the order of the groups. */
export interface OptimizerStateDict {
  readonly state: ReadonlyMap<number, Readonly<Record<string, Tensor>>>;
  readonly param_groups: readonly Readonly<Record<string, unknown>>[];
}

/** Base of every optimizer. Source: torch.optim.Optimizer.
 *  @typeParam H - the hyperparameters of a group, camelCased. */
export abstract class Optimizer<H extends { lr: number } = { lr: number }> {
  readonly paramGroups: ParamGroup<H>[] = [];
  /** Made at the first step that a parameter has a gradient; what is put in here lives beyond the scope of the step. */
  protected readonly state = new OptimizerState();

  /** Spelling and kind of each hyperparameter in files. */
  protected abstract readonly specs: { readonly [K in keyof H]-?: HyperparameterSpec };
  /** Entries of a group that PyTorch has and Sconce has no use for. */
  protected readonly fixedEntries: Readonly<Record<string, Hyperparameter>> = {};
  /** State that is one number a parameter, whatever the parameter's shape. */
  protected readonly scalarState: readonly string[] = ['step'];

  /** @param defaults - every hyperparameter.  @param options - those that the caller gave; a group's own come before them.
   *  @throws {TypeError} for an option that is no hyperparameter, and for what are no parameters. */
  constructor(params: Iterable<Parameter> | Iterable<ParamGroupInput<H>>, defaults: H, options?: Readonly<Partial<H>>) {
    const given = [...params] as (Parameter | ParamGroupInput<H>)[];
    const bare = given.filter((entry) => entry instanceof Parameter);
    const groups = bare.length === given.length ? [{ params: bare }] : (given as ParamGroupInput<H>[]);
    for (const [name, value] of [options ?? {}, ...groups].flatMap((each) => Object.entries(each))) {
      if (name in defaults || (name === 'params' && value !== undefined)) continue;
      if (Object.hasOwn(SCHEDULE_ENTRIES, name) && !(options && name in options)) continue;
      throw new TypeError(
        `Cannot make ${this.constructor.name}: expected options of { ${Object.keys(defaults).join(', ')} }, got "${name}"`,
      );
    }
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
      this.paramGroups.push({ ...defaults, ...options, ...group, params: parameters });
    }
  }

  /** Updates a group's parameters, of which every one has a gradient. */
  protected abstract update(group: ParamGroup<H>, params: readonly Parameter[], grads: readonly Tensor[]): void;

  /** Updates every parameter that has a gradient. What is made on the way is freed, state that is kept apart. */
  step(): void {
    scope(() => {
      noGrad(() => this.#step());
      this.state.settle();
    }, 'optimizer.step()');
  }

  #step(): void {
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
  }

  /** Forgets the gradients. */
  zeroGrad(): void {
    for (const group of this.paramGroups) getNative().clearGrads(handles(group.params));
  }

  /** All parameters, in the order of the groups. */
  parameters(): Parameter[] {
    return this.paramGroups.flatMap((group) => group.params);
  }

  /** What `torch.optim`'s load_state_dict takes: tensors of their own on the same memory. */
  stateDict(): OptimizerStateDict {
    const index = new Map(this.parameters().map((parameter, i) => [parameter, i]));
    const state = new Map<number, Readonly<Record<string, Tensor>>>();
    for (const [parameter, i] of index) {
      const entries = this.state.get(parameter);
      if (entries)
        state.set(i, Object.fromEntries(Object.entries(entries).map(([name, tensor]) => [name, tensor.detach()])));
    }
    const param_groups = this.paramGroups.map((group) => {
      const entries: Record<string, unknown> = {};
      for (const [name, spec] of Object.entries(this.specs) as [keyof H, HyperparameterSpec][])
        entries[spec.key] = group[name];
      Object.assign(entries, this.fixedEntries);
      for (const [name, spec] of Object.entries(SCHEDULE_ENTRIES) as [keyof ScheduleEntries, HyperparameterSpec][])
        if (group[name] !== undefined) entries[spec.key] = group[name];
      return { ...entries, params: group.params.map((parameter) => index.get(parameter)!) };
    });
    return { state, param_groups };
  }

  /** Kinds of the entries of `param_groups`, for writers that must tell floats from integers. */
  get hyperparameterKinds(): Readonly<Record<string, HyperparameterSpec['kind']>> {
    return Object.fromEntries(this.#specs().map(([, spec]) => [spec.key, spec.kind]));
  }

  #specs(): [string, HyperparameterSpec][] {
    return [...Object.entries(this.specs), ...Object.entries(SCHEDULE_ENTRIES)];
  }

  /** Takes over a state dict of this class or of PyTorch's, hyperparameters included. Nothing is taken unless everything fits.
   *  @throws {CheckpointError} where groups, parameters, shapes or kinds of hyperparameters differ. */
  loadStateDict(stateDict: OptimizerStateDict): void {
    const groups = stateDict.param_groups;
    if (groups.length !== this.paramGroups.length)
      this.#refuse(`${this.paramGroups.length} parameter groups`, String(groups.length));
    // A file's dict without entries is a plain object, whatever its keys would have been.
    const states = stateDict.state instanceof Map ? stateDict.state : new Map(Object.entries(stateDict.state));
    const hyperparameters = groups.map((group) => this.#readHyperparameters(group));
    const loaded: [Parameter, Readonly<Record<string, unknown>>][] = [];
    this.paramGroups.forEach((group, position) => {
      const indices = groups[position]!.params as readonly number[];
      if (indices.length !== group.params.length)
        this.#refuse(`${group.params.length} parameters in group ${position}`, String(indices.length));
      group.params.forEach((parameter, i) => {
        const given = states.get(indices[i]!);
        if (!given) return;
        // Older PyTorch keeps `momentum_buffer: None` where there is no momentum.
        const entries = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
        for (const [name, value] of Object.entries(entries)) this.#checkEntry(indices[i]!, parameter, name, value);
        loaded.push([parameter, entries]);
      });
    });
    for (const [position, group] of this.paramGroups.entries()) {
      for (const name of Object.keys(SCHEDULE_ENTRIES)) delete group[name as keyof ScheduleEntries];
      Object.assign(group, hyperparameters[position]);
    }
    scope(() => {
      this.state.clear();
      for (const [parameter, entries] of loaded) this.state.set(parameter, this.#adopt(parameter, entries));
    }, 'loadStateDict()');
  }

  #refuse(expected: string, got: string): never {
    throw new CheckpointError(`Cannot load a state into ${this.constructor.name}: expected ${expected}, got ${got}`);
  }

  #readHyperparameters(group: Readonly<Record<string, unknown>>): Partial<H & ScheduleEntries> {
    const read: Record<string, Hyperparameter> = {};
    // Numbers may come as objects that keep 1.0 apart from 1.
    const isNumber = (value: unknown): boolean => typeof value !== 'boolean' && typeof value?.valueOf() === 'number';
    for (const [name, { key, kind }] of this.#specs()) {
      const value = group[key];
      if (value === undefined || value === null) continue;
      if (kind === 'bool' && typeof value === 'boolean') read[name] = value;
      else if (kind === 'float' && isNumber(value)) read[name] = Number(value);
      else if (kind === 'floats' && Array.isArray(value) && value.every(isNumber))
        read[name] = Array.from(value, Number);
      else this.#refuse(`${KINDS[kind]} for "${key}"`, value instanceof Tensor ? 'a tensor' : typeof value);
    }
    return read as Partial<H & ScheduleEntries>;
  }

  #checkEntry(index: number, parameter: Parameter, name: string, value: unknown): void {
    const isScalar = this.scalarState.includes(name);
    // Before 1.12 PyTorch counted steps in plain numbers.
    if (isScalar && typeof value === 'number') return;
    if (!(value instanceof Tensor)) this.#refuse(`a tensor for "${name}" of parameter ${index}`, typeof value);
    const shape = isScalar ? [] : parameter.shape;
    if (String(value.shape) !== String(shape))
      this.#refuse(`"${name}" of parameter ${index} in shape [${shape.join(', ')}]`, `[${value.shape.join(', ')}]`);
  }

  /** Copies in the parameter's dtype and memory format, which the kernels expect; counts stay float32. */
  #adopt(parameter: Parameter, entries: Readonly<Record<string, unknown>>): Record<string, Tensor> {
    const copy = ([name, value]: [string, unknown]): [string, Tensor] => {
      const copied = this.scalarState.includes(name)
        ? full([], value instanceof Tensor ? value.item() : (value as number), { device: parameter.device })
        : zerosLike(parameter, { memoryFormat: 'preserve_format' }).copy_(value as Tensor);
      return [name, copied];
    };
    return noGrad(() => Object.fromEntries(Object.entries(entries).map(copy)));
  }
}

/** @throws {RangeError} that names the optimizer, for a hyperparameter outside its range. @internal */
export function checkHyperparameter(optimizer: string, isFine: boolean, expected: string, got: unknown): void {
  if (!isFine) throw new RangeError(`Cannot make ${optimizer}: expected ${expected}, got ${String(got)}`);
}

const KINDS = { float: 'a number', floats: 'numbers', bool: 'a boolean' } as const;

/** Any optimizer, whatever its hyperparameters: what trainers and checkpoints work with. */
export type AnyOptimizer = Pick<
  Optimizer,
  'step' | 'zeroGrad' | 'parameters' | 'stateDict' | 'loadStateDict' | 'hyperparameterKinds'
> & {
  readonly paramGroups: readonly ({ params: Parameter[]; lr: number } & ScheduleEntries)[];
};
