// A hub and an Ethereum chain with the IBC contract and a vault, as far as proofs show them; with the steps
// of a relayer and what tests read of both.
import {
  ERROR_ACKNOWLEDGEMENT,
  SUCCESS_ACKNOWLEDGEMENT,
  acknowledgementCommitment,
  encodeTransfer,
  packetAcknowledgementKey,
  packetCommitment,
  packetCommitmentKey,
  packetReceiptKey,
} from '@causeway/messaging'
import { assert, sha256, utf8 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { QueryLineRequest, QueryLineResponse } from '@causeway/protocol/causeway/ledger/v1/query'
import { QueryPortfolioRequest, QueryPortfolioResponse } from '@causeway/protocol/causeway/risk/v1/query'
import { QueryBalanceRequest, QueryBalanceResponse } from '@causeway/protocol/cosmos/bank/v1beta1/query'
import type { Packet, Payload } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { ExecTxResult } from '@causeway/protocol/tendermint/abci/types'
import type { HubApplicationOptions } from '../app.ts'
import type { CosmosApplication } from '../application.ts'
import { brokenInvariants } from '../block/inspect.ts'
import { hubAppState } from '../genesis/app-state.ts'
import type { HubGenesisOptions } from '../genesis/app-state.ts'
import { eventsIn } from './bridge.fixture.ts'
import type { Driver } from './driver.fixture.ts'
import { EthereumChain } from './ethereum-chain.fixture.ts'
import type { UpdateWish } from './ethereum-chain.fixture.ts'
import { testHub } from './hub.fixture.ts'
import { message } from './messages.fixture.ts'
import { packetsOf } from './two-chains.fixture.ts'
import { Wallet } from './wallet.fixture.ts'

/** A dollar with 6 decimals, and a token with 18. */
export const USDC = `0x${'a0'.repeat(20)}`
export const WETH = `0x${'c0'.repeat(20)}`
/** The client of the hub on Ethereum. */
export const THERE = 'client-0'
/** Who deposits there. */
export const DEPOSITOR = `0x${'d1'.repeat(20)}`

const START_SECONDS = 1_700_000_000n
/** Of the hub's first block. */
const START_SLOT = 100n
/** What clients begin with. */
const TRUSTED_SLOT = 96n

/** A route between a hub and an Ethereum chain. */
export class EthereumBridge {
  readonly relayer = new Wallet('relayer')
  readonly trader = new Wallet('trader')
  readonly stranger = new Wallet('stranger')
  readonly hub: CosmosApplication
  readonly driver: Driver
  chain: EthereumChain
  client = ''
  /** What the vault holds, by token. */
  readonly escrow = new Map<string, bigint>()
  #sent = 0n

  constructor(
    options: {
      chain?: EthereumChain
      genesis?: Partial<HubGenesisOptions>
      hub?: Partial<HubApplicationOptions>
      appState?: (state: Record<string, object>) => Record<string, object>
      isOpen?: boolean
    } = {},
  ) {
    this.chain = options.chain ?? new EthereumChain({ genesisSeconds: START_SECONDS - START_SLOT * 12n })
    const wallets = [this.relayer, this.trader, this.stranger]
    const listing = {
      creator: this.relayer.address,
      clientType: 'ethereum' as const,
      chainId: 'eip155:31337',
      contract: `0x${'ab'.repeat(20)}`,
    }
    const weights = { initialWeightBps: 9_000, maintenanceWeightBps: 9_500 }
    const state = hubAppState({
      denom: 'ucway',
      gasPriceE9: 0n,
      balances: wallets.map(({ address }) => ({ holder: address, denom: 'ucway', amount: 1_000_000_000n })),
      assets: [
        { denom: 'usd', decimals: 6, symbol: 'USD', ...weights },
        { denom: 'eth', decimals: 18, symbol: 'ETH', ...weights },
      ],
      listings: [
        { ...listing, base: USDC, asset: 'usd' },
        { ...listing, base: WETH, asset: 'eth' },
      ],
      ...options.genesis,
    }) as Record<string, object>
    const appState = (options.appState?.(state) ?? state) as never
    const priceSource = (_: bigint, publishTimeSeconds: bigint) => [
      { asset: 2n, priceE9: 1_000_000_000n, publishTimeSeconds },
      { asset: 3n, priceE9: 2_000_000_000_000n, publishTimeSeconds },
    ]
    const { hub, driver } = testHub(wallets, { priceSource, ...options.hub }, appState)
    this.hub = hub
    this.driver = driver
    driver.block()
    driver.block()
    if (options.isOpen !== false) this.client = this.open()
  }

  /** Creates a client of the chain and registers its counterparty; gives its id. */
  open(wallet = this.relayer, chain = this.chain): string {
    const clientId = this.create(wallet, chain)
    const result = this.register(wallet, clientId)
    assert(result.code === 0, result.log)
    return clientId
  }

  create(wallet = this.relayer, chain = this.chain): string {
    const result = this.deliver(wallet, [
      message('ibc.core.client.v1.MsgCreateClient', {
        ...chain.clientStates(TRUSTED_SLOT),
        signer: wallet.address,
      }),
    ])
    assert(result.code === 0, result.log)
    return eventsIn(result, 'create_client')[0]!['client_id']!
  }

  register(wallet: Wallet, clientId: string, counterpartyClientId = THERE): ExecTxResult {
    return this.deliver(wallet, [
      message('ibc.core.client.v2.MsgRegisterCounterparty', {
        clientId,
        counterpartyClientId,
        counterpartyMerklePrefix: [new Uint8Array(0)],
        signer: wallet.address,
      }),
    ])
  }

  /** One transaction in a block of its own. */
  deliver(wallet: Wallet, messages: readonly Any[], gasLimit = 20_000_000n): ExecTxResult {
    const tx = wallet.sign(messages, { gasLimit, fee: [] })
    return this.driver.execute(this.driver.proposal([tx])).txResults.at(-1)!
  }

  /** The current slot of the chain. */
  get slot(): bigint {
    return this.chain.slotAt(this.driver.timeSeconds)
  }

  /** Time passes until a slot; prices stay fresh. */
  passTo(slot: bigint): void {
    const seconds = this.chain.genesisSeconds + slot * this.chain.secondsPerSlot - this.driver.timeSeconds
    if (seconds > 0n) this.driver.block(seconds)
    this.driver.block(0n)
  }

  /** A client update. */
  update(wish: UpdateWish, clientId = this.client, chain = this.chain): ExecTxResult {
    return this.deliver(this.relayer, [this.updateMessage(wish, clientId, chain)])
  }

  updateMessage(wish: UpdateWish, clientId = this.client, chain = this.chain): Any {
    const signer = this.relayer.address
    return message('ibc.core.client.v1.MsgUpdateClient', {
      clientId,
      clientMessage: chain.header(wish),
      signer,
    })
  }

  /** Makes the current slot final for the client; gives it. */
  finalize(): bigint {
    const finalizedSlot = this.slot
    this.passTo(finalizedSlot + 3n)
    const attestedSlot = finalizedSlot + 1n
    const result = this.update({ attestedSlot, finalizedSlot, withNextCommittee: true })
    assert(result.code === 0, result.log)
    return finalizedSlot
  }

  /** The client sees the current slot as a head that is not final; gives it. */
  attest(): bigint {
    const attestedSlot = this.slot
    this.passTo(attestedSlot + 2n)
    const result = this.update({ attestedSlot })
    assert(result.code === 0, result.log)
    return attestedSlot
  }

  /** The vault takes tokens in and its contract commits to the packet, in the current slot. */
  deposit(parts: {
    amount: bigint
    receiver: string
    token?: string
    sequence?: bigint
    timeoutSeconds?: bigint
  }): Packet {
    const { amount, receiver, token = USDC } = parts
    const data = { denom: token, amount, sender: DEPOSITOR, receiver, memo: '' }
    const packet = this.send(encodeTransfer(data, 'application/x-solidity-abi'), parts)
    this.escrow.set(token, (this.escrow.get(token) ?? 0n) + amount)
    return packet
  }

  /** A packet of any kind from there. */
  send(payload: Payload, parts: { sequence?: bigint; timeoutSeconds?: bigint } = {}): Packet {
    const packet = {
      sequence: parts.sequence ?? ++this.#sent,
      sourceClient: THERE,
      destinationClient: this.client,
      timeoutTimestamp: this.driver.timeSeconds + (parts.timeoutSeconds ?? 3_600n),
      payloads: [payload],
    }
    const key = packetCommitmentKey(packet.sourceClient, packet.sequence)
    this.chain.commit(this.slot, key, packetCommitment(packet))
    return packet
  }

  receiveMessage(
    packet: Packet,
    slot: bigint,
    change = (proof: Uint8Array) => proof,
    by = this.relayer,
  ): Any {
    const proof = this.chain.prove(slot, packetCommitmentKey(packet.sourceClient, packet.sequence))
    return message('ibc.core.channel.v2.MsgRecvPacket', {
      packet,
      proofCommitment: change(proof),
      proofHeight: { revisionNumber: 0n, revisionHeight: slot },
      signer: by.address,
    })
  }

  receive(
    packet: Packet,
    slot = this.finalize(),
    change?: (proof: Uint8Array) => Uint8Array,
    by = this.relayer,
  ): ExecTxResult {
    return this.deliver(by, [this.receiveMessage(packet, slot, change, by)])
  }

  /** A deposit, all the way. */
  credit(amount: bigint, receiver = this.trader.address, token = USDC): ExecTxResult {
    const result = this.receive(this.deposit({ amount, receiver, token }))
    assert(result.code === 0, result.log)
    return result
  }

  withdraw(parts: {
    denom: string
    amount: bigint
    receiver?: string
    sender?: string
    timeoutSeconds?: bigint
    encoding?: string
    client?: string
  }) {
    const sent = this.deliver(this.trader, [
      message('ibc.applications.transfer.v1.MsgTransfer', {
        sourcePort: 'transfer',
        sourceChannel: parts.client ?? this.client,
        token: { denom: parts.denom, amount: parts.amount.toString() },
        sender: parts.sender ?? this.trader.address,
        receiver: parts.receiver ?? DEPOSITOR,
        timeoutHeight: { revisionNumber: 0n, revisionHeight: 0n },
        timeoutTimestamp: this.driver.timeSeconds + (parts.timeoutSeconds ?? 600n),
        memo: '',
        encoding: parts.encoding ?? '',
      }),
    ])
    return { sent, packet: packetsOf(sent, 'send_packet')[0]?.packet }
  }

  /** The contract there receives a packet of the hub, in the current slot. */
  answer(packet: Packet, answer: 'success' | 'error' | Uint8Array = 'success'): Uint8Array {
    const named = { success: SUCCESS_ACKNOWLEDGEMENT, error: ERROR_ACKNOWLEDGEMENT }
    const acknowledgement = typeof answer === 'string' ? named[answer] : answer
    const { destinationClient, sequence } = packet
    this.chain.commit(this.slot, packetReceiptKey(destinationClient, sequence), sha256(utf8('receipt')))
    const commitment = acknowledgementCommitment([acknowledgement])
    this.chain.commit(this.slot, packetAcknowledgementKey(destinationClient, sequence), commitment)
    return acknowledgement
  }

  acknowledge(packet: Packet, acknowledgement: Uint8Array, slot = this.finalize()): ExecTxResult {
    const key = packetAcknowledgementKey(packet.destinationClient, packet.sequence)
    return this.deliver(this.relayer, [
      message('ibc.core.channel.v2.MsgAcknowledgement', {
        packet,
        acknowledgement: { appAcknowledgements: [acknowledgement] },
        proofAcked: this.chain.prove(slot, key),
        proofHeight: { revisionNumber: 0n, revisionHeight: slot },
        signer: this.relayer.address,
      }),
    ])
  }

  timeOut(packet: Packet, slot = this.finalize()): ExecTxResult {
    const key = packetReceiptKey(packet.destinationClient, packet.sequence)
    return this.deliver(this.relayer, [
      message('ibc.core.channel.v2.MsgTimeout', {
        packet,
        proofUnreceived: this.chain.prove(slot, key),
        proofHeight: { revisionNumber: 0n, revisionHeight: slot },
        signer: this.relayer.address,
      }),
    ])
  }

  balance(address: string, denom: string): string {
    const data = QueryBalanceRequest.encode({ address, denom }).finish()
    const { value } = this.driver.query('/cosmos.bank.v1beta1.Query/Balance', data)
    return QueryBalanceResponse.decode(value).balance!.amount
  }

  line(token = USDC, client = this.client) {
    const data = QueryLineRequest.encode({ id: 0n, denom: `transfer/${client}/${token}` }).finish()
    return QueryLineResponse.decode(this.driver.query('/causeway.ledger.v1.Query/Line', data).value).line!
  }

  portfolio(account = this.trader.address) {
    const data = QueryPortfolioRequest.encode({ account, explain: false }).finish()
    return QueryPortfolioResponse.decode(this.driver.query('/causeway.risk.v1.Query/Portfolio', data).value)
  }

  broken(): readonly string[] {
    return brokenInvariants(this.hub.chain)
  }
}
