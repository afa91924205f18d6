// What a sign mode signs of a transaction.
import { utf8 } from '@causeway/primitives'
import { SIGN_MODE, aminoMessage, checkStrict, signsIn, transactionText } from '@causeway/protocol'
import type { SigningKey } from '@causeway/protocol'
import { KeyType } from '@causeway/protocol/causeway/accounts/v1/accounts'
import type { AuthInfo, SignerInfo, TxBody, TxRaw } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import type { SignedForm } from './transaction.ts'
import { errors } from './tx-errors.ts'

/** What the form of a transaction is judged by. */
export interface FormParts {
  readonly chainId: string
  /** Bech32 address of the account that acts. */
  readonly account: string
  readonly isTrade: boolean
  readonly raw: TxRaw
  readonly body: TxBody
  readonly authInfo: AuthInfo
  readonly info: SignerInfo
  readonly key: SigningKey | undefined
}

/**
 * What the key has signed. Where that is not the bytes themselves, the bytes must be the only ones of their
 * meaning, or somebody on the way could write them anew. Throws `tx/100`, or `protocol/…` for a message that
 * has no such form.
 */
export function signedForm(parts: FormParts): SignedForm {
  const mode = parts.info.modeInfo?.single?.mode as number | undefined
  if (mode === undefined) throw errors.unsupported({ what: 'multisignatures' })
  const type = parts.key?.type ?? KeyType.KEY_TYPE_COSMOS
  if (!signsIn(type, mode)) throw errors.unsupported({ what: `sign mode ${mode} of this kind of key` })
  if (mode === SIGN_MODE.direct) return { kind: 'direct' }
  requireOneEncoding(parts)
  const { body, authInfo, info, isTrade, chainId, account } = parts
  const { amount = [], gasLimit = 0n } = authInfo.fee ?? {}
  const common = { memo: body.memo, timeoutHeight: body.timeoutHeight, messages: body.messages, gasLimit }
  if (mode === SIGN_MODE.aminoJson) {
    for (const message of body.messages) aminoMessage(message)
    return { kind: 'amino', parts: { ...common, fee: amount, sequence: info.sequence } }
  }
  const order = isTrade ? { nonce: info.sequence } : { sequence: info.sequence }
  const text = transactionText({ ...common, chainId, account, order, fee: amount[0] })
  return { kind: 'text', text: utf8(text), mode }
}

function requireOneEncoding({ raw, body, authInfo, key }: FormParts): void {
  const strict = { canonical: true, refuseNonCritical: true }
  checkStrict('cosmos.tx.v1beta1.TxBody', raw.bodyBytes, strict)
  checkStrict('cosmos.tx.v1beta1.AuthInfo', raw.authInfoBytes, strict)
  if (key === undefined) throw errors.badPublicKey({ reason: 'this sign mode shows it every time' })
  if (body.nonCriticalExtensionOptions.length > 0)
    throw errors.unsupported({ what: 'options that nobody signs' })
  if (authInfo.fee !== undefined && authInfo.fee.payer !== '') {
    throw errors.unsupported({ what: 'a fee payer that nobody signs' })
  }
}
