// Nests of tensors that go into a step and come out of it, taken apart and put together again.

import { collectTensors } from '../scope.ts';
import { Tensor } from '../tensor.ts';

/** The form of a nest: where it has tensors, and what it has beside them. */
export type Form =
  | { readonly kind: 'tensor' }
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'list'; readonly forms: readonly Form[] }
  | { readonly kind: 'entries'; readonly keys: readonly string[]; readonly forms: readonly Form[] };

const TENSOR: Form = { kind: 'tensor' };

function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.getOwnPropertySymbols(value).length === 0;
}

/** The form of a nest of arrays and plain objects; its tensors are added to `found`, in order.
 *  @param around - what it is in.
 *  @returns undefined where tensors are in something else: a map, an object of a class, or a nest that holds itself. */
export function formOf(nest: unknown, found: Tensor[], around: readonly object[] = []): Form | undefined {
  if (nest instanceof Tensor) {
    found.push(nest);
    return TENSOR;
  }
  if (typeof nest !== 'object' || nest === null) return { kind: 'value', value: nest };
  const isList = Array.isArray(nest) && nest.constructor === Array;
  if ((!isList && !isPlain(nest)) || around.includes(nest))
    return collectTensors(nest).length === 0 ? { kind: 'value', value: nest } : undefined;
  const inside = [...around, nest];
  const keys = isList ? [] : Object.keys(nest);
  const values: readonly unknown[] = isList ? nest : Object.values(nest);
  const forms: Form[] = [];
  for (const value of values) {
    const form = formOf(value, found, inside);
    if (!form) return undefined;
    forms.push(form);
  }
  return isList ? { kind: 'list', forms } : { kind: 'entries', keys, forms };
}

/** Whether a nest has this form; its tensors are added to `found`, in order. What stands beside tensors must be the same value. */
export function hasForm(nest: unknown, form: Form, found: Tensor[]): boolean {
  if (form.kind === 'tensor') {
    if (!(nest instanceof Tensor)) return false;
    found.push(nest);
    return true;
  }
  if (form.kind === 'value') return Object.is(nest, form.value);
  if (typeof nest !== 'object' || nest === null) return false;
  const { forms } = form;
  if (form.kind === 'list') {
    if (!Array.isArray(nest) || nest.length !== forms.length) return false;
    for (let i = 0; i < forms.length; i++) if (!hasForm(nest[i], forms[i]!, found)) return false;
    return true;
  }
  if (Array.isArray(nest) || !isPlain(nest)) return false;
  const keys = Object.keys(nest);
  if (keys.length !== forms.length) return false;
  for (let i = 0; i < forms.length; i++) {
    if (keys[i] !== form.keys[i] || !hasForm(nest[keys[i]!], forms[i]!, found)) return false;
  }
  return true;
}

/** Whether two forms are the same. */
export function isSameForm(a: Form, b: Form): boolean {
  if (a.kind === 'tensor') return b.kind === 'tensor';
  if (a.kind === 'value') return b.kind === 'value' && Object.is(a.value, b.value);
  if (a.kind !== b.kind || a.forms.length !== b.forms.length) return false;
  if (a.kind === 'entries' && b.kind === 'entries' && a.keys.some((key, i) => key !== b.keys[i])) return false;
  return a.forms.every((form, i) => isSameForm(form, b.forms[i]!));
}

/** A nest of this form around tensors, given in order by `next`. */
export function nestOf(form: Form, next: () => Tensor): unknown {
  switch (form.kind) {
    case 'tensor':
      return next();
    case 'value':
      return form.value;
    case 'list':
      return form.forms.map((each) => nestOf(each, next));
    case 'entries':
      return Object.fromEntries(form.keys.map((key, i) => [key, nestOf(form.forms[i]!, next)]));
  }
}
