import { attestationBytes } from '@causeway/light-clients'
import { equalBytes } from '@causeway/primitives'
import {
  QueryMissingSignaturesRequest,
  QueryMissingSignaturesResponse,
} from '@causeway/protocol/causeway/attestation/v1/query'
import { createHubApplication } from '../app.ts'
import type { CosmosApplication } from '../application.ts'
import { brokenInvariants, exportState, exportValidators } from '../block/inspect.ts'
import { publicKeyToJson } from '../engine/keys/public-key-json.ts'
import { verifyNatively } from '../workers/native-signatures.ts'
import { readAttestationSigners } from './attestation-signers.ts'
import { errors } from './command-errors.ts'
import { openApplicationStorage, readGenesis } from './home.ts'

/**
 * A genesis of another chain, with the state at a height, the last one by default, and the validators that
 * its stake makes. A chain never begins again under its own name: what validators attested above that height
 * would be false there. Throws `hub/2`, `hub/4`, `hub/7`, `state/*`.
 */
export function exportHome(home: string, chainId: string, height?: bigint): unknown {
  return withHub(home, ({ chain }) => {
    if (chainId === chain.options.chainId) throw errors.sameChain({ chainId })
    const at = height ?? chain.latest.height
    const validators = exportValidators(chain, at).map(({ publicKey, power }) => ({
      pub_key: publicKeyToJson({ ed25519: publicKey }),
      power: power.toString(),
    }))
    return {
      chain_id: chainId,
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

/** A missing signature of an attestation, as `MsgSubmitAttestationSignatures` has it. */
export interface LateSignature {
  readonly index: number
  readonly signature: Uint8Array
}

/**
 * What this home's validators have not signed of a height, signed now: of a validator that has left the set,
 * which no vote carries any more. Only what the chain itself has recorded is signed. Throws `hub/2`, `hub/4`,
 * `hub/6`, `hub/8`.
 */
export function signMissing(home: string, height: bigint): LateSignature[] {
  const signers = readAttestationSigners(home)
  return withHub(home, (hub) => {
    const data = QueryMissingSignaturesRequest.encode({ height }).finish()
    const path = '/causeway.attestation.v1.Query/MissingSignatures'
    const { code, log, value } = hub.query({ path, data, height: 0n, prove: false })
    if (code !== 0) throw errors.notAttested({ height, reason: log })
    const { attestation, missing } = QueryMissingSignaturesResponse.decode(value)
    const bytes = attestationBytes({ chainId: hub.chain.options.chainId, height, ...attestation! })
    const signatures = missing.flatMap(({ index, key }) => {
      const signer = signers.find((own) => equalBytes(own.key, key))
      return signer === undefined ? [] : [{ index, signature: signer.sign(bytes) }]
    })
    if (signatures.length === 0) throw errors.notAttested({ height, reason: 'no own signature is missing' })
    return signatures
  })
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
