import { Command } from 'commander'
import type { Causeway, MarketKind, MarketRow } from '@causeway/client'
import { show, wholeNumber, withHub, withHubOptions } from './connection.ts'
import type { Asked } from './connection.ts'
import { bookLines, marketLines, marketsLines, pricesLines } from './market-lines.ts'

interface ListAsked extends Asked {
  readonly underlying?: string
  readonly kind?: MarketKind
  readonly expiry?: string
}

/** `causeway market`: what is traded, and what it costs. */
export function marketCommand(): Command {
  const command = new Command('market').description('what is traded, and what it costs')
  withHubOptions(command.command('list').description('the markets, with mark and open interest'))
    .option('--underlying <name>', 'of one underlying, like ETH')
    .option('--kind <kind>', 'perpetual, future, option or spot')
    .option('--expiry <day>', 'of one day, like 20260327')
    .addHelpText('after', '\nExample: causeway market list --underlying ETH --kind option')
    .action(async (asked: ListAsked) =>
      show(asked, await withHub(asked, (causeway) => listed(causeway, asked)), marketsLines),
    )
  withHubOptions(command.command('show').description('one market: its grid, mark, caps and funding'))
    .argument('<symbol>', 'like ETH-PERP')
    .action(async (symbol: string, asked: Asked) =>
      show(asked, await withHub(asked, (causeway) => causeway.market(symbol)), marketLines),
    )
  withHubOptions(command.command('book').description('the best prices of both sides'))
    .argument('<symbol>', 'like ETH-PERP')
    .option('--depth <levels>', '1 to 200 levels of each side', '10')
    .action(async (symbol: string, asked: Asked & { depth: string }) => {
      const depth = wholeNumber('--depth', asked.depth)
      show(asked, await withHub(asked, (causeway) => causeway.book(symbol, depth)), bookLines)
    })
  withHubOptions(command.command('prices').description('the oracle’s prices, and how fresh they are')).action(
    async (asked: Asked) => show(asked, await withHub(asked, (causeway) => causeway.prices()), pricesLines),
  )
  return command
}

async function listed(causeway: Causeway, { underlying, kind, expiry }: ListAsked): Promise<MarketRow[]> {
  const rows = await causeway.markets()
  const isWanted = ({ symbol, ...market }: MarketRow) => {
    const [name, day] = symbol.split('-')
    if (underlying !== undefined && name !== underlying.toUpperCase()) return false
    if (kind !== undefined && market.kind !== kind) return false
    return expiry === undefined || day === expiry
  }
  return rows.filter(isWanted)
}
