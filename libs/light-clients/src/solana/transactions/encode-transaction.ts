import { concatBytes, equalBytes } from '@causeway/primitives'

/** Who signs a transaction: the first one pays its fee. */
export interface TransactionSigner {
  readonly publicKey: Uint8Array
  /** An Ed25519 signature of the message, 64 bytes. */
  sign(message: Uint8Array): Uint8Array
}

/** A transaction before it is signed. */
export interface TransactionFields {
  readonly signers: readonly TransactionSigner[]
  /** Keys that no instruction names. */
  readonly others?: readonly Uint8Array[]
  /** All accounts are writable but the key that comes last: the program, where it is one. */
  readonly instructions: readonly {
    readonly program: Uint8Array
    readonly accounts: readonly Uint8Array[]
    readonly data: Uint8Array
  }[]
  readonly recentBlockhash: Uint8Array
  readonly version?: 'legacy' | 0
  /** Bytes of the address tables of a version 0 message; default none. */
  readonly tables?: Uint8Array
}

/** A signed transaction in wire format, what `decodeTransaction` reads. Nothing is checked. */
export function encodeTransaction(fields: TransactionFields): Uint8Array {
  const { signers, instructions, version = 'legacy', others = [], tables = Uint8Array.of(0) } = fields
  const mentioned = [...others, ...instructions.flatMap(({ program, accounts }) => [...accounts, program])]
  const keys: Uint8Array[] = signers.map(({ publicKey }) => publicKey)
  for (const key of mentioned) if (!keys.some((known) => equalBytes(known, key))) keys.push(key)
  const indexOf = (key: Uint8Array) => keys.findIndex((known) => equalBytes(known, key))
  const message = concatBytes(
    version === 0 ? Uint8Array.of(0x80) : new Uint8Array(0),
    Uint8Array.of(signers.length, 0, 1),
    encodeCompactU16(keys.length),
    ...keys,
    fields.recentBlockhash,
    encodeCompactU16(instructions.length),
    ...instructions.map(({ program, accounts, data }) =>
      concatBytes(
        Uint8Array.of(indexOf(program)),
        encodeCompactU16(accounts.length),
        Uint8Array.from(accounts.map(indexOf)),
        encodeCompactU16(data.length),
        data,
      ),
    ),
    version === 0 ? tables : new Uint8Array(0),
  )
  const signatures = signers.map((signer) => signer.sign(message))
  return concatBytes(encodeCompactU16(signatures.length), ...signatures, message)
}

/** A number of at most 16 bits as Solana writes lengths. */
export function encodeCompactU16(value: number): Uint8Array {
  const bytes: number[] = []
  for (; value > 0x7f; value >>= 7) bytes.push((value & 0x7f) | 0x80)
  return Uint8Array.from([...bytes, value])
}
