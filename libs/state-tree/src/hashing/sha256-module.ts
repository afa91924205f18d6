import { fractionBits, primes } from './round-constants.ts'

/**
 * Writes a WebAssembly module with one function, `hash4(blocks)`: SHA-256 (FIPS 180-4) of four padded
 * messages of `blocks` 64-byte blocks each, in the four 32-bit lanes of WebAssembly SIMD. The module is
 * written here instead of shipped as bytes so that what runs can be read.
 *
 * Memory: message of lane i at `i * LANE_BYTES`; the hashes at `OUTPUT`, eight native-endian words a lane;
 * then the round constants, each repeated for the four lanes.
 */
export const LANE_BYTES = 2048
/** Where the four hashes are written. */
export const OUTPUT = 4 * LANE_BYTES
/** Where the round constants are expected. */
export const CONSTANTS = OUTPUT + 128

const LOCAL_GET = 0x20
const LOCAL_SET = 0x21
const LOCAL_TEE = 0x22
const I32_CONST = 0x41
const I32_ADD = 0x6a
const I32_SUB = 0x6b
const LOAD = [0xfd, 0x00]
const STORE = [0xfd, 0x0b]
const SPLAT_CONST = [0xfd, 0x0c]
const SHUFFLE = [0xfd, 0x0d]
const AND = [0xfd, 0x4e]
const XOR = [0xfd, 0x51]
const SHIFT_LEFT = [0xfd, 0xab, 0x01]
const SHIFT_RIGHT = [0xfd, 0xad, 0x01]
const ADD = [0xfd, 0xae, 0x01]

// Locals: 0 = blocks left (parameter), 1 = offset of the current block, then the 128-bit ones.
const OFFSET = 1
const STATE = 2
const WORK = 10
const WORDS = 18
const SCRATCH = 34
const LOCAL_COUNT_V128 = 36 - STATE

type Code = number[]

/** The bytes of the module. */
export function sha256Module(): Uint8Array<ArrayBuffer> {
  const body = [2, 1, 0x7f, LOCAL_COUNT_V128, 0x7b, ...hashFourMessages(), 0x0b]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, 1, 0x7f, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...name('memory'), 2, 0, ...name('hash4'), 0, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ])
}

function hashFourMessages(): Code {
  const initial = primes(8).map((prime) => fractionBits(prime, 2))
  const code: Code = initial.flatMap((word, i) => [...splat(word), ...set(STATE + i)])
  code.push(0x03, 0x40) // loop
  code.push(...loadWords())
  for (let i = 0; i < 8; i++) code.push(...get(STATE + i), ...set(WORK + i))
  for (let i = 0; i < 64; i++) code.push(...(i < 16 ? [] : schedule(i)), ...round(i))
  for (let i = 0; i < 8; i++) code.push(...get(STATE + i), ...get(WORK + i), ...ADD, ...set(STATE + i))
  code.push(...get(OFFSET), ...integer(64), I32_ADD, ...set(OFFSET))
  code.push(...get(0), ...integer(1), I32_SUB, ...tee(0), 0x0d, 0) // br_if
  code.push(0x0b)
  for (const half of [0, 4]) {
    const rows = transpose(STATE + half)
    rows.forEach((row, lane) => code.push(...integer(0), ...row, ...store(OUTPUT + lane * 32 + half * 4)))
  }
  return code
}

/** Reads the block of each lane and turns it so that word i of the four lanes is one vector. */
function loadWords(): Code {
  const code: Code = []
  for (let group = 0; group < 4; group++) {
    const first = WORDS + group * 4
    for (let lane = 0; lane < 4; lane++) {
      code.push(...get(OFFSET), ...load(lane * LANE_BYTES + group * 16), ...set(first + lane))
    }
    for (const row of transpose(first)) code.push(...row)
    for (let i = 3; i >= 0; i--) {
      // FIPS 180-4 reads words big-endian
      code.push(
        ...tee(first + i),
        ...get(first + i),
        ...SHUFFLE,
        ...[3, 2, 1, 0, 7, 6, 5, 4],
        ...[11, 10, 9, 8],
      )
      code.push(15, 14, 13, 12, ...set(first + i))
    }
  }
  return code
}

/** The four rows of the transposed 4 × 4 matrix in locals `first` … `first + 3`, each as an expression. */
function transpose(first: number): Code[] {
  const interleave = (a: number, b: number, high: boolean): Code => [
    ...get(a),
    ...get(b),
    ...SHUFFLE,
    ...wordShuffle(high ? [2, 6, 3, 7] : [0, 4, 1, 5]),
  ]
  const rows: Code[] = []
  for (const high of [false, true]) {
    for (const words of [
      [0, 1, 4, 5],
      [2, 3, 6, 7],
    ]) {
      const pairs = [...interleave(first, first + 1, high), ...interleave(first + 2, first + 3, high)]
      rows.push([...pairs, ...SHUFFLE, ...wordShuffle(words)])
    }
  }
  return rows
}

/** W[i] = σ1(W[i−2]) + W[i−7] + σ0(W[i−15]) + W[i−16], in a ring of sixteen. */
function schedule(i: number): Code {
  const word = (back: number): number => WORDS + ((i - back) & 15)
  return [
    ...smallSigma(word(2), 17, 19, 10),
    ...get(word(7)),
    ...ADD,
    ...smallSigma(word(15), 7, 18, 3),
    ...get(word(16)),
    ...ADD,
    ...ADD,
    ...set(word(16)),
  ]
}

/** One round; the working variables are renamed instead of moved. */
function round(i: number): Code {
  const [a, b, c, d, e, f, g, h] = Array.from({ length: 8 }, (_, k) => WORK + ((k - i) & 7)) as [
    ...[number, number, number, number],
    ...[number, number, number, number],
  ]
  return [
    ...[...get(h), ...bigSigma(e, 6, 11, 25), ...ADD],
    ...[...get(e), ...get(f), ...get(g), ...XOR, ...AND, ...get(g), ...XOR, ...ADD],
    ...[
      ...integer(0),
      ...load(CONSTANTS + i * 16),
      ...get(WORDS + (i & 15)),
      ...ADD,
      ...ADD,
      ...tee(SCRATCH),
    ],
    ...[...get(d), ...ADD, ...set(d)],
    ...[...bigSigma(a, 2, 13, 22), ...get(SCRATCH), ...ADD],
    ...[
      ...get(a),
      ...get(b),
      ...XOR,
      ...get(b),
      ...get(c),
      ...XOR,
      ...AND,
      ...get(b),
      ...XOR,
      ...ADD,
      ...set(h),
    ],
  ]
}

function bigSigma(local: number, x: number, y: number, z: number): Code {
  return [...rotate(local, x), ...rotate(local, y), ...XOR, ...rotate(local, z), ...XOR]
}

function smallSigma(local: number, x: number, y: number, shift: number): Code {
  const shifted = [...get(local), ...integer(shift), ...SHIFT_RIGHT]
  return [...rotate(local, x), ...rotate(local, y), ...XOR, ...shifted, ...XOR]
}

function rotate(local: number, bits: number): Code {
  const right = [...get(local), ...integer(bits), ...SHIFT_RIGHT]
  return [...right, ...get(local), ...integer(32 - bits), ...SHIFT_LEFT, ...XOR]
}

const get = (local: number): Code => [LOCAL_GET, local]
const set = (local: number): Code => [LOCAL_SET, local]
const tee = (local: number): Code => [LOCAL_TEE, local]
const integer = (value: number): Code => [I32_CONST, ...signed(value)]
const load = (offset: number): Code => [...LOAD, 4, ...unsigned(offset)]
const store = (offset: number): Code => [...STORE, 4, ...unsigned(offset)]
const name = (text: string): Code => [text.length, ...[...text].map((letter) => letter.charCodeAt(0))]
const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content]
const wordShuffle = (words: readonly number[]): Code =>
  words.flatMap((w) => [0, 1, 2, 3].map((i) => w * 4 + i))

function splat(word: number): Code {
  const bytes = [word & 0xff, (word >>> 8) & 0xff, (word >>> 16) & 0xff, word >>> 24]
  return [...SPLAT_CONST, ...bytes, ...bytes, ...bytes, ...bytes]
}

function unsigned(value: number): Code {
  const bytes: Code = []
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80)
  return [...bytes, value]
}

/** Signed LEB128 of a small non-negative number. */
function signed(value: number): Code {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, value >>> 7]
}
