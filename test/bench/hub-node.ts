// A hub node of the order benchmark in a process of its own: `node hub-node.ts '<OrderNodeOptions as JSON>'`.
import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  SignaturePool,
  createHubApplication,
  prepareTx,
  readAttestationSigners,
  startAbciServer,
  startEmbeddedNode,
} from '@causeway/hub'
import type { Application } from '@causeway/hub'
import { loadMclG1Scheme } from '@causeway/light-clients'
import { openLmdbStorage } from '@causeway/state-tree'
import { OrderFlow } from '@causeway/hub'

/** What the node is told. */
export interface OrderNodeOptions {
  readonly engine: 'embedded' | 'cometbft'
  readonly home: string
  readonly chainId: string
  /** Between blocks of the embedded engine. */
  readonly blockMilliseconds: number
  /** Of the RPC of the embedded engine. */
  readonly port: number
  readonly abciAddress: string
  readonly threads: number
  /** Of the flow of orders: for prices and surfaces. */
  readonly nowSeconds: string
  /** Where to write, for each transaction, at what height a proposer was given it first. */
  readonly offeredPath?: string
}

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
  priceSource,
  surfaceSource,
  bls: await loadMclG1Scheme(),
  attestationSigners: readAttestationSigners(home),
})
const application = options.offeredPath === undefined ? hub : tellingOffers(hub, options.offeredPath)
const onFatal = (error: unknown): never => {
  console.error(error)
  process.exit(1)
}
const engine =
  options.engine === 'embedded'
    ? await startEmbeddedNode({
        application,
        home,
        chainId,
        blocks: { everyMilliseconds: options.blockMilliseconds },
        rpc: { host: '127.0.0.1', port: options.port, batchSizeMax: 0 },
        prepareTx: (tx) => prepareTx(hub, pool, tx),
        onFatal,
        onWarning: (error) => console.error(error),
      })
    : await startAbciServer({
        address: options.abciAddress,
        application,
        prepareTx: (tx) => prepareTx(hub, pool, tx),
        onFatal,
      })
process.once('SIGTERM', () => {
  void (async () => {
    await engine.stop()
    await pool.close()
    storage.close()
    process.exit(0)
  })()
})

function tellingOffers(inner: Application, path: string): Application {
  const seen = new Set<string>()
  return {
    info: (request) => inner.info(request),
    initChain: (request) => inner.initChain(request),
    checkTx: (request) => inner.checkTx(request),
    processProposal: (request) => inner.processProposal(request),
    extendVote: (request, validator) => inner.extendVote(request, validator),
    verifyVoteExtension: (request) => inner.verifyVoteExtension(request),
    finalizeBlock: (request) => inner.finalizeBlock(request),
    commit: () => inner.commit(),
    query: (request) => inner.query(request),
    prepareProposal(request) {
      const hashes = request.txs.map((tx) => createHash('sha256').update(tx).digest('hex'))
      const lines = hashes.filter((hash) => !seen.has(hash)).map((hash) => `${request.height} ${hash}\n`)
      for (const hash of hashes) seen.add(hash)
      appendFileSync(path, lines.join(''))
      return inner.prepareProposal(request)
    },
  }
}
