import { LatticeSum, accountPreimage, readClock } from '@causeway/light-clients'
import type { AccountState, LatticeXof } from '@causeway/light-clients'
import { assert, fromBase58, isProtocolError } from '@causeway/primitives'

import { addressKey, keyAddress } from '../stream/record.ts'
import type { AccountRecord } from '../stream/record.ts'
import { StreamError } from '../stream-error.ts'
import type { ParentBank } from './bank.ts'

/** The bank that a stream begins at, with all its accounts. */
export interface FirstBank {
  readonly bank: ParentBank
  readonly accounts: Map<string, AccountState>
}

const CLOCK = addressKey(clockAddress())

/** Gathers the accounts that stand when a stream begins. */
export class Startup {
  readonly #newest = new Map<string, AccountRecord>()

  get isEmpty(): boolean {
    return this.#newest.size === 0
  }

  /** One account may come several times: what was written last counts. */
  add(record: AccountRecord): void {
    const known = this.#newest.get(record.key)
    const isOlder =
      known !== undefined &&
      (known.slot > record.slot || (known.slot === record.slot && known.writeVersion > record.writeVersion))
    if (!isOlder) this.#newest.set(record.key, record)
  }

  /** The bank that they make up; which slot it is the Clock says. Throws `StreamError`. */
  finish(xof: LatticeXof): FirstBank {
    const accounts = new Map<string, AccountState>()
    for (const [key, { state }] of this.#newest) if (state) accounts.set(key, state)
    this.#newest.clear()
    const clock = accounts.get(CLOCK)
    if (clock === undefined) throw new StreamError('the accounts at the start have no Clock')
    const bank = {
      slot: slotOf(clock),
      accountsLtHash: sumOf(accounts, xof),
      bankHash: undefined,
      opening: undefined,
    }
    return { bank, accounts }
  }
}

/** Sum of the vectors of all accounts. */
export function sumOf(accounts: ReadonlyMap<string, AccountState>, xof: LatticeXof): Uint8Array {
  const sum = new LatticeSum()
  for (const [key, state] of accounts) sum.add(xof(accountPreimage(keyAddress(key), state)))
  return sum.toBytes()
}

function slotOf(clock: AccountState): bigint {
  try {
    return readClock(clock).slot
  } catch (error) {
    if (isProtocolError(error)) throw new StreamError(error.message, undefined, error)
    throw error
  }
}

function clockAddress(): Uint8Array {
  const address = fromBase58('SysvarC1ock11111111111111111111111111111111')
  assert(address?.length === 32, 'the Clock has an address')
  return address
}
