// The deterministic forms of the transforms: `transforms.functional`.

export { type AffineOptions, affine, type GridOptions, type Point, type RotateOptions, rotate } from './affine.ts';
export { gaussianBlur, type KernelSize, type Sigma } from './blur.ts';
export {
  adjustBrightness,
  adjustContrast,
  adjustHue,
  adjustSaturation,
  adjustSharpness,
  rgbToGrayscale,
} from './color.ts';
export { centerCrop, crop, type Rectangle, resizedCrop } from './crop.ts';
export { normalize, toDtype } from './dtype.ts';
export { erase } from './erase.ts';
export { horizontalFlip, verticalFlip } from './flip.ts';
export type { GridInterpolation } from './grid.ts';
export { autocontrast, equalize, invert, posterize, solarize } from './levels.ts';
export { type Fill, type Padding, type PaddingMode, pad } from './pad.ts';
export { type Corners, type PerspectiveOptions, perspective } from './perspective.ts';
export { type ResizeInterpolation, type ResizeOptions, resize } from './resize.ts';
