// Cash over a real ledger with lines; clients, prices, risk and packets are what a test says.
import { createAddressCodec } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import { Layer } from '../../block/layer.ts'
import type { ExecutionContext } from '../../block/context.ts'
import { memoryContext } from '../../testing/memory-context.fixture.ts'
import { createLedger } from '../ledger/ledger.ts'
import { invariants as ledgerInvariants } from '../ledger/invariants.ts'
import { createLines, pathHash } from '../ledger/lines.ts'
import { addOutflow, usedOf } from '../ledger/outflow.ts'
import { isPaused } from '../ledger/pauses.ts'
import {
  LEDGER_STORE,
  createAsset,
  createLine,
  findAsset,
  linesOf,
  readLine,
  writeLimits,
  writeZone,
} from '../ledger/state.ts'
import { createCash } from './cash.ts'
import type { Cash } from './cash.ts'
import { convertDeposit } from './convert.ts'
import { invariants } from './invariants.ts'
import { cashModule } from './module.ts'
import type { CashPorts, Leaving } from './ports.ts'
import { serveQueue } from './serve-queue.ts'
import { CASH_STORE } from './state.ts'

/** 1.0 of cash. */
export const E6 = 1_000_000n
const E9 = 1_000_000_000n
const EMPTY = { get: () => undefined, has: () => false, iterate: () => [] }

/** A holder with a number. */
export const holderOf = (account: number, subaccount = 0): Holder => ({
  account: new Uint8Array(20).fill(account),
  subaccount,
})
const [POOL, WAITING, INSURANCE, HOUSE] = [101, 102, 103, 104].map((n) => holderOf(n)) as [
  Holder,
  Holder,
  Holder,
  Holder,
]

/** A ledger with two stable tokens of 6 and 18 decimals, the first over two chains, and cash over it. */
export class CashWorld {
  readonly addresses = createAddressCodec('cway')
  readonly insurance = INSURANCE
  readonly house = HOUSE
  readonly prices = new Map<bigint, { priceE9: bigint; state: string }>()
  readonly frozen = new Set<string>()
  /** Holders whose margin lets nothing leave; whose prices aren't fresh. */
  readonly bound = new Set<number>()
  readonly blind = new Set<number>()
  readonly sent: Leaving[] = []
  readonly ports: CashPorts
  readonly cash: Cash
  readonly usd: bigint
  readonly dai: bigint
  /** usd over the first and the second client, dai over the third. */
  readonly lines: readonly [bigint, bigint, bigint]
  context: ExecutionContext
  /** Accounts of linked wallets, by the first byte of a wallet's address. */
  readonly owners = new Map<number, Uint8Array>()
  readonly #layer = new Layer(() => EMPTY)
  readonly #ledger = createLedger({
    addresses: this.addresses,
    ensureAccount: (_, account) => this.#owner(account),
  })
  readonly #lines = createLines(this.#ledger, {
    priceE9: (_, asset) => this.prices.get(asset)?.priceE9 ?? 0n,
  })

  constructor(genesis: object = {}) {
    this.ports = this.#ports()
    this.cash = createCash(this.ports)
    this.context = memoryContext([CASH_STORE], { layer: this.#layer })
    const store = this.context.store(LEDGER_STORE)
    writeZone(store, 0)
    createAsset(store, { denom: 'ucway', decimals: 6, native: true })
    this.usd = createAsset(store, { denom: 'usd', decimals: 6, native: false }).id
    this.dai = createAsset(store, { denom: 'dai', decimals: 18, native: false }).id
    this.lines = [
      this.#line('07-tendermint-0', this.usd),
      this.#line('07-tendermint-1', this.usd),
      this.#line('07-tendermint-2', this.dai),
    ]
    for (const asset of [this.usd, this.dai]) this.prices.set(asset, { priceE9: E9, state: 'fresh' })
    const assets = [this.usd, this.dai].map((asset) => ({ asset: asset.toString() }))
    this.module().initGenesis!(this.context, { assets, ...genesis })
  }

  /** The module over this cash. */
  module() {
    return cashModule(this.cash, this.ports, { used: usedOf, add: addOutflow })
  }

  /** A deposit over a line; by default it converts. */
  deposit(holder: Holder, line: bigint, amount: bigint, converts = true): void {
    const stored = readLine(this.context.store(LEDGER_STORE), line)!
    this.#lines.deposit(this.context, stored, holder, amount)
    if (converts) convertDeposit(this.context, this.ports, holder, { asset: stored.asset, amount })
  }

  /** What a sent packet comes to at the other end. */
  land({ line, holder, amount }: Leaving, isTaken: boolean): void {
    if (isTaken) this.#lines.settle(this.context, line.id, amount)
    else this.#lines.refund(this.context, line.id, holder, amount)
  }

  /** Time passes: the block ends, another begins. */
  block(secondsLater = 1n): void {
    this.cash.endBlock(this.context)
    const before = this.context
    const timeSeconds = before.timeSeconds + secondsLater
    this.context = memoryContext([CASH_STORE], {
      layer: this.#layer,
      height: before.height + 1n,
      timeSeconds,
    })
    const parent = { timeSeconds: before.timeSeconds, appHash: new Uint8Array(32) }
    this.cash.beginBlock(this.context, parent)
    serveQueue(this.context, this.ports, { used: usedOf, add: addOutflow })
  }

  /** What may leave over a line in an hour, 10⁻⁶ cash. */
  limit(line: bigint, outflowFloorE6: bigint): void {
    writeLimits(this.context.store(LEDGER_STORE), line, { capE6: 0n, outflowBps: 1n, outflowFloorE6 })
  }

  balance(holder: Holder, asset: bigint): bigint {
    return this.#ledger.balance(this.context, holder, asset)
  }

  pathOf(line: bigint): string {
    return readLine(this.context.store(LEDGER_STORE), line)!.denom
  }

  broken(): string[] {
    return [...ledgerInvariants(this.context, true), ...invariants(this.context, this.ports)]
  }

  #line(client: string, asset: bigint): bigint {
    const denom = `transfer/${client}/u${asset}`
    return createLine(this.context.store(LEDGER_STORE), pathHash(denom), {
      client,
      denom,
      asset,
      listed: true,
    }).id
  }

  #owner(address: Uint8Array): Uint8Array {
    return this.owners.get(address[0]!) ?? address
  }

  #ports(): CashPorts {
    const ledger = this.#ledger
    const stores = (context: { store: ExecutionContext['store'] | ((name: string) => never) }) =>
      context.store(LEDGER_STORE)
    const refuse =
      (list: Set<number>, text: string) =>
      (_: unknown, { account }: Holder) => {
        if (list.has(account[0]!)) throw new Error(text)
      }
    return {
      addresses: this.addresses,
      pool: POOL,
      waiting: WAITING,
      insuranceFund: INSURANCE,
      idle: HOUSE,
      ensureAccount: (_, account) => this.#owner(account),
      moveAsset: ledger.move,
      balance: ledger.balance,
      asset: (context, id) => findAsset(stores(context as never), id),
      assetOfDenom: (context, denom) => findAsset(stores(context as never), ledger.asset(context, denom).id)!,
      line: (context, id) => readLine(stores(context as never), id),
      lineOfDenom: (context, denom) => this.#lines.find(context, denom),
      linesOf: (context, asset) => linesOf(stores(context as never), asset),
      isOpen: (context, line) => !this.frozen.has(line.client) && !isPaused(context, line),
      loseEscrow: (context, line, from, amount) => this.#lines.lose(context, line, from, amount),
      price: (_, asset) => this.prices.get(asset) ?? { priceE9: 0n, state: 'none' },
      room: (context, line) => this.#lines.room(context, line),
      requireReceiver: () => undefined,
      send: (context, leaving) => {
        const line = readLine(stores(context as never), leaving.line.id)!
        this.#lines.withdraw(context, line, WAITING, leaving.amount)
        this.sent.push(leaving)
        return BigInt(this.sent.length)
      },
      checkWithdrawal: refuse(this.bound, 'margin'),
      requireFresh: refuse(this.blind, 'price'),
    }
  }
}
