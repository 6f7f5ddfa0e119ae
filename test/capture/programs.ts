// Random steps: networks of a few parameters, views, writes in place, gradients of gradients, and what happens between steps. A step of a seed is always the same.
import { functional as F, Parameter } from '../../src/nn/index.ts';
import { AdamW, SGD } from '../../src/optim/index.ts';
import { fft, irfft, rfft } from '../../src/tensor/fft.generated.ts';
import {
  AutogradFunction,
  arange,
  autocast,
  CAPTURE_PASSES,
  type CapturePass,
  type CaptureStatus,
  ChangedStepError,
  capture,
  type FunctionContext,
  grad,
  manualSeed,
  noGrad,
  ones,
  randn,
  scope,
  type Tensor,
  zeros,
} from '../../src/tensor/index.ts';
import { avgPool1d, batchNorm, cat, viewAsReal, where } from '../../src/tensor/ops.generated.ts';

/** Numbers of a seed. */
class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = (seed * 2654435761) >>> 0 || 1;
  }
  /** A whole number below `count`. */
  below(count: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * count);
  }
  one<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
}

/** Of [rows, columns] tensors, in which all have six columns, so that anything goes with anything. */
const COLUMNS = 6;
type Pool = Tensor[];
type Move = (pool: Pool) => Tensor;

class Cube extends AutogradFunction {
  static forward(ctx: FunctionContext<readonly [Tensor]>, x: Tensor): Tensor {
    ctx.saveForBackward(x);
    return x.pow(3);
  }
  static backward(ctx: FunctionContext<readonly [Tensor]>, gradient: Tensor): Tensor[] {
    return [gradient.mul(ctx.savedTensors[0].square()).mul(3)];
  }
}

/** Columns in another order, chosen by values. */
const order = (x: Tensor): Tensor => x.argsort({ dim: 1 });

const UNARY: readonly ((x: Tensor) => Tensor)[] = [
  (x) => x.relu(),
  (x) => x.tanh(),
  (x) => x.sigmoid().mul(2),
  (x) => x.clamp({ min: -1, max: 1 }).exp(),
  (x) => x.square().add(0.1).sqrt(),
  (x) => F.gelu(x),
  (x) => F.softmax(x, 1),
  (x) => F.layerNorm(x, [COLUMNS]),
  (x) => F.dropout(x, { p: 0.3 }),
  (x) => x.cumsum(0),
  (x) => x.neg().abs(),
  (x) => x.sub(x.narrow(0, 0, 1)),
  (x) => x.sub(x.mean({ dim: 0, keepdim: true })),
  (x) => x.div(x.norm().add(1)),
  (x) => x.detach(),
  (x) => x.flip([0]),
  (x) => x.contiguous().view([-1]).view([-1, COLUMNS]),
  (x) => x.t().contiguous().t(),
  (x) => x.to({ dtype: 'float64' }).mul(0.5).to({ dtype: 'float32' }),
  (x) => where(x.gt(0), x, x.mul(0.1)),
  (x) => x.maskedFill(x.gt(1), 0.5),
  (x) => x.sort({ dim: 0 })[0],
  (x) => x.max({ dim: 1, keepdim: true })[0].expand([-1, COLUMNS]),
  (x) => x.add(randn([1, COLUMNS])),
  (x) => x.indexSelect(0, arange(x.shape[0]!)),
  (x) => Cube.apply(x.clamp({ min: -1, max: 1 })),
  (x) => irfft(rfft(x, { dim: 1 }), { n: COLUMNS, dim: 1 }),
  (x) => fft(x, { dim: 1 }).abs(),
  (x) =>
    viewAsReal(fft(x, { dim: 1 }))
      .select(2, 1)
      .mul(0.3),
  (x) => x.gather(1, order(x)),
  (x) => x.scatterAdd(1, order(x), x.mul(0.5)),
  (x) => F.embedding(order(x).select(1, 0), x.narrow(0, 0, 1).expand([COLUMNS, -1]).mul(0.7)),
  (x) => avgPool1d(x.unsqueeze(0), 3, { stride: 1, padding: 1 }).select(0, 0),
  (x) => F.maxPool1d(x.unsqueeze(0), 3, { stride: 1, padding: 1 }).select(0, 0),
  (x) => batchNorm(x, undefined, undefined, undefined, undefined, true, 0.1, 1e-5, false),
  (x) => x.topk(COLUMNS, { dim: 1 })[0],
  (x) => x.roll(2, { dims: 1 }).tril({ diagonal: 2 }),
  (x) => x.logsumexp(1, { keepdim: true }).expand([-1, COLUMNS]),
  (x) => x.lerp(x.flip([1]), 0.3),
  (x) => x.to({ dtype: 'bfloat16' }).mul(1.5).to({ dtype: 'float32' }),
  (x) => x.detach().contiguous().view('int32').view('float32').add(1),
  (x) => x.add(x.std({ dim: 1, keepdim: true }).add(1).reciprocal()),
];

const IN_PLACE: readonly ((x: Tensor) => Tensor)[] = [
  (x) => x.clone().add_(1),
  (x) => x.clone().mul_(0.5).tanh_(),
  (x) => {
    const y = x.add(1);
    y.t().mul_(0.5);
    return y;
  },
  (x) => {
    const y = x.clone();
    y.narrow(0, 0, 1).fill_(0.25);
    return y;
  },
  (x) => {
    const y = x.clone();
    y.select(1, 2).add_(y.select(1, 3));
    return y;
  },
  (x) => {
    const y = zeros([x.shape[0]!, COLUMNS]);
    y.narrow(1, 0, 3).copy_(x.narrow(1, 3, 3));
    return y.add(x);
  },
  (x) => {
    const y = x.mul(2);
    y.transpose_(0, 1);
    return y.transpose(0, 1).add(0);
  },
];

/** What one step does, chosen before it is first run. */
function movesOf(dice: Dice, params: readonly Parameter[]): Move[] {
  const [square, row] = params as [Parameter, Parameter];
  return Array.from({ length: 3 + dice.below(12) }, (): Move => {
    const a = dice.below(1000);
    const b = dice.below(1000);
    const take = (pool: Pool, i: number): Tensor => pool[i % pool.length]!;
    switch (dice.below(7)) {
      case 6: {
        const cacheEnabled = dice.below(2) === 0;
        return (pool) =>
          autocast('cpu', () => F.linear(take(pool, a), square), { cacheEnabled }).to({ dtype: 'float32' });
      }
      case 0:
        return (pool) => take(pool, a).matmul(square);
      case 1: {
        const join = dice.below(4);
        return (pool) => {
          const [x, y] = [take(pool, a), take(pool, b)];
          if (join === 0) return cat([x, y]);
          const rows = Math.min(x.shape[0]!, y.shape[0]!);
          const [left, right] = [x.narrow(0, 0, rows), y.narrow(0, y.shape[0]! - rows, rows)];
          return join === 1 ? left.add(right) : join === 2 ? left.mul(right) : left.sub(right, { alpha: 0.5 });
        };
      }
      case 2:
        return (pool) => F.linear(take(pool, a), square.t(), { bias: row });
      case 3: {
        const change = dice.one(IN_PLACE);
        return (pool) => change(take(pool, a));
      }
      default: {
        const change = dice.one(UNARY);
        const isApart = dice.below(8) === 0;
        return (pool) => (isApart ? noGrad(() => change(take(pool, a))) : change(take(pool, a)));
      }
    }
  });
}

/** What happens before some steps; a second function is called behind the step. */
function betweenSteps(dice: Dice, params: readonly Parameter[], held: Tensor[]): (() => void) | undefined {
  const [square, row] = params as [Parameter, Parameter];
  switch (dice.below(24)) {
    case 0:
      square.grad = undefined;
      return undefined;
    case 1:
      row.grad = ones([COLUMNS]);
      return undefined;
    case 2:
      if (square.grad) held.push(square.grad.keep());
      return undefined;
    case 3: {
      const handle = row.registerHook((gradient) => gradient.mul(0.5));
      return () => handle.remove();
    }
    case 4:
      noGrad(() => void square.mul_(0.99));
      return undefined;
    case 5:
      square.setData(square.detach().clone());
      return undefined;
    case 6:
      row.requiresGrad = !row.requiresGrad;
      return () => {
        row.requiresGrad = !row.requiresGrad;
      };
    default:
      return undefined;
  }
}

/** A batch: by itself, or a part of a larger one, turned or not. */
function batchOf(dice: Dice, isSliced: boolean): Tensor {
  const rows = dice.below(6) === 0 ? 3 : 4;
  if (!isSliced) return randn([rows, COLUMNS]);
  const at = dice.below(5);
  return dice.below(4) === 0 ? randn([COLUMNS, 9]).narrow(1, at, rows).t() : randn([12, COLUMNS]).narrow(0, at, rows);
}

/** Steps of a program, as they are written or captured. */
export interface PlayedProgram {
  readonly results: unknown[];
  readonly status: CaptureStatus | undefined;
}

/** Plays the program of a seed. @param isCaptured - with passes that the seed chooses. */
export function playProgram(seed: number, isCaptured: boolean, numSteps: number): PlayedProgram {
  const dice = new Dice(seed);
  manualSeed(seed);
  return scope(() => {
    const params = [new Parameter(randn([COLUMNS, COLUMNS]).mul(0.4)), new Parameter(randn([COLUMNS]))];
    const optimizer = dice.below(2) ? new AdamW(params, { lr: 0.01 }) : new SGD(params, { lr: 0.01, momentum: 0.5 });
    const moves = movesOf(dice, params);
    const clears = dice.below(3);
    const isSecond = dice.below(5) === 0;
    const given = [dice.below(1000), dice.below(1000)];
    const isWriting = dice.below(5) === 0;
    const isSliced = dice.below(3) === 0;
    const isAround = dice.below(8) === 0;
    const isEventful = dice.below(2) === 0;
    const step = (x: Tensor): { loss: Tensor; others: Tensor[] } => {
      if (isWriting) x.mul_(0.5).narrow(1, 0, 2).add_(0.1);
      if (clears === 0) optimizer.zeroGrad();
      const pool: Pool = [x];
      for (const move of moves) pool.push(move(pool));
      let loss = pool
        .slice(-3)
        .reduce((sum, each) => sum.add(each.clamp({ min: -3, max: 3 }).mean()), params[1]!.sum().mul(0.01));
      if (isSecond) {
        const [slope] = grad([loss], [params[1]!], { createGraph: true });
        loss = loss.add(slope!.square().sum());
      }
      loss.backward();
      optimizer.step();
      if (clears === 1) optimizer.zeroGrad();
      return { loss, others: given.map((i) => pool[i % pool.length]!) };
    };
    const all = Object.keys(CAPTURE_PASSES) as CapturePass[];
    const passes = dice.below(2) ? all : all.filter(() => dice.below(2) === 0);
    const captured = isCaptured ? capture(step, { passes }) : undefined;
    const results: unknown[] = [];
    const held: Tensor[] = [];
    for (let i = 0; i < numSteps; i++) {
      optimizer.paramGroups[0]!.lr *= 0.9;
      const after = isEventful ? betweenSteps(dice, params, held) : undefined;
      scope(() => {
        const x = batchOf(dice, isSliced);
        const run = (): void => {
          const { loss, others } = (captured ?? step)(x);
          results.push([loss, ...others, x].map((each) => each.to({ dtype: 'float32' }).toArray()));
        };
        try {
          if (isAround) autocast('cpu', run);
          else run();
        } catch (error) {
          if (error instanceof ChangedStepError) throw error;
          results.push((error as Error).message);
        }
      });
      after?.();
      results.push(params.map((each) => [each.toArray(), each.grad?.toArray()]));
    }
    results.push(held.map((each) => each.toArray()));
    for (const each of held) each.dispose();
    const status = captured?.status;
    captured?.dispose();
    return { results, status };
  });
}
