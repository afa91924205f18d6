// The light-client part of a consensus node's Beacon API. Spec: ethereum/beacon-APIs.
import {
  readBeaconChainJson,
  readBootstrapJson,
  readUpdateJson,
  readVersioned,
  type BeaconChain,
  type LightClientBootstrap,
  type LightClientUpdate,
} from '@causeway/light-clients'
import { isProtocolError, toHex } from '@causeway/primitives'
import { EndpointError } from '../follow/endpoint-error.ts'
import { parseJson, request, type JsonRpcLimits } from '../follow/json-rpc.ts'
import { listOf, objectOf, toBytes } from './quantities.ts'

const UPDATES_MAX = 128
const BEACON_ROOT_BYTES = 32

/** One consensus node. Every answer that can't be read throws an `EndpointError`. */
export class BeaconApi {
  readonly url: string
  readonly #limits: JsonRpcLimits

  constructor(url: string, limits: JsonRpcLimits) {
    this.url = url.replace(/\/+$/, '')
    this.#limits = limits
  }

  /** Genesis, slot lengths, committee size and forks. */
  async chain(signal: AbortSignal): Promise<BeaconChain> {
    const genesis = await this.#get('/eth/v1/beacon/genesis', signal)
    const spec = await this.#get('/eth/v1/config/spec', signal)
    return read(() => readBeaconChainJson(genesis, spec))
  }

  /** Root of the newest block that the node holds final. */
  async finalizedRoot(signal: AbortSignal): Promise<Uint8Array> {
    const answer = objectOf(await this.#get('/eth/v1/beacon/headers/finalized', signal), 'header')
    return toBytes(objectOf(answer.data, 'data').root, 'root', BEACON_ROOT_BYTES)
  }

  /** The bootstrap of a block. */
  async bootstrap(root: Uint8Array, signal: AbortSignal): Promise<LightClientBootstrap> {
    const path = `/eth/v1/beacon/light_client/bootstrap/0x${toHex(root)}`
    const answer = await this.#get(path, signal)
    return read(() => readBootstrapJson(readVersioned(answer).data))
  }

  /** The best update of a period, in which the next committee is named; undefined when there is none. */
  async update(period: bigint, signal: AbortSignal): Promise<LightClientUpdate | undefined> {
    const path = `/eth/v1/beacon/light_client/updates?start_period=${period}&count=1`
    const [first] = listOf(await this.#get(path, signal), 'updates', UPDATES_MAX)
    return first === undefined ? undefined : read(() => readUpdateJson(readVersioned(first).data))
  }

  /** The update that proves the newest final block. */
  async finalityUpdate(signal: AbortSignal): Promise<LightClientUpdate> {
    const answer = await this.#get('/eth/v1/beacon/light_client/finality_update', signal)
    return read(() => readUpdateJson(readVersioned(answer).data))
  }

  async #get(path: string, signal: AbortSignal): Promise<unknown> {
    const headers = { accept: 'application/json' }
    const { status, text } = await request(`${this.url}${path}`, { headers }, this.#limits, signal)
    if (status !== 200) throw new EndpointError('rpc-error', `${path}: HTTP ${status}`)
    return parseJson(text)
  }
}

function read<Value>(decode: () => Value): Value {
  try {
    return decode()
  } catch (error) {
    if (isProtocolError(error)) throw new EndpointError('malformed', error.message, error)
    throw error
  }
}
