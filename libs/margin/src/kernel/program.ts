import { constant, get, set, v128 } from './web-assembly.ts'
import type { Code } from './web-assembly.ts'

/** Constants of a module, each once and in both lanes, to be laid at the start of its memory. */
export interface ConstantPool {
  /** Code that pushes both lanes with this double. */
  double(value: number): Code
  /** Code that pushes both lanes with these 64 bits. */
  bits(value: bigint): Code
  /** What the memory must begin with. */
  bytes(): Uint8Array
}

/**
 * An empty pool. Constants are loaded rather than written into the code: engines build a written one from two
 * general registers each time it is needed.
 */
export function createConstantPool(): ConstantPool {
  const entries: bigint[] = []
  const view = new DataView(new ArrayBuffer(8))
  const bits = (value: bigint): Code => {
    const found = entries.indexOf(value)
    const index = found < 0 ? entries.push(value) - 1 : found
    return v128.load(constant(0), index * 16)
  }
  return {
    bits,
    double: (value) => {
      view.setFloat64(0, value)
      return bits(view.getBigUint64(0))
    },
    bytes: () => {
      const bytes = new DataView(new ArrayBuffer(entries.length * 16))
      entries.forEach((entry, i) => {
        bytes.setBigUint64(i * 16, entry, true)
        bytes.setBigUint64(i * 16 + 8, entry, true)
      })
      return new Uint8Array(bytes.buffer)
    },
  }
}

/** Straight-line code in the making, whose intermediate vectors are kept in locals. */
export interface Program {
  /** Computes a vector now; returns the code that pushes it again. */
  keep(value: Code): Code
  /** Appends an instruction sequence that leaves nothing behind. */
  run(code: Code): void
  /** What was written so far. */
  code(): Code
  /** How many locals were taken. */
  locals(): number
}

/** An empty program whose first vector local is `firstLocal`. */
export function createProgram(firstLocal: number): Program {
  const written: number[] = []
  let next = firstLocal
  return {
    keep: (value) => {
      written.push(...value, ...set(next))
      return get(next++)
    },
    run: (code) => void written.push(...code),
    code: () => written,
    locals: () => next - firstLocal,
  }
}
