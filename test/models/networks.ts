// The models of test/fixtures/models/networks.py in TypeScript, and how they are trained.
import { arange, manualSeed, nn, noGrad, optim, randint, randn, scope, type Tensor, tensor } from '../../src/index.ts';
import {
  BertForMaskedLM,
  BertForSequenceClassification,
  BertForTokenClassification,
  GPT2LMHeadModel,
  ResNetForImageClassification,
  resnet18,
  VisionTransformer,
  ViTForImageClassification,
} from '../../src/models/index.ts';

const { functional: F } = nn;
const GPT2 = { vocab_size: 64, n_positions: 32, n_embd: 32, n_layer: 2, n_head: 4, bos_token_id: 0, eos_token_id: 1 };
const BERT_TOKENS = { vocab_size: 64, max_position_embeddings: 32 };
const BERT_SIZES = { hidden_size: 32, num_hidden_layers: 2, num_attention_heads: 4, intermediate_size: 64 };
const BERT = { ...BERT_TOKENS, ...BERT_SIZES };
const VIT_SIZES = { hidden_size: 32, num_hidden_layers: 2, num_attention_heads: 4, intermediate_size: 64 };
const VIT = { image_size: 32, patch_size: 8, ...VIT_SIZES, num_labels: 10 };
const RESNET = { embedding_size: 16, hidden_sizes: [16, 32], depths: [1, 2], num_labels: 10 };
const LENGTHS = [12, 9, 5];

/** Tags for words by an LSTM that reads both ways, over packed sequences. */
export class Tagger extends nn.Module {
  readonly embedding: nn.Embedding;
  readonly lstm: nn.LSTM;
  readonly head: nn.Linear;

  constructor(dropout: number) {
    super();
    this.embedding = new nn.Embedding(64, 16, { paddingIdx: 0 });
    this.lstm = new nn.LSTM(16, 12, { numLayers: 2, bidirectional: true, batchFirst: true, dropout });
    this.head = new nn.Linear(24, 5);
  }

  forward(ids: Tensor): Tensor {
    const options = { batchFirst: true, enforceSorted: false };
    const packed = nn.utils.rnn.packPaddedSequence(this.embedding.forward(ids), LENGTHS, options);
    const [output] = nn.utils.rnn.padPackedSequence(this.lstm.forward(packed)[0], { batchFirst: true });
    return this.head.forward(output); // [B, T, K]
  }
}

export type Batch = Readonly<Record<string, Tensor>>;

/** A model with what it takes a batch to. */
export interface Network {
  readonly model: nn.Module;
  apply(batch: Batch): { loss: Tensor; logits: Tensor };
}

function bare(model: nn.UnaryModule): Network {
  return {
    model,
    apply(batch) {
      const logits = model.forward((batch.x ?? batch.inputIds) as Tensor);
      return { logits, loss: F.crossEntropy(logits.flatten({ startDim: 0, endDim: -2 }), batch.labels!.flatten()) };
    },
  };
}

type Headed = nn.Module & { forward(ids: Tensor, inputs: object): { loss: Tensor | undefined; logits: Tensor } };

/** A model that computes its loss itself. */
export function headed(model: Headed): Network {
  return {
    model,
    apply({ inputIds, pixelValues, ...inputs }) {
      const { loss, logits } = model.forward((inputIds ?? pixelValues)!, inputs);
      return { loss: loss!, logits };
    },
  };
}

export const NETWORKS: Readonly<Record<string, (dropout: number) => Network>> = {
  resnet18: () => bare(resnet18({ numClasses: 10 })),
  vit: (dropout) => {
    const sizes = { imageSize: 32, patchSize: 8, numLayers: 2, numHeads: 4, hiddenDim: 32, mlpDim: 64, numClasses: 10 };
    return bare(new VisionTransformer({ ...sizes, dropout, attentionDropout: dropout }));
  },
  tagger: (dropout) => bare(new Tagger(dropout)),
  gpt2: (p) => headed(new GPT2LMHeadModel({ ...GPT2, resid_pdrop: p, embd_pdrop: p, attn_pdrop: p })),
  'gpt2, padded': (p) => headed(new GPT2LMHeadModel({ ...GPT2, resid_pdrop: p, embd_pdrop: p, attn_pdrop: p })),
  'bert, masked words': (p) => headed(new BertForMaskedLM(bert(p))),
  'bert, sequences': (p) => headed(new BertForSequenceClassification({ ...bert(p), num_labels: 3 })),
  'bert, tokens': (p) => headed(new BertForTokenClassification({ ...bert(p), num_labels: 5 })),
  'vit, transformers': (p) =>
    headed(new ViTForImageClassification({ ...VIT, hidden_dropout_prob: p, attention_probs_dropout_prob: p })),
  'resnet, transformers': () => headed(new ResNetForImageClassification(RESNET)),
};

function bert(p: number): typeof BERT & { hidden_dropout_prob: number; attention_probs_dropout_prob: number } {
  return { ...BERT, hidden_dropout_prob: p, attention_probs_dropout_prob: p };
}

function makeBatch(name: string): Batch {
  if (name === 'resnet18' || name === 'vit') return { x: randn([4, 3, 32, 32]), labels: randint(0, 10, [4]) };
  if (name.endsWith(', transformers')) return { pixelValues: randn([4, 3, 32, 32]), labels: randint(0, 10, [4]) };
  const inputIds = randint(0, 64, [3, 12]);
  if (name === 'gpt2') return { inputIds, labels: inputIds };
  const counts = arange(12)
    .lt(tensor(LENGTHS, { dtype: 'int64' }).unsqueeze(1))
    .to('int64');
  const isPadding = counts.eq(0);
  if (name === 'gpt2, padded') return { inputIds, attentionMask: counts, labels: inputIds.maskedFill(isPadding, -100) };
  if (name === 'tagger') return { inputIds, labels: randint(0, 5, [3, 12]).maskedFill(isPadding, -100) };
  const tokenTypeIds = randint(0, 2, [3, 12]);
  const shared = { inputIds, attentionMask: counts, tokenTypeIds };
  if (name === 'bert, sequences') return { ...shared, labels: randint(0, 3, [3]) };
  const labels = randint(0, name === 'bert, tokens' ? 5 : 64, [3, 12]).maskedFill(isPadding, -100);
  return { ...shared, labels };
}

export function makeBatches(name: string): Batch[] {
  manualSeed(11);
  return [makeBatch(name), makeBatch(name)];
}

/** As transformers.get_linear_schedule_with_warmup: up in 4 steps, down to 0 at the 40th. */
export function warmup(step: number): number {
  return step < 4 ? step / 4 : Math.max(0, (40 - step) / 36);
}

export function makeOptimizer(model: nn.Module) {
  const optimizer = new optim.AdamW(model.parameters(), { lr: 1e-3 });
  return { optimizer, scheduler: new optim.LambdaLR(optimizer, warmup) };
}

/** Trains for the given steps. @returns the losses. */
export function train(
  { model, apply }: Network,
  { optimizer, scheduler }: ReturnType<typeof makeOptimizer>,
  batches: readonly Batch[],
  steps: readonly number[],
): number[] {
  model.train();
  return steps.map((step) =>
    scope(() => {
      const { loss } = apply(batches[step % batches.length]!);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      scheduler.step();
      return loss.item();
    }),
  );
}

/** What a model gives in evaluation mode. */
export function logitsOf({ model, apply }: Network, batch: Batch): Tensor {
  model.eval();
  return noGrad(() => apply(batch).logits);
}

/** Numbers 0, 1, … below `end`, from `start` on. */
export function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}
