// A limit on the time that a promise may take.

export interface TimeLimit<T> {
  readonly seconds: number;
  /** What to throw when the time is over. */
  readonly late: () => Error;
  /** Takes what comes all the same, later. */
  readonly discard?: (value: T) => void;
}

/** `job`, or the error of `late` where it takes longer. The timer keeps the process alive: whoever waits hears of a job that never ends. */
export function limitTime<T>(job: Promise<T>, { seconds, late, discard }: TimeLimit<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      reject(late());
    }, seconds * 1000);
    job.then(
      (value) => {
        clearTimeout(timer);
        if (isLate) discard?.(value);
        else resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
