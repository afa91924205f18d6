import type { LiquidationPrice } from '@causeway/protocol/causeway/risk/v1/query'
import type { Builder } from './builder.ts'
import { e9Text } from './decimals.ts'
import { decimalText } from './formats.ts'

const PARTS = 1_000_000n

/** Adds `LiquidationPrice`. */
export function addLiquidationPriceType(builder: Builder) {
  return builder.objectRef<LiquidationPrice>('LiquidationPrice').implement({
    description:
      'Where maintenance margin is 0 when one price alone moves; who fails already: where it would not.',
    fields: (t) => ({
      underlying: t.field({ type: 'UInt64', description: 'Asset.', resolve: ({ underlying }) => underlying }),
      spot: t.field({ type: 'Decimal', description: '9 places.', resolve: ({ spotE9 }) => e9Text(spotE9) }),
      down: t.field({
        type: 'Decimal',
        nullable: true,
        description: 'The nearest below, 9 places; null: there is none.',
        resolve: ({ downE9 }) => (downE9 === 0n ? null : e9Text(downE9)),
      }),
      up: t.field({
        type: 'Decimal',
        nullable: true,
        description: 'The nearest above, 9 places; null: there is none.',
        resolve: ({ upE9 }) => (upE9 === 0n ? null : e9Text(upE9)),
      }),
      distance: t.field({
        type: 'Decimal',
        nullable: true,
        description: 'To the nearer of them, as a share of the price; 6 places.',
        resolve: distanceText,
      }),
    }),
  })
}

function distanceText({ spotE9, downE9, upE9 }: LiquidationPrice): string | null {
  const distances = [downE9, upE9]
    .filter((priceE9) => priceE9 !== 0n)
    .map((priceE9) => (priceE9 > spotE9 ? priceE9 - spotE9 : spotE9 - priceE9))
  if (distances.length === 0 || spotE9 === 0n) return null
  const nearest = distances.reduce((a, b) => (a < b ? a : b))
  return decimalText((nearest * PARTS) / spotE9, 6)
}
