import { concatBytes, equalBytes, le64, utf8 } from '@causeway/primitives'
import { KEY_BYTES } from '../addresses.ts'
import { ByteReader } from '../byte-reader.ts'
import { errors } from '../errors.ts'
import type { AccountState } from '../lattice/account-state.ts'
import { TREE_DEPTH } from './tree.ts'

/** What the account that one client's commitments hang on says. */
export interface RootAccount {
  /** Grows with every `touch`, which makes an account that rests provable. */
  readonly touches: bigint
  /** Packets sent: leaves of the tree of commitments. */
  readonly sent: bigint
  /** Tagged roots, 32 bytes each. */
  readonly commitmentsRoot: Uint8Array
  readonly receiptsRoot: Uint8Array
}

const MAGIC = utf8('cwyroots')
const VERSION = 1
/** What is read of it; the frontier of the tree of commitments follows. */
const FIELDS_BYTES = 96
const ACCOUNT_BYTES = FIELDS_BYTES + TREE_DEPTH * KEY_BYTES

/**
 * Reads a root account, which the IBC program owns. Throws `solana/45`. Layout: docs/solana-light-client.md.
 */
export function readRootAccount({ data, owner }: AccountState, program: Uint8Array): RootAccount {
  const refuse = (reason: string) => errors.badRootAccount({ reason })
  if (!equalBytes(owner, program)) throw refuse('another program owns it')
  if (data.length !== ACCOUNT_BYTES) throw refuse(`${data.length} bytes`)
  const reader = new ByteReader(data, refuse)
  if (!equalBytes(reader.take(8), MAGIC) || reader.u8() !== VERSION) throw refuse('another layout')
  if (reader.take(7).some((byte) => byte !== 0)) throw refuse('reserved bytes')
  return {
    touches: reader.u64(),
    sent: reader.u64(),
    commitmentsRoot: reader.take(KEY_BYTES),
    receiptsRoot: reader.take(KEY_BYTES),
  }
}

/** A root account's data; `frontier` are its 32 nodes. */
export function encodeRootAccount(account: RootAccount, frontier: readonly Uint8Array[]): Uint8Array {
  const { touches, sent, commitmentsRoot, receiptsRoot } = account
  const version = Uint8Array.of(VERSION, 0, 0, 0, 0, 0, 0, 0)
  return concatBytes(MAGIC, version, le64(touches), le64(sent), commitmentsRoot, receiptsRoot, ...frontier)
}
