import type { AssetWeight } from '@causeway/protocol/causeway/risk/v1/risk'
import type { Context } from '../../block/context.ts'
import type { AddressCodec, Holder } from '../../identifiers.ts'
import type { Level, MarginFigures } from './standing.ts'

/** A subaccount has come to another level of health. */
export function emitMarginLevel(
  context: Context,
  addresses: AddressCodec,
  { holder, level, before, figures }: { holder: Holder; level: Level; before: Level; figures: MarginFigures },
): void {
  context.emit(
    'causeway.risk.v1.margin_level',
    {
      account: addresses.encode(holder.account),
      subaccount: holder.subaccount.toString(),
      level,
      before,
    },
    {
      maintenance_margin_e6: figures.maintenanceE6.toString(),
      maintenance_requirement_e6: figures.requirementE6.toString(),
    },
  )
}

/** A subaccount is isolated from now on. */
export function emitIsolated(context: Context, addresses: AddressCodec, holder: Holder): void {
  context.emit('causeway.risk.v1.isolated', {
    account: addresses.encode(holder.account),
    subaccount: holder.subaccount.toString(),
  })
}

/** A client that carries collateral is dead, or (`Active`, `since` 0) lives again. */
export function emitDeadClient(
  context: Context,
  { client, status, since }: { client: string; status: string; since: bigint },
): void {
  context.emit('causeway.risk.v1.dead_client', { client, status }, { since_seconds: since.toString() })
}

/** Dead clients take another share off what counts of an asset. */
export function emitHaircut(
  context: Context,
  { asset, initialCutBps, maintenanceCutBps }: AssetWeight,
): void {
  context.emit(
    'causeway.risk.v1.haircut',
    { asset: asset.toString() },
    { initial_cut_bps: initialCutBps.toString(), maintenance_cut_bps: maintenanceCutBps.toString() },
  )
}
