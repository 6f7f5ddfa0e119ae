// What is generated and what is not, with the reason of each exception. A name is PyTorch's; reasons are printed by `generate-operators.mjs --report`.

const NATIVE_READ = 'Tensor writes it: one read of the handle table instead of a call';
const CONVERSION = 'Tensor.to does it';
const INDEXING = 'Tensor writes it: takes what Python takes between brackets, as `index` does';
const CASTS = 'bfloat16 bool byte char cpu cuda double float half int long short type xpu'.split(' ');

/** Methods that class Tensor writes by hand, or that have no place in TypeScript. */
const METHODS = {
  ...Object.fromEntries(CASTS.map((name) => [name, CONVERSION])),
  to: 'Tensor writes it: dtype, device and options in one argument',
  size: NATIVE_READ,
  stride: NATIVE_READ,
  numel: NATIVE_READ,
  nelement: 'another name of numel',
  dim: 'another name of ndim, which Tensor writes',
  ndimension: 'another name of ndim, which Tensor writes',
  norm: 'norm.ts writes it: p may be a name, as in Python',
  item: 'Tensor writes it: numbers, bigints and booleans are told apart there',
  index_put: INDEXING,
  index_put_: INDEXING,
  requires_grad_: 'Tensor writes it: autograd is not an operator',
  set_: 'shares the memory of another tensor; Tensor.setData is the way to do it',
};

/** Functions that make a tensor from nothing: create.ts writes them over the raw calls, since there numbers decide the dtype. */
const CREATION =
  'arange empty eye from_file full linspace ones rand randint randn randperm range scalar_tensor zeros'.split(' ');

/** Functions that are written by hand, or that have no place in TypeScript. */
const FUNCTIONS = {
  ...Object.fromEntries(CREATION.map((name) => [name, 'makes a tensor from nothing: for create.ts, over a raw call'])),
  index_put: INDEXING,
  index_put_: INDEXING,
  promote_types: 'gives a dtype: dtype rules are not operators',
  result_type: 'gives a dtype: dtype rules are not operators',
  norm: 'norm.ts writes it: p may be a name, as in Python',
  tensordot: 'composed.ts writes it: a number of dimensions or pairs of them, as in Python',
  is_vulkan_available: 'asks about a device that Sconce does not have',
  sym_constrain_range: 'for tracing in Python only',
  sym_constrain_range_for_size: 'for tracing in Python only',
};

/** By surface: name -> why it is not generated. */
const BY_HAND = { method: METHODS, function: FUNCTIONS };

/** Overloads that are left out of a name: the rest reads better, and nothing is lost. */
const DROPPED_OVERLOADS = {
  'function where': { where: 'is nonzero() in a tuple; without it, `where(condition, input, other)` is positional' },
  'function repeat_interleave': {
    'repeat_interleave.Tensor': 'takes `repeats` alone; without it, `input` and `repeats` are positional',
  },
};

/** Operators that create.ts, tensor.ts and others call beside those that the facts call internal. */
export const RAW_FUNCTIONS = [...CREATION, 'index_put_', 'norm', 'normal', 'promote_types', 'result_type', 'tensordot'];

const VENDORS = /^(cudnn|miopen|mkldnn|fbgemm)_/;

/** Why a name of a surface is not generated; undefined if it is. */
export function whyExcluded(surface, name, overloads) {
  const byHand = BY_HAND[surface]?.[name];
  if (byHand) return byHand;
  if (overloads.length === 0) return 'no operator of libtorch: Python code over storages, callbacks or global state';
  if (/_backward(_|$)/.test(name)) return 'a part of a backward pass';
  if (VENDORS.test(name)) return 'the kernel of one vendor, which public operators choose themselves';
  return undefined;
}

/** Why one overload of a name is left out; undefined if it stays. */
export function whyDropped(surface, name, key) {
  return DROPPED_OVERLOADS[`${surface} ${name}`]?.[key];
}
