// What each schema type is in TypeScript: its type, the kinds of JavaScript value it takes, and how a value becomes a native argument.

const NUMBERS = ['number', 'bigint', 'boolean'];

/** By schema type: `type` in TypeScript, `kinds` of value that fit, `convert` from an expression to the native argument. */
const TYPES = {
  Tensor: { type: 'Tensor', kinds: ['tensor'], convert: (value) => `h(${value})` },
  'Tensor[]': { type: 'readonly Tensor[]', kinds: ['tensors'], convert: (value) => `handles(${value})` },
  'Tensor?[]': { type: 'readonly (Tensor | undefined)[]', kinds: ['tensors'], convert: (value) => `handles(${value})` },
  Scalar: { type: 'Scalar', kinds: NUMBERS },
  'Scalar[]': { type: 'readonly Scalar[]', kinds: ['list'] },
  int: { type: 'number', kinds: ['number', 'bigint'] },
  'int[]': { type: 'readonly number[]', kinds: ['list'] },
  float: { type: 'number', kinds: ['number'] },
  'float[]': { type: 'readonly number[]', kinds: ['list'] },
  bool: { type: 'boolean', kinds: ['boolean'] },
  'bool[]': { type: 'readonly boolean[]', kinds: ['list'] },
  str: { type: 'string', kinds: ['string'] },
  ScalarType: { type: 'DType', kinds: ['string'], convert: (value) => `dtypeCode(${value})` },
  Device: { type: 'Device', kinds: ['string'], convert: (value) => `deviceCode(${value})` },
  Layout: { type: 'Layout', kinds: ['string'], convert: (value) => `layoutCode(${value})` },
  MemoryFormat: { type: 'MemoryFormat', kinds: ['string'], convert: (value) => `memoryFormatCode(${value})` },
  Generator: { type: 'Generator', kinds: ['object'], convert: (value) => `${value}.index` },
};

/** Whether every argument of a schema has a type that TypeScript can give. */
export function isSupported(schema) {
  return schema.args.every((arg) => arg.type in TYPES);
}

/** The TypeScript type of an argument; `| undefined` is left to the place where it is written. */
export function typeOf(arg) {
  const { type } = TYPES[arg.type];
  if (arg.takesNumber) return `${type} | Scalar`;
  // A list of fixed length may be one number, which stands for all of them.
  return arg.length !== undefined && isNumberList(arg) ? `number | ${type}` : type;
}

const isNumberList = (arg) => arg.type === 'int[]' || arg.type === 'float[]';

/** The kinds of value that an argument takes. */
export function kindsOf(arg) {
  const kinds = new Set(TYPES[arg.type].kinds);
  if (arg.takesNumber) for (const kind of NUMBERS) kinds.add(kind);
  if (arg.length !== undefined && isNumberList(arg)) kinds.add('number');
  if (arg.isNullable) kinds.add('undefined');
  return kinds;
}

/** The expression that makes a native argument of `value`; where it may be undefined, it stays undefined. */
export function convert(arg, value, mayBeAbsent) {
  const { convert } = TYPES[arg.type];
  if (!convert) return value;
  if (!mayBeAbsent || arg.type === 'Tensor') return convert(value);
  return arg.type === 'Generator' ? `${value}?.index` : `${value} && ${convert(value)}`;
}

/** A condition that holds for `value` of these kinds and for none of the `others`; undefined where there is nothing to tell apart. */
export function kindTest(value, kinds, others) {
  const rest = [...others].filter((kind) => !kinds.has(kind));
  if (rest.length === 0) return undefined;
  const isAbsentAllowed = kinds.has('undefined');
  const wanted = [...kinds].filter((kind) => kind !== 'undefined');
  const test = shortestTest(value, wanted, rest);
  const excludesAbsent = !/!==/.test(test);
  return isAbsentAllowed && excludesAbsent ? `(${value} === undefined || ${test})` : test;
}

/** How each kind is told from all others. Lists of tensors and of numbers are both lists, and both are objects. */
const OBJECTS = ['tensor', 'tensors', 'list', 'object'];
const LISTS = ['tensors', 'list'];

function shortestTest(value, wanted, rest) {
  const isNoObject = !wanted.some((kind) => OBJECTS.includes(kind));
  if (isNoObject && wanted.length > 1 && rest.every((kind) => OBJECTS.includes(kind))) {
    return `typeof ${value} !== 'object'`;
  }
  if (wanted.length > 1 && rest.length === 1 && !OBJECTS.includes(rest[0]) && rest[0] !== 'undefined') {
    return `typeof ${value} !== '${rest[0]}'`;
  }
  const tests = wanted.map((kind) => {
    if (!OBJECTS.includes(kind)) return `typeof ${value} === '${kind}'`;
    const others = [...wanted, ...rest].filter((other) => other !== kind);
    const isBesideList = others.some((other) => LISTS.includes(other));
    if (!LISTS.includes(kind)) return isBesideList ? `isTensor(${value})` : `typeof ${value} === 'object'`;
    if (!isBesideList) return `isList(${value})`;
    return kind === 'tensors' ? `isTensorList(${value})` : `isNumberList(${value})`;
  });
  return tests.length === 1 ? tests[0] : `(${tests.join(' || ')})`;
}

/** The TypeScript type of what a call with this schema gives. @param first - the type of the first argument, for in-place operators. */
export function resultType(schema, first) {
  if (schema.returnsFirst) return first;
  if (schema.results.length === 0) return 'void';
  if (schema.results.length === 1) return RESULTS[schema.results[0].type];
  const elements = schema.results.map(
    ({ name, type }) => (name === undefined ? '' : `${camelCase(name)}: `) + RESULTS[type],
  );
  return `readonly [${elements.join(', ')}]`;
}

const RESULTS = {
  Tensor: 'Tensor',
  'Tensor[]': 'Tensor[]',
  bool: 'boolean',
  int: 'number',
  float: 'number',
  Scalar: 'Scalar',
  ScalarType: 'number',
};

/** Whether TypeScript has a type for every result. */
export function hasResultType(schema) {
  return schema.results.every((result) => result.type in RESULTS);
}

/** The expression that makes the result of what the native call gives. @param type - its TypeScript type. */
export function wrapResult(schema, call, type) {
  const { results } = schema;
  if (results.length === 1) return wrapOne(results[0], call);
  if (results.every((result) => result.type === 'Tensor')) return `wrapTuple<${type}>(${call})`;
  return `partsOf(${call}, [${results.map((result) => (result.type in WRAPPERS ? WRAPPERS[result.type] : 'undefined')).join(', ')}]) as ${type}`;
}

const WRAPPERS = { Tensor: 'wrap', 'Tensor[]': 'wrapAll' };

function wrapOne(result, value) {
  const wrapper = WRAPPERS[result.type];
  return wrapper ? `${wrapper}(${value})` : `${value} as ${RESULTS[result.type]}`;
}

/** `index_select` as `indexSelect`; underscores at either end stay. */
export function camelCase(name) {
  return name.replace(/(?<=[^_])_+([^_])/g, (_, char) => char.toUpperCase());
}
