// What is drawn anew for every batch: the picture's place, size, angle and colours, and which language a caption is in, which words are left out.
// Letters of shapes: B samples, S edge of a picture, L languages, W words.
import { arange, eye, type Generator, nn, rand, randint, stack, type Tensor, where } from 'sconce';

const { functional: F } = nn;

export interface AugmentOptions {
  /** Rotation up to so many degrees either way. */
  readonly degrees: number;
  /** Scaling up to so much (0.15: by exp(-0.15) to exp(0.15)), of both edges and of one against the other. */
  readonly scale: number;
  /** Shift up to this share of the edge. */
  readonly shift: number;
  /** How far colours are mixed, brightened and shifted. */
  readonly color: number;
  /** Share of words that are left out, at least one stays. */
  readonly wordDropout: number;
}

/** Numbers from -1 to 1. */
const around = (shape: readonly number[], generator: Generator): Tensor => rand(shape, { generator }).mul(2).sub(1);

/** Pictures turned, scaled, shifted and recoloured. Shape: [B, 3, S, S], values 0 to 1 on a white ground, unchanged. */
export function augmentPictures(pictures: Tensor, options: AugmentOptions, generator: Generator): Tensor {
  const batch = pictures.size(0);
  const angle = around([batch], generator).mul((options.degrees * Math.PI) / 180);
  const scale = around([batch], generator).mul(options.scale).exp();
  const width = scale.mul(
    around([batch], generator)
      .mul(options.scale / 2)
      .exp(),
  );
  const shift = around([batch, 2], generator).mul(options.shift * 2);
  const transform = stack(
    [
      stack([angle.cos().div(width), angle.sin().neg().div(scale), shift.select(1, 0)], { dim: 1 }),
      stack([angle.sin().div(width), angle.cos().div(scale), shift.select(1, 1)], { dim: 1 }),
    ],
    { dim: 1 },
  ); // [B, 2, 3]
  const grid = F.affineGrid(transform, pictures.shape, false); // [B, S, S, 2]
  // Of the negative, so that what comes in from outside is white.
  const placed = F.gridSample(pictures.neg().add(1), grid).neg().add(1); // [B, 3, S, S]
  const mix = eye(3).add(around([batch, 3, 3], generator).mul(options.color / 2)); // [B, 3, 3]
  const offset = around([batch, 3, 1], generator).mul(options.color / 2);
  const gain = around([batch, 1, 1], generator).mul(options.color).add(1);
  const colors = placed.flatten({ startDim: 2 }).sub(0.5); // [B, 3, S * S]
  return mix.mul(gain).bmm(colors).add(0.5).add(offset).viewAs(placed).clamp({ min: 0, max: 1 });
}

/** Captions with words left out, never all of them. Shape: [B, W] int64, unchanged; 0 is no word. */
export function dropWords(words: Tensor, share: number, generator: Generator): Tensor {
  const isWord = words.ne(0);
  const stays = isWord.logicalAnd(rand(words.shape, { generator }).ge(share));
  const hasAny = stays.any({ dim: 1, keepdim: true }); // [B, 1]
  return words.mul(where(hasAny, stays, isWord));
}

/** Captions in some of the languages, at least one, drawn for each sample: each of them stays with an even chance. Shape: [B, L, W] -> [B, L * W]. */
export function dropLanguages(words: Tensor, generator: Generator): Tensor {
  const [batch, languages] = [words.size(0), words.size(1)];
  const chosen = randint(0, languages, [batch, 1], { generator }); // [B, 1]
  const isChosen = arange(languages).unsqueeze(0).eq(chosen); // [B, L]
  const stays = rand([batch, languages], { generator }).ge(0.5).logicalOr(isChosen);
  return words.mul(stays.unsqueeze(-1)).flatten({ startDim: 1 });
}
