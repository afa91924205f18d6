import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

import { fileFault } from '@causeway/primitives'
import { AddressLookupTableAccount, AddressLookupTableProgram, PublicKey } from '@solana/web3.js'
import type { TransactionInstruction } from '@solana/web3.js'
import type { Logger } from 'pino'

import type { EndpointPool } from '../endpoints/endpoint-pool.ts'
import type { SolanaApi } from './solana-api.ts'
import type { SolanaSubmitter } from './submitter.ts'

/** What a table needs of the chain. */
export interface LookupTableOptions {
  readonly pool: EndpointPool<SolanaApi>
  readonly submitter: SolanaSubmitter
  /** Where its address is kept from one start to the next; none: there is no table. */
  readonly file: string | undefined
  readonly log?: Logger | undefined
}

/** Of one table: an index into it is a byte. */
const ADDRESSES_MAX = 256
/** What one transaction adds beside making the table. */
const ADDED_AT_ONCE = 24
/** Addresses of which it is counted how often they were named: those named lately. */
const NAMED_MAX = 4_096
/** A table that nobody has begun to close. */
const ACTIVE = 2n ** 64n - 1n

/**
 * A lookup table of the wallet's own with the addresses that its messages name again and again: 1 byte in a
 * transaction in place of 32, so it has room for more of them. It grows behind flights, one extension at a
 * time, and is used with what is final of it. Whatever is wrong with it, transactions do without.
 */
export class LookupTable {
  readonly #options: LookupTableOptions
  #table: AddressLookupTableAccount | undefined
  #isLoaded = false
  #isGrowing = false
  #isBlamed = false
  /** How many messages named an address, until the table takes it in; the one named last stands last. */
  readonly #named = new Map<string, number>()

  constructor(options: LookupTableOptions) {
    this.#options = options
  }

  /** What transactions may name addresses by; empty where there is none. */
  async usable(): Promise<readonly AddressLookupTableAccount[]> {
    if (!this.#isLoaded) await this.#load()
    return this.#table === undefined || this.#isBlamed ? [] : [this.#table]
  }

  /** Takes in what a message names. Programs that it calls, and signers, have to stand in the transaction. */
  note(instructions: readonly TransactionInstruction[]): void {
    const called = new Set(instructions.map(({ programId }) => programId.toBase58()))
    const keys = instructions.flatMap(({ keys: own }) => own.filter(({ isSigner }) => !isSigner))
    for (const address of new Set(keys.map(({ pubkey }) => pubkey.toBase58())))
      if (!called.has(address)) this.#count(address)
  }

  #count(address: string): void {
    const times = (this.#named.get(address) ?? 0) + 1
    this.#named.delete(address)
    this.#named.set(address, times)
    const [oldest] = this.#named.keys()
    if (this.#named.size > NAMED_MAX && oldest !== undefined) this.#named.delete(oldest)
  }

  /**
   * Puts in what two messages have named; nothing while it is growing already: flights land more often than
   * slots become final. What fails is tried again behind the next flight.
   */
  async grow(): Promise<void> {
    if (this.#options.file === undefined || this.#isGrowing) return
    this.#isGrowing = true
    await this.#grow().finally(() => (this.#isGrowing = false))
  }

  async #grow(): Promise<void> {
    const { submitter, log } = this.#options
    const [known] = await this.usable()
    if (this.#isBlamed) return
    const inside = new Set(known?.state.addresses.map((one) => one.toBase58()))
    const wanted = [...this.#named].flatMap(([text, times]) => (times > 1 && !inside.has(text) ? [text] : []))
    const room = Math.min(ADDED_AT_ONCE, ADDRESSES_MAX - inside.size)
    const addresses = wanted.slice(0, room).map((text) => new PublicKey(text))
    if (addresses.length === 0) return
    const authority = submitter.payer
    const { key, made } = known === undefined ? await this.#make() : { key: known.key, made: [] }
    const extend = AddressLookupTableProgram.extendLookupTable({
      ...{ lookupTable: key, authority, payer: authority, addresses },
    })
    const purpose = `${addresses.length} addresses of the lookup table`
    await submitter.finalise(await submitter.send({ instructions: [...made, extend], purpose }))
    this.#keep(key)
    await this.#read(key)
    for (const text of wanted.slice(0, room)) this.#named.delete(text)
    log?.info({ table: key.toBase58(), addresses: inside.size + addresses.length }, 'lookup table grew')
  }

  /** Whether a failure is one of the table: then transactions do without until the next start. */
  isToBlame(error: unknown): boolean {
    const text = error instanceof Error ? error.message : JSON.stringify(error ?? '')
    if (this.#table === undefined || this.#isBlamed || !/address ?(lookup)? ?table/i.test(text)) return false
    this.#options.log?.warn({ table: this.#table.key.toBase58(), error: text }, 'lookup table not used')
    this.#isBlamed = true
    return true
  }

  async #make(): Promise<{ key: PublicKey; made: TransactionInstruction[] }> {
    const { pool, submitter } = this.#options
    const recentSlot = await pool.call((api) => api.slot('finalized'))
    const authority = submitter.payer
    const [create, key] = AddressLookupTableProgram.createLookupTable({
      ...{ authority, payer: authority, recentSlot },
    })
    return { key, made: [create] }
  }

  async #load(): Promise<void> {
    const key = this.#kept()
    if (key !== undefined) await this.#read(key)
    this.#isLoaded = true
  }

  /** What is final of it; it is forgotten where it is not ours, or being closed. */
  async #read(key: PublicKey): Promise<void> {
    const { pool, submitter } = this.#options
    const [account] = await pool.call((api) => api.accounts([key], 'finalized'))
    const isTable = account?.owner.equals(AddressLookupTableProgram.programId) === true
    const state = isTable ? AddressLookupTableAccount.deserialize(account.data) : undefined
    const isOurs = state?.authority?.equals(submitter.payer) === true && state.deactivationSlot === ACTIVE
    this.#table = state !== undefined && isOurs ? new AddressLookupTableAccount({ key, state }) : undefined
    if (this.#table === undefined) this.#forget()
  }

  #kept(): PublicKey | undefined {
    const { file } = this.#options
    if (file === undefined) return undefined
    try {
      return new PublicKey(readFileSync(file, 'utf8').trim())
    } catch {
      return undefined
    }
  }

  #keep(key: PublicKey): void {
    this.#written((file) => {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, `${key.toBase58()}\n`)
    })
  }

  #forget(): void {
    this.#written((file) => rmSync(file, { force: true }))
  }

  #written(write: (file: string) => void): void {
    const { file, log } = this.#options
    try {
      if (file !== undefined) write(file)
    } catch (error) {
      log?.warn({ file, error: fileFault(error) }, 'address of the lookup table not kept')
    }
  }
}
