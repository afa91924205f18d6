// Exit claims: what an owner could take out of a vault whose client of this chain has died, as this chain
// says it. `exit/<owner>/<full path of the line>` in store `ibc` → abi.encode(bytes32 recipient, uint256
// amount).
//
// A claim never exceeds what its owner holds in the same state: whatever leaves an account lowers its
// claims in the same transaction. What comes in raises them when they are published anew, or after the
// epoch's end.
import { clientTypeOf, word } from '@causeway/messaging'
import { assert, concatBytes, equalBytes, fromHex, mulDivFloor, utf8 } from '@causeway/primitives'
import type { MsgPublishExitClaim } from '@causeway/protocol/causeway/exit/v1/tx'
import type { Context } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { errors } from './errors.ts'
import type { ExitLine, ExitPorts } from './ports.ts'
import {
  EXIT_STORE,
  deleteHeld,
  deleteRegistration,
  hasRegistration,
  readCursor,
  readHeld,
  registrationsFrom,
  registrationsOf,
  writeCursor,
  writeHeld,
  writeRegistration,
} from './state.ts'
import type { Registration } from './state.ts'

/** What other parts of the chain do with exit claims. */
export interface Exit {
  /** Publishes or takes back a claim; gives its amount. Throws `exit/…`, `ledger/21`. */
  publish(context: Context, message: MsgPublishExitClaim): bigint
  /** A balance has changed. */
  balanceChanged(context: Context, holder: Holder, asset: bigint, delta: bigint): void
  /** Brings claims up to date after an epoch's end, some a block. */
  refresh(context: Context): void
}

const EVM_ADDRESS = /^0x[0-9a-f]{40}$/
const ZERO_ADDRESS = `0x${'0'.repeat(40)}`
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
      const before = readHeld(store, account, asset)
      if (before === undefined) return
      writeHeld(store, account, asset, before + delta)
      if (delta > 0n) return
      writeClaims(context, ports, { account, asset })
    },
    refresh: (context) => refresh(context, ports),
  }
}

/** The key of a claim in store `ibc`. */
export function exitClaimKey(owner: string, path: string): Uint8Array {
  return utf8(`exit/${owner}/${path}`)
}

/** Reads a claim's value. */
export function readExitClaim(value: Uint8Array): { recipient: Uint8Array; amount: bigint } {
  assert(value.length === 2 * WORD, 'a claim is two words')
  return {
    recipient: value.slice(0, WORD),
    amount: value.subarray(WORD).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n),
  }
}

function publish(
  context: Context,
  ports: ExitPorts,
  { sender, denom, recipient }: MsgPublishExitClaim,
): bigint {
  const account = ports.addresses.decode(sender)
  const line = ports.line(context, denom)
  const { client, asset } = line
  if (clientTypeOf(client) !== 'ethereum') throw errors.noVault({ client })
  if (recipient === '') {
    takeBack(context, ports, account, line)
    return 0n
  }
  if (!EVM_ADDRESS.test(recipient) || recipient === ZERO_ADDRESS) throw errors.badRecipient()
  const store = context.store(EXIT_STORE)
  const registration = { account, asset, line: line.id, recipient: leftPadded(fromHex(recipient.slice(2))) }
  const isNew = !hasRegistration(store, registration)
  if (isNew && registrationsOf(store, account, asset).length === REGISTRATIONS_MAX)
    throw errors.tooMany({ max: REGISTRATIONS_MAX })
  if (readHeld(store, account, asset) === undefined)
    writeHeld(store, account, asset, ports.held(context, account, asset))
  writeRegistration(store, registration)
  return writeClaims(context, ports, registration).get(line.id)!
}

function takeBack(context: Context, ports: ExitPorts, account: Uint8Array, line: ExitLine): void {
  const store = context.store(EXIT_STORE)
  const name = { account, asset: line.asset, line: line.id }
  if (!hasRegistration(store, name)) throw errors.notRegistered({ denom: line.denom.slice(0, 128) })
  deleteRegistration(store, name)
  if (registrationsOf(store, account, line.asset).length === 0) deleteHeld(store, account, line.asset)
  ports.writeClaim(context, exitClaimKey(ports.addresses.encode(account), line.denom), undefined)
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
  for (const group of groups) writeClaims(context, ports, group)
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
): ReadonlyMap<bigint, bigint> {
  const store = context.store(EXIT_STORE)
  const held = readHeld(store, account, asset)
  assert(held !== undefined, 'an account with a claim is counted')
  const lines = [...ports.linesOf(context, asset)]
  const pool = lines.reduce((sum, line) => sum + free(line), 0n)
  const hasClaims = held > 0n && pool > 0n && ports.owesNothing(context, account)
  const owner = ports.addresses.encode(account)
  const amounts = new Map<bigint, bigint>()
  for (const registration of registrationsOf(store, account, asset)) {
    const line = lines.find(({ id }) => id === registration.line)
    assert(line !== undefined, 'a claim is over a line that exists')
    const amount = hasClaims ? mulDivFloor(held, free(line), pool) : 0n
    const value = amount === 0n ? undefined : concatBytes(registration.recipient, word(amount))
    ports.writeClaim(context, exitClaimKey(owner, line.denom), value)
    amounts.set(line.id, amount)
  }
  return amounts
}

function free({ escrowed, inFlight }: ExitLine): bigint {
  return BigInt(escrowed) - BigInt(inFlight)
}

function leftPadded(address: Uint8Array): Uint8Array {
  const padded = new Uint8Array(WORD)
  padded.set(address, WORD - address.length)
  return padded
}
