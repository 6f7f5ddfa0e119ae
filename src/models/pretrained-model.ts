// `PretrainedModel`: a model with a configuration as transformers has it: initialisation in the same order, tied weights, folders in and out.

import { normal_, ones_, zeros_ } from '../nn/init.ts';
import { Conv2d } from '../nn/layers/conv.ts';
import { Embedding } from '../nn/layers/embedding.ts';
import { LayerNorm } from '../nn/layers/layer-norm.ts';
import { Linear } from '../nn/layers/linear.ts';
import { Module } from '../nn/module.ts';
import type { Parameter } from '../nn/parameter.ts';
import { noGrad } from '../tensor/autograd.ts';
import type { ConfigSchema } from './config-fields.ts';
import { type LoadOptions, loadFolder } from './load-folder.ts';
import { type SaveOptions, saveFolder } from './save-folder.ts';

/** What every configuration has. Fields are spelt as in config.json. */
export interface ModelConfig {
  /** Standard deviation of the weights at the start. */
  readonly initializer_range: number;
  /** Names of classes; as many as a head with classes has outputs. */
  readonly id2label: Readonly<Record<string, string>>;
  /** Whether the output layer is the embedding's table. */
  readonly tie_word_embeddings: boolean;
  /** Which loss a sequence classifier takes; null to tell from the labels. */
  readonly problem_type: string | null;
}

/** A model class that a folder can be loaded into. */
export interface PretrainedClass<M extends PretrainedModel = PretrainedModel> {
  new (config?: never): M;
  readonly name: string;
  /** What the model's configuration may say. */
  readonly schema: ConfigSchema;
  /** The property of models with a head under which the model without one lies. */
  readonly baseModelPrefix: string;
  /** A key of a file, as the model spells it; undefined for one that holds nothing. */
  renameKey(key: string): string | undefined;
  /** A key of the model, as files spell it. */
  fileKey(key: string): string;
}

/** Base of the models that transformers has. Concrete constructors end with `this.postInit()`. Source: transformers.PreTrainedModel. */
export abstract class PretrainedModel<C extends ModelConfig = ModelConfig> extends Module {
  readonly config: C;

  constructor(config: C) {
    super();
    this.config = config;
  }

  /** A key of a file, as the model spells it; undefined for one that holds nothing. */
  static renameKey(key: string): string | undefined {
    return key;
  }

  /** A key of the model, as files spell it. */
  static fileKey(key: string): string {
    return key;
  }

  /** Keys of the state that are the same tensor as another, by name. */
  get tiedKeys(): Readonly<Record<string, string>> {
    return {};
  }

  /** Draws every weight, children first, as transformers does: the same seed gives the same bits. A model inside has done so itself. */
  protected postInit(): void {
    const visit = (module: Module): void => {
      for (const [, child] of module.namedChildren()) if (!(child instanceof PretrainedModel)) visit(child);
      this.initWeights(module);
    };
    noGrad(() => visit(this));
  }

  /** The start of one module's own weights: N(0, initializer_range^2), biases and rows of padding 0, norms 1 and 0. */
  protected initWeights(module: Module): void {
    const std = this.config.initializer_range || 0.02;
    if (module instanceof Linear || module instanceof Conv2d) {
      normal_(module.weight, 0, std);
      if (module.bias) zeros_(module.bias);
    } else if (module instanceof Embedding) {
      normal_(module.weight, 0, std);
      if (module.paddingIdx !== undefined) module.weight.select(0, module.paddingIdx).zero_();
    } else if (module instanceof LayerNorm) {
      if (module.weight) ones_(module.weight);
      if (module.bias) zeros_(module.bias);
    }
  }

  /** Loads a folder that transformers' save_pretrained or `savePretrained` wrote: config.json beside weights in model.safetensors, in shards of it,
   *  or in pytorch_model.bin. The model is in evaluation mode; call `train()` to go on with training.
   *  @throws {CheckpointError} for missing files, and for keys or shapes that do not fit, which it lists.
   *  @throws {ConfigError} for fields of config.json that are unknown or not supported.
   *  Source: transformers' from_pretrained. */
  static fromPretrained<M extends PretrainedModel>(
    this: PretrainedClass<M>,
    folder: string,
    options: LoadOptions = {},
  ): Promise<M> {
    // biome-ignore lint/complexity/noThisInStatic: `this` is the class that is asked to load, not this base.
    return loadFolder(this, folder, options);
  }

  /** Writes a folder that transformers' from_pretrained and `fromPretrained` open.
   *  @throws {CheckpointError} where it cannot be written.  Source: transformers' save_pretrained. */
  savePretrained(folder: string, options: SaveOptions = {}): Promise<void> {
    return saveFolder(this, folder, options);
  }
}

/** Makes `parameter` the weight or bias of a layer: one tensor in two places is trained once. @internal */
export function tie(layer: Module, name: 'weight' | 'bias', parameter: Parameter | undefined): void {
  Object.assign(layer, { [name]: parameter });
}
