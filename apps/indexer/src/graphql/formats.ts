// How numbers, times and bytes look in answers.

/** An integer with a decimal scale as text: `decimalText(-1500000n, 6)` is `-1.500000`. */
export function decimalText(value: bigint, scale: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const fraction = scale === 0 ? '' : `.${digits.slice(digits.length - scale)}`
  return `${value < 0n ? '-' : ''}${whole}${fraction}`
}

/** RFC 3339 in UTC with nanoseconds. */
export function timeText(nanoseconds: bigint): string {
  const fraction = ((nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n
  const seconds = (nanoseconds - fraction) / 1_000_000_000n
  const text = new Date(Number(seconds) * 1000).toISOString()
  return `${text.slice(0, text.indexOf('.'))}.${fraction.toString().padStart(9, '0')}Z`
}

/**
 * The part that a haircut takes off a value, as basis points rounded to the nearest; null when there is no
 * value.
 */
export function haircutBps(valueE6: bigint, weightedE6: bigint): number | null {
  if (valueE6 <= 0n) return null
  return Number(((valueE6 - weightedE6) * 10_000n + valueE6 / 2n) / valueE6)
}
