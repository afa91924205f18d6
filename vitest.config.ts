import { defineConfig } from 'vitest/config'
import LongestFirst from './test/longest-first.ts'

/** One more than cores: many tests wait for processes and timers. */
const MAX_WORKERS = 3
const common = {
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // What a busy machine needs; a state that does come ends the wait
  expect: { poll: { timeout: 30_000 } },
  pool: 'forks',
  maxWorkers: MAX_WORKERS,
} as const

/** They import much and leave nothing behind: one process runs many. Who stubs globals resets the modules. */
const COMPUTATIONS = [
  'libs/{light-clients,margin,messaging,primitives,protocol,state-tree}/**/*.test.ts',
  'apps/hub/**/*.test.ts',
]

export default defineConfig({
  test: {
    reporters: ['default', './test/closing-line.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...common,
          name: 'computations',
          include: COMPUTATIONS,
          exclude: ['**/node_modules/**', '**/*.interop.test.ts'],
          isolate: false,
        },
      },
      {
        test: {
          ...common,
          name: 'processes',
          include: ['{libs,apps,contracts,test}/**/*.test.ts'],
          exclude: [...COMPUTATIONS, '**/node_modules/**', 'test/interop/**', '**/*.interop.test.ts'],
        },
      },
    ],
  },
})
