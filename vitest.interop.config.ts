import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/interop/**/*.test.ts', '{libs,apps}/**/*.interop.test.ts'],
    // Needs a validator that takes long to build: `npm run test:interop:solana`
    exclude: ['**/node_modules/**', 'test/interop/solana/**'],
    reporters: ['verbose', './test/closing-line.ts'],
    testTimeout: 600_000,
    hookTimeout: 1_200_000,
    pool: 'forks',
    fileParallelism: false,
  },
})
