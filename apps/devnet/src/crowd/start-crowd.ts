// Who trades beside the trader of the story: market makers, a liquidator, and speculators. They are the
// programs of @causeway/traders, with accounts like others.
import { connect } from '@causeway/client'
import {
  checkLiquidatorConfig,
  checkMarketMakerConfig,
  startLiquidator,
  startMarketMaker,
} from '@causeway/traders'
import type { MarketMakerConfigInput } from '@causeway/traders'
import type { Logger } from 'pino'
import { CROWD, MAKERS, SPECULATORS } from '../chains/accounts.ts'
import type { CrowdRole, MakerRole } from '../chains/accounts.ts'
import { poll } from '../story/poll.ts'
import type { SentTransfer } from '../story/trader.ts'
import { sendDeposit } from './deposit.ts'
import { hubAccount } from './hub-account.ts'
import { WAGERS, speculate } from './speculate.ts'

/** Where the crowd works. */
export interface CrowdPlaces {
  readonly hubRpcUrl: string
  readonly zoneRpcUrl: string
  readonly log: Logger
  /** Told of each deposit once. */
  readonly onDeposit: (role: CrowdRole, sent: SentTransfer) => void
}

/** The crowd at work. */
export interface RunningCrowd {
  /** Resolves when all have sent their deposits; rejects when one of them could not. */
  readonly deposited: Promise<void>
  /** Resolves when the makers quote, with how many markets. */
  readonly quoting: Promise<number>
  /** Resolves with where the liquidator's metrics are. */
  readonly liquidatorUrl: Promise<string>
  stop(): Promise<void>
}

/** What the first maker gives the insurance fund, cash: the genesis fund holds CWAY, which pays nobody. */
const GIVEN_TO_INSURANCE = '10000'
const ARRIVAL_MS_MAX = 120_000
const POLL_MS = 400
const STYLES: Readonly<Record<MakerRole, MarketMakerConfigInput['style']>> = {
  'maker-1': { linearBps: 6, optionBps: 250, quoteNotional: 15_000 },
  'maker-2': { linearBps: 9, optionBps: 400, quoteNotional: 30_000 },
}

/** What a member is started with. */
interface Post {
  readonly places: CrowdPlaces
  readonly signal: AbortSignal
  readonly ends: (() => Promise<void>)[]
  /** After its deposit was sent: its account exists when that has come. */
  readonly arrived: (role: CrowdRole) => Promise<Awaited<ReturnType<typeof hubAccount>>>
}

/** Starts everybody: each deposits collateral from the zone, and works once that has arrived. */
export function startCrowd(places: CrowdPlaces): RunningCrowd {
  const stopping = new AbortController()
  const { signal } = stopping
  const sent = new Map(CROWD.map((role) => [role, depositOf(role, places)]))
  const arrived = async (role: CrowdRole) => {
    await sent.get(role)
    return await accountOf(role, places, signal)
  }
  const post: Post = { places, signal, arrived, ends: [] }
  const makers = MAKERS.map((role) => startMaker(role, post))
  const quoting = Promise.all(makers).then((counts) => Math.max(...counts))
  const liquidatorUrl = startLiquidating(post)
  const deposited = Promise.all(sent.values()).then(() => undefined)
  const others = [
    giveToInsurance(post, quoting),
    ...SPECULATORS.map((role) => startSpeculating(role, post, quoting)),
  ]
  // Whoever waits is told.
  for (const awaited of [quoting, deposited, liquidatorUrl]) awaited.catch(() => undefined)
  return {
    ...{ deposited, quoting, liquidatorUrl },
    async stop() {
      stopping.abort(new Error('the crowd stops'))
      await Promise.allSettled([...makers, liquidatorUrl, ...others])
      await Promise.allSettled(post.ends.map((end) => end()))
    },
  }
}

async function depositOf(role: CrowdRole, { zoneRpcUrl, onDeposit }: CrowdPlaces): Promise<void> {
  onDeposit(role, await sendDeposit(role, zoneRpcUrl))
}

async function accountOf(role: CrowdRole, { hubRpcUrl }: CrowdPlaces, signal: AbortSignal) {
  const account = await hubAccount(hubRpcUrl, role)
  const wait = waiting(signal)
  const causeway = await poll(`the hub for ${role}`, () => connect(account.hub), wait)
  try {
    await poll(`the account of ${role}`, () => causeway.account(account.wallet.address), wait)
    return account
  } finally {
    causeway.close()
  }
}

/** On a busy machine a hub may be slow to answer: that ends nobody. */
function waiting(signal: AbortSignal) {
  return { signal, timeoutMs: ARRIVAL_MS_MAX, everyMs: POLL_MS }
}

async function startMaker(role: MakerRole, { places, arrived, ends, signal }: Post): Promise<number> {
  const account = await arrived(role)
  const { promise, resolve } = Promise.withResolvers<number>()
  // The hub ends with them: nothing is worth withdrawing.
  const config = checkMarketMakerConfig({ style: STYLES[role], withdrawAtEnd: false })
  const log = places.log.child({ maker: role })
  const open = () => startMarketMaker({ ...account, config, log, onQuoting: resolve })
  const maker = await poll(`${role} to start`, open, waiting(signal))
  ends.push(() => maker.stop())
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  if (signal.aborted) reject(signal.reason as Error)
  return await Promise.race([promise, stopped])
}

async function startLiquidating({ places, arrived, ends, signal }: Post): Promise<string> {
  const account = await arrived('liquidator')
  // It has an account of its own, so its subaccount 0 is one.
  const config = checkLiquidatorConfig({ subaccount: 0, listen: { port: 0 } })
  const log = places.log.child({ liquidator: 'liquidator' })
  const open = () => startLiquidator({ ...account, config, log })
  const liquidator = await poll('the liquidator to start', open, waiting(signal))
  ends.push(() => liquidator.stop())
  return `${liquidator.url ?? ''}/metrics`
}

async function startSpeculating(
  role: (typeof SPECULATORS)[number],
  { places, arrived, signal }: Post,
  quoting: Promise<number>,
): Promise<void> {
  const [account] = await Promise.all([arrived(role), quoting])
  await speculate(account, WAGERS[role], { signal, log: places.log.child({ speculator: role }) })
}

async function giveToInsurance({ places, arrived }: Post, quoting: Promise<number>): Promise<void> {
  const [{ hub, wallet }] = await Promise.all([arrived('maker-1'), quoting])
  const causeway = await connect(hub)
  try {
    const { funds } = await causeway.insurance()
    const common = funds.find(({ group }) => group === '0')
    if (common === undefined) throw new Error('there is no common fund')
    const gift = { to: common.holder, denom: 'cash', amount: GIVEN_TO_INSURANCE }
    await causeway.trader(wallet).transfer(gift, { waitSeconds: 8 })
  } catch (error) {
    places.log.warn({ error: error instanceof Error ? error.message : String(error) }, 'no gift to insurance')
  } finally {
    causeway.close()
  }
}
