// A validator's application that misbehaves as far as an application can. Of tests only.
import type { Application } from '@causeway/hub'
import { sha256, utf8 } from '@causeway/primitives'
import { VoteExtension } from '@causeway/protocol/causeway/block/v1/block'
import { ExtendedCommitInfo } from '@causeway/protocol/tendermint/abci/types'

/** A validator that does everything as an honest one but what the test names. */
export interface Hostility {
  /** What becomes of each of its proposals, one after the other; default: nothing. */
  readonly proposals?: readonly Tampering[]
  /** Leaves these out of every proposal of its own; at about every second height that is all. */
  readonly censors?: (tx: Uint8Array) => boolean
  /** Whether its mempool loses these: it proposes them only where it has to. */
  readonly forgets?: (tx: Uint8Array) => boolean
  /** Votes prices ten times too high, and names and carries transactions that nobody has. */
  readonly lies?: boolean
  /** Whose proposals and votes; default all that this application makes. */
  readonly isOwn?: (address: Uint8Array) => boolean
  /** From this height on; default 4. */
  readonly from?: bigint
}

/** What a hostile proposer makes of an honest proposal; `earlier` is the first transaction 0 that it saw. */
export type Tampering = (txs: readonly Uint8Array[], earlier: Uint8Array) => Uint8Array[]

/** All that a proposal can have wrong, and the code that it is refused with. */
export const TAMPERINGS = {
  noVotes: ([, ...rest]) => rest,
  forgedVotes: ([first, ...rest]) => [changeExtension(first!), ...rest],
  fewerVotes: ([first, ...rest]) => [dropVote(first!), ...rest],
  oldVotes: ([, ...rest], earlier) => [earlier, ...rest],
  undecodable: (txs) => [...txs, new TextEncoder().encode('no transaction')],
  lanesReversed: ([first, ...rest]) => [first!, ...rest.reverse()],
  twice: (txs) => [...txs, txs.at(-1)!],
} as const satisfies Record<string, Tampering>

/** The application with these misdeeds. */
export function hostile(application: Application, hostility: Hostility): Application {
  const { proposals = [], censors = () => false, forgets = () => false, lies = false } = hostility
  const { isOwn = () => true, from = 4n } = hostility
  let count = 0
  let earlier: Uint8Array | undefined
  return {
    info: (request) => application.info(request),
    initChain: (request) => application.initChain(request),
    checkTx: (request) => application.checkTx(request),
    processProposal: (request) => application.processProposal(request),
    verifyVoteExtension: (request) => application.verifyVoteExtension(request),
    finalizeBlock: (request) => application.finalizeBlock(request),
    commit: () => application.commit(),
    query: (request) => application.query(request),
    extendVote(request, validator) {
      const honest = application.extendVote(request, validator)
      if (!lies || !(validator === undefined || isOwn(validator))) return honest
      return { voteExtension: lieOf(honest.voteExtension, request.height) }
    },
    prepareProposal(request) {
      if (!isOwn(request.proposerAddress)) return application.prepareProposal(request)
      const known = request.txs.filter((tx) => !forgets(tx))
      const { txs } = application.prepareProposal({ ...request, txs: known })
      const [first] = txs
      if (first === undefined || request.height < from) return { txs }
      earlier ??= first
      // The votes carry the bytes of what is left out.
      const left = txs.filter((tx) => tx === first || !censors(tx))
      // Chosen by hash: anything regular may fall into step with who proposes the blocks of demands.
      const isQuiet = left.length < txs.length && sha256(utf8(`${request.height}`))[0]! % 2 === 0
      if (proposals.length === 0 || isQuiet) return { txs: left }
      return { txs: proposals[count++ % proposals.length]!(left, earlier) }
    },
  }
}

function lieOf(voteExtension: Uint8Array, height: bigint): Uint8Array {
  const honest = VoteExtension.decode(voteExtension)
  const prices = honest.prices.map((price) => ({ ...price, priceE9: price.priceE9 * 10n }))
  const held = Array.from({ length: 16 }, (_, i) => ({
    hash: new Uint8Array(32).fill(i).fill(Number(height % 256n), 0, 8),
    lane: 1 + (i % 3),
    bytes: 300,
    gasLimit: 25_000_000n,
  }))
  const served = [new Uint8Array(4_000).fill(Number(height % 256n))]
  return VoteExtension.encode({ ...honest, prices, held, served }).finish()
}

function changeExtension(bytes: Uint8Array): Uint8Array {
  const commit = ExtendedCommitInfo.decode(bytes)
  const votes = commit.votes.map((vote, i) =>
    i === 0 ? { ...vote, voteExtension: Uint8Array.of(10, 2, 8, 1) } : vote,
  )
  return ExtendedCommitInfo.encode({ ...commit, votes }).finish()
}

function dropVote(bytes: Uint8Array): Uint8Array {
  const commit = ExtendedCommitInfo.decode(bytes)
  return ExtendedCommitInfo.encode({ ...commit, votes: commit.votes.slice(1) }).finish()
}
