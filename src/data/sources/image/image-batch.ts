// Makes samples of pictures: PNG and JPEG in the addon, on threads of its own; what it does not decode comes through sharp and goes the same way from there.
import type { Handle, ImageFailure, Native } from '../../../binding/native.ts';
import { getNative } from '../../../tensor/call.ts';
import type { ImagePlan } from './image-plan.ts';
import { decodeBySharp, type RawPixels } from './sharp-decoder.ts';

/** The path of a file, or the bytes of one. */
export type ImageInput = string | Uint8Array;

/** One picture that could not be made: its place among the inputs, and the error that names it. */
export interface FailedImage {
  readonly place: number;
  readonly error: Error;
}

/** What {@link makeImages} gives: where the plan fixes the size one handle [n, 3, height, width], else one a picture, by its place. */
export interface MadeImages {
  readonly handles: readonly Handle[];
  /** In the order of their places. Rows of failed pictures hold nothing of use. */
  readonly failures: readonly FailedImage[];
}

/** Pixels of so many pictures lie between sharp and the addon at a time. */
const NUM_BY_SHARP = 8;

/**
 * Decodes, resizes, crops, flips and normalises pictures as `plan` says. `seeds` has an integer in [0, 2^53) for each, which its random choices follow from.
 * The handles are the caller's, who wraps or frees them, failed pictures or not.
 */
export async function makeImages(
  inputs: readonly ImageInput[],
  seeds: readonly number[],
  plan: ImagePlan,
): Promise<MadeImages> {
  const native = getNative();
  // The addon copies bytes before it returns; what sharp will get must not change meanwhile either.
  const libraries = native.imageLibraries();
  const held = inputs.map((input) =>
    typeof input === 'string' || isForAddon(input, libraries) ? input : input.slice(),
  );
  const [made, failed] = await native.images(held, undefined, seeds, plan.numbers, undefined, undefined);
  const handles = [...made];
  const failures: FailedImage[] = [];
  const others: number[] = [];
  for (const failure of failed) {
    if (failure[1] === 'format') others.push(failure[0]);
    else failures.push({ place: failure[0], error: errorOf(inputs[failure[0]]!, failure, plan) });
  }
  for (let start = 0; start < others.length; start += NUM_BY_SHARP) {
    const places = others.slice(start, start + NUM_BY_SHARP).sort((a, b) => a - b);
    failures.push(...(await addBySharp({ native, inputs: held, seeds, plan, handles }, places)));
  }
  return { handles, failures: failures.sort((a, b) => a.place - b.place) };
}

/** Whether a file that begins so is decoded by the addon. */
function isForAddon(bytes: Uint8Array, [png, jpeg]: readonly [png: string, jpeg: string]): boolean {
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return png !== '';
  return bytes[0] === 0xff && bytes[1] === 0xd8 && jpeg !== '';
}

interface Work {
  readonly native: Native;
  readonly inputs: readonly ImageInput[];
  readonly seeds: readonly number[];
  readonly plan: ImagePlan;
  readonly handles: Handle[];
}

/** Decodes the pictures at `places` by sharp, and lets the addon put them where they belong. */
async function addBySharp({ native, inputs, seeds, plan, handles }: Work, places: number[]): Promise<FailedImage[]> {
  const failures: FailedImage[] = [];
  const decoded: (RawPixels & { place: number })[] = [];
  await Promise.all(
    places.map(async (place) => {
      try {
        decoded.push({ place, ...(await decodeBySharp(inputs[place]!, plan)) });
      } catch (error) {
        failures.push({ place, error: sharpError(inputs[place]!, error, plan) });
      }
    }),
  );
  if (decoded.length === 0) return failures;
  const into = plan.size && handles[0];
  const [made, failed] = await native.images(
    decoded.map(({ data }) => data),
    decoded.flatMap(({ width, height }) => [width, height]),
    decoded.map(({ place }) => seeds[place]!),
    plan.numbers,
    into,
    into === undefined ? undefined : decoded.map(({ place }) => place),
  );
  if (into !== undefined) native.free(made[0]!);
  else for (const [i, handle] of made.entries()) if (handle !== undefined) handles[decoded[i]!.place] = handle;
  for (const failure of failed) {
    const { place } = decoded[failure[0]]!;
    failures.push({ place, error: errorOf(inputs[place]!, failure, plan) });
  }
  return failures;
}

/** What messages call a picture. */
function nameOf(input: ImageInput): string {
  return typeof input === 'string' ? `image "${input}"` : `an image of ${input.length} bytes`;
}

function errorOf(input: ImageInput, [, fault, got]: ImageFailure, plan: ImagePlan): Error {
  const name = nameOf(input);
  switch (fault) {
    case 'large':
      return tooLarge(input, got, plan);
    case 'small':
      return new RangeError(
        `Cannot crop ${name}: expected at least ${plan.size!.join(' x ')} pixels of height and width, got ${got}; resize before, or give randomCrop a padding`,
      );
    case 'memory':
      return new RangeError(`Cannot decode ${name}: expected memory for its pixels, got ${got}`);
    default:
      return new Error(`Cannot decode ${name}: expected a whole PNG, JPEG or WebP file, got ${got}`);
  }
}

function tooLarge(input: ImageInput, got: string, { maxPixels }: ImagePlan): Error {
  return new RangeError(
    `Cannot decode ${nameOf(input)}: expected at most ${maxPixels} pixels, got ${got}; raise maxPixels where the file is to be trusted`,
  );
}

function sharpError(input: ImageInput, cause: unknown, plan: ImagePlan): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (/exceeds pixel limit/.test(reason)) return tooLarge(input, 'more', plan);
  return new Error(`Cannot decode ${nameOf(input)}: expected a whole PNG, JPEG or WebP file, got ${reason}`, { cause });
}
