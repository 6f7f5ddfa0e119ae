// Numbers as Python's format writes them to four digits: where JavaScript rounds a tie up, Python takes the even digit.

const DIGITS = 4;

function signed(value: number, text: (size: number) => string): string {
  const isNegative = value < 0 || Object.is(value, -0);
  return (isNegative ? '-' : '') + text(Math.abs(value));
}

/** As in `f'{value:.4f}'`. */
export function formatFixed(value: number): string {
  return signed(value, (size) => {
    // The digits after the fourth are exactly a half for odd multiples of 1/32 alone: no other double ends there.
    const isTie = size < 2 ** 47 && (size * 32) % 2 === 1;
    const text = size.toFixed(DIGITS);
    return isTie && isOdd(text) ? `${text.slice(0, -1)}${Number(text.at(-1)) - 1}` : text;
  });
}

/** As in `f'{value:.4e}'`. */
export function formatExponential(value: number): string {
  return signed(value, (size) => {
    const [, kept, rest] = /^(\d\.\d{4})(\d+)/.exec(size.toExponential(60))!;
    const isTie = /^50*$/.test(rest!);
    const [digits, exponent] = size.toExponential(DIGITS).split('e') as [string, string];
    const even = isTie && !isOdd(kept!) ? kept! : digits;
    return `${even}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  });
}

function isOdd(text: string): boolean {
  return Number(text.at(-1)) % 2 === 1;
}
