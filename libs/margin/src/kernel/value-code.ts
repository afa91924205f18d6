import { TAIL_MAX } from '../math/normal.ts'
import { INFINITE_VOLATILITY, LEAST_VOLATILITY } from '../pricing/black76.ts'
import type { ConstantPool, Program } from './program.ts'
import { vectorExpHalfSquare, vectorScaledTail } from './vector-math.ts'
import { f64x2, v128 } from './web-assembly.ts'
import type { Code } from './web-assembly.ts'

/** Code that pushes the inputs of two options; each may be repeated. */
export interface ValueInputs {
  readonly logRatio: Code
  readonly forward: Code
  readonly strike: Code
  readonly volatility: Code
  readonly discount: Code
  readonly sign: Code
}

const { add, subtract, multiply, divide, lessThan, greaterThan, lesser, greater, abs } = f64x2

/** `valueOf` of ../pricing/black76.ts on two options: the same operations in the same order. */
export function vectorValueOf(program: Program, pool: ConstantPool, inputs: ValueInputs): Code {
  const { keep } = program
  const c = pool.double
  const { forward, strike, volatility } = inputs
  const v = keep(greater(c(LEAST_VOLATILITY), volatility))
  const low = keep(lesser(forward, strike))
  const h = keep(lesser(c(TAIL_MAX), divide(abs(inputs.logRatio), v)))
  const t = keep(multiply(v, c(0.5)))
  const d1 = keep(subtract(t, h))
  const a1 = keep(abs(d1))
  const a2 = keep(add(h, t))
  const tail1 = vectorScaledTail(program, pool, a1)
  const tail2 = vectorScaledTail(program, pool, a2)
  const density = keep(multiply(low, vectorExpHalfSquare(program, pool, a1)))
  // d₁ > 0: low − density·(tail1 + tail2); else density·(tail1 − tail2)
  const inside = keep(greaterThan(d1, c(0)))
  const signed = v128.xor(tail1, v128.and(inside, pool.bits(1n << 63n)))
  const inner = add(v128.and(inside, low), multiply(density, subtract(signed, tail2)))
  const finite = v128.select(inner, low, lessThan(volatility, c(INFINITE_VOLATILITY)))
  const outer = v128.and(greater(c(0), finite), greaterThan(volatility, c(0)))
  const intrinsic = greater(c(0), multiply(subtract(forward, strike), inputs.sign))
  return keep(multiply(inputs.discount, add(outer, intrinsic)))
}
