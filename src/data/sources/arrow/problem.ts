// What is wrong with an Arrow file.

/** A problem that reads "expected …, got …". */
export class ArrowProblem extends Error {}
