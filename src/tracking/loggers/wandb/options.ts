// What `WandbLogger` takes, checked, and what it finds in the environment: W&B's variables and the API key.
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const MODES = ['online', 'offline', 'disabled'] as const;
const RESUMES = ['allow', 'must', 'never'] as const;

/** Variables by name. */
type Environment = Readonly<Record<string, string | undefined>>;

export type WandbMode = (typeof MODES)[number];
export type WandbResume = (typeof RESUMES)[number];

export interface WandbLoggerOptions {
  /** Default: WANDB_PROJECT; there has to be one, unless the mode is `disabled`. */
  readonly project?: string;
  /** The user or team that the run belongs to. Default: WANDB_ENTITY, else whatever the server has as the key's. */
  readonly entity?: string;
  /** The run's name as people see it. Default: the run's own. */
  readonly name?: string;
  readonly notes?: string;
  /** Default: the run's own. */
  readonly tags?: readonly string[];
  /** `online` sends while the run goes on and keeps what did not arrive; `offline` only writes files, for `wandb sync`; `disabled` does nothing.
   *  Default: WANDB_MODE, else `online`. */
  readonly mode?: WandbMode;
  /** The run's id in W&B. Default: the run's own, so that all of its processes are one run there. */
  readonly id?: string;
  /** Whether the run may be one that W&B knows already: `allow`, `must`, or `never`. Default: a run that goes on from a checkpoint goes on in W&B, another
   *  takes the place of what had its id. */
  readonly resume?: WandbResume;
  /** Where offline runs are written. Default: `wandb` in the run's folder, or in the working directory. */
  readonly folder?: string;
  /** Metrics of which the summary has the best value too, as `{ 'val/loss': 'min' }`. Default: the one that the configuration's checkpoints are ranked by. */
  readonly best?: Readonly<Record<string, 'min' | 'max'>>;
  /** How long values are gathered for one request, in milliseconds. Default 5,000. */
  readonly sendEveryMs?: number;
  /** After how many milliseconds a request is given up and made again. Default 30,000. */
  readonly timeoutMs?: number;
  /** The first wait after a failure, in milliseconds; each further one is twice as long, up to half a minute. Default 500. */
  readonly retryFromMs?: number;
  /** How long the end of a run waits at most for the server, in milliseconds. Default 10,000. */
  readonly closeWithinMs?: number;
}

/** What is uploaded to W&B as one version of an artifact. */
export interface WandbArtifact {
  /** Letters, digits, `.`, `_` and `-`; at most 128. */
  readonly name: string;
  /** As in `model` or `dataset`. */
  readonly type: string;
  /** Files, each by its path inside the artifact. */
  readonly files: Readonly<Record<string, string>>;
  /** Beside `latest`, which every new version gets. */
  readonly aliases?: readonly string[];
  /** Plain JSON. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly description?: string;
}

/** Options with everything that the environment says. */
export interface WandbSettings extends WandbLoggerOptions {
  readonly project: string;
  readonly mode: WandbMode;
  readonly baseUrl: string;
}

const TEXTS = ['project', 'entity', 'name', 'notes', 'id', 'folder'] as const;
const DURATIONS = ['sendEveryMs', 'timeoutMs', 'retryFromMs', 'closeWithinMs'] as const;
const NAMES = new Set<string>([...TEXTS, ...DURATIONS, 'tags', 'mode', 'resume', 'best']);

/** What an id has to be. */
export const WANDB_ID = 'at most 128 characters, none of /\\#?%:';

/** @returns what is wrong with an id of a run. */
export function wandbIdProblem(id: string): string | undefined {
  return /^[^/\\#?%:]{1,128}$/.test(id) ? undefined : `expected ${WANDB_ID}, got "${id}"`;
}

/** Everything that is wrong with the options, one line each; empty where they are right. */
export function wandbProblems(options: WandbLoggerOptions, env: Environment = process.env): string[] {
  const { tags, resume, best = {}, id } = options;
  const mode = options.mode ?? env.WANDB_MODE ?? 'online';
  const problems: string[] = [];
  const expect = (isRight: boolean, name: string, wanted: string, got: unknown): void => {
    if (!isRight) problems.push(`${name}: expected ${wanted}, got ${JSON.stringify(got) ?? 'nothing'}`);
  };
  for (const name of Object.keys(options)) expect(NAMES.has(name), name, 'no such option', 'one');
  for (const name of TEXTS) expect(isTextOrNothing(options[name]), name, 'a text', options[name]);
  for (const name of DURATIONS) {
    const value = options[name];
    expect(value === undefined || (Number.isFinite(value) && value >= 0), name, 'milliseconds, at least 0', value);
  }
  expect(
    MODES.some((known) => known === mode),
    'mode',
    oneOf(MODES),
    mode,
  );
  expect(resume === undefined || RESUMES.includes(resume), 'resume', oneOf(RESUMES), resume);
  expect(tags === undefined || (Array.isArray(tags) && tags.every(isText)), 'tags', 'texts', tags);
  expect(id === undefined || wandbIdProblem(id) === undefined, 'id', WANDB_ID, id);
  for (const [key, way] of Object.entries(best))
    expect(way === 'min' || way === 'max', `best["${key}"]`, '"min" or "max"', way);
  const hasProject = isText(options.project) || isText(env.WANDB_PROJECT);
  if (mode !== 'disabled' && !hasProject)
    problems.push('project: expected the name of a project, got none; pass one, or set WANDB_PROJECT');
  const baseUrl = env.WANDB_BASE_URL ?? DEFAULT_BASE_URL;
  expect(
    /^https?:\/\/[^/]+/.test(baseUrl),
    'WANDB_BASE_URL',
    'the address of a server, as in https://api.wandb.ai',
    baseUrl,
  );
  return problems;
}

/** @throws {TypeError} that lists every problem. */
export function wandbSettings(options: WandbLoggerOptions, env: Environment = process.env): WandbSettings {
  const problems = wandbProblems(options, env);
  if (problems.length > 0)
    throw new TypeError(`Cannot log to W&B: ${problems.length === 1 ? problems[0] : `\n  ${problems.join('\n  ')}`}`);
  const entity = options.entity ?? env.WANDB_ENTITY;
  return {
    ...options,
    ...(isText(entity) ? { entity } : {}),
    project: options.project ?? env.WANDB_PROJECT ?? '',
    mode: options.mode ?? (env.WANDB_MODE as WandbMode | undefined) ?? 'online',
    baseUrl: (env.WANDB_BASE_URL ?? DEFAULT_BASE_URL).replace(/\/+$/, ''),
  };
}

const DEFAULT_BASE_URL = 'https://api.wandb.ai';

/** The key for a server: WANDB_API_KEY, else the password that ~/.netrc (or NETRC) has for its host; undefined where there is none. */
export function findApiKey(baseUrl: string, env: Environment = process.env): string | undefined {
  if (isText(env.WANDB_API_KEY)) return env.WANDB_API_KEY;
  const { host, hostname } = new URL(baseUrl);
  let text: string;
  try {
    text = readFileSync(env.NETRC ?? join(env.HOME ?? homedir(), '.netrc'), 'utf8');
  } catch {
    return undefined; // no such file, or none that this user may read
  }
  return passwordOf(text, host) ?? passwordOf(text, hostname);
}

function passwordOf(netrc: string, machine: string): string | undefined {
  const words = netrc.replace(/^\s*#.*$/gm, '').split(/\s+/);
  const at = words.findIndex((word, index) => word === 'machine' && words[index + 1] === machine);
  if (at < 0) return undefined;
  for (let index = at + 2; index < words.length && !['machine', 'default'].includes(words[index]!); index += 2)
    if (words[index] === 'password') return words[index + 1];
  return undefined;
}

/** Where people look at a run. */
export function runUrl(baseUrl: string, entity: string, project: string, id: string): string {
  const app = baseUrl === DEFAULT_BASE_URL ? 'https://wandb.ai' : baseUrl;
  return `${app}/${[entity, project, 'runs', id].map(encodeURIComponent).join('/')}`;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isTextOrNothing = (value: unknown): boolean => value === undefined || isText(value);
const oneOf = (words: readonly string[]): string => `one of ${words.join(', ')}`;
