import type { Aggregate } from '../aggregate/aggregate.ts'
import type { AssetPrice, Feed } from '../feed.ts'

/** What the sources say, as a table for people, and whether everything that is wanted is there. */
export function checkTable(feed: Feed): { readonly text: string; readonly isComplete: boolean } {
  const prices = feed.prices()
  const surfaces = feed.surfaces()
  const rows = [['asset', 'source', 'price', 'age', 'counts'], ...prices.flatMap(rowsOf)]
  const failures = feed
    .ways()
    .flatMap(({ source, way, error }) => (error === undefined ? [] : [`${source}, ${way}: ${error}`]))
  const text = [
    table(rows),
    '',
    ...prices.map(({ asset, aggregate }) => `${asset.symbol}: ${verdict(aggregate)}`),
    ...surfaces.map(({ asset, surface }) => {
      const leftOut = surface?.leftOut.length ?? 0
      return `${asset.symbol} surface: ${surface?.smiles.length ?? 0} expiries, ${leftOut} left out`
    }),
    ...(failures.length === 0 ? [] : ['', ...failures]),
  ].join('\n')
  const isComplete =
    prices.every(({ aggregate }) => aggregate.kind === 'price') &&
    surfaces.every(({ surface }) => surface !== undefined)
  return { text, isComplete }
}

function rowsOf({ asset: { symbol }, aggregate, silent }: AssetPrice): string[][] {
  return [
    ...aggregate.verdicts.map(({ source, priceE9, ageMs, leftOut }) => [
      symbol,
      source,
      decimal(priceE9),
      `${(ageMs / 1_000).toFixed(1)} s`,
      leftOut === undefined ? 'yes' : `no: ${leftOut}`,
    ]),
    ...silent.map((source) => [symbol, source, '', '', 'no: silent']),
  ]
}

function verdict(aggregate: Aggregate): string {
  if (aggregate.kind === 'none') return `no price, ${aggregate.reason}`
  const { priceE9, used, spreadE9 } = aggregate
  return `${decimal(priceE9)} of ${used} sources, which differ by ${decimal(spreadE9)}`
}

function decimal(valueE9: bigint): string {
  const digits = valueE9.toString().padStart(10, '0')
  return `${digits.slice(0, -9)}.${digits.slice(-9).replace(/0{1,7}$/, '')}`
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
