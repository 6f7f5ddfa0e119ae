// Shapes written as `[*, N, K], weight [M, K] -> [*, N, M], where …`: read into what a test needs to make the inputs and to know the results.

const FUNCTIONS = ['min', 'floor'];

/** @returns `inputs` (a list of sizes each, as text), `letters`, and `of`, which gives the shape or shapes of the results from those of the inputs. A last
 *  result `…` stands for more of which nothing is said. */
export function readSignature(signature) {
  const [given, result] = signature.split(' -> ');
  const [shapes, where] = result.split(', where ');
  const inputs = readShapes(given);
  const results = readShapes(shapes);
  const definition = where && /^(\w+) = (.*)$/.exec(where);
  const of = (...args) => {
    const sizes = bind(inputs, args);
    if (definition) sizes[definition[1]] = evaluate(definition[2], sizes);
    const all = results.map((shape) => build(shape, sizes));
    return all.length === 1 && !shapes.endsWith('…') ? all[0] : all;
  };
  return { inputs, letters: [...new Set(given.match(/\b[A-Z][a-z]*\b(?=[^[]*\])/g))], of };
}

function readShapes(text) {
  return [...text.matchAll(/\[(.*?)\]/g)].map(([, sizes]) => (sizes === '' ? [] : sizes.split(', ')));
}

/** A shape from its sizes' texts and the letters' values. */
export function build(shape, sizes) {
  return shape.flatMap((size) => (size === '*' ? sizes['*'] : [evaluate(size, sizes)]));
}

/** The value of an expression of letters, as `floor(N / 2) + 1`. */
function evaluate(text, sizes) {
  const names = Object.keys(sizes).filter((name) => name !== '*');
  const compute = new Function(...names, ...FUNCTIONS, `return ${text};`);
  return compute(...names.map((name) => sizes[name]), ...FUNCTIONS.map((name) => Math[name]));
}

/** The values of the letters and of `*` in the shapes that a call was given. */
function bind(inputs, args) {
  const sizes = {};
  inputs.forEach((shape, i) => {
    const rank = args[i].length;
    const star = shape.indexOf('*');
    if (star >= 0) sizes['*'] = args[i].slice(0, rank - shape.length + 1);
    shape.forEach((size, j) => {
      const value = args[i][star >= 0 && j > star ? rank - shape.length + j : j];
      const double = /^(\d+) \* ([A-Z]\w*)$/.exec(size);
      if (double) sizes[double[2]] = value / Number(double[1]);
      else if (/^[A-Z]/.test(size)) sizes[size] = value;
    });
  });
  return sizes;
}
