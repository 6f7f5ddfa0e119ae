// Which kernels compute here: the digests of test/fixtures/parity/fingerprint.py, by the libtorch under test.
import { createHash } from 'node:crypto';
import {
  arange,
  empty,
  eye,
  Generator,
  grad,
  linalg,
  nn,
  poisson,
  rand,
  randn,
  randperm,
  scope,
  type Tensor,
  zeros,
} from '../../src/index.ts';

const { functional: F } = nn;

/** Families of kernels. */
export const FAMILIES = {
  /** Uniform and normal draws, which initialisers are made of. */
  normals,
  /** Draws of every other kind. */
  draws,
  /** Functions by element, and sums along memory. */
  vectors,
  /** Matrix products and convolutions. */
  products,
  /** LAPACK. */
  factorisations,
} as const;

/** A digest for each family. */
export type Fingerprint = Readonly<Record<keyof typeof FAMILIES, string>>;

/** SHA-256 of the elements' bytes, in order. */
export function digest(...tensors: readonly Tensor[]): string {
  const joined = createHash('sha256');
  for (const value of tensors) joined.update(value.detach().toBytes());
  return joined.digest('hex');
}

/** Numbers whose sums are rounded, so that their order shows; one division rounds alike everywhere. */
function grid(...shape: number[]): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return arange(count).mul(37).remainder(101).sub(50).to('float64').div(97).reshape(shape).to('float32');
}

function normals(): Tensor[] {
  const generator = new Generator(3);
  return [
    ...[rand, randn].flatMap((draw) => [5, 40, 1000].map((size) => draw([size], { generator }))),
    ...[5, 40].flatMap((size) =>
      (['float64', 'bfloat16'] as const).map((dtype) => randn([size], { dtype, generator })),
    ),
    zeros([40, 9]).t().normal_({ generator }),
    randperm(30, { generator }),
  ];
}

function draws(): Tensor[] {
  const generator = new Generator(4);
  const fresh: ((into: Tensor) => Tensor)[] = [
    (into) => into.exponential_({ generator }),
    (into) => into.bernoulli_({ p: 0.3, generator }),
    (into) => into.logNormal_({ generator }),
    (into) => into.geometric_(0.3, { generator }),
    (into) => into.cauchy_({ generator }),
  ];
  return [
    ...fresh.flatMap((draw) => [5, 40, 1000].map((size) => draw(empty([size])))),
    poisson(grid(50).abs().mul(20), { generator }),
    grid(3, 20).abs().multinomial(6, { generator }),
  ];
}

function vectors(): Tensor[] {
  const x = grid(6, 50);
  const positive = x.abs().add(0.25);
  return [
    ...[x.exp(), x.tanh(), x.sigmoid(), x.erf(), x.sin(), x.rsqrt(), F.gelu(x), F.silu(x)],
    ...[positive.log(), positive.log1p(), positive.sqrt()],
    ...[x.sum(), x.sum({ dim: [0] }), x.sum({ dim: [1] }), x.var({ dim: [1] })],
    ...[x.softmax(1), x.logSoftmax(0), x.cumsum(1), x.norm(), F.layerNorm(x, [50])],
  ];
}

function products(): Tensor[] {
  const made: Tensor[] = [];
  for (const [m, k, n] of [
    [1, 4, 3],
    [16, 8, 16],
    [16, 16, 4],
    [33, 65, 17],
    [64, 128, 96],
  ] as const) {
    // biome-ignore format: sizes
    const [a, b] = [grid(m, k).requiresGrad_(), grid(n, k).mul(0.5).requiresGrad_()];
    const output = F.linear(a, b, { bias: grid(n) });
    made.push(output, ...grad([output], [a, b], { gradOutputs: [grid(m, n)] }));
    made.push(a.matmul(b.T), a.to('float64').matmul(b.to('float64').T));
  }
  made.push(grid(3, 7, 9).bmm(grid(3, 9, 5)), grid(9, 20).matmul(grid(20)), grid(30).dot(grid(30)));
  const [signal, picture, volume] = [grid(2, 4, 9), grid(2, 4, 6, 7), grid(2, 2, 4, 5, 3)];
  for (const [convolve, input, weight] of [
    [F.conv1d, signal, grid(6, 4, 3)],
    [F.conv2d, picture, grid(8, 4, 3, 3)],
    [F.conv3d, volume, grid(3, 2, 2, 2, 2)],
  ] as const) {
    const leaves = [input.requiresGrad_(), weight.requiresGrad_()] as const;
    const output = convolve(...leaves, { padding: 1 });
    made.push(output, ...grad([output], leaves, { gradOutputs: [grid(...output.shape)] }));
  }
  return made;
}

function factorisations(): Tensor[] {
  const a = grid(12, 9);
  const square = a.T.matmul(a).add(eye(9));
  const decomposed = [...linalg.qr(a), ...linalg.qr(grid(40, 30)), linalg.svdvals(a)];
  return [...decomposed, linalg.cholesky(square), linalg.inv(square)];
}

/** On one thread, as fingerprint.py. */
export function fingerprint(): Fingerprint {
  const digests = Object.entries(FAMILIES).map(([name, family]) => [name, scope(() => digest(...family()))]);
  return Object.fromEntries(digests) as Fingerprint;
}
