// A version of a model as it lies in the registry: one JSON file that never changes, with the hashes of the files that it stands for.
import { z } from 'zod';
import { decodeValues, encodeValues, type MetricValues } from '../tracking/run-format.ts';

/** The version of these files that this package writes, and the newest that it reads. */
export const MANIFEST_VERSION = 1;

/** Where a version comes from, as far as it is known. */
export interface Lineage {
  /** The checkpoint or weights that were published: a path or an address. */
  readonly checkpoint: string;
  readonly runId?: string | undefined;
  readonly runFolder?: string | undefined;
  /** The commit that the run was started at. */
  readonly gitCommit?: string | undefined;
  readonly step?: number | undefined;
  /** Epochs completed. */
  readonly epoch?: number | undefined;
  /** The version that this one was made from, as in `digits@v2`. */
  readonly parent?: string | undefined;
}

/** One file of a version. */
export interface VersionFile {
  /** Inside the version, as in `model.safetensors`. */
  readonly path: string;
  readonly bytes: number;
  /** Of its content, in hexadecimal digits. */
  readonly sha256: string;
}

/** An immutable version of a model. */
export interface ModelVersion {
  readonly name: string;
  /** From 1; never given twice, whatever is removed. */
  readonly number: number;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Of the content: the file's, or of several files' names and hashes. */
  readonly sha256: string;
  readonly bytes: number;
  readonly files: readonly VersionFile[];
  /** What was measured of these weights. */
  readonly metrics: MetricValues;
  /** What the run was asked to do, as plain JSON; undefined where nobody knows. */
  readonly config?: unknown;
  readonly lineage: Lineage;
  readonly tags: readonly string[];
  readonly notes?: string | undefined;
  /** The folder of its files below the model's, made for this version alone. */
  readonly folder: string;
}

/** What stays of a version that was removed, so that its number is not given again. */
export interface RemovedVersion {
  readonly number: number;
  readonly removedAt: string;
}

const fileSchema = z.object({ path: z.string(), bytes: z.number(), sha256: z.string() });
const lineageSchema = z.object({
  checkpoint: z.string(),
  runId: z.string().optional(),
  runFolder: z.string().optional(),
  gitCommit: z.string().optional(),
  step: z.number().optional(),
  epoch: z.number().optional(),
  parent: z.string().optional(),
});
const header = { format: z.literal('sconce-model-version'), version: z.number().max(MANIFEST_VERSION) };
const schema = z.union([
  z.object({ ...header, number: z.number(), removedAt: z.string() }),
  z.object({
    ...header,
    name: z.string(),
    number: z.number(),
    createdAt: z.string(),
    sha256: z.string(),
    bytes: z.number(),
    files: z.array(fileSchema).min(1),
    metrics: z.unknown(),
    config: z.unknown().optional(),
    lineage: lineageSchema,
    tags: z.array(z.string()),
    notes: z.string().optional(),
    folder: z.string(),
  }),
]);

/** A version, or what stays of it, as its file's text. */
export function encodeVersion(version: ModelVersion | RemovedVersion): string {
  const values = 'metrics' in version ? { ...version, metrics: encodeValues(version.metrics) } : version;
  return `${JSON.stringify({ format: 'sconce-model-version', version: MANIFEST_VERSION, ...values }, null, 2)}\n`;
}

/** Reads the text back. @throws {SyntaxError} naming the place where it is not what this package reads. */
export function decodeVersion(text: string, place: string): ModelVersion | RemovedVersion {
  try {
    const parsed = schema.parse(JSON.parse(text));
    if ('removedAt' in parsed) return { number: parsed.number, removedAt: parsed.removedAt };
    const { format: _, version: __, ...fields } = parsed;
    return { ...fields, metrics: decodeValues(fields.metrics) };
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new SyntaxError(`Cannot read "${place}": expected a version of a model, got: ${reason}`, { cause });
  }
}

/** `digits@v3`. */
export const referenceTo = ({ name, number }: Pick<ModelVersion, 'name' | 'number'>): string => `${name}@v${number}`;
