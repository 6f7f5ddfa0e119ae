// What is known of the shape of an operator's result, by family. `src/tensor/shapes.test.ts` calls every operator that is listed here.

/** By operator, with its namespace: the text after `Shape:`. */
export const SHAPES = {};
