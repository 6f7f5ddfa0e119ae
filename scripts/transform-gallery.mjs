// Draws docs/images/transforms.png, the gallery of docs/data.md: node scripts/transform-gallery.mjs, after a build. The picture is made here, by formulas.
import { writeFileSync } from 'node:fs';
import { arange, scope, stack, tensor, where } from 'sconce';
import { transforms as T } from 'sconce/data';
import sharp from 'sharp';

const EDGE = 72;
const TILES = 6;
const GAP = 6;
const LABEL = 18;
const COLUMNS = 2;

/** A house in a landscape with the sun in one corner: colours, edges, and no symmetry. Shape: [3, EDGE, EDGE], uint8. */
function landscape() {
  const y = arange(EDGE, { dtype: 'float32' }).div(EDGE).view([EDGE, 1]).expand([EDGE, EDGE]);
  const x = arange(EDGE, { dtype: 'float32' }).div(EDGE).expand([EDGE, EDGE]);
  let colors = [y.mul(110).add(90), y.mul(70).add(150), y.mul(-30).add(250)];
  const paint = (mask, ...color) => {
    colors = colors.map((channel, at) =>
      where(mask, typeof color[at] === 'number' ? tensor(color[at]) : color[at], channel),
    );
  };
  const within = (value, low, high) => value.ge(low).logicalAnd(value.lt(high));
  paint(x.sub(0.8).square().add(y.sub(0.2).square()).lt(0.013), 255, 214, 60);
  paint(y.sub(0.42).gt(x.sub(0.25).abs().mul(0.8)), 120, 122, 140); // a mountain
  paint(y.gt(x.mul(7).sin().mul(0.03).add(0.68)), x.mul(60).add(60), y.mul(-120).add(250), x.mul(40).add(40)); // a meadow
  paint(within(x, 0.5, 0.86).logicalAnd(within(y, 0.55, 0.86)), 196, 66, 52);
  paint(y.lt(0.56).logicalAnd(y.sub(0.36).gt(x.sub(0.68).abs().mul(0.9))), 92, 58, 44); // its roof
  paint(within(x, 0.56, 0.66).logicalAnd(within(y, 0.62, 0.73)), 250, 236, 170);
  paint(within(x, 0.72, 0.81).logicalAnd(within(y, 0.66, 0.86)), 70, 44, 36);
  return stack(colors).clamp({ min: 0, max: 255 }).to('uint8');
}

/** Another picture, to be mixed with. */
function stripes() {
  const x = arange(EDGE, { dtype: 'float32' }).expand([EDGE, EDGE]);
  const wave = x.add(x.t()).mul(0.35).sin().mul(90).add(140);
  return stack([wave, wave.mul(0.6), wave.mul(-0.6).add(200)]).to('uint8');
}

const float = new T.ToDtype('float32', { scale: true });
const bytes = new T.ToDtype('uint8', { scale: true });
const rows = [
  ['CenterCrop(48)', new T.CenterCrop(48)],
  ["RandomCrop(72, { padding: 16, paddingMode: 'reflect' })", new T.RandomCrop(EDGE, { padding: 16, paddingMode: 'reflect' })],
  ['RandomResizedCrop(72)', new T.RandomResizedCrop(EDGE)],
  ['Resize([36, 72])', new T.Resize([36, 72])],
  ["Pad(12, { paddingMode: 'symmetric' })", new T.Pad(12, { paddingMode: 'symmetric' }), new T.Resize(EDGE)],
  ['RandomHorizontalFlip()', new T.RandomHorizontalFlip()],
  ['RandomVerticalFlip()', new T.RandomVerticalFlip()],
  ['RandomRotation(45)', new T.RandomRotation(45, { interpolation: 'bilinear' })],
  ['RandomAffine(20, { translate, scale, shear })', new T.RandomAffine(20, { translate: [0.2, 0.2], scale: [0.6, 1.2], shear: 15, interpolation: 'bilinear', fill: 255 })],
  ['RandomPerspective({ p: 1 })', new T.RandomPerspective({ p: 1, fill: 255 })],
  ['ColorJitter({ brightness, contrast, saturation })', new T.ColorJitter({ brightness: 0.6, contrast: 0.6, saturation: 0.9 })],
  ['ColorJitter({ hue: 0.5 })', new T.ColorJitter({ hue: 0.5 })],
  ['RandomGrayscale({ p: 0.5 })', new T.RandomGrayscale({ p: 0.5 })],
  ['RandomInvert()', new T.RandomInvert()],
  ['RandomPosterize(2)', new T.RandomPosterize(2)],
  ['RandomSolarize(128)', new T.RandomSolarize(128)],
  ['RandomAutocontrast()', (images) => images.div(2).add(60).to('uint8'), new T.RandomAutocontrast()],
  ['RandomEqualize()', new T.RandomEqualize()],
  ['RandomAdjustSharpness(6)', new T.RandomAdjustSharpness(6)],
  ['GaussianBlur(9, { sigma: [0.1, 4] })', new T.GaussianBlur(9, { sigma: [0.1, 4] })],
  ['RandomErasing()', new T.RandomErasing({ p: 0.8 })],
  ["RandomErasing({ value: 'random' })", float, new T.RandomErasing({ p: 0.8, value: 'random' }), (images) => images.clamp({ min: 0, max: 1 }), bytes],
  ['MixUp({ isPerSample: true })', float, new T.MixUp({ numClasses: 2, isPerSample: true }), bytes],
  ['CutMix({ isPerSample: true })', new T.CutMix({ numClasses: 2, isPerSample: true })],
  ['RandAugment()', new T.RandAugment()],
  ['TrivialAugmentWide()', new T.TrivialAugmentWide()],
]; // biome-ignore format: a table

/** The tile of one picture [3, H, W], as a layer for sharp. */
async function tile(picture, left, top) {
  const [, height, width] = picture.shape;
  const data = picture.permute([1, 2, 0]).contiguous().toBytes();
  const input = await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  return { input, left: left + Math.round((EDGE - width) / 2), top: top + Math.round((EDGE - height) / 2) };
}

const source = landscape();
const other = stripes();
const columnWidth = (TILES + 1) * (EDGE + GAP) + 3 * GAP;
const rowHeight = EDGE + LABEL + GAP;
const width = COLUMNS * columnWidth + GAP;
const height = Math.ceil(rows.length / COLUMNS) * rowHeight + GAP;
const layers = [];
const labels = [];
for (const [at, [name, ...steps]] of rows.entries()) {
  const left = GAP + (at % COLUMNS) * columnWidth;
  const top = GAP + Math.floor(at / COLUMNS) * rowHeight;
  labels.push(
    `<text x="${left}" y="${top + 12}" font-family="sans-serif" font-size="12">${name.replaceAll('&', '&amp;')}</text>`,
  );
  const isMixed = name.includes('Mix') || name.includes('MixUp');
  const pictures = scope(() => {
    const batch = isMixed ? [0, 1, 2, 3, 4, 5].flatMap(() => [other, source]) : new Array(TILES).fill(source);
    const indices = Int32Array.from(batch.keys());
    const label = arange(batch.length).remainder(2);
    const { image } = T.compose(steps)(
      { image: stack(batch), label },
      { seed: at + 2, epoch: 0, position: 0, indices },
    );
    return isMixed ? image.index(arange(TILES).mul(2).add(1)) : image;
  });
  for (const [place, picture] of [source, ...pictures.unbind()].entries())
    layers.push(await tile(picture, left + place * (EDGE + GAP) + (place > 0 ? GAP : 0), top + LABEL));
}
const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${labels.join('')}</svg>`;
const page = await sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
  .composite([...layers, { input: Buffer.from(text), left: 0, top: 0 }])
  .png({ palette: true, colours: 128, effort: 10 })
  .toBuffer();
writeFileSync(new URL('../docs/images/transforms.png', import.meta.url), page);
