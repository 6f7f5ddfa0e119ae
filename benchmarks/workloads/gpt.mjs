// A language model of four layers and width 128 on sequences of 64 tokens.
import { arange, nn, randint } from 'sconce';

const VOCABULARY = 256;
const LENGTH = 64;
const WIDTH = 128;
const HEADS = 4;
const LAYERS = 4;

// B batch, T tokens, C width, H heads.
class Block extends nn.Module {
  constructor() {
    super();
    this.norm1 = new nn.LayerNorm(WIDTH);
    this.qkv = new nn.Linear(WIDTH, 3 * WIDTH);
    this.proj = new nn.Linear(WIDTH, WIDTH);
    this.norm2 = new nn.LayerNorm(WIDTH);
    this.up = new nn.Linear(WIDTH, 4 * WIDTH);
    this.act = new nn.GELU();
    this.down = new nn.Linear(4 * WIDTH, WIDTH);
  }

  forward(x) {
    const [batch, length] = x.shape;
    const parts = this.qkv.forward(this.norm1.forward(x)).split(WIDTH, { dim: 2 });
    const [q, k, v] = parts.map((part) => part.view([batch, length, HEADS, WIDTH / HEADS]).transpose(1, 2)); // [B, H, T, C / H]
    const mixed = nn.functional.scaledDotProductAttention(q, k, v, { isCausal: true });
    const attended = x.add(this.proj.forward(mixed.transpose(1, 2).reshape([batch, length, WIDTH]))); // [B, T, C]
    return attended.add(this.down.forward(this.act.forward(this.up.forward(this.norm2.forward(attended)))));
  }
}

class Gpt extends nn.Module {
  constructor() {
    super();
    this.tokens = new nn.Embedding(VOCABULARY, WIDTH);
    this.places = new nn.Embedding(LENGTH, WIDTH);
    this.blocks = new nn.Sequential(...Array.from({ length: LAYERS }, () => new Block()));
    this.norm = new nn.LayerNorm(WIDTH);
    this.head = new nn.Linear(WIDTH, VOCABULARY, { bias: false });
  }

  forward(tokens) {
    const places = this.places.forward(arange(tokens.size(1)));
    return this.head.forward(this.norm.forward(this.blocks.forward(this.tokens.forward(tokens).add(places)))); // [B, T, V]
  }
}

/** Training steps on it are compared with python/workloads/gpt.py. */
export default {
  title: 'GPT, 4 layers of width 128, 8 x 64 tokens',
  batchSize: 8,
  /** Steps before the first that counts; steps between two looks at the clock; looks in a round. */
  warmSteps: 5,
  stepsPerPiece: 1,
  pieces: 7,
  makeModel: () => new Gpt(),
  makeInputs: (count) => randint(0, VOCABULARY, [count, LENGTH]),
  makeTargets: (count) => randint(0, VOCABULARY, [count, LENGTH]),
  loss: (model, inputs, targets) =>
    nn.functional.crossEntropy(model.forward(inputs).view([-1, VOCABULARY]), targets.view([-1])),
};
