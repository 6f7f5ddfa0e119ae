// A folder of pictures that are drawn beside what goes on, one after the other.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figure } from '../../tracking/plots/figure.ts';

/** Draws what it is given without making anyone wait; an error is thrown by the next `finish`. */
export class FigureFolder {
  readonly #folder: string;
  readonly #paths: string[] = [];
  #last: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param name - the file's, with its ending. The folder is made where there is none. */
  add(name: string, picture: Figure): void {
    this.#last = this.#last.then(async () => {
      try {
        const path = join(this.#folder, name);
        await mkdir(this.#folder, { recursive: true });
        await writeFile(path, await picture.toPng());
        this.#paths.push(path);
      } catch (error) {
        this.#failure ??= { error };
      }
    });
  }

  /** @returns the paths of all pictures so far, when they are on the disk. */
  async finish(): Promise<readonly string[]> {
    await this.#last;
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure.error;
    return [...this.#paths];
  }
}
