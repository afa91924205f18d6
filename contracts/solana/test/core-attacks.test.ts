import { Keypair, PublicKey, SystemProgram } from '@solana/web3.js'
import type { TransactionInstruction } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import { EMPTY_LEAF, commitmentLeaf } from '@causeway/light-clients'
import {
  ERROR_ACKNOWLEDGEMENT,
  SUCCESS_ACKNOWLEDGEMENT,
  acknowledgementCommitment,
  packetCommitmentKey,
  packetReceiptKey,
} from '@causeway/messaging'
import { concatBytes, le64, utf8 } from '@causeway/primitives'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { callerAddress, clientAddress, portAddress, rootsAddress } from '../src/generated/core.ts'
import {
  addClientInstruction,
  receiveInstruction,
  receiveMessage,
  retireInstruction,
  touchInstruction,
} from '../src/core/instructions.ts'
import { encodePacket, encodePayload } from '../src/core/packet-bytes.ts'
import { pay, programInstruction, read, sign, write } from '../src/instruction.ts'
import { withdrawalAccounts } from '../src/vault/instructions.ts'
import { shortText } from '../src/wire.ts'
import { CLIENT, balanceOf, deposit, done, openWallet, startBridge, uploaded } from './bridge.fixture.ts'
import type { Bridge } from './bridge.fixture.ts'
import { HUB_CLIENT, START_SECONDS, TRUSTING_SECONDS, encodeConsensus } from './hub.fixture.ts'
import {
  acknowledge,
  answerOnHub,
  placesOf,
  receive,
  sendOnHub,
  timeOut,
  withdrawal,
} from './relay.fixture.ts'
import { accountData, send, setAccount, setNow } from './svm.fixture.ts'

/** A withdrawal that would be paid; nothing of it is. */
async function ready() {
  const bridge = startBridge()
  deposit(bridge, 400_000_000n, 1n)
  const recipient = Keypair.generate().publicKey
  openWallet(bridge, recipient)
  const packet = withdrawal(bridge, { sequence: 3n, recipient, amount: 1_000_000n })
  const consensus = sendOnHub(bridge, packet)
  return { bridge, recipient, packet, consensus }
}

/** The receive instruction with accounts changed. */
async function receiving(changed: (keys: TransactionInstruction['keys'], bridge: Bridge) => void) {
  const { bridge, recipient, packet, consensus } = await ready()
  const proof = bridge.hub.prove(packetCommitmentKey(packet.sourceClient, packet.sequence))
  const message = receiveMessage(packet, EMPTY_LEAF, bridge.receipts.prove(2n), proof)
  const order = { recipient, sequence: 3n, payer: bridge.payer.publicKey }
  const places = placesOf(bridge, consensus, withdrawalAccounts(bridge.line, order))
  const instruction = receiveInstruction(places, await uploaded(bridge, message, 'message'))
  changed(instruction.keys, bridge)
  return send(bridge, [instruction]).error
}

/** An account with the same data elsewhere. */
function copyOf(bridge: Bridge, address: PublicKey, owner: PublicKey): PublicKey {
  const copy = Keypair.generate().publicKey
  setAccount(bridge, copy, { owner, data: accountData(bridge, address)! })
  return copy
}

describe('receive refuses', () => {
  it.each<[string, Partial<Packet>, number]>([
    ['another counterparty', { sourceClient: 'solana-8' }, 102],
    ['another client', { destinationClient: 'client-1' }, 103],
    ['another timeout', { timeoutTimestamp: START_SECONDS + 3_601n }, 211],
    ['another sequence', { sequence: 4n }, 211],
    ['sequence zero', { sequence: 0n }, 21],
    ['a sequence beyond the tree', { sequence: (1n << 32n) + 1n }, 24],
    ['a blank version', { payloads: [{ ...blank(), version: '' }] }, 22],
    ['another value', { payloads: [{ ...blank(), value: utf8('x') }] }, 211],
  ])('%s', async (_, changed, error) => {
    const { bridge, recipient, packet, consensus } = await ready()
    const proof = bridge.hub.prove(packetCommitmentKey(packet.sourceClient, packet.sequence))
    const path = { ...packet, ...changed }
    const sequence = path.sequence
    const tree = bridge.receipts
    const message = receiveMessage(
      path,
      EMPTY_LEAF,
      tree.prove(sequence === 0n ? 0n : (sequence - 1n) % (1n << 32n)),
      proof,
    )
    const order = { recipient, sequence, payer: bridge.payer.publicKey }
    const places = placesOf(bridge, consensus, withdrawalAccounts(bridge.line, order))
    const sent = send(bridge, [receiveInstruction(places, await uploaded(bridge, message, 'message'))])
    expect(sent.error).toBe(error)
    expect(balanceOf(bridge, recipient)).toBe(0n)
  })

  it('a packet past its timeout', async () => {
    const { bridge, recipient, packet, consensus } = await ready()
    setNow(bridge, packet.timeoutTimestamp)
    expect((await receive(bridge, packet, consensus, recipient)).error).toBe(105)
    setNow(bridge, packet.timeoutTimestamp - 1n)
    expect((await receive(bridge, packet, consensus, recipient)).error).toBe(undefined)
  })

  it('a proof of another key, of absence, and at another height', async () => {
    const { bridge, recipient, packet, consensus } = await ready()
    const other = withdrawal(bridge, { sequence: 9n, recipient, amount: 5n })
    const later = sendOnHub(bridge, other)
    const proofs = [
      packetCommitmentKey(HUB_CLIENT, 9n),
      packetCommitmentKey(HUB_CLIENT, 8n),
      packetReceiptKey(HUB_CLIENT, 3n),
    ].map((key) => bridge.hub.prove(key))
    for (const proof of proofs) {
      const { error } = await receive(bridge, packet, later, recipient, { proof })
      expect(error).toBeGreaterThanOrEqual(200)
      expect(error).toBeLessThanOrEqual(212)
    }
    expect((await receive(bridge, packet, consensus, recipient)).error).toBe(211)
  })

  it('a path or leaf that the tree does not have', async () => {
    const { bridge, recipient, packet, consensus } = await ready()
    const leaf = commitmentLeaf(acknowledgementCommitment([SUCCESS_ACKNOWLEDGEMENT]))
    expect((await receive(bridge, packet, consensus, recipient, { leaf })).error).toBe(113)
    expect((await receive(bridge, packet, consensus, recipient)).error).toBe(undefined)
    expect((await receive(bridge, packet, consensus, recipient)).error).toBe(113)
    expect(balanceOf(bridge, recipient)).toBe(1_000_000n)
  })

  it('anything over a frozen or an expired client', async () => {
    const { bridge, recipient, packet, consensus } = await ready()
    bridge.hub.setState({ frozenAtSeconds: START_SECONDS - 1n })
    expect((await receive(bridge, packet, consensus, recipient)).error).toBe(108)
    bridge.hub.setState({ frozenAtSeconds: 0n, latestTimeSeconds: START_SECONDS - TRUSTING_SECONDS })
    expect((await receive(bridge, packet, consensus, recipient)).error).toBe(108)
    bridge.hub.setState({ latestTimeSeconds: START_SECONDS - TRUSTING_SECONDS + 1n })
    expect((await receive(bridge, packet, consensus, recipient)).error).toBe(undefined)
  })

  it('consensus states of another light client or another program', async () => {
    const { bridge, recipient, packet, consensus } = await ready()
    const { hub } = bridge
    const fake = copyOf(bridge, consensus, Keypair.generate().publicKey)
    expect((await receive(bridge, packet, fake, recipient)).error).toBe(111)
    const data = accountData(bridge, consensus)!
    const other = Keypair.generate().publicKey
    const appHash = data.slice(64, 96)
    const foreign = encodeConsensus(Keypair.generate().publicKey, hub.height, START_SECONDS, appHash)
    setAccount(bridge, other, { owner: hub.lightProgram, data: foreign })
    expect((await receive(bridge, packet, other, recipient)).error).toBe(111)
    const kind = Keypair.generate().publicKey
    setAccount(bridge, kind, { owner: hub.lightProgram, data: data.with(0, 0) })
    expect((await receive(bridge, packet, kind, recipient)).error).toBe(111)
  })

  it.each<[string, number, (bridge: Bridge, address: PublicKey) => PublicKey, number]>([
    ['a client of another program', 0, (b, a) => copyOf(b, a, b.vault), 3],
    ['roots of another program', 1, (b, a) => copyOf(b, a, b.vault), 3],
    ['roots elsewhere', 1, (b, a) => copyOf(b, a, b.core), 5],
    ['a light client elsewhere', 2, (b, a) => copyOf(b, a, b.hub.lightProgram), 111],
    ['a port of another program', 4, (b, a) => copyOf(b, a, b.vault), 3],
    ['a port elsewhere', 4, (b, a) => copyOf(b, a, b.core), 5],
    ['a port that nobody registered', 4, (b) => portAddress(b.core, 'clearing'), 5],
    ['no port', 4, () => SystemProgram.programId, 3],
    ['another core', 5, (b) => b.vault, 6],
    ['another application', 6, (b) => b.core, 6],
    ['another caller', 7, (b) => callerAddress(b.core, b.core), 5],
  ])('%s', async (_, at, fake, error) => {
    expect(
      await receiving((keys, bridge) => {
        keys[at]!.pubkey = fake(bridge, keys[at]!.pubkey)
      }),
    ).toBe(error)
  })

  it('a message in an account that is written to, or beyond its account', async () => {
    const { bridge } = await ready()
    const roots = rootsAddress(bridge.core, CLIENT)
    const at = { account: roots, offset: 0, length: 100 }
    const touch = programInstruction(bridge.core, 2, [write(roots)], at)
    expect(send(bridge, [touch]).error).toBe(5)
    const beyond = { account: bridge.line.mint, offset: 80, length: 3 }
    expect(send(bridge, [programInstruction(bridge.core, 2, [write(roots)], beyond)]).error).toBe(9)
  })

  it('a message with any byte changed', { timeout: 300_000 }, async () => {
    const { bridge, recipient, packet, consensus } = await ready()
    const proof = bridge.hub.prove(packetCommitmentKey(packet.sourceClient, packet.sequence))
    const message = receiveMessage(packet, EMPTY_LEAF, bridge.receipts.prove(2n), proof)
    const order = { recipient, sequence: 3n, payer: bridge.payer.publicKey }
    const places = placesOf(bridge, consensus, withdrawalAccounts(bridge.line, order))
    const account = Keypair.generate().publicKey
    const instruction = receiveInstruction(places, { account, offset: 0, length: message.length })
    // Of the proof every eighth byte: its own test changes each
    const start = message.length - proof.length
    for (let at = 0; at < message.length; at += at < start ? 1 : 8) {
      setAccount(bridge, account, { owner: bridge.vault, data: message.with(at, message[at]! ^ 1) })
      expect(send(bridge, [instruction]).error, `byte ${at}`).not.toBe(undefined)
    }
    setAccount(bridge, account, { owner: bridge.vault, data: message })
    expect(send(bridge, [instruction]).error).toBe(undefined)
  })
})

describe('an end of a packet is refused', () => {
  it("with another answer than the hub's", async () => {
    const bridge = startBridge()
    const packet = deposit(bridge, 4_000_000n, 1n)
    const consensus = answerOnHub(bridge, packet, SUCCESS_ACKNOWLEDGEMENT)
    const end = (answer: Uint8Array) => acknowledge(bridge, packet, answer, consensus)
    expect((await end(ERROR_ACKNOWLEDGEMENT)).error).toBe(211)
    expect((await end(new Uint8Array())).error).toBe(116)
    const odd = answerOnHub(bridge, packet, utf8('{}'))
    expect((await acknowledge(bridge, packet, utf8('{}'), odd)).error).toBe(161)
  })

  it('of another packet than was sent, or at another place', async () => {
    const bridge = startBridge()
    const packet = deposit(bridge, 4_000_000n, 1n)
    deposit(bridge, 4_000_000n, 2n)
    const answer = ERROR_ACKNOWLEDGEMENT
    const ends = async (changed: Partial<Packet>) => {
      const other = { ...packet, ...changed }
      return (await acknowledge(bridge, other, answer, answerOnHub(bridge, other, answer))).error
    }
    expect(await ends({ timeoutTimestamp: packet.timeoutTimestamp + 1n })).toBe(114)
    expect(await ends({ sequence: 2n, timeoutTimestamp: packet.timeoutTimestamp + 1n })).toBe(114)
    expect(await ends({ sequence: 3n })).toBe(undefined) // never sent: nothing ends
    expect(await ends({ destinationClient: 'solana-8' })).toBe(102)
    expect(await ends({ sourceClient: 'client-1' })).toBe(103)
  })

  it('by a timeout where the hub has the receipt', async () => {
    const bridge = startBridge()
    const packet = deposit(bridge, 4_000_000n, 1n)
    const key = packetReceiptKey(packet.destinationClient, 1n)
    const consensus = bridge.hub.commit([[key, Uint8Array.of(2)]], packet.timeoutTimestamp)
    const proofs = [key, packetReceiptKey(packet.destinationClient, 2n)].map((k) => bridge.hub.prove(k))
    for (const proof of proofs) {
      const { error } = await timeOut(bridge, packet, consensus, proof)
      expect(error).toBeGreaterThanOrEqual(200)
    }
  })

  it('over a dead client, and with another rent payer', async () => {
    const bridge = startBridge()
    const packet = deposit(bridge, 4_000_000n, 1n)
    const consensus = answerOnHub(bridge, packet, SUCCESS_ACKNOWLEDGEMENT)
    bridge.hub.setState({ frozenAtSeconds: 5n })
    expect((await acknowledge(bridge, packet, SUCCESS_ACKNOWLEDGEMENT, consensus)).error).toBe(108)
    bridge.hub.setState({ frozenAtSeconds: 0n })
    const thief = { ...bridge, payer: Keypair.generate() }
    bridge.svm.airdrop(thief.payer.publicKey.toBase58() as never, 1_000_000_000n as never)
    expect((await acknowledge(thief, packet, SUCCESS_ACKNOWLEDGEMENT, consensus)).error).toBe(118)
  })
})

describe('nobody but the application', () => {
  const bridge = startBridge()
  const { core, payer, vault } = bridge
  const payload = blank()

  function sending(
    authority: Keypair | PublicKey,
    port = 'transfer',
    bytes = encodePayload({ ...payload, sourcePort: port }),
  ) {
    const key = authority instanceof Keypair ? authority.publicKey : authority
    const keys = [
      authority instanceof Keypair ? sign(key) : read(key),
      pay(payer.publicKey),
      read(clientAddress(core, CLIENT)),
      write(rootsAddress(core, CLIENT)),
      read(portAddress(core, port)),
      read(bridge.hub.lightState),
      read(SystemProgram.programId),
      read(core),
    ]
    const message = concatBytes(le64(START_SECONDS + 60n), bytes)
    const signers = authority instanceof Keypair ? [authority] : []
    return send(bridge, [programInstruction(core, 3, keys, message)], signers).error
  }

  it('sends from its port', () => {
    expect(sending(Keypair.generate())).toBe(104)
    expect(sending(PublicKey.findProgramAddressSync([utf8('application'), core.toBytes()], vault)[0])).toBe(2)
    expect(sending(Keypair.generate(), 'clearing')).toBe(104)
  })

  it('sends what nobody could read: texts are UTF-8', () => {
    const bytes = encodePayload(payload)
    for (const at of [1, 10, 19, 27])
      expect(sending(Keypair.generate(), 'transfer', bytes.with(at, 0xff))).toBe(27)
  })

  it('takes a port, or one twice', () => {
    const register = (authority: Keypair, port: string, program: PublicKey) => {
      const keys = [
        pay(payer.publicKey),
        write(portAddress(core, port)),
        sign(authority.publicKey),
        read(SystemProgram.programId),
      ]
      const message = concatBytes(shortText(port), program.toBytes())
      return send(bridge, [programInstruction(core, 1, keys, message)], [authority]).error
    }
    expect(register(Keypair.generate(), 'clearing', vault)).toBe(5)
    expect(register(Keypair.generate(), '', vault)).toBe(101)
  })

  it('is told of packets: the vault obeys its core alone', () => {
    const packet = withdrawal(bridge, { sequence: 1n, recipient: payer.publicKey, amount: 1n })
    const caller = Keypair.generate()
    for (const kind of [0x10, 0x11, 0x12]) {
      const keys = [sign(caller.publicKey), read(clientAddress(core, CLIENT))]
      const answer = kind === 0x11 ? SUCCESS_ACKNOWLEDGEMENT : new Uint8Array()
      const message = concatBytes(encodePacket(packet), answer)
      const instruction = programInstruction(vault, kind, keys, message)
      const error = send(bridge, [instruction], [caller]).error
      expect(error).toBe(kind === 0x12 ? 1 : 150)
      keys[0] = read(callerAddress(core, vault))
      const unsigned = programInstruction(vault, kind, keys, message)
      expect(send(bridge, [unsigned]).error).toBe(kind === 0x12 ? 1 : 2)
    }
  })
})

describe('clients', () => {
  it('are added once, with a counterparty and a light client', () => {
    const bridge = startBridge()
    const { core, payer, hub } = bridge
    const add = (number: number, counterparty: string, lightState = hub.lightState) =>
      send(bridge, [addClientInstruction(core, payer.publicKey, number, { lightState, counterparty })]).error
    expect(add(0, HUB_CLIENT)).toBe(7)
    expect(add(1, 'solana-')).toBe(100)
    expect(add(1, 's'.repeat(65))).toBe(100)
    const broken = addClientInstruction(core, payer.publicKey, 1, {
      lightState: hub.lightState,
      counterparty: HUB_CLIENT,
    })
    broken.data[broken.data.length - 1] = 0xff
    expect(send(bridge, [broken]).error).toBe(100)
    expect(add(1, HUB_CLIENT, bridge.line.mint)).toBe(111)
    expect(add(1, HUB_CLIENT)).toBe(undefined)
  })

  it('are added though somebody sent lamports to their addresses', () => {
    const bridge = startBridge()
    const { core, payer, hub } = bridge
    const lamports = 1_000_000
    const gift = (toPubkey: PublicKey) =>
      SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey, lamports })
    done(send(bridge, [gift(clientAddress(core, 'client-9')), gift(rootsAddress(core, 'client-9'))]))
    const client = { lightState: hub.lightState, counterparty: HUB_CLIENT }
    done(send(bridge, [addClientInstruction(core, payer.publicKey, 9, client)]))
  })

  it('are retired after fourteen days of a light client that stopped, not before, and not twice', () => {
    const bridge = startBridge()
    const { core, hub } = bridge
    const retire = () => send(bridge, [retireInstruction(core, CLIENT, hub.lightState)]).error
    expect(retire()).toBe(110)
    hub.setState({ frozenAtSeconds: START_SECONDS })
    setNow(bridge, START_SECONDS + 14n * 86_400n - 1n)
    expect(retire()).toBe(110)
    setNow(bridge, START_SECONDS + 14n * 86_400n)
    expect(retire()).toBe(undefined)
    expect(retire()).toBe(109)
  })

  it('are touched only where they are roots', () => {
    const bridge = startBridge()
    const touch = touchInstruction(bridge.core, CLIENT)
    touch.keys[0]!.pubkey = clientAddress(bridge.core, CLIENT)
    expect(send(bridge, [touch]).error).toBe(4)
    touch.keys[0]!.pubkey = copyOf(bridge, rootsAddress(bridge.core, CLIENT), bridge.vault)
    expect(send(bridge, [touch]).error).toBe(3)
  })
})

function blank() {
  return {
    sourcePort: 'transfer',
    destinationPort: 'transfer',
    version: 'ics20-1',
    encoding: 'application/x-solidity-abi',
    value: utf8('value'),
  }
}
