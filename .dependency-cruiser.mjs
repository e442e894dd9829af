/**
 * Imports point one way: components → react → core, memory; memory, embedders → core;
 * worker → storage, engine; testing → core, worker, storage; devtools → react, core. Core and worker meet only in
 * protocol, types, errors and ports, in filters and in what the browser can and may do.
 */
const src = '^packages/react/src';

/** @param {string} name @param {string} from @param {string[]} allowed */
const layer = (name, from, allowed) => ({
  name,
  severity: 'error',
  comment: `${from} may import only: ${allowed.join(', ') || 'itself'}`,
  from: { path: `${src}/${from}/` },
  to: { path: `${src}/`, pathNot: [from, ...allowed].map((dir) => `${src}/${dir}`) },
});

const sharedCore =
  'core/(protocol|types|errors|policy|wasm-errors|ports|filter|filter-match|simd)\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    layer('layer-core', 'core', []),
    layer('layer-storage', 'storage', [sharedCore]),
    layer('layer-worker', 'worker', ['storage/', sharedCore]),
    layer('layer-embedders', 'embedders', ['core/']),
    layer('layer-memory', 'memory', ['core/']),
    layer('layer-react', 'react', ['core/', 'memory/']),
    layer('layer-components', 'components', ['react/', 'memory/', 'core/(types|errors)\\.ts$']),
    layer('layer-devtools', 'devtools', [
      'react/',
      'components/icons\\.tsx$',
      'core/(types|errors|status|inspect|call-feed)\\.ts$',
    ]),
    layer('layer-testing', 'testing', ['core/', 'worker/', 'storage/']),
    layer('layer-inline', 'inline', []),
    {
      name: 'gate-dexie',
      severity: 'error',
      comment: 'One file knows Dexie.',
      from: { path: src, pathNot: 'storage/dexie-driver\\.ts$' },
      to: { path: 'node_modules/dexie/' },
    },
    {
      name: 'gate-wasm-glue',
      severity: 'error',
      comment: 'Only the engine package knows the generated glue.',
      from: { pathNot: '^packages/engine/' },
      to: { path: '^packages/engine/wasm/' },
    },
    {
      name: 'gate-react',
      severity: 'error',
      comment: 'Everything below the hooks works without React.',
      from: { path: `${src}/(core|storage|worker|embedders|memory)/` },
      to: { path: 'node_modules/(react|react-dom|@tanstack|@base-ui)/' },
    },
    {
      name: 'engine-knows-nobody',
      severity: 'error',
      from: { path: '^packages/engine/' },
      to: { path: '^packages/(react|minilm)/' },
    },
    {
      name: 'packages-know-no-app',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(examples|stories|e2e)/' },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['^virtual:', '\\.wasm$'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The example of Next.js finds its imports where it is put together.
    exclude: { path: '(^|/)(dist|target|storybook-static|e2e/packaging/apps/next|examples/next)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'default'],
    },
  },
};
