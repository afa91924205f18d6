import { assert } from '@causeway/primitives'
import { keyText, SortedKeys } from '../sorted-keys.ts'
import type { RangeOptions, Storage, StorageWrite } from './storage.ts'

/** A storage that forgets when the process ends: for tests, simulations and short-lived devnets. */
export function createMemoryStorage(): Storage {
  const values = new Map<string, { key: Uint8Array; value: Uint8Array }>()
  const order = new SortedKeys()
  return {
    get(key: Uint8Array): Uint8Array | undefined {
      return values.get(keyText(key))?.value
    },
    range(
      start: Uint8Array,
      end: Uint8Array | undefined,
      options: RangeOptions = {},
    ): [Uint8Array, Uint8Array][] {
      const { reverse = false, limit = Infinity } = options
      const first = keyText(start)
      const stop = end && keyText(end)
      const found: [Uint8Array, Uint8Array][] = []
      let text = reverse ? order.previous(stop) : order.next(first, false)
      while (text !== undefined && found.length < limit) {
        if (reverse ? text < first : stop !== undefined && text >= stop) break
        const entry = values.get(text)!
        found.push([entry.key, entry.value])
        text = reverse ? order.previous(text) : order.next(text, true)
      }
      return found
    },
    write(batch: readonly StorageWrite[]): void {
      for (const { key, value } of batch) {
        assert(key.length > 0, 'a storage key has at least one byte')
        const text = keyText(key)
        if (value === undefined) {
          if (values.delete(text)) order.remove(text)
        } else {
          if (!values.has(text)) order.add(text)
          values.set(text, { key, value })
        }
      }
    },
    refresh(): void {
      // It is one thread's own.
    },
    close(): void {
      values.clear()
      order.clear()
    },
  }
}
