import { createHubApplication } from '../app.ts'
import type { CosmosApplication } from '../application.ts'
import { brokenInvariants, exportState } from '../block/inspect.ts'
import { verifyNatively } from '../workers/native-signatures.ts'
import { errors } from './command-errors.ts'
import { openApplicationStorage, readGenesis } from './home.ts'

/**
 * A genesis-like JSON of the state at a height, the last one by default. Throws `hub/2`, `hub/4`, `state/*`.
 */
export function exportHome(home: string, height?: bigint): unknown {
  return withHub(home, ({ chain }) => {
    const at = height ?? chain.latest.height
    return {
      chain_id: chain.options.chainId,
      initial_height: (at + 1n).toString(),
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
