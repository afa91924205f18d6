import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import { noMargins, valueAccount, type Margins } from '../requirement/value-account.ts'
import { createWorkspace, type Workspace } from '../requirement/workspace.ts'
import { entriesOf, writeEntries } from './entries.ts'
import { createReader } from './read-entries.ts'
import { slotsOf, type Slots } from './slots.ts'

/**
 * Many accounts, numbered from 0, as a structure of arrays, each with its margin at the market that the book
 * stands at. Change it only through `putAccount` and `moveBook`.
 */
export interface Book {
  market: RiskMarket
  slots: Slots
  count: number
  /** By account: place of its first entry, and how many there are. */
  first: Uint32Array
  entries: Uint32Array
  /** By account, at `market`: maintenance margin, and value with pending credit. */
  maintenanceMargin: Float64Array
  worth: Float64Array
  /** By entry: key (`keyOf`) and amount; an account's entries are those of `writeEntries`. */
  key: Uint32Array
  amount: Float64Array
  /** Entries at the front that were given out, and how many of them belong to no account any more. */
  used: number
  freed: number
  /** Room to value one account in. */
  readonly margins: Margins
  workspace: Workspace
}

/** An empty book that stands at a market. */
export function createBook(market: RiskMarket): Book {
  return {
    ...{ market, slots: slotsOf(market), count: 0, used: 0, freed: 0 },
    ...{ first: new Uint32Array(0), entries: new Uint32Array(0) },
    ...{ maintenanceMargin: new Float64Array(0), worth: new Float64Array(0) },
    ...{ key: new Uint32Array(0), amount: new Float64Array(0) },
    ...{ margins: noMargins(), workspace: createWorkspace(market) },
  }
}

/**
 * Writes an account, laid out over the book's market, in place of number `account` or, with `book.count`, as
 * a new one, and values it. Throws `RangeError` for another number.
 */
export function putAccount(book: Book, account: number, portfolio: Portfolio): void {
  if (!(Number.isInteger(account) && account >= 0 && account <= book.count))
    throw new RangeError(`account ${account} of ${book.count}`)
  if (account === book.count) addAccount(book)
  const entries = entriesOf(portfolio)
  if (entries !== book.entries[account]) {
    book.freed += book.entries[account]!
    book.entries[account] = 0
    book.first[account] = makeRoom(book, entries)
    book.entries[account] = entries
  }
  writeEntries(book, book.first[account]!, portfolio)
  valueAccount(book.market, portfolio, book.workspace, book.margins)
  book.maintenanceMargin[account] = book.margins.maintenanceMargin
  book.worth[account] = book.margins.value + portfolio.pendingCredit
}

/**
 * Brings a book to another market: every account is valued there. Scans then bound from it. Throws
 * `MarginError` 61, and leaves the book as it is, when an account holds what the market doesn't list.
 */
export function moveBook(book: Book, market: RiskMarket): void {
  const read = createReader(book.market, market)
  const [slots, workspace, { margins, amount }] = [slotsOf(market), createWorkspace(market), book]
  const key = new Uint32Array(book.key.length)
  const maintenanceMargin = new Float64Array(book.first.length)
  const worth = new Float64Array(book.first.length)
  for (let account = 0; account < book.count; account++) {
    const portfolio = read(book, book.first[account]!, book.entries[account]!)
    writeEntries({ slots, key, amount }, book.first[account]!, portfolio)
    valueAccount(market, portfolio, workspace, margins)
    maintenanceMargin[account] = margins.maintenanceMargin
    worth[account] = margins.value + portfolio.pendingCredit
  }
  Object.assign(book, { market, slots, workspace, key, maintenanceMargin, worth })
}

function addAccount(book: Book): void {
  const account = book.count++
  if (account < book.first.length) return
  const length = 16 + account + (account >> 1)
  book.first = grown(book.first, new Uint32Array(length))
  book.entries = grown(book.entries, new Uint32Array(length))
  book.maintenanceMargin = grown(book.maintenanceMargin, new Float64Array(length))
  book.worth = grown(book.worth, new Float64Array(length))
}

/** The place of so many new entries: at the end, once what was freed is packed away if there is no room. */
function makeRoom(book: Book, entries: number): number {
  if (book.used + entries > book.key.length) {
    const live = book.used - book.freed + entries
    pack(book, live + (live >> 1) + 64)
  }
  const first = book.used
  book.used += entries
  return first
}

/** Lays all entries side by side in new columns of this length. */
function pack(book: Book, length: number): void {
  const key = new Uint32Array(length)
  const amount = new Float64Array(length)
  let used = 0
  for (let account = 0; account < book.count; account++) {
    const [first, entries] = [book.first[account]!, book.entries[account]!]
    key.set(book.key.subarray(first, first + entries), used)
    amount.set(book.amount.subarray(first, first + entries), used)
    book.first[account] = used
    used += entries
  }
  Object.assign(book, { key, amount, used, freed: 0 })
}

function grown<Column extends Uint32Array | Float64Array>(old: Column, now: Column): Column {
  now.set(old)
  return now
}
