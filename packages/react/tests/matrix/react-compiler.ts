import { transformAsync } from '@babel/core';
import type { Plugin } from 'vite';

const own = /\/packages\/react\/(src|tests)\/[^?]*\.tsx?$/;
const mayHoldHooks = /\b(use[A-Z]|[A-Z]\w*\()/;

/**
 * The React Compiler over Akin's own source and the components of its tests, as an app that compiles what
 * it imports from a workspace would. In the source nothing may be left out; tests may write to what is
 * outside while they render, which the compiler leaves as it is.
 */
export function reactCompiler(): Plugin {
  return {
    name: 'react-compiler',
    enforce: 'pre',
    async transform(code, id) {
      const [, folder] = own.exec(id) ?? [];
      if (folder === undefined || !mayHoldHooks.test(code)) return null;
      const panicThreshold = folder === 'src' ? 'all_errors' : 'none';
      const result = await transformAsync(code, {
        filename: id,
        babelrc: false,
        configFile: false,
        sourceMaps: true,
        parserOpts: { plugins: ['typescript', 'jsx'] },
        plugins: [['babel-plugin-react-compiler', { panicThreshold }]],
      });
      return result?.code == null ? null : { code: result.code, map: result.map ?? null };
    },
  };
}
