// Store `staking`:
//   0x01 → ChainParams                       0x02 ‖ BE64 height → ValidatorSet that signs from this height on
//   0x03 → Params                            0x04 → BE64 last height of the epoch
//   0x05 ‖ operator → BondedValidator        0x06 ‖ consensus address → operator
//   0x07 ‖ SHA-256(BLS key) → operator       0x08 ‖ delegator ‖ operator → Delegation
//   0x09 … 0x0d: what is leaving (unbonding-state.ts)
//   0x0e ‖ operator → 0x01: tombstoned in this block, still in the set
//   0x0f ‖ client id → BE64 seconds that the client of a listed line trusts a header
// Addresses have 20 bytes.
import {
  assert,
  be64,
  compareBytes,
  concatBytes,
  equalBytes,
  fromBe64,
  fromUtf8,
  prefixEnd,
  sha256,
  utf8,
} from '@causeway/primitives'
import {
  BondedValidator,
  ChainParams,
  Delegation,
  Params,
  ValidatorSet,
} from '@causeway/protocol/causeway/staking/v1/staking'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import type { Pool } from './pool.ts'

/** Name of the store. */
export const STAKING_STORE = 'staking'

/** A validator as code has it. */
export interface ValidatorRecord
  extends Omit<BondedValidator, 'tokens' | 'shares' | 'rewardIndex' | 'commission'>, Pool {
  readonly rewardIndex: bigint
  readonly commission: bigint
}

/** A part of a validator's stake as code has it. */
export interface DelegationRecord {
  readonly shares: bigint
  readonly rewardIndex: bigint
}

const PARAMS_KEY = Uint8Array.of(1)
const SET_PREFIX = Uint8Array.of(2)
const STAKING_PARAMS_KEY = Uint8Array.of(3)
const EPOCH_END_KEY = Uint8Array.of(4)
const VALIDATOR_PREFIX = Uint8Array.of(5)
const CONSENSUS_PREFIX = Uint8Array.of(6)
const BLS_PREFIX = Uint8Array.of(7)
const DELEGATION_PREFIX = Uint8Array.of(8)
const LEAVING_PREFIX = Uint8Array.of(0x0e)
const TRUST_PREFIX = Uint8Array.of(0x0f)
const PRESENT = Uint8Array.of(1)
const ADDRESS_BYTES = 20

/** What genesis fixed about heights. */
export function readParams(store: KeyValueReader): ChainParams {
  const bytes = store.get(PARAMS_KEY)
  assert(bytes !== undefined, 'chain parameters are written at genesis')
  return ChainParams.decode(bytes)
}

/** Writes what genesis fixed about heights. */
export function writeParams(store: KeyValueStore, params: ChainParams): void {
  store.set(PARAMS_KEY, ChainParams.encode(params).finish())
}

/** The set that signs the block of a height, as it is stored. */
export function readSetBytes(store: KeyValueReader, height: bigint): Uint8Array {
  const end = concatBytes(SET_PREFIX, be64(height + 1n))
  for (const [, value] of store.iterate(SET_PREFIX, end, true)) return value
  assert(false, `a validator set is stored for height ${height}`)
}

/** The set that signs the block of a height. */
export function readSet(store: KeyValueReader, height: bigint): ValidatorSet {
  return ValidatorSet.decode(readSetBytes(store, height))
}

/** Writes the set that signs from a height on, ordered by key. */
export function writeSet(store: KeyValueStore, height: bigint, set: ValidatorSet): void {
  const validators = [...set.validators].sort((a, b) => compareBytes(a.publicKey, b.publicKey))
  assert(validators.length > 0, 'a validator set has a member')
  store.set(concatBytes(SET_PREFIX, be64(height)), ValidatorSet.encode({ validators }).finish())
}

/** Heights from which stored sets hold, ascending. */
export function setHeights(store: KeyValueReader): bigint[] {
  return [...store.iterate(SET_PREFIX, prefixEnd(SET_PREFIX))].map(([key]) => fromBe64(key, 1))
}

/** The rules of bonding; absent on a chain whose genesis bonds nothing. */
export function findStakingParams(store: KeyValueReader): Params | undefined {
  const bytes = store.get(STAKING_PARAMS_KEY)
  return bytes === undefined ? undefined : Params.decode(bytes)
}

/** Writes the rules of bonding. */
export function writeStakingParams(store: KeyValueStore, params: Params): void {
  store.set(STAKING_PARAMS_KEY, Params.encode(params).finish())
}

/** How long the clients of listed lines trust a header, ascending by client id. */
export function* trusts(store: KeyValueReader): Iterable<{ clientId: string; seconds: bigint }> {
  for (const [key, value] of store.iterate(TRUST_PREFIX, prefixEnd(TRUST_PREFIX)))
    yield { clientId: fromUtf8(key.subarray(1)), seconds: fromBe64(value) }
}

/** Writes how long the client of a listed line trusts a header; nothing when it has no such line any more. */
export function writeTrust(store: KeyValueStore, clientId: string, seconds: bigint | undefined): void {
  const key = concatBytes(TRUST_PREFIX, utf8(clientId))
  if (seconds === undefined) store.delete(key)
  else store.set(key, be64(seconds))
}

/** Last height of the epoch. */
export function readEpochEnd(store: KeyValueReader): bigint {
  const bytes = store.get(EPOCH_END_KEY)
  assert(bytes !== undefined, 'the first epoch is written at genesis')
  return fromBe64(bytes)
}

/** Writes the last height of the epoch. */
export function writeEpochEnd(store: KeyValueStore, height: bigint): void {
  store.set(EPOCH_END_KEY, be64(height))
}

/** The validator of an operator, if there is one. */
export function findValidator(store: KeyValueReader, operator: Uint8Array): ValidatorRecord | undefined {
  const bytes = store.get(concatBytes(VALIDATOR_PREFIX, operator))
  return bytes === undefined ? undefined : validatorOf(bytes)
}

/** Writes a validator. */
export function writeValidator(store: KeyValueStore, record: ValidatorRecord): void {
  assert(record.operator.length === ADDRESS_BYTES, 'an address has 20 bytes')
  const bytes = BondedValidator.encode(storedValidator(record)).finish()
  store.set(concatBytes(VALIDATOR_PREFIX, record.operator), bytes)
}

/** Validators after an operator, ascending. */
export function* validators(
  store: KeyValueReader,
  after: Uint8Array = new Uint8Array(0),
): Iterable<ValidatorRecord> {
  const start = after.length === 0 ? VALIDATOR_PREFIX : concatBytes(VALIDATOR_PREFIX, after, Uint8Array.of(0))
  for (const [, value] of store.iterate(start, prefixEnd(VALIDATOR_PREFIX))) yield validatorOf(value)
}

/** A validator as it is stored and shown. */
export function storedValidator(record: ValidatorRecord): BondedValidator {
  return {
    ...record,
    tokens: record.tokens.toString(),
    shares: record.shares.toString(),
    rewardIndex: record.rewardIndex.toString(),
    commission: record.commission.toString(),
  }
}

/** Remembers for ever whose the keys of a validator are. */
export function writeKeys(
  store: KeyValueStore,
  { operator, consensusKey, blsKey }: Pick<BondedValidator, 'operator' | 'consensusKey' | 'blsKey'>,
): void {
  store.set(concatBytes(CONSENSUS_PREFIX, consensusAddress(consensusKey)), operator)
  store.set(concatBytes(BLS_PREFIX, sha256(blsKey)), operator)
}

/** The operator that a consensus address belongs to, or did. */
export function operatorOf(store: KeyValueReader, address: Uint8Array): Uint8Array | undefined {
  return store.get(concatBytes(CONSENSUS_PREFIX, address))
}

/** Whether a BLS key was ever registered. */
export function hasBlsKey(store: KeyValueReader, blsKey: Uint8Array): boolean {
  return store.has(concatBytes(BLS_PREFIX, sha256(blsKey)))
}

/** Spec: CometBFT `crypto/ed25519` address. */
export function consensusAddress(publicKey: Uint8Array): Uint8Array {
  return sha256(publicKey).slice(0, ADDRESS_BYTES)
}

/** What an account has bonded with a validator. */
export function findDelegation(
  store: KeyValueReader,
  delegator: Uint8Array,
  operator: Uint8Array,
): DelegationRecord | undefined {
  const bytes = store.get(concatBytes(DELEGATION_PREFIX, delegator, operator))
  return bytes === undefined ? undefined : delegationOf(bytes)
}

/** Writes what an account has bonded with a validator; without shares it goes. */
export function writeDelegation(
  store: KeyValueStore,
  delegator: Uint8Array,
  operator: Uint8Array,
  { shares, rewardIndex }: DelegationRecord,
): void {
  assert(delegator.length === ADDRESS_BYTES && operator.length === ADDRESS_BYTES, 'an address has 20 bytes')
  const key = concatBytes(DELEGATION_PREFIX, delegator, operator)
  if (shares === 0n) return store.delete(key)
  const texts = { shares: shares.toString(), rewardIndex: rewardIndex.toString() }
  store.set(key, Delegation.encode(texts).finish())
}

/** What accounts have bonded, or one account; ascending by delegator, operator. */
export function* delegations(
  store: KeyValueReader,
  delegator: Uint8Array = new Uint8Array(0),
): Iterable<DelegationRecord & { readonly delegator: Uint8Array; readonly operator: Uint8Array }> {
  const prefix = concatBytes(DELEGATION_PREFIX, delegator)
  for (const [key, value] of store.iterate(prefix, prefixEnd(prefix))) {
    const [delegatorEnd, operatorEnd] = [1 + ADDRESS_BYTES, 1 + 2 * ADDRESS_BYTES]
    const names = { delegator: key.slice(1, delegatorEnd), operator: key.slice(delegatorEnd, operatorEnd) }
    yield { ...names, ...delegationOf(value) }
  }
}

/** Notes that a validator has to leave the set at the end of this block. */
export function markLeaving(store: KeyValueStore, operator: Uint8Array): void {
  store.set(concatBytes(LEAVING_PREFIX, operator), PRESENT)
}

/** Who has to leave the set at the end of this block; forgets it. */
export function takeLeaving(store: KeyValueStore): Uint8Array[] {
  const keys = [...store.iterate(LEAVING_PREFIX, prefixEnd(LEAVING_PREFIX))].map(([key]) => key)
  for (const key of keys) store.delete(key)
  return keys.map((key) => key.slice(1))
}

/** Whether an address is among others. */
export function isAmong(address: Uint8Array, others: readonly Uint8Array[]): boolean {
  return others.some((other) => equalBytes(address, other))
}

function validatorOf(bytes: Uint8Array): ValidatorRecord {
  const stored = BondedValidator.decode(bytes)
  return {
    ...stored,
    tokens: BigInt(stored.tokens),
    shares: BigInt(stored.shares),
    rewardIndex: BigInt(stored.rewardIndex),
    commission: BigInt(stored.commission),
  }
}

function delegationOf(bytes: Uint8Array): DelegationRecord {
  const { shares, rewardIndex } = Delegation.decode(bytes)
  return { shares: BigInt(shares), rewardIndex: BigInt(rewardIndex) }
}
