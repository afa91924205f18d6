import { formatUnits } from 'viem'
import { CLIENTS, HUB } from '../chains/facts.ts'
import type { Devnet } from '../devnet.ts'
import { formatAmount, formatDecimal } from '../print/format.ts'
import type { Printer } from '../print/printer.ts'
import { attempt } from '../process/failure.ts'
import { followTransfer } from './carry.ts'
import type { CarryTools, TransferEnd } from './carry.ts'
import type { Collateral, CollateralChain } from './collateral-chain.ts'
import { describePosition } from './describe-position.ts'
import { openEthereumTrader } from './ethereum.ts'
import { graphqlClient } from './graphql.ts'
import { openHubTrader } from './hub-trader.ts'
import type { HubTrader } from './hub-trader.ts'
import { poll } from './poll.ts'
import { awaitPosition, crossAccount, findAsset } from './position.ts'
import type { Position } from './position.ts'
import { cosmosProofHeight } from './proof-height.ts'
import { tradeOnHub } from './trade.ts'
import type { SentTransfer } from './trader.ts'
import { openSolanaTrader } from './solana.ts'
import { openZone } from './zone.ts'

/** What the story is told with. */
export interface StoryTools {
  readonly print: Printer
  readonly signal: AbortSignal
  /** Log files of the parts, for failures. */
  readonly log: (part: string) => string
}

/**
 * The trader deposits collateral from every chain into one margin account on the hub, trades with all of it,
 * and withdraws part of it again. Gives the consolidated position at the end, when nothing is in flight any
 * more.
 */
export async function depositAndWithdraw(devnet: Devnet, tools: StoryTools): Promise<Position> {
  const [onHub, zone] = await Promise.all([openHubTrader(devnet), openZone(devnet)])
  const ethereum = openEthereumTrader(devnet)
  const solana = await openSolanaTrader(devnet)
  try {
    const told = new Story(devnet, tools, onHub)
    const [fromZone, fromEthereum, fromSolana] = [
      { chain: zone, client: CLIENTS.zoneOnHub },
      { chain: ethereum, client: CLIENTS.ethereumOnHub },
      { chain: solana, client: CLIENTS.solanaOnHub },
    ]
    await told.deposit(fromZone)
    await told.deposit(fromEthereum, fromSolana)
    await told.trade(devnet)
    return await told.withdraw(fromZone, fromEthereum, fromSolana)
  } finally {
    onHub.causeway.close()
    zone.close()
  }
}

/** A chain that collateral comes from, and its client on the hub. */
interface Home {
  readonly chain: CollateralChain
  readonly client: string
}

class Story {
  readonly #onHub: HubTrader
  readonly #tools: StoryTools & CarryTools
  readonly #hub: Omit<TransferEnd, 'client'>
  /** Height of the hub of the last thing that happened to the account. */
  #height = 0n

  constructor({ hub, graphqlUrl }: Devnet, tools: StoryTools, onHub: HubTrader) {
    this.#onHub = onHub
    this.#tools = { ...tools, ask: graphqlClient(graphqlUrl) }
    this.#hub = { chainId: HUB.chainId, proofHeight: cosmosProofHeight(hub.rpcUrl) }
  }

  /** Moves the collateral of chains in, of all at once. */
  async deposit(...homes: readonly Home[]): Promise<void> {
    const all = homes.map(({ chain }) => `${amountsOf(chain, 'deposit')} from ${chain.end.chainId}`)
    this.#tools.print.heading(`The trader deposits ${all.join(', and ')}`)
    const heights = await Promise.all(homes.map(async (home) => await this.#depositFrom(home)))
    this.#happened(...heights.flat())
    const collaterals = homes.flatMap(({ chain }) => chain.collaterals)
    await this.#convert(await this.#position('the deposit in the position'), collaterals)
  }

  /** Buys, each against all that the account holds. */
  async trade(devnet: Devnet): Promise<void> {
    this.#happened(await tradeOnHub(this.#onHub, devnet, this.#tools))
    await this.#position('the positions')
  }

  /** Moves part of it out again, to all at once. Gives the position after that. */
  async withdraw(...homes: readonly Home[]): Promise<Position> {
    const all = homes.map(({ chain }) => `${amountsOf(chain, 'withdrawal')} to ${chain.end.chainId}`)
    this.#tools.print.heading(`The trader withdraws ${all.join(', and ')}`)
    const arrival = `proves the withdrawal against ${HUB.chainId}'s header and pays out`
    const following: Promise<bigint>[] = []
    // One after the other: the hub counts an account's transactions.
    for (const { chain, client } of homes) {
      for (const collateral of chain.collaterals) {
        const sent = await this.#sendBack(chain, collateral)
        following.push(this.#follow(sent, { ...this.#hub, client }, chain.end, arrival))
      }
    }
    await Promise.all(following)
    for (const { chain } of homes) await this.#tellBalances(chain)
    return await this.#position('the position after the withdrawal')
  }

  /** Heights of the hub at which it was credited. */
  async #depositFrom({ chain, client }: Home): Promise<bigint[]> {
    const { end, collaterals } = chain
    await this.#tellBalances(chain)
    const arrival = `proves the deposit against ${end.chainId}'s header and credits it`
    const following: Promise<bigint>[] = []
    for (const collateral of collaterals) {
      const deposit = () => chain.deposit(collateral, this.#onHub.trader.address)
      const sent = await attempt('send the deposit', this.#tools.log(chain.part), deposit)
      this.#tellSent(end.chainId, `escrows ${amountText(collateral, collateral.deposit)}`, sent)
      following.push(this.#follow(sent, end, { ...this.#hub, client }, arrival))
    }
    return await Promise.all(following)
  }

  async #sendBack(chain: CollateralChain, collateral: Collateral): Promise<SentTransfer> {
    const { withdrawal: amount, bridged } = collateral
    const isCash = bridged.isConvertible
    const terms = { line: bridged.line, amount: formatUnits(amount, bridged.decimals), to: chain.address }
    const send = () => this.#onHub.withdraw(terms, isCash)
    const sent = await attempt('send the withdrawal', this.#tools.log('hub'), send)
    const debited = `${formatAmount(amount, bridged.decimals)} ${isCash ? 'of cash' : bridged.asset}`
    this.#tellSent(HUB.chainId, `debits ${debited}`, sent)
    this.#happened(BigInt(sent.height))
    return sent
  }

  #happened(...heights: readonly bigint[]): void {
    for (const height of heights) if (height > this.#height) this.#height = height
  }

  async #follow(sent: SentTransfer, from: TransferEnd, to: TransferEnd, arrival: string): Promise<bigint> {
    const work = () => followTransfer({ sent, from, to, arrival }, this.#tools)
    return await attempt('carry the transfer', this.#tools.log('relayer'), work)
  }

  /** A stable token that came while its price was not fresh stays a token until it is converted. */
  async #convert(position: Position, collaterals: readonly Collateral[]): Promise<void> {
    const { print, signal, log } = this.#tools
    for (const { bridged } of collaterals) {
      const { amount = '0' } = (bridged.isConvertible && findAsset(position, bridged.asset)) || {}
      if (amount === '0') continue
      const terms = { denom: bridged.asset, amount: formatUnits(BigInt(amount), bridged.decimals) }
      const work = () => this.#onHub.trader.convert(terms)
      const wait = () => poll('a fresh price', work, { signal, timeoutMs: 30_000, everyMs: 500 })
      const { height, txHash, cash } = await attempt('convert the deposit', log('hub'), wait)
      const tokens = `${formatAmount(BigInt(amount), bridged.decimals)} ${terms.denom}`
      const what = `converts ${tokens} into ${formatDecimal(cash)} USD of cash`
      print.step({ who: HUB.chainId, what, facts: { block: height }, details: { tx: txHash } })
    }
  }

  /** Waits for a position after the last thing that happened, at fresh prices; tells it. */
  async #position(what: string): Promise<Position> {
    const { ask, print, signal, log } = this.#tools
    const isThere = (position: Position) =>
      BigInt(position.height) >= this.#height &&
      position.inFlight.length === 0 &&
      (crossAccount(position)?.collateral ?? []).every(
        ({ price, priceStatus }) => price === null || priceStatus === 'fresh',
      )
    const position = await attempt(`see ${what}`, log('indexer'), () =>
      awaitPosition(what, ask, this.#onHub.trader.address, isThere, { signal }),
    )
    print.step(describePosition(position))
    return position
  }

  async #tellBalances(chain: CollateralChain): Promise<void> {
    const { print, signal } = this.#tools
    for (const collateral of chain.collaterals) {
      const ask = () => chain.balance(collateral)
      const balance = await poll('a balance', ask, { signal, timeoutMs: 10_000 })
      print.step({
        who: chain.end.chainId,
        what: `the trader has ${amountText(collateral, balance)}`,
        details: { account: chain.address },
      })
    }
  }

  #tellSent(who: string, what: string, { height, transaction, sequence }: SentTransfer): void {
    const facts = { block: String(height), packet: String(sequence) }
    this.#tools.print.step({
      who,
      what: `${what} and commits to a packet`,
      facts,
      details: { tx: transaction },
    })
  }
}

function amountsOf({ collaterals }: CollateralChain, which: 'deposit' | 'withdrawal'): string {
  return collaterals.map((one) => amountText(one, one[which])).join(' and ')
}

/** An amount with at most six digits after the point: fees make long ones of ether. */
function amountText({ name, bridged: { decimals } }: Collateral, amount: bigint): string {
  const step = decimals > 6 ? 10n ** BigInt(decimals - 6) : 1n
  return `${formatAmount(amount - (amount % step), decimals)} ${name}`
}
