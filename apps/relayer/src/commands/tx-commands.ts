import type { Command } from 'commander'

import { loadConfig } from '../config/load-config.ts'
import { parseDurationMs } from '../config/durations.ts'
import { RelayError } from '../errors.ts'
import { createLog, startRelayer } from '../start.ts'
import type { Relayer } from '../worker/relayer.ts'
import { guarded } from './io.ts'
import type { CommandIo } from './io.ts'

interface RelayOptions {
  readonly config: string
  readonly route?: string
  readonly timeout: string
}

const LOOK_EVERY_MS = 250

/** `tx relay`: one packet, whatever it waits for now. */
export function addTxCommands(parent: Command, io: CommandIo): void {
  parent
    .command('tx')
    .description('single messages')
    .command('relay <packet>')
    .description(
      'relay what one packet (sourceClient/sequence) waits for: receipt, acknowledgement or timeout',
    )
    .option('-c, --config <file>', 'configuration file', 'relayer.yaml')
    .option('--route <name>', 'the route it is on; needed where several routes have a client of that name')
    .option('--timeout <duration>', 'give up after this long', '5m')
    .action(guarded(io, (packet: string, options: RelayOptions) => relay(packet, options, io)))
}

async function relay(packet: string, options: RelayOptions, io: CommandIo): Promise<void> {
  const timeoutMs = parseDurationMs(options.timeout)
  if (timeoutMs === undefined)
    throw new RelayError('config', 'never', `--timeout ${options.timeout}: write 30s or 10m`)
  const client = /^([\w-]{8,64})\/([1-9]\d{0,19})$/.exec(packet)?.[1]
  if (client === undefined)
    throw new RelayError('config', 'never', `"${packet}" is no packet: write client-0/7`)
  const config = loadConfig(options.config)
  const routes = config.routes.filter(
    ({ name, a, b }) => name === (options.route ?? name) && (a.client === client || b.client === client),
  )
  const [route, ...more] = routes
  if (route === undefined) throw new RelayError('config', 'never', `no route has the client ${client}`)
  if (more.length > 0)
    throw new RelayError('config', 'never', `several routes have the client ${client}: name one by --route`)
  const ends = new Set([route.a.chain, route.b.chain])
  const chains = config.chains.filter(({ id }) => ends.has(id))
  const relayer = await startRelayer(
    { ...config, chains, routes: [route] },
    { env: io.env, serve: false, onlyPacket: packet, log: createLog('error') },
  )
  try {
    io.out(await untilEnded(relayer, packet, Date.now() + Number(timeoutMs)))
  } finally {
    await relayer.stop()
  }
}

/** Waits until one message of the packet has ended; says how. */
async function untilEnded(relayer: Relayer, packet: string, deadline: number): Promise<string> {
  const lanes = relayer.routes.flatMap((route) => route.lanes)
  for (;;) {
    for (const lane of lanes) {
      const { name } = lane.options
      const ended = (await relayer.journal.history(name)).filter(
        ({ key, ending }) => key.endsWith(`/${packet}`) && ending.how !== 'expired',
      )
      for (const { key, ending } of ended) {
        const where = ending.hash === undefined ? '' : ` (${ending.hash}, ${ending.fee})`
        return `${key} to ${name}: ${ending.how}${where}`
      }
    }
    if (Date.now() > deadline) throw new RelayError('unconfirmed', 'later', whyNot(lanes, packet))
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

function whyNot(lanes: readonly { readonly lastError: RelayError | undefined }[], packet: string): string {
  const error = lanes.map((lane) => lane.lastError?.message).find((text) => text !== undefined)
  return `${packet} was not relayed: ${error ?? 'it waits for nothing that can be proven now'}`
}
