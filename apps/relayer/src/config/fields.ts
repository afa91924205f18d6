import { z } from 'zod'

import { parseDurationMs } from './durations.ts'

/** Human-readable part of a chain's addresses, as configurations and commands take it. */
export const ADDRESS_PREFIX = /^[a-z]{1,83}$/

/** A chain's id; of an EVM chain its CAIP-2 name, eip155:N. */
export const CHAIN_ID = z
  .string()
  .regex(/^[\w.:-]{1,50}$/, 'a chain id: letters, digits, ".", "_", ":", "-", at most 50')

/** A name of a variable that holds a secret. */
export const ENV_NAME = z
  .string()
  .regex(/^[A-Z_][A-Z0-9_]*$/, 'the name of an environment variable, in capitals')

/** An endpoint. */
export const HTTP_URL = z.url({ protocol: /^https?$/, error: 'an http:// or https:// address' })

/** A duration with its unit, as milliseconds. */
export const duration = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const ms = parseDurationMs(text)
      if (ms !== undefined) return ms
      context.addIssue({
        code: 'custom',
        message: `"${text}" is no duration: write 500ms, 30s, 5m, 12h or 14d`,
      })
      return z.NEVER
    })

/** A positive whole number. */
export const count = (fallback: number) =>
  z.number().int().positive().max(1_000_000_000).default(fallback).transform(BigInt)

/** Where a wallet's secret is. */
export const keySource = (hdPath: string) =>
  z
    .strictObject({
      env: ENV_NAME.optional(),
      file: z.string().min(1).optional(),
      passwordEnv: ENV_NAME.optional(),
      hdPath: z
        .string()
        .regex(/^m(\/\d+'?)+$/, `a derivation path, for example ${hdPath}`)
        .default(hdPath),
    })
    .refine((value) => (value.env === undefined) !== (value.file === undefined), 'name either env or file')
