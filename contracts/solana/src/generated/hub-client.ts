// Made from idl/hub-client.json by scripts/generate.ts.
import { PublicKey, type TransactionInstruction } from '@solana/web3.js'
import { EMPTY_BYTES, be16, be32, be64, concatBytes, fromHex, le64, utf8 } from '@causeway/primitives'
import { derive, pay, programInstruction, read, sign, write, type BufferedMessage } from '../instruction.ts'
import { openAccount, type Reader } from '../reader.ts'
import { byte, fixedBytes } from '../wire.ts'

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
  [301, 'hub-client/Malformed', 'Bytes that are not what the instruction takes: too few, too many.'],
  [306, 'hub-client/WrongSet', "The set's preimage is not that of the set that signs this height."],
  [307, 'hub-client/AbsenteeOrder', "An absentee's index is not above the one before."],
  [308, 'hub-client/AbsenteeIndex', "An absentee's index is not below the count."],
  [309, 'hub-client/AbsenteeNotInSet', "An absentee's leaf is not in the set."],
  [310, 'hub-client/AbsentPower', 'The absentees have more power than the set.'],
  [311, 'hub-client/TooLittlePower', 'Three times the signed power does not exceed twice the total.'],
  [312, 'hub-client/IdentityKey', 'No signer is left, or what is left cancels out.'],
  [313, 'hub-client/WrongSignature', 'The signature is not that of the signers over this attestation.'],
  [320, 'hub-client/Frozen', 'Frozen.'],
  [321, 'hub-client/Expired', 'Expired.'],
  [
    322,
    'hub-client/FromTheFuture',
    "The attested time is not below the cluster's and what clocks may differ by.",
  ],
  [323, 'hub-client/TooOld', "The attested time is not above the cluster's without the trusting period."],
  [324, 'hub-client/HeightBelowSet', 'The height is below the first one that this set is known to sign.'],
  [325, 'hub-client/NoMisbehaviour', 'The two headers do not contradict each other.'],
  [
    326,
    'hub-client/InvalidTrusted',
    'What a client is made with: no chain id, a height below 2, or a time of 0.',
  ],
  [
    328,
    'hub-client/SetNotTrusted',
    'No set that the client knows, or one that it has not known for too long.',
  ],
  [
    329,
    'hub-client/HeightStands',
    'What is attested of this height stands, or the lack of it: nothing more is heard.',
  ],
  [330, 'hub-client/ZeroHash', 'An app hash or set hash of zeros.'],
  [331, 'hub-client/TooFarAhead', 'A height or time too far above the accepted ones.'],
  [350, 'hub-client/WrongHints', 'The hints for hashing are not those of this attestation.'],
  [
    351,
    'hub-client/WrongState',
    "The state is another client's, or of another height, or somebody else paid for it.",
  ],
  [
    352,
    'hub-client/NothingToTakeBack',
    'The client is not frozen, or the state at its exit height is one that stands.',
  ],
  [353, 'hub-client/StateInUse', 'The state may be asked for yet.'],
] as const

/** What the hub's validators sign for each height, beside the chain id. */
export interface Attestation {
  readonly height: bigint
  readonly timeSeconds: bigint
  readonly appHash: Uint8Array
  readonly nextSetHash: Uint8Array
}
/** Bytes of it. */
export function encodeAttestation(value: Attestation): Uint8Array {
  return concatBytes(
    be64(value.height),
    be64(value.timeSeconds),
    fixedBytes(value.appHash, 32),
    fixedBytes(value.nextSetHash, 32),
  )
}
/** Reads what `encodeAttestation` writes. */
export function readAttestation(reader: Reader): Attestation {
  return {
    height: reader.u64('be'),
    timeSeconds: reader.u64('be'),
    appHash: reader.bytes(32),
    nextSetHash: reader.bytes(32),
  }
}

/** The preimage of a set's hash. */
export interface AttestorSet {
  readonly leafRoot: Uint8Array
  readonly count: number
  readonly totalPower: bigint
  readonly aggregateKey: Uint8Array
}
/** Bytes of it. */
export function encodeAttestorSet(value: AttestorSet): Uint8Array {
  return concatBytes(
    fixedBytes(value.leafRoot, 32),
    be32(value.count),
    be64(value.totalPower),
    fixedBytes(value.aggregateKey, 192),
  )
}
/** Reads what `encodeAttestorSet` writes. */
export function readAttestorSet(reader: Reader): AttestorSet {
  return {
    leafRoot: reader.bytes(32),
    count: reader.u32('be'),
    totalPower: reader.u64('be'),
    aggregateKey: reader.bytes(192),
  }
}

/** Who did not sign; siblings from its leaf upwards to where they meet the path of the one before. */
export interface Absentee {
  readonly index: number
  readonly key: Uint8Array
  readonly power: bigint
  readonly siblings: readonly Uint8Array[]
}
/** Bytes of it. */
export function encodeAbsentee(value: Absentee): Uint8Array {
  return concatBytes(
    be32(value.index),
    fixedBytes(value.key, 192),
    be64(value.power),
    concatBytes(byte(value.siblings.length), ...value.siblings.map((item) => fixedBytes(item, 32))),
  )
}
/** Reads what `encodeAbsentee` writes. */
export function readAbsentee(reader: Reader): Absentee {
  return {
    index: reader.u32('be'),
    key: reader.bytes(192),
    power: reader.u64('be'),
    siblings: reader.list(reader.u8(), () => reader.bytes(32)),
  }
}

/** An attestation with what proves it; the hints are what hashing to the curve needs. */
export interface Header {
  readonly attestation: Attestation
  readonly set: AttestorSet
  readonly signature: Uint8Array
  readonly hints: Uint8Array
  readonly absentees: readonly Absentee[]
}
/** Bytes of it. */
export function encodeHeader(value: Header): Uint8Array {
  return concatBytes(
    encodeAttestation(value.attestation),
    encodeAttestorSet(value.set),
    fixedBytes(value.signature, 96),
    fixedBytes(value.hints, 290),
    concatBytes(be16(value.absentees.length), ...value.absentees.map((item) => encodeAbsentee(item))),
  )
}
/** Reads what `encodeHeader` writes. */
export function readHeader(reader: Reader): Header {
  return {
    attestation: readAttestation(reader),
    set: readAttestorSet(reader),
    signature: reader.bytes(96),
    hints: reader.bytes(290),
    absentees: reader.list(reader.u16('be'), () => readAbsentee(reader)),
  }
}

/** The first height that was reached in a day of attested times. */
export interface Mark {
  readonly mark: bigint
  readonly height: bigint
}
/** Bytes of it. */
export function encodeMark(value: Mark): Uint8Array {
  return concatBytes(le64(value.mark), le64(value.height))
}
/** Reads what `encodeMark` writes. */
export function readMark(reader: Reader): Mark {
  return { mark: reader.u64(), height: reader.u64() }
}

/** A client that begins with the message of which this is the hash. */
export function clientAddress(program: PublicKey, id: Uint8Array): PublicKey {
  return derive(program, utf8('client'), fixedBytes(id, 32))
}

/** The state at a height. */
export function stateAddress(program: PublicKey, client: PublicKey, height: bigint): PublicKey {
  return derive(program, utf8('state'), client.toBytes(), be64(height))
}

/** What a client knows of a set. */
export function setAddress(program: PublicKey, client: PublicKey, setHash: Uint8Array): PublicKey {
  return derive(program, utf8('set'), client.toBytes(), fixedBytes(setHash, 32))
}

/** How far a client of the hub is. Not frozen: frozenAtSeconds is 0, contradictedHeight 2^64 − 1. */
export interface HubClientAccount {
  readonly latestHeight: bigint
  readonly latestTimeSeconds: bigint
  readonly trustingPeriodSeconds: bigint
  readonly frozenAtSeconds: bigint
  readonly exitHeight: bigint
  readonly trustedHeight: bigint
  readonly trustedTimeSeconds: bigint
  readonly setStart: bigint
  readonly previousSetStart: bigint
  readonly contradictedHeight: bigint
  readonly chainIdHash: Uint8Array
  readonly setHash: Uint8Array
  readonly previousSetHash: Uint8Array
  readonly id: Uint8Array
  readonly marks: readonly Mark[]
}
/** Length of the account. */
export const HUB_CLIENT_BYTES = 1248
const HUB_CLIENT_BEGIN = fromHex('637779687562636c0100000000000000')
/** Reads an account's data; undefined: it is another one. */
export function decodeHubClient(data: Uint8Array): HubClientAccount | undefined {
  const reader = openAccount(data, HUB_CLIENT_BEGIN, HUB_CLIENT_BYTES)
  return (
    reader && {
      latestHeight: reader.u64(),
      latestTimeSeconds: reader.u64(),
      trustingPeriodSeconds: reader.u64(),
      frozenAtSeconds: reader.u64(),
      exitHeight: reader.u64(),
      trustedHeight: reader.u64(),
      trustedTimeSeconds: reader.u64(),
      setStart: reader.u64(),
      previousSetStart: reader.u64(),
      contradictedHeight: reader.u64(),
      chainIdHash: reader.bytes(32),
      setHash: reader.bytes(32),
      previousSetHash: reader.bytes(32),
      id: reader.bytes(32),
      marks: reader.list(64, () => readMark(reader)),
    }
  )
}

/** An accepted state of the hub; previousHeight is 0 unless it was accepted above the latest. */
export interface HubStateAccount {
  readonly client: PublicKey
  readonly height: bigint
  readonly timeSeconds: bigint
  readonly appHash: Uint8Array
  readonly nextSetHash: Uint8Array
  readonly previousHeight: bigint
  readonly payer: PublicKey
}
/** Length of the account. */
export const HUB_STATE_BYTES = 168
const HUB_STATE_BEGIN = fromHex('63777968756263730100000000000000')
/** Reads an account's data; undefined: it is another one. */
export function decodeHubState(data: Uint8Array): HubStateAccount | undefined {
  const reader = openAccount(data, HUB_STATE_BEGIN, HUB_STATE_BYTES)
  return (
    reader && {
      client: reader.address(),
      height: reader.u64(),
      timeSeconds: reader.u64(),
      appHash: reader.bytes(32),
      nextSetHash: reader.bytes(32),
      previousHeight: reader.u64(),
      payer: reader.address(),
    }
  )
}

/** What a client knows of a set. */
export interface KnownSetAccount {
  readonly client: PublicKey
  readonly setHash: Uint8Array
  readonly startHeight: bigint
  readonly endSeconds: bigint
}
/** Length of the account. */
export const KNOWN_SET_BYTES = 96
const KNOWN_SET_BEGIN = fromHex('6377796875626b730100000000000000')
/** Reads an account's data; undefined: it is another one. */
export function decodeKnownSet(data: Uint8Array): KnownSetAccount | undefined {
  const reader = openAccount(data, KNOWN_SET_BEGIN, KNOWN_SET_BYTES)
  return (
    reader && {
      client: reader.address(),
      setHash: reader.bytes(32),
      startHeight: reader.u64(),
      endSeconds: reader.u64(),
    }
  )
}

/** What `initialiseInstruction` is told. */
export interface InitialiseMessage {
  readonly height: bigint
  readonly timeSeconds: bigint
  readonly appHash: Uint8Array
  readonly nextSetHash: Uint8Array
  readonly setHash: Uint8Array
  readonly chainId: string
}
/** Bytes of a message of `initialiseInstruction`. */
export function encodeInitialiseMessage(message: InitialiseMessage): Uint8Array {
  return concatBytes(
    be64(message.height),
    be64(message.timeSeconds),
    fixedBytes(message.appHash, 32),
    fixedBytes(message.nextSetHash, 32),
    fixedBytes(message.setHash, 32),
    utf8(message.chainId),
  )
}

/** Makes a client; its address says what it begins with: the seed id is the hash of the message. */
export function initialiseInstruction(
  program: PublicKey,
  inputs: {
    readonly payer: PublicKey
    readonly height: bigint
    readonly setHash: Uint8Array
    readonly id: Uint8Array
  },
  message: Uint8Array,
): TransactionInstruction {
  const client = clientAddress(program, inputs.id)
  const state = stateAddress(program, client, inputs.height)
  const set = setAddress(program, client, inputs.setHash)
  const keys = [
    pay(inputs.payer),
    write(client),
    write(state),
    write(set),
    read(new PublicKey('11111111111111111111111111111111')),
  ]
  return programInstruction(program, 0, keys, message)
}

/** What `updateInstruction` is told. */
export interface UpdateMessage {
  readonly header: Header
}
/** Bytes of a message of `updateInstruction`. */
export function encodeUpdateMessage(message: UpdateMessage): Uint8Array {
  return concatBytes(encodeHeader(message.header))
}

/** Shows a client a header. Returns a byte: 0 updated, 1 frozen, 2 unchanged, 3 learned. */
export function updateInstruction(
  program: PublicKey,
  inputs: {
    readonly payer: PublicKey
    readonly client: PublicKey
    readonly height: bigint
    readonly setHash: Uint8Array
    readonly nextSetHash: Uint8Array
  },
  message: Uint8Array | BufferedMessage,
): TransactionInstruction {
  const state = stateAddress(program, inputs.client, inputs.height)
  const signersSet = setAddress(program, inputs.client, inputs.setHash)
  const namedSet = setAddress(program, inputs.client, inputs.nextSetHash)
  const keys = [
    pay(inputs.payer),
    write(inputs.client),
    write(state),
    write(signersSet),
    write(namedSet),
    read(new PublicKey('11111111111111111111111111111111')),
  ]
  return programInstruction(program, 1, keys, message)
}

/** What `misbehaviourInstruction` is told. */
export interface MisbehaviourMessage {
  readonly first: Header
  readonly second: Header
}
/** Bytes of a message of `misbehaviourInstruction`. */
export function encodeMisbehaviourMessage(message: MisbehaviourMessage): Uint8Array {
  return concatBytes(encodeHeader(message.first), encodeHeader(message.second))
}

/** Shows a client two headers that contradict each other. */
export function misbehaviourInstruction(
  program: PublicKey,
  inputs: {
    readonly client: PublicKey
    readonly firstSetHash: Uint8Array
    readonly secondSetHash: Uint8Array
  },
  message: Uint8Array | BufferedMessage,
): TransactionInstruction {
  const firstSet = setAddress(program, inputs.client, inputs.firstSetHash)
  const secondSet = setAddress(program, inputs.client, inputs.secondSetHash)
  const keys = [write(inputs.client), read(firstSet), read(secondSet)]
  return programInstruction(program, 2, keys, message)
}

/** Gives up the state at a frozen client's exit height for the one before. */
export function takeBackInstruction(
  program: PublicKey,
  inputs: { readonly client: PublicKey; readonly height: bigint },
): TransactionInstruction {
  const state = stateAddress(program, inputs.client, inputs.height)
  const keys = [write(inputs.client), read(state)]
  return programInstruction(program, 3, keys, EMPTY_BYTES)
}

/** Gives the lamports of an old state back to who paid for it. */
export function closeStateInstruction(
  program: PublicKey,
  inputs: {
    readonly client: PublicKey
    /** who paid for it */
    readonly payer: PublicKey
    readonly height: bigint
  },
): TransactionInstruction {
  const state = stateAddress(program, inputs.client, inputs.height)
  const keys = [read(inputs.client), write(state), write(inputs.payer)]
  return programInstruction(program, 4, keys, EMPTY_BYTES)
}
