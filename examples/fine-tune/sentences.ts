// Sentences about films with an opinion that words turn round: "the plot was not dull" is a good one. Made here, as nothing can be downloaded.

const THINGS = ['plot', 'cast', 'music', 'ending', 'script', 'camera', 'humour', 'pace', 'first half', 'dialogue'];
const GOOD = ['great', 'charming', 'clever', 'moving', 'funny', 'brilliant', 'fresh', 'gripping'];
const BAD = ['dull', 'clumsy', 'boring', 'weak', 'flat', 'tired', 'awful', 'shallow'];
const FRAMES = [
  'the @ was # !',
  'i found the @ # .',
  'for me the @ is # , and that is all .',
  '# , that is what the @ was .',
];
const TURNS = ['', 'really ', 'quite ', 'rather ', 'not ', 'never '];
const TURNS_ROUND = new Set(['not ', 'never ']);

/** A sentence and whether its opinion is good. */
export interface Opinion {
  readonly text: string;
  readonly label: 0 | 1;
}

/** Every sentence that there is, 3,840, good and bad ones alternating. */
export function allOpinions(): Opinion[] {
  const opinions: Opinion[] = [];
  for (const frame of FRAMES)
    for (const thing of THINGS)
      for (const turn of TURNS)
        for (let i = 0; i < GOOD.length; i++)
          for (const [word, isGood] of [
            [GOOD[i]!, true],
            [BAD[i]!, false],
          ] as const) {
            const text = frame.replace('@', thing).replace('#', turn + word);
            opinions.push({ text, label: isGood === TURNS_ROUND.has(turn) ? 0 : 1 });
          }
  return opinions;
}

/** Every word, for the vocabulary. */
export function allWords(): string[] {
  return [...new Set(allOpinions().flatMap(({ text }) => text.split(' ')))].sort();
}
