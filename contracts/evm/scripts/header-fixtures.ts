import { toHex as hex } from 'viem'
import type { Hex } from 'viem'
import { be64, concatBytes, sha256, utf8 } from '@causeway/primitives'
import { encodeEvmProof, encodeEvmProofs } from '@causeway/light-clients'
import type { AttestationMessage } from '@causeway/light-clients'
import {
  commitVersion,
  encodeHeaders,
  exampleSet,
  exampleStores,
  queryProof,
  shortened,
  signHeader,
} from './example-hub.ts'
import type { ExampleSet, Write } from './example-hub.ts'

/** What a client is constructed with, and the message that advances it. Fields in alphabetical order. */
export interface HeaderCase {
  readonly appHash: Hex
  readonly clientMessage: Hex
  readonly height: number
  readonly name: string
  readonly nextSetHash: Hex
  readonly setHash: Hex
  readonly timeSeconds: number
}

/** Proofs under one header: each alone, all in one transaction, and receipts that are not there. */
export interface BatchFixture {
  readonly absences: { readonly batch: readonly Hex[]; readonly keys: readonly Hex[]; readonly single: Hex }
  readonly header: HeaderCase
  readonly memberships: {
    readonly batch: readonly Hex[]
    readonly keys: readonly Hex[]
    /** With nextSetHash: for a transaction of its own. */
    readonly opened: Hex
    /** Without it: for the header's own transaction. */
    readonly single: Hex
    readonly values: readonly Hex[]
  }
  readonly leafCount: number
}

const CHAIN_ID = 'causeway-1'
const HEIGHT = 1_001n
const TIME_SECONDS = 1_767_323_200n
const BATCH = 50

/** Headers of 4, 20 and 100 attestors with nobody and with a third (less one's dust) absent. */
export function headerCases(): HeaderCase[] {
  return [4, 20, 100].flatMap((count) => {
    const signers = exampleSet(`set of ${count}`, count, () => 100n)
    const third = Math.ceil(count / 3) - 1
    return [0, third].map((absent) => {
      const indices = Array.from({ length: absent }, (_, i) => i * 3 + 1)
      return headerCase(`${count} validators, ${absent} absent`, signers, sha256(utf8('app')), indices)
    })
  })
}

function headerCase(
  name: string,
  signers: ExampleSet,
  appHash: Uint8Array,
  absent: readonly number[],
): HeaderCase {
  const message: AttestationMessage = {
    chainId: CHAIN_ID,
    height: HEIGHT,
    timeSeconds: TIME_SECONDS,
    appHash,
    nextSetHash: signers.setHash,
  }
  return {
    appHash: hex(appHash),
    clientMessage: encodeHeaders(shortened(signHeader(signers, message, absent))),
    height: Number(HEIGHT),
    name,
    nextSetHash: hex(signers.setHash),
    setHash: hex(signers.setHash),
    timeSeconds: Number(TIME_SECONDS),
  }
}

/** A hub with 40,000 keys in store `ibc`, and 50 packets to this chain in its newest version. */
export function batchFixture(leafCount = 40_000): BatchFixture {
  const stores = exampleStores()
  const old = Array.from({ length: leafCount }, (_, i): Write => [
    'ibc',
    concatBytes(utf8(`client-${i % 3}`), Uint8Array.of(1 + (i % 3)), be64(BigInt(i))),
    sha256(be64(BigInt(i))),
  ])
  const others = ['accounts', 'bank', 'ledger', 'staking', 'transfer']
  commitVersion(stores, 5_000_000n, [...old, ...others.map((name): Write => [name, utf8(name), utf8('x')])])
  const keys = Array.from({ length: BATCH }, (_, i) => packetKey(1, 1_000_000n + BigInt(i)))
  const values = keys.map((key) => sha256(key))
  // Receipts of every packet but each third, which timed out
  const received = Array.from({ length: 3 * BATCH }, (_, i) => i).filter((i) => i % 3 !== 1)
  commitVersion(stores, 5_000_001n, [
    ...keys.map((key, i): Write => ['ibc', key, values[i]!]),
    ...received.map((i): Write => ['ibc', packetKey(2, 2_000_000n + BigInt(i)), Uint8Array.of(2)]),
  ])
  const absentKeys = Array.from({ length: BATCH }, (_, i) => packetKey(2, 2_000_001n + BigInt(3 * i)))
  const header = headerCase(
    'of the batch',
    exampleSet('set of 100', 100, () => 100n),
    stores.appHash(),
    [],
  )
  const prove = (key: Uint8Array): Uint8Array => queryProof(stores, 'ibc', key)
  return { ...proofsUnder(header, prove, keys, values, absentKeys), leafCount }
}

function proofsUnder(
  header: HeaderCase,
  prove: (key: Uint8Array) => Uint8Array,
  keys: readonly Uint8Array[],
  values: readonly Uint8Array[],
  absentKeys: readonly Uint8Array[],
): Omit<BatchFixture, 'leafCount'> {
  const all = (list: readonly Uint8Array[]): Hex[] => list.map((bytes) => hex(bytes))
  return {
    absences: {
      batch: all(encodeEvmProofs(absentKeys.map(prove))),
      keys: all(absentKeys),
      single: hex(encodeEvmProof(prove(absentKeys[0]!))),
    },
    header,
    memberships: {
      batch: all(encodeEvmProofs(keys.map(prove))),
      keys: all(keys),
      opened: hex(encodeEvmProof(prove(keys[0]!), Buffer.from(header.nextSetHash.slice(2), 'hex'))),
      single: hex(encodeEvmProof(prove(keys[0]!))),
      values: all(values),
    },
  }
}

/** commitment (1), receipt (2) or acknowledgement (3) key of a packet. */
function packetKey(kind: number, sequence: bigint): Uint8Array {
  return concatBytes(utf8('ethereum-0'), Uint8Array.of(kind), be64(sequence))
}
