// Layers whose weights are not drawn, because others will be loaded.

import type { Device } from '../tensor/device.ts';
import type { Module } from './module.ts';

/** Makes a layer without drawing its weights, which hold whatever was in memory: for one that is loaded next. Nothing is drawn from any generator.
 *  @param Class - of a layer that takes the option `device`.  @param args - of its constructor; the options last, if any.
 *  @throws {TypeError} for a class that does not take it.  Source: torch.nn.utils.skip_init.
 *  @example
 *  nn.utils.skipInit(nn.Linear, 2, 3, { bias: false }).weight.shape; // [3, 2] */
export function skipInit<Args extends readonly unknown[], M extends Module>(
  Class: new (...args: Args) => M,
  ...args: Args
): M {
  const last: unknown = args.at(-1);
  const hasOptions = typeof last === 'object' && last !== null && Object.getPrototypeOf(last) === Object.prototype;
  const { device = 'cpu', ...options } = (hasOptions ? last : {}) as { device?: Device };
  const positional = hasOptions ? args.slice(0, -1) : args;
  const made = new Class(...([...positional, { ...options, device: 'meta' }] as unknown as Args)); // as they came
  const drawn = [...made.parameters(), ...made.buffers()].find((tensor) => tensor.device !== 'meta');
  if (drawn)
    throw new TypeError(
      `Cannot skip initialising ${Class.name}: expected a class with the option device, got one without`,
    );
  return made.toEmpty({ device });
}
