// Models from a seed, before and after 20 steps, against what torchvision and transformers recorded: the same keys, the same bits, with dropout and without.
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { libtorchVersion, load, manualSeed, setNumThreads, type Tensor } from '../../src/index.ts';
import { digest, type Fingerprint, fingerprint } from '../parity/fingerprint.ts';
import { expectClose } from '../parity/reference.ts';
import { logitsOf, makeBatches, makeOptimizer, NETWORKS, range, train } from './networks.ts';

interface Recorded {
  readonly keys: string[];
  /** Digests of the whole state. */
  readonly start: string;
  readonly end: string;
  readonly losses: number[];
  /** Every seventh logit, 40 of them. */
  readonly before: Tensor;
  readonly after: Tensor;
}

interface File {
  readonly torch: string;
  readonly fingerprint: Fingerprint;
  readonly cases: Readonly<Record<string, Readonly<Record<string, Recorded>>>>;
}

setNumThreads(1);
const file = (await load(fileURLToPath(new URL('../fixtures/models/recorded.pt', import.meta.url)))) as File;
const isSameVersion = file.torch === libtorchVersion();
const own = fingerprint();
const drawsSame = isSameVersion && own.normals === file.fingerprint.normals;
const isExact = isSameVersion && JSON.stringify(own) === JSON.stringify(file.fingerprint);
if (!isSameVersion) console.log(`skipped, models from a seed: expected libtorch ${file.torch}`);
else if (!isExact) console.log('skipped, bits of models after training: the kernels are others here');

const sample = (logits: Tensor): Tensor =>
  logits.flatten().index(range(0, Math.min(40, Math.ceil(logits.numel / 7))).map((i) => 7 * i));

it('every model that is recorded is compared', () => {
  expect(Object.keys(file.cases)).toEqual(Object.keys(NETWORKS));
});

const rows = Object.entries(file.cases).flatMap(([name, byDropout]) =>
  Object.entries(byDropout).map(([dropout, recorded]) => [name, Number(dropout), recorded] as const),
);

describe.runIf(isSameVersion).each(rows)('%s with dropout %d', (name, dropout, recorded) => {
  const results = { start: '', end: '', losses: [] as number[] };
  let keys: string[];
  let before: Tensor;
  let after: Tensor;

  beforeAll(() => {
    manualSeed(5);
    const network = NETWORKS[name]!(dropout);
    const batches = makeBatches(name);
    const state = network.model.stateDict();
    keys = Object.keys(state);
    results.start = digest(...Object.values(state));
    before = sample(logitsOf(network, batches[0]!));
    manualSeed(13);
    results.losses = train(network, makeOptimizer(network.model), batches, range(0, 20));
    results.end = digest(...Object.values(network.model.stateDict()));
    after = sample(logitsOf(network, batches[0]!));
  }, 60_000);

  it('has the same keys in the same order', () => {
    expect(keys).toEqual(recorded.keys);
  });

  it.runIf(drawsSame)('starts with the same weights', () => {
    expect(results.start).toBe(recorded.start);
  });

  it.runIf(isExact)('learns the same weights', () => {
    expect(results.losses).toEqual(recorded.losses);
    expect(results.end).toBe(recorded.end);
  });

  it('gives the same logits before and after training', () => {
    expectClose(before, recorded.before, isExact ? 1e-6 : 1e-4);
    expectClose(after, recorded.after, isExact ? 1e-6 : 0.05);
  });
});
