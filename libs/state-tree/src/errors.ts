import { defineErrors } from '@causeway/primitives'

/** Codespace `state`: what a query or an operator can ask wrongly. 1–9 queries, 10–19 opening a storage. */
export const errors = defineErrors('state', {
  versionPruned: [
    1,
    (d: { version: bigint; oldest: bigint }) =>
      `version ${d.version} is pruned: the oldest kept is ${d.oldest}`,
  ],
  versionUnknown: [
    2,
    (d: { version: bigint; latest: bigint }) =>
      `version ${d.version} is not committed: the latest is ${d.latest}`,
  ],
  unknownStore: [3, (d: { store: string }) => `no store is named "${d.store}"`],
  emptyKey: [4, () => 'expected a key of at least one byte'],
  storeSetMismatch: [
    10,
    (d: { stored: string; wanted: string }) => `the storage holds stores ${d.stored}, expected ${d.wanted}`,
  ],
  formatUnknown: [
    11,
    (d: { found: number; known: number }) =>
      `the storage has format ${d.found}, this program reads ${d.known}`,
  ],
})
