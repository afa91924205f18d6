// What a node hands to its application, with defaults for what few nodes change.
import {
  blstScheme,
  createEthereumClient,
  createNativeSignatureVerifier,
  createSolanaClient,
  createTendermintClient,
  nobleLatticeXof,
} from '@causeway/light-clients'
import type { LatticeXof, VerifySignature } from '@causeway/light-clients'
import type { LightClient } from '@causeway/messaging'
import type { Storage } from '@causeway/state-tree'
import type { ProtocolError } from '@causeway/primitives'
import type { CosmosApplicationOptions } from './application.ts'
import type { TransactionLookup } from './query/transaction-query.ts'
import type { VerifySignatures } from './tx/signatures.ts'
import { verifyCheck } from './workers/native-signatures.ts'

/** Options of any application made here. */
export interface NodeOptions {
  readonly chainId: string
  readonly storage: Storage
  /** secp256k1 of transactions: `verifyNatively`, or a `SignaturePool`'s. */
  readonly verifySignatures: VerifySignatures
  /** Default: 07-tendermint with native Ed25519 and secp256k1, ethereum with native BLS, solana with both. */
  readonly lightClients?: readonly LightClient[]
  /**
   * BLAKE3 of Solana's accounts; default @noble/hashes, which is slow: hand in what `createWasmLatticeXof`
   * gives.
   */
  readonly latticeXof?: LatticeXof
  /** How many committed versions stay provable; default 86,400: a day of one-second blocks. */
  readonly keepVersions?: bigint
  /** Transactions that the node's mempool holds; default 20,000. */
  readonly mempoolTransactionsMax?: number
  /** Shown by `info` and `app/version`. */
  readonly version?: string
  /** The engine's index of transactions, for `GetTx`. */
  readonly findTransaction?: TransactionLookup
  /** Told why a proposal was refused. */
  readonly onProposalRefused?: (height: bigint, reason: ProtocolError) => void
}

/** secp256k1 of validators of other chains: the rule of transactions here, on the calling thread. */
export const verifySecp256k1Natively: VerifySignature = (publicKey, message, signature) =>
  verifyCheck({ scheme: 'secp256k1', publicKey, message, signature })

const KEEP_VERSIONS = 86_400n
const MEMPOOL_TRANSACTIONS_MAX = 20_000

/** The options with their defaults. */
export function applicationOptions(
  options: NodeOptions,
): CosmosApplicationOptions & { lightClients: readonly LightClient[] } {
  const { chainId, storage, verifySignatures, findTransaction, onProposalRefused } = options
  const verifyExtensions = createNativeSignatureVerifier(verifySecp256k1Natively)
  return {
    chainId,
    storage,
    verifySignatures,
    verifyExtensions,
    lightClients: options.lightClients ?? [
      createTendermintClient({ verifySignatures: verifyExtensions }),
      createEthereumClient({ bls: blstScheme }),
      createSolanaClient({
        verifySignatures: verifyExtensions,
        bls: blstScheme,
        latticeXof: options.latticeXof ?? nobleLatticeXof,
      }),
    ],
    keepVersions: options.keepVersions ?? KEEP_VERSIONS,
    mempoolTransactionsMax: options.mempoolTransactionsMax ?? MEMPOOL_TRANSACTIONS_MAX,
    version: options.version ?? '0.1.0',
    ...(findTransaction === undefined ? {} : { findTransaction }),
    ...(onProposalRefused === undefined ? {} : { onProposalRefused }),
  }
}
