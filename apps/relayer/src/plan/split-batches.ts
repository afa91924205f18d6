import { contentBytes } from './work.ts'
import type { MessageKind, Work } from './work.ts'

/** What one transaction of a chain may hold. */
export interface BatchLimits {
  readonly messagesMax: bigint
  readonly bytesMax: bigint
  readonly gasMax: bigint
}

/** Expected gas per message, used for fitting only: what a transaction pays is simulated or configured. */
export type GasTable = Readonly<Record<MessageKind | 'update', bigint>>

/** Expected bytes of an ICS-23 proof pair (IAVL and simple tree) with its message's envelope. */
const PROOF_BYTES = 2_048n
/** Expected bytes of a client update: a header with two validator sets of a hundred. */
const UPDATE_BYTES = 32_768n

/**
 * Splits messages into transactions, in order, each within the limits. The first batch leaves room for the
 * client update. A message marked `apart` travels alone; one that exceeds the limits by itself still gets
 * its own transaction, because the chain and not this estimate is the judge.
 */
export function splitBatches(
  works: readonly Work[],
  limits: BatchLimits,
  gas: GasTable,
  withUpdate: boolean,
): Work[][] {
  const batches: Work[][] = []
  let open: Work[] = []
  let used = withUpdate ? { bytes: UPDATE_BYTES, gas: gas.update } : { bytes: 0n, gas: 0n }
  const close = () => {
    if (open.length === 0) return
    batches.push(open)
    open = []
    used = { bytes: 0n, gas: 0n }
  }
  for (const work of works) {
    const cost = { bytes: contentBytes(work) + PROOF_BYTES, gas: gas[work.kind] }
    const full =
      BigInt(open.length) >= limits.messagesMax ||
      used.bytes + cost.bytes > limits.bytesMax ||
      used.gas + cost.gas > limits.gasMax
    if (full || work.apart) close()
    open.push(work)
    used = { bytes: used.bytes + cost.bytes, gas: used.gas + cost.gas }
    if (work.apart) close()
  }
  close()
  return batches
}

/** The expected size and gas of one batch; what the properties check against the limits. */
export function batchCost(
  works: readonly Work[],
  gas: GasTable,
  withUpdate: boolean,
): { bytes: bigint; gas: bigint } {
  let bytes = withUpdate ? UPDATE_BYTES : 0n
  let total = withUpdate ? gas.update : 0n
  for (const work of works) {
    bytes += contentBytes(work) + PROOF_BYTES
    total += gas[work.kind]
  }
  return { bytes, gas: total }
}
