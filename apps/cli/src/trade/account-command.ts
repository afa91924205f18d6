import { Command } from 'commander'
import type { Causeway, CollateralChain, LineRow } from '@causeway/client'
import {
  addressOf,
  readConfig,
  readSolanaWallet,
  readWallet,
  show,
  wholeNumber,
  withHub,
  withHubOptions,
  withTrader,
  withTraderOptions,
} from './connection.ts'
import type { Asked } from './connection.ts'
import {
  accountLines,
  addressLines,
  depositLines,
  portfolioLines,
  protectionLines,
  provenLines,
  venueLines,
  withdrawalLines,
} from './account-lines.ts'
import { errors } from './errors.ts'
import { addKeys } from './keys-command.ts'
import { sentLines } from './order-lines.ts'

interface WithdrawAsked extends Asked {
  readonly to?: string
  readonly chain?: string
  readonly line?: string
}

/** `causeway account`: money in, money out, and what an account has. */
export function accountCommand(): Command {
  const command = new Command('account').description('deposit, withdraw, and see what an account has')
  addReads(command)
  addMoney(command)
  addKeys(command)
  addProof(command)
  return command
}

function addReads(command: Command): void {
  withTraderOptions(command.command('address').description('which account a key is; asks no hub')).action(
    (asked: Asked) => {
      const { address, nativeAddress, kind } = readWallet(asked)
      show(asked, { address, nativeAddress, kind }, addressLines)
    },
  )
  withTraderOptions(command.command('show').description('wallets, session keys and free transactions'))
    .argument('[address]', 'of an account; default: the key’s own')
    .action(async (address: string | undefined, asked: Asked) => {
      const of = addressOf(asked, address)
      show(asked, await withHub(asked, (causeway) => causeway.account(of)), accountLines)
    })
  withTraderOptions(
    command.command('portfolio').description('cash, collateral, margins, positions, Greeks, open orders'),
  )
    .argument('[address]', 'of an account; default: the key’s own')
    .action(async (address: string | undefined, asked: Asked) => {
      const of = addressOf(asked, address)
      const subaccount = wholeNumber('--subaccount', asked.subaccount ?? '0')
      show(asked, await withHub(asked, (causeway) => causeway.portfolio(of, subaccount)), portfolioLines)
    })
  withTraderOptions(command.command('venues').description('venues that may clear trades, and how far'))
    .argument('[address]', 'of an account; default: the key’s own')
    .action(async (address: string | undefined, asked: Asked) => {
      const of = addressOf(asked, address)
      const subaccount = wholeNumber('--subaccount', asked.subaccount ?? '0')
      show(asked, await withHub(asked, (causeway) => causeway.venueGrants(of, subaccount)), venueLines)
    })
  withTraderOptions(command.command('protection').description('what may be filled of its quotes in a window'))
    .argument('<underlying>', 'like ETH')
    .argument('[address]', 'of an account; default: the key’s own')
    .action(async (underlying: string, address: string | undefined, asked: Asked) => {
      const of = addressOf(asked, address)
      const subaccount = wholeNumber('--subaccount', asked.subaccount ?? '0')
      const set = await withHub(asked, (causeway) => causeway.protection(of, underlying, subaccount))
      show(asked, set, protectionLines)
    })
}

function addProof(command: Command): void {
  withTraderOptions(
    command.command('verify').description('prove what an account holds, whatever a node says'),
  )
    .argument('[address]', 'of an account; default: the key’s own')
    .requiredOption('--trust <height:hash>', 'a header that you know from elsewhere: all that is believed')
    .addHelpText('after', '\nEach proof prints the header that it reached: trust that one the next time.')
    .action(async (address: string | undefined, asked: Asked & { readonly trust: string }) => {
      const [, height, hash] = /^([1-9]\d{0,18}):([0-9a-fA-F]{64})$/.exec(asked.trust) ?? []
      if (height === undefined || hash === undefined) throw errors.badTrust({ text: asked.trust })
      const subaccount = wholeNumber('--subaccount', asked.subaccount ?? '0')
      const of = addressOf(asked, address)
      const terms = { trust: { height, hash: hash.toUpperCase() }, subaccount }
      show(asked, await withHub(asked, (causeway) => causeway.verifyAccount(of, terms)), provenLines)
    })
}

function addMoney(command: Command): void {
  withTraderOptions(command.command('deposit').description('from the key’s own chain into its account'))
    .argument('<amount>', 'in 1.0 of the token, like 5000')
    .argument('<token>', 'like USDC')
    .option('--chain <id>', 'of the configuration; default: the first that has the token')
    .option('--pay-with <file>', 'on Solana: the key file that pays, as solana-keygen writes it')
    .action(deposit)
  withTraderOptions(command.command('withdraw').description('a token, or cash over any line that holds it'))
    .argument('<amount>', 'in 1.0 of the token or of cash')
    .argument('<token>', 'like usdc, or cash')
    .option('--to <address>', 'on the token’s chain; default: the key’s own address there')
    .option('--chain <id>', 'of the configuration, where several chains have the token')
    .option('--line <path>', 'the token’s full path, where one chain has several')
    .action(withdraw)
  withTraderOptions(command.command('convert').description('turn a stable token into cash'))
    .argument('<amount>', 'in 1.0 of the token')
    .argument('<denom>', 'like usdc')
    .action(async (amount: string, denom: string, asked: Asked) =>
      show(asked, await withTrader(asked, (trader) => trader.convert({ amount, denom })), (sent) =>
        sentLines(`${amount} ${denom} became ${sent.cash} cash`, sent),
      ),
    )
  withTraderOptions(command.command('transfer').description('to another account or subaccount'))
    .argument('<amount>', 'in 1.0')
    .argument('<denom>', 'cash, or a token')
    .argument('<to>', 'cway1… or cway1…/3')
    .action(async (amount: string, denom: string, to: string, asked: Asked) =>
      show(asked, await withTrader(asked, (trader) => trader.transfer({ amount, denom, to })), (sent) =>
        sentLines(`moved ${amount} ${denom} to ${to}`, sent),
      ),
    )
  withHubOptions(command.command('lines').description('tokens of other chains that the hub takes')).action(
    async (asked: Asked) =>
      show(asked, await withHub(asked, (causeway) => causeway.lines()), (lines) =>
        lines.map(({ denom, assetDenom, escrowed }) => `${assetDenom}  ${escrowed} escrowed  ${denom}`),
      ),
  )
}

type DepositAsked = Asked & { readonly chain?: string; readonly payWith?: string }

async function deposit(amount: string, symbol: string, asked: DepositAsked): Promise<void> {
  const { chain, token } = tokenOf(readConfig(asked)?.chains ?? [], symbol, asked.chain)
  const isSolana = chain.startsWith('solana:')
  const payer = isSolana ? { wallet: readSolanaWallet(asked, asked.payWith) } : {}
  const done = await withTrader(asked, async (trader) => {
    const sent = await trader.deposit({ amount, token, chain }, payer)
    process.stderr.write(
      `${chain} holds ${amount} ${token}: packet ${sent.sequence}, tx ${sent.txHash}\n` +
        'waiting for the proof to reach the hub: until then it is in flight …\n',
    )
    return { ...sent, ...(await trader.awaitDeposit(sent)) }
  })
  show(asked, done, () => depositLines(`${amount} ${token}`, done))
}

/** The chain that has a token, and how the chain writes its symbol. */
function tokenOf(chains: readonly CollateralChain[], symbol: string, chain: string | undefined) {
  const tokens = chains.flatMap((each) =>
    each.tokens.map((token) => ({ chain: each.id, token: token.symbol })),
  )
  const isNamed = (each: { chain: string; token: string }) =>
    each.token.toLowerCase() === symbol.toLowerCase() && (chain === undefined || each.chain === chain)
  const found = tokens.find(isNamed)
  if (found !== undefined) return found
  const known = tokens.map((each) => `${each.token} on ${each.chain}`).join(', ')
  throw errors.noToken({ token: symbol, known })
}

async function withdraw(amount: string, token: string, asked: WithdrawAsked): Promise<void> {
  const to = asked.to ?? readWallet(asked).nativeAddress
  const sent = await withTrader(asked, async (trader, causeway) => {
    const line = asked.line ?? pathOf(await linesOf(causeway, asked), token)
    const terms = { amount, line, to }
    return token.toLowerCase() === 'cash' ? await trader.redeem(terms) : await trader.withdraw(terms)
  })
  show(asked, sent, () => withdrawalLines(`${amount} ${token} to ${to}`, sent))
}

/** The hub's lines, or those of the chain that was named. */
async function linesOf(causeway: Causeway, asked: WithdrawAsked): Promise<readonly LineRow[]> {
  const lines = await causeway.lines()
  if (asked.chain === undefined) return lines
  const chains = readConfig(asked)?.chains ?? []
  const chain = chains.find(({ id }) => id === asked.chain)
  if (chain === undefined) {
    const known = chains.map(({ id }) => id).join(', ')
    throw errors.noChain({ chain: asked.chain, known })
  }
  return lines.filter(({ denom }) => denom.startsWith(`transfer/${chain.hubClient}/`))
}

/** The only line of a token; of cash any, where there is one. */
function pathOf(lines: readonly LineRow[], token: string): string {
  const name = token.toLowerCase()
  const found = lines.filter(({ assetDenom }) => name === 'cash' || assetDenom.toLowerCase() === name)
  const [first] = found
  if (first === undefined)
    throw errors.noLine({ token, known: lines.map(({ assetDenom }) => assetDenom).join(', ') })
  if (found.length > 1) throw errors.manyLines({ token, known: found.map(({ denom }) => denom).join(', ') })
  return first.denom
}
