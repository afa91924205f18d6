// Contracts for tests that need logs and answers, whatever they say.
import { concatHex, numberToHex, padHex, size, type Hex } from 'viem'

/**
 * Creation code of a contract that logs what it is called with: `emitCall` says what. Written in the EVM's
 * own
 * instructions, since a test decides the topics.
 */
export const EMITTER = creationOf(emitterCode())

/** Calldata for the emitter: one to three topics, and the data. */
export function emitCall(topics: readonly Hex[], data: Hex): Hex {
  const words = [numberToHex(topics.length), ...topics, '0x', '0x'].slice(0, 4) as Hex[]
  return concatHex([...words.map((word) => padHex(word, { size: 32 })), data])
}

/** Creation code of a contract that answers every call with the same bytes. */
export function answering(answer: Hex): Hex {
  // Returns what stands behind the code: codecopy(0, 12, size), return(0, size)
  const length = numberToHex(size(answer), { size: 2 })
  return creationOf(concatHex(['0x61', length, '0x80600c6000396000f3', answer]))
}

function emitterCode(): Hex {
  const head = '0x6080360380608060003760003580600314602e57600214602257'
  // Three topics go on at 0x2e, two at 0x22, one right here.
  const one = '0x602035906000a100'
  const two = '0x5b602035604035916000a200'
  const three = '0x5b50604035602035606035926000a300'
  return concatHex([head, one, two, three])
}

function creationOf(runtime: Hex): Hex {
  return concatHex(['0x61', numberToHex(size(runtime), { size: 2 }), '0x80600c6000396000f3', runtime])
}
