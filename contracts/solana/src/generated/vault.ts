// Made from idl/vault.json by scripts/generate.ts.
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
  [150, 'vault/NotCore', 'Only a core calls this, by the account that it derives for the vault.'],
  [151, 'vault/WrongClient', "The client's account has another layout."],
  [152, 'vault/WrongTokenProgram', 'Neither SPL Token nor Token-2022.'],
  [
    153,
    'vault/MintRefused',
    'The mint, or an extension of it: fees, hooks, confidential transfers, delegates, anything unknown.',
  ],
  [154, 'vault/WrongLine', "A line's own accounts are others."],
  [155, 'vault/WrongTokenAccount', "Not an account of this token, or somebody else's."],
  [
    156,
    'vault/DestinationMissing',
    'The receiver has no associated account of this token yet: whoever relays creates it first.',
  ],
  [157, 'vault/DestinationRefuses', "The receiver's account takes nothing now."],
  [158, 'vault/BlankDeposit', 'A deposit of nothing, or to nobody.'],
  [159, 'vault/AmountMismatch', 'What arrived is not what was sent.'],
  [160, 'vault/EscrowExceeded', 'More than the line holds.'],
  [161, 'vault/UnknownAcknowledgement', 'An answer that is neither success nor the universal error.'],
  [162, 'vault/ClaimNotPayableYet', 'The claim waits for its window.'],
  [
    163,
    'vault/ClientInDoubt',
    'The client that proved it is frozen or expired, or what it was proven under is contradicted.',
  ],
  [164, 'vault/ClaimStands', 'It stands: nothing to void.'],
  [165, 'vault/ClientNotRetired', 'Exits need a retired client.'],
  [166, 'vault/WrongLightClient', "The accounts are not the light client's, or not of its exit height."],
  [167, 'vault/OpenAlready', 'The line is open for exits already.'],
  [168, 'vault/NotOpenYet', 'Exits of the line are not paid yet.'],
  [169, 'vault/NothingLeft', 'Nothing more is due to this owner.'],
  [170, 'vault/WrongRentPayer', 'The rent goes back to whoever paid it.'],
  [171, 'vault/NoSequence', 'The core did not say which sequence it sent.'],
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

/** What the vault holds of a mint, by the account of a client. */
export function lineAddress(program: PublicKey, client: PublicKey, mint: PublicKey): PublicKey {
  return derive(program, utf8('line'), client.toBytes(), mint.toBytes())
}

/** The account of a line's tokens. */
export function escrowAddress(program: PublicKey, line: PublicKey): PublicKey {
  return derive(program, utf8('escrow'), line.toBytes())
}

/** A withdrawal that waits. */
export function claimAddress(program: PublicKey, line: PublicKey, sequence: bigint): PublicKey {
  return derive(program, utf8('claim'), line.toBytes(), be64(sequence))
}

/** What an owner in a dead hub's books was paid of a line. */
export function paidAddress(program: PublicKey, line: PublicKey, owner: Uint8Array): PublicKey {
  return derive(program, utf8('paid'), line.toBytes(), fixedBytes(owner, 20))
}

/** Signs the vault's calls of a core. */
export function applicationAddress(program: PublicKey, core: PublicKey): PublicKey {
  return derive(program, utf8('application'), core.toBytes())
}

/** A wallet's account of a token: where the vault pays to. */
export function associatedAddress(owner: PublicKey, tokenProgram: PublicKey, mint: PublicKey): PublicKey {
  return derive(
    new PublicKey('ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL'),
    owner.toBytes(),
    tokenProgram.toBytes(),
    mint.toBytes(),
  )
}

/** A client of a core. */
export function coreClientAddress(program: PublicKey, id: string): PublicKey {
  return derive(program, utf8('client'), utf8(id))
}

/** A client's root account. */
export function coreRootsAddress(program: PublicKey, id: string): PublicKey {
  return derive(program, utf8('roots'), utf8(id))
}

/** The vault's port of a core. */
export function corePortAddress(program: PublicKey): PublicKey {
  return derive(program, utf8('port'), utf8('transfer'))
}

/** What the vault holds of a mint for the hub at the other end of a client, in base units. */
export interface LineAccount {
  readonly bump: number
  readonly escrowBump: number
  readonly client: PublicKey
  readonly mint: PublicKey
  readonly tokenProgram: PublicKey
  readonly escrowed: bigint
  readonly claimed: bigint
  readonly usedUntil: bigint
  readonly exitTotal: bigint
  readonly exitPooled: bigint
  readonly exitPaid: bigint
  readonly exitFromSeconds: bigint
  readonly kept: bigint
  readonly keptUntilSeconds: bigint
}
/** Length of the account. */
export const LINE_BYTES = 200
const LINE_BEGIN = fromHex('6377796c696e657301')
/** Reads an account's data; undefined: it is another one. */
export function decodeLine(data: Uint8Array): LineAccount | undefined {
  const reader = openAccount(data, LINE_BEGIN, LINE_BYTES)
  return (
    reader && {
      bump: reader.u8(),
      escrowBump: reader.u8(),
      ...reader.skip(5),
      client: reader.address(),
      mint: reader.address(),
      tokenProgram: reader.address(),
      escrowed: reader.u64(),
      claimed: reader.u64(),
      usedUntil: reader.u128(),
      exitTotal: reader.u64(),
      exitPooled: reader.u64(),
      exitPaid: reader.u64(),
      exitFromSeconds: reader.u64(),
      kept: reader.u64(),
      keptUntilSeconds: reader.u64(),
      ...reader.skip(8),
    }
  )
}

/** A withdrawal that waits for its window. */
export interface ClaimAccount {
  readonly line: PublicKey
  readonly recipient: PublicKey
  readonly amount: bigint
  readonly payableFromSeconds: bigint
  readonly seenHeight: bigint
  readonly sequence: bigint
  readonly payer: PublicKey
}
/** Length of the account. */
export const CLAIM_BYTES = 144
const CLAIM_BEGIN = fromHex('637779636c61696d0100000000000000')
/** Reads an account's data; undefined: it is another one. */
export function decodeClaim(data: Uint8Array): ClaimAccount | undefined {
  const reader = openAccount(data, CLAIM_BEGIN, CLAIM_BYTES)
  return (
    reader && {
      line: reader.address(),
      recipient: reader.address(),
      amount: reader.u64(),
      payableFromSeconds: reader.u64(),
      seenHeight: reader.u64(),
      sequence: reader.u64(),
      payer: reader.address(),
    }
  )
}

/** What an owner was paid of a line. */
export interface PaidAccount {
  readonly paid: bigint
}
/** Length of the account. */
export const PAID_BYTES = 24
const PAID_BEGIN = fromHex('63777970616964730100000000000000')
/** Reads an account's data; undefined: it is another one. */
export function decodePaid(data: Uint8Array): PaidAccount | undefined {
  const reader = openAccount(data, PAID_BEGIN, PAID_BYTES)
  return reader && { paid: reader.u64() }
}

/** Takes a core's port `transfer`: once, by anyone. */
export function initialiseInstruction(
  program: PublicKey,
  inputs: { readonly payer: PublicKey; readonly core: PublicKey },
): TransactionInstruction {
  const port = corePortAddress(inputs.core)
  const authority = applicationAddress(program, inputs.core)
  const keys = [
    pay(inputs.payer),
    write(port),
    read(authority),
    read(new PublicKey('11111111111111111111111111111111')),
    read(inputs.core),
  ]
  return programInstruction(program, 0, keys, EMPTY_BYTES)
}

/** Opens a line of a client and mint. */
export function openLineInstruction(
  program: PublicKey,
  inputs: {
    readonly payer: PublicKey
    readonly mint: PublicKey
    readonly tokenProgram: PublicKey
    readonly clientId: string
    readonly core: PublicKey
  },
): TransactionInstruction {
  const client = coreClientAddress(inputs.core, inputs.clientId)
  const line = lineAddress(program, client, inputs.mint)
  const escrow = escrowAddress(program, line)
  const keys = [
    pay(inputs.payer),
    read(client),
    write(line),
    write(escrow),
    read(inputs.mint),
    read(inputs.tokenProgram),
    read(new PublicKey('11111111111111111111111111111111')),
  ]
  return programInstruction(program, 1, keys, EMPTY_BYTES)
}

/** What `depositInstruction` is told. */
export interface DepositMessage {
  readonly amount: bigint
  readonly timeoutSeconds: bigint
  readonly receiver: string
  readonly memo: Uint8Array
}
/** Bytes of a message of `depositInstruction`. */
export function encodeDepositMessage(message: DepositMessage): Uint8Array {
  return concatBytes(
    le64(message.amount),
    le64(message.timeoutSeconds),
    shortText(message.receiver),
    longBytes(message.memo),
  )
}

/** Deposits the depositor's tokens; `receiver` is credited on the hub. Returns the sequence u64. */
export function depositInstruction(
  program: PublicKey,
  inputs: {
    readonly depositor: PublicKey
    readonly mint: PublicKey
    readonly tokenProgram: PublicKey
    /** the depositor's account */
    readonly source: PublicKey
    readonly core: PublicKey
    readonly payer: PublicKey
    /** the light client's state */
    readonly lightState: PublicKey
    readonly clientId: string
    readonly packets: readonly PublicKey[]
  },
  message: Uint8Array,
): TransactionInstruction {
  const authority = applicationAddress(program, inputs.core)
  const client = coreClientAddress(inputs.core, inputs.clientId)
  const line = lineAddress(program, client, inputs.mint)
  const escrow = escrowAddress(program, line)
  const roots = coreRootsAddress(inputs.core, inputs.clientId)
  const port = corePortAddress(inputs.core)
  const keys = [
    sign(inputs.depositor),
    write(line),
    write(escrow),
    read(inputs.mint),
    read(inputs.tokenProgram),
    write(inputs.source),
    read(inputs.core),
    read(authority),
    pay(inputs.payer),
    read(client),
    write(roots),
    read(port),
    read(inputs.lightState),
    read(new PublicKey('11111111111111111111111111111111')),
    ...inputs.packets.map(write),
  ]
  return programInstruction(program, 2, keys, message)
}

/** Pays a claim to its recipient; anyone may. */
export function payClaimInstruction(
  program: PublicKey,
  inputs: {
    /** who paid for it */
    readonly rentPayer: PublicKey
    readonly mint: PublicKey
    readonly tokenProgram: PublicKey
    /** the light client's state */
    readonly lightState: PublicKey
    readonly clientId: string
    readonly core: PublicKey
    readonly sequence: bigint
    readonly recipient: PublicKey
  },
): TransactionInstruction {
  const wallet = associatedAddress(inputs.recipient, inputs.tokenProgram, inputs.mint)
  const client = coreClientAddress(inputs.core, inputs.clientId)
  const line = lineAddress(program, client, inputs.mint)
  const claim = claimAddress(program, line, inputs.sequence)
  const escrow = escrowAddress(program, line)
  const keys = [
    write(claim),
    write(inputs.rentPayer),
    write(line),
    write(escrow),
    read(inputs.mint),
    read(inputs.tokenProgram),
    write(wallet),
    read(client),
    read(inputs.lightState),
  ]
  return programInstruction(program, 3, keys, EMPTY_BYTES)
}

/** What `voidClaimInstruction` is told. */
export interface VoidClaimMessage {
  readonly leaf: Uint8Array
  readonly present: number
  readonly siblings: readonly Uint8Array[]
}
/** Bytes of a message of `voidClaimInstruction`. */
export function encodeVoidClaimMessage(message: VoidClaimMessage): Uint8Array {
  return concatBytes(
    fixedBytes(message.leaf, 32),
    le32(message.present),
    concatBytes(...message.siblings.map((item) => fixedBytes(item, 32))),
  )
}

/** Takes back a claim that was proven above a retired client's exit height; anyone may. */
export function voidClaimInstruction(
  program: PublicKey,
  inputs: {
    /** who paid for it */
    readonly rentPayer: PublicKey
    /** the light client's state */
    readonly lightState: PublicKey
    readonly core: PublicKey
    readonly clientId: string
    readonly sequence: bigint
    readonly mint: PublicKey
  },
  message: Uint8Array,
): TransactionInstruction {
  const client = coreClientAddress(inputs.core, inputs.clientId)
  const line = lineAddress(program, client, inputs.mint)
  const claim = claimAddress(program, line, inputs.sequence)
  const authority = applicationAddress(program, inputs.core)
  const roots = coreRootsAddress(inputs.core, inputs.clientId)
  const port = corePortAddress(inputs.core)
  const keys = [
    write(claim),
    write(inputs.rentPayer),
    write(line),
    read(client),
    read(inputs.lightState),
    read(inputs.core),
    read(authority),
    write(roots),
    read(port),
  ]
  return programInstruction(program, 4, keys, message)
}

/** What `openExitInstruction` is told. */
export interface OpenExitMessage {
  readonly total: bigint
  readonly proof: Uint8Array
}
/** Bytes of a message of `openExitInstruction`. */
export function encodeOpenExitMessage(message: OpenExitMessage): Uint8Array {
  return concatBytes(le64(message.total), longBytes(message.proof))
}

/** Opens a line of a retired client for exits, by proof of all that the dead hub owes there. */
export function openExitInstruction(
  program: PublicKey,
  inputs: {
    /** the light client's state */
    readonly lightState: PublicKey
    /** its consensus state at the exit height */
    readonly consensus: PublicKey
    readonly clientId: string
    readonly core: PublicKey
    readonly mint: PublicKey
  },
  message: Uint8Array | BufferedMessage,
): TransactionInstruction {
  const client = coreClientAddress(inputs.core, inputs.clientId)
  const line = lineAddress(program, client, inputs.mint)
  const keys = [write(line), read(client), read(inputs.lightState), read(inputs.consensus)]
  return programInstruction(program, 5, keys, message)
}

/** What `exitInstruction` is told. */
export interface ExitMessage {
  readonly owner: Uint8Array
  readonly recipient: PublicKey
  readonly amount: bigint
  readonly proof: Uint8Array
}
/** Bytes of a message of `exitInstruction`. */
export function encodeExitMessage(message: ExitMessage): Uint8Array {
  return concatBytes(
    fixedBytes(message.owner, 20),
    message.recipient.toBytes(),
    le64(message.amount),
    longBytes(message.proof),
  )
}

/** Pays an owner in the books of a dead hub: an account of the hub, whose text the program writes. */
export function exitInstruction(
  program: PublicKey,
  inputs: {
    readonly mint: PublicKey
    readonly tokenProgram: PublicKey
    /** the light client's state */
    readonly lightState: PublicKey
    /** its consensus state at the exit height */
    readonly consensus: PublicKey
    /** payer of that account */
    readonly payer: PublicKey
    readonly owner: Uint8Array
    readonly recipient: PublicKey
    readonly clientId: string
    readonly core: PublicKey
  },
  message: Uint8Array | BufferedMessage,
): TransactionInstruction {
  const wallet = associatedAddress(inputs.recipient, inputs.tokenProgram, inputs.mint)
  const client = coreClientAddress(inputs.core, inputs.clientId)
  const line = lineAddress(program, client, inputs.mint)
  const escrow = escrowAddress(program, line)
  const paid = paidAddress(program, line, inputs.owner)
  const keys = [
    write(line),
    write(escrow),
    read(inputs.mint),
    read(inputs.tokenProgram),
    write(wallet),
    read(client),
    read(inputs.lightState),
    read(inputs.consensus),
    write(paid),
    pay(inputs.payer),
    read(new PublicKey('11111111111111111111111111111111')),
  ]
  return programInstruction(program, 6, keys, message)
}

/** What `receiveInstruction` is told. */
export interface ReceiveMessage {
  readonly packet: Packet
}
/** Bytes of a message of `receiveInstruction`. */
export function encodeReceiveMessage(message: ReceiveMessage): Uint8Array {
  return concatBytes(encodePacket(message.packet))
}

/** Pays a withdrawal that the core received; only for the core. Returns the answer. */
export function receiveInstruction(
  program: PublicKey,
  inputs: {
    /** the core's account for the vault */
    readonly caller: PublicKey
    readonly mint: PublicKey
    readonly tokenProgram: PublicKey
    /** payer of the claim */
    readonly payer: PublicKey
    /** the light client's state */
    readonly lightState: PublicKey
    readonly clientId: string
    readonly core: PublicKey
    readonly recipient: PublicKey
    readonly sequence: bigint
  },
  message: Uint8Array,
): TransactionInstruction {
  const client = coreClientAddress(inputs.core, inputs.clientId)
  const line = lineAddress(program, client, inputs.mint)
  const escrow = escrowAddress(program, line)
  const wallet = associatedAddress(inputs.recipient, inputs.tokenProgram, inputs.mint)
  const claim = claimAddress(program, line, inputs.sequence)
  const keys = [
    sign(inputs.caller),
    read(client),
    write(line),
    write(escrow),
    read(inputs.mint),
    read(inputs.tokenProgram),
    write(wallet),
    write(claim),
    pay(inputs.payer),
    read(inputs.lightState),
    read(new PublicKey('11111111111111111111111111111111')),
  ]
  return programInstruction(program, 16, keys, message)
}

/** What `acknowledgedInstruction` is told. */
export interface AcknowledgedMessage {
  readonly packet: Packet
  readonly acknowledgement: Uint8Array
}
/** Bytes of a message of `acknowledgedInstruction`. */
export function encodeAcknowledgedMessage(message: AcknowledgedMessage): Uint8Array {
  return concatBytes(encodePacket(message.packet), message.acknowledgement)
}

/** Learns how a deposit was answered; only for the core. */
export function acknowledgedInstruction(
  program: PublicKey,
  inputs: {
    /** the core's account for the vault */
    readonly caller: PublicKey
    readonly clientId: string
    readonly core: PublicKey
    readonly others: readonly AccountMeta[]
  },
  message: Uint8Array,
): TransactionInstruction {
  const client = coreClientAddress(inputs.core, inputs.clientId)
  const keys = [sign(inputs.caller), read(client), ...inputs.others]
  return programInstruction(program, 17, keys, message)
}

/** What `timedOutInstruction` is told. */
export interface TimedOutMessage {
  readonly packet: Packet
}
/** Bytes of a message of `timedOutInstruction`. */
export function encodeTimedOutMessage(message: TimedOutMessage): Uint8Array {
  return concatBytes(encodePacket(message.packet))
}

/** Learns that a deposit timed out: it is refunded; only for the core. */
export function timedOutInstruction(
  program: PublicKey,
  inputs: {
    /** the core's account for the vault */
    readonly caller: PublicKey
    readonly mint: PublicKey
    readonly tokenProgram: PublicKey
    readonly clientId: string
    readonly core: PublicKey
    readonly depositor: PublicKey
  },
  message: Uint8Array,
): TransactionInstruction {
  const client = coreClientAddress(inputs.core, inputs.clientId)
  const line = lineAddress(program, client, inputs.mint)
  const escrow = escrowAddress(program, line)
  const wallet = associatedAddress(inputs.depositor, inputs.tokenProgram, inputs.mint)
  const keys = [
    sign(inputs.caller),
    read(client),
    write(line),
    write(escrow),
    read(inputs.mint),
    read(inputs.tokenProgram),
    write(wallet),
  ]
  return programInstruction(program, 18, keys, message)
}
