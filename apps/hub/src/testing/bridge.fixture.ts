// A hub and a zone joined by clients and counterparties, with the steps of a relayer and what tests read of
// both.
import {
  escrowAddress,
  packetAcknowledgementKey,
  packetCommitmentKey,
  packetReceiptKey,
} from '@causeway/messaging'
import { assert, utf8 } from '@causeway/primitives'
import { QueryLineRequest, QueryLineResponse } from '@causeway/protocol/causeway/ledger/v1/query'
import { QueryPortfolioRequest, QueryPortfolioResponse } from '@causeway/protocol/causeway/risk/v1/query'
import { QueryBalanceRequest, QueryBalanceResponse } from '@causeway/protocol/cosmos/bank/v1beta1/query'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { ExecTxResult } from '@causeway/protocol/tendermint/abci/types'
import { createMemoryStorage } from '@causeway/state-tree'
import { createHubApplication } from '../app.ts'
import { brokenInvariants } from '../block/inspect.ts'
import { hubAppState, zoneAppState } from '../genesis/app-state.ts'
import { createAddressCodec } from '../identifiers.ts'
import { createSeededPriceSource } from '../modules/oracle/price-source.ts'
import { verifyNatively } from '../workers/native-signatures.ts'
import { createZoneApplication } from '../zone.ts'
import { message } from './messages.fixture.ts'
import { TestChain, TestClock, packetsOf } from './two-chains.fixture.ts'
import { Wallet } from './wallet.fixture.ts'

/** Path of the listed token on the hub. */
export const USD_PATH = 'transfer/07-tendermint-0/uusd'

/** One end of the bridge: a chain, its client of the other, and the height that this client knows. */
export interface End {
  readonly chain: TestChain
  readonly client: string
  trusted: bigint
}

/** A transfer to be sent. */
export interface Sending {
  readonly denom: string
  readonly amount: string
  readonly receiver: string
  /** May name a subaccount; the wallet's account by default. */
  readonly sender?: string
  readonly timeoutSeconds?: bigint
}

/** Two chains and everything between them. */
export class Bridge {
  readonly clock = new TestClock()
  readonly trader = new Wallet('trader')
  readonly depositor = new Wallet('depositor', 'zone', 'zone-7')
  readonly hub: End
  readonly zone: End

  private constructor(clock: TestClock, hub: End, zone: End, wallets: { trader: Wallet; depositor: Wallet }) {
    this.clock = clock
    this.hub = hub
    this.zone = zone
    this.trader = wallets.trader
    this.depositor = wallets.depositor
  }

  /** `isConvertible`: whether deposits of the listed token become cash. */
  static async start({ isConvertible = false } = {}): Promise<Bridge> {
    const clock = new TestClock()
    const trader = new Wallet('trader')
    const depositor = new Wallet('depositor', 'zone', 'zone-7')
    const hubChain = await startHub(clock, trader, isConvertible)
    const zoneChain = await startZone(clock, depositor)
    const hub = {
      chain: hubChain,
      client: await hubChain.createClient(zoneChain),
      trusted: zoneChain.height(),
    }
    const zone = {
      chain: zoneChain,
      client: await zoneChain.createClient(hubChain),
      trusted: hubChain.height(),
    }
    const bridge = new Bridge(clock, hub, zone, { trader, depositor })
    await bridge.register(hub, zone.client)
    await bridge.register(zone, hub.client)
    return bridge
  }

  async stop(): Promise<void> {
    await this.hub.chain.stop()
    await this.zone.chain.stop()
  }

  /** Names the client at the other end. */
  async register({ chain, client }: End, counterpartyClientId: string): Promise<void> {
    const prefix = [utf8('ibc'), new Uint8Array(0)]
    const signer = chain.relayer.address
    const registration = { clientId: client, counterpartyClientId, counterpartyMerklePrefix: prefix, signer }
    const { log, code } = await chain.deliver(chain.relayer, [
      message('ibc.core.client.v2.MsgRegisterCounterparty', registration),
    ])
    assert(code === 0, log)
  }

  /** Brings one end up to the newest header of the other. */
  async update(end: End, source: TestChain): Promise<void> {
    source.block()
    const clientMessage = await source.header(end.trusted)
    const { relayer } = end.chain
    const { code, log } = await end.chain.deliver(relayer, [
      message('ibc.core.client.v1.MsgUpdateClient', {
        clientId: end.client,
        clientMessage,
        signer: relayer.address,
      }),
    ])
    assert(code === 0, log)
    end.trusted = source.height()
  }

  /** Time passes on both chains: a header's time is that of the votes for the block before. */
  pass(seconds: bigint): void {
    const chains = [this.hub.chain, this.zone.chain]
    this.clock.forward(seconds)
    for (const chain of [...chains, ...chains]) chain.block()
  }

  /** Sends a transfer from one end. */
  async send({ chain, client }: End, wallet: Wallet, sending: Sending) {
    const sent = await chain.deliver(wallet, [
      message('ibc.applications.transfer.v1.MsgTransfer', {
        sourcePort: 'transfer',
        sourceChannel: client,
        token: { denom: sending.denom, amount: sending.amount },
        sender: sending.sender ?? wallet.address,
        receiver: sending.receiver,
        timeoutHeight: { revisionNumber: 0n, revisionHeight: 0n },
        timeoutTimestamp: this.clock.seconds + (sending.timeoutSeconds ?? 600n),
        memo: '',
        encoding: '',
      }),
    ])
    return { sent, packet: packetsOf(sent, 'send_packet')[0]?.packet }
  }

  /** The message that proves a packet of `source` to an end, whose client is brought up to date first. */
  async receiveMessage(end: End, source: TestChain, packet: Packet, change = (proof: Uint8Array) => proof) {
    await this.update(end, source)
    const { proof, height } = source.prove(packetCommitmentKey(packet.sourceClient, packet.sequence))
    const signer = end.chain.relayer.address
    return message('ibc.core.channel.v2.MsgRecvPacket', {
      packet,
      proofCommitment: change(proof),
      proofHeight: height,
      signer,
    })
  }

  async receive(end: End, source: TestChain, packet: Packet, change?: (proof: Uint8Array) => Uint8Array) {
    const receiving = await this.receiveMessage(end, source, packet, change)
    return end.chain.deliver(end.chain.relayer, [receiving])
  }

  async acknowledge(end: End, source: TestChain, received: ExecTxResult): Promise<ExecTxResult> {
    const written = packetsOf(received, 'write_acknowledgement')[0]
    assert(written !== undefined, 'an acknowledgement was written')
    const { packet, acknowledgement } = written
    await this.update(end, source)
    const { proof, height } = source.prove(
      packetAcknowledgementKey(packet.destinationClient, packet.sequence),
    )
    const signer = end.chain.relayer.address
    return end.chain.deliver(end.chain.relayer, [
      message('ibc.core.channel.v2.MsgAcknowledgement', {
        packet,
        acknowledgement,
        proofAcked: proof,
        proofHeight: height,
        signer,
      }),
    ])
  }

  async timeOut(end: End, source: TestChain, packet: Packet): Promise<ExecTxResult> {
    return end.chain.deliver(end.chain.relayer, [await this.timeoutMessage(end, source, packet)])
  }

  /** The message that proves to an end that `source` has not received a packet. */
  async timeoutMessage(end: End, source: TestChain, packet: Packet) {
    await this.update(end, source)
    const { proof, height } = source.prove(packetReceiptKey(packet.destinationClient, packet.sequence))
    const signer = end.chain.relayer.address
    const timeout = { packet, proofUnreceived: proof, proofHeight: height, signer }
    return message('ibc.core.channel.v2.MsgTimeout', timeout)
  }

  /** Deposits from the zone, all the way. */
  async deposit(receiver: string, amount: string, denom = 'uusd'): Promise<ExecTxResult> {
    const { packet } = await this.send(this.zone, this.depositor, { denom, amount, receiver })
    const received = await this.receive(this.hub, this.zone.chain, packet!)
    const acknowledged = await this.acknowledge(this.zone, this.hub.chain, received)
    assert(received.code === 0 && acknowledged.code === 0, `${received.log} ${acknowledged.log}`)
    return received
  }

  balance({ chain }: End, address: string, denom: string): string {
    const data = QueryBalanceRequest.encode({ address, denom }).finish()
    return QueryBalanceResponse.decode(this.#query(chain, '/cosmos.bank.v1beta1.Query/Balance', data))
      .balance!.amount
  }

  /** What the hub holds for the zone. */
  hubEscrow(): string {
    return this.balance(this.hub, createAddressCodec('cway').encode(escrowAddress(this.hub.client)), 'ucway')
  }

  line(denom = USD_PATH) {
    const data = QueryLineRequest.encode({ id: 0n, denom }).finish()
    return QueryLineResponse.decode(this.#query(this.hub.chain, '/causeway.ledger.v1.Query/Line', data)).line!
  }

  portfolio(account: string) {
    const data = QueryPortfolioRequest.encode({ account, explain: false }).finish()
    return QueryPortfolioResponse.decode(
      this.#query(this.hub.chain, '/causeway.risk.v1.Query/Portfolio', data),
    )
  }

  /** What does not hold on either chain. */
  broken(): string[] {
    return [this.hub, this.zone].flatMap(({ chain }) => brokenInvariants(chain.application.chain))
  }

  #query(chain: TestChain, path: string, data: Uint8Array): Uint8Array {
    return chain.application.query({ path, data, height: 0n, prove: false }).value
  }
}

/** Events of a type as plain objects. */
export function eventsIn(result: ExecTxResult, type: string) {
  return result.events
    .filter((event) => event.type === type)
    .map(({ attributes }) => Object.fromEntries(attributes.map(({ key, value }) => [key, value])))
}

const funds = (denom: string, ...wallets: Wallet[]) =>
  wallets.map(({ address }) => ({ holder: address, denom, amount: 10_000_000_000n }))

function startHub(clock: TestClock, trader: Wallet, isConvertible: boolean): Promise<TestChain> {
  const relayer = new Wallet('hub relayer')
  trader.accountNumber = 1n
  relayer.accountNumber = 2n
  const application = createHubApplication({
    chainId: 'causeway-1',
    storage: createMemoryStorage(),
    verifySignatures: verifyNatively,
    priceSource: createSeededPriceSource('two chains', [{ asset: 2n, priceE9: 1_000_000_000n }]),
  })
  const appState = hubAppState({
    denom: 'ucway',
    gasPriceE9: 25_000_000n,
    balances: funds('ucway', trader, relayer),
    assets: [
      {
        ...{ denom: 'usd', decimals: 6, symbol: 'USD', isConvertible },
        ...{ initialWeightBps: 9_000, maintenanceWeightBps: 9_500 },
      },
    ],
    listings: [{ creator: relayer.address, chainId: 'zone-7', base: 'uusd', asset: 'usd' }],
  })
  return TestChain.start(application, { chainId: 'causeway-1', appState, clock, relayer, extensions: true })
}

function startZone(clock: TestClock, depositor: Wallet): Promise<TestChain> {
  const relayer = new Wallet('zone relayer', 'zone', 'zone-7')
  depositor.accountNumber = 1n
  relayer.accountNumber = 2n
  const application = createZoneApplication({
    chainId: 'zone-7',
    name: 'zone',
    bech32Prefix: 'zone',
    storage: createMemoryStorage(),
    verifySignatures: verifyNatively,
  })
  const appState = zoneAppState({
    denoms: ['uzone', 'uusd', 'umeme'],
    balances: [
      ...funds('uzone', depositor, relayer),
      ...funds('uusd', depositor),
      ...funds('umeme', depositor),
    ],
    gasPrice: { denom: 'uzone', priceE9: 25_000_000n },
  })
  return TestChain.start(application, { chainId: 'zone-7', appState, clock, relayer, extensions: false })
}
