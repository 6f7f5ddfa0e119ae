// The example that spells speech: its reading of clips and transcripts that the test writes, its letters, and a few epochs in which it learns to spell two languages of tones.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { manualSeed, tensor } from 'sconce';
import { writeWav } from 'sconce/data';
import { MultiDatasetModel, multiDatasetTrainer } from 'sconce/multidataset';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alphabet, isHeldOut, LANGUAGES, readClips } from '../../examples/speech/clips.ts';
import { SpeechData } from '../../examples/speech/data.ts';
import { MODEL } from '../../examples/speech/model.ts';
import { makers, SpellingObjective } from '../../examples/speech/network.ts';

let share: string;
beforeAll(async () => {
  share = mkdtempSync(join(tmpdir(), 'sconce-speech-'));
  await writeLanguage('it', 'abc', 0);
  await writeLanguage('ru', 'где', 3);
});
afterAll(() => rmSync(share, { recursive: true }));

/** Clips of two or three letters, each a tone of its own of an eighth of a second. */
async function writeLanguage(language: string, letters: string, tone: number): Promise<void> {
  const folder = join(share, 'asterisk/sounds', LANGUAGES[language]!.voice);
  const docs = join(share, 'doc', `asterisk-core-sounds-${language}`);
  for (const path of [join(folder, 'digits'), docs]) mkdirSync(path, { recursive: true });
  const lines = ['; a comment', 'beep: [a tone]', 'digits/absent: not there', 'four: 4'];
  for (let i = 0; i < 60; i++) {
    const word = Array.from({ length: 2 + (i % 2) }, (_, at) => (i >> (2 * at)) % 3);
    const name = i % 5 === 0 ? `digits/${i}` : `word-${i}`;
    const sound = word.flatMap((number) =>
      Array.from({ length: 1000 }, (_, t) => 0.5 * Math.sin((2 * Math.PI * (300 + 450 * (number + tone)) * t) / 8000)),
    );
    await writeWav(join(folder, `${name}.wav`), tensor([sound]), { sampleRate: 8000 });
    lines.push(`${name}: ${word.map((number) => letters[number]!.toUpperCase()).join('')}!`);
  }
  await writeWav(join(folder, 'beep.wav'), tensor([[0, 0]]), { sampleRate: 8000 });
  writeFileSync(join(docs, `core-sounds-${language}.txt.gz`), gzipSync(lines.join('\n')));
}

describe('the speech example', () => {
  it('reads what is spoken as it is written, and holds the same phrases out in all languages', async () => {
    const [italian, russian] = [await readClips('it', share), await readClips('ru', share)];
    expect([italian.length, russian.length]).toEqual([60, 60]);
    expect(italian[0]).toMatchObject({ name: 'digits/0', text: 'aa' });
    expect(italian.filter(isHeldOut).map(({ name }) => name)).toEqual(
      russian.filter(isHeldOut).map(({ name }) => name),
    );
    await expect(readClips('fr', share)).rejects.toThrow(/apt-get install asterisk-core-sounds-fr-wav/);
    await expect(readClips('de', share)).rejects.toThrow('expected one of en, es, fr, it, ru, got "de"');
  });

  it('spells: repetitions are one letter, a blank between them makes two', () => {
    const alphabet = new Alphabet(['ab', 'b c']);
    expect([alphabet.letters, alphabet.size]).toEqual([[' ', 'a', 'b', 'c'], 5]); // biome-ignore format: a table
    expect(alphabet.encode('a bx')).toEqual([2, 1, 3]);
    expect(alphabet.decode([0, 2, 2, 0, 2, 3, 3, 0])).toBe('aab');
  });

  it('learns to spell both languages with one core, which nothing but their readouts tells apart', async () => {
    const dm = await SpeechData.read({ languages: ['it', 'ru'], share, batchSize: 12, seed: 0 });
    manualSeed(0);
    const model = new MultiDatasetModel({
      ...{ modelConfig: MODEL, datasetConfigs: dm.configs, makers, lr: 2e-3, wd: 1e-2 },
      objective: new SpellingObjective(dm.alphabets),
    });
    const trainer = multiDatasetTrainer({
      ...{ model, dm, seed: 0, maxEpochs: 3, monitor: 'val_cer_overall', monitorMode: 'min', initReadoutBias: false },
    });
    const history = await trainer.train();
    const last = history.at(-1)!;
    expect(Object.keys(last)).toEqual(
      expect.arrayContaining(['val_cer/it', 'val_cer/ru', 'val_cer_overall', 'train_loss/ru']),
    );
    expect(last.val_cer_overall).toBeLessThan(0.1); // 1 at first
  }, 60_000);
});

const isInstalled = existsSync('/usr/share/doc/asterisk-core-sounds-ru');
describe.runIf(isInstalled)('the clips of Debian', () => {
  it.each([
    ['en', 478, 29],
    ['ru', 495, 35],
  ])('%s: %i clips and an alphabet of %i with the blank', async (language, numClips, size) => {
    const clips = await readClips(language, '/usr/share');
    expect([clips.length, new Alphabet(clips.map(({ text }) => text)).size]).toEqual([numClips, size]);
  });
});
