// One rank: values of JavaScript to and from the others. What came is printed as JSON.
import {
  allGatherObject,
  broadcastObject,
  destroyProcessGroup,
  gatherObject,
  initProcessGroup,
  newGroup,
  scatterObject,
} from '../../src/distributed/index.ts';
import { arange, type Tensor, tensor } from '../../src/index.ts';

const { rank, size } = await initProcessGroup({ timeoutMs: 20_000 });
const shown = (value: unknown): string => {
  if (value instanceof Map) return `map ${[...value].map(([key, each]) => `${key}=${shown(each)}`).join()}`;
  if (value instanceof Set) return `set ${[...value].join()}`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} ${String(value)}`;
  return typeof value === 'object' ? JSON.stringify(value) : `${typeof value} ${String(value)}`;
};
const problem = (run: () => unknown): string => {
  try {
    return shown(run());
  } catch (error) {
    return (error as Error).message;
  }
};

const ragged = { rank, text: 'ä'.repeat(10 ** rank), weights: arange(rank + 1).mul(0.5) };
const all = allGatherObject(ragged);
const gathered = gatherObject({ rank, big: 2n ** 70n }, { dst: 1 });
const [kept, whole] = [
  broadcastObject(rank === 1 ? { half: tensor([[1.5], [-2]], { dtype: 'float16' }), none: undefined } : undefined, {
    src: 1,
  }),
  broadcastObject(
    rank === 0
      ? new Map<string, unknown>([
          ['a', new Set([1, 2])],
          ['b', new Float64Array([0.1])],
        ])
      : 0,
    { src: 0 },
  ),
];
const part = scatterObject<unknown>({
  src: 0,
  ...(rank === 0 && {
    values: Array.from({ length: size }, (_, i) => ({ seed: i * 7, state: tensor([i], { dtype: 'int64' }) })),
  }),
}) as { seed: number; state: Tensor };
const evens = await newGroup([0, size - 1]);
const results = {
  all: all.map((each) => [each.rank, each.text.length, each.weights.toArray()]),
  gathered: gathered?.map((each) => [each.rank, String(each.big)]) ?? 'nothing',
  half: [kept!.half.dtype, kept!.half.shape, kept!.half.toArray(), 'none' in kept!],
  whole: shown(whole),
  part: [part.seed, String(part.state.item())],
  subgroup: evens ? allGatherObject(rank, { group: evens }) : 'outside',
  refused: [
    problem(() => allGatherObject({ a: [() => 1] })),
    problem(() => allGatherObject({ b: new (class Own {})() })),
    problem(() => allGatherObject({ 'sconce/tensor': 0 })),
    problem(() => scatterObject({ src: 0, values: [1] })),
  ],
};
destroyProcessGroup();
console.log(JSON.stringify(results));
