// Tokens that are listed by a vote.
import { voucherOf } from '@causeway/messaging'
import { utf8 } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import { QueryProposalRequest, QueryProposalResponse } from '@causeway/protocol/causeway/governance/v1/query'
import { describe, expect, it } from 'vitest'
import { brokenInvariants, exportState } from './block/inspect.ts'

import { a, ballot, c, genesis, listing, proposal, setUp } from './testing/staked-driver.fixture.ts'
describe('a token', () => {
  const lines = (hub: ReturnType<typeof setUp>['hub']) =>
    (exportState(hub.chain) as { ledger: { lines: unknown[] } }).ledger.lines

  it('is listed by a vote, on the client that voters were told about', () => {
    const { deliver, driver, hub, ask } = setUp()
    expect(deliver(a, proposal([listing()]))).toBe('0')
    expect(deliver(c, ballot(c, 1))).toBe('0')
    driver.block(20n)
    expect(lines(hub)).toEqual([])
    driver.block(10n)
    const { proposal: done } = ask(
      'governance.v1.Query/Proposal',
      QueryProposalRequest,
      QueryProposalResponse,
      {
        id: 1n,
      },
    )
    expect(done).toMatchObject({ status: 4, failure: '' })
    const denom = 'transfer/07-tendermint-0/uusd'
    expect(lines(hub)).toMatchObject([{ client: '07-tendermint-0', denom, asset: 'usdz', listed: true }])
    expect(deliver(a, proposal([listing()]))).toBe('ledger/31')
    expect(deliver(a, proposal([listing({ base: 'uusd2' })]))).toBe('0')
    expect(deliver(a, proposal([listing({ base: 'uusd2', decimals: 7 })]))).toBe('ledger/33')
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('is not proposed on any other client, chain or counterparty', () => {
    const { deliver } = setUp()
    const refused = (changes: object) => deliver(a, proposal([listing(changes)]))
    expect(refused({ clientId: '07-tendermint-1' })).toBe('governance/34')
    expect(refused({ clientId: 'x' })).toBe('governance/34')
    expect(refused({ chainId: 'zone-8' })).toBe('governance/34')
    expect(refused({ contract: `0x${'00'.repeat(20)}` })).toBe('governance/34')
    expect(refused({ counterpartyClientId: '07-tendermint-7' })).toBe('governance/34')
    expect(refused({ counterpartyMerklePrefix: [utf8('wasm'), new Uint8Array(0)] })).toBe('governance/34')
    expect(refused({ counterpartyMerklePrefix: [utf8('ibc')] })).toBe('governance/34')
    expect(refused({ asset: 'ucway' })).toBe('ledger/33')
    expect(refused({ asset: 'a/b' })).toBe('ledger/30')
    expect(refused({ base: 'u usd' })).toBe('ledger/30')
    expect(refused({ decimals: 19 })).toBe('ledger/30')
  })

  it('is not listed when its client is dead by then, which is recorded', () => {
    const { deliver, driver, hub, ask } = setUp()
    expect(deliver(a, proposal([listing()]))).toBe('0')
    expect(deliver(c, ballot(c, 1))).toBe('0')
    driver.block(20n)
    driver.block(100_000_000n)
    const { proposal: done } = ask(
      'governance.v1.Query/Proposal',
      QueryProposalRequest,
      QueryProposalResponse,
      {
        id: 1n,
      },
    )
    expect(done).toMatchObject({ status: 5, failure: 'governance/34' })
    expect(lines(hub)).toEqual([])
    driver.block()
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('that deposits made unlisted keeps its asset, so that nobody keeps it out', () => {
    const base = 'uusd'
    const denom = `transfer/07-tendermint-0/${base}`
    const { alice } = setUp()
    const state = genesis(alice) as { ledger: { assets: JsonValue[]; balances: JsonValue[] } }
    const asset = voucherOf(denom)
    const ledger = {
      ...state.ledger,
      assets: [...state.ledger.assets, { denom: asset, decimals: 0, native: false }],
      lines: [{ client: '07-tendermint-0', denom, asset, listed: false, escrowed: '5' }],
      balances: [...state.ledger.balances, { holder: alice.address, denom: asset, amount: '5' }],
    }
    const { deliver, driver, hub } = setUp({ ledger })
    expect(deliver(a, proposal([listing()]))).toBe('ledger/32')
    expect(deliver(a, proposal([listing({ asset })]))).toBe('0')
    expect(deliver(c, ballot(c, 1))).toBe('0')
    driver.block(20n)
    driver.block(10n)
    expect(lines(hub)).toMatchObject([{ denom, asset, listed: true, escrowed: '5' }])
    expect(brokenInvariants(hub.chain)).toEqual([])
  })
})
