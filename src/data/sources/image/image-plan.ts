// How a picture becomes a sample: plain options, checked once, as the list of numbers that the addon reads.
import { OptionProblems } from '../../option-problems.ts';
import type { Colour, ImageDecoding, ImageRange, ImageSize, ImageTransform } from './image-transform.ts';

const TRANSFORM_OPTIONS = [
  'resize',
  'centerCrop',
  'randomCrop',
  'randomResizedCrop',
  'randomHorizontalFlip',
  'interpolation',
  'normalize',
  'dtype',
  'decoding',
];
const DECODING_OPTIONS = ['background', 'ignoresAlpha', 'ignoresOrientation', 'scalesJpeg', 'maxPixels'];
const CROPS = ['centerCrop', 'randomCrop', 'randomResizedCrop'] as const;
const FILTERS = ['bilinear', 'bicubic', 'lanczos'];

/** Where Pillow refuses a picture as a decompression bomb. */
export const DEFAULT_MAX_PIXELS = 178_956_970;

/** Longer edges are surely a mistake, and would not fit into JPEG. */
const MAX_EDGE = 65_535;

/** A transform that has been checked, ready for the addon. */
export interface ImagePlan {
  readonly dtype: 'float32' | 'uint8';
  /** Height and width of every result, where they do not depend on the picture. */
  readonly size: readonly [height: number, width: number] | undefined;
  readonly maxPixels: number;
  readonly ignoresOrientation: boolean;
  /** What the addon reads (native/image-batch.cc, read_plan). */
  readonly numbers: readonly number[];
}

/** How the picture fits into `resize`; native/image-geometry.h has the same list. `inside` keeps the proportions, on the background. */
const Fit = { none: 0, shorterEdge: 1, exact: 2, inside: 3 } as const;
const Crop = { none: 0, centerCrop: 1, randomCrop: 2, randomResizedCrop: 3 } as const;

/** @throws {ConfigError} naming every option that is wrong. */
export function planImages(transform: ImageTransform, action: string): ImagePlan {
  const problems = new OptionProblems();
  problems.expectKnown(transform, TRANSFORM_OPTIONS);
  const { resize, randomHorizontalFlip: flip = 0, interpolation = 'bilinear', dtype = 'float32' } = transform;
  const fitSize = resize === undefined ? undefined : readSize(problems, 'resize', resize);
  const crop = readCrop(problems, transform);
  problems.expect(crop.kind !== Crop.randomResizedCrop || resize === undefined, 'resize', {
    wanted: 'none beside randomResizedCrop, which resizes',
    got: resize,
  });
  problems.expect(typeof flip === 'number' && flip >= 0 && flip <= 1, 'randomHorizontalFlip', {
    wanted: 'a probability from 0 to 1',
    got: flip,
  });
  problems.expect(FILTERS.includes(interpolation), 'interpolation', { wanted: FILTERS.join(', '), got: interpolation });
  problems.expect(dtype === 'float32' || dtype === 'uint8', 'dtype', { wanted: 'float32 or uint8', got: dtype });
  const { mean, std } = readNormalize(problems, transform, dtype);
  const decoding = readDecoding(problems, transform.decoding ?? {});
  problems.throwIfAny(action);
  return assemble({
    dtype,
    decoding,
    fit: {
      kind: fitSize === undefined ? Fit.none : typeof resize === 'number' ? Fit.shorterEdge : Fit.exact,
      size: fitSize,
    },
    filter: FILTERS.indexOf(interpolation),
    crop,
    flip,
    mean,
    std,
  });
}

/** The plan of `decodeImage`: bytes, fitted inside `size` by Lanczos. */
export function planWhole(
  size: readonly [number, number] | undefined,
  background: Colour,
  maxPixels: number,
): ImagePlan {
  return assemble({
    dtype: 'uint8',
    decoding: { background, ignoresAlpha: false, ignoresOrientation: false, scalesJpeg: false, maxPixels },
    fit: { kind: size === undefined ? Fit.none : Fit.inside, size },
    filter: FILTERS.indexOf('lanczos'),
    crop: { ...NO_CROP, fill: background },
    flip: 0,
    mean: ZEROS,
    std: ONES,
  });
}

interface Parts {
  readonly dtype: 'float32' | 'uint8';
  readonly decoding: Required<ImageDecoding>;
  readonly fit: { readonly kind: number; readonly size: readonly [number, number] | undefined };
  readonly filter: number;
  readonly crop: ReadCrop;
  readonly flip: number;
  readonly mean: Colour;
  readonly std: Colour;
}

interface ReadCrop {
  readonly kind: number;
  readonly size: readonly [number, number] | undefined;
  readonly padding: number;
  readonly fill: Colour;
  readonly scale: ImageRange;
  readonly ratio: ImageRange;
}

const ZEROS: Colour = [0, 0, 0];
const ONES: Colour = [1, 1, 1];
const NO_CROP: ReadCrop = {
  kind: Crop.none,
  size: undefined,
  padding: 0,
  fill: ZEROS,
  scale: [0.08, 1],
  ratio: [3 / 4, 4 / 3],
};

function assemble({ dtype, decoding, fit, filter, crop, flip, mean, std }: Parts): ImagePlan {
  const size = crop.size ?? (fit.kind === Fit.exact || fit.kind === Fit.inside ? fit.size : undefined);
  const { background, ignoresAlpha, ignoresOrientation, scalesJpeg, maxPixels } = decoding;
  const numbers = [
    Number(dtype === 'float32'),
    maxPixels,
    Number(ignoresAlpha),
    ...background,
    Number(ignoresOrientation),
    Number(scalesJpeg),
    fit.kind,
    ...(fit.size ?? [0, 0]),
    filter,
    crop.kind,
    ...(crop.size ?? [0, 0]),
    crop.padding,
    ...crop.fill,
    ...crop.scale,
    ...crop.ratio,
    flip,
    ...mean,
    ...std,
    Number(size !== undefined),
  ];
  return { dtype, size, maxPixels, ignoresOrientation, numbers };
}

function readSize(problems: OptionProblems, option: string, size: ImageSize): readonly [number, number] {
  const edges = Array.isArray(size) ? (size as readonly number[]) : [size as number, size as number];
  const isSize = edges.length === 2 && edges.every((edge) => Number.isInteger(edge) && edge > 0 && edge <= MAX_EDGE);
  problems.expect(isSize, option, { wanted: `pixels from 1 to ${MAX_EDGE}, or [height, width]`, got: size });
  return [edges[0]!, edges[1]!];
}

function readCrop(problems: OptionProblems, transform: ImageTransform): ReadCrop {
  const given = CROPS.filter((option) => transform[option] !== undefined);
  problems.expect(given.length <= 1, given[1] ?? '', { wanted: `none beside ${given[0]}`, got: transform[given[1]!] });
  const [option] = given;
  if (option === undefined) return NO_CROP;
  const value = transform[option]!;
  const kind = Crop[option];
  if (typeof value !== 'object' || Array.isArray(value) || value === null) {
    return { ...NO_CROP, kind, size: readSize(problems, option, value as ImageSize) };
  }
  // An object with the size and more; centerCrop has no more, which the list of its options says.
  const details = value as { size: ImageSize; padding?: number; fill?: Colour; scale?: ImageRange; ratio?: ImageRange };
  const more = { centerCrop: [], randomCrop: ['padding', 'fill'], randomResizedCrop: ['scale', 'ratio'] }[option];
  for (const name of Object.keys(details)) {
    problems.expect(['size', ...more].includes(name), `${option}.${name}`, {
      wanted: `one of the options ${['size', ...more].join(', ')}`,
      got: 'an unknown one',
    });
  }
  const { size, padding = 0, fill = ZEROS, scale = NO_CROP.scale, ratio = NO_CROP.ratio } = details;
  problems.expect(Number.isInteger(padding) && padding >= 0 && padding <= MAX_EDGE, `${option}.padding`, {
    wanted: 'an integer from 0 on',
    got: padding,
  });
  expectColour(problems, `${option}.fill`, fill);
  expectRange(problems, `${option}.scale`, scale, 1);
  expectRange(problems, `${option}.ratio`, ratio, Number.MAX_VALUE);
  return { kind, size: readSize(problems, `${option}.size`, size), padding, fill, scale, ratio };
}

function readNormalize(
  problems: OptionProblems,
  { normalize }: ImageTransform,
  dtype: string,
): { mean: Colour; std: Colour } {
  if (normalize === undefined) return { mean: ZEROS, std: ONES };
  problems.expect(dtype !== 'uint8', 'normalize', { wanted: 'none for bytes (dtype uint8)', got: 'mean and std' });
  for (const name of Object.keys(normalize)) {
    problems.expect(name === 'mean' || name === 'std', `normalize.${name}`, {
      wanted: 'mean and std',
      got: 'an unknown option',
    });
  }
  const { mean, std } = normalize;
  const areNumbers = (value: unknown): boolean =>
    Array.isArray(value) && value.length === 3 && value.every((one) => Number.isFinite(one));
  problems.expect(areNumbers(mean), 'normalize.mean', { wanted: 'three numbers', got: mean });
  problems.expect(areNumbers(std) && std.every((one) => one !== 0), 'normalize.std', {
    wanted: 'three numbers other than 0',
    got: std,
  });
  return { mean, std };
}

function readDecoding(problems: OptionProblems, decoding: ImageDecoding): Required<ImageDecoding> {
  for (const name of Object.keys(decoding)) {
    problems.expect(DECODING_OPTIONS.includes(name), `decoding.${name}`, {
      wanted: `one of the options ${DECODING_OPTIONS.join(', ')}`,
      got: 'an unknown one',
    });
  }
  const {
    background = [255, 255, 255],
    ignoresAlpha = false,
    ignoresOrientation = false,
    scalesJpeg = false,
    maxPixels = DEFAULT_MAX_PIXELS,
  } = decoding;
  expectColour(problems, 'decoding.background', background);
  problems.expect(!(ignoresAlpha && decoding.background), 'decoding.background', {
    wanted: 'none beside ignoresAlpha',
    got: background,
  });
  for (const [name, value] of Object.entries({ ignoresAlpha, ignoresOrientation, scalesJpeg })) {
    problems.expect(typeof value === 'boolean', `decoding.${name}`, { wanted: 'true or false', got: value });
  }
  problems.expect(isPixelLimit(maxPixels), 'decoding.maxPixels', {
    wanted: 'an integer from 1 to 2^31 - 1',
    got: maxPixels,
  });
  return { background, ignoresAlpha, ignoresOrientation, scalesJpeg, maxPixels };
}

/** Whether this is a limit that `maxPixels` may have. */
export function isPixelLimit(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31;
}

/** Whether these are three bytes. */
export function isColour(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length === 3 &&
    value.every((level) => Number.isInteger(level) && level >= 0 && level <= 255)
  );
}

function expectColour(problems: OptionProblems, option: string, colour: Colour): void {
  problems.expect(isColour(colour), option, { wanted: 'three integers from 0 to 255', got: colour });
}

function expectRange(problems: OptionProblems, option: string, range: ImageRange, most: number): void {
  const isRange =
    Array.isArray(range) && range.length === 2 && range[0] > 0 && range[0] <= range[1] && range[1] <= most;
  const wanted = `two numbers above 0 in ascending order${most === 1 ? ', at most 1' : ''}`;
  problems.expect(isRange, option, { wanted, got: range });
}
