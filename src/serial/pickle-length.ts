// Finds where a pickle ends without reading it: files from before PyTorch 1.6 have several in a row, and storages behind them.
import { op } from './pickle-opcodes.ts';
import { unreadable } from './problems.ts';

/** What follows an opcode: so many bytes, lines of text, or bytes behind their own number. */
type Argument = { readonly bytes: number } | { readonly lines: number } | { readonly counted: 1 | 4 | 8 };

const none: Argument = { bytes: 0 };
const argumentsOf = new Map<number, Argument>([
  ...Object.values(op).map((code): [number, Argument] => [code, none]),
  ...([op.proto, op.binInt1, op.binPut, op.binGet] as number[]).map((code): [number, Argument] => [code, { bytes: 1 }]),
  [op.binInt2, { bytes: 2 }],
  ...([op.binInt, op.longBinPut, op.longBinGet] as number[]).map((code): [number, Argument] => [code, { bytes: 4 }]),
  ...([op.binFloat, op.frame] as number[]).map((code): [number, Argument] => [code, { bytes: 8 }]),
  [op.persId, { lines: 1 }],
  [op.global, { lines: 2 }],
  ...([op.long1, op.shortBinUnicode, op.shortBinString, op.shortBinBytes] as number[]).map(
    (code): [number, Argument] => [code, { counted: 1 }],
  ),
  ...([op.long4, op.binUnicode, op.binString, op.binBytes] as number[]).map((code): [number, Argument] => [
    code,
    { counted: 4 },
  ]),
  ...([op.binUnicode8, op.binBytes8, op.byteArray8] as number[]).map((code): [number, Argument] => [
    code,
    { counted: 8 },
  ]),
]);

/** Where the pickle that begins at `start` ends; undefined where it goes on beyond the bytes.
 *  @throws {CheckpointError} for what is no opcode. */
export function findPickleEnd(bytes: Buffer, start: number): number | undefined {
  for (let at = start; at < bytes.length; ) {
    const code = bytes[at]!;
    if (code === op.stop) return at + 1;
    const argument = argumentsOf.get(code);
    if (argument === undefined) throw unreadable(`expected a pickle opcode at byte ${at}, got 0x${code.toString(16)}`);
    const next = skip(bytes, at + 1, argument);
    if (next === undefined) return undefined;
    at = next;
  }
  return undefined;
}

function skip(bytes: Buffer, at: number, argument: Argument): number | undefined {
  if ('bytes' in argument) return at + argument.bytes;
  if ('counted' in argument) {
    if (at + argument.counted > bytes.length) return undefined;
    const { counted } = argument;
    const length = counted === 8 ? Number(bytes.readBigUInt64LE(at)) : bytes.readUIntLE(at, counted);
    return at + counted + length;
  }
  let next = at;
  for (let line = 0; line < argument.lines; line++) {
    const end = bytes.indexOf(0x0a, next);
    if (end < 0) return undefined;
    next = end + 1;
  }
  return next;
}
