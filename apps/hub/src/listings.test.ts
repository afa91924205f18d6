// Whose client a listed token comes over: a stranger who is there first, with a chain of the same name.
import { packetCommitment, packetCommitmentKey, voucherOf } from '@causeway/messaging'
import { assert, utf8 } from '@causeway/primitives'
import { CommitmentProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import { QueryLinesRequest, QueryLinesResponse } from '@causeway/protocol/causeway/ledger/v1/query'
import { QueryPortfolioRequest, QueryPortfolioResponse } from '@causeway/protocol/causeway/risk/v1/query'
import { MultiStore, createMemoryStorage } from '@causeway/state-tree'
import { describe, expect, it } from 'vitest'
import { brokenInvariants, exportState } from './block/inspect.ts'
import { Layer } from './block/layer.ts'
import { hubAppState } from './genesis/app-state.ts'
import { eventsIn } from './testing/bridge.fixture.ts'
import { ForeignChain } from './testing/foreign-chain.fixture.ts'
import { testHub } from './testing/hub.fixture.ts'
import { message } from './testing/messages.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { Wallet } from './testing/wallet.fixture.ts'

const START_SECONDS = 1_700_000_000n
/** The client at the other end, of every route here. */
const THERE = '07-tendermint-4'

const relayer = () => new Wallet('relayer')

/** A chain that claims to be zone-7. */
function chainOf(seed: string, chainId = 'zone-7'): ForeignChain {
  return new ForeignChain({
    chainId,
    seed,
    kind: 'ed25519',
    validators: 2,
    genesisSeconds: START_SECONDS - 100n,
  })
}

function setUp() {
  const honest = relayer()
  const [stranger, trader] = [new Wallet('stranger'), new Wallet('trader')]
  const wallets = [honest, stranger]
  const appState = hubAppState({
    denom: 'ucway',
    gasPriceE9: 0n,
    balances: wallets.map(({ address }) => ({ holder: address, denom: 'ucway', amount: 1_000_000n })),
    assets: [
      { denom: 'usd', decimals: 6, symbol: 'USD', initialWeightBps: 9_000, maintenanceWeightBps: 9_500 },
    ],
    listings: [
      { creator: honest.address, chainId: 'zone-7', base: 'uusd', asset: 'usd' },
      { creator: honest.address, chainId: 'zone-7', base: 'uusd2', asset: 'usd' },
      { creator: honest.address, chainId: 'zone-70', base: 'uusd', asset: 'usd' },
    ],
  })
  const { driver, hub } = testHub(wallets, {}, appState)
  driver.block()
  const deliver = (wallet: Wallet, item: ReturnType<typeof message>) => {
    const tx = wallet.sign([item], { gasLimit: 5_000_000n, fee: [] })
    const result = driver.execute(driver.proposal([tx])).txResults.at(-1)!
    return result
  }
  const create = (wallet: Wallet, chain: ForeignChain, height = 1n) => {
    const created = deliver(
      wallet,
      message('ibc.core.client.v1.MsgCreateClient', {
        ...chain.clientStates(height),
        signer: wallet.address,
      }),
    )
    assert(created.code === 0, created.log)
    return eventsIn(created, 'create_client')[0]!['client_id']!
  }
  const register = (wallet: Wallet, clientId: string) =>
    deliver(
      wallet,
      message('ibc.core.client.v2.MsgRegisterCounterparty', {
        clientId,
        counterpartyClientId: THERE,
        counterpartyMerklePrefix: [utf8('ibc'), new Uint8Array(0)],
        signer: wallet.address,
      }),
    )
  /** Deposits for the trader, proven by a state that the chain's validators sign. */
  const deposit = (
    wallet: Wallet,
    chain: ForeignChain,
    destinationClient: string,
    amount: string,
    denom = 'uusd',
  ) => {
    const { value, packet } = provenTransfer(destinationClient, { amount, denom, receiver: trader.address })
    const height = driver.timeSeconds - START_SECONDS + 90n
    const update = deliver(
      wallet,
      message('ibc.core.client.v1.MsgUpdateClient', {
        clientId: destinationClient,
        clientMessage: chain.update(height, 1n, value.appHash),
        signer: wallet.address,
      }),
    )
    assert(update.code === 0, update.log)
    const proofHeight = { revisionNumber: 7n, revisionHeight: height }
    const received = message('ibc.core.channel.v2.MsgRecvPacket', {
      packet,
      proofCommitment: value.proof,
      proofHeight,
      signer: wallet.address,
    })
    return deliver(wallet, received)
  }
  const portfolio = () => {
    const data = QueryPortfolioRequest.encode({ account: trader.address, explain: false }).finish()
    return QueryPortfolioResponse.decode(driver.query('/causeway.risk.v1.Query/Portfolio', data).value)
  }
  const lines = () => {
    const data = QueryLinesRequest.encode({ afterId: 0n, limit: 0 }).finish()
    return QueryLinesResponse.decode(driver.query('/causeway.ledger.v1.Query/Lines', data).value).lines
  }
  const held = () => Object.fromEntries(portfolio().collateral.map(({ denom, amount }) => [denom, amount]))
  return { honest, stranger, trader, driver, hub, create, register, deposit, portfolio, lines, held }
}

let sequence = 0n

/** A transfer packet, with a state of the sending chain that commits to it. */
function provenTransfer(
  destinationClient: string,
  data: { amount: string; denom: string; receiver: string },
) {
  const value = utf8(JSON.stringify({ sender: 'zone1depositor', memo: '', ...data }))
  const payload = {
    sourcePort: 'transfer',
    destinationPort: 'transfer',
    version: 'ics20-1',
    encoding: 'application/json',
    value,
  }
  const timeoutTimestamp = START_SECONDS + 3_600n
  const packet = {
    sequence: ++sequence,
    sourceClient: THERE,
    destinationClient,
    timeoutTimestamp,
    payloads: [payload],
  }
  const stores = MultiStore.open({
    storage: createMemoryStorage(),
    storeNames: ['bank', 'ibc'],
    keepVersions: 1n,
  })
  const layer = new Layer((name) => stores.reader(name))
  const key = packetCommitmentKey(THERE, packet.sequence)
  layer.store('ibc').set(key, packetCommitment(packet))
  const appHash = stores.finalize(1n, layer.changes())
  stores.commit()
  const proofs = stores.proveKey('ibc', key, 1n).proofs.map((bytes) => CommitmentProof.decode(bytes))
  return { packet, value: { appHash, proof: MerkleProof.encode({ proofs }).finish() } }
}

describe('a listed token', () => {
  it('comes over the client of whom genesis names, and counts as collateral', () => {
    const { honest, create, register, deposit, lines, portfolio, held, hub } = setUp()
    expect(lines()).toEqual([])
    const zone = chainOf('honest validators')
    const client = create(honest, zone)
    expect(lines()).toEqual([])
    const opened = register(honest, client)
    expect(eventsIn(opened, 'causeway.ledger.v1.line')).toMatchObject([
      { line: '1', client, denom: `transfer/${client}/uusd`, asset: '2', escrowed: '0' },
      { line: '2', client, denom: `transfer/${client}/uusd2`, asset: '2', escrowed: '0' },
    ])
    expect(codeOf(deposit(honest, zone, client, '500'))).toBe('0')
    expect(lines()[0]).toMatchObject({ client, listed: true, escrowed: '500' })
    expect(held()).toEqual({ usd: '500' })
    expect(Number(portfolio().initialMarginE6)).toBeGreaterThan(0)
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('is not a stranger’s, who is first with validators of its own and the same chain id', () => {
    const { honest, stranger, create, register, deposit, lines, portfolio, held, hub } = setUp()
    const forged = chainOf('the stranger’s validators')
    const first = create(stranger, forged)
    expect(first).toBe('07-tendermint-0')
    expect(codeOf(register(stranger, first))).toBe('0')
    expect(codeOf(deposit(stranger, forged, first, '999999999999'))).toBe('0')
    const voucher = voucherOf(`transfer/${first}/uusd`)
    expect(held()).toEqual({ [voucher]: '999999999999' })
    expect(lines()).toMatchObject([{ client: first, listed: false }])
    expect([portfolio().equityE6, portfolio().initialMarginE6]).toEqual(['0', '0'])
    // The honest route that comes later is the listed one.
    const zone = chainOf('honest validators')
    const second = create(honest, zone)
    expect(codeOf(register(honest, second))).toBe('0')
    expect(codeOf(deposit(honest, zone, second, '500'))).toBe('0')
    expect(held()).toEqual({ [voucher]: '999999999999', usd: '500' })
    expect(lines().map(({ client, listed, escrowed }) => [client, listed, escrowed])).toEqual([
      [first, false, '999999999999'],
      [second, true, '500'],
      [second, true, '0'],
    ])
    const counted = portfolio().collateral.filter(({ initialValueE6 }) => initialValueE6 !== '0')
    expect(counted.map(({ denom }) => denom)).toEqual(['usd'])
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('is not a stranger’s who follows the true chain: its counterparty may be anybody’s client', () => {
    const { honest, stranger, create, register, deposit, held } = setUp()
    const zone = chainOf('honest validators')
    const own = create(honest, zone)
    const strange = create(stranger, zone)
    expect(codeOf(register(stranger, own))).toBe('ibc/65')
    expect(codeOf(register(stranger, strange))).toBe('0')
    expect(codeOf(register(honest, strange))).toBe('ibc/65')
    expect(codeOf(deposit(stranger, zone, strange, '7'))).toBe('0')
    expect(held()).toEqual({ [voucherOf(`transfer/${strange}/uusd`)]: '7' })
    expect(codeOf(register(honest, own))).toBe('0')
    expect(codeOf(deposit(honest, zone, own, '8'))).toBe('0')
    expect(held()).toMatchObject({ usd: '8' })
  })

  it('is taken once: a key that is stolen later lists nothing more', () => {
    const { honest, create, register, deposit, lines, held } = setUp()
    const zone = chainOf('honest validators')
    const client = create(honest, zone)
    register(honest, client)
    const forged = chainOf('whoever stole the key')
    const second = create(honest, forged)
    expect(eventsIn(register(honest, second), 'causeway.ledger.v1.line')).toEqual([])
    expect(codeOf(register(honest, client))).toBe('ibc/66')
    expect(codeOf(deposit(honest, forged, second, '9'))).toBe('0')
    expect(held()).toEqual({ [voucherOf(`transfer/${second}/uusd`)]: '9' })
    expect(
      lines()
        .filter(({ listed }) => listed)
        .map(({ client: of }) => of),
    ).toEqual([client, client])
  })

  it('waits for a client of its chain that is alive', () => {
    const { honest, create, register, driver, lines } = setUp()
    const other = create(honest, chainOf('another chain', 'zone-8'))
    register(honest, other)
    expect(lines()).toEqual([])
    const late = create(honest, chainOf('honest validators'))
    driver.block(1_000_001n)
    expect(codeOf(register(honest, late))).toBe('0')
    expect(lines()).toEqual([])
  })

  it('is exported until it is taken', () => {
    const { honest, create, register, hub } = setUp()
    const listed = () =>
      (exportState(hub.chain) as { ledger: { listings: { chainId: string }[] } }).ledger.listings
    expect(listed().map(({ chainId }) => chainId)).toEqual(['zone-7', 'zone-7', 'zone-70'])
    register(honest, create(honest, chainOf('honest validators')))
    const left = { creator: honest.address, clientType: '07-tendermint', chainId: 'zone-70' }
    expect(listed()).toEqual([{ ...left, base: 'uusd', asset: 'usd' }])
  })
})
