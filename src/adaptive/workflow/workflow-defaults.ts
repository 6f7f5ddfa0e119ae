// A workflow that says nothing, and what is said of a field that nothing reads.

import { describeValue } from '../../trainer/config/problems.ts';
import type { WorkflowFields } from './workflow-fields.ts';
import { workflowSchema } from './workflow-schema.ts';

/** All fields at their defaults. */
export const workflowDefaults = (): WorkflowFields => workflowSchema.parse({});

/** A line for each field that is not at its default though nothing reads it: `model.numNodes: expected nothing beside the model "mlp", got 32; leave it out`.
 *  @param reader - what does not read them, as in 'the model "mlp"'. */
export function unreadProblems<S extends 'model' | 'optimizer'>(
  section: S,
  given: WorkflowFields[S],
  { names, reader }: { readonly names: readonly (keyof WorkflowFields[S])[]; readonly reader: string },
): string[] {
  const defaults = workflowDefaults()[section];
  return names
    .filter((name) => JSON.stringify(given[name]) !== JSON.stringify(defaults[name]))
    .map(
      (name) =>
        `${section}.${String(name)}: expected nothing beside ${reader}, which has none, got ${describeValue(given[name])}; leave it out`,
    );
}
