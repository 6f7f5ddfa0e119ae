// Times small pieces of work: where the system takes the core away for a while, a few pieces are long and the median is not.

/** @returns microseconds for one of the `size` things that a piece does, for each piece. */
export function measurePieces(piece, numPieces, size) {
  const times = [];
  for (let i = 0; i < numPieces; i++) {
    const started = performance.now();
    piece();
    times.push(((performance.now() - started) * 1000) / size);
  }
  return times;
}

/** The same out of the moments at which things began, in milliseconds. */
export function piecesBetween(marks, size) {
  const times = [];
  for (let i = size; i < marks.length; i += size) times.push(((marks[i] - marks[i - size]) * 1000) / size);
  return times;
}
