// What a cluster has, by `scontrol`, and whether a job fits into it.
import type { SlurmSettings } from '../../config/index.ts';
import { slurmCommand } from './commands.ts';

export interface Partition {
  readonly name: string;
  readonly isDefault: boolean;
  readonly isUp: boolean;
  /** Infinity where there is none. */
  readonly maxSeconds: number;
  readonly maxNodes: number;
}

export interface ClusterNode {
  readonly name: string;
  readonly cpus: number;
  readonly memoryMb: number;
  readonly gpus: number;
  readonly features: readonly string[];
  readonly partitions: readonly string[];
  /** Whether it takes jobs now or when it is asked to; not one that is down, failing, drained or being drained. */
  readonly isUp: boolean;
  /** SLURM's words, as DOWN+NOT_RESPONDING or IDLE+DRAIN. */
  readonly state: string;
  /** Why it is not up, where somebody or SLURM has said it. */
  readonly reason: string;
}

export interface Cluster {
  readonly partitions: readonly Partition[];
  readonly nodes: readonly ClusterNode[];
  /** Most tasks of an array. Infinity where that is not known. */
  readonly maxArraySize: number;
}

/** Asks SLURM. @throws {SlurmError} where it does not answer. */
export async function readCluster(): Promise<Cluster> {
  const [partitions, nodes, config] = await Promise.all(
    ['partition', 'node', 'config'].map((kind) => slurmCommand('scontrol', ['show', kind, '--oneliner'])),
  );
  return clusterOf(partitions!, nodes!, config!);
}

/** What `scontrol show partition --oneliner`, `scontrol show node --oneliner` and `scontrol show config` say. */
export function clusterOf(partitions: string, nodes: string, config: string): Cluster {
  return {
    maxArraySize: countOf(/^MaxArraySize\s*=\s*(\d+)/m.exec(config)?.[1]),
    partitions: recordsOf(partitions, 'PartitionName').map((fields) => ({
      name: fields.PartitionName!,
      isDefault: fields.Default === 'YES',
      isUp: fields.State === 'UP',
      maxSeconds: limitOf(fields.MaxTime),
      maxNodes: Math.min(countOf(fields.MaxNodes), countOf(fields.TotalNodes)),
    })),
    nodes: recordsOf(nodes, 'NodeName').map((fields) => ({
      ...{ state: fields.State ?? '', isUp: isUpIn(fields.State ?? '') },
      reason: /(?:^| )Reason=([^[\n]*)/.exec(fields.line!)?.[1]?.trim() ?? '',
      name: fields.NodeName!,
      cpus: countOf(fields.CPUTot),
      memoryMb: countOf(fields.RealMemory),
      gpus: gpusOf(fields.Gres ?? ''),
      features: listOf(fields.AvailableFeatures),
      partitions: listOf(fields.Partitions),
    })),
  };
}

/** Lines of `Key=value Key=value`; what has blanks in it is none that is read here. */
function recordsOf(output: string, first: string): Record<string, string>[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith(`${first}=`))
    .map((line) =>
      Object.fromEntries([
        ...Array.from(line.matchAll(/(?:^| )([\w/:]+)=(\S*)/g), ([, key, value]) => [key!, value!]),
        ['line', line],
      ]),
    );
}

/** Whether a machine in a state as `MIXED+DRAIN` takes jobs. One that is powered down is started for them; one that is full or reserved comes free;
 *  one that does not respond (`IDLE*`, `IDLE+NOT_RESPONDING`) is back, or DOWN, within minutes. */
function isUpIn(state: string): boolean {
  return !state.split('+').some((word) => AWAY.has(word.replace(/[^A-Z_]/g, '')));
}

const AWAY = new Set(['DOWN', 'DRAIN', 'DRAINED', 'DRAINING', 'ERROR', 'FAIL', 'FAILING', 'FUTURE', 'UNKNOWN']);

const limitOf = (text = ''): number => limitSeconds(text) ?? Number.POSITIVE_INFINITY;
const countOf = (text = ''): number => (/^\d+$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY);
const listOf = (text = '(null)'): string[] => (text === '(null)' || text === '' ? [] : text.split(','));

/** GPUs of `gpu:a40:4(S:0-1),gpu:2`. */
function gpusOf(gres: string): number {
  const counts = gres.matchAll(/(?:^|,)gpu(?::[^:,(]+)?:(\d+)(?=[(,]|$)/g);
  return Array.from(counts).reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Seconds of a limit as SLURM takes it: minutes, `minutes:seconds`, `hours:minutes:seconds`, `days-hours[:minutes[:seconds]]`; undefined for another text. */
export function limitSeconds(text: string): number | undefined {
  if (/^(UNLIMITED|INFINITE)$/i.test(text)) return Number.POSITIVE_INFINITY;
  const [, days, rest] = /^(?:(\d+)-)?(\d+(?::\d+){0,2})$/.exec(text) ?? [];
  if (rest === undefined) return undefined;
  const [a = 0, b = 0, c = 0] = rest.split(':').map(Number);
  if (days !== undefined) return ((Number(days) * 24 + a) * 60 + b) * 60 + c;
  const numParts = rest.split(':').length;
  return numParts === 3 ? (a * 60 + b) * 60 + c : a * 60 + b;
}

/** Megabytes of `64G`, `4000M`, `4000`; undefined for another text. */
export function megabytesOf(text: string): number | undefined {
  const [, number, unit = 'M'] = /^(\d+(?:\.\d+)?)([KMGT])?B?$/i.exec(text) ?? [];
  if (number === undefined) return undefined;
  return Number(number) * { K: 1 / 1024, M: 1, G: 1024, T: 1024 ** 2 }[unit.toUpperCase() as 'K' | 'M' | 'G' | 'T'];
}

/** Why a job would wait for ever, or be refused; one line each. */
export function resourceProblems(settings: SlurmSettings, { partitions, nodes }: Cluster): string[] {
  const {
    partition: wanted,
    nodes: numNodes,
    ntasksPerNode,
    cpusPerTask = 1,
    gpusPerNode,
    mem,
    time,
    constraint,
  } = settings;
  const partition = partitions.find(({ name, isDefault }) => (wanted === undefined ? isDefault : name === wanted));
  if (partition === undefined) {
    const names = partitions.map(({ name }) => name);
    const expected = `expected one of ${names.join(', ')}`;
    return [
      `partition: ${expected}${wanted === undefined ? ', since the cluster has no default, got none' : `, got "${wanted}"`}`,
    ];
  }
  const problems: string[] = [];
  const { name, isUp, maxSeconds, maxNodes } = partition;
  if (!isUp) problems.push(`partition: expected one that is up, got "${name}", which is not`);
  const seconds = time === undefined ? 0 : limitSeconds(time);
  if (seconds === undefined) problems.push(`time: expected a limit as "02:00:00" or "1-00:00:00", got "${time}"`);
  else if (time !== undefined && seconds <= settings.signalSec)
    problems.push(
      `signalSec: expected less than the time limit, ${seconds} s, or ranks would be stopped at their start, got ${settings.signalSec}`,
    );
  if (seconds !== undefined && seconds > maxSeconds && seconds < Number.POSITIVE_INFINITY)
    problems.push(`time: expected at most ${maxSeconds} s, the limit of partition "${name}", got ${time}`);
  const there = nodes.filter((node) => node.partitions.includes(name));
  const having = there.filter(({ features }) => constraint === undefined || meets(constraint, features));
  if (constraint !== undefined && having.length === 0) {
    const all = [...new Set(there.flatMap(({ features }) => features))].sort();
    problems.push(
      `constraint: expected features of machines in "${name}" (${all.join(', ') || 'none has any'}), got "${constraint}"`,
    );
  }
  const memoryMb = mem === undefined ? 0 : megabytesOf(mem);
  if (memoryMb === undefined) problems.push(`mem: expected a size as "64G", got "${mem}"`);
  const cpus = ntasksPerNode * cpusPerTask;
  const most = (value: (node: ClusterNode) => number): number => Math.max(0, ...having.map(value));
  const among = constraint === undefined ? `in "${name}"` : `in "${name}" with ${constraint}`;
  if (having.length > 0) {
    const [mostCpus, mostMemory, mostGpus] = [
      most((each) => each.cpus),
      most((each) => each.memoryMb),
      most((each) => each.gpus),
    ];
    if (cpus > mostCpus)
      problems.push(
        `cpusPerTask: expected at most ${mostCpus} cores on a machine ${among}, got ${ntasksPerNode} ranks of ${cpusPerTask}`,
      );
    if ((memoryMb ?? 0) > mostMemory)
      problems.push(`mem: expected at most ${mostMemory}M on a machine ${among}, got ${mem}`);
    if (gpusPerNode > mostGpus)
      problems.push(`gpusPerNode: expected at most ${mostGpus} on a machine ${among}, got ${gpusPerNode}`);
  }
  const fitting = having.filter(
    (each) => each.cpus >= cpus && each.memoryMb >= (memoryMb ?? 0) && each.gpus >= gpusPerNode,
  );
  const limit = Math.min(maxNodes, fitting.length);
  if (fitting.length > 0 && numNodes > limit)
    problems.push(`nodes: expected at most ${limit} of this kind ${among}, got ${numNodes}`);
  const away = fitting.filter((each) => !each.isUp);
  const numUp = fitting.length - away.length;
  if (problems.length === 0 && numNodes > numUp)
    problems.push(
      `nodes: expected at most ${numUp} of this kind ${among}, since ${describeAway(away)}, got ${numNodes}; wait until they are back, or leave the check out (--no-check), and the job waits for them`,
    );
  return problems;
}

/** As in `2 are not up: n1 DOWN (power), n2 IDLE+DRAIN`. */
function describeAway(away: readonly ClusterNode[]): string {
  const shown = away
    .slice(0, 5)
    .map(({ name, state, reason }) => `${name} ${state}${reason === '' ? '' : ` (${reason})`}`);
  const more = away.length > shown.length ? ` and ${away.length - shown.length} more` : '';
  return `${away.length} ${away.length === 1 ? 'is' : 'are'} not up: ${shown.join(', ')}${more}`;
}

/** Whether features meet `a40|a100`, `fast&ib`, `[rack1|rack2]`; counts as `rack1*2` are not looked at. */
function meets(constraint: string, features: readonly string[]): boolean {
  return constraint
    .replaceAll(/[[\]()]|\*\d+/g, '')
    .split('|')
    .some((all) => all.split(/[&,]/).every((feature) => features.includes(feature.trim())));
}
