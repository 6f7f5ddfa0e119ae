// The public names of `sconce/data`.

export { type Collate, type Collated, defaultCollate } from './collate/collate.ts';
export { groupCollate, groupCollateBy, type TaggedSample } from './collate/group-collate.ts';
export { type PadCollated, type PadOptions, padCollate } from './collate/pad-collate.ts';
export { type BatchContext, type SampleContext, sampleSeed } from './context.ts';
export { ArrayDataset } from './datasets/array-dataset.ts';
export { CachedDataset, type CachedDatasetOptions } from './datasets/cached-dataset.ts';
export { ConcatDataset } from './datasets/concat-dataset.ts';
export type { Dataset } from './datasets/dataset.ts';
export {
  type CastStimOptions,
  castStim,
  Float32View,
  type Float32ViewOptions,
  type RecordingSample,
} from './datasets/float32-view.ts';
export { GeneratorDataset, type GeneratorDatasetOptions } from './datasets/generator-dataset.ts';
export type { IterableDataset, SampleStream, StreamState } from './datasets/iterable.ts';
export { type RandomSplitOptions, randomSplit } from './datasets/random-split.ts';
export { ShuffleBuffer, type ShuffleBufferOptions } from './datasets/shuffle-buffer.ts';
export { Subset } from './datasets/subset.ts';
export { type Tagged, TaggedDataset } from './datasets/tagged-dataset.ts';
export { type TensorColumns, TensorDataset } from './datasets/tensor-dataset.ts';
export {
  type SampleTransform,
  TransformedDataset,
  TransformedIterableDataset,
} from './datasets/transformed-dataset.ts';
export type { Cursor } from './loader/cursor.ts';
export type { BatchTransform } from './loader/finishing.ts';
export { FirstBatches, type FirstBatchesState } from './loader/first-batches.ts';
export { type BatchLoader, DataLoader, type DataLoaderOptions, type DataLoaderState } from './loader/loader.ts';
export type { BatchIterator } from './loader/prefetch.ts';
export { EpochLengthPolicy } from './multi-loader/epoch-length.ts';
export type { LossMixOptions, LossRecord } from './multi-loader/loss-mix.ts';
export type { LoaderBatch } from './multi-loader/multi-iterator.ts';
export { MultiDataLoader, type MultiDataLoaderOptions } from './multi-loader/multi-loader.ts';
export type { MixState, MultiDataLoaderState, PlayedState } from './multi-loader/multi-state.ts';
export type { LoaderCollection, NamedLoader } from './multi-loader/name-loaders.ts';
export { profilingNames, trainLoaderNames, valLoaderNames } from './multi-loader/names.ts';
export { buildSchedule } from './multi-loader/policy.ts';
export type { LoaderProportions, LoaderShare } from './multi-loader/proportions.ts';
export { SamplingStrategy, type ScheduleConfig } from './multi-loader/schedule-config.ts';
export type { TurnsState } from './multi-loader/turns.ts';
export {
  temperatureWeights,
  type WeightFunction,
  type WeightPoint,
  type WeightSchedule,
} from './multi-loader/weights.ts';
export type { PlainData } from './plain-data.ts';
export { BatchSampler, type BatchSamplerOptions } from './samplers/batch-sampler.ts';
export { BucketByLengthSampler, type BucketByLengthSamplerOptions } from './samplers/bucket-by-length-sampler.ts';
export { ByDatasetBatchSampler, type ByDatasetBatchSamplerOptions } from './samplers/by-dataset-batch-sampler.ts';
export type { ScoreMismatch, TaggedParts } from './samplers/contrast-scores.ts';
export { ContrastWeightedSampler, type ContrastWeightedSamplerOptions } from './samplers/contrast-weighted-sampler.ts';
export { DistributedSampler, type DistributedSamplerOptions } from './samplers/distributed-sampler.ts';
export type { NumberColumn } from './samplers/numbers.ts';
export type { RankOptions } from './samplers/option-checks.ts';
export { RandomSampler, type RandomSamplerOptions } from './samplers/random-sampler.ts';
export { INPUT_DELAY, type Order, type Sampler, type SamplerInput } from './samplers/sampler.ts';
export { SequentialSampler } from './samplers/sequential-sampler.ts';
export { SubsetRandomSampler } from './samplers/subset-random-sampler.ts';
export { WeightedRandomSampler, type WeightedRandomSamplerOptions } from './samplers/weighted-random-sampler.ts';
export { readArrow } from './sources/arrow/read-arrow.ts';
export type { CsvOptions, MissingOptions } from './sources/csv/csv-options.ts';
export { type CsvRow, CsvStream } from './sources/csv/csv-stream.ts';
export { readCsv } from './sources/csv/read-csv.ts';
export { readIdx } from './sources/idx.ts';
export { type DecodedImage, type DecodeImageOptions, decodeImage } from './sources/image/image.ts';
export type { ImageInput } from './sources/image/image-batch.ts';
export { ImageFolder, type ImageFolderOptions } from './sources/image/image-folder.ts';
export { ImageList, type ImageListOptions, type ImageSample } from './sources/image/image-list.ts';
export type { Colour, ImageDecoding, ImageRange, ImageSize, ImageTransform } from './sources/image/image-transform.ts';
export { JsonlDataset, type JsonlOptions, JsonlStream } from './sources/jsonl.ts';
export { type LoadNpyOptions, loadNpy, saveNpy } from './sources/numpy/npy.ts';
export { type LoadNpzOptions, loadNpz, saveNpz } from './sources/numpy/npz.ts';
export { ParquetDataset, type ParquetDatasetOptions } from './sources/parquet/parquet-dataset.ts';
export type { TableFileOptions } from './sources/parquet/parquet-options.ts';
export { ParquetStream } from './sources/parquet/parquet-stream.ts';
export { readParquet } from './sources/parquet/read-parquet.ts';
export { Table, type TableColumn, type TableParts, type TableRow } from './sources/table.ts';
export type { CsvColumnType, TableColumnType, TableDType, TableFill } from './sources/table-types.ts';
export { expandBraces } from './sources/tar/brace-pattern.ts';
export type { ShardCount } from './sources/tar/shard-index.ts';
export { type ShardSample, type WriteShardsOptions, writeShards } from './sources/tar/shard-writer.ts';
export type { TarDecoder, TarSample } from './sources/tar/tar-sample.ts';
export { TarShards, type TarShardsOptions } from './sources/tar/tar-shards.ts';
export type { DocumentSplit } from './sources/text/text-documents.ts';
export { TextLineDataset, type TextLineOptions } from './sources/text/text-line-dataset.ts';
export { TextLines } from './sources/text/text-lines.ts';
export { type EncodeToFileOptions, encodeToFile } from './sources/tokens/encode-to-file.ts';
export { type OpenTokenOptions, TokenDataset, type TokenDatasetOptions } from './sources/tokens/token-dataset.ts';
export { ByteEncoder, CharacterEncoder, type TokenEncoder } from './sources/tokens/token-encoders.ts';
export { type TokenDType, TokenFile, type TokenFileInfo } from './sources/tokens/token-file.ts';
export type { TokenArray, TokenWindow } from './sources/tokens/token-windows.ts';
export {
  type ReadWavOptions,
  readWav,
  readWavInfo,
  type Wav,
  type WriteWavOptions,
  writeWav,
} from './sources/wav/wav.ts';
export { WavDataset, type WavDatasetOptions, type WavSample } from './sources/wav/wav-dataset.ts';
export type { WavEncoding, WavInfo } from './sources/wav/wav-format.ts';
export * as transforms from './transforms/index.ts';
export { type DatasetModuleOptions, datasetModule, type ModuleUrl } from './workers/dataset-module.ts';
