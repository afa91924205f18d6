// Our own light client follows the devnet's Ethereum by the Beacon API's JSON, and verifies anvil's proofs.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ETHEREUM_CLIENT_STATE_TYPE_URL,
  ETHEREUM_CONSENSUS_STATE_TYPE_URL,
  ETHEREUM_HEADER_TYPE_URL,
  blstScheme,
  createEthereumClient,
  encodeLightClientBootstrap,
  encodeLightClientUpdate,
  ibcCommitmentSlot,
  readBootstrapJson,
  readUpdateJson,
  readVersioned,
} from '@causeway/light-clients'
import type { ChainConfig, ClientContext, UpdateKind } from '@causeway/light-clients'
import { fromHex, toHex, utf8 } from '@causeway/primitives'
import { packAny } from '@causeway/protocol'
import {
  ClientState,
  ConsensusState,
  Header,
  StorageProof,
} from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import { memoryStore } from '../client-store.fixture.ts'
import { GENESIS_SECONDS, openEthereum, rpc } from './ethereum.fixture.ts'
import type { ApiJson, TestEthereum } from './ethereum.fixture.ts'
import { periodAt } from './network.ts'

const CONTRACT = '0x00000000000000000000000000000000000c0de1'
const COMMITMENT_SLOT = fromHex('1260944489272988d9df285149b5aa1b0f48f2136d6f416159f840a3e0747600')
const contract = { address: fromHex(CONTRACT.slice(2)), commitmentSlot: COMMITMENT_SLOT }
const [PATH, OTHER] = [[utf8('client-0 packet 1')], [utf8('client-0 packet 2')]]
const COMMITMENT = fromHex('ab'.repeat(32))

/** Eight slots an epoch, two epochs a period; Electra up to slot 32, Fulu from there. */
const NETWORK = { slotsPerEpoch: 8, epochsPerSyncCommitteePeriod: 2, finalitySlots: 3, fuluEpoch: 4 }

let ethereum: TestEthereum

beforeAll(async () => {
  ethereum = await openEthereum(NETWORK)
  await rpc(ethereum.anvil.rpcUrl, 'anvil_setCode', CONTRACT, '0x00')
})

afterAll(() => ethereum.close())

describe('our light client on the devnet Ethereum', () => {
  it('follows it over four periods and a fork, and verifies what anvil proves in each', async () => {
    await ethereum.produceUntil(6)
    const client = openClient()
    expect(client.latestSlot()).toBe(3n)
    const slotKey = `0x${toHex(ibcCommitmentSlot(contract, PATH))}`
    await rpc(ethereum.anvil.rpcUrl, 'anvil_setStorageAt', CONTRACT, slotKey, `0x${toHex(COMMITMENT)}`)
    await expect(client.verify(PATH, COMMITMENT)).rejects.toThrow('nothing is stored there')
    for (const end of [15, 31, 47, 63, 67]) {
      await ethereum.produceUntil(end)
      client.learnCommittee(periodAt(ethereum.network, end))
      client.followFinality()
      expect(client.latestSlot()).toBe(BigInt(end - 4)) // the head's parent is what is attested
      await client.verify(PATH, COMMITMENT)
      await client.verifyAbsence(OTHER)
      await expect(client.verify(OTHER, COMMITMENT)).rejects.toThrow('nothing is stored there')
    }
    expect(client.status()).toBe('Active')
  })

  it('takes the optimistic head, and only for what may be taken back', async () => {
    await ethereum.produceUntil(70)
    const client = openClient()
    await ethereum.produceUntil(72)
    client.followOptimistic()
    expect(client.optimisticSlot()).toBe(71n)
    expect(client.latestSlot()).toBe(67n)
  })
})

/** A client that starts at what is final now. */
function openClient() {
  const client = createEthereumClient({ bls: blstScheme })
  const store = memoryStore()
  const get = (path: string) => ethereum.get(`/eth/v1/beacon/${path}`).json
  const config = configOf()
  const now = (): ClientContext => ({
    timeNanoseconds: BigInt(GENESIS_SECONDS + ethereum.chain.head.slot) * 1_000_000_000n,
    height: { revisionNumber: 1n, revisionHeight: 1n },
  })
  const submit = (json: ApiJson, kind: UpdateKind) => {
    const { fork, data } = readVersioned(json)
    const bytes = encodeLightClientUpdate(kind, readUpdateJson(data), fork, config)
    const header = Header.create({ fork })
    if (kind === 'LightClientUpdate') header.update = bytes
    if (kind === 'LightClientFinalityUpdate') header.finalityUpdate = bytes
    if (kind === 'LightClientOptimisticUpdate') header.optimisticUpdate = bytes
    const any = packAny(ETHEREUM_HEADER_TYPE_URL, Header.encode(header).finish())
    client.verifyClientMessage(store, any, now())
    expect(client.checkForMisbehaviour(store, any)).toBe(false)
    client.updateState(store, any, now())
  }
  initialise()
  return {
    latestSlot: () => client.latestHeight(store).revisionHeight,
    optimisticSlot: () => client.optimisticHead(store)?.slot,
    status: () => client.status(store, now().timeNanoseconds),
    learnCommittee: (period: number) =>
      submit(get(`light_client/updates?start_period=${period}&count=1`)[0], 'LightClientUpdate'),
    followFinality: () => submit(get('light_client/finality_update'), 'LightClientFinalityUpdate'),
    followOptimistic: () => submit(get('light_client/optimistic_update'), 'LightClientOptimisticUpdate'),
    verify: async (path: Uint8Array[], value: Uint8Array) => {
      const height = client.latestHeight(store)
      client.verifyMembership(store, height, await proofOf(path, height.revisionHeight), path, value, now())
    },
    verifyAbsence: async (path: Uint8Array[]) => {
      const height = client.latestHeight(store)
      client.verifyNonMembership(store, height, await proofOf(path, height.revisionHeight), path, now())
    },
  }

  function initialise() {
    const { root } = get('headers/finalized').data
    const { fork, data } = readVersioned(get(`light_client/bootstrap/${root}`))
    const bootstrap = readBootstrapJson(data)
    const { execution, beacon } = bootstrap.header
    const state = ClientState.fromPartial({
      genesisValidatorsRoot: config.genesisValidatorsRoot,
      slotsPerEpoch: config.slotsPerEpoch,
      epochsPerSyncCommitteePeriod: config.epochsPerSyncCommitteePeriod,
      syncCommitteeSize: config.syncCommitteeSize,
      chainId: 31_337n,
      genesisTimeSeconds: BigInt(GENESIS_SECONDS),
      secondsPerSlot: 1n,
      forks: config.forks.map((one) => ({ ...one })),
      trustingPeriod: { seconds: 1_000n, nanos: 0 },
      maxClockDrift: { seconds: 0n, nanos: 0 },
      ibcContractAddress: contract.address,
      ibcCommitmentSlot: COMMITMENT_SLOT,
      latestSlot: beacon.slot,
    })
    const consensus = ConsensusState.fromPartial({
      beaconRoot: fromHex(root.slice(2)),
      stateRoot: execution!.stateRoot,
      timestampSeconds: execution!.timestamp,
      blockNumber: execution!.blockNumber,
      bootstrap: { fork, lightClientBootstrap: encodeLightClientBootstrap(bootstrap, fork, config) },
    })
    client.initialise(
      store,
      packAny(ETHEREUM_CLIENT_STATE_TYPE_URL, ClientState.encode(state).finish()),
      packAny(ETHEREUM_CONSENSUS_STATE_TYPE_URL, ConsensusState.encode(consensus).finish()),
      now(),
    )
  }
}

/** What the served configuration says. */
function configOf(): ChainConfig {
  const spec = ethereum.get('/eth/v1/config/spec').json.data as Record<string, string>
  const genesis = ethereum.get('/eth/v1/beacon/genesis').json.data as Record<string, string>
  const fork = (name: 'electra' | 'fulu') => ({
    name,
    epoch: BigInt(spec[`${name.toUpperCase()}_FORK_EPOCH`]!),
    version: fromHex(spec[`${name.toUpperCase()}_FORK_VERSION`]!.slice(2)),
  })
  return {
    slotsPerEpoch: BigInt(spec['SLOTS_PER_EPOCH']!),
    epochsPerSyncCommitteePeriod: BigInt(spec['EPOCHS_PER_SYNC_COMMITTEE_PERIOD']!),
    syncCommitteeSize: Number(spec['SYNC_COMMITTEE_SIZE']),
    minSyncCommitteeParticipants: 1,
    genesisValidatorsRoot: fromHex(genesis['genesis_validators_root']!.slice(2)),
    forks: [fork('electra'), fork('fulu')],
  }
}

async function proofOf(path: Uint8Array[], slot: bigint): Promise<Uint8Array> {
  const { json } = ethereum.get(`/eth/v2/beacon/blocks/${slot}`)
  const number = Number(json.data.message.body.execution_payload.block_number)
  const key = `0x${toHex(ibcCommitmentSlot(contract, path))}`
  const proof = await rpc<{ accountProof: string[]; storageProof: { proof: string[] }[] }>(
    ethereum.anvil.rpcUrl,
    'eth_getProof',
    CONTRACT,
    [key],
    `0x${number.toString(16)}`,
  )
  const bytes = (nodes: string[] = []) => nodes.map((node) => fromHex(node.slice(2)))
  return StorageProof.encode({
    accountProof: bytes(proof.accountProof),
    storageProof: bytes(proof.storageProof[0]?.proof),
  }).finish()
}
