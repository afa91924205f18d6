import { describe, expect, it } from 'vitest'
import { CheckTxType } from '@causeway/protocol/tendermint/abci/types'
import { OrderRun } from '../testing/order-run.fixture.ts'
import { RECHECKS_MAX } from './check-tx.ts'

/** A hub in which more orders wait than are checked again; some of those that came are in a block. */
function crowded() {
  const run = new OrderRun({ accounts: 1_000, positions: 1, resting: 0 })
  const { application, flow } = run
  const orders = flow.orders(RECHECKS_MAX + 5_000)
  const delivered: Uint8Array[] = []
  const [makeOrders, prepareProposal] = [
    flow.orders.bind(flow),
    application.prepareProposal.bind(application),
  ]
  flow.orders = () => orders
  application.prepareProposal = (request) => {
    const proposal = prepareProposal(request)
    delivered.push(...proposal.txs.slice(1))
    return proposal
  }
  run.block(orders.length)
  flow.orders = makeOrders
  const held = new Set(delivered)
  const waiting = orders.filter((tx) => !held.has(tx))
  const recheck = (tx: Uint8Array) => application.checkTx({ tx, type: CheckTxType.RECHECK })
  return { run, delivered, waiting, recheck }
}

describe('free trade transactions that wait', () => {
  it('are checked again after a block, the oldest of them', { timeout: 60_000 }, () => {
    const { run, delivered, waiting, recheck } = crowded()
    expect(waiting.length).toBeGreaterThanOrEqual(RECHECKS_MAX)
    // One that a block holds would be refused: it is not looked at behind so many
    for (const tx of waiting.slice(0, RECHECKS_MAX - 1)) expect(recheck(tx).code).toBe(0)
    expect(recheck(delivered[0]!)).toMatchObject({ codespace: 'tx' })
    expect(recheck(delivered[1]!).code).toBe(0)
    // The next block begins anew
    run.block(0)
    expect(recheck(delivered[1]!)).toMatchObject({ codespace: 'tx' })
  })
})
