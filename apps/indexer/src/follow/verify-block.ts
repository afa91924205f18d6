// One block against the block before it: the sequential verification that a full node does when it syncs
// blocks.

import {
  hashHeader,
  hashResults,
  hashTransactions,
  hashValidatorSet,
  toNanoseconds,
  verifyCommitLight,
  type VerifySignatures,
} from '@causeway/light-clients'
import { equalBytes, isProtocolError, toHexUpper } from '@causeway/primitives'
import type { Header } from '@causeway/protocol/tendermint/types/types'
import type { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import type { FetchedBlock } from './comet-rpc.ts'
import { EndpointError, type EndpointErrorKind } from './endpoint-error.ts'

/** The last verified block of a chain: what the next one is held against. */
export type VerifiedHead = {
  readonly height: bigint
  readonly blockHash: Uint8Array
  readonly timeNanoseconds: bigint
  readonly appHash: Uint8Array
  readonly validatorsHash: Uint8Array
  readonly nextValidatorsHash: Uint8Array
  readonly resultsHash: Uint8Array
}

/** What verification needs besides the block. */
export type VerifyContext = {
  readonly chainId: string
  readonly nowNanoseconds: bigint
  readonly verifySignatures: VerifySignatures
}

const CLOCK_DRIFT_NANOSECONDS = 60_000_000_000n

/**
 * Verifies that `block` follows `parent` on its chain, signed by more than two thirds of the validators that
 * the parent named; without a parent, that it is signed by its own validators (a trusted root). Throws an
 * `EndpointError`.
 */
export function verifyBlock(
  block: FetchedBlock,
  validators: ValidatorSet,
  parent: VerifiedHead | undefined,
  context: VerifyContext,
): VerifiedHead {
  const { header } = block
  const hash = hashHeader(header)
  const time = toNanoseconds(header.time)
  check('wrong-chain', header.chainId === context.chainId, `a header of chain ${header.chainId}`)
  check('wrong-header', header.height === block.height, `a header of height ${header.height}`)
  check('wrong-header', equalBytes(hash, block.blockId.hash), 'the header does not hash to its block id')
  check(
    'wrong-header',
    time <= context.nowNanoseconds + CLOCK_DRIFT_NANOSECONDS,
    'the header is from the future',
  )
  if (parent !== undefined) verifyLink(header, time, parent)
  checkHash('wrong-validators', hashValidatorSet(validators), header.validatorsHash, 'validators')
  verifySigned(block, hash, validators, context)
  checkHash('wrong-transactions', hashTransactions(block.transactions), header.dataHash, 'transactions')
  check('wrong-results', block.results.length === block.transactions.length, 'not one result a transaction')
  return {
    height: block.height,
    blockHash: hash,
    timeNanoseconds: time,
    appHash: header.appHash,
    validatorsHash: header.validatorsHash,
    nextValidatorsHash: header.nextValidatorsHash,
    resultsHash: hashResults(block.results),
  }
}

function verifyLink(header: Header, time: bigint, parent: VerifiedHead): void {
  check(
    'wrong-header',
    header.height === parent.height + 1n,
    `height ${header.height} after ${parent.height}`,
  )
  checkHash('wrong-parent', parent.blockHash, header.lastBlockId?.hash ?? new Uint8Array(0), 'parent')
  checkHash('wrong-validators', parent.nextValidatorsHash, header.validatorsHash, 'next validators')
  check('wrong-header', time > parent.timeNanoseconds, 'the header is not later than its parent')
  checkHash('wrong-results', parent.resultsHash, header.lastResultsHash, 'results of the parent')
}

function verifySigned(
  { commit, height }: FetchedBlock,
  hash: Uint8Array,
  validators: ValidatorSet,
  { chainId, verifySignatures }: VerifyContext,
): void {
  check('wrong-commit', commit.height === height, `a commit of height ${commit.height}`)
  checkHash('wrong-commit', commit.blockId?.hash ?? new Uint8Array(0), hash, 'committed block')
  try {
    verifyCommitLight(chainId, validators, commit, verifySignatures)
  } catch (error) {
    if (isProtocolError(error)) throw new EndpointError('wrong-commit', error.message, error)
    throw error
  }
}

function check(kind: EndpointErrorKind, holds: boolean, detail: string): void {
  if (!holds) throw new EndpointError(kind, detail)
}

function checkHash(kind: EndpointErrorKind, got: Uint8Array, want: Uint8Array, what: string): void {
  check(kind, equalBytes(got, want), `${what}: ${toHexUpper(got)}, expected ${toHexUpper(want)}`)
}
