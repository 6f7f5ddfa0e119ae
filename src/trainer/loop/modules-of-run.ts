// The model of a run and the modules beside it, as one list: what is done to all of them.

import type { Module } from '../../nn/module.ts';
import type { Parameter } from '../../nn/parameter.ts';
import type { LoopContext } from './loop-context.ts';

/** A model, and by name the modules that belong to its run: a loss with parameters or a queue. */
export type ModulesOfRun = Pick<LoopContext, 'model' | 'modules'>;

/** The model first. */
export const allModules = ({ model, modules }: ModulesOfRun): readonly Module[] => [model, ...Object.values(modules)];

/** Parameters by the name that a checkpoint's gradients have: those of the model by its own names, those of the others behind `modules.{name}.`. One that several have comes once. */
export function* namedParametersOf({
  model,
  modules,
}: ModulesOfRun): Generator<readonly [name: string, parameter: Parameter]> {
  const seen = new Set<Parameter>();
  const places = [
    ['', model] as const,
    ...Object.entries(modules).map(([name, module]) => [`modules.${name}.`, module] as const),
  ];
  for (const [prefix, module] of places)
    for (const [name, parameter] of module.namedParameters()) {
      if (seen.has(parameter)) continue;
      seen.add(parameter);
      yield [prefix + name, parameter];
    }
}

/** Sets all of them to evaluation mode. @returns puts each module back into the mode that it had. */
export function evalModeOf(run: ModulesOfRun): { restore(): void } {
  const modes = allModules(run).map((module) => module.evalMode());
  return {
    restore() {
      for (const mode of modes) mode.restore();
    },
  };
}
