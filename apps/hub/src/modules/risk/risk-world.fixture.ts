// Risk over tables: prices, markets, positions, orders, cash and balances that a test sets.
import type { SviSurface } from '@causeway/margin'
import { createAddressCodec } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import { Layer } from '../../block/layer.ts'
import type { ExecutionContext } from '../../block/context.ts'
import { memoryContext } from '../../testing/memory-context.fixture.ts'
import { riskModule } from './module.ts'
import type { HeldAsset, RiskMarketTerms, RiskPorts } from './ports.ts'
import { createRisk } from './risk.ts'
import type { Risk } from './risk.ts'
import { RISK_STORE } from './state.ts'

/** Units. */
export const E6 = 1_000_000n
export const E9 = 1_000_000_000n
/** Assets of the fixture: a stable, BTC and ETH. */
export const [USD, BTC, ETH] = [2n, 3n, 4n]
/** Markets of the fixture. */
export const [BTC_PERP, ETH_PERP, ETH_FUTURE, ETH_CALL, ETH_PUT, ETH_SPOT] = [11n, 12n, 13n, 14n, 15n, 16n]
/** When the fixture's expiry is. */
export const EXPIRY = 1_700_000_000n + 7n * 86_400n

/** A holder with a number. */
export const holderOf = (account: number, subaccount = 0): Holder => ({
  account: new Uint8Array(20).fill(account),
  subaccount,
})

interface TablePosition {
  readonly market: bigint
  readonly sizeE9: bigint
  readonly quoteE6: bigint
  readonly fundingIndexE18: bigint
}

interface TableOrder {
  readonly market: bigint
  readonly isBuy: boolean
  readonly remainingE9: bigint
  readonly limitE9: bigint
}

/** A smile of 60 % that no strike changes much. */
export const SMILE: SviSurface = {
  a: 0.006,
  b: 0.002,
  rho: -0.1,
  m: 0,
  sigma: 0.2,
  forward: 3000,
  tau: 7 / 365,
}

const terms = (
  id: bigint,
  kind: RiskMarketTerms['kind'],
  underlying: bigint,
  more = {},
): RiskMarketTerms => ({
  ...{ id, kind, underlying, symbol: `M${id}`, expirySeconds: 0n, strikeE9: 0n, isCall: false },
  ...{ openNotionalLowerE6: 0n, openNotionalUpperE6: 0n },
  ...more,
})
const dated = { expirySeconds: EXPIRY }
const MARKETS = [
  terms(BTC_PERP, 'perpetual', BTC),
  terms(ETH_PERP, 'perpetual', ETH),
  terms(ETH_FUTURE, 'future', ETH, dated),
  terms(ETH_CALL, 'option', ETH, { ...dated, strikeE9: 3_000n * E9, isCall: true }),
  terms(ETH_PUT, 'option', ETH, { ...dated, strikeE9: 3_000n * E9 }),
  terms(ETH_SPOT, 'spot', ETH),
]

/** Tables, and risk over them. */
export class RiskWorld {
  readonly addresses = createAddressCodec('cway')
  readonly prices = new Map([
    [USD, { priceE9: E9, state: 'fresh' }],
    [BTC, { priceE9: 60_000n * E9, state: 'fresh' }],
    [ETH, { priceE9: 3_000n * E9, state: 'fresh' }],
  ])
  markets: readonly RiskMarketTerms[] = MARKETS
  readonly marks = new Map<bigint, bigint>()
  readonly fundings = new Map([
    [BTC_PERP, 0n],
    [ETH_PERP, 0n],
  ])
  readonly positions = new Map<string, TablePosition[]>()
  readonly orders = new Map<string, TableOrder[]>()
  readonly cash = new Map<string, bigint>()
  /** Gains that may not leave yet. */
  readonly locked = new Map<string, bigint>()
  readonly held = new Map<string, HeldAsset[]>()
  readonly holders = new Map<string, Holder>()
  changed: Holder[] = []
  pendingE6 = 0n
  /** Lines by asset, and clients that aren't Active. */
  readonly backing = new Map<bigint, { client: string; amount: bigint }[]>()
  readonly dead = new Map<string, string>()
  debtIndex = 10n ** 18n
  stablePrice = 10n ** 18n
  surfaceState = 'fresh'
  smile: SviSurface | undefined = SMILE
  readonly quoted = new Map<bigint, (oracleE9: bigint) => bigint>()
  readonly ports: RiskPorts<TablePosition>
  readonly risk: Risk
  context: ExecutionContext
  readonly #layer = new Layer(() => EMPTY)

  constructor(genesis: object = {}) {
    this.ports = this.#ports()
    this.risk = createRisk(this.ports)
    this.context = memoryContext([RISK_STORE], { layer: this.#layer })
    this.module().initGenesis!(this.context, { weights: WEIGHTS, ...genesis })
  }

  /** The module over this risk. */
  module(isEmpty = () => true) {
    return riskModule(this.risk, this.ports, {
      isEmpty,
      isAsset: (_, id) => id >= USD && id <= ETH,
      backing: (_, asset) => this.backing.get(asset) ?? [],
      clientStatus: (_, client) => this.dead.get(client) ?? 'Active',
    })
  }

  /** A second node: the same tables and state, nothing remembered. */
  another(): Risk {
    return createRisk(this.ports)
  }

  /** Sets what a holder has. */
  set(
    holder: Holder,
    has: {
      cashE6?: bigint
      usd?: bigint
      eth?: bigint
      positions?: readonly (readonly [market: bigint, sizeE9: bigint, quoteE6?: bigint])[]
      orders?: readonly (readonly [market: bigint, sizeE9: bigint, limitE9: bigint])[]
    },
  ): void {
    const key = this.key(holder)
    this.holders.set(key, holder)
    if (has.cashE6 !== undefined) this.cash.set(key, has.cashE6)
    this.held.set(key, [
      ...(has.usd === undefined ? [] : [{ asset: USD, denom: 'usd', decimals: 6, amount: has.usd }]),
      ...(has.eth === undefined ? [] : [{ asset: ETH, denom: 'eth', decimals: 18, amount: has.eth }]),
    ])
    if (has.positions !== undefined)
      this.positions.set(
        key,
        has.positions.map(([market, sizeE9, quoteE6 = 0n]) => {
          return { market, sizeE9, quoteE6, fundingIndexE18: this.fundings.get(market) ?? 0n }
        }),
      )
    if (has.orders !== undefined)
      this.orders.set(
        key,
        has.orders.map(([market, sizeE9, limitE9]) => {
          return { market, limitE9, isBuy: sizeE9 > 0n, remainingE9: sizeE9 < 0n ? -sizeE9 : sizeE9 }
        }),
      )
    this.changed.push(holder)
    this.risk.changed(holder)
  }

  /** A block in which `run` happens, some seconds after the one before. */
  block(run: () => void = () => undefined, secondsLater = 1n): void {
    this.changed = []
    const height = this.context.height + 1n
    const before = this.context.timeSeconds
    const timeSeconds = before + secondsLater
    this.context = memoryContext([RISK_STORE], { layer: this.#layer, height, timeSeconds })
    this.module().beginBlock!(this.context, { timeSeconds: before, appHash: new Uint8Array(32) })
    run()
    this.risk.endBlock(this.context)
  }

  key({ account, subaccount }: Holder): string {
    return `${account[0]}/${subaccount}`
  }

  #ports(): RiskPorts<TablePosition> {
    return {
      addresses: this.addresses,
      balance: (_, holder, asset) => this.held.get(this.key(holder))?.find((each) => each.asset === asset),
      balances: (_, holder) => this.held.get(this.key(holder)) ?? [],
      price: (_, asset) => this.prices.get(asset) ?? { priceE9: 0n, state: 'none' },
      symbol: (_, asset) => ({ '3': 'BTC', '4': 'ETH' })[asset.toString()],
      surface: (_, asset) => ({
        state: this.surfaceState,
        expiries:
          asset === ETH && this.smile !== undefined
            ? [{ expirySeconds: EXPIRY, forwardE9: 3_010n * E9, rateE9: 40_000_000n, surface: this.smile }]
            : [],
      }),
      cash: {
        balanceE6: (_, holder) => this.cash.get(this.key(holder)) ?? 0n,
        lockedE6: (_, holder) => this.locked.get(this.key(holder)) ?? 0n,
        unlockedE6: (_, holder) =>
          (this.cash.get(this.key(holder)) ?? 0n) - (this.locked.get(this.key(holder)) ?? 0n),
        stablePrice: () => this.stablePrice,
        debtIndex: () => this.debtIndex,
        isDebtor: (_, holder) => (this.cash.get(this.key(holder)) ?? 0n) < 0n,
        debtors: () =>
          [...this.holders.values()].filter((each) => (this.cash.get(this.key(each)) ?? 0n) < 0n),
      },
      pendingE6: () => this.pendingE6,
      markets: {
        market: (_, id) => this.markets.find((market) => market.id === id),
        markets: () => this.markets,
        figures: (_, id) => ({
          markE9: this.marks.get(id) ?? 0n,
          openInterestE9: 0n,
          funding: this.fundings.has(id) ? { indexE18: this.fundings.get(id)! } : undefined,
        }),
        positions: (_, holder) => this.positions.get(this.key(holder)) ?? [],
        fundingE6: (_, { market, sizeE9, fundingIndexE18 }) =>
          (-sizeE9 * ((this.fundings.get(market) ?? 0n) - fundingIndexE18)) / 10n ** 21n,
        orders: (_, holder) => this.orders.get(this.key(holder)) ?? [],
        holders: () =>
          [...this.holders.values()].filter((each) => (this.positions.get(this.key(each)) ?? []).length > 0),
        changedHolders: () => this.changed,
        observedIndex: () => ({ sum: 0n, coveredNanoseconds: 0n }),
        markVolatilities: () => this.quoted,
      },
    }
  }
}

const WEIGHTS = [
  { asset: USD.toString(), initialWeightBps: 9_000, maintenanceWeightBps: 9_500 },
  { asset: ETH.toString(), initialWeightBps: 7_500, maintenanceWeightBps: 8_500, cancelsRisk: true },
]

const EMPTY = { get: () => undefined, has: () => false, iterate: () => [] }
