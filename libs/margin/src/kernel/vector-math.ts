import {
  EXP_COEFFICIENTS,
  HALF_SQUARE_MAX,
  LN2_HIGH,
  LN2_LOW,
  LOG2_E,
  ROUND_TO_64TH,
  ROUND_TO_INTEGER,
  SCALE_DOWN,
} from '../math/exp.ts'
import { HALF_ROOT, LEAST_NORMAL, LN_COEFFICIENTS } from '../math/ln.ts'
import { TAIL_DENOMINATOR, TAIL_NUMERATOR } from '../math/normal.ts'
import type { ConstantPool, Program } from './program.ts'
import { f64x2, i64x2, v128 } from './web-assembly.ts'
import type { Code } from './web-assembly.ts'

/*
 * The functions of ../math on two numbers at once: the same operations in the same order, with selections
 * where those branch. `a`, `x` … are code that pushes a vector and may be repeated (what `keep` returned).
 */

const { add, subtract, multiply, divide, greaterThan, lesser, greater } = f64x2

/** `logMoneyness` of ../pricing/black76.ts. */
export function vectorLogMoneyness(program: Program, pool: ConstantPool, a: Code, b: Code): Code {
  const { keep } = program
  const c = pool.double
  const aBits = keep(greater(c(LEAST_NORMAL), a))
  const bBits = keep(greater(c(LEAST_NORMAL), b))
  const p = keep(significand(pool, aBits))
  const q = keep(significand(pool, bBits))
  const up = keep(greaterThan(multiply(p, c(HALF_ROOT)), q))
  const down = keep(greaterThan(multiply(q, c(HALF_ROOT)), p))
  const e = subtract(biasedExponent(pool, aBits), biasedExponent(pool, bBits))
  const k = keep(subtract(add(e, v128.and(up, c(1))), v128.and(down, c(1))))
  const top = keep(add(p, v128.and(p, down)))
  const bottom = keep(add(q, v128.and(q, up)))
  const s = keep(divide(subtract(top, bottom), add(top, bottom)))
  const z = keep(multiply(s, s))
  const series = seriesOf(program, pool, z)
  const rest = add(multiply(multiply(s, z), series), multiply(k, c(LN2_LOW)))
  return keep(add(multiply(k, c(LN2_HIGH)), add(add(s, s), rest)))
}

function significand(pool: ConstantPool, bits: Code): Code {
  return v128.or(v128.and(bits, pool.bits(0xfffffffffffffn)), pool.double(1))
}

/** 2⁵² + the exponent with its bias, which cancel when two of them are subtracted. */
function biasedExponent(pool: ConstantPool, bits: Code): Code {
  return v128.or(i64x2.shiftRight(bits, 52), pool.double(4503599627370496))
}

function seriesOf({ keep }: Program, { double: c }: ConstantPool, z: Code): Code {
  const [l0, l1, l2, l3, l4, l5, l6] = LN_COEFFICIENTS
  const z2 = keep(multiply(z, z))
  const low = add(line(c(l0), c(l1), z), multiply(line(c(l2), c(l3), z), z2))
  const high = add(line(c(l4), c(l5), z), multiply(c(l6), z2))
  return add(low, multiply(high, multiply(z2, z2)))
}

/** `expHalfSquare` of ../math/exp.ts. */
export function vectorExpHalfSquare(program: Program, pool: ConstantPool, a: Code): Code {
  const { keep } = program
  const c = pool.double
  const t = keep(lesser(c(HALF_SQUARE_MAX), a))
  const high = keep(subtract(add(t, c(ROUND_TO_64TH)), c(ROUND_TO_64TH)))
  const square = keep(multiply(multiply(high, high), c(-0.5)))
  const rest = keep(multiply(multiply(subtract(t, high), add(t, high)), c(-0.5)))
  const rounded = keep(add(multiply(add(square, rest), c(LOG2_E)), c(ROUND_TO_INTEGER)))
  const n = keep(subtract(rounded, c(ROUND_TO_INTEGER)))
  const reduced = add(subtract(square, multiply(n, c(LN2_HIGH))), rest)
  const r = keep(subtract(reduced, multiply(n, c(LN2_LOW))))
  // The low bits of `rounded` are n: shifted to where the exponent stands, with its bias, they are 2ⁿ⁺²⁵⁶.
  const power = i64x2.add(i64x2.shiftLeft(rounded, 52), pool.bits((1023n + 256n) << 52n))
  return keep(multiply(multiply(expReduced(program, pool, r), power), c(SCALE_DOWN)))
}

function expReduced({ keep }: Program, { double: c }: ConstantPool, r: Code): Code {
  const [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9] = EXP_COEFFICIENTS
  const r2 = keep(multiply(r, r))
  const r4 = keep(multiply(r2, r2))
  const low = add(line(c(c0), c(c1), r), multiply(line(c(c2), c(c3), r), r2))
  const middle = add(line(c(c4), c(c5), r), multiply(line(c(c6), c(c7), r), r2))
  const q = add(low, multiply(add(middle, multiply(line(c(c8), c(c9), r), r4)), r4))
  return add(c(1), add(r, multiply(r2, q)))
}

/** `scaledTail` of ../math/normal.ts. */
export function vectorScaledTail({ keep }: Program, { double: c }: ConstantPool, a: Code): Code {
  const a2 = keep(multiply(a, a))
  const a4 = keep(multiply(a2, a2))
  const a8 = keep(multiply(a4, a4))
  const [p0, p1, p2, p3, p4, p5, p6, p7, p8, p9] = TAIL_NUMERATOR
  const [q0, q1, q2, q3, q4, q5, q6, q7, q8, q9, q10] = TAIL_DENOMINATOR
  const four = (x0: number, x1: number, x2: number, x3: number): Code =>
    add(line(c(x0), c(x1), a), multiply(line(c(x2), c(x3), a), a2))
  const p = add(four(p0, p1, p2, p3), multiply(four(p4, p5, p6, p7), a4))
  const q = add(four(q0, q1, q2, q3), multiply(four(q4, q5, q6, q7), a4))
  const highest = add(line(c(q8), c(q9), a), multiply(c(q10), a2))
  const top = add(p, multiply(line(c(p8), c(p9), a), a8))
  return keep(divide(top, add(q, multiply(highest, a8))))
}

/** c₀ + c₁·x */
function line(c0: Code, c1: Code, x: Code): Code {
  return add(c0, multiply(c1, x))
}
