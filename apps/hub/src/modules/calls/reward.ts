// What the relayer gets that brings in what a line gave: of that itself, from the subaccount that it was
// called for. Nobody gains by calling himself, or by a deposit that only looks like a line's: more is given
// than comes back.
import type { CallsPorts } from './ports.ts'
import type { ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'

/** 0.1 %. */
const SHARE_DIVISOR = 1_000n
/** 5 cash. */
export const REWARD_MIN_E6 = 5_000_000n
/** However little came in, no more than 5 % of it. */
const MOST_DIVISOR = 20n

/** Base units of an asset of which so much was pulled. */
export function rewardOf(
  context: ReadContext,
  ports: Pick<CallsPorts, 'cover'>,
  { holder, asset, pulled }: { holder: Holder; asset: bigint; pulled: bigint },
): bigint {
  const { valueE6 } = ports.cover(context, holder, asset, pulled)
  const share = pulled / SHARE_DIVISOR
  const least = valueE6 === 0n ? 0n : (pulled * REWARD_MIN_E6) / valueE6
  const most = pulled / MOST_DIVISOR
  const reward = share > least ? share : least
  return reward < most ? reward : most
}
