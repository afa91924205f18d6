import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  benchStorageProofs,
  storageProofExamples,
  type StorageProofExamples,
} from '@causeway/light-clients/bench/ethereum'
import { decodeRlp, ibcCommitmentSlot } from '@causeway/light-clients'
import { equalBytes } from '@causeway/primitives'
import { requireNpmPeer } from '../interop/ethereum/npm-peer.ts'
import type { Comparison, Figure } from './figures.ts'

/** @ethereumjs/mpt, by which @lodestar/prover checks what nodes answer too. */
interface Mpt {
  readonly MerklePatriciaTrie: new (options: { useKeyHashing: boolean }) => object
  verifyMPTWithMerkleProof(
    trie: object,
    root: Uint8Array,
    key: Uint8Array,
    proof: readonly Uint8Array[],
  ): Promise<Uint8Array | null>
}

const VERSION = '10.1.3'
const CALLS = 500

/** Storage proofs beside @ethereumjs/mpt, on the same proofs in the same process. */
export async function compareStorageProofs(repetitions: number): Promise<Comparison[]> {
  const examples = storageProofExamples()
  const ours = benchStorageProofs(examples)
  const modules = join(await requireNpmPeer('light-client-peer'), 'node_modules')
  const file = pathToFileURL(join(modules, '@ethereumjs/mpt/dist/esm/index.js')).href
  const peers = await measurePeer((await import(file)) as Mpt, examples, repetitions)
  return ours.map((figure) => ({
    what: `ethereum: ${figure.work}`,
    ours: figure,
    peer: peers.find(({ work }) => work === figure.work),
    by: 'per_cpu_second',
    aim: 1,
  }))
}

async function measurePeer(
  mpt: Mpt,
  { stateRoot, contract, paths, proofs, absent, absence }: StorageProofExamples,
  repetitions: number,
): Promise<Figure[]> {
  const trie = new mpt.MerklePatriciaTrie({ useKeyHashing: true })
  const slotOf = (path: Uint8Array) => ibcCommitmentSlot(contract, [path])
  const verify = async (path: Uint8Array, proof: (typeof proofs)[number]) => {
    const account = await mpt.verifyMPTWithMerkleProof(trie, stateRoot, contract.address, proof.accountProof)
    const [, , storageRoot] = decodeRlp(account!) as Uint8Array[]
    return await mpt.verifyMPTWithMerkleProof(trie, storageRoot!, slotOf(path), proof.storageProof)
  }
  const commitment = async (i: number) => {
    const at = i % paths.length
    if ((await verify(paths[at]!, proofs[at]!)) === null) throw new Error('absent')
  }
  const nothing = async () => {
    if ((await verify(absent, absence)) !== null) throw new Error('present')
  }
  const wrong = proofs[0]!.accountProof.map((node, i) => (i === 0 ? node.with(9, node[9]! ^ 1) : node))
  const refused = await verify(paths[0]!, { ...proofs[0]!, accountProof: wrong }).catch(() => 'refused')
  if (refused !== 'refused' || equalBytes(wrong[0]!, proofs[0]!.accountProof[0]!)) {
    throw new Error('the peer accepts a proof that was altered')
  }
  return [
    await rateOf('storage proof: account and commitment', repetitions, commitment),
    await rateOf('storage proof: account and absence', repetitions, nothing),
  ]
}

/** Calls per second of wall clock and of processor, the median of repetitions after one that warms up. */
async function rateOf(
  work: string,
  repetitions: number,
  call: (i: number) => Promise<void>,
): Promise<Figure> {
  const rates: { wall: number; cpu: number }[] = []
  for (let repetition = 0; repetition <= repetitions; repetition++) {
    const startedAt = performance.now()
    const before = process.cpuUsage()
    for (let i = 0; i < CALLS; i++) await call(i)
    const { user, system } = process.cpuUsage(before)
    const seconds = (performance.now() - startedAt) / 1e3
    if (repetition > 0) rates.push({ wall: CALLS / seconds, cpu: CALLS / ((user + system) / 1e6) })
  }
  const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!
  return {
    peer: '@ethereumjs/mpt',
    version: VERSION,
    work,
    per_second: median(rates.map(({ wall }) => wall)),
    per_cpu_second: median(rates.map(({ cpu }) => cpu)),
  }
}
