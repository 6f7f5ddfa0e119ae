// What is generated and what is not, with the reason of each exception. A name is PyTorch's; reasons are printed by `generate-operators.mjs --report`.

/** Methods that class Tensor writes by hand, or that have no place in TypeScript. */
const METHODS = {
  backward: 'Tensor writes it: autograd is not an operator',
  requires_grad_: 'Tensor writes it: autograd is not an operator',
  size: 'Tensor writes it: one native read instead of a call',
  stride: 'Tensor writes it: one native read instead of a call',
  dim: 'Tensor has `ndim`',
  numel: 'Tensor writes it: one native read instead of a call',
  item: 'Tensor writes it: numbers, bigints and booleans are told apart there',
  to: 'Tensor writes it: dtype, device and options in one argument',
  cpu: 'Tensor.to',
  cuda: 'Tensor.to',
  type: 'Tensor.to',
  set_: 'shares the memory of another tensor; Tensor.setData is the way to do it',
};

/** Functions that make a tensor from nothing: create.ts writes them, since there numbers decide the dtype. They are in `aten` for it. */
const CREATION = [
  'arange',
  'empty',
  'empty_permuted',
  'empty_quantized',
  'empty_strided',
  'eye',
  'from_file',
  'full',
  'linspace',
  'logspace',
  'ones',
  'rand',
  'randint',
  'randn',
  'randperm',
  'range',
  'scalar_tensor',
  'sparse_bsc_tensor',
  'sparse_bsr_tensor',
  'sparse_compressed_tensor',
  'sparse_coo_tensor',
  'sparse_csc_tensor',
  'sparse_csr_tensor',
  'tril_indices',
  'triu_indices',
  'zeros',
]; // prettier-ignore

/** Functions that are written by hand, or that have no place in TypeScript. */
const FUNCTIONS = {
  ...Object.fromEntries(CREATION.map((name) => [name, 'create.ts writes it'])),
  promote_types: 'gives a dtype: dtype rules are not operators',
  result_type: 'gives a dtype: dtype rules are not operators',
  qscheme: 'its result has no TypeScript type',
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
export const RAW_FUNCTIONS = [...CREATION, 'normal', 'promote_types', 'result_type'];

const VENDORS = /^(cudnn|miopen|mkldnn|fbgemm)_/;

/** Why a name of a surface is not generated; undefined if it is. */
export function whyExcluded(surface, name, overloads) {
  const byHand = BY_HAND[surface]?.[name];
  if (byHand) return byHand;
  if (overloads.length === 0) return 'not an operator: Python code over storages, callbacks or global state';
  if (/_backward(_|$)/.test(name)) return 'a part of a backward pass';
  if (VENDORS.test(name)) return 'the kernel of one vendor, which public operators choose themselves';
  return undefined;
}

/** Why one overload of a name is left out; undefined if it stays. */
export function whyDropped(surface, name, key) {
  return DROPPED_OVERLOADS[`${surface} ${name}`]?.[key];
}
