// Who signs badly makes everybody look for the bad signature, up to 2n − 1 checks instead of one. So its
// signatures are not looked at for a while, twice as long each time. That is state, and so is all that it
// is judged by: the votes that the block proves, and the record of their height. Nothing is written for
// those who sign well, and an honest signature holds alone, whatever others send with it.
import type { Context, ReadContext } from '../../block/context.ts'
import type { HubAttestor } from './ports.ts'
import { ATTESTATION_STORE, readStrikes, writeStrikes } from './state.ts'

/** After so many heights without a bad signature, the first pause is the shortest again. */
const FORGIVEN_HEIGHTS = 10_000n
/** Pauses last 2, 4, 8 … heights; not longer than this power of two. */
const PAUSE_EXPONENT_MAX = 14n

/** Whether the signatures of an operator are not looked at in this block. */
export function isPaused(context: ReadContext, { operator }: Pick<HubAttestor, 'operator'>): boolean {
  const strikes = readStrikes(context.store(ATTESTATION_STORE), operator)
  return strikes !== undefined && context.height <= strikes.untilHeight
}

/** Notes that an operator's signature was checked and does not hold. */
export function strike(
  context: Context,
  { operator }: Pick<HubAttestor, 'operator'>,
  encode: (operator: Uint8Array) => string,
): void {
  const store = context.store(ATTESTATION_STORE)
  const before = readStrikes(store, operator)
  const isForgiven = before === undefined || context.height > before.untilHeight + FORGIVEN_HEIGHTS
  const count = isForgiven ? 1n : before.count + 1n
  const exponent = count < PAUSE_EXPONENT_MAX ? count : PAUSE_EXPONENT_MAX
  const untilHeight = context.height + 2n ** exponent
  writeStrikes(store, operator, { count, untilHeight })
  context.emit('causeway.attestation.v1.paused', {
    operator: encode(operator),
    until_height: untilHeight.toString(),
  })
}
