// Reads a training in stages out of a document: both spellings, all problems at once, each with its place.

import type { ConfigDocument } from '../../config/document.ts';
import { DocumentSpelling } from '../../config/document-spelling.ts';
import { readFields } from '../../config/fields-of-document.ts';
import type { ConfigNode, MapNode } from '../../config/node.ts';
import type { DocumentProblem } from '../../config/read-experiment.ts';
import { camelCased } from '../../config/spelling.ts';
import { describeIssues, describeValue } from '../../trainer/config/problems.ts';
import { keysAt } from '../../trainer/config/schema-keys.ts';
import { type ReadTraining, trainingSchema } from './config-schema.ts';

/** @throws {ConfigError} that lists every problem with its place. */
export function trainingOf(document: ConfigDocument): ReadTraining {
  const reading = readFields(document.root, trainingSchema);
  keepNull(document.root, reading.value);
  const spelling = new DocumentSpelling(document.root, trainingSchema);
  const parsed = trainingSchema.safeParse(reading.value);
  const lines = [
    ...describeIssues(parsed.error?.issues ?? [], reading.value, (path) => keysAt(trainingSchema, path)),
    ...(parsed.data ? problemsBetween(parsed.data) : []),
  ];
  const problems: DocumentProblem[] = [...reading.problems, ...lines.map((line) => spelling.problem(line))];
  if (!parsed.data || problems.length > 0) throw document.error(problems);
  return parsed.data;
}

/** What no field shows alone: names that come twice, and a schedule's warm-up. */
function problemsBetween({ stages }: ReadTraining): string[] {
  const twice = (names: readonly string[], path: string): string[] =>
    names.flatMap((name, i) =>
      names.indexOf(name) === i
        ? []
        : [`${path}.${i}.name: expected a name of its own, got ${describeValue(name)} for the second time`],
    );
  return [
    ...twice(stages.map(({ name }) => name), 'stages'), // biome-ignore format: one line
    ...stages.flatMap(({ losses, components, name }, i) => [
      ...twice(losses.map((loss) => loss.name), `stages.${i}.losses`), // biome-ignore format: one line
      ...twice(components.map((component) => component.name), `stages.${i}.components`), // biome-ignore format: one line
      ...(RESERVED.test(name)
        ? [`stages.${i}.name: expected a name without the endings of files, got ${describeValue(name)}`]
        : []),
    ]),
  ];
}

const RESERVED = /\.(?:pt|ckpt|tmp)$/;

/** `null` leaves a field out everywhere but here, where it says that gradients are not clipped. */
function keepNull(root: MapNode, value: ReadonlyRecord): void {
  const stages = entryOf(root, 'stages');
  if (stages?.kind !== 'list' || !Array.isArray(value.stages)) return;
  for (const [i, node] of stages.items.entries()) {
    const clip = node.kind === 'map' ? entryOf(node, 'clipGradNorm') : undefined;
    if (clip?.kind === 'scalar' && clip.value === null)
      (value.stages[i] as Record<string, unknown>).clipGradNorm = null;
  }
}

type ReadonlyRecord = Readonly<Record<string, unknown>>;

function entryOf(map: MapNode, name: string): ConfigNode | undefined {
  for (const [key, { node }] of map.entries) if (camelCased(key) === name) return node;
  return undefined;
}
