import { sha256Concat } from '@causeway/primitives'
import { INPUT_OFFSET, MEMORY_BYTES, sha256Module } from './sha256-module.ts'

/*
 * SHA-256 of short messages in parts, without joining them first. Merkle proofs and trees are thousands of
 * hashes of about eighty bytes, where a call into native code costs more than the hash. Long messages go to
 * the reference.
 */

const { memory, compress } = instantiate()
const MESSAGE_MAX = MEMORY_BYTES - INPUT_OFFSET - 128
const HASH_LENGTH = 32
const NOTHING = new Uint8Array(0)

/** SHA-256 of `a`. */
export function sha256(a: Uint8Array): Uint8Array {
  return sha256Of3(a, NOTHING, NOTHING)
}

/** SHA-256 of `a ‖ b`. */
export function sha256Of2(a: Uint8Array, b: Uint8Array): Uint8Array {
  return sha256Of3(a, b, NOTHING)
}

/** SHA-256 of `a ‖ b ‖ c`. */
export function sha256Of3(a: Uint8Array, b: Uint8Array, c: Uint8Array): Uint8Array {
  const length = a.length + b.length + c.length
  if (length > MESSAGE_MAX) return sha256Concat(a, b, c)
  finish(write(c, write(b, write(a, INPUT_OFFSET))), length)
  return memory.slice(0, HASH_LENGTH)
}

/** SHA-256 of all parts, one after the other. */
export function sha256OfParts(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  if (length > MESSAGE_MAX) return sha256Concat(...parts)
  let end = INPUT_OFFSET
  for (const part of parts) end = write(part, end)
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
export function sha256Path(start: Uint8Array, wrappings: readonly Wrapping[]): Uint8Array {
  if (wrappings.length === 0) return start
  let hash = start
  let at = 0
  for (const wrapping of wrappings) {
    wrapInto(wrapping, hash, at)
    hash = memory
    at = 0
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
  wrapInto(wrapping, from, at)
  for (let i = 0; i < HASH_LENGTH; i++) into[to + i] = memory[i]!
}

function wrapInto({ prefix, suffix }: Wrapping, from: Uint8Array, at: number): void {
  const length = prefix.length + HASH_LENGTH + suffix.length
  if (length > MESSAGE_MAX) {
    memory.set(sha256Concat(prefix, from.slice(at, at + HASH_LENGTH), suffix))
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
  const blocks = (length + 72) >>> 6
  const last = INPUT_OFFSET + blocks * 64
  memory[end] = 0x80
  // The message is shorter than 2¹⁶ bytes: its length in bits fits three.
  for (let i = end + 1; i < last - 3; i++) memory[i] = 0
  const bits = length * 8
  memory[last - 3] = bits >>> 16
  memory[last - 2] = bits >>> 8
  memory[last - 1] = bits
  compress(blocks)
}

// What of the WebAssembly interface is used here: it is the same in Node and browsers, and part of neither's
// types.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  Instance: new (module: object) => { exports: unknown }
}

function instantiate(): { memory: Uint8Array; compress: (blocks: number) => void } {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(sha256Module()))
  const { memory: linear, hash } = exports as {
    memory: { buffer: ArrayBuffer }
    hash: (blocks: number) => void
  }
  return { memory: new Uint8Array(linear.buffer), compress: hash }
}
