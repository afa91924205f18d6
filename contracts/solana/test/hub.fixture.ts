// A hub as the core sees it: real stores and proofs of libs/state-tree, under states that are written into
// accounts as programs/hub-client would have written them. How they are attested is tested over there.
import type { PublicKey } from '@solana/web3.js'
import { Keypair } from '@solana/web3.js'
import { encodeEvmProof } from '@causeway/light-clients'
import { be64, compareBytes, concatBytes, le64, sha256, utf8 } from '@causeway/primitives'
import { CommitmentProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import { MultiStore, createMemoryStorage } from '@causeway/state-tree'
import { setAccount } from './svm.fixture.ts'
import type { Svm } from './svm.fixture.ts'

/** The hub's client of this chain. */
export const HUB_CLIENT = 'solana-7'
/** 2027-01-15: what the clock shows at first. */
export const START_SECONDS = 1_800_000_000n
/** How long the light client trusts what it saw. */
export const TRUSTING_SECONDS = 14n * 86_400n

let keys = 0

/** Another key with each call, in each run the same: what is derived from it costs the same. */
export function exampleKey(): Keypair {
  return Keypair.fromSeed(sha256(le64(BigInt(keys++))))
}

/** A hub that is seen on a chain. */
export interface ExampleHub {
  readonly lightProgram: PublicKey
  readonly lightState: PublicKey
  /** Writes into the store of packets; the consensus state that the chain sees it by. */
  commit(writes: readonly [key: Uint8Array, value: Uint8Array][], timeSeconds?: bigint): PublicKey
  /** Packed proof about a key at the newest height. */
  prove(key: Uint8Array): Uint8Array
  /** The light client's state from now on. */
  setState(state: Partial<LightState>): void
  readonly height: bigint
}

/** What programs/hub-client keeps of how far it is. */
export interface LightState {
  readonly latestHeight: bigint
  readonly latestTimeSeconds: bigint
  readonly frozenAtSeconds: bigint
  readonly exitHeight: bigint
  readonly contradictedHeight: bigint
}

const STORES = ['accounts', 'bank', 'ibc', 'ledger', 'staking', 'transfer']
const CLIENT_BYTES = 1_248
const NEVER = (1n << 64n) - 1n

/** A hub with some thousand other keys, and its light client's accounts. */
export function startHub(chain: Svm, others = 2_000): ExampleHub {
  const lightProgram = exampleKey().publicKey
  const lightState = exampleKey().publicKey
  const stores = MultiStore.open({ storage: createMemoryStorage(), storeNames: STORES, keepVersions: 4n })
  let state: LightState = {
    latestHeight: 0n,
    latestTimeSeconds: START_SECONDS - 60n,
    frozenAtSeconds: 0n,
    exitHeight: 0n,
    contradictedHeight: NEVER,
  }
  let version = 5_000_000n
  const commit: ExampleHub['commit'] = (writes, timeSeconds = state.latestTimeSeconds + 1n) => {
    version += 1n
    const changes = [...writes].sort(([a], [b]) => compareBytes(a, b)).map(([key, value]) => ({ key, value }))
    stores.finalize(version, new Map([['ibc', changes]]))
    stores.commit()
    setState({ latestHeight: version, latestTimeSeconds: timeSeconds, exitHeight: version })
    const consensus = exampleKey().publicKey
    const data = encodeConsensus(lightState, version, timeSeconds, stores.appHash())
    setAccount(chain, consensus, { owner: lightProgram, data })
    return consensus
  }
  function setState(next: Partial<LightState>): void {
    state = { ...state, ...next }
    setAccount(chain, lightState, { owner: lightProgram, data: encodeState(state) })
  }
  commit(
    Array.from({ length: others }, (_, i) => [
      concatBytes(utf8(`client-${i % 3}`), Uint8Array.of(1), be64(BigInt(i))),
      concatBytes(be64(BigInt(i)), be64(1n)),
    ]),
  )
  return {
    lightProgram,
    lightState,
    commit,
    setState,
    prove(key) {
      const { proofs } = stores.proveKey('ibc', key, stores.version)
      const decoded = proofs.map((proof) => CommitmentProof.decode(proof))
      return encodeEvmProof(MerkleProof.encode({ proofs: decoded }).finish())
    },
    get height() {
      return version
    },
  }
}

/** A consensus state's account, as programs/hub-client writes it. */
export function encodeConsensus(
  client: PublicKey,
  height: bigint,
  timeSeconds: bigint,
  appHash: Uint8Array,
): Uint8Array {
  const rest = new Uint8Array(72)
  const [fields, seconds] = [le64(height), le64(timeSeconds)]
  return concatBytes(kind('cwyhubcs'), client.toBytes(), fields, seconds, appHash, rest)
}

function encodeState(state: LightState): Uint8Array {
  const numbers = [
    state.latestHeight,
    state.latestTimeSeconds,
    TRUSTING_SECONDS,
    state.frozenAtSeconds,
    state.exitHeight,
    1n,
    1n,
    1n,
    1n,
    state.contradictedHeight,
  ]
  const head = concatBytes(kind('cwyhubcl'), ...numbers.map(le64))
  return concatBytes(head, new Uint8Array(CLIENT_BYTES - head.length))
}

function kind(name: string): Uint8Array {
  return concatBytes(utf8(name), Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0))
}
