// Markets over memory with small real ports: cash and assets in maps, a margin rule by the worst of two
// moves, prices that a test sets.
import { fromUtf8, sha256, utf8 } from '@causeway/primitives'
import type { MsgPlaceOrder } from '@causeway/protocol/causeway/markets/v1/tx'
import { MsgPlaceOrder as PlaceOrder } from '@causeway/protocol/causeway/markets/v1/tx'
import { ExecutionContext, blockInfo } from '../../block/context.ts'
import { unlimitedGas } from '../../block/gas.ts'
import { Layer } from '../../block/layer.ts'
import type { MessageType, Signer } from '../../block/module.ts'
import { createAddressCodec } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { MultiStore, createMemoryStorage } from '@causeway/state-tree'
import { errors as riskErrors } from '../risk/errors.ts'
import { createMarkets } from './markets.ts'
import type { Market, RiskOrder } from './market.ts'
import { marketsModule } from './module.ts'
import type { MarketsPorts } from './ports.ts'
import { MARKETS_STORE, marketIdOf } from './state.ts'
import { worldCash } from './world-cash.fixture.ts'

export const E9 = 1_000_000_000n
export const E6 = 1_000_000n
/** 2027-01-15 08:00:00 UTC. */
export const START_SECONDS = 1_800_000_000n
export const ETH = 7n
export const addresses = createAddressCodec('cway')
const HOUSE: Holder = { account: new Uint8Array(20).fill(0xfe), subaccount: 0 }
const COLLECTOR: Holder = { account: new Uint8Array(20).fill(0xfd), subaccount: 0 }
const CASH_STORE = 'cash'
const keyOf = (holder: Holder) => addresses.encodeHolder(holder)

/** A trader by name. */
export function trader(name: string, subaccount = 0): Holder {
  return { account: sha256(utf8(name)).slice(0, 20), subaccount }
}

/** What a genesis lists: everything of ETH, ticks of 0.01, lots of 0.1. */
export const ETH_UNDERLYING = {
  asset: `${ETH}`,
  name: 'ETH',
  tier: 1,
  perpetual: { tickE9: '10000000', lotE9: '100000000' },
  option: { tickE9: '10000000', lotE9: '100000000' },
  future: { tickE9: '10000000', lotE9: '100000000' },
  spot: { tickE9: '10000000', lotE9: '100000000' },
  ownerCapE9: `${1_000_000n * E9}`,
  openInterestCapE9: `${10_000_000n * E9}`,
  openNotionalLowerE6: '0',
  openNotionalUpperE6: `${10n ** 18n}`,
}

interface WorldOptions {
  readonly underlying?: object
  readonly params?: object
  readonly startSeconds?: bigint
  /** Instead of what the other options would make. */
  readonly genesis?: unknown
  /** Of the last block before. */
  readonly height?: bigint
}

/** A chain of only this module. */
export class World {
  readonly locked = new Map<string, bigint>()
  readonly assets = new Map<string, bigint>()
  readonly prices = {
    indexE9: 3_000n * E9,
    state: 'fresh',
    optionE9: 100n * E9,
    forwardE9: undefined as bigint | undefined,
  }
  /** Share of notional that margin asks. */
  marginBps = 1_000n
  /** Who signed a text; tests put texts here. */
  readonly signed = new Set<string>()
  readonly ports: MarketsPorts = this.#makePorts()
  markets = createMarkets(this.ports)
  module = marketsModule(this.markets, this.ports)
  height: bigint
  seconds: bigint
  context: ExecutionContext
  /** Events of the block that was ended last. */
  events: { type: string; attributes: Record<string, string> }[] = []
  readonly #stores = MultiStore.open({
    storage: createMemoryStorage(),
    storeNames: [CASH_STORE, MARKETS_STORE],
    keepVersions: 1n,
  })
  #layer: Layer
  #isNew = true
  #before: Map<string, bigint>[] = []
  #appHash: Uint8Array = new Uint8Array(32)

  constructor(options: WorldOptions = {}) {
    const { underlying = {}, params, startSeconds = START_SECONDS, height = 0n } = options
    this.seconds = startSeconds
    this.height = height
    this.#layer = this.#newLayer()
    this.context = this.#newContext()
    const genesis = { underlyings: [{ ...ETH_UNDERLYING, ...underlying }], ...(params && { params }) }
    this.module.initGenesis!(this.context, options.genesis ?? genesis)
    this.begin(1n)
  }

  /** Begins the next block so many seconds later, on the layer of genesis or a new one. */
  begin(seconds = 1n): void {
    if (!this.#isNew) this.#layer = this.#newLayer()
    this.#isNew = false
    this.height += 1n
    this.seconds += seconds
    this.#before = [this.locked, this.assets].map((held) => new Map(held))
    this.context = this.#newContext()
    this.module.beginBlock!(this.context, { timeSeconds: this.seconds, appHash: this.#appHash })
  }

  /** Ends the block and begins the next; gives the app hash. */
  end(seconds = 1n): Uint8Array {
    this.execute()
    this.#stores.commit()
    const hash = this.#appHash
    this.begin(seconds)
    return hash
  }

  /** Ends the block without committing it. */
  execute(): Uint8Array {
    this.module.endBlock!(this.context)
    this.events = this.context.events.map(({ type, attributes }) => ({
      type: type.replace('causeway.markets.v1.', ''),
      attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, value])),
    }))
    this.#appHash = this.#stores.finalize(this.height, this.#layer.changes())
    return this.#appHash
  }

  /** Begins the same block anew, as if it had not been executed. */
  again(): void {
    this.#layer = this.#newLayer()
    for (const [i, held] of [this.locked, this.assets].entries()) {
      held.clear()
      for (const [key, amount] of this.#before[i]!) held.set(key, amount)
    }
    this.context = this.#newContext()
    this.module.beginBlock!(this.context, { timeSeconds: this.seconds, appHash: this.#appHash })
  }

  /** Forgets derived memory, as a restart does; a block has just begun. */
  restart(): void {
    this.markets = createMarkets(this.ports)
    this.module = marketsModule(this.markets, this.ports)
    this.module.beginBlock!(this.context, { timeSeconds: this.seconds, appHash: this.#appHash })
  }

  /** Takes over cash, assets and prices of another world. */
  take(other: World): void {
    for (const [key, value] of other.context.store(CASH_STORE).iterate())
      this.context.store(CASH_STORE).set(key, value)
    for (const [key, amount] of other.assets) this.assets.set(key, amount)
    Object.assign(this.prices, other.prices)
    for (const text of other.signed) this.signed.add(text)
  }

  /** Ends blocks until so many seconds have gone. */
  pass(seconds: bigint, step = 1n): void {
    for (let gone = 0n; gone < seconds; gone += step) this.end(step)
  }

  /** The market of a symbol. */
  market(symbol: string): Market {
    const id = marketIdOf(this.context.store(MARKETS_STORE), symbol)
    const market = id === undefined ? undefined : this.markets.market(this.context, id)
    if (market === undefined) throw new Error(`no market ${symbol}`)
    return market
  }

  /** Runs a message as a transaction: all or nothing. Gives the response. */
  run<Message>(
    name: string,
    holder: Holder,
    message: Message,
    codec: { encode(message: Message): { finish(): Uint8Array } },
    signer: Partial<Signer> = {},
  ): Uint8Array {
    const action = this.#type(name).prepare(codec.encode(message).finish())
    const by: Signer = { account: holder.account, isSession: false, nonce: undefined, ...signer }
    return this.context.nested(() => action.execute(this.context, by))
  }

  /** Places an order; gives its id. */
  place(holder: Holder, order: OrderTerms): bigint {
    const message = this.order(holder, order)
    const response = this.run('MsgPlaceOrder', holder, message, PlaceOrder)
    // MsgPlaceOrderResponse: one varint field.
    let [value, shift] = [0n, 0n]
    for (const byte of response.subarray(1)) {
      value |= BigInt(byte & 0x7f) << shift
      shift += 7n
    }
    return value
  }

  /** What placing an order is refused with. */
  refusal(holder: Holder, order: OrderTerms): string {
    return refusal(() => this.place(holder, order))
  }

  /** The message of an order. */
  order(
    { account, subaccount }: Holder,
    { market = 'ETH-PERP', size, price, ...rest }: OrderTerms,
  ): MsgPlaceOrder {
    const sizeE9 = BigInt(Math.round(Math.abs(size) * 1e9))
    const base = { signer: addresses.encode(account), subaccount, market: this.market(market).id }
    const limitE9 = BigInt(Math.round(price * 1e9))
    return PlaceOrder.fromPartial({
      ...base,
      isBuy: size > 0,
      sizeE9,
      limitE9,
      type: 1,
      timeInForce: 1,
      ...rest,
    })
  }

  /** Gives cash. */
  fund(holder: Holder, cash: bigint): void {
    this.addCash(holder, cash * E6)
  }

  cashOf(holder: Holder): bigint {
    const bytes = this.context.store(CASH_STORE).get(utf8(keyOf(holder)))
    return bytes === undefined ? 0n : BigInt(fromUtf8(bytes))
  }

  get houseE6(): bigint {
    return this.cashOf(HOUSE)
  }

  get feesE6(): bigint {
    return this.cashOf(COLLECTOR)
  }

  /** All cash there is. */
  get totalE6(): bigint {
    const held = [...this.context.store(CASH_STORE).iterate()]
    return held.reduce((sum, [, bytes]) => sum + BigInt(fromUtf8(bytes)), 0n)
  }

  /** Size of a holder's position. */
  size(holder: Holder, symbol = 'ETH-PERP'): number {
    const { id } = this.market(symbol)
    const position = this.markets.positions(this.context, holder).find(({ market }) => market === id)
    return Number(position?.sizeE9 ?? 0n) / 1e9
  }

  /** Cash and what positions are worth beyond it. */
  valueE6(holder: Holder): bigint {
    let valueE6 = this.cashOf(holder)
    for (const position of this.markets.positions(this.context, holder)) {
      const market = this.markets.market(this.context, position.market)!
      const { markE9 } = this.markets.figures(this.context, position.market)
      const markNow = market.kind === 'option' ? this.prices.optionE9 : markE9
      valueE6 += (position.sizeE9 * markNow) / 10n ** 12n + (market.kind === 'option' ? 0n : position.quoteE6)
      valueE6 += this.markets.fundingE6(this.context, position)
    }
    return valueE6
  }

  /** Events of a type in the block that was ended last. */
  told(type: string): Record<string, string>[] {
    return this.events.filter((event) => event.type === type).map(({ attributes }) => attributes)
  }

  get broken(): readonly string[] {
    return this.module.invariants!(this.context)
  }

  addCash(holder: Holder, deltaE6: bigint): void {
    const sum = this.cashOf(holder) + deltaE6
    this.context.store(CASH_STORE).set(utf8(keyOf(holder)), utf8(sum.toString()))
  }

  #type(name: string): MessageType {
    const type = this.module.messages.find(({ typeUrl }) => typeUrl.endsWith(`.${name}`))
    if (type === undefined) throw new Error(`no ${name}`)
    return type
  }

  #newLayer(): Layer {
    return new Layer((name) => this.#stores.reader(name))
  }

  #newContext(): ExecutionContext {
    const block = blockInfo('causeway-1', this.height === 0n ? 1n : this.height, this.seconds * E9)
    return new ExecutionContext(block, this.#layer, unlimitedGas())
  }

  /**
   * Initial margin: value less a share of the notional of the larger of what buys alone or sells alone lead
   * to, less what fills at the limits would lose against the mark.
   */
  initialMarginE6(holder: Holder, orders: readonly RiskOrder[]): bigint {
    let marginE6 = this.valueE6(holder)
    const sides = new Map<bigint, { held: bigint; buys: bigint; sells: bigint; market: Market }>()
    const side = (id: bigint) => {
      const known = sides.get(id) ?? {
        held: 0n,
        buys: 0n,
        sells: 0n,
        market: this.markets.market(this.context, id)!,
      }
      sides.set(id, known)
      return known
    }
    for (const { market, sizeE9 } of this.markets.positions(this.context, holder)) side(market).held += sizeE9
    for (const { market, sizeE9, limitE9, feeE6 } of orders) {
      const sums = side(market.id)
      if (sizeE9 > 0n) sums.buys += sizeE9
      else sums.sells -= sizeE9
      const atMark = (sizeE9 * (this.#markE9(market) - limitE9)) / 10n ** 12n
      if (atMark < 0n) marginE6 += atMark
      marginE6 -= feeE6
    }
    const absolute = (value: bigint) => (value < 0n ? -value : value)
    for (const { held, buys, sells, market } of sides.values()) {
      if (market.kind === 'spot') continue
      const [long, short] = [absolute(held + buys), absolute(held - sells)]
      const most = long > short ? long : short
      marginE6 -= (most * this.prices.indexE9 * this.marginBps) / 10n ** 16n
    }
    return marginE6
  }

  #markE9(market: Market): bigint {
    if (market.kind === 'option') return this.prices.optionE9
    const { markE9 } = this.markets.figures(this.context, market.id)
    return markE9 === 0n ? this.prices.indexE9 : markE9
  }

  #makePorts(): MarketsPorts {
    const world = this
    return {
      addresses,
      zone: () => 1,
      cash: worldCash(world),
      risk: {
        initialMarginE6: (_, holder, orders) => world.initialMarginE6(holder, orders),
        covers(_, holder, sums) {
          const orders = sums.reduce((count, sum) => count + sum.orders, 0)
          return world.initialMarginE6(holder, sums) >= BigInt(orders)
        },
        requireInitial(_, holder) {
          const marginE6 = world.initialMarginE6(holder, [])
          if (marginE6 >= 0n) return
          throw riskErrors.insufficientMargin({ subaccount: holder.subaccount, missingE6: -marginE6 })
        },
        margins(_, holder) {
          const initialE6 = world.initialMarginE6(holder, [])
          return { initialE6, maintenanceE6: initialE6 }
        },
      },
      prices: {
        index: () => ({ priceE9: world.prices.indexE9, state: world.prices.state }),
        isTold: () => world.prices.state === 'fresh',
        fairE9: (_, market) => (market.kind === 'option' ? world.prices.optionE9 : world.prices.indexE9),
        greeks: (_, { kind }) => ({ deltaE9: E9, vegaE6: kind === 'option' ? 1_000_000n : 0n }),
        volatilityE9: (_, __, priceE9) => priceE9 / 100n - 400_000_000n,
        forwardE9: () => world.prices.forwardE9,
      },
      assets: {
        decimals: (_, asset) => (asset === ETH ? 18 : undefined),
        balance: (_, holder, asset) => world.assets.get(`${keyOf(holder)} ${asset}`) ?? 0n,
        move(_, from, to, asset, amount) {
          const [a, b] = [`${keyOf(from)} ${asset}`, `${keyOf(to)} ${asset}`]
          world.assets.set(a, (world.assets.get(a) ?? 0n) - amount)
          world.assets.set(b, (world.assets.get(b) ?? 0n) + amount)
        },
      },
      owner: (_, account) => account,
      isSigned: (_, { account, text }) => world.signed.has(`${addresses.encode(account)} ${text}`),
      house: HOUSE,
      houseCashE6: () => world.houseE6,
      feeCollector: COLLECTOR,
    }
  }
}

/** Terms of an order in the test's units: size above 0 buys. */
export interface OrderTerms extends Partial<
  Omit<MsgPlaceOrder, 'market' | 'signer' | 'subaccount' | 'isBuy'>
> {
  readonly market?: string
  readonly size: number
  readonly price: number
}
