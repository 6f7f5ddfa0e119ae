// The architectures that an experiment can name: `{ type: resnet18, num_classes: 10 }`, `{ type: GPT2LMHeadModel, config: { n_layer: 4 } }`.

import type { Module } from '../nn/module.ts';
import { type Parts, part } from '../trainer/parts/registry.ts';
import { architectures, loadPretrained } from './architectures.ts';
import * as resnets from './resnet.ts';
import * as transformers from './vision-transformer.ts';

type Maker = (options: object) => Module;
const { ResNet: _, ...resnetMakers } = resnets as unknown as Readonly<Record<string, Maker>>; // the others are functions of options
const { VisionTransformer: __, ...vitMakers } = transformers as unknown as Readonly<Record<string, Maker>>;

/** By name: torchvision's with the options of their functions, transformers' with `config`, the fields of a config.json in its spelling; `pretrained` with
 *  `folder`, a Hugging Face folder. */
export const modelParts: Parts = {
  models: {
    ...Object.fromEntries(
      Object.entries({ ...resnetMakers, ...vitMakers }).map(([name, make]) => [
        name,
        (options: object) => make(options),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(architectures).map(([name, Architecture]) => [
        name,
        part({ options: { config: {} }, build: ({ config }) => new Architecture(config as never) }), // it checks the fields
      ]),
    ),
    pretrained: part({
      options: { folder: String, options: {} },
      build: ({ folder, options }) => loadPretrained(folder, options),
    }),
  },
};
