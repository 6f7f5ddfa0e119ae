// Puts the generated declarations into files, each with the imports that it uses.

import { writeMember, writeProperty, writeRaw } from './write-member.mjs';

const HEAD =
  'Made by scripts/generate-operators.mjs from operators.facts.json; change those, then run `npm run generate`.';

/** Where names that generated code uses come from, and whether they are types. */
const IMPORTS = [
  { from: './arguments.ts', types: ['Layout', 'MemoryFormat', 'Scalar'] },
  {
    from: './arguments.ts',
    values: [
      'isList',
      'isNumberList',
      'isTensor',
      'isTensorList',
      'layoutCode',
      'memoryFormatCode',
      'partsOf',
      'readOptions',
      'tracked',
      'unfit',
    ],
  },
  { from: './call.ts', values: ['call', 'h', 'handles', 'wrap', 'wrapAll', 'wrapTuple'] },
  { from: './device.ts', types: ['Device'], values: ['deviceCode'] },
  { from: './dtype.ts', types: ['DType'], values: ['dtypeCode'] },
  { from: './generator.ts', types: ['Generator'] },
  { from: './tensor.ts', types: ['Tensor'] },
  { from: './wrap-number.ts', values: ['wrapNumber'] },
];

/** The imports that a text uses. Comments and strings do not count. */
function writeImports(text) {
  const code = text.replace(/\/\*\*[\s\S]*?\*\//g, '').replace(/'[^'\n]*'/g, "''");
  const isUsed = (name) => new RegExp(`(?<![\\w.'])${name}(?![\\w?]*:)\\b`).test(code);
  return IMPORTS.flatMap(({ from, types = [], values = [] }) => {
    const usedTypes = types.filter(isUsed);
    const usedValues = values.filter(isUsed);
    if (usedTypes.length + usedValues.length === 0) return [];
    if (usedValues.length === 0) return [`import type { ${usedTypes.join(', ')} } from '${from}';`];
    return [`import { ${[...usedTypes.map((name) => `type ${name}`), ...usedValues].join(', ')} } from '${from}';`];
  }).join('\n');
}

/** Lists of option names, each written once a file. */
class OptionConstants {
  #names = new Map();

  /** The constant of a list. */
  of = (optionNames) => {
    const text = `[${optionNames.map((name) => `'${name}'`).join(', ')}]`;
    if (!this.#names.has(text)) this.#names.set(text, `OPTIONS_${this.#names.size}`);
    return this.#names.get(text);
  };

  write() {
    return [...this.#names].map(([text, name]) => `const ${name}: readonly string[] = ${text};`).join('\n');
  }
}

function assemble(purpose, parts) {
  const text = parts.filter((part) => part !== '').join('\n\n');
  return `// ${purpose} ${HEAD}\n\n${[writeImports(text), text].filter((part) => part !== '').join('\n\n')}\n`;
}

const byName = (a, b) => (a.name < b.name ? -1 : 1);

function writeFunctions(purpose, members) {
  const constants = new OptionConstants();
  const functions = members.toSorted(byName).map((member) => writeMember(member, constants.of));
  return assemble(purpose, [constants.write(), ...functions]);
}

function writeClass(purpose, { method, property }) {
  const constants = new OptionConstants();
  const members = [
    '  /** The native handle. @internal */\n  abstract readonly handle: number;',
    ...property.toSorted(byName).map(writeProperty),
    ...method.toSorted(byName).map((member) => writeMember(member, constants.of)),
  ];
  const heading = '/** The operators that PyTorch has as methods of a tensor; class Tensor adds the rest. */';
  return assemble(purpose, [
    constants.write(),
    `${heading}\nexport abstract class TensorOperators {\n${members.join('\n\n')}\n}`,
  ]);
}

/** The generated files by name. */
export function writeFiles({ operators, surfaces, raw }) {
  const table = operators.map((operator) => `  '${operator}',`).join('\n');
  return {
    'operators.generated.ts': assemble('The operator table: what the first argument of a native call points into.', [
      `/** Operator, overload and argument names of libtorch 2.13.0. */\nexport const OPERATORS: readonly string[] = [\n${table}\n];`,
    ]),
    'methods.generated.ts': writeClass('The operators that are methods of Tensor.', surfaces),
    'ops.generated.ts': writeFunctions('The operators of the torch namespace, as functions.', surfaces.function),
    'nn-ops.generated.ts': writeFunctions('The operators behind torch.nn.functional.', surfaces.nn),
    'linalg.generated.ts': writeFunctions('The operators of torch.linalg.', surfaces.linalg),
    'fft.generated.ts': writeFunctions('The operators of torch.fft.', surfaces.fft),
    'special.generated.ts': writeFunctions('The operators of torch.special.', surfaces.special),
    'aten.generated.ts': assemble(
      'Raw calls for the library itself: every argument by position, in the order of the schema.',
      raw.map(writeRaw),
    ),
  };
}
