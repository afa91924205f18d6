import type { Event } from '@causeway/protocol/tendermint/abci/types'
import type { Attributes } from './match.ts'

/** Attributes of ABCI events under their composite keys, and `extra` ones after them. */
export function attributesOf(
  events: readonly Event[],
  extra: readonly (readonly [string, string])[],
): Attributes {
  const attributes = new Map<string, string[]>()
  const add = (key: string, value: string): void => {
    const values = attributes.get(key)
    if (values) values.push(value)
    else attributes.set(key, [value])
  }
  for (const event of events) {
    if (event.type === '') continue
    for (const { key, value } of event.attributes) if (key !== '') add(`${event.type}.${key}`, value)
  }
  for (const [key, value] of extra) add(key, value)
  return attributes
}
