// The public names of `sconce/data`.

export { type Collate, type Collated, defaultCollate } from './collate.ts';
export { type BatchContext, type SampleContext, sampleSeed } from './context.ts';
export type { Cursor } from './cursor.ts';
export type { Dataset } from './dataset.ts';
export { ArrayDataset } from './datasets/array-dataset.ts';
export { CachedDataset, type CachedDatasetOptions } from './datasets/cached-dataset.ts';
export { ConcatDataset } from './datasets/concat-dataset.ts';
export { type RandomSplitOptions, randomSplit } from './datasets/random-split.ts';
export { Subset } from './datasets/subset.ts';
export { type Tagged, TaggedDataset } from './datasets/tagged-dataset.ts';
export { type TensorColumns, TensorDataset } from './datasets/tensor-dataset.ts';
export {
  type SampleTransform,
  TransformedDataset,
  TransformedIterableDataset,
} from './datasets/transformed-dataset.ts';
export type { BatchTransform } from './finishing.ts';
export {
  type CastStimOptions,
  castStim,
  Float32View,
  type Float32ViewOptions,
  type RecordingSample,
} from './float32-view.ts';
export { GeneratorDataset, type GeneratorDatasetOptions } from './generator-dataset.ts';
export { groupCollate, type TaggedSample } from './group-collate.ts';
export type { IterableDataset, SampleStream, StreamState } from './iterable.ts';
export { type BatchLoader, DataLoader, type DataLoaderOptions, type DataLoaderState } from './loader.ts';
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
export { type PadCollated, type PadOptions, padCollate } from './pad-collate.ts';
export type { PlainData } from './plain-data.ts';
export type { BatchIterator } from './prefetch.ts';
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
export { ShuffleBuffer, type ShuffleBufferOptions } from './shuffle-buffer.ts';
export { readArrow } from './sources/arrow/read-arrow.ts';
export { expandBraces } from './sources/brace-pattern.ts';
export { CsvDataset, type CsvRow } from './sources/csv/csv-dataset.ts';
export type { CsvOptions, MissingOptions } from './sources/csv/csv-options.ts';
export { readCsv } from './sources/csv/read-csv.ts';
export { type EncodeToFileOptions, encodeToFile } from './sources/encode-to-file.ts';
export { readIdx } from './sources/idx.ts';
export { type DecodedImage, type DecodeImageOptions, decodeImage } from './sources/image.ts';
export type { ImageInput } from './sources/image-batch.ts';
export { ImageFolder, type ImageFolderOptions } from './sources/image-folder.ts';
export { ImageList, type ImageListOptions, type ImageSample } from './sources/image-list.ts';
export type { Colour, ImageDecoding, ImageRange, ImageSize, ImageTransform } from './sources/image-transform.ts';
export { JsonlDataset, type JsonlOptions, JsonlStream } from './sources/jsonl.ts';
export { type LoadNpyOptions, loadNpy, saveNpy } from './sources/numpy/npy.ts';
export { type LoadNpzOptions, loadNpz, saveNpz } from './sources/numpy/npz.ts';
export { ParquetDataset, type ParquetDatasetOptions } from './sources/parquet/parquet-dataset.ts';
export type { TableFileOptions, TableFill } from './sources/parquet/parquet-options.ts';
export { ParquetStream } from './sources/parquet/parquet-stream.ts';
export { readParquet } from './sources/parquet/read-parquet.ts';
export type { ShardCount } from './sources/shard-index.ts';
export { type ShardSample, type WriteShardsOptions, writeShards } from './sources/shard-writer.ts';
export { Table, type TableColumn, type TableParts, type TableRow } from './sources/table.ts';
export type { CsvColumnType, TableColumnType, TableDType } from './sources/table-types.ts';
export type { TarDecoder, TarSample } from './sources/tar-sample.ts';
export { TarShards, type TarShardsOptions } from './sources/tar-shards.ts';
export type { DocumentSplit } from './sources/text-documents.ts';
export { TextLineDataset, type TextLineOptions } from './sources/text-line-dataset.ts';
export { TextLines } from './sources/text-lines.ts';
export { type OpenTokenOptions, TokenDataset, type TokenDatasetOptions } from './sources/token-dataset.ts';
export { ByteEncoder, CharacterEncoder, type TokenEncoder } from './sources/token-encoders.ts';
export { type TokenDType, TokenFile, type TokenFileInfo } from './sources/token-file.ts';
export type { TokenArray, TokenWindow } from './sources/token-windows.ts';
export { type ReadWavOptions, readWav, readWavInfo, type Wav, type WriteWavOptions, writeWav } from './sources/wav.ts';
export { WavDataset, type WavDatasetOptions, type WavSample } from './sources/wav-dataset.ts';
export type { WavEncoding, WavInfo } from './sources/wav-format.ts';
export * as transforms from './transforms/index.ts';
export { type DatasetModuleOptions, datasetModule, type ModuleUrl } from './workers/dataset-module.ts';
