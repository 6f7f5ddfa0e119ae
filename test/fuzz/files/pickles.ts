// Pickles that somebody wrote by hand: opcodes taken out, put in and given other arguments, and programs that want to run, to grow, or never to end.
import type { Random } from '../random.ts';
import { edgeNumber } from './bytes.ts';

/** How an opcode's argument is laid out: so many bytes, or a length of so many bytes and then as many, or lines. */
type Argument = { readonly bytes: number } | { readonly lengthBytes: number } | { readonly lines: number };

const ARGUMENTS: Readonly<Record<string, Argument>> = {
  B: { lengthBytes: 4 },
  C: { lengthBytes: 1 },
  G: { bytes: 8 },
  J: { bytes: 4 },
  K: { bytes: 1 },
  M: { bytes: 2 },
  T: { lengthBytes: 4 },
  U: { lengthBytes: 1 },
  X: { lengthBytes: 4 },
  c: { lines: 2 },
  i: { lines: 2 },
  ...Object.fromEntries([...'FILSVPgp'].map((code) => [code, { lines: 1 }])),
  h: { bytes: 1 },
  q: { bytes: 1 },
  j: { bytes: 4 },
  r: { bytes: 4 },
  '\x80': { bytes: 1 },
  '\x82': { bytes: 1 },
  '\x83': { bytes: 2 },
  '\x84': { bytes: 4 },
  '\x8a': { lengthBytes: 1 },
  '\x8b': { lengthBytes: 4 },
  '\x8c': { lengthBytes: 1 },
  '\x8d': { lengthBytes: 8 },
  '\x8e': { lengthBytes: 8 },
  '\x95': { bytes: 8 },
  '\x96': { lengthBytes: 8 },
};

/** The opcodes of pickle that are one byte long. */
const BARE = [
  ...'()0125NRQabdelostu]}',
  '\x81',
  '\x85',
  '\x86',
  '\x87',
  '\x88',
  '\x89',
  '\x8f',
  '\x90',
  '\x91',
  '\x92',
  '\x93',
  '\x94',
  '\x97',
  '\x98',
];

/** Cuts a pickle into opcodes with their arguments, up to and with its end; undefined where it is none. */
export function opcodesOf(bytes: Buffer): Buffer[] | undefined {
  const opcodes: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const code = String.fromCharCode(bytes[at]!);
    const argument = ARGUMENTS[code] ?? { bytes: 0 };
    let end = at + 1;
    if ('bytes' in argument) end += argument.bytes;
    else if ('lines' in argument) {
      for (let line = 0; line < argument.lines; line++) {
        const feed = bytes.indexOf(0x0a, end);
        if (feed < 0) return undefined;
        end = feed + 1;
      }
    } else {
      if (end + argument.lengthBytes > bytes.length) return undefined;
      end += argument.lengthBytes + bytes.readUIntLE(end, Math.min(argument.lengthBytes, 6));
    }
    if (end > bytes.length) return undefined;
    opcodes.push(bytes.subarray(at, end));
    at = end;
    if (code === '.') return opcodes;
  }
  return undefined;
}

const text = (string: string): string => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Buffer.byteLength(string));
  return `X${length.toString('latin1')}${Buffer.from(string).toString('latin1')}`;
};

/** Programs that a reader must not run to their end. @param marker - a file that appears if one of them is. */
function hostilePrograms(marker: string): readonly string[] {
  const call = (module: string, name: string, argument: string): string => `c${module}\n${name}\n(${text(argument)}tR`;
  const number = 'J\xff\xff\xff\x7f';
  const storage = `(${text('storage')}ctorch\nFloatStorage\n${text('0')}${text('cpu')}${number}tQ`;
  return [
    call('os', 'system', `touch ${marker}`),
    call('posix', 'system', `touch ${marker}`),
    call('builtins', 'eval', `open(${JSON.stringify(marker)}, 'w')`),
    call('__builtin__', 'exec', `open(${JSON.stringify(marker)}, 'w')`),
    call('subprocess', 'getoutput', `touch ${marker}`),
    `(${text(`touch ${marker}`)}ios\nsystem\n`,
    `(cos\nsystem\n${text(`touch ${marker}`)}o`,
    `${text('os')}${text('system')}\x93(${text(`touch ${marker}`)}tR`,
    call('builtins', 'getattr', '__import__'),
    call('torch.hub', 'load', 'x'),
    call('torch', 'load', marker),
    call('_codecs', 'encode', 'x'.repeat(50)),
    'ccollections\nOrderedDict\n)R(K\x01K\x02tb',
    'ccollections\ndefaultdict\n(cbuiltins\neval\ntR',
    'cpathlib\nPosixPath\n(X\x01\x00\x00\x00/X\x03\x00\x00\x00etctR',
    'c__main__\nModel\n)\x81}b',
    'cbuiltins\nbytearray\n(J\xff\xff\xff\x7ftR',
    'cbuiltins\nbytes\n(J\xff\xff\xff\x7ftR',
    'cbuiltins\nset\n(](K\x01](eetR',
    `ctorch._utils\n_rebuild_tensor_v2\n(${storage}K\x00(${number}${number}t(K\x01K\x01t\x89ccollections\nOrderedDict\n)RtR`,
    `ctorch._utils\n_rebuild_tensor_v2\n(${storage}K\x00(K\x02t(${number}t\x89Nt R`,
    `ctorch._utils\n_rebuild_tensor_v2\n(NJ\xff\xff\xff\xff(J\xff\xff\xff\xfft(K\x01t\x89NtR`,
    `ctorch._utils\n_rebuild_parameter\n(N\x88NtR`,
    `ctorch\nSize\n((${number.repeat(20)}ttR`,
    'cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\x00tU\x01btR(K\x01(J\xff\xff\xff\x7ftcnumpy\ndtype\n(U\x02f8K\x00K\x01tR\x89C\x00tb',
    'cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(U\x02f8K\x00K\x01tRC\x01atR',
    'cargparse\nNamespace\n)\x81}(X\x09\x00\x00\x00__proto__}ub',
    '](', // marks that nothing closes
    '('.repeat(5000),
    ']'.repeat(3000) + 'a'.repeat(2999),
    ')'.concat('\x85'.repeat(3000)),
    // Each is the pair of the last: 2^40 values in a hundred bytes.
    `]${'2\x86'.repeat(40)}`,
    `]q\x00${'(h\x00h\x00lq\x00'.repeat(60)}`,
    ']q\x07h\x07a', // holds itself
    '}q\x07K\x01h\x07s',
    '\x8f(K\x01K\x02]\x90',
    '}(](K\x01eK\x01u',
    'X\xff\xff\xff\xffabc',
    '\x8d\xff\xff\xff\xff\xff\xff\xff\x7fabc',
    '\x8e\x00\x00\x00\x00\x00\x00\x00\x80abc',
    '\x96\xff\xff\xff\xff\x00\x00\x00\x00',
    '\x8b\xff\xff\xff\x7f\x01',
    '\x8b\xff\xff\xff\xff\x01',
    `\x8a\xff${'\x7f'.repeat(255)}`,
    'r\xff\xff\xff\xff',
    'j\xff\xff\xff\xff',
    '\x95\xff\xff\xff\xff\xff\xff\xff\xff',
    '\x82\x01',
    '\x84\xff\xff\xff\x7f',
    'Pstorage\n',
    "(I1\nI2\nF1.5\nL3L\nV\\u0041\nS'x'\nl",
    `L${'9'.repeat(20_000)}L\n`,
    'I99999999999999999999999\n',
    'Fnan\nF1e999\n',
    'N\x97\x98',
    '\x80\xff',
  ];
}

/** A pickle with one opcode or a few not as they were. */
export function changePickle(bytes: Buffer, marker: string, random: Random): Buffer {
  const opcodes = opcodesOf(bytes);
  if (opcodes === undefined || opcodes.length === 0) return bytes;
  const rest = bytes.subarray(opcodes.reduce((sum, { length }) => sum + length, 0));
  const at = random.int(0, opcodes.length - 1);
  switch (random.int(0, 8)) {
    case 0:
      opcodes.splice(at, 1);
      break;
    case 1:
      opcodes.splice(at, 0, opcodes[random.int(0, opcodes.length - 1)]!);
      break;
    case 2:
      [opcodes[at], opcodes[random.int(0, opcodes.length - 1)]] = [
        opcodes[random.int(0, opcodes.length - 1)]!,
        opcodes[at]!,
      ];
      break;
    case 3:
      opcodes.splice(at, 0, Buffer.from(random.pick(BARE), 'latin1'));
      break;
    case 4:
    case 5:
      opcodes[at] = otherArgument(opcodes[at]!, random);
      break;
    case 6: // keeps the stack as it was
      opcodes.splice(at, 0, Buffer.from(`${random.pick(hostilePrograms(marker))}0`, 'latin1'));
      break;
    case 7:
      opcodes.splice(at, random.int(0, 3), Buffer.from(random.pick(hostilePrograms(marker)), 'latin1'));
      break;
    default: {
      const from = random.int(0, opcodes.length - 1);
      opcodes.splice(at, 0, ...opcodes.slice(from, from + random.int(1, 30)));
    }
  }
  return Buffer.concat([...opcodes, rest]);
}

const GLOBALS = [
  ...[
    'torch\nFloatStorage',
    'torch\nLongStorage',
    'torch\nBoolStorage',
    'torch.storage\nUntypedStorage',
    'torch\nfloat8_e4m3fn',
  ],
  ...[
    'collections\nOrderedDict',
    'collections\ndefaultdict',
    'collections\nCounter',
    'torch\nSize',
    'torch\ndevice',
    'torch\nfloat16',
  ],
  ...[
    'torch._utils\n_rebuild_tensor_v2',
    'torch._utils\n_rebuild_tensor_v3',
    'torch._utils\n_rebuild_parameter',
    '_codecs\nencode',
  ],
  ...[
    'torch._utils\n_rebuild_sparse_tensor',
    'torch._utils\n_rebuild_qtensor',
    'torch\nTensor',
    'builtins\nset',
    'builtins\nint',
    '\n',
  ],
];

/** The opcode with another argument, whose length may lie. */
function otherArgument(opcode: Buffer, random: Random): Buffer {
  const argument = ARGUMENTS[String.fromCharCode(opcode[0]!)];
  const copy = Buffer.from(opcode);
  if (argument === undefined) return Buffer.from(random.pick(BARE), 'latin1');
  if ('lines' in argument) return Buffer.from(`c${random.pick(GLOBALS)}\n`);
  if ('bytes' in argument) {
    for (let at = 1; at < copy.length; at++) copy[at] = random.pick([0, 1, 0x7f, 0x80, 0xff, copy[at]!]);
    return copy;
  }
  const { lengthBytes } = argument;
  if (random.chance(0.3)) {
    copy.writeUIntLE(edgeNumber(random) % 2 ** Math.min(8 * lengthBytes, 32), 1, Math.min(lengthBytes, 4));
    return copy;
  }
  const content = random.pick([
    '',
    '0',
    '1',
    'x',
    '__proto__',
    'storage',
    'cpu',
    'latin1',
    'constructor',
    'f8',
    '\ud7ff',
    'é'.repeat(40),
    '\x00',
  ]);
  const encoded = Buffer.from(content);
  const made = Buffer.alloc(1 + lengthBytes + encoded.length);
  made[0] = copy[0]!;
  made.writeUIntLE(encoded.length, 1, Math.min(lengthBytes, 6));
  encoded.copy(made, 1 + lengthBytes);
  return made;
}

/** A file of several pickles one after the other, as torch.save wrote before 1.6, with one of them changed. */
export function changePickleSequence(bytes: Buffer, marker: string, random: Random): Buffer {
  const pickles: Buffer[] = [];
  let at = 0;
  for (
    let opcodes = opcodesOf(bytes);
    opcodes !== undefined && pickles.length < 20;
    opcodes = opcodesOf(bytes.subarray(at))
  ) {
    const length = opcodes.reduce((sum, opcode) => sum + opcode.length, 0);
    pickles.push(bytes.subarray(at, at + length));
    at += length;
  }
  if (pickles.length === 0) return bytes;
  const chosen = random.int(0, pickles.length - 1);
  const parts: Buffer[] = [...pickles];
  if (random.chance(0.85)) parts[chosen] = changePickle(pickles[chosen]!, marker, random);
  else if (random.chance(0.5)) parts.splice(chosen, 1);
  else parts.splice(chosen, 0, pickles[random.int(0, pickles.length - 1)]!);
  return Buffer.concat([...parts, bytes.subarray(at)]);
}
