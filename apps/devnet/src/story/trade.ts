import { isClientError } from '@causeway/client'
import type { Causeway, MarketRow, PlacedOrder } from '@causeway/client'
import { MAKERS, testAddress } from '../chains/accounts.ts'
import { HUB, USDZ, ZONE } from '../chains/facts.ts'
import type { Devnet } from '../devnet.ts'
import { formatDecimal } from '../print/format.ts'
import { attempt } from '../process/failure.ts'
import type { StoryTools } from './deposit-and-withdraw.ts'
import type { HubTrader } from './hub-trader.ts'
import { poll } from './poll.ts'

/** What the trader buys. */
const PERPETUAL = 'ETH-PERP'
const SIZE = '4'
/** A fill may be so much worse than the book's best, as a share. */
const SLIPPAGE = '0.02'
/** Cash that the refused withdrawal leaves. */
const ROOM_FOR_FEES = 10
const PATIENCE_MS = 180_000
const WEEK_SECONDS = 7 * 86_400

/**
 * Buys a perpetual, and puts that insure it, from the market makers: each against all that the account holds,
 * whichever chain it came from. Gives the height of the last one.
 */
export async function tradeOnHub(onHub: HubTrader, devnet: Devnet, tools: StoryTools): Promise<bigint> {
  const { causeway, trader } = onHub
  const { print, log } = tools
  print.heading(`The trader buys ${SIZE} ETH with leverage, and insures it with puts`)
  const quoted = await attempt('see the market makers quote', log('crowd'), () => devnet.crowd.quoting)
  const option = await attempt('find a put', log('crowd'), () => findPut(causeway, tools))
  const book = await causeway.book(PERPETUAL, 1)
  print.step({
    who: HUB.chainId,
    what: `${MAKERS.join(' and ')} quote ${quoted} markets`,
    facts: { [PERPETUAL]: `${priceOf(book.bids)} / ${priceOf(book.asks)}` },
  })
  let height = 0n
  for (const market of [PERPETUAL, option.symbol]) {
    const before = await causeway.portfolio(trader.address)
    const placed = await attempt(`buy ${market}`, log('hub'), () => buy(onHub, market, tools))
    const after = await causeway.portfolio(trader.address)
    const [free, left] = [before, after].map(({ initialMargin }) => formatDecimal(initialMargin))
    print.step({
      who: HUB.chainId,
      what: `fills ${SIZE} ${market} at ${placed.averagePrice ?? ''} in the auction of the block`,
      facts: {
        block: placed.height,
        fee: `${formatDecimal(placed.fee)} USD`,
        'initial margin': `${free} → ${left} USD`,
      },
      details: { tx: placed.txHash },
    })
    height = BigInt(placed.height)
    if (market === PERPETUAL) await tellRefusal(onHub, tools)
  }
  return height
}

/** All of it or nothing, so that it may be tried again while prices or quotes are missing. */
async function buy({ trader }: HubTrader, market: string, { signal }: StoryTools): Promise<PlacedOrder> {
  const order = { market, side: 'buy', size: SIZE, slippage: SLIPPAGE, timeInForce: 'fok' } as const
  const ask = async () => {
    const placed = await trader.order(order)
    if (placed.status === 'filled') return placed
    throw new Error(`it was not filled: ${placed.status}`)
  }
  return await poll(`a fill of ${market}`, ask, { signal, timeoutMs: PATIENCE_MS, everyMs: 500 })
}

/** What carries a position can't leave. */
async function tellRefusal(
  { causeway, trader, withdraw }: HubTrader,
  { print, log }: StoryTools,
): Promise<void> {
  const { cash } = await causeway.portfolio(trader.address)
  const amount = String(Math.floor(Number(cash)) - ROOM_FOR_FEES)
  const to = testAddress('trader', ZONE.prefix)
  const reason = await attempt('try to withdraw too much', log('hub'), () =>
    withdraw({ line: USDZ.line, amount, to }, true).then(
      () => undefined,
      (error: unknown) => {
        if (isClientError(error) && error.codespace !== 'client') return error.message
        throw error
      },
    ),
  )
  if (reason === undefined) throw new Error('the hub let cash leave that the position needs')
  print.step({ who: HUB.chainId, what: `refuses to pay out ${amount} of cash: ${reason}` })
}

/** The put next to the index whose expiry is the first at least a week away, once it is offered. */
async function findPut(causeway: Causeway, { signal }: StoryTools): Promise<MarketRow> {
  const ask = async () => {
    const perpetual = await causeway.market(PERPETUAL)
    const puts = (await causeway.markets(perpetual.underlying)).filter(
      ({ optionType, expirySeconds = 0 }) =>
        optionType === 'put' && expirySeconds > Date.now() / 1_000 + WEEK_SECONDS,
    )
    const distance = ({ strike }: MarketRow) => Math.abs(Number(strike) - Number(perpetual.index))
    const [nearest] = puts.sort((a, b) => a.expirySeconds! - b.expirySeconds! || distance(a) - distance(b))
    const book = nearest && (await causeway.book(nearest.symbol, 1))
    return book !== undefined && book.asks.length > 0 ? nearest : undefined
  }
  return await poll('a put that is offered', ask, { signal, timeoutMs: PATIENCE_MS })
}

function priceOf(levels: readonly { readonly price: string }[]): string {
  return levels[0]?.price ?? '–'
}
