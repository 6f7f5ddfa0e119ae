// Writes docs/guarded-operators.md from the table in native/guards.cc.

const TEXT = `# Operators that are guarded

<!-- Made by \`npm run generate\` from the table in native/guards.cc. -->

Whatever is passed to an operator, the process is meant to live; what fresh seeds still find is told in \`docs/decisions/0011\`. libtorch checks most of its arguments itself and throws; where it does not, \`native/guards.cc\` refuses the
call first, with an error that names the operator, the argument and what was expected. The campaign \`test/stress/operators.mjs\` found what is in this list: it
calls every operator with generated arguments in child processes, on memory that ends at a guard page. Operators outside this list pay one look at an empty
list. Values of tensors are looked at on the CPU only. \`test/native/fuzzed.test.ts\` makes again each call that once killed a process.

A \`*\` stands for any ending. The last column is what libtorch 2.13.0 does with such a call.

| operators | refused | else libtorch |
|---|---|---|
`;

/** @param {string} source - native/guards.cc */
export function writeGuardsPage(source) {
  const outcomes = Object.fromEntries(
    [...source.matchAll(/^constexpr const char\* (k\w+) = "(.*)";$/gm)].map(([, name, text]) => [name, text]),
  );
  const table = /^const Guard kGuards\[\] = \{\n([\s\S]*?)^\};$/m.exec(source)?.[1];
  const lines = table?.trim().split('\n') ?? [];
  const rows = lines.map((line) => {
    const [, operators, input, outcome] = /^\s*\{"([^"]+)", \w+, "([^"]+)", (\w+)\},$/.exec(line) ?? [];
    if (outcomes[outcome] === undefined)
      throw new Error(`Cannot read native/guards.cc: expected a row of the table on one line, got ${line}`);
    return `| ${operators.replace(/\S+/g, '`$&`')} | ${input} | ${outcomes[outcome]} |\n`;
  });
  if (rows.length === 0) throw new Error('Cannot read native/guards.cc: expected the table kGuards, got none');
  return TEXT + rows.join('');
}
