// Waiting until a transaction stands in a block.
import { errors, hubRefusal, isNodeFault } from '../errors.ts'
import { findTransaction, newestHeight } from '../rpc/transactions.ts'
import type { IncludedTransaction } from '../rpc/transactions.ts'
import type { Hub } from './hub.ts'

/** A transaction that was handed over. */
export interface Pending {
  readonly txHash: string
  /** The last height that may include it. */
  readonly untilHeight: bigint
}

const FIRST_WAIT_MS = 50
const WAIT_MS_MAX = 500

/**
 * Waits until a block holds a transaction, and for what came of it. Throws what the hub refused it with,
 * `client/41` when it is in no block in time (it may still come), `client/42` when it can never come.
 */
export async function awaitInclusion(
  hub: Hub,
  pending: Pending,
  waitSeconds: number,
): Promise<IncludedTransaction> {
  const { txHash, untilHeight } = pending
  const { clock } = hub
  const deadline = clock.now() + waitSeconds * 1_000
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 1.5, WAIT_MS_MAX)) {
    await clock.sleep(Math.max(0, Math.min(wait, deadline - clock.now())))
    const isOver = clock.now() >= deadline
    // What the node fails to say it may say the next time: the transaction is handed over, come what may.
    const outcome = await look(hub, pending, isOver).catch((error: unknown) => {
      if (!isNodeFault(error)) throw error
      return undefined
    })
    if (outcome !== undefined) return outcome
    if (isOver) {
      const detail = { txHash, seconds: waitSeconds, untilHeight: `${untilHeight}` }
      throw errors.unknownOutcome(detail, { txHash })
    }
  }
}

/** Looks for a transaction; in the end also whether it can still come. */
async function look(
  hub: Hub,
  { txHash, untilHeight }: Pending,
  isOver: boolean,
): Promise<IncludedTransaction | undefined> {
  // The height before the search: whatever it has passed is then known to the search.
  const height = isOver ? await newestHeight(hub.rpc) : 0n
  const found = await findTransaction(hub.rpc, txHash)
  if (found !== undefined) return judged(hub, found)
  if (height > untilHeight) throw errors.neverIncluded({ txHash, untilHeight: `${untilHeight}` }, { txHash })
  return undefined
}

function judged(hub: Hub, found: IncludedTransaction): IncludedTransaction {
  hub.sawHeight(found.height)
  const { code, codespace, log, txHash } = found
  if (code !== 0) throw hubRefusal({ codespace, code, log }, { txHash })
  return found
}
