import tseslint from 'typescript-eslint';

/** Type-aware rules for the product, its tests and its benches; formatting belongs to prettier. */
export default tseslint.config(
  { ignores: ['node_modules/', '.tap/', 'data/', 'bench/results/'] },
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: true },
      ],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['test/**', 'src/**/*.test.ts'],
    rules: {
      // tap runs what `t.test` queued; awaiting each would say nothing more.
      '@typescript-eslint/no-floating-promises': 'off',
      // An async test ends when it returns: no `t.end()` to forget.
      '@typescript-eslint/require-await': 'off',
    },
  },
  { files: ['bench/**', 'docs/**'], rules: { 'no-console': 'off' } },
);
