// Counters and gauges of a trader, in Prometheus' text exposition format 0.0.4.

/** What a metric is; labels are written as they come, so they are the program's own words. */
export interface MetricTerms {
  readonly kind: 'counter' | 'gauge'
  readonly help: string
}

/** Metrics of one program. */
export interface Metrics<Name extends string> {
  add(name: Name, amount: number, labels?: Readonly<Record<string, string>>): void
  set(name: Name, value: number, labels?: Readonly<Record<string, string>>): void
  value(name: Name, labels?: Readonly<Record<string, string>>): number
  text(): string
}

/** Metrics by name; a name without labels stands at 0 from the start. */
export function createMetrics<Name extends string>(
  terms: Readonly<Record<Name, MetricTerms>>,
): Metrics<Name> {
  const values = new Map<string, Map<string, number>>()
  const of = (name: string) => {
    const found = values.get(name) ?? new Map<string, number>()
    values.set(name, found)
    return found
  }
  return {
    add: (name, amount, labels) => {
      const key = labelText(labels)
      of(name).set(key, (of(name).get(key) ?? 0) + amount)
    },
    set: (name, value, labels) => void of(name).set(labelText(labels), value),
    value: (name, labels) => of(name).get(labelText(labels)) ?? 0,
    text: () =>
      `${(Object.entries(terms) as [string, MetricTerms][])
        .flatMap(([name, { kind, help }]) => {
          const samples = of(name).size === 0 ? [['', 0] as const] : [...of(name)]
          return [
            `# HELP ${name} ${help}`,
            `# TYPE ${name} ${kind}`,
            ...samples.map(([key, value]) => `${name}${key} ${value}`),
          ]
        })
        .join('\n')}\n`,
  }
}

function labelText(labels: Readonly<Record<string, string>> = {}): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, '_')}"`)
  return parts.length === 0 ? '' : `{${parts.join(',')}}`
}
