// Errors on their way from a worker: message, stack, fields and causes, as instances of the same class where it is known.
import {
  ConfigError,
  DataFileError,
  DisposedError,
  DTypeError,
  NativeError,
  OutOfMemoryError,
  SampleError,
  ShapeError,
} from '../../errors.ts';
import { type Packed, pack, unpack } from './packed.ts';

/** What is posted in the place of an error, or of whatever else was thrown. */
export interface PackedError {
  readonly isError: boolean;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly fields: readonly (readonly [string, Packed])[];
  readonly cause: PackedError | undefined;
}

/** Deeper causes are left out: a cycle must end. */
const MAX_CAUSES = 16;

const PROTOTYPES: ReadonlyMap<string, object> = new Map<string, object>(
  [
    Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError,
    ConfigError, DataFileError, DisposedError, DTypeError, NativeError, OutOfMemoryError, SampleError, ShapeError,
  ].map((one) => [one.name, one.prototype]),
); // biome-ignore format: a list

export function packError(error: unknown, depth = 0): PackedError {
  if (!(error instanceof Error)) {
    return {
      isError: false,
      name: '',
      message: String(error),
      stack: undefined,
      fields: packFields({ error }),
      cause: undefined,
    };
  }
  const { cause, stack, message, ...fields } = error as Error & Record<string, unknown>;
  const hasCause = cause !== undefined && depth < MAX_CAUSES;
  return {
    isError: true,
    name: error.name,
    message: error.message,
    stack: error.stack,
    fields: packFields(fields),
    cause: hasCause ? packError(cause, depth + 1) : undefined,
  };
}

export function unpackError({ isError, name, message, stack, fields, cause }: PackedError): unknown {
  const values = fields.map(([key, value]) => [key, unpack(value)] as const);
  if (!isError) return values.length > 0 ? values[0]![1] : message;
  const error = new Error(message, cause && { cause: unpackError(cause) });
  const prototype = PROTOTYPES.get(name);
  if (prototype) Object.setPrototypeOf(error, prototype);
  else define(error, 'name', name);
  define(error, 'stack', stack);
  for (const [key, value] of values)
    Object.defineProperty(error, key, { value, writable: true, enumerable: true, configurable: true });
  return error;
}

function define(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, writable: true, configurable: true });
}

/** The fields that can be sent, as `code` and `path` of a system error. */
function packFields(fields: Readonly<Record<string, unknown>>): (readonly [string, Packed])[] {
  return Object.entries(fields).flatMap(([key, value]) => {
    try {
      return [[key, pack(value, { name: key, refuse: (path, got) => new TypeError(`${path}: ${got}`) })] as const];
    } catch {
      return []; // a handle, say: of no use in another thread
    }
  });
}
