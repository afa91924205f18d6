// A light client that believes: a "proof" is the word `proof`, and what it would prove is looked up in the
// other chain's committed store at that height. It keeps ibc-go's layout and refuses what a real client
// refuses, so that handlers meet real answers.
import {
  be64,
  defineErrors,
  equalBytes,
  fromBe64,
  fromUtf8,
  prefixEnd,
  toHex,
  utf8,
} from '@causeway/primitives'
import { Any } from '@causeway/protocol/google/protobuf/any'
import type { Height } from '@causeway/protocol'
import type { ClientStore, LightClient } from '../client/light-client.ts'
import type { TestChain } from './test-chain.fixture.ts'

export const ORACLE_TYPE = '07-tendermint'
export const CLIENT_STATE_URL = '/test.ClientState'
export const CONSENSUS_STATE_URL = '/test.ConsensusState'
export const HEADER_URL = '/test.Header'
export const MISBEHAVIOUR_URL = '/test.Misbehaviour'
export const PROOF = utf8('proof')
/** A client that was not updated for so long is Expired. */
export const TRUSTING_SECONDS = 1_000_000n

const refuse = defineErrors('oracle', {
  noConsensusState: [1, () => 'no consensus state at that height'],
  badProof: [2, () => 'not a proof'],
  wrongValue: [3, (d: { key: string }) => `${d.key}: another value`],
  present: [4, (d: { key: string }) => `${d.key}: present`],
  badHeader: [5, () => 'not a header'],
})

interface Trusted {
  chain: string
  height: bigint
  frozen: boolean
}

export function clientState(chain: TestChain): Any {
  return {
    typeUrl: CLIENT_STATE_URL,
    value: pack({ chain: chain.name, height: chain.height, frozen: false }),
  }
}

export function consensusState(chain: TestChain): Any {
  return { typeUrl: CONSENSUS_STATE_URL, value: be64(chain.times.get(chain.height)!) }
}

export function header(height: bigint): Any {
  return { typeUrl: HEADER_URL, value: be64(height) }
}

export function createOracleClient(owner: TestChain, peers: (name: string) => TestChain): LightClient {
  const remote = (store: ClientStore) => peers(read(store).chain)
  const valueAt = (store: ClientStore, height: Height, proof: Uint8Array, path: readonly Uint8Array[]) => {
    if (store.get(consensusKey(height)) === undefined) throw refuse.noConsensusState()
    if (!equalBytes(proof, PROOF) || path.length !== 2) throw refuse.badProof()
    owner.proofsVerified++
    return remote(store).stores.readerAt(fromUtf8(path[0]!), height.revisionHeight).get(path[1]!)
  }
  return {
    clientType: ORACLE_TYPE,
    typeUrls: {
      clientState: CLIENT_STATE_URL,
      consensusState: CONSENSUS_STATE_URL,
      messages: [HEADER_URL, MISBEHAVIOUR_URL],
    },
    initialise(store, state, consensus) {
      write(store, unpack(state.value))
      store.set(consensusKey(this.latestHeight(store)), Any.encode(consensus).finish())
    },
    verifyClientMessage(store, message) {
      const height = fromBe64(message.value)
      if (message.typeUrl === HEADER_URL && !remote(store).times.has(height)) throw refuse.badHeader()
    },
    checkForMisbehaviour: (_store, message) => message.typeUrl === MISBEHAVIOUR_URL,
    updateState(store, message) {
      const height = { revisionNumber: 1n, revisionHeight: fromBe64(message.value) }
      const value = be64(remote(store).times.get(height.revisionHeight)!)
      store.set(consensusKey(height), Any.encode({ typeUrl: CONSENSUS_STATE_URL, value }).finish())
      const state = read(store)
      if (height.revisionHeight > state.height) write(store, { ...state, height: height.revisionHeight })
      return [height]
    },
    updateStateOnMisbehaviour: (store) => write(store, { ...read(store), frozen: true }),
    verifyMembership(store, height, proof, path, value) {
      const found = valueAt(store, height, proof, path)
      if (found === undefined || !equalBytes(found, value)) throw refuse.wrongValue({ key: toHex(path[1]!) })
    },
    verifyNonMembership(store, height, proof, path) {
      if (valueAt(store, height, proof, path) !== undefined) throw refuse.present({ key: toHex(path[1]!) })
    },
    status(store, timeNanoseconds) {
      if (read(store).frozen) return 'Frozen'
      const age = timeNanoseconds - this.timestampAtHeight(store, this.latestHeight(store))
      return age > TRUSTING_SECONDS * 1_000_000_000n ? 'Expired' : 'Active'
    },
    recover(subject, substitute) {
      const state = read(substitute)
      if (state.chain !== read(subject).chain) throw refuse.badHeader()
      write(subject, { ...state, frozen: false })
      const key = consensusKey(this.latestHeight(substitute))
      subject.set(key, substitute.get(key)!)
    },
    forgetStates(store): boolean {
      const prefix = utf8('consensusStates/')
      for (const [key] of [...store.iterate(prefix, prefixEnd(prefix))]) store.delete(key)
      return true
    },
    latestHeight: (store) => ({ revisionNumber: 1n, revisionHeight: read(store).height }),
    timestampAtHeight(store, height) {
      const bytes = store.get(consensusKey(height))
      if (bytes === undefined) throw refuse.noConsensusState()
      return fromBe64(Any.decode(bytes).value)
    },
  }
}

function consensusKey(height: Height): Uint8Array {
  return utf8(`consensusStates/${height.revisionNumber}-${height.revisionHeight}`)
}

function read(store: ClientStore): Trusted {
  return unpack(Any.decode(store.get(utf8('clientState'))!).value)
}

function write(store: ClientStore, state: Trusted): void {
  store.set(utf8('clientState'), Any.encode({ typeUrl: CLIENT_STATE_URL, value: pack(state) }).finish())
}

function pack(state: Trusted): Uint8Array {
  return utf8(`${state.chain}:${state.height}:${state.frozen}`)
}

function unpack(bytes: Uint8Array): Trusted {
  const [chain, height, frozen] = fromUtf8(bytes).split(':')
  return { chain: chain!, height: BigInt(height!), frozen: frozen === 'true' }
}
