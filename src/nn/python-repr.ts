// Values as Python's repr writes them, for modules that print as PyTorch's do.

export function pythonBool(value: boolean): string {
  return value ? 'True' : 'False';
}

/** A number that Python holds as a float. */
export function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return `${value}.0`;
  const text = value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

/** A tuple of integers, or of what `show` makes of each. */
export function pythonTuple(values: readonly number[], show: (value: number) => string = String): string {
  const shown = values.map((value) => show(value));
  return shown.length === 1 ? `(${shown[0]},)` : `(${shown.join(', ')})`;
}

/** Lines after the first two spaces further right; blank ones are emptied. */
export function indentRest(text: string): string {
  return text.replaceAll(/\n([^\n]*)/g, (_, line: string) => (line.trim() === '' ? '\n' : `\n  ${line}`));
}
