import { expect, test } from 'vitest';
import { darkPaper, lightPaper, seriesColors } from './palette.ts';

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** How each kind of complete colour blindness sees linear RGB. Source: Machado et al. 2009, severity 1.0. */
const visions: Readonly<Record<string, Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const toXyz: Matrix = [
  [0.4124, 0.3576, 0.1805],
  [0.2126, 0.7152, 0.0722],
  [0.0193, 0.1192, 0.9505],
];

const dot = (a: Triple, b: Triple): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const apply = (matrix: Matrix, v: Triple): Triple => [dot(matrix[0], v), dot(matrix[1], v), dot(matrix[2], v)];

function linear(hex: string): Triple {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function toLab(rgb: Triple): Triple {
  const clipped: Triple = [clip(rgb[0]), clip(rgb[1]), clip(rgb[2])];
  const [x, y, z] = apply(toXyz, clipped);
  const root = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const [fx, fy, fz] = [root(x / 0.95047), root(y), root(z / 1.08883)];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

const clip = (value: number): number => Math.min(1, Math.max(0, value));

function contrast(a: string, b: string): number {
  const [low, high] = [dot(toXyz[1], linear(a)), dot(toXyz[1], linear(b))].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

test.each(Object.keys(visions))('seriesColors are told apart by %s', (name) => {
  for (const ground of ['light', 'dark'] as const) {
    const seen = seriesColors.map((color) => toLab(apply(visions[name]!, linear(color[ground]))));
    for (const [index, a] of seen.entries()) {
      for (const b of seen.slice(index + 1)) {
        // CIE76: about 2 can just be seen side by side.
        expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeGreaterThan(name === 'normal' ? 30 : 9.5);
      }
    }
  }
});

test('seriesColors stand out from their paper by 3 to 1, as WCAG 2.1 asks of graphics', () => {
  for (const { light, dark } of seriesColors) {
    expect(contrast(light, lightPaper)).toBeGreaterThan(3);
    expect(contrast(dark, darkPaper)).toBeGreaterThan(3);
  }
});
