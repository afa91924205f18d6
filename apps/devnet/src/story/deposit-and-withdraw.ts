import { CLIENTS, HUB } from '../chains/facts.ts'
import type { Devnet } from '../devnet.ts'
import { formatAmount, formatDecimal } from '../print/format.ts'
import type { Printer } from '../print/printer.ts'
import { attempt } from '../process/failure.ts'
import { followTransfer } from './carry.ts'
import type { CarryTools, TransferEnd } from './carry.ts'
import type { Collateral, CollateralChain } from './collateral-chain.ts'
import { openEthereumTrader } from './ethereum.ts'
import { graphqlClient } from './graphql.ts'
import { poll } from './poll.ts'
import { awaitPosition, describeAsset, findAsset } from './position.ts'
import type { Position } from './position.ts'
import { cosmosProofHeight } from './proof-height.ts'
import { openTrader } from './trader.ts'
import type { SentTransfer, Trader } from './trader.ts'
import { openZone } from './zone.ts'

/** What the story is told with. */
export interface StoryTools {
  readonly print: Printer
  readonly signal: AbortSignal
  /** Log files of the parts, for failures. */
  readonly log: (part: string) => string
}

/**
 * The trader deposits collateral from every chain into one margin account on the hub, and withdraws part of
 * it again. Gives the consolidated position at the end, when nothing is in flight any more.
 */
export async function depositAndWithdraw(devnet: Devnet, tools: StoryTools): Promise<Position> {
  const [onHub, zone] = await Promise.all([
    openTrader({ ...HUB, rpcUrl: devnet.hub.rpcUrl }),
    openZone(devnet),
  ])
  const ethereum = openEthereumTrader(devnet)
  try {
    const told = new Story(devnet, tools, onHub)
    await told.deposit(zone, CLIENTS.zoneOnHub)
    await told.deposit(ethereum, CLIENTS.ethereumOnHub)
    await told.withdraw(zone, CLIENTS.zoneOnHub)
    return await told.withdraw(ethereum, CLIENTS.ethereumOnHub)
  } finally {
    onHub.close()
    zone.close()
  }
}

class Story {
  readonly #onHub: Trader
  readonly #tools: StoryTools & CarryTools
  readonly #hub: Omit<TransferEnd, 'client'>
  /** What the account holds of each asset, in base units. */
  readonly #held = new Map<string, bigint>()

  constructor({ hub, graphqlUrl }: Devnet, tools: StoryTools, onHub: Trader) {
    this.#onHub = onHub
    this.#tools = { ...tools, ask: graphqlClient(graphqlUrl) }
    this.#hub = { chainId: HUB.chainId, proofHeight: cosmosProofHeight(hub.rpcUrl) }
  }

  /** Moves the collateral of one chain in; `client` is that chain's on the hub. */
  async deposit(chain: CollateralChain, client: string): Promise<void> {
    const { print, log } = this.#tools
    const { end, collaterals } = chain
    const all = collaterals.map((one) => amountText(one, one.deposit)).join(' and ')
    print.heading(`The trader deposits ${all} from ${end.chainId}`)
    await this.#tellBalances(chain)
    const arrival = `proves the deposit against ${end.chainId}'s header and credits it`
    const following: Promise<void>[] = []
    for (const collateral of collaterals) {
      const deposit = () => chain.deposit(collateral, this.#onHub.address)
      const sent = await attempt('send the deposit', log(chain.part), deposit)
      this.#tellSent(end.chainId, `escrows ${amountText(collateral, collateral.deposit)}`, sent)
      following.push(this.#follow(sent, end, { ...this.#hub, client }, arrival))
      this.#book(collateral, collateral.deposit)
    }
    await Promise.all(following)
    await this.#position('the deposit in the position', collaterals)
  }

  /** Moves part of it out again. Gives the position after that. */
  async withdraw(chain: CollateralChain, client: string): Promise<Position> {
    const { print, log } = this.#tools
    const { end, collaterals } = chain
    const all = collaterals.map((one) => amountText(one, one.withdrawal)).join(' and ')
    print.heading(`The trader withdraws ${all} to ${end.chainId}`)
    const arrival = `proves the withdrawal against ${HUB.chainId}'s header and pays out`
    const following: Promise<void>[] = []
    for (const collateral of collaterals) {
      const { withdrawal: amount, bridged } = collateral
      const terms = { client, denom: bridged.voucher, amount, receiver: chain.address }
      const sent = await attempt('send the withdrawal', log('hub'), () => this.#onHub.transfer(terms))
      this.#tellSent(HUB.chainId, `debits ${formatAmount(amount, bridged.decimals)} ${bridged.asset}`, sent)
      following.push(this.#follow(sent, { ...this.#hub, client }, end, arrival))
      this.#book(collateral, -amount)
    }
    await Promise.all(following)
    await this.#tellBalances(chain)
    return await this.#position('the position after the withdrawal', collaterals)
  }

  #book({ bridged: { asset } }: Collateral, amount: bigint): void {
    this.#held.set(asset, (this.#held.get(asset) ?? 0n) + amount)
  }

  async #follow(sent: SentTransfer, from: TransferEnd, to: TransferEnd, arrival: string): Promise<void> {
    const work = () => followTransfer({ sent, from, to, arrival }, this.#tools)
    await attempt('carry the transfer', this.#tools.log('relayer'), work)
  }

  /** Waits for a position with all that the account holds; tells what it shows of some. */
  async #position(what: string, shown: readonly Collateral[]): Promise<Position> {
    const { ask, print, signal, log } = this.#tools
    const isThere = (position: Position) =>
      position.inFlight.length === 0 &&
      [...this.#held].every(([denom, amount]) => {
        const asset = findAsset(position, denom)
        return asset?.amount === amount.toString() && asset.priceStatus === 'fresh'
      })
    const position = await attempt(`see ${what}`, log('indexer'), () =>
      awaitPosition(what, ask, this.#onHub.address, isThere, { signal }),
    )
    const assets = shown.flatMap((collateral) => findAsset(position, collateral.bridged.asset) ?? [])
    const initialMargin = formatDecimal(position.accounts[0]?.subaccounts[0]?.initialMargin ?? '0')
    print.step({
      who: 'indexer',
      what: `shows ${assets.map(describeAsset).join(' and ')}`,
      facts: {
        'initial margin': `${initialMargin} USD`,
        'proven at hub block': assets[0]?.proof.height ?? position.height,
      },
      details: { account: position.owner },
    })
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

/** An amount with at most six digits after the point: fees make long ones of ether. */
function amountText({ name, bridged: { decimals } }: Collateral, amount: bigint): string {
  const step = decimals > 6 ? 10n ** BigInt(decimals - 6) : 1n
  return `${formatAmount(amount - (amount % step), decimals)} ${name}`
}
