import { describe, expect, it } from 'vitest'
import { judgeFailure } from '../plan/judge-failure.ts'
import { classifyFailure, classifyNodeText, ofTheLane } from './refusals.ts'

const told = (error: unknown, logs: string[] = [], firstMessage = 2) => {
  const { failure, retry, message, messageIndex } = classifyFailure(error, logs, firstMessage)
  return [failure, retry, message, messageIndex]
}
const custom = (index: number, number: number) => ({ InstructionError: [index, { Custom: number }] })

describe('what a program refuses', () => {
  it('is named, and the message behind it', () => {
    expect(told(custom(4, 102))).toEqual(['message', 'later', 'refused: core/WrongCounterparty (102)', 2])
    expect(told(custom(2, 211))).toEqual(['message', 'later', 'refused: proof/RootMismatch (211)', 0])
  })

  it('may be the path, the client, or the configuration', () => {
    expect(told(custom(2, 113)).slice(0, 2)).toEqual(['transaction', 'now'])
    expect(told(custom(2, 108)).slice(0, 2)).toEqual(['client', 'later'])
    expect(told(custom(2, 306), [], 3)).toEqual([
      'client',
      'now',
      'refused: hub-client/WrongSet (306)',
      undefined,
    ])
    expect(told(custom(2, 111)).slice(0, 2)).toEqual(['config', 'later'])
  })

  it('may be a number of another program, told as it is', () => {
    const logs = ['Program Memo1111 invoke [1]', 'Program Memo1111 failed: custom program error: 0x270f']
    expect(told(custom(2, 9_999), logs)[2]).toBe('refused: error 9999 of Memo1111 (9999)')
  })

  it('may be a lack of rent or of compute, which is nobody’s fault', () => {
    expect(told(custom(2, 1), ['Transfer: insufficient lamports 5, need 9']).slice(0, 2)).toEqual([
      'fees',
      'later',
    ])
    expect(told(custom(2, 1), ['Program log: Transfer: insufficient lamports']).slice(0, 2)).toEqual([
      'message',
      'later',
    ])
    const exceeded = { InstructionError: [3, 'ComputationalBudgetExceeded'] }
    expect(told(exceeded)).toEqual(['gas', 'now', 'out of compute units (ComputationalBudgetExceeded)', 1])
    expect(told({ InstructionError: [3, 'ProgramFailedToComplete'] })[0]).toBe('message')
    expect(told({ InstructionError: [3, 'ProgramFailedToComplete'] }, ['exceeded CUs meter'])[0]).toBe('gas')
    expect(told({ InstructionError: [3, 'UnsupportedProgramId'] })[0]).toBe('config')
  })
})

describe('what the runtime refuses', () => {
  it('is told by its word', () => {
    expect(told('AccountNotFound')).toEqual([
      ...['fees', 'later', 'the wallet is empty or holds too little for fees (AccountNotFound)'],
      undefined,
    ])
    expect(told({ InsufficientFundsForRent: { account_index: 0 } }).slice(0, 2)).toEqual(['fees', 'later'])
    expect(told('BlockhashNotFound').slice(0, 2)).toEqual(['unconfirmed', 'now'])
    expect(told('WouldExceedMaxBlockCostLimit').slice(0, 2)).toEqual(['busy', 'later'])
    expect(told('SomethingNew').slice(0, 3)).toEqual(['transaction', 'later', 'SomethingNew'])
    expect(told(undefined).slice(0, 2)).toEqual(['transaction', 'later'])
  })
})

describe('what nodes say', () => {
  it.each([
    ['This transaction has already been processed', 'redundant'],
    ['Transaction simulation failed: Blockhash not found', 'unconfirmed'],
    ['base64 encoded too large: 1700 bytes', 'transaction'],
    ['Attempt to debit an account but found no record of a prior credit.', 'fees'],
    ['Minimum context slot has not been reached', 'endpoint'],
    ['anything else', undefined],
  ])('%s', (text, failure) => {
    expect(classifyNodeText(text)?.failure).toBe(failure)
  })
})

describe('what prepares the way', () => {
  it.each([
    ['a program of the way', custom(2, 9_999)],
    ['an account that is there', custom(2, 0)],
    ['the lack of compute units', { InstructionError: [2, 'ComputationalBudgetExceeded'] }],
    ['something new', 'SomethingNew'],
    ['what was done already', 'AlreadyProcessed'],
  ])('and fails by %s, is no message’s fault', (_, error) => {
    const met = classifyFailure(error, [], 3)
    expect(judgeFailure(met, 1)).not.toBe('lane')
    expect(judgeFailure(ofTheLane(met), 1)).toBe('lane')
    expect(ofTheLane(met).message).toContain(met.message)
  })

  it('keeps what is the lane’s', () => {
    const met = classifyFailure('InsufficientFundsForFee', [], 2)
    expect(ofTheLane(met)).toBe(met)
  })
})
