// What the convolutional cores share: a stem, layers one after another, and checkpoints.

import { Module, ModuleList, type UnaryModule } from '../../../nn/index.ts';
import { checkpoint } from '../../../tensor/autograd/checkpoint.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { ACTIVATIONS, type ActivationType, planActivation } from '../layers/activation-types.ts';
import type { BlockPlan } from '../layers/block-plan.ts';
import { type BlockOptions, ConvBlock, readBlock, readDim } from '../layers/conv-block.ts';
import type { Dim } from '../layers/conv-settings.ts';
import { SettingsReader } from '../settings-reader.ts';

/** What every core of blocks takes. */
export interface ConvnetOptions {
  readonly inChannels: number;
  /** Of the convolution of each block. */
  readonly channels: readonly number[];
  /** Of every block; this or `blockConfigs`. */
  readonly blockConfig?: BlockOptions;
  /** One a block; this or `blockConfig`. */
  readonly blockConfigs?: readonly BlockOptions[];
  /** A block before the others. Default: none. */
  readonly stemConfig?: (BlockOptions & { readonly outChannels: number }) | null;
  /** 3 for [B, C, T, H, W], 2 for [B, C, H, W]. Default 3. */
  readonly dim?: Dim;
  /** In training, compute what lies inside the stem and the layers again in backward, rather than keep it. Default false. */
  readonly checkpointing?: boolean;
  /** Behind the last layer. Default 'none'. */
  readonly finalActivation?: ActivationType | null;
}

/** A core whose settings have been read. */
export interface ConvnetPlan {
  readonly dim: Dim;
  readonly checkpointing: boolean;
  readonly stem: BlockPlan | undefined;
  readonly blocks: readonly BlockPlan[];
  /** The settings of each block, for problems that only show beside others. */
  readonly readers: readonly SettingsReader[];
  readonly finalActivation: () => UnaryModule;
  readonly outChannels: number;
}

/** Applies a stem, if there is one, and what a subclass makes of its layers. */
export abstract class Convnet extends Module {
  declare readonly stem: ConvBlock | undefined;
  readonly layers: ModuleList<UnaryModule>;
  readonly final_activation: UnaryModule;
  readonly checkpointing: boolean;
  /** Channels of what `forward` gives. */
  readonly outChannels: number;

  constructor(plan: Omit<ConvnetPlan, 'readers' | 'blocks' | 'dim'>, layers: readonly UnaryModule[]) {
    super();
    this.addModule('stem', plan.stem && new ConvBlock(plan.stem));
    this.layers = new ModuleList(layers);
    this.final_activation = plan.finalActivation();
    this.checkpointing = plan.checkpointing;
    this.outChannels = plan.outChannels;
  }

  /** @param input - [B, inChannels, T, H, W], or without T where `dim` is 2. */
  forward(input: Tensor): Tensor {
    const start = this.stem ? this.run(this.stem, input) : input;
    return this.final_activation.forward(this.runLayers(start));
  }

  protected abstract runLayers(input: Tensor): Tensor;

  /** A layer of the core, checkpointed where that is asked for. */
  protected run(layer: UnaryModule, input: Tensor): Tensor {
    return this.checkpointing && this.training ? checkpoint((x) => layer.forward(x), [input]) : layer.forward(input);
  }
}

/** Reads what every core of blocks takes.
 *  @param channelsBehind - of what the next block gets, from what this one got and gives. */
export function readConvnet(
  options: SettingsReader,
  channelsBehind: (before: number, block: BlockPlan) => number,
): ConvnetPlan {
  const dim = readDim(options);
  const checkpointing = options.flag('checkpointing', false);
  const channels = options.integers('channels');
  const inChannels = options.integer('inChannels');
  const stem = readStem(options, { inChannels, dim });
  let before = stem?.outChannels ?? inChannels;
  const readers = readersOf(options, channels.length);
  const blocks = readers.map((reader, i) => {
    const block = readBlock(reader, { inChannels: before, outChannels: channels[i] ?? 1, dim });
    before = channelsBehind(before, block);
    return block;
  });
  const { finalActivation, isDoubling } = readFinalActivation(options, dim);
  const outChannels = isDoubling ? 2 * before : before;
  return { dim, checkpointing, stem, blocks, readers, finalActivation, outChannels };
}

function readStem(options: SettingsReader, context: { inChannels: number; dim: Dim }): BlockPlan | undefined {
  if (options.raw('stemConfig') === undefined) return undefined;
  const stem = options.inner('stemConfig');
  return readBlock(stem, { ...context, outChannels: stem.integer('outChannels') });
}

/** The settings of each of so many blocks. */
function readersOf(options: SettingsReader, count: number): readonly SettingsReader[] {
  const one = options.raw('blockConfig');
  const each = options.list('blockConfigs');
  if ((one === undefined) === (options.raw('blockConfigs') === undefined))
    options.note(
      'blockConfigs',
      'either it, a list with one for each block, or blockConfig for all',
      one ? 'both' : 'none',
    );
  if (each && each.length !== count)
    options.note('blockConfigs', `one for each of the ${count} channels`, `${each.length}`);
  return each ?? (one === undefined ? [] : Array.from({ length: count }, () => options.inner('blockConfig')));
}

function readFinalActivation(
  options: SettingsReader,
  dim: Dim,
): { finalActivation: () => UnaryModule; isDoubling: boolean } {
  const type = options.type('finalActivation', ACTIVATIONS, 'none');
  const { make, isDoubling } = planActivation(type, new SettingsReader({}), dim + 2);
  return { finalActivation: () => make(), isDoubling };
}
