// Joins batches that several datasets gave: what collating all their samples together would have made.
import { ShapeError } from '../../errors.ts';
import { adopt, scope, Tensor, tensor } from '../../tensor/index.ts';
import { cat } from '../../tensor/ops.generated.ts';

/** Where the rows of the joined batch come from, counted through all the batches. */
interface Places {
  readonly numbers: Int32Array;
  readonly tensor: Tensor;
}

/**
 * Joins batches into one, whose row `slots[i]` is row i of all of them, one behind the other. Goes into arrays and plain objects, as collating does.
 * It takes the batches over: nothing is left of them.
 * @throws {TypeError} or {ShapeError} naming what does not fit together.
 */
export function joinBatches<B>(batches: readonly B[], slots: readonly number[]): B {
  const numbers = new Int32Array(slots.length);
  slots.forEach((slot, i) => {
    numbers[slot] = i;
  });
  return scope(() => join(adopt(batches), { numbers, tensor: tensor(numbers) }, 'batch') as B); // it has the structure of each
}

function join(batches: readonly unknown[], places: Places, path: string): unknown {
  const [first] = batches;
  if (batches.every((batch) => batch instanceof Tensor)) return joinTensors(batches, places, path);
  if (batches.every((batch) => Array.isArray(batch))) {
    if (batches.every(isTexts)) {
      const texts = batches.flat();
      return Array.from(places.numbers, (place) => texts[place]);
    }
    const odd = batches.find((batch) => batch.length !== batches[0]!.length);
    if (odd) throw misfit(path, `${batches[0]!.length} elements from every dataset`, `${odd.length}`);
    return batches[0]!.map((_: unknown, i: number) => {
      const inner = batches.map((batch) => batch[i]);
      return join(inner, places, `${path}[${i}]`);
    });
  }
  if (batches.every(isPlainObject)) {
    const keys = Object.keys(batches[0]!);
    const odd = batches.find((batch) => Object.keys(batch).sort().join() !== [...keys].sort().join());
    if (odd)
      throw misfit(path, `the keys ${keys.join(', ')} from every dataset`, Object.keys(odd).join(', ') || 'none');
    return Object.fromEntries(
      keys.map((key) => [key, join(batches.map((batch) => batch[key]), places, `${path}.${key}`)]), // biome-ignore format: one thought
    );
  }
  const got = first === null ? 'null' : typeof first;
  throw misfit(path, 'tensors, texts, arrays or plain objects, the same from every dataset', got);
}

function joinTensors(tensors: readonly Tensor[], places: Places, path: string): Tensor {
  const [first, ...others] = tensors as [Tensor, ...Tensor[]];
  const describe = ({ dtype, shape }: Tensor): string => `${dtype} [${shape.slice(1).join(', ')}]`;
  const odd = others.find((other) => describe(other) !== describe(first));
  if (odd) {
    throw new ShapeError(
      `Cannot join ${path}: expected samples of ${describe(first)} from every dataset, got ${describe(odd)}`,
    );
  }
  return cat(tensors).indexSelect(0, places.tensor.to(first.device)); // [n1, ...], [n2, ...] -> [n1 + n2, ...]
}

const isTexts = (batch: readonly unknown[]): boolean => batch.every((text) => typeof text === 'string');

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function misfit(path: string, wanted: string, got: string): TypeError {
  return new TypeError(`Cannot join ${path}: expected ${wanted}, got ${got}`);
}
