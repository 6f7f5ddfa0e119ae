// Safetensors files whose headers lie in every way that the format lets one try.
import type { Random } from '../random.ts';

/** A tensor as a header tells of it, to be made worse. */
interface Told {
  name: string;
  dtype: unknown;
  shape: unknown;
  offsets: unknown;
}

const DTYPES: readonly (readonly [string, number])[] = [
  ['F64', 8],
  ['F32', 4],
  ['F16', 2],
  ['BF16', 2],
  ['I64', 8],
  ['I32', 4],
  ['U8', 1],
  ['BOOL', 1],
  ['F8_E4M3', 1],
  ['F8_E5M2', 1],
  ['C64', 8],
  ['U16', 2],
];
const NAMES = ['a', 'b.weight', 'größe', '', '0', '__proto__', 'constructor', 'x"y\\z', '\u{1f600}', 'a\u0000b'];
/** Written as they are, where a value was. */
const RAW = [
  ...['-1', '-0', '0', '1', '1.0', '0.5', '1e2', '1E+1', '1e999', '01', '+1', '.5', '1.', '0x10', 'NaN', 'Infinity'],
  ...[
    '9007199254740991',
    '9007199254740993',
    '18446744073709551615',
    '18446744073709551616',
    '99999999999999999999999',
  ],
  ...[
    'null',
    'true',
    'false',
    '""',
    '"F32"',
    '"f32"',
    '"F4"',
    '"F6_E2M3"',
    '"F128"',
    '"C128"',
    '[]',
    '{}',
    '[[]]',
    '"\\ud800"',
  ],
  ...[
    '"\\ud83d\\ude00"',
    '"\\u0041"',
    '"\\x"',
    '"\t"',
    "'a'",
    '[1,]',
    '{"a":1,}',
    'nul',
    '[0,0]',
    '{"F32":null}',
    '',
    ' ',
  ],
];

/** A file that may be whole, and mostly is not. */
export function makeSafetensors(random: Random): Uint8Array {
  const tensors: Told[] = [];
  let end = 0;
  for (let left = random.int(0, 4); left > 0; left--) {
    const [dtype, size] = random.pick(DTYPES);
    const shape = Array.from({ length: random.int(0, 3) }, () => random.int(0, 4));
    const bytes = shape.reduce((product, extent) => product * extent, size);
    tensors.push({
      name: random.chance(0.6) ? `t${left}` : random.pick(NAMES),
      dtype,
      shape,
      offsets: [end, end + bytes],
    });
    end += bytes;
  }
  const numLies = random.pick([0, 1, 1, 1, 2, 3]);
  for (let lie = 0; lie < numLies; lie++) end = tellLie(tensors, end, random);
  let header = write(tensors, random);
  if (random.chance(0.15)) header = spoil(header, random);
  return frame(header, end, random);
}

/** @returns how many bytes of tensors the file has. */
function tellLie(tensors: Told[], end: number, random: Random): number {
  const told = tensors.length > 0 ? random.pick(tensors) : undefined;
  if (told === undefined) return end + random.pick([0, 1, 8]);
  const offsets = told.offsets as number[];
  const shape = told.shape as number[];
  const number = (): number =>
    random.pick([-1, 0, 1, 3, 7, 8, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 - 1, 1e19, 0.5, end, end + 1]);
  switch (random.int(0, 11)) {
    case 0: // overlap or hole
      if (Array.isArray(offsets)) told.offsets = offsets.map((at) => at + random.pick([-8, -4, -1, 1, 4]));
      return end;
    case 1:
      if (Array.isArray(offsets)) told.offsets = [...offsets].reverse();
      return end;
    case 2:
      told.offsets = Array.from({ length: random.int(0, 3) }, number);
      return end;
    case 3: // the product overflows
      told.shape = random.pick([
        [2 ** 32, 2 ** 32],
        [2 ** 31, 2 ** 31, 4],
        [0, 2 ** 53],
        [2 ** 63, 2, 0],
        [0, 2 ** 40, 2 ** 40],
        Array(70).fill(2),
      ]);
      return end;
    case 4:
      told.shape = Array.isArray(shape) ? [...shape, random.pick([0, 1, 2])] : [];
      return end;
    case 5:
      told.shape = [number()];
      return end;
    case 6:
      told.dtype = random.pick([
        ...DTYPES.map(([name]) => name),
        'F4',
        'F6_E3M2',
        'F8_E8M0',
        'f32',
        'F31',
        '',
        'toString',
      ]);
      return end;
    case 7:
      told[random.pick(['dtype', 'shape', 'offsets'] as const)] = undefined;
      return end;
    case 8: {
      // the same name, or the same bytes, twice
      const twin = { ...told };
      if (random.chance(0.5)) twin.name += 'x';
      tensors.push(twin);
      return end;
    }
    case 9:
      return Math.max(0, end + random.pick([-8, -1, 1, 8, 100]));
    case 10:
      tensors.reverse(); // the order in the header is free
      return end;
    default:
      told.name = random.pick([...NAMES, '__metadata__']);
      return end;
  }
}

const RAW_MARK = '\u0001raw';

function write(tensors: readonly Told[], random: Random): string {
  const texts = tensors.map((told) => {
    const fields: [string, unknown][] = [
      ['dtype', told.dtype],
      ['shape', told.shape],
      ['data_offsets', told.offsets],
    ];
    if (random.chance(0.05))
      fields.push([random.pick(['dtype', 'extra', '__proto__']), random.pick(['F32', 1.5, null, {}])]);
    if (random.chance(0.05)) fields.reverse();
    if (random.chance(0.05)) fields[random.int(0, fields.length - 1)]![1] = RAW_MARK;
    const known = fields.filter(([, value]) => value !== undefined);
    const body = known.map(([key, value]) => `${JSON.stringify(key)}:${writeValue(value, random)}`).join(',');
    if (random.chance(0.02))
      return `${JSON.stringify(told.name)}:[${known.map(([, value]) => writeValue(value, random))}]`;
    return `${JSON.stringify(told.name)}:${random.chance(0.02) ? random.pick(RAW) : `{${body}}`}`;
  });
  if (random.chance(0.4)) texts.unshift(`"__metadata__":${metadata(random)}`);
  if (random.chance(0.03)) texts.push(`"__metadata__":${metadata(random)}`);
  return `{${texts.join(',')}}`;
}

function writeValue(value: unknown, random: Random): string {
  if (value === RAW_MARK) return random.pick(RAW);
  if (Array.isArray(value) && random.chance(0.05)) {
    return `[${value.map((item) => (random.chance(0.5) ? random.pick(RAW) : String(item))).join(',')}]`;
  }
  return JSON.stringify(value);
}

function metadata(random: Random): string {
  if (random.chance(0.2)) return random.pick(RAW);
  if (random.chance(0.1)) return '{"a":"b","a":"c"}';
  if (random.chance(0.1)) return `{"a":${random.pick(RAW)}}`;
  return random.pick(['{}', '{"format":"pt"}', '{"t1":"t2","größe":"\\u00e9"}']);
}

/** Changes of the text as such. */
function spoil(header: string, random: Random): string {
  const at = random.int(0, header.length);
  switch (random.int(0, 6)) {
    case 0:
      return `${random.pick([' ', '\n', '\ufeff', '[', '\u0000', '{'])}${header}`;
    case 1:
      return `${header}${random.pick(['}', ' {}', '\u0000', '\n\t ', '//', ','])}`;
    case 2: {
      const depth = random.pick([10, 100, 124, 125, 126, 127, 5000]);
      return header.replace('"dtype"', `"deep":${'['.repeat(depth)}${']'.repeat(depth)},"dtype"`);
    }
    case 3:
      return header.slice(0, at) + header.slice(at + 1);
    case 4:
      return (
        header.slice(0, at) + random.pick([' ', '"', '{', '}', '[', ',', '\\', '0', '-', '\u0007']) + header.slice(at)
      );
    case 5:
      return header.replaceAll(',', ' ,\n').replaceAll(':', '\t:\r');
    default:
      return header.replace('"', '"\\u');
  }
}

function frame(text: string, dataBytes: number, random: Random): Uint8Array {
  const header = Buffer.from(text);
  if (random.chance(0.03) && header.length > 0) header[random.int(0, header.length - 1)] = random.int(128, 255);
  const padding = random.chance(0.8) ? (8 - (header.length % 8)) % 8 : 0;
  const padded = Buffer.concat([header, Buffer.alloc(padding, ' ')]);
  const first = Buffer.alloc(8);
  const lies = [
    0n,
    1n,
    BigInt(padded.length + 1),
    BigInt(padded.length + 8),
    100_000_001n,
    2n ** 32n,
    2n ** 63n,
    2n ** 64n - 8n,
  ];
  first.writeBigUInt64LE(random.chance(0.06) ? random.pick(lies) : BigInt(padded.length));
  const data = Buffer.alloc(Math.min(dataBytes, 4096), 7);
  const file = Buffer.concat([first, padded, data]);
  return random.chance(0.05) ? file.subarray(0, random.int(0, file.length)) : file;
}
