import { describe, expect, it } from 'vitest'
import { memoryContext } from '../testing/memory-context.fixture.ts'
import { refusal } from '../testing/refusal.fixture.ts'
import { errors } from './block-errors.ts'
import { defineParameters, parametersJson, parametersSchema } from './parameters.ts'

const BOUNDS = {
  speed: { min: 2n, max: 9n },
  origin: { min: 0n, max: 5n, isFixed: true },
} as const

function setUp() {
  let values: { speed: bigint; origin: bigint } | undefined = { speed: 3n, origin: 1n }
  const parameters = defineParameters(BOUNDS, {
    find: () => values,
    write: (_, next) => (values = next),
    judge(_, { speed }) {
      if (speed === 7n) throw errors.laneFull({ lane: 4 })
    },
  })
  const context = memoryContext(['probe'])
  const change = (name: string, value: bigint) => refusal(() => parameters.change(context, name, value))
  return {
    parameters,
    context,
    change,
    read: () => parameters.read(context),
    clear: () => (values = undefined),
  }
}

describe('parameters', () => {
  it('change one at a time, within bounds', () => {
    const { change, read } = setUp()
    expect(change('speed', 9n)).toBe('nothing')
    expect(read()).toEqual({ speed: 9n, origin: 1n })
    expect([change('speed', 10n), change('speed', 1n)]).toEqual(['parameters/2', 'parameters/2'])
    expect(change('origin', 2n)).toBe('parameters/3')
    for (const name of ['toString', '__proto__', '', 'speeds']) expect(change(name, 3n)).toBe('parameters/1')
    expect(read()).toEqual({ speed: 9n, origin: 1n })
  })

  it('are judged by their module, too', () => {
    const { change, read } = setUp()
    expect(change('speed', 7n)).toBe('block/33')
    expect(read()['speed']).toBe(3n)
  })

  it('are none on a chain whose genesis sets none', () => {
    const { change, read, clear } = setUp()
    clear()
    expect([read(), change('speed', 3n)]).toEqual([{}, 'parameters/1'])
  })

  it('are decimal texts in a genesis, all of them', () => {
    const schema = parametersSchema(BOUNDS)
    const good = { speed: '2', origin: '5' }
    expect(schema.parse(good)).toEqual({ speed: 2n, origin: 5n })
    expect(parametersJson(schema.parse(good))).toEqual(good)
    for (const bad of [
      { speed: '2' },
      { ...good, speed: '1' },
      { ...good, speed: 2 },
      { ...good, more: '1' },
    ])
      expect(schema.safeParse(bad).success).toBe(false)
  })
})
