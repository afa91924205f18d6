// A hub node of the order benchmark in a process of its own: `node hub-node.ts '<OrderNodeOptions as JSON>'`.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  SignaturePool,
  createHubApplication,
  prepareTx,
  readAttestationSigners,
  startAbciServer,
  startEmbeddedNode,
} from '@causeway/hub'
import { loadMclG1Scheme } from '@causeway/light-clients'
import { openLmdbStorage } from '@causeway/state-tree'
import { OrderFlow } from '@causeway/hub'

/** What the node is told. */
export interface OrderNodeOptions {
  readonly engine: 'embedded' | 'cometbft'
  readonly home: string
  readonly chainId: string
  /** Of the RPC of the embedded engine. */
  readonly port: number
  readonly abciAddress: string
  readonly threads: number
  /** Of the flow of orders: for prices and surfaces. */
  readonly nowSeconds: string
}

const MEMPOOL_TRANSACTIONS = 50_000
const options = JSON.parse(process.argv[2]!) as OrderNodeOptions
const { home, chainId } = options
// Prices are those of the flow, whatever the number of accounts
const { priceSource, surfaceSource } = new OrderFlow({
  accounts: 0,
  positions: 0,
  nowSeconds: BigInt(options.nowSeconds),
})
const path = join(home, 'data', 'application')
mkdirSync(path, { recursive: true })
const storage = openLmdbStorage(path)
const pool = new SignaturePool(options.threads)
const hub = createHubApplication({
  chainId,
  storage,
  verifySignatures: pool.verify,
  mempoolTransactionsMax: MEMPOOL_TRANSACTIONS,
  priceSource,
  surfaceSource,
  bls: await loadMclG1Scheme(),
  attestationSigners: readAttestationSigners(home),
})
const onFatal = (error: unknown): never => {
  console.error(error)
  process.exit(1)
}
const engine =
  options.engine === 'embedded'
    ? await startEmbeddedNode({
        application: hub,
        home,
        chainId,
        blocks: { everyMilliseconds: 200 },
        rpc: { host: '127.0.0.1', port: options.port, batchSizeMax: 0 },
        mempool: { sizeMax: MEMPOOL_TRANSACTIONS },
        prepareTx: (tx) => prepareTx(hub, pool, tx),
        onFatal,
        onWarning: (error) => console.error(error),
      })
    : await startAbciServer({ address: options.abciAddress, application: hub, onFatal })
process.once('SIGTERM', () => {
  void (async () => {
    await engine.stop()
    await pool.close()
    storage.close()
    process.exit(0)
  })()
})
