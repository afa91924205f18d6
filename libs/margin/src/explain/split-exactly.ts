const E6 = 1e6
/** A thousandth of a micro-cash: what doubles leave of a number that is meant to be whole. */
const LEFT = 1e-3

/** Cash in whole micro-cash, rounded down; what lacks less than a thousandth of one is whole. */
export function microCash(amount: number): bigint {
  return BigInt(Math.floor(amount * E6 + LEFT))
}

/**
 * Rounds amounts of cash to whole micro-cash that sum to `total`: each down (`microCash`), then what is
 * missing one by one to the largest remainders, of equal ones to the first. Where the amounts themselves
 * don't sum to about `total`, all take an equal share of the difference first. `amounts` is not empty
 * unless `total` is 0.
 */
export function splitExactly(amounts: ArrayLike<number>, total: bigint): bigint[] {
  const count = amounts.length
  if (count === 0) return []
  const { whole, remainder } = rounded(amounts)
  let missing = total - whole.reduce((sum, each) => sum + each, 0n)
  const all = missing < 0n ? -((-missing + BigInt(count) - 1n) / BigInt(count)) : missing / BigInt(count)
  missing -= all * BigInt(count)
  const shares = all === 0n ? whole : whole.map((each) => each + all)
  for (const index of byRemainder(remainder, Number(missing))) shares[index]! += 1n
  return shares
}

/** Rounds amounts to whole micro-cash that sum to the sum of the amounts, rounded down. */
export function splitSum(amounts: ArrayLike<number>): bigint[] {
  const { whole, remainder } = rounded(amounts)
  const missing = Math.floor(remainder.reduce((sum, each) => sum + each, 0) + LEFT)
  for (const index of byRemainder(remainder, Math.max(0, missing))) whole[index]! += 1n
  return whole
}

function rounded(amounts: ArrayLike<number>): { whole: bigint[]; remainder: Float64Array } {
  const whole: bigint[] = []
  const remainder = new Float64Array(amounts.length)
  for (let i = 0; i < amounts.length; i++) {
    const micro = amounts[i]! * E6
    const down = Math.floor(micro + LEFT)
    whole.push(BigInt(down))
    remainder[i] = micro - down
  }
  return { whole, remainder }
}

/** The first `count` indexes by remainder, descending. */
function byRemainder(remainder: Float64Array, count: number): Uint32Array {
  if (count === 0) return new Uint32Array(0)
  const order = Uint32Array.from(remainder, (_, index) => index)
  return order.sort((a, b) => remainder[b]! - remainder[a]! || a - b).subarray(0, count)
}
