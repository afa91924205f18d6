import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { INPUT_OFFSET, PAGES, scalarModule } from './scalar-module.ts'
import { instantiate } from './web-assembly.ts'

/*
 * SHA-256 of messages in parts, without joining them first. Merkle proofs and trees are thousands of hashes
 * of about eighty bytes, where calling the platform's own hash costs more than the hash. Messages longer than
 * the memory go to the reference, and so does everything where WebAssembly is missing or forbidden (a page's
 * security policy may): the hashes are the same.
 */

const MEMORY_BYTES = PAGES * 65536
const MESSAGE_MAX = MEMORY_BYTES - INPUT_OFFSET - 128
const HASH_LENGTH = 32
const NOTHING: Uint8Array = new Uint8Array(0)

let memory = NOTHING
let run: ((blocks: number) => void) | undefined

/** SHA-256 of `bytes`. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return sha256Concat(bytes)
}

/** SHA-256 of the parts one after the other. */
export function sha256Concat(a = NOTHING, b = NOTHING, c = NOTHING, ...more: Uint8Array[]): Uint8Array {
  let length = a.length + b.length + c.length
  for (const part of more) length += part.length
  if (length > MESSAGE_MAX) return longSha256([a, b, c, ...more])
  if (memory === NOTHING) start()
  let end = write(c, write(b, write(a, INPUT_OFFSET)))
  for (const part of more) end = write(part, end)
  finish(end, length)
  return memory.slice(0, HASH_LENGTH)
}

/** What stands round a hash when the next one is made. */
export interface Wrapping {
  readonly prefix: Uint8Array
  readonly suffix: Uint8Array
}

/**
 * Hashes `prefix ‖ hash ‖ suffix` again and again, once for each wrapping, starting from `start` (32 bytes):
 * a path to the root.
 */
export function sha256Path(hash: Uint8Array, wrappings: readonly Wrapping[]): Uint8Array {
  if (wrappings.length === 0) return hash
  if (memory === NOTHING) start()
  let below = hash
  for (const wrapping of wrappings) {
    wrap(wrapping, below, 0)
    below = memory
  }
  return memory.slice(0, HASH_LENGTH)
}

/** Hashes one wrapping of the 32 bytes at `from[at]` and leaves the hash at `into[to]`. */
export function sha256Wrap(
  wrapping: Wrapping,
  from: Uint8Array,
  at: number,
  into: Uint8Array,
  to: number,
): void {
  if (memory === NOTHING) start()
  wrap(wrapping, from, at)
  for (let i = 0; i < HASH_LENGTH; i++) into[to + i] = memory[i]!
}

function wrap({ prefix, suffix }: Wrapping, from: Uint8Array, at: number): void {
  const length = prefix.length + HASH_LENGTH + suffix.length
  if (length > MESSAGE_MAX) {
    memory.set(longSha256([prefix, from.slice(at, at + HASH_LENGTH), suffix]))
    return
  }
  const middle = write(prefix, INPUT_OFFSET)
  for (let i = 0; i < HASH_LENGTH; i++) memory[middle + i] = from[at + i]!
  finish(write(suffix, middle + HASH_LENGTH), length)
}

function write(part: Uint8Array, at: number): number {
  const { length } = part
  if (length > 96) memory.set(part, at)
  else for (let i = 0; i < length; i++) memory[at + i] = part[i]!
  return at + length
}

/** Pads what stands up to `end` and hashes it; the hash is then the memory's first 32 bytes. */
function finish(end: number, length: number): void {
  if (run === undefined) {
    memory.set(nobleSha256(memory.subarray(INPUT_OFFSET, end)))
    return
  }
  const blocks = (length + 72) >>> 6
  const last = INPUT_OFFSET + blocks * 64
  memory[end] = 0x80
  // The message is shorter than 2²¹ bytes: its length in bits fits three.
  for (let i = end + 1; i < last - 3; i++) memory[i] = 0
  const bits = length * 8
  memory[last - 3] = bits >>> 16
  memory[last - 2] = bits >>> 8
  memory[last - 1] = bits
  run(blocks)
}

function longSha256(parts: readonly Uint8Array[]): Uint8Array {
  const hash = nobleSha256.create()
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function start(): void {
  try {
    const instance = instantiate(scalarModule())
    memory = new Uint8Array(instance.memory)
    run = instance.run
  } catch {
    memory = new Uint8Array(MEMORY_BYTES)
  }
}
