import { touchInstruction } from '@causeway/contracts-solana'
import type { PublicKey } from '@solana/web3.js'

import type { SolanaSubmitter } from './submitter.ts'

/** Measured: 240. */
const TOUCH_UNITS = 2_000

/**
 * Makes a client's root account change, so that a slot proves it: one transaction at a time, whoever asks
 * meanwhile waits for that one. Throws `RelayError`.
 */
export function createToucher(
  submitter: SolanaSubmitter,
  core: PublicKey,
): (clientId: string) => Promise<void> {
  const flying = new Map<string, Promise<void>>()
  return async (clientId) => {
    const before = flying.get(clientId)
    if (before !== undefined) return await before
    const touch = submitter
      .inTurn(async () => {
        await submitter.send({
          instructions: [touchInstruction(core, clientId)],
          units: TOUCH_UNITS,
          purpose: 'touch',
        })
      })
      .finally(() => flying.delete(clientId))
    flying.set(clientId, touch)
    await touch
  }
}
