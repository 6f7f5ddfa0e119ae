// Recurrent layers of PyTorch over whole pictures: every frame is one vector.

import { ConfigError, ShapeError } from '../../../errors.ts';
import { count, flag, type Rule } from '../../../metrics/options.ts';
import { GRU, LSTM, Module } from '../../../nn/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { clipShape } from '../clips.ts';
import { channelProblems, dropoutShare } from '../option-rules.ts';

// B batch, C channels of the input, D width of the state, T frames.

export interface RecurrentWrapperOptions {
  /** Height and width of what comes in. */
  readonly pictureSize: readonly [height: number, width: number];
  /** Default 64. */
  readonly hiddenDim?: number;
  /** Layers on top of each other. Default 1. */
  readonly numLayers?: number;
  /** Default true. */
  readonly bias?: boolean;
  /** After every layer but the last, in training. Default 0. */
  readonly dropout?: number;
}

const isPair = (value: unknown): boolean => Array.isArray(value) && value.length === 2 && value.every(count()[1]);
const RULES: Readonly<Record<keyof RecurrentWrapperOptions, Rule>> = {
  pictureSize: ['the height and width of what comes in, two integers above 0', isPair],
  hiddenDim: count(),
  numLayers: count(),
  bias: flag,
  dropout: dropoutShare,
};

/** A GRU or an LSTM (`nn`) over the frames of a clip, each frame one vector of all channels and pixels; what it gives has no places any more.
 *  Shape: [B, C, T, H, W] with `pictureSize` for H and W -> [B, D, T, 1, 1].
 *  @throws {ConfigError} for options that do not fit, all at once.  @throws {ShapeError} for another shape.
 *  Source: VisionCore's RecurrentWrapper, which learns the size of its pictures in its first forward, after the optimizer has its parameters (docs/decisions/0044).
 *  @example
 *  import { randn } from 'sconce';
 *  import { RecurrentWrapper } from 'sconce/multidataset';
 *  const gru = new RecurrentWrapper('gru', 3, { pictureSize: [6, 5], hiddenDim: 8 });
 *  gru.forward(randn([2, 3, 7, 6, 5])).shape; // [2, 8, 7, 1, 1] */
export class RecurrentWrapper extends Module {
  readonly rnn: GRU | LSTM;
  readonly inputDim: number;
  readonly outChannels: number;
  readonly pictureSize: readonly [height: number, width: number];

  /** @param inputDim - channels of a clip. */
  constructor(type: 'gru' | 'lstm', inputDim: number, options: RecurrentWrapperOptions) {
    super();
    const problems = channelProblems('inputDim', inputDim, options, RULES, ['pictureSize']);
    if (type !== 'gru' && type !== 'lstm') problems.push(`type: expected one of gru, lstm, got ${String(type)}`);
    if (problems.length > 0) throw new ConfigError('make RecurrentWrapper', problems);
    const { pictureSize, hiddenDim = 64, numLayers = 1, bias = true, dropout = 0 } = options;
    const [height, width] = pictureSize;
    this.inputDim = inputDim;
    this.outChannels = hiddenDim;
    this.pictureSize = [height, width];
    const Layer = type === 'gru' ? GRU : LSTM;
    this.rnn = new Layer(inputDim * height * width, hiddenDim, { numLayers, bias, dropout, batchFirst: true });
  }

  forward(clip: Tensor): Tensor {
    const [, , , height, width] = clipShape('RecurrentWrapper', clip, this.inputDim);
    if (height !== this.pictureSize[0] || width !== this.pictureSize[1])
      throw new ShapeError(
        `Cannot apply RecurrentWrapper: expected [B, ${this.inputDim}, T, ${this.pictureSize.join(', ')}], got [${clip.shape.join(', ')}]`,
      );
    const vectors = clip.transpose(1, 2).flatten({ startDim: 2 }); // [B, T, C H W]
    const { rnn } = this;
    const [states] = rnn instanceof GRU ? rnn.forward(vectors) : rnn.forward(vectors); // [B, T, D]
    return states.transpose(1, 2).unsqueeze(-1).unsqueeze(-1);
  }
}
