// Which private members (#name) the instances of a class have: an object that no constructor made lacks them, and its methods would fail.

const reasons = new WeakMap<object, string | undefined>();

/** Strings are matched so that what looks like a comment in one is none. */
const STRING_OR_COMMENT =
  /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

/** A private member is declared without a dot before it, and is read as `.#name` or `#name in`; text in a string rarely does both. */
const DECLARED = /(?<![\w$.#'"`])(static\s+(?:async\s+|get\s+|set\s+)*\*?\s*)?#([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu;

/** Helpers of compilers that write private members as WeakMaps. */
const LOWERED = /\b__private(?:Add|Method)\b|\b__classPrivateField(?:Get|Set)\b/;

function privateNames(source: string): string[] {
  const names = new Set<string>();
  for (const [, isStatic, name] of source.matchAll(DECLARED)) {
    if (isStatic !== undefined) continue;
    const escaped = name!.replaceAll('$', '\\$');
    const isRead = new RegExp(`\\.\\s*#${escaped}(?![\\p{ID_Continue}$])|#${escaped}\\s+in\\b`, 'u');
    if (isRead.test(source)) names.add(`#${name}`);
  }
  return [...names];
}

function reasonOf(prototype: object): string | undefined {
  const owner: unknown = prototype.constructor;
  if (typeof owner !== 'function') return 'an object of the engine';
  const source = Function.prototype.toString.call(owner).replaceAll(STRING_OR_COMMENT, '$1');
  if (/\{\s*\[native code\]\s*\}\s*$/.test(source)) return `a ${owner.name}`;
  const names = privateNames(source);
  if (names.length > 0) return `private ${names.join(', ')} of class ${owner.name}`;
  return LOWERED.test(source) ? `private members of class ${owner.name}` : undefined;
}

/** Why an object with this prototype cannot be made from its properties alone, or undefined where it can: private members, or a built-in class with
 *  state of the engine's. Reads the source of each class, once.
 *  @param last - the prototype at which looking ends. */
export function hiddenStateOf(prototype: object, last: object): string | undefined {
  for (let at: object | null = prototype; at !== null && at !== last; at = Object.getPrototypeOf(at) as object | null) {
    if (!reasons.has(at)) reasons.set(at, at === Object.prototype ? undefined : reasonOf(at));
    const reason = reasons.get(at);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** Why a function cannot serve two objects, or undefined where it can: one that is bound, or an arrow function that speaks of `this`. */
export function tiedTo(fn: (...args: never[]) => unknown): string | undefined {
  if (Object.hasOwn(fn, 'prototype')) return undefined;
  if (fn.name.startsWith('bound ')) return 'a bound function';
  const text = Function.prototype.toString.call(fn);
  const source = text.replaceAll(STRING_OR_COMMENT, (_, string?: string) => (string?.startsWith('`') ? string : ''));
  const isArrow = /^(?:async\b\s*)?(?:\(|[\p{ID_Start}$_][\p{ID_Continue}$]*\s*=>)/u.test(source);
  return isArrow && /\b(?:this|super)\b/.test(source) ? 'an arrow function that refers to `this`' : undefined;
}
