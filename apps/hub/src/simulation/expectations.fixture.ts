// What a simulation has to have met, so that a run that looks at nothing is no success.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Coverage } from './coverage.fixture.ts'

/**
 * Kinds that nothing may make succeed. A relay without update is none: the second relayer may have brought
 * the client to that height in the same block.
 */
const NEVER: readonly string[] = ['bad nonce', 'session key beyond its rights', 'exit claim']
/** Kinds that are refused by no rule, or hardly ever. */
const ALWAYS: readonly string[] = ['cancel all', 'client', 'relay of packets', 'self-trade', 'flood']

/** Of some forty kinds, in a short run: several are tried a dozen times, and may have luck. */
const UNREFUSED_MAX = 3

/** How often in 400 blocks; less is a failure. */
const SUCCEEDED: Readonly<Record<string, number>> = {
  'order that rests': 100,
  'order that takes': 100,
  'market order': 10,
  'post-only order': 20,
  'reduce-only order': 20,
  'triggered order': 15,
  'order until a time': 8,
  'order at a bound': 8,
  'order beyond its margin': 10,
  'fill-or-kill storm': 50,
  'self-trade': 30,
  cancel: 15,
  'cancel all': 10,
  amend: 15,
  'amend and cancel at once': 3,
  'mass quote': 20,
  "dead man's switch": 10,
  quote: 8,
  'quote taken twice': 3,
  protection: 10,
  'venue grant': 3,
  convert: 1,
  redeem: 10,
  withdraw: 5,
  'cash to another': 8,
  'token to another': 8,
  'token over a line': 2,
  'session key': 45,
  'link of a new wallet': 2,
  'isolated subaccount': 1,
  stake: 2,
  proposal: 5,
  vote: 20,
  relay: 60,
  'packet of a deposit': 300,
  'packet of a venue': 10,
}

/** What blocks have to have told, in 400 blocks. */
const TOLD: Readonly<Record<string, number>> = {
  'causeway.markets.v1.fill maker': 80,
  'causeway.markets.v1.fill taker': 80,
  'causeway.markets.v1.fill rfq': 10,
  'causeway.markets.v1.closed cancelled': 20,
  'causeway.markets.v1.closed expired': 1,
  'causeway.markets.v1.closed fillOrKill': 40,
  'causeway.markets.v1.closed immediate': 20,
  'causeway.markets.v1.closed limit': 2,
  'causeway.markets.v1.closed margin': 20,
  'causeway.markets.v1.closed notRenewed': 2,
  'causeway.markets.v1.closed postOnly': 4,
  'causeway.markets.v1.closed reduceOnly': 5,
  'causeway.markets.v1.closed replaced': 4,
  'causeway.markets.v1.closed selfTrade': 20,
  'causeway.markets.v1.frozen': 2,
  'causeway.markets.v1.funding': 4,
  'causeway.cash.v1.interest': 50,
  'causeway.governance.v1.proposal executed': 2,
  'causeway.transfer.v1.refund error': 1,
  'causeway.transfer.v1.refund timeout': 1,
  acknowledge_packet: 10,
  timeout_packet: 1,
}

/** What only a long run is sure to meet, in 10,000 blocks. */
const TOLD_LONG: Readonly<Record<string, number>> = {
  'causeway.markets.v1.fill venue': 10,
  'causeway.markets.v1.closed marketClosed': 20,
  'causeway.markets.v1.closed protection': 20,
  'causeway.markets.v1.settled': 100,
  'causeway.markets.v1.settlement_price window': 2,
  'causeway.markets.v1.settlement_price fallback': 2,
  'causeway.cash.v1.withdrawal queued': 50,
  'causeway.cash.v1.withdrawal left': 20,
  'causeway.cash.v1.withdrawal cancelled': 5,
  'causeway.cash.v1.withdrawal redirected': 2,
  'causeway.risk.v1.margin_level below': 10,
  'causeway.risk.v1.margin_level healthy': 5,
  'causeway.governance.v1.proposal failed': 0,
  'causeway.governance.v1.proposal rejected': 5,
}

/** What was met too seldom in so many blocks, one sentence each. */
export function tooSeldom(coverage: Coverage, blocks: number): string[] {
  const share = Math.min(1, blocks / 400)
  const long = blocks >= 5_000 ? blocks / 10_000 : 0
  const wrong: string[] = []
  const least = (what: string, count: number, wanted: number) =>
    count >= Math.floor(wanted) || wrong.push(`${what}: ${count} times, expected ${Math.floor(wanted)}`)
  for (const [kind, count] of Object.entries(SUCCEEDED)) least(kind, coverage.succeeded(kind), count * share)
  for (const [event, count] of Object.entries(TOLD)) least(event, coverage.told(event), count * share)
  for (const [event, count] of Object.entries(TOLD_LONG)) least(event, coverage.told(event), count * long)
  for (const kind of coverage.kinds) {
    if (NEVER.includes(kind) && coverage.succeeded(kind) > 0)
      wrong.push(`${kind} went well ${coverage.succeeded(kind)} times`)
  }
  const unrefused = coverage.kinds.filter((kind) => !ALWAYS.includes(kind) && coverage.refused(kind) === 0)
  if (blocks >= 400 && unrefused.length > (long > 0 ? 0 : UNREFUSED_MAX))
    wrong.push(`never refused: ${unrefused.join(', ')}`)
  return wrong
}

/** Codes that docs/hub.md names and the run has never met. */
export function neverMet(coverage: Coverage): string[] {
  const text = readFileSync(join(import.meta.dirname, '../../../../docs/hub.md'), 'utf8')
  const documented = [...text.matchAll(/^\| `([a-z]+\/[0-9]+)` \|/gm)].map(([, code]) => code!)
  const reachable = documented.filter((code) => !/^(genesis|hub|query|block|attestation)\//.test(code))
  return reachable.filter((code) => !coverage.codes.has(code))
}
