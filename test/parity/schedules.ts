// Makes the schedules of fixtures/parity/schedules.py: a class and its options by PyTorch's names, with cases and names for what cannot be stored.
import { nn, optim, zeros } from '../../src/index.ts';

/** A class of torch.optim and its options, in PyTorch's spelling. */
export type Case = readonly [name: string, options: Readonly<Record<string, unknown>>];

export type AnyScheduler = optim.Scheduler & { readonly lastEpoch?: number; step(argument?: number): void };

const FUNCTIONS: Readonly<Record<string, (x: number) => number>> = {
  inverse: (step) => 1 / (1 + 0.1 * step),
  gentle: (step) => (step % 7 ? 0.999 : 0.9),
  halves: (cycle) => 0.5 ** cycle,
};

export function makeOptimizer(name: string): optim.SGD | optim.AdamW {
  const groups = [
    { params: [new nn.Parameter(zeros([1]))], lr: 0.3 },
    { params: [new nn.Parameter(zeros([1]))], lr: 0.1 },
  ];
  return name === 'SGD' ? new optim.SGD(groups, { momentum: 0.5 }) : new optim.AdamW(groups, { betas: [0.6, 0.99] });
}

/** Learning rates of the groups, and their momenta. */
export function valuesOf(optimizer: optim.SGD | optim.AdamW): { rates: number[]; momenta: number[] } {
  const groups: readonly { lr: number; momentum?: number; betas?: readonly number[] }[] = optimizer.paramGroups;
  return { rates: groups.map(({ lr }) => lr), momenta: groups.map(({ momentum, betas }) => momentum ?? betas![0]!) };
}

/** `step_size` is `stepSize`, `T_max` is `tMax`. */
export const camelCase = (name: string): string =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()).replace(/^T/, 't');

export function optionsOf(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [camelCase(name), Array.isArray(value) ? Array.from(value) : value]),
  );
}

type Class = new (...args: unknown[]) => AnyScheduler;

const CLASSES = {
  ChainedScheduler: optim.ChainedScheduler,
  ConstantLR: optim.ConstantLR,
  CosineAnnealingLR: optim.CosineAnnealingLR,
  CosineAnnealingWarmRestarts: optim.CosineAnnealingWarmRestarts,
  CyclicLR: optim.CyclicLR,
  ExponentialLR: optim.ExponentialLR,
  LambdaLR: optim.LambdaLR,
  LinearLR: optim.LinearLR,
  MultiStepLR: optim.MultiStepLR,
  MultiplicativeLR: optim.MultiplicativeLR,
  OneCycleLR: optim.OneCycleLR,
  PolynomialLR: optim.PolynomialLR,
  ReduceLROnPlateau: optim.ReduceLROnPlateau,
  SWALR: optim.SWALR,
  SequentialLR: optim.SequentialLR,
  StepLR: optim.StepLR,
};

export function makeScheduler([name, given]: Case, optimizer: optim.SGD | optim.AdamW): AnyScheduler {
  const Made = CLASSES[name as keyof typeof CLASSES] as unknown as Class;
  const { lrLambda, schedulers, scaleFn, ...options } = optionsOf(given);
  const functionOf = (each: unknown): unknown => FUNCTIONS[each as string]!;
  if (scaleFn !== undefined) options.scaleFn = functionOf(scaleFn);
  if (lrLambda !== undefined)
    return new Made(optimizer, Array.isArray(lrLambda) ? lrLambda.map(functionOf) : functionOf(lrLambda), options);
  if (schedulers === undefined) return new Made(optimizer, options);
  const parts = (schedulers as Case[]).map((each) => makeScheduler(each, optimizer));
  return name === 'ChainedScheduler' ? new Made(parts) : new Made(optimizer, { ...options, schedulers: parts });
}

/** A step as schedules.py makes it. */
export function stepOnce(scheduler: AnyScheduler, metric: number): void {
  if (scheduler instanceof optim.ReduceLROnPlateau) scheduler.step(metric);
  else scheduler.step();
}
