// The models layer's public names.

export { activation, activationNames } from './activations.ts';
export { architectures, loadPretrained } from './architectures.ts';
export { type BertInputs, BertModel, type BertModelOutput, BertPretrainedModel } from './bert.ts';
export { type BertConfig, bertConfig } from './bert-config.ts';
export {
  BertForMaskedLM,
  BertForPreTraining,
  type BertForPreTrainingOutput,
  BertForQuestionAnswering,
  type BertForQuestionAnsweringOutput,
  BertForSequenceClassification,
  BertForTokenClassification,
  type LabelledBertInputs,
} from './bert-heads.ts';
export type { GenerateOptions } from './generate.ts';
export { Conv1D, type GPT2Inputs, GPT2Model, type GPT2Output, GPT2PretrainedModel } from './gpt2.ts';
export { type GPT2Config, gpt2Config } from './gpt2-config.ts';
export {
  GPT2ForSequenceClassification,
  GPT2ForTokenClassification,
  GPT2LMHeadModel,
  type HeadOutput,
  type LabelledGPT2Inputs,
} from './gpt2-heads.ts';
export { KeyValueCache } from './key-value-cache.ts';
export type { LoadOptions } from './load-folder.ts';
export { modelParts } from './parts.ts';
export { type ModelConfig, type PretrainedClass, PretrainedModel } from './pretrained-model.ts';
export * from './resnet.ts';
export { BasicBlock, Bottleneck, type NormLayer, type ResidualBlockOptions } from './resnet-blocks.ts';
export {
  ResNetForImageClassification,
  type ResNetInputs,
  ResNetModel,
  type ResNetOutput,
  ResNetPretrainedModel,
} from './resnet-model.ts';
export type { SamplingOptions } from './sampling.ts';
export type { SaveOptions } from './save-folder.ts';
export {
  type BatchOptions,
  type EncodeOptions,
  type Encoding,
  PretrainedTokenizer,
  type TokenBatch,
} from './tokenizer.ts';
export * from './vision-transformer.ts';
export {
  ViTForImageClassification,
  type ViTInputs,
  ViTModel,
  type ViTOutput,
  ViTPretrainedModel,
} from './vit.ts';
export { type ResNetConfig, resnetConfig, type ViTConfig, vitConfig } from './vit-config.ts';
