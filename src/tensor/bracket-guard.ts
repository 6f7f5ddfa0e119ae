// Brackets on a tensor: JavaScript would give undefined for `x[0]` and keep what `x[0] = 1` says beside the tensor. Both are errors that say what to write.

/** Indices that people write; others stay unguarded, since a guard for all would cost every use of a tensor. */
const FIRST = -8;
const LAST = 31;

/** Gives a class accessors for `x[0]` and its like that throw. They are found only where brackets are used: nothing else becomes slower. */
export function guardBrackets(prototype: object): void {
  for (let index = FIRST; index <= LAST; index++) {
    Object.defineProperty(prototype, index, {
      get(): never {
        throw new TypeError(
          `Cannot read x[${index}] of a tensor: expected a call, got brackets; write x.index(${index})`,
        );
      },
      set(): never {
        throw new TypeError(
          `Cannot assign x[${index}] of a tensor: expected a call, got brackets; write x.indexPut_([${index}], value)`,
        );
      },
    });
  }
}
