import { defineConfig } from 'vitest/config'

const common = { testTimeout: 600_000, hookTimeout: 1_200_000, pool: 'forks' } as const

/** They compute, in a process or two: one a core. */
const COMPUTATIONS = [
  'libs/**/*.interop.test.ts',
  'apps/**/*.interop.test.ts',
  'test/interop/{margin,simulation}-runtimes.interop.test.ts',
  'test/interop/quantlib.test.ts',
  'test/interop/ethereum/agreement-*.test.ts',
]

export default defineConfig({
  test: {
    reporters: ['verbose', './test/closing-line.ts'],
    projects: [
      {
        test: {
          ...common,
          name: 'computations',
          include: COMPUTATIONS,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Networks of many processes, one after the other
        test: {
          ...common,
          name: 'networks',
          include: ['test/interop/**/*.test.ts'],
          // Needs a validator that takes long to build: `npm run test:interop:solana`
          exclude: [...COMPUTATIONS, '**/node_modules/**', 'test/interop/solana/**'],
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
