import { decodeStrict } from '@causeway/protocol'
import {
  QueryResultsRequest,
  QueryResultsResponse,
  QueryVaultRequest,
  QueryVaultResponse,
} from '@causeway/protocol/causeway/vault/v1/query'
import type { CometRpc } from '../follow/comet-rpc.ts'
import { askHub } from './ask-hub.ts'
import { signed } from './signed.ts'

/** The vault as the hub has it after a block. Nulls can't be told at these prices. */
export type VaultState = {
  readonly height: bigint
  readonly account: string
  readonly status: string
  readonly shares: bigint
  readonly worthE6: bigint | null
  readonly initialMarginE6: bigint | null
  readonly shareE18: bigint | null
  readonly lowE18: bigint | null
  readonly highE18: bigint | null
  readonly results: readonly VaultResult[]
}

/** What it has made in a market, or in those of an underlying that are over (market 0). */
export type VaultResult = {
  readonly market: bigint
  readonly underlying: bigint
  readonly symbol: string
  readonly boughtE9: bigint
  readonly soldE9: bigint
  readonly feesE6: bigint
  readonly fundingE6: bigint
  readonly fills: bigint
  readonly sizeE9: bigint
  readonly profitE6: bigint | null
}

const RESULTS_MOST = 1_000
const ANSWER_LIMITS = { maxBytes: 4 * 1024 * 1024 } as const

/** Asks the hub for its vault; the first 1,000 results. */
export async function readVault(rpc: CometRpc, height: bigint): Promise<VaultState> {
  const service = '/causeway.vault.v1.Query'
  const wanted = QueryResultsRequest.encode({ after: 0n, limit: RESULTS_MOST }).finish()
  const [vaultValue, resultsValue] = await Promise.all([
    askHub(rpc, `${service}/Vault`, QueryVaultRequest.encode({}).finish(), height),
    askHub(rpc, `${service}/Results`, wanted, height),
  ])
  const type = 'causeway.vault.v1'
  const vault = decodeStrict(QueryVaultResponse, `${type}.QueryVaultResponse`, vaultValue, ANSWER_LIMITS)
  const { results } = decodeStrict(
    QueryResultsResponse,
    `${type}.QueryResultsResponse`,
    resultsValue,
    ANSWER_LIMITS,
  )
  const { account, status } = vault
  return {
    ...{ height, account, status, shares: signed(vault.shares) },
    worthE6: signedOrNull(vault.worthE6),
    initialMarginE6: signedOrNull(vault.initialMarginE6),
    shareE18: signedOrNull(vault.shareE18),
    lowE18: signedOrNull(vault.lowE18),
    highE18: signedOrNull(vault.highE18),
    results: results.flatMap(({ result, sizeE9, profitE6 }) =>
      result === undefined
        ? []
        : [
            {
              ...{ market: result.market, underlying: result.underlying, symbol: result.symbol },
              ...{ boughtE9: signed(result.boughtE9), soldE9: signed(result.soldE9), fills: result.fills },
              ...{ feesE6: signed(result.feesE6), fundingE6: signed(result.fundingE6) },
              ...{ sizeE9: signed(sizeE9), profitE6: signedOrNull(profitE6) },
            },
          ],
    ),
  }
}

function signedOrNull(text: string): bigint | null {
  return text === '' ? null : signed(text)
}
