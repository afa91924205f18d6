import {
  decodeLightClientBootstrap,
  decodeLightClientUpdate,
  forkAt,
  type ChainConfig,
  type ForkName,
  type LightClientBootstrap,
  type LightClientUpdate,
  type UpdateKind,
} from '@causeway/light-clients'
import { equalBytes, isProtocolError, sha256Concat, toHex } from '@causeway/primitives'

/** Fork digests mix in blob parameters from this fork on, which are no light client's business. */
const DIGESTS_CHANGE_AT: ForkName = 'fulu'

/** A bootstrap, whose types are those of the fork at its own slot, as its fork digest, if any, says. */
export function readBootstrap(
  config: ChainConfig,
  bytes: Uint8Array,
  digest: Uint8Array | undefined,
): LightClientBootstrap {
  return byOwnFork(config, digest, (fork) => {
    const bootstrap = decodeLightClientBootstrap(bytes, fork, config)
    return { object: bootstrap, slot: bootstrap.header.beacon.slot }
  })
}

/** An update, whose types are those of the fork at its attested slot, as its fork digest, if any, says. */
export function readUpdate(
  config: ChainConfig,
  kind: UpdateKind,
  bytes: Uint8Array,
  digest: Uint8Array | undefined,
): LightClientUpdate {
  return byOwnFork(config, digest, (fork) => {
    const update = decodeLightClientUpdate(kind, bytes, fork, config)
    return { object: update, slot: update.attestedHeader.beacon.slot }
  })
}

function byOwnFork<T>(
  config: ChainConfig,
  digest: Uint8Array | undefined,
  decode: (fork: ForkName) => { object: T; slot: bigint },
): T {
  for (const { name } of config.forks) {
    if (name === 'phase0') continue
    try {
      const { object, slot } = decode(name)
      if (forkAt(config, slot).name !== name) continue
      if (digest) checkDigest(config, name, digest)
      return object
    } catch (error) {
      if (!isProtocolError(error)) throw error
    }
  }
  throw new Error('it has the types of no fork that holds at its slot')
}

/** Spec: phase0 `compute_fork_digest`. */
function checkDigest(config: ChainConfig, name: ForkName, digest: Uint8Array): void {
  const changesAt = config.forks.findIndex((fork) => fork.name === DIGESTS_CHANGE_AT)
  const index = config.forks.findIndex((fork) => fork.name === name)
  if (changesAt >= 0 && index >= changesAt) return
  const version = new Uint8Array(32)
  version.set(config.forks[index]!.version)
  const expected = sha256Concat(version, config.genesisValidatorsRoot).subarray(0, 4)
  if (!equalBytes(expected, digest))
    throw new Error(`the fork digest is ${toHex(digest)}, of ${name} ${toHex(expected)}`)
}
