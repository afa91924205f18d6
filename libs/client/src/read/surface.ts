// The oracle's volatility surface of an underlying: what options are worth follows from it (docs/oracle.md).
import { QuerySurfaceRequest, QuerySurfaceResponse } from '@causeway/protocol/causeway/oracle/v1/query'
import type { ExpirySmile } from '@causeway/protocol/causeway/oracle/v1/oracle'
import { PRICE_DIGITS, fromUnits } from '../decimal.ts'
import { errors } from '../errors.ts'
import { ask, queryOf } from '../rpc/queries.ts'
import type { Hub } from '../transactions/hub.ts'

/** One expiry: total variance w(k) = a + b·(ρ(k − m) + √((k − m)² + σ²)). Decimal texts. */
export interface SmileRow {
  readonly expirySeconds: number
  readonly a: string
  readonly b: string
  readonly rho: string
  readonly m: string
  readonly sigma: string
  /** Forward and time to expiry that the parameters were fitted with. */
  readonly forwardRef: string
  readonly tauRefSeconds: number
  /** Forward of this expiry in units of the index. */
  readonly forwardRatio: string
  /** Continuous, a year. */
  readonly rate: string
}

/** A surface, ascending by expiry. */
export interface SurfaceRow {
  readonly asset: string
  /** `fresh`, `stale` or `none`. */
  readonly status: string
  readonly timeSeconds: number
  readonly smiles: readonly SmileRow[]
}

const SVI_DIGITS = 12
const surfaceQuery = queryOf('causeway.oracle.v1', 'Surface', QuerySurfaceRequest, QuerySurfaceResponse)

/** The surface of an underlying. Throws `client/2` where it is another's or out of order. */
export async function readSurface(hub: Hub, { asset }: { readonly asset: string }): Promise<SurfaceRow> {
  const answer = await ask(hub.rpc, surfaceQuery, { asset: BigInt(asset) })
  hub.sawHeight(answer.height)
  const { smiles } = answer
  const isInOrder = smiles.every((smile, i) => i === 0 || smile.expirySeconds > smiles[i - 1]!.expirySeconds)
  if (!isInOrder || (smiles.length > 0 && answer.asset.toString() !== asset)) {
    throw errors.badAnswer({ what: 'a surface', reason: 'it is of another asset, or out of order' })
  }
  return {
    asset,
    status: answer.status,
    timeSeconds: Number(answer.timeSeconds),
    smiles: smiles.map(smileRow),
  }
}

function smileRow(smile: ExpirySmile): SmileRow {
  const svi = (units: bigint) => fromUnits(units, SVI_DIGITS)
  return {
    expirySeconds: Number(smile.expirySeconds),
    ...{ a: svi(smile.aE12), b: svi(smile.bE12), rho: svi(smile.rhoE12) },
    ...{ m: svi(smile.mE12), sigma: svi(smile.sigmaE12) },
    forwardRef: fromUnits(smile.forwardRefE9, PRICE_DIGITS),
    tauRefSeconds: Number(smile.tauRefSeconds),
    forwardRatio: fromUnits(smile.forwardRatioE9, PRICE_DIGITS),
    rate: fromUnits(smile.rateE9, PRICE_DIGITS),
  }
}
