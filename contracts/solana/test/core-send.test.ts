import { describe, expect, it } from 'vitest'
import {
  commitmentLeaf,
  createSparseTree,
  readRootAccount,
  verifyCommitment,
  verifyNoCommitment,
} from '@causeway/light-clients'
import { packetCommitment } from '@causeway/messaging'
import { be64, concatBytes, utf8 } from '@causeway/primitives'
import { decodePending, packetAddress, rootsAddress } from '../src/generated/core.ts'
import { touchInstruction } from '../src/core/instructions.ts'
import { CLIENT, deposit, done, startBridge } from './bridge.fixture.ts'
import type { Bridge } from './bridge.fixture.ts'
import { accountData, send } from './svm.fixture.ts'

const key = (sequence: bigint) => [concatBytes(utf8(CLIENT), Uint8Array.of(1), be64(sequence))]

function roots(bridge: Bridge) {
  const data = accountData(bridge, rootsAddress(bridge.core, CLIENT))!
  const account = { lamports: 1n, data, isExecutable: false, owner: bridge.core.toBytes() }
  return readRootAccount(account, bridge.core.toBytes())
}

describe('a packet that was sent', () => {
  it("is opened by the hub's light client", () => {
    const bridge = startBridge()
    const tree = createSparseTree()
    for (let sequence = 1n; sequence <= 9n; sequence++) {
      const packet = deposit(bridge, 1_000n + sequence, sequence)
      expect(packet.sequence).toBe(sequence)
      const commitment = packetCommitment(packet)
      tree.set(sequence - 1n, commitmentLeaf(commitment))
      const account = roots(bridge)
      expect(account.sent).toBe(sequence)
      verifyCommitment(account, key(sequence), commitment, tree.prove(sequence - 1n))
      verifyNoCommitment(account, key(sequence + 1n), tree.prove(sequence))
      const pending = decodePending(accountData(bridge, packetAddress(bridge.core, CLIENT, sequence))!)!
      expect(pending.commitment).toEqual(commitment)
    }
  })

  it('is provable again after a touch', () => {
    const bridge = startBridge()
    const before = roots(bridge)
    done(send(bridge, [touchInstruction(bridge.core, CLIENT)]))
    expect(roots(bridge)).toEqual({ ...before, touches: 1n })
  })
})
