// Assets that several lines pool: whatever is in flight can be refunded, however much came over other lines.
import {
  encodeTransfer,
  isErrorAcknowledgement,
  packetCommitment,
  packetCommitmentKey,
  packetReceiptKey,
  voucherOf,
} from '@causeway/messaging'
import { U256_MAX, assert } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { CommitmentProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { QueryBalanceRequest, QueryBalanceResponse } from '@causeway/protocol/cosmos/bank/v1beta1/query'
import { MultiStore, createMemoryStorage } from '@causeway/state-tree'
import { describe, expect, it } from 'vitest'
import { brokenInvariants } from '../../block/inspect.ts'
import { Layer } from '../../block/layer.ts'
import { createAddressCodec } from '../../identifiers.ts'
import { clientEntries } from '../../testing/client-entries.fixture.ts'
import { ForeignChain } from '../../testing/foreign-chain.fixture.ts'
import { hubGenesis, testHub } from '../../testing/hub.fixture.ts'
import { memoryContext } from '../../testing/memory-context.fixture.ts'
import { message } from '../../testing/messages.fixture.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { packetsOf } from '../../testing/two-chains.fixture.ts'
import { Wallet } from '../../testing/wallet.fixture.ts'
import { initGenesis } from './genesis.ts'
import { invariants } from './invariants.ts'
import { createLedger } from './ledger.ts'
import { LISTED_ESCROW_MAX, POOLED_LINES_MAX, createLines, voucherDenom } from './lines.ts'
import { LEDGER_STORE, lines as storedLines } from './state.ts'

const addresses = createAddressCodec('cway')
const holder = { account: new Uint8Array(20).fill(1), subaccount: 0 }
const CLIENT = '07-tendermint-0'
const pathOf = (base: string) => `transfer/${CLIENT}/${base}`
const lineEntries = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({ client: CLIENT, denom: pathOf(`u${from + i}`), asset: 'usd' }))
const listingEntries = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    creator: addresses.encode(holder.account),
    chainId: 'zone-7',
    base: `u${i}`,
    asset: 'usd',
  }))

function setUp(parts: Record<string, unknown>) {
  const context = memoryContext([LEDGER_STORE])
  const ports = {
    addresses,
    ensureAccount: (_: unknown, account: Uint8Array) => account,
    lines: { hasCounterparty: () => true },
  }
  const assets = [{ denom: 'usd', decimals: 6, native: false }]
  initGenesis(context, { zone: 0, assets, balances: [], ...parts }, ports)
  const ledger = createLedger(ports)
  return {
    context,
    ledger,
    lines: createLines(ledger, { priceE9: () => 0n }),
    store: context.store(LEDGER_STORE),
  }
}

describe('the lines of an asset', () => {
  it('can all be full and in flight at once, and all be refunded', () => {
    const { context, ledger, lines, store } = setUp({ lines: lineEntries(POOLED_LINES_MAX) })
    const each = [...storedLines(store)]
    for (const line of each) lines.deposit(context, line, holder, LISTED_ESCROW_MAX)
    const all = 256n * LISTED_ESCROW_MAX
    expect(ledger.balance(context, holder, each[0]!.asset)).toBe(all)
    for (const { denom } of each)
      lines.withdraw(context, lines.find(context, denom), holder, LISTED_ESCROW_MAX)
    for (const { denom } of each) {
      const more = () => lines.deposit(context, lines.find(context, denom), holder, 1n)
      expect(refusal(more)).toBe('ledger/6')
    }
    for (const { id } of each) lines.refund(context, id, holder, LISTED_ESCROW_MAX)
    expect(ledger.balance(context, holder, each[0]!.asset)).toBe(all)
    expect(invariants(context, true)).toEqual([])
  })

  it('leave room for the refund of one that is in flight, whatever another’s chain claims', () => {
    const { context, lines, store } = setUp({ lines: lineEntries(2) })
    const [first, second] = [...storedLines(store)]
    lines.deposit(context, first!, holder, 1_000n)
    lines.withdraw(context, lines.find(context, first!.denom), holder, 1_000n)
    const flood = () => lines.deposit(context, second!, holder, U256_MAX)
    expect(refusal(() => context.nested(flood))).toBe('ledger/6')
    expect(flood).toThrow('2^248 - 1')
    expect(refusal(() => lines.refund(context, first!.id, holder, 1_000n))).toBe('nothing')
  })

  it('that nobody listed pool nothing, and hold 256 bits', () => {
    const { context, lines } = setUp({})
    const line = lines.ensure(context, CLIENT, pathOf('umeme'))
    lines.deposit(context, line, holder, U256_MAX)
    lines.withdraw(context, lines.find(context, line.denom), holder, U256_MAX)
    const more = () => lines.deposit(context, lines.find(context, line.denom), holder, 1n)
    expect(refusal(() => context.nested(more))).toBe('ledger/6')
    lines.refund(context, line.id, holder, U256_MAX)
    expect(invariants(context, true)).toEqual([])
  })

  it('are at most 256 in a genesis, listings among them', () => {
    const reason = (parts: Record<string, unknown>) => {
      try {
        setUp(parts)
        return ''
      } catch (error) {
        expect(refusal(() => setUp(parts))).toBe('genesis/2')
        return (error as Error).message
      }
    }
    expect(reason({ lines: lineEntries(256) })).toBe('')
    expect(reason({ lines: lineEntries(257) })).toContain('ledger.lines.256.asset')
    expect(reason({ listings: listingEntries(257) })).toContain('ledger.listings.256.asset')
    expect(reason({ lines: lineEntries(200), listings: listingEntries(56) })).toBe('')
    expect(reason({ lines: lineEntries(200), listings: listingEntries(57) })).toContain(
      'ledger.listings.56.asset: expected at most 256',
    )
  })

  it('hold no more in a genesis than deposits could have brought', () => {
    const held = (amount: bigint, line: object = lineEntries(1)[0]!, denom = 'usd') => ({
      assets: [{ denom, decimals: 0, native: false }],
      lines: [{ ...line, asset: denom, escrowed: `${amount}` }],
      balances: [{ holder: addresses.encode(holder.account), denom, amount: `${amount}` }],
    })
    expect(refusal(() => setUp(held(LISTED_ESCROW_MAX)))).toBe('nothing')
    expect(() => setUp(held(LISTED_ESCROW_MAX + 1n))).toThrow('ledger.lines.0.escrowed')
    const denom = pathOf('umeme')
    const unlisted = { client: CLIENT, denom, listed: false }
    expect(refusal(() => setUp(held(U256_MAX, unlisted, voucherDenom(denom))))).toBe('nothing')
  })

  it('are not pooled with one that nobody listed', () => {
    const denom = pathOf('umeme')
    const asset = voucherDenom(denom)
    const assets = [{ denom: asset, decimals: 0, native: false }]
    const unlisted = { client: CLIENT, denom, asset, listed: false }
    const listed = { ...lineEntries(1)[0]!, asset }
    const listing = { ...listingEntries(1)[0]!, asset }
    expect(refusal(() => setUp({ assets, lines: [unlisted] }))).toBe('nothing')
    expect(() => setUp({ assets, lines: [unlisted, listed] })).toThrow('ledger.lines.1.asset')
    expect(() => setUp({ assets, lines: [listed, unlisted] })).toThrow('ledger.lines.1.asset')
    expect(() => setUp({ assets, lines: [unlisted], listings: [listing] })).toThrow('ledger.listings.0.asset')
  })
})

/** A hub with two lines of one asset, over a chain whose validators sign whatever the test wants. */
function setUpHub() {
  const alice = new Wallet('alice')
  const entry = { client: CLIENT, asset: 'usdz' }
  const base = hubGenesis([alice]) as { ledger: object }
  const genesis = hubGenesis([alice], {
    ibc: clientEntries(),
    accounts: { gasPrices: [] },
    ledger: {
      ...base.ledger,
      lines: ['uusd', 'uother'].map((b) => ({ ...entry, denom: pathOf(b) })),
    } as never,
  })
  const { driver, hub } = testHub([alice], {}, genesis)
  driver.block()
  const zone = new ForeignChain({
    chainId: 'zone-7',
    kind: 'ed25519',
    validators: 1,
    genesisSeconds: 1_700_000_000n - 1n,
  })
  const deliver = (item: Any) => {
    const tx = alice.sign([item], { gasLimit: 5_000_000n, fee: [] })
    const result = driver.execute(driver.proposal([tx])).txResults.at(-1)!
    assert(result.code === 0, result.log)
    return result
  }
  /** Teaches the client a state that commits to this, or to nothing; proves the key in it. */
  const prove = (key: Uint8Array, value?: Uint8Array) => {
    const height = driver.timeSeconds - 1_700_000_000n + 1n
    const { appHash, proof } = provenState(key, value)
    const clientMessage = zone.update(height, 1n, appHash)
    deliver(
      message('ibc.core.client.v1.MsgUpdateClient', {
        clientId: CLIENT,
        clientMessage,
        signer: alice.address,
      }),
    )
    return { proof, proofHeight: { revisionNumber: 7n, revisionHeight: height } }
  }
  let sequence = 0n
  const deposit = (denom: string, amount: bigint) => {
    const data = { denom, amount, sender: 'zone1depositor', receiver: alice.address, memo: '' }
    const packet: Packet = {
      sequence: ++sequence,
      sourceClient: CLIENT,
      destinationClient: CLIENT,
      timeoutTimestamp: driver.timeSeconds + 3_600n,
      payloads: [encodeTransfer(data)],
    }
    const { proof, proofHeight } = prove(packetCommitmentKey(CLIENT, sequence), packetCommitment(packet))
    const parts = { packet, proofCommitment: proof, proofHeight, signer: alice.address }
    const received = deliver(message('ibc.core.channel.v2.MsgRecvPacket', parts))
    const { acknowledgement } = packetsOf(received, 'write_acknowledgement')[0]!
    return isErrorAcknowledgement(acknowledgement.appAcknowledgements) ? 'refused' : 'taken'
  }
  const withdraw = (denom: string, amount: bigint) => {
    const token = { denom: voucherOf(pathOf(denom)), amount: `${amount}` }
    const sent = deliver(
      message('ibc.applications.transfer.v1.MsgTransfer', {
        sourcePort: 'transfer',
        sourceChannel: CLIENT,
        token,
        sender: alice.address,
        receiver: 'zone1depositor',
        timeoutHeight: { revisionNumber: 0n, revisionHeight: 0n },
        timeoutTimestamp: driver.timeSeconds + 5n,
        memo: '',
        encoding: '',
      }),
    )
    return packetsOf(sent, 'send_packet')[0]!.packet
  }
  const timeOut = (packet: Packet) => {
    driver.block(10n)
    const { proof, proofHeight } = prove(packetReceiptKey(CLIENT, packet.sequence))
    const parts = { packet, proofUnreceived: proof, proofHeight, signer: alice.address }
    return deliver(message('ibc.core.channel.v2.MsgTimeout', parts))
  }
  const held = () => {
    const data = QueryBalanceRequest.encode({ address: alice.address, denom: 'usdz' }).finish()
    const { value } = driver.query('/cosmos.bank.v1beta1.Query/Balance', data)
    return BigInt(QueryBalanceResponse.decode(value).balance!.amount)
  }
  return { hub, deposit, withdraw, timeOut, held }
}

function provenState(key: Uint8Array, value?: Uint8Array) {
  const options = { storage: createMemoryStorage(), storeNames: ['bank', 'ibc'], keepVersions: 1n }
  const stores = MultiStore.open(options)
  const layer = new Layer((name) => stores.reader(name))
  layer.store('ibc').set(Uint8Array.of(1), Uint8Array.of(1))
  if (value !== undefined) layer.store('ibc').set(key, value)
  const appHash = stores.finalize(1n, layer.changes())
  stores.commit()
  const proofs = stores.proveKey('ibc', key, 1n).proofs.map((bytes) => CommitmentProof.decode(bytes))
  return { appHash, proof: MerkleProof.encode({ proofs }).finish() }
}

describe('a proven deposit', () => {
  it('beyond what a line may hold gets the error acknowledgement, and the chain goes on', () => {
    const { hub, deposit, held } = setUpHub()
    expect(deposit('uusd', LISTED_ESCROW_MAX + 1n)).toBe('refused')
    expect(deposit('uusd', U256_MAX)).toBe('refused')
    expect(deposit('uusd', LISTED_ESCROW_MAX)).toBe('taken')
    expect(deposit('uusd', 1n)).toBe('refused')
    expect(deposit('uother', 5n)).toBe('taken')
    expect(held()).toBe(LISTED_ESCROW_MAX + 5n)
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('does not stand in the way of a refund', () => {
    const { hub, deposit, withdraw, timeOut, held } = setUpHub()
    deposit('uusd', 1_000n)
    const packet = withdraw('uusd', 400n)
    expect(deposit('uother', U256_MAX - 600n)).toBe('refused')
    expect(deposit('uother', LISTED_ESCROW_MAX)).toBe('taken')
    expect(deposit('uusd', LISTED_ESCROW_MAX - 1_000n)).toBe('taken')
    expect(timeOut(packet).code).toBe(0)
    expect(held()).toBe(2n * LISTED_ESCROW_MAX)
    expect(brokenInvariants(hub.chain)).toEqual([])
  })
})
