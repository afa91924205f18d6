import { Command } from 'commander'
import type { OrderTerms, Side, TimeInForce } from '@causeway/client'
import { addressOf, show, wholeNumber, withHub, withTrader, withTraderOptions } from './connection.ts'
import type { Asked } from './connection.ts'
import { errors } from './errors.ts'
import { ordersLines, placedLines, sentLines, whatIfLines } from './order-lines.ts'

interface OrderAsked extends Asked {
  readonly limit?: string
  readonly tif?: TimeInForce
  readonly until?: string
  readonly postOnly?: true
  readonly reduceOnly?: true
  readonly stop?: string
  readonly above?: true
  readonly below?: true
  readonly dryRun?: true
}

/** `causeway order`: buys, sells, and what becomes of it. */
export function orderCommand(): Command {
  const command = new Command('order').description('buy, sell, and see what rests in the books')
  for (const side of ['buy', 'sell'] as const) addOrder(command, side)
  withTraderOptions(command.command('list').description('open orders'))
    .argument('[address]', 'of an account; default: the key’s own')
    .action(async (address: string | undefined, asked: Asked) => {
      const subaccount = subaccountOf(asked)
      const of = addressOf(asked, address)
      show(asked, await withHub(asked, (causeway) => causeway.orders(of, subaccount)), ordersLines)
    })
  withSession(command.command('cancel').description('take an order out of its book'))
    .argument('<id>', 'as `causeway order list` shows it')
    .action(async (id: string, asked: Asked) =>
      show(asked, await withTrader(asked, (trader) => trader.cancel(id)), (sent) =>
        sentLines(`cancelled order ${id}`, sent),
      ),
    )
  withSession(command.command('cancel-all').description('take all orders out, or those of a market'))
    .argument('[symbol]', 'like ETH-PERP')
    .action(async (market: string | undefined, asked: Asked) =>
      show(
        asked,
        await withTrader(asked, (trader) => trader.cancelAll(market === undefined ? {} : { market })),
        (sent) => sentLines(`cancelled ${sent.count} orders`, sent),
      ),
    )
  withSession(command.command('amend').description('change what is left of an order, or its limit'))
    .argument('<id>', 'as `causeway order list` shows it')
    .option('--remaining <size>', 'less at the same limit keeps its place')
    .option('--limit <price>', 'loses its place')
    .action(async (id: string, asked: Asked & { remaining?: string; limit?: string }) => {
      const { remaining, limit } = asked
      const change = {
        ...(remaining === undefined ? {} : { remaining }),
        ...(limit === undefined ? {} : { limit }),
      }
      show(asked, await withTrader(asked, (trader) => trader.amend(id, change)), (sent) =>
        sentLines(`amended order ${id}`, sent),
      )
    })
  return command
}

function withSession(command: Command): Command {
  return withTraderOptions(command).option('--session <file>', 'sign with this session key')
}

function addOrder(command: Command, side: Side): void {
  const other = side === 'buy' ? 'sells' : 'buys'
  withSession(command.command(side).description(`${side}, at what the book offers or at a limit`))
    .argument('<size>', 'in 1.0 of the underlying, like 0.5')
    .argument('<symbol>', 'like ETH-PERP or ETH-20260327-3000-C')
    .option('--limit <price>', `the worst price; without it what the book ${other} now, or nothing`)
    .option('--tif <kind>', 'gtc (until cancelled), ioc (now or not), fok (whole or not), gtt (with --until)')
    .option('--until <time>', 'like 2026-03-27T08:00:00Z')
    .option('--post-only', 'refused if it would take an older order')
    .option('--reduce-only', 'never opens or turns a position')
    .option('--stop <price>', 'waits until the mark is there: --above or --below')
    .option('--above', 'with --stop: at the price or above')
    .option('--below', 'with --stop: at the price or below')
    .option('--dry-run', 'margins before and after; nothing is sent')
    .addHelpText(
      'after',
      `\nExamples: causeway order ${side} 0.5 ETH-PERP\n` +
        `          causeway order ${side} 1 ETH-20260327-3000-C --limit 120.5 --tif fok`,
    )
    .action((size: string, market: string, asked: OrderAsked) =>
      asked.dryRun ? suppose(side, size, market, asked) : place({ side, size, market }, asked),
    )
}

async function place(
  { side, size, market }: Pick<OrderTerms, 'side' | 'size' | 'market'>,
  asked: OrderAsked,
): Promise<void> {
  const { limit, tif, postOnly, reduceOnly } = asked
  const terms: OrderTerms = {
    side,
    size,
    market,
    ...(limit === undefined ? {} : { limit }),
    ...(tif === undefined ? {} : { timeInForce: tif }),
    ...(asked.until === undefined ? {} : { expirySeconds: secondsOf(asked.until) }),
    ...(postOnly === undefined ? {} : { postOnly }),
    ...(reduceOnly === undefined ? {} : { reduceOnly }),
    ...(asked.stop === undefined ? {} : { trigger: triggerOf(asked.stop, asked) }),
  }
  show(asked, await withTrader(asked, (trader) => trader.order(terms)), (placed) =>
    placedLines(terms, placed),
  )
}

async function suppose(side: Side, size: string, market: string, asked: OrderAsked): Promise<void> {
  const address = addressOf(asked, undefined)
  const trade = { market, side, size, ...(asked.limit === undefined ? {} : { price: asked.limit }) }
  const supposed = await withHub(asked, (causeway) => causeway.whatIf(address, [trade], subaccountOf(asked)))
  show(asked, supposed, whatIfLines)
}

function subaccountOf(asked: Asked): number {
  return wholeNumber('--subaccount', asked.subaccount ?? '0')
}

function triggerOf(price: string, { above, below }: OrderAsked): { price: string; above: boolean } {
  if (above === below) throw errors.badTrigger()
  return { price, above: above === true }
}

function secondsOf(text: string): number {
  const milliseconds = Date.parse(text)
  if (!Number.isFinite(milliseconds) || milliseconds <= Date.now()) throw errors.badTime({ text })
  return Math.floor(milliseconds / 1000)
}
