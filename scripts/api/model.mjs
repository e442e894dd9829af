/** What the packages export, as TypeDoc reads it from the sources. */
import { join } from 'node:path';
import { Application, ReflectionKind } from 'typedoc';
import { root } from '../process.mjs';

/**
 * @typedef {object} Entry a page of docs/api
 * @property {string} slug
 * @property {string} specifier what is imported
 * @property {string} source
 * @property {string} about
 * @property {boolean} hasExamples whether every function there must have one
 */

/** @type {(slug: string, specifier: string, source: string, about: string) => Entry} */
const entry = (slug, specifier, source, about) => {
  return { slug, specifier, source: `packages/${source}`, about, hasExamples: slug !== 'engine' };
};

/** @type {(name: string, about: string) => Entry} */
const embedder = (name, about) =>
  entry(
    `react-embedders-${name}`,
    `@akin/react/embedders/${name}`,
    `react/src/embedders/${name}.ts`,
    about,
  );

export const entries = [
  entry('react', '@akin/react', 'react/src/index.ts', 'provider, hooks and chat memory'),
  entry(
    'react-components',
    '@akin/react/components',
    'react/src/components/index.ts',
    'the search box, what was remembered, and their parts',
  ),
  entry('react-core', '@akin/react/core', 'react/src/core/index.ts', 'the index without React'),
  entry(
    'react-devtools',
    '@akin/react/devtools',
    'react/src/devtools/index.ts',
    'a panel on an index, for development',
  ),
  entry(
    'react-inline',
    '@akin/react/inline',
    'react/src/inline/index.ts',
    'worker and WASM inside the script, for bundlers that copy no files',
  ),
  entry('react-testing', '@akin/react/testing', 'react/src/testing/index.ts', 'for your own tests'),
  embedder('openai-compatible', 'OpenAI, Ollama, LM Studio and other servers'),
  embedder('tensorflow', 'Universal Sentence Encoder'),
  embedder('transformers', 'any model of transformers.js'),
  embedder('worker', 'for an embedder of your own, in a worker'),
  entry('minilm', '@akin/minilm', 'minilm/src/index.ts', 'the default embedding model'),
  entry('engine', '@akin/engine', 'engine/js/browser.ts', 'the bare WASM index'),
];

/** Types that signatures name and no app needs, and one that another package exports. */
const intentionallyNotExported = [
  'core/filter.ts:AnyMetadata',
  'core/filter.ts:Fields',
  'core/filter.ts:ValueOf',
  'devtools/recorder.ts:LogEntry',
  'dist/core/types/embedder.d.ts:Embedder',
  'react/provider.tsx:CommonProps',
  'worker-kit/protocol.ts:FromWorker',
];

/** @param {string} out the folder that the pages are for */
export async function readApi(out) {
  const app = await Application.bootstrapWithPlugins({
    entryPoints: entries.map(({ source }) => join(root, source)),
    tsconfig: join(root, 'tsconfig.json'),
    plugin: ['typedoc-plugin-markdown'],
    out,
    name: 'API',
    readme: 'none',
    logLevel: 'Warn',
    // The step "types" does that.
    skipErrorChecking: true,
    disableSources: true,
    excludeExternals: true,
    excludePrivate: true,
    excludeInternal: true,
    sort: ['source-order'],
    groupOrder: [
      'Functions',
      'Namespaces',
      'Variables',
      'Classes',
      'Interfaces',
      'Type Aliases',
      '*',
    ],
    validation: { notExported: true, invalidLink: true, notDocumented: false },
    intentionallyNotExported,
    ...markdown,
  });
  const project = await app.convert();
  if (!project) throw new Error('TypeDoc could not read the sources.');
  // TypeDoc looks only at types of the project's own package for what is not exported.
  project.packageName = '@akin/react';
  for (const module of project.children ?? []) {
    const found = entries.find(({ source }) => nameOf(source) === module.name);
    if (!found) throw new Error(`TypeDoc calls an entry ${module.name}.`);
    module.name = found.slug;
  }
  return { app, project };
}

/** What TypeDoc calls the module of a source: its path from `packages/` on. @param {string} source */
function nameOf(source) {
  return source.replace(/^packages\//, '').replace(/(\/index)?\.ts$/, '');
}

/** Options of typedoc-plugin-markdown, which TypeDoc's own types do not know. */
const markdown = /** @type {object} */ ({
  outputFileStrategy: 'modules',
  flattenOutputFiles: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  hideGenerator: true,
  useCodeBlocks: true,
  // They are replaced: see anchors.mjs.
  useHTMLAnchors: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  indexFormat: 'table',
  // Everything is readonly.
  tableColumnSettings: { hideModifiers: true, hideInherited: true, hideOverrides: true },
  pageTitleTemplates: {
    index: 'API',
    module: (/** @type {{ rawName: string }} */ { rawName }) =>
      `\`${entries.find(({ slug }) => slug === rawName)?.specifier ?? rawName}\``,
  },
});

/**
 * @typedef {object} Export
 * @property {Entry} entry
 * @property {string} name with its namespace's before it
 * @property {boolean} isDocumented
 * @property {boolean} isFunction a function, a hook or a component
 * @property {string[]} examples the text of each `@example`
 */

/**
 * Everything exported, once: where it is exported again, TypeDoc only refers to it.
 * @param {import('typedoc').ProjectReflection} project
 * @returns {Export[]}
 */
export function exportsOf(project) {
  return (project.children ?? []).flatMap((module) => {
    const entry = entries.find(({ slug }) => slug === module.name);
    return entry ? membersOf(module, '').map((member) => ({ entry, ...member })) : [];
  });
}

/**
 * @param {import('typedoc').DeclarationReflection} container
 * @param {string} prefix
 * @returns {Omit<Export, 'entry'>[]}
 */
function membersOf(container, prefix) {
  return (container.children ?? []).flatMap((child) => {
    if (child.kindOf(ReflectionKind.Reference)) return [];
    const name = prefix + child.name;
    if (child.kindOf(ReflectionKind.Namespace)) return membersOf(child, `${name}.`);
    const signatures = child.signatures ?? [];
    const comments = [child.comment, ...signatures.map(({ comment }) => comment)];
    const isDocumented =
      signatures.length > 0
        ? signatures.every(({ comment }) => comment !== undefined)
        : child.comment !== undefined || typeCommentOf(child) !== undefined;
    const isFunction =
      child.kindOf(ReflectionKind.Function) ||
      // What `forwardRef` gives.
      (child.kindOf(ReflectionKind.Variable) && /^[A-Z][a-z]/.test(child.name));
    const examples = comments.flatMap((comment) =>
      (comment?.getTags('@example') ?? []).map(({ content }) =>
        content.map(({ text }) => text).join(''),
      ),
    );
    return [{ name, isDocumented, isFunction, examples }];
  });
}

/** The comment of a function type. @param {import('typedoc').DeclarationReflection} child */
function typeCommentOf(child) {
  const { type } = child;
  return type?.type === 'reflection' ? type.declaration.signatures?.[0]?.comment : undefined;
}

/**
 * What is missing, in sentences. Parts of a component are shown together, in an example of their root.
 * @param {Export[]} all
 * @returns {string[]}
 */
export function gapsIn(all) {
  return all.flatMap(({ entry, name, isDocumented, isFunction, examples }) => {
    const gaps = isDocumented ? [] : [`${entry.specifier}: ${name} has no doc comment.`];
    if (!entry.hasExamples || !isFunction || examples.length > 0) return gaps;
    const [namespace] = name.split('.');
    const shown = all
      .filter((other) => other.entry === entry && other.name === `${namespace}.Root`)
      .some((other) => other.examples.some((text) => new RegExp(`<${name}\\b`).test(text)));
    return shown ? gaps : [...gaps, `${entry.specifier}: ${name} has no @example.`];
  });
}
