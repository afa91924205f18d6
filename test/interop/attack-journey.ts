import { StargateClient } from '@cosmjs/stargate'
import { escrowAddress, voucherOf } from '@causeway/messaging'
import { toBech32 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { MsgTransfer } from '@causeway/protocol/ibc/applications/transfer/v1/tx'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { MsgRecvPacket } from '@causeway/protocol/ibc/core/channel/v2/tx'
import {
  MsgCreateClient,
  MsgCreateClientResponse,
  MsgUpdateClient,
} from '@causeway/protocol/ibc/core/client/v1/tx'
import { MsgRegisterCounterparty } from '@causeway/protocol/ibc/core/client/v2/tx'
import type { Chain } from '@causeway/relayer'
import type { Verdict } from './attacker.ts'
import type { Host, Stage } from './attack-stage.ts'
import { CLIENT, ZONE_CLIENT } from './hostile-packets.ts'
import type { Attacked } from './hostile-packets.ts'
import { waitFor } from './processes.ts'

/** Packets on their way from one chain to another, and everything that an attacker can know of them. */
export interface Journey {
  readonly stage: Stage
  readonly attacked: Attacked
  readonly source: Host
  readonly target: Host
  /** Pays the target's user. */
  readonly paid: Packet
  /** Is for nobody: the target will refuse it. */
  readonly refused: Packet
  /** Is received before its time ends. */
  readonly swift: Packet
  /** Is never received. */
  readonly late: Packet
  /** Sent over a stranger's client of the source that names ours as its counterparty. */
  readonly strange: Packet
  /** The attacker's own client of the source on the target; names the source's client as counterparty. */
  readonly strangerOnTarget: string
  /** A height of the source that the target's client knows and that proves all of them. */
  readonly height: bigint
  /** A later one with another root. */
  readonly later: bigint
  /** A height of the target, before it received anything, that the source's client knows. */
  readonly early: bigint
  /** Proof of `paid` at `height`. */
  readonly proof: Uint8Array
}

type Work = Parameters<Chain['prove']>[0]

const SHORT_SECONDS = 25n
const LONG_SECONDS = 3_600n
const STRANGE_SEQUENCE = 5n

/** Seconds of the clock, a while from now. */
export function inSeconds(delta: bigint): bigint {
  return BigInt(Math.floor(Date.now() / 1000)) + delta
}

/** Sends the packets, has one received, and brings the target's client far enough to prove the others. */
export async function startJourney(stage: Stage, attacked: Attacked): Promise<Journey> {
  const [source, target] = attacked === 'hub' ? [stage.simd, stage.hub] : [stage.hub, stage.simd]
  const early = await follow(source, CLIENT, target)
  const { strangerOnSource, strangerOnTarget } = await placeStrangers(stage, source, target)
  await sendPackets(source, target, attacked === 'hub' ? 2n : 1n)
  await sendStrange(source, target, strangerOnSource)
  const height = await follow(target, CLIENT, source)
  const swift = await sentPacket(source, CLIENT, 1n)
  await receive(target, source, swift, height)
  await bring(target, strangerOnTarget, source, height)
  await sendStrange(source, target, strangerOnSource)
  const later = await follow(target, CLIENT, source)
  const paid = await sentPacket(source, CLIENT, 4n)
  return {
    ...{ stage, attacked, source, target, strangerOnTarget, height, later, early, swift, paid },
    late: await sentPacket(source, CLIENT, 2n),
    refused: await sentPacket(source, CLIENT, 3n),
    strange: await sentPacket(source, strangerOnSource, STRANGE_SEQUENCE),
    proof: await prove(source, 'recv', paid, height),
  }
}

/** Brings a client to the newest header of what it follows, as anybody may; the height that it knows then. */
export async function follow(host: Host, client: string, followed: Host): Promise<bigint> {
  const { height: reached } = await followed.chain.head()
  // The newest transaction's state is proven by the next header.
  const height = await waitFor('the next header', async () => {
    const head = await followed.chain.head()
    return head.height > reached ? head.height : undefined
  })
  await bring(host, client, followed, height)
  return height
}

async function bring(host: Host, client: string, followed: Host, height: bigint): Promise<void> {
  const updates = await followed.chain.clientUpdates(await host.chain.clientView(client), height)
  requireOk(await host.attacker.deliver(updates.map((update) => updateClient(host, client, update))))
}

/** `MsgUpdateClient` of the host's attacker. */
export function updateClient(host: Host, clientId: string, clientMessage: Any): Any {
  const message = { clientId, clientMessage, signer: host.attacker.address }
  return { typeUrl: '/ibc.core.client.v1.MsgUpdateClient', value: MsgUpdateClient.encode(message).finish() }
}

/** The proof that a message of this kind needs, for a header at `height`. */
export async function prove(
  host: Host | { chain: Chain },
  kind: Work['kind'],
  packet: Packet,
  height: bigint,
): Promise<Uint8Array> {
  const facts = {
    acknowledgement: undefined,
    eventHeight: 0n,
    attempts: 0,
    notBeforeMs: 0n,
    seenAtMs: 0n,
    apart: false,
  }
  return host.chain.prove({ kind, packet, ...facts }, height)
}

/** The attacker makes a client on the host for what `seeded` shows of itself, and names its counterparty. */
export async function createClientAs(
  host: Host,
  seeded: Chain,
  counterpartyClientId?: string,
): Promise<string> {
  const signer = host.attacker.address
  const seed = await seeded.clientSeed({})
  const message = {
    typeUrl: '/ibc.core.client.v1.MsgCreateClient',
    value: MsgCreateClient.encode({ ...seed, signer }).finish(),
  }
  const { responses } = requireOk(await host.attacker.deliver([message]))
  const { clientId } = MsgCreateClientResponse.decode(responses[0]!.value)
  if (counterpartyClientId !== undefined) await registerAs(host, clientId, counterpartyClientId)
  return clientId
}

/** The attacker names the counterparty of a client of theirs. */
export async function registerAs(host: Host, clientId: string, counterpartyClientId: string): Promise<void> {
  requireOk(await host.attacker.deliver([registration(host, clientId, counterpartyClientId)]))
}

/** `MsgRegisterCounterparty` of the host's attacker. */
export function registration(host: Host, clientId: string, counterpartyClientId: string): Any {
  const value = MsgRegisterCounterparty.encode({
    clientId,
    counterpartyClientId,
    counterpartyMerklePrefix: [...host.chain.merklePrefix],
    signer: host.attacker.address,
  }).finish()
  return { typeUrl: '/ibc.core.client.v2.MsgRegisterCounterparty', value }
}

/** What everybody holds on every chain, the escrows too, and which packets are under way. */
export async function possessions({ hub, simd, zone }: Stage): Promise<Record<string, unknown>> {
  const entries = await Promise.all(
    [hub, simd, zone].map(async (host) => {
      const escrows = [CLIENT, ZONE_CLIENT].map((client) => toBech32(host.prefix, escrowAddress(client)))
      const client = await StargateClient.connect(host.rpcUrl)
      const addresses = [host.user.address, host.attacker.address, ...escrows]
      const balances = await Promise.all(addresses.map((address) => client.getAllBalances(address)))
      client.disconnect()
      return [host.name, { balances, pending: await host.chain.pendingSequences(CLIENT) }]
    }),
  )
  const [toHub, toSimd] = await Promise.all([
    hub.chain.unreceivedSequences(CLIENT, SEQUENCES),
    simd.chain.unreceivedSequences(CLIENT, SEQUENCES),
  ])
  return { ...Object.fromEntries(entries), toHub, toSimd }
}

const SEQUENCES = [1n, 2n, 3n, 4n]

/** Throws unless the transaction did what it was for. */
export function requireOk(verdict: Verdict): Verdict {
  if (verdict.outcome !== 'ok') throw new Error(`${verdict.outcome}: ${verdict.log}`)
  return verdict
}

/** A packet as its chain sent it. */
export async function sentPacket(source: Host, client: string, sequence: bigint): Promise<Packet> {
  const event = await waitFor('the packet', () =>
    source.chain.findPacketEvent('send_packet', client, sequence),
  )
  return event.packet
}

/** `MsgRecvPacket` of the target's attacker. */
export function recvMessage(target: Host, packet: Packet, proofCommitment: Uint8Array, height: bigint): Any {
  const proofHeight = { revisionNumber: 1n, revisionHeight: height }
  const message = { packet, proofCommitment, proofHeight, signer: target.attacker.address }
  return { typeUrl: '/ibc.core.channel.v2.MsgRecvPacket', value: MsgRecvPacket.encode(message).finish() }
}

async function receive(target: Host, source: Host, packet: Packet, height: bigint): Promise<void> {
  const proof = await prove(source, 'recv', packet, height)
  requireOk(await target.attacker.deliver([recvMessage(target, packet, proof, height)]))
}

/** Swift, late, refused, paid: sequences 1 to 4. */
async function sendPackets(source: Host, target: Host, share: bigint): Promise<void> {
  const denom = source.name === 'hub' ? voucherOf(`transfer/${CLIENT}/stake`) : 'stake'
  const terms = (amount: bigint, seconds: bigint, receiver = target.user.address) => {
    return { client: CLIENT, denom, amount: amount * share, receiver, timeoutSeconds: inSeconds(seconds) }
  }
  await source.user.transfer(
    terms(10n, SHORT_SECONDS),
    terms(25n, SHORT_SECONDS),
    terms(50n, LONG_SECONDS, 'nobody'),
    terms(300n, LONG_SECONDS),
  )
}

/** As many as it takes for a sequence that our own client's packets have not used. */
async function sendStrange(source: Host, target: Host, client: string): Promise<void> {
  const message = MsgTransfer.fromPartial({
    sourcePort: 'transfer',
    sourceChannel: client,
    token: { denom: source.token, amount: '1000' },
    sender: source.attacker.address,
    receiver: target.attacker.address,
    timeoutTimestamp: inSeconds(LONG_SECONDS),
    encoding: 'application/x-protobuf',
  })
  const value = MsgTransfer.encode(message).finish()
  const transfer = { typeUrl: '/ibc.applications.transfer.v1.MsgTransfer', value }
  requireOk(await source.attacker.deliver(Array.from({ length: Number(STRANGE_SEQUENCE) }, () => transfer)))
}

/**
 * On the source a client that follows the stranger's own chain and names the target's client as its
 * counterparty; on the target one that follows the honest source and names the source's client.
 */
async function placeStrangers({ lookalikes }: Stage, source: Host, target: Host) {
  const own = source.name === 'hub' ? lookalikes.zone : lookalikes.hub
  const strangerOnSource = await createClientAs(source, own.chain, CLIENT)
  const strangerOnTarget = await createClientAs(target, source.chain, CLIENT)
  return { strangerOnSource, strangerOnTarget }
}
