// Writes a run's pictures as files, one after the other: a run may have many.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileStems } from '../file-stem.ts';
import { renderPng } from '../plots/png.ts';
import type { Picture } from '../report/section.ts';

export interface WriteFiguresOptions {
  /** Whether each is written as PNG too. Default false. */
  readonly hasPng?: boolean;
  /** The paper of the PNG files, default `light`. */
  readonly theme?: 'light' | 'dark';
}

/** Writes each picture under its name into the folder, which is made where there is none. A reader sees a file of before or the new one, never half of one.
 *  @returns the paths. */
export async function writePictures(
  folder: string,
  pictures: Iterable<Picture> | AsyncIterable<Picture>,
  { hasPng = false, theme = 'light' }: WriteFiguresOptions = {},
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const written: string[] = [];
  const write = async (path: string, content: string | Uint8Array): Promise<void> => {
    await writeFile(`${path}.tmp`, content);
    await rename(`${path}.tmp`, path);
    written.push(path);
  };
  const nextStem = fileStems();
  for await (const { name, svg } of pictures) {
    const stem = join(folder, nextStem(name));
    await write(`${stem}.svg`, svg);
    if (hasPng) await write(`${stem}.png`, await renderPng(svg, { theme }));
  }
  return written;
}
