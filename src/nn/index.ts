// The nn layer's public names.

export type { BackwardHook, BackwardPreHook, ModuleGradients } from './backward-hooks.ts';
export { checkpointSequential } from './checkpoint-sequential.ts';
export type { CopyOf } from './deep-copy.ts';
export type { FactoryOptions } from './factory.ts';
export type { FreezeOptions, FreezeReport, NamePattern } from './freeze.ts';
export * as functional from './functional/index.ts';
export * as init from './init.ts';
export * from './layers/index.ts';
export { addPrefix, stripPrefix } from './load-message.ts';
export * from './losses/index.ts';
export { Module, type UnaryModule } from './module.ts';
export {
  type ForwardHook,
  type ForwardHookOptions,
  type ForwardPreHook,
  type HookOptions,
  RemovableHandle,
} from './module-hooks.ts';
export { ModeHandle } from './module-mode.ts';
export type { ModuleMoveOptions } from './module-move.ts';
export type {
  LoadContext,
  LoadReport,
  LoadStateDictHook,
  LoadStateDictOptions,
  LoadStateDictPreHook,
  StateDict,
  StateDictHook,
  StateDictOptions,
  StateDictPreHook,
} from './module-state.ts';
export * as utils from './module-tools.ts';
export type { NamedOptions, NamedStateOptions } from './module-tree.ts';
export { Parameter } from './parameter.ts';
export type { BatchRanks } from './ranks.ts';
export { ModuleSummary, type SummaryOptions, type SummaryRow, summary } from './summary.ts';
export { isLazy, UninitializedBuffer, UninitializedParameter } from './uninitialized.ts';
