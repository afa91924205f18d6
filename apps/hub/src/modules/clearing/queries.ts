import { toHex } from '@causeway/primitives'
import {
  QueryOutgoingMessageRequest,
  QueryOutgoingMessageResponse,
  QueryStandbyLineRequest,
  QueryStandbyLineResponse,
} from '@causeway/protocol/causeway/clearing/v1/query'
import { defineQuery } from '../../block/module.ts'
import type { QueryMethod } from '../../block/module.ts'
import { errors } from './errors.ts'
import { CLEARING_STORE, readOutgoing, readStandbyLine } from './state.ts'

const standbyLineQuery = defineQuery({
  path: '/causeway.clearing.v1.Query/StandbyLine',
  requestTypeName: 'causeway.clearing.v1.QueryStandbyLineRequest',
  requestCodec: QueryStandbyLineRequest,
  responseCodec: QueryStandbyLineResponse,
  answer(context, { client, line }) {
    const standbyLine = readStandbyLine(context.store(CLEARING_STORE), client, line)
    if (standbyLine === undefined) throw errors.notFound({ what: `standby line ${toHex(line).slice(0, 80)}` })
    return { standbyLine, height: context.height }
  },
})

const outgoingMessageQuery = defineQuery({
  path: '/causeway.clearing.v1.Query/OutgoingMessage',
  requestTypeName: 'causeway.clearing.v1.QueryOutgoingMessageRequest',
  requestCodec: QueryOutgoingMessageRequest,
  responseCodec: QueryOutgoingMessageResponse,
  answer(context, { client, sequence }) {
    const message = readOutgoing(context.store(CLEARING_STORE), client, sequence)
    if (message === undefined) throw errors.notFound({ what: `message ${client.slice(0, 80)}/${sequence}` })
    return { message, height: context.height }
  },
})

/** Queries of the module. */
export const queries: readonly QueryMethod[] = [standbyLineQuery, outgoingMessageQuery]
