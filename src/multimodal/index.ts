// The public names of `sconce/multimodal`: contrastive training of two modalities. Source: multimodal_insight_engine.
export { type BatchFeatures, FEATURES, featuresOf } from './features.ts';
export { type LossInputs, type LossOutput, type MatchIds, MultimodalLoss } from './losses/multimodal-loss.ts';
