import { assert } from '@causeway/primitives'
import type { Feed, Surface } from '@causeway/protocol/causeway/oracle/v1/oracle'
import type { Context } from '../../block/context.ts'

/** Tells a price that was accepted in this block. */
export function emitPrice(context: Context, { asset, price }: Feed): void {
  assert(price !== undefined, 'only accepted prices are told')
  context.emit('causeway.oracle.v1.price', {
    asset: asset.toString(),
    price_e9: price.priceE9.toString(),
    time_seconds: price.timeSeconds.toString(),
  })
}

/** Tells a surface that was accepted in this block: which, and how many expiries; a query gives the rest. */
export function emitSurface(context: Context, { asset, smiles }: Surface): void {
  context.emit('causeway.oracle.v1.surface', {
    asset: asset.toString(),
    expiries: smiles.length.toString(),
  })
}
