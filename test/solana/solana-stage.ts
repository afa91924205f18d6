// The relayer's hands on a local cluster: real programs, a hub of real stores whose attestors sign, and an
// endpoint that tests can let misbehave. Slots are produced as the relayer looks: nothing depends on timing.
import {
  MINT_SIZE,
  TOKEN_PROGRAM_ID,
  createAssociatedTokenAccountIdempotentInstruction,
  createInitializeMint2Instruction,
  createMintToInstruction,
} from '@solana/spl-token'
import { SystemProgram, Transaction } from '@solana/web3.js'
import type { Keypair, PublicKey, TransactionInstruction } from '@solana/web3.js'
import {
  associatedAddress,
  clientAddress,
  decodeCoreClient,
  decodeHubClient,
  depositInstruction,
  initialiseVaultInstruction,
  openLineInstruction,
  recorderAddress,
  rootsAddress,
} from '@causeway/contracts-solana'
import type { LinePlaces } from '@causeway/contracts-solana'
import type { RunningSolana } from '@causeway/devnet'
import { readEpochStakes } from '@causeway/light-clients'
import {
  acknowledgementCommitment,
  encodeTransfer,
  packetAcknowledgementKey,
  packetCommitment,
  packetCommitmentKey,
  packetReceiptKey,
} from '@causeway/messaging'
import { sha256, utf8 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol/google/protobuf/any'
import { Acknowledgement } from '@causeway/protocol/ibc/core/channel/v2/packet'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { checkConfig, openSolanaChain, openSolanaWallet } from '@causeway/relayer'
import type { Chain, Flight, ProvenWork, SolanaChainConfig } from '@causeway/relayer'
import { RpcRelay } from './rpc-relay.ts'
import {
  MINT,
  OWNER,
  PROGRAMS,
  RELAYER,
  askCluster,
  goesOn,
  readData,
  startCluster,
} from './stage-cluster.ts'
import { HUB, NOW, StagedHub } from './staged-hub.ts'

/** Client ids of the two ends. */
export const HUB_CLIENT = 'solana-7'
export const CLIENT = 'client-0'
const HUB_ACCOUNT = 'cway1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5z5tpwx'
/** Base units that the owner begins with. */
export const HELD = 1_000_000_000_000n

const MERKLE_PREFIX = [utf8('ibc'), new Uint8Array()]

/** What may be otherwise than usual. */
export interface StageWish {
  readonly attestors?: number
  readonly config?: {
    readonly fees?: { readonly resendAfter?: string }
    readonly confirmTimeout?: string
  }
}

/** A cluster with everything in place, and the relayer's adapter of it. */
export class SolanaStage {
  readonly cluster: RunningSolana
  readonly relay: RpcRelay
  readonly hub: StagedHub
  readonly line: LinePlaces
  /** What the validators' clocks show. */
  readonly clock: { nowSeconds: bigint }
  readonly #config: SolanaChainConfig

  private constructor(
    cluster: RunningSolana,
    relay: RpcRelay,
    hub: StagedHub,
    line: LinePlaces,
    config: SolanaChainConfig,
    clock: { nowSeconds: bigint },
  ) {
    this.clock = clock
    this.cluster = cluster
    this.relay = relay
    this.hub = hub
    this.line = line
    this.#config = config
  }

  /** Starts a cluster; the client is made by the adapter, the rest by the owner. */
  static async start(wish: StageWish = {}): Promise<SolanaStage> {
    const hub = new StagedHub(wish.attestors ?? 4)
    const clock = { nowSeconds: NOW }
    const cluster = await startCluster(clock)
    const relay = await new RpcRelay(cluster.rpcUrl).listen()
    relay.behaviour = goesOn(cluster)
    const config = makeConfig(cluster, [relay.url], wish)
    const chain = await openStaged(config)
    const seed = hub.attest(sha256(utf8('first')))
    await chain.createClient(
      { chainId: HUB, clientState: seed, consensusState: seed },
      { clientId: HUB_CLIENT, merklePrefix: MERKLE_PREFIX },
    )
    const lightState = await lightStateOf(cluster)
    const { vault, core } = PROGRAMS
    const line = {
      ...{ vault, core, clientId: CLIENT, lightState, mint: MINT.publicKey },
      tokenProgram: TOKEN_PROGRAM_ID,
    }
    const stage = new SolanaStage(cluster, relay, hub, line, config, clock)
    await stage.setUp()
    return stage
  }

  /** Another relayer's adapter, or the same after a restart; time as it tells. */
  async open(
    change: { rpc?: string[]; key?: Keypair; nowMs?: () => number; recordStakes?: boolean } = {},
  ): Promise<Chain> {
    const { rpc = this.#config.rpc, recordStakes = false } = change
    const config = { ...this.#config, rpc, recordStakes }
    return await openStaged(config, change.key, change.nowMs)
  }

  private async setUp(): Promise<void> {
    const payer = OWNER.publicKey
    const account = associatedAddress(payer, MINT.publicKey, TOKEN_PROGRAM_ID)
    const create = SystemProgram.createAccount({
      ...{ fromPubkey: payer, newAccountPubkey: MINT.publicKey },
      ...{ lamports: 10_000_000, space: MINT_SIZE, programId: TOKEN_PROGRAM_ID },
    })
    await this.run([initialiseVaultInstruction(PROGRAMS.vault, PROGRAMS.core, payer)])
    await this.run(
      [
        create,
        createInitializeMint2Instruction(MINT.publicKey, 6, payer, payer),
        createAssociatedTokenAccountIdempotentInstruction(payer, account, payer, MINT.publicKey),
        createMintToInstruction(MINT.publicKey, account, payer, HELD),
      ],
      [MINT],
    )
    await this.run([openLineInstruction(this.line, payer)])
  }

  /** A transaction of the owner's, in a slot of its own. */
  async run(
    instructions: readonly TransactionInstruction[],
    signers: readonly Keypair[] = [],
  ): Promise<void> {
    const { value } = (await this.ask('getLatestBlockhash', [])) as { value: { blockhash: string } }
    const transaction = new Transaction({ feePayer: OWNER.publicKey, recentBlockhash: value.blockhash })
    transaction.add(...instructions)
    transaction.sign(OWNER, ...signers)
    await this.ask('sendTransaction', [transaction.serialize().toString('base64'), { encoding: 'base64' }])
    await this.produce(2)
  }

  /** Lets slots pass. */
  async produce(slots: number): Promise<void> {
    for (let left = slots; left > 0; left -= 1) await this.cluster.produceSlot()
  }

  /** The owner deposits; the packet's sequence is told by the chain. */
  async deposit(amount: bigint, sequence: bigint, timeoutSeconds = NOW + 3_600n): Promise<void> {
    const order = { amount, timeoutSeconds, receiver: HUB_ACCOUNT, memo: '' }
    const from = { depositor: OWNER.publicKey, payer: OWNER.publicKey, sequences: [sequence] }
    await this.run([depositInstruction(this.line, order, from)])
  }

  /** A withdrawal as the hub sends it. */
  withdrawal(sequence: bigint, recipient: PublicKey, amount: bigint, denom?: string): Packet {
    const order = {
      denom: denom ?? `transfer/${HUB_CLIENT}/${MINT.publicKey.toBase58()}`,
      ...{ sender: HUB_ACCOUNT, receiver: recipient.toBase58(), amount, memo: '' },
    }
    return {
      ...{ sequence, sourceClient: HUB_CLIENT, destinationClient: CLIENT },
      timeoutTimestamp: NOW + 3_600n,
      payloads: [encodeTransfer(order, 'application/x-solidity-abi')],
    }
  }

  /** The hub sends packets: what a lane would hand to the adapter, in one batch. */
  sent(packets: readonly Packet[]): Flight {
    const update = this.hub.commit(
      packets.map((one) => [packetCommitmentKey(HUB_CLIENT, one.sequence), packetCommitment(one)]),
    )
    return this.flight(
      [update],
      packets.map((packet) => this.proven('recv', packet, packetCommitmentKey(HUB_CLIENT, packet.sequence))),
    )
  }

  /** The hub answers a deposit. */
  answered(packet: Packet, answer: Uint8Array): Flight {
    const key = packetAcknowledgementKey(HUB_CLIENT, packet.sequence)
    const update = this.hub.commit([[key, acknowledgementCommitment([answer])]])
    const acknowledgement = Acknowledgement.encode({ appAcknowledgements: [answer] }).finish()
    return this.flight([update], [this.proven('ack', packet, key, acknowledgement)])
  }

  /** The hub's clock passed a deposit's timeout without a receipt. */
  lapsed(packet: Packet): Flight {
    const update = this.hub.commit(
      [[packetCommitmentKey('other-1', this.hub.height), new Uint8Array(32)]],
      packet.timeoutTimestamp,
    )
    return this.flight(
      [update],
      [this.proven('timeout', packet, packetReceiptKey(HUB_CLIENT, packet.sequence))],
    )
  }

  /** Updates and proven messages as a lane sends them. */
  flight(updates: readonly Any[], works: readonly ProvenWork[]): Flight {
    return { clientId: CLIENT, updates, batches: works.length === 0 ? [] : [works] }
  }

  private proven(
    kind: 'recv' | 'ack' | 'timeout',
    packet: Packet,
    key: Uint8Array,
    acknowledgement?: Uint8Array,
  ): ProvenWork {
    return {
      work: {
        ...{ kind, packet, acknowledgement, eventHeight: 0n, attempts: 0 },
        ...{ notBeforeMs: 0n, seenAtMs: 0n, apart: false },
      },
      proof: this.hub.prove(key),
      proofHeight: { revisionNumber: 0n, revisionHeight: this.hub.height },
    }
  }

  /** Base units in a wallet's account of the token. */
  async tokensOf(wallet: PublicKey): Promise<bigint> {
    const data = await this.dataOf(associatedAddress(wallet, MINT.publicKey, TOKEN_PROGRAM_ID))
    return data === undefined ? 0n : Buffer.from(data).readBigUInt64LE(64)
  }

  /** Base units that the owner holds. */
  async ownersTokens(): Promise<bigint> {
    return await this.tokensOf(OWNER.publicKey)
  }

  /** An account's data as it stands in the newest slot. */
  async dataOf(address: PublicKey): Promise<Uint8Array | undefined> {
    return await readData(this.cluster, address)
  }

  /** How often our client's root account was touched. */
  async touches(): Promise<bigint> {
    return Buffer.from((await this.dataOf(rootsAddress(PROGRAMS.core, CLIENT)))!).readBigUInt64LE(16)
  }

  /** Epoch of the voters that the recorder's account holds. */
  async recordedEpoch(): Promise<bigint> {
    return readEpochStakes((await this.dataOf(recorderAddress(PROGRAMS.recorder)))!).epoch
  }

  /** Packets that our client has sent. */
  async sentCount(): Promise<bigint> {
    return Buffer.from((await this.dataOf(rootsAddress(PROGRAMS.core, CLIENT)))!).readBigUInt64LE(24)
  }

  /** Lamports of the recorder's account. */
  async recorderLamports(): Promise<number> {
    const place = recorderAddress(PROGRAMS.recorder).toBase58()
    const { value } = (await this.ask('getBalance', [place, { commitment: 'processed' }])) as {
      value: number
    }
    return value
  }

  /** Slots go by until it is done. */
  async going<T>(work: Promise<T>): Promise<T> {
    let isDone = false
    const done = work.finally(() => (isDone = true))
    done.catch(() => {})
    while (!isDone) {
      await this.produce(1)
      await this.ask('getHealth', []).catch(() => undefined) // a turn of the event loop, and of the sockets
    }
    return await done
  }

  /** What exits would be proven under. */
  async exitHeight(): Promise<bigint> {
    return decodeHubClient((await this.dataOf(this.line.lightState))!)!.exitHeight
  }

  /** States of the hub's client that stand now. */
  async states(): Promise<number> {
    const options = { encoding: 'base64', commitment: 'processed', filters: [{ dataSize: 168 }] }
    const found = await this.ask('getProgramAccounts', [PROGRAMS.hubClient.toBase58(), options])
    return (found as unknown[]).length
  }

  /** Buffers of the upload program that stand now. */
  async buffers(): Promise<number> {
    const found = await this.ask('getProgramAccounts', [
      PROGRAMS.upload.toBase58(),
      { encoding: 'base64', commitment: 'processed' },
    ])
    return (found as unknown[]).length
  }

  /** Asks the cluster itself. */
  async ask(method: string, params: readonly unknown[]): Promise<unknown> {
    return await askCluster(this.cluster, method, params)
  }

  /** Ends the cluster. */
  async stop(): Promise<void> {
    await this.relay.close()
    await this.cluster.stop()
  }
}

function makeConfig(cluster: RunningSolana, rpc: string[], wish: StageWish): SolanaChainConfig {
  const programs = Object.fromEntries(
    Object.entries(PROGRAMS).map(([name, key]) => [name, key.toBase58()]),
  ) as Record<keyof typeof PROGRAMS, string>
  const { chains } = checkConfig({
    chains: [
      {
        ...{ id: `solana:${cluster.genesisHash.slice(0, 32)}`, type: 'solana', hub: HUB, rpc, programs },
        ...{ stream: cluster.streamUrl, client: { id: CLIENT }, key: { env: 'KEY' } },
        ...{ poll: '2ms', recordStakes: false, ...wish.config },
      },
    ],
  })
  return chains[0] as SolanaChainConfig
}

async function openStaged(
  config: SolanaChainConfig,
  key: Keypair = RELAYER,
  nowMs: () => number = Date.now,
): Promise<Chain> {
  const wallet = await openSolanaWallet(JSON.stringify([...key.secretKey]))
  return openSolanaChain(config, wallet, nowMs)
}

async function lightStateOf(cluster: RunningSolana): Promise<PublicKey> {
  const data = await readData(cluster, clientAddress(PROGRAMS.core, CLIENT))
  return decodeCoreClient(data!)!.lightState
}
