import { appendFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { writeClientFile } from '../client/client-file.ts'
import type { ClientFile } from '../client/client-file.ts'
import { startDevnet } from '../devnet.ts'
import type { Devnet } from '../devnet.ts'
import { DevnetFailure } from '../process/failure.ts'
import { Interrupted } from '../process/lifecycle.ts'
import type { Lifecycle } from '../process/lifecycle.ts'
import type { RunFolder } from '../process/run-folder.ts'
import type { Printer } from '../print/printer.ts'
import { writeControlFile } from '../shock/control-file.ts'
import { depositAndWithdraw } from '../story/deposit-and-withdraw.ts'

/** What one run is made of. */
export interface DevnetRun {
  readonly once: boolean
  readonly blockMilliseconds: number
  readonly base: string
  readonly run: RunFolder
  readonly print: Printer
  readonly lifecycle: Lifecycle
  /** Where failures are told. */
  readonly complain: (line: string) => void
}

/**
 * Brings the devnet up, tells the story, stays until the lifecycle ends (or, `once`, prints the position) and
 * stops everything. True when nothing went wrong; an interruption is nothing wrong.
 */
export async function runDevnet(options: DevnetRun): Promise<boolean> {
  const { run, print, lifecycle, once } = options
  try {
    const devnet = await startDevnet(options)
    const clientFile = await startClientFile(devnet, options)
    const tools = { print, signal: lifecycle.signal, log: run.log }
    const position = await lifecycle.during(depositAndWithdraw(devnet, tools))
    print.heading(
      once ? 'Everything stops; the position on the next line is what GraphQL answered' : 'Look around',
    )
    if (!once) {
      print.table([
        ['GraphQL and GraphiQL', devnet.graphqlUrl],
        ['hub RPC', devnet.hub.rpcUrl],
        ['zone RPC', devnet.zone.rpcUrl],
        ['Ethereum RPC', devnet.ethereum.rpcUrl],
        ['Beacon API', devnet.ethereum.beaconUrl],
        ['Solana RPC', devnet.solana.rpcUrl],
        ['relayer metrics', devnet.metricsUrl],
        ['liquidator metrics', await lifecycle.during(devnet.crowd.liquidatorUrl)],
        ['client file', clientFile.path],
        ['logs', run.path],
      ])
      print.note('')
      print.note('In another terminal: npx causeway devnet shock ETH -40%')
      print.note('Ctrl-C ends it.')
      await lifecycle.during(new Promise(() => {}))
    }
    await stopAll(options)
    print.result(position)
    return true
  } catch (error) {
    await stopAll(options)
    if (error instanceof Interrupted) return true
    tellFailure(error, options)
    return false
  }
}

/** For the command line and programs: where everything is, and the trader's keys. */
async function startClientFile(devnet: Devnet, { base, run, lifecycle }: DevnetRun): Promise<ClientFile> {
  const { hub, zone, ethereum, solana, graphqlUrl } = devnet
  const urls = {
    ...{ hubRpcUrl: hub.rpcUrl, zoneRpcUrl: zone.rpcUrl, graphqlUrl },
    ...{ ethereumRpcUrl: ethereum.rpcUrl, solanaRpcUrl: solana.rpcUrl },
  }
  const write = () => writeClientFile(base, run.folder('keys'), urls)
  const door = () => writeControlFile(base, devnet.prices.control)
  await lifecycle.start('control file', door, (file) => file.remove())
  return await lifecycle.start('client file', write, (file) => file.remove())
}

async function stopAll({ lifecycle, complain }: DevnetRun): Promise<void> {
  for (const { part, reason } of await lifecycle.stop()) complain(`${part} did not stop cleanly: ${reason}`)
}

/** What happened, why, what to do. The folder stays for its logs; the next start deletes it. */
function tellFailure(error: unknown, { complain, run }: DevnetRun): void {
  complain('')
  complain(`The devnet ${error instanceof Error ? error.message : String(error)}`)
  const logPath = error instanceof DevnetFailure ? error.logPath : run.log('devnet')
  appendFileSync(logPath, `${inspect(error)}\n`) // the whole of it, with causes
  complain(`More is in ${logPath} (kept until the next start). Starting again is safe: nothing is reused.`)
}
