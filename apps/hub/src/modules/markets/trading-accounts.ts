// Positions and cash of those who trade in one step of a block: read once, changed in memory, written once.
// Every flow has its other leg: a counterparty, the market's own account (the house), or the fee collector.
import { assert, mulDivFloor } from '@causeway/primitives'
import type { Context, ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { holderText } from './book-order.ts'
import { emitFundingPaid } from './events.ts'
import type { Market, MarketFigures, Position } from './market.ts'
import { readParams } from './params.ts'
import type { MakerFlow, MarketsPorts, SettledLeg } from './ports.ts'
import { fundingIndexE18, fundingPaymentE6 } from './pure/funding.ts'
import { NOTIONAL_UNIT, tradeNotionalE6 } from './pure/grid.ts'
import {
  MARKETS_STORE,
  holderBytes,
  readFigures,
  readPositions,
  writeFigures,
  writePositions,
} from './state.ts'

/** One holder while a step runs. */
export interface TradingAccount {
  readonly holder: Holder
  /** `holderText` of it. */
  readonly key: string
  readonly positions: Map<bigint, Working<Position>>
  cashE6: bigint
  /** What of `cashE6` spot trades are, fees included: no gain, and paid of free cash alone. */
  spotE6: bigint
  arePositionsChanged: boolean
}

/** A value that a step changes in place. */
export type Working<Value> = { -readonly [Key in keyof Value]: Value[Key] }

/** One side of a trade. */
export interface TradeSide {
  /** Signed: above 0 buys. */
  readonly sizeE9: bigint
  readonly priceE9: bigint
  readonly feeE6: bigint
}

/** What a flush has changed. */
export interface ChangedHolder {
  readonly holder: Holder
  /** In which markets it has positions now. */
  readonly markets: readonly bigint[]
}

/** Funding that a position has earned since its index, rounded against the holder. */
export function fundingE6({ sizeE9, fundingIndexE18: thenE18 }: Position, figures: MarketFigures): bigint {
  if (figures.funding === undefined) return 0n
  return fundingPaymentE6(sizeE9, thenE18, fundingIndexE18(figures.funding))
}

/** Worth of a linear position that is not in cash yet, rounded against the holder. */
export function unsettledE6({ sizeE9, quoteE6 }: Position, markE9: bigint): bigint {
  return mulDivFloor(sizeE9, markE9, NOTIONAL_UNIT) + quoteE6
}

/** Whether profit and loss are settled into cash as they arise. */
export function isLinear({ kind }: Market): boolean {
  return kind === 'perpetual' || kind === 'future'
}

const NO_FLOW: MakerFlow = { sizeE9: 0n, tradedE6: 0n, feeE6: 0n, fundingE6: 0n, isOver: false }

/** The accounts of one step. */
export class TradingAccounts {
  readonly #context: Context
  readonly #ports: MarketsPorts
  readonly #accounts = new Map<string, TradingAccount>()
  /** Positions as the step found them, by `holderText`. */
  readonly #stored = new Map<string, readonly Position[]>()
  readonly #figures = new Map<bigint, Working<MarketFigures>>()
  readonly #changedFigures = new Set<bigint>()
  /** `holderText` of who is told of its flows. */
  readonly #makerKey: string | undefined
  #feesE6 = 0n
  #houseE6 = 0n

  constructor(context: Context, ports: MarketsPorts) {
    this.#context = context
    this.#ports = ports
    this.#makerKey = ports.protocolMaker && holderText(holderBytes(ports.protocolMaker.holder))
  }

  /** The account of a holder; `key` is its `holderText`, where that is known. */
  account(holder: Holder, key = holderText(holderBytes(holder))): TradingAccount {
    const known = this.#accounts.get(key)
    if (known !== undefined) return known
    const stored = this.#positionsOf(holder, key)
    const positions = new Map(stored.map((position) => [position.market, { ...position }]))
    const flows = { cashE6: 0n, spotE6: 0n, arePositionsChanged: false }
    const account: TradingAccount = { holder, key, positions, ...flows }
    this.#accounts.set(key, account)
    return account
  }

  /** What a holder has in a market, signed, as it stands in this step. */
  heldE9(holder: Holder, key: string, market: bigint): bigint {
    const known = this.#accounts.get(key)
    if (known !== undefined) return known.positions.get(market)?.sizeE9 ?? 0n
    for (const position of this.#positionsOf(holder, key))
      if (position.market === market) return position.sizeE9
    return 0n
  }

  /** Figures of a market as they stand in this step. */
  figures(market: bigint): Readonly<MarketFigures> {
    return this.#working(market)
  }

  /** Changes figures. */
  setFigures(market: bigint, change: Partial<MarketFigures>): void {
    Object.assign(this.#working(market), change)
    this.#changedFigures.add(market)
  }

  /** One side of a trade. The other sides of the market's trades make these flows sum to zero. */
  trade(account: TradingAccount, market: Market, { sizeE9, priceE9, feeE6 }: TradeSide): void {
    account.cashE6 -= feeE6
    if (market.kind === 'spot') account.spotE6 -= feeE6
    this.#feesE6 += feeE6
    if (feeE6 !== 0n) this.#tell(account, market.id, { feeE6 })
    this.exchange(account, market, sizeE9, tradeNotionalE6(sizeE9, priceE9))
  }

  /** So much, signed, for so much cash, signed alike: of a price that need not be on the grid. */
  exchange(account: TradingAccount, market: Market, sizeE9: bigint, notionalE6: bigint): void {
    this.#tell(account, market.id, { sizeE9, tradedE6: -notionalE6 })
    if (market.kind === 'spot') {
      account.cashE6 -= notionalE6
      account.spotE6 -= notionalE6
      return
    }
    const position = this.#position(account, market)
    this.#accrue(account, position)
    this.#resize(position, position.sizeE9 + sizeE9)
    position.quoteE6 -= notionalE6
    if (market.kind === 'option') account.cashE6 -= notionalE6
    else this.#settle(account, position)
    this.#dropEmpty(account, position)
  }

  /** Settles a linear position at the mark: what it has made goes between its holder and the house. */
  settle(account: TradingAccount, market: Market): void {
    const position = account.positions.get(market.id)
    if (position === undefined || !isLinear(market)) return
    account.arePositionsChanged = true
    this.#accrue(account, position)
    this.#settle(account, position)
  }

  /** Ends a position of a market that is over: pays `valueE6` for it between its holder and the house. */
  payOut(
    account: TradingAccount,
    market: Market,
    { valueE6, feeE6 }: { valueE6: bigint; feeE6: bigint },
  ): void {
    const position = account.positions.get(market.id)
    assert(position !== undefined, 'who is paid out has a position')
    account.arePositionsChanged = true
    this.#accrue(account, position)
    // What a linear position is still owed for its quote was never paid; an option's was, when it was bought.
    const dueE6 = isLinear(market) ? valueE6 + position.quoteE6 : valueE6
    account.cashE6 += dueE6 - feeE6
    this.#tell(account, market.id, { tradedE6: valueE6, feeE6, isOver: true })
    this.#feesE6 += feeE6
    this.#house(market.id, { quoteE6: position.quoteE6, cashE6: -dueE6 })
    this.#resize(position, 0n)
    account.positions.delete(market.id)
  }

  /** Writes everything, positions and cash of every holder once. */
  flush(reason: string): ChangedHolder[] {
    const context = this.#context
    const store = context.store(MARKETS_STORE)
    const { cash, house, feeCollector } = this.#ports
    const until = context.timeSeconds + readParams(store).gainLockSeconds
    const changed: ChangedHolder[] = []
    const legs: SettledLeg[] = []
    // By holder: texts have one character a byte, and their order is that of the bytes
    const byHolder = [...this.#accounts.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
    for (const account of byHolder) {
      const { holder, cashE6, spotE6 } = account
      const gainE6 = cashE6 - spotE6
      if (account.arePositionsChanged) {
        const positions = [...account.positions.values()].sort((a, b) => (a.market < b.market ? -1 : 1))
        writePositions(store, holder, positions)
        changed.push({ holder, markets: positions.map(({ market }) => market) })
      }
      if (cashE6 !== 0n || gainE6 > 0n) legs.push({ holder, deltaE6: cashE6, gainE6 })
    }
    cash.settle(context, legs, reason, until)
    if (this.#feesE6 !== 0n) cash.flow(context, feeCollector, this.#feesE6, 'fees')
    if (this.#houseE6 !== 0n) cash.flow(context, house, this.#houseE6, reason)
    for (const market of this.#changedFigures) writeFigures(store, market, this.#figures.get(market)!)
    return changed
  }

  #positionsOf(holder: Holder, key: string): readonly Position[] {
    let positions = this.#stored.get(key)
    if (positions === undefined) {
      positions = readPositions(this.#context.store(MARKETS_STORE), holder)
      this.#stored.set(key, positions)
    }
    return positions
  }

  #working(market: bigint): Working<MarketFigures> {
    let figures = this.#figures.get(market)
    if (figures === undefined) {
      figures = { ...readFigures(this.#context.store(MARKETS_STORE), market) }
      this.#figures.set(market, figures)
    }
    return figures
  }

  #position(account: TradingAccount, { id }: Market): Working<Position> {
    account.arePositionsChanged = true
    let position = account.positions.get(id)
    if (position === undefined) {
      const { funding } = this.#working(id)
      const indexE18 = funding === undefined ? 0n : fundingIndexE18(funding)
      position = { market: id, sizeE9: 0n, quoteE6: 0n, fundingIndexE18: indexE18 }
      account.positions.set(id, position)
    }
    return position
  }

  #resize(position: Working<Position>, sizeE9: bigint): void {
    const figures = this.#working(position.market)
    const long = (size: bigint) => (size > 0n ? size : 0n)
    figures.openInterestE9 += long(sizeE9) - long(position.sizeE9)
    position.sizeE9 = sizeE9
    this.#changedFigures.add(position.market)
  }

  #accrue(account: TradingAccount, position: Working<Position>): void {
    const { holder } = account
    const figures = this.#working(position.market)
    if (figures.funding === undefined) return
    const earnedE6 = fundingE6(position, figures)
    position.fundingIndexE18 = fundingIndexE18(figures.funding)
    position.quoteE6 += earnedE6
    this.#house(position.market, { quoteE6: -earnedE6, cashE6: 0n })
    const paid = { holder, market: position.market, amountE6: earnedE6 }
    if (earnedE6 === 0n) return
    emitFundingPaid(this.#context, this.#ports.addresses, paid)
    this.#tell(account, position.market, { fundingE6: earnedE6 })
  }

  #tell({ key }: TradingAccount, market: bigint, flow: Partial<MakerFlow>): void {
    if (key === this.#makerKey)
      this.#ports.protocolMaker!.flowed(this.#context, market, { ...NO_FLOW, ...flow })
  }

  /** Without a mark it waits, unless the position is closed: then it is fixed what it has made. */
  #settle(account: TradingAccount, position: Working<Position>): void {
    const { markE9 } = this.#working(position.market)
    if (markE9 === 0n && position.sizeE9 !== 0n) return
    const madeE6 = unsettledE6(position, markE9)
    position.quoteE6 -= madeE6
    account.cashE6 += madeE6
    this.#house(position.market, { quoteE6: madeE6, cashE6: -madeE6 })
  }

  #dropEmpty(account: TradingAccount, position: Working<Position>): void {
    if (position.sizeE9 !== 0n) return
    this.#house(position.market, { quoteE6: position.quoteE6, cashE6: 0n })
    account.positions.delete(position.market)
  }

  #house(market: bigint, { quoteE6, cashE6 }: { quoteE6: bigint; cashE6: bigint }): void {
    if (quoteE6 === 0n && cashE6 === 0n) return
    const figures = this.#working(market)
    figures.houseQuoteE6 += quoteE6
    figures.houseCashE6 += cashE6
    this.#houseE6 += cashE6
    this.#changedFigures.add(market)
  }
}

/** Figures of a market in committed state. */
export function figuresOf(context: ReadContext, market: bigint): MarketFigures {
  return readFigures(context.store(MARKETS_STORE), market)
}
