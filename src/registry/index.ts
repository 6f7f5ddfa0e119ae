// The public names of `sconce/registry`: versions of models.
export type { CheckpointChoice } from './find-source.ts';
export {
  ModelRegistry,
  type PublishedVersion,
  type RegisteredModel,
  type VersionReport,
} from './model-registry.ts';
export { type Lineage, type ModelVersion, referenceTo, type VersionFile } from './model-version.ts';
export { type MLflowModelOptions, type MLflowPublication, publishToMLflow } from './publish-to-mlflow.ts';
export { publishToWandb, type WandbModelOptions, type WandbPublication } from './publish-to-wandb.ts';
export type { PublishOptions } from './registry-options.ts';
