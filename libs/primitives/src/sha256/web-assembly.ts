/*
 * As much of a WebAssembly writer as SHA-256 needs, so that what runs can be read here: no compiler, and no
 * binary in the repository. Spec: WebAssembly Core 2.0, chapter 5.
 */

/** Bytes of a module or of a piece of one. */
export type Code = readonly number[]

/** Types of local variables. */
export const valueType = { i32: 0x7f, v128: 0x7b } as const

/** `local.get` */
export const get = (local: number): Code => [0x20, ...unsigned(local)]
/** `local.set` */
export const set = (local: number): Code => [0x21, ...unsigned(local)]
/** `local.tee` */
export const tee = (local: number): Code => [0x22, ...unsigned(local)]
/** `i32.const` */
export const constant = (value: number): Code => [0x41, ...signed(value)]

/** Instructions on i32. */
export const i32 = {
  add: [0x6a],
  subtract: [0x6b],
  and: [0x71],
  or: [0x72],
  xor: [0x73],
  shiftRight: [0x76],
  rotateLeft: [0x77],
  rotateRight: [0x78],
  load: (offset: number): Code => [0x28, 2, ...unsigned(offset)],
  store: (offset: number): Code => [0x36, 2, ...unsigned(offset)],
} as const

/** Instructions on four i32 at once. */
export const i32x4 = {
  and: [0xfd, 0x4e],
  xor: [0xfd, 0x51],
  shiftLeft: [0xfd, 0xab, 0x01],
  shiftRight: [0xfd, 0xad, 0x01],
  add: [0xfd, 0xae, 0x01],
  load: (offset: number): Code => [0xfd, 0x00, 4, ...unsigned(offset)],
  store: (offset: number): Code => [0xfd, 0x0b, 4, ...unsigned(offset)],
  shuffleBytes: (order: Code): Code => [0xfd, 0x0d, ...order],
  splat: (word: number): Code => {
    const bytes = [0, 8, 16, 24].map((shift) => (word >>> shift) & 0xff)
    return [0xfd, 0x0c, ...bytes, ...bytes, ...bytes, ...bytes]
  },
} as const

/** Runs `body` as often as local `counter` says, at least once, counting it down. */
export function repeat(counter: number, body: Code): Code {
  const countDown = [...get(counter), ...constant(1), ...i32.subtract, ...tee(counter)]
  return [0x03, 0x40, ...body, ...countDown, 0x0d, 0, 0x0b]
}

/** A module with `pages` × 64 KiB of memory and one function of one i32: exports `memory` and `run`. */
export function moduleOf(pages: number, locals: readonly (readonly [number, number])[], code: Code): Code {
  const declared = locals.flatMap(([count, type]) => [...unsigned(count), type])
  const body = [locals.length, ...declared, ...code, 0x0b]
  return [
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, 1, valueType.i32, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 1, pages, pages]),
    ...section(7, [2, ...name('memory'), 2, 0, ...name('run'), 0, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]
}

// What of the WebAssembly interface is used here: it is the same in Node and browsers, and part of neither's
// types.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  Instance: new (module: object) => {
    exports: { memory: { buffer: ArrayBuffer }; run: (argument: number) => void }
  }
}

/** A module of `moduleOf`, ready to run. Throws where WebAssembly is missing, forbidden, or without SIMD. */
export function instantiate(code: Code): { memory: ArrayBuffer; run: (argument: number) => void } {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(code)))
  return { memory: exports.memory.buffer, run: exports.run }
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

function section(id: number, content: Code): Code {
  return [id, ...unsigned(content.length), ...content]
}

function name(text: string): Code {
  return [text.length, ...Array.from(text, (letter) => letter.charCodeAt(0))]
}
