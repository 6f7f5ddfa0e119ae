// The columns of a Parquet file: what each holds, and whether it can be read as what is wanted.
import type { FileMetaData, SchemaElement } from 'hyparquet';
import type { TableColumnType } from '../table-types.ts';
import type { PhysicalType } from './decode-chunk.ts';

/** A column of a file. */
export interface ParquetColumn {
  readonly name: string;
  /** As messages say it: a type of {@link TableColumnType}, or one that cannot be read, such as "decimal" or "a list". */
  readonly found: string;
  readonly physical: PhysicalType | undefined;
  readonly isOptional: boolean;
}

/** Which types a type can be read as without being changed, its own first. */
const readableAs: Readonly<Record<string, readonly TableColumnType[]>> = {
  string: ['string', 'category'],
  bool: ['bool'],
  uint8: ['uint8', 'int16', 'int32', 'int64', 'float32', 'float64'],
  int8: ['int8', 'int16', 'int32', 'int64', 'float32', 'float64'],
  int16: ['int16', 'int32', 'int64', 'float32', 'float64'],
  int32: ['int32', 'int64', 'float32', 'float64'],
  int64: ['int64', 'float32', 'float64'],
  float32: ['float32', 'float64'],
  float64: ['float64', 'float32'],
};

/** Whether a type can be read as another: numbers also as wider ones and as floats. */
export function isReadableAs(found: string, wanted: TableColumnType): boolean {
  return readableAs[found]?.includes(wanted) ?? false;
}

/** The type that a column is read as where none is wanted; undefined for one that cannot be read. */
export function defaultType({ found }: ParquetColumn): TableColumnType | undefined {
  return readableAs[found]?.[0];
}

/** Whether a column can be read as a type: numbers also as wider ones and as floats. */
export function canRead({ found }: ParquetColumn, wanted: TableColumnType): boolean {
  return isReadableAs(found, wanted);
}

/** The columns at the root of the schema, in the file's order. */
export function columnsOf({ schema }: FileMetaData): ParquetColumn[] {
  const columns: ParquetColumn[] = [];
  for (let at = 1; at < schema.length; at += sizeOf(schema, at)) {
    const element = schema[at]!;
    const physical = physicalOf(element);
    const found = foundType(element);
    columns.push({ name: element.name, found, physical, isOptional: element.repetition_type === 'OPTIONAL' });
  }
  return columns;
}

/** Elements of a column with all that it holds. */
function sizeOf(schema: readonly SchemaElement[], at: number): number {
  let size = 1;
  for (let left = schema[at]?.num_children ?? 0; left > 0 && at + size < schema.length; left--)
    size += sizeOf(schema, at + size);
  return size;
}

function physicalOf({ type }: SchemaElement): PhysicalType | undefined {
  return type === 'INT96' || type === 'FIXED_LEN_BYTE_ARRAY' ? undefined : type;
}

function foundType({ type, num_children, repetition_type, converted_type, logical_type }: SchemaElement): string {
  const meaning = logical_type?.type ?? converted_type;
  if (num_children !== undefined && num_children > 0) return meaning === 'LIST' ? 'a list' : 'a structure';
  if (repetition_type === 'REPEATED') return 'a list';
  if (meaning === 'DECIMAL') return 'decimal';
  switch (type) {
    case 'BOOLEAN':
      return 'bool';
    case 'FLOAT':
      return 'float32';
    case 'DOUBLE':
      return 'float64';
    case 'INT32':
    case 'INT64':
      return integerType(type, converted_type, logical_type);
    case 'BYTE_ARRAY':
      return ['STRING', 'UTF8', 'ENUM', 'JSON'].includes(meaning ?? '') ? 'string' : 'binary';
    default:
      return meaning?.toLowerCase() ?? String(type).toLowerCase();
  }
}

function integerType(
  type: 'INT32' | 'INT64',
  converted: SchemaElement['converted_type'],
  logical: SchemaElement['logical_type'],
): string {
  const plain = type.toLowerCase();
  const [isSigned, bits] =
    logical?.type === 'INTEGER'
      ? [logical.isSigned, logical.bitWidth]
      : [!converted?.startsWith('UINT_'), Number(/^U?INT_(\d+)$/.exec(converted ?? '')?.[1] ?? 0)];
  if (bits === 0) return plain; // dates and times too: as the file counts them
  if (isSigned) return `int${bits}`;
  return bits === 8 ? 'uint8' : bits === 16 ? 'int32' : `uint${bits}`;
}
