// What gas buys: microseconds of one core by kind of work. `node apps/hub/bench/gas.ts`; the figures in
// docs/hub.md are from here.
import { packetCommitment, packetCommitmentKey } from '@causeway/messaging'
import { existenceRoot } from '@causeway/light-clients'
import { assert, be64, sha256, utf8 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { CommitmentProof, HashOp, LeafOp, LengthOp } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import { ClientState, ConsensusState } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import { MsgSubmitMisbehaviour } from '@causeway/protocol/ibc/core/client/v1/tx'
import { createMemoryStorage, MultiStore } from '@causeway/state-tree'
import { Layer } from '../src/block/layer.ts'
import { ForeignChain } from '../src/testing/foreign-chain.fixture.ts'
import type { KeyKind } from '../src/testing/foreign-chain.fixture.ts'
import { hubGenesis, testHub } from '../src/testing/hub.fixture.ts'
import { message } from '../src/testing/messages.fixture.ts'
import { Wallet, send } from '../src/testing/wallet.fixture.ts'
import { cpuMicroseconds, measure, print, printHead } from './measure.ts'

const GENESIS_SECONDS = 1_700_000_000n - 1_000n
const VALIDATORS: Readonly<Record<KeyKind, number>> = { ed25519: 150, secp256k1: 150, ed25519Slow: 15 }
/** More than the sets whose hashes a process remembers: each is hashed anew. */
const CHAINS = 6
const TRANSFERS = 2_000
const GAS_LIMIT = 25_000_000n

const relayer = new Wallet('relayer')
const senders = Array.from({ length: 200 }, (_, i) => new Wallet(`sender ${i}`))
const { driver } = testHub([relayer, ...senders], {}, genesis())
driver.block()
// Genesis has one.
let clientsMade = 1

function genesis() {
  const fee = { accounts: { gasPrices: [] } }
  return hubGenesis([relayer, ...senders], fee)
}

/** A block of transfers, from bytes to the commit. */
function transfers(label: string): void {
  const txs = Array.from({ length: TRANSFERS }, (_, i) => {
    const from = senders[i % senders.length]!
    return from.sign([send(from.address, relayer.address, '1')])
  })
  const proposal = driver.proposal(txs)
  const vote = driver.vote(proposal)
  const before = cpuMicroseconds()
  const { txResults } = driver.application.finalizeBlock(proposal)
  driver.application.commit()
  const microseconds = cpuMicroseconds() - before
  driver.height = proposal.height
  driver.timeNanoseconds += 1_000_000_000n
  driver.lastCommit = vote
  const gas = txResults.reduce((sum, { gasUsed }) => sum + Number(gasUsed), 0)
  assert(
    txResults.every(({ code }) => code === 0),
    'transfers pass',
  )
  print(label, gas / TRANSFERS, microseconds / TRANSFERS)
}

/** Runs transactions by simulation, which does all but keep the result. */
const simulated = (label: string, messages: readonly Any[]) => measure({ driver, relayer }, label, messages)

/** Clients of as many chains, so that no validator set is known by heart. */
function openClients(kind: KeyKind): { chains: ForeignChain[]; clients: string[] } {
  const chains = Array.from({ length: CHAINS }, (_, i) => {
    const seed = `${kind} ${i}`
    return new ForeignChain({
      chainId: 'zone-7',
      kind,
      validators: VALIDATORS[kind],
      seed,
      genesisSeconds: GENESIS_SECONDS,
    })
  })
  const clients = chains.map((chain) =>
    deliver(
      message('ibc.core.client.v1.MsgCreateClient', { ...chain.clientStates(1n), signer: relayer.address }),
    ),
  )
  return { chains, clients }
}

/** Delivers a message; gives the id of the client that it created, if it did. */
function deliver(item: Any): string {
  const { txResults } = driver.execute(driver.proposal([relayer.sign([item], { gasLimit: GAS_LIMIT })]))
  const result = txResults.at(-1)!
  assert(result.code === 0, result.log)
  const created = result.events.find(({ type }) => type === 'create_client')
  if (created !== undefined) clientsMade++
  return created?.attributes.find(({ key }) => key === 'client_id')?.value ?? ''
}

/** Headers two heights on, which both the trusted and the own validators have to have signed. */
function headers(kind: KeyKind): void {
  const { chains, clients } = openClients(kind)
  const signer = relayer.address
  const updates = chains.map((chain, i) =>
    message('ibc.core.client.v1.MsgUpdateClient', {
      clientId: clients[i]!,
      clientMessage: chain.update(3n, 1n),
      signer,
    }),
  )
  simulated(`header, ${VALIDATORS[kind]} × ${kind}`, updates)
  const evidence = chains.map((chain, i): Any => {
    const clientId = clients[i]!
    const value = MsgSubmitMisbehaviour.encode({
      clientId,
      misbehaviour: chain.misbehaviour(clientId, 3n, 1n),
      signer,
    }).finish()
    return { typeUrl: '/ibc.core.client.v1.MsgSubmitMisbehaviour', value }
  })
  simulated(`misbehaviour, 2 × ${VALIDATORS[kind]} × ${kind}`, evidence)
}

/** Packets out of a state of 20,000 keys. */
function packets(): void {
  const chain = new ForeignChain({
    chainId: 'zone-7',
    kind: 'ed25519',
    validators: 1,
    genesisSeconds: GENESIS_SECONDS,
  })
  const signer = relayer.address
  const destinationClient = deliver(
    message('ibc.core.client.v1.MsgCreateClient', { ...chain.clientStates(1n), signer }),
  )
  deliver(
    message('ibc.core.client.v2.MsgRegisterCounterparty', {
      clientId: destinationClient,
      counterpartyClientId: '07-tendermint-5',
      counterpartyMerklePrefix: [utf8('ibc'), new Uint8Array(0)],
      signer,
    }),
  )
  const list = Array.from({ length: 50 }, (_, i) => transferPacket(destinationClient, BigInt(i + 1)))
  const stores = MultiStore.open({
    storage: createMemoryStorage(),
    storeNames: [
      'acc',
      'bank',
      'distribution',
      'evidence',
      'gov',
      'ibc',
      'mint',
      'slashing',
      'staking',
      'upgrade',
    ],
    keepVersions: 1n,
  })
  const layer = new Layer((name) => stores.reader(name))
  for (let i = 0n; i < 20_000n; i++) layer.store('ibc').set(sha256(be64(i)), be64(i + 1n))
  for (const packet of list)
    layer
      .store('ibc')
      .set(packetCommitmentKey(packet.sourceClient, packet.sequence), packetCommitment(packet))
  const appHash = stores.finalize(1n, layer.changes())
  stores.commit()
  const clientMessage = chain.update(2n, 1n, appHash)
  deliver(
    message('ibc.core.client.v1.MsgUpdateClient', { clientId: destinationClient, clientMessage, signer }),
  )
  const receives = list.map((packet) => {
    const { proofs } = stores.proveKey('ibc', packetCommitmentKey(packet.sourceClient, packet.sequence), 1n)
    const proof = { proofs: proofs.map((bytes) => CommitmentProof.decode(bytes)) }
    return message('ibc.core.channel.v2.MsgRecvPacket', {
      packet,
      proofCommitment: MerkleProof.encode(proof).finish(),
      proofHeight: { revisionNumber: 7n, revisionHeight: 2n },
      signer,
    })
  })
  // The first deposit makes the line.
  deliver(receives[0]!)
  simulated('packet with proof', receives.slice(1))
}

function transferPacket(destinationClient: string, sequence: bigint) {
  const { address: receiver } = relayer
  const data = { denom: 'uusd', amount: '1', sender: 'zone1somebody', receiver, memo: '' }
  const payload = {
    sourcePort: 'transfer',
    destinationPort: 'transfer',
    version: 'ics20-1',
    encoding: 'application/json',
    value: utf8(JSON.stringify(data)),
  }
  const timeoutTimestamp = driver.timeSeconds + 3_600n
  return {
    sequence,
    sourceClient: '07-tendermint-5',
    destinationClient,
    timeoutTimestamp,
    payloads: [payload],
  }
}

/**
 * A packet proven under a client that its maker chose for its dear proofs: 2,000 levels of RIPEMD-160.
 */
function dearProof(): void {
  const signer = relayer.address
  const packet = transferPacket('07-tendermint-0', 1n)
  const inner = { hash: HashOp.RIPEMD160, prefix: Uint8Array.of(1), suffix: new Uint8Array(0) }
  const leaf = LeafOp.fromPartial({
    hash: HashOp.RIPEMD160,
    length: LengthOp.NO_PREFIX,
    prefix: Uint8Array.of(0),
  })
  const innerSpec = {
    childOrder: [0, 1],
    childSize: 1,
    minPrefixLength: 1,
    maxPrefixLength: 1,
    hash: inner.hash,
    emptyChild: new Uint8Array(0),
  }
  const spec = { leafSpec: leaf, innerSpec, maxDepth: 10_000, minDepth: 1, prehashKeyBeforeComparison: false }
  const key = packetCommitmentKey(packet.sourceClient, packet.sequence)
  const exist = (value: Uint8Array) => ({
    key,
    value,
    leaf,
    path: Array.from({ length: 2_000 }, () => inner),
  })
  const chain = new ForeignChain({
    chainId: 'zone-7',
    kind: 'ed25519',
    validators: 1,
    genesisSeconds: GENESIS_SECONDS,
  })
  // The commitment names the client, whose state holds the root: the next client's number is known.
  const destinationClient = `07-tendermint-${clientsMade}`
  const proof = exist(packetCommitment({ ...packet, destinationClient }))
  const states = chain.clientStates(1n)
  const clientState = ClientState.decode(states.clientState.value)
  const consensusState = ConsensusState.decode(states.consensusState.value)
  const changed = {
    clientState: ClientState.encode({ ...clientState, proofSpecs: [spec] }).finish(),
    consensusState: ConsensusState.encode({
      ...consensusState,
      root: { hash: existenceRoot(proof) },
    }).finish(),
  }
  const created = deliver(
    message('ibc.core.client.v1.MsgCreateClient', {
      clientState: { ...states.clientState, value: changed.clientState },
      consensusState: { ...states.consensusState, value: changed.consensusState },
      signer,
    }),
  )
  assert(created === destinationClient, created)
  deliver(
    message('ibc.core.client.v2.MsgRegisterCounterparty', {
      clientId: created,
      counterpartyClientId: packet.sourceClient,
      counterpartyMerklePrefix: [new Uint8Array(0)],
      signer,
    }),
  )
  simulated('packet, proof of 2,000 dear hashes', [
    message('ibc.core.channel.v2.MsgRecvPacket', {
      packet: { ...packet, destinationClient },
      proofCommitment: MerkleProof.encode({ proofs: [{ exist: proof }] }).finish(),
      proofHeight: { revisionNumber: 7n, revisionHeight: 1n },
      signer,
    }),
  ])
}

printHead()
transfers('transfer (warming up)')
for (let i = 0; i < 3; i++) transfers('transfer, with its signature and commit')
packets()
dearProof()
for (const kind of ['ed25519', 'secp256k1', 'ed25519Slow'] as const) headers(kind)
