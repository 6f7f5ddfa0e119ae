// Makes a run known to W&B's server, or finds the one that goes on there: what it knows already decides what is sent.
import { DeliveryError } from '../delivery-error.ts';
import type { WandbApi } from './api.ts';
import { parseExtendedJson } from './extended-json.ts';
import type { WandbResume } from './options.ts';
import {
  type Bucket,
  REWIND_RUN,
  type RewindRunData,
  RUN_RESUME_STATUS,
  type RunResumeStatusData,
  UPSERT_BUCKET,
  type UpsertBucketData,
} from './queries.ts';
import type { RunFacts, Tree } from './records.ts';

/** Where a run stands on the server. */
export interface BegunRun {
  readonly entity: string;
  readonly project: string;
  /** Lines that its history has. */
  readonly numLines: number;
  /** The step of the last of them; -1 where there is none. */
  readonly lastStep: number;
  /** Its summary so far. */
  readonly summary: Tree;
}

export interface BeginOptions {
  readonly api: WandbApi;
  readonly facts: RunFacts;
  /** W&B's configuration of the run, as JSON. */
  readonly config: string;
  readonly resume: WandbResume | undefined;
  /** The step that the run goes on from: later ones are void. */
  readonly fromStep: number | undefined;
  warn(message: string): void;
  readonly signal: AbortSignal;
}

/** Begins the run. @throws {DeliveryError} that stops, where the run is not one that `resume` allows. */
export async function beginRun(options: BeginOptions): Promise<BegunRun> {
  const { api, facts, resume, fromStep, signal, config } = options;
  const isNew = resume === undefined && fromStep === undefined;
  const known = isNew ? undefined : await findRun(options);
  const bucket = await upsert(api, facts, config, signal);
  return {
    entity: bucket.project.entity.name,
    project: bucket.project.name,
    numLines: known?.numLines ?? bucket.historyLineCount ?? 0,
    lastStep: known?.lastStep ?? -1,
    summary: known?.summary ?? {},
  };
}

/** Creates a run or changes what is known of it. */
export async function upsert(api: WandbApi, facts: RunFacts, config: string, signal: AbortSignal): Promise<Bucket> {
  const variables = {
    ...NOTHING,
    name: facts.id,
    project: facts.project,
    entity: facts.entity ?? null,
    displayName: facts.displayName ?? null,
    notes: facts.notes ?? null,
    config,
    host: facts.host,
    program: process.argv[1] ?? null,
    tags: facts.tags.length > 0 ? facts.tags : null,
  };
  const { upsertBucket } = await api.graphql<UpsertBucketData>(UPSERT_BUCKET, variables, 'create the run', signal);
  const bucket = upsertBucket?.bucket;
  if (bucket?.project?.entity?.name === undefined)
    throw new Error('Cannot create the run: expected a run in the answer of the server, got none');
  return bucket;
}

/** What a run may have that ours do not. */
const NOTHING = {
  id: null,
  groupName: null,
  description: null,
  commit: null,
  debug: null,
  repo: null,
  jobType: null,
  state: null,
  sweep: null,
  summaryMetrics: null,
};

type KnownRun = Pick<BegunRun, 'numLines' | 'lastStep' | 'summary'>;

async function findRun({ api, facts, resume, fromStep, warn, signal }: BeginOptions): Promise<KnownRun | undefined> {
  const variables = { project: facts.project, entity: facts.entity ?? null, name: facts.id };
  const status = await api.graphql<RunResumeStatusData>(RUN_RESUME_STATUS, variables, 'find the run', signal);
  const run = status.model?.bucket;
  const exists = run != null && /"t"/.test(run.wandbConfig ?? '');
  if (!exists && resume === 'must') throw refusal('must', `a run "${facts.id}" in project "${facts.project}"`, 'none');
  if (exists && resume === 'never') throw refusal('never', `no run "${facts.id}" in project "${facts.project}"`, 'one');
  if (!exists) return undefined;
  const lastStep = lastStepIn(run.historyTail);
  const known = { numLines: run.historyLineCount ?? 0, lastStep, summary: asTree(run.summaryMetrics) };
  if (fromStep === undefined || lastStep <= fromStep) return known;
  return (await rewind(api, facts, fromStep, signal)) ?? sayNotRewound(known, fromStep, warn);
}

/** Takes what was logged beyond a step out of the run's history; undefined where the server does not do that. */
async function rewind(
  api: WandbApi,
  facts: RunFacts,
  step: number,
  signal: AbortSignal,
): Promise<KnownRun | undefined> {
  const { id, entity, project } = facts;
  const variables = { runName: id, entity: entity ?? null, project, metricName: '_step', metricValue: step };
  try {
    const { rewindRun } = await api.graphql<RewindRunData>(REWIND_RUN, variables, 'rewind the run', signal);
    const run = rewindRun?.rewoundRun;
    return run ? { numLines: run.historyLineCount ?? 0, lastStep: step, summary: {} } : undefined;
  } catch (error) {
    if (error instanceof DeliveryError && error.after !== 'retry') return undefined;
    throw error;
  }
}

function sayNotRewound(known: KnownRun, fromStep: number, warn: (message: string) => void): KnownRun {
  warn(
    `W&B keeps what the run logged there after step ${fromStep}, which it goes on from: the server does not rewind runs. Steps up to ${known.lastStep} are not sent again`,
  );
  return known;
}

function refusal(resume: WandbResume, wanted: string, got: string): DeliveryError {
  return new DeliveryError(`Cannot resume the run: expected ${wanted} (resume "${resume}"), got ${got}`, {
    after: 'stop',
  });
}

/** The tail is a list of lines, each JSON. */
function lastStepIn(tail: string | null): number {
  const lines = parseExtendedJson(tail ?? '[]');
  const last: unknown = Array.isArray(lines) ? lines.at(-1) : undefined;
  const step = asTree(typeof last === 'string' ? last : null)._step;
  return typeof step === 'number' ? step : -1;
}

function asTree(json: string | null): Tree {
  const value = parseExtendedJson(json ?? '{}');
  return typeof value === 'object' && value !== null ? (value as Tree) : {};
}
