// Writes the body of a public name: it picks the overload and makes one flat native call. Without options no object is made or read.

import { isRequired, withoutAbsent } from './signature.mjs';
import { convert, kindsOf, kindTest, resultType, typeOf, wrapResult } from './types.mjs';
import { positionalName } from './write-signature.mjs';

/** The native argument that a positional argument becomes. */
function writePositional(member, overload, position) {
  const arg = overload.positional[position];
  const name = positionalName(member, position);
  if (!arg.takesNumber) return convert(arg, name, arg.isNullable);
  const like = overload.positional.findIndex((other) => other.type === 'Tensor' && !other.takesNumber);
  return `h(typeof ${name} === 'object' ? ${name} : wrapNumber(${name}, ${positionalName(member, like)}))`;
}

/** The native call of an overload, without the absent arguments at its end. */
function writeCall(member, overload, hasOptions) {
  const values = overload.schema.args.map((arg) => {
    if (member.isMethod && arg.name === 'self') return 'h(this)';
    const position = overload.positional.findIndex((visible) => visible.name === arg.name);
    if (position >= 0) return writePositional(member, overload, position);
    const option = overload.options.find((visible) => visible.name === arg.name);
    return hasOptions ? convert(option, `options.${option.publicName}`, true) : 'undefined';
  });
  while (values.at(-1) === 'undefined') values.pop();
  return `call(${[overload.index, ...values].join(', ')})`;
}

/** The statements that make an overload's call and give its result. */
function writeReturn(member, overload, hasOptions) {
  const { schema } = overload;
  const call = writeCall(member, overload, hasOptions);
  if (schema.returnsFirst) return [call, `return ${member.isMethod ? 'this' : positionalName(member, 0)}`];
  if (schema.results.length === 0) return [call, 'return'];
  const result = wrapResult(schema, call, resultType(schema));
  const isTracking = hasOptions && overload.options.some((option) => option.isTracking);
  return [`return ${isTracking ? `tracked(${result}, options.requiresGrad)` : result}`];
}

/** What must hold of the positional arguments for an overload to be meant among candidates. */
function positionalTests(member, overload, candidates) {
  return overload.positional.flatMap((arg, i) => {
    const all = new Set(candidates.flatMap((candidate) => [...kindsOf(candidate.overload.positional[i])]));
    return kindTest(positionalName(member, i), kindsOf(arg), all) ?? [];
  });
}

/** What must hold of the options: only names that the overload has, all that it requires, and kinds that fit. */
function optionTests(member, { overload, required }) {
  const names = overload.options.map((option) => option.publicName);
  let wanted = 0;
  let foreign = 0;
  member.optionNames.forEach((name, i) => {
    if (required.includes(name)) wanted |= 1 << i;
    if (!names.includes(name)) foreign |= 1 << i;
  });
  const tests = (foreign | wanted) === 0 ? [] : [`(given & ${foreign | wanted}) === ${wanted}`];
  for (const option of overload.options) {
    const same = member.overloads.flatMap((other) => other.options.filter((o) => o.publicName === option.publicName));
    const kinds = withoutAbsent(option);
    if (!required.includes(option.publicName)) kinds.add('undefined');
    const test = kindTest(`options.${option.publicName}`, kinds, new Set(same.flatMap((o) => [...withoutAbsent(o)])));
    if (test) tests.push(test);
  }
  return tests;
}

/** Tries candidates in order; the first one without a test ends the list, or else an error does. */
function writeChoice(member, candidates, testsOf, hasOptions) {
  const lines = [];
  for (const candidate of candidates) {
    const tests = testsOf(candidate);
    const statements = writeReturn(member, candidate.overload, hasOptions);
    if (tests.length === 0) return [...lines, ...statements.map((statement) => `${statement};`)];
    lines.push(`if (${joinTests(tests)}) ${asBlock(statements)}`);
  }
  const expected = member.overloads.map((overload) => describeOverload(member, overload)).join(' or ');
  const given = [
    ...member.overloads[0].positional.map((_, i) => positionalName(member, i)),
    ...(hasOptions ? ['options'] : []),
  ];
  return [...lines, `throw unfit('${member.name}', '${expected}', [${given.join(', ')}]);`];
}

/** All tests as one condition; a single one needs no parentheses of its own. */
function joinTests(tests) {
  return tests.length === 1 ? tests[0].replace(/^\((?!given)(.*)\)$/, '$1') : tests.join(' && ');
}

function asBlock(statements) {
  return statements.length === 1 ? `${statements[0]};` : `{ ${statements.join('; ')}; }`;
}

/** The calls without options: kinds of the positional arguments decide. Where one argument tells the overloads apart, the last one takes what is left,
 *  and the addon refuses what does not fit. */
function writeBare(member) {
  const bare = member.candidates
    .filter((candidate) => candidate.required.length === 0)
    .filter(
      (candidate, i, all) => !all.slice(0, i).some((earlier) => takesKindsOf(earlier.overload, candidate.overload)),
    );
  if (bare.length === 0) return [];
  const testsOf = ({ overload }) => positionalTests(member, overload, member.candidates);
  const isTold = isToldByOne(member, bare);
  return writeChoice(
    member,
    bare,
    (candidate) => (isTold && candidate === bare.at(-1) ? [] : testsOf(candidate)),
    false,
  );
}

/** Whether one positional argument at most decides between candidates, and every kind that any overload takes there fits one of them. */
function isToldByOne(member, candidates) {
  const differing = member.overloads[0].positional.flatMap((_, i) => {
    const kindsAt = (overloads) => new Set(overloads.flatMap((overload) => [...kindsOf(overload.positional[i])])).size;
    const all = kindsAt(member.overloads);
    const isSame = member.overloads.every((overload) => kindsOf(overload.positional[i]).size === all);
    return isSame ? [] : [{ isComplete: kindsAt(candidates.map(({ overload }) => overload)) === all }];
  });
  return differing.length === 0 || (differing.length === 1 && differing[0].isComplete);
}

function takesKindsOf(early, late) {
  return early.positional.every((arg, i) => [...kindsOf(late.positional[i])].every((kind) => kindsOf(arg).has(kind)));
}

/** How an overload is called, as in `sum({ dim?, keepdim?, dtype? })`, with the types that tell overloads apart: for the error of a call that fits none. */
function describeOverload(member, overload) {
  const parts = overload.positional.map((arg) => `${arg.publicName}: ${typeOf(arg)}`);
  const options = overload.options.map((option) => {
    const name = isRequired(option) ? option.publicName : `${option.publicName}?`;
    const types = member.overloads.flatMap((other) =>
      other.options.filter((o) => o.publicName === option.publicName).map(typeOf),
    );
    return new Set(types).size > 1 ? `${name}: ${typeOf(option)}` : name;
  });
  if (options.length > 0) parts.push(`{ ${options.join(', ')} }`);
  return `${member.name}(${parts.join(', ')})`;
}

/** The calls with options. */
function writeWithOptions(member) {
  const { candidates } = member;
  const isTold =
    isToldByOne(member, candidates) && candidates.every((candidate) => optionTests(member, candidate).length === 0);
  const testsOf = (candidate) =>
    isTold && candidate === candidates.at(-1)
      ? []
      : [...positionalTests(member, candidate.overload, candidates), ...optionTests(member, candidate)];
  return writeChoice(member, candidates, testsOf, true);
}

/** The lines of a body. @param optionsConstant - the constant that holds the option names. */
export function writeBody(member, optionsConstant) {
  const bare = writeBare(member);
  const lines = member.optionNames.length === 0 ? bare : [];
  if (member.optionNames.length > 0) {
    const isShort = bare.length === 1;
    if (isShort) lines.push(`if (options === undefined) ${bare[0]}`);
    else if (bare.length > 0) lines.push('if (options === undefined) {', ...bare.map((line) => `  ${line}`), '}');
    const withOptions = writeWithOptions(member);
    const isTested = withOptions.some((line) => line.includes('given &'));
    lines.push(
      `${isTested ? 'const given = ' : ''}readOptions('${member.name}', ${optionsConstant}, options);`,
      ...withOptions,
    );
  }
  return lines.at(-1) === 'return;' ? lines.slice(0, -1) : lines;
}
