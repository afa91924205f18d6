import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Bip39, Random } from '@cosmjs/crypto'
import { StargateClient } from '@cosmjs/stargate'
import type { Comparison, Figure } from './figures.ts'
import { startBenchHub } from './hub-under-load.ts'
import { loadAccount, runTransfers, signTransfers } from './transfers.ts'
import type { LoadAccount, LoadResult } from './transfers.ts'
import { startSimd } from '../interop/simd.ts'

const ACCOUNTS = 8

/** Transfers per second of simd and of the hub on both engines, on this machine, one after the other. */
export async function compareTransfers(perAccount: number): Promise<Comparison[]> {
  console.log('  simd under load …')
  const simd = await loadSimd(perAccount)
  const rows: Comparison[] = []
  for (const engine of ['embedded', 'cometbft'] as const) {
    console.log(`  the hub under load, ${engine} engine …`)
    const ours = await loadHub(engine, perAccount * 4)
    rows.push({ what: `transfers committed, ${engine} engine`, ours, peer: simd, by: 'per_second', aim: 3 })
  }
  return rows
}

async function loadSimd(perAccount: number): Promise<Figure> {
  const names = Array.from({ length: ACCOUNTS }, (_, i) => `load${i}`)
  const simd = await startSimd({
    chainId: 'sim-1',
    accounts: names,
    blockTimeMs: 200,
    configure: tuneForLoad,
  })
  try {
    const accounts = await Promise.all(names.map((name) => loadAccount(simd.mnemonic(name), 'cosmos')))
    await readAccountNumbers(simd.rpcUrl, accounts)
    const chain = { chainId: 'sim-1', denom: 'stake', fee: '0', gasLimit: 200_000n }
    const result = await runTransfers(simd.rpcUrl, lanesOf(accounts, perAccount, chain), 0)
    return figureOf('simd', 'ibc-go v10.7.0', result)
  } finally {
    await simd.stop()
  }
}

async function loadHub(engine: 'embedded' | 'cometbft', perAccount: number): Promise<Figure> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-hub-'))
  const mnemonics = Array.from({ length: ACCOUNTS }, () => Bip39.encode(Random.getBytes(16)).toString())
  const accounts = await Promise.all(mnemonics.map((mnemonic) => loadAccount(mnemonic, 'cway')))
  const hub = await startBenchHub({ engine, directory, holders: accounts.map(({ address }) => address) })
  try {
    await readAccountNumbers(hub.rpcUrl, accounts)
    const chain = { chainId: hub.chainId, denom: 'ucway', fee: '0', gasLimit: 12_000n }
    const result = await runTransfers(hub.rpcUrl, lanesOf(accounts, perAccount, chain), 1)
    return figureOf('causeway', `0.1.0, ${cpus().length} cores`, result)
  } finally {
    await hub.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function readAccountNumbers(rpcUrl: string, accounts: readonly LoadAccount[]): Promise<void> {
  const client = await StargateClient.connect(rpcUrl)
  for (const account of accounts) {
    const found = await client.getAccount(account.address)
    if (found === null) throw new Error(`no account ${account.address} on ${rpcUrl}`)
    account.accountNumber = BigInt(found.accountNumber)
  }
  client.disconnect()
}

function lanesOf(
  accounts: readonly LoadAccount[],
  perAccount: number,
  chain: Parameters<typeof signTransfers>[3],
): Uint8Array[][] {
  const signed = accounts.map((account) => signTransfers(account, accounts[0]!.address, perAccount, chain))
  return [0, 1].map((lane) =>
    Array.from({ length: perAccount }, (_, i) =>
      signed.filter((_all, k) => k % 2 === lane).map((txs) => txs[i]!),
    ).flat(),
  )
}

function figureOf(peer: string, version: string, result: LoadResult): Figure {
  return {
    peer,
    version,
    work: 'transfers',
    per_second: result.perSecond,
    note: `${result.committed} transfers`,
  }
}

function tuneForLoad(home: string): void {
  const path = join(home, 'config/config.toml')
  const settings: readonly (readonly [RegExp, string])[] = [
    [/^size = 5000$/m, 'size = 60000'],
    [/^max_request_batch_size = 10$/m, 'max_request_batch_size = 0'],
    [/^indexer = .*$/m, 'indexer = "null"'],
  ]
  let text = readFileSync(path, 'utf8')
  for (const [pattern, line] of settings) text = text.replace(pattern, line)
  writeFileSync(path, text)
}
