// An Ethereum chain as far as the hub sees it: contract storage in real tries, beacon headers over their
// roots, sync committees that really sign. Only what is proven exists; all else is filler.
import { bls12_381 } from '@noble/curves/bls12-381.js'
import {
  ETHEREUM_CLIENT_STATE_TYPE_URL,
  ETHEREUM_CONSENSUS_STATE_TYPE_URL,
  ETHEREUM_HEADER_TYPE_URL,
  ETHEREUM_MISBEHAVIOUR_TYPE_URL,
  PRESETS,
  beaconBlockHeaderRoot,
  buildTrie,
  encodeAccount,
  encodeLightClientBootstrap,
  encodeLightClientUpdate,
  encodeRlp,
  ibcCommitmentSlot,
  lightClientExecutionRoot,
  periodAt,
  syncCommitteeRoot,
  syncCommitteeSigningRoot,
} from '@causeway/light-clients'
import type {
  BuiltTrie,
  ChainConfig,
  LightClientHeader,
  LightClientUpdate,
  SyncCommittee,
  UpdateKind,
} from '@causeway/light-clients'
import { concatBytes, fromHex, keccak256, sha256, sha256Concat, toHex, utf8 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import {
  ClientState,
  ConsensusState,
  Header,
  Misbehaviour,
  StorageProof,
} from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'

/** Electra's places in the state, and of the execution payload in the body. */
const CURRENT_COMMITTEE_INDEX = 86
const NEXT_COMMITTEE_INDEX = 87
const FINALIZED_INDEX = 169
const PAYLOAD_INDEX = 25
const { longSignatures: bls, G1 } = bls12_381
const ORDER = G1.Point.Fn.ORDER

/** The ERC-7201 slot of the IBC store's commitments. */
export const COMMITMENT_SLOT = fromHex('1260944489272988d9df285149b5aa1b0f48f2136d6f416159f840a3e0747600')

/** How an update differs from an honest one. */
export interface Forgery {
  readonly participants?: number
  /** Whose period's keys sign. */
  readonly signingPeriod?: bigint
  readonly signedVersion?: Uint8Array
  readonly signedGenesisRoot?: Uint8Array
  readonly signatureSlot?: bigint
}

/** An update: up to which slot it is attested, and what it shows final. */
export interface UpdateWish extends Forgery {
  readonly attestedSlot: bigint
  readonly finalizedSlot?: bigint
  readonly withNextCommittee?: boolean
}

/** The chain. */
export class EthereumChain {
  readonly config: ChainConfig
  readonly contract: Uint8Array
  readonly genesisSeconds: bigint
  readonly chainId: bigint
  readonly secondsPerSlot = 12n
  /** Commitments of the contract by slot of the beacon chain, as they stand from that slot on. */
  readonly #history: { slot: bigint; commitments: ReadonlyMap<string, Uint8Array> }[] = []
  readonly #seed: string
  readonly #firstKey: number
  readonly #filler: number
  /** Tries by the commitments that they hold: building them is dear. */
  readonly #built = new WeakMap<ReadonlyMap<string, Uint8Array>, Tries>()
  #forkSlot = 1n << 62n
  #forkSeed = ''

  constructor(options: {
    genesisSeconds: bigint
    seed?: string
    chainId?: bigint
    contract?: Uint8Array
    size?: number
    /** Members of its committees begin with this key. */
    firstKey?: number
    /** Other accounts, and other words of the contract. */
    filler?: number
  }) {
    const { seed = 'ethereum', size = 32, contract = fromHex('ab'.repeat(20)) } = options
    this.#seed = seed
    this.#firstKey = options.firstKey ?? 0
    this.#filler = options.filler ?? 30
    this.chainId = options.chainId ?? 31_337n
    this.contract = contract
    this.genesisSeconds = options.genesisSeconds
    this.config = {
      ...(size === 512 ? PRESETS.mainnet : PRESETS.minimal),
      syncCommitteeSize: size,
      genesisValidatorsRoot: sha256(utf8(seed)),
      forks: [{ name: 'electra', epoch: 0n, version: Uint8Array.of(5, 0, 0, 1) }],
    }
  }

  /** The slot of a time. */
  slotAt(seconds: bigint): bigint {
    return (seconds - this.genesisSeconds) / this.secondsPerSlot
  }

  /** Changes the contract's commitments from a slot on; an absent value deletes. */
  commit(slot: bigint, key: Uint8Array, value: Uint8Array | undefined): void {
    const commitments = new Map(this.#commitmentsAt(slot))
    if (value === undefined) commitments.delete(toHex(key))
    else commitments.set(toHex(key), value)
    this.#history.push({ slot, commitments })
  }

  /** Another history from a slot on: what was committed there is gone, and roots differ. */
  reorganise(slot: bigint, seed: string): void {
    while ((this.#history.at(-1)?.slot ?? 0n) >= slot) this.#history.pop()
    this.#forkSlot = slot
    this.#forkSeed = seed
  }

  /** What the contract has at a key in the state of a slot, proven. */
  prove(slot: bigint, key: Uint8Array, contract = this.contract): Uint8Array {
    const { state, storage } = this.#tries(slot)
    const place = keccak256(ibcCommitmentSlot({ address: contract, commitmentSlot: COMMITMENT_SLOT }, [key]))
    return StorageProof.encode({
      accountProof: state.prove(keccak256(contract)),
      storageProof: storage.prove(place),
    }).finish()
  }

  /** What creates a client that trusts a slot. */
  clientStates(slot: bigint, change: Partial<ClientState> = {}): { clientState: Any; consensusState: Any } {
    const { config } = this
    const committee = this.committee(periodAt(config, slot))
    const leaves = new Map([[CURRENT_COMMITTEE_INDEX, syncCommitteeRoot(committee)]])
    const header = this.#header(slot, leaves)
    const bootstrap = {
      header,
      currentSyncCommittee: committee,
      currentSyncCommitteeBranch: branch(leaves, CURRENT_COMMITTEE_INDEX, this.#seedOf(slot)),
    }
    const clientState = ClientState.fromPartial({
      chainId: this.chainId,
      genesisValidatorsRoot: config.genesisValidatorsRoot,
      genesisTimeSeconds: this.genesisSeconds,
      secondsPerSlot: this.secondsPerSlot,
      slotsPerEpoch: config.slotsPerEpoch,
      epochsPerSyncCommitteePeriod: config.epochsPerSyncCommitteePeriod,
      syncCommitteeSize: config.syncCommitteeSize,
      forks: config.forks.map((fork) => ({ ...fork })),
      trustingPeriod: { seconds: 86_400n, nanos: 0 },
      maxClockDrift: { seconds: 10n, nanos: 0 },
      ibcContractAddress: this.contract,
      ibcCommitmentSlot: COMMITMENT_SLOT,
      latestSlot: slot,
      ...change,
    })
    const consensusState = ConsensusState.fromPartial({
      beaconRoot: beaconBlockHeaderRoot(header.beacon),
      stateRoot: header.execution!.stateRoot,
      timestampSeconds: header.execution!.timestamp,
      blockNumber: header.execution!.blockNumber,
      bootstrap: {
        fork: 'electra',
        lightClientBootstrap: encodeLightClientBootstrap(bootstrap, 'electra', config),
      },
    })
    return {
      clientState: {
        typeUrl: ETHEREUM_CLIENT_STATE_TYPE_URL,
        value: ClientState.encode(clientState).finish(),
      },
      consensusState: {
        typeUrl: ETHEREUM_CONSENSUS_STATE_TYPE_URL,
        value: ConsensusState.encode(consensusState).finish(),
      },
    }
  }

  /** A client message. */
  header(wish: UpdateWish): Any {
    return { typeUrl: ETHEREUM_HEADER_TYPE_URL, value: Header.encode(this.#message(wish)).finish() }
  }

  /** Evidence: two updates. */
  misbehaviour(first: Any, second: Any): Any {
    const [header1, header2] = [first, second].map(({ value }) => Header.decode(value))
    const value = Misbehaviour.encode({ header1, header2 }).finish()
    return { typeUrl: ETHEREUM_MISBEHAVIOUR_TYPE_URL, value }
  }

  /** The committee of a period. */
  committee(period: bigint): SyncCommittee {
    const { syncCommitteeSize: size } = this.config
    const name = `${size} ${period} ${this.#firstKey}`
    const known = committees.get(name)
    if (known !== undefined) return known
    const step = G1.Point.BASE
    let key = step.multiply(scalar(period, this.#firstKey))
    const keys = [key]
    while (keys.length < size) keys.push((key = key.add(step)))
    const committee = {
      pubkeys: concatBytes(...keys.map((each) => each.toBytes())),
      aggregatePubkey: bls.aggregatePublicKeys(keys).toBytes(),
    }
    committees.set(name, committee)
    return committee
  }

  #message(wish: UpdateWish): Header {
    const kind: UpdateKind =
      wish.withNextCommittee === true
        ? 'LightClientUpdate'
        : wish.finalizedSlot === undefined
          ? 'LightClientOptimisticUpdate'
          : 'LightClientFinalityUpdate'
    const bytes = encodeLightClientUpdate(kind, this.#update(wish), 'electra', this.config)
    return Header.fromPartial({
      fork: 'electra',
      ...(kind === 'LightClientUpdate' && { update: bytes }),
      ...(kind === 'LightClientFinalityUpdate' && { finalityUpdate: bytes }),
      ...(kind === 'LightClientOptimisticUpdate' && { optimisticUpdate: bytes }),
    })
  }

  #update(wish: UpdateWish): LightClientUpdate {
    const { attestedSlot, finalizedSlot } = wish
    const leaves: Leaves = new Map()
    const next = this.committee(periodAt(this.config, attestedSlot) + 1n)
    const hasNext = wish.withNextCommittee === true
    if (hasNext) leaves.set(NEXT_COMMITTEE_INDEX, syncCommitteeRoot(next))
    const finalized = finalizedSlot === undefined ? undefined : this.#header(finalizedSlot)
    if (finalized) leaves.set(FINALIZED_INDEX, beaconBlockHeaderRoot(finalized.beacon))
    const attestedHeader = this.#header(attestedSlot, leaves)
    const signatureSlot = wish.signatureSlot ?? attestedSlot + 1n
    const seed = this.#seedOf(attestedSlot)
    return {
      attestedHeader,
      nextSyncCommittee: hasNext ? next : undefined,
      nextSyncCommitteeBranch: hasNext ? branch(leaves, NEXT_COMMITTEE_INDEX, seed) : [],
      finalizedHeader: finalized,
      finalityBranch: finalized ? branch(leaves, FINALIZED_INDEX, seed) : [],
      syncAggregate: this.#sign(attestedHeader, signatureSlot, wish),
      signatureSlot,
    }
  }

  #sign({ beacon }: LightClientHeader, signatureSlot: bigint, forgery: Forgery) {
    const { syncCommitteeSize: size, forks, genesisValidatorsRoot } = this.config
    const count = forgery.participants ?? size
    const period = forgery.signingPeriod ?? periodAt(this.config, signatureSlot)
    const version = forgery.signedVersion ?? forks[0]!.version
    const root = syncCommitteeSigningRoot(beacon, version, forgery.signedGenesisRoot ?? genesisValidatorsRoot)
    const bits = new Uint8Array(size / 8)
    let sum = 0n
    for (let i = 0; i < count; i++) {
      bits[i >> 3]! |= 1 << (i & 7)
      sum = (sum + scalar(period, this.#firstKey + i)) % ORDER
    }
    // The aggregate of their signatures is the signature with the sum of their keys.
    const secret = fromHex(sum.toString(16).padStart(64, '0'))
    const signature = bls.sign(bls.hash(root, 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_'), secret)
    return { syncCommitteeBits: bits, syncCommitteeSignature: signature.toBytes() }
  }

  #header(slot: bigint, leaves: Leaves = new Map()): LightClientHeader {
    const filler = (what: string) => sha256(utf8(`${this.#seedOf(slot)} ${what}`))
    const execution = {
      parentHash: filler('parent hash'),
      feeRecipient: filler('fee').subarray(0, 20),
      stateRoot: this.#tries(slot).state.root,
      receiptsRoot: filler('receipts'),
      logsBloom: new Uint8Array(256),
      prevRandao: filler('randao'),
      blockNumber: slot,
      gasLimit: 30_000_000n,
      gasUsed: 21_000n,
      timestamp: this.genesisSeconds + slot * this.secondsPerSlot,
      extraData: new Uint8Array(0),
      baseFeePerGas: 7n,
      blockHash: filler('block'),
      transactionsRoot: filler('transactions'),
      withdrawalsRoot: filler('withdrawals'),
      blobGasUsed: 0n,
      excessBlobGas: 0n,
    }
    const header = { execution, executionBlockHash: undefined, executionBranch: [] }
    const beacon = { slot, proposerIndex: 3n, parentRoot: filler('parent'), stateRoot: ZERO, bodyRoot: ZERO }
    const payloadRoot = lightClientExecutionRoot(this.config, { ...header, beacon })
    const body: Leaves = new Map([[PAYLOAD_INDEX, payloadRoot]])
    const seed = this.#seedOf(slot)
    return {
      ...header,
      executionBranch: branch(body, PAYLOAD_INDEX, `${seed} body`),
      beacon: {
        ...beacon,
        stateRoot: rootOf(leaves, seed),
        bodyRoot: rootOf(body, `${seed} body`),
      },
    }
  }

  #seedOf(slot: bigint): string {
    return `${this.#seed} ${slot} ${slot >= this.#forkSlot ? this.#forkSeed : ''}`
  }

  #commitmentsAt(slot: bigint): ReadonlyMap<string, Uint8Array> {
    const entry = this.#history.findLast((each) => each.slot <= slot)
    return entry?.commitments ?? NO_COMMITMENTS
  }

  #tries(slot: bigint): Tries {
    const commitments = this.#commitmentsAt(slot)
    const tries = this.#built.get(commitments) ?? this.#build(commitments)
    this.#built.set(commitments, tries)
    return tries
  }

  #build(commitments: ReadonlyMap<string, Uint8Array>): Tries {
    const contract = { address: this.contract, commitmentSlot: COMMITMENT_SLOT }
    const words = [...commitments].map(
      ([key, value]) =>
        [keccak256(ibcCommitmentSlot(contract, [fromHex(key)])), encodeRlp(trimmed(value))] as const,
    )
    const filler = Array.from(
      { length: this.#filler },
      (_, i) => [keccak256(utf8(`${this.#seed} ${i}`)), Uint8Array.of(7)] as const,
    )
    const storage = buildTrie([...filler, ...words])
    const account = (storageRoot: Uint8Array) =>
      encodeAccount({ nonce: 1n, balance: 0n, storageRoot, codeHash: keccak256(utf8('code')) })
    const others = filler.map(([key], i) => [key, account(sha256(utf8(`storage ${i}`)))] as const)
    const state = buildTrie([...others, [keccak256(this.contract), account(storage.root)]])
    return { state, storage }
  }
}

const ZERO = new Uint8Array(32)
const NO_COMMITMENTS: ReadonlyMap<string, Uint8Array> = new Map()
const committees = new Map<string, SyncCommittee>()

type Leaves = Map<number, Uint8Array>
type Tries = { readonly state: BuiltTrie; readonly storage: BuiltTrie }

function scalar(period: bigint, index: number): bigint {
  return period * 10_000n + BigInt(index) + 1n
}

/** Storage words have no leading zeros. */
function trimmed(value: Uint8Array): Uint8Array {
  return value.subarray(value.findIndex((byte) => byte !== 0))
}

/** Root of a tree that holds leaves at some generalised indices and filler elsewhere. */
function rootOf(leaves: Leaves, seed: string, at = 1): Uint8Array {
  const leaf = leaves.get(at)
  if (leaf) return leaf
  const isAbove = [...leaves.keys()].some((index) => {
    let ancestor = index
    while (ancestor > at) ancestor >>= 1
    return ancestor === at && index > at
  })
  if (!isAbove) return sha256(utf8(`${seed} node ${at}`))
  return sha256Concat(rootOf(leaves, seed, 2 * at), rootOf(leaves, seed, 2 * at + 1))
}

function branch(leaves: Leaves, index: number, seed: string): Uint8Array[] {
  const nodes: Uint8Array[] = []
  for (let at = index; at > 1; at >>= 1) nodes.push(rootOf(leaves, seed, at ^ 1))
  return nodes
}
