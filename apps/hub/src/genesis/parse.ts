// Reads the parts of app_state: strict schemas, and errors that name the path.
import { U256_MAX, U64_MAX } from '@causeway/primitives'
import { z } from 'zod'
import { errors } from './genesis-errors.ts'

const DECIMAL = /^(0|[1-9][0-9]{0,77})$/

/** A decimal text from 0 to 2²⁵⁶ − 1. */
export const amountText = z
  .string()
  .regex(DECIMAL, 'expected a decimal number')
  .transform((text) => BigInt(text))
  .refine((value) => value <= U256_MAX, 'expected at most 2^256 - 1')

/** A decimal text from 0 to 2⁶⁴ − 1. */
export const u64Text = z
  .string()
  .regex(DECIMAL, 'expected a decimal number')
  .transform((text) => BigInt(text))
  .refine((value) => value <= U64_MAX, 'expected at most 2^64 - 1')

/** Basis points from 0 to 10,000. */
export const basisPoints = z.int().min(0).max(10_000)

/** A denomination as the Cosmos SDK allows it. */
export const denomText = z.string().regex(/^[a-zA-Z][a-zA-Z0-9/:._-]{2,127}$/, 'expected a denomination')

/** Reads one module's part by its schema. Throws `genesis/2`, naming the first path that is wrong. */
export function parseGenesis<Schema extends z.ZodType>(
  module: string,
  schema: Schema,
  state: unknown,
): z.output<Schema> {
  const result = schema.safeParse(state)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const path = [module, ...(issue?.path ?? [])].map(String).join('.')
  throw errors.invalid({ path, reason: issue?.message ?? 'not as expected' })
}

/** The error for a value that the schema can't judge. */
export function invalidGenesis(path: string, reason: string): Error {
  return errors.invalid({ path, reason })
}

/** Reads app_state: an object with one member a module. Throws `genesis/1`, `genesis/3`, `genesis/4`. */
export function parseAppState(bytes: Uint8Array, modules: readonly string[]): Map<string, unknown> {
  if (bytes.length > APP_STATE_BYTES_MAX)
    throw errors.tooLarge({ bytes: bytes.length, max: APP_STATE_BYTES_MAX })
  const members = Object.entries(parseObject(bytes))
  for (const [name] of members) if (!modules.includes(name)) throw errors.unknownModule({ name })
  return new Map(members)
}

const APP_STATE_BYTES_MAX = 64 * 1024 * 1024

function parseObject(bytes: Uint8Array): object {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw errors.notJson({ reason: (error as Error).message })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw errors.notJson({ reason: 'expected an object' })
  }
  return value
}
