// Holds what a program shows here against what it shows in PyTorch.
import { fromBytes } from '../../../src/index.ts';
import type { DType } from '../../../src/tensor/dtype.ts';
import type { Spec } from './draw.ts';
import type { Leaf, Outcome, Program, Shown } from './program.ts';
import { NOT_THERE } from './run.ts';

export type Verdict =
  | { readonly kind: 'absent' }
  /** Everything agreed; `isExact` to the last bit. */
  | { readonly kind: 'same'; readonly isExact: boolean; readonly isRefused: boolean; readonly reason?: string }
  | {
      readonly kind: 'different';
      readonly what: string;
      readonly text: string;
      readonly part: 'steps' | 'second';
      readonly step: number;
    };

type TensorLeaf = Extract<Leaf, { bytes: string }>;

/** An error that was thrown on purpose says what cannot be done; others are accidents of ours. */
const isOnPurpose = ({ message }: { message: string }): boolean => {
  return (
    /^Cannot /.test(message) &&
    !/^Cannot (read propert|set propert|convert (undefined|null|a )|destructure propert|access '|mix )/.test(message) &&
    !/internal:/.test(message)
  );
};

/** @param part - 'steps' or 'second': where the outcomes come from. */
export function compare(
  program: Program,
  part: 'steps' | 'second',
  ours: Outcome,
  theirs: Outcome,
  spec: Spec,
): Verdict {
  const different = (step: number, what: string, text: string): Verdict => {
    const place = `${part === 'second' ? 'second part, ' : ''}step ${step} (${describe(program, part, step)})`;
    return { kind: 'different', what, text: `${place}: ${text}`, part, step };
  };
  if (ours.error?.message.startsWith(NOT_THERE)) return { kind: 'absent' };
  if (ours.error && !isOnPurpose(ours.error))
    return different(ours.error.step, 'accident', `ours fails with ${ours.error.type}: ${ours.error.message}`);
  let isExact = true;
  let reason: string | undefined;
  const count = Math.min(ours.shown.length, theirs.shown.length);
  for (let i = 0; i < count; i++) {
    const difference = compareShown(ours.shown[i]!, theirs.shown[i]!, spec);
    if (difference === undefined) continue;
    if (difference === 'close') isExact = false;
    else if (isUnsettled(ours.shown[i]!, difference, spec)) reason = spec.unsettled![1];
    else return different(ours.shown[i]!.step, difference.what, difference.text);
  }
  const because = reason === undefined ? {} : { reason };
  if (ours.error && theirs.error) return { kind: 'same', isExact, isRefused: true, ...because };
  if (ours.error) {
    const allowed = spec.refuses?.find(([message]) => message.test(ours.error!.message));
    if (allowed) return { kind: 'same', isExact, isRefused: true, reason: allowed[1] };
    const { step, type, message } = ours.error;
    return different(step, 'ours refuses', `ours refuses, PyTorch does not: ${type}: ${message}`);
  }
  if (theirs.error) {
    const { step, type, message } = theirs.error;
    return different(step, 'PyTorch refuses', `PyTorch refuses, ours does not: ${type}: ${message.split('\n')[0]}`);
  }
  return { kind: 'same', isExact, isRefused: false, ...because };
}

/** Whether values alone differ, of a tensor that libtorch makes of memory that nobody wrote. */
function isUnsettled({ leaves }: Shown, { what }: Difference, { unsettled }: Spec): boolean {
  return what === 'values' && leaves.some(([, leaf]) => 'bytes' in leaf && unsettled?.[0](leaf) === true);
}

function describe(program: Program, part: 'steps' | 'second', index: number): string {
  const step = program[part][index]!;
  if (step.kind === 'call') return step.on ? `${step.on}.${step.name}` : step.name;
  return step.kind === 'show' ? `${step.what} of ${step.of}` : step.kind;
}

type Difference = { readonly what: string; readonly text: string };

function compareShown(ours: Shown, theirs: Shown, spec: Spec): Difference | 'close' | undefined {
  const [names, wanted] = [ours, theirs].map(({ leaves }) => leaves.map(([path]) => path).join(', '));
  if (names !== wanted) return { what: 'names', text: `names: ours [${names}], PyTorch's [${wanted}]` };
  let isClose = false;
  for (const [i, [path, leaf]] of ours.leaves.entries()) {
    const difference = compareLeaves(leaf, theirs.leaves[i]![1], spec);
    if (difference === 'close') isClose = true;
    else if (difference) return { what: difference.what, text: `${path === '' ? '' : `${path}: `}${difference.text}` };
  }
  return isClose ? 'close' : undefined;
}

function compareLeaves(ours: Leaf, theirs: Leaf, spec: Spec): Difference | 'close' | undefined {
  if ('bytes' in ours && 'bytes' in theirs) return compareTensors(ours, theirs, spec);
  if ('number' in ours && 'number' in theirs) {
    if (Object.is(Number(ours.number), Number(theirs.number)) || ours.number === theirs.number) return undefined;
    const bound = spec.tolerance?.number ?? 0;
    const [one, other] = [Number(ours.number), Number(theirs.number)];
    if (Math.abs(one - other) <= bound + bound * Math.abs(other)) return 'close';
  }
  const [one, other] = [JSON.stringify(ours), JSON.stringify(theirs)];
  if (one === other) return undefined;
  return {
    what: 'text' in ours ? 'text' : 'kind',
    text: `ours ${one.slice(0, 2000)}, PyTorch's ${other.slice(0, 2000)}`,
  };
}

function compareTensors(ours: TensorLeaf, theirs: TensorLeaf, spec: Spec): Difference | 'close' | undefined {
  for (const what of ['dtype', 'shape'] as const)
    if (String(ours[what]) !== String(theirs[what]))
      return { what, text: `${what}: ours [${ours[what]}], PyTorch's [${theirs[what]}]` };
  if (ours.bytes !== theirs.bytes) {
    const [one, other] = [ours, theirs].map((leaf) =>
      fromBytes(Buffer.from(leaf.bytes, 'base64'), leaf.shape, leaf.dtype as DType).to('float64'),
    );
    const isNumber = other!.isnan().logicalNot();
    const isAlike = one!.eq(other!).logicalOr(one!.isnan().logicalAnd(other!.isnan()));
    // Zeros of both signs and payloads of nan aside.
    if (isAlike.all().item() !== 1 && isAlike.all().item() !== (true as unknown)) {
      const bound = spec.tolerance?.[ours.dtype] ?? 0;
      const distance = one!.sub(other!).abs().where(isNumber.logicalAnd(one!.isfinite()), 0).max().item();
      if (one!.allclose(other!, { rtol: bound, atol: bound, equalNan: true })) return 'close';
      return { what: 'values', text: `values differ by ${distance}:\n  ours ${one}\n  PyTorch's ${other}` };
    }
  }
  if (String(strides(ours)) !== String(strides(theirs)))
    return {
      what: 'strides',
      text: `strides: ours [${ours.stride}], PyTorch's [${theirs.stride}] of shape [${ours.shape}]`,
    };
  return undefined;
}

/** Strides that matter: those of dimensions with more than one element, in a tensor with any. */
function strides({ shape, stride }: TensorLeaf): number[] {
  return shape.includes(0) ? [] : stride.filter((_, i) => shape[i]! > 1);
}
