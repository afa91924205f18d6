import { get, set, tee } from './web-assembly.ts'
import type { Code } from './web-assembly.ts'

/** How words are computed with: one at a time, or those of four messages in the lanes of a vector. */
export interface WordOperations {
  readonly add: Code
  readonly and: Code
  readonly xor: Code
  /** Pushes a local's bits rotated. */
  rotateRight(local: number, bits: number): Code
  /** Pushes a local's bits shifted. */
  shiftRight(local: number, bits: number): Code
  /** Pushes constant K[t]. */
  roundConstant(t: number): Code
}

/** First of the eight locals of the chaining state H. */
export const STATE = 2
/** First of the sixteen locals that the block's words are to be in. */
export const SCHEDULE = 18
/** A local for what is needed at once. */
export const SCRATCH = 34
/** Locals of words, from STATE on. */
export const WORD_LOCALS = SCRATCH + 1 - STATE
const WORKING = 10

/**
 * SHA-256's compression of one block into the state: all 64 rounds unrolled, so that rotating a–h is
 * renaming. Spec: FIPS 180-4, 6.2.2; names as there.
 */
export function compressBlock(words: WordOperations): Code {
  const code: number[] = []
  for (let i = 0; i < 8; i++) code.push(...get(STATE + i), ...set(WORKING + i))
  for (let t = 0; t < 64; t++) {
    if (t >= 16) code.push(...nextWord(words, t))
    code.push(...round(words, t))
  }
  for (let i = 0; i < 8; i++) {
    code.push(...get(STATE + i), ...get(WORKING + i), ...words.add, ...set(STATE + i))
  }
  return code
}

/** W[t] = σ1(W[t−2]) + W[t−7] + σ0(W[t−15]) + W[t−16], in a ring of sixteen. */
function nextWord(words: WordOperations, t: number): Code {
  const word = (back: number): number => SCHEDULE + ((t - back) & 15)
  return [
    ...smallSigma(words, word(2), 17, 19, 10),
    ...[...get(word(7)), ...words.add],
    ...[...smallSigma(words, word(15), 7, 18, 3), ...words.add],
    ...[...get(word(16)), ...words.add, ...set(word(0))],
  ]
}

function round(words: WordOperations, t: number): Code {
  const { add, and, xor } = words
  const local = (letter: number): number => WORKING + ((letter - t) & 7)
  const [a, b, c, d] = [local(0), local(1), local(2), local(3)]
  const [e, f, g, h] = [local(4), local(5), local(6), local(7)]
  const choice = [...get(e), ...get(f), ...get(g), ...xor, ...and, ...get(g), ...xor]
  const majority = [
    ...[...get(a), ...get(b), ...xor, ...get(b), ...get(c), ...xor, ...and],
    ...[...get(b), ...xor],
  ]
  return [
    // T1 = h + Σ1(e) + Ch(e, f, g) + K + W
    ...[...get(h), ...bigSigma(words, e, 6, 11, 25), ...add, ...choice, ...add],
    ...[...words.roundConstant(t), ...get(SCHEDULE + (t & 15)), ...add, ...add, ...tee(SCRATCH)],
    // e = d + T1, which takes d's place
    ...[...get(d), ...add, ...set(d)],
    // a = T1 + Σ0(a) + Maj(a, b, c), which takes h's place
    ...[...bigSigma(words, a, 2, 13, 22), ...get(SCRATCH), ...add, ...majority, ...add, ...set(h)],
  ]
}

function bigSigma(words: WordOperations, local: number, x: number, y: number, z: number): Code {
  const two = [...words.rotateRight(local, x), ...words.rotateRight(local, y), ...words.xor]
  return [...two, ...words.rotateRight(local, z), ...words.xor]
}

function smallSigma(words: WordOperations, local: number, x: number, y: number, shift: number): Code {
  const two = [...words.rotateRight(local, x), ...words.rotateRight(local, y), ...words.xor]
  return [...two, ...words.shiftRight(local, shift), ...words.xor]
}
