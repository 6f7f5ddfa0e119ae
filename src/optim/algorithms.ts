// Every optimizer.

export { Adadelta, type AdadeltaHyperparameters } from './adadelta.ts';
export { Adafactor, type AdafactorHyperparameters } from './adafactor.ts';
export { Adagrad, type AdagradHyperparameters } from './adagrad.ts';
export { Adam, type AdamHyperparameters } from './adam.ts';
export { Adamax, type AdamaxHyperparameters } from './adamax.ts';
export { AdamW, type AdamWHyperparameters } from './adamw.ts';
export { ASGD, type ASGDHyperparameters } from './asgd.ts';
export { LBFGS, type LBFGSHyperparameters } from './lbfgs.ts';
export { Lion, type LionHyperparameters } from './lion.ts';
export { Muon, type MuonHyperparameters } from './muon.ts';
export { NAdam, type NAdamHyperparameters } from './nadam.ts';
export { RAdam, type RAdamHyperparameters } from './radam.ts';
export { RMSprop, type RMSpropHyperparameters } from './rmsprop.ts';
export { Rprop, type RpropHyperparameters } from './rprop.ts';
export { SGD, type SGDHyperparameters } from './sgd.ts';
export { SparseAdam, type SparseAdamHyperparameters } from './sparse-adam.ts';
