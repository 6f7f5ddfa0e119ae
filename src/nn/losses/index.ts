// Every loss.

export * from './classification.ts';
export * from './margin.ts';
export * from './regression.ts';
