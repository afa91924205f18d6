// The part of the Beacon API that light clients and relayers use, in the standard's JSON. Spec:
// ethereum/beacon-APIs v3, /eth/v1/beacon and /eth/v1/config.
import { toHex } from '@causeway/primitives'
import type { BeaconChain } from '../beacon/beacon-chain.ts'
import { KEEP_PERIODS } from '../beacon/beacon-chain.ts'
import type { VersionedUpdate } from '../beacon/light-client.ts'
import type { ChainBlock } from '../beacon/make-block.ts'
import { blockType, types } from '../beacon/ssz-types.ts'
import { ssz } from '@lodestar/types'
import { specJson } from './spec-json.ts'

/** An answer: its status and JSON; versioned data also say whose types they have. */
export interface ApiAnswer {
  readonly status: number
  readonly json: unknown
  /** For the header `Eth-Consensus-Version`. */
  readonly version?: string
}

type Handler = (chain: BeaconChain, parameter: string, query: URLSearchParams) => ApiAnswer

const ROUTES: readonly (readonly [RegExp, Handler])[] = [
  [/^\/eth\/v1\/beacon\/genesis$/, genesis],
  [/^\/eth\/v1\/config\/spec$/, ({ network }) => ({ status: 200, json: { data: specJson(network) } })],
  [/^\/eth\/v1\/beacon\/headers\/([^/]+)$/, header],
  [/^\/eth\/v2\/beacon\/blocks\/([^/]+)$/, block],
  [/^\/eth\/v1\/beacon\/blocks\/([^/]+)\/root$/, blockRoot],
  [/^\/eth\/v1\/beacon\/light_client\/bootstrap\/([^/]+)$/, bootstrap],
  [/^\/eth\/v1\/beacon\/light_client\/updates$/, updates],
  [/^\/eth\/v1\/beacon\/light_client\/finality_update$/, finalityUpdate],
  [/^\/eth\/v1\/beacon\/light_client\/optimistic_update$/, optimisticUpdate],
]

/** Answers a GET request to a path with a query. What is wrong is an answer too: the standard's error. */
export function answerBeaconApi(chain: BeaconChain, url: string): ApiAnswer {
  const parsed = URL.parse(url, 'http://127.0.0.1')
  if (parsed === null) return failure(400, 'no URL')
  const { pathname, searchParams } = parsed
  for (const [pattern, handler] of ROUTES) {
    const match = pattern.exec(pathname)
    if (match !== null) return handler(chain, match[1] ?? '', searchParams)
  }
  return failure(404, `route ${pathname.slice(0, 100)} not found`)
}

/** The standard's error. */
export function failure(code: number, message: string): ApiAnswer {
  return { status: code, json: { code, message } }
}

const NO_SIGNATURE = `0xc0${'00'.repeat(95)}`
const PERIOD_TEXT = /^[0-9]{1,15}$/

function genesis({ network }: BeaconChain): ApiAnswer {
  const data = {
    genesis_time: String(network.genesisTimeSeconds),
    genesis_validators_root: hex(network.genesisValidatorsRoot),
    genesis_fork_version: hex(network.forks[0]!.version),
  }
  return { status: 200, json: { data } }
}

function header(chain: BeaconChain, id: string): ApiAnswer {
  return withBlock(chain, id, (found) => ({
    root: hex(found.root),
    canonical: chain.isCanonical(found),
    header: {
      message: ssz.phase0.BeaconBlockHeader.toJson(found.header.beacon),
      signature: NO_SIGNATURE,
    },
  }))
}

function blockRoot(chain: BeaconChain, id: string): ApiAnswer {
  return withBlock(chain, id, (found) => ({ root: hex(found.root) }))
}

function block(chain: BeaconChain, id: string): ApiAnswer {
  let version = ''
  const answer = withBlock(chain, id, ({ fork, message }) => {
    version = fork.name
    return { message: blockType(fork.name).toJson(message), signature: NO_SIGNATURE }
  })
  if (answer.status !== 200) return answer
  return { status: 200, json: { version, ...(answer.json as object) }, version }
}

/** `head`, `finalized`, `genesis`, a slot, or a root. */
function withBlock(chain: BeaconChain, id: string, data: (block: ChainBlock) => unknown): ApiAnswer {
  const finalized = chain.finalized
  let found: ChainBlock | undefined
  if (id === 'head') found = chain.head
  else if (id === 'finalized') found = finalized ?? chain.atSlot(0)
  else if (id === 'genesis') found = chain.atSlot(0)
  else if (/^0x[0-9a-fA-F]{64}$/.test(id)) found = chain.byRoot(id.slice(2).toLowerCase())
  else if (PERIOD_TEXT.test(id)) found = chain.atSlot(Number(id))
  else return failure(400, `invalid block id ${id.slice(0, 100)}`)
  if (found === undefined) return failure(404, `no block ${id} is known`)
  const isFinal = found.slot <= (finalized?.slot ?? 0) && chain.isCanonical(found)
  return { status: 200, json: { execution_optimistic: false, finalized: isFinal, data: data(found) } }
}

function bootstrap(chain: BeaconChain, root: string): ApiAnswer {
  if (!/^0x[0-9a-fA-F]{64}$/.test(root)) return failure(400, `invalid block root ${root.slice(0, 100)}`)
  const found = chain.byRoot(root.slice(2).toLowerCase())
  const data = found === undefined ? undefined : chain.bootstrap(found)
  if (found === undefined || data === undefined) return failure(404, `no bootstrap for block ${root}`)
  return versioned(found.fork.name, types.LightClientBootstrap.toJson(data))
}

/** Consecutive periods from the first asked for that is known, at most 128 of them. */
function updates(chain: BeaconChain, _: string, query: URLSearchParams): ApiAnswer {
  const [start, count] = [query.get('start_period') ?? '', query.get('count') ?? '']
  if (!PERIOD_TEXT.test(start)) return failure(400, 'invalid start_period')
  if (!PERIOD_TEXT.test(count) || Number(count) === 0) return failure(400, 'invalid count')
  const first = Number(start)
  const found: unknown[] = []
  for (let period = first; period < first + Math.min(Number(count), KEEP_PERIODS); period += 1) {
    const best = chain.bestUpdate(period)
    if (best !== undefined) {
      found.push({ version: best.fork.name, data: types.LightClientUpdate.toJson(best.update) })
    } else if (found.length > 0) break
  }
  return { status: 200, json: found }
}

function finalityUpdate(chain: BeaconChain): ApiAnswer {
  const latest = chain.latestUpdate()
  const isFinal = latest !== undefined && latest.update.finalizedHeader.beacon.slot > 0
  if (!isFinal) return failure(404, 'no finality update available')
  return versioned(latest.fork.name, types.LightClientFinalityUpdate.toJson(latest.update))
}

function optimisticUpdate(chain: BeaconChain): ApiAnswer {
  const latest: VersionedUpdate | undefined = chain.latestUpdate()
  if (latest === undefined) return failure(404, 'no optimistic update available')
  return versioned(latest.fork.name, types.LightClientOptimisticUpdate.toJson(latest.update))
}

function versioned(version: string, data: unknown): ApiAnswer {
  return { status: 200, json: { version, data }, version }
}

function hex(bytes: Uint8Array): string {
  return `0x${toHex(bytes)}`
}
