import { assert } from '@causeway/primitives'
import { paramsToJson } from '../chain/params-json.ts'
import { errors } from '../errors.ts'
import { parseQuery } from '../events/query.ts'
import { searchBlocks } from '../events/search.ts'
import { blockResultsJson, validatorJson } from '../json/abci.ts'
import { blockIdJson, blockJson, blockMetaJson, commitJson, headerJson } from '../json/block.ts'
import type { Json } from '../json/scalars.ts'
import { blockHeight, heightParameter, isDescending, pageOf } from './method.ts'
import type { Method, MethodContext } from './method.ts'
import type { Parameters } from './parameters.ts'

const BLOCKCHAIN_ITEMS_MAX = 20n

/** Methods about blocks, commits, validators and parameters. */
export const blockMethods: Readonly<Record<string, Method>> = {
  blockchain: { parameters: ['minHeight', 'maxHeight'], run: blockchain },
  block: {
    parameters: ['height'],
    run: (parameters, context) => blockAt(context, blockHeight(parameters, context)),
  },
  block_by_hash: {
    parameters: ['hash'],
    run: (parameters, context) => blockAt(context, context.node.store.heightOf(parameters.bytes('hash'))),
  },
  header: {
    parameters: ['height'],
    run: (parameters, context) => headerAt(context, blockHeight(parameters, context)),
  },
  header_by_hash: {
    parameters: ['hash'],
    run: (parameters, context) => headerAt(context, context.node.store.heightOf(parameters.hexBytes('hash'))),
  },
  block_results: { parameters: ['height'], run: blockResults },
  commit: { parameters: ['height'], run: commit },
  validators: { parameters: ['height', 'page', 'per_page'], run: validators },
  consensus_params: { parameters: ['height'], run: consensusParams },
  block_search: { parameters: ['query', 'page', 'per_page', 'order_by'], run: blockSearch },
}

function blockchain(parameters: Parameters, { node }: MethodContext): Json {
  const { store } = node
  const last = node.state().lastHeight
  const [least = 0n, most = 0n] = [parameters.integer('minHeight'), parameters.integer('maxHeight')]
  if (least < 0n || most < 0n)
    throw errors.badParameter({ name: 'minHeight', reason: 'heights must be non-negative' })
  const high = most === 0n || most > last ? last : most
  const low = max(max(least, store.base, 1n), high - BLOCKCHAIN_ITEMS_MAX + 1n)
  if (low > high) {
    const reason = `min height ${low} can't be greater than max height ${high}`
    throw errors.badParameter({ name: 'minHeight', reason })
  }
  const metas: Json[] = []
  for (let height = high; height >= low; height--) {
    const meta = store.meta(height)
    if (meta) metas.push(blockMetaJson(meta))
  }
  return { last_height: String(last), block_metas: metas }
}

function blockAt({ node }: MethodContext, height: bigint | undefined): Json {
  const block = height === undefined ? undefined : node.store.block(height)
  const meta = height === undefined ? undefined : node.store.meta(height)
  return { block_id: blockIdJson(meta?.blockId), block: block ? blockJson(block) : null }
}

function headerAt({ node }: MethodContext, height: bigint | undefined): Json {
  const meta = height === undefined ? undefined : node.store.meta(height)
  return { header: meta?.header ? headerJson(meta.header) : null }
}

function blockResults(parameters: Parameters, context: MethodContext): Json {
  const height = blockHeight(parameters, context)
  const results = context.node.store.results(height)
  if (!results) throw errors.notFound({ what: `results for height ${height}` })
  return blockResultsJson(height, results)
}

function commit(parameters: Parameters, context: MethodContext): Json {
  const height = blockHeight(parameters, context)
  const { store } = context.node
  const meta = store.meta(height)
  const found = store.commit(height)
  if (!meta?.header || !found) return null
  return {
    signed_header: { header: headerJson(meta.header), commit: commitJson(found) },
    // The commit of the last block is not in a block yet
    canonical: height !== context.node.state().lastHeight,
  }
}

function validators(parameters: Parameters, { node }: MethodContext): Json {
  const { store } = node
  const height = heightParameter(parameters, node.state().lastHeight + 1n, store.base)
  const set = store.validators(height)
  if (!set) throw errors.notFound({ what: `validators for height ${height}` })
  const page = pageOf(parameters, set.validators)
  return {
    block_height: String(height),
    validators: page.map(validatorJson),
    count: String(page.length),
    total: String(set.validators.length),
  }
}

function consensusParams(parameters: Parameters, { node }: MethodContext): Json {
  const height = heightParameter(parameters, node.state().lastHeight + 1n, node.store.base)
  const params = node.store.params(height)
  assert(params, 'parameters are stored from the first height on')
  return { block_height: String(height), consensus_params: { ...paramsToJson(params) } as unknown as Json }
}

async function blockSearch(parameters: Parameters, context: MethodContext): Promise<Json> {
  const { index, store } = context.node
  const query = parseQuery(parameters.text('query'))
  const { lastHeight } = context.node.state()
  await index.caughtUp()
  const found = searchBlocks({ index, store, lastHeight }, query)
  const ordered = isDescending(parameters, true) ? found.reverse() : found
  return {
    blocks: pageOf(parameters, ordered).map((height) => blockAt(context, height)),
    total_count: String(found.length),
  }
}

function max(...values: readonly bigint[]): bigint {
  return values.reduce((greatest, value) => (value > greatest ? value : greatest))
}
