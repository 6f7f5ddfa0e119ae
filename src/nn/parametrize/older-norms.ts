// `nn.utils.weightNorm` and `spectralNorm`: the functions of PyTorch that came before parametrisations, with the state keys of their files.

import { _weight_norm } from '../../tensor/aten.generated.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { multiDot } from '../../tensor/linalg.generated.ts';
import { normExceptDim } from '../../tensor/ops.generated.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { addState, Derivation, derivationsOf, derive, removeState, stateOf, underive } from '../derived-tensor.ts';
import { normalize } from '../functional/normalize.ts';
import type { Module, StateDict } from '../module.ts';
import type { RemovableHandle } from '../module-hooks.ts';
import { Parameter } from '../parameter.ts';
import { drawUnit, readSpectralNorm, type SpectralNormOptions } from './spectral-norm.ts';
import { readWeightNormDim, type WeightNormOptions } from './weight-norm.ts';

const cannotAssign = (name: string, kind: string, parts: string): TypeError =>
  new TypeError(
    `Cannot assign "${name}": expected a tensor without ${kind}, got one with it; assign ${parts}, or remove it`,
  );

function requireParameter(action: string, module: Module, name: string): Parameter {
  const parameter = stateOf(module, name);
  if (parameter instanceof Parameter) return parameter;
  const got = derivationsOf(module).has(name) ? 'one that is computed already' : 'none';
  throw new TypeError(`Cannot ${action} "${name}": expected a parameter of ${module.constructor.name}, got ${got}`);
}

/** A weight of length `<name>_g` and direction `<name>_v`. */
class WeightNormed extends Derivation {
  readonly name: string;
  readonly dim: number;

  constructor(name: string, dim: number) {
    super();
    this.name = name;
    this.dim = dim;
  }

  read(module: Module): Tensor {
    return _weight_norm(stateOf(module, `${this.name}_v`)!, stateOf(module, `${this.name}_g`)!, this.dim);
  }

  write(): never {
    throw cannotAssign(this.name, 'weight normalisation', `"${this.name}_g" and "${this.name}_v"`);
  }
}

/** Trains the length `<name>_g` and the direction `<name>_v` of a weight apart. `parametrizations.weightNorm` is the newer one. Tell an optimizer that was made before.
 *  @param name - of the parameter. Default 'weight'.  @throws {TypeError} for one that the module does not have.
 *  Source: Salimans and Kingma 2016, arXiv:1602.07868; torch.nn.utils.weight_norm. */
export function weightNorm<M extends Module>(module: M, name = 'weight', options: WeightNormOptions = {}): M {
  const dim = readWeightNormDim('weightNorm', options);
  const weight = requireParameter('normalise', module, name);
  const length = noGrad(() => normExceptDim(weight, { pow: 2, dim }));
  derive(module, name, new WeightNormed(name, dim));
  addState(module, `${name}_g`, new Parameter(length));
  addState(module, `${name}_v`, new Parameter(weight.detach()));
  return module;
}

/** Makes the weight a parameter again. @throws {TypeError} for one that is not normalised. Source: torch.nn.utils.remove_weight_norm. */
export function removeWeightNorm<M extends Module>(module: M, name = 'weight'): M {
  const derivation = derivationsOf(module).get(name);
  if (!(derivation instanceof WeightNormed)) throw notFound('weight normalisation', module, name);
  const weight = noGrad(() => derivation.read(module));
  underive(module, name);
  for (const suffix of ['_g', '_v']) removeState(module, name + suffix);
  addState(module, name, new Parameter(weight));
  return module;
}

const notFound = (kind: string, module: Module, name: string): TypeError =>
  new TypeError(
    `Cannot remove ${kind} of "${name}": expected a normalised parameter of ${module.constructor.name}, got none`,
  );

/** The weight as a matrix, its outputs first, with the strides that PyTorch's has: libtorch chooses its product by them. */
function matrixOf(weight: Tensor, dim: number): Tensor {
  const others = weight.shape.flatMap((_, i) => (i === dim ? [] : [i]));
  return (dim === 0 ? weight : weight.permute([dim, ...others])).reshape([weight.size(dim), -1]);
}

/** A weight that is `<name>_orig` by its largest singular value, with the vectors `<name>_u` and `<name>_v`. */
class SpectralNormed extends Derivation {
  readonly name: string;
  readonly options: Required<SpectralNormOptions>;
  handles: readonly RemovableHandle[] = [];

  constructor(name: string, options: Required<SpectralNormOptions>) {
    super();
    this.name = name;
    this.options = options;
  }

  private parts(module: Module): [original: Tensor, u: Tensor, v: Tensor] {
    const part = (suffix: string): Tensor => stateOf(module, this.name + suffix)!;
    return [part('_orig'), part('_u'), part('_v')];
  }

  read(module: Module): Tensor {
    const [original, u, v] = this.parts(module);
    // Copies: the next forward changes the vectors, and backward of this one needs them.
    return original.div(u.clone().dot(matrixOf(original, this.options.dim).mv(v.clone())));
  }

  /** Before each forward in training. */
  iterate(module: Module): void {
    const { eps, dim, nPowerIterations } = this.options;
    scope(() =>
      noGrad(() => {
        const [original, u, v] = this.parts(module);
        const matrix = matrixOf(original, dim);
        for (let i = 0; i < nPowerIterations; i++) {
          v.copy_(normalize(matrix.t().mv(u), { dim: 0, eps }));
          u.copy_(normalize(matrix.mv(v), { dim: 0, eps }));
        }
      }),
    );
  }

  /** Files of PyTorch before 1.0 hold the weight instead of the second vector, which follows from it. */
  convert(state: StateDict, prefix: string): void {
    const at = prefix + this.name;
    const [weight, original, u] = [state[at], state[`${at}_orig`], state[`${at}_u`]];
    if (!weight || !original || !u || state[`${at}_v`]) return;
    state[`${at}_v`] = scope(() =>
      noGrad(() => {
        const sigma = original.div(weight).mean();
        const matrix = matrixOf(original, this.options.dim);
        const v = multiDot([matrix.t().mm(matrix).pinverse(), matrix.t(), u.unsqueeze(1)]).squeeze({ dim: 1 });
        return v.mul(sigma.div(u.dot(matrix.mv(v))));
      }),
    );
    delete state[at];
  }

  write(): never {
    throw cannotAssign(this.name, 'spectral normalisation', `"${this.name}_orig"`);
  }
}

const spectralOf = (module: Module, name: string): SpectralNormed | undefined => {
  const derivation = derivationsOf(module).get(name);
  return derivation instanceof SpectralNormed ? derivation : undefined;
};

/** Divides a weight by its largest singular value, which power iteration follows before each forward in training. What is trained is `<name>_orig`.
 *  `parametrizations.spectralNorm` is the newer one; this one normalises before the first forward too, where PyTorch's does not yet.
 *  @param name - of the parameter. Default 'weight'.  @throws {TypeError} for one that the module does not have.
 *  Source: Miyato et al. 2018, arXiv:1802.05957; torch.nn.utils.spectral_norm. */
export function spectralNorm<M extends Module>(module: M, name = 'weight', options: SpectralNormOptions = {}): M {
  const weight = requireParameter('normalise', module, name);
  const chosen = readSpectralNorm('spectralNorm', module, weight, options);
  const derivation = new SpectralNormed(name, chosen);
  const [u, v] = scope(() =>
    noGrad(() => {
      const matrix = matrixOf(weight, chosen.dim);
      return [drawUnit(weight, matrix.size(0), chosen.eps), drawUnit(weight, matrix.size(1), chosen.eps)] as const;
    }),
  );
  derive(module, name, derivation);
  addState(module, `${name}_orig`, weight);
  module.registerBuffer(`${name}_u`, u);
  module.registerBuffer(`${name}_v`, v);
  // By the module and the name, so that the hooks of a copy find the copy's own.
  derivation.handles = [
    module.registerForwardPreHook((called: Module) => {
      if (called.training) spectralOf(called, name)?.iterate(called);
      return undefined;
    }),
    module.registerLoadStateDictPreHook((loaded: Module, state, { prefix }) =>
      spectralOf(loaded, name)?.convert(state, prefix),
    ),
  ];
  return module;
}

/** Makes the weight a parameter again. @throws {TypeError} for one that is not normalised. Source: torch.nn.utils.remove_spectral_norm. */
export function removeSpectralNorm<M extends Module>(module: M, name = 'weight'): M {
  const derivation = spectralOf(module, name);
  if (!derivation) throw notFound('spectral normalisation', module, name);
  const weight = noGrad(() => derivation.read(module));
  for (const handle of derivation.handles) handle.remove();
  underive(module, name);
  for (const suffix of ['_orig', '_u', '_v']) removeState(module, name + suffix);
  addState(module, name, new Parameter(weight));
  return module;
}
