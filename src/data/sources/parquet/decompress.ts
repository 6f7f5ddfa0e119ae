// Pages of Parquet files decompressed: by Node where it can, else by hyparquet's compressors.
import * as zlib from 'node:zlib';
import { ParquetProblem } from './hybrid.ts';

type Decompress = (bytes: Uint8Array, numBytes: number) => Uint8Array;

/** What Node 22.15 has and its older types do not know. */
type ZstdDecompress = (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;

let loading: Promise<ReadonlyMap<string, Decompress>> | undefined;

/** The ways to decompress, by the names of Parquet's codecs. Loaded at first use. */
export function loadDecompressors(): Promise<ReadonlyMap<string, Decompress>> {
  loading ??= import('hyparquet-compressors').then(({ compressors }) => {
    const all = new Map<string, Decompress>(Object.entries(compressors) as [string, Decompress][]);
    all.set('UNCOMPRESSED', (bytes) => bytes);
    all.set('GZIP', (bytes, numBytes) => zlib.gunzipSync(bytes, { maxOutputLength: Math.max(1, numBytes) }));
    all.set('BROTLI', (bytes, numBytes) =>
      zlib.brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, numBytes) }),
    );
    const zstd = (zlib as { zstdDecompressSync?: ZstdDecompress }).zstdDecompressSync;
    if (zstd) all.set('ZSTD', (bytes, numBytes) => zstd(bytes, { maxOutputLength: Math.max(1, numBytes) }));
    return all;
  });
  return loading;
}

/** @throws {ParquetProblem} for bytes that are not what the codec makes, or not as many as they should be. */
export function decompressPage(
  decompressors: ReadonlyMap<string, Decompress>,
  codec: string,
  bytes: Uint8Array,
  numBytes: number,
): Uint8Array {
  const decompress = decompressors.get(codec);
  if (decompress === undefined)
    throw new ParquetProblem(`expected compression of ${[...decompressors.keys()].join(', ')}, got ${codec}`);
  let page: Uint8Array;
  try {
    page = numBytes === 0 ? new Uint8Array() : decompress(bytes, numBytes);
  } catch (error) {
    throw new ParquetProblem(
      `expected a page compressed by ${codec}, got ${error instanceof Error ? error.message : error}`,
      { cause: error },
    );
  }
  if (page.length === numBytes) return page;
  throw new ParquetProblem(`expected a page of ${numBytes} bytes, got ${page.length}`);
}
