import { toHex, toHexUpper, sha256 } from '@causeway/primitives'
import type { ChainBlock } from '../project/block.ts'
import { mergeChanges, type Change } from '../project/change.ts'
import { projectBlock, type Projection } from '../project/project-block.ts'
import type { CometRpc, FetchedBlock } from './comet-rpc.ts'
import type { ChainRole } from './cursor.ts'
import type { Indexed } from './follow-loop.ts'
import { resolveClients } from './resolve-clients.ts'
import { resolveMarkets, type KnownMarkets } from './resolve-markets.ts'
import type { VerifiedHead } from './verify-block.ts'

/** What was written together, of whatever kind of chain. */
export type CommittedBatch = {
  readonly chainId: string
  readonly role: ChainRole
  /** The block before the first; undefined when the first is the root. */
  readonly parent: Indexed | undefined
  /** The newest block. */
  readonly head: Indexed
  readonly blockCount: number
  readonly changes: readonly Change[]
  readonly problems: Projection['problems']
}

/** Verified and projected blocks, ready to be written together. */
export type Batch = CommittedBatch & {
  readonly parent: VerifiedHead | undefined
  readonly first: VerifiedHead
  readonly head: VerifiedHead
  readonly tracked: ReadonlyMap<string, string>
}

/** What collecting needs of its chain. */
export type BatchSource = {
  readonly chain: { readonly chainId: string; readonly role: ChainRole }
  readonly parent: VerifiedHead | undefined
  readonly tracked: ReadonlyMap<string, string>
  /** Gets the markets of the blocks that are collected. */
  readonly markets: KnownMarkets
  readonly rpc: CometRpc
  readonly verify: (block: FetchedBlock, parent: VerifiedHead | undefined) => Promise<VerifiedHead>
}

const CHANGES_MAX = 20_000

/** Takes up to `blocksMax` blocks, verifies and projects each; undefined when there are none. */
export async function collectBatch(
  blocks: AsyncGenerator<FetchedBlock>,
  blocksMax: number,
  source: BatchSource,
): Promise<Batch | undefined> {
  const { chainId, role } = source.chain
  const tracked = new Map<string, string>()
  const knownChain = (_chainId: string, clientId: string): string | undefined =>
    tracked.get(clientId) ?? source.tracked.get(clientId)
  const changes: Change[] = []
  const problems: { event: string; reason: string }[] = []
  let [first, head]: (VerifiedHead | undefined)[] = [undefined, source.parent]
  let blockCount = 0
  while (blockCount < blocksMax && changes.length < CHANGES_MAX) {
    const { value: fetched, done } = await blocks.next()
    if (done === true) break
    const parent = head
    head = await source.verify(fetched, parent)
    first ??= head
    blockCount++
    const block = toChainBlock(fetched, head, source.chain)
    const resolved = await resolveClients(block, head, knownChain, source.rpc)
    for (const [clientId, tracks] of resolved.tracked) tracked.set(clientId, tracks)
    const projection = projectBlock(block, knownChain)
    for (const [clientId, tracks] of projection.tracked) tracked.set(clientId, tracks)
    const listed = await listedMarkets(block, projection, source)
    changes.push(...resolved.changes, ...listed, ...projection.changes)
    problems.push(...projection.problems)
  }
  if (first === undefined || head === undefined) return undefined
  const merged = mergeChanges(changes)
  return { chainId, role, parent: source.parent, first, head, blockCount, changes: merged, tracked, problems }
}

async function listedMarkets(
  { isHub, height }: ChainBlock,
  { changes }: Projection,
  { markets, rpc }: BatchSource,
): Promise<Change[]> {
  return isHub ? resolveMarkets(height, changes, markets, rpc) : []
}

function toChainBlock(
  fetched: FetchedBlock,
  head: VerifiedHead,
  { chainId, role }: { chainId: string; role: ChainRole },
): ChainBlock {
  return {
    chainId,
    isHub: role === 'hub',
    height: head.height,
    provableHeight: head.height + 1n,
    isFinal: true,
    hash: toHexUpper(head.blockHash),
    timeNanoseconds: head.timeNanoseconds,
    appHash: toHex(head.appHash),
    nextValidatorsHash: toHex(head.nextValidatorsHash),
    proposer: toHexUpper(fetched.header.proposerAddress),
    transactions: fetched.transactions.map((bytes, index) => {
      const { code, codespace, gasUsed } = fetched.results[index]!
      const events = fetched.resultEvents[index] ?? []
      return { hash: toHexUpper(sha256(bytes)), bytes, code, codespace, gasUsed, events }
    }),
    events: fetched.blockEvents,
  }
}
