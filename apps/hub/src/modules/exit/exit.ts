// Exit claims: what an owner could take out of a vault whose client of this chain has died, as this chain
// says it. `exit/<owner>/<full path of the line>` in store `ibc` → abi.encode(bytes32 recipient, uint256
// amount); `exit/total/<full path of the line>` → abi.encode(uint256), the sum of all claims on the line in
// the same state, absent when it is zero: by it a vault that holds less pays everybody the same part.
//
// A path may hold others: `transfer/<anybody's client>/transfer/<an honest one>/<mint>` ends as a line of the
// honest client does. No claim is refused for that, as tokens that a vault itself got from beyond are called
// so. Whoever proves a key writes all of it, the owner (43 characters) too, and takes none of it from others.
//
// Claims never exceed what their owner holds in the same state and the fees that it has paid since they were
// written: whatever else leaves an account lowers its claims in the same transaction, which pays for that. A
// fee lowers them with the next such change or after the epoch's end; until then it lies with the fee
// collector, who claims nothing. What comes in raises claims when they are published anew, or after the
// epoch's end.
import { vaultPeer, word } from '@causeway/messaging'
import { assert, concatBytes, equalBytes, mulDivFloor, utf8 } from '@causeway/primitives'
import type { MsgPublishExitClaim } from '@causeway/protocol/causeway/exit/v1/tx'
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import type { ExitLine, ExitPorts } from './ports.ts'
import {
  EXIT_STORE,
  deleteHolding,
  deleteRegistration,
  hasRegistration,
  readCursor,
  readHolding,
  registrationsFrom,
  registrationsOf,
  writeCursor,
  writeHolding,
  writeRegistration,
} from './state.ts'
import type { Registration } from './state.ts'

/** What other parts of the chain do with exit claims. */
export interface Exit {
  /** Publishes or takes back a claim; gives its amount. Throws `exit/…`, `ledger/21`. */
  publish(context: Context, message: MsgPublishExitClaim): bigint
  /** A balance has changed. */
  balanceChanged(context: Context, holder: Holder, asset: bigint, delta: bigint): void
  /** A balance has changed by a fee, for whose consequences no gas is counted. */
  feePaid(context: Context, holder: Holder, asset: bigint, delta: bigint): void
  /** An account has begun to owe something, or owes nothing any more: its claims end, or stand again. */
  owingChanged(context: Context, account: Uint8Array): void
  /** Brings claims up to date after an epoch's end, some a block. */
  refresh(context: Context): void
}

const WORD = 32
/** Claims of one account over the lines of one asset. */
const REGISTRATIONS_MAX = 16
/**
 * About as many claims are brought up to date in one block; each reads the lines of its asset, at most 256.
 */
const REFRESHED_MAX = 32

/** Makes exit claims over their ports. */
export function createExit(ports: ExitPorts): Exit {
  return {
    publish: (context, message) => publish(context, ports, message),
    balanceChanged(context, { account }, asset, delta) {
      const store = context.store(EXIT_STORE)
      const before = readHolding(store, account, asset)
      if (before === undefined) return
      writeHolding(store, account, asset, { ...before, held: before.held + delta })
      if (delta < 0n) writeClaims(context, ports, { account, asset })
    },
    feePaid(context, { account }, asset, delta) {
      const store = context.store(EXIT_STORE)
      const before = readHolding(store, account, asset)
      if (before === undefined) return
      const fee = delta < 0n ? -delta : 0n
      const { held, feesSince } = before
      writeHolding(store, account, asset, { held: held + delta, feesSince: feesSince + fee })
    },
    owingChanged(context, account) {
      const assets = registrationsOf(context.store(EXIT_STORE), account).map(({ asset }) => asset)
      for (const asset of new Set(assets)) writeClaims(context, ports, { account, asset })
    },
    refresh: (context) => refresh(context, ports),
  }
}

/** The key of a claim in store `ibc`. */
export function exitClaimKey(owner: string, path: string): Uint8Array {
  return utf8(`exit/${owner}/${path}`)
}

/** The key of the sum of all claims on a line in store `ibc`: no owner is called so. */
export function exitTotalKey(path: string): Uint8Array {
  return utf8(`exit/total/${path}`)
}

/** Reads a claim's value. */
export function readExitClaim(value: Uint8Array): { recipient: Uint8Array; amount: bigint } {
  assert(value.length === 2 * WORD, 'a claim is two words')
  return { recipient: value.slice(0, WORD), amount: readExitTotal(value.subarray(WORD)) }
}

/** Reads the sum of a line's claims. */
export function readExitTotal(value: Uint8Array): bigint {
  assert(value.length === WORD, 'a sum is one word')
  return value.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}

function publish(
  context: Context,
  ports: ExitPorts,
  { sender, denom, recipient }: MsgPublishExitClaim,
): bigint {
  const account = ports.addresses.decode(sender)
  const line = ports.line(context, denom)
  const { client, asset } = line
  const vault = vaultPeer(client)
  if (vault === undefined) throw errors.noVault({ client })
  if (recipient === '') {
    takeBack(context, ports, account, line)
    return 0n
  }
  const wallet = vault.walletWord(recipient)
  if (wallet === undefined) throw errors.badRecipient()
  const store = context.store(EXIT_STORE)
  const registration = { account, asset, line: line.id, recipient: wallet }
  const isNew = !hasRegistration(store, registration)
  if (isNew && registrationsOf(store, account, asset).length === REGISTRATIONS_MAX)
    throw errors.tooMany({ max: REGISTRATIONS_MAX })
  if (readHolding(store, account, asset) === undefined)
    writeHolding(store, account, asset, { held: ports.held(context, account, asset), feesSince: 0n })
  writeRegistration(store, registration)
  return writeClaims(context, ports, registration).get(line.id)!
}

function takeBack(context: Context, ports: ExitPorts, account: Uint8Array, line: ExitLine): void {
  const store = context.store(EXIT_STORE)
  const name = { account, asset: line.asset, line: line.id }
  if (!hasRegistration(store, name)) throw errors.notRegistered({ denom: line.denom.slice(0, 128) })
  deleteRegistration(store, name)
  if (registrationsOf(store, account, line.asset).length === 0) deleteHolding(store, account, line.asset)
  setClaim(context, ports, { owner: ports.addresses.encode(account), path: line.denom }, undefined)
}

function refresh(context: Context, ports: ExitPorts): void {
  const store = context.store(EXIT_STORE)
  const isEnd = ports.isEpochEnd(context)
  const cursor = isEnd ? undefined : readCursor(store)
  if (cursor === undefined && !isEnd) return
  const groups: Registration[] = []
  let next: Registration | undefined
  let count = 0
  for (const registration of registrationsFrom(store, cursor)) {
    const last = groups.at(-1)
    const isSame = last?.asset === registration.asset && equalBytes(last.account, registration.account)
    if (!isSame && count >= REFRESHED_MAX) {
      next = registration
      break
    }
    count++
    if (!isSame) groups.push(registration)
  }
  const lines = new Map<bigint, readonly ExitLine[]>()
  for (const group of groups) {
    const known = lines.get(group.asset) ?? [...ports.linesOf(context, group.asset)]
    lines.set(group.asset, known)
    writeClaims(context, ports, group, known)
  }
  writeCursor(store, next)
}

/**
 * Writes all claims of an account over the lines of an asset, by one state: together they never exceed what
 * it holds. An owner's part of a line is what it holds of the asset, by what the line holds of the pool;
 * who has to keep something covered claims nothing. Amounts by line; a claim of nothing is absent.
 */
function writeClaims(
  context: Context,
  ports: ExitPorts,
  { account, asset }: Pick<Registration, 'account' | 'asset'>,
  lines: readonly ExitLine[] = [...ports.linesOf(context, asset)],
): ReadonlyMap<bigint, bigint> {
  const store = context.store(EXIT_STORE)
  const holding = readHolding(store, account, asset)
  assert(holding !== undefined, 'an account with a claim is counted')
  const { held } = holding
  const pool = lines.reduce((sum, line) => sum + free(line), 0n)
  const hasClaims = held > 0n && pool > 0n && ports.owesNothing(context, account)
  const owner = ports.addresses.encode(account)
  const amounts = new Map<bigint, bigint>()
  for (const registration of registrationsOf(store, account, asset)) {
    const line = lines.find(({ id }) => id === registration.line)
    assert(line !== undefined, 'a claim is over a line that exists')
    const amount = hasClaims ? mulDivFloor(held, free(line), pool) : 0n
    const claim = amount === 0n ? undefined : { recipient: registration.recipient, amount }
    setClaim(context, ports, { owner, path: line.denom }, claim)
    amounts.set(line.id, amount)
  }
  if (holding.feesSince > 0n) writeHolding(store, account, asset, { held, feesSince: 0n })
  return amounts
}

/** Writes a claim and the sum of its line's; one of nothing is absent. */
function setClaim(
  context: Context,
  ports: ExitPorts,
  { owner, path }: { readonly owner: string; readonly path: string },
  claim: { readonly recipient: Uint8Array; readonly amount: bigint } | undefined,
): void {
  const key = exitClaimKey(owner, path)
  const before = ports.readClaim(context, key)
  const value = claim && concatBytes(claim.recipient, word(claim.amount))
  if (before === undefined ? value === undefined : value !== undefined && equalBytes(before, value)) return
  ports.writeClaim(context, key, value)
  const delta = (claim?.amount ?? 0n) - (before === undefined ? 0n : readExitClaim(before).amount)
  if (delta === 0n) return
  const totalKey = exitTotalKey(path)
  const known = ports.readClaim(context, totalKey)
  const total = (known === undefined ? 0n : readExitTotal(known)) + delta
  assert(total >= 0n, 'a sum holds each of its claims')
  ports.writeClaim(context, totalKey, total === 0n ? undefined : word(total))
}

function free({ escrowed, inFlight }: ExitLine): bigint {
  return BigInt(escrowed) - BigInt(inFlight)
}
