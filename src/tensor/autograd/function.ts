// Functions with a backward of their own: `class Square extends AutogradFunction`, called by `Square.apply(x)`.

import { noGrad } from '../autograd.ts';
import { getNative, handles, type NativeResult, wrap } from '../call.ts';
import { refuseLater } from '../synchronous.ts';
import { Tensor } from '../tensor.ts';
import { describeValue, inCallback } from './callback.ts';

/** What a backward may return: a gradient for each argument of forward, undefined for those that are no tensors; one alone needs no array. */
export type Gradients = Tensor | undefined | readonly (Tensor | undefined)[];

interface State {
  readonly saved: (Tensor | undefined)[];
  readonly dirty: Tensor[];
  readonly nonDifferentiable: Tensor[];
  materializes: boolean;
  needs: readonly boolean[];
  /** While backward runs: the addon's number for it, and what was unpacked already. */
  running: { readonly number: number; unpacked: (Tensor | undefined)[] | undefined } | undefined;
}

let stateOf: (context: FunctionContext<never>) => State;

/** What forward leaves for backward. Other properties may be set freely: `forward(ctx: FunctionContext & { scale: number }, …)`.
 *  Tensors belong into `saveForBackward`: as properties they would be freed with their scope, and outside scopes never, if they are outputs.
 *  Source: torch.autograd.function.FunctionCtx. */
export class FunctionContext<Saved extends readonly (Tensor | undefined)[] = readonly Tensor[]> {
  readonly #name: string;
  readonly #state: State = {
    saved: [],
    dirty: [],
    nonDifferentiable: [],
    materializes: true,
    needs: [],
    running: undefined,
  };

  static {
    stateOf = (context) => context.#state;
  }

  /** `apply` makes them. @internal */
  constructor(name: string) {
    this.#name = name;
  }

  /** Keeps tensors until backward has run: inputs, outputs, or others. A change in place meanwhile is an error in backward. */
  saveForBackward(...tensors: Saved): void {
    this.#state.saved.splice(0, Number.POSITIVE_INFINITY, ...tensors);
  }

  /** What `saveForBackward` was given. To be read while backward runs.
   *  @throws {TypeError} at another time.  @throws {NativeError} if one was changed in place, or an earlier pass freed the graph. */
  get savedTensors(): Saved {
    const { running } = this.#state;
    if (!running) {
      throw new TypeError(
        `Cannot read savedTensors of ${this.#name}: expected its backward to be running; they are kept for that alone`,
      );
    }
    running.unpacked ??= Array.from(getNative().savedTensors(running.number), (handle) =>
      handle === undefined ? undefined : wrap(handle),
    );
    return running.unpacked as readonly (Tensor | undefined)[] as Saved; // as they were saved
  }

  /** Says which inputs forward changed in place. They must be among the outputs. */
  markDirty(...inputs: Tensor[]): void {
    this.#state.dirty.push(...inputs);
  }

  /** Says which outputs have no gradient, as indices and counts. */
  markNonDifferentiable(...outputs: Tensor[]): void {
    this.#state.nonDifferentiable.push(...outputs);
  }

  /** With false, the gradient of an output that nothing used is undefined in backward. Default true: zeros. */
  setMaterializeGrads(value: boolean): void {
    this.#state.materializes = value;
  }

  /** For each argument of forward, whether its gradient is wanted: in forward whether it requires one, in backward whether this pass computes it. */
  get needsInputGrad(): readonly boolean[] {
    return this.#state.needs;
  }
}

/** What `apply` needs to know of a class. `never` lets a class say more of its context and gradients. */
interface FunctionClass<Args extends readonly unknown[], Result> {
  readonly name: string;
  forward(context: never, ...args: Args): Result;
  backward(context: never, ...gradients: never[]): Gradients;
}

/** A differentiable function written in TypeScript. A subclass has two static methods:
 *
 *  `forward(ctx, ...args)` computes, without being recorded, and returns a tensor or an array with tensors in it; arguments that are tensors take part in
 *  the graph (those inside arrays or objects do not). `backward(ctx, ...gradients)` gets a gradient for each output and returns one for each argument.
 *  Under `createGraph` backward is recorded itself, so higher orders need nothing more. Each backward runs in a scope of its own.
 *  Source: torch.autograd.Function.
 *  @example
 *  class Square extends AutogradFunction {
 *    static forward(ctx: FunctionContext<[Tensor]>, x: Tensor): Tensor {
 *      ctx.saveForBackward(x);
 *      return x.mul(x);
 *    }
 *    static backward(ctx: FunctionContext<[Tensor]>, gradient: Tensor): Tensor {
 *      const [x] = ctx.savedTensors;
 *      return gradient.mul(x).mul(2);
 *    }
 *  }
 *  const x = tensor([3], { requiresGrad: true });
 *  Square.apply(x).backward();
 *  x.grad; // tensor([6.]) */
// biome-ignore lint/complexity/noStaticOnlyClass: PyTorch's form, which users subclass
export abstract class AutogradFunction {
  /** Runs forward and records backward. @returns what forward returns, connected to the graph.
   *  @throws {TypeError} if forward returns no tensor, or a Promise. */
  static apply<Args extends readonly unknown[], Result>(this: FunctionClass<Args, Result>, ...args: Args): Result {
    // biome-ignore lint/complexity/noThisInStatic: the subclass is meant
    return applyFunction(this, args);
  }
}

function applyFunction<Args extends readonly unknown[], Result>(
  definition: FunctionClass<Args, Result>,
  args: Args,
): Result {
  const context = new FunctionContext<never>(definition.name);
  const state = stateOf(context);
  const isTensor = args.map((argument) => argument instanceof Tensor);
  const inputs = args.filter((argument) => argument instanceof Tensor);
  const isRecording = getNative().isGradEnabled();
  state.needs = args.map((argument) => isRecording && argument instanceof Tensor && argument.requiresGrad);
  let result!: Result;
  noGrad(() => {
    result = definition.forward(context as never, ...args);
  });
  refuseLater(result, `run forward of ${definition.name}`, 'outside of it');
  const outputs: readonly unknown[] = Array.isArray(result) ? result : [result];
  const tensors = outputs.filter((output) => output instanceof Tensor);
  if (tensors.length === 0) {
    throw new TypeError(
      `Cannot run forward of ${definition.name}: expected a tensor or an array with tensors, got ${describeValue(result)}`,
    );
  }
  const backward = callBackward(definition, context, isTensor, outputs);
  const recorded = getNative().recordFunction(
    definition.name,
    handles(inputs),
    handles(tensors),
    handles(state.dirty),
    handles(state.nonDifferentiable),
    handles(state.saved),
    state.materializes,
    backward,
  );
  // The graph holds them from here on.
  for (const list of [state.saved, state.dirty, state.nonDifferentiable]) list.length = 0;
  let position = 0;
  const connected = outputs.map((output) => {
    if (!(output instanceof Tensor)) return output;
    const handle = recorded[position++]!;
    return handle === 0 ? output : wrap(handle);
  });
  return (Array.isArray(result) ? connected : connected[0]) as Result;
}

type NativeBackward = (gradients: Float64Array, number: number, needs: readonly boolean[]) => Float64Array;

/** The function that the node in the graph calls. It holds no tensor. */
function callBackward(
  definition: FunctionClass<never, unknown>,
  context: FunctionContext<never>,
  isTensor: readonly boolean[],
  outputs: readonly unknown[],
): NativeBackward {
  const { name } = definition;
  const isOutputTensor = outputs.map((output) => output instanceof Tensor);
  return (given, number, needs) =>
    inCallback(`backward of ${name}`, () => {
      const state = stateOf(context);
      const before = { running: state.running, needs: state.needs };
      let input = 0;
      let output = 0;
      state.running = { number, unpacked: undefined };
      state.needs = isTensor.map((is) => is && needs[input++]!);
      try {
        const gradients = isOutputTensor.map((is) => (is ? optional(given[output++]) : undefined));
        const result = definition.backward(context as never, ...(gradients as never[]));
        return handles(checkGradients(name, result, isTensor));
      } finally {
        state.running = before.running;
        state.needs = before.needs;
      }
    });
}

function optional(handle: NativeResult): Tensor | undefined {
  return handle === 0 ? undefined : wrap(handle);
}

/** The gradients of the arguments that are tensors; the addon looks at their shapes. */
function checkGradients(name: string, result: Gradients, isTensor: readonly boolean[]): (Tensor | undefined)[] {
  const action = `run backward of ${name}`;
  refuseLater(result, action, 'outside of it');
  const list: readonly (Tensor | undefined)[] =
    result instanceof Tensor || result === undefined || result === null ? [result] : result;
  if (!Array.isArray(list)) {
    throw new TypeError(`Cannot ${action}: expected a tensor or an array of gradients, got ${describeValue(result)}`);
  }
  const wanted = isTensor.length;
  if (list.length < wanted || list.slice(wanted).some((gradient) => gradient !== undefined)) {
    const shown = `${wanted} gradient${wanted === 1 ? '' : 's'}, one for each argument of forward`;
    throw new TypeError(`Cannot ${action}: expected ${shown}, got ${list.length}`);
  }
  for (let i = 0; i < wanted; i++) {
    const gradient: unknown = list[i] ?? undefined;
    if (gradient === undefined || (isTensor[i] && gradient instanceof Tensor)) continue;
    const expected = isTensor[i] ? 'a tensor or undefined' : 'undefined';
    const reason = isTensor[i] ? '' : ', which is no tensor';
    throw new TypeError(
      `Cannot ${action}: expected ${expected} for argument ${i}${reason}, got ${describeValue(gradient)}`,
    );
  }
  return list.slice(0, wanted).filter((_, i) => isTensor[i]);
}
