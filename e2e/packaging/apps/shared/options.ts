/** As an app is without a word about bundlers. */
export const options = {};
