import { U256_MAX } from '@causeway/primitives'
import { errors } from './transfer-errors.ts'

const DECIMAL = /^[1-9][0-9]{0,77}$/

/**
 * * Reads an amount as text: decimal, 1 … 2²⁵⁶ − 1. Throws `transfer/40`.
 *
 * DIFFERS FROM SPEC: ibc-go reads Go literals (`0x10`, `0b1`, `010` as octal, `1_000`, `+5`); no wallet
 * writes them.
 */
export function parseAmount(text: string): bigint {
  if (!DECIMAL.test(text)) throw errors.malformedAmount()
  const amount = BigInt(text)
  if (amount > U256_MAX) throw errors.malformedAmount()
  return amount
}
