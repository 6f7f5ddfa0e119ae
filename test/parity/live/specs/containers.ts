// Containers: what they hold, under which names, how it prints; and sequences of layers.
import type { Draw, Specs } from '../draw.ts';
import type { Value } from '../program.ts';

/** A layer from `width` features to as many. */
function unary(d: Draw, width: number): Value {
  const kinds: [string, Value[]][] = [
    ['nn.Linear', [width, width]],
    ['nn.LayerNorm', [width]],
    ['nn.ReLU', []],
    ['nn.Identity', []],
    ['nn.Dropout', [{ float: 0.25 }]],
  ];
  const [name, args] = d.pick(kinds);
  return { var: d.call(name, args) };
}

/** Shows what a container holds, and moves its state to the other side. */
function showContents(d: Draw, module: string): void {
  d.show(module, 'text');
  d.show(module, 'state');
  d.add({ kind: 'share', of: module });
  d.after(() => {
    d.add({ kind: 'take', on: module, from: module });
    d.show(module, 'state');
  });
}

export const CONTAINERS: Specs = {
  'nn.Sequential': (d) => {
    const width = d.size();
    d.seed();
    const layers = Array.from({ length: d.int(0, 5) }, () => unary(d, width));
    if (layers.length > 0 && d.chance(0.2)) layers.push(layers[0]!);
    d.layer({
      args: layers,
      inputs: [d.tensor([...d.lead(2), width], { dtype: 'float32' })],
      isTyped: false,
      isShared: true,
    });
  },
  'nn.ModuleList': (d) => {
    d.seed();
    const layers = Array.from({ length: d.int(0, 4) }, () => unary(d, d.size()));
    const module = d.call('nn.ModuleList', [layers]);
    if (d.chance(0.5)) d.call('append', [unary(d, 2)], {}, { on: module });
    showContents(d, module);
  },
  'nn.ModuleDict': (d) => {
    d.seed();
    const names = ['up', 'down', 'left', 'a_b', 'Right'].slice(0, d.int(0, 5));
    const dict = Object.fromEntries(names.map((name) => [name, unary(d, d.size())]));
    showContents(d, d.call('nn.ModuleDict', [{ dict }], {}, { python: { args: [{ dict, isVerbatim: true }] } }));
  },
  'nn.ParameterList': (d) => {
    const values = Array.from({ length: d.int(0, 4) }, () =>
      d.tensor(d.lead(3), { requiresGrad: false, memory: 'contiguous' }),
    );
    showContents(d, d.call('nn.ParameterList', [values]));
  },
  'nn.ParameterDict': (d) => {
    const names = ['up', 'down', 'left', 'right', 'Right'].slice(0, d.int(0, 5));
    const dict = Object.fromEntries(
      names.map((name) => [name, d.tensor(d.lead(3), { requiresGrad: false, memory: 'contiguous' })]),
    );
    showContents(d, d.call('nn.ParameterDict', [{ dict }], {}, { python: { args: [{ dict, isVerbatim: true }] } }));
  },
};
