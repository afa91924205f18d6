import { CheckTxType } from '@causeway/protocol/tendermint/abci/types'
import type { ExecTxResult } from '@causeway/protocol/tendermint/abci/types'
import { EMPTY_BYTES, assert, merkleProofs } from '@causeway/primitives'
import { errors } from '../errors.ts'
import type { TxPlace } from '../events/event-index.ts'
import { parseQuery } from '../events/query.ts'
import { searchTxs } from '../events/search.ts'
import { fullResultJson } from '../json/abci.ts'
import { evidenceFromJson } from '../json/evidence-from-json.ts'
import { base64, hex } from '../json/scalars.ts'
import type { Json } from '../json/scalars.ts'
import type { Admission } from '../mempool/mempool.ts'
import { txHash } from '../mempool/tx-hash.ts'
import type { Outcome } from '../node/tx-intake.ts'
import { txWithResult } from '../store/tx-record.ts'
import { isDescending, pageOf, perPage } from './method.ts'
import type { Method, MethodContext } from './method.ts'
import type { Parameters } from './parameters.ts'

/** Callers of `broadcast_tx_commit` that may wait at once. */
const WAITING_MAX = 1000

/** Methods about transactions: to send, to look at, to find. */
export const txMethods: Readonly<Record<string, Method>> = {
  broadcast_tx_async: { parameters: ['tx'], isQueued: true, run: broadcastAsync },
  broadcast_tx_sync: { parameters: ['tx'], isQueued: true, run: broadcastSync },
  broadcast_tx_commit: { parameters: ['tx'], run: broadcastCommit },
  check_tx: {
    parameters: ['tx'],
    run: (parameters, { node }) =>
      fullResultJson(node.application.checkTx({ tx: parameters.bytes('tx'), type: CheckTxType.NEW })),
  },
  unconfirmed_txs: { parameters: ['limit'], run: unconfirmed },
  num_unconfirmed_txs: {
    parameters: [],
    run: (_, { node }) => ({ ...mempoolSize(node.mempool), txs: null }),
  },
  tx: { parameters: ['hash', 'prove'], run: tx },
  tx_search: { parameters: ['query', 'prove', 'page', 'per_page', 'order_by'], run: txSearch },
  broadcast_evidence: { parameters: ['evidence'], run: broadcastEvidence },
}

async function broadcastAsync(parameters: Parameters, { node }: MethodContext): Promise<Json> {
  const bytes = parameters.bytes('tx')
  const hash = txHash(bytes)
  const admission = node.intake.submit(bytes, hash)
  // Nobody waits for what the application says
  if (admission instanceof Promise) admission.catch(() => undefined)
  return { code: 0, data: '', log: '', codespace: '', hash: hex(hash) }
}

function broadcastSync(parameters: Parameters, { node }: MethodContext): Json | Promise<Json> {
  const admission = node.intake.submit(parameters.bytes('tx'))
  return admission instanceof Promise ? admission.then(admissionJson) : admissionJson(admission)
}

function admissionJson({ hash, response }: Admission): Json {
  const { code, data, log, codespace } = response
  return { code, data: hex(data), log, codespace, hash: hex(hash) }
}

async function broadcastCommit(parameters: Parameters, { node, options }: MethodContext): Promise<Json> {
  if (node.intake.waiting >= WAITING_MAX) throw errors.busy({ what: 'waiting callers', max: WAITING_MAX })
  const bytes = parameters.bytes('tx')
  const waiting = outcomeOf(node, txHash(bytes), options.broadcastCommitTimeoutMilliseconds)
  try {
    const { hash, response } = await node.intake.submit(bytes)
    const refused: Outcome = { height: 0n, result: EMPTY_RESULT }
    const { height, result } = response.code === 0 ? await waiting.outcome : refused
    return {
      check_tx: fullResultJson(response),
      tx_result: fullResultJson(result),
      hash: hex(hash),
      height: String(height),
    }
  } finally {
    waiting.cancel()
  }
}

function outcomeOf(
  node: MethodContext['node'],
  hash: Uint8Array,
  timeoutMilliseconds: number,
): { readonly outcome: Promise<Outcome>; readonly cancel: () => void } {
  let cancel: () => void = () => undefined
  const outcome = new Promise<Outcome>((resolve, reject) => {
    const forget = node.intake.awaitOutcome(hash, resolve)
    const timer = setTimeout(() => reject(errors.commitTimedOut()), timeoutMilliseconds)
    cancel = () => {
      forget()
      clearTimeout(timer)
    }
  })
  outcome.catch(() => undefined)
  return { outcome, cancel }
}

function unconfirmed(parameters: Parameters, { node }: MethodContext): Json {
  const txs = node.mempool.first(perPage(parameters, 'limit'))
  return { ...mempoolSize(node.mempool), n_txs: String(txs.length), txs: txs.map(base64) }
}

function mempoolSize(
  mempool: MethodContext['node']['mempool'],
): Record<'n_txs' | 'total' | 'total_bytes', string> {
  return { n_txs: String(mempool.size), total: String(mempool.size), total_bytes: String(mempool.bytes) }
}

function tx(parameters: Parameters, context: MethodContext): Json {
  const hash = parameters.bytes('hash')
  const place = context.node.index.find(hash)
  if (!place) throw errors.notFound({ what: `tx (${hex(hash)})` })
  return txJson(context, place, parameters.flag('prove'))
}

async function txSearch(parameters: Parameters, context: MethodContext): Promise<Json> {
  const { index, store } = context.node
  const query = parseQuery(parameters.text('query'))
  const { lastHeight } = context.node.state()
  await index.caughtUp()
  const found = searchTxs({ index, store, lastHeight }, query)
  const ordered = isDescending(parameters, false) ? found.reverse() : found
  const prove = parameters.flag('prove')
  return {
    txs: pageOf(parameters, ordered).map((place) => txJson(context, place, prove)),
    total_count: String(found.length),
  }
}

function txJson({ node }: MethodContext, { height, index }: TxPlace, prove: boolean): Json {
  const record = txWithResult(node.store, height, index)
  if (!record) throw errors.notFound({ what: `block ${height}` })
  return {
    hash: hex(txHash(record.tx)),
    height: String(height),
    index,
    tx_result: fullResultJson(record.result),
    tx: base64(record.tx),
    ...(prove && { proof: proofJson(node, height, index) }),
  }
}

function proofJson({ store }: MethodContext['node'], height: bigint, index: number): Json {
  const txs = store.block(height)?.data?.txs ?? []
  const { root, proofs } = merkleProofs(txs.map(txHash))
  const proof = proofs[index]
  assert(proof, 'the transaction is in its block')
  return {
    root_hash: hex(root),
    data: base64(txs[index]!),
    proof: {
      total: String(proof.total),
      index: String(proof.index),
      leaf_hash: base64(proof.leafHash),
      aunts: proof.aunts.map(base64),
    },
  }
}

function broadcastEvidence(parameters: Parameters, { node }: MethodContext): Json {
  const json = parameters.json('evidence')
  if (json === undefined || json === null) throw errors.badEvidence({ reason: 'no evidence was provided' })
  const evidence = evidenceFromJson(json)
  return { hash: base64(node.evidence.add(evidence, node.state())) }
}

const EMPTY_RESULT: ExecTxResult = {
  code: 0,
  data: EMPTY_BYTES,
  log: '',
  info: '',
  gasWanted: 0n,
  gasUsed: 0n,
  events: [],
  codespace: '',
}
