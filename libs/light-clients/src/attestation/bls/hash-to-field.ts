import { assert, be16, concatBytes, sha256, utf8 } from '@causeway/primitives'

const HASH_BYTES = 32
const BLOCK_BYTES = 64
const UNIFORM_BYTES = 64
const COUNT = 2

/**
 * Two strings of 64 uniform bytes; each, as a big-endian number modulo the field's, is one element that is
 * mapped to the curve. Spec: RFC 9380, 5.2 `hash_to_field` and 5.3.1 `expand_message_xmd` with SHA-256.
 */
export function hashToField(message: Uint8Array, domain: string): [Uint8Array, Uint8Array] {
  const length = COUNT * UNIFORM_BYTES
  const tag = utf8(domain)
  assert(tag.length > 0 && tag.length <= 255, 'a domain separation tag has 1 to 255 bytes')
  const suffix = concatBytes(tag, Uint8Array.of(tag.length))
  const first = sha256(
    concatBytes(new Uint8Array(BLOCK_BYTES), message, be16(length), Uint8Array.of(0), suffix),
  )
  let block = sha256(concatBytes(first, Uint8Array.of(1), suffix))
  const blocks = [block]
  for (let i = 2; i <= length / HASH_BYTES; i++) {
    block = sha256(
      concatBytes(
        first.map((byte, at) => byte ^ block[at]!),
        Uint8Array.of(i),
        suffix,
      ),
    )
    blocks.push(block)
  }
  const uniform = concatBytes(...blocks)
  return [uniform.subarray(0, UNIFORM_BYTES), uniform.subarray(UNIFORM_BYTES)]
}
