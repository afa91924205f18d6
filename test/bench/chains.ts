import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Bip39, Random } from '@cosmjs/crypto'
import { StargateClient } from '@cosmjs/stargate'
import type { Comparison, Figure } from './figures.ts'
import { startBenchHub } from './hub-under-load.ts'
import type { CpuSeconds } from './hub-under-load.ts'
import { commitLatencies, loadAccount, runTransfers, signTransfers } from './transfers.ts'
import type { LoadAccount, LoadResult } from './transfers.ts'
import { startSimd } from '../interop/simd.ts'

const ACCOUNTS = 8
const LATENCY_SAMPLES = 60

/** What a chain did under load: in how many transfers a second, and how soon it commits when it's idle. */
interface Loaded {
  readonly transfers: Figure
  /** Milliseconds from broadcast to commit, ascending. */
  readonly latencies: readonly number[]
}

/** Transfers of simd and of the hub on both engines, on this machine, one after the other. */
export async function compareTransfers(perAccount: number): Promise<Comparison[]> {
  console.log('  simd under load …')
  const simd = await loadSimd(perAccount)
  const rows: Comparison[] = []
  for (const engine of ['embedded', 'cometbft'] as const) {
    console.log(`  the hub under load, ${engine} engine …`)
    const hub = await loadHub(engine, perAccount * 4)
    const aim = engine === 'embedded' ? 3 : undefined
    const what = `transfers committed, ${engine} engine`
    rows.push({ what, ours: hub.transfers, peer: simd.transfers, by: 'per_second', aim })
    for (const percent of [50, 99]) {
      const [ours, peer] = [latencyAt('causeway', hub, percent), latencyAt('simd', simd, percent)]
      const name = `broadcast to commit, p${percent}, ${engine} engine`
      rows.push({ what: name, ours, peer, by: 'milliseconds', aim: undefined })
    }
  }
  return rows
}

function latencyAt(peer: string, { latencies, transfers }: Loaded, percent: number): Figure {
  const index = Math.min(latencies.length - 1, Math.floor((latencies.length * percent) / 100))
  return { peer, version: transfers.version, work: 'commit latency', milliseconds: latencies[index]! }
}

async function loadSimd(perAccount: number): Promise<Loaded> {
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
    const latencies = await commitLatencies(
      simd.rpcUrl,
      signTransfers(accounts[0]!, accounts[1]!.address, LATENCY_SAMPLES, chain),
    )
    const result = await runTransfers(simd.rpcUrl, lanesOf(accounts, perAccount, chain), 0)
    return { transfers: figureOf('simd', 'ibc-go v10.7.0', result), latencies }
  } finally {
    await simd.stop()
  }
}

async function loadHub(engine: 'embedded' | 'cometbft', perAccount: number): Promise<Loaded> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-hub-'))
  const mnemonics = Array.from({ length: ACCOUNTS }, () => Bip39.encode(Random.getBytes(16)).toString())
  const accounts = await Promise.all(mnemonics.map((mnemonic) => loadAccount(mnemonic, 'cway')))
  const hub = await startBenchHub({ engine, directory, holders: accounts.map(({ address }) => address) })
  try {
    await readAccountNumbers(hub.rpcUrl, accounts)
    const chain = { chainId: hub.chainId, denom: 'ucway', fee: '0', gasLimit: 12_000n }
    const latencies = await commitLatencies(
      hub.rpcUrl,
      signTransfers(accounts[0]!, accounts[1]!.address, LATENCY_SAMPLES, chain),
    )
    const lanes = lanesOf(accounts, perAccount, chain)
    const before = hub.cpuSeconds()
    const result = await runTransfers(hub.rpcUrl, lanes, 1)
    printCeiling(before, hub.cpuSeconds(), result.committed)
    return { transfers: figureOf('causeway', `0.1.0, ${cpus().length} cores`, result), latencies }
  } finally {
    await hub.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** One thread executes: its time per transfer is the ceiling, however many cores verify signatures. */
function printCeiling(
  before: CpuSeconds | undefined,
  after: CpuSeconds | undefined,
  transfers: number,
): void {
  if (before === undefined || after === undefined) return
  const perTransfer = (key: keyof CpuSeconds) => ((after[key] - before[key]) / transfers) * 1e6
  const [main, all] = [perTransfer('mainThread'), perTransfer('process')]
  const ceiling = Math.round(1e6 / main).toLocaleString('en-US')
  console.log(
    `    one transfer takes ${main.toFixed(0)} µs of the thread that executes, ${all.toFixed(0)} µs of all ` +
      `threads of the hub: ceiling ${ceiling}/s, set by that one thread where cores are spare`,
  )
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

/** One lane an account, so that sequences stay in order; each sends to the next. */
function lanesOf(
  accounts: readonly LoadAccount[],
  perAccount: number,
  chain: Parameters<typeof signTransfers>[3],
): Uint8Array[][] {
  return accounts.map((account, i) => {
    const receiver = accounts[(i + 1) % accounts.length]!.address
    return signTransfers(account, receiver, perAccount, chain)
  })
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
  ]
  let text = readFileSync(path, 'utf8')
  for (const [pattern, line] of settings) text = text.replace(pattern, line)
  writeFileSync(path, text)
}
