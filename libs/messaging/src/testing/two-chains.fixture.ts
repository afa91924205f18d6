// Two chains, a client on each, counterparties registered, and a relayer's verbs.
import { utf8 } from '@causeway/primitives'
import type { Packet, Payload } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { createClient } from '../client/create-client.ts'
import { registerCounterparty } from '../client/register-counterparty.ts'
import { updateClient } from '../client/update-client.ts'
import { acknowledgePacket } from '../packet/acknowledge-packet.ts'
import { recvPacket } from '../packet/recv-packet.ts'
import { sendPacket } from '../packet/send-packet.ts'
import { timeoutPacket } from '../packet/timeout-packet.ts'
import { PROOF, clientState, consensusState, header } from './oracle-client.fixture.ts'
import { TestChain } from './test-chain.fixture.ts'

export const COSMOS_PREFIX = [utf8('ibc'), new Uint8Array(0)]
export const CREATOR = 'creator'
export const RELAYER = 'relayer'

/** Chains that know each other by name. */
export function createChains<Name extends string>(...names: readonly Name[]): Record<Name, TestChain> {
  const chains = new Map<string, TestChain>()
  for (const name of names) chains.set(name, new TestChain(name, (peer) => chains.get(peer)!))
  return Object.fromEntries(chains) as Record<Name, TestChain>
}

/** Opens a client of `remote` on `local`. */
export function openClient(local: TestChain, remote: TestChain, signer = CREATOR): string {
  const message = { clientState: clientState(remote), consensusState: consensusState(remote), signer }
  return local.deliver((context) => createClient(context, local.lightClients, message)).result.clientId
}

export function register(
  local: TestChain,
  clientId: string,
  counterpartyClientId: string,
  signer = CREATOR,
): void {
  local.deliver((context) =>
    registerCounterparty(context, {
      clientId,
      counterpartyMerklePrefix: COSMOS_PREFIX,
      counterpartyClientId,
      signer,
    }),
  )
}

/** Opens a client on each side and registers them for each other. */
export function connect(a: TestChain, b: TestChain): { onA: string; onB: string } {
  const onA = openClient(a, b)
  const onB = openClient(b, a)
  register(a, onA, onB)
  register(b, onB, onA)
  return { onA, onB }
}

/** Brings a client up to the other chain's last block, and names its height. */
export function update(local: TestChain, clientId: string, remote: TestChain) {
  const message = { clientId, clientMessage: header(remote.height), signer: RELAYER }
  const revisionHeight = remote.height
  local.deliver((context) => updateClient(context, local.lightClients, message))
  return { revisionNumber: 1n, revisionHeight }
}

export function nowSeconds(chain: TestChain): bigint {
  return chain.timeNanoseconds / 1_000_000_000n
}

export function send(
  chain: TestChain,
  sourceClient: string,
  payloads: Payload[],
  options: { timeoutSeconds?: bigint; signer?: string } = {},
): Packet {
  const { timeoutSeconds = nowSeconds(chain) + 600n, signer = 'alpha1alice' } = options
  const message = { sourceClient, timeoutTimestamp: timeoutSeconds, payloads, signer }
  return chain.deliver((context) => sendPacket(context, chain, message)).result
}

export function receive(destination: TestChain, source: TestChain, packet: Packet, proof = PROOF) {
  const proofHeight = update(destination, packet.destinationClient, source)
  const message = { packet, proofCommitment: proof, proofHeight, signer: RELAYER }
  return destination.deliver((context) => recvPacket(context, destination, message))
}

export function acknowledge(
  source: TestChain,
  destination: TestChain,
  packet: Packet,
  appAcknowledgements: Uint8Array[],
  proof = PROOF,
) {
  const proofHeight = update(source, packet.sourceClient, destination)
  const acknowledgement = { appAcknowledgements }
  const message = { packet, acknowledgement, proofAcked: proof, proofHeight, signer: RELAYER }
  return source.deliver((context) => acknowledgePacket(context, source, message))
}

export function timeOut(source: TestChain, destination: TestChain, packet: Packet, proof = PROOF) {
  const proofHeight = update(source, packet.sourceClient, destination)
  const message = { packet, proofUnreceived: proof, proofHeight, signer: RELAYER }
  return source.deliver((context) => timeoutPacket(context, source, message))
}
