/** A value that JSON can write; keys without a value are left out. */
export type Json =
  string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json }

/** Upper-case hex, as CometBFT writes hashes and addresses. */
export function hex(bytes: Uint8Array | undefined): string {
  if (!bytes) return ''
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex').toUpperCase()
}

/** Base64. */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

/** Base64; `null` for no bytes, as Go writes an empty slice that came over the wire. */
export function base64OrNull(bytes: Uint8Array): string | null {
  return bytes.length === 0 ? null : base64(bytes)
}

/** A list; `null` for an empty one, as Go writes an empty slice that came over the wire. */
export function listOrNull<Item>(
  items: readonly Item[],
  shape: (item: Item) => Json,
): readonly Json[] | null {
  return items.length === 0 ? null : items.map(shape)
}
