/** The package has no types of its own. */
declare module 'snappyjs' {
  export function compress(bytes: Uint8Array): Uint8Array
  /** Throws when the result would be longer than `maxLength`, or the bytes are no Snappy block. */
  export function uncompress(bytes: Uint8Array, maxLength?: number): Uint8Array
}
