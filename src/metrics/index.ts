// The public names of `sconce/metrics`.

export type { Matrix } from '../tracking/data-records.ts';
export { type AggregationOptions, MeanMetric, SumMetric } from './aggregation/aggregation.ts';
export { Accuracy } from './classification/accuracy.ts';
export type { Average } from './classification/averages.ts';
export { CalibrationError, type CalibrationErrorOptions } from './classification/calibration-error.ts';
export { ConfusionMatrix, type ConfusionMatrixOptions } from './classification/confusion-matrix.ts';
export type { CurveOptions } from './classification/curve-metric.ts';
export { F1Score, Precision, Recall, type ZeroDivisionOptions } from './classification/precision-recall.ts';
export { AUROC, AveragePrecision } from './classification/ranking.ts';
export type { StatScoresOptions } from './classification/stat-scores.ts';
export type { ClassificationOptions, ThresholdOptions } from './classification/task.ts';
export { type AnyMetric, isMergeable, type MergeableMetric, type Metric, type MetricState } from './metric.ts';
export { PearsonCorrelation, SpearmanCorrelation } from './regression/correlation.ts';
export {
  MeanAbsoluteError,
  MeanSquaredError,
  type MeanSquaredErrorOptions,
  type NameOptions,
} from './regression/errors.ts';
export { R2Score, type R2ScoreOptions } from './regression/r2-score.ts';
export { BatchRetrievalRecall } from './retrieval/batch-retrieval-recall.ts';
export type { PairsOptions } from './retrieval/pairs.ts';
export { RetrievalMRR } from './retrieval/retrieval-mrr.ts';
export { RetrievalRecall, type RetrievalRecallOptions } from './retrieval/retrieval-recall.ts';
export { type StateKind, TensorMetric } from './tensor-metric.ts';
export { BLEUScore, type BLEUScoreOptions, type Sentence } from './text/bleu.ts';
export { CharErrorRate, type ErrorRateOptions, WordErrorRate } from './text/error-rate.ts';
export { Perplexity, type PerplexityOptions } from './text/perplexity.ts';
