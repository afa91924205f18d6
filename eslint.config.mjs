import nx from '@nx/eslint-plugin'
import tseslint from 'typescript-eslint'

const below = {
  primitives: [],
  protocol: ['primitives'],
  'state-tree': ['primitives', 'protocol'],
  'light-clients': ['primitives', 'protocol', 'state-tree'],
  messaging: ['primitives', 'protocol', 'state-tree'],
  margin: [],
  client: ['primitives', 'protocol', 'state-tree', 'light-clients', 'messaging', 'margin'],
}
const libs = Object.keys(below).map((name) => `lib:${name}`)

/** Imports go downwards only: see docs/architecture.md. */
const boundaries = [
  ...Object.entries(below).map(([name, lower]) => ({
    sourceTag: `lib:${name}`,
    onlyDependOnLibsWithTags: lower.map((lib) => `lib:${lib}`),
  })),
  ...['hub', 'relayer', 'indexer', 'feeder', 'traders'].map((app) => ({
    sourceTag: `app:${app}`,
    onlyDependOnLibsWithTags: [...libs, 'type:contracts'],
  })),
  {
    sourceTag: 'app:devnet',
    onlyDependOnLibsWithTags: [
      ...libs,
      'type:contracts',
      'app:hub',
      'app:relayer',
      'app:indexer',
      'app:feeder',
      'app:traders',
    ],
  },
  { sourceTag: 'app:cli', onlyDependOnLibsWithTags: [...libs, 'type:app'] },
  { sourceTag: 'type:contracts', onlyDependOnLibsWithTags: libs },
  { sourceTag: 'type:test', onlyDependOnLibsWithTags: ['*'] },
]

const pureFiles = [
  'libs/{primitives,protocol,light-clients,messaging,margin}/src/**/*.ts',
  'libs/state-tree/src/{*.ts,{iavl,versions}/**/*.ts}',
  'apps/hub/src/{*.ts,{block,tx,modules,query,genesis}/**/*.ts}',
  'apps/relayer/src/plan/**/*.ts',
  'apps/indexer/src/project/**/*.ts',
]
const tests = ['**/*.test.ts', '**/*.fixture.ts', 'test/**', '**/bench/**', '**/scripts/**']

const pureGlobals = [
  'Date',
  'process',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'performance',
  'crypto',
].map((name) => ({ name, message: 'the core is pure: take it as an argument' }))

const exportsByName = { selector: 'ExportAllDeclaration', message: 'list exports by name' }
const pureSyntax = [
  exportsByName,
  { selector: ':function[async=true]', message: 'the core is synchronous' },
  { selector: 'ImportDeclaration[source.value=/^node:/]', message: 'the core does no I/O: hand it in' },
]

/** What IEEE 754 and ECMAScript define to the last bit: docs/margin.md, "Determinism". */
const exactMath = 'sqrt|abs|min|max|floor|fround'
const inexact = 'engines differ in its last bits: use src/math, built from + - * / and Math.sqrt'
const deterministicSyntax = [
  ...pureSyntax,
  {
    selector: `MemberExpression[object.name="Math"]:not([computed=false][property.name=/^(${exactMath})$/])`,
    message: inexact,
  },
  { selector: 'Identifier[name="Math"]:not(MemberExpression > Identifier.object)', message: inexact },
  { selector: 'BinaryExpression[operator="**"]:not([left.bigint])', message: inexact },
  { selector: 'AssignmentExpression[operator="**="]', message: inexact },
]

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      '**/generated/**',
      '**/dist/**',
      '**/.cache/**',
      '**/.devnet/**',
      '.nx/**',
    ],
  },
  {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { '@nx': nx, '@typescript-eslint': tseslint.plugin },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, allow: [], depConstraints: boundaries },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      'no-restricted-syntax': ['error', exportsByName],
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-fallthrough': 'error',
      'no-unreachable': 'error',
    },
  },
  {
    files: pureFiles,
    ignores: tests,
    rules: {
      'no-restricted-globals': ['error', ...pureGlobals],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'the core is deterministic' },
        { property: 'localeCompare', message: 'compare bytes or code units' },
        { property: 'toLocaleString', message: 'the core knows no locale' },
      ],
      'no-restricted-syntax': ['error', ...pureSyntax],
    },
  },
  {
    files: ['libs/margin/src/**/*.ts'],
    ignores: tests,
    rules: {
      'no-restricted-globals': [
        'error',
        ...pureGlobals,
        { name: 'globalThis', message: 'name what is meant' },
      ],
      'no-restricted-syntax': ['error', ...deterministicSyntax],
    },
  },
  {
    // What speaks to a hub is tested against one: its tests may use the hub's fixtures, upwards too.
    files: [
      ...['libs/client/src/**', 'apps/{cli,indexer,feeder,devnet,traders}/src/**'].flatMap((folder) => [
        `${folder}/*.test.ts`,
        `${folder}/*.fixture.ts`,
      ]),
      'apps/indexer/scripts/*.ts',
    ],
    rules: { '@nx/enforce-module-boundaries': 'off' },
  },
)
