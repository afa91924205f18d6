import { toHex as hex } from 'viem'
import type { Hex } from 'viem'
import { sha256, utf8 } from '@causeway/primitives'
import { encodeEvmProof } from '@causeway/light-clients'
import type { AttestationMessage } from '@causeway/light-clients'
import {
  commitVersion,
  encodeHeaders,
  exampleSet,
  exampleStores,
  queryProof,
  signHeader,
} from './example-hub.ts'
import type { ExampleSet } from './example-hub.ts'

const CHAIN_ID = 'causeway-1'
const TRUSTED_TIME = 1_767_323_200n
const STORE = 'ibc'
const KEY = utf8('exit/owner/line')

/** Client messages by name, round one client that trusts height 1000, and proofs of one key by height. */
export interface ScenarioFixture {
  readonly messages: Readonly<Record<string, Hex>>
  readonly proofs: Readonly<Record<string, { absence: Hex; membership: Hex; value: Hex }>>
  readonly key: Hex
  readonly setA: Hex
  readonly setB: Hex
  readonly trusted: { appHash: Hex; height: number; nextSetHash: Hex; timeSeconds: number }
}

/** Honest attestations ten heights and ten seconds apart, and what contradicts them. */
export function scenarioFixture(): ScenarioFixture {
  const a = exampleSet('scenario A', 4, () => 10n)
  const b = exampleSet('scenario B', 7)
  const { appHashes, proofs } = stateByHeight(a, b)
  const messageAt = (height: bigint, change: Partial<AttestationMessage> = {}): AttestationMessage => ({
    chainId: CHAIN_ID,
    height,
    timeSeconds: TRUSTED_TIME + height - 1000n,
    appHash: appHashes.get(height) ?? sha256(utf8(`state ${height}`)),
    nextSetHash: height < 1060n ? a.setHash : b.setHash,
    ...change,
  })
  const by = (signers: ExampleSet, message: AttestationMessage): Hex =>
    encodeHeaders(signHeader(signers, message))
  const at = (height: bigint, change: Partial<AttestationMessage> = {}): Hex =>
    by(a, messageAt(height, change))
  const messages = {
    ...Object.fromEntries([1005n, 1010n, 1015n, 1020n, 1030n, 1040n].map((h) => [`${h}`, at(h)])),
    '999': at(999n),
    '1000 other app hash': at(1000n, { appHash: sha256(utf8('other')) }),
    '1020 other app hash': at(1020n, { appHash: sha256(utf8('other')) }),
    '1020 other next set': at(1020n, { nextSetHash: b.setHash }),
    '1020 other time': at(1020n, { timeSeconds: TRUSTED_TIME + 21n }),
    '1015 late': at(1015n, { timeSeconds: TRUSTED_TIME + 25n }),
    '1040 early': at(1040n, { timeSeconds: TRUSTED_TIME + 15n }),
    '1005 before the trusted time': at(1005n, { timeSeconds: TRUSTED_TIME - 1n }),
    '1030 other app hash': at(1030n, { appHash: sha256(utf8('other')) }),
    'far height': at(1000n + (1n << 32n), { timeSeconds: TRUSTED_TIME + 12n }),
    'farthest height': at(999n + (1n << 32n), { timeSeconds: TRUSTED_TIME + 12n }),
    'far time': at(1040n, { timeSeconds: TRUSTED_TIME + (1n << 32n) }),
    'zero app hash': at(1040n, { appHash: new Uint8Array(32) }),
    'zero next set': at(1040n, { nextSetHash: new Uint8Array(32) }),
    'another chain': at(1040n, { chainId: 'causeway-2' }),
    '1060 rotates': at(1060n),
    '1050 of A': at(1050n),
    '1070 of A': at(1070n),
    '1070 of B': by(b, messageAt(1070n)),
    '1065 of B': by(b, messageAt(1065n)),
    '1040 of B': by(b, messageAt(1040n)),
    '1050 other time, of B': by(b, messageAt(1050n, { timeSeconds: TRUSTED_TIME + 51n })),
    '1063 late, of A': at(1063n, { timeSeconds: TRUSTED_TIME + 66n }),
    '1065 of A': at(1065n),
    '1065 other app hash, of A': at(1065n, { appHash: sha256(utf8('other')) }),
    '1065 other app hash, of B': by(b, messageAt(1065n, { appHash: sha256(utf8('other')) })),
    '1070 of B, thirteen days later': by(b, messageAt(1070n, { timeSeconds: TRUSTED_TIME + 13n * 86_400n })),
    '1080 of B, ahead of the clock': by(b, messageAt(1080n, { timeSeconds: TRUSTED_TIME + 129n })),
  }
  const trusted = messageAt(1000n)
  return {
    messages,
    proofs,
    key: hex(KEY),
    setA: hex(a.setHash),
    setB: hex(b.setHash),
    trusted: {
      appHash: hex(trusted.appHash),
      height: 1000,
      nextSetHash: hex(a.setHash),
      timeSeconds: Number(TRUSTED_TIME),
    },
  }
}

/** A store whose key has another value at each height, with proofs that open the attestation. */
function stateByHeight(
  a: ExampleSet,
  b: ExampleSet,
): { appHashes: Map<bigint, Uint8Array>; proofs: ScenarioFixture['proofs'] } {
  const stores = exampleStores()
  const appHashes = new Map<bigint, Uint8Array>()
  const proofs: Record<string, { absence: Hex; membership: Hex; value: Hex }> = {}
  for (const height of [1000n, 1010n, 1020n, 1030n, 1060n]) {
    const value = utf8(`claim at ${height}`)
    appHashes.set(
      height,
      commitVersion(stores, stores.version + 1n, [
        [STORE, KEY, value],
        [STORE, utf8('a'), utf8('1')],
        [STORE, utf8('z'), utf8('2')],
      ]),
    )
    const nextSetHash = height < 1060n ? a.setHash : b.setHash
    proofs[`${height}`] = {
      absence: hex(encodeEvmProof(queryProof(stores, STORE, utf8('nothing')), nextSetHash)),
      membership: hex(encodeEvmProof(queryProof(stores, STORE, KEY), nextSetHash)),
      value: hex(value),
    }
  }
  return { appHashes, proofs }
}
