// A cluster for tests: LiteSVM runs the real programs, each transaction goes into the open slot, and a test
// says which slots are confirmed, final, or lost with a fork. Its JSON-RPC answers as a node does.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Message } from '@solana/web3.js'
import { FailedTransactionMetadata, type InnerInstruction, type TransactionMetadata } from 'litesvm'
import { sha256, toBase58, utf8 } from '@causeway/primitives'
import { startBridge, type Bridge } from '../../../../contracts/solana/test/bridge.fixture.ts'
import { START_SECONDS } from '../../../../contracts/solana/test/hub.fixture.ts'

/** The chain that the bridge's client says it follows. */
export const HUB = 'causeway-1'

/** A transaction as it was executed. */
export type Recorded = {
  readonly signature: string
  readonly accountKeys: readonly string[]
  readonly signers: number
  readonly error: unknown
  readonly logs: readonly string[]
  readonly inner: readonly Inner[]
}

/** What programs called, for one instruction of a transaction. */
type Inner = {
  readonly index: number
  readonly instructions: readonly { readonly programIdIndex: number; readonly data: string }[]
}

type Slot = { readonly slot: number; readonly blockhash: string; readonly transactions: Recorded[] }
type KitTransaction = { messageBytes: Uint8Array; signatures: Record<string, Uint8Array> }
type Options = {
  commitment?: string
  before?: string
  until?: string
  limit?: number
  minContextSlot?: number
}

/** Says what a method answers instead; undefined: as it would. */
export type Fault = (method: string, parameters: readonly unknown[], honest: () => unknown) => unknown

/** The cluster, and one of its nodes. */
export class RecordedCluster {
  readonly bridge: Bridge = startBridge()
  readonly genesisHash = toBase58(sha256(utf8('a recorded cluster')))
  readonly chainId = `solana:${this.genesisHash.slice(0, 32)}`
  /** Slots that were not lost, ascending; the open one is not among them. */
  slots: Slot[] = []
  newest = 10
  confirmed = 10
  final = 10
  firstBlock = 0
  /** How often each method was asked. */
  readonly asked = new Map<string, number>()
  fault: Fault = () => undefined
  #open: Recorded[] = []
  #node: Promise<string> | undefined
  #fork = 0
  #servers: Server[] = []

  constructor() {
    const { svm } = this.bridge
    const execute = svm.sendTransaction.bind(svm)
    svm.sendTransaction = (transaction: never) => {
      const result = execute(transaction)
      this.#open.push(recordedOf(transaction, result))
      return result
    }
  }

  /** What was executed last. */
  get last(): Recorded {
    return this.#open.at(-1) ?? this.slots.at(-1)!.transactions.at(-1)!
  }

  /** Closes the open slot, after `skipped` slots without a block; gives its number. */
  produce(skipped = 0, transactions = this.#open): number {
    this.newest += 1 + skipped
    this.slots.push({ slot: this.newest, blockhash: this.#blockhash(this.newest), transactions })
    if (transactions === this.#open) this.#open = []
    return this.newest
  }

  /** Two thirds of the stake voted for what there is. */
  confirm(): void {
    this.confirmed = this.newest
  }

  /** What there is, or up to a slot, is rooted. */
  finalize(slot = this.newest): void {
    if (slot > this.confirmed) this.confirmed = slot
    this.final = slot
    if (!this.slots.some((known) => known.slot === slot)) {
      this.slots.push({ slot, blockhash: this.#blockhash(slot), transactions: [] })
      this.slots.sort((a, b) => a.slot - b.slot)
    }
  }

  /** Another fork wins: slots from this one on are gone; their transactions. */
  lose(from: number): Recorded[] {
    const lost = this.slots.filter(({ slot }) => slot >= from)
    this.slots = this.slots.filter(({ slot }) => slot < from)
    this.#fork++
    return lost.flatMap(({ transactions }) => transactions)
  }

  /** The URL of the node that does what `fault` says. */
  node(): Promise<string> {
    return (this.#node ??= this.listen())
  }

  /** Opens a node on a free port; its URL. With `fault` it has its own. */
  async listen(fault?: Fault): Promise<string> {
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += String(chunk)))
      request.on('end', () => {
        const { id, method, params = [] } = JSON.parse(body)
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify({ jsonrpc: '2.0', id, ...this.#answer(method, params, fault) }))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    this.#servers.push(server)
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  /** Closes all nodes. */
  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }

  #blockhash(slot: number): string {
    return toBase58(sha256(utf8(`${slot} of fork ${this.#fork}`)))
  }

  #answer(method: string, parameters: readonly unknown[], own: Fault | undefined): object {
    this.asked.set(method, (this.asked.get(method) ?? 0) + 1)
    const honest = (): unknown => this.#methods[method]?.(...(parameters as [never, never]))
    try {
      const result = (own ?? this.fault)(method, parameters, honest)
      return { result: result === undefined ? honest() : result }
    } catch (error) {
      return { error: { code: -32_000, message: String(error) } }
    }
  }

  readonly #methods: Record<string, (first: never, options: never) => unknown> = {
    getGenesisHash: () => this.genesisHash,
    getFirstAvailableBlock: () => this.firstBlock,
    getSlot: ({ commitment }: Options) => this.#at(commitment),
    getBlock: (slot: number, { commitment }: Options) => {
      const found = this.slots.find((known) => known.slot === slot && slot <= this.#at(commitment))
      if (found === undefined) throw new Error(`slot ${slot} was skipped`)
      return { blockhash: found.blockhash, parentSlot: slot - 1, blockTime: timeOf(slot) }
    },
    getSignaturesForAddress: (address: string, options: Options) => this.#signatures(address, options),
    getTransaction: (signature: string, { commitment }: Options) => {
      const slot = this.slots.find(({ transactions }) =>
        transactions.some((one) => one.signature === signature),
      )
      if (slot === undefined || slot.slot > this.#at(commitment)) return null
      const { error, logs, inner, accountKeys, signers } = slot.transactions.find(
        (one) => one.signature === signature,
      )!
      const told = { logMessages: logs, innerInstructions: inner }
      const meta = { err: error, ...told, computeUnitsConsumed: 1_000, fee: 5_000 }
      const message = { accountKeys, header: { numRequiredSignatures: signers } }
      const transaction = { signatures: [signature], message }
      return { slot: slot.slot, blockTime: timeOf(slot.slot), meta, transaction }
    },
    getMultipleAccounts: (addresses: string[]) => ({
      context: { slot: this.final },
      value: addresses.map((address) => this.#account(address)),
    }),
  }

  #at(commitment: string | undefined): number {
    return commitment === 'confirmed' ? this.confirmed : this.final
  }

  #signatures(address: string, { commitment, before, until, limit = 1_000, minContextSlot = 0 }: Options) {
    if (this.#at(commitment) < minContextSlot) throw new Error('Minimum context slot has not been reached')
    const all = this.slots
      .filter(({ slot }) => slot <= this.#at(commitment))
      .flatMap(({ slot, transactions }) => transactions.map((one) => ({ ...one, slot })))
      .filter(({ accountKeys }) => accountKeys.includes(address))
      .map(({ signature, slot, error }) => ({ signature, slot, err: error }))
      .reverse()
    const from = before === undefined ? 0 : all.findIndex(({ signature }) => signature === before) + 1
    const to = all.findIndex(({ signature }) => signature === until)
    return all.slice(from, to < 0 ? undefined : to).slice(0, limit)
  }

  #account(address: string): unknown {
    const account = this.bridge.svm.getAccount(address as never)
    if (!account.exists) return null
    const data = Buffer.from(account.data)
    // The example hub of the fixture names no chain: here it does.
    if (address === this.bridge.line.lightState.toBase58()) data.set(sha256(utf8(HUB)), CHAIN_ID_HASH_AT)
    return { owner: account.programAddress, data: [data.toString('base64'), 'base64'], lamports: 1 }
  }
}

/** Behind the kind, and ten numbers of 8 bytes. */
const CHAIN_ID_HASH_AT = 16 + 10 * 8

function timeOf(slot: number): number {
  return Number(START_SECONDS) + slot
}

function recordedOf(transaction: unknown, result: unknown): Recorded {
  const { messageBytes, signatures } = transaction as KitTransaction
  const message = Message.from(messageBytes)
  const isFailed = result instanceof FailedTransactionMetadata
  const meta = isFailed ? result.meta() : (result as TransactionMetadata)
  return {
    signature: toBase58(Object.values(signatures)[0]!),
    accountKeys: message.accountKeys.map((key) => key.toBase58()),
    signers: message.header.numRequiredSignatures,
    error: isFailed ? { InstructionError: [1, { Custom: 1 }] } : null,
    logs: meta.logs(),
    inner: meta
      .innerInstructions()
      .map((list, index) => ({ index, instructions: list.map(encoded) }))
      .filter(({ instructions }) => instructions.length > 0),
  }
}

function encoded(inner: InnerInstruction) {
  const instruction = inner.instruction()
  return { programIdIndex: instruction.programIdIndex(), data: toBase58(instruction.data()) }
}
