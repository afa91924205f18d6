import { Keypair } from '@solana/web3.js'
import type { TransactionInstruction } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import { ERROR_ACKNOWLEDGEMENT, SUCCESS_ACKNOWLEDGEMENT } from '@causeway/messaging'
import { concatBytes, fromBase58, le64, toBase58, utf8 } from '@causeway/primitives'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { clientAddress } from '../src/generated/core.ts'
import { calledInstructions, readCoreEvents, readReopenedPackets } from '../src/core/events.ts'
import { encodePacket } from '../src/core/packet-bytes.ts'
import { programInstruction, read, sign } from '../src/instruction.ts'
import { depositInstruction } from '../src/vault/instructions.ts'
import { CLIENT, HUB_ACCOUNT, deposit, done, openWallet, startBridge, uploaded } from './bridge.fixture.ts'
import type { Bridge } from './bridge.fixture.ts'
import { addCaller, calling, noise } from './caller.fixture.ts'
import { START_SECONDS, exampleKey } from './hub.fixture.ts'
import { acknowledge, answerOf, answerOnHub, receive, sendOnHub, withdrawal } from './relay.fixture.ts'
import { send, setAccount } from './svm.fixture.ts'

const EVENT = 9
const DATA_LENGTH_MAX = 14_000
const DEPOSIT = 5_000_000n

function depositing({ line, owner, payer }: Bridge, sequence: bigint, memo = ''): TransactionInstruction {
  const order = { amount: DEPOSIT, timeoutSeconds: START_SECONDS + 60n, receiver: HUB_ACCOUNT, memo }
  const from = { depositor: owner.publicKey, payer: payer.publicKey, sequences: [sequence] }
  return depositInstruction(line, order, from)
}

/** A packet that was never sent, as an event. */
function imitated(packet: Packet): Uint8Array {
  return concatBytes(Uint8Array.of(EVENT, 0), encodePacket(packet))
}

describe('an event', () => {
  it('is that of the core, however deep it was called', () => {
    const bridge = startBridge()
    const caller = addCaller(bridge)
    const { core, owner } = bridge
    const direct = done(send(bridge, [depositing(bridge, 1n)], [owner]))
    const deep = done(send(bridge, [calling(caller, depositing(bridge, 2n))], [owner]))
    for (const [index, { called }] of [direct, deep].entries()) {
      const events = readCoreEvents(called, core.toBase58())
      expect(events.map(({ kind, packet }) => [kind, packet.sequence])).toEqual([
        ['send_packet', BigInt(index) + 1n],
      ])
    }
    expect(deep.called.map(({ program }) => program).filter((p) => p === core.toBase58())).toHaveLength(2)
  })

  it('is whole beside any noise, and so are two', async () => {
    const bridge = startBridge()
    const caller = addCaller(bridge)
    deposit(bridge, DEPOSIT, 1n)
    const recipient = exampleKey().publicKey
    openWallet(bridge, recipient)
    for (const sequence of [1n, 2n]) {
      const packet = withdrawal(bridge, { sequence, recipient, amount: 7n })
      const before = [noise(caller, 20)]
      const sent = await receive(bridge, packet, sendOnHub(bridge, packet), recipient, { before })
      expect(sent.logs).toContain('Log truncated')
      expect(answerOf(bridge, sent)).toBe('success')
      const [event, ...more] = readCoreEvents(sent.called, bridge.core.toBase58())
      expect(event).toEqual({
        kind: 'write_acknowledgement',
        packet,
        acknowledgement: SUCCESS_ACKNOWLEDGEMENT,
      })
      expect(more).toEqual([])
    }
  })

  it('is told by nobody but the core', () => {
    const bridge = startBridge()
    const { core, svm } = bridge
    const caller = addCaller(bridge)
    const client = clientAddress(core, CLIENT)
    const data = imitated(deposit(bridge, DEPOSIT, 1n))
    const telling = (...keys: Parameters<typeof programInstruction>[2]) =>
      programInstruction(core, EVENT, keys, data.subarray(1))
    const own = Keypair.generate()
    svm.airdrop(own.publicKey.toBase58() as never, 1_000_000_000n as never)
    const refused = (instruction: TransactionInstruction, signers: Keypair[] = []) =>
      expect(send(bridge, [instruction], signers).error)
    refused(telling(read(client))).toBe(121)
    refused(calling(caller, telling(read(client)))).toBe(121)
    refused(telling()).toBe(1)
    refused(telling(sign(own.publicKey)), [own]).toBe(3)
    // An account that signs for itself can be given to the core, but not be written like a client
    setAccount(bridge, own.publicKey, { owner: core, data: new Uint8Array(210) })
    refused(telling(sign(own.publicKey)), [own]).toBe(4)
    refused(calling(caller, telling(sign(own.publicKey))), [own]).toBe(4)
  })

  it('is none when another program is called with its words', () => {
    const bridge = startBridge()
    const [caller, other] = [addCaller(bridge), addCaller(bridge)]
    const data = imitated(deposit(bridge, DEPOSIT, 1n))
    const words = programInstruction(other, EVENT, [], data.subarray(1))
    const { called } = done(send(bridge, [calling(caller, words)]))
    expect(called).toEqual([{ program: other.toBase58(), data: toBase58(data) }])
    expect(readCoreEvents(called, bridge.core.toBase58())).toEqual([])
  })

  it('has room for every packet that is sent, and for its answer', async () => {
    const bridge = startBridge()
    const { owner, core } = bridge
    const sending = async (sequence: bigint, memoBytes: number) => {
      const { data, keys, programId } = depositing(bridge, sequence, 'm'.repeat(memoBytes))
      const message = await uploaded(bridge, data.subarray(1), `memo ${memoBytes}`)
      return send(bridge, [programInstruction(programId, data[0]!, keys, message)], [owner])
    }
    const long = done(await sending(1n, 7_400))
    const [event] = readCoreEvents(long.called, core.toBase58())
    expect(event?.packet.payloads[0]?.value.length).toBeGreaterThan(7_400)
    const consensus = answerOnHub(bridge, event!.packet, ERROR_ACKNOWLEDGEMENT)
    const ended = done(await acknowledge(bridge, event!.packet, ERROR_ACKNOWLEDGEMENT, consensus))
    expect(readCoreEvents(ended.called, core.toBase58())).toEqual([
      { kind: 'acknowledge_packet', packet: event!.packet, acknowledgement: ERROR_ACKNOWLEDGEMENT },
    ])
    expect((await sending(2n, 8_000)).error).toBe(122)
  })
})

describe('what a node says that was called', () => {
  const core = exampleKey().publicKey.toBase58()
  const packet: Packet = {
    sequence: 7n,
    sourceClient: CLIENT,
    destinationClient: 'solana-7',
    timeoutTimestamp: START_SECONDS,
    payloads: [
      { sourcePort: 'a', destinationPort: 'b', version: 'c', encoding: 'd', value: Uint8Array.of(1, 2, 3) },
    ],
  }
  const event = (kind: number, rest: Uint8Array = new Uint8Array()) =>
    toBase58(concatBytes(Uint8Array.of(EVENT, kind), encodePacket(packet), rest))
  const told = (data: string) => readCoreEvents([{ program: core, data }], core)

  it.each(['send_packet', 'write_acknowledgement', 'acknowledge_packet', 'timeout_packet'])('%s', (kind) => {
    const number = ['send_packet', 'write_acknowledgement', 'acknowledge_packet', 'timeout_packet'].indexOf(
      kind,
    )
    const answer = number === 1 || number === 2 ? utf8('yes') : undefined
    expect(told(event(number, answer))).toEqual([{ kind, packet, acknowledgement: answer }])
  })

  it('is refused where no core calls itself so, and never stops the reader', () => {
    const whole = fromBase58(event(0), DATA_LENGTH_MAX)!
    for (let length = 1; length < whole.length; length++)
      expect(() => told(toBase58(whole.subarray(0, length)))).toThrow(RangeError)
    expect(() => told(event(5))).toThrow(RangeError)
    expect(() => told(event(0, utf8('more')))).toThrow(RangeError)
    expect(() => told('0OIl')).toThrow(RangeError)
    expect(() => told('2'.repeat(DATA_LENGTH_MAX + 1))).toThrow(RangeError)
    expect(told(toBase58(Uint8Array.of(3, 0)))).toEqual([])
    expect(told('')).toEqual([])
  })

  it('is a packet that was reopened, among events of packets and other calls', () => {
    const reopened = concatBytes(Uint8Array.of(EVENT, 4, 8), utf8('client-0'), le64(1n << 33n))
    const called = [event(1, utf8('yes')), toBase58(reopened), '', event(3)].map((data) => ({
      program: core,
      data,
    }))
    called.push({ program: exampleKey().publicKey.toBase58(), data: toBase58(reopened) })
    expect(readReopenedPackets(called, core)).toEqual([{ clientId: 'client-0', sequence: 1n << 33n }])
    expect(readCoreEvents(called, core).map(({ kind }) => kind)).toEqual([
      'write_acknowledgement',
      'timeout_packet',
    ])
    for (let length = 2; length < reopened.length; length++) {
      const data = toBase58(reopened.subarray(0, length))
      expect(() => readReopenedPackets([{ program: core, data }], core)).toThrow(RangeError)
      expect(() => told(data)).toThrow(RangeError)
    }
  })

  it('is by keys of the message, then by those of tables', () => {
    const keyOf = (): string => exampleKey().publicKey.toBase58()
    const keys: string[] = [keyOf(), core, keyOf(), keyOf()]
    const instructions = keys.map((_, programIdIndex) => ({ programIdIndex, data: `${programIdIndex + 1}` }))
    const innerInstructions = [
      { instructions: instructions.slice(2) },
      { instructions: instructions.slice(0, 2) },
    ]
    const loadedAddresses = { writable: [keys[2]!], readonly: [keys[3]!] }
    const transaction = { accountKeys: keys.slice(0, 2), loadedAddresses, innerInstructions }
    expect(calledInstructions(transaction)).toEqual(
      [2, 3, 0, 1].map((index) => ({ program: keys[index], data: `${index + 1}` })),
    )
    expect(() => calledInstructions({ accountKeys: keys.slice(0, 3), innerInstructions })).toThrow(RangeError)
  })
})
