// The nn layer's public names.

export { checkpointSequential } from './checkpoint-sequential.ts';
export type { CopyOf } from './deep-copy.ts';
export type { FactoryOptions } from './factory.ts';
export * as functional from './functional/index.ts';
export * as init from './init.ts';
export * from './layers/index.ts';
export * from './losses/index.ts';
export { type LoadReport, Module, type StateDict, type UnaryModule } from './module.ts';
export * as utils from './module-tools.ts';
export { Parameter } from './parameter.ts';
