/**
 * A decoder that remembers what it made of each array of bytes for as long as that array lives. Stores give
 * the same array for a value that has not changed, and nobody writes to it: so this memory can't be wrong,
 * whatever block is executed again or dropped. What it gives is shared: nobody may change it. `remember`
 * takes what was just encoded, where decoding gives exactly that again.
 */
export function decodeOnce<Value extends object>(decode: (bytes: Uint8Array) => Value): DecodeOnce<Value> {
  const known = new WeakMap<Uint8Array, Value>()
  const once = (bytes: Uint8Array): Value => {
    let value = known.get(bytes)
    if (value === undefined) {
      value = decode(bytes)
      known.set(bytes, value)
    }
    return value
  }
  return Object.assign(once, { remember: (bytes: Uint8Array, value: Value) => void known.set(bytes, value) })
}

/** What `decodeOnce` makes. */
export interface DecodeOnce<Value> {
  (bytes: Uint8Array): Value
  remember(bytes: Uint8Array, value: Value): void
}
