/*
 * As much of a WebAssembly writer as the kernel needs, so that what runs can be read here: no compiler, and
 * no binary in the repository. Spec: WebAssembly Core 2.0, chapter 5.
 */

/** Bytes of a module or of a piece of one. */
export type Code = readonly number[]

/** Types of parameters, results and locals. */
export const valueType = { i32: 0x7f, f64: 0x7c, v128: 0x7b } as const

/** `local.get` */
export const get = (local: number): Code => [0x20, ...unsigned(local)]
/** `local.set` */
export const set = (local: number): Code => [0x21, ...unsigned(local)]
/** `local.tee` */
export const tee = (local: number): Code => [0x22, ...unsigned(local)]
/** `i32.const` */
export const constant = (value: number): Code => [0x41, ...signed(value)]

/** Instructions on one number, to stand behind their operands. */
export const i32 = {
  add: [0x6a],
  and: [0x71],
  shiftLeft: [0x74],
  lessSigned: [0x48],
} as const
/** `f64.add`, to stand behind its operands */
export const addDoubles: Code = [0xa0]

const simd = (opcode: number): Code => [0xfd, ...unsigned(opcode)]
const binary =
  (opcode: number) =>
  (a: Code, b: Code): Code => [...a, ...b, ...simd(opcode)]

/** Instructions on two doubles at once, as functions of their operands' code. */
export const f64x2 = {
  splat: (a: Code): Code => [...a, ...simd(0x14)],
  lane: (a: Code, lane: 0 | 1): Code => [...a, ...simd(0x21), lane],
  lessThan: binary(0x49),
  greaterThan: binary(0x4a),
  atLeast: binary(0x4c),
  abs: (a: Code): Code => [...a, ...simd(0xec)],
  add: binary(0xf0),
  subtract: binary(0xf1),
  multiply: binary(0xf2),
  divide: binary(0xf3),
  /** b < a ? b : a */
  lesser: binary(0xf6),
  /** a < b ? b : a */
  greater: binary(0xf7),
} as const

/** Instructions on the 128 bits. */
export const v128 = {
  load: (address: Code, offset = 0): Code => [...address, ...simd(0x00), 3, ...unsigned(offset)],
  /** Reads one double into lane 0; lane 1 is 0. */
  loadLow: (address: Code, offset = 0): Code => [...address, ...simd(0x5d), 3, ...unsigned(offset)],
  store: (address: Code, a: Code): Code => [...address, ...a, ...simd(0x0b), 3, 0],
  storeLow: (address: Code, a: Code): Code => [...address, ...a, ...simd(0x5b), 3, 0, 0],
  and: binary(0x4e),
  or: binary(0x50),
  xor: binary(0x51),
  not: (a: Code): Code => [...a, ...simd(0x4d)],
  /** 1 when any bit is set, as i32 */
  anyTrue: (a: Code): Code => [...a, ...simd(0x53)],
  /** mask ? a : b, bit by bit */
  select: (a: Code, b: Code, mask: Code): Code => [...a, ...b, ...mask, ...simd(0x52)],
} as const

/** Instructions on two 64-bit integers at once. */
export const i64x2 = {
  shiftLeft: (a: Code, bits: number): Code => [...a, ...constant(bits), ...simd(0xcb)],
  shiftRight: (a: Code, bits: number): Code => [...a, ...constant(bits), ...simd(0xcd)],
  add: binary(0xce),
} as const

/** `if` without a result */
export const when = (condition: Code, then: Code): Code => [...condition, 0x04, 0x40, ...then, 0x0b]
/** A loop that runs `body` again as long as `again` is not 0. */
export const loopWhile = (body: Code, again: Code): Code => [0x03, 0x40, ...body, ...again, 0x0d, 0, 0x0b]

/** One exported function of a module. */
export interface WasmFunction {
  readonly name: string
  readonly parameters: readonly number[]
  readonly result: number | undefined
  readonly locals: readonly (readonly [count: number, type: number])[]
  readonly code: Code
}

/** A module with a growable `memory` of at first `pages` × 64 KiB, and functions that are all exported. */
export function moduleOf(pages: number, functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters, result }) => [
    ...[0x60, ...vector(parameters.map((type) => [type]))],
    ...vector(result === undefined ? [] : [[result]]),
  ])
  const exported = functions.map(({ name }, i) => [...text(name), 0, ...unsigned(i)])
  const bodies = functions.map(({ locals, code }) => {
    const body = [...vector(locals.map(([count, type]) => [...unsigned(count), type])), ...code, 0x0b]
    return [...unsigned(body.length), ...body]
  })
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector(types)),
    ...section(3, vector(functions.map((_, i) => unsigned(i)))),
    ...section(5, [1, 0, ...unsigned(pages)]),
    ...section(7, vector([[...text('memory'), 2, 0], ...exported])),
    ...section(10, vector(bodies)),
  ])
}

/** LEB128 of a number that isn't negative. */
export function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

/** Signed LEB128 of the value as 32 bits. */
export function signed(value: number): Code {
  const bits = value | 0
  return bits >= -0x40 && bits < 0x40 ? [bits & 0x7f] : [(bits & 0x7f) | 0x80, ...signed(bits >> 7)]
}

function vector(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()]
}

function section(id: number, content: Code): Code {
  return [id, ...unsigned(content.length), ...content]
}

function text(value: string): Code {
  return vector(Array.from(value, (letter) => [letter.charCodeAt(0)]))
}
