// Random trees of modules against a live PyTorch: as text to the character, names in order, and what does not match in a state.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type DType, libtorchVersion, nn, scope, zeros } from '../../src/index.ts';
import type { Module } from '../../src/nn/index.ts';
import { findPythonTorch, runPython } from './python.ts';

/** As module_print_peer.py says: a kind, what extraRepr says, children by name; a number is the child of that position once more. */
type Tree = readonly [
  kind: string,
  extra: string,
  children: readonly (readonly [name: string, child: Tree | number])[],
];
type Children = readonly (readonly [name: string, child: nn.UnaryModule])[];

class Stack extends nn.ModuleList {}

class Block extends nn.Module {
  readonly #extra: string;

  constructor(extra: string, children: Children) {
    super();
    this.#extra = extra;
    Object.assign(this, Object.fromEntries(children));
  }

  forward(): never {
    throw new Error('never called');
  }

  override extraRepr(): string {
    return this.#extra;
  }
}

const small = { dimFeedforward: 6 };
const encoderLayer = (options: nn.TransformerLayerOptions = {}): nn.TransformerEncoderLayer =>
  new nn.TransformerEncoderLayer(4, 2, { ...small, ...options });
const weight = (dtype: DType, ...shape: number[]): nn.Parameter => new nn.Parameter(zeros(shape, { dtype }), false);

const LEAVES: Readonly<Record<string, () => Module>> = {
  linear: () => new nn.Linear(3, 2),
  'linear without bias': () => new nn.Linear(3, 2, { bias: false }),
  identity: () => new nn.Identity(),
  relu: () => new nn.ReLU(),
  gelu: () => new nn.GELU({ approximate: 'tanh' }),
  dropout: () => new nn.Dropout(0.25),
  conv: () => new nn.Conv2d(3, 4, 3, { stride: 2, padding: 1, bias: false }),
  'conv of groups': () => new nn.Conv1d(4, 4, 3, { groups: 2, dilation: 2, padding: 'same', paddingMode: 'circular' }),
  transposed: () => new nn.ConvTranspose2d(4, 2, [2, 3], { stride: [1, 2], outputPadding: [0, 1] }),
  'batch norm': () => new nn.BatchNorm2d(4),
  'batch norm, own': () => new nn.BatchNorm1d(4, { eps: 1e-3, momentum: 'cumulative', affine: false }),
  'layer norm': () => new nn.LayerNorm([3, 4], { eps: 1e-6 }),
  'group norm': () => new nn.GroupNorm(2, 4),
  pool: () => new nn.MaxPool2d(2, { ceilMode: true }),
  adaptive: () => new nn.AdaptiveAvgPool2d([1, undefined]),
  flatten: () => new nn.Flatten(),
  embedding: () => new nn.Embedding(5, 3, { paddingIdx: 0 }),
  lstm: () => new nn.LSTM(3, 4, { numLayers: 2, batchFirst: true, bidirectional: true, dropout: 0.1 }),
  gru: () => new nn.GRU(3, 4, { bias: false }),
  rnn: () => new nn.RNN(3, 4, { nonlinearity: 'relu' }),
  attention: () => new nn.MultiheadAttention(4, 2, { kdim: 3, vdim: 3 }),
  'encoder layer': () => encoderLayer({ activation: 'gelu', batchFirst: true }),
  encoder: () => new nn.TransformerEncoder(encoderLayer(), 3, { norm: new nn.LayerNorm(4) }),
  decoder: () => new nn.TransformerDecoder(new nn.TransformerDecoderLayer(4, 2, small), 2),
  loss: () => new nn.CrossEntropyLoss({ labelSmoothing: 0.1 }),
  'parameter list': () =>
    new nn.ParameterList([zeros([2, 3]), zeros([]), weight('int64', 4), weight('bfloat16', 1, 2)]),
  'parameter dict': () =>
    new nn.ParameterDict({
      b: zeros([2]),
      a: weight('int64', 2, 1),
      c: weight('bool', 3),
      d: weight('float64'),
    }),
  'no parameters': () => new nn.ParameterList(),
};

const CONTAINERS: Readonly<Record<string, (extra: string, children: Children) => Module>> = {
  Sequential: (_, children) => new nn.Sequential(...children.map(([, child]) => child)),
  'Sequential by name': (_, children) => new nn.Sequential(Object.fromEntries(children)),
  ModuleList: (_, children) => new nn.ModuleList(children.map(([, child]) => child)),
  Stack: (_, children) => new Stack(children.map(([, child]) => child)),
  ModuleDict: (_, children) => new nn.ModuleDict(children),
  Block: (extra, children) => new Block(extra, children),
};

function build([kind, extra, pairs]: Tree): Module {
  const children: [string, nn.UnaryModule][] = [];
  for (const [name, child] of pairs)
    children.push([name, typeof child === 'number' ? children[child]![1] : (build(child) as nn.UnaryModule)]);
  return LEAVES[kind]?.() ?? CONTAINERS[kind]!(extra, children);
}

/** One tree, and what PyTorch says of it. */
interface Case {
  readonly tree: Tree;
  readonly text: string;
  readonly names: readonly (readonly string[])[];
  readonly lists: { readonly given: string[]; readonly missing: string[]; readonly unexpected: string[] };
}

const keys = (items: Iterable<[string, unknown]>): string[] => Array.from(items, ([name]) => name);

function namesOf(module: Module): string[][] {
  const every = { removeDuplicate: false };
  return [
    Object.keys(module.stateDict({ prefix: 'p.' })),
    ...[{}, every].map((options) => keys(module.namedModules(options))),
    ...[{}, every].map((options) => keys(module.namedParameters(options))),
    ...[{}, every].map((options) => keys(module.namedBuffers(options))),
  ];
}

/** Names that do not match where a state has the given ones; values are the module's own, so that all shapes fit. */
function listsOf(module: Module, given: readonly string[]): Case['lists'] {
  const own = module.stateDict();
  const state = Object.fromEntries(given.map((name) => [name, own[name] ?? zeros([1])]));
  const { missing, unexpected } = module.loadStateDict(state, { strict: false });
  return { given: [...given], missing: [...missing].sort(), unexpected: [...unexpected].sort() };
}

describe('Module', () => {
  const python = findPythonTorch();
  const isSame = !('missing' in python) && libtorchVersion() === python.torchVersion.split('+')[0];
  if (!isSame)
    console.log(`skipped, modules against a live PyTorch: ${'missing' in python ? python.missing : 'another version'}`);
  it.runIf(isSame)(
    'prints, names and loads random trees of modules as a live PyTorch does',
    { timeout: 120_000 },
    () => {
      if ('missing' in python) return;
      const seed = Math.floor(Math.random() * 2 ** 31);
      console.log(`modules against PyTorch ${python.torchVersion}: seed ${seed}`);
      const peer = fileURLToPath(new URL('module_print_peer.py', import.meta.url));
      const cases = runPython(python, [peer, String(seed), '40'])
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Case);
      const wrong = cases
        .map(({ tree, text, names, lists }) => {
          const { given, missing, unexpected } = lists;
          const wanted = { text, names, lists: { given, missing: missing.sort(), unexpected: unexpected.sort() } };
          const module = scope(() => build(tree));
          return { wanted, got: { text: String(module), names: namesOf(module), lists: listsOf(module, given) } };
        })
        .filter(({ wanted, got }) => JSON.stringify(wanted) !== JSON.stringify(got))
        .sort((one, other) => one.wanted.text.length - other.wanted.text.length);
      expect(wrong.slice(0, 3).map(({ got }) => got)).toEqual(wrong.slice(0, 3).map(({ wanted }) => wanted)); // the shortest
    },
  );
});
