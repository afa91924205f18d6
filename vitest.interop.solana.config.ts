import { defineConfig } from 'vitest/config'

/** Started by test/interop/solana/run.mjs, which says where the validator is. */
export default defineConfig({
  test: {
    include: ['test/interop/solana/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    reporters: ['verbose', './test/closing-line.ts'],
    testTimeout: 900_000,
    hookTimeout: 900_000,
    pool: 'forks',
    fileParallelism: false,
  },
})
