/*
 * SHA-256's compression function as a WebAssembly module, put together here so that it needs no compiler and
 * no binary in the repository. One exported function hashes `blocks` padded 64-byte blocks at INPUT_OFFSET
 * and leaves the digest, big-endian, at address 0. Spec: FIPS 180-4, section 6.2; names of variables as
 * there.
 */

/** Where the padded message starts in the module's memory. */
export const INPUT_OFFSET = 64
/** Bytes of the module's memory. */
export const MEMORY_BYTES = 65536

const INITIAL = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]

// Locals: 0 is the parameter `blocks`, then the read address, a–h, the chaining state, the message schedule,
// T1.
const BLOCKS = 0
const ADDRESS = 1
const WORKING = 2
const STATE = 10
const SCHEDULE = 18
const T1 = 34
const LOCALS = 34

const op = {
  end: 0x0b,
  branchIf: 0x0d,
  get: 0x20,
  set: 0x21,
  load: 0x28,
  store: 0x36,
  constant: 0x41,
  add: 0x6a,
  subtract: 0x6b,
  and: 0x71,
  xor: 0x73,
  shiftRight: 0x76,
  rotateLeft: 0x77,
  rotateRight: 0x78,
  or: 0x72,
}

/** The module's bytes. */
export function sha256Module(): Uint8Array<ArrayBuffer> {
  const body = [1, ...leb(LOCALS), 0x7f, ...functionCode()]
  const code = [1, ...leb(body.length), ...body]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, 1, 0x7f, 0]), // one type: (i32) → ()
    ...section(3, [1, 0]),
    ...section(5, [1, 1, 1, 1]), // one memory of one page, never grown
    ...section(7, [2, ...exported('memory', 2), ...exported('hash', 0)]),
    ...section(10, code),
  ])
}

function functionCode(): number[] {
  return [
    ...INITIAL.flatMap((value, i) => [...constant(value), op.set, STATE + i]),
    ...[...constant(INPUT_OFFSET), op.set, ADDRESS],
    ...[0x03, 0x40], // loop
    ...blockCode(),
    ...[op.get, ADDRESS, ...constant(64), op.add, op.set, ADDRESS],
    ...[op.get, BLOCKS, ...constant(1), op.subtract, op.set, BLOCKS],
    ...[op.get, BLOCKS, op.branchIf, 0, op.end],
    ...INITIAL.flatMap((_, i) => [
      ...constant(0),
      ...swapped([op.get, STATE + i]),
      op.store,
      2,
      ...leb(4 * i),
    ]),
    op.end,
  ]
}

/** One block, all 64 rounds unrolled: rotating a–h is renaming. */
function blockCode(): number[] {
  const code: number[] = []
  for (let t = 0; t < 16; t++) {
    code.push(...swapped([op.get, ADDRESS, op.load, 2, ...leb(4 * t)]), op.set, SCHEDULE + t)
  }
  for (let i = 0; i < 8; i++) code.push(op.get, STATE + i, op.set, WORKING + i)
  const constants = roundConstants()
  for (let t = 0; t < 64; t++) {
    if (t >= 16) code.push(...scheduleCode(t))
    code.push(...roundCode(t, constants[t]!))
  }
  for (let i = 0; i < 8; i++) code.push(op.get, STATE + i, op.get, WORKING + i, op.add, op.set, STATE + i)
  return code
}

/** W[t] = σ1(W[t−2]) + W[t−7] + σ0(W[t−15]) + W[t−16], in a ring of sixteen. */
function scheduleCode(t: number): number[] {
  const w = (back: number) => SCHEDULE + ((t - back) & 15)
  return [
    ...sigma(w(2), [17, 19], 10),
    ...[op.get, w(7), op.add],
    ...[...sigma(w(15), [7, 18], 3), op.add],
    ...[op.get, w(16), op.add, op.set, w(0)],
  ]
}

function roundCode(t: number, k: number): number[] {
  const [a, b, c, d, e, f, g, h] = Array.from({ length: 8 }, (_, i) => WORKING + ((i - t) & 7)) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return [
    // T1 = h + Σ1(e) + Ch(e, f, g) + K + W
    ...[op.get, h, ...sigma(e, [6, 11, 25]), op.add],
    ...[op.get, g, op.get, e, op.get, f, op.get, g, op.xor, op.and, op.xor, op.add],
    ...[...constant(k), op.add, op.get, SCHEDULE + (t & 15), op.add, op.set, T1],
    // e' = d + T1, which takes d's place
    ...[op.get, d, op.get, T1, op.add, op.set, d],
    // a' = T1 + Σ0(a) + Maj(a, b, c), which takes h's place
    ...[op.get, T1, ...sigma(a, [2, 13, 22]), op.add],
    ...[
      op.get,
      a,
      op.get,
      b,
      op.and,
      op.get,
      c,
      op.get,
      a,
      op.get,
      b,
      op.or,
      op.and,
      op.or,
      op.add,
      op.set,
      h,
    ],
  ]
}

/** XOR of rotations to the right and, for the lower-case sigmas, a shift. */
function sigma(local: number, rotations: readonly number[], shift?: number): number[] {
  const terms = rotations.map((count) => [op.get, local, ...constant(count), op.rotateRight])
  if (shift !== undefined) terms.push([op.get, local, ...constant(shift), op.shiftRight])
  return terms.flatMap((term, i) => (i === 0 ? term : [...term, op.xor]))
}

/** The word that `code` pushes, with its bytes reversed. */
function swapped(code: readonly number[]): number[] {
  return [
    ...[...code, op.set, T1, op.get, T1, ...constant(8), op.rotateLeft, ...constant(0x00ff00ff), op.and],
    ...[op.get, T1, ...constant(8), op.rotateRight, ...constant(0xff00ff00), op.and, op.or],
  ]
}

/** Cube roots of the first 64 primes: the first 32 bits of their fractions, by integer arithmetic. */
function roundConstants(): number[] {
  const primes: bigint[] = []
  for (let n = 2n; primes.length < 64; n++) if (primes.every((prime) => n % prime !== 0n)) primes.push(n)
  return primes.map((prime) => Number(cubeRoot(prime << 96n) & 0xffffffffn))
}

function cubeRoot(value: bigint): bigint {
  let root = 0n
  for (let bit = 1n << 40n; bit > 0n; bit >>= 1n) if ((root + bit) ** 3n <= value) root += bit
  return root
}

function constant(value: number): number[] {
  const bytes = [op.constant]
  let rest = value | 0
  for (;;) {
    const byte = rest & 0x7f
    rest >>= 7
    const isLast = (rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0)
    bytes.push(isLast ? byte : byte | 0x80)
    if (isLast) return bytes
  }
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...leb(content.length), ...content]
}

function exported(name: string, kind: number): number[] {
  return [name.length, ...Array.from(name, (character) => character.charCodeAt(0)), kind, 0]
}

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)]
}
