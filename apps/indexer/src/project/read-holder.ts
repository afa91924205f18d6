import { readSubaccount, readText } from './attributes.ts'
import type { BlockEvent } from './block.ts'

/** The subaccount that an event is about. Throws `indexer/1`, `indexer/2`. */
export function readHolder(event: BlockEvent): { account: string; subaccount: number } {
  return { account: readText(event, 'account'), subaccount: readSubaccount(event, 'subaccount') }
}
