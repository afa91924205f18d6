import { compressBlock, SCHEDULE, STATE, WORD_LOCALS } from './compression.ts'
import type { WordOperations } from './compression.ts'
import { initialWords } from './constants.ts'
import { constant, get, i32, i32x4, moduleOf, repeat, set, tee, valueType } from './web-assembly.ts'
import type { Code } from './web-assembly.ts'

/** Bytes from one lane's message to the next one's. */
export const LANE_BYTES = 2048
/** Where the four hashes are written, eight native-endian words each. */
export const OUTPUT = 4 * LANE_BYTES
/** Where the round constants are expected, each four times. */
export const CONSTANTS = OUTPUT + 128

const BLOCKS = 0
const OFFSET = 1

/**
 * A WebAssembly module that hashes four padded messages of `blocks` 64-byte blocks each in the four 32-bit
 * lanes of WebAssembly SIMD. The message of lane i stands at `i * LANE_BYTES`.
 */
export function lanesModule(): Code {
  const code = [
    ...initialWords().flatMap((word, i) => [...i32x4.splat(word), ...set(STATE + i)]),
    ...repeat(BLOCKS, [
      ...loadBlocks(),
      ...compressBlock(operations),
      ...[...get(OFFSET), ...constant(64), ...i32.add, ...set(OFFSET)],
    ]),
    ...[0, 4].flatMap((half) =>
      transpose(STATE + half).flatMap((row, lane) => [
        ...[...constant(0), ...row, ...i32x4.store(OUTPUT + lane * 32 + half * 4)],
      ]),
    ),
  ]
  const locals = [
    [1, valueType.i32],
    [WORD_LOCALS, valueType.v128],
  ] as const
  return moduleOf(1, locals, code)
}

const operations: WordOperations = {
  add: i32x4.add,
  and: i32x4.and,
  xor: i32x4.xor,
  rotateRight: (local, bits) => [
    ...[...get(local), ...constant(bits), ...i32x4.shiftRight],
    ...[...get(local), ...constant(32 - bits), ...i32x4.shiftLeft, ...i32x4.xor],
  ],
  shiftRight: (local, bits) => [...get(local), ...constant(bits), ...i32x4.shiftRight],
  roundConstant: (t) => [...constant(0), ...i32x4.load(CONSTANTS + t * 16)],
}

/** Reads the block of each lane and turns it so that word i of the four lanes is one vector. */
function loadBlocks(): Code {
  const code: number[] = []
  for (let group = 0; group < 4; group++) {
    const first = SCHEDULE + group * 4
    for (let lane = 0; lane < 4; lane++) {
      code.push(...get(OFFSET), ...i32x4.load(lane * LANE_BYTES + group * 16), ...set(first + lane))
    }
    for (const row of transpose(first)) code.push(...row)
    for (let i = 3; i >= 0; i--) {
      // The standard's words are big-endian
      const order = [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12]
      code.push(...tee(first + i), ...get(first + i), ...i32x4.shuffleBytes(order), ...set(first + i))
    }
  }
  return code
}

/** The four rows of the transposed 4 × 4 matrix in locals `first` … `first + 3`, each as an expression. */
function transpose(first: number): Code[] {
  const interleave = (a: number, high: boolean): Code => [
    ...[...get(a), ...get(a + 1), ...shuffleWords(high ? [2, 6, 3, 7] : [0, 4, 1, 5])],
  ]
  const order = [
    [0, 1, 4, 5],
    [2, 3, 6, 7],
  ]
  return [false, true].flatMap((high) =>
    order.map((words) => [
      ...interleave(first, high),
      ...interleave(first + 2, high),
      ...shuffleWords(words),
    ]),
  )
}

function shuffleWords(words: Code): Code {
  return i32x4.shuffleBytes(words.flatMap((word) => [0, 1, 2, 3].map((i) => word * 4 + i)))
}
