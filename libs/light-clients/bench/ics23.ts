import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CommitmentProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { fromHex, utf8 } from '@causeway/primitives'
import {
  cosmosSpecs,
  createBatchVerifier,
  decodeCommitmentProof,
  iavlSpec,
  verifyChained,
  verifyMembership,
  verifyNonMembership,
} from '../src/index.ts'
import { measure, type Figure } from './measure.ts'

interface ProofsFile {
  app_root: string
  store_name: string
  store_root: string
  store_proof: string
  exist: { key: string; value: string; proof: string }[]
  absent: { key: string; proof: string }[]
  avg_depth: number
  tm_depth: number
}

/** Where the peers leave their proofs. */
export function ics23ProofsPath(): string {
  return (
    process.env.PROOFS_JSON ??
    join(process.env.PEERS_CACHE ?? join(homedir(), '.cache/causeway-peers'), 'ics23/proofs.json')
  )
}

/** Measures ICS-23 verification on the peers' proofs; throws when a proof fails or a tampered one passes. */
export function benchIcs23(path = ics23ProofsPath()): Figure[] {
  const file = JSON.parse(readFileSync(path, 'utf8')) as ProofsFile
  const appRoot = fromHex(file.app_root)
  const storeRoot = fromHex(file.store_root)
  const storeBytes = fromHex(file.store_proof)
  const store = decodeCommitmentProof(storeBytes)
  const exist = file.exist.map((item) => entry(item.key, item.value, item.proof))
  const absent = file.absent.map((item) => entry(item.key, '', item.proof))
  const depth = `IAVL avg ${file.avg_depth.toFixed(1)} inner ops; tendermint simple ${file.tm_depth}`
  const name = utf8(file.store_name)
  const n = 4096
  const chain = (proof: CommitmentProof, top: CommitmentProof, item: Entry) =>
    verifyChained(cosmosSpecs, appRoot, [name, item.key], item.value, { proofs: [proof, top] })
  const figures = [
    measure('membership iavl+tendermint, decoded', n, depth, (i) => {
      const item = exist[i % exist.length]!
      chain(item.proof, store, item)
    }),
    measure('membership iavl+tendermint, from protobuf bytes', n, `${depth}; strict decoding`, (i) => {
      const item = exist[i % exist.length]!
      chain(decodeCommitmentProof(item.bytes), decodeCommitmentProof(storeBytes), item)
    }),
    measure('membership iavl only, decoded', n, depth, (i) => {
      const item = exist[i % exist.length]!
      verifyMembership(iavlSpec, storeRoot, item.proof, item.key, item.value)
    }),
    measure('non-membership iavl only, decoded', n, depth, (i) => {
      const item = absent[i % absent.length]!
      verifyNonMembership(iavlSpec, storeRoot, item.proof, item.key)
    }),
    batchFigure(exist, store, appRoot, name, depth, false),
    batchFigure(exist, storeBytes, appRoot, name, depth, true),
  ]
  refuseTampered(exist, (item) => chain(item.proof, store, item))
  return figures
}

interface Entry {
  key: Uint8Array
  value: Uint8Array
  bytes: Uint8Array
  proof: CommitmentProof
}

function entry(key: string, value: string, proof: string): Entry {
  const bytes = fromHex(proof)
  return { key: fromHex(key), value: fromHex(value), bytes, proof: decodeCommitmentProof(bytes) }
}

/** All different proofs under one root once per batch, each batch with a new verifier. */
function batchFigure(
  exist: readonly Entry[],
  store: CommitmentProof | Uint8Array,
  appRoot: Uint8Array,
  name: Uint8Array,
  depth: string,
  fromBytes: boolean,
): Figure {
  let verifier = createBatchVerifier(cosmosSpecs, appRoot)
  const form = fromBytes ? 'from protobuf bytes' : 'decoded'
  const work = `membership iavl+tendermint, batch of ${exist.length}, ${form}`
  return measure(
    work,
    exist.length * 16,
    `${depth}; shared nodes hashed once, nothing kept between batches`,
    (i) => {
      if (i % exist.length === 0) verifier = createBatchVerifier(cosmosSpecs, appRoot)
      const item = exist[i % exist.length]!
      const proofs =
        store instanceof Uint8Array ? [item.bytes, store].map(decodeCommitmentProof) : [item.proof, store]
      verifier.verifyMembership([name, item.key], item.value, { proofs })
    },
  )
}

function refuseTampered(exist: readonly Entry[], verify: (item: Entry) => void): void {
  for (const item of exist) {
    const value = item.value.slice()
    value[0]! ^= 1
    try {
      verify({ ...item, value })
    } catch {
      continue
    }
    throw new Error('a tampered value was accepted')
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const figure of benchIcs23()) process.stdout.write(`${JSON.stringify(figure)}\n`)
}
