import { decodeStrict } from '@causeway/protocol'
import {
  QueryLiquidationPricesRequest,
  QueryLiquidationPricesResponse,
  type LiquidationPrice,
} from '@causeway/protocol/causeway/risk/v1/query'
import type { CometRpc } from '../follow/comet-rpc.ts'
import type { HubAccount } from '../project/owners.ts'
import { askHub } from './ask-hub.ts'
import { holderText } from './hub-losses.ts'

/** Where a subaccount's maintenance margin is 0 when one price alone moves, by the hub's own search. */
export async function readLiquidationPrices(
  rpc: CometRpc,
  holder: HubAccount,
  height: bigint,
): Promise<LiquidationPrice[]> {
  const request = QueryLiquidationPricesRequest.encode({ account: holderText(holder) }).finish()
  const value = await askHub(rpc, '/causeway.risk.v1.Query/LiquidationPrices', request, height)
  const name = 'causeway.risk.v1.QueryLiquidationPricesResponse'
  return decodeStrict(QueryLiquidationPricesResponse, name, value).prices
}
