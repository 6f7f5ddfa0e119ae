// What a run was asked to do, as TensorBoard's table of runs takes it: a name and a plain value each.

export type Hyperparameters = Readonly<Record<string, number | string | boolean>>;

/** Fields of nested objects under names as `trainer.optimizer.lr`; lists as JSON; what is null or absent is left out. */
export function flatHyperparameters(config: unknown, prefix = ''): Hyperparameters {
  if (config === null || config === undefined) return {};
  if (typeof config === 'number' || typeof config === 'string' || typeof config === 'boolean')
    return { [prefix]: config };
  if (typeof config !== 'object' || Array.isArray(config)) return { [prefix]: JSON.stringify(config) ?? '' };
  return Object.assign(
    {},
    ...Object.entries(config).map(([name, value]) =>
      flatHyperparameters(value, prefix === '' ? name : `${prefix}.${name}`),
    ),
  );
}
