// How many turns each loader has in the rest of an epoch that goes on in batches of other sizes.

/** A loader's rest by the schedule of before, and how long its plays were and are, in batches of before and of now. */
export interface LoaderRest {
  /** Turns that the schedule of before left it. */
  readonly turnsLeft: number;
  readonly before: PlayLengths;
  readonly now: PlayLengths;
  readonly doesCycle: boolean;
}

interface PlayLengths {
  /** Batches left of the play in which it stands. */
  readonly inPlay: number;
  /** Batches of every play after that. */
  readonly play: number;
}

/** What the turns of before would have played, in turns of now: plays that would have been whole are, and of one that would have been cut as large a part, rounded up. */
export function restQuotas(loaders: readonly LoaderRest[]): number[] {
  return loaders.map(({ turnsLeft, before, now, doesCycle }) => {
    if (turnsLeft === 0) return 0;
    if (turnsLeft < before.inPlay) return partOf(turnsLeft, before.inPlay, now.inPlay);
    if (!doesCycle || before.play === 0) return now.inPlay;
    const behind = turnsLeft - before.inPlay;
    const numWhole = Math.floor(behind / before.play);
    return now.inPlay + numWhole * now.play + partOf(behind - numWhole * before.play, before.play, now.play);
  });
}

/** Of lengths that nobody knows: as many turns. */
function partOf(turns: number, before: number, now: number): number {
  if (!Number.isFinite(before) || !Number.isFinite(now)) return turns;
  return Math.ceil((turns * now) / before);
}
