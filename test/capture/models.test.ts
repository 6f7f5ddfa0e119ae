// Captured steps beside the same steps as they are written: every loss, parameter, buffer and state of an optimizer, bit for bit.
import { describe, expect, test } from 'vitest';
import * as nn from '../../src/nn/index.ts';
import { AdamW, type AnyOptimizer, clipGradNorm_, SGD } from '../../src/optim/index.ts';
import {
  autocast,
  type CaptureStatus,
  capture,
  checkpoint,
  manualSeed,
  randint,
  randn,
  scope,
  type Tensor,
} from '../../src/tensor/index.ts';
import { cat } from '../../src/tensor/ops.generated.ts';

const F = nn.functional;

/** A model, what trains it, and what one step is. */
interface Trial {
  readonly modules: readonly nn.Module[];
  readonly optimizers: readonly AnyOptimizer[];
  readonly step: (...batch: Tensor[]) => Tensor | readonly Tensor[];
  readonly batch: () => Tensor[];
}

const features = (): Tensor => randn([6, 12]);
const classes = (): Tensor => randint(0, 5, [6]);
const pictures = (): Tensor => randn([4, 3, 12, 12]);
const tokens = (): Tensor => randint(0, 20, [3, 8]);

type Layer = nn.Module & { forward(x: Tensor): Tensor };

/** A step of one model and one optimizer: the usual one. */
function usual(
  model: Layer,
  input: () => Tensor,
  options: {
    loss?: (output: Tensor, target: Tensor) => Tensor;
    target?: (count: number) => Tensor;
    clip?: number;
  } = {},
): Trial {
  const optimizer = new AdamW(model.parameters(), { lr: 1e-2 });
  const { loss = F.crossEntropy, target = (count) => randint(0, 5, [count]) } = options;
  return {
    modules: [model],
    optimizers: [optimizer],
    step: (x, y) => {
      optimizer.zeroGrad();
      const value = loss(model.forward(x!), y!);
      value.backward();
      if (options.clip !== undefined) clipGradNorm_(model.parameters(), options.clip);
      optimizer.step();
      return value;
    },
    batch: () => {
      const x = input();
      return [x, target(x.shape[0]!)];
    },
  };
}

class Residual extends nn.Module {
  readonly first = new nn.Conv2d(3, 6, 3, { padding: 1 });
  readonly norm = new nn.BatchNorm2d(6);
  readonly shortcut = new nn.Conv2d(3, 6, 1);
  readonly pool = new nn.AdaptiveAvgPool2d(1);
  readonly head = new nn.Linear(6, 5);
  forward(x: Tensor): Tensor {
    const mixed = F.relu(this.norm.forward(this.first.forward(x)).add(this.shortcut.forward(x)));
    return this.head.forward(this.pool.forward(mixed).flatten({ startDim: 1 }));
  }
}

class Attention extends nn.Module {
  readonly norm = new nn.LayerNorm(16);
  readonly qkv = new nn.Linear(16, 48);
  readonly project = new nn.Linear(16, 16);
  forward(x: Tensor): Tensor {
    const [b, t] = x.shape as [number, number];
    const parts = this.qkv.forward(this.norm.forward(x)).split(16, { dim: 2 });
    const [q, k, v] = parts.map((part) => part.view([b, t, 2, 8]).transpose(1, 2)) as [Tensor, Tensor, Tensor];
    const mixed = F.scaledDotProductAttention(q, k, v, { isCausal: true });
    return x.add(this.project.forward(mixed.transpose(1, 2).reshape([b, t, 16])));
  }
}

/** A language model whose first and last layer share their weights. */
class Language extends nn.Module {
  readonly embedding = new nn.Embedding(20, 16);
  readonly blocks = new nn.Sequential(new Attention(), new Attention());
  readonly dropout = new nn.Dropout(0.1);
  forward(x: Tensor): Tensor {
    const mixed = this.blocks.forward(this.dropout.forward(this.embedding.forward(x)));
    return F.linear(mixed, this.embedding.weight).flatten({ startDim: 0, endDim: 1 });
  }
}

class Recurrent extends nn.Module {
  readonly embedding = new nn.Embedding(20, 8);
  readonly lstm = new nn.LSTM(8, 10, { batchFirst: true });
  readonly gru = new nn.GRU(10, 6, { batchFirst: true });
  readonly head = new nn.Linear(6, 5);
  forward(x: Tensor): Tensor {
    const [first] = this.lstm.forward(this.embedding.forward(x));
    const [second] = this.gru.forward(first);
    return this.head.forward(second.select(1, -1));
  }
}

class Encoder extends nn.Module {
  readonly embedding = new nn.Embedding(20, 16);
  readonly layers = new nn.TransformerEncoder(
    new nn.TransformerEncoderLayer(16, 2, { dimFeedforward: 24, dropout: 0.1, batchFirst: true }),
    2,
  );
  readonly head = new nn.Linear(16, 5);
  forward(x: Tensor): Tensor {
    return this.head.forward(this.layers.forward(this.embedding.forward(x)).mean({ dim: 1 }));
  }
}

class Bags extends nn.Module {
  readonly bag = new nn.EmbeddingBag(20, 8, { mode: 'mean' });
  readonly norm = new nn.RMSNorm([8]);
  readonly head = new nn.Linear(8, 5);
  forward(x: Tensor): Tensor {
    return this.head.forward(this.norm.forward(this.bag.forward(x)));
  }
}

const mlp = (...between: Layer[]): nn.Sequential =>
  new nn.Sequential(new nn.Linear(12, 16), ...between, new nn.ReLU(), new nn.Linear(16, 5));

function accumulating(): Trial {
  const model = mlp(new nn.LayerNorm(16));
  const optimizer = new SGD(model.parameters(), { lr: 0.05, momentum: 0.9, nesterov: true });
  let count = 0;
  const add = capturedOrNot((x: Tensor, y: Tensor) => {
    const loss = F.crossEntropy(model.forward(x), y).div(3);
    loss.backward();
    return loss;
  });
  const update = capturedOrNot(() => {
    clipGradNorm_(model.parameters(), 0.5);
    optimizer.step();
    return [];
  });
  const step = (x?: Tensor, y?: Tensor): Tensor => {
    const loss = add(x!, y!);
    count += 1;
    if (count % 3 === 0) {
      update();
      optimizer.zeroGrad();
    }
    return loss;
  };
  return { modules: [model], optimizers: [optimizer], step, batch: () => [features(), classes()] };
}

/** Set while a trial is made that captures its parts itself. */
let capturesParts = false;
const parts: { readonly status: CaptureStatus }[] = [];
function capturedOrNot<A extends readonly unknown[], R>(step: (...args: A) => R): (...args: A) => R {
  if (!capturesParts) return step;
  const captured = capture(step);
  parts.push(captured);
  return captured;
}

/** Two optimizers that take turns in one step, as in adversarial training. */
function adversarial(): Trial {
  const generator = new nn.Sequential(
    new nn.Linear(4, 16),
    new nn.LeakyReLU({ negativeSlope: 0.2 }),
    new nn.Linear(16, 12),
    new nn.Tanh(),
  );
  const critic = new nn.Sequential(new nn.Linear(12, 16), new nn.GELU(), new nn.Linear(16, 1));
  const [a, b] = [new AdamW(generator.parameters(), { lr: 1e-3 }), new SGD(critic.parameters(), { lr: 1e-2 })];
  const step = (real?: Tensor): readonly Tensor[] => {
    const made = generator.forward(randn([6, 4]));
    b.zeroGrad();
    const judged = critic.forward(cat([real!, made.detach()]));
    const second = F.softplus(judged.narrow(0, 6, 6))
      .mean()
      .sub(judged.narrow(0, 0, 6).mean());
    second.backward();
    b.step();
    a.zeroGrad();
    const first = F.softplus(critic.forward(made).neg()).mean();
    first.backward();
    a.step();
    return [first, second];
  };
  return { modules: [generator, critic], optimizers: [a, b], step, batch: () => [features()] };
}

const pooled = (channels: number): [nn.AdaptiveAvgPool2d, nn.Flatten, nn.Linear] => [
  new nn.AdaptiveAvgPool2d(1),
  new nn.Flatten(),
  new nn.Linear(channels, 5),
];

const TRIALS: Readonly<Record<string, () => Trial>> = {
  'an MLP with dropout': () => usual(mlp(new nn.Dropout(0.3)), features),
  'an MLP with batch norm, clipped': () => usual(mlp(new nn.BatchNorm1d(16)), features, { clip: 0.1 }),
  'convolutions with batch norm and pooling': () =>
    usual(
      new nn.Sequential(
        ...[new nn.Conv2d(3, 8, 3, { padding: 1 }), new nn.BatchNorm2d(8), new nn.ReLU(), new nn.MaxPool2d(2)],
        ...[new nn.Conv2d(8, 8, 3, { groups: 8 }), new nn.GroupNorm(2, 8), new nn.SiLU(), new nn.AvgPool2d(2)],
        ...[new nn.Dropout2d(0.2), ...pooled(8)],
      ),
      pictures,
    ),
  'transposed convolutions, instance norm, interpolation': () =>
    usual(
      new nn.Sequential(
        ...[new nn.ConvTranspose2d(3, 4, 2, { stride: 2 }), new nn.InstanceNorm2d(4, { affine: true }), new nn.ELU()],
        ...[new nn.Upsample({ scaleFactor: 0.5, mode: 'bilinear' }), new nn.ReflectionPad2d(1), ...pooled(4)],
      ),
      pictures,
    ),
  'a residual network': () => usual(new Residual(), pictures),
  'a language model with attention and shared weights': () =>
    usual(new Language(), tokens, { target: (count) => randint(0, 20, [count * 8]) }),
  'a transformer encoder': () => usual(new Encoder(), tokens),
  'LSTM and GRU': () => usual(new Recurrent(), tokens),
  'bags of embeddings': () => usual(new Bags(), tokens),
  'autocast in bfloat16': () => {
    const model = mlp(new nn.Tanh());
    const forward = (x: Tensor): Tensor => autocast('cpu', () => model.forward(x), { dtype: 'bfloat16' });
    const trial = usual(model, features);
    const [optimizer] = trial.optimizers;
    const step = (x?: Tensor, y?: Tensor): Tensor => {
      optimizer!.zeroGrad();
      const loss = F.crossEntropy(forward(x!).to({ dtype: 'float32' }), y!);
      loss.backward();
      optimizer!.step();
      return loss;
    };
    return { ...trial, step };
  },
  'accumulation in parts, clipped': accumulating,
  'two optimizers that take turns': adversarial,
  'blocks that run again in backward': () => {
    const block = (): nn.Sequential => new nn.Sequential(new nn.Linear(16, 16), new nn.BatchNorm1d(16), new nn.GELU());
    const blocks = [block(), block(), block()] as const;
    const [first, last] = [new nn.Linear(12, 16), new nn.Linear(16, 5)];
    const model = new nn.ModuleList([first, ...blocks, last]);
    const optimizer = new AdamW(model.parameters(), { lr: 1e-2 });
    const step = (x?: Tensor, y?: Tensor): Tensor => {
      optimizer.zeroGrad();
      const again = (h: Tensor): Tensor => checkpoint((g) => blocks[1].forward(g).sin(), [blocks[0].forward(h)]);
      const hidden = checkpoint((h) => blocks[2].forward(again(h)), [first.forward(x!)]);
      const loss = F.crossEntropy(last.forward(hidden), y!);
      loss.backward();
      optimizer.step();
      return loss;
    };
    return { modules: [model], optimizers: [optimizer], step, batch: () => [features(), classes()] };
  },
  'a contrastive loss': () => {
    const [left, right] = [new nn.Linear(12, 8), new nn.Linear(12, 8)];
    const optimizer = new AdamW([...left.parameters(), ...right.parameters()], { lr: 1e-2 });
    const step = (x?: Tensor, y?: Tensor): Tensor => {
      optimizer.zeroGrad();
      const [a, b] = [F.normalize(left.forward(x!)), F.normalize(right.forward(x!.add(0.1)))];
      const similarity = a.matmul(b.t()).div(0.1);
      const places = y!;
      const loss = F.crossEntropy(similarity, places).add(F.crossEntropy(similarity.t(), places)).div(2);
      loss.backward();
      optimizer.step();
      return loss;
    };
    return { modules: [left, right], optimizers: [optimizer], step, batch: () => [features(), randint(0, 6, [6])] };
  },
  'a regression in float64': () => {
    const model = mlp(new nn.Softplus()).to({ dtype: 'float64' });
    const target = (count: number): Tensor => randn([count, 5], { dtype: 'float64' });
    return usual(model, () => randn([6, 12], { dtype: 'float64' }), { loss: F.smoothL1Loss, target });
  },
};

/** Every number that a trial ends with. */
function everything({ modules, optimizers }: Trial): unknown[] {
  const tensors = modules.flatMap((module) => Object.values(module.stateDict()));
  const states = optimizers.flatMap((optimizer) =>
    [...optimizer.stateDict().state.values()].flatMap((state) => Object.values(state)),
  );
  return [...tensors, ...states].map((value) => (typeof value === 'object' ? (value as Tensor).toArray() : value));
}

const NUM_STEPS = 200;

function play(
  make: () => Trial,
  isCaptured: boolean,
): { losses: unknown[]; state: unknown[]; status: CaptureStatus[] } {
  manualSeed(3);
  capturesParts = isCaptured;
  parts.length = 0;
  const trial = make();
  const whole = isCaptured && parts.length === 0 ? capture(trial.step) : undefined;
  const step = whole ?? trial.step;
  const batches = Array.from({ length: 7 }, trial.batch);
  const losses: unknown[] = [];
  for (let i = 0; i < NUM_STEPS; i++) {
    for (const optimizer of trial.optimizers) optimizer.paramGroups[0]!.lr *= 0.995;
    scope(() => {
      const given = step(...batches[i % 7]!);
      losses.push(Array.isArray(given) ? given.map((each: Tensor) => each.item()) : (given as Tensor).item());
    });
  }
  return { losses, state: everything(trial), status: (whole ? [whole] : [...parts]).map(({ status }) => status) };
}

describe(`${NUM_STEPS} captured steps are those that are written`, () => {
  test.each(Object.keys(TRIALS))('%s', (name) => {
    const plain = play(TRIALS[name]!, false);
    const captured = play(TRIALS[name]!, true);
    for (const status of captured.status) {
      expect(status.refusal).toBeUndefined();
      expect(status.numReplayed).toBeGreaterThan(status.numEager);
    }
    expect(captured.losses).toEqual(plain.losses);
    expect(captured.state).toEqual(plain.state);
  });
});
