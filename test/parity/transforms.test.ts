// The functional transforms against what torchvision recorded: bits where the same kernels compute, and gradients where torchvision has them.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { transforms } from '../../src/data/index.ts';
import { isFloatingDType, libtorchVersion, load, scope, setNumThreads, type Tensor } from '../../src/index.ts';
import { type Fingerprint, fingerprint } from './fingerprint.ts';
import { cotangent, expectSame } from './reference.ts';

const { functional: F } = transforms;

interface Recorded {
  readonly output: Tensor;
  /** Undefined where torchvision has none. */
  readonly gradient: Tensor | undefined;
}

interface File {
  readonly torch: string;
  readonly fingerprint: Fingerprint;
  readonly pictures: Readonly<Record<string, Tensor>>;
  readonly cases: Readonly<Record<string, Readonly<Record<string, Recorded>>>>;
}

const CORNERS = {
  startpoints: [[0, 0], [11, 0], [11, 8], [0, 8]],
  endpoints: [[1, 2], [10, 0], [11, 7], [2, 8]],
} as const; // biome-ignore format: pairs

/** One line each; what torchvision makes of the same line is in test/fixtures/transforms/make.py. */
const CASES: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  horizontalFlip: F.horizontalFlip,
  verticalFlip: F.verticalFlip,
  pad: (x) => F.pad(x, [1, 2, 3, 4]),
  'pad with fill': (x) => F.pad(x, [2, 1], { fill: 7 }),
  'pad with a colour': (x) => F.pad(x, 1, { fill: [1.5, 2, 3] }),
  'pad edge': (x) => F.pad(x, [1, 2, 3, 0], { paddingMode: 'edge' }),
  'pad reflect': (x) => F.pad(x, [4, 2, 3, 1], { paddingMode: 'reflect' }),
  'pad symmetric': (x) => F.pad(x, [4, 2, 5, 1], { paddingMode: 'symmetric' }),
  crop: (x) => F.crop(x, { top: 1, left: 2, height: 3, width: 4 }),
  'crop beyond': (x) => F.crop(x, { top: -2, left: 3, height: 20, width: 5 }),
  'crop outside': (x) => F.crop(x, { top: 60, left: 70, height: 3, width: 4 }),
  centerCrop: (x) => F.centerCrop(x, [4, 3]),
  'centerCrop beyond': (x) => F.centerCrop(x, [14, 5]),
  resizedCrop: (x) => F.resizedCrop(x, { top: 1, left: 1, height: 3, width: 4, size: [6, 5] }),
  'resizedCrop bicubic': (x) =>
    F.resizedCrop(x, { top: 0, left: 1, height: 5, width: 4, size: [3, 3], interpolation: 'bicubic' }),
  resize: (x) => F.resize(x, [5, 4]),
  'resize larger': (x) => F.resize(x, [21, 19]),
  'resize of the shorter edge': (x) => F.resize(x, 13),
  'resize with maxSize': (x) => F.resize(x, 11, { maxSize: 12 }),
  'resize to maxSize': (x) => F.resize(x, undefined, { maxSize: 9 }),
  'resize without antialias': (x) => F.resize(x, [5, 4], { antialias: false }),
  'resize nearest': (x) => F.resize(x, [5, 13], { interpolation: 'nearest' }),
  'resize nearest-exact': (x) => F.resize(x, [5, 13], { interpolation: 'nearest-exact' }),
  'resize bicubic': (x) => F.resize(x, [5, 13], { interpolation: 'bicubic' }),
  'resize bicubic without antialias': (x) => F.resize(x, [5, 13], { interpolation: 'bicubic', antialias: false }),
  rotate: (x) => F.rotate(x, 30),
  'rotate bilinear': (x) => F.rotate(x, -77.5, { interpolation: 'bilinear' }),
  'rotate with fill': (x) => F.rotate(x, 45, { fill: 3 }),
  'rotate bilinear with fill': (x) => F.rotate(x, 45, { interpolation: 'bilinear', fill: 0 }),
  'rotate with a colour': (x) => F.rotate(x, 20, { interpolation: 'bilinear', fill: [1, 0.5, 2] }),
  'rotate about a point': (x) => F.rotate(x, 15, { center: [1, 2] }),
  'rotate 0': (x) => F.rotate(x, 360),
  'rotate 90': (x) => F.rotate(x, 90),
  'rotate 180': (x) => F.rotate(x, 180),
  'rotate 270': (x) => F.rotate(x, -90, { expand: true }),
  'rotate and expand': (x) => F.rotate(x, 30, { expand: true }),
  'rotate more and expand': (x) => F.rotate(x, 100, { expand: true, interpolation: 'bilinear' }),
  affine: (x) => F.affine(x, { angle: 20, translate: [1, -2], scale: 1.2, shear: [5, -3] }),
  'affine bilinear': (x) =>
    F.affine(x, { angle: -35.5, translate: [2, 1], scale: 0.8, shear: [0, 10], interpolation: 'bilinear' }),
  'affine with fill': (x) =>
    F.affine(x, { angle: 10, translate: [1, 1], scale: 0.7, shear: [3, 0], fill: 9, center: [2, 3] }),
  'affine translation': (x) => F.affine(x, { translate: [3, -1] }),
  perspective: (x) => F.perspective(x, CORNERS),
  'perspective nearest': (x) => F.perspective(x, { ...CORNERS, interpolation: 'nearest', fill: 4 }),
  'perspective of coefficients': (x) =>
    F.perspective(x, { coefficients: [1.1, 0.1, -1, 0.05, 0.9, 0.5, 0.01, -0.005] }),
  adjustBrightness: (x) => F.adjustBrightness(x, 1.3),
  'adjustBrightness down': (x) => F.adjustBrightness(x, 0.4),
  'adjustBrightness by 1': (x) => F.adjustBrightness(x, 1),
  adjustContrast: (x) => F.adjustContrast(x, 1.7),
  'adjustContrast down': (x) => F.adjustContrast(x, 0.3),
  adjustSaturation: (x) => F.adjustSaturation(x, 1.7),
  'adjustSaturation to 0': (x) => F.adjustSaturation(x, 0),
  adjustHue: (x) => F.adjustHue(x, 0.2),
  'adjustHue back': (x) => F.adjustHue(x, -0.37),
  adjustSharpness: (x) => F.adjustSharpness(x, 2.5),
  'adjustSharpness down': (x) => F.adjustSharpness(x, 0.2),
  rgbToGrayscale: (x) => F.rgbToGrayscale(x),
  'rgbToGrayscale of three channels': (x) => F.rgbToGrayscale(x, { numOutputChannels: 3 }),
  gaussianBlur: (x) => F.gaussianBlur(x, [3, 5]),
  'gaussianBlur with sigma': (x) => F.gaussianBlur(x, [5, 3], { sigma: [0.7, 2] }),
  invert: F.invert,
  posterize: (x) => F.posterize(x, 3),
  'posterize to 0': (x) => F.posterize(x, 0),
  solarize: (x) => F.solarize(x, isFloatingDType(x.dtype) ? 0.6 : 120),
  autocontrast: F.autocontrast,
  equalize: F.equalize,
  erase: (x) => F.erase(x, { i: 1, j: 2, h: 3, w: 2, v: 5 }),
  normalize: (x) => F.normalize(x, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
  toDtype: (x) => F.toDtype(x, 'float32'),
  'toDtype scaled': (x) => F.toDtype(x, 'float32', { scale: true }),
  'toDtype scaled to bytes': (x) => F.toDtype(x, 'uint8', { scale: true }),
  'toDtype scaled to int16': (x) => F.toDtype(x, 'int16', { scale: true }),
  'toDtype scaled to int32': (x) => (x.dtype === 'float32' ? x : F.toDtype(x, 'int32', { scale: true })),
  'toDtype scaled to float64': (x) => F.toDtype(x, 'float64', { scale: true }),
};

setNumThreads(1);
const file = (await load(fileURLToPath(new URL('../fixtures/transforms/recorded.pt', import.meta.url)))) as File;
const own = fingerprint();
const isExact =
  file.torch === libtorchVersion() &&
  own.vectors === file.fingerprint.vectors &&
  own.products === file.fingerprint.products;
if (!isExact) console.log('skipped, bits of transforms: the kernels are others here');

/** Another kernel may round to the other side: then almost all pixels agree, and all by one level (nearest sampling: by a neighbour). */
function expectClose(actual: Tensor, expected: Tensor, name: string): void {
  expect([name, actual.dtype, actual.shape]).toEqual([name, expected.dtype, expected.shape]);
  const distance = actual.to('float64').sub(expected.to('float64')).abs();
  const bound = isFloatingDType(expected.dtype) ? 2e-5 : 1;
  const share = distance.gt(bound).to('float64').mean().item();
  // Bicubic weights overshoot at hard edges: bytes resized as bytes are kept in range between the two directions, by way of float32 only at the end.
  // A quarter turn samples between pixels everywhere at its edge.
  const most = name.includes('bicubic') ? 0.1 : name.includes('rotate 90') ? 0.04 : 0.03;
  expect(share, name).toBeLessThanOrEqual(most);
}

it('every function that is recorded is compared', () => {
  expect(Object.keys(CASES)).toEqual(Object.keys(file.cases));
});

describe('transforms.functional', () => {
  for (const [name, run] of Object.entries(CASES)) {
    it(`${name} gives what torchvision gives`, () => {
      scope(() => {
        for (const [key, recorded] of Object.entries(file.cases[name] ?? {})) {
          const picture = file.pictures[key]!;
          const isLeaf = isFloatingDType(picture.dtype) && recorded.gradient !== undefined;
          const input = isLeaf ? picture.clone().requiresGrad_() : picture;
          const output = run(input);
          const label = `${name} of ${key}`;
          if (isExact) expectSame(output.contiguous(), recorded.output, label);
          else expectClose(output, recorded.output, label);
          if (!isLeaf || !recorded.gradient) continue;
          output.backward(cotangent(output));
          const gradient = input.grad!;
          const isClose = gradient.allclose(recorded.gradient, { rtol: 1e-5, atol: 1e-6 });
          if (!isClose && isExact) expect(`gradient of ${label}: ${gradient}`).toBe(`${recorded.gradient}`);
        }
      });
    });
  }
});
