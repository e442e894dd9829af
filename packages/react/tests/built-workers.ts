import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { Plugin, Rolldown } from 'vite';

const entries: Readonly<Record<string, string>> = {
  '/transformers-worker.js': '../dist/embedders/transformers-worker.js',
  '/trap-worker.js': 'core/trap-worker.ts',
};

/**
 * Serves workers under `/built/`, each as one file, as an app bundles it: Vitest wraps dynamic imports in
 * a call that workers do not have, and a start would mostly be requests to the development server.
 */
export function builtWorkers(): Plugin {
  const built = new Map<string, Promise<string>>();
  return {
    name: 'built-workers',
    configureServer({ middlewares }) {
      middlewares.use('/built', (request, response, next) => {
        const path = (request.url ?? '').replace(/\?.*$/, '');
        const entry = entries[path];
        if (entry === undefined) return next();
        const code = built.get(path) ?? bundle(entry);
        built.set(path, code);
        code.then(
          (text) => response.writeHead(200, { 'content-type': 'text/javascript' }).end(text),
          next,
        );
      });
    },
  };
}

async function bundle(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      rolldownOptions: { input: fileURLToPath(new URL(entry, import.meta.url)) },
    },
  });
  const [chunk] = (result as Rolldown.RolldownOutput).output;
  return chunk.code;
}
