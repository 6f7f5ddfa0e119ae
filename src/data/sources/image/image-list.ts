// `ImageList`: pictures by their paths, each with a target, made into batches by the addon's threads.
import type { Handle } from '../../../binding/native.ts';
import { ShapeError } from '../../../errors.ts';
import { getNative, wrap } from '../../../tensor/call.ts';
import { type Tensor, tensor } from '../../../tensor/index.ts';
import { stack } from '../../../tensor/ops.generated.ts';
import type { Collated } from '../../collate/collate.ts';
import { type BatchContext, type SampleContext, sampleSeed } from '../../context.ts';
import { checkIndex, type Dataset } from '../../datasets/dataset.ts';
import { sampleError } from '../../loader/recipe.ts';
import { OptionProblems } from '../../option-problems.ts';
import { makeImages } from './image-batch.ts';
import { type ImagePlan, planImages } from './image-plan.ts';
import type { ImageTransform } from './image-transform.ts';

/** What {@link ImageList} and `ImageFolder` give. */
export interface ImageSample {
  /** [3, height, width], float32 or uint8 as the transform says. */
  readonly image: Tensor;
  /** A class's number, which collates to int64; or a measured value, which collates to float32. */
  readonly target: bigint | number;
}

/** Options of {@link ImageList}. */
export interface ImageListOptions {
  /** The files, in the order of the samples. Relative paths are looked for in `folder`. */
  readonly paths: readonly string[];
  /** One a path: integers become int64, a Float32Array or Float64Array becomes float32. */
  readonly targets: ArrayLike<number>;
  /** Where relative paths begin. Default: the working directory. */
  readonly folder?: string;
  /** What is done with each picture. Without a fixed size in it all pictures of a batch must have one size. Default: decoded to float32 from 0 to 1. */
  readonly transform?: ImageTransform;
  /** What messages call the dataset. Default 'ImageList'. */
  readonly name?: string;
}

const OPTIONS = ['paths', 'targets', 'folder', 'transform', 'name'];

/**
 * Pictures in files (PNG, JPEG, WebP, GIF, AVIF, TIFF) with their targets. A batch is one native call: read, decoded, transformed and written into one tensor
 * [n, 3, height, width] by threads of its own, as many as there are cores, never by the JavaScript thread. The random choices of a picture follow from its
 * sample's seed, the same in `get` and in batches. No file is opened before it is asked for.
 * @throws {ConfigError} for options that are wrong. Reading throws SampleError, which names file and sample.
 * @example
 * import { ImageList } from 'sconce/data';
 * const pictures = new ImageList({
 *   paths: ['a.png', 'b.jpg'],
 *   targets: [0, 1],
 *   transform: { randomResizedCrop: 224, randomHorizontalFlip: 0.5, normalize: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } },
 * });
 * pictures.length; // 2
 */
export class ImageList implements Dataset<ImageSample> {
  readonly name: string;
  readonly length: number;
  /** The files, as they are opened. */
  readonly paths: readonly string[];
  readonly targets: ArrayLike<number>;
  readonly #plan: ImagePlan;
  readonly #isMeasured: boolean;

  constructor(options: ImageListOptions) {
    const { paths, targets, folder, transform = {}, name = 'ImageList' } = options;
    const action = 'make an ImageList';
    checkList(action, options);
    this.name = name;
    this.length = paths.length;
    this.paths = folder === undefined ? paths : paths.map((path) => inFolder(folder, path));
    this.targets = targets;
    this.#plan = planImages(transform, action);
    this.#isMeasured = isMeasured(targets);
  }

  async get(index: number, context?: SampleContext): Promise<ImageSample> {
    checkIndex(this, index, 'load a sample');
    const handles = await this.#make([index], [context?.seed ?? 0]);
    const made = wrap(handles[0]!);
    const image = this.#plan.size === undefined ? made : made.select(0, 0); // [1, 3, h, w] -> [3, h, w]
    if (image !== made) made.dispose();
    return { image, target: this.#isMeasured ? this.targets[index]! : BigInt(this.targets[index]!) };
  }

  async getBatch(indices: Int32Array, context: BatchContext): Promise<Collated<ImageSample>> {
    for (const index of indices) checkIndex(this, index, 'load a sample');
    const seeds = Array.from(indices, (_, i) => sampleSeed(context, i));
    const handles = await this.#make([...indices], seeds);
    const image = this.#plan.size === undefined ? this.#stack(handles, indices) : wrap(handles[0]!); // [n, 3, h, w]
    const values = Array.from(indices, (index) => this.targets[index]!);
    const target = tensor(this.#isMeasured ? Float32Array.from(values) : BigInt64Array.from(values, BigInt)); // [n]
    return { image, target };
  }

  /** Handles of whole results, which are the caller's. @throws {SampleError} for the first picture that fails. */
  async #make(indices: readonly number[], seeds: readonly number[]): Promise<readonly Handle[]> {
    const inputs = indices.map((index) => this.paths[index]!);
    const { handles, failures } = await makeImages(inputs, seeds, this.#plan);
    const [failure] = failures;
    if (failure === undefined) return handles;
    for (const handle of handles) if (handle !== undefined) getNative().free(handle);
    const index = indices[failure.place]!;
    throw sampleError(`sample ${index} of ${this.name}`, index, failure.error);
  }

  /** Pictures of one size as one tensor. */
  #stack(handles: readonly Handle[], indices: Int32Array): Tensor {
    const images = handles.map(wrap);
    try {
      const shapes = images.map(({ shape }) => shape.slice(1).join(' x '));
      const other = shapes.findIndex((shape) => shape !== shapes[0]);
      if (other >= 0) {
        throw new ShapeError(
          `Cannot collate pictures: expected ${shapes[0]} pixels as in image "${this.paths[indices[0]!]}", got ${shapes[other]} in image "${this.paths[indices[other]!]}"; give the transform a crop, or resize: [height, width]`,
        );
      }
      return stack(images); // [3, h, w] -> [n, 3, h, w]
    } finally {
      for (const image of images) image.dispose();
    }
  }
}

function checkList(action: string, options: ImageListOptions): void {
  const { paths, targets, folder, name, transform } = options;
  const problems = new OptionProblems();
  problems.expectKnown(options, OPTIONS);
  const arePaths = Array.isArray(paths) && paths.length > 0;
  problems.expect(arePaths, 'paths', { wanted: 'at least one path', got: Array.isArray(paths) ? paths.length : paths });
  const bad = arePaths ? paths.findIndex((path) => typeof path !== 'string' || path === '' || path.includes('\0')) : -1;
  problems.expect(bad < 0, `paths[${bad}]`, { wanted: 'the path of a file', got: arePaths ? paths[bad] : undefined });
  const count = targets?.length;
  problems.expect(!arePaths || count === paths.length, 'targets', {
    wanted: `one a path (${arePaths ? paths.length : 0})`,
    got: count,
  });
  if (count !== undefined && !isMeasured(targets)) {
    const odd = Array.prototype.findIndex.call(targets, (target) => !Number.isSafeInteger(target));
    problems.expect(odd < 0, `targets[${odd}]`, {
      wanted: 'an integer; for measured values give a Float32Array',
      got: targets[odd],
    });
  }
  problems.expect(folder === undefined || typeof folder === 'string', 'folder', { wanted: 'a path', got: folder });
  problems.expect(name === undefined || typeof name === 'string', 'name', { wanted: 'a text', got: name });
  problems.expect(transform === undefined || (typeof transform === 'object' && transform !== null), 'transform', {
    wanted: 'an object',
    got: transform,
  });
  problems.throwIfAny(action);
}

function isMeasured(targets: ArrayLike<number>): boolean {
  return targets instanceof Float32Array || targets instanceof Float64Array;
}

function inFolder(folder: string, path: string): string {
  return path.startsWith('/') ? path : `${folder.replace(/\/+$/, '') || '/'}/${path}`;
}
