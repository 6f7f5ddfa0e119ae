// What the tests of batch normalisation over ranks put through it, the same in every process.
import { manualSeed, nn, optim, randn, scope, type Tensor } from '../../src/index.ts';

export interface Case {
  /** Rows of each rank. */
  readonly rows: readonly number[];
  readonly shape: readonly number[];
  readonly options?: nn.BatchNormOptions;
  readonly dtype?: 'float32' | 'float64' | 'bfloat16';
  readonly memoryFormat?: 'channels_last';
}

export const CASES: Readonly<Record<string, Case>> = {
  equal: { rows: [4, 4], shape: [3, 5] },
  unequal: { rows: [7, 1], shape: [3] },
  'none on a rank': { rows: [6, 0], shape: [2, 3, 3], dtype: 'float64' },
  pictures: { rows: [3, 2], shape: [4, 5, 3], memoryFormat: 'channels_last' },
  volumes: { rows: [1, 2], shape: [2, 2, 3, 2], options: { affine: false } },
  cumulative: { rows: [3, 4], shape: [3, 2], options: { momentum: 'cumulative', eps: 0.1, bias: false } },
  untracked: { rows: [3, 4], shape: [3, 2], options: { trackRunningStats: false, momentum: 0.3 } },
  half: { rows: [5, 3], shape: [3, 4], dtype: 'bfloat16' },
};

/** Input and gradient of the output. Far from 0, where sums of squares would have no digits left. */
export function batchOf({ rows, shape, dtype = 'float32' }: Case, pass: number): [Tensor, Tensor] {
  manualSeed(11 + pass);
  const all = [rows.reduce((sum, count) => sum + count, 0), ...shape];
  return [
    randn(all)
      .mul(2)
      .add(pass + 30)
      .to(dtype),
    randn(all).to(dtype),
  ];
}

export function normOf({ shape, options = {}, dtype }: Case, Norm: typeof nn.SyncBatchNorm): nn.SyncBatchNorm {
  const norm = new Norm(shape[0]!, { ...options, ...(dtype === 'float64' && { dtype }) });
  manualSeed(5);
  for (const parameter of norm.parameters()) parameter.detach().add_(randn([shape[0]!]).to(parameter.dtype));
  return norm;
}

export interface Outcome {
  readonly output: number[];
  readonly inputGradient: number[];
  readonly gradients: number[][];
  readonly buffers: number[][];
}

export const listOf = (values: Tensor): number[] => values.detach().to('float64').flatten().toArray() as number[];

/** Two passes through a norm. @param start - the first row that is this process's. */
export function outcomeOf(
  found: Case,
  norm: nn.Module & { forward(input: Tensor): Tensor },
  start: number,
  rows: number,
): Outcome {
  let last!: Pick<Outcome, 'output' | 'inputGradient'>;
  for (const pass of [0, 1]) {
    const [whole, gradient] = batchOf(found, pass);
    const part = whole.narrow(0, start, rows);
    const input = found.memoryFormat === undefined ? part.clone() : part.contiguous({ memoryFormat: 'channels_last' });
    input.requiresGrad = true;
    const output = norm.forward(input);
    output.backward(gradient.narrow(0, start, rows));
    last = { output: listOf(output), inputGradient: listOf(input.grad!) };
  }
  return {
    ...last,
    gradients: norm.parameters().map(({ grad }) => listOf(grad!)),
    buffers: norm.buffers().map(listOf),
  };
}

/** A small network for pictures whose norms see few rows a rank. */
export function trained(
  wrap: (net: nn.Module) => nn.Module,
  shareOf: (batch: Tensor) => Tensor,
  scaleOf: (rows: number) => number,
): number[] {
  manualSeed(2);
  const net = new nn.Sequential(
    new nn.Conv2d(1, 4, 3),
    new nn.BatchNorm2d(4),
    new nn.ReLU(),
    new nn.Flatten(),
    new nn.Linear(36, 6),
    new nn.BatchNorm1d(6),
  );
  const model = wrap(net) as nn.Module & { forward(input: Tensor): Tensor };
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
  for (let step = 0; step < 4; step++) {
    scope(() => {
      manualSeed(50 + step);
      const input = shareOf(randn([8, 1, 5, 5]).add(step));
      const target = shareOf(randn([8, 6]));
      const loss = model.forward(input).sub(target).square().mean();
      loss.mul(scaleOf(input.size(0))).backward();
      optimizer.step();
      optimizer.zeroGrad();
    });
  }
  return [...model.parameters(), ...model.buffers()].flatMap(listOf);
}
