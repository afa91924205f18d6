// ABCI events as the node writes them in JSON.
import { errors } from '../errors.ts'
import { listAt, membersOf } from './members.ts'
import type { Members } from './members.ts'

/** An event of a transaction or block. */
export interface HubEvent {
  /** `causeway.markets.v1.fill`, say: docs/hub.md, “Events”. */
  readonly type: string
  readonly attributes: Readonly<Record<string, string>>
}

const EVENTS_MAX = 1_000_000
const ATTRIBUTES_MAX = 100

/** The events of a member. Throws `client/2`. */
export function eventsAt(members: Members, name: string, what: string): HubEvent[] {
  return listAt(members, name, what, EVENTS_MAX).map((value) => {
    const event = membersOf(value, what)
    const attributes: Record<string, string> = {}
    for (const item of listAt(event, 'attributes', what, ATTRIBUTES_MAX)) {
      const { key, value: text } = membersOf(item, what)
      if (typeof key !== 'string') throw errors.badAnswer({ what, reason: 'an attribute has no name' })
      attributes[key] = typeof text === 'string' ? text : ''
    }
    const { type } = event
    return { type: typeof type === 'string' ? type : '', attributes }
  })
}
