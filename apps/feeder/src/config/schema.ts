import { isIP } from 'node:net'
import { z } from 'zod'
import { FORMAT_NAMES, formats } from '../formats/formats.ts'

/** `500ms`, `3s`, `65m`, `1h` as milliseconds, within bounds. */
const duration = (fallback: string, minMs: number, maxMs: number) =>
  z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const match = /^(\d{1,6})(ms|s|m|h)$/.exec(text)
      const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[match?.[2] ?? '']
      const milliseconds = Number(match?.[1]) * (unit ?? Number.NaN)
      if (milliseconds >= minMs && milliseconds <= maxMs) return milliseconds
      context.addIssue({
        code: 'custom',
        message: `expected a duration from ${minMs} ms to ${maxMs} ms, as 3s`,
      })
      return z.NEVER
    })

const name = z.string().regex(/^[a-z0-9-]{1,32}$/, 'expected 1 to 32 of a-z, 0-9 and "-"')
const httpUrl = z
  .url({ protocol: /^https?$/, error: 'expected an http:// or https:// address' })
  .transform((url) => url.replace(/\/$/, ''))
const isLoopback = (host: string) => host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

const source = z
  .strictObject({
    format: z.enum(FORMAT_NAMES),
    url: httpUrl.optional(),
    /** `true` for the source's own address. */
    stream: z
      .union([z.boolean(), z.url({ protocol: /^wss?$/, error: 'expected a ws:// or wss:// address' })])
      .default(false),
    poll: duration('1s', 100, 3_600_000),
    timeout: duration('3s', 100, 60_000),
    staleAfter: duration('0s', 0, 86_400_000),
    apiKey: z
      .strictObject({
        header: z.string().regex(/^[A-Za-z-]{1,64}$/, 'expected the name of a header'),
        env: z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'expected the name of an environment variable'),
      })
      .optional(),
  })
  .transform((given, context) => {
    const { rest, stream, staleAfterMs } = formats[given.format]
    const url = given.url ?? rest.url
    if (url === undefined) {
      context.addIssue({ code: 'custom', message: `${given.format} needs a url` })
      return z.NEVER
    }
    const streamUrl = given.stream === true ? stream?.url : given.stream === false ? undefined : given.stream
    if (given.stream !== false && (stream === undefined || streamUrl === undefined)) {
      context.addIssue({ code: 'custom', message: `${given.format} has no stream` })
      return z.NEVER
    }
    const { poll: pollMs, timeout: timeoutMs, staleAfter, format, apiKey } = given
    const stale = staleAfter === 0 ? staleAfterMs : staleAfter
    return { format, url, streamUrl, pollMs, timeoutMs, staleAfterMs: stale, apiKey }
  })

const surface = z
  .strictObject({
    source: name,
    /** As Deribit names it: ETH, or USDC for linear options of many underlyings. */
    currency: z.string().regex(/^[A-Z]{2,8}$/, 'expected a currency, as ETH'),
    /** The first part of its options' names, where that is not the currency: SOL_USDC. */
    underlying: z
      .string()
      .regex(/^[A-Z_]{2,20}$/, 'expected the first part of a name, as SOL_USDC')
      .optional(),
    poll: duration('3s', 500, 60_000),
    maxExpiries: z.number().int().min(1).max(32).default(16),
  })
  .transform(({ poll, ...rest }) => ({ ...rest, pollMs: poll }))

const asset = z
  .strictObject({
    asset: z
      .union([z.number().int().positive().max(Number.MAX_SAFE_INTEGER), z.string().regex(/^[1-9]\d{0,19}$/)])
      .transform(BigInt),
    symbol: z.string().regex(/^[A-Z0-9]{1,16}$/, 'expected 1 to 16 of A-Z and 0-9'),
    minSources: z.number().int().min(1).max(32).default(3),
    maxDeviationPercent: z.number().min(0.1).max(20).default(2),
    prices: z.record(name, z.string().min(1).max(80)),
    surface: surface.optional(),
  })
  .transform(({ maxDeviationPercent, ...rest }) => ({
    ...rest,
    maxDeviationBps: BigInt(Math.round(maxDeviationPercent * 100)),
  }))

/** A configuration file. */
export const configSchema = z
  .strictObject({
    listen: z
      .strictObject({
        host: z
          .string()
          .refine(isLoopback, 'expected an address of this machine: 127.0.0.1 or ::1')
          .default('127.0.0.1'),
        port: z.number().int().min(0).max(65_535).default(8_790),
      })
      .prefault({}),
    sources: z.record(name, source),
    assets: z.array(asset).min(1).max(256),
  })
  .superRefine((config, context) => {
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message })
    for (const [i, { asset: id, symbol, prices, minSources, surface: wanted }] of config.assets.entries()) {
      const earlier = config.assets.slice(0, i)
      if (earlier.some((other) => other.asset === id)) issue(['assets', i, 'asset'], 'is named twice')
      if (earlier.some((other) => other.symbol === symbol)) issue(['assets', i, 'symbol'], 'is named twice')
      for (const used of Object.keys(prices))
        if (config.sources[used] === undefined) issue(['assets', i, 'prices', used], 'is no source')
      if (Object.keys(prices).length < minSources)
        issue(['assets', i, 'minSources'], 'more than there are sources of this asset')
      if (wanted !== undefined && config.sources[wanted.source]?.format !== 'deribit')
        issue(['assets', i, 'surface', 'source'], 'expected a source of the format deribit')
    }
  })

/** A checked configuration. */
export type FeederConfig = z.output<typeof configSchema>
/** A configuration as it is written. */
export type FeederConfigInput = z.input<typeof configSchema>
/** A source of a checked configuration. */
export type SourceConfig = FeederConfig['sources'][string]
/** An asset of a checked configuration. */
export type AssetConfig = FeederConfig['assets'][number]
