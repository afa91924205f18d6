import type { Feed } from '../feed.ts'

/** `GET /metrics`: text exposition format 0.0.4 of Prometheus. Labels are names of the configuration. */
export function metricsText(feed: Feed, nowMs: number): string {
  const lines: string[] = []
  const family = (name: string, kind: 'gauge' | 'counter', help: string, samples: readonly string[]) =>
    lines.push(
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${kind}`,
      ...samples.map((sample) => `${name}${sample}`),
    )
  const prices = feed.prices()
  family(
    'feeder_price',
    'gauge',
    'Cash per 1.0 of the asset',
    prices.flatMap(({ asset, aggregate }) =>
      aggregate.kind === 'none' ? [] : [`{symbol="${asset.symbol}"} ${Number(aggregate.priceE9) / 1e9}`],
    ),
  )
  family(
    'feeder_price_age_seconds',
    'gauge',
    'Age of the price',
    prices.flatMap(({ asset, aggregate }) =>
      aggregate.kind === 'none'
        ? []
        : [`{symbol="${asset.symbol}"} ${(nowMs - aggregate.publishTimeMs) / 1_000}`],
    ),
  )
  family(
    'feeder_sources_used',
    'gauge',
    'Sources that make the price',
    prices.map(
      ({ asset, aggregate }) =>
        `{symbol="${asset.symbol}"} ${aggregate.kind === 'none' ? 0 : aggregate.used}`,
    ),
  )
  family(
    'feeder_smiles',
    'gauge',
    'Expiries that have a smile',
    feed.surfaces().map(({ asset, surface }) => `{symbol="${asset.symbol}"} ${surface?.smiles.length ?? 0}`),
  )
  const ways = feed
    .ways()
    .map((way) => ({ ...way, labels: `{source="${way.source}",way="${escaped(way.way)}"}` }))
  family(
    'feeder_successes_total',
    'counter',
    'Answers and messages taken',
    ways.map(({ labels, successes }) => `${labels} ${successes}`),
  )
  family(
    'feeder_failures_total',
    'counter',
    'Answers, messages and connections that failed',
    ways.map(({ labels, failures }) => `${labels} ${failures}`),
  )
  return `${lines.join('\n')}\n`
}

function escaped(text: string): string {
  return text.replace(/[\\"\n]/g, '_')
}
