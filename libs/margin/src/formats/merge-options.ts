import type { OptionPosition } from '../portfolio/account.ts'
import { optionName } from '../portfolio/option-table.ts'

/** Adds up positions in the same option, as an account would that bought twice. */
export function mergeOptions(options: readonly OptionPosition[]): OptionPosition[] {
  const merged = new Map<string, OptionPosition>()
  for (const option of options) {
    const key = optionName(option)
    const held = merged.get(key)
    merged.set(key, held ? { ...held, amount: held.amount + option.amount } : option)
  }
  return [...merged.values()]
}
