import { fromBase58 } from '@causeway/primitives'
import type { Cluster } from '../cluster/cluster.ts'
import { MIN_CONTEXT_SLOT, RpcError, invalidParams } from './rpc-error.ts'

/** How sure a state has to be. */
export type Commitment = 'processed' | 'confirmed' | 'finalized'

/** The object that ends most requests. */
export type Config = Readonly<Record<string, unknown>>

const SIGNATURE_BYTES = 64
const TEXT_LENGTH_MAX = 88
const OLD_NAMES: Readonly<Record<string, Commitment>> = {
  recent: 'processed',
  single: 'confirmed',
  singleGossip: 'confirmed',
  root: 'finalized',
  max: 'finalized',
}

/** An address in base 58. */
export function readAddress(value: unknown): Uint8Array {
  return readKey(value, 32, 'an address')
}

/** A signature in base 58, as it was given. */
export function readSignature(value: unknown): string {
  readKey(value, SIGNATURE_BYTES, 'a signature')
  return value as string
}

/** A list of at most so many items. */
export function readList<T>(value: unknown, max: number, item: (each: unknown) => T): T[] {
  if (!Array.isArray(value)) throw invalidParams('expected a list')
  if (value.length > max) throw invalidParams(`Too many inputs provided; max ${max}`)
  return value.map(item)
}

/** A slot, a number of blocks or of lamports. */
export function readCount(value: unknown): bigint {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw invalidParams('expected an integer that is not negative')
  return BigInt(value)
}

/** An optional object of options. */
export function readConfig(value: unknown): Config {
  if (value === undefined || value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) throw invalidParams('expected an object')
  return value as Config
}

/** The commitment that options ask for; default finalized, as everywhere in Solana. */
export function readCommitment({ commitment }: Config, byDefault: Commitment = 'finalized'): Commitment {
  if (commitment === undefined || commitment === null) return byDefault
  if (commitment === 'processed' || commitment === 'confirmed' || commitment === 'finalized')
    return commitment
  const known = typeof commitment === 'string' ? OLD_NAMES[commitment] : undefined
  if (!known) throw invalidParams('an unknown commitment')
  return known
}

/** The commitment of what is only told once it is confirmed. */
export function readConfirmed(config: Config): Exclude<Commitment, 'processed'> {
  const commitment = readCommitment(config)
  if (commitment === 'processed') throw invalidParams('Method does not support commitment below `confirmed`')
  return commitment
}

/** The newest slot of a commitment: that of the open bank, voted for by two thirds, or rooted by them. */
export function slotAt(cluster: Cluster, commitment: Commitment): bigint {
  if (commitment === 'processed') return cluster.open.slot
  return commitment === 'confirmed' ? cluster.confirmed : cluster.rooted
}

/** The slot at which a request is answered. Throws when it is older than the request allows. */
export function contextSlot(cluster: Cluster, config: Config, byDefault?: Commitment): bigint {
  const slot = slotAt(cluster, readCommitment(config, byDefault))
  const { minContextSlot } = config
  if (minContextSlot !== undefined && minContextSlot !== null && slot < readCount(minContextSlot))
    throw new RpcError(MIN_CONTEXT_SLOT, 'Minimum context slot has not been reached', { contextSlot: slot })
  return slot
}

/** An answer with the slot that it is of. */
export function withContext(slot: bigint, value: unknown): unknown {
  return { context: { apiVersion: API_VERSION, slot }, value }
}

/** The version of Solana whose interface this is. */
export const API_VERSION = '4.2.2'

function readKey(value: unknown, bytes: number, what: string): Uint8Array {
  if (typeof value !== 'string' || value.length > TEXT_LENGTH_MAX) throw invalidParams(`${what} is expected`)
  const key = fromBase58(value)
  if (key?.length !== bytes) throw invalidParams('WrongSize')
  return key
}
