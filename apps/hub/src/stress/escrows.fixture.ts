// Both sides of each line, by proof alone: what a chain has locked and has sent, as the hub's client of that
// chain verifies it; what the hub's ledger says and has received, under the hub's app hash.
import { cosmosSpecs, createBatchVerifier } from '@causeway/light-clients'
import {
  IBC_STORE_NAME,
  RECEIPT_VALUE,
  SUCCESS_ACKNOWLEDGEMENT,
  acknowledgementCommitment,
  packetAcknowledgementKey,
  packetCommitment,
  packetCommitmentKey,
  packetReceiptKey,
  requireActiveClient,
} from '@causeway/messaging'
import { assert, be64, concatBytes, equalBytes, toHex, utf8 } from '@causeway/primitives'
import { Line } from '@causeway/protocol/causeway/ledger/v1/ledger'
import { CommitmentProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { ExecutionContext, blockInfo } from '../block/context.ts'
import { unlimitedGas } from '../block/gas.ts'
import { Layer } from '../block/layer.ts'
import { messagingContext } from '../block/messaging-context.ts'
import { LEDGER_STORE, lines } from '../modules/ledger/state.ts'
import { CLIENT_HERE, escrowKey } from '../simulation/counterparty.fixture.ts'
import type { CounterpartyChain } from '../simulation/counterparty.fixture.ts'
import { HOMES } from './homes.fixture.ts'
import type { StressWorld } from './world.fixture.ts'

const ACCEPTED = acknowledgementCommitment([SUCCESS_ACKNOWLEDGEMENT])

/** What one side has under a key, proven; nothing where it has proven to have nothing. */
type Proven = (key: Uint8Array, claimed: Uint8Array | undefined) => void

/**
 * What doesn't hold after a block, one sentence each: what a chain has locked, less what the hub doesn't know
 * of yet, and more by what it doesn't know to be paid, is what its line says; what the hub owes over a line
 * is never more than what is locked. A proof that fails throws.
 */
export function brokenEscrows(world: StressWorld): string[] {
  const onHub = provenByHub(world)
  return world.homes.chains.flatMap((chain, home) => {
    const { base } = HOMES[home]!
    const onChain = provenByChain(world, chain)
    const locked = chain.escrow.get(base) ?? 0n
    onChain(escrowKey(base), utf8(`${locked}`))
    const line = lineOf(world, onHub, `transfer/${chain.client}/${base}`)
    const expected = locked - unknown(world, chain, onChain, onHub) + paid(world, home, onChain, onHub)
    const escrowed = BigInt(line.escrowed)
    const owed = escrowed - BigInt(line.inFlight)
    const { chainId } = chain
    return [
      ...(expected === escrowed ? [] : [`${base}: ${chainId} holds ${expected}, the hub says ${escrowed}`]),
      ...(owed <= locked ? [] : [`${base}: the hub owes ${owed}, ${chainId} holds ${locked}`]),
    ]
  })
}

/** What was proven of chains under their newest headers: while a header is the newest nothing changes. */
const underHeader = new WeakMap<
  CounterpartyChain,
  { readonly height: bigint; readonly proven: Set<string> }
>()

/** Verifies by a copy of the hub's client, brought up to the chain's newest header. */
function provenByChain(world: StressWorld, chain: CounterpartyChain): Proven {
  const { height } = chain
  let known = underHeader.get(chain)
  if (known?.height !== height) underHeader.set(chain, (known = { height, proven: new Set() }))
  const { proven } = known
  let verify: Proven | undefined
  return (key, claimed) => {
    const text = `${toHex(key)}=${claimed === undefined ? 'absent' : toHex(claimed)}`
    if (proven.has(text)) return
    verify ??= verifierOf(world, chain)
    verify(key, claimed)
    proven.add(text)
  }
}

function verifierOf(world: StressWorld, chain: CounterpartyChain): Proven {
  const { chain: hub } = world.hub
  const { chainId } = hub.options
  const block = blockInfo(chainId, world.height, world.driver.timeNanoseconds)
  const layer = new Layer((name) => hub.stores.readerAt(name, world.height))
  const context = messagingContext(new ExecutionContext(block, layer, unlimitedGas()))
  const { lightClient, store } = requireActiveClient(context, world.lightClients, chain.client)
  if (chain.trusted < chain.height + 1n) {
    const header = chain.header()
    lightClient.verifyClientMessage(store, header, context)
    lightClient.updateState(store, header, context)
  }
  return (key, claimed) => {
    const { proof, height } = chain.prove(key)
    const path = [utf8(IBC_STORE_NAME), key]
    if (claimed === undefined) lightClient.verifyNonMembership(store, height, proof, path, context)
    else lightClient.verifyMembership(store, height, proof, path, claimed, context)
  }
}

/** Verifies against the app hash of the last block. */
function provenByHub(world: StressWorld): Proven & { value(storeName: string, key: Uint8Array): Uint8Array } {
  const { stores } = world.hub.chain
  const verifier = createBatchVerifier(cosmosSpecs, stores.appHash())
  const prove = (storeName: string, key: Uint8Array) => {
    const { proofs, value } = stores.proveKey(storeName, key, world.height)
    const path = [utf8(storeName), key]
    return { path, value, proof: { proofs: proofs.map((each) => CommitmentProof.decode(each)) } }
  }
  const proven: Proven = (key, claimed) => {
    const { path, proof } = prove(IBC_STORE_NAME, key)
    if (claimed === undefined) verifier.verifyNonMembership(path, proof)
    else verifier.verifyMembership(path, claimed, proof)
  }
  return Object.assign(proven, {
    value(storeName: string, key: Uint8Array) {
      const { path, proof, value } = prove(storeName, key)
      assert(value !== undefined, 'a line is there')
      verifier.verifyMembership(path, value, proof)
      return value
    },
  })
}

function lineOf(world: StressWorld, onHub: ReturnType<typeof provenByHub>, path: string): Line {
  const found = [...lines(world.state.store(LEDGER_STORE))].find(({ denom }) => denom === path)
  assert(found !== undefined, `a line ${path}`)
  return Line.decode(onHub.value(LEDGER_STORE, concatBytes(Uint8Array.of(4), be64(found.id))))
}

/** Base units of packets that the chain has sent and the hub has not taken. */
function unknown(world: StressWorld, chain: CounterpartyChain, onChain: Proven, onHub: Proven): bigint {
  let sum = 0n
  for (const { packet, state, held } of chain.sent.values()) {
    onChain(packetCommitmentKey(CLIENT_HERE, packet.sequence), packetCommitment(packet))
    const isReceived = state !== 'underway'
    onHub(packetReceiptKey(chain.client, packet.sequence), isReceived ? RECEIPT_VALUE : undefined)
    const answerKey = packetAcknowledgementKey(chain.client, packet.sequence)
    if (state === 'taken') onHub(answerKey, ACCEPTED)
    else {
      const answer = world.state.store(IBC_STORE_NAME).get(answerKey)
      assert(answer === undefined || !equalBytes(answer, ACCEPTED), 'what was not taken was not accepted')
      onHub(answerKey, answer)
      sum += held?.amount ?? 0n
    }
  }
  return sum
}

/** Base units of packets that the chain has paid out and the hub has not heard of. */
function paid(world: StressWorld, home: number, onChain: Proven, onHub: Proven): bigint {
  const chain = world.homes.chains[home]!
  let sum = 0n
  for (const { packet } of world.homes.outgoing.filter((each) => each.home === home)) {
    const { sourceClient, sequence } = packet
    const commitment = packetCommitmentKey(sourceClient, sequence)
    const isLive = world.state.store(IBC_STORE_NAME).has(commitment)
    onHub(commitment, isLive ? packetCommitment(packet) : undefined)
    const taken = chain.received.get(sequence)
    const answer = taken && acknowledgementCommitment([taken.acknowledgement])
    onChain(packetAcknowledgementKey(CLIENT_HERE, sequence), answer)
    if (isLive && answer !== undefined && equalBytes(answer, ACCEPTED))
      sum += chain.returned(packet)?.amount ?? 0n
  }
  return sum
}
