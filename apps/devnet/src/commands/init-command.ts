import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { relayerConfig } from '../bridge/relayer-config.ts'
import { testMnemonic } from '../chains/accounts.ts'
import { PORTS } from '../chains/facts.ts'
import { hubGenesis, zoneGenesis } from '../chains/genesis.ts'
import { writeHome } from '../chains/home.ts'

/** Options of `devnet init`, as commander gives them. */
export interface InitOptions {
  readonly home: string
  readonly hubPort: number
  readonly zonePort: number
  readonly metricsPort: number
}

/**
 * Writes homes for hub and zone, and a relayer's configuration with its key: to run the parts as processes of
 * their own.
 */
export function initCommand({ home, hubPort, zonePort, metricsPort }: InitOptions): void {
  const at = (name: string) => join(resolve(home), name)
  // A price that `hub start --simulated-price` moves around would turn a dollar into less than one of cash.
  writeHome(at('hub'), hubGenesis('collateral'), new Date())
  writeHome(at('zone'), zoneGenesis(), new Date())
  const hubRpcUrl = `http://127.0.0.1:${hubPort}`
  const zoneRpcUrl = `http://127.0.0.1:${zonePort}`
  const { chains, ...config } = relayerConfig({ hubRpcUrl, zoneRpcUrl, folder: at('relayer'), metricsPort })
  const withKey = chains.map((chain) => ({ ...chain, key: { file: at('relayer.key') } }))
  writeFileSync(at('relayer.key'), `${testMnemonic('relayer', hubRpcUrl)}\n`, { mode: 0o600 })
  // YAML 1.2 contains JSON.
  writeFileSync(at('relayer.yaml'), `${JSON.stringify({ ...config, chains: withKey }, null, 2)}\n`)
  process.stdout.write(`${[at('hub'), at('zone'), at('relayer.yaml')].join('\n')}\n`)
}

/** Adds `init`. */
export function addInitCommand(parent: Command, parsePort: (text: string) => number): void {
  parent
    .command('init')
    .description('write homes and a relayer configuration, to run the parts as separate processes')
    .requiredOption('--home <dir>', 'folder for hub, zone and relayer.yaml')
    .option('--hub-port <number>', "the hub's RPC port", parsePort, PORTS.hub)
    .option('--zone-port <number>', "the zone's RPC port", parsePort, PORTS.zone)
    .option('--metrics-port <number>', "the relayer's metrics port", parsePort, PORTS.metrics)
    .action((options: InitOptions) => initCommand(options))
}
