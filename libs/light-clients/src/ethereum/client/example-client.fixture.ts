import { packAny, type Any } from '@causeway/protocol'
import {
  ClientState,
  ConsensusState,
  Header,
  Misbehaviour,
  StorageProof,
} from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import { compareBytes, fromHex, keccak256, toHex, utf8 } from '@causeway/primitives'
import type { ClientContext, ClientStore } from '../../light-client.ts'
import { blstScheme } from '../bls/blst-scheme.ts'
import {
  BeaconChain,
  GENESIS_TIME,
  SECONDS_PER_SLOT,
  chainConfig,
  type UpdateWish,
} from '../beacon-chain.fixture.ts'
import type { LightClientUpdate } from '../consensus/containers.ts'
import type { ForkName } from '../consensus/forks.ts'
import { forkAt } from '../consensus/forks.ts'
import { beaconBlockHeaderRoot } from '../consensus/hash-tree-root.ts'
import {
  encodeLightClientBootstrap,
  encodeLightClientUpdate,
  type UpdateKind,
} from '../consensus/ssz-update.ts'
import { encodeAccount } from '../state/account-proof.ts'
import { buildTrie } from '../state/build-trie.ts'
import { ibcCommitmentSlot } from '../state/ibc-commitment.ts'
import { encodeRlp } from '../state/rlp.ts'
import { createEthereumClient } from './client.ts'
import { consensusStateOf } from './consensus-state.ts'
import {
  ETHEREUM_CLIENT_STATE_TYPE_URL,
  ETHEREUM_CONSENSUS_STATE_TYPE_URL,
  ETHEREUM_HEADER_TYPE_URL,
  ETHEREUM_MISBEHAVIOUR_TYPE_URL,
} from './type-urls.ts'

/** Where the example client starts: in period 1 of 64 slots. */
export const START_SLOT = 64n
/** The contract whose commitments are proven. */
export const CONTRACT = fromHex('11'.repeat(20))
/** The ERC-7201 slot of the Solidity store in public use. */
export const COMMITMENT_SLOT = fromHex('1260944489272988d9df285149b5aa1b0f48f2136d6f416159f840a3e0747600')

/** A client over a chain, and everything to feed it. */
export function exampleClient(forks: readonly (readonly [ForkName, bigint])[] = [['electra', 0n]]) {
  const chain = new BeaconChain(chainConfig(forks))
  const client = createEthereumClient({ bls: blstScheme })
  const store = memoryStore()
  const at = (slot: bigint, more: Partial<ClientContext> = {}): ClientContext => ({
    timeNanoseconds: (GENESIS_TIME + slot * SECONDS_PER_SLOT) * 1_000_000_000n,
    height: { revisionNumber: 1n, revisionHeight: 5n },
    ...more,
  })
  const message = (update: LightClientUpdate, kind?: UpdateKind) => headerMessage(chain, update, kind)
  return {
    chain,
    client,
    store,
    at,
    message,
    open: (change: Partial<ClientState> = {}, stateRoot?: Uint8Array) =>
      client.initialise(
        store,
        clientStateMessage({ ...exampleClientState(chain), ...change }),
        consensusStateMessage(chain, {}, stateRoot),
        at(START_SLOT + 1n),
      ),
    submit(wish: UpdateWish, kind?: UpdateKind, now = wish.attestedSlot + 2n) {
      const any = message(chain.update(wish), kind)
      client.verifyClientMessage(store, any, at(now))
      if (client.checkForMisbehaviour(store, any)) {
        client.updateStateOnMisbehaviour(store, any)
        return []
      }
      return client.updateState(store, any, at(now)).map(({ revisionHeight }) => revisionHeight)
    },
  }
}

/** A client state for a chain. */
export function exampleClientState(chain: BeaconChain): ClientState {
  const { config } = chain
  return ClientState.fromPartial({
    chainId: 31337n,
    genesisValidatorsRoot: config.genesisValidatorsRoot,
    genesisTimeSeconds: GENESIS_TIME,
    secondsPerSlot: SECONDS_PER_SLOT,
    slotsPerEpoch: config.slotsPerEpoch,
    epochsPerSyncCommitteePeriod: config.epochsPerSyncCommitteePeriod,
    syncCommitteeSize: config.syncCommitteeSize,
    forks: config.forks.map(({ name, epoch, version }) => ({ name, epoch, version })),
    trustingPeriod: { seconds: 1_000n * SECONDS_PER_SLOT, nanos: 0 },
    maxClockDrift: { seconds: 0n, nanos: 0 },
    ibcContractAddress: CONTRACT,
    ibcCommitmentSlot: COMMITMENT_SLOT,
    latestSlot: START_SLOT,
  })
}

/** A client state in its envelope. */
export function clientStateMessage(state: ClientState): Any {
  return packAny(ETHEREUM_CLIENT_STATE_TYPE_URL, ClientState.encode(state).finish())
}

/** The consensus state that creates the example client. */
export function consensusStateMessage(
  chain: BeaconChain,
  change: Partial<ConsensusState> = {},
  stateRoot?: Uint8Array,
): Any {
  const bootstrap = chain.bootstrap(START_SLOT, '', stateRoot)
  const fork = forkAt(chain.config, START_SLOT).name
  const beaconRoot = beaconBlockHeaderRoot(bootstrap.header.beacon)
  const state = bootstrap.header.execution
    ? consensusStateOf(bootstrap.header)
    : ConsensusState.fromPartial({ beaconRoot })
  const lightClientBootstrap = encodeLightClientBootstrap(bootstrap, fork, chain.config)
  const given = { ...state, bootstrap: { fork, lightClientBootstrap }, ...change }
  return packAny(ETHEREUM_CONSENSUS_STATE_TYPE_URL, ConsensusState.encode(given).finish())
}

/** A header as a message's part. */
export function headerOf(chain: BeaconChain, update: LightClientUpdate, kind?: UpdateKind): Header {
  const fork = forkAt(chain.config, update.attestedHeader.beacon.slot).name
  const type = kind ?? (update.nextSyncCommittee ? 'LightClientUpdate' : 'LightClientFinalityUpdate')
  const bytes = encodeLightClientUpdate(type, update, fork, chain.config)
  return Header.fromPartial({
    fork,
    ...(type === 'LightClientUpdate' && { update: bytes }),
    ...(type === 'LightClientFinalityUpdate' && { finalityUpdate: bytes }),
    ...(type === 'LightClientOptimisticUpdate' && { optimisticUpdate: bytes }),
  })
}

/** A header in its envelope. */
export function headerMessage(chain: BeaconChain, update: LightClientUpdate, kind?: UpdateKind): Any {
  return packAny(ETHEREUM_HEADER_TYPE_URL, Header.encode(headerOf(chain, update, kind)).finish())
}

/** Misbehaviour in its envelope. */
export function misbehaviourMessage(chain: BeaconChain, a: LightClientUpdate, b: LightClientUpdate): Any {
  const misbehaviour = { header1: headerOf(chain, a), header2: headerOf(chain, b) }
  return packAny(ETHEREUM_MISBEHAVIOUR_TYPE_URL, Misbehaviour.encode(misbehaviour).finish())
}

/** An execution state in which the contract holds these commitments, among other accounts and slots. */
export function executionState(commitments: readonly (readonly [path: string, value: Uint8Array])[]) {
  const contract = { address: CONTRACT, commitmentSlot: COMMITMENT_SLOT }
  const slotOf = (path: string) => keccak256(ibcCommitmentSlot(contract, [utf8(path)]))
  const others = Array.from(
    { length: 20 },
    (_, i) => [keccak256(utf8(`slot ${i}`)), Uint8Array.of(1)] as const,
  )
  const minimal = (value: Uint8Array) => encodeRlp(value.subarray(value.findIndex((byte) => byte !== 0)))
  const storage = buildTrie([
    ...others,
    ...commitments.map(([path, value]) => [slotOf(path), minimal(value)] as const),
  ])
  const account = (storageRoot: Uint8Array) =>
    encodeAccount({ nonce: 1n, balance: 5n, storageRoot, codeHash: keccak256(utf8('code')) })
  const state = buildTrie([
    ...Array.from(
      { length: 30 },
      (_, i) => [keccak256(utf8(`account ${i}`)), account(storage.root)] as const,
    ),
    [keccak256(CONTRACT), account(storage.root)],
  ])
  return {
    root: state.root,
    prove: (path: string) => ({
      accountProof: state.prove(keccak256(CONTRACT)),
      storageProof: storage.prove(slotOf(path)),
    }),
    proof: (path: string) =>
      StorageProof.encode({
        accountProof: state.prove(keccak256(CONTRACT)),
        storageProof: storage.prove(slotOf(path)),
      }).finish(),
  }
}

/** A client's key space in memory. */
export function memoryStore(): ClientStore & { keys(): string[] } {
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
    keys: () => [...entries.keys()].sort(),
  }
}
