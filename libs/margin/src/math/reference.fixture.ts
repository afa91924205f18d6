/*
 * Elementary functions in fixed point of 1,536 binary places, by series whose terms all have one sign: the
 * exact values that tests measure against. Slow and obvious.
 */

/** Binary places. A double's least subnormal has 1,074; what is left keeps it precise to 1e-139. */
export const PLACES = 1536n
const ONE = 1n << PLACES

function multiply(a: bigint, b: bigint): bigint {
  return (a * b) >> PLACES
}

function divide(a: bigint, b: bigint): bigint {
  return (a << PLACES) / b
}

/** A finite double, exactly. */
export function fixed(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, Math.abs(x))
  const bits = view.getBigUint64(0)
  const exponent = bits >> 52n
  const significand = (bits & 0xfffffffffffffn) | (exponent === 0n ? 0n : 1n << 52n)
  const shift = (exponent === 0n ? 1n : exponent) - 1075n + PLACES
  const magnitude = significand << shift
  return x < 0 ? -magnitude : magnitude
}

/** How far `got` is from the exact value, in units of the last place that a double of that size has. */
export function errorInUlps(got: number, exact: bigint): number {
  const magnitude = exact < 0n ? -exact : exact
  const top = BigInt(magnitude.toString(2).length) - 1n - PLACES
  const ulp = top - 52n < -1074n ? -1074n : top - 52n
  const difference = fixed(got) - exact
  // Thousandths of an ulp fit a number
  return Number(((difference < 0n ? -difference : difference) * 1000n) >> (ulp + PLACES)) / 1000
}

/** |got ÷ exact − 1| */
export function relativeError(got: number, exact: bigint): number {
  const difference = fixed(got) - exact
  const scaled = ((difference < 0n ? -difference : difference) << 80n) / (exact < 0n ? -exact : exact)
  return Number(scaled) / 2 ** 80
}

/** artanh of 1 ÷ n and the like: Σ x^(2i+1) ÷ (2i + 1) */
function artanh(x: bigint): bigint {
  const square = multiply(x, x)
  let [sum, power] = [0n, x]
  for (let i = 1n; power !== 0n; i += 2n) {
    sum += power / i
    power = multiply(power, square)
  }
  return sum
}

const LN_2 = 2n * artanh(ONE / 3n)

/** eˣ */
export function exactExp(x: bigint): bigint {
  const n = (x + LN_2 / 2n) / LN_2 - (x + LN_2 / 2n < 0n ? 1n : 0n)
  // e^r = (e^(r ÷ 2³²))^(2³²)
  const r = (x - n * LN_2) >> 32n
  let [sum, term] = [ONE, ONE]
  for (let i = 1n; term !== 0n && i < 400n; i++) {
    term = multiply(term, r) / i
    sum += term
    if (term === -1n) break
  }
  for (let i = 0; i < 32; i++) sum = multiply(sum, sum)
  return n >= 0n ? sum << n : sum >> -n
}

/** ln x of a positive number */
export function exactLn(x: bigint): bigint {
  const k = BigInt(x.toString(2).length) - 1n - PLACES
  const m = k >= 0n ? x >> k : x << -k
  return k * LN_2 + 2n * artanh(divide(m - ONE, m + ONE))
}

/** π by Machin's formula, 16·arctan(1/5) − 4·arctan(1/239) */
const PI = 16n * arctanOfInverse(5n) - 4n * arctanOfInverse(239n)

function arctanOfInverse(n: bigint): bigint {
  let [sum, power] = [0n, ONE / n]
  for (let i = 1n; power !== 0n; i += 2n) {
    sum += i % 4n === 1n ? power / i : -power / i
    power /= n * n
  }
  return sum
}

/** Square root of a number that isn't negative */
export function exactRoot(x: bigint): bigint {
  const target = x << PLACES
  let root = 1n << (BigInt(target.toString(2).length + 1) / 2n)
  for (;;) {
    const next = (root + target / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

const ROOT_TWO_PI = exactRoot(2n * PI)

/** Density of the standard normal distribution */
export function exactPdf(x: bigint): bigint {
  return divide(ONE, multiply(exactExp(multiply(x, x) / 2n), ROOT_TWO_PI))
}

/** N(x) = ½ + φ(x)·(x + x³/3 + x⁵/15 + …) */
export function exactCdf(x: bigint): bigint {
  const square = multiply(x, x)
  let [sum, term] = [0n, x < 0n ? -x : x]
  for (let i = 3n; term !== 0n; i += 2n) {
    sum += term
    term = multiply(term, square) / i
  }
  // Divided, for φ itself has too few places left far out, and the sum is large there
  const half = divide(sum, multiply(exactExp(square / 2n), ROOT_TWO_PI))
  return x < 0n ? ONE / 2n - half : ONE / 2n + half
}

/** Numbers in [0, 1) from a seed: a test that fails fails again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    // Mulberry32 (T. Ettinger), 32 bits a call; two calls make a number
    const next = () => {
      state = (state + 0x6d2b79f5) >>> 0
      let t = Math.imul(state ^ (state >>> 15), state | 1)
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
      return (t ^ (t >>> 14)) >>> 0
    }
    return ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992
  }
}
