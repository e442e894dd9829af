import { inlineWorker } from '@akin/react/inline';

/** For bundlers that copy no files out of packages. */
export const options = inlineWorker();
