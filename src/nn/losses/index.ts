// Every loss.

export {
  BCELoss,
  BCEWithLogitsLoss,
  CrossEntropyLoss,
  CTCLoss,
  KLDivLoss,
  NLLLoss,
} from './classification.ts';
export * from './linear-cross-entropy.ts';
export * from './margin.ts';
export * from './regression.ts';
