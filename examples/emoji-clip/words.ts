// The languages of the example, and how each splits a caption into words.

/** Languages of emojibase-data that captions come in. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'ja'] as const;

export type Language = (typeof LANGUAGES)[number];

const japanese = new Intl.Segmenter('ja', { granularity: 'word' });

/** The words of a text in lower case: runs of letters and digits. Japanese writes none between spaces; there they are what Unicode's word boundaries and a dictionary say. */
export function splitWords(text: string, language: Language = 'en'): string[] {
  const lower = text.toLowerCase();
  if (language !== 'ja') return lower.match(/[\p{L}\p{N}]+/gu) ?? [];
  return Array.from(japanese.segment(lower))
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => segment);
}
