// Stages of X3D blocks.

import { Identity, type UnaryModule } from '../../../nn/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { ACTIVATIONS, type ActivationType, planActivation } from '../layers/activation-types.ts';
import { readDim } from '../layers/conv-block.ts';
import { NORMS, type NormType } from '../layers/norm-types.ts';
import { SEBlock } from '../layers/pools.ts';
import { SettingsReader } from '../settings-reader.ts';
import { Convnet } from './convnet.ts';
import { X3DUnit, type X3DUnitOptions } from './x3d-unit.ts';

/** Settings of a stage: one number for all of them, or a list of one a stage. */
type PerStage = number | readonly number[];

export interface X3DOptions {
  readonly inChannels: number;
  /** Of each stage. */
  readonly channels: readonly number[];
  /** Blocks of each stage. Default 1. */
  readonly depth?: PerStage;
  /** Odd. Default 5. */
  readonly tKernel?: number;
  /** Odd. Default 3. */
  readonly sKernel?: number;
  /** Channels in the middle of a block over those that come in. Default 4. */
  readonly expRatio?: number;
  /** Along time, of the first block of each stage. Default 1. */
  readonly strideStages?: PerStage;
  /** Along space, of the first block of each stage. Default 1. */
  readonly spatialStrideStages?: PerStage;
  /** Kernels of 3 frames and 7 × 7 in every stage whose number leaves 1 when divided by `lkEvery`. Default false. */
  readonly liteLk?: boolean;
  /** Default 2. */
  readonly lkEvery?: number;
  /** Gates of channels behind a stage. Default none. */
  readonly attention?: 'se' | 'none' | null;
  /** The stage, from 0; -1 is the last. Default -1. */
  readonly attentionStage?: number;
  /** Channels over those of the gate's middle. Default 16. */
  readonly seReduction?: number;
  /** Default 0.1. */
  readonly dropout?: number;
  /** With which probability a block is left out in training. In evaluation all of them are there, as they are. Default 0.1. */
  readonly stochasticDepth?: number;
  /** Default 'grn'. */
  readonly normType?: NormType | null;
  /** Default 'silu'. */
  readonly actType?: ActivationType | null;
  /** In training, compute what lies inside blocks again in backward, rather than keep it. Default false. */
  readonly checkpointing?: boolean;
  /** There is no other: blocks take time and space apart. */
  readonly dim?: 3;
}

interface X3DPlan {
  readonly checkpointing: boolean;
  readonly outChannels: number;
  readonly layers: readonly (() => UnaryModule)[];
}

function readPerStage(options: SettingsReader, name: string, count: number): readonly number[] {
  const given = options.raw(name) ?? 1;
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  const isCount = (each: unknown): each is number => Number.isSafeInteger(each) && (each as number) >= 1;
  const isFit = list.every(isCount) && (list.length === 1 || list.length === count);
  if (!isFit) options.note(name, `an integer of at least 1, or one for each of the ${count} channels`);
  return Array.from({ length: count }, (_, i) => (isFit ? list[list.length === 1 ? 0 : i]! : 1));
}

function readOdd(options: SettingsReader, name: string, fallback: number): number {
  const size = options.integer(name, fallback);
  if (size % 2 === 0) options.note(name, 'an odd integer');
  return size;
}

/** What all blocks share. */
function readUnit(
  options: SettingsReader,
): Pick<X3DUnitOptions, 'expRatio' | 'normType' | 'actType' | 'makeActivation' | 'dropout' | 'stochasticDepth'> {
  const actType = options.type('actType', ACTIVATIONS, 'silu');
  if (actType === 'splitrelu') options.note('actType', 'one that keeps the channels');
  const act = planActivation(actType, new SettingsReader({}), 5);
  return {
    expRatio: options.integer('expRatio', 4),
    normType: options.type('normType', NORMS, 'grn'),
    actType,
    makeActivation: () => act.make(),
    dropout: options.number('dropout', 0.1, { least: 0, most: 1 }),
    stochasticDepth: options.number('stochasticDepth', 0.1, { least: 0, most: 1 }),
  };
}

function readAttention(
  options: SettingsReader,
  numStages: number,
): (stage: number, channels: number) => SEBlock | undefined {
  const type = options.type('attention', ['se'], 'none');
  const given = options.integer('attentionStage', -1, { least: -1, most: Math.max(numStages - 1, 0) });
  const rdRatio = options.integer('seReduction', 16, { least: 0 });
  const wanted = given === -1 ? numStages - 1 : given;
  return (stage, channels) => (type === 'se' && stage === wanted ? new SEBlock(channels, { rdRatio }) : undefined);
}

function planOf(given: X3DOptions): X3DPlan {
  const options = new SettingsReader(given);
  if (readDim(options) !== 3) options.note('dim', '3, since its blocks take time and space apart');
  const inChannels = options.integer('inChannels');
  const channels = options.integers('channels');
  const [depth, tStrides, sStrides] = ['depth', 'strideStages', 'spatialStrideStages'].map((name) =>
    readPerStage(options, name, channels.length),
  );
  const [tKernel, sKernel] = [readOdd(options, 'tKernel', 5), readOdd(options, 'sKernel', 3)];
  const [liteLk, lkEvery] = [options.flag('liteLk', false), options.integer('lkEvery', 2)];
  const unit = readUnit(options);
  const attention = readAttention(options, channels.length);
  const checkpointing = options.flag('checkpointing', false);
  options.finish('make an X3DNet');
  const layers = channels.flatMap((outChannels, stage) => {
    const isLarge = liteLk && stage % lkEvery === 1;
    const kernels = { tKernel: isLarge ? 3 : tKernel, sKernel: isLarge ? 7 : sKernel };
    const blocks = Array.from({ length: depth![stage]! }, (_, i) => (): UnaryModule => {
      const isFirst = i === 0;
      return new X3DUnit({
        ...unit,
        ...kernels,
        inChannels: isFirst ? (channels[stage - 1] ?? inChannels) : outChannels,
        outChannels,
        tStride: isFirst ? tStrides![stage]! : 1,
        sStride: isFirst ? sStrides![stage]! : 1,
      });
    });
    const gate = attention(stage, outChannels);
    return gate ? [...blocks, () => gate] : blocks;
  });
  return { checkpointing, outChannels: channels.at(-1)!, layers };
}

/** Stages of blocks that take time, space and channels apart: see `X3DUnit`. A first block of a stage may make maps shorter and smaller. It looks at later
 *  frames too.
 *  Shape: [B, inChannels, T, H, W] -> [B, outChannels, T', H', W'].
 *  @throws {ConfigError} with everything that is wrong.
 *  Source: Feichtenhofer 2020, arXiv:2004.04730; Huang et al. 2016, arXiv:1603.09382; VisionCore's X3DNet.
 *  @example
 *  import { X3DNet } from 'sconce/multidataset';
 *  const core = new X3DNet({ inChannels: 1, channels: [4, 8], depth: 2, spatialStrideStages: [1, 2], attention: 'se' });
 *  core.forward(ones([1, 1, 5, 10, 8])).shape; // [1, 8, 5, 5, 4] */
export class X3DNet extends Convnet {
  constructor(options: X3DOptions) {
    const { layers, ...plan } = planOf(options);
    super(
      { ...plan, stem: undefined, finalActivation: () => new Identity() },
      layers.map((make) => make()),
    );
  }

  protected runLayers(input: Tensor): Tensor {
    return [...this.layers].reduce((x, layer) => this.run(layer, x), input);
  }
}
