// Reads YAML 1.2 into nodes with their places. Nothing is run: a tag other than YAML's own is a problem.

import type { Alias, Document, Node, Pair, ParsedNode, Scalar, YAMLError, YAMLMap, YAMLSeq } from 'yaml';
import type { ConfigNode, ListNode, MapEntry, MapNode, ScalarNode } from './node.ts';
import { LineTable, type Place, type PlacedProblem } from './place.ts';
import { Bounds, BoundsError, type TextReading } from './reading.ts';

/** What the parser says of a text, by its code, in our words. */
const MISTAKES: Readonly<Record<string, string>> = {
  ALIAS_PROPS: 'expected an alias alone, got one with an anchor or a tag',
  BAD_INDENT: 'expected lines that belong together to begin in one column, got another',
  BAD_ALIAS: 'expected an alias of a name, got none',
  MISSING_CHAR: 'expected a closing mark or a comma, got none',
  MULTIPLE_DOCS: 'expected one document, got more; write another file and name it under extends',
  TAB_AS_INDENT: 'expected spaces in front, got a tab',
};

/** @param source - the file as messages name it. */
export async function readYaml(text: string, source: string): Promise<TextReading> {
  const yaml = await import('yaml');
  const lines = new LineTable(source, text);
  try {
    const document = yaml.parseDocument(text, {
      prettyErrors: false,
      version: '1.2',
      logLevel: 'error',
      uniqueKeys: false,
    });
    const mistakes = [...document.errors, ...document.warnings];
    const problems = mistakes.map((error) => describeMistake(error, text, lines));
    if (mistakes.some(({ code }) => !READABLE.includes(code))) return { node: undefined, problems };
    const reader = new YamlReader(yaml, document, lines);
    return { node: reader.read(), problems: [...problems, ...reader.problems] };
  } catch (error) {
    if (error instanceof BoundsError)
      return { node: undefined, problems: [{ place: error.place, text: error.message }] };
    // The parser calls itself for each level.
    if (error instanceof RangeError)
      return {
        node: undefined,
        problems: [{ place: lines.at(0), text: 'expected fewer levels, got too many to read' }],
      };
    throw error;
  }
}

/** Mistakes beside which the rest can be read. */
const READABLE: readonly string[] = ['TAG_RESOLVE_FAILED'];

function describeMistake({ code, pos, message }: YAMLError, text: string, lines: LineTable): PlacedProblem {
  const first = message.split('\n')[0]!;
  const [word = ''] = /^[^\s:,\]}]*/.exec(text.slice(pos[0], pos[0] + 40)) ?? [];
  if (code === 'TAG_RESOLVE_FAILED') return { place: lines.at(pos[0]), text: `expected no tag, got ${word}` };
  if (/^Flow (?:map|sequence)/.test(first)) {
    const [, mark] = /end with a (.)/.exec(first) ?? [];
    return {
      place: lines.at(pos[0]),
      text: `expected ${mark ?? 'a closing mark'} that ends what began above, got another line`,
    };
  }
  return { place: lines.at(pos[0]), text: MISTAKES[code] ?? `expected YAML, got a mistake: ${first}` };
}

class YamlReader {
  readonly problems: PlacedProblem[] = [];
  readonly #yaml: typeof import('yaml');
  readonly #document: Document.Parsed;
  readonly #lines: LineTable;
  readonly #bounds = new Bounds();
  /** Nodes by the anchors that were met so far, and what aliases mean: `Alias.resolve` looks through the whole document. */
  readonly #anchors = new Map<string, Node>();
  readonly #targets = new Map<Alias, Node>();
  /** Aliases that are being followed. */
  #numFollowed = 0;
  /** Nodes that are being read. */
  readonly #open = new Set<Node>();

  constructor(yaml: typeof import('yaml'), document: Document.Parsed, lines: LineTable) {
    this.#yaml = yaml;
    this.#document = document;
    this.#lines = lines;
  }

  read(): ConfigNode {
    const { contents } = this.#document;
    if (contents === null) return { kind: 'map', place: this.#lines.at(0), entries: new Map() };
    return this.#node(contents, 0);
  }

  #node(node: ParsedNode | Node | null, depth: number, fallback?: Place): ConfigNode {
    const place = node?.range ? this.#lines.at(node.range[0]) : (fallback ?? this.#lines.at(0));
    this.#bounds.enter(depth, place);
    const { isAlias, isMap, isSeq, isScalar } = this.#yaml;
    // Not again where an alias is followed: the name may have been given anew since.
    if (node && 'anchor' in node && node.anchor !== undefined && this.#numFollowed === 0)
      this.#anchors.set(node.anchor, node);
    if (isAlias(node)) return this.#alias(node, depth, place);
    if (isMap(node)) return this.#map(node, depth, place);
    if (isSeq(node)) return this.#list(node, depth, place);
    return isScalar(node) ? this.#scalar(node, place) : { kind: 'scalar', place, value: null };
  }

  #alias(alias: Alias, depth: number, place: Place): ConfigNode {
    const target = this.#targets.get(alias) ?? this.#anchors.get(alias.source);
    if (target) this.#targets.set(alias, target);
    if (target === undefined || this.#open.has(target)) {
      const got = target === undefined ? 'one without it' : 'one inside its own anchor';
      this.problems.push({ place, text: `expected an alias of an anchor above it, got ${got}` });
      return { kind: 'scalar', place, value: null };
    }
    this.#open.add(target);
    this.#numFollowed += 1;
    const node = this.#node(target, depth);
    this.#numFollowed -= 1;
    this.#open.delete(target);
    return node;
  }

  #list(list: YAMLSeq, depth: number, place: Place): ListNode {
    return { kind: 'list', place, items: list.items.map((item) => this.#node(item as Node, depth + 1, place)) };
  }

  #map(map: YAMLMap, depth: number, place: Place): MapNode {
    const own = new Map<string, MapEntry>();
    const merged = new Map<string, MapEntry>();
    if (map.anchor !== undefined) this.#open.add(map);
    for (const pair of map.items as Pair<Node | null, Node | null>[]) {
      const at = pair.key?.range ? this.#lines.at(pair.key.range[0]) : place;
      if (this.#isMerge(pair.key)) {
        for (const [key, entry] of this.#merged(pair.value, depth, at)) if (!merged.has(key)) merged.set(key, entry);
        continue;
      }
      const key = this.#key(pair.key, at);
      if (key === undefined) continue;
      if (own.has(key)) this.problems.push({ place: at, text: `${key}: expected a key once, got it twice` });
      own.set(key, { place: at, node: this.#node(pair.value, depth + 1, at) });
    }
    this.#open.delete(map);
    for (const [key, entry] of merged) if (!own.has(key)) own.set(key, entry);
    return { kind: 'map', place, entries: own };
  }

  #isMerge(key: Node | null): boolean {
    return this.#yaml.isScalar(key) && key.source === '<<' && key.type === 'PLAIN';
  }

  /** Entries of `<<: *base` and of `<<: [*a, *b]`, where the first wins. */
  *#merged(value: Node | null, depth: number, place: Place): Generator<[string, MapEntry]> {
    const node = this.#node(value, depth + 1, place);
    for (const each of node.kind === 'list' ? node.items : [node]) {
      if (each.kind === 'map') yield* each.entries;
      else
        this.problems.push({ place, text: '<<: expected an alias of an object, or a list of them, got another value' });
    }
  }

  #key(key: Node | null, place: Place): string | undefined {
    const target = this.#yaml.isAlias(key) ? this.#anchors.get(key.source) : key;
    if (this.#yaml.isScalar(target) && target.value !== null && typeof target.value !== 'object') {
      return target.type === 'PLAIN' && typeof target.source === 'string' ? target.source : String(target.value);
    }
    this.problems.push({ place, text: 'expected a text as key, got another value' });
    return undefined;
  }

  #scalar({ value, source, type }: Scalar, place: Place): ScalarNode {
    if (typeof value === 'number') {
      // Digits that a number does not keep: 12345678901234567890, or 1e999.
      const isLost = /^[-+]?\d+$/.test(source ?? '')
        ? !Number.isSafeInteger(value)
        : value === Infinity && type === 'PLAIN';
      if (isLost && !/inf/i.test(source ?? ''))
        this.problems.push({
          place,
          text: `expected a number that is kept exactly, got ${source}; put it between quotation marks`,
        });
    }
    const isPlain = value === null || ['string', 'number', 'boolean'].includes(typeof value);
    if (!isPlain)
      this.problems.push({ place, text: 'expected a text, a number, true, false or null, got another value' });
    return { kind: 'scalar', place, value: isPlain ? (value as ScalarNode['value']) : null };
  }
}
