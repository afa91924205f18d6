// Tokens that are listed by a vote.
import { voucherOf } from '@causeway/messaging'
import { utf8 } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import { QueryProposalRequest, QueryProposalResponse } from '@causeway/protocol/causeway/governance/v1/query'
import { describe, expect, it } from 'vitest'
import { brokenInvariants, exportState } from './block/inspect.ts'

import { Content } from '@causeway/protocol/causeway/governance/v1/governance'
import { ClientState } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import { zoneStates } from './testing/client-entries.fixture.ts'
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

  it('is not proposed on a client with another root of trust than the one that voters are told', () => {
    const { deliver } = setUp()
    const refused = (changes: object) => deliver(a, proposal([listing(changes)]))
    const { clientState, consensusState } = zoneStates()
    const state = ClientState.decode(clientState.value)
    const named = (changes: Partial<ClientState>) => ({
      clientState: { ...clientState, value: ClientState.encode({ ...state, ...changes }).finish() },
    })
    const seconds = (value: bigint) => ({ seconds: value, nanos: 0 })
    expect(refused(named({ chainId: 'zone-8' }))).toBe('governance/34')
    expect(refused(named({ trustLevel: { numerator: 2n, denominator: 3n } }))).toBe('governance/34')
    expect(refused(named({ trustingPeriod: seconds(999_999n) }))).toBe('governance/34')
    expect(refused(named({ unbondingPeriod: seconds(2_000_001n) }))).toBe('governance/34')
    expect(refused(named({ maxClockDrift: seconds(31n) }))).toBe('governance/34')
    expect(refused(named({ proofSpecs: state.proofSpecs.slice(0, 1) }))).toBe('governance/34')
    expect(refused({ clientState: { ...clientState, typeUrl: '/other' } })).toBe('07-tendermint/26')
    // A chain of the same name that somebody else's validators make.
    const other = { ...consensusState, value: consensusState.value.with(-1, 1) }
    expect(refused({ consensusState: other })).toBe('governance/34')
    expect(refused({ consensusHeight: { revisionNumber: 7n, revisionHeight: 2n } })).toBe('governance/34')
    expect(deliver(a, proposal([listing(named({ latestHeight: undefined }))]))).toBe('0')
    for (const field of ['clientState', 'consensusState', 'consensusHeight'])
      expect(refused({ [field]: undefined })).toBe('governance/37')
  })

  it('is not proposed on a client that trusts a header for longer than stake or votes allow', () => {
    const trusting = (parameters: object) => {
      const { alice } = setUp()
      const state = genesis(alice) as { [module: string]: { params: object } }
      const changed = Object.entries(parameters).map(([module, params]) => [
        module,
        { ...state[module], params: { ...state[module]!.params, ...params } },
      ])
      return setUp(Object.fromEntries(changed)).deliver(a, proposal([listing()]))
    }
    expect(trusting({ governance: { trustingSecondsMax: '999999' } })).toBe('governance/35')
    expect(trusting({ governance: { trustingSecondsMax: '1000000' } })).toBe('0')
    expect(trusting({ staking: { unbondingSeconds: '1000000' } })).toBe('governance/35')
    expect(trusting({ staking: { unbondingSeconds: '1000001' } })).toBe('0')
  })

  it('keeps stake slashable for as long as its client trusts, from then on', () => {
    const { deliver, driver } = setUp()
    const changeParameter = { module: 'staking', name: 'unbondingSeconds', value: '1000000' }
    const shorter = Content.fromPartial({ changeParameter })
    expect(deliver(a, proposal([shorter]))).toBe('0')
    // In one proposal, too: what comes first is done first.
    expect(deliver(a, proposal([listing(), shorter]))).toBe('staking/36')
    expect(deliver(a, proposal([listing()]))).toBe('0')
    expect(deliver(c, ballot(c, 1, 2n))).toBe('0')
    driver.block(20n)
    driver.block(10n)
    expect(deliver(a, proposal([shorter]))).toBe('staking/36')
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
