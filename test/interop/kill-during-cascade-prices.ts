import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { OrderFlow } from '@causeway/hub'
import type { PriceSource, SurfaceSource } from '@causeway/hub'

/** Prices fall by half a hundredth a block until they have fallen so far. */
const STEP_BPS = 50n
const BASIS_POINTS = 10_000n
const USD = 2n

/** From a block on, prices fall from so many hundredths of a percent below the first ones to so many. */
interface Fall {
  readonly fromHeight: string
  readonly fromBps: string
  readonly toBps: string
}

/** Has prices fall on, from a block on: what validators of the node that reads this file vote for. */
export function writeFall(path: string, fromHeight: bigint, fromBps: bigint, toBps: bigint): void {
  const fall: Fall = { fromHeight: `${fromHeight}`, fromBps: `${fromBps}`, toBps: `${toBps}` }
  writeFileSync(`${path}.new`, JSON.stringify(fall))
  renameSync(`${path}.new`, path)
}

/** Prices and surfaces of the accounts that `writeCascadeHome` makes, falling as a file says. */
export function fallingSources(
  nowSeconds: bigint,
  path: string,
): { readonly priceSource: PriceSource; readonly surfaceSource: SurfaceSource } {
  const { priceSource, surfaceSource } = new OrderFlow({ accounts: 2, positions: 1, nowSeconds })
  return {
    surfaceSource,
    priceSource: (height, timeSeconds) => {
      const fallenBps = fallenAt(JSON.parse(readFileSync(path, 'utf8')) as Fall, height)
      return priceSource(height, timeSeconds).map((price) => {
        if (price.asset === USD) return price
        return { ...price, priceE9: price.priceE9 - (price.priceE9 * fallenBps) / BASIS_POINTS }
      })
    },
  }
}

function fallenAt({ fromHeight, fromBps, toBps }: Fall, height: bigint): bigint {
  const blocks = height > BigInt(fromHeight) ? height - BigInt(fromHeight) : 0n
  const fallen = BigInt(fromBps) + STEP_BPS * blocks
  return fallen < BigInt(toBps) ? fallen : BigInt(toBps)
}
