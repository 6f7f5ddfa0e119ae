// Numbers as Python's format writes them: where JavaScript rounds a tie up, Python takes the even digit.

function signed(value: number, text: (size: number) => string): string {
  const isNegative = value < 0 || Object.is(value, -0);
  return (isNegative ? '-' : '') + text(Math.abs(value));
}

/** As in `f'{value:.4f}'`, of a finite number. @param digits - 0 to 99. */
export function formatFixed(value: number, digits: number): string {
  return signed(value, (size) => {
    // From here on every number is whole, and JavaScript would change to exponents.
    if (size >= 2 ** 53) return BigInt(size).toString() + (digits > 0 ? `.${'0'.repeat(digits)}` : '');
    const text = size.toFixed(digits);
    if (!isOdd(text) || !size.toFixed(digits + 1).endsWith('5')) return text;
    // The expansion of a tie ends with the 5, so that a hundred digits show all of it.
    const exact = size.toFixed(100);
    const end = exact.indexOf('.') + 1 + digits;
    const isTie = /^50*$/.test(exact.slice(end));
    return isTie ? exact.slice(0, digits === 0 ? end - 1 : end) : text;
  });
}

/** As in `f'{value:.4e}'`, of a finite number. @param digits - 0 to 99. */
export function formatExponential(value: number, digits: number): string {
  return signed(value, (size) => {
    const exact = size.toExponential(100);
    const dot = exact.indexOf('.');
    const kept = exact.slice(0, digits === 0 ? dot : dot + 1 + digits);
    const isTie = /^50*e/.test(exact.slice(dot + 1 + digits));
    const [rounded, exponent] = size.toExponential(digits).split('e') as [string, string];
    return `${isTie && !isOdd(kept) ? kept : rounded}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  });
}

function isOdd(text: string): boolean {
  return Number(text.at(-1)) % 2 === 1;
}
