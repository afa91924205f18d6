import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { createWasmLatticeXof, nobleLatticeXof } from '@causeway/light-clients'
import { benchEthereum, updatePath } from '@causeway/light-clients/bench/ethereum'
import { benchIcs23, ics23ProofsPath } from '@causeway/light-clients/bench/ics23'
import { benchSolana } from '@causeway/light-clients/bench/solana'
import { benchTendermint, lightBlocksPath } from '@causeway/light-clients/bench/tendermint'
import { run as benchIavl } from '@causeway/state-tree/bench/iavl.bench'
import type { Comparison, Figure } from './figures.ts'
import { runPeer } from './peers.ts'
import { compareStorageProofs } from './storage-proofs.ts'

/** IAVL beside cosmos/iavl, fast nodes off, per CPU second, since Go's collector uses the second core. */
export async function compareIavl(repetitions: number): Promise<Comparison[]> {
  const peers = runPeer('iavl-go', repetitions).filter(
    (figure) => figure.note?.startsWith('fast nodes false') === true,
  )
  const ours = await benchIavl(repetitions)
  return ours.map((figure) => ({
    what: `IAVL: ${figure.work}`,
    ours: figure,
    peer: peers.find((peer) => peer.work === figure.work),
    by: 'per_cpu_second',
    aim: peers.some((peer) => peer.work === figure.work) ? 1.5 : undefined,
  }))
}

/** ICS-23 beside @confio/ics23 and Go, on the proofs that the peer leaves. */
export function compareIcs23(repetitions: number): Comparison[] {
  const peers = runPeer('ics23', repetitions)
  if (!existsSync(ics23ProofsPath())) return []
  const find = (name: string, work: string) => peers.find((peer) => peer.peer === name && peer.work === work)
  return benchIcs23().flatMap((figure): Comparison[] => {
    const batch = figure.work.includes('batch')
    const work = figure.work.replace(/,? ?(in a )?batch.*$/, '')
    const row = (peer: Figure | undefined, aim: number | undefined): Comparison => ({
      what: `ICS-23: ${figure.work}`,
      ours: figure,
      peer,
      by: 'per_cpu_second',
      aim,
    })
    const [confio, go] = [find('@confio/ics23', work), find('ics23-go', work)]
    return [row(confio, 5), row(go, batch ? 1 : undefined)].filter((one) => one.peer !== undefined)
  })
}

/** Header verification beside CometBFT's light client: one thread against its one-by-one rows. */
export function compareHeaders(repetitions: number): Comparison[] {
  const peers = runPeer('comet-light', repetitions)
  if (!existsSync(lightBlocksPath())) return []
  const oneByOne = (work: string) =>
    peers.find((peer) => peer.work.startsWith(work) && peer.work.includes('one-by-one'))
  return benchTendermint().map((figure) => {
    const peer = /non-?adjacent/i.test(figure.work)
      ? oneByOne('VerifyNonAdjacent')
      : /adjacent/i.test(figure.work)
        ? oneByOne('VerifyAdjacent')
        : undefined
    return {
      what: `header, 150 validators: ${figure.work}`,
      ours: figure,
      peer,
      by: 'per_second',
      aim: peer && 0.7,
    }
  })
}

/**
 * Sync-committee updates beside @lodestar/light-client, on native blst where that loads for the peer, and
 * storage proofs beside @ethereumjs/mpt.
 */
export async function compareEthereum(repetitions: number): Promise<Comparison[]> {
  return [...compareUpdates(repetitions), ...(await compareStorageProofs(repetitions))]
}

function compareUpdates(repetitions: number): Comparison[] {
  process.env['ETH_NODE'] ??= installedNode()
  process.env['HERUMI'] ??= '0'
  const peers = runPeer('eth-lc', repetitions).filter((peer) => peer.peer === '@lodestar/light-client')
  if (!existsSync(updatePath())) return []
  const native = peers.filter((peer) => !/herumi/.test(peer.note ?? ''))
  const candidates = native.length > 0 ? native : peers
  return benchEthereum().map((figure) => {
    const peer = candidates.find((candidate) => candidate.work.split(' (')[0] === figure.work.split(' (')[0])
    return { what: `ethereum: ${figure.work}`, ours: figure, peer, by: 'per_cpu_second', aim: peer && 3 }
  })
}

/** The machine's own Node rather than the workspace's: the peer's addon loads on 18 to 22 only. */
function installedNode(): string {
  const folders = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
  return folders.map((folder) => join(folder, 'node')).find((path) => existsSync(path)) ?? process.execPath
}

/** The Solana client's parts: the lattice hash by hash-wasm beside the reference, votes, whole headers. */
export async function compareSolana(): Promise<Comparison[]> {
  const reference = benchSolana(nobleLatticeXof, '@noble/hashes')
  const ours = benchSolana(await createWasmLatticeXof(), 'hash-wasm')
  return ours.map((figure, i) => ({
    what: `Solana: ${figure.work}`,
    ours: figure,
    peer: figure.note.startsWith('BLAKE3')
      ? { ...reference[i]!, peer: '@noble/hashes', version: '' }
      : undefined,
    by: 'per_cpu_second',
    aim: undefined,
  }))
}
