// `castStim` and `Float32View`: VisionCore's recordings as the numbers that a model takes.
import { collectTensors, type DType, scope, Tensor } from '../../tensor/index.ts';
import type { Collated } from '../collate/collate.ts';
import type { BatchContext, SampleContext } from '../context.ts';
import { OptionProblems } from '../option-problems.ts';
import { noteWrapper } from '../workers/origin.ts';
import { type Dataset, datasetName, expectDataset } from './dataset.ts';

/** Options of {@link castStim}. */
export interface CastStimOptions {
  /** The normalisation of pixels was taken out of the data set, which holds bytes: do it here. Default false. */
  readonly normRemoved?: boolean;
  /** Default 'float32'. */
  readonly dtype?: DType;
}

/**
 * A stimulus as floats: cast to `dtype` and then, with `normRemoved`, `(x - 127) / 255`, which takes bytes to -0.498 … 0.502.
 * Shape: any, unchanged. Without `normRemoved`, a stimulus of that dtype is given back as it is.  Source: VisionCore, cast_stim.
 * @example
 * import { castStim } from 'sconce/data';
 * castStim(tensor(Uint8Array.of(0, 127, 255)), { normRemoved: true }); // tensor([-0.4980,  0.0000,  0.5020])
 */
export function castStim(x: Tensor, { normRemoved = false, dtype = 'float32' }: CastStimOptions = {}): Tensor {
  if (!normRemoved) return x.to(dtype);
  return scope(() => {
    const cast = x.to(dtype);
    return (cast === x ? x.sub(127) : cast.sub_(127)).div_(255); // in place: what a batch of pictures costs is its memory
  });
}

/** The parts of a sample that are cast; it may have others. */
export interface RecordingSample {
  /** [C, T, H, W] */
  readonly stim: Tensor;
  /** Spike counts, [N]. */
  readonly robs: Tensor;
  /** [D] */
  readonly behavior?: Tensor;
}

/** Options of {@link Float32View}. */
export interface Float32ViewOptions {
  /** As of `castStim`. Default false. */
  readonly normRemoved?: boolean;
  /** What is cast to. Default 'float32'. */
  readonly dtype?: 'float32' | 'bfloat16' | 'float16';
  /** VisionCore's name for `dtype: 'bfloat16'`, which is what its `float16` gives. */
  readonly float16?: boolean;
}

const CAST = ['stim', 'robs', 'behavior'] as const;
const DTYPES: readonly unknown[] = ['float32', 'bfloat16', 'float16'];

/**
 * A data set of recordings whose samples are as `base` gives them, but `robs` and, where there are some, `stim` (by `castStim`) and `behavior` cast to floats.
 * What `base` gave is not changed, and everything else in it (`dfs`, `eyepos`, …) is passed on. Gathers where `base` can.
 * @throws {TypeError} for a base that is no data set. @throws {ConfigError} naming every option that is wrong.  Source: VisionCore, Float32View.
 * @example
 * import { Float32View, TensorDataset } from 'sconce/data';
 * const base = new TensorDataset({ stim: tensor(Uint8Array.of(0, 255)), robs: tensor([3n, 4n]), dfs: tensor([1n, 1n]) });
 * const view = new Float32View(base, { normRemoved: true });
 * const { stim, robs, dfs } = view.get(1, { seed: 0, epoch: 0 }) as { stim: Tensor; robs: Tensor; dfs: Tensor };
 * [stim.item() > 0.5, robs.dtype, dfs.dtype]; // [true, 'float32', 'int64']
 */
export class Float32View<S extends RecordingSample> implements Dataset<S> {
  readonly name: string;
  readonly length: number;
  /** The data set as it is. */
  readonly base: Dataset<S>;
  readonly getBatch: Dataset<S>['getBatch'];
  readonly #options: Required<CastStimOptions>;

  constructor(base: Dataset<S>, options: Float32ViewOptions = {}) {
    expectDataset(base, 'make a Float32View');
    const given: Float32ViewOptions | null = options;
    const { normRemoved = false, float16 = false, dtype = float16 ? 'bfloat16' : 'float32' } = given ?? {};
    const problems = new OptionProblems();
    problems.expectKnown(options, ['normRemoved', 'dtype', 'float16']);
    problems.expect(DTYPES.includes(dtype), 'dtype', { wanted: "'float32', 'bfloat16' or 'float16'", got: dtype });
    for (const [option, flag] of Object.entries({ normRemoved, float16 })) {
      problems.expect(typeof flag === 'boolean', option, { wanted: 'true or false', got: flag });
    }
    problems.expect(!float16 || dtype === 'bfloat16', 'float16', {
      wanted: `none beside dtype '${dtype}': VisionCore's float16 is bfloat16`,
      got: float16,
    });
    problems.throwIfAny('make a Float32View');
    this.name = `Float32View of ${datasetName(base)}`;
    this.length = base.length;
    this.base = base;
    this.#options = { normRemoved, dtype };
    noteWrapper(this, 'Float32View', { inner: [base], rest: { normRemoved, dtype } });
    if (base.getBatch) this.getBatch = (indices, context) => this.#gather(indices, context);
  }

  get(index: number, context: SampleContext): S | Promise<S> {
    const sample = this.base.get(index, context);
    return sample instanceof Promise ? sample.then((one) => this.#cast(one)) : this.#cast(sample);
  }

  #gather(indices: Int32Array, context: BatchContext): Collated<S> | Promise<Collated<S>> {
    const gathered = this.base.getBatch!(indices, context);
    return gathered instanceof Promise ? gathered.then((one) => this.#castBatch(one)) : this.#castBatch(gathered);
  }

  /** The batch is ours: what was cast is let go. */
  #castBatch(gathered: Collated<S>): Collated<S> {
    let kept = new Set<Tensor>();
    try {
      const cast = this.#cast(gathered as S); // a gathered batch has tensors where a sample has them
      kept = new Set(collectTensors(cast));
      return cast as Collated<S>;
    } finally {
      for (const tensor of collectTensors(gathered)) if (!kept.has(tensor)) tensor.dispose();
    }
  }

  #cast(sample: S): S {
    const { dtype } = this.#options;
    const cast = { ...sample } as S & { [name in (typeof CAST)[number]]: unknown };
    for (const name of CAST) {
      const value = cast[name];
      if (name !== 'robs' && value === undefined) continue;
      if (!(value instanceof Tensor)) {
        throw new TypeError(`Cannot cast a sample of ${this.name}: expected a tensor "${name}", got ${String(value)}`);
      }
      Object.assign(cast, { [name]: name === 'stim' ? castStim(value, this.#options) : value.to(dtype) });
    }
    return cast;
  }
}
