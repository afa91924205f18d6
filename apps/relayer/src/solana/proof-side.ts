import type { TreePath } from '@causeway/light-clients'

import type { Chain } from '../chain.ts'
import type { Head } from '../plan/view.ts'

/**
 * What clients of this cluster are shown: headers and proofs out of the record stream. The other half of the
 * adapter asks an RPC endpoint, sends, and confirms.
 */
export interface SolanaProofSide extends Pick<
  Chain,
  'proofWindow' | 'prove' | 'clientUpdates' | 'findMisbehaviour' | 'clientSeed'
> {
  /** Newest slot that is final and whose bank hash was computed. Throws `RelayError` before there is one. */
  newestFinal(): Promise<Head>
  /** The highest epoch whose validators a header can bring; `undefined`: none was recorded yet. */
  newestEpoch(): bigint | undefined
  close(): Promise<void>
}

/** What stands at a packet's place in the tree of receipts, and its path there. */
export interface ReceiptPlace {
  /** 32 zero bytes: it was not received. */
  readonly leaf: Uint8Array
  readonly path: TreePath
}
