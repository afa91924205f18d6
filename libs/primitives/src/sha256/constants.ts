/** The eight words that a hash starts from. Spec: FIPS 180-4, 5.3.3. */
export function initialWords(): number[] {
  return primes(8).map((prime) => fractionBits(prime, 2))
}

/** The 64 round constants. Spec: FIPS 180-4, 4.2.2. */
export function roundConstants(): number[] {
  return primes(64).map((prime) => fractionBits(prime, 3))
}

function primes(count: number): number[] {
  const found: number[] = []
  for (let candidate = 2; found.length < count; candidate++) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate)
  }
  return found
}

/** The first 32 bits of the fraction of the square (2) or cube (3) root, in integer arithmetic. */
function fractionBits(prime: number, root: 2 | 3): number {
  const power = BigInt(root)
  const target = BigInt(prime) << (32n * power)
  let found = 0n
  for (let bit = 1n << 40n; bit > 0n; bit >>= 1n) if ((found + bit) ** power <= target) found += bit
  return Number(found & 0xffffffffn)
}
