// Activations that a configuration names without parameters.

import type { UnaryModule } from '../../nn/index.ts';
import { ACTIVATIONS, planActivation } from './layers/activation-types.ts';
import { SettingsReader } from './settings-reader.ts';

/** Makes the activation of a name, `none` for none. @param setting - what it is the value of, for messages.
 *  @throws {ConfigError} for a name that is none, and for an activation that gives more values than it gets. */
export function activationByName(name: string, setting: string): UnaryModule {
  const settings = new SettingsReader({ [setting]: name });
  const type = settings.type(setting, ACTIVATIONS, 'none');
  const plan = planActivation(type, new SettingsReader({}), 2);
  if (plan.isDoubling) settings.note(setting, 'an activation with a value for each that it gets');
  settings.finish(`use ${setting}`);
  return plan.make();
}
