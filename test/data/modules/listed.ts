// Samples that are not collated by type: the module has a collate of its own. One of them cannot leave its thread.
import type { BatchContext, Dataset } from 'sconce/data';

export interface ListedOptions {
  readonly length: number;
  /** The sample that has a function in it. */
  readonly closed?: number;
  /** Samples fewer in threads that are not the main one. */
  readonly shrinksBy?: number;
}

export interface Listed {
  readonly name: string;
  readonly open?: () => string;
}

/** Another export than the default. */
export async function listed({ length, closed, shrinksBy = 0 }: ListedOptions): Promise<Dataset<Listed>> {
  const { isMainThread } = await import('node:worker_threads');
  return {
    name: 'Listed',
    length: length - (isMainThread ? 0 : shrinksBy),
    get: (index) => (index === closed ? { name: `${index}`, open: () => 'now' } : { name: `${index}` }),
  };
}

/** Refuses to be made anywhere but in the main thread. */
export async function shy({ length }: ListedOptions): Promise<Dataset<Listed>> {
  const { isMainThread } = await import('node:worker_threads');
  if (!isMainThread) throw new RangeError('only at home');
  return { name: 'Shy', length, get: (index) => ({ name: `${index}` }) };
}

export const collate = (samples: Listed[], { epoch, position, indices }: BatchContext): unknown => ({
  samples,
  place: `${epoch}.${position}`,
  indices,
});

export const number = 3;

export default (): unknown => ({ length: 3 });
