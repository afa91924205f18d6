import type { ExecTxResult } from '@causeway/protocol/tendermint/abci/types'
import type { BlockID, Commit, Header } from '@causeway/protocol/tendermint/types/types'
import type { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import { toHexUpper } from '@causeway/primitives'
import type { z } from 'zod'
import {
  abciQueryAnswer,
  blockAnswer,
  blockResultsAnswer,
  commitAnswer,
  statusAnswer,
  validatorsAnswer,
} from './comet-json.ts'
import { EndpointError } from './endpoint-error.ts'
import type { JsonRpc } from './json-rpc.ts'

/** What an endpoint says about itself. */
export type ChainHead = { chainId: string; height: bigint; earliestHeight: bigint; timeSeconds: bigint }

/** An event as the application emitted it. */
export type ChainEvent = {
  readonly type: string
  readonly attributes: readonly { readonly key: string; readonly value: string }[]
}

/** Everything about one height, as an endpoint serves it: nothing of it is verified yet. */
export type FetchedBlock = {
  height: bigint
  blockId: BlockID
  header: Header
  commit: Commit
  transactions: Uint8Array[]
  results: ExecTxResult[]
  resultEvents: ChainEvent[][]
  blockEvents: ChainEvent[]
}

/** An answer of the application's query interface. */
export type AbciAnswer = {
  code: number
  codespace: string
  log: string
  value: Uint8Array
  height: bigint
  proofOps: { type: string; key: Uint8Array; data: Uint8Array }[]
}

const VALIDATORS_PER_PAGE = 100
const VALIDATOR_PAGES_MAX = 100

/** The calls of CometBFT's RPC that the indexer makes, with their answers checked for shape and size. */
export class CometRpc {
  readonly url: string
  readonly #call: JsonRpc

  constructor(url: string, call: JsonRpc) {
    this.url = url
    this.#call = call
  }

  /** The endpoint's chain and head. */
  async head(signal?: AbortSignal): Promise<ChainHead> {
    const { node_info, sync_info } = await this.#ask(statusAnswer, 'status', {}, signal)
    return {
      chainId: node_info.network,
      height: sync_info.latest_block_height,
      earliestHeight: sync_info.earliest_block_height,
      timeSeconds: sync_info.latest_block_time.seconds,
    }
  }

  /** Block, results and commit of one height. */
  async block(height: bigint, signal?: AbortSignal): Promise<FetchedBlock> {
    const parameters = { height: String(height) }
    const [block, results, signed] = await Promise.all([
      this.#ask(blockAnswer, 'block', parameters, signal),
      this.#ask(blockResultsAnswer, 'block_results', parameters, signal),
      this.#ask(commitAnswer, 'commit', parameters, signal),
    ])
    if (results.height !== height)
      throw new EndpointError('wrong-results', `results of ${results.height}, not ${height}`)
    return {
      height,
      blockId: block.block_id,
      header: block.block.header,
      commit: signed.signed_header.commit,
      transactions: block.block.data.txs,
      results: results.txs_results.map((result) => ({ ...result, events: [] })),
      resultEvents: results.txs_results.map((result) => result.events),
      blockEvents: results.finalize_block_events,
    }
  }

  /** The whole validator set of one height, in the chain's order. */
  async validators(height: bigint, signal?: AbortSignal): Promise<ValidatorSet> {
    const set: ValidatorSet = { validators: [], proposer: undefined, totalVotingPower: 0n }
    for (let page = 1; page <= VALIDATOR_PAGES_MAX; page++) {
      const parameters = { height: String(height), page: String(page), per_page: String(VALIDATORS_PER_PAGE) }
      const answer = await this.#ask(validatorsAnswer, 'validators', parameters, signal)
      set.validators.push(...answer.validators)
      if (answer.validators.length === 0 || BigInt(set.validators.length) >= answer.total) return set
    }
    throw new EndpointError('too-large', 'more validators than any chain has')
  }

  /** Asks the application; `height` 0 is its newest state. */
  async abciQuery(path: string, data: Uint8Array, height: bigint, prove: boolean): Promise<AbciAnswer> {
    const parameters = { path, data: toHexUpper(data), height: String(height), prove }
    const { response } = await this.#ask(abciQueryAnswer, 'abci_query', parameters)
    const { code, codespace, log, value } = response
    return { code, codespace, log, value, height: response.height, proofOps: response.proofOps?.ops ?? [] }
  }

  async #ask<T extends z.ZodType>(
    schema: T,
    method: string,
    parameters: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<z.infer<T>> {
    const parsed = schema.safeParse(await this.#call(method, parameters, signal))
    if (parsed.success) return parsed.data
    const issue = parsed.error.issues[0]
    throw new EndpointError('malformed', `${method}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
  }
}
