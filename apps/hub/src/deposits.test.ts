// Deposits from a zone into the hub: stock 07-tendermint clients, real headers and proofs, and what must be
// refused.
import { toHex, utf8 } from '@causeway/primitives'
import { packetCommitmentKey, voucherOf } from '@causeway/messaging'
import { QueryPricesRequest, QueryPricesResponse } from '@causeway/protocol/causeway/oracle/v1/query'
import { createMemoryStorage } from '@causeway/state-tree'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHubApplication } from './app.ts'
import { brokenInvariants, exportState } from './block/inspect.ts'
import { Bridge, USD_PATH, eventsIn } from './testing/bridge.fixture.ts'
import { message } from './testing/messages.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { packetsOf } from './testing/two-chains.fixture.ts'
import { send } from './testing/wallet.fixture.ts'
import { verifyNatively } from './workers/native-signatures.ts'

let bridge: Bridge
beforeAll(async () => {
  bridge = await Bridge.start()
})
afterAll(() => bridge?.stop())

const deposit = (receiver: string, amount: string) =>
  bridge.send(bridge.zone, bridge.depositor, { denom: 'uusd', amount, receiver })
const receive = (
  packet: Parameters<Bridge['receive']>[2] | undefined,
  change?: (proof: Uint8Array) => Uint8Array,
) => bridge.receive(bridge.hub, bridge.zone.chain, packet!, change)

describe('a deposit', () => {
  it('is escrowed there, credited here with a proof, and acknowledged', async () => {
    const { trader, depositor } = bridge
    const { sent, packet } = await deposit(`${trader.address}/3`, '5000000')
    expect(codeOf(sent)).toBe('0')
    const received = await receive(packet)
    expect([codeOf(received), received.log]).toEqual(['0', ''])
    expect(eventsIn(received, 'causeway.transfer.v1.credit')).toEqual([
      {
        line: '1',
        asset: '2',
        account: trader.address,
        subaccount: '3',
        amount: '5000000',
        sender: depositor.address,
        client: '07-tendermint-0',
        sequence: '1',
        msg_index: '0',
      },
    ])
    const told = eventsIn(received, 'fungible_token_packet')[0]
    expect(told).toMatchObject({ success: 'true', receiver: `${trader.address}/3` })
    expect(bridge.line()).toMatchObject({ id: 1n, escrowed: '5000000', inFlight: '0', listed: true })
    expect(bridge.balance(bridge.hub, `${trader.address}/3`, 'usd')).toBe('5000000')
    expect(codeOf(await bridge.acknowledge(bridge.zone, bridge.hub.chain, received))).toBe('0')
    expect(bridge.balance(bridge.zone, depositor.address, 'uusd')).toBe('9995000000')
    expect(bridge.broken()).toEqual([])
  })

  it('is collateral at the oracle price after haircuts', () => {
    const { hub, trader } = bridge
    hub.chain.block()
    const { collateral, equityE6, initialMarginE6 } = bridge.portfolio(`${trader.address}/3`)
    expect(collateral).toMatchObject([{ asset: 2n, amount: '5000000', priceStatus: 'fresh' }])
    const { priceE9 } = collateral[0]!
    expect(BigInt(equityE6)).toBe((5_000_000n * priceE9) / 1_000_000_000n)
    // Margin is rounded against the account: by 10⁻⁹ of what was added up, and to whole micro-cash.
    const weighted = (5_000_000n * priceE9 * 9n) / 10_000_000_000n
    expect([weighted, weighted - 1n]).toContain(BigInt(initialMarginE6))
    const data = QueryPricesRequest.encode({}).finish()
    const path = '/causeway.oracle.v1.Query/Prices'
    const { value } = hub.chain.application.query({ path, data, height: 0n, prove: false })
    expect(QueryPricesResponse.decode(value).prices).toMatchObject([
      { asset: 2n, symbol: 'USD', status: 'fresh' },
    ])
  })

  it('relayed again changes nothing', async () => {
    const { hub, trader } = bridge
    const { packet } = await deposit(trader.address, '7')
    expect(codeOf(await receive(packet))).toBe('0')
    const before = bridge.balance(hub, trader.address, 'usd')
    const again = await bridge.receiveMessage(hub, bridge.zone.chain, packet!)
    const { relayer } = hub.chain
    expect(codeOf((await hub.chain.submit(relayer, [again])).response)).toBe('block/35')
    // Beside a message of another kind it comes into a block, and is a no-op there.
    const relayed = await hub.chain.deliver(relayer, [send(relayer.address, relayer.address, '1'), again])
    expect([codeOf(relayed), eventsIn(relayed, 'write_acknowledgement')]).toEqual(['0', []])
    expect(bridge.balance(hub, trader.address, 'usd')).toBe(before)
  })

  it('of a token that nobody listed becomes an asset of its own, worth nothing', async () => {
    const { hub, trader } = bridge
    await bridge.deposit(trader.address, '999', 'umeme')
    const path = 'transfer/07-tendermint-0/umeme'
    expect(bridge.line(path)).toMatchObject({ listed: false, escrowed: '999' })
    expect(bridge.balance(hub, trader.address, voucherOf(path))).toBe('999')
    const meme = bridge.portfolio(trader.address).collateral.find(({ denom }) => denom === voucherOf(path))
    expect(meme).toMatchObject({ valueE6: '0', initialValueE6: '0', priceStatus: 'none' })
    expect(bridge.broken()).toEqual([])
  })

  it('creates the account of its receiver', async () => {
    const address = 'cway19jz3f32m0z0kt4u6xeutvwkr6m2hmwma2ajm2u'
    const received = await bridge.deposit(address, '1')
    expect(eventsIn(received, 'causeway.accounts.v1.created')).toMatchObject([{ account: address }])
  })

  it('to a name that is no account of the hub is refused and refunded', async () => {
    const { hub, zone, trader, depositor } = bridge
    const before = bridge.balance(zone, depositor.address, 'uusd')
    const { address } = trader
    for (const receiver of [
      depositor.address,
      `${address}/65536`,
      `${address}/03`,
      'cway1',
      address.toUpperCase(),
    ]) {
      const { packet } = await deposit(receiver, '11')
      const received = await receive(packet)
      expect(codeOf(received)).toBe('0')
      const { acknowledgement } = packetsOf(received, 'write_acknowledgement')[0]!
      expect(toHex(acknowledgement.appAcknowledgements[0]!).slice(0, 8)).toBe('4774d4a5')
      expect(eventsIn(received, 'causeway.transfer.v1.credit')).toEqual([])
      expect(codeOf(await bridge.acknowledge(zone, hub.chain, received))).toBe('0')
    }
    expect(bridge.balance(zone, depositor.address, 'uusd')).toBe(before)
    expect(bridge.broken()).toEqual([])
  })

  it('with too little gas fails as a transaction: nobody can force a refund', async () => {
    const { chain } = bridge.hub
    const first = await deposit(bridge.trader.address, '13')
    const enough = await receive(first.packet)
    expect(codeOf(enough)).toBe('0')
    const { packet } = await deposit(bridge.trader.address, '13')
    const poor = await bridge.receiveMessage(bridge.hub, bridge.zone.chain, packet!)
    for (const less of [1_500n, 3_000n, 6_000n, 9_000n]) {
      expect(codeOf(await chain.deliver(chain.relayer, [poor], enough.gasUsed - less))).toBe('tx/11')
    }
    expect(codeOf(await chain.deliver(chain.relayer, [poor]))).toBe('0')
  })
})

describe('what is proven wrongly', () => {
  it('is refused: tampered proofs and changed packets', async () => {
    const { packet } = await deposit(bridge.trader.address, '17')
    const flipped = (proof: Uint8Array) => proof.map((byte, i) => (i === proof.length >> 1 ? byte ^ 1 : byte))
    expect(codeOf(await receive(packet, flipped))).not.toBe('0')
    expect(codeOf(await receive(packet, () => new Uint8Array(0)))).toBe('ibc/6')
    expect(codeOf(await receive({ ...packet!, timeoutTimestamp: packet!.timeoutTimestamp + 1n }))).not.toBe(
      '0',
    )
    expect(codeOf(await receive({ ...packet!, sourceClient: '07-tendermint-77' }))).toBe('ibc/81')
    expect(codeOf(await receive({ ...packet!, destinationClient: '07-tendermint-77' }))).toBe('ibc/80')
    expect(codeOf(await receive({ ...packet!, sequence: 0n }))).toBe('ibc/20')
    expect(codeOf(await receive(packet))).toBe('0')
  })

  it('is refused: a client that names ours as its counterparty, without ours naming it', async () => {
    const { hub, zone, trader, depositor } = bridge
    const stranger = {
      chain: zone.chain,
      client: await zone.chain.createClient(hub.chain),
      trusted: hub.chain.height(),
    }
    await bridge.register(stranger, hub.client)
    const sending = { denom: 'uusd', amount: '1000', receiver: trader.address }
    const { packet } = await bridge.send(stranger, depositor, sending)
    const before = bridge.balance(hub, trader.address, 'usd')
    // A payment beside it brings it into a block, though a packet of this number has been received.
    const { relayer } = hub.chain
    const theirs = await bridge.receiveMessage(hub, zone.chain, packet!)
    const received = await hub.chain.deliver(relayer, [send(relayer.address, relayer.address, '1'), theirs])
    expect(codeOf(received)).toBe('ibc/81')
    expect(bridge.balance(hub, trader.address, 'usd')).toBe(before)
    expect(bridge.broken()).toEqual([])
  })

  it('is refused: an update that is no header of that chain', async () => {
    const { chain, client } = bridge.hub
    chain.block()
    const own = await chain.header(chain.height() - 1n)
    const signer = chain.relayer.address
    const foreign = message('ibc.core.client.v1.MsgUpdateClient', {
      clientId: client,
      clientMessage: own,
      signer,
    })
    expect(codeOf(await chain.deliver(chain.relayer, [foreign]))).toMatch(/^07-tendermint\//)
    const nothing = message('ibc.core.client.v1.MsgUpdateClient', {
      clientId: client,
      clientMessage: undefined,
      signer,
    })
    expect(codeOf(await chain.deliver(chain.relayer, [nothing]))).toBe('ibc/5')
  })
})

describe('the state', () => {
  it('is exported with what is in flight, and reads back as genesis', async () => {
    const { hub, trader, depositor, clock } = bridge
    const token = { denom: voucherOf(USD_PATH), amount: '3' }
    const sending = { ...token, receiver: depositor.address, sender: `${trader.address}/3` }
    const { sent, packet } = await bridge.send(hub, trader, sending)
    expect(codeOf(sent)).toBe('0')
    expect(
      hub.chain.prove(packetCommitmentKey(packet!.sourceClient, packet!.sequence)).value.length,
    ).toBeLessThan(33)
    const exported = exportState(hub.chain.application.chain) as { readonly liquidation: object }
    const storage = createMemoryStorage()
    const chainId = 'causeway-1'
    const copy = createHubApplication({
      chainId,
      storage,
      verifySignatures: verifyNatively,
      priceSource: () => [],
    })
    const time = { seconds: clock.seconds, nanos: 0 }
    copy.initChain({
      time,
      chainId,
      consensusParams: undefined,
      validators: [{ pubKey: { ed25519: new Uint8Array(32).fill(1) }, power: 1n }],
      appStateBytes: utf8(JSON.stringify(exported)),
      initialHeight: 1n,
    })
    const none = new Uint8Array(0)
    const block = { txs: [], decidedLastCommit: undefined, misbehavior: [], hash: none, height: 1n, time }
    copy.finalizeBlock({ ...block, nextValidatorsHash: none, proposerAddress: none })
    copy.commit()
    // A first block counts as one after a halt: prices prove themselves anew.
    expect(exportState(copy.chain)).toEqual({
      ...exported,
      liquidation: { ...exported.liquidation, fresh: [{ asset: '2', sinceHeight: '1' }] },
    })
    expect(brokenInvariants(copy.chain)).toEqual([])
  })
})
