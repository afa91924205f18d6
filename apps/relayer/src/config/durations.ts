const UNITS_MS: Readonly<Record<string, bigint>> = {
  ms: 1n,
  s: 1_000n,
  m: 60_000n,
  h: 3_600_000n,
  d: 86_400_000n,
}

/** Reads `500ms`, `30s`, `5m`, `12h`, `14d`; milliseconds, or `undefined` when it is not a duration. */
export function parseDurationMs(text: string): bigint | undefined {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text)
  const unit = UNITS_MS[match?.[2] ?? '']
  return match === null || unit === undefined ? undefined : BigInt(match[1] ?? '0') * unit
}
