// Serves the hub's application to one CometBFT validator, records what it was given, and may be hostile:
//   node hub-validator.ts SOCKET HOME CHAIN_ID honest|hostile
// A hostile one tampers with transaction 0 of its own proposals, each time in another way; everything else it
// does as an honest one.
import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  createHubApplication,
  createSeededPriceSource,
  openRecording,
  recordApplication,
  startAbciServer,
  verifyNatively,
} from '@causeway/hub'
import type { Application } from '@causeway/hub'
import { ExtendedCommitInfo } from '@causeway/protocol/tendermint/abci/types'
import { openLmdbStorage } from '@causeway/state-tree'

const [socket, home, chainId, mode] = process.argv.slice(2) as [string, string, string, string]

/** What a hostile proposer makes of transaction 0, given an earlier one: missing, forged, cut, replayed. */
const tampering: readonly ((first: Uint8Array, earlier: Uint8Array) => Uint8Array[])[] = [
  () => [],
  (first) => [changeExtension(first)],
  (first) => [dropVote(first)],
  (_first, earlier) => [earlier],
]

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

function hostile(application: Application): Application {
  let proposals = 0
  let earlier: Uint8Array | undefined
  return {
    info: (request) => application.info(request),
    initChain: (request) => application.initChain(request),
    checkTx: (request) => application.checkTx(request),
    processProposal: (request) => application.processProposal(request),
    extendVote: (request) => application.extendVote(request),
    verifyVoteExtension: (request) => application.verifyVoteExtension(request),
    finalizeBlock: (request) => application.finalizeBlock(request),
    commit: () => application.commit(),
    query: (request) => application.query(request),
    prepareProposal: (request) => {
      const { txs } = application.prepareProposal(request)
      const [first, ...rest] = txs
      if (first === undefined || request.height < 4n) return { txs }
      const made = tampering[proposals++ % tampering.length]!(first, earlier ?? first)
      earlier ??= first
      return { txs: [...made, ...rest] }
    },
  }
}

mkdirSync(join(home, 'application'), { recursive: true })
const application = createHubApplication({
  chainId,
  storage: openLmdbStorage(join(home, 'application')),
  verifySignatures: verifyNatively,
  priceSource: createSeededPriceSource('interop', [{ asset: 2n, priceE9: 3_000_000_000_000n }]),
  onProposalRefused: (height, reason) =>
    appendFileSync(
      join(home, 'refusals.txt'),
      `${height} ${reason.codespace}/${reason.code} ${reason.message}\n`,
    ),
})
const recorded = recordApplication(application, openRecording(join(home, 'recording')))
await startAbciServer({
  address: `unix://${socket}`,
  application: mode === 'honest' ? recorded : hostile(recorded),
  onFatal: (error) => {
    console.error(error)
    process.exit(1)
  },
})
