import { toHex } from '@causeway/primitives'
import type { ReadContext } from '../../block/context.ts'
import type { GovernancePorts } from './ports.ts'
import {
  GOVERNANCE_STORE,
  STATUS,
  countedShares,
  endedVotes,
  proposals,
  queued,
  readNextId,
  votes,
} from './state.ts'

/** What must hold of proposals; one sentence for each breach. */
export function invariants(context: ReadContext, ports: GovernancePorts): readonly string[] {
  const store = context.store(GOVERNANCE_STORE)
  const broken: string[] = []
  const waiting = {
    voting: new Set([...queued(store, 'voting')].map(({ id }) => id)),
    execution: new Set([...queued(store, 'execution')].map(({ id }) => id)),
  }
  const ended = new Set(endedVotes(store))
  let deposits = 0n
  const nextId = readNextId(store)
  for (const { id, status, deposit } of proposals(store)) {
    deposits += BigInt(deposit)
    if ((status === STATUS.voting) !== (deposit !== '0')) broken.push(`governance: deposit of proposal ${id}`)
    if (id >= nextId) broken.push(`governance: proposal ${id} has a number that was not given out`)
    if (waiting.voting.delete(id) !== (status === STATUS.voting))
      broken.push(`governance: the end of the vote on proposal ${id}`)
    if (waiting.execution.delete(id) !== (status === STATUS.accepted))
      broken.push(`governance: the execution of proposal ${id}`)
    if (status === STATUS.voting) broken.push(...miscounted(context, ports, id))
    else if (!ended.has(id) && [...votes(store, id)].length > 0)
      broken.push(`governance: votes on proposal ${id}, which has ended`)
  }
  for (const id of [...waiting.voting, ...waiting.execution])
    broken.push(`governance: proposal ${id} is due and does not exist`)
  const held = ports.bank.balance(context, ports.depositPool)
  if (held < deposits) broken.push(`governance: ${deposits} of deposits, ${held} held`)
  return broken
}

/** What is counted of a vote under way is what its ballots say. */
function miscounted(context: ReadContext, ports: GovernancePorts, id: bigint): string[] {
  const store = context.store(GOVERNANCE_STORE)
  const sums = new Map<string, bigint>()
  for (const { voter, option } of votes(store, id))
    for (const { operator, shares } of ports.stake.delegatedBy(context, voter)) {
      const key = `${toHex(operator)} ${option}`
      sums.set(key, (sums.get(key) ?? 0n) + shares)
    }
  const counted = countedShares(store, id)
  return [...new Set([...counted.keys(), ...sums.keys()])]
    .filter((key) => (counted.get(key) ?? 0n) !== (sums.get(key) ?? 0n))
    .map((key) => `governance: of proposal ${id}, ${key} is not what ballots say`)
}
