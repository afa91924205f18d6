import { assert } from '@causeway/primitives'
import {
  QueryLiquidationRequest,
  QueryLiquidationResponse,
  QueryLiquidationsRequest,
  QueryLiquidationsResponse,
} from '@causeway/protocol/causeway/liquidation/v1/query'
import { BaseAccount } from '@causeway/protocol/cosmos/auth/v1beta1/auth'
import { QueryAccountRequest, QueryAccountResponse } from '@causeway/protocol/cosmos/auth/v1beta1/query'
import type { Application } from '../abci/application.ts'
import { message } from '../testing/messages.fixture.ts'
import { Wallet } from '../testing/wallet.fixture.ts'
import { BIDDERS } from './cascade.fixture.ts'

const OPTIONS = { gasLimit: 2_000_000n, fee: [{ denom: 'ucway', amount: '50000' }] }

/** Bid for whatever is for sale, a part each, knowing nothing but what the state says. */
export class Bidders {
  readonly #application: Pick<Application, 'query'>
  readonly #wallets = BIDDERS.map((name) => new Wallet(name))

  constructor(application: Pick<Application, 'query'>) {
    this.#application = application
  }

  /** Bids for the next block: one of each bidder. */
  bids(): Uint8Array[] {
    const sales = liquidationsOf(this.#application).filter(({ share }) => share > 0n)
    return this.#wallets.flatMap((wallet, i) => {
      const sale = sales[i % sales.length]
      if (sale === undefined) return []
      const { account, underlying, share, priceE6 } = sale
      const bid = message('causeway.liquidation.v1.MsgBid', {
        ...{ bidder: wallet.address, account, underlying },
        shareE9: share > 2n ? share / 2n : share,
        maxPriceE6: `${priceE6 + (priceE6 < 0n ? -priceE6 : priceE6)}`,
      })
      // As the state has it: what was sent before and is in no block is gone with the process that held it.
      return [wallet.sign([bid], { ...OPTIONS, ...this.#numbersOf(wallet) })]
    })
  }

  #numbersOf({ address }: Wallet): { readonly accountNumber: bigint; readonly sequence: bigint } {
    const request = QueryAccountRequest.encode({ address }).finish()
    const { account } = QueryAccountResponse.decode(
      ask(this.#application, '/cosmos.auth.v1beta1.Query/Account', request),
    )
    const { accountNumber, sequence } = BaseAccount.decode(account!.value)
    return { accountNumber, sequence }
  }
}

/** An account under liquidation. */
export interface LiquidationNow {
  readonly account: string
  readonly stage: string
  readonly underlying: bigint
  /** What of it can be bid for now, and for how much. */
  readonly share: bigint
  readonly priceE6: bigint
}

/** All that are under liquidation. */
export function liquidationsOf(application: Pick<Application, 'query'>): LiquidationNow[] {
  const request = QueryLiquidationsRequest.encode({ after: '', limit: 0 }).finish()
  const { liquidations } = QueryLiquidationsResponse.decode(
    ask(application, '/causeway.liquidation.v1.Query/Liquidations', request),
  )
  return liquidations.map(({ account }) => {
    const { liquidation, shareMaxE9, priceE6 } = liquidationOf(application, account)
    const { stage, underlying } = liquidation!
    return { account, stage, underlying, share: shareMaxE9, priceE6: BigInt(priceE6) }
  })
}

/** One account by a full valuation of the newest state. */
export function liquidationOf(
  application: Pick<Application, 'query'>,
  account: string,
): QueryLiquidationResponse {
  const request = QueryLiquidationRequest.encode({ account }).finish()
  return QueryLiquidationResponse.decode(
    ask(application, '/causeway.liquidation.v1.Query/Liquidation', request),
  )
}

function ask(application: Pick<Application, 'query'>, path: string, data: Uint8Array): Uint8Array {
  const { code, value, log } = application.query({ path, data, height: 0n, prove: false })
  assert(code === 0, `${path}: ${log}`)
  return value
}
