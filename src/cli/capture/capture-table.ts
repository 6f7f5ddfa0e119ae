// A captured step as text: what the passes brought, what its time goes to, and every operator with its fate.

import type { CaptureExplanation, ExplainedOperator, ExplainedTensor } from '../../tensor/capture/explanation.ts';
import { alignColumns } from '../../tracking/align-columns.ts';
import type { ExplainedPart } from '../../trainer/loop/captured-part.ts';

/** @param isWhole - with every operator. */
export function describeCapture(parts: readonly ExplainedPart[], isWhole: boolean): string {
  return parts.map((part) => describePart(part, isWhole)).join('\n\n');
}

function describePart({ name, status, explanation }: ExplainedPart, isWhole: boolean): string {
  const title = name.replace(/^the /, '').replace(/^./, (letter) => letter.toUpperCase());
  if (status.refusal !== undefined) return `${title}: runs as it is written, because ${status.refusal}`;
  if (!explanation) return `${title}: was not the same twice in ${status.numEager} runs`;
  const lines = [`${title}: replayed ${status.numReplayed} times, ${explanation.numReplays} of them timed`];
  lines.push(...summary(explanation).map((line) => `  ${line}`));
  if (isWhole) lines.push('', alignColumns(tableOf(explanation)));
  return lines.join('\n');
}

function summary(explanation: CaptureExplanation): string[] {
  const { operations, numFolded, numDead, numHoisted, numOverwriting, arenaBytes, madeBytes } = explanation;
  const { replayNanoseconds, stepNanoseconds } = explanation;
  const left = operations.filter(isRun);
  const kernels = left.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0);
  const numIntoPlace = left.filter(({ fate }) => fate === 'into its place').length;
  const share = stepNanoseconds === 0 ? 0 : Math.round((100 * kernels) / stepNanoseconds);
  return [
    `operators: ${operations.length} recorded, ${left.length} left`,
    ...graphsOf(explanation, left),
    `  foldViews ${numFolded}, hoistConstants ${numHoisted}, dropDead ${numDead}, useOutForms ${numIntoPlace}, reuseInputs ${numOverwriting}, callDirectly ${left.filter(({ isDirect }) => isDirect).length}`,
    `memory: one arena of ${bytes(arenaBytes)} for ${bytes(madeBytes)} of intermediate results`,
    `time: ${time(stepNanoseconds)} a call, ${time(replayNanoseconds)} of it the replay, ${time(kernels)} (${share} %) its operators`,
  ];
}

/** Of a step on a GPU. */
function graphsOf({ device, graphRefusal }: CaptureExplanation, left: readonly ExplainedOperator[]): string[] {
  if (device === 'cpu') return [];
  if (graphRefusal !== undefined) return [`  called one by one on ${device}, and not as CUDA graphs: ${graphRefusal}`];
  const numGraphs = new Set(left.flatMap(({ graph }) => graph ?? [])).size;
  const numCalled = left.filter(({ graph }) => graph === undefined).length;
  return [`  CUDA graphs on ${device}: ${numGraphs}, and ${numCalled} operators that are called between them`];
}

const isRun = ({ fate }: ExplainedOperator): boolean => !['folded', 'dropped', 'computed once'].includes(fate);

function tableOf({ operations }: CaptureExplanation): string[][] {
  const rows = operations.map((operation, i) => [
    String(i + 1),
    operation.name,
    operation.arguments.map(shown).join(', '),
    operation.results.map(shown).join(', '),
    operation.bytes === 0 ? '' : bytes(operation.bytes),
    isRun(operation) ? time(operation.nanoseconds) : '',
    `${operation.fate}${operation.isOverwriting ? ', over an argument' : ''}${operation.isDirect ? ', directly' : ''}${operation.numSlots > 0 ? ', numbers read anew' : ''}`,
  ]);
  return [['', 'operator', 'given', 'gives', 'bytes', 'time', 'fate'], ...rows.map((row) => row.map(shortened))];
}

const LETTERS: Readonly<Record<ExplainedTensor['origin'], string>> = {
  step: 'm',
  outside: 'p',
  argument: 'a',
  gradient: 'g',
};

/** A letter for where the memory is from, its number, and the shape: `m7[8, 32]`. */
function shown({ origin, storage, shape }: ExplainedTensor): string {
  return `${LETTERS[origin]}${storage}[${shape.join(', ')}]`;
}

const LONGEST = 60;
const shortened = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`);

function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  return count < 1024 ** 2 ? `${(count / 1024).toFixed(1)} KiB` : `${(count / 1024 ** 2).toFixed(1)} MiB`;
}

function time(nanoseconds: number): string {
  return nanoseconds < 1e6 ? `${(nanoseconds / 1e3).toFixed(1)} us` : `${(nanoseconds / 1e6).toFixed(2)} ms`;
}
