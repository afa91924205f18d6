import { createHubApplication } from '../app.ts'
import type { CosmosApplication } from '../application.ts'
import { brokenInvariants, exportState, exportValidators } from '../block/inspect.ts'
import { publicKeyToJson } from '../engine/keys/public-key-json.ts'
import { verifyNatively } from '../workers/native-signatures.ts'
import { errors } from './command-errors.ts'
import { openApplicationStorage, readGenesis } from './home.ts'

/**
 * A genesis-like JSON of the state at a height, the last one by default, with the validators that its stake
 * makes. Throws `hub/2`, `hub/4`, `state/*`.
 */
export function exportHome(home: string, height?: bigint): unknown {
  return withHub(home, ({ chain }) => {
    const at = height ?? chain.latest.height
    const validators = exportValidators(chain, at).map(({ publicKey, power }) => ({
      pub_key: publicKeyToJson({ ed25519: publicKey }),
      power: power.toString(),
    }))
    return {
      chain_id: chain.options.chainId,
      initial_height: (at + 1n).toString(),
      ...(validators.length > 0 && { validators }),
      app_state: exportState(chain, at),
    }
  })
}

/** What is broken at the last height, and that height. Throws `hub/2`, `hub/4`. */
export function checkHome(home: string): { height: bigint; broken: readonly string[] } {
  return withHub(home, ({ chain }) => ({ height: chain.latest.height, broken: brokenInvariants(chain) }))
}

function withHub<Result>(home: string, run: (hub: CosmosApplication) => Result): Result {
  const { chainId } = readGenesis(home)
  const storage = openApplicationStorage(home)
  try {
    const hub = createHubApplication({
      chainId,
      storage,
      verifySignatures: verifyNatively,
      priceSource: () => [],
    })
    if (hub.chain.committed === undefined) throw errors.noBlocks()
    return run(hub)
  } finally {
    storage.close()
  }
}
