import {
  ETHEREUM_CLIENT_STATE_TYPE_URL,
  ETHEREUM_CONSENSUS_STATE_TYPE_URL,
  ETHEREUM_HEADER_TYPE_URL,
  encodeLightClientBootstrap,
  encodeLightClientUpdate,
  forkAt,
  readBeaconChainJson,
  readBootstrapJson,
  readUpdateJson,
  readVersioned,
  type BeaconChain,
  type IbcContract,
  type LightClientUpdate,
  type UpdateKind,
} from '@causeway/light-clients'
import { fromHex } from '@causeway/primitives'
import { packAny, type Any } from '@causeway/protocol'
import {
  ClientState,
  ConsensusState,
  Header,
} from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'

/** The IBC contract that a client is about. */
export interface TrackedContract extends IbcContract {
  readonly chainId: number
}

/** What creates a client. */
export interface TrustedStart {
  readonly clientState: Any
  readonly consensusState: Any
  /** Number of the execution block whose state is trusted. */
  readonly blockNumber: bigint
}

/** A consensus client over its Beacon API, as far as a light client needs it. */
export class BeaconClient {
  readonly #url: string
  readonly chain: BeaconChain

  private constructor(url: string, chain: BeaconChain) {
    this.#url = url
    this.chain = chain
  }

  /** Asks it what chain it follows. */
  static async connect(url: string): Promise<BeaconClient> {
    const [genesis, spec] = [
      await answerOf(`${url}/eth/v1/beacon/genesis`),
      await answerOf(`${url}/eth/v1/config/spec`),
    ]
    return new BeaconClient(url, readBeaconChainJson(genesis, spec))
  }

  /** Slot and root of the newest block that is final; throws while that is genesis. */
  async finalized(): Promise<{ slot: bigint; root: Uint8Array }> {
    const answer = (await this.#get('/eth/v1/beacon/headers/finalized')) as {
      data: { root: string; header: { message: { slot: string } } }
    }
    const slot = BigInt(answer.data.header.message.slot)
    if (slot === 0n) throw new Error('nothing but genesis is final')
    return { slot, root: fromHex(answer.data.root.slice(2)) }
  }

  /** The bootstrap of a block, as a client is created with it. */
  async bootstrap(root: Uint8Array) {
    const { data } = readVersioned(
      await this.#get(`/eth/v1/beacon/light_client/bootstrap/0x${Buffer.from(root).toString('hex')}`),
    )
    return readBootstrapJson(data)
  }

  /** The update that names the committee after a period's. */
  async periodUpdate(period: bigint): Promise<LightClientUpdate> {
    const path = `/eth/v1/beacon/light_client/updates?start_period=${period}&count=1`
    const [answer] = (await this.#get(path)) as unknown[]
    return readUpdateJson(readVersioned(answer).data)
  }

  /** The newest finality or optimistic update. */
  async newest(kind: 'finality' | 'optimistic'): Promise<LightClientUpdate> {
    const { data } = readVersioned(await this.#get(`/eth/v1/beacon/light_client/${kind}_update`))
    return readUpdateJson(data)
  }

  /** A header for our client. */
  header(kind: UpdateKind, update: LightClientUpdate): Any {
    const fork = forkAt(this.chain, update.attestedHeader.beacon.slot).name
    const bytes = encodeLightClientUpdate(kind, update, fork, this.chain)
    const header = Header.fromPartial({
      fork,
      ...(kind === 'LightClientUpdate' && { update: bytes }),
      ...(kind === 'LightClientFinalityUpdate' && { finalityUpdate: bytes }),
      ...(kind === 'LightClientOptimisticUpdate' && { optimisticUpdate: bytes }),
    })
    return packAny(ETHEREUM_HEADER_TYPE_URL, Header.encode(header).finish())
  }

  /** What creates a client of this chain that trusts the newest final block. */
  async trusted(contract: TrackedContract): Promise<TrustedStart> {
    const { root } = await this.finalized()
    const bootstrap = await this.bootstrap(root)
    const { beacon, execution } = bootstrap.header
    const fork = forkAt(this.chain, beacon.slot).name
    const clientState = ClientState.fromPartial({
      chainId: BigInt(contract.chainId),
      genesisValidatorsRoot: this.chain.genesisValidatorsRoot,
      genesisTimeSeconds: this.chain.genesisTimeSeconds,
      secondsPerSlot: this.chain.secondsPerSlot,
      slotsPerEpoch: this.chain.slotsPerEpoch,
      epochsPerSyncCommitteePeriod: this.chain.epochsPerSyncCommitteePeriod,
      syncCommitteeSize: this.chain.syncCommitteeSize,
      forks: this.chain.forks.map(({ name, epoch, version }) => ({ name, epoch, version })),
      trustingPeriod: { seconds: 3600n, nanos: 0 },
      maxClockDrift: { seconds: 10n, nanos: 0 },
      ibcContractAddress: contract.address,
      ibcCommitmentSlot: contract.commitmentSlot,
      latestSlot: beacon.slot,
    })
    const consensusState = ConsensusState.fromPartial({
      beaconRoot: root,
      stateRoot: execution!.stateRoot,
      timestampSeconds: execution!.timestamp,
      blockNumber: execution!.blockNumber,
      bootstrap: {
        fork,
        lightClientBootstrap: encodeLightClientBootstrap(bootstrap, fork, this.chain),
      },
    })
    return {
      blockNumber: execution!.blockNumber,
      clientState: packAny(ETHEREUM_CLIENT_STATE_TYPE_URL, ClientState.encode(clientState).finish()),
      consensusState: packAny(
        ETHEREUM_CONSENSUS_STATE_TYPE_URL,
        ConsensusState.encode(consensusState).finish(),
      ),
    }
  }

  async #get(path: string): Promise<unknown> {
    return await answerOf(this.#url + path)
  }
}

/** The JSON of an answer; throws when there is none yet (this consensus client answers 500 then). */
async function answerOf(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) })
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${await response.text()}`)
  return await response.json()
}
