import { describe, expect, it } from 'vitest'
import { formatAmount, formatDecimal, formatElapsed } from './format.ts'
import { jsonPrinter, textPrinter } from './printer.ts'

function print(kind: typeof textPrinter, isColoured = false) {
  const lines: string[] = []
  const printer = kind({ write: (line) => lines.push(line), elapsedMs: () => 1_234, isColoured })
  printer.title('Causeway')
  printer.heading('Deposit')
  printer.step({ who: 'zone-1', what: 'sent', facts: { block: '7', sequence: '1' }, details: { tx: 'AB' } })
  printer.step({ who: 'causeway-1', what: 'credited' })
  printer.table([
    ['hub', 'http://127.0.0.1:1'],
    ['GraphQL', 'http://127.0.0.1:2'],
  ])
  printer.result({ amount: '5' })
  return lines
}

describe('printing', () => {
  it('aligns for people', () => {
    expect(print(textPrinter)).toEqual([
      'Causeway',
      '',
      'Deposit',
      '  1.2 s  zone-1        sent',
      '                       block 7 · sequence 1',
      '                       tx AB',
      '  1.2 s  causeway-1    credited',
      '  hub      http://127.0.0.1:1',
      '  GraphQL  http://127.0.0.1:2',
      '{"amount":"5"}',
    ])
  })

  it('marks with colour only when told to, and never the result', () => {
    const lines = print(textPrinter, true)
    expect(lines[0]).toBe('\u001b[1mCauseway\u001b[0m')
    expect(lines.at(-1)).toBe('{"amount":"5"}')
    expect(print(textPrinter).join('')).not.toContain('\u001b')
  })

  it('writes one JSON object a line for programs', () => {
    const objects = print(jsonPrinter).map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(objects[2]).toEqual({
      kind: 'step',
      elapsedMs: 1234,
      who: 'zone-1',
      what: 'sent',
      facts: { block: '7', sequence: '1' },
      details: { tx: 'AB' },
    })
    expect(objects.at(-1)).toEqual({ amount: '5' })
  })
})

describe('formats', () => {
  it.each([
    [0n, '0'],
    [1n, '0.000001'],
    [1_500_000n, '1.5'],
    [999_000_000n, '999'],
    [1_000_000_000n, '1,000'],
    [12_345_678_900_000n, '12,345,678.9'],
  ])('%s base units', (amount, text) => expect(formatAmount(amount, 6)).toBe(text))

  it('of values are cut, never rounded up', () => {
    expect(formatDecimal('1000.129999')).toBe('1,000.12')
    expect(formatDecimal('0.5')).toBe('0.50')
    expect(formatDecimal('-1234567')).toBe('-1,234,567.00')
  })

  it('of time have one digit', () => {
    expect(formatElapsed(49)).toBe('0.0 s')
    expect(formatElapsed(12_349)).toBe('12.3 s')
  })
})
