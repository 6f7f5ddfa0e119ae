// A language model of a given size; by default four layers of width 128 on sequences of 64 tokens.
import { arange, nn, randint } from 'sconce';

const VOCABULARY = 256;

// B batch, T tokens, C width, H heads.
class Block extends nn.Module {
  constructor({ width, heads }) {
    super();
    this.size = { width, heads };
    this.norm1 = new nn.LayerNorm(width);
    this.qkv = new nn.Linear(width, 3 * width);
    this.proj = new nn.Linear(width, width);
    this.norm2 = new nn.LayerNorm(width);
    this.up = new nn.Linear(width, 4 * width);
    this.act = new nn.GELU();
    this.down = new nn.Linear(4 * width, width);
  }

  forward(x) {
    const [batch, length] = x.shape;
    const { width, heads } = this.size;
    const parts = this.qkv.forward(this.norm1.forward(x)).split(width, { dim: 2 });
    const [q, k, v] = parts.map((part) => part.view([batch, length, heads, width / heads]).transpose(1, 2)); // [B, H, T, C / H]
    const mixed = nn.functional.scaledDotProductAttention(q, k, v, { isCausal: true });
    const attended = x.add(this.proj.forward(mixed.transpose(1, 2).reshape([batch, length, width]))); // [B, T, C]
    return attended.add(this.down.forward(this.act.forward(this.up.forward(this.norm2.forward(attended)))));
  }
}

class Gpt extends nn.Module {
  constructor({ width, heads, layers, length }) {
    super();
    this.tokens = new nn.Embedding(VOCABULARY, width);
    this.places = new nn.Embedding(length, width);
    this.blocks = new nn.Sequential(...Array.from({ length: layers }, () => new Block({ width, heads })));
    this.norm = new nn.LayerNorm(width);
    this.head = new nn.Linear(width, VOCABULARY, { bias: false });
  }

  forward(tokens) {
    const places = this.places.forward(arange(tokens.size(1)));
    return this.head.forward(this.norm.forward(this.blocks.forward(this.tokens.forward(tokens).add(places)))); // [B, T, V]
  }
}

/** A workload on it. */
export const gptOf = ({ length, ...size }) => ({
  makeModel: () => new Gpt({ length, ...size }),
  makeInputs: (count) => randint(0, VOCABULARY, [count, length]),
  makeTargets: (count) => randint(0, VOCABULARY, [count, length]),
  loss: (model, inputs, targets) =>
    nn.functional.crossEntropy(model.forward(inputs).view([-1, VOCABULARY]), targets.view([-1])),
});

/** Training steps on it are compared with python/workloads/gpt.py. */
export default {
  title: 'GPT, 4 layers of width 128, 8 x 64 tokens',
  batchSize: 8,
  /** Steps before the first that counts; steps between two looks at the clock; looks in a round. */
  warmSteps: 5,
  stepsPerPiece: 1,
  pieces: 7,
  ...gptOf({ width: 128, heads: 4, layers: 4, length: 64 }),
};
