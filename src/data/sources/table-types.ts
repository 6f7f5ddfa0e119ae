// What columns of tables can be.
import type { DType } from '../../tensor/index.ts';

/** What a column of a table can be: text, words by their codes (int64), or a tensor's dtype. */
export type TableColumnType = 'string' | 'category' | TableDType;
/** Dtypes of tensors that columns are read as. */
export type TableDType = Extract<
  DType,
  'float32' | 'float64' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'bool'
>;

/** What a column of a CSV file can be read as. */
export type CsvColumnType = 'float32' | 'float64' | 'int64' | 'bool' | 'string' | 'category';

/** What stands in a field that is missing, by its type: NaN, no number of 64 bits, false, '' or no word unless something else was asked for. */
export type TableFill = number | bigint | boolean | string;
