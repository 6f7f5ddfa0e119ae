// The names of `transforms`.

export * as functional from './functional/index.ts';
