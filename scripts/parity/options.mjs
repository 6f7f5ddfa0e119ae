// Parameters of PyTorch that are not options here, and why. What is neither here nor taken is told in the table as lacking.

/** Wherever they stand: told once, at the head of the page. */
export const EVERYWHERE = {
  size_average: 'deprecated by PyTorch: `reduction`',
  reduce: 'deprecated by PyTorch: `reduction`',
  foreach: 'lists of tensors are updated together by themselves, where libtorch can',
  fused: 'the fused kernel is taken by itself, where it fits',
  capturable: 'whole steps are not captured as CUDA graphs',
  differentiable: 'a step of an optimizer is not differentiated',
  inplace: 'of a function: the one whose name ends in `_`, as in PyTorch',
  out: 'results are always new tensors',
};

const INDICES = { return_indices: 'the indices are always given, as by `…_with_indices`' };
const NO_INDICES = { return_indices: 'the function `…WithIndices`' };
const ALWAYS = { return_indices: '`…_with_indices` gives them in any case' };
const NESTED = 'nested tensors are not supported: all positions are computed';

const FUSION = Object.fromEntries(
  ['conv_b', 'bn_rm', 'bn_rv', 'bn_eps', 'bn_w', 'bn_b', 'linear_b'].map((name) => [name, 'part of an object']),
);

/** By path below `torch`. */
export const ALONE = {
  'nn.Hardtanh': { min_value: 'deprecated by PyTorch: `minVal`', max_value: 'deprecated by PyTorch: `maxVal`' },
  'nn.LinearCrossEntropyLoss': { options: 'chunks that save memory: run it inside `checkpoint`' },
  'nn.functional.linear_cross_entropy': { options: 'chunks that save memory: run it inside `checkpoint`' },
  'nn.TransformerEncoder': { enable_nested_tensor: NESTED, mask_check: NESTED },
  'nn.utils.stateless.functional_call': { kwargs: 'options are the last of the arguments' },
  'nn.utils.fuse_conv_bn_weights': FUSION,
  'nn.utils.fuse_linear_bn_weights': FUSION,
  'nn.functional.gumbel_softmax': { eps: 'deprecated by PyTorch, without an effect' },
  'nn.functional.multi_head_attention_forward': {
    embed_dim_to_check: 'the width is that of the query',
    use_separate_proj_weight: 'said by which weights are given',
  },
  ...Object.fromEntries([1, 2, 3].map((dims) => [`nn.functional.adaptive_max_pool${dims}d`, INDICES])),
  ...Object.fromEntries([2, 3].map((dims) => [`nn.functional.fractional_max_pool${dims}d`, INDICES])),
  ...Object.fromEntries([1, 2, 3].map((dims) => [`nn.functional.max_pool${dims}d`, NO_INDICES])),
  ...Object.fromEntries([1, 2, 3].map((dims) => [`nn.functional.max_pool${dims}d_with_indices`, ALWAYS])),
};
