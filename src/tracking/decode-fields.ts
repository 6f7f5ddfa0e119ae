// Reads fields of parsed JSON with the type that they have to have.

export type Fields = Readonly<Record<string, unknown>>;

export function parseObject(line: string): Fields {
  return asObject(JSON.parse(line));
}

export function asObject(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new SyntaxError(`expected an object, got ${excerpt(value)}`);
}

export function numberField(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value === 'number') return value;
  throw new SyntaxError(`expected ${name} to be a number, got ${excerpt(value)}`);
}

/** A number, or the name of one that JSON does not have. */
export function anyNumberField(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  throw new SyntaxError(`expected ${name} to be a number, got ${excerpt(value)}`);
}

/** A list with every entry read by `read`. */
export function listField<T>(fields: Fields, name: string, read: (entry: unknown) => T): T[] {
  const value = fields[name];
  if (Array.isArray(value)) return value.map(read);
  throw new SyntaxError(`expected ${name} to be an array, got ${excerpt(value)}`);
}

export function asNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  throw new SyntaxError(`expected a number, got ${excerpt(value)}`);
}

export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new SyntaxError(`expected a string, got ${excerpt(value)}`);
}

export function textField(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string') return value;
  throw new SyntaxError(`expected ${name} to be a string, got ${excerpt(value)}`);
}

export function excerpt(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80);
}
