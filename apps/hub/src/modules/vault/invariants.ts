import type { ReadContext } from '../../block/context.ts'
import type { VaultPorts } from './ports.ts'
import { queueOf } from './requests.ts'
import { VAULT_STORE, holderBytesOf, holdings, readTotals, requests } from './state.ts'

/** All shares are somebody's, the cash of deposits that wait is there, and requests are counted. */
export function invariants(context: ReadContext, ports: VaultPorts): readonly string[] {
  const store = context.store(VAULT_STORE)
  const broken: string[] = []
  const counts = new Map<string, number>()
  let [shares, waitingE6] = [0n, 0n]
  for (const kind of ['deposit', 'withdrawal'] as const) {
    for (const { holder, amount } of requests(store, kind)) {
      if (kind === 'deposit') waitingE6 += amount
      else shares += amount
      const key = String(holderBytesOf(holder))
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  }
  for (const [holder, holding] of holdings(store)) {
    shares += holding.shares
    const key = String(holderBytesOf(holder))
    if (holding.requests !== (counts.get(key) ?? 0))
      broken.push(`vault: ${ports.addresses.encodeHolder(holder)} has another number of requests`)
    counts.delete(key)
  }
  if (counts.size > 0) broken.push('vault: requests of holders that have nothing')
  const { shares: total } = readTotals(store)
  if (shares !== total) broken.push(`vault: holders have ${shares} shares of ${total}`)
  const queuedE6 = ports.cash.balanceE6(context, queueOf(ports))
  if (queuedE6 < waitingE6) broken.push(`vault: ${waitingE6} wait, ${queuedE6} are there`)
  return broken
}
