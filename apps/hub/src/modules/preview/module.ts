import { fromHex, toHex } from '@causeway/primitives'
import {
  QueryPendingCreditsRequest,
  QueryPendingCreditsResponse,
} from '@causeway/protocol/causeway/preview/v1/query'
import { MsgPreviewDeposit, MsgPreviewDepositResponse } from '@causeway/protocol/causeway/preview/v1/tx'
import { z } from 'zod'
import type { ReadContext } from '../../block/context.ts'
import { defineMessage, defineQuery } from '../../block/module.ts'
import type { MessageType, Module, QueryMethod } from '../../block/module.ts'
import { parametersJson } from '../../block/parameters.ts'
import { invalidGenesis, parseGenesis, u64Text } from '../../genesis/parse.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { DEFAULT_PARAMS, paramsSchema, previewParameters } from './params.ts'
import type { Preview } from './preview.ts'
import {
  PREVIEW_STORE,
  addCredit,
  credits,
  creditsOf,
  lineValues,
  readCredit,
  readParams,
  writeParams,
} from './state.ts'

const decimal = z.string().regex(/^(0|[1-9][0-9]{0,77})$/, 'expected a decimal number')
const hex = (bytes: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`), `expected ${bytes} bytes in hex`)

const schema = z
  .strictObject({
    params: paramsSchema.optional(),
    credits: z
      .array(
        z.strictObject({
          client: z.string().min(1).max(64),
          sequence: u64Text,
          commitment: hex(32),
          line: u64Text,
          asset: u64Text,
          account: hex(20),
          subaccount: z.int().min(0).max(0xffff),
          amount: decimal,
          headSlot: u64Text,
          expiresSeconds: u64Text,
          valueE6: decimal,
        }),
      )
      .optional(),
  })
  .optional()

/** The module `preview`. */
export function previewModule(preview: Preview, addresses: AddressCodec): Module {
  return {
    name: 'preview',
    storeName: PREVIEW_STORE,
    messages: [previewMessage(preview, addresses)],
    queries: [pendingQuery(addresses)],
    parameters: previewParameters,
    initGenesis(context, state) {
      const genesis = parseGenesis('preview', schema, state)
      const store = context.store(PREVIEW_STORE)
      writeParams(store, genesis?.params ?? DEFAULT_PARAMS)
      for (const [i, entry] of (genesis?.credits ?? []).entries()) {
        if (readCredit(store, entry) !== undefined)
          throw invalidGenesis(`preview.credits.${i}`, 'is named twice')
        const [commitment, account] = [fromHex(entry.commitment), fromHex(entry.account)]
        addCredit(store, { ...entry, commitment, account })
      }
    },
    exportGenesis(context) {
      const store = context.store(PREVIEW_STORE)
      return {
        params: parametersJson({ ...readParams(store) }),
        credits: credits(store).map((credit) => ({
          ...credit,
          sequence: credit.sequence.toString(),
          commitment: toHex(credit.commitment),
          line: credit.line.toString(),
          asset: credit.asset.toString(),
          account: toHex(credit.account),
          headSlot: credit.headSlot.toString(),
          expiresSeconds: credit.expiresSeconds.toString(),
        })),
      }
    },
    beginBlock: (context) => preview.expire(context),
    invariants,
  }
}

function previewMessage(preview: Preview, addresses: AddressCodec): MessageType {
  return defineMessage({
    typeName: 'causeway.preview.v1.MsgPreviewDeposit',
    codec: MsgPreviewDeposit,
    responseCodec: MsgPreviewDepositResponse,
    lane: 3,
    signer: (message) => addresses.decode(message.signer),
    handle(context, message) {
      preview.deposit(context, message)
      return {}
    },
  })
}

function pendingQuery(addresses: AddressCodec): QueryMethod {
  return defineQuery({
    path: '/causeway.preview.v1.Query/PendingCredits',
    requestTypeName: 'causeway.preview.v1.QueryPendingCreditsRequest',
    requestCodec: QueryPendingCreditsRequest,
    responseCodec: QueryPendingCreditsResponse,
    answer(context, { account }) {
      const pending = [...creditsOf(context.store(PREVIEW_STORE), addresses.decodeHolder(account))]
      const alive = pending.filter(({ expiresSeconds }) => expiresSeconds > context.timeSeconds)
      return { credits: alive, height: context.height }
    },
  })
}

/** Sums of lines are those of what is pending. */
function invariants(context: ReadContext): readonly string[] {
  const store = context.store(PREVIEW_STORE)
  const sums = new Map<bigint, bigint>()
  for (const { line, valueE6 } of credits(store)) sums.set(line, (sums.get(line) ?? 0n) + BigInt(valueE6))
  const broken: string[] = []
  for (const [line, stored] of lineValues(store)) {
    const sum = sums.get(line) ?? 0n
    sums.delete(line)
    if (sum !== stored) broken.push(`preview: line ${line} has ${stored} pending, its deposits sum to ${sum}`)
  }
  for (const [line, sum] of sums) if (sum !== 0n) broken.push(`preview: line ${line} has no sum for ${sum}`)
  return broken
}
