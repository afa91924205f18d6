import type { TransactionError } from '../execution/transaction-error.ts'

/** An error in the form of JSON-RPC 2.0. Codes below −32000 are Solana's (agave `rpc-client-api`). */
export class RpcError extends Error {
  readonly code: number
  readonly data: unknown

  constructor(code: number, message: string, data?: unknown) {
    super(message)
    this.code = code
    this.data = data
  }
}

/** No JSON. */
export const PARSE_ERROR = -32_700
/** JSON that is no request. */
export const INVALID_REQUEST = -32_600
/** A method that there is not. */
export const METHOD_NOT_FOUND = -32_601
/** A bug here. */
export const INTERNAL_ERROR = -32_603
/** A transaction that would fail; `data` says how. */
export const PREFLIGHT_FAILURE = -32_002
/** A signature that does not hold. */
export const SIGNATURE_FAILURE = -32_003
/** A slot without a block. */
export const SLOT_SKIPPED = -32_007
/** A version 0 transaction for who can not read it. */
export const UNSUPPORTED_VERSION = -32_015
/** State that is older than the request allows. */
export const MIN_CONTEXT_SLOT = -32_016

/** Parameters that are none. */
export function invalidParams(message: string): RpcError {
  return new RpcError(-32_602, `Invalid params: ${message}`)
}

const TEXTS: Readonly<Record<string, string>> = {
  AccountNotFound: 'Attempt to debit an account but found no record of a prior credit.',
  AlreadyProcessed: 'This transaction has already been processed',
  BlockhashNotFound: 'Blockhash not found',
  InsufficientFundsForFee: 'Insufficient funds for fee',
  SignatureFailure: 'Transaction did not pass signature verification',
}

/** A transaction's error in the words of a node. */
export function describeError(error: TransactionError): string {
  if (typeof error === 'string') return TEXTS[error] ?? error
  const [index, inner] = (error['InstructionError'] ?? []) as [number?, unknown?]
  if (index === undefined) return JSON.stringify(error)
  const code =
    typeof inner === 'object' && inner !== null && 'Custom' in inner ? Number(inner.Custom) : undefined
  const text = code === undefined ? JSON.stringify(inner) : `custom program error: 0x${code.toString(16)}`
  return `Error processing Instruction ${index}: ${text}`
}
