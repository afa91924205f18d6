import type { ClientStore } from '@causeway/light-clients'
import { compareBytes, toHex } from '@causeway/primitives'

/** A light client's store in memory. */
export function memoryStore(): ClientStore {
  const entries = new Map<string, [Uint8Array, Uint8Array]>()
  return {
    get: (key) => entries.get(toHex(key))?.[1],
    set: (key, value) => void entries.set(toHex(key), [key, value]),
    delete: (key) => void entries.delete(toHex(key)),
    iterate(start, end, reverse = false) {
      const inRange = [...entries.values()].filter(
        ([key]) => (!start || compareBytes(key, start) >= 0) && (!end || compareBytes(key, end) < 0),
      )
      return inRange.sort(([a], [b]) => (reverse ? compareBytes(b, a) : compareBytes(a, b)))
    },
  }
}
