import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { describe, expect, test } from 'vitest';

/** What an app gets: the build must not have decided for it. */
const entryOf = (file: string) =>
  fileURLToPath(new URL(`../../dist/devtools/${file}`, import.meta.url));

/** An app that renders the devtools, bundled as Vite bundles it. */
async function bundle(file: string, mode: 'production' | 'development'): Promise<string> {
  const app = `import { createElement } from 'react';
    import { VectorIndexDevtools } from ${JSON.stringify(entryOf(file))};
    console.log(createElement(VectorIndexDevtools));`;
  const result = await build({
    configFile: false,
    logLevel: 'error',
    mode,
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
    plugins: [
      {
        name: 'app',
        resolveId: (id) => (id === 'virtual:app' ? id : null),
        load: (id) => (id === 'virtual:app' ? app : null),
      },
    ],
    build: {
      write: false,
      // As apps are: doc comments are none of their bytes.
      minify: mode === 'production',
      rolldownOptions: { input: 'virtual:app', external: [/^react/, /^@tanstack/] },
    },
  });
  const { output } = result as Rolldown.RolldownOutput;
  return output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('\n');
}

/** Only its panel says this. */
const panel = 'akin-devtools-panel';

describe('a bundle holds the panel', { timeout: 60_000 }, () => {
  test('in development', async () => {
    expect(await bundle('index.js', 'development')).toContain(panel);
  });

  test('in production only if it is asked for', async () => {
    const without = await bundle('index.js', 'production');
    expect(without).toContain('createElement');
    expect(without).not.toContain('akin-devtools');
    // Nor anything that only the panel needs.
    expect(without.length).toBeLessThan(1_000);
    expect(await bundle('production.js', 'production')).toContain(panel);
  });
});
