import { Connection, SystemProgram } from '@solana/web3.js'
import { afterEach, describe, expect, it } from 'vitest'
import {
  applyWrites,
  bankHash,
  createWasmLatticeXof,
  decodeTransaction,
  decodeVoteTransaction,
  fromBase58,
} from '@causeway/light-clients'
import type { AccountState } from '@causeway/light-clients'
import { compareBytes, fromHex, toHex } from '@causeway/primitives'
import { SLOT_HASHES } from '../execution/well-known.ts'
import { OWNER, exampleOptions, ownersTransaction } from '../programs.fixture.ts'
import { startSolanaCluster } from '../start-solana-cluster.ts'
import type { RunningSolana } from '../start-solana-cluster.ts'
import { readAccountRecord, readStatusRecord, readStream, readTransactionRecord } from './reader.fixture.ts'
import type { StreamReader, StreamRecord } from './reader.fixture.ts'

const running: { solana: RunningSolana; readers: StreamReader[] }[] = []
afterEach(async () => {
  for (const { solana, readers } of running.splice(0)) {
    for (const reader of readers) reader.close()
    await solana.stop()
  }
})

async function start() {
  const solana = await startSolanaCluster(exampleOptions({ programs: [] }))
  const readers: StreamReader[] = []
  running.push({ solana, readers })
  const connect = async () => {
    const reader = readStream(solana.streamUrl)
    readers.push(reader)
    await reader.until((records) => records.some(({ tag }) => tag === 3))
    return reader
  }
  return { solana, connect }
}

/** Pays somebody; the transaction stands in the next slot that is made. */
async function pay(solana: RunningSolana, lamports: number): Promise<void> {
  const connection = new Connection(solana.rpcUrl, 'processed')
  const { blockhash } = await connection.getLatestBlockhash()
  const transfer = { fromPubkey: OWNER.publicKey, toPubkey: solana.faucet.publicKey, lamports }
  await connection.sendRawTransaction(ownersTransaction([SystemProgram.transfer(transfer)], blockhash))
}

const processed = (slot: bigint) => (records: readonly StreamRecord[]) =>
  records.some((record) => {
    if (record.tag !== 2) return false
    const told = readStatusRecord(record)
    return told.slot === slot && told.status === 'processed'
  })

describe('the record stream', () => {
  it('has what it takes to compute each bank hash that the next slot names', async () => {
    const { solana, connect } = await start()
    const reader = await connect()
    expect(reader.records[0]).toMatchObject({ tag: 0, payload: Buffer.from('causeway-records/1') })
    const xof = await createWasmLatticeXof()
    const accounts = new Map<string, AccountState>()
    const startup = reader.records.filter(({ tag }) => tag === 1).map(readAccountRecord)
    for (const { pubkey, account, isStartup } of startup) {
      expect(isStartup).toBe(true)
      accounts.set(toHex(pubkey), account!)
    }
    const all = [...accounts].map(([key, after]) => ({ pubkey: fromHex(key), before: undefined, after }))
    all.sort((a, b) => compareBytes(a.pubkey, b.pubkey))
    let sum = applyWrites(new Uint8Array(2_048), all, xof)
    const first = solana.slot()
    expect(new Set(startup.map(({ slot }) => slot))).toEqual(new Set([first]))

    const hashes = new Map<bigint, string>()
    let parentHash: Uint8Array | undefined
    for (let slot = first + 1n; slot < first + 6n; slot++) {
      if (slot === first + 3n) await pay(solana, 1_000)
      const from = reader.records.length
      expect(await solana.produceSlot()).toBe(slot)
      await reader.until(processed(slot))
      const records = reader.records.slice(from)
      const told = records
        .filter(({ tag, payload }) => tag === 1 && payload.readBigUInt64LE(0) === slot)
        .map(readAccountRecord)
      const hashesNow = told.find(({ pubkey }) => toHex(pubkey) === toHex(SLOT_HASHES))!.account!.data
      const named = Buffer.from(hashesNow).readBigUInt64LE(8)
      expect(named).toBe(slot - 1n)
      parentHash = hashesNow.slice(16, 48)
      if (hashes.has(named)) expect(toHex(parentHash)).toBe(hashes.get(named))
      const writes = told.map(({ pubkey, account: after }) => {
        const before = accounts.get(toHex(pubkey))
        if (after) accounts.set(toHex(pubkey), after)
        else accounts.delete(toHex(pubkey))
        return { pubkey, before, after }
      })
      sum = applyWrites(
        sum,
        writes.sort((a, b) => compareBytes(a.pubkey, b.pubkey)),
        xof,
      )
      const metadata = JSON.parse(records.find(({ tag }) => tag === 4)!.payload.toString()) as {
        slot: number
        blockhash: string
        executed: number
      }
      const transactions = records.filter(({ tag }) => tag === 5).map(readTransactionRecord)
      expect([metadata.slot, metadata.executed]).toEqual([Number(slot), transactions.length])
      expect(transactions.map(({ index }) => index)).toEqual(transactions.map((_, i) => i))
      const signatures = transactions.flatMap(({ wire }) => decodeTransaction(wire).signatures)
      const fields = {
        parentBankHash: parentHash,
        signatureCount: BigInt(signatures.length),
        lastBlockhash: fromBase58(metadata.blockhash)!,
        accountsLtHash: sum,
      }
      hashes.set(slot, toHex(bankHash(fields, { slot, parentSlot: slot - 1n }, [])))
      for (const { wire, isVote } of transactions) {
        if (!isVote) continue
        const { towerSync } = decodeVoteTransaction(wire)
        expect([towerSync.slot, toHex(towerSync.bankHash)]).toEqual([slot - 1n, toHex(parentHash)])
      }
    }
    expect(hashes.size).toBe(5)
  })

  it('tells statuses in order, skipped slots by their parents, and roots', async () => {
    const { solana, connect } = await start()
    const reader = await connect()
    const first = solana.slot()
    solana.skipSlot()
    for (let i = 0; i < 8; i++) await solana.produceSlot()
    const last = solana.slot()
    await reader.until(processed(last))
    const statuses = reader.records.filter(({ tag }) => tag === 2).map(readStatusRecord)
    const of = (wanted: string) => statuses.filter(({ status }) => status === wanted)
    const skipped = first + 2n
    expect(of('processed').map(({ slot }) => slot)).not.toContain(skipped)
    expect(of('processed').find(({ slot }) => slot === skipped + 1n)?.parent).toBe(skipped - 1n)
    expect(of('created_bank').length).toBe(8)
    const rooted = of('rooted').map(({ slot }) => slot)
    expect(rooted).toEqual([...rooted].sort((a, b) => Number(a - b)))
    expect(rooted).not.toContain(skipped)
    expect(rooted.at(-1)).toBeGreaterThan(first)
  })

  it('tells who comes later the accounts as they are by then, without what is not frozen', async () => {
    const { solana, connect } = await start()
    await pay(solana, 1_000)
    const before = await connect()
    await solana.produceSlot()
    const after = await connect()
    const lamports = ({ records }: StreamReader) => {
      const told = records.filter(({ tag }) => tag === 1).map(readAccountRecord)
      const owners = told.filter(({ pubkey, isStartup }) => {
        return isStartup && toHex(pubkey) === toHex(OWNER.publicKey.toBytes())
      })
      return owners.map(({ account }) => account?.lamports)
    }
    expect(lamports(before)).toEqual([1_000_000_000_000n])
    expect(lamports(after)).toEqual([1_000_000_000_000n - 6_000n])
  })
})
