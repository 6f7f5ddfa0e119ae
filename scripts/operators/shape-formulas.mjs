// The shapes of convolutions and pools, as `[text, function]`: see `shapes.mjs`.

const LETTERS = { 1: ['L'], 2: ['H', 'W'], 3: ['D', 'H', 'W'] };
const list = (value, n) => (Array.isArray(value) ? value : Array.from({ length: n }, () => value));

/** The number of places of a window. */
function places(size, kernel, { stride, padding, dilation }, round = Math.floor) {
  return round((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
}

/** The settings of each dimension. */
function settings(n, options, defaults) {
  const given = { stride: 1, padding: 0, dilation: 1, outputPadding: 0, ...defaults, ...options };
  return Array.from({ length: n }, (_, i) =>
    Object.fromEntries(
      ['stride', 'padding', 'dilation', 'outputPadding'].map((name) => [name, list(given[name], n)[i]]),
    ),
  );
}

export function convolved(n) {
  const sizes = LETTERS[n].join(', ');
  return [
    `[N, In, ${sizes}], weight [Out, In / groups, ...kernel] -> [N, Out, …]: each size L becomes floor((L + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1.`,
    (x, weight, options) => {
      const each = settings(n, options, {});
      return [x[0], weight[0], ...each.map((setting, i) => places(x[2 + i], weight[2 + i], setting))];
    },
  ];
}

export function transposeConvolved(n) {
  const sizes = LETTERS[n].join(', ');
  return [
    `[N, In, ${sizes}], weight [In, Out / groups, ...kernel] -> [N, Out, …]: each size L becomes (L - 1) * stride - 2 * padding + dilation * (kernel - 1) + outputPadding + 1.`,
    (x, weight, options = {}) => {
      const each = settings(n, options, {});
      const size = (L, kernel, { stride, padding, dilation, outputPadding }) =>
        (L - 1) * stride - 2 * padding + dilation * (kernel - 1) + outputPadding + 1;
      const lengths = each.map((setting, i) => size(x[2 + i], weight[2 + i], setting));
      return [x[0], weight[1] * (options.groups ?? 1), ...lengths];
    },
  ];
}

export function pooled(n) {
  const sizes = LETTERS[n].join(', ');
  return [
    `[*, ${sizes}] -> [*, …]: each size L becomes floor((L + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1; \`ceilMode\` rounds up, if the last window begins inside.`,
    (x, kernelSize, options = {}) => {
      const each = settings(n, options, { stride: kernelSize });
      const lengths = each.map((setting, i) => {
        const length = x[x.length - n + i];
        if (!options.ceilMode) return places(length, list(kernelSize, n)[i], setting);
        const count = places(length, list(kernelSize, n)[i], setting, Math.ceil);
        return (count - 1) * setting.stride >= length + setting.padding ? count - 1 : count;
      });
      return [...x.slice(0, -n), ...lengths];
    },
  ];
}
