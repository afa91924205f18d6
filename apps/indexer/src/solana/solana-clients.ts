import { PublicKey } from '@solana/web3.js'
import { clientAddress, decodeCoreClient, decodeHubClient } from '@causeway/contracts-solana'
import { equalBytes, sha256, utf8 } from '@causeway/primitives'
import { EndpointError } from '../follow/endpoint-error.ts'
import { change, type Change } from '../project/change.ts'
import type { SolanaAccount, SolanaRpc } from './solana-rpc.ts'

const CLIENT_TYPE = 'attestation'
const CLIENTS_PER_REQUEST = 100
/** A seed of an address has 32 bytes at most. */
const CLIENT_ID_LENGTH_MAX = 32

/**
 * The clients of a core that have been met, and which chain each says that it follows: its light client's
 * account has the hash of that chain's id. Who can add a client chooses what it says; its packets have a
 * client id of their own, so they never mix with others'.
 */
export class SolanaClients {
  readonly #chainId: string
  readonly #core: PublicKey
  /** Ids of chains that are followed, by which a hash is recognised. */
  readonly #chainIds: readonly string[]
  readonly #chains: Map<string, string | undefined>
  readonly #rows = new Map<string, Change>()

  constructor(
    chain: { readonly chainId: string; readonly core: string },
    chainIds: readonly string[],
    known: ReadonlyMap<string, string>,
  ) {
    this.#chainId = chain.chainId
    this.#core = new PublicKey(chain.core)
    this.#chainIds = chainIds
    this.#chains = new Map(known)
  }

  /** The chain that a client follows; undefined when it is none that is known. */
  chainOf(clientId: string): string | undefined {
    return this.#chains.get(clientId)
  }

  /** Rows of those among these clients that were met here. */
  rowsOf(clientIds: ReadonlySet<string>): Change[] {
    return [...clientIds].flatMap((clientId) => this.#rows.get(clientId) ?? [])
  }

  /** Meets clients as final state has them. Throws an `EndpointError`, `behind` when one isn't there. */
  async meet(clientIds: ReadonlySet<string>, rpc: SolanaRpc, signal: AbortSignal): Promise<void> {
    const fresh = [...clientIds].filter((clientId) => !this.#chains.has(clientId))
    for (let start = 0; start < fresh.length; start += CLIENTS_PER_REQUEST) {
      await this.#meetSome(fresh.slice(start, start + CLIENTS_PER_REQUEST), rpc, signal)
    }
  }

  async #meetSome(clientIds: readonly string[], rpc: SolanaRpc, signal: AbortSignal): Promise<void> {
    const addresses = clientIds.map((clientId) => this.#addressOf(clientId))
    const accounts = await rpc.accounts(addresses, 'finalized', signal)
    const core = this.#core.toBase58()
    const clients = accounts.map((account, index) => {
      const client = account?.owner === core ? decodeCoreClient(account.data) : undefined
      if (client === undefined) throw new EndpointError('behind', `no account of ${clientIds[index]}`)
      return client
    })
    const states = clients.map(({ lightState }) => lightState.toBase58())
    const lights = await rpc.accounts(states, 'finalized', signal)
    clients.forEach((client, index) => {
      const clientId = clientIds[index]!
      const tracked = this.#trackedBy(lights[index], client.lightProgram.toBase58())
      const set = {
        ...(tracked === undefined ? {} : { trackedChainId: tracked }),
        counterpartyClientId: client.counterparty,
      }
      const key = { chainId: this.#chainId, clientId }
      this.#chains.set(clientId, tracked)
      this.#rows.set(clientId, change('client', key, { clientType: CLIENT_TYPE }, set))
    })
  }

  /** Only an endpoint that invents lines names a client that no address can be derived from. */
  #addressOf(clientId: string): string {
    if (clientId.length > CLIENT_ID_LENGTH_MAX)
      throw new EndpointError('wrong-results', `a core has no client ${clientId}`)
    return clientAddress(this.#core, clientId).toBase58()
  }

  #trackedBy(account: SolanaAccount | undefined, lightProgram: string): string | undefined {
    if (account?.owner !== lightProgram) return undefined
    const hash = decodeHubClient(account.data)?.chainIdHash
    if (hash === undefined) return undefined
    return this.#chainIds.find((chainId) => equalBytes(sha256(utf8(chainId)), hash))
  }
}
