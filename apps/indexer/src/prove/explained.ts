import { decodeStrict } from '@causeway/protocol'
import { QueryPortfolioRequest, QueryPortfolioResponse } from '@causeway/protocol/causeway/risk/v1/query'
import { z } from 'zod'
import type { CometRpc } from '../follow/comet-rpc.ts'
import { EndpointError } from '../follow/endpoint-error.ts'
import { askHub } from './ask-hub.ts'

/** What a holding gains by a small move of one thing, in cash; as libs/margin defines them. */
export type Greeks = {
  readonly deltaCash: number
  readonly gammaCash: number
  readonly vegaCash: number
  readonly thetaCash: number
  readonly rhoCash: number
}

/** Terms by which a position is found. */
export type Instrument = {
  readonly kind: string
  readonly underlying?: string | undefined
  readonly expirySeconds?: number | undefined
  readonly strike?: number | undefined
  readonly isCall?: boolean | undefined
}

/** A subaccount's margin taken apart. */
export type Explained = {
  /** JSON of libs/margin's explanation. */
  readonly explanation: string
  readonly account: Greeks
  readonly underlyings: readonly (Greeks & { readonly name: string })[]
  readonly positions: readonly (Greeks & { readonly instrument: Instrument })[]
}

const greeks = {
  deltaCash: z.number(),
  gammaCash: z.number(),
  vegaCash: z.number(),
  thetaCash: z.number(),
  rhoCash: z.number(),
}
const instrument = z.object({
  kind: z.string(),
  underlying: z.string().optional(),
  expirySeconds: z.number().optional(),
  strike: z.number().optional(),
  isCall: z.boolean().optional(),
})
const schema = z.object({
  explanation: z.unknown(),
  greeks: z.object({
    account: z.object(greeks),
    underlyings: z.array(z.object({ ...greeks, name: z.string() })),
    positions: z.array(z.object({ ...greeks, instrument })),
  }),
})
const ANSWER_LIMITS = { maxBytes: 8 * 1024 * 1024 } as const

/** Asks the hub to explain a subaccount's margin after a block. Throws `EndpointError`. */
export async function readExplained(
  rpc: CometRpc,
  { account, subaccount }: { account: string; subaccount: number },
  height: bigint,
): Promise<Explained> {
  const holder = subaccount === 0 ? account : `${account}/${subaccount}`
  const request = QueryPortfolioRequest.encode({ account: holder, explain: true }).finish()
  const value = await askHub(rpc, '/causeway.risk.v1.Query/Portfolio', request, height)
  const name = 'causeway.risk.v1.QueryPortfolioResponse'
  const { details } = decodeStrict(QueryPortfolioResponse, name, value, ANSWER_LIMITS)
  const parsed = schema.safeParse(jsonOrNothing(details))
  if (!parsed.success) throw new EndpointError('malformed', 'an explanation that is none')
  return { explanation: JSON.stringify(parsed.data.explanation), ...parsed.data.greeks }
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
