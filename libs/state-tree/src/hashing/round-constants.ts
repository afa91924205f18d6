/** The first `count` primes. */
export function primes(count: number): number[] {
  const found: number[] = []
  for (let candidate = 2; found.length < count; candidate++) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate)
  }
  return found
}

/**
 * The first 32 bits of the fraction of the square (2) or cube (3) root: the constants of FIPS 180-4, 4.2.2
 * and 5.3.3, in integer arithmetic.
 */
export function fractionBits(prime: number, root: 2 | 3): number {
  const power = BigInt(root)
  const target = BigInt(prime) << (32n * power)
  let low = 0n
  let high = 1n << 40n
  while (low < high) {
    const middle = (low + high + 1n) >> 1n
    if (middle ** power <= target) low = middle
    else high = middle - 1n
  }
  return Number(low & 0xffffffffn)
}
