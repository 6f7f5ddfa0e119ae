// Writes docs/parity.md from what the other files here have read.
import { ALONE, EVERYWHERE } from './options.mjs';
import { camelCase } from './surfaces.mjs';

/** What each suite of recorded rows holds against what PyTorch wrote. */
const SUITES = {
  'layers.ts':
    'weights from a seed, values and gradients in training, state after it, values in evaluation, names of the state dict, printed form',
  'weights.test.ts': 'weights from a seed in many shapes and dtypes',
  'functional.test.ts': 'values and gradients',
  'higher.ts': 'derivatives up to the third',
  'draws.test.ts': 'what is drawn, and what is drawn next',
  'optim.test.ts': 'parameters over many steps, states, state dicts both ways',
  'optimizers.test.ts':
    'every optimizer, option and dtype: parameters and states over twelve steps, and states that go on in PyTorch and back',
  'schedules.test.ts': 'every schedule over 200 steps, chained and nested, and its state',
  'averaging.test.ts': 'averaged models and clipping',
  'training.test.ts': 'whole trainings',
};

const HEAD = `# Parity with PyTorch

Every public name of \`torch.nn\`, \`torch.nn.functional\`, \`torch.nn.init\`, \`torch.nn.utils\` and \`torch.optim\` of PyTorch 2.13.0: what it is called here, how it is
tested against PyTorch, and where it differs. Made by \`npm run generate\` from the library's own exports and types, the suites, and the specs of the live comparison; what is
not here and why stands in [naming.md](naming.md).

* **tests**: rows of the suites in \`test/parity/\` that use it, most of them against numbers that PyTorch wrote (\`test/fixtures/parity/\`), by suite and name; and tests beside the sources.
* **live**: specs of the live comparison (\`test/parity/live/specs/\`). \`node test/stress/parity.mjs --seed 5 --minutes 2 --only nn.Conv2d\` draws shapes, dtypes, layouts in
  memory and options at random and runs the same in a Python: of a layer the weights from the seed, values, all gradients, buffers, evaluation, the printed form, and the
  state dict loaded on the other side; of a function values and gradients; of an initialiser the tensor and what is drawn next; of an optimizer parameters at every step, the state
  dict, and steps after it has changed sides; of a schedule fifty steps and its state.
* **held to**: \`bits\`, or the tolerance (absolute and relative), with the reason.
* **differences**: parameters of PyTorch that are not taken here, and what else is not alike.

Nowhere taken: ${Object.entries(EVERYWHERE)
  .map(([name, why]) => `\`${name}\` (${why})`)
  .join('; ')}.
`;

export function writePage({ rows, types, live }) {
  const sections = new Map();
  for (const row of rows) sections.set(row.surface, [...(sections.get(row.surface) ?? []), row]);
  const parts = [HEAD, writeSuites()];
  for (const [surface, members] of sections) {
    const lines = members.map((row) => writeRow(row, types, live));
    parts.push(
      `## ${surface}\n\n| PyTorch | here | tests | live | held to | differences |\n|---|---|---|---|---|---|\n${lines.join('\n')}\n`,
    );
  }
  return parts.join('\n');
}

function writeSuites() {
  const lines = Object.entries(SUITES).map(([file, text]) => `| \`${file}\` | ${text} |`);
  return `| suite | what it holds |\n|---|---|\n${lines.join('\n')}\n`;
}

function writeRow(row, types, live) {
  const { surface, name, ours, reason } = row;
  if (ours === undefined) return cells(`\`${name}\``, '', '', '', '', `not here: ${reason ?? 'not yet'}`);
  const path = `${surface.replace(/^torch\./, '')}.${name}`;
  const specs = live.get(path) ?? [];
  const recorded = [...types.recorded(ours)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([suite, found]) => `${suite.replace(/(\.test)?\.ts$/, '')}: ${listed([...found])}`);
  return cells(
    `\`${name}\``,
    `\`${ours}\``,
    recorded.join(', '),
    specs.length > 0 ? '✓' : '',
    held(specs),
    differences(row, path, types, specs),
  );
}

const cells = (...texts) => `| ${texts.join(' | ')} |`.replaceAll('|  |', '| |');

/** Names of rows; of many the first. */
function listed(names) {
  const shown = names.slice(0, 5).map((name) => name.replaceAll('|', '\\|'));
  return names.length > 5 ? `${shown.join('; ')} and ${names.length - 5} more` : shown.join('; ');
}

function held(specs) {
  if (specs.length === 0) return '';
  const bounds = specs.flatMap(({ tolerance, because }) =>
    tolerance
      ? [
          `${Object.entries(tolerance)
            .map(([dtype, bound]) => `${dtype} ${bound}`)
            .join(', ')}${because ? `: ${because}` : ''}`,
        ]
      : [],
  );
  return bounds.length === 0 ? 'bits' : [...new Set(bounds)].join('; ');
}

function differences({ parameters, ours }, path, types, specs) {
  const { positional, options } = types.accepts(ours);
  const explained = ALONE[path] ?? {};
  const lacking = parameters.filter((name, i) => {
    const here = camelCase(name).replace(/^[A-Z]/, (char) => char.toLowerCase());
    return (
      !name.startsWith('_') &&
      !(name in EVERYWHERE) &&
      !options.has(here) &&
      positional[i] === undefined &&
      !positional.some((names) => names?.has(here))
    );
  });
  const told = specs.flatMap(({ differs, refuses = [] }) =>
    [differs, ...refuses.map(([, why]) => `refused: ${why}`)].filter(Boolean),
  );
  const notes = lacking.map((name) => `\`${name}\`: ${explained[name] ?? 'not yet'}`);
  return [...new Set([...notes, ...told])].join('; ');
}
