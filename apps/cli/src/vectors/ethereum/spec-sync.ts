import {
  FORK_NAMES,
  beaconBlockHeaderRoot,
  forceLightClientUpdate,
  initializeLightClientStore,
  lightClientExecutionRoot,
  processLightClientUpdate,
  type ChainConfig,
  type LightClientHeader,
  type LightClientStore,
} from '@causeway/light-clients'
import { expectBytes, expectSame } from '../expectations.ts'
import { isObject, type JsonObject } from '../json-shape.ts'
import type { VectorCase } from '../vector-file.ts'
import type { VectorFolder } from '../vector-folder.ts'
import { inOrder, type Step } from './in-order.ts'
import { verifySyncAggregate } from './networks.ts'
import { configOf, forkWithVersion, memberObject } from './spec-config.ts'
import { optionalBytes, sszFile, yamlBytes, yamlFile, yamlObject } from './spec-files.ts'
import { readBootstrap, readUpdate } from './spec-objects.ts'

interface Session {
  readonly store: LightClientStore
  /** Place of the fork whose store the test keeps. */
  readonly storeFork: number
}

/**
 * A sync test: a bootstrap, then updates, forced updates and upgrades, with the heads after each. Tests from
 * before Capella name no fork digests and no store's fork, and call a head's root just that.
 */
export function syncCases(folder: VectorFolder): VectorCase[] {
  const meta = yamlObject(folder, 'meta.yaml')
  const config = configOf(folder, yamlBytes(meta, 'genesis_validators_root'))
  const start = (): Session => {
    const bytes = sszFile(folder, 'bootstrap')
    const bootstrap = readBootstrap(config, bytes, optionalBytes(meta, 'bootstrap_fork_digest'))
    const store = initializeLightClientStore(config, yamlBytes(meta, 'trusted_block_root'), bootstrap)
    const version = optionalBytes(meta, 'store_fork_version')
    return { store, storeFork: version ? forkIndex(folder, version) : 0 }
  }
  const steps = yamlFile(folder, 'steps.yaml')
  if (!Array.isArray(steps)) throw new Error('steps.yaml is no list')
  return inOrder(
    start,
    steps.map((step: unknown, i) => readStep(folder, config, i, step)),
  )
}

function readStep(folder: VectorFolder, config: ChainConfig, index: number, step: unknown): Step<Session> {
  const [name, ...more] = isObject(step) ? Object.keys(step) : []
  if (!isObject(step) || name === undefined || more.length > 0)
    throw new Error(`step ${index} is not one action`)
  const action = memberObject(step, name)
  const act = ACTIONS[name]
  if (!act) throw new Error(`step ${index} is ${name}, which is unknown`)
  return {
    name: `${index} ${name}`,
    run(session) {
      const next = act(folder, config, session, action)
      checkHeaders(config, next.store, memberObject(action, 'checks'))
      return next
    },
  }
}

type Action = (folder: VectorFolder, config: ChainConfig, session: Session, action: JsonObject) => Session

const ACTIONS: Readonly<Record<string, Action>> = {
  process_update(folder, config, session, action) {
    const bytes = sszFile(folder, String(action.update))
    const digest = optionalBytes(action, 'update_fork_digest')
    const update = readUpdate(config, 'LightClientUpdate', bytes, digest)
    const slot = BigInt(String(action.current_slot))
    return {
      ...session,
      store: processLightClientUpdate(config, session.store, update, slot, verifySyncAggregate),
    }
  },
  force_update(_folder, config, session, action) {
    const slot = BigInt(String(action.current_slot))
    return { ...session, store: forceLightClientUpdate(config, session.store, slot) }
  },
  upgrade_store(folder, _config, session, action) {
    // Our store has one shape for all forks: an upgrade changes nothing but what checks may speak of.
    const storeFork = forkIndex(folder, yamlBytes(action, 'store_fork_version'))
    if (storeFork < session.storeFork) throw new Error('the store would be downgraded')
    return { ...session, storeFork }
  },
}

/** Place of a fork among all forks: a store may be of one that the test never schedules. */
function forkIndex(folder: VectorFolder, version: Uint8Array): number {
  const name = forkWithVersion(folder, version)
  return FORK_NAMES.findIndex((known) => known === name)
}

function checkHeaders(config: ChainConfig, store: LightClientStore, checks: JsonObject): void {
  for (const [name, expected] of Object.entries(checks)) {
    if (name === 'finalized_header') checkHeader(config, name, store.finalizedHeader, expected)
    else if (name === 'optimistic_header') checkHeader(config, name, store.optimisticHeader, expected)
    else throw new Error(`the check of ${name} is unknown`)
  }
}

function checkHeader(config: ChainConfig, name: string, header: LightClientHeader, expected: unknown): void {
  if (!isObject(expected)) throw new Error(`${name} is no object`)
  expectSame(`the slot of ${name}`, header.beacon.slot, BigInt(String(expected.slot)))
  const rootName = expected.root === undefined ? 'beacon_root' : 'root'
  expectBytes(`the root of ${name}`, beaconBlockHeaderRoot(header.beacon), yamlBytes(expected, rootName))
  if (expected.execution_root === undefined) return
  const root = lightClientExecutionRoot(config, header)
  expectBytes(`the execution root of ${name}`, root, yamlBytes(expected, 'execution_root'))
}
