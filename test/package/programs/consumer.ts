// A program as a user types it. `types.test.ts` compiles it against the packed declarations alone; nothing runs it.
import * as sconce from 'sconce';
import { hostBuffer, InterruptedError, linalg, load, nn, optim, randn, scope, type Tensor, tensor } from 'sconce';
import * as adaptive from 'sconce/adaptive';
import * as data from 'sconce/data';
import { DataLoader, TensorDataset } from 'sconce/data';
import * as distributed from 'sconce/distributed';
import * as experiments from 'sconce/experiments';
import * as metrics from 'sconce/metrics';
import * as models from 'sconce/models';
import { type GPT2Config, GPT2LMHeadModel } from 'sconce/models';
import * as multidataset from 'sconce/multidataset';
import * as multimodal from 'sconce/multimodal';
import * as registry from 'sconce/registry';
import * as tracking from 'sconce/tracking';
import { type MetricValues, renderPng } from 'sconce/tracking';
import * as trainers from 'sconce/trainer';
import { type Callback, GenericTrainer, type GenericTrainerConfig, Trainer } from 'sconce/trainer';

const model = new nn.Sequential(new nn.Linear(4, 3), new nn.ReLU());
const optimizer = new optim.AdamW(model.parameters(), { lr: 1e-2 });

export function losses(): number[] {
  using input = randn([8, 4], { dtype: 'float32' });
  const norm: Tensor = linalg.norm(input);
  const rows: Float32Array = hostBuffer('float32', [2, 2]).data as Float32Array;
  rows[0] = norm.item() as number;
  return scope(() => [
    model
      .forward(input)
      .softmax(-1)
      .sum({ dim: [1], keepdim: true })
      .item() as number,
  ]);
}

export const config: GenericTrainerConfig = {
  seed: 1,
  trainLoaderConfig: { samplingStrategy: 'weighted', dataloaderWeights: [1, 2] },
  checkpoint: { monitorMetric: 'val/loss', monitorMode: 'min' },
};

export async function fit(): Promise<string> {
  const trainer = new Trainer({ model, optimizer, criterion: new nn.CrossEntropyLoss() });
  const dataset = new TensorDataset([tensor([[1, 2, 3, 4]]), tensor([1n])]);
  try {
    const history = await trainer.fit({ trainLoader: new DataLoader({ dataset, batchSize: 4 }), numEpochs: 2 });
    return String(history.at(-1)?.epoch);
  } catch (error) {
    if (error instanceof InterruptedError) return error.signal === 'SIGTERM' ? 'stopped' : `${error.checkpoint}`;
    throw error;
  }
}

export const callback: Callback = { name: 'mine', epochEnd: () => undefined };
export const picture: Promise<Uint8Array> = renderPng('<svg/>');
export const values: MetricValues = { 'train/loss': 1 };
export const everything: readonly object[] = [
  sconce,
  adaptive,
  data,
  distributed,
  experiments,
  metrics,
  models,
  multidataset,
  multimodal,
  registry,
  tracking,
  trainers,
  GenericTrainer,
  load,
];
export const sizes: Partial<GPT2Config> = { n_layer: 2 };
export const generated: Promise<Tensor> = GPT2LMHeadModel.fromPretrained('gpt2').then((gpt2) =>
  gpt2.generate(tensor([[1n]]), { maxNewTokens: 2 }),
);
