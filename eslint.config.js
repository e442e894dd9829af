import js from '@eslint/js';
import query from '@tanstack/eslint-plugin-query';
import a11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig([
  globalIgnores([
    '**/dist/',
    '**/target/',
    'packages/engine/wasm/',
    'packages/minilm/model/',
    'storybook-static/',
    '**/public/',
    '**/*.d.mts',
    'bench/.cache/',
    '.examples/',
  ]),
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx,mts}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    // Its dependencies are where it is put together.
    files: ['examples/next/**'],
    extends: [tseslint.configs.disableTypeChecked],
  },
  {
    files: ['**/*.tsx', '**/react/**/*.ts', '**/use-*.ts'],
    extends: [
      // Holds the React Compiler's rules as well as the rules of hooks.
      reactHooks.configs.flat['recommended-latest'],
      a11y.flatConfigs.recommended,
      query.configs['flat/recommended'],
    ],
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: {
        console: 'readonly',
        fetch: 'readonly',
        process: 'readonly',
        performance: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        WebAssembly: 'readonly',
      },
    },
  },
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-empty': ['error', { allowEmptyCatch: false }],
    },
  },
]);
