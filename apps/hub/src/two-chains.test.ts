// Deposits, withdrawals, timeouts and refusals between a hub and a zone: stock 07-tendermint clients, real headers and proofs.
import { toHex, utf8 } from '@causeway/primitives'
import { createMemoryStorage } from '@causeway/state-tree'
import {
  escrowAddress,
  packetAcknowledgementKey,
  packetCommitmentKey,
  packetReceiptKey,
  voucherOf,
} from '@causeway/messaging'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { QueryBalanceRequest, QueryBalanceResponse } from '@causeway/protocol/cosmos/bank/v1beta1/query'
import { QueryLineRequest, QueryLineResponse } from '@causeway/protocol/causeway/ledger/v1/query'
import { QueryPortfolioRequest, QueryPortfolioResponse } from '@causeway/protocol/causeway/risk/v1/query'
import { QueryPricesRequest, QueryPricesResponse } from '@causeway/protocol/causeway/oracle/v1/query'
import type { ExecTxResult } from '@causeway/protocol/tendermint/abci/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHubApplication } from './app.ts'
import { brokenInvariants, exportState } from './block/inspect.ts'
import { hubAppState, zoneAppState } from './genesis/app-state.ts'
import { createAddressCodec } from './identifiers.ts'
import { createSeededPriceSource } from './modules/oracle/price-source.ts'
import { message } from './testing/messages.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { TestChain, TestClock, packetsOf } from './testing/two-chains.fixture.ts'
import { Wallet } from './testing/wallet.fixture.ts'
import { verifyNatively } from './workers/native-signatures.ts'
import { createZoneApplication } from './zone.ts'

const clock = new TestClock()
const trader = new Wallet('trader')
const hubRelayer = new Wallet('hub relayer')
const depositor = new Wallet('depositor', 'zone', 'zone-7')
const zoneRelayer = new Wallet('zone relayer', 'zone', 'zone-7')
const PATH = 'transfer/07-tendermint-0/uusd'
const NO_HEIGHT = { revisionNumber: 0n, revisionHeight: 0n }

let hub: TestChain
let zone: TestChain

interface End {
  readonly chain: TestChain
  client: string
  trusted: bigint
}
let hubEnd: End
let zoneEnd: End

beforeAll(async () => {
  trader.accountNumber = 1n
  hubRelayer.accountNumber = 2n
  depositor.accountNumber = 1n
  zoneRelayer.accountNumber = 2n
  const node = { storage: createMemoryStorage(), verifySignatures: verifyNatively }
  const priceSource = createSeededPriceSource('two chains', [{ asset: 2n, priceE9: 1_000_000_000n }])
  const hubApplication = createHubApplication({ ...node, chainId: 'causeway-1', priceSource })
  const zoneApplication = createZoneApplication({
    ...node,
    storage: createMemoryStorage(),
    chainId: 'zone-7',
    name: 'zone',
    bech32Prefix: 'zone',
  })
  const holders = (denom: string, ...wallets: Wallet[]) =>
    wallets.map(({ address }) => ({ holder: address, denom, amount: 10_000_000_000n }))
  const appState = hubAppState({
    denom: 'ucway',
    gasPriceE9: 25_000_000n,
    balances: holders('ucway', trader, hubRelayer),
    assets: [
      { denom: 'usd', decimals: 6, symbol: 'USD', initialWeightBps: 9_000, maintenanceWeightBps: 9_500 },
    ],
    lines: [{ client: '07-tendermint-0', base: 'uusd', asset: 'usd' }],
  })
  hub = await TestChain.start(hubApplication, {
    chainId: 'causeway-1',
    appState,
    clock,
    relayer: hubRelayer,
    extensions: true,
  })
  const zoneState = zoneAppState({
    denoms: ['uzone', 'uusd', 'umeme'],
    balances: [
      ...holders('uzone', depositor, zoneRelayer),
      ...holders('uusd', depositor),
      ...holders('umeme', depositor),
    ],
    gasPrice: { denom: 'uzone', priceE9: 25_000_000n },
  })
  zone = await TestChain.start(zoneApplication, {
    chainId: 'zone-7',
    appState: zoneState,
    clock,
    relayer: zoneRelayer,
    extensions: false,
  })
  hubEnd = { chain: hub, client: await hub.createClient(zone), trusted: zone.height() }
  zoneEnd = { chain: zone, client: await zone.createClient(hub), trusted: hub.height() }
  for (const [end, other] of [
    [hubEnd, zoneEnd],
    [zoneEnd, hubEnd],
  ] as const) {
    const registered = await end.chain.deliver(end.chain.relayer, [
      message('ibc.core.client.v2.MsgRegisterCounterparty', {
        clientId: end.client,
        counterpartyClientId: other.client,
        counterpartyMerklePrefix: [utf8('ibc'), new Uint8Array(0)],
        signer: end.chain.relayer.address,
      }),
    ])
    expect(codeOf(registered)).toBe('0')
  }
})

afterAll(async () => {
  await hub?.stop()
  await zone?.stop()
})

/** Brings one end up to the newest header of the other. */
async function update(end: End, source: TestChain): Promise<void> {
  source.block()
  const clientMessage = await source.header(end.trusted)
  const { relayer } = end.chain
  const updated = await end.chain.deliver(relayer, [
    message('ibc.core.client.v1.MsgUpdateClient', {
      clientId: end.client,
      clientMessage,
      signer: relayer.address,
    }),
  ])
  expect([codeOf(updated), updated.log]).toEqual(['0', ''])
  end.trusted = source.height()
}

/** Time passes on both chains: a header's time is that of the votes for the block before. */
function pass(seconds: bigint): void {
  clock.forward(seconds)
  for (const chain of [hub, zone, hub, zone]) chain.block()
}

async function receive(
  end: End,
  source: TestChain,
  packet: Packet,
  change: (proof: Uint8Array) => Uint8Array = (p) => p,
) {
  await update(end, source)
  const { proof, height } = source.prove(packetCommitmentKey(packet.sourceClient, packet.sequence))
  const receiving = message('ibc.core.channel.v2.MsgRecvPacket', {
    packet,
    proofCommitment: change(proof),
    proofHeight: height,
    signer: end.chain.relayer.address,
  })
  return end.chain.deliver(end.chain.relayer, [receiving])
}

async function acknowledge(end: End, source: TestChain, received: ExecTxResult) {
  const [{ packet, acknowledgement } = { packet: undefined, acknowledgement: undefined }] = packetsOf(
    received,
    'write_acknowledgement',
  )
  await update(end, source)
  const { proof, height } = source.prove(
    packetAcknowledgementKey(packet!.destinationClient, packet!.sequence),
  )
  const acknowledging = message('ibc.core.channel.v2.MsgAcknowledgement', {
    packet,
    acknowledgement,
    proofAcked: proof,
    proofHeight: height,
    signer: end.chain.relayer.address,
  })
  return end.chain.deliver(end.chain.relayer, [acknowledging])
}

async function timeOut(end: End, source: TestChain, packet: Packet) {
  await update(end, source)
  const { proof, height } = source.prove(packetReceiptKey(packet.destinationClient, packet.sequence))
  const timing = message('ibc.core.channel.v2.MsgTimeout', {
    packet,
    proofUnreceived: proof,
    proofHeight: height,
    signer: end.chain.relayer.address,
  })
  return end.chain.deliver(end.chain.relayer, [timing])
}

async function transfer(
  end: End,
  wallet: Wallet,
  token: { denom: string; amount: string },
  to: { receiver: string; sender?: string; timeout?: bigint },
) {
  const sent = await end.chain.deliver(wallet, [
    message('ibc.applications.transfer.v1.MsgTransfer', {
      sourcePort: 'transfer',
      sourceChannel: end.client,
      token,
      sender: to.sender ?? wallet.address,
      receiver: to.receiver,
      timeoutHeight: NO_HEIGHT,
      timeoutTimestamp: clock.seconds + (to.timeout ?? 600n),
      memo: '',
      encoding: '',
    }),
  ])
  return { sent, packet: packetsOf(sent, 'send_packet')[0]?.packet }
}

function balance(chain: TestChain, address: string, denom: string): string {
  const data = QueryBalanceRequest.encode({ address, denom }).finish()
  const { value } = chain.application.query({
    path: '/cosmos.bank.v1beta1.Query/Balance',
    data,
    height: 0n,
    prove: false,
  })
  return QueryBalanceResponse.decode(value).balance!.amount
}

function line(denom = PATH) {
  const data = QueryLineRequest.encode({ id: 0n, denom }).finish()
  const { value } = hub.application.query({
    path: '/causeway.ledger.v1.Query/Line',
    data,
    height: 0n,
    prove: false,
  })
  return QueryLineResponse.decode(value).line!
}

function portfolio(account: string) {
  const data = QueryPortfolioRequest.encode({ account }).finish()
  const { value } = hub.application.query({
    path: '/causeway.risk.v1.Query/Portfolio',
    data,
    height: 0n,
    prove: false,
  })
  return QueryPortfolioResponse.decode(value)
}

function events(result: ExecTxResult, type: string) {
  return result.events
    .filter((event) => event.type === type)
    .map(({ attributes }) => Object.fromEntries(attributes.map(({ key, value }) => [key, value])))
}

const hubAddress = createAddressCodec('cway').encode
const allHold = () => [
  ...brokenInvariants(hub.application.chain),
  ...brokenInvariants(zone.application.chain),
]

describe('a deposit', () => {
  it('is escrowed there, credited here with a proof, and acknowledged', async () => {
    const { sent, packet } = await transfer(
      zoneEnd,
      depositor,
      { denom: 'uusd', amount: '5000000' },
      { receiver: `${trader.address}/3` },
    )
    expect(codeOf(sent)).toBe('0')
    const received = await receive(hubEnd, zone, packet!)
    expect([codeOf(received), received.log]).toEqual(['0', ''])
    expect(events(received, 'causeway.transfer.v1.credit')).toEqual([
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
    expect(events(received, 'fungible_token_packet')[0]).toMatchObject({
      success: 'true',
      receiver: `${trader.address}/3`,
    })
    expect(line()).toMatchObject({ id: 1n, escrowed: '5000000', inFlight: '0', listed: true })
    expect(balance(hub, `${trader.address}/3`, 'usd')).toBe('5000000')
    expect(codeOf(await acknowledge(zoneEnd, hub, received))).toBe('0')
    expect(balance(zone, depositor.address, 'uusd')).toBe('9995000000')
    expect(allHold()).toEqual([])
  })

  it('is collateral at the oracle price after haircuts', () => {
    hub.block()
    const { collateral, equityE6, initialMarginE6 } = portfolio(`${trader.address}/3`)
    expect(collateral).toMatchObject([{ asset: 2n, amount: '5000000', priceStatus: 'fresh' }])
    expect(BigInt(equityE6)).toBe((5_000_000n * collateral[0]!.priceE9) / 1_000_000_000n)
    expect(BigInt(initialMarginE6)).toBe((5_000_000n * collateral[0]!.priceE9 * 9n) / 10_000_000_000n)
    const data = QueryPricesRequest.encode({}).finish()
    const { value } = hub.application.query({
      path: '/causeway.oracle.v1.Query/Prices',
      data,
      height: 0n,
      prove: false,
    })
    expect(QueryPricesResponse.decode(value).prices).toMatchObject([
      { asset: 2n, symbol: 'USD', status: 'fresh' },
    ])
  })

  it('relayed again changes nothing', async () => {
    const { packet } = await transfer(
      zoneEnd,
      depositor,
      { denom: 'uusd', amount: '7' },
      { receiver: trader.address },
    )
    expect(codeOf(await receive(hubEnd, zone, packet!))).toBe('0')
    const before = balance(hub, trader.address, 'usd')
    const again = await receive(hubEnd, zone, packet!)
    expect([codeOf(again), events(again, 'write_acknowledgement')]).toEqual(['0', []])
    expect(balance(hub, trader.address, 'usd')).toBe(before)
  })

  it('of a token that nobody listed becomes an asset of its own, worth nothing', async () => {
    const { packet } = await transfer(
      zoneEnd,
      depositor,
      { denom: 'umeme', amount: '999' },
      { receiver: trader.address },
    )
    expect(codeOf(await receive(hubEnd, zone, packet!))).toBe('0')
    const path = 'transfer/07-tendermint-0/umeme'
    expect(line(path)).toMatchObject({ listed: false, escrowed: '999' })
    expect(balance(hub, trader.address, voucherOf(path))).toBe('999')
    const meme = portfolio(trader.address).collateral.find(({ denom }) => denom === voucherOf(path))
    expect(meme).toMatchObject({ valueE6: '0', initialValueE6: '0', priceStatus: 'none' })
    expect(allHold()).toEqual([])
  })

  it('to a name that is no account of the hub is refused and refunded', async () => {
    const before = balance(zone, depositor.address, 'uusd')
    for (const receiver of [
      depositor.address,
      `${trader.address}/65536`,
      `${trader.address}/03`,
      'cway1',
      trader.address.toUpperCase(),
    ]) {
      const { packet } = await transfer(zoneEnd, depositor, { denom: 'uusd', amount: '11' }, { receiver })
      const received = await receive(hubEnd, zone, packet!)
      expect(codeOf(received)).toBe('0')
      const [{ acknowledgement } = { acknowledgement: undefined }] = packetsOf(
        received,
        'write_acknowledgement',
      )
      expect(toHex(acknowledgement!.appAcknowledgements[0]!).slice(0, 8)).toBe('4774d4a5')
      expect(events(received, 'causeway.transfer.v1.credit')).toEqual([])
      expect(codeOf(await acknowledge(zoneEnd, hub, received))).toBe('0')
    }
    expect(balance(zone, depositor.address, 'uusd')).toBe(before)
    expect(allHold()).toEqual([])
  })

  it('with too little gas fails as a transaction: nobody can force a refund', async () => {
    const { packet } = await transfer(
      zoneEnd,
      depositor,
      { denom: 'uusd', amount: '13' },
      { receiver: trader.address },
    )
    await update(hubEnd, zone)
    const { proof, height } = zone.prove(packetCommitmentKey(packet!.sourceClient, packet!.sequence))
    const receiving = message('ibc.core.channel.v2.MsgRecvPacket', {
      packet,
      proofCommitment: proof,
      proofHeight: height,
      signer: hubRelayer.address,
    })
    const enough = await hub.deliver(hubRelayer, [receiving])
    expect(codeOf(enough)).toBe('0')
    const { packet: next } = await transfer(
      zoneEnd,
      depositor,
      { denom: 'uusd', amount: '13' },
      { receiver: trader.address },
    )
    await update(hubEnd, zone)
    const proven = zone.prove(packetCommitmentKey(next!.sourceClient, next!.sequence))
    const poor = message('ibc.core.channel.v2.MsgRecvPacket', {
      packet: next,
      proofCommitment: proven.proof,
      proofHeight: proven.height,
      signer: hubRelayer.address,
    })
    for (const less of [1_500n, 3_000n, 6_000n, 9_000n]) {
      expect(codeOf(await hub.deliver(hubRelayer, [poor], enough.gasUsed - less))).toBe('tx/11')
    }
    expect(codeOf(await hub.deliver(hubRelayer, [poor]))).toBe('0')
  })
})

describe('a withdrawal', () => {
  it('is debited here, released there, and settled when acknowledged', async () => {
    const before = BigInt(balance(zone, depositor.address, 'uusd'))
    const escrowed = BigInt(line().escrowed)
    const token = { denom: voucherOf(PATH), amount: '2000000' }
    const { sent, packet } = await transfer(hubEnd, trader, token, {
      receiver: depositor.address,
      sender: `${trader.address}/3`,
    })
    expect([codeOf(sent), sent.log]).toEqual(['0', ''])
    expect(events(sent, 'causeway.transfer.v1.debit')).toMatchObject([
      { line: '1', subaccount: '3', amount: '2000000', receiver: depositor.address },
    ])
    expect(line()).toMatchObject({ escrowed: `${escrowed}`, inFlight: '2000000' })
    expect(allHold()).toEqual([])
    const received = await receive(zoneEnd, hub, packet!)
    expect([codeOf(received), received.log]).toEqual(['0', ''])
    expect(BigInt(balance(zone, depositor.address, 'uusd'))).toBe(before + 2_000_000n)
    expect(codeOf(await acknowledge(hubEnd, zone, received))).toBe('0')
    expect(line()).toMatchObject({ escrowed: `${escrowed - 2_000_000n}`, inFlight: '0' })
    expect(balance(hub, `${trader.address}/3`, 'usd')).toBe('3000000')
    expect(allHold()).toEqual([])
  })

  it('of more than there is, or by another account, is refused', async () => {
    const send = (amount: string, sender?: string, denom = voucherOf(PATH)) =>
      transfer(
        hubEnd,
        trader,
        { denom, amount },
        { receiver: depositor.address, ...(sender === undefined ? {} : { sender }) },
      )
    expect(codeOf((await send('3000001', `${trader.address}/3`)).sent)).toBe('ledger/5')
    expect(codeOf((await send('1', `${trader.address}/4`)).sent)).toBe('ledger/5')
    expect(codeOf((await send('1', undefined, 'usd')).sent)).toBe('transfer/1003')
    expect(codeOf((await send('1', undefined, PATH)).sent)).toBe('transfer/20')
    expect(codeOf((await send('1', undefined, voucherOf('transfer/07-tendermint-9/x'))).sent)).toBe(
      'transfer/21',
    )
    expect(codeOf((await send('0', undefined)).sent)).toBe('transfer/40')
    const payload = {
      sourcePort: 'transfer',
      destinationPort: 'transfer',
      version: 'ics20-1',
      encoding: 'application/json',
    }
    const value = utf8(
      JSON.stringify({
        denom: PATH,
        amount: '1',
        sender: trader.address,
        receiver: depositor.address,
        memo: '',
      }),
    )
    const stolen = await hub.deliver(hubRelayer, [
      message('ibc.core.channel.v2.MsgSendPacket', {
        sourceClient: hubEnd.client,
        timeoutTimestamp: clock.seconds + 600n,
        payloads: [{ ...payload, value }],
        signer: hubRelayer.address,
      }),
    ])
    expect(codeOf(stolen)).toBe('transfer/1001')
    expect(allHold()).toEqual([])
  })

  it('that times out is refunded to the same subaccount', async () => {
    const token = { denom: voucherOf(PATH), amount: '1000000' }
    const { packet } = await transfer(hubEnd, trader, token, {
      receiver: depositor.address,
      sender: `${trader.address}/3`,
      timeout: 60n,
    })
    expect(balance(hub, `${trader.address}/3`, 'usd')).toBe('2000000')
    expect(codeOf(await timeOut(hubEnd, zone, packet!))).toBe('ibc/84')
    pass(120n)
    expect(codeOf(await receive(zoneEnd, hub, packet!))).toBe('ibc/82')
    const refunded = await timeOut(hubEnd, zone, packet!)
    expect([codeOf(refunded), refunded.log]).toEqual(['0', ''])
    expect(events(refunded, 'causeway.transfer.v1.refund')).toMatchObject([
      { subaccount: '3', amount: '1000000', reason: 'timeout' },
    ])
    expect(balance(hub, `${trader.address}/3`, 'usd')).toBe('3000000')
    expect(line().inFlight).toBe('0')
    const again = await timeOut(hubEnd, zone, packet!)
    expect([codeOf(again), events(again, 'causeway.transfer.v1.refund')]).toEqual(['0', []])
    expect(allHold()).toEqual([])
  })

  it('to a bad receiver is refunded with its error', async () => {
    const token = { denom: voucherOf(PATH), amount: '5' }
    const { packet } = await transfer(hubEnd, trader, token, {
      receiver: 'nobody',
      sender: `${trader.address}/3`,
    })
    const received = await receive(zoneEnd, hub, packet!)
    const acknowledged = await acknowledge(hubEnd, zone, received)
    expect(events(acknowledged, 'causeway.transfer.v1.refund')).toMatchObject([
      { amount: '5', reason: 'error' },
    ])
    expect(balance(hub, `${trader.address}/3`, 'usd')).toBe('3000000')
    expect(allHold()).toEqual([])
  })
})

describe('the hub’s own token', () => {
  it('goes out to an escrow and comes back', async () => {
    const voucher = voucherOf(`transfer/${zoneEnd.client}/ucway`)
    const { sent, packet } = await transfer(
      hubEnd,
      trader,
      { denom: 'ucway', amount: '700' },
      { receiver: depositor.address },
    )
    expect([codeOf(sent), sent.log]).toEqual(['0', ''])
    const received = await receive(zoneEnd, hub, packet!)
    expect(balance(zone, depositor.address, voucher)).toBe('700')
    expect(codeOf(await acknowledge(hubEnd, zone, received))).toBe('0')
    expect(allHold()).toEqual([])
    const back = await transfer(
      zoneEnd,
      depositor,
      { denom: voucher, amount: '300' },
      { receiver: `${trader.address}/9` },
    )
    const returned = await receive(hubEnd, zone, back.packet!)
    expect([codeOf(returned), events(returned, 'causeway.transfer.v1.credit')]).toMatchObject([
      '0',
      [{ line: '0', asset: '1', amount: '300' }],
    ])
    expect(balance(hub, `${trader.address}/9`, 'ucway')).toBe('300')
    expect(codeOf(await acknowledge(zoneEnd, hub, returned))).toBe('0')
    expect(allHold()).toEqual([])
  })

  it('is refunded when it times out', async () => {
    const before = BigInt(balance(hub, trader.address, 'ucway'))
    const { packet } = await transfer(
      hubEnd,
      trader,
      { denom: 'ucway', amount: '50' },
      { receiver: depositor.address, timeout: 30n },
    )
    pass(60n)
    expect(codeOf(await timeOut(hubEnd, zone, packet!))).toBe('0')
    expect(BigInt(balance(hub, trader.address, 'ucway'))).toBe(before - 75_000n)
    expect(allHold()).toEqual([])
  })

  it('comes back to the last unit', async () => {
    const rest = await transfer(
      zoneEnd,
      depositor,
      { denom: voucherOf(`transfer/${zoneEnd.client}/ucway`), amount: '400' },
      { receiver: trader.address },
    )
    const received = await receive(hubEnd, zone, rest.packet!)
    expect(events(received, 'causeway.transfer.v1.credit')).toMatchObject([{ amount: '400' }])
    expect(balance(hub, hubAddress(escrowAddress(hubEnd.client)), 'ucway')).toBe('0')
    expect(allHold()).toEqual([])
  })
})

describe('what is proven wrongly', () => {
  it('is refused: tampered proofs, changed packets, strangers', async () => {
    const { packet } = await transfer(
      zoneEnd,
      depositor,
      { denom: 'uusd', amount: '17' },
      { receiver: trader.address },
    )
    const flipped = (proof: Uint8Array) => proof.map((byte, i) => (i === proof.length >> 1 ? byte ^ 1 : byte))
    expect(codeOf(await receive(hubEnd, zone, packet!, flipped))).not.toBe('0')
    expect(codeOf(await receive(hubEnd, zone, packet!, () => new Uint8Array(0)))).toBe('ibc/6')
    const more = { ...packet!, timeoutTimestamp: packet!.timeoutTimestamp + 1n }
    expect(codeOf(await receive(hubEnd, zone, more))).not.toBe('0')
    expect(codeOf(await receive(hubEnd, zone, { ...packet!, sourceClient: '07-tendermint-77' }))).toBe(
      'ibc/81',
    )
    expect(codeOf(await receive(hubEnd, zone, { ...packet!, destinationClient: '07-tendermint-77' }))).toBe(
      'ibc/80',
    )
    expect(codeOf(await receive(hubEnd, zone, { ...packet!, sequence: 0n }))).toBe('ibc/20')
    expect(codeOf(await receive(hubEnd, zone, packet!))).toBe('0')
  })

  it('is refused: a client that names ours as its counterparty, without ours naming it', async () => {
    const strangerId = await zone.createClient(hub)
    const registered = await zone.deliver(zoneRelayer, [
      message('ibc.core.client.v2.MsgRegisterCounterparty', {
        clientId: strangerId,
        counterpartyClientId: hubEnd.client,
        counterpartyMerklePrefix: [utf8('ibc'), new Uint8Array(0)],
        signer: zoneRelayer.address,
      }),
    ])
    expect(codeOf(registered)).toBe('0')
    const stranger = { chain: zone, client: strangerId, trusted: hub.height() }
    const { packet } = await transfer(
      stranger,
      depositor,
      { denom: 'uusd', amount: '1000' },
      { receiver: trader.address },
    )
    const before = balance(hub, trader.address, 'usd')
    expect(codeOf(await receive(hubEnd, zone, packet!))).toBe('ibc/81')
    expect(balance(hub, trader.address, 'usd')).toBe(before)
    expect(allHold()).toEqual([])
  })
})

describe('the state', () => {
  it('is exported with what is in flight, and reads back as genesis', async () => {
    const { sent } = await transfer(
      hubEnd,
      trader,
      { denom: voucherOf(PATH), amount: '3' },
      { receiver: depositor.address, sender: `${trader.address}/3` },
    )
    expect(codeOf(sent)).toBe('0')
    const exported = exportState(hub.application.chain)
    const copy = createHubApplication({
      chainId: 'causeway-1',
      storage: createMemoryStorage(),
      verifySignatures: verifyNatively,
      priceSource: () => [],
    })
    const validators = [{ pubKey: { ed25519: new Uint8Array(32).fill(1) }, power: 1n }]
    copy.initChain({
      time: { seconds: clock.seconds, nanos: 0 },
      chainId: 'causeway-1',
      consensusParams: undefined,
      validators,
      appStateBytes: utf8(JSON.stringify(exported)),
      initialHeight: 1n,
    })
    const time = { seconds: clock.seconds, nanos: 0 }
    const none = new Uint8Array(0)
    copy.finalizeBlock({
      txs: [],
      decidedLastCommit: undefined,
      misbehavior: [],
      hash: none,
      height: 1n,
      time,
      nextValidatorsHash: none,
      proposerAddress: none,
    })
    copy.commit()
    expect(exportState(copy.chain)).toEqual(exported)
    expect(brokenInvariants(copy.chain)).toEqual([])
  })
})
