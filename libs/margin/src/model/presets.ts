import { marginErrors } from '../errors.ts'
import { linear } from './presets/linear.ts'
import { pm1 } from './presets/pm1.ts'
import { pm2 } from './presets/pm2.ts'
import { standard } from './presets/standard.ts'

/** Parameter sets by name, as JSON: what `readRiskModel` reads, and what an own set may begin as. */
export const presets: Readonly<Record<'pm2' | 'pm1' | 'standard' | 'linear', unknown>> = {
  pm2,
  pm1,
  standard,
  linear,
}

/** One preset by its name. Throws `MarginError` 43 for a name that is none. */
export function preset(name: string): unknown {
  if (Object.hasOwn(presets, name)) return presets[name as keyof typeof presets]
  throw marginErrors.unknownPreset({
    name: name.slice(0, 80),
    expected: `one of ${Object.keys(presets).join(', ')} is expected`,
  })
}
