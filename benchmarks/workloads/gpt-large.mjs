// The language model at a size that people train: large matrix products, in which half precision pays.
import { gptOf } from './gpt.mjs';

/** Training steps on it are compared with python/workloads/gpt_large.py. */
export default {
  title: 'GPT, 4 layers of width 512, 8 x 256 tokens',
  batchSize: 8,
  warmSteps: 2,
  stepsPerPiece: 1,
  pieces: 1,
  ...gptOf({ width: 512, heads: 8, layers: 4, length: 256 }),
};
