// What errors out of a backward pass mean. Gradients may be averaged over ranks in it, and a later layer knows what ranks are.

type Reader = (error: unknown) => unknown;

// One for the process, as the default process group is.
let read: Reader | undefined;

/** Says what makes the error to throw of one out of a backward pass: `initProcessGroup` and `destroyProcessGroup` do. @internal */
export function readBackwardErrors(reader: Reader | undefined): void {
  read = reader;
}

/** Runs a backward pass. @internal */
export function inBackward<Result>(body: () => Result): Result {
  try {
    return body();
  } catch (error) {
    throw read === undefined ? error : read(error);
  }
}
