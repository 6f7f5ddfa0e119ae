// Prints a program of the live comparison as TypeScript and as Python, to be run by hand.
import { type CallStep, type Program, type Step, snakeCase, type TensorStep, toPython, type Value } from './program.ts';

export function toTypeScript({ steps, second }: Program): string {
  const lines = [...steps, ...second].map(typeScriptLine).filter((line) => line !== '');
  return ["import * as sconce from 'sconce';", ...lines].join('\n');
}

export function toPythonText({ steps, second }: Program): string {
  const lines = [...steps, ...second].map(pythonLine).filter((line) => line !== '');
  return ['import torch, math', ...lines].join('\n');
}

/** What a tensor's layout in memory is called where it is made. */
const LAYOUTS = {
  typeScript: {
    transposed: ' /* its dimensions in reversed order in memory */',
    strided: ' /* every second element of a larger one */',
    expanded: '.narrow(0, 0, 1) /* expanded again */',
    channels_last: " /* in 'channels_last' */",
  },
  python: {
    transposed: '.mT.contiguous().mT',
    strided: '.repeat_interleave(2, -1)[..., ::2]',
    expanded: '.narrow(0, 0, 1)',
    channels_last: '.contiguous(memory_format=torch.channels_last)',
  },
} as const;

/** Whether a variable is what a call made, not a tensor that was drawn. */
const isMade = (name: string): boolean => name.startsWith('y');

const list = (values: readonly unknown[]): string => `[${values.join(', ')}]`;

function typeScriptLine(step: Step): string {
  switch (step.kind) {
    case 'seed':
      return `sconce.manualSeed(${step.seed});`;
    case 'tensor':
      return `const ${step.out} = ${typeScriptTensor(step)}${step.requiresGrad ? '.detach().requiresGrad_()' : ''};`;
    case 'literal':
      return `const ${step.out} = sconce.tensor(${JSON.stringify(step.values)}, { dtype: '${step.dtype}' });`;
    case 'call':
      return typeScriptCall(step);
    case 'backward':
      return step.of.map((name) => `${name}.sum().backward();`).join('\n');
    case 'grad':
      return `${step.of}.grad = ${step.from ?? 'undefined'};`;
    case 'minimise':
      return `const ${step.out} = ${step.on}.step(() => { for (const p of [${step.of}]) p.grad = undefined; const loss = [${step.of}].map((p) => p.sub(0.5).pow(2).mul(p.add(1).pow(2)).sum()).reduce((sum, each) => sum.add(each)); loss.backward(); return loss; });`;
    case 'show':
      return `console.log(${typeScriptShown(step.what, step.of)});`;
    case 'share':
      return '';
    case 'take':
      return `${step.on}.loadStateDict(${step.from}.stateDict());`;
  }
}

function typeScriptTensor({
  shape,
  dtype,
  seed,
  fill,
  low = 0,
  high,
  scale = 1,
  shift = 0,
  memory,
}: TensorStep): string {
  const generator = `generator: new sconce.Generator(${seed})`;
  const float = `{ dtype: 'float64', ${generator} }`;
  const scaled = `${scale === 1 ? '' : `.mul(${scale})`}${shift === 0 ? '' : `.add(${shift})`}`;
  const drawn = {
    normal: `sconce.randn(${list(shape)}, ${float})${scaled}`,
    uniform: `sconce.rand(${list(shape)}, ${float})${scaled}`,
    positive: `sconce.randn(${list(shape)}, ${float}).abs()${scaled}`,
    integers: `sconce.randint(${low}, ${high}, ${list(shape)}, { ${generator} })`,
    bits: `sconce.randint(0, 2, ${list(shape)}, { ${generator} })`,
    signs: `sconce.randint(0, 2, ${list(shape)}, { ${generator} }).mul(2).sub(1)`,
    special: `/* infinities, nan, zeros among */ sconce.randn(${list(shape)}, ${float})`,
  }[fill];
  return `${drawn}.to('${dtype}')${memory && memory !== 'contiguous' ? LAYOUTS.typeScript[memory] : ''}`;
}

function typeScriptCall({ name, on, out, args, options }: CallStep): string {
  const given = args.map(typeScriptValue);
  if (Object.keys(options).length > 0) given.push(typeScriptOptions(options));
  const target = on === undefined ? `sconce.${name}` : `${on}.${name}`;
  const isClass = on === undefined && /(^|\.)[A-Z]\w*$/.test(name);
  return `${out === undefined ? '' : `const ${out} = `}${isClass ? 'new ' : ''}${target}(${given.join(', ')});`;
}

function typeScriptOptions(options: Readonly<Record<string, Value>>): string {
  return `{ ${Object.entries(options)
    .map(([name, value]) => `${name}: ${typeScriptValue(value)}`)
    .join(', ')} }`;
}

function typeScriptValue(value: Value): string {
  if (value === null) return 'undefined';
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return list(value.map((each) => typeScriptValue(each as Value)));
  if (typeof value !== 'object') return String(value);
  if ('var' in value) return `${value.var}${(value.at ?? []).map((index) => `[${index}]`).join('')}`;
  if ('dtype' in value) return `'${value.dtype}'`;
  if ('float' in value) return String(value.float);
  if ('name' in value) return `sconce.${value.name}`;
  if ('dict' in value) return typeScriptOptions(value.dict);
  if ('source' in value) return value.source;
  if ('ours' in value) return typeScriptValue(value.ours);
  throw new Error(`Cannot print a value: ${JSON.stringify(value)}`);
}

function typeScriptShown(what: string, of: string): string {
  if (what === 'gradients') return isMade(of) ? `${of}.parameters().map((p) => p.grad)` : `${of}.grad`;
  if (what === 'next draw') return 'sconce.randn([3])';
  return what.includes('state') ? `${of}.stateDict()` : of;
}

function pythonLine(step: Step): string {
  switch (step.kind) {
    case 'seed':
      return `torch.manual_seed(${step.seed})`;
    case 'tensor':
      return `${step.out} = ${pythonTensor(step)}${step.requiresGrad ? '.detach().requires_grad_()' : ''}`;
    case 'literal':
      return `${step.out} = torch.tensor(${pythonLiteral(step.values)}, dtype=torch.${step.dtype})`;
    case 'call':
      return pythonCall(toPython(step) as PythonCall);
    case 'backward':
      return step.of.map((name) => `${name}.sum().backward()`).join('\n');
    case 'grad':
      return `${step.of}.grad = ${step.from ?? 'None'}`;
    case 'minimise':
      return `# ${step.out} = ${step.on}.step(closure) with the loss ((p - 0.5) ** 2 * (p + 1) ** 2).sum() over ${step.of}`;
    case 'show':
      return `print(${pythonShown(step.what, step.of)})`;
    case 'share':
      return '';
    case 'take':
      return `${step.on}.load_state_dict(${step.from}.state_dict())`;
  }
}

function pythonTensor({ shape, dtype, seed, fill, low = 0, high, scale = 1, shift = 0, memory }: TensorStep): string {
  const source = `generator=torch.Generator().manual_seed(${seed})`;
  const float = `dtype=torch.float64, ${source}`;
  const scaled = `${scale === 1 ? '' : `.mul(${scale})`}${shift === 0 ? '' : `.add(${shift})`}`;
  const drawn = {
    normal: `torch.randn(${list(shape)}, ${float})${scaled}`,
    uniform: `torch.rand(${list(shape)}, ${float})${scaled}`,
    positive: `torch.randn(${list(shape)}, ${float}).abs()${scaled}`,
    integers: `torch.randint(${low}, ${high}, ${list(shape)}, ${source})`,
    bits: `torch.randint(0, 2, ${list(shape)}, ${source})`,
    signs: `torch.randint(0, 2, ${list(shape)}, ${source}).mul(2).sub(1)`,
    special: `torch.randn(${list(shape)}, ${float})`,
  }[fill];
  return `${drawn}.to(torch.${dtype})${memory && memory !== 'contiguous' ? LAYOUTS.python[memory] : ''}`;
}

interface PythonCall {
  readonly name: string;
  readonly on?: string;
  readonly out?: string;
  readonly args: readonly Value[];
  readonly options: Readonly<Record<string, Value>>;
}

function pythonCall({ name, on, out, args, options }: PythonCall): string {
  const named = Object.entries(options).map(([key, value]) => `${snakeCase(key)}=${pythonValue(value)}`);
  const target = on === undefined ? `torch.${name}` : name === '__call__' ? on : `${on}.${name}`;
  return `${out === undefined ? '' : `${out} = `}${target}(${[...args.map(pythonValue), ...named].join(', ')})`;
}

function pythonValue(value: Value | { readonly python: string }): string {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return `(${value.map((each) => `${pythonValue(each as Value)},`).join(' ')})`;
  if (typeof value !== 'object') return String(value);
  if ('var' in value) return `${value.var}${(value.at ?? []).map((index) => `[${index}]`).join('')}`;
  if ('dtype' in value) return `torch.${value.dtype}`;
  if ('float' in value)
    return typeof value.float === 'string'
      ? `float('${value.float}')`
      : Number.isInteger(value.float)
        ? `${value.float}.0`
        : String(value.float);
  if ('name' in value) return `torch.${value.name}`;
  if ('dict' in value)
    return `{${Object.entries(value.dict)
      .map(([key, each]) => `'${snakeCase(key)}': ${pythonValue(each)}`)
      .join(', ')}}`;
  return String((value as { python: string }).python);
}

function pythonLiteral(values: unknown): string {
  return JSON.stringify(values).replaceAll('true', 'True').replaceAll('false', 'False');
}

function pythonShown(what: string, of: string): string {
  if (what === 'gradients') return isMade(of) ? `[p.grad for p in ${of}.parameters()]` : `${of}.grad`;
  if (what === 'next draw') return 'torch.randn(3)';
  return what.includes('state') ? `${of}.state_dict()` : of;
}
