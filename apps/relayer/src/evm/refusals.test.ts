import { encodeErrorResult } from 'viem'
import { describe, expect, it } from 'vitest'

import { CONTRACT_ERRORS } from './abi.ts'
import { EthRefusal } from './eth-api.ts'
import { classifyNodeText, classifyRevert, isReplacementRefused } from './refusals.ts'

const node = (text: string) =>
  classifyNodeText(new EthRefusal('eth_sendRawTransaction', -32_000, text, undefined))
const revert = (errorName: string, args: unknown[]) =>
  classifyRevert(
    new EthRefusal(
      'eth_estimateGas',
      3,
      'execution reverted',
      encodeErrorResult({ abi: CONTRACT_ERRORS, errorName, args }),
    ),
  )

describe('a node’s words', () => {
  it.each([
    ['already known', 'redundant', 'now'],
    ['replacement transaction underpriced', 'busy', 'now'],
    ['nonce too low: next nonce 5, tx nonce 4', 'sequence', 'now'],
    ['OldNonce, Current nonce: 5', 'sequence', 'now'],
    ['insufficient funds for gas * price + value: balance 0', 'fees', 'later'],
    ['Insufficient funds for gas * price + value', 'fees', 'later'],
    ['max fee per gas less than block base fee: address 0x', 'fees', 'later'],
    ['transaction underpriced: tip needed 1, tip permitted 0', 'fees', 'later'],
    ['tx fee (2.1 ether) exceeds the configured cap (1.00 ether)', 'fees', 'later'],
    ['exceeds block gas limit', 'gas', 'now'],
    ['intrinsic gas too low', 'gas', 'now'],
    ['txpool is full', 'busy', 'later'],
    ['oversized data: transaction size 140000, limit 131072', 'transaction', 'later'],
  ] as const)('%s: %s, %s', (text, failure, retry) => {
    expect(node(text)).toMatchObject({ failure, retry })
  })

  it('that say nothing stay what they are', () => {
    expect(node('internal error')).toBeUndefined()
    expect(classifyNodeText(new Error('nonce too low'))).toBeUndefined()
    const replacement = node('replacement transaction underpriced')
    expect(replacement !== undefined && isReplacementRefused(replacement)).toBe(true)
  })
})

describe('a contract’s error', () => {
  it.each([
    ['WrongStatus', [1], 'client', 'later'],
    ['ClientNotFound', ['client-9'], 'config', 'later'],
    ['NoConsensusState', [7n], 'client', 'now'],
    ['MoreGasNeeded', [9n, 1n], 'gas', 'now'],
    ['TimeoutElapsed', [5n, 6n], 'message', 'later'],
    ['CommitmentMismatch', [`0x${'11'.repeat(32)}`, `0x${'22'.repeat(32)}`], 'message', 'later'],
  ] as const)('%s: %s', (name, args, failure, retry) => {
    const error = revert(name, [...args])
    expect(error).toMatchObject({ failure, retry })
    expect(error.message).toContain(`reverted: ${name}(`)
  })

  it('that nobody knows is the message’s, by its selector; without data by the node’s words', () => {
    const unknown = new EthRefusal('eth_call', 3, 'execution reverted', '0xdeadbeef')
    expect(classifyRevert(unknown)).toMatchObject({
      failure: 'message',
      message: 'reverted: unknown error 0xdeadbeef',
    })
    const bare = new EthRefusal(
      'eth_estimateGas',
      -32_000,
      'gas required exceeds allowance (30000000)',
      undefined,
    )
    expect(classifyRevert(bare)).toMatchObject({ failure: 'gas' })
  })
})
