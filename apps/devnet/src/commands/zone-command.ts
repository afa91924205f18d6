import { resolve } from 'node:path'
import type { Command } from 'commander'

/** Options of `devnet zone start`, as commander gives them. */
export interface ZoneOptions {
  readonly home: string
  readonly port: number
  readonly blockTime: number
}

/** Runs the zone alone until a signal: a process of its own, to be killed and started again. */
export async function zoneCommand(options: ZoneOptions): Promise<void> {
  const [{ startZone }, { writeHome }, { zoneGenesis }, { default: pino }] = await Promise.all([
    import('../chains/start-chain.ts'),
    import('../chains/home.ts'),
    import('../chains/genesis.ts'),
    import('pino'),
  ])
  const home = resolve(options.home)
  writeHome(home, zoneGenesis(), new Date())
  const log = pino({ base: null }, pino.destination({ dest: 2, sync: true }))
  const zone = await startZone({
    home,
    port: options.port,
    blockMilliseconds: options.blockTime,
    log,
    onHalt: () => process.exit(1),
  })
  process.stdout.write(`RPC: ${zone.rpcUrl}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void zone.stop().then(() => process.exit(0)))
  }
}

/** Adds `zone start`. */
export function addZoneCommand(
  parent: Command,
  parsePort: (text: string) => number,
  parseBlockTime: (text: string) => number,
): void {
  const zone = parent.command('zone').description('the Cosmos zone of the devnet')
  zone
    .command('start')
    .description('run the zone alone; its home is made when it is new')
    .requiredOption('--home <dir>', 'home directory of the node')
    .option('--port <number>', 'RPC port on the loopback interface, 0 for a free one', parsePort, 0)
    .option('--block-time <ms>', 'milliseconds between blocks', parseBlockTime, 500)
    .action((options: ZoneOptions) => zoneCommand(options))
}
