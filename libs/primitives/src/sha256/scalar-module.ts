import { compressBlock, SCHEDULE, SCRATCH, STATE, WORD_LOCALS } from './compression.ts'
import type { WordOperations } from './compression.ts'
import { initialWords, roundConstants } from './constants.ts'
import { constant, get, i32, moduleOf, repeat, set, tee, valueType } from './web-assembly.ts'
import type { Code } from './web-assembly.ts'

/** Where the padded message starts in the module's memory. */
export const INPUT_OFFSET = 64
/** Memory in pages of 64 KiB: a part of a block, 64 KiB and a byte before it, fits. */
export const PAGES = 2

const BLOCKS = 0
const ADDRESS = 1

/**
 * A WebAssembly module that hashes `blocks` padded 64-byte blocks at INPUT_OFFSET and leaves the hash,
 * big-endian, at address 0.
 */
export function scalarModule(): Code {
  const code = [
    ...initialWords().flatMap((word, i) => [...constant(word), ...set(STATE + i)]),
    ...[...constant(INPUT_OFFSET), ...set(ADDRESS)],
    ...repeat(BLOCKS, [
      ...loadBlock(),
      ...compressBlock(operations()),
      ...[...get(ADDRESS), ...constant(64), ...i32.add, ...set(ADDRESS)],
    ]),
    ...Array.from({ length: 8 }, (_, i) => [
      ...[...constant(0), ...swapped(get(STATE + i)), ...i32.store(4 * i)],
    ]).flat(),
  ]
  return moduleOf(PAGES, [[ADDRESS + WORD_LOCALS, valueType.i32]], code)
}

function loadBlock(): Code {
  return Array.from({ length: 16 }, (_, i) => [
    ...swapped([...get(ADDRESS), ...i32.load(4 * i)]),
    ...set(SCHEDULE + i),
  ]).flat()
}

function operations(): WordOperations {
  const constants = roundConstants()
  return {
    add: i32.add,
    and: i32.and,
    xor: i32.xor,
    rotateRight: (local, bits) => [...get(local), ...constant(bits), ...i32.rotateRight],
    shiftRight: (local, bits) => [...get(local), ...constant(bits), ...i32.shiftRight],
    roundConstant: (t) => constant(constants[t]!),
  }
}

/** The word that `code` pushes, with its bytes reversed: the standard's words are big-endian. */
function swapped(code: Code): Code {
  return [
    ...[...code, ...tee(SCRATCH), ...constant(8), ...i32.rotateLeft, ...constant(0x00ff00ff), ...i32.and],
    ...[...get(SCRATCH), ...constant(8), ...i32.rotateRight, ...constant(0xff00ff00), ...i32.and, ...i32.or],
  ]
}
