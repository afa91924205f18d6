// The plain zone: the same transactions and queries with another prefix, no vote extensions, vouchers instead
// of lines.
import { escrowAddress } from '@causeway/messaging'
import { createMemoryStorage } from '@causeway/state-tree'
import {
  QueryAllBalancesRequest,
  QueryAllBalancesResponse,
} from '@causeway/protocol/cosmos/bank/v1beta1/query'
import { describe, expect, it } from 'vitest'
import { brokenInvariants, exportState } from './block/inspect.ts'
import { zoneAppState } from './genesis/app-state.ts'
import { createAddressCodec } from './identifiers.ts'
import { Driver } from './testing/driver.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { testValidators } from './testing/validators.fixture.ts'
import { Wallet, send } from './testing/wallet.fixture.ts'
import { verifyNatively } from './workers/native-signatures.ts'
import { createZoneApplication } from './zone.ts'

function setUp() {
  const [alice, bob] = ['alice', 'bob'].map((name) => new Wallet(name, 'zone', 'zone-1')) as [Wallet, Wallet]
  const zone = createZoneApplication({
    chainId: 'zone-1',
    name: 'zone',
    bech32Prefix: 'zone',
    storage: createMemoryStorage(),
    verifySignatures: verifyNatively,
  })
  const driver = new Driver(zone, testValidators([10n, 10n]), { chainId: 'zone-1', extensions: false })
  const balances = [alice, bob].flatMap(({ address }) => [
    { holder: address, denom: 'uzone', amount: 1_000_000n },
    { holder: address, denom: 'uusd', amount: 500n },
  ])
  const gasPrice = { denom: 'uzone', priceE9: 25_000_000n }
  driver.initChain(zoneAppState({ denoms: ['uzone', 'uusd'], balances, gasPrice }), 0n)
  driver.block()
  alice.accountNumber = 1n
  bob.accountNumber = 2n
  const pay = (from: Wallet, to: string, amount: string, denom = 'uusd') =>
    from.sign([send(from.address, to, amount, denom)], { fee: [{ denom: 'uzone', amount: '5000' }] })
  const held = (address: string) => {
    const data = QueryAllBalancesRequest.encode({
      address,
      pagination: undefined,
      resolveDenom: false,
    }).finish()
    const { value } = driver.query('/cosmos.bank.v1beta1.Query/AllBalances', data)
    return QueryAllBalancesResponse.decode(value).balances.map(({ denom, amount }) => amount + denom)
  }
  return { zone, driver, alice, bob, pay, held }
}

describe('a zone', () => {
  it('has five stores and no lines, oracle or risk', () => {
    const { zone } = setUp()
    expect(zone.chain.stores.storeNames).toEqual(['accounts', 'ibc', 'ledger', 'staking', 'transfer'])
    const paths = [...zone.chain.queries.keys()]
    expect(
      paths.some((path) => path.startsWith('/causeway.oracle') || path.startsWith('/causeway.risk')),
    ).toBe(false)
    for (const path of ['/cosmos.auth.v1beta1.Query/Account', '/ibc.core.client.v1.Query/ClientState']) {
      expect(paths).toContain(path)
    }
    expect(zone.info()).toMatchObject({ data: 'zone', lastBlockHeight: 1n })
  })

  it('carries transfers of its tokens', () => {
    const { driver, alice, bob, pay, held, zone } = setUp()
    expect(codeOf(driver.submit(pay(alice, bob.address, '20')))).toBe('0')
    expect(driver.block().txResults.map(codeOf)).toEqual(['0'])
    expect(held(bob.address)).toEqual(['1000000uzone', '520uusd'])
    expect(held(alice.address)).toEqual(['995000uzone', '480uusd'])
    expect(brokenInvariants(zone.chain)).toEqual([])
  })

  it('does not know the addresses or transactions of another chain', () => {
    const { driver, alice, pay } = setUp()
    const foreign = createAddressCodec('cway').encode(alice.id)
    expect(codeOf(driver.submit(pay(alice, foreign, '1')))).toBe('identifiers/1')
    const hubWallet = new Wallet('alice', 'zone', 'causeway-1')
    hubWallet.accountNumber = 1n
    expect(codeOf(driver.submit(pay(hubWallet, alice.address, '1')))).toBe('tx/4')
  })

  it('has no vote extensions: none are made, any are refused, blocks carry none', () => {
    const { driver, zone, alice, pay } = setUp()
    const none = new Uint8Array(0)
    const about = { hash: none, height: 2n, validatorAddress: none }
    expect(zone.verifyVoteExtension({ ...about, voteExtension: none }).status).toBe(1)
    expect(zone.verifyVoteExtension({ ...about, voteExtension: Uint8Array.of(1) }).status).toBe(2)
    const vote = driver.vote({ height: 1n, time: undefined })
    expect(vote.votes.every(({ voteExtension }) => voteExtension.length === 0)).toBe(true)
    driver.submit(pay(alice, alice.address, '1'))
    expect(driver.block().txResults.map(codeOf)).toEqual(['0'])
  })

  it('takes deposits to its escrow accounts as to any other', () => {
    const { driver, alice, pay, held } = setUp()
    const escrow = createAddressCodec('zone').encode(escrowAddress('07-tendermint-0'))
    driver.submit(pay(alice, escrow, '5'))
    expect(driver.block().txResults.map(codeOf)).toEqual(['0'])
    expect(held(escrow)).toEqual(['5uusd'])
  })

  it('is exported like a hub', () => {
    const { zone } = setUp()
    expect(Object.keys(exportState(zone.chain) as object)).toEqual(['accounts', 'ibc', 'ledger', 'transfer'])
  })
})
