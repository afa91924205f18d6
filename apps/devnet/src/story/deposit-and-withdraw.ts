import { BRIDGED, HUB, UNIT, ZONE } from '../chains/facts.ts'
import type { Devnet } from '../devnet.ts'
import { formatAmount, formatDecimal } from '../print/format.ts'
import type { Printer } from '../print/printer.ts'
import { attempt } from '../process/failure.ts'
import { followTransfer } from './carry.ts'
import type { CarryTools, TransferEnd } from './carry.ts'
import { graphqlClient } from './graphql.ts'
import { poll } from './poll.ts'
import { awaitPosition, describeAsset, findAsset } from './position.ts'
import type { Position } from './position.ts'
import { openTrader } from './trader.ts'
import type { SentTransfer, Trader } from './trader.ts'

/** What the story is told with. */
export interface StoryTools {
  readonly print: Printer
  readonly signal: AbortSignal
  /** Log files of the parts, for failures. */
  readonly log: (part: string) => string
}

const DEPOSIT = 1_000n * UNIT
const WITHDRAWAL = 500n * UNIT
const [DEPOSIT_TEXT, WITHDRAWAL_TEXT] = [formatAmount(DEPOSIT, 6), formatAmount(WITHDRAWAL, 6)]

/**
 * The trader deposits 1,000 tokens from the zone into the margin account on the hub, and withdraws half of
 * them. Gives the consolidated position at the end, when nothing is in flight any more.
 */
export async function depositAndWithdraw(devnet: Devnet, tools: StoryTools): Promise<Position> {
  const open = (facts: typeof HUB | typeof ZONE, rpcUrl: string) => openTrader({ ...facts, rpcUrl })
  const [onHub, onZone] = await Promise.all([open(HUB, devnet.hub.rpcUrl), open(ZONE, devnet.zone.rpcUrl)])
  try {
    const told = new Story(devnet, tools, onHub, onZone)
    await told.deposit()
    return await told.withdraw()
  } finally {
    onHub.close()
    onZone.close()
  }
}

class Story {
  readonly #onHub: Trader
  readonly #onZone: Trader
  readonly #tools: StoryTools & CarryTools
  readonly #hubEnd: TransferEnd
  readonly #zoneEnd: TransferEnd

  constructor({ hub, zone, clients, graphqlUrl }: Devnet, tools: StoryTools, onHub: Trader, onZone: Trader) {
    this.#onHub = onHub
    this.#onZone = onZone
    this.#tools = { ...tools, ask: graphqlClient(graphqlUrl) }
    this.#hubEnd = { chainId: HUB.chainId, rpcUrl: hub.rpcUrl, client: clients.onHub }
    this.#zoneEnd = { chainId: ZONE.chainId, rpcUrl: zone.rpcUrl, client: clients.onZone }
  }

  async deposit(): Promise<void> {
    const { print, log } = this.#tools
    print.heading(`The trader deposits ${DEPOSIT_TEXT} ${ZONE.tokenDenom} from ${ZONE.chainId}`)
    await this.#tellZoneBalance('has')
    const terms = {
      client: this.#zoneEnd.client,
      denom: ZONE.tokenDenom,
      amount: DEPOSIT,
      receiver: this.#onHub.address,
    }
    const sent = await attempt('send the deposit', log('zone'), () => this.#send(this.#onZone, terms))
    this.#tellSent(ZONE.chainId, `escrows ${DEPOSIT_TEXT} ${ZONE.tokenDenom}`, sent)
    const arrival = `proves the deposit against ${ZONE.chainId}'s header and credits it`
    await this.#follow(sent, this.#zoneEnd, this.#hubEnd, arrival)
    await this.#position('the deposit in the position', DEPOSIT)
  }

  async withdraw(): Promise<Position> {
    const { print, log } = this.#tools
    print.heading(`The trader withdraws ${WITHDRAWAL_TEXT} to ${ZONE.chainId}`)
    const terms = {
      client: this.#hubEnd.client,
      denom: BRIDGED.voucher,
      amount: WITHDRAWAL,
      receiver: this.#onZone.address,
    }
    const sent = await attempt('send the withdrawal', log('hub'), () => this.#send(this.#onHub, terms))
    this.#tellSent(HUB.chainId, `debits ${WITHDRAWAL_TEXT} ${BRIDGED.asset}`, sent)
    const arrival = `proves the withdrawal against ${HUB.chainId}'s header and pays out`
    await this.#follow(sent, this.#hubEnd, this.#zoneEnd, arrival)
    await this.#tellZoneBalance('has')
    return await this.#position('the position after the withdrawal', DEPOSIT - WITHDRAWAL)
  }

  async #send(trader: Trader, terms: Parameters<Trader['transfer']>[0]): Promise<SentTransfer> {
    const [sent] = await trader.transfer(terms)
    if (sent === undefined) throw new Error('the transaction sent no packet')
    return sent
  }

  async #follow(sent: SentTransfer, from: TransferEnd, to: TransferEnd, arrival: string): Promise<void> {
    const work = () => followTransfer({ sent, from, to, arrival }, this.#tools)
    await attempt('carry the transfer', this.#tools.log('relayer'), work)
  }

  async #position(what: string, amount: bigint): Promise<Position> {
    const { ask, print, signal, log } = this.#tools
    const isThere = (position: Position) => {
      const asset = findAsset(position, BRIDGED.asset)
      return (
        asset?.amount === amount.toString() && asset.priceStatus === 'fresh' && position.inFlight.length === 0
      )
    }
    const position = await attempt(`see ${what}`, log('indexer'), () =>
      awaitPosition(what, ask, this.#onHub.address, isThere, { signal }),
    )
    const asset = findAsset(position, BRIDGED.asset)
    const initialMargin = formatDecimal(position.accounts[0]?.subaccounts[0]?.initialMargin ?? '0')
    print.step({
      who: 'indexer',
      what: `shows ${asset === undefined ? 'nothing' : describeAsset(asset)}`,
      facts: {
        'initial margin': `${initialMargin} USD`,
        'proven at hub block': asset?.proof.height ?? position.height,
      },
      details: { account: position.owner },
    })
    return position
  }

  async #tellZoneBalance(verb: string): Promise<void> {
    const { print, signal } = this.#tools
    const balance = await poll('a balance', () => this.#onZone.balance(ZONE.tokenDenom), {
      signal,
      timeoutMs: 10_000,
    })
    const held = `${formatAmount(balance, 6)} ${ZONE.tokenDenom}`
    print.step({
      who: ZONE.chainId,
      what: `the trader ${verb} ${held}`,
      details: { account: this.#onZone.address },
    })
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
