import { isProtocolError } from '@causeway/primitives'
import { errors } from '../errors.ts'

/** Asks a wallet for something; words its refusal. Throws `client/45`. */
export async function walletRefusal<Result>(asked: () => Promise<Result>): Promise<Result> {
  try {
    return await asked()
  } catch (error) {
    if (isProtocolError(error)) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw errors.walletRefused({ reason: reason.split('\n')[0]!.slice(0, 256) })
  }
}
