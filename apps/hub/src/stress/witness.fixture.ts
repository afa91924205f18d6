// Looks on while a block is executed, with a valuation of its own that remembers nothing: whoever a block
// begins to liquidate, by the state and the prices right after it began; whoever it sells, before and after.
import type { Event } from '@causeway/protocol/tendermint/abci/types'
import { ExecutionContext } from '../block/context.ts'
import type { Context, ParentBlock } from '../block/context.ts'
import type { Module } from '../block/module.ts'
import type { Holder } from '../identifiers.ts'
import { readParams } from '../modules/liquidation/params.ts'
import { LIQUIDATION_STORE, bids } from '../modules/liquidation/state.ts'
import { MARKETS_STORE, readMarket, readPositions } from '../modules/markets/state.ts'
import type { Oracle } from '../modules/oracle/oracle.ts'
import { ORACLE_STORE, feeds } from '../modules/oracle/state.ts'
import type { Risk } from '../modules/risk/risk.ts'
import { addresses } from '../simulation/scene.fixture.ts'
import { BEGINS, attribute, holderOf } from './tally.fixture.ts'

/** What a witness values by: of modules that nothing else uses. */
export interface WitnessParts {
  readonly risk: Pick<Risk, 'beginBlock' | 'figures' | 'dependencies'>
  readonly oracle: Pick<Oracle, 'price'>
}

/** Cash and margins, micro-cash. */
export interface WitnessedFigures {
  readonly valueE6: bigint
  readonly maintenanceE6: bigint
}

interface Offered extends WitnessedFigures {
  /** A lot of each market that it held, whole units of cash in micro-cash at the index. */
  readonly lotsE6: bigint
}

const SOLD = 'causeway.liquidation.v1.sold'
const ONE_E9 = 1_000_000_000n
const BPS = 10_000n
/** Whole micro-cash of rounding, by each leg of a sale. */
const ROUNDING_E6 = 200n

/** The witness of one hub. */
export class Witness {
  readonly #parts: WitnessParts
  #wrong: string[] = []
  readonly #offered = new Map<string, Offered>()
  /** The last block in which a price was not fresh, by asset; and the last one after a halt. */
  readonly #out = new Map<bigint, bigint>()
  #halt = 0n

  constructor(parts: WitnessParts) {
    this.#parts = parts
  }

  /** A composition's modules, with the witness among them. */
  among(modules: readonly Module[]): Module[] {
    const none = { messages: [], queries: [] }
    return [
      ...modules.flatMap((module) => {
        if (module.name !== 'liquidation') return [module]
        const before = {
          ...none,
          name: 'witness of sales',
          endBlock: (context: Context) => this.#end(context),
        }
        return [before, module]
      }),
      { ...none, name: 'witness', beginBlock: (context, parent) => this.#begin(context, parent) },
    ]
  }

  /**
   * What was wrong with the last block, by what it told and what its accounts are after it (`figuresOf`); all
   * of it is forgotten.
   */
  judge(events: readonly Event[], figuresOf: (holder: Holder) => WitnessedFigures): string[] {
    const wrong = [...this.#wrong]
    const shares = new Map<string, bigint>()
    for (const event of events) {
      if (event.type !== SOLD) continue
      const name = holderOf(event)
      const offered = this.#offered.get(name)
      if (offered === undefined) wrong.push(`${name} is sold without a bid`)
      else {
        shares.set(name, (shares.get(name) ?? 0n) + amount(event, 'share_e9'))
        wrong.push(...judgePrice(event, offered).map((each) => `${name}: ${each}`))
      }
    }
    for (const [name, share] of shares)
      wrong.push(
        ...judgeShare(share, this.#offered.get(name)!, figuresOf(holderAt(name))).map(
          (each) => `${name} ${each}`,
        ),
      )
    this.#wrong = []
    this.#offered.clear()
    return wrong
  }

  #begin(context: Context, parent: ParentBlock | undefined): void {
    this.#wrong = []
    this.#offered.clear()
    this.#look(context, parent)
    const told = context instanceof ExecutionContext ? context.events : []
    const begun = told.filter((event) => event.type === BEGINS && attribute(event, 'before') === 'none')
    if (begun.length === 0) return
    this.#parts.risk.beginBlock(context)
    for (const event of begun) {
      const name = holderOf(event)
      const holder = holderAt(name)
      const { maintenanceE6 } = this.#parts.risk.figures(context, holder)
      if (maintenanceE6 >= 0n) this.#wrong.push(`${name} is liquidated, and stands at the block's prices`)
      if (!this.#isSettled(context, holder))
        this.#wrong.push(`${name} is liquidated at prices that don't count`)
    }
  }

  /** After auctions, before anybody is sold. */
  #end(context: Context): void {
    const holders = new Map([...bids(context.store(LIQUIDATION_STORE))].map(([each]) => [nameOf(each), each]))
    if (holders.size === 0) return
    this.#parts.risk.beginBlock(context)
    for (const [name, holder] of holders) {
      const { valueE6, maintenanceE6 } = this.#parts.risk.figures(context, holder)
      // What can't be sold now has to be left alone
      if (maintenanceE6 >= 0n || !this.#isSettled(context, holder)) continue
      this.#offered.set(name, { valueE6, maintenanceE6, lotsE6: this.#lotsE6(context, holder) })
    }
  }

  #look(context: Context, parent: ParentBlock | undefined): void {
    const { haltSeconds } = readParams(context.store(LIQUIDATION_STORE))
    if (parent === undefined || context.timeSeconds - parent.timeSeconds > haltSeconds)
      this.#halt = context.height
    for (const { asset } of feeds(context.store(ORACLE_STORE)))
      if (this.#parts.oracle.price(context, asset).state !== 'fresh') this.#out.set(asset, context.height)
  }

  /** Since the witness began nothing that the account depends on was out in this block or in those before. */
  #isSettled(context: Context, holder: Holder): boolean {
    const { freshBlocks } = readParams(context.store(LIQUIDATION_STORE))
    const { height } = context
    if (this.#halt > 0n && height < this.#halt + freshBlocks) return false
    return this.#parts.risk.dependencies(context, holder).every((asset) => {
      const out = this.#out.get(asset)
      return out === undefined || height > out + freshBlocks
    })
  }

  #lotsE6(context: Context, holder: Holder): bigint {
    const store = context.store(MARKETS_STORE)
    return readPositions(store, holder).reduce((sum, { market: id }) => {
      const { lotE9, underlying } = readMarket(store, id)!
      return sum + (lotE9 * this.#parts.oracle.price(context, underlying).priceE9) / 10n ** 12n
    }, 0n)
  }
}

/**
 * A share of everything costs at most what it is worth, and at least nothing; of who is worth nothing
 * insurance adds at most a quarter of the requirement. One underlying alone is not judged.
 */
function judgePrice(event: Event, { valueE6, maintenanceE6 }: Offered): string[] {
  const [share, price] = [amount(event, 'share_e9'), amount(event, 'price_e6')]
  if (attribute(event, 'underlying') !== '0') return []
  const lowest = valueE6 > 0n ? 0n : valueE6 - (valueE6 - maintenanceE6) / 4n
  const isFair =
    price * ONE_E9 <= (valueE6 + ROUNDING_E6) * share + ONE_E9 &&
    price * ONE_E9 >= (lowest - ROUNDING_E6) * share - ONE_E9
  return isFair ? [] : [`${share} of what is worth ${valueE6} is sold at ${price}`]
}

/** No more is sold than there is; nor, of who is worth something, than brings its buffer, in whole lots. */
function judgeShare(share: bigint, { valueE6, lotsE6 }: Offered, after: WitnessedFigures): string[] {
  if (share > ONE_E9) return [`is sold ${share} times`]
  if (valueE6 <= 0n) return []
  const apartE6 = after.valueE6 - after.maintenanceE6
  const bufferE6 = after.maintenanceE6 - (apartE6 * 2_000n) / BPS
  return bufferE6 <= lotsE6 + ROUNDING_E6 ? [] : [`has a buffer of ${bufferE6} after what was sold`]
}

function amount(event: Event, key: string): bigint {
  return BigInt(attribute(event, key) ?? 0)
}

/** `account/subaccount`, as events tell it. */
export function nameOf({ account, subaccount }: Holder): string {
  return `${addresses.encode(account)}/${subaccount}`
}

function holderAt(name: string): Holder {
  const [account, subaccount] = name.split('/')
  return { ...addresses.decodeHolder(account!), subaccount: Number(subaccount) }
}
