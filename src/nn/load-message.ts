// What a state that does not fit is told: names in groups where there are hundreds, and the prefix that would make them fit.

/** What does not fit, by kind. */
export interface LoadProblems {
  readonly missing: string[];
  readonly unexpected: string[];
  /** Lines, each with a name and what is wrong with it. */
  readonly mismatched: string[];
}

/** Up to so many names are listed one by one. */
const MAX_NAMES = 10;
/** Groups or lines beyond are counted. */
const MAX_LINES = 20;

/** Numbers as ranges: 0-11, 3, 5-7. */
function ranges(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const number of sorted) {
    const run = runs.at(-1);
    if (run && run[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(', ');
}

const isNumber = (part: string): boolean => /^\d+$/.test(part);

/** Names of one group differ in the last part, and in one number. */
function groupNames(names: readonly string[]): string[] {
  const leaves = new Map<string, string[]>();
  for (const name of names) {
    const cut = name.lastIndexOf('.') + 1;
    const parent = name.slice(0, cut);
    leaves.set(parent, [...(leaves.get(parent) ?? []), name.slice(cut)]);
  }
  const groups = new Map<
    string,
    { before: string; after: string; numbers: number[]; leaves: string[]; count: number }
  >();
  for (const [parent, own] of leaves) {
    const parts = parent.split('.');
    const place = parts.findIndex(isNumber);
    const before =
      place < 0
        ? parent
        : parts
            .slice(0, place)
            .map((part) => `${part}.`)
            .join('');
    const after = place < 0 ? '' : `.${parts.slice(place + 1).join('.')}`;
    const key = JSON.stringify([before, place < 0, after, own]);
    const group = groups.get(key) ?? { before, after, numbers: [], leaves: own, count: 0 };
    groups.set(key, group);
    if (place >= 0) group.numbers.push(Number(parts[place]));
    group.count += own.length;
  }
  return Array.from(groups.values(), ({ before, after, numbers, leaves: own, count }) => {
    const middle = numbers.length === 0 ? '' : numbers.length === 1 ? String(numbers[0]) : `{${ranges(numbers)}}`;
    const last = own.length === 1 ? own[0]! : `{${own.join(', ')}}`;
    return `${before}${middle}${after}${last}${count === 1 ? '' : ` (${count})`}`;
  });
}

function cut(lines: readonly string[], what: string): string[] {
  if (lines.length <= MAX_LINES) return [...lines];
  return [...lines.slice(0, MAX_LINES), `… and ${lines.length - MAX_LINES} more ${what}`];
}

/** Names under a heading: in one line if they are few, in groups if they are many. */
export function listNames(heading: string, names: readonly string[]): string {
  if (names.length <= MAX_NAMES) return `${heading}: ${names.join(', ')}`;
  return `${heading}, ${names.length} names:\n    ${cut(groupNames(names), 'groups').join('\n    ')}`;
}

/** The prefix that most of `longer` have before a name of `shorter`, if it is more than half of them. */
function commonPrefix(longer: readonly string[], shorter: readonly string[]): string | undefined {
  const wanted = new Set(shorter);
  const counts = new Map<string, number>();
  for (const name of longer) {
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      if (!wanted.has(name.slice(dot + 1))) continue;
      const prefix = name.slice(0, dot + 1);
      counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
    }
  }
  const [best] = [...counts].sort(([, a], [, b]) => b - a);
  return best && best[1] * 2 > shorter.length ? best[0] : undefined;
}

/** How to make the names fit, where a prefix is all that stands between them. */
function remedy(missing: readonly string[], unexpected: readonly string[]): string | undefined {
  const extra = commonPrefix(unexpected, missing);
  if (extra !== undefined) return `the state's names begin with "${extra}": load nn.stripPrefix(state, '${extra}')`;
  const lacking = commonPrefix(missing, unexpected);
  if (lacking !== undefined) return `the state's names lack "${lacking}": load nn.addPrefix(state, '${lacking}')`;
  return undefined;
}

/** The error's message. @param given - the names in the state. */
export function loadMessage(kind: string, problems: LoadProblems, strict: boolean, given: readonly string[]): string {
  const { missing, unexpected, mismatched } = problems;
  const lines = cut(mismatched, 'that do not fit');
  const way = strict ? remedy(missing, unexpected) : undefined;
  if (strict && unexpected.length > 0) lines.unshift(listNames('unexpected', unexpected));
  if (strict && missing.length > 0)
    lines.unshift(
      given.length === 0 ? `missing: all ${missing.length} names; the state is empty` : listNames('missing', missing),
    );
  if (way !== undefined) lines.push(way);
  return `Cannot load a state into ${kind}: expected the module's own names and shapes, got\n  ${lines.join('\n  ')}`;
}

function rename<T>(
  state: Readonly<Record<string, T>>,
  action: string,
  newName: (name: string) => string,
): Record<string, T> {
  const renamed: Record<string, T> = {};
  for (const [name, value] of Object.entries(state)) {
    const to = newName(name);
    if (Object.hasOwn(renamed, to))
      throw new RangeError(`Cannot ${action}: expected different names afterwards, got "${to}" twice`);
    renamed[to] = value;
  }
  return renamed;
}

/** A state whose names lack `prefix`, for loading what was saved inside a wrapper ('module.' of data parallelism, '_orig_mod.' of compilation, 'model.'
 *  of a trainer). Names without it stay as they are.
 *  @param prefix - dot included.  @throws {RangeError} if no name begins with it, or if two names become one.
 *  Source: torch.nn.modules.utils.consume_prefix_in_state_dict_if_present, which changes its argument.
 *  @example
 *  Object.keys(nn.stripPrefix({ 'module.weight': ones([1]) }, 'module.')); // ['weight'] */
export function stripPrefix<T>(state: Readonly<Record<string, T>>, prefix: string): Record<string, T> {
  const action = `strip "${prefix}" from the names of a state`;
  const names = Object.keys(state);
  if (prefix === '' || !names.some((name) => name.startsWith(prefix)))
    throw new RangeError(
      `Cannot ${action}: expected names that begin with it, got ${names.length === 0 ? 'none' : `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`}`,
    );
  return rename(state, action, (name) => (name.startsWith(prefix) ? name.slice(prefix.length) : name));
}

/** A state all of whose names begin with `prefix`.
 *  @example
 *  Object.keys(nn.addPrefix({ weight: ones([1]) }, 'head.')); // ['head.weight'] */
export function addPrefix<T>(state: Readonly<Record<string, T>>, prefix: string): Record<string, T> {
  return rename(state, `add "${prefix}" to the names of a state`, (name) => prefix + name);
}
