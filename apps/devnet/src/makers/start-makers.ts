import type { Logger } from 'pino'
import { MAKERS, testAddress } from '../chains/accounts.ts'
import type { MakerRole } from '../chains/accounts.ts'
import { CLIENTS, HUB, UNIT, USDZ, ZONE } from '../chains/facts.ts'
import { poll } from '../story/poll.ts'
import { openTrader } from '../story/trader.ts'
import type { SentTransfer } from '../story/trader.ts'
import { openMakerHub } from './maker-hub.ts'
import { runMaker } from './market-maker.ts'
import type { MakerStyle } from './quote-rule.ts'

/** Where the makers work. */
export interface MakerPlaces {
  readonly hubRpcUrl: string
  readonly zoneRpcUrl: string
  readonly log: Logger
  /** Told of each maker once. */
  readonly onDeposit: (role: MakerRole, sent: SentTransfer) => void
}

/** Makers at work. */
export interface RunningMakers {
  /** Resolves when all of them have sent their deposits; rejects when one of them could not. */
  readonly deposited: Promise<void>
  /** Resolves when all of them quote, with how many markets. */
  readonly quoting: Promise<number>
  stop(): Promise<void>
}

/** What each brings in from the zone, as anybody does. */
export const MAKER_DEPOSIT = 400_000n * UNIT
const ARRIVAL_MS_MAX = 120_000
const STYLES: Readonly<Record<MakerRole, MakerStyle>> = {
  'maker-1': { linearBps: 6n, optionBps: 250n, quoteNotional: 15_000n, quotesHeldMax: 5n },
  'maker-2': { linearBps: 9n, optionBps: 400n, quoteNotional: 30_000n, quotesHeldMax: 5n },
}

/** Starts the makers: each deposits collateral from the zone, and quotes once that has arrived. */
export function startMakers(places: MakerPlaces): RunningMakers {
  const stopping = new AbortController()
  const makers = MAKERS.map((role) => startMaker(role, places, stopping.signal))
  const quoting = Promise.all(makers.map((maker) => maker.quoting)).then((counts) => Math.max(...counts))
  const deposited = Promise.all(makers.map((maker) => maker.deposited)).then(() => undefined)
  for (const awaited of [quoting, deposited]) awaited.catch(() => undefined) // whoever waits is told
  return {
    deposited,
    quoting,
    async stop() {
      stopping.abort(new Error('the makers stop'))
      await Promise.allSettled(makers.map((maker) => maker.ended))
    },
  }
}

function startMaker(role: MakerRole, places: MakerPlaces, signal: AbortSignal) {
  const { promise: quoting, resolve: onQuoting, reject } = Promise.withResolvers<number>()
  const deposited = deposit(role, places)
  const run = async () => {
    await deposited
    // The account exists as soon as the deposit has come.
    const open = () => openMakerHub(places.hubRpcUrl, role)
    const hub = await poll(`the account of ${role}`, open, { signal, timeoutMs: ARRIVAL_MS_MAX })
    const log = places.log.child({ maker: role })
    await runMaker({ hub, style: STYLES[role], signal, log, onQuoting })
    hub.close()
  }
  const ended = run()
  ended.catch(reject)
  return { deposited, quoting, ended }
}

async function deposit(role: MakerRole, { zoneRpcUrl, onDeposit }: MakerPlaces): Promise<void> {
  const zone = await openTrader({ ...ZONE, rpcUrl: zoneRpcUrl }, role)
  try {
    const receiver = testAddress(role, HUB.prefix)
    const terms = { client: CLIENTS.hubOnZone, denom: USDZ.base, amount: MAKER_DEPOSIT, receiver }
    onDeposit(role, await zone.transfer(terms))
  } finally {
    zone.close()
  }
}
