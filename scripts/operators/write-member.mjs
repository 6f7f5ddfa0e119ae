// Writes one declaration: a method, a function, a getter, or a raw call.

import { camelCase, convert, resultType, typeOf, wrapResult } from './types.mjs';
import { writeBody } from './write-body.mjs';
import { declarable, writeComment, writeSignatures } from './write-signature.mjs';

/** A method of TensorOperators, or a function.
 *  @param constantOf - gives the name of the constant that holds a list of option names. */
export function writeMember(member, constantOf) {
  const indent = member.isMethod ? '  ' : '';
  const name = member.isMethod ? member.name : declarable(member.name);
  const head = member.isMethod ? name : `${name === member.name ? 'export ' : ''}function ${name}`;
  const { declared, implemented } = writeSignatures(member);
  const body = writeBody(member, member.optionNames.length > 0 ? constantOf(member.optionNames) : undefined);
  return [
    writeComment(member, indent),
    ...declared.map((signature) => `${indent}${head}${signature};`),
    `${indent}${head}${implemented} {`,
    ...body.map((line) => `${indent}  ${line}`),
    `${indent}}`,
    ...(name === member.name ? [] : [`export { ${name} as ${member.name} };`]),
  ].join('\n');
}

/** A getter of TensorOperators. */
export function writeProperty(member) {
  const [{ index }] = member.overloads;
  return `${writeComment(member, '  ')}\n  get ${member.name}(): Tensor {\n    return wrap(call(${index}, h(this)));\n  }`;
}

/** A raw call: every argument of one schema, by position and in its order. It has the operator's own name, with `$` before the overload's. */
export function writeRaw({ schema, index }) {
  const lastRequired = schema.args.findLastIndex((arg) => arg.fallback === undefined && !arg.isNullable);
  const isAbsent = (arg) => arg.isNullable || arg.fallback !== undefined;
  const names = schema.args.map((arg) => declarable(camelCase(arg.name)));
  const parameters = schema.args.map(
    (arg, i) => `${names[i]}${i > lastRequired ? '?' : ''}: ${typeOf(arg)}${isAbsent(arg) ? ' | undefined' : ''}`,
  );
  const values = schema.args.map((arg, i) => convert(arg, names[i], isAbsent(arg)));
  const call = `call(${[index, ...values].join(', ')})`;
  const result = resultType(schema, 'void');
  const statement = result === 'void' ? call : `return ${wrapResult(schema, call, result)}`;
  const name = declarable(schema.key.replace('.', '$'));
  return `/** \`${schema.text}\` */\nexport function ${name}(${parameters.join(', ')}): ${result} {\n  ${statement};\n}`;
}
