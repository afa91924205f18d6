import {
  AddressLookupTableProgram,
  Connection,
  Keypair,
  PublicKey,
  SystemProgram,
  Transaction,
  TransactionMessage,
  VersionedTransaction,
  sendAndConfirmTransaction,
} from '@solana/web3.js'
import {
  createMint,
  getAccount,
  getOrCreateAssociatedTokenAccount,
  mintTo,
  transfer,
} from '@solana/spl-token'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VAULT_PORT, readTransactionEvents, rootsAddress } from '@causeway/contracts-solana'
import {
  CLIENT,
  LINE,
  OWNER,
  PROGRAMS,
  exampleDeposit,
  exampleKeypair,
  exampleOptions,
  setUpInstructions,
} from './programs.fixture.ts'
import { startSolanaCluster } from './start-solana-cluster.ts'
import type { RunningSolana } from './start-solana-cluster.ts'

const SLOT_MS = 50
let solana: RunningSolana
let connection: Connection

beforeAll(async () => {
  solana = await startSolanaCluster(exampleOptions({ slot: SLOT_MS }))
  connection = new Connection(solana.rpcUrl, 'confirmed')
})
afterAll(async () => {
  await solana.stop()
})

const confirm = async (instructions: Parameters<Transaction['add']>, signers: Keypair[] = []) =>
  sendAndConfirmTransaction(connection, new Transaction().add(...instructions), [OWNER, ...signers])

describe('web3.js', () => {
  it('asks for lamports and sees them', async () => {
    const { publicKey } = Keypair.generate()
    const [first, second] = await Promise.all(
      [1, 2].map(() => connection.requestAirdrop(publicKey, 1_500_000_000)),
    )
    const latest = await connection.getLatestBlockhash()
    for (const signature of [first!, second!]) {
      const { value } = await connection.confirmTransaction({ signature, ...latest }, 'finalized')
      expect(value.err).toBeNull()
    }
    expect(await connection.getBalance(publicKey, 'finalized')).toBe(3_000_000_000)
  })

  it('sends, confirms and reads a transaction', async () => {
    const to = Keypair.generate().publicKey
    const transferred = SystemProgram.transfer({
      fromPubkey: OWNER.publicKey,
      toPubkey: to,
      lamports: 5_000_000,
    })
    const signature = await confirm([transferred])
    const found = await connection.getTransaction(signature, { commitment: 'confirmed' })
    expect(found?.meta).toMatchObject({ err: null, fee: 5_000, computeUnitsConsumed: 150 })
    expect(found?.meta?.logMessages?.at(-1)).toBe('Program 11111111111111111111111111111111 success')
    expect(found!.meta!.postBalances[1]! - found!.meta!.preBalances[1]!).toBe(5_000_000)
    const parsed = await connection.getParsedTransaction(signature, 'confirmed')
    expect(parsed?.transaction.message.accountKeys[1]?.pubkey.toBase58()).toBe(to.toBase58())
    const [status] = (await connection.getSignatureStatuses([signature])).value
    expect(status).toMatchObject({ slot: found!.slot, err: null })
    const [listed] = await connection.getSignaturesForAddress(to, {}, 'confirmed')
    expect(listed).toMatchObject({ signature, slot: found!.slot })
    const block = await connection.getBlock(found!.slot, {
      maxSupportedTransactionVersion: 0,
      commitment: 'confirmed',
    })
    expect(block?.transactions.map(({ transaction }) => transaction.signatures[0])).toContain(signature)
    expect(await connection.getBlockTime(found!.slot)).toBe(found!.blockTime)
  })

  it('is told in preflight what would fail, and pays for it without', async () => {
    const failing = SystemProgram.transfer({
      fromPubkey: OWNER.publicKey,
      toPubkey: OWNER.publicKey,
      lamports: 10n ** 15n,
    })
    await expect(confirm([failing])).rejects.toThrow('custom program error: 0x1')
    const signature = await connection.sendTransaction(new Transaction().add(failing), [OWNER], {
      skipPreflight: true,
    })
    const latest = await connection.getLatestBlockhash()
    // web3.js gives it where the notice comes first, and throws it where the status is there already.
    const confirming = connection.confirmTransaction({ signature, ...latest })
    const failure: unknown = await confirming.then(
      ({ value }) => value.err,
      (error: unknown) => error,
    )
    const err = { InstructionError: [0, { Custom: 1 }] }
    expect(failure).toMatchObject(err)
    // Thrown before it is confirmed.
    const found = async () => (await connection.getTransaction(signature, { commitment: 'confirmed' }))?.meta
    await expect.poll(found, { timeout: 30_000 }).toMatchObject({ err, fee: 5_000 })
  })

  it('knows fees, blockhashes, epochs and voters', async () => {
    const { blockhash, lastValidBlockHeight } = await connection.getLatestBlockhash()
    expect(lastValidBlockHeight - (await connection.getBlockHeight())).toBeGreaterThan(100)
    expect((await connection.isBlockhashValid(blockhash)).value).toBe(true)
    const unknown = await connection.isBlockhashValid(PublicKey.default.toBase58())
    expect(unknown.value).toBe(false)
    const transaction = new Transaction({ feePayer: OWNER.publicKey, recentBlockhash: blockhash })
    const message = transaction.add(exampleDeposit(1n, 1n)).compileMessage()
    expect((await connection.getFeeForMessage(message)).value).toBe(5_000)
    expect(await connection.getGenesisHash()).toBe(solana.genesisHash)
    const { epoch, slotsInEpoch, absoluteSlot } = await connection.getEpochInfo()
    expect([epoch, slotsInEpoch]).toEqual([Math.floor(absoluteSlot / 32), 32])
    expect((await connection.getEpochSchedule()).getEpoch(64)).toBe(2)
    const { current } = await connection.getVoteAccounts()
    expect(current.map(({ activatedStake }) => activatedStake / 1e12)).toEqual([100, 107, 114, 121])
    expect(await connection.getMinimumBalanceForRentExemption(0)).toBeGreaterThan(0)
    expect((await connection.getVersion())['solana-core']).toBe('4.2.2')
    expect((await connection.getRecentPrioritizationFees()).length).toBeGreaterThan(0)
  })

  it('uses an address table', async () => {
    const to = Keypair.generate().publicKey
    const [create, address] = AddressLookupTableProgram.createLookupTable({
      authority: OWNER.publicKey,
      payer: OWNER.publicKey,
      recentSlot: (await connection.getSlot()) - 1,
    })
    const extend = AddressLookupTableProgram.extendLookupTable({
      payer: OWNER.publicKey,
      authority: OWNER.publicKey,
      lookupTable: address,
      addresses: [to],
    })
    await confirm([create, extend])
    const { value: table } = await connection.getAddressLookupTable(address)
    const { blockhash, lastValidBlockHeight } = await connection.getLatestBlockhash()
    const pay = SystemProgram.transfer({ fromPubkey: OWNER.publicKey, toPubkey: to, lamports: 7_000_000 })
    const message = new TransactionMessage({
      payerKey: OWNER.publicKey,
      recentBlockhash: blockhash,
      instructions: [pay],
    }).compileToV0Message([table!])
    const transaction = new VersionedTransaction(message)
    transaction.sign([OWNER])
    const simulated = await connection.simulateTransaction(transaction, { replaceRecentBlockhash: true })
    expect(simulated.value).toMatchObject({ err: null, unitsConsumed: 150 })
    const signature = await connection.sendTransaction(transaction)
    await connection.confirmTransaction({ signature, blockhash, lastValidBlockHeight })
    expect(await connection.getBalance(to)).toBe(7_000_000)
    const found = await connection.getTransaction(signature, {
      commitment: 'confirmed',
      maxSupportedTransactionVersion: 0,
    })
    expect(found?.meta?.loadedAddresses?.writable.map(String)).toEqual([to.toBase58()])
    await expect(connection.getTransaction(signature, { commitment: 'confirmed' })).rejects.toThrow('version')
  })

  it('is told of accounts, logs, slots and roots', async () => {
    const to = Keypair.generate().publicKey
    const heard = new Map<string, unknown>()
    const all = new Promise<void>((resolve) => {
      const hear = (name: string) => (value: unknown) => {
        heard.set(name, value)
        if (heard.size === 4) resolve()
      }
      connection.onAccountChange(to, hear('account'))
      connection.onLogs(to, hear('logs'))
      connection.onSlotChange(hear('slot'))
      connection.onRootChange(hear('root'))
    })
    // Listening begins some time after it was asked for.
    let lamports = 1_000_000
    while (!heard.has('account') || !heard.has('logs'))
      await confirm([
        SystemProgram.transfer({ fromPubkey: OWNER.publicKey, toPubkey: to, lamports: lamports++ }),
      ])
    await all
    expect(heard.get('logs')).toMatchObject({ err: null })
    expect(heard.get('slot')).toMatchObject({ slot: expect.any(Number), root: expect.any(Number) })
  })
})

describe('spl-token', () => {
  it('makes a mint, mints and transfers', async () => {
    const mint = await createMint(connection, OWNER, OWNER.publicKey, null, 6)
    const receiver = Keypair.generate().publicKey
    const [from, to] = [
      await getOrCreateAssociatedTokenAccount(connection, OWNER, mint, OWNER.publicKey),
      await getOrCreateAssociatedTokenAccount(connection, OWNER, mint, receiver),
    ]
    await mintTo(connection, OWNER, mint, from.address, OWNER, 5_000_000n)
    const signature = await transfer(connection, OWNER, from.address, to.address, OWNER, 1_250_000n)
    expect((await getAccount(connection, to.address)).amount).toBe(1_250_000n)
    const { value } = await connection.getTokenAccountBalance(to.address)
    expect(value).toMatchObject({ amount: '1250000', uiAmountString: '1.25' })
    const { value: held } = await connection.getTokenAccountsByOwner(receiver, { mint })
    expect(held.map(({ pubkey }) => pubkey.toBase58())).toEqual([to.address.toBase58()])
    const found = await connection.getTransaction(signature, { commitment: 'confirmed' })
    const amounts = found?.meta?.postTokenBalances?.map(({ uiTokenAmount }) => uiTokenAmount.amount)
    expect(amounts?.toSorted()).toEqual(['1250000', '3750000'])
  })

  it("deposits by the bridge's programs", async () => {
    for (const { instructions, signers } of setUpInstructions()) await confirm(instructions, signers)
    const signature = await confirm([exampleDeposit(2_000_000n, 1n)])
    const options = { commitment: 'confirmed', maxSupportedTransactionVersion: 0 } as const
    const found = await connection.getTransaction(signature, options)
    const [event] = readTransactionEvents(found!, PROGRAMS.core.toBase58())
    expect(event).toMatchObject({ kind: 'send_packet' })
    expect(event?.packet.payloads[0]?.sourcePort).toBe(VAULT_PORT)
    const roots = await connection.getAccountInfo(rootsAddress(PROGRAMS.core, CLIENT))
    expect(roots?.owner.toBase58()).toBe(PROGRAMS.core.toBase58())
    const accounts = await connection.getProgramAccounts(PROGRAMS.core, {
      dataSlice: { offset: 0, length: 8 },
      filters: [{ dataSize: 80 }, { memcmp: { offset: 48, bytes: OWNER.publicKey.toBase58() } }],
    })
    expect(accounts.map(({ account }) => account.data.toString())).toEqual(['cwypackt'])
    const supply = await connection.getTokenSupply(LINE.mint)
    expect(supply.value.uiAmountString).toBe('1000000')
    expect(exampleKeypair('example owner').publicKey.equals(OWNER.publicKey)).toBe(true)
  })
})
