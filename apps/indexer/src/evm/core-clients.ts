import { decodeFunctionResult, encodeFunctionData, parseAbi, type Hex } from 'viem'
import { toHex } from '@causeway/primitives'
import { clientIdTopic, readClientAdded, type CoreClients } from '../project/evm-events.ts'
import type { EvmRpc } from './evm-rpc.ts'
import type { Log } from './receipts.ts'

const clientAbi = parseAbi(['function chainId() view returns (string)'])
const CHAIN_ID_LENGTH_MAX = 128

/**
 * The clients of a core that have been met: their ids, and which chain each says that it follows. Who can add
 * a client chooses what it says; its packets have a client id of their own, so they never mix with others'.
 */
export class CoreClientBook implements CoreClients {
  readonly #chains = new Map<string, string | undefined>()
  readonly #ids = new Map<Hex, string>()

  constructor(known: ReadonlyMap<string, string>) {
    for (const [clientId, chain] of known) this.#add(clientId, chain)
  }

  idOf(topic: Hex): string | undefined {
    return this.#ids.get(topic)
  }

  chainOf(clientId: string): string | undefined {
    return this.#chains.get(clientId)
  }

  /** Meets the clients that logs of the core add. Throws an `EndpointError` when they can't be asked. */
  async meet(logs: readonly Log[], rpc: EvmRpc, signal: AbortSignal): Promise<void> {
    for (const { topics, data } of logs) {
      const added = readClientAdded({ topics: topics.map(hexOf), data: hexOf(data) })
      if (added === undefined || this.#chains.get(added.clientId) !== undefined) continue
      this.#add(added.clientId, await chainIdOf(added.client, rpc, signal))
    }
  }

  #add(clientId: string, chain: string | undefined): void {
    this.#chains.set(clientId, chain)
    this.#ids.set(clientIdTopic(clientId), clientId)
  }
}

async function chainIdOf(client: Hex, rpc: EvmRpc, signal: AbortSignal): Promise<string | undefined> {
  const answer = await rpc.read(client, encodeFunctionData({ abi: clientAbi }), signal)
  if (answer === undefined) return undefined
  try {
    const chain = decodeFunctionResult({ abi: clientAbi, data: hexOf(answer) })
    return chain.length > 0 && chain.length <= CHAIN_ID_LENGTH_MAX ? chain : undefined
  } catch {
    // Any contract may be added as a client; one that answers otherwise says nothing of its chain.
    return undefined
  }
}

function hexOf(bytes: Uint8Array): Hex {
  return `0x${toHex(bytes)}`
}
