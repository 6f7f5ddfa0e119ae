// The example that writes like Moby-Dick: its model and its text, a few of its steps on lines of its own, and on the book where it is installed.
import { manualSeed, noGrad, optim, scope, tensor } from 'sconce';
import { CharacterEncoder, DataLoader, TokenDataset, type TokenWindow } from 'sconce/data';
import { GenericTrainer } from 'sconce/trainer';
import { describe, expect, it } from 'vitest';
import { CharGpt, lossOf, readBook, write } from '../../examples/char-gpt/train.ts';

const SMALL = { blockSize: 16, numLayers: 2, numHeads: 2, width: 32, dropout: 0 };

/** The book, or why it cannot be had. */
const book = await readBook().catch((error: Error) => error);
if (book instanceof Error) console.log(`skipped, char-gpt on its book: ${book.message}`);

describe('the char-gpt example', () => {
  it('sees no character before its time', () => {
    manualSeed(0);
    const model = new CharGpt({ ...SMALL, vocabSize: 5 });
    const logits = (tokens: number[]) => noGrad(() => model.forward(tensor([tokens], { dtype: 'int64' })));
    const [one, other] = [logits([1, 2, 3, 4]), logits([1, 2, 3, 0])];
    expect(one.narrow(1, 0, 3).equal(other.narrow(1, 0, 3))).toBe(true);
    expect(one.select(1, 3).equal(other.select(1, 3))).toBe(false);
  });

  it('begins at the logarithm of the vocabulary', () => {
    manualSeed(0);
    const model = new CharGpt({ ...SMALL, vocabSize: 50 });
    const tokens = tensor([Array.from({ length: 16 }, (_, i) => i)], { dtype: 'int64' });
    expect(lossOf(model, { input: tokens, target: tokens.add(20) }).item()).toBeCloseTo(Math.log(50), 1);
  });

  it('learns a line by heart with the public trainer, and writes it', { timeout: 60_000 }, async () => {
    manualSeed(0);
    const text = 'Call me Ishmael. Some years ago, never mind how long. '.repeat(40);
    const encoder = CharacterEncoder.fromText(text);
    const dataset = new TokenDataset(encoder.encode(text), { blockSize: 16, stride: 5 });
    const model = new CharGpt({ ...SMALL, vocabSize: encoder.vocabSize });
    const trainer = new GenericTrainer({
      config: { seed: 0 },
      model,
      optimizers: [new optim.AdamW(model.parameters(), { lr: 1e-2 })],
    });
    trainer.setTrainingStep((_trainer, window: TokenWindow) => ({ loss: lossOf(model, window) }));
    const trainLoaders = [new DataLoader({ dataset, batchSize: 16, shuffle: true })];
    const history = await trainer.fit({ trainLoaders, maxEpochs: 4 });
    expect(history[0]!['train/loss']).toBeGreaterThan(1);
    const { input, target } = await dataset.getBatch(Int32Array.from([0, 1, 2, 3]));
    expect(noGrad(() => scope(() => lossOf(model, { input, target }).item()))).toBeLessThan(0.5);
    const written = write(model, encoder, { prompt: 'Call me Ishm', length: 30, temperature: 0.1, seed: 0 });
    expect(written).toBe('Call me Ishmael. Some years ago, never min');
    expect(model.training).toBe(true);
  });

  it.skipIf(book instanceof Error)(
    'has the whole book, and learns from it in a few steps',
    { timeout: 60_000 },
    async () => {
      const text = book as string;
      expect(text.slice(22, 38)).toBe('Call me Ishmael.');
      expect(text).toHaveLength(1_190_317);
      const encoder = CharacterEncoder.fromText(text);
      expect(encoder.vocabSize).toBe(83);
      manualSeed(0);
      const model = new CharGpt({ ...SMALL, vocabSize: encoder.vocabSize });
      const dataset = new TokenDataset(Uint8Array.from(encoder.encode(text)), { blockSize: 16 });
      const optimizer = new optim.AdamW(model.parameters(), { lr: 1e-2 });
      const losses: number[] = [];
      for await (const window of new DataLoader({ dataset, batchSize: 16, shuffle: true })) {
        losses.push(
          scope(() => {
            const loss = lossOf(model, window);
            optimizer.zeroGrad();
            loss.backward();
            optimizer.step();
            return loss.item();
          }),
        );
        if (losses.length === 40) break;
      }
      expect(losses[0]).toBeGreaterThan(4);
      expect(losses.at(-1)).toBeLessThan(3.3);
    },
  );
});
