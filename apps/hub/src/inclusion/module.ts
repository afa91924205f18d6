import { errors as queryErrors } from '../query/query-errors.ts'
import {
  QueryHeldTransactionRequest,
  QueryHeldTransactionResponse,
  QueryInclusionListRequest,
  QueryInclusionListResponse,
} from '@causeway/protocol/causeway/block/v1/query'
import type { ReadContext } from '../block/context.ts'
import { defineQuery } from '../block/module.ts'
import type { Module } from '../block/module.ts'
import { EXPIRY_AGE, RECORDS_MAX, WINDOW_BLOCKS } from './bounds.ts'
import type { Pinned } from './pinned.ts'
import { INCLUSION_STORE, readRecords, servedHashes, windowHeights } from './state.ts'

const PACKAGE = 'causeway.block.v1'

/** The inclusion list: its store, and what can be asked. The block pipeline writes it. */
export function inclusionModule(pinned: Pinned): Module {
  return {
    name: 'inclusion',
    storeName: INCLUSION_STORE,
    messages: [],
    queries: [
      defineQuery({
        path: `/${PACKAGE}.Query/InclusionList`,
        requestTypeName: `${PACKAGE}.QueryInclusionListRequest`,
        requestCodec: QueryInclusionListRequest,
        responseCodec: QueryInclusionListResponse,
        answer: (context) => ({
          records: readRecords(context.store(INCLUSION_STORE)),
          height: context.height,
        }),
      }),
      defineQuery({
        path: `/${PACKAGE}.Query/HeldTransaction`,
        requestTypeName: `${PACKAGE}.QueryHeldTransactionRequest`,
        requestCodec: QueryHeldTransactionRequest,
        responseCodec: QueryHeldTransactionResponse,
        answer(_, { hash }) {
          const tx = pinned.get(hash)
          if (tx === undefined) throw queryErrors.notFound({ what: 'a transaction that this node has named' })
          return { tx }
        },
      }),
    ],
    invariants,
  }
}

function invariants(context: ReadContext): readonly string[] {
  const store = context.store(INCLUSION_STORE)
  const broken: string[] = []
  const records = readRecords(store)
  if (records.length > RECORDS_MAX) broken.push(`inclusion: ${records.length} records`)
  for (const { height } of records)
    if (height > context.height || context.height + 1n - height >= EXPIRY_AGE)
      broken.push(`inclusion: a record of height ${height} at height ${context.height}`)
  const served = [...servedHashes(store)].length
  if (served !== records.filter(({ isServed }) => isServed).length)
    broken.push(`inclusion: bytes of ${served} transactions, of ${records.length} records`)
  for (const height of windowHeights(store))
    if (height > context.height || height + WINDOW_BLOCKS <= context.height)
      broken.push(`inclusion: transactions of height ${height} at height ${context.height}`)
  return broken
}
