// The convolutional network at a size that people train.
import { cnnOf } from './cnn.mjs';

/** Training steps on it are compared with python/workloads/cnn_large.py. */
export default {
  title: 'CNN 128/256/512 with batch norm, 64x64, batch 32',
  batchSize: 32,
  warmSteps: 2,
  stepsPerPiece: 1,
  pieces: 1,
  ...cnnOf({ channels: [128, 256, 512], side: 64 }),
};
