import { assert } from '../errors.ts'
import { roundConstants } from './constants.ts'
import { CONSTANTS, LANE_BYTES, lanesModule, OUTPUT } from './lanes-module.ts'
import { instantiate } from './web-assembly.ts'

/*
 * SHA-256 of four messages of equally many blocks at once. The caller writes messages into the memory and
 * reads hashes out of it, without a copy between. Needs WebAssembly SIMD, which every Node from 20 on and
 * today's browsers have; where it is missing, `laneMemory` throws.
 */

/** How many messages are hashed at once. */
export const LANES = 4
/** Longest message that a lane takes. */
export const LANE_MESSAGE_BYTES_MAX = LANE_BYTES - 9

/** Views of the lanes' memory. */
export interface LaneMemory {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly words: Int32Array
}

let run: ((blocks: number) => void) | undefined
let memory: LaneMemory = viewsOf(new ArrayBuffer(0))

/**
 * The memory that messages are written into (`bytes`, `view`) and the hashes are read from (`words`). The
 * first call makes it: ask for it before anything else here.
 */
export function laneMemory(): LaneMemory {
  if (run === undefined) start()
  return memory
}

/** Where lane `lane` expects its message. */
export function laneOffset(lane: number): number {
  return lane * LANE_BYTES
}

/** How many 64-byte blocks a message of this length takes, padding included. */
export function laneBlocks(length: number): number {
  return (length + 72) >>> 6
}

/** Pads the message that lies in a lane, from the lane's offset to `end`, to `blocks` blocks. */
export function padLane(lane: number, end: number, blocks: number): void {
  const start = lane * LANE_BYTES
  const stop = start + blocks * 64
  const { bytes, view } = memory
  bytes[end] = 0x80
  for (let i = end + 1; i < stop - 4; i++) bytes[i] = 0
  view.setInt32(stop - 4, (end - start) * 8)
}

/**
 * Hashes the padded messages of all four lanes; each has `blocks` blocks. Word j of lane i is at
 * `laneHashWord(i) + j`.
 */
export function hashLanes(blocks: number): void {
  assert(blocks > 0 && blocks * 64 <= LANE_BYTES, 'a lane holds the message')
  assert(run !== undefined, 'the memory was asked for first')
  run(blocks)
}

/** Index in `words` of the hash of a lane: eight words whose numbers are those of the standard. */
export function laneHashWord(lane: number): number {
  return OUTPUT / 4 + lane * 8
}

function start(): void {
  const instance = instantiate(lanesModule())
  memory = viewsOf(instance.memory)
  const constants = CONSTANTS / 4
  roundConstants().forEach((word, i) => memory.words.fill(word, constants + i * 4, constants + i * 4 + 4))
  run = instance.run
}

function viewsOf(buffer: ArrayBuffer): LaneMemory {
  return { bytes: new Uint8Array(buffer), view: new DataView(buffer), words: new Int32Array(buffer) }
}
