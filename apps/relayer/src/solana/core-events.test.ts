/* eslint-disable @nx/enforce-module-boundaries -- the cluster's and the programs' own fixtures, not copies */
// What the relayer reads of the core's events on a local cluster with the real programs: beside noise, deep,
// in failed transactions, and of those who imitate the core.
import {
  AddressLookupTableProgram,
  ComputeBudgetProgram,
  Connection,
  SystemProgram,
  Transaction,
  TransactionMessage,
  VersionedTransaction,
} from '@solana/web3.js'
import type { Keypair, PublicKey, TransactionInstruction } from '@solana/web3.js'
import {
  VAULT_PORT,
  clientAddress,
  encodePacket,
  receiveInstruction,
  receiveMessage,
  rootsAddress,
  withdrawalAccounts,
} from '@causeway/contracts-solana'
import { EMPTY_LEAF, commitmentLeaf, createSparseTree } from '@causeway/light-clients'
import {
  SUCCESS_ACKNOWLEDGEMENT,
  acknowledgementCommitment,
  encodeTransfer,
  packetCommitment,
  packetCommitmentKey,
} from '@causeway/messaging'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { calling, callerElf, noise } from '../../../../contracts/solana/test/caller.fixture.ts'
import {
  commitIbc,
  exampleStores,
  packedProofs,
} from '../../../../contracts/solana/test/example-hub.fixture.ts'
import { encodeConsensus } from '../../../../contracts/solana/test/hub.fixture.ts'
import {
  CLIENT,
  HUB_ACCOUNT,
  HUB_CLIENT,
  LINE,
  NOW,
  OWNER,
  PROGRAMS,
  exampleDeposit,
  exampleKeypair,
  exampleOptions,
  setUpInstructions,
} from '../../../devnet/src/solana/programs.fixture.ts'
import { startSolanaCluster } from '../../../devnet/src/solana/start-solana-cluster.ts'
import type { RunningSolana } from '../../../devnet/src/solana/start-solana-cluster.ts'
import { EndpointPool } from '../endpoints/endpoint-pool.ts'
import { PacketHistory, readEvents } from './packet-history.ts'
import { Receipts } from './receipts.ts'
import { SolanaApi } from './solana-api.ts'

const SLOTS_MAX = 64
const EVENT = 9
const FOREIGN_EVENT = 121
const addressOf = (name: string) => exampleKeypair(`example ${name}`).publicKey
const [CALLER, IMITATOR] = [addressOf('caller'), addressOf('imitator')]
const CONSENSUS = addressOf('consensus')
const MESSAGES = [1n, 2n, 3n].map((sequence) => addressOf(`message ${sequence}`))
const CONFIRMED = { commitment: 'confirmed', maxSupportedTransactionVersion: 0 } as const
/** One that costs more than anybody has. */
const FAILING = SystemProgram.transfer({
  ...{ fromPubkey: OWNER.publicKey, toPubkey: CALLER, lamports: 10n ** 18n },
})

/** What the hub sends, as if one after the other were received. */
const withdrawals = [1n, 2n, 3n].map(withdrawal)
const messages = receiveMessages()

let cluster: RunningSolana
let connection: Connection
let api: SolanaApi
let history: PacketHistory
let receipts: Receipts

beforeAll(async () => {
  const base = exampleOptions()
  const programs = [CALLER, IMITATOR].map((key) => ({ address: key.toBase58(), elf: callerElf() }))
  const rich = { lamports: 10_000_000_000n }
  const uploaded = messages.map((data, index) => ({ ...rich, address: MESSAGES[index]!.toBase58(), data }))
  cluster = await startSolanaCluster({
    ...base,
    programs: [...base.programs!, ...programs],
    accounts: [...base.accounts!, { ...rich, ...consensus() }, ...uploaded],
  })
  connection = new Connection(cluster.rpcUrl, 'confirmed')
  const pool = new EndpointPool({
    ...{
      urls: [cluster.rpcUrl],
      requestTimeoutMs: 30_000,
      lagMax: 1_000n,
      staleAfterMs: 1e9,
      nowMs: Date.now,
    },
    connect: (url, timeoutMs) => new SolanaApi(url, timeoutMs),
  })
  api = new SolanaApi(cluster.rpcUrl, 30_000)
  history = new PacketHistory(pool, PROGRAMS.core, CLIENT)
  receipts = new Receipts(pool, history, PROGRAMS.core, CLIENT)
  for (const { instructions, signers } of setUpInstructions()) await confirm(instructions, signers)
  await confirm([exampleDeposit(9_000_000n, 1n)])
})

afterAll(() => cluster.stop())

describe('events of the core', () => {
  it('are read whole beside 20 kB of noise, two at once as well', async () => {
    for (const sequence of [1n, 2n]) {
      const signature = await confirm([noise(CALLER, 20), receiving(sequence)])
      const found = await connection.getTransaction(signature, CONFIRMED)
      expect(found!.meta!.logMessages).toContain('Log truncated')
    }
    await receipts.refresh()
    expect([1n, 2n, 3n].map((sequence) => receipts.has(sequence))).toEqual([true, true, false])
    for (const packet of withdrawals.slice(0, 2)) {
      const event = await history.find('write_acknowledgement', packet.sequence)
      expect(event!.packet).toEqual(packet)
    }
    const roots = await connection.getAccountInfo(rootsAddress(PROGRAMS.core, CLIENT))
    expect(roots!.owner.equals(PROGRAMS.core)).toBe(true)
  })

  it('are found where another program had them made, by keys of a table', async () => {
    const table = await tableOf([PROGRAMS.core, PROGRAMS.vault, LINE.mint])
    const { blockhash } = await connection.getLatestBlockhash()
    const message = new TransactionMessage({
      ...{ payerKey: OWNER.publicKey, recentBlockhash: blockhash },
      instructions: [calling(CALLER, exampleDeposit(5n, 2n))],
    }).compileToV0Message([table])
    expect(message.addressTableLookups).toHaveLength(1)
    const transaction = new VersionedTransaction(message)
    transaction.sign([OWNER])
    const signature = await landed(transaction.serialize())
    expect((await history.find('send_packet', 2n))?.packet.destinationClient).toBe(HUB_CLIENT)
    const info = await api.transaction(signature)
    const core = PROGRAMS.core.toBase58()
    expect(info!.called.filter(({ program }) => program === core)).toHaveLength(2)
  })

  it('are none in a transaction that failed', async () => {
    const before = await history.upTo(2n ** 63n)
    const signature = await landed(await signed([exampleDeposit(7n, 3n), FAILING]))
    const found = await connection.getTransaction(signature, CONFIRMED)
    expect(found!.meta!.err).not.toBe(null)
    const keys = found!.transaction.message.staticAccountKeys
    const inner = found!.meta!.innerInstructions!.flatMap(({ instructions }) => instructions)
    expect(inner.some(({ programIdIndex }) => keys[programIdIndex]!.equals(PROGRAMS.core))).toBe(true)
    expect(await api.transaction(signature)).toMatchObject({ called: [] })
    expect(await history.upTo(2n ** 63n)).toEqual(before)
  })

  it('are told by nobody but the core', async () => {
    const before = await history.upTo(2n ** 63n)
    const data = Buffer.from([EVENT, 1, ...encodePacket(withdrawals[2]!), ...SUCCESS_ACKNOWLEDGEMENT])
    const client = { pubkey: clientAddress(PROGRAMS.core, CLIENT), isSigner: false, isWritable: false }
    const imitated = { programId: IMITATOR, keys: [client], data }
    const signature = await confirm([calling(CALLER, imitated)])
    expect((await api.transaction(signature))!.called).toMatchObject([{ program: IMITATOR.toBase58() }])
    expect(await history.upTo(2n ** 63n)).toEqual(before)
    await receipts.refresh()
    expect(receipts.has(3n)).toBe(false)
    const refused = await signed([calling(CALLER, { ...imitated, programId: PROGRAMS.core })])
    const { error, called } = await api.simulate(refused, 0n)
    expect(JSON.stringify(error)).toContain(`"Custom":${FOREIGN_EVENT}`)
    expect(called).toEqual([])
  })

  it('are foreseen by a simulation', async () => {
    const { error, called } = await api.simulate(await signed([noise(CALLER, 20), receiving(3n)]), 0n)
    expect(error).toBe(null)
    expect(readEvents(called, PROGRAMS.core)).toEqual([
      {
        kind: 'write_acknowledgement',
        packet: withdrawals[2],
        acknowledgement: Uint8Array.from(SUCCESS_ACKNOWLEDGEMENT),
      },
    ])
  })
})

function withdrawal(sequence: bigint): Packet {
  const transfer = {
    denom: `transfer/${HUB_CLIENT}/${LINE.mint.toBase58()}`,
    sender: HUB_ACCOUNT,
    receiver: OWNER.publicKey.toBase58(),
    amount: 10n + sequence,
    memo: '',
  }
  return {
    ...{ sequence, sourceClient: HUB_CLIENT, destinationClient: CLIENT, timeoutTimestamp: NOW + 3_600n },
    payloads: [encodeTransfer(transfer, 'application/x-solidity-abi')],
  }
}

function committed() {
  const stores = exampleStores()
  const entries = withdrawals.map(
    (packet) => [packetCommitmentKey(HUB_CLIENT, packet.sequence), packetCommitment(packet)] as const,
  )
  return { stores, appHash: commitIbc(stores, 9n, entries) }
}

/** The hub's state in which it sent them, as its light client keeps it. */
function consensus() {
  const data = encodeConsensus(LINE.lightState, 9n, NOW - 60n, committed().appHash)
  return { address: CONSENSUS.toBase58(), owner: addressOf('light client').toBase58(), data }
}

function receiveMessages(): Uint8Array[] {
  const { stores } = committed()
  const tree = createSparseTree()
  return withdrawals.map((packet) => {
    const index = packet.sequence - 1n
    const [proof] = packedProofs(stores, [packetCommitmentKey(HUB_CLIENT, packet.sequence)])
    const message = receiveMessage(packet, EMPTY_LEAF, tree.prove(index), proof!)
    tree.set(index, commitmentLeaf(acknowledgementCommitment([SUCCESS_ACKNOWLEDGEMENT])))
    return message
  })
}

function receiving(sequence: bigint): TransactionInstruction {
  const index = Number(sequence - 1n)
  const order = { recipient: OWNER.publicKey, sequence, payer: OWNER.publicKey }
  const places = {
    ...{ core: PROGRAMS.core, clientId: CLIENT, lightState: LINE.lightState, consensus: CONSENSUS },
    ...{ port: VAULT_PORT, application: PROGRAMS.vault, accounts: withdrawalAccounts(LINE, order) },
  }
  return receiveInstruction(places, { account: MESSAGES[index]!, offset: 0, length: messages[index]!.length })
}

async function signed(
  instructions: readonly TransactionInstruction[],
  signers: readonly Keypair[] = [],
): Promise<Uint8Array> {
  const { blockhash } = await connection.getLatestBlockhash()
  const transaction = new Transaction({ feePayer: OWNER.publicKey, recentBlockhash: blockhash })
  const units = ComputeBudgetProgram.setComputeUnitLimit({ units: 1_000_000 })
  transaction.add(units, ...instructions).sign(OWNER, ...signers)
  return transaction.serialize()
}

/** Sends a transaction whatever becomes of it, and has slots made until it is confirmed. */
async function landed(wire: Uint8Array): Promise<string> {
  const signature = await connection.sendRawTransaction(wire, { skipPreflight: true })
  for (let slots = 0; slots < SLOTS_MAX; slots += 1) {
    await cluster.produceSlot()
    const { value } = await connection.getSignatureStatus(signature)
    if (/confirmed|finalized/.test(value?.confirmationStatus ?? '')) return signature
  }
  throw new Error(`${signature} was never confirmed`)
}

/** Sends a transaction that has to go through. */
async function confirm(...of: Parameters<typeof signed>): Promise<string> {
  const signature = await landed(await signed(...of))
  const { value } = await connection.getSignatureStatus(signature)
  expect(value?.err).toBe(null)
  return signature
}

async function tableOf(addresses: PublicKey[]) {
  const authority = OWNER.publicKey
  const [create, key] = AddressLookupTableProgram.createLookupTable({
    ...{ authority, payer: authority, recentSlot: (await connection.getSlot('finalized')) - 1 },
  })
  const extend = AddressLookupTableProgram.extendLookupTable({
    ...{ authority, payer: authority, lookupTable: key, addresses },
  })
  await confirm([create, extend])
  // Addresses can be looked up from the next slot on
  await cluster.produceSlot()
  return (await connection.getAddressLookupTable(key)).value!
}
