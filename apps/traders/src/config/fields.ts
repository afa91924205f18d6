// Fields of the configuration files.
import { isIP } from 'node:net'
import { z } from 'zod'
import { parseUnits } from 'viem'

const E6_DIGITS = 6
const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const

/** `500ms`, `3s`, `1h` as milliseconds, within bounds. */
export function duration(fallback: string, minMs: number, maxMs: number) {
  return z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const match = /^(\d{1,6})(ms|s|m|h)$/.exec(text)
      const unit = UNITS_MS[match?.[2] as keyof typeof UNITS_MS] ?? Number.NaN
      const milliseconds = Number(match?.[1]) * unit
      if (milliseconds >= minMs && milliseconds <= maxMs) return milliseconds
      const message = `expected a duration from ${minMs} ms to ${maxMs} ms, as 3s`
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    })
}

/** An amount of cash that is not negative, as text or a number, in micro-cash. */
export function cash(fallback: string) {
  return z
    .union([z.string(), z.number()])
    .default(fallback)
    .transform((given, context) => {
      const text = String(given)
      if (/^(0|[1-9]\d{0,14})(\.\d{1,6})?$/.test(text)) return parseUnits(text, E6_DIGITS)
      context.addIssue({ code: 'custom', message: 'expected an amount of cash, as 1500 or "0.5"' })
      return z.NEVER
    })
}

/** Hundredths of a per cent. */
export function bps(fallback: number, min: number, max: number) {
  return z
    .number()
    .int()
    .min(min)
    .max(max)
    .default(fallback)
    .transform((number) => BigInt(number))
}

/** An http address without a slash at its end. */
export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'expected an http:// or https:// address' })
  .transform((url) => url.replace(/\/+$/, ''))

const isLoopback = (host: string) => host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/** Where health and metrics are served: this machine only; port 0 takes a free one. Absent: nowhere. */
export const listen = z
  .strictObject({
    host: z.string().default('127.0.0.1').refine(isLoopback, 'expected a loopback address'),
    port: z.number().int().min(0).max(65_535),
  })
  .optional()

/** Which hub, and who acts: what a file says, the command line may say otherwise. */
export const connection = {
  /** The client's file, as `npm start` writes it. */
  client: z.string().default('.devnet/client.json'),
  rpc: httpUrl.optional(),
  chainId: z.string().max(64).optional(),
  /** File of an EVM wallet's private key. */
  key: z.string().optional(),
  /** A feeder of one's own (docs/feeder.md): nothing is done at prices that it contradicts. */
  reference: z
    .strictObject({
      url: httpUrl,
      deviationBps: bps(100, 1, 10_000),
      maxAge: duration('15s', 1_000, 600_000),
    })
    .optional(),
  listen,
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
}
