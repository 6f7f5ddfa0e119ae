// The default recipe: each modality by itself, then what joins them, then everything, carefully.

import type { ComponentConfig, TrainingConfigInput } from './stage-config.ts';

/** Factors on the rate of each part; what is frozen has none. */
function components(
  factors: Readonly<Record<string, number | 'frozen'>>,
): Partial<ComponentConfig & { name: string }>[] {
  return Object.entries(factors).map(([name, factor]) => ({
    name,
    freeze: factor === 'frozen',
    ...(factor === 'frozen' ? {} : { lrMultiplier: factor }),
  }));
}

/** Source: multimodal_insight_engine's create_default_multistage_config: its stages, epochs, rates and losses. */
export const DEFAULT_RECIPE = {
  stages: [
    {
      name: 'modality_specific_learning',
      epochs: 5,
      batchSize: 64,
      optimizer: { lr: 5e-5 },
      losses: [
        { name: 'contrastive_loss', params: { temperature: 0.07 } },
        { name: 'decorrelation_loss', weight: 0.25 },
      ],
      components: components({
        vision_model: 'frozen',
        text_model: 'frozen',
        vision_projection: 1,
        text_projection: 1,
        cross_attention: 'frozen',
      }),
      monitorMetric: 'val_alignment_score',
      monitorMode: 'max',
    },
    {
      name: 'cross_modal_fusion',
      epochs: 8,
      batchSize: 64,
      optimizer: { lr: 1e-4 },
      losses: [
        { name: 'memory_queue_contrastive_loss', params: { queue_size: 8192, temperature: 0.07 } },
        { name: 'decorrelation_loss', weight: 0.25 },
      ],
      components: components({
        vision_model: 'frozen',
        text_model: 'frozen',
        vision_projection: 0.5,
        text_projection: 0.5,
        cross_attention: 1,
      }),
      monitorMetric: 'val_alignment_score',
      monitorMode: 'max',
    },
    {
      name: 'end_to_end_fine_tuning',
      epochs: 10,
      batchSize: 32,
      optimizer: { lr: 5e-6 },
      losses: [
        { name: 'hard_negative_mining_contrastive_loss', params: { temperature: 0.05 } },
        { name: 'feature_consistency_loss', weight: 0.5, params: { distance: 'cosine' } },
        { name: 'decorrelation_loss', weight: 0.1 },
      ],
      components: components({
        vision_model: 0.01,
        text_model: 0.01,
        vision_projection: 0.1,
        text_projection: 0.1,
        cross_attention: 0.5,
      }),
      monitorMetric: 'val_recall_at_5',
      monitorMode: 'max',
      gradientAccumulationSteps: 2,
    },
  ],
  dataConfig: {
    dataset: 'flickr30k',
    train_split_ratio: 0.8,
    val_split_ratio: 0.1,
    test_split_ratio: 0.1,
    image_size: 224,
    max_text_length: 77,
  },
  modelConfig: {
    vision_model: 'google/vit-base-patch16-224',
    text_model: 'bert-base-uncased',
    projection_dim: 512,
    num_cross_attention_heads: 8,
    cross_attention_dropout: 0.1,
  },
} as TrainingConfigInput;
