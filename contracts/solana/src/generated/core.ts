// Made from idl/core.json by scripts/generate.ts.
import { PublicKey, type AccountMeta, type TransactionInstruction } from '@solana/web3.js'
import { EMPTY_BYTES, be64, concatBytes, fromHex, le64, utf8 } from '@causeway/primitives'
import { derive, pay, programInstruction, read, sign, write, type BufferedMessage } from '../instruction.ts'
import { openAccount, type Reader } from '../reader.ts'
import { byte, fixedBytes, le32, longBytes, shortText } from '../wire.ts'

/** Errors of the program and of what it is built of: number, name, meaning. */
export const ERRORS = [
  [1, 'accounts/MissingAccount', 'Fewer accounts than the instruction takes.'],
  [2, 'accounts/NotSigner', 'It had to sign.'],
  [3, 'accounts/WrongOwner', 'Another program owns it, or none.'],
  [4, 'accounts/WrongLayout', 'Another magic, version or length.'],
  [5, 'accounts/WrongAddress', 'It is not where its seeds say.'],
  [6, 'accounts/WrongProgram', 'Another program than the one to be called.'],
  [7, 'accounts/AlreadyExists', 'It exists already.'],
  [8, 'accounts/Overflow', 'A number beyond its type.'],
  [9, 'accounts/WrongLength', "The instruction's bytes end too early, or too late."],
  [10, 'accounts/UnknownInstruction', 'No such instruction.'],
  [11, 'accounts/NotWritable', 'It had to be writable.'],
  [20, 'packets/Truncated', 'The message ends too early, or too late.'],
  [21, 'packets/ZeroSequence', 'Sequences begin with 1.'],
  [22, 'packets/BlankField', 'A port, version, encoding or value is empty.'],
  [23, 'packets/BadPath', 'More siblings than the bits say, or one that an empty subtree has.'],
  [24, 'packets/OutsideTree', 'A sequence outside the tree.'],
  [25, 'packets/TreeFull', 'All 2^32 leaves are taken.'],
  [26, 'packets/MalformedTransfer', 'Not a transfer of ICS-20 in ABI.'],
  [27, 'packets/NotText', 'A port, version or encoding is not UTF-8.'],
  [100, 'core/InvalidCounterpartyId', "A counterparty's id has 8 to 64 bytes of UTF-8."],
  [101, 'core/InvalidPort', "A port's name has 1 to 32 characters."],
  [
    102,
    'core/WrongCounterparty',
    'The packet names another client at the other end than the one that was registered.',
  ],
  [103, 'core/WrongClient', 'The packet names another client here than the account.'],
  [104, 'core/NotApplication', 'Only the application on a port sends from it.'],
  [105, 'core/TimeoutElapsed', 'The timeout is past, here or at what was last seen of the other chain.'],
  [106, 'core/TimeoutTooFar', 'A timeout lies at most 24 hours ahead.'],
  [107, 'core/TimeoutNotReached', 'What was proven is of a time before the timeout.'],
  [108, 'core/ClientNotActive', 'The light client is frozen or expired.'],
  [109, 'core/ClientRetired', 'The client was declared dead.'],
  [110, 'core/ClientNotDeadLongEnough', 'The light client has to be frozen or expired for 14 days first.'],
  [111, 'core/WrongLightClient', "The accounts are not the light client's, or not of this one."],
  [112, 'core/WrongHeight', 'A retired client stands for nothing but its exit height.'],
  [
    113,
    'core/StaleReceiptPath',
    "The path of the receipt does not lead to the root: the tree has changed, or it is another's.",
  ],
  [114, 'core/CommitmentMismatch', 'The packet that stands there has another commitment.'],
  [115, 'core/PacketAccountMissing', 'None of the accounts given is that of the next packet.'],
  [116, 'core/InvalidAcknowledgement', 'The application gave no answer, or one that is not its own.'],
  [117, 'core/Refused', "The application on a dead hub's port refused: it would never hear of it."],
  [118, 'core/WrongRentPayer', 'The rent goes back to whoever paid it.'],
  [119, 'core/ExitNotSettled', 'The light client has states above its exit height still to take back.'],
  [120, 'core/ClientNotRetired', 'Only over a retired client.'],
  [121, 'core/ForeignEvent', "Events are the core's own."],
  [122, 'core/PacketTooLong', "A packet's value has at most 8 KiB."],
  [200, 'proof/Length', 'The proof ends before its content does, or goes on after it.'],
  [201, 'proof/KeyLength', "A key, store name or neighbour's key that is empty or too long."],
  [202, 'proof/EmptyValue', 'A value has to have at least one byte.'],
  [203, 'proof/Kind', 'The proof is of a kind that does not prove this.'],
  [204, 'proof/LeafVersion', "A leaf's version is not one non-negative varint of 1 … 9 bytes."],
  [
    205,
    'proof/InnerNode',
    'An inner node does not begin as cosmos/iavl writes it, its height is below its layer, or its sibling is on the side on which it may not be.',
  ],
  [206, 'proof/NotRightOfLeft', 'The key is not right of the left neighbour.'],
  [207, 'proof/NotLeftOfRight', 'The key is not left of the right neighbour.'],
  [208, 'proof/NotAdjacent', "Where the neighbours' paths part, the right one leads to another node."],
  [
    209,
    'proof/StorePath',
    'The path in the simple tree is longer than one of stores can be, or has more sides than nodes.',
  ],
  [211, 'proof/RootMismatch', 'The proof leads to another app hash.'],
] as const

/** What one application says to another. */
export interface Payload {
  readonly sourcePort: string
  readonly destinationPort: string
  readonly version: string
  readonly encoding: string
  readonly value: Uint8Array
}
/** Bytes of it. */
export function encodePayload(value: Payload): Uint8Array {
  return concatBytes(
    shortText(value.sourcePort),
    shortText(value.destinationPort),
    shortText(value.version),
    shortText(value.encoding),
    longBytes(value.value),
  )
}
/** Reads what `encodePayload` writes. */
export function readPayload(reader: Reader): Payload {
  return {
    sourcePort: reader.text(reader.u8()),
    destinationPort: reader.text(reader.u8()),
    version: reader.text(reader.u8()),
    encoding: reader.text(reader.u8()),
    value: reader.bytes(reader.u16()),
  }
}

/** A packet with one payload; the timeout in seconds. */
export interface Packet {
  readonly sequence: bigint
  readonly sourceClient: string
  readonly destinationClient: string
  readonly timeoutSeconds: bigint
  readonly payload: Payload
}
/** Bytes of it. */
export function encodePacket(value: Packet): Uint8Array {
  return concatBytes(
    le64(value.sequence),
    shortText(value.sourceClient),
    shortText(value.destinationClient),
    le64(value.timeoutSeconds),
    encodePayload(value.payload),
  )
}
/** Reads what `encodePacket` writes. */
export function readPacket(reader: Reader): Packet {
  return {
    sequence: reader.u64(),
    sourceClient: reader.text(reader.u8()),
    destinationClient: reader.text(reader.u8()),
    timeoutSeconds: reader.u64(),
    payload: readPayload(reader),
  }
}

/** What happened to a packet. */
export type PacketEvent =
  'sendPacket' | 'writeAcknowledgement' | 'acknowledgePacket' | 'timeoutPacket' | 'reopenPacket'
const PACKET_EVENTS: readonly PacketEvent[] = [
  'sendPacket',
  'writeAcknowledgement',
  'acknowledgePacket',
  'timeoutPacket',
  'reopenPacket',
]
/** Bytes of it. */
export function encodePacketEvent(value: PacketEvent): Uint8Array {
  return byte(PACKET_EVENTS.indexOf(value))
}

/** A client: which light client, which counterparty. */
export function clientAddress(program: PublicKey, id: string): PublicKey {
  return derive(program, utf8('client'), utf8(id))
}

/** A client's root account. */
export function rootsAddress(program: PublicKey, id: string): PublicKey {
  return derive(program, utf8('roots'), utf8(id))
}

/** A packet that was sent and did not end yet. */
export function packetAddress(program: PublicKey, id: string, sequence: bigint): PublicKey {
  return derive(program, utf8('packet'), utf8(id), be64(sequence))
}

/** Which program is on a port. */
export function portAddress(program: PublicKey, name: string): PublicKey {
  return derive(program, utf8('port'), utf8(name))
}

/** Signs the core's calls of an application. */
export function callerAddress(program: PublicKey, application: PublicKey): PublicKey {
  return derive(program, utf8('caller'), application.toBytes())
}

/** What a core keeps of a client. */
export interface CoreClientAccount {
  readonly bump: number
  readonly rootsBump: number
  readonly isRetired: boolean
  readonly lightProgram: PublicKey
  readonly lightState: PublicKey
  readonly id: string
  readonly counterparty: string
}
/** Length of the account. */
export const CORE_CLIENT_BYTES = 210
const CORE_CLIENT_BEGIN = fromHex('637779636c69656e01')
/** Reads an account's data; undefined: it is another one. */
export function decodeCoreClient(data: Uint8Array): CoreClientAccount | undefined {
  const reader = openAccount(data, CORE_CLIENT_BEGIN, CORE_CLIENT_BYTES)
  return (
    reader && {
      bump: reader.u8(),
      rootsBump: reader.u8(),
      isRetired: reader.u8() !== 0,
      ...reader.skip(4),
      lightProgram: reader.address(),
      lightState: reader.address(),
      id: reader.within(65, (place) => place.text(place.u8())),
      counterparty: reader.within(65, (place) => place.text(place.u8())),
    }
  )
}

/** A client's two trees: what the hub's light client proves. */
export interface RootsAccount {
  readonly touches: bigint
  readonly sent: bigint
  readonly commitmentsRoot: Uint8Array
  readonly receiptsRoot: Uint8Array
  readonly frontier: Uint8Array
}
/** Length of the account. */
export const ROOTS_BYTES = 1120
const ROOTS_BEGIN = fromHex('637779726f6f74730100000000000000')
/** Reads an account's data; undefined: it is another one. */
export function decodeRoots(data: Uint8Array): RootsAccount | undefined {
  const reader = openAccount(data, ROOTS_BEGIN, ROOTS_BYTES)
  return (
    reader && {
      touches: reader.u64(),
      sent: reader.u64(),
      commitmentsRoot: reader.bytes(32),
      receiptsRoot: reader.bytes(32),
      frontier: reader.bytes(1024),
    }
  )
}

/** A packet that was sent and did not end yet; `payer` has the rent back. */
export interface PendingAccount {
  readonly commitment: Uint8Array
  readonly payer: PublicKey
}
/** Length of the account. */
export const PENDING_BYTES = 80
const PENDING_BEGIN = fromHex('6377797061636b740100000000000000')
/** Reads an account's data; undefined: it is another one. */
export function decodePending(data: Uint8Array): PendingAccount | undefined {
  const reader = openAccount(data, PENDING_BEGIN, PENDING_BYTES)
  return reader && { commitment: reader.bytes(32), payer: reader.address() }
}

/** Which program is on a port. */
export interface PortAccount {
  readonly bump: number
  readonly authorityBump: number
  readonly program: PublicKey
}
/** Length of the account. */
export const PORT_BYTES = 48
const PORT_BEGIN = fromHex('637779706f72747301')
/** Reads an account's data; undefined: it is another one. */
export function decodePort(data: Uint8Array): PortAccount | undefined {
  const reader = openAccount(data, PORT_BEGIN, PORT_BYTES)
  return (
    reader && { bump: reader.u8(), authorityBump: reader.u8(), ...reader.skip(5), program: reader.address() }
  )
}

/** Data of a call of the core by itself; the answer is that of a packet received or acknowledged. */
export interface SendPacketEvent {
  readonly packet: Packet
  readonly acknowledgement: Uint8Array
}

/** What its data begins with. */
export const SEND_PACKET_BEGIN = fromHex('0900')
/** Reads an event's data; undefined: it is another one. */
export function decodeSendPacketEvent(data: Uint8Array): SendPacketEvent | undefined {
  const reader = openAccount(data, SEND_PACKET_BEGIN)
  return reader && { packet: readPacket(reader), acknowledgement: reader.rest() }
}

/** Data of a call of the core by itself; the answer is that of a packet received or acknowledged. */
export interface WriteAcknowledgementEvent {
  readonly packet: Packet
  readonly acknowledgement: Uint8Array
}

/** What its data begins with. */
export const WRITE_ACKNOWLEDGEMENT_BEGIN = fromHex('0901')
/** Reads an event's data; undefined: it is another one. */
export function decodeWriteAcknowledgementEvent(data: Uint8Array): WriteAcknowledgementEvent | undefined {
  const reader = openAccount(data, WRITE_ACKNOWLEDGEMENT_BEGIN)
  return reader && { packet: readPacket(reader), acknowledgement: reader.rest() }
}

/** Data of a call of the core by itself; the answer is that of a packet received or acknowledged. */
export interface AcknowledgePacketEvent {
  readonly packet: Packet
  readonly acknowledgement: Uint8Array
}

/** What its data begins with. */
export const ACKNOWLEDGE_PACKET_BEGIN = fromHex('0902')
/** Reads an event's data; undefined: it is another one. */
export function decodeAcknowledgePacketEvent(data: Uint8Array): AcknowledgePacketEvent | undefined {
  const reader = openAccount(data, ACKNOWLEDGE_PACKET_BEGIN)
  return reader && { packet: readPacket(reader), acknowledgement: reader.rest() }
}

/** Data of a call of the core by itself; the answer is that of a packet received or acknowledged. */
export interface TimeoutPacketEvent {
  readonly packet: Packet
  readonly acknowledgement: Uint8Array
}

/** What its data begins with. */
export const TIMEOUT_PACKET_BEGIN = fromHex('0903')
/** Reads an event's data; undefined: it is another one. */
export function decodeTimeoutPacketEvent(data: Uint8Array): TimeoutPacketEvent | undefined {
  const reader = openAccount(data, TIMEOUT_PACKET_BEGIN)
  return reader && { packet: readPacket(reader), acknowledgement: reader.rest() }
}

/** Data of a call of the core by itself: in the tree of receipts a packet counts as refused from now on. */
export interface ReopenPacketEvent {
  readonly clientId: string
  readonly sequence: bigint
}

/** What its data begins with. */
export const REOPEN_PACKET_BEGIN = fromHex('0904')
/** Reads an event's data; undefined: it is another one. */
export function decodeReopenPacketEvent(data: Uint8Array): ReopenPacketEvent | undefined {
  const reader = openAccount(data, REOPEN_PACKET_BEGIN)
  return reader && { clientId: reader.text(reader.u8()), sequence: reader.u64() }
}

/** What `addClientInstruction` is told. */
export interface AddClientMessage {
  readonly number: number
  readonly counterparty: string
}
/** Bytes of a message of `addClientInstruction`. */
export function encodeAddClientMessage(message: AddClientMessage): Uint8Array {
  return concatBytes(le32(message.number), shortText(message.counterparty))
}

/** Adds `client-N`: for ever, with this light client and counterparty; clientId is its name. */
export function addClientInstruction(
  program: PublicKey,
  inputs: {
    readonly payer: PublicKey
    /** the light client's state */
    readonly lightState: PublicKey
    readonly clientId: string
  },
  message: Uint8Array,
): TransactionInstruction {
  const client = clientAddress(program, inputs.clientId)
  const roots = rootsAddress(program, inputs.clientId)
  const keys = [
    pay(inputs.payer),
    write(client),
    write(roots),
    read(inputs.lightState),
    read(new PublicKey('11111111111111111111111111111111')),
  ]
  return programInstruction(program, 0, keys, message)
}

/** What `registerPortInstruction` is told. */
export interface RegisterPortMessage {
  readonly portName: string
  readonly application: PublicKey
}
/** Bytes of a message of `registerPortInstruction`. */
export function encodeRegisterPortMessage(message: RegisterPortMessage): Uint8Array {
  return concatBytes(shortText(message.portName), message.application.toBytes())
}

/** Gives a port to a program, for ever; who comes first has it. */
export function registerPortInstruction(
  program: PublicKey,
  inputs: {
    readonly payer: PublicKey
    /** the program's own account for this core */
    readonly authority: PublicKey
    readonly portName: string
  },
  message: Uint8Array,
): TransactionInstruction {
  const port = portAddress(program, inputs.portName)
  const keys = [
    pay(inputs.payer),
    write(port),
    sign(inputs.authority),
    read(new PublicKey('11111111111111111111111111111111')),
  ]
  return programInstruction(program, 1, keys, message)
}

/** Makes a client's root account change, so that the slot proves it. */
export function touchInstruction(
  program: PublicKey,
  inputs: { readonly clientId: string },
): TransactionInstruction {
  const roots = rootsAddress(program, inputs.clientId)
  const keys = [write(roots)]
  return programInstruction(program, 2, keys, EMPTY_BYTES)
}

/** What `sendInstruction` is told. */
export interface SendMessage {
  readonly timeoutSeconds: bigint
  readonly payload: Payload
}
/** Bytes of a message of `sendInstruction`. */
export function encodeSendMessage(message: SendMessage): Uint8Array {
  return concatBytes(le64(message.timeoutSeconds), encodePayload(message.payload))
}

/** Commits to a packet; only for the program on its source port. Returns the sequence u64. */
export function sendInstruction(
  program: PublicKey,
  inputs: {
    /** the application's own */
    readonly authority: PublicKey
    /** payer of the packet's account */
    readonly payer: PublicKey
    /** the light client's state */
    readonly lightState: PublicKey
    /** the core itself */
    readonly core: PublicKey
    readonly clientId: string
    readonly portName: string
    readonly packets: readonly PublicKey[]
  },
  message: Uint8Array,
): TransactionInstruction {
  const client = clientAddress(program, inputs.clientId)
  const roots = rootsAddress(program, inputs.clientId)
  const port = portAddress(program, inputs.portName)
  const keys = [
    sign(inputs.authority),
    pay(inputs.payer),
    read(client),
    write(roots),
    read(port),
    read(inputs.lightState),
    read(new PublicKey('11111111111111111111111111111111')),
    read(inputs.core),
    ...inputs.packets.map(write),
  ]
  return programInstruction(program, 3, keys, message)
}

/** What `receiveInstruction` is told. */
export interface ReceiveMessage {
  readonly packet: Packet
  readonly leaf: Uint8Array
  readonly present: number
  readonly siblingsAndProof: Uint8Array
}
/** Bytes of a message of `receiveInstruction`. */
export function encodeReceiveMessage(message: ReceiveMessage): Uint8Array {
  return concatBytes(
    encodePacket(message.packet),
    fixedBytes(message.leaf, 32),
    le32(message.present),
    message.siblingsAndProof,
  )
}

/** Accepts one packet of the hub. Behind `present`: 32 bytes for each bit set in it, u16, the proof. */
export function receiveInstruction(
  program: PublicKey,
  inputs: {
    /** the light client's state */
    readonly lightState: PublicKey
    /** a consensus state */
    readonly consensus: PublicKey
    /** the core itself */
    readonly core: PublicKey
    /** the application's program */
    readonly application: PublicKey
    readonly clientId: string
    readonly portName: string
    readonly others: readonly AccountMeta[]
  },
  message: Uint8Array | BufferedMessage,
): TransactionInstruction {
  const client = clientAddress(program, inputs.clientId)
  const roots = rootsAddress(program, inputs.clientId)
  const port = portAddress(program, inputs.portName)
  const caller = callerAddress(program, inputs.application)
  const keys = [
    read(client),
    write(roots),
    read(inputs.lightState),
    read(inputs.consensus),
    read(port),
    read(inputs.core),
    read(inputs.application),
    read(caller),
    ...inputs.others,
  ]
  return programInstruction(program, 4, keys, message)
}

/** What `acknowledgeInstruction` is told. */
export interface AcknowledgeMessage {
  readonly packet: Packet
  readonly acknowledgement: Uint8Array
  readonly proof: Uint8Array
}
/** Bytes of a message of `acknowledgeInstruction`. */
export function encodeAcknowledgeMessage(message: AcknowledgeMessage): Uint8Array {
  return concatBytes(
    encodePacket(message.packet),
    longBytes(message.acknowledgement),
    longBytes(message.proof),
  )
}

/** Ends a packet that the hub answered. */
export function acknowledgeInstruction(
  program: PublicKey,
  inputs: {
    /** the light client's state */
    readonly lightState: PublicKey
    /** a consensus state */
    readonly consensus: PublicKey
    /** who paid for it */
    readonly rentPayer: PublicKey
    /** the core itself */
    readonly core: PublicKey
    /** the application's program */
    readonly application: PublicKey
    readonly clientId: string
    readonly portName: string
    readonly sequence: bigint
    readonly others: readonly AccountMeta[]
  },
  message: Uint8Array | BufferedMessage,
): TransactionInstruction {
  const client = clientAddress(program, inputs.clientId)
  const pending = packetAddress(program, inputs.clientId, inputs.sequence)
  const port = portAddress(program, inputs.portName)
  const caller = callerAddress(program, inputs.application)
  const keys = [
    read(client),
    read(inputs.lightState),
    read(inputs.consensus),
    write(pending),
    write(inputs.rentPayer),
    read(port),
    read(inputs.core),
    read(inputs.application),
    read(caller),
    ...inputs.others,
  ]
  return programInstruction(program, 5, keys, message)
}

/** What `timeoutInstruction` is told. */
export interface TimeoutMessage {
  readonly packet: Packet
  readonly proof: Uint8Array
}
/** Bytes of a message of `timeoutInstruction`. */
export function encodeTimeoutMessage(message: TimeoutMessage): Uint8Array {
  return concatBytes(encodePacket(message.packet), longBytes(message.proof))
}

/** Ends a packet that the hub can't receive any more. */
export function timeoutInstruction(
  program: PublicKey,
  inputs: {
    /** the light client's state */
    readonly lightState: PublicKey
    /** a consensus state */
    readonly consensus: PublicKey
    /** who paid for it */
    readonly rentPayer: PublicKey
    /** the core itself */
    readonly core: PublicKey
    /** the application's program */
    readonly application: PublicKey
    readonly clientId: string
    readonly portName: string
    readonly sequence: bigint
    readonly others: readonly AccountMeta[]
  },
  message: Uint8Array | BufferedMessage,
): TransactionInstruction {
  const client = clientAddress(program, inputs.clientId)
  const pending = packetAddress(program, inputs.clientId, inputs.sequence)
  const port = portAddress(program, inputs.portName)
  const caller = callerAddress(program, inputs.application)
  const keys = [
    read(client),
    read(inputs.lightState),
    read(inputs.consensus),
    write(pending),
    write(inputs.rentPayer),
    read(port),
    read(inputs.core),
    read(inputs.application),
    read(caller),
    ...inputs.others,
  ]
  return programInstruction(program, 6, keys, message)
}

/** Declares a client dead whose light client stopped 14 days ago. */
export function retireInstruction(
  program: PublicKey,
  inputs: {
    /** the light client's state */
    readonly lightState: PublicKey
    readonly clientId: string
  },
): TransactionInstruction {
  const client = clientAddress(program, inputs.clientId)
  const keys = [write(client), read(inputs.lightState)]
  return programInstruction(program, 7, keys, EMPTY_BYTES)
}

/** What `reopenInstruction` is told. */
export interface ReopenMessage {
  readonly portName: string
  readonly sequence: bigint
  readonly leaf: Uint8Array
  readonly present: number
  readonly siblings: readonly Uint8Array[]
}
/** Bytes of a message of `reopenInstruction`. */
export function encodeReopenMessage(message: ReopenMessage): Uint8Array {
  return concatBytes(
    shortText(message.portName),
    le64(message.sequence),
    fixedBytes(message.leaf, 32),
    le32(message.present),
    concatBytes(...message.siblings.map((item) => fixedBytes(item, 32))),
  )
}

/** Lets a packet of a retired client be received again; only for the application on its port. */
export function reopenInstruction(
  program: PublicKey,
  inputs: {
    /** the application's own */
    readonly authority: PublicKey
    /** the core itself */
    readonly core: PublicKey
    readonly portName: string
    readonly clientId: string
  },
  message: Uint8Array,
): TransactionInstruction {
  const client = clientAddress(program, inputs.clientId)
  const roots = rootsAddress(program, inputs.clientId)
  const port = portAddress(program, inputs.portName)
  const keys = [sign(inputs.authority), read(client), write(roots), read(port), read(inputs.core)]
  return programInstruction(program, 8, keys, message)
}

/** What `tellInstruction` is told. */
export interface TellMessage {
  readonly event: PacketEvent
  readonly content: Uint8Array
}
/** Bytes of a message of `tellInstruction`. */
export function encodeTellMessage(message: TellMessage): Uint8Array {
  return concatBytes(encodePacketEvent(message.event), message.content)
}

/** An event: the core calls itself with it, and nobody else can. */
export function tellInstruction(
  program: PublicKey,
  inputs: { readonly client: PublicKey },
  message: Uint8Array,
): TransactionInstruction {
  const keys = [sign(inputs.client)]
  return programInstruction(program, 9, keys, message)
}
