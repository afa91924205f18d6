import { assert } from '@causeway/primitives'
import { fractionBits, primes } from './round-constants.ts'
import { CONSTANTS, LANE_BYTES, OUTPUT, sha256Module } from './sha256-module.ts'

/** How many messages are hashed at once. */
export const LANES = 4
/** Longest message that a lane takes. */
export const MESSAGE_BYTES_MAX = LANE_BYTES - 9

/** The part of the WebAssembly API used here: TypeScript has its types only together with the browser's. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  Instance: new (module: object) => {
    exports: { memory: { buffer: ArrayBuffer }; hash4: (blocks: number) => void }
  }
}

const memory = new Uint8Array(65536)
let hash4: ((blocks: number) => void) | undefined
let lanes: { bytes: Uint8Array; view: DataView; words: Int32Array } = viewsOf(memory.buffer)

/** Where lane `lane` expects its message. */
export function laneOffset(lane: number): number {
  return lane * LANE_BYTES
}

/** How many 64-byte blocks a message of this length takes, padding included. */
export function blockCount(length: number): number {
  return (length + 72) >>> 6
}

/** The memory that messages are written into (`bytes`, `view`) and the hashes are read from (`words`). */
export function laneMemory(): { bytes: Uint8Array; view: DataView; words: Int32Array } {
  if (hash4 === undefined) start()
  return lanes
}

/** Pads the message that lies in a lane, from the lane's offset to `end`, to `blocks` blocks. */
export function padLane(lane: number, end: number, blocks: number): void {
  const start = lane * LANE_BYTES
  const stop = start + blocks * 64
  const { bytes, view } = lanes
  bytes[end] = 0x80
  for (let i = end + 1; i < stop - 4; i++) bytes[i] = 0
  view.setInt32(stop - 4, (end - start) * 8)
}

/**
 * Hashes the padded messages of all four lanes; each has `blocks` blocks. Word j of lane i: `hashWord(i) +
 * j`.
 */
export function hashLanes(blocks: number): void {
  assert(blocks > 0 && blocks * 64 <= LANE_BYTES, 'a lane holds the message')
  hash4!(blocks)
}

/** Index in `words` of the hash of a lane: eight words whose numbers are those of the standard. */
export function hashWord(lane: number): number {
  return OUTPUT / 4 + lane * 8
}

function start(): void {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(sha256Module()))
  lanes = viewsOf(instance.exports.memory.buffer)
  primes(64).forEach((prime, i) =>
    lanes.words.fill(fractionBits(prime, 3), CONSTANTS / 4 + i * 4, CONSTANTS / 4 + i * 4 + 4),
  )
  hash4 = instance.exports.hash4
}

function viewsOf(buffer: ArrayBuffer): { bytes: Uint8Array; view: DataView; words: Int32Array } {
  return { bytes: new Uint8Array(buffer), view: new DataView(buffer), words: new Int32Array(buffer) }
}
