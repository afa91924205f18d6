import { createMemoryStorage, openLmdbStorage } from '@causeway/state-tree'
import { createHubApplication } from './app.ts'
import { hubOptions, hubGenesis } from './testing/hub.fixture.ts'
import { Driver } from './testing/driver.fixture.ts'
import { testValidators } from './testing/validators.fixture.ts'
import { Wallet, send } from './testing/wallet.fixture.ts'
import { mkdtempSync } from 'node:fs'
const N = Number(process.argv[2] ?? 4000), ROUNDS = 3
const wallets = Array.from({ length: N }, (_, i) => new Wallet('w' + i))
const storage = process.argv[3] === 'lmdb' ? openLmdbStorage(mkdtempSync('/tmp/prof-f-')) : createMemoryStorage()
const hub = createHubApplication(hubOptions(storage, { verifySignatures: (b) => b.map(() => true) , mempoolTransactionsMax: 1e6}))
const driver = new Driver(hub, testValidators([10n]))
wallets.forEach((w, i) => (w.accountNumber = BigInt(i + 1)))
driver.initChain(hubGenesis(wallets))
driver.block()
for (let r = 0; r < ROUNDS; r++) {
  const txs = wallets.map((w, i) => {
    // fake signature for speed: verify stubbed
    const { bodyBytes, authInfoBytes } = w.parts([send(w.address, wallets[(i * 7 + r) % N]!.address, '1')], w.sequence++, { gasLimit: 12_000n })
    return TxRaw.encode({ bodyBytes, authInfoBytes, signatures: [new Uint8Array(64).fill(i & 255)] }).finish()
  })
  const t0 = (process.threadCpuUsage().user+process.threadCpuUsage().system)/1000
  for (const tx of txs) { const c = driver.submit(tx); if (c.code) throw new Error(c.log) }
  const t1 = (process.threadCpuUsage().user+process.threadCpuUsage().system)/1000
  let committed = 0
  let tp = 0, tr = 0, tf = 0, tc = 0
  const NONE = new Uint8Array(0)
  while (driver.mempool.length) {
    const height = driver.height + 1n
    const time = fromNanoseconds(driver.timeNanoseconds + 1_000_000_000n)
    const common = { misbehavior: [], height, time, nextValidatorsHash: NONE, proposerAddress: NONE }
    const a = (process.threadCpuUsage().user+process.threadCpuUsage().system)/1000
    const { txs: chosen } = hub.prepareProposal({ ...common, maxTxBytes: 22_000_000n, txs: driver.mempool, localLastCommit: driver.lastCommit })
    const b = (process.threadCpuUsage().user+process.threadCpuUsage().system)/1000
    const proposedLastCommit = commitOf(driver.lastCommit)
    hub.processProposal({ ...common, txs: chosen, proposedLastCommit, hash: NONE })
    const c = (process.threadCpuUsage().user+process.threadCpuUsage().system)/1000
    const res = hub.finalizeBlock({ ...common, txs: chosen, decidedLastCommit: proposedLastCommit, hash: NONE })
    if (res.txResults.some((x) => x.code)) throw new Error('fail ' + res.txResults.find((x) => x.code)!.log)
    const d = (process.threadCpuUsage().user+process.threadCpuUsage().system)/1000
    hub.commit()
    const e = (process.threadCpuUsage().user+process.threadCpuUsage().system)/1000
    tp += b - a; tr += c - b; tf += d - c; tc += e - d
    committed += chosen.length - 1
    driver.height = height; driver.timeNanoseconds += 1_000_000_000n
    driver.lastCommit = driver.vote()
    const set = new Set(chosen.map((x) => Buffer.from(x).toString('latin1')))
    const left = driver.mempool.filter((x) => !set.has(Buffer.from(x).toString('latin1')))
    if (left.length === driver.mempool.length) throw new Error('stuck')
    driver.mempool = left
    for (const tx of left) hub.checkTx({ tx, type: 1 })
  }
  const us = (x: number) => ((x * 1000) / N).toFixed(1)
  console.log(`check ${us(t1 - t0)} prepare ${us(tp)} process ${us(tr)} finalize ${us(tf)} commit ${us(tc)} us/tx; committed ${committed}`)
}
import { TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { fromNanoseconds } from '@causeway/light-clients'
import { commitOf } from './testing/validators.fixture.ts'
