// Parameters of a module: whole numbers by name, within bounds; genesis sets them, a vote may change them.
import { defineErrors } from '@causeway/primitives'
import { z } from 'zod'
import { u64Text } from '../genesis/parse.ts'
import type { Context, ReadContext } from './context.ts'

/** What a parameter may be. */
export interface ParameterBounds {
  readonly min: bigint
  readonly max: bigint
  /** Set by genesis for ever. */
  readonly isFixed?: true
}

/** Parameters of a module that a vote may change. */
export interface Parameters {
  /** Their values by name; empty on a chain whose genesis sets none. */
  read(context: ReadContext): Readonly<Record<string, bigint>>
  /** Changes one. Throws `parameters/1` – `parameters/3`, and what the module finds wrong with the value. */
  change(context: Context, name: string, value: bigint): void
}

/** Where a module keeps its parameters, and what it requires beyond bounds. */
export interface ParameterStore<Values> {
  find(context: ReadContext): Values | undefined
  write(context: Context, values: Values): void
  /** Throws `ProtocolError` when the new values can't hold now. */
  judge?(context: ReadContext, values: Values): void
}

/** Codespace `parameters`. Append only. */
export const errors = defineErrors('parameters', {
  unknown: [1, (d: { name: string }) => `no parameter ${d.name}`],
  outOfBounds: [
    2,
    (d: { name: string; min: bigint; max: bigint }) => `${d.name}: expected ${d.min} to ${d.max}`,
  ],
  fixed: [3, (d: { name: string }) => `${d.name} is fixed by genesis`],
})

type BoundsOf<Name extends string> = Readonly<Record<Name, ParameterBounds>>
type ValuesOf<Name extends string> = Record<Name, bigint>

/** Makes what governance sees of a module's parameters. */
export function defineParameters<Name extends string>(
  bounds: BoundsOf<Name>,
  store: ParameterStore<ValuesOf<Name>>,
): Parameters {
  const isName = (name: string): name is Name => Object.hasOwn(bounds, name)
  return {
    read: (context) => store.find(context) ?? {},
    change(context, name, value) {
      const values = store.find(context)
      if (values === undefined || !isName(name)) throw errors.unknown({ name: name.slice(0, 64) })
      const { min, max, isFixed } = bounds[name]
      if (isFixed === true) throw errors.fixed({ name })
      if (value < min || value > max) throw errors.outOfBounds({ name, min, max })
      const changed: ValuesOf<Name> = { ...values, [name]: value }
      store.judge?.(context, changed)
      store.write(context, changed)
    },
  }
}

/** The schema of a genesis's parameters: every one, as a decimal text within its bounds. */
export function parametersSchema<Name extends string>(bounds: BoundsOf<Name>) {
  const entries = Object.entries<ParameterBounds>(bounds).map(([name, { min, max }]) => {
    const expected = `expected ${min} to ${max}`
    return [name, u64Text.refine((value) => value >= min && value <= max, expected)]
  })
  return z.strictObject(Object.fromEntries(entries) as Record<Name, typeof u64Text>)
}

/** Parameters as genesis has them. */
export function parametersJson<Name extends string>(values: ValuesOf<Name>): Record<Name, string> {
  const texts = Object.entries<bigint>(values).map(([name, value]) => [name, value.toString()])
  return Object.fromEntries(texts) as Record<Name, string>
}
