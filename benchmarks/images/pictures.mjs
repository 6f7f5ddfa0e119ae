// Draws the pictures that images.mjs reads: flat shapes with transparency as PNG of 64 x 64, and textured scenes as JPEG of 500 x 375.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

/** Numbers from 0 to 1, the same in every run. */
function makeRandom(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function shapes(random, width, height, count) {
  const at = (size) => (random() * size).toFixed(1);
  return Array.from({ length: count }, () => {
    const fill = `hsl(${at(360)} ${40 + random() * 60}% ${20 + random() * 60}%)`;
    const edge = (Math.min(width, height) * (0.05 + random() * 0.35)).toFixed(1);
    return random() < 0.5
      ? `<circle cx="${at(width)}" cy="${at(height)}" r="${edge}" fill="${fill}"/>`
      : `<rect x="${at(width)}" y="${at(height)}" width="${edge}" height="${edge}" rx="4" fill="${fill}"/>`;
  }).join('');
}

const svg = (width, height, content) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`);

/** Fills `folder` with two classes of `count` pictures in all. */
export async function drawPictures(folder, kind, count) {
  const random = makeRandom(7);
  for (let i = 0; i < count; i++) {
    const place = join(folder, i % 2 === 0 ? 'even' : 'odd');
    mkdirSync(place, { recursive: true });
    if (kind === 'png') {
      await sharp(svg(64, 64, shapes(random, 64, 64, 6))).png().toFile(join(place, `${i}.png`)); // biome-ignore format: one step
      continue;
    }
    const noise = await sharp({
      create: {
        width: 500,
        height: 375,
        channels: 3,
        background: 'black',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    })
      .blur(1)
      .png()
      .toBuffer();
    await sharp(svg(500, 375, `<rect width="500" height="375" fill="#89a"/>${shapes(random, 500, 375, 12)}`))
      .composite([{ input: noise, blend: 'soft-light' }])
      .flatten()
      .jpeg({ quality: 90, chromaSubsampling: '4:2:0' })
      .toFile(join(place, `${i}.jpg`));
  }
}
