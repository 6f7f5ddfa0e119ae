// The transforms of pictures that an experiment can name: those of `transforms`, every argument by its name.

import * as classes from '../../../data/transforms/index.ts';
import type { Mixing } from '../../../data/transforms/mixing.ts';
import type { Transform } from '../../../data/transforms/transform.ts';
import type { Part, Parts } from '../registry.ts';

/** The arguments before the options, by name. */
const ARGUMENTS = {
  Resize: ['size'],
  CenterCrop: ['size'],
  RandomCrop: ['size'],
  RandomResizedCrop: ['size'],
  Pad: ['padding'],
  ToDtype: ['dtype'],
  Normalize: ['mean', 'std'],
  GaussianBlur: ['kernelSize'],
  RandomErasing: [],
  RandomHorizontalFlip: [],
  RandomVerticalFlip: [],
  RandomRotation: ['degrees'],
  RandomAffine: ['degrees'],
  RandomPerspective: [],
  Grayscale: [],
  RandomGrayscale: [],
  ColorJitter: [],
  RandomInvert: [],
  RandomAutocontrast: [],
  RandomEqualize: [],
  RandomPosterize: ['bits'],
  RandomSolarize: ['threshold'],
  RandomAdjustSharpness: ['sharpnessFactor'],
  RandAugment: [],
  TrivialAugmentWide: [],
  MixUp: [],
  CutMix: [],
} as const satisfies { readonly [Name in keyof typeof classes]?: readonly string[] };

const byName: Readonly<Record<string, unknown>> = classes;

type Changing = Transform | Mixing;
type TransformClass = new (...args: unknown[]) => Changing;

export const transforms: NonNullable<Parts['transforms']> = Object.fromEntries(
  Object.entries(ARGUMENTS).map(([name, names]) => {
    const Class = byName[name] as TransformClass; // with the arguments of the table
    return [name, partOf(Class, names)];
  }),
);

function partOf(Class: TransformClass, names: readonly string[]): Part<object, Changing> {
  const build = (options: Readonly<Record<string, unknown>>): Changing => {
    const rest = Object.fromEntries(Object.entries(options).filter(([key]) => !names.includes(key)));
    const args = names.map((name) => options[name]);
    return Object.keys(rest).length > 0 || names.length === 0 ? new Class(...args, rest) : new Class(...args);
  };
  return { build, try: (options) => void build(options) };
}
