// The names of `transforms`: augmentations of pictures as torchvision.transforms.v2 has them.

export { RandomAffine, type RandomAffineOptions, RandomRotation, type RandomRotationOptions } from './affine.ts';
export {
  type AutoAugmentOptions,
  RandAugment,
  type RandAugmentOptions,
  TrivialAugmentWide,
} from './auto-augment.ts';
export { RandomApply, RandomChoice, type RandomChoiceOptions } from './choice.ts';
export {
  Grayscale,
  RandomAdjustSharpness,
  RandomAutocontrast,
  RandomEqualize,
  RandomGrayscale,
  RandomInvert,
  RandomPosterize,
  RandomSolarize,
} from './color.ts';
export { ColorJitter, type ColorJitterOptions } from './color-jitter.ts';
export { type ComposeOptions, type ComposeStep, compose, type PictureTransform } from './compose.ts';
export {
  CenterCrop,
  RandomCrop,
  type RandomCropOptions,
  RandomResizedCrop,
  type RandomResizedCropOptions,
} from './crop.ts';
export { Draws, SampleDraws, type TransformContext } from './draws.ts';
export { type ProbabilityOptions, RandomHorizontalFlip, RandomVerticalFlip } from './flip.ts';
export * as functional from './functional/index.ts';
export { CutMix, type Mixed, Mixing, type MixingOptions, MixUp } from './mixing.ts';
export type { Range } from './options.ts';
export { RandomPerspective, type RandomPerspectiveOptions } from './perspective.ts';
export type { PerPicture, Size } from './pictures.ts';
export { GaussianBlur, Normalize, RandomErasing, type RandomErasingOptions, ToDtype } from './pixels.ts';
export { Pad, Resize } from './resize.ts';
export { Transform, type TransformLike } from './transform.ts';
