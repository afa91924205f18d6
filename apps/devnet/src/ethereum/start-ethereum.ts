// The embedded Ethereum: anvil executes, the producer makes a beacon chain of its blocks, and the Beacon API
// serves what light clients follow.
import type { Logger } from 'pino'
import type { Hex } from 'viem'
import { freePort, openOnPort } from '../process/ports.ts'
import type { Listening } from '../process/ports.ts'
import { serveBeaconApi } from './api/serve.ts'
import type { BeaconServer } from './api/serve.ts'
import { BeaconChain, FinalityViolation } from './beacon/beacon-chain.ts'
import { startAnvil } from './execution/anvil.ts'
import type { Anvil } from './execution/anvil.ts'
import { executionClient } from './execution/execution-client.ts'
import { beaconNetwork, slotAtTime, slotTimeSeconds } from './network.ts'
import type { BeaconNetwork, NetworkOptions } from './network.ts'
import { createProducer } from './producer.ts'
import type { Producer } from './producer.ts'

/** Where and how the embedded Ethereum runs. */
export interface EthereumOptions {
  /** Where people look first; others are taken when these are not free, or 0. */
  readonly ports: { readonly execution: number; readonly beacon: number }
  readonly network?: NetworkOptions
  /** Slots that lie in the past when it starts: with more than finality takes, something is final at once. */
  readonly pastSlots: number
  /** Who has how many wei before the first block. */
  readonly balances: readonly (readonly [address: Hex, wei: bigint])[]
  readonly log: Logger
  /** Where anvil's output goes. */
  readonly anvilLogPath: string
  /** Told when it has halted: nothing that is left can be trusted to go on. */
  readonly onHalt: (error: unknown) => void
}

/** The embedded Ethereum. */
export interface RunningEthereum {
  readonly network: BeaconNetwork
  readonly chain: BeaconChain
  readonly producer: Producer
  /** Anvil's JSON-RPC. */
  readonly rpcUrl: string
  readonly beaconUrl: string
  /** Ports that were taken, and what is used instead. */
  readonly moved: readonly (readonly [name: string, Listening<unknown>])[]
  /** Makes slots by the clock from now on. */
  run(): void
  stop(): Promise<void>
}

/** Starts everything, with the past slots made; `run` then makes a slot whenever the clock does. */
export async function startEthereum(options: EthereumOptions): Promise<RunningEthereum> {
  const { ports, log, pastSlots, onHalt } = options
  const now = Math.floor(Date.now() / 1_000)
  const draft = beaconNetwork(now, options.network)
  const network = beaconNetwork(now - pastSlots * draft.secondsPerSlot, options.network)
  const chain = new BeaconChain(network)
  const executionPort = ports.execution === 0 ? await freePort() : ports.execution
  const anvil = await openOnPort(executionPort, (port) => startAnvilOn(port, network, options))
  let beacon: Listening<BeaconServer> | undefined
  let stopSlots: (() => Promise<void>) | undefined
  const stop = async () => {
    await stopSlots?.()
    await beacon?.part.close()
    await anvil.part.stop()
    log.info({ slot: chain.head.slot }, 'stopped')
  }
  try {
    const execution = executionClient(anvil.part.rpcUrl)
    await Promise.all(options.balances.map(([address, wei]) => execution.setBalance(address, wei)))
    const producer = createProducer(chain, execution)
    for (let slot = 1; slot <= pastSlots; slot += 1) await producer.produce(slot)
    beacon = await openOnPort(ports.beacon, (port) => serveBeaconApi(chain, port))
    log.info({ rpc: anvil.part.rpcUrl, beacon: beacon.part.url, slot: chain.head.slot }, 'started')
    return {
      network,
      chain,
      producer,
      rpcUrl: anvil.part.rpcUrl,
      beaconUrl: beacon.part.url,
      moved: [
        ['Ethereum RPC', anvil],
        ['Beacon API', beacon],
      ],
      run: () => (stopSlots ??= makeSlots(network, producer, log, onHalt)),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function startAnvilOn(port: number, network: BeaconNetwork, options: EthereumOptions): Promise<Anvil> {
  const { chainId, genesisTimeSeconds } = network
  const { anvilLogPath: logPath, onHalt: onExit } = options
  return startAnvil({ port, chainId, genesisTimeSeconds, logPath, onExit })
}

/** Makes a slot when it begins. Slots that the machine was too busy for stay empty. */
function makeSlots(
  network: BeaconNetwork,
  producer: Producer,
  log: Logger,
  onHalt: (error: unknown) => void,
): () => Promise<void> {
  let isStopping = false
  let timer: NodeJS.Timeout | undefined
  let making: Promise<void> = Promise.resolve()
  const make = async () => {
    const slot = slotAtTime(network, Date.now() / 1_000)
    try {
      const head = await producer.produce(slot)
      log.debug({ slot: head.slot, final: head.finalized?.slot }, 'slot')
    } catch (error) {
      if (isStopping) return
      if (error instanceof FinalityViolation) return onHalt(error)
      log.warn({ error: String(error), slot }, 'a slot was not made')
    }
    schedule(slot + 1)
  }
  const schedule = (slot: number) => {
    if (isStopping) return
    const dueMs = slotTimeSeconds(network, slot) * 1_000 - Date.now()
    timer = setTimeout(() => (making = make()), Math.max(0, dueMs))
  }
  schedule(slotAtTime(network, Date.now() / 1_000) + 1)
  return async () => {
    isStopping = true
    clearTimeout(timer)
    await making
  }
}
