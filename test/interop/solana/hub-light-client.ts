import {
  blstScheme,
  createNativeSignatureVerifier,
  createSolanaClient,
  createWasmLatticeXof,
} from '@causeway/light-clients'
import type { ClientStore, SparseTree } from '@causeway/light-clients'
import { compareBytes, toHex, utf8 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { ClientState, CommitmentProof } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import { Any as Envelope } from '@causeway/protocol/google/protobuf/any'

/** The hub's light client of Solana over a store in memory. */
export interface HubLightClient {
  /** What it knows of the cluster now. */
  state(): ClientState
  initialise(clientState: Any, consensusState: Any): void
  /** Verifies a message as the hub does, and stores what it brings: slots. Throws when it is refused. */
  update(message: Any): bigint[]
  /** Throws unless the slot's trees have `value` at `key`. */
  verifyMembership(slot: bigint, key: Uint8Array, value: Uint8Array, proof: Uint8Array): void
}

/** Where ICS-24 has a client's state. */
const CLIENT_STATE_KEY = utf8('clientState')

/** A client as the hub has it, `now` in Unix seconds. */
export async function createHubLightClient(now: () => bigint): Promise<HubLightClient> {
  const client = createSolanaClient({
    verifySignatures: createNativeSignatureVerifier(),
    bls: blstScheme,
    latticeXof: await createWasmLatticeXof(),
  })
  const store = memoryStore()
  const height = { revisionNumber: 1n, revisionHeight: 1n }
  const context = () => ({ timeNanoseconds: now() * 1_000_000_000n, height })
  return {
    state: () => ClientState.decode(Envelope.decode(store.get(CLIENT_STATE_KEY)!).value),
    initialise: (clientState, consensusState) =>
      client.initialise(store, clientState, consensusState, context()),
    update(message) {
      client.verifyClientMessage(store, message, context())
      if (client.checkForMisbehaviour(store, message)) throw new Error('the validator contradicts itself')
      return client.updateState(store, message, context()).map(({ revisionHeight }) => revisionHeight)
    },
    verifyMembership(slot, key, value, proof) {
      client.verifyMembership(
        store,
        { revisionNumber: 0n, revisionHeight: slot },
        proof,
        [key],
        value,
        context(),
      )
    },
  }
}

/** Proof of what stands at a sequence of a tree. */
export function provePlace(tree: SparseTree, sequence: bigint): Uint8Array {
  const { present, siblings } = tree.prove(sequence - 1n)
  return CommitmentProof.encode(CommitmentProof.fromPartial({ present, siblings: [...siblings] })).finish()
}

function memoryStore(): ClientStore {
  const entries = new Map<string, [Uint8Array, Uint8Array]>()
  return {
    get: (key) => entries.get(toHex(key))?.[1],
    set: (key, value) => void entries.set(toHex(key), [key, value]),
    delete: (key) => void entries.delete(toHex(key)),
    iterate(start, end, reverse = false) {
      const inRange = [...entries.values()].filter(
        ([key]) => (!start || compareBytes(key, start) >= 0) && (!end || compareBytes(key, end) < 0),
      )
      return inRange.sort(([a], [b]) => (reverse ? compareBytes(b, a) : compareBytes(a, b)))
    },
  }
}
