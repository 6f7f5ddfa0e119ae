// `compose`: transforms one after the other, as a function that loaders and datasets take.
import { ShapeError } from '../../errors.ts';
import { getScope } from '../../tensor/call.ts';
import { scope, Tensor } from '../../tensor/index.ts';
import { cat } from '../../tensor/ops.generated.ts';
import { RandomChoice } from './choice.ts';
import { Draws, type TransformContext } from './draws.ts';
import { Mixing } from './mixing.ts';
import { TransformProblems } from './options.ts';
import { describe } from './pictures.ts';
import { applyAll, placesOf, Transform, type TransformLike } from './transform.ts';

/** What `compose` takes in its list. */
export type ComposeStep = TransformLike | Mixing;

export interface ComposeOptions {
  /** Where a batch or sample that is no tensor has its pictures. Default 'image' of an object, 0 of an array. */
  readonly key?: string | number | undefined;
  /** Where it has its labels, for `MixUp` and `CutMix`. Default: 'label' of an object or, where it has none, 'target', as samples of `ImageFolder` have it; 1 of an array. */
  readonly target?: string | number | undefined;
}

/** Changes a batch in the place where `BatchContext` says, or a sample where `SampleContext` says. */
export type PictureTransform = <B>(batch: B, context: TransformContext) => B;

/** Several transforms as one function, for `transform` of a `DataLoader` (batches) and of a `TransformedDataset` (samples).
 *  It takes pictures [N, C, H, W] with the context of a batch, a picture [C, H, W] with that of a sample; or an object or array that holds them, of which everything else stays as it is.
 *  What picture i becomes follows from the seed of its sample and the place of each transform in the list alone: not from its place in the batch, from the
 *  other pictures (but for `MixUp` and `CutMix`), from workers, or from where a run was resumed. Adding a transform at the end changes nothing before it.
 *
 *  Ownership: gives new tensors, which are the caller's, or those that came where nothing was changed; frees what it makes in between, and no tensor that came.
 *  A loader frees the batch that it handed in.
 *  @param transforms - transforms, functions of pictures [N, C, H, W], and for batches `MixUp` and `CutMix`.
 *  @throws {ConfigError} for what is none of them.  The function throws a ShapeError for what holds no pictures.
 *  Source: torchvision.transforms.v2.Compose.
 *  @example
 *  import { DataLoader, TensorDataset, transforms } from 'sconce/data';
 *  const dataset = new TensorDataset({ image: rand([10, 3, 32, 32]), label: arange(10) });
 *  const transform = transforms.compose([
 *    new transforms.RandomCrop(32, { padding: 4 }),
 *    new transforms.RandomHorizontalFlip(),
 *    new transforms.Normalize([0.5], [0.25]),
 *  ]);
 *  const batch = dataset.getBatch(Int32Array.of(3, 7));
 *  transform(batch, { seed: 1, epoch: 0, position: 0, indices: Int32Array.of(3, 7) }).image.shape; // [2, 3, 32, 32] */
export function compose(transforms: readonly ComposeStep[], options: ComposeOptions = {}): PictureTransform {
  const problems = new TransformProblems('pipeline of transforms', options, ['key', 'target']);
  const isList = Array.isArray(transforms);
  problems.expect(isList, 'transforms', { wanted: 'a list', got: describe(transforms) });
  for (const [at, step] of isList ? transforms.entries() : []) {
    const isStep = step instanceof Transform || step instanceof Mixing || typeof step === 'function';
    problems.expect(isStep, `transforms[${at}]`, { wanted: 'a transform or a function', got: describe(step) });
  }
  problems.check();
  const steps = [...transforms];
  return (batch, context) => scope(() => transformBatch(steps, options, batch, context), 'transforms');
}

function transformBatch<B>(
  steps: readonly ComposeStep[],
  options: ComposeOptions,
  batch: B,
  context: TransformContext,
): B {
  checkContext(context);
  const isArray = Array.isArray(batch);
  const key = options.key ?? (isArray ? 0 : 'image');
  const found = batch instanceof Tensor ? batch : entry(batch, key);
  const images = picturesOf(found, context);
  const isMixed = steps.some(isMixing);
  const target = options.target ?? (isArray ? 1 : Object.hasOwn(Object(batch), 'label') ? 'label' : 'target');
  const labels = isMixed ? labelsOf(batch, target) : undefined;
  const result = applySteps(steps, images, labels, Draws.from(context));
  const changed = 'indices' in context ? result.images : result.images.squeeze({ dim: 0 });
  const whole = result.images === images ? (found as Tensor) : changed.contiguous(); // found was checked to be a tensor
  if (batch instanceof Tensor) return whole as B; // B is Tensor here, and below an object with these entries
  const copy = (isArray ? [...batch] : { ...batch }) as Record<string | number, unknown>;
  copy[key] = whole;
  if (isMixed) copy[target] = result.labels;
  return copy as B;
}

/** Whether a step changes labels too. */
function isMixing(step: ComposeStep): step is Mixing | RandomChoice {
  return step instanceof Mixing || (step instanceof RandomChoice && step.isMixing);
}

interface Pictures {
  readonly images: Tensor;
  readonly labels: Tensor | undefined;
}

/** Applies the steps, and frees what no later one needs. */
function applySteps(steps: readonly ComposeStep[], images: Tensor, labels: Tensor | undefined, draws: Draws): Pictures {
  let current: Pictures = { images, labels };
  let place = 0;
  for (const stage of stagesOf(steps)) {
    const here = draws.after(place);
    const { images: before, labels: target } = current;
    const next: Pictures = scope(() =>
      stage.mixing
        ? stage.mixing.mix(before, target!, here) // there are labels where a step mixes
        : { images: applyInParts(stage.transforms, before, here), labels: target },
    );
    if (next.images !== before && before !== images && before.scope === getScope()) before.dispose();
    current = next;
    place += stage.mixing ? placesOf(stage.mixing) : stage.transforms.reduce((sum, step) => sum + placesOf(step), 0);
  }
  return current;
}

/** Steps that are applied together: one that mixes a batch, or transforms of pictures. */
interface Stage {
  readonly mixing?: Mixing | RandomChoice;
  readonly transforms: readonly TransformLike[];
}

/** Transforms one after the other make one stage. A function may look at the whole batch, and is one of its own. */
function stagesOf(steps: readonly ComposeStep[]): Stage[] {
  const stages: { mixing?: Mixing | RandomChoice; transforms: TransformLike[]; isOpen: boolean }[] = [];
  for (const step of steps) {
    const last = stages.at(-1);
    if (isMixing(step)) stages.push({ mixing: step, transforms: [], isOpen: false });
    else if (last?.isOpen && step instanceof Transform) last.transforms.push(step);
    else stages.push({ transforms: [step], isOpen: step instanceof Transform });
  }
  return stages;
}

/** Elements of the pictures that are changed together: half a MiB as float32, so that a few such tensors lie in a core's cache. */
const PART = 2 ** 17;

/** Applies transforms to a few pictures at a time, where several tensors are made in between. A picture's bits do not depend on that. */
function applyInParts(transforms: readonly TransformLike[], images: Tensor, draws: Draws): Tensor {
  const count = images.size(0);
  const numGroups = Math.max(...transforms.map((one) => (one instanceof Transform ? one.numGroups : 1)));
  const length = Math.max(1, Math.floor((PART * numGroups * count) / Math.max(1, images.numel)));
  const isDeep = transforms.length > 1 || transforms.some((one) => one instanceof Transform && one.hasManySteps);
  if (!isDeep || length >= count) return applyAll(transforms, images, draws);
  const parts: Tensor[] = [];
  for (let start = 0; start < count; start += length) {
    const rows = Array.from({ length: Math.min(length, count - start) }, (_, at) => start + at);
    parts.push(scope(() => applyAll(transforms, images.narrow(0, start, rows.length), draws.select(rows))));
  }
  return cat(parts);
}

function checkContext(context: TransformContext): void {
  if (typeof context === 'object' && context !== null && Number.isSafeInteger(context.seed)) return;
  throw new TypeError(
    `Cannot transform pictures: expected the context of a batch or a sample with its seed, got ${describe(context)}; a pipeline inside of another is spread into its list`,
  );
}

function entry(batch: unknown, key: string | number): unknown {
  if (typeof batch === 'object' && batch !== null && Object.hasOwn(batch, key))
    return (batch as Record<string | number, unknown>)[key];
  const got =
    typeof batch === 'object' && batch !== null
      ? `one with ${Object.keys(batch).join(', ') || 'nothing'}`
      : describe(batch);
  const option = typeof key === 'number' ? String(key) : `"${key}"`;
  throw new TypeError(
    `Cannot transform pictures: expected a batch with ${option}, got ${got}; the options key and target of compose name others`,
  );
}

/** Pictures [N, C, H, W], one for each sample of the context. */
function picturesOf(found: unknown, context: TransformContext): Tensor {
  const isBatch = 'indices' in context;
  const count = isBatch ? context.indices.length : 1;
  const wanted = isBatch ? `pictures [${count}, C, H, W]` : 'a picture [C, H, W]';
  if (!(found instanceof Tensor))
    throw new TypeError(`Cannot transform pictures: expected a tensor of ${wanted}, got ${describe(found)}`);
  const fits = isBatch ? found.ndim === 4 && found.size(0) === count : found.ndim === 3;
  if (!fits) {
    const lacksChannel = found.ndim === (isBatch ? 3 : 2);
    const hint = lacksChannel ? `; unsqueeze(${isBatch ? 1 : 0}) gives pictures a channel` : '';
    throw new ShapeError(`Cannot transform pictures: expected ${wanted}, got [${found.shape.join(', ')}]${hint}`);
  }
  return isBatch ? found : found.unsqueeze(0);
}

function labelsOf(batch: unknown, target: string | number): Tensor {
  const found = batch instanceof Tensor ? undefined : entry(batch, target);
  if (found instanceof Tensor) return found;
  throw new TypeError(`Cannot mix pictures: expected a batch with labels in a tensor, got ${describe(found ?? batch)}`);
}
