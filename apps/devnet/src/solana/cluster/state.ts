import { compareBytes } from '@causeway/primitives'
import type { AccountState, AccountWrite } from '@causeway/light-clients'
import { bytesOf, isSameAccount, keyOf } from '../execution/accounts.ts'
import type { VirtualMachine } from '../execution/virtual-machine.ts'
import type { Accounts } from './genesis.ts'

/** All accounts as they are now, and what the open bank has changed of them. */
export class State {
  readonly machine: VirtualMachine
  readonly #accounts: Accounts
  /** States before the open bank, of what it wrote. */
  #before = new Map<string, AccountState | undefined>()

  constructor(machine: VirtualMachine, accounts: Accounts) {
    this.machine = machine
    this.#accounts = accounts
  }

  account(address: Uint8Array): AccountState | undefined {
    return this.#accounts.get(keyOf(address))
  }

  /** Every account, by address in hex. */
  get accounts(): ReadonlyMap<string, AccountState> {
    return this.#accounts
  }

  /** States before the open bank, of what it wrote. */
  get before(): ReadonlyMap<string, AccountState | undefined> {
    return this.#before
  }

  /** Writes an account as the bank itself does, without a transaction. */
  write(address: Uint8Array, account: AccountState | undefined): void {
    this.machine.setAccount(address, account)
    this.#record(address, account)
  }

  /** Changes data of an account that the bank owns. */
  writeData(address: Uint8Array, data: Uint8Array): void {
    const account = this.account(address)
    if (!account) throw new Error(`there is no account ${keyOf(address)}`)
    this.write(address, { ...account, data })
  }

  /** Takes over what a transaction did to an account in the machine. */
  takeOver(address: Uint8Array): void {
    this.#record(address, this.machine.account(address))
  }

  /** What the bank changed, ascending by address; the next bank begins. */
  close(): AccountWrite[] {
    const writes: AccountWrite[] = []
    for (const [key, before] of this.#before) {
      const after = this.#accounts.get(key)
      if (!isSameAccount(before, after)) writes.push({ pubkey: bytesOf(key), before, after })
    }
    this.#before = new Map()
    return writes.sort((a, b) => compareBytes(a.pubkey, b.pubkey))
  }

  #record(address: Uint8Array, account: AccountState | undefined): void {
    const key = keyOf(address)
    const known = this.#accounts.get(key)
    if (isSameAccount(known, account)) return
    if (!this.#before.has(key)) this.#before.set(key, known)
    if (account) this.#accounts.set(key, account)
    else this.#accounts.delete(key)
  }
}
