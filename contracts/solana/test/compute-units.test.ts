import { sha256, utf8 } from '@causeway/primitives'
import type { AttestationMessage } from '@causeway/light-clients'
import { describe, expect, it } from 'vitest'
import { updateHubClient } from '../src/hub-client.ts'
import { encodeHeader } from '../src/hub-message.ts'
import { UPLOAD_HEADER_BYTES, uploadAccounts, uploadInstructions, uploadedMessage } from '../src/upload.ts'
import { exampleSet, signHeader } from './example-hub.fixture.ts'
import { UPLOAD_PROGRAM, show, showBoth, startClient, stateOf } from './hub-client.fixture.ts'
import { send } from './svm.fixture.ts'

const TIME = 1_767_323_200n
const UPDATE_UNITS_MAX = 600_000
const MISBEHAVIOUR_UNITS_MAX = 1_400_000

function setup(count: number) {
  const set = exampleSet('compute units', count)
  const messageAt = (height: bigint, change: Partial<AttestationMessage> = {}): AttestationMessage => ({
    chainId: 'causeway-1',
    height,
    timeSeconds: TIME + height - 1000n,
    appHash: sha256(utf8(`state ${height}`)),
    nextSetHash: set.setHash,
    ...change,
  })
  const chain = startClient(messageAt(1000n), set.setHash, TIME + 100n)
  const next = exampleSet('compute units, next', count)
  return { set, next, messageAt, chain }
}

/** Indices of the greatest part that may be absent. */
function absentees(count: number): number[] {
  return Array.from({ length: Math.floor((count - 1) / 3) }, (_, i) => 3 * i)
}

describe('compute units of the hub’s client', () => {
  it('are those of the snapshot, and an update below its target', { timeout: 240_000 }, async () => {
    const units: Record<string, number> = {}
    for (const count of [4, 20, 100]) {
      const { set, next, messageAt, chain } = setup(count)
      const measure = (name: string, height: bigint, absent: number[], change = {}) => {
        const sent = show(chain, signHeader(set, messageAt(height, change), absent))
        expect(sent.error).toBe(undefined)
        units[`update, ${count} attestors, ${name}`] = sent.computeUnits
      }
      measure('nobody absent', 1001n, [])
      measure('one absent', 1002n, [0])
      measure('a third absent', 1003n, absentees(count))
      measure('nobody absent, rotating', 1004n, [], { nextSetHash: next.setHash })
    }
    const { set, messageAt, chain } = setup(4)
    const otherHash = { appHash: sha256(utf8('other')) }
    const both = [signHeader(set, messageAt(1001n)), signHeader(set, messageAt(1001n, otherHash))] as const
    const { error, computeUnits } = showBoth(chain, both)
    expect(error).toBe(undefined)
    for (const used of Object.values(units)) expect(used).toBeLessThan(UPDATE_UNITS_MAX)
    expect(computeUnits).toBeLessThan(MISBEHAVIOUR_UNITS_MAX)
    units['misbehaviour, 4 attestors'] = computeUnits
    const text = `${JSON.stringify(units, undefined, 2)}\n`
    await expect(text).toMatchFileSnapshot('../snapshots/hub-client.json')
  })
})

describe('a header of 100 attestors, a third absent', () => {
  it('comes by transactions that write a buffer', async () => {
    const { set, messageAt, chain } = setup(100)
    const header = signHeader(set, messageAt(1001n), absentees(100))
    const message = encodeHeader(header)
    const author = chain.payer.publicKey
    const accounts = await uploadAccounts(UPLOAD_PROGRAM, author, 'header 1001')
    const space = BigInt(UPLOAD_HEADER_BYTES + message.length)
    const rent = Number(chain.svm.minimumBalanceForRentExemption(space))
    const { open, writes } = uploadInstructions(accounts, 'header 1001', message, rent)
    for (const instructions of [open, ...writes.map((write) => [write])]) {
      expect(send(chain, instructions).error).toBe(undefined)
    }
    const update = updateHubClient(chain.address, author, header, uploadedMessage(accounts, message.length))
    expect(send(chain, [update]).error).toBe(undefined)
    expect(stateOf(chain, 1001n)!.height).toBe(1001n)
    process.stdout.write(`a header of ${message.length} bytes, ${writes.length} writes\n`)
  })
})
