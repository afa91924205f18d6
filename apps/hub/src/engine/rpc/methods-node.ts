import { validatorAddress, validatorIndex } from '@causeway/light-clients'
import type { BlockMeta } from '@causeway/protocol/tendermint/types/types'
import { BLOCK_PROTOCOL } from '../chain/block.ts'
import { genesisToJson } from '../chain/genesis.ts'
import { formatTime } from '../chain/time.ts'
import { errors } from '../errors.ts'
import { base64, hex } from '../json/scalars.ts'
import type { Json } from '../json/scalars.ts'
import { COMETBFT_VERSION } from '../node/handshake.ts'
import type { NodeView } from '../node/node-view.ts'
import type { Method, MethodContext } from './method.ts'
import type { Parameters } from './parameters.ts'

const GENESIS_CHUNK_BYTES = 16 * 1024 * 1024

/** Methods about the node itself. */
export const nodeMethods: Readonly<Record<string, Method>> = {
  health: { parameters: [], run: () => ({}) },
  status: { parameters: [], run: (_, context) => status(context) },
  net_info: {
    parameters: [],
    // There is no peer network: a listener is named so that clients which print it have one.
    run: () => ({ listening: true, listeners: ['Listener(@)'], n_peers: '0', peers: [] }),
  },
  genesis: {
    parameters: [],
    run: (_, { node }) => ({ genesis: genesisToJson(node.genesis) as unknown as Json }),
  },
  genesis_chunked: { parameters: ['chunk'], run: genesisChunk },
}

function status({ node, listenAddress }: MethodContext): Json {
  const state = node.state()
  const { store } = node
  const latest = state.lastHeight > 0n ? store.meta(state.lastHeight) : undefined
  const earliest = store.base > 0n ? store.meta(store.base) : undefined
  return {
    node_info: {
      protocol_version: { p2p: '8', block: String(BLOCK_PROTOCOL), app: String(state.appVersion) },
      id: hex(node.validatorKey.length === 0 ? undefined : addressOf(node)).toLowerCase(),
      listen_addr: listenAddress,
      network: state.chainId,
      version: COMETBFT_VERSION,
      channels: '',
      moniker: node.moniker,
      other: { tx_index: 'on', rpc_address: listenAddress },
    },
    sync_info: {
      ...blockInfo('latest', latest),
      ...blockInfo('earliest', earliest),
      catching_up: false,
    },
    validator_info: {
      address: hex(addressOf(node)),
      pub_key: { type: 'tendermint/PubKeyEd25519', value: base64(node.validatorKey) },
      voting_power: votingPower(node),
    },
  }
}

function blockInfo(prefix: string, meta: BlockMeta | undefined): Record<string, Json> {
  return {
    [`${prefix}_block_hash`]: hex(meta?.blockId?.hash),
    [`${prefix}_app_hash`]: hex(meta?.header?.appHash),
    [`${prefix}_block_height`]: String(meta?.header?.height ?? 0n),
    // Go's zero nanoseconds since 1970 where there is no block
    [`${prefix}_block_time`]: formatTime(meta?.header?.time ?? { seconds: 0n, nanos: 0 }),
  }
}

function addressOf({ validatorKey }: NodeView): Uint8Array {
  return validatorKey.length === 32 ? validatorAddress({ ed25519: validatorKey }) : new Uint8Array(0)
}

function votingPower(node: NodeView): string {
  const { nextValidators } = node.state()
  const found = nextValidators.validators[validatorIndex(nextValidators, addressOf(node))]
  return String(found?.votingPower ?? 0n)
}

function genesisChunk(parameters: Parameters, { node }: MethodContext): Json {
  const bytes = Buffer.from(JSON.stringify(genesisToJson(node.genesis)), 'utf8')
  const total = Math.max(1, Math.ceil(bytes.length / GENESIS_CHUNK_BYTES))
  const chunk = Number(parameters.integer('chunk') ?? 0n)
  if (chunk < 0 || chunk >= total) {
    const reason = `there are ${total - 1} chunks, ${chunk} is invalid`
    throw errors.badParameter({ name: 'chunk', reason })
  }
  const data = bytes.subarray(chunk * GENESIS_CHUNK_BYTES, (chunk + 1) * GENESIS_CHUNK_BYTES)
  return { chunk: String(chunk), total: String(total), data: data.toString('base64') }
}
