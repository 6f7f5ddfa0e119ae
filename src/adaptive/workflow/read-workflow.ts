// Reads a document as a workflow: fields in either spelling, and everything that is wrong with them.

import type { ConfigDocument } from '../../config/document.ts';
import { DocumentSpelling } from '../../config/document-spelling.ts';
import { readFields } from '../../config/fields-of-document.ts';
import type { MapNode } from '../../config/node.ts';
import type { DocumentProblem } from '../../config/read-experiment.ts';
import { describeIssues } from '../../trainer/config/problems.ts';
import { keysAt } from '../../trainer/config/schema-keys.ts';
import type { WorkflowFields } from './workflow-fields.ts';
import { workflowProblems } from './workflow-problems.ts';
import { workflowSchema } from './workflow-schema.ts';

/** What a document says, or what is wrong with it. */
export interface WorkflowReading {
  /** Undefined where there are problems. */
  readonly fields: WorkflowFields | undefined;
  readonly problems: readonly DocumentProblem[];
}

/** Reads nodes with their places. */
export function readWorkflow(root: MapNode): WorkflowReading {
  const reading = readFields(root, workflowSchema);
  const spelling = new DocumentSpelling(root, workflowSchema);
  const { lines, fields } = parse(reading.value);
  const problems = [...reading.problems, ...lines.map((line) => spelling.problem(line))];
  return { fields: problems.length > 0 ? undefined : fields, problems };
}

/** What single fields do not show is looked for even where some of them are wrong: these are at their defaults then. */
function parse(value: Readonly<Record<string, unknown>>): { lines: string[]; fields: WorkflowFields | undefined } {
  const parsed = workflowSchema.safeParse(value);
  if (parsed.success) return { lines: workflowProblems(parsed.data), fields: parsed.data };
  const { issues } = parsed.error;
  const lines = describeIssues(issues, value, (path) => keysAt(workflowSchema, path));
  const misfits = issues.filter(({ code }) => code !== 'unrecognized_keys');
  const wrong = new Set(misfits.map(({ path }) => path.slice(0, 2).join('.')));
  const rest = Object.entries(value).flatMap(([section, fields]) => {
    const known = keysAt(workflowSchema, [section]);
    if (typeof fields !== 'object' || fields === null || known.length === 0) return [];
    const right = Object.entries(fields).filter(([key]) => known.includes(key) && !wrong.has(`${section}.${key}`));
    return [[section, Object.fromEntries(right)] as const];
  });
  const others = workflowSchema.safeParse(Object.fromEntries(rest));
  const more = others.success ? workflowProblems(others.data) : [];
  const isNew = (line: string): boolean =>
    ![...wrong].some((path) => line.startsWith(`${path}:`) || line.startsWith(`${path}.`));
  return { lines: [...lines, ...more.filter(isNew)], fields: undefined };
}

/** @throws {ConfigError} that lists every problem with its file, line and column. */
export function workflowOf(document: ConfigDocument): WorkflowFields {
  const { fields, problems } = readWorkflow(document.root);
  if (!fields) throw document.error(problems);
  return fields;
}
