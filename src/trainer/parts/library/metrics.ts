// The metrics that an experiment can name.

import { RetrievalRecall } from '../../../metrics/retrieval/retrieval-recall.ts';
import { type Parts, part } from '../registry.ts';

export const metrics: NonNullable<Parts['metrics']> = {
  'retrieval-recall': part({
    options: { k: [1, 5, 10], sides: ['image', 'text'] },
    build: ({ k, sides }) => new RetrievalRecall({ k, sides: sides as unknown as readonly [string, string] }),
  }),
};
