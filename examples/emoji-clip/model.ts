// The model: a small convolutional tower for pictures and a bag of words for captions, with one space for both.
// Letters of shapes: B pictures or captions, W words of the longest caption, D size of the embedding.
import { nn, type Tensor } from 'sconce';

const { functional: F } = nn;

function block(inChannels: number, outChannels: number, stride: number): nn.Sequential {
  return new nn.Sequential(
    new nn.Conv2d(inChannels, outChannels, 3, { stride, padding: 1, bias: false }),
    new nn.BatchNorm2d(outChannels),
    new nn.ReLU({ inplace: true }),
  );
}

/** Six 3x3 convolutions, halving the picture three times. Shape: [B, 3, 48, 48], values 0 to 1 -> [B, D], not normalised. */
export class ImageTower extends nn.Module {
  readonly features = new nn.Sequential(
    block(3, 48, 2),
    block(48, 48, 1),
    block(48, 96, 2),
    block(96, 96, 1),
    block(96, 192, 2),
    block(192, 192, 1),
  );
  readonly pool = new nn.AdaptiveAvgPool2d(3);
  readonly head: nn.Linear;

  constructor(dim: number) {
    super();
    this.head = new nn.Linear(192 * 3 * 3, dim);
    this.apply((module) => {
      if (module instanceof nn.Conv2d) nn.init.kaimingNormal_(module.weight, { mode: 'fan_out', nonlinearity: 'relu' });
    });
  }

  forward(image: Tensor): Tensor {
    const features = this.features.forward(image.contiguous({ memoryFormat: 'channels_last' })); // [B, 192, 6, 6]
    return this.head.forward(this.pool.forward(features).flatten({ startDim: 1 })); // [B, D]
  }
}

/** The mean of the words' vectors. Shape: [B, W] int64, 0 for no word -> [B, D], not normalised. */
export class TextTower extends nn.Module {
  readonly words: nn.Embedding;

  constructor(vocabularySize: number, dim: number) {
    super();
    this.words = new nn.Embedding(vocabularySize, dim);
    nn.init.normal_(this.words.weight, 0, 0.02);
  }

  forward(words: Tensor): Tensor {
    const isWord = words.ne(0).to('float32'); // [B, W]
    const sum = this.words
      .forward(words)
      .mul(isWord.unsqueeze(-1))
      .sum({ dim: [1] }); // [B, D]
    return sum.div(isWord.sum({ dim: [1], keepdim: true }).clampMin(1));
  }
}

/** A batch as the model takes it. */
export interface EmojiInputs {
  /** [B, 3, 48, 48], values 0 to 1. */
  readonly images: Tensor;
  /** [B, W] int64. */
  readonly textData: Tensor;
}

/** Both towers. What compares them, a temperature too, is the loss's. */
export class EmojiClip extends nn.Module {
  readonly image: ImageTower;
  readonly text: TextTower;

  constructor(vocabularySize: number, dim = 192) {
    super();
    this.image = new ImageTower(dim);
    this.text = new TextTower(vocabularySize, dim);
  }

  /** Features in float32, whatever the towers run in; the losses bring them to length 1 where they compare directions. Shape: [B, D] each. */
  forward({ images, textData }: EmojiInputs): { imageFeatures: Tensor; textFeatures: Tensor } {
    return {
      imageFeatures: this.image.forward(images).to('float32'),
      textFeatures: this.text.forward(textData).to('float32'),
    };
  }

  /** Of length 1. Shape: [B, 3, 48, 48] -> [B, D], float32. */
  embedImage(images: Tensor): Tensor {
    return F.normalize(this.image.forward(images).to('float32'));
  }

  /** Of length 1. Shape: [B, W] -> [B, D], float32. */
  embedText(words: Tensor): Tensor {
    return F.normalize(this.text.forward(words).to('float32'));
  }
}
