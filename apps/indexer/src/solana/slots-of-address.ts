import { EndpointError } from '../follow/endpoint-error.ts'
import type { Commitment, SignatureInfo, SolanaRpc } from './solana-rpc.ts'

/** The transactions of one slot that name an address, in the chain's order. */
export type SlotSignatures = {
  readonly slot: bigint
  /** Of those that succeeded, base58. */
  readonly signatures: readonly string[]
  /** The last one, failed or not. */
  readonly newest: string
}

/** Which slots are asked for: those above `after`, up to and with `to`. */
export type SlotRange = {
  readonly commitment: Commitment
  readonly after: bigint
  readonly to: bigint
  /** A transaction at or below `after`: older ones need not be listed. */
  readonly until: string | undefined
}

/** Pages of one walk: a hundred million transactions. */
const PAGES_MAX = 100_000

/**
 * The slots in which transactions named an address, oldest first, each whole. The list is walked from its
 * newest page back to what is known, and of each page only its end is remembered: however much there is to
 * catch up with, memory holds two pages. Throws an `EndpointError`.
 */
export async function* slotsOfAddress(
  rpc: SolanaRpc,
  address: string,
  range: SlotRange,
  signal: AbortSignal,
): AsyncGenerator<SlotSignatures> {
  const list = (before: string | undefined): Promise<SignatureInfo[]> => {
    const { commitment, until, to } = range
    return rpc.signatures(address, { commitment, before, until, atLeast: to }, signal)
  }
  const { newest, ends, oldest } = await walk(list, range.after)
  let open: SignatureInfo[] = []
  for (let page = ends.length; page >= 0; page--) {
    const infos = page === 0 ? newest : page === ends.length ? oldest : await again(list, ends, page)
    for (const info of infos.toReversed()) {
      if (info.slot <= range.after || info.slot > range.to) continue
      if (open.length > 0 && open[0]!.slot !== info.slot) {
        yield toSlot(open)
        open = []
      }
      open.push(info)
    }
  }
  if (open.length > 0) yield toSlot(open)
}

type List = (before: string | undefined) => Promise<SignatureInfo[]>

/** Goes back to the first slot that is known; `ends` are the last signatures of all pages but the oldest. */
async function walk(
  list: List,
  after: bigint,
): Promise<{ newest: SignatureInfo[]; ends: string[]; oldest: SignatureInfo[] }> {
  const newest = await list(undefined)
  const ends: string[] = []
  let page = newest
  for (;;) {
    const last = page.at(-1)
    if (last === undefined || last.slot <= after) return { newest, ends, oldest: page }
    // A page may be shorter than asked for though there is more: only an empty one is the end.
    ends.push(last.signature)
    if (ends.length > PAGES_MAX) throw new EndpointError('too-large', 'a list of signatures without end')
    page = await list(last.signature)
    if (page[0] !== undefined && page[0].slot > last.slot)
      throw new EndpointError('malformed', 'an older page of signatures is newer')
  }
}

/** A page that was seen before; what is final does not change. */
async function again(list: List, ends: readonly string[], page: number): Promise<SignatureInfo[]> {
  const infos = await list(ends[page - 1])
  const end = infos.findIndex(({ signature }) => signature === ends[page])
  if (end < 0) throw new EndpointError('wrong-results', 'a list of final signatures has changed')
  return infos.slice(0, end + 1)
}

function toSlot(infos: readonly SignatureInfo[]): SlotSignatures {
  const signatures = infos.filter(({ isFailed }) => !isFailed).map(({ signature }) => signature)
  return { slot: infos[0]!.slot, signatures, newest: infos.at(-1)!.signature }
}
